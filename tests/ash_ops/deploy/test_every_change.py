"""Every option of ``deploy``, given to every kind of deployment: what is refused, restarted, replaced, lost.

Worked out of the templates and the registry's schemas (tests/support/change_planner.py), so that each
row takes a millisecond. A cell is what has to be told before somebody agrees:

* ``refused``: at once, with the way on; ``nothing``: nothing to do;
* ``in place``: no session ends; ``restarts``: the server's task is replaced, its sessions end;
* ``instances``, ``runners``: machines, or the runners on them, are changed;
* ``mount targets``: they are replaced, which the check ``mount-targets`` judges by their zones;
* ``loses data``: told as a loss that ``--yes`` never agrees to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from ash_ops.deploy.losses import DISK, STATEFUL, data_home, losses
from ash_ops.deploy.plan.change_set import Plan, refuse_replacement
from ash_ops.deploy.plan.options import DeployOptions
from ash_ops.deploy.plan.request import Request, read_request
from ash_ops.errors import OpsError, UsageProblem
from ash_ops.facts.deploying.change_sets import Change
from ash_ops.report.plan import render
from ash_ops.template_parameters import SWITCHES, bundled_parameters
from tests.support.change_planner import plan, resources
from tests.support.deploying import settings_of

GIVEN = {
    "VpcId": "vpc-1",
    "SubnetIds": "subnet-1,subnet-2",
    "TaskSubnetIds": "subnet-1,subnet-2",
    "AllowedCidr": "10.0.0.0/8",
    "SecretArn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:x",
}
ON_EC2 = {"LaunchType": "EC2", "DataZone": "a", "DataSubnetId": "subnet-1"}
STATES: dict[str, tuple[str, dict[str, str]]] = {
    "fargate": ("standalone", {}),
    "fargate with efs": ("standalone", {"UseEfs": "true"}),
    "ec2": ("standalone", ON_EC2),
    "ec2 with efs": ("standalone", {"LaunchType": "EC2", "UseEfs": "true"}),
    "managed": (
        "standalone",
        {"LaunchType": "MANAGED", "UseEfs": "true", "AssignPublicIp": "DISABLED"},
    ),
    "multi-machine": ("multi-machine", {"RunnerSubnetIds": "subnet-3,subnet-4"}),
}
CHANGES: dict[str, dict[str, Any]] = {
    "--launch-type fargate": {"launch_type": "fargate"},
    "--launch-type ec2": {"launch_type": "ec2"},
    "--launch-type managed": {"launch_type": "managed"},
    "--mode standalone": {"mode": "standalone"},
    "--mode multi-machine": {"mode": "multi-machine", "runner_subnets": ("subnet-3", "subnet-4")},
    "--image": {"image": "ghcr.io/ash-ai-org/ash:0.2.0"},
    "--cpu --memory": {"cpu": 1024, "memory": 4096},
    "--architecture arm64": {"architecture": "arm64", "instance_type": "m6g.large"},
    "--instance-type": {"instance_type": "m6i.2xlarge"},
    "--max-sandboxes": {"max_sandboxes": 5},
    "--sandbox-memory": {"sandbox_memory": 512},
    "--vpc": {"vpc": "vpc-2"},
    "--subnets": {"subnets": ("subnet-8", "subnet-9")},
    "--task-subnets": {"task_subnets": ("subnet-8", "subnet-9")},
    "--private": {"private": True},
    "--public": {"private": False},
    "--internal": {"internal": True},
    "--allow-cidr": {"allow_cidr": ("192.0.2.0/24",)},
    "--listener-port": {"listener_port": 8080},
    "--certificate": {
        "certificate": "arn:aws:acm:us-east-1:123456789012:certificate/1",
        "hostname": "ash.example.com",
    },
    "--hostname": {"hostname": "ash.example.com"},
    "--domain": {"domain": "ash.example.com"},
    "--hosted-zone": {"hosted_zone": "Z1"},
    "--domain --hosted-zone": {"domain": "ash.example.com", "hosted_zone": "Z1"},
    "--snapshots-bucket": {"snapshots_bucket": "bucket"},
    "--efs": {"efs": True},
    "--no-efs": {"efs": False},
    "--file-system": {"file_system": "fs-0123456789abcdef0"},
    "--volume": {"volume": "vol-0123456789abcdef0"},
    "--boundary": {"boundary": "arn:aws:iam::123456789012:policy/b"},
    "--log-retention": {"log_retention": 7},
    "--container-insights": {"container_insights": "disabled"},
    "--runner-subnets": {"runner_subnets": ("subnet-8", "subnet-9")},
    "--runner-count": {"runner_count": 3},
    "--runner-memory": {"runner_memory": 4096},
    "--database-class": {"database_class": "db.t4g.small"},
    "--database-snapshot": {"database_snapshot": "ash-copy"},
    "--restored": {"restored": True},
    "--file-system --restored": {"file_system": "fs-0123456789abcdef0", "restored": True},
    "--alarm-email": {"alarm_email": "ops@example.com"},
    "--alarm-topic": {"alarm_topic": "arn:aws:sns:us-east-1:123456789012:told"},
    "--alarm-budget": {"alarm_budget": "100"},
    "--alarm-email --alarm-budget": {"alarm_email": "ops@example.com", "alarm_budget": "100"},
}
# Columns: the states in their order.
TABLE = {
    "--launch-type fargate": "nothing | nothing | refused | refused | refused | refused",
    "--launch-type ec2": "refused | refused | nothing | nothing | refused | refused",
    "--launch-type managed": "refused | refused | refused | refused | nothing | refused",
    "--mode standalone": "nothing | nothing | nothing | nothing | nothing | refused",
    "--mode multi-machine": "refused | refused | refused | refused | refused | nothing",
    "--image": "restarts | restarts | restarts | restarts | restarts | restarts, runners",
    "--cpu --memory": "restarts | restarts | restarts | restarts | restarts, instances | restarts",
    "--architecture arm64": "restarts | restarts | restarts, instances | restarts, instances | restarts, instances | restarts, instances, runners",
    "--instance-type": "nothing | nothing | instances | instances | instances | instances",
    "--max-sandboxes": "restarts | restarts | restarts | restarts | restarts | restarts, runners",
    "--sandbox-memory": "restarts | restarts | restarts | restarts | restarts | restarts, runners",
    "--vpc": "refused | refused | refused | refused | refused | refused",
    "--subnets": "restarts | restarts, mount targets | instances | instances, mount targets | restarts, instances, mount targets | restarts, mount targets",
    "--task-subnets": "restarts | restarts, mount targets | instances | instances, mount targets | restarts, instances, mount targets | restarts, mount targets",
    "--private": "restarts | restarts | instances | instances | nothing | restarts",
    "--public": "nothing | nothing | nothing | nothing | refused | nothing",
    "--internal": "refused | refused | refused | refused | refused | refused",
    "--allow-cidr": "in place | in place | in place | in place | in place | in place",
    "--listener-port": "in place | in place | in place | in place | in place | in place",
    "--certificate": "in place | in place | in place | in place | in place | in place",
    "--hostname": "nothing | nothing | nothing | nothing | nothing | nothing",
    "--domain": "in place | in place | in place | in place | in place | in place",
    "--hosted-zone": "refused | refused | refused | refused | refused | refused",
    "--domain --hosted-zone": "in place | in place | in place | in place | in place | in place",
    "--snapshots-bucket": "restarts | restarts | restarts | restarts | restarts | restarts, runners",
    "--efs": "restarts | nothing | restarts, instances, loses data | nothing | nothing | refused",
    "--no-efs": "nothing | restarts, loses data | nothing | restarts, instances, loses data | refused | refused",
    "--file-system": "refused | restarts, loses data, mount targets | refused | restarts, loses data, mount targets | restarts, loses data, mount targets | restarts, runners, loses data, mount targets",
    "--volume": "refused | refused | instances, loses data | refused | refused | refused",
    "--boundary": "in place | in place | in place | in place | in place | in place",
    "--log-retention": "in place | in place | in place | in place | in place | in place",
    "--container-insights": "in place | in place | in place | in place | in place | in place",
    "--runner-subnets": "refused | refused | refused | refused | refused | instances, runners",
    "--runner-count": "refused | refused | refused | refused | refused | runners",
    "--runner-memory": "refused | refused | refused | refused | refused | runners",
    "--database-class": "refused | refused | refused | refused | refused | in place",
    "--database-snapshot": "refused | refused | refused | refused | refused | loses data",
    "--restored": "refused | refused | refused | refused | refused | refused",
    "--file-system --restored": "refused | restarts, loses data, mount targets | refused | restarts, loses data, mount targets | restarts, loses data, mount targets | restarts, runners, loses data, mount targets",
    "--alarm-email": "in place | in place | in place | in place | in place | in place",
    "--alarm-topic": "in place | in place | in place | in place | in place | in place",
    "--alarm-budget": "refused | refused | refused | refused | refused | refused",
    "--alarm-email --alarm-budget": "in place | in place | in place | in place | in place | in place",
}
PARTS = {
    "restarts": {"TaskDefinition", "Service"},
    "instances": {"LaunchTemplate", "Instances", "ManagedCapacity"},
    "runners": {"RunnerTaskDefinition", "Runners"},
    "mount targets": {"MountTargetA", "MountTargetB"},
}
CELLS = [
    pytest.param(state, change, told.strip(), id=f"{change} of {state}")
    for change, row in TABLE.items()
    for state, told in zip(STATES, row.split("|"), strict=True)
]


def before(state: str) -> tuple[str, dict[str, str]]:
    """The mode of a state, and all parameters of its stack."""
    mode, own = STATES[state]
    declared = bundled_parameters(mode).items()
    defaults = {name: p.default for name, p in declared if p.default is not None}
    return mode, {**defaults, **GIVEN, **own}


def after(request: Request, previous: dict[str, str]) -> dict[str, str]:
    """The parameters that would be sent, placed as ``deploy`` places them."""
    subnets = request.subnets or request.task_subnets
    placed = {
        "SubnetIds": ",".join(request.subnets),
        "TaskSubnetIds": ",".join(request.task_subnets or subnets),
        "AllowedCidr": ",".join(request.cidrs),
    }
    wanted = {**previous, **request.given, **{n: v for n, v in placed.items() if v}}
    if request.is_ec2 and wanted.get("UseEfs") != "true":
        wanted |= {"DataZone": "a", "DataSubnetId": wanted["TaskSubnetIds"].split(",")[0]}
    return wanted


def told(mode: str, previous: dict[str, str], wanted: dict[str, str]) -> str:
    """What is to be told of a change, in the words of the table."""
    changes = plan(mode, previous, wanted)
    refuse_replacement(Plan(stack="s", id="i", name="n", creates=False, changes=changes))
    ids = {change.logical_id for change in changes}
    words = [word for word, names in PARTS.items() if ids & names and word != "mount targets"]
    if losses(changes, home(mode, previous), home(mode, wanted)):
        words.append("loses data")
    if any(c.replacement == "True" and c.logical_id in PARTS["mount targets"] for c in changes):
        words.append("mount targets")
    return ", ".join(words) or ("in place" if changes else "nothing")


def home(mode: str, parameters: dict[str, str]) -> str:
    types = [DISK] if "DataVolume" in resources(mode, parameters) else []
    return data_home(parameters, types, mode)


@pytest.mark.parametrize(("state", "change", "expected"), CELLS)
def test_what_a_change_does_is_known_before(state: str, change: str, expected: str) -> None:
    mode, previous = before(state)
    try:
        request = read_request(
            settings_of(), DeployOptions(**CHANGES[change]), {**previous, "Mode": mode}
        )
    except UsageProblem:
        assert expected == "refused"
        return
    unknown = request.given.keys() - bundled_parameters(mode).keys() - {"Mode"}
    if unknown:  # build_parameters refuses what the template does not have
        assert expected == "refused"
        return
    assert told(mode, previous, after(request, previous)) == expected


def differing(old: Any, new: Any, at: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The paths at which two values differ, a schema's ``*`` for the place in a list."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in old.keys() | new.keys():
            yield from differing(old.get(key), new.get(key), (*at, key))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for one, other in zip(old, new, strict=True):
            yield from differing(one, other, (*at, "*"))
    elif old != new:
        yield at


def registered(type_: str, kind: str) -> list[tuple[str, ...]]:
    """Properties as the CloudFormation registry's schema of a type lists them (cfn-lint ships it)."""
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", type_).schema
    return [
        tuple(pointer.removeprefix("/properties/").split("/")) for pointer in schema.get(kind, ())
    ]


