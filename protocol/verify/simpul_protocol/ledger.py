"""The logs that a verifier holds, with their branches, and the keys it knows (02-log.md, 03-frames.md)."""

from dataclasses import dataclass
from typing import Dict, Iterable, List, Optional, Tuple

from . import erasure, eventline, names
from .encoding import b64, unb64
from .errors import ProtocolError
from .frames import LinesFrame
from .merkle import Edge, edge_of, leaf_hash, verify_consistency
from .names import LogName
from .note import open_checkpoint


class Head:
    """One line of descent of a log: all its lines from sequence 0, and the newest checkpoint over them."""

    def __init__(self, lines: Iterable[bytes] = ()):
        self.lines: List[bytes] = list(lines)
        self.leaves: List[bytes] = [leaf_hash(line) for line in self.lines]
        self.edge: Edge = edge_of(self.leaves)
        # The checkpoint that stands over the lines, the size it covers, and the proof from here to there.
        self.note, self.covers, self.proof = "", 0, []

    @property
    def size(self) -> int:
        return self.edge.size

    def cover(self, note: str, covers: int, proof: List[bytes]):
        self.note, self.covers, self.proof = note, covers, list(proof)

    def edge_at(self, size: int) -> Edge:
        return self.edge.copy() if size == self.size else edge_of(self.leaves[:size])

    def first_difference(self, frame: LinesFrame) -> int:
        """The sequence at which the frame leaves this head; the end of the shorter one if it does not."""
        for sequence in range(frame.start, min(frame.end, self.size)):
            if self.lines[sequence] != frame.lines[sequence - frame.start]:
                return sequence
        return min(frame.end, self.size)

    def append(self, lines: Iterable[bytes]):
        """Takes lines after the last one; the caller sees to it that a checkpoint will stand over them."""
        for line in lines:
            self.lines.append(line)
            self.leaves.append(leaf_hash(line))
            self.edge.append(self.leaves[-1])


class Log:
    """A log as held here: its heads, the first one held being the main one."""

    def __init__(self, name: LogName, lines: Iterable[bytes] = ()):
        self.name = name
        self.heads = [Head(lines)]

    @property
    def main(self) -> Head:
        return self.heads[0]

    @property
    def rows(self) -> List[Tuple[str, int, str]]:
        return [(str(self.name), head.size, b64(head.edge.root)) for head in self.heads if head.size]

    def apply(self, frame: LinesFrame, public_key: bytes) -> str:
        """Takes a whole frame or nothing. Answers `appended`, `held` (already) or `branched`.

        Raises what a `refused` record would say.
        """
        checkpoint = open_checkpoint(frame.note, frame.log, public_key)
        if checkpoint.size < frame.end:
            raise ProtocolError("bad-checkpoint", f"a checkpoint of {checkpoint.size} under {frame.end} lines")
        heads = [head for head in self._candidates(frame) if head.size >= frame.start]
        if not heads:
            raise ProtocolError("gap", f"{self.main.size} lines are held, the frame starts at {frame.start}")
        for head in heads:
            fork = head.first_difference(frame)
            after = head.edge_at(fork)
            for line in frame.lines[fork - frame.start :]:
                after.append(leaf_hash(line))
            if verify_consistency(frame.end, checkpoint.size, after.root, checkpoint.root, frame.proof):
                return self._take(frame, head, fork, checkpoint.size)
        raise ProtocolError("root-mismatch", "the lines do not give the root that their author signed")

    def _candidates(self, frame: LinesFrame) -> List[Head]:
        """The heads that a frame may continue: those of its branch, when it names one held here."""
        branch = frame.branch
        if branch is None:
            return self.heads
        if branch.fork > frame.start:
            raise ProtocolError("malformed", "a branch frame starts at its fork or after it")
        if branch.fork == frame.start and leaf_hash(frame.lines[0]) != branch.leaf:
            raise ProtocolError("malformed", "the first line is not the one that names the branch")
        known = [h for h in self.heads if h.size > branch.fork and h.leaves[branch.fork] == branch.leaf]
        if known or branch.fork == frame.start:
            return known or self.heads
        return []

    def _take(self, frame: LinesFrame, head: Head, fork: int, covers: int) -> str:
        if fork == frame.end:
            outcome = "held"
        elif fork == head.size:
            head.append(frame.lines[fork - frame.start :])
            outcome = "appended"
        else:
            head = Head([*head.lines[:fork], *frame.lines[fork - frame.start :]])
            self.heads.append(head)
            outcome = "branched"
        if covers >= head.covers and frame.end == head.size:
            head.cover(frame.note, covers, frame.proof)
        return outcome


@dataclass(frozen=True)
class Member:
    """A node in one of its epochs, as an enrolment line (or an answer to enrolling) states it."""

    node: str
    epoch: str
    region: str
    role: str
    sign: bytes
    wrap: bytes
    regionedition: str = ""

    @classmethod
    def parse(cls, value) -> "Member":
        if not isinstance(value, dict) or value.get("role") not in ("village", "hub", "centre"):
            raise ProtocolError("malformed", "a member has node, epoch, region, role, sign and wrap")
        return cls(
            names.check_node(value.get("node")),
            names.check_epoch(value.get("epoch")),
            names.check_region(value.get("region")),
            value["role"],
            unb64(value.get("sign"), "sign", 32),
            unb64(value.get("wrap"), "wrap", 32),
            str(value.get("regionedition", "")),
        )

    @property
    def json(self) -> dict:
        return {
            "node": self.node, "epoch": self.epoch, "region": self.region, "regionedition": self.regionedition,
            "role": self.role, "sign": b64(self.sign), "wrap": b64(self.wrap),
        }  # fmt: skip

    @property
    def is_server(self) -> bool:
        return self.role != "village"


class Ledger:
    """Logs and members. A member comes from outside (an anchor) or from an enrolment line by a server above it."""

    def __init__(self, anchors: Iterable[Member] = ()):
        self.members: Dict[Tuple[str, str], Member] = {(one.node, one.epoch): one for one in anchors}
        self.logs: Dict[LogName, Log] = {}
        self.erasures: List[erasure.Order] = []

    def member(self, node: str, epoch: str) -> Optional[Member]:
        return self.members.get((node, epoch))

    def apply(self, frame: LinesFrame) -> str:
        author = self.member(frame.log.node, frame.log.epoch)
        if author is None:
            raise ProtocolError("unknown-author", f"no enrolment is known for {frame.log.node}/{frame.log.epoch}")
        if not names.may_author(frame.log.audience, author.region):
            raise ProtocolError("out-of-scope", f"{author.node} of {author.region} may not write {frame.log}")
        outcome = self.log(frame.log).apply(frame, author.sign)
        for line in frame.lines:
            self.learn(author, line)
        return outcome

    def learn(self, author: Member, line: bytes):
        """Takes a member from an enrolment line, and orders of erasure. Other lines, and ones not understood, teach
        nothing."""
        self.erasures += [one for one in erasure.orders(line, author.role, author.region) if one not in self.erasures]
        if not author.is_server or b'"node.enrolled"' not in line:
            return
        try:
            event = eventline.parse(line)
            member = Member.parse(event["data"])
        except ProtocolError:
            return
        if event["type"] == "node.enrolled" and names.is_at_or_below(member.region, author.region):
            self.members.setdefault((member.node, member.epoch), member)

    def log(self, name: LogName) -> Log:
        return self.logs.setdefault(name, Log(name))

    def rows(self, region: str = "id") -> List[Tuple[str, int, str]]:
        return sorted(
            row for name, log in self.logs.items() if names.in_scope(name.audience, region) for row in log.rows
        )
