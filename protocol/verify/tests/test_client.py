"""The client against a throwaway server: enrol, write, be cut, resume, verify. `python3 -m unittest discover`."""

import contextlib
import dataclasses
import datetime
import io
import json
import ssl
import sys
import tempfile
import unittest
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

sys.path.insert(0, str(Path(__file__).parents[1]))

from simpul_protocol import command, frames, wire  # noqa: E402
from simpul_protocol.client import Client  # noqa: E402
from simpul_protocol.errors import ProtocolError  # noqa: E402
from simpul_protocol.events import compose, numbered  # noqa: E402
from simpul_protocol.folder import Folder  # noqa: E402
from simpul_protocol.invitation import Invitation  # noqa: E402
from tests.throwaway_server import Hub, serve  # noqa: E402

VILLAGE = "36.04.13.2007"


class ClientTest(unittest.TestCase):
    def setUp(self):
        self.hub = Hub()
        self.server = serve(self.hub)
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)

    def client(self, node: str = "lontar-a", lines: int = 0) -> Client:
        folder = Folder.create(Path(self.folder.name) / node, node, self.hub.invite(VILLAGE))
        client = Client(folder)
        client.enrol()
        client.frame_lines = 8
        if lines:
            folder.append(folder.own_log(), compose(folder, numbered(lines)))
        return client

    def again(self, client: Client) -> Client:
        """The same node, started anew from its folder."""
        fresh = Client(Folder.open(client.folder.path))
        fresh.frame_lines = 8
        return fresh

    def hub_lines(self, client: Client) -> list:
        return self.hub.ledger.log(client.folder.own_log()).main.lines

    def test_pushes_its_lines_and_verifies_the_receipts(self):
        client = self.client(lines=30)
        report = client.sync()
        self.assertTrue(report.agreed, report)
        self.assertEqual(report.problems, [])
        self.assertEqual(self.hub_lines(client), client.folder.ledger.log(client.folder.own_log()).main.lines)
        self.assertEqual(max(one["size"] for one in report.receipts), 30)
        self.assertGreater(report.lines_received, 0, "the hub's own log comes down")

    def test_has_nothing_to_do_in_one_request(self):
        client = self.client(lines=3)
        client.sync()
        report = self.again(client).sync()
        self.assertTrue(report.agreed)
        self.assertEqual((report.requests, report.lines_sent, report.lines_received), (1, 0, 0))

    def test_resumes_from_the_hubs_statement_wherever_it_is_cut(self):
        sizes = set()
        for number, cut in enumerate([0, 1, 300, 600, 1200, 2000, 3000, 5000, 10**9]):
            with self.subTest(cut=cut):
                client = self.client(f"lontar-{number}", lines=40)
                report = client.sync(cut_after=cut)
                self.assertTrue(report.agreed, report)
                self.assertEqual(report.problems, [])
                self.assertEqual(len(self.hub_lines(client)), 40)
                sizes.update(report.resumed_from.values())
        self.assertGreater(len(sizes), 2, "cuts fell behind different frames")

    def test_goes_on_after_a_cut_when_started_anew(self):
        client = self.client(lines=40)
        client.sync(cut_after=1500, stop_after_cut=True)
        again = self.again(client)
        self.assertTrue(again.folder.unanswered)
        report = again.sync()
        self.assertTrue(report.agreed)
        self.assertEqual(len(self.hub_lines(client)), 40)

    def test_sees_what_its_sibling_and_its_hub_wrote(self):
        self.client("lontar-a", lines=5).sync()
        self.hub.write(VILLAGE, "case.answered", {"text": "baik"}, "case")
        self.hub.write("36.04.13.2008", "case.answered", {"text": "bukan untuk Lontar"}, "case")
        sibling = self.client("lontar-b")
        report = sibling.sync()
        self.assertTrue(report.agreed, report)
        held = {str(name) for name in sibling.folder.ledger.logs}
        self.assertTrue(any(name.startswith("lontar-a/") for name in held))
        self.assertTrue(any(f"/{VILLAGE}:" in name and name.startswith("hub-serang/") for name in held))
        self.assertFalse(any("2008" in name for name in held))

    def test_both_lives_of_a_restored_disk_reach_the_hub(self):
        first = self.client(lines=10)
        first.sync()
        backup = Folder.open(first.folder.path)
        first.folder.append(first.folder.own_log(), compose(first.folder, numbered(4)))
        first.sync()
        backup.append(backup.own_log(), compose(backup, numbered(3)))
        Client(backup).sync()
        heads = self.hub.ledger.log(backup.own_log()).heads
        self.assertEqual(sorted(head.size for head in heads), [13, 14])

    def test_waits_when_the_hub_is_busy(self):
        client = self.client(lines=2)
        self.hub.turned_away = [(429, "busy"), (503, "busy")]
        self.assertTrue(client.sync().agreed)

    def test_goes_on_after_the_hub_failed_at_it(self):
        client = self.client(lines=2)
        self.hub.turned_away = [(500, "failed"), (500, "failed")]
        self.assertTrue(client.sync().agreed)
        self.assertEqual(len(self.hub_lines(client)), 2)

    def test_names_what_it_is_refused_for_keeps_all_and_syncs_later(self):
        for number, (status, code) in enumerate([(405, "method"), (415, "content-type"), (413, "too-large")]):
            with self.subTest(code=code):
                client = self.client(f"lontar-{number}", lines=3)
                self.hub.turned_away = [(status, code)]
                with self.assertRaises(ProtocolError) as caught:
                    client.sync()
                self.assertEqual(caught.exception.code, code)
                self.assertTrue(self.again(client).sync().agreed)
                self.assertEqual(len(self.hub_lines(client)), 3)

    def test_believes_no_receipt_that_is_not_signed(self):
        client = self.client(lines=2)
        honest = self.hub.held

        def forged(name, head):
            record = honest(name, head)
            return {**record, "note": record["note"].replace(f"\n{head.size}\n", f"\n{head.size + 1}\n")}

        self.hub.held = forged
        report = client.sync()
        self.assertTrue(any("bad-signature" in problem for problem in report.problems), report.problems)

    def test_takes_no_line_that_was_altered(self):
        client = self.client()
        log = self.hub.ledger.log(self.hub_log())
        log.main.lines[0] = log.main.lines[0].replace(b'"role":"village"', b'"role":"centre"')
        report = client.sync()
        self.assertFalse(report.agreed)
        self.assertTrue(any("root-mismatch" in problem for problem in report.problems), report.problems)

    def hub_log(self):
        return next(name for name in self.hub.ledger.logs if name.node == self.hub.node)

    def test_an_invitation_serves_one_node_and_repeats_its_answer(self):
        invitation = self.hub.invite(VILLAGE)
        first = Client(Folder.create(Path(self.folder.name) / "one", "lontar-1", invitation))
        first.enrol()
        first.enrol()
        second = Client(Folder.create(Path(self.folder.name) / "two", "lontar-2", invitation))
        with self.assertRaises(ProtocolError) as refused:
            second.enrol()
        self.assertEqual(refused.exception.code, "bad-token")

    def test_an_unknown_node_learns_why(self):
        client = self.client(lines=1)
        self.hub.ledger.members.pop((client.folder.node, client.folder.epoch))
        with self.assertRaises(ProtocolError) as refused:
            client.sync()
        self.assertEqual(refused.exception.code, "unknown-node")

    def test_a_captured_answer_verifies_alone(self):
        client = self.client("lontar-a", lines=5)
        client.sync()
        sibling = self.client("lontar-b")
        sibling.sync()
        body = Path(self.folder.name) / "answer"
        body.write_bytes(sibling.captured)
        keys = Path(self.folder.name) / "keys.json"
        keys.write_text(json.dumps([self.hub.me.json]))
        status, text = run("bundle", str(body), "--keys", str(keys))
        self.assertEqual(status, 0, text)
        self.assertIn("5 lines verified", text)
        damaged = bytearray(sibling.captured)
        lines = b"".join(frames.contents(bytes(damaged))).replace(b'"number":3', b'"number":4')
        body.write_bytes(b"".join(frames.compress(part) for part in _split(lines)))
        status, text = run("bundle", str(body), "--keys", str(keys))
        self.assertEqual(status, 1, text)
        self.assertIn("root-mismatch", text)

    def test_the_command_pushes_is_cut_and_resumes(self):
        state = str(Path(self.folder.name) / "state")
        invitation = str(self.hub.invite(VILLAGE))
        status, text = run("push", "--state", state, "--node", "lontar-x", "--invitation", invitation, "--lines", "200",
                           "--frame-lines", "16", "--cut-after", "2000")  # fmt: skip
        self.assertEqual(status, 0, text)
        self.assertIn("cut after 2000", text)
        self.assertIn("200 lines", text)
        status, text = run("pull", "--state", state, "--json")
        report = json.loads(text)
        self.assertEqual((status, report["agreed"], report["requests"], report["own"]["size"]), (0, True, 1, 200))


