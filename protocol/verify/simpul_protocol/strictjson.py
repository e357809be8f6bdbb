"""A strict reader for JSON text, and the compact writer (01-event-line.md, "Strict JSON").

Python's own reader takes duplicate keys, lone surrogates, NaN and rounded numbers; a protocol that signs bytes
cannot. This one accepts exactly what the chapter allows and says where it stopped.

Values: None, bool, int, Decimal, str, list, dict (in the order written).
"""

from decimal import Decimal

from . import limits
from .errors import ProtocolError

_ESCAPES = {
    '"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t",
}
_DIGITS = "0123456789"
_HEX = "0123456789abcdefABCDEF"


def parse(data: bytes, depth: int = limits.JSON_DEPTH):
    """The value of a JSON text. Raises ProtocolError naming the offset, in characters."""
    if data.startswith(b"\xef\xbb\xbf"):
        raise ProtocolError("malformed-json", "offset 0: a byte order mark")
    try:
        text = data.decode("utf-8")  # strict: no overlong forms, no surrogates
    except UnicodeDecodeError as error:
        raise ProtocolError("not-utf8", f"byte {error.start}: {error.reason}") from None
    reader = _Reader(text, depth)
    value = reader.value(0)
    reader.skip_whitespace()
    if reader.position != len(text):
        raise reader.error("malformed-json", "text after the value")
    return value


class _Reader:
    def __init__(self, text: str, depth: int):
        self.text = text
        self.position = 0
        self.depth = depth

    def error(self, code: str, reason: str) -> ProtocolError:
        return ProtocolError(code, f"offset {self.position}: {reason}")

    def peek(self) -> str:
        return self.text[self.position : self.position + 1]

    def skip_whitespace(self):
        while self.peek() and self.peek() in " \t\r\n":
            self.position += 1

    def expect(self, literal: str):
        if not self.text.startswith(literal, self.position):
            raise self.error("malformed-json", f"expected {literal}")
        self.position += len(literal)

    def value(self, depth: int):
        self.skip_whitespace()
        first = self.peek()
        if first == "{":
            return self.object(depth + 1)
        if first == "[":
            return self.array(depth + 1)
        if first == '"':
            return self.string()
        if first and first in "-0123456789":
            return self.number()
        for literal, value in (("true", True), ("false", False), ("null", None)):
            if first == literal[0]:
                self.expect(literal)
                return value
        raise self.error("malformed-json", "no value here")

    def enter(self, depth: int):
        if depth > self.depth:
            raise self.error("too-deep", f"nested deeper than {self.depth}")
        self.position += 1
        self.skip_whitespace()

    def object(self, depth: int) -> dict:
        self.enter(depth)
        members = {}
        if self.peek() == "}":
            self.position += 1
            return members
        while True:
            self.skip_whitespace()
            if self.peek() != '"':
                raise self.error("malformed-json", "expected a member name")
            name = self.string()
            if name in members:  # Python compares code points, which is comparing UTF-8 bytes
                raise self.error("duplicate-key", f"a second member {name!r}")
            self.skip_whitespace()
            self.expect(":")
            members[name] = self.value(depth)
            if self.ends("}"):
                return members

    def array(self, depth: int) -> list:
        self.enter(depth)
        items = []
        if self.peek() == "]":
            self.position += 1
            return items
        while True:
            items.append(self.value(depth))
            if self.ends("]"):
                return items

    def ends(self, closing: str) -> bool:
        self.skip_whitespace()
        found = self.peek()
        if found not in (closing, ",") or not found:
            raise self.error("malformed-json", f"expected , or {closing}")
        self.position += 1
        return found == closing

    def string(self) -> str:
        self.position += 1
        parts = []
        while True:
            character = self.peek()
            if not character:
                raise self.error("malformed-json", "unended string")
            if character == '"':
                self.position += 1
                return "".join(parts)
            if character == "\\":
                parts.append(self.escape())
                continue
            if ord(character) < 0x20:
                code = "bad-string" if character == "\0" else "malformed-json"
                raise self.error(code, "a control character must be escaped")
            parts.append(self.assigned(character))
            self.position += 1

    def escape(self) -> str:
        letter = self.text[self.position + 1 : self.position + 2]
        if letter in _ESCAPES and letter:
            self.position += 2
            return _ESCAPES[letter]
        if letter != "u":
            raise self.error("malformed-json", "unknown escape")
        return self.assigned(self.escaped_character())

    def escaped_character(self) -> str:
        unit = self.code_unit()
        if unit == 0:
            raise self.error("bad-string", "U+0000")
        if 0xDC00 <= unit <= 0xDFFF:
            raise self.error("bad-string", "a low surrogate without its high one")
        if not 0xD800 <= unit <= 0xDBFF:
            return chr(unit)
        if not self.text.startswith("\\u", self.position):
            raise self.error("bad-string", "a high surrogate without its low one")
        low = self.code_unit()
        if not 0xDC00 <= low <= 0xDFFF:
            raise self.error("bad-string", "a high surrogate without its low one")
        return chr(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00))

    def assigned(self, character: str) -> str:
        code = ord(character)
        if code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:
            raise self.error("bad-string", f"U+{code:04X} is not a character")
        return character

    def code_unit(self) -> int:
        digits = self.text[self.position + 2 : self.position + 6]
        if len(digits) != 4 or any(digit not in _HEX for digit in digits):
            raise self.error("malformed-json", "\\u needs four hexadecimal digits")
        self.position += 6
        return int(digits, 16)

    def number(self):
        start = self.position
        if self.peek() == "-":
            self.position += 1
        whole = self.digits()
        if len(whole) > 1 and whole[0] == "0":
            raise self.error("bad-number", "a leading zero")
        fraction = None
        if self.peek() == ".":
            self.position += 1
            fraction = self.digits()
        if self.peek() and self.peek() in "eE":
            raise self.error("bad-number", "an exponent")
        text = self.text[start : self.position]
        significant = (whole + (fraction or "")).lstrip("0")
        if text[0] == "-" and not significant:
            raise self.error("bad-number", "negative zero")
        if fraction is None:
            if len(whole) > 16 or abs(int(text)) > limits.LARGEST_INTEGER:
                raise self.error("bad-number", "an integer beyond 2^53-1")
            return int(text)
        if len(significant) > limits.DECIMAL_DIGITS:
            raise self.error("bad-number", f"more than {limits.DECIMAL_DIGITS} digits")
        return Decimal(text)

    def digits(self) -> str:
        start = self.position
        while self.peek() and self.peek() in _DIGITS:
            self.position += 1
        if start == self.position:
            raise self.error("malformed-json", "expected a digit")
        return self.text[start : self.position]


def encode(value) -> bytes:
    """Compact UTF-8: no whitespace, members in the order given, only the escapes that JSON requires."""
    return _encode(value).encode("utf-8")


def _encode(value) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, str):
        return _encode_string(value)
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(_encode, value)) + "]"
    return "{" + ",".join(f"{_encode_string(name)}:{_encode(item)}" for name, item in value.items()) + "}"


_SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _encode_string(text: str) -> str:
    def escape(character: str) -> str:
        if character in _SHORT:
            return _SHORT[character]
        return f"\\u{ord(character):04x}" if ord(character) < 0x20 else character

    return '"' + "".join(map(escape, text)) + '"'
