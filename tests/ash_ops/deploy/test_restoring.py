"""What a restore asks for: a deployment as the old one was, and nothing that would open it or mix it up."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from ash_ops.aws.operate import backups
from ash_ops.aws.operate.backups import AUTOMATIC_VAULT, DATABASE, DISK, FILES
from ash_ops.deploy.keep import backup, restore
from ash_ops.deploy.keep.points import MADE_BY_HAND, Copies, line_of
from ash_ops.deploy.keep.sources import Source
from ash_ops.errors import OpsError
from ash_ops.facts.model import fact_of
from ash_ops.facts.stacks import Stack
from ash_ops.facts.tagged import BackupJob, Disk, FileSystem, RecoveryPoint
from ash_ops.names import Deployment
from tests.support.commands import problem_with
from tests.support.deploying import FakeTime, User

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


class Before:
    """What an earlier run has begun, as AWS tells it, and what this one then asks for."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.deleted: str | None = None
        self.file_system: FileSystem | None = None
        self.jobs: dict[str, BackupJob] = {}
        self.disks: list[Disk] = []
        self.asked: list[object] = []
        told = {
            "ash_ops.aws.cloudformation.deleted_stack_id": lambda *_: self.deleted,
            "ash_ops.deploy.keep.restore.file_system_of_token": lambda *_: self.file_system,
            "ash_ops.deploy.keep.restore.tagged_disks": lambda *_: iter(self.disks),
            "ash_ops.deploy.keep.restore.tag_file_system": lambda *_: None,
            "ash_ops.aws.operate.backups.restores_of": lambda *_: self.jobs,
            "ash_ops.aws.operate.backups.restore_job": self.done,
            "ash_ops.aws.operate.backups.restore_files": self.begin,
            "ash_ops.aws.operate.backups.restore_disk": self.begin,
        }
        for name, answer in told.items():
            monkeypatch.setattr(name, answer)

    def begin(self, *asked: Any) -> str:
        self.asked.append(asked[-1])
        return "J-new"

    def done(self, _: object, id_: str) -> BackupJob:
        made = self.jobs[id_].made if id_ in self.jobs else "arn:aws:efs:::file-system/fs-new"
        return BackupJob(state="COMPLETED", made=made)


@pytest.fixture
def before(monkeypatch: pytest.MonkeyPatch) -> Before:
    return Before(monkeypatch)


def work(kind: str, user: User | None = None) -> Any:
    around: Any = SimpleNamespace(
        aws=SimpleNamespace(region="eu-west-1"), dialogue=user or User(), clock=FakeTime().clock
    )
    old = stack(DataZone="eu-west-1a")
    return restore._Work(around, Deployment("second"), copy(kind), "role", old)


@pytest.mark.parametrize("kind", [FILES, DISK])
def test_an_interrupted_restore_says_what_is_billed_and_how_it_is_found(
    kind: str, before: Before, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C while the call is made: whether AWS took it nobody knows here."""

    def stopped(*_: object) -> str:
        raise KeyboardInterrupt

    user = User()
    for name in ("restore_files", "restore_disk"):
        monkeypatch.setattr(backups, name, stopped)
    with pytest.raises(KeyboardInterrupt):
        restore._RESTORE[kind](work(kind, user))
    assert "is billed" in user.text
    assert "Run again, this command goes on with it." in user.text
    (command,) = re.findall(r"`([^`]+)`", user.text)
    assert problem_with(command) is None
    assert "--region eu-west-1" in command


def test_what_an_interrupted_run_has_begun_is_finished_and_nothing_made_twice(
    before: Before,
) -> None:
    before.file_system = FileSystem(id="fs-1")
    before.jobs = {
        "J-other": BackupJob(state="COMPLETED", made="arn:aws:efs:::file-system/fs-11"),
        "J-1": BackupJob(state="RUNNING", made="arn:aws:efs:::file-system/fs-1"),
    }
    assert restore._RESTORE[FILES](work(FILES))["file_system"] == "fs-1"
    before.disks = [Disk(id="vol-1", state="available")]
    assert restore._RESTORE[DISK](work(DISK))["volume"] == "vol-1"
    assert before.asked == []


@pytest.mark.parametrize(("kind", "state"), [(DISK, "pending"), (DATABASE, "creating")])
def test_a_copy_that_an_interrupted_run_has_begun_is_not_begun_again(
    kind: str, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A finished one, another place's and somebody's own are no reason to make none."""
    ours = {**dict([Deployment("ash-cloud").tag]), MADE_BY_HAND: "2026-11-27T12:00:00Z"}
    found = [
        copy(kind, 1, of="vol-1", tags=ours),
        copy(kind, 2, of="vol-2", tags=ours, state=state),
        copy(kind, 3, of="vol-1", tags=dict([Deployment("ash-cloud").tag]), state=state),
        copy(kind, 4, of="vol-1", tags={MADE_BY_HAND: "x"}, state=state),
    ]
    for name in ("disk_backups", "database_backups"):
        monkeypatch.setattr(backups, name, lambda *_: iter(found))
    around: Any = SimpleNamespace(aws=None, deployment=Deployment("ash-cloud"))
    place = Source(kind=kind, id="vol-1", arn="")
    assert backup._going_on(around, place) is None
    found.append(copy(kind, 5, of="vol-1", tags=ours, state=state))
    assert backup._going_on(around, place) == f"{kind}-5"


def test_a_restore_that_failed_is_tried_anew_under_another_number(before: Before) -> None:
    """AWS Backup answers a number that it has had with what it has done, and does nothing."""
    assert restore._RESTORE[FILES](work(FILES))["file_system"] == "fs-new"
    before.jobs = {
        "J-1": BackupJob(state="FAILED"),
        "J-2": BackupJob(state="ABORTED"),
        "J-3": BackupJob(state="COMPLETED", made="arn:aws:efs:::file-system/fs-of-another"),
        "J-4": BackupJob(state="RUNNING"),
    }
    assert restore._RESTORE[FILES](work(FILES))["file_system"] == "fs-new"
    assert before.asked == [0, 2]


def test_what_is_there_without_its_restore_is_not_taken_for_whole(before: Before) -> None:
    before.file_system = FileSystem(id="fs-1")
    with pytest.raises(OpsError, match="perhaps not whole") as caught:
        restore._RESTORE[FILES](work(FILES))
    (command,) = re.findall(r"`([^`]+)`", caught.value.next_step)
    assert problem_with(command) is None
    assert "fs-1" in command


def test_what_a_deployment_of_that_name_has_used_is_not_taken_for_the_copy(before: Before) -> None:
    tokens = {restore._token(work(FILES)), restore._token(work(FILES))}
    before.deleted = "arn:aws:cloudformation:::stack/second/1"
    tokens.add(restore._token(work(FILES)))
    assert len(tokens) == 2


def test_a_copy_tells_its_age_its_size_and_its_price() -> None:
    expires = NOW + timedelta(days=35)
    told = line_of(copy(FILES, 12, gb=10.0, expires=expires), "us-east-1", NOW)
    assert "12 days old, 10.0 GB, about $0.50 a month, goes by itself on 2027-01-01" in told
    disk = line_of(copy(DISK, 1, gb=20, state="pending"), "us-east-1", NOW)
    assert "1 day old, 20.0 GB, price not known" in disk
    assert "pending" in disk
