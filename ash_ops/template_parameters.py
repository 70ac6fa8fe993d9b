"""The templates' parameters: declared in the templates, and read from there by everything else.

Names, defaults, allowed values, ranges and descriptions of the bundled templates come from
``templates/parameters.json``, which ``make generate`` makes of the templates: reading the YAML would cost every
``ash-ops deploy --help`` 30 ms of CPU with libyaml and 90 without, reading this costs less than one. A template of
the user's own is read as it is.

What stands here and nowhere else is how a parameter is given: by which option, by which variable.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ash_ops.errors import UsageProblem

STANDALONE = "standalone"
MULTI_MACHINE = "multi-machine"
MODES = (STANDALONE, MULTI_MACHINE)

# parameter -> (option, variable of the guide or of the server)
SOURCES: dict[str, tuple[str, str]] = {
    "Image": ("image", "ASH_IMAGE"),
    "LaunchType": ("launch_type", "ASH_ECS_LAUNCH_TYPE"),
    "Architecture": ("architecture", "ASH_ECS_ARCHITECTURE"),
    "Cpu": ("cpu", "ASH_ECS_CPU"),
    "Memory": ("memory", "ASH_ECS_MEMORY"),
    "InstanceType": ("instance_type", "ASH_ECS_INSTANCE_TYPE"),
    "MaxSandboxes": ("max_sandboxes", "ASH_MAX_SANDBOXES"),
    "SandboxMemory": ("sandbox_memory", "ASH_SANDBOX_MEMORY_MB"),
    "VpcId": ("vpc", "ASH_ECS_VPC_ID"),
    "ListenerPort": ("listener_port", "ASH_ECS_LISTENER_PORT"),
    "CertificateArn": ("certificate", "ASH_ECS_CERTIFICATE_ARN"),
    "Hostname": ("hostname", "ASH_ECS_HOSTNAME"),
    "DomainName": ("domain", "ASH_ECS_DOMAIN"),
    "HostedZoneId": ("hosted_zone", "ASH_ECS_HOSTED_ZONE_ID"),
    "SnapshotsBucket": ("snapshots_bucket", "ASH_SNAPSHOTS_BUCKET"),
    "SnapshotsRegion": ("snapshots_region", "ASH_S3_REGION"),
    "FileSystemId": ("file_system", "ASH_ECS_FILE_SYSTEM_ID"),
    "DataVolumeId": ("volume", "ASH_ECS_VOLUME_ID"),
    "PermissionsBoundaryArn": ("boundary", "ASH_ECS_PERMISSIONS_BOUNDARY"),
    "LogRetentionDays": ("log_retention", "ASH_LOG_RETENTION_DAYS"),
    "ContainerInsights": ("container_insights", "ASH_CONTAINER_INSIGHTS"),
    "AlarmEmail": ("alarm_email", "ASH_ALARM_EMAIL"),
    "AlarmTopicArn": ("alarm_topic", "ASH_ALARM_TOPIC_ARN"),
    "AlarmBudget": ("alarm_budget", "ASH_ALARM_BUDGET"),
    "RunnerCount": ("runner_count", "ASH_RUNNER_COUNT"),
    "RunnerMemory": ("runner_memory", "ASH_RUNNER_MEMORY"),
    "DatabaseClass": ("database_class", "ASH_DATABASE_CLASS"),
    "DatabaseSnapshotId": ("database_snapshot", "ASH_DATABASE_SNAPSHOT_ID"),
}
"""What is given as one text."""

LISTS: dict[str, tuple[str, str]] = {
    "SubnetIds": ("subnets", "ASH_ECS_SUBNET_IDS"),
    "TaskSubnetIds": ("task_subnets", "ASH_ECS_TASK_SUBNET_IDS"),
    "RunnerSubnetIds": ("runner_subnets", "ASH_ECS_RUNNER_SUBNET_IDS"),
    "AllowedCidr": ("allow_cidr", "ASH_ECS_ALLOW_CIDR"),
}
"""What is given as several."""

SWITCHES: dict[str, dict[str, str]] = {
    "AssignPublicIp": {"private": "DISABLED", "public": "ENABLED"},
    "Scheme": {"internal": "internal", "internet-facing": "internet-facing"},
    "UseEfs": {"efs": "true", "no-efs": "false"},
    "RestoredFiles": {"restored": "true", "no-restored": "false"},
}
"""What is given by one of two options without a value, and the value that each stands for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter of a template, as CloudFormation's user guide defines its fields.

    Attributes:
        default: ``None`` where a value must be given.
        allowed: the values there are; empty where it is not a list.
        pattern: what the whole value must match; empty for anything.
        least: the lowest number, or the fewest characters of a text.
        most: the highest number, or the most characters of a text.
        constraint: the template's own words for what a value must be.
    """

    name: str
    type: str
    default: str | None = None
    allowed: tuple[str, ...] = ()
    pattern: str = ""
    least: int | None = None
    most: int | None = None
    constraint: str = ""
    description: str = ""

    @property
    def is_number(self) -> bool:
        """Whether only whole numbers make sense."""
        return self.type == "Number" or (bool(self.allowed) and all(map(str.isdigit, self.allowed)))

    @property
    def range(self) -> str:
        """The numbers that may be given, as one says them; empty for a text."""
        if not self.is_number:
            return ""
        if len(self.allowed) > 8:
            return f"{', '.join(self.allowed[:3])} ... {self.allowed[-1]}"
        return ", ".join(self.allowed) or f"{self.least} to {self.most}"

    def typed(self, text: str) -> str:
        """The text in the template's own case, where its values are listed."""
        return next((value for value in self.allowed if value.lower() == text.lower()), text)

    def shown(self, value: str) -> str:
        """A value as an option takes it: ``fargate`` for ``FARGATE``."""
        return value.lower() if all(map(str.isupper, self.allowed)) and self.allowed else value

    def why_not(self, text: str) -> str:
        """Why a value cannot be, in the template's own words where it has some; empty if it can."""
        if self.allowed and text not in self.allowed:
            return f"it is one of {', '.join(map(self.shown, self.allowed))}"
        size = self._size(text)
        if size is None:
            return "a whole number is wanted"
        if not (self.least or 0) <= size <= (size if self.most is None else self.most):
            unit = "" if self.type == "Number" else " characters"
            return self.constraint or f"it goes from {self.least} to {self.most}{unit}"
        if self.pattern and not re.fullmatch(self.pattern, text):
            return self.constraint or f"it must match {self.pattern}"
        return ""

    def _size(self, text: str) -> int | None:
        if self.type != "Number":
            return len(text)
        return int(text) if text.isascii() and text.isdigit() else None


