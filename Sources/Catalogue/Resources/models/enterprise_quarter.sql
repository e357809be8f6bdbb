-- model: enterprise_quarter
-- version: 1
-- kind: fold
-- title: Usaha per kuartal | Enterprises by quarter
-- about: What each enterprise reported in a quarter. Of several reports for one month the latest by meaning counts;
--   an enterprise is active in a quarter in which one of its months was running or expanded.
-- key: enterprise
-- row: quarter
-- reads: event enterprise.performance_reported by subject
-- scope: region
-- topic: enterprises
-- period: quarter
-- column: enterprise id:enterprise | Usaha | Enterprise
-- column: quarter quarter | Kuartal | Quarter
-- column: region region | Wilayah | Region
-- column: village region | Desa | Village
-- column: months integer | Bulan dilaporkan | Months reported
-- column: active flag | Aktif | Active
-- column: turnover_idr money | Omzet | Turnover
WITH ranked AS (
    SELECT t.enterprise AS enterprise, e.data_month AS reported_month, e.region AS region, e.village AS village,
        e.status AS status, e.turnover AS turnover,
        row_number() OVER (PARTITION BY t.enterprise, e.data_month
            ORDER BY e.at_order DESC, e.hlc DESC, e.log DESC, e.seq DESC) AS place
    FROM touched t
    JOIN ev_enterprise_performance_reported e ON e.subject = t.enterprise
),
monthly AS (
    SELECT k.enterprise AS enterprise,
        substr(k.reported_month, 1, 4) || CASE
            WHEN substr(k.reported_month, 6, 2) <= '03' THEN 'Q1' WHEN substr(k.reported_month, 6, 2) <= '06' THEN 'Q2'
            WHEN substr(k.reported_month, 6, 2) <= '09' THEN 'Q3' ELSE 'Q4' END AS quarter,
        k.region AS region, k.village AS village, k.turnover AS turnover,
        CASE WHEN k.status IN ('running', 'expanded') THEN 1 ELSE 0 END AS active
    FROM ranked k
    WHERE k.place = 1
)
SELECT m.enterprise AS enterprise, m.quarter AS quarter, max(m.region) AS region, max(m.village) AS village,
    count(*) AS months, max(m.active) AS active, SUM(coalesce(m.turnover, 0)) AS turnover_idr
FROM monthly m
GROUP BY m.enterprise, m.quarter
