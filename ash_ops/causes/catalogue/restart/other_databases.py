"""What drivers of MySQL say of a database that is out of reach or refuses, and programs of any database."""

from typing import Final

from ash_ops.causes.base import Rank, Signature, Step, says
from ash_ops.causes.catalogue.restart.plainly_said import OF_ITS_OWN
from ash_ops.causes.catalogue.restart.words import ANY

OF_MYSQL: Final = "mysql|mariadb|access denied for user|er_access_denied|unknown database '|sqlstate[hy000] [2002]|sqlstate[hy000] [1045]|communications link failure"
"""How a message shows that the database is not PostgreSQL."""

_PROXY_IS_FULL: Final = r"~\b(?:timed[- ]out|timeout) waiting to acquire (?:a )?database connection\b|\b(?:number of client )?connections? to (?:the )?proxy exceeded \d|\bconnections? rate limit exceeded \(\d|\bnumber simultaneous connections exceeded\b"
_PROXY_REFUSES: Final = (
    r"~\bthis rds proxy (?:requires tls connections|has no credentials for the role)\b|\biam (?:authentication )?is allowed only with ssl connections\b|\biam authentication failed (?:for|because)\b|\brds supports only iam, md5,? or scram\b|"
    r"\buser name is missing from the connection startup packet\b|\bpassword that was provided for the role \S{1,63} is wrong\b|\brds proxy (?:currently )?(?:does not support|supports only)\b|\bunable to log into database with (?:previous|current|pending)\b"
)
OF_THE_PROXY: Final = (
    Step(
        "RDS Proxy takes TLS only, or signs in by IAM, which wants TLS: add sslmode=require to the URL",
        when="requires tls connections|allowed only with ssl",
        decides=True,
    ),
    Step(
        "RDS Proxy knows the database's users by secrets: give it one for that user (its Auth names the secret's ARN, and its role may read it), with the password that the database has",
        "aws rds describe-db-proxies --db-proxy-name <proxy> --query 'DBProxies[].Auth'",
        when=r"~\bthis rds proxy has no credentials\b|\bpassword that was provided for the role\b",
        decides=True,
    ),
    Step(
        "RDS Proxy did not take the IAM token: make a new one for the proxy's own host, port and user (it lasts 15 minutes), and allow rds-db:connect on the proxy to the task role; where too many sign in at once, open fewer connections",
        when=r"~\biam authentication failed (?:for|because)\b",
        decides=True,
    ),
    Step(
        "The rotation signs in with what the secret holds, and the database has another password: set the database's password to that of the secret, or the secret to the database's, then rotate again",
        "aws secretsmanager rotate-secret --secret-id <secret>",
        when="unable to log into database with",
        decides=True,
    ),
)
"""What RDS Proxy asks of who signs in."""

_OF_ELASTICACHE: Final = ".cache.amazonaws."
READ_STORES: Final = Step(
    "See whether the store runs, where, and whether it takes TLS only",
    "aws elasticache describe-replication-groups --query 'ReplicationGroups[].[ReplicationGroupId,Status,TransitEncryptionEnabled,NodeGroups[0].PrimaryEndpoint.Address]'",
    when=_OF_ELASTICACHE,
)
OF_STORES: Final = (
    Step(
        "Redis was asked for on the program's own address, and in a container or task that is itself: give it the host where Redis runs (REDIS_URL=redis://HOST:6379, in Compose the service's name, on AWS the endpoint of ElastiCache); on one machine without containers, start Redis",
        when=OF_ITS_OWN,
        decides=True,
    ),
    Step(
        "Nothing came back from the store: let the task's security group in on its port",
        "aws ec2 authorize-security-group-ingress --group-id <database-security-group> --protocol tcp --port 6379 --source-group <task-security-group>",
        when="~^(?=.*\\.cache\\.amazonaws\\.).*(?:timed? ?out|etimedout)",
    ),
    Step(
        "RDS Proxy had no connection to lend within the borrow timeout, or more callers than it takes: see that its target is AVAILABLE, keep fewer connections open in the program, give them back sooner, and raise MaxConnectionsPercent or ConnectionBorrowTimeout of the target group",
        "aws rds describe-db-proxy-targets --db-proxy-name <proxy> --query 'Targets[].[RdsResourceId,TargetHealth.State,TargetHealth.Reason]'",
        when=_PROXY_IS_FULL,
        decides=True,
    ),
    Step(
        "Correct the store's host in that program's settings: its name resolves within its VPC only; with encryption in transit the URL begins with rediss://",
        when=_OF_ELASTICACHE,
    ),
)
"""What helps where a program does not reach its ElastiCache."""

