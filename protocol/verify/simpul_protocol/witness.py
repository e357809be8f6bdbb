"""Two witness files side by side: has everybody been shown one history of each log? (10-proofs.md)"""

from dataclasses import dataclass, field
from typing import Dict, List, Set, Tuple

from . import names, proofs
from .encoding import b64, unb64
from .errors import ProtocolError
from .merkle import verify_consistency
from .names import LogName
from .proofs import Head, Keys

# A size and the root at it: one state of a log.
State = Tuple[int, bytes]


@dataclass(frozen=True)
class Link:
    """A verified proof that the first state is the beginning of the second."""

    first: State
    second: State


@dataclass
class Witnessed:
    """What one file says of one log."""

    heads: List[Head] = field(default_factory=list)
    links: List[Link] = field(default_factory=list)


@dataclass
class WitnessFile:
    node: str
    logs: Dict[LogName, Witnessed]
    # What in it does not verify; the rest is judged all the same.
    failures: List[ProtocolError]


@dataclass(frozen=True)
class Finding:
    """`code` is two-histories, or no-consistency where nothing shows that two heads belong together."""

    code: str
    log: LogName
    detail: str

    def __str__(self) -> str:
        return f"{self.code}: {self.log}: {self.detail}"


def read(data: bytes, keys: Keys) -> WitnessFile:
    value = proofs._parse(data)
    proofs._members(value, ["witness", "version", "logs"])
    if not isinstance(value["witness"], str) or value["witness"].count("/") != 1:
        raise ProtocolError("malformed", "`witness` is NODE/EPOCH")
    node, epoch = value["witness"].split("/")
    names.check_node(node)
    names.check_epoch(epoch)
    file = WitnessFile(value["witness"], {}, [])
    for item in proofs._list(value["logs"], "logs", 65_536):
        proofs._members(item, ["log", "heads", "proofs"])
        log = LogName.parse(proofs._text(item["log"], "log"))
        if log in file.logs:
            raise ProtocolError("malformed", f"{log} is there twice")
        witnessed = file.logs[log] = Witnessed()
        for note in proofs._list(item["heads"], "heads", 4_096):
            try:
                witnessed.heads.append(proofs.open_head(note, log, keys))
            except ProtocolError as error:
                file.failures.append(ProtocolError(error.code, f"{log}: {error.detail}"))
        for proof in proofs._list(item["proofs"], "proofs", 4_096):
            try:
                witnessed.links.append(_link(proof, log))
            except ProtocolError as error:
                file.failures.append(ProtocolError(error.code, f"{log}: {error.detail}"))
    return file


def _link(value, log: LogName) -> Link:
    proofs._members(value, ["from", "to", "path"])
    first, second = _state(value["from"]), _state(value["to"])
    if not verify_consistency(first[0], second[0], first[1], second[1], proofs._hashes(value["path"])):
        raise ProtocolError("bad-proof", f"the path does not lead from {first[0]} lines to {second[0]}")
    return Link(first, second)


def _state(value) -> State:
    proofs._members(value, ["size", "root"])
    size = proofs._size(value["size"], "size")
    if size < 1:
        raise ProtocolError("malformed", "a size of a proof is at least 1")
    return size, unb64(value["root"], "root", 32)


def compare(files: List[WitnessFile]) -> List[Finding]:
    """What the files together show against any log in them."""
    findings = []
    logs = sorted({log for file in files for log in file.logs}, key=str)
    for log in logs:
        parts = [file.logs[log] for file in files if log in file.logs]
        findings += _judge(log, [head for part in parts for head in part.heads],
                           [link for part in parts for link in part.links])  # fmt: skip
    return findings


def _judge(log: LogName, heads: List[Head], links: List[Link]) -> List[Finding]:
    # Why each state is one that was vouched for: a signature on it, or on what it is the beginning of.
    vouched: Dict[State, str] = {}
    for head in sorted(heads, key=lambda head: head.cosigned):
        state = (head.checkpoint.size, head.checkpoint.root)
        vouched.setdefault(state, ("cosigned by " if head.cosigned else "signed by ") + head.signer)
    progressed = True
    while progressed:
        progressed = False
        for link in links:
            if link.second in vouched and link.first not in vouched:
                vouched[link.first] = f"the beginning of {link.second[0]} lines {vouched[link.second]}"
                progressed = True
    findings = []
    for size in sorted({size for size, _ in vouched}):
        states = sorted(state for state in vouched if state[0] == size)
        if len(states) > 1:
            told = "; ".join(f"root {b64(state[1])} is {vouched[state]}" for state in states)
            findings.append(Finding("two-histories", log, f"its first {size} lines are not the same: {told}"))
    return findings or _unlinked(log, vouched, links)


def _unlinked(log: LogName, vouched: Dict[State, str], links: List[Link]) -> List[Finding]:
    findings = []
    ordered = sorted(vouched)
    for first, second in zip(ordered, ordered[1:]):
        if not _grown_from(first, links) & _grown_from(second, links):
            findings.append(
                Finding(
                    "no-consistency", log,
                    f"nothing shows that the first {first[0]} lines, {vouched[first]}, begin the {second[0]} lines, "
                    f"{vouched[second]}: whoever holds the larger owes a proof",
                )
            )  # fmt: skip
    return findings


def _grown_from(state: State, links: List[Link]) -> Set[State]:
    """What a state is shown to be the beginning of, itself included. Two beginnings of one state are one history; two
    states with one beginning need not be."""
    found, waiting = {state}, [state]
    while waiting:
        here = waiting.pop()
        for link in links:
            if link.first == here and link.second not in found:
                found.add(link.second)
                waiting.append(link.second)
    return found
