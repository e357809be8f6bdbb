"""Signed notes, checkpoints and cosignatures in the formats of C2SP (02-log.md, 05-receipts.md)."""

from dataclasses import dataclass
from hashlib import sha256
from typing import List, Optional

from . import limits, names
from .encoding import b64, unb64
from .errors import ProtocolError
from .keys import verify_signature

SIGNATURE, COSIGNATURE = 0x01, 0x04
_DASH = "\u2014 "


def key_id(name: str, kind: int, public_key: bytes) -> bytes:
    return sha256(name.encode("utf-8") + b"\n" + bytes([kind]) + public_key).digest()[:4]


@dataclass(frozen=True)
class NoteSignature:
    name: str
    key_id: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"{_DASH}{self.name} {b64(self.key_id + self.signature)}\n"


@dataclass(frozen=True)
class SignedNote:
    """A text that ends with a newline, and the lines that sign it."""

    text: str
    signatures: List[NoteSignature]

    def __str__(self) -> str:
        return self.text + "\n" + "".join(map(str, self.signatures))

    @classmethod
    def parse(cls, note: str, code: str = "bad-checkpoint") -> "SignedNote":
        if len(note.encode("utf-8")) > limits.NOTE_BYTES:
            raise ProtocolError(code, f"a note longer than {limits.NOTE_BYTES} bytes")
        if any(ord(character) < 0x20 and character != "\n" or character == "\x7f" for character in note):
            raise ProtocolError(code, "a control character in a note")
        body, blank, tail = note.rpartition("\n\n")
        if not blank or not body or not tail.endswith("\n"):
            raise ProtocolError(code, "a note is a text, an empty line and signature lines")
        lines = tail[:-1].split("\n")
        if len(lines) > limits.NOTE_SIGNATURES:
            raise ProtocolError(code, f"more than {limits.NOTE_SIGNATURES} signatures")
        return cls(body + "\n", [_parse_signature(line, code) for line in lines])

    def signature_by(self, name: str, kind: int, public_key: bytes) -> Optional[bytes]:
        """The signature bytes under this key, unverified. Signatures by others are no concern of the caller."""
        wanted = key_id(name, kind, public_key)
        for signature in self.signatures:
            if signature.name == name and signature.key_id == wanted:
                return signature.signature
        return None

    def verify(self, name: str, public_key: bytes):
        """Raises `bad-signature` unless the note carries a good signature of type 0x01 by this key."""
        signature = self.signature_by(name, SIGNATURE, public_key)
        if signature is None:
            raise ProtocolError("bad-signature", f"no signature by {name} under the key known for it")
        if not verify_signature(public_key, signature, self.text.encode("utf-8")):
            raise ProtocolError("bad-signature", f"the signature by {name} does not verify")

    def verify_cosignature(self, name: str, public_key: bytes) -> int:
        """The time (seconds since 1970) at which this key cosigned the checkpoint; raises `bad-signature`."""
        signature = self.signature_by(name, COSIGNATURE, public_key)
        if signature is None:
            raise ProtocolError("bad-signature", f"no cosignature by {name} under the key known for it")
        if len(signature) != 72:
            raise ProtocolError("bad-signature", "a cosignature is 8 bytes of time and 64 of signature")
        time = int.from_bytes(signature[:8], "big")
        if not verify_signature(public_key, signature[8:], cosigned_message(self.text, time)):
            raise ProtocolError("bad-signature", f"the cosignature by {name} does not verify")
        return time


def _parse_signature(line: str, code: str) -> NoteSignature:
    parts = line[len(_DASH) :].split(" ")
    if not line.startswith(_DASH) or len(parts) != 2 or not parts[0] or "+" in parts[0]:
        raise ProtocolError(code, "a signature line is an em dash, a key name and base64")
    data = unb64(parts[1], "signature line", code=code)
    if len(data) < 5:
        raise ProtocolError(code, "a signature shorter than its key id")
    return NoteSignature(parts[0], data[:4], data[4:])


def cosigned_message(text: str, time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n{text}".encode("utf-8")


def sign(text: str, name: str, private_key, public_key: bytes) -> SignedNote:
    signature = private_key.sign(text.encode("utf-8"))
    return SignedNote(text, [NoteSignature(name, key_id(name, SIGNATURE, public_key), signature)])


def cosign(text: str, time: int, name: str, private_key, public_key: bytes) -> SignedNote:
    signature = time.to_bytes(8, "big") + private_key.sign(cosigned_message(text, time))
    return SignedNote(text, [NoteSignature(name, key_id(name, COSIGNATURE, public_key), signature)])


@dataclass(frozen=True)
class Checkpoint:
    """The head of a log: its origin, how many lines it has, and the root over them."""

    log: names.LogName
    size: int
    root: bytes

    @property
    def origin(self) -> str:
        return origin_of(self.log)

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{b64(self.root)}\n"

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        lines = text.split("\n")
        if len(lines) != 4 or lines[3] or not lines[0].startswith("simpul/"):
            raise ProtocolError("bad-checkpoint", "a checkpoint is origin, size and root, each on its line")
        try:
            log = names.LogName.parse(lines[0][len("simpul/") :])
            size = names.parse_count(lines[1])
        except ProtocolError as error:
            raise ProtocolError("bad-checkpoint", error.detail) from None
        return cls(log, size, unb64(lines[2], "root", 32, code="bad-checkpoint"))


def origin_of(log: names.LogName) -> str:
    """The origin of a log's checkpoints, which is also the name of the key that signs them."""
    return f"simpul/{log}"


def open_checkpoint(note: str, log: names.LogName, public_key: bytes) -> Checkpoint:
    """The checkpoint in a note, once it is known to be of this log and signed by its author."""
    signed = SignedNote.parse(note)
    checkpoint = Checkpoint.parse(signed.text)
    if checkpoint.log != log:
        raise ProtocolError("bad-checkpoint", f"a checkpoint of {checkpoint.log} under lines of {log}")
    signed.verify(origin_of(log), public_key)
    return checkpoint
