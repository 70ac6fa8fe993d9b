"""The templates: bundled, or a user's own copy of them."""

from __future__ import annotations

import os
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Any

from ash_ops.errors import OpsError, UsageProblem
from ash_ops.template_parameters import MODES, Parameters, bundled_parameters, parameters_in

# CloudFormation takes at most this much in a request (its quota "template body size").
_MOST_BYTES = 51_200
# What stands on one line where room is short: members, and their characters.
_FEW = 6
_SHORT = 200
_BLOCK = ("|", ">")


def bundled(mode: str) -> str:
    """The template that comes with this version."""
    return files("ash_ops.templates").joinpath(f"{mode}.yaml").read_text(encoding="utf-8")


def load_template(mode: str, directory: Path | None) -> str:
    """The template of a mode, from a directory if one is given.

    Raises:
        UsageProblem: the directory holds no such template, or it is too large for a request.
    """
    if directory is None:
        return small(bundled(mode))
    path = directory / f"{mode}.yaml"
    try:
        return small(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageProblem(
            f"{path} cannot be read",
            getattr(error, "strerror", None) or "it is not UTF-8 text",
            f"Write the bundled ones there first: `ash-ops template {directory}`.",
        ) from None


def declared_parameters(mode: str, directory: Path | None) -> Parameters:
    """What the template of a mode declares; read from the user's own copy if a directory is given.

    Raises:
        UsageProblem: as ``load_template``, or it is no template.
    """
    if directory is None:
        return bundled_parameters(mode)
    return parameters_in(load_template(mode, directory))


def small(body: str) -> str:
    """The template as it is sent: if it would be too large, without comments, and then written closer.

    Raises:
        UsageProblem: it is larger than CloudFormation takes.
    """
    size = 0
    for shorter in (str, _without_comments, _close):
        text = shorter(body)
        size = len(text.encode())
        if size <= _MOST_BYTES:
            return text
    raise UsageProblem(
        "The template is too large",
        f"it has {size} bytes, CloudFormation takes {_MOST_BYTES} in a request",
        "Shorten it, or split it into nested stacks of your own.",
    )


def _without_comments(body: str) -> str:
    lines = [line for line in body.splitlines() if not line.lstrip().startswith("# ")]
    return "\n".join(lines) + "\n"


def _close(body: str) -> str:
    """The same document in fewer bytes: no blank lines, and what is short on one line."""
    import yaml  # only here: its import is slow

    try:
        document = yaml.compose(body, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return body  # CloudFormation says what is wrong with it
    _put_on_one_line(document)
    return str(yaml.serialize(document, width=_MOST_BYTES, allow_unicode=True))


def _put_on_one_line(node: Any) -> None:
    """Lists and mappings of few short texts; a text of several lines keeps its shape."""
    if isinstance(node.value, str):
        return
    members = [
        each for entry in node.value for each in (entry if type(entry) is tuple else [entry])
    ]
    for each in members:
        _put_on_one_line(each)
    texts = [
        each.value for each in members if isinstance(each.value, str) and each.style not in _BLOCK
    ]
    node.flow_style = len(texts) == len(members) <= _FEW and sum(map(len, texts)) <= _SHORT


def write_templates(directory: Path, *, force: bool) -> list[Path]:
    """Write the bundled templates out for editing.

    Raises:
        OpsError: a file is there that was edited and ``force`` was not given, a link is in its
            place, or it cannot be written. Then none is written.
    """
    _refuse_link(directory)
    bodies = {directory / f"{mode}.yaml": bundled(mode) for mode in MODES}
    for path, body in bodies.items():
        _check_place(path, body, force=force)
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for path, body in bodies.items():
            _replace(path, body)
    except OSError as error:
        raise OpsError(
            f"{directory} cannot be written", error.strerror or "", "Give another directory."
        ) from None
    return list(bodies)


def _refuse_link(path: Path) -> None:
    if path.is_symlink():
        raise OpsError(
            f"{path} is a link",
            "what is written there would land in another place",
            "Remove the link, or give another directory.",
        )


def _check_place(path: Path, body: str, *, force: bool) -> None:
    _refuse_link(path)
    if path.exists() and not force and not _holds(path, body):
        raise OpsError(
            f"{path} is there already, and is not the bundled one",
            "it may hold your changes",
            "Give another directory, or --force to overwrite it.",
        )


def _holds(path: Path, body: str) -> bool:
    try:
        return path.read_text(encoding="utf-8") == body
    except (OSError, UnicodeDecodeError):
        return False


def _replace(path: Path, body: str) -> None:
    """Write a file whole or not at all; a link that was put there meanwhile is replaced, not followed."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(body)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
