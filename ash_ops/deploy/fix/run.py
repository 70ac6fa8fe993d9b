"""``doctor --fix``: show the plan, ask, make the repairs, wait for the proof, and look again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from ash_ops.aws.client.session import Aws
from ash_ops.deploy.fix.actions import Left, Plan, Repair, make, plan
from ash_ops.deploy.fix.exact import Line
from ash_ops.deploy.fix.proof import Looked, Waiting, wait_for_proof
from ash_ops.deploy.fix.targets import split
from ash_ops.diagnosis import Report
from ash_ops.errors import ExitCode, OpsError
from ash_ops.names import Deployment
from ash_ops.repairs.acts import Act, Outcome


def _no_progress(_: str) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mending:
    """What a repair is made with.

    Attributes:
        aws: the session.
        names: the deployment; only what is its own is changed.
        look: reads the facts and diagnoses them.
        say: tells the user something that is not data.
        agree: asks the user; raises where nobody can be asked.
        show: prints a report, with what was done.
        run: runs a command of ash-ops by its words; answers with its exit code.
        now: a monotonic clock in seconds.
        sleep: waits.
        progress: shows what is waited for, in place of what it showed before.
        lose_sessions: whether a task that serves may be replaced.
        consent: asks a person, and nobody else, about one thing that is not ours; ``None`` where
            such things are left alone.
    """

    aws: Aws
    names: Deployment
    look: Callable[[], Looked]
    say: Callable[[str], None]
    agree: Callable[[], bool]
    show: Callable[[Report, Sequence[Act]], None]
    run: Callable[[Sequence[str]], int]
    now: Callable[[], float]
    sleep: Callable[[float], None]
    progress: Callable[[str], None] = _no_progress
    lose_sessions: bool = False
    consent: Callable[[str], bool] | None = None


@dataclass(slots=True)
class _Done:
    """What became of the plan."""

    acts: list[Act] = field(default_factory=list)
    failure: OpsError | None = None


def mend(how: Mending, first: Looked, *, shown: bool) -> int:
    """Repair what can be repaired without a decision, and prove it.

    Args:
        how: the world.
        first: the facts and the report that the repairs are made from.
        shown: whether that report was printed already; else exactly one is printed, the last.

    Returns:
        The exit code: that of the last report, or 1 if a repair could not be made.

    Raises:
        OpsError: nobody can be asked, and nothing was changed; or the deployment could not be
            looked at afterwards, and what was done is told.
    """
    snapshot, report = first
    wanted = plan(how.aws, how.names, report, snapshot, lose_sessions=how.lose_sessions)
    wanted = _only_ours(how, wanted)
    _say_what_is_left(how, wanted.left)
    left = _left_acts(wanted.left)
    if not _wanted(how, wanted, report, shown=shown):
        if not shown:
            how.show(report, (*_not_tried(wanted.repairs, "the answer was no"), *left))
        return report.exit_code
    done = _make_all(how, wanted)
    acts = (*done.acts, *left)
    try:
        again = how.look()[1] if done.failure else _proven(how, wanted, report)
    except OpsError:
        how.show(report, acts)  # the last that is known, and what was done
        raise
    how.show(again, acts)
    return ExitCode.FAILED if done.failure else again.exit_code


def _only_ours(how: Mending, wanted: Plan) -> Plan:
    """The plan without the findings whose repair would change what is not the deployment's own."""
    _, others = split(how.aws, how.names, wanted.repairs)
    refused = [(repair, why) for repair, why in others if not _adopted(how, repair, why)]
    foreign = {repair.finding.id for repair, _ in refused}
    ours = [repair for repair in wanted.repairs if repair.finding.id not in foreign]
    left = [
        Left(r.finding, f"what it would change is not ours ({why})", (r.command,))
        for r, why in refused
    ]
    return Plan(tuple(ours), (*wanted.left, *left))


def _adopted(how: Mending, repair: Repair, why: str) -> bool:
    """Whether a person agrees to change this one thing that is not ours; nothing is tagged."""
    question = f"$ {repair.command}\nThis changes what is not ours: {why}. Make it all the same?"
    return how.consent is not None and how.consent(question)


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
            how.show(report, _not_tried(wanted.repairs, "nobody could be asked"))
        raise
    if not agreed:
        how.say("Nothing was changed.")
    return agreed


def _say_what_is_left(how: Mending, left: Iterable[Left]) -> None:
    for item in left:
        how.say(f"\nNot repaired: {item.finding.title} [{item.finding.cause}]: {item.why}.")
        for command in item.commands:
            how.say(f"     $ {command}")


def _left_acts(left: Iterable[Left]) -> list[Act]:
    return [
        Act(
            finding=item.finding.id,
            why=item.finding.title,
            command=" && ".join(item.commands),
            outcome="not made",
            reason=item.why,
        )
        for item in left
    ]


def _act(repair: Repair, outcome: Outcome, reason: str = "") -> Act:
    return Act(
        finding=repair.finding.id,
        why=repair.why,
        command=repair.command,
        outcome=outcome,
        reason=reason,
    )


def _make_all(how: Mending, wanted: Plan) -> _Done:
    """Make the repairs in order; the first that fails ends it, and all that was done is told."""
    done = _Done()
    for number, repair in enumerate(wanted.repairs, 1):
        rest = wanted.repairs[number:]
        how.progress(f"{number} of {len(wanted.repairs)}: {repair.why}")
        try:
            changed = _make(how, repair)
        except OpsError as failure:
            done.failure = failure
            _say_how_far(how, done, rest, failure, repair)
            done.acts.append(_act(repair, "failed", str(failure)))
            done.acts += _not_tried(rest, f"a step before it failed: {failure.what}")
            break
        except KeyboardInterrupt:
            _say_how_far(how, done, (repair, *rest))
            raise
        how.say(f"  {number}. {'done' if changed else 'was in place already'}")
        done.acts.append(_act(repair, "done" if changed else "in place"))
    return done


def _not_tried(rest: Iterable[Repair], reason: str) -> list[Act]:
    return [_act(repair, "not made", reason) for repair in rest]


def _make(how: Mending, repair: Repair) -> bool:
    """Make one repair; false if it was in place already.

    Raises:
        OpsError: it could not be made.
    """
    if not isinstance(repair.execution, Line):
        return make(how.aws, repair.execution)
    code = how.run(repair.execution.words)
    if code == ExitCode.FAILED:
        raise OpsError(
            f"`{repair.command}` was not carried out", "it says why above", "Run it by itself."
        )
    return True  # also where its own proof failed: the doctor looks again


def _say_how_far(
    how: Mending,
    done: _Done,
    rest: Sequence[Repair],
    failure: OpsError | None = None,
    failed: Repair | None = None,
) -> None:
    if failure is not None and failed is not None:
        how.say(f"\nIt could not be done: {failed.why}")
        how.say(f"  why:  {failure.what}: {failure.why}")
        how.say(f"  next: {failure.next_step}")
    how.say("Done before: " + (" ".join(act.why for act in done.acts) or "nothing."))
    if rest:
        how.say("Not done: " + " ".join(repair.why for repair in rest))
    if failure is not None:
        how.say("Looking again.")


def _proven(how: Mending, wanted: Plan, before: Report) -> Report:
    waiting = Waiting(how.look, how.say, how.progress, how.now, how.sleep)
    return wait_for_proof(waiting, [repair.finding.id for repair in wanted.repairs], before)
