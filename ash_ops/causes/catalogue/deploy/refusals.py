"""Resources AWS refuses to make: quotas, names in use, permissions."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says
from ash_ops.causes.catalogue.access.words import (
    ALLOW_ACTION,
    DENIAL_PROOF,
    LOG_BUCKET,
    SEEN_IN_IDENTITY_CENTER,
)
from ash_ops.causes.catalogue.deploy.plainly_said import (
    ACCOUNT_OF_THE_CALLER,
    LOOK_FOR_THE_ROLE,
    MAY_TAG,
    OF_ANOTHER_ACCOUNT,
    ONE_TARGET_A_ZONE,
    READ_THE_KEY,
    READ_THE_OLDER_ONE,
    ROLES_TAKEN,
)
from ash_ops.causes.catalogue.deploy.quotas import NO_ROOM, QUOTAS, UNUSED_ADDRESSES
from ash_ops.causes.catalogue.deploy.reasons import ACTION_UNSAID, ALLOW_WHAT_THE_TRAIL_NAMES
from ash_ops.causes.catalogue.deploy.repairs import TAKEN, TWO_ZONES
from ash_ops.causes.catalogue.deploy.values import ZONES_OF_SUBNETS
from ash_ops.causes.catalogue.deploy.words import CFN, MADE, OF_AWS, READING
from ash_ops.causes.catalogue.refused_values import TAKEN_ELSEWHERE, TAKEN_OF_TERRAFORM

_IN_ONE_CALL: Final = "can be specified, but"
"""What one call takes too much of, whatever the account may have."""

_SIZES: Final = (
    Step(
        "Give cpu and memory of the task as a whole, beside those of its containers",
        when="be defined at the task level",
        decides=True,
    ),
    Step(
        "The memory of the task must hold that of each container, and of all of them together: raise the task's, or lower the container's",
        when="greater than for the task|greater than for task|sum of all container",
    ),
    Step(
        "Give that container memory or memoryReservation, or the task as a whole memory; on Fargate the task needs cpu and memory in any case",
        when="at least one of 'memory'",
    ),
    Step(
        "Take one of Fargate's pairs: cpu 256 with memory 512, 1024 or 2048; 512 with 1024 to 4096; 1024 with 2048 to 8192; 2048 with 4096 to 16384; 4096 with 8192 to 30720",
        when=r"~^(?!.*(?:\bash\b|\bash[-_])).*\bno fargate configuration exists\b",
    ),
)
"""Sizes of a task that are not right, for the ways in which ECS says so."""

CAUSES: Final = (
    Cause(
        slug="cfn-quota",
        title="A quota of AWS resources is reached (Elastic IPs, VPCs, load balancers, rules)",
        category="deploy",
        severity="error",
        meaning="AWS refused to make one more of them in this account and region.",
        proof=(
            Step(
                "Read the quotas of the service named",
                "aws service-quotas list-service-quotas --service-code <service-code>",
            ),
            *UNUSED_ADDRESSES,
        ),
        repair=(
            Step(
                "Delete what nobody uses of what the message names, or ask for more: its quota has a code in the list",
                "aws service-quotas request-service-quota-increase --service-code <service-code> --quota-code <quota-code> --desired-value <value>",
            ),
            *QUOTAS,
        ),
        signatures=(
            says("maximum policy size of", "exceeded", rank=Rank.PRECISE),
            *NO_ROOM,
            says("exceeds", "~\\bnumber of [\\w -]{3,60} exceeds [a-z]", rank=Rank.CLEAR),
            says(
                "you have reached your limit of|cannot exceed quota for",
                rank=Rank.CLEAR,
                kinds=MADE,
            ),
            says(
                "limitexceeded|toomany",
                "~(?:^|\\(|[ :.])(?:[a-z]{2,30}limitexceeded(?<!requestlimitexceeded)(?<!vcpulimitexceeded)(?<!instancelimitexceeded)|toomany(?!requests|tags|updates)[a-z]{3,30})(?:exception|fault)?(?:\\)|:|$)",
                rank=Rank.PRECISE,
                unless=("rate exceeded", "already has an active deployment", _IN_ONE_CALL),
            ),
            says(
                "limitexceeded|quotaexceeded|servicelimitexceeded|servicequotaexceeded|limit exceeded|quota exceeded|maximum number of|too many|toomanyloadbalancers|toomanytargetgroups|toomany|exceeds the limit|limit has been reached|exceeded the maximum|exceed quota|cannot exceed quota|exceeds quota|exceeded the quota|limit reached|account limit|reached the limit|limits exceeded|maximum allowed|reached the maximum|quota",
                "reached|exceed|limit|maximum|many|quota",
                rank=Rank.CLEAR,
                kinds=MADE,
                unless=(
                    "too many concurrent attempts",
                    # What one template and one call may hold, which no quota raises.
                    "template format error",
                    _IN_ONE_CALL,
                    "rate exceeded|rate limit|throttl|requestlimitexceeded|request limit exceeded|toomanyrequests|too many requests|too many connections|too many clients|too many open files|too many start retries|gc overhead|outofmemoryerror",
                    "vcpu|concurrently|already has an active deployment|may have reached",
                    "retry attempts|max attempts|attempts exceeded|number of attempts|number of retries|maximum number of attempts|exceeded attempts",
                    "eni|sandbox|anthropic|tokens|sessions|replyerror|spend cap|billing|402|429|client connections|simultaneous connections|connection requests|too many ip addresses",
                    "docker|pull|setup quota|cfs_quota|failed login|too many calls|too many api calls|disk quota",
                    "size limit|maxlength|too large|minimum and maximum number",
                    # Terraform's resource of a quota, and a quota that is not there.
                    "aws_servicequotas_|nosuchresourceexception",
                ),
            ),
            says("desired count exceeds", "limit|quota|maximum", rank=Rank.CLEAR),
            says(
                "handlererrorcode: servicelimitexceeded|addresslimitexceeded|vpclimitexceeded|rulespersecuritygrouplimitexceeded|natgatewaylimitexceeded|internetgatewaylimitexceeded|securitygrouplimitexceeded",
                rank=Rank.PRECISE,
                unless=_IN_ONE_CALL,
            ),
        ),
        confused_with=(
            ("fargate-quota", "That is the vCPUs and tasks of Fargate."),
            ("aws-throttled", "That is too many calls in a second."),
        ),
        docs_url="https://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html",
    ),
    Cause(
        slug="cfn-subnets-same-az",
        title="Subnets are in the same zone, or in too few",
        category="deploy",
        severity="error",
        meaning="A load balancer takes one subnet a zone, and so does a group of subnets for a database; both want two zones at least.",
        proof=(
            Step(
                "Read the zones",
                "aws ec2 describe-subnets --subnet-ids <subnet> --query 'Subnets[].[SubnetId,AvailabilityZone]'",
            ),
        ),
        repair=(
            Step("Give subnets of different zones", "ash-ops deploy"),
            *ZONES_OF_SUBNETS,
            *TWO_ZONES,
        ),
        signatures=(
            says(
                "dbsubnetgroupdoesnotcoverenoughazs|cannot have only one az|does not meet availability zone coverage|availability zone coverage requirement|(az) coverage requirement",
                rank=Rank.PRECISE,
            ),
            says(
                "same availability zone|at least two subnets|two different availability zones|two availability zones|multiple subnets in the same|more than one subnet|one subnet per availability zone|same az",
                rank=Rank.CLEAR,
                kinds=MADE,
            ),
            says(
                "subnets",
                "availability zone",
                "~^(?!.*(?:creating subnets in|alb requires subnets)).*(?:different|same|distinct|at least)",
                rank=Rank.LIKELY,
                kinds=MADE,
            ),
        ),
        docs_url="https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html",
    ),
    Cause(
        slug="cfn-fargate-cpu-mem",
        title="Invalid combination of Fargate cpu and memory",
        category="deploy",
        severity="error",
        meaning="256: 512-2048; 512: 1024-4096; 1024: 2048-8192; 2048: 4096-16384; 4096: 8192-30720; 8192: 16-60 GB; 16384: 32-120 GB.",
        proof=(
            Step(
                "Read both",
                "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.[cpu,memory]'",
                # Of one that was refused there is nothing to read.
                when=r"~^(?!.*(?:\bregister|\bcreating ecs task\b|\bcreate_failed\b|\bfor given values\b|\bclientexception\b)).",
            ),
        ),
        repair=(Step("Choose a valid pair", "ash-ops deploy --cpu 1024 --memory 4096"), *_SIZES),
        signatures=(
            says("no fargate configuration exists", rank=Rank.DECISIVE),
            says(
                "cpu|vcpu",
                "memory|mib",
                "invalid|not valid|combination|supported|must be|valid values|not compatible|constraint|exceed|rule",
                rank=Rank.CLEAR,
                kinds=MADE,
                unless=("above your limit", "container instance", "place a task|capacity"),
            ),
            says(
                "sum of all container 'cpu'|sum of all container 'memory'|at least one of 'memory'|invalid 'cpu'|invalid 'memory'|invalid cpu|invalid memory|'cpu' setting|'memory' setting|memory setting|cpu setting|task cpu|task memory|fargate requires that 'cpu'|fargate requires that 'memory'|invalid setting for container",
                "invalid|requires|must|not|exceed|greater",
                rank=Rank.CLEAR,
                kinds=MADE,
                unless="above your limit|invalid memory address",
            ),
        ),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html",
    ),
    Cause(
        slug="cfn-already-exists",
        title="A resource with that name already exists",
        category="deploy",
        severity="error",
        meaning="Left behind by an earlier stack, made by hand, or owned by another stack.",
        proof=(
            Step(
                "Find out which stack owns it",
                "aws cloudformation describe-stack-resources --physical-resource-id <resource>",
            ),
            *READ_THE_OLDER_ONE,
            *LOOK_FOR_THE_ROLE,
        ),
        repair=(
            *ONE_TARGET_A_ZONE,
            Step(
                "Import it into the stack or the state of the tool, or deploy under another name; or delete the one that is there, once nobody needs it",
                "ash-ops --name <other-name> deploy",
            ),
            Step(
                "The name stands on another CloudFront distribution, maybe of another account: take it off there, or move it",
                "aws cloudfront list-conflicting-aliases --distribution-id <distribution> --alias <domain>",
                when="cnames you provided|cnamealreadyexists",
            ),
            Step(
                "The namespace has a service of that Service Connect name, left by an attempt before or by another service: take another name, or delete it once nobody needs it",
                "aws servicediscovery list-services --query 'Services[].[Id,Name]'",
                when="sc service is already used",
            ),
            *ROLES_TAKEN,
            *TAKEN,
            *TAKEN_ELSEWHERE,
            *TAKEN_OF_TERRAFORM,
        ),
        signatures=(
            says(
                "priorityinuse|conflictingdomainexists|mounttargetconflict|duplicatelistener|duplicateloadbalancername|duplicatetargetgroupname|hostedzonealreadyexists|healthcheckalreadyexists|securitygroupinuse|(nameconflict) when calling",
                rank=Rank.DECISIVE,
            ),
            says(
                "another resource with the same parent|alreadyexists: you already have|has already been authorized on the specified group",
                "~\\banother resource with the same parent already has\\b|\\balreadyexists: you|\\bthe permission '[^']{1,80}' has already been authorized",
                rank=Rank.CLEAR,
            ),
            says(
                "already exists|alreadyexists|alreadyexist|already exist|already being used by|already used by|entityalreadyexists|resourcealreadyexists|already in use|name is already|duplicate|already been taken|already owned|alreadyownedbyyou|idempotency check failed|same name|already defined|already associated",
                OF_AWS,
                rank=Rank.CLEAR,
                kinds=MADE,
                unless=(
                    "secret|scheduled for deletion",
                    "eaddrinuse|address already in use|port is already",
                    "not idempotent|unknown or duplicate parameter",
                    "artifact|releaseasset|release asset|container name|docker|layer already exists|volume name|http 422|(409) conflict|pull request|tag name|username|e-mail|email",
                    "relation |table |a branch|database |index:|column |file exists|directory ",
                    "duplicate event messages|duplicate mime type|duplicatetagkeys|duplicate tag keys",
                ),
            ),
            says("export with name", "is already exported by stack", rank=Rank.PRECISE),
            says("conflicts with an existing association|ipaddressinuse", rank=Rank.PRECISE),
            says("priority '", "~\\bpriority '\\d{1,5}' is currently in use", rank=Rank.DECISIVE),
            says("has been taken in this account", rank=Rank.DECISIVE),
            says("bucketalreadyownedbyyou", rank=Rank.PRECISE),
            says("resourceinuse", "already exists", rank=Rank.PRECISE),
            says(
                "resource of type",
                "~\\bresource of type '[a-z0-9:]{5,80}' with identifier '[^']{1,300}' already exists\\b",
                rank=Rank.PRECISE,
            ),
            says(
                "there is already a conflicting dns domain|error: sc service is already used|already in a stack and cannot be imported|conflictingdomainexists|has already been associated with the hosted zone",
                rank=Rank.PRECISE,
            ),
            says(
                "already exists",
                "secret",
                rank=Rank.CLEAR,
                kinds=MADE,
                unless=("scheduled for deletion|deletion",),
            ),
        ),
        confused_with=(
            ("ecs-service-exists", "That is the wording for an ECS service."),
            ("cfn-secret-pending-deletion", "A deleted secret keeps its name for a while."),
        ),
        docs_url=CFN,
    ),
    Cause(
        slug="cfn-access-denied",
        title="The one who deploys lacks a permission",
        category="deploy",
        severity="error",
        meaning="A resource could not be made or changed: AccessDenied for the deploying principal or CloudFormation's role.",
        proof=(*DENIAL_PROOF, *ACTION_UNSAID, *READ_THE_KEY),
        repair=(
            *MAY_TAG,
            *ALLOW_ACTION,
            *ALLOW_WHAT_THE_TRAIL_NAMES,
            Step(
                "Deploy with a role that may do all that a deployment of Ash does",
                "ash-ops iam-policy deploy",
            ),
            Step(
                "Let the key's policy allow logs.<region>.amazonaws.com to use it, or name no key",
                when="kms key does not exist or is not allowed to be used",
            ),
            Step(
                "CloudFormation could not read a file of S3 (a template, the code of a function): let who deploys do s3:GetObject there, in the bucket's policy, too, and see that the file is there",
                "aws s3 ls s3://<bucket>",
                when="s3 error: access denied|access has been denied by s3",
                decides=True,
            ),
            LOG_BUCKET,
        ),
        signatures=(
            says(
                "access denied",
                "~\\bapi: [a-z0-9-]{2,30}:[a-z]{3,60} access denied",
                rank=Rank.PRECISE,
            ),
            says(
                "accessdenied|access denied|no identity-based policy|no resource-based policy|not authorized|unauthorizedoperation|unauthorizedaccess|authorizationerror|forbidden|no permission|insufficient permission|not have permission|not have authorization|permission to|was denied|denied by",
                rank=Rank.LIKELY,
                kinds="cfn_event",
                unless=(
                    "iam:passrole",
                    READING,
                    "~\\bperform: cloudformation:(?:describe|list|get)|^(?!.*(?:(?:create|update)_failed|resource handler|aws::)).*\\bperform: kms:(?:decrypt|encrypt|generatedatakey)",
                    # The status of an answer, which any server gives.
                    "~\\bhttp/\\d(?:\\.\\d)?['\"]? 403\\b",
                ),
            ),
            # It could not read the template that a nested stack names.
            says("s3 error: access denied|access has been denied by s3", rank=Rank.PRECISE),
            says("kms key does not exist or is not allowed to be used", rank=Rank.PRECISE),
            # CloudFormation names the call so which it made for a resource.
            says(
                "not authorized",
                "~\\bapi: ?[a-z0-9-]{2,30}:[a-z]{3,60}\\b",
                rank=Rank.PRECISE,
                unless=("iam:passrole", READING),
            ),
            says(
                "not authorized to perform: cloudformation:",
                "~\\bperform: cloudformation:(?!describe|list|get)",
                rank=Rank.LIKELY,
                kinds="log_line",
                unless=READING,
            ),
            # What makes and changes is what a deployment does; reading is anybody's.
            says(
                "not authorized to perform",
                "~perform: [a-z0-9-]{2,40}:(?:create|delete|update|put|register|attach|authorize|modify|tag|set|allocate|associate)",
                rank=Rank.LIKELY + 5,
                kinds="cfn_event log_line",
                unless=(
                    "an error occurred (|operation error",
                    # What a program does with its data is no deployment.
                    "~s3:(?:put|delete|get)object|:putlogevents|assumed-role/[^/ ]{0,60}task[^/ ]{0,60}/",
                    "secretsmanager:|ssm:|logs:|kms:|perform: sts:",
                    # The agent of a host asks for it, with the role of the host.
                    "ecs:registercontainerinstance",
                ),
            ),
        ),
        confused_with=(
            ("cfn-passrole-denied", "There the action is iam:PassRole."),
            ("aws-access-denied", "There a call of yours outside a stack was refused."),
            ("aws-scp-deny", "An explicit deny of the organisation cannot be allowed away."),
        ),
        docs_url="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/control-access-with-iam.html",
    ),
    Cause(
        slug="cfn-passrole-denied",
        title="iam:PassRole is missing",
        category="deploy",
        severity="error",
        meaning="The principal may not hand the role over to ECS.",
        proof=(
            Step(
                "Ask IAM as the role or user that was refused (of a session, as its role)",
                "aws iam simulate-principal-policy --policy-source-arn <principal> --action-names iam:PassRole --resource-arns <resource>",
            ),
            *SEEN_IN_IDENTITY_CENTER,
            *ACCOUNT_OF_THE_CALLER,
        ),
        repair=(
            *OF_ANOTHER_ACCOUNT,
            *ALLOW_ACTION,
            Step(
                "Allow iam:PassRole on the task and execution role, with iam:PassedToService ecs-tasks.amazonaws.com",
                "ash-ops iam-policy deploy",
            ),
        ),
        signatures=(
            says(
                "iam:passrole|passrole|pass role|pass the role|pass a role|passedtoservice",
                rank=Rank.PRECISE,
            ),
        ),
        confused_with=(("role-assume-failed", "There ECS may not take the role."),),
        docs_url="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
    ),
)
