"""slowhttptest: many connections that send or read as slowly as they can, while others go on asking."""

import http.client
import os
import re
import subprocess
import threading
import time

CONNECTIONS, SECONDS = 1_000, 75
KINDS = {
    "slow headers": ["-H", "-u", "/masuk"],
    "slow body": ["-B", "-u", "/masuk", "-s", "200000"],
    "slow body at sync": ["-B", "-u", "/sync/v1", "-s", "200000", "-f", "application/vnd.simpul.sync"],
    "slow read": ["-X", "-u", "/aset/style.css", "-w", "10", "-y", "20", "-n", "5", "-z", "32", "-k", "3"],
}


def attack(target):
    version = re.search(r"version ([\d.]+)", subprocess.run(["slowhttptest", "-h"], capture_output=True, text=True).stdout
                        ).group(1)
    figures, found = [], []
    for kind, arguments in KINDS.items():
        arguments = list(arguments)
        arguments[2] = target.url + arguments[2]
        asking = Asking(target)
        done = subprocess.run(
            ["slowhttptest", *arguments, "-c", str(CONNECTIONS), "-r", "200", "-i", "5", "-l", str(SECONDS), "-p", "5"],
            capture_output=True, text=True, timeout=SECONDS + 120, env={**os.environ, "TERM": "dumb"})
        slowest, failed, asked = asking.end()
        text = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", done.stdout)
        ends = re.findall(r"Exit status:\s*(.+)", text)
        states = {name: max(int(n) for n in re.findall(rf"{name}:\s+(\d+)", text) or ["0"]) for name in
                  ("connected", "error", "closed")}
        figures.append(
            f"slowhttptest {version}, {kind}, {CONNECTIONS} connections, {SECONDS} s: at most {states['connected']} open at "
            f"once, {states['closed']} closed by the server; meanwhile {asked} others asked, slowest {slowest:.2f} s, "
            f"{failed} failed; {ends[-1].strip() if ends else '?'}")
        if not states["connected"]:
            found.append(f"{kind}: slowhttptest did not get a connection; nothing was tried")
        if failed:
            found.append(f"{kind}: {failed} of {asked} others were not answered")
        deadline = time.monotonic() + 60
        # Also for the attacker, whose next kind is to be tried and not to be refused for the one before.
        while not target.is_well(source="127.0.0.1"):
            if time.monotonic() > deadline:
                found.append(f"{kind}: the server did not recover")
                break
            time.sleep(0.5)
    return figures, found


class Asking:
    """Someone elsewhere who asks twice a second meanwhile."""

    def __init__(self, target):
        self.target, self.stop = target, threading.Event()
        self.slowest, self.failed, self.asked = 0.0, 0, 0
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        while not self.stop.wait(0.5):
            started = time.monotonic()
            self.asked += 1
            try:
                status = self.target.ask("/q/v1/models/departures_by_month", timeout=15, source="127.0.0.2")[0]
                if status != 200:
                    self.failed += 1
            except (OSError, http.client.HTTPException):
                self.failed += 1
            self.slowest = max(self.slowest, time.monotonic() - started)

    def end(self):
        self.stop.set()
        self.thread.join()
        return self.slowest, self.failed, self.asked
