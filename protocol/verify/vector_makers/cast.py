"""The nodes of the vectors, with keys from seeds, and the lines they write."""

from hashlib import sha256
from typing import List

from simpul_protocol import eventline, note
from simpul_protocol.keys import NodeKeys
from simpul_protocol.merkle import consistency_proof, leaf_hash, root_of
from simpul_protocol.names import LogName
from simpul_protocol.note import Checkpoint, origin_of


def seed(label: str) -> bytes:
    return sha256(f"simpul test vector: {label}".encode()).digest()


class Actor:
    def __init__(self, node: str, region: str, role: str):
        self.node, self.region, self.role = node, region, role
        self.epoch = seed(f"epoch {node}").hex()[:16]
        self.keys = NodeKeys.from_seeds(seed(f"sign {node}"), seed(f"wrap {node}"))

    @property
    def place(self) -> str:
        """What a share is wrapped for."""
        return f"{self.node}/{self.epoch}"

    def log(self, audience: str = None, lane: str = "main") -> LogName:
        return LogName(self.node, audience or self.region, lane, self.epoch)

    def sign_checkpoint(self, log: LogName, lines: List[bytes], size: int = None) -> str:
        size = len(lines) if size is None else size
        checkpoint = Checkpoint(log, size, root_of([leaf_hash(line) for line in lines[:size]]))
        return str(note.sign(checkpoint.text, origin_of(log), self.keys.sign, self.keys.sign_public))


CENTRE = Actor("pusat", "id", "centre")
HUB = Actor("hub-serang", "36.04", "hub")
LONTAR_A = Actor("lontar-a", "36.04.13.2007", "village")
LONTAR_B = Actor("lontar-b", "36.04.13.2007", "village")

PERSON = "7ad3069f-aa51-4690-9c15-861fcc8ca0b6"
CASE = "0b0c5d52-7ac1-4f0e-8f5f-2f2a3a0a9f11"


def event(log: LogName, sequence: int, **changes) -> dict:
    """A visit, recorded on the day after it was made."""
    attributes = {
        "specversion": "1.0",
        "type": "visit.recorded",
        "source": str(log),
        "id": str(sequence),
        "subject": PERSON,
        "time": "2026-08-14T09:12:33+07:00",
        "dataschema": "simpul:visit.recorded/1",
        "hlc": "0198a6b2c3d4.0000",
        "occurredat": "2026-08-13",
        "actor": "a-976e3d16",
        "role": "community_organizer",
        "region": "36.04.13.2007",
        "regionedition": "2025-2430",
        "data": {"purpose": "checkup", "number": sequence},
    }
    attributes.update(changes)
    return {name: value for name, value in attributes.items() if value is not None}


def lines(log: LogName, count: int, start: int = 0, **changes) -> List[bytes]:
    return [eventline.encode(event(log, sequence, **changes)) for sequence in range(start, start + count)]


def proof(first: int, lines: List[bytes]) -> List[bytes]:
    return consistency_proof(first, [leaf_hash(line) for line in lines])


def file(description: str, cases: List[dict], **shared) -> dict:
    found = [case["name"] for case in cases]
    assert len(set(found)) == len(found), "case names are unique"
    return {"description": description, **shared, "cases": cases}


def good(name: str, **fields) -> dict:
    return {"name": name, "valid": True, **fields}


def bad(name: str, error: str, **fields) -> dict:
    return {"name": name, "valid": False, "error": error, **fields}
