"""``doctor --fix``: the repairs that need no decision, made and proven."""
