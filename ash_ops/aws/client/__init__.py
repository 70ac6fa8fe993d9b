"""How AWS is spoken to: the session with its clients, the light JSON door, trimmed models, the trace of calls."""
