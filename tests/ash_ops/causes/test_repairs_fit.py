"""What is advised fits the message: its tool, port, registry, script, and who can do it."""

from __future__ import annotations

import pytest

from ash_ops.causes.advice.caution import FIRST, warned
from ash_ops.causes.advice.tools import looked_up_by, repaired_by, tool_of
from ash_ops.causes.base import Step
from ash_ops.causes.explain import explain
from ash_ops.causes.explanation import LOOK_FIRST

ECR = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"
OWN_NLB = "ash-nlb-0a1b2c3d4e5f6789.elb.eu-west-1.amazonaws.com"


def advised(text: str) -> str:
    """All steps of the first answer, each with its command."""
    first = explain(text)[0]
    return "\n".join(f"{step.why} {step.command}" for step in (*first.proof(), *first.repair()))


# Each row: the message, what is advised, and what is not (words; empty for nothing).
FITTING = [
    (f'CannotPullContainerError: Get "https://{ECR}/v2/": dial tcp 10.0.0.9:443: i/o timeout', "interface endpoints for ecr.api", "ghcr.io"),
    ('CannotPullContainerError: Head "https://ghcr.io/v2/a/b/manifests/1": dial tcp 140.82.121.34:443: i/o timeout', "do not help for registries outside AWS", "interface endpoints for ecr.api"),
    (f"CannotPullContainerError: failed to resolve ref {ECR}/team/web:latest: not found", "describe-images --repository-name team/web", "ash-ops rollout"),
    ("CannotPullContainerError: manifest for acme.jfrog.io/local/app:1.2 not found: manifest unknown", "repositoryCredentials", "ash-ops rollout"),
    ("CannotPullContainerError: manifest for ghcr.io/acme/ash:9 not found: manifest unknown", "ash-ops rollout", ""),
    ("CannotPullContainerError: invalid reference format: repository name (library/Web) must be lowercase", "in lower case", "ash-ops rollout"),
    ("ResourceInitializationError: unable to pull secrets or registry auth: AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/exec/0a is not authorized to perform: ecr:GetAuthorizationToken on resource: *", "attach-role-policy --role-name exec", "Make the package public"),
    ("failed to push ghcr.io/acme/ash:1: unexpected status from POST request to https://ghcr.io/v2/acme/ash/blobs/uploads/: 403 Forbidden", "write:packages", "Make the package public"),
    (f'checking push permission for "{ECR}/web:1": POST https://{ECR}/v2/web/blobs/uploads/: unexpected status code 401 Unauthorized', "--repository-names web", "attach-role-policy"),
    ("docker: Error response from daemon: failed to initialize logging driver: NoCredentialProviders: no valid providers in chain.", "instance a profile", "attach-role-policy"),
    ("SessionId: ecs-execute-command-0228164ca8ff6e2c1 : Plugin with name InteractiveCommands not found. Step name: InteractiveCommands", "start a new one", "install the plugin"),
    ("lookup mount target ip address using botocore. Failed to import necessary dependency botocore : unsuccessful EFS utils command execution; code: 1", "enableDnsHostnames", "authorize-security-group-ingress"),
    ("[error] [config] section 'configuration' tried to instance a plugin name that don't exists", "correct the section", "awslogs-group"),
    ("exec /docker-entrypoint.sh: no such file or directory", "head -n 1 /docker-entrypoint.sh | cat -v", "override of command"),
    ('CannotStartContainerError: exec: "gunicorn": executable file not found in $PATH', "command -v gunicorn", "line ends"),
    ('unable to start container process: exec: "npm run start": executable file not found in $PATH: unknown', "as a list, one word each", ""),
    ('CannotStartContainerError: exec: "NODE_ENV=production": executable file not found in $PATH', "put it into environment", ""),
    ("CannotCreateContainerError: Error response from daemon: invalid volume specification: 'C:/data:/data'", "sourcePath", "2049"),
    ("The container v002 did not have a container port 80 defined. (Service: AmazonECS; Status Code: 400; Error Code: InvalidParameterException)", "containerPort", "4100"),
    ("ClientException: When networkMode=awsvpc, the host ports and container ports in port mappings must match", "leave hostPort out", "4100"),
    ("the provided SSM parameter:stack/dbpass is in an invalid format", "with the / in front", "secret:NAME"),
    ("ResourceInitializationError: unable to retrieve secret from asm: retrieved secret from Secrets Manager did not contain json key url", "jq keys", ""),
    ("(service web) was unable to place a task. Reason: Fetching secret data from SSM Parameter Store in us-west-1: invalid parameters: /stk1/KEY. (taskDefinition web:3)", "--name /stk1/KEY", "<parameter>"),
    ("(service web) (port 8081) is unhealthy in target-group web due to (reason Health checks failed with these codes: [502]).", "healthCheckGracePeriodSeconds", "ash-ops logs"),
    ("(service web) (port 32770) is unhealthy in target-group web due to (reason Health checks failed with these codes: [404])", "correct the path of the target group", "--health-check-path /health"),
    ("* Connected to 127.0.0.1 port 8983\ncurl: (35) error:0A00010B:SSL routines::wrong version number", "call it with http://", "HOST:4100"),
    (f"curl: (35) error:0A00010B:SSL routines::wrong version number, https://{OWN_NLB}:4100/health", "http://HOST:4100", ""),
    ("curl: (28) Failed to connect to web-1.eu-west-1.elb.amazonaws.com port 8443 after 75012 ms: Connection timed out", "--port 8443", "4100"),
    ('{ "Status": "unhealthy", "FailingStreak": 11, "Log": [ { "ExitCode": 127, "Output": "/bin/sh: 1: wget: not found" } ] }', "check's program is not in the image", "node -e"),
    ('psycopg2.OperationalError: could not translate host name "2oHGo@db" to address: Name or service not known', "%40", "Correct the host"),
    ("npgsql: FATAL: password authentication failed for user app", "where that program has them", "ASH_DATABASE_URL"),
    ('server error: FATAL: no pg_hba.conf entry for host "10.1.11.70", user "app", database "app", no encryption (SQLSTATE 28000)', "sslmode=require in URLs", "Correct user"),
    ('FATAL:  data directory "/var/lib/postgresql/data" has group or world access\nDETAIL:  Permissions should be u=rwx (0700).', "mode 0700", "access point without PosixUser"),
    ("botocore.exceptions.ConnectTimeoutError: Connect timeout on endpoint URL: \"https://logs.eu-west-1.amazonaws.com/\"", "let the task out", "Correct AWS_REGION"),
    ("java.lang.IllegalArgumentException: URL must start with 'jdbc'", "jdbc:postgresql://HOST", "percent-encoding"),
    ("django.core.exceptions.ImproperlyConfigured: The SECRET_KEY setting must not be empty.", "the variable that the message names", ""),
    ("An error occurred (ClusterNotFoundException) when calling the CreateService operation: The referenced cluster was inactive.", "create-cluster", "ash-ops"),
    ("CREATE_FAILED AWS::EC2::EIP Eip The maximum number of addresses has been reached. (Service: Ec2, Status Code: 400)", "AssociationId==null", "existing VPC"),
    ("DELETE_FAILED EIP1 API: ec2:disassociateAddress You do not have permission to access the specified resource.", "A service of AWS holds it", "put-role-policy"),
    ("User: arn:aws:sts::123456789012:assumed-role/exec/0a is not authorized to perform: secretsmanager:GetSecretValue on resource: $PARTIAL because no identity-based policy allows it, unable to retrieve secret from asm", "<policy>", '"Resource":"*"'),
    ("Role arn:aws:iam::123456789012:role/cfn-exec is invalid or cannot be assumed", "cloudformation.amazonaws.com", "ecs-tasks"),
    ("CannotCreateContainerError: API error (500): create 66b84f: VolumeDriver.Create: Create, GetServiceAttr error DB RecordNotFound", "volume of Docker or of the host", "2049"),
    ("CREATE_FAILED Here is the error from the nested template: The key pair 'me' does not exist", "describe-key-pairs", "describe-subnets"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "told", "untold"), FITTING, ids=[r[0][:50] for r in FITTING])
