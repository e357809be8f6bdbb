-- model: departures_by_month
-- version: 1
-- kind: view
-- title: Keberangkatan per bulan | Departures by month
-- about: Who leaves, by village and month, and the share outside the procedure: known and suspected together, in
--   hundredths of a percent.
-- key: village, regency, month
-- reads: model departure_counts by village, regency, month
-- scope: region
-- topic: statistics
-- publish: departures as departures
-- publish: procedural as departures/procedural
-- publish: non_procedural as departures/non_procedural
-- publish: suspected as departures/suspected
-- publish: unknown as departures/unknown
-- period: month
-- column: region region | Wilayah | Region
-- column: village region | Desa | Village
-- column: regency region | Kabupaten | Regency
-- column: month month | Bulan | Month
-- column: departures integer | Keberangkatan | Departures
-- column: procedural integer | Prosedural | Procedural
-- column: non_procedural integer | Non-prosedural | Non-procedural
-- column: suspected integer | Diduga non-prosedural | Suspected
-- column: unknown integer | Belum diketahui | Unknown
-- column: nonwork_visa integer | Bukan visa kerja | Not a work visa
-- column: nonprocedural_share basis-points | Bagian non-prosedural | Share non-procedural
SELECT
    CASE WHEN c.village <> '' THEN c.village WHEN c.regency <> '' THEN c.regency ELSE 'id' END AS region,
    c.village AS village, c.regency AS regency, c.month AS month, c.n AS departures,
    c.procedural AS procedural, c.non_procedural AS non_procedural, c.suspected AS suspected, c.unknown AS unknown,
    c.nonwork_visa AS nonwork_visa,
    (c.non_procedural + c.suspected) * 10000 / NULLIF(c.n, 0) AS nonprocedural_share
FROM departure_counts c
