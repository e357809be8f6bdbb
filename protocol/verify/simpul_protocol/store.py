"""Verifies the logs in a node's folder, from its SQLite file, with nothing of the node's own code.

The tables are no part of the protocol. What is read: `log` (id, name, size, root, note, noteSize, proof; of a branch
also main: the log's name, fork, and base: the row that has the lines before the fork), `line` (id: log id in the bits
above 40, sequence below; bytes), `checkpoint` (log, size, root, note), `receipt` (log, holder, kind,
note) and, for the keys that the node trusts from outside, `enrolment` where reference is `invitation`.
"""

import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, Iterator, List, Tuple

from . import receipts
from .encoding import b64
from .errors import ProtocolError
from .ledger import Ledger, Member
from .merkle import Edge, leaf_hash, verify_consistency
from .names import LogName
from .note import open_checkpoint

_SEQUENCE_BITS = 40


@dataclass
class StoreReport:
    logs: int = 0
    lines: int = 0
    checkpoints: int = 0
    receipts: int = 0
    failures: List[str] = field(default_factory=list)
    members: int = 0


def verify_store(folder: Path) -> StoreReport:
    path = folder if folder.is_file() else folder / "log.db"
    if not path.exists():
        raise ProtocolError("no-store", f"{path} does not exist")
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        database.execute("BEGIN")  # one snapshot, also of a node that is running
        return _Store(database).verify()
    except sqlite3.DatabaseError as error:
        raise ProtocolError("no-store", f"{path}: {error}") from None
    finally:
        database.close()


class _Store:
    def __init__(self, database: sqlite3.Connection):
        self.database = database
        self.report = StoreReport()
        rows = database.execute(
            "SELECT node, epoch, region, role, sign, wrap FROM enrolment WHERE reference = 'invitation'"
        )
        self.ledger = Ledger(Member(*row[:4], bytes(row[4]), bytes(row[5])) for row in rows)
        self.names: Dict[int, LogName] = {}
        # Of branches: where it parts, and from which row.
        self.forks: Dict[int, Tuple[int, int]] = {}

    def verify(self) -> StoreReport:
        logs = self.database.execute("SELECT id, name, size, root, note, noteSize, proof FROM log").fetchall()
        branches = self.database.execute("SELECT id, main, fork, base FROM log WHERE main IS NOT NULL").fetchall()
        self.forks = {row[0]: (row[2], row[3]) for row in branches}
        mains = {row[0]: row[1] for row in branches}
        self.names = {row[0]: LogName.parse(mains.get(row[0], row[1])) for row in logs}
        # Logs of wider regions first: they enrol the authors of the others. Until nothing new is learnt.
        waiting = sorted(logs, key=lambda row: (len(self.names[row[0]].audience), row[1]))
        while waiting:
            ready = [row for row in waiting if self._author(row[0])]
            waiting = [row for row in waiting if row not in ready]
            if not ready:
                break
            for row in ready:
                self._attempt(row[1], self._verify_log, row)
        for row in waiting:
            self.report.failures.append(f"{row[1]}: unknown-author: no enrolment leads to its author")
        for row in self.database.execute("SELECT log, holder, kind, note FROM receipt").fetchall():
            self._attempt(f"receipt of {row[1]} for {self.names[row[0]]}", self._verify_receipt, row)
        self.report.members = len(self.ledger.members)
        return self.report

    def _attempt(self, where: str, check, row):
        try:
            check(row)
        except ProtocolError as error:
            self.report.failures.append(f"{where}: {error}")

    def _author(self, log: int):
        return self.ledger.member(self.names[log].node, self.names[log].epoch)

    def _verify_log(self, row):
        log, name, size, root, note, covers, proof = row
        author, place = self._author(log), self.names[log]
        marks = {
            size: (bytes(root), text)
            for size, root, text in self.database.execute(
                "SELECT size, root, note FROM checkpoint WHERE log = ?", [log]
            )
        }
        edge = Edge()
        for sequence, line in self._lines(log):
            if sequence != edge.size:
                raise ProtocolError("gap", f"line {edge.size} is missing")
            edge.append(leaf_hash(line))
            self.ledger.learn(author, line)
            if edge.size in marks:
                self._verify_checkpoint(place, author, edge, *marks.pop(edge.size))
        if edge.size != size or edge.root != bytes(root):
            raise ProtocolError("root-mismatch", f"{edge.size} lines do not give the stored size {size} and root")
        if marks:
            raise ProtocolError("gap", f"checkpoints beyond the last line: {sorted(marks)}")
        if size:
            checkpoint = open_checkpoint(note, place, author.sign)
            path = [bytes(proof[at : at + 32]) for at in range(0, len(proof), 32)]
            if checkpoint.size != covers or not verify_consistency(
                size, covers, edge.root, checkpoint.root, path
            ):
                raise ProtocolError("root-mismatch", f"the newest checkpoint, of {checkpoint.size}, does not fit")
        self.report.logs += 1
        self.report.lines += size - self.forks.get(log, (0,))[0]

    def _lines(self, log: int) -> Iterator[Tuple[int, bytes]]:
        """All lines of a line of descent, from the log's first: those before a fork stand under other rows."""
        parts, end, seen = [], 1 << _SEQUENCE_BITS, set()
        row = log
        while end > 0:
            if row is None or row in seen:
                raise ProtocolError("gap", f"the row that holds the lines before {end} is missing")
            seen.add(row)
            fork, base = self.forks.get(row, (0, None))
            if fork < end:
                parts.append((row, fork, end))
                end = fork
            row = base
        for row, start, end in reversed(parts):
            found = self.database.execute(
                "SELECT id, CAST(bytes AS BLOB) FROM line WHERE id >= ? AND id < ? ORDER BY id",
                [row << _SEQUENCE_BITS | start, (row << _SEQUENCE_BITS) + end],
            )
            for identity, line in found:
                yield identity - (row << _SEQUENCE_BITS), line

    def _verify_checkpoint(self, place: LogName, author: Member, edge: Edge, root: bytes, note: str):
        checkpoint = open_checkpoint(note, place, author.sign)
        if root != edge.root or (checkpoint.size, checkpoint.root) != (edge.size, edge.root):
            raise ProtocolError("root-mismatch", f"the checkpoint at {edge.size} is not of root {b64(edge.root)}")
        self.report.checkpoints += 1

    def _verify_receipt(self, row):
        log, holder, kind, note = row
        opened = receipts.open_counted if kind == "counted" else receipts.open_held
        failure = ProtocolError("unknown-author", f"no enrolment of {holder} is known")
        for member in [one for one in self.ledger.members.values() if one.node == holder]:
            try:
                opened(note, self.names[log], receipts.holder_name(holder, member.epoch), member.sign)
                self.report.receipts += 1
                return
            except ProtocolError as error:
                failure = error
        raise failure
