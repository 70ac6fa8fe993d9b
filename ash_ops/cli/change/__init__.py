"""Commands that change something: what runs, or what is on the server; one file a command."""
