"""names.json"""

from simpul_protocol import names

from .cast import bad, file, good

EPOCH = "9f2c44d0a1b2c3d4"


def make() -> dict:
    return file(
        "Names (02-log.md). `kind` is node, epoch, region, log or reference; `text` is the name; `scope` lists, for a "
        "log, whether it is in the scope of a region.",
        [*_nodes(), *_regions(), *_logs(), *_references()],
    )


def _all(kind: str, valid: list, invalid: list) -> list:
    cases = [good(f"{kind} {text}", kind=kind, text=text) for text in valid]
    return cases + [bad(f"{kind} {text!r:.60}", "bad-name", kind=kind, text=text) for text in invalid]


def _nodes() -> list:
    return _all(
        "node",
        ["lontar-a", "hub-serang", "pusat", "7", "a" * 40],
        ["", "-a", "Lontar", "lontar_a", "lontar a", "lontär", "a" * 41, "a/b", "a\n", "lontar-\u0430"],
    ) + _all("epoch", [EPOCH, "0" * 16], ["", EPOCH[:-1], EPOCH + "0", EPOCH.upper()])


def _regions() -> list:
    return _all(
        "region",
        ["id", "36", "36.04", "36.04.13", "36.04.13.2007"],
        ["", "ID", "3", "036", "36.", "36.4", "36.04.1", "36.04.13.207", "36.04.13.2007.1", "36-04", "local", "٣٦"],
    )


def _logs() -> list:
    village = f"lontar-a/36.04.13.2007:main/{EPOCH}"
    cases = _all(
        "log",
        [f"pusat/id:intake/{EPOCH}", f"lontar-a/local:intake/{EPOCH}"],
        [
            "", "lontar-a", f"lontar-a/36.04.13.2007/{EPOCH}", f"lontar-a/36.04.13.2007:/{EPOCH}",
            f"lontar-a/36.04.13.2007:Main/{EPOCH}", f"lontar-a/36.04.13.2007:{'a' * 13}/{EPOCH}",
            f"lontar-a/:main/{EPOCH}", f"/id:main/{EPOCH}", f"pusat/id:main/{EPOCH}/", f"pusat/id:main/{EPOCH[:8]}",
            f"../id:main/{EPOCH}", f"pusat/id:main:x/{EPOCH}", f"pusat/id:main/{EPOCH}\n", f" pusat/id:main/{EPOCH}",
        ],
    )  # fmt: skip
    regions = ["id", "36", "36.04", "36.04.13", "36.04.13.2007", "36.04.13.2008", "36.05", "35", "36.04.14"]
    for text in [village, f"hub-serang/36.04:main/{EPOCH}", f"pusat/id:main/{EPOCH}", f"lontar-a/local:main/{EPOCH}"]:
        log = names.LogName.parse(text)
        scope = {region: names.in_scope(log.audience, region) for region in regions}
        cases.append(good(f"scope of {text}", kind="log", text=text, scope=scope))
    return cases


def _references() -> list:
    log, leaf = f"lontar-a/36.04.13.2007:main/{EPOCH}", "c0de" * 16
    return _all(
        "reference",
        [f"{log}#0~{leaf}", f"{log}#1099511627776~{leaf}"],
        [
            log, f"{log}#~{leaf}", f"{log}#01~{leaf}", f"{log}#-1~{leaf}", f"{log}#1~{leaf[:-1]}",
            f"{log}#1~{leaf.upper()}", f"{log}#1", f"{log}#1099511627777~{leaf}", f"{log}#9999999999999999999~{leaf}",
        ],
    )  # fmt: skip
