-- model: export_approvals
-- version: 1
-- kind: fold
-- title: Ekspor yang disetujui | Approved exports
-- about: Who may take the data of many persons, of which model, until when, and who allowed it.
-- key: reader
-- row: log, seq
-- reads: event export.approved by reader
-- scope: region
-- topic: audit
-- column: reader text | Untuk | For
-- column: region region | Wilayah | Region
-- column: data_model text | Model | Model
-- column: persons_at_most integer | Paling banyak orang | Persons at most
-- column: valid_until date | Berlaku sampai | Valid until
-- column: approved_by text | Disetujui oleh | Approved by
-- column: approver_role code:ROLE | Peran | Role
-- column: node text | Simpul | Node
-- column: log text | Log | Log
-- column: seq integer | Urutan | Sequence
SELECT
    t.reader AS reader, e.region AS region, e.model AS data_model, e.persons_at_most AS persons_at_most,
    e.valid_until AS valid_until, e.actor AS approved_by, e.role AS approver_role, e.node AS node, e.log AS log,
    e.seq AS seq
FROM touched t
JOIN ev_export_approved e ON e.reader = t.reader
