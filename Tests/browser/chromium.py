"""Headless Chromium as a phone held in one hand: 360 px, no name but 127.0.0.1, every page looked at."""

import base64
import json
import os

from axe_core_python.selenium import Axe
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

WIDTH, HEIGHT = 360, 780
PATIENCE = 30


def browser(downloads):
    options = webdriver.ChromeOptions()
    for argument in (
        "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--ignore-certificate-errors", "--lang=id",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", f"--window-size={WIDTH},{HEIGHT}",
        "--force-device-scale-factor=1", "--hide-scrollbars",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    wide(driver, WIDTH)
    driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": downloads})
    return driver


def wide(driver, width, height=HEIGHT):
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600})


def follow(driver, action):
    """Does what leaves the page, and waits for the next one."""
    driver.execute_script("window.isLeft = true")
    action()

    def arrived(driver):
        try:
            return driver.execute_script("return !window.isLeft && document.readyState === 'complete'")
        except WebDriverException:
            return False  # between two pages

    WebDriverWait(driver, PATIENCE).until(arrived)


class App:
    """The pages of one node. Whatever it visits is held against the rules of `look`."""

    def __init__(self, driver, base):
        self.driver, self.base = driver, base
        self.findings = []
        self.visited = 0

    def go(self, path):
        self.driver.get(self.base + path)
        self.look()

    def look(self):
        """Every page seen is held against the accessibility rules, fits the width, and has one main heading."""
        self.visited += 1
        place = self.driver.current_url
        for violation in Axe().run(self.driver)["violations"]:
            if violation["impact"] in ("serious", "critical"):
                where = "; ".join(str(node["target"]) for node in violation["nodes"][:3])
                self.findings.append(f"{place}: {violation['id']} ({violation['impact']}): {where}")
        if self.driver.execute_script("return document.documentElement.scrollWidth > innerWidth + 1"):
            self.findings.append(f"{place}: wider than the screen")
        if len(self.driver.find_elements(By.TAG_NAME, "h1")) != 1:
            self.findings.append(f"{place}: not one main heading")

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

    def fill_all(self, *pairs):
        for name, value in pairs:
            self.fill(name, value)

    def submit(self, name):
        """Presses, by keyboard, the button of the form that has the field `name`."""
        field = self.driver.find_elements(By.NAME, name)[0]
        form = field.find_element(By.XPATH, "ancestor::form")
        button = form.find_elements(By.CSS_SELECTOR, "button[type=submit], button:not([type])")[-1]
        follow(self.driver, lambda: button.send_keys(Keys.ENTER))
        self.look()

    def unfold(self, text):
        """Opens, by keyboard, what is folded away under a text."""
        summary = [one for one in self.driver.find_elements(By.TAG_NAME, "summary") if text in one.text][0]
        summary.send_keys(Keys.ENTER)

    def press(self, text, within="main"):
        """Follows, by keyboard, the first link in `within` whose text has `text`."""
        links = [a for a in self.driver.find_elements(By.CSS_SELECTOR, f"{within} a[href]") if text in a.text]
        assert links, f"no link “{text}” on {self.driver.current_url}:\n{self.text}"
        follow(self.driver, lambda: links[0].send_keys(Keys.ENTER))
        self.look()

    def sign_in(self, name, secret):
        self.go("/masuk")
        if self.driver.find_elements(By.CSS_SELECTOR, "input[name=name][type=radio]"):
            self.fill("name", name)
        else:
            field = self.driver.find_element(By.NAME, "name")
            assert field.get_attribute("value") == "", "the page tells who has an account"
            field.send_keys(name)
        self.driver.find_element(By.NAME, "secret").send_keys(secret)
        self.submit("secret")
        assert "/masuk" not in self.driver.current_url, self.text

    @property
    def text(self):
        return self.driver.find_element(By.TAG_NAME, "body").text

    def sees(self, *texts):
        for text in texts:
            assert text in self.text, f"no “{text}” on {self.driver.current_url}:\n{self.text}"

    def section(self, title):
        """The text of the section with a heading."""
        for section in self.driver.find_elements(By.TAG_NAME, "section"):
            headings = section.find_elements(By.TAG_NAME, "h2")
            if headings and headings[0].text.startswith(title):
                return section.text
        raise AssertionError(f"no section “{title}” on {self.driver.current_url}:\n{self.text}")


def requests_elsewhere(driver, bases):
    elsewhere = set()
    for entry in driver.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            url = message["params"]["request"]["url"]
            if url.startswith("http") and not url.startswith(tuple(bases)):
                elsewhere.add(url)
    return elsewhere


def picture(driver, path, width=WIDTH, at_most=1_100):
    """Takes the page from its top, with the bar at the foot where a screen of that height has it."""
    wide(driver, width)
    height = driver.execute_script("return document.documentElement.scrollHeight")
    wide(driver, width, min(height, at_most))
    shot = driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})
    with open(path, "wb") as file:
        file.write(base64.b64decode(shot["data"]))
    wide(driver, WIDTH)
    print(os.path.basename(path))
