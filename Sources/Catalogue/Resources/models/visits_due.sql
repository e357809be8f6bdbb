-- model: visits_due
-- version: 1
-- kind: view
-- title: Kunjungan yang ditunggu | Visits due
-- about: Households whose latest visit named a next one, and whether that day has passed.
-- key: household
-- reads: model household_visits by household
-- scope: region
-- topic: persons
-- column: household id:household | Rumah tangga | Household
-- column: region region | Wilayah | Region
-- column: village region | Desa | Village
-- column: next_visit_on date | Kunjungan berikut | Next visit
-- column: overdue flag | Terlewat | Overdue
-- column: last_visit_on date | Kunjungan terakhir | Last visit
-- column: purpose code:VISIT_PURPOSE | Tujuan | Purpose
-- column: met code:MET | Bertemu | Met
-- column: log text | Log | Log
-- column: seq integer | Urutan | Sequence
SELECT
    h.household AS household, h.region AS region, h.village AS village, h.next_visit_on AS next_visit_on,
    CASE WHEN h.next_visit_on < :today THEN 1 ELSE 0 END AS overdue, h.last_visit_on AS last_visit_on,
    h.purpose AS purpose, h.met AS met, h.log AS log, h.seq AS seq
FROM household_visits h
WHERE h.next_visit_on IS NOT NULL
