"""The instances that tasks are put on: their agents, their health, their room, and who starts them."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says
from ash_ops.causes.catalogue.pending.places_named import READ_THE_QUOTA
from ash_ops.causes.catalogue.pending.plainly_said import (
    DISK_WITHOUT_SIZE,
    OTHER_ZONES,
    READ_THE_ZONES,
)
from ash_ops.causes.catalogue.pending.words import EVENTS

_GUIDE: Final = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/"
_SEE_HOSTS: Final = Step(
    "See the instances' status, agent, health and what they have left",
    "aws ecs describe-container-instances --cluster <cluster> --container-instances <container-instance> --query 'containerInstances[].[ec2InstanceId,status,agentConnected,healthStatus.overallStatus,remainingResources[].[name,integerValue]]'",
)
_LIST_HOSTS: Final = Step(
    "See which instances the cluster has", "aws ecs list-container-instances --cluster <cluster>"
)
_SEE_PROVIDER: Final = Step(
    "Read the provider's status and the reason of its last change",
    "aws ecs describe-capacity-providers --cluster <cluster> --query 'capacityProviders[].[name,status,updateStatus,updateStatusReason]'",
)
_NAMED_PROVIDER: Final = Step(
    "Read the provider's status and the reason of its last change",
    "aws ecs describe-capacity-providers --capacity-providers <capacity-provider> --query 'capacityProviders[].[name,status,updateStatus,updateStatusReason]'",
    when=r"~\bcapacity provider '[\w-]{1,255}'",
)
_SEE_ACTIVITY: Final = Step(
    "Read what the Auto Scaling group tried last",
    "aws autoscaling describe-scaling-activities --max-records 5",
)

CAUSES: Final = (
    Cause(
        slug="host-drained",
        title="The instance is being drained: no task is put there, and those on it are stopped",
        category="pending",
        severity="error",
        meaning="Somebody, an Auto Scaling group or ECS itself (Managed Instances after 14 days) set the instance to DRAINING. "
        "A service with room elsewhere is moved; without other capacity its tasks stop and none starts.",
        proof=(_SEE_HOSTS,),
        repair=(
            Step("Wait for the instance that takes its place, or add one"),
            Step(
                "If it was drained by mistake, let it take tasks again",
                "aws ecs update-container-instances-state --cluster <cluster> --container-instances <container-instance> --status ACTIVE",
            ),
        ),
        signatures=(
            says(
                "draining|drained",
                "~\\bcontainer instance\\b(?:[^.|]|\\.(?=\\S)){0,60}\\b(?:is|was|being|set to|put|are|were)\\b(?:[^.|]|\\.(?=\\S)){0,20}\\bdrain(?:ing|ed)\\b",
                rank=Rank.CLEAR,
            ),
        ),
        confused_with=(
            ("agent-disconnected", "There the instance is ACTIVE and its agent is silent."),
        ),
        docs_url=f"{_GUIDE}container-instance-draining.html",
    ),
    Cause(
        slug="host-unhealthy",
        title="ECS finds the instance impaired",
        category="pending",
        severity="error",
        meaning="A health check of the instance fails: its container runtime, its agent's connection, a daemon or an accelerator. "
        "Nothing in Ash brings that about or repairs it.",
        proof=(
            Step(
                "Read which check fails",
                "aws ecs describe-container-instances --cluster <cluster> --container-instances <container-instance> --include CONTAINER_INSTANCE_HEALTH --query 'containerInstances[].healthStatus'",
            ),
        ),
        repair=(
            Step("Replace the instance; Managed Instances replaces an impaired one by itself"),
        ),
        docs_url=f"{_GUIDE}container-instance-health.html",
    ),
    Cause(
        slug="no-instances",
        title="The cluster has no instance for the task",
        category="pending",
        severity="error",
        meaning="The service's tasks are put on instances, and none is registered with the cluster: "
        "none was started, or those that run have not joined it.",
        proof=(_LIST_HOSTS, _SEE_ACTIVITY),
        repair=(
            Step("Let the Auto Scaling group or the capacity provider start one"),
            Step(
                "If one runs and has not joined: its agent needs the cluster's name, a role and a way to ECS"
            ),
        ),
        signatures=(says("empty capacity|no active instances", rank=Rank.DECISIVE),),
        confused_with=(("instance-too-small", "There an instance is there and has no room."),),
        docs_url=EVENTS,
    ),
    Cause(
        slug="instance-too-small",
        title="No instance of the cluster is large enough for the task",
        category="pending",
        severity="error",
        meaning="The task asks for more CPU or memory than any registered instance has, however empty it is.",
        proof=(_SEE_HOSTS,),
        repair=(
            Step("Use a larger instance type, or make the task smaller"),
            Step(
                "Fargate has no instances to enlarge, and answers otherwise: the task was started on instances. Give the call, the service or the schedule the launch type FARGATE, or a capacity provider of Fargate, in place of EC2",
                "aws ecs describe-services --cluster <cluster> --services <service> --query 'services[].[launchType,capacityProviderStrategy]'",
                when="fargate",
                decides=True,
            ),
        ),
        # A task of a capacity provider fails so when no instance that its group may start would hold it.
        signatures=(says("taskfailedtostart", "resource:cpu|resource:memory", rank=Rank.DECISIVE),),
        confused_with=(("instances-full", "There it would fit if other tasks were gone."),),
        docs_url=EVENTS,
    ),
    Cause(
        slug="instances-full",
        title="The cluster's instances have no room left for the task",
        category="pending",
        severity="error",
        meaning="The task would fit on an empty instance, but what runs there has taken the CPU, the memory or the host port.",
        proof=(_SEE_HOSTS,),
        repair=(Step("Add an instance, or stop what is not needed"),),
        signatures=(
            # A service's event as the console tells it in Chinese and Japanese.
            says(
                "容器实例|コンテナインスタンス|容器執行個體",
                "没有足够的 cpu|没有足够的内存|没有足够的 内存|使用可能な cpu ユニットがありません|使用可能なメモリがありません|十分な cpu ユニットがありません|十分なメモリがありません|沒有足夠的 cpu|沒有足夠的記憶體",
                rank=Rank.DECISIVE,
            ),
            says(
                "task execution failed",
                "~\\breason \\[?resource: ?(?:cpu|memory|ports?)\\b",
                rank=Rank.CLEAR,
            ),
            says(
                "resource:",
                "~^\\W{0,6}resource:(?:cpu|memory|ports?|disk)\\W{0,6}$",
                rank=Rank.LIKELY,
            ),
            # The end of a service's event, as guides list it.
            says(
                "units available|memory available",
                "~^\\W{0,8}(?:\\(?closest matching\\)? )?has insufficient (?:cpu units|memory) available\\b",
                rank=Rank.LIKELY,
            ),
            says(
                "instance",
                "~\\b(?:cannot|could not|unable to|not) (?:be )?(?:place|start|run)d?\\b(?:[^.|]|\\.(?=\\S)){0,60}\\bno (?:\\w+ )?instances? (?:has|have|with)(?:[^.|]|\\.(?=\\S)){0,30}\\b(?:memory|cpu|ports?|room|resources)",
                rank=Rank.CLEAR,
            ),
            # As people tell it.
            says(
                "not enough memory|not enough cpu",
                "~\\b(?:plac(?:e|ing) (?:the|a|my|our|new) tasks?|on any (?:container )?instances?)\\b",
                rank=Rank.CLEAR,
                unless="fargate",
            ),
            # A reason of RunTask or StartTask: the instance that was tried has not enough of it left.
            says(
                "~\\bresource:(?:cpu|memory|ports?)\\b",
                "couldn't run containers|could not run containers|failed to run ecs task|couldn't run task|runtask|unable to start process|starttask|failures|reason|unable to place|scheduling|placement",
                rank=Rank.CLEAR,
                unless=("taskfailedtostart",),
            ),
        ),
        confused_with=(("instance-too-small", "There it would not fit even on an empty one."),),
        docs_url=EVENTS,
    ),
    Cause(
        slug="eni-limit",
        title="No instance has a network interface left for the task",
        category="pending",
        severity="error",
        meaning="Each task in network mode awsvpc takes a network interface, and an instance type has few of them.",
        proof=(_SEE_HOSTS,),
        repair=(
            Step(
                "Let instances take more interfaces (awsvpcTrunking), as a default of the account: the role of the instances has to have it, not who sets it; it counts for instances that start afterwards",
                "aws ecs put-account-setting-default --name awsvpcTrunking --value enabled",
            ),
            Step("Or use a larger instance type, or more instances"),
        ),
        signatures=(
            says(
                "network interface",
                "place a task|placement|start the task",
                "limit (?:reached|exceeded)|limit reached|limit exceeded|limit of|too many|maximum number",
                rank=Rank.PRECISE,
            ),
            says("resource:eni|attachmentlimitexceeded", rank=Rank.DECISIVE),
        ),
        docs_url=f"{_GUIDE}container-instance-eni.html",
    ),
    Cause(
        slug="provider-not-active",
        title="The capacity provider is not active",
        category="pending",
        severity="error",
        meaning="It is still being made, is being deleted, or could not be made. Until it is ACTIVE it starts no instance.",
        proof=(_SEE_PROVIDER, _NAMED_PROVIDER),
        repair=(
            Step("If it is being made, wait until it is ACTIVE, then deploy again"),
            Step("If that failed, remove what its reason names"),
            Step(
                "Its settings could not be changed: its Auto Scaling group must have no scaling policy of its own for it, and protect instances from scale-in where managed termination protection is on; mend that, wait a minute, then change them again",
                "aws autoscaling describe-policies --query 'ScalingPolicies[].[AutoScalingGroupName,PolicyName,Enabled]'",
                when="provider cannot be updated",
            ),
        ),
        signatures=(
            says("invalidcapacityprovider", rank=Rank.CLEAR),
            says(
                "capacity provider",
                "not in an active state|is not active|not in active state|in provisioning state|is still being created|provider cannot be updated",
                rank=Rank.DECISIVE,
                unless="autoscaling group",
            ),
            says("cluster is in a busy state", rank=Rank.DECISIVE),
        ),
        docs_url=f"{_GUIDE}managed-instances-capacity-providers-concept.html",
    ),
    Cause(
        slug="infrastructure-role",
        title="ECS may not assume the role with which it starts instances",
        category="pending",
        severity="error",
        meaning="The infrastructure role of a capacity provider is missing, or does not trust ecs.amazonaws.com "
        "(the roles of tasks trust ecs-tasks.amazonaws.com, which is another principal).",
        proof=(_SEE_PROVIDER,),
        repair=(Step("Let ecs.amazonaws.com assume the role"),),
        signatures=(
            says(
                "infrastructure role",
                "assume|not authorized|unauthorized|does not exist|trust|must specify|is required",
                rank=Rank.DECISIVE,
            ),
        ),
        confused_with=(
            ("role-assume-failed", "There the task's own role is not trusted by ecs-tasks."),
        ),
        docs_url=f"{_GUIDE}infrastructure_IAM_role.html",
    ),
    Cause(
        slug="no-instance-capacity",
        title="AWS has no instance of that type in that zone now",
        category="pending",
        severity="error",
        meaning="EC2 had no free machine of the type asked for in the zones asked for. It may pass by itself.",
        proof=(_SEE_ACTIVITY, _SEE_PROVIDER, *READ_THE_ZONES),
        repair=(Step("Allow other instance types or zones, or wait"), *OTHER_ZONES),
        signatures=(
            says("unfulfillablecapacity", rank=Rank.DECISIVE),
            says(
                "insufficientinstancecapacity|insufficient instance capacity",
                rank=Rank.DECISIVE,
            ),
            # An activity of an Auto Scaling group.
            says("insufficient capacity", "ec2 instance", rank=Rank.DECISIVE),
            says(
                "we currently do not have sufficient",
                "capacity in the availability zone",
                rank=Rank.DECISIVE,
            ),
            # EC2 User Guide, "Spot request status codes", and the answers of RunInstances.
            says(
                "capacity-oversubscribed|capacity-not-available|no spot capacity available that matches|no more unused capacity available in this pool",
                rank=Rank.DECISIVE,
            ),
            says(
                "your requested instance type",
                "is not supported in your requested availability zone",
                rank=Rank.DECISIVE,
            ),
        ),
        confused_with=(
            ("fargate-capacity", "There Fargate has no room; no instance type is named."),
            ("instance-quota", "There the limit is the account's."),
        ),
        docs_url="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/troubleshooting-launch.html",
    ),
    Cause(
        slug="instance-quota",
        title="The account's EC2 quota leaves no room for another instance",
        category="pending",
        severity="error",
        meaning="EC2 starts no further instance, for an Auto Scaling group or for you: the account's vCPU limit of that family is reached.",
        proof=(_SEE_ACTIVITY, *READ_THE_QUOTA),
        repair=(
            Step(
                "Ask for more of the quota of that family (Standard instances: L-1216C47A)",
                "aws service-quotas request-service-quota-increase --service-code ec2 --quota-code L-1216C47A --desired-value <vcpus>",
            ),
            Step(
                "Ask for more Spot instances of that family (Standard: L-34B43A08), or let the provider start On-Demand ones",
                "aws service-quotas request-service-quota-increase --service-code ec2 --quota-code L-34B43A08 --desired-value <vcpus>",
                when="maxspotinstancecount|max spot instance count",
            ),
        ),
        signatures=(
            says("volumelimitexceeded", "instance", rank=Rank.PRECISE),
            says(
                "quota for",
                "~\\bquota for (?:spot |on-demand )?[a-z]\\w{1,6}\\.\\w{2,10} instances\\b",
                rank=Rank.PRECISE,
            ),
            says(
                "vcpu limit|vcpu quota|instance limit",
                "~\\b(?:asg|auto scaling|autoscaling|on-demand instances?|ec2|instances?)\\b",
                "exceed|reached|hit|over|above",
                rank=Rank.DECISIVE,
                unless="fargate|task",
            ),
            says(
                "vcpulimitexceeded|instancelimitexceeded|maxspotinstancecountexceeded|max spot instance count exceeded",
                rank=Rank.DECISIVE,
            ),
            # Limits were counted in instances before they were counted in vCPUs.
            says(
                "requested more vcpu capacity than your current vcpu limit|than your current instance limit",
                rank=Rank.DECISIVE,
            ),
        ),
        confused_with=(("no-instance-capacity", "There AWS itself has none."),),
        docs_url="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-resource-limits.html",
    ),
    Cause(
        slug="scaling-group-empty",
        title="The Auto Scaling group is asked for no instance",
        category="pending",
        severity="error",
        meaning="Its desired capacity is 0 and nothing raises it, or its maximum is 0.",
        proof=(
            Step(
                "Read its sizes",
                "aws autoscaling describe-auto-scaling-groups --query 'AutoScalingGroups[].[AutoScalingGroupName,MinSize,DesiredCapacity,MaxSize]'",
            ),
        ),
        repair=(Step("Ask for one instance"),),
    ),
    Cause(
        slug="scaling-group-cannot-launch",
        title="The Auto Scaling group cannot start an instance",
        category="pending",
        severity="error",
        meaning="Its last attempts failed, or launching is suspended. The activity's message says why.",
        proof=(_SEE_ACTIVITY,),
        repair=(
            Step("Remove what the message names; the group tries again by itself"),
            *DISK_WITHOUT_SIZE,
        ),
        signatures=(
            says("client error on launch|client.internalerror", rank=Rank.CLEAR),
            # The mail of the Health Dashboard about a group whose parts are gone.
            says(
                "associated with this auto scaling group cannot be found|launch configuration that depends on the unavailable",
                rank=Rank.PRECISE,
            ),
            says("awsserviceroleforautoscaling", "assume|denied", rank=Rank.DECISIVE),
            says(
                "launch|start",
                "instance",
                "~\\b(?:asg|auto ?scaling(?: group)?)\\b(?:[^.|]|\\.(?=\\S)){0,40}\\b(?:cannot|could not|unable to|fails? to|failed to|not) (?:launch|start)(?:[^.|]|\\.(?=\\S)){0,20}\\binstances?\\b",
                rank=Rank.CLEAR,
            ),
            says("launching ec2 instance failed", "not eligible for free tier", rank=Rank.PRECISE),
            says(
                "launching ec2 instance failed|ebs block device mappings not supported",
                rank=Rank.LIKELY,
            ),
            says(
                "launching a new ec2 instance",
                "status reason",
                "became unhealthy while waiting|termination reason|lower than the minimum required spot",
                rank=Rank.LIKELY,
            ),
            # Managed Instances: ECS starts them itself, and names no group.
            says(
                "unable to launch instance(s) for capacity provider",
                rank=Rank.GENERIC,
                unless="assume|not authorized|infrastructure role",
            ),
            says(
                "instance",
                "~\\bneed at least \\d{1,4} healthy instances in (?:asg|elb)\\b|\\bfailed to launch (?:\\d{1,4} )?(?:ec2 )?instances?\\b|\\blaunching a new ec2 instance\\b[^|]{0,200}\\bfail",
                rank=Rank.LIKELY,
                unless="not authorized|assume",
            ),
        ),
    ),
)
