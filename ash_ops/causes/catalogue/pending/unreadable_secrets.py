"""Secrets and parameters that do not exist, or hold something else than the task asks for."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says
from ash_ops.causes.catalogue.pending.named_reasons import (
    EMPTY_PART,
    LOOK_FOR_ITS_SECRET,
    NO_JSON,
    NOT_A_WHOLE_ARN,
    OF_A_PROGRAM,
)
from ash_ops.causes.catalogue.pending.noted import SECRET_MISSING
from ash_ops.causes.catalogue.pending.other_places import NO_ID_GIVEN
from ash_ops.causes.catalogue.pending.places_named import READ_PARAMETERS
from ash_ops.causes.catalogue.pending.repairs import NOT_AN_ARN, OTHERS_SECRET
from ash_ops.causes.catalogue.pending.words import FETCHED, INIT_ERRORS, MISSING, task_says

_PARAMETER: Final = (
    "ssm parameter|from ssm|parameter store|:parameter/|systems manager could not find version"
)

CAUSES: Final = (
    Cause(
        slug="secret-not-found",
        title="Referenced secret or parameter (or its current value) does not exist",
        category="pending",
        severity="error",
        meaning="The task definition names a secret or parameter which is not there: never made, deleted, in another region, or without a current value.",
        proof=(
            Step(
                "Look it up in the region of the task: DeletedDate, AWSCURRENT",
                "aws secretsmanager describe-secret --secret-id <secret>",
            ),
            Step(
                "Look it up in the region of the task",
                "aws ssm get-parameters --names <parameter> --query InvalidParameters",
                when=_PARAMETER,
            ),
            LOOK_FOR_ITS_SECRET,
        ),
        repair=(
            *NO_ID_GIVEN,
            *EMPTY_PART,
            Step(
                "If it is there, the execution role may not read it: allow secretsmanager:GetSecretValue on its ARN to that role (executionRoleArn of the task definition, not taskRoleArn)",
                "aws ecs describe-task-definition --task-definition <family> --query taskDefinition.executionRoleArn",
                when=r"~\black(?:s|ing)? (?:the )?permission",
            ),
            Step(
                "If it is not, make it in the region of the task, or correct valueFrom in the task definition",
                "aws secretsmanager list-secrets --query 'SecretList[].[Name,ARN]'",
                when=r"~\black(?:s|ing)? (?:the )?permission",
            ),
            *OF_A_PROGRAM,
            *READ_PARAMETERS,
            Step(
                "The parameter has no version of that number: name one that it has, or leave the number out for the newest",
                "aws ssm get-parameter-history --name <parameter> --query 'Parameters[].Version'",
                when="systems manager could not find version",
                decides=True,
            ),
            Step(
                "Put the parameter that the message ends with, or correct its name in the task definition",
                "aws ssm put-parameter --name <parameter> --type SecureString --value file://value",
                when=_PARAMETER,
            ),
            Step(
                "Deploy again: that makes the secret, gives it its values and points the task at it",
                "ash-ops deploy",
            ),
            Step(
                "Bring a deleted one back",
                "aws secretsmanager restore-secret --secret-id <secret>",
            ),
            Step("If it is there under another name, correct the ARN in the task definition"),
            *OTHERS_SECRET,
        ),
        signatures=(
            *SECRET_MISSING,
            task_says(
                "invalid ssm parameters|invalid parameters: |parameternotfound|secretnotfoundexception|parameterversionnotfound|invalid ssm parameter",
                rank=Rank.PRECISE,
            ),
            task_says(
                "secrets manager cannot find|secrets manager can not find|cannot find the specified secret",
                rank=Rank.PRECISE,
            ),
            # A file of settings in S3 that is not there.
            task_says(
                "download env files", "nosuchkey|key does not exist|notfound", rank=Rank.CLEAR
            ),
            # Who reads it, whatever program that is; who makes one of that name hears the same words.
            says(
                "getsecretvalue",
                "marked for deletion|scheduled for deletion",
                rank=Rank.PRECISE,
                kinds="api_error log_line",
            ),
            task_says(
                "awscurrent|staging label|version stage",
                MISSING + "|cannot find|no value|could not",
                rank=Rank.PRECISE,
            ),
            says(
                FETCHED,
                "resourcenotfoundexception|marked for deletion|marked deleted|was deleted|cannot be found|could not be found|check whether the secret exists|verify the secret exists|exists in the specified region|because it was deleted|scheduled for deletion",
                rank=Rank.CLEAR,
                kinds="stopped_task service_event log_line",
                unless=(
                    "log group|log stream|loggroup",
                    "create this secret|associated with this ciphertext",
                    # The agent of sessions, and what is of its own files.
                    "ssm-agent|ssm-cli|ssm agent|ssm-session|ssm-document",
                    # Sessions of SSM, which have no part in secrets.
                    "ssm-session|start-session|starting session with|session manager",
                    # A variable that a program wants, and whose name ends so.
                    "~[a-z0-9]_secret (?:is|was|must|env|variable|not)\\b",
                ),
            ),
            task_says(
                "secretsmanager|secrets manager|secret ",
                MISSING,
                "resourceinitialization|unable to|failed to fetch|cannot pull|retrieve",
                rank=Rank.CLEAR,
                unless=("log group|log stream|json key", "specify the region"),
            ),
            says(
                "parameter store|ssm parameter|from ssm",
                MISSING,
                rank=Rank.CLEAR,
                kinds="stopped_task service_event log_line",
            ),
        ),
        confused_with=(
            ("secret-access-denied", "AccessDenied says nothing about whether it exists."),
            (
                "secret-bad-format",
                "There the secret exists and its JSON key or reference is wrong.",
            ),
        ),
        docs_url=INIT_ERRORS,
    ),
    Cause(
        slug="secret-bad-format",
        title="Secret exists but the reference or its JSON key is wrong",
        category="pending",
        severity="error",
        meaning="The value is not the JSON that valueFrom asks a key of, or the reference itself does not parse.",
        proof=(
            Step(
                "Compare valueFrom with the keys of the secret",
                "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.containerDefinitions[].secrets'",
            ),
        ),
        repair=(
            Step(
                "Write valueFrom as arn:...:secret:NAME-AbCdEf:jsonKey:: (or without the suffix for a plain value), or store valid JSON, then deploy"
            ),
            Step(
                "valueFrom asks for a key of the secret, and its value is no JSON that holds one: see whether it parses",
                "aws secretsmanager get-secret-value --secret-id <secret> --query SecretString --output text | jq keys",
                when=NO_JSON,
                decides=True,
            ),
            Step(
                'Store it as one object in double quotes, {"KEY": "VALUE"}, or leave the key and the colons behind the ARN out of valueFrom; then start new tasks',
                "aws secretsmanager put-secret-value --secret-id <secret> --secret-string file://value",
                when=NO_JSON,
                decides=True,
            ),
            *NOT_AN_ARN,
            *NOT_A_WHOLE_ARN,
        ),
        signatures=(
            says(
                "could not find a secretsmanager secretid from value",
                rank=Rank.PRECISE,
                kinds="stopped_task service_event log_line",
            ),
            says(
                "json key|jsonkey|json-key|cannot specify secret json field",
                rank=Rank.PRECISE,
                kinds="stopped_task service_event log_line",
            ),
            # ECS of a task definition that it does not take.
            says(
                "systems manager parameter name specified for secret", "invalid", rank=Rank.PRECISE
            ),
            # A dynamic reference of a template: {{resolve:secretsmanager:...}}.
            says("associated with jsonkey in secretstring", rank=Rank.PRECISE),
            # ecspresso, which reads each secret before it deploys.
            says("on secret json value from", "failed to find key", rank=Rank.DECISIVE),
            task_says(
                FETCHED,
                "invalid character|invalid json|not valid json|not a json|unmarshal|is not json|parsing json|looking for beginning of value|unexpected end of json",
                rank=Rank.PRECISE,
            ),
            says(
                FETCHED,
                "invalid name|validationexception|invalid arn|malformed|not a valid arn|unexpected arn format|arn format|invalid format|cannot be parsed|failed to parse|could not parse|invalid secret|invalidparameter",
                rank=Rank.CLEAR,
                kinds="stopped_task service_event",
                unless=(
                    "invalid ssm parameters",
                    "throttling",
                    "malformedpolicy|invalid principals",
                ),
            ),
            says(
                "unexpected arn format|arn: invalid prefix|arn: not enough sections|invalid prefix",
                rank=Rank.PRECISE,
                kinds="stopped_task service_event log_line",
            ),
            says(
                "invalid environment file|environment file",
                "invalid|format|.env",
                rank=Rank.GENERIC,
                kinds="stopped_task service_event",
                unless="timeout|denied",
            ),
        ),
        confused_with=(("secret-not-found", "There Secrets Manager knows no such secret at all."),),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html",
    ),
)
