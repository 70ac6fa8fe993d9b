"""From ``.env`` to a server that is proven to work, and back to an account with nothing left."""
