"""Verifies captured bodies: every line under its checkpoint, every receipt under its holder's key."""

import json
from pathlib import Path
from typing import Iterable, List

from . import bundle, eventline, frames, names, receipts
from .errors import ProtocolError
from .frames import LinesFrame
from .ledger import Ledger, Member
from .names import LogName


def read_members(path: Path) -> List[Member]:
    """All members in a JSON file, at whatever depth: a key file, an invitation's content, an answer to enrolling."""
    found: List[Member] = []

    def walk(value):
        if isinstance(value, dict):
            if {"node", "epoch", "sign", "wrap", "role", "region"} <= set(value):
                found.append(Member.parse(value))
            for item in value.values():
                walk(item)
        elif isinstance(value, list):
            for item in value:
                walk(item)

    walk(json.loads(path.read_text(encoding="utf-8")))
    return found


class Capture:
    """Frames in any order of arrival: what waits for a key or for earlier lines is tried again."""

    def __init__(self, members: Iterable[Member]):
        self.ledger = Ledger(members)
        self.self_enrolled: List[Member] = []
        self.failures: List[str] = []
        self.verified_receipts = 0
        self._waiting: List[LinesFrame] = []
        self._receipts: List[dict] = []
        self._bundles: List[bundle.Bundle] = []
        self.sealed: List[str] = []

    def read(self, body: bytes):
        if bundle.is_bundle(body):
            sealed = bundle.read(body)
            self._bundles.append(sealed)
            self._take(sealed.frames)
        else:
            self._take(frames.parse(content) for content in frames.contents(body))

    def _take(self, read: Iterable[frames.Frame]):
        for frame in read:
            if isinstance(frame, LinesFrame):
                self._waiting.append(frame)
            else:
                self._receipts += [record for record in frame.records if "receipt" in record]

    def verify(self):
        if not self.ledger.members:
            self._trust_self_enrolled()
        reasons = {}
        progressed = True
        while progressed:
            progressed, waiting, self._waiting = False, self._waiting, []
            for frame in waiting:
                try:
                    self.ledger.apply(frame)
                    progressed = True
                except ProtocolError as error:
                    reasons[id(frame)] = error
                    self._waiting.append(frame)
        for frame in self._waiting:
            self.failures.append(f"{frame.log} lines {frame.start}-{frame.end - 1}: {reasons[id(frame)]}")
        for record in self._receipts:
            self._verify_receipt(record)
        for sealed in self._bundles:
            self._verify_seal(sealed)

    def _verify_seal(self, sealed: bundle.Bundle):
        maker = self.ledger.members.get((sealed.node, sealed.epoch))
        try:
            if maker is None:
                raise ProtocolError("unknown-maker", f"no enrolment of {sealed.node}/{sealed.epoch} is known")
            sealed.verify(maker.sign)
            self.sealed.append(f"{sealed.node}/{sealed.epoch}")
        except ProtocolError as error:
            self.failures.append(f"bundle for {sealed.recipient}: {error}")

    def _trust_self_enrolled(self):
        """Without keys from outside, a root is whoever enrols itself in its first line. Worth what its key's
        fingerprint is worth: the reader compares it."""
        for frame in self._waiting:
            for line in frame.lines:
                try:
                    event = eventline.parse(line)
                    if event["type"] != "node.enrolled":
                        continue
                    member = Member.parse(event["data"])
                except ProtocolError:
                    continue
                if (member.node, member.epoch) == (frame.log.node, frame.log.epoch) and member.is_server:
                    self.ledger.members.setdefault((member.node, member.epoch), member)
                    self.self_enrolled.append(member)

    def _verify_receipt(self, record: dict):
        problem = f"no enrolment of {record.get('holder')} is known"
        for member in [one for one in self.ledger.members.values() if one.node == record.get("holder")]:
            name = receipts.holder_name(member.node, member.epoch)
            opened = receipts.open_counted if record["receipt"] == "counted" else receipts.open_held
            try:
                opened(record["note"], LogName.parse(record["log"]), name, member.sign)
                self.verified_receipts += 1
                return
            except ProtocolError as error:
                problem = str(error)
        self.failures.append(f"receipt of {record.get('holder')} for {record.get('log')}: {problem}")

    def parked(self) -> List[str]:
        """Lines that verify and are not understood."""
        found = []
        for name, log in self.ledger.logs.items():
            for head in log.heads:
                for sequence, line in enumerate(head.lines):
                    problem = why_parked(line, name, sequence)
                    if problem:
                        found.append(f"{name}#{sequence}: {problem}")
        return found


def why_parked(line: bytes, log: names.LogName, sequence: int) -> str:
    try:
        eventline.check_place(eventline.parse(line), log, sequence)
        return ""
    except ProtocolError as error:
        return str(error)
