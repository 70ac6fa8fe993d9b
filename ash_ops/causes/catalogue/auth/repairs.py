"""Repairs of calls to the model's API, chosen by what came back."""

from typing import Final

from ash_ops.causes.base import Step

ANSWERED_ALL_THE_SAME: Final = (
    Step(
        "It was reached, and the answer broke off: send the request again. If it comes often, look at what stands between (a proxy, a VPN or a NAT that ends long or idle connections), and ask for shorter answers",
        when=r"~\bconnection closed mid-response\b|\bresponse stalled mid-stream\b|\b(?:loses|lost|drops|dropped) (?:the )?connection mid-stream\b|\bincomplete chunked read\b|\bpeer closed connection without\b|\bmid-stream\b.{0,40}\b(?:transporterror|disconnect)",
        decides=True,
    ),
    Step(
        "It was reached and answered 5xx, so the way out is open: wait and try again, and look at status.claude.com; where ANTHROPIC_BASE_URL names a gateway, it may be that one which answered",
        when=r"~\b(?:status code|status|http|error|code:?) 5\d\d\b",
        decides=True,
    ),
    Step(
        "It was asked, and did not answer within the client's time: let the answer stream, ask for less at once, or let the client wait longer (timeout). If nothing ever comes back, look at the way out on 443",
        when=r"~\btimeout passed ?=|\btime taken ?=",
        decides=True,
    ),
    Step(
        "No answer came within the client's time. Where short requests succeed the way out is open: raise that time (API_TIMEOUT_MS in Claude Code, timeout in the SDK, read_timeout in botocore), or ask for less; where none succeeds, give the task a way out on 443 (a public address and an internet gateway, or NAT)",
        when=r"~\brequest timed out\b|\bapitimeouterror\b|\bapiconnectiontimeouterror\b",
        decides=True,
    ),
    Step(
        "boto3 waits 60 seconds for an answer, and a long one takes more: give the client of bedrock-runtime a longer time (Config(read_timeout=600)), or let the answer stream (ConverseStream). If short requests wait as long, look at the endpoint com.amazonaws.<region>.bedrock-runtime of the VPC, or at the way out",
        when="~\\bread time(?:out|d out)\\b.{0,200}\\bbedrock-runtime\\b|\\bbedrock-runtime\\b.{0,200}\\bread timed out\\b",
        decides=True,
    ),
    Step(
        "ANTHROPIC_BASE_URL names a gateway on the machine itself, and nothing listens there: start it, give its address as the program sees it (in a container, localhost is the container), or take the setting away",
        "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.containerDefinitions[].[name,environment[].name]'",
        when=r"~\banthropic_base_url\b|\beconnrefused (?:127\.|localhost|::1)",
        decides=True,
    ),
)
"""Calls that came through, or went to another address than the API's."""

NOT_THE_APIS: Final = (
    Step(
        "Another server answered under that name (the message tells whose certificate it has), and no CA makes it the right one: correct what leads there (the hosts file, DNS, HTTPS_PROXY); a gateway of yours is named in ANTHROPIC_BASE_URL instead",
        when=r"~\baltnames\b|\bhostname mismatch\b|\bnot valid for ['\"]?api\.anthropic\b",
        decides=True,
    ),
    Step(
        "No connection came about, so a longer wait does not help: let the task out on 443 by NAT or a public address, or make the endpoint com.amazonaws.<region>.bedrock-runtime in its VPC (with private DNS, and with a group that lets the task in on 443)",
        "aws ec2 describe-vpc-endpoints --filters Name=service-name,Values=com.amazonaws.<region>.bedrock-runtime --query 'VpcEndpoints[].[VpcId,State,PrivateDnsEnabled,Groups[].GroupId]'",
        when=r"~\bconnect timeout on endpoint url\b",
        decides=True,
    ),
)
"""Connections that came to another server, or to none."""

SEEN_CERTIFICATE: Final = Step(
    "See whose certificate is shown, from where the program runs",
    "openssl s_client -connect api.anthropic.com:443 -servername api.anthropic.com </dev/null | openssl x509 -noout -subject -issuer",
    when=r"~\bself[- ]signed|\bcertificate\b|\blocal issuer\b|\baltnames\b",
    decides=True,
)

