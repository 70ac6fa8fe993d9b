"""What people paste to ask whether all is well: told as what it is, and never well where a word says otherwise."""

from __future__ import annotations

import pytest

from ash_ops.causes.explain import explain
from tests.ash_ops.causes.remembered import answers

HORIZONTAL = "|  desiredCount | runningCount |  status  |\n+---------------+--------------+----------+\n|  2            |  {running}           |  ACTIVE  |"
VERTICAL = "|  desiredCount |  2       |\n|  pendingCount |  0       |\n|  runningCount |  {running}       |\n|  status       |  ACTIVE  |"
OF_A_QUERY = "|  rollout   | desired | running  | pending |\n+------------+---------+----------+---------+\n|  COMPLETED |  2      |  {running}       |  0      |"
LISTED = (
    "serviceName: web\nstatus: ACTIVE\ndesiredCount: 2\nrunningCount: {running}\npendingCount: 0"
)
COPILOT = "Task Summary\n\n  Running   ██████████  {running}/2 desired tasks are running\n  Health    ██████████  2/2 passes HTTP health checks"
SHAPES = [HORIZONTAL, VERTICAL, OF_A_QUERY, LISTED, COPILOT]


@pytest.mark.parametrize("shape", SHAPES)
def test_counts_that_agree_are_steady(shape: str) -> None:
    assert answers(shape.format(running=2))[0] == ("healthy-steady", "info")


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("running", [0, 1])
def test_counts_that_do_not_agree_are_not(shape: str, running: int) -> None:
    assert not answers(shape.format(running=running))[0][0].startswith("healthy")


TASK = '{"tasks":[{"taskArn":"arn:aws:ecs:eu-west-1:123456789012:task/prod/0a1b","lastStatus":"RUNNING","desiredStatus":"RUNNING","healthStatus":"%s"}]}'
CURL = '$ curl -i http://203.0.113.7:4100/health\nHTTP/1.1 %s\ncontent-type: application/json\n\n{"status":"%s"}'
DOCKER = 'CONTAINER ID   IMAGE        COMMAND                  CREATED        STATUS                 NAMES\n0a1b2c3d4e5f   ash:latest   "docker-entrypoint.s…"   2 hours ago    Up 2 hours (%s)    ash'
SAM = "Waiting for stack create/update to complete\n%s created/updated stack - ash in eu-west-1"
CDK = "AshStack: deploying... [1/1]\n\n%s\n\nOutputs:\nAshStack.Url = http://ash.example.com:4100"
EVENTS = "  1/15 | 9:14:17 PM | CREATE_COMPLETE | AWS::Logs::LogGroup | web/LogGroup\n  2/15 | 9:14:18 PM | CREATE_%s | AWS::ECS::Service | web/Service"
GIVEN = "- An IAM Role for AWS CloudFormation to manage resources     [create complete]  [24.6s]\n- An ECS cluster to group your services     [create %s]  [6.4s]"

# Each row: a text that says that all is well, what it is told as, and the same text with a word that takes it back.
WELL = [
    (TASK % "HEALTHY", "healthy-steady", TASK % "UNHEALTHY"),
    ("| RUNNING |  HEALTHY        |", "healthy-steady", "| RUNNING |  UNHEALTHY        |"),
    (DOCKER % "healthy", "healthy-steady", DOCKER % "unhealthy"),
    ("|  10.0.1.5  |  healthy   |\n|  10.0.2.7  |  healthy   |", "healthy-target", "|  10.0.1.5  |  healthy   |\n|  10.0.2.7  |  unhealthy   |"),
    ("10.0.1.5\t4100\thealthy", "healthy-target", "10.0.1.5\t4100\tdraining"),
    (CURL % ("200 OK", "ok"), "healthy-http", CURL % ("200 OK", "degraded")),
    ("< HTTP/2 200\n< server: nginx", "healthy-http", "< HTTP/2 301\n< server: nginx"),
    (CDK % " ✅  AshStack", "healthy-cfn", CDK % " ❌  AshStack failed"),
    (CDK % " ✅  AshStack (no changes)", "cfn-no-updates", CDK % " ❌  AshStack (no changes)"),
    ("Apply complete! Resources: 3 added, 0 changed, 0 destroyed.", "healthy-cfn", "Apply complete! Resources: 3 added, 0 changed, 0 destroyed.\nAnd yet every task is stopped."),
    ("No changes. Your infrastructure matches the configuration.", "cfn-no-updates", "No changes. Your infrastructure matches the configuration.\nBut the service is down."),
    (SAM % "Successfully", "healthy-cfn", SAM % "Failed to create: not"),
    (EVENTS % "IN_PROGRESS", "healthy-cfn", EVENTS % "FAILED"),
    (GIVEN % "complete", "healthy-cfn", GIVEN % "failed"),
    ("Waiting for the service to become stable. Will wait for 30 minutes\nService is stable", "healthy-steady", "Waiting for the service to become stable. Will wait for 30 minutes\nService is not stable"),
    ("Waiting for service deployment to complete...\nService deployment successful.", "healthy-deploy-progress", "Waiting for service deployment to complete...\nService deployment not successful."),
]  # fmt: skip