IN_A_BUILD: Final = (
    Step(
        "While an image is built no database runs beside it, and its network is the builder's: take what asks for one (a migration, a script that starts the program) out of RUN, and let the container do it when it starts",
        when=r"~(?:^| )#\d{1,3} \d{1,5}\.\d{1,3} ",
        decides=True,
        anywhere=True,
    ),
)

OTHERS_REFUSE: Final[tuple[Signature, ...]] = (
    # RDS Proxy, and the function that rotates a secret.
    says(
        "rds proxy|iam |scram|startup packet|password that was provided|log into database",
        _PROXY_REFUSES,
        rank=Rank.DECISIVE,
        kinds=ANY,
    ),
    says(
        "access denied for user",
        "using password|1045|er_access_denied|to database",
        rank=Rank.PRECISE + 2,  # it answered, whoever says above that it cannot be reached
        kinds=ANY,
    ),
    # Node's drivers, whose traces name them beside what TLS says of the server's certificate.
    says(
        "/mysql/lib/|/mysql2/lib/|/mysql2/promise|/mariadb/lib/|mysqlerror",
        "unable to get local issuer|self-signed certificate|self signed certificate|unable to verify the first|certificate has expired|handshake_ssl_error|certificate key too weak|certificate is not yet valid|hostname/ip does not match certificate",
        rank=Rank.PRECISE + 2,
        kinds=ANY,
    ),
    # Python's, which say first that they cannot connect, and the reason behind it.
    says(
        "pymysql|aiomysql|mysqldb|mysql.connector|mysql server",
        "certificate_verify_failed|certificate verify failed",
        rank=Rank.PRECISE + 2,
        kinds=ANY,
    ),
    # The code of Node's first driver for MySQL, whoever prints it.
    says("handshake_ssl_error", rank=Rank.PRECISE + 2, kinds=ANY),
    says("unknown database '", "1049|error|mysql", rank=Rank.CLEAR, kinds=ANY),
    says("is not allowed to connect to this", "mysql|mariadb", rank=Rank.PRECISE + 2, kinds=ANY),
    # MySQL of a way to sign in that one side does not know, Rails of a database that is not there, MongoDB.
    says(
        "er_not_supported_auth_mode|client does not support authentication protocol|public key retrieval is not allowed|we could not find your database: |bad auth : authentication failed|scram failure",
        rank=Rank.PRECISE + 2,
        kinds=ANY,
    ),
    says(
        "mongo",
        "authentication failed",
        "~\\bmongo\\w{0,20}error: (?:bad auth|authentication failed)|\\boperationfailure: (?:bad auth|authentication failed)|['\"]code['\"]: 18\\b",
        rank=Rank.PRECISE + 2,
        kinds=ANY,
    ),
    # Who signs in by IAM, and has no credentials to make the password of.
    says(
        "iam token|iam auth|auth token",
        "~\\b(?:generate|generating|create|creating|get|getting|build) (?:an? )?(?:rds|aurora) (?:iam )?(?:auth(?:entication)? )?token\\b",
        "unable|fail|error|cannot",
        rank=Rank.CLEAR,
        kinds=ANY,
    ),
)
"""Signatures of ``db-auth-failed``."""

