"""Words that several causes of this package are recognised by, and sources they share."""

from typing import Final

from ash_ops.causes.base import Step

TARGET_HEALTH: Final = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html"

_LOGGED: Final = (
    r"\d{4}-\d\d-\d\dt[\d:.]{6,16}z app/[\w/-]{3,90} [\d.a-f:]{3,45}:\d{1,5} "
    r"(?:-|[\d.a-f:]{3,45}:\d{1,5}) (?:-?[\d.]{1,12} ){3}"
)
"""A line of an Application Load Balancer's access log as far as its codes."""


def access_log(codes: str) -> str:
    """The term for such a line with these codes, the balancer's and the target's (``-`` where it gave none).

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
    """
    return f"~{_LOGGED}(?:{codes}) "


CHECK_TARGETS: Final = Step(
    "Ask for the health of the targets",
    "aws elbv2 describe-target-health --target-group-arn <target-group>",
)

ASH_ADDRESS: Final = "~\\bash[-_.][^ ]{0,120}\\.elb\\.|-nlb-|:4100\\b|port[ =:]{1,2}4100\\b"
"""The load balancer's name or the server's port: only then it is the server that does not answer."""
OTHER_HOST: Final = "~(?:enotfound|eai_again) (?![^ ]{0,200}(?:\\.elb\\.|nlb))[a-z0-9]"
"""Node's words for a name that is not the load balancer's: ``getaddrinfo ENOTFOUND redis``."""
OTHER_PORT: Final = "~econnrefused [0-9a-f.:\\[\\]]{2,45}:(?!(?:4100|80|443)\\b)\\d{2,5}\\b"
"""Node's words for a port that is not the server's: ``connect ECONNREFUSED 127.0.0.1:6379``."""
NOT_OTHERS: Final = (
    ":5432|port 5432|port=5432|', 5432|postgres|psycopg|postgrex|dbconnection|database|[db]",
    "anthropic|claude api|160.79.104.|connect to api |connect to api (|api error (",
    "endpoint url",
    # An API of AWS or a registry in it; a load balancer's name ends so, too.
    "~(?:^|[ '\"(/@])(?![^ /]{0,200}\\.elb\\.)[\\w.-]{1,200}\\.amazonaws\\.com/",
    "~\\| 5432(?: \\||$)",
    "sqlite",
    "redis|mysql|mongo|rabbitmq|smtp",
    "could not transition to",
    # A socket in the file system is no way through a network.
    "dial unix|unix:///",
)
NPMS_OWN: Final = r"~\bnpm (?:err!|error) (?!code elifecycle\b|errno \d{1,3}\b|lifecycle\b|path\b|command\b|exit status|failed at the|this is probably not a problem with npm|a complete log|[\w@./-]{1,80} [\w:-]{1,30}: [`'])"
"""What npm says of its own errand; of a script that it ran it only tells that it ended."""
ONE_WORD: Final = (
    "~\\bhostname['\"]?: ?['\"][a-z0-9_-]{1,40}['\"]|\\bgetaddrinfo \\| [a-z0-9_-]{1,40}(?: \\||$)"
)
"""A host of one word in an error's fields: a service beside the program, never a load balancer."""
OF_A_DATABASE: Final = (
    "postgres|:5432|port 5432|port=5432|[db]|database|rds|/pg-pool/|/pg/lib/|/pg-protocol/"
)
"""Marks of a database's connection: what it says of certificates is the database's affair."""
OF_ANOTHER_URL: Final = "~\\bfor url:? ['\"]?https?://(?![^/ ]{0,200}(?:\\.elb\\.|nlb|\\bash\\b|localhost|:4100))(?!\\d)[^/ ]{1,200}/(?!api/|health|metrics|docs)\\w"
"""Python's words for an answer to a request that was not the server's: it has no such paths."""
CLIENT: Final = "http log_line"
CALLER: Final = "curl: (|fetch failed|requests.exceptions|httpx.|httpcore.|urllib3|axioserror|undici|net::err|err_connection|err_name|.elb.|-nlb-|ash-nlb|:4100"
"""Marks of one who calls the server, or of the server's own address."""
OF_AWS: Final = "~\\b(?:host|lookup|enotfound|eai_again|resolve)[:= '\"]{1,3}(?![^ ]{0,200}\\.elb\\.)[^ ]{0,200}\\.(?:amazonaws\\.com|api\\.aws)"
"""The name that does not resolve is that of an API of AWS."""
OTHER_TLS: Final = "received close_notify|unsupported protocol|unsupported_protocol|no protocols available|dh key too small|dh_key_too_small|ca md too weak|unsafe legacy renegotiation"
"""Another end that does speak TLS: it ends the talk, or speaks a version or ciphers that this one no longer takes."""
HANDSHAKE_TIMES_OUT: Final = "handshake timeout|handshake timed out"
"""Nothing came back of TLS, which says nothing of what is spoken there."""
SERVED: Final = "tls handshake error from|while ssl handshaking, client"
"""A server of Go, or nginx, which speaks TLS, of a caller that did not."""
PULLED: Final = "error response from daemon: |pinging container registry"
"""Who asks a registry for an image: that failure is a pull's."""
ANSWERED_LATE: Final = Step(
    "The program was reached and did not answer in time: see what it did meanwhile (its log, its CPU, a slow query), mend that, and only then let the proxy wait longer (proxy_read_timeout; the balancer's idle timeout too)",
    when=r"~\btimed out\b.{0,60}\bwhile reading (?:response header from )?upstream\b",
    decides=True,
)
"""What to do where nginx waited for an answer in vain."""
BEHIND_A_PROXY: Final = Step(
    "A proxy did not reach the program behind it: see that this runs and did not end, that it listens on 0.0.0.0 and the port that the proxy asks, and that the proxy names a host that its network knows",
    when="connecting to upstream|found in upstream|could not be resolved (|upstream: |reason: layer4|upstream connect error",
)
"""What to do where nginx or another proxy tells of the server that it asked."""
