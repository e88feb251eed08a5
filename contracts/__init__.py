"""The words every stage shares.

Reads nothing, writes nothing; owns the wire formats, settings, errors and names.
Promises that what is marked (contract) in docs/ARCHITECTURE.md changes only with a migration.
"""
