"""The checks of a connection, each asked of facts that differ in one thing: the fact that decides."""

from __future__ import annotations

from typing import Any

from tests.support.each import each
from tests.support.one_check import GONE, Row, holds

NLB = "balancer/ash-cloud-nlb"
HOST = "ash-cloud-nlb-0123.elb.us-east-1.amazonaws.com"
URL = f"http://{HOST}:4100"
TG = "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/ash-cloud-tg/0123456789abcdef"
OTHER = "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/other/fedcba9876543210"
MINE = "task/8f2c1d0e9b7a4c5d8e6f1a2b3c4d5e6f"
STRANGER = {"Target": {"Id": "10.0.1.99", "Port": 4100}, "TargetHealth": {"State": "healthy"}}


def rungs(*told: tuple[str, str, Any]) -> list[dict[str, Any]]:
    """A ladder: the name of each rung, ``ok`` or what failed, and its status or error's words."""
    steps: list[dict[str, Any]] = []
    for name, how, more in told:
        if how == "ok":
            steps.append({"name": name, "outcome": "ok", "elapsed_ms": 4.0, "status": more})
        elif isinstance(more, int):
            steps.append({"name": name, "outcome": "failed", "status": more, "detail": how})
        else:
            steps.append({"name": name, "outcome": "failed", "error": how, "detail": more})
    return steps


DNS, TCP, TLS, HTTP = (
    ("dns", "ok", None),
    ("tcp", "ok", None),
    ("tls", "ok", None),
    ("http", "ok", 200),
)
SILENT = rungs(DNS, ("tcp", "TimeoutError", "port 4100: 198.51.100.1 TimeoutError"))
REFUSED = rungs(DNS, ("tcp", "ConnectionRefusedError", "Connection refused"))


def task(ip: str, **more: Any) -> dict[str, Any]:
    """A second task of this revision, well since hours."""
    return {
        "taskArn": "arn:aws:ecs:us-east-1:111122223333:task/ash-cloud/" + "b" * 32,
        "taskDefinitionArn": "arn:aws:ecs:us-east-1:111122223333:task-definition/ash-cloud-runtime:7",
        "lastStatus": "RUNNING",
        "desiredStatus": "RUNNING",
        "availabilityZone": "us-east-1b",
        "createdAt": "2026-11-22T09:00:00Z",
        "startedAt": "2026-11-22T09:01:00Z",
        "attachments": [{"type": "ElasticNetworkInterface", "details": [
            {"name": "subnetId", "value": "subnet-bbb"}, {"name": "privateIPv4Address", "value": ip}]}],
        **more,
    }  # fmt: skip


def row(
    ip: str, state: str, reason: str = "", zone: str = "us-east-1b", **more: Any
) -> dict[str, Any]:
    health = {"State": state, **({"Reason": reason} if reason else {})}
    return {
        "Target": {"Id": ip, "Port": 4100, "AvailabilityZone": zone},
        "TargetHealth": health,
        **more,
    }


FOREIGN: dict[str, Row] = {
    "ours alone": ("foreign-targets", "", {}, "sound"),
    "none at all": ("foreign-targets", "", {"target_health": []}, "none of its business"),
    "a stranger that is healthy": (
        "foreign-targets", "", {"target_health.+": STRANGER}, "error target-foreign of target/10.0.1.99:4100",
        "it gets a share of the connections", f"deregister-targets --target-group-arn {TG} --targets Id=10.0.1.99,Port=4100",
    ),
    "a stranger that is not": (
        "foreign-targets", "", {"target_health.+": row("10.0.1.99", "unhealthy", "Target.Timeout")},
        "warning target-foreign of target/10.0.1.99:4100", "it gets connections if no target is healthy",
    ),
    "a stranger on its way out": ("foreign-targets", "", {"target_health.+": row("10.0.1.99", "draining")}, "sound"),
    "a task that stopped a moment ago": (
        "foreign-targets", "", {"target_health.+": STRANGER, "stopped_tasks": [task("10.0.1.99", lastStatus="STOPPED")]},
        "sound",
    ),
    "in one of two groups": (
        "foreign-targets", "", {"target_health.+": STRANGER, "target_groups.+": {
            "TargetGroupArn": OTHER, "TargetGroupName": "other", "TargetType": "ip"}},
        "error target-foreign of target/10.0.1.99:4100", "It is in one of the service's 2 target groups.",
        "!deregister-targets",
    ),
    "a target without an address": (
        "foreign-targets", "", {"target_health.0.Target.Id": ""}, "? a target was told without its address",
    ),
    "a task without one": (
        "foreign-targets", "", {"tasks.0.attachments": []}, "? the address of task 8f2c1d0e is not known",
    ),
    "two tasks of one address": (
        "foreign-targets", "", {"tasks.+": task("10.0.1.23")}, "? two tasks are told to have one address",
    ),
    "fewer tasks than ECS counts": (
        "foreign-targets", "", {"service.runningCount": 2},
        "? ECS counts 2 running tasks of the service and lists 1",
    ),
    "none where it counts one": (
        "foreign-targets", "", {"tasks": []}, "? ECS counts 1 running tasks of the service and lists none",
    ),
}  # fmt: skip

CUT = ("tcp", "ConnectionRefusedError", "Connection refused")
YOUNG = {
    "tasks.0.startedAt": "2026-11-22T11:56:01Z",
    "target_health.0.TargetHealth.State": "initial",
}
WRONG_NAME = (
    "tls",
    "SSLCertVerificationError",
    "Hostname mismatch, certificate is not valid for 'x'",
)


def asked(*told: tuple[str, str, Any], url: str = URL, **more: Any) -> dict[str, Any]:
    return {"probe": {"url": url, "rungs": rungs(*told), "caller_ip": "203.0.113.7", **more}}


