"""IAM and STS: who is asking, what that identity may do, and what a role may do."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from ash_ops.aws import operations as op
from ash_ops.aws.calls import Answer, call, fact, if_there, rows, tags_of
from ash_ops.aws.client.session import Aws
from ash_ops.errors import CredentialsProblem, ReadFailed
from ash_ops.facts.start import Identity, LiveRole, Role, SimulatedAction
from ash_ops.facts.tagged import Tagged

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
        return fact(op.GET_CALLER_IDENTITY, Identity, call(aws, op.GET_CALLER_IDENTITY))
    except ReadFailed as failure:
        if not failure.code.startswith(_REFUSED) and failure.code not in _LOCAL:
            raise
        raise CredentialsProblem(
            "AWS does not accept these credentials",
            f"{failure.code}: {failure.message}",
            "Log in again (`aws sso login`), or correct the profile or the access keys in use.",
        ) from None


def create_service_role(aws: Aws, service: str) -> bool:
    """Make AWS's own role for a service; whether it was not there before.

    Args:
        aws: the session.
        service: for instance ``ecs.amazonaws.com``.

    Raises:
        ReadFailed: it could not be made.
    """
    try:
        call(aws, op.CREATE_SERVICE_LINKED_ROLE, AWSServiceName=service)
    except ReadFailed as failure:
        # IAM has no other way to say that it is there: "... has been taken in this account".
        if failure.code == "EntityAlreadyExists" or "has been taken" in failure.message:
            return False
        raise
    return True


def not_allowed(aws: Aws, source: str, actions: Sequence[str]) -> tuple[str, ...]:
    """Those of the actions that IAM's simulation does not allow on any resource.

    A simulation on ``*`` can refuse what a policy allows on named resources only, so its answer
    is a warning and never proof.

    Raises:
        ReadFailed: IAM did not simulate them.
    """
    asked = {"PolicySourceArn": source, "ActionNames": list(actions)}
    results = rows(aws, op.SIMULATE_PRINCIPAL_POLICY, **asked)
    return tuple(r["EvalActionName"] for r in results if r.get("EvalDecision") != "allowed")


def role_name(arn: str) -> str:
    """The role's name: the last part of its ARN, whatever its path."""
    return arn.rsplit("/", 1)[-1]


def role_names(aws: Aws) -> Iterator[str]:
    """The names of every role of the account.

    Raises:
        ReadFailed: they could not be read.
    """
    return (str(raw.get("RoleName", "")) for raw in rows(aws, op.LIST_ROLES))


def tagged_role(aws: Aws, name: str) -> Tagged | None:
    """The role of a name, with its tags.

    Raises:
        ReadFailed: the question could not be answered.
    """
    found = (if_there(lambda: call(aws, op.GET_ROLE, RoleName=name)) or {}).get("Role")
    return Tagged(id=name, tags=tags_of(found.get("Tags"))) if found else None


def live_role(aws: Aws, name: str) -> LiveRole:
    """What a role of a name may do, policy by policy.

    Raises:
        ReadFailed: it could not be read.
    """
    found = (if_there(lambda: call(aws, op.GET_ROLE, RoleName=name)) or {}).get("Role")
    if not found:
        return LiveRole(name=name, exists=False)
    inline = {
        str(policy): dict(
            _document(
                call(aws, op.GET_ROLE_POLICY, RoleName=name, PolicyName=policy)["PolicyDocument"]
            )
        )
        for policy in rows(aws, op.LIST_ROLE_POLICIES, RoleName=name)
    }
    attached = [
        str(each["PolicyArn"]) for each in rows(aws, op.LIST_ATTACHED_ROLE_POLICIES, RoleName=name)
    ]
    return LiveRole(
        name=name,
        trust=dict(_document(found.get("AssumeRolePolicyDocument"))),
        inline=inline,
        managed={arn: {} if _OF_A_SERVICE in arn else _policy(aws, arn) for arn in attached},
    )


# AWS's own policies for its services allow, and deny nothing.
_OF_A_SERVICE = ":iam::aws:policy/service-role/"


def _policy(aws: Aws, arn: str) -> dict[str, Any]:
    """What a managed policy says, in the version that counts."""
    version = call(aws, op.GET_POLICY, PolicyArn=arn)["Policy"]["DefaultVersionId"]
    found = call(aws, op.GET_POLICY_VERSION, PolicyArn=arn, VersionId=version)
    return dict(_document(found["PolicyVersion"].get("Document")))


def role(aws: Aws, arn: str) -> Role | None:
    """The role and whom it trusts, or ``None`` if it does not exist."""
    found = call(aws, op.GET_ROLE, RoleName=role_name(arn)).get("Role")
    if not found:
        return None
    told = {"arn": arn, "name": role_name(arn), "created_at": found.get("CreateDate")}
    return fact(op.GET_ROLE, Role, {**told, "trusted_services": trusted_services(found)})


def trusted_services(found: Answer) -> list[str]:
    """The service principals that the trust policy lets assume the role."""
    statements = _document(found.get("AssumeRolePolicyDocument")).get("Statement") or []
    if isinstance(statements, Mapping):
        statements = [statements]
    allowing = [s for s in statements if isinstance(s, Mapping) and s.get("Effect") == "Allow"]
    return [str(name) for statement in allowing for name in _services(statement)]


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
) -> list[SimulatedAction]:
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
    return [
        simulated_action(result, resources[0]) for result in answer.get("EvaluationResults") or ()
    ]


def simulated_action(result: Answer, resource: str) -> SimulatedAction:
    """What one result means.

    A denial for which the simulation lacked context is ``inconclusive``: with the context that a
    real call brings it may well be allowed. (What organisations and permissions boundaries say is
    part of the simulator's decision.)
    """
    said = str(result.get("EvalDecision") or "inconclusive")
    missing = tuple(str(key) for key in result.get("MissingContextValues") or ())
    return SimulatedAction(
        action=str(result.get("EvalActionName") or ""),
        resource=str(result.get("EvalResourceName") or resource),
        decision="inconclusive" if said != "allowed" and missing else said,
        missing_context=missing,
        denied_by=_denied_by(result),
    )


def _denied_by(result: Answer) -> str:
    """The policy beside the role's own that denies: its boundary, or its organisation's.

    Source: IAM API reference, "EvaluationResult".
    """
    boundary = result.get("PermissionsBoundaryDecisionDetail") or {}
    organisation = result.get("OrganizationsDecisionDetail") or {}
    if organisation.get("AllowedByOrganizations") is False:
        return "service control policy"
    return "permissions boundary" if boundary.get("AllowedByPermissionsBoundary") is False else ""
