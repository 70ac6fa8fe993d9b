"""Whose tool a message is of: Terraform, the CDK, Compose and the like make stacks that are not this tool's.

Who deploys with another tool is told its commands: ``ash-ops deploy`` knows nothing of that stack, and what
``aws`` changes in it the other tool takes back at its next run.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from ash_ops.causes.advice.others import OWN
from ash_ops.causes.base import Step
from ash_ops.causes.matching import folded
from ash_ops.patterns import regex


class Tool(Struct, frozen=True):
    """Another tool that deploys.

    Attributes:
        name: as people call it.
        preview: the command that shows what would be changed; empty where it has none.
        apply: the command that deploys; empty where that is the caller's own.
        logs: the command that prints the containers' logs; empty where it has none.
        of_aws: whether what it makes is of AWS.
        by_stacks: whether it makes it by stacks of CloudFormation.
        waits: how its files say that one resource waits for another.
    """

    name: str
    preview: str
    apply: str
    logs: str = ""
    of_aws: bool = True
    by_stacks: bool = True
    waits: str = "DependsOn"


_TOOLS: Final = (
    (
        regex(r"\bpulumi\b|\burn:pulumi:|(?<!\w)aws:[a-z]{2,20}:[a-z]{3,40} \("),
        Tool("Pulumi", "pulumi preview", "pulumi up", by_stacks=False, waits="dependsOn"),
    ),
    (
        regex(r"\bopentofu\b|(?:^|[$#>] )tofu (?:plan|apply|init|destroy)\b"),
        Tool("OpenTofu", "tofu plan", "tofu apply", by_stacks=False, waits="depends_on"),
    ),
    (
        regex(
            r"(?<![\w/-])terraform\b|(?<![\w${-])aws_[a-z0-9_]{3,50}\.[a-z0-9_-]{1,60}|\b[\w/.-]{1,80}\.tf line \d|\berror applying plan\b|\berror: error (?:creating|updating|deleting|reading) |"
            r"\berror: (?:error )?(?:creating|updating|deleting|reading|modifying|waiting for) [a-z0-9 ]{3,60} \([^()]{1,200}\)[^:]{0,20}: "
        ),
        Tool("Terraform", "terraform plan", "terraform apply", by_stacks=False, waits="depends_on"),
    ),
    (
        regex(r"\bserverless (?:error|framework|deploy)|\bserverless: |\bsls deploy\b|\bserverless@"),
        Tool("Serverless", "serverless package", "serverless deploy"),
    ),
    (
        regex(
            r"\bcopilot (?:svc|app|env|deploy|init|job|cli)\b|\bproposing infrastructure changes for stack\b|\bcopilot-[0-9a-f]{8}\b|\bchange ?set copilot-|"
            r"✘ (?:latest failure event|run task|deploy service|wait for stack|execute)\b"
        ),
        Tool("Copilot", "copilot svc deploy --diff", "copilot svc deploy", "copilot svc logs"),
    ),
    (
        regex(r"\bsam (?:deploy|build|package)\b|\bfailed to create changeset for the stack: |\bwaiting for changeset to be created\b|\bsamcli\b|\bsam-cli\b"),
        Tool("SAM", "sam deploy --no-execute-changeset", "sam deploy", "sam logs"),
    ),
    (
        regex(
            r"\bcdk (?:deploy|bootstrap|diff|synth|destroy|watch)\b|\baws-cdk\b|\b\d{1,4}/\d{1,4} \| [\d: apm|]{6,24}\| [a-z_]{6,40} *\| aws::|"
            r"\b\d{1,2}:\d\d:\d\d (?:[ap]m )?\| [a-z_]{6,40} {1,20}\| aws::|❌ {1,3}[\w-]{1,128} failed: |\[error at /[\w/-]{1,120}\]|"
            r"\bcontext provider\b|\btoolkiterror\b|\bcdktoolkit\b|\bcdk-hnb659fds-"
        ),
        Tool("the CDK", "cdk diff", "cdk deploy", waits="node.addDependency"),
    ),
    (
        regex(
            r"\bdocker[- ]compose\b|(?<![\w.-])compose\.ya?ml\b|\bcannot start service [\w.-]{1,60}: |✘ \S{1,60} error\b|"
            r"\bdependency failed to start: |\berrors while bringing up the project\b|\berror: for [\w.-]{1,60} |[a-z](?<!east)(?<!west)(?<!north)(?<!south)(?<!central)[_-]\d{1,2} {1,8}\| "
        ),
        Tool("Compose", "docker compose config", "docker compose up -d", "docker compose logs", of_aws=False),
    ),
    (
        regex(
            r"\bfailed to register task definition in ecs\b|\baws-actions/(?:amazon-ecs-|configure-aws-)|\bplease check your action inputs\b|\baccess key id empty after\b"
        ),
        Tool("the workflow", "", ""),
    ),
    (
        regex(r"\becs-cli\b|\berro\[\d{4}\] (?:error registering|create) task definition"),
        Tool("the ECS CLI", "", "ecs-cli compose service up"),
    ),
    (
        regex(r"\becspresso\b"),
        Tool("ecspresso", "ecspresso diff", "ecspresso deploy"),
    ),
    (
        regex(r"\berror response from daemon\b|\bdockerd\[\d|\bcontainer id image command\b|\bdocker-modem\b|\(http code \d{3}\) |\bfailed to solve: |\bno matching manifest for \S{3,40} in the manifest list\b|(?:^|[$#>] )(?:sudo )?docker (?:run|pull|build|start|push|logs|exec|ps|inspect) "),
        Tool("Docker", "", "", "docker logs <container>", of_aws=False),
    ),
    (
        regex(r"\brootlessport\b|\btrying to pull \S{3,200}\.\.\.|\berror initializing source docker://|\bfata\[\d{4}\] error (?:parsing|determining|copying)|(?:^|[$#>] )(?:buildah|skopeo) |(?:^|[$#>] )podman (?:run|pull|build|start|push) |\bpodman\[\d"),
        Tool("Podman", "", "", "podman logs <container>", of_aws=False),
    ),
    (
        regex(r"\bkubelet\b|\berrimagepull\b|\bfailed to pull image [\"'][^ ]{1,200}: \[?rpc error: code = "),
        Tool("Kubernetes", "", "", of_aws=False),
    ),
)  # fmt: skip
_OF_AWS: Final = regex(r"\becs\b|\bfargate\b|\baws\b|\barn:|\bcannot[a-z]{4,30}error\b|amazonaws")
"""What a text of Compose has that runs on ECS after all."""
_TOOLS_OWN: Final = regex(OWN)
_OF_STACKS: Final = ("aws cloudformation ", "cfn-lint ")
_DEPLOYS: Final = ("deploy", "rollout", "rollback")
_CHANGES: Final = regex(
    r"aws (?!s3 |iam put-user-policy |iam create-service-linked-role )[a-z0-9-]{2,30} (?:update|modify|put|create|attach|detach|set|authorize|revoke|add)-"
)


_WORDS: Final = (
    ("environment or secrets of the task definition", "its environment (environment or env_file of Compose, -e of docker run)"),
    ("; in ECS runtimePlatform names the processor", ""),
    ("the task's processor", "this machine's processor"),
    ("; on EFS an access point with that uid in PosixUser and in the owner of its root", ""),
    ("In a task or container, localhost is that itself", "In a container, localhost is that itself (in Compose the database's host is the name of its service)"),
    (" A task of ECS takes repositoryCredentials with a secret the execution role may read", ""),
    (", and give a task's container repositoryCredentials", ""),
    (" (memory of its definition, within the task's; docker run -m)", " (mem_limit of Compose, docker run -m)"),
    (" (120 s at most on Fargate)", ""),
    ("Nothing came back: let the task in on 5432", "Nothing came back: see that the database runs, in a network that both are in, and that no firewall stands between"),
    ("the option of logConfiguration that the text names, register the revision and deploy it", "the option that the text names (logging.options of Compose, --log-opt of docker run), and start it again"),
    ("; a Fargate task gets more by ephemeralStorage", ""),
)  # fmt: skip
"""What steps call a thing of ECS, and what it is where Docker or Compose runs."""
_BEGINNING: Final = 20_000
"""Characters of a text in which a tool is looked for."""


@lru_cache(maxsize=8)
def tool_within(text: str) -> Tool | None:
    """The other tool that a text, as it was pasted, names."""
    return tool_of(folded(text[:_BEGINNING]))


def tool_of(text: str) -> Tool | None:
    """The other tool that a message (folded) is of, or None."""
    for mark, tool in _TOOLS:
        if mark.search(text) and (tool.of_aws or not _OF_AWS.search(text)):
            return tool
    return None


def repaired_by(tool: Tool, steps: list[Step]) -> list[Step]:
    """Repairs with the tool's own commands, and with what is left to do in its files."""
    told = [_in_terms_of(tool, step) for step in steps]
    return [*told, *_kept(tool, told)]


