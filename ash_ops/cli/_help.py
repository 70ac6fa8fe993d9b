"""How a command's help is laid out: its options in groups, and those of every command last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import click

GLOBAL: Final = "Options of every command"
_OTHER: Final = "Options"

# Of commands with many options: which belong together, in this order.
_GROUPS: Final[Mapping[str, Mapping[str, str]]] = {
    "deploy": {
        "Size": "mode launch_type image cpu memory architecture instance_type max_sandboxes sandbox_memory",
        "Network": "vpc subnets task_subnets private internal allow_cidr listener_port certificate hostname domain hosted_zone",
        "Data": "snapshots_bucket snapshots_region efs file_system restored volume",
        "Runners and database": "runner_subnets runner_count runner_memory database_class database_snapshot",
        "Logs, alarms and rights": "log_retention container_insights alarm_email alarm_topic alarm_budget boundary",
        "How it is done": "plan_only yes no_wait canary drain template adopt lose_data skip_check",
    },
    "doctor": {
        "What is looked at": "source offline_server canary timeout ignore fail_on",
        "What is written": "format_name brief output save",
        "Repairing": "fix yes lose_sessions adopt",
        "Watching": "wait watch every notify",
    },
    "logs": {
        "Which lines": "follow since until lines pattern grep task previous level health group late_window",
        "How they are printed": "form local raw hints",
    },
    "cost": {
        "What is priced": "planned compare hold actual days prices budget",
        "Size": "mode launch_type cpu memory architecture spot runners instance_type volume ephemeral_storage",
        "Network": "private nat endpoints internal tls traffic_gb connections",
        "Data": "efs database s3 image_gb secrets",
        "Watching": "container_insights log_gb log_retention alarms",
        "The model": "model token_price messages_per_day",
        "Output": "output yes",
    },
}


class Command(click.Command):
    """A command whose options are shown in groups."""

    groups: Mapping[str, str]

    @classmethod
    def of(cls, name: str, command: click.Command) -> click.Command:
        """The same command, shown so; a group of commands with each of its own.

        Args:
            name: as it is typed behind ``ash-ops``.
            command: as it was declared.
        """
        if isinstance(command, click.Group):
            inner = {n: cls.of(f"{name} {n}", each) for n, each in command.commands.items()}
            command.commands = inner
            return command
        same = ("name", "context_settings", "callback", "params", "help", "epilog", "short_help")
        shown = cls(**{field: getattr(command, field) for field in same})
        shown.groups = _GROUPS.get(name, {})
        return shown

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write a section for each group that has options."""
        of = {name: group for group, names in self.groups.items() for name in names.split()}
        found: dict[str, list[tuple[str, str]]] = {g: [] for g in (_OTHER, *self.groups, GLOBAL)}
        for parameter in self.get_params(ctx):
            is_global = isinstance(parameter, GlobalOption) or parameter.name == "help"
            record = parameter.get_help_record(ctx)
            if isinstance(parameter, click.Option) and record is not None:
                found[GLOBAL if is_global else of.get(parameter.name or "", _OTHER)].append(record)
        for heading, rows in found.items():
            if rows:
                with formatter.section(heading):
                    formatter.write_dl(rows)


class GlobalOption(click.Option):
    """An option that every command takes."""

    def __init__(self, names: tuple[str, ...], **attributes: Any) -> None:
        super().__init__(names, expose_value=False, **attributes)


def own_options(command: click.Command) -> Iterator[click.Option]:
    """The options that are this command's alone."""
    for parameter in command.params:
        if isinstance(parameter, click.Option) and not isinstance(parameter, GlobalOption):
            yield parameter
