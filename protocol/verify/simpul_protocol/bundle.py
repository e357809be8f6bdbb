"""A bundle: frames in a file, under a seal (09-bundles.md)."""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import List

from . import frames, limits, names, session
from .encoding import b64, unb64
from .errors import ProtocolError
from .frames import Frame
from .keys import verify_signature

ROWS = ("holds", "needs", "brings")


@dataclass
class Bundle:
    node: str
    epoch: str
    recipient: str
    region: str
    made: str
    frames: List[Frame] = field(default_factory=list)
    rows: dict = field(default_factory=lambda: {name: [] for name in ROWS})
    digest: bytes = b""
    signature: bytes = b""

    @property
    def message(self) -> bytes:
        """What the maker's key signs."""
        return f"simpul-bundle/v1\n{self.node}/{self.epoch}\n{len(self.frames)}\n{b64(self.digest)}".encode()

    def verify(self, public_key: bytes):
        if not verify_signature(public_key, self.signature, self.message):
            raise ProtocolError("bad-signature", f"the seal is not signed by {self.node}")


def is_bundle(data: bytes) -> bool:
    try:
        first = next(frames.FrameReader(limits.LOG_LINES).feed(data), None)
        frame = frames.parse(first) if first else None
    except ProtocolError:
        return False
    return isinstance(frame, frames.ControlFrame) and "bundle" in frame.records[0]


def read(data: bytes) -> Bundle:
    """A whole bundle whose frames are those that its seal is over. Whose seal it is, `verify` says."""
    bundle, seal, hashes = None, None, sha256()
    reader = frames.FrameReader(limits.LOG_LINES)
    try:
        for content in reader.feed(data):
            if seal is not None:
                raise ProtocolError("altered", "something stands after the seal")
            frame = frames.parse(content)
            records = frame.records if isinstance(frame, frames.ControlFrame) else []
            if bundle is None:
                bundle, records = _header(records), records[1:]
            if records and "seal" in records[0]:
                seal = _seal(records)
                continue
            for record in records:
                if record.get("rows") in ROWS:
                    bundle.rows[record["rows"]] += [session.check_row(row) for row in record["list"]]
            bundle.frames.append(frame)
            hashes.update(sha256(content).digest())
    except ProtocolError as error:
        raise ProtocolError("altered" if bundle else "not-a-bundle", error.detail) from None
    if bundle is None:
        raise ProtocolError("not-a-bundle", "no first record")
    if seal is None:
        raise ProtocolError("cut", f"no seal after {len(bundle.frames)} whole frames")
    if reader.is_mid_frame:
        raise ProtocolError("altered", "something stands after the seal")
    count, bundle.digest, bundle.signature = seal
    if count != len(bundle.frames) or bundle.digest != hashes.digest():
        raise ProtocolError("altered", "the frames are not those that the seal is over")
    return bundle


def _header(records: List[dict]) -> Bundle:
    header = records[0] if records else {}
    if header.get("bundle") != 1:
        raise ProtocolError("malformed", "no header of version 1")
    for name, check in (
        ("node", names.check_node), ("epoch", names.check_epoch), ("for", names.check_node),
        ("region", names.check_region),
    ):
        check(header.get(name))
    if not isinstance(header.get("made"), str):
        raise ProtocolError("malformed", "no time of making")
    return Bundle(header["node"], header["epoch"], header["for"], header["region"], header["made"])


def _seal(records: List[dict]):
    seal = records[0]
    if len(records) != 1 or seal.get("seal") != 1 or not isinstance(seal.get("frames"), int):
        raise ProtocolError("malformed", "a seal stands alone, and names its frames")
    return seal["frames"], unb64(seal.get("digest"), "seal", 32), unb64(seal.get("signature"), "seal", 64)
