"""merkle.json"""

from simpul_protocol.encoding import b64
from simpul_protocol.merkle import (
    consistency_proof, edge_of, inclusion_proof, leaf_hash, root_of, verify_consistency, verify_inclusion,
)  # fmt: skip

from .cast import bad, file, good

# The leaves on which implementations of RFC 6962 have always been tested; any other bytes would do.
LINES = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)] + [f"line {number}".encode() for number in range(8, 21)]  # fmt: skip
LEAVES = [leaf_hash(line) for line in LINES]


def make() -> dict:
    return file(
        "The tree (02-log.md). `lines` are base64 leaf contents, shared by all cases. `kind` root: `size` lines give "
        "`root` and, left to right, `peaks`. inclusion: `proof` that line `index` is in `size` lines. "
        "consistency: `proof` that `first` lines with `first_root` are a prefix of `second` lines with `second_root`.",
        [*_roots(), *_inclusion(), *_consistency()],
        lines=[b64(line) for line in LINES],
    )


def _roots() -> list:
    cases = []
    for size in range(len(LINES) + 1):
        edge = edge_of(LEAVES[:size])
        cases.append(
            good(f"root of {size}", kind="root", size=size, root=b64(edge.root), peaks=[b64(p) for p in edge.peaks])
        )
    return cases


def _inclusion_case(make, name, *error, index, size, leaf, proof, root) -> dict:
    assert verify_inclusion(index, size, leaf, proof, root) == (not error)
    return make(name, *error, kind="inclusion", index=index, size=size, leaf=b64(leaf),
                proof=[b64(item) for item in proof], root=b64(root))  # fmt: skip


def _inclusion() -> list:
    cases = []
    for index, size in [(0, 1), (0, 2), (1, 2), (2, 3), (0, 7), (6, 7), (5, 8), (19, 20), (16, 21)]:
        root, proof = root_of(LEAVES[:size]), inclusion_proof(index, LEAVES[:size])
        cases.append(_inclusion_case(good, f"line {index} in {size}", index=index, size=size, leaf=LEAVES[index],
                                     proof=proof, root=root))  # fmt: skip
    root, proof = root_of(LEAVES[:8]), inclusion_proof(5, LEAVES[:8])
    right = dict(index=5, size=8, leaf=LEAVES[5], proof=proof, root=root)
    wrong = {
        "another index": {"index": 4},
        "index at the size": {"index": 8},
        "another leaf": {"leaf": LEAVES[4]},
        "another root": {"root": root_of(LEAVES[:7])},
        "proof cut": {"proof": proof[:-1]},
        "proof too long": {"proof": proof + [root]},
        "proof in another order": {"proof": proof[::-1]},
        "empty proof": {"proof": []},
    }
    return cases + [
        _inclusion_case(bad, f"inclusion: {name}", "bad-proof", **{**right, **change}) for name, change in wrong.items()
    ]


def _consistency_case(make, name, *error, first, second, first_root, second_root, proof) -> dict:
    assert verify_consistency(first, second, first_root, second_root, proof) == (not error), name
    return make(name, *error, kind="consistency", first=first, second=second, first_root=b64(first_root),
                second_root=b64(second_root), proof=[b64(item) for item in proof])  # fmt: skip


def _consistency() -> list:
    def right(first: int, second: int) -> dict:
        return dict(
            first=first, second=second, first_root=root_of(LEAVES[:first]), second_root=root_of(LEAVES[:second]),
            proof=consistency_proof(first, LEAVES[:second]),
        )  # fmt: skip

    pairs = [(0, 5), (1, 1), (1, 2), (2, 3), (3, 7), (4, 8), (6, 8), (7, 8), (8, 8), (8, 21), (13, 20), (20, 21)]
    cases = [_consistency_case(good, f"{first} in {second}", **right(first, second)) for first, second in pairs]
    sound = right(6, 8)
    wrong = {
        "another first root": {"first_root": root_of(LEAVES[:5])},
        "another second root": {"second_root": root_of(LEAVES[:7])},
        "shrinks": {"first": 8, "second": 6},
        "another first size": {"first": 5},
        "proof cut": {"proof": sound["proof"][:-1]},
        "proof too long": {"proof": sound["proof"] + [sound["first_root"]]},
        "empty proof": {"proof": []},
        "proof in another order": {"proof": sound["proof"][::-1]},
        "equal sizes, other roots": {"first": 8, "proof": []},
        "equal sizes with a proof": {"first": 8, "first_root": sound["second_root"]},
    }
    return cases + [
        _consistency_case(bad, f"consistency: {name}", "bad-proof", **{**sound, **change})
        for name, change in wrong.items()
    ]
