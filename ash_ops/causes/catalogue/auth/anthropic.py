"""The model's API: its key, credit, limits and reach."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says, status
from ash_ops.causes.catalogue.auth.words import ANY, BEDROCK, SUBSCRIPTION_TOKEN

ANTHROPIC_ERRORS: Final = "https://docs.claude.com/en/api/errors"

CAUSES: Final = (
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
        signatures=(
            says("could not resolve authentication method", rank=Rank.DECISIVE + 1, kinds=ANY),
            says(
                "missing anthropic api key|did not find anthropic_api_key|anthropic api key is missing",
                rank=Rank.DECISIVE + 1,
                kinds=ANY,
            ),
            says(
                "api key",
                "~\\b(?:no|missing) api key (?:(?:was )?(?:found|configured|set|provided) )?for (?:the )?(?:model )?(?:provider )?['\"]?anthropic\\b",
                rank=Rank.DECISIVE + 1,
                kinds=ANY,
            ),
            says(
                "anthropic_api_key",
                "~anthropic_api_key\\b(?:[^.|]|\\.(?=\\S)){0,40}\\b(?:is not set|not set|is missing|missing or empty|is empty|is required|not found|is undefined)\\b",
                rank=Rank.DECISIVE,
                kinds=ANY,
                unless="json key|defaulting to a blank",
            ),
        ),
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
                "Put a valid ANTHROPIC_API_KEY into .env and deploy: that stores it and starts tasks with it",
                "ash-ops deploy",
            ),
            SUBSCRIPTION_TOKEN,
        ),
        signatures=(
            says(
                "api key has been revoked|key was revoked",
                "anthropic|claude",
                rank=Rank.CLEAR,
                kinds=ANY,
            ),
            says(
                "authentication_error|invalid x-api-key|x-api-key header is required|invalid bearer token|no auth credentials found",
                rank=Rank.PRECISE,
                kinds=ANY,
            ),
            says(
                "anthropic_api_key|anthropic_auth_token|claude_code_oauth_token|anthropic api key|apikey or authtoken",
                "not set|missing|required|must be set|invalid|expected|not found|undefined|no |could not|empty",
                rank=Rank.PRECISE,
                kinds=ANY,
            ),
            says("could not resolve authentication method", rank=Rank.DECISIVE, kinds=ANY),
            says(
                "please run /login|run /login|fix external api key|oauth token has expired|oauth token revoked|oauth authentication is currently not|not logged in|no api key available",
                rank=Rank.PRECISE,
                kinds=ANY,
            ),
            says("invalid api key", rank=Rank.LIKELY, kinds="log_line stopped_task"),
            says(
                "claude|anthropic|api error: |api error (",
                status("401|403"),
                rank=Rank.CLEAR,
                kinds=ANY,
                unless=(
                    "docker|ghcr",
                    "security token included|access to the model",
                    "not authorized to perform|user: arn:aws",
                ),
            ),
            says(
                "permission_error|api key has been disabled|organization has been disabled|api key does not have|this organization has been",
                rank=Rank.PRECISE,
                kinds=ANY,
            ),
            says("apiuserabort|authenticationerror: 401", rank=Rank.LIKELY, kinds=ANY),
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
            Step(
                "Add credits to the account of the gateway whose key is used (at OpenRouter, of that key's own limit, too), or ask for fewer max_tokens; no deployment is needed",
                when="openrouter|insufficient_credits|max_tokens",
            ),
        ),
        signatures=(
            says(
                "credit balance|billing_error|insufficient credit|requires more credits|more credits are required|insufficient_quota|purchase credits|insufficient funds|specified api usage limits|reached your specified|out of credits|monthly usage limit|spend limit|spending limit|plans & billing|payment required",
                rank=Rank.DECISIVE,
                kinds=ANY,
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
        repair=(
            Step("Ask less at once, wait as retry-after says, or get a higher tier"),
            Step(
                "Bedrock gives each model so many requests and tokens a minute in each region: ask less at once, take a profile of several regions (us., eu., global.), or ask for more",
                "aws service-quotas list-service-quotas --service-code bedrock --query 'Quotas[].[QuotaName,Value]'",
                when="~\\bbedrock\\b|\\bthrottlingexception\\b|\\bplease wait before trying again\\b",
            ),
        ),
        signatures=(
            says(
                "limit reached",
                "~\\b\\d-hour limit reached\\b|\\bweekly limit reached\\b|\\bopus limit reached\\b",
                rank=Rank.PRECISE,
                kinds=ANY,
            ),
            says(
                "usage limit reached|limit will reset|hit your limit|session limit reached",
                "claude|limit",
                rank=Rank.PRECISE,
                kinds=ANY,
                unless=("credit balance", "api usage limits"),
            ),
            # The API's own name of it, as overloaded_error is: of both, the first leads.
            says(
                "rate_limit_error", "limit", rank=Rank.DECISIVE, kinds=ANY, unless="credit balance"
            ),
            says(
                "organization's rate limit|organization rate limit|your organization|tokens per minute|requests per minute|output tokens per|input tokens per|acceleration limit",
                "limit",
                rank=Rank.PRECISE,
                kinds=ANY,
                unless=("credit balance",),
            ),
            says(
                "anthropic|claude|api error: |api error (|ratelimiterror",
                status("429") + "|rate limit|number of request|rate_limit",
                rank=Rank.CLEAR,
                kinds=ANY,
                unless=("docker|toomanyrequests",),
            ),
            says(
                "please wait before trying again",
                "too many tokens|too many requests",
                rank=Rank.PRECISE,
                kinds=ANY,
            ),
            says(
                "exceed your account's rate limit|exceeded your account's|would exceed the rate limit|concurrent connections has exceeded",
                rank=Rank.PRECISE,
                kinds=ANY,
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
            says(
                "timeout_error",
                "request timed out|error",
                rank=Rank.PRECISE,
                kinds=ANY,
                unless="invalid_request",
            ),
            says("overloaded_error|overloadederror", rank=Rank.DECISIVE, kinds=ANY),
            says("overloaded", "anthropic|claude|model|api|error", rank=Rank.CLEAR, kinds=ANY),
            says("error code: 529|status 529|http 529|529 overloaded", rank=Rank.CLEAR, kinds=ANY),
            says("overloaded", "~\\b529\\b", rank=Rank.CLEAR, kinds=ANY),
            says(
                "api error (5|api error: 5",
                "~api error:? \\(?5\\d\\d\\b(?!\\): )",
                rank=Rank.PRECISE,
                kinds=ANY,
                unless=("~\\bcannot[a-z]{4,30}error\\b|\\bdocker\\b|\\bdaemon\\b",),
            ),
            says(
                "api_error",
                "internal server error|timed out|unavailable|unexpected",
                rank=Rank.LIKELY,
                kinds=ANY,
            ),
            says(
                "anthropic|claude|api error: |api error (|internalservererror",
                status("500|502|503|504|520|522|524"),
                rank=Rank.LIKELY,
                kinds=ANY,
                # Docker writes "API error (500): ", Claude Code "API Error (500 {".
                unless=(
                    "cannotpull|cannotcreate|cannotstart|dkr.ecr|amazonaws|/v2/|docker",
                    "~api error \\(\\d{3}\\): ",
                ),
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
            Step(
                "A proxy on the way shows a certificate of its own: give its CA to the agent by NODE_EXTRA_CA_CERTS",
                when="self-signed|self signed|certificate|unable to get local issuer",
            ),
        ),
        signatures=(
            says(
                "api.anthropic.com",
                "~\\b(?:cannot|could not|unable to|fails? to|failed to|not) (?:connect to|reach|contact|resolve)\\b(?:[^.|]|\\.(?=\\S)){0,40}api\\.anthropic\\.com",
                rank=Rank.CLEAR,
                kinds=ANY,
            ),
            says(
                "anthropic|claude api|model api|160.79.104.",
                "econnrefused|etimedout|enotfound|eai_again|connection error|econnreset|unable to connect|fetch failed|network error|timed out|getaddrinfo|could not resolve|enetunreach",
                rank=Rank.CLEAR,
                kinds=ANY,
                unless=("x-api-key|authentication_error",),
            ),
            says(
                "api error: fetch failed|apiconnectionerror|apiconnectiontimeouterror|api error: connection |api error (connection|api error (request timed out|api error: request timed out|api error: the socket connection was closed|unable to connect to api|unable to connect to anthropic|failed to connect to api.anthropic|claude: connection",
                rank=Rank.PRECISE,
                kinds=ANY,
                unless=("overloaded_error",),
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
            Step(
                "List the inference profiles of the region",
                "aws bedrock list-inference-profiles --query 'inferenceProfileSummaries[].inferenceProfileId'",
                when=BEDROCK,
            ),
        ),
        repair=(
            Step("Correct the model in the agent or the request"),
            Step(
                "Bedrock has newer models in inference profiles only: name one of your region (us., eu., apac. or global. in front of the model)",
                when=BEDROCK,
            ),
        ),
        signatures=(
            says(
                "model",
                "claude|anthropic",
                "~\\bmodel\\b(?:[^.!?]|\\.(?=\\S)){0,160}\\b(?:has been|have been|was|is|are) (?:retired|sunset|shut down|discontinued|no longer (?:available|supported))",
                rank=Rank.LIKELY,
                kinds=ANY,
            ),
            says("not_found_error", "model", rank=Rank.CLEAR, kinds=ANY),
            # Bedrock, through Claude Code: a name it does not know, or that needs an inference profile.
            says(
                "provided model identifier is invalid|with on-demand throughput is not supported|with on-demand throughput isn't supported",
                "api error|invocation of model id anthropic.|model id us.anthropic.|model id eu.anthropic.|calling the converse|calling the invokemodel",
                rank=Rank.PRECISE,
                kinds=ANY,
            ),
            says(
                "model",
                "~issue with the selected model|model may not exist|model not found|(?:error|message|not_found|404)[^|]{0,60}model: claude-|invalid model|\\bmodel ['\"]?claude[\\w.-]{1,60}['\"]? (?:does not exist|is not (?:available|supported|found)|was not found|not found|has been (?:retired|deprecated))",
                rank=Rank.CLEAR,
                kinds=ANY,
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
            Step(
                "Nothing has that path: ANTHROPIC_BASE_URL must name a gateway that speaks Anthropic's own protocol, without /v1 at its end",
                when="~\\bapi error:? \\(?404\\b",
            ),
        ),
        signatures=(
            # Claude Code of an answer that is not Anthropic's: what ANTHROPIC_BASE_URL names gave it.
            says(
                "api error: 4|api error (4",
                "~(?<![a-z] )\\bapi error:? \\(?(?:400|404|413|422)\\b(?!\\))",
                rank=Rank.LIKELY,
                kinds=ANY,
            ),
            says(
                "invalid_request_error",
                "~type['\"]?: ?['\"]?error['\"]?",
                rank=Rank.GENERIC,
                kinds=ANY,
                unless=("credit balance|authentication|usage limits|rate limit", "api.openai|gpt-"),
            ),
            says(
                "tool use concurrency|context limit reached|output token maximum",
                rank=Rank.PRECISE,
                kinds=ANY,
            ),
            says(
                "invalid_request_error|request_too_large|prompt is too long|input is too long",
                "~anthropic|claude|api error|req_0|\\b4(?:00|13)\\b|request_too_large|too long|messages[.:]|tools\\.\\d|input should be|extra inputs|field required|max_tokens",
                rank=Rank.LIKELY,
                kinds=ANY,
                unless=("credit balance|authentication|usage limits",),
            ),
            # A limit of the model, in the words of its answer.
            says(
                "max_tokens|context|maximum|budget_tokens",
                "~max_tokens: \\d{1,9} > \\d|input length and .?max_tokens.? exceed|\\btokens > \\d{1,9} maximum|exceeds? the (?:model'?s )?(?:maximum )?context (?:window|limit|length)|thinking\\.budget_tokens",
                rank=Rank.CLEAR,
                kinds=ANY,
            ),
        ),
        confused_with=(("anthropic-billing", "'credit balance is too low' is of the same type."),),
        docs_url=ANTHROPIC_ERRORS,
    ),
)
