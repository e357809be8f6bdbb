"""Checks the vectors of protocol/vectors against this package: one function for each file."""

import base64
import hashlib
import json
from pathlib import Path
from typing import Callable, Dict, List, Tuple

from . import attachments, bundle, early, erasure, eventline, frames, keys, merkle, names, note, proofs, receipts, session
from . import strictjson, witness
from .encoding import b64
from .errors import ProtocolError
from .ledger import Log
from .names import LogName

FOLDER = Path(__file__).parents[2] / "vectors"


def check_all(folder: Path = FOLDER) -> Tuple[int, List[str]]:
    """How many cases passed, and what is wrong with each of the others. A file nobody checks is a failure."""
    passed, failures = 0, []
    for path in sorted(folder.glob("*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        check = CHECKS.get(path.stem)
        if check is None:
            failures.append(f"{path.name}: no check for this file")
            continue
        for case in document["cases"]:
            wrong = _outcome(check, document, case)
            if wrong:
                failures.append(f"{path.name}: {case['name']}: {wrong}")
            else:
                passed += 1
    missing = [name for name in CHECKS if not (folder / f"{name}.json").exists()]
    return passed, failures + [f"{name}.json: missing" for name in missing]


def _outcome(check: Callable, document: dict, case: dict) -> str:
    try:
        check(document, case)
    except ProtocolError as error:
        if case["valid"]:
            return f"refused with {error}"
        return "" if error.code == case["error"] else f"refused with {error}, expected {case['error']}"
    except AssertionError as error:
        return f"differs: {error}"
    return "" if case["valid"] else f"accepted, expected {case['error']}"


def _expect(found, wanted, what: str):
    if found != wanted:
        raise AssertionError(f"{what} is {found!r:.200}, expected {wanted!r:.200}")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _event_line(document: dict, case: dict):
    line = _bytes(case["line"])
    event = eventline.parse(line)
    eventline.check_place(event, LogName.parse(document["log"]), int(event["id"]))
    _expect(strictjson.parse(strictjson.encode(event)), event, "the value, written and read again")
    known = [name for name in event if name in eventline.ORDER]
    ordered = known == [name for name in eventline.ORDER if name in known] and list(event)[-1] == "data"
    _expect(ordered and strictjson.encode(event) == line, case["canonical"], "canonical")


def _name(document: dict, case: dict):
    text = case["text"]
    if case["kind"] == "log":
        log = LogName.parse(text)
        _expect(str(log), text, "the name written again")
        for region, wanted in case.get("scope", {}).items():
            _expect(names.in_scope(log.audience, region), wanted, f"in scope of {region}")
    elif case["kind"] == "reference":
        _expect(str(names.LineReference.parse(text)), text, "the reference written again")
    else:
        {"node": names.check_node, "epoch": names.check_epoch, "region": names.check_region}[case["kind"]](text)


def _tree(document: dict, case: dict):
    proof = [_bytes(item) for item in case.get("proof", [])]
    if case["kind"] == "root":
        lines = [_bytes(line) for line in document["lines"]][: case["size"]]
        edge = merkle.edge_of([merkle.leaf_hash(line) for line in lines])
        _expect(b64(edge.root), case["root"], "root")
        _expect([b64(peak) for peak in edge.peaks], case["peaks"], "peaks")
        return
    if case["kind"] == "inclusion":
        index, size, leaf, root = case["index"], case["size"], _bytes(case["leaf"]), _bytes(case["root"])
        good = merkle.verify_inclusion(index, size, leaf, proof, root)
    else:
        first, second = _bytes(case["first_root"]), _bytes(case["second_root"])
        good = merkle.verify_consistency(case["first"], case["second"], first, second, proof)
    if not good:
        raise ProtocolError("bad-proof", "does not lead to the root")


def _checkpoint(document: dict, case: dict):
    checkpoint = note.open_checkpoint(case["note"], LogName.parse(document["log"]), _bytes(document["key"]))
    _expect((checkpoint.size, b64(checkpoint.root)), (case["size"], case["root"]), "size and root")
    _expect(str(note.SignedNote.parse(case["note"])), case["note"], "the note written again")


def _receipt(document: dict, case: dict):
    log, holder, key = LogName.parse(document["log"]), document["holder"], _bytes(document["key"])
    if case["receipt"] == "held":
        checkpoint, time = receipts.open_held(case["note"], log, holder, key)
        _expect((checkpoint.size, b64(checkpoint.root), time), (case["size"], case["root"], case["time"]), "held")
    else:
        counted = receipts.open_counted(case["note"], log, holder, key)
        root = None if counted.root is None else b64(counted.root)
        found = (counted.size, counted.models, [list(one) for one in counted.exceptions], root)
        _expect(found, (case["size"], case["models"], case["except"], case.get("root")), "counted")


def _frame(document: dict, case: dict):
    log = Log(LogName.parse(document["log"]), [line.encode("utf-8") for line in document["held"]])
    for content in frames.contents(_bytes(case["frame"])):
        frame = frames.parse(content)
        if isinstance(frame, frames.ControlFrame):
            _expect(frame.records, case.get("records"), "records")
            return
        log.apply(frame, _bytes(document["key"]))
        _expect(frame.content, content, "the frame written again")
    _expect((log.main.size, b64(log.main.edge.root)), (case.get("size"), case.get("root")), "size and root")


def _branch(document: dict, case: dict):
    lines = [line.encode("utf-8") for line in document["main"]][: case["held"]]
    log, outcomes = Log(LogName.parse(document["log"]), lines), []
    try:
        for body in case["frames"]:
            for content in frames.contents(_bytes(body)):
                outcomes.append(log.apply(frames.parse(content), _bytes(document["key"])))
    finally:
        _expect(outcomes, case["outcomes"], "outcomes")
        _expect(sorted(list(row) for row in log.rows), case["heads"], "heads")
        _expect(session.table_digest(log.rows), case["digest"], "digest")


def _digest(document: dict, case: dict):
    if case["kind"] == "table":
        found = session.table_digest(session.check_rows(case["rows"]))
    elif case["kind"] == "receipts":
        found = session.receipts_digest(case["receipts"])
    else:
        found = session.keys_digest((key, to, _bytes(box)) for key, to, box in case["shares"])
    _expect(found, case["digest"], "digest")


def _early(document: dict, case: dict):
    if case["kind"] == "line":
        reference, line = early.check_line(case["record"])
        _expect(reference.sequence, case["sequence"], "sequence")
        _expect(merkle.leaf_hash(line).hex(), reference.leaf, "leaf hash")
    else:
        _expect(early.check_ask(case["ask"]), case["lines"], "lines")


def _session_signature(document: dict, case: dict):
    first_frame = _bytes(document["first_frame"])
    parts = [document[name] for name in ("server", "node", "epoch", "challenge")]
    message = session.request_message(*parts, first_frame)
    _expect(message.decode("utf-8"), case["message"], "message")
    session.check_signature(_bytes(document["key"]), case["signature"], message)


def _enrolment(document: dict, case: dict):
    session.check_enrolment(case["request"].encode("utf-8"))


def _succession(document: dict, case: dict):
    request = session.check_succession(case["request"].encode("utf-8"), document["server"], _bytes(document["key"]))
    parts = [request[name] for name in ("node", "after", "epoch", "sign", "wrap")]
    message = session.succession_message(document["server"], *parts)
    _expect(message.decode("utf-8"), document["message"], "message")


def _personal_box(document: dict, case: dict):
    context = keys.personal_context(document["type"], document["subject"], document["key_name"])
    plaintext = keys.open_personal(_bytes(document["key"]), _bytes(case["box"]), context)
    _expect(plaintext.decode("utf-8"), case["plaintext"], "plaintext")
    strictjson.parse(plaintext)


def _key_share(document: dict, case: dict):
    receiver = keys.NodeKeys.from_seeds(bytes(32), _bytes(document["private"]))
    _expect(b64(receiver.wrap_public), document["public"], "public key")
    key = keys.unwrap_person_key(_bytes(case["box"]), document["key_name"], document["to"], receiver.wrap)
    _expect(b64(key), case["person_key"], "person key")


def _bundle(document: dict, case: dict):
    sealed = bundle.read(_bytes(case["bundle"]))
    _expect(f"{sealed.node}/{sealed.epoch}", document["maker"], "the maker")
    sealed.verify(_bytes(document["key"]))
    _expect(len(sealed.frames), case["frames"], "the number of frames")
    _expect(b64(sealed.digest), case["digest"], "the digest")
    for name, wanted in case["rows"].items():
        _expect([list(row) for row in sealed.rows[name]], wanted, name)


def _sealed_box(document: dict, case: dict):
    office = keys.NodeKeys.from_seeds(bytes(32), _bytes(document["private"])).wrap
    event = strictjson.parse(case["line"].encode("utf-8"))
    text = keys.open_sealed(event, office)
    _expect(json.dumps(strictjson.parse(text), sort_keys=True), json.dumps(case["members"], sort_keys=True), "members")
    _expect(len(text), case["size"], "size")


def _recovery_deposit(document: dict, case: dict):
    hub = keys.NodeKeys.from_seeds(bytes(32), _bytes(document["private"])).wrap
    key = keys.open_recovery(
        _bytes(case["box"]), document["node"], document["vault"], document["generation"], document["holder"], hub
    )
    _expect(b64(key), case["key"], "recovery key")
    _expect(keys.recovery_code(key), case["code"], "code")


def _trusted(document: dict) -> proofs.Keys:
    return {name: _bytes(key) for name, key in document["keys"].items()}


def _proof(document: dict, case: dict):
    proof = proofs.read(case["file"].encode("utf-8"), _trusted(document))
    if isinstance(proof, proofs.Inclusion):
        heads, found = [proof.head, *proof.holders], proof.reference
    else:
        heads, found = [proof.first, proof.second], str(proof.log)
    _expect([[head.checkpoint.size, head.signer] for head in heads], case["heads"], "heads")
    _expect(found, case["about"], "about")


def _witness(document: dict, case: dict):
    files = [witness.read(text.encode("utf-8"), _trusted(document)) for text in case["files"]]
    for file in files:
        if file.failures:
            raise file.failures[0]
    findings = witness.compare(files)
    if findings:
        raise ProtocolError(findings[0].code, findings[0].detail)
    _expect(sorted(str(log) for log in {log for file in files for log in file.logs}), case["logs"], "logs")


def _erasure(document: dict, case: dict):
    orders = erasure.orders(case["line"].encode("utf-8"), case["role"], case["region"])
    found = [key for key in document["keys"] if any(order.covers(key) for order in orders)]
    _expect(found, case["erased"], "erased keys")


def _attachment(document: dict, case: dict):
    key = _bytes(document["key"])
    if case["kind"] == "long":
        blocks = (hashlib.sha256(number.to_bytes(4, "big")).digest() for number in range(case["length"] // 32 + 1))
        wanted = b"".join(blocks)[: case["length"]]
        sealed, step = attachments.seal(wanted, key), attachments.PIECE_BYTES + attachments.TAG_BYTES
        if "edit" in case:
            sealed = sealed[:step] if case["edit"] == "drop-last" else sealed[step:] + sealed[:step]
        _expect(attachments.open_content(sealed, key, case["sha256"], case["size"]), wanted, "content")
        return
    if case["kind"] == "content":
        content = attachments.open_content(_bytes(case["sealed"]), key, case["sha256"], case["size"])
        _expect((len(content), hashlib.sha256(content).hexdigest()), (case["length"], case["content_sha256"]), "content")
        return
    parts = [document[name] for name in ("server", "node", "epoch", "challenge")]
    message = attachments.request_message(
        *parts, case["method"], case["sha256"], case["range"], _bytes(case["body"])
    )
    _expect(message.decode("utf-8"), case["message"], "message")
    session.check_signature(_bytes(document["node_key"]), case["signature"], message)


CHECKS: Dict[str, Callable] = {
    "event-lines": _event_line,
    "names": _name,
    "merkle": _tree,
    "checkpoints": _checkpoint,
    "receipts": _receipt,
    "frames": _frame,
    "bundles": _bundle,
    "branches": _branch,
    "digests": _digest,
    "session-signature": _session_signature,
    "enrolment": _enrolment,
    "succession": _succession,
    "personal-box": _personal_box,
    "key-share": _key_share,
    "sealed-box": _sealed_box,
    "recovery-deposit": _recovery_deposit,
    "proofs": _proof,
    "witness": _witness,
    "erasure": _erasure,
    "early": _early,
    "attachments": _attachment,
}
