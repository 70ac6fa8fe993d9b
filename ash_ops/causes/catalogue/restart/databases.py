"""PostgreSQL: out of reach, refused, misread."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says
from ash_ops.causes.catalogue.restart.built_elsewhere import LET_IN_TO_IT
from ash_ops.causes.catalogue.restart.further_reasons import JDBC, NOT_YET_UP
from ash_ops.causes.catalogue.restart.other_databases import (
    IN_A_BUILD,
    OF_MYSQL,
    OF_STORES,
    OTHERS_REFUSE,
    OTHERS_SILENT,
    READ_STORES,
    SYMBOLS_IN_A_URL,
    UNREADABLE_URL,
)
from ash_ops.causes.catalogue.restart.other_programs import (
    DRAINED_POOL,
    IN_A_NAMESPACE,
    IN_COMPOSE,
    NO_PASSWORD,
    SIGN_IN,
    UNTRUSTED_DATABASE,
)
from ash_ops.causes.catalogue.restart.plainly_said import PERCENT, READ_THE_STORES
from ash_ops.causes.catalogue.restart.repairs import (
    READ_DATABASES,
    REFUSED_BY_DATABASE,
    UNREACHED_DATABASE,
)
from ash_ops.causes.catalogue.restart.words import ANY, NO_RESOLVER, POOL

_DB: Final = ":5432|:5433|port 5432|port=5432|:6543|postgres|database|[db]|ash_database_url|rds.amazonaws|aurora|pg_|/pg/|pg-pool|pgbouncer|:3306|dberror|drizzle|sequelize|connection attempt|psycopg|asyncpg|npgsql|pg::|pq: |pgx|postgrex|hikaripool|db.utils.operationalerror|pg-protocol|', 5432"

CAUSES: Final = (
    Cause(
        slug="db-unreachable",
        title="The database cannot be reached (refused, DNS, timeout)",
        category="restart",
        severity="error",
        meaning="The server tries for about 31 seconds and then exits with 1.",
        proof=(
            Step("Read the attempts", "ash-ops logs --previous --filter database"),
            Step(
                "See whether the database runs",
                "aws rds describe-db-instances --query 'DBInstances[].[DBInstanceIdentifier,DBInstanceStatus,Endpoint.Address]'",
            ),
            *READ_DATABASES,
            READ_STORES,
            *READ_THE_STORES,
        ),
        repair=(
            *IN_A_BUILD,
            *LET_IN_TO_IT,
            *IN_COMPOSE,
            *NOT_YET_UP,
            *IN_A_NAMESPACE,
            Step(
                "The name was asked for and no resolver answered: no group of the database stops that. Compare the resolver in the text with the VPC's, and see that DNS support is on",
                "aws ec2 describe-vpc-attribute --vpc-id <vpc> --attribute enableDnsSupport",
                when=NO_RESOLVER,
            ),
            *DRAINED_POOL,
            Step(
                "Nothing came back: let the task in on 5432",
                "aws ec2 authorize-security-group-ingress --group-id <database-security-group> --protocol tcp --port 5432 --source-group <task-security-group>",
                when="~^(?!.*\\b(?:mysql|mariadb|redis|valkey|memcached|192\\.168\\.\\d{1,3}\\.\\d{1,3}|was reached but timed out|cache\\.amazonaws))(?!.*\\blookup [a-z0-9.-]{1,250}(?: on [0-9.:]{7,40})?: )(?:.*)(?:(?<!resourcerequest )\\btimed out\\b(?! fetching| trying to acquire)|\\betimedout\\b|\\behostunreach\\b|\\benetunreach\\b|\\bno route to host\\b|\\b(?:connect_?|i/o |connection )timeout\\b|\\btimeout (?:expired|exceeded)|\\): timeout\\b|\\bdeadline exceeded\\b)",
            ),
            Step(
                "Nothing came back from the cache: let the task in on its port (6379), and speak TLS where it encrypts in transit (rediss://)",
                "aws ec2 authorize-security-group-ingress --group-id <database-security-group> --protocol tcp --port 6379 --source-group <task-security-group>",
                when="~\\b(?:redis|valkey)\\b.{0,300}:6379\\b.{0,40}\\b(?:i/o timeout|timed out)\\b|\\b(?:redis|valkey)\\b.{0,120}\\betimedout\\b",
            ),
            Step(
                "In a task or container, localhost is that itself: put the database's own host into the URL that the program is given (Ash: ASH_DATABASE_URL), and start it anew",
                when="~(?:127\\.0\\.0\\.1|::1\\]?|localhost)\\W{1,6}(?:port )?5432\\b|\\bdatabase server at \\W{0,2}localhost\\b|['\"](?:127\\.0\\.0\\.1|localhost)['\"] ?(?:\\([^()]{2,50}\\))?(?:,| and accepting)",
            ),
            Step(
                "Every connection of the pool is taken: give them back sooner, or make the pool larger",
                when=f"{POOL}|pool_timeout",
                decides=True,
            ),
            Step(
                "sqlx says the same where no connection comes about at all: see first that the host and the port of the URL are right and that the database lets the task in",
                when="pooltimedout|pool timed out while waiting for an open connection",
            ),
            Step(
                "The database is starting or stopping: wait, and see in which state it is",
                "aws rds describe-db-instances --query 'DBInstances[].[DBInstanceIdentifier,DBInstanceStatus]'",
                when="system is starting up|system is shutting down|system is in recovery",
            ),
            Step(
                "The pooler in between gives no more connections: make the program's own pools smaller (their size times the tasks), take its port for transactions, or raise the pooler's size",
                when="max client connections reached|max clients reached in session mode|max_client_conn",
                decides=True,
            ),
            Step(
                "No connection is left: make the program's own pools smaller (their size times its processes), end idle ones, or raise max_connections (on RDS a larger class has more)",
                when="too many clients|too many connections|connection slots",
            ),
            Step(
                "See that the database runs, and that the program is given its host, its port (3306) and a network in which it is reachable: in a container, localhost is the container itself",
                when=OF_MYSQL,
            ),
            Step(
                "Correct the host in the URL that the program is given (Ash: ASH_DATABASE_URL), or start the database"
            ),
            *UNTRUSTED_DATABASE,
            *UNREACHED_DATABASE,
            *OF_STORES,
        ),
        signatures=(
            *OTHERS_SILENT,
            says(
                "failed to persist|pg-pool|node_modules/pg",
                "connection terminated",
                rank=Rank.CLEAR,
                kinds=ANY,
            ),
            says("could not translate host name", rank=Rank.DECISIVE, kinds=ANY, unless="curl: ("),
            # The driver for Java, and what tells that it cannot apply migrations for want of a database.
            says(
                "hostname and port are correct and that the postmaster is accepting",
                rank=Rank.DECISIVE,
                kinds=ANY,
            ),
            says("caused by the database being unavailable", rank=Rank.PRECISE, kinds=ANY),
            # libpq's own question, in its older and its newer form.
            says(
                "is the server running",
                "~accepting tcp/ip connections|\\baccepting connections on (?:that socket|unix domain socket)|\\bon host ['\"][^ ]{1,200} (?:\\([^()]{2,50}\\) )?and accepting\\b",
                rank=Rank.DECISIVE,
                kinds=ANY,
                # By hand, or within the database's own container, where it does not tell why the server is down.
                unless="psql: error: connection to server on socket|pg_dump: error: connection to server on socket",
            ),
            says(
                "org.postgresql|psqlexception",
                "~the connection attempt failed|an i/o error occurred while sending|\\bconnection to [\\w.:-]{3,200}:\\d{2,5} refused\\b",
                rank=Rank.PRECISE,
                kinds=ANY,
            ),
            says(POOL, rank=Rank.PRECISE, kinds=ANY),
            says(
                "pool",
                "exhaust",
                "~\\b(?:postgres\\w{0,3}|rds|aurora|database|db|prisma|sequelize|5432)\\b",
                rank=Rank.LIKELY,
                kinds=ANY,
                unless="thread pool|address pool|ip pool|memory pool",
            ),
            says("5432 refused", rank=Rank.PRECISE, kinds=ANY, unless="localhost:5432"),
            # Ecto, of a pool in which no connection came about in time.
            says("was dropped from queue|because of disconnection", rank=Rank.LIKELY, kinds=ANY),
            # HikariCP; what the database refused stands behind it in the database's own words.
            says(
                "failed to initialize pool|exception during pool initialization",
                "connection attempt failed|timed out|refused|unknownhost|communications link|illegalstateexception|no route to host",
                rank=Rank.CLEAR,
                kinds=ANY,
                unless="authentication failed|pg_hba|access denied",
            ),
            says(
                "ssl syscall error: eof detected|ssl connection has been closed unexpectedly|error in postgresql connection: |an error occurred using the connection to database|failed to obtain jdbc connection",
                rank=Rank.PRECISE,
                kinds=ANY,
                # Entity Framework, of a SQLite file: what stands behind it tells what is wrong with it.
                unless="~\\bon server '[^']{0,200}\\.(?:db3?|sqlite3?)'|\\bon server ''",
            ),
            says("no response", "~:5432 - no response\\b", rank=Rank.PRECISE, kinds=ANY),
            # Node's error printed field by field: the port has a line of its own.
            says(
                "etimedout|econnrefused|ehostunreach",
                "~\\| 5432(?: \\||$)",
                rank=Rank.PRECISE,
                kinds=ANY,
            ),
            says(
                _DB,
                "econnrefused|etimedout|enotfound|ehostunreach|enetunreach|eai_again|econnreset|timeout|timed out|connection refused|connectionrefusederror|connect call failed|could not connect|cannot connect to|failed to connect|unable to connect|unable to obtain connection|connection terminated|getaddrinfo|could not translate host name|no route to host|connection timed out|unreachable|no such host|server misbehaving|name or service not known|cannot reach|is not reachable|server closed the connection|cannot assign requested address|address not available|econnaborted|nxdomain|connect enoent|connection_closed|connection_ended",
                rank=Rank.PRECISE,
                kinds=ANY,
                unless=(
                    "password authentication|pg_hba|does not support ssl|certificate",
                    "target-group|target group",
                    "database is locked",
                    "cannotpull",
                    "anthropic",
                    "new addon.database",
                    # Gunicorn's own word, beside which a driver is only named; and Prisma's, whose engine cannot be loaded.
                    "worker timeout (pid|libquery_engine",
                ),
            ),
            says(
                "failed to connect to database|could not connect to the database|cannot connect to database|cannot establish connection to database|database connection failed|failed to connect to postgres",
                rank=Rank.LIKELY,
                kinds=ANY,
                unless="libquery_engine",
            ),
            says(
                "the database system is starting up|the database system is shutting down|the database system is in recovery|too many clients already|remaining connection slots|sorry, too many clients|too many connections|too_many_connections|max client connections reached|max clients reached in session mode|no more connections allowed (max_client_conn",
                rank=Rank.PRECISE,
                kinds=ANY,
            ),
            says(
                "[db] connection attempt|connection attempt",
                "failed, retrying|retrying in",
                rank=Rank.LIKELY,
                kinds=ANY,
                unless="control plane",
            ),
            # A host that is called as databases are in a network of containers.
            says(
                "getaddrinfo",
                "~\\bgetaddrinfo (?:enotfound|eai_again) (?:db|database|postgres(?:ql)?|pg|mysql|mariadb)(?![\\w.-])",
                rank=Rank.LIKELY,
                kinds=ANY,
            ),
            # What a health answer in JSON says of it.
            says(
                "database: |db: |postgres: |postgresql: ",
                "~\\b(?:database|db|postgres(?:ql)?): (?:disconnected|down|error|fail(?:ed|ing)?|unhealthy|unreachable|unavailable|not connected)(?: \\||$)",
                rank=Rank.CLEAR,
                kinds=ANY,
            ),
            says("trying to acquire a postgres advisory lock", rank=Rank.DECISIVE, kinds=ANY),
            # The server ends connections, as a client of it tells; its own log says so of each restart.
            says(
                "terminating connection",
                "~\\berror: terminating connection|\\badminshutdown\\b|\\bcrash of another server process\\b|\\bsqlstate[ :=(\\[]{1,3}57p0[123]\\b|\\bparseerrormessage\\b",
                rank=Rank.PRECISE,
                kinds=ANY,
            ),
            says(
                "p1001|p1002|p1011|p1017|not queryable|can't reach database|cannot reach database",
                rank=Rank.PRECISE,
                kinds=ANY,
            ),
        ),
        confused_with=(("db-auth-failed", "There the database answered and refused."),),
        docs_url="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Troubleshooting.html",
    ),
    Cause(
        slug="db-auth-failed",
        title="The database refused the connection (password, database name, TLS)",
        category="restart",
        severity="error",
        meaning="The database answered: wrong password, no such database, or TLS that one side wants and the other does not give or trust.",
        proof=(
            Step("Read the refusal", "ash-ops logs --previous --filter database"),
            *SIGN_IN,
        ),
        repair=(
            Step("Correct user, password and database name in ASH_DATABASE_URL", "ash-ops deploy"),
            Step(
                "Correct the user and the password that the program is given, and let the database know them: a volume that was made before keeps its old password (the variables of the image count on the first start only)",
                when=OF_MYSQL,
            ),
            Step(
                "The server admits nobody from that address as that user to that database: add a line for it to the server's pg_hba.conf (of a container's network, its range) and reload it; on RDS it is TLS that is missing",
                when='~\\bno pg_hba\\.conf entry for (?:(?!.*(?:no encryption|ssl off))|host "(?:172\\.(?:1[7-9]|2\\d|30)\\.|127\\.0\\.0\\.1"|::1"))',
            ),
            Step(
                "The server takes TLS only: turn it on in that program's connection (sslmode=require in URLs of libpq, Go and Rust); in Ash's, append ?sslmode=no-verify, since its image does not hold the certificates of RDS",
                when='~^(?!.*\\bfor host "(?:172\\.(?:1[7-9]|2\\d|30)\\.|127\\.0\\.0\\.1|::1)).*(?:, no encryption|, ssl off)|\\bssl connection is required\\b|\\bssl is required\\b|\\bssl required\\b|\\brequires ssl\\b',
            ),
            Step(
                "TLS is spoken, and the program does not trust the database's certificate: put RDS's (global-bundle.pem) into its image and name that file (sslrootcert in libpq's URL, ssl.ca in Node, ssl in Python's drivers); in Ash's, append ?sslmode=no-verify, since its image does not hold them",
                when="~(?<!disable server )\\bcertificate (?!file|key too)|\\berr_tls|\\bunable to verify\\b|self[- ]signed|\\bunknown[ _]ca\\b|\\bhandshake_ssl_error\\b",
                decides=True,
            ),
            Step(
                "The server speaks no TLS: take sslmode=require out of its URL (Ash: ASH_DATABASE_URL)",
                when="does not support ssl|ssl is not enabled on the server",
            ),
            Step(
                "Make the database, or correct its name where the program has it (Ash: ASH_DATABASE_URL)",
                when="~\\bdatabase ['\"][^'\"]{1,80}['\"] does not exist|\\bp1003\\b|\\b3d000\\b|\\bunknown database\\b",
            ),
            Step(
                "Let the database's user use what the message names: GRANT it (in the schema public only its owner creates since PostgreSQL 15: ALTER DATABASE ... OWNER TO that user)",
                when="permission denied for|must be owner|p1010|42501",
            ),
            Step(
                "The user signs in by IAM: let the task role rds-db:connect and take a fresh token for each connection, or use a user with a password",
                when="pam authentication failed|rds_iam",
            ),
            *REFUSED_BY_DATABASE,
            *NO_PASSWORD,
        ),
        signatures=(
            *OTHERS_REFUSE,
            says(
                'password authentication failed|no pg_hba.conf entry|pam authentication failed|scram-server|sasl: |client password must be a string|authentication failed for user|role "|rds_iam|invalid_password|invalid password|does not support ssl connections|ssl is not enabled on the server|scram-based authentication|sasl authentication failed|, no encryption|, ssl off|peer authentication failed|permission denied for database|permission denied for schema|ssl connection is required|must be owner|fe_sendauth: no password|no password has been provided but the backend|but no password was provided',
                rank=Rank.PRECISE + 2,  # it answered, whoever says above that it cannot be reached
                kinds=ANY,
                unless=(
                    "assume the role|belong to the role|kafka|sasl_authentication_failed",
                    "invalid sslmode connection warning",
                    'iam:passrole|iam role|trust policy|role "arn:|role "<|cannot be assumed',
                ),
            ),
            # SQLSTATE as the server, pg and libpq print it; the same figures are in any count or time.
            says(
                "28p01|28000|3d000|42501|invalid_catalog_name|invalid_authorization_spec",
                "~\\b(?:code|sqlstate|error|fatal)['\"]?[ :=\\[('\"]{1,4}(?:28p01|3d000|(?:28000|42501)(?! ?[a-z%]))\\b|\\b(?:28p01|28000|3d000) invalid_(?:password|catalog_name|authorization_specification)\\b",
                rank=Rank.PRECISE,
                kinds=ANY,
            ),
            says(
                # Elixir's driver names the SQLSTATE by its word, and the alert of TLS by its name.
                "p1010: user |was denied access on the database|p1003: database |p1000: authentication failed|:invalid_authorization_specification|:invalid_password|(dbconnection.connectionerror) ssl connect: ",
                rank=Rank.PRECISE,
                kinds=ANY,
            ),
            says(
                "org.postgresql|psqlexception",
                "the server does not support ssl",
                rank=Rank.PRECISE,
                kinds=ANY,
            ),
            says(
                "database \"|fatal: database|database '",
                "does not exist|not exist",
                rank=Rank.PRECISE + 1,
                kinds=ANY,
                unless="~\\bdatabase ['\"][^'\"]{1,80}['\"] already exists",
            ),
            says(
                _DB,
                "self signed|self-signed|certificate|wrong version number|ssl connection|ssl is required|ssl required|requires ssl|password|not permitted to log in|access denied|unable to get local issuer|unable to verify|err_tls|authentication",
                "fail|error|not|denied|required|self|unable|expired",
                rank=Rank.CLEAR,
                kinds=ANY,
                unless=(
                    "econnrefused|etimedout|enotfound|closed unexpectedly",
                    "[sandbox",
                    "anthropic",
                    "password=password",
                    # What a new database is to have, not how one signs in.
                    "masteruserpassword",
                ),
            ),
            says(
                "self-signed certificate in certificate chain|self signed certificate in certificate chain",
                rank=Rank.LIKELY,
                kinds="log_line stopped_task",
                # A client of HTTP names itself; a driver's words stand alone.
                unless="httpsconnectionpool|https://|fetch failed|fetcherror|axioserror|sslerror",
            ),
        ),
        confused_with=(("db-unreachable", "There nothing answered."),),
        docs_url="https://www.postgresql.org/docs/current/client-authentication-problems.html",
    ),
    Cause(
        slug="db-url-invalid",
        title="ASH_DATABASE_URL cannot be read",
        category="restart",
        severity="error",
        meaning="The connection string is not a URL: often a password with characters that need escaping.",
        proof=(
            Step("Read the error (it does not print the URL)", "ash-ops logs --previous -n 50"),
        ),
        repair=(
            Step(
                "Escape the password with percent-encoding in ASH_DATABASE_URL, then deploy",
                "ash-ops deploy",
            ),
            *PERCENT,
            *UNREADABLE_URL,
            *JDBC,
        ),
        signatures=(
            *SYMBOLS_IN_A_URL,
            says(
                "invalid port", "after host", "postgres|mysql|mongo|redis|amqp", rank=Rank.DECISIVE
            ),
            says(
                "failed to configure a datasource|determine a suitable driver|no suitable driver found for jdbc",
                rank=Rank.PRECISE,
            ),
            says(
                'environment variable not found: database_url|cannot resolve environment variable: database_url|"database_url" is required|: database_url is required|database_url is not set|database_url is not defined|database_url must be set|database_url is missing|missing required environment variable: database_url|missing environment variable: database_url|p1012|p1013|provided database string is invalid|url must start with the protocol|mongoparseerror: invalid scheme|expected connection string to start with',
                rank=Rank.PRECISE,
            ),
            says(
                "must start with",
                "~\\burl['\"]? must start with ['\"\\\\]{1,4}jdbc",
                rank=Rank.CLEAR,
            ),
            says(
                "bad uri(is not uri?)|could not parse sqlalchemy url|could not parse rfc1738 url|err_invalid_url|invalid url|searchparams|invalid connection string|could not parse connection|uri malformed",
                "postgres|database|pg-connection-string|searchparams|[db]|connection|sqlalchemy",
                rank=Rank.CLEAR,
                kinds=ANY,
            ),
        ),
    ),
)
