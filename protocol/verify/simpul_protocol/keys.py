"""Signing keys, personal boxes, wrapped keys, what is sealed (02-log.md, 06-personal-data.md)."""

import hashlib
import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from .encoding import unb64
from .errors import ProtocolError


def raw(public_key) -> bytes:
    """The 32 bytes of a public key."""
    return public_key.public_bytes(Encoding.Raw, PublicFormat.Raw)


@dataclass(frozen=True)
class NodeKeys:
    """The two private keys of one epoch of a node: for signing, and for receiving person keys."""

    sign: Ed25519PrivateKey
    wrap: X25519PrivateKey

    @classmethod
    def generate(cls) -> "NodeKeys":
        return cls.from_seeds(os.urandom(32), os.urandom(32))

    @classmethod
    def from_seeds(cls, sign: bytes, wrap: bytes) -> "NodeKeys":
        return cls(Ed25519PrivateKey.from_private_bytes(sign), X25519PrivateKey.from_private_bytes(wrap))

    @property
    def sign_public(self) -> bytes:
        return raw(self.sign.public_key())

    @property
    def wrap_public(self) -> bytes:
        return raw(self.wrap.public_key())


def verify_signature(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether an Ed25519 signature (RFC 8032) is good."""
    if len(public_key) != 32 or len(signature) != 64:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
        return True
    except (InvalidSignature, ValueError):
        return False


# Personal boxes ----------------------------------------------------------------------------------------------------


def personal_context(event_type: str, subject: str, key_name: str) -> bytes:
    """What binds a box to its place, as additional data: moved elsewhere, it does not open."""
    return f"{event_type}\n{subject}\n{key_name}".encode("utf-8")


def seal_personal(key: bytes, plaintext: bytes, context: bytes, nonce: bytes = None) -> bytes:
    """nonce ‖ ciphertext ‖ tag. A nonce is random and never used twice; give one only for test vectors."""
    nonce = nonce or os.urandom(12)
    return nonce + AESGCM(key).encrypt(nonce, plaintext, context)


def open_personal(key: bytes, box: bytes, context: bytes) -> bytes:
    if len(box) < 28:
        raise ProtocolError("cannot-open", f"a box of {len(box)} bytes; nonce and tag alone are 28")
    try:
        return AESGCM(key).decrypt(box[:12], box[12:], context)
    except InvalidTag:
        raise ProtocolError("cannot-open", "another key, another place, or altered bytes") from None


# HPKE (RFC 9180), base mode, one message --------------------------------------------------------------------------

_KEM_ID, _KDF_ID, _AES_256_GCM = 0x0020, 0x0001, 0x0002  # DHKEM(X25519, HKDF-SHA256), HKDF-SHA256


def _hmac(key: bytes, message: bytes) -> bytes:
    mac = hmac.HMAC(key, hashes.SHA256())
    mac.update(message)
    return mac.finalize()


def _labeled_extract(suite: bytes, salt: bytes, label: bytes, material: bytes) -> bytes:
    return _hmac(salt or bytes(32), b"HPKE-v1" + suite + label + material)


def _labeled_expand(suite: bytes, key: bytes, label: bytes, info: bytes, length: int) -> bytes:
    info = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    output, block, counter = b"", b"", 1
    while len(output) < length:
        block = _hmac(key, block + info + bytes([counter]))
        output, counter = output + block, counter + 1
    return output[:length]


def _key_schedule(
    shared: bytes, sender_public: bytes, receiver_public: bytes, info: bytes, aead: int = _AES_256_GCM
) -> tuple:
    kem = b"KEM" + _KEM_ID.to_bytes(2, "big")
    extracted = _labeled_extract(kem, b"", b"eae_prk", shared)
    secret = _labeled_expand(kem, extracted, b"shared_secret", sender_public + receiver_public, 32)
    suite = b"HPKE" + b"".join(part.to_bytes(2, "big") for part in (_KEM_ID, _KDF_ID, aead))
    context = (
        b"\x00"
        + _labeled_extract(suite, b"", b"psk_id_hash", b"")
        + _labeled_extract(suite, b"", b"info_hash", info)
    )
    schedule = _labeled_extract(suite, secret, b"secret", b"")
    key_bytes = 16 if aead == 0x0001 else 32
    return (
        _labeled_expand(suite, schedule, b"key", context, key_bytes),
        _labeled_expand(suite, schedule, b"base_nonce", context, 12),
    )


def hpke_seal(
    receiver: bytes, plaintext: bytes, info: bytes, ephemeral: X25519PrivateKey = None, aad: bytes = b"",
    aead: int = _AES_256_GCM,
) -> bytes:
    """encapsulated key ‖ ciphertext ‖ tag. Give an ephemeral key only for test vectors."""
    ephemeral = ephemeral or X25519PrivateKey.generate()
    sender = raw(ephemeral.public_key())
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(receiver))
    key, nonce = _key_schedule(shared, sender, receiver, info, aead)
    return sender + AESGCM(key).encrypt(nonce, plaintext, aad)


def hpke_open(receiver: X25519PrivateKey, box: bytes, info: bytes, aad: bytes = b"") -> bytes:
    if len(box) < 48:
        raise ProtocolError("cannot-open", f"a box of {len(box)} bytes; key and tag alone are 48")
    try:
        shared = receiver.exchange(X25519PublicKey.from_public_bytes(box[:32]))
        key, nonce = _key_schedule(shared, box[:32], raw(receiver.public_key()), info)
        return AESGCM(key).decrypt(nonce, box[32:], aad)
    except (InvalidTag, ValueError):
        raise ProtocolError("cannot-open", "for another receiver, another key, or altered bytes") from None


def share_info(key_name: str, to: str) -> bytes:
    return f"simpul-key/v1\n{key_name}\n{to}".encode("utf-8")


def wrap_person_key(person_key: bytes, key_name: str, to: str, receiver: bytes, ephemeral=None) -> bytes:
    return hpke_seal(receiver, person_key, share_info(key_name, to), ephemeral)


def unwrap_person_key(box: bytes, key_name: str, to: str, receiver: X25519PrivateKey) -> bytes:
    key = hpke_open(receiver, box, share_info(key_name, to))
    if len(key) != 32:
        raise ProtocolError("cannot-open", f"a person key has 32 bytes, not {len(key)}")
    return key


# Sealed for an office ---------------------------------------------------------------------------------------------

SEALED_SIZES = (1_024, 4_096, 16_384, 40_960)


def sealed_info(office_key: str, source: str, sequence: str, event_type: str, subject: str) -> bytes:
    """What binds a sealed box to its line: in another place it does not open."""
    return f"simpul-sealed/v1\n{office_key}\n{source}#{sequence}\n{event_type}\n{subject}".encode("utf-8")


def pad_sealed(plaintext: bytes) -> bytes:
    for size in SEALED_SIZES:
        if len(plaintext) <= size:
            return plaintext + b" " * (size - len(plaintext))
    raise ProtocolError("too-large", f"{len(plaintext)} bytes are more than can be sealed in one line")


def open_sealed(event: dict, office: X25519PrivateKey) -> bytes:
    """The padded text of the member `sealed` of an event, by the office's key."""
    sealed = event["data"].get("sealed")
    if not isinstance(sealed, dict):
        raise ProtocolError("cannot-open", "nothing is sealed in this line")
    info = sealed_info(sealed["to"], event["source"], event["id"], event["type"], event["subject"])
    return hpke_open(office, unb64(sealed["box"], "sealed", code="cannot-open"), info)


# A recovery key with the hub --------------------------------------------------------------------------------------

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def recovery_info(node: str, vault: str, generation: int, holder: str) -> bytes:
    return f"simpul-recovery/v1\n{node}\n{vault}/{generation}\n{holder}".encode("utf-8")


def recovery_code(key: bytes) -> str:
    """The key as it is read out: 128 bits and the first 12 of a digest, in seven groups of four."""
    digest = hashlib.sha256(b"simpul-recovery\n" + key).digest()
    bits = int.from_bytes(key, "big") << 12 | int.from_bytes(digest[:2], "big") >> 4
    letters = "".join(_CROCKFORD[bits >> 5 * (27 - place) & 31] for place in range(28))
    return "-".join(letters[start : start + 4] for start in range(0, 28, 4))


def open_recovery(box: bytes, node: str, vault: str, generation: int, holder: str, hub: X25519PrivateKey) -> bytes:
    key = hpke_open(hub, box, recovery_info(node, vault, generation, holder))
    if len(key) != 16:
        raise ProtocolError("cannot-open", f"a recovery key has 16 bytes, not {len(key)}")
    return key
