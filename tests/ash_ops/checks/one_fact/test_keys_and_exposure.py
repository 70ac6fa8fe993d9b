"""Keys, exposure and certificates: the fact that decides."""

from __future__ import annotations

from typing import Any

from tests.support.each import each
from tests.support.one_check import GONE, Row, holds

SERVER = "task_definition.containerDefinitions.0"
ENVIRONMENT, SECRETS = f"{SERVER}.environment", f"{SERVER}.secrets"
SECRET = "arn:aws:secretsmanager:us-east-1:111122223333:secret:ash-cloud-runtime-AbCdEf"
HOST = "ash-cloud-nlb-0123.elb.us-east-1.amazonaws.com"
URL = f"http://{HOST}:4100"
NO_TASK = {"tasks": [], "service.runningCount": 0, "target_health": []}


def refused(words: str | None = "Invalid API key", **local: Any) -> dict[str, Any]:
    rung = {
        "probe.rungs.4.outcome": "failed",
        "probe.rungs.4.status": 401,
        "probe.key_rejected": words,
    }
    return {**rung, **{f"local_key.{name}": value for name, value in local.items()}}


NOBODY = {"origin": "none", "fingerprint": None}
KEYS: dict[str, Row] = {
    "accepted": ("api-key", "", {}, "sound"),
    "refused": (
        "api-key", "", refused(), "error ash-auth-invalid", "The server refuses the key of environment: 401 Invalid API key.", "here 0a1b2c3d (environment), deployed 0a1b2c3d",
        'eval "$(ash-ops connect)"', "Use the deployed key instead of the one of environment.",
    ),
    "refused without a word": ("api-key", "", refused(None), "error ash-auth-invalid", "401, without a word of why."),
    "none was sent": (
        "api-key", "", refused("Missing API key", **NOBODY), "error ash-auth-missing", "The server wants an API key and none is configured here: 401 Missing API key.",
        "here none (none)",
    ),
    "another than the deployed one": (
        "api-key", "", refused(fingerprint="ffffffff"), "error ash-auth-invalid", "The key of environment is not the deployed one: 401 Invalid API key.",
    ),
    "what is deployed is not readable": ("api-key", "", refused(deployed_fingerprint=None), "error ash-auth-invalid", "deployed not readable"),
    "a damaged one": ("api-key", "", refused(flaws=["quotes"]), "error ash-auth-invalid", "it is wrapped in quotation marks."),
    "no call was made": ("api-key", "", {"probe.rungs.4.outcome": "skipped"}, "none of its business"),
    "another answer than 401, without words": ("api-key", "", {"probe.rungs.4.status": 500, "probe.rungs.4.outcome": "failed"}, "sound"),
    "the refused call was not told": (
        "api-key", "", {**refused(), "probe.rungs.4.status": None}, "? the server refused a key (Invalid API key), and the call that it refused was not told",
    ),
    "none here, and the deployed one is not there": (
        "api-key", "", {**refused(**NOBODY), "secrets.1.exists": False, "secrets.1.variables": ["ASH_API_KEY"]},
        "? no API key is set here, and the secret with the deployed one is not there",
    ),
    "none here, and another's secret is not there": (
        "api-key", "", {**refused(**NOBODY), "secrets.0.exists": False, "secrets.0.variables": ["ANTHROPIC_API_KEY"]}, "error ash-auth-invalid",
    ),
    "well formed": ("api-key-form", "", {}, "sound"),
    "with spaces": ("api-key-form", "", {"local_key.flaws": ["spaces", "line-end"]}, "warning maybe api-key-malformed",
                    "The key of environment looks damaged: it has spaces around it; it ends with a line break.", "spaces, line-end"),
    "with the word Bearer": ("api-key-form", "", {"local_key.flaws": ["bearer-prefix"]}, "warning maybe api-key-malformed", "it begins with the word Bearer."),
    "with spaces, and refused: told by that": ("api-key-form", "", refused(flaws=["spaces"]), "sound"),
}  # fmt: skip


