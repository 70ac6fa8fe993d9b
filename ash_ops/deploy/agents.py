"""Agents on the server: a folder that goes up, and a message that is answered.

What the SDK reports is told here in three sentences, as every error of a command is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ash_ops import redact
from ash_ops.errors import OpsError, UsageProblem
from ash_ops.redact.settings import is_placeholder
from ash_ops.secret import Secret

if TYPE_CHECKING:
    from ash_client import AshClient, AshError
    from ash_client.agents import AgentFolder

_DEPLOY = "Deploy one from its folder, which holds CLAUDE.md: `ash-ops agent deploy DIR`."
# The SDK leaves these behind; here nothing is left behind without a word.
_REFUSED = ("may hold secrets", "holds a private key", "neither a file nor a folder")


@contextmanager
def client_of(url: str, secret: Secret | None) -> Iterator[AshClient]:
    """A client of the server; its failures become errors of a command.

    Raises:
        OpsError: the server refused something, or could not be reached.
    """
    from ash_client import AshClient, AshError

    key = secret.reveal() if secret else None
    if key:
        redact.learn(key, name="ASH_API_KEY")
    try:
        with AshClient(url, api_key=key) as client:
            yield client
    except AshError as error:
        raise told(error) from error


def told(error: AshError) -> OpsError:
    """What the SDK reports, in three sentences."""
    import ash_client as sdk

    what, next_step = "The server refused it", "Read the reason; `ash-ops doctor` tells more."
    if isinstance(error, sdk.AuthenticationError):
        what = "The server does not accept the key"
        next_step = (
            '`eval "$(ash-ops connect)"` sets the deployed one; `ash-ops doctor auth` tells why.'
        )
    elif isinstance(error, sdk.RateLimited):
        what, wait = "The server takes no more for now", error.retry_after
        next_step = f"Try again in {wait:.0f} s." if wait else "Try again in a few minutes."
    elif isinstance(error, (sdk.ConnectionFailed, sdk.RequestTimeout)):
        what, next_step = "The server did not answer", "`ash-ops doctor connection` tells why."
    elif isinstance(error, (sdk.AgentError, sdk.StreamInterrupted)):
        what = "The answer is not complete"
        next_step = "What came is above. `ash-ops logs` and `ash-ops doctor agents` tell why."
    elif isinstance(error, sdk.ServerError):
        what = "The server failed at it"
        next_step = "`ash-ops doctor agents --canary` finds the cause; `ash-ops logs` shows it."
    elif isinstance(error, sdk.InvalidArgument):
        return UsageProblem(
            "It cannot be sent", str(error), "Correct it, then run the command again."
        )
    return OpsError(what, str(error), next_step)


def read_folder(
    directory: Path, *, exclude: Sequence[str] = (), include: Sequence[str] = ()
) -> AgentFolder:
    """Look at an agent's folder: what would go up.

    Args:
        directory: the folder with ``CLAUDE.md`` in it.
        exclude: patterns of paths that stay here.
        include: patterns of paths that go up although they look like a secret.

    Raises:
        UsageProblem: it is no agent's folder, or it holds what must not or cannot go up: a link that
            leaves it, a secret, a file that is too large, something that is no file.
    """
    from ash_client import InvalidArgument
    from ash_client.agents import read_agent_folder

    try:
        folder = read_agent_folder(directory, exclude=exclude, include=include)
    except InvalidArgument as error:
        raise UsageProblem(
            f"{directory} cannot be deployed",
            str(error).partition(":\n")[2].strip() or str(error),
            "Correct what it names, or leave it here: `--exclude PATTERN`.",
        ) from None
    found = [f"{path.path}: {path.reason}" for path in folder.skipped if path.reason in _REFUSED]
    found += _secrets_within(folder, include)
    if found:
        raise UsageProblem(
            f"{directory} cannot be deployed: it holds what must not leave this machine",
            "; ".join(found),
            "Take it out, or leave the file here: `--exclude PATTERN`. `--include PATTERN` sends a "
            "file all the same.",
        )
    return folder


def _secrets_within(folder: AgentFolder, include: Sequence[str]) -> Iterator[str]:
    """The files that hold a secret, by the shapes that ``redact`` knows."""
    from fnmatch import fnmatchcase

    for file in folder.files:
        if any(fnmatchcase(file.path, pattern) for pattern in include):
            continue
        lines = file.source.read_bytes().decode("utf-8", "replace").splitlines()
        told = ["" if _is_example(line) else line for line in lines]
        if redact.holds_secret("\n".join(told)):
            number = next((n for n, t in enumerate(told, 1) if redact.holds_secret(t)), None)
            yield f"{file.path}: {f'line {number} ' if number else ''}holds a secret"


def _is_example(line: str) -> bool:
    """Whether a line tells where a secret is to be put, or takes it from elsewhere: it holds none."""
    value = re.split(r"[=:]", line, maxsplit=1)[-1].strip(" \t`'\",;")
    return is_placeholder(value)


def choose_agent(client: AshClient, wanted: str | None) -> str:
    """The agent to ask: the one that was named, else the only one there is.

    Raises:
        OpsError: there is none of that name, or several and none was named.
    """
    names = sorted(agent.name for agent in client.list_agents())
    if wanted in names:
        return str(wanted)
    there = f"the server has {', '.join(names)}" if names else "the server has no agents"
    if wanted is not None:
        raise OpsError(f"There is no agent {wanted!r}", there, _DEPLOY)
    if len(names) == 1:
        return names[0]
    if not names:
        raise OpsError("There is no agent to ask", there, _DEPLOY)
    raise UsageProblem("Which agent is to be asked?", there, "Name it: `--agent NAME`.")


def stream_answer(
    client: AshClient, session: str, message: str, show: Callable[[str], None]
) -> None:
    """Send a message, and show the answer's text as it comes.

    Characters that would act on a terminal are taken out, and the key is masked.

    Raises:
        AshError: the turn failed, or the answer is not complete; what came was shown.
    """
    with client.send_message(session, message=message, include_partial_messages=True) as stream:
        for piece in stream.text:
            show(redact.known(redact.clean(piece)))


def begin(client: AshClient, agent: str | None, session: str | None) -> tuple[str, bool]:
    """The session to ask in, and whether it was begun here; one that was paused goes on.

    Raises:
        OpsError: there is no such agent or session.
    """
    from ash_client import BadRequest, NotFound, SessionEnded

    if session is None:
        return client.create_session(choose_agent(client, agent)).id, True
    try:
        client.resume_session(session)
    except (NotFound, BadRequest, SessionEnded) as error:
        raise OpsError(
            f"The session {session!r} cannot be asked",
            str(error),
            "Leave --session out to begin a new one: `ash-ops ask --agent NAME TEXT`.",
        ) from error
    return session, False
