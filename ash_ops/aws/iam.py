"""IAM and STS: who is asking, what that identity may do, and what a role may do."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from ash_ops.aws import operations as op
from ash_ops.aws.calls import Answer, call, pages
from ash_ops.aws.session import Aws
from ash_ops.errors import CredentialsProblem, ReadFailed
from ash_ops.facts.model import fact_of
from ash_ops.facts.start import Identity

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


def caller(aws: Aws) -> Identity:
    """The identity in use.

    Raises:
        CredentialsProblem: AWS refuses its credentials; nothing else can be read either.
        ReadFailed: the call did not answer.
    """
    try:
        return fact_of(Identity, call(aws, op.GET_CALLER_IDENTITY))
    except ReadFailed as failure:
        if not failure.code.startswith(_REFUSED) and failure.code not in _LOCAL:
            raise
        raise CredentialsProblem(
            "AWS does not accept these credentials",
            f"{failure.code}: {failure.message}",
            "Log in again (`aws sso login`), or correct the profile or the access keys in use.",
        ) from None


def not_allowed(aws: Aws, source: str, actions: Sequence[str]) -> tuple[str, ...]:
    """Those of the actions that IAM's simulation does not allow on any resource.

    A simulation on ``*`` can refuse what a policy allows on named resources only, so its answer
    is a warning and never proof.

    Raises:
        ReadFailed: IAM did not simulate them.
    """
    refused: list[str] = []
    for page in pages(
        aws, op.SIMULATE_PRINCIPAL_POLICY, PolicySourceArn=source, ActionNames=list(actions)
    ):
        refused += [
            result["EvalActionName"]
            for result in page.get("EvaluationResults") or ()
            if result.get("EvalDecision") != "allowed"
        ]
    return tuple(refused)


def role_name(arn: str) -> str:
    """The role's name: the last part of its ARN, whatever its path."""
    return arn.rsplit("/", 1)[-1]


def role(aws: Aws, arn: str) -> Answer | None:
    """The role, or ``None`` if it does not exist."""
    return call(aws, op.GET_ROLE, RoleName=role_name(arn)).get("Role") or None


def trusted_services(found: Answer) -> list[str]:
    """The service principals that the trust policy lets assume the role."""
    statements = _document(found.get("AssumeRolePolicyDocument")).get("Statement") or []
    if isinstance(statements, Mapping):
        statements = [statements]
    allowing = [s for s in statements if isinstance(s, Mapping) and s.get("Effect") == "Allow"]
    return [name for statement in allowing for name in _services(statement)]


def _document(policy: Any) -> Mapping[str, Any]:
    # botocore decodes the document; some emulators hand it out URL-encoded or as text.
    if isinstance(policy, str):
        try:
            policy = json.loads(unquote(policy))
        except ValueError:
            return {}
    return policy if isinstance(policy, Mapping) else {}


def _services(statement: Mapping[str, Any]) -> list[str]:
    actions = statement.get("Action") or []
    actions = [actions] if isinstance(actions, str) else actions
    if not {"sts:AssumeRole", "sts:*", "*"} & set(actions):
        return []
    principal = statement.get("Principal")
    if principal == "*":
        return ["*"]
    services = principal.get("Service") or [] if isinstance(principal, Mapping) else []
    return [services] if isinstance(services, str) else list(services)


def simulate(
    aws: Aws, role_arn: str, actions: list[str], resources: list[str], context: Mapping[str, str]
) -> list[Answer]:
    """Ask the policy simulator about every pair of action and resource.

    Args:
        aws: the session.
        role_arn: the role that would act.
        actions: for instance ``secretsmanager:GetSecretValue``.
        resources: the ARNs it would act on.
        context: values of condition keys, for instance ``aws:RequestedRegion``; without them a
            policy with such a condition is simulated as a denial
            (aws-containers/amazon-ecs-exec-checker#44).
    """
    entries = [
        {"ContextKeyName": key, "ContextKeyValues": [value], "ContextKeyType": "string"}
        for key, value in context.items()
    ]
    answer = call(
        aws,
        op.SIMULATE_PRINCIPAL_POLICY,
        PolicySourceArn=role_arn,
        ActionNames=actions,
        ResourceArns=resources,
        ContextEntries=entries,
    )
    return list(answer.get("EvaluationResults") or [])


def denied_by(result: Answer) -> str:
    """The policy beside the role's own that denies: its boundary, or its organisation's.

    Source: IAM API reference, "EvaluationResult".
    """
    boundary = result.get("PermissionsBoundaryDecisionDetail") or {}
    organisation = result.get("OrganizationsDecisionDetail") or {}
    if organisation.get("AllowedByOrganizations") is False:
        return "service control policy"
    return "permissions boundary" if boundary.get("AllowedByPermissionsBoundary") is False else ""


def decision(result: Answer) -> tuple[str, list[str]]:
    """What one result means, and the context it lacked.

    A denial for which the simulation lacked context is ``inconclusive``: with the context that a
    real call brings it may well be allowed. (What organisations and permissions boundaries say is
    part of the simulator's decision.)
    """
    said = str(result.get("EvalDecision") or "inconclusive")
    missing = [str(key) for key in result.get("MissingContextValues") or []]
    if said != "allowed" and missing:
        return "inconclusive", missing
    return said, missing
