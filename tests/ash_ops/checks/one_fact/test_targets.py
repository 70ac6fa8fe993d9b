"""Targets and their states: the fact that decides what is told of them."""

from __future__ import annotations

from tests.support.each import each
from tests.support.ladders import REFUSED, TWO, row, second, task
from tests.support.one_check import GONE, Row, holds

TG = "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/ash-cloud-tg/0123456789abcdef"
OTHER = "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/other/fedcba9876543210"
STRANGER = {"Target": {"Id": "10.0.1.99", "Port": 4100}, "TargetHealth": {"State": "healthy"}}


FOREIGN: dict[str, Row] = {
    "ours alone": ("foreign-targets", "", {}, "sound"),
    "none at all": ("foreign-targets", "", {"target_health": []}, "none of its business"),
    "a stranger that is healthy": (
        "foreign-targets", "", {"target_health.+": STRANGER}, "error target-foreign of target/10.0.1.99:4100",
        "it gets a share of the connections", f"deregister-targets --target-group-arn {TG} --targets Id=10.0.1.99,Port=4100",
    ),
    "a stranger that is not": (
        "foreign-targets", "", {"target_health.+": row("10.0.1.99", "unhealthy", "Target.Timeout")},
        "warning target-foreign of target/10.0.1.99:4100", "it gets connections if no target is healthy",
    ),
    "a stranger on its way out": ("foreign-targets", "", {"target_health.+": row("10.0.1.99", "draining")}, "sound"),
    "a task that stopped a moment ago": (
        "foreign-targets", "", {"target_health.+": STRANGER, "stopped_tasks": [task("10.0.1.99", lastStatus="STOPPED")]},
        "sound",
    ),
    "in one of two groups": (
        "foreign-targets", "", {"target_health.+": STRANGER, "target_groups.+": {
            "TargetGroupArn": OTHER, "TargetGroupName": "other", "TargetType": "ip"}},
        "error target-foreign of target/10.0.1.99:4100", "It is in one of the service's 2 target groups.",
        "!deregister-targets",
    ),
    "a target without an address": (
        "foreign-targets", "", {"target_health.0.Target.Id": ""}, "? a target was told without its address",
    ),
    "a task without one": (
        "foreign-targets", "", {"tasks.0.attachments": []}, "? the address of task 8f2c1d0e is not known",
    ),
    "two tasks of one address": (
        "foreign-targets", "", {"tasks.+": task("10.0.1.23")}, "? two tasks are told to have one address",
    ),
    "fewer tasks than ECS counts": (
        "foreign-targets", "", {"service.runningCount": 2},
        "? ECS counts 2 running tasks of the service and lists 1",
    ),
    "none where it counts one": (
        "foreign-targets", "", {"tasks": []}, "? ECS counts 1 running tasks of the service and lists none",
    ),
}  # fmt: skip
YOUNG = {
    "tasks.0.startedAt": "2026-11-22T11:56:01Z",
    "target_health.0.TargetHealth.State": "initial",
}
DOWN = {
    "target_health.0.TargetHealth": {
        "State": "unhealthy",
        "Reason": "Target.Timeout",
        "Description": "Request timed out",
    }
}


