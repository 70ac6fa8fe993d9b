"""Every scenario of the demo, broken once: it is told rightly, by all the same, and it is repaired.

The tests of a scenario share its deployment, which takes seconds; the last one heals it.
"""

from __future__ import annotations

import json
import os
import re
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from ash_ops.aws.client.session import Aws
from ash_ops.demo import Emulator, scenario
from ash_ops.demo.repairing import beside, commands
from ash_ops.demo.scenario import Scenario
from ash_ops.deploy.environment import Environment
from ash_ops.deploy.fix import proof as fix_proof
from ash_ops.deploy.run import proof, verify
from ash_ops.deploy.run.evidence import Evidence
from ash_ops.deploy.sessions import live
from ash_ops.errors import ExitCode
from ash_ops.settings import Options, load
from ash_ops.snapshot import probe
from tests.e2e.conftest import Clients, point_at
from tests.support.breaking import break_down
from tests.support.commands import problem_with
from tests.support.deploying import User
from tests.support.person import Person, ash_ops, report

BROKEN = [each for each in scenario.load_all() if each.cause is not None]
_MOST_ROUNDS = 3
_PATIENCE_S = 20.0
_CERTAIN_AFTER_S = 1000
_OPENS_AT_ONCE_S = 0.3
_ANSWERS_AT_ONCE_S = 2.0
_LOOK_AGAIN = {"ash-ops health": (ExitCode.PROBLEMS,)}
MAKE_SURE = "ash-ops doctor"
# What `--fix` leaves to a person in these is a choice (a tag, a key, a network), or is not ours.
TO_DECIDE = frozenset(
    {
        *("image-not-found", "command-not-found", "wrong-key", "no-anthropic-key"),
        "stack-rolled-back",
        *("fargate-quota", "agents-cannot-run", "pending-no-route", "names-not-resolved"),
        *("acl-denies", "endpoint-blocks-secrets", "two-causes"),
        *("circuit-breaker-rolled-back", "open-to-world", "rollout-paused", "host-drained"),
    }
)

# Its repair leaves nothing for the same to break: there is more memory, or all have the new secret.
BREAKS_ONCE = frozenset({"out-of-memory", "runner-secret-rotated"})


def wait_for_nothing(patch: pytest.MonkeyPatch) -> None:
    """A connection on loopback opens at once, or never; what ``--fix`` waits for comes soon."""
    patch.setattr(fix_proof, "_BETWEEN_LOOKS", 0.2)
    patch.setattr(fix_proof, "_PATIENCE", 15.0)
    patch.setattr(probe._Climber, "_connect", connect_at_once)
    patch.setattr(live, "_SECONDS", _ANSWERS_AT_ONCE_S)


def connect_at_once(climber: Any, address: str) -> socket.socket:
    return socket.create_connection((address, climber.port), _OPENS_AT_ONCE_S)


def test_fix_leaves_less_than_half_to_a_person() -> None:
    """Which they are is held by the test below; there --fix repairs all the others."""
    assert {each.name for each in BROKEN} >= TO_DECIDE | BREAKS_ONCE
    assert len(TO_DECIDE | BREAKS_ONCE) < len(BROKEN) / 2


def first_look(words: list[str]) -> tuple[dict[str, Any], list[str]]:
    """The report, and what ``--fix`` would run if somebody agreed; here nobody can be asked."""
    _, told = report(*words, "--fix", "--lose-sessions")
    asked = [a["command"] for a in told["acts"] if a["reason"] == "nobody could be asked"]
    return told, asked


_PLANNED = tuple(
    f"ash-ops {word}"
    for word in ("deploy", "rollout", "rollback", "runners scale", "runners drain")
)


def is_accepted(command: str, person: Person) -> None:
    """Check that neither program would refuse a printed command, and the deployment no change of itself."""
    blanks = set(re.findall(r"<([\w-]+)>", command)) - set(person.choices)
    if blanks:
        return
    if command.startswith(_PLANNED):
        # What the account lacks, a quota, is refused with 1; what cannot be at all, with 2.
        assert person.pastes(f"{command} --plan") in (ExitCode.OK, ExitCode.FAILED), person.told[-1]
    else:
        assert problem_with(command) is None


def fixed(words: list[str], planned: list[str], emulator: Emulator) -> None:
    """Let ``--fix`` do what it has said, and check that it has done just that, in that order."""
    before = len(emulator.calls())
    code, told = report(*words, "--fix", "--yes", "--lose-sessions")
    made = [a["command"] for a in told["acts"] if a["outcome"] in ("done", "in place")]
    assert (made, code) in [(planned, c) for c in (0, ExitCode.PROBLEMS, ExitCode.INCONCLUSIVE)]
    asked = iter([call.split(":")[1] for call in emulator.calls()[before:]])
    for operation in [c.split()[2] for c in made if c.startswith("aws ")]:
        name = operation.title().replace("-", "")
        assert name in asked, f"{name} was not called, or not in its turn"


def changing(printed: list[str]) -> set[str]:
    """Those of a finding's commands that do more than look."""
    return {c for c in printed if not c.startswith(("ash-ops logs", "ash-ops health"))}


def is_well(cause: str, words: list[str]) -> bool:
    """Whether the doctor comes to say so, as soon as what was started has started."""
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        code, told = report(*words)
        left = [f["cause"] for f in told["findings"] if f["until"] is None]
        if code == 0 and cause not in left:
            return True
        if time.monotonic() > deadline or code == ExitCode.INCONCLUSIVE:
            return False
        time.sleep(0.3)


