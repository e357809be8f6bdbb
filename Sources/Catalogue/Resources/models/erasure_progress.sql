-- model: erasure_progress
-- version: 2
-- kind: view
-- title: Kemajuan penghapusan | Progress of erasures
-- about: For each ordered erasure every node that must carry it out: the person's village, the hub and the centre, as
--   they were enrolled on that day: a laptop that joined later never had her keys. Which have confirmed, which are silent, and how many of the three days are left. The lines behind an order are those of
--   the model erasures; here those of the confirmation are explained.
-- key: person, node
-- reads: event privacy.erasure_ordered by subject, log
-- reads: model erasures by person, status
-- reads: model erasure_confirmations by person, node
-- reads: model node_state by region, node
-- scope: village
-- topic: requests
-- column: person id:person | Orang | Person
-- column: node text | Simpul | Node
-- column: village region | Desa | Village
-- column: node_role code:NODE_ROLE | Peran | Role
-- column: state text | Status | State
-- column: ordered_at moment | Diperintahkan pada | Ordered at
-- column: confirmed_at moment | Dilaksanakan pada | Carried out at
-- column: days_left integer | Sisa hari | Days left
-- column: last_contact date | Kontak terakhir | Last contact
-- column: silent_days integer | Hari tanpa kontak | Days silent
WITH expected AS (
    SELECT o.subject AS person, n.node AS node, min(o.village) AS village, min(n.node_role) AS node_role,
        min(o.ordered_at) AS ordered_at, max(n.revoked_on) AS revoked_on, max(n.last_contact) AS last_contact,
        max(n.last_contact_day) AS last_contact_day
    FROM ev_privacy_erasure_ordered o
    JOIN node_state n ON (n.region = o.village OR n.region = 'id'
        OR substr(o.village, 1, length(n.region) + 1) = n.region || '.')
        AND (n.since IS NULL OR n.since <= o.occurred_on)
    GROUP BY o.subject, n.node
)
SELECT
    e.person AS person, e.node AS node, e.village AS village, e.node_role AS node_role,
    CASE
        WHEN c.confirmed_at IS NOT NULL THEN 'confirmed'
        -- A laptop that was lost with the keys on it: it gets no order any more.
        WHEN e.revoked_on IS NOT NULL THEN 'revoked'
        WHEN :today_day > s.clock_day + 3 THEN 'late'
        WHEN :today_day - e.last_contact_day >= 2 THEN 'silent'
        ELSE 'waiting'
    END AS state,
    e.ordered_at AS ordered_at, c.confirmed_at AS confirmed_at, s.clock_day + 3 - :today_day AS days_left,
    e.last_contact AS last_contact,
    CASE WHEN e.last_contact_day > :today_day THEN 0 ELSE :today_day - e.last_contact_day END AS silent_days
FROM expected e
JOIN erasures s ON s.person = e.person
LEFT JOIN erasure_confirmations c ON c.person = e.person AND c.node = e.node
