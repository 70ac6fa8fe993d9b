"""Repairs of programs that are not Ash, chosen by the program that speaks."""

from typing import Final

from ash_ops.causes.base import Rank, Signature, Step, says
from ash_ops.causes.catalogue.connection.repairs import CA_OF_NODE_POSTGRES, OUTDATED
from ash_ops.causes.catalogue.restart.further_reasons import BROKEN_PROGRAM
from ash_ops.causes.catalogue.restart.other_databases import OF_THE_PROXY

_OTHERS_WRITER: Final = r"~^(?!.*(?:\bash\b|\bash[-_]|\bsqliteerror\b)).*(?:\bnode_modules/sqlite3/|\blvl=|\blogger=|\bcaller=|\buptime-kuma\b|\berrno: 5\b|\bgrafana\b|\bsqlstate\[|\bpdoexception\b|\boperationalerror\b|\bdjango\b|\blaravel\b|\bactiverecord\b|\bsqlalchemy\b|\bentityframework|\bmicrosoft\.data\.sqlite\b|\(sqlite_busy\)|\bsqlite_busy: |\bsqlite3: database is locked\b|\brusqlite\b|\bdatabase is locked \(5\)|\bsqlite3?\.exceptions?\b)"

READ_WRITERS: Final = (
    Step(
        "See which processes have the file open",
        "fuser -v <database-file>",
        when=_OTHERS_WRITER,
    ),
)

ONE_WRITER: Final = (
    Step(
        "SQLite lets one write at a time: let that program's connections wait (busy_timeout; timeout in Python and Django) in WAL mode, keep transactions short, and give the file to one process on a local disk, not on EFS or NFS",
        when=_OTHERS_WRITER,
    ),
)
"""A database of SQLite that is another program's."""

NOT_ITS_SETTING: Final = (
    Step(
        "The container that it is linked to did not run any more when this one started: read the log of that one and mend why it ended; let this one wait for it (dependsOn, in Compose depends_on), or reach it by its name in a network in place of links",
        when="cannot link to a non running container",
        decides=True,
    ),
    *BROKEN_PROGRAM,
    Step(
        "No resolver knows the host that the message names, or none answered (EAI_AGAIN): correct it in the program's settings, and ask for it where the program runs",
        "nslookup <domain>",
        when=r"~\bgetaddrinfo (?:enotfound|eai_again) (?!undefined\b|null\b)[\w-]{1,63}\.",
        decides=True,
    ),
    Step(
        'Node reads the file as the other kind of module: set "type" in package.json (module for import, leave it out for require), build TypeScript to JavaScript before it starts, and load packages that are modules only by import()',
        when=r"~\berr_require_esm\b|\bunexpected token 'export'|\boutside a module\b|\bto load an es module\b|\brequire is not defined in es module\b|\berr_unknown_file_extension\b",
        decides=True,
    ),
    Step(
        "It was built against newer system libraries than the image has: build it in the same base image as it runs in, or take a newer base image",
        when=r"~\bversion [`'\"]?glibc(?:xx)?_[\d.]{3,8}['`\"]? not found\b",
        decides=True,
    ),
    Step(
        "The database lacks a table: run the program's migrations before it starts, against this very database and schema",
        when=r"~\b(?:relation|table) [\"'][\w.]{1,80}[\"'] (?:does not|doesn't) exist\b|\bno such table\b",
    ),
    Step(
        "Redis does not answer: start it where the program looks for it, in the same network, or correct its address in the program's settings (in a container, localhost is the container itself)",
        when=r"~\b(?:redis connection to|econnrefused [\w.:-]{2,80}:6379)\b|:6379\b.{0,40}\b(?:refused|failed)\b",
    ),
    Step(
        "A package is of another version than the one that uses it expects: pin both (requirements.txt, a lock file), and build the image again",
        when=r"~\bimporterror: cannot import name\b",
    ),
    Step(
        "That driver has no sslmode: for asyncpg write ssl=require in the URL (postgresql+asyncpg://...?ssl=require), or hand over connect_args with ssl",
        when="unexpected keyword argument 'sslmode'",
        decides=True,
    ),
)

OTHERS_FAULT: Final = (
    Step(
        "Bun itself crashed: take another version of it, on Debian's image in place of Alpine's; where it says that the processor lacks AVX, its baseline build",
        when="bun has crashed|panic(main thread): ",
    ),
    Step(
        "Take another base image (Debian's in place of Alpine's, whose libc is musl), or build the native modules anew in it; if it stays, another version of the program",
        when=r"~^(?!.*(?:\bash\b|\bash[-_]|\b4100\b)).*(?:\bdocker\b|\.service\b|\bapk\b|\balpine\b|\bworker \(pid ?:)",
    ),
)

