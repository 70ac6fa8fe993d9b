"""A name of one's own and its certificate: what it asks of a request, its zone, and the wait for it."""
