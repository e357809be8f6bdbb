-- model: moved_away
-- version: 1
-- kind: view
-- title: Pindah keluar | Moved away
-- about: Persons who left this village, for the village: where they went and whether the dossier was handed over.
-- key: person, from_village
-- reads: model person_moves by person, from_village
-- scope: from_village
-- topic: persons
-- column: person id:person | Orang | Person
-- column: from_village region | Dari desa | From village
-- column: to_village region | Ke desa | To village
-- column: moved_on date | Pindah pada | Moved on
-- column: handed_over_on date | Diserahterimakan pada | Handed over on
-- column: given_up integer | Laptop yang melepas kunci | Laptops that gave keys up
SELECT m.person AS person, m.from_village AS from_village, m.to_village AS to_village, m.moved_on AS moved_on,
    m.handed_over_on AS handed_over_on, m.given_up AS given_up
FROM person_moves m
WHERE m.now_village <> m.from_village
