"""Programs that are nobody's known: no command of Ash for them, and the step that their own words decide."""

from __future__ import annotations

import pytest

from ash_ops.causes import CAUSES
from ash_ops.causes.advice.elsewhere import AT_A_DESK, ELSEWHERE
from ash_ops.causes.advice.lookups import is_some_programs
from ash_ops.causes.advice.others import names_ash
from ash_ops.causes.base import Rank
from ash_ops.causes.classify import Classification
from ash_ops.causes.explanation import Explanation
from ash_ops.causes.structure.hints import Hint
from tests.ash_ops.causes.test_repairs_fit import advised

# Each row: the message, what is advised, and what is not (words; empty for nothing).
OTHERS = [
    # A model that some program asks.
    ("Claude API: Error code: 401 - {'type': 'error', 'error': {'type': 'authentication_error', 'message': 'invalid x-api-key'}}", "a valid key where the program", "ash-ops deploy"),
    ("[server] ash-server: Error code: 401 - {'type': 'error', 'error': {'type': 'authentication_error', 'message': 'invalid x-api-key'}}", "ash-ops deploy", ""),
    ('{"error":{"message":"Authentication Error, Invalid proxy server token passed. Unable to find token in cache or `LiteLLM_VerificationTable`","type":"token_not_found_in_db","param":"key","code":"401"}}', "/key/generate", "ash-ops"),
    ("OAuth token does not meet scope requirement: user:profile", "setup-token may only ask", "Put a valid key"),
    ("Failed to authenticate. API Error: 403 Your client is not authorized to use this API key", "The relay", "ash-ops deploy"),
    ("You've hit your session limit \u00b7 resets 3:45pm", "used up", "ash-ops logs"),
    ("litellm.RateLimitError: AnthropicException - This request would exceed the rate limit for your organization of 30,000 input tokens per minute.", "cache_control", "ash-ops logs"),
    ("ThrottlingException: An error occurred (ThrottlingException) when calling the Converse operation: Too many tokens per day, please wait before trying again.", "of a day are used up", "a minute in each region"),
    ("ThrottlingException: An error occurred (ThrottlingException) when calling the Converse operation: Too many tokens, please wait before trying again.", "a minute in each region", "of a day"),
    ("API Error (429 {'message':'Quota exceeded for aiplatform.googleapis.com/online_prediction_requests_per_base_model with base model: anthropic-claude-opus-4.'})", "Vertex AI", "retry-after says"),
    ("Failed to connect to api.anthropic.com: Hostname/IP does not match certificate's altnames: Host: api.anthropic.com. is not in the cert's altnames: DNS:proxy.example.net", "no CA makes it the right one", "NODE_EXTRA_CA_CERTS"),
    ("Failed to connect to api.anthropic.com: UNABLE_TO_GET_ISSUER_CERT_LOCALLY SSL certificate error", "NODE_EXTRA_CA_CERTS", "ash-ops doctor connection"),
    ('botocore.exceptions.ConnectTimeoutError: Connect timeout on endpoint URL: "https://bedrock-runtime.eu-central-1.amazonaws.com/model/eu.anthropic.claude-sonnet-4/converse"', "Values=com.amazonaws.eu-central-1.bedrock-runtime", "API_TIMEOUT_MS"),
    ('botocore.exceptions.ReadTimeoutError: Read timeout on endpoint URL: "https://bedrock-runtime.eu-central-1.amazonaws.com/model/eu.anthropic.claude-sonnet-4/converse"', "read_timeout", "describe-vpc-endpoints"),
    ("ValidationException: An error occurred (ValidationException) when calling the InvokeModel operation: Malformed input request: expected maxLength: 42000, actual: 46735, please reformat your input and try again.", "more characters", "anthropic_version"),
    ("Malformed input request: #/toolConfig/tools/1/toolSpec/inputSchema/json: extraneous key [definitions] is not permitted, please reformat your input and try again.", "without references", "anthropic_version"),
    ("Malformed input request: #: required key [max_tokens] not found, please reformat your input and try again.", "anthropic_version", "without references"),
    ("invalid_request_error: thinking.enabled.budget_tokens: Input should be greater than or equal to 1024", "less than max_tokens", "Shorten"),
    ("Error code: 400 - {'type': 'error', 'error': {'type': 'invalid_request_error', 'message': 'messages.4: unexpected `tool_use_id` found in `tool_result` blocks. Each `tool_result` block must have a corresponding `tool_use` block in the previous message.'}}", "without the call before it", "lost the answer"),
    ('{"type":"error","error":{"type":"invalid_request_error","message":"messages.4: `tool_use` ids were found without `tool_result` blocks immediately after"}}', "lost the answer", "without the call before it"),
    ("API Error: 413 Request Entity Too Large", "client_max_body_size", "Shorten"),
    ("An error occurred (ResourceNotFoundException) when calling the Converse operation: Model not found.", "list-foundation-models", "list-inference-profiles"),
    ("Your gateway couldn't serve anthropic/claude-3-haiku. This model may not be configured on your gateway, or access may be restricted.", "$ANTHROPIC_BASE_URL/v1/models", "api.anthropic.com"),
    ("Claude Opus is not available with the Claude Pro plan.", "/model sonnet", "Correct the model"),
    # Claude Code where some program starts it.
    ("env: 'claude': No such file or directory", "npm install -g", "ash-ops rollout"),
    ("CLIConnectionError: Working directory does not exist: /data/sessions/abc", "correct cwd", "Repair what those lines"),
    ("Fatal error in message reader: Command failed with exit code 1", "claude -p hello", "Repair what those lines"),
    # Databases and disks of another program.
    ("deleting row from watchdog_logs: database is locked (5) (SQLITE_BUSY)", "busy_timeout", "update-service"),
    ("SQLITE_CORRUPT: database disk image is malformed - SELECT * FROM heartbeat", "PRAGMA integrity_check", "/data/ash.db"),
    ("[db] SQLITE_CORRUPT: database disk image is malformed: /data/ash.db", "/data/ash.db", "recover"),
    ("psycopg2.errors.InsufficientPrivilege: permission denied for database webdb", "dn+", "Sign in by hand"),
    ("npgsql: FATAL: password authentication failed for user app", "Sign in by hand", "dn+"),
    ("Npgsql.NpgsqlException (0x80004005): No password has been provided but the backend requires one (in SASL/SCRAM-SHA-256)", "no password at all", "Correct user"),
    ("java.sql.SQLException: No suitable driver found for jdbc:postgresql//localhost:5432/mydb", "colon before the slashes", "ASH_DATABASE_URL"),
    ("Error: ENOSPC: no space left on device, write\n    at Error (native)", "see what fills it", "/data/sandboxes"),
    ("Error: connect ECONNREFUSED 172.25.0.2:5432\n    at TCPConnectWrap.afterConnect [as oncomplete] (net.js:1159:16)", "service_healthy", "Correct the host"),
    # Programs that end, and hosts.
    ("FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory", "--max-old-space-size", "ash-ops deploy"),
    ("[ERROR] Worker (pid:54) was sent code 139!", "native modules", "ash-ops rollout"),
    ("Spot Instance terminated due to user-initiated termination. [instance-terminated-by-user]", "TerminateInstances", "update-service"),
    ("SpotInterruption: Your Spot Task was interrupted.", "capacityProvider=FARGATE", "TerminateInstances"),
    ("The job fails with Status Reason: Host EC2 (instance i-0123456789abcdef0) terminated.", "retryStrategy", "ash-ops status"),
    ("Host EC2 (instance i-0123456789abcdef0) terminated.", "ash-ops status", "retryStrategy"),
    ('CannotStartContainerError: OCI runtime create failed: starting container process caused: exec: "/": permission denied: unknown', "is a directory", "chmod +x"),
    ('error: exec: "/usr/local/bin/docker-entrypoint.sh": stat /usr/local/bin/docker-entrypoint.sh: permission denied', "directory on the way", "chmod +x"),
    ('starting container process caused "exec: \\"/entrypoint.sh\\": permission denied": unknown', "chmod +x", "directory on the way"),
    ('{"type":"error","error":{"type":"invalid_request_error","message":"input length and `max_tokens` exceed context limit: 174167 + 64000 > 200000, decrease input length or `max_tokens` and try again"}}', "lower max_tokens first", "Shorten"),
    ("litellm.UnsupportedParamsError: anthropic does not support parameters: ['frequency_penalty'], for model=claude-sonnet-4.", "drop_params", "Shorten"),
    ('{"type":"error","error":{"type":"invalid_request_error","message":"tools.0.custom.defer_loading: Extra inputs are not permitted"}}', "does not take in that place", "drop_params"),
    ("An error occurred (ValidationException) when calling the Converse operation: This action doesn't support the model that you provided. Try again with a supported text or chat model.", "not for that model", "Shorten"),
    ("litellm.BudgetExceededError: Budget has been exceeded! Current cost: 12.3, Max budget: 10.0", "LiteLLM itself keeps", "Anthropic console"),
    ("CLIConnectionError: Cannot write to terminated process (exit code: 1)", "claude -p hello", "Repair what those lines"),
    ("zerolog: could not write event: write /scratch/fusionfs.log175481470: no space left on device", "see what fills it", "/data/sandboxes"),
    ('level=error msg="could not save: write /data/sessions/7/out.log: no space left on device"', "ephemeralStorage.sizeInGiB", "see what fills it"),
    ("Error: EACCES: permission denied, mkdir '/data/foundryvtt/Logs'\n    at Object.mkdirSync (node:fs:1325:3)", "belongs to another user", "readonlyRootFilesystem;"),
    ("Error: EACCES: permission denied, mkdir '/data/sessions/1'\n    at Object.mkdirSync (node:fs:1325:3)", "ClientRootAccess", "belongs to another user"),
    ('error creating oplog\t{"error": "run multiline query: sqlite3: database is locked"}', "busy_timeout", "update-service"),
    ("psycopg2.OperationalError: connection terminated unexpectedly", "closed the connection", "Correct host"),
    ("ReferenceError: require is not defined in ES module scope, you can use import instead\n    at file:///app/server.js:1:14", '"type" in package.json', "Repair the first error"),
    ("The model claude-opus-4-6@default is not available on your vertex deployment. Try /model to switch to claude-opus-4-1@20250805, or ask your admin to enable this model.", "Model Garden", "Correct the model"),
    ("litellm.exceptions.RateLimitError: No deployments available for selected model, Try again in 60 seconds. Passed model=claude-sonnet.", "cooldown_time", "higher tier"),
    ("litellm.BadRequestError: LLM Provider NOT provided. Pass in the LLM provider you are trying to call. You passed model=claude-9", "anthropic/NAME", "Correct the model"),
    ("Your ANTHROPIC_API_KEY belongs to a disabled organization \u00b7 Unset the environment variable to use your subscription instead", "unset the variable", "Put a valid key"),
    ("API Error: Connection closed mid-response. The response above may be incomplete.", "broke off", "internet gateway"),
    ("Failed to configure a DataSource: 'url' attribute is not specified and no embedded datasource could be configured.", "SPRING_DATASOURCE_URL", "percent-encoding"),
    ("SDK query error: Error: Claude Code process exited with code 1", "claude -p hello", "Repair what those lines"),
    ("[sandbox:ab12:err] Error: Claude Code process exited with code 1", "':err]'", "claude -p hello"),
    ("Claude Code process exited with code 143 and `Error: ProcessTransport is not ready for writing`", "ended from outside", "Repair what those lines"),
    ('asyncpg.exceptions.InvalidAuthorizationSpecificationError: no pg_hba.conf entry for host "172.21.0.4", user "postgres", database "surfsense", no encryption', "add a line", "takes TLS only"),
    ('error: no pg_hba.conf entry for host "10.0.3.41", user "postgres", database "reggie", no encryption', "takes TLS only", "add a line"),
    ("Error: Cannot find module '/app/node_modules/sqlite3/lib/binding/napi-v6-linux-glibc-x64/node_sqlite3.node'", "npm rebuild", "Put what the message names"),
    ("Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'chalk' imported from /srv/index.js", "among dependencies", "npm rebuild"),
    ('{"error":{"message":"No endpoints found for anthropic/claude-3-opus.","code":404}}', "OpenRouter", "api.anthropic.com"),
    ("Failed to spawn Claude Code process: spawn E2BIG", "into files", "Repair what those lines"),
    ("Claude Code native binary not found at /usr/local/bin/claude. Please ensure Claude Code is installed via native installer or specify a valid path with options.pathToClaudeCodeExecutable.", "for the user that starts it", "--omit=optional"),
    # Whose program or stack it is: what can be done there.
    ("CannotPullContainerError: inspect image has been retried 5 time(s): httpReaderSeeker: failed open: unexpected status code https://registry-1.docker.io...: 4...", "Docker Hub's limit", "4100"),
    ("An error occurred (InvalidParameter) when calling the RunInstances operation: Security group sg-01048a5f724140078 and subnet subnet-a78bf4fc belong to different networks.", "of one VPC", "ash-ops"),
    ('Resource handler returned message: "The provided execution role does not have permissions to call CreateNetworkInterface on EC2', "Let the role that makes the resource", "ash-ops"),
    ("claude exited with error: exit status 1; claude stderr: --dangerously-skip-permissions cannot be used with root/sudo privileges for security reasons", "another user than root", "ASH_SANDBOX_UID"),
    ("$ podman pull myapp\nError: initializing source docker://myapp:latest: reading manifest latest in docker.io/library/myapp: requested access to the resource is denied", "localhost/NAME:TAG", "repositoryCredentials"),
    ("app-1  | exec /entrypoint.sh: exec format error", "platform: in the Compose file", "runtimePlatform"),
    ("fief-worker-1   | pydantic_core._pydantic_core.ValidationError: 3 validation errors for Settings\nfief-worker-1   | encryption_key\nfief-worker-1   |   Field required [type=missing]", "env_file of Compose", "task definition"),
    ("CannotPullECRContainerError: RequestError: send request failed caused by: Post https://ecr.us-east-1.amazonaws.com/: dial tcp: lookup ecr.us-east-1.amazonaws.com on 10.0.0.2:53: dial udp 10.0.0.2:53: too many open files", "file-nr", "NAT gateway"),
    ("McpError: MCP error -32001: Request timed out\n    at Timeout._onTimeout (/app/node_modules/@modelcontextprotocol/sdk/dist/esm/shared/protocol.js:221:37)", "MCP_TOOL_TIMEOUT", "drops the packets"),
    ("ERRO[0001] Error executing 'ps RequestError: send request failed\ncaused by: Post https://ecs.ap-southeest-1.amazonaws.com/: dial tcp: lookup ecs.ap-southeest-1.amazonaws.com on 8.8.8.8:53: no such host", "Write the region as AWS does", "modify-vpc-attribute"),
    ("Error code: 404 - {'error': {'message': 'The model `claude-sonnet-4-20250514` does not exist or you do not have access to it.', 'type': 'invalid_request_error', 'param': None, 'code': 'model_not_found'}}", "OPENAI_BASE_URL", ""),
    ("Error: P1011: Error opening a TLS connection: self signed certificate in certificate chain\n    at async PrismaClient._connect (/app/node_modules/@prisma/client/runtime/library.js:112:1337)", "sslcert=", "sslrootcert"),
    ("ModuleNotFoundError: No module named 'uvicorn app'", "each word a string of its own", "Put what the message names"),
    ("ModuleNotFoundError: No module named 'uvicorn'", "Put what the message names", "each word a string"),
    ("Error message:-\nOperation would result in exceeding resource limits. (Service: AWSWAF; Status Code: 400; Error Code: WAFLimitsExceededException; Request ID: 45db77d3-c43a-4bf9-b2b9-46dd41cf5482; Proxy: null)", "A quota of that service", "Correct in the template"),
    ('2019-01-22T14:13:46Z [✖]  AWS::EKS::Cluster/ControlPlane: CREATE_FAILED - "Cannot create cluster \'unique-mushroom-1548166372\' because us-east-1e, the targeted availability zone, does not currently have sufficient capacity to support the cluster. (Service: AmazonEKS; Status Code: 400; Error Code: UnsupportedAvailabilityZoneException;', "control plane of EKS", "FARGATE_SPOT"),
    ("(service api) was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a different availability zone.", "FARGATE_SPOT", "control plane of EKS"),
    ("STOPPED (CannotPullContainerError: Error response from daemon: manifest for image:tag not found: manifest unknown)", "Push that tag", "The machine that pushes"),
    ("The push refers to repository [123456789012.dkr.ecr.eu-west-1.amazonaws.com/web]\ntag does not exist: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1", "The machine that pushes", "Push that tag"),
    ("An error occurred (MalformedPolicyDocumentException) when calling the PutResourcePolicy operation: This resource policy contains a syntax error.", "RESOURCE_POLICY", "IDENTITY_POLICY"),
    ("An error occurred (MalformedPolicyDocument) when calling the PutRolePolicy operation: Syntax errors in policy.", "IDENTITY_POLICY", "RESOURCE_POLICY"),
    ("InvalidParameterException: 'memory' setting for container 'artillery' is greater than for task.", "must hold that of each container", "256 with"),
    ("com.amazonaws.services.ecs.model.PlatformUnknownException: The specified platform does not exist. (Service: AmazonECS; Status Code: 400; Error Code: PlatformUnknownException;", "Name a version that Fargate has", "update-service"),
    ("I also found the error in the Service's Events tab in the AWS ECS Console:\n`Health checks failed with these codes: [302]).`", "redirect no checks", "ash-ops"),
    ("Error: Rate exceeded\n     at prepareAndExecuteChangeSet (/usr/lib/node_modules/aws-cdk/lib/api/deploy-stack.ts:1:1)\n ❌  MY_STACK failed: Error: Rate exceeded", "AWS_RETRY_MODE", "conclude nothing"),
    ("File \"/usr/local/lib/python3/site-packages/botocore/client.py\"\nAn error occurred (ExpiredToken) when calling the GetObject operation: The provided token has expired.", "where they came from", "ash-ops"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "told", "untold"), OTHERS, ids=[r[0][:50] for r in OTHERS])
