"""What is priced where nothing was chosen is what the bundled templates make: read from them once more here."""

from __future__ import annotations

from decimal import Decimal
from importlib.resources import files
from typing import Any

import pytest

from ash_ops.cost import plan as plan_module
from ash_ops.cost.basis import check_region
from ash_ops.cost.lines import quantities
from ash_ops.cost.plan import Machines, Plan, Tasks, default_plan
from ash_ops.cost.prices import bulk
from ash_ops.cost.prices.table import bundled
from ash_ops.cost.tokens.bill import Tokens
from ash_ops.cost.tokens.prices import price_of
from ash_ops.errors import UsageProblem
from ash_ops.template_parameters import MULTI_MACHINE, STANDALONE, document


def template(mode: str) -> dict[str, Any]:
    return document(files("ash_ops").joinpath(f"templates/{mode}.yaml").read_text("utf-8"))


def defaults(mode: str) -> dict[str, str]:
    return {name: each.get("Default", "") for name, each in template(mode)["Parameters"].items()}


def found(node: Any, name: str) -> list[str]:
    """Every value of a name, wherever it stands."""
    if isinstance(node, list):
        return [value for each in node for value in found(each, name)]
    if not isinstance(node, dict):
        return []
    here = [node[name]] if isinstance(node.get(name), str) else []
    return here + [value for each in node.values() for value in found(each, name)]


ONE, SEVERAL = defaults("standalone"), defaults("multi-machine")


def test_one_task_has_the_size_and_the_processor_of_the_template() -> None:
    plan = default_plan("standalone", "fargate")
    (task,) = plan.tasks
    assert (str(task.cpu), str(task.memory)) == (ONE["Cpu"], ONE["Memory"])
    assert (task.arch, task.role, task.spot) == (ONE["Architecture"].lower(), "server", False)
    assert plan.machines == ()
    assert plan.database is None
    assert plan.private_zones == 0


def test_an_instance_has_its_root_disk_and_the_one_for_data() -> None:
    plan = default_plan("standalone", "ec2")
    (machine,) = plan.machines
    (root,) = found(template("standalone")["Resources"], "VolumeSize")
    assert machine.volume_gb == int(root) + int(ONE["DataVolumeSize"])
    assert (machine.instance_type, machine.count) == (ONE["InstanceType"], 1)
    assert machine.public is (ONE["AssignPublicIp"] == "ENABLED")
    assert (plan.tasks, plan.efs_gb, machine.managed) == ((), 0, False)


def test_a_managed_instance_is_private_behind_a_gateway_with_its_data_on_files() -> None:
    """The template puts it into private subnets: it takes no public address of its own."""
    plan = default_plan("standalone", "managed")
    (machine,) = plan.machines
    (disk,) = found(template("standalone")["Resources"], "StorageSizeGiB")
    assert machine.volume_gb == int(disk)
    assert (machine.managed, machine.public) == (True, False)
    assert (plan.private, plan.nat_gateways) == (True, 1)
    assert plan.efs_gb == Decimal(5)
    assert plan.tasks == ()


def test_a_fleet_is_a_coordinator_and_runners_with_what_they_share() -> None:
    plan = default_plan("multi-machine")
    (task,), (machine,) = plan.tasks, plan.machines
    assert (str(task.cpu), str(task.memory)) == (SEVERAL["Cpu"], SEVERAL["Memory"])
    assert (task.role, task.arch) == ("coordinator", SEVERAL["Architecture"].lower())
    (root,) = found(template("multi-machine")["Resources"], "VolumeSize")
    assert machine.volume_gb == int(root)
    assert machine.count == Decimal(SEVERAL["RunnerCount"])
    assert (machine.role, machine.public) == ("runner", False)
    assert machine.instance_type == SEVERAL["InstanceType"]
    assert plan.database is not None
    assert plan.database.instance_class == SEVERAL["DatabaseClass"]
    assert plan.database.multi_az is (SEVERAL["DatabaseMultiAz"] == "true")
    storage = found(template("multi-machine")["Resources"], "AllocatedStorage")
    assert [str(plan.database.storage_gb)] == storage
    assert (plan.private_zones, plan.nat_gateways, plan.efs_gb) == (1, 1, Decimal(5))
    assert plan.services == 2


@pytest.mark.parametrize("mode", ["standalone", "multi-machine"])
def test_what_is_logged_counted_and_let_in_is_as_the_template_says(mode: str) -> None:
    plan, said = default_plan(mode), defaults(mode)
    assert str(plan.log_retention_days) == said["LogRetentionDays"]
    assert plan.insights == said["ContainerInsights"]
    assert plan.load_balancer_addresses == (2 if said["Scheme"] == "internet-facing" else 0)
    assert plan.load_balancers == 1


