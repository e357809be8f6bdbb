"""Nodes, epochs, regions, logs and line references (02-log.md, "Names")."""

import re
from dataclasses import dataclass

from . import limits
from .errors import ProtocolError

_NODE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_EPOCH = re.compile(r"[0-9a-f]{16}")
_REGION = re.compile(r"id|[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?")
_LANE = re.compile(r"[a-z]{1,12}")
_LEAF = re.compile(r"[0-9a-f]{64}")
_COUNT = re.compile(r"0|[1-9][0-9]{0,15}")
_KEY = re.compile(r"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/([1-9][0-9]{0,14})")


def _match(pattern: re.Pattern, text: str, what: str) -> str:
    if not isinstance(text, str) or not pattern.fullmatch(text):
        raise ProtocolError("bad-name", f"{text!r} is not {what}")
    return text


def check_node(text: str) -> str:
    return _match(_NODE, text, "a node name")


def check_epoch(text: str) -> str:
    return _match(_EPOCH, text, "an epoch of 16 lower-case hexadecimal digits")


def check_region(text: str) -> str:
    return _match(_REGION, text, "a region code")


def check_person_key(text: str) -> str:
    """`<person UUID>/<n>`"""
    return _match(_KEY, text, "a person key name")


def check_share_place(text: str) -> str:
    """`NODE/EPOCH`: the copy of a node that a share is wrapped for"""
    node, _, epoch = text.partition("/")
    check_node(node)
    check_epoch(epoch)
    return text


def parse_count(text: str) -> int:
    """A size or sequence written in decimal, without leading zeros."""
    value = int(_match(_COUNT, text, "a count"))
    if value > limits.LOG_LINES:
        raise ProtocolError("bad-name", f"{value} is beyond 2^40")
    return value


def is_at_or_below(region: str, other: str) -> bool:
    """Whether `region` is `other` or lies inside it. Purely by name."""
    return other == "id" or region == other or region.startswith(other + ".")


def in_scope(audience: str, region: str) -> bool:
    """Whether a log with this audience is in the scope of a region. `local` is in none."""
    if audience == "local":
        return False
    return is_at_or_below(audience, region) or is_at_or_below(region, audience)


def may_author(audience: str, region: str) -> bool:
    """Whether a node enrolled for `region` may write logs for this audience."""
    return audience == "local" or is_at_or_below(audience, region)


@dataclass(frozen=True)
class LogName:
    node: str
    audience: str
    lane: str
    epoch: str

    @classmethod
    def parse(cls, text: str) -> "LogName":
        parts = text.split("/") if isinstance(text, str) else []
        middle = parts[1].split(":") if len(parts) == 3 else []
        if len(middle) != 2:
            raise ProtocolError("bad-name", f"{text!r} is not node/audience:lane/epoch")
        audience, lane = middle
        if audience != "local":
            check_region(audience)
        _match(_LANE, lane, "a lane of 1 to 12 lower-case letters")
        return cls(check_node(parts[0]), audience, lane, check_epoch(parts[2]))

    def __str__(self) -> str:
        return f"{self.node}/{self.audience}:{self.lane}/{self.epoch}"


@dataclass(frozen=True)
class LineReference:
    log: LogName
    sequence: int
    leaf: str

    @classmethod
    def parse(cls, text: str) -> "LineReference":
        log, hash_mark, rest = text.partition("#")
        sequence, tilde, leaf = rest.partition("~")
        if not hash_mark or not tilde:
            raise ProtocolError("bad-name", f"{text!r} is not LOG#SEQUENCE~LEAFHASH")
        _match(_LEAF, leaf, "a leaf hash of 64 lower-case hexadecimal digits")
        return cls(LogName.parse(log), parse_count(sequence), leaf)

    def __str__(self) -> str:
        return f"{self.log}#{self.sequence}~{self.leaf}"
