-- model: warnings
-- version: 1
-- kind: fold
-- title: Peringatan | Warnings
-- about: What the centre warns everyone of, and until when.
-- key: warning
-- reads: event warning.published by subject
-- scope: everyone
-- topic: reference
-- column: warning id:warning | Peringatan | Warning
-- column: title text | Judul | Title
-- column: body text | Isi | Text
-- column: urgent flag | Mendesak | Urgent
-- column: valid_from date | Berlaku sejak | Valid from
-- column: valid_to date | Berlaku sampai | Valid to
-- column: log text | Log | Log
-- column: seq integer | Urutan | Sequence
SELECT
    t.warning AS warning, w.title AS title, w.text AS body, w.urgent AS urgent, w.valid_from AS valid_from,
    w.valid_to AS valid_to, w.log AS log, w.seq AS seq
FROM touched t
JOIN ev_warning_published w ON w.ev = (
    SELECT e.ev FROM ev_warning_published e WHERE e.subject = t.warning
    ORDER BY e.at_order DESC, e.hlc DESC, e.log DESC, e.seq DESC LIMIT 1)
