"""``template``: the bundled templates, written out for editing."""

from __future__ import annotations

from pathlib import Path

from ash_ops.commands import Result
from ash_ops.commands.ports import Ports
from ash_ops.deploy.plan.template_files import write_templates
from ash_ops.errors import ExitCode


def template(ports: Ports, directory: Path, *, force: bool) -> Result:
    """Write the templates into a folder, and answer with their paths.

    Raises:
        OpsError: a file is there already, or cannot be written.
    """
    written = write_templates(directory, force=force)
    ports.note(f"Edit them, then: ash-ops deploy --template {directory}")
    return Result(exit_code=ExitCode.OK, render=lambda: "".join(f"{path}\n" for path in written))
