"""The Python SDK of the Ash agent server: sessions and streamed messages.

Names are loaded on first use, so that importing the package costs next to nothing.
"""

from ash_client._version import __version__

__all__ = ["__version__"]
