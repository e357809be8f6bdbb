"""sealed-box.json and recovery-deposit.json"""


from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from simpul_protocol import eventline, keys, strictjson
from simpul_protocol.encoding import b64

from .cast import CASE, HUB, LONTAR_A, bad, event, file, good, seed

OFFICE = "satgas-banten/1"
TYPE = "testimony.sealed"
VAULT = "0b6f5a7e-1c2d-4e3f-8a9b-0c1d2e3f4a5b"


def make_boxes() -> dict:
    private = seed("office key")
    office = keys.NodeKeys.from_seeds(bytes(32), private)
    ephemeral = X25519PrivateKey.from_private_bytes(seed("sealed ephemeral"))
    log = LONTAR_A.log()
    members = {"taken_at": "2026-08-14T16:10:00+07:00", "interview_setting": "safe", "text": "Paspor ditahan."}

    def line(
        sequence=7, subject=CASE, to=OFFICE, sealed_at=7, sealed_subject=CASE, sealed_to=OFFICE, sealed_type=TYPE,
        receiver=office.wrap_public, text=None, change=None,
    ) -> str:
        info = keys.sealed_info(sealed_to, str(log), str(sealed_at), sealed_type, sealed_subject)
        box = keys.hpke_seal(receiver, text or keys.pad_sealed(strictjson.encode(members)), info, ephemeral)
        if change is not None:
            box = box[:change] + bytes([box[change] ^ 1]) + box[change + 1 :]
        data = {"sealed": {"to": to, "box": b64(box)}}
        return eventline.encode(
            event(log, sequence, type=TYPE, subject=subject, dataschema=f"simpul:{TYPE}/1", data=data)
        ).decode("utf-8")

    longer = {**members, "text": "Gaji tidak pernah diterima. " * 60}
    wrong = {
        "one bit of the text": line(change=200),
        "one bit of the encapsulated key": line(change=0),
        "moved to another sequence": line(sequence=8),
        "moved to another subject": line(sealed_subject=VAULT),
        "sealed for another type": line(sealed_type="visit.recorded"),
        "said to be for another key of the office": line(to="satgas-banten/2"),
        "sealed for another key": line(receiver=HUB.keys.wrap_public),
    }
    return file(
        "Testimony sealed for an office (06-personal-data.md). The office's X25519 private key `private` (base64; public "
        "key `public`) opens `data.sealed` of `line` and gives the members, padded to `size` bytes.",
        [
            good("a short testimony", line=line(), members=members, size=1_024),
            good(
                "a longer one", line=line(text=keys.pad_sealed(strictjson.encode(longer))), members=longer, size=4_096
            ),
            *[bad(name, "cannot-open", line=text) for name, text in wrong.items()],
        ],
        private=b64(private),
        public=b64(office.wrap_public),
    )


def make_deposits() -> dict:
    ephemeral = X25519PrivateKey.from_private_bytes(seed("deposit ephemeral"))
    key = seed("recovery key")[:16]
    node, holder = f"{LONTAR_A.node}/{LONTAR_A.epoch}", f"{HUB.node}/{HUB.epoch}"

    def box(node=node, vault=VAULT, generation=1, holder=holder, receiver=HUB, key=key) -> bytes:
        info = keys.recovery_info(node, vault, generation, holder)
        return keys.hpke_seal(receiver.keys.wrap_public, key, info, ephemeral)

    right = box()
    wrong = {
        "of another node": box(node=f"lontar-b/{LONTAR_A.epoch}"),
        "of another generation": box(generation=2),
        "for another holder": box(holder=f"hub-tangerang/{HUB.epoch}"),
        "wrapped for another key": box(receiver=LONTAR_A),
        "a key of 32 bytes": box(key=seed("recovery key")),
        "one bit of the key": right[:40] + bytes([right[40] ^ 1]) + right[41:],
    }
    return file(
        "A recovery key deposited with the hub (06-personal-data.md). The hub's X25519 private key `private` opens `box` "
        "and gives `key`, which is read out as `code`.",
        [
            good("a deposit", box=b64(right), key=b64(key), code=keys.recovery_code(key)),
            *[bad(name, "cannot-open", box=b64(text)) for name, text in wrong.items()],
        ],
        node=node,
        vault=VAULT,
        generation=1,
        holder=holder,
        private=b64(seed(f"wrap {HUB.node}")),
    )
