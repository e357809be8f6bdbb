"""erasure.json"""

from simpul_protocol import erasure, eventline

from .cast import CASE, HUB, LONTAR_A, PERSON, event, file, good

HOUSEHOLD = "11c9df64-db34-4c56-8821-715253ba1111"
KEYS = [f"{PERSON}/1", f"{PERSON}/731004", f"{PERSON}/1000001", f"{HOUSEHOLD}/5", f"{HOUSEHOLD}/999999",
        f"{HOUSEHOLD}/1000000", f"{CASE}/1"]  # fmt: skip


def make() -> dict:
    data = {"person_id": PERSON, "reason": "request", "ordered_at": "2026-08-14T09:12:33+07:00"}
    also = {**data, "also": [{"holder": HOUSEHOLD, "through": 999_999}]}
    return file(
        "Orders of erasure (06-personal-data.md). `line` by a node of `role` and `region` makes the keys `erased`, of those in `keys`; "
        "no share of them is kept or taken.",
        [
            _case("a person", HUB, data),
            _case("a person, and a household's keys up to a number", HUB, also),
            _case("by a village", LONTAR_A, also),
            _case("by a hub, for the nation around its region", HUB, also, audience="id"),
            _case("whose person is not its subject", HUB, {**data, "person_id": CASE}),
            _case("without a person", HUB, {"reason": "request"}),
            _case("of another type", HUB, also, type="privacy.erasure_confirmed"),
            _case("with entries that are none", HUB, {**data, "also": [
                "x", 5, {"holder": HOUSEHOLD}, {"holder": HOUSEHOLD, "through": 0}, {"holder": CASE, "through": 1},
            ]}),  # fmt: skip
        ],
        keys=KEYS,
    )


def _case(name: str, author, data: dict, type: str = erasure.TYPE, audience: str = "36.04.13.2007") -> dict:
    log = author.log(audience, "urgent")
    line = eventline.encode(event(log, 0, type=type, dataschema=f"simpul:{type}/1", data=data))
    orders = erasure.orders(line, author.role, author.region)
    erased = [key for key in KEYS if any(order.covers(key) for order in orders)]
    return good(name, role=author.role, region=author.region, line=line.decode(), erased=erased)
