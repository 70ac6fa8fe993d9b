"""What is advised is of the place where the text stands: its machine, its tool, its registry, and the reason in another line."""

from __future__ import annotations

import pytest

from ash_ops.causes.explain import explain
from ash_ops.causes.names import names_in

ECR = "123456789012.dkr.ecr.us-west-2.amazonaws.com"
RDS = "aws rds describe-db-instances"


def advised(text: str) -> str:
    """All steps of the first answer, each with its command."""
    first = explain(text)[0]
    return "\n".join(f"{step.why} {step.command}" for step in (*first.proof(), *first.repair()))


# Each row: the message, what is advised, and what is not.
FITTING = [
    # A database that nothing shows to be of AWS: the address that was asked is asked again.
    ('logger=tsdb.mysql level=error msg="Query error" err="dial tcp 127.0.0.1:3306: connect: connection refused"', "nc -vz -w 5 127.0.0.1 3306", RDS),
    ("Error connecting to 'invidious-db:5432': Connection refused (Socket::ConnectError)", "nc -vz -w 5 invidious-db 5432", RDS),
    ('taiga_1     | psycopg2.OperationalError: could not connect to server: Connection refused\ntaiga_1     |   Is the server running on host "postgres" (172.18.0.2) and accepting\ntaiga_1     |   TCP/IP connections on port 5432?', "nc -vz -w 5 postgres 5432", RDS),
    ("The ECS task says: Error: connect ETIMEDOUT 10.0.3.7:5432 (postgres)", RDS, "nc -vz"),
    ('(psycopg2.OperationalError) could not connect to server: No route to host Is the server running on host "db" (172.28.0.2) and accepting TCP/IP connections on port 5432?', "docker ps -a", "authorize-security-group-ingress"),
    ('(psycopg2.OperationalError) could not connect to server: No route to host Is the server running on host "db.example.com" (10.0.3.7) and accepting TCP/IP connections on port 5432?', "authorize-security-group-ingress", "docker ps -a"),
    ("Error: sorry, too many clients already\n    at Connection.parseE (/app/node_modules/pg/lib/connection.js:604:11)", "pg_stat_activity", RDS),
    # What another line says: a build, its tool.
    ("Error connecting to PostgreSQL database AggregateError [ECONNREFUSED]: \n#9 0.329     at internalConnectMultiple (node:net:1116:18)\n#9 0.329     Error: connect ECONNREFUSED ::1:5432\n#9 0.329         at createConnectionError (node:net:1646:14)", "While an image is built", "name of its service"),
    (f"failed to resolve source metadata for {ECR}/node:18-slim:\nunexpected status from HEAD request at\nhttps://{ECR}/v2/node/manifests/18-slim:\n403 Forbidden", f"--password-stdin {ECR}", "attach-role-policy"),
    (f"CannotPullContainerError: failed to resolve ref {ECR}/node:18-slim: unexpected status from HEAD request to https://{ECR}/v2/node/manifests/18-slim: 403 Forbidden", "attach-role-policy", "Nobody is signed in"),
    ('Error inspecting states in the "s3" backend:\n    AccessDenied: Access Denied\n\tstatus code: 403', "The state is in a bucket", "the task role"),
    ("We run Fargate on EKS, and get the errors 'Fargate capacity is unavailable at this time.'", "Fargate profile", "FARGATE_SPOT"),
    ("(service web) was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a different availability zone.", "other zones", "Fargate profile"),
    # Who cannot do what is advised to others.
    ("ECS was unable to assume the role 'arn:aws:iam::123456789012:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions", "no task gets it", "update-assume-role-policy"),
    ("ECS was unable to assume the role 'arn:aws:iam::123456789012:role/web-task' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions", "get-role --role-name web-task", "no task gets it"),
    ("curl: (7) Failed to connect to example.org port 80 after 533 ms: No route to host", "nc -vz -w 5 example.org 80", "elbv2"),
    ("`curl: (35) OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection`", "in the middle of the handshake", "describe-listeners"),
    ("node:fs:574\nError: EACCES: permission denied, open '/var/lib/claude/.claude.json'\n    at Module.openSync (node:fs:574:18)", "ls -ld /var/lib/claude/.claude.json", "describe-task-definition"),
    # The reason that the text gives.
    ("During docker compose installation: failed to create shim task OCI runtime create failed unable to start container process unable to apply caps operation not permitted", "a capability", "override of command"),
    ("The specified DB Instance is a member of a cluster. Modify the DB engine version for the DB Cluster using the ModifyDbCluster API", "describe-db-clusters", "validate-template"),
    ('Resource handler returned message: "Cannot find version 11.16 for aurora-postgresql (Service: Rds, Status Code: 400)"', "--engine aurora-postgresql", "--engine postgres "),
    ('AWS::RDS::DBCluster Resource handler returned message: "The engine mode serverless you requested is currently unavailable. (Service: Rds, Status Code: 400)" (HandlerErrorCode: InvalidRequest)', "db.serverless", "compare it with what you asked for"),
    ("Error: creating ECS Service (web): operation error ECS: CreateService, InvalidParameterException: Target Group ARN and Load Balancer Name cannot both be blank.", "target_group_arn", "compare it with what you asked for"),
    ("Error: creating ELBv2 Application Load Balancer (frontend_lb): InvalidParameterValue: Load balancer name 'frontend_lb' may only contain alphanumeric characters and hyphens.", "Choose a name of that form", ""),
    ("Error: Security groups 'web-sg' not found in VPCs 'vpc-88cadded'", "Name=vpc-id,Values=vpc-88cadded", "describe-subnets"),
    ("✕ [API Error: Resource exhausted. Please try again later. Please refer to https://cloud.google.com/vertex-ai/generative-ai/docs/error-code-429 for more details.]", "Vertex AI", "get a higher tier"),
    ("{'type': 'error', 'error': {'type': 'invalid_request_error', 'message': 'anthropic-version: header is required'}}", "anthropic-version: 2023-06-01", "Shorten"),
    ("Error: Cannot find module '/app/ '\n    at Function.Module._resolveFilename (node:internal/modules/cjs/loader:933:15)\n  code: 'MODULE_NOT_FOUND',", "an empty word is in the command", "Put what the message names"),
    ("Error: Cannot find module '/app/server.js'\n    at Function.Module._resolveFilename (node:internal/modules/cjs/loader:933:15)", "or correct the command", "an empty word"),
    ("[CRITICAL] WORKER TIMEOUT (pid:12345)\n[WARNING] Worker with pid 12345 was signaled via SIGKILL", "raise --timeout", "stopTimeout"),
    ("docker fatal error: runtime: out of memory\n\nruntime stack:\nruntime.throw(0x5645ebafd69c, 0x16)", "/proc/meminfo", "Give that container more memory"),
    ('Exit code: 1. Reason: Traceback (most recent call last):\n  File "/app/app.py", line 12, in <module>\nValueError: Missing HF_API_KEY. Add it to the secrets.', "not given", "mend what its first error names"),
    ('time="2015-03-01T06:23:03Z" level="error" msg="Get https://registry-1.docker.io/v1/repositories/library/x/tags: dial tcp: lookup registry-1.docker.io: connection timed out"', "nslookup registry-1.docker.io", "on 443"),
    ('CannotPullContainerError: Head "https://registry-1.docker.io/v2/library/x/manifests/1": dial tcp 44.205.64.79:443: i/o timeout', "on 443", "nslookup"),
    ("An error occurred (ParameterLimitExceeded) when calling the PutParameter operation: You have exceeded the number of parameters for this Amazon Web Services account.", "advanced tier", "<quota-code>"),
    ('InternalError: failed to create container model: failed to normalize image reference "./Dockerfile". Launch a new task to retry.', "the path of a Dockerfile", "update-service"),
    ("An error occurred (MalformedCertificate) when calling the UploadServerCertificate operation: Unable to parse certificate. Please ensure the certificate is in PEM format.", "BEGIN CERTIFICATE", "renew it in ACM"),
    ("Error: [404] GoogleApiError: Publisher Model `projects/p/locations/l/publishers/google/models/gemini-1.0-pro` was not found or your project does not have access to it.", "Google's own", "AnthropicVertex"),
    ("An error occurred (TargetNotConnected) when calling the StartSession operation: The target i-0abc is not connected to SSM.", "AmazonSSMManagedInstanceCore", "--enable-execute-command"),
    ("An error occurred (TrustStoreNotFound) when calling the CreateListener operation: The specified trust store does not exist.", "describe-trust-stores", "describe-subnets"),
    ("An error occurred (InvalidSubnetID.NotFound) when calling the CreateNetworkInterface operation: The subnet ID 'subnet-0f1e2d3c' does not exist", "describe-subnets --subnet-ids subnet-0f1e2d3c", "describe-trust-stores"),
    ('Error response from daemon: Get "https://harbor.example.com/v2/": dial tcp: lookup harbor.example.com on 172.19.192.1:53: no such host', "nslookup harbor.example.com", "enable-dns-support"),
    ('CannotPullContainerError: Error response from daemon: Get "https://harbor.example.com/v2/": dial tcp: lookup harbor.example.com on 10.0.0.2:53: no such host', "enable-dns-support", "daemon.json"),
    ("Despite setting wait-for-minutes to 90 the step always reports that error after 60 min: Error: Resource is not in the state servicesStable", "360 at most", "deployment circuit breaker"),
    ("An error occurred (ParameterVersionNotFound) when calling the GetParameter operation: Systems Manager could not find version 7 of /ash/key. Verify the version and try again.", "get-parameter-history --name /ash/key", "restore-secret"),
    ("unable to connect to `elasticfilesystem.eu-central-1.amazonaws.com`; SocketError: getaddrinfo: nodename nor servname provided, or not known (Seahorse::Client::NetworkingError)", "nslookup elasticfilesystem.eu-central-1.amazonaws.com", "describe-regions"),
    ("Exit code: 1\nModuleNotFoundError: No module named '/production/API/transport/app'", "package.module", "mend what its first error names"),
    ("The ECS container exited.\nModuleNotFoundError: No module named 'flask'", "into the image", "parted by full stops"),
    ("I use aws login now, and OpenTofu fails:\n$ tofu plan\nError: No valid credential sources found", "export-credentials", "aws sso login"),
    ("$ tofu plan\nError: No valid credential sources found", "aws sso login", "export-credentials"),
    ("ERROR EACCES: permission denied, mkdir '/data/bind'\nThe host is Fedora 41", "with :z", "access point"),
    ("Run aws-actions/amazon-ecr-login@v1.3.3\nError: Missing credentials in config, if using AWS_CONFIG_FILE, set AWS_SDK_LOAD_CONFIG=1", "id-token: write", "aws sso login"),
    ("FATA[0000] Error response from daemon: Cannot start container 83c5ae17f70f: [8] System error: permission denied", "chmod +x", "override of command"),
    ("litellm.AuthenticationError: OpenAIException - Error code: 401 - {'error': {'message': 'Incorrect API key provided: no-token. You can find your API key at https://platform.openai.com/account/api-keys.'}}", "It is OpenAI that refuses", "It is OpenAI's answer"),
    ('DATABASE_URL="postgres://${postgres_user}:${postgres_password}@${postgres_host}:${postgres_port}/${postgres_db}?sslmode=disable"\nError: parse net/url: invalid userinfo', "braces", "percent"),
    ('Failed to pull image "registry.hub.docker.com/library/alpine:3.7": rpc error: code = Unknown desc = Error response from daemon: Get https://registry.hub.docker.com/v2/: net/http: request canceled while waiting for connection', "https://registry.hub.docker.com/v2/", "<registry"),
    ("An error occurred (MissingVersionException) when calling the UpdateContainerAgent operation: Amazon ECS can't determine the current version of the Amazon ECS container agent on the container instance", "ecs-init by hand", "Restart the agent on the host"),
    ("An error occurred (ApplicationDoesNotExistException) when calling the CreateDeployment operation: No application found for name: AppECS-web", "deploy list-applications", "ecs list-clusters"),
    ("An error occurred (DBParameterGroupNotFound) when calling the CreateDBInstance operation: DBParameterGroup not found: web-pg16", "describe-db-parameter-groups", "Correct the parameter"),
    ("An error occurred (CapacityReservationPending) when calling the SetSubnets operation: There is a pending capacity reservation.", "describe-capacity-reservation", "describe-stacks"),
    ("20 instance(s) are already running. Launching EC2 instance failed.", "L-1216C47A", "Remove what the message names"),
    ('django.db.utils.OperationalError: connection to server at "web-db" (172.18.0.3), port 5432 failed: FATAL:  password authentication failed for user "web"', "POSTGRES_PASSWORD", ""),
    ('django.db.utils.OperationalError: connection to server at "web.example.com" (10.0.3.3), port 5432 failed: FATAL:  password authentication failed for user "web"', "Correct user", "POSTGRES_PASSWORD"),
    ("Template format error: Every Condition member must be a string.", "Condition: IsProd", "Correct what the message names"),
    ("CannotPullContainerError: ref pull has been retried 1 time(s): failed to unpack image on snapshotter overlayfs: mismatched image rootfs and manifest layers", "force-compression", "more disk"),
    ("The ECS agent fails to pass the `iam=enabled` flag to efs-utils, so the EFS volume of the task could not be mounted: mount failed", "transitEncryption", "2049"),
    ("ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: mount.nfs4: Connection timed out : unsuccessful EFS utils command execution; code: 32", "2049", "transitEncryption"),
    ("The chain verified fine with openssl, and node-postgres still failed every connection with:\nError: self-signed certificate in certificate chain", "out of the string", "ACM on the load balancer"),
    ("c:\\lambda>aws cloudformation deploy --template-file c:\\lambda\\out.yml --stack-name ProdStack\nWaiting for changeset to be created..\n\nAn error occurred (InsufficientCapabilitiesException) when calling the ExecuteChangeSet operation: Requires capabilities : [CAPABILITY_IAM]", "--stack-name ProdStack", "<stack>"),
    ("Run aws-actions/configure-aws-credentials@v4\n  with:\n    role-to-assume: arn:aws:iam::123456789012:role/push_it\n    aws-region: eu-west-1\nError: Could not assume role with OIDC: Not authorized to perform sts:AssumeRoleWithWebIdentity", "--role-name push_it", "<role>"),
    ("[ERROR] Exception in worker process\nModuleNotFoundError: No module named '.wsgi'", "begins with a full stop", "into the image"),
    ("The pushed app fails on EC2 with the error message `pyenv: gunicorn: command not found`", "python -m NAME", "ecs list-clusters"),
    ("DELETE_FAILED | Custom::AWSCDK-EKS-Cluster | Received response status [FAILED] from custom resource. Message returned: Cannot delete because cluster web currently has update dbbddb79-fb22-4d6e in progress", "wait until it has ended", "read its log"),
    ('{"name": "ThrottlingException", "$fault": "client", "$metadata": {"httpStatusCode": 429, "attempts": 3}}\nUsing Claude 4 Sonnet on AWS Bedrock returns this error.', "--service-code bedrock", "fewer stacks"),
    ("An error occurred (ValidationException) when calling the InvokeModel operation: Operation not allowed", "AWS Support", "model catalog"),
    ('{"Status": "unhealthy", "FailingStreak": 87, "Log": [{"ExitCode": -1, "Output": "OCI runtime exec failed: exec failed: starting container process caused: exec: \\"curl\\": executable file not found in $PATH: unknown"}]}', "check's program", "aws ecs"),
    ("An error occurred (LifecyclePolicyNotFoundException) when calling the GetLifecyclePolicy operation: Lifecycle policy does not exist for the repository with name 'web' in the registry with id '111122223333'", "configure list", "ecs list-clusters"),
    ("An error occurred (InvalidRoleException) when calling the CreateDeploymentGroup operation: AWS CodeDeploy does not have the permissions required to assume the role arn:aws:iam::111122223333:role/deployer.", "codedeploy.amazonaws.com", "ecs-tasks"),
    ("Phase context status code: CLIENT_ERROR Message: error while downloading source: Unable to use Connection: arn:aws:codeconnections:us-east-1:111122223333:connection/0a1b. The provided role does not have sufficient permissions.", "codeconnections:UseConnection", "cloudtrail"),
    ("hello we installed the flags server on aws fargate behind ALB\nand once in a few hours we get an error Repository error: Response was not statusCode 2XX, but was 502.", "keepAliveTimeout", "ash-ops"),
    ("Error: P1001 - Can't reach database server at `abc.mysql.rds.aliyuncs.com`:`3306`", "nc -vz -w 5 abc.mysql.rds.aliyuncs.com 3306", RDS),
    ("stopped reason: Essential container in task exited\nexitCode 0", "daemon off", "mend what its first error names"),
    ("stopped reason: Essential container in task exited\nexitCode 2", "mend what its first error names", "daemon off"),
    ("AWS API Error: BotoServerError: 403 Forbidden\n<Code>ExpiredToken</Code>\n<Message>The security token included in the request is expired</Message>", "aws sso login", "An agent that asks Bedrock"),
    ("An error occurred (StackSetNotEmptyException) when calling the DeleteStackSet operation: StackSet is not empty", "list-stack-instances", "--retain-resources"),
    ("An error occurred (OperationIdAlreadyExistsException) when calling the CreateStackInstances operation: The specified operation ID already exists.", "--operation-id", "Import it"),
    ("The requested Availability Zone is no longer supported. Please retry your request by not specifying an Availability Zone or choosing us-east-1a. Launching EC2 instance failed.", "subnets of the zones", "Remove what the message names"),
    ("query exception: Error: connect ETIMEDOUT 192.168.5.90:5432", "nc -vz -w 5 192.168.5.90 5432", "authorize-security-group-ingress"),
    ("query exception: Error: connect ETIMEDOUT 10.0.5.90:5432", "authorize-security-group-ingress", ""),
    ("From the container: Error: P1001: Can't reach database server at `localhost:5200`.", "localhost is that itself", ""),
    ("failure description: WFLYCTL0419: 'b6d3c5eb6c744d47-2060237147' is an invalid value for parameter node-identifier. Values must have a maximum length of 23\nThe server exited with code 1", "does not take", "mend what its first error names"),
    # What AWS's own codes mean, in place of "what the message names".
    ('FATAL: too many connections for role "myapp"\n#aws#rds#connection#postgresql', "CONNECTION LIMIT", "Correct user"),
    ("FATAL:  Feature not supported: RDS Proxy currently doesn't support the option search_path.", "past the proxy", "Correct user"),
    ("FATAL:  A user name is missing from the connection startup packet. Provide a user name for this connection.", "names no user", "password"),
    ("An error occurred (TooManyTagsException) when calling the TagResource operation: A resource can have no more than 50 tags.", "take tags off", "quota-increase"),
    ("An error occurred (InsufficientThroughputCapacity) when calling the CreateFileSystem operation: There's not enough capacity to provision additional throughput.", "no quota", "quota-increase"),
    ("AccountLimitExceededException: Cannot have more than 1 builds in queue for the account", "--service-code codebuild", "<service-code>"),
    ("ERROR: Elasticsearch did not exit normally - check the logs at /var/log/elasticsearch/elasticsearch.log,\nwaiting for Elasticsearch to be up (14/30),\nCouldn't start Elasticsearch. Exiting.,\n[1]: max virtual memory areas vm.max_map_count [65530] is too low, increase to at least [262144],\non Fargate, essential container in task exited", "262144", "mend what its first error names"),
    ("Client.InternalError: Client error on launch.", "AWSServiceRoleForAutoScaling", "Remove what the message names"),
    ("Launching a new EC2 instance. Status Reason: The key pair ecs-key does not exist. Launching EC2 instance failed.", "launch template", "Remove what the message names"),
    ("[409] Conflict: Another update is currently in progress.", "pulumi cancel", "cancel-update-stack"),
    ("An error occurred (DeploymentIsNotInReadyStateException) when calling the ContinueDeployment operation: The deployment does not have a status of Ready and can't continue yet.", "deploy list-deployments", "describe-stacks"),
    ("curl fails with\nerror:14094410:SSL routines:ssl3_read_bytes:sslv3 alert handshake failure", "SslPolicy", "call it with http://"),
    ("An error occurred (HostedZoneAlreadyExists) when calling the CreateHostedZone operation: A hosted zone has already been created with the specified caller reference.", "needs its own", "Import it"),
    ("ServerlessError: An error occurred while provisioning your stack: MyBucket - form-response already exists", "one for all accounts", "another stack or none"),
    (" Container shop_redis  Healthy\n Container shop_database  Error\ndependency failed to start: container shop_database exited (0)", "docker logs shop_database", "aws ecs"),
    ("Container shop-mysql Error dependency mysql failed to start\ndependency failed to start: container shop-mysql is unhealthy", "{{json .State.Health}}' shop-mysql", "aws ecs"),
    ("Container dependency failed: dependent container db did not become healthy, so the ECS task stopped", "aws ecs describe-tasks", "docker logs"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "told", "untold"), FITTING, ids=[r[0][:50] for r in FITTING])
