"""The group of commands, loaded one at a time, and what every command has in common.

The help of the group comes from the table below, so that ``ash-ops --help`` imports no command.
"""

from __future__ import annotations

import gc
import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

import click

from ash_client._version import __version__
from ash_ops.cli._context import Context
from ash_ops.cli._help import Command, GlobalOption
from ash_ops.errors import ExitCode, OpsError

# name -> (module, the sentence of the help); in the order in which a newcomer needs them.
COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("change.demo", "Try everything against an embedded emulator; no AWS account needed."),
    "deploy": ("change.deploy", "Deploy Ash: from .env to a running, verified server."),
    "status": ("look.status", "Show service, tasks, targets, version and URL on one screen."),
    "doctor": (
        "look.doctor",
        "Find the root cause of what is wrong, with evidence and the repair.",
    ),
    "explain": ("look.explain", "Say what a message of AWS or Ash means."),
    "logs": ("look.logs", "Print or follow the server's logs; nothing lost, nothing twice."),
    "health": ("look.health", "Ask the server how it is."),
    "connect": ("look.connect", "Print the two export lines a client needs."),
    "agent": ("change.agent", "Put an agent onto the server: `agent deploy DIR`."),
    "ask": ("look.ask", "Ask an agent, and print its answer as it comes."),
    "key": ("look.key", "Print the server's API key."),
    "cost": ("look.cost", "Estimate what it costs, line by line, with sources."),
    "rollout": ("change.rollout", "Run another image version, touching nothing else."),
    "rollback": ("change.rollback", "Go back to the version that ran before."),
    "stop": ("change.stop", "Stop it to save money; everything is kept."),
    "start": ("change.start", "Start what was stopped, and prove that it works."),
    "backup": ("change.backup", "Copy what it keeps, or list the copies; by AWS's own means."),
    "restore": ("change.restore", "Restore a copy into a new deployment."),
    "runners": (
        "change.runners",
        "Show the fleet of a multi-machine deployment, scale it, drain one.",
    ),
    "teardown": ("change.teardown", "Remove everything and prove that nothing billable is left."),
    "template": ("look.template", "Write the bundled templates out for editing."),
    "iam-policy": ("look.iam_policy", "Print the least-privilege IAM policy of a command."),
    "mcp": ("look.mcp", "Offer read-only tools to an assistant, over the Model Context Protocol."),
    "skill": ("look.skill", "Print the SKILL.md that teaches an assistant to use ash-ops."),
    "completion": ("look.completion", "Print the lines that make a shell complete ash-ops."),
}


def _regions(*asked: Any) -> Any:
    from ash_ops.cli import _values  # the help does without

    return _values.regions(*asked)


def _profiles(*asked: Any) -> Any:
    from ash_ops.cli import _values

    return _values.profiles(*asked)


GLOBAL_OPTIONS: tuple[tuple[tuple[str, ...], dict[str, Any]], ...] = (
    (
        ("--name",),
        {"metavar": "PREFIX", "help": "Deployment [env ASH_OPS_NAME; default ash-cloud]."},
    ),
    (
        ("--region",),
        {"help": "AWS region [env AWS_REGION; default us-east-1].", "shell_complete": _regions},
    ),
    (
        ("--profile",),
        {"help": "Named AWS profile [env AWS_PROFILE].", "shell_complete": _profiles},
    ),
    (
        ("--endpoint-url",),
        {"metavar": "URL", "help": "AWS emulator to use [env AWS_ENDPOINT_URL]."},
    ),
    (("--env-file",), {"metavar": "FILE", "help": "Lines of NAME=value [default .env, if there]."}),
    (
        ("-v", "--verbose"),
        {"is_flag": True, "help": "Show everything; and the calls made, on standard error."},
    ),
)


def _remember(ctx: click.Context, parameter: click.Parameter, value: object) -> None:
    """Keep a global option, wherever on the line it stands; the later one wins."""
    shared = ctx.ensure_object(Context)
    if value and parameter.name:
        shared.options[parameter.name] = value
        if parameter.name == "verbose":
            _show_calls()


