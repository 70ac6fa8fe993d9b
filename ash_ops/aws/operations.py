"""Every AWS operation that ash-ops makes, declared once.

From here follow the calls that readers make, the names that evidence quotes, the service models cut
down to them (``model_cache``) and the policies that ``ash-ops iam-policy`` prints. Tests compare each
with botocore's models and with the calls really made.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from msgspec import Struct

from ash_ops.patterns import regex

_WORD = regex(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

# Services whose IAM prefix is not the name boto3 gives them.
IAM_PREFIX = {
    "elbv2": "elasticloadbalancing",
    "efs": "elasticfilesystem",
    "service-quotas": "servicequotas",
}
Condition = Mapping[str, Mapping[str, str | tuple[str, ...]]]


class Scope(Struct, frozen=True, eq=False):
    """What an operation may be allowed on, as narrow as IAM lets it be.

    Attributes:
        sid: the name of its statement in a policy.
        resources: ARN templates with ``{partition} {region} {account} {prefix}``.
        condition: an IAM condition, where one narrows it.
    """

    sid: str
    resources: tuple[str, ...] = ("*",)
    condition: Condition | None = None


def arn(service: str, rest: str) -> str:
    """The template of an ARN of this region and account, to be filled in."""
    return f"arn:{{partition}}:{service}:{{region}}:{{account}}:{rest}"


ANY = Scope("Look")
BALANCER = Scope("LoadBalancer", (arn("elasticloadbalancing", "loadbalancer/net/{prefix}-nlb/*"),))
CLUSTER = Scope("Tasks", condition={"ArnEquals": {"ecs:cluster": arn("ecs", "cluster/{prefix}")}})
LOGS = Scope("Logs", (arn("logs", "log-group:/{prefix}/*"),))
OWN_LOGS = Scope(
    "OwnLogs",
    (*LOGS.resources, arn("logs", "log-group:/aws/ecs/containerinsights/{prefix}/*")),
)
# A listener need not carry the tags of its balancer; its ARN names the balancer.
LISTENER = Scope("OwnListener", (arn("elasticloadbalancing", "listener/net/{prefix}-nlb/*"),))
OWN = Scope("RemoveOwn", condition={"StringEquals": {"aws:ResourceTag/ash:deployment": "{prefix}"}})
OWN_CHANGED = Scope("Own", condition=OWN.condition)
OWN_LOG_GROUP = Scope("OwnLogGroup", (arn("logs", "log-group:/{prefix}/*"),))
PARAMETER = Scope("Parameters", (arn("ssm", "parameter/*"),))
# CloudFormation names what has no name of its own STACK-LOGICAL-RANDOM.
ROLES = tuple(
    f"arn:{{partition}}:iam::{{account}}:role/{{prefix}}-{role}-*"
    for role in ("ExecutionRole", "TaskRole", "*InstanceRole", "InfrastructureRole")
)
OWN_ROLE = Scope("LessOfOwnRole", ROLES)
# The most that any role of a deployment can do (``iam.boundary``).
BOUNDARY = "arn:{partition}:iam::{account}:policy/{prefix}-boundary"
_BOUNDED = {"StringLike": {"iam:PermissionsBoundary": BOUNDARY}}
# More permissions are given to the deployment's own roles only, and only with the boundary on them.
ROLE_POLICY = Scope("OwnRole", ROLES, _BOUNDED)
EXECUTION_POLICY = Scope(
    "OwnExecutionRole",
    ROLES,
    {
        **_BOUNDED,
        "ArnEquals": {
            "iam:PolicyARN": "arn:{partition}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
        },
    },
)
# AWS's own roles for the services that a deployment may be the first to use.
FIRST_USE = Scope(
    "FirstUseOfAService",
    ("arn:{partition}:iam::{account}:role/aws-service-role/*",),
    {
        "StringEquals": {
            "iam:AWSServiceName": (
                "autoscaling.amazonaws.com",
                "backup.amazonaws.com",
                "ecs-compute.amazonaws.com",
                "ecs.amazonaws.com",
                "elasticfilesystem.amazonaws.com",
                "elasticloadbalancing.amazonaws.com",
                "rds.amazonaws.com",
            )
        }
    },
)
PRINCIPAL = Scope("Permissions", ("arn:{partition}:iam::{account}:*",))
# A secret that is there has a suffix of six characters; asked for by its name while there is none,
# IAM sees the bare name.
SECRET = Scope(
    "Secret",
    (
        arn("secretsmanager", "secret:{prefix}/server-*"),
        arn("secretsmanager", "secret:{prefix}/server"),
    ),
)
SERVICE = Scope("Service", (arn("ecs", "service/{prefix}/*"),))
ROLLOUTS = Scope(
    "Rollouts",
    (
        arn("ecs", "service-deployment/{prefix}/*"),
        arn("ecs", "service-revision/{prefix}/*"),
        arn("ecs", "service/{prefix}/*"),
    ),
)
# The definitions of the server and of the runners; with another's, a service runs with another's role.
TASK_DEFINITIONS = arn("ecs", "task-definition/{prefix}-run*:*")
RESTART = Scope(
    "Restart", SERVICE.resources, {"ArnLikeIfExists": {"ecs:task-definition": TASK_DEFINITIONS}}
)
# CloudFormation names the group STACK-LOGICAL-RANDOM; its ARN has an id before the name.
SCALING_GROUP = Scope(
    "ScalingGroup",
    (arn("autoscaling", "autoScalingGroup:*:autoScalingGroupName/{prefix}-Instances-*"),),
)
BACKUP_ROLE = "arn:{partition}:iam::{account}:role/service-role/AWSBackupDefaultServiceRole"
BACK_UP = Scope("BackUp", (arn("backup", "backup-vault:{prefix}-backups"), BACKUP_ROLE))
RESTORE = Scope("RestoreCopy", (arn("backup", "recovery-point:*"), BACKUP_ROLE))
DISK_COPIES = Scope(
    "DiskCopies", ("arn:{partition}:ec2:{region}::snapshot/*", arn("ec2", "volume/*"))
)
BACKUP_VAULT = Scope("BackupVault", (arn("backup", "backup-vault:{prefix}-backups"),))
STACK = Scope("Stack", (arn("cloudformation", "stack/{prefix}/*"),))
TASK = Scope(
    "TaskDetails", (arn("ecs", "task/{prefix}/*"), arn("ecs", "container-instance/{prefix}/*"))
)
# A service notes that it is stopped on purpose; a task, that it takes no new session.
TAGGED = Scope("OwnTags", (*SERVICE.resources, arn("ecs", "task/{prefix}/*")))


class Operation(Struct, frozen=True, eq=False):
    """One operation of an AWS API.

    Attributes:
        service: boto3's name of the service.
        name: the API's name of the operation, for instance ``DescribeServices``.
        reads: the members of its answer that are read.
        scope: what it is allowed on.
        also: the actions that IAM asks for beside the operation's own.
        keeps: the members of its answer that are not redacted where they enter, because their
            reader takes them as ``Secret``, or learns and shades them before it hands them on.
    """

    service: str
    name: str
    reads: tuple[str, ...] = ()
    scope: Scope = ANY
    also: tuple[str, ...] = ()
    keeps: frozenset[str] = frozenset()

    @property
    def action(self) -> str:
        """The operation as IAM and evidence name it, for instance ``ecs:DescribeServices``."""
        return f"{IAM_PREFIX.get(self.service, self.service)}:{self.name}"

    @property
    def method(self) -> str:
        """The method of boto3's client, for instance ``describe_services``."""
        return _WORD.sub("_", self.name).lower()

    @property
    def command(self) -> str:
        """The operation as the `aws` command names it, for instance ``ecs describe-services``."""
        return f"{self.service} {_WORD.sub('-', self.name).lower()}"


