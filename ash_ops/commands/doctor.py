"""``doctor``: look, judge, write it down; repair and watch where that was asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from ash_ops.commands import Result
from ash_ops.commands.ports import Page, Ports
from ash_ops.errors import CredentialsProblem, ExitCode, UsageProblem
from ash_ops.examine import examine, judge

if TYPE_CHECKING:
    from ash_ops.checks.playbooks import Playbook
    from ash_ops.diagnosis import Report
    from ash_ops.examine import Looked
    from ash_ops.facts.snapshot import Snapshot
    from ash_ops.repairs.acts import Act
    from ash_ops.webhook import Webhook

_NARROWEST = 40  # columns


class DoctorRequest(Struct, frozen=True, kw_only=True):
    """What was asked for.

    Attributes:
        playbooks: the chapters to limit the diagnosis to; none means all.
        format_name: one of ``report.FORMATS``; ``None`` for the one that the ending of ``output``
            asks for, and text where there is none.
        brief: with ``json``, only what an assistant needs: under some 1,000 tokens.
        output: the file to write the report to; ``None`` prints it.
        save: the file to keep the facts in.
        source: the file to take the facts from, instead of asking AWS.
        offline_server: whether to leave the server itself alone.
        canary: whether to prove agents with a session.
        timeout: seconds for all reading together.
        ignore: causes of warnings to leave out, each with the reason.
        fail_on: ``warning`` where a warning too makes the exit code 3.
        fix: whether to repair what needs no decision.
        lose_sessions: with ``fix``, whether a task that serves may be replaced.
        adopt: with ``fix``, whether to ask about what is not ours, thing by thing.
        wait: whether to look again while time alone may settle the verdict.
        watch: whether to look again until interrupted.
        every: seconds between two looks.
        notify: with ``watch``, the address to which a new verdict is posted.
    """

    playbooks: tuple[Playbook, ...] = ()
    format_name: str | None = None
    brief: bool = False
    output: str | None = None
    save: str | None = None
    source: str | None = None
    offline_server: bool = False
    canary: bool = False
    timeout: float = 15.0
    ignore: Mapping[str, str] = field(default_factory=dict)
    fail_on: str = "error"
    fix: bool = False
    lose_sessions: bool = False
    adopt: bool = False
    wait: bool = False
    watch: bool = False
    every: float = 15.0
    notify: str | None = None

    @property
    def form(self) -> str:
        """One of ``report.FORMATS``: what was asked for, else what the file's ending asks for."""
        from ash_ops.report import format_of

        return self.format_name or format_of(self.output or "")


