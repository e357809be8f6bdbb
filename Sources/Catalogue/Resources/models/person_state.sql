-- model: person_state
-- version: 1
-- kind: fold
-- title: Keadaan orang | State of persons
-- about: Each person once, without name: where they live, before, during or after migration, and on what evidence.
--   The stage is what the latest event by meaning says, whichever arrived last. A rumour changes the stage but does
--   not confirm it. A person merged into another keeps a row that says so, and is counted nowhere.
-- key: person
-- reads: event person.registered by subject
-- reads: event person.stage_changed by subject
-- reads: event departure.recorded by person_id
-- reads: event return.arrived by subject
-- reads: event return.handed_over by subject
-- reads: event person.merged by absorbed_id
-- scope: village
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
WITH steps AS (
    SELECT t.person AS person, e.stage AS stage, e.occurred_at AS since, 1 AS confirmed, NULL AS legal_status,
        NULL AS country, e.village AS village, e.at_order AS at_order, e.hlc AS hlc, e.log AS log, e.seq AS seq
    FROM touched t JOIN ev_person_registered e ON e.subject = t.person
    UNION ALL
    SELECT t.person, e.to_stage, e.since, CASE WHEN e.evidence = 'rumour' THEN 0 ELSE 1 END, e.legal_status,
        e.country, e.village, e.at_order, e.hlc, e.log, e.seq
    FROM touched t JOIN ev_person_stage_changed e ON e.subject = t.person
    UNION ALL
    SELECT t.person, 'during', e.left_on, CASE WHEN e.evidence = 'rumour' THEN 0 ELSE 1 END, e.legal_status,
        e.country, e.village, e.at_order, e.hlc, e.log, e.seq
    FROM touched t JOIN ev_departure_recorded e ON e.person_id = t.person
    UNION ALL
    SELECT t.person, 'after', e.occurred_on, 1, NULL, NULL, e.village, e.at_order, e.hlc, e.log, e.seq
    FROM touched t JOIN ev_return_arrived e ON e.subject = t.person
    UNION ALL
    SELECT t.person, 'after', e.occurred_on, 1, NULL, NULL, e.village, e.at_order, e.hlc, e.log, e.seq
    FROM touched t JOIN ev_return_handed_over e ON e.subject = t.person
),
ranked AS (
    SELECT person, stage, since, confirmed, legal_status, country, village,
        row_number() OVER (PARTITION BY person ORDER BY at_order DESC, hlc DESC, log DESC, seq DESC) AS place
    FROM steps
)
SELECT
    k.person AS person,
    coalesce(r.village, k.village) AS village,
    coalesce(r.sex, 'U') AS sex,
    r.birth_year AS birth_year,
    r.data_role AS person_role,
    r.household_id AS household,
    k.stage AS stage,
    k.since AS stage_since,
    k.confirmed AS confirmed,
    k.legal_status AS legal_status,
    k.country AS country,
    CASE WHEN r.ev IS NULL THEN 0 ELSE 1 END AS registered,
    r.occurred_on AS registered_on,
    (SELECT m.survivor_id FROM ev_person_merged m WHERE m.absorbed_id = k.person
        ORDER BY m.at_order DESC, m.hlc DESC, m.log DESC, m.seq DESC LIMIT 1) AS merged_into
FROM ranked k
LEFT JOIN ev_person_registered r ON r.ev = (
    SELECT e.ev FROM ev_person_registered e WHERE e.subject = k.person
    ORDER BY e.at_order DESC, e.hlc DESC, e.log DESC, e.seq DESC LIMIT 1)
WHERE k.place = 1
