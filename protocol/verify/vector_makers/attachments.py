"""attachments.json"""

from hashlib import sha256

from simpul_protocol.attachments import PIECE_BYTES, TAG_BYTES, request_message, seal
from simpul_protocol.encoding import b64

from .cast import HUB, LONTAR_A, bad, file, good, seed

KEY = seed("attachment content key")
CHALLENGE = b64(seed("attachment challenge"))


def _content(size: int) -> bytes:
    """Bytes that a reader can make again: SHA-256 of the block's number, block after block."""
    blocks = [sha256(number.to_bytes(4, "big")).digest() for number in range(size // 32 + 1)]
    return b"".join(blocks)[:size]


def make() -> dict:
    return file(
        "Attachments (11-attachments.md). kind content: `sealed` (base64), of `size` bytes and with the hash `sha256`, "
        "opens under `key` to a content of `length` bytes with the hash `content_sha256`. The contents are SHA-256 of "
        "block numbers (four bytes, big-endian), block after block, cut to `length`. kind long: the same, of which `sealed` "
        "is to be made first, and then its two pieces exchanged or the last one dropped, as `edit` says. kind request: what the "
        "node signs for a request with `body` (base64) is `message`, and `signature` verifies under `node_key`.",
        [*_contents(), *_requests()],
        key=b64(KEY), server=HUB.node, node=LONTAR_A.node, epoch=LONTAR_A.epoch, challenge=CHALLENGE,
        node_key=b64(LONTAR_A.keys.sign_public),
    )  # fmt: skip


def _case(make, name: str, *error, sealed: bytes, content: bytes = None, **changes) -> dict:
    value = dict(kind="content", sealed=b64(sealed), size=len(sealed), sha256=sha256(sealed).hexdigest())
    if content is not None:
        value.update(length=len(content), content_sha256=sha256(content).hexdigest())
    return make(name, *error, **{**value, **changes})


def _contents() -> list:
    short, step = seal(_content(1_000), KEY), PIECE_BYTES + TAG_BYTES
    long = seal(_content(PIECE_BYTES + 10), KEY)
    flipped = bytes([short[0] ^ 1]) + short[1:]

    def whole(make, name: str, *error, length: int, sealed: bytes, **edit) -> dict:
        return make(name, *error, kind="long", length=length, size=len(sealed), sha256=sha256(sealed).hexdigest(), **edit)

    return [
        _case(good, "one byte", sealed=seal(_content(1), KEY), content=_content(1)),
        _case(good, "a thousand bytes", sealed=short, content=_content(1_000)),
        whole(good, "one whole piece", length=PIECE_BYTES, sealed=seal(_content(PIECE_BYTES), KEY)),
        whole(good, "two pieces", length=PIECE_BYTES + 10, sealed=long),
        _case(bad, "not the bytes of the hash", "differs", sealed=flipped, sha256=sha256(short).hexdigest()),
        _case(bad, "not of the size", "differs", sealed=short, size=len(short) - 1),
        _case(bad, "altered, and named so", "cannot-open", sealed=flipped),
        whole(bad, "the last piece left out", "cannot-open", length=PIECE_BYTES + 10, sealed=long[:step],
              edit="drop-last"),
        whole(bad, "pieces exchanged", "cannot-open", length=PIECE_BYTES + 10, sealed=long[step:] + long[:step],
              edit="exchange"),
        _case(bad, "under another key", "cannot-open", sealed=seal(_content(1_000), seed("another"))),
        _case(bad, "shorter than a tag", "cannot-open", sealed=short[:9]),
    ]  # fmt: skip


def _requests() -> list:
    def case(name: str, method: str, given: str, body: bytes, signed_range: str = None) -> dict:
        digest = sha256(b"content").hexdigest()
        parts = (HUB.node, LONTAR_A.node, LONTAR_A.epoch, CHALLENGE, method, digest)
        message = request_message(*parts, given, body)
        signature = LONTAR_A.keys.sign.sign(request_message(*parts, signed_range or given, body))
        value = dict(kind="request", method=method, sha256=digest, range=given, body=b64(body),
                     message=message.decode("utf-8"), signature=b64(signature))  # fmt: skip
        return bad(name, "bad-signature", **value) if signed_range else good(name, **value)

    return [
        case("a piece goes up", "POST", "bytes 0-6/20", b"content"),
        case("where does it stand", "POST", "bytes */20", b""),
        case("a piece is asked for", "GET", "bytes=7-19", b""),
        case("signed for another range", "POST", "bytes 7-13/20", b"content", signed_range="bytes 0-6/20"),
    ]
