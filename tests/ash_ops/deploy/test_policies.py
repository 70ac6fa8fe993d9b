"""The policies name the calls that are really made: no more, no fewer."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cfnlint.decode.cfn_yaml
import pytest

from ash_ops.aws.calls import action_name
from ash_ops.aws.model_cache import OPERATIONS
from ash_ops.deploy import iam_policy, policy_calls, policy_options, policy_resources
from ash_ops.deploy.template_files import MODES, bundled
from ash_ops.deployment import Deployment
from ash_ops.errors import UsageProblem

ROOT = Path(iam_policy.__file__).resolve().parents[1]
OWN_READERS = (
    *("cloudformation", "databases", "file_systems", "iam", "log_groups", "network", "owners"),
    *("secrets", "volumes"),
)
OWN = [
    # The repairs of `doctor --fix` are data, not calls that can be read off; they are tested apart.
    *sorted(set((ROOT / "deploy").glob("*.py")) - {ROOT / "deploy" / "repairs.py"}),
    *(ROOT / "aws" / f"{name}.py" for name in OWN_READERS),
]


def calls_in(path: Path) -> Iterator[str]:
    """Every ``call(aws, service, operation)`` and ``pages(...)`` in a file, as IAM names it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    service = next(
        (
            node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and node.targets[0].id == "SERVICE"
            and isinstance(node.value, ast.Constant)
        ),
        None,
    )
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        if node.func.id in ("call", "pages") and len(node.args) >= 3:
            named = node.args[1]
            owner = named.value if isinstance(named, ast.Constant) else service
            operation = node.args[2]
            assert isinstance(operation, ast.Constant)
            yield action_name(str(owner), str(operation.value))


def test_every_call_of_these_floors_is_in_a_policy() -> None:
    """The other direction, and each command for itself: tests/e2e/test_policies_and_calls.py."""
    made = {action for path in OWN for action in calls_in(path)}
    ours = ("deploy", "rollout", "teardown", "status", "key", "connect", "health")
    allowed = {action for name in ours for action in iam_policy.direct_actions(name)}
    allowed |= set(
        policy_calls.actions_of(
            (*policy_options.ADOPT, *policy_options.KEPT, *policy_options.WHOSE)
        )
    )
    assert made - allowed == set(), "called, and in no policy"


def test_the_doctor_may_call_what_its_readers_call_and_nothing_else() -> None:
    """The readers' operations are listed where their models are cut down to them."""
    prefix = {"elbv2": "elasticloadbalancing", "service-quotas": "servicequotas"}
    made = {
        f"{prefix.get(service, service)}:{operation}"
        for service, operations in OPERATIONS.items()
        for operation in operations
    }
    assert iam_policy.direct_actions("doctor") == made


def test_the_logs_may_call_what_their_readers_call_and_nothing_else() -> None:
    """These readers make their calls without boto3, by the API's own names."""
    made = {
        f"{service}:{operation}"
        for service, name in (("logs", "logs"), ("ecs", "task_states"))
        for operation in re.findall(
            r'_api\.call\("(\w+)"', (ROOT / "aws" / f"{name}.py").read_text(encoding="utf-8")
        )
    }
    assert iam_policy.direct_actions("logs") == made


def test_cost_may_call_what_its_readers_call() -> None:
    names = ("usage", "cost_explorer", "statistics", "identity")
    made = {action for name in names for action in calls_in(ROOT / "aws" / f"{name}.py")}
    assert made | {"pricing:GetProducts"} == iam_policy.direct_actions("cost")


def test_the_repairs_of_the_doctor_are_allowed_with_fix_and_only_then() -> None:
    made = {
        action_name(str(node.args[2].value), str(node.args[3].value))
        for path in (ROOT / "checks").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "change"
        and isinstance(node.args[2], ast.Constant)
        and isinstance(node.args[3], ast.Constant)
    }
    assert set(policy_calls.actions_of(policy_calls.REPAIRS)) == made
    plain = iam_policy.direct_actions("doctor")
    assert not {a for a in plain if not a.split(":")[1].startswith(READING)}


READING = ("Batch", "Describe", "Filter", "Get", "List", "Simulate")


def templates_types() -> dict[str, set[str]]:
    """The resource types of the templates, by the option that brings them into being."""
    options = {
        **dict.fromkeys(("Efs", "OwnEfs"), "efs"),
        **dict.fromkeys(("OnEc2", "OwnDisk"), "ec2"),
        None: policy_resources.BASE,
    }
    found: dict[str, set[str]] = {}
    for mode in MODES:
        for resource in cfnlint.decode.cfn_yaml.loads(bundled(mode))["Resources"].values():
            plain = options[resource.get("Condition")]
            own = {"efs": "efs", policy_resources.BASE: mode}
            option = plain if mode == "standalone" else own[plain]
            found.setdefault(option, set()).add(resource["Type"])
    return found


def test_the_table_has_every_type_of_the_templates_and_no_other() -> None:
    assert set().union(*templates_types().values()) == set(policy_resources.ACTIONS)


@pytest.mark.parametrize("option", policy_resources.TYPES)
def test_each_option_allows_the_types_that_it_creates(option: str) -> None:
    needs = policy_resources.resource_needs([option])
    allowed = set(policy_calls.actions_of(needs))
    wanted = {a for type_ in templates_types()[option] for a in policy_resources.ACTIONS[type_]}
    assert wanted <= allowed


def test_without_options_no_instance_and_no_database_is_allowed() -> None:
    services = {action.split(":")[0] for action in iam_policy.deploy_actions()}
    assert not services & {"autoscaling", "elasticfilesystem", "rds", "servicediscovery"}
    assert "ec2:RunInstances" not in iam_policy.deploy_actions()


def test_roles_are_given_to_the_services_that_take_them() -> None:
    for options, receivers in (
        ((), {"ecs-tasks.amazonaws.com"}),
        (("multi-machine",), {"ecs-tasks.amazonaws.com", "ec2.amazonaws.com"}),
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
    assert not {a for a in actions if a.startswith(("Pass", "Run", "Register", "Authorize"))}


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


def test_a_policy_in_parts_allows_what_the_whole_does() -> None:
    def statements(part: str) -> list[Any]:
        return list(policy("deploy", ("ec2",), part)["Statement"])

    parts = statements("own") + statements("cloudformation") + statements("options")
    assert parts == statements("all")


@pytest.mark.parametrize(
    ("command", "options", "part"),
    [
        *((c, (), "all") for c in iam_policy.commands() if c not in iam_policy.CHANGING),
        ("doctor", ("fix",), "all"),
        ("boundary", ("multi-machine",), "all"),
        *(
            (command, ("multi-machine", "adopt"), part)
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


def test_secrets_are_named_and_never_all() -> None:
    for command in iam_policy.commands():
        for need in policy_calls.DIRECT.get(command, ()):
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
