"""Resources that cannot be made, changed or deleted."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says

CFN: Final = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html"
_MADE: Final = "cfn_event api_error log_line"

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
        ),
        repair=(
            Step(
                "Delete what is not used, use an existing VPC, or ask for more",
                "aws service-quotas request-service-quota-increase --service-code <service-code> --quota-code <quota-code> --desired-value <value>",
            ),
        ),
        signatures=(
            says(
                "limitexceeded|quotaexceeded|servicelimitexceeded|servicequotaexceeded|limit exceeded|quota exceeded|maximum number of|too many|toomanyloadbalancers|toomanytargetgroups|toomany|exceeds the limit|limit has been reached|exceeded the maximum|exceed quota|cannot exceed quota|exceeds quota|exceeded the quota|limit reached|account limit|reached the limit|limits exceeded|maximum allowed|reached the maximum|quota",
                "reached|exceed|limit|maximum|many|quota",
                rank=Rank.CLEAR,
                kinds=_MADE,
                unless=(
                    "rate exceeded|rate limit|throttl|requestlimitexceeded|toomanyrequests|too many requests|too many connections|too many clients|too many open files",
                    "vcpu|concurrently",
                    "retry attempts|max attempts|attempts exceeded|number of attempts|number of retries|maximum number of attempts|exceeded attempts",
                    "eni|sandbox|anthropic|tokens",
                    "docker|pull",
                    "size limit|maxlength|too large",
                ),
            ),
            says(
                "handlererrorcode: servicelimitexceeded|addresslimitexceeded|vpclimitexceeded|rulespersecuritygrouplimitexceeded|natgatewaylimitexceeded|internetgatewaylimitexceeded|securitygrouplimitexceeded",
                rank=Rank.PRECISE,
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
        title="Two subnets of the load balancer are in the same zone",
        category="deploy",
        severity="error",
        meaning="A load balancer takes one subnet a zone.",
        proof=(
            Step(
                "Read the zones",
                "aws ec2 describe-subnets --subnet-ids <subnet> --query 'Subnets[].[SubnetId,AvailabilityZone]'",
            ),
        ),
        repair=(Step("Give subnets of different zones", "ash-ops deploy"),),
        signatures=(
            says(
                "same availability zone|at least two subnets|two different availability zones|two availability zones|multiple subnets in the same|more than one subnet|one subnet per availability zone|same az",
                rank=Rank.CLEAR,
                kinds=_MADE,
            ),
            says(
                "subnets",
                "availability zone",
                "different|same|distinct|at least",
                rank=Rank.LIKELY,
                kinds=_MADE,
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
            ),
        ),
        repair=(Step("Choose a valid pair", "ash-ops deploy --cpu 1024 --memory 4096"),),
        signatures=(
            says("no fargate configuration exists", rank=Rank.DECISIVE),
            says(
                "cpu|vcpu",
                "memory|mib",
                "invalid|not valid|combination|supported|must be|valid values|not compatible|constraint|exceed|rule",
                rank=Rank.CLEAR,
                kinds=_MADE,
                unless=("above your limit", "container instance", "place a task|capacity"),
            ),
            says(
                "invalid 'cpu'|invalid 'memory'|invalid cpu|invalid memory|'cpu' setting|'memory' setting|memory setting|cpu setting|task cpu|task memory|fargate requires that 'cpu'|fargate requires that 'memory'|invalid setting for container",
                "invalid|requires|must|not|exceed|greater",
                rank=Rank.CLEAR,
                kinds=_MADE,
                unless="above your limit",
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
        ),
        repair=(
            Step(
                "Delete or import it, or deploy under another name",
                "ash-ops --name <other-name> deploy",
            ),
        ),
        signatures=(
            says(
                "already exists|alreadyexists|alreadyexist|already exist|entityalreadyexists|resourcealreadyexists|already in use|name is already|duplicate|already been taken|already owned|alreadyownedbyyou|idempotency check failed|same name|already defined|already associated",
                rank=Rank.CLEAR,
                kinds=_MADE,
                unless=(
                    "secret|scheduled for deletion",
                    "eaddrinuse|address already in use|port is already",
                    "not idempotent",
                ),
            ),
            says(
                "already exists",
                "secret",
                rank=Rank.CLEAR,
                kinds=_MADE,
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
        proof=(
            Step(
                "Action and principal are in the text; ask IAM",
                "aws iam simulate-principal-policy --policy-source-arn <principal> --action-names <action>",
            ),
        ),
        repair=(
            Step(
                "Allow the action, or deploy with a role that has it", "ash-ops iam-policy deploy"
            ),
        ),
        signatures=(
            says(
                "accessdenied|access denied|no identity-based policy|no resource-based policy|not authorized|unauthorizedoperation|unauthorizedaccess|authorizationerror|forbidden|no permission|insufficient permission|not have permission|permission to|was denied|denied by",
                rank=Rank.LIKELY,
                kinds="cfn_event",
                unless=("iam:passrole",),
            ),
            says("not authorized to perform: cloudformation:", rank=Rank.LIKELY, kinds="log_line"),
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
                "Ask IAM",
                "aws iam simulate-principal-policy --policy-source-arn <principal> --action-names iam:PassRole --resource-arns <role-arn>",
            ),
        ),
        repair=(
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
    Cause(
        slug="cfn-tg-no-lb",
        title="The service was made before the listener",
        category="deploy",
        severity="error",
        meaning="The target group has no load balancer yet, so ECS refuses the service.",
        proof=(
            Step(
                "Look at the order: does the service depend on the listener?",
                "aws cloudformation describe-stack-events --stack-name <stack>",
            ),
        ),
        repair=(
            Step(
                "Let the service depend on the listener (DependsOn), or deploy again",
                "ash-ops deploy",
            ),
        ),
        signatures=(
            says(
                "target group|targetgroup",
                "does not have an associated load balancer|no associated load balancer|not associated with a load balancer|no load balancer|not have a load balancer|does not have associated",
                rank=Rank.DECISIVE,
            ),
            says("associated load balancer", "not have|no |without", rank=Rank.CLEAR),
        ),
        confused_with=(("target-group-not-attached", "There the service exists already."),),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-load-balancing.html",
    ),
    Cause(
        slug="cfn-delete-dependency",
        title="Deletion is blocked by resources that depend on it",
        category="deploy",
        severity="error",
        meaning="A network interface, rule, listener, service or task still uses it.",
        proof=(
            Step(
                "Find what uses the security group",
                "aws ec2 describe-network-interfaces --filters Name=group-id,Values=<security-group>",
            ),
        ),
        repair=(
            Step(
                "Delete in the order service, listener, target group, security group; network interfaces may need minutes to go",
                "ash-ops teardown",
            ),
        ),
        signatures=(
            says(
                "bucketnotempty|is not empty|repositorynotempty|still contains",
                rank=Rank.LIKELY,
                kinds=_MADE,
            ),
            says(
                "dependencyviolation|has a dependent object|dependent object|has dependencies|deleteconflict|resourceinuse|resource in use|is currently in use|currently in use by|still in use|is in use by|in use by|has dependent|must be detached|must detach|must delete|must first|cannot be deleted while|clustercontains|services are active|tasks are active|container instances are active|while there are|has some mapped public|mapped public address|network acl|network interface",
                "delet|depend|use|active|detach|remov|contain|mapped",
                rank=Rank.CLEAR,
                kinds=_MADE,
                unless=(
                    "already in use",
                    "address already in use",
                    "rate limit|exceeded",
                    "provision",
                ),
            ),
            says(
                "cannot delete|cannot be deleted|unable to delete|could not be deleted|failed to delete|delete",
                "in use|attached|associated with|active|referenced|depend|contains",
                rank=Rank.LIKELY,
                kinds=_MADE,
                unless=("rollback_complete", "~_complete state"),
            ),
            says(
                "clustercontainsservicesexception|clustercontainstasksexception|clustercontainscontainerinstancesexception|clustercontainscapacityproviderexception",
                rank=Rank.PRECISE,
            ),
        ),
        confused_with=(("cfn-delete-failed", "There it is not a dependent."),),
        docs_url=CFN,
    ),
    Cause(
        slug="cfn-slr-missing",
        title="The service-linked role of ECS is missing or not ready",
        category="deploy",
        severity="error",
        meaning="The account uses ECS (or the load balancer) for the first time and its role is not there yet.",
        proof=(Step("Ask for it", "aws iam get-role --role-name AWSServiceRoleForECS"),),
        repair=(
            Step(
                "Make it and try again",
                "aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com",
            ),
        ),
        signatures=(
            says(
                "service linked role|service-linked role|servicelinkedrole|awsservicerolefor",
                rank=Rank.PRECISE,
                unless=("already exists|has been taken", "throttl"),
            ),
        ),
        confused_with=(("role-assume-failed", "That is the task's or execution role."),),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using-service-linked-roles.html",
    ),
    Cause(
        slug="cfn-container-port",
        title="Port or name of the load balancer is not defined in the container",
        category="deploy",
        severity="error",
        meaning="loadBalancers names a container or a port that the task definition lacks.",
        proof=(
            Step(
                "Compare with portMappings",
                "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.containerDefinitions[].[name,portMappings]'",
            ),
        ),
        repair=(Step("Use container ash and port 4100 in both, then deploy", "ash-ops deploy"),),
        signatures=(
            says(
                "container",
                "did not have a container port|not have a container port|port",
                "defined|does not exist|not exist|must match|not found|is not mapped|no port",
                rank=Rank.CLEAR,
                kinds=_MADE,
                unless=("already", "health check", "target is"),
            ),
            says(
                "container",
                "does not exist in the task definition|not exist in the task definition|not found in task definition|not found in the task definition|not in the task definition",
                rank=Rank.PRECISE,
                kinds=_MADE,
            ),
            says(
                "portmappings|container name|containername|containerport|host port|hostport",
                "must|not|invalid|missing|required|undefined",
                rank=Rank.LIKELY,
                kinds=_MADE,
                unless=("healthcheck", "elastic ip"),
            ),
        ),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-load-balancing.html",
    ),
    Cause(
        slug="ecs-service-exists",
        title="ECS service already exists with other settings",
        category="deploy",
        severity="error",
        meaning="CreateService met a service of that name which is ACTIVE or DRAINING.",
        proof=(
            Step(
                "Read its status",
                "aws ecs describe-services --cluster <cluster> --services <service> --query 'services[].status'",
            ),
        ),
        repair=(
            Step(
                "Update it, delete it, or import it into the stack",
                "aws ecs delete-service --cluster <cluster> --service <service> --force",
            ),
        ),
        signatures=(
            says("not idempotent", rank=Rank.DECISIVE),
            says(
                "service",
                "still draining|is still active|was not active|unable to start a service",
                rank=Rank.LIKELY,
                kinds="cfn_event api_error",
            ),
            says(
                "aws::ecs::service|ecs service|createservice|service ",
                "already exists|alreadyexists",
                rank=Rank.LIKELY,
                kinds="api_error",
                unless=("stack",),
            ),
        ),
        confused_with=(("cfn-already-exists", "That is every other kind of resource."),),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html",
    ),
    Cause(
        slug="cfn-secret-pending-deletion",
        title="A secret of that name is still in its deletion window",
        category="deploy",
        severity="error",
        meaning="A deleted secret keeps its name for 7 to 30 days.",
        proof=(
            Step("Read DeletedDate", "aws secretsmanager describe-secret --secret-id <secret>"),
        ),
        repair=(
            Step("Bring it back", "aws secretsmanager restore-secret --secret-id <secret>"),
            Step(
                "Or delete it for good",
                "aws secretsmanager delete-secret --secret-id <secret> --force-delete-without-recovery",
            ),
        ),
        signatures=(
            says(
                "secret",
                "scheduled for deletion|marked for deletion|marked deleted|pending deletion|deletion window|recovery window|was marked",
                rank=Rank.PRECISE,
                kinds=_MADE,
            ),
        ),
        confused_with=(("secret-not-found", "There a task wants to read a deleted secret."),),
        docs_url="https://docs.aws.amazon.com/secretsmanager/latest/userguide/manage_delete-secret.html",
    ),
    Cause(
        slug="cfn-sg-vpc-mismatch",
        title="Security group and subnets are in different VPCs",
        category="deploy",
        severity="error",
        meaning="A network configuration mixes resources of two VPCs.",
        proof=(
            Step(
                "Read the VPC of both",
                "aws ec2 describe-security-groups --group-ids <security-group> --query 'SecurityGroups[].VpcId'",
            ),
            Step("", "aws ec2 describe-subnets --subnet-ids <subnet> --query 'Subnets[].VpcId'"),
        ),
        repair=(Step("Use resources of one VPC", "ash-ops deploy"),),
        signatures=(
            says(
                "same vpc|different vpcs|different vpc|belong to different networks|different networks|same network|not belong to vpc|do not belong to|not in vpc|not in the same vpc|belong to the vpc|belong to the same",
                "security group|sg-|subnet|vpc|network",
                rank=Rank.PRECISE,
                kinds=_MADE,
            ),
            says(
                "security group",
                "vpc",
                "not belong|different|mismatch|invalid for|not match|does not exist in",
                rank=Rank.CLEAR,
                kinds=_MADE,
            ),
        ),
        docs_url=CFN,
    ),
    Cause(
        slug="cfn-resource-missing",
        title="A resource the template refers to does not exist",
        category="deploy",
        severity="error",
        meaning="A subnet, security group, VPC, certificate or role named by a parameter is not in this account and region.",
        proof=(
            Step(
                "Look for it in the region of the stack",
                "aws ec2 describe-subnets --subnet-ids <subnet>",
            ),
        ),
        repair=(Step("Correct the parameter", "ash-ops deploy --plan"),),
        signatures=(
            says(
                "invalidsubnetid|invalidvpcid|invalidgroup.notfound|invalidgroupid|invalidsubnet|certificatenotfound|nosuchentity|invalidsecuritygroup|invalidid|.notfound|handlererrorcode: notfound|handlererrorcode: invalidrequest",
                "not exist|not found|cannot be found|no such|notfound|invalid",
                rank=Rank.GENERIC,
                kinds="cfn_event api_error",
                unless=(
                    "cluster|service ",
                    "target group|targetgroup",
                    "handlererrorcode: invalidrequest",
                ),
            ),
            says(
                "subnet|security group|vpc|certificate|role",
                "does not exist|not found|cannot be found",
                rank=Rank.GENERIC,
                kinds="cfn_event",
                unless=("log group", "task definition", "container"),
            ),
        ),
        confused_with=(("aws-not-found", "That is the cluster or service a command asks for."),),
        docs_url=CFN,
    ),
    Cause(
        slug="cfn-replacement-blocked",
        title="A custom-named resource would have to be replaced",
        category="deploy",
        severity="error",
        meaning="The change needs a new resource, and the fixed name is still taken by the old one.",
        proof=(Step("Read the change set: Replacement True", "ash-ops deploy --plan"),),
        repair=(Step("Deploy under another name, or remove the fixed name"),),
        signatures=(says("custom-named resource|requires replacing", rank=Rank.PRECISE),),
        docs_url=CFN,
    ),
)
