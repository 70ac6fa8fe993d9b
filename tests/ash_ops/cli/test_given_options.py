"""What the command line advises is about the deployment that it was asked about."""

from __future__ import annotations

from pathlib import Path

import pytest

from ash_ops.cli._context import Context
from ash_ops.cli._given import with_given
from ash_ops.cli._main import report_error
from ash_ops.errors import OpsError

GIVEN = {"name": "second", "region": "eu-west-1", "verbose": True}
ABOUT = "--name second --region eu-west-1"


@pytest.mark.parametrize(
    ("told", "completed"),
    [
        ("`ash-ops start` starts it.", f"`ash-ops {ABOUT} start` starts it."),
        ("`ash-ops stop`, then `ash-ops start`", f"`ash-ops {ABOUT} stop`, then `ash-ops {ABOUT} start`"),
        ("`ash-ops runners drain ID --undo`", f"`ash-ops {ABOUT} runners drain ID --undo`"),
        ('`eval "$(ash-ops connect)"`', f'`eval "$(ash-ops {ABOUT} connect)"`'),
        ('`ash-ops ask --agent a "Hello"`', f'`ash-ops {ABOUT} ask --agent a "Hello"`'),
        # Another deployment is meant, in the same region.
        ("`ash-ops deploy --name third`", "`ash-ops --region eu-west-1 deploy --name third`"),
        ("`ash-ops --name third doctor`", "`ash-ops --name third doctor`"),
        # What is the same for every deployment, prose, and commands of others stay.
        ("`ash-ops iam-policy doctor`", f"`ash-ops {ABOUT} iam-policy doctor`"),
        ("`ash-ops explain container-oom`", "`ash-ops explain container-oom`"),
        ("a newer ash-ops may know it", "a newer ash-ops may know it"),
        ("`aws ecs list-tasks`", "`aws ecs list-tasks`"),
    ],
)  # fmt: skip
def test_a_command_that_is_told_has_the_options_that_were_given(told: str, completed: str) -> None:
    assert with_given(told, GIVEN) == completed
    assert with_given(told, {"verbose": True}) == told


def test_a_value_with_a_space_is_quoted() -> None:
    told = with_given("Run `ash-ops deploy` again.", {"env_file": "my keys.env"})
    assert told == "Run `ash-ops --env-file 'my keys.env' deploy` again."


def test_notes_dialogue_and_errors_complete_their_commands_and_a_restore_turns_to_another(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    context = Context()
    context.options |= {"name": "second"}
    ports = context.ports(yes=True)
    ports.note("1 `ash-ops status`")
    ports.dialogue.say("2 `ash-ops status`")
    report_error(OpsError("3", "because", "`ash-ops status`"), context.told)
    ports.turn_to("third")
    ports.note("4 `ash-ops status`")
    heard = capsys.readouterr().err
    assert heard.count("`ash-ops --name second status`") == 3
    assert heard.endswith("4 `ash-ops --name third status`\n")
