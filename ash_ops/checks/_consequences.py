"""What follows from what: sets of causes that checks declare as their consequences."""

from __future__ import annotations

# Somebody wanted it so: what follows from it is no outage.
STOPPED_ON_PURPOSE = "stopped-on-purpose"

# What AWS does to a task that was well; ECS puts another in its place.
TAKEN_AWAY = frozenset({"infrastructure-health", "spot-interruption", "fargate-maintenance"})

# What a caller meets when nothing answers behind the load balancer.
NOTHING_ANSWERS = (
    "conn-refused",
    "conn-reset",
    "conn-timeout",
    "app-unhealthy-5xx",
)

# The server's own health check, of a server that answers nobody.
UNANSWERED_CHECK = "container-healthcheck-failed:unanswered"

# What a subnet without its way to an internet gateway does to the tasks that go out through it.
CLOSED_SUBNET = "closed-subnet"

# That the task's own groups let it out to some of what it needs: told of its data, besides the internet.
TASKS_OWN_GROUP = "own"

# What the load balancer says when no task answers it.
NO_TARGET = (
    *NOTHING_ANSWERS,
    "no-registered-targets",
    "target-not-registered",
    "elb-healthcheck-failed",
    "target-timeout",
)

# What ECS and CloudFormation say when tasks keep failing.
ROLLOUT_FAILS = (
    "crash-loop",
    "circuit-breaker",
    "deployment-rolled-back",
    "deployment-in-progress",
    "rollout-stuck",
    "rollout-stopped",
    "rollback-failed",
    "cfn-not-stabilized",
    "cfn-secondary",
    "cfn-rollback-complete",
)

# What the runners of a coordinator say that is not there.
NO_COORDINATOR = ("ash-no-runner:runners", "ash-runner-missing:runners", "coordinator-unreachable")

# All that follows when no task can start, or when every task dies.
NO_TASK = (*NO_TARGET, *ROLLOUT_FAILS, *NO_COORDINATOR, "fewer-tasks-than-desired")

# All that follows when the stack could not be made.
NO_SERVICE = (
    *NO_TASK,
    "aws-not-found",
    "service-missing",
    "target-group-not-attached",
    "dns-nxdomain",
)