SECURE = f"https://{HOST}:443"
LADDER: dict[str, Row] = {
    "all rungs hold": ("live-ladder", "", {}, "sound"),
    "no address is known": (
        "live-ladder", "", {"probe": None}, "? the server was not asked: no address of it is known",
    ),
    "nothing to ask": ("live-ladder", "", {"probe": None, "load_balancers": []}, "none of its business"),
    "no name": (
        "live-ladder", "", asked(("dns", "gaierror", "Name or service not known")), f"error dns-nxdomain of {NLB}",
        "fails at DNS: Name or service not known.",
    ),
    "the name of a balancer of three minutes": (
        "live-ladder", "", {**asked(("dns", "gaierror", "no such host")), "load_balancers.0.CreatedTime": "2026-11-22T11:56:01Z"},
        f"? the load balancer of {URL} was made a moment ago, and its name is not in DNS yet: that takes one to three minutes",
    ),
    "of four": (
        "live-ladder", "", {**asked(("dns", "gaierror", "no such host")), "load_balancers.0.CreatedTime": "2026-11-22T11:56:00Z"},
        f"error dns-nxdomain of {NLB}",
    ),
    "another young balancer is none of ours": (
        "live-ladder", "", {**asked(("dns", "gaierror", "no such host")), "load_balancers.0.DNSName": "x.example",
                            "load_balancers.0.CreatedTime": "2026-11-22T11:59:00Z"},
        "error dns-nxdomain",
    ),
    "the door is shut": (
        "live-ladder", "", asked(DNS, CUT), f"error conn-refused of {NLB}",
        "fails at TCP: Connection refused (dns ok in 4 ms).", "ConnectionRefusedError: Connection refused", "ash-ops health",
    ),
    "while the task is coming up": (
        "live-ladder", "", {**asked(DNS, CUT), **YOUNG},
        f"? {URL} does not answer yet, and the task is still coming up: wait until 12:00:01 UTC, then look again",
    ),
    "when it had its time": (
        "live-ladder", "", {**asked(DNS, CUT), **YOUNG, "tasks.0.startedAt": "2026-11-22T11:56:00Z"},
        f"error conn-refused of {NLB}",
    ),
    "silence": ("live-ladder", "", asked(DNS, ("tcp", "TimeoutError", "timed out")), f"error conn-timeout of {NLB}"),
    "cut off after the greeting": (
        "live-ladder", "", asked(DNS, TCP, ("http", "ConnectionResetError", "reset")), f"error conn-reset of {NLB}",
        "(dns ok in 4 ms, tcp ok in 4 ms)",
    ),
    "no cause of its own": (
        "live-ladder", "", asked(DNS, TCP, ("http", "OddError", "")), f"error conn-reset of {NLB}", "fails at HTTP: OddError (",
    ),
    "an answer of 503": (
        "live-ladder", "", asked(DNS, TCP, HTTP, ("health", "busy", 503)), f"error app-unhealthy-5xx of {NLB}", "503: busy",
    ),
    "a key that is refused has checks of its own": (
        "live-ladder", "", asked(DNS, TCP, HTTP, ("health", "ok", 200), ("auth", "Unauthorized", 401), key_rejected="Invalid API key"), "sound",
    ),
    "another refusal has not": (
        "live-ladder", "", asked(DNS, TCP, HTTP, ("health", "ok", 200), ("auth", "boom", 500), key_rejected=None),
        f"error ash-server-error of {NLB}",
    ),
    "it was not asked for its health": (
        "live-ladder", "", asked(DNS, TCP), f"? {URL} was not asked for its health",
    ),
    "nor is there one to ask": ("live-ladder", "", {**asked(DNS, TCP), "tasks": []}, "sound"),
    "a certificate for another name, and nothing above": (
        "live-ladder", "", asked(DNS, TCP, WRONG_NAME, url=SECURE),
        (f"? the certificate at {SECURE} is for another name than the load balancer's own, as it should be: put that "
        "name into ASH_SERVER_URL and use it"),
    ),
    "a certificate for another name, and all well above": (
        "live-ladder", "", asked(DNS, TCP, WRONG_NAME, HTTP, ("health", "ok", 200), url=SECURE), "sound",
    ),
    "a certificate for another name, and trouble above": (
        "live-ladder", "", asked(DNS, TCP, WRONG_NAME, HTTP, ("health", "busy", 503), url=SECURE), f"error app-unhealthy-5xx of {NLB}",
    ),
    "the name that clients use": (
        "live-ladder", "", {**asked(DNS, TCP, WRONG_NAME, url=SECURE), "local_key.server_url": SECURE},
        f"error tls-certificate-invalid of {NLB}",
    ),
    "a name of one's own": (
        "live-ladder", "", asked(DNS, TCP, WRONG_NAME, url="https://ash.example.org"), f"error tls-certificate-invalid of {NLB}",
    ),
    "an expired one is expired under any name": (
        "live-ladder", "", asked(DNS, TCP, ("tls", "SSLCertVerificationError", "certificate has expired"), url=SECURE),
        f"error tls-certificate-invalid of {NLB}",
    ),
}  # fmt: skip

DOWN = {
    "target_health.0.TargetHealth": {
        "State": "unhealthy",
        "Reason": "Target.Timeout",
        "Description": "Request timed out",
    }
}
TWO = {"tasks.+": task("10.0.2.42"), "service.desiredCount": 2, "service.runningCount": 2}


def second(state: str, reason: str = "", **more: Any) -> dict[str, Any]:
    return {**TWO, "target_health.+": row("10.0.2.42", state, reason, **more)}


