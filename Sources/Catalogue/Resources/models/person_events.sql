-- model: person_events
-- version: 1
-- kind: view
-- title: Linimasa | Timeline
-- about: Every counted event, with the person whom it concerns and the entity that it is about; an event that
--   concerns several persons has a row for each. Ask by person or by subject.
-- key: log, seq, person
-- reads: events by log, seq, person
-- scope: region
-- topic: timeline
-- column: log text | Log | Log
-- column: seq integer | Urutan | Sequence
-- column: person id:person | Orang | Person
-- column: subject text | Pokok | Subject
-- column: event_type text | Jenis catatan | Event type
-- column: occurred_at text | Terjadi | Occurred
-- column: occurred_on date | Tanggal | Date
-- column: region region | Wilayah | Region
-- column: actor text | Pencatat | Actor
-- column: actor_role code:ROLE | Peran | Role
-- column: clock_suspect flag | Jam meragukan | Clock suspect
SELECT
    e.log AS log, e.seq AS seq, e.person AS person, e.subject AS subject, e.type AS event_type,
    e.occurred_at AS occurred_at, e.occurred_on AS occurred_on, e.region AS region, e.actor AS actor,
    e.role AS actor_role, e.clock_suspect AS clock_suspect
FROM ev_all e
