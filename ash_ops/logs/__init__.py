"""Reading the server's logs: what to read next (sans-IO), and how it looks."""