LOST = "error target-timeout of target/10.0.2.42:4100"
TARGETS: dict[str, Row] = {
    "healthy": ("target-health", "", {}, "sound"),
    "no balancer": ("target-health", "", {"service.loadBalancers": [], "target_groups": []}, "none of its business"),
    "one that times out": (
        "target-health", "", DOWN, "error target-timeout of target/10.0.1.23:4100",
        "Target 10.0.1.23:4100 is unhealthy (Target.Timeout): Request timed out (it asks HTTP /health on port traffic-port).",
        "Reason', value='Target.Timeout'", "logs --since 15m",
    ),
    "of no cause that is known": (
        "target-health", "", {"target_health.0.TargetHealth": {"State": "unhealthy"}},
        "error elb-healthcheck-failed of target/10.0.1.23:4100", "is unhealthy: the load balancer gives no reason",
        "Reason', value='none'", "Description', value='none'",
    ),
    "a state that nobody knows": (
        "target-health", "", {"target_health.0.TargetHealth.State": "pensive"},
        "? target 10.0.1.23 is in state 'pensive', which is not known",
    ),
    "in its first checks, for less than four minutes": (
        "target-health", "", YOUNG, "info target-initial-wait of target/10.0.1.23:4100 since 11:56:01",
        "started 3 min ago", "Wait until 12:00:01 UTC.", "doctor connection",
    ),
    "in its first checks, for four": (
        "target-health", "", {**YOUNG, "tasks.0.startedAt": "2026-11-22T11:56:00Z"},
        "error elb-healthcheck-failed of target/10.0.1.23:4100",
    ),
    "in its first checks, since nobody knows when": (
        "target-health", "", {**YOUNG, "tasks.0.startedAt": GONE}, "info target-initial-wait of target/10.0.1.23:4100",
        "first health checks: a network", "Wait until 12:04:00 UTC.",
    ),
    "nobody checks it, and it answers": (
        "target-health", "", {"target_health.0.TargetHealth": {"State": "unavailable", "Reason": "Target.HealthCheckDisabled"}},
        "warning target-healthcheck-disabled of target/10.0.1.23:4100",
    ),
    "nobody checks it, and it does not": (
        "target-health", "", {"target_health.0.TargetHealth": {"State": "unavailable", "Reason": "Target.HealthCheckDisabled"},
                              "probe.rungs": REFUSED},
        "error target-healthcheck-disabled of target/10.0.1.23:4100 stops answers now",
    ),
    "one of two is lost": (
        "target-health", "", second("unhealthy", "Target.Timeout"), LOST,
        "The others answer; whoever has a session there is cut off.",
    ),
    "one of two that is to stop is worth knowing": (
        "target-health", "", {**second("unhealthy", "Target.Timeout"), "tasks.1.desiredStatus": "STOPPED"},
        LOST.replace("error", "warning"), "!whoever has a session",
    ),
    "one of two that had less than four minutes": (
        "target-health", "", {**second("unhealthy", "Target.Timeout"), "tasks.1.startedAt": "2026-11-22T11:56:01Z",
                              "service.healthCheckGracePeriodSeconds": 0},
        LOST.replace("error", "warning"),
    ),
    "one of two that is in the grace of its service": (
        "target-health", "", {**second("unhealthy", "Target.Timeout"), "tasks.1.startedAt": "2026-11-22T11:50:01Z",
                              "service.healthCheckGracePeriodSeconds": 600},
        LOST.replace("error", "warning"),
    ),
    "one of two whose grace is over": (
        "target-health", "", {**second("unhealthy", "Target.Timeout"), "tasks.1.startedAt": "2026-11-22T11:50:00Z",
                              "service.healthCheckGracePeriodSeconds": 600}, LOST,
    ),
    "one of two in its first checks": ("target-health", "", second("initial"), "sound"),
    "one of two that the balancer does not use": (
        "target-health", "", second("unused", "Target.NotInUse"), "warning target-group-not-attached of target/10.0.2.42:4100",
    ),
    "a sick stranger says nothing": (
        "target-health", "", {"target_health.+": row("10.0.1.99", "unhealthy", "Target.Timeout")}, "sound",
    ),
    "none, and no task": (
        "target-health", "", {"target_health": [], "tasks": [], "probe.rungs": REFUSED, "service.runningCount": 0},
        "error no-registered-targets", "The load balancer has no target at all: no task runs.", "logs --previous",
    ),
    "none, and it answers": (
        "target-health", "", {"target_health": []}, "? the load balancer names no target, and yet the server answers",
    ),
    "none, and a task runs": (
        "target-health", "", {"target_health": [], "probe.rungs": REFUSED}, "error no-registered-targets",
        "task 8f2c1d0e runs but is not registered.", "register-targets", ["Id=10.0.1.23,Port=4100", '"Port": 4100'][1],
    ),
    "none, while the task comes up": (
        "target-health", "", {"target_health": [], "probe.rungs": REFUSED, "tasks.0.startedAt": "2026-11-22T11:56:01Z"}, "sound",
    ),
    "none, and the task was asked to stop": (
        "target-health", "", {"target_health": [], "probe.rungs": REFUSED, "tasks.0.desiredStatus": "STOPPED",
                              "tasks.0.stoppingAt": "2026-11-22T11:56:01Z"},
        "? task 8f2c1d0e is being stopped, since 3 min: whether ECS starts another cannot be told yet",
    ),
    "none, and it was asked to stop four minutes ago": (
        "target-health", "", {"target_health": [], "probe.rungs": REFUSED, "tasks.0.desiredStatus": "STOPPED",
                              "tasks.0.stoppingAt": "2026-11-22T11:56:00Z"},
        "error no-registered-targets",
    ),
    "a target of an instance is not registered by its address": (
        "target-health", "", {"target_health": [], "probe.rungs": REFUSED, "target_groups.0.TargetType": "instance"},
        "error no-registered-targets", "logs --previous", "!register-targets",
    ),
    "strangers alone": (
        "target-health", "", {"target_health": [STRANGER], "probe.rungs": REFUSED}, "error no-registered-targets",
        "None of the load balancer's targets is a task of this service: task 8f2c1d0e runs", "10.0.1.99 healthy",
    ),
}  # fmt: skip

LISTENER = "listeners.0"


def listener(
    port: int, protocol: str = "TCP", group: str = TG, arn: str = "listener/net/x/1/2"
) -> dict[str, Any]:
    return {"ListenerArn": arn, "Port": port, "Protocol": protocol, "DefaultActions": [
        {"Type": "forward", "TargetGroupArn": group}]}  # fmt: skip


NOBODY = {"probe.rungs": REFUSED, "target_health": []}
WANTED = {"logical_id": "Listener", "type": "AWS::ElasticLoadBalancingV2::Listener",
          "physical_id": "listener/net/x/1/2", "properties": {"Port": 4100}}  # fmt: skip