class PinTest(ClientTest):
    """The same over TLS, with a certificate that only its pin vouches for."""

    def setUp(self):
        super().setUp()
        certificate, self.pin = self_signed(Path(self.folder.name))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.hub.url = self.hub.url.replace("http:", "https:")
        invite = self.hub.invite
        self.hub.invite = lambda region: dataclasses.replace(invite(region), pin=self.pin)

    def test_refuses_another_certificate(self):
        client = self.client(lines=1)
        client.folder.invitation = dataclasses.replace(client.invitation, pin="sha256//" + "A" * 43 + "=")
        with self.assertRaises(wire.WireError):
            client.sync()


class WireTest(unittest.TestCase):
    def test_plain_http_is_for_this_machine(self):
        with self.assertRaises(wire.WireError):
            wire.post("http://hub.example/sync/v1", {}, b"")

    def test_invitations_survive_their_text(self):
        hub = Hub()
        invitation = hub.invite(VILLAGE)
        self.assertEqual(Invitation.parse(f"  {invitation}\n"), invitation)
        for text in ["", "simpul-invite-", str(invitation)[:-9], str(invitation).replace("simpul", "simple")]:
            with self.assertRaises(ProtocolError):
                Invitation.parse(text)


def self_signed(folder: Path):
    """A certificate with its key in one PEM file, and its pin."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "hub.example")])
    today = datetime.datetime(2026, 1, 1)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(today).not_valid_after(today + datetime.timedelta(days=9_999)).sign(key, hashes.SHA256())
    )  # fmt: skip
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = folder / "server.pem"
    path.write_bytes(certificate.public_bytes(Encoding.PEM) + secret)
    return path, wire.public_key_pin(certificate.public_bytes(Encoding.DER))


def _split(text: bytes) -> list:
    """Frame contents out of many: a frame ends with its trailer or with the end record."""
    parts, current = [], []
    for line in text.splitlines(keepends=True):
        if line.startswith(b'{"frame"') and current:
            parts.append(b"".join(current))
            current = []
        current.append(line)
        if line.startswith(b'{"checkpoint"'):
            parts.append(b"".join(current))
            current = []
    return parts + ([b"".join(current)] if current else [])


def run(*arguments: str):
    output = io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        status = command.main(list(arguments))
    return status, output.getvalue()


if __name__ == "__main__":
    unittest.main()
