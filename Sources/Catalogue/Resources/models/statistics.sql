-- model: statistics
-- version: 1
-- kind: rollup
-- title: Statistik yang dilepas | Released statistics
-- about: Counts of persons for everyone, made of groups of at least five. A row counts those who could be told to be of
--   its region and category; who could not is counted in a wider region, or under the category all, or not yet. Rows
--   add up without counting anybody twice.
-- key: series, period, region, category
-- reads: event statistics.released/changes by series, period, place, category
-- scope: region
-- topic: released
-- period: period
-- column: series text | Deret | Series
-- column: period text | Periode | Period
-- column: region region | Wilayah | Region
-- column: category text | Golongan | Category
-- column: persons integer | Orang | Persons
-- column: n integer | Pelepasan | Releases
SELECT d.series AS series, d.period AS period, d.place AS region, d.category AS category,
    SUM(sign * d.persons) AS persons, SUM(sign) AS n
FROM delta_statistics_released__changes d
GROUP BY d.series, d.period, d.place, d.category
