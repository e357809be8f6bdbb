import GRDB

/// The tables of `log.db`.
///
/// What must stay true:
/// * `line.id` is `log.id << 40 | sequence`; lines of one log are gapless from 0 to `log.size - 1`.
/// * `log.edge` is the right edge of the tree over exactly those lines, `log.root` its root.
/// * `log.note` is an author's checkpoint covering at least `log.size` lines (`log.noteSize`), `log.proof` the
///   consistency proof between the two; every log with size > 0 has one.
/// * `counter.value` grows by one in each transaction that changes what peers compare; the
///   columns `changed` carry the value of the transaction that wrote them. Marks are made of it.
/// * `revocation` holds what was said by an author of that region, also about a node that is not enrolled here yet:
///   which of the two lines arrives first must not matter.
/// * `erasure` holds what erasure orders say, by holder; no `keyShare` that one of them covers exists beside it.
/// * `privacyLine` finds the lines that say what may be done with a person's data.
/// * `forwarded` finds the lines of other logs that stand in lines of this one's (`protocol/12-changing-hands.md`):
///   `carrier` is the line that brings it; `island` says that it is held here in no other way, and is in the intake log.
/// * `givenUp` says which copies gave a person's keys up; no `keyShare` that it covers exists beside it, unless `moved`
///   brings the person back later.
/// * Lines, edge, checkpoint, receipt and intake line of one frame are written in one transaction.
/// * A branch is a row of `log` too: `name` is the log's with `~FORK:LEAF` behind it, so that nobody who asks for a log
///   by its name gets it, `main` is the log's name, and `base` the row that holds the lines before `fork`. Its own lines
///   are those from `fork` on; `edge`, `root` and `size` are of the whole line of descent, shared lines included.
enum Schema {
    /// Also SQLite's `user_version`: an older program refuses a newer file.
    static let version = 5

    static let statements = """
        CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL, text TEXT) STRICT;
        CREATE TABLE log (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            node TEXT NOT NULL,
            epoch TEXT NOT NULL,
            audience TEXT NOT NULL,
            lane TEXT NOT NULL,
            size INTEGER NOT NULL,
            root BLOB NOT NULL,
            edge BLOB NOT NULL,
            note TEXT NOT NULL,
            noteSize INTEGER NOT NULL,
            proof BLOB NOT NULL,
            changed INTEGER NOT NULL,
            main TEXT,
            fork INTEGER NOT NULL DEFAULT 0,
            leaf BLOB,
            base INTEGER
        ) STRICT;
        CREATE INDEX logAudience ON log(audience);
        CREATE INDEX logMain ON log(main) WHERE main IS NOT NULL;
        CREATE TABLE line (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
        CREATE TABLE checkpoint (
            log INTEGER NOT NULL REFERENCES log(id),
            size INTEGER NOT NULL,
            root BLOB NOT NULL,
            note TEXT NOT NULL,
            changed INTEGER NOT NULL,
            PRIMARY KEY (log, size)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE receipt (
            log INTEGER NOT NULL REFERENCES log(id),
            holder TEXT NOT NULL,
            kind TEXT NOT NULL,
            size INTEGER NOT NULL,
            note TEXT NOT NULL,
            received TEXT NOT NULL,
            changed INTEGER NOT NULL,
            PRIMARY KEY (log, holder, kind)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE enrolment (
            node TEXT NOT NULL,
            epoch TEXT NOT NULL,
            region TEXT NOT NULL,
            edition TEXT NOT NULL,
            role TEXT NOT NULL,
            sign BLOB NOT NULL,
            wrap BLOB NOT NULL,
            enroller TEXT NOT NULL,
            reference TEXT NOT NULL,
            revoked TEXT,
            PRIMARY KEY (node, epoch)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE revocation (
            node TEXT NOT NULL,
            epoch TEXT NOT NULL,
            region TEXT NOT NULL,
            at TEXT NOT NULL,
            PRIMARY KEY (node, epoch, region)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE invitation (
            token TEXT PRIMARY KEY,
            node TEXT NOT NULL,
            region TEXT NOT NULL,
            edition TEXT NOT NULL,
            role TEXT NOT NULL,
            expires TEXT NOT NULL,
            usedBy TEXT
        ) STRICT;
        CREATE TABLE peer (
            node TEXT PRIMARY KEY,
            mark TEXT NOT NULL DEFAULT '',
            agreed INTEGER NOT NULL DEFAULT 0,
            challenge TEXT NOT NULL DEFAULT '',
            unanswered INTEGER NOT NULL DEFAULT 0,
            pace TEXT NOT NULL DEFAULT '',
            lastContact TEXT,
            lastAgreement TEXT,
            lastFailure TEXT,
            failureReason TEXT,
            contactDay TEXT
        ) STRICT;
        CREATE TABLE refusal (
            log TEXT NOT NULL,
            peer TEXT NOT NULL,
            code TEXT NOT NULL,
            detail TEXT NOT NULL,
            size INTEGER NOT NULL,
            at TEXT NOT NULL,
            PRIMARY KEY (log, peer)
        ) STRICT;
        CREATE TABLE machine (
            node TEXT NOT NULL,
            epoch TEXT NOT NULL,
            name TEXT NOT NULL,
            last TEXT NOT NULL,
            PRIMARY KEY (node, epoch, name)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE alarm (
            id INTEGER PRIMARY KEY,
            kind TEXT NOT NULL,
            log TEXT NOT NULL,
            detail TEXT NOT NULL,
            at TEXT NOT NULL,
            UNIQUE (kind, log)
        ) STRICT;
        """ + privacy + "\n" + early + "\n" + handover

