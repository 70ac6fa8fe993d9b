"""Instances and what starts them: each part of what decides, and of what is said, one fact at a time."""

from __future__ import annotations

from typing import Any

from tests.ash_ops.checks.one_fact.test_hosts import (
    BESIDE,
    CANNOT,
    EC2,
    ENI,
    GROUP,
    HOST,
    I1,
    MANAGED,
    MI,
    NO_TASK,
    NONE_IN_SERVICE,
    OF_GROUP,
    ROLE,
    SERVICE,
    SMALL,
    changed,
    event,
    left,
    of,
    sick,
    size,
    tried,
)
from tests.support.each import each
from tests.support.one_check import GONE, Row, found, holds

FULL = f"warning instances-full {SERVICE}"
TASK = "arn:aws:ecs:us-east-1:111122223333:task-definition/ash-cloud-runtime:"
H1 = "arn:aws:ecs:us-east-1:111122223333:container-instance/ash-cloud/h1"
END = "terminate-instance-in-auto-scaling-group --instance-id i-0a1 --no-should-decrement-desired-capacity"


def coming(status: str = "PENDING", host: str | None = H1, revision: str = "7") -> dict[str, Any]:
    """A second task that is on its way, and on which instance it was put."""
    task = {"taskArn": "arn:aws:ecs:us-east-1:1:task/ash-cloud/9", "lastStatus": status, "taskDefinitionArn": f"{TASK}{revision}",
            "createdAt": "2026-11-22T11:59:30Z", "containerInstanceArn": host}  # fmt: skip
    return {"tasks.+": task}


def rollout(running: int | None, desired: int | None = 1) -> dict[str, Any]:
    """A rollout that is under way beside the one before it."""
    return {
        "service.deployments.0.runningCount": running,
        "service.deployments.0.desiredCount": desired,
        "service.deployments.+": {"id": "ecs-svc/0", "status": "ACTIVE"},
    }


NEXT_TO = {
    **BESIDE,
    "remainingResources": [
        {"name": "CPU", "integerValue": 7},
        {"name": "MEMORY", "integerValue": 9},
        {"name": "PORTS", "stringSetValue": ["4100"]},
    ],
}
NO_MEMORY_TOLD = {f"{HOST}.registeredResources": [{"name": "CPU", "integerValue": 2048}]}
BEHIND = {"service.taskDefinition": f"{TASK}8"}
WANTS_7 = {"stack.Outputs": [{"OutputKey": "TaskDefinitionArn", "OutputValue": f"{TASK}7"}]}
# The instance is empty, and no task runs.
EMPTY = {**left(2048, 7680), **NO_TASK, "service.desiredCount": 1}
HOST_NETWORK = {"task_definition.networkMode": "host"}

