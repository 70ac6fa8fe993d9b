"""The checks of instances, each asked of facts that differ in one thing: the fact that decides."""

from __future__ import annotations

from typing import Any

from botocore.session import Session

from tests.support.each import each
from tests.support.one_check import GONE, Row, holds, said

EC2, MANAGED = "ec2-as-it-should-be", "managed-as-it-should-be"
HOST = "container_instances.0"
NO_TASK = {"tasks": [], "service.runningCount": 0, "target_health": []}
BESIDE = {"containerInstanceArn": "arn:aws:ecs:us-east-1:1:container-instance/ash-cloud/h2", "ec2InstanceId": "i-0b2", "status": "ACTIVE",
          "agentConnected": True, "registeredResources": [{"name": "CPU", "integerValue": 2048}, {"name": "MEMORY", "integerValue": 7680}],
          "remainingResources": [{"name": "CPU", "integerValue": 2048}, {"name": "MEMORY", "integerValue": 7680}]}  # fmt: skip
I1, SERVICE = "of host/i-0a1", "of service/ash-cloud-runtime"


def of(status: str, **more: Any) -> dict[str, Any]:
    return {f"{HOST}.status": status, **more}


def sick(kind: str = "CONTAINER_RUNTIME", **more: Any) -> dict[str, Any]:
    return {f"{HOST}.healthStatus.details": [{"type": kind, "status": "IMPAIRED", **more}]}


def changed(at: str, **instance: Any) -> dict[str, Any]:
    """What an event of the archive tells of the instance."""
    arn = "arn:aws:ecs:us-east-1:111122223333:container-instance/ash-cloud/h1"
    told = {
        "containerInstanceArn": arn,
        "ec2InstanceId": "i-0a1",
        "status": "ACTIVE",
        "agentConnected": True,
    }
    return {"at": f"2026-11-22T{at}Z", "instance": {**told, **instance}}


