"""The fleet of a multi-machine deployment: how it is, another size, one runner emptied."""
