"""Makers of the test vectors, one module for each file of protocol/vectors."""

from . import (
    attachments, branches, checkpoints, digests, early, erasure, event_lines, frames, merkle, names, personal, proofs,
    receipts, sealed, signatures,
)  # fmt: skip

ALL = {
    "event-lines": event_lines.make,
    "names": names.make,
    "merkle": merkle.make,
    "checkpoints": checkpoints.make,
    "receipts": receipts.make,
    "frames": frames.make,
    "branches": branches.make,
    "digests": digests.make,
    "session-signature": signatures.make_session,
    "enrolment": signatures.make_enrolment,
    "succession": signatures.make_succession,
    "personal-box": personal.make_boxes,
    "key-share": personal.make_shares,
    "sealed-box": sealed.make_boxes,
    "recovery-deposit": sealed.make_deposits,
    "proofs": proofs.make_proofs,
    "witness": proofs.make_witness,
    "erasure": erasure.make,
    "early": early.make,
    "attachments": attachments.make,
}