SEEN_FROM_THERE: Final = Step(
    "Ask from where the program runs: any status, even 401, shows that the way is open",
    'curl -sS -o /dev/null -w "%{http_code}" https://api.anthropic.com/v1/models',
)

_OF_VERTEX: Final = r"~\baiplatform\b|\bvertex[_-]?ai|\bpublisher model\b|\bvertex deployment\b"

BY_THE_MINUTE: Final = (
    Step(
        "LiteLLM has set aside every deployment of that model for a while, since each failed or was over its limit: read in its log what they answered (that is the reason), add further ones or a fallback, or wait for its cooldown_time",
        when="no deployments available for selected model",
        decides=True,
    ),
    Step(
        "The free requests of a day at OpenRouter are used up: wait for the next day (UTC), buy credits (who has some gets more free requests, too), or name the paid model without :free",
        when="free-models-per-day",
        decides=True,
    ),
    Step(
        "It is the quota of Google's Vertex AI for that base model in that region: ask for more in the Google Cloud project (IAM & Admin, Quotas), name another region or global, and ask less at once",
        when=_OF_VERTEX,
        decides=True,
    ),
    Step(
        "The tokens of a day are used up: wait for the next day, ask another model, or let AWS Support raise it (new accounts begin with little)",
        "aws service-quotas list-service-quotas --service-code bedrock --query \"Quotas[?contains(QuotaName, 'per day')].[QuotaName,Value]\"",
        when="too many tokens per day",
        decides=True,
    ),
    Step(
        "The organisation's tokens of a minute are used up: send less of the conversation and fewer requests at once, mark what repeats with cache_control (what is read from the cache does not count for most models), wait as retry-after says, or get a higher tier",
        when=r"~\b(?:in|out)put tokens per minute\b|\btokens has exceeded your per-minute\b",
        decides=True,
    ),
)

BEYOND_A_BUDGET: Final = (
    Step(
        "It is the budget that LiteLLM itself keeps (of the key, the user, the team or the whole): raise max_budget there, or wait until it begins anew (budget_duration); the provider's account has no part in it",
        when="budgetexceedederror|budget has been exceeded",
        decides=True,
    ),
)

BALANCE_OF_A_GATEWAY: Final = (
    Step(
        "Look at the balance of the gateway whose key is used",
        when="openrouter|insufficient_credits|gatewayratelimiterror",
    ),
)

OF_A_GATEWAY: Final = (
    Step(
        "It is the answer of OpenAI's interface: the program asks another provider's address (its own, a proxy or a gateway) for that model. Correct the address (base_url, OPENAI_BASE_URL) or the provider in its settings, or name a model that this one lists",
        when=r"~\bmodel_not_found\b|\bthe model `[\w./:@-]{3,100}` (?:does not exist|was not found)",
        decides=True,
    ),
    Step(
        "OpenRouter has no provider for that model, or none that the account's settings allow (data policy, providers left out, parameters asked for): name one that its list has, or allow more in its settings",
        "curl -s https://openrouter.ai/api/v1/models",
        when="no endpoints found",
        decides=True,
    ),
    Step(
        "LiteLLM cannot tell from the name whose model it is: write the provider before it (anthropic/NAME, bedrock/NAME), by a name that the provider has",
        when="llm provider not provided",
        decides=True,
    ),
    Step(
        "The plan of that login does not hold that model: choose another one (/model sonnet), take a larger plan and sign in anew (/logout, /login), or ask by a key of the API",
        when=r"~\bis not available with the claude \w{2,12} plan\b",
        decides=True,
    ),
    Step(
        "The gateway that ANTHROPIC_BASE_URL names does not serve that model: add it there with its provider's key, or name one that it has (Claude Code also asks a small one: ANTHROPIC_DEFAULT_HAIKU_MODEL)",
        when="your gateway could not serve|configured on your gateway",
        decides=True,
    ),
    Step(
        "Nothing has that path, so no model was looked for: the address of the API (ANTHROPIC_BASE_URL, base_url) ends before /v1/messages, which the client adds, and must name a server that speaks Anthropic's protocol",
        when=r"~\b404\b.{0,120}['\"]path['\"]: ?['\"]/",
        decides=True,
    ),
    Step(
        "It is a model of Google's own that Vertex AI does not have there: that version is withdrawn, or not offered in that region or to that project. Name a current one of Model Garden, and a region that has it",
        when=r"~\bpublishers/google/models/|\bmodels/gemini-",
        decides=True,
        anywhere=True,
    ),
    Step(
        "Vertex AI has no such model there: Anthropic's are under publishers/anthropic/models and are asked by its own client (AnthropicVertex), and named with an @ before the date (claude-sonnet-4@20250514), and each is to be enabled for the project in Model Garden and offered in that region",
        when=_OF_VERTEX,
        decides=True,
    ),
)
"""Models that a gateway or another cloud does not serve."""

