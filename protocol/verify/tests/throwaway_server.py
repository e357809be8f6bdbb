"""The least that can be called a server of chapter 04, in memory: for the client's tests, never for data.

It keeps no shares of its own and has one lock for everything.
"""

import hashlib
import hmac
import http.server
import os
import struct
import threading
import time

from simpul_protocol import frames, names, note, receipts, session, strictjson
from simpul_protocol.encoding import b64, unb64
from simpul_protocol.errors import ProtocolError
from simpul_protocol.events import _now
from simpul_protocol.eventline import encode
from simpul_protocol.frames import ControlFrame, LinesFrame
from simpul_protocol.invitation import Invitation
from simpul_protocol.keys import NodeKeys
from simpul_protocol.ledger import Ledger, Member
from simpul_protocol.merkle import consistency_proof
from simpul_protocol.names import LogName


class Hub:
    """What the server holds: its keys, logs, invitations, receipts."""

    def __init__(self, node: str = "hub-serang", region: str = "36.04"):
        self.keys, self.epoch, self.node, self.region = NodeKeys.generate(), os.urandom(8).hex(), node, region
        self.root_keys = NodeKeys.generate()
        self.root = Member("pusat", os.urandom(8).hex(), "id", "centre", self.root_keys.sign_public,
                           self.root_keys.wrap_public, "2025-2430")  # fmt: skip
        self.me = Member(node, self.epoch, region, "hub", self.keys.sign_public, self.keys.wrap_public, "2025-2430")
        self.ledger = Ledger([self.root, self.me])
        self.lock = threading.RLock()
        self.tokens = {}  # token to region, then to the member that used it
        self.receipts = {}
        self.changes = 0
        self.secret = os.urandom(32)
        self.turned_away = []  # status and code of the answers that the next requests get first
        self.url = ""

    def invite(self, region: str) -> Invitation:
        token = b64(os.urandom(12))
        self.tokens[token] = region
        return Invitation(self.url, None, token, self.me, self.root)

    def write(self, audience: str, event_type: str, data: dict, subject: str, lane: str = "main"):
        name = LogName(self.node, audience, lane, self.epoch)
        head = self.ledger.log(name).main
        head.append([encode({
            "specversion": "1.0", "type": event_type, "source": str(name), "id": str(head.size), "subject": subject,
            "time": _now(), "dataschema": f"simpul:{event_type}/1", "hlc": f"{int(time.time() * 1000):012x}.0000",
            "occurredat": _now()[:10], "actor": "hub", "role": "hub_operator", "region": self.region,
            "regionedition": "2025-2430", "data": data,
        })])  # fmt: skip
        text = note.Checkpoint(name, head.size, head.edge.root).text
        signed = note.sign(text, note.origin_of(name), self.keys.sign, self.keys.sign_public)
        head.cover(str(signed), head.size, [])
        self.changes += 1

    def enrol(self, request: dict) -> dict:
        used = self.tokens.get(request["token"])
        if isinstance(used, str):
            member = Member(request["node"], request["epoch"], used, "village", unb64(request["sign"], "sign"),
                            unb64(request["wrap"], "wrap"), "2025-2430")  # fmt: skip
            self.tokens[request["token"]] = member
            self.ledger.members[(member.node, member.epoch)] = member
            self.write(self.region, "node.enrolled", {**member.json, "since": _now()[:10]}, member.node)
        elif used is None or (used.epoch, b64(used.sign)) != (request["epoch"], request["sign"]):
            raise ProtocolError("bad-token", "unknown, spent or expired")
        else:
            member = used
        mine = {name: value for name, value in member.json.items() if name not in ("sign", "wrap")}
        return {"server": self.me.json, "chain": [self.root.json, self.me.json], "node": mine}

    def challenge(self, node: str) -> str:
        start = os.urandom(8) + struct.pack(">q", int(time.time()) + 36 * 3600)
        return b64(start + self._mac(node, start))

    def is_fresh(self, node: str, challenge: str) -> bool:
        try:
            data = unb64(challenge, "challenge", 32)
        except ProtocolError:
            return False
        good = hmac.compare_digest(self._mac(node, data[:16]), data[16:])
        return good and struct.unpack(">q", data[8:16])[0] > time.time()

    def _mac(self, node: str, start: bytes) -> bytes:
        return hmac.new(self.secret, node.encode() + b"\n" + start, hashlib.sha256).digest()[:16]

    def held(self, name: LogName, head) -> dict:
        text = note.Checkpoint(name, head.size, head.edge.root).text
        key = (str(name), self.node, "held")
        if not self.receipts.get(key, "").startswith(text):
            holder = receipts.holder_name(self.node, self.epoch)
            cosigned = note.cosign(text, int(time.time()), holder, self.keys.sign, self.keys.sign_public)
            self.receipts[key] = str(cosigned)
            self.changes += 1
        return {"receipt": "held", "log": str(name), "holder": self.node, "note": self.receipts[key]}


