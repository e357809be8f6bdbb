"""zstd frames written by hand (RFC 8878), so that a vector's bytes do not depend on a library's version."""

_MAGIC = b"\x28\xb5\x2f\xfd"
_BLOCK = 128 << 10
_RAW, _RLE = 0, 1


def _header(kind: int, size: int, last: bool) -> bytes:
    return (last | kind << 1 | size << 3).to_bytes(3, "little")


def _raw_blocks(content: bytes) -> bytes:
    pieces = [content[at : at + _BLOCK] for at in range(0, len(content), _BLOCK)] or [b""]
    return b"".join(
        _header(_RAW, len(piece), number == len(pieces)) + piece for number, piece in enumerate(pieces, 1)
    )


def stored(content: bytes) -> bytes:
    """The content uncompressed: single segment, size declared in four bytes."""
    return _MAGIC + b"\xa0" + len(content).to_bytes(4, "little") + _raw_blocks(content)


def with_dictionary(content: bytes) -> bytes:
    """As `stored`, with the identifier of a dictionary that nobody has."""
    return _MAGIC + b"\xa1" + b"\x07" + len(content).to_bytes(4, "little") + _raw_blocks(content)


def bomb(size: int, declared: bool = False, window_log: int = 23) -> bytes:
    """`size` newlines in four bytes for each 128 KiB."""
    if declared:
        header = b"\xa0" + size.to_bytes(4, "little")
    else:
        header = b"\x00" + bytes([(window_log - 10) << 3])
    sizes = [_BLOCK] * (size // _BLOCK) + ([size % _BLOCK] if size % _BLOCK else [])
    blocks = [_header(_RLE, each, number == len(sizes)) + b"\n" for number, each in enumerate(sizes, 1)]
    return _MAGIC + header + b"".join(blocks)
