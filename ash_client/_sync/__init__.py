# Generated from ash_client/_async by `make generate`; edit there.
"""The I/O of the client. ``_sync`` is generated from this folder by ``make generate``; edit here, then run that."""
