"""Proofs for those who hold keys and checkpoints, and no log (10-proofs.md)."""

from dataclasses import dataclass
from typing import Dict, List, Optional

from . import limits, names, strictjson
from .encoding import b64, unb64
from .errors import ProtocolError
from .merkle import leaf_hash, verify_consistency, verify_inclusion
from .names import LogName
from .note import COSIGNATURE, SIGNATURE, Checkpoint, SignedNote, key_id, origin_of

# Public keys by NODE/EPOCH.
Keys = Dict[str, bytes]


@dataclass(frozen=True)
class Head:
    """A checkpoint, and whose key signed it: its author's, or, by a cosignature, a holder's."""

    checkpoint: Checkpoint
    signer: str
    cosigned: bool = False

    def __str__(self) -> str:
        signed = "cosigned" if self.cosigned else "signed"
        return f"{self.checkpoint.size} lines, root {b64(self.checkpoint.root)}, {signed} by {self.signer}"


@dataclass(frozen=True)
class Inclusion:
    """The line stands at the sequence of the log, says whoever signed the heads."""

    log: LogName
    sequence: int
    line: bytes
    head: Head
    holders: List[Head]

    @property
    def reference(self) -> str:
        return f"{self.log}#{self.sequence}~{leaf_hash(self.line).hex()}"


@dataclass(frozen=True)
class Consistency:
    """The lines under the first head are the first lines under the second."""

    log: LogName
    first: Head
    second: Head


def open_head(text, log: LogName, keys: Keys) -> Head:
    """A checkpoint of `log` under a known key: its author's signature, or a holder's cosignature."""
    signed = SignedNote.parse(_text(text, "a checkpoint"))
    checkpoint = Checkpoint.parse(signed.text)
    if checkpoint.log != log:
        raise ProtocolError("bad-checkpoint", f"a checkpoint of {checkpoint.log}, not of {log}")
    if checkpoint.size < 1:
        raise ProtocolError("bad-checkpoint", "a head of no lines says nothing")
    author = f"{log.node}/{log.epoch}"
    known = [author] if author in keys else []
    if author in keys and signed.signature_by(origin_of(log), SIGNATURE, keys[author]) is not None:
        signed.verify(origin_of(log), keys[author])
        return Head(checkpoint, author)
    for signature in signed.signatures:
        holder = signature.name[len("simpul/") :]
        if signature.name == f"simpul/{holder}" and holder.count("/") == 1 and holder in keys:
            known.append(holder)
            if key_id(signature.name, COSIGNATURE, keys[holder]) == signature.key_id:
                signed.verify_cosignature(signature.name, keys[holder])
                return Head(checkpoint, holder, cosigned=True)
    if known:
        raise ProtocolError("bad-signature", f"not signed under the key known for {' or '.join(sorted(known))}")
    signers = ", ".join(sorted({signature.name for signature in signed.signatures}))
    raise ProtocolError("unknown-author", f"no key is known of those that signed: {signers}")


def read(data: bytes, keys: Keys):
    """The `Inclusion` or `Consistency` that a proof file shows. Raises ProtocolError if it shows nothing."""
    value = _parse(data)
    kind = value.get("proof")
    if kind == "inclusion":
        return _inclusion(value, keys)
    if kind == "consistency":
        return _consistency(value, keys)
    raise ProtocolError("malformed", "no proof of inclusion or consistency")


def _inclusion(value, keys: Keys) -> Inclusion:
    _members(value, ["proof", "version", "log", "sequence", "line", "checkpoint", "path"], ["held"])
    log = LogName.parse(_text(value["log"], "log"))
    sequence = _size(value["sequence"], "sequence")
    line = unb64(value["line"], "line")
    if not 1 <= len(line) <= limits.LINE_BYTES or b"\n" in line:
        raise ProtocolError("malformed", "a line is 1 to 65,536 bytes without a newline")
    head = open_head(value["checkpoint"], log, keys)
    if head.cosigned:
        raise ProtocolError("bad-signature", f"{log} is signed by {log.node}/{log.epoch}, not by {head.signer}")
    _stands(line, sequence, head, value["path"])
    holders = []
    for held in _list(value.get("held", []), "held", 64):
        _members(held, ["note", "path"])
        holder = open_head(held["note"], log, keys)
        if not holder.cosigned:
            raise ProtocolError("bad-signature", "a statement of a holder is cosigned by it")
        _stands(line, sequence, holder, held["path"])
        holders.append(holder)
    return Inclusion(log, sequence, line, head, holders)


def _stands(line: bytes, sequence: int, head: Head, path):
    checkpoint = head.checkpoint
    if not verify_inclusion(sequence, checkpoint.size, leaf_hash(line), _hashes(path), checkpoint.root):
        raise ProtocolError("bad-proof", f"the path does not lead from line {sequence} to the head of {head}")


def _consistency(value, keys: Keys) -> Consistency:
    _members(value, ["proof", "version", "log", "from", "to", "path"])
    log = LogName.parse(_text(value["log"], "log"))
    first, second = open_head(value["from"], log, keys), open_head(value["to"], log, keys)
    old, new = first.checkpoint, second.checkpoint
    if not verify_consistency(old.size, new.size, old.root, new.root, _hashes(value["path"])):
        raise ProtocolError("bad-proof", f"the path does not lead from {old.size} lines to {new.size}")
    return Consistency(log, first, second)


def check_known(proof, checkpoint: Checkpoint):
    """Raises unless the proof is about a checkpoint that the reader had from elsewhere."""
    heads = [proof.head, *proof.holders] if isinstance(proof, Inclusion) else [proof.first, proof.second]
    if all(head.checkpoint != checkpoint for head in heads):
        raise ProtocolError(
            "bad-checkpoint", f"the proof is not about the checkpoint of {checkpoint.size} lines that you hold"
        )


# What witness.py reads with as well.


def _parse(data: bytes):
    try:
        value = strictjson.parse(data)
    except ProtocolError as error:
        raise ProtocolError("malformed", f"{error.code}: {error.detail}") from None
    if not isinstance(value, dict) or type(value.get("version")) is not int or value["version"] != 1:
        raise ProtocolError("malformed", "not an object of version 1")
    return value


def _members(value, needed: List[str], more: Optional[List[str]] = None):
    if not isinstance(value, dict):
        raise ProtocolError("malformed", "not an object")
    wrong = set(needed) - set(value) or set(value) - set(needed) - set(more or [])
    if wrong:
        raise ProtocolError("malformed", f"missing or not known: {', '.join(sorted(wrong))}")


def _text(value, what: str) -> str:
    if not isinstance(value, str):
        raise ProtocolError("malformed", f"{what} is a text")
    return value


def _size(value, what: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= limits.LOG_LINES:
        raise ProtocolError("malformed", f"{what} is a whole number from 0 to 2^40")
    return value


def _list(value, what: str, most: int) -> list:
    if not isinstance(value, list) or len(value) > most:
        raise ProtocolError("malformed", f"{what} is a list of at most {most}")
    return value


def _hashes(value) -> List[bytes]:
    return [unb64(item, "path", 32) for item in _list(value, "path", limits.PROOF_HASHES)]
