"""Steps for connections whose message says its whole reason itself."""

from typing import Final

from ash_ops.causes.base import Rank, Signature, Step, says

_NOT_ASHS: Final = r"~^(?!.*(?:\bash\b|\bash[-_.]|\b4100\b))"
_DOCKERS: Final = rf"{_NOT_ASHS}.*\b172\.(?:1[7-9]|2\d|3[01])\.\d{{1,3}}\.\d{{1,3}}\b.{{0,40}}\bno route to host\b"

READ_CONTAINERS: Final = (
    Step(
        "See which containers run, and under which names",
        "docker ps --format '{{.Names}} {{.Status}} {{.Ports}}'",
        when=_DOCKERS,
        decides=True,
    ),
)

NO_CONTAINER_THERE: Final = (
    Step(
        "It is an address of Docker's own network, and no container has it now: start the one that ended, and call it by its name in a network of both, or by its published port; its address changes at each start",
        when=_DOCKERS,
        decides=True,
    ),
)

_OF_NGINX: Final = r"(?:\bnginx/\d|\bserver: nginx\b|<center>nginx)"

NGINX_ITSELF: Final = (
    Step(
        "nginx itself answered: it has no server for that host name, or none of its upstreams runs. Its error log says which; start that program, correct the name that is called, or proxy_pass",
        "docker logs <container>",
        when=rf"{_NOT_ASHS}(?!.*\bawselb\b).*{_OF_NGINX}",
        decides=True,
    ),
)

SPEAKS_TLS: Final = (
    Step(
        "That port takes TLS alone: call it by https://. If a proxy or load balancer in front of it called, let that speak HTTPS to its target (protocol of the target group, proxy_pass https://), or give it a port that speaks plain HTTP",
        when=rf"{_NOT_ASHS}.*(?:\bnginx\b|\bclient sent an http request to an https server\b|\btraefik\b|\bapache\b)",
        decides=True,
    ),
)

READ_THE_DATABASES: Final = (
    Step(
        "Read the certificate that the database shows",
        "openssl s_client -starttls postgres -connect <database-host>:5432 -showcerts </dev/null",
        when=r"~^(?=.*(?:\bself[- ]signed\b|\bunable to get local issuer\b)).*(?:\bpostgres|\bsequelize|\bknex\b|\bprisma\b|/pg/)",
        decides=True,
    ),
)

_OF_ALL: Final = r"(?:all|every|everyone|each)\b[^.|]{0,24}\b(?:users?|clients?|visitors?|requests?|ips?|callers?|base)"
ONE_BUCKET: Final[tuple[Signature, ...]] = (
    # A server behind a balancer or proxy counts all its callers as one.
    says(
        "express-rate-limit|trust proxy|ratelimit|rate limit|429",
        "429|too many requests|rate limit|rate-limit|ratelimit|blocked|blocking",
        rf"~\b(?:single|one|shared?s?)\b[^.|]{{0,30}}\bbucket\b|\b(?:429|limited)\b[^.|]{{0,40}}\b{_OF_ALL}\b|\b{_OF_ALL}\b[^.|]{{0,60}}\b(?:429s?|blocked|limited)\b|\bblocks all ips?\b|모든 사용자|\bexpress-rate-limit\b[^|]{{0,60}}\b429\b|\bratelimit-remaining\b[^|]{{0,80}}\bmore than 1 per request\b|\bblocking my ip\b",
        "express|trust proxy|load balancer|proxy|my server|bucket|package|plugin|all ip|ratelimit-remaining",
        rank=Rank.PRECISE,
        unless=("anthropic|claude|openai|bedrock|github api", "setting is true"),
    ),
)
"""Signatures of ``ash-rate-limited``."""

TRUST_THE_PROXY: Final = (
    Step(
        "Express takes the address of the balancer or proxy for the caller's, so all share one limit: app.set('trust proxy', 1), with as many as stand in front of it; it counts those that the balancer puts into X-Forwarded-For",
        when=r"~\bexpress\b|\btrust proxy\b|\bexpress-rate-limit\b",
        decides=True,
    ),
)

FALLS_SILENT: Final[tuple[Signature, ...]] = (
    # Who stands between drops what says nothing for a while, whatever it is called.
    says(
        "idle|silent|silence",
        "alb|nlb|load balancer|elb|proxy|proxies|intermediar|gateway",
        "stream|sse|response|connection|client",
        r"~\bidle[- ]?(?:(?:connection|tcp)[- ])?time-?outs?\b(?:[^.|]|\.(?=\S)){0,140}\b(?:abort|clos|kill|drop|sever|reset|cut)(?:s|es|ed|ting)?\b|\b(?:kill|clos|drop|sever|reset|cut|abort)(?:s|es|ed)? (?:[a-z]{2,10} ){0,2}(?:idle|silent)\b|\bkilled by idle\b",
        rank=Rank.LIKELY,
        unless=("postgres|database|redis|mysql|ssh", "should be configured to|to drop connections"),
    ),
)
"""Signatures of ``stream-idle-timeout``."""

LET_IT_BE_SILENT: Final = (
    Step(
        "An application load balancer drops what is silent for 60 s unless told otherwise: let the server send a line every 15 s while it works (in a stream of events a comment, which begins with a colon), or let the balancer wait longer",
        "aws elbv2 modify-load-balancer-attributes --load-balancer-arn <load-balancer> --attributes Key=idle_timeout.timeout_seconds,Value=4000",
        when=r"~^(?!.*(?:\bnlb\b|\bnetwork load balancer\b|\b350\b)).*(?:\balbs?\b|\bapplication load balancer\b|\belastic load balanc|\b60 ?(?:s|sec|seconds?)\b)",
        decides=True,
    ),
    Step(
        "Let the server send a line every 15 s while it works (in a stream of events a comment, which begins with a colon), so that nothing between it and its caller takes the stream for a dead one; or raise the idle timeout of what stands between",
        when=r"~^(?!.*(?:\b[an]lbs?\b|\bload balanc|\b60 ?(?:s|sec|seconds?)\b|\b350\b)).*\b(?:proxy|proxies|gateway|intermediar)",
        decides=True,
    ),
)