ROOM: dict[str, Row] = {
    "a revision that the stack does not want finds no place": (
        "room-on-hosts", EC2, {**size(2049, 7680), **BEHIND, **WANTS_7}, SMALL, "Put back what the stack wants", "ash-ops deploy", "!instance type with more than",
    ),
    "the very one that the stack wants": (
        "room-on-hosts", EC2, {**size(2049, 7680), **WANTS_7}, SMALL, "choose an instance type with more than 7680 MB", "a task that fits", "!Put back",
    ),
    "of a stack that names none": ("room-on-hosts", EC2, {**size(2049, 7680), **BEHIND}, SMALL, "choose an instance type", "!Put back"),
    "of no stack of ours": (
        "room-on-hosts", EC2, {**size(2049, 7680), "stack": None}, SMALL, "Use a larger instance type, or a task that fits.", "No stack of ash-ops made this deployment",
    ),
    "an instance whose type was not told": (
        "room-on-hosts", EC2, {**size(2049, 7680), f"{HOST}.attributes": []}, SMALL, "the largest instance has 2048 CPU units",
    ),
    "the largest is that with the most memory": (
        "room-on-hosts", EC2, {**size(9000, 90000), "container_instances.+": {
            **BESIDE, "registeredResources": [{"name": "CPU", "integerValue": 1024}, {"name": "MEMORY", "integerValue": 8000}]}}, SMALL,
        "has 1024 CPU units and 8000 MB", "containerInstances[i-0b2].registeredResources",
    ),
    "and of two with as much, that with the most CPU": (
        "room-on-hosts", EC2, {**size(9000, 90000), "container_instances.+": {
            **BESIDE, "registeredResources": [{"name": "CPU", "integerValue": 4096}, {"name": "MEMORY", "integerValue": 7680}]}}, SMALL,
        "has 4096 CPU units and 7680 MB",
    ),
    "what was not told of an instance is taken for enough": ("room-on-hosts", EC2, {**size(2048, 99999), **NO_MEMORY_TOLD}, "sound"),
    "and what was told is held against it": ("room-on-hosts", EC2, {**size(2049, 99999), **NO_MEMORY_TOLD}, SMALL, "has 2048 CPU units and ? MB", "value='2048 CPU units and ? MB'"),
    "what is left of memory was not told": ("room-on-hosts", EC2, {**left(512, 0), f"{HOST}.remainingResources": [{"name": "CPU", "integerValue": 512}]}, "sound"),
    "what is left of CPU was not told": ("room-on-hosts", EC2, {**left(0, 0), f"{HOST}.remainingResources": [{"name": "MEMORY", "integerValue": 4095}]}, FULL, "(i-0a1: ? CPU units and 4095 MB)", "value='CPU ?, MEMORY 4095'"),
    "the limit of a container that reserves nothing": (
        "room-on-hosts", EC2, {"task_definition.cpu": GONE, "task_definition.memory": GONE, "task_definition.containerDefinitions.0.memory": 9000}, SMALL,
        "The task asks for 0 CPU units and 9000 MB",
    ),
    "the containers' sizes together": (
        "room-on-hosts", EC2, {"task_definition.cpu": GONE, "task_definition.memory": GONE, "task_definition.containerDefinitions.0.memory": 4000,
                               "task_definition.containerDefinitions.0.cpu": 1000,
                               "task_definition.containerDefinitions.+": {"name": "side", "memory": 4000, "cpu": 100}}, SMALL, "1100 CPU units and 8000 MB",
    ),
    "each full instance is named": (
        "room-on-hosts", EC2, {**left(0, 0), "container_instances.+": NEXT_TO}, FULL, "(i-0a1: 0 CPU units and 0 MB; i-0b2: 7 CPU units and 9 MB).", "!of the host is taken",
    ),
    "a port that one of them has taken": (
        "room-on-hosts", EC2, {**left(0, 0), "container_instances.+": NEXT_TO, **HOST_NETWORK}, FULL, "Port 4100 of the host is taken.",
    ),
    "a container's port that is no port of the host": (
        "room-on-hosts", EC2, {**left(2048, 7680), "container_instances.0.remainingResources.+": {"name": "PORTS", "stringSetValue": ["4100"]},
                               **HOST_NETWORK, "task_definition.containerDefinitions.0.portMappings": [{"containerPort": 4100}]}, "sound",
    ),
    "an instance that is full, and the task is too large for the other": (
        "room-on-hosts", EC2, {**left(0, 0), "container_instances.+": {**BESIDE, "registeredResources": [{"name": "CPU", "integerValue": 1}]}}, FULL, "!i-0b2",
    ),
    "the second has its place already": ("room-on-hosts", EC2, {**left(0, 0), **coming()}, "sound"),
    "the second is asked for, and has no place": ("room-on-hosts", EC2, {**left(0, 0), **coming("PROVISIONING", None)}, FULL),
    "the new rollout runs": ("room-on-hosts", EC2, {**left(0, 0), "service.desiredCount": 1, **rollout(1)}, "sound"),
    "of the new rollout nothing was counted": ("room-on-hosts", EC2, {**left(0, 0), "service.desiredCount": 1, **rollout(None)}, FULL),
    "nothing is wanted of the new rollout": ("room-on-hosts", EC2, {**left(0, 0), "service.desiredCount": 1, **rollout(0, None)}, "sound"),
    "the new rollout's own has its place": ("room-on-hosts", EC2, {**left(0, 0), "service.desiredCount": 1, **rollout(0), **coming()}, "sound"),
    "the one that has its place is of the revision before": ("room-on-hosts", EC2, {**left(0, 0), "service.desiredCount": 1, **rollout(0), **coming(revision="6")}, FULL),
    "nobody asks for a number": ("room-on-hosts", EC2, {**left(0, 0), "service.desiredCount": None}, "sound"),
    "a group of which no number was told": ("room-on-hosts", EC2, {**left(0, 0), f"{GROUP}.DesiredCapacity": None}, FULL, "!update-auto-scaling-group"),
    "a group whose most was not told": ("room-on-hosts", EC2, {**left(0, 0), f"{GROUP}.MaxSize": None}, FULL, "--desired-capacity 2", "that one is billed, too", "!--max-size"),
    "a group that is asked for two": ("room-on-hosts", EC2, {**left(0, 0), f"{GROUP}.DesiredCapacity": 2}, FULL, "--desired-capacity 3 --max-size 3"),
    "full, and none runs": ("room-on-hosts", EC2, {**left(0, 0), **NO_TASK}, FULL.replace("warning", "error")),
    "no interface, and none runs": ("room-on-hosts", EC2, {**ENI, **EMPTY}, f"error eni-limit {SERVICE} since 11:50", "more instances: each brings interfaces"),
    "no interface, twice: the newest counts": (
        "room-on-hosts", EC2, {**ENI, **EMPTY, "service.events.0": {"id": "e-older", "createdAt": "2026-11-22T11:20:00Z", "message": "RESOURCE:ENI"}},
        f"error eni-limit {SERVICE} since 11:50", "events[e-234567].message",
    ),
    "no interface on Managed Instances": ("room-on-hosts", MANAGED, {**ENI, **NO_TASK}, f"error eni-limit {SERVICE} since 11:50"),
    "another want is no want of an interface": ("room-on-hosts", EC2, {**EMPTY, **event("RESOURCE:MEMORY")}, "sound"),
    "no instance, and EC2 gave none, while one serves": (
        "room-on-hosts", EC2, {"container_instances": [], "service.desiredCount": 2, **event("has insufficient vCPU capacity. VcpuLimitExceeded: You have requested more vCPU capacity than your current vCPU limit of 0 allows")},
        f"warning instance-quota {SERVICE}", "and EC2 gave none: has insufficient",
    ),
}  # fmt: skip

