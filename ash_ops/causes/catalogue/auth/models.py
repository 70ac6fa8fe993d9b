"""What the model's API is asked: whether it is reached, which model, in which request."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says
from ash_ops.causes.catalogue.auth.answers import MODEL_REFUSED, REQUEST_REFUSED
from ash_ops.causes.catalogue.auth.anthropic import ANTHROPIC_ERRORS
from ash_ops.causes.catalogue.auth.bedrock import LISTED, NOT_THERE, RETIRED, SAID_BY_BEDROCK
from ash_ops.causes.catalogue.auth.repairs import (
    ANSWERED_ALL_THE_SAME,
    LIST_OF_A_GATEWAY,
    NOT_THE_APIS,
    OF_A_GATEWAY,
    SAID_BY_THE_REQUEST,
    SEEN_CERTIFICATE,
    SEEN_FROM_THERE,
)
from ash_ops.causes.catalogue.auth.words import ANY, BEDROCK

CAUSES: Final = (
    Cause(
        slug="anthropic-unreachable",
        title="The model's API cannot be reached from the task",
        category="auth",
        severity="error",
        meaning="The connection to api.anthropic.com does not complete: no way out of the subnet, or DNS.",
        proof=(
            Step("Read the routes and the outbound rules", "ash-ops doctor connection"),
            SEEN_FROM_THERE,
            SEEN_CERTIFICATE,
            Step(
                "Ask the same model for a short answer: where that succeeds, the way is open",
                when="~\\bread timeout on endpoint url|\\bread time(?:out|d out)\\b.{0,200}\\bbedrock-runtime\\b",
                decides=True,
            ),
        ),
        repair=(
            Step("Give the task a way out on 443: public address and internet gateway, or NAT"),
            Step(
                "A proxy on the way shows a certificate of its own: give its CA to the agent by NODE_EXTRA_CA_CERTS",
                when="self-signed|self signed|certificate|unable to get local issuer",
            ),
            Step(
                "The connection stood and was cut before the answer: send the request again (the SDK does so by itself, maxRetries), stream long answers, and let whatever stands between (a NAT gateway ends what is idle for 350 seconds, a proxy sooner) keep it open",
                when="~^(?!.*(?:enotfound|eai_again|etimedout|econnrefused|timed out|enetunreach)).*(?:socket hang up|econnreset|connection reset|other side closed|premature close|terminated)",
                decides=True,
            ),
            *NOT_THE_APIS,
            *ANSWERED_ALL_THE_SAME,
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
                "econnrefused|etimedout|enotfound|eai_again|connection error|econnreset|unable to connect|network is unreachable|fetch failed|network error|timed out|getaddrinfo|could not resolve|enetunreach|failure in name resolution|name or service not known",
                rank=Rank.CLEAR,
                kinds=ANY,
                unless=(
                    # It answered.
                    "~\\bapi error:? \\(?[45]\\d\\d\\b",
                    "x-api-key|authentication_error|invalid_request_error|not_found_error|rate_limit_error|permission_error",
                ),
            ),
            # Bedrock was reached, and did not answer within the client's time.
            says(
                "read timeout on endpoint|read timed out",
                "bedrock-runtime.",
                rank=Rank.DECISIVE,
                kinds=ANY,
            ),
            says(
                'connection closed mid-response|response stalled mid-stream|api error: fetch failed|apiconnectionerror|apiconnectiontimeouterror|api error: connection |api error (connection|api error (request timed out|api error: request timed out|api error: the socket connection was closed|unable to connect to api|unable to connect to anthropic|failed to connect to api.anthropic|claude: connection|read timeout on endpoint url: "https://bedrock-runtime|connect timeout on endpoint url: "https://bedrock-runtime',
                rank=Rank.PRECISE,
                kinds=ANY,
                unless=("overloaded_error", r"~\bconnect to api\.(?!anthropic)"),
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
            *LISTED,
            LIST_OF_A_GATEWAY,
        ),
        repair=(
            Step("Correct the model in the agent or the request"),
            *RETIRED,
            *NOT_THERE,
            *OF_A_GATEWAY,
            Step(
                "Bedrock has newer models in inference profiles only: name one of your region (us., eu., apac. or global. in front of the model)",
                when=BEDROCK,
            ),
        ),
        signatures=(
            *MODEL_REFUSED,
            says(
                "model",
                "claude|anthropic",
                "~\\bmodel\\b(?:[^.!?]|\\.(?=\\S)){0,160}\\b(?:has been|have been|was|is|are) (?:retired|sunset|shut down|discontinued|no longer (?:available|supported))",
                rank=Rank.LIKELY,
                kinds=ANY,
            ),
            says("not_found_error", "model", rank=Rank.CLEAR, kinds=ANY),
            # OpenRouter, of its providers.
            says("no available model provider that meets", rank=Rank.DECISIVE, kinds=ANY),
            # Bedrock: a name it does not know, or cannot be one.
            says(
                "provided model identifier is invalid|at 'modelid' failed to satisfy constraint",
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
            Step(
                "The body that was sent is no JSON at the place that the message names: let a library write it (quotes and line breaks within texts escaped, nothing cut off), and see what a gateway in between makes of it",
                when="invalid json payload|not valid json|could not parse the json body",
                decides=True,
            ),
            *SAID_BY_THE_REQUEST,
            *SAID_BY_BEDROCK,
        ),
        signatures=(
            *REQUEST_REFUSED,
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
            # Bedrock, of a form that the account has not sent.
            says("model use case details", rank=Rank.DECISIVE, kinds=ANY),
            says(
                "tool use concurrency|context limit reached|context_length_exceeded|output token maximum|chosen model requires moderation|maximum context length is",
                rank=Rank.PRECISE,
                kinds=ANY,
            ),
            says(
                "invalid_request_error|request_too_large|prompt is too long|input is too long",
                "~anthropic|claude|api error|req_0|\\b4(?:00|13)\\b|request_too_large|prompt is too long|messages[.:]|tools\\.\\d|input should be|extra inputs|field required|max_tokens",
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