LISTENERS: dict[str, Row] = {
    "one that leads to the service": ("listener", "", {}, "sound"),
    "no balancer": ("listener", "", {"service.loadBalancers": [], "target_groups": []}, "none of its business"),
    "the group is gone": (
        "listener", "", {**NOBODY, "target_groups": []}, "error target-group-missing",
        "target group targetgroup/ash-cloud-tg/0123456789abcdef, which does not exist.", "ash-ops deploy",
    ),
    "the group is gone, and it answers": (
        "listener", "", {"target_groups": []}, "? the service's target group was not found, and yet it answers",
    ),
    "none": (
        "listener", "", {**NOBODY, "listeners": []}, f"error listener-missing of {NLB}", "accepts no connection at all",
        f"create-listener --load-balancer-arn arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/net/ash-cloud-nlb/0123456789abcdef --protocol TCP --port 4100 --default-actions Type=forward,TargetGroupArn={TG}",
    ),
    "none, and it answers": ("listener", "", {"listeners": []}, "? no listener was found, and yet the server answers"),
    "none, on the port of the deployment's address": (
        "listener", "", {"listeners": [], "target_health": [], "probe": None, "deployment.url": f"http://{HOST}:8080"},
        f"error listener-missing of {NLB}", "--port 8080 ",
    ),
    "none for a group that wants a certificate": (
        "listener", "", {**NOBODY, "listeners": [], "target_groups.0.Protocol": "TLS"}, f"error listener-missing of {NLB}",
        "A TLS listener needs a certificate: which one, is your decision.", "!create-listener",
    ),
    "none, of a stack that wants one": (
        "listener", "", {**NOBODY, "listeners": [], "wanted.+": WANTED}, f"error listener-missing of {NLB}",
        "Make the listener again, as the stack wants it.", "!create-listener",
    ),
    "one that leads elsewhere": (
        "listener", "", {**NOBODY, "listeners": [listener(4100, group=OTHER)]}, "error target-group-not-attached",
        "No listener (there are: TCP 4100) forwards to the service's target group targetgroup/ash-cloud-tg/0123456789abcdef.",
        "What it serves now, targetgroup/other/fedcba9876543210, then gets no connection any more.", "modify-listener",
    ),
    "one of which nobody told where it leads": (
        "listener", "", {**NOBODY, "listeners": [{**listener(4100), "DefaultActions": []}]},
        "? where the listener on port 4100 forwards to was not told",
    ),
    "two that lead elsewhere": (
        "listener", "", {**NOBODY, "listeners": [listener(4100, group=OTHER), listener(80, group=OTHER)]},
        "error target-group-not-attached", "(there are: TCP 4100, TCP 80)", "Deploy again", "!modify-listener",
    ),
    "one that takes datagrams": (
        "listener", "", {f"{LISTENER}.Protocol": "UDP"}, "error listener-missing of listener/4100",
        "The listener on port 4100 takes UDP; Ash is called over TCP.", "--protocol TCP",
    ),
    "one that takes both": ("listener", "", {f"{LISTENER}.Protocol": "TCP_UDP"}, "sound"),
    "one that speaks what nobody knows": (
        "listener", "", {f"{LISTENER}.Protocol": "CARRIER"}, "? listener 4100 speaks 'CARRIER', which is not known",
    ),
    "one on another port than this machine called": (
        "listener", "", {**NOBODY, f"{LISTENER}.Port": 5000}, f"error listener-missing of {NLB}",
        "has no listener on port 4100, at which callers knock: the one that leads to the service is on port 5000.",
        "Or let callers use port 5000", "--port 4100 ",
    ),
    "one on another port, and this machine got through": ("listener", "", {f"{LISTENER}.Port": 5000}, "sound"),
    "one on another port than its stack wants": (
        "listener", "", {**NOBODY, f"{LISTENER}.Port": 5000, f"{LISTENER}.ListenerArn": "listener/net/x/1/2", "wanted.+": WANTED},
        f"error listener-missing of {NLB}", "was moved past the stack from port 4100", "to port 5000.",
        "Put it back to port 4100, as the stack wants it.", "5000, the stack wants 4100",
    ),
}  # fmt: skip

SG = {"task": "security_groups.0", "nlb": "security_groups.1"}
UNANSWERED = {
    "probe.rungs": SILENT,
    "target_health.0.TargetHealth": {"State": "unhealthy", "Reason": "Target.Timeout"},
}


def rule(
    cidr: str = "", group: str = "", first: int = 4100, last: int = 4100, **more: Any
) -> dict[str, Any]:
    sides: dict[str, Any] = {"IpRanges": [{"CidrIp": cidr}]} if cidr else {}
    sides |= {"UserIdGroupPairs": [{"GroupId": group}]} if group else {}
    return {"IpProtocol": "tcp", "FromPort": first, "ToPort": last, **sides, **more}


def admitted(
    *rules: dict[str, Any], of: str = "task", way: str = "IpPermissions", **more: Any
) -> dict[str, Any]:
    return {**UNANSWERED, f"{SG[of]}.{way}": list(rules), **more}


