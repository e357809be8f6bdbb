"""What a holder signs about a log it holds or has counted (05-receipts.md)."""

import re
from dataclasses import dataclass, field
from typing import List, Optional, Tuple

from . import names
from .encoding import b64, unb64
from .errors import ProtocolError
from .note import Checkpoint, SignedNote

_MODELS = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_REASON = re.compile(r"[a-z][a-z-]{0,31}")


def holder_name(node: str, epoch: str) -> str:
    """The key name under which a node signs receipts."""
    return f"simpul/{node}/{epoch}"


@dataclass(frozen=True)
class Counted:
    log: names.LogName
    size: int
    models: str
    exceptions: List[Tuple[int, int, str]] = field(default_factory=list)
    #: Of the log at `size`, which says which history it is about; None in a statement of an earlier program.
    root: Optional[bytes] = None

    @property
    def text(self) -> str:
        rows = "".join(f"except {first}-{last} {reason}\n" for first, last, reason in self.exceptions)
        root = "" if self.root is None else f"root {b64(self.root)}\n"
        return f"simpul/counted/v1\n{self.log}\n{self.size}\n{self.models}\n{root}{rows}"

    @classmethod
    def parse(cls, text: str) -> "Counted":
        lines = text.split("\n")
        if len(lines) < 5 or lines[0] != "simpul/counted/v1" or lines[-1]:
            raise ProtocolError("bad-receipt", "a counted receipt names itself, log, size and models")
        if not _MODELS.fullmatch(lines[3]):
            raise ProtocolError("bad-receipt", "line 4: not a version of the models")
        try:
            log, size = names.LogName.parse(lines[1]), names.parse_count(lines[2])
            rows = lines[4:-1]
            root = None
            if rows and rows[0].startswith("root "):
                root = unb64(rows.pop(0)[5:], "line 5", 32, "bad-receipt")
            exceptions = [_parse_exception(line) for line in rows]
        except ProtocolError as error:
            raise ProtocolError("bad-receipt", error.detail) from None
        last = -1
        for start, end, _ in exceptions:
            if not last < start <= end < size:
                raise ProtocolError("bad-receipt", f"{start}-{end} overlaps, is out of order or beyond the size")
            last = end
        return cls(log, size, lines[3], exceptions, root)


def _parse_exception(line: str) -> Tuple[int, int, str]:
    parts = line.split(" ")
    first, dash, last = parts[1].partition("-") if len(parts) == 3 else ("", "", "")
    if parts[0] != "except" or not dash or not _REASON.fullmatch(parts[2]):
        raise ProtocolError("bad-receipt", f"{line!r} is not except FIRST-LAST REASON")
    return names.parse_count(first), names.parse_count(last), parts[2]


def open_held(note: str, log: names.LogName, holder: str, public_key: bytes) -> Tuple[Checkpoint, int]:
    """The checkpoint that a holder says it holds durably, and when it said so."""
    signed = SignedNote.parse(note, "bad-receipt")
    try:
        checkpoint = Checkpoint.parse(signed.text)
    except ProtocolError as error:
        raise ProtocolError("bad-receipt", error.detail) from None
    if checkpoint.log != log:
        raise ProtocolError("bad-receipt", f"a receipt for {checkpoint.log}, not {log}")
    return checkpoint, signed.verify_cosignature(holder, public_key)


def open_counted(note: str, log: names.LogName, holder: str, public_key: bytes) -> Counted:
    signed = SignedNote.parse(note, "bad-receipt")
    counted = Counted.parse(signed.text)
    if counted.log != log:
        raise ProtocolError("bad-receipt", f"a receipt for {counted.log}, not {log}")
    signed.verify(holder, public_key)
    return counted