def test_what_is_advised_fits_the_message(text: str, told: str, untold: str) -> None:
    steps = advised(text)
    assert told in steps
    assert not untold or untold not in steps


TOOLS = [
    ("Error: creating ECS Service (web): operation error ECS: CreateService", "Terraform"),
    ('on main.tf line 9, in resource "aws_ecs_service" "web":', "Terraform"),
    ("aws:ecs:Service (web): error: creating ECS Service (web): x", "Pulumi"),
    ("7/17 | 10:52:29 AM | UPDATE_FAILED | AWS::ECS::Service | Web/Service", "the CDK"),
    ("Serverless Error ------- An error occurred: LogGroup", "Serverless"),
    ("Proposing infrastructure changes for stack web-test", "Copilot"),
    ("docker-compose up: manifest unknown", "Compose"),
    ("User: arn:aws:iam::123456789012:user/terraform is not authorized", ""),
    ("docker compose up on ECS: CannotPullContainerError", ""),
    ("OutOfMemoryError: Container killed due to memory usage", ""),
]


@pytest.mark.parametrize(("text", "name"), TOOLS)
def test_who_deploys_with_another_tool_is_known_by_its_words(text: str, name: str) -> None:
    found = tool_of(text.lower())
    assert (found.name if found else "") == name


def test_another_tool_is_told_in_its_own_commands() -> None:
    steps = [
        Step("a", "ash-ops deploy --memory 4096"),
        Step("b", "ash-ops deploy --plan"),
        Step("c", "ash-ops logs --previous"),
        Step("d", "ash-ops doctor"),
        Step("e", "ash-ops --region <region> doctor"),
        Step("f", "ash-ops --name <other-name> deploy"),
        Step("g", "aws ecs update-service --cluster <cluster>"),
        Step("h", "aws ecs describe-services --cluster <cluster>"),
    ]
    terraform, compose = tool_of("terraform apply"), tool_of("docker compose up")
    assert terraform is not None
    assert compose is not None
    told = [step.command for step in repaired_by(terraform, steps)]
    region = "export AWS_REGION=<region>"
    assert told[:6] == ["terraform apply", "terraform plan", "", "", region, ""]
    assert told[6:8] == [steps[6].command, steps[7].command]
    assert "next run takes it back" in repaired_by(terraform, steps)[8].why
    looked = [step.command for step in looked_up_by(compose, steps)]
    assert looked == [
        "docker compose up -d", "docker compose config", "docker compose logs", region,
    ]  # fmt: skip


def test_the_tool_is_found_anywhere_in_the_text() -> None:
    text = "$ terraform apply\nCannotPullContainerError: manifest unknown\nTask stopped\nResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: mount.nfs4: Connection timed out"
    for found in explain(text):
        assert "ash-ops" not in "\n".join(step.command for step in found.repair())
    alone = explain("No space left on device\nterraform apply failed")[0].repair()
    assert all("ash-ops" not in step.command for step in alone)


def test_what_cannot_be_undone_is_advised_with_a_warning() -> None:
    gone = Step("Delete it", "aws cloudformation delete-stack --stack-name <stack>")
    look = Step("See", "aws cloudformation describe-stacks")
    meant = Step("Take it away, if you mean it", "aws ecs delete-service --force")
    assert warned([look, gone]) == [look, FIRST, gone]
    assert warned([LOOK_FIRST, gone]) == [LOOK_FIRST, gone]
    assert warned([meant, gone]) == [meant, gone]
    assert warned([look]) == [look]
    assert warned([Step("x", "sudo rm /var/lib/ecs/data/agent.db")])[0] != FIRST
