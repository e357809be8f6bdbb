-- model: sealed_counts
-- version: 1
-- kind: view
-- title: Keterangan tersegel | Sealed testimony
-- about: Testimonies sealed for an office, by regency and quarter: five or more, in steps of five; fewer have no row.
-- key: regency, quarter
-- reads: event testimony.sealed by regency, quarter
-- scope: regency
-- topic: statistics
-- period: quarter
-- column: regency region | Kabupaten | Regency
-- column: quarter quarter | Kuartal | Quarter
-- column: at_least integer | Sekurang-kurangnya | At least
SELECT e.regency AS regency, e.quarter AS quarter, count(*) / 5 * 5 AS at_least
FROM ev_testimony_sealed e
GROUP BY e.regency, e.quarter
HAVING count(*) >= 5
