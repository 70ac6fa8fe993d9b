"""A deployment under way: executed, followed, proven, or told why it failed."""