_HOST: Final = r"(?:[\w-]{1,40}[-_])?(?:db|database|postgres(?:ql)?|pg|mysql|mariadb)(?:[-_]\w{1,20})?(?![\w.-])"
"""A host of one word that is called after the database it runs."""
_NOT_REACHED: Final = "econnrefused|etimedout|enotfound|ehostunreach|eai_again|connection refused|timed out|timeout|name or service not known|name resolution|name does not resolve|unknown server host|errno 111|errno -2|errno 110"
OTHERS_SILENT: Final[tuple[Signature, ...]] = (
    says("acquire|proxy exceeded|exceeded", _PROXY_IS_FULL, rank=Rank.DECISIVE, kinds=ANY),
    # telnet, at which a guide has one try the port of the database.
    says(
        "could not open",
        r"~\bconnecting to \S{3,120}\.rds\.amazonaws\.com\b[^|]{0,40}could not open connection to the host\b",
        rank=Rank.CLEAR,
    ),
    # How tables of troubles put it.
    says(
        "connection|connect to rds",
        "~^\\W{0,3}connection to (?:localhost:5432 refused|server at localhost port 5432 failed)|\\brds connection (?:refused|timed out)\\b|\\bcannot connect to rds\\b|^\\W{0,3}connection terminated due to connection timeout",
        rank=Rank.PRECISE + 1,
    ),
    # In the words of a person: without an address, and without what a driver said.
    says(
        "is down|went down|are down",
        "~\\b(?:database|rds(?: instance)?|aurora(?: cluster)?|postgres(?:ql)?|mysql|redis|valkey) (?:is|went|are) down\\b(?! to\\b)",
        rank=Rank.LIKELY,
        kinds=ANY,
        unless="whether ",
    ),
    says(
        "cannot connect to",
        "~\\bcannot connect to (?:local )?(?:mysql |mariadb )?server (?:on|through)\\b",
        rank=Rank.PRECISE,
        kinds=ANY,
    ),
    says(
        "pymysql|mysql|mysqli|mariadb|sequelizeconnection|sqlstate[hy000] [2002]",
        _NOT_REACHED,
        "error|exception|failed|fatal|panic",
        rank=Rank.CLEAR,
        kinds=ANY,
        unless=("access denied for user",),
    ),
    says("communications link failure", rank=Rank.CLEAR, kinds=ANY),
    # The pools of Quarkus and JBoss.
    says(
        "io.agroal.pool|ironjacamar|java:jboss/datasources|org.jboss.jca",
        "the connection attempt failed|unable to create connection|unable to get managed connection",
        rank=Rank.CLEAR,
        kinds=ANY,
    ),
    # PHP's own words, which name no error.
    says(
        "sqlstate[hy000] [2002]",
        f"{_NOT_REACHED}|no such file or directory",
        rank=Rank.CLEAR,
        kinds=ANY,
    ),
    says(
        "enotfound|eai_again|getaddrinfo|name or service not known|name resolution|no such host|name does not resolve|unknown server host|unknownhostexception",
        f"~\\b(?:enotfound|eai_again|unknownhostexception:|unknown server host) ['\"]?{_HOST}|\\bhostname['\"]?: ?['\"]{_HOST}|\\blookup ['\"]?{_HOST}",
        rank=Rank.CLEAR,
        kinds=ANY,
        unless=("redis", "mongo"),
    ),
    # A client of Redis that names itself, of a host beside it in a network of containers.
    says(
        "ioredis",
        "~\\bgetaddrinfo (?:enotfound|eai_again) (?!localhost|undefined|null)[a-z][a-z0-9_-]{1,40}(?![\\w.-])",
        rank=Rank.CLEAR,
        kinds=ANY,
    ),
    # Drivers and pools of a database that they wait for in vain, or that left them in the midst of it.
    says(
        "knex: timeout acquiring a connection|obtain a connection from the pool|obtaining a connection from the pool|unable to connect to any of the specified mysql hosts|unknown mysql server host|a network-related or instance-specific error occurred while establishing a connection to sql server|connection was closed in the middle of operation|driver: bad connection|buffering timed out after|connect to any servers in your mongodb atlas cluster|not possible to connect to the redis server|connection to server on socket",
        "~\\btimeout acquiring a connection\\b|\\bobtain(?:ing)? a connection from the pool\\b|\\bspecified mysql hosts\\b|\\bunknown mysql server host '|\\bconnection to sql server\\b|\\bmiddle of operation\\b|\\bpackets\\.go:\\d|\\boperation ['\"]?[\\w.()]{2,80}['\"]? buffering timed out after \\d|\\bmongodb atlas cluster\\b|\\bunabletoconnect on \\w|\\b(?:connectionnotestablished|connectionbad|operationalerror)\\b[^|]{0,60}\\bconnection to server on socket\\b",
        rank=Rank.PRECISE,
        kinds=ANY,
        unless=("access denied for user",),
    ),
    # Clients of Redis in Python and Go, of a host of one word: a container beside them.
    says(
        "redis",
        "~\\berror -[235] connecting to (?:redis://)?(?:[^@ ]{0,80}@)?(?!localhost)[a-z][\\w-]{1,60}(?::|/\\d)[^|]{0,30}\\b(?:name or service not known|name resolution|no address associated)|\\bconnect(?:ing)? to redis://(?:[^@ ]{0,80}@)?[a-z][\\w-]{1,60}:\\d{2,5}[^|]{0,60}\\bname resolution|\\blookup (?!localhost)[a-z][\\w-]{0,40}redis[\\w-]{0,20} on |\\blookup redis[\\w-]{0,20} on ",
        "name or service not known|name resolution|no address associated|no such host",
        rank=Rank.CLEAR,
        kinds=ANY,
    ),
    # MongoDB's drivers in a program that shows itself, of a host beside it or of Atlas.
    says(
        "mongo",
        "~\\bgetaddrinfo (?:enotfound|eai_again) (?!localhost|undefined|null)[a-z][\\w-]{1,40}(?![\\w.-])|\\bquery(?:srv|txt) e[a-z]{5,9} |\\b[a-z][\\w.-]{1,100}:27017: \\[errno -[235]\\]",
        "node_modules/|on first connect|topologydescription|level error|/site-packages/|_mongodb._tcp|serverselectiontimeouterror",
        rank=Rank.CLEAR,
        kinds=ANY,
    ),
    # In the words of a person, or of a script that gave up.
    says(
        "database|postgres|mysql|mariadb|rds| db|数据库|データベース",
        r"~\b(?:cannot|can not|can't|cant|could not|couldn't|unable to|not allowing (?:this|the|my|our) \w{3,20} to|fails to) (?:seem to )?(?:reach|connect to) (?:the |my |our |its |a )?(?:[\w-]{2,20} )?(?:database|db|postgres(?:ql)?|mysql|mariadb|rds)(?: server)?\b(?! user)|数据库连不上|连不上数据库|データベースに接続でき|\bstarts? before the (?:postgres|database|mysql|db)\b[\w ]{0,24}\bis ready to accept\b",
        rank=Rank.LIKELY,
        unless=("authentication failed", "access denied", "password", "certificate", "driver"),
    ),
    # Redis, by its port or the client that speaks, where somebody says that containers run it: else it may be any desk's.
    says(
        ":6379|redis::cannotconnecterror|error connecting to redis|redis client error|redis connection error|enotfound redis|eai_again redis",
        r"~:6379\b[^|]{0,40}\b(?:errno::e\w{5,12}|connection refused|timed out|timeouterror)|\b(?:econnrefused|etimedout|ehostunreach) (?:[\w.-]{1,80}|\[?::1\]?):6379\b|\bredis::cannotconnecterror\b|\bredis (?:client|connection) error\b[^|]{0,60}\b(?:econnrefused|etimedout|enotfound|eai_again)\b|\bgetaddrinfo (?:enotfound|eai_again) redis(?:://|[-_]\w{1,20}|(?![\w.-]))",
        r"~\b(?:docker|dockeri[sz]ed?|containers?|compose|fargate|ecs|elasticache)\b",
        rank=Rank.CLEAR,
        kinds=ANY,
        unless=("noauth|wrongpass|invalid username-password", "redis-cli|host.docker.internal"),
    ),
    # A store of ElastiCache, whose own name says that it is no API of AWS.
    says(
        _OF_ELASTICACHE,
        f"{_NOT_REACHED}|failed connecting to|cannot connect|connecting to",
        "~\\b(?:error|exception|failed|fatal|cannot|refused)|timed? ?out",
        rank=Rank.PRECISE,
        kinds=ANY,
        # A name that no resolver knows tells of no store that is down.
        unless=("noauth|wrongpass|invalid username-password", "enotfound|getaddrinfo eai_"),
    ),
    # Celery, of its broker; a broker that is there and refuses is told as a refused connection.
    says(
        "consumer: cannot connect to ",
        "redis://|rediss://|amqp://|amqps://|sentinel://",
        "name or service not known|cannot assign requested|name resolution|connection closed by server|nodename nor servname",
        rank=Rank.PRECISE,
        kinds=ANY,
    ),
    # Scripts that wait: they name whom they wait for, and not why it does not answer.
    says(
        "unavailable|is not available|is not ready|not reachable|not yet ready",
        f"~(?:^|[ '\"/]){_HOST}:\\d{{4,5}} is (?:unavailable|not (?:yet )?(?:available|ready|reachable))\\b|(?:^|\\W)(?:postgres(?:ql)?|mysql|mariadb|the database|db) is (?:still )?(?:unavailable|not (?:yet )?(?:available|ready|reachable|up)(?: yet)?)\\b[^|]{{0,20}}\\b(?:sleep|wait|retry|trying)|\\bdatabase connection (?:to ['\"]?[\\w.-]{{1,80}}['\"]? )?is not (?:available|ready)\\b",
        rank=Rank.CLEAR,
        kinds=ANY,
    ),
    # Rust's and Go's words around the driver's.
    says(
        "database|diesel|sqlx|gorm|connection_pool|connection pool",
        "~\\berror (?:communicating with|connecting to) (?:the )?(?:database|server)\\b|\\bfailed (?:connecting|to connect) to (?:the )?(?:database|db)\\b|\\bfailed to connect database\\b|\\b(?:database|db) connect failed\\b|\\bdatabase (?:is )?(?:unreachable|unavailable|not reachable)\\b|\\berror on database connection\\b|\\b(?:could|can) ?not connect to (?:the )?(?:database|db)\\b",
        rank=Rank.CLEAR,
        kinds=ANY,
        unless=(
            "access denied",
            "authentication failed",
            "p1000",
            "certificate",
            "libquery_engine",
        ),
    ),
)
"""Signatures of ``db-unreachable``."""

