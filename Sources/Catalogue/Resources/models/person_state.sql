-- model: person_state
-- version: 2
-- kind: fold
-- title: Keadaan orang | State of persons
-- about: Each person once, without name: where they live, before, during or after migration, and on what evidence.
--   The stage is what the latest event by meaning says, whichever arrived last. A rumour changes the stage but does
--   not confirm it. Who moved is where the latest move led, if it was recorded after the registration. A person merged
--   into another keeps a row that says so, and is counted nowhere.
-- key: person
-- reads: event person.registered by subject
-- reads: event person.stage_changed by subject
-- reads: event departure.recorded by person_id
-- reads: event return.arrived by subject
-- reads: event return.handed_over by subject
-- reads: event person.merged by absorbed_id
-- reads: event person.moved by subject
-- scope: village
-- topic: persons
-- column: person id:person | Orang | Person
-- column: village region | Desa | Village
-- column: sex code:SEX | Kelamin | Sex
-- column: birth_year integer | Tahun lahir | Birth year
-- column: person_role code:PERSON_ROLE | Peran | Role
-- column: household id:household | Rumah tangga | Household
-- column: stage code:STAGE | Tahap | Stage
-- column: stage_since date | Sejak | Since
-- column: confirmed flag | Pasti | Confirmed
-- column: legal_status code:STATUS_LEGAL | Status prosedural | Procedural status
-- column: country code:COUNTRY | Negara | Country
-- column: registered flag | Terdaftar | Registered
-- column: registered_on date | Didaftarkan pada | Registered on
-- column: merged_into id:person | Digabung ke | Merged into
-- column: moved_on date | Pindah ke desa ini pada | Moved to this village on
WITH latest AS (
    SELECT t.person AS person,
        (SELECT e.ev FROM ev_person_registered e WHERE e.subject = t.person
            ORDER BY e.at_order DESC, e.hlc DESC, e.log DESC, e.seq DESC LIMIT 1) AS registered,
        (SELECT e.ev FROM ev_person_stage_changed e WHERE e.subject = t.person
            ORDER BY e.at_order DESC, e.hlc DESC, e.log DESC, e.seq DESC LIMIT 1) AS changed,
        (SELECT e.ev FROM ev_departure_recorded e WHERE e.person_id = t.person
            ORDER BY e.at_order DESC, e.hlc DESC, e.log DESC, e.seq DESC LIMIT 1) AS departed,
        (SELECT e.ev FROM ev_return_arrived e WHERE e.subject = t.person
            ORDER BY e.at_order DESC, e.hlc DESC, e.log DESC, e.seq DESC LIMIT 1) AS arrived,
        (SELECT e.ev FROM ev_return_handed_over e WHERE e.subject = t.person
            ORDER BY e.at_order DESC, e.hlc DESC, e.log DESC, e.seq DESC LIMIT 1) AS handed,
        (SELECT e.survivor_id FROM ev_person_merged e WHERE e.absorbed_id = t.person
            ORDER BY e.at_order DESC, e.hlc DESC, e.log DESC, e.seq DESC LIMIT 1) AS merged_into,
        -- Written for the village where the person was: who lives elsewhere is not taken away by a stranger.
        (SELECT e.ev FROM ev_person_moved e WHERE e.subject = t.person AND e.village <> e.to_village AND (
            NOT EXISTS (SELECT 1 FROM ev_person_registered b WHERE b.subject = t.person)
            OR EXISTS (SELECT 1 FROM ev_person_registered b WHERE b.subject = t.person AND b.village = e.village)
            OR EXISTS (SELECT 1 FROM ev_person_moved b WHERE b.subject = t.person AND b.to_village = e.village
                AND b.village <> e.village))
            ORDER BY e.at_order DESC, e.hlc DESC, e.log DESC, e.seq DESC LIMIT 1) AS moved
    FROM touched t
),
found AS (
    SELECT l.person AS person, l.merged_into AS merged_into,
        CASE WHEN r.ev IS NULL OR m.hlc > r.hlc THEN m.to_village END AS m_village,
        CASE WHEN r.ev IS NULL OR m.hlc > r.hlc THEN m.occurred_on END AS m_on,
        r.ev AS r_ev, r.village AS r_village, r.sex AS sex, r.birth_year AS birth_year, r.data_role AS data_role,
        r.household_id AS household_id, r.stage AS r_stage, r.occurred_at AS r_since, r.occurred_on AS r_on,
        s.to_stage AS s_stage, s.since AS s_since, s.evidence AS s_evidence, s.legal_status AS s_status,
        s.country AS s_country, s.village AS s_village,
        d.left_on AS d_since, d.evidence AS d_evidence, d.legal_status AS d_status, d.country AS d_country,
        d.village AS d_village,
        a.occurred_on AS a_since, a.village AS a_village,
        h.occurred_on AS h_since, h.village AS h_village,
        -- Which of them is the latest by meaning.
        (SELECT q.source FROM (
            SELECT 'r' AS source, r.ev AS ev, r.at_order AS at_order, r.hlc AS hlc, r.log AS log, r.seq AS seq
            UNION ALL SELECT 's', s.ev, s.at_order, s.hlc, s.log, s.seq
            UNION ALL SELECT 'd', d.ev, d.at_order, d.hlc, d.log, d.seq
            UNION ALL SELECT 'a', a.ev, a.at_order, a.hlc, a.log, a.seq
            UNION ALL SELECT 'h', h.ev, h.at_order, h.hlc, h.log, h.seq) q
            WHERE q.ev IS NOT NULL
            ORDER BY q.at_order DESC, q.hlc DESC, q.log DESC, q.seq DESC LIMIT 1) AS source
    FROM latest l
    LEFT JOIN ev_person_registered r ON r.ev = l.registered
    LEFT JOIN ev_person_stage_changed s ON s.ev = l.changed
    LEFT JOIN ev_departure_recorded d ON d.ev = l.departed
    LEFT JOIN ev_return_arrived a ON a.ev = l.arrived
    LEFT JOIN ev_return_handed_over h ON h.ev = l.handed
    LEFT JOIN ev_person_moved m ON m.ev = l.moved
)
SELECT
    f.person AS person,
    coalesce(f.m_village, f.r_village, CASE f.source WHEN 's' THEN f.s_village WHEN 'd' THEN f.d_village WHEN 'a' THEN f.a_village
        ELSE f.h_village END) AS village,
    coalesce(f.sex, 'U') AS sex,
    f.birth_year AS birth_year,
    f.data_role AS person_role,
    f.household_id AS household,
    CASE f.source WHEN 'r' THEN f.r_stage WHEN 's' THEN f.s_stage WHEN 'd' THEN 'during' ELSE 'after' END AS stage,
    CASE f.source WHEN 'r' THEN f.r_since WHEN 's' THEN f.s_since WHEN 'd' THEN f.d_since WHEN 'a' THEN f.a_since
        ELSE f.h_since END AS stage_since,
    CASE WHEN f.source = 's' AND f.s_evidence = 'rumour' THEN 0 WHEN f.source = 'd' AND f.d_evidence = 'rumour' THEN 0
        ELSE 1 END AS confirmed,
    CASE f.source WHEN 's' THEN f.s_status WHEN 'd' THEN f.d_status END AS legal_status,
    CASE f.source WHEN 's' THEN f.s_country WHEN 'd' THEN f.d_country END AS country,
    CASE WHEN f.r_ev IS NULL THEN 0 ELSE 1 END AS registered,
    f.r_on AS registered_on,
    f.merged_into AS merged_into,
    f.m_on AS moved_on
FROM found f
WHERE f.source IS NOT NULL
