"""sqlmap at every parameter of the query interface, and at the forms of the centre's and the village's pages as signed in."""

import http.cookiejar
import os
import re
import subprocess
import urllib.parse
import urllib.request

from target import NAME, PASSWORD, PIN

QUERIES = [
    "/q/v1/models/departures_by_month?month=2026-08&village=36.04.13.2007&departures.gt=1&sort=village&limit=10",
    "/q/v1/models/departures_by_month?cursor=x&as_of_cut=1&true_at=2026-08-01&format=csv&language=id",
    "/q/v1/models/departure_fact?country=TW&left_on.le=2026-08-31",
    "/q/v1/models/departure_fact/explain?key=00000000-0000-4000-8000-000000000101",
    "/q/v1/models/departures_by_month*",
]
# Addresses of the centre's pages, then the forms: page of the form, address, fields.
PAGES = [
    "/tanya/departures_by_month?filter=month%3D2026-08&sort=village&columns=village&cut=1&true_at=2026-08-01&next=x",
    "/catat/p3mi.licence_recorded?lang=id&dari=x&orang=x&isi.status=active",
]
FORMS = [
    ("/izin", "/izin", {"name": "bahari", "day": "2026-08-04"}),
    ("/izin", "/bahasa", {"language": "id", "next": "/izin"}),
    ("/catat/warning.published", "/catat/warning.published", {
        "nonce": "n", "title": "Awas", "text": "Awas penipuan", "severity": "info", "valid_from": "2026-08-04"}),
]
VILLAGE_FORMS = [
    ("/orang", "/orang", {"name": "rohmah"}),
    ("/orang", "/orang?untuk=visit.recorded", {"name": "rohmah"}),
    ("/catat/recruiter.sighted", "/catat/recruiter.sighted", {
        "nonce": "n", "seen_on": "2026-08", "kind": "sponsor", "name_or_alias": "Bang Udin",
        "showed_assignment_letter": "false", "evidence": "third_party"}),
]


def attack(target):
    version = run("--version").strip().splitlines()[-1]
    found, requests, addresses = [], 0, 0
    tries = [(target.url + path, ["--auth-type", "basic", "--auth-cred", f"{NAME}:{PASSWORD}"]) for path in QUERIES]
    app = target.village()
    cookie = sign_in(target.url, target.context, NAME, PASSWORD)
    tries += [(target.url + path, ["--cookie", cookie]) for path in PAGES]
    tries += [form(target.url, cookie, *one) for one in FORMS]
    cookie = sign_in(app, None, NAME, PIN)
    tries += [form(app, cookie, *one) for one in VILLAGE_FORMS]
    fields = {"name": NAME, "secret": "abc", "next": "/"}
    tries.append(form(target.url, None, "/masuk", "/masuk", fields))
    for url, options in tries:
        output = run("-u", url, *options, "--ignore-code", "*", *usual(target))
        requests += count(target)
        addresses += 1
        found += verdict(url, output)
    figure = (
        f"sqlmap {version}, level 2, risk 2, all techniques: {addresses} addresses and forms, {requests} requests, "
        f"{len(found)} injectable")
    return [figure], found


def form(base, cookie, page, action, fields):
    """A form with the token that its page gives each time, as the browser of somebody signed in would send it."""
    data = urllib.parse.urlencode({"token": "x", **fields})
    options = ["--data", data, "-p", ",".join(fields), "--csrf-token", "token", "--csrf-url", base + page]
    return base + action, options + (["--cookie", cookie] if cookie else [])


def usual(target):
    return [
        "--batch", "--level", "2", "--risk", "2", "--flush-session", "--disable-coloring", "--dbms", "SQLite", "-v", "1",
        "--delay", "0.04", "--output-dir", os.path.join(target.folder, "sqlmap"), "--parse-errors", "-t",
        os.path.join(target.folder, "traffic"),
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


def verdict(url, output):
    # What it takes for injectable at first and then for a false positive (a pause answers otherwise) is none.
    if re.search(r"is vulnerable|sqlmap identified the following injection|parsed DBMS error", output):
        return [f"{url}: " + " ".join(line for line in output.splitlines() if "Payload" in line or "parsed" in line)[:400]]
    # Proof that it tested at all, and was not turned away by something else.
    if "all tested parameters do not appear to be injectable" not in output and "does not seem to be injectable" not in output:
        return [f"{url}: sqlmap did not run its tests: {output.strip().splitlines()[-1] if output.strip() else 'no output'}"]
    return []


def sign_in(base, context, name, secret):
    jar = http.cookiejar.CookieJar()
    handlers = [urllib.request.HTTPCookieProcessor(jar)]
    opener = urllib.request.build_opener(
        *handlers, *([urllib.request.HTTPSHandler(context=context)] if context else []))
    page = opener.open(base + "/masuk").read().decode()
    token = re.search(r'name="token" value="([0-9a-f]+)"', page).group(1)
    fields = {"token": token, "name": name, "secret": secret, "next": "/"}
    opener.open(base + "/masuk", urllib.parse.urlencode(fields).encode())
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)
    if not cookies:
        raise SystemExit(f"nobody could sign in at {base}")
    return cookies
