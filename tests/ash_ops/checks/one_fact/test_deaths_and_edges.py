"""Deaths of tasks, and the edges of subnets: the fact that decides how grave they are."""

from __future__ import annotations

from typing import Any

from tests.support.each import each
from tests.support.one_check import GONE, Row, holds

NO_TASK = {"tasks": [], "service.runningCount": 0, "target_health": []}
SEVEN = "arn:aws:ecs:us-east-1:111122223333:task-definition/ash-cloud-runtime:7"


def dead(
    at: str = "11:58:00",
    name: str = "dead0000",
    reason: str = "Essential container in task exited",
    **more: Any,
) -> dict[str, Any]:
    return {
        "taskArn": f"x/{name}", "taskDefinitionArn": SEVEN, "lastStatus": "STOPPED", "createdAt": "2026-11-22T10:30:00Z", "startedAt": "2026-11-22T10:31:00Z",
        "stoppedAt": f"2026-11-22T{at}Z", "stopCode": "EssentialContainerExited", "stoppedReason": reason, "containers": [{"name": "ash", "exitCode": 1}], **more,
    }  # fmt: skip


def died(*tasks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"stopped_tasks": list(tasks), **{k.replace("__", "."): v for k, v in more.items()}}


CRASH = "maybe app-crash of task/dead0000 since"
MEMORY = {
    "containers": [
        {
            "name": "ash",
            "exitCode": 137,
            "reason": "OutOfMemoryError: Container killed due to memory usage",
        }
    ]
}
STARTED = "tasks.0.startedAt"
NEVER_RAN: dict[str, Any] = {
    "startedAt": None,
    "pullStartedAt": "2026-11-22T11:57:00Z",
    "pullStoppedAt": "2026-11-22T11:57:30Z",
    "stopCode": "TaskFailedToStart",
    "reason": "Task failed to start",
    "containers": [{"name": "ash"}],
}


def went_back(
    status: str = "ROLLBACK_SUCCESSFUL", asked: str = "2026-11-22T11:30:05Z"
) -> dict[str, Any]:
    """Revision 8 was rolled out at 11:30 and died at 11:35; revision 7 is in place by a deployment of 11:38."""
    record = {
        "serviceDeploymentArn": "d8",
        "status": status,
        "createdAt": "2026-11-22T11:30:00Z",
        "finishedAt": "2026-11-22T11:40:00Z",
    }
    victim = dead(
        "11:35:00",
        taskDefinitionArn=SEVEN.replace(":7", ":8"),
        createdAt=asked,
        startedAt="2026-11-22T11:31:00Z",
    )
    return {
        **died(victim),
        "service_deployments": [record],
        "service.deployments.0.createdAt": "2026-11-22T11:38:00Z",
    }


