"""Put small faults into the core, one at a time, and count which of them the tests notice: ``make mutants``.

    python -m tools.mutants                       # every room, a sample of each
    python -m tools.mutants cost logs --sample 0  # these rooms, every mutant
    python -m tools.mutants --changed main        # the rooms with files that differ from a revision

mutmut makes and runs the mutants. It was chosen over cosmic-ray after trying both: it knows which
tests reach a function and forks from a process that has imported them, so a mutant costs the time of
its tests alone: 0.25 s on cost/lines.py, where cosmic-ray, which starts Python and the whole test command
for each, took 2.5 s.
What mutmut does not do is done here: rooms with tests of their own, and a sample with a fixed seed.

Each room is worked on in a copy below ``build/mutants``, where what was found stays for the next run.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
WORKSHOP: Final = ROOT / "build" / "mutants"
SEED: Final = 20_261_127
SAMPLE: Final = 60  # mutants a room: about 25 minutes for all rooms on two cores
COPIED: Final = ("ash_client", "ash_ops", "docs", "tests", "tools")
FILES: Final = ("README.md", "CHANGELOG.md", "LICENSE", "Makefile")
# A mutant that hangs is noticed by its time; one that no test reaches survives.
NOTICED: Final = frozenset({"killed", "timeout", "segfault", "suspicious"})
# Files and tests that start Python in another folder, where mutmut does not find its settings, count steps,
# or list the names of a class, to which mutmut adds its own.
ELSEWHERE: Final = (
    "tests/ash_client/test_both_clients_agree.py",
    "tests/ash_client/test_ecosystem.py::test_the_transports_are_httpxs_own",
    "tests/ash_client/test_error_answers.py::test_ash_log_prints_what_is_asked_for",
    "tests/ash_client/test_error_answers.py::test_nothing_is_printed_unasked",
    "tests/ash_client/test_package.py",
    "tests/ash_client/testing/test_server_command_line.py",
    "tests/ash_client/testing/test_server_life.py",
    "tests/ash_ops/cli/test_bad_input.py",
    "tests/ash_ops/cli/test_explain_command.py",
    "tests/ash_ops/cost/test_cost_command.py",
    "tests/ash_ops/demo/test_emulator_process.py",
    "tests/ash_ops/logs/test_logs_command.py",
    "tests/ash_ops/redact/test_time.py",
    "tests/ash_ops/templates/test_defaults_stand_once.py",
    "tests/ash_ops/test_library_names.py",
)
# They read thousands of texts each, or look at every scenario again for each field or call that is lost: with a
# counter in every function, that alone takes longer than all mutants, and a survivor would be tried by all of it.
SWEEPS: Final = (
    *(
        f"tests/ash_ops/causes/test_{name}.py"
        for name in (
            "crosswise", "near_misses", "others", "robustness", "roots", "terms", "worded", "wrappings",
        )
    ),
    "tests/ash_ops/checks/test_any_field_may_be_lost.py",
    "tests/ash_ops/checks/test_gaps_never_lie.py",
    "tests/ash_ops/snapshot/test_every_call_fails_in_turn.py",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Room:
    """Some modules and the tests that are to notice their faults.

    Attributes:
        sources: patterns of files below the project.
        tests: files and folders of tests.
    """

    sources: tuple[str, ...]
    tests: tuple[str, ...]

    def files(self) -> frozenset[str]:
        """The modules, as paths below the project."""
        found = (path for pattern in self.sources for path in ROOT.glob(pattern))
        return frozenset(path.relative_to(ROOT).as_posix() for path in found)


_DOCTOR = ("tests/ash_ops/checks", "tests/ash_ops/snapshot")
# The judge of repairs is heard in every report.
_SAID = ("tests/ash_ops/checks/test_network_against_a_reference.py",)
_SDK = ("tests/ash_client",)
ROOMS: Final[dict[str, Room]] = {
    "diagnosis": Room(("ash_ops/diagnosis.py", "ash_ops/examine.py"), _DOCTOR),
    "checks": Room(("ash_ops/checks/**/*.py",), _DOCTOR),
    "causes": Room(
        tuple(
            f"ash_ops/causes/{folder}*.py" for folder in ("", "reading/", "speech/", "structure/")
        ),
        ("tests/ash_ops/causes",),
    ),
    "redact": Room(("ash_ops/redact/*.py",), ("tests/ash_ops/redact",)),
    "repairs": Room(("ash_ops/repairs/*.py",), ("tests/ash_ops/repairs", *_SAID)),
    "snapshot": Room(
        ("ash_ops/snapshot/**/*.py",), ("tests/ash_ops/snapshot", "tests/ash_ops/aws")
    ),
    "logs": Room(("ash_ops/logs/*.py",), ("tests/ash_ops/logs",)),
    "cost": Room(("ash_ops/cost/**/*.py",), ("tests/ash_ops/cost",)),
    "iam": Room(("ash_ops/iam/*.py",), ("tests/ash_ops/deploy", "tests/ash_ops/aws")),
    "plan": Room(("ash_ops/deploy/plan/*.py", "ash_ops/deploy/*.py"), ("tests/ash_ops/deploy",)),
    "run": Room(("ash_ops/deploy/run/*.py",), ("tests/ash_ops/deploy",)),
    "remove": Room(("ash_ops/deploy/remove/*.py",), ("tests/ash_ops/deploy",)),
    "fix": Room(("ash_ops/deploy/fix/*.py",), ("tests/ash_ops/deploy",)),
    "stream": Room(("ash_client/_stream/*.py",), _SDK),
    "transport": Room(("ash_client/_transport/*.py",), _SDK),
    "wire": Room(("ash_client/_wire/*.py", "ash_client/_retry.py"), _SDK),
    "client": Room(("ash_client/_async/*.py",), _SDK),
}


def main(arguments: list[str]) -> int:
    """Work through the rooms and print a table in Markdown; 1 if one of them could not be run."""
    given = _parser().parse_args(arguments)
    names = given.rooms or list(ROOMS)
    if given.changed:
        names = [name for name in names if ROOMS[name].files() & _changed(given.changed)]
    failed = []
    sys.stdout.write("| room | mutants tried | noticed | share |\n| --- | --- | --- | --- |\n")
    total: Counter[str] = Counter()
    for name in names:
        try:
            counts = Counter(verdict for _, verdict in tried(name, given.sample, given.seed))
        except LookupError as error:
            failed.append(f"{name}: {error}")
            continue
        total += counts
        sys.stdout.write(_row(name, counts))
        sys.stdout.flush()
    sys.stdout.write(_row("**all**", total))
    sys.stderr.writelines(f"{line}\n" for line in failed)
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tools.mutants")
    parser.add_argument("rooms", nargs="*", metavar="ROOM", help="rooms; none means all")
    parser.add_argument("--sample", type=int, default=SAMPLE, help="mutants a room; 0 means all")
    parser.add_argument("--seed", type=int, default=SEED, help="of the sample")
    parser.add_argument("--changed", metavar="REVISION", help="only rooms that differ from it")
    return parser


def _row(name: str, counts: Counter[str]) -> str:
    tried_, noticed = counts.total(), sum(counts[verdict] for verdict in NOTICED)
    share = f"{noticed / tried_:.0%}" if tried_ else "-"
    return f"| {name} | {tried_} | {noticed} | {share} |\n"


def _changed(revision: str) -> set[str]:
    told = subprocess.run(  # noqa: S603 - git, with a revision of the caller's
        ["git", "diff", "--name-only", revision],  # noqa: S607 - git is where PATH says
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return set(told.stdout.split())


def tried(name: str, sample: int, seed: int) -> Iterator[tuple[str, str]]:
    """Mutants of a room with what became of each: ``killed``, ``survived``, ``no tests`` ...

    Raises:
        LookupError: mutmut made no mutant, or the tests fail without one.
    """
    workspace = prepared(name)
    # The first run makes the mutants and learns which tests reach which; it asks for one that is none.
    told = _mutmut(workspace, "run", "none.such", check=False)
    if not (workspace / "mutants" / "mutmut-stats.json").exists():
        sys.stderr.write(told[-2_000:])
        raise LookupError("the tests fail without a fault")
    before = dict(results(workspace))
    if not before:
        raise LookupError(f"no mutant; `mutmut run` in {workspace} tells why")
    chosen = _sampled(sorted(before), sample, seed)
    # mutmut forgets a verdict with its function or its options: what was noticed need not run again.
    if new := sorted(mutant for mutant in chosen if before[mutant] not in NOTICED):
        _mutmut(workspace, "run", *new)
    for mutant, verdict in results(workspace):
        if mutant in chosen:
            if verdict not in NOTICED:
                sys.stderr.write(f"{verdict}: {mutant}\n")
            yield mutant, verdict


def _sampled(known: list[str], sample: int, seed: int) -> frozenset[str]:
    some = random.Random(seed).sample(known, min(sample or len(known), len(known)))  # noqa: S311 - no secret
    return frozenset(some)


def prepared(name: str) -> Path:
    """A copy of the project for a room, beside what mutmut remembers of the last one."""
    room, workspace = ROOMS[name], WORKSHOP / name
    workspace.mkdir(parents=True, exist_ok=True)
    for folder in COPIED:
        shutil.rmtree(workspace / folder, ignore_errors=True)
        shutil.copytree(
            ROOT / folder, workspace / folder, ignore=shutil.ignore_patterns("__pycache__")
        )
    for file in FILES:
        shutil.copy2(ROOT / file, workspace / file)
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    (workspace / "pyproject.toml").write_text(project + settings(room), "utf-8")
    return workspace


def settings(room: Room) -> str:
    """What mutmut reads for a room: a table of pyproject.toml."""
    ignored = [
        f"--{'deselect' if '::' in each else 'ignore'}={each}" for each in (*ELSEWHERE, *SWEEPS)
    ]
    plugins = ("no:cacheprovider", "no:xdist", "tools.forgetting")
    options = [*(f"-p{each}" for each in plugins), "--no-header", "-q", *ignored]
    lines = {
        "source_paths": ["ash_ops", "ash_client"],
        "only_mutate": sorted(room.files()),
        "also_copy": [*FILES, "docs", "tools"],
        "pytest_add_cli_args_test_selection": list(room.tests),
        "pytest_add_cli_args": options,
    }
    return "\n[tool.mutmut]\n" + "".join(f"{key} = {value!r}\n" for key, value in lines.items())


def results(workspace: Path) -> list[tuple[str, str]]:
    """Every mutant and its verdict, as ``mutmut results`` prints them."""
    told = _mutmut(workspace, "results", "--all", "true")
    pairs = (line.strip().rpartition(": ") for line in told.splitlines())
    return [(mutant, verdict) for mutant, colon, verdict in pairs if colon]


def _mutmut(workspace: Path, *arguments: str, check: bool = True) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    command = [str(Path(sys.executable).with_name("mutmut")), *arguments]
    done = subprocess.run(  # noqa: S603 - our own tool, with names that it gave
        command, cwd=workspace, env=environment, check=False, capture_output=True, text=True
    )
    if check and done.returncode:
        sys.stderr.write(done.stdout[-2_000:] + done.stderr[-2_000:])
        raise LookupError(f"mutmut {arguments[0]} ended with {done.returncode}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