HOSTS: dict[str, Row] = {
    "in order": ("hosts", EC2, {}, "sound"),
    "on Fargate there are none": ("hosts", "", {}, "none of its business"),
    "no task is wanted": ("hosts", EC2, of("DRAINING", **{"service.desiredCount": 0}), "none of its business"),
    "the only one is drained, and serves": (
        "hosts", EC2, of("DRAINING"), f"warning host-drained {I1}",
        "Instance i-0a1 is being drained: ECS puts no task there; 1 task of this service is still on it.",
        "update-container-instances-state --cluster ash-cloud --container-instances arn:aws:ecs:us-east-1:111122223333:container-instance/ash-cloud/h1 --status ACTIVE",
    ),
    "the only one is drained, and none serves": ("hosts", EC2, of("DRAINING", **NO_TASK), f"error host-drained {I1}", "!is still on it"),
    "drained, and another takes its tasks": (
        "hosts", EC2, of("DRAINING", **NO_TASK, **{"container_instances.+": BESIDE}), f"warning host-drained {I1}",
    ),
    "drained, and the other is sick": (
        "hosts", EC2, of("DRAINING", **NO_TASK, **{"container_instances.+": {**BESIDE, "agentConnected": False}}),
        f"error host-drained {I1}; error agent-disconnected of host/i-0b2",
    ),
    "drained, and it holds one that does not answer": (
        "hosts", EC2, of("DRAINING", **{"target_health.0.TargetHealth.State": "unhealthy", "probe": None, "container_instances.+": BESIDE}),
        f"error host-drained {I1}",
    ),
    "with its reason": ("hosts", EC2, of("DRAINING", **{f"{HOST}.statusReason": "Spot"}), f"warning host-drained {I1}", "being drained (Spot)"),
    "since when, by the archive": (
        "hosts", EC2, of("DRAINING", host_events=[changed("11:50:00", status="DRAINING"), changed("11:40:00", status="DRAINING"),
                                                  changed("11:30:00"), changed("11:20:00", status="DRAINING")]),
        f"warning host-drained {I1} since 11:40",
    ),
    "another instance's events say nothing": (
        "hosts", EC2, of("DRAINING", host_events=[changed("11:50:00", status="DRAINING", ec2InstanceId="i-9")]), f"warning host-drained {I1}",
    ),
    "by Managed Instances": (
        "hosts", MANAGED, of("DRAINING"), f"warning host-drained {I1}", "impaired or 14 days old", "!update-container-instances-state",
    ),
    "it could not join": (
        "hosts", EC2, of("REGISTRATION_FAILED", **{f"{HOST}.statusReason": "No role"}), f"warning no-instances {I1} since 08:00",
        "could not be registered with the cluster: No role.", "terminate-instance-in-auto-scaling-group --instance-id i-0a1 --no-should-decrement",
    ),
    "a machine that is none of EC2's": (
        "hosts", EC2, of("REGISTRATION_FAILED", **{f"{HOST}.ec2InstanceId": GONE}), "warning no-instances of host/h1 since 08:00",
        "no instance of EC2 is known", "ECS gives no reason", "!terminate-instance",
    ),
    "its agent is gone": (
        "hosts", EC2, {f"{HOST}.agentConnected": False}, f"warning agent-disconnected {I1}",
        "The ECS agent of instance i-0a1 is not connected", "restart its agent", "!An agent that updates itself",
    ),
    "its agent is gone for less than a quarter of an hour": (
        "hosts", EC2, {f"{HOST}.agentConnected": False, "host_events": [changed("11:45:01", agentConnected=False), changed("11:00:00")]},
        f"warning agent-disconnected {I1} since 11:45:01", "An agent that updates itself is back within minutes", "doctor pending",
    ),
    "for a quarter of an hour": (
        "hosts", EC2, {f"{HOST}.agentConnected": False, "host_events": [changed("11:45:00", agentConnected=False)]},
        f"warning agent-disconnected {I1} since 11:45", "!An agent that updates itself",
    ),
    "it joined less than five minutes ago": (
        "hosts", EC2, {f"{HOST}.agentConnected": False, f"{HOST}.registeredAt": "2026-11-22T11:55:01Z"}, "sound",
    ),
    "it joined five minutes ago": (
        "hosts", EC2, {f"{HOST}.agentConnected": False, f"{HOST}.registeredAt": "2026-11-22T11:55:00Z"}, f"warning agent-disconnected {I1}",
    ),
    "by a health check of ECS": (
        "hosts", EC2, sick("AGENT_CONNECTIVITY", lastStatusChange="2026-11-22T11:30:00Z"), f"warning agent-disconnected {I1} since 11:30",
        "details[AGENT_CONNECTIVITY]",
    ),
    "its agent is gone, where nobody may enter": (
        "hosts", MANAGED, {f"{HOST}.agentConnected": False}, f"warning agent-disconnected {I1}", "Nobody may enter such an instance.",
        "--status DRAINING", "!restart its agent",
    ),
    "ECS finds it impaired": (
        "hosts", EC2, sick(statusReason="out of order", lastStatusChange="2026-11-22T11:30:00Z"), f"warning host-unhealthy {I1} since 11:30 stops answers now",
        "ECS finds instance i-0a1 impaired: CONTAINER_RUNTIME (out of order). Nothing in Ash brings that about.",
    ),
    "and no task is on it": ("hosts", EC2, {**sick(), **NO_TASK}, f"error host-unhealthy {I1}"),
    "Managed Instances drains what is impaired: one matter": ("hosts", MANAGED, {**sick(), **of("DRAINING")},
                                                              f"warning host-unhealthy {I1} stops answers now", "Wait: Managed Instances drains it already"),
    "a health of which too little is known": (
        "hosts", EC2, {f"{HOST}.healthStatus": {"overallStatus": "INSUFFICIENT_DATA", "details": [{"type": "DAEMON", "status": "INSUFFICIENT_DATA"}]}},
        "sound",
    ),
    "a health that nobody knows": (
        "hosts", EC2, {f"{HOST}.healthStatus": {"overallStatus": "BORED"}}, "? instance i-0a1 is BORED, a state that is not known here",
    ),
    "both are not known: the first by the alphabet": (
        "hosts", EC2, {**of("ASLEEP"), f"{HOST}.healthStatus": {"overallStatus": "ABSENT"}}, "? instance i-0a1 is ABSENT, a state that is not known here",
    ),
    "an instance of another's provider": (
        "hosts", MANAGED, {**of("DRAINING"), f"{HOST}.capacityProviderName": "other"}, "sound",
    ),
    "an instance whose provider was not told": (
        "hosts", MANAGED, of("DRAINING", **{f"{HOST}.capacityProviderName": None}), f"warning host-drained {I1}",
    ),
}  # fmt: skip


