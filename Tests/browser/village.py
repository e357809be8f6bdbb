"""What an organizer does in the village, while neither hub nor centre can be reached."""

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from chromium import follow

CONSENT = (
    ("consent.purposes", "protection"), ("consent.purposes", "referral"), ("consent.form", "witnessed_oral"),
    ("consent.language", "jv"), ("consent.given_by", "self"), ("consent.witness", "Sekdes Lontar"),
)
PASSPHRASE = "ladang padi di pagi hari"
YES = ("R01", "R02", "R03", "R05")


def sign_up(app):
    """The first start makes the first account."""
    app.go("/")
    app.fill_all(("name", "Siti"), ("role", "community_organizer"), ("secret", "2846"), ("again", "2846"))
    app.submit("again")
    app.sees("Papan hari ini")


def register(app, name):
    app.go("/orang/baru")
    app.fill_all(*CONSENT)
    app.submit("consent.witness")
    app.fill_all(
        ("person.full_name", name), ("person.birth_year", "1998"), ("person.sex", "F"), ("person.role", "cpmi"),
        ("person.stage", "before"), ("visit.purpose", "first_contact"), ("visit.channel", "home"))
    app.submit("person.full_name")
    app.sees(name, "Tersimpan di laptop ini")


def board(app, world):
    """Today's board: the warning, whom to see first, visits due, cases waiting, where the records stand."""
    app.go("/")
    app.sees("Visa umrah dan ziarah bukan visa kerja")
    assert "Rohmah binti Sarkim" in app.section("Perlu didatangi lebih dulu")
    assert "Kritis" in app.section("Perlu didatangi lebih dulu")
    app.section("Kunjungan jatuh tempo")
    assert "Rohmah binti Sarkim" in app.section("Kasus menunggu")
    assert "Tersimpan" in app.section("Di mana catatan kita")


def registration(app, world):
    """Consent, person and visit at the door; found by a part of the name."""
    register(app, "Murni Wulandari")
    app.go("/orang")
    app.fill("name", "wulan")
    app.submit("name")
    app.sees("1 orang ditemukan", "Murni Wulandari")
    app.press("Murni Wulandari")
    app.sees("Data diri", "3 catatan")


def screening(app, world):
    """A screening from the board: the level, its reasons, and a case that begins filled in."""
    app.go("/")
    app.press("Penapisan risiko")
    app.fill("name", "murni")
    app.submit("name")
    app.press("Murni Wulandari")
    app.fill_all(
        ("screened_on", "2026-08-04"), ("country", "SA"), ("sector", "domestic"), ("visa", "ziarah"),
        ("departure_on", "2026-08-16"), ("safe_to_contact", "true"), ("safe_channel", "phone"))
    questions = {
        field.get_attribute("name") for field in app.driver.find_elements(By.CSS_SELECTOR, "input[name^='answers.R']")}
    codes = sorted(name.split(".")[1] for name in questions if name.count(".") == 1)
    assert len(codes) > 10, codes
    for code in codes:
        app.fill(f"answers.{code}", "yes" if code in YES else "no")
        if code in YES:
            app.fill(f"answers.{code}.evidence", "self")
    app.submit("screened_on")
    app.sees("Tingkat risiko: Kritis", "Jangan konfrontasi perekrut", "Alasannya", "pemicu keras")
    reasons = app.driver.find_elements(By.CSS_SELECTOR, ".reasons li")
    assert len(reasons) >= len(YES), [reason.text for reason in reasons]
    app.press("Buka kasus sekarang")
    app.fill_all(
        ("opened_on", "2026-08-04"), ("reporter_kind", "organizer"), ("stage", "before"),
        ("summary", "Berangkat 16 Agustus dengan visa ziarah"), ("immediate_danger", "true"),
        ("safe_channel", "phone"))
    app.submit("summary")
    app.sees("Tersimpan di laptop ini")
    app.go("/kasus")
    app.sees("Murni Wulandari", "Bahaya sekarang")


def licence(app, world):
    """Whether a company may send people, on a day, from the list that came with the last sync."""
    app.go("/izin")
    app.fill_all(("name", "bahari"), ("day", "2026-08-04"))
    app.submit("day")
    app.sees("PT Contoh Bahari Mandiri", "Berizin, tanpa batas akhir", "Daftar dari pusat berisi 6 perusahaan")
    app.fill_all(("name", "Jaya Abadi Makmur"), ("day", "2026-08-04"))
    app.submit("day")
    app.sees("Tidak ada di daftar", "Anggap tidak berizin")


def correction(app, world):
    """A wrong note is corrected; the old one stays in the history."""
    register(app, "Nining Rahayu")
    app.press("Kunjungan", within=".records")
    app.press("Perbaiki")
    app.fill_all(("note", "Suami tidak di rumah"), ("reason", "typo"))
    app.submit("note")
    app.sees("Riwayat perbaikan", "Suami tidak di rumah")


