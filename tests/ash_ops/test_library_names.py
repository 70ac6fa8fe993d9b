"""What ``import ash_ops`` offers, and that it costs nothing until it is used."""

from __future__ import annotations

import subprocess
import sys

import pytest

import ash_ops


@pytest.mark.parametrize("name", ash_ops.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(ash_ops, name)
    assert name in dir(ash_ops)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = ash_ops.no_such_name


def test_importing_the_package_loads_none_of_the_heavy_libraries() -> None:
    code = "import sys, ash_ops; print([m for m in ('boto3', 'botocore', 'pydantic', 'httpx') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
