"""Requests and answers as values: nothing in here reads or writes the network."""
