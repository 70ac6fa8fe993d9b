"""List prices: the bundled table, how AWS names each item, and how they are read anew."""