DEATHS: dict[str, Row] = {
    "none": ("stopped-tasks", "", {}, "sound"),
    "of late": (
        "stopped-tasks", "", died(dead()), f"error {CRASH} 11:58", "A task died of it; the last was dead0000, 2 min ago: Essential container in task exited (exit code 1).",
        "tasks[dead0000].stopCode", "tasks[dead0000].containers[ash].exitCode", "logs --task dead0000",
    ),
    "less than a quarter of an hour ago": ("stopped-tasks", "", died(dead("11:45:01")), f"error {CRASH} 11:45:01"),
    "a quarter of an hour ago": ("stopped-tasks", "", died(dead("11:45:00")), f"warning {CRASH} 11:45"),
    "two within the hour": (
        "stopped-tasks", "", died(dead("11:20:00"), dead("11:40:00", "dead0001")), "error maybe app-crash of revision/7 since 11:20", "2 tasks died of it within 20 min; the last was dead0001",
    ),
    "one of two within the hour": ("stopped-tasks", "", died(dead("11:00:00"), dead("11:40:00", "dead0001")), "warning maybe app-crash of revision/7 since 11:00"),
    "of two revisions": ("stopped-tasks", "", died(dead("11:20:00"), dead("11:40:00", "dead0001", taskDefinitionArn=SEVEN.replace(":7", ":8"))), "error maybe app-crash since 11:20"),
    "and none runs, for an hour": ("stopped-tasks", "", {**died(dead("11:00:00")), **NO_TASK}, f"error {CRASH} 11:00"),
    "for an hour and a second: something else stops it now": ("stopped-tasks", "", {**died(dead("10:59:59")), **NO_TASK}, f"warning {CRASH} 10:59:59"),
    "for an hour and a second, and ECS gave up": (
        "stopped-tasks", "", {**died(dead("10:59:59"), service__deployments__0__rolloutState="FAILED"), **NO_TASK}, f"error {CRASH} 10:59:59",
    ),
    "outlived for long": ("stopped-tasks", "", {**died(dead("11:20:00")), STARTED: "2026-11-22T11:30:00Z"}, f"warning {CRASH} 11:20 until 11:30"),
    "outlived for a quarter of an hour": ("stopped-tasks", "", {**died(dead("11:40:00"), ), STARTED: "2026-11-22T11:45:00Z"}, f"warning {CRASH} 11:40 until 11:45"),
    "outlived for two minutes": ("stopped-tasks", "", {**died(dead("11:50:00")), STARTED: "2026-11-22T11:58:00Z"}, f"error {CRASH} 11:50"),
    "none is wanted": ("stopped-tasks", "", {**died(dead(), service__desiredCount=0), **NO_TASK}, f"warning {CRASH} 11:58"),
    "for its memory": (
        "stopped-tasks", "", died(dead(**MEMORY)), "error container-oom of task/dead0000 since 11:58", "OutOfMemoryError: Container killed due to memory usage (exit code 137", "deploy --memory 8192",
        "containers[ash].reason",
    ),
    "by a crash in native code": (
        "stopped-tasks", "", died(dead(containers=[{"name": "ash", "exitCode": 139}])), "error maybe exit-139 of task/dead0000 since 11:58", "(exit code 139, SIGSEGV",
    ),
    "for its memory, whatever its code": (
        "stopped-tasks", "", died(dead(containers=[{"name": "ash", "exitCode": 139, "reason": "OutOfMemoryError: killed"}])), "error container-oom of task/dead0000 since 11:58",
    ),
    "before it ran, and nothing says why": (
        "stopped-tasks", "", {**died(dead(**NEVER_RAN)), **NO_TASK}, "error maybe container-start-failed of task/dead0000 since 11:58", "Task failed to start",
        "!Repair the first error in the log",
    ),
    "before its image was there, and nothing says why": (
        "stopped-tasks", "", {**died(dead(**{**NEVER_RAN, "pullStoppedAt": None})), **NO_TASK}, "error maybe task-init-failed of task/dead0000 since 11:58",
    ),
    "at a user's wish, and none runs since": (
        "stopped-tasks", "", {**died(dead(stopCode="UserInitiated", reason="Task stopped by user", containers=[{"name": "ash", "exitCode": 0}])), **NO_TASK},
        "? no task runs, and of those that stopped none died of a fault; the last was dead0000, 2 min ago: Task stopped by user (exit code 0).",
    ),
    "nobody remembers of what": (
        "stopped-tasks", "", NO_TASK,
        "? no task runs, and ECS remembers none that stopped (it forgets them after about an hour); the stack has no event archive that tells more",
    ),
    "of a revision that ECS went back from, under a new deployment": (
        "stopped-tasks", "", went_back(), "warning maybe app-crash of task/dead0000 since 11:35",
    ),
    "of one before the rollout that ECS took back": (
        "stopped-tasks", "", went_back(asked="2026-11-22T11:29:59Z"), "info maybe app-crash of task/dead0000 since 11:35 until 11:38",
    ),
    "of a revision that another was rolled out after": (
        "stopped-tasks", "", went_back(status="SUCCESSFUL"), "info maybe app-crash of task/dead0000 since 11:35 until 11:38",
    ),
    "for an image that is not there: another try finds none either": (
        "stopped-tasks", "", {**died(dead(startedAt=None, stopCode="TaskFailedToStart", containers=[], reason="CannotPullContainerError: failed to resolve ref ghcr.io/a/b:1: ghcr.io/a/b:1: not found")), **NO_TASK},
        "error maybe image-not-found of task/dead0000 since 11:58", "!--force-new-deployment",
    ),
    "for a registry that nobody reached: another try once it is": (
        "stopped-tasks", "", {**died(dead(startedAt=None, stopCode="TaskFailedToStart", containers=[], reason="CannotPullContainerError: failed to resolve ref ghcr.io/a/b:1: dial tcp 140.82.121.34:443: i/o timeout")), **NO_TASK},
        "error image-pull-network of task/dead0000 since 11:58", "Once that is so, start fresh tasks.", "--force-new-deployment",
    ),
    "scaled in": ("stopped-tasks", "", died(dead(stopCode="ServiceSchedulerInitiated", reason="Scaling activity initiated by deployment")), "sound"),
    "of a code that nobody knows": (
        "stopped-tasks", "", died(dead(stopCode="SERENE", reason="Who knows", containers=[])), "? task dead0000 stopped with stopCode SERENE, which this version does not know: Who knows",
    ),
    "of a code that nobody knows, outlived for an hour": (
        "stopped-tasks", "", {**died(dead("10:40:00", stopCode="SERENE", reason="Who knows", containers=[])), STARTED: "2026-11-22T10:59:59Z"}, "sound",
    ),
    "of a code that nobody knows, outlived for a second less": (
        "stopped-tasks", "", {**died(dead("10:40:00", stopCode="SERENE", reason="Who knows", containers=[])), STARTED: "2026-11-22T11:00:00Z"},
        "? task dead0000 stopped with stopCode SERENE, which this version does not know: Who knows",
    ),
    "nothing runs, and nothing is remembered": (
        "stopped-tasks", "", NO_TASK,
        "? no task runs, and ECS remembers none that stopped (it forgets them after about an hour); the stack has no event archive that tells more",
    ),
    "nothing runs, for nothing is wanted": ("stopped-tasks", "", {**NO_TASK, "service.desiredCount": 0}, "sound"),
    "another revision was deployed since": (
        "stopped-tasks", "", {**died(dead(taskDefinitionArn=SEVEN.replace(":7", ":6")), service__deployments__0__createdAt="2026-11-22T11:59:00Z"), **NO_TASK},
        f"info {CRASH} 11:58 until 11:59", "Another revision was deployed since.", "!logs --task",
    ),
    "without a moment nobody knows since when": ("stopped-tasks", "", died({**dead(), "stoppedAt": None}), f"warning {CRASH} 10:30"),
}  # fmt: skip

