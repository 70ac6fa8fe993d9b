"""The readings of a snapshot, by subject: each declares what it needs and of which calls it is made."""
