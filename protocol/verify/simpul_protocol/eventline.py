"""The event line: writing one, and reading its meaning (01-event-line.md).

A log keeps any bytes that its author signed. This module decides whether they can be *understood*; a line that
cannot is parked, never dropped.
"""

import datetime
import re

from . import limits, names, strictjson
from .errors import ProtocolError

ORDER = (
    "specversion", "type", "source", "id", "subject", "time", "dataschema", "hlc", "occurredat", "actor", "role",
    "region", "regionedition", "correlationid", "causationid", "dedupekey", "data",
)  # fmt: skip
OPTIONAL = ("correlationid", "causationid", "dedupekey")

_TYPE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
_SCHEMA = re.compile(r"simpul:([a-z0-9_.]+)/([1-9][0-9]{0,5})")
_HLC = re.compile(r"[0-9a-f]{12}\.[0-9a-f]{4}")
_DATE_TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d{1,9})?(Z|[+-](\d\d):(\d\d))", re.ASCII
)
_TRUNCATED = re.compile(r"(\d{4})(-(\d\d)(-(\d\d))?)?", re.ASCII)


def parse(line: bytes) -> dict:
    """The event in a line. Raises with the reason for which it would be parked."""
    if len(line) > limits.LINE_BYTES:
        raise ProtocolError("too-large", f"a line of {len(line)} bytes")
    if b"\n" in line:
        raise ProtocolError("malformed-json", f"offset {line.index(10)}: a newline inside a line")
    event = strictjson.parse(line)
    if not isinstance(event, dict):
        raise ProtocolError("bad-attribute", "a line is an object")
    for name in ORDER:
        if name in event:
            _check(name, event[name])
        elif name not in OPTIONAL:
            raise ProtocolError("missing-attribute", f"no {name}")
    if _SCHEMA.fullmatch(event["dataschema"]).group(1) != event["type"]:
        raise ProtocolError("bad-attribute", "dataschema is of another type")
    return event


def check_place(event: dict, log: names.LogName, sequence: int):
    """A line says where it stands; one found elsewhere is not understood there."""
    if event["source"] != str(log) or event["id"] != str(sequence):
        raise ProtocolError("misplaced", f"{event['source']}#{event['id']} found at {log}#{sequence}")


def encode(event: dict) -> bytes:
    """The compact line, its members in the written order, unknown ones last before `data`."""
    known = [name for name in ORDER[:-1] if name in event]
    unknown = [name for name in event if name not in ORDER]
    line = strictjson.encode({name: event[name] for name in [*known, *unknown, "data"]})
    parse(line)
    return line


def _check(name: str, value):
    if name == "data":
        good = isinstance(value, dict)
    else:
        good = isinstance(value, str) and 0 < len(value.encode()) <= limits.ATTRIBUTE_BYTES
        good = good and not any(ord(character) < 0x20 or ord(character) == 0x7F for character in value)
        good = good and _FORMS.get(name, lambda _: True)(value)
    if not good:
        raise ProtocolError("bad-attribute", f"{name}: {value!r:.80}")


def _is(check) -> callable:
    def holds(value: str) -> bool:
        try:
            check(value)
            return True
        except ProtocolError:
            return False

    return holds


def is_date_time(value: str) -> bool:
    """RFC 3339 with an offset, capital T and Z, no leap second."""
    match = _DATE_TIME.fullmatch(value)
    if not match:
        return False
    year, month, day, hour, minute, second = map(int, match.group(1, 2, 3, 4, 5, 6))
    offset_hour, offset_minute = int(match.group(9) or 0), int(match.group(10) or 0)
    return _is_date(year, month, day) and hour < 24 and minute < 60 and second < 60 \
        and offset_hour < 24 and offset_minute < 60  # fmt: skip


def _is_occurred_at(value: str) -> bool:
    match = _TRUNCATED.fullmatch(value)
    if match:
        return _is_date(int(match.group(1)), int(match.group(3) or 1), int(match.group(5) or 1))
    return is_date_time(value)


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        datetime.date(year, month, day)
        return True
    except ValueError:
        return False


_FORMS = {
    "specversion": lambda value: value == "1.0",
    "type": _TYPE.fullmatch,
    "source": _is(names.LogName.parse),
    "id": _is(names.parse_count),
    "time": is_date_time,
    "dataschema": _SCHEMA.fullmatch,
    "hlc": _HLC.fullmatch,
    "occurredat": _is_occurred_at,
    "region": _is(names.check_region),
}