def looked_up_by(tool: Tool, steps: list[Step]) -> list[Step]:
    """Look-ups with the tool's own commands, without those that it has no command for."""
    if not tool.by_stacks:
        steps = [step for step in steps if not step.command.startswith(_OF_STACKS)]
    told = [_in_terms_of(tool, step) for step in steps]
    return [new for new, step in zip(told, steps, strict=True) if new.command or not step.command]


def _in_terms_of(tool: Tool, step: Step) -> Step:
    why = step.why.replace("DependsOn", tool.waits)
    if not tool.of_aws:
        for of_ecs, here in _WORDS:
            why = why.replace(of_ecs, here)
    return replace(step, why=why, command=_translated(step.command, tool))


def _translated(command: str, tool: Tool) -> str:
    own = _TOOLS_OWN.match(command)
    if own is None:
        return command if tool.of_aws or not command.startswith("aws ") else ""
    called = command[own.end() :]
    if "<other-name>" in own.group():
        return ""
    if called.startswith(_DEPLOYS):
        return tool.preview if "--plan" in called else tool.apply
    if "--region <region>" in own.group():
        return "export AWS_REGION=<region>"
    return tool.logs if called.startswith("logs") else ""


def _kept(tool: Tool, steps: list[Step]) -> Iterator[Step]:
    """That what is changed by hand is to be written down, too."""
    if tool.apply and any(_CHANGES.match(step.command) for step in steps):
        yield Step(
            f"{tool.name[:1].upper()}{tool.name[1:]} made it: write the change into its files, or its next run takes it back"
        )
