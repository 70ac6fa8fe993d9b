"""One message explained."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field
from msgspec.structs import replace

from ash_ops.causes.advice.caution import warned
from ash_ops.causes.advice.elsewhere import AT_A_DESK, ELSEWHERE
from ash_ops.causes.advice.lookups import (
    OF_PROGRAMS,
    READ_ON,
    deciding,
    is_some_programs,
    of_some_program,
)
from ash_ops.causes.advice.others import (
    OWN,
    elsewhere,
    is_nobodys,
    is_own,
    names_ash,
    of_any_task,
    seen_elsewhere,
    without_ashs,
)
from ash_ops.causes.advice.tools import Tool, looked_up_by, repaired_by, tool_within
from ash_ops.causes.base import Cause, Rank, Step, general
from ash_ops.causes.belonging import ANYBODYS, is_anybodys, is_signed
from ash_ops.causes.catalogue import CAUSES
from ash_ops.causes.classify import Classification
from ash_ops.causes.denials import denier, of_another_account, of_the_thing
from ash_ops.causes.matching import folded
from ash_ops.causes.repairs import chosen, fill, filled, placeholders
from ash_ops.causes.speech.signs import is_doubtful
from ash_ops.patterns import regex

if TYPE_CHECKING:
    from ash_ops.documents.explanation import Advice, Explained

_GRANT: Final = regex(r"\b(?:put|attach)-(?:role|user)-policy ")
"""The commands that give a role or user more."""
_CHANGE: Final = regex(
    rf"{OWN}(?:deploy|rollout|rollback|stop|start|backup|restore|teardown|runners [a-z])|"
    r"\bsudo |\bsysctl [a-z._]{3,80}=|\bdocker (?:run|restart|rm|buildx)\b|\bcdk (?:bootstrap|deploy|context --clear)\b|"
    r"\bterraform (?:apply|import)\b|\bpulumi up\b|\b(?:serverless|sam|copilot svc) deploy(?! --)|\bdocker compose up\b|"
    r"\baws [a-z0-9-]{2,40} (?!describe-|get-|list-|filter-|simulate-|tail\b|logs\b|ls\b|wait\b|login\b|configure\b|batch-get-|head-|lookup-|validate-)"
)
"""The commands that change something, of AWS or of the deployment."""
_OF_ANY_TASK: Final = ("pending", "connection")
"""Categories of what befalls the task of any deployment, whoever made it."""
_OF_TASKS: Final = (*_OF_ANY_TASK, "restart", "agents")
"""Categories of what befalls a task, or what it runs."""
_LOOKED_FOR: Final = frozenset(slug for slug in ANYBODYS if not slug.startswith("ash-"))
"""Causes of which the doctor may tell whether a deployment of Ash has them."""
_SHORT: Final = 4_000
"""Characters of a text that is about one failure: what its message does not say, its other lines may."""
_FEW_WORDS: Final = 80
"""Characters of a text that has room for its message alone."""
_PRINTED: Final = ("log_line", "http")
"""Kinds of message that any program prints."""
_OF_THE_CALLER: Final = ("aws-sso-", "aws-credentials-", "aws-clock-")
_REASONLESS: Final = ("container-start-failed", "image-pull-failed")
"""Causes whose proof is to read the reason."""
LOOK_FIRST: Final = Step("Make sure first that it is your deployment that fails", "ash-ops doctor")


def _without_change(step: Step) -> Step:
    """A step as advice: without its command if that changes something."""
    return replace(step, command="") if _CHANGE.search(step.command) else step


def _looking(steps: list[Step]) -> list[Step]:
    """Steps as advice for a text that need not be of Ash: without those that change it, if another is left."""
    kept = [step for step in steps if not (is_own(step) and _CHANGE.search(step.command))]
    return [_without_change(step) for step in kept or steps]


class Explanation(Struct, frozen=True):
    """One message explained.

    Attributes:
        subject: what was explained: ``task 1a2b``, ``message``, a cause's name.
        kind: the kind of message it was read as; empty for a cause asked for by name.
        answer: the classification.
        names: names found in the message, for the commands.
        times: how many messages of the same document say the same.
        text: the message (folded), by which the repairs are chosen.
        structured: whether it had fields, rather than words alone.
        unread: how many characters of the text were not read.
        close: names of causes that are like a mistyped one.
        anybodys: whether nothing tells whose message it is.
        around: the whole text, as it was pasted: it may name the tool that deploys what the message
            is of, and what the message itself does not say.
        stretch: which stretch between blank lines it stands in; -1 where that is not known.
        dated: the number of its line in a log whose lines have times; else -1.
    """

    subject: str
    kind: str
    answer: Classification
    names: Mapping[str, str] = field(default_factory=dict)
    times: int = 1
    text: str = ""
    structured: bool = False
    unread: int = 0
    close: tuple[str, ...] = ()
    anybodys: bool = False
    around: str = ""
    stretch: int = -1
    dated: int = -1

    @property
    def cause(self) -> Cause | None:
        """The cause's declaration; None when it is unknown."""
        return CAUSES.get(self.answer.cause)

    @property
    def strength(self) -> int:
        """How much the deciding evidence proves."""
        return self.answer.why[0].rank if self.answer.why else 0

    def proof(self) -> list[Step]:
        """How to make sure, with the names of the message filled in; nothing that is to be done anyway."""
        told = {step.why for step in self._advised()}
        return [step for step in self._looked_up() if step.why not in told]

    def _looked_up(self) -> list[Step]:
        if self.cause is None:
            return []
        steps = self._steps(self.cause.proof)
        if self._is_told_whole(self.cause):
            general_ones = {step.command for step in self.cause.proof}
            steps = [
                step
                for step in steps
                if step.command and (step.when or _is_named(step.command, general_ones))
            ]
        if self._is_printed():
            steps = deciding(steps, self.around)
        if self._is_some_programs():
            steps = of_some_program(steps, looked_up=True)
        if self._is_elsewhere():
            asked = any(step.when for step in self._asked(self.cause.repair))
            steps = seen_elsewhere(steps, bare=not asked and self._may_be_ashs())
        if READ_ON in steps and any(step.when for step in self._asked(self.cause.repair)):
            steps = []
        tool = self._tool
        return looked_up_by(tool, steps) if tool else steps

    def repair(self) -> list[Step]:
        """What to do about it: the steps that this message asks for, with its names; no command twice."""
        printed = {step.command for step in self.proof()}
        return [
            replace(step, command="") if step.command in printed else step
            for step in self._advised()
        ]

    def _is_told_whole(self, cause: Cause) -> bool:
        """Whether the message itself decides, so that the look-ups for any message tell nothing more."""
        if not self.text:
            return False
        advised = self._asked(cause.repair)
        if cause.slug in _REASONLESS:
            return any(step.when for step in advised)
        return any(step.decides for step in advised)

    def _advised(self) -> list[Step]:
        tool = self._tool
        steps = self._steps(self.cause.repair) if self.cause else []
        if self._is_some_programs():
            steps = of_some_program(steps)
        steps = repaired_by(tool, steps) if tool else self._of_whose(steps)
        if not self._is_sure():
            look = () if tool or not self._is_to_be_looked_for() else (LOOK_FIRST,)
            looked = {each.command for each in look if each.command}
            rest = [replace(s, command="") if s.command in looked else s for s in steps]
            steps = [
                *look,
                *(_looking(rest) if self._is_elsewhere() else map(_without_change, rest)),
            ]
        return warned(_granted(steps, self.text, self.names))

    def _of_whose(self, steps: list[Step]) -> list[Step]:
        """The steps, without what changes Ash where the text is of a deployment of somebody else."""
        if self.cause is None or self.structured:
            return steps
        if self.text and self.cause.category in _OF_ANY_TASK:
            steps = of_any_task(steps, self.around or self.text)
        ashs = not self._is_elsewhere() or self._may_be_ashs()
        return steps if ashs else without_ashs(steps)

    def _is_sure(self) -> bool:
        """Whether the message names act, object and reason, so that something may be changed for it."""
        if self.cause is None or self.structured or not self.text or self.answer.severity == "info":
            return True
        if self.anybodys or is_doubtful(self.text):
            return False
        signed = is_signed(self.text)
        least = Rank.LIKELY if signed else Rank.CLEAR
        return self.strength >= least and (signed or not is_anybodys(self.cause))

    def _is_printed(self) -> bool:
        """Whether a program printed the message, and nothing in it says which."""
        if self.cause is None or not self.text or not is_anybodys(self.cause):
            return False
        return self.kind in _PRINTED or (self.kind == "stopped_task" and not is_signed(self.text))

    def _is_some_programs(self) -> bool:
        """Whether a program printed the message of which nothing shows that it is of the deployment."""
        cause = self.cause
        if cause is None or not self.text or cause.slug.startswith("ash-"):
            return False
        if cause.category not in OF_PROGRAMS:
            return False
        return is_some_programs(self.around, cause.category)

    def _is_elsewhere(self) -> bool:
        """Whether nothing in the text, as it was pasted, shows that Ash is meant."""
        return bool(self.around) and not names_ash(self.around)

    def _may_be_ashs(self) -> bool:
        """Whether a text that does not show Ash is so bare that it may be of its deployment all the same."""
        if self.cause is None:
            return False
        if self.cause.category not in _OF_TASKS and not self.cause.slug.startswith("ash-"):
            return False
        any_programs = self.cause.category != "restart" or self.cause.slug in ANYBODYS
        if self._tool is not None or (any_programs and self._is_some_programs()):
            return False
        return is_nobodys(self.around, self.names)

    def _is_to_be_looked_for(self) -> bool:
        """Whether a deployment of Ash may have a part in it, so that the doctor is to be asked first."""
        if self._is_of_the_caller() or self._is_asked_from_elsewhere():
            return False
        if not self._is_elsewhere():
            return True
        if self.cause is None or self.cause.slug not in _LOOKED_FOR or is_signed(self.text):
            return False
        if any(step.when for step in self._asked(self.cause.repair)):
            return False
        return self._tool is None and is_nobodys(self.around, self.names, length=_FEW_WORDS)

    def _is_asked_from_elsewhere(self) -> bool:
        """Whether it is about a model that some program asked: no deployment of Ash need have a part in it."""
        asks = self.cause is not None and self.cause.category == "auth"
        return asks and self._is_some_programs()

    def _is_of_the_caller(self) -> bool:
        """Whether it is about the keys of who calls: without them no deployment can be looked at."""
        return self.cause is not None and self.cause.slug.startswith(_OF_THE_CALLER)

    def _asked(self, steps: tuple[Step, ...]) -> list[Step]:
        if self.text and len(self.around) <= _SHORT and any(step.anywhere for step in steps):
            beside = chosen(tuple(step for step in steps if step.anywhere), folded(self.around))
            if beside:
                return beside
        asked = chosen(steps, self.text)
        if self.text and len(self.around) <= _SHORT and asked == general(steps):
            asked = chosen(steps, folded(self.around)) or asked
        return asked

    def _steps(self, steps: tuple[Step, ...]) -> list[Step]:
        asked = self._asked(steps)
        if self.cause is not None and steps is self.cause.repair and self._is_elsewhere():
            tool = self._tool
            table = ELSEWHERE if tool is None or tool.of_aws else AT_A_DESK
            instead = table.get(self.cause.slug, ())
            asked = elsewhere(asked, instead, bare=self._may_be_ashs())
        told = {step.why: step for step in reversed(asked)}
        return [filled(step, self.names) for step in asked if told[step.why] is step]

    @property
    def _tool(self) -> Tool | None:
        """The other tool that deploys what the message is of."""
        return tool_within(self.around)

    def to_json(self) -> Explained:
        """The explanation as the JSON contract has it."""
        entry = self.cause
        return {
            "subject": self.subject,
            "kind": self.kind or None,
            "times": self.times,
            "cause": self.answer.cause,
            "severity": self.answer.severity,
            "title": self.answer.title,
            "meaning": entry.meaning if entry else None,
            "why": [{"source": h.source, "quote": h.quote} for h in self.answer.why],
            "proof": [_step_json(step) for step in self.proof()],
            "repair": [_step_json(step) for step in self.repair()],
            "not": [{"cause": s, "because": w} for s, w in entry.confused_with] if entry else [],
            "alternatives": list(self.answer.alternatives) or list(self.close),
            "docs_url": (entry.docs_url or None) if entry else None,
            "unread": self.unread,
        }


def _granted(steps: list[Step], text: str, names: Mapping[str, str]) -> list[Step]:
    """Steps without those that give a right which another policy than the role's own denies."""
    grants = [step for step in steps if _GRANT.search(step.command)]
    elsewhere = denier(text) if grants and text else None
    if elsewhere is None and grants and (apart := of_another_account(text)):
        look = fill(of_the_thing(text), names)
        return [Step(apart, look), *(step for step in steps if look or step not in grants)]
    if elsewhere is None:
        return steps
    told = Step(elsewhere, fill(of_the_thing(text), names))
    return [told, *(step for step in steps if step not in grants)]


def _is_named(command: str, unfilled: set[str]) -> bool:
    """Whether a command names what the text names, and lacks nothing."""
    return command not in unfilled and not placeholders(command)


def _step_json(step: Step) -> Advice:
    return {"why": step.why, "command": step.command or None}
