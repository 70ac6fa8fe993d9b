"""A call from this machine: at which rung it fails, and from where the balancer can be called."""

from __future__ import annotations

from typing import Any

from tests.support.each import each
from tests.support.ladders import DNS, HTTP, SILENT, TCP, rule, rungs
from tests.support.one_check import Row, holds, unread

NLB = "balancer/ash-cloud-nlb"
HOST = "ash-cloud-nlb-0123.elb.us-east-1.amazonaws.com"
URL = f"http://{HOST}:4100"


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
    "the door is shut, and the task has just started": (
        "live-ladder", "", {**asked(DNS, CUT), "target_health": [], "tasks.0.startedAt": "2026-11-22T11:59:00Z"},
        f"? {URL} does not answer yet, and the task is still coming up: wait until 12:03:00 UTC, then look again",
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
YOUNG_BALANCER = {"load_balancers.0.CreatedTime": "2026-11-22T11:56:01Z"}
NO_NAME = ("dns", "gaierror", "no such host")
STILL = f"? {URL} does not answer yet, and the task is still coming up: wait until 12:00:01 UTC, then look again"
LADDER |= {
    "a young balancer that takes no connection": (
        "live-ladder", "", {**asked(DNS, CUT), **YOUNG_BALANCER}, f"? the load balancer of {URL} was made a moment ago, and takes no connection yet: that takes one to three minutes",
    ),
    "a young balancer that answers with 503 is asked": ("live-ladder", "", {**asked(DNS, TCP, HTTP, ("health", "busy", 503)), **YOUNG_BALANCER}, f"error app-unhealthy-5xx of {NLB}"),
    "a balancer of nobody knows when": ("live-ladder", "", {**asked(NO_NAME), "load_balancers.0.CreatedTime": None}, f"error dns-nxdomain of {NLB}"),
    "its name in capitals": ("live-ladder", "", {**asked(NO_NAME, url=URL.upper().replace("HTTP", "http")), **YOUNG_BALANCER}, f"? the load balancer of {URL.upper().replace('HTTP', 'http')} was made a moment ago, and its name is not in DNS yet: that takes one to three minutes"),
    "the balancers were not read, of a service of a quarter of an hour": (
        "live-ladder", "", {**asked(NO_NAME), "load_balancers": unread(), "service.createdAt": "2026-11-22T11:45:00Z"}, "error dns-nxdomain",
    ),
    "the balancers were not read, of a service of less": (
        "live-ladder", "", {**asked(NO_NAME), "load_balancers": unread(), "service.createdAt": "2026-11-22T11:45:01Z"}, "? elasticloadbalancing:DescribeLoadBalancers could not be read (denied): AccessDenied",
    ),
    "cut off while the task is coming up": ("live-ladder", "", {**asked(DNS, TCP, ("http", "ConnectionResetError", "reset")), **YOUNG}, STILL),
    "busy while the task is coming up": ("live-ladder", "", {**asked(DNS, TCP, HTTP, ("health", "busy", 503)), **YOUNG}, f"error app-unhealthy-5xx of {NLB}"),
    "a port of TLS in plain HTTP": ("live-ladder", "", {**asked(DNS, TCP, ("http", "ConnectionResetError", "reset")), "listeners.0.Protocol": "TLS"}, f"error http-to-tls-port of {NLB}"),
    "a port of HTTPS in plain HTTP": ("live-ladder", "", {**asked(DNS, TCP, ("http", "ConnectionResetError", "reset")), "listeners.0.Protocol": "HTTPS"}, f"error http-to-tls-port of {NLB}"),
    "another port is of TLS": ("live-ladder", "", {**asked(DNS, TCP, ("http", "ConnectionResetError", "reset")), "listeners.0.Protocol": "TLS", "listeners.0.Port": 443}, f"error conn-reset of {NLB}"),
    "a port of TLS that is shut": ("live-ladder", "", {**asked(DNS, CUT), "listeners.0.Protocol": "TLS"}, f"error conn-refused of {NLB}"),
    "a port of TLS by https": ("live-ladder", "", {**asked(DNS, TCP, ("http", "ConnectionResetError", "reset"), url=f"https://{HOST}:4100"), "listeners.0.Protocol": "TLS"}, f"error conn-reset of {NLB}"),
    "nothing heard": ("live-ladder", "", asked(DNS, TCP, ("http", None, "")), f"error conn-reset of {NLB}", "fails at HTTP: no answer (dns ok in 4 ms, tcp ok in 4 ms).", "field='rungs[http]', value='none'"),
    "a key without words of why": ("live-ladder", "", asked(DNS, TCP, HTTP, ("health", "ok", 200), ("auth", "Unauthorized", 401), key_rejected=None), f"error ash-auth-invalid of {NLB}"),
    "what is no rung of the ladder is told of none": ("live-ladder", "", {**asked(DNS, ("config-js", "ok", 200), ("tcp", "TimeoutError", "timed out"))}, f"error conn-timeout of {NLB}", "(dns ok in 4 ms).", "!config-js ok"),
    "how long it failed is told of no rung": ("live-ladder", "", {**asked(DNS, CUT), "probe.rungs.1.elapsed_ms": 9.0}, f"error conn-refused of {NLB}", "Connection refused (dns ok in 4 ms).", "!tcp ok"),
    "how long it took was not told": ("live-ladder", "", {**asked(DNS, CUT), "probe.rungs.0.elapsed_ms": None}, f"error conn-refused of {NLB}", "fails at TCP: Connection refused."),
    "neither asked for its health, and whether a task runs was not read": ("live-ladder", "", {**asked(DNS, TCP), "tasks": unread(), "service": unread()}, f"? {URL} was not asked for its health"),
}  # fmt: skip
SG = {"task": "security_groups.0", "nlb": "security_groups.1"}


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
    "internal, and this machine did not get as far as to call": ("balancer-scheme", "", {**INTERNAL, "probe.rungs": rungs(DNS)}, "sound"),
    "internal, and nobody asked": ("balancer-scheme", "", {**INTERNAL, "probe": None}, "sound"),
    "there is none": ("balancer-scheme", "", {"load_balancers": []}, "none of its business"),
    "internal, in a VPC that was not told": ("balancer-scheme", "", {**INTERNAL, "load_balancers.0.VpcId": None}, f"error balancer-internal of {NLB}", "inside its VPC and the networks connected to it", "Scheme", "value='internal'"),
    "internal, without a group, from a home network": ("balancer-scheme", "", {**INTERNAL, "probe.caller_ip": "192.168.1.7", "load_balancers.0.SecurityGroups": []}, f"error maybe balancer-internal of {NLB}"),
    "internal, from a home network that a list admits": (
        "balancer-scheme", "", {**INTERNAL, "probe.caller_ip": "192.168.1.7", f"{SG['nlb']}.IpPermissions": [rule(PrefixListIds=[{"PrefixListId": "pl-1"}])],
                                "prefix_lists": [{"PrefixListId": "pl-1", "Cidrs": ["192.168.0.0/16"]}]}, f"error maybe balancer-internal of {NLB}",
    ),
    "internal, from a home network that is admitted on another port": ("balancer-scheme", "", {**INTERNAL, "probe.caller_ip": "192.168.1.7", "listeners.0.Port": 80}, "sound"),
    "internal, from nobody knows where": (
        "balancer-scheme", "", {**INTERNAL, "probe.caller_ip": None}, f"error maybe balancer-internal of {NLB}",
    ),
}  # fmt: skip


