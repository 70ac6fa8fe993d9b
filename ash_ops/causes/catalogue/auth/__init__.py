"""Keys: of the Ash server, of its internal endpoints, and of the model's API."""