UNANSWERED = {
    "target_health.0.TargetHealth": {"State": "unhealthy", "Reason": "Target.Timeout"},
    "probe.rungs": [
        {"name": "dns", "outcome": "ok"},
        {
            "name": "tcp",
            "outcome": "failed",
            "error": "TimeoutError",
            "detail": "port 4100: 198.51.100.1 TimeoutError",
        },
    ],
}
ALL = [
    {
        "RuleNumber": 100,
        "RuleAction": "allow",
        "Egress": out,
        "Protocol": "-1",
        "CidrBlock": "0.0.0.0/0",
    }
    for out in (False, True)
]


def denies(
    cidr: str, first: int = 4100, last: int = 4100, *, out: bool = False, **more: Any
) -> dict[str, Any]:
    """An ACL of both subnets that lets all through but this."""
    entry = {
        "RuleNumber": 90,
        "RuleAction": "deny",
        "Egress": out,
        "Protocol": "6",
        "CidrBlock": cidr,
        "PortRange": {"From": first, "To": last},
    }
    return {**UNANSWERED, "network_acls.0.Entries": [entry, *ALL], **more}


OF_A, OF_NLB = (
    "error nacl-blocks of subnet/subnet-aaa",
    "error nacl-blocks of balancer/ash-cloud-nlb",
)
SOME = "? acl-1 lets only some addresses or ports through; whether the ones needed are among them cannot be told"
EDGES: dict[str, Row] = {
    "all is let through": ("network-acls", "", UNANSWERED, "sound"),
    "no balancer": ("network-acls", "", {**UNANSWERED, "load_balancers": []}, "none of its business"),
    "the balancer is not let in to the task": (
        "network-acls", "", denies("10.0.2.0/24"), OF_A, "Network ACL acl-1 of the task's subnet subnet-aaa does not let TCP 4100 in from the load balancer.",
        "--ingress --rule-number 89 --protocol tcp --port-range From=4100,To=4100", "NetworkAcls[acl-1].Entries[ingress]", "90 deny 6 10.0.2.0/24",
    ),
    "on another port": ("network-acls", "", denies("10.0.2.0/24", 4101, 4101), "sound"),
    "the answers to it are not let out": (
        "network-acls", "", denies("10.0.2.0/24", 1024, 65535, out=True), OF_A, "does not let the answers to the load balancer out (TCP 1024-65535).",
        "--egress --rule-number 89 --protocol tcp --port-range From=1024,To=65535",
    ),
    "the balancer is not let out to the task": (
        "network-acls", "", denies("10.0.1.0/24", out=True), OF_NLB, "of the load balancer's subnet subnet-bbb does not let TCP 4100 out to the task.", "--egress --rule-number 89",
    ),
    "the task's answers are not let in": (
        "network-acls", "", denies("10.0.1.0/24", 1024, 65535), OF_NLB, "does not let the task's answers in (TCP 1024-65535).",
    ),
    "the caller is not let in": ("network-acls", "", denies("203.0.113.7/32"), OF_NLB, "does not let TCP 4100 in from you.", "--cidr-block 0.0.0.0/0 --rule-action allow"),
    "the answers to the caller are not let out": ("network-acls", "", denies("203.0.113.7/32", 1024, 65535, out=True), OF_NLB, "does not let the answers to you out (TCP 1024-65535)."),
    "a caller that was refused has come through": (
        "network-acls", "", {**denies("203.0.113.7/32"), "probe.rungs.1.error": "ConnectionRefusedError", "probe.rungs.1.detail": "port 4100: 198.51.100.1 ConnectionRefusedError"}, "sound",
    ),
    "a target that is healthy disproves it": ("network-acls", "", {**denies("10.0.2.0/24"), "target_health.0.TargetHealth": {"State": "healthy"}, "probe.rungs": [{"name": "http", "outcome": "ok"}]}, "sound"),
    "no task runs": ("network-acls", "", {**denies("10.0.2.0/24"), **NO_TASK}, OF_A.replace("error", "warning")),
    "no ACL is known": ("network-acls", "", {**UNANSWERED, "network_acls": []}, "sound"),
    "a part of the balancer's subnet": (
        "network-acls", "", {**UNANSWERED, "network_acls.0.Entries": [
            {"RuleNumber": 100, "RuleAction": "allow", "Egress": False, "Protocol": "6", "CidrBlock": "10.0.2.0/28"}, ALL[1]]},
        f"{OF_NLB}; ? acl-1 lets only some addresses or ports through; whether the ones needed are among them cannot be told",
    ),
    "a part of the balancer's subnet is denied": ("network-acls", "", denies("10.0.2.0/25"), SOME),
    "a part of the task's subnet is denied": ("network-acls", "", denies("10.0.1.16/28", out=True), SOME),
    "a part of it is denied on some of the ports": ("network-acls", "", denies("10.0.2.0/25", 3389, 3389), "sound"),
    "a part of it is denied after all was let in": ("network-acls", "", {**denies("10.0.2.0/25"), "network_acls.0.Entries.0.RuleNumber": 101}, "sound"),
    "a part of it is denied, and then all": ("network-acls", "", {**denies("10.0.2.0/25"), "network_acls.0.Entries.1.RuleAction": "deny"}, OF_A),
}  # fmt: skip
SIX = [{**{k: v for k, v in each_.items() if k != "CidrBlock"}, "RuleNumber": 101, "Ipv6CidrBlock": "::/0"} for each_ in ALL]  # fmt: skip
OF_SIX = {**UNANSWERED, "probe.caller_ip": "2001:db8::7"}


