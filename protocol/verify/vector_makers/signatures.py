"""session-signature.json, enrolment.json and succession.json"""

from simpul_protocol import session, strictjson
from simpul_protocol.encoding import b64
from simpul_protocol.frames import ControlFrame

from .cast import HUB, LONTAR_A, LONTAR_B, bad, file, good, seed

CHALLENGE = b64(seed("challenge"))
TOKEN = "4vJb0Q9nUu2kX3tR"


def make_session() -> dict:
    hello = {
        "hello": 1, "node": LONTAR_A.node, "epoch": LONTAR_A.epoch, "region": LONTAR_A.region,
        "table": session.table_digest([]), "mark": "", "rows": [], "full": True, "ask": False,
        "receipts": session.receipts_digest([]), "keys": session.keys_digest([]), "max": 16_777_216,
    }  # fmt: skip
    frame = ControlFrame([hello]).content

    def fields(signed_with=LONTAR_A, **changes) -> dict:
        parts = dict(server=HUB.node, node=LONTAR_A.node, epoch=LONTAR_A.epoch, challenge=CHALLENGE, first_frame=frame)
        message = session.request_message(**{**parts, **changes})
        return {"message": message.decode(), "signature": b64(signed_with.keys.sign.sign(message))}

    right = fields()
    return file(
        "The signature of a request (04-session.md): over `message`, which a server makes from its own name, the "
        "node and the challenge in the headers, and the decoded content of the body's first frame (`first_frame`, "
        "base64). In an invalid case the signature was made over something else.",
        [
            good("a signed request", **right),
            bad("for another server", "bad-signature",
                message=right["message"], signature=fields(server="hub-tangerang")["signature"]),
            bad("for another challenge", "bad-signature",
                message=right["message"], signature=fields(challenge=b64(seed("other")))["signature"]),
            bad("over another body", "bad-signature",
                message=right["message"], signature=fields(first_frame=frame + b" ")["signature"]),
            bad("by another node's key", "bad-signature",
                message=right["message"], signature=fields(LONTAR_B)["signature"]),
            bad("too short", "bad-signature", message=right["message"], signature=b64(bytes(63))),
            bad("not base64", "bad-signature", message=right["message"], signature="signature"),
        ],
        server=HUB.node, node=LONTAR_A.node, epoch=LONTAR_A.epoch, challenge=CHALLENGE, first_frame=b64(frame),
        key=b64(LONTAR_A.keys.sign_public),
    )  # fmt: skip


def make_enrolment() -> dict:
    sign, wrap = b64(LONTAR_A.keys.sign_public), b64(LONTAR_A.keys.wrap_public)

    def request(signed_with=LONTAR_A, **changes) -> dict:
        signed = {"token": TOKEN, "node": LONTAR_A.node, "epoch": LONTAR_A.epoch, "sign": sign, "wrap": wrap}
        message = session.enrolment_message(**{**signed, **changes})
        return {**signed, "signature": b64(signed_with.keys.sign.sign(message))}

    def case(make, name, *error, body) -> dict:
        return make(name, *error, request=strictjson.encode(body).decode())

    return file(
        "Enrolment requests (04-session.md): the body of POST /enrol/v1. The signature is by the key `sign` in it.",
        [
            case(good, "a request", body=request()),
            case(bad, "signed over another token", "bad-signature", body=request(token="another")),
            case(bad, "signed over another epoch", "bad-signature", body=request(epoch="0" * 16)),
            case(bad, "signed by another key", "bad-signature", body=request(LONTAR_B)),
            case(bad, "a bad name", "malformed", body={**request(), "node": "Lontar A"}),
            case(bad, "a short key", "malformed", body={**request(), "wrap": b64(bytes(31))}),
            case(bad, "no token", "malformed", body={k: v for k, v in request().items() if k != "token"}),
        ],
    )


def make_succession() -> dict:
    old, new = LONTAR_A, LONTAR_B
    sign, wrap = b64(new.keys.sign_public), b64(old.keys.wrap_public)
    epoch = new.epoch

    def request(approved_by=old, signed_by=new, **changes) -> dict:
        parts = dict(server=HUB.node, node=old.node, old=old.epoch, epoch=epoch, sign=sign, wrap=wrap)
        message = session.succession_message(**{**parts, **changes})
        return {
            "after": old.epoch, "node": old.node, "epoch": epoch, "sign": sign, "wrap": wrap,
            "signature": b64(signed_by.keys.sign.sign(message)), "approval": b64(approved_by.keys.sign.sign(message)),
        }  # fmt: skip

    def case(make, name, *error, body) -> dict:
        return make(name, *error, request=strictjson.encode(body).decode())

    message = session.succession_message(HUB.node, old.node, old.epoch, epoch, sign, wrap)
    return file(
        "A further epoch of a node (04-session.md, Succeeding): the body of POST /enrol/v1 to `server`. Both signatures "
        "are over `message`; `approval` is by `key` (base64, Ed25519) of the epoch before, `signature` by the new key.",
        [
            case(good, "a request", body=request()),
            case(bad, "approved by another key", "bad-signature", body=request(approved_by=HUB)),
            case(bad, "approved by the new key", "bad-signature", body=request(approved_by=new)),
            case(bad, "signed by the old key", "bad-signature", body=request(signed_by=old)),
            case(bad, "for another server", "bad-signature", body=request(server="hub-tangerang")),
            case(bad, "after another epoch", "bad-signature", body=request(old="0" * 16)),
            case(bad, "with another wrapping key", "bad-signature", body={**request(), "wrap": b64(bytes(32))}),
            case(bad, "a bad epoch", "malformed", body={**request(), "epoch": "new"}),
            case(bad, "no approval", "malformed", body={k: v for k, v in request().items() if k != "approval"}),
        ],
        server=HUB.node, key=b64(old.keys.sign_public), message=message.decode(),
    )  # fmt: skip
