"""The Ash server's own key and its internal secret."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says
from ash_ops.causes.catalogue.auth.words import ANY, RESTART_TASKS
from ash_ops.causes.catalogue.connection.words import OF_ANOTHER_URL

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
                "missing authorization header|authorization header is missing|authorization header missing|no authorization header|authorization header required|authorization header is required|missing bearer|missing x-api-key header|no api key provided|missing api key|authentication required|no authorization was found|non-200 status code (401)",
                rank=Rank.PRECISE,
                kinds="http log_line",
                unless=(
                    "~anthropic|(?<!missing )x-api-key",
                    "docker|registry|manifest|ghcr|for pull",
                    # Redis, which wants a password.
                    "noauth ",
                ),
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
            Step("Let the doctor compare the key, the secret and the task", "ash-ops doctor auth"),
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
                unless=(
                    "anthropic|x-api-key|authentication_error",
                    "internal",
                    "anonymous token|failed to pull|errimagepull|/v2/|registry",
                    OF_ANOTHER_URL,
                ),
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
        repair=(Step("Store it again without them", "ash-ops deploy"), RESTART_TASKS),
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
        repair=(RESTART_TASKS,),
        confused_with=(("ash-auth-invalid", "There the values differ for another reason."),),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html",
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
                kinds=ANY,
                # A secret that could not be had may bear the variable's name.
                unless="retrieve secret|fetch secret|json key|ssm parameter",
            ),
            says(
                "/api/internal/|runner",
                "~(?:(?:^|[^0-9a-z_-])(?:401|403)(?:[^0-9a-z]|$)|unauthorized)",
                rank=Rank.LIKELY,
                kinds=ANY,
                # What was asked says nothing of the answer, and is full of numbers.
                unless="anthropic|docker|ghcr|incoming request",
            ),
        ),
        confused_with=(("ash-auth-invalid", "That is the key of clients."),),
    ),
    Cause(
        slug="internal-secret-missing",
        title="Anyone may register a runner: no internal secret is set",
        category="auth",
        severity="warning",
        meaning="Without ASH_INTERNAL_SECRET (and NODE_ENV other than production) the internal endpoints accept everyone: a stranger's runner would receive your sessions. A problem at a coordinator, which hands its sessions to runners; a warning at any other server.",
        proof=(
            Step(
                "List the names of environment and secrets",
                "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.containerDefinitions[].[environment[].name,secrets[].name]'",
            ),
        ),
        repair=(Step("Set one", "ash-ops deploy"),),
        confused_with=(("ash-internal-secret", "There it is set and does not match."),),
    ),
)