@pytest.mark.parametrize(
    ("region", "why"),
    [
        ("cn-north-1", "AWS China bills in CNY by a price list of its own, and ash-ops knows"),
        ("eusc-de-east-1", "the AWS European Sovereign Cloud bills in EUR by a price list of its"),
    ],
)
def test_a_partition_that_bills_in_another_currency_is_refused_by_its_name(
    region: str, why: str
) -> None:
    with pytest.raises(UsageProblem) as refused:
        check_region(region, bundled())
    assert refused.value.what == f"{region} cannot be priced"
    assert refused.value.why.startswith(why)
    assert refused.value.why.endswith("the price list in US dollars alone")


@pytest.mark.parametrize(
    ("region", "why"),
    [
        ("eu-west-9", "did you mean eu-west-3 or eu-west-2?"),
        ("us-east-11", "did you mean us-east-1"),
        ("mars", "there is no region of that name"),
    ],
)
def test_a_region_that_there_is_not_is_refused_with_those_that_are_written_alike(
    region: str, why: str
) -> None:
    with pytest.raises(UsageProblem) as refused:
        check_region(region, bundled())
    assert refused.value.what == f"The AWS region {region!r} is not known"
    assert refused.value.why.startswith(why)
    check_region("us-east-1", bundled())


@pytest.mark.parametrize(
    ("roles", "services"),
    [
        ((), 1),
        (("server",), 1),
        (("coordinator", "runner"), 2),
        (("coordinator", "runner", "runner 2", "runner 3"), 2),
    ],
)
def test_machines_of_several_kinds_run_one_service(roles: tuple[str, ...], services: int) -> None:
    plan = Plan(machines=tuple(Machines(role=role) for role in roles))
    assert plan.services == services


def test_tokens_are_added_by_kind_and_all_but_the_answer_is_sent() -> None:
    used = Tokens(Decimal(1), Decimal(20), Decimal(300), Decimal(4000))
    assert used.sent == 4301
    assert used.times(Decimal(2)) == Tokens(Decimal(2), Decimal(40), Decimal(600), Decimal(8000))
    assert Tokens().sent == 0
    assert Tokens().cost(price_of("claude-sonnet-5-5")) == 0


@pytest.mark.parametrize(
    ("size", "fits"), [(64 * 1024 * 1024, True), (64 * 1024 * 1024 + 1, False)]
)
def test_an_offer_file_of_more_than_64_mib_is_not_taken(
    monkeypatch: pytest.MonkeyPatch, size: int, fits: bool
) -> None:
    class Answer:
        def __enter__(self) -> Answer:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def read(self, most: int) -> bytes:
            return bytes(min(size, most))

    asked: list[str] = []

    def opened(url: str, timeout: float) -> Answer:
        assert timeout > 0, "it does not wait for ever"
        asked.append(url)
        return Answer()

    monkeypatch.setattr("urllib.request.urlopen", opened)
    if fits:
        assert len(bulk.fetch("/offers/v1.0/x")) == size
    else:
        with pytest.raises(OSError, match="larger than 67108864 bytes"):
            bulk.fetch("/offers/v1.0/x")
    assert asked == ["https://pricing.us-east-1.amazonaws.com/offers/v1.0/x"]


@pytest.mark.parametrize(("storage", "billed"), [(20, None), (21, 730), (200, 180 * 730)])
def test_twenty_gb_of_a_tasks_storage_are_free_and_each_more_is_billed(
    storage: int, billed: int | None
) -> None:
    """AWS, "AWS Fargate pricing": 20 GB of ephemeral storage come with every task."""
    found = quantities(Plan(tasks=(Tasks(role="server", storage_gb=storage),)))
    amounts = [each.amount for each in found if each.key == "fargate_ephemeral_gb_hour"]
    assert amounts == ([] if billed is None else [billed])


@pytest.mark.parametrize("mode", [STANDALONE, MULTI_MACHINE])
def test_templates_with_another_processor_are_priced_with_that(
    monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    """A g behind the generation of an instance type is Graviton: an m6i.large becomes an m6g.large."""
    real = plan_module.default

    def default(name: str, mode: str = STANDALONE) -> str:
        return "ARM64" if name == "Architecture" else real(name, mode)

    monkeypatch.setattr(plan_module, "default", default)
    plan = default_plan(mode)
    assert [task.arch for task in plan.tasks] == ["arm64"]
    families = [each.instance_type.partition(".")[0] for each in plan.machines]
    assert [family[-1] for family in families] == ["g"] * (mode == MULTI_MACHINE)
