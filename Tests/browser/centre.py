"""What an analyst does at the centre: ask, cite, repeat, explain, take along."""

import json
import os

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from chromium import PATIENCE

JULY = "/tanya/departures_by_month?filter=month%3D2026-07"
# What fits a screen beside each other.
FEW_COLUMNS = "&columns=village,departures,procedural,non_procedural,suspected,nonprocedural_share"


def table(app):
    rows = app.driver.find_elements(By.CSS_SELECTOR, "tbody tr")
    return [[cell.text for cell in row.find_elements(By.CSS_SELECTOR, "td, th")] for row in rows]


def health(app, world):
    """Which nodes are in contact; nobody's name."""
    app.go("/")
    app.sees("Kesehatan sinkron", "susukan-a", "diam")
    assert "Rohmah" not in app.text


def ask(app, world):
    """A question from the list of models; the answer says who has not reported, and its cut."""
    app.go("/tanya")
    app.press("departures_by_month", within="li:has(> a[href='/tanya/departures_by_month'])")
    app.fill("filter", "month=2026-07")
    app.unfold("Pilihan lain")
    app.fill("sort", "-departures")
    app.submit("filter")
    app.sees("4 dari 5", "Belum melapor:", "susukan-a", "potongan", "3 baris")
    names = [one.text for one in app.driver.find_elements(By.CLASS_NAME, "heading-name")]
    departures = [int(row[names.index("departures")]) for row in table(app)]
    assert departures == sorted(departures, reverse=True) and sum(departures) == 5, table(app)


def refuse(app, world):
    """A filter that cannot be read is named, and what was typed stays."""
    app.go("/tanya/departures_by_month")
    app.fill("filter", "bulan=2026-07")
    app.submit("filter")
    app.sees("Tidak ada kolom “bulan”")
    assert app.driver.find_element(By.NAME, "filter").get_attribute("value") == "bulan=2026-07"


def repeat(app, world):
    """Late records change the figure; asked as of its cut, the cited one comes back as it was."""
    app.go(JULY)
    before = table(app)
    app.press("Ulangi pada potongan ini")
    cited = app.driver.current_url[len(app.base):]
    assert table(app) == before
    world.late()
    app.go(JULY)
    app.sees("dinyatakan ulang")
    assert table(app) != before, before
    app.go(cited)
    app.sees("Ini jawaban seperti diketahui pada potongan")
    assert table(app) == before, (table(app), before)
    app.press("Lihat yang sekarang")
    assert table(app) != before


def restatement(app, world):
    """The published figure that changed: old, new, and the records that changed it."""
    app.go(JULY)
    app.press("Lihat sebabnya")
    old, new = (one.text for one in app.driver.find_elements(By.CSS_SELECTOR, ".old-new .big"))
    assert (old, new) == ("5", "8"), (old, new)
    app.sees("Sebabnya: 3 catatan", "27 Juli 2026", "datang kemudian")


def download(app, world):
    """CSV and JSON of the answer on the screen, through the session; the command answers the same."""
    app.go(JULY)
    for text, suffix in (("Unduh CSV", "csv"), ("Unduh JSON", "json")):
        link = [a for a in app.driver.find_elements(By.CSS_SELECTOR, "main a") if a.text == text][0]
        link.send_keys(Keys.ENTER)

        def arrived(_):
            names = [name for name in os.listdir(world.downloads) if name.endswith("." + suffix)]
            return os.path.join(world.downloads, names[0]) if names else None

        path = WebDriverWait(app.driver, PATIENCE).until(arrived)
        cut = path.rsplit("-cut", 1)[1].split(".")[0]
        wanted = world.run(
            "query", "departures_by_month", "--where", "month=2026-07", "--as-of-cut", cut, "--format", suffix,
            node="pusat").stdout
        with open(path) as file:
            got = file.read()
        if suffix == "json":
            wanted, got = json.loads(wanted)["rows"], json.loads(got)["rows"]
        assert got == wanted, f"{path}\n{got}\n{wanted}"


JOURNEYS = [health, ask, refuse, repeat, restatement, download]
