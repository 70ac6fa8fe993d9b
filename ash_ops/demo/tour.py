"""``ash-ops demo``: deploy, break, diagnose, repair with what doctor printed, and check both."""

from __future__ import annotations

import json
import sys
import tempfile
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

from ash_ops.demo import scenario as scenarios
from ash_ops.demo.emulator import Emulator
from ash_ops.demo.repairing import repair
from ash_ops.demo.scenario import Scenario
from ash_ops.demo.workdir import Workplace
from ash_ops.errors import ExitCode

TOUR_LENGTH = 3
# The emulated load balancers have loopback addresses, and so have their callers.
DEPLOY = ("deploy", "--yes", "--allow-cidr", "127.0.0.0/8")
_FACTS = "facts.json"
_WIDTH = 96


def run(names: Sequence[str], out: TextIO | None = None) -> ExitCode:
    """Play scenarios one after another in one emulator; without names, the first three that are broken.

    Returns:
        ``OK`` when doctor led with every scenario's cause and what it printed repaired it, else
        ``FAILED``.

    Raises:
        OpsError: the emulator cannot be started.
        UsageProblem: there is no scenario of that name.
    """
    broken = [each for each in scenarios.load_all() if each.cause is not None]
    chosen = [scenarios.load(name) for name in names] or broken[:TOUR_LENGTH]
    screen = out or sys.stdout
    with Emulator() as emulator:
        shown: set[str] = set()  # every scenario deploys the same; that is shown once
        wrong = [s.name for s in chosen if not _play(emulator, s, screen, shown)]
    kept = len(chosen) - len(wrong)
    screen.write(f"{kept} of {len(chosen)} scenarios: {_ALL_IS_WELL}.\n")
    if wrong:
        screen.write(f"It did not in: {', '.join(wrong)}.\n")
    elif not names:
        screen.write(_AFTERWARDS)
    return ExitCode.FAILED if wrong else ExitCode.OK


_ALL_IS_WELL = "doctor led with the cause, and what it printed repaired it"
_AFTERWARDS = """
`ash-ops demo --list` shows the other scenarios; `ash-ops demo SCENARIO` plays one.
`ash-ops demo --serve SCENARIO` keeps a broken deployment up, for you to try every command on.
"""


def _play(emulator: Emulator, scenario: Scenario, out: TextIO, shown: set[str]) -> bool:
    """Play one scenario in an account that is empty at first; answers whether doctor was right."""
    emulator.reset()
    with tempfile.TemporaryDirectory(prefix="ash-ops-demo-") as folder:
        place = Workplace(Path(folder), emulator.environment, out)
        _introduce(place, emulator, scenario)
        if not deploy(place, emulator, scenario, shown):
            return False
        break_it(place, emulator, scenario)
        is_right = _diagnose(place, scenario)
        return is_right and (scenario.cause is None or repair(place, emulator, scenario))


def _introduce(place: Workplace, emulator: Emulator, scenario: Scenario) -> None:
    place.say(f"== {scenario.name}: {scenario.title}")
    story = " ".join(scenario.story.split())
    place.say(textwrap.fill(story, _WIDTH, initial_indent="   ", subsequent_indent="   "))
    place.say()
    place.export(emulator.environment)


def deploy(
    place: Workplace, emulator: Emulator, scenario: Scenario, shown: set[str] | None = None
) -> bool:
    """Deploy as a person would; answers whether it went as the scenario wants it."""
    emulator.prepare(scenario.name)
    code = place.run(*DEPLOY, *scenario.deploy, shown=shown)
    if (code == ExitCode.OK) is not scenario.deploy_fails:
        return True
    place.say(f"!! deploy was not expected to end with exit code {code}")
    return False


def break_it(place: Workplace, emulator: Emulator, scenario: Scenario) -> None:
    """Break what is deployed, and say what was done."""
    emulator.break_as(scenario.name)
    done = [str(step["do"]).replace("_", " ") for step in scenario.steps]
    if done:
        place.say(f"# broken: {', '.join(done)}")
    place.export(scenario.environment)


def _diagnose(place: Workplace, scenario: Scenario) -> bool:
    """Let doctor look, then ask it once more, about the same facts, for what can be compared."""
    code = place.run("doctor", *scenario.playbooks, "--save", _FACTS)
    again = ("doctor", *scenario.playbooks, "--from", _FACTS, "--format", "json")
    complaint = _complaint(scenario, code, place.read(*again))
    if complaint:
        place.say(f"!! {complaint}\n")
        return False
    place.say(f"-> doctor leads with {scenario.cause or 'no error'}: exit code {code}\n")
    return True


def _complaint(scenario: Scenario, code: int, report: str) -> str | None:
    """What doctor should have said and did not; ``None`` when all is as it should be."""
    if code != scenario.exit_code:
        return f"doctor ended with exit code {code}, not {scenario.exit_code}"
    try:
        findings: list[dict[str, Any]] = json.loads(report)["findings"]
    except (ValueError, KeyError):
        return "doctor's JSON report cannot be read"
    if scenario.cause is None:
        errors = [f["cause"] for f in findings if f["severity"] == "error"]
        return f"doctor found {', '.join(errors)} where nothing is wrong" if errors else None
    leading = findings[0]["cause"] if findings else "nothing"
    return None if leading == scenario.cause else f"doctor led with {leading}, not {scenario.cause}"


def listing() -> list[tuple[str, str, str]]:
    """Name, cause and title of every scenario."""
    return [(s.name, s.cause or "-", s.title) for s in scenarios.load_all()]
