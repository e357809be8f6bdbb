-- model: kkbm_counts
-- version: 1
-- kind: rollup
-- title: Hitungan KKBM | KKBM counts
-- about: What the three success indicators count, by village and quarter. Read through kkbm_quarter.
-- key: village, quarter
-- reads: model enterprise_quarter by village, quarter
-- reads: event information.provided by village, quarter
-- reads: event case.assistance_given by village, quarter
-- scope: village
-- topic: statistics
-- release: people_informed from people
-- release: assistances from assistances
-- period: quarter
-- column: village region | Desa | Village
-- column: quarter quarter | Kuartal | Quarter
-- column: n integer | Catatan | Records
-- column: enterprises integer | Usaha aktif | Active enterprises
-- column: turnover_idr money | Omzet | Turnover
-- column: services integer | Layanan informasi | Information services
-- column: people integer | Orang diberi informasi | People informed
-- column: assistances integer | Pendampingan | Assistances
SELECT
    d.village AS village, d.quarter AS quarter,
    SUM(sign) AS n,
    SUM(sign * d.enterprises) AS enterprises,
    SUM(sign * d.turnover_idr) AS turnover_idr,
    SUM(sign * d.services) AS services,
    SUM(sign * d.people) AS people,
    SUM(sign * d.assistances) AS assistances
FROM (
    SELECT e.sign AS sign, e.village AS village, e.quarter AS quarter, e.active AS enterprises,
        e.turnover_idr AS turnover_idr, 0 AS services, 0 AS people, 0 AS assistances
    FROM delta_enterprise_quarter e
    UNION ALL
    SELECT i.sign, i.village, i.quarter, 0, 0, 1, coalesce(i.group_size, 1), 0
    FROM delta_information_provided i
    UNION ALL
    SELECT a.sign, a.village, a.quarter, 0, 0, 0, 0, 1
    FROM delta_case_assistance_given a
) d
GROUP BY d.village, d.quarter
