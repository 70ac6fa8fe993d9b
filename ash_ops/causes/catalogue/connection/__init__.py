"""Why the server cannot be reached: targets, the network, clients, the server's own refusals."""
