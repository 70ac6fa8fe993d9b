"""The stand-in's HTTP: connections, requests, their checks, and how answers reach the wire."""
