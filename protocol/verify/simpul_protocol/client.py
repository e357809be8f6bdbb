"""A small node: enrols, writes, syncs, is cut, resumes, and believes only what is signed (04-session.md)."""

import time
from dataclasses import dataclass, field
from typing import Callable, Dict, Iterator, List, Optional, Tuple

from . import frames, limits, names, note, receipts, session, strictjson, wire
from .encoding import b64, unb64
from .errors import ProtocolError
from .folder import Folder
from .frames import Branch, ControlFrame, LinesFrame
from .ledger import Head, Log, Member
from .merkle import consistency_proof
from .names import LogName

_ATTEMPTS = 20
_AFTER_FAILURE = 4  # attempts at a server that failed at it (500): it may be well again in a moment, or not today


@dataclass
class Report:
    """What a sync saw, for people and for tests."""

    requests: int = 0
    cut: bool = False
    agreed: bool = False
    resumed_from: Dict[str, int] = field(default_factory=dict)  # the server's statement after the cut
    lines_sent: int = 0
    bytes_sent: int = 0
    lines_received: int = 0
    receipts: List[dict] = field(default_factory=list)  # verified
    refused: List[dict] = field(default_factory=list)
    problems: List[str] = field(default_factory=list)


class Client:
    def __init__(self, folder: Folder, ca: Optional[str] = None, say: Callable[[str], None] = lambda _: None):
        self.folder = folder
        self.ca = ca
        self.say = say
        self.frame_lines = limits.FRAME_LINES
        self.captured = b""  # the last whole answer
        self.report = Report()
        self._server_rows: Optional[List[session.Row]] = None
        self._full = not folder.mark

    @property
    def invitation(self):
        return self.folder.invitation

    def _post(self, path: str, headers: dict, body: bytes, cut_after: int = None) -> Optional[wire.Answer]:
        """One request; waits and repeats as long as the server says it is busy, and a few times when it failed."""
        for attempt in range(_ATTEMPTS):
            answer = wire.post(
                self.invitation.url + path, headers, body, self.invitation.pin, self.ca, cut_after=cut_after
            )
            if answer is None or answer.status not in (429, 500, 503):
                break
            if answer.status == 500 and attempt + 1 >= _AFTER_FAILURE:
                break
            wait = answer.headers.get("retry-after", "")
            time.sleep(min(float(wait) if wait.isdigit() else 2**attempt, 30))
        if answer and answer.headers.get("simpul-challenge"):
            self.folder.challenge = answer.headers["simpul-challenge"]
        return answer

    # Enrolling

    def enrol(self):
        folder, keys = self.folder, self.folder.keys
        parts = (self.invitation.token, folder.node, folder.epoch, b64(keys.sign_public), b64(keys.wrap_public))
        request = dict(zip(("token", "node", "epoch", "sign", "wrap"), parts))
        request["signature"] = b64(keys.sign.sign(session.enrolment_message(*parts)))
        headers = {"Content-Type": "application/json", "Simpul-Version": session.VERSION}
        answer = self._post("/enrol/v1", headers, strictjson.encode(request))
        value = strictjson.parse(_checked(answer, "application/json"))
        try:
            chain = [Member.parse(one) for one in value["chain"]]
            server, mine = Member.parse(value["server"]), value["node"]
            myself = Member(
                mine["node"], mine["epoch"], names.check_region(mine["region"]), mine["role"], keys.sign_public,
                keys.wrap_public, str(mine.get("regionedition", "")),
            )  # fmt: skip
        except (KeyError, TypeError) as error:
            raise ProtocolError("malformed", f"the answer to enrolling has no {error}") from None
        self._check_enrolment(server, chain, myself)
        folder.enrolled(myself, chain)
        self.say(f"enrolled as {myself.node}/{myself.epoch} for {myself.region} at {server.node}")

    def _check_enrolment(self, server: Member, chain: List[Member], myself: Member):
        def same(one: Member, other: Member) -> bool:
            return (one.node, one.epoch, one.sign) == (other.node, other.epoch, other.sign)

        if not chain or not same(chain[0], self.invitation.root) or not same(chain[-1], self.invitation.server):
            raise ProtocolError("wrong-server", "the chain does not run from the invitation's root to its server")
        if not same(server, chain[-1]):
            raise ProtocolError("wrong-server", "the answer is from another server than the invitation's")
        for upper, lower in zip(chain, chain[1:]):
            if not upper.is_server or not names.is_at_or_below(lower.region, upper.region):
                raise ProtocolError("wrong-server", f"{upper.node} may not enrol {lower.node}")
        if (myself.node, myself.epoch) != (self.folder.node, self.folder.epoch):
            raise ProtocolError("malformed", f"enrolled as {myself.node}/{myself.epoch}")

    # Syncing

    def sync(self, cut_after: int = None, stop_after_cut: bool = False) -> Report:
        """Asks until both sides agree. `cut_after` drops the first request after that many bytes of its body."""
        for _ in range(_ATTEMPTS):
            progressed = self._request(cut_after)
            cut_after = None
            if self.report.agreed or (self.report.cut and stop_after_cut):
                break
            if not progressed:
                self.report.problems.append("no agreement, and nothing more to exchange")
                break
        self._check_own_lines()
        self.folder.save()
        return self.report

    def _request(self, cut_after: Optional[int]) -> bool:
        """One request. Answers whether it brought anything, so that another may bring more."""
        folder, report = self.folder, self.report
        asking = folder.unanswered
        first = ControlFrame([self._hello(asking)])
        upload = [] if asking else list(self._upload())
        body = b"".join(frames.compress(frame.content) for frame in [first, *upload])
        folder.unanswered = True
        folder.save()
        answer = self._send(first.content, body, cut_after)
        report.requests += 1
        report.bytes_sent += len(body)
        if cut_after is not None and cut_after < len(body):
            report.cut = True
            self.say(f"cut after {cut_after} of {len(body)} bytes")
        if answer is None or answer.status != 200 and report.cut:
            return True
        sent = sum(len(frame.lines) for frame in upload)
        report.lines_sent += sent
        return self._take(answer, asking) or sent > 0 or asking

    def _send(self, first: bytes, body: bytes, cut_after: Optional[int]) -> Optional[wire.Answer]:
        folder = self.folder
        for _ in range(2):
            message = session.request_message(
                self.invitation.server.node, folder.node, folder.epoch, folder.challenge, first
            )
            headers = {
                "Content-Type": session.CONTENT_TYPE,
                "Simpul-Version": session.VERSION,
                "Simpul-Node": f"{folder.node}/{folder.epoch}",
                "Simpul-Signature": b64(folder.keys.sign.sign(message)),
            }
            if folder.challenge:
                headers["Simpul-Challenge"] = folder.challenge
            else:  # the first request only fetches a challenge: nothing but the hello
                answer = self._post("/sync/v1", headers, frames.compress(first))
                if answer is None or answer.status != 401:
                    return answer
                continue
            answer = self._post("/sync/v1", headers, body, cut_after)
            if answer is None or answer.status != 401:
                return answer
        return answer

    @property
    def _region(self) -> str:
        return self.folder.myself.region

    def _hello(self, asking: bool) -> dict:
        folder = self.folder
        rows = folder.ledger.rows(self._region)
        touched = {row[0] for row in rows if row[1] != folder.agreed.get(row[0])}
        # Of a log that changed all heads: they tell what is held of it.
        changed = rows if self._full else [row for row in rows if row[0] in touched]
        return {
            "hello": 1, "node": folder.node, "epoch": folder.epoch, "region": self._region,
            "table": session.table_digest(rows), "mark": "" if self._full else folder.mark,
            "rows": [list(row) for row in changed], "full": self._full, "ask": asking,
            "receipts": self._receipts_digest(), "keys": self._keys_digest(), "max": 16 << 20,
        }  # fmt: skip

    def _receipts_digest(self) -> str:
        return session.receipts_digest((*key, text) for key, text in self.folder.receipts.items())

    def _keys_digest(self) -> str:
        return session.keys_digest((key, to, unb64(share["box"], "box")) for (key, to, _), share in self.folder.shares.items())

    # What goes up

    def _upload(self) -> Iterator[LinesFrame]:
        for name, log in sorted(self.folder.ledger.logs.items(), key=lambda item: str(item[0])):
            if not names.in_scope(name.audience, self._region):
                continue
            for head in log.heads:
                yield from self._frames(log, head)

    def _frames(self, log: Log, head: Head) -> Iterator[LinesFrame]:
        branch = _branch_of(log, head)
        start = self._start(log, head)
        if branch and start < branch.fork:
            start = branch.fork
        while start < head.size:
            end = _frame_end(head, start, self.frame_lines)
            if head.covers == head.size:
                proof = consistency_proof(end, head.leaves) if end < head.size else []
            else:
                end, proof = head.size, head.proof
            yield LinesFrame(log.name, start, head.lines[start:end], head.note, proof, branch)
            start = end

    def _start(self, log: Log, head: Head) -> int:
        """Where the server stands on this line of descent: its own statement, else what was agreed last."""
        if self._server_rows is None:
            return self.folder.agreed.get(str(log.name), 0 if log.name.node == self.folder.node else head.size)
        held = [
            size
            for name, size, root in self._server_rows
            if name == str(log.name) and size <= head.size and b64(head.edge_at(size).root) == root
        ]
        return max(held, default=0)

    # What comes down

    def _take(self, answer: wire.Answer, asking: bool) -> bool:
        body = _checked(answer, session.CONTENT_TYPE)
        records, lines, ended = 0, 0, None
        before = dict(self.folder.receipts), dict(self.folder.shares)
        try:
            for content in frames.contents(body):
                frame = frames.parse(content)
                if isinstance(frame, LinesFrame):
                    lines += self._take_lines(frame)
                    continue
                for record in frame.records:
                    records += 1
                    ended = self._take_record(record, asking, first=records == 1) or ended
        except (KeyError, TypeError, ValueError) as error:
            raise ProtocolError("malformed", f"a record lacks {error!r} or has it in another form") from None
        except ProtocolError as error:
            if error.code != "cut":
                raise
        self.report.lines_received += lines
        if ended is None or not answer.whole:
            self.folder.save()
            return True
        self.captured = body
        self.folder.unanswered = False
        self._judge(ended)
        self.folder.save()
        changed = before != (self.folder.receipts, self.folder.shares)
        return lines > 0 or changed or bool(ended.get("more")) or self._full

    def _take_lines(self, frame: LinesFrame) -> int:
        if not names.in_scope(frame.log.audience, self._region):
            self.report.problems.append(f"out-of-scope: the server sent {frame.log}")
            return 0
        try:
            outcome = self.folder.ledger.apply(frame)
            self._obey_erasures()
        except ProtocolError as error:
            self.report.problems.append(f"{frame.log} from {frame.start}: {error}")
            return 0
        return 0 if outcome == "held" else len(frame.lines)

    def _take_record(self, record: dict, asking: bool, first: bool) -> Optional[dict]:
        kind = next(iter(record))
        if first and kind != "state":
            raise ProtocolError("malformed", f"an answer starts with state, not {kind}")
        if kind == "state":
            self._take_state(record, asking)
        elif kind == "receipt":
            self._take_receipt(record)
        elif kind == "key":
            unb64(record["box"], "box", 80)
            self._take_share(record)
        elif kind == "refused":
            self.report.refused.append(record)
        elif kind == "end":
            return record
        return None

    def _take_state(self, state: dict, asking: bool):
        mine = self.folder.ledger.rows(self._region)
        if state["table"] == session.table_digest(mine):
            self._server_rows = mine
        else:
            stated = session.check_rows(state["rows"])
            listed = {row[0] for row in stated}
            agreed = [row for row in mine if row[1] == self.folder.agreed.get(row[0]) and row[0] not in listed]
            self._server_rows = stated if self._full else stated + agreed
        self._full = bool(state["full"])
        if asking:
            own = str(self.folder.own_log())
            size = max((row[1] for row in self._server_rows if row[0] == own), default=0)
            self.report.resumed_from[own] = size
            self.say(f"the server holds {size} lines of {own}")

    def _take_receipt(self, record: dict):
        try:
            verified = self._verify_receipt(record)
        except (ProtocolError, KeyError, TypeError) as error:
            self.report.problems.append(f"receipt: {error}")
            return
        self.folder.receipts[(record["log"], record["holder"], record["receipt"])] = record["note"]
        self.report.receipts.append(verified)
        held = [row for row in self._server_rows or [] if row[0] != record["log"]]
        if record["receipt"] == "held" and record["holder"] == self.invitation.server.node:
            self._server_rows = [*held, (record["log"], verified["size"], verified["root"])]

    def _verify_receipt(self, record: dict) -> dict:
        """The receipt as plain values, once a key enrolled for its holder is found to have signed it."""
        log, holder = LogName.parse(record["log"]), record["holder"]
        members = [one for one in self.folder.ledger.members.values() if one.node == holder]
        failure = ProtocolError("unknown-author", f"no enrolment of {holder} is known")
        for member in members:
            name = receipts.holder_name(holder, member.epoch)
            try:
                if record["receipt"] == "counted":
                    counted = receipts.open_counted(record["note"], log, name, member.sign)
                    return {"kind": "counted", "log": str(log), "holder": holder, "size": counted.size,
                            "models": counted.models, "except": [list(one) for one in counted.exceptions]}  # fmt: skip
                checkpoint, moment = receipts.open_held(record["note"], log, name, member.sign)
                self._check_root(log, checkpoint)
                return {"kind": "held", "log": str(log), "holder": holder, "size": checkpoint.size,
                        "root": b64(checkpoint.root), "time": moment}  # fmt: skip
            except ProtocolError as error:
                failure = error
        raise failure

    def _check_root(self, name: LogName, checkpoint: note.Checkpoint):
        """A holder's root must be that of the lines here, as far as they go."""
        heads = [head for head in self.folder.ledger.log(name).heads if head.size >= checkpoint.size]
        if heads and all(head.edge_at(checkpoint.size).root != checkpoint.root for head in heads):
            raise ProtocolError("root-mismatch", f"the holder's root at {checkpoint.size} is not the one here: a fork")

    def _take_share(self, record: dict):
        place = (names.check_person_key(record["key"]), names.check_share_place(record["to"]), record["region"])
        if any(order.covers(place[0]) for order in self.folder.ledger.erasures):
            return
        held = self.folder.shares.get(place)
        if held is None or unb64(record["box"], "box") < unb64(held["box"], "box"):
            self.folder.shares[place] = record

    def _obey_erasures(self):
        for order in self.folder.ledger.erasures:
            for place in [place for place in self.folder.shares if order.covers(place[0])]:
                del self.folder.shares[place]

    def _judge(self, end: dict):
        rows = self.folder.ledger.rows(self._region)
        agreed = end["table"] == session.table_digest(rows) and end.get("keys", "") == self._keys_digest()
        self.report.agreed = agreed and not end["more"]
        if agreed:
            self.folder.mark = end["mark"]
            self.folder.agreed = {row[0]: row[1] for row in rows}

    def _check_own_lines(self):
        """Every line of this node's own log is to be held by its parent, by a receipt that verified."""
        if not self.report.agreed:
            return
        own, server = self.folder.own_log(), self.invitation.server.node
        size = self.folder.ledger.log(own).main.size
        text = self.folder.receipts.get((str(own), server, "held"))
        held = note.Checkpoint.parse(note.SignedNote.parse(text).text).size if text else 0
        if held < size:
            self.report.problems.append(f"{server} agreed but gave a receipt for {held} of {size} lines")


