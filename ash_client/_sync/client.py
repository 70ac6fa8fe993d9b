# Generated from ash_client/_async by `make generate`; edit there.
"""The client, put together."""

from __future__ import annotations

from ash_client._sync.admin import Admin
from ash_client._sync.agents import Agents
from ash_client._sync.evals import Evals
from ash_client._sync.files import Files
from ash_client._sync.sessions import Sessions


class AshClient(Sessions, Files, Agents, Evals, Admin):
    """A client of one Ash server; any number of streams may be read through it at once.

    ::

        with AshClient("http://HOST:4100", api_key="...") as client:
            session = client.create_session(agent_name="my-agent")
            with client.send_message(session.id, message="Hello!") as stream:
                for event in stream:
                    if event.type == "assistant":
                        print(event.content)

    Args:
        server_url: Address of the server; else ``ASH_SERVER_URL``, else ``~/.ash/config.json``.
        api_key: Key to send; else ``ASH_API_KEY``, else ``~/.ash/config.json``. Empty: send none.
        timeout: Seconds, or an ``httpx.Timeout``, for everything but the silence inside a stream.
        max_retries: Further attempts of a request that may safely be made again.
        stall_check: Seconds of silence in a stream after which the session is asked about; None: never.
        http_client: An ``httpx.Client`` of your own, for proxies, certificates or tests; you close it.

    Raises:
        ConfigurationError: No address is known, or address or key cannot be used.
    """
