"""A scratch centre over TLS with a few fictional departures and one login of the role that sees most: what the attacks
are aimed at."""

import base64
import http.client
import json
import os
import shutil
import ssl
import subprocess
import tempfile
import time

NAME, PASSWORD = "arif", "sawah hijau di kaki gunung 7"
PIN = "7294"
VILLAGE = "36.04.13.2007"


class Target:
    def __init__(self, simpul):
        self.simpul = os.path.abspath(simpul)
        self.folder = tempfile.mkdtemp(prefix="simpul-attack-")
        self.node = os.path.join(self.folder, "pusat")
        self.process = self.app = None
        try:
            self._make()
        except BaseException:
            self.close()
            raise

    def _command(self, *arguments, text=None):
        done = subprocess.run(
            [self.simpul, *arguments, "--folder", self.node], input=text, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"simpul {' '.join(arguments)} ended with {done.returncode}: {done.stderr.strip()}")
        return done.stdout

    def add_account(self, name, role="hub_head"):
        self._command("account", "add", name, "--role", role, "--password-file", "-", text=PASSWORD + "\n")

    def _make(self):
        self._command("init", "--centre", "--node", "pusat")
        self.add_account(NAME)
        for number in range(1, 9):
            data = {
                "person_id": f"00000000-0000-4000-8000-{number:012}",
                "episode_id": f"00000000-0000-4000-8000-{100 + number:012}", "left_on": f"2026-08-{number:02}",
                "country": "TW", "sector": "elder_care", "visa": "work", "legal_status": "procedural",
                "escort": "p3mi", "evidence": "family",
            }
            self._command(
                "record", "departure.recorded", "--json", "-", "--actor", "co-1", "--role", "hub_officer", "--for",
                VILLAGE, text=json.dumps(data))
        self._command("release")
        self.certificate = os.path.join(self.folder, "certificate.pem")
        key = os.path.join(self.folder, "key.pem")
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
             "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out",
             self.certificate], check=True, capture_output=True)
        port_file = os.path.join(self.folder, "port")
        self.log_path = os.path.join(self.folder, "log")
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen(
                [self.simpul, "serve", "--folder", self.node, "--port", "0", "--port-file", port_file, "--certificate",
                 self.certificate, "--private-key", key], stdout=log, stderr=log)
        deadline = time.monotonic() + 60
        while not (os.path.exists(port_file) and open(port_file).read().endswith("\n")):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"the centre did not start: {open(self.log_path).read()[-2000:]}")
            time.sleep(0.02)
        self.port = int(open(port_file).read())
        self.url = f"https://localhost:{self.port}"
        self.context = ssl.create_default_context(cafile=self.certificate)
        while self.ask("/q/v1/models/departures_by_month")[0] != 200:
            if time.monotonic() > deadline:
                raise SystemExit("the read models did not come")
            time.sleep(0.1)

    def village(self):
        """The app of a laptop of this centre, with one organizer: its address."""
        folder = os.path.join(self.folder, "lontar-a")
        code = self._command(
            "invite", "lontar-a", "--region", VILLAGE, "--url", self.url, "--certificate", self.certificate)
        port_file = os.path.join(self.folder, "app.port")
        for arguments, text in (
            (["init", "--invite", code.split()[0]], None),
            (["account", "add", NAME, "--role", "community_organizer", "--password-file", "-"], PIN + "\n"),
        ):
            subprocess.run(
                [self.simpul, *arguments, "--folder", folder], input=text, text=True, check=True, capture_output=True)
        with open(os.path.join(self.folder, "app.log"), "wb") as log:
            self.app = subprocess.Popen(
                [self.simpul, "app", "--folder", folder, "--port", "0", "--port-file", port_file], stdout=log, stderr=log)
        while not (os.path.exists(port_file) and open(port_file).read().endswith("\n")):
            if self.app.poll() is not None:
                raise SystemExit("the app did not start")
            time.sleep(0.02)
        return f"http://127.0.0.1:{open(port_file).read().strip()}"

    @property
    def basic(self):
        return "Basic " + base64.b64encode(f"{NAME}:{PASSWORD}".encode()).decode()

    def ask(self, path, method="GET", headers=None, body=None, login=True, timeout=10, source="127.0.0.1"):
        """Status, headers and body of one request; redirects are not followed.

        `source` is the address to come from: all of 127.0.0.0/8 is this machine, and limits are counted by address.
        """
        headers = dict(headers or {})
        if login:
            headers.setdefault("Authorization", self.basic)
        connection = http.client.HTTPSConnection(
            "127.0.0.1", self.port, timeout=timeout, context=self.context, source_address=(source, 0))
        try:
            connection.request(method, path, body=body, headers={"Host": f"localhost:{self.port}", **headers})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def is_well(self, source="127.0.0.9"):
        """Whether the server still runs and answers, usually somebody who did not attack it."""
        try:
            return self.process.poll() is None and self.ask("/masuk", login=False, source=source)[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    @property
    def log(self):
        with open(self.log_path, errors="replace") as file:
            return file.read()

    def close(self):
        for process in (self.app, self.process):
            if process and process.poll() is None:
                process.terminate()
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
