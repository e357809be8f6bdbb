"""Base64 as the protocol writes it: RFC 4648, section 4, padded, strict."""

import base64
import binascii

from .errors import ProtocolError


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def unb64(text, where: str, length: int = None, code: str = "malformed") -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError, TypeError):
        raise ProtocolError(code, f"{where}: not base64") from None
    if b64(data) != text:
        raise ProtocolError(code, f"{where}: not the one base64 form of its bytes")
    if length is not None and len(data) != length:
        raise ProtocolError(code, f"{where}: {len(data)} bytes where {length} are needed")
    return data
