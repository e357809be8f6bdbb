-- model: case_board
-- version: 2
-- kind: view
-- title: Papan kasus | Case board
-- about: Every case with its clock: how old it is, what is due, and whether it is late as of today.
--   A case that still runs goes along when its person moves to another village.
-- key: case_id
-- reads: model case_state by case_id
-- reads: model person_state by person
-- scope: region
-- topic: cases
-- column: case_id id:case | Kasus | Case
-- column: region region | Wilayah | Region
-- column: village region | Desa | Village
-- column: person id:person | Orang | Person
-- column: kind code:CASE_KIND | Jenis | Kind
-- column: status text | Status | Status
-- column: is_open flag | Masih berjalan | Open
-- column: severity code:SEVERITY | Kegawatan | Severity
-- column: immediate_danger flag | Bahaya langsung | Immediate danger
-- column: possible_trafficking flag | Indikasi TPPO | Possible trafficking
-- column: opened_on date | Dibuka pada | Opened on
-- column: age_days integer | Umur (hari) | Age (days)
-- column: triaged_at moment | Dipilah pada | Triaged at
-- column: owner_unit text | Unit penanggung jawab | Owner
-- column: sla_due_at moment | Batas waktu | Due
-- column: overdue flag | Lewat batas | Overdue
-- column: assigned_task code:TASK | Tugas | Task
-- column: assigned_village region | Desa bertugas | Assigned village
-- column: assigned_due_on date | Tugas sebelum | Task due
-- column: referrals integer | Rujukan | Referrals
-- column: referrals_open integer | Rujukan belum dijawab | Referrals open
-- column: respond_by moment | Jawaban paling lambat | Answer due
-- column: assistances integer | Pendampingan | Assistances
-- column: last_event_on date | Kejadian terakhir | Last event
-- column: closed_on date | Ditutup pada | Closed on
-- column: close_reason code:CASE_CLOSE | Alasan tutup | Reason of closing
-- column: closing text | Penutupan menurut hukum | Closing in law
SELECT
    c.case_id AS case_id,
    CASE WHEN c.status NOT IN ('closed', 'duplicate') AND c.opened_on <= p.moved_on THEN p.village ELSE c.region END
        AS region,
    CASE WHEN c.status NOT IN ('closed', 'duplicate') AND c.opened_on <= p.moved_on THEN p.village ELSE c.village END
        AS village,
    c.person AS person, c.kind AS kind,
    c.status AS status,
    CASE WHEN c.status IN ('closed', 'duplicate') AND coalesce(c.closing, 'valid') = 'valid' THEN 0 ELSE 1 END
        AS is_open,
    c.severity AS severity, c.immediate_danger AS immediate_danger, c.possible_trafficking AS possible_trafficking,
    c.opened_on AS opened_on, :today_day - c.opened_day AS age_days, c.triaged_at AS triaged_at,
    c.owner_unit AS owner_unit, c.sla_due_at AS sla_due_at,
    CASE WHEN c.status NOT IN ('closed', 'duplicate') AND substr(c.sla_due_at, 1, 10) < :today THEN 1 ELSE 0 END
        AS overdue,
    c.assigned_task AS assigned_task, c.assigned_village AS assigned_village, c.assigned_due_on AS assigned_due_on,
    c.referrals AS referrals, c.referrals - c.referrals_answered AS referrals_open, c.respond_by AS respond_by,
    c.assistances AS assistances, c.last_event_on AS last_event_on, c.closed_on AS closed_on,
    c.close_reason AS close_reason, c.closing AS closing
FROM case_state c
LEFT JOIN person_state p ON p.person = c.person
