-- model: statistics_by_regency
-- version: 1
-- kind: view
-- title: Statistik per kabupaten | Statistics by regency
-- about: As statistics, all categories together, for whole regencies; what was released for a whole province or the
--   nation only stands under its code.
-- key: series, period, region
-- reads: model statistics by series, period, region
-- scope: region
-- topic: released
-- period: period
-- column: series text | Deret | Series
-- column: period text | Periode | Period
-- column: region region | Wilayah | Region
-- column: persons integer | Orang | Persons
SELECT s.series AS series, s.period AS period, substr(s.region, 1, 5) AS region, SUM(s.persons) AS persons
FROM statistics s
GROUP BY s.series, s.period, substr(s.region, 1, 5)
