-- model: people_by_stage
-- version: 1
-- kind: rollup
-- title: Orang menurut tahap | People by stage
-- about: How many registered persons are before, during or after migration, by village and sex.
-- key: village, stage, sex
-- reads: model person_state by village, stage, sex
-- scope: village
-- topic: statistics
-- release: people from n by stage
-- publish: n as people
-- column: village region | Desa | Village
-- column: stage code:STAGE | Tahap | Stage
-- column: sex code:SEX | Kelamin | Sex
-- column: n integer | Orang | Persons
-- column: confirmed integer | Pasti | Confirmed
-- column: unconfirmed integer | Belum pasti | Unconfirmed
SELECT
    p.village AS village, p.stage AS stage, p.sex AS sex,
    SUM(sign) AS n,
    SUM(sign * p.confirmed) AS confirmed,
    SUM(sign * (1 - p.confirmed)) AS unconfirmed
FROM delta_person_state p
WHERE p.registered = 1 AND p.merged_into IS NULL
GROUP BY p.village, p.stage, p.sex
