"""Steps for connections whose message says its whole reason itself."""

from typing import Final

from ash_ops.causes.base import Step

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
