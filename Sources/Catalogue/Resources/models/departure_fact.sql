-- model: departure_fact
-- version: 1
-- kind: fold
-- title: Keberangkatan | Departures
-- about: One row per migration episode, from the latest record of it. Whoever leaves on a visa that is not for work
--   is suspected to leave outside the procedure, even where the record says procedural.
-- key: episode
-- reads: event departure.recorded by subject
-- reads: event placement.registered by subject
-- scope: region
-- topic: persons
-- period: month
-- column: episode id:episode | Episode | Episode
-- column: person id:person | Orang | Person
-- column: region region | Wilayah | Region
-- column: village region | Desa | Village
-- column: regency region | Kabupaten | Regency
-- column: month month | Bulan | Month
-- column: left_on date | Berangkat pada | Left on
-- column: country code:COUNTRY | Negara | Country
-- column: sector code:SECTOR | Pekerjaan | Sector
-- column: visa code:VISA | Visa | Visa
-- column: nonwork_visa flag | Bukan visa kerja | Not a work visa
-- column: legal_status code:STATUS_LEGAL | Status prosedural | Procedural status
-- column: evidence code:EVIDENCE | Bukti | Evidence
-- column: placement flag | Penempatan terdaftar | Placement registered
WITH latest AS (
    SELECT t.episode AS episode, e.person_id AS person_id, e.region AS region, e.village AS village,
        e.regency AS regency, e.month AS month, e.left_on AS left_on, e.country AS country, e.sector AS sector,
        e.visa AS visa, e.legal_status AS legal_status, e.evidence AS evidence,
        CASE WHEN e.visa IN ('pilgrimage_umrah', 'pilgrimage_hajj', 'ziarah', 'tourist', 'visit_free', 'business',
            'family', 'student', 'transit', 'border_pass', 'none') THEN 1 ELSE 0 END AS nonwork
    FROM touched t
    JOIN ev_departure_recorded e ON e.ev = (
        SELECT x.ev FROM ev_departure_recorded x WHERE x.subject = t.episode
        ORDER BY x.at_order DESC, x.hlc DESC, x.log DESC, x.seq DESC LIMIT 1)
)
SELECT
    l.episode AS episode, l.person_id AS person, l.region AS region, l.village AS village, l.regency AS regency,
    l.month AS month, l.left_on AS left_on, l.country AS country, l.sector AS sector, l.visa AS visa,
    l.nonwork AS nonwork_visa,
    CASE WHEN l.legal_status = 'procedural' AND l.nonwork = 1 THEN 'suspected' ELSE l.legal_status END AS legal_status,
    l.evidence AS evidence,
    CASE WHEN EXISTS (SELECT 1 FROM ev_placement_registered p WHERE p.subject = l.episode) THEN 1 ELSE 0 END
        AS placement
FROM latest l