class Session:
    """The server's side of one request."""

    def __init__(self, hub: Hub, child: Member):
        self.hub, self.child = hub, child
        self.hello, self.said = None, []

    def greet(self, hello: dict) -> list:
        hub, region = self.hub, self.child.region
        if (hello["node"], hello["epoch"], hello["region"]) != (self.child.node, self.child.epoch, region):
            raise ProtocolError("out-of-scope", "the hello claims another node or region")
        self.hello = hello
        self.client_rows = session.check_rows(hello["rows"])
        mine = hub.ledger.rows(region)
        table = session.table_digest(mine)
        same = table == hello["table"]
        # This server remembers nothing of its children: whoever sends some rows only is asked for all of them.
        self.knows = same or hello["full"]
        if same:
            self.client_rows = mine
        rows = [] if same else [list(row) for row in mine]
        return [{"state": 1, "table": table, "mark": self.mark(), "rows": rows, "full": not self.knows}]

    def mark(self) -> str:
        return f"throwaway:{self.hub.changes}"

    def take(self, frame: LinesFrame) -> dict:
        try:
            if not names.in_scope(frame.log.audience, self.child.region):
                raise ProtocolError("out-of-scope", f"{frame.log} is not for {self.child.region}")
            self.hub.ledger.apply(frame)
            self.hub.changes += 1
            log = self.hub.ledger.log(frame.log)
            ends = [head for head in log.heads if head.lines[frame.start : frame.end] == frame.lines]
            record = self.hub.held(frame.log, ends[0])
            self.said.append(record)
            return record
        except ProtocolError as error:
            return {"refused": error.code, "log": str(frame.log), "from": frame.start, "detail": error.detail}

    def close(self):
        """What goes down after the upload, as frames."""
        region = self.child.region
        if self.knows:
            for name, log in self.hub.ledger.logs.items():
                if names.in_scope(name.audience, region):
                    yield from self._missing(name, log)
        kept = {key: text for key, text in self.hub.receipts.items() if key[1] != self.child.node}
        records = []
        if session.receipts_digest((*key, text) for key, text in kept.items()) != self.hello["receipts"]:
            records = [dict(zip(("log", "holder", "receipt"), key), note=text) for key, text in kept.items()]
            records = [{"receipt": one["receipt"], **one} for one in records]
            records = [one for one in records if one not in self.said]
        table = session.table_digest(self.hub.ledger.rows(region))
        end = {"end": 1, "table": table, "mark": self.mark(), "keys": session.keys_digest([]), "more": False}
        yield ControlFrame([*records, end])

    def _missing(self, name: LogName, log):
        for head in log.heads:
            held = [size for row_log, size, root in self.client_rows if row_log == str(name) and size <= head.size
                    and b64(head.edge_at(size).root) == root]  # fmt: skip
            start = max(held, default=0)
            known = any(b64(other.edge.root) == b64(head.edge.root) for other in log.heads if other is not head)
            if start < head.size and not known and name.node != self.child.node:
                proof = consistency_proof(head.size, head.leaves) if head.covers == head.size else head.proof
                yield LinesFrame(name, start, head.lines[start:], head.note, proof)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: Hub

    def log_message(self, *_):
        pass

    def do_POST(self):
        self.close_connection = True
        hub = self.hub
        if hub.turned_away:
            status, code = hub.turned_away.pop(0)
            # Before it is known who asks there is no challenge (04).
            return self._problem(status, ProtocolError(code, "said by the test"), {"Retry-After": "0"}, False)
        try:
            if self.path == "/enrol/v1":
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with hub.lock:
                    answer = hub.enrol(session.check_enrolment(body))
                self._start(200, "application/json")
                self.wfile.write(strictjson.encode(answer))
            else:
                self._sync()
        except ProtocolError as error:
            self._problem(401 if error.code == "stale-challenge" else 403, error)
        return None

    @property
    def _node(self) -> str:
        return self.headers.get("Simpul-Node", "")

    def _start(self, status: int, kind: str, more: dict = None, challenges: bool = True):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if challenges:
            self.send_header("Simpul-Challenge", self.hub.challenge(self._node))
        self.send_header("Connection", "close")
        for name, value in (more or {}).items():
            self.send_header(name, value)
        self.end_headers()

    def _problem(self, status: int, error: ProtocolError, more: dict = None, challenges: bool = True):
        problem = {"type": "about:blank", "title": "Refused", "status": status, "code": error.code}
        self._start(status, "application/problem+json", more, challenges)
        self.wfile.write(strictjson.encode({**problem, "detail": error.detail}))

    def _sync(self):
        hub = self.hub
        child = hub.ledger.member(*self._node.partition("/")[::2])
        if child is None:
            raise ProtocolError("unknown-node", f"{self._node} is not enrolled here")
        challenge = self.headers.get("Simpul-Challenge", "")
        if not hub.is_fresh(self._node, challenge):
            raise ProtocolError("stale-challenge", "take the one in this answer")
        contents = self._contents()
        first = next(contents)
        message = session.request_message(hub.node, child.node, child.epoch, challenge, first)
        session.check_signature(child.sign, self.headers.get("Simpul-Signature", ""), message)
        current = Session(hub, child)
        with hub.lock:
            answer = current.greet(frames.parse(first).records[0])
        self._start(200, session.CONTENT_TYPE)
        self._write(ControlFrame(answer))
        for content in contents:
            frame = frames.parse(content)
            if isinstance(frame, LinesFrame):
                with hub.lock:
                    record = current.take(frame)
                self._write(ControlFrame([record]))
        with hub.lock:
            for frame in current.close():
                self._write(frame)

    def _write(self, frame):
        try:
            self.wfile.write(frames.compress(frame.content))
            self.wfile.flush()
        except OSError:
            pass  # the client is gone; what was committed stays

    def _contents(self):
        """Contents of the frames of the body as they come. A cut body raises: nothing more is answered."""
        reader, left = frames.FrameReader(), int(self.headers["Content-Length"])
        while left:
            data = self.rfile.read1(min(left, 1_000))
            if not data:
                raise ProtocolError("cut", f"{left} bytes never came")
            left -= len(data)
            yield from reader.feed(data)


def serve(hub: Hub) -> http.server.ThreadingHTTPServer:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("HubHandler", (Handler,), {"hub": hub}))
    server.handle_error = lambda *_: None
    hub.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    return server
