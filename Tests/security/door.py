"""Checks of our own: what every answer must carry, and what must be turned away at the door."""

import base64
import http.client
import socket
import ssl
import statistics
import time

from target import NAME

ADDRESSES = [
    "/", "/masuk", "/tidak-ada", "/aset/style.css", "/aset/../simpul.js", "/q/v1/models", "/q/v1/openapi.json",
    "/q/v1/models/departures_by_month?format=csv", "/q/v1/models/tidak-ada", "/q/v1/tidak-ada", "/sync/v1", "/enrol/v1",
]
LEAKS = ["Traceback", "SQLite", "sqlite", ".swift", "Fatal", "/pusat", "Hummingbird", "NIO", "x-powered-by"]


def attack(target):
    found, asked = [], 0
    for login in (True, False):
        for path in ADDRESSES:
            status, headers, body = target.ask(path, login=login)
            asked += 1
            found += [f"{path} ({status}): {problem}" for problem in answer_problems(status, headers, body)]
    for method in ("TRACE", "PUT", "DELETE", "PATCH", "OPTIONS", "CONNECT", "PROPFIND", "BREW"):
        for path in ("/masuk", "/q/v1/models", "/sync/v1", "/enrol/v1"):
            status = raw(target, f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            asked += 1
            if status not in (400, 405, 501):
                found.append(f"{method} {path} is answered {status}")
    for what, request, wanted in malformed():
        status = raw(target, request)
        asked += 1
        if status not in wanted:
            found.append(f"{what} is answered {status}")
    figure, told = timing(target)
    found += told + guessing(target)
    return [f"{asked} requests for headers, methods and malformed heads; 60 guesses of passwords", figure], found


def answer_problems(status, headers, body):
    text = body[:20_000].decode("utf-8", "replace") + "".join(f"{k}: {v}\n" for k, v in headers.items())
    problems = [f"says {leak}" for leak in LEAKS if leak in text]
    if status >= 500:
        problems.append("a server error")
    if "max-age=" not in headers.get("Strict-Transport-Security", ""):
        problems.append("no Strict-Transport-Security")
    if headers.get("X-Content-Type-Options") != "nosniff":
        problems.append("no X-Content-Type-Options")
    policy = headers.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy or "frame-ancestors 'none'" not in policy or "unsafe" in policy:
        problems.append(f"Content-Security-Policy is “{policy}”")
    if "Cache-Control" not in headers:
        problems.append("no Cache-Control")
    if "Referrer-Policy" not in headers:
        problems.append("no Referrer-Policy")
    if body and "Content-Type" not in headers:
        problems.append("a body without Content-Type")
    if "Access-Control-Allow-Origin" in headers:
        problems.append("allows other origins")
    for cookie in headers.get_all("Set-Cookie") or []:
        if not all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Strict")):
            problems.append(f"cookie {cookie.split('=')[0]}")
    return problems


def malformed():
    host = "Host: localhost\r\n"
    yield "a request without Host", "GET /masuk HTTP/1.1\r\n\r\n", (400,)
    yield "two Hosts", f"GET /masuk HTTP/1.1\r\n{host}Host: elsewhere\r\n\r\n", (400,)
    yield "an address of 20 KB", f"GET /{'a' * 20_000} HTTP/1.1\r\n{host}\r\n", (400, 414, 431, None)
    yield "a header of 20 KB", f"GET / HTTP/1.1\r\n{host}X-A: {'a' * 20_000}\r\n\r\n", (400, 431, None)
    yield "200 headers", f"GET / HTTP/1.1\r\n{host}{''.join(f'X-{n}: 1' + chr(13) + chr(10) for n in range(200))}\r\n", (
        400, 431, None)
    yield "CL and TE", (
        f"POST /masuk HTTP/1.1\r\n{host}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), (400, None)
    yield "a form as JSON", (
        f"POST /masuk HTTP/1.1\r\n{host}Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}"), (400, 403, 415)
    yield "an enrolment as a form", (
        f"POST /enrol/v1 HTTP/1.1\r\n{host}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 2\r\n\r\n{{}}"
    ), (415,)
    yield "an enrolment of 1 GB", (
        f"POST /enrol/v1 HTTP/1.1\r\n{host}Content-Type: application/json\r\nContent-Length: 1073741824\r\n\r\n{{"), (413,)
    yield "an unknown protocol", f"GET / HTTP/9.9\r\n{host}\r\n", (400, 505, None)


def raw(target, request):
    """The status of the answer to these bytes; None: the connection was closed without one."""
    with socket.create_connection(("localhost", target.port), timeout=10) as plain:
        with target.context.wrap_socket(plain, server_hostname="localhost") as secure:
            secure.sendall(request.encode())
            try:
                answer = http.client.HTTPResponse(secure)
                answer.begin()
                return answer.status
            except (http.client.HTTPException, ssl.SSLError, OSError):
                return None


def timing(target):
    """Whether names can be told by how long a wrong password takes: the first try at each of ten names of either kind,
    in turns, each from an address of its own."""
    for number in range(10):
        target.add_account(f"officer-{number}")
    spans = {"officer": [], "nobody": []}
    for number in range(10):
        for place, kind in enumerate(spans):
            started = time.monotonic()
            login(target, f"{kind}-{number}", "kata sandi salah", source=f"127.0.{1 + place}.{1 + number}")
            spans[kind].append(time.monotonic() - started)
    known, unknown = statistics.median(spans["officer"]), statistics.median(spans["nobody"])
    found = [] if 0.67 < known / unknown < 1.5 else [f"names are told by time: {known:.3f} s, {unknown:.3f} s"]
    return f"a wrong password takes {known:.3f} s for a name that exists and {unknown:.3f} s for one that does not (medians of 10)", found


def guessing(target):
    """Sixty guesses at two names: whether names can be told apart, and whether guessing is stopped."""
    found, answers = [], {}
    for name in (NAME, "nobody"):
        statuses, started = [], time.monotonic()
        for number in range(30):
            status, _, body = login(target, name, f"kata sandi salah {number}")
            statuses.append((status, body))
        answers[name] = [status for status, _ in statuses]
        if 429 not in answers[name]:
            found.append(f"thirty guesses at {name} in {time.monotonic() - started:.1f} s without a pause")
    if answers[NAME][:6] != answers["nobody"][:6] and 429 not in answers["nobody"][:1]:
        found.append(f"an existing name is told by its answers: {answers[NAME][:6]}, {answers['nobody'][:6]}")
    return found


def login(target, name, password, source="127.0.0.1"):
    token = base64.b64encode(f"{name}:{password}".encode()).decode()
    return target.ask("/q/v1/models", headers={"Authorization": f"Basic {token}"}, login=False, source=source)