EMULATED: Final = (
    Step(
        "Fluent Bit itself crashed: take another version of its image (of aws-for-fluent-bit the tag stable)",
        when=r"~\[engine\] caught signal\b|\bflb_[a-z_]{3,40}\(",
        decides=True,
    ),
    Step(
        "qemu runs an image of another processor here, and fails at it: build the image for the processor that it runs on (docker build --platform, runtimePlatform of the task definition), or update qemu's handlers",
        "docker inspect --format '{{.Os}}/{{.Architecture}}' <image>",
        when=r"~\bqemu\b",
    ),
)
"""Crashes of the emulator, not of the program."""

_LOOK_INTO_IT: Final = "docker run --rm --entrypoint ls <image> -la"

_A_SOCKET: Final = r"~\b(?:eaddrinuse|address already in use):? [^:\n]{0,40}(?:/|\\)[\w./-]{1,120}\.(?:sock|socket|pipe|ipc)\b"

LEFT_SOCKET: Final = (
    Step(
        "It is the file of a socket, and no port: an earlier run left it, or still has it. Stop that run, and let the start remove the file; keep it where each container has its own (/tmp of the container, no volume)",
        when=_A_SOCKET,
        decides=True,
    ),
)

READ_SOCKET: Final = (
    Step("See whether a process still has that socket", "ss -lxp", when=_A_SOCKET, decides=True),
)

READ_IMAGE: Final = (
    Step(
        "List the drivers that PHP has in the image",
        "docker run --rm --entrypoint php <image> -m",
        when="could not find driver",
        decides=True,
    ),
    Step(
        "See whether the file is in the image, in its working directory",
        _LOOK_INTO_IT,
        when=r"~\bmodule_not_found\b|\bcannot find (?:module|package)\b|\bno module named\b",
        decides=True,
    ),
)

NO_PASSWORD: Final = (
    Step(
        "That user holds as many connections as it may: make the pools of its programs smaller (their size times the processes), end idle ones, give them back in the code, or raise its bound (ALTER ROLE NAME CONNECTION LIMIT; of a hosted database a larger plan)",
        when=r"~\btoo many connections for role\b",
        decides=True,
    ),
    Step(
        "RDS Proxy does not do what the client asks for: leave it out (options such as search_path are set by SET or ALTER ROLE), or ask the database itself, past the proxy (replication, another way to sign in)",
        when=r"~\brds proxy (?:currently )?(?:does(?:n't| not) support|supports only)\b|\brds supports only iam, md5\b",
        decides=True,
    ),
    Step(
        "The client names no user as it connects: give it one (user= of the connection, before the @ of a URL)",
        when="user name is missing from the connection startup",
        decides=True,
    ),
    *CA_OF_NODE_POSTGRES,
    *OUTDATED,
    Step(
        "The server lets nobody in from that address, whatever the password: make the user for the host or network that asks (CREATE USER 'NAME'@'%', or '172.20.%', with its GRANT), or start the database with MYSQL_ROOT_HOST on a fresh volume",
        when=r"~\bhost \W?[\w.:-]{1,80}\W? is not allowed to connect\b|\(1130\)|\berror 1130\b|\ber_host_not_privileged\b",
        decides=True,
    ),
    Step(
        "It is the pooler in front of the database that knows no such user: at Supabase the user is postgres.PROJECT, in the region of the project, and its password that of the database; a project that is paused is to be started again",
        when="tenant or user not found",
        decides=True,
    ),
    Step(
        "The two do not know the same way to sign in, whatever the password: take a client that knows the server's (of MySQL 8 caching_sha2_password: in Node mysql2 in place of mysql; of PostgreSQL from 14 on scram-sha-256: libpq 10 or newer), or give that user another one (ALTER USER ... IDENTIFIED WITH mysql_native_password BY ..., password_encryption = md5 and the password set anew)",
        when=r"~\ber_not_supported_auth_mode\b|\bauthentication protocol requested by server\b|\bauthentication plugin \S{1,60} (?:cannot be loaded|is not loaded|reported error)|\bscram authentication requires libpq\b|\bauthentication method 10 (?:is )?not supported\b",
        decides=True,
    ),
    Step(
        "The program gave no password at all: put it where the program has its connection (Password= in the string, PGPASSWORD, its secret), and see that the variable which should hold it is set in that container",
        when=r"~\bno password (?:was )?(?:supplied|provided)\b|\bno password has been provided\b|\bclient password must be a string\b",
        decides=True,
    ),
    *OF_THE_PROXY,
)

