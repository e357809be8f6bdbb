-- model: node_state
-- version: 2
-- kind: fold
-- title: Simpul terdaftar | Enrolled nodes
-- about: Every node that was ever enrolled: where, since when, whether it still is, and when a server last had an
--   authenticated contact from it. The engine takes the denominator of every figure's completeness from here.
-- key: node
-- reads: event node.enrolled by subject
-- reads: event node.revoked by subject
-- reads: event node.contacted by subject
-- reads: event node.moved by subject
-- scope: region
-- topic: nodes
-- column: node text | Simpul | Node
-- column: region region | Wilayah | Region
-- column: node_role code:NODE_ROLE | Peran | Role
-- column: since date | Terdaftar sejak | Enrolled since
-- column: revoked_on date | Dicabut pada | Revoked on
-- column: last_contact date | Kontak terakhir | Last contact
-- column: last_contact_day integer | Kontak terakhir (hari ke-) | Last contact (day number)
-- column: epochs integer | Epoch | Epochs
-- column: moved_to text | Pindah ke | Moved to
-- column: moved_on date | Pindah pada | Moved on
-- column: reports flag | Harus melapor | Must report
SELECT
    t.node AS node,
    n.data_region AS region,
    n.data_role AS node_role,
    (SELECT min(e.since) FROM ev_node_enrolled e WHERE e.subject = t.node) AS since,
    -- A node is gone when every epoch of it is revoked.
    CASE WHEN EXISTS (
        SELECT 1 FROM ev_node_enrolled e
        WHERE e.subject = t.node AND NOT EXISTS (
            SELECT 1 FROM ev_node_revoked r WHERE r.subject = t.node AND r.epoch = e.epoch)
    ) THEN NULL
    ELSE (SELECT max(r.occurred_on) FROM ev_node_revoked r WHERE r.subject = t.node) END AS revoked_on,
    (SELECT max(c.data_on) FROM ev_node_contacted c WHERE c.subject = t.node) AS last_contact,
    (SELECT max(c.occurred_day) FROM ev_node_contacted c WHERE c.subject = t.node) AS last_contact_day,
    (SELECT count(DISTINCT e.epoch) FROM ev_node_enrolled e WHERE e.subject = t.node) AS epochs,
    m.data_to AS moved_to, m.data_on AS moved_on,
    -- The centre reports to nobody: what it records is where the answers are.
    CASE WHEN n.data_role = 'centre' THEN 0 ELSE 1 END AS reports
FROM touched t
JOIN ev_node_enrolled n ON n.ev = (
    SELECT e.ev FROM ev_node_enrolled e WHERE e.subject = t.node
    ORDER BY e.at_order DESC, e.hlc DESC, e.log DESC, e.seq DESC LIMIT 1)
LEFT JOIN ev_node_moved m ON m.ev = (
    SELECT e.ev FROM ev_node_moved e WHERE e.subject = t.node
    ORDER BY e.at_order DESC, e.hlc DESC, e.log DESC, e.seq DESC LIMIT 1)
