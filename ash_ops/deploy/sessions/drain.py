"""``--drain``: let nobody new in, wait until no turn is under way, then let the change begin."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from ash_ops.deploy.environment import DeployChoices, Environment
from ash_ops.deploy.plan.callers import is_loopback
from ash_ops.deploy.sessions.ingress import Ingress, ingress_of, reopened
from ash_ops.deploy.sessions.live import LiveSessions
from ash_ops.errors import OpsError, UsageProblem
from ash_ops.facts.stacks import Stack

_POLL = 10.0  # seconds; the server allows an address 1,500 requests in 15 minutes
_DEAF = 3  # looks in a row without an answer, after which there is nothing to wait for


Reopen = Callable[[], None]


@contextmanager
def drained(environment: Environment, stack: Stack, choices: DeployChoices) -> Iterator[Reopen]:
    """The time of a change; with ``--drain`` nobody new is let in before it begins.

    What is yielded lets everybody in again, when the new task is there and before it is proven; the
    end of the change does so in any case.

    Raises:
        UsageProblem: the change is not to be waited for.
        OpsError: turns are still under way after that time, or nobody could see; nothing was
            changed, and everybody is let in again.
        KeyboardInterrupt: the user stopped it; likewise.
    """
    if choices.drain is None:
        yield _nothing
        return
    ingress = _ingress(environment, stack, choices)
    with ExitStack() as shut:
        shut.callback(reopened, ingress, environment.dialogue.say)
        _shut(environment, ingress)
        _wait(environment, choices.drain)
        yield shut.close


def _nothing() -> None:
    """Nobody was shut out."""


def _ingress(environment: Environment, stack: Stack, choices: DeployChoices) -> Ingress:
    if not choices.wait:
        raise UsageProblem(
            "--drain and --no-wait do not go together",
            "who is shut out is let in again when the change is over, and that has to be seen",
            "Leave one of them out.",
        )
    on_loopback = is_loopback(environment.settings.endpoint_url)
    address = "127.0.0.1" if on_loopback else environment.find_address()
    ingress = ingress_of(environment.aws, environment.deployment, stack, address)
    if ingress is None:
        raise OpsError(
            "The sessions cannot be drained",
            "the stack has no security group at its load balancer, so nobody can be kept out",
            "Leave --drain out, or run `ash-ops deploy` first. Nothing was changed.",
        )
    return ingress


def _shut(environment: Environment, ingress: Ingress) -> None:
    ingress.shut()
    environment.dialogue.say(
        "Draining: new connections are refused, open ones go on. The server itself knows no such "
        "state, so a client that must connect anew for its session is refused too."
    )


def _wait(environment: Environment, minutes: float) -> None:
    """Wait until no turn is under way.

    Raises:
        OpsError: the time is over, or the server does not answer.
    """
    clock, deaf = environment.clock, 0
    end = clock.now() + minutes * 60
    while True:
        found = environment.sessions(environment.aws, environment.deployment)
        if found.is_quiet:
            environment.dialogue.settle()
            environment.dialogue.say(f"Drained: {found.count}.")
            return
        deaf = deaf + 1 if found.unread else 0
        if deaf == _DEAF or clock.now() >= end:
            environment.dialogue.settle()
            raise _not_drained(found, minutes, deaf=deaf == _DEAF)
        left = max(0.0, end - clock.now()) / 60
        environment.dialogue.live([f"  draining   {found.count}; {left:.0f} min left"])
        environment.dialogue.event(f"draining: {found.count}; {left:.0f} min left")
        clock.sleep(_POLL)


def _not_drained(found: LiveSessions, minutes: float, *, deaf: bool) -> OpsError:
    if deaf:
        return OpsError(
            "Nothing was changed: whether sessions are at work could not be seen",
            found.unread,
            "`ash-ops doctor connection` tells why; without --drain the change is made all the same.",
        )
    return OpsError(
        f"Nothing was changed: sessions are still at work after {minutes:g} minutes",
        found.count,
        "Give it longer (--drain=MINUTES), or leave --drain out to end them.",
    )
