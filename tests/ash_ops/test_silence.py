"""A warning that its owner has answered is counted in one line; what is broken is never silent."""

from __future__ import annotations

from pathlib import Path

import pytest

from ash_ops.config_file import doctor_defaults
from ash_ops.diagnosis import Report, diagnose
from ash_ops.errors import UsageProblem
from ash_ops.report import render
from ash_ops.silence import require_known, silenced
from tests.support import scenarios


def report_of(name: str) -> Report:
    return diagnose(scenarios.load(name)[0])


def test_an_ignored_warning_is_counted_with_its_reason() -> None:
    report = silenced(
        report_of("one-of-two-subnets-is-full"), {"subnet-no-ips": "it is being grown"}
    )
    assert "subnet-no-ips" not in {f.cause for f in report.findings}
    assert [(i.cause, i.count, i.reason) for i in report.ignored] == [
        ("subnet-no-ips", 1, "it is being grown")
    ]
    assert "ignored: 1 x subnet-no-ips (it is being grown)" in render(report, "text")


def test_an_error_cannot_be_ignored() -> None:
    before = report_of("unhealthy-target")
    after = silenced(before, {"elb-healthcheck-failed": ""})
    assert after.status == "problem"
    assert after.findings == before.findings


def test_nothing_points_at_what_is_left_out() -> None:
    report = silenced(report_of("open-and-leaking"), {"open-to-world": "", "api-key-exposed": ""})
    known = {f.id for f in report.findings}
    for item in report.findings:
        assert item.explained_by in {None, *known}
        assert set(item.explains) <= known


def test_a_cause_that_does_not_exist_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageProblem) as caught:
        require_known(["subnet-no-ip"])
    assert "subnet-no-ips" in caught.value.next_step


def test_the_project_may_say_what_to_ignore_and_why(tmp_path: Path) -> None:
    (tmp_path / "ash-ops.toml").write_text(
        '[doctor]\nignore = ["state-not-durable", {cause = "plain-http", reason = "VPN"}]\n'
        'fail-on = "warning"\n'
    )
    found = doctor_defaults(tmp_path)
    assert found.ignore == {"state-not-durable": "", "plain-http": "VPN"}
    assert found.fail_on == "warning"


def test_pyproject_is_read_where_there_is_no_file_of_our_own(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.ash-ops.doctor]\nignore = ["plain-http"]\n')
    assert doctor_defaults(tmp_path).ignore == {"plain-http": ""}
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\n')
    assert doctor_defaults(tmp_path).ignore == {}


@pytest.mark.parametrize(
    "text",
    [
        "[doctor",
        "[doctor]\nignore = 'plain-http'",
        "[doctor]\nignore = [3]",
        "[doctor]\nfail-on = 'info'",
    ],
)
def test_a_file_that_cannot_be_right_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "ash-ops.toml").write_text(text)
    with pytest.raises(UsageProblem, match=r"ash-ops\.toml"):
        doctor_defaults(tmp_path)
