"""What both sides of a session compute: digests, signatures, records (04-session.md)."""

from hashlib import sha256
from typing import Iterable, List, Sequence, Tuple

from . import limits, names, strictjson
from .encoding import b64, unb64
from .errors import ProtocolError
from .keys import verify_signature

CONTENT_TYPE = "application/vnd.simpul.sync"
VERSION = "1"

Row = Tuple[str, int, str]  # log, size, base64 of the root


def check_row(row) -> Row:
    if not isinstance(row, list) or len(row) != 3 or isinstance(row[1], bool) or not isinstance(row[1], int):
        raise ProtocolError("malformed", "a row is log, size and root")
    try:
        names.LogName.parse(row[0])
        names.parse_count(str(row[1]))
    except ProtocolError as error:
        raise ProtocolError("malformed", f"row: {error.detail}") from None
    if row[1] == 0:
        raise ProtocolError("malformed", "row: an empty log has no row")
    unb64(row[2], "row", 32)
    return tuple(row)


def _digest(lines: Iterable[str]) -> str:
    return b64(sha256(b"".join(sorted(line.encode("utf-8") for line in lines))).digest())


def table_digest(rows: Iterable[Row]) -> str:
    """Over the heads in scope: equal digests, equal logs."""
    return _digest(f"{log} {size} {root}\n" for log, size, root in rows)


def receipts_digest(receipts: Iterable[Tuple[str, str, str, str]]) -> str:
    """Over (log, holder, kind, note)."""
    return _digest(
        f"{log} {holder} {kind} {b64(sha256(note.encode('utf-8')).digest())}\n"
        for log, holder, kind, note in receipts
    )


def keys_digest(shares: Iterable[Tuple[str, str, bytes]]) -> str:
    """Over (key, to, box)."""
    return _digest(f"{key} {to} {b64(sha256(box).digest())}\n" for key, to, box in shares)


def request_message(server: str, node: str, epoch: str, challenge: str, first_frame: bytes) -> bytes:
    """What a node signs for one request. `first_frame` is the decoded content of the body's first frame."""
    digest = b64(sha256(first_frame).digest())
    return f"simpul-sync/v1\n{server}\n{node}/{epoch}\n{challenge}\n{digest}".encode("utf-8")


def enrolment_message(token: str, node: str, epoch: str, sign: str, wrap: str) -> bytes:
    return f"simpul-enrol/v1\n{token}\n{node}/{epoch}\n{sign}\n{wrap}".encode("utf-8")


def succession_message(server: str, node: str, old: str, epoch: str, sign: str, wrap: str) -> bytes:
    return f"simpul-succeed/v1\n{server}\n{node}/{old}\n{epoch}\n{sign}\n{wrap}".encode("utf-8")


def check_signature(public_key: bytes, signature: str, message: bytes):
    if not verify_signature(public_key, unb64(signature, "signature", 64, "bad-signature"), message):
        raise ProtocolError("bad-signature", "the signature does not verify")


def may_share(share_region: str, top: str, child: str, parent: str) -> bool:
    """Whether a wrapped person key may travel between a child and its parent."""
    return names.is_at_or_below(share_region, child) and names.is_at_or_below(parent, top)


def check_rows(rows: Sequence) -> List[Row]:
    checked = [check_row(row) for row in rows]
    if len(set(checked)) != len(checked):
        raise ProtocolError("malformed", "the same row twice")
    return checked


def check_enrolment(body: bytes) -> dict:
    """A body of POST /enrol/v1, once its form is good and its signature is by the key in it."""
    try:
        request = strictjson.parse(body)
        token, node, epoch, sign, wrap, signature = (
            request[name] for name in ("token", "node", "epoch", "sign", "wrap", "signature")
        )
        names.check_node(node)
        names.check_epoch(epoch)
        unb64(wrap, "wrap", 32)
        if not isinstance(token, str) or not 0 < len(token) <= limits.ATTRIBUTE_BYTES:
            raise ProtocolError("malformed", "token: not a string")
        key = unb64(sign, "sign", 32)
    except (KeyError, TypeError, ProtocolError) as error:
        raise ProtocolError("malformed", f"an enrolment request: {error}") from None
    check_signature(key, signature, enrolment_message(token, node, epoch, sign, wrap))
    return request


def check_succession(body: bytes, server: str, old_key: bytes) -> dict:
    """A body of POST /enrol/v1 by which a copy opens a further epoch: vouched for by the key of the one before."""
    try:
        request = strictjson.parse(body)
        names.check_node(request["node"])
        names.check_epoch(request["after"])
        names.check_epoch(request["epoch"])
        unb64(request["wrap"], "wrap", 32)
        key = unb64(request["sign"], "sign", 32)
        signature, approval = request["signature"], request["approval"]
    except (KeyError, TypeError, ProtocolError) as error:
        raise ProtocolError("malformed", f"a succession request: {error}") from None
    parts = [request[name] for name in ("node", "after", "epoch", "sign", "wrap")]
    message = succession_message(server, *parts)
    check_signature(key, signature, message)
    check_signature(old_key, approval, message)
    return request
