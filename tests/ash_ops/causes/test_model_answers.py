"""Failures of the model's API, each as the programs between print it: the reason decides, not the code in front of it.

The sentences are those of the API and of Bedrock, the forms those of their SDKs, of LiteLLM, LangChain, the AI SDK,
Spring AI and OpenRouter, as their sources write them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.ash_ops.causes.remembered import answers

_REFUSED = "anthropic-request-invalid"
_UNKNOWN = "anthropic-model-unknown"
_LIMIT = "anthropic-rate-limit"
_FAILING = "anthropic-overloaded"
_KEY = "anthropic-auth"
_UNPAID = "anthropic-billing"
_DENIED = "aws-access-denied"

_Told = tuple[int, str, str, str]

_OF_THE_API: tuple[_Told, ...] = (
    (400, "invalid_request_error", "prompt is too long: 208310 tokens > 200000 maximum", _REFUSED),
    (400, "invalid_request_error", "messages: text content blocks must be non-empty", _REFUSED),
    (
        400,
        "invalid_request_error",
        "`temperature` and `top_p` cannot both be specified for this model.",
        _REFUSED,
    ),
    (
        400,
        "invalid_request_error",
        "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing.",
        _UNPAID,
    ),
    (401, "authentication_error", "invalid x-api-key", _KEY),
    (402, "billing_error", "There is an issue with your organization's billing.", _UNPAID),
    (403, "forbidden", "Request not allowed", _KEY),
    (404, "not_found_error", "model: claude-3-sonnet-20240229", _UNKNOWN),
    (413, "request_too_large", "Request exceeds the maximum size", _REFUSED),
    (
        429,
        "rate_limit_error",
        "This request would exceed your organization's rate limit of 40,000 input tokens per minute.",
        _LIMIT,
    ),
    (504, "timeout_error", "The request timed out while processing.", _FAILING),
    (529, "overloaded_error", "Overloaded", _FAILING),
)
_OF_BEDROCK: tuple[_Told, ...] = (
    (
        403,
        "AccessDenied",
        "You don't have access to the model with the specified model ID.",
        _DENIED,
    ),
    (403, "AccessDenied", "Access to the model is denied", _DENIED),
    (400, "Validation", "The provided model doesn't support on-demand throughput.", _UNKNOWN),
    (400, "Validation", "The provided model identifier is invalid.", _UNKNOWN),
    (
        400,
        "Validation",
        "Malformed input request: #: required key [max_tokens] not found, please reformat your input and try again.",
        _REFUSED,
    ),
    (400, "Validation", "Input is too long for requested model.", _REFUSED),
    (
        400,
        "Validation",
        "The maximum tokens you requested exceeds the model limit of 4096. Try again with a lower value.",
        _REFUSED,
    ),
    (400, "Validation", "This model doesn't support tool use in streaming mode.", _REFUSED),
    (400, "Validation", "invalid beta flag", _REFUSED),
    (429, "Throttling", "Too many tokens, please wait before trying again.", _LIMIT),
    (503, "ServiceUnavailable", "Too many connections, please wait before trying again.", _FAILING),
    (408, "ModelTimeout", "Model has timed out in processing the request. Try again.", _FAILING),
    (404, "ResourceNotFound", "This model version has reached the end of its life.", _UNKNOWN),
    (
        404,
        "ResourceNotFound",
        "Model use case details have not been submitted for this account. Fill out the form before using the model.",
        _REFUSED,
    ),
)


# AWS refuses a role, and limits a call, in its own words as well.
_OR = {_DENIED: "role-call-denied", _LIMIT: "aws-throttled"}


def _by_clients(status: int, kind: str, said: str) -> Iterator[str]:
    error = {"type": kind, "message": said}
    body = {"error": error} if kind == "forbidden" else {"type": "error", "error": error}
    line = json.dumps(body, separators=(",", ":"))
    yield f'  File "/app/agent.py", line 4, in run\nanthropic.APIStatusError: Error code: {status} - {body}'
    yield f"Error: {status} {line}\n    at APIError.generate (file:///app/node_modules/@anthropic-ai/sdk/core/error.mjs:39:20)"
    yield f"API Error: {status} {line}"
    yield f'POST "https://api.anthropic.com/v1/messages": {status} {line}'
    yield f"com.anthropic.errors.UnexpectedStatusCodeException: {status}: {said}"
    yield f"litellm.exceptions.APIError: litellm.APIError: AnthropicException - b'{line}'"
    yield f"AI_APICallError: {said}\n    url: 'https://api.anthropic.com/v1/messages',\n  statusCode: {status},\n  responseBody: '{line}',"
    yield f"pydantic_ai.exceptions.ModelHTTPError: status_code: {status}, model_name: claude-sonnet-4-5, body: {body}"
    yield f"org.springframework.ai.retry.NonTransientAiException: HTTP {status} - {line}"
    yield json.dumps({"error": {"message": "Provider returned error", "metadata": {"raw": line}}})
    yield json.dumps(body, indent=2)


def _of_bedrock(status: int, code: str, said: str) -> Iterator[str]:
    name = f"{code}Exception"
    line = json.dumps({"message": said})
    yield f"botocore.errorfactory.{name}: An error occurred ({name}) when calling the ConverseStream operation: {said}"
    yield f"{name}: {said}\n    at de_{name}Res (/app/node_modules/@aws-sdk/client-bedrock-runtime/dist-cjs/index.js:16:2) {{"
    yield f"operation error Bedrock Runtime: InvokeModel, https response error StatusCode: {status}, RequestID: 5b, {name}: {said}"
    yield f"software.amazon.awssdk.services.bedrockruntime.model.{name}: {said} (Service: BedrockRuntime, Status Code: {status})"
    yield f"API Error: {status} {said}"
    yield f"litellm.APIError: BedrockException - {line}"
    yield f"ValueError: Error raised by bedrock service: An error occurred ({name}) when calling the InvokeModel operation: {said}"
    yield f"anthropic.APIStatusError: Error code: {status} - {{'message': {said!r}}}"


_FORMS = [
    *(
        (text, cause)
        for code, kind, said, cause in _OF_THE_API
        for text in _by_clients(code, kind, said)
    ),
    *(
        (text, cause)
        for code, kind, said, cause in _OF_BEDROCK
        for text in _of_bedrock(code, kind, said)
    ),
]


@pytest.mark.parametrize(("text", "cause"), _FORMS, ids=range(len(_FORMS)))
def test_the_reason_decides_whatever_prints_it(text: str, cause: str) -> None:
    first = answers(text)[0][0]
    assert first in {cause, _OR.get(cause)}


@pytest.mark.parametrize(
    "text",
    [
        "googleapi: Error 403: forbidden, the caller does not have permission",
        '{"error":{"type":"forbidden","message":"You do not have access to this repository"}}',
        "SyntaxError: too many tokens on line 12",
        "Error: input is too long for column name varchar(255)",
        "The input is too long for the regular expression",
        "The method is overloaded in this module by a subclass",
        "A conversation must start with a greeting before questions",
        "stripe.error.InvalidRequestError: {'type': 'invalid_request_error', 'message': 'No such customer: cus_x'}",
        "openai.RateLimitError: Error code: 429 - {'error': {'message': 'Rate limit reached for gpt-4o'}}",
        "1 validation error for Settings\nextra inputs are not permitted [type=extra_forbidden]",
    ],
)
def test_the_words_alone_are_no_models(text: str) -> None:
    assert not [cause for cause, _ in answers(text) if cause.startswith("anthropic-")]
