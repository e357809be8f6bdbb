"""frames.json"""

from simpul_protocol import limits
from simpul_protocol.encoding import b64
from simpul_protocol.frames import ControlFrame, LinesFrame, compress
from simpul_protocol.merkle import leaf_hash, root_of
from simpul_protocol.note import Checkpoint, origin_of, sign

from . import zstd
from .cast import CENTRE, LONTAR_A, LONTAR_B, bad, file, good, lines, proof

LOG = LONTAR_A.log()
LINES = lines(LOG, 9)
HELD = LINES[:2]


def make() -> dict:
    return file(
        "Frames (03-frames.md). A receiver holds the lines `held` (text) of `log`, whose author signs with `key` "
        "(base64, Ed25519), and reads a body of this one frame (base64). A valid lines frame leaves it with `size` "
        "lines and `root`; a valid control frame has `records`. An invalid one is refused with `error`, or, where "
        "that is `cut`, leaves nothing behind and is no error of the sender.",
        [*_valid(), *_compression(), *_content(), *_proof()],
        log=str(LOG),
        key=b64(LONTAR_A.keys.sign_public),
        held=[line.decode() for line in HELD],
    )


def _frame(start: int = 2, end: int = 5, covers: int = None, all_lines=LINES, log=LOG, **changes) -> LinesFrame:
    covers = covers or end
    fields = dict(
        log=log, start=start, lines=all_lines[start:end], note=LONTAR_A.sign_checkpoint(log, all_lines, covers),
        proof=proof(end, all_lines[:covers]),
    )  # fmt: skip
    return LinesFrame(**{**fields, **changes})


def _good(name: str, frame: LinesFrame, packed: bytes = None, all_lines=LINES) -> dict:
    size = max(frame.end, len(HELD))
    root = root_of([leaf_hash(line) for line in all_lines[:size]])
    return good(name, frame=b64(packed or zstd.stored(frame.content)), size=size, root=b64(root))


def _bad(name: str, error: str, content: bytes) -> dict:
    return bad(name, error, frame=b64(zstd.stored(content)))


def _valid() -> list:
    many = HELD + [b"{}"] * limits.FRAME_LINES
    long = HELD + [b"x" * limits.LINE_BYTES]
    opaque = HELD + [b"\x00\xff not JSON at all"]
    hello = {"end": 1, "table": b64(bytes(32)), "mark": "s1:7", "more": False}
    records = [{"receipt": "seen", "by": "tomorrow"}, {"tomorrow": True}, hello]
    return [
        _good("three lines", _frame()),
        _good("the checkpoint covers more", _frame(covers=9)),
        _good("a power of two before it", _frame(end=4, covers=8)),
        _good("compressed", _frame(), compress(_frame().content)),
        _good("every line held already", _frame(0, 2)),
        _good("some lines held already", _frame(0, 5, covers=7)),
        _good("4,096 lines", _frame(end=len(many), all_lines=many), all_lines=many,
              packed=compress(_frame(end=len(many), all_lines=many).content)),
        _good("a line of 65,536 bytes", _frame(end=3, all_lines=long), all_lines=long,
              packed=compress(_frame(end=3, all_lines=long).content)),
        _good("a line that is not JSON is a leaf all the same", _frame(end=3, all_lines=opaque), all_lines=opaque),
        good("control records, some unknown", frame=b64(zstd.stored(ControlFrame(records).content)), records=records),
    ]  # fmt: skip


def _compression() -> list:
    packed = compress(_frame().content)
    plain = zstd.stored(_frame().content)
    return [
        bad("cut in its last block", "cut", frame=b64(plain[:-7])),
        bad("cut in its header", "cut", frame=b64(packed[:3])),
        bad("cut after one byte", "cut", frame=b64(packed[:1])),
        bad("expands to 3 MiB", "expands-too-far", frame=b64(zstd.bomb(3 << 20))),
        bad("expands to 3 MiB and says so", "expands-too-far", frame=b64(zstd.bomb(3 << 20, declared=True))),
        bad("expands to 1 GiB", "expands-too-far", frame=b64(zstd.bomb(1 << 30))),
        bad("a window of 16 MiB", "malformed", frame=b64(zstd.bomb(1 << 10, window_log=24))),
        bad("needs a dictionary", "malformed", frame=b64(zstd.with_dictionary(_frame().content))),
        bad("a skippable frame", "malformed", frame=b64(b"\x50\x2a\x4d\x18\x04\0\0\0abcd")),
        bad("a reserved block type", "malformed", frame=b64(plain[:9] + b"\xff\xff\xff")),
        bad("HTML", "malformed", frame=b64(b"<!DOCTYPE html><title>Selamat datang</title>")),
        bad("gzip", "malformed", frame=b64(b"\x1f\x8b\x08\x00\x00\x00\x00\x00")),
    ]