def changed(at: str, **more: Any) -> dict[str, Any]:
    return {"secrets.1.last_changed_at": f"2026-11-22T{at}Z", **more}


STALE = "warning api-key-stale"
FRESHNESS: dict[str, Row] = {
    "changed before the start": ("secret-freshness", "", changed("09:00:49"), "sound"),
    "changed with the start": ("secret-freshness", "", changed("09:00:50"), "sound"),
    "changed a second after the start": (
        "secret-freshness", "", changed("09:00:51"), STALE, f"{SECRET} was changed after the running task started: the task still uses the old value.",
        "--force-new-deployment", "2026-11-22 09:00:51+00:00", "2026-11-22 09:00:50+00:00",
    ),
    "and the server refuses the key": ("secret-freshness", "", {**changed("09:00:51"), **refused()}, "error api-key-stale"),
    "after the older of two": (
        "secret-freshness", "", changed("10:00:00", **{"tasks.+": {"taskArn": "x/b", "lastStatus": "RUNNING", "startedAt": "2026-11-22T11:00:00Z"}}), STALE,
    ),
    "no task": ("secret-freshness", "", {**changed("11:00:00"), **NO_TASK}, "none of its business"),
    "the key here is another": ("secret-freshness", "", changed("11:00:00", **{"local_key.fingerprint": "ffffffff"}), "sound"),
    "no key is here to compare": ("secret-freshness", "", changed("11:00:00", **{"local_key.fingerprint": None}), STALE),
    "none is deployed to compare with": ("secret-freshness", "", changed("11:00:00", **{"local_key.deployed_fingerprint": None}), STALE),
    "a secret that is gone comes first": ("secret-freshness", "", changed("11:00:00", **{"secrets.0.exists": False}), "sound"),
    "it answers anyone": (
        "server-open", "", {"probe.answers_without_key": True}, "error server-open", f"{URL}/api/sessions answers without any key", "a key is generated", "ash-ops deploy",
    ),
    "it asks for a key": ("server-open", "", {}, "sound"),
    "nobody could see": ("server-open", "", {"probe.answers_without_key": None}, "? the server gave no answer from which it could be seen"),
}  # fmt: skip

MALFORMED, EXPOSED = "error api-key-malformed stops answers now", "error api-key-exposed"


def own(**more: Any) -> dict[str, Any]:
    return {f"secrets.1.{name}": value for name, value in more.items()}


UNHEARD = {"probe": None}
STORED: dict[str, Row] = {
    "its own": ("stored-key", "", {}, "sound"),
    "none is given": ("stored-key", "", {f"{SECRETS}.1.name": "OTHER"}, "none of its business"),
    "an empty secret": (
        "stored-key", "", {**own(is_empty=True), **UNHEARD}, MALFORMED, "ASH_API_KEY in its secret is empty: the server makes a key of its own", "value='empty'",
        "Put a long random key into .env as ASH_API_KEY",
    ),
    "an empty secret, and a key is accepted": ("stored-key", "", own(is_empty=True), MALFORMED.replace("error", "warning")),
    "its key in the secret is empty": ("stored-key", "", {**own(json_key="ASH_API_KEY", empty_keys=["ASH_API_KEY"]), **UNHEARD}, MALFORMED),
    "another key in the secret is empty": ("stored-key", "", own(json_key="ASH_API_KEY", empty_keys=["ANTHROPIC_API_KEY"]), "sound"),
    "empty, and the version before was not": (
        "stored-key", "", own(is_empty=True, whole_version="v1", version="v2"), MALFORMED.replace("error", "warning"), "--move-to-version-id v1", "--force-new-deployment",
    ),
    "an example's": ("stored-key", "", own(is_placeholder=True), EXPOSED, "is an example's, as guides have it", "a value that is not shown"),
    "with quotes, and refused": (
        "stored-key", "", {**own(flaws=["quotes"]), **refused()}, MALFORMED, "equals no client's: it is wrapped in quotation marks.",
    ),
    "with quotes, and accepted": ("stored-key", "", own(flaws=["quotes"]), "sound"),
    "in clear": (
        "stored-key", "", {f"{ENVIRONMENT}.+": {"name": "ASH_API_KEY", "value": "", "is_empty": True}, **UNHEARD}, MALFORMED, "ASH_API_KEY in the task definition is empty",
        "environment[ASH_API_KEY]",
    ),
}  # fmt: skip

