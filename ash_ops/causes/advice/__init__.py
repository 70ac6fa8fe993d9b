"""How advice is put: in the terms of the tool that the message is of, and with a warning where it destroys."""