@pytest.mark.parametrize(("text", "told", "not_well"), WELL)
def test_an_outcome_is_told_as_what_it_is(text: str, told: str, not_well: str) -> None:
    assert answers(text)[0] == (told, "info")
    assert not any(cause.startswith("healthy") for cause, _ in answers(not_well)[:1])


def test_fields_that_are_well_do_not_outweigh_a_line_that_is_not() -> None:
    service = '{"services":[{"serviceName":"web","status":"ACTIVE","desiredCount":2,"runningCount":2,"pendingCount":0}]}'
    assert answers(service)[0][0] == "healthy-steady"
    assert answers(f"{service}\nbut the page says: Error establishing a thing")[0][0] == "unknown"


def test_an_address_at_the_head_of_a_row_is_no_version_of_a_list_of_changes() -> None:
    row = "10.0.1.5  unhealthy  Target.Timeout  Request timed out"
    assert answers(row)[0][0] == "target-timeout"


ECS = (
    "CannotStartContainerError: ResourceInitializationError: failed to initialize logging driver: "
)

# Each row: the message, what is advised, and what is not.
ADVISED = [
    ("ClientException: Tasks using the Fargate launch type do not support ipcMode.", "Fargate has no such setting", "capacity-provider-strategy"),
    (f"{ECS}failed to get fluentd log driver arguments: logging driver specified of container app, but no log configuration specified", "awsfirelens", "does not answer"),
    ("botocore.exceptions.CredentialRetrievalError: Error when retrieving credentials from container-role: Error retrieving metadata: Received non 200 response (400) from ECS metadata:", "taskRoleArn", "sso login"),
    ("User: arn:aws:sts::123456789012:assumed-role/exec/0a is not authorized to perform: logs:CreateLogGroup on resource: arn:aws:logs:eu-central-1:123456789012:log-group:shop:log-stream: because no identity-based policy allows the logs:CreateLogGroup action", ':log-group:shop:log-stream:"', ':log-stream"'),
    ('FATAL: no pg_hba.conf entry for host "192.0.2.1", user "app", database "app", SSL on', "add a line for it", "sslmode=require"),
    ("ValidationError: You cannot provide subnets from multiple locales.\nNotAvailableInZone: Nat Gateway is not available in this availability zone", "Local Zone", "network-configuration"),
    ("Unable to assume role and validate the listeners configured on your load balancer. Please verify the role being passed has the proper permissions.", "ecs.amazonaws.com", "ecs-tasks.amazonaws.com"),
    ("OCI runtime create failed: error during container init: error creating device nodes: mknod /run/containerd/rootfs/dev/null: errno 524: unknown", "directory of its own", "no such device"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "advised", "not_advised"), ADVISED)
def test_a_repair_fits_what_was_refused(text: str, advised: str, not_advised: str) -> None:
    steps = "\n".join(f"{step.why} {step.command}" for step in explain(text)[0].repair())
    assert advised in steps
    assert not_advised not in steps
