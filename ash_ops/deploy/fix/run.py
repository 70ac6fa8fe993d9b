"""``doctor --fix``: show the plan, ask, make the repairs, wait for the proof, and look again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from ash_ops.aws.session import Aws
from ash_ops.checks._facts import answers, is_coming_up
from ash_ops.deploy.fix.actions import Left, Plan, Repair, make, plan
from ash_ops.deploy.fix.targets import split
from ash_ops.diagnosis import Report
from ash_ops.errors import ExitCode, ReadFailed
from ash_ops.facts.snapshot import Snapshot
from ash_ops.names import Deployment

Looked = tuple[Snapshot, Report]

# A task starts and becomes healthy behind a network load balancer within four minutes
# (aws/containers-roadmap#469); a rule of the network works at once.
_PATIENCE = 300.0
_BETWEEN_LOOKS = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Mending:
    """What a repair is made with.

    Attributes:
        aws: the session.
        names: the deployment; only what is its own is changed.
        look: reads the facts and diagnoses them.
        say: tells the user something that is not data.
        agree: asks the user; raises where nobody can be asked.
        show: prints a report.
        now: a monotonic clock in seconds.
        sleep: waits.
    """

    aws: Aws
    names: Deployment
    look: Callable[[], Looked]
    say: Callable[[str], None]
    agree: Callable[[], bool]
    show: Callable[[Report], None]
    now: Callable[[], float]
    sleep: Callable[[float], None]


@dataclass(slots=True)
class _Done:
    """What became of the plan."""

    made: list[str] = field(default_factory=list)
    failure: ReadFailed | None = None


def mend(how: Mending, first: Looked, *, shown: bool) -> int:
    """Repair what can be repaired without a decision, and prove it.

    Args:
        how: the world.
        first: the facts and the report that the repairs are made from.
        shown: whether that report was printed already; else exactly one is printed, the last.

    Returns:
        The exit code: that of the last report, or 1 if a repair could not be made.

    Raises:
        OpsError: nobody can be asked. Nothing was changed.
    """
    snapshot, report = first
    wanted = _only_ours(how, plan(report, snapshot))
    _say_what_is_left(how, wanted.left)
    if not _wanted(how, wanted, report, shown=shown):
        if not shown:
            how.show(report)
        return report.exit_code
    done = _make_all(how, wanted)
    again = how.look()[1] if done.failure else _proven(how, wanted, report)
    how.show(again)
    return ExitCode.FAILED if done.failure else again.exit_code


def _only_ours(how: Mending, wanted: Plan) -> Plan:
    """The plan without what would change something that does not carry the deployment's tag."""
    ours, others = split(how.aws, how.names, wanted.repairs)
    left = [
        Left(r.finding, f"what it would change is not ours ({why})", (r.command,))
        for r, why in others
    ]
    return Plan(tuple(ours), (*wanted.left, *left))


def _wanted(how: Mending, wanted: Plan, report: Report, *, shown: bool) -> bool:
    """Show the plan and ask."""
    if not wanted.repairs:
        how.say(
            "Nothing here can be repaired without a decision of yours. Warnings are left alone."
        )
        return False
    how.say("\nThe plan:")
    for number, repair in enumerate(wanted.repairs, 1):
        how.say(
            f"  {number}. {repair.why}  [{repair.finding.cause}; {repair.interrupts.value}]\n"
            f"     $ {repair.command}"
        )
    try:
        agreed = how.agree()
    except Exception:
        if not shown:
            how.show(report)
        raise
    if not agreed:
        how.say("Nothing was changed.")
    return agreed


def _say_what_is_left(how: Mending, left: Iterable[Left]) -> None:
    for item in left:
        how.say(f"\nNot repaired: {item.finding.title} [{item.finding.cause}]: {item.why}.")
        for command in item.commands:
            how.say(f"     $ {command}")


def _make_all(how: Mending, wanted: Plan) -> _Done:
    """Make the repairs in order; the first that fails ends it, and all that was done is told."""
    done = _Done()
    for number, repair in enumerate(wanted.repairs, 1):
        try:
            changed = make(how.aws, repair)
        except ReadFailed as failure:
            done.failure = failure
            _say_how_far(how, done, wanted.repairs[number - 1 :], failure)
            break
        except KeyboardInterrupt:
            _say_how_far(how, done, wanted.repairs[number - 1 :], None)
            raise
        how.say(f"  {number}. {'done' if changed else 'was in place already'}")
        done.made.append(repair.why)
    return done


def _say_how_far(
    how: Mending, done: _Done, rest: Iterable[Repair], failure: ReadFailed | None
) -> None:
    first, *others = rest
    if failure is not None:
        how.say(f"\nIt could not be done: {first.why}")
        how.say(f"  why:  {failure.what}: {failure.why}")
        how.say(f"  next: {failure.next_step}")
    else:
        others = [first, *others]
    how.say("Done before: " + (" ".join(done.made) or "nothing."))
    if others:
        how.say("Not done: " + " ".join(repair.why for repair in others))
    if failure is not None:
        how.say("Looking again.")


def _proven(how: Mending, wanted: Plan, before: Report) -> Report:
    """Look until what was repaired is gone and nothing starts any more, for as long as that takes."""
    gone = _with_consequences(wanted, before)
    end = how.now() + _PATIENCE
    how.say(
        f"Waiting for the proof, {_PATIENCE / 60:.0f} minutes at most; Ctrl-C ends the waiting only."
    )
    while True:
        snapshot, report = how.look()
        left = {item.id for item in report.findings if item.severity == "error"} & gone
        starts = is_coming_up(snapshot) and not answers(snapshot)
        if (not left and not starts) or how.now() >= end:
            return report
        how.sleep(_BETWEEN_LOOKS)


def _with_consequences(wanted: Plan, report: Report) -> set[str]:
    """What was repaired, and all that it explained."""
    by_id = {item.id: item for item in report.findings}
    found: set[str] = set()
    todo = [repair.finding.id for repair in wanted.repairs]
    while todo:
        name = todo.pop()
        if name in by_id and name not in found:
            found.add(name)
            todo += by_id[name].explains
    return found
