"""personal-box.json and key-share.json"""

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from simpul_protocol import keys, strictjson
from simpul_protocol.encoding import b64

from .cast import HUB, LONTAR_B, PERSON, bad, file, good, seed

NAME = f"{PERSON}/1"
PERSON_KEY = seed("person key")
TYPE = "person.registered"


def make_boxes() -> dict:
    fields = {"full_name": "Sutini", "phone": "+62 812 0000 0000", "nik": "3604130101900001"}
    plain = strictjson.encode(fields)
    nonce = seed("nonce")[:12]

    def box(context: bytes, key: bytes = PERSON_KEY) -> bytes:
        return keys.seal_personal(key, plain, context, nonce)

    context = keys.personal_context(TYPE, PERSON, NAME)
    right = box(context)
    flipped = right[:20] + bytes([right[20] ^ 1]) + right[21:]
    wrong = {
        "one bit of the text": flipped,
        "one bit of the tag": right[:-1] + bytes([right[-1] ^ 0x80]),
        "another nonce": bytes(12) + right[12:],
        "sealed for another subject": box(keys.personal_context(TYPE, LONTAR_B.node, NAME)),
        "sealed for another type": box(keys.personal_context("person.changed", PERSON, NAME)),
        "sealed under another key name": box(keys.personal_context(TYPE, PERSON, f"{PERSON}/2")),
        "sealed under another key": box(context, seed("another person key")),
        "cut": right[:-1],
        "too short for a tag": right[:27],
        "empty": b"",
    }
    return file(
        "Personal boxes (06-personal-data.md). `key` (base64, AES-256) opens `box` in an event of this `type` and "
        "`subject` under the key name `key_name`, and gives `plaintext`.",
        [
            good("a person's fields", box=b64(right), plaintext=plain.decode()),
            *[bad(name, "cannot-open", box=b64(box)) for name, box in wrong.items()],
        ],
        type=TYPE,
        subject=PERSON,
        key_name=NAME,
        key=b64(PERSON_KEY),
    )


def make_shares() -> dict:
    ephemeral = X25519PrivateKey.from_private_bytes(seed("ephemeral"))

    def wrap(key_name: str = NAME, to: str = HUB.place, receiver=HUB, key: bytes = PERSON_KEY) -> bytes:
        return keys.wrap_person_key(key, key_name, to, receiver.keys.wrap_public, ephemeral)

    right = wrap()
    wrong = {
        "wrapped for another node's key": wrap(receiver=LONTAR_B),
        "wrapped under another key name": wrap(f"{PERSON}/2"),
        "wrapped under another node name": wrap(to=f"hub-tangerang/{HUB.epoch}"),
        "wrapped for another copy of the node": wrap(to=f"{HUB.node}/{LONTAR_B.epoch}"),
        "wrapped for a node without its epoch": wrap(to=HUB.node),
        "a key of 31 bytes": wrap(key=PERSON_KEY[:31]),
        "one bit of the key": right[:40] + bytes([right[40] ^ 1]) + right[41:],
        "one bit of the encapsulated key": bytes([right[0] ^ 1]) + right[1:],
        "encapsulated key of small order": bytes(32) + right[32:],
        "cut": right[:-1],
        "too short for a tag": right[:47],
    }
    return file(
        "Wrapped person keys (06-personal-data.md). The receiver `to`, whose X25519 private key is `private` "
        "(base64; public key `public`), opens `box` as a share of `key_name` and gets `person_key`. The ephemeral "
        "private key of the valid case is `ephemeral`.",
        [
            good("a wrapped key", box=b64(right), person_key=b64(PERSON_KEY)),
            *[bad(name, "cannot-open", box=b64(box)) for name, box in wrong.items()],
        ],
        key_name=NAME,
        to=HUB.place,
        private=b64(seed(f"wrap {HUB.node}")),
        public=b64(HUB.keys.wrap_public),
        ephemeral=b64(seed("ephemeral")),
    )
