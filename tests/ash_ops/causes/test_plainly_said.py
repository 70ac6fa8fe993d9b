"""What a message says whole: its own steps, the names it holds, and no look-up that decides nothing."""

from __future__ import annotations

import pytest

from ash_ops.causes.explain import explain
from tests.ash_ops.causes.test_repairs_fit import advised

ECR = "123456789012.dkr.ecr.us-west-2.amazonaws.com"
ROLE = "arn:aws:sts::123456789012:assumed-role/runner/a"

# Each row: the message, what is advised, and what is not (words; empty for nothing).
FITTING = [
    # Pulls by hand, and those of ECS.
    ('Error response from daemon: Head "https://ghcr.io/v2/acme/web/manifests/v1.2": denied: denied', "docker logout ghcr.io", "repositoryCredentials"),
    ('CannotPullContainerError: Error response from daemon: Head "https://ghcr.io/v2/acme/web/manifests/v1.2": denied: denied', "repositoryCredentials", "docker logout"),
    ("failed to solve: ghcr.io/acme/web:0.3.1: failed to authorize: failed to fetch oauth token: unexpected status: 403 Forbidden", "docker login ghcr.io", "repositoryCredentials"),
    ("failed to solve: docker.io/acme/web:0.3.1: failed to authorize: failed to fetch oauth token: unexpected status: 403 Forbidden", "docker login", "<registry>"),
    (f'CannotPullContainerError: failed to resolve ref "{ECR}/acme/web:1": pulling from host {ECR} failed with status code [manifests 1]: 403 Forbidden', "get-repository-policy --repository-name acme/web", "docker manifest inspect"),
    ('CannotPullContainerError: API error (500): Get https://123456789012.dkr.ecr.us-east-1.amazonaws.com/v2/: net/http: request canceled while waiting for connection', "describe-network-acls", ""),
    # Endpoints, and names that the VPC does not know.
    ("CannotStartContainerError: Error response from daemon: failed to initialize logging driver: failed to create Cloudwatch log stream: RequestError: send request failed caused by: Post https://logs.us-east-2.amazonaws.com/: dial tcp 10.20.10.16:443: i/o timeout", "<endpoint-security-group>", "NAT gateway"),
    ("CannotStartContainerError: Error response from daemon: failed to initialize logging driver: failed to create Cloudwatch log stream: RequestError: send request failed caused by: Post https://logs.us-east-2.amazonaws.com/: dial tcp 52.94.1.16:443: i/o timeout", "NAT gateway", "an interface endpoint has that name, and does not let"),
    ("Fetching secret data from AWS Secrets Manager in region us-east-1: secret arn:aws:secretsmanager:us-east-1:123456789012:secret:a-1aBCDe: RequestError: send request failed caused by: Post https://secretsmanager.us-east-1.amazonaws.com/: dial tcp: lookup secretsmanager.us-east-1.amazonaws.com on 10.0.0.2:53: no such host", "--attribute enableDnsSupport", "NAT gateway"),
    # Programs that the image does not hold.
    ('OCI runtime create failed: container_linux.go:349: starting container process caused "exec: \\"/bin/bash\\": stat /bin/bash: no such file or directory": unknown.', "has no bash", "override of command"),
    ('CannotStartContainerError: exec: "gunicorn": executable file not found in $PATH', "command -v gunicorn", "has no bash"),
    ('CannotStartContainerError: exec: "-url": executable file not found in $PATH', ".Config.Entrypoint", "--entrypoint <command>"),
    ("exec /app/entrypoint.sh: no such file or directory", "head -n 1 /app/entrypoint.sh", "--version"),
    ("Claude Code CLI failed to start: spawn claude ENOENT", "pathToClaudeCodeExecutable", ""),
    # What another rung of the same ladder says.
    (f"ERROR: failed to push {ECR}/web:1: failed commit on ref: unexpected status from PUT request to https://{ECR}/v2/web/manifests/1: 403 Forbidden", "--repository-names web", "attach-role-policy"),
    ("Error response from daemon: unknown: current image with 12 vulnerabilities cannot be pulled due to configured policy in 'Prevent images'", "mend what its scan found", "manifest inspect"),
    ("Error creating ECS Task Definition (web): RegisterTaskDefinition, ClientException: No Fargate configuration exists for given values: 1024 CPU, 1024 memory.", "cpu 256 with memory 512", "describe-task-definition"),
    ("The task has an invalid combination of cpu and memory for Fargate", "describe-task-definition", ""),
    ("Unable to configure pause container namespace, err: bridge create veth pair: container veth name provided (ecs-eth0) already exists, task: arn:aws:ecs:us-west-2:123456789012:task/a", "the instance itself", "Let ECS try again"),
    ("The specified capacity provider 'my-cp' was not found in the cluster", "describe-clusters", "capacityProviderStrategy]"),
    ("A target group with the same name 'web' exists, but with different settings (Service: ElasticLoadBalancingV2, Status Code: 400; Error Code: DuplicateTargetGroupName)", "--names web", "<resource>"),
    ("aws_efs_mount_target.a.2: MountTargetConflict: mount target already exists in this AZ", "one subnet a zone", "Import it into the stack"),
    ("Error: creating CloudWatch Logs Log Group (flow): AccessDeniedException: The specified KMS key does not exist or is not allowed to be used with Arn 'arn:aws:logs:eu-west-2:111122223333:log-group:flow'", "get-key-policy", "simulate-principal-policy"),
    ("jsii.errors.JSIIError: Cannot retrieve value from context provider vpc-provider since account/region are not specified at the stack level", "CDK_DEFAULT_ACCOUNT", "cfn-lint"),
    ("[Tue Apr  4 00:06:12 2023] containerd invoked oom-killer: gfp_mask=0x100cca(GFP_HIGHUSER_MOVABLE), order=0, oom_score_adj=-999", "dmesg", "aws ecs describe-tasks"),
    ("CannotStartContainerError: OCI runtime create failed: container init was OOM-killed (memory limit too low?): unknown", "raise memory in its definition", "get-metric-statistics"),
    ("Error: SQLITE_PROTOCOL: locking protocol", "on a disk of the machine itself", "maximumPercent"),
    ("Cannot start container 162bf2517993: Bind for 0.0.0.0:32898 failed: port is already allocated", "docker ps", "aws ecs"),
    ("Error retrieving credentials from the instance profile metadata server. (Client error: `GET http://169.254.169.254/latest/meta-data/iam/security-credentials/` resulted in a `404 Not Found` response:", "instance profile", "hop-limit"),
    ("Error retrieving credentials from the instance profile metadata service. (cURL error 7: Failed to connect to 169.254.169.254 port 80 after 0 ms: Couldn't connect to server for http://169.254.169.254/latest/meta-data/iam/security-credentials/)", "hop-limit", "associate-iam-instance-profile"),
    ("denied: User: arn:aws:sts::444455556666:assumed-role/a/b is not authorized to perform: ecr:InitiateLayerUpload on resource: arn:aws:ecr:us-west-2:111122223333:repository/web because no identity-based policy allows the ecr:InitiateLayerUpload action", "--registry-id 111122223333", ""),
    ("denied: User: arn:aws:sts::111122223333:assumed-role/a/b is not authorized to perform: ecr:InitiateLayerUpload on resource: arn:aws:ecr:us-west-2:111122223333:repository/web because no identity-based policy allows the ecr:InitiateLayerUpload action", "put-role-policy", "another account"),
    ("pymysql.err.OperationalError: (2003, \"Can't connect to MySQL server on 'shop.cluster-abc.us-east-1.rds.amazonaws.com' (timed out)\")", "--port 3306", "localhost is the container"),
    ("java.io.FileNotFoundException: /srv/app/logs/app.log (Permission denied)", "own that path", "Keep /data"),
    ("✘ deploy env test to application web: adding test environment resources to application: operation 4 for stack set web-infrastructure failed", "--stack-set-name web-infrastructure", "<stack-set>"),
    ('FATA[0004] failed to resolve reference "docker.io/library/nginx:latest": unexpected status from HEAD request to https://registry-1.docker.io/v2/library/nginx/manifests/latest: 429 Too Many Requests', "docker login", "repositoryCredentials"),
    ("Error: creating RDS Cluster (web): operation error RDS: CreateDBCluster, https response error StatusCode: 400, api error InvalidParameterCombination: Cannot find version 15.5 for aurora-postgresql", "describe-db-engine-versions", "Correct what the message names"),
    ("<Code>InvalidChangeBatch</Code><Message>Tried to delete resource record set [name='k.example.net.', type='A'] but it was not found</Message>", "list-resource-record-sets", "list-clusters"),
    ("Resource handler returned message: \"Resource of type 'AWS::ApplicationAutoScaling::ScalableTarget' with identifier 'service/web/web|ecs:service:DesiredCount|ecs' was not found.\" (HandlerErrorCode: NotFound)", "describe-scalable-targets", "describe-subnets"),
    ("error pulling image configuration: download failed after attempts=1: unknown blob", "push the image anew", "ephemeralStorage"),
    (f"docker pull {ECR}/hub/web:1\nError response from daemon: pull access denied for {ECR}/hub/web, repository does not exist: denied: The authentication to the upstream registry failed.", "describe-pull-through-cache-rules", "attach-role-policy"),
    ("AccessDeniedException: The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.", "--action-names kms:Decrypt", "<action>"),
    # Volumes, disks and logs.
    ("failed to invoke EFS utils commands to set up EFS volumes: stderr: mount.nfs4: mounting fs-0a1b2c3d.efs.us-east-1.amazonaws.com:/var/data failed, reason given by server: No such file or directory", "describe-access-points --file-system-id fs-0a1b2c3d", "describe-mount-targets"),
    ('Description: "Launching a new EC2 instance.  Status Reason: The request must contain the parameter size or snapshotId. Launching EC2 instance failed."', "VolumeSize", "Remove what the message names"),
    ("[2021/12/29 23:02:05] [error] [output:cloudwatch_logs:cloudwatch_logs.0] PutLogEvents API responded with error='ThrottlingException', message='Rate exceeded for logStreamName a'", "log_stream_prefix", "conclude nothing"),
    ("An error occurred (ThrottlingException) when calling the DescribeTaskDefinition operation (reached max retries: 4): Rate exceeded", "growing waits", "log_stream_prefix"),
    # Databases.
    ('psql: error: invalid percent-encoded token: "Am%queif"', "%25", "ash-ops logs"),
    # Templates and calls.
    ("Unexpected key 'valueFrom' found in params.containerDefinitions[2].environment[0]", "stands in secrets", "older than the setting"),
    ("Unexpected key 'enableFaultInjection' found in params", "older than the setting", "stands in secrets"),
    ("An error occurred (ClientException) when calling the RegisterTaskDefinition operation: Container.image should not be null or empty.", "needs an image", "compare it"),
    ("An error occurred (ClientException) when calling the RegisterTaskDefinition operation: Cannot depend on container + 'init' because it does not exist", "dependsOn names", "compare it"),
    ("ClientException: Fargate requires that 'memory' be defined at the task level.", "of the task as a whole", "describe-task-definition"),
    ("InvalidConfigurationRequest: All subnets must belong to the same VPC", "describe-subnets", "describe-security-groups"),
    ("A load balancer cannot be attached to multiple subnets in the same Availability Zone", "leave one of the two out", "ash-ops deploy"),
    ("Error launching source instance: InvalidAMIID.NotFound: The image id '[ami-0123456789abcdef0]' does not exist", "--image-ids ami-0123456789abcdef0", "<ami>"),
    ("Error: error modifying ELBv2 Listener: UnsupportedCertificate: The certificate 'arn:aws:acm:us-east-1:123456789012:certificate/9d1f4695-625d-49e2-8490-cd582706ff81' must have a fully-qualified domain name, a supported signature, and a supported key size.", "wait certificate-validated --certificate-arn arn:aws:acm:us-east-1:123456789012:certificate/9d1f4695-625d-49e2-8490-cd582706ff81", "CAA"),
    # Refusals.
    (f"denied: User: {ROLE} is not authorized to perform: ecr:InitiateLayerUpload on resource: arn:aws:ecr:us-west-2:210987654321:repository/web because no resource-based policy allows the ecr:InitiateLayerUpload action", "get-repository-policy --registry-id 210987654321 --repository-name web", "put-role-policy"),
    ("aws s3 cp --recursive s3://acme-dist/web/ /dist\nfatal error: An error occurred (AccessDenied) when calling the ListObjectsV2 operation: Access Denied", "arn:aws:s3:::acme-dist", "<bucket>"),
    (f"AccessDeniedException: User: {ROLE} is not authorized to perform: ecs:StopTask on resource: arn:aws:ecs:us-east-1:123456789012:task/web/0123456789abcdef0123456789abcdef because no identity-based policy allows the ecs:StopTask action", "task/web/*", "task/web/0123"),
    ("error during a run of `continuous-integration` workflow\nAn error occurred (ExpiredToken) when calling the PutObject operation: The provided token has expired.", "role-duration-seconds", "sso login"),
    # Instances.
    ("An error occurred (InsufficientInstanceCapacity) when calling the RunInstances operation: We currently do not have sufficient g4dn.xlarge capacity in the Availability Zone you requested (eu-west-1b). You can currently get g4dn.xlarge capacity by not specifying an Availability Zone in your request or choosing eu-west-1a.", "Values=g4dn.xlarge", "describe-scaling-activities"),
    # Connections.
    ("curl: (7) Failed to connect to 172.17.0.3 port 9000 after 3069 ms: No route to host", "docker ps", "describe-load-balancers"),
    ("400 Bad Request\n\nThe plain HTTP request was sent to HTTPS port\nnginx/1.1.19", "https://", "ASH_SERVER_URL"),
    ('Error: failed to do request: Head "https://harbor.example.com/v2/a/nginx/manifests/1.0": x509: certificate signed by unknown authority', "-connect harbor.example.com:443", "<host>"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "told", "untold"), FITTING, ids=[r[0][:50] for r in FITTING])
