"""The ground floor: bytes, keys, sealed changes, records and one SQLite file.

Knows nothing of the network, of families or of screens. `storage.vault` is the doorway.
"""
