"""What a restore asks for: a deployment as the old one was, and nothing that would open it or mix it up."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from ash_ops.aws.operate import backups
from ash_ops.aws.operate.backups import AUTOMATIC_VAULT, DATABASE, DISK, FILES
from ash_ops.deploy.keep import restore
from ash_ops.deploy.keep.points import Copies, line_of
from ash_ops.errors import OpsError
from ash_ops.facts.model import fact_of
from ash_ops.facts.stacks import Stack
from ash_ops.facts.tagged import RecoveryPoint
from ash_ops.names import Deployment
from tests.support.commands import problem_with
from tests.support.deploying import User

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def stack(mode: str = "standalone", **parameters: str) -> Stack:
    given = [{"ParameterKey": k, "ParameterValue": v} for k, v in parameters.items()]
    outputs = [{"OutputKey": "Mode", "OutputValue": mode}]
    return fact_of(Stack, {"StackName": "old", "Parameters": given, "Outputs": outputs})


def copy(kind: str, days: int = 1, **more: object) -> RecoveryPoint:
    made = NOW - timedelta(days=days)
    fields = {"id": f"{kind}-{days}", "kind": kind, "of": "x", "state": "COMPLETED", "made": made}
    return RecoveryPoint(**{**fields, **more})  # type: ignore[arg-type] # fields by name


def test_what_was_shut_to_the_world_stays_shut() -> None:
    old = stack(
        AssignPublicIp="DISABLED",
        Scheme="internal",
        AllowedCidr="10.0.0.0/8",
        AdditionalCidr="192.0.2.0/24",
        Cpu="1024",
        CertificateArn="arn:aws:acm:us-east-1:123456789012:certificate/1",
        Hostname="ash.example.com",
        SnapshotsBucket="shared",
    )
    wanted = dict(restore._same(old))
    assert (wanted["private"], wanted["internal"], wanted["cpu"]) == (True, True, 1024)
    assert wanted["allow_cidr"] == ("10.0.0.0/8", "192.0.2.0/24")
    assert not {"certificate", "hostname", "snapshots_bucket"} & wanted.keys()


@pytest.mark.parametrize(
    ("old", "kinds"),
    [
        (stack(UseEfs="true"), {FILES}),
        (stack(UseEfs="false"), {DISK}),
        (stack("multi-machine"), {FILES, DATABASE}),
        (None, {FILES, DATABASE}),
    ],
    ids=["files", "disk", "several machines", "gone"],
)
def test_the_newest_copy_of_each_kind_is_taken(old: Stack | None, kinds: set[str]) -> None:
    points = tuple(copy(kind, days) for days in (1, 2) for kind in (FILES, DISK, DATABASE))
    unready = copy(FILES, 0, state="PARTIAL")
    daily = copy(FILES, 0, vault=AUTOMATIC_VAULT)
    found = Copies(points=(unready, daily, *points))
    chosen = restore._chosen(None, found, None, old)  # type: ignore[arg-type] # asks nobody
    assert set(chosen) == kinds
    assert {point.id for point in chosen.values()} == {f"{kind}-1" for kind in kinds}


@pytest.mark.parametrize(
    ("point", "why"),
    [
        (copy(FILES, 3, vault=AUTOMATIC_VAULT), "denies it to everybody"),
        (copy(FILES, 3, state="CREATING"), "it is CREATING"),
    ],
    ids=["a daily copy of EFS", "one that is being made"],
)
def test_a_copy_that_cannot_be_restored_says_why(point: RecoveryPoint, why: str) -> None:
    with pytest.raises(OpsError, match=why):
        restore._chosen(None, Copies(points=(point,)), point.id, None)  # type: ignore[arg-type] # asks nobody


@pytest.mark.parametrize("kind", [FILES, DISK])
def test_an_interrupted_restore_says_what_is_billed_how_it_is_found_and_how_it_is_used(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C while the call is made: whether AWS took it nobody knows here."""

    def stopped(*_: object) -> str:
        raise KeyboardInterrupt

    user = User()
    around: Any = SimpleNamespace(aws=SimpleNamespace(region="eu-west-1"), dialogue=user)
    for name in ("restore_files", "restore_disk"):
        monkeypatch.setattr(backups, name, stopped)
    old = stack(DataZone="eu-west-1a")
    work = restore._Work(around, Deployment("second"), copy(kind), "role", old)
    with pytest.raises(KeyboardInterrupt):
        restore._RESTORE[kind](work)
    assert "is billed" in user.text
    commands = re.findall(r"`([^`]+)`", user.text)
    assert [command.split()[0] for command in commands] == ["aws", "ash-ops"]
    assert [problem_with(command) for command in commands] == [None, None]
    assert all("--region eu-west-1" in command for command in commands)


def test_a_copy_tells_its_age_its_size_and_its_price() -> None:
    expires = NOW + timedelta(days=35)
    told = line_of(copy(FILES, 12, gb=10.0, expires=expires), "us-east-1", NOW)
    assert "12 days old, 10.0 GB, about $0.50 a month, goes by itself on 2027-01-01" in told
    disk = line_of(copy(DISK, 1, gb=20, state="pending"), "us-east-1", NOW)
    assert "1 day old, 20.0 GB, price not known" in disk
    assert "pending" in disk
