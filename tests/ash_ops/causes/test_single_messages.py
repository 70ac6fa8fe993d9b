"""What single messages ask for, which strangers found told wrongly: the steps, the names, the silence."""

from __future__ import annotations

import pytest

from ash_ops.causes.explain import explain
from ash_ops.redact import redact
from ash_ops.report.explanation import lines
from tests.ash_ops.causes.remembered import answers
from tests.ash_ops.causes.test_repairs_fit import advised

# Each row: the message, what is advised, and what is not (words; empty for nothing).
DECIDED = [
    ("CREATE_FAILED - Requires capabilities : [CAPABILITY_AUTO_EXPAND]", "CAPABILITY_NAMED_IAM CAPABILITY_AUTO_EXPAND", ""),
    ("An error occurred (InsufficientCapabilitiesException) when calling the CreateStack operation: Requires capabilities : [CAPABILITY_NAMED_IAM]", "--capabilities CAPABILITY_NAMED_IAM", "AUTO_EXPAND"),
    ("Cross-account pass role is not allowed (Service: AmazonCloudFormation; Status Code: 403; Error Code: AccessDenied)", "within its own account", "iam-policy deploy"),
    ("User: arn:aws:iam::123456789012:user/ci is not authorized to perform: iam:PassRole on resource: arn:aws:iam::123456789012:role/web because no identity-based policy allows it", "put-user-policy", "within its own account"),
    ("{'tasks': [], 'failures': [{'arn': 'arn:aws:ecs:us-west-1:123456789012:container-instance/4efb17d8911a432a80f646c3ea5bc94e', 'reason': 'ATTRIBUTE'}]}", "requiresAttributes", "room for the task"),
    ("{'tasks': [], 'failures': [{'arn': 'arn:aws:ecs:us-west-1:123456789012:container-instance/4efb17d8911a432a80f646c3ea5bc94e', 'reason': 'RESOURCE:CPU'}]}", "", "requiresAttributes"),
    ("HostConfigError: error retrieving docker port map: 2 contiguous host ports unavailable", "containerPortRange", "ASH_PORT"),
    ("Task failed ELB health checks in (target-group...)", "HealthCheckPath", "4100"),
    ("service web (instance i-0a1b2c3d4e5f60718) is unhealthy in elb web due to (reason Instance has failed at least the UnhealthyThreshold number of health checks consecutively.)", "HealthCheckPath", "4100"),
    ("botocore.errorfactory.InvalidTargetException: An error occurred (InvalidTarget) when calling the DescribeTargetHealth operation: The specified target does not exist or is not in the same VPC as the target group.", "is not there", "Make the service anew"),
    ("An error occurred (InvalidParameterException) when calling the ExecuteCommand operation: task length should be one of [32,36]", "32 letters and figures", "put-role-policy"),
    ("EntityAlreadyExists: Role with name ecsTaskExecutionRole already exists.\n\tstatus code: 409", "get-role --role-name ecsTaskExecutionRole", "other-name"),
    ("CertificateNotFound: Server Certificate not found for the key: arn:aws:iam::123456789012:server-certificate/web", "list-server-certificates", "acm list-certificates"),
    ("CannotPullECRContainerError: InvalidParameterException: Invalid parameter at 'registryIds' failed to satisfy constraint: 'Member must satisfy regular expression pattern: [0-9]{12}'", "12 figures", "doctor pending"),
    ("docker push 123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1 exited with error code 1: Post \"https://123456789012.dkr.ecr.eu-west-1.amazonaws.com/v2/web/blobs/uploads/\": net/http: TLS handshake timeout", "the machine that pushes", "authorize-security-group-egress"),
    ("2022-02-14T17:49:28Z [INFO] Agent exited with code 127\n2022-02-14T17:49:28Z [WARN] ECS Agent failed to start, retrying in 16s", "ecs-agent.log", "override of command"),
    ("Error executing \"SendRawEmail\" on \"https://email.us-east-2.amazonaws.com\"; AWS HTTP error: cURL error 7: Failed to connect to email.us-east-2.amazonaws.com port 443: Connection refused", "an API of AWS", "4100"),
    ("Error: /srv/node_modules/libxmljs/build/Release/xmljs.node: invalid ELF header\n    at Module.load (node:internal/modules/cjs/loader:981:32)", "install its packages itself", "runtimePlatform.cpu"),
    ("[2022-12-17 14:33:47 +0000] [1] [WARNING] Worker with pid 20 was terminated due to signal 9", "--timeout", "SIGTERM, or raise"),
    ("ECS task: sqlalchemy.exc.OperationalError: (sqlite3.OperationalError) disk I/O error, the file is on EFS", "local disk", "sizeInGiB"),
    ("Error response from daemon: OCI runtime create failed: container_linux.go:380: starting container process caused: rootfs_linux.go:76: mounting \"/dev/null\" caused: open /dev/null: too many open files", "LimitNOFILE", "GPU"),
    ("Error: Error loading shared library ld-linux-x86-64.so.2: No such file or directory", "musl", "Put what the message names"),
    ("CannotStartContainerError: Error response from daemon: failed to initialize logging driver: failed to create Cloudwatch log group: AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/ecs-cli-EcsInstanceRole-1II7J9P4", "create-log-group", "attach-role-policy"),
    ("bwrap: Creating new namespace failed: Function not implemented", "no user namespaces", "apparmor=0"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "told", "untold"), DECIDED, ids=[r[0][:50] for r in DECIDED])