def _show_calls() -> None:
    """Write a line for every AWS call to standard error."""
    import logging

    from ash_ops.aws.client.trace import CALLS

    class ToStandardError(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            click.echo(record.getMessage(), err=True)

    CALLS.handlers = [ToStandardError()]
    CALLS.setLevel(logging.INFO)
    CALLS.propagate = False


def _global_options() -> list[GlobalOption]:
    return [
        GlobalOption(names, callback=_remember, **attributes)
        for names, attributes in GLOBAL_OPTIONS
    ]


def _add_global_options(command: click.Command) -> None:
    """Let the global options stand behind a command's name, too, and behind those of its own group."""
    taken = {name for parameter in command.params for name in parameter.opts}
    command.params += [o for o in _global_options() if not taken & set(o.opts)]
    for inner in command.commands.values() if isinstance(command, click.Group) else ():
        _add_global_options(inner)


class LazyGroup(click.Group):
    """A group that imports a command's module only when that command is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the table's order."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command itself, imported now; the group's options work behind its name too."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"ash_ops.cli.{COMMANDS[cmd_name][0]}")
        command = Command.of(cmd_name, module.command)
        _add_global_options(command)
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take `help COMMAND` for `COMMAND --help`."""
        if args[:1] == ["help"]:
            args = [*args[1:2], "--help"]
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; one that is not there is answered with the closest that are."""
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            ctx.fail(f"No such command {args[0]!r}.{_meant(args[0], COMMANDS)}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; click itself would answer a closed pipe with exit code 1."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            return _reader_gone()

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands from the table, importing none."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(
    cls=LazyGroup,
    params=[*_global_options()],
    context_settings={
        "help_option_names": ["-h", "--help"],
        "max_content_width": 100,
        "show_default": True,
    },
)
@click.version_option(__version__, "-V", "--version", prog_name="ash-ops")
def group() -> None:
    """Deploy, diagnose, watch and price the Ash agent server on AWS ECS.

    Something wrong? Run `ash-ops doctor`. New here? Run `ash-ops demo`.
    """


def main(args: list[str] | None = None) -> None:
    """Run the command line and exit with its code; never a traceback for what a user can mend."""
    # pydantic would read what every installed package declares, in search of plugins to itself.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # A job that is cancelled or a container that is stopped gets a SIGTERM: what was begun is then
    # taken back and told as after Ctrl-C. Python sets handlers in its main thread only.
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    shared = Context()
    try:
        code = group.main(args, prog_name="ash-ops", standalone_mode=False, obj=shared)
    except OpsError as error:
        report_error(error, shared.told)
        code = error.exit_code
    except click.exceptions.Exit as stop:
        code = stop.exit_code
    except click.ClickException as error:
        _show_wrong_usage(error)
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        sys.stderr.write("\nInterrupted.\n")
        code = ExitCode.INTERRUPTED
    except BrokenPipeError:
        code = _reader_gone()
    except Exception as error:  # noqa: BLE001 - a fault of this program's own
        code = _report_fault(error)
    code = _flush(int(code or 0))
    _keep_compiled()
    gc.freeze()  # the interpreter would search everything loaded for garbage before it ends
    sys.exit(code)


def report_error(error: OpsError, told: Callable[[str], str]) -> None:
    """Write an error's three sentences to standard error; ``told`` completes the commands in them."""
    from shutil import get_terminal_size

    from ash_ops.wrapping import wrapped

    width = get_terminal_size().columns if sys.stderr.isatty() else None
    click.secho(wrapped(error.what, width), fg="red", bold=True, err=True)
    for label, text in (("why: ", error.why), ("next:", error.next_step)):
        click.echo(wrapped(f"  {label} {told(text)}", width, " " * 6), err=True)


def _meant(typed: str, known: Iterable[str]) -> str:
    """`` Did you mean 'doctor'?``, or nothing where nothing is close."""
    from difflib import get_close_matches  # loaded only to help after a mistake

    close = get_close_matches(typed.lower(), known, n=2, cutoff=0.6)
    return f" Did you mean {' or '.join(map(repr, close))}?" if close else ""


def _show_wrong_usage(error: click.ClickException) -> None:
    """Show click's own complaint, which quotes what was typed, and the value that was meant."""
    from io import StringIO

    from ash_ops.redact import clean

    told = StringIO()
    error.show(told)
    click.echo(clean(told.getvalue().rstrip("\n") + _value_meant(error)), err=True)


def _value_meant(error: click.ClickException) -> str:
    typed = re.match("'(.*)' is not one of", error.message)
    if not (typed and isinstance(error, click.BadParameter) and error.param):
        return ""
    kind = error.param.type
    return _meant(typed[1], kind.choices) if isinstance(kind, click.Choice) else ""


def _report_fault(error: Exception) -> ExitCode:
    """Say that the program itself failed, with the traceback, which may quote anything."""
    import traceback

    from ash_ops.redact import redact

    click.echo(redact("".join(traceback.format_exception(error))), err=True, nl=False)
    click.secho("ash-ops itself failed", fg="red", bold=True, err=True)
    click.echo("  why:  the lines above show where; it is not your mistake", err=True)
    click.echo("  next: Report it with these lines; secrets in them are masked.", err=True)
    return ExitCode.FAILED


def _flush(code: int) -> int:
    """Write what is still buffered; a reader that has gone away is not an error."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        return int(_reader_gone())
    return code


def _keep_compiled() -> None:
    """Keep the expressions that the command has compiled for the next one, once it has said all it has to say."""
    if "ash_ops.patterns.kept" in sys.modules:
        from ash_ops.patterns.kept import keep_compiled

        keep_compiled()


def _reader_gone() -> ExitCode:
    """A reader that has seen enough is no error."""
    # The interpreter flushes standard output once more at exit; give it somewhere to write.
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 -- open to the end
    os.dup2(sys.stdout.fileno(), 1)
    return ExitCode.OK
