"""digests.json"""

from simpul_protocol import session
from simpul_protocol.encoding import b64

from .cast import CENTRE, HUB, LONTAR_A, LONTAR_B, PERSON, bad, file, good, seed


def make() -> dict:
    return file(
        "Digests (04-session.md). `kind` table: `rows` of log, size, root. receipts: `receipts` of log, holder, kind, "
        "note. keys: `shares` of key, receiver, box (base64). Entries come in any order; `digest` is base64.",
        [*_tables(), *_bad_rows(), *_receipts(), *_keys()],
    )


ROWS = [
    [str(LONTAR_A.log()), 12, b64(seed("root 1"))],
    [str(LONTAR_B.log()), 3, b64(seed("root 2"))],
    [str(HUB.log()), 120, b64(seed("root 3"))],
    [str(HUB.log("36.04.13.2007")), 9, b64(seed("root 4"))],
    [str(CENTRE.log()), 1_000_000, b64(seed("root 5"))],
]


def _tables() -> list:
    branch = [ROWS[0][0], 14, b64(seed("root 6"))]
    nine = [ROWS[0][0], 9, ROWS[0][2]]  # sorts after 12: bytes are compared, not numbers
    tables = {
        "no logs": [],
        "one log": ROWS[:1],
        "five logs": ROWS,
        "five logs, another order": ROWS[::-1],
        "a log with a branch": [*ROWS, branch],
        "sizes sort as bytes": [ROWS[0], nine],
    }
    return [good(name, kind="table", rows=rows, digest=session.table_digest(rows)) for name, rows in tables.items()]


def _bad_rows() -> list:
    log, size, root = ROWS[0]
    rows = {
        "row of two": [log, size],
        "row with a size in quotes": [log, str(size), root],
        "row with a negative size": [log, -1, root],
        "row of no lines": [log, 0, root],
        "row beyond 2^40": [log, 2**40 + 1, root],
        "row with a decimal size": [log, 12.5, root],
        "row with a short root": [log, size, b64(bytes(31))],
        "row with no log name": ["lontar-a", size, root],
    }
    cases = [bad(name, "malformed", kind="table", rows=[row]) for name, row in rows.items()]
    return [*cases, bad("the same row twice", "malformed", kind="table", rows=[ROWS[0], ROWS[0]])]


def _receipts() -> list:
    log = str(LONTAR_A.log())
    receipts = [
        [log, HUB.node, "held", "a note\n"],
        [log, CENTRE.node, "held", "another note\n"],
        [log, CENTRE.node, "counted", "a third note \u2014\n"],
    ]
    return [
        good(name, kind="receipts", receipts=some, digest=session.receipts_digest(some))
        for name, some in {"no receipts": [], "three receipts": receipts}.items()
    ]


def _keys() -> list:
    boxes = [seed("box 1") * 2 + bytes(16), seed("box 2") * 2 + bytes(16)]
    shares = [(f"{PERSON}/1", HUB.place, boxes[0]), (f"{PERSON}/1", LONTAR_B.place, boxes[1])]
    return [
        good(name, kind="keys", shares=[[key, to, b64(box)] for key, to, box in some], digest=session.keys_digest(some))
        for name, some in {"no shares": [], "two shares": shares}.items()
    ]