LIST_OF_A_GATEWAY: Final = Step(
    "List the models that the gateway serves",
    'curl -s "$ANTHROPIC_BASE_URL/v1/models" -H "Authorization: Bearer $ANTHROPIC_AUTH_TOKEN"',
    when="your gateway could not serve|configured on your gateway",
    decides=True,
)

KEY_OF_ANOTHER: Final = (
    Step(
        "It is OpenAI that refuses, and no key of Anthropic helps: give the program (or the gateway, for that model) a valid OPENAI_API_KEY, whole and of that project; if another provider was meant, correct the model's name or its route, and the base URL",
        "curl -s -o /dev/null -w '%{http_code}' https://api.openai.com/v1/models -H \"Authorization: Bearer $OPENAI_API_KEY\"",
        when=r"~\bplatform\.openai\.com\b|\bopenaiexception\b|\bapi\.openai\.com\b|\bopenai(?:\.\w{1,30})?\.authenticationerror\b",
        decides=True,
    ),
    Step(
        "The organisation to which that ANTHROPIC_API_KEY belongs is disabled: unset the variable where Claude Code runs (env, the settings' env, apiKeyHelper) and sign in by the subscription, or take a key of another organisation",
        when=r"~\bbelongs to a disabled organi[sz]ation\b",
        decides=True,
    ),
    Step(
        "The relay that ANTHROPIC_BASE_URL names refuses this client, not Anthropic: its key is bound to certain clients or versions. Allow this one there (its setting of the key), or take a key without that bound",
        when=r"~\bclient is not authorized to use this api key\b",
        decides=True,
    ),
    Step(
        "It is a key of the LiteLLM in between that it does not know: make one there (POST /key/generate with its master key), give the client that one, and see that LiteLLM has the database in which it keeps them",
        when="litellm_verificationtable|invalid proxy server token|token_not_found_in_db",
        decides=True,
    ),
    Step(
        "A token of claude setup-token may only ask the model, and not read the usage or the profile: for those sign in fully (claude, /logout, /login) where CLAUDE_CODE_OAUTH_TOKEN is not set",
        when="does not meet scope requirement",
        decides=True,
    ),
)
"""Keys that are not the API's own, and what they may not do."""

ON_A_DESK: Final = (
    Step(
        "Claude Code runs on a desk here: sign in (claude, then /login), or set ANTHROPIC_API_KEY in that shell",
        when=r"~\b(?:appdata|[a-z]:/users|/users/[\w.-]{1,40}|/home/[\w.-]{1,40})/.{0,160}\bclaude-code/",
        decides=True,
    ),
)

