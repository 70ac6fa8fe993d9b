"""``ask``: one message, and its answer as it comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ash_ops.commands import Result
from ash_ops.commands.ports import Ports
from ash_ops.errors import ExitCode, UsageProblem

if TYPE_CHECKING:
    from ash_client import AshClient


def ask(
    ports: Ports, message: str, agent: str | None, session: str | None, *, end: bool = False
) -> Result:
    """Ask an agent, and show its answer while it is written.

    The session is kept, so that the conversation can go on; one that was begun here is paused, which
    keeps its workspace and frees its sandbox.

    Args:
        ports: the world.
        message: what to say.
        agent: whom; ``None`` for the only one there is.
        session: the session to go on with; ``None`` begins one.
        end: whether to end the session afterwards.

    Raises:
        UsageProblem: there is nothing to say, or the agent must be named.
        OpsError: the server could not be asked, or its answer is not complete.
        KeyboardInterrupt: the user stopped it; what became of turn and session was told.
    """
    from ash_ops.deploy.agents import begin, client_of, stream_answer
    from ash_ops.deploy.connection import client_connection

    if not message.strip():
        raise UsageProblem(
            "There is nothing to say", "the message is empty", 'Give it: `ash-ops ask "Hello"`.'
        )
    with client_of(*client_connection(ports.settings, ports.open_aws)) as client:
        id_, is_new = begin(client, agent, session)
        try:
            stream_answer(client, id_, message, ports.show)
        except KeyboardInterrupt:
            ports.show("\n")
            _stop(ports, client, id_)
            raise
        except BaseException:
            ports.show("\n")
            ports.note(_goes_on(id_))
            raise
        ports.show("\n")
        _leave(ports, client, id_, is_new=is_new, end=end)
    return Result(exit_code=ExitCode.OK)


def _goes_on(session: str) -> str:
    return f'The session is kept: `ash-ops ask --session {session} "..."` goes on with it.'


def _stop(ports: Ports, client: AshClient, session: str) -> None:
    """After Ctrl-C: the agent is to stop, too; the session can go on."""
    from ash_client import AshError

    try:
        client.with_options(timeout=10.0).stop_session(session)
    except AshError as error:
        ports.note(f"The agent may still be at work: the session could not be stopped ({error}).")
    else:
        ports.note("The turn is ended.")
    ports.note(_goes_on(session))


def _leave(ports: Ports, client: AshClient, session: str, *, is_new: bool, end: bool) -> None:
    """After the answer: end the session, or keep it without a sandbox."""
    from ash_client import AshError

    if end:
        client.end_session(session)
        ports.note("The session is ended.")
        return
    if is_new:
        try:
            client.pause_session(session)
        except AshError as error:
            ports.note(f"The session could not be paused, and keeps its sandbox ({error}).")
    ports.note(_goes_on(session))