def test_the_words_of_another_program_decide(text: str, told: str, untold: str) -> None:
    steps = advised(text)
    assert told in steps
    assert not untold or untold not in steps


def test_what_shows_a_deployment_keeps_the_commands_of_ash() -> None:
    heap = "JavaScript heap out of memory"
    assert is_some_programs(heap, "restart")
    assert not is_some_programs(f"ash-server: {heap}", "restart")
    assert not is_some_programs(f"Essential container in task exited: {heap}", "restart")
    assert is_some_programs("arn:aws:bedrock: invalid x-api-key", "auth")


@pytest.mark.parametrize("slug", [c.slug for c in CAUSES.values() if c.severity != "info"])
def test_whoever_deploys_with_something_else_is_told_a_step_that_he_can_do(slug: str) -> None:
    answer = Classification(slug, "error", "", (), (Hint(slug, Rank.DECISIVE, "f", "q"),))
    told = Explanation("message", "log_line", answer, names={"service": "web"}, text="it failed", around="service web: it failed")  # fmt: skip
    steps = told.repair()
    assert steps
    assert not any("ash-ops" in step.command for step in (*told.proof(), *steps))


def test_the_doctor_is_asked_only_where_a_deployment_of_ash_may_have_a_part() -> None:
    waits = "Timeout waiting for network interface provisioning to complete."
    assert "ash-ops" not in advised(f"About one in 300 runs of our jobs fails with: {waits}")
    assert advised("No space left on device").splitlines()[1].endswith("ash-ops doctor")
    assert "ash-ops doctor" not in advised("sqlite3.OperationalError: database or disk is full\nINFO: \"POST /api/v1/collections HTTP/1.1\" 500")  # fmt: skip


@pytest.mark.parametrize(
    ("pasted", "shown"),
    [
        ("essential container of ash-prod exited", True), ("arn:aws:ecs:eu-west-1:1:cluster/AshCluster", True), ("dial tcp 10.0.0.4:4100", True),
        ("[sandbox:1] ended", True), ("EACCES: permission denied, mkdir '/data/sandboxes/1'", True),
        ('exec: "/bin/ash": no such file', False), ("the trash and the dashboard", False), ("fluent-bit: [server] up", False), ("hash 41002", False),
    ],
)  # fmt: skip
def test_what_shows_ash(pasted: str, shown: bool) -> None:
    assert names_ash(pasted) is shown


def test_what_others_are_told_is_of_causes_that_exist_and_names_nothing_of_ash() -> None:
    assert AT_A_DESK.keys() >= ELSEWHERE.keys()
    assert AT_A_DESK.keys() <= CAUSES.keys()
    steps = [step for told in AT_A_DESK.values() for step in told]
    assert not [step for step in steps if names_ash(f"{step.why} {step.command}") or step.when]
