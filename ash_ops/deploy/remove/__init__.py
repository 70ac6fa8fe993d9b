"""Taking a deployment away, and proof that nothing billable of ours is left."""
