"""proofs.json and witness.json"""

import json

from simpul_protocol.encoding import b64
from simpul_protocol.merkle import consistency_proof, inclusion_proof, leaf_hash, root_of
from simpul_protocol.note import Checkpoint, cosign
from simpul_protocol.receipts import holder_name

from .cast import CENTRE, HUB, LONTAR_A, LONTAR_B, bad, file, good, lines
from .receipts import TIME

LOG = LONTAR_A.log()
LINES = lines(LOG, 8)
LEAVES = [leaf_hash(line) for line in LINES]
# What the same key signed on another copy of the disk: the same first five lines, then others.
OTHER = LINES[:5] + lines(LOG, 3, start=5, occurredat="2026-08-12")
OTHER_LEAVES = [leaf_hash(line) for line in OTHER]
KEYS = {f"{actor.node}/{actor.epoch}": b64(actor.keys.sign_public) for actor in (LONTAR_A, HUB, CENTRE)}
AUTHOR, HOLDER = f"{LONTAR_A.node}/{LONTAR_A.epoch}", f"{HUB.node}/{HUB.epoch}"


def _head(size: int, lines=LINES, by=LONTAR_A) -> str:
    return by.sign_checkpoint(LOG, lines, size)


def _cosigned(size: int, lines=LINES, by=HUB) -> str:
    checkpoint = Checkpoint(LOG, size, root_of([leaf_hash(line) for line in lines[:size]]))
    return str(cosign(checkpoint.text, TIME, holder_name(by.node, by.epoch), by.keys.sign, by.keys.sign_public))


def _path(index: int, size: int) -> list:
    return [b64(item) for item in inclusion_proof(index, LEAVES[:size])]


def _growth(first: int, second: int, leaves=LEAVES) -> list:
    return [b64(item) for item in consistency_proof(first, leaves[:second])]


def _inclusion(**changes) -> dict:
    value = {
        "proof": "inclusion", "version": 1, "log": str(LOG), "sequence": 3, "line": b64(LINES[3]),
        "checkpoint": _head(7), "path": _path(3, 7),
    }  # fmt: skip
    value.update(changes)
    return {name: item for name, item in value.items() if item is not None}


def _consistency(**changes) -> dict:
    value = {
        "proof": "consistency", "version": 1, "log": str(LOG), "from": _head(3), "to": _head(8),
        "path": _growth(3, 8),
    }  # fmt: skip
    value.update(changes)
    return {name: item for name, item in value.items() if item is not None}


def _unknown_author() -> dict:
    log = LONTAR_B.log()
    heads = [LONTAR_B.sign_checkpoint(log, LINES, size) for size in (3, 8)]
    return _consistency(**{"log": str(log), "from": heads[0], "to": heads[1]})


def _text(value: dict) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def make_proofs() -> dict:
    reference = f"{LOG}#3~{LEAVES[3].hex()}"

    def proves(name: str, value: dict, about: str, *heads) -> dict:
        return good(name, file=_text(value), about=about, heads=[list(head) for head in heads])

    def wrong(name: str, error: str, value: dict) -> dict:
        return bad(name, error, file=_text(value))

    held = {"note": _cosigned(5), "path": _path(3, 5)}
    author = LONTAR_A.log(lane="urgent")
    return file(
        "Proofs (10-proofs.md). `file` is the text of a proof, read with `keys` (NODE/EPOCH: base64, Ed25519) alone. A "
        "valid one is `about` a reference or a log, under `heads`: size and signer of each, in the order of the file.",
        [
            proves("a line", _inclusion(), reference, (7, AUTHOR)),
            proves("a line, held by a hub", _inclusion(held=[held]), reference, (7, AUTHOR), (5, HOLDER)),
            proves("the only line", _inclusion(sequence=0, line=b64(LINES[0]), checkpoint=_head(1), path=[]),
                   f"{LOG}#0~{LEAVES[0].hex()}", (1, AUTHOR)),
            wrong("another sequence", "bad-proof", _inclusion(sequence=2)),
            wrong("a sequence beyond the size", "bad-proof", _inclusion(sequence=7)),
            wrong("a negative sequence", "malformed", _inclusion(sequence=-1)),
            wrong("another line", "bad-proof", _inclusion(line=b64(LINES[4]))),
            wrong("a line of another history", "bad-proof",
                  _inclusion(sequence=6, line=b64(OTHER[6]), path=_path(6, 7))),
            wrong("a line that is none", "malformed", _inclusion(line=b64(LINES[3] + b"\n"))),
            wrong("another log", "bad-checkpoint", _inclusion(log=str(author))),
            wrong("a checkpoint of another size", "bad-proof", _inclusion(checkpoint=_head(8))),
            wrong("a checkpoint altered", "bad-signature", _inclusion(checkpoint=_head(7).replace("\n7\n", "\n8\n"))),
            wrong("signed by another key", "bad-signature", _inclusion(checkpoint=_head(7, by=HUB))),
            wrong("cosigned by a holder only", "bad-signature", _inclusion(checkpoint=_cosigned(7))),
            wrong("path cut", "bad-proof", _inclusion(path=_path(3, 7)[:-1])),
            wrong("path in another order", "bad-proof", _inclusion(path=_path(3, 7)[::-1])),
            wrong("path not of hashes", "malformed", _inclusion(path=["AAAA"])),
            wrong("held, of another size", "bad-proof", _inclusion(held=[{**held, "note": _cosigned(6)}])),
            wrong("held, altered", "bad-signature",
                  _inclusion(held=[{**held, "note": held["note"].replace("\n5\n", "\n6\n")}])),
            wrong("held, by the author's signature", "bad-signature",
                  _inclusion(held=[{**held, "note": _head(5)}])),
            wrong("of another version", "malformed", _inclusion(version=2)),
            wrong("of another kind", "malformed", _inclusion(proof="exclusion")),
            wrong("without a path", "malformed", _inclusion(path=None)),
            wrong("with a member more", "malformed", _inclusion(verified=True)),
            proves("a log that grew", _consistency(), str(LOG), (3, AUTHOR), (8, AUTHOR)),
            proves("a log as a holder held it", _consistency(**{"from": _cosigned(3)}), str(LOG),
                   (3, HOLDER), (8, AUTHOR)),
            proves("the same head twice", _consistency(**{"from": _head(8), "path": []}), str(LOG),
                   (8, AUTHOR), (8, AUTHOR)),
            wrong("from another history", "bad-proof", _consistency(**{"from": _head(6, OTHER), "path": _growth(6, 8)})),
            wrong("a log that shrank", "bad-proof", _consistency(**{"from": _head(8), "to": _head(3)})),
            wrong("grown: path cut", "bad-proof", _consistency(path=_growth(3, 8)[:-1])),
            wrong("grown: of another log", "bad-checkpoint", _consistency(log=str(author))),
            wrong("grown: a head altered", "bad-signature",
                  _consistency(to=_head(8).replace("\n8\n", "\n9\n"))),
            wrong("grown: signed by nobody known", "bad-signature", _consistency(to=_cosigned(8, by=LONTAR_B))),
            wrong("grown: the log of an author nobody knows", "unknown-author", _unknown_author()),
            wrong("grown: no older head", "malformed", _consistency(**{"from": None})),
        ],
        keys=KEYS,
    )  # fmt: skip


