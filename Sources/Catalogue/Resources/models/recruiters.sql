-- model: recruiters
-- version: 1
-- kind: fold
-- title: Perekrut terlihat | Recruiters sighted
-- about: Each recruiter reported, by the latest sighting. No names and no numbers.
-- key: recruiter
-- reads: event recruiter.sighted by subject
-- scope: region
-- topic: recruiters
-- column: recruiter id:recruiter | Perekrut | Recruiter
-- column: region region | Wilayah | Region
-- column: village region | Desa | Village
-- column: kind code:RECRUITER_KIND | Jenis | Kind
-- column: claimed_p3mi id:p3mi | Mengaku dari | Claims to be from
-- column: sightings integer | Laporan | Sightings
-- column: first_seen_on date | Pertama terlihat | First seen
-- column: last_seen_on date | Terakhir terlihat | Last seen
-- column: offer_country code:COUNTRY | Negara ditawarkan | Country offered
-- column: people_approached integer | Orang didatangi | People approached
-- column: showed_letter flag | Surat tugas | Letter shown
SELECT
    t.recruiter AS recruiter, r.region AS region, r.village AS village, r.kind AS kind,
    r.claimed_p3mi AS claimed_p3mi,
    (SELECT count(*) FROM ev_recruiter_sighted e WHERE e.subject = t.recruiter) AS sightings,
    (SELECT min(e.occurred_on) FROM ev_recruiter_sighted e WHERE e.subject = t.recruiter) AS first_seen_on,
    r.occurred_on AS last_seen_on, r.offer_country AS offer_country,
    (SELECT SUM(coalesce(e.people_approached, 0)) FROM ev_recruiter_sighted e WHERE e.subject = t.recruiter)
        AS people_approached,
    r.showed_assignment_letter AS showed_letter
FROM touched t
JOIN ev_recruiter_sighted r ON r.ev = (
    SELECT e.ev FROM ev_recruiter_sighted e WHERE e.subject = t.recruiter
    ORDER BY e.at_order DESC, e.hlc DESC, e.log DESC, e.seq DESC LIMIT 1)
