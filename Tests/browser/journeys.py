#!/usr/bin/env python3
"""The pages as people meet them: headless Chromium at 360 px, the network off, no script needed.

usage: journeys.py --simpul PATH journeys|screenshots

Centre, hub and laptops are real processes. Prints what failed, and `N passed, N failed`.
"""

import argparse
import os
import sys
import traceback

import centre
import hub
import village
from chromium import App, browser, picture, requests_elsewhere
from morning_after import PASSWORD, ROOT, MorningAfter

IMAGES = os.path.join(ROOT, "docs", "images")


class Run:
    def __init__(self, world):
        self.world = world
        self.passed, self.failed = 0, []

    def play(self, app, *journeys):
        for journey in journeys:
            name = f"{journey.__module__}.{journey.__name__}"
            try:
                journey(app, self.world)
                self.passed += 1
            except (Exception, SystemExit) as error:  # noqa: BLE001: a broken journey is reported, the others still run
                where = traceback.extract_tb(error.__traceback__)[1]
                self.failed.append(f"{name}, line {where.lineno}: {type(error).__name__}: {str(error)[:1200]}")

    def expect(self, name, problems):
        if problems:
            self.failed.append(name + ": " + "\n    ".join(sorted(problems)))
        else:
            self.passed += 1


def apps(world, driver):
    def address(scheme, port):
        return f"{scheme}://127.0.0.1:{port}"

    return (
        App(driver, address("http", world.start("lontar-a", "app", "--port", "0"))),
        App(driver, address("https", world.ports["hub-serang", "serve"])),
        App(driver, address("https", world.ports["pusat", "serve"])),
    )


def journeys(world):
    driver = browser(world.downloads)
    run = Run(world)
    try:
        laptop, office, capital = apps(world, driver)
        ports = {node: world.ports[node, "serve"] for node in ("hub-serang", "pusat")}
        for node in ports:
            world.stop(node, "serve")
        run.play(laptop, lambda app, world: village.sign_up(app), *village.OFFLINE)
        for node, port in ports.items():
            world.start(node, "serve", "--port", str(port), *world.tls)
        run.play(office, lambda app, world: app.sign_in("Dewi", PASSWORD), *hub.JOURNEYS)
        world.sync("lontar-a")
        # The same browser, the same host: the session of the hub has not taken that of the laptop.
        run.play(laptop, *village.LATER)
        run.play(capital, lambda app, world: app.sign_in("Arif", PASSWORD), *centre.JOURNEYS)
        run.expect(
            "no serious accessibility finding, nothing wider than the screen",
            laptop.findings + office.findings + capital.findings)
        run.expect(
            "no request but to the nodes",
            requests_elsewhere(driver, [laptop.base, office.base, capital.base]))
        print(f"{laptop.visited + office.visited + capital.visited} pages looked at")
    finally:
        driver.quit()
    for line in run.failed:
        print("failed:", line)
    print(f"{run.passed} passed, {len(run.failed)} failed")
    return 1 if run.failed else 0


def screenshots(world):
    world.run(
        "account", "add", "Siti", "--role", "community_organizer", "--password-file", "-", node="lontar-a",
        text="2846\n")
    driver = browser(world.downloads)
    os.makedirs(IMAGES, exist_ok=True)
    try:
        laptop, office, capital = apps(world, driver)
        for app, name, secret in ((laptop, "Siti", "2846"), (office, "Dewi", PASSWORD), (capital, "Arif", PASSWORD)):
            app.sign_in(name, secret)
        office.go("/")
        picture(driver, os.path.join(IMAGES, "morning.png"), width=1_100, at_most=1_300)
        capital.go(centre.JULY + centre.FEW_COLUMNS)
        picture(driver, os.path.join(IMAGES, "answer.png"), width=1_100, at_most=1_300)
        hub.case(office, world)
        world.sync("lontar-a")
        laptop.go("/")
        picture(driver, os.path.join(IMAGES, "village-board.png"))
        laptop.press("Rohmah binti Sarkim", within="section[aria-labelledby=risks-title]")
        picture(driver, os.path.join(IMAGES, "screening.png"))
    finally:
        driver.quit()
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--simpul", required=True)
    parser.add_argument("what", choices=["journeys", "screenshots"])
    options = parser.parse_args()
    world = MorningAfter(options.simpul)
    try:
        world.happen()
        return journeys(world) if options.what == "journeys" else screenshots(world)
    finally:
        world.close()


if __name__ == "__main__":
    sys.exit(main())
