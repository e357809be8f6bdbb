"""checkpoints.json"""

from simpul_protocol.encoding import b64
from simpul_protocol.merkle import EMPTY_ROOT, leaf_hash, root_of
from simpul_protocol.note import Checkpoint, NoteSignature, SignedNote, origin_of, sign

from .cast import HUB, LONTAR_A, LONTAR_B, bad, file, good, lines

LOG = LONTAR_A.log()
LINES = lines(LOG, 5)
ROOT = root_of([leaf_hash(line) for line in LINES])


def make() -> dict:
    return file(
        "Checkpoints as signed notes (02-log.md). `note` is to be a checkpoint of `log`, signed by the key `key` "
        "(base64, Ed25519). A valid one has this `size` and `root` (base64).",
        [*_valid(), *_invalid()],
        log=str(LOG),
        key=b64(LONTAR_A.keys.sign_public),
    )


def _signed(text: str, by=LONTAR_A, name: str = None) -> SignedNote:
    return sign(text, name or origin_of(LOG), by.keys.sign, by.keys.sign_public)


def _valid() -> list:
    checkpoint = Checkpoint(LOG, 5, ROOT)
    note = _signed(checkpoint.text)
    other = _signed(checkpoint.text, HUB, "simpul/hub-serang/0000000000000000")
    unknown = NoteSignature(origin_of(LOG), b"\1\2\3\4", bytes(64))

    def case(name: str, note: SignedNote, size: int = 5, root: bytes = ROOT) -> dict:
        return good(name, note=str(note), size=size, root=b64(root))

    return [
        case("five lines", note),
        case("no lines", _signed(Checkpoint(LOG, 0, EMPTY_ROOT).text), 0, EMPTY_ROOT),
        case("the largest size", _signed(Checkpoint(LOG, 2**40, ROOT).text), 2**40),
        case("signatures by others are passed over", SignedNote(note.text, other.signatures + note.signatures)),
        case("another key id under the same name", SignedNote(note.text, [unknown, *note.signatures])),
    ]


def _invalid() -> list:
    text = Checkpoint(LOG, 5, ROOT).text
    note = str(_signed(text))
    origin, size, root = text[:-1].split("\n")
    flipped = bytearray(_signed(text).signatures[0].signature)
    flipped[0] ^= 1

    def form(name: str, text: str) -> dict:
        return bad(name, "bad-checkpoint", note=str(_signed(text)))

    return [
        bad("signed by another node", "bad-signature", note=str(_signed(text, LONTAR_B))),
        bad("signed under another name", "bad-signature", note=str(_signed(text, name=origin_of(LONTAR_B.log())))),
        bad("one bit of the signature", "bad-signature",
            note=str(SignedNote(text, [NoteSignature(origin, _signed(text).signatures[0].key_id, bytes(flipped))]))),
        bad("size altered after signing", "bad-signature", note=note.replace("\n5\n", "\n6\n")),
        bad("root altered after signing", "bad-signature", note=note.replace(root, b64(leaf_hash(b"x")))),
        bad("of another log", "bad-checkpoint", note=str(_signed(Checkpoint(LONTAR_B.log(), 5, ROOT).text))),
        form("origin without its prefix", f"{LOG}\n5\n{root}\n"),
        form("size with a leading zero", f"{origin}\n05\n{root}\n"),
        form("size with a sign", f"{origin}\n+5\n{root}\n"),
        form("size beyond 2^40", f"{origin}\n{2**40 + 1}\n{root}\n"),
        form("size beyond 64 bits", f"{origin}\n{2**64 + 5}\n{root}\n"),
        form("root of 31 bytes", f"{origin}\n5\n{b64(bytes(31))}\n"),
        form("root without padding", f"{origin}\n5\n{root.rstrip('=')}\n"),
        form("root in hexadecimal", f"{origin}\n5\n{ROOT.hex()}\n"),
        form("an extension line", f"{text}extension\n"),
        form("no root", f"{origin}\n5\n"),
        bad("no signature", "bad-checkpoint", note=text + "\n"),
        bad("no empty line", "bad-checkpoint", note=note.replace("\n\n", "\n")),
        bad("no newline at the end", "bad-checkpoint", note=note[:-1]),
        bad("carriage returns", "bad-checkpoint", note=note.replace("\n", "\r\n")),
        bad("a hyphen for the dash", "bad-checkpoint", note=note.replace("\u2014", "-")),
        bad("signature is not base64", "bad-checkpoint", note=note[:-5] + "!!!\n"),
        bad("empty", "bad-checkpoint", note=""),
    ]  # fmt: skip
