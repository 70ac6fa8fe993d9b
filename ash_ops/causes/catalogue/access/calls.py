"""Calls that AWS refuses: permissions, throttling, names."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says, status
from ash_ops.causes.catalogue.access.named_reasons import LISTED, NAMED, OF_ROLES
from ash_ops.causes.catalogue.access.plainly_said import READ_QUOTAS_OF_LOGS, TOO_MANY_LINES
from ash_ops.causes.catalogue.access.repairs import (
    DENIED_ELSEWHERE,
    GIVEN_APART,
    GIVEN_OTHERWISE,
    GONE,
    LOG_ROUTERS_ROLE,
    REFUSED_IN_THE_TRAIL,
)
from ash_ops.causes.catalogue.access.words import ALLOW_ACTION, DENIAL_PROOF, MODEL_ACCESS
from ash_ops.causes.catalogue.answers_by_code import GONE_BY_CODE
from ash_ops.causes.catalogue.auth.bedrock import GRANT

_CALL: Final = "api_error log_line"
_LOOKED_FOR: Final = (
    "~\\bdescribe change set [^ ]{1,140} for stack [^ ]{1,300}: changesetnotfound\\b"
)
"""Copilot looks for the change set that it could not make; why it could not stands in front."""
ACCESS_DENIED: Final = (
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html"
)

CAUSES: Final = (
    Cause(
        slug="aws-access-denied",
        title="The caller lacks an IAM permission",
        category="aws-access",
        severity="error",
        meaning="No policy of yours allows the action named in the text.",
        proof=DENIAL_PROOF,
        repair=(
            *ALLOW_ACTION,
            Step(
                "Let the policy of who calls allow the action that the text names; where it names none, CloudTrail does, some minutes later",
                REFUSED_IN_THE_TRAIL,
            ),
            Step(
                "If it was ash-ops that called, give it what it reads", "ash-ops iam-policy doctor"
            ),
            Step(
                "The role that is to be taken must allow it, too: its trust policy has to name you",
                when='~\\bsts:assumerole(?!with)|\\bcannot assume iam role\\b|\\bcould not be used to assume\\b|\\brole "[^"]{3,200}" cannot be assumed\\b',
            ),
            Step(
                "The role itself does not admit the caller, whatever the caller's policies say: add the caller's ARN to the principals of its trust policy, or take the Deny out of it",
                "aws iam get-role --role-name <role> --query Role.AssumeRolePolicyDocument",
                when="no role trust policy allows|explicit deny in the role trust policy",
                decides=True,
            ),
            *GRANT,
            *GIVEN_OTHERWISE,
            *GIVEN_APART,
            *LOG_ROUTERS_ROLE,
            Step(
                "Give a fresh code of the device that mfa_serial in ~/.aws/config names; the clock of that device must be right",
                when=r"~\bmultifactorauthentication failed(?!, must provide)",
                decides=True,
            ),
            *OF_ROLES,
        ),
        signatures=(
            says(
                "accessdenied|access denied|not authorized|unauthorizedoperation|accessdeniedexception|authorizationerror|is not authorized|no identity-based policy|does not have permission|unauthorizedaccess|insufficient privileges|access to the resource is denied|not have authorization to perform|not have sufficient permissions to call",
                rank=Rank.LIKELY,
                kinds=_CALL,
                unless=(
                    "iam:passrole",
                    "access to the path|java.nio.file|access denied for user",
                    # Windows, of a program that somebody installs.
                    "installer|as admin|denied in cmd",
                    "docker login|docker pull|docker push|docker.io|docker hub|registry|ghcr|manifest",
                    "service control policy",
                    # A model of Bedrock is a resource as any other.
                    "~\\banthropic\\b(?!\\.claude)",
                    "database",
                    "sso",
                ),
            ),
            # How notes put it: "OIDC role missing `ecs:UpdateService`".
            says(
                "missing|lacks|lacked",
                "~\\b(?:role|policy|user|operator iam) (?:'?\\w{1,20}'? )?(?:is )?(?:missing|lacks|lacked) '(?!secretsmanager|ssm:getparam|ecr|logs|kms|iam:pass)[a-z0-9-]{2,20}:[a-z*]{3,40}'|\\bmissing '(?!secretsmanager|ssm:getparam|ecr|logs|kms|iam:pass)[a-z0-9-]{2,20}:[a-z*]{3,40}' iam permission",
                rank=Rank.LIKELY,
                kinds=_CALL,
            ),
            # KMS tells so of a key that whoever reads may not use: a program's panic, an SDK's exception.
            says("ciphertext refers to a ", rank=Rank.PRECISE, kinds=_CALL),
            # Terraform's provider, of the role that it is to work as.
            says(
                "cannot be assumed",
                "provider.aws|used in order to assume the role",
                rank=Rank.DECISIVE,
                kinds=_CALL,
            ),
            # Who pushes an image is refused, not a task that pulls it; the model is named, not its maker's API.
            says(
                "ecr:initiatelayerupload|ecr:uploadlayerpart|ecr:completelayerupload|ecr:putimage|bedrock:invoke|bedrock:converse",
                "not authorized to perform",
                rank=Rank.DECISIVE,
                kinds=_CALL,
                unless="service control policy|explicit deny",
            ),
            # Bedrock, whose SDKs put no code of AWS in front of it.
            says(MODEL_ACCESS, rank=Rank.PRECISE, kinds=_CALL),
            # The CDK of a bucket or repository of its own, where S3 gave no words.
            says("failed: forbidden: null", rank=Rank.PRECISE, kinds=_CALL + " cfn_event"),
            # The same in the languages into which AWS translates its answers.
            says(
                ":user/|:assumed-role/|:role/",
                "~arn:aws[^|]{5,300}(?:\\bno est\u00e1 autorizad[oa] (?:para|a) |\\bn'est pas autoris\u00e9e? \u00e0 |\\bist nicht (?:autorisiert|berechtigt)\\b|\\bn\u00e3o (?:est\u00e1 autorizado|tem (?:autoriza\u00e7\u00e3o|permiss\u00e3o)) |\\bnon \u00e8 autorizzat[oa] a |\u6a29\u9650\u304c(?:\u3042\u308a\u307e\u305b\u3093|\u4ed8\u4e0e\u3055\u308c\u3066\u3044\u307e\u305b\u3093)|\u65e0\u6743|\u672a\u88ab?\u6388\u6743|\u7121\u6b0a|\uad8c\ud55c\uc774 \uc5c6)",
                rank=Rank.PRECISE,
            ),
            # CodePipeline, CodeDeploy and Batch, of the role through which they work.
            says(
                "does not have sufficient permissions|is getting s3 access denied for|not have the permissions required to|not have the permission required to|no longer has permission to",
                "~\\b(?:provided|service|pipeline|instance|execution|task|iam) (?:\\w+ )?role\\b[^|]{0,200}\\b(?:does not have sufficient permissions|is getting s3 access denied for|not have the permissions? required to|no longer has permission to)\\b",
                rank=Rank.CLEAR,
                kinds=_CALL + " cfn_event service_event",
            ),
            # Application Auto Scaling names what its caller lacks so.
            says(
                "is missing the following permissions",
                rank=Rank.DECISIVE,
                kinds=_CALL + " cfn_event",
            ),
            # Terraform's own head: the reason stands below it.
            says(
                "cannot assume iam role",
                rank=Rank.DECISIVE,
                kinds=_CALL,
                unless="assume iam role: arn:",  # who could not take which role
            ),
            # The CDK's: it goes on with the caller's own credentials.
            says("current credentials could not be used to assume", rank=Rank.LIKELY, kinds=_CALL),
            says(
                status("403"),
                "operation error|request id|requestid|amazonaws|forbidden",
                rank=Rank.GENERIC,
                kinds="api_error",
                unless=(
                    "expiredtoken|invalidclienttoken|signature|unrecognizedclient",
                    "ghcr|docker|registry",
                    # The answer of a web server with nothing of AWS in it.
                    '~^(?!.*(?:operation error|request ?id|amazon|\\baws(?!elb)|arn:|\\biam\\b)).*(?:"?error"?: ?"?forbidden|\\bhttp/\\d(?:\\.\\d)?[\'"]? 403\\b)|\\b403 (?:with|and) ',
                    # The proxy in between refuses.
                    "tunnel connection failed",
                    # A longer word of which it is a part only.
                    "~\\bforbidden(?!exception|error)[a-z]{3,40}",
                ),
            ),
        ),
        confused_with=(
            (
                "aws-scp-deny",
                "There an explicit deny of the organisation stands above your policies.",
            ),
            ("secret-access-denied", "There the task's execution role is refused."),
            ("cfn-access-denied", "There it happened inside a stack."),
        ),
        docs_url=ACCESS_DENIED,
    ),
    Cause(
        slug="aws-scp-deny",
        title="Explicit deny by the organisation or a permissions boundary",
        category="aws-access",
        severity="error",
        meaning="No policy of your own can allow it.",
        proof=(
            *DENIAL_PROOF,
            Step(
                "The text names the service control policy or boundary",
                when="service control polic|resource control policy|boundary|organizations policy|session policy|endpoint policy",
            ),
        ),
        repair=(
            Step("Ask the organisation's administrator, or use another account or region"),
            Step(
                "The text does not say which policy holds the Deny: look first through those of the user or role itself and of its groups, then its permissions boundary, the resource's own policy, and last the organisation's",
                "aws iam get-account-authorization-details --filter User Role Group LocalManagedPolicy",
                when=r"~^(?!.*(?:service control|resource control|boundary|organi[sz]ation|session policy|endpoint policy|identity-based|resource-based)).*\bwith an explicit deny\b",
                decides=True,
            ),
            Step(
                "A tag policy of the organisation asks for tags, or for other values of them: read it, and give service and task definition such tags (propagateTags hands them on to the network interface)",
                "aws organizations describe-effective-policy --policy-type TAG_POLICY",
                when="tag policy|tagpolicy",
            ),
            *DENIED_ELSEWHERE,
        ),
        signatures=(
            says(
                "service control policy|service control policies|resource control policy|permissions boundary|organizations policy|by organization policy|blockedbyorganizationpolicy|session policy|vpc endpoint policy|explicit deny in a service control",
                "deny|denied|not authorized|allows|disallow|block|restrict",
                rank=Rank.DECISIVE,
                kinds="api_error cfn_event log_line stopped_task",
                unless=("no resource control policy",),
            ),
            says("tagpolicyviolation|tag policy", "violat|complian|not allow", rank=Rank.PRECISE),
            says(
                "explicit deny|explicitly denied",
                rank=Rank.CLEAR,
                kinds="api_error log_line",
                unless=("in an identity-based policy|in a resource-based policy",),
            ),
        ),
        confused_with=(
            ("aws-access-denied", "Without an explicit deny, adding the action helps."),
        ),
        docs_url="https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html",
    ),
    Cause(
        slug="aws-throttled",
        title="An AWS API refuses calls for a while (throttling)",
        category="aws-access",
        severity="warning",
        meaning="Too many calls; what was read may be incomplete.",
        proof=(Step("The same call works a little later"), *READ_QUOTAS_OF_LOGS),
        repair=(
            Step("Try again with growing waits, and conclude nothing from what is missing"),
            *TOO_MANY_LINES,
        ),
        signatures=(
            says("too many concurrent attempts|toomanyupdates", rank=Rank.PRECISE),
            says("throughput mode only once every", rank=Rank.DECISIVE),
            says(
                "throttl|rate exceeded|request limit exceeded|requestlimitexceeded",
                "~\\b(?:describ|list|get|creat|updat|delet|run|register|put)[a-z]{2,40}\\b|^requestlimitexceeded: ",
                rank=Rank.PRECISE,
                kinds="api_error log_line",
                unless="anthropic|cannotpull|docker|toomanyrequests:|is being throttled on",
            ),
            says(
                "throttling|throttled|throttl|rate exceeded|requestlimitexceeded|request limit exceeded|toomanyrequestsexception|too many requests|slowdown|slow down|bandwidthlimitexceeded|requestthrottled|priorrequestnotcomplete|limitexceededexception: rate|reduce your request rate|rate limit|exceeded maximum number of attempts|reached max retries|retry quota exceeded",
                rank=Rank.CLEAR,
                kinds="api_error cfn_event",
                unless=(
                    "toomanyrequests:|docker|ghcr",
                    "vcpu|throttle logic|non-throttled|cpu frequency|thermal|webhook rate",
                    "anthropic|rate_limit_error|per-minute rate limit|too many requests for url",
                    # A client that holds itself back.
                    "~\\brate limit exceeded\\W{1,4}(?:waiting|sleeping|pausing|backing off)\\b",
                    # Why each of the attempts failed.
                    "no such host|dial tcp|statuscode: 0,|connection refused",
                ),
            ),
            says(
                "throttlingexception|rate exceeded|requestlimitexceeded|request limit exceeded|reached max retries",
                rank=Rank.CLEAR,
                kinds="log_line",
                unless=("anthropic", "toomanyrequests:"),
            ),
        ),
        confused_with=(
            ("ecs-throttled", "There ECS's own scheduler is throttled."),
            ("cfn-quota", "There the number of resources is limited."),
        ),
        docs_url="https://docs.aws.amazon.com/general/latest/gr/api-retries.html",
    ),
    Cause(
        slug="aws-not-found",
        title="Cluster, service, task or stack not found",
        category="aws-access",
        severity="error",
        meaning="Wrong name, region or account.",
        proof=(
            Step("List what is there", "aws ecs list-clusters", when=r"~\becs\b|\bcluster\b"),
            Step("See which account and region are asked", "aws configure list"),
            Step(
                "List what is there",
                "aws cloudformation list-stacks",
                when="~\\bstack\\b(?:[^.|]|\\.(?=\\S)){0,200}(?:does not exist|not found)|change ?set|\\bno stacks match|\\bstacks found\\b",
            ),
            *LISTED,
        ),
        repair=(
            Step(
                "Name the listener or rule that the load balancer has",
                "aws elbv2 describe-listeners --load-balancer-arn <load-balancer>",
                when="listenernotfound|rulenotfound",
            ),
            Step(
                "Name the right region and deployment",
                "ash-ops --region <region> --name <name> status",
            ),
            *GONE,
            *NAMED,
        ),
        signatures=(
            *GONE_BY_CODE,
            says("accountids mismatch", rank=Rank.CLEAR, kinds="api_error log_line cfn_event"),
            says("alias arn:aws", "~\\balias arn:aws[^ ]{5,200} is not found", rank=Rank.PRECISE),
            says(
                "notfound",
                "~(?:^|\\W)(?:changeset|rule|listener|loadbalancer|hostedzone|alarm|policy|target|namespace|taskset|servicedeployment|scalingpolicy|object|mounttarget|filesystem|daemon|pullthroughcacherule|sslpolicy)notfound(?:exception)?\\b",
                rank=Rank.CLEAR,
                kinds="api_error cfn_event",
                unless=_LOOKED_FOR,
            ),
            says(
                "deploymentgroupdoesnotexist|applicationdoesnotexistexc|clusternotfound|servicenotfound|servicenotactive|cluster not found|service not found|service was not found|service not active|tasknotfound|task not found|the referenced cluster was inactive|identifier is for cluster|referenced task was not found|cluster is inactive|unable to describe task definition|no such cluster|could not find cluster|could not find service|cluster was not found|stack with id|unable to find service|unable to find cluster|unable to find task|tasksetnotfound|namespacenotfound|found no running task|no ecs cluster found|is not active. ensure that it exists|initialized but has not been deployed|environment is not deployed but|the stack disappeared while|not able to find a stack with|s3 bucket does not exist|locate deployment bucket",
                rank=Rank.CLEAR,
                kinds="api_error log_line cfn_event",
                # systemd, of a unit of the host.
                unless=".service not found|.service could not be found",
            ),
            says(
                "\"reason\": \"missing\"|'reason': 'missing'|reason: missing|missing",
                "failures|arn:aws:ecs|cluster|service",
                rank=Rank.LIKELY,
                kinds="api_error",
                unless=(
                    "credential",
                    "parameter",
                    "authentication",
                    "permission",
                    "error is thrown",
                ),
            ),
            says(
                "does not exist|not found|notfound|nosuch|no such|cannot be found|unknown cluster|unknown service|unknown resource|unknown task|unknown stack",
                "cluster|service|task|stack|log group|load balancer|loadbalancer|target group|instance|resource|repository|parameter|secret|subnet|security group|role",
                rank=Rank.GENERIC,
                kinds="api_error",
                unless=(
                    "credentials",
                    "profile",
                    "host",
                    "region",
                    "sso",
                    "pull access denied|docker login|error response from daemon|volumedriver.",
                    "no such file or directory|command not found|no such service: ",
                    'role "|database "|relation "',
                    # What a stack's resource lacks, no cluster and no stack.
                    "create_failed|update_failed|delete_failed",
                    # What a program wants of its own settings.
                    "bean of type|is required, but",
                    ".service not found|.service could not be found",
                    # What a tool looks for on the disk.
                    "task definition file",
                    # Chef, of its recipes.
                    "in the resource collection",
                    # The SAM CLI tells so that it will make them.
                    "looking for ",
                    _LOOKED_FOR,
                ),
            ),
            says(
                "does not exist",
                "stack",
                rank=Rank.CLEAR,
                kinds="api_error log_line",
                unless=(_LOOKED_FOR, "exist in the template"),
            ),
            says(
                "no stacks match the name|identifier is for ",
                "name(s)|your accountid is",
                rank=Rank.CLEAR,
            ),
            # ECS, of an id that is none: the call was not made, whichever it was.
            says(
                "length should be one of|taskid longer than|identifier is invalid|unexpected number of separators",
                "~\\b(?:task|container ?instance|service|cluster)(?:id)? (?:length should be one of|longer than|identifier is invalid)|\\binvalid identifier: unexpected number of separators\\b",
                rank=Rank.DECISIVE,
                kinds="api_error log_line cfn_event",
            ),
            says("unable to upload artifact", "nosuchbucket", rank=Rank.CLEAR),
            says(
                "stacks found",
                "~\\bno (?:[\\w-]{2,30} )?(?:cloudformation )?stacks found\\b",
                rank=Rank.CLEAR,
            ),
        ),
        confused_with=(
            ("aws-access-denied", "Some services say 'not found' for what you may not see."),
        ),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/CommonErrors.html",
    ),
)