SYMBOLS_IN_A_URL: Final[tuple[Signature, ...]] = (
    says("nosuchmoduleerror: ", "sqlalchemy.dialects", rank=Rank.CLEAR),
    says("invalid percent-encoded token", rank=Rank.PRECISE),  # libpq
    # As people tell it: a character of the password ends a part of the URL too early.
    says(
        "password",
        "url|uri|connection string|dsn",
        "special char|reserved char|symbol|percent-encod|percent encod|url-encod|url encod|a '#'|a '@'|the @",
        "invalid|not valid|n't valid|fails to parse|failed to parse|parse error|reports invalidport|malformed|exception is raised",
        "postgres|database|mysql|db url|prisma|mongo|redis|invalidport",
        rank=Rank.PRECISE,
        unless=("authentication failed", "at least one"),
    ),
    says(
        "prisma|connection string|password",
        "invalid host provided|addrparseerror|invalid port number",
        rank=Rank.CLEAR,
        kinds=ANY,
    ),
)
"""Signatures of ``db-url-invalid``."""

UNREADABLE_URL: Final = (
    Step(
        "See that the program gets the variable at all (an .env that is not read leaves it empty), and that it is one URL: postgresql://USER:PASSWORD@HOST:5432/NAME, with @ : / of the password written as %40 %3A %2F",
        when=r"~^(?!.*\bash_).*(?:\bdatabase_url\b|\bsqlalchemy\b)",
    ),
    Step(
        "Java wants its own form: jdbc:postgresql://HOST:5432/NAME (jdbc:mysql:, jdbc:h2: the same way), with user and password in settings of their own; see that the variable is set at all",
        when=r"~\bmust start with\b[^|]{1,6}jdbc",
    ),
)
"""Databases of programs that are not Ash."""