BLOCKED = "error task-security-group-blocks"
KEPT = {"target_group_attributes.preserve_client_ip.enabled": "true"}
HIDDEN: dict[str, Any] = {"target_group_attributes": {"preserve_client_ip.enabled": "false"}}
CALLER = "error caller-address-blocked"
GROUPS: dict[str, Row] = {
    "both groups as they should be": ("security-groups", "", {}, "sound"),
    "and nobody answers": ("security-groups", "", UNANSWERED, "sound"),
    "no balancer": ("security-groups", "", {"load_balancers": []}, "none of its business"),
    "the task admits another group": (
        "security-groups", "", admitted(rule(group="sg-x")), BLOCKED,
        "Security group sg-task of the task does not admit the load balancer on TCP 4100.",
        "authorize-security-group-ingress --group-id sg-task", '"UserIdGroupPairs": [{"GroupId": "sg-nlb"}]',
    ),
    "another port": ("security-groups", "", admitted(rule(group="sg-nlb", first=4101, last=4101)), BLOCKED),
    "the last of a range of ports": ("security-groups", "", admitted(rule(group="sg-nlb", first=4000)), "sound"),
    "one port short of it": ("security-groups", "", admitted(rule(group="sg-nlb", first=4000, last=4099)), BLOCKED),
    "both subnets of the balancer": (
        "security-groups", "", {**admitted(rule("10.0.1.0/24"), rule("10.0.2.0/24")), **HIDDEN}, "sound",
    ),
    "one of both": ("security-groups", "", {**admitted(rule("10.0.1.0/24")), **HIDDEN}, BLOCKED),
    "a task that answers disproves it, where its subnet is not told": (
        "security-groups", "", {f"{SG['task']}.IpPermissions": [rule("10.0.1.0/24")], "tasks.0.attachments": []}, "sound",
    ),
    "an unread prefix list": (
        "security-groups", "", admitted({**rule(), "PrefixListIds": [{"PrefixListId": "pl-1"}]}),
        "? prefix list pl-1, which a rule admits, was not read",
    ),
    "a balancer without a group": (
        "security-groups", "", {**admitted(rule("192.0.2.0/24")), **HIDDEN, "load_balancers.0.SecurityGroups": []}, BLOCKED,
        '"CidrIp": "10.0.1.0/24"',
    ),
    "the task sees the caller and does not admit it": (
        "security-groups", "", {**admitted(rule("10.0.0.0/16")), "target_group_attributes": {"preserve_client_ip.enabled": "true"}},
        CALLER, "of the task (the load balancer keeps your address)", "203.0.113.7/32",
    ),
    "the task does not see the caller": (
        "security-groups", "", {**admitted(rule("10.0.0.0/16")), **HIDDEN}, "sound",
    ),
    "the balancer admits another caller": (
        "security-groups", "", admitted(rule("198.51.100.0/24"), of="nlb"), f"{CALLER} of {NLB}",
        "Your address 203.0.113.7 is not admitted by security group sg-nlb of the load balancer on TCP 4100.",
        "none admits 203.0.113.7", "Admit it.", "--group-id sg-nlb",
    ),
    "a caller that got through was admitted, whatever the rules say": (
        "security-groups", "", {f"{SG['nlb']}.IpPermissions": [rule("198.51.100.0/24")]}, "sound",
    ),
    "an IPv6 caller": (
        "security-groups", "", admitted(rule("198.51.100.0/24"), of="nlb", **{"probe.caller_ip": "2001:db8::7"}),
        f"{CALLER} of {NLB}", "2001:db8::7/128",
    ),
    "nobody is admitted": (
        "security-groups", "", admitted(rule("0.0.0.0/0", first=22, last=22), of="nlb"), f"{CALLER} of {NLB}",
        "admits nobody on TCP 4100.", "Admit your own address; whom else, you must say.", "no rule for TCP 4100",
    ),
    "nobody is admitted, and who asks is not known": (
        "security-groups", "", admitted(of="nlb", **{"probe.caller_ip": None}), f"{CALLER} of {NLB}",
        "Admit the networks of your callers on TCP 4100 in sg-nlb; whom, you must say.", "!authorize",
    ),
    "the port that was asked counts": (
        "security-groups", "", {**admitted(rule("203.0.113.7/32"), of="nlb"), "probe.url": f"http://{HOST}:8080"},
        f"{CALLER} of {NLB}", "admits nobody on TCP 8080.",
    ),
    "the balancer may not speak to the tasks": (
        "security-groups", "", admitted(rule("192.0.2.0/24"), of="nlb", way="IpPermissionsEgress"), "error egress-blocked",
        "Security group sg-nlb of the load balancer does not let it out to the tasks on TCP 4100.",
        "authorize-security-group-egress --group-id sg-nlb", '"UserIdGroupPairs": [{"GroupId": "sg-task"}]',
    ),
    "to their group it may": (
        "security-groups", "", admitted(rule(group="sg-task"), of="nlb", way="IpPermissionsEgress"), "sound",
    ),
    "to the subnet of the task it may": (
        "security-groups", "", admitted(rule("10.0.1.0/24"), of="nlb", way="IpPermissionsEgress"), "sound",
    ),
    "to the other subnet alone it may not": (
        "security-groups", "", admitted(rule("10.0.2.0/24"), of="nlb", way="IpPermissionsEgress"), "error egress-blocked",
    ),
}  # fmt: skip

INTERNAL = {
    "load_balancers.0.Scheme": "internal",
    "probe.rungs": SILENT,
    f"{SG['nlb']}.IpPermissions": [rule("0.0.0.0/0")],
}
SCHEME: dict[str, Row] = {
    "it faces the internet": ("balancer-scheme", "", {"probe.rungs": SILENT}, "none of its business"),
    "internal, from the internet": (
        "balancer-scheme", "", INTERNAL, f"error balancer-internal of {NLB}", "and this machine is outside.",
        "deploy --internet-facing --name ash-cloud-2", "TimeoutError: port 4100:", "inside vpc-1 and",
    ),
    "internal, and it was reached": ("balancer-scheme", "", {"load_balancers.0.Scheme": "internal"}, "sound"),
    "internal, from inside": ("balancer-scheme", "", {**INTERNAL, "probe.caller_ip": "10.0.7.7"}, "sound"),
    "internal, from a home network": (
        "balancer-scheme", "", {**INTERNAL, "probe.caller_ip": "192.168.1.7"}, f"error maybe balancer-internal of {NLB}",
        "this machine seems to be outside.",
    ),
    "internal, from a home network that is not admitted": (
        "balancer-scheme", "", {**INTERNAL, "probe.caller_ip": "192.168.1.7", f"{SG['nlb']}.IpPermissions": [rule("10.0.0.0/8")]},
        "sound",
    ),
    "internal, from nobody knows where": (
        "balancer-scheme", "", {**INTERNAL, "probe.caller_ip": None}, f"error maybe balancer-internal of {NLB}",
    ),
}  # fmt: skip

