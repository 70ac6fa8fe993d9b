"""The readings of a snapshot, by subject; ``plan`` says which of them need which."""
