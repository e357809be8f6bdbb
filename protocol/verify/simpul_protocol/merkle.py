"""The RFC 6962 tree over a log's lines (02-log.md, "Tree")."""

from hashlib import sha256
from typing import List, Sequence

from .errors import ProtocolError


def leaf_hash(line: bytes) -> bytes:
    return sha256(b"\x00" + line).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


EMPTY_ROOT = sha256(b"").digest()


class Edge:
    """The right edge of a tree: all that is needed to append and to know the root.

    `peaks` are the roots of the perfect subtrees, left to right: one for each 1 bit of the size, largest first.
    """

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()):
        if len(peaks) != bin(size).count("1"):
            raise ProtocolError("malformed", f"{len(peaks)} peaks cannot stand for {size} lines")
        self.size = size
        self.peaks = list(peaks)

    def copy(self) -> "Edge":
        return Edge(self.size, self.peaks)

    def append(self, leaf: bytes):
        self.peaks.append(leaf)
        self.size += 1
        size = self.size
        while size % 2 == 0:
            right, left = self.peaks.pop(), self.peaks.pop()
            self.peaks.append(node_hash(left, right))
            size //= 2

    @property
    def root(self) -> bytes:
        if not self.peaks:
            return EMPTY_ROOT
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root


def edge_of(leaves: Sequence[bytes]) -> Edge:
    edge = Edge()
    for leaf in leaves:
        edge.append(leaf)
    return edge


def root_of(leaves: Sequence[bytes]) -> bytes:
    return edge_of(leaves).root


def _split(size: int) -> int:
    """The largest power of two smaller than `size`."""
    return 1 << (size - 1).bit_length() - 1


def inclusion_proof(index: int, leaves: Sequence[bytes]) -> List[bytes]:
    """RFC 6962, 2.1.1."""
    if len(leaves) == 1:
        return []
    split = _split(len(leaves))
    if index < split:
        return inclusion_proof(index, leaves[:split]) + [root_of(leaves[split:])]
    return inclusion_proof(index - split, leaves[split:]) + [root_of(leaves[:split])]


def consistency_proof(first: int, leaves: Sequence[bytes]) -> List[bytes]:
    """RFC 6962, 2.1.2, from `first` lines to all of `leaves`. Empty when first is 0 or all."""
    if first in (0, len(leaves)):
        return []

    def sub_proof(size: int, part: Sequence[bytes], whole: bool) -> List[bytes]:
        if size == len(part):
            return [] if whole else [root_of(part)]
        split = _split(len(part))
        if size <= split:
            return sub_proof(size, part[:split], whole) + [root_of(part[split:])]
        return sub_proof(size - split, part[split:], False) + [root_of(part[:split])]

    return sub_proof(first, leaves, True)


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """RFC 9162, 2.1.3.2."""
    if index >= size:
        return False
    node, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            found = node_hash(sibling, found)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and found == root


def verify_consistency(
    first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]
) -> bool:
    """RFC 9162, 2.1.4.2. Size 0 is consistent with everything, by an empty proof."""
    if first > second:
        return False
    if first == second:
        return not proof and first_root == second_root
    if first == 0:
        return not proof and first_root == EMPTY_ROOT
    if not proof:
        return False
    path = list(proof)
    if first & (first - 1) == 0:
        path.insert(0, first_root)
    node, last = first - 1, second - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root
