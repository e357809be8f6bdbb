-- model: referral_state
-- version: 1
-- kind: fold
-- title: Keadaan rujukan | State of referrals
-- about: Each referral of a case with its latest answer. An answer may arrive before the referral that it answers.
-- key: case_id
-- row: log, seq
-- reads: event case.referred by subject
-- reads: event case.referral_answered by subject
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
-- column: answers integer | Jawaban | Answers
-- column: answer code:REFERRAL_ANSWER | Jawaban terakhir | Latest answer
-- column: answered_at moment | Dijawab pada | Answered at
SELECT
    t.case_id AS case_id, r.log AS log, r.seq AS seq, r.region AS region, r.to_body AS to_body,
    r.to_unit AS to_unit, r.urgent AS urgent, r.referred_at AS referred_at, r.respond_by AS respond_by,
    (SELECT count(*) FROM ev_case_referral_answered x WHERE x.subject = t.case_id
        AND substr(x.referral_ref, 1, length(r.log || '#' || r.seq || '~')) = r.log || '#' || r.seq || '~') AS answers,
    a.answer AS answer, a.answered_at AS answered_at
FROM touched t
JOIN ev_case_referred r ON r.subject = t.case_id
LEFT JOIN ev_case_referral_answered a ON a.ev = (
    SELECT x.ev FROM ev_case_referral_answered x WHERE x.subject = t.case_id
    AND substr(x.referral_ref, 1, length(r.log || '#' || r.seq || '~')) = r.log || '#' || r.seq || '~'
    ORDER BY x.at_order DESC, x.hlc DESC, x.log DESC, x.seq DESC LIMIT 1)