_OF_A_NAMESPACE: Final = r"~\b(?:lookup|enotfound|eai_again|host name|host)[ =]['\"]?[\w-]{1,63}(?:\.[\w-]{1,63}){0,5}\.local\b"

IN_A_NAMESPACE: Final = (
    Step(
        "A name that ends in .local is mostly one of Cloud Map (Service Connect, App Mesh): see that the namespace is a private one of this very VPC, and that the service has a task which runs and is healthy",
        "aws servicediscovery list-services --query 'Services[].[Name,Id,InstanceCount]'",
        when=_OF_A_NAMESPACE,
        decides=True,
    ),
)

DRAINED_POOL: Final = (
    Step(
        "Every connection of the pool is taken: give them back sooner (a query that hangs, a transaction left open), or make the pool larger; the database itself answers",
        when=r"~\bconnection is not available, request timed out\b|\bpool(?:timedout| exhausted)|\bqueuepool limit\b",
        decides=True,
    ),
)

_UNTRUSTED: Final = r"~^(?!.*\bp1011\b).*(?:\bunknown[ _]ca\b|\bself[- ]signed certificate\b|\bunable to get local issuer\b)"

UNTRUSTED_DATABASE: Final = (
    *CA_OF_NODE_POSTGRES,
    Step(
        "Prisma does not trust the server's certificate: name the file of its authority in the URL (sslcert=, a path as seen from the schema; of RDS global-bundle.pem). sslaccept=accept_invalid_certs shows whether it is that alone",
        when=r"~\bp1011\b",
        decides=True,
    ),
    Step(
        "It answers, and the program does not trust its certificate: put RDS's (global-bundle.pem) into its image and name that file (sslrootcert in libpq's URL, cacertfile in Elixir, ssl.ca in Node)",
        when=_UNTRUSTED,
        decides=True,
    ),
)

_NO_RIGHT: Final = r"~\bpermission denied for (?:database|schema|table|relation|sequence|function|view)\b|\bmust be owner\b|\bp1010\b|\b42501\b"

SIGN_IN: Final = (
    Step(
        "See what that user may do (it signed in): psql's \\l for the database, \\dn+ for the schema, \\dp for tables, and who owns each",
        "psql -c '\\l' -c '\\dn+'",
        when=_NO_RIGHT,
        decides=True,
    ),
    Step(
        "See who signed what the database shows: openssl s_client -starttls postgres (or mysql) -connect HOST:PORT",
        when=_UNTRUSTED,
        decides=True,
    ),
    Step(
        "Sign in by hand from the same place (psql and mysql ask for the password; in a command others could read it), with the host, user and database that the program has: refused here too, they are wrong; let in, the program has others",
        when=r"~^(?!.*(?:\bash_|\[db\]|\bcertificate\b|\bunknown[ _]ca\b|\bpermission denied for\b|\bmust be owner\b|\bp1010\b|\b42501\b)).*(?:\bpostgres|\bpg_hba\b|\bpsycopg|\bnpgsql\b|\bscram\b|\bsasl\b|password authentication failed for user|\bpq: |\bpgx\b|\bp1000\b|\b28p01\b|\bmysql|\bmariadb\b|\baccess denied for user\b|\blogin failed for user\b|\bredis\b|\bmongo|\bwrongpass\b|\bnoauth\b)",
        decides=True,
    ),
)
"""A refusal stands in the log already: only another attempt tells more."""

