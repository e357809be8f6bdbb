"""Frames: a zstd frame over a few lines of NDJSON (03-frames.md)."""

from dataclasses import dataclass
from typing import Iterator, List, Optional, Union

import zstandard

from . import limits, strictjson
from .encoding import b64, unb64
from .errors import ProtocolError
from .names import LogName


@dataclass(frozen=True)
class Branch:
    fork: int
    leaf: bytes


@dataclass(frozen=True)
class LinesFrame:
    log: LogName
    start: int
    lines: List[bytes]
    note: str
    proof: List[bytes]
    branch: Optional[Branch] = None

    @property
    def end(self) -> int:
        return self.start + len(self.lines)

    @property
    def content(self) -> bytes:
        header = {"frame": "lines", "log": str(self.log), "from": self.start, "count": len(self.lines)}
        if self.branch:
            header["branch"] = {"fork": self.branch.fork, "leaf": self.branch.leaf.hex()}
        trailer = {"checkpoint": self.note}
        if self.proof:
            trailer["proof"] = [b64(item) for item in self.proof]
        parts = [strictjson.encode(header), *self.lines, strictjson.encode(trailer)]
        return b"".join(part + b"\n" for part in parts)


@dataclass(frozen=True)
class ControlFrame:
    records: List[dict]

    @property
    def content(self) -> bytes:
        return b"".join(strictjson.encode(record) + b"\n" for record in self.records)


Frame = Union[LinesFrame, ControlFrame]


# Compression ------------------------------------------------------------------------------------------------------


def compress(content: bytes, level: int = 9) -> bytes:
    return zstandard.ZstdCompressor(level=level, write_content_size=True).compress(content)


class FrameReader:
    """Turns the bytes of a body, fed as they come, into the contents of its frames.

    Output is counted while it is made. Input goes in by pieces of 64 bytes: a block of 4 bytes gives at most
    128 KiB, so that a piece adds at most 2 MiB whatever the bytes claim.
    """

    _PIECE = 64

    def __init__(self, request_bytes: int = limits.REQUEST_BYTES):
        self._limit = request_bytes
        self._decoder = None
        self._pending = bytearray()
        self._content = bytearray()
        self._received = 0
        self._frames = 0

    @property
    def is_mid_frame(self) -> bool:
        """Whether the bytes so far end inside a frame. At the end of a body: it was cut."""
        return self._decoder is not None or bool(self._pending)

    def feed(self, data: bytes) -> Iterator[bytes]:
        self._received += len(data)
        if self._received > self._limit:
            raise ProtocolError("too-large", f"a body of more than {self._limit} bytes")
        self._pending += data
        while self._pending and (self._decoder or self._start()):
            piece = bytes(self._pending[: self._PIECE])
            del self._pending[: self._PIECE]
            try:
                self._content += self._decoder.decompress(piece)
            except zstandard.ZstdError as error:
                raise ProtocolError("malformed", f"the compressed bytes are damaged: {error}") from None
            if len(self._content) > limits.DECODED_BYTES:
                raise ProtocolError("expands-too-far", f"a frame of more than {limits.DECODED_BYTES} bytes")
            if self._decoder.eof:
                self._pending[:0] = self._decoder.unused_data
                content, self._content, self._decoder = bytes(self._content), bytearray(), None
                yield content

    def _start(self) -> bool:
        """Checks a frame's own header before any of it is decoded; False when more bytes are needed."""
        head = bytes(self._pending[:18])
        if not zstandard.FRAME_HEADER.startswith(head[:4]):
            raise ProtocolError("malformed", "these bytes are not a zstd frame")
        if len(head) < _frame_header_size(head):
            return False
        self._frames += 1
        if self._frames > limits.REQUEST_FRAMES:
            raise ProtocolError("too-large", f"more than {limits.REQUEST_FRAMES} frames")
        try:
            header = zstandard.get_frame_parameters(head)
        except zstandard.ZstdError as error:
            raise ProtocolError("malformed", f"not the header of a zstd frame: {error}") from None
        if header.dict_id:
            raise ProtocolError("malformed", "a frame that needs a dictionary")
        if header.window_size > limits.WINDOW_BYTES:
            raise ProtocolError("malformed", f"a window of {header.window_size} bytes")
        self._decoder = zstandard.ZstdDecompressor(max_window_size=limits.WINDOW_BYTES).decompressobj()
        return True