def derived(mode: str, previous: dict[str, str], wanted: dict[str, str]) -> dict[str, str]:
    """What becomes of what stays, out of the two rendered templates and the registry alone."""
    old, new = resources(mode, previous), resources(mode, wanted)
    found = {}
    for name in old.keys() & new.keys():
        paths = list(differing(old[name].properties, new[name].properties))
        hit = {
            kind
            for kind in ("createOnlyProperties", "conditionalCreateOnlyProperties")
            for pointer in registered(new[name].type, kind)
            for path in paths
            if path[: len(pointer)] == pointer[: len(path)]
        }
        if "createOnlyProperties" in hit:
            found[name] = "replaced"
        elif hit:
            found[name] = "maybe replaced"
        elif paths:
            found[name] = "changed"
    return found


def on_the_page(changes: tuple[Change, ...]) -> dict[str, str]:
    """What the plan that a person agrees to says of each thing that stays."""
    rows = [
        line.split()
        for line in render(Plan(stack="s", id="i", name="n", creates=False, changes=changes))
    ]
    words = {"!": "replaced", "~": "changed"}
    return {
        row[2]: "maybe replaced" if "(maybe" in row else words[row[0]]
        for row in rows
        if row and row[0] in words
    }


def test_whatever_the_registry_says_is_made_anew_is_told_as_replaced_and_nothing_else() -> None:
    seen = set()
    for state in STATES:
        mode, previous = before(state)
        for options in CHANGES.values():
            try:
                request = read_request(
                    settings_of(), DeployOptions(**options), {**previous, "Mode": mode}
                )
            except UsageProblem:
                continue
            wanted = after(request, previous)
            said, changes = derived(mode, previous, wanted), plan(mode, previous, wanted)
            assert on_the_page(changes) == said, (state, options)
            stateful = {c.logical_id for c in changes if c.type in STATEFUL}
            lost = " ".join(losses(changes, home(mode, previous), home(mode, wanted)))
            for name in stateful & {n for n, what in said.items() if what != "changed"}:
                assert name in lost, (state, options)
            seen |= set(said.values())
    assert seen == {"replaced", "maybe replaced", "changed"}