def _read(
    service: str, name: str, *reads: str, scope: Scope = ANY, keeps: tuple[str, ...] = ()
) -> Operation:
    return Operation(service, name, reads, scope, keeps=frozenset(keeps))


def _change(
    service: str, name: str, scope: Scope = ANY, *reads: str, also: tuple[str, ...] = ()
) -> Operation:
    return Operation(service, name, reads, scope, also)


DESCRIBE_CERTIFICATE = _read("acm", "DescribeCertificate", "Certificate")

DESCRIBE_AUTO_SCALING_GROUPS = _read(
    "autoscaling", "DescribeAutoScalingGroups", "AutoScalingGroups"
)
DESCRIBE_SCALING_ACTIVITIES = _read("autoscaling", "DescribeScalingActivities", "Activities")
UPDATE_AUTO_SCALING_GROUP = _change("autoscaling", "UpdateAutoScalingGroup", SCALING_GROUP)

CREATE_BACKUP_VAULT = _change(
    "backup",
    "CreateBackupVault",
    BACKUP_VAULT,
    also=("backup:TagResource", "backup-storage:MountCapsule"),
)
LIST_BACKUP_VAULTS = _read("backup", "ListBackupVaults", "BackupVaultList")
DELETE_BACKUP_VAULT = _change("backup", "DeleteBackupVault", BACKUP_VAULT)
DELETE_RECOVERY_POINT = _change("backup", "DeleteRecoveryPoint", OWN)
DESCRIBE_BACKUP_JOB = _read(
    "backup",
    "DescribeBackupJob",
    *("State", "StatusMessage", "PercentDone", "RecoveryPointArn"),
)
DESCRIBE_RESTORE_JOB = _read(
    "backup",
    "DescribeRestoreJob",
    *("Status", "StatusMessage", "PercentDone", "CreatedResourceArn"),
)
BACKUP_LIST_TAGS = _read("backup", "ListTags", "Tags")
LIST_BACKUP_JOBS = _read("backup", "ListBackupJobs", "BackupJobs")
LIST_RESTORE_JOBS = _read("backup", "ListRestoreJobs", "RestoreJobs")
LIST_RECOVERY_POINTS = _read("backup", "ListRecoveryPointsByBackupVault", "RecoveryPoints")
# Who starts a job hands AWS Backup the role that it works with.
START_BACKUP_JOB = _change(
    *("backup", "StartBackupJob", BACK_UP, "BackupJobId"),
    also=("backup:TagResource", "iam:PassRole"),
)
START_RESTORE_JOB = _change(
    "backup", "StartRestoreJob", RESTORE, "RestoreJobId", also=("iam:PassRole",)
)