SECOND_SICK = {**BESIDE, "agentConnected": False}
TOO_SMALL = {**BESIDE, "registeredResources": [{"name": "CPU", "integerValue": 1}, {"name": "MEMORY", "integerValue": 1}]}  # fmt: skip
TWO_ILLS = {
    f"{HOST}.healthStatus.details": [
        {"type": "DAEMON", "status": "IMPAIRED", "lastStatusChange": "2026-11-22T11:40:00Z"},
        {"type": "CONTAINER_RUNTIME", "status": "IMPAIRED", "statusReason": "it hangs", "lastStatusChange": "2026-11-22T11:35:00Z"},
        {"type": "ACCELERATED_COMPUTE", "status": "OK"},
    ]
}  # fmt: skip
INSTANCES: dict[str, Row] = {
    "it is taken out of the cluster": (
        "hosts", EC2, of("DEREGISTERING"), f"warning host-drained {I1}",
        "is being taken out of the cluster (DEREGISTERING): ECS puts no task there, and 1 task of this service is still on it.", "Have another in its place. End it", END,
        "value='DEREGISTERING'",
    ),
    "it was taken out": ("hosts", EC2, of("INACTIVE", **NO_TASK), f"error host-drained {I1}", "(INACTIVE): ECS puts no task there.", "!still on it"),
    "by Managed Instances, and it is drained": ("hosts", MANAGED, of("DEREGISTERING"), f"warning host-drained {I1}", "--status DRAINING"),
    "of a provider without a name": ("hosts", MANAGED, of("DRAINING", **{f"{HOST}.capacityProviderName": ""}), f"warning host-drained {I1}"),
    "it comes": ("hosts", EC2, of("REGISTERING"), "sound"),
    "the other could not hold its tasks": ("hosts", EC2, of("DRAINING", **NO_TASK, **{"container_instances.+": TOO_SMALL}), f"error host-drained {I1}"),
    "both are drained": (
        "hosts", EC2, of("DRAINING", **NO_TASK, **{"container_instances.+": {**BESIDE, "status": "DRAINING"}}), f"error host-drained {I1}; error host-drained of host/i-0b2",
    ),
    "the other is sick, and the first takes its tasks": ("hosts", EC2, {**NO_TASK, "container_instances.+": SECOND_SICK}, "warning agent-disconnected of host/i-0b2"),
    "two ills: the older tells since when": (
        "hosts", EC2, TWO_ILLS, f"warning host-unhealthy {I1} since 11:35 stops answers now", "impaired: DAEMON, CONTAINER_RUNTIME (it hangs).",
        "details[DAEMON].status", "details[CONTAINER_RUNTIME].status", "!ACCELERATED_COMPUTE", END,
    ),
    "impaired, and of what was not told": (
        "hosts", EC2, {f"{HOST}.healthStatus": {"overallStatus": "IMPAIRED", "details": []}}, f"warning host-unhealthy {I1} stops answers now", "impaired: ?.",
    ),
    "impaired on Managed Instances": (
        "hosts", MANAGED, sick(), f"warning host-unhealthy {I1} stops answers now", "Have the instance replaced. Managed Instances replaces it by itself",
        f"update-container-instances-state --cluster ash-cloud --container-instances {H1} --status DRAINING", "!terminate-instance",
    ),
    "impaired, and its agent is gone": (
        "hosts", EC2, {**sick(), f"{HOST}.agentConnected": False}, f"warning host-unhealthy {I1} stops answers now; warning agent-disconnected {I1}",
    ),
    "drained and impaired on EC2: two matters": ("hosts", EC2, {**sick(), **of("DRAINING")}, f"warning host-drained {I1}; warning host-unhealthy {I1} stops answers now"),
    "its agent, by a check of ECS's and by the field": (
        "hosts", EC2, {**sick("AGENT_CONNECTIVITY", lastStatusChange="2026-11-22T11:50:00Z"), f"{HOST}.agentConnected": False,
                       "host_events": [changed("11:30:00", agentConnected=False)]},
        f"warning agent-disconnected {I1} since 11:50", "An agent that updates itself is back within minutes", "agentConnected",
    ),
    "the events were not read": ("hosts", EC2, of("DRAINING", host_events={"gap": {"kind": "denied", "code": "AccessDenied", "action": "a:B"}}), f"warning host-drained {I1}"),
    "when it joined was not told": ("hosts", EC2, {f"{HOST}.agentConnected": False, f"{HOST}.registeredAt": None}, f"warning agent-disconnected {I1}"),
    "a machine of which EC2 knows nothing has lost its agent": (
        "hosts", EC2, {f"{HOST}.agentConnected": False, f"{HOST}.ec2InstanceId": None}, "warning agent-disconnected of host/h1", "Nobody may enter such an instance. Replace the machine",
    ),
    "it could not join, and says nothing": (
        "hosts", EC2, of("REGISTRATION_FAILED"), f"warning no-instances {I1} since 08:00", "could not be registered with the cluster: ECS gives no reason.", "value='none'",
    ),
    "what ECS tells of agents that were not asked": ("hosts", EC2, {f"{HOST}.agentConnected": None, f"{HOST}.status": None, f"{HOST}.healthStatus": None}, "sound"),
    "the tasks were not read": ("hosts", EC2, of("DRAINING", tasks={"gap": {"kind": "denied", "code": "AccessDenied", "action": "a:B"}}), f"warning host-drained {I1}", "!still on it"),
}  # fmt: skip