NLB = "security_groups.1.IpPermissions"
OPEN = {
    "IpProtocol": "tcp",
    "FromPort": 4100,
    "ToPort": 4100,
    "IpRanges": [{"CidrIp": "0.0.0.0/0"}],
}
EXPOSURE: dict[str, Row] = {
    "one address": ("open-to-world", "", {}, "sound"),
    "all": (
        "open-to-world", "", {NLB: [OPEN]}, "warning open-to-world", "Port 4100 is open to every address (0.0.0.0/0)", "--allow-cidr 203.0.113.7/32",
        "SecurityGroups[sg-nlb].IpPermissions",
    ),
    "all of IPv6": ("open-to-world", "", {NLB: [{**OPEN, "IpRanges": [], "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}]}, "warning open-to-world", "(::/0)"),
    "both halves": ("open-to-world", "", {NLB: [{**OPEN, "IpRanges": [{"CidrIp": "0.0.0.0/1"}]}, {**OPEN, "IpRanges": [{"CidrIp": "128.0.0.0/1"}]}]},
                    "warning open-to-world", "0.0.0.0/1, 128.0.0.0/1"),
    "on another port": ("open-to-world", "", {NLB: [{**OPEN, "FromPort": 22, "ToPort": 22}]}, "sound"),
    "inside the network": ("open-to-world", "", {NLB: [OPEN], "load_balancers.0.Scheme": "internal"}, "sound"),
    "this machine's address is not known": ("open-to-world", "", {NLB: [OPEN], "probe.caller_ip": None}, "warning open-to-world", "Which, you must say.", "--allow-cidr <YOUR-NETWORK>"),
    "this machine has one of IPv6": ("open-to-world", "", {NLB: [OPEN], "probe.caller_ip": "2001:db8::7"}, "warning open-to-world", "--allow-cidr <YOUR-NETWORK>"),
    "on the port of the listener": ("open-to-world", "", {NLB: [OPEN], "listeners.0.Port": 80}, "sound"),
    "on Ash's port, where there is no listener": ("open-to-world", "", {NLB: [OPEN], "listeners": []}, "warning open-to-world"),
    "the balancer's second group": ("open-to-world", "", {"security_groups.0.IpPermissions": [OPEN], "load_balancers.0.SecurityGroups": ["sg-nlb", "sg-task"]}, "warning open-to-world", "(203.0.113.7/32, 0.0.0.0/0)"),
    "a balancer without groups has a check of its own": ("open-to-world", "", {"load_balancers.0.SecurityGroups": []}, "sound"),
    "it hands out the key, and has no group": ("api-key-exposed", "", {"probe.key_published": True, "load_balancers.0.SecurityGroups": []}, "warning api-key-exposed"),
    "it hands out the key, and there is no balancer": ("api-key-exposed", "", {"probe.key_published": True, "load_balancers": []}, "warning api-key-exposed"),
    "it hands out the key, and its group was not found": ("api-key-exposed", "", {"probe.key_published": True, "load_balancers.0.SecurityGroups": ["sg-x"]}, "warning api-key-exposed"),
    "it hands out the key on a port that is shut": ("api-key-exposed", "", {"probe.key_published": True, NLB: [OPEN], "listeners.0.Port": 80}, "info api-key-exposed"),
    "it hands out the key on one of two ports": ("api-key-exposed", "", {"probe.key_published": True, NLB: [OPEN], "listeners.+": {"ListenerArn": "x", "Port": 80}}, "warning api-key-exposed"),
    "it hands out the key, and no listener was found": ("api-key-exposed", "", {"probe.key_published": True, NLB: [OPEN], "listeners": []}, "warning api-key-exposed"),
    "no balancer": ("open-to-world", "", {"load_balancers": []}, "none of its business"),
    "it hands out the key to all": (
        "api-key-exposed", "", {"probe.key_published": True, NLB: [OPEN]}, "warning api-key-exposed",
        f"{URL}/dashboard/config.js hands the API key", "apiKey is set", "--allow-cidr 203.0.113.7/32",
    ),
    "it hands out the key to some": ("api-key-exposed", "", {"probe.key_published": True}, "info api-key-exposed"),
    "it keeps the key": ("api-key-exposed", "", {}, "sound"),
    "nobody could see": ("api-key-exposed", "", {"probe.key_published": None}, "? the server gave no answer from which it could be seen"),
    "a balancer without a group": (
        "balancer-security-group", "", {"load_balancers.0.SecurityGroups": []}, "warning balancer-without-security-group", "accepts every address", "--name ash-cloud-2",
    ),
    "with one": ("balancer-security-group", "", {}, "sound"),
    "logs for ever": (
        "log-retention", "", {"log_group.retentionInDays": GONE}, "warning log-retention-endless", "keeps everything for ever.",
        "put-retention-policy --log-group-name /ash-cloud/runtime --retention-in-days", "value='not set'",
    ),
    "logs for a day": ("log-retention", "", {"log_group.retentionInDays": 1}, "sound"),
    "no group": ("log-retention", "", {"log_group": None}, "none of its business"),
}  # fmt: skip

VOLUMES = "task_definition.volumes"
BREAKER = "service.deploymentConfiguration.deploymentCircuitBreaker.enable"


def mounted(path: str | None) -> dict[str, Any]:
    return {f"{SERVER}.mountPoints": [{"sourceVolume": "data", "containerPath": path}]}


def to_s3(url: str = "s3://b/p/", **more: Any) -> dict[str, Any]:
    """Sessions in a database and a bucket, and none on a disk that outlives the task."""
    kept = {
        f"{ENVIRONMENT}.+": {"name": "ASH_SNAPSHOT_URL", "value": url},
        f"{SECRETS}.3.name": "ASH_DATABASE_URL",
    }
    return {VOLUMES: [], "task_definition.taskRoleArn": GONE, **kept, **more}


DEFINITION: dict[str, Row] = {
    "none in clear": ("plain-secrets", "", {}, "sound"),
    "one in clear": (
        "plain-secrets", "", {f"{ENVIRONMENT}.+": {"name": "ASH_API_KEY", "value": "x"}}, "warning secrets-in-environment", "value='ASH_API_KEY'", "takes them from Secrets Manager",
    ),
    "two, by the alphabet": (
        "plain-secrets", "", {ENVIRONMENT: [{"name": "ASH_INTERNAL_SECRET", "value": "x"}, {"name": "ANTHROPIC_API_KEY", "value": "x"}]}, "warning secrets-in-environment",
        "ANTHROPIC_API_KEY, ASH_INTERNAL_SECRET stand in the task definition in clear",
    ),
    "one that is set to nothing": ("plain-secrets", "", {f"{ENVIRONMENT}.+": {"name": "ASH_API_KEY", "value": ""}}, "sound"),
    "a setting in clear": ("plain-secrets", "", {f"{ENVIRONMENT}.+": {"name": "ASH_PORT", "value": "4100"}}, "sound"),
    "an internal secret": ("internal-secret", "", {}, "sound"),
    "no internal secret": (
        "internal-secret", "", {f"{SECRETS}.2.name": "OTHER"}, "warning internal-secret-missing", "anyone who reaches the server may register as a runner.",
        "no ASH_INTERNAL_SECRET", "it always sets one",
    ),
    "an internal secret in clear": (
        "internal-secret", "", {f"{SECRETS}.2.name": "OTHER", f"{ENVIRONMENT}.+": {"name": "ASH_INTERNAL_SECRET", "value": "x"}}, "sound",
    ),
    "kept on EFS": ("durable-state", "", {}, "sound"),
    "kept on the task's disk": ("durable-state", "", {VOLUMES: [{"name": "data"}]}, "warning state-not-durable", "no EFS volume in the container", "ash-ops deploy --efs"),
    "kept on the instance's": ("durable-state", "", {VOLUMES: [{"name": "data", "host": {"sourcePath": "/mnt"}}]}, "sound"),
    "kept on an instance's nobody named": ("durable-state", "", {VOLUMES: [{"name": "data", "host": {}}]}, "warning state-not-durable"),
    "a volume that is not mounted": ("durable-state", "", {f"{SERVER}.mountPoints": []}, "warning state-not-durable"),
    "in a database and S3": (
        "durable-state", "", {VOLUMES: [], f"{ENVIRONMENT}.+": {"name": "ASH_SNAPSHOT_URL", "value": "s3://x"}, f"{SECRETS}.+": {"name": "ASH_DATABASE_URL", "valueFrom": "a"}}, "sound",
    ),
    "in a database alone": ("durable-state", "", {VOLUMES: [], f"{SECRETS}.+": {"name": "ASH_DATABASE_URL", "valueFrom": "a"}}, "warning state-not-durable"),
    "by a host and a password": (
        "durable-state", "", {VOLUMES: [], f"{ENVIRONMENT}.+": {"name": "DATABASE_HOST", "value": "d"}, f"{SECRETS}.0.name": "ASH_SNAPSHOT_URL", f"{SECRETS}.1.name": "ASH_DATABASE_PASSWORD"}, "sound",
    ),
    "by a host alone": ("durable-state", "", {VOLUMES: [], f"{ENVIRONMENT}.+": {"name": "DATABASE_HOST", "value": "d"}, f"{SECRETS}.0.name": "ASH_SNAPSHOT_URL"}, "warning state-not-durable"),
    "by a coordinator, which has none": ("durable-state", "", {VOLUMES: [], f"{ENVIRONMENT}.0.value": "coordinator"}, "sound"),
    "without an internal secret, by a coordinator": ("internal-secret", "", {f"{SECRETS}.2.name": "OTHER", f"{ENVIRONMENT}.0.value": "coordinator"}, "error internal-secret-missing"),
    "mounted where it was not told": ("durable-state", "", mounted(None), "sound"),
    "mounted with a slash": ("durable-state", "", mounted("/data/"), "sound"),
    "mounted at the root": ("durable-state", "", mounted("/"), "sound"),
    "mounted at half of its name": ("durable-state", "", mounted("/dat"), "warning state-not-durable"),
    "mounted below it": ("durable-state", "", mounted("/data/agents"), "warning state-not-durable"),
    "to S3 without a role": (
        "durable-state", "", to_s3(), "warning snapshot-sync-failed", "ASH_SNAPSHOT_URL is s3://b/p/, but the task has no role", "value='none'", "Give the task a role that may read and write the bucket.", "doctor security",
    ),
    "to S3 with keys of its own": ("durable-state", "", to_s3(**{f"{SECRETS}.0.name": "AWS_ACCESS_KEY_ID"}), "sound"),
    "to S3 with an instance's role": ("durable-state", "", to_s3(**{"service.launchType": "EC2"}), "sound"),
    "to S3 with a role": ("durable-state", "", to_s3(**{"task_definition.taskRoleArn": "arn:aws:iam::1:role/r"}), "sound"),
    "to S3, and kept on EFS": ("durable-state", "", to_s3(**{VOLUMES: [{"name": "data", "efsVolumeConfiguration": {"fileSystemId": "fs-1"}}]}), "sound"),
    "to somewhere else than S3": ("durable-state", "", to_s3("gs://b/p/"), "sound"),
    "it ends and does not go back": ("circuit-breaker-enabled", "", {BREAKER.replace("enable", "rollback"): False}, "sound"),
    "nothing is told of its bounds": (
        "circuit-breaker-enabled", "", {BREAKER: False, "service.deploymentConfiguration.maximumPercent": GONE}, "warning circuit-breaker-disabled", "!maximumPercent", '"minimumHealthyPercent": 0',
        "update-service --cluster ash-cloud --service ash-cloud-runtime",
    ),
    "a failing rollout ends": ("circuit-breaker-enabled", "", {}, "sound"),
    "it does not": (
        "circuit-breaker-enabled", "", {BREAKER: False}, "warning circuit-breaker-disabled", '"enable": true, "rollback": true', '"maximumPercent": 100', '"minimumHealthyPercent": 0',
        "value='false'",
    ),
    "nothing is told of it": (
        "circuit-breaker-enabled", "", {"service.deploymentConfiguration": GONE}, "warning circuit-breaker-disabled", "!maximumPercent", "!minimumHealthyPercent",
    ),
}  # fmt: skip

ARN = "arn:aws:acm:us-east-1:111122223333:certificate/c1"
NAME = "ash.example.org"


def certificate(**more: Any) -> dict[str, Any]:
    held = {"CertificateArn": ARN, "DomainName": NAME, "SubjectAlternativeNames": [NAME], "Status": "ISSUED", "Type": "AMAZON_ISSUED",
            "NotAfter": "2027-11-22T12:00:00Z", **more}  # fmt: skip
    return {
        "certificates": [held],
        "listeners.0.Certificates": [{"CertificateArn": ARN}],
        "listeners.0.Protocol": "TLS",
        "deployment.url": f"https://{NAME}",
    }


INVALID, UNPROVEN = (
    f"tls-certificate-invalid of certificate/{NAME}",
    f"certificate-not-validated of certificate/{NAME}",
)
RECORD = {"DomainName": NAME, "ValidationStatus": "PENDING_VALIDATION",
          "ResourceRecord": {"Name": "_a.ash.example.org.", "Type": "CNAME", "Value": "_b.acm."}}  # fmt: skip
CERTIFICATES: dict[str, Row] = {
    "no certificate": ("certificate", "", {}, "none of its business"),
    "valid for a year": ("certificate", "", certificate(), "sound"),
    "another's certificate": ("certificate", "", {**certificate(Status="EXPIRED"), "listeners.0.Certificates": [{"CertificateArn": "x"}]}, "sound"),
    "thirty days to go": ("certificate", "", certificate(NotAfter="2026-12-22T12:00:00Z"), "sound"),
    "a second less": (
        "certificate", "", certificate(NotAfter="2026-12-22T11:59:59Z"), f"warning {INVALID}", "The certificate for ash.example.org ends on 2026-12-22 and is not renewed yet.",
        f"describe-certificate --certificate-arn {ARN}", "--domain NAME",
    ),
    "imported": (
        "certificate", "", certificate(NotAfter="2026-12-01T12:00:00Z", Type="IMPORTED"), f"warning {INVALID}", "was imported: ACM does not renew it.", "Import a new one under the same ARN",
    ),
    "it ends now": ("certificate", "", certificate(NotAfter="2026-11-22T12:00:00Z"), f"error {INVALID}", "ended on 2026-11-22."),
    "it ends in a second": ("certificate", "", certificate(NotAfter="2026-11-22T12:00:01Z"), f"warning {INVALID}"),
    "revoked": ("certificate", "", certificate(Status="REVOKED"), f"error {INVALID}", "is REVOKED."),
    "for another name": (
        "certificate", "", certificate(DomainName="x.org", SubjectAlternativeNames=["x.org"]), "error tls-certificate-invalid of certificate/x.org", "is for x.org, and clients call ash.example.org.",
    ),
    "for all names of the domain": ("certificate", "", certificate(SubjectAlternativeNames=["*.example.org"], DomainName="*.example.org"), "sound"),
    "clients call the balancer's own name": ("certificate", "", {**certificate(SubjectAlternativeNames=["x.org"]), "deployment.url": f"https://{HOST}"}, "sound"),
    "not issued yet": (
        "certificate", "", certificate(Status="PENDING_VALIDATION"), f"error {UNPROVEN}", "is not issued.", "Make the record that ACM names",
    ),
    "not issued, with a reason": ("certificate", "", certificate(Status="FAILED", FailureReason="CAA_ERROR"), f"error {UNPROVEN}", "is not issued (CAA_ERROR)."),
    "not renewed": (
        "certificate", "", certificate(RenewalSummary={"RenewalStatus": "PENDING_VALIDATION"}), f"warning {UNPROVEN}", "is not renewed and ends on 2027-11-22.",
    ),
    "its time to be proven is over": ("certificate", "", certificate(Status="VALIDATION_TIMED_OUT"), f"error {UNPROVEN}", "is not issued."),
    "not issued, and for another name": ("certificate", "", certificate(Status="PENDING_VALIDATION", DomainName="x.org", SubjectAlternativeNames=[]), "error certificate-not-validated of certificate/x.org"),
    "a record is missing": (
        "certificate", "", certificate(Status="PENDING_VALIDATION", DomainValidationOptions=[RECORD]), f"error {UNPROVEN}",
        "is not issued: ACM does not see the record _a.ash.example.org. CNAME _b.acm.", "Make it where ash.example.org is: _a.ash.example.org. CNAME _b.acm.", "!Make the record that ACM names",
    ),
    "inactive": ("certificate", "", certificate(Status="INACTIVE"), f"error {INVALID}", "is INACTIVE.", "value='INACTIVE'"),
    "expired": ("certificate", "", certificate(Status="EXPIRED", NotAfter="2026-11-01T12:00:00Z"), f"error {INVALID}", "ended on 2026-11-01."),
    "expired, nobody told when": ("certificate", "", certificate(Status="EXPIRED", NotAfter=None), f"error {INVALID}", "is EXPIRED."),
    "revoked before its end": ("certificate", "", certificate(Status="REVOKED", NotAfter="2026-11-01T12:00:00Z"), f"error {INVALID}", "is REVOKED."),
    "its state was not told": ("certificate", "", certificate(Status=None), "sound"),
    "its end was not told": ("certificate", "", certificate(NotAfter=None), "sound"),
    "clients call nothing that is known": ("certificate", "", {**certificate(DomainName="x.org", SubjectAlternativeNames=[]), "deployment.url": None}, "sound"),
    "renewal failed": ("certificate", "", certificate(RenewalSummary={"RenewalStatus": "FAILED"}), f"warning {UNPROVEN}", "is not renewed and ends on 2027-11-22."),
    "renewal failed, nobody told when it ends": ("certificate", "", certificate(RenewalSummary={"RenewalStatus": "FAILED"}, NotAfter=None), f"warning {UNPROVEN}", "is not renewed."),
    "renewal is under way": ("certificate", "", certificate(RenewalSummary={"RenewalStatus": "PENDING_AUTO_RENEWAL"}), "sound"),
    "renewed in time": ("certificate", "", certificate(RenewalSummary={"RenewalStatus": "SUCCESS"}), "sound"),
}  # fmt: skip


def leads(detail: str, **more: Any) -> dict[str, Any]:
    return {"deployment.url": f"http://{NAME}:4100", "probe.url": f"http://{NAME}:4100", "probe.balancer_addresses": ["198.51.100.1", "198.51.100.2"],
            "probe.rungs": [{"name": "dns", "outcome": "ok", "detail": detail}, {"name": "tcp", "outcome": "failed", "error": "TimeoutError"}], **more}  # fmt: skip


def tried(addresses: str) -> dict[str, Any]:
    """What came of each address that the name leads to."""
    named = ", ".join(one.split()[0] for one in addresses.split(", "))
    tcp = {"name": "tcp", "outcome": "failed", "detail": f"port 4100: {addresses}"}
    return leads("", **{"probe.rungs": [{"name": "dns", "outcome": "ok", "detail": named}, tcp]})


DOMAINS: dict[str, Row] = {
    "the balancer's own name": ("domain", "", {}, "none of its business"),
    "to one of its addresses": ("domain", "", leads("192.0.2.1, 198.51.100.2"), "sound"),
    "elsewhere": (
        "domain", "", leads("192.0.2.2, 192.0.2.1"), f"error domain-elsewhere of name/{NAME}", f"{NAME} leads to 192.0.2.1, 192.0.2.2; the load balancer is at 198.51.100.1, 198.51.100.2.",
        f"Point {NAME} at {HOST}: a CNAME", "value='192.0.2.1, 192.0.2.2'",
    ),
    "elsewhere, and the balancer has no name": ("domain", "", leads("192.0.2.1", load_balancers=[]), f"error domain-elsewhere of name/{NAME}", "at the load balancer: a CNAME"),
    "a proxy that answers as the server": (
        "domain", "", leads("192.0.2.1", **{"probe.rungs": [{"name": "dns", "outcome": "ok", "detail": "192.0.2.1"}, {"name": "tcp", "outcome": "ok"}, {"name": "http", "outcome": "ok"},
                                                            {"name": "health", "outcome": "ok", "status": 200}]}), "sound",
    ),
    "to which addresses was not told": ("domain", "", leads(""), f"? to which addresses {NAME} leads was not told"),
    "by what was connected to": (
        "domain", "", leads("", **{"probe.rungs": [{"name": "dns", "outcome": "ok"}, {"name": "tcp", "outcome": "failed", "detail": "port 4100: 192.0.2.1 TimeoutError"}]}),
        f"error domain-elsewhere of name/{NAME}",
    ),
    "the name is none": ("domain", "", leads("", **{"probe.rungs": [{"name": "dns", "outcome": "failed", "error": "gaierror"}]}), "sound"),
    "in part elsewhere": (
        "domain", "", tried("198.51.100.2 ok, 192.0.2.2 TimeoutError, 192.0.2.1 TimeoutError"), f"error domain-elsewhere of name/{NAME}",
        f"{NAME} leads to the load balancer (198.51.100.1, 198.51.100.2) and to 192.0.2.1, 192.0.2.2 as well, where nothing answers: a part of the connections fails.",
        f"Take 192.0.2.1, 192.0.2.2 out of the records of {NAME}: it is none of the load balancer's.", "value='192.0.2.1, 192.0.2.2'",
    ),
    "in part to a proxy that answers": ("domain", "", tried("198.51.100.2 TimeoutError, 192.0.2.1 ok"), "sound"),
    "only elsewhere, where nothing answers": ("domain", "", tried("192.0.2.1 TimeoutError"), f"error domain-elsewhere of name/{NAME}", "the load balancer is at"),
    "another name than the deployment's": ("domain", "", leads("192.0.2.1", **{"deployment.url": "http://other.example.org"}), "none of its business"),
    "where the balancer is was not told": ("domain", "", leads("192.0.2.1", **{"probe.balancer_addresses": []}), "none of its business"),
}  # fmt: skip


@each(
    "case",
    KEYS
    | {f"stored: {k}": v for k, v in STORED.items()}
    | {f"fresh: {k}": v for k, v in FRESHNESS.items()},
)
def test_which_keys_fit(case: Row) -> None:
    holds(case)


@each("case", EXPOSURE | {f"definition: {k}": v for k, v in DEFINITION.items()})
def test_what_is_given_away_or_left_out(case: Row) -> None:
    holds(case)


@each("case", CERTIFICATES | {f"name: {k}": v for k, v in DOMAINS.items()})
def test_names_and_certificates(case: Row) -> None:
    holds(case)
