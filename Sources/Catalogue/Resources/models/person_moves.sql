-- model: person_moves
-- version: 1
-- kind: fold
-- title: Orang yang pindah desa | Persons who moved
-- about: For each person and village that was left: where they went, where they are now, whether the dossier has been
--   handed over, and how many laptops of the former village gave their keys up. A move counts that was written for the
--   village where the person is registered, or where an earlier move led.
-- key: person
-- row: from_village
-- reads: event person.moved by subject
-- reads: event person.registered by subject
-- reads: event dossier.handed_over by subject
-- reads: event dossier.given_up by subject
-- scope: now_village
-- topic: persons
-- column: person id:person | Orang | Person
-- column: from_village region | Dari desa | From village
-- column: to_village region | Ke desa | To village
-- column: moved_on date | Pindah pada | Moved on
-- column: now_village region | Desa sekarang | Village now
-- column: handed_over_on date | Diserahterimakan pada | Handed over on
-- column: given_up integer | Laptop yang melepas kunci | Laptops that gave keys up
-- column: log text | Log | Log
-- column: seq integer | Urutan | Sequence
WITH counted AS (
    SELECT m.ev AS ev, m.subject AS person, m.village AS village, m.to_village AS to_village,
        m.occurred_on AS moved_on, m.at_order AS at_order, m.hlc AS hlc, m.log AS log, m.seq AS seq
    FROM touched t
    JOIN ev_person_moved m ON m.subject = t.person
    WHERE m.village IS NOT NULL AND m.village <> m.to_village AND (
        NOT EXISTS (SELECT 1 FROM ev_person_registered r WHERE r.subject = m.subject)
        OR EXISTS (SELECT 1 FROM ev_person_registered r WHERE r.subject = m.subject AND r.village = m.village)
        OR EXISTS (SELECT 1 FROM ev_person_moved b
            WHERE b.subject = m.subject AND b.to_village = m.village AND b.village <> m.village))
),
ranked AS (
    SELECT c.person AS person, c.village AS village, c.to_village AS to_village, c.moved_on AS moved_on, c.hlc AS hlc,
        c.log AS log, c.seq AS seq,
        row_number() OVER (PARTITION BY c.person, c.village
            ORDER BY c.at_order DESC, c.hlc DESC, c.log DESC, c.seq DESC) AS place,
        first_value(c.to_village) OVER (PARTITION BY c.person
            ORDER BY c.at_order DESC, c.hlc DESC, c.log DESC, c.seq DESC) AS now_village
    FROM counted c
)
SELECT r.person AS person, r.village AS from_village, r.to_village AS to_village, r.moved_on AS moved_on,
    r.now_village AS now_village,
    (SELECT max(h.occurred_on) FROM ev_dossier_handed_over h
        WHERE h.subject = r.person AND h.village = r.village AND h.hlc > r.hlc) AS handed_over_on,
    (SELECT count(DISTINCT g.node) FROM ev_dossier_given_up g
        WHERE g.subject = r.person AND g.village = r.village AND g.hlc > r.hlc) AS given_up,
    r.log AS log, r.seq AS seq
FROM ranked r
WHERE r.place = 1
