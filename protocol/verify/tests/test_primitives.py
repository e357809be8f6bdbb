"""What the vectors cannot show: answers known from elsewhere, input in pieces, a node's folder."""

import sqlite3
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey  # noqa: E402

from simpul_protocol import frames, keys, limits, merkle, vectors  # noqa: E402
from simpul_protocol.errors import ProtocolError  # noqa: E402
from simpul_protocol.frames import ControlFrame  # noqa: E402
from simpul_protocol.store import verify_store  # noqa: E402
from vector_makers import ALL, zstd  # noqa: E402
from vector_makers.cast import HUB, LONTAR_A, lines  # noqa: E402
from vector_makers.merkle import LEAVES  # noqa: E402


class KnownAnswers(unittest.TestCase):
    def test_hpke_gives_the_answer_of_rfc_9180(self):
        """Appendix A.1.1, which is for AES-128-GCM: all but the last step is shared."""
        ephemeral = bytes.fromhex("52c4a758a802cd8b936eceea314432798d5baf2d7e9235dc084ab1b9cfa2f736")
        receiver = bytes.fromhex("3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d")
        box = keys.hpke_seal(
            receiver, b"Beauty is truth, truth beauty", bytes.fromhex("4f6465206f6e2061204772656369616e2055726e"),
            X25519PrivateKey.from_private_bytes(ephemeral), b"Count-0", aead=0x0001,
        )  # fmt: skip
        expected = "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a"
        self.assertEqual(box[32:].hex(), expected)

    def test_the_tree_gives_the_root_known_for_its_leaves(self):
        expected = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
        self.assertEqual(merkle.root_of(LEAVES[:8]).hex(), expected)

    def test_proofs_verify_for_every_pair_of_sizes(self):
        for size in range(1, len(LEAVES) + 1):
            root = merkle.root_of(LEAVES[:size])
            for first in range(size + 1):
                proof = merkle.consistency_proof(first, LEAVES[:size])
                self.assertTrue(merkle.verify_consistency(first, size, merkle.root_of(LEAVES[:first]), root, proof))
            for index in range(size):
                proof = merkle.inclusion_proof(index, LEAVES[:size])
                self.assertTrue(merkle.verify_inclusion(index, size, LEAVES[index], proof, root))


class Pieces(unittest.TestCase):
    def test_a_body_reads_the_same_in_pieces_of_any_size(self):
        wanted = [ControlFrame([{"end": number}]).content for number in range(5)]
        body = b"".join(map(frames.compress, wanted[:3])) + b"".join(map(zstd.stored, wanted[3:]))
        for step in (1, 2, 3, 7, 64, len(body)):
            reader, found = frames.FrameReader(), []
            for at in range(0, len(body), step):
                found += reader.feed(body[at : at + step])
            self.assertEqual(found, wanted)
            self.assertFalse(reader.is_mid_frame)

    def test_a_bomb_is_refused_long_before_it_is_decoded(self):
        reader = frames.FrameReader()
        with self.assertRaises(ProtocolError) as refused:
            list(reader.feed(zstd.bomb(1 << 30)))
        self.assertEqual(refused.exception.code, "expands-too-far")
        self.assertLess(len(reader._content), 3 * limits.DECODED_BYTES)


