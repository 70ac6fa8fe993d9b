"""What is advised for a program or deployment that need not be Ash's, where the text asks for no other step.

A cause's own steps for any message are Ash's: its port, its settings, this tool's commands. Whoever runs another
program can do none of that; these are what he can do, by the cause's name.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ash_ops.causes.base import Step

_SERVER_KEY: Final = Step(
    "The server that was asked refuses the key, or got none: give the client the key that this server knows, whole, without quotes or blanks around it and in the header that it reads (mostly Authorization: Bearer KEY), and start the client anew"
)
_OWN_LOG: Final = Step(
    "An error of the program's own ended it: mend what its first error names, at the file and line of yours that stand with it; where the text begins in the middle, read the program's log further up"
)
_MORE_MEMORY: Final = Step(
    "Give that container more memory (memory of its definition, within the task's; docker run -m), or let its program use less: fewer workers, smaller caches"
)
_CHECKED: Final = Step(
    "Compare what the balancer asks with what the container answers: the port that it listens on (on 0.0.0.0), a path that answers without a sign-in, a code of Matcher",
    "aws elbv2 describe-target-groups --target-group-arns <target-group> --query 'TargetGroups[].[Port,Protocol,HealthCheckPort,HealthCheckPath,Matcher]'",
)
_LET_IN: Final = Step(
    "Let the task's security group in from the balancer on the container's port",
    "aws ec2 describe-security-groups --group-ids <task-security-group> --query 'SecurityGroups[].IpPermissions[]'",
)

_STEPS: Final[dict[str, tuple[Step, ...]]] = {
    "image-pull-failed": (
        Step(
            "The end of the reason decides: not found is the name or the tag, denied or no basic auth the credentials, a timeout the way out of the subnet, toomanyrequests or 429 Docker Hub's limit (sign in, or take the image from ECR). Try it from where you are",
            "docker pull <image>",
        ),
    ),
    "placement-failed": (
        Step(
            "Compare what the task asks for with what the event's reason names: launch type, CPU and memory, constraints, zones, free addresses",
            "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.[requiresCompatibilities,networkMode,cpu,memory,placementConstraints]'",
        ),
    ),
    "task-init-failed": (
        Step(
            "The end of the reason decides: AccessDenied is the execution role, a timeout the way out of the subnet (a public address, a NAT gateway or endpoints), not found the name of the secret or log group, a mount the file system and its security group"
        ),
    ),
    "elb-healthcheck-failed": (
        _CHECKED,
        _LET_IN,
        Step("A slow start needs a longer healthCheckGracePeriodSeconds of the service"),
    ),
    "target-timeout": (
        _LET_IN,
        Step("If the server is only slow, raise its CPU or the health check's timeout"),
    ),
    "app-unhealthy-5xx": (
        Step(
            "The program answers with an error of its own: the body of that answer often names the part that fails, its log of that time why; mend that (a database, a disk, a setting); let the health check ask a path that needs none of these"
        ),
    ),
    "conn-refused": (
        Step(
            "Nothing listens at that address and port: see that the program runs, that it listens on 0.0.0.0 where others are to reach it, and that address and port are the right ones",
            "ss -ltnp",
        ),
    ),
    "conn-timeout": (
        Step(
            "Something drops the packets: a security group, a network ACL, a firewall, or a missing route. Try the port from where the program runs, then read the rules at the other end",
            "nc -vz -w 5 <host-and-port>",
        ),
    ),
    "conn-reset": (
        Step(
            "The other end closed the connection: read its log at that time (it ended, started anew, was full, or had been idle for too long); a client that keeps connections must let them go before the server does"
        ),
    ),
    "dns-nxdomain": (
        Step(
            "No resolver knows that name, or none answered (EAI_AGAIN, a temporary failure): correct it in the program's settings, and see where the program runs that a resolver answers (/etc/resolv.conf, the network's DNS)",
            "nslookup <domain>",
        ),
    ),
    "tls-to-plain-http": (
        Step(
            "That port speaks plain HTTP: call it with http://, or put TLS in front of it (a listener with a certificate, a proxy) and call that"
        ),
    ),
    "no-registered-targets": (
        Step(
            "The newest events of the service name what keeps its tasks from starting or from being registered",
            "aws ecs describe-services --cluster <cluster> --services <service> --query 'services[].events[:5].message'",
        ),
        Step("With a running task, correct the loadBalancers block of the service"),
    ),
    "ash-bad-request": (
        Step(
            "The server that was asked does not take the request: read the body of its answer, which names what is wrong (behind a gateway, what that was answered stands in its own log), and correct the request"
        ),
    ),
    "bad-listen-config": (
        Step(
            "Correct address and port in the program's own settings: 0.0.0.0 (an address of another host cannot be bound), and a whole number from 1 to 65535"
        ),
    ),
    "container-start-failed": (
        Step(
            "The end of the reason names what failed: the program (command, entryPoint), a mount, a device or a limit. See whether the image starts by itself",
            "docker run --rm <image>",
        ),
    ),
    "disk-full": (
        Step(
            "See what fills it, delete or move that, or give the machine (on Fargate the task: ephemeralStorage.sizeInGiB, 21 to 200) more disk",
            "du -xh / --max-depth=2 --threshold=500M",
        ),
    ),
    "sqlite-locked": (
        Step(
            "Another process or connection writes to the same file: let one program write at a time, wait longer for the lock (PRAGMA busy_timeout=5000), turn on WAL on a local disk, and keep the file off shared file systems"
        ),
    ),
    "db-unreachable": (
        Step(
            "Correct host and port where the program has them, start the database or wait until it is ready, and let who asks in (its security group or firewall)"
        ),
    ),
    "db-auth-failed": (
        Step(
            "Correct user, password and database name where the program has them, and start it anew"
        ),
    ),
    "db-url-invalid": (
        Step(
            "Write the address as SCHEME://USER:PASSWORD@HOST:PORT/DATABASE, and what is no letter or figure in user and password with percent-encoding (@ is %40, / is %2F, # is %23)"
        ),
    ),
    "app-crash": (_OWN_LOG,),
    "crash-loop": (
        Step(
            "What ended the tasks decides: exit code 137 is memory or a stop, another code the program (its log says why), none a health check that failed (port, path, healthCheckGracePeriodSeconds)"
        ),
    ),
    "fewer-tasks-than-desired": (
        Step(
            "Mend what the newest events name (above); where they name nothing, the stopped tasks do"
        ),
    ),
    "container-healthcheck-failed": (
        Step(
            "Use a command that the image holds (many have no curl and no wget), which ends with 0 once the program answers, and a startPeriod for its start"
        ),
    ),
    "container-oom": (_MORE_MEMORY,),
    "sigkill-137": (
        Step(
            "If its memory was near the limit, that ended it: "
            + _MORE_MEMORY.why[:1].lower()
            + _MORE_MEMORY.why[1:]
        ),
        Step(
            "If somebody stopped it: end at SIGTERM in time, or raise stopTimeout (120 s at most on Fargate)"
        ),
    ),
    "stop-timeout": (
        Step(
            "Let the program end at SIGTERM (started with exec, not behind a shell), or raise stopTimeout (120 s at most on Fargate)"
        ),
    ),
    "exit-139": (
        Step(
            "Take another base image (Debian's in place of Alpine's, whose libc is musl), or build the native modules anew in it, for the processor it runs on; if it stays, another version of the program"
        ),
    ),
    "node-heap-oom": (
        Step(
            "Set NODE_OPTIONS=--max-old-space-size (in MB) to three quarters of the container's memory, and give it more where that is too little"
        ),
    ),
    "data-dir-unwritable": (
        Step(
            "Let the program's user own that directory: chown it in the image, and on a volume or a directory of the host that is mounted over it there; or start the program as its owner"
        ),
    ),
    "claude-root-refused": (
        Step(
            "Start Claude Code as another user than root (USER in the Dockerfile, user in the task definition, su -c), or without --dangerously-skip-permissions (permissionMode bypassPermissions); in a container that is a sandbox, IS_SANDBOX=1 lets root use it"
        ),
    ),
    "claude-not-found": (
        Step(
            "Install Claude Code where the program runs that starts it, or give that its whole path",
            "npm install -g @anthropic-ai/claude-code",
        ),
    ),
    "claude-exit": (
        Step(
            "Start the same command by hand in the same place and read what it writes to stderr: a key, a permission, an MCP server or a setting",
            "claude -p hello",
        ),
    ),
    "sandbox-userns-unavailable": (
        Step(
            "Let the setting of the host that forbids it allow it (Fargate lets nobody): kernel.apparmor_restrict_unprivileged_userns=0 on Ubuntu from 24.04 on (or a profile of AppArmor for bwrap), kernel.unprivileged_userns_clone=1 on an old Debian, user.max_user_namespaces above 0; or run the program without that sandbox where that is safe"
        ),
    ),
    "sandbox-cgroups-unavailable": (
        Step(
            "The container may not write to its control groups: run it on a host of yours, privileged or with /sys/fs/cgroup mounted writable (--cgroupns=host); on Fargate nothing allows it"
        ),
    ),
    "ash-auth-missing": (_SERVER_KEY,),
    "ash-auth-invalid": (_SERVER_KEY,),
    "ash-server-error": (
        Step(
            "The server that was asked failed: read its log at that time, and mend its first error; if it is not yours, try again later"
        ),
    ),
    "ash-route-not-found": (
        Step(
            "The server has no such path: compare it with what this version of it documents, and with what a proxy in front takes off or adds"
        ),
    ),
    "anthropic-key-missing": (
        Step(
            "Give the program that asks an ANTHROPIC_API_KEY, in the environment in which it runs"
        ),
    ),
    "anthropic-auth": (
        Step(
            "Put a valid key where the program that asks has it (ANTHROPIC_API_KEY), and start that anew"
        ),
    ),
    "anthropic-unreachable": (
        Step(
            "Give the program a way out on 443 to api.anthropic.com from where it runs: its network, proxy (HTTPS_PROXY) and firewall; of a task in a private subnet, a NAT gateway"
        ),
    ),
    "cfn-fargate-cpu-mem": (
        Step(
            "Take a pair that Fargate has: CPU 256 with 512 to 2048 MB, 512 with 1024 to 4096, 1024 with 2048 to 8192, 2048 with 4096 to 16384, 4096 with 8192 to 30720"
        ),
    ),
    "cfn-access-denied": (
        Step("Let the role that makes the resource do what the message names, then deploy again"),
    ),
    "cfn-sg-vpc-mismatch": (
        Step("Name security groups and subnets of one VPC, where they are written"),
    ),
    "cfn-container-port": (
        Step(
            "Name container and port in the service's load balancer as the task definition's portMappings have them, or add that mapping"
        ),
    ),
    "cfn-template-invalid": (
        Step(
            "Correct what the message names where it is written: template, task definition or call"
        ),
    ),
    "aws-throttled": (
        Step(
            "Try again with growing waits, and call less at once: fewer stacks, resources or jobs side by side, and more attempts of the SDK (AWS_RETRY_MODE=adaptive, AWS_MAX_ATTEMPTS=10)"
        ),
    ),
    "platform-version-unsupported": (
        Step(
            "Name a version that Fargate has where the call or the service names it (LATEST, 1.4.0; of Windows 1.0.0), or none; a task on instances has none"
        ),
    ),
    "aws-scp-deny": (
        Step(
            "Find the policy that denies: the text names its kind, or it is one of the caller's own (of the user, its groups or the role), a permissions boundary, or the organisation's; take the Deny out there, or ask whoever may"
        ),
    ),
    "service-missing": (
        Step(
            "Name a service of that cluster, account and region as the list has it, or make it first"
        ),
    ),
    "aws-access-denied": (
        Step(
            "Let the policy of who calls allow the action that the text names; where it names none, CloudTrail does, some minutes later",
            "aws cloudtrail lookup-events --query \"Events[?contains(CloudTrailEvent,'AccessDenied')].[EventTime,EventName,Username]\"",
        ),
    ),
    "aws-not-found": (
        Step(
            "Name what is there, in the account and region that are called: see which those are",
            "aws configure list",
        ),
    ),
    "aws-region-invalid": (
        Step(
            "Correct the region where the program has it (AWS_REGION, --region, region of a profile); if it is right, the service is not in that region, or the program reaches no AWS from where it runs (DNS, a way out on 443, an endpoint)"
        ),
    ),
    "aws-region-missing": (Step("Name one", "export AWS_REGION=<region>"),),
}

_AT_A_DESK: Final[dict[str, tuple[Step, ...]]] = {
    "container-dependency-failed": (
        Step(
            "Read the log of the container that is waited for, and mend what it names; if it only is slow, give its healthcheck a longer start_period and more retries",
            "docker logs <container>",
        ),
    ),
    "image-pull-denied": (
        Step(
            "Write the whole name (REGISTRY/OWNER/NAME:TAG), and sign in to that registry where it is pulled; Docker Hub says the same of an image that is not there. One that was built here must have just that name",
            "docker images",
        ),
    ),
    "image-not-found": (
        Step(
            "Correct name and tag where they are written (image in the Compose file, FROM in the Dockerfile, the command line) to one that the registry has"
        ),
    ),
    "image-arch-mismatch": (
        Step(
            "Name the platform of the image (platform: in the Compose file, --platform in docker run and build), or build it for this machine's processor; Kubernetes runs it on nodes of its own processor only (nodeSelector)",
            "docker image inspect --format '{{.Os}}/{{.Architecture}}' <image>",
        ),
    ),
    "image-pull-dns": (
        Step(
            "This machine's resolver knows no such host: correct the host in the image's name if it is misspelt, or the resolver (of the machine, or of Docker itself: dns in daemon.json), then pull again",
            "nslookup <domain>",
        ),
    ),
    "image-pull-network": (
        Step(
            "Let this machine out to the registry on 443: its network, VPN, proxy (of Docker itself: proxies in daemon.json) and firewall; then pull again",
            "curl -sSI https://<registry-host>/v2/",
        ),
    ),
}
ELSEWHERE: Final[Mapping[str, tuple[Step, ...]]] = MappingProxyType(_STEPS)
"""The steps by the cause's name."""
AT_A_DESK: Final[Mapping[str, tuple[Step, ...]]] = MappingProxyType({**_STEPS, **_AT_A_DESK})
"""The same where Docker, Podman or Compose runs what fails, and nothing of AWS."""