def of_six(*ports: int, out: bool = False) -> dict[str, Any]:
    """An ACL that lets all through but this machine's address of IPv6 on some ports."""
    (entry, *_) = denies("", *ports, out=out)["network_acls.0.Entries"]
    del entry["CidrBlock"]
    return {
        **OF_SIX,
        "network_acls.0.Entries": [{**entry, "Ipv6CidrBlock": "2001:db8::/64"}, *ALL, *SIX],
    }


def heard(*said: str) -> dict[str, Any]:
    """A server that answers, and what each of the balancer's addresses said to a connection."""
    told = ", ".join(f"198.51.100.{n} {what}" for n, what in enumerate(said, 1))
    tcp = {"name": "tcp", "outcome": "ok", "detail": f"port 4100: {told}"}
    return {"probe.rungs": [tcp, {"name": "http", "outcome": "ok"}]}


ELSEWHERE = {"listeners.0.Port": 8080}
HIDDEN = {"target_group_attributes": {"preserve_client_ip.enabled": "false"}}
TO_HTTPS = "--egress --rule-number 88 --protocol tcp --port-range From=443,To=443"
EDGES |= {
    "an IPv6 caller is not let in": ("network-acls", "", of_six(4100, 4100), OF_NLB, "does not let TCP 4100 in from you.", "--ingress --rule-number 89 ", "--ipv6-cidr-block ::/0", "!--cidr-block"),
    "an IPv6 caller is let in": ("network-acls", "", {**OF_SIX, "network_acls.0.Entries": [*ALL, *SIX]}, "sound"),
    "no rule of IPv6 was read": ("network-acls", "", {**OF_SIX, "network_acls.0.Entries": ALL}, "? no rule of acl-1 for IPv6 addresses is known"),
    "no answer leaves, of IPv6 nor to the internet": (
        "network-acls", "", {**of_six(1024, 65535, out=True), "network_acls.0.Entries.+": denies("0.0.0.0/0", 443, 443, out=True)["network_acls.0.Entries"][0]},
        OF_NLB, "answers to you out", "!Let the tasks' requests out, too.",
    ),
    "no answer of the task leaves, nor its requests": (
        "network-acls", "", denies("0.0.0.0/0", 443, 65535, out=True), OF_A, "From=1024,To=65535", "Let the tasks' requests out, too.", TO_HTTPS,
    ),
    "no answer to the task's requests comes in either": ("network-acls", "", denies("0.0.0.0/0", 1024, 65535), OF_A, "does not let TCP 4100 in from the load balancer.", "--ingress --rule-number 89 --protocol tcp --port-range From=1024,To=65535"),
    "whether its answers come in cannot be told": (
        "network-acls", "", {**denies("10.0.2.0/24"), "network_acls.0.Entries.1": {**ALL[0], "CidrBlock": "10.0.0.0/8"}},
        OF_A, "--ingress --rule-number 89 --protocol tcp --port-range From=4100,To=4100",
    ),
    "the task sees the caller and does not let it in": ("network-acls", "", denies("203.0.113.7/32", **ELSEWHERE), OF_A, "does not let TCP 4100 in from you."),
    "the task does not see the caller": ("network-acls", "", denies("203.0.113.7/32", **ELSEWHERE, **HIDDEN), "sound"),
    "the caller is not let in on the listener's port": ("network-acls", "", denies("203.0.113.7/32", 8080, 8080, **ELSEWHERE), OF_NLB, "does not let TCP 8080 in from you.", "From=8080,To=8080"),
    "the caller is not let in, and no task runs": ("network-acls", "", {**denies("203.0.113.7/32"), **NO_TASK, **UNANSWERED}, OF_NLB.replace("error", "warning")),
    "the caller is not let in, and the targets are well": ("network-acls", "", {**denies("203.0.113.7/32"), "target_health.0.TargetHealth": {"State": "healthy"}}, OF_NLB),
    "one address of two is silent to the caller": ("network-acls", "", {**denies("203.0.113.7/32"), "target_health.0.TargetHealth": {"State": "healthy"}, **heard("ok", "TimeoutError")}, OF_NLB),
    "one refuses": ("network-acls", "", {**denies("203.0.113.7/32"), "target_health.0.TargetHealth": {"State": "healthy"}, **heard("ok", "ConnectionRefusedError")}, "sound"),
    "nobody asked": ("network-acls", "", denies("203.0.113.7/32", probe=None), "sound"),
    "what was asked was not read": ("network-acls", "", denies("203.0.113.7/32", probe={"gap": {"kind": "denied"}}), "sound"),
    "this machine's address is not known": ("network-acls", "", denies("203.0.113.7/32", **{"probe.caller_ip": None}), "sound"),
    "inside one subnet nothing passes its edge": (
        "network-acls", "", denies("10.0.1.0/24", **{"load_balancers.0.AvailabilityZones": [{"ZoneName": "us-east-1a", "SubnetId": "subnet-aaa"}]}), "sound",
    ),
}  # fmt: skip

