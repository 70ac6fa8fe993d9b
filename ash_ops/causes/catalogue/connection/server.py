"""What the Ash server itself refuses, and why."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says
from ash_ops.causes.catalogue.connection.plainly_said import ONE_BUCKET, TRUST_THE_PROXY
from ash_ops.causes.catalogue.connection.words import OF_ANOTHER_URL

_ASH: Final = "http log_line stopped_task"
_FAILED: Final = "(?:500 \\(?internal server error|502 \\(?bad gateway|503 \\(?service (?:temporarily )?unavailable|504 \\(?gateway[ _-]?time-?out)"
_ANSWERED: Final = (
    rf"~\bhttp/[123](?:\.[01])? (?:50[0234]\b|{_FAILED})|<(?:title|h1)> ?{_FAILED} ?</|^{_FAILED} nginx|\bresponded with a status of {_FAILED}|^(?:get|post|put|patch|delete|options) https?://[^ ]{{1,300}} {_FAILED}|^\W{{0,6}}{_FAILED}\W{{0,6}}$|"
    rf"\b(?:returns?|returned|returning|answers?|answered|answering|responds?|responded|responding|gives?|gets?|got|getting|receives?|received|receiving|sees?|seeing|shows?|throws?|experienc(?:es?|ed|ing))(?: (?:an?|the|only|just|always|now|me|us|you|with|http|error|status|code|this|high|volume|number|lots?|of|many|some|random|intermittent|frequent|https?://[^ ]{{1,200}})){{0,6}}:? ['\"]?{_FAILED}"
)
_ASKED_OTHERS: Final = (
    "manifest|cannotpull|/v2/|blob|docker|registry|traefik|upstream|npm |pip |apt|awaiting response"
)
"""Where the answer is a registry's or a mirror's, or the proxy names the one that it asked."""
_IN_FRONT: Final = (
    Step(
        "Read who answered (the header Server: awselb is the load balancer, else a proxy or the program itself), and whether a healthy target stands behind it",
        "aws elbv2 describe-target-health --target-group-arn <target-group>",
        when=r"~\b(?:502 bad gateway|503 service)",
    ),
    Step(
        "A 502 that a load balancer gives now and then is mostly a connection which the target closed while it was used again: let the server keep idle ones longer than the balancer (60 s unless changed; in Node keepAliveTimeout 65000), and let tasks that end finish first. The access log tells: target_status_code - means that the target closed it",
        "aws elbv2 describe-load-balancer-attributes --load-balancer-arn <load-balancer>",
        when=r"~(?=.*\b(?:alb|application load balancer)\b)(?=.*\b(?:intermittent|occasional|sporadic|now and then|sometimes|per (?:day|hour)|random|once (?:in|every) a? ?(?:few|couple|hour|day)))\b.*\b502\b",
        decides=True,
        anywhere=True,
    ),
    Step(
        "It waited for the program in vain: see what that did in this second, then raise the idle timeout of the load balancer or of the proxy, if the work needs so long",
        "ash-ops logs --since 15m --filter error",
        when=r"~\b504 gateway",
    ),
)
"""What to do where a load balancer or a proxy may have answered in the server's place."""

