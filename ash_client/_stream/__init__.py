"""One turn: framing of events, their types, the text put together, and what runs on which session."""
