"""What the model answers, by its reason: the same sentence whatever program prints it, and whatever code stands in front."""

from typing import Final

from ash_ops.causes.base import Rank, Signature, says
from ash_ops.causes.catalogue.auth.words import ANY

_MODELS_OWN: Final = "~\\banthropic|claude|\\bbedrock\\b|\\bapi error\\b|\\blitellm\\b|\\bai_(?:apicall|retry)error\\b|\\bconverse(?:stream)?\\b|invokemodel|\\binvalid_request_error\\b|\\btokens?\\b"
"""Words that only a message about a model has."""

_SENT: Final = (
    "too long for requested model|conversation must start with a user message|conversation must end with a user message|"
    "the model returned the following errors|expected toolresult blocks at|invalid beta flag|blocked by content filtering policy|"
    "cannot both be specified for this model|text content blocks must be non-empty|requires moderation on anthropic|"
    "conversation too long. press esc|request too large (max|pdf too large (max|appears to violate our usage policy"
)
"""Refusals of a request, in sentences that nobody else writes."""

REQUEST_REFUSED: Final[tuple[Signature, ...]] = (
    says(_SENT, rank=Rank.DECISIVE, kinds=ANY),
    says(
        "malformed input request",
        "reformat your input|input request: #|calling the invokemodel|calling the converse|bedrock",
        rank=Rank.DECISIVE,
        kinds=ANY,
    ),
    # The rest of that sentence, behind a schema that was quoted in it.
    says(
        "reformat your input",
        "extraneous key [|required key [",
        rank=Rank.DECISIVE,
        kinds=ANY,
    ),
    # What a program of Python says of its own settings in the same words is no model's.
    says(
        "extra inputs are not permitted",
        "bedrockexception|anthropicexception|invalid_request_error|api error",
        rank=Rank.PRECISE,
        kinds=ANY,
    ),
    says(
        "maximum tokens you requested",
        "exceeds the model limit|exceed the model limit",
        rank=Rank.DECISIVE,
        kinds=ANY,
    ),
    # Bedrock, of what a model cannot be asked for.
    says(
        "this model doesn't support|this model does not support",
        "tool use|system messages|assistant message prefill|toolchoice|tool choice|document content|image content|stop sequences|stopsequences",
        rank=Rank.DECISIVE,
        kinds=ANY,
    ),
    says("thinking.", "budget_tokens: input should", rank=Rank.DECISIVE, kinds=ANY),
    says("number of toolresult blocks", "exceeds", rank=Rank.DECISIVE, kinds=ANY),
    says("prompt is too long", _MODELS_OWN, rank=Rank.DECISIVE, kinds=ANY),
    says("prompt too long", _MODELS_OWN, rank=Rank.PRECISE, kinds=ANY),
    # Anthropic's SDKs, before they ask.
    says(
        "is required for operations that may take longer than 10 minutes|recommended for operations that may take longer than 10 minutes",
        rank=Rank.DECISIVE,
        kinds=ANY,
    ),
    # LiteLLM, of a field that the model does not have.
    says("does not support parameters: [", "litellm", rank=Rank.DECISIVE, kinds=ANY),
    says(
        "tool_use|tool_result",
        "~\\bunexpected .?tool_use_id.? found\\b|\\btool_use.? ids were found without\\b|\\btool_use.? ids must be unique\\b",
        rank=Rank.PRECISE,
        kinds=ANY,
    ),
    # Of a call of a model, whatever else is not valid in it.
    says(
        "validationexception",
        "calling the invokemodel|calling the converse|bedrock runtime: |client-bedrock-runtime|bedrockruntime",
        rank=Rank.GENERIC,
        kinds=ANY,
    ),
    # The classes of the SDKs: the reason stands behind them, where one is given.
    says(
        "anthropic.badrequesterror|anthropic.errors.badrequesterror|anthropic.unprocessableentityerror|anthropic.requesttoolargeerror|com.anthropic.errors.badrequestexception|com.anthropic.errors.unprocessableentityexception|litellm.badrequesterror: anthropicexception|litellm.badrequesterror: bedrockexception",
        rank=Rank.GENERIC,
        kinds=ANY,
    ),
    says(
        "request_too_large|request exceeds the maximum size|request exceeds the maximum allowed number of bytes",
        "413|anthropic|claude",
        rank=Rank.PRECISE,
        kinds=ANY,
    ),
    says(
        "client error '4",
        "~client error '4(?:00|13|22) [a-z ]{3,40}' for url 'https://(?:api\\.anthropic\\.com|bedrock-runtime\\.)",
        rank=Rank.LIKELY,
        kinds=ANY,
    ),
)

