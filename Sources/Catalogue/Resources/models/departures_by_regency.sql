-- model: departures_by_regency
-- version: 1
-- kind: view
-- title: Keberangkatan per kabupaten | Departures by regency
-- about: As departures_by_month, for whole regencies.
-- key: regency, month
-- reads: model departure_counts by regency, month
-- scope: regency
-- topic: statistics
-- publish: departures as departures
-- publish: procedural as departures/procedural
-- publish: non_procedural as departures/non_procedural
-- publish: suspected as departures/suspected
-- publish: unknown as departures/unknown
-- period: month
-- column: regency region | Kabupaten | Regency
-- column: month month | Bulan | Month
-- column: villages integer | Desa | Villages
-- column: departures integer | Keberangkatan | Departures
-- column: procedural integer | Prosedural | Procedural
-- column: non_procedural integer | Non-prosedural | Non-procedural
-- column: suspected integer | Diduga non-prosedural | Suspected
-- column: unknown integer | Belum diketahui | Unknown
-- column: nonwork_visa integer | Bukan visa kerja | Not a work visa
-- column: nonprocedural_share basis-points | Bagian non-prosedural | Share non-procedural
SELECT
    c.regency AS regency, c.month AS month, count(*) AS villages, SUM(c.n) AS departures,
    SUM(c.procedural) AS procedural, SUM(c.non_procedural) AS non_procedural, SUM(c.suspected) AS suspected,
    SUM(c.unknown) AS unknown, SUM(c.nonwork_visa) AS nonwork_visa,
    (SUM(c.non_procedural) + SUM(c.suspected)) * 10000 / NULLIF(SUM(c.n), 0) AS nonprocedural_share
FROM departure_counts c
GROUP BY c.regency, c.month