def size(cpu: int, memory: int) -> dict[str, Any]:
    return {"task_definition.cpu": str(cpu), "task_definition.memory": str(memory)}


def left(cpu: int, memory: int) -> dict[str, Any]:
    free = [{"name": "CPU", "integerValue": cpu}, {"name": "MEMORY", "integerValue": memory}]
    return {f"{HOST}.remainingResources": free, "service.desiredCount": 2}


def event(message: str, at: str = "11:50:00") -> dict[str, Any]:
    return {
        "service.events.+": {
            "id": "e-23456789",
            "createdAt": f"2026-11-22T{at}Z",
            "message": message,
        }
    }


ENI = event(
    "(service x) was unable to place a task because no container instance met all of its requirements. Encountered error RESOURCE:ENI."
)
TWO = {
    **left(2048, 7680),
    f"{HOST}.remainingResources.+": {"name": "PORTS", "stringSetValue": ["22", "4100"]},
}
FULL, SMALL = f"warning instances-full {SERVICE}", "warning instance-too-small of revision/7"
SHORT = (
    "(service x) was unable to place a task. We currently do not have sufficient m6i.large capacity in the Availability Zone you requested "
    "(us-east-1a). InsufficientInstanceCapacity"
)
ROOM: dict[str, Row] = {
    "it runs": ("room-on-hosts", EC2, {}, "sound"),
    "no instance, and yet a task": (
        "room-on-hosts", EC2, {"container_instances": []}, "? tasks run, and yet no instance of the cluster was found",
    ),
    "no instance": (
        "room-on-hosts", EC2, {"container_instances": [], **NO_TASK}, f"error no-instances {SERVICE}",
        "Cluster ash-cloud has no instance that the service's tasks may be put on.", "describe-clusters --clusters ash-cloud --include ATTACHMENTS",
    ),
    "no instance for the second": ("room-on-hosts", EC2, {"container_instances": [], "service.desiredCount": 2}, f"warning no-instances {SERVICE}"),
    "no instance, for EC2 gave none": (
        "room-on-hosts", EC2, {"container_instances": [], **NO_TASK, **event(SHORT)}, f"error no-instance-capacity {SERVICE}", "and EC2 gave none:",
        "events[e-234567].message",
    ),
    "EC2 gave none an hour ago and a second": (
        "room-on-hosts", EC2, {"container_instances": [], **NO_TASK, **event(SHORT, "10:59:59")}, f"error no-instances {SERVICE}",
    ),
    "EC2 gave none an hour ago": (
        "room-on-hosts", EC2, {"container_instances": [], **NO_TASK, **event(SHORT, "11:00:00")}, f"error no-instance-capacity {SERVICE}",
    ),
    "a task as large as the instance": ("room-on-hosts", EC2, size(2048, 7680), "sound"),
    "a task of a unit more": (
        "room-on-hosts", EC2, size(2049, 7680), SMALL,
        "The task asks for 2049 CPU units and 7680 MB; the largest instance (m6i.large) has 2048 CPU units and 7680 MB for all its tasks together.",
        "2049 / 7680", "with more than 7680 MB",
    ),
    "of a megabyte more": ("room-on-hosts", EC2, size(2048, 7681), SMALL),
    "of a megabyte more, and none runs": ("room-on-hosts", EC2, {**size(2048, 7681), **NO_TASK}, SMALL.replace("warning", "error")),
    "what its containers reserve, where it has no size": (
        "room-on-hosts", EC2, {"task_definition.cpu": GONE, "task_definition.memory": GONE,
                               "task_definition.containerDefinitions.0.cpu": 3000, "task_definition.containerDefinitions.0.memoryReservation": 100,
                               "task_definition.containerDefinitions.0.memory": 9000}, SMALL, "3000 CPU units and 100 MB",
    ),
    "the larger of two": ("room-on-hosts", EC2, {**size(2048, 7681), "container_instances.+": {
        **BESIDE, "registeredResources": [{"name": "CPU", "integerValue": 4096}, {"name": "MEMORY", "integerValue": 16000}]}}, "sound"),
    "just room for the second": ("room-on-hosts", EC2, left(512, 4096), "sound"),
    "a unit short": (
        "room-on-hosts", EC2, left(511, 4096), FULL, "No instance has 512 CPU units and 4096 MB left for another task (i-0a1: 511 CPU units and 4096 MB).",
        "CPU 511, MEMORY 4096", "list-tasks --cluster ash-cloud", "--desired-capacity 2 --max-size 2",
    ),
    "a megabyte short": ("room-on-hosts", EC2, left(512, 4095), FULL),
    "none is missing": ("room-on-hosts", EC2, {**left(0, 0), "service.desiredCount": 1}, "sound"),
    "one of the new rollout is": (
        "room-on-hosts", EC2, {**left(0, 0), "service.desiredCount": 1, "service.deployments.0.runningCount": 0,
                               "service.deployments.+": {"id": "ecs-svc/0", "status": "ACTIVE"}}, FULL,
    ),
    "a drained one has room for nobody": (
        "room-on-hosts", EC2, {**left(0, 0), "container_instances.+": {**BESIDE, "status": "DRAINING"}}, FULL, "!i-0b2",
    ),
    "another has room": ("room-on-hosts", EC2, {**left(0, 0), "container_instances.+": BESIDE}, "sound"),
    "of two groups nobody knows which is to grow": (
        "room-on-hosts", EC2, {**left(0, 0), "scaling_groups.+": {"AutoScalingGroupName": "g2", "DesiredCapacity": 1}}, FULL, "!update-auto-scaling-group",
    ),
    "a group that has room for one more": (
        "room-on-hosts", EC2, {**left(0, 0), "scaling_groups.0.MaxSize": 2}, FULL, "--desired-capacity 2", "!--max-size",
    ),
    "a port that is taken": (
        "room-on-hosts", EC2, {**TWO, "task_definition.networkMode": "host"}, FULL,
        "Port 4100 of the host is taken.",
    ),
    "a port of an interface of its own is not": (
        "room-on-hosts", EC2, TWO, "sound",
    ),
    "no interface is left": (
        "room-on-hosts", EC2, {**TWO, **ENI}, f"warning eni-limit {SERVICE} since 11:50", "put-account-setting --name awsvpcTrunking --value enabled",
    ),
    "no interface was left an hour ago": (
        "room-on-hosts", EC2, {**TWO, **event("RESOURCE:ENI", "11:00:00")}, "sound",
    ),
    "none is missing, whatever was": ("room-on-hosts", EC2, ENI, "sound"),
    "Managed Instances starts one that fits": ("room-on-hosts", MANAGED, {**left(0, 0), **size(9999, 99999)}, "sound"),
}  # fmt: skip

