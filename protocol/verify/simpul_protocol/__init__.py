"""Simpul's protocol, read from its specification and from nothing else.

Each module is one chapter: `strictjson` and `eventline` (01), `names`, `merkle` and `note` (02), `frames` (03),
`session` (04), `receipts` (05), `keys` (06), `errors` (07). `ledger` puts them together into a verifier;
`client` is a small node.
"""