def test_a_reason_that_the_text_gives_decides_its_steps(text: str, told: str, untold: str) -> None:
    said = advised(text)
    assert told in said
    assert not untold or untold not in said


NAMED = [
    ("image", "ghcr.io/acme/web:latest", '✘ app Error Head "https://ghcr.io/v2/acme/web/manifests/latest": denied: denied'),
    ("image", "acme/web@sha256:" + "0" * 64, 'CannotPullContainerError: Head "https://registry-1.docker.io/v2/acme/web/manifests/sha256:' + "0" * 64 + '": denied'),
    ("image", "ghcr.io/acme/web:1", "docker pull ghcr.io/acme/web:1\n1: Pulling from acme/web\nmanifest unknown"),
    ("image", "alpine", '$ docker run alpine /bin/bash -c "true"\ndocker: Error response from daemon: OCI runtime create failed: exec: \\"/bin/bash\\": stat /bin/bash: no such file or directory'),
    ("image", "docker.io/library/web:latest", "STOPPED, Reason CannotPullContainerError: Tag latest not found in repository docker.io/library/web, Known Sent: NONE"),
    ("resource", "OriginAccess1", "Resource of type 'AWS::CloudFront::OriginAccessControl' with identifier 'OriginAccess1' already exists.\" (HandlerErrorCode: AlreadyExists)"),
    ("action", "ssm:GetParameters", "web failed: Error [ValidationError]: AccessDenied. User doesn't have permission to call ssm:GetParameters\n    at Request.extractError (/usr/lib/query.js:50:29)"),
    ("stack", "web-vpc", "Waiter StackDeleteComplete failed: matched expected path: \"DELETE_FAILED\"\nStack web-vpc deletion failed, cleaning up"),
    ("stack", "CoreStack", 'CoreStack | 28/70 | 5:02:27 PM | UPDATE_FAILED | AWS::ECS::Service | Svc (Svc1) Resource handler returned message: "Invalid request provided: The target group with targetGroupArn x does not have an associated load balancer."'),
    ("resource", "/aws/lambda/web", "web | 9/20 | 4:48:24 PM | CREATE_FAILED | AWS::Logs::LogGroup | /aws/lambda/web already exists"),
    ("policy", '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:CreateRole","Resource":"arn:aws:iam::123456789012:role/web-Role-V5QUHYDCDRBA"}]}', f"API: iam:CreateRole User: {ROLE} is not authorized to perform: iam:CreateRole on resource: arn:aws:iam::123456789012:role/web-Role-V5QUHYDCDRBA"),
    ("resource", "arn:aws:iam::123456789012:role/web", f"API: iam:PassRole User: {ROLE} is not authorized to perform: iam:PassRole on resource: arn:aws:iam::123456789012:role/web."),
]  # fmt: skip


