"""What is advised is of the very thing that the text names: its service, its side, its name."""

from __future__ import annotations

import pytest

from ash_ops.causes.names import names_in
from tests.ash_ops.causes.test_repairs_fit import advised

PUSH = "11:38:45 Push docker.elastic.co/ci/tools:290d60ed...\n11:38:45 denied: requested access to the resource is denied\n11:38:45 Retry 1/5 exited 1"
OF_A_ROLE = "AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/{} is not authorized to perform: secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:us-west-2:123456789012:secret:my-secret-GXyUCE"

# Each row: the message, what is advised, and what is not (words; empty for nothing).
NAMED = [
    # Each service has a role of its own.
    ("An error occurred: WebsiteDistribution - The user is not authorized to create or assume a service linked role. (Service: AmazonCloudFront; Status Code: 403; Error Code: AccessDenied)", "iam:CreateServiceLinkedRole", "ecs.amazonaws.com"),
    ("CREATE_FAILED AWS::RDS::DBInstance Db Unable to create the resource. Verify that you have permission to create service linked role. Otherwise wait and try again later (Service: AmazonRDS; Status Code: 400)", "--aws-service-name rds.amazonaws.com", "ecs.amazonaws.com"),
    ("Unable to assume IAM role: arn:aws:iam::123456789012:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService (Service: AWSApplicationAutoScaling", "ecs.application-autoscaling.amazonaws.com", "name ecs.amazonaws.com"),
    ("Unable to assume the service linked role. Please verify that the ECS service linked role exists.", "--aws-service-name ecs.amazonaws.com", "<linked"),
    ("CREATE_FAILED | AWS::Elasticsearch::Domain | Search Before you can proceed, you must enable a service-linked role to give Amazon ES permissions to access your VPC. (Service: AWSElasticsearch; Status Code: 400)", "AWSServiceRoleForAmazonElasticsearchService", "name ecs.amazonaws.com"),
    ("error while pulling image amazon/amazon-ecs-pause:0.1.0 for container ~internal~ecs~pause~namespace , moving task to STOPPED: Error response from daemon: pull access denied for amazon/amazon-ecs-pause, repository does not exist or may require 'docker login'", "ECS agent's own", "manifest inspect"),
    # The agent's own image, on instances of EC2.
    ("error creating container [~internal~ecs~pause]; marking its desired status as STOPPED: Error: No such image: amazon/amazon-ecs-pause:0.1.0", "ECS agent's own", "update-service"),
    ("CannotPullContainerError: manifest for acme/web:0.1.0 not found: manifest unknown", "Push that tag", "ECS agent's own"),
    # A push is no pull.
    (PUSH, "may write there", "Make the package public"),
    ("denied: requested access to the resource is denied", "It is a push", "Make the package public"),
    ("Error response from daemon: pull access denied for acme/web, repository does not exist or may require 'docker login': denied: requested access to the resource is denied", "repositoryCredentials", "It is a push"),
    # A secret without a value.
    ('Error: Secrets Manager Secret "arn:aws:secretsmanager:us-east-1:123456789012:secret:Creds-HunT6u" Version "AWSCURRENT" not found', "put-secret-value", "restore-secret"),
    # Another runtime than bubblewrap.
    ("docker: Error response from daemon: OCI runtime create failed: /var/lib/docker/runtimes/runsc did not terminate sucessfully: creating container: fork/exec /proc/self/exe: operation not permitted", "runsc", "bwrap"),
    # A role that is no task's starts no tasks.
    (OF_A_ROLE.format("codebuild-web/AWSCodeBuild-1"), "my-secret-GXyUCE", "Start new tasks"),
    (OF_A_ROLE.format("ecs-exec-role/0a1b"), "Start new tasks", ""),
    ("ECS Fargate task stopped with error code: TaskFailedToStart: RESOURCE:MEMORY", "launch type FARGATE", "larger instance type"),
    ("TaskFailedToStart: RESOURCE:MEMORY", "larger instance type", "launch type FARGATE"),
    ('error waiting AWS Fargate Task "arn:aws:ecs:us-west-2:123456789012:task/runners/d729507e000000000000f2ed2eb86a60" to be in "Running" state: ResourceNotReady: failed waiting for successful resource state', "--cluster runners --tasks d729507e000000000000f2ed2eb86a60", "describe-services"),
    ("Error listing tasks of cluster arn:aws:ecs:ap-southeast-1:123456789012:cluster/ccc: operation error ECS: ListTasks, https response error StatusCode: 400, RequestID: abc, api error AccessDeniedException", "is ecs:ListTasks", "<action>"),
    ("10:32:20 | CREATE_FAILED | AWS::IAM::Role | PublishingRole The security token included in the request is invalid (Service: AmazonIdentityManagement; Status Code: 403; Error Code: InvalidClientTokenId)", "without MFA", "list-regions"),
    ("An error occurred (InvalidClientTokenId) when calling the DescribeClusters operation: The security token included in the request is invalid", "list-regions", "without MFA"),
    ("STOPPED, Reason CannotStartContainerError: API error (500): failed to create endpoint ecs-web-13 on network bridge: failed to save bridge endpoint 649374f to store: failed to update bridge store for object type *bridge.bridgeEndpoint: timeout", "start Docker anew", "docker run"),
    ("INFO Running docker exec kamal-proxy kamal-proxy deploy shop-web --target e19ca135cffb:80\nERROR Failed to boot web on 10.0.0.8\nINFO First web container is unhealthy on 10.0.0.8, not booting any other roles", "app_port", "aws elbv2"),
    ("litellm.exceptions.AuthenticationError: OpenAIException - Error code: 401 - {'error': {'message': 'Incorrect API key provided: sk-x. You can find your API key at https://platform.openai.com/account/api-keys.'}}", "OPENAI_API_KEY", "api.anthropic.com"),
    ("sqlalchemy.exc.OperationalError: (sqlite3.OperationalError) disk I/O error [SQL: PRAGMA main.table_info(\"layout\")]", "need not be a full disk", "du -xh"),
    ("The load balancer thinks the socket is still usable and sends a request down it, but the app has already torn it down. The load balancer receives a connection reset and returns a 502 to the client.", "keepAliveTimeout", "read its log at that time"),
    ("Error: failed creating ECS Task Definition (api): ClientException: Log driver splunk disallows options: splunk-tokens", "take away the option", "collector"),
    ("failed to register layer: ApplyLayer exit status 1 stdout: stderr: archive/tar: invalid tar header", "zstd", "push the image anew"),
    ("Resource handler returned message: 'Role does not exist' (Service: Lambda, Status Code: 400)", "some seconds", "describe-subnets"),
    # Found in rounds of texts that nobody had seen.
    ("Could not assume role in target account: not authorized to perform: sts:AssumeRole on cdk-hnb659fds-deploy-role", "cdk bootstrap", "ecs-tasks"),
    ("Error: creating Metric Filter: putting CloudWatch Logs Metric Filter (): ResourceNotFoundException: The specified log group does not exist.", "made after it", "awslogs-create-group"),
    ("[ warn] net_tcp_fd_connect: getaddrinfo(host=''): Name or service not known", "is empty", "dig"),
    ("I worked on a challenging case where an application running on Amazon ECS with the AWS Fargate launch type was experiencing a high volume of 502 Bad Gateway errors behind an Application Load Balancer (ALB). The service was intermittently failing, generating 30 to 50 such errors per day", "keepAliveTimeout", "Read who answered"),
    ("Developer using Anthropic streaming API loses connection mid-stream (TransportError)", "answer broke off", "way out on 443"),
    ("openssl s_client -connect www.example.com:443 returns Verify return code: 21 (unable to verify the first certificate)", "intermediate", "renew it in ACM"),
    ("Error: ER_NOT_SUPPORTED_AUTH_MODE: Client does not support authentication protocol requested by server; consider upgrading MySQL client", "caching_sha2_password", "keeps its old password"),
    ('monitor | 2025/11/26 19:31:19 [Probe] ERROR channel: Post "https://www.example.org/api/v1/messages": context deadline exceeded (Client.Timeout exceeded while awaiting headers)', "went out to that address", "Read the scheme"),
    ('{"error":{"message":"Invalid JSON payload: unexpected character: line 1 column 26867","type":"invalid_request_error"}}', "no JSON", "Shorten"),
    ("npgsql: FATAL: database 'shop' does not exist; the program gave up after ten attempts to open the connection, its pool is empty, and the supervisor has restarted it twice since yesterday evening without any change of its settings", "Make the database", "ASH_DATABASE_URL"),
    ("User: arn:aws:sts::111122223333:assumed-role/deploy/me is not authorized to perform: cloudformation:CreateStack on resource: arn:aws:cloudformation:us-east-1:444455556666:stack/shop/* because no identity-based policy allows it", "role of that account", "put-role-policy"),
    ("User: arn:aws:sts::111122223333:assumed-role/deploy/me is not authorized to perform: cloudformation:CreateStack on resource: arn:aws:cloudformation:us-east-1:111122223333:stack/shop/* because no identity-based policy allows it", "put-role-policy", "role of that account"),
    ("Error: error deleting ACM Certificate (arn:aws:acm:us-east-1:123456789012:certificate/aa11bfaf): ResourceInUseException: Certificate arn:aws:acm:us-east-1:123456789012:certificate/aa11bfaf in account 123456789012 is in use.", "create_before_destroy", "target group, security group"),
    ("* aws_db_subnet_group.database: InvalidDBSubnetGroupStateFault: Cannot delete the subnet group 'acme-prod' because at least one database instance: flow-acme-prod is still using it.", "databases in it", "target group, security group"),
    ("failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: error closing exec fds: get handle to /proc/thread-self/fd: could not get mount id: operation not permitted", "nesting", "mount, a device"),
    ("Error: EE certificate key too weak\n    at TLSSocket.<anonymous> (/app/node_modules/mysql/lib/Connection.js:320:48)\n    at Protocol.handshake (/app/node_modules/mysql/lib/protocol/Protocol.js:51:23)", "2048 bits", "does not trust"),
    ("User: arn:aws:iam::123456789012:user/deployer is not authorized to perform: iam:CreateRole on resource: role web because no identity-based policy allows the iam:CreateRole action", '"Resource":"arn:aws:iam::123456789012:role/web"', "<resource>"),
    ('[✖]  waiting for CloudFormation stack "eksctl-web-nodegroup-a" to reach "CREATE_COMPLETE" status: RequestCanceled: waiter context canceled', "--stack-name eksctl-web-nodegroup-a", "aws ecs"),
    ('SQLSTATE[08006] [7] FATAL: no pg_hba.conf entry for host "::1", user "app", database "postgres", SSL off', "pg_hba.conf (", "takes TLS only"),
    ("warning: bwrap: No permissions to create a new namespace, likely because the kernel does not allow non-privileged user namespaces. On e.g. debian this can be enabled with 'sysctl kernel.unprivileged_userns_clone=1'. It began after the upgrade of the program on this desk, whose kernel is 6.8", "kernel.unprivileged_userns_clone=1 on an old", "Ash"),
    ("[error] 61#61: *12 upstream SSL certificate verify error: (18:self-signed certificate) while SSL handshaking to upstream", "proxy_ssl_trusted_certificate", "NODE_EXTRA_CA_CERTS"),
    ("kafka1 | java.net.UnknownHostException: zoo1: Name or service not known", "another container's", ""),
    ("MongoParseError: Invalid scheme, expected connection string to start with \"mongodb://\"", "SCHEME://", "ASH_DATABASE_URL"),
    ("The deployment timed out while waiting for a notification to continue. This time out period is 60 minutes.", "CONTINUE_DEPLOYMENT", "lifecycleHookDetails"),
    ("curl: (6) Could not resolve host: front.howto-headers.svc.cluster.local", "known there alone", "route53"),
    ("Error: Network Configuration is not valid for the given `networkMode` of this task definition.", "awsvpc", "validate-template"),
    ("01 — ExecuteCommandAgent not RUNNING Cause: You forgot --enable-execute-command when creating or updating the service.", "is not on for those tasks", "four calls"),
    ("`The following Availability Zones us-west-1a cannot be associated with a load balancer. Please try a different Availability Zone. (Service: AmazonElasticLoadBalancing; Status Code: 400; Error Code: ValidationError)", "two other zones", "update-service"),
    ("1 validation error detected: Value null at 'secretId' failed to satisfy constraint: Member must not be null: aws.sdk.kotlin.services.secretsmanager.model.SecretsManagerException\naws.sdk.kotlin.services.secretsmanager.model.SecretsManagerException: 1 validation error detected: Value null at 'secretId' failed to satisfy constraint: Member must not be null\n\tat aws.sdk.kotlin.services.secretsmanager.serde.GetSecretValueOperationDeserializerKt.throwGetSecretValueError(GetSecretValueOperationDeserializer.kt:67)", "asked for no secret", "describe-secret"),
    ("ERROR: for web_1  Cannot create container for service web: unknown log opt 'awslogs-stream-prefix' for awslogs log driver\nERROR: Encountered errors while bringing up the project.", "logging.options", "register the revision"),
    ("wordpress_1 | MySQL Connection Error: (1130) Host '172.20.0.3' is not allowed to connect to this MySQL server", "whatever the password", "keeps its old password"),
    ("Datasource: PostgreSQL database postgres at aws-0-ap-northeast-1.pooler.supabase.com:5432\nError: Schema engine error: FATAL: Tenant or user not found", "postgres.PROJECT", "ASH_DATABASE_URL"),
    ("An error occurred: ApiGatewayDeployment - Another Deployment is in progress for rest api with id abc. Please try again later. (Service: AmazonApiGateway; Status Code: 409; Error Code: ConflictException)", "one deployment of an API", "cancel-update-stack"),
    ("An error occurred (InvalidParameterException) when calling the RunTask operation: Task definition does not support Fargate launch type. The CPU and memory configuration is invalid.", "requiresCompatibilities", "capacityProvider=FARGATE"),
    ("I gt the message Credit balance too low Add funds: https://console.anthropic.com/settings/billing I have almost $50.00 on file. I have added $$$ 3 times.", "paid by another account", "raise the spend limit"),
    ('[✖]  waiting for CloudFormation stack "eksctl-web-cluster" to reach "DELETE_COMPLETE" status: RequestCanceled: waiter context canceled', "the deletion of that stack", "deploy again"),
    ("RunTask is rejected before the container starts with InvalidParameterException: Container Overrides length must be at most 8192", "8192 characters", "Correct what the message names"),
    ("<ErrorResponse><Error><Code>InvalidIdentityToken</Code><Message>Token signature verification failed</Message></Error></ErrorResponse>", "another identity provider", "AWS_SESSION_TOKEN"),
    ('CREATE_FAILED Resource handler returned message: "User with accountId: 123456789012 is not authorized to perform CreateLogGroup with Tags (Service: CloudWatchLogs, Status Code: 400)" (HandlerErrorCode: GeneralServiceException)', "logs:TagResource", "what the message names"),
    # A timeout: look first, then open.
    ("(service web) (port 8000) is unhealthy in (target-group web) due to (reason Request timed out)", "see first whether the task's security group", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "told", "untold"), NAMED, ids=[r[0][:50] for r in NAMED])
