"""The sessions on a server that is about to be replaced, stopped or removed."""
