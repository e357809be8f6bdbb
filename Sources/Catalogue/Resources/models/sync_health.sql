-- model: sync_health
-- version: 2
-- kind: view
-- title: Kesehatan sinkron | Sync health
-- about: Each enrolled node: when it was last in touch, how many of its lines are here, and how many wait.
-- key: node
-- reads: model node_state by node
-- reads: logs by node
-- scope: region
-- topic: nodes
-- column: node text | Simpul | Node
-- column: region region | Wilayah | Region
-- column: node_role code:NODE_ROLE | Peran | Role
-- column: since date | Terdaftar sejak | Enrolled since
-- column: revoked_on date | Dicabut pada | Revoked on
-- column: last_contact date | Kontak terakhir | Last contact
-- column: silent_days integer | Hari tanpa kontak | Days silent
-- column: logs integer | Log | Logs
-- column: lines integer | Baris | Lines
-- column: moved_to text | Pindah ke | Moved to
-- column: moved_on date | Pindah pada | Moved on
-- column: parked integer | Tertahan | Parked
SELECT
    s.node AS node, s.region AS region, s.node_role AS node_role, s.since AS since, s.revoked_on AS revoked_on,
    s.last_contact AS last_contact,
    -- A contact later than today is the doing of a clock.
    CASE WHEN s.last_contact_day > :today_day THEN 0 ELSE :today_day - s.last_contact_day END AS silent_days,
    coalesce(l.logs, 0) AS logs, coalesce(l.lines, 0) AS lines, s.moved_to AS moved_to,
    s.moved_on AS moved_on, coalesce(l.parked, 0) AS parked
FROM node_state s
LEFT JOIN (
    SELECT g.node AS node, count(*) AS logs, SUM(g.lines) AS lines, SUM(g.parked) AS parked FROM logs g GROUP BY g.node
) l ON l.node = s.node
