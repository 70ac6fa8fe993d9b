"""The I/O of the client. ``_sync`` is generated from this folder by ``.ci/unasync.py``; edit here, then run that."""
