"""Write everything that is generated anew: ``python -m tools.generate``; ``--check`` only compares.

A generator is a module of this folder with ``files()``: text by path below the project. A folder
named in ``WHOLE`` holds nothing else, so a page whose subject is gone goes too.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GENERATORS = (
    "templates",
    "resources",  # the synchronous client is made of the groups of operations too
    "unasync",
    "api_pages",
    "cli_page",
    "parameters_page",
    "cost_page",
    "json_page",
    "listed",
    "learned",
    "checks_page",
    "causes_pages",
    "causes_terms",
    "house_page",  # last: it counts what the others have written
)
WHOLE = ("docs/api", "docs/schemas", "docs/causes", "docs/terms", "ash_client/_sync")


def files() -> dict[str, str]:
    """What every generator makes, by path."""
    return {path: text for name in GENERATORS for path, text in made_by(name).items()}


def made_by(generator: str) -> dict[str, str]:
    """What one generator makes, by path."""
    made: dict[str, str] = import_module(f"tools.{generator}").files()
    return made


def stale(made: dict[str, str]) -> Iterator[str]:
    """The paths whose files are missing, differ, or should be gone."""
    for path, text in made.items():
        file = ROOT / path
        if not file.exists() or file.read_text("utf-8") != text:
            yield path
    for folder in WHOLE:
        kept = (p.relative_to(ROOT).as_posix() for p in (ROOT / folder).iterdir() if p.is_file())
        yield from (path for path in kept if path not in made)


def main(check: bool) -> int:
    """Write the files, or tell which are out of date; 1 when a comparison fails."""
    if check:
        found = sorted(stale(files()))
        sys.stderr.writelines(f"out of date: {path}. Run: make generate\n" for path in found)
        return 1 if found else 0
    made: dict[str, str] = {}
    for name in GENERATORS:
        # Each is written before the next is imported: pages are made of what the templates say now.
        made |= _written(made_by(name))
    for path in stale(made):
        (ROOT / path).unlink()
        sys.stdout.write(f"{path}\n")
    return 0


def _written(made: dict[str, str]) -> dict[str, str]:
    for path, text in made.items():
        file = ROOT / path
        if not file.exists() or file.read_text("utf-8") != text:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
            sys.stdout.write(f"{path}\n")
    return made


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv))