def test_the_message_decides_the_step(text: str, told: str, untold: str) -> None:
    steps = advised(text)
    assert told in steps
    assert not untold or untold not in steps


def shown(text: str) -> str:
    return "\n".join(lines(explain(text)))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "Export data-storage:ExportsOutputFnGetAttAppDataBucket857FA106ArnDA77A1F5 cannot be deleted as it is in use by management",
            "--export-name data-storage:ExportsOutputFnGetAttAppDataBucket857FA106ArnDA77A1F5",
        ),
        (
            "AccessDeniedException: User is not authorized to perform s3:GetObject",
            "--action-names s3:GetObject",
        ),
        (
            "User: arn:aws:iam::123456:user/github-actions is not authorized to perform: ecs:UpdateService",
            "--user-name github-actions",
        ),
        (
            "$ aws s3 sync ./out s3://example-site\n\nfatal error: An error occurred (AccessDenied) when calling the ListObjectsV2 operation: Access Denied",
            "arn:aws:s3:::example-site",
        ),
        (
            "$ docker pull ghcr.io/acme/web:sha-8c5a4c8\nError response from daemon: pull access denied for ghcr.io/acme/web, repository does not exist or may require 'docker login': denied",
            "ghcr.io/acme/web:sha-8c5a4c8",
        ),
        (
            "Embedded stack arn:aws:cloudformation:us-east-1:REDACTED:stack/shop-VPC-1/42f61810 was not successfully created: The following resource(s) failed to create: [NatGateway1EIP].",
            "--stack-name shop-VPC-1",
        ),
    ],
)
def test_a_name_that_stands_in_the_text_is_filled_in(text: str, name: str) -> None:
    assert name in shown(text)


def test_a_role_of_identity_center_is_not_asked_for_without_its_path() -> None:
    text = "api error AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Admin_0a1b2c3d/me is not authorized to perform: iam:PassRole on resource: arn:aws:iam::123456789012:role/web because no identity-based policy allows it"
    told = shown(text)
    assert "/aws-reserved/sso.amazonaws.com/" in told
    assert "role/AWSReservedSSO_" not in told.replace("assumed-role/", "")


TRIES = '{"level":"warn","message":"Retrying redis connection: attempt %d"}'


def test_a_log_that_only_tries_again_is_not_told_as_sound() -> None:
    log = "\n".join(["yarn run v1.22.19", *(TRIES % n for n in (1, 2, 3))])
    assert answers(log)[0] == ("unknown", None)
    assert answers("[server] Waiting to reconnect to Redis (attempt #2)")[0][1] is None
    done = f'{log}\n{{"level":"info","message":"Redis connected"}}'
    assert answers(done)[0][0] == "healthy-log"


def test_words_that_begin_as_a_token_of_gitlab_are_no_secret() -> None:
    group = "'/aws/codebuild/aft-global-customizations-terraform'"
    assert redact(group) == group
    assert "glpat" not in redact("token glpat-abcdefghij0123456789")
    assert "glrt" not in redact("runner glrt-abcdefghij0123456789")


def test_a_service_that_starts_anew_all_the_time_is_not_told_as_sound() -> None:
    start = "(service web) has started 1 tasks: (task b497ae38-6c32-41b9-9ccb-5e67ffdad6b{0})."
    gone = "(service web) deregistered 1 instances in (elb private-web)"
    events = [line.format(n) for n in range(3) for line in (start, gone)]
    assert answers("\n".join(events))[0][0] == "crash-loop"
    came_up = "(service web) registered 1 instances in (elb private-web)"
    assert answers("\n".join([*events, came_up]))[0][0] == "healthy-deploy-progress"
    assert answers("\n".join(events[:4]))[0][0] == "healthy-deploy-progress"


def test_the_name_of_an_error_is_no_secret() -> None:
    said = "error creating Secrets Manager Secret: InvalidRequestException: You can't create this secret because a secret with this name is already scheduled for deletion."
    assert redact(said) == said
    assert "restore-secret" in shown(said)
    assert "Tr0ub4dor" not in redact("secret: Tr0ub4dorException9")
