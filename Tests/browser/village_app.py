#!/usr/bin/env python3
"""The village app as an organizer meets it: headless Chromium at 360 px, the network off, no script needed.

usage: village_app.py --simpul PATH journeys|screenshots

The node and its hub are real processes; Chromium resolves no name but 127.0.0.1. Prints `N passed, N failed`.
"""

import argparse
import base64
import json
import os
import sys

from axe_core_python.selenium import Axe
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(ROOT, "fixtures", "demo"))

from play import Story  # noqa: E402
from world import World  # noqa: E402

IMAGES = os.path.join(ROOT, "docs", "images")


def browser(width=360, height=780):
    options = webdriver.ChromeOptions()
    for argument in (
        "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--ignore-certificate-errors", "--lang=id",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", f"--window-size={width},{height}",
        "--force-device-scale-factor=1", "--hide-scrollbars",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600})
    return driver


def follow(driver, action):
    """Does what leaves the page, and waits for the next one."""
    driver.execute_script("window.isLeft = true")
    action()

    def arrived(driver):
        try:
            return driver.execute_script("return !window.isLeft && document.readyState === 'complete'")
        except WebDriverException:
            return False  # between two pages

    WebDriverWait(driver, 20).until(arrived)


class App:
    def __init__(self, driver, base):
        self.driver, self.base = driver, base
        self.findings = []
        self.visited = 0

    def go(self, path):
        self.driver.get(self.base + path)
        self.look()

    def look(self):
        """Every page seen is held against the accessibility rules, and must fit the width."""
        self.visited += 1
        results = Axe().run(self.driver)
        for violation in results["violations"]:
            if violation["impact"] in ("serious", "critical"):
                where = "; ".join(str(node["target"]) for node in violation["nodes"][:3])
                self.findings.append(f"{self.driver.current_url}: {violation['id']} ({violation['impact']}): {where}")
        wide = self.driver.execute_script("return document.documentElement.scrollWidth > innerWidth + 1")
        if wide:
            self.findings.append(f"{self.driver.current_url}: wider than the screen")

    def fill(self, name, value):
        fields = self.driver.find_elements(By.NAME, name)
        assert fields, f"no field {name} on {self.driver.current_url}"
        # A hidden field of the same name may stand before the choices.
        fields = [one for one in fields if one.get_attribute("type") != "hidden"] or fields
        field = fields[0]
        kind = field.get_attribute("type")
        if field.tag_name == "select":
            Select(field).select_by_value(value)
        elif kind in ("radio", "checkbox"):
            chosen = [one for one in fields if one.get_attribute("value") == value]
            assert chosen, f"no choice {value} of {name}"
            if not chosen[0].is_selected():
                chosen[0].send_keys(Keys.SPACE)
            assert chosen[0].is_selected(), f"{value} of {name} cannot be chosen by keyboard"
        elif kind in ("date", "datetime-local"):
            self.driver.execute_script("arguments[0].value = arguments[1]", field, value)
        else:
            field.clear()
            field.send_keys(value)

    def submit(self, name):
        """Presses, by keyboard, the button of the form that has the field `name`."""
        field = self.driver.find_elements(By.NAME, name)[0]
        form = field.find_element(By.XPATH, "ancestor::form")
        button = form.find_elements(By.CSS_SELECTOR, "button[type=submit], button:not([type])")[-1]
        follow(self.driver, lambda: button.send_keys(Keys.ENTER))
        self.look()

    @property
    def text(self):
        return self.driver.find_element(By.TAG_NAME, "body").text

    def requests_elsewhere(self):
        elsewhere = set()
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                url = message["params"]["request"]["url"]
                if url.startswith("http") and not url.startswith(self.base):
                    elsewhere.add(url)
        return elsewhere


def sign_up(app):
    app.go("/")
    for name, value in (("name", "Siti"), ("role", "community_organizer"), ("secret", "2846"), ("again", "2846")):
        app.fill(name, value)
    app.submit("again")
    assert "Papan hari ini" in app.text, app.text


def register(app):
    app.go("/orang/baru")
    for name, value in (
        ("consent.purposes", "protection"), ("consent.purposes", "referral"), ("consent.form", "witnessed_oral"),
        ("consent.language", "jv"), ("consent.given_by", "self"), ("consent.witness", "Sekdes Lontar"),
    ):
        app.fill(name, value)
    app.submit("consent.witness")
    assert app.driver.find_elements(By.NAME, "person.full_name"), app.text
    for name, value in (
        ("person.full_name", "Rohmah Wulandari"), ("person.birth_year", "1998"), ("person.sex", "F"),
        ("person.role", "cpmi"), ("person.stage", "before"), ("visit.purpose", "first_contact"),
        ("visit.channel", "home"),
    ):
        app.fill(name, value)
    app.submit("person.full_name")
    assert "Rohmah Wulandari" in app.text and "Tersimpan" in app.text, app.text


