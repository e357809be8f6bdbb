"""Contents of attachments, and the requests that carry them (11-attachments.md)."""

from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .encoding import b64
from .errors import ProtocolError

PIECE_BYTES = 65_536
TAG_BYTES = 16
CONTENT_BYTES = 8 << 20
SEALED_BYTES = CONTENT_BYTES + CONTENT_BYTES // PIECE_BYTES * TAG_BYTES
_ASSOCIATED = b"simpul-attachment/v1"


def _nonce(number: int, last: bool) -> bytes:
    return bytes([1 if last else 0]) + bytes(7) + number.to_bytes(4, "big")


def _pieces(data: bytes, size: int):
    return [data[start : start + size] for start in range(0, max(1, len(data)), size)]


def seal(content: bytes, key: bytes) -> bytes:
    pieces = _pieces(content, PIECE_BYTES)
    cipher = AESGCM(key)
    return b"".join(
        cipher.encrypt(_nonce(number, number == len(pieces) - 1), piece, _ASSOCIATED)
        for number, piece in enumerate(pieces)
    )


def open_content(sealed: bytes, key: bytes, name: str, size: int) -> bytes:
    """The content of an attachment, once it is what its line names."""
    if len(sealed) > SEALED_BYTES:
        raise ProtocolError("too-large", f"{len(sealed)} bytes")
    if len(sealed) != size or sha256(sealed).hexdigest() != name:
        raise ProtocolError("differs", "not the content that the line names")
    pieces = _pieces(sealed, PIECE_BYTES + TAG_BYTES)
    cipher = AESGCM(key)
    try:
        return b"".join(
            cipher.decrypt(_nonce(number, number == len(pieces) - 1), piece, _ASSOCIATED)
            for number, piece in enumerate(pieces)
        )
    except (InvalidTag, ValueError):
        raise ProtocolError("cannot-open", "not encrypted under this key, or not these pieces in this order") from None


def request_message(server, node, epoch, challenge, method, name, given_range, body: bytes) -> bytes:
    """What the signature of a request covers."""
    lines = ["simpul-attachment/v1", server, f"{node}/{epoch}", challenge, method, name, given_range]
    return "\n".join(lines + [b64(sha256(body).digest())]).encode("utf-8")
