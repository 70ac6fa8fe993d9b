"""What a shell may complete: values that only the machine or the catalogue knows.

Each is found when somebody presses Tab, so everything is imported there.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def _beginning(with_: str, words: Iterable[str]) -> list[CompletionItem]:
    return [_completing(word) for word in words if word.startswith(with_)]


def _completing(word: str, about: str | None = None) -> CompletionItem:
    from click.shell_completion import CompletionItem  # only a shell asks for it

    return CompletionItem(word, help=about)


def causes(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The names of the causes, each with its title."""
    from ash_ops.causes import CAUSES

    return [
        _completing(slug, cause.title)
        for slug, cause in CAUSES.items()
        if incomplete and slug.startswith(incomplete)
    ]


def scenarios(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The scenarios of the demo; none where its extra is not installed."""
    folder = Path(__file__).parent.parent / "demo" / "scenarios"
    return _beginning(incomplete, sorted(path.stem for path in folder.glob("*.toml")))


def commands(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The commands that have a policy, and the boundary."""
    from ash_ops.iam.calls import CALLS
    from ash_ops.iam.policy import BOUNDARY

    return _beginning(incomplete, [*CALLS, BOUNDARY])


def regions(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The regions that botocore knows."""
    from ash_ops.aws.client.session import known_regions

    return _beginning(incomplete, sorted(known_regions()))


def profiles(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The profiles of the AWS configuration on this machine."""
    import configparser
    import os

    found: set[str] = set()
    for variable, default in (
        ("AWS_CONFIG_FILE", "~/.aws/config"),
        ("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials"),
    ):
        reader = configparser.RawConfigParser(strict=False)
        try:
            reader.read(Path(os.environ.get(variable, default)).expanduser(), "utf-8")
        except (configparser.Error, OSError, UnicodeError):
            continue  # completion stays silent about a file that cannot be read
        found |= {name.removeprefix("profile ").strip() for name in reader.sections()}
    return _beginning(
        incomplete, sorted(n for n in found if not n.startswith(("sso-session", "services")))
    )