@pytest.fixture(scope="module", params=scenario.load_all(), ids=lambda s: str(s.name))
def broken(
    request: pytest.FixtureRequest,
    emulator_process: Emulator,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Scenario]:
    """One scenario, deployed and broken as it says."""
    chosen: Scenario = request.param
    before = dict(os.environ)  # a person's `eval` writes into it
    with pytest.MonkeyPatch.context() as patch:
        point_at(emulator_process, patch, tmp_path_factory.mktemp(chosen.name))
        wait_for_nothing(patch)
        break_down(emulator_process, chosen, patch)
        yield chosen
        emulator_process.reset()
    os.environ.clear()
    os.environ.update(before)


def test_the_doctor_leads_with_its_cause(broken: Scenario) -> None:
    code, told = report(*broken.playbooks)
    assert code == broken.exit_code
    if broken.cause is None:
        assert [f for f in told["findings"] if f["severity"] == "error"] == []
    else:
        assert told["findings"][0]["cause"] == broken.cause
        assert told["findings"][0]["explained_by"] is None
        assert told["findings"][0]["evidence"]


def ask(word: str) -> tuple[int, dict[str, Any]]:
    """A command's exit code and its JSON document."""
    code, said = ash_ops(word, "--format", "json")
    # A count-down is another number with every second.
    return code, json.loads(re.sub(r"retry after \d+ s", "retry later", said))


def proven(patch: pytest.MonkeyPatch) -> int:
    """What ``deploy`` would end with, if it came to its proof now; it waits for nothing."""
    patch.setattr(verify, "PATIENCE", 0.0)
    patch.setattr(proof, "verify", without_patience(proof.verify))
    settings = load(Options())
    environment = Environment(aws=Aws(settings), settings=settings, dialogue=User())
    return proof.prove(environment, Evidence(), None)


def without_patience(prove: Any) -> Any:
    return lambda aws, wanted, clock, show: prove(aws, wanted, clock, show, patience=0.0)


def roots_of(told: dict[str, Any]) -> list[str]:
    """The causes that no other finding explains, in the report's order."""
    return [f["cause"] for f in told["findings"] if f["explained_by"] is None]


def test_whoever_is_asked_says_the_same(broken: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):  # the world goes on between two questions: compared is where it stood still
        code, told = ask("doctor")
        status_code, status = ask("status")
        health_code, health = ask("health")
        roots = roots_of(told)
        if roots == roots_of(ask("doctor")[1]):
            break
    if told["deployment"]["url"]:  # what `connect` sets changes nothing
        monkeypatch.setenv("ASH_SERVER_URL", told["deployment"]["url"])
        assert ask("health") == (health_code, health)
        monkeypatch.delenv("ASH_SERVER_URL")

    assert (status_code, health_code, proven(monkeypatch)) == (code, code, code)
    assert status["status"] == health["status"] == told["status"]
    assert status["headline"] == health["headline"]
    assert [f["cause"] for f in status["findings"]] == roots


def test_what_is_printed_repairs(
    broken: Scenario, emulator_process: Emulator, session_clients: Clients
) -> None:
    """A person pastes it; where one right command exists, it is broken again, and ``--fix`` runs the same."""
    told, planned = first_look(list(broken.playbooks))
    if broken.cause is None:
        assert not planned
        return  # nothing is to be repaired
    assert bool(planned) is (broken.name not in TO_DECIDE)
    person = Person(session_clients, broken.choices)
    for finding in told["findings"]:
        for command in commands(finding):
            is_accepted(command, person)
    repaired(broken, told, emulator_process, person)
    if planned and broken.name not in BREAKS_ONCE:
        emulator_process.break_as(broken.name)
        told, planned = broken_again(broken)
        repaired(broken, told, emulator_process, None)


def broken_again(chosen: Scenario) -> tuple[dict[str, Any], list[str]]:
    """The first look at what was repaired and is broken once more, as soon as it shows."""
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline:
        told, planned = first_look(list(chosen.playbooks))
        if planned and told["findings"][0]["cause"] == chosen.cause:
            return told, planned
        time.sleep(0.3)
    raise AssertionError(f"{told['status']}: {[f['cause'] for f in told['findings']]}")


def repaired(
    chosen: Scenario, told: dict[str, Any], emulator: Emulator, person: Person | None
) -> None:
    """Do what the report says, again and again until all is well: a person does it, or ``--fix``."""
    words = list(chosen.playbooks)
    for _ in range(_MOST_ROUNDS):
        leading = told["findings"][0]
        printed = [c for c in commands(leading) if not c.startswith(MAKE_SURE)]
        if person is None:
            _, planned = first_look(words)
            assert set(planned) >= changing(printed), "what --fix does is what is printed"
            fixed(words, planned, emulator)
        for command in printed if person else ():
            # What is certain only later ends a deployment with 4; a look may come before the
            # health checks have passed again.
            fine = {0, ExitCode.INCONCLUSIVE, *_LOOK_AGAIN.get(command, ())}
            assert person.pastes(command) in fine, "\n".join(person.told)
        words += beside(printed)
        only_read = all(c.startswith("ash-ops logs") for c in printed)
        if (told["status"] == "healthy" and only_read) or is_well(leading["cause"], words):
            return
        if report(*words)[0] == ExitCode.INCONCLUSIVE:
            # It seems repaired, and says from when on it is certain: that time passes.
            emulator.seed({"do": "pass_time", "seconds": _CERTAIN_AFTER_S})
            code, told = report(*words)
            assert code == 0, [(f["cause"], f["severity"], f["summary"]) for f in told["findings"]]
            return
        _, told = report(*words)
        if told["findings"][0]["cause"] == leading["cause"]:
            break
    said = "\n".join(person.told) if person else ""
    raise AssertionError(f"{told['status']}: {[f['cause'] for f in told['findings']]}\n{said}")
