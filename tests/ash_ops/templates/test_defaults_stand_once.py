"""A default is changed in one place, and everything that tells or uses it follows; it stands nowhere twice.

In copies of the project another default is written for every parameter, in the part of the templates that
declares it and nowhere else. Then ``make generate``, and a new process says what it sees.
"""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ash_ops.template_parameters import (
    LISTS,
    MODES,
    MULTI_MACHINE,
    SOURCES,
    STANDALONE,
    SWITCHES,
    bundled_parameters,
    in_either,
)
from tests.support.changed_defaults import changed

ROOT = Path(__file__).resolve().parents[3]
PART = "tools/template_parts/parameters.yaml"
PARTS = (
    "ash_client",
    "ash_ops",
    "docs",
    "tools",
    "tests/support",
    "tests/data/causes",
    "tests/scenarios",
)

# In one world all is changed but where agents run, in the other that too: it decides what there is to change.
WORLDS = {
    "fargate": frozenset({"LaunchType"}),
    "ec2": frozenset({"UseEfs", "Architecture"}),
}
WITH_DEFAULT = sorted(
    {
        name
        for mode in MODES
        for name, parameter in bundled_parameters(mode).items()
        if parameter.default is not None
    }
)
WITH_OPTION = [name for name in WITH_DEFAULT if name in {**SOURCES, **LISTS, **SWITCHES}]


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """By world: ``new``, the defaults that were written, and what is told of them."""
    folders = {name: tmp_path_factory.mktemp(name) for name in WORLDS}
    told = {name: _world(folders[name], leave) for name, leave in WORLDS.items()}
    assert _run(folders["ec2"], "tools.generate", "--check") == ""
    return told


def _world(folder: Path, leave: frozenset[str]) -> dict[str, Any]:
    for part in PARTS:
        skipped = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / part, folder / part, ignore=skipped)
    text, new = changed((folder / PART).read_text("utf-8"), leave)
    (folder / PART).write_text(text, "utf-8")
    _run(folder, "tools.generate")
    told: dict[str, Any] = json.loads(_run(folder, "tests.support.what_follows"))
    return {"new": new, **told}


