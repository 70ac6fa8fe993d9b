"""The reason that a message gives decides its repair: incidents whose first advice was beside the point."""

from __future__ import annotations

import pytest

from ash_ops.causes.base import Step
from ash_ops.causes.repairs import chosen
from tests.ash_ops.causes.test_repairs_fit import advised

# Each row: the message, what is advised, and what is not (words; empty for nothing).
DECIDED = [
    ("pymysql.err.OperationalError: (2003, \"Can't connect to MySQL server on 'shop.us-east-1.rds.amazonaws.com' ([SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate\")", "global-bundle.pem", "3306"),
    ('CannotStartContainerError: OCI runtime create failed: starting container process caused: exec: "-url": executable file not found in $PATH', "is an option of a program", "-c 'command -v"),
    ("/usr/local/bin/docker-entrypoint: line 30: exec: strict.perms=false: not found", "is an option of a program", "override of command"),
    ('CannotStartContainerError: exec: "my-url": executable file not found in $PATH', "command -v my-url", "is an option of a program"),
    ("Sender failed error: operation error S3: PutObject, get identity: get credentials: operation error STS: AssumeRole, request canceled, context deadline exceeded", "STS was asked", "aws sso login"),
    ("get credentials: operation error STS: AssumeRole, https response error StatusCode: 403, api error AccessDenied: not authorized", "", "STS was asked"),
    ("InvalidParameterException: Invalid identifier: Identifier is for cluster jan7. Your cluster is default", "aws ecs list-clusters", "of another account"),
    ("InvalidParameterException: Identifier is for 111122223333. Your accountId is 444455556666", "of another account", "list-clusters --region"),
    ("Model access is denied due to INVALID_PAYMENT_INSTRUMENT:A valid payment instrument must be provided.", "no payment method", "aws-marketplace:Subscribe"),
    ("Error retrieving credentials from the instance profile metadata service. (cURL error 7: Failed to connect to 169.254.169.254 port 80)", "taskRoleArn", "sso login"),
    ("HTTP/1.1 503 Service Temporarily Unavailable\nServer: nginx/1.11.10", "Read who answered", ""),
    ("HTTP/1.1 504 Gateway Time-out\nServer: nginx/1.11.10", "waited for the program in vain", ""),
    ("psycopg2.OperationalError: SSL connection has been closed unexpectedly", "closed the connection", "Correct user, password"),
    ("service web (instance i-0a7017b5ad85edd68) (port 1026) is unhealthy in target-group web due to (reason Health checks failed)", "whole range", "--port 1026"),
    ("service web (port 8081) is unhealthy in target-group web due to (reason Request timed out)", "--port 8081", "whole range"),
    ("Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:eu-west-3:123456789012:targetgroup/GLOBAL_TARGET/0123456789abcdef)", "HealthCheckPath", "4100"),
    ("Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:eu-west-3:123456789012:targetgroup/ash/0123456789abcdef)", "4100", "whole range"),
    ("t=2020-03-09T19:03:42+0000 lvl=info msg=\"Database locked, sleeping then retrying\" logger=sqlstore error=\"database is locked\" retry=0", "busy_timeout", "ASH_DATABASE_URL"),
    ("CannotPullContainerError: Error response from daemon: pull access denied for 123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/my-app, repository does not exist or may require 'docker login'", "attach-role-policy", "Log in to the registry anew"),
    ("CannotStartContainerError: Error response from daemon: failed to initialize logging driver: failed to create Cloudwatch log stream: InvalidParameterException: Log groups starting with AWS/ are reserved for AWS.", "choose another in awslogs-group", "Set awslogs-group, awslogs-region"),
    ("CannotPullContainerError: containerd: pull command failed: level=info msg=\"apply failure, attempting cleanup\" error=\"failed to extract layer sha256:e246: write /var...", "larger volume", "attestations"),
    ('CannotPullContainerError: failed to resolve ref "docker.io/library/web_braid:latest": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed', "whole name in the task definition", "Make the package public"),
    ("CannotPullContainerError: pull access denied for acme/web, repository does not exist or may require 'docker login': denied: requested access to the resource is denied", "repositoryCredentials", "official images"),
    ('botocore.exceptions.CredentialRetrievalError: Error when retrieving credentials from container-role: Error retrieving metadata: Received non 200 response (400) from ECS metadata: {"code": "InvalidIdInRequest", "message": "CredentialsV2Request: Credentials not found"}', "start the task again", "sso login"),
    ("Error: ClientException: Tasks using the Fargate launch type do not support ipcMode.\n\tstatus code: 400", "out of the task definition", "capacityProvider=FARGATE"),
    ("AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/exec/0a1b is not authorized to perform: logs:CreateLogGroup on resource: arn:aws:logs:eu-central-1:123456789012:log-group:shop:log-stream: because no identity-based policy allows the logs:CreateLogGroup action", 'log-group:shop:log-stream:"', 'log-stream"'),
    ("2023-12-14 13:32:22.083 ERROR 1 --- o.h.engine.jdbc.spi.SqlExceptionHelper : HikariPool-1 - Connection is not available, request timed out after 30000ms.", "make the pool larger", "5432"),
    ("**Error creating VPC Endpoint: InvalidParameter: private-dns-enabled cannot be set because there is already a conflicting DNS domain for elasticloadbalancing.us-east-1.amazonaws.com in the VPC vpc-0a1b2c3d**", "private DNS off", "list-namespaces"),
    ("Error: Error creating VPC: UnauthorizedOperation: You are not authorized to perform this operation.\n\tstatus code: 403, request id: b632", "cloudtrail lookup-events", "printed by"),
    ("An error occurred (ServerException) when calling the ExecuteCommand operation (reached max retries: 4): Service Unavailable. Please try again later.", "try again in a minute", "put-role-policy"),
    ("DELETE_FAILED\tCustom Resource failed to stabilize in expected time", "never answered", "Remove what is in the way"),
    ("CannotCreateContainerError: Error response from daemon: cannot share the host's network namespace when user namespaces are enabled", "userns-remap", "rebuilds the rules"),
    ("ResourceInitializationError: failed to attach EBS volume: attachment timed out. Volume: vol-0123456789abcdef0", "start the task again", "Repair the infrastructure role"),
    ('FATA[0001] failed to resolve reference "docker.io/acme/web:1": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed', "nerdctl login", "Make the package public"),
    ('FATA[0000] pulling image failed: rpc error: code = Unknown desc = failed to pull and unpack image "docker.io/acme/web:v1": failed to unpack image on snapshotter overlayfs: content digest sha256:7351: not found', "crictl rmi", "Push that tag"),
    ("Aws::Errors::NoSuchEndpointError (Encountered a `SocketError` while attempting to connect to:\n\n  https://sts.us-west-2.amazonaws.com\n\nThis is typically the result of an invalid `:region` option", "That region exists", "--region <region>"),
    ("$ aws sts get-caller-identity --profile aaaa\nError when retrieving token from sso: Token has expired and refresh failed", "--profile aaaa", "<profile>"),
    ("API Error (Request timed out.) · Retrying in 5 seconds… (attempt 4/10)", "API_TIMEOUT_MS", ""),
    ("APIConnectionError: Connection error. cause: getaddrinfo ENOTFOUND api.anthropic.com", "way out on 443", "API_TIMEOUT_MS"),
    ('{"State": "unused", "Reason": "Target.InvalidState", "Description": "Target is in the stopped state"}', "describe-instances", "update-service"),
    ("EC2Instance | CREATE_FAILED | - | Received FAILURE signal with UniqueId i-0123456789abcdef0", "cloud-init-output.log", "No signal came"),
    ("* aws_lb_target_group.web: Error creating LB Target Group: ValidationError: Health check interval '5' not supported for target groups with the TCP protocol. Must be one of the following values '[10, 30]'.", "only the intervals", "Correct what the message names"),
    ("service web (instance i-xxx) (port 32826) is unhealthy in target-group web due to (reason Request timed out)", "whole range", "--port 32826"),
    ('FATA[0000] Error executing \'up\': AccessDeniedException: User: arn:aws:iam::123456789012:user/deployer is not authorized to perform: ssm:GetParameter on resource: * because no identity-based policy allows it. terraform apply', "put-user-policy", "takes it back"),
    ("Error: Error relocating /app/node_modules/re2/build/Release/re2.node: _ZN4absl: symbol not found", "node_modules in .dockerignore", "Put what the message names"),
    ("Error: Error loading shared library ld-linux-x86-64.so.2: No such file or directory (needed by /app/node_modules/sodium-native/prebuilds/linux-x64/sodium-native.node)", "musl", "Put what the message names"),
    ("Error: Error loading shared library libpq.so.5: No such file or directory (needed by /usr/bin/psql)", "Put what the message names", "musl"),
    ("Error: Error loading shared library /app/node_modules/sharp/build/Release/sharp.node: Exec format error", "node_modules in .dockerignore", "cpuArchitecture"),
    ("exec /usr/local/bin/node: exec format error", "cpuArchitecture", "node_modules"),
    ("Error: getaddrinfo ENOTFOUND hooks.example.com\n    at GetAddrInfoReqWrap.onlookup [as oncomplete] (node:dns:107:26)", "The program asks for that name", "ash-ops connect"),
    ("Error: ENOENT: no such file or directory, open '/srv/.env'\n    at Function.executeUserEntryPoint [as runMain] (internal/modules/run_main.js:71:12)", "reads a file that is not there", "override of command"),
    ('botocore.exceptions.ReadTimeoutError: Read timeout on endpoint URL: "https://bedrock-runtime.us-east-1.amazonaws.com/model/anthropic.claude-v2/invoke"', "read_timeout", "regions"),
    ('[{"error":"Error: 403 {\\"error\\":{\\"type\\":\\"forbidden\\",\\"message\\":\\"Request not allowed\\"}}', "a country it does not serve", "Put a valid"),
    ("Error: getaddrinfo ENOTFOUND undefined", "the variable from which the program takes it is not set", "ash-ops connect"),
    # Of whose balancer, registry, store and desk a message is.
    ("service web (instance i-0abc) is unhealthy in elb shop due to (reason Instance has failed at least the UnhealthyThreshold number of health checks consecutively.)", "elb describe-instance-health --load-balancer-name shop", "elbv2"),
    ("service web (port 8080) is unhealthy in target-group shop due to (reason Health checks failed)", "describe-target-groups --names shop", "describe-instance-health"),
    ("Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:eu-west-3:123456789012:targetgroup/shop/0123456789abcdef)", "--target-group-arns arn:aws:elasticloadbalancing:eu-west-3:123456789012:targetgroup/shop/0123456789abcdef", "ash-ops logs"),
    ('{"remoteIP":"-","request":"/index.pl","method":"GET","status":"400","userAgent":"ELB-HealthChecker/2.0","referer":"-"}', "Host header", "4100"),
    ("the target is unhealthy with Health checks failed with these codes: [502]", "program behind it", "ash-ops logs"),
    ("ash: the target is unhealthy with Health checks failed with these codes: [500]", "ash-ops logs", "program behind it"),
    ("CannotPullContainerError: API error (404)", "The text does not name the image", "ash-ops rollout"),
    ("CannotPullContainerError: manifest for ghcr.io/acme/ash:9 not found: manifest unknown", "ash-ops rollout", "does not name the image"),
    ("name unknown: The repository with name 'public.ecr.aws/a1/myrepo' does not exist in the registry with id '111122223333'", "holds the registry twice", "manifest inspect"),
    ("$ docker pull web-inference:1.13\nError response from daemon: pull access denied for web-inference, repository does not exist or may require 'docker login': denied: requested access to the resource is denied", "docker images", "in the task definition"),
    ("Unable to pull customer's container image. ErrorCode: 404, Reason: pull access denied for python3.6, repository does not exist or may require 'docker login'", "codebuild batch-get-projects", "in the task definition"),
    ("Unable to pull customer's container image. CannotPullContainerError: Error response from daemon: toomanyrequests: You have reached your pull rate limit.", "registryCredential", "ECS tries again"),
    ("CannotPullContainerError: toomanyrequests: You have reached your pull rate limit.", "ECS tries again", "CodeBuild is to build"),
    ("make push-image denied: Your authorization token has expired. Reauthenticate and try again.", "pulled or pushed", "log out of its registry"),
    ("$ docker logs -f ead55ed56440\nexec /usr/src/app/docker-entrypoint.sh: exec format error", "This machine", "runtimePlatform"),
    ("An error occurred (DecryptionFailure) when calling the GetSecretValue operation: Secrets Manager can't decrypt the protected secret text using the provided KMS key.", '"Action":"kms:Decrypt"', "ssm:GetParameters"),
    ("botocore.errorfactory.ParameterNotFound: An error occurred (ParameterNotFound) when calling the GetParameter operation:", "ssm describe-parameters", "secretsmanager"),
    ("ResourceInitializationError: unable to pull secrets: invalid ssm parameters: /shop/key. (taskDefinition web:3)", "--name /shop/key", "The program asked SSM"),
    ("failed: ClientException: Log driver awslogs requires options: awslogs-region, awslogs-group", "options that the text names", "describe-task-definition"),
    ("InvalidParameterException: The specified capacity provider 'shop-cp' is not in an ACTIVE state. Specify a valid capacity provider and try again.", "--capacity-providers shop-cp", "--cluster"),
    ("InvalidSubnet: Not enough IP space available in subnet-0a1b. ELB requires at least 8 free IP addresses in each subnet.", "It is the load balancer", "Give the service larger"),
    ("InvalidParameterException: Assign public IP is not supported for this launch type", "assignPublicIp to DISABLED", "update-service"),
    ("The closest matching container-instance is already using a port required by your task.", "portMappings", "launchType"),
    ("urllib3.exceptions.NameResolutionError: Failed to resolve 'backupproxy' ([Errno -2] Name does not resolve)", "dig +short backupproxy", "correct it in its settings"),
    ("FastifyError [FST_ERR_CTP_BODY_TOO_LARGE]: Request body is too large", "bodyLimit", "ash-ops status"),
    ("Not continuing with pull after error: denied: User: arn:aws:sts::123456789012:assumed-role/nomad-client/i-0123456789abcdef0 is not authorized to perform: ecr:BatchGetImage on resource: arn:aws:ecr:us-east-1:123456789012:repository/app", "role that the text names", "without credentials"),
    # Of what no task does, and what another program calls.
    ("An error occurred (PendingVerification) when calling the RunInstances operation: Your request for accessing resources in this region is being validated, and you will not be able to launch additional resources in this region until the validation is complete.", "at the latest in four hours", "Settle what AWS asks"),
    ("h2 2026-03-15T14:22:31.445Z app/my-alb/a1b2c3d4e5f6a7b8 10.0.1.55:443 10.0.2.100:8080 -1 -1 -1 502 - 36 \"GET https://api.example.com:443/v1/orders HTTP/2.0\" \"Mozilla/5.0\"", "fifth column", "ash-ops logs"),
    ("h2 2026-03-15T14:22:45.891Z app/my-alb/a1b2c3d4e5f6a7b8 10.0.1.55:443 10.0.2.101:8080 0.001 60.001 -1 504 - 220 \"POST https://api.example.com:443/v1/reports HTTP/2.0\"", "fifth column", "ash-ops logs"),
    ("$ curl http://internal-a0123456789abcdef-1234567890.us-east-1.elb.amazonaws.com/\ncurl: (52) Empty reply from server", "another protocol", "repair the crash"),
    ("504 ERROR The request could not be satisfied. CloudFront attempted to establish a connection with the origin, but either the attempt failed or the origin closed the connection. Generated by cloudfront (CloudFront)", "get-distribution-config", "ash-ops"),
    ("TypeError: fetch failed\n    at async /var/app/backend/app.js:61:16 {\n  cause: ConnectTimeoutError: Connect Timeout Error\n  code: 'UND_ERR_CONNECT_TIMEOUT'", "ipv4first", "ash-ops"),
    ("RunTask API fails with: Capacity is unavailable at this time. Please try again later or in a different availability zone", "RunTask does not try again", "describe-services"),
    ("Container instance deregistration forced by user", "AttributeValue=DeregisterContainerInstance", "ash-ops"),
    ("name unknown: The repository with name 'shop/web' does not exist in the registry with id '111122223333'", "create-repository --repository-name shop/web", "update-service"),
    ("Error response from daemon: login attempt to https://***/v2/ failed with status: 401 Unauthorized", "It is the login that is refused", "Make the package public"),
    ("* Error launching source instance: InstanceLimitExceeded: Your quota allows for 0 more running instance(s). You requested at least 1", "get-service-quota --service-code ec2", "describe-scaling-activities"),
    ("service api was unable to place a task. Reason: No Container Instances were found in your capacity provider.", "describe-scaling-activities", "capacityProvider=FARGATE"),
    ("HTTPSConnectionPool(host='127.0.0.1', port=4646): Max retries exceeded with url: /v1/nodes (Caused by SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate in certificate chain (_ssl.c:1007)')))", "-connect 127.0.0.1:4646", ":443"),
    ("[NetworkingError: Hostname/IP doesn't match certificate's altnames]\n  region: 'us-west-2',\n  hostname: 's3.us-west-2.amazonaws.com',\n  retryable: true", "forcePathStyle", "ACM"),
    ("Error: write EPROTO 4478952896:error:1408F10B:SSL routines:ssl3_get_record:wrong version number:../deps/openssl/openssl/ssl/record/ssl3_record.c:252:", "without TLS", "describe-listeners"),
    ("| 172.31.0.57  | unused  | Target.NotInUse   |", "name the group in a rule", "4100"),
    ("ash: target group is not configured to receive traffic from the load balancer (Target.NotInUse)", "--port 4100", "name the group in a rule"),
    ("Error: getaddrinfo EAI_AGAIN github.com`", "dig +short github.com", "ash-ops"),
    ("docker push 123456789012.dkr.ecr.us-east-1.amazonaws.com/shop:latest\nThe push refers to repository [123456789012.dkr.ecr.us-east-1.amazonaws.com/shop]\ndenied: Your authorization token has expired. Reauthenticate and try again.", "--password-stdin 123456789012.dkr.ecr.us-east-1.amazonaws.com", "pulled or pushed"),
    # What a machine lacks, what instances have no room for, and reasons that are cut off.
    ("The push refers to a repository [123456789012.dkr.ecr.us-east-1.amazonaws.com/company/app]\ntag does not exist: 123456789012.dkr.ecr.us-east-1.amazonaws.com/company/app:404", "docker image inspect", "update-service"),
    ("Error response from daemon: Get https://gcr.io/v2/shop/web/manifests/1.10.2: unknown: Project 'project:shop' not found or deleted.", "no such project any more", "Push that tag"),
    ("Unable to pull customer's container image. ErrorCode: 500, Reason: invalid reference format.", "codebuild batch-get-projects", "update-service"),
    ("CannotPullContainerError: invalid reference format", "cannot be read", "codebuild"),
    ("service api was unable to AZ Rebalance because no container instance met all of its requirements in us-east-1b.", "ecs.availability-zone", "launchType"),
    ("service api was unable to place a task because no container instance met all of its requirements. The closest matching container-instance 0a1b2c has insufficient CPU units available.", "--container-instances 0a1b2c", "launchType"),
    ('{"tasks": [], "failures": [{"arn": "arn:aws:ecs:us-east-1:111122223333:container-instance/prod/0a1b2c", "reason": "RESOURCE:GPU"}]}', "GPU-optimized AMI", "list-attributes"),
    ("The task definition is not compatible with the launch type FARGATE", "requiresCompatibilities FARGATE", "update-service"),
    ("CannotPullContainerError: pull access denied for web", "official images", "Make the package public"),
    ("Running command docker push $URL/shop:latest\nThe push refers to repository [***/shop]\ndenied: requested access to the resource is denied", "It is a push that is refused", "repositoryCredentials"),
    ("CannotPullContainerError: inspect image has been retried 5 time(s): httpReaderSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/amazon/web/manifests/sha256:330a24bcd4e0058d70e70a0bb1ff805065161ffe3aa96296f09b555...", "mostly 429", "ash-ops doctor pending"),
    ('fatal: [localhost]: FAILED! => {"changed": false, "msg": "Error pulling mariadb - code: None message: no matching manifest for unknown in the manifest list entries"}', "this machine's processor", "runtimePlatform"),
    ('504 {"message": "Endpoint request timed out"}', "API Gateway calls", "describe-load-balancers"),
    ("curl: (51) SSL: no alternative certificate subject name matches target host name '192.0.2.7'", "subjectAltName", "renew it in ACM"),
    ("urllib3: HTTPSConnectionPool(host='shop.example.com', port=443): Max retries exceeded (Caused by NewConnectionError('Failed to establish a new connection: [Errno -3] Temporary failure in name resolution'))", "dig +short shop.example.com", "ash-ops"),
    # Of somebody else's place: no deployment of Ash is changed for it.
    ("CannotPullContainerError: no such image", "does not name the image", "ash-ops rollout"),
    ("CannotPullContainerError: ash: no such image", "ash-ops rollout", ""),
    ("unable to retrieve secret from asm: ResourceNotFoundException: the secret was not found", "correct the ARN", "ash-ops deploy"),
    ("docker pull shop/web\nError response from daemon: manifest for shop/web:latest not found: manifest unknown", "sign in where it is pulled by hand", "Roll out"),
    ('Error executing "DescribeLayers" on "http://opsworks.us-east-1.amazonaws.com"; AWS HTTP error: cURL error 52: Empty reply from server', "an API of AWS that the program called", "repair the crash"),
    ("TypeError: fetch failed\n [cause]: ConnectTimeoutError: Connect Timeout Error (attempted address: shop.example.com:443, timeout: 10000ms)", "checkip", "ash-ops"),
    ("docker: failed to register layer: Error processing tar file(exit status 1): write /lib/x.so: no space left on device.\nSee 'docker run --help'.", "docker system prune", "ephemeralStorage"),
    ("Fargate requires task definition to have execution role ARN to support log driver awslogs. (Service: AmazonECS; Status Code: 400; Error Code: ClientException)", "executionRoleArn", "logConfiguration"),
    ("curl -I http://shop-1820730563.us-east-2.elb.amazonaws.com/\nHTTP/1.1 504 Gateway Time-out\nServer: awselb/2.0", "describe-target-health", "ash-ops logs"),
    ("As of today, the RDS global certificate seems to have expired in image `shop/psql`. The following error is shown using connections which were functional yesterday:\n\n```\nSSL error: certificate verify failed\n```", "global-bundle.pem", "renew it in ACM"),
    ("TLSv1.2 (OUT), TLS handshake, Client hello (1):\nerror:1400410B:SSL routines:CONNECT_CR_SRVR_HELLO:wrong version number", "spoke no TLS", "4100"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "told", "untold"), DECIDED, ids=[r[0][:50] for r in DECIDED])
def test_the_reason_decides(text: str, told: str, untold: str) -> None:
    steps = advised(text)
    assert told in steps
    assert not untold or untold not in steps


def test_a_step_that_decides_stands_without_the_others() -> None:
    likely = Step("likely")
    asked = Step("asked", when="no space")
    sure = Step("sure", when="write /", decides=True)
    assert chosen((likely, asked, sure), "x") == [likely]
    assert chosen((likely, asked, sure), "no space left") == [asked]
    assert chosen((likely, asked, sure), "write /var: no space left") == [sure]
    assert chosen((likely, asked, sure), "") == [likely, asked, sure]
