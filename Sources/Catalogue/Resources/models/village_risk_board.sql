-- model: village_risk_board
-- version: 1
-- kind: fold
-- title: Papan risiko desa | Village risk board
-- about: Each screened person once, by their latest screening, with the planned and the actual departure and the
--   case that is open for them. No names: the village's pages add those that its keys open.
-- key: person
-- reads: event risk.screened by subject
-- reads: event risk.screened/reasons_local
-- reads: event risk.screened/hard_local
-- reads: event departure.recorded by person_id
-- reads: model case_state by person
-- scope: region
-- topic: risk
-- column: person id:person | Orang | Person
-- column: region region | Wilayah | Region
-- column: village region | Desa | Village
-- column: band code:RISK_BAND | Tingkat risiko | Risk band
-- column: band_rank integer | Urutan risiko | Risk rank
-- column: score integer | Skor | Score
-- column: hard integer | Pemicu mutlak | Hard triggers
-- column: reasons integer | Alasan | Reasons
-- column: incomplete flag | Belum lengkap | Incomplete
-- column: screened_on date | Ditapis pada | Screened on
-- column: departure_on date | Rencana berangkat | Planned departure
-- column: left_on date | Berangkat pada | Left on
-- column: country code:COUNTRY | Negara | Country
-- column: visa code:VISA | Visa | Visa
-- column: safe_to_contact flag | Aman dihubungi | Safe to contact
-- column: open_case id:case | Kasus berjalan | Open case
-- column: case_severity code:SEVERITY | Kegawatan kasus | Case severity
-- column: log text | Log | Log
-- column: seq integer | Urutan | Sequence
SELECT
    t.person AS person, r.region AS region, r.village AS village, r.band_local AS band,
    CASE r.band_local WHEN 'critical' THEN 4 WHEN 'high' THEN 3 WHEN 'medium' THEN 2 WHEN 'low' THEN 1 ELSE 0 END
        AS band_rank,
    r.score_local AS score,
    (SELECT count(*) FROM ev_risk_screened__hard_local h WHERE h.ev = r.ev) AS hard,
    (SELECT count(*) FROM ev_risk_screened__reasons_local h WHERE h.ev = r.ev) AS reasons,
    r.incomplete_local AS incomplete, r.occurred_on AS screened_on, r.departure_on AS departure_on,
    (SELECT max(d.left_on) FROM ev_departure_recorded d WHERE d.person_id = t.person) AS left_on,
    r.country AS country, r.visa AS visa, r.safe_to_contact AS safe_to_contact,
    c.case_id AS open_case, c.severity AS case_severity, r.log AS log, r.seq AS seq
FROM touched t
JOIN ev_risk_screened r ON r.ev = (
    SELECT e.ev FROM ev_risk_screened e WHERE e.subject = t.person
    ORDER BY e.at_order DESC, e.hlc DESC, e.log DESC, e.seq DESC LIMIT 1)
LEFT JOIN case_state c ON c.case_id = (
    SELECT min(k.case_id) FROM case_state k
    WHERE k.person = t.person AND k.status NOT IN ('closed', 'duplicate'))
