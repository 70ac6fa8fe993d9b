"""How a person speaks of failures: in general, of plans and the past, or of one that happened."""