def test_what_is_advised_is_of_that_place(text: str, told: str, untold: str) -> None:
    steps = advised(text)
    assert told in steps
    assert not untold or untold not in steps


# Each row: a text, the placeholder, and the name that it holds, or nothing.
NAMED = [
    ("❌ Deployment failed: InvalidChangeSetStatus: An operation on this ChangeSet is currently in progress.", "stack", None),
    ("❌ ShopStack failed: InvalidChangeSetStatus: An operation on this ChangeSet is currently in progress.", "stack", "ShopStack"),
    ("failed to resolve ref ***.dkr.ecr.us-east-1.amazonaws.com/stocks-app-***:technicals-34683c06: not found", "repository", None),
    (f"failed to resolve ref {ECR}/stocks-app:technicals-34683c06: not found", "repository", "stocks-app"),
    ("Failed to connect to example.org port 80 after 533 ms", "host-and-port", "example.org 80"),
    ("connect ECONNREFUSED 172.18.0.2:5433", "host-and-port", "172.18.0.2 5433"),
    ("connect ECONNREFUSED undefined:5433", "host-and-port", None),
    ("Failed to connect to the port 80", "host-and-port", None),
    ("services:\n  web:\n    image: acme/web:1.2\n", "image", "acme/web:1.2"),
    ("services:\n  web:\n    image: acme/web:1.2\n  db:\n    image: postgres:16\n", "image", None),
    ("pull image: manifest unknown", "image", None),
    (f'container="api({ECR}/my/image:latest) (NONE->RUNNING)" error="Error: image my/image:latest not found"', "image", f"{ECR}/my/image:latest"),
    ("Parameters [/cdk-bootstrap/hnb659fds/version] referenced by template have types not supported", "parameter", "/cdk-bootstrap/hnb659fds/version"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "placeholder", "name"), NAMED, ids=[r[0][:50] for r in NAMED])
def test_the_names_that_a_text_holds(text: str, placeholder: str, name: str | None) -> None:
    assert names_in(text).get(placeholder) == name


def test_streams_of_a_log_group_are_allowed_together() -> None:
    """Each run of a function has a stream of its own."""
    text = "arn:aws:sts::123456789012:assumed-role/web-role/web is not authorized to perform: logs:CreateLogStream on resource: arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/web:log-stream:2019/12/16/[$LATEST]9f7bba28c897"
    assert 'log-group:/aws/lambda/web:log-stream:*"' in advised(text)