    /// New with version 2. A share's recipient became `NODE/EPOCH`; those of the old form are wrapped anew. A person who
    /// moved has shares of one key for several villages.
    static let privacy = """
        CREATE TABLE erasure (
            holder TEXT NOT NULL,
            through INTEGER NOT NULL,
            reference TEXT NOT NULL,
            region TEXT NOT NULL,
            at TEXT NOT NULL,
            PRIMARY KEY (holder, reference)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE privacyLine (
            subject TEXT NOT NULL,
            line INTEGER NOT NULL,
            PRIMARY KEY (subject, line)
        ) STRICT, WITHOUT ROWID;
        DROP TABLE IF EXISTS keyShare;
        CREATE TABLE keyShare (
            key TEXT NOT NULL,
            recipient TEXT NOT NULL,
            region TEXT NOT NULL,
            top TEXT NOT NULL,
            box BLOB NOT NULL,
            author TEXT NOT NULL,
            changed INTEGER NOT NULL,
            PRIMARY KEY (key, recipient, region)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX keyShareRegion ON keyShare(region);
        """

    /// New with version 4: lines that came ahead of their logs, and from which server.
    static let early = """
        CREATE TABLE early (
            log TEXT NOT NULL,
            sequence INTEGER NOT NULL,
            subject TEXT NOT NULL,
            bytes BLOB NOT NULL,
            server TEXT NOT NULL,
            PRIMARY KEY (log, sequence)
        ) STRICT;
        CREATE INDEX earlySubject ON early(subject);
        """

    /// New with version 5: persons who change hands.
    static let handover = """
        CREATE TABLE forwarded (
            log TEXT NOT NULL,
            sequence INTEGER NOT NULL,
            leaf BLOB NOT NULL,
            audience TEXT NOT NULL,
            carrier INTEGER NOT NULL,
            island INTEGER NOT NULL,
            branch INTEGER NOT NULL,
            PRIMARY KEY (log, sequence, leaf, audience)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE moved (
            person TEXT NOT NULL,
            village TEXT NOT NULL,
            hlc TEXT NOT NULL,
            PRIMARY KEY (person, village, hlc)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE givenUp (
            holder TEXT NOT NULL,
            node TEXT NOT NULL,
            epoch TEXT NOT NULL,
            through INTEGER NOT NULL,
            person TEXT NOT NULL,
            village TEXT NOT NULL,
            hlc TEXT NOT NULL,
            PRIMARY KEY (holder, node, epoch, hlc)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE handover (
            person TEXT NOT NULL,
            village TEXT NOT NULL,
            cut INTEGER NOT NULL,
            PRIMARY KEY (person, village)
        ) STRICT, WITHOUT ROWID;
        """

    /// From versions 1 and 2, which kept the lines of other histories without their trees. Whoever sent those still has them,
    /// and sends them again.
    static let branches = """
        ALTER TABLE log ADD COLUMN main TEXT;
        ALTER TABLE log ADD COLUMN fork INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE log ADD COLUMN leaf BLOB;
        ALTER TABLE log ADD COLUMN base INTEGER;
        CREATE INDEX logMain ON log(main) WHERE main IS NOT NULL;
        DROP TABLE branch;
        CREATE TABLE machine (
            node TEXT NOT NULL,
            epoch TEXT NOT NULL,
            name TEXT NOT NULL,
            last TEXT NOT NULL,
            PRIMARY KEY (node, epoch, name)
        ) STRICT, WITHOUT ROWID;
        """
}
