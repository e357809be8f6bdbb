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
SELECT m.subject AS person, m.village AS from_village, m.to_village AS to_village, m.occurred_on AS moved_on,
    (SELECT e.to_village FROM ev_person_moved e WHERE e.subject = m.subject AND e.village <> e.to_village AND (
        NOT EXISTS (SELECT 1 FROM ev_person_registered b WHERE b.subject = e.subject)
        OR EXISTS (SELECT 1 FROM ev_person_registered b WHERE b.subject = e.subject AND b.village = e.village)
        OR EXISTS (SELECT 1 FROM ev_person_moved b
            WHERE b.subject = e.subject AND b.to_village = e.village AND b.village <> e.village))
        ORDER BY e.at_order DESC, e.hlc DESC, e.log DESC, e.seq DESC LIMIT 1) AS now_village,
    (SELECT max(e.occurred_on) FROM ev_dossier_handed_over e
        WHERE e.subject = m.subject AND e.village = m.village AND e.hlc > m.hlc) AS handed_over_on,
    (SELECT count(DISTINCT e.node) FROM ev_dossier_given_up e
        WHERE e.subject = m.subject AND e.village = m.village AND e.hlc > m.hlc) AS given_up,
    m.log AS log, m.seq AS seq
FROM touched t
JOIN ev_person_moved m ON m.subject = t.person
WHERE m.village <> m.to_village
    -- The latest from each village.
    AND m.ev = (SELECT e.ev FROM ev_person_moved e
        WHERE e.subject = m.subject AND e.village = m.village AND e.village <> e.to_village
        ORDER BY e.at_order DESC, e.hlc DESC, e.log DESC, e.seq DESC LIMIT 1)
    AND (NOT EXISTS (SELECT 1 FROM ev_person_registered b WHERE b.subject = m.subject)
        OR EXISTS (SELECT 1 FROM ev_person_registered b WHERE b.subject = m.subject AND b.village = m.village)
        OR EXISTS (SELECT 1 FROM ev_person_moved b
            WHERE b.subject = m.subject AND b.to_village = m.village AND b.village <> m.village))
