"""Between httpx and the network: the backends, what a transport is given, and the fast way for chunked streams."""