SERVER = "task_definition.containerDefinitions.0"
SICK = {"target_health.0.TargetHealth": {"State": "unhealthy"}}


def setting(name: str, value: str) -> dict[str, Any]:
    return {**SICK, f"{SERVER}.environment.+": {"name": name, "value": value}}


PORTS: dict[str, Row] = {
    "one port": ("port-mapping", "", SICK, "sound"),
    "the same, said": ("port-mapping", "", setting("ASH_PORT", " 4100 "), "sound"),
    "another": (
        "port-mapping", "", setting("ASH_PORT", "8080"), "error port-mapping-mismatch of revision/7",
        "The server listens on port 8080 (ASH_PORT), but the load balancer sends connections to 4100.", "value='8080'", "value='4100'",
    ),
    "another, that a target of this revision disproves": (
        "port-mapping", "", {f"{SERVER}.environment.+": {"name": "ASH_PORT", "value": "8080"}}, "sound",
    ),
    "the balancer's is another": (
        "port-mapping", "", {**SICK, "service.loadBalancers.0.containerPort": 8080}, "error port-mapping-mismatch of revision/7",
        "not set: 4100", "sends connections to 8080.",
    ),
    "no number": (
        "port-mapping", "", setting("ASH_PORT", "http"), "? ASH_PORT is no number: the server says so in its log",
    ),
    "a secret": (
        "port-mapping", "", {**SICK, f"{SERVER}.secrets.+": {"name": "ASH_PORT", "valueFrom": "arn:aws:ssm:us-east-1:1:parameter/p"}},
        "? ASH_PORT is filled from a secret",
    ),
    "empty is the default": ("port-mapping", "", setting("ASH_PORT", " "), "sound"),
    "loopback": (
        "port-mapping", "", setting("ASH_HOST", "LOCALHOST "), "error bad-listen-config of revision/7",
        "The server listens on localhost (ASH_HOST) only", "Let it listen on 0.0.0.0.",
    ),
    "any of its addresses": ("port-mapping", "", setting("ASH_HOST", "127.0.0.5"), "error bad-listen-config of revision/7"),
    "everywhere": ("port-mapping", "", setting("ASH_HOST", "0.0.0.0"), "sound"),
    "another container takes the connections": (
        "port-mapping", "", {**SICK, "service.loadBalancers.0.containerName": "proxy"}, "none of its business",
    ),
    "without a balancer its own mapping counts": (
        "port-mapping", "", {**setting("ASH_PORT", "8080"), "service.loadBalancers": []}, "error port-mapping-mismatch of revision/7",
        "but the task maps 4100.",
    ),
}  # fmt: skip

IDLE = "Attributes[tcp.idle_timeout.seconds]"
STREAMS: dict[str, Row] = {
    "an hour": ("idle-timeout", "", {"listener_attributes": {"tcp.idle_timeout.seconds": "3600"}}, "sound"),
    "a second less": (
        "idle-timeout", "", {"listener_attributes": {"tcp.idle_timeout.seconds": "3599"}}, "info stream-idle-timeout",
        "The TCP listener on port 4100 drops a connection that is silent for 3599 s", ["Key=tcp.idle_timeout.seconds", "6000"][1],
        "modify-listener-attributes",
    ),
    "no such attribute": ("idle-timeout", "", {"listener_attributes": {}}, "none of its business"),
    "no number": (
        "idle-timeout", "", {"listener_attributes": {"tcp.idle_timeout.seconds": "long"}},
        "? tcp.idle_timeout.seconds is 'long', which is no number of seconds",
    ),
    "by TLS it is fixed": (
        "idle-timeout", "", {f"{LISTENER}.Protocol": "TLS"}, "info stream-idle-timeout", "silent for 350 s",
        "A TLS listener's limit cannot be raised",
    ),
    "another protocol": ("idle-timeout", "", {f"{LISTENER}.Protocol": "UDP"}, "none of its business"),
    "no listener of the service": ("idle-timeout", "", {"listeners": []}, "none of its business"),
    "hidden callers share one limit": (
        "client-addresses", "", HIDDEN, "warning maybe ash-rate-limited", "limit of 1500 requests in 15 minutes", "value='false'",
    ),
    "callers are seen": ("client-addresses", "", {}, "sound"),
    "a group without the attribute": ("client-addresses", "", {"target_group_attributes": {}}, "none of its business"),
}  # fmt: skip

WRONG = "error healthcheck-wrong-path"
TG_HEALTH = "target_groups.0.HealthCheck"
HEALTH: dict[str, Row] = {
    "as it should be": ("target-health-check", "", SICK, "sound"),
    "by HTTPS": (
        "target-health-check", "", {**SICK, f"{TG_HEALTH}Protocol": "HTTPS"}, WRONG, "asks by HTTPS, but Ash speaks plain HTTP",
        "--health-check-protocol HTTP ",
    ),
    "on another port": (
        "target-health-check", "", {**SICK, f"{TG_HEALTH}Port": "8080"}, WRONG,
        "asks on port 8080, but the server listens on 4100.", "--health-check-port traffic-port",
    ),
    "on the server's own port": ("target-health-check", "", {**SICK, f"{TG_HEALTH}Port": "4100"}, "sound"),
    "another path": (
        "target-health-check", "", {**SICK, f"{TG_HEALTH}Path": "/"}, WRONG, "asks for /; Ash answers its health at /health.",
        "--health-check-path /health",
    ),
    "another path, by TCP": ("target-health-check", "", {**SICK, f"{TG_HEALTH}Path": "/", f"{TG_HEALTH}Protocol": "TCP"}, "sound"),
    "another path, and yet healthy": ("target-health-check", "", {f"{TG_HEALTH}Path": "/"}, WRONG.replace("error", "warning")),
    "a group of a sidecar": (
        "target-health-check", "", {**SICK, f"{TG_HEALTH}Path": "/", "service.loadBalancers.0.containerName": "proxy"},
        "none of its business",
    ),
    "no group": ("target-health-check", "", {"target_groups": []}, "none of its business"),
}  # fmt: skip

