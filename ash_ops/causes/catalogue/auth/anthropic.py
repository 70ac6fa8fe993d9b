"""The model's API: its key, credit and limits."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says, status
from ash_ops.causes.catalogue.auth.answers import FAILING, KEY_REFUSED, RATE_REACHED, UNPAID
from ash_ops.causes.catalogue.auth.other_vendors import (
    GIVE_THE_OTHER_KEY,
    KEY_IS_NOT_KNOWN,
    KEY_OF_ANOTHER_VENDOR,
    NO_KEY,
    QUOTA_IS_USED_UP,
    QUOTA_OF_ANOTHER,
    SEEN_KEY,
    SEEN_QUOTA,
)
from ash_ops.causes.catalogue.auth.repairs import (
    BALANCE_OF_A_GATEWAY,
    BEYOND_A_BUDGET,
    BY_THE_MINUTE,
    FROM_ELSEWHERE,
    KEY_OF_ANOTHER,
    ON_A_DESK,
)
from ash_ops.causes.catalogue.auth.words import ANY, SUBSCRIPTION_TOKEN

ANTHROPIC_ERRORS: Final = "https://docs.claude.com/en/api/errors"

_PLAN_USED_UP: Final = r"~\b(?:usage|\d-hour|weekly|opus|session) limit reached\b|\bhit your (?:[\w-]{1,20} )?limit\b|\blimit will reset\b"

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
        repair=(
            *GIVE_THE_OTHER_KEY,
            Step(
                "Give the program that asks an ANTHROPIC_API_KEY; for Ash put it into .env and deploy",
                "ash-ops deploy",
            ),
            *ON_A_DESK,
        ),
        signatures=(
            *NO_KEY,
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
            # A program that takes one of several, and found none.
            says(
                "anthropic_api_key",
                "no auth configured|no authentication configured|no credentials configured|no api key configured|no provider configured|no llm provider configured",
                rank=Rank.DECISIVE,
                kinds=ANY,
            ),
        ),
        confused_with=(("anthropic-auth", "There a key is set and refused."),),
    ),
    Cause(
        slug="anthropic-auth",
        title="The model's API refuses the key",
        category="auth",
        severity="error",
        meaning="The key that was sent (of Anthropic ANTHROPIC_API_KEY) is missing, mistyped, revoked or not allowed to use this.",
        proof=(
            Step(
                "Ask with the stored key, printing only the status",
                'curl -s -o /dev/null -w "%{http_code}" https://api.anthropic.com/v1/models -H "x-api-key: $ANTHROPIC_API_KEY" -H "anthropic-version: 2023-06-01"',
            ),
            *SEEN_KEY,
        ),
        repair=(
            Step(
                "Put a valid key where the program that asks has it (ANTHROPIC_API_KEY), and start that anew; for Ash put it into .env and deploy, which stores it and starts tasks with it",
                "ash-ops deploy",
            ),
            *FROM_ELSEWHERE,
            *KEY_OF_ANOTHER,
            *KEY_OF_ANOTHER_VENDOR,
            SUBSCRIPTION_TOKEN,
        ),
        signatures=(
            *KEY_REFUSED,
            *KEY_IS_NOT_KNOWN,
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
                # Claude Code says it of AWS's refusals as well, which no sign-in there mends.
                unless="security token included",
            ),
            says(
                "invalid api key",
                rank=Rank.LIKELY,
                kinds="log_line stopped_task",
                unless="perplexity|gemini|mistral|cohere|deepseek|groq",
            ),
            says(
                "claude|anthropic|api error: |api error (",
                status("401|403"),
                rank=Rank.CLEAR,
                kinds=ANY,
                unless=(
                    "docker|ghcr",
                    "security token included|access to the model",
                    "not authorized to perform|user: arn:aws",
                    # Tools call a refusal of AWS an API error, too.
                    "aws api error|botoservererror|awserror|expiredtoken|invalidclienttokenid",
                ),
            ),
            says(
                "permission_error|api key has been disabled|organization has been disabled|api key does not have|this organization has been",
                rank=Rank.PRECISE,
                kinds=ANY,
            ),
            says("request not allowed", "forbidden", rank=Rank.PRECISE, kinds=ANY),
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
        proof=(
            Step("Look at the balance in the Anthropic console"),
            *BALANCE_OF_A_GATEWAY,
            *SEEN_QUOTA,
        ),
        repair=(
            Step("Add credits, change the plan or raise the spend limit; no deployment is needed"),
            *BEYOND_A_BUDGET,
            *QUOTA_OF_ANOTHER,
            Step(
                "If credits are there, the request is paid by another account: see which key or sign-in is used (/status in Claude Code, ANTHROPIC_API_KEY in the environment goes before a plan), and that it is of the organisation and workspace that has them; a payment may take minutes to count",
                when=r"~\b(?:on file|have (?:added|credits?|funds)|added (?:credits?|funds|money|\$)|enough credits?)\b|\bhave (?:almost|over|about) \$\d",
                decides=True,
            ),
            Step(
                "The plan does not hold so long a context: choose the model without [1m] (/model), or allow extra usage in the plan's settings",
                when="required for 1m context",
                decides=True,
            ),
            Step(
                "Add credits to the account of the gateway whose key is used (at OpenRouter, of that key's own limit, too), or ask for fewer max_tokens; no deployment is needed",
                when="openrouter|insufficient_credits|max_tokens|gatewayratelimiterror",
            ),
        ),
        signatures=(
            *UNPAID,
            *QUOTA_IS_USED_UP,
            says(
                "credit balance|credit_balance_too_low|billing_error|insufficient credit|requires more credits|more credits are required|insufficient_quota|purchase credits|insufficient funds|specified api usage limits|reached your specified|out of credits|monthly usage limit|spend limit|spending limit|plans & billing|payment required",
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
            Step(
                "See which models Bedrock refused in the last hours",
                "aws cloudwatch list-metrics --namespace AWS/Bedrock --metric-name InvocationThrottles --recently-active PT3H --query 'Metrics[].Dimensions[].Value'",
                when="~\\bbedrock\\b|\\bthrottlingexception\\b|\\bplease wait before trying again\\b",
                decides=True,
            ),
        ),
        repair=(
            Step("Ask less at once, wait as retry-after says, or get a higher tier"),
            *BY_THE_MINUTE,
            Step(
                "The plan of that login is used up: wait until the time that the message names (a number behind | counts the seconds since 1970: date -d @NUMBER), take a larger plan, or let Claude Code have a key of the API (ANTHROPIC_API_KEY), which is paid by use",
                when=_PLAN_USED_UP,
            ),
            Step(
                "Bedrock gives each model so many requests and tokens a minute in each region: ask less at once, take a profile of several regions (us., eu., global.), or ask for more",
                "aws service-quotas list-service-quotas --service-code bedrock --query 'Quotas[].[QuotaName,Value]'",
                when="~\\bbedrock\\b|\\bthrottlingexception\\b|\\bplease wait before trying again\\b",
            ),
        ),
        signatures=(
            *RATE_REACHED,
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
                "anthropic|claude|openrouter|api error: |api error (|ratelimiterror",
                status("429") + "|rate limit|number of request|rate_limit",
                rank=Rank.CLEAR,
                kinds=ANY,
                unless=("docker|toomanyrequests", "generativelanguage|generate_content_free"),
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
        repair=(
            Step("Try again with growing waits; nothing is to be changed in AWS"),
            Step(
                "The answer took longer than the API or the model's time allows: let it stream, ask for less in one request (max_tokens, a shorter prompt), and try again; no rule of the network has a part in it",
                when="timeout_error|timed out|took too long|timeout length",
                decides=True,
            ),
        ),
        signatures=(
            *FAILING,
            says(
                "timeout_error",
                "request timed out|error",
                rank=Rank.PRECISE,
                kinds=ANY,
                unless="invalid_request",
            ),
            says(
                "overloaded_error|overloadederror|bedrock is unable to process your request|insufficientthroughputexception|model processing capacity reached|chosen model is down",
                rank=Rank.DECISIVE,
                kinds=ANY,
            ),
            says(
                "overloaded",
                "anthropic|claude|model|api|error",
                rank=Rank.CLEAR,
                kinds=ANY,
                # In a program's source the word means something else.
                unless="~\\boverloaded (?:function|method|operator|constructor|in this)|\\bmatching overload\\b",
            ),
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
)