SUSPENDED = {f"{GROUP}.SuspendedProcesses": [{"ProcessName": "Launch"}]}
SCALED = {
    "capacity_providers": [
        {
            "name": "cp",
            "autoScalingGroupProvider": {
                "autoScalingGroupArn": "arn:aws:autoscaling:us-east-1:1:autoScalingGroup:u:autoScalingGroupName/ash-cloud-Instances-1",
                "managedScaling": {"status": "ENABLED"},
            },
        }
    ]
}
FLEET = "fleet-the-group-may-have-no-second-instance"
GROUPS: dict[str, Row] = {
    "none is asked for, while one serves": (
        "scaling-group", EC2, {f"{GROUP}.DesiredCapacity": 0, f"{GROUP}.MinSize": 0}, f"warning scaling-group-empty {OF_GROUP}", "Ask for one instance.",
        "(minimum 0, desired 0, maximum 1)", "--desired-capacity 1",
    ),
    "none may be, while one serves": ("scaling-group", EC2, {f"{GROUP}.MaxSize": 0}, f"warning scaling-group-empty {OF_GROUP}", "--max-size 1"),
    "ECS asks for one when it needs it": ("scaling-group", EC2, {f"{GROUP}.DesiredCapacity": 0, **SCALED}, "sound"),
    "ECS asks for one, and there is none": ("scaling-group", EC2, {f"{GROUP}.DesiredCapacity": 0, **SCALED, **NONE_IN_SERVICE}, "sound"),
    "ECS may ask for none": ("scaling-group", EC2, {f"{GROUP}.MaxSize": 0, **SCALED, **NONE_IN_SERVICE}, f"error scaling-group-empty {OF_GROUP}"),
    "ECS does not scale it": (
        "scaling-group", EC2, {f"{GROUP}.DesiredCapacity": 0, **SCALED, "capacity_providers.0.autoScalingGroupProvider.managedScaling.status": "DISABLED"},
        f"warning scaling-group-empty {OF_GROUP}",
    ),
    "ECS scales another": (
        "scaling-group", EC2, {f"{GROUP}.DesiredCapacity": 0, **SCALED, "capacity_providers.0.autoScalingGroupProvider.autoScalingGroupArn": "x/other"},
        f"warning scaling-group-empty {OF_GROUP}",
    ),
    "launching is suspended, while one serves": (
        "scaling-group", EC2, SUSPENDED, f"warning {CANNOT}", "launching is suspended (no reason given)", "resume-processes --auto-scaling-group-name ash-cloud-Instances-1",
        "once whoever suspended it agrees",
    ),
    "suspended, and there is none": ("scaling-group", EC2, {**SUSPENDED, **NONE_IN_SERVICE}, f"error {CANNOT}", "(no reason given)"),
    "the group itself calls it unhealthy": (
        "scaling-group", EC2, {f"{GROUP}.Instances.0.HealthStatus": "Unhealthy"}, f"warning host-unhealthy {I1}",
        "Auto Scaling group ash-cloud-Instances-1 calls instance i-0a1 unhealthy", "Instances[i-0a1].HealthStatus",
        "describe-scaling-activities --auto-scaling-group-name ash-cloud-Instances-1 --max-records 5",
    ),
    "it says nothing of it": ("scaling-group", EC2, {f"{GROUP}.Instances.0.HealthStatus": None}, "sound"),
    "where it stands was not told": ("scaling-group", EC2, {f"{GROUP}.Instances.0.LifecycleState": None}, "sound"),
    "it goes": ("scaling-group", EC2, {f"{GROUP}.Instances.0.LifecycleState": "Terminating", "scaling_activities": [tried()], **NO_TASK}, f"error {CANNOT} since 11:50"),
    "a failure that says nothing": ("scaling-group", EC2, {**NONE_IN_SERVICE, "scaling_activities": [tried(said_="")]}, f"error {CANNOT} since 11:50", "could not start an instance: no message."),
    "no number is asked for, and there is none": ("scaling-group", EC2, {f"{GROUP}.DesiredCapacity": None, **NONE_IN_SERVICE, "scaling_activities": [tried()]}, f"error {CANNOT} since 11:50"),
    "nothing was tried": ("scaling-group", EC2, {**NONE_IN_SERVICE, "scaling_activities": []}, "sound"),
    "an attempt whose time was not told is of now": (
        "scaling-group", EC2, {**NONE_IN_SERVICE, "scaling_activities": [{**tried(), "StartTime": None}, tried("Successful", "11:59:00")]}, f"error {CANNOT}",
    ),
}  # fmt: skip

