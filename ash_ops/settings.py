"""Options, environment and ``.env`` become one checked ``Settings``.

Order of precedence: option, environment, ``.env``, default. Every value remembers where it came
from, so that a complaint can name the place to mend. Only the standard library is imported here
(python-dotenv only when there is a file to read): commands that need no AWS start fast.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ash_ops import env_file
from ash_ops.errors import UsageProblem
from ash_ops.names import DEFAULT_PREFIX, Deployment
from ash_ops.redact import clean, learn
from ash_ops.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_REGION = "us-east-1"
DEFAULT_ENV_FILE = ".env"

SECRET_VARIABLES = frozenset(
    {
        "ANTHROPIC_API_KEY",
        "ASH_API_KEY",
        "ASH_INTERNAL_SECRET",
        "ASH_CREDENTIAL_KEY",
        "ASH_DATABASE_URL",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
    }
)


def command_line(command: str, name: str, region: str) -> str:
    """A command of ash-ops for one deployment, with only the options that are not defaults.

    Args:
        command: its words; another deployment or region that it names stays.
        name: the deployment's prefix; empty where there is none.
        region: where it is; empty where that is not known.
    """
    words = command.split()
    named = name in {"", DEFAULT_PREFIX} or "--name" in words
    placed = region in {"", DEFAULT_REGION} or "--region" in words
    return f"ash-ops {command}{'' if named else f' --name {name}'}{'' if placed else f' --region {region}'}"


@dataclass(frozen=True, slots=True)
class Variable:
    """One configured value and where it was found.

    Attributes:
        name: the environment variable's name.
        value: its value, unchanged.
        origin: ``environment``, or the path of the ``.env`` file.
    """

    name: str
    value: str = field(repr=False)
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the command line gave; ``None`` where it gave nothing."""

    name: str | None = None
    region: str | None = None
    profile: str | None = None
    endpoint_url: str | None = None
    env_file: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where to look, and the variables to look with.

    Attributes:
        deployment: the names that follow from ``--name``.
        region: the AWS region to use; ``None`` leaves it to the profile.
        profile: the named AWS profile to use; ``None`` where access keys were given instead.
        endpoint_url: an AWS emulator or proxy to talk to instead of AWS.
        variables: every variable of the environment and of ``.env``, the former first.
        notes: what a user should know of the ``.env`` file before anything else is printed.
    """

    deployment: Deployment
    region: str | None
    profile: str | None
    endpoint_url: str | None
    variables: Mapping[str, Variable] = field(repr=False)
    notes: tuple[str, ...] = ()

    def get(self, name: str) -> str | None:
        """The value of a variable, or ``None`` when it is not set or empty."""
        found = self.variables.get(name)
        return found.value if found and found.value else None

    def secret(self, name: str) -> Secret | None:
        """The value of a variable that must not be seen."""
        value = self.get(name)
        return Secret(value) if value is not None else None

    def origin(self, name: str) -> str:
        """Where a variable's value came from, for messages."""
        found = self.variables.get(name)
        return found.origin if found else "default"


def load(options: Options, environ: Mapping[str, str] | None = None) -> Settings:
    """Read and check the configuration.

    Args:
        options: what the command line gave.
        environ: the environment; the process's own when not given.

    Raises:
        UsageProblem: a file or a value that cannot be right; the message names it.
    """
    env = os.environ if environ is None else environ
    given = options.env_file or env.get("ASH_OPS_ENV_FILE")
    path = Path(given or DEFAULT_ENV_FILE)
    from_file = read_env_file(path, required=bool(given))
    variables = _merge(env, from_file)

    for name in SECRET_VARIABLES & variables.keys():
        learn(variables[name].value, name=name)

    for option in (options.name, options.region, options.profile, options.endpoint_url):
        _check_plain(option)
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_ENDPOINT_URL"):
        _check_plain(variables[name].value if name in variables else None)

    def first(option: str | None, *names: str) -> str | None:
        candidates = (variables[name].value for name in names if name in variables)
        return option or next((value for value in candidates if value), None)

    return Settings(
        deployment=Deployment(first(options.name, "ASH_OPS_NAME") or DEFAULT_PREFIX),
        region=first(options.region, "AWS_REGION", "AWS_DEFAULT_REGION"),
        profile=options.profile or _profile(variables),
        endpoint_url=_checked_url(first(options.endpoint_url, "AWS_ENDPOINT_URL")),
        variables=variables,
        notes=_notes(path, from_file, variables, options, asked=bool(given)),
    )


