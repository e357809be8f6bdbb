-- model: household_visits
-- version: 1
-- kind: fold
-- title: Kunjungan rumah tangga | Visits to households
-- about: Each household by its latest visit, and when it should be visited next. Read through visits_due.
-- key: household
-- reads: event visit.recorded by subject
-- scope: region
-- topic: persons
-- column: household id:household | Rumah tangga | Household
-- column: region region | Wilayah | Region
-- column: village region | Desa | Village
-- column: last_visit_on date | Kunjungan terakhir | Last visit
-- column: purpose code:VISIT_PURPOSE | Tujuan | Purpose
-- column: met code:MET | Bertemu | Met
-- column: next_visit_on date | Kunjungan berikut | Next visit
-- column: log text | Log | Log
-- column: seq integer | Urutan | Sequence
SELECT
    t.household AS household, v.region AS region, v.village AS village,
    v.occurred_on AS last_visit_on, v.purpose AS purpose, v.met AS met, v.next_visit_on AS next_visit_on,
    v.log AS log, v.seq AS seq
FROM touched t
JOIN ev_visit_recorded v ON v.ev = (
    SELECT e.ev FROM ev_visit_recorded e WHERE e.subject = t.household
    ORDER BY e.at_order DESC, e.hlc DESC, e.log DESC, e.seq DESC LIMIT 1)