CP = "capacity_providers.0"
PROVIDERS: dict[str, Row] = {
    "no provider of that name, and none runs": ("capacity-providers", MANAGED, {"capacity_providers": [], **NO_TASK}, f"error {MI}", "Or deploy again, which makes it.", "ash-ops deploy"),
    "a state that was not told": ("capacity-providers", MANAGED, {f"{CP}.status": None}, "sound"),
    "a state that was not told, and a change that failed": (
        "capacity-providers", MANAGED, {f"{CP}.status": None, f"{CP}.updateStatus": "UPDATE_FAILED", **NO_TASK}, f"warning {MI}", "could not be changed.", "value='not told'",
        "value='UPDATE_FAILED'",
    ),
    "deleted, and none runs": ("capacity-providers", MANAGED, {f"{CP}.status": "INACTIVE", **NO_TASK}, f"error {MI}", "Deploy again, which makes one, or let the service name another."),
    "could not be made, and says why": (
        "capacity-providers", MANAGED, {f"{CP}.status": "PROVISIONING", f"{CP}.updateStatus": "CREATE_FAILED", f"{CP}.updateStatusReason": "the role is gone"}, f"warning {MI}",
        "could not be made: the role is gone.", "Mend this first: the role is gone. Then deploy", "value='CREATE_FAILED: the role is gone'", "ash-ops deploy",
    ),
    "could not be deleted": (
        "capacity-providers", MANAGED, {f"{CP}.status": "DEPROVISIONING", f"{CP}.updateStatus": "DELETE_FAILED"}, f"warning {MI}", "is being deleted.", "Deploy again",
    ),
    "could not be changed while it is made": (
        "capacity-providers", MANAGED, {f"{CP}.status": "PROVISIONING", f"{CP}.updateStatus": "UPDATE_FAILED"}, f"warning {MI}", "is still being made.",
        "Remove what its reason names", "!Wait until it is ACTIVE",
    ),
    "the role trusts another, and none runs": (
        "infrastructure-role", MANAGED, {"infrastructure_role.trusted_services": ["ec2.amazonaws.com", "a.amazonaws.com"], **NO_TASK}, f"error {ROLE}",
        "trusts ec2.amazonaws.com, a.amazonaws.com; it must trust ecs.amazonaws.com.", "Role[ecsInfrastructure].AssumeRolePolicyDocument",
    ),
    "the role is gone, whatever it trusted": (
        "infrastructure-role", MANAGED, {"infrastructure_role.exists": False}, f"warning {ROLE}", "field='Role[ecsInfrastructure]'", "ash-ops deploy", "it must trust ecs.amazonaws.com",
    ),
}  # fmt: skip


