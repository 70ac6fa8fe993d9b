"""AWS Backup: recovery points of file systems, and restores into new ones.

ministack runs backup jobs that leave nothing. Here a job leaves a recovery point with the tags of what
it copied, and a restore makes a file system. The vault of EFS's automatic backups denies deleting and
restoring, as its policy does on AWS.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

from ministack.services import backup, efs

Record = dict[str, Any]
Answer = tuple[int, dict[str, str], bytes]

_error: Callable[[str, str, int], Answer] = backup._err
_missing: Callable[[str], Answer] = backup._not_found
_answer: Callable[[Record], Answer] = backup._ok

AUTOMATIC_VAULT = "aws/efs/automatic-backup-vault"
_points: dict[str, Record] = {}
_restores: dict[str, Record] = {}
_tokens: dict[str, str] = {}
_others: Callable[..., Awaitable[Answer]] = backup.handle_request
_start_job: Callable[[Record], Answer] = backup._start_job


def install() -> None:
    """Put recovery points behind the jobs."""
    backup.handle_request = _handle
    backup._start_job = _start_and_keep
    backup._list_recovery_points_by_vault = _list_points
    backup._resolve_resource = _tags_of


def reset() -> None:
    """Forget every recovery point and restore."""
    _points.clear()
    _restores.clear()
    _tokens.clear()


def keep_all(vault: str, made_at: float) -> None:
    """A recovery point of every file system, as EFS's own daily backup makes them."""
    if vault not in backup._vaults:
        backup._create_vault(vault, {})
    for found in list(efs._file_systems.values()):
        _kept(found, vault, made_at, {})


def _kept(found: Record, vault: str, made_at: float, tags: Record) -> str:
    arn = f"arn:aws:backup:us-east-1:{found['OwnerId']}:recovery-point:{uuid4()}"
    # AWS Backup copies the tags of what it copies, but for those that begin with "aws:".
    own = {t["Key"]: t["Value"] for t in found["Tags"] if not t["Key"].startswith("aws:")}
    _points[arn] = {
        "RecoveryPointArn": arn,
        "BackupVaultName": vault,
        "ResourceArn": found["FileSystemArn"],
        "ResourceType": "EFS",
        "CreationDate": made_at,
        "Status": "COMPLETED",
        "BackupSizeInBytes": found["SizeInBytes"]["Value"],
        "tags": {**own, **tags},
    }
    return arn


def _start_and_keep(request: Record) -> Answer:
    resource = str(request.get("ResourceArn", "")).rsplit("/", 1)[-1]
    found = efs._file_systems.get(resource)
    if found is None:
        text = f"Resource {resource} is not there."
        return _error("InvalidParameterValueException", text, 400)
    status, headers, body = _start_job(request)
    if status == 200:
        job = backup._jobs[list(backup._jobs)[-1]]
        tags = request.get("RecoveryPointTags", {})
        arn = _kept(found, request["BackupVaultName"], time.time(), tags)
        job |= {"RecoveryPointArn": arn, "State": "RUNNING"}
        _points[arn]["Status"] = "CREATING"
    return status, headers, body


def _list_points(vault: str, _query: Record) -> Answer:
    if vault not in backup._vaults:
        return _missing(f"Vault '{vault}' not found.")
    rows = [
        {name: value for name, value in point.items() if name != "tags"}
        for point in _points.values()
        if point["BackupVaultName"] == vault
    ]
    return _answer({"RecoveryPoints": rows})


_own_tags: Callable[[str], Record | None] = backup._resolve_resource


def _tags_of(arn: str) -> Record | None:
    point = _points.get(arn)
    return point["tags"] if point else _own_tags(arn)


async def _handle(method: str, path: str, headers: Record, body: bytes, query: Record) -> Answer:
    parts = [unquote(part) for part in path.strip("/").split("/") if part]
    if method == "GET" and parts[:1] == ["backup-vaults"] and parts[-1:] == ["recovery-points"]:
        return _list_points("/".join(parts[1:-1]), query)
    if method == "DELETE" and "recovery-points" in parts:
        return _delete_point("/".join(parts[parts.index("recovery-points") + 1 :]))
    if method == "GET" and parts[:1] == ["backup-jobs"] and len(parts) == 2:
        return _job(parts[1])
    if parts[:1] == ["restore-jobs"] and method == "PUT":
        return _restore(backup.json.loads(body))
    if parts == ["restore-jobs"]:
        return _answer({"RestoreJobs": list(_restores.values())})
    if parts[:1] == ["restore-jobs"] and len(parts) == 2 and parts[1] in _restores:
        return _restore_job(parts[1])
    return await _others(method, path, headers, body, query)


def _job(id_: str) -> Answer:
    """A job as it is; it is over once it was looked at, so that whoever waits sees it run."""
    job = backup._jobs.get(id_)
    if job is None:
        return _missing(f"Backup job '{id_}' not found.")
    answer = _answer(dict(job))
    job["State"] = "COMPLETED"
    _points.get(job["RecoveryPointArn"], {})["Status"] = "COMPLETED"
    return answer


def _restore_job(id_: str) -> Answer:
    answer = _answer(dict(_restores[id_]))
    _restores[id_] |= {"Status": "COMPLETED", "PercentDone": "100.00%"}
    return answer


def _delete_point(arn: str) -> Answer:
    point = _points.get(arn)
    if point is None:
        return _missing(f"Recovery point '{arn}' not found.")
    if point["BackupVaultName"] == AUTOMATIC_VAULT:
        return _denied()
    del _points[arn]
    return _answer({})


def _denied() -> Answer:
    text = "Insufficient privileges to perform this action."
    return _error("AccessDeniedException", text, 403)


def _restore(request: Record) -> Answer:
    point = _points.get(request["RecoveryPointArn"])
    if point is None:
        return _missing("Recovery point not found.")
    if point["BackupVaultName"] == AUTOMATIC_VAULT:
        return _denied()
    asked_before = _tokens.get(request["IdempotencyToken"])
    if asked_before:
        return _answer({"RestoreJobId": asked_before})
    token = request["Metadata"]["CreationToken"]
    efs._create_file_system({"CreationToken": token, "Encrypted": True})
    made = next(f for f in efs._file_systems.values() if f["CreationToken"] == token)
    id_ = str(uuid4()).upper()
    _restores[id_] = {
        "RestoreJobId": id_,
        "RecoveryPointArn": point["RecoveryPointArn"],
        "CreationDate": time.time(),
        "Status": "RUNNING",
        "PercentDone": "0.00%",
        "CreatedResourceArn": made["FileSystemArn"],
        "ResourceType": "EFS",
    }
    _tokens[request["IdempotencyToken"]] = id_
    return _answer({"RestoreJobId": id_})
