"""sqlmap at every parameter of the query interface and of the centre's pages."""

import http.cookiejar
import os
import re
import subprocess
import urllib.parse
import urllib.request

from target import NAME, PASSWORD

QUERIES = [
    "/q/v1/models/departures_by_month?month=2026-08&village=36.04.13.2007&departures.gt=1&sort=village&limit=10",
    "/q/v1/models/departures_by_month?cursor=x&as_of_cut=1&true_at=2026-08-01&format=csv&language=id",
    "/q/v1/models/departure_fact?country=TW&left_on.le=2026-08-31",
    "/q/v1/models/departures_by_month*",
]
PAGES = ["/tanya/departures_by_month?month=2026-08&limit=5", "/izin?nama=abc", "/catat/visit.recorded?lang=id"]


def attack(target):
    version = run("--version").strip().splitlines()[-1]
    figures, found, requests = [], [], 0
    for path in QUERIES:
        output = run(
            "-u", target.url + path, "--auth-type", "basic", "--auth-cred", f"{NAME}:{PASSWORD}", "--ignore-code", "*",
            *usual(target))
        requests += count(target)
        found += verdict(path, output)
    cookie = sign_in(target)
    for path in PAGES:
        output = run("-u", target.url + path, "--cookie", cookie, "--ignore-code", "*", *usual(target))
        requests += count(target)
        found += verdict(path, output)
    output = run(
        "-u", target.url + "/masuk", "--data", "token=x&name=arif&secret=abc&next=/", "-p", "name,secret,next",
        "--csrf-token", "token", "--csrf-url", target.url + "/masuk", "--ignore-code", "*", *usual(target))
    requests += count(target)
    found += verdict("/masuk", output)
    figures.append(
        f"sqlmap {version}, level 2, risk 2, all techniques: {len(QUERIES) + len(PAGES) + 1} addresses, {requests} requests, "
        f"{len(found)} injectable")
    return figures, found


def usual(target):
    return [
        "--batch", "--level", "2", "--risk", "2", "--flush-session", "--disable-coloring", "--dbms", "SQLite", "-v", "1",
        "--delay", "0.05", "--output-dir", os.path.join(target.folder, "sqlmap"), "--parse-errors", "-t", os.path.join(target.folder, "traffic"),
    ]


def run(*arguments):
    done = subprocess.run(["sqlmap", *arguments], capture_output=True, text=True, timeout=1_500, stdin=subprocess.DEVNULL)
    return done.stdout + done.stderr


def count(target):
    """Requests of the last run, by its own record of them."""
    path = os.path.join(target.folder, "traffic")
    with open(path, errors="replace") as file:
        number = len(re.findall(r"^HTTP request \[#\d+\]", file.read(), re.M))
    os.remove(path)
    return number


def verdict(path, output):
    # What it takes for injectable at first and then for a false positive (a pause answers otherwise) is none.
    if re.search(r"is vulnerable|sqlmap identified the following injection|parsed DBMS error", output):
        return [f"{path}: " + " ".join(line for line in output.splitlines() if "Payload" in line or "parsed" in line)[:400]]
    # Proof that it tested at all, and was not turned away by something else.
    if "all tested parameters do not appear to be injectable" not in output and "does not seem to be injectable" not in output:
        return [f"{path}: sqlmap did not run its tests: {output.strip().splitlines()[-1] if output.strip() else 'no output'}"]
    return []


def sign_in(target):
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(
        urllib.request.HTTPCookieProcessor(jar), urllib.request.HTTPSHandler(context=target.context))
    page = opener.open(target.url + "/masuk").read().decode()
    token = re.search(r'name="token" value="([0-9a-f]+)"', page).group(1)
    form = {"token": token, "name": NAME, "secret": PASSWORD, "next": "/"}
    opener.open(target.url + "/masuk", urllib.parse.urlencode(form).encode())
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)
