"""What there is much of, in the service or beside it in the account, is read in bounds and told."""

from __future__ import annotations

from tests.ash_ops.fakes import world as w
from tests.ash_ops.fakes.aws import FakeAws
from tests.ash_ops.fakes.crowd import crowded
from tests.ash_ops.snapshot.conftest import Collect

P = "ash-cloud"


def test_tasks_are_described_a_hundred_at_a_time(look: Collect, shared_fake: FakeAws) -> None:
    running = [w.task(P, n) for n in range(1, 251)]
    snapshot = look(w.with_tasks({}, running, []))
    assert len(snapshot.tasks.get() or ()) == 250
    assert shared_fake.calls.count("ecs:DescribeTasks") == 3
    assert snapshot.limits == ()


def test_a_huge_service_is_read_in_part_and_says_so(look: Collect) -> None:
    snapshot = look(w.with_tasks({}, [w.task(P, n) for n in range(1, 801)], []))
    assert len(snapshot.tasks.get() or ()) == 500
    assert "500 running tasks" in snapshot.limits[0]


def test_other_services_of_the_account_cost_no_call_and_are_not_taken_for_this_one(
    look: Collect, shared_fake: FakeAws
) -> None:
    alone, asked = look(), sorted(shared_fake.calls)
    among = look(crowded(w.world(port=1), 300))
    assert sorted(shared_fake.calls) == asked
    assert among.target_groups.get() == alone.target_groups.get()
    assert among.load_balancers.get() == alone.load_balancers.get()


def test_the_deployment_is_found_on_a_later_page_of_the_accounts_balancers(
    look: Collect, shared_fake: FakeAws
) -> None:
    among = look(crowded(w.world(port=1), 450))
    assert shared_fake.calls.count("elbv2:DescribeLoadBalancers") == 2
    (found,) = among.load_balancers.get() or ()
    assert found.load_balancer_arn == w.balancer_arn(P)
