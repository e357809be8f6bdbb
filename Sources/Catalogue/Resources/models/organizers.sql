-- model: organizers
-- version: 1
-- kind: fold
-- title: Penggerak | Organizers
-- about: Everyone who was appointed, under the pseudonym in the lines they record, by the latest decision. Whoever is
--   also a village official has a stake of their own and sees less (docs/roles.md).
-- key: actor
-- reads: event community.organizer_changed by data_actor_id
-- scope: region
-- topic: enterprises
-- column: actor text | Pencatat | Actor
-- column: region region | Wilayah | Region
-- column: role code:ROLE | Peran | Role
-- column: action code:ORGANIZER_ACTION | Tindakan | Action
-- column: effective_on date | Berlaku sejak | Effective on
-- column: ends_on date | Sampai | Ends on
-- column: is_village_official flag | Merangkap perangkat desa | Also a village official
SELECT
    t.actor AS actor, c.region AS region, c.data_role AS role, c.action AS action, c.effective_on AS effective_on,
    c.ends_on AS ends_on, c.is_village_official AS is_village_official
FROM touched t
JOIN ev_community_organizer_changed c ON c.ev = (
    SELECT e.ev FROM ev_community_organizer_changed e WHERE e.data_actor_id = t.actor
    ORDER BY e.at_order DESC, e.hlc DESC, e.log DESC, e.seq DESC LIMIT 1)
