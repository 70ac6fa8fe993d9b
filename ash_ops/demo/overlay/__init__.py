"""What the emulator lacks, and the only place that touches its private names.

ministack answers the AWS APIs but has no Fargate tasks, no network load balancers and no targets
that can be ill; the modules here put that right, each for one service:

``stacks``         CloudFormation: visible progress, planned failures
``drift``          CloudFormation: what was deleted is made anew
``resources``      CloudFormation: how resources become ECS services, secrets and rules
``containers``     ECS: tasks with interfaces and a real listening server
``machines.hosts`` ECS: container instances, as Auto Scaling groups start them
``machines.capacity`` ECS: capacity providers, and the instances that managed scaling starts
``machines.protection`` ECS: tasks that it may not end of its own accord
``archive``        EventBridge: what ECS says of its tasks, kept in a log group
``rollouts``       ECS: service events, service deployments and revisions
``load_balancers`` ELB: network load balancers that listen
``targets``        ELB: targets, registered by tasks, and their health
``network``        EC2: a default VPC that has a route to the internet, interfaces with addresses
``security_groups`` EC2: rules, one for each source
``log_groups``     CloudWatch Logs: paging, prefixes and patterns of FilterLogEvents
``identity``       IAM: the caller as a user with permissions
``backups``        AWS Backup: recovery points of file systems, and new ones made of them
``extras``         services ministack does not know: quotas, prices
``state``          the stores, as plain dictionaries, for ``ash_ops.demo.mutations``

Because private names are used, the emulator is pinned exactly in ``pyproject.toml`` and
``tests/ash_ops/demo/test_overlay_canary.py`` fails when one of them moves.
"""

from __future__ import annotations

from ash_ops.demo.overlay import (
    backups,
    containers,
    drift,
    identity,
    load_balancers,
    log_groups,
    network,
    rollouts,
    security_groups,
    stacks,
    targets,
)
from ash_ops.demo.overlay.machines import hosts, instance_types, protection


def install() -> None:
    """Put the overlay over a freshly imported ministack; once a process."""
    network.install()
    security_groups.install()
    load_balancers.install()
    targets.install()
    containers.install()
    hosts.install()
    protection.install()
    instance_types.install()
    rollouts.install()
    log_groups.install()
    stacks.install()
    drift.install()
    backups.install()
    identity.create_operator()
