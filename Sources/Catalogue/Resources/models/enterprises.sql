-- model: enterprises
-- version: 1
-- kind: fold
-- title: Usaha | Enterprises
-- about: Each enterprise with its latest reported month.
-- key: enterprise
-- reads: event enterprise.registered by subject
-- reads: event enterprise.performance_reported by subject
-- scope: region
-- topic: enterprises
-- column: enterprise id:enterprise | Usaha | Enterprise
-- column: region region | Wilayah | Region
-- column: village region | Desa | Village
-- column: name text | Nama | Name
-- column: form code:ENTERPRISE_FORM | Bentuk | Form
-- column: sector code:BIZ | Bidang | Sector
-- column: started_on date | Mulai | Started
-- column: reported_month month | Bulan laporan | Month reported
-- column: status code:ENTERPRISE_STATUS | Keadaan | Status
-- column: workers integer | Pekerja | Workers
SELECT
    t.enterprise AS enterprise, r.region AS region, r.village AS village, r.name AS name, r.form AS form,
    r.sector AS sector, r.started_on AS started_on, p.data_month AS reported_month, p.status AS status,
    coalesce(p.workers, r.workers) AS workers
FROM touched t
JOIN ev_enterprise_registered r ON r.ev = (
    SELECT e.ev FROM ev_enterprise_registered e WHERE e.subject = t.enterprise
    ORDER BY e.at_order DESC, e.hlc DESC, e.log DESC, e.seq DESC LIMIT 1)
LEFT JOIN ev_enterprise_performance_reported p ON p.ev = (
    SELECT e.ev FROM ev_enterprise_performance_reported e WHERE e.subject = t.enterprise
    ORDER BY e.at_order DESC, e.hlc DESC, e.log DESC, e.seq DESC LIMIT 1)
