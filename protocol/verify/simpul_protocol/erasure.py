"""Orders of erasure (06-personal-data.md): which keys must not exist any more."""

from dataclasses import dataclass
from typing import List, Optional

from . import eventline, names
from .errors import ProtocolError

TYPE = "privacy.erasure_ordered"


@dataclass(frozen=True)
class Order:
    holder: str
    through: Optional[int]  # None: every number there is

    def covers(self, key_name: str) -> bool:
        holder, number = key_name.split("/")
        return holder == self.holder and (self.through is None or int(number) <= self.through)


def orders(line: bytes, role: str, region: str) -> List[Order]:
    """What a line by a node of this role and region orders. A village orders nothing; nor does a hub outside of its
    region, nor a line not understood."""
    if role == "village" or TYPE.encode() not in line:
        return []
    try:
        event = eventline.parse(line)
    except ProtocolError:
        return []
    data = event["data"]
    audience = names.LogName.parse(event["source"]).audience
    if audience == "local" or not names.is_at_or_below(audience, region):
        return []
    if event["type"] != TYPE or data.get("person_id") != event["subject"]:
        return []
    return [Order(event["subject"], None), *_others(data.get("also"))]


def _others(also) -> List[Order]:
    found = []
    for other in also if isinstance(also, list) else []:
        try:
            name = names.check_person_key(f"{other['holder']}/{other['through']}")
        except (ProtocolError, TypeError, KeyError):
            continue
        holder, number = name.split("/")
        found.append(Order(holder, int(number)))
    return found
