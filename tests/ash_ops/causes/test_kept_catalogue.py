"""The catalogue that an earlier run has kept is the one that the modules declare, or it is not believed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec import msgpack

from ash_ops.cache import cache_directory
from ash_ops.causes.base import Cause
from ash_ops.causes.catalogue import CAUSES, ORDER, declared, kept
from ash_ops.causes.catalogue.kept import Kept, Source, causes


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def never() -> tuple[Cause, ...]:
    raise AssertionError("the modules are read, although nothing has changed")


def the_file() -> Path:
    return cache_directory() / kept.NAME


def test_what_is_kept_is_what_the_modules_declare() -> None:
    assert declared() == ORDER
    assert causes(declared) == ORDER
    assert causes(never) == ORDER


def test_it_is_read_from_modules_again_when_one_of_them_has_changed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    module = tmp_path / "declares.py"
    module.write_text("CAUSES = ()")
    monkeypatch.setattr(kept, "_sources", lambda: [str(module)])
    causes(lambda: ORDER[:2])
    assert causes(never) == ORDER[:2]
    os.utime(module, ns=(1, 1))
    assert causes(lambda: ORDER[:3]) == ORDER[:3]
    module.unlink()
    assert causes(lambda: ORDER[:4]) == ORDER[:4]


def test_a_module_that_is_new_in_a_folder_is_seen(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "catalogue"
    folder.mkdir()
    os.utime(folder, ns=(1, 1))
    monkeypatch.setattr(kept, "_sources", lambda: [str(folder)])
    causes(lambda: ORDER[:2])
    (folder / "new.py").write_text("CAUSES = ()")
    assert causes(lambda: ORDER[:3]) == ORDER[:3]


def test_every_module_and_folder_of_the_catalogue_is_watched() -> None:
    declared()
    here = Path(kept.__file__).parent
    watched = set(kept._sources())
    assert {str(path) for path in here.rglob("*.py")} <= watched
    assert {str(path) for path in here.rglob("*") if path.is_dir()} - watched == {
        str(path) for path in here.glob("*/__pycache__")
    }
    # Terms in other words, and the parameters that steps name, are made of what stands elsewhere.
    assert str(here.parent / "base.py") in watched
    assert str(here.parents[1] / "template_parameters.py") in watched
    assert str(here.parents[1] / "templates" / "parameters.json") in watched


@pytest.mark.parametrize("spoilt", ["empty", "cut", "of other causes", "noise"])
def test_a_damaged_file_is_written_anew(spoilt: str) -> None:
    causes(declared)
    whole = the_file().read_bytes()
    the_file().write_bytes(
        {
            "empty": b"",
            "cut": whole[: len(whole) // 2],
            "of other causes": msgpack.encode([[], [{"slug": "one"}]]),
            "noise": bytes(range(256)),
        }[spoilt]
    )
    assert causes(declared) == ORDER
    assert causes(never) == ORDER


def test_a_file_of_sources_that_are_gone_is_not_believed() -> None:
    gone = Source("/nowhere/declares.py", 1, 2)
    the_file().parent.mkdir(parents=True)
    the_file().write_bytes(msgpack.encode(Kept((gone,), ORDER[:1])))
    assert causes(declared) == ORDER


def test_a_second_run_imports_no_module_that_declares_causes() -> None:
    program = (
        "import sys; from ash_ops.causes import CAUSES; "
        "print(len(CAUSES), sum(m.startswith('ash_ops.causes.catalogue.') for m in sys.modules))"
    )
    runs = [
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        for _ in range(2)
    ]
    (first, imported), (second, again) = (map(int, run.stdout.split()) for run in runs)
    assert first == second == len(CAUSES)
    assert imported > 80
    assert again <= 3