Parameters = Mapping[str, Parameter]


@lru_cache(maxsize=1)
def _declared() -> dict[str, dict[str, dict[str, Any]]]:
    path = Path(__file__).with_name("templates") / "parameters.json"
    return json.loads(path.read_text("utf-8"))  # type: ignore[no-any-return]  # made by make generate


@lru_cache(maxsize=len(MODES))
def bundled_parameters(mode: str) -> Parameters:
    """The parameters of a template that comes with this version."""
    return _parameters(_declared()[mode])


def parameters_in(template: str) -> Parameters:
    """The parameters that a template declares, for instance one of the user's own.

    Raises:
        UsageProblem: it is no template; the message says where.
    """
    return _parameters(declarations(template))


def declarations(template: str) -> dict[str, dict[str, Any]]:
    """The ``Parameters`` section of a template, YAML or JSON, with every value as a text.

    Raises:
        UsageProblem: it is no template; the message says where.
    """
    section = document(template).get("Parameters", {})
    if not isinstance(section, dict) or not all(isinstance(d, dict) for d in section.values()):
        raise _no_template("it has no Parameters, or they are no mapping")
    return section


def document(template: str) -> dict[str, Any]:
    """A template, YAML or JSON, with every value as a text; functions are not looked into.

    Raises:
        UsageProblem: it is no template; the message says where.
    """
    import yaml  # only here: its import is slow, and few runs get here

    try:
        # BaseLoader makes texts of all values, as CloudFormation does, and knows no tag that acts.
        loaded = yaml.load(template, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))  # noqa: S506  # it builds nothing but texts, lists and mappings
    except yaml.YAMLError as error:
        raise _no_template(" ".join(str(error).split())) from None
    if not isinstance(loaded, dict):
        raise _no_template("it is no mapping")
    return loaded


