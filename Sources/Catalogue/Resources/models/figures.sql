-- model: figures
-- version: 2
-- kind: fold
-- title: Angka yang diterbitkan | Published figures
-- about: What was published, from which cut. The engine compares these with what the same question gives now.
-- key: figure
-- reads: event figure.published by subject
-- scope: everyone
-- topic: released
-- column: figure id:figure | Angka | Figure
-- column: title text | Judul | Title
-- column: model text | Model | Model
-- column: models text | Versi model | Versions of the models
-- column: measure text | Ukuran | Measure
-- column: filter text | Saringan | Filter
-- column: value text | Nilai | Value
-- column: cut integer | Potongan | Cut
-- column: state code:FIGURE_STATE | Status | State
-- column: published_on date | Diterbitkan pada | Published on
-- column: log text | Log | Log
-- column: seq integer | Urutan | Sequence
SELECT
    t.figure AS figure, f.title AS title, f.model AS model, f.models AS models,
    f.measure AS measure, f.data_key AS filter, f.data_value AS value, f.cut AS cut, f.state AS state,
    f.published_on AS published_on, f.log AS log, f.seq AS seq
FROM touched t
JOIN ev_figure_published f ON f.ev = (
    SELECT e.ev FROM ev_figure_published e WHERE e.subject = t.figure
    ORDER BY e.at_order DESC, e.hlc DESC, e.log DESC, e.seq DESC LIMIT 1)
