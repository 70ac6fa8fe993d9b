"""The client, put together."""

from __future__ import annotations

from ash_client._async.chat import AsyncChats
from ash_client._async.deploying import AsyncDeploying
from ash_client._async.opening import MustAwait  # async only
from ash_client._async.resources import AsyncResources
from ash_client._async.waiting import AsyncWaiting


class AsyncAshClient(
    AsyncChats,
    AsyncDeploying,
    AsyncWaiting,
    AsyncResources,
    MustAwait,  # async only
):
    """A client of one Ash server; any number of streams may be read through it at once.

    ::

        async with AsyncAshClient("http://HOST:4100", api_key="...") as client:
            session = await client.create_session(agent_name="my-agent")
            async with client.send_message(session.id, message="Hello!") as stream:
                async for event in stream:
                    if event.type == "assistant":
                        print(event.content)

    Args:
        server_url: Address of the server; else ``ASH_SERVER_URL``, else ``~/.ash/config.json``.
        api_key: Key to send; else ``ASH_API_KEY``, else ``~/.ash/config.json``. Empty: send none.
        timeout: Seconds, or an ``httpx.Timeout``, for everything but the silence inside a stream.
        max_retries: Further attempts of a request that may safely be made again.
        stall_check: Seconds of silence in a stream after which the session is asked about; None: never.
        default_headers: Further headers of every request.
        event_hooks: httpx's hooks: ``{"request": [...], "response": [...]}``, each called with what its name says.
        http_client: An ``httpx.AsyncClient`` of your own, for proxies, certificates or tests; you close it.
        clock: What tells the time and sleeps between attempts; a test may bring its own.

    Raises:
        ConfigurationError: No address is known, or address or key cannot be used.
        InvalidArgument: Another option cannot be right.
    """
