"""The command line of simpul_verify.py."""

import argparse
import dataclasses
import json
import sys
import time
from pathlib import Path

from . import proofs, strictjson, vectors, witness
from .capture import Capture, read_members
from .client import Client
from .encoding import b64, unb64
from .errors import ProtocolError
from .events import compose, numbered
from .folder import Folder
from .invitation import Invitation
from .note import Checkpoint, SignedNote
from .store import verify_store
from .wire import WireError


def main(arguments=None) -> int:
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)
    except (ProtocolError, WireError, OSError) as error:
        print(f"simpul_verify: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="simpul_verify.py",
        description="Verifies Simpul's vectors, logs and captured sessions, and syncs with a live hub. "
        "Ends with 0 if all is well, 1 if something does not verify, 2 on wrong use, 3 if a package is missing.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    command = commands.add_parser("vectors", help="check every test vector")
    command.add_argument("--folder", type=Path, default=vectors.FOLDER)
    command.set_defaults(run=_vectors)

    for name, text in (
        ("log", "verify the lines in captured bodies or exported logs"),
        ("bundle", "the same, for one file: a bundle under its seal, or a captured answer"),
    ):
        command = commands.add_parser(name, help=text)
        command.add_argument("files", type=Path, nargs="+" if name == "log" else 1, metavar="FILE")
        command.add_argument("--keys", type=Path, help="JSON with members to trust, such as an answer to enrolling")
        command.set_defaults(run=_capture)

    command = commands.add_parser("store", help="verify every log in a node's folder")
    command.add_argument("folder", type=Path, metavar="DIR")
    command.set_defaults(run=_store)

    command = commands.add_parser("proof", help="verify proofs that `simpul prove` wrote")
    command.add_argument("files", type=Path, nargs="+", metavar="FILE")
    _take_keys(command)
    command.add_argument("--checkpoint", type=Path, help="a checkpoint you hold; each proof must be about it")
    command.set_defaults(run=_proof)

    command = commands.add_parser("witness", help="compare witness files: was everybody shown one history?")
    command.add_argument("files", type=Path, nargs="+", metavar="FILE")
    _take_keys(command)
    command.set_defaults(run=_witness)

    for name, text in (
        ("push", "write lines, push them, verify the receipts"),
        ("pull", "sync without writing"),
    ):
        command = commands.add_parser(name, help=text)
        command.add_argument("--state", type=Path, required=True, help="folder of this client; made if missing")
        command.add_argument("--node", help="name to enrol under, when the folder is new")
        command.add_argument("--invitation", help="invitation code, or a file with it, when the folder is new")
        command.add_argument("--ca", help="certificate authorities to trust where the invitation has no pin")
        command.add_argument("--out", type=Path, help="write the last whole answer here, for `bundle`")
        command.add_argument("--json", action="store_true", help="print the report as JSON")
        command.set_defaults(run=_sync, lines=0, events=None, cut_after=None, stop_after_cut=False, frame_lines=64)
        if name == "push":
            command.add_argument("--lines", type=int, default=10, help="lines to write (default 10)")
            command.add_argument("--events", type=Path, help="NDJSON of events to write instead: type, data, …")
            command.add_argument("--cut-after", type=int, metavar="BYTES",
                                 help="drop the first request after so many bytes of its body, then resume")  # fmt: skip
            command.add_argument("--stop-after-cut", action="store_true", help="do not resume")
            command.add_argument("--frame-lines", type=int, default=64, help="lines of a frame (default 64)")
    return parser


def _take_keys(command):
    command.add_argument("--key", action="append", default=[], metavar="NODE/EPOCH=BASE64",
                         help="a public key to trust; may be given several times")  # fmt: skip
    command.add_argument("--keys", type=Path, action="append", default=[], help="JSON with members to trust")


def _keys(options) -> proofs.Keys:
    members = [member for path in options.keys for member in read_members(path)]
    keys = {f"{member.node}/{member.epoch}": member.sign for member in members}
    for given in options.key:
        name, equals, key = given.partition("=")
        if not equals or name.count("/") != 1:
            raise ProtocolError("usage", f"--key {given}: write NODE/EPOCH=BASE64")
        keys[name] = unb64(key, f"--key {name}", 32)
    if not keys:
        raise ProtocolError("usage", "give the keys you trust: --key or --keys")
    return keys


def _proof(options) -> int:
    keys, known, failed = _keys(options), None, 0
    if options.checkpoint:
        known = Checkpoint.parse(SignedNote.parse(options.checkpoint.read_text(encoding="utf-8")).text)
    for path in options.files:
        try:
            proof = proofs.read(path.read_bytes(), keys)
            if known:
                proofs.check_known(proof, known)
            _print_proof(proof)
        except ProtocolError as error:
            failed += 1
            print(f"FAILED {path}: {error}")
    print(f"{len(options.files) - failed} verified, {failed} failed")
    return 1 if failed else 0


def _print_proof(proof):
    if isinstance(proof, proofs.Inclusion):
        print(f"line {proof.reference}")
        print(f"stands in {proof.log}: {proof.head}")
        for holder in proof.holders:
            print(f"and in what is held by others: {holder}")
    else:
        print(f"{proof.log} only grew: from {proof.first}")
        print(f"to {proof.second}")


def _witness(options) -> int:
    keys = _keys(options)
    files = [witness.read(path.read_bytes(), keys) for path in options.files]
    failures = [f"{file.node}: {failure}" for file in files for failure in file.failures]
    findings = witness.compare(files)
    for failure in failures:
        print(f"FAILED {failure}")
    for finding in findings:
        print(f"EXPOSED {finding}" if finding.code == "two-histories" else f"OPEN {finding}")
    logs = {log for file in files for log in file.logs}
    both = [log for log in logs if sum(log in file.logs for file in files) > 1]
    heads = sum(len(one.heads) for file in files for one in file.logs.values())
    print(
        f"{heads} heads of {len(logs)} logs verified, {len(both)} logs in more than one file, "
        f"{len(findings)} without one history shown, {len(failures)} failed"
    )
    return 1 if findings or failures else 0


def _vectors(options) -> int:
    passed, failures = vectors.check_all(options.folder)
    for failure in failures:
        print(failure)
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures or not passed else 0


def _capture(options) -> int:
    capture = Capture(read_members(options.keys) if options.keys else [])
    for path in options.files:
        try:
            capture.read(path.read_bytes())
        except ProtocolError as error:
            capture.failures.append(f"{path}: {error}")
    capture.verify()
    for member in capture.self_enrolled:
        print(f"trusted because it enrolled itself here: {member.node}/{member.epoch} {b64(member.sign)}")
    for name, log in sorted(capture.ledger.logs.items(), key=lambda item: str(item[0])):
        for number, head in enumerate(log.heads):
            branch = f", branch {number}" if number else ""
            print(f"{name}: {head.size} lines verified{branch}, root {b64(head.edge.root)}")
    parked = capture.parked()
    for line in parked:
        print(f"not understood, kept all the same: {line}")
    for maker in capture.sealed:
        print(f"sealed by {maker}")
    for failure in capture.failures:
        print(f"FAILED {failure}")
    heads = [head for log in capture.ledger.logs.values() for head in log.heads]
    print(
        f"{sum(head.size for head in heads)} lines in {len(capture.ledger.logs)} logs verified, "
        f"{capture.verified_receipts} receipts verified, {len(capture.failures)} failed"
    )
    return 1 if capture.failures else 0


def _store(options) -> int:
    report = verify_store(options.folder)
    for failure in report.failures:
        print(f"FAILED {failure}")
    print(
        f"{report.lines} lines in {report.logs} logs verified, {report.checkpoints} checkpoints, "
        f"{report.receipts} receipts, {report.members} keys, {len(report.failures)} failed"
    )
    return 1 if report.failures else 0


def _sync(options) -> int:
    say = (lambda _: None) if options.json else print
    client = Client(_open(options), options.ca, say)
    client.frame_lines = options.frame_lines
    folder = client.folder
    if folder.myself is None:
        client.enrol()
    events = list(_events(options.events)) if options.events else list(numbered(options.lines))
    if events:
        folder.append(folder.own_log(), compose(folder, events))
        say(f"wrote {len(events)} lines to {folder.own_log()}")
    report = client.sync(options.cut_after, options.stop_after_cut)
    if options.out:
        options.out.write_bytes(client.captured)
    if options.json:
        print(json.dumps({**dataclasses.asdict(report), "own": _own(folder)}, ensure_ascii=False))
    else:
        _print(report, folder)
    stopped = options.stop_after_cut and report.cut
    return 0 if (report.agreed or stopped) and not report.problems else 1


def _open(options) -> Folder:
    folder = Folder.open(options.state)
    if folder is not None:
        return folder
    if not options.node or not options.invitation:
        raise ProtocolError("usage", f"{options.state} is new: give --node and --invitation")
    given = options.invitation
    if not given.startswith("simpul-invite-"):
        given = Path(given).read_text(encoding="utf-8")
    return Folder.create(options.state, options.node, Invitation.parse(given))


def _events(path: Path):
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        event = strictjson.parse(line)
        if not isinstance(event, dict) or not isinstance(event.get("type"), str) or "data" not in event:
            raise ProtocolError("bad-attribute", f"{path}, line {number}: an event needs type and data")
        yield event


def _own(folder: Folder) -> dict:
    log = folder.own_log()
    head = folder.ledger.log(log).main
    return {"log": str(log), "size": head.size, "root": b64(head.edge.root)}


def _print(report, folder: Folder):
    for name, size in report.resumed_from.items():
        print(f"resumed {name} from {size}, as the server states")
    newest = {(one["log"], one["holder"], one["kind"]): one for one in report.receipts}
    for one in newest.values():
        when = time.strftime(" at %Y-%m-%dT%H:%M:%SZ", time.gmtime(one["time"])) if "time" in one else ""
        print(f"verified: {one['kind']} by {one['holder']}{when}: {one['log']}, {one['size']} lines")
    for one in report.refused:
        print(f"refused {one.get('refused')}: {one.get('log', 'a frame')}: {one.get('detail', '')}")
    for problem in report.problems:
        print(f"PROBLEM {problem}")
    for name, size, root in folder.ledger.rows(folder.myself.region):
        print(f"holds {name}: {size} lines, root {root}")
    print(
        f"{report.requests} requests, {report.bytes_sent} bytes up, {report.lines_received} lines down, "
        f"{len(report.receipts)} receipts verified, " + ("agreed" if report.agreed else "not agreed")
    )
