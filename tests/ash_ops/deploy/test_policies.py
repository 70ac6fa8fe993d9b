"""The policies name the calls that are really made: no more, no fewer."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import cfnlint.decode.cfn_yaml
import pytest

from ash_ops.aws import operations as op
from ash_ops.aws.operations import OPERATIONS, Operation
from ash_ops.deploy.plan.template_files import MODES, bundled
from ash_ops.errors import UsageProblem
from ash_ops.iam import calls as policy_calls
from ash_ops.iam import handlers as policy_handlers
from ash_ops.iam import options as policy_options
from ash_ops.iam import policy as iam_policy
from ash_ops.iam import resources as policy_resources
from ash_ops.names import Deployment

ROOT = Path(iam_policy.__file__).resolve().parents[1]


def test_every_operation_is_in_the_policy_of_a_command() -> None:
    """An operation that no command makes any more leaves the table; one that is new finds its command.

    Which command makes which: tests/e2e/test_policies_and_calls.py.
    """
    allowed = {a for command in iam_policy.commands() for a in iam_policy.direct_actions(command)}
    beside = (
        policy_options.ADOPT,
        policy_options.FITS,
        policy_options.KEPT,
        policy_options.WHOSE,
        policy_options.ZONES,
        policy_calls.REPAIRS,
    )
    allowed |= {action for needs in beside for action in policy_calls.actions_of(needs)}
    # Roles are put back with what CloudFormation's part allows: tests/ash_ops/drift/test_roles.py.
    allowed |= {action for action in iam_policy.deploy_actions() if action.startswith("iam:")}
    assert {operation.action for operation in OPERATIONS} - allowed == set()


def test_every_operation_that_is_made_is_declared_and_every_one_declared_is_made() -> None:
    """A reader names it as ``op.NAME``."""
    named = {
        node.attr
        # readers, the repairs that are made, and what is put back
        for folder in ("aws", "checks", "deploy/fix", "drift")
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        if node.value.id == "op"
    }
    declared = {name for name, value in vars(op).items() if isinstance(value, Operation)}
    assert named - declared == set()
    made = {getattr(op, name).action for name in named}
    assert {operation.action for operation in OPERATIONS} - made == set()


def test_the_logs_may_call_what_their_readers_call_and_nothing_else() -> None:
    """These readers make their calls without botocore's client."""
    made = {
        getattr(op, name).action
        for module in ("logs", "ecs")
        for name in re.findall(
            r"_api\.call\(op\.(\w+)", (ROOT / "aws" / f"{module}.py").read_text(encoding="utf-8")
        )
    }
    assert iam_policy.direct_actions("logs") == made


def test_the_repairs_of_the_doctor_are_allowed_with_fix_and_only_then() -> None:
    made = {
        getattr(op, node.attr).action
        for path in [*(ROOT / "checks").rglob("*.py"), ROOT / "deploy/fix/exact.py"]
        if path.name != "_repairs.py"  # the catalogue's rules, which a person decides on
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        if node.value.id == "op"
    }
    assert set(policy_calls.actions_of(policy_calls.REPAIRS)) == made
    plain = iam_policy.direct_actions("doctor")
    assert not {a for a in plain if not a.split(":")[1].startswith(READING)}


READING = ("Batch", "Describe", "Filter", "Get", "List", "Lookup", "Simulate")


def templates_types() -> dict[str, set[str]]:
    """The resource types of the templates, by the option that brings them into being."""
    options = {
        **dict.fromkeys(("Efs", "OwnEfs"), "efs"),
        **dict.fromkeys(("OnEc2", "OwnDisk"), "ec2"),
        **dict.fromkeys(("OwnTopic", "Alarmed", "Budgeted"), "alarms"),
        **dict.fromkeys(("OwnCertificate", "InZone"), "domain"),
        "OnManaged": "managed",
        **dict.fromkeys((None, "OwnDatabase"), policy_resources.BASE),
    }
    found: dict[str, set[str]] = {}
    for mode in MODES:
        for resource in cfnlint.decode.cfn_yaml.loads(bundled(mode))["Resources"].values():
            plain = options[resource.get("Condition")]
            own = {
                "efs": "efs",
                "alarms": "alarms",
                "domain": "domain",
                policy_resources.BASE: mode,
            }
            option = plain if mode == "standalone" else own[plain]
            found.setdefault(option, set()).add(resource["Type"])
    return found


def test_the_table_has_every_type_of_the_templates_and_no_other() -> None:
    assert set().union(*templates_types().values()) == set(policy_handlers.ACTIONS)


@pytest.mark.parametrize("option", policy_resources.TYPES)
def test_each_option_allows_the_types_that_it_creates(option: str) -> None:
    needs = policy_resources.base_needs([option]) + policy_resources.option_needs([option])
    allowed = set(policy_calls.actions_of(needs))
    wanted = {a for type_ in templates_types()[option] for a in policy_handlers.ACTIONS[type_]}
    assert wanted <= allowed


def test_without_options_no_instance_and_no_database_is_allowed() -> None:
    services = {action.split(":")[0] for action in iam_policy.deploy_actions()}
    assert not services & {"autoscaling", "elasticfilesystem", "rds", "servicediscovery"}
    assert "ec2:RunInstances" not in iam_policy.deploy_actions()


def test_roles_are_given_to_the_services_that_take_them() -> None:
    for options, receivers in (
        ((), {"ecs-tasks.amazonaws.com"}),
        (("multi-machine",), {"ecs-tasks.amazonaws.com", "ec2.amazonaws.com"}),
        (
            ("managed",),
            {"ecs-tasks.amazonaws.com", "ec2.amazonaws.com", "ecs.amazonaws.com"},
        ),
    ):
        document = policy("deploy", options)
        give = next(s for s in document["Statement"] if "iam:PassRole" in s["Action"])
        assert set(give["Condition"]["StringEquals"]["iam:PassedToService"]) == receivers