UP: dict[str, Row] = {
    "it is up": ("load-balancer", "", {}, "sound"),
    "there is none": (
        "load-balancer", "", {"load_balancers": [], "service.loadBalancers": []}, "warning target-group-not-attached",
        "Service ash-cloud-runtime stands behind no load balancer: it has no address that stays.",
    ),
    "it is being made": (
        "load-balancer", "", {"load_balancers.0.State": {"Code": "provisioning"}}, f"info balancer-provisioning of {NLB}",
        "is still being made: that takes one to three minutes.", "doctor connection",
    ),
    "it could not be made": (
        "load-balancer", "", {"load_balancers.0.State": {"Code": "failed", "Reason": "No subnet"}}, f"error elb-internal-error of {NLB}",
        "could not be made (No subnet): it never answers.", "Remove what AWS names (No subnet)", "failed (No subnet)",
    ),
    "no node in the zone of the task": (
        "load-balancer", "", {"load_balancers.0.AvailabilityZones": [{"ZoneName": "us-east-1b"}]}, f"error target-az-not-enabled of {MINE}",
        "Task 8f2c1d0e runs in us-east-1a, but the load balancer serves only us-east-1b.",
    ),
    "no node in the zone of one of two tasks": (
        "load-balancer", "", {**TWO, "load_balancers.0.AvailabilityZones": [{"ZoneName": "us-east-1a"}]},
        "warning target-az-not-enabled of task/" + "b" * 32,
    ),
    "a zone without its name": (
        "load-balancer", "", {"load_balancers.0.AvailabilityZones": [{"ZoneName": "us-east-1b"}, {}]},
        "? a zone of ash-cloud-nlb was told without its name",
    ),
    "zones that were not told": ("load-balancer", "", {"load_balancers.0.AvailabilityZones": []}, "sound"),
}  # fmt: skip


def at(**told: str) -> dict[str, Any]:
    each_of = ", ".join(f"198.51.100.{name[1:]} {said}" for name, said in told.items())
    return {"probe.rungs": rungs(DNS, ("tcp", "TimeoutError", f"port 4100: {each_of}"))}


ADDRESSES: dict[str, Row] = {
    "each answers": ("balancer-addresses", "", at(a1="ok", a2="ok"), "sound"),
    "none was tried": ("balancer-addresses", "", {}, "none of its business"),
    "one of two is silent": (
        "balancer-addresses", "", at(a1="ok", a2="TimeoutError"), "error balancer-address-silent of address/198.51.100.2",
        "Of the load balancer's 2 addresses 198.51.100.2 does not answer (TimeoutError): about 1 of 2 connections fail or wait.",
        "198.51.100.1 ok", "198.51.100.2 TimeoutError", "Look at the balancer's subnet", "!billed",
    ),
    "all are silent: that is another trouble": ("balancer-addresses", "", at(a1="TimeoutError", a2="TimeoutError"), "sound"),
    "this machine has no way to one": ("balancer-addresses", "", at(a1="ok", a2="OSError"), "sound"),
    "without balancing across zones, in a zone without a task": (
        "balancer-addresses", "", {**at(a1="ok", a2="TimeoutError"), "load_balancer_attributes": {"load_balancing.cross_zone.enabled": "false"}},
        "error balancer-address-silent of address/198.51.100.2", "modify-load-balancer-attributes", "billed",
    ),
    "without it, and a task in each zone": (
        "balancer-addresses", "", {**at(a1="ok", a2="TimeoutError"), **second("healthy"),
                                   "load_balancer_attributes": {"load_balancing.cross_zone.enabled": "false"}},
        "error balancer-address-silent of address/198.51.100.2", "!modify-load-balancer-attributes",
    ),
}  # fmt: skip

