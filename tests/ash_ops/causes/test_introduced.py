"""Messages that a page introduces are told; what only speaks of failures is not."""

from __future__ import annotations

import pytest

from ash_ops.causes.explain import explain
from ash_ops.causes.matching import folded
from ash_ops.causes.speech.introduced import introduced


def first(text: str) -> str:
    return explain(text)[0].answer.cause


@pytest.mark.parametrize(
    ("cause", "page"),
    [
        ("sqlite-locked", "When running Next.js inside a container, you may encounter the error `SqliteError: database is locked`. This typically occurs under load."),
        ("image-pull-denied", 'When you deploy, you may get the following error: "CannotPullContainerError: pull access denied for ash".'),
        ("image-arch-mismatch", 'You might encounter this error message: "standard_init_linux.go:228: exec user process caused: exec format error"'),
        ("db-unreachable", 'Developers often run into "Error: connect ECONNREFUSED 127.0.0.1:5432" when the database runs elsewhere.'),
        ("db-auth-failed", "Vous pouvez rencontrer l'erreur « FATAL: password authentication failed for user \"postgres\" » au démarrage."),
        ("image-pull-failed", 'Al desplegar puede aparecer el error "CannotPullContainerError: pull image manifest has been retried 5 time(s)".'),
        ("sandbox-userns-unavailable", '在容器环境中使用bwrap时,可能会遇到"Creating new namespace failed: Operation not permitted"的错误提示。'),
        ("image-pull-denied", "ECSタスクの起動時に「CannotPullContainerError: pull access denied」というエラーが発生することがあります。"),
        ("image-arch-mismatch", '컨테이너 실행 시 "exec format error" 오류가 발생할 수 있습니다.'),
        ("task-init-failed", '部署时如果遇到 "ResourceInitializationError: unable to pull secrets or registry auth" 错误,请检查。'),
        ("image-arch-mismatch", "When you run it on ECS, the following error may occur:\nCannotPullContainerError: pull image manifest has been retried 7 time(s):\nimage Manifest does not contain descriptor matching platform 'linux/amd64'"),
        ("image-not-found", "You might receive the following error:\nCannotPullContainerError: API error (404): manifest for ash:9 not found\nTo resolve it, see the guide."),
    ],
)  # fmt: skip
def test_a_message_that_a_page_introduces_is_told(cause: str, page: str) -> None:
    assert first(page) == cause


@pytest.mark.parametrize(
    "page",
    [
        "You might receive the following error: CannotPullContainerError: manifest unknown To resolve it, see the guide.",
        'There is a timing issue. When this happens the stack will fail with error "The target group does not have an associated load balancer." when deploying.',
        'Why do Fargate tasks sometimes fail with "Timeout waiting for network interface provisioning to complete"?',
        'The error "ResourceInitializationError: unable to pull secrets" has confused many developers over the years.',
        '# Uncomment if you hit "CannotPullContainerError: 403 Forbidden":\n# ecr_policy = true',
        "タスクは OutOfMemoryError で停止することがあります。",
        'You may see the words "connection refused" in old logs.',
        "RunningTaskCount reports the number of tasks in the RUNNING state. Others are pending, provisioning, deprovisioning, or stopped.",
        "The kernel must support user namespaces, and allow ordinary unprivileged processes to create one.",
        "When programs are running within containers with memory limits set, use an option that knows its limit.",
        "The CA certificate used by your server can be a self signed certificate for example.",
        "I read that aws login replaces the keys",
    ],
)
def test_what_a_page_only_speaks_of_is_not(page: str) -> None:
    assert first(page) == "unknown"


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        ("container-start-failed", "docker says: OCI runtime create failed"),
        ("entrypoint-missing", 'OCI runtime create failed: exec: "server": executable file not found in $PATH'),
        ("db-url-invalid", "PrismaConfigEnvError: Cannot resolve environment variable: DATABASE_URL"),
        ("db-unreachable", "the service times out with SQLAlchemy's QueuePool limit error"),
        ("cfn-in-progress", "[409] Conflict: Another update is currently in progress."),
        ("aws-sso-expired", "Your session has expired. Please reauthenticate using 'aws login'."),
        ("aws-credentials-missing", "since aws login is used:\n$ tofu plan\n│ Error: No valid credential sources found"),
    ],
)  # fmt: skip
def test_what_pages_of_tools_print_is_known(cause: str, said: str) -> None:
    assert first(said) == cause


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        ("task-init-failed", "Recibí el error «ResourceInitializationError: no se pueden extraer los secretos»"),
        ("image-pull-failed", "Recebo o erro «CannotPullContainerError: não pode extrair a imagem»"),
        ("entrypoint-missing", "**19:08** - Deploy crashed\n**19:14** - Container logs: `Error: Cannot find module '../scripts/log'`"),
        ("db-auth-failed", 'P1010\n"User `app` was denied access on the database `prod`"'),
        ("db-auth-failed", "asyncpg.exceptions.InvalidCatalogNameError: 3D000 invalid_catalog_name"),
        ("db-unreachable", 'sqlx: Database(PgDatabaseError { severity: Fatal, code: "53300", message: "too_many_connections" })'),
        ("anthropic-request-invalid", "403: Your chosen model requires moderation and your input was flagged"),
        ("anthropic-overloaded", "502: Your chosen model is down or we received an invalid response from it"),
        ("anthropic-model-unknown", "503: There is no available model provider that meets your routing requirements"),
        ("anthropic-rate-limit", "openrouter 429: You are being rate limited"),
        ("task-stuck", "Ma tâche ECS est bloquée sur l'état PENDING (EN ATTENTE)."),
        ("task-stuck", "Mi tarea de Fargate se queda atascada en el estado PENDING"),
        ("task-stuck", "Amazon ECS 작업이 보류 중인 상태에서 멈췄습니다."),
        ("cfn-in-progress", "my stack is stuck in CREATE_IN_PROGRESS"),
        ("cfn-in-progress", "堆栈一直卡在 UPDATE_ROLLBACK_IN_PROGRESS"),
        ("sqlite-locked", "It keeps its SQLite database on an NFS mount and starts getting disk I/O error"),
    ],
)  # fmt: skip
def test_what_other_tongues_and_references_print_is_known(cause: str, said: str) -> None:
    assert first(said) == cause


@pytest.mark.parametrize(
    "said",
    [
        "El contenedor puede terminar con OutOfMemoryError",
        "Os contêineres podem falhar com CannotPullContainerError",
        "hard \u2013 Sets the recovery behavior of the client after an NFS request times out",
        "startPeriod: grace period \u2014 ECS will not count health check failures during this window.",
        "The user was denied access on the second floor",
        "Die Lieferung hängt von pending invoices ab",
        "the request is pending and the review was blocked",
        "**Container** - what runs\n**Exit code 137** - the container was killed",
    ],
)
def test_what_they_only_speak_of_is_not(said: str) -> None:
    assert first(said) == "unknown"


def test_only_a_message_is_introduced_and_not_a_name() -> None:
    assert (
        introduced(folded("you may encounter the error 'database is locked' there"))
        == "database is locked"
    )
    assert not introduced(folded("you may encounter the error 'EADDRINUSE12345' there"))
    assert not introduced(folded("you may encounter 'a thing of three words' there"))
