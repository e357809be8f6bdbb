"""receipts.json"""

from simpul_protocol.encoding import b64
from simpul_protocol.merkle import leaf_hash, root_of
from simpul_protocol.note import Checkpoint, NoteSignature, SignedNote, cosign, sign
from simpul_protocol.receipts import Counted, holder_name

from .cast import CENTRE, HUB, LONTAR_A, LONTAR_B, bad, file, good, lines

LOG = LONTAR_A.log()
ROOT = root_of([leaf_hash(line) for line in lines(LOG, 5)])
TIME = 1_786_700_000
HOLDER = holder_name(HUB.node, HUB.epoch)


def make() -> dict:
    return file(
        "Receipts (05-receipts.md) for `log`, by `holder` under the key `key` (base64, Ed25519). held: the note is "
        "a checkpoint with a cosignature; a valid one has `size`, `root` and `time`. counted: `size`, `models`, "
        "`except` (first, last, reason), and `root` where it names one.",
        [*_held(), *_counted()],
        log=str(LOG),
        holder=HOLDER,
        key=b64(HUB.keys.sign_public),
    )


def _cosigned(checkpoint: Checkpoint, by=HUB, name: str = HOLDER, time: int = TIME) -> SignedNote:
    return cosign(checkpoint.text, time, name, by.keys.sign, by.keys.sign_public)


def _signed(text: str, by=HUB, name: str = HOLDER) -> SignedNote:
    return sign(text, name, by.keys.sign, by.keys.sign_public)


def _held() -> list:
    checkpoint = Checkpoint(LOG, 5, ROOT)
    note = _cosigned(checkpoint)
    cosignature = note.signatures[0]
    author = sign(checkpoint.text, checkpoint.origin, LONTAR_A.keys.sign, LONTAR_A.keys.sign_public)
    later = NoteSignature(HOLDER, cosignature.key_id, (TIME + 1).to_bytes(8, "big") + cosignature.signature[8:])

    def case(name: str, note: SignedNote) -> dict:
        return good(name, receipt="held", note=str(note), size=5, root=b64(ROOT), time=TIME)

    def wrong(name: str, error: str, note) -> dict:
        return bad(name, error, receipt="held", note=str(note))

    return [
        case("held", note),
        case("held, with the author's signature beside it", SignedNote(note.text, author.signatures + note.signatures)),
        wrong("held by another key", "bad-signature", _cosigned(checkpoint, CENTRE)),
        wrong("held, time altered", "bad-signature", SignedNote(note.text, [later])),
        wrong("held, size altered", "bad-signature", str(note).replace("\n5\n", "\n6\n")),
        wrong("held, a plain signature", "bad-signature", _signed(checkpoint.text)),
        wrong("held, of another log", "bad-receipt", _cosigned(Checkpoint(LONTAR_B.log(), 5, ROOT))),
        wrong("held, no checkpoint", "bad-receipt", _signed("simpul/held\n")),
        wrong("held, unsigned", "bad-receipt", checkpoint.text),
    ]


def _counted() -> list:
    def case(name: str, counted: Counted) -> dict:
        return good(
            name, receipt="counted", note=str(_signed(counted.text)), size=counted.size, models=counted.models,
            **{"except": [list(one) for one in counted.exceptions]},
            **({} if counted.root is None else {"root": b64(counted.root)}),
        )  # fmt: skip

    def wrong(name: str, text: str, error: str = "bad-receipt", by=HUB) -> dict:
        return bad(name, error, receipt="counted", note=str(_signed(text, by)))

    head = f"simpul/counted/v1\n{LOG}\n5\nmodels-2026.08\n"
    return [
        case("counted", Counted(LOG, 5, "models-2026.08")),
        case("counted, of one history", Counted(LOG, 5, "models-2026.08", [(0, 0, "parked")], ROOT)),
        case("counted with exceptions", Counted(LOG, 5, "models-2026.08", [(0, 0, "parked"), (2, 3, "sealed")])),
        wrong("counted by another key", head, "bad-signature", CENTRE),
        wrong("counted, beyond the size", head + "except 4-5 parked\n"),
        wrong("counted, a root that is none", head + "root AAAA\n"),
        wrong("counted, a root after exceptions", head + f"except 3-4 parked\nroot {b64(ROOT)}\n"),
        wrong("counted, backwards", head + "except 3-2 parked\n"),
        wrong("counted, out of order", head + "except 3-3 parked\nexcept 1-1 parked\n"),
        wrong("counted, overlapping", head + "except 1-3 parked\nexcept 3-4 parked\n"),
        wrong("counted, no reason", head + "except 1-3\n"),
        wrong("counted, another version", head.replace("v1", "v2")),
        wrong("counted, of another log", head.replace(str(LOG), str(LONTAR_B.log()))),
        wrong("counted, no models", f"simpul/counted/v1\n{LOG}\n5\n\n"),
    ]
