"""Before a deployment: what is wanted, where it goes, what would fail, what would change."""
