"""What the agents' model costs: prices by token, and the tokens that the server counts."""
