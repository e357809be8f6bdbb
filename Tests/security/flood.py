"""Many addresses at once, each within its own limits: wrong passwords, and questions that take long. How others fare."""

import base64
import statistics
import threading
import time

SECONDS = 20
# An answer that somebody waits for longer is none.
PATIENCE = 5.0


def attack(target):
    figures, found = [], []
    for kind, ask, number in (("wrong passwords", guess, 40), ("questions as of a day", question, 30)):
        answers, spans = flood(target, ask, number)
        slowest = max(spans)
        told = ", ".join(f"{count} × {status}" for status, count in sorted(answers.items(), key=str))
        figures.append(
            f"{kind} from {number} addresses for {SECONDS} s: {told}; {len(spans)} others' pages: median "
            f"{statistics.median(spans):.2f} s, slowest {slowest:.2f} s")
        if slowest > PATIENCE:
            found.append(f"others wait {slowest:.1f} s beside {kind}")
    return figures, found


def guess(target, number, turn):
    login = base64.b64encode(f"nobody-{number}-{turn}:kata sandi salah".encode()).decode()
    return target.ask(
        "/q/v1/models", headers={"Authorization": f"Basic {login}"}, login=False,
        source=f"127.5.{number}.{1 + turn % 200}", timeout=30)[0]


def question(target, number, turn):
    return target.ask(
        f"/q/v1/models/departures_by_month?true_at=2026-{1 + turn % 12:02}-{1 + number % 28:02}",
        source=f"127.6.{number}.1", timeout=30)[0]


def flood(target, ask, number):
    answers, lock, over = {}, threading.Lock(), threading.Event()

    def send(number):
        turn = 0
        while not over.is_set():
            turn += 1
            try:
                status = ask(target, number, turn)
            except OSError as error:
                status = type(error).__name__
            with lock:
                answers[status] = answers.get(status, 0) + 1

    senders = [threading.Thread(target=send, args=(one,)) for one in range(number)]
    for sender in senders:
        sender.start()
    spans, end = [], time.monotonic() + SECONDS
    try:
        while time.monotonic() < end:
            started = time.monotonic()
            try:
                is_answered = target.ask("/masuk", login=False, source="127.0.0.99", timeout=30)[0] == 200
            except OSError:
                is_answered = False
            spans.append(time.monotonic() - started if is_answered else 30.0)
            over.wait(0.1)
    finally:
        over.set()
        for sender in senders:
            sender.join()
    return answers, spans