def _content() -> list:
    text = _frame().content
    header, *middle, trailer = text[:-1].split(b"\n")
    too_many = HELD + [b"{}"] * (limits.FRAME_LINES + 1)
    heavy = HELD + [b"x" * 65_000] * 17
    long = HELD + [b"x" * (limits.LINE_BYTES + 1)]

    def joined(*parts: bytes) -> bytes:
        return b"\n".join(parts) + b"\n"

    def edited(name: str, old: str, new: str, error: str = "malformed") -> dict:
        assert old.encode() in text
        return _bad(name, error, text.replace(old.encode(), new.encode(), 1))

    def packed(name: str, frame: LinesFrame) -> dict:
        return bad(name, "too-large", frame=b64(compress(frame.content)))

    return [
        _bad("empty", "malformed", b""),
        _bad("no newline at the end", "malformed", text[:-1]),
        _bad("no trailer", "malformed", joined(header, *middle)),
        _bad("a trailer without checkpoint", "malformed", joined(header, *middle, b'{"proof":[]}')),
        _bad("a trailer that is not JSON", "malformed", joined(header, *middle, b"checkpoint")),
        _bad("a header with a member twice", "malformed", text.replace(b'"from":2', b'"from":2,"from":2', 1)),
        edited("counts one more", '"count":3', '"count":4'),
        edited("counts one less", '"count":3', '"count":2'),
        edited("counts none", '"count":3', '"count":0'),
        edited("starts below zero", '"from":2', '"from":-2'),
        edited("starts at a half", '"from":2', '"from":2.5'),
        edited("starts beyond 2^40", '"from":2', f'"from":{2**40 + 1}'),
        edited("another kind of frame", '"frame":"lines"', '"frame":"pages"'),
        edited("a log name with a path", f'"log":"{LOG}"', '"log":"../../etc"'),
        _bad("an empty line", "malformed", joined(header, middle[0], b"", middle[2], trailer)),
        _bad("a short hash in the proof", "malformed", joined(header, *middle, trailer[:-1] + b',"proof":["AAAA"]}')),
        _bad("a control record that is not an object", "malformed", b'{"end":1}\n[1]\n'),
        packed("4,097 lines", _frame(end=len(too_many), all_lines=too_many)),
        packed("more than 1 MiB in 17 lines", _frame(end=len(heavy), all_lines=heavy)),
        packed("a line of 65,537 bytes", _frame(end=3, all_lines=long)),
        bad("1,025 control records", "too-large", frame=b64(compress(b'{"a":1}\n' * (limits.CONTROL_RECORDS + 1)))),
    ]


def _proof() -> list:
    frame = _frame(covers=9)
    root = root_of([leaf_hash(line) for line in LINES[:5]])
    by_other = sign(Checkpoint(LOG, 5, root).text, origin_of(LOG), LONTAR_B.keys.sign, LONTAR_B.keys.sign_public)
    altered = [LINES[2], LINES[3].replace(b'"number":3', b'"number":4'), LINES[4]]
    other_log = CENTRE.log()
    return [
        _bad("a gap", "gap", _frame(3, 6).content),
        _bad("a line altered", "root-mismatch", _frame(lines=altered).content),
        _bad("two lines exchanged", "root-mismatch", _frame(lines=[LINES[3], LINES[2], LINES[4]]).content),
        _bad("a line left out", "root-mismatch", _frame(end=4, note=frame.note, proof=frame.proof).content),
        _bad("a held line altered", "root-mismatch", _frame(0, 2, lines=[LINES[1], LINES[1]]).content),
        _bad("a proof cut", "root-mismatch", _frame(covers=9, proof=frame.proof[:-1]).content),
        _bad("no proof where one is needed", "root-mismatch", _frame(covers=9, proof=[]).content),
        _bad("a checkpoint of fewer lines", "bad-checkpoint",
             _frame(note=LONTAR_A.sign_checkpoint(LOG, LINES, 4), proof=[]).content),
        _bad("a checkpoint of another log", "bad-checkpoint",
             _frame(note=CENTRE.sign_checkpoint(other_log, lines(other_log, 5))).content),
        _bad("a checkpoint that is no note", "bad-checkpoint", _frame(note="five lines").content),
        _bad("signed by another node", "bad-signature", _frame(note=str(by_other)).content),
    ]  # fmt: skip
