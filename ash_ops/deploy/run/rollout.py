"""``rollout`` and ``rollback``: another version of the image, and nothing else.

The image is a parameter of the stack, so it is changed there: a task definition changed behind
the stack's back would be undone by the next deployment.
"""

from __future__ import annotations

from ash_ops.aws import cloudformation, ecs
from ash_ops.aws.iam import caller
from ash_ops.deploy.environment import DeployChoices, Environment
from ash_ops.deploy.live import require_service
from ash_ops.deploy.losses import (
    ENDS_WITH_THE_TASK,
    EPHEMERAL,
    agree_to,
    data_home,
    losses,
    say_losses,
)
from ash_ops.deploy.ownership import require_service as require_own_service
from ash_ops.deploy.plan.callers import is_loopback
from ash_ops.deploy.plan.change_set import Plan, make_plan
from ash_ops.deploy.plan.image import is_reference, look_up, with_version
from ash_ops.deploy.run.deploy import claims_of, throw_away
from ash_ops.deploy.run.evidence import Evidence, collect
from ash_ops.deploy.run.execution import carry_out, say_how_to_go_on
from ash_ops.deploy.run.proof import prove
from ash_ops.deploy.run.recover import make_ready
from ash_ops.errors import ExitCode, OpsError, ReadFailed, UsageProblem
from ash_ops.facts.services import Service, ServiceRollout
from ash_ops.facts.stacks import Stack
from ash_ops.report.plan import render

_REVISIONS_BACK = 25
_POLL = 3.0
_LIMIT = 45 * 60.0


def rollout(environment: Environment, version: str | None, choices: DeployChoices) -> ExitCode:
    """Run another version of the image.

    Args:
        environment: the world.
        version: a tag, a ``sha256:`` digest, or a whole image; ``None`` starts the same one anew,
            which fetches what ``latest`` means now.
        choices: whether to ask, wait and run a canary.

    Raises:
        OpsError: it cannot be done.
    """
    stack = _require_stack(environment, choices)
    current = stack.parameters.get("Image", "")
    wanted = with_version(current, version) if version else current
    _require_image(environment, wanted, stack.parameters.get("Architecture", "X86_64"))
    if wanted == current:
        return _start_anew(environment, stack, wanted, choices)
    return _change_image(environment, stack, wanted, choices)


def rollback(environment: Environment, choices: DeployChoices) -> ExitCode:
    """Go back to the image that ran before this one.

    Raises:
        OpsError: there was no other image, or it cannot be done.
    """
    stack = _require_stack(environment, choices)
    service = require_service(environment.aws, environment.deployment)
    return _change_image(environment, stack, _previous_image(environment, service), choices)


def _require_stack(environment: Environment, choices: DeployChoices) -> Stack:
    names = environment.deployment
    stack = make_ready(
        claims_of(environment, choices),
        environment.clock,
        look_only=False,
        asked_by=caller(environment.aws).arn,
        lose_data=choices.lose_data,
    )
    if stack is not None:
        return stack
    require_service(environment.aws, names)
    raise OpsError(
        f"{names.prefix} was deployed by something else, probably the public Terraform",
        f"there is no stack {names.stack} whose image could be changed; it was left alone",
        "Change it there: `terraform apply -var ash_image=...`.",
    )


def _require_image(environment: Environment, image: str, architecture: str) -> None:
    if not is_reference(image):
        raise UsageProblem(
            f"{image!r} is no name of an image",
            "a tag, a sha256: digest or REGISTRY/REPOSITORY:TAG is wanted",
            "Correct the version; nothing was changed.",
        )
    if is_loopback(environment.settings.endpoint_url):
        return  # an emulator pulls nothing
    answer = look_up(environment.aws, image)
    if answer.exists is False:
        raise OpsError(
            f"There is no image {image}", answer.reason, "Correct the tag; nothing was changed."
        )
    if answer.exists and answer.runs_on(architecture) is False:
        has = ", ".join(sorted(answer.architectures))
        raise OpsError(
            f"{image} does not run here",
            f"it exists for {has}, the task wants {architecture}",
            "Use an image that is built for it; nothing was changed.",
        )