@each("case", ROOM)
def test_whether_an_instance_has_room_and_what_is_done_for_it(case: Row) -> None:
    holds(case)


@each("case", INSTANCES)
def test_what_an_instance_is_said_to_suffer_from(case: Row) -> None:
    holds(case)


@each("case", GROUPS | PROVIDERS)
def test_what_keeps_instances_from_being_started(case: Row) -> None:
    holds(case)


def test_of_many_full_instances_five_are_named() -> None:
    """More would fill the screen; the cluster's own list has them all."""
    many = {f"container_instances.{n}": {**NEXT_TO, "ec2InstanceId": f"i-0c{n}"} for n in range(6)}
    facts = {**left(0, 0), "container_instances": [{}] * 6, **many}
    [full] = found("room-on-hosts", EC2, facts)
    assert [proof.field for proof in full.evidence] == [
        f"containerInstances[i-0c{n}].remainingResources" for n in range(5)
    ]
    assert full.summary.count("MB;") == 4


IDS = {
    "host-drained:i-0a1": ("hosts", EC2, of("DRAINING")),
    "host-drained:i-0a1 leaving": ("hosts", EC2, of("INACTIVE")),
    "no-instances:i-0a1": ("hosts", EC2, of("REGISTRATION_FAILED")),
    "host-unhealthy:i-0a1": ("hosts", EC2, sick()),
    "host-unhealthy:i-0a1 by its group": (
        "scaling-group",
        EC2,
        {f"{GROUP}.Instances.0.HealthStatus": "Unhealthy"},
    ),
    "agent-disconnected:i-0a1": ("hosts", EC2, {f"{HOST}.agentConnected": False}),
    "scaling-group-empty:ash-cloud-Instances-1": ("scaling-group", EC2, {f"{GROUP}.MaxSize": 0}),
    "scaling-group-cannot-launch:ash-cloud-Instances-1": ("scaling-group", EC2, SUSPENDED),
    "scaling-group-cannot-launch:ash-cloud-Instances-1 of a failure": (
        "scaling-group",
        EC2,
        {**NONE_IN_SERVICE, "scaling_activities": [tried()]},
    ),
    "provider-not-active:mi": ("capacity-providers", MANAGED, {f"{CP}.status": "INACTIVE"}),
    "provider-not-active:mi absent": ("capacity-providers", MANAGED, {"capacity_providers": []}),
}


@each("case", IDS.items())
def test_a_finding_of_one_of_several_things_is_told_apart_from_its_brothers(
    case: tuple[str, tuple[str, str, dict[str, Any]]],
) -> None:
    """A person ignores a finding by its id, and a page links to it: two things never share one."""
    name, (check, base, changes) = case
    assert [item.id for item in found(check, base, changes)] == [name.split()[0]]