GROUP, OF_GROUP = "scaling_groups.0", "of group/ash-cloud-Instances-1"
NONE_IN_SERVICE = {f"{GROUP}.Instances": [], **NO_TASK}


def tried(
    status: str = "Failed",
    at: str = "11:50:00",
    said_: str = "The launch template is gone",
    group: str = "ash-cloud-Instances-1",
) -> dict[str, Any]:
    return {
        "ActivityId": "a-23456789",
        "AutoScalingGroupName": group,
        "StatusCode": status,
        "StatusMessage": said_,
        "StartTime": f"2026-11-22T{at}Z",
    }


CANNOT = f"scaling-group-cannot-launch {OF_GROUP}"
GROUPS: dict[str, Row] = {
    "as many as wanted": ("scaling-group", EC2, {"scaling_activities": [tried()]}, "sound"),
    "no group": ("scaling-group", EC2, {"scaling_groups": []}, "none of its business"),
    "none is asked for": (
        "scaling-group", EC2, {f"{GROUP}.DesiredCapacity": 0, f"{GROUP}.MinSize": 0, **NONE_IN_SERVICE}, f"error scaling-group-empty {OF_GROUP}",
        "is asked for no instance (minimum 0, desired 0, maximum 1).", "--desired-capacity 1", "!--max-size",
    ),
    "none may be": (
        "scaling-group", EC2, {f"{GROUP}.MaxSize": 0, **NONE_IN_SERVICE}, f"error scaling-group-empty {OF_GROUP}", "--max-size 1",
    ),
    "launching is suspended": (
        "scaling-group", EC2, {**NONE_IN_SERVICE, f"{GROUP}.SuspendedProcesses": [{"ProcessName": "Launch", "SuspensionReason": "Audit"}]}, f"error {CANNOT}",
        "may start no instance: launching is suspended (Audit).", "resume-processes --auto-scaling-group-name ash-cloud-Instances-1 --scaling-processes Launch",
    ),
    "ending is suspended": ("scaling-group", EC2, {**NONE_IN_SERVICE, f"{GROUP}.SuspendedProcesses": [{"ProcessName": "Terminate"}]}, "sound"),
    "the newest attempt failed": (
        "scaling-group", EC2, {**NONE_IN_SERVICE, "scaling_activities": [tried(), tried("Successful", "11:40:00")]}, f"error {CANNOT} since 11:50",
        "could not start an instance: The launch template is gone", "describe-scaling-activities --auto-scaling-group-name ash-cloud-Instances-1 --max-records 5",
        "Activities[a-234567]",
    ),
    "a later one went well": ("scaling-group", EC2, {**NONE_IN_SERVICE, "scaling_activities": [tried(), tried("Successful", "11:51:00")]}, "sound"),
    "a later one is under way": (
        "scaling-group", EC2, {**NONE_IN_SERVICE, "scaling_activities": [tried(), tried("InProgress", "11:51:00")]}, f"error {CANNOT} since 11:50",
    ),
    "another group's attempt": ("scaling-group", EC2, {**NONE_IN_SERVICE, "scaling_activities": [tried(group="g2")]}, "sound"),
    "one that ended at once": (
        "scaling-group", EC2, {**NONE_IN_SERVICE, "scaling_activities": [tried("Cancelled", said_="Client.InvalidKMSKey.InvalidState: gone")]},
        f"error {CANNOT} since 11:50",
    ),
    "one that somebody cancelled": ("scaling-group", EC2, {**NONE_IN_SERVICE, "scaling_activities": [tried("Cancelled", said_="By hand")]}, "sound"),
    "for a quota": (
        "scaling-group", EC2, {**NONE_IN_SERVICE, "scaling_activities": [tried(said_="You have requested more vCPU capacity than your current vCPU limit of 0 allows. VcpuLimitExceeded")]},
        f"error instance-quota {OF_GROUP} since 11:50", "get-service-quota --service-code ec2 --quota-code L-1216C47A",
    ),
    "for want of capacity": (
        "scaling-group", EC2, {**NONE_IN_SERVICE, "scaling_activities": [tried(said_="We currently do not have sufficient m6i.large capacity. InsufficientInstanceCapacity")]},
        f"error no-instance-capacity {OF_GROUP} since 11:50", "Wait, for the group tries again by itself",
    ),
    "the second of two": (
        "scaling-group", EC2, {f"{GROUP}.DesiredCapacity": 2, "scaling_activities": [tried()]}, f"warning {CANNOT} since 11:50",
    ),
    "one that comes up counts for nothing yet": (
        "scaling-group", EC2, {f"{GROUP}.Instances.0.LifecycleState": "Pending", "scaling_activities": [tried()]}, f"warning {CANNOT} since 11:50",
    ),
}  # fmt: skip

