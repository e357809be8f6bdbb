"""event-lines.json"""

from simpul_protocol import eventline, strictjson
from simpul_protocol.encoding import b64

from .cast import CASE, LONTAR_A, bad, event, file, good

LOG = LONTAR_A.log()


def make() -> dict:
    return file(
        "Event lines (01-event-line.md). `line` is base64 of the exact bytes; `text` is the same for readers, where "
        "it can be shown. A valid line is understood by a reader; `canonical` says whether a writer may write it "
        "so: compact, members in the written order. An invalid one is parked with the reason `error`.",
        [*_understood(), *_bad_json(), *_bad_attributes()],
        log=str(LOG),
    )


def _case(make, name, *error, line: bytes, **fields) -> dict:
    case = make(name, *error, line=b64(line), **fields)
    try:
        text = line.decode("utf-8")
        if len(line) < 2_000 and all(ord(character) >= 0x20 for character in text):
            case["text"] = text
    except UnicodeDecodeError:
        pass
    return case


def _good(name: str, line: bytes, canonical: bool = True) -> dict:
    return _case(good, name, line=line, canonical=canonical)


def _bad(name: str, error: str, line: bytes) -> dict:
    return _case(bad, name, error, line=line)


def _line(**changes) -> bytes:
    return strictjson.encode(event(LOG, 0, **changes))


def _raw(data: str) -> bytes:
    """A line with `data` written as given."""
    return _line(data={"here": 0}).replace(b'{"here":0}', data.encode("utf-8"))


def _nested(depth: int) -> bytes:
    """A line nested `depth` deep: the line is 1, data 2, the arrays in it the rest."""
    arrays = depth - 2
    return _raw('{"deep":' + "[" * arrays + "]" * arrays + "}")


def _understood() -> list:
    whole = event(LOG, 0)
    reversed_order = {name: whole[name] for name in reversed(whole)}
    longest = eventline.limits.LINE_BYTES
    padding = longest - len(_raw('{"text":""}'))
    everything = event(
        LOG, 7, correlationid=CASE, causationid=f"{LOG}#6~{'ab' * 32}", dedupekey="sipmi/77123/5d0c",
        occurredat="2026-08-13T16:40:00.250+07:00",
    )  # fmt: skip
    return [
        _good("a visit", eventline.encode(whole)),
        _good("every attribute", eventline.encode(everything)),
        _good("occurred in a year", _line(occurredat="2026")),
        _good("occurred in a month", _line(occurredat="2026-08")),
        _good("occurred on 29 February of a leap year", _line(occurredat="2024-02-29")),
        _good("time in UTC", _line(time="2026-08-14T02:12:33Z")),
        _good("clock in 1970", _line(time="1970-01-01T00:00:07+00:00", hlc="000000001b58.0000")),
        _good("clock in 2036", _line(time="2036-02-07T13:28:16+07:00", hlc="01e57d3f6300.ffff")),
        _good("unknown type and version", _line(type="tomorrow.thing_happened",
                                                dataschema="simpul:tomorrow.thing_happened/12")),
        _good("nothing in data", _line(data={})),
        _good("text beyond the basic plane", _raw('{"text":"Sutini \U0001f33e \u00e9"}')),
        _good("surrogates as escapes", _raw('{"text":"\\ud83c\\udf3e"}'), canonical=False),
        _good("an escaped slash", _raw('{"text":"a\\/b"}'), canonical=False),
        _good("the largest integers", _raw('{"a":9007199254740991,"b":-9007199254740991}')),
        _good("a decimal of 15 digits", _raw('{"a":1234567890.12345,"b":-0.5,"c":1.50}')),
        _good("names equal only to the eye", _raw('{"\u00e9":1,"e\u0301":2}')),
        _good("16 levels", _nested(16)),
        _good("65,536 bytes", _raw('{"text":"' + "x" * padding + '"}')),
        _good("unknown member", strictjson.encode({**event(LOG, 0, data=None), "tracestate": "x=1", "data": {}})),
        _good("members in another order", strictjson.encode(reversed_order), canonical=False),
        _good("spaces between members", _raw('{ "a" : 1 ,\t"b":2 }'), canonical=False),
    ]  # fmt: skip


