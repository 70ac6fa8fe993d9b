"""The clients: what an application imports."""

from __future__ import annotations

from ash_client._async.admin import AsyncAdmin
from ash_client._async.agents import AsyncAgents
from ash_client._async.evals import AsyncEvals
from ash_client._async.files import AsyncFiles
from ash_client._async.sessions import AsyncSessions
from ash_client._sync.admin import Admin
from ash_client._sync.agents import Agents
from ash_client._sync.evals import Evals
from ash_client._sync.files import Files
from ash_client._sync.sessions import Sessions

__all__ = ["AshClient", "AsyncAshClient"]


class AshClient(Sessions, Files, Agents, Evals, Admin):
    """A client of one Ash server, for threads; it may be shared by them.

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
        stall_check: Seconds of silence in a stream after which the session is asked about.
        http_client: An ``httpx.Client`` of your own, for proxies, certificates or tests; you close it.

    Raises:
        ConfigurationError: No address is known, or address or key cannot be used.
    """


class AsyncAshClient(AsyncSessions, AsyncFiles, AsyncAgents, AsyncEvals, AsyncAdmin):
    """A client of one Ash server, for one event loop (asyncio, or trio through anyio).

    The same as :class:`AshClient` with ``await``; ``send_message`` is awaited, or entered with ``async with``.

    Args:
        server_url: Address of the server; else ``ASH_SERVER_URL``, else ``~/.ash/config.json``.
        api_key: Key to send; else ``ASH_API_KEY``, else ``~/.ash/config.json``. Empty: send none.
        timeout: Seconds, or an ``httpx.Timeout``, for everything but the silence inside a stream.
        max_retries: Further attempts of a request that may safely be made again.
        stall_check: Seconds of silence in a stream after which the session is asked about.
        http_client: An ``httpx.AsyncClient`` of your own, for proxies, certificates or tests; you close it.

    Raises:
        ConfigurationError: No address is known, or address or key cannot be used.
    """