def _no_template(why: str) -> UsageProblem:
    return UsageProblem(
        "The template cannot be read",
        why,
        "Correct it (cfn-lint shows the place), or write the bundled ones anew: `ash-ops template DIR`.",
    )


def _parameters(section: Mapping[str, Mapping[str, Any]]) -> dict[str, Parameter]:
    return {name: _parameter(name, declared) for name, declared in section.items()}


def _parameter(name: str, declared: Mapping[str, Any]) -> Parameter:
    bounds = "Value" if declared.get("Type") == "Number" else "Length"
    return Parameter(
        name=name,
        type=declared.get("Type", "String"),
        default=declared.get("Default"),
        allowed=tuple(declared.get("AllowedValues", ())),
        pattern=declared.get("AllowedPattern", ""),
        least=_bound(declared.get(f"Min{bounds}")),
        most=_bound(declared.get(f"Max{bounds}")),
        constraint=declared.get("ConstraintDescription", "").rstrip("."),
        description=declared.get("Description", "").strip(),
    )


def _bound(text: str | None) -> int | None:
    return None if text is None else int(float(text))


def default(name: str, mode: str = STANDALONE) -> str:
    """What a bundled template takes when nothing is given.

    Raises:
        KeyError: the template has no such parameter.
    """
    return bundled_parameters(mode)[name].default or ""


def default_number(name: str, mode: str = STANDALONE) -> int:
    """The same, of a parameter that is a number."""
    return int(default(name, mode))


def allowed(name: str) -> tuple[str, ...]:
    """The values of a listed parameter, as an option takes them."""
    parameter = in_either(name)
    return tuple(map(parameter.shown, parameter.allowed))


def option_help(name: str, text: str = "") -> str:
    """What an option's help says of its parameter: meaning, range, default and variable.

    Args:
        name: the parameter.
        text: the meaning, where the first sentence of the template's description is not it.
    """
    only = "" if name in bundled_parameters(STANDALONE) else f"{MULTI_MACHINE}: "
    return f"{only}{text or _meaning(name)} {_brackets(name)}".rstrip()


def default_text(name: str) -> str:
    """The default as a page tells it: where the two modes differ, both."""
    found = {
        mode: _said(name, bundled_parameters(mode)[name].default or "")
        for mode in MODES
        if name in bundled_parameters(mode)
    }
    first, *others = found
    return found[first] + "".join(
        f"; {mode}: {found[mode]}" for mode in others if found[mode] != found[first]
    )


def in_either(name: str) -> Parameter:
    """The parameter of the standalone template, or of the other if only that has it.

    Raises:
        KeyError: neither has it.
    """
    return bundled_parameters(STANDALONE).get(name) or bundled_parameters(MULTI_MACHINE)[name]


def _said(name: str, value: str) -> str:
    """A value as an option gives it; of a switch, the option that stands for it."""
    ways = {stands_for: option for option, stands_for in SWITCHES.get(name, {}).items()}
    return ways.get(value) or in_either(name).shown(value)


def _brackets(name: str) -> str:
    """Range, default and variable, as far as there are any."""
    variable = _given_by(name)[1]
    known = (
        in_either(name).range,
        f"default: {default_text(name)}" if default_text(name) else "",
        f"env {variable}" if variable else "",
    )
    text = "; ".join(part for part in known if part)
    return f"[{text}]" if text else ""


def _meaning(name: str) -> str:
    """The first sentence of the description, with options in the place of parameters."""
    first = re.split(r"(?<=[\w/)])\. ", in_either(name).description)[0].rstrip(".")
    told = first.replace(f" ({_given_by(name)[1]})", "")  # the variable stands in the brackets
    return re.sub(r"\b[A-Z][a-z]+[A-Z][A-Za-z]+\b", lambda found: _spoken(found[0]), told) + "."


def _given_by(name: str) -> tuple[str, str]:
    """The option and the variable of a parameter; empty where it has none."""
    return SOURCES.get(name) or LISTS.get(name) or ("", "")


def _spoken(word: str) -> str:
    """An option's name for a parameter's; any other word as it is."""
    if word in SWITCHES:
        return f"--{next(iter(SWITCHES[word]))}"
    option = _given_by(word)[0].replace("_", "-")
    return f"--{option}" if option else word
