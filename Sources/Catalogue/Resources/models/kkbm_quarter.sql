-- model: kkbm_quarter
-- version: 1
-- kind: view
-- title: Tiga indikator keberhasilan KKBM | KKBM success indicators
-- about: A KKBM succeeds in a quarter with at least one active enterprise (I1), one information service (I2) and one
--   assistance (I3). “missing” names those that are not met yet.
-- key: village, quarter
-- reads: model kkbm_counts by village, quarter
-- scope: village
-- topic: statistics
-- publish: i2_people as people_informed
-- publish: i3_assistances as assistances
-- period: quarter
-- column: village region | Desa | Village
-- column: quarter quarter | Kuartal | Quarter
-- column: i1_enterprises_active integer | I1 Usaha aktif | I1 Active enterprises
-- column: i1_turnover_idr money | Omzet | Turnover
-- column: i2_services integer | I2 Layanan informasi | I2 Information services
-- column: i2_people integer | Orang diberi informasi | People informed
-- column: i3_assistances integer | I3 Pendampingan | I3 Assistances
-- column: success flag | Berhasil | Success
-- column: missing text | Belum terpenuhi | Missing
SELECT
    c.village AS village, c.quarter AS quarter, c.enterprises AS i1_enterprises_active,
    c.turnover_idr AS i1_turnover_idr, c.services AS i2_services, c.people AS i2_people,
    c.assistances AS i3_assistances,
    CASE WHEN c.enterprises > 0 AND c.services > 0 AND c.assistances > 0 THEN 1 ELSE 0 END AS success,
    trim(CASE WHEN c.enterprises > 0 THEN '' ELSE 'I1 ' END || CASE WHEN c.services > 0 THEN '' ELSE 'I2 ' END
        || CASE WHEN c.assistances > 0 THEN '' ELSE 'I3' END) AS missing
FROM kkbm_counts c
