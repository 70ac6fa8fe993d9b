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
    ("CannotCreateContainerError: Error response from daemon: privileged mode is incompatible with user namespaces. You must run the container in the host namespace when running privileged mode", "userns-remap", "sysctl"),
    ("CannotStartContainerError: API error (500): oci runtime error: process_linux.go:258: applying cgroup configuration for process caused \"mkdir /sys/fs/cgroup/memory/docker/406c: no space left on device\"", "control group", "ephemeralStorage"),
    ("InvalidParameterException: The platform version must be null when specifying an EC2 launch type.", "leave it out", "LATEST"),
    ("An error occurred (InvalidParameterException) when calling the UpdateService operation: Task definition does not support launch_type FARGATE.", "requiresCompatibilities", "capacityProvider=FARGATE"),
    ("Error: Cannot find module '/usr/src/app/NODE_ENV=dev'", "begins with an assignment", "into the image"),
    ("Error: Cannot find module '/usr/src/app/dist/main.js'", "into the image", "assignment"),
    ("TargetGroupAssociationLimit: Target group 'arn:aws:elasticloadbalancing:sa-east-1:123456789012:targetgroup/tg-web/77578dc53ae2e7c8' cannot be associated with more than one load balancer", "belongs to one load balancer", "names is where"),
    ("Resource handler returned message: \"Up to '1' certificate ARNs can be specified, but '2' were specified (Service: ElasticLoadBalancingV2, Status Code: 400)\" (HandlerErrorCode: ServiceLimitExceeded)", "ListenerCertificate", "request-service-quota-increase"),
    ("CREATE_FAILED Here is the error from the nested template: The key pair 'me' does not exist", "describe-key-pairs", "describe-subnets"),
    # Public incidents: their threads tell what healed them.
    ("Fetching secret data from SSM Parameter Store in eu-central-1: AccessDeniedException: The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access. (Service: AWSKMS; Status Code: 400; Error Code: AccessDeniedException)", '"Action":"kms:Decrypt"', "ssm:GetParameters\"]"),
    ("Error: Failed to register task definition in ECS: Unexpected key 'enableFaultInjection' found in params", "amazon-ecs-deploy-task-definition@v2", "ash-ops"),
    ('Parameter validation failed:\nUnknown parameter in containerDefinitions[0]: "versionConsistency", must be one of: name, image, cpu', "older than the setting", "ash-ops"),
    ("An error occurred (ClientException) when calling the DescribeTaskDefinition operation: Unable to describe task definition.", "list-task-definition-families", "ash-ops"),
    ("ERROR: for nginx  driver failed programming external connectivity on endpoint web_nginx_1 (c3fa): Error starting userland proxy: Failed to bind: EADDRINUSE\nERROR: Encountered errors while bringing up the project.", "docker ps", "aws ecs"),
    ("CannotStartContainerError: Error response from daemon: driver failed programming external connectivity on endpoint ecs-web: Bind for 0.0.0.0:80 failed: port is already allocated", "hostPort be 0", "docker ps"),
    ("The AWS ECS container web does not exist\nInvalid action configuration", "imagedefinitions.json", "4100"),
    ("[Error at /My-LambdaStack] Request limit exceeded.", "growing waits", "existing VPC"),
    ("botocore.errorfactory.AccessDeniedException: An error occurred (AccessDeniedException) when calling the InvokeModel operation: You don't have access to the model with the specified model ID.", "Bedrock's model catalog", "put-role-policy"),
    ("Assuming role with OIDC\nError: Could not assume role with OIDC: Not authorized to perform sts:AssumeRoleWithWebIdentity", "list-open-id-connect-providers", "simulate-principal-policy"),
    ("API Error: 403 User: arn:aws:sts::123456789012:assumed-role/ash-task/0a is not authorized to perform: bedrock:InvokeModel on resource: arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0 because no identity-based policy allows the bedrock:InvokeModel action", '"Action":"bedrock:InvokeModel"', "Ask the organisation"),
    ("AccessDenied: User: arn:aws:sts::123456789012:assumed-role/ecs-ECSRole/i-0123456789abcdef0 is not authorized to perform: cloudformation:SignalResource on resource: arn:aws:cloudformation:eu-west-1:123456789012:stack/ecs-cluster/*", '"Resource":"arn:aws:cloudformation:eu-west-1:123456789012:stack/ecs-cluster/*"', "<policy>"),
    ("An error occurred (VcpuLimitExceeded) when calling the RunInstances operation: You have requested more vCPU capacity than your current vCPU limit of 32 allows for the instance bucket that the specified instance type belongs to.", "request-service-quota-increase --service-code ec2 --quota-code L-1216C47A", "fargate"),
    ("psycopg2.OperationalError: FATAL:  remaining connection slots are reserved for non-replication superuser connections", "max_connections", "Correct host"),
    ("`CannotPullContainerError: Error response from daemon: manifest for nginx:0f6b3cdf not found`", "name one that the registry holds", "ash-ops rollout"),
    ("An error occurred (LayersNotFoundException) when calling the GetDownloadUrlForLayer operation: The layer with digest sha256:0d32 does not exist within the repository with name 'web' in the registry with id '112233445566'", "push the image anew", "no such repository"),
    ("CannotPullContainerError: dial tcp 10.0.3.17:443: i/o timeout", "interface endpoint has that name", "VPC endpoints do not help"),
    ("mount: wrong fs type, bad option, bad superblock on 10.1.25.30:/, missing codepage or helper program, or other error (for several filesystems (e.g. nfs, cifs) you might need a /sbin/mount.<type> helper program)", "amazon-efs-utils", "2049"),
    ("service web was unable to place a task because no container instance met all of its requirements. Reason: No Container Instances were found in your cluster.", "describe-scaling-activities", "make the task smaller"),
    ("(service web) (port 8000) is unhealthy in target-group web due to (reason Health checks failed with these codes: [400]).", "ALLOWED_HOSTS", "authorize-security-group-ingress"),
    ("(service web) (port 5005) is unhealthy in (target-group arn:aws:elasticloadbalancing:ap-south-1:123456789012:targetgroup/web/e938d1c7734d02a2) due to (reason Health checks failed).", "HealthCheckPath", "ash-ops"),
    ('4:43:04 pm | CREATE_FAILED        | AWS::ECS::Service                               | Service\nResource handler returned message: "Invalid request provided: CreateService error: Alarm based rollback feature is only supported with ECS deployment controller. (Service: AmazonECS; Status Code: 400)"', "deployment controller ECS", "ash-ops"),
    ('{"__type":"InvalidParameterException","message":"The provided target group arn:aws:elasticloadbalancing:us-west-2:123456789012:targetgroup/t/ab12 has target type ip, which is incompatible with the bridge network mode specified in the task definition."}', "TargetType", "cfn-lint"),
    ("ClientException: The specified Auto Scaling group ARN is already being used by another capacity provider. Specify a unique Auto Scaling group ARN and try again.", "describe-capacity-providers", "ash-ops"),
    ("CREATE_FAILED AWS::RDS::DBInstance Db The parameter MasterUserPassword is not a valid password. Only printable ASCII characters besides '/' may be used. (Service: Rds, Status Code: 400, Request ID: 0)", "ManageMasterUserPassword", "Remove what"),
    ('{"status": "STOPPED", "containers": [{"containerName": "webapp", "reason": "OutOfMemoryError: Container killed due to memory usage"}]}', "Give that container more memory", "ASH_SANDBOX_MEMORY_MB"),
    ("su-exec: setgroups: Operation not permitted", "start as root", "override of command"),
    ("The container listens on 127.0.0.1 only and the balancer gets connection refused", "listen on 0.0.0.0", "wait one to three minutes"),
    ("    > $ docker run centos:6 dd if=/dev/zero of=/var/tmp/x bs=100k count=1024\n    dd: writing `/var/tmp/x': No space left on device", "docker system df", "/data/sandboxes"),
    ("public-fargate | 10/14 | 9:22:13 PM | CREATE_FAILED | AWS::ECS::Service | web/Service (web) Service arn:aws:ecs:us-east-1:123456789012:service/rbi5 did not stabilize.", "list-tasks --cluster <cluster> --service-name rbi5 --desired-status STOPPED", "ash-ops"),
    ("Error connecting to TCS: websocket: bad handshake", "/etc/ecs/ecs.config", "replace the instance"),
    ("[Container] 2021/07/14 21:13:37 Running command docker pull -q app\nError response from daemon: toomanyrequests: You have reached your pull rate limit.", "docker login", "ECS tries again"),
    (" ✘ Image public.ecr.aws/p1t3u8a3/chalice:v1.22.0      Error toomanyrequests: Rate exceeded", "--password-stdin public.ecr.aws", "repositoryCredentials"),
    ("CannotPullContainerError: toomanyrequests: You have reached your pull rate limit.", "repositoryCredentials", "on the machine that pulls"),
    ("Embedded stack arn:aws:cloudformation:us-west-2:123456789012:stack/app-2018ND-IYGS/69660fe0-6104-11e8-a46c-500c32c86c35 was not successfully updated. Currently in UPDATE_ROLLBACK_IN_PROGRESS with reason: The following resource(s) failed to update: [Service].", "--stack-name app-2018ND-IYGS", "<stack>"),
    ("[2021/05/12 19:36:11] [error] [output:cloudwatch_logs:cloudwatch_logs.0] CreateLogGroup API responded with error='AccessDeniedException'", "logs:PutLogEvents", "ash-ops iam-policy"),
    ("An error occurred (ExpiredToken) when calling the PutObject operation: The provided token has expired.\n##[error]Process completed with exit code 1.", "role-duration-seconds", "sso login"),
    ("starting new Fargate task: running new task on Fargate: ExpiredTokenException: The security token included in the request is expired\n\tstatus code: 400, request id: 4b85", "AWS_SESSION_TOKEN", "sso login"),
    ("botocore.exceptions.ClientError: An error occurred (ExpiredToken) when calling the CreateRole operation: The security token included in the request is expired", "aws sso login", "role-duration-seconds"),
    ("DB Subnet Group doesn't meet availability zone coverage requirement. Please add subnets to cover at least 2 availability zones. Current coverage: 1 (Service: AmazonRDS; Status Code: 400; Error Code: DBSubnetGroupDoesNotCoverEnoughAZs)", "describe-db-subnet-groups", "ash-ops deploy"),
    ("ValidationError: A certificate must be specified for HTTPS listeners\n\tstatus code: 400", "list-certificates", "ash-ops deploy"),
    ("creating ECS Service (web): NamespaceNotFoundException: Failed to retrieve namespace for example", "Make the namespace", "Correct the parameter"),
    ("The VPC vpc-0aea5c3d6 in region us-west-2 has already been associated with the hosted zone Z0210 with the same domain name. (Service : AmazonRoute53; Status Code: 400; Error Code: ConflictingDomainExists; Request ID: bf26)", "servicediscovery list-namespaces", "ash-ops"),
    ("* aws_service_discovery_service.worker: ResourceInUse: Service contains registered instances; delete the instances before deleting the service", "desired count 0", "target group, security group"),
    ("Error: P1001: Can't reach database server at `db.abc.us-east-1.rds.amazonaws.com`:`3306`", "--port 3306", "5432"),
    ("Error: P1002\n\nThe database server at `db.us-east-1.aws.neon.tech:5432` was reached but timed out.\nContext: Timed out trying to acquire a postgres advisory lock (SELECT pg_advisory_lock(72707369)). Elapsed: 10000ms.", "another migration holds the lock", "5432"),
    ("An error occurred (InvalidParameterException) when calling the UpdateService operation: The service cannot be updated because the task definition arn:aws:ecs:us-east-1:123456789012:task-definition/web:12 is inactive.", "--task-definition <new-revision>", "--service <service> --task-definition web:12"),
    ('fatal error: Could not connect to the endpoint URL: "https://s3.eu-central-1.amazonaws.com/my-bucket/app.zip"', "That region exists", "Correct AWS_REGION"),
    ('level=error msg="failed to start" err="open /etc/prometheus/prometheus.yml: permission denied"', "uid of its access point", "below /data"),
    ("PermissionError: [Errno 13] Permission denied: '/mnt/efs/fs1/models'\n  File \"/var/task/app.py\", line 12, in handler", "Lambda function", "readonlyRootFilesystem; on EFS"),
    ("(service web) failed to register targets in (target-group arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0a1b) with (error The following targets are not in the target group VPC 'vpc-0a1b2c3d': 'i-0123456789abcdef0')", "target group is of another VPC", "ash-ops deploy"),
    ("│ Error: updating ECS Service (arn:aws:ecs:us-east-1:123456789012:service/prod/web): InvalidParameterException: Unable to update network parameters on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment.", "are CodeDeploy's", "ash-ops"),
    ('level=error msg="Unable to register as a container instance with ECS" error="InvalidParameterException: The identity document and identity document signature were not valid."', "external instance", "Restart the agent"),
    ("│ Error: putting Application Auto Scaling Scaling Policy (up): operation error Application Auto Scaling: PutScalingPolicy, https response error StatusCode: 400, RequestID: 8ee0, ObjectNotFoundException: No scalable target registered for service namespace: ecs, resource ID: service/a/b, scalable dimension: ecs:service:DesiredCount", "register-scalable-target", "ash-ops"),
    ("botocore.exceptions.ClientError: An error occurred (AccessDenied) when calling the PutObject operation: Access Denied", "s3:PutObject", "ash-ops"),
    ("An error occurred (AccessDenied) when calling the ListObjectsV2 operation: Access Denied", "s3:ListBucket", "s3:ListObjects\""),
    ('ERRO[0000] Error registering task definition             error="ClientException: No Fargate configuration exists for given values.\\n\\tstatus code: 400, request id: 7a55" family=sonar', "512 with 1024 to 4096", "ash-ops"),
    ("Fargate requires that 'cpu' be defined at the task level. (Service: AmazonECS; Status Code: 400; Error Code: ClientException)", "of the task as a whole", "valid pair"),
    ("* failed creating ECS Task Definition (web-718b): ClientException: The 'memory' setting for container 'worker' is greater than for the task.", "must hold that of each container", "valid pair"),
    ("* aws_autoscaling_group.foobar (destroy): 1 error(s) occurred:\n\n* aws_autoscaling_group.foobar: group still has 7 instances", "protected from scale-in", "ash-ops"),
    ("Error: error creating capacity provider: ClientException: The specified capacity provider already exists. To change the configuration of an existing capacity provider, update the capacity provider.", "describe-capacity-providers", "ash-ops"),
    ("name unknown: The repository with name '123456789012.dkr.ecr.us-east-1.amazonaws.com/app' does not exist in the registry with id '123456789012'\n##[error]Process completed with exit code 1.", "registry twice", "update-service"),
    ("The push refers to repository [123456789012.dkr.ecr.us-east-1.amazonaws.com/my-app]\n6403477052d0: Preparing\nno basic auth credentials", "docker login --username AWS", "AmazonECSTaskExecutionRolePolicy"),
    ("Error: error authorizing Security Group (ingress) rules: RulesPerSecurityGroupLimitExceeded: The maximum number of rules per security group has been reached.\n\tstatus code: 400, request id: a6c1", "--service-code vpc --quota-code L-0EA8095F", "<quota-code>"),
    ("CREATE_FAILED AWS::EC2::NatGateway Nat Performing this operation would exceed the limit of 5 NAT gateways (Service: AmazonEC2; Status Code: 400; Error Code: NatGatewayLimitExceeded)", "L-FE5A380F", "<quota-code>"),
    ("caused by: Post https://ssm.ca-central-1.amazonaws.com/: x509: failed to load system roots and no roots provided", "install ca-certificates", "renew it in ACM"),
    ("worker error: Error: getaddrinfo EAI_AGAIN immich_postgres\n    at GetAddrInfoReqWrap.onlookupall [as oncomplete] (node:dns:120:26)", "Compose network", "ASH_DATABASE_URL"),
    ('psql: could not connect to server: Connection refused\n        Is the server running on host "db-service" (127.0.0.1) and accepting\n        TCP/IP connections on port 5432?', "stands for the machine itself", "ASH_DATABASE_URL"),
    ("Unhandled rejection SequelizeConnectionRefusedError: connect ECONNREFUSED 10.0.2.15:3306", "start MySQL", "ASH_DATABASE_URL"),
    ('http 2022-04-15T16:52:50.757968Z app/my-loadbalancer/50dc6c495c0c9188 192.168.131.39:2817 10.0.0.1:80 0.001 4.205 -1 502 - 94 326 "GET http://example.com:80 HTTP/1.1" "curl/7.51.0" - -', "keepAliveTimeout", "Try again"),
    ('error getting credentials - err: exec: "docker-credential-ecr-login": executable file not found in $PATH, out: ``', "credHelpers", "in the Dockerfile"),
    ('OCI runtime exec failed: exec failed: unable to start container process: exec: "/bin/bash": stat /bin/bash: no such file or directory: unknown', "ask for /bin/sh", "override of command"),
    ("##[error]There were 5 validation errors:\n* UnexpectedParameter: Unexpected key 'compatibilities' found in params\n* UnexpectedParameter: Unexpected key 'taskDefinitionArn' found in params", "Take out what only describe prints", "older than the setting"),
    ("Error creating AutoScaling Group: ValidationError: Provided Target Group 'arn:aws:elasticloadbalancing:us-west-2:123456789012:targetgroup/tf-2018/4b7c2d11872' has invalid target type. Please ensure all provided Target Groups have target type of instance.", "of the type instance", "ash-ops deploy"),
    ("`Aws\\Exception\\CredentialsException: Error retrieving credentials from the instance profile metadata server. (cURL error 28: Connection timed out after 1000 milliseconds", "hop-limit 2", "sso login"),
    ('RequestError: send request failed\ncaused by: Post https://cloudformation.us-east-1.amazonaws.com/: dial tcp 54.239.1.2:443: connect: host is down', "That region exists", "Correct AWS_REGION"),
    ("SqliteError: unable to open database file\n    at new Database (/app/node_modules/better-sqlite3/lib/database.js:65:26) {\n  code: 'SQLITE_CANTOPEN'\n}", "beside its database", "Keep /data"),
    ("SqliteError: unable to open database file /data/ash.db\n  code: 'SQLITE_CANTOPEN'", "Keep /data", "beside its database"),
    ("CannotStopContainerError: failed sending SIGKILL to container: context deadline exceeded", "systemctl restart docker", "stopTimeout to 120"),
    ("ResourceInitializationError: unable to retrieve secret arn:aws:secretsmanager:us-east-2:111122223333:secret:prod/api-8Kx2Pq: ResourceNotFoundException: Secrets Manager can't find the specified secret.", "list-secrets", "ash-ops deploy"),
    ("ResourceNotFoundException: Secrets Manager can't find the specified secret value for staging label: AWSCURRENT", "put-secret-value", "restore-secret"),
    ('You must specify a region. You can also configure your region by running "aws configure".', "export AWS_REGION", "ash-ops --region"),
    ("ClusterNotFoundException: Cluster not found.", "aws ecs list-clusters --region", "ash-ops --region"),
    ("S3 error: Access Denied\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html", "s3:GetObject", "deployment of Ash"),
    ("CREATE_FAILED AWS::ElasticLoadBalancingV2::ListenerRule Rule Priority '10' is currently in use (Service: AmazonElasticLoadBalancing; Status Code: 400; Error Code: PriorityInUse)", "describe-rules", "ash-ops"),
    ("ClientException: Fargate requires task definition to have execution role ARN to support ECR images.", "executionRoleArn", "ash-ops"),
    ("An error occurred (ValidationException) when calling the RegisterScalableTarget operation: User is missing the following permissions: cloudwatch:PutMetricAlarm, cloudwatch:DescribeAlarms", "all the actions that the text lists", "ash-ops"),
    ("Target: i-0abcd1234  Port: 8080  Health status: unhealthy  Reason: Target.FailedHealthChecks  Description: Health checks failed", "HealthCheckPath", "4100"),
]  # fmt: skip


