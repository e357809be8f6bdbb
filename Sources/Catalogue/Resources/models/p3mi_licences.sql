-- model: p3mi_licences
-- version: 1
-- kind: fold
-- title: Izin P3MI | P3MI licences
-- about: For each placement company the stretches of time in which a licence status holds: until the next one
--   starts or its own end, whichever is first. An empty end means until further notice. Licensed on a day is whoever
--   has a row with status valid that covers it.
-- key: p3mi
-- row: log, seq
-- reads: event p3mi.licence_recorded by subject
-- scope: everyone
-- topic: reference
-- column: p3mi id:p3mi | P3MI | P3MI
-- column: log text | Log | Log
-- column: seq integer | Urutan | Sequence
-- column: name text | Nama | Name
-- column: sip3mi_no text | Nomor SIP3MI | SIP3MI number
-- column: status code:P3MI_STATUS | Status | Status
-- column: valid_from date | Berlaku sejak | Valid from
-- column: valid_to date | Berlaku sampai | Valid to
-- column: next_from date | Status berikut sejak | Next status from
-- column: hq_code region | Kantor pusat | Head office
SELECT
    t.p3mi AS p3mi, e.log AS log, e.seq AS seq, e.name AS name, e.sip3mi_no AS sip3mi_no, e.status AS status,
    e.valid_from AS valid_from, e.valid_to AS valid_to,
    lead(e.valid_from) OVER (PARTITION BY t.p3mi ORDER BY e.valid_from, e.at_order, e.hlc, e.log, e.seq) AS next_from,
    e.hq_code AS hq_code
FROM touched t
JOIN ev_p3mi_licence_recorded e ON e.subject = t.p3mi
