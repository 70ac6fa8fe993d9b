"""Copies outlive everything else: told before, and removed only by a consent of their own."""

from __future__ import annotations

from datetime import UTC, datetime

from ash_ops.aws.client.session import Aws
from tests.support.account import Account, Raw, arn
from tests.support.deploying import User
from tests.support.whole_fleet import everything, line_about, removed


def point(name: str) -> Raw:
    return {
        "RecoveryPointArn": name,
        "ResourceArn": arn("elasticfilesystem", "file-system/fs-0a5e0000"),
        "BackupSizeInBytes": 10 * 1024**3,
        "Status": "COMPLETED",
        "CreationDate": datetime(2026, 11, 24, tzinfo=UTC),
    }


class Vaults:
    """AWS Backup: vaults with points, each with the tag of a deployment."""

    def __init__(self, account: Account, vaults: dict[str, dict[str, str]]) -> None:
        self.vaults = vaults
        names = [{"BackupVaultName": name} for name in vaults]
        account.answers |= {
            "ListBackupVaults": {"BackupVaultList": names},
            "ListRecoveryPointsByBackupVault": lambda given: {
                "RecoveryPoints": [point(each) for each in vaults[given["BackupVaultName"]]]
            },
            "ListTags": self._tags,
            "DeleteRecoveryPoint": self._delete,
            "DeleteBackupVault": self._delete_vault,
        }
        self.account = account

    def _tags(self, given: Raw) -> Raw:
        owners = {name: owner for held in self.vaults.values() for name, owner in held.items()}
        return {"Tags": {"ash:deployment": owners[given["ResourceArn"]]}}

    def _delete(self, given: Raw) -> Raw:
        if given["BackupVaultName"].startswith("aws/efs"):
            raise self.account.missing("AccessDeniedException")
        del self.vaults[given["BackupVaultName"]][given["RecoveryPointArn"]]
        return {}

    def _delete_vault(self, given: Raw) -> Raw:
        if self.vaults[given["BackupVaultName"]]:
            raise self.account.missing("InvalidRequestException")
        del self.vaults[given["BackupVaultName"]]
        return {}


AUTOMATIC = "aws/efs/automatic-backup-vault"


def copies() -> dict[str, dict[str, str]]:
    return {
        "ash-cloud-backups": {"p-own": "ash-cloud"},
        AUTOMATIC: {"p-daily": "ash-cloud"},
        "Default": {"p-twos": "ash-cloud-2"},
        "of-others": {"p-hidden": "ash-cloud"},
    }


def test_copies_are_told_with_their_price_and_stay_without_a_consent_of_their_own(aws: Aws) -> None:
    account, user = Account(everything()), User(True)
    vaults = Vaults(account, copies())
    _, receipt = removed(aws, account, user, delete_data=True)
    assert vaults.vaults == copies()
    own = line_about(user.text, "p-own")
    assert own.split()[:2] == ["=", "copy"]
    for part in ("fs-0a5e0000", "3 days old", "10.0 GB", "about $0.50 a month"):
        assert part in own
    assert "kept, and billed (--delete-backups)" in own
    assert "p-twos" not in user.text
    assert "p-own" in line_about(receipt.text(), "recovery points")


def test_copies_that_may_go_go_with_their_vault_and_what_its_vault_denies_is_said(aws: Aws) -> None:
    account, user = Account(everything()), User(True)
    vaults = Vaults(account, copies())
    _, receipt = removed(aws, account, user, delete_data=True, delete_backups=True)
    left = copies()
    del left["ash-cloud-backups"]
    assert vaults.vaults == left
    assert line_about(user.text, "p-own").endswith("; deleted for good")
    assert line_about(user.text, "p-daily").split()[0] == "="
    assert "Kept, and billed: the copy p-daily (its vault's own policy denies deleting" in user.text
    assert "p-own" in line_about(receipt.text(), "removed")
    assert "p-daily" not in line_about(receipt.text(), "removed"), "it is still there"
    assert "by-hand" not in account.ids()


def test_a_copy_that_may_not_be_deleted_is_named_with_aws_reason(aws: Aws) -> None:
    account, user = Account(everything()), User(True)
    Vaults(account, copies())
    account.answers["DeleteRecoveryPoint"] = "AccessDeniedException"
    _, receipt = removed(aws, account, user, delete_backups=True)
    assert "p-own" not in line_about(receipt.text(), "removed"), "it is still there"
    assert (
        "Kept, and billed: the copy p-own (backup:DeleteRecoveryPoint: AccessDeniedException)."
        in user.heard
    )


def test_copies_alone_are_reason_enough_to_go_on(aws: Aws) -> None:
    account, user = Account({}), User(True)
    vaults = Vaults(account, copies())
    removed(aws, account, user, delete_backups=True)
    assert "ash-cloud-backups" not in vaults.vaults


def test_copies_that_may_not_be_read_are_a_doubt(aws: Aws) -> None:
    account, user = Account(everything()), User(True)
    account.answers["ListBackupVaults"] = "AccessDeniedException"
    removed(aws, account, user)
    doubt = line_about(user.text, "copies of file systems could not be read")
    assert doubt.split()[:2] == ["?", "copies"]
    assert "Allow backup:ListBackupVaults." in doubt
