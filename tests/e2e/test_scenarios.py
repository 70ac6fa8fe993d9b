"""Every scenario of the demo: doctor leads with its cause and ends with its exit code."""

from __future__ import annotations

import json

import pytest

from ash_ops.cli import main
from ash_ops.demo import Emulator, scenario
from tests.support.breaking import break_down


@pytest.mark.parametrize("name", scenario.names())
def test_doctor_leads_with_the_scenarios_cause(
    name: str,
    emulator: Emulator,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    expected = scenario.load(name)
    break_down(emulator, expected, monkeypatch)
    with pytest.raises(SystemExit) as ended:
        main(["doctor", *expected.playbooks, "--format", "json"])
    report = json.loads(capsys.readouterr().out)
    assert ended.value.code == expected.exit_code
    if expected.cause is None:
        assert [f for f in report["findings"] if f["severity"] == "error"] == []
    else:
        assert report["findings"][0]["cause"] == expected.cause
        assert report["findings"][0]["explained_by"] is None
        assert report["findings"][0]["evidence"]
