"""A command holds a name only where it stands whole in what was pasted."""

import re
import textwrap

import pytest

from ash_ops.causes.explain import explain
from ash_ops.report.explanation import lines

ROLE = (
    "User: arn:aws:sts::210987654321:assumed-role/nightly-release-train-role/ci-41 is not authorized to perform: "
    "ecs:UpdateService on resource: arn:aws:ecs:eu-north-1:210987654321:service/fleet-blue/ash-runner because no "
    "identity-based policy allows the ecs:UpdateService action"
)
USER = ROLE.replace("sts:", "iam:").replace(
    "assumed-role/nightly-release-train-role/ci-41", "user/olga.petrova"
)


def _table(text: str, width: int) -> str:
    parts = [text[i : i + width] for i in range(0, len(text), width)]
    return "\n".join(f"| 10:02 | CREATE_FAILED | {part:{width}} |" for part in parts)


BROKEN = {
    "by words": textwrap.fill,
    "in a mail": lambda text, width: "\n".join(f"> {one}" for one in textwrap.wrap(text, width)),
    "hard": lambda text, width: "\n".join(text[i : i + width] for i in range(0, len(text), width)),
    "in a table": _table,
    "cut": lambda text, width: text[: width + 20],
    "cut with dots": lambda text, width: text[: width + 20] + "...",
}
FLAG = re.compile(r"--(?:role|user)-name (\S+)")


@pytest.mark.parametrize("how", BROKEN)
@pytest.mark.parametrize(("text", "name"), [(ROLE, "nightly-release-train-role"), (USER, "olga.petrova")])  # fmt: skip
def test_no_command_holds_a_part_of_a_name(how: str, text: str, name: str) -> None:
    for width in range(40, 100, 4):
        shown = "\n".join(lines(explain(BROKEN[how](text, width))))
        assert set(FLAG.findall(shown)) <= {name, "<role>", "<user>"}, width


@pytest.mark.parametrize(("text", "name"), [(ROLE, "nightly-release-train-role"), (USER, "olga.petrova")])  # fmt: skip
def test_a_name_that_stands_whole_is_filled_in(text: str, name: str) -> None:
    for pasted in (text, f"before\n{text}\nafter", BROKEN["hard"](text, 57)):
        assert name in FLAG.findall("\n".join(lines(explain(pasted))))


def test_a_policy_of_a_cut_resource_is_not_written() -> None:
    shown = "\n".join(lines(explain(ROLE[: ROLE.index("-runner")])))
    assert "--policy-document '<policy>'" in shown
    assert '"Resource":' not in shown


def test_the_port_of_an_event_is_the_port_that_is_opened() -> None:
    event = "(service web) (port {}) is unhealthy in (target-group arn:aws:elasticloadbalancing:us-west-2:123456789012:targetgroup/web/555a47e25c5a1850) due to (reason Health checks failed)."  # fmt: skip
    assert "--port 8000 " in "\n".join(lines(explain(event.format(8000))))
    assert "--port 4100 " in "\n".join(lines(explain(event.format(4100))))


def test_a_policy_of_a_resource_with_blanks_to_fill_in_is_not_written() -> None:
    for blank in ("<account>", "${AWS::AccountId}", "***", "{account}"):
        shown = "\n".join(lines(explain(ROLE.replace(":210987654321:", f":{blank}:"))))
        assert "--policy-document '<policy>'" in shown
        assert "arn:aws:ecs:eu-north-1" not in "".join(re.findall(r"--policy-document .*", shown))


MISSING = "An error occurred (ResourceNotFoundException) when calling the GetSecretValue operation: Secrets Manager can't find the specified secret."


@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_the_option_of_a_pasted_command_line_is_a_name(between: str) -> None:
    command = "$ aws secretsmanager get-secret-value --secret-id prod-credentials"
    shown = "\n".join(lines(explain(f"{command}{between}{MISSING}")))
    assert "--secret-id prod-credentials" in shown


def test_an_option_whose_line_is_broken_is_none() -> None:
    command = "$ aws secretsmanager get-secret-value --secret-id prod-cred\nentials"
    assert "--secret-id <secret>" in "\n".join(lines(explain(f"{command}\n\n{MISSING}")))