SAID_BY_THE_REQUEST: Final = (
    Step(
        "The prompt and max_tokens together are more than the context holds: lower max_tokens first (the message adds both up), or send less of the conversation",
        when=r"~\binput length and .?max_tokens.? exceed",
        decides=True,
    ),
    Step(
        "The client sends a parameter of another provider's API: leave out the one that the message names (LiteLLM: drop_params=True drops such by itself)",
        when=r"~\bunsupportedparamserror\b|\b(?:response_format|frequency_penalty|presence_penalty|logprobs|seed|n|stop|user|stream_options|functions|logit_bias|reasoning_effort): extra inputs are not permitted",
        decides=True,
    ),
    Step(
        "The request holds a field that the API does not take in that place (the message names it): leave it out, or take a version of the client that fits the API, and its anthropic-beta header where the field needs one",
        when="extra inputs are not permitted",
    ),
    Step(
        "That operation is not for that model (an embedding or image model, or one without Converse): name a text model that has it, or ask that model by InvokeModel in its own form",
        when="this action does not support the model",
        decides=True,
    ),
    Step(
        "Thinking is asked for wrongly: with type enabled budget_tokens is 1024 at least and less than max_tokens; with disabled or adaptive leave budget_tokens out, and leave thinking out for a model without it",
        when=r"~\bthinking\.[\w.]{0,40}budget_tokens\b|\bbudget_tokens\b.{0,60}\b(?:must be|greater than)\b",
        decides=True,
    ),
    Step(
        "The history holds the answer of a tool without the call before it: whoever shortens or rebuilds the history must keep both, or leave out both; a session that is stuck goes back before it (/rewind), or begins anew",
        when=r"~\bmust have a corresponding .?tool_use\b",
        decides=True,
    ),
    Step(
        "A proxy or gateway in between takes no body of that size: raise its bound (nginx: client_max_body_size), or send less (in Claude Code /compact, fewer pictures)",
        when="request entity too large",
        decides=True,
    ),
    Step(
        "The client keeps back the reason: let it print the body of the answer (LiteLLM: LITELLM_LOG=DEBUG), or send the same request by hand, to the same address; an answer without a body is mostly a gateway's in between",
        when=r"~\bclient error '400 bad request' for url\b|\b400 status code \(no body\)",
        decides=True,
    ),
    Step(
        "The request lacks a header: send anthropic-version: 2023-06-01 with it, as Anthropic's own SDKs do; a proxy in between must pass it on",
        when="anthropic-version: header is required",
        decides=True,
    ),
    Step(
        "That model is not offered in the account's mode of data retention: choose another mode where the account or its provider keeps it, or name another model",
        when="data retention mode",
        decides=True,
    ),
    Step(
        "The client asks the old interface (/v1/complete), and newer models are only in the Messages API (/v1/messages): set the client to that, or take a newer version of it",
        when="use the messages api instead",
        decides=True,
    ),
    Step(
        "The conversation lost the answer to a call of a tool, and is refused as it stands: go back before that call (/rewind), or begin a new session; a client of your own must answer each tool_use with a tool_result in the next message",
        when=r"~^(?!.*\bmust have a corresponding .?tool_use\b).*(?:\btool_use\b|\btool_result\b|\btool use concurrency\b|\btoolresult blocks\b)",
        decides=True,
    ),
    Step(
        "The model gives fewer tokens in one answer: lower max_tokens (in Claude Code CLAUDE_CODE_MAX_OUTPUT_TOKENS), or take a model that gives as many; where the answer itself was cut, raise it up to that bound",
        when=r"~\bmax_tokens: \d{1,9} > \d|\boutput token maximum\b|\bmaximum tokens you requested\b",
        decides=True,
    ),
    Step(
        "A picture or the whole body is too large (5 MB a picture, 32 MB a request): make it smaller, or send less of it",
        when=r"~\bimage exceeds\b|\brequest_too_large\b|\brequesttoolarge|\brequest too large \(max|\bpdf too large\b|\brequest exceeds the maximum (?:size|allowed)\b",
        decides=True,
    ),
    Step(
        "A tool's input_schema is no JSON Schema as the API takes it (draft 2020-12): correct that tool, mostly one of an MCP server, or leave it out",
        when=r"~\binput_schema\b",
        decides=True,
    ),
    Step(
        "So long an answer must be streamed: use the SDK's stream (messages.stream, or stream=true), or lower max_tokens",
        when="operations that may take longer than 10 minutes",
        decides=True,
    ),
    Step(
        "A filter of the provider stopped the request or its answer: reword what it is about; no key and no setting of AWS changes that",
        when="content filtering policy|usage policy|requires moderation on",
        decides=True,
    ),
    Step(
        "A gateway in between answered, not Anthropic: ask it which clients, models and fields it takes, or call the API without it (ANTHROPIC_BASE_URL)",
        when=r"~\bprovider returned error\b|\bclient not allowed\b|\"message\": ?\"bad request\b",
        decides=True,
    ),
)
"""Requests that the API does not take, by what it says of them."""

FROM_ELSEWHERE: Final = (
    Step(
        "The API refuses where the call comes from (a country it does not serve, a VPN, a proxy or a browser), whatever the key: ask from a region and network that it serves, or through Bedrock",
        when="request not allowed|access to anthropic models is not allowed from",
        decides=True,
    ),
)
"""Calls that no other key would help."""
