"""The folder of the small client: its keys, what it holds, and what it remembers of its parent.

One JSON file, replaced as a whole and synced: an example of what must survive, not of how to store a million lines.
"""

import json
import os
from pathlib import Path
from typing import Dict, List, Optional, Tuple

from .encoding import b64, unb64
from .invitation import Invitation
from .keys import NodeKeys
from .ledger import Head, Ledger, Log, Member
from .names import LogName
from .note import Checkpoint, origin_of, sign


class Folder:
    def __init__(self, path: Path):
        self.path = path
        self.node = self.epoch = ""
        self.seeds: Tuple[bytes, bytes] = (b"", b"")
        self.invitation: Optional[Invitation] = None
        self.myself: Optional[Member] = None
        self.anchors: List[Member] = []
        self.ledger = Ledger()
        self.receipts: Dict[Tuple[str, str, str], str] = {}  # (log, holder, kind) to note
        self.shares: Dict[Tuple[str, str, str], dict] = {}  # (key, to, region) to record
        self.challenge = self.mark = ""
        self.agreed: Dict[str, int] = {}  # sizes of logs at the last agreement
        self.unanswered = False
        self.clock = (0, 0)

    # Making and enrolling

    @classmethod
    def create(cls, path: Path, node: str, invitation: Invitation) -> "Folder":
        """A new node with keys of its own, saved before anyone hears of them."""
        folder = cls(path)
        folder.node, folder.epoch = node, os.urandom(8).hex()
        folder.seeds = (os.urandom(32), os.urandom(32))
        folder.invitation = invitation
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.save()
        return folder

    @property
    def keys(self) -> NodeKeys:
        return NodeKeys.from_seeds(*self.seeds)

    def enrolled(self, myself: Member, anchors: List[Member]):
        self.myself, self.anchors = myself, anchors
        self.ledger = Ledger([*anchors, myself])
        self.save()

    # Writing

    def own_log(self, lane: str = "main") -> LogName:
        return LogName(self.node, self.myself.region, lane, self.epoch)

    def append(self, name: LogName, lines: List[bytes]):
        """Lines of this node's own, under a checkpoint over all of them, durable when this returns."""
        head = self.ledger.log(name).main
        head.append(lines)
        text = Checkpoint(name, head.size, head.edge.root).text
        keys = self.keys
        head.cover(str(sign(text, origin_of(name), keys.sign, keys.sign_public)), head.size, [])
        self.save()

    def next_clock(self, milliseconds: int) -> str:
        """The next reading of the hybrid clock (01-event-line.md)."""
        last, counter = self.clock
        if milliseconds > last:
            self.clock = (milliseconds, 0)
        else:
            self.clock = (last, counter + 1) if counter < 0xFFFF else (last + 1, 0)
        return f"{self.clock[0]:012x}.{self.clock[1]:04x}"

    # Keeping

    @property
    def _file(self) -> Path:
        return self.path / "node.json"

    def save(self):
        text = json.dumps(self._json(), indent=1)
        fresh = self._file.with_suffix(".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, self._file)
        directory = os.open(self.path, os.O_RDONLY)
        os.fsync(directory)
        os.close(directory)

    def _json(self) -> dict:
        return {
            "node": self.node, "epoch": self.epoch, "seeds": [b64(seed) for seed in self.seeds],
            "invitation": str(self.invitation), "myself": self.myself and self.myself.json,
            "anchors": [member.json for member in self.anchors],
            "members": [member.json for member in self.ledger.members.values()],
            "logs": {str(name): [_head_json(head) for head in log.heads] for name, log in self.ledger.logs.items()},
            "receipts": [[*key, note] for key, note in self.receipts.items()],
            "shares": list(self.shares.values()), "challenge": self.challenge, "mark": self.mark,
            "agreed": self.agreed, "unanswered": self.unanswered, "clock": list(self.clock),
        }  # fmt: skip

    @classmethod
    def open(cls, path: Path) -> Optional["Folder"]:
        """The folder as it was saved; None if there is none."""
        folder = cls(path)
        if not folder._file.exists():
            return None
        value = json.loads(folder._file.read_text(encoding="utf-8"))
        folder.node, folder.epoch = value["node"], value["epoch"]
        folder.seeds = tuple(unb64(seed, "seed", 32) for seed in value["seeds"])
        folder.invitation = Invitation.parse(value["invitation"])
        folder.myself = value["myself"] and Member.parse(value["myself"])
        folder.anchors = [Member.parse(one) for one in value["anchors"]]
        folder.ledger = Ledger(Member.parse(one) for one in value["members"])
        for text, heads in value["logs"].items():
            name = LogName.parse(text)
            log = folder.ledger.logs[name] = Log(name)
            log.heads = [_parse_head(head) for head in heads]
        folder.receipts = {tuple(row[:3]): row[3] for row in value["receipts"]}
        folder.shares = {(share["key"], share["to"], share["region"]): share for share in value["shares"]}
        folder.challenge, folder.mark = value["challenge"], value["mark"]
        folder.agreed, folder.unanswered = value["agreed"], value["unanswered"]
        folder.clock = tuple(value["clock"])
        return folder


def _head_json(head: Head) -> dict:
    return {
        "note": head.note, "covers": head.covers, "proof": [b64(one) for one in head.proof],
        "lines": [b64(line) for line in head.lines],
    }  # fmt: skip


def _parse_head(value: dict) -> Head:
    head = Head(unb64(line, "line") for line in value["lines"])
    head.cover(value["note"], value["covers"], [unb64(one, "proof", 32) for one in value["proof"]])
    return head