LOCAL = {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"}
PRIVATE_A = "error balancer-subnet-private of subnet/subnet-aaa"


def routes(*more: dict[str, Any]) -> dict[str, Any]:
    return {"probe.rungs": SILENT, "route_tables.0.Routes": [LOCAL, *more]}


def via(gateway: str, to: str = "0.0.0.0/0") -> dict[str, Any]:
    kind = "NatGatewayId" if gateway.startswith("nat") else "GatewayId"
    return {"DestinationCidrBlock": to, kind: gateway, "State": "active"}


BOTH = f"{PRIVATE_A}; {PRIVATE_A.replace('aaa', 'bbb')}"
SUBNETS: dict[str, Row] = {
    "both lead to the gateway": ("balancer-subnets", "", routes(via("igw-1")), "sound"),
    "neither leads anywhere": (
        "balancer-subnets", "", routes(), BOTH, "route table rtb-main has no default route.", "create-route", "10.0.0.0/16 -> local",
    ),
    "both lead to a NAT gateway": ("balancer-subnets", "", routes(via("nat-1")), BOTH, "route table rtb-main leads to nat-1."),
    "a part of the internet is led out": ("balancer-subnets", "", routes(via("igw-1", "203.0.113.0/24")), BOTH),
    "a public part of the internet is led out": ("balancer-subnets", "", routes(via("igw-1", "8.8.8.0/24")), "sound"),
    "the gateway hangs in the air": (
        "balancer-subnets", "", {**routes(via("igw-1")), "internet_gateways.0.Attachments": []}, BOTH,
        "leads to igw-1, which is attached to no VPC", "attach-internet-gateway",
    ),
    "nobody asked": ("balancer-subnets", "", {**routes(), "probe": None}, BOTH.replace("error", "warning maybe")),
    "each address answered": ("balancer-subnets", "", {**routes(), "probe.rungs": rungs(DNS, TCP, HTTP)}, "sound"),
    "each refused": ("balancer-subnets", "", {**routes(), "probe.rungs": REFUSED}, "sound"),
    "tasks without public addresses say nothing of what is meant": (
        "balancer-subnets", "", {**routes(), "service.networkConfiguration.awsvpcConfiguration.assignPublicIp": "DISABLED"}, BOTH,
        "Give the balancer a public subnet of that zone (`aws elbv2 set-subnets`), or rtb-main a default route", "!create-route",
    ),
    "an internal one is not asked": ("balancer-subnets", "", {**routes(), "load_balancers.0.Scheme": "internal"}, "none of its business"),
    "no table": ("balancer-subnets", "", {**routes(), "route_tables": []}, "none of its business"),
}  # fmt: skip


def override(state: str = "", reason: str = "", description: str = "") -> dict[str, Any]:
    said = {"State": state, "Reason": reason, "Description": description}
    return {"target_health.0.AdministrativeOverride": {k: v for k, v in said.items() if v}}


SHIFTED = "zonal-shift of zone/us-east-1a"
SHIFTS: dict[str, Row] = {
    "the balancer tells of none": ("zonal-shift", "", {}, "none of its business"),
    "none": ("zonal-shift", "", override("no_override", "AdministrativeOverride.NoOverride"), "sound"),
    "by its reason alone": ("zonal-shift", "", override("", "AdministrativeOverride.NoOverride"), "sound"),
    "the only zone": (
        "zonal-shift", "", override("zonal_shift_active", "AdministrativeOverride.ZonalShiftActive", "Zonal shift is active"),
        f"error {SHIFTED}", "its targets get no connections; no other task serves callers.", "list-zonal-shifts --status ACTIVE",
        "zonal_shift_active AdministrativeOverride.ZonalShiftActive Zonal shift is active",
    ),
    "left to DNS": ("zonal-shift", "", override("zonal_shift_delegated_to_dns"), f"error {SHIFTED}"),
    "by its reason": ("zonal-shift", "", override("", "AdministrativeOverride.ZonalShiftActive"), f"error {SHIFTED}"),
    "another zone serves": (
        "zonal-shift", "", {**second("healthy"), **override("zonal_shift_active")}, f"warning {SHIFTED}",
        "tasks in other zones serve callers.",
    ),
    "another zone does not": (
        "zonal-shift", "", {**second("unhealthy", "Target.Timeout"), **override("zonal_shift_active")}, f"error {SHIFTED}",
    ),
    "the balancer does not know": (
        "zonal-shift", "", override("unknown"), "? whether target 10.0.1.23 is shifted away is not known: unknown",
    ),
}  # fmt: skip

UNLISTED: dict[str, Row] = {
    "each task is a target": ("unregistered-task", "", {}, "sound"),
    "no balancer": ("unregistered-task", "", {"service.loadBalancers": []}, "none of its business"),
    "none of ours is": ("unregistered-task", "", {"target_health": []}, "none of its business"),
    "one of two is not, after five minutes": (
        "unregistered-task", "", {**TWO, "tasks.1.startedAt": "2026-11-22T11:55:00Z"},
        "warning target-not-registered of task/" + "b" * 32 + " since 11:55",
        "has run for 5 min, and the target group does not list its address 10.0.2.42: it gets no connections.",
        "ecs stop-task --cluster ash-cloud --task " + "b" * 32,
    ),
    "one of two is not yet": ("unregistered-task", "", {**TWO, "tasks.1.startedAt": "2026-11-22T11:55:01Z"}, "sound"),
    "one that did not start": ("unregistered-task", "", {**TWO, "tasks.1.startedAt": GONE}, "sound"),
}  # fmt: skip


def client(url: str, at: str = URL) -> dict[str, Any]:
    return {"local_key.server_url": url, "deployment.url": at}


CLIENTS: dict[str, Row] = {
    "not set": ("client-url", "", {}, "none of its business"),
    "the very address": ("client-url", "", client(URL), "sound"),
    "a name of one's own": ("client-url", "", client("https://ash.example.org"), "sound"),
    "another balancer": (
        "client-url", "", client("http://ash-cloud-nlb-9999.elb.us-east-1.amazonaws.com:4100"), "warning maybe dns-nxdomain",
        "it names another load balancer", 'eval "$(ash-ops connect)"',
    ),
    "without the port": (
        "client-url", "", client(f"http://{HOST}"), "error conn-timeout", "the server listens on port 4100, not on 80.",
    ),
    "by https without the port": ("client-url", "", client(f"https://{HOST}"), "error conn-timeout", "not on 443."),
    "by https to a plain port": (
        "client-url", "", client(f"https://{HOST}:4100"), "error tls-to-plain-http", "that port speaks plain HTTP.",
    ),
    "plain to a port of TLS": (
        "client-url", "", client(f"http://{HOST}:443", f"https://{HOST}"), "error http-to-tls-port", "that port speaks TLS.",
    ),
}  # fmt: skip


@each("case", FOREIGN | {f"listed: {k}": v for k, v in UNLISTED.items()})
def test_whose_the_targets_are(case: Row) -> None:
    holds(case)


@each("case", LADDER)
def test_at_which_rung_a_call_fails_and_what_that_means(case: Row) -> None:
    holds(case)


@each("case", TARGETS)
def test_what_the_states_of_targets_mean(case: Row) -> None:
    holds(case)


@each("case", LISTENERS)
def test_where_listeners_lead(case: Row) -> None:
    holds(case)


@each("case", GROUPS)
def test_whom_security_groups_let_through(case: Row) -> None:
    holds(case)


@each("case", SCHEME | {f"url: {k}": v for k, v in CLIENTS.items()})
def test_from_where_the_balancer_can_be_called(case: Row) -> None:
    holds(case)


@each(
    "case",
    PORTS
    | {f"stream: {k}": v for k, v in STREAMS.items()}
    | {f"check: {k}": v for k, v in HEALTH.items()},
)
def test_ports_limits_and_health_checks_agree(case: Row) -> None:
    holds(case)


@each("case", UP | {f"zone: {k}": v for k, v in SHIFTS.items()})
def test_the_balancer_is_up_where_the_tasks_are(case: Row) -> None:
    holds(case)


@each("case", ADDRESSES | {f"subnet: {k}": v for k, v in SUBNETS.items()})
def test_each_address_of_the_balancer_is_reached(case: Row) -> None:
    holds(case)
