"""The words of AWS whose meaning ash-ops knows: what its checks and causes branch on.

AWS adds words. A test reads the enums of the installed botocore and fails when one is missing here;
until then a word that is not here is told as it is and counts as *could not tell*, never as the
nearest thing that is known.
"""

from typing import NamedTuple


class Vocabulary(NamedTuple):
    """The values of one field of AWS.

    Attributes:
        service: boto3's name of the service.
        shape: botocore's name of the enum; empty where AWS documents the values in words alone.
        values: all of them.
    """

    service: str
    shape: str
    values: frozenset[str]


def _words(service: str, shape: str, values: str) -> Vocabulary:
    return Vocabulary(service, shape, frozenset(values.split()))


LAUNCH_TYPE = _words("ecs", "LaunchType", "EC2 FARGATE EXTERNAL MANAGED_INSTANCES")
ROLLOUT_STATE = _words("ecs", "DeploymentRolloutState", "COMPLETED FAILED IN_PROGRESS")
SERVICE_DEPLOYMENT = _words(
    "ecs",
    "ServiceDeploymentStatus",
    "PENDING SUCCESSFUL STOPPED STOP_REQUESTED IN_PROGRESS ROLLBACK_REQUESTED ROLLBACK_IN_PROGRESS "
    "ROLLBACK_SUCCESSFUL ROLLBACK_FAILED",
)
LIFECYCLE_STAGE = _words(
    "ecs",
    "ServiceDeploymentLifecycleStage",
    "RECONCILE_SERVICE PRE_SCALE_UP SCALE_UP POST_SCALE_UP TEST_TRAFFIC_SHIFT POST_TEST_TRAFFIC_SHIFT "
    "PRODUCTION_TRAFFIC_SHIFT POST_PRODUCTION_TRAFFIC_SHIFT BAKE_TIME CLEAN_UP",
)
LIFECYCLE_HOOK = _words(
    "ecs", "DeploymentLifecycleHookStatus", "AWAITING_ACTION IN_PROGRESS SUCCEEDED FAILED TIMED_OUT"
)
HOOK_ACTION = _words("ecs", "DeploymentLifecycleHookAction", "ROLLBACK CONTINUE")
HOOK_TARGET = _words("ecs", "DeploymentLifecycleHookTargetType", "AWS_LAMBDA PAUSE")
ROLLBACK_MONITOR = _words(
    "ecs",
    "ServiceDeploymentRollbackMonitorsStatus",
    "TRIGGERED MONITORING MONITORING_COMPLETE DISABLED",
)
STOP_CODE = _words(
    "ecs",
    "TaskStopCode",
    "TaskFailedToStart EssentialContainerExited UserInitiated ServiceSchedulerInitiated "
    "SpotInterruption TerminationNotice InfrastructureHealth",
)
HEALTH = _words("ecs", "HealthStatus", "HEALTHY UNHEALTHY UNKNOWN")
CONNECTIVITY = _words("ecs", "Connectivity", "CONNECTED DISCONNECTED")
# "Task lifecycle" of the ECS developer guide; botocore has no enum of them.
TASK_STATUS = _words(
    "ecs",
    "",
    "PROVISIONING PENDING ACTIVATING RUNNING DEACTIVATING STOPPING DEPROVISIONING STOPPED DELETED",
)
# "DescribeServices" and "DescribeClusters" of the ECS API reference.
SERVICE_STATUS = _words("ecs", "", "ACTIVE DRAINING INACTIVE")
CLUSTER_STATUS = _words("ecs", "", "ACTIVE PROVISIONING DEPROVISIONING FAILED INACTIVE")
TASK_DEFINITION_STATUS = _words("ecs", "TaskDefinitionStatus", "ACTIVE INACTIVE DELETE_IN_PROGRESS")
# The enum ContainerInstanceStatus is what one may ask for; the field itself can say INACTIVE too.
CONTAINER_INSTANCE = _words(
    "ecs", "", "ACTIVE DRAINING REGISTERING DEREGISTERING REGISTRATION_FAILED INACTIVE"
)
INSTANCE_HEALTH = _words(
    "ecs", "InstanceHealthCheckState", "OK IMPAIRED INSUFFICIENT_DATA INITIALIZING"
)
INSTANCE_HEALTH_CHECK = _words(
    "ecs",
    "InstanceHealthCheckType",
    "CONTAINER_RUNTIME ACCELERATED_COMPUTE DAEMON AGENT_CONNECTIVITY",
)
CAPACITY_PROVIDER = _words(
    "ecs", "CapacityProviderStatus", "PROVISIONING ACTIVE DEPROVISIONING INACTIVE"
)
CAPACITY_PROVIDER_UPDATE = _words(
    "ecs",
    "CapacityProviderUpdateStatus",
    "CREATE_IN_PROGRESS CREATE_COMPLETE CREATE_FAILED DELETE_IN_PROGRESS DELETE_COMPLETE "
    "DELETE_FAILED UPDATE_IN_PROGRESS UPDATE_COMPLETE UPDATE_FAILED",
)
TARGET_STATE = _words(
    "elbv2",
    "TargetHealthStateEnum",
    "initial healthy unhealthy unhealthy.draining unused draining unavailable",
)
TARGET_REASON = _words(
    "elbv2",
    "TargetHealthReasonEnum",
    "Elb.RegistrationInProgress Elb.InitialHealthChecking Target.ResponseCodeMismatch Target.Timeout "
    "Target.FailedHealthChecks Target.NotRegistered Target.NotInUse Target.DeregistrationInProgress "
    "Target.InvalidState Target.IpUnusable Target.HealthCheckDisabled Elb.InternalError",
)
BALANCER_STATE = _words(
    "elbv2", "LoadBalancerStateEnum", "active provisioning active_impaired failed"
)
BALANCER_SCHEME = _words("elbv2", "LoadBalancerSchemeEnum", "internet-facing internal")
LISTENER_PROTOCOL = _words(
    "elbv2", "ProtocolEnum", "HTTP HTTPS TCP TLS UDP TCP_UDP GENEVE QUIC TCP_QUIC"
)
NAT_GATEWAY = _words("ec2", "NatGatewayState", "pending failed available deleting deleted")
# "Partial" came in 2025; the API answers in small letters what its model writes in capitals.
VPC_ENDPOINT = _words(
    "ec2",
    "State",
    "PendingAcceptance Pending Available Deleting Deleted Rejected Failed Expired Partial",
)
ROUTE = _words("ec2", "RouteState", "active blackhole filtered")
POLICY_DECISION = _words("iam", "PolicyEvaluationDecisionType", "allowed explicitDeny implicitDeny")
STACK_STATUS = _words(
    "cloudformation",
    "StackStatus",
    "CREATE_IN_PROGRESS CREATE_FAILED CREATE_COMPLETE ROLLBACK_IN_PROGRESS ROLLBACK_FAILED "
    "ROLLBACK_COMPLETE DELETE_IN_PROGRESS DELETE_FAILED DELETE_COMPLETE UPDATE_IN_PROGRESS "
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS UPDATE_COMPLETE UPDATE_FAILED UPDATE_ROLLBACK_IN_PROGRESS "
    "UPDATE_ROLLBACK_FAILED UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS UPDATE_ROLLBACK_COMPLETE "
    "REVIEW_IN_PROGRESS IMPORT_IN_PROGRESS IMPORT_COMPLETE IMPORT_ROLLBACK_IN_PROGRESS "
    "IMPORT_ROLLBACK_FAILED IMPORT_ROLLBACK_COMPLETE",
)
RESOURCE_STATUS = _words(
    "cloudformation",
    "ResourceStatus",
    "CREATE_IN_PROGRESS CREATE_FAILED CREATE_COMPLETE DELETE_IN_PROGRESS DELETE_FAILED "
    "DELETE_COMPLETE DELETE_SKIPPED UPDATE_IN_PROGRESS UPDATE_FAILED UPDATE_COMPLETE IMPORT_FAILED "
    "IMPORT_COMPLETE IMPORT_IN_PROGRESS IMPORT_ROLLBACK_IN_PROGRESS IMPORT_ROLLBACK_FAILED "
    "IMPORT_ROLLBACK_COMPLETE EXPORT_FAILED EXPORT_COMPLETE EXPORT_IN_PROGRESS "
    "EXPORT_ROLLBACK_IN_PROGRESS EXPORT_ROLLBACK_FAILED EXPORT_ROLLBACK_COMPLETE "
    "UPDATE_ROLLBACK_IN_PROGRESS UPDATE_ROLLBACK_COMPLETE UPDATE_ROLLBACK_FAILED "
    "ROLLBACK_IN_PROGRESS ROLLBACK_COMPLETE ROLLBACK_FAILED",
)
DETAILED_STATUS = _words(
    "cloudformation", "DetailedStatus", "CONFIGURATION_COMPLETE VALIDATION_FAILED"
)
CHANGE_SET_STATUS = _words(
    "cloudformation",
    "ChangeSetStatus",
    "CREATE_PENDING CREATE_IN_PROGRESS CREATE_COMPLETE DELETE_PENDING DELETE_IN_PROGRESS "
    "DELETE_COMPLETE DELETE_FAILED FAILED",
)
HOOK_STATUS = _words(
    "cloudformation",
    "HookStatus",
    "HOOK_IN_PROGRESS HOOK_COMPLETE_SUCCEEDED HOOK_COMPLETE_FAILED HOOK_FAILED",
)
HANDLER_ERROR = _words(
    "cloudformation",
    "HandlerErrorCode",
    "NotUpdatable InvalidRequest AccessDenied InvalidCredentials AlreadyExists NotFound "
    "ResourceConflict Throttling ServiceLimitExceeded NotStabilized GeneralServiceException "
    "ServiceInternalError NetworkFailure InternalFailure InvalidTypeConfiguration "
    "HandlerInternalFailure NonCompliant Unknown UnsupportedTarget",
)

VOCABULARIES: tuple[Vocabulary, ...] = tuple(
    value for value in list(globals().values()) if isinstance(value, Vocabulary)
)
"""All of them."""
