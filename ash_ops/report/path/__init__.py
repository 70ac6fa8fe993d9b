"""The path from the client to the agent: what stands on it, in which state, and where it is broken."""