TWO = "acl-of-the-second-balancers-subnets-drops-the-port"
OF_TWO = "error nacl-blocks of balancer/ash-internal"
WELL, ILL = {"State": "healthy"}, {"State": "unhealthy", "Reason": "Target.Timeout"}
FIRST, SECOND = "network_acls.0.Entries", "network_acls.1.Entries"


def to_task(cidr: str, first: int = 4100, last: int = 4100, *, out: bool = False) -> dict[str, Any]:
    """The second balancer's ACL lets all through, and the task's all but this."""
    return {SECOND: ALL, FIRST: denies(cidr, first, last, out=out)[FIRST]}


EDGES_OF_TWO: dict[str, Row] = {
    "the second's way is shut": ("network-acls", TWO, {}, OF_TWO, "Network ACL acl-2 of the load balancer's subnet subnet-iii does not let TCP 4100 out to the task.", "--network-acl-id acl-2"),
    "it is open": ("network-acls", TWO, {SECOND: ALL}, "sound"),
    "its health checks come through": ("network-acls", TWO, {"target_health.1.TargetHealth": WELL}, "sound"),
    "and the first's do not": ("network-acls", TWO, {"target_health.0.TargetHealth": ILL, "target_health.1.TargetHealth": WELL}, "sound"),
    "neither's do": ("network-acls", TWO, {"target_health.0.TargetHealth": ILL}, OF_TWO),
    "its target is new": ("network-acls", TWO, {"target_health.1.TargetHealth": {"State": "initial"}}, OF_TWO),
    "nobody tells whose target it is": ("network-acls", TWO, {"target_health.1.TargetGroupArn": GONE}, "sound"),
    "its group hangs at no balancer": ("network-acls", TWO, {"target_groups.1.LoadBalancerArns": []}, "sound"),
    "no task runs": ("network-acls", TWO, NO_TASK, OF_TWO.replace("error", "warning")),
    "the task's answers are not let in": ("network-acls", TWO, {SECOND: denies("10.0.1.0/24", 1024, 65535)[FIRST]}, OF_TWO, "subnet-iii does not let the task's answers in (TCP 1024-65535)."),
    "the task does not let it in": ("network-acls", TWO, to_task("10.0.21.0/24"), OF_A, "Network ACL acl-1 of the task's subnet subnet-aaa does not let TCP 4100 in from the load balancer."),
    "the task lets no answers out to its second zone": ("network-acls", TWO, to_task("10.0.22.0/24", 1024, 65535, out=True), OF_A, "does not let the answers to the load balancer out"),
    "the task does not let the first in, whose checks come through": ("network-acls", TWO, to_task("10.0.2.0/24"), "sound"),
    "its own port counts": ("network-acls", TWO, {"service.loadBalancers.1.containerPort": 8080}, "sound"),
    "two edges are shut": ("network-acls", TWO, {FIRST: to_task("10.0.21.0/24")[FIRST]}, f"{OF_A}; {OF_TWO}"),
}  # fmt: skip


@each("case", DEATHS)
def test_how_grave_the_death_of_a_task_is(case: Row) -> None:
    holds(case)


@each("case", EDGES | EDGES_OF_TWO)
def test_what_passes_the_edges_of_the_subnets(case: Row) -> None:
    holds(case)
