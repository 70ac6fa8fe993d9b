"""What a command of this floor needs of the world, and how it is to go about its work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from ash_ops.aws.client.session import Aws
from ash_ops.deploy.clock import Clock
from ash_ops.deploy.dialogue import Dialogue
from ash_ops.deploy.plan import callers as address
from ash_ops.deploy.plan.request import Request
from ash_ops.deploy.run import failure
from ash_ops.deploy.run.evidence import Evidence
from ash_ops.deploy.sessions.live import Look, look
from ash_ops.examine import examine
from ash_ops.names import Deployment
from ash_ops.settings import Settings

if TYPE_CHECKING:
    from ash_ops.examine import Looked


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployChoices:
    """How the deployment is to be made, beside what it is to be.

    Attributes:
        plan_only: show the plan and stop.
        wait: follow to the end and verify.
        canary: run a session at the end; ``None`` means for EC2 only.
        skip_checks: preflight checks whose refusal is overruled.
        template: a directory with templates of one's own.
        adopt: whether to offer taking over what is there and not ours, thing by thing.
        lose_data: whether losing what agents and sessions stored was agreed to.
        drain: for how many minutes to wait for turns under way; ``None`` cuts them off.
    """

    plan_only: bool = False
    wait: bool = True
    canary: bool | None = None
    skip_checks: frozenset[str] = frozenset()
    template: Path | None = None
    adopt: bool = False
    lose_data: bool = False
    drain: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """What the deployment needs of the world, handed in.

    Attributes:
        find_address: tells this machine's public address.
        estimate: tells the monthly cost of a request, as a line; empty when it cannot.
        monthly: tells the same in US dollars; ``None`` when it cannot.
        estimate_stopped: tells what a stopped deployment still costs; empty when it cannot.
        explain: tells why a deployment failed.
        examine: looks at a deployment as the doctor does.
        sessions: asks the server for its sessions.
    """

    aws: Aws
    settings: Settings
    dialogue: Dialogue
    clock: Clock = field(default_factory=Clock)
    find_address: Callable[[], str] = address.own_address
    estimate: Callable[[Request], str] = lambda _request: ""
    monthly: Callable[[Request], Decimal | None] = lambda _request: None
    estimate_stopped: Callable[[], str] = lambda: ""
    explain: Callable[[Aws, Deployment, Evidence], str] = failure.explain
    examine: Callable[..., Looked] = examine
    sessions: Look = look

    @property
    def deployment(self) -> Deployment:
        """The names."""
        return self.settings.deployment
