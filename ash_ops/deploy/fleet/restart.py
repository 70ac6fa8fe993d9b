"""New tasks of the same runners: what their image's tag means now, or a secret's new value."""

from __future__ import annotations

from ash_ops.aws import ecs
from ash_ops.deploy.environment import DeployChoices, Environment
from ash_ops.deploy.fleet.relay import Relay
from ash_ops.deploy.ownership import require_service
from ash_ops.errors import OpsError
from ash_ops.facts.services import ServiceRollout

_LIMIT_S = 75 * 60.0
_POLL_S = 2.0


def restart_runners(environment: Environment, choices: DeployChoices) -> None:
    """Start them anew, one handing over to the next, and wait until the last old one has ended.

    Raises:
        OpsError: they do not start, or sessions hold the old ones too long; ECS goes on by itself.
    """
    aws, names = environment.aws, environment.deployment
    require_service(aws, names, names.runner_service)
    started = ecs.restart_service(aws, names.cluster, names.runner_service).primary
    if started is None or not choices.wait:
        return
    relay = Relay(environment)
    try:
        end = _follow(environment, started.id, relay)
    finally:
        relay.open_again()
    if end is not None and end.state == "FAILED":
        raise OpsError(
            "The new runners do not start, and the old ones go on",
            end.rollout_state_reason or "ECS gives no reason",
            "`ash-ops doctor agents` tells why. The coordinator was not started anew.",
        )


def _follow(environment: Environment, wanted: str, relay: Relay) -> ServiceRollout | None:
    """Wait for one deployment of the runners to settle; ``None`` where another took its place."""
    names, clock = environment.deployment, environment.clock
    end = clock.now() + _LIMIT_S
    while clock.now() < end:
        service = ecs.live_service(environment.aws, names.cluster, names.runner_service)
        rollouts = service.deployments if service else ()
        found = next((rollout for rollout in rollouts if rollout.id == wanted), None)
        if found is None or found.state in ("COMPLETED", "FAILED"):
            environment.dialogue.settle()
            return found
        relay.step()
        environment.dialogue.live([f"Rolling out {names.runner_service}", f"  {found.line}"])
        clock.sleep(_POLL_S)
    raise OpsError(
        "The old runners have not all ended",
        f"they have been watched for {_LIMIT_S / 60:.0f} minutes, and hold sessions still",
        "ECS ends each when its last session has ended: `ash-ops runners` shows them. Then `ash-ops rollout` again "
        "starts the coordinator anew.",
    )