def test_teardown_through_cloudformation_creates_nothing() -> None:
    documents = [
        policy("teardown", ("multi-machine",), part) for part in ("cloudformation", "options")
    ]
    actions = {
        action.split(":")[1] for d in documents for s in d["Statement"] for action in s["Action"]
    }
    assert {"DeleteDBInstance", "DeleteCluster", "DeregisterTaskDefinition"} <= actions
    assert {a for a in actions if a.startswith("Create")} == {"CreateDBSnapshot"}  # the final one
    assert not {a for a in actions if a.startswith(("Run", "Register", "Authorize"))}


def policy(command: str, options: tuple[str, ...] = (), part: str = "all") -> Any:
    return json.loads(text_of(command, options, part))


def text_of(command: str, options: tuple[str, ...] = (), part: str = "all") -> str:
    """The policy for the longest name that there can be: it has to fit too."""
    return iam_policy.policy_document(
        command,
        Deployment("production-of-the-agents-eu1"),
        partition="aws",
        region="eu-west-1",
        account="123456789012",
        options=options,
        part=part,
    )


# What a command calls itself for an option: a kept disk or file system is looked at before it is attached,
# an instance type before it is started, a zone before a name is put in; what was stopped is started.
BESIDE = {
    ("deploy", "efs"): {"Kept"},
    ("deploy", "ec2"): {"Kept", "Fits", "Wake"},
    ("deploy", "managed"): {"Kept", "Fits"},
    ("deploy", "multi-machine"): {"Kept", "Fits", "Wake"},
    ("deploy", "domain"): {"Zones"},
    ("deploy", "alarms"): set[str](),
    **{
        (command, option): {"Wake"} if option in ("ec2", "multi-machine") else set()
        for command in ("rollout", "rollback")
        for option in ("efs", "ec2", "managed", "multi-machine", "domain", "alarms")
    },
    **{
        ("teardown", option): set()
        for option in ("efs", "ec2", "managed", "multi-machine", "domain", "alarms")
    },
}


@pytest.mark.parametrize(("command", "option"), BESIDE)
def test_an_option_adds_what_the_command_calls_for_it_and_nothing_else(
    command: str, option: str
) -> None:
    of_itself = {"Kept", "Fits", "Zones", "Wake", "Adopt", "Repair", "Whose"}

    def added(options: tuple[str, ...]) -> set[str]:
        sids = [statement["Sid"] for statement in policy(command, options)["Statement"]]
        return {each for each in of_itself if any(sid.startswith(each) for sid in sids)}

    assert added((option,)) == BESIDE[command, option]
    assert added((option, "adopt")) == BESIDE[command, option] | {"Adopt"}


def test_a_policy_in_parts_allows_what_the_whole_does() -> None:
    def statements(part: str) -> list[Any]:
        return list(policy("deploy", ("ec2",), part)["Statement"])

    parts = statements("own") + statements("cloudformation") + statements("options")
    whole = statements("all")
    assert [s for n, s in enumerate(parts) if s not in parts[:n]] == whole  # one is in two of them


@pytest.mark.parametrize(
    ("command", "options", "part"),
    [
        *((c, (), "all") for c in iam_policy.commands() if c not in iam_policy.CHANGING),
        ("boundary", ("multi-machine", "managed"), "all"),
        *(
            (command, ("multi-machine", "managed", "adopt"), part)
            for command in iam_policy.CHANGING
            for part in ("own", "cloudformation", "options")
        ),
    ],
)
def test_every_policy_is_a_document_that_iam_takes(
    command: str, options: tuple[str, ...], part: str
) -> None:
    text = text_of(command, options, part)
    document = json.loads(text)
    sids = [statement["Sid"] for statement in document["Statement"]]
    assert len(sids) == len(set(sids))
    assert "{" not in "".join(r for s in document["Statement"] for r in s["Resource"])
    assert not iam_policy.too_long(text)


def test_the_policy_of_the_repairs_fits_two_managed_policies() -> None:
    """As one it is longer than IAM takes, which is said: reading is one half, changing the other."""
    whole, reading, changing = (text_of("doctor", ("fix",), p) for p in ("all", "own", "options"))
    assert iam_policy.too_long(whole)
    assert not iam_policy.too_long(reading)
    assert not iam_policy.too_long(changing)
    statements = [json.loads(text)["Statement"] for text in (whole, reading, changing)]
    assert statements[0] == statements[1] + statements[2]


def test_secrets_are_named_and_never_all() -> None:
    for command in iam_policy.commands():
        for need in policy_calls.needs_of(command) if command in policy_calls.CALLS else ():
            if any(action.startswith("secretsmanager:Get") for action in need.actions):
                assert need.resources != policy_calls.ANY


def test_a_command_without_a_policy_is_named() -> None:
    with pytest.raises(UsageProblem, match="There is no policy"):
        iam_policy.policy_document(
            "explain", Deployment(), partition="aws", region="*", account="*"
        )


def test_an_option_that_means_nothing_is_refused() -> None:
    with pytest.raises(UsageProblem, match="means nothing for cost"):
        text_of("cost", ("fix",))


@pytest.mark.parametrize(
    ("command", "part"),
    [("deploy", "options"), ("teardown", "options"), ("status", "cloudformation")],
)
def test_a_part_that_holds_nothing_is_told_and_not_printed(command: str, part: str) -> None:
    with pytest.raises(UsageProblem) as problem:
        iam_policy.policy_document(
            *(command, Deployment("web")), partition="aws", region="*", account="*", part=part
        )
    assert "nothing" in problem.value.what
