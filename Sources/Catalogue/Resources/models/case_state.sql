-- model: case_state
-- version: 1
-- kind: fold
-- title: Keadaan kasus | State of cases
-- about: Each case with everything done about it so far. Read through case_board, which adds what depends on today.
--   A closing with a legal waiting time (30, 21, 60 or 183 days after opening) that had not passed is too early:
--   the case stays open in law until it has.
-- key: case_id
-- reads: event case.opened by subject
-- reads: event case.triaged by subject
-- reads: event case.assigned by subject
-- reads: event case.referred by subject
-- reads: event case.referral_answered by subject
-- reads: event case.assistance_given by subject
-- reads: event case.closed by subject
-- reads: event case.reopened by subject
-- scope: region
-- topic: cases
-- column: case_id id:case | Kasus | Case
-- column: region region | Wilayah | Region
-- column: village region | Desa | Village
-- column: person id:person | Orang | Person
-- column: kind code:CASE_KIND | Jenis | Kind
-- column: stage code:STAGE | Tahap | Stage
-- column: country code:COUNTRY | Negara | Country
-- column: opened_on date | Dibuka pada | Opened on
-- column: opened_day integer | Dibuka (hari ke-) | Opened (day number)
-- column: immediate_danger flag | Bahaya langsung | Immediate danger
-- column: severity code:SEVERITY | Kegawatan | Severity
-- column: triaged_at moment | Dipilah pada | Triaged at
-- column: owner_unit text | Unit penanggung jawab | Owner
-- column: sla_due_at moment | Batas waktu | Due
-- column: possible_trafficking flag | Indikasi TPPO | Possible trafficking
-- column: duplicate_of id:case | Duplikat dari | Duplicate of
-- column: assigned_task code:TASK | Tugas | Task
-- column: assigned_village region | Desa bertugas | Assigned village
-- column: assigned_due_on date | Tugas sebelum | Task due
-- column: referrals integer | Rujukan | Referrals
-- column: referrals_answered integer | Rujukan dijawab | Referrals answered
-- column: respond_by moment | Jawaban paling lambat | Answer due
-- column: assistances integer | Pendampingan | Assistances
-- column: last_event_on date | Kejadian terakhir | Last event
-- column: closed_on date | Ditutup pada | Closed on
-- column: close_reason code:CASE_CLOSE | Alasan tutup | Reason of closing
-- column: closing text | Penutupan menurut hukum | Closing in law
-- column: status text | Status | Status
WITH base AS (
    SELECT t.case_id AS case_id, o.region AS region, o.village AS village, o.person_id AS person_id,
        o.kind AS kind, o.stage AS stage, o.country AS country, o.occurred_on AS opened_on,
        o.occurred_day AS opened_day, o.immediate_danger AS immediate_danger,
        (SELECT e.ev FROM ev_case_triaged e WHERE e.subject = t.case_id
            ORDER BY e.at_order DESC, e.hlc DESC, e.log DESC, e.seq DESC LIMIT 1) AS triaged,
        (SELECT e.ev FROM ev_case_assigned e WHERE e.subject = t.case_id
            ORDER BY e.at_order DESC, e.hlc DESC, e.log DESC, e.seq DESC LIMIT 1) AS assigned,
        (SELECT e.ev FROM ev_case_closed e WHERE e.subject = t.case_id
            ORDER BY e.at_order DESC, e.hlc DESC, e.log DESC, e.seq DESC LIMIT 1) AS closed,
        (SELECT count(*) FROM ev_case_referred e WHERE e.subject = t.case_id) AS referrals,
        (SELECT count(*) FROM ev_case_referred e WHERE e.subject = t.case_id AND EXISTS (
            SELECT 1 FROM ev_case_referral_answered a WHERE a.subject = t.case_id
            AND substr(a.referral_ref, 1, length(e.log || '#' || e.seq || '~')) = e.log || '#' || e.seq || '~'))
            AS answered,
        (SELECT min(e.respond_by) FROM ev_case_referred e WHERE e.subject = t.case_id AND NOT EXISTS (
            SELECT 1 FROM ev_case_referral_answered a WHERE a.subject = t.case_id
            AND substr(a.referral_ref, 1, length(e.log || '#' || e.seq || '~')) = e.log || '#' || e.seq || '~'))
            AS respond_by,
        (SELECT count(*) FROM ev_case_assistance_given e WHERE e.subject = t.case_id) AS assistances
    FROM touched t
    JOIN ev_case_opened o ON o.ev = (
        SELECT e.ev FROM ev_case_opened e WHERE e.subject = t.case_id
        ORDER BY e.at_order DESC, e.hlc DESC, e.log DESC, e.seq DESC LIMIT 1)
),
joined AS (
    SELECT b.case_id AS case_id, b.region AS region, b.village AS village, b.person_id AS person_id, b.kind AS kind,
        b.stage AS stage, b.country AS country, b.opened_on AS opened_on, b.opened_day AS opened_day,
        b.immediate_danger AS immediate_danger, b.referrals AS referrals, b.answered AS answered,
        b.respond_by AS respond_by, b.assistances AS assistances,
        g.severity AS severity, g.triaged_at AS triaged_at, g.owner_unit AS owner_unit, g.sla_due_at AS sla_due_at,
        g.possible_trafficking AS possible_trafficking, g.duplicate_of AS duplicate_of, g.occurred_on AS triaged_on,
        a.task AS task, a.to_village AS to_village, a.due_on AS due_on, a.occurred_on AS assigned_on,
        c.occurred_on AS closed_on, c.reason AS reason,
        CASE
            WHEN c.reason = 'b1_incomplete_30d' AND c.occurred_day - b.opened_day < 30 THEN 'too_early'
            WHEN c.reason = 'b2_unclear_15wd' AND c.occurred_day - b.opened_day < 21 THEN 'too_early'
            WHEN c.reason = 'b3_unreachable_60d' AND c.occurred_day - b.opened_day < 60 THEN 'too_early'
            WHEN c.reason = 'b5_no_response_6m' AND c.occurred_day - b.opened_day < 183 THEN 'too_early'
            WHEN c.reason IS NOT NULL THEN 'valid'
        END AS closing,
        -- Reopened after the last closing, in the order of meaning.
        CASE WHEN c.ev IS NOT NULL AND EXISTS (
            SELECT 1 FROM ev_case_reopened r WHERE r.subject = b.case_id
            AND (r.at_order > c.at_order OR (r.at_order = c.at_order AND r.hlc > c.hlc))) THEN 1 ELSE 0 END AS reopened
    FROM base b
    LEFT JOIN ev_case_triaged g ON g.ev = b.triaged
    LEFT JOIN ev_case_assigned a ON a.ev = b.assigned
    LEFT JOIN ev_case_closed c ON c.ev = b.closed
)
SELECT
    j.case_id AS case_id, j.region AS region, j.village AS village, j.person_id AS person, j.kind AS kind,
    j.stage AS stage, j.country AS country, j.opened_on AS opened_on, j.opened_day AS opened_day,
    j.immediate_danger AS immediate_danger, j.severity AS severity, j.triaged_at AS triaged_at,
    j.owner_unit AS owner_unit, j.sla_due_at AS sla_due_at, j.possible_trafficking AS possible_trafficking,
    j.duplicate_of AS duplicate_of, j.task AS assigned_task, j.to_village AS assigned_village,
    j.due_on AS assigned_due_on, j.referrals AS referrals, j.answered AS referrals_answered,
    j.respond_by AS respond_by, j.assistances AS assistances,
    (SELECT max(d.day) FROM (
        SELECT j.opened_on AS day UNION ALL SELECT j.triaged_on UNION ALL SELECT j.assigned_on
        UNION ALL SELECT j.closed_on
        UNION ALL SELECT e.occurred_on FROM ev_case_referred e WHERE e.subject = j.case_id
        UNION ALL SELECT e.occurred_on FROM ev_case_referral_answered e WHERE e.subject = j.case_id
        UNION ALL SELECT e.occurred_on FROM ev_case_assistance_given e WHERE e.subject = j.case_id
        UNION ALL SELECT e.occurred_on FROM ev_case_reopened e WHERE e.subject = j.case_id) d) AS last_event_on,
    CASE WHEN j.reopened = 0 THEN j.closed_on END AS closed_on,
    CASE WHEN j.reopened = 0 THEN j.reason END AS close_reason,
    CASE WHEN j.reopened = 0 THEN j.closing END AS closing,
    CASE
        WHEN j.duplicate_of IS NOT NULL THEN 'duplicate'
        WHEN j.reason IS NOT NULL AND j.reopened = 0 THEN 'closed'
        WHEN j.reopened = 1 THEN 'reopened'
        WHEN j.task IS NOT NULL THEN 'assigned'
        WHEN j.severity IS NOT NULL THEN 'triaged'
        ELSE 'opened'
    END AS status
FROM joined j