CP = "capacity_providers.0"
MI = "provider-not-active of provider/mi"
ROLE = "infrastructure-role of role/ecsInfrastructure"
REFUSED = event(
    "(service x) was unable to place a task. User: arn:aws:sts::111122223333:assumed-role/ecsInfrastructure/ECS is not authorized to perform: "
    "ec2:CreateFleet because no identity-based policy allows it"
)
PROVIDERS: dict[str, Row] = {
    "active": ("capacity-providers", MANAGED, {}, "sound"),
    "a launch type is named instead": ("capacity-providers", EC2, {}, "none of its business"),
    "the cluster has none of that name": (
        "capacity-providers", MANAGED, {"capacity_providers": []}, f"warning {MI}", "Cluster ash-cloud has no capacity provider mi", "value='not found'",
        "describe-clusters --clusters ash-cloud",
    ),
    "being made": (
        "capacity-providers", MANAGED, {f"{CP}.status": "PROVISIONING"}, f"warning {MI}", "Capacity provider mi is still being made.",
        "describe-capacity-providers --capacity-providers mi",
    ),
    "being made, and none runs": ("capacity-providers", MANAGED, {f"{CP}.status": "PROVISIONING", **NO_TASK}, f"error {MI}"),
    "could not be made": (
        "capacity-providers", MANAGED, {f"{CP}.status": "PROVISIONING", f"{CP}.updateStatus": "CREATE_FAILED"}, f"warning {MI}",
        "could not be made.", "Mend this first: what its reason names.", "!describe-capacity-providers",
    ),
    "being deleted": ("capacity-providers", MANAGED, {f"{CP}.status": "DEPROVISIONING"}, f"warning {MI}", "is being deleted.", "Deploy again, which makes one"),
    "deleted": ("capacity-providers", MANAGED, {f"{CP}.status": "INACTIVE"}, f"warning {MI}", "was deleted."),
    "its last change failed": (
        "capacity-providers", MANAGED, {f"{CP}.updateStatus": "UPDATE_FAILED", f"{CP}.updateStatusReason": "The subnet is gone", **NO_TASK}, f"warning {MI}",
        "could not be changed: The subnet is gone.", "UPDATE_FAILED: The subnet is gone", "Remove what its reason names",
    ),
    "its last change went well": ("capacity-providers", MANAGED, {f"{CP}.updateStatus": "UPDATE_COMPLETE"}, "sound"),
    "in a state that nobody knows": (
        "capacity-providers", MANAGED, {f"{CP}.status": "RESTING"}, "? capacity provider mi is RESTING, which is not known here",
    ),
    "the role trusts ECS": ("infrastructure-role", MANAGED, {}, "sound"),
    "it trusts everybody": ("infrastructure-role", MANAGED, {"infrastructure_role.trusted_services": ["*"]}, "sound"),
    "it trusts another": (
        "infrastructure-role", MANAGED, {"infrastructure_role.trusted_services": ["ec2.amazonaws.com"]}, f"warning {ROLE}",
        "their infrastructure role ecsInfrastructure trusts ec2.amazonaws.com; it must trust ecs.amazonaws.com.", "update-assume-role-policy --role-name ecsInfrastructure",
    ),
    "it trusts nobody": ("infrastructure-role", MANAGED, {"infrastructure_role.trusted_services": []}, f"warning {ROLE}", "trusts no service;"),
    "it is gone": (
        "infrastructure-role", MANAGED, {"infrastructure_role.exists": False, **NO_TASK}, f"error {ROLE}", "does not exist", "value='not found'",
        "Make the role ecsInfrastructure again",
    ),
    "it was denied a call": (
        "infrastructure-role", MANAGED, REFUSED, f"warning {ROLE}", "ecsInfrastructure is not allowed ec2:CreateFleet.",
        "attach-role-policy --role-name ecsInfrastructure --policy-arn arn:aws:iam::aws:policy/AmazonECSInfrastructureRolePolicyForManagedInstances",
    ),
    "it was denied a call an hour ago and a second": (
        "infrastructure-role", MANAGED, {"service.events.+": {**REFUSED["service.events.+"], "createdAt": "2026-11-22T10:59:59Z"}}, "sound",
    ),
    "an instance has joined since": (
        "infrastructure-role", MANAGED, {**REFUSED, f"{HOST}.registeredAt": "2026-11-22T11:50:01Z"}, "sound",
    ),
    "an instance joined at that moment": (
        "infrastructure-role", MANAGED, {**REFUSED, f"{HOST}.registeredAt": "2026-11-22T11:50:00Z"}, f"warning {ROLE}",
    ),
}  # fmt: skip


@each("case", HOSTS)
def test_what_is_told_of_an_instance(case: Row) -> None:
    holds(case)


@each("case", ROOM)
def test_whether_an_instance_has_room(case: Row) -> None:
    holds(case)


@each("case", GROUPS | {f"provider: {k}": v for k, v in PROVIDERS.items()})
def test_why_no_instance_is_started(case: Row) -> None:
    holds(case)


# What is told of each state that an instance may have: nothing where it is sound or comes and goes by itself.
_TOLD = {
    "DEREGISTERING": f"warning host-drained {I1}",
    "DRAINING": f"warning host-drained {I1}",
    "REGISTRATION_FAILED": f"warning no-instances {I1} since 08:00",
}


@each("state", Session().get_service_model("ecs").shape_for("ContainerInstanceStatus").enum)
def test_each_state_that_an_instance_may_have_is_judged(state: str) -> None:
    assert said("hosts", EC2, of(state)) == _TOLD.get(state, "sound")