@pytest.mark.parametrize(("placeholder", "name", "text"), NAMED, ids=[r[2][:50] for r in NAMED])
def test_what_the_text_names_is_taken(placeholder: str, name: str, text: str) -> None:
    assert explain(text)[0].names.get(placeholder) == name


UNNAMED = [
    ("image", "docker pull ghcr.io/acme/we\nb:1: manifest unknown"),
    ("image", 'CannotPullContainerError: Head "https://ghcr.io/v2/acme/web/manifests/late'),
    ("action", "AccessDenied. User doesn't have permission to call ssm:GetPara\nmeters"),
    ("stack", "Stack creation failed, and the Deployment was stuck. ROLLBACK_COMPLETE state and can not be updated"),
    ("resource", f"User: {ROLE} is not authorized to perform: iam:PassRole on resource: arn:aws:iam::123456789012:role/we"),
    ("image", "docker run -p 127.0.0.1:80:80 web\ndocker: Error response from daemon: exec format error"),
]  # fmt: skip


@pytest.mark.parametrize(("placeholder", "text"), UNNAMED, ids=[r[1][:50] for r in UNNAMED])
def test_what_is_cut_or_said_otherwise_is_no_name(placeholder: str, text: str) -> None:
    assert placeholder not in explain(text)[0].names


def test_nothing_is_told_as_proof_and_as_repair() -> None:
    for text, _, _ in FITTING:
        first = explain(text)[0]
        proof, repair = first.proof(), first.repair()
        assert not {step.why for step in proof} & {step.why for step in repair}
        assert not {s.command for s in proof if s.command} & {s.command for s in repair}