class Vectors(unittest.TestCase):
    def test_all_pass(self):
        passed, failures = vectors.check_all()
        self.assertEqual(failures, [])
        self.assertGreater(passed, 300)

    def test_a_failing_case_is_told(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in ALL:
                text = (vectors.FOLDER / f"{name}.json").read_text(encoding="utf-8")
                changed = text.replace('"valid": true', '"valid": false, "error": "nonsense"')
                Path(folder, f"{name}.json").write_text(changed, encoding="utf-8")
            passed, failures = vectors.check_all(Path(folder))
        self.assertGreater(len(failures), 50)


class Store(unittest.TestCase):
    """A folder as `store` reads it, with a hub and a village that the hub enrolled in a line."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = Path(self.folder.name) / "log.db"
        self.database = sqlite3.connect(self.path)
        self.addCleanup(self.database.close)
        self.database.executescript("""
            CREATE TABLE log (id INTEGER PRIMARY KEY, name TEXT, size INTEGER, root BLOB, note TEXT, noteSize INTEGER,
                              proof BLOB, main TEXT, fork INTEGER NOT NULL DEFAULT 0, base INTEGER);
            CREATE TABLE line (id INTEGER PRIMARY KEY, bytes BLOB);
            CREATE TABLE checkpoint (log INTEGER, size INTEGER, root BLOB, note TEXT);
            CREATE TABLE receipt (log INTEGER, holder TEXT, kind TEXT, note TEXT);
            CREATE TABLE enrolment (node TEXT, epoch TEXT, region TEXT, role TEXT, sign BLOB, wrap BLOB, reference TEXT);
        """)
        sign, wrap = HUB.keys.sign_public, HUB.keys.wrap_public
        self.database.execute(
            "INSERT INTO enrolment VALUES (?, ?, ?, ?, ?, ?, 'invitation')",
            [HUB.node, HUB.epoch, HUB.region, HUB.role, sign, wrap],
        )
        member = {
            "node": LONTAR_A.node, "epoch": LONTAR_A.epoch, "region": LONTAR_A.region, "role": "village",
            "sign": vectors.b64(LONTAR_A.keys.sign_public), "wrap": vectors.b64(LONTAR_A.keys.wrap_public),
        }  # fmt: skip
        enrolling = dict(type="node.enrolled", dataschema="simpul:node.enrolled/1", data=member)
        self.add(7, LONTAR_A, lines(LONTAR_A.log(), 9))
        self.add(8, HUB, lines(HUB.log(), 1, **enrolling))
        self.database.commit()

    def add(self, identity: int, actor, some: list):
        log = actor.log()
        root = merkle.root_of([merkle.leaf_hash(line) for line in some])
        note = actor.sign_checkpoint(log, some)
        row = [identity, str(log), len(some), root, note, len(some), b"", None, 0, None]
        self.database.execute("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        self.database.execute("INSERT INTO checkpoint VALUES (?, ?, ?, ?)", [identity, len(some), root, note])
        for sequence, line in enumerate(some):
            self.database.execute("INSERT INTO line VALUES (?, ?)", [identity << 40 | sequence, line])

    def change(self, statement: str) -> list:
        self.database.execute(statement)
        self.database.commit()
        return verify_store(Path(self.folder.name)).failures

    def test_verifies_every_log(self):
        report = verify_store(Path(self.folder.name))
        self.assertEqual(report.failures, [])
        self.assertEqual((report.logs, report.lines, report.checkpoints), (2, 10, 2))

    def add_branch(self, identity: int, base: int, actor, fork: int, whole: list):
        self.add(identity, actor, whole)
        leaf = merkle.leaf_hash(whole[fork]).hex()
        self.database.execute(
            "UPDATE log SET name = ?, main = ?, fork = ?, base = ? WHERE id = ?",
            [f"{actor.log()}~{fork}:{leaf}", str(actor.log()), fork, base, identity],
        )
        # Its lines before the fork are those of the row that it forked from.
        self.database.execute(f"DELETE FROM line WHERE id >= {identity << 40} AND id < {identity << 40 | fork}")
        self.database.commit()

    def add_branches(self):
        first = lines(LONTAR_A.log(), 9)
        second = first[:6] + [line.replace(b"2026", b"2027") for line in first[6:]]
        third = second[:8] + [second[8].replace(b"2027", b"2028")]
        self.add_branch(9, 7, LONTAR_A, 6, second)
        self.add_branch(10, 9, LONTAR_A, 8, third)

    def test_verifies_branches_and_branches_of_these(self):
        self.add_branches()
        report = verify_store(Path(self.folder.name))
        self.assertEqual(report.failures, [])
        # The lines that several histories have in common are counted once.
        self.assertEqual((report.logs, report.lines, report.checkpoints), (4, 1 + 9 + 3 + 1, 4))

    def test_finds_what_is_wrong_with_a_branch(self):
        self.add_branches()
        failures = self.change(f"UPDATE line SET bytes = replace(bytes, '2027', '2029') WHERE id = {9 << 40 | 7}")
        self.assertEqual(["root-mismatch"] * 2, [failure.split(": ")[1] for failure in failures])
        self.assertIn("gap", self.change("UPDATE log SET base = NULL WHERE id = 10")[-1])

    def test_finds_a_flipped_bit(self):
        failures = self.change(f"UPDATE line SET bytes = replace(bytes, '2026', '2027') WHERE id = {7 << 40 | 4}")
        self.assertIn("root-mismatch", failures[0])

    def test_finds_a_missing_line(self):
        self.assertIn("gap", self.change(f"DELETE FROM line WHERE id = {7 << 40 | 4}")[0])

    def test_finds_a_log_nobody_enrolled(self):
        failures = self.change(f"UPDATE log SET name = replace(name, '{LONTAR_A.epoch}', '0000000000000000')")
        self.assertIn("unknown-author", failures[0])


if __name__ == "__main__":
    unittest.main()
