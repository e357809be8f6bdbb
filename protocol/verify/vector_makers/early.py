"""early.json"""

from simpul_protocol import eventline
from simpul_protocol.merkle import leaf_hash

from .cast import HUB, LONTAR_A, bad, event, file, good


def make() -> dict:
    return file(
        "Early lines (04-session.md). `kind` line: `record` is an early record, `sequence` its place. ask: `ask` is the "
        "member `early` of a hello, `lines` how many it says to have.",
        [*_lines(), *_asks()],
    )


LOG = LONTAR_A.log()
OTHER = str(HUB.log("36.04.13.2007"))


def _record(line: bytes, log=LOG, sequence: int = 7) -> dict:
    return {"early": f"{log}#{sequence}~{leaf_hash(line).hex()}", "line": line.decode("utf-8")}


def _lines() -> list:
    line = eventline.encode(event(LOG, 7))
    accented = eventline.encode(event(LOG, 7, actor="a-\u00e9"))
    other = eventline.encode(event(LOG, 8))
    record = _record(line)
    wrong = {
        "without its line": {"early": record["early"]},
        "without the hash": {**record, "early": f"{LOG}#7"},
        "with the hash of another line": {**record, "early": f"{LOG}#7~{leaf_hash(other).hex()}"},
        "a space more than was hashed": {**record, "line": record["line"] + " "},
        "of another place": _record(other),
        "of another log": _record(line, log=OTHER),
        "that is no event": _record(b"not an event"),
    }
    return [
        good("a line", kind="line", record=record, sequence=7),
        good("a line beyond ASCII", kind="line", record=_record(accented), sequence=7),
        *(bad(name, "malformed", kind="line", record=value) for name, value in wrong.items()),
    ]


def _asks() -> list:
    log = str(LOG)
    right = {
        "nothing yet": ([], 0),
        "one line": ([[log, "0"]], 1),
        "runs and single lines of two logs": ([[log, "0-5,9,12-13"], [OTHER, "3"]], 10),
    }
    wrong = {
        "ranges that overlap": "0-5,5",
        "ranges that touch": "0-5,6",
        "ranges in another order": "9,0-5",
        "a range that goes back": "5-3",
        "a range of one": "4-4",
        "a zero too many": "07",
        "no end": "3-",
        "empty ranges": "",
        "a line beyond 2^40": "1099511627776",
    }
    asks = [
        good(name, kind="ask", ask={"max": 786432, "have": have}, lines=count) for name, (have, count) in right.items()
    ]
    asks += [
        bad(name, "malformed", kind="ask", ask={"max": 786432, "have": [[log, text]]}) for name, text in wrong.items()
    ]
    many = ",".join(str(number * 2) for number in range(4_097))
    return [
        *asks,
        bad("without max", "malformed", kind="ask", ask={"have": []}),
        bad("a negative max", "malformed", kind="ask", ask={"max": -1, "have": []}),
        bad("one log twice", "malformed", kind="ask", ask={"max": 1, "have": [[log, "0"], [log, "4"]]}),
        bad("too many ranges", "too-large", kind="ask", ask={"max": 1, "have": [[log, many]]}),
    ]