def _frame_header_size(head: bytes) -> int:
    """Length of a zstd frame header (RFC 8878, 3.1.1.1); at least 5, where the byte that tells is missing."""
    if len(head) < 5:
        return 5
    descriptor = head[4]
    single = descriptor >> 5 & 1
    content_size = (1 if single else 0, 2, 4, 8)[descriptor >> 6]
    return 5 + (1 - single) + (0, 1, 2, 4)[descriptor & 3] + content_size


def contents(body: bytes) -> Iterator[bytes]:
    """The contents of a whole body's frames. Raises `cut` at the end if it stops inside one."""
    reader = FrameReader()
    yield from reader.feed(body)
    if reader.is_mid_frame:
        raise ProtocolError("cut", "the bytes end inside a frame; the frames before it stand")


# Content ----------------------------------------------------------------------------------------------------------


def parse(content: bytes) -> Frame:
    if not content.endswith(b"\n"):
        raise ProtocolError("malformed", "a frame's text ends with a newline")
    lines = content[:-1].split(b"\n")
    header = _record(lines[0], 1)
    if "frame" in header:
        return _parse_lines(content, lines, header)
    if len(lines) > limits.CONTROL_RECORDS:
        raise ProtocolError("too-large", f"a control frame of more than {limits.CONTROL_RECORDS} records")
    return ControlFrame([_record(line, number) for number, line in enumerate(lines, 1)])


def _record(line: bytes, number: int) -> dict:
    try:
        record = strictjson.parse(line)
    except ProtocolError as error:
        raise ProtocolError("malformed", f"line {number}: {error.detail}") from None
    if not isinstance(record, dict) or not record:
        raise ProtocolError("malformed", f"line {number}: a record is an object with members")
    return record


def _parse_lines(content: bytes, lines: List[bytes], header: dict) -> LinesFrame:
    start, count = header.get("from"), header.get("count")
    if header["frame"] != "lines" or not _is_count(start) or not _is_count(count) or count == 0:
        raise ProtocolError("malformed", "line 1: not the header of a lines frame")
    try:
        log = LogName.parse(header.get("log"))
    except ProtocolError as error:
        raise ProtocolError("malformed", f"line 1: {error.detail}") from None
    if count > limits.FRAME_LINES or count > 1 and len(content) > limits.FRAME_BYTES:
        raise ProtocolError("too-large", f"{count} lines in {len(content)} bytes")
    if len(lines) != count + 2:
        raise ProtocolError("malformed", f"the header says {count} lines, the frame has {len(lines) - 2}")
    for number, line in enumerate(lines[1:-1], 2):
        if not line:
            raise ProtocolError("malformed", f"line {number} is empty")
        if len(line) > limits.LINE_BYTES:
            raise ProtocolError("too-large", f"line {number} has {len(line)} bytes")
    trailer = _record(lines[-1], len(lines))
    note, proof = trailer.get("checkpoint"), trailer.get("proof", [])
    if not isinstance(note, str) or not isinstance(proof, list) or len(proof) > limits.PROOF_HASHES:
        raise ProtocolError("malformed", f"line {len(lines)}: not the trailer of a lines frame")
    proof = [unb64(item, f"line {len(lines)}, proof", 32) for item in proof]
    return LinesFrame(log, start, lines[1:-1], note, proof, _parse_branch(header))


def _parse_branch(header: dict) -> Optional[Branch]:
    branch = header.get("branch")
    if branch is None:
        return None
    try:
        leaf = bytes.fromhex(branch["leaf"])
        if _is_count(branch["fork"]) and len(leaf) == 32 and leaf.hex() == branch["leaf"]:
            return Branch(branch["fork"], leaf)
    except (KeyError, TypeError, ValueError):
        pass
    raise ProtocolError("malformed", "line 1: a branch has a fork and a leaf hash")


def _is_count(value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= limits.LOG_LINES
