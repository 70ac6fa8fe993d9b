"""Repairs of calls to a model of Amazon Bedrock, chosen by what came back."""

from typing import Final

from ash_ops.causes.base import Step

RETIRED: Final = (
    Step(
        "That version of the model is retired, or kept only for those who use it: name one whose status is ACTIVE, by an inference profile of your region (us., eu., apac. or global. in front of it)",
        "aws bedrock list-foundation-models --by-provider anthropic --query 'modelSummaries[].[modelId,modelLifecycle.status]'",
        when="model version has reached the end|marked by provider as legacy",
        decides=True,
    ),
    Step(
        "Bedrock has no model of that name in that region: correct the name, its region, or name an inference profile",
        "aws bedrock list-foundation-models --by-provider anthropic --query 'modelSummaries[].[modelId,modelLifecycle.status]'",
        when="resolve the foundation model",
        decides=True,
    ),
)
"""Models that Bedrock has no longer, or does not know."""

_NOT_THERE: Final = r"~\bmodel (?:[\w.-]{1,20}\.)?(?:anthropic|amazon|meta|mistral|cohere)\.[\w.:-]{2,80} is not available in (?:the )?region\b|\bcalling the converse(?:stream)? operation: model not found\b|\bat 'modelid' failed to satisfy constraint\b|\bprovided model identifier is invalid\b"
_THERE: Final = (
    "aws bedrock list-foundation-models --query 'modelSummaries[].[modelId,modelLifecycle.status]'"
)

NOT_THERE: Final = (
    Step(
        "Bedrock has no model of that name in that region: write the name as its list has it (no alias of another tool, no context length behind it), ask in a region that has it, or name an inference profile",
        when=_NOT_THERE,
        decides=True,
    ),
)

LISTED: Final = (Step("List the models of the region", _THERE, when=_NOT_THERE, decides=True),)
"""Names that Bedrock does not have where it was asked."""

SAID_BY_BEDROCK: Final = (
    Step(
        "The schema of a tool holds a key that the model does not take (the message names it): write it without references (no definitions, $defs or $ref), mostly in a tool of an MCP server, or leave that tool out",
        when=r"~\btoolspec/inputschema\b|\btools?/\d{1,3}/(?:toolspec/)?input_?schema\b",
        decides=True,
    ),
    Step(
        "The prompt has more characters than that model takes (the message gives both numbers): send less of it, in parts, or name a model with a longer context",
        when=r"~\bexpected maxlength: \d{2,9}, actual: \d",
        decides=True,
    ),
    Step(
        "The account has to tell Anthropic once what it uses the models for: submit that form in Bedrock's model catalog (in an organisation, from the account that pays for all), and try again after 15 minutes",
        "aws bedrock get-use-case-for-model-access",
        when="model use case details",
        decides=True,
    ),
    Step(
        "The request has not the form of that model: for Claude, InvokeModel takes anthropic_version (bedrock-2023-05-31), max_tokens and messages, and no key that the message calls extraneous. Correct those keys, or ask by Converse, whose form is the same for all models",
        when=r"~\brequest body is invalid\b|\bmalformed input request\b(?!.{0,80}(?:\bexpected maxlength: \d|\binputschema\b))",
        decides=True,
    ),
    Step(
        "The model cannot do that: leave it out (tools in a stream, a system prompt, a prefilled answer), or name a model that can",
        when=r"~\bthis model does(?:n't| not) support\b",
        decides=True,
    ),
    Step(
        "Bedrock does not take that anthropic-beta header: let the client leave it out (in Claude Code CLAUDE_CODE_DISABLE_EXPERIMENTAL_BETAS=1), or take a newer client",
        when="invalid beta flag",
        decides=True,
    ),
    Step(
        "Messages must begin with the user's, and user and assistant take turns: drop what stands before the first of the user's when old messages are cut off",
        when=r"~\bconversation must (?:start|end) with\b|\bfirst message must use the\b|\broles must alternate\b",
        decides=True,
    ),
)
"""Requests that Bedrock does not take, by what it says of them."""

GRANT: Final = (
    Step(
        "A call by an inference profile needs both: allow bedrock:InvokeModel and bedrock:InvokeModelWithResponseStream on the profile, and on its foundation model in every region the profile leads to (arn:aws:bedrock:*::foundation-model/<its name>)",
        "aws bedrock list-inference-profiles --query 'inferenceProfileSummaries[].[inferenceProfileId,models[].modelArn]'",
        when="~^(?!.*explicit deny).*\\bperform: ?bedrock:(?:invoke|converse)",
    ),
)
"""What the policy of a role that asks Bedrock must hold."""