def mistake(app, world):
    """A form with a mistake says what is wrong beside the field, keeps what was typed and saves nothing."""
    app.go("/orang/baru")
    app.fill("consent.form", "witnessed_oral")
    app.submit("consent.form")
    app.sees("Belum tersimpan")
    assert app.driver.find_elements(By.CSS_SELECTOR, "[aria-invalid=true]"), app.text


def held_up(app, world):
    """A record of a type that hub and centre do not know is held there, and the village reads why."""
    app.go("/")
    assert "1 catatan tertahan: Pusat belum mengenal jenis catatan ini." in app.section("Di mana catatan kita")
    app.go("/orang")
    app.fill("name", "rohmah")
    app.submit("name")
    app.press("Rohmah binti Sarkim")
    path = app.driver.find_element(By.CSS_SELECTOR, "ol.path").text
    assert all(step in path for step in ("Tersimpan", "Di hub", "Di pusat", "Terhitung")), path
    app.go(world.held)
    app.sees("Pusat belum mengenal jenis catatan ini.")
    assert app.driver.find_elements(By.CSS_SELECTOR, ".path li.held"), app.text


def keyboard(app, world):
    """The first stop of the Tab key is the link to the content, and it can be seen."""
    app.go("/")
    app.driver.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB)
    focused = app.driver.switch_to.active_element
    assert focused.tag_name == "a" and "#" in (focused.get_attribute("href") or ""), focused.tag_name
    assert focused.value_of_css_property("outline-style") != "none", "focus is not visible"
    place = focused.rect
    assert place["x"] >= 0 and place["y"] >= 0, place


def pages(app, world):
    """Every page linked from the board opens, in Indonesian."""
    app.go("/")
    links = {a.get_attribute("href") for a in app.driver.find_elements(By.CSS_SELECTOR, "a[href]")}
    for link in sorted(one for one in links if one.startswith(app.base) and "#" not in one):
        app.go(link[len(app.base):])
        assert app.driver.find_element(By.TAG_NAME, "html").get_attribute("lang") == "id", link


def answered(app, world):
    """What the hub wrote has come with the next sync: the task stands on the board and in the case."""
    app.go("/")
    assert "Rohmah binti Sarkim" in app.section("Kabar dari hub")
    app.press("Rohmah binti Sarkim", within="section[aria-labelledby=answers-title]")
    app.sees("Tugas dari hub", "Dampingi ke kantor BP3MI hari ini", "Diterima")


def hide(app):
    """Esc, and what is on the screen then."""
    follow(app.driver, lambda: app.driver.switch_to.active_element.send_keys(Keys.ESCAPE))
    assert app.driver.current_url == app.base + "/kalender", app.driver.current_url
    app.look()
    assert app.driver.title == "Kalender", app.driver.title
    source = app.driver.page_source
    assert not any(word in source for word in ("Simpul", "Rohmah", "Siti", "lontar", "Migran")), source


def hidden(app, world):
    """Esc hides everything at once; a first one in a field loses nothing typed. Nobody gets back without the PIN."""
    app.go("/catat/recruiter.sighted")
    field = app.driver.find_element(By.NAME, "name_or_alias")
    field.send_keys("Bang Udin", Keys.ESCAPE)
    assert app.driver.current_url == app.base + "/catat/recruiter.sighted", "a stray key in a field"
    assert field.get_attribute("value") == "Bang Udin"
    hide(app)
    follow(app.driver, app.driver.back)
    assert "name_or_alias" not in app.driver.page_source, "the browser kept the page"
    app.go("/orang")
    assert app.driver.current_url == app.base + "/masuk", app.driver.current_url
    app.sign_in("Siti", "2846")
    app.go("/orang")
    app.sees("Rohmah binti Sarkim")


def locked(app, world):
    """With a passphrase Esc also locks the laptop: the PIN alone opens no name."""
    world.run("passphrase", "set", "--passphrase-file", "-", node="lontar-a", text=PASSPHRASE + "\n")
    app.go("/orang")
    hide(app)
    app.go("/masuk")
    assert app.driver.current_url == app.base + "/buka", app.driver.current_url
    app.fill("passphrase", "perahu biru tanpa layar")
    app.submit("passphrase")
    app.sees("Kata sandi simpul salah")
    app.fill("passphrase", PASSPHRASE)
    app.submit("passphrase")
    app.sign_in("Siti", "2846")
    app.go("/orang")
    app.sees("Rohmah binti Sarkim")


OFFLINE = [board, registration, screening, licence, correction, mistake, held_up, keyboard, pages]
LATER = [answered, hidden, locked]
