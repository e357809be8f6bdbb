"""Lines ahead of their logs (04-session.md, "Early lines")."""

from typing import List, Tuple

from . import eventline, limits, merkle, names
from .errors import ProtocolError


def check_line(record: dict) -> Tuple[names.LineReference, bytes]:
    """The place and the line of an `early` record; proves nothing about who wrote it."""
    try:
        reference = names.LineReference.parse(record["early"])
        line = record["line"].encode("utf-8")
    except (ProtocolError, KeyError, AttributeError, UnicodeEncodeError):
        raise ProtocolError("malformed", "an early line names its place and carries its text") from None
    if len(line) > limits.LINE_BYTES:
        raise ProtocolError("too-large", f"an early line of {len(line)} bytes")
    if merkle.leaf_hash(line).hex() != reference.leaf:
        raise ProtocolError("malformed", "an early line is not the one that it is said to be")
    try:
        eventline.check_place(eventline.parse(line), reference.log, reference.sequence)
    except ProtocolError as error:
        raise ProtocolError("malformed", f"an early line: {error.detail}") from None
    return reference, line


def parse_ranges(text: str) -> List[Tuple[int, int]]:
    """First and last of each range in `0-5,9`."""
    parts = text.split(",")
    if len(parts) > limits.EARLY_RANGES:
        raise ProtocolError("too-large", f"{len(parts)} ranges")
    ranges: List[Tuple[int, int]] = []
    for part in parts:
        try:
            ends = [names.parse_count(end) for end in part.split("-")]
        except ProtocolError:
            raise ProtocolError("malformed", f"{part!r} is no range") from None
        first, last = ends[0], ends[-1]
        is_range = len(ends) == 1 or (len(ends) == 2 and first < last)
        if not is_range or last >= limits.LOG_LINES or (ranges and first <= ranges[-1][1] + 1):
            raise ProtocolError("malformed", f"{part!r} is no range behind those before it")
        ranges.append((first, last))
    return ranges


def check_ask(ask: dict) -> int:
    """The member `early` of a hello: how many lines it says to have."""
    if not isinstance(ask, dict) or not isinstance(ask.get("have"), list) or isinstance(ask.get("max"), bool):
        raise ProtocolError("malformed", "early names max and have")
    if not isinstance(ask.get("max"), int) or ask["max"] < 0:
        raise ProtocolError("malformed", "early names max and have")
    if len(ask["have"]) > limits.EARLY_LOGS:
        raise ProtocolError("too-large", f"early lines of {len(ask['have'])} logs")
    logs, count = set(), 0
    for row in ask["have"]:
        if not isinstance(row, list) or len(row) != 2 or not all(isinstance(part, str) for part in row):
            raise ProtocolError("malformed", "what is had early is [log, ranges]")
        try:
            log = names.LogName.parse(row[0])
        except ProtocolError as error:
            raise ProtocolError("malformed", error.detail) from None
        if log in logs:
            raise ProtocolError("malformed", f"early names {log} twice")
        logs.add(log)
        count += sum(last - first + 1 for first, last in parse_ranges(row[1]))
    return count
