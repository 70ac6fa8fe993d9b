"""What a person may say on the command line of ``deploy``, before anything of it is judged."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployOptions:
    """What the command line gave for ``deploy``; ``None`` where it gave nothing."""

    mode: str | None = None
    launch_type: str | None = None
    image: str | None = None
    cpu: int | None = None
    memory: int | None = None
    architecture: str | None = None
    instance_type: str | None = None
    max_sandboxes: int | None = None
    sandbox_memory: int | None = None
    vpc: str | None = None
    subnets: tuple[str, ...] = ()
    task_subnets: tuple[str, ...] = ()
    private: bool | None = None
    internal: bool | None = None
    allow_cidr: tuple[str, ...] = ()
    listener_port: int | None = None
    certificate: str | None = None
    hostname: str | None = None
    domain: str | None = None
    hosted_zone: str | None = None
    snapshots_bucket: str | None = None
    snapshots_region: str | None = None
    efs: bool | None = None
    file_system: str | None = None
    restored: bool | None = None
    volume: str | None = None
    boundary: str | None = None
    log_retention: int | None = None
    container_insights: str | None = None
    alarm_email: str | None = None
    alarm_topic: str | None = None
    alarm_budget: str | None = None
    runner_subnets: tuple[str, ...] = ()
    runner_count: int | None = None
    runner_memory: int | None = None
    database_class: str | None = None
    database_snapshot: str | None = None
