"""Keys: of the Ash server, of its internal endpoints, and of the model's API."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says

ANTHROPIC_ERRORS: Final = "https://docs.claude.com/en/api/errors"
_ANY: Final = "http log_line stopped_task"
_RESTART_TASKS: Final = Step(
    "Start tasks that read the new value",
    "aws ecs update-service --cluster <cluster> --service <service> --force-new-deployment",
)

CAUSES: Final = (
    Cause(
        slug="ash-auth-missing",
        title="Request without an Authorization header",
        category="auth",
        severity="error",
        meaning="The server has a key configured and the request carried none.",
        proof=(Step("/health answers without a key", "ash-ops health"),),
        repair=(
            Step(
                "Send the key",
                'curl -H "Authorization: Bearer $ASH_API_KEY" http://<host>:4100/api/agents',
            ),
            Step("Print the export lines", "ash-ops connect"),
        ),
        signatures=(
            says(
                "missing authorization header|authorization header is missing|authorization header missing|no authorization header|authorization header required|authorization header is required|missing bearer|no api key provided|missing api key|authentication required|no authorization was found",
                rank=Rank.PRECISE,
                kinds="http log_line",
                unless=("anthropic|x-api-key", "docker|registry|manifest|ghcr"),
            ),
        ),
        confused_with=(("ash-auth-invalid", "There a key was sent and is wrong."),),
    ),
    Cause(
        slug="ash-auth-invalid",
        title="Wrong or malformed Ash API key",
        category="auth",
        severity="error",
        meaning="The key sent is not the server's, or the header is not 'Bearer KEY'. A key the server made for itself changes with each replaced task, unless /data is kept.",
        proof=(
            Step("Ask with the key this tool knows", "ash-ops health"),
            Step(
                "See whether the secret is newer than the task",
                "aws secretsmanager describe-secret --secret-id <secret> --query LastChangedDate",
            ),
        ),
        repair=(
            Step("Print the key in use", "ash-ops key"),
            Step("Set ASH_API_KEY from a secret so that it survives restarts", "ash-ops deploy"),
        ),
        signatures=(
            says(
                "invalid authorization header format|invalid authorization header|malformed authorization|authorization header format|must be bearer|expected bearer",
                rank=Rank.PRECISE,
                kinds="http log_line",
            ),
            says(
                "invalid api key|invalid token|api key is invalid|incorrect api key|unknown api key|wrong api key|api key not recognized|invalid bearer|invalid or expired api key|invalid key",
                rank=Rank.CLEAR,
                kinds="http",
                unless=(
                    "anthropic",
                    "x-api-key",
                    "claude",
                    "sk-ant",
                    "fix external",
                    "/login",
                    "authentication_error",
                ),
            ),
            says(
                "401",
                "unauthorized|invalid",
                rank=Rank.GENERIC,
                kinds="http",
                unless=("anthropic|x-api-key|authentication_error", "internal"),
            ),
        ),
        confused_with=(
            ("ash-auth-missing", "There no header was sent."),
            ("api-key-stale", "There the secret changed after the task started."),
            ("anthropic-auth", "That is the model's key, not the server's."),
        ),
    ),
    Cause(
        slug="api-key-malformed",
        title="The stored key holds quotes, blanks or a line end",
        category="auth",
        severity="error",
        meaning="The value was stored with characters that are not part of it, so no client's key ever equals it.",
        proof=(
            Step(
                "Let the doctor look at the shape of the value (it is never printed)",
                "ash-ops doctor auth",
            ),
        ),
        repair=(Step("Store it again without them", "ash-ops deploy"), _RESTART_TASKS),
        signatures=(
            says(
                "invalid character in header|invalid header value|header value|illegal header|err_invalid_char|is not a legal http header|bytestring|invalid header content|leading or trailing whitespace|newline",
                "authorization|header|api key|x-api-key|content",
                rank=Rank.LIKELY,
                kinds="http log_line",
            ),
        ),
        confused_with=(("ash-auth-invalid", "There the value is clean and differs."),),
    ),
    Cause(
        slug="api-key-stale",
        title="The key was changed after the task started",
        category="auth",
        severity="error",
        meaning="ECS reads secrets when a task starts: the running task still has the old value.",
        proof=(
            Step(
                "Compare the two times",
                "aws ecs describe-tasks --cluster <cluster> --tasks <task> --query 'tasks[].startedAt'",
            ),
            Step(
                "",
                "aws secretsmanager describe-secret --secret-id <secret> --query LastChangedDate",
            ),
        ),
        repair=(_RESTART_TASKS,),
        confused_with=(("ash-auth-invalid", "There the values differ for another reason."),),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html",
    ),
    Cause(
        slug="api-key-exposed",
        title="The server gives its API key to anyone who asks",
        category="auth",
        severity="error",
        meaning="GET /dashboard/config.js answers without authentication and contains ASH_API_KEY, also with the dashboard off: whoever reaches port 4100 has the key.",
        proof=(
            Step(
                "Ask for it, counting only (never print the body)",
                "curl -s http://<host>:4100/dashboard/config.js | grep -c apiKey",
            ),
        ),
        repair=(
            Step(
                "Admit only your own addresses to port 4100, then change the key", "ash-ops deploy"
            ),
        ),
        signatures=(
            says(
                "/dashboard/config.js|dashboard/config",
                "apikey|api key",
                rank=Rank.CLEAR,
                kinds="http log_line",
            ),
        ),
        confused_with=(("open-to-world", "Together with it the key is public."),),
    ),
    Cause(
        slug="server-open",
        title="The server answers without a key",
        category="auth",
        severity="error",
        meaning="No key is configured: every request is accepted.",
        proof=(
            Step(
                "Ask without a key",
                "curl -s -o /dev/null -w '%{http_code}' http://<host>:4100/api/sessions",
            ),
        ),
        repair=(Step("Set ASH_API_KEY from a secret", "ash-ops deploy"),),
        signatures=(
            says(
                "no api keys configured|auth disabled|authentication disabled|authentication is disabled",
                rank=Rank.NORMAL,
                kinds="log_line stopped_task",
            ),
        ),
    ),
    Cause(
        slug="open-to-world",
        title="Port 4100 is open to the whole internet",
        category="auth",
        severity="warning",
        meaning="A security group admits 0.0.0.0/0 (or ::/0) to a server that speaks plain HTTP.",
        proof=(
            Step(
                "Read the inbound rules",
                "aws ec2 describe-security-groups --group-ids <balancer-security-group> --query 'SecurityGroups[].IpPermissions'",
            ),
        ),
        repair=(
            Step(
                "Take the rule away",
                "aws ec2 revoke-security-group-ingress --group-id <balancer-security-group> --protocol tcp --port 4100 --cidr 0.0.0.0/0",
            ),
            Step(
                "Admit your address",
                "aws ec2 authorize-security-group-ingress --group-id <balancer-security-group> --protocol tcp --port 4100 --cidr <your-address>/32",
            ),
        ),
    ),
    Cause(
        slug="plain-http",
        title="The server is reached over plain HTTP",
        category="auth",
        severity="warning",
        meaning="Keys and conversations travel unencrypted between client and load balancer.",
        proof=(
            Step(
                "Read the listener's protocol",
                "aws elbv2 describe-listeners --load-balancer-arn <load-balancer> --query 'Listeners[].[Protocol,Port]'",
            ),
        ),
        repair=(Step("Add a TLS listener with an ACM certificate", "ash-ops deploy --plan"),),
    ),
    Cause(
        slug="ash-internal-secret",
        title="Secret of the internal endpoints missing or wrong",
        category="auth",
        severity="error",
        meaning="ASH_INTERNAL_SECRET is not set in production, or differs between coordinator and runner.",
        proof=(
            Step(
                "Compare the secret both task definitions name",
                "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.containerDefinitions[].secrets'",
            ),
        ),
        repair=(
            Step(
                "Give server and runners the same ASH_INTERNAL_SECRET, then deploy",
                "ash-ops deploy",
            ),
        ),
        signatures=(
            says(
                "internal secret|ash_internal_secret|internal endpoints disabled|invalid or missing internal",
                rank=Rank.DECISIVE,
                kinds=_ANY,
            ),
            says(
                "/api/internal/|runner",
                "401|403|unauthorized",
                rank=Rank.LIKELY,
                kinds=_ANY,
                unless="anthropic|docker|ghcr",
            ),
        ),
        confused_with=(("ash-auth-invalid", "That is the key of clients."),),
    ),
    Cause(
        slug="internal-secret-missing",
        title="Anyone may register a runner: no internal secret is set",
        category="auth",
        severity="error",
        meaning="Without ASH_INTERNAL_SECRET (and NODE_ENV other than production) the internal endpoints accept everyone: a stranger's runner would receive your sessions.",
        proof=(
            Step(
                "List the names of environment and secrets",
                "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.containerDefinitions[].[environment[].name,secrets[].name]'",
            ),
        ),
        repair=(Step("Set one", "ash-ops deploy"),),
        confused_with=(("ash-internal-secret", "There it is set and does not match."),),
    ),
    Cause(
        slug="secrets-in-environment",
        title="Secrets stand in plain text in the task definition",
        category="auth",
        severity="warning",
        meaning="Whoever may call ecs:DescribeTaskDefinition reads them, in every old revision too.",
        proof=(
            Step(
                "List the names",
                "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.containerDefinitions[].environment[].name'",
            ),
        ),
        repair=(
            Step(
                "Move them to Secrets Manager, then change their values: old revisions keep the old ones",
                "ash-ops deploy",
            ),
        ),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html",
    ),
    Cause(
        slug="anthropic-key-missing",
        title="The server has no key for the model's API",
        category="auth",
        severity="error",
        meaning="ANTHROPIC_API_KEY is not set: the server starts, /health is fine, and every agent fails.",
        proof=(
            Step(
                "List the names of environment and secrets",
                "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.containerDefinitions[].[environment[].name,secrets[].name]'",
            ),
        ),
        repair=(Step("Put ANTHROPIC_API_KEY into .env and deploy", "ash-ops deploy"),),
        confused_with=(("anthropic-auth", "There a key is set and refused."),),
    ),
    Cause(
        slug="anthropic-auth",
        title="The model's API refuses the key",
        category="auth",
        severity="error",
        meaning="ANTHROPIC_API_KEY is missing, mistyped, revoked or not allowed to use this.",
        proof=(
            Step(
                "Ask with the stored key, printing only the status",
                'curl -s -o /dev/null -w "%{http_code}" https://api.anthropic.com/v1/models -H "x-api-key: $ANTHROPIC_API_KEY" -H "anthropic-version: 2023-06-01"',
            ),
        ),
        repair=(
            Step(
                "Store a valid key",
                "aws secretsmanager put-secret-value --secret-id <secret> --secret-string file://value",
            ),
            _RESTART_TASKS,
        ),
        signatures=(
            says(
                "authentication_error|invalid x-api-key|x-api-key header is required|invalid bearer token",
                rank=Rank.PRECISE,
                kinds=_ANY,
            ),
            says(
                "anthropic_api_key|anthropic_auth_token|claude_code_oauth_token|anthropic api key|apikey or authtoken",
                "not set|missing|required|must be set|invalid|expected|not found|undefined|no |could not|empty",
                rank=Rank.PRECISE,
                kinds=_ANY,
            ),
            says("could not resolve authentication method", rank=Rank.DECISIVE, kinds=_ANY),
            says(
                "please run /login|run /login|fix external api key|oauth token has expired|oauth token revoked|oauth authentication is currently not|not logged in|no api key available",
                rank=Rank.PRECISE,
                kinds=_ANY,
            ),
            says("invalid api key", rank=Rank.LIKELY, kinds="log_line stopped_task"),
            says(
                "claude|anthropic|api error",
                "~(?:^|[^0-9a-z])(?:401|403)(?:[^0-9a-z]|$)",
                rank=Rank.CLEAR,
                kinds=_ANY,
                unless=("docker|ghcr",),
            ),
            says(
                "permission_error|api key has been disabled|organization has been disabled|api key does not have|this organization has been",
                rank=Rank.PRECISE,
                kinds=_ANY,
            ),
            says("apiuserabort|authenticationerror: 401", rank=Rank.LIKELY, kinds=_ANY),
        ),
        confused_with=(
            ("ash-auth-invalid", "That is the key of the Ash server."),
            ("anthropic-billing", "There the key is valid and there is no credit."),
        ),
        docs_url=ANTHROPIC_ERRORS,
    ),
    Cause(
        slug="anthropic-billing",
        title="The model's account has no credit",
        category="auth",
        severity="error",
        meaning="The key is valid and the account behind it cannot pay for the request.",
        proof=(Step("Look at the balance in the Anthropic console"),),
        repair=(
            Step("Add credits, change the plan or raise the spend limit; no deployment is needed"),
        ),
        signatures=(
            says(
                "credit balance|billing_error|insufficient credit|insufficient_quota|purchase credits|insufficient funds|specified api usage limits|reached your specified|out of credits|monthly usage limit|spend limit|spending limit|plans & billing|payment required",
                rank=Rank.DECISIVE,
                kinds=_ANY,
            ),
        ),
        confused_with=(("anthropic-rate-limit", "There it passes after a minute."),),
        docs_url=ANTHROPIC_ERRORS,
    ),
    Cause(
        slug="anthropic-rate-limit",
        title="The model's rate limit for the organisation is reached",
        category="auth",
        severity="warning",
        meaning="429 from the model's API, not from Ash.",
        proof=(
            Step(
                "Look for retry-after and the limit named in the message",
                "ash-ops logs --since 15m --filter rate_limit_error",
            ),
        ),
        repair=(Step("Ask less at once, wait as retry-after says, or get a higher tier"),),
        signatures=(
            says(
                "usage limit reached|limit will reset|hit your limit|session limit reached",
                "claude|limit",
                rank=Rank.PRECISE,
                kinds=_ANY,
                unless=("credit balance", "api usage limits"),
            ),
            says(
                "rate_limit_error|organization's rate limit|organization rate limit|your organization|tokens per minute|requests per minute|output tokens per|input tokens per|acceleration limit",
                "limit",
                rank=Rank.PRECISE,
                kinds=_ANY,
                unless=("credit balance",),
            ),
            says(
                "anthropic|claude|api error|ratelimiterror",
                "~(?:^|[^0-9a-z])429(?:[^0-9a-z]|$)|rate limit|number of request|rate_limit",
                rank=Rank.CLEAR,
                kinds=_ANY,
                unless=("docker|toomanyrequests",),
            ),
            says(
                "exceed your account's rate limit|exceeded your account's|would exceed the rate limit|concurrent connections has exceeded",
                rank=Rank.PRECISE,
                kinds=_ANY,
            ),
        ),
        confused_with=(
            ("ash-rate-limited", "'Rate limit exceeded, retry in N minutes' is Ash's own limiter."),
            ("anthropic-overloaded", "529 is about everybody, not your limit."),
        ),
        docs_url=ANTHROPIC_ERRORS,
    ),
    Cause(
        slug="anthropic-overloaded",
        title="The model's API is overloaded or failing",
        category="auth",
        severity="warning",
        meaning="529 overloaded_error, or another 5xx of the model's API; it passes by itself.",
        proof=(Step("Look at the provider's status page"),),
        repair=(Step("Try again with growing waits; nothing is to be changed in AWS"),),
        signatures=(
            says("overloaded_error|overloadederror|~\\b529\\b", rank=Rank.PRECISE, kinds=_ANY),
            says("overloaded", "anthropic|claude|model|api|error", rank=Rank.CLEAR, kinds=_ANY),
            says(
                "api_error",
                "internal server error|timed out|unavailable|unexpected",
                rank=Rank.LIKELY,
                kinds=_ANY,
            ),
            says(
                "anthropic|claude|api error|internalservererror",
                "~(?:^|[^0-9a-z])(?:500|502|503|504|520|522|524)(?:[^0-9a-z]|$)",
                rank=Rank.LIKELY,
                kinds=_ANY,
                unless=("cannotpull|dkr.ecr|amazonaws|/v2/|docker",),
            ),
        ),
        confused_with=(("anthropic-rate-limit", "429 is your own limit."),),
        docs_url=ANTHROPIC_ERRORS,
    ),
    Cause(
        slug="anthropic-unreachable",
        title="The model's API cannot be reached from the task",
        category="auth",
        severity="error",
        meaning="The connection to api.anthropic.com does not complete: no way out of the subnet, or DNS.",
        proof=(Step("Read the routes and the outbound rules", "ash-ops doctor connection"),),
        repair=(
            Step("Give the task a way out on 443: public address and internet gateway, or NAT"),
        ),
        signatures=(
            says(
                "anthropic",
                "econnrefused|etimedout|enotfound|eai_again|connection error|econnreset|unable to connect|fetch failed|network error|timed out|getaddrinfo|could not resolve|enetunreach",
                rank=Rank.CLEAR,
                kinds=_ANY,
                unless=("x-api-key|authentication_error",),
            ),
            says(
                "apiconnectionerror|apiconnectiontimeouterror|api error: connection error|unable to connect to api|claude: connection",
                rank=Rank.LIKELY,
                kinds=_ANY,
            ),
        ),
        confused_with=(("anthropic-overloaded", "There the API answers."),),
        docs_url=ANTHROPIC_ERRORS,
    ),
    Cause(
        slug="anthropic-model-unknown",
        title="The model named does not exist for this key",
        category="auth",
        severity="error",
        meaning="not_found_error: mistyped, retired, or not open to this account.",
        proof=(
            Step(
                "List the models of the key",
                'curl -s https://api.anthropic.com/v1/models -H "x-api-key: $ANTHROPIC_API_KEY" -H "anthropic-version: 2023-06-01"',
            ),
        ),
        repair=(Step("Correct the model in the agent or the request"),),
        signatures=(
            says("not_found_error", "model", rank=Rank.CLEAR, kinds=_ANY),
            says(
                "issue with the selected model|model may not exist|model not found|model: claude|invalid model",
                rank=Rank.CLEAR,
                kinds=_ANY,
                unless=("rate limit|rate_limit|overloaded",),
            ),
        ),
        docs_url=ANTHROPIC_ERRORS,
    ),
    Cause(
        slug="anthropic-request-invalid",
        title="The model's API refuses the request itself",
        category="auth",
        severity="warning",
        meaning="invalid_request_error: too long a prompt, too large a body, or content it does not take. The key is fine.",
        proof=(
            Step(
                "Read the whole message", "ash-ops logs --since 15m --filter invalid_request_error"
            ),
        ),
        repair=(
            Step(
                "Shorten or correct the content as the message says; start a new session when the conversation is too long"
            ),
        ),
        signatures=(
            says(
                "invalid_request_error|request_too_large|prompt is too long|input is too long",
                rank=Rank.LIKELY,
                kinds=_ANY,
                unless=("credit balance|authentication|usage limits",),
            ),
        ),
        confused_with=(("anthropic-billing", "'credit balance is too low' is of the same type."),),
        docs_url=ANTHROPIC_ERRORS,
    ),
)