MODEL_REFUSED: Final[tuple[Signature, ...]] = (
    says(
        "on-demand throughput",
        "isn't supported|is not supported|doesn't support|does not support",
        rank=Rank.DECISIVE,
        kinds=ANY,
    ),
    says(
        "model version has reached the end of its life|model is marked by provider as legacy|this action doesn't support the model|could not resolve the foundation model from|llm provider not provided",
        rank=Rank.DECISIVE,
        kinds=ANY,
    ),
    # Google's name of a model that is not its own.
    says(
        "publisher model",
        "~\\bpublisher model [^ ]{1,250}(?:anthropic|claude)[^ ]{0,80} (?:was )?not found\\b",
        rank=Rank.DECISIVE,
        kinds=ANY,
    ),
    # Claude Code, of a gateway and of a cloud.
    says(
        "gateway couldn't serve|gateway could not serve|is not available on your",
        "claude|anthropic",
        "~\\bgateway could(?:n't| not) serve\\b|\\bis not available on your (?:vertex|bedrock|foundry|[a-z]{3,20}) deployment\\b",
        rank=Rank.DECISIVE,
        kinds=ANY,
    ),
    says("invalid model name passed in model=", rank=Rank.DECISIVE, kinds=ANY),
    says(
        "no endpoints found for|is not available in|is not available with|no such languagemodel",
        "~\\bno endpoints found for ['\"]?(?:anthropic|~?claude)|\\b(?:anthropic\\.|claude)[\\w.:-]{0,80}(?: opus| sonnet| haiku)?['\"]? is not available (?:in (?:the )?(?:region|your|[a-z]{2}-[a-z]{4,9}-\\d)|with the claude)|\\bno such languagemodel: ",
        rank=Rank.CLEAR,
        kinds=ANY,
    ),
    says(
        "not_found_error",
        "~\\bnot_found_error\\b.{0,40}\\bmodel: |\\bmodel: [\\w.@:-]{2,80}.{0,40}\\bnot_found_error\\b",
        rank=Rank.PRECISE,
        kinds=ANY,
    ),
    says(
        "anthropic.notfounderror|anthropic.errors.notfounderror|com.anthropic.errors.notfoundexception|litellm.notfounderror: anthropicexception|litellm.notfounderror: bedrockexception",
        rank=Rank.GENERIC,
        kinds=ANY,
    ),
    says(
        "api.anthropic.com/v1/messages",
        "~\\bstatus code 404\\b|\\b404 (?:client error: )?not found\\b",
        rank=Rank.LIKELY,
        kinds=ANY,
    ),
)

RATE_REACHED: Final[tuple[Signature, ...]] = (
    says(
        "hit your session limit|hit your weekly limit|hit your opus limit|hit your usage limit|hit your limit",
        "reset",
        rank=Rank.PRECISE,
        kinds=ANY,
    ),
    says(
        "per day, please wait before trying again",
        "too many tokens|too many requests",
        rank=Rank.DECISIVE,
        kinds=ANY,
    ),
    says(
        "no deployments available for selected model|free-models-per-day|free-models-per-min",
        rank=Rank.DECISIVE,
        kinds=ANY,
    ),
    # Bedrock: each model has its own share.
    says("servicequotaexceeded", "bedrock|converse|invokemodel", rank=Rank.DECISIVE, kinds=ANY),
    says(
        "anthropic.ratelimiterror|anthropic.errors.ratelimiterror|com.anthropic.errors.ratelimitexception|litellm.ratelimiterror: anthropicexception|litellm.ratelimiterror: bedrockexception",
        rank=Rank.LIKELY,
        kinds=ANY,
        unless="credit balance",
    ),
)

