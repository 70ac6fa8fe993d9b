"""``rollout`` and ``rollback``: another version of the image, and nothing else.

The image is a parameter of the stack, so it is changed there: a task definition changed behind
the stack's back would be undone by the next deployment.
"""

from __future__ import annotations

from ash_ops.aws import cloudformation, ecs
from ash_ops.aws.iam import caller
from ash_ops.deploy.dialogue import declined
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
from ash_ops.deploy.pause.start import wake
from ash_ops.deploy.plan.callers import is_loopback
from ash_ops.deploy.plan.change_set import Plan, make_plan
from ash_ops.deploy.plan.drift import Drift, read_drift
from ash_ops.deploy.plan.image import is_reference, with_version
from ash_ops.deploy.run.deploy import claims_of, throw_away
from ash_ops.deploy.run.execution import carry_out_drained
from ash_ops.deploy.run.history import before_this
from ash_ops.deploy.run.put_back import put_back_service, restart, say_drift
from ash_ops.deploy.run.recover import make_ready
from ash_ops.deploy.sessions.live import lines
from ash_ops.errors import ExitCode, OpsError, ReadFailed, UsageProblem
from ash_ops.facts.stacks import Stack
from ash_ops.facts.wanted import COMPARED
from ash_ops.report.plan import render
from ash_ops.snapshot.http_get import get
from ash_ops.snapshot.readings.image import find_image
from ash_ops.snapshot.registry import parse_image


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
    service = require_service(environment.aws, environment.deployment)
    drift = read_drift(environment.aws, environment.deployment, stack, COMPARED)
    running = _image_of(environment, service.runs)
    wanted = with_version(running, version) if version else running
    _require_image(environment, wanted, stack.parameters.get("Architecture", "X86_64"))
    if version and wanted == stack.parameters.get("Image") and drift.revision:
        say_drift(environment, drift)
        environment.dialogue.say(f"Image: {running} -> {wanted}")
        _say_what_ends(environment, stack)
        return put_back_service(environment, stack, drift, choices, "Roll it out?")
    _say_what_stays(environment, drift)
    if wanted == running:
        return _start_anew(environment, stack, wanted, choices)
    return _change_image(environment, stack, running, wanted, choices)


def rollback(environment: Environment, choices: DeployChoices) -> ExitCode:
    """Go back to the last revision that was steady before the one that runs.

    Raises:
        OpsError: there was no other, or it cannot be done.
    """
    stack = _require_stack(environment, choices)
    service = require_service(environment.aws, environment.deployment)
    drift = read_drift(environment.aws, environment.deployment, stack, COMPARED)
    target = before_this(environment.aws, service, stack.outputs.get("TaskDefinitionArn"))
    running, wanted = _image_of(environment, service.runs), target.image
    environment.dialogue.say(f"Back to {target.name}, {target.why}: {running} -> {wanted}")
    if drift.revision and target.definition == stack.outputs.get("TaskDefinitionArn"):
        _say_what_ends(environment, stack)
        return put_back_service(environment, stack, drift, choices, "Roll it back?")
    _say_what_stays(environment, drift)
    return _change_image(environment, stack, running, wanted, choices)


def _image_of(environment: Environment, definition: str) -> str:
    return ecs.require_revision(environment.aws, definition).container.image


def _say_what_stays(environment: Environment, drift: Drift) -> None:
    """A rollout touches nothing but the image; what else was changed past the stack is told."""
    if not drift.is_none:
        say_drift(environment, drift)
        environment.dialogue.say(
            "  note       This changes the image alone; `ash-ops deploy` puts the others back."
        )


def _require_stack(environment: Environment, choices: DeployChoices) -> Stack:
    names = environment.deployment
    stack = make_ready(
        claims_of(environment, choices),
        environment.clock,
        look_only=choices.plan_only,
        asked_by=caller(environment.aws).arn,
        lose_data=choices.lose_data,
    )
    if stack is not None:
        wake(environment, look_only=choices.plan_only)
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
    try:
        found = find_image(environment.aws, parse_image(image), get)
    except ReadFailed:
        return  # a registry that is down refuses nothing
    if found.exists is False:
        missing = "tag or digest" if found.repository_exists else "repository"
        raise OpsError(
            f"There is no image {image}",
            f"the registry has no such {missing}",
            "Correct the tag; nothing was changed.",
        )
    if found.exists and found.runs_on(architecture) is False:
        has = ", ".join(sorted(found.architectures))
        raise OpsError(
            f"{image} does not run here",
            f"it exists for {has}, the task wants {architecture}",
            "Use an image that is built for it; nothing was changed.",
        )


def _change_image(
    environment: Environment, stack: Stack, running: str, image: str, choices: DeployChoices
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
        return _start_anew(environment, stack, image, choices)
    environment.dialogue.say(f"Image: {running} -> {image}")
    for line in render(plan):
        environment.dialogue.say(line)
    try:
        end = _declined(environment, stack, plan, choices)
    except BaseException:
        # Also for Ctrl-C and for a loss that was declined: a plan nobody accepted is not left behind.
        throw_away(environment, plan)
        raise
    if end is None:
        return carry_out_drained(environment, stack, plan, choices)
    throw_away(environment, plan)
    return end


def _declined(
    environment: Environment, stack: Stack, plan: Plan, choices: DeployChoices
) -> ExitCode | None:
    """How it ends where the plan and what it loses are not agreed to."""
    home = _home(environment, stack)
    lost = losses(plan.changes, home, home)
    say_losses(environment.dialogue, lost)
    _say_what_ends(environment, stack)
    if not choices.plan_only:
        agree_to(environment.dialogue, lost, given=choices.lose_data)
    return declined(environment.dialogue, "Roll it out?", plan_only=choices.plan_only)


def _say_what_ends(environment: Environment, stack: Stack) -> None:
    """The sessions that are live, and what becomes of each."""
    home = _home(environment, stack)
    for line in lines(environment.sessions(environment.aws, environment.deployment), home):
        environment.dialogue.say(line)
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
    _say_what_ends(environment, stack)
    if choices.plan_only:
        environment.dialogue.say(f"{image} is what runs: it would be started anew.")
    question = f"{image} is what runs. Start it anew?"
    end = declined(environment.dialogue, question, plan_only=choices.plan_only)
    if end is not None:
        return end
    require_own_service(environment.aws, environment.deployment)
    return restart(environment, stack, choices)
