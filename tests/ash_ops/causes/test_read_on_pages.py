"""What pages and questions paste: words of a server in a person's sentence, words within longer words, answers of health."""

import pytest

from ash_ops.causes.explain import explain


def first(text: str) -> str:
    return explain(text)[0].answer.cause


@pytest.mark.parametrize(
    "said",
    [
        "After migrating to Fargate the site returns 503",
        "We migrated from Heroku to ECS and the container restarts all the time",
        "Since the migration the service is stuck",
        "I run npm start and nothing happens",
        "The server listening on port 3000 does not answer",
        "server is ready in 3 s but the page stays white",
    ],
)
def test_a_complaint_in_the_words_of_a_server_is_no_all_clear(said: str) -> None:
    assert first(said) != "healthy-log"


@pytest.mark.parametrize(
    "line",
    [
        "[server] Listening on http://0.0.0.0:4100",
        "Server listening at http://0.0.0.0:4100",
        "Running migrations: migrating 0012_sessions",
        "I 2021-06-14T21:33:00.1Z PID 1 listening at :7419",
    ],
)
def test_the_lines_of_a_sound_server_stay_calm(line: str) -> None:
    assert first(line) == "healthy-log"


@pytest.mark.parametrize(
    ("cause", "answer"),
    [
        ("db-unreachable", '{"status":"unhealthy","checks":{"database":"disconnected"}}'),
        ("db-unreachable", '{"status":"error","db":"down"}'),
        ("unknown", '{"status":"healthy","checks":{"database":"connected"}}'),
        ("unknown", '{"name":"orders","database":"errors"}'),
    ],
)
def test_a_health_answer_tells_what_it_looked_at(cause: str, answer: str) -> None:
    assert first(answer) == cause


def test_what_manifested_itself_is_no_manifest_of_an_image() -> None:
    said = "it often manifested as: Failed to connect to api.anthropic.com"
    assert first(said) != "image-pull-network"
    pulled = 'pull image manifest has been retried 5 time(s): failed to do request: Head "https://ghcr.io/v2/": dial tcp 1.2.3.4:443: i/o timeout'
    assert first(pulled) == "image-pull-network"


@pytest.mark.parametrize("frame", ["", "\n    at GetAddrInfoReqWrap.onlookup (node:dns:107:26)"])
def test_the_properties_of_an_error_take_nothing_from_its_first_line(frame: str) -> None:
    error = f"Error: getaddrinfo ENOTFOUND hooks.acme.io{frame}"
    told = "\n  errno: -3008, code: 'ENOTFOUND', hostname: 'hooks.acme.io'"
    assert first(error) == first(error + told) == "dns-nxdomain"


@pytest.mark.parametrize(
    ("cause", "name"),
    [
        ("anthropic-rate-limit", "RateLimitError: Too many requests"),
        ("anthropic-auth", "AuthenticationError: the key is not known"),
    ],
)
def test_errors_of_the_model_have_an_older_place(cause: str, name: str) -> None:
    assert first(f"anthropic.{name}") == first(f"anthropic.errors.{name}") == cause


def test_a_list_of_what_is_caught_reports_nothing() -> None:
    listed = "That catches many infrastructure failures:\n\n  • Container exits during startup.\n  • Health checks fail.\n  • Tasks cannot be placed."
    assert first(listed) == "unknown"


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        ("ash-server-error", "The service was experiencing a high volume of 502 Bad Gateway errors behind an ALB"),
        ("conn-reset", "ALB access logs: elb_status_code=502 target_status_code=-"),
        ("db-unreachable", "RDS PostgreSQL connection pool exhausted"),
        ("db-unreachable", "1. Database is down"),
        ("container-oom", "The database is down because of OutOfMemoryError: Container killed due to memory usage"),
        ("db-unreachable", "Connection to 10.0.3.7:5432 refused."),
        ("tls-to-plain-http", "SSL_ERROR_RX_RECORD_TOO_LONG in Firefox when I open the load balancer's address with https"),
        ("cfn-resource-missing", "Output [VpcId] is not exported and cannot be imported"),
        ("cfn-already-exists", "ResourceInUseException: Table already exists: orders-prod (Service: AmazonDynamoDBv2)"),
        ("cfn-already-exists", "(ResourceInUseException) when calling the CreateStream operation: Stream clicks under account 123456789012 already exists."),
        ("cfn-delete-dependency", "(ResourceInUseException) when calling the DeleteCapacityProvider operation: The specified capacity provider is in use and cannot be removed."),
        ("container-oom", "Our alarm fires when tasks die; tonight it fired: OutOfMemoryError: Container killed due to memory usage"),
        ("cfn-template-invalid", "RunTask is rejected with InvalidParameterException: Container Overrides length must be at most 8192"),
    ],
)  # fmt: skip
def test_what_people_tell_of_it_is_known(cause: str, said: str) -> None:
    assert first(said) == cause


@pytest.mark.parametrize(
    "said",
    [
        "SkillTimeoutError: Skill 'web_search' timed out after 30.0s",
        "NLB now supports a new health status that enables you to drain targets that fail health checks.",
        "| ForbiddenIdentityConfiguration | 403 |",
        "Without increasing the default, your task might fail with a disk full error.",
        "ALB access logs: elb_status_code=200 target_status_code=200",
        "the ECS compute strategy of this service is described in the README",
        "the thread pool is exhausted, the database is fine",
        "ERR_SSL_PROTOCOL_ERROR is the generic catch-all for a TLS handshake that broke.",
        "The rule bites most often: too narrow and ECS can't reach the database at all; too wide and all can.",
        "check whether the database is down",
        "the load of the database is down to 3 %",
        "If the database is down, the tasks restart",
        "This is a compound finding that fires only when two patterns overlap: your containers are being killed by the OOM killer, and the others produce errors.",
        "The tool looks for these fragments:\nexec format error\nentrypoint.*not found\ncontainer.*exited immediately",
    ],
)
def test_what_only_sounds_like_it_is_none(said: str) -> None:
    assert first(said) in ("unknown", "healthy-http")
