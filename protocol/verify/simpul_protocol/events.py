"""Lines for the small client to write."""

import datetime
import time
import uuid
from decimal import Decimal
from typing import Iterable, List

from . import eventline
from .folder import Folder


def compose(folder: Folder, wanted: Iterable[dict]) -> List[bytes]:
    """Event lines at the end of the node's own log. Each wanted event gives a type, `data`, and any attribute that is
    not to have its default."""
    log = folder.own_log()
    sequence = folder.ledger.log(log).main.size
    lines = []
    for offset, attributes in enumerate(wanted):
        event = {
            "specversion": "1.0",
            "source": str(log),
            "id": str(sequence + offset),
            "subject": str(uuid.uuid4()),
            "time": _now(),
            "dataschema": f"simpul:{attributes['type']}/1",
            "hlc": folder.next_clock(int(time.time() * 1000)),
            "occurredat": _now()[:10],
            "actor": "simpul-verify",
            "role": "verifier",
            "region": folder.myself.region,
            "regionedition": folder.myself.regionedition or "unknown",
            **attributes,
        }
        lines.append(eventline.encode(event))
    return lines


def numbered(count: int) -> Iterable[dict]:
    """Events of a type that no catalogue knows: they are held, relayed and parked, never lost."""
    for number in range(count):
        yield {"type": "protocol.checked", "data": {"number": number, "share": Decimal("0.5"), "text": "periksa \u2713"}}


def _now() -> str:
    return datetime.datetime.now(datetime.timezone.utc).astimezone().isoformat(timespec="seconds")
