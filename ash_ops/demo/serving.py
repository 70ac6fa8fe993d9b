"""``ash-ops demo --serve``: an account that stays up until Ctrl-C."""

from __future__ import annotations

import shlex
import signal
import sys
import tempfile
import threading
from pathlib import Path

from ash_ops.demo import scenario as scenarios
from ash_ops.demo.emulator import Emulator
from ash_ops.demo.tour import break_it, deploy
from ash_ops.demo.workdir import ENV_FILE, Workplace
from ash_ops.errors import ExitCode, OpsError
from ash_ops.names import DEFAULT_PREFIX

_PACE_S = 0.25
# What a person may have set that would send a command elsewhere.
_UNSET = ("AWS_PROFILE", "AWS_SESSION_TOKEN", "ASH_OPS_ENV_FILE", "ASH_SERVER_URL", "ASH_API_KEY")


def serve(name: str | None) -> ExitCode:
    """Keep an account up: empty, or with a scenario's broken deployment in it.

    The lines on standard output set the environment; everything else is said on standard error.

    Raises:
        OpsError: the emulator cannot be started, or the scenario cannot be set up.
        UsageProblem: there is no scenario of that name.
    """
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    variables: dict[str, str] = {}
    with Emulator(pace=0.0 if name else _PACE_S) as emulator:
        if name is not None:
            variables = _set_up(emulator, name)
        _tell(emulator.environment | _names() | variables)
        sys.stderr.write(_HINT)
        ended.wait()
    sys.stderr.write("\nThe emulated account is gone, and all that was in it.\n")
    return ExitCode.OK


_HINT = """
Set these lines in another terminal; then ash-ops, aws and boto3 talk to an emulated account:
  ash-ops deploy --allow-cidr 127.0.0.0/8     ash-ops doctor     aws ecs list-clusters
Ctrl-C ends it.
"""


def _set_up(emulator: Emulator, name: str) -> dict[str, str]:
    scenario = scenarios.load(name)
    with tempfile.TemporaryDirectory(prefix="ash-ops-demo-") as folder:
        place = Workplace(Path(folder), emulator.environment, sys.stderr)
        if not deploy(place, emulator, scenario):
            raise OpsError(
                f"The scenario {name} cannot be set up",
                "the deployment did not end as it should",
                "Read what deploy said above; `ash-ops demo healthy` shows whether it works at all.",
            )
        break_it(place, emulator, scenario)
    return scenario.environment


def _names() -> dict[str, str]:
    """The deployment's name, and the one variable of the demo's ``.env``: ``deploy`` needs it."""
    name, value = ENV_FILE.splitlines()[-1].split("=", 1)
    return {"ASH_OPS_NAME": DEFAULT_PREFIX, name: value}


def _tell(variables: dict[str, str]) -> None:
    sys.stdout.write(f"unset {' '.join(_UNSET)}\n")
    for name, value in variables.items():
        sys.stdout.write(f"export {name}={shlex.quote(value)}\n")
    sys.stdout.flush()