GET_COST_AND_USAGE = _read("ce", "GetCostAndUsage", "ResultsByTime", "NextPageToken")
LIST_COST_ALLOCATION_TAGS = _read("ce", "ListCostAllocationTags", "CostAllocationTags")

CANCEL_UPDATE_STACK = _change("cloudformation", "CancelUpdateStack", STACK)
CONTINUE_UPDATE_ROLLBACK = _change("cloudformation", "ContinueUpdateRollback", STACK)
CREATE_CHANGE_SET = _change(
    "cloudformation", "CreateChangeSet", STACK, also=("cloudformation:TagResource",)
)
DELETE_CHANGE_SET = _change("cloudformation", "DeleteChangeSet", STACK)
DELETE_STACK = _change("cloudformation", "DeleteStack", STACK)
DESCRIBE_CHANGE_SET = _read(
    "cloudformation",
    "DescribeChangeSet",
    *("Changes", "ExecutionStatus", "NextToken", "Status", "StatusReason"),
    scope=STACK,
)
DESCRIBE_EVENTS = _read("cloudformation", "DescribeEvents", "OperationEvents", scope=STACK)
DESCRIBE_STACK_EVENTS = _read("cloudformation", "DescribeStackEvents", "StackEvents", scope=STACK)
DESCRIBE_STACKS = _read("cloudformation", "DescribeStacks", "Stacks", scope=STACK)
EXECUTE_CHANGE_SET = _change("cloudformation", "ExecuteChangeSet", STACK)
GET_HOOK_RESULT = _read(
    "cloudformation",
    "GetHookResult",
    *("Annotations", "FailureMode", "HookResultId", "HookStatusReason", "InvokedAt"),
    *("Status", "Target", "TypeName"),
)
GET_TEMPLATE = _read(
    "cloudformation", "GetTemplate", "TemplateBody", scope=STACK, keeps=("TemplateBody",)
)
GET_TEMPLATE_SUMMARY = _read("cloudformation", "GetTemplateSummary", "Parameters")
LIST_CHANGE_SETS = _read("cloudformation", "ListChangeSets", "Summaries", scope=STACK)
LIST_STACK_RESOURCES = _read(
    "cloudformation", "ListStackResources", "StackResourceSummaries", scope=STACK
)
LIST_STACKS = _read("cloudformation", "ListStacks", "StackSummaries")
UPDATE_TERMINATION_PROTECTION = _change("cloudformation", "UpdateTerminationProtection", STACK)