def _run(folder: Path, *module: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *module],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "HOME": str(folder), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _worlds_of(worlds: dict[str, dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """The worlds in which this parameter has another default."""
    return [world for world in worlds.values() if name in world["new"]]


def _option(name: str) -> str:
    if name in SWITCHES:
        return f"--{next(iter(SWITCHES[name]))}"
    return f"--{(SOURCES.get(name) or LISTS[name])[0].replace('_', '-')}"


def _said(name: str, value: str) -> str:
    ways = {stands_for: option for option, stands_for in SWITCHES.get(name, {}).items()}
    return ways.get(value) or in_either(name).shown(value)


@pytest.mark.parametrize("name", WITH_DEFAULT)
def test_a_request_without_options_has_the_new_default(
    name: str, worlds: dict[str, dict[str, Any]]
) -> None:
    for world in _worlds_of(worlds, name):
        for mode in (mode for mode in MODES if name in bundled_parameters(mode)):
            found = world[mode]["request"][name]
            if name == "InstanceType":
                assert found in ("c7i.2xlarge", "c7g.2xlarge")  # it follows the processor
            else:
                assert found == world["new"][name]


@pytest.mark.parametrize("name", WITH_OPTION)
def test_the_help_of_deploy_says_the_new_default(
    name: str, worlds: dict[str, dict[str, Any]]
) -> None:
    for world in _worlds_of(worlds, name):
        text = world["help"]["deploy"][_option(name)]
        assert f"default: {_said(name, world['new'][name])}" in text


@pytest.mark.parametrize("name", WITH_DEFAULT)
def test_the_page_of_the_parameters_says_the_new_default(
    name: str, worlds: dict[str, dict[str, Any]]
) -> None:
    for world in _worlds_of(worlds, name):
        row = next(x for x in world["page"].splitlines() if x.startswith(f"| `{name}` |"))
        assert f"`{_said(name, world['new'][name])}`" in row


@pytest.mark.parametrize(
    ("name", "option"),
    [
        ("LaunchType", "--launch-type"),
        ("Cpu", "--cpu"),
        ("Memory", "--memory"),
        ("Architecture", "--architecture"),
        ("RunnerCount", "--runners"),
        ("InstanceType", "--instance-type"),
        ("ContainerInsights", "--container-insights"),
        ("LogRetentionDays", "--log-retention"),
        ("DatabaseClass", "--database"),
    ],
)
def test_the_help_of_cost_says_the_new_default(
    name: str, option: str, worlds: dict[str, dict[str, Any]]
) -> None:
    for world in _worlds_of(worlds, name):
        text = world["help"]["cost"][option]
        assert _said(name, world["new"][name]) in re.split(r"default: |alone, ", text)[1]


def test_the_checks_before_a_deployment_count_with_the_new_defaults(
    worlds: dict[str, dict[str, Any]],
) -> None:
    new = worlds["fargate"]["new"]
    sandboxes = f"{new['MaxSandboxes']} sandboxes may use {new['SandboxMemory']} MB"
    for mode, memory in ((STANDALONE, "Memory"), (MULTI_MACHINE, "RunnerMemory")):
        (told,) = worlds["fargate"][mode]["memory"]
        assert told.startswith(sandboxes)
        assert f"the task has {new[memory]} MB" in told
    assert worlds["fargate"][STANDALONE]["agents"] == ["warning"]
    assert worlds["ec2"][STANDALONE]["agents"] == []  # they can run there


def test_the_plan_of_one_server_has_the_new_defaults(worlds: dict[str, dict[str, Any]]) -> None:
    new, plan = worlds["fargate"]["new"], worlds["fargate"][STANDALONE]["plan"]
    (task,) = plan["tasks"]
    assert (task["cpu"], task["memory"]) == (int(new["Cpu"]), int(new["Memory"]))
    assert task["arch"] == new["Architecture"].lower()
    assert plan["insights"] == new["ContainerInsights"]
    assert plan["log_retention_days"] == int(new["LogRetentionDays"])
    assert plan["private"] is (new["AssignPublicIp"] == "DISABLED")
    assert (plan["load_balancer_addresses"] == 0) is (new["Scheme"] == "internal")
    assert (plan["efs_gb"] == "5") is (new["UseEfs"] == "true")
    (server,) = worlds["ec2"][STANDALONE]["plan"]["machines"]
    assert server["instance_type"] == worlds["ec2"]["new"]["InstanceType"]
    assert server["volume_gb"] == 30 + int(worlds["ec2"]["new"]["DataVolumeSize"])


def test_the_plan_of_several_machines_has_the_new_defaults(
    worlds: dict[str, dict[str, Any]],
) -> None:
    new, plan = worlds["ec2"]["new"], worlds["ec2"][MULTI_MACHINE]["plan"]
    (coordinator,), (runners,) = plan["tasks"], plan["machines"]
    assert (coordinator["cpu"], coordinator["memory"]) == (int(new["Cpu"]), int(new["Memory"]))
    assert runners["count"] == new["RunnerCount"]
    assert runners["instance_type"] == new["InstanceType"]
    assert plan["database"]["instance_class"] == new["DatabaseClass"]
    assert plan["database"]["multi_az"] is (new["DatabaseMultiAz"] == "true")


@pytest.mark.parametrize("mode", MODES)
def test_what_a_deployment_is_priced_by_is_what_it_requests(
    mode: str, worlds: dict[str, dict[str, Any]]
) -> None:
    for world in worlds.values():
        priced, wanted = world[mode]["priced"], world[mode]["request"]
        assert priced["log-retention"] == wanted["LogRetentionDays"]
        assert priced["container-insights"] == wanted["ContainerInsights"]
        assert priced["architecture"] == wanted["Architecture"].lower()
        assert ("runners" in priced) is (mode == MULTI_MACHINE)


def test_the_bill_on_the_page_is_of_the_new_size(worlds: dict[str, dict[str, Any]]) -> None:
    new = worlds["fargate"]["new"]
    size = rf"Fargate.* vCPU: 1 x {int(new['Cpu']) / 1024:g} "
    assert re.search(size, worlds["fargate"]["bill"])
    assert f"Logs kept {new['LogRetentionDays']} days" in worlds["fargate"]["bill"]


# ---- and none stands a second time ----

_LIKE_A_PARAMETER = re.compile(
    r"retention|sandbox|runner|cpu|memory|listener_?port|database|instance_?type|volume|image|insights",
    re.I,
)
# Defaults that are words of their own beside: what else each means.
_OTHER_MEANING = {
    "ash-cloud": "the prefix of every command, not of deploy alone; deploy always sends it",
    "us-east-1": "the region of AWS's global services, and of a deployment; here of a bucket",
    "initial": "a target's state",
}
# Where the number of a default may stand all the same: file, value, and why.
ALLOWED = {
    ("ash_ops/checks/agents/sandboxes.py", "2048"): "the server's own limit, where none is set",
    ("ash_ops/checks/pending/capacity.py", "1024"): "the units of a vCPU",
    ("ash_ops/cost/lines/computing.py", "1024"): "likewise; and the MB of a GB",
    (
        "ash_ops/cost/plan.py",
        "20",
    ): "no parameters: what RDS stores, what Fargate gives at no charge",
    ("ash_ops/cost/sizing.py", "2"): "two runners at least, so that the loss of one is not of all",
    ("ash_ops/sizes/fargate.py", "512"): "what Fargate offers",
    ("ash_ops/sizes/fargate.py", "1024"): "likewise",
    ("ash_ops/sizes/fargate.py", "2048"): "likewise",
}


@cache
def _defaults() -> frozenset[str]:
    found = (p.default or "" for mode in MODES for p in bundled_parameters(mode).values())
    words = {
        word for mode in MODES for p in bundled_parameters(mode).values() for word in p.allowed
    }
    other = words | _OTHER_MEANING.keys()
    return frozenset(value for value in found if value and (value not in other or value.isdigit()))


def _constants(tree: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Values with the name they are given to: of a keyword, a variable, a field, an argument, a key."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword):
            yield node.arg or "", node.value
        elif isinstance(node, ast.Assign):
            yield from ((ast.unparse(target), node.value) for target in node.targets)
        elif isinstance(node, ast.AnnAssign) and node.value:
            yield ast.unparse(node.target), node.value
        elif isinstance(node, ast.arguments):
            named = [*node.posonlyargs, *node.args][-len(node.defaults) :] if node.defaults else []
            yield from ((arg.arg, value) for arg, value in zip(named, node.defaults, strict=True))
        elif isinstance(node, ast.Dict):
            yield from (
                (str(key.value), value)
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant)
            )


def _second_copies(path: Path) -> Iterator[tuple[str, str]]:
    """A named value that equals a default, and a text that tells one."""
    relative = path.relative_to(ROOT).as_posix()
    tree = ast.parse(path.read_text("utf-8"))
    # A docstring gives examples; what it shows is read by nobody who deploys.
    quiet = [node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)]
    for name, value in _constants(tree):
        if _LIKE_A_PARAMETER.search(name):
            for constant in (n for n in ast.walk(value) if isinstance(n, ast.Constant)):
                if str(constant.value) in _defaults() and not isinstance(constant.value, bool):
                    yield relative, str(constant.value)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in quiet:
            yield from ((relative, told) for told in _told(node.value))


def _told(text: str) -> Iterator[str]:
    """Defaults in a sentence: ``default: 512``, ``[30]``; names that are no numbers anywhere."""
    for value in _defaults():
        shown = re.escape(value)
        if value.isdigit():
            pattern = (
                rf"(?:by default|default:?|alone,) {shown}\b|{shown} (?:MB )?by default|\[{shown}\]"
            )
        else:
            pattern = rf"(?<![\w.:/-]){shown}(?![\w:/-])"
        if re.search(pattern, text):
            yield value


def test_no_default_stands_a_second_time() -> None:
    found = {
        copy
        for path in sorted((ROOT / "ash_ops").rglob("*.py"))
        if "demo" not in path.parts  # what runs there is the template itself, deployed
        for copy in _second_copies(path)
    }
    assert found - ALLOWED.keys() == set()


def test_every_exception_is_still_needed() -> None:
    found = {copy for name in {f for f, _ in ALLOWED} for copy in _second_copies(ROOT / name)}
    unneeded = ALLOWED.keys() - found
    assert {copy for copy in unneeded if copy[1] in _defaults()} == set()


def test_a_second_copy_would_be_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    values = frozenset({"20", "12288", "30", "512", "db.t4g.micro"})
    monkeypatch.setattr(sys.modules[__name__], "_defaults", lambda: values)
    module = tmp_path / "module.py"
    for line in (
        'DEFAULTS = {"MaxSandboxes": "20"}',
        "def plan(runner_memory: int = 12288) -> None: ...",
        'HELP = "How long logs are kept [30]."',
        'HELP = "Metrics. [default: 512]"',
        'WHY = "for instance db.t4g.micro"',
        "log_retention_days = 30 if True else None",
    ):
        module.write_text(line, "utf-8")
        assert list(_second_copies(module)), line