APPLICATION_BY_NAME: Final = (
    Step(
        "package.json has no script of that name: add it, or name one that it has (npm run lists them)",
        when=r"~\bmissing script:|\berror command \"[\w:.-]{1,60}\" not found\b",
    ),
    Step(
        "There is no package.json where the command runs: set WORKDIR to the directory that holds it, and see that it was copied and that no volume hides it",
        _LOOK_INTO_IT,
        when=r"~\bfind a package\.json\b|\bno package\.json\b|\bno_importer_manifest\b",
    ),
    Step(
        "What the command names was not built, or not copied into the image: build it in the Dockerfile, copy it from that stage (COPY --from), and correct the path; a volume mounted over its directory hides it, too",
        _LOOK_INTO_IT,
        when=r"~\berror: module not found \"|\baccess jarfile\b|\bload main class\b|\bapplication '[\w./-]{1,100}\.dll' does not exist\b|\bproduction build in the\b|\bscript not found: |\bfile does not exist: |\bno executable found matching\b",
    ),
    Step(
        "The program was compiled for a newer Java than the image has: take a base image of that version, or compile for the older one (--release)",
        when="unsupportedclassversionerror",
        decides=True,
    ),
    Step(
        "The jar does not say which class to start: build the executable one (for Spring Boot bootJar or spring-boot:repackage), or name the class (java -cp app.jar CLASS)",
        when="no main manifest attribute",
    ),
    Step(
        "The working directory is not in the image: correct workingDirectory of the task definition (WORKDIR), or make it in the Dockerfile",
        when=r"~\bchdir to cwd\b",
    ),
    Step(
        "Neither the image nor the task definition names a command: give CMD or ENTRYPOINT in the Dockerfile, or command in the definition",
        when="no command specified",
    ),
    Step(
        "It is a shell that was asked for in a container that runs, and its image has none of that name: ask for /bin/sh",
        when="failed to start pty",
    ),
    Step(
        "s6-overlay must be the first process: take initProcessEnabled out of linuxParameters (docker run without --init), and start nothing in front of /init",
        "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.containerDefinitions[].[name,linuxParameters.initProcessEnabled,entryPoint]'",
        when="can only run as pid 1",
    ),
    Step(
        "The program that starts it is there, and what it is to start is not: look for that in the image, give its whole path, or install it",
        _LOOK_INTO_IT,
        when=r"~\bcatatonit\b|\btini\b|\bdumb-init\b|\bsu-exec: /|\bgosu: |\bexecutable file '[\w./-]{1,80}' not found in \$path\b|\bspawn [\w./-]{1,80} enoent\b",
    ),
    Step(
        "The native part of a module was not built for this image: run npm ci (or npm rebuild) in it, with python3, make and g++ where none is ready-made, and keep node_modules out of the build (.dockerignore)",
        when="could not locate the bindings file",
    ),
    Step(
        "A package asks another for a part that its version does not give: bring both to versions that fit (npm ls NAME), and build the image anew from the lock file",
        "docker run --rm --entrypoint npm <image> ls",
        when="err_package_path_not_exported",
    ),
    Step(
        "An image of another processor runs here by qemu, and its libraries are not found: build it for the processor that it runs on (docker build --platform, runtimePlatform of the task definition)",
        when=r"~\bqemu-[a-z0-9_]{3,12}: could not open\b",
    ),
    Step(
        "The server looks for MODULE:APPLICATION from its working directory: name the package, too (app.main:app), set WORKDIR or --app-dir to where the file is, and see that it was copied into the image",
        "docker run --rm --entrypoint ls <image> -la",
        when=r"~\bloading asgi app\b|\bcould not import module\b|\bfailed to find attribute '|\bfailed to find application object\b|\berror: could not locate a flask application\b",
    ),
)
"""Applications that a server of Python is to find by their names."""

IN_COMPOSE: Final = (
    Step(
        "In Compose the program starts as soon as the database's container does: let it wait until that answers (a healthcheck with pg_isready or the like, and depends_on with condition: service_healthy), and read the database's own log",
        when=r"~^(?!.*(?:\bash_|\becs\b|\bfargate\b|\bamazonaws\b)).*[a-z](?<!east)(?<!west)(?<!north)(?<!south)(?<!central)[_-]\d{1,2} {0,8}\| .*\b(?:connection refused|econnrefused)\b",
        decides=True,
    ),
)
"""Databases of a Compose file that were not up yet."""

NO_NAMESPACES: Final = (
    Step(
        "The kernel of the host did not give the container its namespaces: allow them there (user.max_user_namespaces above 0), or take userns-remap out of the daemon's settings, with a kernel and a Docker that fit; an instance of ECS is replaced by one of a newer ECS-optimized AMI",
        "docker info",
        when=r"~\bsetns process\b|\bcopying bootstrap data\b|\bfinal child'?s pid\b",
    ),
)
"""Hosts whose kernel refuses namespaces to the runtime."""

PUBLISHED_WITHOUT_ROOT: Final = (
    Step(
        "Without root a port below 1024 cannot be published: publish a higher one (-p 8080:80), or lower the bound of the host (net.ipv4.ip_unprivileged_port_start)",
        "cat /proc/sys/net/ipv4/ip_unprivileged_port_start",
        when=r"~\brootless(?:port|kit)?\b",
    ),
)
"""Ports that a runtime without root may not open."""

OF_NODE: Final[tuple[Signature, ...]] = (
    says("node: bad option", rank=Rank.GENERIC, kinds="log_line stopped_task"),
    # A file that it reads as it starts, or in a place where only containers keep programs.
    says(
        "enoent: no such file or directory, ",
        r"~\benoent: no such file or directory, (?:open|scandir|l?stat|access) '(?:/(?:app|usr/src/app|srv|data)/|[^|]{1,2000}\bexecuteuserentrypoint\b)",
        rank=Rank.GENERIC,
        kinds="log_line stopped_task",
        unless=(".aws/", "package.json'"),
    ),
)
"""How programs of Node end before they serve anything."""