CAUSES: Final = (
    Cause(
        slug="sandbox-capacity",
        title="All sandboxes are in use",
        category="connection",
        severity="error",
        meaning="The pool has ASH_MAX_SANDBOXES running sandboxes and none can be evicted: new sessions get 503.",
        proof=(Step("Compare pool.running with pool.maxCapacity", "ash-ops health"),),
        repair=(
            Step(
                "End sessions, raise ASH_MAX_SANDBOXES together with the task's memory, or add runners"
            ),
        ),
        signatures=(
            says(
                "sandbox|pool|runner",
                "capacity reached|at capacity|no evictable|capacity exceeded|pool is full|max sandboxes|maximum number of sandboxes|at max capacity|capacity is reached|no capacity|too many sandboxes|sandbox limit",
                rank=Rank.PRECISE,
                kinds=_ASH,
            ),
            says("capacity reached|no evictable sandboxes", rank=Rank.PRECISE, kinds=_ASH),
        ),
        confused_with=(
            ("ash-no-runner", "There no runner is registered at all."),
            ("session-limit", "There the number of session creations in a time is limited."),
        ),
    ),
    Cause(
        slug="ash-rate-limited",
        title="Ash's own rate limit (1500 requests in 15 minutes per address)",
        category="connection",
        severity="warning",
        meaning="Behind a load balancer that does not preserve client addresses all clients share one bucket, /health included: health checks may turn 429 and kill the task.",
        proof=(
            Step("Look at the x-ratelimit headers", "curl -si http://<host>:4100/health"),
            Step(
                "Read whether client addresses are preserved",
                "aws elbv2 describe-target-group-attributes --target-group-arn <target-group>",
            ),
        ),
        repair=(
            *TRUST_THE_PROXY,
            Step("Ask less often: the answer says when the next request counts anew"),
            Step(
                "If many clients come by one address of the load balancer, let it preserve theirs",
                "aws elbv2 modify-target-group-attributes --target-group-arn <target-group> --attributes Key=preserve_client_ip.enabled,Value=true",
            ),
        ),
        signatures=(
            *ONE_BUCKET,
            says(
                "rate limit exceeded, retry in|rate limit exceeded",
                rank=Rank.PRECISE,
                kinds=_ASH,
                unless=(
                    "anthropic|organization|organisation|tokens per minute|rate_limit_error",
                    "network interface|attempting to",
                    "cannotpull|docker",
                    # A client that holds itself back.
                    "~\\brate limit exceeded\\W{1,4}(?:waiting|sleeping|pausing|backing off)\\b",
                ),
            ),
            says(
                "fst_err_rate|x-ratelimit",
                rank=Rank.LIKELY,
                kinds=_ASH,
                # The header stands in each answer, refused or not.
                unless=(
                    "anthropic",
                    "~\\bhttp/[\\d.]{1,3} 2\\d\\d\\b|x-ratelimit-remaining\\W{1,4}[1-9]",
                ),
            ),
            says(
                "too many requests",
                rank=Rank.LIKELY,
                kinds="http",
                unless=(
                    "anthropic|rate_limit_error|organization",
                    "docker|toomanyrequests",
                    OF_ANOTHER_URL,
                ),
            ),
            says(
                "statuscode",
                '~"statuscode": ?429',
                rank=Rank.LIKELY,
                kinds=_ASH,
                unless=("anthropic|rate_limit_error",),
            ),
            says("codes: [429]|codes: 429", rank=Rank.PRECISE),
        ),
        confused_with=(
            (
                "anthropic-rate-limit",
                "That one says 'your organization's rate limit' and comes from the model's API.",
            ),
            ("session-limit", "20 session creations in 15 minutes have a limit of their own."),
        ),
    ),
    Cause(
        slug="session-limit",
        title="Ash's limit on creating sessions or deploying agents (20 in 15 minutes per address)",
        category="connection",
        severity="warning",
        meaning="Session creations and agent deployments have a bucket of their own, apart from the 1500 requests in all.",
        proof=(
            Step(
                "Compare the time with the creations in the log",
                "ash-ops logs --since 15m --filter /api/sessions",
            ),
        ),
        repair=(
            Step(
                "Reuse sessions, and preserve client addresses so that each client has its own bucket",
                "aws elbv2 modify-target-group-attributes --target-group-arn <target-group> --attributes Key=preserve_client_ip.enabled,Value=true",
            ),
        ),
        confused_with=(
            ("ash-rate-limited", "The limit on all requests."),
            ("sandbox-capacity", "There the pool is full: 503."),
        ),
    ),
    Cause(
        slug="ash-no-runner",
        title="The coordinator has no runners",
        category="connection",
        severity="error",
        meaning="ASH_MODE is coordinator and no runner is registered, or the session's runner is gone.",
        proof=(Step("See both views of every runner", "ash-ops runners"),),
        repair=(
            Step(
                "See why no runner stays: what ECS says of their service, and whether an instance has joined",
                "aws ecs describe-services --cluster <cluster> --services <name>-runners --query 'services[].events[:5].message'",
            ),
        ),
        signatures=(
            says(
                "no runners available|no local backend|no runner available|runner not available|no remote runners|no runners registered|no healthy runner",
                rank=Rank.DECISIVE,
                kinds=_ASH,
            ),
            says(
                "runner",
                "missed heartbeat|not found in local cache|unreachable|heartbeat failed|failed to register|registration failed",
                rank=Rank.CLEAR,
                kinds=_ASH,
                unless=("401|unauthorized|internal secret",),
            ),
            says(
                "runner",
                "health check failed|sendcommand failed|createsandbox failed|getsandbox failed",
                rank=Rank.LIKELY,
                kinds=_ASH,
                unless=("eval run", "capacity", "cgroups", "[eval-runner]", "enoent"),
            ),
        ),
        confused_with=(
            ("sandbox-capacity", "There runners exist and are full."),
            ("ash-internal-secret", "There runners ask to register and are refused."),
        ),
    ),
    Cause(
        slug="ash-runner-missing",
        title="Runners are missing",
        category="connection",
        severity="warning",
        meaning="The coordinator knows fewer runners than are wanted: new sessions go to those that are there, until they are full. "
        "One that was given up, or could not reach the coordinator for half a minute at its start, never registers again by itself.",
        proof=(Step("See both views of every runner", "ash-ops runners"),),
        repair=(
            Step(
                "See what ECS says of their service; a runner that stays away is replaced by its own health check",
                "aws ecs describe-services --cluster <cluster> --services <name>-runners --query 'services[].events[:5].message'",
            ),
        ),
        signatures=(
            says("runner ", "~\\brunner [\\w.-]{1,80} not found", rank=Rank.CLEAR, kinds=_ASH),
            says(
                "[runner]",
                "registration failed after",
                rank=Rank.DECISIVE,
                kinds=_ASH,
            ),
        ),
        confused_with=(
            ("ash-no-runner", "There none is registered."),
            ("ash-internal-secret", "There the coordinator refuses them: 401."),
        ),
    ),
    Cause(
        slug="ash-route-not-found",
        title="Wrong path: the server has no such route",
        category="connection",
        severity="warning",
        meaning="The server answers and knows no such path.",
        proof=(Step("A known path answers", "ash-ops health"),),
        repair=(
            Step("Use /health, /api/agents, /api/sessions ... as this server version has them"),
        ),
        signatures=(
            says(
                "route ",
                "not found",
                "~route (?:get|post|put|patch|delete|head|options)[: ][^ ]{0,300} not found",
                rank=Rank.DECISIVE,
                kinds=_ASH,
            ),
            says(
                "cannot get /|cannot post /|route not found|no route matches",
                rank=Rank.CLEAR,
                kinds=_ASH,
            ),
            says(
                "404 not found|404 page not found",
                rank=Rank.GENERIC,
                kinds=_ASH,
                unless="manifest|cannotpull",
            ),
        ),
        confused_with=(
            ("ash-bad-request", "There the route exists and the agent or session does not."),
        ),
    ),
    Cause(
        slug="ash-bad-request",
        title="The server is fine; the request is wrong (unknown agent or session, bad content)",
        category="connection",
        severity="warning",
        meaning="An answer of the 4xx kind about what was asked: no such agent or session, a status that does not allow it, a body too large or invalid.",
        proof=(Step("Compare with what the server knows", "ash-ops status"),),
        repair=(
            Step(
                "Deploy the agent, use an existing session, or correct the body as the answer says"
            ),
            Step(
                "The body is larger than the server takes (1 MiB unless it was told otherwise): send less, or in parts; in a server of your own raise Fastify's bodyLimit",
                when="body_too_large|request body is too large",
                decides=True,
            ),
        ),
        signatures=(
            says("fst_err_ctp|fst_err_validation", rank=Rank.DECISIVE, kinds=_ASH + " api_error"),
            says("missing runnerid|humanscore", rank=Rank.CLEAR, kinds=_ASH),
            says(
                "not found",
                "~(?<![\\w-])(?:session|agent|credential|attachment|file|version|queue item|eval(?: \\w{1,12})?|workspace|api key)s?:? (?:['\"]?[\\w.:/-]{1,80}['\"]? )?(?:was |is )?not found",
                rank=Rank.LIKELY,
                kinds="http",
                unless=(
                    "directory not found|executable file",
                    "task definition file|token file",
                    "route ",
                    "runner",
                    "sandbox",
                    "<html",
                    "manifest",
                    "glibc|.so|node_modules|env file ",
                    # A compiler or TeX, of a file that it was to read.
                    "error: file '|error: file \"",
                    # A program of its own settings, and .NET of what it is to start.
                    "config file|specified command or file",
                ),
            ),
            says(
                "session has ended|cannot pause session|cannot stop session|session is |cannot cancel item|invalid or inaccessible credential|must contain claude.md|empty bundle|invalid bundle|bundle exceeds|escapes agent directory|file too large|attachment too large|empty attachment|invalid file path|path is not a file|file path required|missing required field|bedrock credential",
                rank=Rank.CLEAR,
                kinds=_ASH,
                unless="~\\berror: \\d{1,3}: file too large",  # Oracle's, of the system
            ),
            says(
                "fst_err_ctp|fst_err_validation|unsupported media type|request body is too large|payload too large|body cannot be empty|body must|must have required property|must be string|must be array|must be object|bad request|is not valid json|unexpected token|querystring",
                rank=Rank.LIKELY,
                kinds="http",
                unless=(
                    "node:internal|wrapsafe|compilefunction",
                    # A page came where JSON was awaited: what it says tells more.
                    "unexpected token <|unexpected token '<'",
                    # A program of its own file or input: an answer to a request has a status beside it.
                    "~^(?!.*(?:\\b4\\d\\d\\b|bad request|\\bfst_err|\\bbody\\b|\\brequest\\b|\\bash\\b|\\bash[-_])).*\\bunexpected token .{1,12} (?:in json at position|.{0,80} is not valid json)",
                    '~<[a-z!/]{0,12}"\\.{3} is not valid json',
                    "anthropic|invalid_request_error|credit balance",
                    # PHP's client prints the status of AWS's answer before what was answered.
                    "aws http error|auth.docker.io/token",
                    "dkr.ecr|login attempt|/v2/|image definition file|socket.io",
                    "failed to create resource|failed to update resource|failed to delete resource|botoservererror|ec2responseerror",
                ),
            ),
            says(
                "statuscode",
                '~"statuscode": ?(?:400|404|409|410|413|415|422)\\b',
                rank=Rank.SYMPTOM,
                kinds="http",
            ),
        ),
        confused_with=(
            ("ash-route-not-found", "There the path itself is unknown."),
            ("agent-dir-missing", "422: the agent is known and its files are gone."),
        ),
    ),
    Cause(
        slug="ash-server-error",
        title="The server failed while answering (5xx)",
        category="connection",
        severity="error",
        meaning="The server answered with a 5xx which names no cause known here; its log of that second does.",
        proof=(Step("Read the log", "ash-ops logs --since 10m --filter error"),),
        repair=(
            Step("Repair what the first error in the log names", "ash-ops doctor"),
            *_IN_FRONT,
        ),
        signatures=(
            # The status line of an answer, or a person's words of one.
            says("50", _ANSWERED, rank=Rank.SYMPTOM, kinds="http log_line", unless=_ASKED_OTHERS),
        ),
        symptom=True,
    ),
    Cause(
        slug="ash-credential-key-missing",
        title="Credential storage is not configured (ASH_CREDENTIAL_KEY not set)",
        category="connection",
        severity="warning",
        meaning="Stored credentials need ASH_CREDENTIAL_KEY. Changing it later makes stored credentials and keys unreadable.",
        proof=(
            Step(
                "List the names of the secrets of the task definition",
                "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.containerDefinitions[].secrets[].name'",
            ),
        ),
        repair=(Step("Store one and deploy", "ash-ops deploy"),),
        signatures=(
            says(
                "ash_credential_key|credential storage not configured|unable to authenticate data|unsupported state or unable to authenticate",
                rank=Rank.PRECISE,
                kinds=_ASH,
            ),
        ),
    ),
)