LOOKUP_EVENTS = _read("cloudtrail", "LookupEvents", "Events")

DESCRIBE_ALARMS = _read("cloudwatch", "DescribeAlarms", "MetricAlarms")
GET_METRIC_DATA = _read("cloudwatch", "GetMetricData", "MetricDataResults")
GET_METRIC_STATISTICS = _read("cloudwatch", "GetMetricStatistics", "Datapoints")
LIST_METRICS = _read("cloudwatch", "ListMetrics", "Metrics")

ATTACH_INTERNET_GATEWAY = _change("ec2", "AttachInternetGateway", OWN_CHANGED)
AUTHORIZE_SECURITY_GROUP_EGRESS = _change("ec2", "AuthorizeSecurityGroupEgress", OWN_CHANGED)
AUTHORIZE_SECURITY_GROUP_INGRESS = _change("ec2", "AuthorizeSecurityGroupIngress", OWN_CHANGED)
CREATE_ROUTE = _change("ec2", "CreateRoute", OWN_CHANGED)
CREATE_SNAPSHOT = _change(
    "ec2", "CreateSnapshot", DISK_COPIES, "SnapshotId", also=("ec2:CreateTags",)
)
CREATE_VOLUME = _change("ec2", "CreateVolume", DISK_COPIES, "VolumeId", also=("ec2:CreateTags",))
DELETE_SNAPSHOT = _change("ec2", "DeleteSnapshot", OWN)
DESCRIBE_SNAPSHOTS = _read("ec2", "DescribeSnapshots", "Snapshots")
CREATE_TAGS = _change("ec2", "CreateTags")
DELETE_VOLUME = _change("ec2", "DeleteVolume", OWN)
DESCRIBE_ADDRESSES = _read("ec2", "DescribeAddresses", "Addresses")
DESCRIBE_INSTANCES = _read("ec2", "DescribeInstances", "Reservations")
DESCRIBE_INSTANCE_TYPE_OFFERINGS = _read(
    "ec2", "DescribeInstanceTypeOfferings", "InstanceTypeOfferings"
)
DESCRIBE_INSTANCE_TYPES = _read("ec2", "DescribeInstanceTypes", "InstanceTypes")
DESCRIBE_INTERNET_GATEWAYS = _read("ec2", "DescribeInternetGateways", "InternetGateways")
DESCRIBE_LAUNCH_TEMPLATE_VERSIONS = _read(
    "ec2", "DescribeLaunchTemplateVersions", "LaunchTemplateVersions"
)
DESCRIBE_NAT_GATEWAYS = _read("ec2", "DescribeNatGateways", "NatGateways")
DESCRIBE_NETWORK_ACLS = _read("ec2", "DescribeNetworkAcls", "NetworkAcls")
DESCRIBE_NETWORK_INTERFACES = _read("ec2", "DescribeNetworkInterfaces", "NetworkInterfaces")
DESCRIBE_PREFIX_LISTS = _read("ec2", "DescribePrefixLists", "PrefixLists")
DESCRIBE_ROUTE_TABLES = _read("ec2", "DescribeRouteTables", "RouteTables")
DESCRIBE_SECURITY_GROUPS = _read("ec2", "DescribeSecurityGroups", "SecurityGroups")
DESCRIBE_SUBNETS = _read("ec2", "DescribeSubnets", "Subnets")
DESCRIBE_EC2_TAGS = _read("ec2", "DescribeTags", "Tags")
DESCRIBE_VOLUMES = _read("ec2", "DescribeVolumes", "Volumes")
DESCRIBE_VPC_ATTRIBUTE = _read(
    "ec2", "DescribeVpcAttribute", "EnableDnsHostnames", "EnableDnsSupport"
)
DESCRIBE_VPC_ENDPOINTS = _read("ec2", "DescribeVpcEndpoints", "VpcEndpoints")
DESCRIBE_VPCS = _read("ec2", "DescribeVpcs", "Vpcs")
GET_MANAGED_PREFIX_LIST_ENTRIES = _read("ec2", "GetManagedPrefixListEntries", "Entries")
MODIFY_VPC_ATTRIBUTE = _change("ec2", "ModifyVpcAttribute", OWN_CHANGED)
REPLACE_ROUTE = _change("ec2", "ReplaceRoute", OWN_CHANGED)
REVOKE_SECURITY_GROUP_EGRESS = _change("ec2", "RevokeSecurityGroupEgress", OWN_CHANGED)
REVOKE_SECURITY_GROUP_INGRESS = _change("ec2", "RevokeSecurityGroupIngress", OWN_CHANGED)

