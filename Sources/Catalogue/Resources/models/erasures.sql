-- model: erasures
-- version: 1
-- kind: fold
-- title: Penghapusan data orang | Erasures
-- about: Each person whose erasure was asked for or ordered, without name: when, and what became of it. The clock of
--   72 hours starts when the request is received.
-- key: person
-- reads: event privacy.request_received by subject
-- reads: event privacy.request_fulfilled by subject
-- reads: event privacy.erasure_ordered by subject
-- scope: village
-- topic: requests
-- column: person id:person | Orang | Person
-- column: village region | Desa | Village
-- column: status text | Status | Status
-- column: requested_at moment | Diminta pada | Requested at
-- column: clock_day integer | Hari mulai tenggat | Day the clock starts
-- column: ordered_at moment | Diperintahkan pada | Ordered at
-- column: reason code:ERASE_REASON | Alasan | Reason
-- column: refused_at moment | Ditolak pada | Refused at
WITH found AS (
    SELECT t.person AS person,
        (SELECT q.ev FROM ev_privacy_request_received q WHERE q.subject = t.person AND q.kind = 'erase'
            ORDER BY q.at_order, q.hlc, q.log, q.seq LIMIT 1) AS request,
        (SELECT o.ev FROM ev_privacy_erasure_ordered o WHERE o.subject = t.person
            ORDER BY o.at_order, o.hlc, o.log, o.seq LIMIT 1) AS erasing,
        (SELECT f.ev FROM ev_privacy_request_fulfilled f WHERE f.subject = t.person AND f.outcome = 'refused'
            AND EXISTS (SELECT 1 FROM ev_privacy_request_received q WHERE q.subject = t.person AND q.kind = 'erase'
                AND substr(f.request_ref, 1, length(q.log || '#' || q.seq || '~')) = q.log || '#' || q.seq || '~')
            ORDER BY f.at_order DESC, f.hlc DESC, f.log DESC, f.seq DESC LIMIT 1) AS refusal
    FROM touched t
)
SELECT
    f.person AS person, coalesce(o.village, q.village) AS village,
    CASE WHEN o.ev IS NOT NULL THEN 'ordered' WHEN r.ev IS NOT NULL THEN 'refused' ELSE 'requested' END AS status,
    q.received_at AS requested_at, coalesce(q.occurred_day, o.occurred_day) AS clock_day,
    o.ordered_at AS ordered_at, o.reason AS reason, r.fulfilled_at AS refused_at
FROM found f
LEFT JOIN ev_privacy_request_received q ON q.ev = f.request
LEFT JOIN ev_privacy_erasure_ordered o ON o.ev = f.erasing
LEFT JOIN ev_privacy_request_fulfilled r ON r.ev = f.refusal
WHERE q.ev IS NOT NULL OR o.ev IS NOT NULL