def journey_registration(app, world):
    """J1: consent, person and visit at the door; found by a part of the name."""
    register(app)
    app.go("/orang")
    app.fill("name", "wulan")
    app.submit("name")
    assert "Rohmah Wulandari" in app.text, app.text


def journey_mistake(app, world):
    """A form with a mistake says what is wrong beside the field, keeps what was typed and saves nothing."""
    app.go("/orang/baru")
    app.fill("consent.form", "witnessed_oral")
    app.submit("consent.form")
    assert app.driver.find_elements(By.CSS_SELECTOR, "[aria-invalid=true], .error, [role=alert]"), app.text


def journey_keyboard(app, world):
    """The board is reached and left by keyboard: the first stop of the Tab key is the link to the content."""
    app.go("/")
    app.driver.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB)
    focused = app.driver.switch_to.active_element
    assert focused.tag_name == "a" and "#" in (focused.get_attribute("href") or ""), focused.tag_name
    outline = focused.value_of_css_property("outline-style")
    assert outline != "none" or focused.is_displayed(), "focus is not visible"


def journey_pages(app, world):
    """Every page linked from the board opens, in Indonesian and with one main heading."""
    app.go("/")
    links = {a.get_attribute("href") for a in app.driver.find_elements(By.CSS_SELECTOR, "a[href]")}
    for link in sorted(one for one in links if one.startswith(app.base) and "#" not in one):
        if "keluar" in link or "lang" in link:
            continue
        app.driver.get(link)
        app.look()
        assert len(app.driver.find_elements(By.TAG_NAME, "h1")) == 1, link
        assert app.driver.find_element(By.TAG_NAME, "html").get_attribute("lang") == "id", link


JOURNEYS = [journey_registration, journey_mistake, journey_keyboard, journey_pages]


def journeys(world):
    driver = browser()
    app = App(driver, f"http://127.0.0.1:{world.start('lontar-a', 'app', '--port', '0')}")
    passed, failed = 0, []
    try:
        sign_up(app)
        for journey in JOURNEYS:
            try:
                journey(app, world)
                passed += 1
            except Exception as error:  # noqa: BLE001: a broken journey is reported, the others still run
                failed.append(f"{journey.__name__}: {type(error).__name__}: {str(error)[:600]}")
        for name, problems in (
            ("no serious accessibility finding", app.findings),
            ("no request but to the node", sorted(app.requests_elsewhere())),
        ):
            if problems:
                failed.append(name + ": " + "\n    ".join(problems))
            else:
                passed += 1
    finally:
        driver.quit()
    for line in failed:
        print("failed:", line)
    print(f"{app.visited} pages looked at")
    print(f"{passed} passed, {len(failed)} failed")
    return 1 if failed else 0


def picture(driver, name):
    size = driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
    shot = driver.execute_cdp_cmd("Page.captureScreenshot", {
        "captureBeyondViewport": True,
        "clip": {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 1100), "scale": 1}})
    os.makedirs(IMAGES, exist_ok=True)
    with open(os.path.join(IMAGES, name), "wb") as file:
        file.write(base64.b64decode(shot["data"]))
    print(name)


def sign_in(driver, base, name, secret):
    driver.get(base + "/masuk")
    field = driver.find_elements(By.NAME, "name")
    if field[0].tag_name == "select":
        Select(field[0]).select_by_visible_text(name)
    else:
        field[0].send_keys(name)
    follow(driver, lambda: driver.find_element(By.NAME, "secret").send_keys(secret + Keys.ENTER))


def screenshots(world):
    story = Story(world)
    for scene in ("preparation", "july", "critical"):
        story.play(scene)
        world.sync_everything()
    story.play("answer", only={"hub-serang"})
    for node in ("lontar-a", "hub-serang"):
        world.sync(node)
    world.settle()
    world.run("account", "add", "Siti", "--role", "community_organizer", "--password-file", "-", node="lontar-a", text="2846\n")
    for node, name, role in (("hub-serang", "Dewi", "hub_officer"), ("pusat", "Arif", "analyst")):
        world.run("account", "add", name, "--role", role, "--password-file", "-", node=node, text="sandi-demo-2026\n")
    driver = browser()
    base = f"http://127.0.0.1:{world.start('lontar-a', 'app', '--port', '0')}"
    sign_in(driver, base, "Siti", "2846")
    driver.get(base + "/")
    picture(driver, "village-board.png")
    driver.get(driver.find_elements(By.PARTIAL_LINK_TEXT, "Rohmah")[0].get_attribute("href"))
    picture(driver, "screening.png")
    driver.quit()
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--simpul", required=True)
    parser.add_argument("what", choices=["journeys", "screenshots"])
    options = parser.parse_args()
    world = World(options.simpul)
    try:
        world.build()
        return journeys(world) if options.what == "journeys" else screenshots(world)
    finally:
        world.close()


if __name__ == "__main__":
    sys.exit(main())