BATCH_GET_IMAGE = _read("ecr", "BatchGetImage", "images")
DESCRIBE_IMAGES = _read("ecr", "DescribeImages", "imageDetails")

DELETE_SERVICE = _change("ecs", "DeleteService", SERVICE)
DESCRIBE_CAPACITY_PROVIDERS = _read("ecs", "DescribeCapacityProviders", "capacityProviders")
DESCRIBE_CLUSTERS = _read("ecs", "DescribeClusters", "clusters")
DESCRIBE_CONTAINER_INSTANCES = _read("ecs", "DescribeContainerInstances", "containerInstances")
DESCRIBE_SERVICE_DEPLOYMENTS = _read(
    "ecs", "DescribeServiceDeployments", "serviceDeployments", scope=ROLLOUTS
)
DESCRIBE_SERVICE_REVISIONS = _read(
    "ecs", "DescribeServiceRevisions", "serviceRevisions", scope=ROLLOUTS
)
DESCRIBE_SERVICES = _read("ecs", "DescribeServices", "services", scope=SERVICE)
DESCRIBE_TASK_DEFINITION = _read(
    "ecs", "DescribeTaskDefinition", "taskDefinition", keeps=("environment",)
)
DESCRIBE_TASKS = _read("ecs", "DescribeTasks", "tasks", scope=TASK)
GET_TASK_PROTECTION = _read("ecs", "GetTaskProtection", "protectedTasks", scope=TASK)
LIST_ACCOUNT_SETTINGS = _read("ecs", "ListAccountSettings", "settings")
LIST_CONTAINER_INSTANCES = _read("ecs", "ListContainerInstances", "containerInstanceArns")
LIST_SERVICE_DEPLOYMENTS = _read(
    "ecs", "ListServiceDeployments", "serviceDeployments", scope=SERVICE
)
LIST_SERVICES = _read("ecs", "ListServices", "serviceArns")
LIST_TASK_DEFINITIONS = _read("ecs", "ListTaskDefinitions", "taskDefinitionArns")
LIST_TASKS = _read("ecs", "ListTasks", "taskArns", "nextToken", scope=CLUSTER)
ECS_TAG_RESOURCE = _change("ecs", "TagResource", TAGGED)
ECS_UNTAG_RESOURCE = _change("ecs", "UntagResource", TAGGED)
STOP_TASK = _change("ecs", "StopTask", TASK)
UPDATE_SERVICE = _change("ecs", "UpdateService", RESTART, "service")
UPDATE_TASK_PROTECTION = _change("ecs", "UpdateTaskProtection", TASK, "failures")

DELETE_FILE_SYSTEM = _change("efs", "DeleteFileSystem", OWN)
DESCRIBE_FILE_SYSTEMS = _read("efs", "DescribeFileSystems", "FileSystems")
DESCRIBE_MOUNT_TARGETS = _read("efs", "DescribeMountTargets", "MountTargets")
EFS_TAG_RESOURCE = _change("efs", "TagResource")