LOST = "error target-timeout of target/10.0.2.42:4100"
TARGETS: dict[str, Row] = {
    "healthy": ("target-health", "", {}, "sound"),
    "no balancer": ("target-health", "", {"service.loadBalancers": [], "target_groups": []}, "none of its business"),
    "one that times out": (
        "target-health", "", DOWN, "error target-timeout of target/10.0.1.23:4100",
        "Target 10.0.1.23:4100 is unhealthy (Target.Timeout): Request timed out (it asks HTTP /health on port traffic-port).",
        "Reason', value='Target.Timeout'", "logs --since 15m",
    ),
    "of no cause that is known": (
        "target-health", "", {"target_health.0.TargetHealth": {"State": "unhealthy"}},
        "error elb-healthcheck-failed of target/10.0.1.23:4100", "is unhealthy: the load balancer gives no reason",
        "Reason', value='none'", "Description', value='none'",
    ),
    "a state that nobody knows": (
        "target-health", "", {"target_health.0.TargetHealth.State": "pensive"},
        "? target 10.0.1.23 is in state 'pensive', which is not known",
    ),
    "in its first checks, for less than four minutes": (
        "target-health", "", YOUNG, "info target-initial-wait of target/10.0.1.23:4100 since 11:56:01",
        "started 3 min ago", "Wait until 12:00:01 UTC.", "doctor connection",
    ),
    "in its first checks, for four": (
        "target-health", "", {**YOUNG, "tasks.0.startedAt": "2026-11-22T11:56:00Z"},
        "error elb-healthcheck-failed of target/10.0.1.23:4100",
    ),
    "in its first checks, since nobody knows when": (
        "target-health", "", {**YOUNG, "tasks.0.startedAt": GONE}, "info target-initial-wait of target/10.0.1.23:4100",
        "first health checks: a network", "Wait until 12:04:00 UTC.",
    ),
    "nobody checks it, and it answers": (
        "target-health", "", {"target_health.0.TargetHealth": {"State": "unavailable", "Reason": "Target.HealthCheckDisabled"}},
        "warning target-healthcheck-disabled of target/10.0.1.23:4100",
    ),
    "nobody checks it, and it does not": (
        "target-health", "", {"target_health.0.TargetHealth": {"State": "unavailable", "Reason": "Target.HealthCheckDisabled"},
                              "probe.rungs": REFUSED},
        "error target-healthcheck-disabled of target/10.0.1.23:4100 stops answers now",
    ),
    "one of two is lost": (
        "target-health", "", second("unhealthy", "Target.Timeout"), LOST,
        "The others answer; whoever has a session there is cut off.",
    ),
    "one of two that is to stop is worth knowing": (
        "target-health", "", {**second("unhealthy", "Target.Timeout"), "tasks.1.desiredStatus": "STOPPED"},
        LOST.replace("error", "warning"), "!whoever has a session",
    ),
    "one of two that had less than four minutes": (
        "target-health", "", {**second("unhealthy", "Target.Timeout"), "tasks.1.startedAt": "2026-11-22T11:56:01Z",
                              "service.healthCheckGracePeriodSeconds": 0},
        LOST.replace("error", "warning"),
    ),
    "one of two that is in the grace of its service": (
        "target-health", "", {**second("unhealthy", "Target.Timeout"), "tasks.1.startedAt": "2026-11-22T11:50:01Z",
                              "service.healthCheckGracePeriodSeconds": 600},
        LOST.replace("error", "warning"),
    ),
    "one of two whose grace is over": (
        "target-health", "", {**second("unhealthy", "Target.Timeout"), "tasks.1.startedAt": "2026-11-22T11:50:00Z",
                              "service.healthCheckGracePeriodSeconds": 600}, LOST,
    ),
    "one of two in its first checks, for hours": ("target-health", "", second("initial"), "error elb-healthcheck-failed of target/10.0.2.42:4100"),
    "one of two that the balancer does not use": (
        "target-health", "", second("unused", "Target.NotInUse"), "error target-group-not-attached of target/10.0.2.42:4100",
    ),
    "a sick stranger says nothing": (
        "target-health", "", {"target_health.+": row("10.0.1.99", "unhealthy", "Target.Timeout")}, "sound",
    ),
    "none, and no task": (
        "target-health", "", {"target_health": [], "tasks": [], "probe.rungs": REFUSED, "service.runningCount": 0},
        "error no-registered-targets", "The load balancer has no target at all: no task runs.", "logs --previous",
    ),
    "none, and it answers": (
        "target-health", "", {"target_health": []}, "? the load balancer names no target, and yet the server answers",
    ),
    "none, and a task runs": (
        "target-health", "", {"target_health": [], "probe.rungs": REFUSED}, "error no-registered-targets",
        "task 8f2c1d0e runs but is not registered.", "register-targets", ["Id=10.0.1.23,Port=4100", '"Port": 4100'][1],
    ),
    "none, while the task comes up": (
        "target-health", "", {"target_health": [], "probe.rungs": REFUSED, "tasks.0.startedAt": "2026-11-22T11:56:01Z"}, "sound",
    ),
    "none, and the task was asked to stop": (
        "target-health", "", {"target_health": [], "probe.rungs": REFUSED, "tasks.0.desiredStatus": "STOPPED",
                              "tasks.0.stoppingAt": "2026-11-22T11:56:01Z"},
        "? task 8f2c1d0e is being stopped, since 3 min: whether ECS starts another cannot be told yet",
    ),
    "none, and it was asked to stop four minutes ago": (
        "target-health", "", {"target_health": [], "probe.rungs": REFUSED, "tasks.0.desiredStatus": "STOPPED",
                              "tasks.0.stoppingAt": "2026-11-22T11:56:00Z"},
        "error no-registered-targets",
    ),
    "a target of an instance is not registered by its address": (
        "target-health", "", {"target_health": [], "probe.rungs": REFUSED, "target_groups.0.TargetType": "instance"},
        "error no-registered-targets", "logs --previous", "!register-targets",
    ),
    "strangers alone": (
        "target-health", "", {"target_health": [STRANGER], "probe.rungs": REFUSED}, "error no-registered-targets",
        "None of the load balancer's targets is a task of this service: task 8f2c1d0e runs", "10.0.1.99 healthy",
    ),
}  # fmt: skip
UNLISTED: dict[str, Row] = {
    "each task is a target": ("unregistered-task", "", {}, "sound"),
    "no balancer": ("unregistered-task", "", {"service.loadBalancers": []}, "none of its business"),
    "none of ours is": ("unregistered-task", "", {"target_health": []}, "none of its business"),
    "one of two is not, after five minutes": (
        "unregistered-task", "", {**TWO, "tasks.1.startedAt": "2026-11-22T11:55:00Z"},
        "error target-not-registered of task/" + "b" * 32 + " since 11:55",
        "has run for 5 min, and the target group does not list its address 10.0.2.42: it gets no new connections, though it is wanted.",
        "ecs stop-task --cluster ash-cloud --task " + "b" * 32,
    ),
    "one of two is not yet": ("unregistered-task", "", {**TWO, "tasks.1.startedAt": "2026-11-22T11:55:01Z"}, "sound"),
    "one that did not start": ("unregistered-task", "", {**TWO, "tasks.1.startedAt": GONE}, "sound"),
}  # fmt: skip


@each("case", FOREIGN | {f"listed: {k}": v for k, v in UNLISTED.items()})
def test_whose_the_targets_are(case: Row) -> None:
    holds(case)


@each("case", TARGETS)
def test_what_the_states_of_targets_mean(case: Row) -> None:
    holds(case)