def _bad_json() -> list:
    cut = _line()[:-1]
    too_long = _raw('{"text":"' + "x" * (eventline.limits.LINE_BYTES + 1 - len(_raw('{"text":""}'))) + '"}')
    return [
        _bad("a byte that is not UTF-8", "not-utf8", _raw('{"text":"?"}').replace(b"?", b"\xff")),
        _bad("an overlong form", "not-utf8", _raw('{"text":"?"}').replace(b"?", b"\xc0\xaf")),
        _bad("a surrogate encoded in UTF-8", "not-utf8", _raw('{"text":"?"}').replace(b"?", b"\xed\xa0\x80")),
        _bad("a cut multi-byte character", "not-utf8", _raw('{"text":"?"}').replace(b"?", b"\xe2\x82")),
        _bad("byte order mark", "malformed-json", b"\xef\xbb\xbf" + _line()),
        _bad("duplicate member", "duplicate-key", _raw('{"a":1,"a":1}')),
        _bad("duplicate member, one escaped", "duplicate-key", _raw('{"a":1,"\\u0061":2}')),
        _bad("duplicate attribute", "duplicate-key", b'{"specversion":"1.0",' + _line()[1:]),
        _bad("duplicate deep inside", "duplicate-key", _raw('{"a":[{"b":{"c":1,"d":2,"c":3}}]}')),
        _bad("escaped U+0000", "bad-string", _raw('{"text":"\\u0000"}')),
        _bad("raw U+0000", "bad-string", _raw('{"text":"\0"}')),
        _bad("U+0000 in a name", "bad-string", _raw('{"a\\u0000":1}')),
        _bad("lone high surrogate", "bad-string", _raw('{"text":"\\ud83c"}')),
        _bad("lone low surrogate", "bad-string", _raw('{"text":"\\udf3e"}')),
        _bad("surrogates the wrong way round", "bad-string", _raw('{"text":"\\udf3e\\ud83c"}')),
        _bad("a noncharacter", "bad-string", _raw('{"text":"\uffff"}')),
        _bad("a noncharacter as an escape", "bad-string", _raw('{"text":"\\ufdd0"}')),
        _bad("a noncharacter beyond the basic plane", "bad-string", _raw('{"text":"\\ud83f\\udffe"}')),
        _bad("raw tab in a string", "malformed-json", _raw('{"text":"\t"}')),
        _bad("17 levels", "too-deep", _nested(17)),
        _bad("integer 2^53", "bad-number", _raw('{"a":9007199254740992}')),
        _bad("integer -2^53", "bad-number", _raw('{"a":-9007199254740992}')),
        _bad("integer of 30 digits", "bad-number", _raw('{"a":' + "9" * 30 + "}")),
        _bad("decimal of 16 digits", "bad-number", _raw('{"a":1.234567890123456}')),
        _bad("exponent", "bad-number", _raw('{"a":1e3}')),
        _bad("leading zero", "bad-number", _raw('{"a":01}')),
        _bad("minus zero", "bad-number", _raw('{"a":-0}')),
        _bad("minus zero as a decimal", "bad-number", _raw('{"a":-0.0}')),
        _bad("plus sign", "malformed-json", _raw('{"a":+1}')),
        _bad("point without digits", "malformed-json", _raw('{"a":1.}')),
        _bad("not a number", "malformed-json", _raw('{"a":NaN}')),
        _bad("trailing comma", "malformed-json", _raw('{"a":1,}')),
        _bad("comment", "malformed-json", _raw('{"a":1/*one*/}')),
        _bad("single quotes", "malformed-json", _raw("{'a':1}")),
        _bad("unknown escape", "malformed-json", _raw('{"text":"\\x41"}')),
        _bad("text after the value", "malformed-json", _line() + b"{}"),
        _bad("cut short", "malformed-json", cut),
        _bad("newline inside", "malformed-json", _raw('{\n"a":1}')),
        _bad("nothing but a space", "malformed-json", b" "),
        _bad("65,537 bytes", "too-large", too_long),
    ]


def _bad_attributes() -> list:
    return [
        _bad("not an object", "bad-attribute", b"[]"),
        _bad("no type", "missing-attribute", _line(type=None)),
        _bad("no data", "missing-attribute", _line(data=None)),
        _bad("no clock", "missing-attribute", _line(hlc=None)),
        _bad("another specversion", "bad-attribute", _line(specversion="0.3")),
        _bad("id is a number", "bad-attribute", _line(id=0)),
        _bad("id with a leading zero", "bad-attribute", _line(id="07")),
        _bad("source is no log", "bad-attribute", _line(source="lontar-a")),
        _bad("empty subject", "bad-attribute", _line(subject="")),
        _bad("subject of 257 bytes", "bad-attribute", _line(subject="s" * 257)),
        _bad("time without offset", "bad-attribute", _line(time="2026-08-14T09:12:33")),
        _bad("time with a space", "bad-attribute", _line(time="2026-08-14 09:12:33+07:00")),
        _bad("time at 24:00", "bad-attribute", _line(time="2026-08-14T24:00:00+07:00")),
        _bad("occurred on 30 February", "bad-attribute", _line(occurredat="2026-02-30")),
        _bad("occurred in month 13", "bad-attribute", _line(occurredat="2026-13")),
        _bad("clock in capitals", "bad-attribute", _line(hlc="0198A6B2C3D4.0000")),
        _bad("clock too short", "bad-attribute", _line(hlc="198a6b2c3d4.0")),
        _bad("region with a letter", "bad-attribute", _line(region="36.O4")),
        _bad("schema of another type", "bad-attribute", _line(dataschema="simpul:visit.planned/1")),
        _bad("schema version 0", "bad-attribute", _line(dataschema="simpul:visit.recorded/0")),
        _bad("type of one word", "bad-attribute", _line(type="visit", dataschema="simpul:visit/1")),
        _bad("data is a list", "bad-attribute", _line(data=[])),
        _bad("actor with a newline", "bad-attribute", _line(actor="a\nb")),
        _bad("correlation is null", "bad-attribute", _line().replace(b',"data"', b',"correlationid":null,"data"')),
    ]