FAILING: Final[tuple[Signature, ...]] = (
    says(
        "server error mid-response|too many connections, please wait before trying again|model timeout length|model has timed out in processing|model is not ready for inference|is temporarily unavailable, so auto mode|request timed out while processing",
        rank=Rank.DECISIVE,
        kinds=ANY,
    ),
    says(
        "unexpected error during processing",
        "the system encountered an",
        rank=Rank.DECISIVE,
        kinds=ANY,
    ),
    says(
        "modelerrorexception|modelnotreadyexception|modeltimeoutexception|modelstreamerrorexception",
        rank=Rank.PRECISE,
        kinds=ANY,
    ),
    says("stream idle timeout", "api error|partial response", rank=Rank.PRECISE, kinds=ANY),
    says(
        "server error '5",
        "~server error '5\\d\\d[^']{0,40}' for url 'https://(?:api\\.anthropic\\.com|bedrock-runtime\\.)",
        rank=Rank.CLEAR,
        kinds=ANY,
    ),
    # Its own code of it, which no other service has.
    says(
        "529",
        "anthropic|claude",
        "~(?:\\b(?:status(?:[ _]code)?|http|code|error)[ :='(]{1,4})529\\b",
        rank=Rank.CLEAR,
        kinds=ANY,
    ),
    says(
        "ai_retryerror|ai_apicallerror",
        "internal server error|timed out|overloaded",
        rank=Rank.PRECISE,
        kinds=ANY,
    ),
    says(
        "504 timeout_error|504 timeout error",
        rank=Rank.DECISIVE,
        kinds=ANY,
    ),
    says(
        "timed out while processing|timed out",
        "anthropic|claude|api error: 504|api error (504",
        "~\\b504\\b|\\btimeout_error\\b",
        rank=Rank.PRECISE,
        kinds=ANY,
    ),
    says(
        "anthropic.internalservererror|anthropic.errors.internalservererror|anthropic.overloadederror|anthropic.errors.overloadederror|anthropic.deadlineexceedederror|com.anthropic.errors.internalserverexception|litellm.internalservererror: anthropicexception|litellm.internalservererror: bedrockexception|litellm.serviceunavailableerror: bedrockexception",
        rank=Rank.GENERIC,
        kinds=ANY,
    ),
)

KEY_REFUSED: Final[tuple[Signature, ...]] = (
    says(
        "request not allowed",
        "~\\bforbidden\\b.{0,40}\\brequest not allowed\\b|\\brequest not allowed\\b.{0,40}\\bforbidden\\b",
        rank=Rank.PRECISE,
        kinds=ANY,
    ),
    says(
        "access to anthropic models is not allowed from|belongs to a disabled organization|does not meet scope requirement|unable to find token in cache or `litellm_verificationtable`|token_not_found_in_db",
        rank=Rank.DECISIVE,
        kinds=ANY,
    ),
    says(
        "anthropic.permissiondeniederror|anthropic.errors.permissiondeniederror|anthropic.authenticationerror|anthropic.errors.authenticationerror|com.anthropic.errors.unauthorizedexception|com.anthropic.errors.permissiondeniedexception|litellm.authenticationerror: anthropicexception|litellm.permissiondeniederror: anthropicexception",
        rank=Rank.GENERIC,
        kinds=ANY,
    ),
)

UNPAID: Final[tuple[Signature, ...]] = (
    says(
        "issue with your organization's billing|usage credits required|budgetexceedederror|openrouter.ai/settings/credits|free credits temporarily have restricted access",
        rank=Rank.DECISIVE,
        kinds=ANY,
    ),
    says("key limit exceeded", "openrouter", rank=Rank.DECISIVE, kinds=ANY),
)
