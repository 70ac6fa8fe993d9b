"""Codes of an API that nobody has listed: their names tell the kind of refusal, and only of calls that are ours."""

from __future__ import annotations

import pytest

from ash_ops.causes import UNKNOWN
from tests.ash_ops.causes.remembered import answers

_TERRAFORM = "https response error StatusCode: 400, RequestID: 6b5f2c9e-1111-2222-3333-444455556666"


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        (
            "An error occurred (InvalidBurstModeException) when calling the PutParameter operation: x",
            "cfn-template-invalid",
        ),
        (
            f"operation error KMS: CreateAlias, {_TERRAFORM}, InvalidAliasNameException: Alias must start with alias/",
            "cfn-template-invalid",
        ),
        (
            f"Error: creating ELBv2 Listener: operation error Elastic Load Balancing v2: CreateListener, {_TERRAFORM}, TrustStoreNotFound: no",
            "cfn-resource-missing",
        ),
        (
            "An error occurred (TrustStoreNotFound) when calling the DeleteTrustStore operation: no",
            "aws-not-found",
        ),
        (
            "An error occurred (ConcurrentUpdateException) when calling the PutScalingPolicy operation: wait",
            "cfn-in-progress",
        ),
        (
            "An error occurred (PackedPolicyTooLarge) when calling the AssumeRole operation: 105%",
            "cfn-quota",
        ),
        (
            "software.amazon.awssdk.services.kms.model.InvalidKeyUsageException: key usage is SIGN_VERIFY (Service: Kms, Status Code: 400, Request ID: 6b5f2c9e)",
            "cfn-template-invalid",
        ),
        (
            "An error occurred (MountTargetNotFound) when calling the DeleteMountTarget operation: Mount target 'fsmt-0abc' does not exist.",
            "aws-not-found",
        ),
    ],
)
def test_the_code_tells_the_kind(text: str, cause: str) -> None:
    assert answers(text)[0][0] == cause


@pytest.mark.parametrize(
    "text",
    [
        "An error occurred (UnsupportedOperationException) when calling the CreateNotebookInstance operation: no",
        "An error occurred (InvalidCiphertextException) when calling the GetItem operation: x",
        "What does InvalidKeyUsageException mean when calling the Decrypt operation?",
        "if e.response['Error']['Code'] == 'InvalidKeyUsageException':",
        "| Error code | Description |\n| TrustStoreNotFound | The specified trust store does not exist. |",
        "If the service role does not have sufficient permissions, the deployment stops.",
        "The role has the permissions required to read the secret.",
    ],
)
def test_other_calls_and_words_about_codes_are_not_told(text: str) -> None:
    assert answers(text)[0][0] == UNKNOWN


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        (
            "When you deploy Stack1 first, you get this message:\nExport Stack1:Out cannot be deleted as it is in use by Stack2",
            "cfn-export-in-use",
        ),
        (
            "In the agent's log you may see an error similar to the following:\nCannot reach InstanceService: InvalidSignatureException - Signature expired",
            "aws-clock-skew",
        ),
        (
            'Il se peut que vous receviez le message d\'erreur suivant :\nFATAL: password authentication failed for user "ash"',
            "db-auth-failed",
        ),
        (
            "Der folgende Beispielfehler tritt auf, wenn ein Benutzer versucht, die Konsole zu verwenden:\nUser: arn:aws:iam::111122223333:user/m is not authorized to perform: iam:PassRole",
            "cfn-passrole-denied",
        ),
        (
            "| Error | Cause | Fix |\nAn error occurred (ExpiredTokenException) when calling the ListTasks operation: The security token included in the request is expired",
            "aws-credentials-expired",
        ),
    ],
)
def test_a_message_below_its_introduction_stands_for_itself(text: str, cause: str) -> None:
    assert answers(text)[0][0] == cause


@pytest.mark.parametrize(
    "text",
    [
        "When you run the command, you see output similar to the following:\nSuccessfully mounted fs-12345678 at /mnt/efs",
        "You may see the following message:\nPostgreSQL init process complete; ready for start up.",
        "| Error | Cause | Fix |\n| manifest unknown | The tag does not exist. | Correct it. |",
        "The following table lists the errors:\nInvalidKeyId   The query key ID isn't valid.",
    ],
)
def test_what_is_introduced_and_calm_raises_no_alarm(text: str) -> None:
    assert not [cause for cause, severity in answers(text) if severity in ("error", "warning")]


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("FATAL:  This RDS Proxy requires TLS connections", "db-auth-failed"),
        ("Timed-out waiting to acquire database connection.", "db-unreachable"),
        (
            "FATAL:  The maximum number of client connections to the proxy exceeded 40.",
            "db-unreachable",
        ),
        (
            "Usuario: arn:aws:iam::111122223333:user/dev no est\u00e1 autorizado para realizar: ecs:UpdateService",
            "aws-access-denied",
        ),
        (
            "arn:aws:iam::111122223333:user/dev \u306b\u306f ecs:UpdateService \u3092\u5b9f\u884c\u3059\u308b\u6a29\u9650\u304c\u3042\u308a\u307e\u305b\u3093",
            "aws-access-denied",
        ),
        (
            "Number of resources in stack 'Ash': 512 is greater than allowed maximum of 500: AWS::IAM::Role (101)",
            "cfn-template-invalid",
        ),
    ],
)
def test_what_a_service_says_in_its_own_words(text: str, cause: str) -> None:
    assert answers(text)[0][0] == cause


@pytest.mark.parametrize(
    "text",
    [
        "RDS Proxy supports TLS 1.2 and requires it if you say so.",
        "Deleting an interface endpoint also deletes its endpoint network interfaces.",
        "The role arn:aws:iam::111122223333:role/dev est\u00e1 autorizado para realizar ecs:UpdateService",
        "A service may have no more than 500 resources in its stack.",
    ],
)
def test_near_those_words_nothing_failed(text: str) -> None:
    assert not [cause for cause, severity in answers(text) if severity in ("error", "warning")]
