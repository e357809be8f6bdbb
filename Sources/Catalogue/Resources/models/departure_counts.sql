-- model: departure_counts
-- version: 1
-- kind: rollup
-- title: Jumlah keberangkatan | Departure counts
-- about: Departures by village and month, kept by differences. Read through departures_by_month.
-- key: village, regency, month
-- reads: model departure_fact by village, regency, month
-- scope: regency
-- topic: statistics
-- release: departures from procedural, non_procedural, suspected, unknown
-- period: month
-- column: village region | Desa | Village
-- column: regency region | Kabupaten | Regency
-- column: month month | Bulan | Month
-- column: n integer | Keberangkatan | Departures
-- column: procedural integer | Prosedural | Procedural
-- column: non_procedural integer | Non-prosedural | Non-procedural
-- column: suspected integer | Diduga non-prosedural | Suspected
-- column: unknown integer | Belum diketahui | Unknown
-- column: nonwork_visa integer | Bukan visa kerja | Not a work visa
SELECT
    d.village AS village, d.regency AS regency, d.month AS month,
    SUM(sign) AS n,
    SUM(sign * CASE WHEN d.legal_status = 'procedural' THEN 1 ELSE 0 END) AS procedural,
    SUM(sign * CASE WHEN d.legal_status = 'non_procedural' THEN 1 ELSE 0 END) AS non_procedural,
    SUM(sign * CASE WHEN d.legal_status = 'suspected' THEN 1 ELSE 0 END) AS suspected,
    SUM(sign * CASE WHEN d.legal_status = 'unknown' THEN 1 ELSE 0 END) AS unknown,
    SUM(sign * d.nonwork_visa) AS nonwork_visa
FROM delta_departure_fact d
GROUP BY d.village, d.regency, d.month
