"""Credentials, sessions, the clock."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says
from ash_ops.causes.catalogue.access.named_reasons import SESSION_OF_IAM
from ash_ops.causes.catalogue.access.plainly_said import NO_ROLE_THERE, READ_ROLE_OF_INSTANCE
from ash_ops.causes.catalogue.access.repairs import (
    EXPIRED,
    FROM_ELSEWHERE,
    IN_A_TASK,
    KEYS,
    REFRESHED,
)

CLI: Final = "https://docs.aws.amazon.com/cli/latest/userguide/cli-chap-troubleshooting.html"
_CALL: Final = "api_error log_line"
_WHO: Final = Step("Ask who you are", "aws sts get-caller-identity")
_OF_THE_TASK: Final = Step(
    "An agent that asks Bedrock has the task role's credentials: give the task that role, and no AWS_ACCESS_KEY_ID or AWS_PROFILE of its own",
    "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.[taskRoleArn,containerDefinitions[].environment[].name]'",
    # Claude Code's words; the SDK of Go has the code of the error behind them.
    when="~(?<!aws )\\bapi error(?: ?\\(|:| \\d{3}\\b)",
)
_LOGGING: Final = ("logging driver|log driver|logger", "anthropic")

CAUSES: Final = (
    Cause(
        slug="aws-credentials-missing",
        title="No AWS credentials found",
        category="aws-access",
        severity="error",
        meaning="Neither environment, profile, container nor instance gave any, or only half of them.",
        proof=(_WHO, *READ_ROLE_OF_INSTANCE),
        repair=(
            *NO_ROLE_THERE,
            Step(
                "Give whoever asks its keys. At a desk sign in; a program takes them from its task role or its instance's profile, or from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in its environment (in a workflow from its secrets, or by OIDC)",
                "aws sso login --profile <profile>",
            ),
            Step("Or set a profile", "export AWS_PROFILE=<profile>"),
            *FROM_ELSEWHERE,
            _OF_THE_TASK,
            *IN_A_TASK,
            Step(
                "STS was asked for the role and did not answer: let the program out on 443 (NAT, or an endpoint for sts that its security group reaches), and name its region (AWS_REGION)",
                "aws ec2 describe-vpc-endpoints --query 'VpcEndpoints[].[ServiceName,State,PrivateDnsEnabled]'",
                when=r"~\boperation error sts: assumerole\w{0,20}, [^|]{0,120}(?:deadline exceeded|timeout|no such host|request +canceled)",
                decides=True,
            ),
        ),
        signatures=(
            # Where a program asks for the credentials of its instance or task, and gets none.
            says(
                "/iam/security-credentials|/latest/api/token|169.254.170.2|ec2metadata|ec2 metadata service|ec2rolerequesterror",
                "~\\b(?:request canceled|time(?:d )?out|timeout|connection refused|connect: |no route to host|unable to contact|unreachable|status code 40[134]|error code 40[134]|no ec2 instance role found|unable to find role|i/o timeout|etimedout|ehostdown|econnrefused)",
                rank=Rank.PRECISE,
                kinds=_CALL,
                unless=(
                    "sso",
                    "region provider|awsregionproviderchain",
                    # What the task itself is, rather than what it may.
                    "~169\\.254\\.170\\.2(?::\\d{2,5})?/v\\d/(?!credentials)",
                    *_LOGGING,
                ),
            ),
            # The SDK for Go tells of its attempts behind it.
            says("no ec2 imds role found", rank=Rank.DECISIVE, kinds=_CALL, unless=_LOGGING),
            says(
                "emptystaticcreds|envaccesskeynotfound|envsecretnotfound|sharedcredsload|sharedcredsaccesskey|sharedcredssecret|credentialsnotloaded|nomatchingauthscheme|failedtoloadtoken|"
                "credentialsexception: cannot read credentials|no providers in chain provided credentials|aws_auth_signing_no_credentials|valid credentials could not be sourced by|was specified as the credential_source, but",
                rank=Rank.PRECISE,
                kinds=_CALL,
            ),
            says(
                "failed to connect to service endpoint",
                "metadata|credential|ec2resourcefetcher|service endpoint:",
                rank=Rank.PRECISE,
            ),
            # Where the credentials come from was asked, and gave none.
            says(
                "retrieving credentials from|response received from instance metadata service|unexpected instance profile response code",
                "~\\bretrieving credentials from (?:the )?(?:instance|container|custom-process|iam-role|ecs|assume-role|login|process|ec2)|instance (?:metadata service|profile response)",
                rank=Rank.DECISIVE,
                unless=("sso", *_LOGGING),
            ),
            says(
                "providers in the chain|provider in the chain|no providers in chain|providers in chain",
                "credentials",
                rank=Rank.CLEAR,
                kinds=_CALL,
            ),
            # A program that looks for nothing but the file, which no task has.
            says(
                ".aws/credentials",
                "no such file|missingfileerror|enoent",
                rank=Rank.CLEAR,
                kinds=_CALL,
                unless="mount|bind source|cat: |cp: |ls: |chmod: |sso",
            ),
            says(
                "missingcredentialserror|credentialretrievalerror|without credentials set|determine the default aws account|failed to resolve aws credentials|unable to get iam security credentials|unable to resolve aws credentials|no credentials have been configured|could not retrieve credentials from|the credential provider was not enabled|web identity token file does not exist|'aws-secret-access-key' must be provided|could not get account id or arn from sts|access key id empty after|unable to discover aws accesskeyid",
                rank=Rank.CLEAR,
                kinds=_CALL,
                unless="sso|invalidclienttokenid",
            ),
            says(
                "unable to locate credentials|could not load ec2 task role credentials|could not load ecs task role credentials|nocredentials|no credentials|unable to resolve aws account|could not load credentials|credentialsprovidererror|could not find credentials|could not find aws credentials|credentials not found|missing credentials|missingauthenticationtoken|missing authentication token|partial credentials|partialcredentials|no valid credential|nocredentialproviders|unable to load credentials|failed to retrieve credentials|unable to load aws credentials|no ec2 imds role|failed to refresh cached credentials|could not load the default credentials|unable to resolve credentials for the aws sdk|configure your credentials|configure credentials|no aws credentials|find aws credentials in|security credentials were not found|failed to load credentials|credentials could not be|get credentials",
                rank=Rank.CLEAR,
                kinds=_CALL,
                unless=(
                    *_LOGGING,
                    "sso",
                    "could not be used to assume|region is missing|token included in the request is",
                    "profile (",
                    "expired",
                    "docker login|docker registry|registry auth|registry credential|gcloud|application-default",
                ),
            ),
        ),
        confused_with=(
            ("aws-credentials-expired", "There credentials are found and too old."),
            ("aws-profile-missing", "There the profile named does not exist."),
        ),
        docs_url=CLI,
    ),
    Cause(
        slug="aws-credentials-expired",
        title="AWS session credentials have expired",
        category="aws-access",
        severity="error",
        meaning="Temporary credentials past their time.",
        proof=(_WHO,),
        repair=(*EXPIRED, _OF_THE_TASK, *REFRESHED),
        signatures=(
            says("tokenrefreshrequired", rank=Rank.CLEAR, kinds=_CALL),
            says(
                "refresh credentials: mfa token required|credentials have already expired|expiredtoken|requestexpired|token has expired|token is expired|token included in the request is expired|credentials have expired|credentials expired|expired credentials|credentials were refreshed, but|refreshed credentials are still expired|token expired|request has expired",
                "token|credential|request has expired",
                rank=Rank.CLEAR,
                kinds=_CALL,
                unless=(
                    "sso",
                    "anthropic|oauth|authentication_error",
                    "signature",
                    "certificate",
                    "docker|ghcr|registry",
                    # Databases of others, of whoever signs in with a token.
                    "login failed for user",
                    "exporttoken",
                    # Cloud Foundry's.
                    "was revoked, or the token id",
                ),
            ),
        ),
        confused_with=(
            ("aws-sso-expired", "There the SSO session itself has ended."),
            ("aws-clock-skew", "'Signature expired' is about the clock."),
        ),
        docs_url=CLI,
    ),
    Cause(
        slug="aws-credentials-invalid",
        title="AWS credentials are not valid",
        category="aws-access",
        severity="error",
        meaning="Unknown key, wrong secret, temporary keys without AWS_SESSION_TOKEN, or a region that is not enabled for the account.",
        proof=(_WHO,),
        repair=(
            Step(
                "What was given as a key is more than a key: a whole JSON, quotes, or the end of a line. Give the two values alone; of a secret in JSON name the one field (ARN:FIELD::)",
                when="not a valid key=value pair",
                decides=True,
            ),
            Step(
                "Use the right pair of keys, with AWS_SESSION_TOKEN for temporary ones; enable the region",
                "aws account list-regions --region-opt-status-contains ENABLED",
            ),
            *KEYS,
            *SESSION_OF_IAM,
        ),
        signatures=(
            says("handlererrorcode: invalidcredentials", rank=Rank.CLEAR),
            says(
                "invalididentitytoken|idprejectedclaim|no openidconnect provider found|does not match any of the expected account ids|do not match the expected access key|aws account id not allowed|cannot identify account due to invalid|account based on configured credentials",
                rank=Rank.CLEAR,
                kinds=_CALL,
            ),
            says(
                "need to perform aws calls for account",
                "current credentials are for",
                rank=Rank.PRECISE,
                kinds=_CALL,
            ),
            says(
                "invalidclienttokenid|unrecognizedclient|signaturedoesnotmatch|invalidaccesskeyid|authfailure|invalidsignature|token included in the request is invalid|access key id you provided does not exist|signature we calculated|incompletesignature|invalid security token|invalidtoken|was not able to validate the provided access credentials|not able to validate the provided|access key id does not exist|invalidkeypair|credential should be scoped|invalid access key|not a valid key=value",
                rank=Rank.CLEAR,
                kinds=_CALL,
                unless=(
                    "signature expired|signature not yet current|signature is expired",
                    "sso",
                    "is expired",
                    "token has expired",
                    # The answer of another registry; ECR's own is AWS's.
                    "~^(?!.*\\boperation error ecr\\b).*(?:docker|registry|ghcr)",
                    # EC2 of the key pair of an instance.
                    "invalidkeypair.",
                    # ECS's own call for a task, not one of a person's keys; an AMI that is not shared.
                    "unexpected ec2 error|not authorized for images|servicelinkedrolecreationnotpermitted",
                ),
            ),
            says(
                "invalid credentials|credentials are invalid",
                "aws|sts|iam|access key|security token|profile|region",
                rank=Rank.CLEAR,
                kinds=_CALL,
                unless=("sso", "docker|registry|ghcr"),
            ),
        ),
        confused_with=(("aws-credentials-expired", "There they were valid once."),),
        docs_url=CLI,
    ),
    Cause(
        slug="aws-sso-expired",
        title="SSO session has expired",
        category="aws-access",
        severity="error",
        meaning="The token of IAM Identity Center in ~/.aws/sso/cache is missing or too old.",
        proof=(_WHO,),
        repair=(Step("Sign in again", "aws sso login --profile <profile>"),),
        signatures=(
            says("session token not found or invalid", rank=Rank.PRECISE, kinds=_CALL),
            says(
                "sso",
                "expired|invalid|not found|refresh|login|load|unauthorized|does not exist|missing|failed|token",
                rank=Rank.PRECISE,
                kinds=_CALL,
                unless=("anthropic", "you must specify a region", "config profile ("),
            ),
            says(
                "unauthorizedssotoken|ssotokenload|tokenretrievalerror|error loading sso token|retrieving token from sso|using aws login|run aws login|'aws login|\"aws login",
                rank=Rank.PRECISE,
                kinds=_CALL,
                unless="unable to locate credentials",
            ),
            # The CLI's own: of any website, too, one "logs in again".
            says(
                "session has expired",
                "~\\breauthenticate\\b|\\b(?:aws|sso) login\\b",
                rank=Rank.LIKELY,
                kinds=_CALL,
            ),
            # IAM Identity Center refuses to renew the session: aws/aws-cli#8561.
            says("invalid refresh token provided", rank=Rank.PRECISE, kinds=_CALL),
            # The sign-in that the browser did not end, or that is too old.
            says(
                "(invalidgrantexception) when calling|(authorizationpendingexception) when calling|(invalidclientexception) when calling",
                "createtoken operation",
                rank=Rank.CLEAR,
                kinds=_CALL,
            ),
            # SSO's own operations: aws/aws-cli#7340.
            says(
                "getrolecredentials|listaccountroles|sso-oidc",
                "session token not found|unauthorizedexception|forbiddenexception|invalidgrant",
                rank=Rank.PRECISE,
                kinds=_CALL,
            ),
        ),
        confused_with=(("aws-credentials-expired", "There no SSO is named."),),
        docs_url="https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sso.html",
    ),
    Cause(
        slug="aws-clock-skew",
        title="The local clock is wrong",
        category="aws-access",
        severity="error",
        meaning="Requests are signed with a time too far from AWS's.",
        proof=(Step("Compare with the time in the message", "date -u"),),
        repair=(
            Step(
                "Set the clock (in WSL with sudo hwclock -s; containers have the clock of Docker's machine: restart that)",
                "sudo timedatectl set-ntp true",
            ),
        ),
        signatures=(
            # As people tell it.
            says(
                "signaturedoesnotmatch|signature does not match|invalidsignature",
                "~\\bclocks? (?:is|was|were|are) (?:not )?(?:in|out of) sync\\b|\\bfallen out of sync\\b|\\b(?:system|local|wrong) (?:clock|time) (?:is|was) (?:wrong|off|ahead|behind)\\b",
                rank=Rank.DECISIVE,
                kinds=_CALL,
            ),
            says(
                "signature expired|signature not yet current|requesttimetooskewed|requestinthefuture|clock skew|time too skewed|difference between the request time|signature is not yet|is now earlier than|is now later than|clock is|is in the future|not yet current|notbefore",
                rank=Rank.DECISIVE,
                kinds=_CALL,
                # What openssl prints of a certificate.
                unless="notafter=|notbefore=",
            ),
        ),
        confused_with=(("aws-credentials-expired", "There the token is old, not the signature."),),
        docs_url=CLI,
    ),
)
