"""Who is asking."""

from __future__ import annotations

from ash_ops.aws.calls import Answer, call
from ash_ops.aws.session import Aws
from ash_ops.errors import CredentialsProblem, ReadFailed

# What AWS answers to credentials that can never work, whatever is asked.
_REFUSED = (
    "InvalidClientTokenId",
    "UnrecognizedClient",
    "SignatureDoesNotMatch",
    "InvalidAccessKeyId",
    "ExpiredToken",
    "AuthFailure",
    "IncompleteSignature",
)


def caller(aws: Aws) -> Answer:
    """Account and ARN of the credentials in use.

    Raises:
        CredentialsProblem: AWS refuses them; nothing else can be read either.
        ReadFailed: the call did not answer.
    """
    try:
        return call(aws, "sts", "get_caller_identity")
    except ReadFailed as failure:
        if not failure.code.startswith(_REFUSED) and failure.code not in _LOCAL:
            raise
        raise CredentialsProblem(
            "AWS does not accept these credentials",
            f"{failure.code}: {failure.message}",
            "Log in again (`aws sso login`), or correct the profile or the access keys in use.",
        ) from None


# botocore found a source of credentials that then gave none: an expired login, a broken process.
_LOCAL = (
    "NoCredentialsError",
    "PartialCredentialsError",
    "CredentialRetrievalError",
    "SSOTokenLoadError",
    "UnauthorizedSSOTokenError",
    "TokenRetrievalError",
    "LoginRefreshRequired",
)
