"""branches.json"""

from simpul_protocol.encoding import b64
from simpul_protocol.errors import ProtocolError
from simpul_protocol.frames import Branch, LinesFrame
from simpul_protocol.ledger import Log
from simpul_protocol.merkle import leaf_hash
from simpul_protocol.session import table_digest

from . import zstd
from .cast import LONTAR_A, bad, file, good, lines, proof

LOG = LONTAR_A.log()
MAIN = lines(LOG, 8)
OTHER = MAIN[:5] + lines(LOG, 4, 5, actor="a-restored")  # a copy restored at 5 lines wrote four of its own
THIRD = OTHER[:7] + lines(LOG, 2, 7, actor="a-third")  # and was itself restored at 7


def make() -> dict:
    return file(
        "Branches (02-log.md). A receiver holds the first `held` of `main`, under its `checkpoints`, then reads `frames` (base64) in turn, signed "
        "with `key`. In a valid case all are taken and it then has these `heads` (log, size, root), in any order, with "
        "the table digest `digest`. In an invalid case the last frame is refused with `error`, and `heads` are "
        "what the frames before it left. `outcomes` says appended, branched or held for each frame taken.",
        _cases(),
        log=str(LOG),
        key=b64(LONTAR_A.keys.sign_public),
        main=[line.decode() for line in MAIN],
        checkpoints={str(size): LONTAR_A.sign_checkpoint(LOG, MAIN, size) for size in (4, 5, 6, 8)},
    )


def _frame(all_lines: list, start: int, end: int, covers: int = None, fork: int = None, **changes) -> LinesFrame:
    covers = covers or end
    branch = None if fork is None else Branch(fork, leaf_hash(all_lines[fork]))
    fields = dict(log=LOG, start=start, lines=all_lines[start:end], proof=proof(end, all_lines[:covers]),
                  note=LONTAR_A.sign_checkpoint(LOG, all_lines, covers), branch=branch)  # fmt: skip
    return LinesFrame(**{**fields, **changes})


def _cases() -> list:
    other = _frame(OTHER, 5, 9, fork=5)
    altered = [OTHER[5], OTHER[7], OTHER[6], OTHER[8]]
    return [
        _good("a branch with its name", 8, [other]),
        _good("a branch found by comparing", 8, [_frame(OTHER, 5, 9)]),
        _good("a branch that starts inside a frame", 8, [_frame(OTHER, 3, 9)]),
        _good("a branch shorter than the main line", 8, [_frame(OTHER, 5, 6, fork=5)]),
        _good("a branch in two frames", 8, [_frame(OTHER, 5, 7, fork=5), _frame(OTHER, 7, 9, fork=5)]),
        _good("a branch under a later checkpoint", 8, [_frame(OTHER, 5, 7, covers=9, fork=5)]),
        _good("a branch twice", 8, [other, other]),
        _good("the main line named as a branch", 8, [_frame(MAIN, 5, 8, fork=5)]),
        _good("the main line continued as a branch", 6, [_frame(MAIN, 6, 8, fork=5)]),
        _good("the branch met first is the main line", 5, [_frame(OTHER, 5, 9, fork=5), _frame(MAIN, 5, 8)]),
        _good("a branch of a branch", 8, [other, _frame(THIRD, 7, 9, fork=7)]),
        _good("a branch of a branch that was not seen", 8, [_frame(THIRD, 5, 9)]),
        _bad("a branch whose start was not seen", 8, [_frame(OTHER, 6, 9, fork=5)], "gap"),
        _bad("a branch that leaves past what is held", 4, [other], "gap"),
        _bad("a branch named by another leaf", 8, [_frame(OTHER, 5, 9, branch=Branch(5, leaf_hash(b"x")))], "malformed"),
        _bad("a branch that leaves after its first line", 8, [_frame(OTHER, 5, 9, fork=6)], "malformed"),
        _bad("a branch with lines exchanged", 8, [_frame(OTHER, 5, 9, fork=5, lines=altered)], "root-mismatch"),
        _bad("a branch under the main line's checkpoint", 8,
             [_frame(OTHER, 5, 8, fork=5, note=LONTAR_A.sign_checkpoint(LOG, MAIN))], "root-mismatch"),
        _bad("a branch, then a gap in it", 8, [_frame(OTHER, 5, 6, fork=5), _frame(OTHER, 7, 9, fork=5)], "gap"),
    ]  # fmt: skip


def _replay(held: int, frames: list) -> dict:
    """What the frames leave. They go through the verifier: these vectors were reviewed by hand once."""
    log, outcomes = Log(LOG, MAIN[:held]), []
    try:
        for frame in frames:
            outcomes.append(log.apply(frame, LONTAR_A.keys.sign_public))
    except ProtocolError as error:
        assert len(outcomes) == len(frames) - 1, error
    rows = sorted(log.rows)
    return {
        "held": held,
        "frames": [b64(zstd.stored(frame.content)) for frame in frames],
        "outcomes": outcomes,
        "heads": [list(row) for row in rows],
        "digest": table_digest(rows),
    }


def _good(name: str, held: int, frames: list) -> dict:
    return good(name, **_replay(held, frames))


def _bad(name: str, held: int, frames: list, error: str) -> dict:
    return bad(name, error, **_replay(held, frames))
