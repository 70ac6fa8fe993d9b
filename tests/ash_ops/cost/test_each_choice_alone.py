"""What each choice changes of a plan, and that it changes nothing else; what each shape consists of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

import pytest

from ash_ops.cost import changes
from ash_ops.cost.plan import Database, Machines, Plan, Tasks, Traffic, default_plan
from ash_ops.errors import UsageProblem

ONE, ON_EC2, KEPT, SEVERAL = (
    default_plan(),
    default_plan("standalone", "ec2"),
    default_plan("standalone", "managed"),
    default_plan("multi-machine"),
)
SERVER = Tasks(role="server", cpu=512, memory=1024)
COORDINATOR = replace(SERVER, role="coordinator")
RUNNERS = Machines(role="runner", count=Decimal(2), instance_type="m6i.xlarge", volume_gb=50, public=False)  # fmt: skip
# Measured at what runs, so that what is chosen otherwise makes it worthless.
MEASURED = Plan(
    tasks=(SERVER, replace(SERVER, role="runner", count=Decimal(2))),
    machines=(replace(RUNNERS, public=True), replace(RUNNERS, role="coordinator", public=True)),
    nat_gateways=3,
    load_balancer_addresses=1,
    addresses=(("task", 2),),
    insights_series=40,
    log_stored_gb=Decimal(9),
    file_systems=2,
    efs_read_gb=Decimal(1),
    efs_written_gb=Decimal(1),
    database=Database(instance_class="db.m7g.large"),
    traffic=Traffic(measured_units=Decimal(5)),
)
Change = Callable[[Plan, str], Plan]


def of_machines(**given: Any) -> tuple[Machines, ...]:
    return tuple(replace(each, **given) for each in MEASURED.machines)


def of_tasks(**given: Any) -> tuple[Tasks, ...]:
    return tuple(replace(each, **given) for each in MEASURED.tasks)


def traffic(**given: Any) -> dict[str, Any]:
    return {"traffic": replace(Traffic(), **given)}


CHANGES: list[tuple[Change, str, dict[str, Any]]] = [
    (changes.already_shaped, "ec2", {}),
    (changes.set_cpu, "4096", {"tasks": (replace(SERVER, cpu=4096), MEASURED.tasks[1])}),
    (changes.set_memory, "8192", {"tasks": (replace(SERVER, memory=8192), MEASURED.tasks[1])}),
    (changes.set_storage, "20", {"tasks": (replace(SERVER, storage_gb=20), MEASURED.tasks[1])}),
    (changes.set_storage, "200", {"tasks": (replace(SERVER, storage_gb=200), MEASURED.tasks[1])}),
    (changes.set_arch, "arm64", {"tasks": of_tasks(arch="arm64"), "machines": of_machines(instance_type="m6g.xlarge")}),
    (changes.set_spot, "yes", {"tasks": of_tasks(spot=True), "machines": of_machines(spot=True)}),
    (changes.set_runners, "5", {
        "tasks": (SERVER, replace(MEASURED.tasks[1], count=Decimal(5))),
        "machines": (replace(MEASURED.machines[0], count=Decimal(5)), MEASURED.machines[1]), "addresses": None}),
    (changes.set_runners, "0", {"tasks": (SERVER,), "machines": MEASURED.machines[1:], "addresses": None}),
    (changes.set_instance_type, "c7i.xlarge", {"machines": of_machines(instance_type="c7i.xlarge")}),
    (changes.set_volume, "77", {"machines": of_machines(volume_gb=77)}),
    (changes.set_private, "yes", {"private": True, "addresses": None}),
    (changes.set_private, "no", {"private": False, "nat_gateways": 0, "addresses": None}),
    (changes.set_internal, "yes", {"load_balancer_addresses": 0, "addresses": None}),
    (changes.set_internal, "no", {"load_balancer_addresses": 2, "addresses": None}),
    (changes.set_nat, "1", {"nat_gateways": 1, "addresses": None}),
    (changes.set_traffic_gb, "730", traffic(gb_per_hour=Decimal(1))),
    (changes.set_connections, "70", traffic(active=Decimal(70))),
    (changes.set_tls, "yes", traffic(tls=True)),
    (changes.set_tls, "no", traffic()),
    (changes.set_insights, "off", {"insights": "disabled", "insights_series": None}),
    (changes.set_insights, "on", {"insights": "enabled", "insights_series": None}),
    (changes.set_insights, "standard", {"insights": "enabled", "insights_series": None}),
    (changes.set_insights, "enhanced", {"insights": "enhanced", "insights_series": None}),
    (changes.set_log_gb, "2.5", {"log_gb": Decimal("2.5"), "log_stored_gb": None}),
    (changes.set_log_days, "7", {"log_retention_days": 7, "log_stored_gb": None}),
    (changes.set_efs, "12.5", {"efs_gb": Decimal("12.5"), "file_systems": 0, "efs_read_gb": None, "efs_written_gb": None}),
    (changes.set_database, "none", {"database": None}),
    (changes.set_database, "yes", {"database": Database(instance_class="db.t4g.micro")}),
    (changes.set_database, "db.m7g.large:multi-az", {"database": Database(instance_class="db.m7g.large", multi_az=True)}),
]  # fmt: skip


@pytest.mark.parametrize(("change", "text", "changed"), CHANGES, ids=[f"{c.__name__}={t}" for c, t, _ in CHANGES])  # fmt: skip
def test_a_choice_changes_what_it_names_and_what_was_measured_of_that(
    change: Change, text: str, changed: dict[str, Any]
) -> None:
    assert change(MEASURED, text) == replace(MEASURED, **changed)


def test_a_private_subnet_needs_a_gateway_and_so_do_runners_that_have_no_address() -> None:
    assert changes.set_private(ONE, "yes").nat_gateways == 1
    assert changes.set_private(SEVERAL, "no") == replace(SEVERAL, private=False, nat_gateways=1)
    assert changes.set_private(replace(SEVERAL, nat_gateways=0), "no").nat_gateways == 1


@pytest.mark.parametrize("word", ["yes", "true", "on", "1", "YES"])
@pytest.mark.parametrize("no", ["no", "false", "off", "0", "none", "None"])
def test_yes_and_no_may_be_said_in_five_words_each(word: str, no: str) -> None:
    assert changes.set_spot(ONE, word).tasks[0].spot is True
    assert changes.set_spot(ONE, no).tasks[0].spot is False


@pytest.mark.parametrize(
    ("change", "plan", "text", "what", "why"),
    [
        (changes.set_storage, ONE, "19", "--ephemeral-storage", "20 to 200 GB"), (changes.set_storage, ONE, "201", "--ephemeral-storage", "20 to 200 GB"),
        (changes.set_storage, ON_EC2, "50", "--ephemeral-storage", "--volume"), (changes.set_volume, ONE, "50", "--volume", "--launch-type ec2"),
        (changes.set_instance_type, ONE, "m6i.large", "--instance-type or ASH_ECS_INSTANCE_TYPE", "--launch-type ec2"),
        (changes.set_instance_type, ON_EC2, "large", "--instance-type or ASH_ECS_INSTANCE_TYPE", "it is a type such as m"),
        (changes.set_runners, ONE, "3", "--runners or ASH_RUNNER_COUNT", "--mode"), (changes.set_spot, ONE, "maybe", "--spot", "yes or no"),
        (changes.set_nat, ONE, "-1", "--nat", "from 0 to 1000000000"), (changes.set_nat, ONE, "1000000001", "--nat", "from 0 to 1000000000"),
        (changes.set_nat, ONE, "1.5", "--nat", "not a whole number"), (changes.set_nat, ONE, "many", "--nat", "not a number"), (changes.set_efs, ONE, "NaN", "--efs", "from 0 to 1000000000"),
        (changes.set_insights, ONE, "loud", "--container-insights", "enhanced"), (changes.set_database, ONE, "t4g.micro", "--database", ":multi-az"),
        (changes.set_database, ONE, "db.t4g.micro:two", "--database", ":multi-az"), (changes.set_database, ONE, "db.micro", "--database", "it is a type such as db."),
    ],
)  # fmt: skip
def test_what_cannot_be_chosen_says_why_and_by_which_option_it_was(
    change: Change, plan: Plan, text: str, what: str, why: str
) -> None:
    with pytest.raises(UsageProblem) as refused:
        change(plan, text)
    error = refused.value
    assert repr(text) in error.what
    assert what in error.next_step
    assert why in error.why


def test_the_largest_and_the_smallest_number_are_numbers() -> None:
    assert [changes.number("nat", text) for text in ("0", "1e9")] == [0, 10**9]


@pytest.mark.parametrize(
    ("plan", "chosen", "why"),
    [
        (replace(ONE, nat_gateways=1), {"nat": "1"}, "--private"), (replace(ONE, nat_gateways=1, private=True), {"nat": "1"}, None), (replace(ONE, nat_gateways=1), {}, None),
        (ONE, {"nat": "0"}, None), (SEVERAL, {"nat": "1"}, None),
        (ON_EC2, {"architecture": "ARM64", "instance-type": "m6i.large"}, "its processor is not arm64; m6g.large has one"),
        (ON_EC2, {"architecture": "arm64", "instance-type": "m6g.large"}, None), (ON_EC2, {"architecture": "arm64"}, None), (ON_EC2, {"instance-type": "m6i.large"}, None),
        (ONE, {"architecture": "arm64", "instance-type": "m6i.large"}, None),
    ],
)  # fmt: skip
def test_gateways_that_nothing_uses_and_instances_of_another_processor_are_refused(
    plan: Plan, chosen: dict[str, str], why: str | None
) -> None:
    if why is None:
        changes.check_together(plan, chosen)
        return
    with pytest.raises(UsageProblem) as refused:
        changes.check_together(plan, chosen)
    assert why in refused.value.why


DEFAULTS = {
    "region": "us-east-1", "load_balancers": 1, "load_balancer_addresses": 2, "cross_zone": True, "insights": "enabled", "log_gb": Decimal("0.5"),
    "log_retention_days": 30, "secrets": 1, "alarms": 0, "metrics_read": 900, "cost_explorer_requests": 2,
}  # fmt: skip
NOTHING = {"deployed", "other_disks_gb", "endpoint_zones", "addresses", "insights_series", "log_stored_gb", "image_gb", "file_systems",
           "efs_read_gb", "efs_written_gb", "s3_gb", "model_gb", "unread", "unknown", "remarks"}  # fmt: skip
SHAPES: list[tuple[Plan, dict[str, Any]]] = [
    (ONE, {"mode": "standalone", "tasks": ((SERVER),), "machines": (), "private": False, "nat_gateways": 0, "efs_gb": Decimal(0), "database": None, "private_zones": 0}),
    (ON_EC2, {"mode": "standalone", "tasks": (), "machines": (Machines(role="server", count=Decimal(1), instance_type="m6i.large", volume_gb=50, public=True),),
              "private": False, "nat_gateways": 0, "efs_gb": Decimal(0), "database": None, "private_zones": 0}),
    (KEPT, {"mode": "standalone", "tasks": (), "machines": (Machines(role="server", count=Decimal(1), instance_type="m6i.large", volume_gb=30, public=False, managed=True),),
            "private": True, "nat_gateways": 1, "efs_gb": Decimal(5), "database": None, "private_zones": 0}),
    (SEVERAL, {"mode": "multi-machine", "tasks": (COORDINATOR,), "machines": (RUNNERS,), "private": False, "nat_gateways": 1, "efs_gb": Decimal(5),
               "database": Database(instance_class="db.t4g.micro"), "private_zones": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("plan", "shape"), SHAPES, ids=["one", "ec2", "managed", "several"])
def test_a_shape_consists_of_what_its_template_makes(plan: Plan, shape: dict[str, Any]) -> None:
    told = {each.name: getattr(plan, each.name) for each in fields(plan)}
    assert {name: told[name] for name in shape} == shape
    assert {name: told[name] for name in DEFAULTS} == DEFAULTS
    assert {name for name in NOTHING if told[name]} == set()
    assert told.keys() == shape.keys() | DEFAULTS.keys() | NOTHING | {"traffic"}
    assert plan.traffic == Traffic(
        gb_per_hour=Decimal("0.01"), new_per_second=Decimal("0.01"), active=Decimal(10)
    )
