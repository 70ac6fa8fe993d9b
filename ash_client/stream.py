"""The answer to a message, event by event."""

from ash_client._async.opening import AsyncOpening
from ash_client._async.stream import AsyncMessageStream
from ash_client._sync.stream import MessageStream

__all__ = ["AsyncMessageStream", "AsyncOpening", "MessageStream"]
