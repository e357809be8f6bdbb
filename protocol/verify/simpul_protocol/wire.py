"""One HTTP/1.1 request that reads while it writes, over TLS with a pin, or plainly to this machine.

Python's http.client sends a whole body before it reads; a server that answers each frame as it comes would then
wait for a reader, and the client for the server.
"""

import base64
import hashlib
import http.client
import io
import ipaddress
import select
import socket
import ssl
import time
from dataclasses import dataclass
from typing import Dict, Optional
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from . import limits

_PIECE = 16_384


class WireError(Exception):
    """The server was not reached, is not the pinned one, or did not speak HTTP."""


@dataclass
class Answer:
    """What came back. `whole` is False when the connection ended before the answer did."""

    status: int
    headers: Dict[str, str]  # names in lower case
    body: bytes
    whole: bool


def post(
    url: str, headers: Dict[str, str], body: bytes, pin: Optional[str] = None, ca: Optional[str] = None,
    cut_after: Optional[int] = None, timeout: float = 60,
) -> Optional[Answer]:
    """Posts a body. With `cut_after`, drops the connection after that many of its bytes, and what came back until
    then is the answer: None if that was nothing. Redirects are answers like others: nobody follows them."""
    parts = urlsplit(url)
    connection = _connect(parts, pin, ca, timeout)
    try:
        head = _head(parts, headers, len(body))
        sending = head + body if cut_after is None else head + body[:cut_after]
        received = _exchange(connection, sending, timeout, drop=cut_after is not None and cut_after < len(body))
    finally:
        connection.close()
    return _parse(received, cut_after)


def _head(parts, headers: Dict[str, str], length: int) -> bytes:
    lines = [f"POST {parts.path or '/'} HTTP/1.1", f"Host: {parts.netloc}", "Connection: close"]
    lines += [f"Content-Length: {length}", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


def _connect(parts, pin: Optional[str], ca: Optional[str], timeout: float) -> socket.socket:
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise WireError(f"{parts.geturl()}: not an address this client can use")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise WireError(f"{parts.hostname}: plain HTTP is for this machine only; use https")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        plain = socket.create_connection((parts.hostname, port), timeout)
        return plain if parts.scheme == "http" else _secure(plain, parts.hostname, pin, ca)
    except (OSError, ssl.SSLError) as error:
        raise WireError(f"{parts.hostname}:{port}: {error}") from None


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _secure(plain: socket.socket, host: str, pin: Optional[str], ca: Optional[str]) -> ssl.SSLSocket:
    context = ssl.create_default_context(cafile=ca)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if pin:  # the pin alone decides: the certificate may be the server's own
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    secured = context.wrap_socket(plain, server_hostname=host)
    if pin:
        found = public_key_pin(secured.getpeercert(binary_form=True))
        if found != pin:
            secured.close()
            raise WireError(f"{host}: the server's key is {found}, the invitation pins {pin}")
    return secured


def public_key_pin(certificate: bytes) -> str:
    """`sha256//…` of a DER certificate's SubjectPublicKeyInfo."""
    key = x509.load_der_x509_certificate(certificate).public_key()
    info = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return "sha256//" + base64.b64encode(hashlib.sha256(info).digest()).decode("ascii")


def _exchange(connection: socket.socket, sending: bytes, timeout: float, drop: bool) -> bytes:
    """Writes and reads as either is possible, until the server closes; with `drop`, until all is written and the
    server has been silent for a moment."""
    connection.setblocking(False)
    received, sent, heard = bytearray(), 0, time.monotonic()
    while True:
        writing = sent < len(sending)
        patience = 0.5 if drop and not writing else timeout
        pending = isinstance(connection, ssl.SSLSocket) and connection.pending() > 0
        readable, writable, _ = select.select(
            [connection], [connection] if writing else [], [], 0 if pending else 0.2
        )
        if readable or pending:
            data = _read(connection)
            if data == b"":
                return bytes(received)
            received += data or b""
            heard = time.monotonic()
            if len(received) > limits.REQUEST_BYTES + _PIECE:
                raise WireError("an answer over the limit")
        if writable:
            count = _write(connection, sending[sent : sent + _PIECE])
            if count is None:  # the server has stopped reading; it may have said why
                sent = len(sending)
            elif count:
                sent += count
                heard = time.monotonic()
        if time.monotonic() - heard > patience:
            if drop:
                return bytes(received)
            raise WireError(f"no progress for {timeout:.0f} seconds")


_WAIT = (ssl.SSLWantReadError, ssl.SSLWantWriteError, BlockingIOError)


def _read(connection: socket.socket) -> Optional[bytes]:
    """Bytes; b"" at the end; None when there is nothing yet."""
    try:
        return connection.recv(65_536)
    except _WAIT:
        return None
    except OSError:
        return b""


def _write(connection: socket.socket, data: bytes) -> Optional[int]:
    try:
        return connection.send(data)
    except _WAIT:
        return 0
    except OSError:
        return None


class _Received:
    """Bytes that http.client takes for a socket."""

    def __init__(self, data: bytes):
        self._data = data

    def makefile(self, *_):
        return io.BytesIO(self._data)


def _parse(received: bytes, cut_after: Optional[int]) -> Optional[Answer]:
    response = http.client.HTTPResponse(_Received(received), method="POST")
    try:
        response.begin()
    except (http.client.HTTPException, OSError, ValueError) as error:
        if cut_after is not None or not received:
            return None
        raise WireError(f"not an HTTP answer: {error!r}") from None
    headers = {name.lower(): value for name, value in response.getheaders()}
    try:
        return Answer(response.status, headers, response.read(), True)
    except http.client.IncompleteRead as error:
        return Answer(response.status, headers, error.partial, False)