def _check_plain(value: str | None) -> None:
    """Refuse what would act on the terminal whenever it is shown."""
    if value is not None and clean(value) != value:
        raise UsageProblem(
            f"{clean(value)!r} cannot be used",
            "it holds characters that cannot be seen or that steer a terminal",
            "Type it again by hand; what was copied may hold more than it shows.",
        )


def _notes(
    path: Path,
    from_file: Mapping[str, Variable],
    variables: Mapping[str, Variable],
    options: Options,
    *,
    asked: bool,
) -> tuple[str, ...]:
    values = {name: variable.value for name, variable in from_file.items()}
    hidden = {"AWS_ENDPOINT_URL": options.endpoint_url, "AWS_PROFILE": options.profile}
    in_force = {
        name: variable.value
        for name, variable in from_file.items()
        if variable.value and variables[name] is variable and not hidden.get(name)
    }
    return tuple(env_file.notes(path, values, in_force, asked=asked))


def read_env_file(path: Path, *, required: bool) -> dict[str, Variable]:
    """The variables of a ``.env`` file; none when an optional file is not there.

    Raises:
        UsageProblem: the file cannot be read, or a line of it is not ``NAME=value``.
    """
    try:
        text = env_file.read_text(path)
    except FileNotFoundError:
        if not required:
            return {}
        raise _unreadable(path, "there is no such file") from None
    except env_file.Unreadable as error:
        raise _unreadable(path, str(error)) from None
    except (OSError, ValueError) as error:  # a name that no file can have is a ValueError
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise _unreadable(path, reason or type(error).__name__) from None
    return _parse_env(text, path)


def _parse_env(text: str, path: Path) -> dict[str, Variable]:
    from io import StringIO

    from dotenv.parser import parse_stream

    variables: dict[str, Variable] = {}
    for binding in parse_stream(StringIO(text)):
        if binding.error or (binding.key is not None and binding.value is None):
            # The line itself is not shown: it may hold a secret.
            raise UsageProblem(
                f"{path} cannot be read",
                f"line {binding.original.line} is not NAME=value",
                "Write one NAME=value a line; quote a value that has spaces or #.",
            )
        if binding.key is not None and binding.value is not None:
            variables[binding.key] = Variable(binding.key, binding.value, str(path))
    return variables


def _merge(env: Mapping[str, str], file: Mapping[str, Variable]) -> dict[str, Variable]:
    # An empty variable of the environment does not hide what the file says.
    own = {name: Variable(name, value, "environment") for name, value in env.items() if value}
    return {**file, **own}


def _profile(variables: Mapping[str, Variable]) -> str | None:
    """The profile the variables name, unless access keys from a place at least as near hide it."""
    profile, keys = variables.get("AWS_PROFILE"), variables.get("AWS_ACCESS_KEY_ID")
    if profile is None or not profile.value:
        return None
    nearer = profile.origin == "environment" and keys is not None and keys.origin != "environment"
    return profile.value if keys is None or nearer else None


def _checked_url(url: str | None) -> str | None:
    if url is not None and not url.startswith(("http://", "https://")):
        raise UsageProblem(
            f"The endpoint {url!r} cannot be used",
            "an endpoint is a URL that starts with http:// or https://",
            "Correct --endpoint-url or AWS_ENDPOINT_URL.",
        )
    return url


def _unreadable(path: Path, reason: str) -> UsageProblem:
    return UsageProblem(
        f"{path} cannot be read",
        reason,
        "Correct --env-file, or write the file: the README shows one.",
    )