def at(**told: str) -> dict[str, Any]:
    each_of = ", ".join(f"198.51.100.{name[1:]} {said}" for name, said in told.items())
    return {"probe.rungs": rungs(DNS, ("tcp", "TimeoutError", f"port 4100: {each_of}"))}


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
    "the very port, by default": ("client-url", "", client(f"http://{HOST}", f"http://{HOST}:80"), "sound"),
    "the very port of https, by default": ("client-url", "", client(f"https://{HOST}:443", f"https://{HOST}"), "sound"),
    "the deployment has none": ("client-url", "", {"local_key.server_url": URL, "deployment.url": None}, "none of its business"),
    "nothing is known of this machine's key": ("client-url", "", {"local_key": None}, "none of its business"),
    "another balancer in China": ("client-url", "", client("http://x.elb.cn-north-1.amazonaws.com.cn:4100"), "warning maybe dns-nxdomain", "value='http://x.elb.cn-north-1.amazonaws.com.cn:4100'"),
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


@each("case", LADDER)
def test_at_which_rung_a_call_fails_and_what_that_means(case: Row) -> None:
    holds(case)


@each("case", SCHEME | {f"url: {k}": v for k, v in CLIENTS.items()})
def test_from_where_the_balancer_can_be_called(case: Row) -> None:
    holds(case)