def _state(size: int, leaves=LEAVES) -> dict:
    return {"size": size, "root": b64(root_of(leaves[:size]))}


def _link(first: int, second: int, leaves=LEAVES) -> dict:
    return {"from": _state(first, leaves), "to": _state(second, leaves), "path": _growth(first, second, leaves)}


def _witness(by, heads: list, proofs: list = (), **changes) -> str:
    value = {"witness": f"{by.node}/{by.epoch}", "version": 1,
             "logs": [{"log": str(LOG), "heads": heads, "proofs": list(proofs)}]}  # fmt: skip
    value.update(changes)
    return _text(value)


def make_witness() -> dict:
    def agree(name: str, *files: str) -> dict:
        return good(name, files=list(files), logs=[str(LOG)])

    def wrong(name: str, error: str, *files: str) -> dict:
        return bad(name, error, files=list(files))

    foreign = {**_link(3, 8), "path": _growth(3, 8)[:-1]}
    return file(
        "Witness files (10-proofs.md). `files` are the texts of two or more, read with `keys` (NODE/EPOCH: base64, "
        "Ed25519) alone; valid where they show one history of each of `logs`.",
        [
            agree("one head", _witness(HUB, [_head(8)]), _witness(CENTRE, [_head(8)])),
            agree("grown, with a proof", _witness(HUB, [_head(3)]), _witness(CENTRE, [_head(8)], [_link(3, 8)])),
            agree("grown, by a chain", _witness(HUB, [_head(3), _head(5)], [_link(3, 5)]),
                  _witness(CENTRE, [_head(8)], [_link(5, 8)])),
            agree("two beginnings of one head", _witness(HUB, [_head(3)]),
                  _witness(CENTRE, [_head(5), _head(8)], [_link(5, 8), _link(3, 8)])),
            wrong("two heads of one size", "two-histories", _witness(HUB, [_head(8)]),
                  _witness(CENTRE, [_head(8, OTHER)])),
            wrong("in one file already", "two-histories", _witness(HUB, [_head(8), _head(8, OTHER)])),
            wrong("a holder cosigned another history", "two-histories", _witness(HUB, [_cosigned(6)]),
                  _witness(CENTRE, [_head(6, OTHER)])),
            wrong("a smaller head that is not the beginning", "two-histories", _witness(HUB, [_head(6, OTHER)]),
                  _witness(CENTRE, [_head(8)], [_link(6, 8)])),
            wrong("two growths of one beginning", "no-consistency",
                  _witness(HUB, [_head(5), _head(7, OTHER)], [_link(5, 7, OTHER_LEAVES)]),
                  _witness(CENTRE, [_head(5), _head(8)], [_link(5, 8)])),
            wrong("two sizes and no proof", "no-consistency", _witness(HUB, [_head(3)]), _witness(CENTRE, [_head(8)])),
            wrong("a proof that is none", "bad-proof", _witness(HUB, [_head(3)]),
                  _witness(CENTRE, [_head(8)], [foreign])),
            wrong("a head altered", "bad-signature", _witness(HUB, [_head(8).replace("\n8\n", "\n9\n")])),
            wrong("a head of another log", "bad-checkpoint",
                  _witness(HUB, [LONTAR_A.sign_checkpoint(LONTAR_A.log(lane="urgent"), LINES, 8)])),
            wrong("of another version", "malformed", _witness(HUB, [_head(8)], version=2)),
            wrong("of nobody", "malformed", _witness(HUB, [_head(8)], witness="hub")),
        ],
        keys=KEYS,
    )  # fmt: skip