CREATE_LISTENER = _change("elbv2", "CreateListener", BALANCER)
DESCRIBE_LISTENER_ATTRIBUTES = _read("elbv2", "DescribeListenerAttributes", "Attributes")
DESCRIBE_LISTENERS = _read("elbv2", "DescribeListeners", "Listeners")
DESCRIBE_LOAD_BALANCER_ATTRIBUTES = _read("elbv2", "DescribeLoadBalancerAttributes", "Attributes")
DESCRIBE_LOAD_BALANCERS = _read("elbv2", "DescribeLoadBalancers", "LoadBalancers")
DESCRIBE_TAGS = _read("elbv2", "DescribeTags", "TagDescriptions")
DESCRIBE_TARGET_GROUP_ATTRIBUTES = _read("elbv2", "DescribeTargetGroupAttributes", "Attributes")
DESCRIBE_TARGET_GROUPS = _read("elbv2", "DescribeTargetGroups", "TargetGroups")
DESCRIBE_TARGET_HEALTH = _read("elbv2", "DescribeTargetHealth", "TargetHealthDescriptions")
MODIFY_LISTENER = _change("elbv2", "ModifyListener", LISTENER)
MODIFY_LISTENER_ATTRIBUTES = _change("elbv2", "ModifyListenerAttributes", LISTENER)
MODIFY_LOAD_BALANCER_ATTRIBUTES = _change("elbv2", "ModifyLoadBalancerAttributes", BALANCER)
MODIFY_TARGET_GROUP = _change("elbv2", "ModifyTargetGroup", OWN_CHANGED)
MODIFY_TARGET_GROUP_ATTRIBUTES = _change("elbv2", "ModifyTargetGroupAttributes", OWN_CHANGED)
REGISTER_TARGETS = _change("elbv2", "RegisterTargets", OWN_CHANGED)
SET_SECURITY_GROUPS = _change("elbv2", "SetSecurityGroups", BALANCER)
SET_SUBNETS = _change("elbv2", "SetSubnets", BALANCER)

LIST_RULES = _read("events", "ListRules", "Rules")

ATTACH_ROLE_POLICY = _change("iam", "AttachRolePolicy", EXECUTION_POLICY)
CREATE_ROLE = _change("iam", "CreateRole", ROLE_POLICY, also=("iam:TagRole",))
CREATE_SERVICE_LINKED_ROLE = _change("iam", "CreateServiceLinkedRole", FIRST_USE)
DELETE_ROLE_POLICY = _change("iam", "DeleteRolePolicy", OWN_ROLE)
DETACH_ROLE_POLICY = _change("iam", "DetachRolePolicy", OWN_ROLE)
GET_POLICY = _read("iam", "GetPolicy", "Policy")
GET_POLICY_VERSION = _read("iam", "GetPolicyVersion", "PolicyVersion")
GET_ROLE = _read("iam", "GetRole", "Role")
GET_ROLE_POLICY = _read("iam", "GetRolePolicy", "PolicyDocument")
LIST_ATTACHED_ROLE_POLICIES = _read("iam", "ListAttachedRolePolicies", "AttachedPolicies")
LIST_ROLE_POLICIES = _read("iam", "ListRolePolicies", "PolicyNames")
LIST_ROLES = _read("iam", "ListRoles", "Roles")
PUT_ROLE_POLICY = _change("iam", "PutRolePolicy", ROLE_POLICY)
SIMULATE_PRINCIPAL_POLICY = _read(
    "iam", "SimulatePrincipalPolicy", "EvaluationResults", scope=PRINCIPAL
)
UPDATE_ASSUME_ROLE_POLICY = _change("iam", "UpdateAssumeRolePolicy", OWN_ROLE)

