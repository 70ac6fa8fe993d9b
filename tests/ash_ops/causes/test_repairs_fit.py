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
    # What the message gives as its reason decides, before what is likely in general.
    ("Update failed: CustomResource attribute error: Vendor response doesn't contain Id key in object arn:aws:cloudformation::111122223333:stack/web/1a", "answered without the attribute", "give it more time"),
    ("CREATE_FAILED Custom::Thing Thing Failed to create resource. See the details in CloudWatch Log Stream", "behind the custom resource", "answered without the attribute"),
    ("Error: Was not able to find a stack with the name: web-prd, please check your parameters and try again.", "list-stacks", "list-clusters"),
    ("$ srt 'curl example.com'\nbwrap: Creating new namespace failed: Operation not permitted", "unprivileged_userns_clone", "seccomp"),
    ("docker run -it web\nbwrap: No permissions to create new namespace", "seccomp=unconfined", "On Fargate this is expected"),
    ("spawn bwrap ENOENT", "apt-get install bubblewrap", "seccomp"),
    ("Aws::Errors::MissingCredentialsError: unable to sign request without credentials set", "taskRoleArn", "sso login"),
    ("Error: Access key ID empty after loading credentials", "role-to-assume", "sso login"),
    ("An error occurred (ClientException) when calling the RegisterTaskDefinition operation: Role is not valid", "list-roles", "update-assume-role-policy"),
    ("ECS was unable to assume the role 'arn:aws:iam::123456789012:role/web' that was provided for this task.", "update-assume-role-policy", "list-roles"),
    ('ERROR:    Error loading ASGI app. Could not import module "main".', "--app-dir", "Take the override"),
    ("clojure.lang.ExceptionInfo: Unable to connect to Metabase postgres DB. {}\nCaused by: java.net.UnknownHostException: metabase-db", "in that program's own settings", "ASH_DATABASE_URL"),
    ("Native CLI binary for linux-x64 not found. Reinstall @anthropic-ai/claude-agent-sdk", "--omit=optional", "ash-ops rollout"),
    ("qemu: uncaught target signal 11 (Segmentation fault) - core dumped", "docker build --platform", "ash-ops rollout"),
    ("node: killed by SIGSEGV, task stopped with exit code 139", "for the task's processor", "qemu"),
    ("Error: rootlessport cannot expose privileged port 80: listen tcp 0.0.0.0:80: bind: permission denied", "-p 8080:80", "target group"),
    ("nginx: [emerg] bind() to 0.0.0.0:80 failed (13: Permission denied)", "below 1024 is root's", "rootless"),
    ("mount.nfs4: Protocol not supported (fs-0abc1234.efs.eu-west-1.amazonaws.com)", "nfsvers=4.1", "2049"),
    ("ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: mount.nfs4: Connection reset by peer : unsuccessful EFS utils command execution; code: 32", "needs some minutes", "authorize-security-group-ingress"),
    ("ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: mount.nfs4: Connection timed out : unsuccessful EFS utils command execution; code: 32", "2049", "needs some minutes"),
    ("no basic auth credentials", "docker login --username AWS", "Make the package public"),
    ("pull access denied for acme/web, repository does not exist or may require 'docker login': denied: requested access to the resource is denied", "repositoryCredentials", "--username AWS"),
    ("Claude AI usage limit reached|1760000000", "seconds since 1970", "retry-after says"),
    ('anthropic.RateLimitError: Error code: 429 {"type":"error","error":{"type":"rate_limit_error","message":"This request would exceed your organization\'s rate limit"}}', "retry-after says", "plan of that login"),
    ("[error] 35#0: *206 host.docker.internal could not be resolved (3: Host not found), client: 172.17.0.1", "host-gateway", "describe-load-balancers"),
    ("UPDATE_FAILED AWS::ECS::Service Svc Resource handler returned message: \"Access denied for operation 'AWS::ECS::Service'\" (HandlerErrorCode: AccessDenied)", "cloudtrail lookup-events", "simulate-principal-policy"),
    ("CREATE_FAILED AWS::ECS::Service Svc User: arn:aws:iam::123456789012:user/ci is not authorized to perform: ecs:CreateService on resource: * because no identity-based policy allows it (HandlerErrorCode: AccessDenied)", "put-user-policy", "cloudtrail"),
    ('level=error msg="AccessDeniedException: User: arn:aws:sts::111122223333:assumed-role/web/0a1b is not authorized to perform: logs:CreateLogStream on resource: arn:aws:logs:us-east-1:111122223333:log-group:/ecs/web:log-stream:app-0a1b\\n\\tstatus code: 400, request id: 0a1b"', "log-stream:app-0a1b\"", "<policy>"),
    ("ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve secret from asm: service call has been retried 1 time(s): invalid character '\\'' looking for beginning of value", "double quotes", "then deploy"),
    ("CREATE_FAILED AWS::ElasticLoadBalancingV2::Listener Http Certificate ARN 'arn:aws:acm:us-east-1:111122223333:certificate/1' is not valid (Service: ElasticLoadBalancingV2, Status Code: 400, Request ID: 1)", "that are ISSUED", "Correct the parameter"),
    ("UPDATE_FAILED Export net:ExportsOutputRefvpcSubnet3SubnetCD2EA007 cannot be deleted as it is in use by database-stack.", "this.exportValue", "Change the importing stacks first"),
    ("UPDATE_FAILED Export shared-vpc-id cannot be deleted as it is in use by database-stack.", "Change the importing stacks first", "exportValue"),
    ('test-graphql-1    | {"detail":{"info":{"internal":"connection to server at \\"postgres\\" (172.26.0.5), port 5432 failed: Connection refused"}},"level":"error"}', "condition: service_healthy", "ASH_DATABASE_URL"),
    ('Parameter validation failed:\nUnknown parameter in input: "taskdefinition", must be one of: cluster, taskDefinition', "with its capitals", "only describe prints"),
    ("Trying to pull registry.gitlab.com/acme/web...\nError: error pulling image \"registry.gitlab.com/acme/web\": Error reading manifest latest in registry.gitlab.com/acme/web: manifest unknown: manifest unknown", "Push that tag", "update-service"),
    ("Error: error waiting for ECS Cluster (self-services-dev-ecsCluster) to become Available: unexpected state 'FAILED', wanted target 'ACTIVE'. last error: %!s(<nil>)", "describe-clusters --clusters self-services-dev-ecsCluster", "start of the tasks"),
    ("Error: waiting for ECS Service (web) create: timeout while waiting for state to become 'tfSTABLE' (last state: 'tfPENDING', timeout: 20m0s)", "start of the tasks", "The cluster itself failed"),
    ("CannotPullContainerError: ref pull has been retried 1 time(s): failed to extract layer sha256:20ba: hcsshim::ImportLayer - failed failed in Win32: There is not enough space on the disk. (0x70)", "larger volume", "attestations"),
    ("Unable to connect to Anthropic services\n Failed to connect to api.anthropic.com: Request failed with status code 503", "answered 5xx", "way out on 443"),
    ("Unable to connect to Anthropic services\n Failed to connect to api.anthropic.com: connect ETIMEDOUT 160.79.104.10:443", "way out on 443", "answered 5xx"),
    ('FATA[0000] Error parsing manifest for image: choosing image instance: no image found in manifest list for architecture "arm64", variant "v8", OS "linux"', "--override-arch", "describe-task-definition"),
    ("Error: InvalidParameterException: Creation of service was not idempotent.", "wait services-inactive", "delete-service"),
    ("* updating ECS Service: InvalidParameterException: The values specified for serviceRegistries do not require a value for 'containerPort'. Remove the value and retry.", "out of serviceRegistries", "add that mapping"),
    ("CannotStartContainerError: ResourceInitializationError: failed to initialize logging driver: failed to get fluentd log driver arguments: logging driver specified of container app, but no log configuration specified", "needs a log router", "collector"),
    ("CannotStartContainerError: failed to initialize logging driver: dial tcp 10.0.0.9:24224: connect: connection refused", "collector", "needs a log router"),
    ("InvalidArgumentException: Missing required client configuration options: \n\nregion: (string)\n\n  A \"region\" configuration value is required for the \"ecs\" service", "Give that program its region", "ash-ops"),
    ("EmptyStaticCreds: static credentials are empty", "keys of its own", "sso login"),
    ("Error: creating Route53 Record: operation error Route 53: ChangeResourceRecordSets, InvalidInput: Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found none in Change with [Action=CREATE]", "needs an alias", "Correct what the message names"),
    ("litellm.Timeout: AnthropicException - litellm.Timeout: Connection timed out. Timeout passed=600.0, time taken=600.1 seconds", "let the answer stream", "public address"),
    (f'FATA[0001] Error parsing image name "docker://{ECR}/ash:1.0": unable to retrieve auth token: invalid username/password: unauthorized: authentication required', "login --username AWS", "attach-role-policy"),
    ("Error response from daemon: error while mounting volume '/var/lib/docker/volumes/web/_data': failed to mount local volume: mount /srv/none:/var/lib/docker/volumes/web/_data, flags: 0x1000: no such file or directory", "docker volume ls", "aws efs"),
    ("create change set copilot-2 for stack demo-test-api: ValidationError: Stack:arn:aws:cloudformation:us-east-1:123456789012:stack/demo-test-api/1 is in ROLLBACK_COMPLETE state and can not be updated.", "copilot svc deploy", "ash-ops deploy"),
    ("Invalid request provided: Create TaskDefinition: The Systems Manager parameter name specified for secret JWT_KEY is invalid. The parameter name can be up to 2048 characters", "with the / in front", "store valid JSON"),
    ("[Fargate] Adding a depends_on a firelens task causes the deployment to never leave PENDING state", "can only wait for its START", "raise its startTimeout"),
    ("Resources [WebRepo] passed in ResourceToImport are already in a stack and cannot be imported.", "out of the import", "Delete or import it"),
    ("SQLSTATE[HY000]: General error: 5 database is locked", "busy_timeout", "ASH_DATABASE_URL"),
    ("SqliteError: database is locked\n    at Database.pragma (/app/node_modules/better-sqlite3/lib/methods/pragma.js:11:31) {\n  code: 'SQLITE_BUSY'", "ASH_DATABASE_URL", "busy_timeout"),
    ("ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: stunnel process failed to start: exit status 1 Mount failed", "tunnel of the mount helper", "authorize-security-group-ingress"),
    ("TypeError: connect() got an unexpected keyword argument 'sslmode'", "ssl=require", "first error in the log"),
    ("An error occurred (InsufficientDBInstanceCapacity) when calling the CreateDBInstance operation: Cannot create a db.t3.micro database instance because there are no availability zones with sufficient capacity for VPC and storage type : gp2 for db.t3.micro.", "subnets of zones that have its class", "update-service"),
    ('docker: failed to extract layer (application/vnd.oci.image.layer.v1.tar+gzip sha256:3695f6c0) to overlayfs as "extract-1": failed to mount /var/lib/docker/containerd/daemon/tmpmounts/containerd-mount1: mount source: "/var/lib/x", fstype: bind, flags: 20480, data: "", err: operation not permitted', "docker:dind", "attestations"),
    ("API Error: 403 The security token included in the request  is expired · Please run /login", "awsAuthRefresh", "sso login --profile"),
    ("ToolkitError: No stacks match the name(s) AshStak", "cdk list", "ash-ops"),
    ("[engine] caught signal (SIGSEGV)\n#0  0x55d4a4b8f0b3 in flb_upstream_conn_get() at src/flb_upstream.c:563", "aws-for-fluent-bit", "task's processor"),
    ("Template error: instance of Fn::GetAtt references undefined resource LoadBalancer", "logical id", "Correct what the message names"),
    ("Properties validation failed for resource Service with message: #: extraneous key [Foo] is not permitted", "no such property", "logical id"),
    ("An error occurred (ValidationError) when calling the CreateStack operation: Parameters: [DeploymentTag] must have values", "--parameter-overrides", "no such parameter"),
    ("Parameters: [AWSKeyPairName] do not exist in the template", "no such parameter", "their values"),
    ("An error occurred (ValidationError) when calling the CreateChangeSet operation: Template error: Unable to get mapping for RegionMap::eu-west-9::AMI", "Mappings have no entry", "Correct what the message names"),
    ("botocore.exceptions.ParamValidationError: Parameter validation failed:\nInvalid type for parameter taskDefinition, value: None, type: <type 'NoneType'>, valid types: <type 'basestring'>", "without a value", "another type"),
    ("Parameter validation failed: Invalid type for parameter containerDefinitions[0].memory, value: 512, type: <class 'str'>, valid types: <class 'int'>", "another type", "without a value"),
    ("Error: creating ECS Service (nginx): InvalidParameterException: Invalid revision number. Number: aws_ecs_task_definition.nginx.arn", "without quotes", "Correct what the message names"),
    ("ClientException: Unknown volume 'data'.", "sourceVolume", "Correct what the message names"),
    ("Error: creating ECS Service (web): InvalidParameterException: Network Configuration is not valid for the given networkMode of this task definition.", "Only awsvpc takes", "Correct what the message names"),
    ("ClientException: Fargate compatible task definitions do not support sourcePath", "mount EFS", "Correct what the message names"),
    ("CREATE_FAILED AWS::RDS::DBInstance Db Cannot find version 14.3 for postgres (Service: Rds, Status Code: 400, Request ID: 1)", "describe-db-engine-versions --engine postgres", "Correct what the message names"),
    ("Error creating IAM policy p: MalformedPolicyDocument: The policy failed legacy parsing\n\tstatus code: 400", "validate-policy", "invalid principal"),
    ("Error creating IAM Role ops: MalformedPolicyDocument: Invalid principal in policy: \"AWS\":\"arn:aws:iam::123456789012:role/gone\"", "role or user that is not there", "validate-policy"),
    ("CREATE_FAILED AWS::ElasticLoadBalancingV2::TargetGroup TG Health check timeout '30' must be smaller than the interval '30' (Service: AmazonElasticLoadBalancing; Status Code: 400; Error Code: ValidationError)", "shorter than the interval", "Correct what the message names"),
    ("The load balancer name 'web-production-europe-west-1-load-balancer' cannot be longer than '32' characters (Service: AmazonElasticLoadBalancing; Status Code: 400; Error Code: ValidationError)", "up to 32 letters", "Correct what the message names"),
    ("InvalidAutoScalingGroupException: For ECS deployment group, autoScalingGroups can not be specified", "compute platform ECS", "Correct what the message names"),
    ("An error occurred (ValidationError) when calling the CreateChangeSet operation: 1 validation error detected: Value '[CAPABILITY_IAM, Prefix=, z1]' at 'capabilities' failed to satisfy constraint: Member must satisfy enum value set", "taken for more of them", "Say it"),
    ("ToolkitError: Environment aws://111122223333/eu-west-1 needs to be bootstrapped. Please run 'cdk bootstrap aws://111122223333/eu-west-1'.", "cdk bootstrap", "Correct the parameter"),
    ("Parameters [/web/prod/vpc-id] referenced by dynamic reference do not exist or unable to fetch; CREATE_FAILED", "describe-parameters", "Correct the parameter"),
    ("UPDATE_FAILED AWS::RDS::DBInstance Db You can't currently modify the storage of this DB instance because the previous storage change is being optimized. (Service: Rds, Status Code: 400)", "six hours", "in the template"),
    ("CREATE_FAILED AWS::Lambda::Function Fn Resource handler returned message: \"Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist.\"", "not in the bucket", "in the template"),
    ("Error: deleting EFS file system (fs-0a1b2c3d): operation error EFS: DeleteFileSystem, FileSystemInUse: file system in use; remove mount targets first", "mount targets go first", "security group; network"),
    ("An error occurred (InvalidParameterException) when calling the DeleteService operation: The service cannot be stopped while it is scaled above 0.", "down to 0 tasks", "target group, security group"),
    ("ERROR: arn:aws:ecs:us-east-2:111122223333:service/web is MISSING", "list-services", "ash-ops"),
    ("An error occurred (DBInstanceNotFound) when calling the DescribeDBInstances operation: DBInstance mydb not found.", "describe-db-instances", "--name <name>"),
    ("An error occurred (DeploymentGroupDoesNotExistException) when calling the GetDeploymentGroup operation: No Deployment Group found for name: DgpECS-prod-web", "aws deploy", "ash-ops"),
    ("Error when retrieving credentials from custom-process: /bin/sh: aws-vault: command not found", "credential_process", "sso login"),
    ("Unable to determine the default AWS account: ProcessCredentialsProviderFailure: Profile myprofile did not include credential process", "where its keys come from", "a program that is not there"),
    ("botocore.exceptions.CredentialRetrievalError: Error when retrieving credentials from container-role: Error retrieving metadata: Received non 200 response 400 from container metadata", "taskRoleArn", "sso login"),
    ("botocore.exceptions.InvalidRegionError: Provided region_name 'eu west 1' doesn't match a supported format.", "small letters with hyphens", "ash-ops"),
    ("Error: getaddrinfo ENOTFOUND web-state.s3.eu-west-1.amazonaws.com", "That region exists", "ash-ops"),
    ("ReadTimeoutError: Read timeout on endpoint URL: \"https://bedrock-runtime.us-east-1.amazonaws.com/model/anthropic.claude-v2/invoke\"", "read_timeout", "ash-ops"),
    ("`aws_lb_listener.https: Error creating LB Listener: AccessDenied: Access denied to certificate 'arn:aws:acm:eu-west-1:123456789012:certificate/1'", "account and region of the load balancer", "iam-policy"),
    ("npm error Missing script: \"start\"", "no script of that name", "Take the override"),
    ("Error: Unable to access jarfile app.jar", "COPY --from", "Take the override"),
    ("s6-overlay-suexec: fatal: can only run as pid 1", "initProcessEnabled", "Take the override"),
    ("[FATAL tini (7)] exec node failed: No such file or directory", "what it is to start is not", "Take the override"),
    ("Unable to start command: Failed to start pty: fork/exec /bin/bash: no such file or directory", "ask for /bin/sh", "Take the override"),
    ("Error [ERR_REQUIRE_ESM]: require() of ES Module /app/dist/index.js not supported.", "kind of module", "first error in the log"),
    ("/app/server: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.34' not found (required by /app/server)", "same base image", "first error in the log"),
    ("error: relation \"sessions\" does not exist\n    at Parser.parseErrorMessage (/app/node_modules/pg-protocol/dist/parser.js:283:98)\n  code: '42P01',\n  routine: 'parserOpenTable'\n}\n\nNode.js v20.11.1", "migrations", "first error in the log"),
    ("service web failed to launch a task with (error ECS was unable to assume the role 'arn:aws:iam::123456789012:role/null' that was provided for this task.)", "empty setting", "--role-name null"),
    ("Resource handler returned message: \"The role defined for the function cannot be assumed by Lambda. (Service: Lambda, Status Code: 400)\"", "lambda.amazonaws.com", "ecs-tasks"),
    ("unable to retrieve secret from asm: DisabledException: arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d is disabled.", "enable-key", "put-role-policy"),
    ("ResourceInitializationError: unable to pull secrets or registry auth: unexpected ARN format with parameters when trying to retrieve ASM secret", "both colons", "store valid JSON"),
    ("ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: Access Point fsap-0123456789abcdef0 does not exist. The file system fs-0123456789abcdef0 mount failed", "Name an access point", "2049"),
    ("[2026/03/01 10:11:12] [error] [config] cloudwatch_logs: unknown configuration property 'log_grop_name'. The following properties are allowed: region, log_group_name", "missing or misspelt", "awslogs-stream-prefix, register"),
    ("botocore.errorfactory.ResourceNotFoundException: An error occurred (ResourceNotFoundException) when calling the GetLogEvents operation: The specified log stream does not exist.", "describe-log-streams", "create-log-group"),
    ("An error occurred (ResourceNotFoundException) when calling the GetLogEvents operation: The specified log group does not exist.", "create-log-group", "describe-log-streams"),
    (f"Unable to find image '{ECR}/web:full' locally\ndocker: Error response from daemon: Get https://{ECR}/v2/web/manifests/full: no basic auth credentials.\nSee 'docker run --help'.", "Nobody is signed in to ECR", "attach-role-policy"),
    ("Step 1/34 : FROM centos:7\n7: Pulling from library/centos\ntoomanyrequests: You have reached your pull rate limit.", "docker login", "ECS tries again"),
    ("An error occurred (TargetNotConnectedException) when calling the ExecuteCommand operation: The execute command failed due to an internal error. Try again later.", "ssmmessages:OpenDataChannel", ""),
    ("✘ validate ssm binary: Session Manager plugin does not exist", "install it", "put-role-policy"),
    ("Stopped reason CgroupError: Agent could not create task's platform resources", "ECS-optimized AMI", "Managed Instances"),
    ("bwrap: Can't mount proc on /newroot/proc: Operation not permitted", "seccomp=unconfined", "On Fargate this is expected"),
    ("API Error: 400 {\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"messages.12: `tool_use` ids were found without `tool_result` blocks immediately after: toolu_01.\"}}", "/rewind", "Shorten"),
    ("anthropic.BadRequestError: Error code: 400 - {'type': 'error', 'error': {'type': 'invalid_request_error', 'message': 'prompt is too long: 214552 tokens > 200000 maximum'}}", "Shorten", "/rewind"),
    ("max_tokens: 128000 > 64000, which is the maximum allowed number of output tokens for claude-sonnet-4", "lower max_tokens", "Shorten"),
    ("API Error: 413 {\"error\":{\"type\":\"request_too_large\",\"message\":\"Request exceeds the maximum size\"}}", "32 MB", "Shorten"),
    ("Error: Could not resolve authentication method. Expected either apiKey or authToken to be set.\n    at file:///D:/AppData/Roaming/npm/node_modules/@anthropic-ai/claude-code/cli.js:885:3212", "then /login", "ash-ops deploy"),
    ("curl: (60) SSL certificate problem: certificate has expired", "out of its time", "trust store"),
    ("web-server  | 03:35:52.099 info (Server) Migrating database ... \nweb-server  | node:internal/process/promises:289\nweb-server  |             triggerUncaughtException(err, true /* fromPromise */);\nweb-server  | Error: self-signed certificate in certificate chain", "a database of RDS, its bundle", ""),
    ("requests.exceptions.SSLError: HTTPSConnectionPool(host='internal-api.example.org', port=443): Max retries exceeded with url: / (Caused by SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self signed certificate (_ssl.c:1129)')))", "REQUESTS_CA_BUNDLE", "sslrootcert"),
    ('oci runtime error: container_linux.go:247: starting container process caused "process_linux.go:245: running exec setns process for init caused \"exit status 29\""', "max_user_namespaces", ""),
    ("4/27/2023, 2:04:59 PM\tAccessDenied: Access Denied\n4/27/2023, 2:04:59 PM\tat throwDefaultError (/directus/node_modules/.pnpm/@aws-sdk+smithy-client@3.316.0/default-error-handler.js:8:22)", "s3:ListBucket", "iam-policy"),
    ("Error: fetching manifest ghcr.io/snok/retention@sha256:32e5: GET https://ghcr.io/v2/snok/retention/manifests/sha256:32e5: MANIFEST_UNKNOWN: manifest unknown", "Push that tag", "update-service"),
    ("ERROR: failed to solve: acme/private:1.0: failed to resolve source metadata for docker.io/acme/private:1.0: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed", "docker/login-action", "execution role may read"),
    ("/ # wget -qO- http://127.0.0.1:4100/health\nwget: can't connect to remote host (127.0.0.1): Connection refused", "has not started yet", "Use port 4100"),
    ("curl: (7) Failed to connect to ash-nlb-0a1b.elb.us-east-1.amazonaws.com port 4100 after 32 ms: Couldn't connect to server", "Use port 4100", "has not started yet"),
    ("[error]: Error: SQLITE_BUSY: database is locked\n--> in Statement#run([Function: replacement])\n    at Database.<anonymous> (/app/node_modules/sqlite3/lib/sqlite3.js:76:19)", "busy_timeout", "ASH_DATABASE_URL"),
    ("web-prod | 5/19 | 10:12:33 AM | CREATE_FAILED | AWS::S3::Bucket | Bucket web-state already exists in stack arn:aws:cloudformation:eu-west-1:111122223333:stack/web-old/0a1", "let the template give another", "--stack-name web-old"),
    ("panic: AccessDeniedException: The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access. (Service: AWSKMS; Status Code: 400)", "kms:Decrypt", "iam-policy deploy"),
    ("Error: Failure configuring LB attributes: InvalidConfigurationRequest: Access Denied for bucket: lb-logs. Please check S3bucket permission", "logdelivery.elasticloadbalancing", "iam-policy doctor"),
    ("SdkClientException: Unable to execute HTTP request: Connect to secretsmanager.eu-west-1.amazonaws.com:443 [secretsmanager.eu-west-1.amazonaws.com/34.240.33.6] failed: connect timed out", "That region exists", "Correct AWS_REGION"),
    ("FATA[0000] Error executing 'ps': RequestError: send request failed caused by: Post https://ecs.ap-northeast-1.amazonaws.com/: dial tcp: lookup ecs.ap-northeast-1.amazonaws.com on [::1]:53: read udp [::1]:55158->[::1]:53: read: connection refused", "resolv.conf", "Correct AWS_REGION"),
    ("Error: getaddrinfo ENOTFOUND ssm.ap-southeast-2.api.aws", "use_dualstack_endpoint", "Correct AWS_REGION"),
    ("denied: Your authorization token has expired. Reauthenticate and try again.", "get-login-password", "attach-role-policy"),
    ("InvalidParameterException: Override for container named django is not a container in the TaskDefinition.", "containerDefinitions[].name", "containerPort"),
    ('Resource handler returned message: "Invalid request provided: CreateService error: You cannot specify an IAM role for services that require a service linked role. (Service: AmazonECS; Status Code: 400)" (RequestToken: 1, HandlerErrorCode: InvalidRequest)', "Take Role out", "--plan"),
    ('HTTP/2 504 {"message": "Endpoint request timed out"}', "29 seconds", "drops the packets"),
    ("CREATE_FAILED API: elasticloadbalancingv2:CreateLoadBalancer User: arn:aws:sts::123456789012:assumed-role/deploy/AWSCloudFormation is not authorized to perform: iam:CreateServiceLinkedRole on resource: * because", "allow-iam-CreateServiceLinkedRole", "elasticloadbalancingv2"),
    ("AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/deploy/me is not authorized to perform: logs:CreateLogGroup on resource: arn:aws:logs:eu-west-1:123456789012:log-group:/a/b:log-stream: because no", 'log-group:/a/b:log-stream:"', ':log-stream"'),
    ("SessionId: ecs-execute-command-0740 : \n----------ERROR-------\nUnable to start shell: failed to start pty since RunAs user ubuntu does not exist", "Run As", "restore-secret"),
    ("Starting session with SessionId: ci-0a1b\nCannot perform start session: EOF", "wants a terminal", "ssmmessages:CreateControlChannel"),
    ("This session is encrypted using AWS KMS.\nSessionId: ecs-execute-command-f2rx : We couldn't start the session because encryption is not set up on the selected CloudWatch Logs log group.", "cloudWatchEncryptionEnabled", "kms:GenerateDataKey"),
    ("Failed to request spot fleet. AuthFailure.ServiceLinkedRoleCreationNotPermitted: The provided credentials do not have permission to create the service-linked role for EC2 Spot Fleet.", "spotfleet.amazonaws.com", "ecs.amazonaws.com"),
    ('{"statusCode": 413, "code": "FST_ERR_CTP_BODY_TOO_LARGE", "error": "Payload Too Large", "message": "Request body is too large"}', "send less", "Deploy the agent"),
    ("[Container] 2022/04/05 09:41:03 Error: error configuring Terraform AWS Provider: failed to get shared config profile, dev", "there are no profiles", "export AWS_PROFILE"),
    ("TypeError: fetch failed\n  [cause]: ConnectTimeoutError: Connect Timeout Error (attempted address: auth.example.com:443, timeout: 10000ms)", "curl -v", "drops the packets"),
    ('* provider.aws: The role "arn:aws:iam::123456789012:role/deploy" cannot be assumed. There are a number of possible causes of this', "trust policy has to name you", "ASH_DATABASE_URL"),
    ("Access  Denied for bucket:  elb-logs. Please  check S3bucket permission (Service: AmazonElasticLoadBalancingV2; Status  Code: 400; Error Code: InvalidConfigurationRequest)", "logdelivery.elasticloadbalancing", "iam-policy deploy"),
    ("An error occurred (ValidationError) when calling the CreateStack operation: Parameters: [RepositoryName] do not exist in the template", "declares no such parameter", "list-clusters"),
    # Second wave: the look-up decides, and the reason that the text gives is the one that is mended.
    (f"CannotPullContainerError: failed to resolve ref {ECR}/web:latest@sha256:0f3b9a6f6a1d5a1d5e0c2f1b7d9e8c4a3b2f1e0d9c8b7a695847362514039281: not found", "the tag is looked up again", "Nothing was pushed"),
    (f"CannotPullContainerError: failed to resolve ref {ECR}/web:latest: not found", "Nothing was pushed", "the tag is looked up again"),
    ("unable to retrieve secrets from ssm: service call has been retried 1 time(s): invalid ssm parameters: /api//license", "empty part (//)", "put-parameter"),
    ("unable to retrieve secrets from ssm: service call has been retried 1 time(s): invalid ssm parameters: /api/license", "put-parameter", "empty part (//)"),
    ("ResourceInitializationError: failed to download env files: file download command: non-empty error stream: failed to download file 1.env: AccessDenied: Access Denied", "--action-names s3:GetObject", "secretsmanager:GetSecretValue"),
    ("v0.3.0: Pulling from acme/runtime\nno matching manifest for linux/amd64 in the manifest list entries", "ask for one (--platform", "Set runtimePlatform"),
    ("CannotPullContainerError: no matching manifest for linux/arm64 in the manifest list entries", "Set runtimePlatform", "ask for one (--platform"),
    ("$ docker run -it --rm acme/web:2\nexec /usr/local/bin/docker-entrypoint.sh: exec format error", "than this machine's", "Set runtimePlatform"),
    ("Unable to create manifest markers: Error fetching https://registry-1.docker.io/v2/library/redis/manifests/7 (remote response: 429: Too Many Requests)", "remote repository", "ECS tries again"),
    ("The following target groups cannot be associated with more than one load balancer: arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/0a1b2c3d4e5f6071 (Service: ElasticLoadBalancingV2, Status Code: 400)", "belongs to one load balancer", "--plan"),
    ("ClientException: Container.name should not be null or empty.", "list of containers alone", "--plan"),
    ("ClientException: Container.image should not be null or empty.", "", "list of containers alone"),
    ("$ aws ecr get-login-password --profile my-profile\nError when retrieving token from sso: Token has expired and refresh failed", "aws sso login --profile my-profile", "doctor"),
    ('$ AWS_PROFILE=myprofile docker push x\nerror="the SSO session has expired or is invalid: open /Users/me/.aws/sso/cache/1.json"', "aws sso login --profile myprofile", "<profile>"),
    ("Error: listen EADDRINUSE: address already in use /tmp/tsx-0/34.pipe\n    at Server.setupListenHandle [as _listen2] (node:net:1855:21)", "file of a socket", "portMappings"),
    ("Error: listen EADDRINUSE: address already in use :::9998\n    at Server.setupListenHandle [as _listen2] (net.js:1316:16)", "ss -ltnp", "file of a socket"),
    ('connection to server at "web.c0ffee.us-east-2.rds.amazonaws.com", port 5432 failed: FATAL:  password authentication failed for user "web"', 'psql "$DATABASE_URL"', "ash-ops logs"),
    ('db_main      | password authentication failed for user "postgres"', "where that program has them", "ASH_DATABASE_URL"),
    ('[db] password authentication failed for user "ash"', "ash-ops logs", "psql"),
    ("Error: Cannot find module '/usr/src/app/server.js'\n    at Function.Module._resolveFilename (internal/modules/cjs/loader.js:815:15) { code: 'MODULE_NOT_FOUND' }", "--entrypoint ls", "<command>"),
    ("PDOException: could not find driver in /var/www/html/vendor/laravel/framework/src/Illuminate/Database/Connectors/Connector.php:65", "--entrypoint php", "<command>"),
    ("[2025/06/27 10:33:39] [error] [output:cloudwatch_logs:cloudwatch_logs.0] CreateLogStream API responded with error='AccessDeniedException'\n[2025/06/27 10:33:39] [error] [output:cloudwatch_logs:cloudwatch_logs.0] Failed to create log stream", "taskRoleArn", "AmazonECSTaskExecutionRolePolicy"),
    ("{ [Error: connect ETIMEDOUT 54.239.38.6:443] code: 'ETIMEDOUT', errno: 'ETIMEDOUT', syscall: 'connect', address: '54.239.38.6', port: 443 }", "way out", "names the rule"),
    ("service web failed to launch a task with (error ECS was unable to assume the role 'arn:aws:iam::123456789012:role/web' that was provided for this task.)", "only wait", "--role-name null"),
    ("service unable to place tasks: reason: resource CPU was insufficient", "describe-container-instances", "doctor pending"),
    ("Error: Service error: Pulling this image: registry.gitlab.com/acme/web:1\nError: (HTTP code 500) server error - denied: access forbidden", "read_registry", "Make the package public"),
    ("InvalidParameterException: The specified capacity provider 'my-cp' was not found in the cluster", "put-cluster-capacity-providers", "If it was meant for Fargate"),
    ("Error: RequestError: send request failed caused by: Post https://sts.amazonaws.com/: x509: certificate signed by unknown authority", "AWS_CA_BUNDLE", "apk add"),
    ("aws:ecr:Repository (web): error: deleting urn:pulumi:prod::web::aws:ecr/repository:Repository::web: ECR Repository (web-7) not empty, consider using force_delete: RepositoryNotEmptyException: The repository with name 'web-7' in registry with id '111122223333' cannot be deleted because it still contains images", "list-images", "describe-stack-events"),
    ("InvalidParameterException: Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.", "Give one of the two", "If it was meant for Fargate"),
    ("Error response from daemon: Get https://public.ecr.aws/v2/: denied: Not Authorized", "ecr-public get-login-password", "attach-role-policy"),
    ("NoSuchBucket: The specified bucket does not exist\n[snapshot] upload of session 1f to s3://ash-snapshots failed", "aws s3 ls", "Let the task role"),
    ('Resource handler returned message: "Resource limit exceeded. (Service: CloudWatchLogs, Status Code: 400)" (HandlerErrorCode: ServiceLimitExceeded)', "ten resource policies", "request-service-quota-increase"),
    ("Error downloading packages:\n device-mapper-1.02.135: Insufficient space in download directory /var/cache/yum/x86_64/latest/amzn-main/packages\n * free 0", "df -h", "/data/sandboxes"),
    ('{ "last_status": "STOPPED", "reason": "CannotPullContainerError: Error: image foo/foo not found" }', "Push that tag", "ash-ops rollout"),
    ("/bin/bash: /var/scratch/fetch_and_run.sh: Is a directory", "is a directory: a volume", "Take the override"),
    ("/bin/sh: 1: /app/start.sh: not found", "", "is a directory: a volume"),
    ('time="2023-10-29T12:38:56Z" level=fatal msg="dial tcp 172.24.0.2:5432: connect: connection refused"', "", "ash-ops logs"),
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
