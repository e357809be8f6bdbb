-- model: readings
-- version: 1
-- kind: fold
-- title: Jejak pembacaan | Readings of personal data
-- about: For each person, household, case or episode, every time somebody read of it: who, in which role, for what,
--   where. By pseudonym and UUID.
-- key: reading
-- row: whom
-- reads: event personal.read by subject
-- reads: event personal.read/about
-- scope: region
-- topic: audit
-- column: reading text | Pembacaan | Reading
-- column: whom text | Tentang | About
-- column: kind text | Jenis | Kind
-- column: region region | Wilayah | Region
-- column: read_on date | Tanggal | Date
-- column: reader text | Pembaca | Reader
-- column: reader_role code:ROLE | Peran | Role
-- column: purpose code:READ_PURPOSE | Tujuan | Purpose
-- column: resource text | Halaman atau model | Page or model
-- column: exported flag | Sebagai berkas | As a file
-- column: node text | Simpul | Node
-- column: log text | Log | Log
-- column: seq integer | Urutan | Sequence
SELECT
    t.reading AS reading, a.whom AS whom, a.kind AS kind, e.region AS region, e.occurred_on AS read_on, e.actor AS reader,
    e.role AS reader_role, e.purpose AS purpose, e.resource AS resource, e.exported AS exported, e.node AS node,
    e.log AS log, e.seq AS seq
FROM touched t
JOIN ev_personal_read e ON e.subject = t.reading
JOIN ev_personal_read__about a ON a.ev = e.ev