def _frame_end(head: Head, start: int, frame_lines: int) -> int:
    """As many lines as a frame may have, in number and bytes, but at least one."""
    size, end = 4_096, start  # room for header and trailer
    while end < head.size and end - start < frame_lines:
        size += len(head.lines[end]) + 1
        if end > start and size > limits.FRAME_BYTES:
            break
        end += 1
    return end


def _branch_of(log: Log, head: Head) -> Optional[Branch]:
    """The name of the branch a head stands on; none for the main line, which was met first."""
    if head is log.main:
        return None
    forks = []
    for other in log.heads[: log.heads.index(head)]:
        shared = min(head.size, other.size)
        forks.append(next(i for i in range(shared) if head.leaves[i] != other.leaves[i]))
    fork = max(forks)
    return Branch(fork, head.leaves[fork])


def _checked(answer: Optional[wire.Answer], content_type: str) -> bytes:
    """The body of an answer that is this protocol's. A captive portal's page is not, whatever its status."""
    if answer is None:
        raise ProtocolError("no-answer", "the connection ended before an answer")
    kind = answer.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind == "application/problem+json":
        problem = strictjson.parse(answer.body)
        raise ProtocolError(str(problem.get("code")), str(problem.get("detail", problem.get("title", ""))))
    if answer.status != 200 or kind != content_type:
        raise ProtocolError("not-simpul", f"status {answer.status} with {kind or 'no type'}: not a Simpul server")
    return answer.body