def doctor(ports: Ports, request: DoctorRequest) -> Result:
    """Find the root cause; with ``fix`` repair it, with ``watch`` go on until Ctrl-C.

    Raises:
        UsageProblem: what was asked for does not go together, or nobody can be asked.
        OpsError: AWS accepts no credentials, or a file cannot be read or written.
    """
    if request.source and (request.fix or request.wait or request.watch or request.canary):
        raise UsageProblem(
            "Kept facts cannot be repaired, watched or probed",
            "--from reads a file and talks to nobody",
            "Leave out --fix, --wait, --watch and --canary, or leave out --from.",
        )
    if request.ignore:
        from ash_ops.silence import require_known

        require_known(request.ignore)
    if request.brief and request.form != "json":
        raise UsageProblem(
            "Only the JSON document has a brief form",
            f"--format is {request.form}",
            "Add --format json, or leave out --brief.",
        )
    hook = _hook(request)
    first = _look(ports, request)
    if request.fix:
        code = _fix(ports, request, first)
        if request.watch:
            _watch(ports, request, _look(ports, request)[1], hook)
        return Result(exit_code=ExitCode(code))
    if request.wait:
        first = _settled(ports, request, first)
    report = first[1]
    if request.watch:
        _write(ports, request, first)
        _watch(ports, request, report, hook)
    return Result(
        exit_code=_code(request, report), render=partial(_document, ports, request, first)
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


def _write(
    ports: Ports, request: DoctorRequest, looked: Looked, acts: Sequence[Act] | None = None
) -> None:
    """Print a report that is not the command's last word, and what ``--fix`` did."""
    ports.dialogue.settle()
    ports.show(_document(ports, request, looked, acts))


def _document(
    ports: Ports, request: DoctorRequest, looked: Looked, acts: Sequence[Act] | None = None
) -> str:
    """The report as it is to be printed; empty when it went to a file."""
    from ash_ops.report import render

    snapshot, report = looked
    if request.output:
        from ash_ops.files import write_file

        document = render(report, request.form, acts, snapshot)
        write_file(request.output, document, option="--output")
        ports.note(f"The report is in {request.output}.")
        return ""
    if request.form == "text":
        return _for_a_person(ports.page, looked)
    return _brief(report) if request.brief else render(report, request.form, acts, snapshot)


def _brief(report: Report) -> str:
    import json

    from ash_ops.assistant import brief
    from ash_ops.report import render

    short = brief.doctor(json.loads(render(report, "json")))
    return json.dumps(short, ensure_ascii=False, separators=(",", ":")) + "\n"


def _for_a_person(page: Page, looked: Looked) -> str:
    """The answer on one screen; all of it where more is wanted."""
    from ash_ops.report import screen, text
    from ash_ops.style import style_for

    snapshot, report = looked
    style = style_for(is_terminal=page.is_terminal, no_color=page.no_color)
    if page.verbose:
        width = max(_NARROWEST, min(page.width or text.WIDTH, text.WIDTH))
        return text.render(report, style=style, verbose=True, width=width)
    width = max(_NARROWEST, min(page.width or screen.WIDTH, text.WIDTH))
    return screen.render(report, snapshot, style=style, width=width)


def _fix(ports: Ports, request: DoctorRequest, first: Looked) -> int:
    """Repair, and print one document; a person at a terminal sees first what is wrong."""
    from ash_ops.deploy.fix.run import Mending, mend

    is_text = request.form == "text" and not request.output
    if is_text:
        _write(ports, request, first)
    seen = [first[0]]  # the facts of the last look, for the format that draws them

    def look() -> Looked:
        looked = _look(ports, request)
        seen[0] = looked[0]
        return looked

    how = Mending(
        aws=ports.open_aws(),
        names=ports.settings.deployment,
        look=look,
        say=partial(_say, ports),
        agree=partial(ports.dialogue.confirm, "Make these changes?"),
        show=lambda report, acts: _write(ports, request, (seen[0], report), acts),
        run=ports.run,
        now=ports.clock,
        sleep=ports.sleep,
        progress=_progress(ports),
        lose_sessions=request.lose_sessions,
        consent=ports.dialogue.consent if request.adopt else None,
    )
    code = mend(how, first, shown=is_text)
    if not request.wait or code != ExitCode.INCONCLUSIVE:
        return code
    last = _settled(ports, request, _look(ports, request))
    _write(ports, request, last)
    return last[1].exit_code


def _settled(ports: Ports, request: DoctorRequest, first: Looked) -> Looked:
    """Wait where time alone may settle the verdict."""
    from ash_ops.commands.watching import settled

    return settled(ports, partial(_look, ports, request), first, _progress(ports))


def _say(ports: Ports, text: str) -> None:
    """Tell something below the line of progress; a command in it is not broken, it is to be copied."""
    ports.dialogue.settle()
    ports.note(text)


def _progress(ports: Ports) -> Callable[[str], None]:
    """A line in place of the last on a terminal; elsewhere one line for each thing waited for."""
    began, last = ports.clock(), [""]

    def show(line: str) -> None:
        ports.dialogue.live([f"{ports.clock() - began:3.0f} s  {line}"])
        if line != last[0]:
            ports.dialogue.event(line)
            last[0] = line

    return show


def _watch(ports: Ports, request: DoctorRequest, report: Report, hook: Webhook | None) -> None:
    """Look again until Ctrl-C; where the credentials were refused, with those that are there by then."""
    from ash_ops.commands.watching import Watching, watch

    was_refused = False

    def look() -> Report:
        nonlocal was_refused
        opened = replace(ports, open_aws=ports.renew_aws if was_refused else ports.open_aws)
        try:
            found = _look(opened, request)[1]
        except CredentialsProblem:
            was_refused = True
            raise
        was_refused = False
        return found

    how = Watching(
        ports=ports,
        look=look,
        every=request.every,
        notify=hook,
        as_json=request.form == "json",
    )
    watch(how, report)


def _hook(request: DoctorRequest) -> Webhook | None:
    """Where a new verdict is posted.

    Raises:
        UsageProblem: nothing can be posted there, or nothing will ever be.
    """
    if request.notify is None:
        return None
    if not request.watch:
        raise UsageProblem(
            "--notify says nothing without --watch",
            "it posts whenever the verdict changes while the doctor watches",
            "Add --watch.",
        )
    from ash_ops.webhook import webhook

    return webhook(request.notify)