def test_the_step_is_of_what_the_text_names(text: str, told: str, untold: str) -> None:
    steps = advised(text)
    assert told in steps
    assert not untold or untold not in steps


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("Logs: /aws/lambda/App-Handler886CB40B-NgbKmkuyQRzI\n    at invokeUserFunction (/var/task/framework.js:95:19)", "function", "App-Handler886CB40B-NgbKmkuyQRzI"),
        ("Message:Stack named 'awseb-e-abc12defg3-stack' aborted operation. Current state:", "stack", "awseb-e-abc12defg3-stack"),
        ("operation error ECS: ListTasks, https response error StatusCode: 400, api error AccessDeniedException", "action", "ecs:ListTasks"),
        ("operation error ECS: ListTasks, https response error StatusCode: 400, api error ThrottlingException", "action", None),
        ("The service-linked role AWSServiceRoleForWidget is missing", "linked-role", "AWSServiceRoleForWidget"),
        ("deploy service: wait until stack shop-test-infra update is complete: ResourceNotReady", "stack", "shop-test-infra"),
        ("Error pulling image ghcr.io/acme/cache:5e92275 - 500 Server Error", "image", "ghcr.io/acme/cache:5e92275"),
        ('nginx: [emerg] host not found in upstream "api" in /etc/nginx/conf.d/default.conf:5', "domain", "api"),
        ("- Creating the infrastructure for stack shop-test-web  [rollback complete]  [687.2s]", "stack", "shop-test-web"),
        ("The provided execution role does not have permissions to call CreateNetworkInterface on EC2", "action", "ec2:CreateNetworkInterface"),
        ("Cannot delete export dev-vpc-stack:ExportsOutputFnGetAtt07D1 as it is in use by dev-eks-cluster", "export", "dev-vpc-stack:ExportsOutputFnGetAtt07D1"),
        ("AWSServiceRoleForECS is missing", "linked-service", "ecs.amazonaws.com"),
        ("the role of RDS is missing", "linked-service", None),
    ],
)  # fmt: skip
def test_a_name_comes_from_where_the_text_has_it(text: str, name: str, value: str | None) -> None:
    assert names_in(text).get(name) == value


def test_a_policy_holds_no_more_than_the_thing_that_was_asked_for() -> None:
    one = names_in("User doesn't have permission to call iam:GetRole")
    assert '"Resource":"<resource>"' in one["policy"]
    assert "resource" not in one
    every = names_in("is not authorized to perform: ecr:GetAuthorizationToken on resource: *")
    assert '"Resource":"*"' in every["policy"]
