"""What ``import ash_client`` gives, and what it costs."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import ash_client
from ash_client import errors, events, models


def test_every_name_is_there() -> None:
    for name in ash_client.__all__:
        assert getattr(ash_client, name) is not None
    assert set(ash_client.__all__) <= set(dir(ash_client))
    assert len(set(ash_client.__all__)) == len(ash_client.__all__)  # ruff keeps it in order


def test_the_names_type_checkers_see_are_those_of_all() -> None:
    """The block under TYPE_CHECKING, the table of homes and ``__all__`` say the same."""
    tree = ast.parse(Path(ash_client.__file__).read_text())
    block = next(node for node in tree.body if isinstance(node, ast.If))
    imports = [
        node for node in block.body if isinstance(node, ast.ImportFrom) and node.module != "typing"
    ]
    seen = {alias.name for node in imports for alias in node.names}
    assert seen | {"__version__"} == set(ash_client.__all__)
    assert set(ash_client._HOME_OF) | {"__version__"} == set(ash_client.__all__)
    for name, home in ash_client._HOME_OF.items():
        assert name in import_module(home).__all__


def test_every_error_is_public() -> None:
    assert set(errors.__all__) <= set(ash_client.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    assert not hasattr(ash_client, "NoSuchName")


def test_importing_loads_nothing_heavy() -> None:
    """httpx, pydantic and asyncio wait until the first name is used."""
    code = "import sys, ash_client; print(*(sys.modules.keys() & {'httpx', 'pydantic', 'asyncio', 'ssl', 'httpcore'}))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == ""


def test_a_client_loads_neither_asyncio_nor_pydantic() -> None:
    """They come with the first event loop and the first answer; plain http needs no TLS context either."""
    code = (
        "import sys; from ash_client import AshClient; AshClient('http://host');"
        "print(*(sys.modules.keys() & {'pydantic', 'asyncio'}))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == ""


def test_the_package_is_typed() -> None:
    assert (Path(ash_client.__file__).parent / "py.typed").exists()


def test_public_names_carry_docstrings() -> None:
    for module in (errors, events, models):
        for name in module.__all__:
            assert getattr(module, name).__doc__, name
    for client in (ash_client.AshClient, ash_client.AsyncAshClient, ash_client.MessageStream):
        for name in dir(client):
            if not name.startswith("_"):
                assert getattr(client, name).__doc__, name


def test_a_client_leaves_httpx_as_it_is() -> None:
    """Loading it in another way than everybody else would change it for everybody else."""
    show = "import sys, httpx; print(httpx.main.__module__, 'httpx._main' in sys.modules)"
    ours = f"from ash_client import AshClient; AshClient('http://host'); {show}"
    shown = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        for code in (show, ours)
    ]
    assert shown[0].stdout == shown[1].stdout
