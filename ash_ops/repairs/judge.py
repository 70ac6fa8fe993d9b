"""Every printed repair is tried on the facts first: one that makes something worse is not printed.

The doctor's own diagnosis of the changed facts is the judge. A step that changes nothing is left
out; one that AWS would refuse, or after which the doctor would find something broken that is whole
now, loses its command and says what a person must decide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from ash_ops.checks.base import Effect, Finding, Fix, Interruption
from ash_ops.checks.commands import Command, command_of
from ash_ops.facts.snapshot import Snapshot
from ash_ops.repairs.effects import effect
from ash_ops.repairs.interruptions import interruption

# More things than these are not wrong at once, or no list of commands would help.
_MOST_CAUSES = 4

Errors = dict[str, Finding]
"""The findings of severity error, by their ids."""


class Judge(Struct, frozen=True):
    """Tries the steps of repairs on the facts they were made from.

    Attributes:
        snapshot: the facts.
        errors: what is broken on them.
        diagnose: what would be broken on others.
        others: all that was found on them, errors or not, by ids.
    """

    snapshot: Snapshot
    errors: Errors
    diagnose: Callable[[Snapshot], Errors]
    others: Errors

    def judged(self, item: Finding) -> Finding:
        """A finding with the steps of its repair tried one after the other."""
        if not any(step.command for step in item.fix):
            return item
        return replace(item, fix=tuple(self._looking_there(self._tried(item))))

    def _looking_there(self, steps: Iterable[Fix]) -> Iterator[Fix]:
        """What a second deployment repairs is looked at there: the first one stays as it is."""
        beside = ""
        for step in steps:
            command = command_of(step) if step.command else None
            if command is not None and command.program == "ash-ops":
                name = command.options.get("name", "")
                if command.name == "deploy" and name not in {"", self.snapshot.deployment.name}:
                    beside = f" --name {name}"
                elif command.name == "doctor" and beside and not name:
                    step = replace(step, command=f"{step.command}{beside}")
            yield step

    def _tried(self, item: Finding) -> Iterator[Fix]:
        facts = self.snapshot
        for step in item.fix:
            command = command_of(step)
            if command is None:
                yield step
                continue
            found = effect(facts, command)
            if found.refusal:
                yield _left_to_a_person(step, f"AWS would refuse the call now: {found.refusal}.")
                continue
            if found.facts is facts:
                continue  # it is so already
            broken = self._broken(found.facts) if found.facts is not None else ()
            if broken:
                before = self._before(facts, command)
                if before is not None:
                    steps, facts = before
                    yield from (self._told(*each) for each in steps)
                    yield self._told(step, command)
                    continue
                yield _left_to_a_person(step, f"It would break what works: {broken[0]}", broken)
                continue
            if found.facts is not None and command.options.get("force-new-deployment"):
                for other, its_own in self._other_causes(found.facts, item):
                    facts = effect(facts, its_own).facts or facts
                    yield self._told(other, its_own)
                found = effect(facts, command)
                if found.facts is facts:
                    continue  # one of the others starts fresh tasks already
            facts = found.facts or facts
            yield self._told(step, command)

    def _other_causes(self, facts: Snapshot, item: Finding) -> list[tuple[Fix, Command]]:
        """What else would stop the tasks that a restart starts: told with it, not after it."""
        ids = [
            each.id
            for each in self.diagnose(facts).values()
            if each.effect is Effect.NEXT_START and each.cause != item.cause
        ]
        return self._mending(facts, ids)

    def _before(
        self, facts: Snapshot, command: Command
    ) -> tuple[list[tuple[Fix, Command]], Snapshot] | None:
        """The repairs of other findings after which a step breaks nothing any more, if there are.

        A second cause that only warns while a task runs would stop the next start just as well.
        """
        steps: list[tuple[Fix, Command]] = []
        after = effect(facts, command).facts
        for _ in range(_MOST_CAUSES):
            ids = [] if after is None else [b.id for b in self._new(after)]
            if not ids:
                return (steps, after) if after is not None else None
            mending = self._mending(facts, ids)
            if not mending:
                return None
            for step, each in mending:
                facts = effect(facts, each).facts or facts
                steps.append((step, each))
            after = effect(facts, command).facts
        return None

    def _mending(self, facts: Snapshot, ids: Iterable[str]) -> list[tuple[Fix, Command]]:
        """The steps of the first of these findings whose effect is known, and a change."""
        for id_ in ids:
            steps = [(s, command_of(s)) for s in self.others[id_].fix] if id_ in self.others else []
            known = [
                (replace(step, why=f"Before that: {step.why}"), command)
                for step, command in steps
                if command is not None and effect(facts, command).facts not in (None, facts)
            ]
            if known:
                return known[:1]
        return []

    def _told(self, step: Fix, command: Command) -> Fix:
        """A step with what it interrupts; one that takes something away for good is not printed."""
        interrupts = interruption(self.snapshot, command)
        if interrupts in {Interruption.SERVICE, Interruption.DATA}:
            return _left_to_a_person(
                step, f"`{command.program} {command.name}` {interrupts.value}."
            )
        return replace(step, interrupts=interrupts)

    def _broken(self, facts: Snapshot) -> tuple[str, ...]:
        return tuple(item.summary for item in self._new(facts))

    def _new(self, facts: Snapshot) -> list[Finding]:
        """What would be broken on other facts, and is not now."""
        return [item for item in self.diagnose(facts).values() if not self._is_known(item)]

    def _is_known(self, item: Finding) -> bool:
        """Whether it was broken before: one trouble goes by another id once others are gone."""
        if item.id in self.errors:
            return True
        before = self.errors.values()
        same = (e for e in before if e.cause == item.cause and item.cause in {e.id, item.id})
        proof = {(e.source, e.field, e.value) for e in item.evidence}
        alike = (e for e in before if proof & {(x.source, x.field, x.value) for x in e.evidence})
        return any(True for _ in (*same, *alike))


def _left_to_a_person(step: Fix, reason: str, breaks: tuple[str, ...] = ()) -> Fix:
    return Fix(
        why=f"{step.why} Not printed as a command: it needs your decision. {reason}", breaks=breaks
    )


def judged(
    snapshot: Snapshot,
    findings: Iterable[Finding],
    before: Iterable[Finding],
    diagnose: Callable[[Snapshot], Iterable[Finding]],
) -> list[Finding]:
    """The findings with every step of every repair tried.

    Args:
        snapshot: the facts from which they were found.
        findings: those whose repairs are wanted.
        before: everything that is wrong with the facts as they are.
        diagnose: finds everything that is wrong with other facts.
    """
    before = list(before)
    judge = Judge(
        snapshot,
        _errors(before),
        lambda facts: _errors(diagnose(facts)),
        {item.id: item for item in before},
    )
    return [judge.judged(item) for item in findings]


def _errors(findings: Iterable[Finding]) -> Errors:
    return {item.id: item for item in findings if item.severity == "error"}
