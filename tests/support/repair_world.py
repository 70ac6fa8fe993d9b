"""What ``doctor --fix`` meets, in one process: looks out of files, calls that are caught, a clock of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from ash_ops.aws.operations import Operation
from ash_ops.deploy.fix.actions import Repair
from ash_ops.deploy.fix.exact import Line
from ash_ops.deploy.fix.proof import Looked
from ash_ops.deploy.fix.run import Mending, mend
from ash_ops.diagnosis import Report, diagnose
from ash_ops.errors import ReadFailed, UsageProblem
from ash_ops.names import Deployment
from ash_ops.repairs.acts import Act
from tests.support import scenarios

_NO_ACCOUNT: Any = None  # the calls are caught before they need one


class World:
    """What a repair meets: the looks it will get, what it says and shows, and a clock."""

    def __init__(self, *looks: str, agrees: bool | UsageProblem = True) -> None:
        self.said: list[str] = []
        self.shown: list[Report] = []
        self.acts: Sequence[Act] = ()
        self.progress: list[str] = []
        self.ran: list[tuple[str, ...]] = []
        self.consent: Callable[[str], bool] | None = None
        self.exit_code = 0
        self.time = 0.0
        self.made: list[Operation] = []
        self.refuses: Callable[[Operation], ReadFailed | None] = lambda _: None
        self.foreign: dict[str, str] = {}
        self._looks: Iterator[str] = iter(looks)
        self._last = ""
        self._agrees = agrees

    def look(self) -> Looked:
        self._last = next(self._looks, self._last)
        return looked(self._last)

    def call(self, _: Any, operation: Operation, /, **__: Any) -> dict[str, Any]:
        refusal = self.refuses(operation)
        if refusal is not None:
            raise refusal
        self.made.append(operation)
        return {}

    def split(self, _: Any, __: Any, plan: Iterable[Repair]) -> Any:
        """Everything is ours, but for the services that are in ``foreign``."""
        others = [(r, self.foreign[service]) for r in plan if (service := of(r)) in self.foreign]
        return [r for r in plan if of(r) not in self.foreign], others

    def sleep(self, seconds: float) -> None:
        self.time += seconds

    def mend(self, first: str, *, shown: bool = False) -> int:
        how = Mending(
            aws=_NO_ACCOUNT,
            names=Deployment(),
            look=self.look,
            say=self.said.append,
            agree=self._agree,
            show=self._show,
            run=self.run,
            progress=self.progress.append,
            consent=self.consent,
            now=lambda: self.time,
            sleep=self.sleep,
        )
        return mend(how, looked(first), shown=shown)

    def _show(self, report: Report, acts: Sequence[Act]) -> None:
        self.shown.append(report)
        self.acts = acts

    def run(self, words: Sequence[str]) -> int:
        self.ran.append(tuple(words))
        return self.exit_code

    def _agree(self) -> bool:
        if isinstance(self._agrees, UsageProblem):
            raise self._agrees
        return self._agrees

    @property
    def words(self) -> str:
        return "\n".join(self.said)


def of(repair: Repair) -> str:
    """The service that a repair changes."""
    return "" if isinstance(repair.execution, Line) else repair.execution.operation.service


def looked(name: str) -> Looked:
    snapshot, _ = scenarios.load(name)
    return snapshot, diagnose(snapshot)