CREATE_LOG_GROUP = _change("logs", "CreateLogGroup", OWN_LOG_GROUP)
DELETE_LOG_GROUP = _change("logs", "DeleteLogGroup", OWN_LOGS)
DESCRIBE_LOG_GROUPS = _read("logs", "DescribeLogGroups", "logGroups")
DESCRIBE_LOG_STREAMS = _read("logs", "DescribeLogStreams", "logStreams", scope=LOGS)
DESCRIBE_RESOURCE_POLICIES = _read("logs", "DescribeResourcePolicies", "resourcePolicies")
FILTER_LOG_EVENTS = _read("logs", "FilterLogEvents", "events", "nextToken", scope=LOGS)
GET_LOG_EVENTS = _read("logs", "GetLogEvents", "events", scope=LOGS)
LOGS_LIST_TAGS = _read("logs", "ListTagsForResource", "tags", scope=OWN_LOGS)
LOGS_TAG_RESOURCE = _change("logs", "TagResource", OWN_LOGS)
PUT_RETENTION_POLICY = _change("logs", "PutRetentionPolicy", OWN_LOG_GROUP)

GET_PRODUCTS = _read("pricing", "GetProducts", "PriceList")

CREATE_DB_SNAPSHOT = _change(
    "rds", "CreateDBSnapshot", OWN_CHANGED, "DBSnapshot", also=("rds:AddTagsToResource",)
)
DELETE_DB_SNAPSHOT = _change("rds", "DeleteDBSnapshot", OWN)
DESCRIBE_DB_INSTANCES = _read("rds", "DescribeDBInstances", "DBInstances")
DESCRIBE_DB_SNAPSHOTS = _read("rds", "DescribeDBSnapshots", "DBSnapshots")
START_DB_INSTANCE = _change("rds", "StartDBInstance", OWN_CHANGED)
STOP_DB_INSTANCE = _change("rds", "StopDBInstance", OWN_CHANGED)

GET_HOSTED_ZONE = _read("route53", "GetHostedZone", "HostedZone", "DelegationSet")
LIST_HOSTED_ZONES = _read("route53", "ListHostedZones", "HostedZones")
LIST_RECORD_SETS = _read("route53", "ListResourceRecordSets", "ResourceRecordSets")

CREATE_SECRET = _change(
    *("secretsmanager", "CreateSecret"),
    SECRET,
    *("ARN", "VersionId"),
    also=("secretsmanager:TagResource",),
)
DELETE_SECRET = _change("secretsmanager", "DeleteSecret", SECRET)
DESCRIBE_SECRET = _read(
    "secretsmanager",
    "DescribeSecret",
    *("ARN", "CreatedDate", "DeletedDate", "KmsKeyId", "LastChangedDate", "VersionIdsToStages"),
    scope=SECRET,
)
GET_SECRET_VALUE = _read(
    *("secretsmanager", "GetSecretValue"),
    *("SecretString", "VersionId"),
    scope=SECRET,
    keeps=("SecretString",),
)
PUT_SECRET_VALUE = _change("secretsmanager", "PutSecretValue", SECRET, "ARN", "VersionId")
RESTORE_SECRET = _change("secretsmanager", "RestoreSecret", SECRET)
SECRETS_TAG_RESOURCE = _change("secretsmanager", "TagResource", SECRET)
UPDATE_SECRET_VERSION_STAGE = _change("secretsmanager", "UpdateSecretVersionStage", SECRET)

GET_SERVICE_QUOTA = _read("service-quotas", "GetServiceQuota", "Quota")

LIST_NAMESPACES = _read("servicediscovery", "ListNamespaces", "Namespaces")
SERVICEDISCOVERY_LIST_TAGS = _read("servicediscovery", "ListTagsForResource", "Tags")

GET_PARAMETERS = _read("ssm", "GetParameters", "Parameters", scope=PARAMETER, keeps=("Value",))

GET_CALLER_IDENTITY = _read("sts", "GetCallerIdentity", "Account", "Arn")

OPERATIONS: tuple[Operation, ...] = tuple(
    value for value in list(globals().values()) if isinstance(value, Operation)
)
"""All of them."""

BY_SERVICE: dict[str, dict[str, Operation]] = defaultdict(dict)
"""By boto3's name of the service and the API's name of the operation."""
for _operation in OPERATIONS:
    BY_SERVICE[_operation.service][_operation.name] = _operation
