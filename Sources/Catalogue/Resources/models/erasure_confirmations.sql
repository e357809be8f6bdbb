-- model: erasure_confirmations
-- version: 1
-- kind: fold
-- title: Penghapusan dilaksanakan | Erasures carried out
-- about: Each node that said it destroyed a person's keys: when first, when last, and how many keys. A node says it
--   again when an older copy of its files came back and the order was obeyed once more.
-- key: person
-- row: node
-- reads: event privacy.erasure_confirmed by subject
-- scope: village
-- topic: requests
-- column: person id:person | Orang | Person
-- column: node text | Simpul | Node
-- column: village region | Desa | Village
-- column: confirmed_at moment | Dilaksanakan pada | Carried out at
-- column: last_at moment | Terakhir | Last
-- column: times integer | Berapa kali | Times
SELECT
    c.subject AS person, c.by_node AS node, min(c.village) AS village, min(c.obeyed_at) AS confirmed_at,
    max(c.obeyed_at) AS last_at, count(*) AS times
FROM touched t
JOIN ev_privacy_erasure_confirmed c ON c.subject = t.person
-- Nobody confirms for another.
WHERE c.by_node = c.node
GROUP BY c.subject, c.by_node
