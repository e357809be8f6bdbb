-- model: statistics_pooled
-- version: 1
-- kind: rollup
-- title: Sisa statistik | Remainders of statistics
-- about: How many persons of each small cell stand in the released count of a wider one. Only for the program that
--   releases: it would give the small cells away.
-- key: series, period, region, category, into_region, into_category
-- reads: event statistics.pooled/changes by series, period, place, category, into_place, into_category
-- scope: region
-- topic: program
-- column: series text | Deret | Series
-- column: period text | Periode | Period
-- column: region region | Wilayah | Region
-- column: category text | Golongan | Category
-- column: into_region region | Ke wilayah | Into region
-- column: into_category text | Ke golongan | Into category
-- column: persons integer | Orang | Persons
-- column: n integer | Pelepasan | Releases
SELECT d.series AS series, d.period AS period, d.place AS region, d.category AS category,
    d.into_place AS into_region, d.into_category AS into_category,
    SUM(sign * d.persons) AS persons, SUM(sign) AS n
FROM delta_statistics_pooled__changes d
GROUP BY d.series, d.period, d.place, d.category, d.into_place, d.into_category
