"""A stand-in Ash server for the tests of whatever talks to Ash; see ``docs/testing.md``."""

from ash_client.testing._http.limits import Limits
from ash_client.testing.answers import AgentFailure, Answer, Event, Prompt, Thinking, Tool
from ash_client.testing.faults import Fault
from ash_client.testing.record import ReceivedRequest
from ash_client.testing.runner import AshRunner
from ash_client.testing.server import AshServer

__all__ = [
    "AgentFailure",
    "Answer",
    "AshRunner",
    "AshServer",
    "Event",
    "Fault",
    "Limits",
    "Prompt",
    "ReceivedRequest",
    "Thinking",
    "Tool",
]
