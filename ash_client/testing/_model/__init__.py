"""What the stand-in knows: state, sandboxes, the agent, and what a test asked of it."""
