"""The rest of the tour: what doctor printed is typed as it stands, until doctor says it is repaired."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ash_ops.demo.aws_command import run as run_aws
from ash_ops.demo.emulator import Emulator
from ash_ops.demo.scenario import Scenario
from ash_ops.demo.workdir import Workplace
from ash_ops.errors import ExitCode

_PLACEHOLDER = re.compile(r"<([\w-]+)>")
_BESIDE = re.compile(r"ash-ops deploy .*--name (\S+)")
_EVAL = re.compile(r'eval "\$\(ash-ops (.+)\)"')
# Commands that ask before they change something; at a terminal a person answers.
_ASKING = ("deploy", "rollout", "rollback", "start", "stop", "teardown")
_ASKING_OF_RUNNERS = (["runners", "scale"], ["runners", "drain"])
_LOOK = "ash-ops doctor"
_MOST_ROUNDS = 3
_LATER_S = 1000.0


def repair(place: Workplace, emulator: Emulator, scenario: Scenario) -> bool:
    """Type the repairs of the leading findings, one finding after another; answers whether all is well."""
    look = ["doctor", *scenario.playbooks]
    for _ in range(_MOST_ROUNDS):
        report = json.loads(place.read(*look, "--format", "json"))
        printed = commands(report["findings"][0])
        for command in printed:
            if not command.startswith(_LOOK):
                _type(place, emulator, fill(command, scenario.choices))
        look += beside(printed)
        code = _look_again(place, emulator, look)
        if code == ExitCode.OK:
            place.say("-> repaired, and proven: exit code 0\n")
            return True
    place.say(f"!! doctor still ends with exit code {code}\n")
    return False


def commands(finding: Mapping[str, Any]) -> list[str]:
    """The commands of a repair in order, without those that are another way to the same end."""
    return [
        step["command"]
        for step in finding["fix"]
        if step["command"] and not step["why"].startswith("Or ")
    ]


def fill(command: str, choices: Mapping[str, str]) -> str:
    """A command with what a person puts for its placeholders.

    Raises:
        LookupError: nobody said what to put for one.
    """
    return _PLACEHOLDER.sub(lambda match: choices[match[1]], command)


def beside(commands: Iterable[str]) -> list[str]:
    """The options that name the deployment which a repair put beside the broken one, if it did."""
    named = (_BESIDE.search(command) for command in commands)
    return next((["--name", found[1]] for found in named if found), [])


def _look_again(place: Workplace, emulator: Emulator, look: Sequence[str]) -> int:
    code = place.run(*look)
    if code == ExitCode.INCONCLUSIVE:
        place.say("# a quarter of an hour later")
        emulator.seed({"do": "pass_time", "seconds": _LATER_S})
        code = place.run(*look)
    return code


def _type(place: Workplace, emulator: Emulator, command: str) -> None:
    sourced = _EVAL.fullmatch(command)
    if sourced is not None:
        place.source(*shlex.split(sourced[1]))
        return
    program, *words = shlex.split(command)
    if program == "aws":
        place.say(f"$ {command}")
        run_aws(words, _clients(emulator))
    else:
        asks = words[0] in _ASKING or words[:2] in _ASKING_OF_RUNNERS
        place.run(*words, *(["--yes"] if asks else []))


def _clients(emulator: Emulator) -> Callable[[str], Any]:
    import botocore.session

    session = botocore.session.get_session()
    told = emulator.environment

    def make(service: str) -> Any:
        return session.create_client(
            service,
            region_name=told["AWS_REGION"],
            endpoint_url=told["AWS_ENDPOINT_URL"],
            aws_access_key_id=told["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=told["AWS_SECRET_ACCESS_KEY"],
        )

    return make