ON_DOMAIN = {"DomainName": "ash.example.com", "HostedZoneId": "Z1", "ListenerPort": "443"}
BY_HAND = {**ON_DOMAIN, "HostedZoneId": ""}
ARN = CHANGES["--certificate"]["certificate"]


@pytest.mark.parametrize("state", ["fargate", "managed", "multi-machine"])
@pytest.mark.parametrize(
    ("before_", "options", "expected"),
    [
        (
            ON_DOMAIN,
            {"domain": "b.example.com", "hosted_zone": "Z1"},
            {"Certificate": "replaced", "DomainRecord": "changed"},
        ),
        (
            ON_DOMAIN,
            {"domain": "b.example.org", "hosted_zone": "Z2"},
            {"Certificate": "replaced", "DomainRecord": "replaced"},
        ),
        (
            BY_HAND,
            {"domain": "ash.example.com", "hosted_zone": "Z1"},
            {"Certificate": "replaced", "DomainRecord": "Add"},
        ),
        (
            ON_DOMAIN,
            {"certificate": ARN},
            {"Certificate": "Remove", "Listener": "changed"},
        ),
        (
            ON_DOMAIN,
            {"domain": "off"},
            {
                "Certificate": "Remove",
                "DomainRecord": "Remove",
                "Listener": "changed",
                "LoadBalancerSecurityGroup": "changed",
            },
        ),
    ],
)
def test_a_domain_comes_moves_and_goes_without_a_restart(
    state: str, before_: dict[str, str], options: dict[str, Any], expected: dict[str, str]
) -> None:
    """A new certificate is there before the listener lets go of the old one: replaced in that order."""
    mode, previous = before(state)
    previous |= before_
    request = read_request(settings_of(), DeployOptions(**options), {**previous, "Mode": mode})
    changes = plan(mode, previous, {**previous, **request.given})
    words = {"True": "replaced", "False": "changed"}
    told_ = {
        c.logical_id: words.get(str(c.replacement), c.action) if c.action == "Modify" else c.action
        for c in changes
    }
    assert told_ == expected


def test_every_option_that_changes_the_template_is_in_the_table() -> None:
    named = {name for change in CHANGES.values() for name in change}
    switches = {"efs", "private", "internal"}
    assert named == set(DeployOptions.__dataclass_fields__) - {"snapshots_region"}
    assert switches <= named
    assert all(on in named or off in named for on, off in map(tuple, SWITCHES.values()))


def test_what_would_replace_something_with_a_name_of_its_own_is_never_planned() -> None:
    """Should one of these ever be let through, CloudFormation would fail half way."""
    mode, previous = before("managed")
    moved = {**previous, "Name": "other"}
    changes = plan(mode, previous, moved)
    named = {c.type for c in changes if c.replacement == "True"}
    assert {"AWS::ECS::CapacityProvider", "AWS::ECS::Cluster", "AWS::ECS::Service"} <= named
    with pytest.raises(OpsError, match="cannot be replaced"):
        refuse_replacement(Plan(stack="s", id="i", name="n", creates=False, changes=changes))


def test_a_change_from_a_state_to_itself_plans_nothing() -> None:
    for state in STATES:
        mode, previous = before(state)
        found: tuple[Change, ...] = plan(mode, previous, previous)
        assert found == ()
