"""``doctor``: look, judge, write it down; repair and watch where that was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from ash_ops.commands import Result
from ash_ops.commands.ports import Page, Ports
from ash_ops.errors import ExitCode, UsageProblem
from ash_ops.examine import examine, judge

if TYPE_CHECKING:
    from ash_ops.checks.playbooks import Playbook
    from ash_ops.diagnosis import Report
    from ash_ops.examine import Looked
    from ash_ops.facts.snapshot import Snapshot

_NARROWEST = 40  # columns


@dataclass(frozen=True, slots=True, kw_only=True)
class DoctorRequest:
    """What was asked for.

    Attributes:
        playbooks: the chapters to limit the diagnosis to; none means all.
        format_name: one of ``report.FORMATS``.
        output: the file to write the report to; ``None`` prints it.
        save: the file to keep the facts in.
        source: the file to take the facts from, instead of asking AWS.
        offline_server: whether to leave the server itself alone.
        canary: whether to prove agents with a session.
        timeout: seconds for all reading together.
        ignore: causes of warnings to leave out, each with the reason.
        fail_on: ``warning`` where a warning too makes the exit code 3.
        fix: whether to repair what needs no decision.
        watch: whether to look again until interrupted.
        every: seconds between two looks.
    """

    playbooks: tuple[Playbook, ...] = ()
    format_name: str = "text"
    output: str | None = None
    save: str | None = None
    source: str | None = None
    offline_server: bool = False
    canary: bool = False
    timeout: float = 15.0
    ignore: Mapping[str, str] = field(default_factory=dict)
    fail_on: str = "error"
    fix: bool = False
    watch: bool = False
    every: float = 15.0


def doctor(ports: Ports, request: DoctorRequest) -> Result:
    """Find the root cause; with ``fix`` repair it, with ``watch`` go on until Ctrl-C.

    Raises:
        UsageProblem: what was asked for does not go together, or nobody can be asked.
        OpsError: AWS accepts no credentials, or a file cannot be read or written.
    """
    if request.source and (request.fix or request.watch or request.canary):
        raise UsageProblem(
            "Kept facts cannot be repaired, watched or probed",
            "--from reads a file and talks to nobody",
            "Leave out --fix, --watch and --canary, or leave out --from.",
        )
    if request.ignore:
        from ash_ops.silence import require_known

        require_known(request.ignore)
    first = _look(ports, request)
    if request.fix:
        code = _fix(ports, request, first)
        if request.watch:
            _watch(ports, request, _look(ports, request)[1])
        return Result(exit_code=ExitCode(code))
    report = first[1]
    if request.watch:
        _write(ports, request, report)
        _watch(ports, request, report)
    return Result(
        exit_code=_code(request, report), render=partial(_document, ports, request, report)
    )


def _code(request: DoctorRequest, report: Report) -> ExitCode:
    """The report's own; 3 for a warning as well, where that was asked for."""
    warned = any(f.severity == "warning" and f.until is None for f in report.findings)
    if request.fail_on == "warning" and warned and report.exit_code == ExitCode.OK:
        return ExitCode.PROBLEMS
    return report.exit_code


def _look(ports: Ports, request: DoctorRequest) -> Looked:
    """Read the facts and diagnose them."""
    if request.source:
        from ash_ops.snapshot.store import load_snapshot

        started = ports.clock()
        snapshot = load_snapshot(request.source)
        report = judge(snapshot, request.playbooks, started)
    else:
        snapshot, report = examine(
            ports.open_aws(),
            ports.settings.deployment,
            request.playbooks,
            probe=not request.offline_server,
            canary=request.canary,
            timeout=request.timeout,
        )
    if request.ignore:
        from ash_ops.silence import silenced

        report = silenced(report, request.ignore)
    if request.save:
        _save(ports, request.save, snapshot)
    return snapshot, report


def _save(ports: Ports, path: str, snapshot: Snapshot) -> None:
    from ash_ops.snapshot.store import save_snapshot

    save_snapshot(snapshot, path)
    ports.note(f"The facts were kept in {path}, with secrets masked.")


def _write(ports: Ports, request: DoctorRequest, report: Report) -> None:
    """Print a report that is not the command's last word."""
    ports.show(_document(ports, request, report))


def _document(ports: Ports, request: DoctorRequest, report: Report) -> str:
    """The report as it is to be printed; empty when it went to a file."""
    from ash_ops.report import render

    if request.output:
        from ash_ops.files import write_file

        write_file(request.output, render(report, request.format_name), option="--output")
        ports.note(f"The report is in {request.output}.")
        return ""
    if request.format_name == "text":
        return _for_a_person(ports.page, report)
    return render(report, request.format_name)


def _for_a_person(page: Page, report: Report) -> str:
    from ash_ops.report import text
    from ash_ops.style import style_for

    style = style_for(is_terminal=page.is_terminal, no_color=page.no_color)
    width = max(_NARROWEST, min(page.width or text.WIDTH, text.WIDTH))
    return text.render(report, style=style, verbose=page.verbose, width=width)


def _fix(ports: Ports, request: DoctorRequest, first: Looked) -> int:
    """Repair, and print one document; a person at a terminal sees first what is wrong."""
    from ash_ops.deploy.fix.run import Mending, mend

    is_text = request.format_name == "text" and not request.output
    if is_text:
        _write(ports, request, first[1])
    how = Mending(
        aws=ports.open_aws(),
        names=ports.settings.deployment,
        look=partial(_look, ports, request),
        say=ports.note,
        agree=partial(ports.dialogue.confirm, "Make these changes?"),
        show=partial(_write, ports, request),
        now=ports.clock,
        sleep=ports.sleep,
    )
    return mend(how, first, shown=is_text)


def _watch(ports: Ports, request: DoctorRequest, report: Report) -> None:
    """Look again until Ctrl-C; say only what changed."""
    from ash_ops.report.changes import changes

    ports.note(f"Watching; a look every {request.every:g} s. Ctrl-C ends it.")
    while True:
        ports.sleep(request.every)
        _, later = _look(ports, request)
        for line in changes(report, later):
            ports.show(f"{ports.now().astimezone():%H:%M:%S} {line}\n")
        report = later
