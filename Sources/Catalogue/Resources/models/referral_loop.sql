-- model: referral_loop
-- version: 1
-- kind: view
-- title: Rujukan terjawab | Referral loop
-- about: Which referrals were answered, by whom they were not, and which are late as of today.
-- key: case_id, log, seq
-- reads: model referral_state by case_id, log, seq
-- scope: region
-- topic: cases
-- column: case_id id:case | Kasus | Case
-- column: log text | Log | Log
-- column: seq integer | Urutan | Sequence
-- column: region region | Wilayah | Region
-- column: to_body code:REFERRAL_BODY | Dirujuk ke | Referred to
-- column: to_unit text | Unit | Unit
-- column: urgent flag | Mendesak | Urgent
-- column: referred_at moment | Dirujuk pada | Referred at
-- column: respond_by moment | Jawaban paling lambat | Answer due
-- column: answer code:REFERRAL_ANSWER | Jawaban | Answer
-- column: answered_at moment | Dijawab pada | Answered at
-- column: overdue flag | Lewat batas | Overdue
SELECT
    r.case_id AS case_id, r.log AS log, r.seq AS seq, r.region AS region, r.to_body AS to_body,
    r.to_unit AS to_unit, r.urgent AS urgent, r.referred_at AS referred_at, r.respond_by AS respond_by,
    r.answer AS answer, r.answered_at AS answered_at,
    CASE WHEN r.answers = 0 AND substr(r.respond_by, 1, 10) < :today THEN 1 ELSE 0 END AS overdue
FROM referral_state r
