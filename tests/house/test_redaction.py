"""One place knows what a secret and a control character look like, and every door asks it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# What a pattern that looks for secrets or for control characters holds.
_SUSPICIOUS = re.compile(
    r"passw|secret|bearer|akia|\bsk-|api.?key|credential|private key|begin |token|\\x1b|\\x00|\\u20[26]|\x1b|[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]",
    re.I,
)
_WORKERS = {
    "compile",
    "regex",
    "sub",
    "subn",
    "search",
    "match",
    "fullmatch",
    "findall",
    "finditer",
    "split",
    "maketrans",
}
# Patterns that find such a word and hide nothing.
ALLOWED = {
    "ash_ops/snapshot/probe.py": "whether a page publishes a key; the page is dropped",
}
# Who asks ash_ops.redact, and for what.
DOORS = {
    "ash_ops/aws/calls.py": "answers of AWS",
    "ash_ops/aws/client/json_api.py": "answers of AWS without a client",
    "ash_ops/aws/logs.py": "log lines",
    "ash_ops/aws/ecs.py": "learns the values of an environment; settings shown or not",
    "ash_ops/aws/ecr.py": "manifests within answers of ECR",
    "ash_ops/aws/pricing.py": "products within answers of the price list",
    "ash_ops/cost/tokens/served.py": "names of agents, as the server tells them",
    "ash_ops/aws/client/trace.py": "error codes, for -v",
    "ash_ops/errors.py": "texts of exceptions",
    "ash_ops/causes/explain.py": "pasted text and files",
    "ash_ops/causes/batch.py": "lines of messages",
    "ash_ops/causes/reading/__init__.py": "documents within pasted text",
    "ash_ops/snapshot/http_get.py": "HTTP headers and bodies, registries included",
    "ash_ops/snapshot/probe.py": "texts of socket and HTTP errors",
    "ash_ops/snapshot/canary.py": "what the server says to the client",
    "ash_ops/snapshot/store.py": "files of facts",
    "ash_ops/deploy/sessions/live.py": "the sessions that the server names to the client",
    "ash_ops/deploy/fleet/read.py": "what a coordinator says of its runners",
    "ash_ops/deploy/agents.py": "answers of agents; whether a folder holds a secret",
    "ash_ops/deploy/run/secrets.py": "whether a key is a guide's placeholder",
    "ash_ops/settings.py": "learns the configured keys; refuses names that act",
    "ash_ops/snapshot/readings/secrets.py": "learns the values of secrets",
    "ash_ops/snapshot/readings/server.py": "learns the key in use",
    "ash_ops/snapshot/readings/wanted.py": "what is kept of a template",
    "ash_ops/snapshot/assemble.py": "values learnt after a text had entered; settings shown or not",
    "ash_ops/cli/_context.py": "the user's own words, as notices repeat them",
    "ash_ops/cli/_main.py": "the user's own words; tracebacks",
    "ash_ops/webhook.py": "learns the address, which is a secret",
    "ash_ops/report/junit.py": "characters that XML forbids",
}
# What lets text in, and the only modules that may use it.
INLETS = {
    "AshClient": {
        "ash_ops/snapshot/canary.py",
        "ash_ops/deploy/sessions/live.py",
        "ash_ops/deploy/agents.py",
        "ash_ops/deploy/fleet/read.py",
        "ash_ops/cost/tokens/served.py",
    },
    # A webhook's answer is a number: its words are not read.
    "HTTPConnection": {"ash_ops/snapshot/http_get.py", "ash_ops/webhook.py"},
    "urlopen": {
        "ash_ops/deploy/plan/callers.py",  # an address, parsed as one
        "ash_ops/cost/prices/bulk.py",  # prices; aws/pricing.py cleans their names
    },
    "get_paginator": {"ash_ops/aws/calls.py"},
    "URLLib3Session": {"ash_ops/aws/client/json_api.py"},
    "stdin": {
        "ash_ops/cli/_context.py",
        "ash_ops/cli/look/ask.py",  # a message of the user's own, for an agent
        "ash_ops/cli/_dialogue.py",
        "ash_ops/cli/look/explain.py",
    },
}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted((ROOT / "ash_ops").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith(("ash_ops/redact/", "ash_ops/demo/")):  # the emulator is the world
            yield name, ast.parse(path.read_text("utf-8"))


def test_no_other_module_knows_what_a_secret_or_a_control_character_looks_like() -> None:
    found = {name for name, tree in modules() for node in ast.walk(tree) if _hides(node)}
    assert found == set(ALLOWED)


def _hides(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    called = (
        node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    )
    texts = [
        n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)
    ]
    return called in _WORKERS and _looks_in_patterns(node) and any(map(_SUSPICIOUS.search, texts))


def _looks_in_patterns(node: ast.Call) -> bool:
    """Whether it is a function of ``re`` or our own beside them, or a table of characters."""
    if isinstance(node.func, ast.Name):
        return node.func.id == "regex"
    owner = node.func.value if isinstance(node.func, ast.Attribute) else None
    return isinstance(owner, ast.Name) and owner.id in ("re", "str", "bytes")


def test_the_doors_are_these() -> None:
    asking = {name for name, tree in modules() if any(_imports_redact(n) for n in ast.walk(tree))}
    assert asking == set(DOORS)


def _imports_redact(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom):
        module = node.module or ""
        return module.startswith("ash_ops.redact") or (
            module == "ash_ops" and any(alias.name == "redact" for alias in node.names)
        )
    return False


def test_text_comes_in_through_doors_alone() -> None:
    for inlet, allowed in INLETS.items():
        users = {name for name, tree in modules() for node in ast.walk(tree) if _uses(node, inlet)}
        assert users <= allowed, inlet
        assert users, f"nobody uses {inlet}: take it out of the table"


def _uses(node: ast.AST, name: str) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr == name
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name


def test_every_answer_of_aws_passes_the_hook() -> None:
    """Both ways of ``calls`` return what ``_read`` returns, and ``_read`` redacts."""
    tree = ast.parse((ROOT / "ash_ops/aws/calls.py").read_text("utf-8"))
    functions = {n.name: ast.unparse(n) for n in tree.body if isinstance(n, ast.FunctionDef)}
    assert "redact.document(answer" in functions["_read"]
    assert "return _read(" in functions["call"]
    assert "yield _read(" in functions["pages"]
    assert "in pages(" in functions["rows"]