def test_no_command_deletes_a_stack_that_is_named_as_the_owner_of_something_else() -> None:
    text = (
        "web-prod | 5/19 | 10:12:33 AM | CREATE_FAILED | AWS::S3::Bucket | Bucket web-state already exists in stack "
        "arn:aws:cloudformation:eu-west-1:111122223333:stack/web-old/0a1\n"
        "❌ web-prod failed: Error: The stack named web-prod failed creation, it may need to be manually deleted from the AWS console: ROLLBACK_COMPLETE"
    )
    told = "\n".join(step.command for found in explain(text) for step in found.repair())
    assert "web-old" not in told
    assert "delete-stack --stack-name web-prod" in told


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
    ("assets_1  | Error: Cannot find module 'express'", "Compose"),
    ("13:47:44 | CREATE_FAILED        | AWS::ECS::TaskDefinition | web/TaskDef", "the CDK"),
    ("| us-east-1 | web | Error: Cannot find module 'express'", ""),
    ("ERRO[0000] Create task definition failed", "the ECS CLI"),
    ("4:43:04 pm | CREATE_FAILED        | AWS::ECS::Service      | Service", "the CDK"),
    (
        "✘ Latest failure event\n  - (service web-Service-T8qs) was unable to place a task",
        "Copilot",
    ),
    ("Error: Failed to register task definition in ECS: x", "the workflow"),
    ("$ docker run -p 80:80 web\ndocker: Error response from daemon: x", "Docker"),
    ("docker: Error response from daemon: Get https://1.dkr.ecr.eu-west-1.amazonaws.com/v2/", ""),
    ("docker push $AWS_ACCOUNT_ID.dkr.ecr.$AWS_REGION.amazonaws.com/web exit status 1", ""),
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
