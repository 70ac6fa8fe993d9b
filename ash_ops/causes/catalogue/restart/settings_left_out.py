"""What programs say of settings that they are not given, in the words of the libraries that read them."""

from typing import Final

from ash_ops.causes.base import Rank, Signature, Step, says

_ENDS: Final = "log_line stopped_task"
_NAME: Final = r"['\"`:]?[a-z][a-z0-9]{0,30}_[a-z0-9_]{1,60}['\"`]?"
"""A variable's name: of several words."""
_OURS: Final = ("anthropic|ash_|aws_|database_url",)

SETTINGS_LEFT_OUT: Final[tuple[Signature, ...]] = (
    # envconfig of Go, Elixir, Ruby, dotenv of PHP, Laravel, T3's env, koanf and viper.
    says(
        "missing value|environment variable|failed assertions|key not found: |application encryption key has been specified|fatal error config file|: missing ",
        f"~\\brequired key {_NAME} missing value\\b|\\b(?:required environment variable|fetch environment variable|environment variable) {_NAME} (?:is not set|not set|because it is not set|is missing)\\b|\\bfailed assertions: {_NAME}|\\bkeyerror: key not found: {_NAME}|\\bno application encryption key has been specified\\b|\\bfatal error config file: |\\b(?:config|configuration|env): missing {_NAME}|^[^a-z]{{0,20}}(?:invalid or )?missing environment variables?:",
        rank=Rank.GENERIC,
        kinds=_ENDS,
        unless=_OURS,
    ),
    # A file of settings that is not where the program looks for it.
    says(
        "config",
        "~\\bconfig file ['\"][\\w.-]{1,60}['\"] not found in ['\"]|\\b(?:unable to|failed to|could not|cannot) (?:load|parse|read|open) (?:the )?config\\w{0,12}(?: file)?\\b[^|]{0,200}\\bno such file or directory\\b|\\berror (?:while )?(?:loading|parsing|reading|opening) (?:the )?config\\w{0,12}(?: file)?\\b[^|]{0,200}\\bno such file or directory\\b",
        rank=Rank.GENERIC,
        kinds=_ENDS,
        unless=("aws|.docker/config|kubeconfig", "anthropic"),
    ),
    # Python, of the environment: a name that only a setting has.
    says(
        "keyerror: ",
        "~\\bkeyerror: ['\"](?:database|db|postgres|pg|mysql|redis|mongo|s3|api|app|secret|jwt|smtp|mail|auth|django|flask|openai|slack|stripe|sentry)_(?:\\w{1,40}_)?(?:url|uri|dsn|host|port|name|user|username|password|pass|secret|key|token|bucket|region|env)['\"]",
        rank=Rank.GENERIC,
        kinds=_ENDS,
    ),
    # Spring, and .NET's host: what stands in a property, what a class asks for.
    says(
        "resolve placeholder|failed to bind properties under|required a bean of type|unable to resolve service for type|application failed to start|argumentnullexception",
        "~\\bresolve placeholder '|\\bfailed to bind properties under '|\\brequired a bean of type '|\\bunable to resolve service for type '|\\bapplication failed to start \\W{0,40}description: \\W{0,4}(?!web server failed to start)|\\bunhandled exception\\. system\\.argumentnullexception\\b",
        rank=Rank.GENERIC,
        kinds=_ENDS,
        unless="was already in use",
    ),
    # Node, of its own options; and Rails, of the run before.
    says(
        "is not allowed in node_options|a server is already running",
        "~^[^a-z]{0,10}node: --?[\\w-]{2,60} is not allowed in node_options\\b|\\ba server is already running[.:]? ?\\(?(?:check|pid)\\b",
        rank=Rank.GENERIC,
        kinds=_ENDS,
    ),
)
"""Signatures of ``app-crash``."""

GIVE_IT: Final = (
    Step(
        "The text names what the program is not given: set it where the program runs (environment or secrets of the container in the task definition; -e or env_file of Docker), in a property or variable of just that name, and deploy anew",
        when=r"~\brequired key \w|\bmissing value\b|\bfailed assertions: |\bkey not found: |\bkeyerror: ['\"]\w{2,40}_\w|\bresolve placeholder '|\bfailed to bind properties under '|\bno application encryption key\b|\bmissing [a-z][a-z0-9]{0,30}_(?:[a-z0-9]{1,20}_){0,4}(?:key|token|url|uri|dsn|secret|password|id|host|region|bucket)\b",
        decides=True,
    ),
    Step(
        "The text names a setting whose value the program does not take: give it one of the form, the length or the kind that stands there",
        when=r"~\bis an invalid value for parameter\b",
        decides=True,
    ),
    Step(
        "The file of settings that the message names is not where the program looks for it: copy it into the image at that path, mount it there, or give the program the path where it is",
        "docker run --rm --entrypoint ls <image> -la",
        when=r"~\bconfig file ['\"][\w.-]{1,60}['\"] not found in ['\"]|\b(?:load|loading|parse|parsing|read|reading|open|opening) (?:the )?config\w{0,12}(?: file)?\b[^|]{0,200}\bno such file or directory\b",
        decides=True,
    ),
    Step(
        "The file of a run before this one says that the server runs still: let the start remove it (rm -f tmp/pids/server.pid), and keep tmp/pids out of volumes and of the image",
        when="a server is already running",
        decides=True,
    ),
)
"""What helps against it."""