def _change_image(
    environment: Environment, stack: Stack, image: str, choices: DeployChoices
) -> ExitCode:
    parameters: dict[str, str | None] = dict.fromkeys(stack.parameters, None)
    plan = make_plan(
        environment.aws,
        environment.deployment,
        stack_id=stack.id,
        body=None,
        parameters={**parameters, "Image": image},
        clock=environment.clock,
        asked_by=caller(environment.aws).arn,
    )
    if plan.is_empty:
        environment.dialogue.say(f"Nothing to change: {image} is what runs.")
        return ExitCode.OK
    environment.dialogue.say(f"Image: {stack.parameters.get('Image')} -> {image}")
    for line in render(plan):
        environment.dialogue.say(line)
    try:
        agreed = _agreed(environment, stack, plan, choices)
    except BaseException:
        # Also for Ctrl-C and for a loss that was declined: a plan nobody accepted is not left behind.
        throw_away(environment, plan)
        raise
    if agreed:
        return carry_out(environment, plan, choices)
    throw_away(environment, plan)
    environment.dialogue.say("Nothing was changed.")
    return ExitCode.FAILED


def _agreed(environment: Environment, stack: Stack, plan: Plan, choices: DeployChoices) -> bool:
    """Whether the plan and what it loses are agreed to."""
    home = _home(environment, stack)
    lost = losses(plan.changes, home, home)
    say_losses(environment.dialogue, lost)
    _say_what_ends(environment, home)
    agree_to(environment.dialogue, lost, given=choices.lose_data)
    return environment.dialogue.confirm("Roll it out?")


def _say_what_ends(environment: Environment, home: str) -> None:
    if home == EPHEMERAL:
        environment.dialogue.say(f"  note       {ENDS_WITH_THE_TASK}")


def _home(environment: Environment, stack: Stack) -> str:
    """Where ``/data`` is, in words."""
    types = [resource.type for resource in cloudformation.resources(environment.aws, stack.id)]
    return data_home(stack.parameters, types, stack.outputs.get("Mode", "standalone"))


def _start_anew(
    environment: Environment, stack: Stack, image: str, choices: DeployChoices
) -> ExitCode:
    """The same image once more: the stack sees no change, so the service is told."""
    _say_what_ends(environment, _home(environment, stack))
    if not environment.dialogue.confirm(f"{image} is what runs. Start it anew?"):
        environment.dialogue.say("Nothing was changed.")
        return ExitCode.FAILED
    names, evidence = environment.deployment, Evidence()
    require_own_service(environment.aws, names)
    started = ecs.restart_service(environment.aws, names.cluster, names.service).primary
    if not choices.wait:
        environment.dialogue.say("Started. `ash-ops status` shows it.")
        return ExitCode.OK
    try:
        end = _follow(environment, started.id if started else "", evidence)
    except KeyboardInterrupt:
        say_how_to_go_on(environment)
        raise
    if end is not None and end.state == "COMPLETED":
        return prove(environment, evidence, choices.canary)
    told = f" ({end.rollout_state_reason})" if end and end.rollout_state_reason else ""
    environment.dialogue.say(f"\nThe rollout failed{told}; what ran before runs on.")
    environment.dialogue.say(environment.explain(environment.aws, names, evidence))
    return ExitCode.PROBLEMS


def _follow(environment: Environment, wanted: str, evidence: Evidence) -> ServiceRollout | None:
    """Wait for one deployment of the service to settle; ``None`` when it was replaced."""
    end = environment.clock.now() + _LIMIT
    while environment.clock.now() < end:
        service = require_service(environment.aws, environment.deployment)
        collect(environment.aws, environment.deployment, service, evidence)
        found = next((r for r in service.deployments if r.id == wanted), None)
        if found is None or found.state in ("COMPLETED", "FAILED"):
            environment.dialogue.settle()
            return found
        environment.dialogue.live(
            [f"Rolling out {environment.deployment.prefix}", f"  {found.line}"]
        )
        environment.clock.sleep(_POLL)
    raise OpsError(
        "The rollout is still not finished",
        "it has been watched for 45 minutes",
        "It goes on by itself: `ash-ops status` shows it, `ash-ops doctor` tells why.",
    )


def _previous_image(environment: Environment, service: Service) -> str:
    """The image of the newest older revision that has another one."""
    running = service.task_definition or ""
    family, _, number = running.rsplit("/", 1)[-1].rpartition(":")
    current = ecs.require_revision(environment.aws, running).container.image
    newest = int(number) - 1 if number.isdigit() else 0
    for revision in range(newest, max(0, newest - _REVISIONS_BACK), -1):
        try:
            found = ecs.require_revision(environment.aws, f"{family}:{revision}")
        except ReadFailed as error:
            if error.kind == "denied":
                raise
            continue  # a revision that was deleted
        if found.container.image not in ("", current):
            return found.container.image
    raise OpsError(
        "There is nothing to go back to",
        f"no earlier revision of {family} runs another image than {current}",
        "Name a version: `ash-ops rollout TAG`. A tag that moves, such as latest, leaves no trace "
        "of what it was before.",
    )
