-- model: region_successions
-- version: 1
-- kind: fold
-- title: Pergantian kode wilayah | Region codes superseded
-- about: Each region code that was superseded, with the codes in its place: one for a new code or a merger, several for a
--   division. `simpul query --edition` counts by it.
-- key: old_code
-- row: new_code
-- reads: event reference.region_code_superseded by old_code
-- reads: event reference.region_code_superseded/new_codes
-- scope: everyone
-- topic: reference
-- column: old_code region | Kode lama | Old code
-- column: new_code region | Kode baru | New code
-- column: effective_on date | Berlaku sejak | Effective on
-- column: decree text | Nomor keputusan | Decree
SELECT t.old_code AS old_code, n.code AS new_code, s.effective_on AS effective_on, s.decree AS decree
FROM touched t
JOIN ev_reference_region_code_superseded s ON s.ev = (
    SELECT e.ev FROM ev_reference_region_code_superseded e WHERE e.old_code = t.old_code
    ORDER BY e.at_order DESC, e.hlc DESC, e.log DESC, e.seq DESC LIMIT 1)
JOIN ev_reference_region_code_superseded__new_codes n ON n.ev = s.ev
GROUP BY t.old_code, n.code, s.effective_on, s.decree
