"""Repairs of containers that do not start, chosen by what the message says."""

from typing import Final

from ash_ops.causes.base import Step
from ash_ops.causes.catalogue.restart.other_programs import NO_NAMESPACES
from ash_ops.causes.catalogue.restart.plainly_said import NO_BASH, ONLY_OPTIONS, SCRIPT_NOT_FOUND

_WITH_BLANKS: Final = r"~\bexec: [\\\"']{1,6}[^\"'\\ ]{1,60} [^\"'\\]{1,200}[\\\"']{1,6}: |\bexec: [\\\"']{1,12}[\w./-]{1,60} [\w./-]{1,60}[\\n ]{1,40}&& "
_ASSIGNMENT: Final = r"~\bexec: [\\\"']{1,6}[a-z_]{2,40}=[^\"'\\ ]{1,80}[\\\"']{1,6}: "

_HOST_PORT: Final = r"(?:\bport is already allocated\b|\bbind host port\b|\buserland proxy\b|\bexternal connectivity\b|\bports are not available\b|\brootlessport listen\b)"
_ON_ECS: Final = r"(?:\becs\b|\bfargate\b|\bcannot(?:start|create)container|\btasks?\b|\bstopped\b)"

NOT_IN_THE_IMAGE: Final = (
    *NO_BASH,
    Step(
        "What was to be started is an option of a program: the image has no entry point, or the task definition put another in its place; name the program itself first in command, or in entryPoint",
        when=ONLY_OPTIONS,
        decides=True,
    ),
    Step(
        "It is a shell that was asked for in a container that runs (docker exec, ECS Exec), and its image has none of that name: ask for /bin/sh",
        when=r"~\bruntime exec failed\b",
    ),
    Step(
        "It is the helper that credsStore or credHelpers of ~/.docker/config.json names: install it on that machine (amazon-ecr-credential-helper for ECR), or take the entry out and sign in with docker login",
        when="docker-credential-",
    ),
    Step(
        "npm left out the package for this system: let the image install its own (no node_modules copied in, .dockerignore), from a package-lock.json that was made with optional dependencies",
        when=r"~\bnpm has a bug related to optional dependencies\b",
    ),
    Step(
        "The entry point changes its user, and may not: let the container start as root (take user out of the task definition), or start the program as that user without su-exec, gosu or setpriv",
        when=r"~\bset(?:groups|uid|gid)\b.{0,40}\boperation not permitted\b|\bfailed switching to\b",
    ),
    Step(
        "If it is there, its line ends are those of Windows (save it with LF; eol=lf in .gitattributes keeps that), or the program of its first line is not in the image (Alpine has no bash, a venv of elsewhere no python): correct that, and build the image again",
        when=SCRIPT_NOT_FOUND,
    ),
    Step(
        "If it is not there, copy it into the image, or correct its path; a volume mounted over its directory hides it, too",
        when=SCRIPT_NOT_FOUND,
    ),
    Step(
        "The command is one word with blanks in it: write it as a list, one word each (command and entryPoint are lists of strings)",
        when=_WITH_BLANKS,
    ),
    Step(
        "Prisma's engine for the image's system is not in it: install openssl in the image, name its platform in binaryTargets, and run prisma generate while the image is built",
        when="query engine|libquery_engine|prisma engines",
    ),
    Step(
        "A variable cannot stand in front of the command without a shell: put it into environment",
        when=_ASSIGNMENT,
    ),
    Step(
        "Look for the program in the image",
        "docker run --rm --entrypoint sh <image> -c 'command -v <command>'",
        when=r"~^(?!.*(?:\bdocker-credential-|\bruntime exec failed\b)).*\bexecutable file not found\b|\b(?:ba|da)?sh: (?:line )?(?:\d{1,4}: )?(?:exec: )?[\w-]{1,60}(?:\.\d{1,2})?: (?:command )?not found\b",
    ),
    Step(
        "It is not in the image or not on its PATH: install it in the Dockerfile (in the last stage), give its whole path, or correct the command",
        when=r"~^(?!.*(?:\bdocker-credential-|\bruntime exec failed\b)).*\bexecutable file not found\b|\b(?:ba|da)?sh: (?:line )?(?:\d{1,4}: )?(?:exec: )?[\w-]{1,60}(?:\.\d{1,2})?: (?:command )?not found\b",
    ),
)
"""Programs and scripts that the runtime does not find, for the ways in which it says so."""

STARTING: Final = (
    *NO_NAMESPACES,
    Step(
        "Windows refused the image: build it from the release that the host has (ltsc2019 or ltsc2022, Server Core rather than Nano Server), and say so in runtimePlatform",
        when="hcs::|hcsshim",
    ),
    Step(
        "What is mounted there must be on the host before the container starts: a file as a file (a path that is missing is made as a directory), "
        "and nothing can be mounted below a read-only mount",
        when=r"~\bbind source path does not exist|\brootfs_linux\b[^|]{0,40}\bmounting\b|\berror mounting\b|\bmount source path\b",
    ),
    Step(
        "Correct the volume: its sourcePath and its containerPath are both whole paths of that system, without blanks",
        "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.[volumes,containerDefinitions[].mountPoints]'",
        when=r"~\binvalid (?:volume specification|mount config|mount path|bind mount|path:)|\bunable to resolve volume mounts\b",
    ),
    Step(
        "The container whose network it shares does not run: mend that one, and let this one wait for it (dependsOn)",
        when="cannot join network of",
    ),
    Step(
        "The host has no such container runtime: use an AMI that has it (for GPUs the GPU-optimized ECS AMI), or take it out of the task definition",
        when="invalid runtime name|unknown runtime",
    ),
)
"""What the runtime does before the command: mounts, networks, runtimes."""

NOT_WRITABLE: Final = (
    Step(
        "SQLite makes files beside its database: the directory itself must be there and belong to the program's user (chown it in the image; on a volume, in the volume or by the uid of its access point), and the path in its settings must be that one",
        when=r"~^(?!.*(?<![\w/])/data\b).*(?:\bsqlite|\bunable to open (?:the )?database file\b|\breadonly database\b)",
    ),
    Step(
        "A Lambda function has the user of its access point: let that access point's PosixUser own the directory, and its role do elasticfilesystem:ClientWrite",
        "aws efs describe-access-points --query 'AccessPoints[].[AccessPointId,PosixUser,RootDirectory]'",
        when="/var/task/",
    ),
    Step(
        "The program changes owners as it starts and may not: let it start as root, set the owner in the Dockerfile, or on EFS give the access point the uid that it wants",
        when=r"~\bchown\b.{0,200}\b(?:operation not permitted|permission denied|read-only)|\bchanging ownership of\b",
    ),
    Step(
        "PostgreSQL starts on a directory of its own user only: give it to that user (chown) with mode 0700, on a file system that keeps owners",
        when="has wrong ownership|has group or world access|should be u=rwx",
    ),
)

PUBLISHED: Final = (
    Step(
        "Another container of the instance has the host port: let hostPort be 0 (any free one) or use awsvpc, or stop the other one",
        when=rf"~^(?=.*{_ON_ECS}).*{_HOST_PORT}",
    ),
    Step(
        "Another container or program of that machine has the port: stop it, or publish another one (the number before the colon in ports or -p)",
        "docker ps --format '{{.Names}} {{.Ports}}'",
        when=rf"~^(?!.*{_ON_ECS}).*{_HOST_PORT}",
    ),
)
"""Ports of the host that are taken."""

CHECKED: Final = (
    Step(
        "Run the check's own command in the container: its answer says whether the check or the server is wrong",
        "aws ecs execute-command --cluster <cluster> --task <task> --container <container> --interactive --command sh",
        when=r"~^(?!.*(?:\bash\b|\bash[-_]|\b4100\b)).*(?:\(service )",
    ),
    Step(
        "Read what the check answered: its log holds the last five answers",
        "docker inspect --format '{{json .State.Health}}' <container>",
        when=r"~\bcontainer [\w.-]{2,60} is unhealthy\b|\bfailing ?streak",
    ),
    Step(
        "The check's program is not in the image: install it, or ask with one that is there (wget in Alpine, the server's own language elsewhere)",
        when=r"~\b(?:curl|wget|nc|pg_isready|node|python3?)\b[\"' :]{1,4}(?:executable file )?(?:not found|no such file)",
        decides=True,
    ),
    Step(
        "If it only is slow to start, raise startPeriod and retries of the check; else mend what the server's log names",
        when=r"~^(?!.*(?:\bash\b|\bash[-_]|\b4100\b))(?!.*\b(?:curl|wget|nc|pg_isready|node|python3?)\b[\"' :]{1,4}(?:executable file )?(?:not found|no such file)).*(?:\(service |\bcontainer [\w.-]{2,60} is unhealthy|\bfailing ?streak)",
    ),
)
"""Health checks of containers that are not the server's."""

OTHERS_MEMORY: Final = (
    Step(
        "The container's limit is below what the runtime takes to start it: raise memory in its definition",
        when="memory limit too low",
        decides=True,
    ),
    Step(
        "Give that container more memory (memory of its definition, within the task's), or let its program use less: fewer workers, smaller caches",
        when=r"~^(?!.*(?:\bash\b|\bash[-_]|sandbox|claude|task=node|\(node\))).*(?:\[[a-z][\w-]{1,40}\] exit code|\btask=[a-z]|\bkilled process \d{1,8}|(?<!\bnode) invoked oom-killer|\bsignal 9\b|\boomkilled\b|\(name[:= ]|\bmemoryerror\b|\bgunicorn\b|\buwsgi\b|\bcelery\b|\btask in /docker/|\bworker \d|\b(?:container)?name['\"] ?: ?['\"]|\bjava\b|\bspring\b)",
    ),
    Step(
        "Gunicorn only guesses at memory: if WORKER TIMEOUT stands in front of it, the worker was silent for longer than --timeout; find what it waited for, or raise that",
        when="was sent sigkill",
    ),
    Step(
        "See what it takes: the highest use against the limit",
        "docker stats --no-stream",
        when=r"~^(?!.*(?:\bash\b|\bash[-_]|sandbox|claude|task=node|\(node\)|\becs\b|\bfargate\b)).*(?:\btask=[a-z]|\bkilled process \d{1,8}|(?<!\bnode) invoked oom-killer|\bsignal 9\b|\boomkilled\b)",
    ),
)
"""Memory of programs that are not Ash."""

_OTHERS_CLIENT: Final = (
    r"(?:\bpsycopg|\bnpgsql\b|\borg\.postgresql\b|\bpsqlexception\b|\bactiverecord\b|\bpg::|\bpgx\b|\bpostgrex\b|\bdjango\b|\bsqlalchemy\b|\bpq: |\br2dbc\b|\bpanicked at\b|"
    r"\bp10\d\d\b|\bhikari|\bagroal\b|\bironjacamar\b|\bsqlx|pooltimedout|\bmetabase\b|\bclojure\.|\bjava\.(?:net|sql)\.|\bsequelize|\btypeorm|\bknex|\bsqlstate\[|\bkeycloak\b|\bgrafana\b|\brails\b|\bpsql: |(?<!ash_)\bdatabase_url\b|(?:^| )(?!ash\b)[a-z][\w.-]{2,40} \| )"
)
_OTHERS_DATABASE: Final = rf"~^(?!.*\bash_)(?!.*\[db\]).*{_OTHERS_CLIENT}"
_OLD_VOLUME: Final = r"~\bskipping initialization\b|\bconnection matched (?:file \S{1,120} )?\S{0,120}pg_hba\.conf|\bhas no password assigned\b|(?:^| )(?:db|postgres(?:ql)?)[-_]1 +\||\(172\.(?:1[7-9]|2\d|30)\.\d{1,3}\.\d{1,3}\), port \d{4} failed: fatal: +password authentication"
_WITH_OLD_VOLUME: Final = rf"~^(?!.*{_OTHERS_CLIENT}).*(?:{_OLD_VOLUME[1:]})"

READ_DATABASES: Final = (
    Step(
        "See whether the database runs, and where",
        "aws rds describe-db-instances --query 'DBInstances[].[DBInstanceIdentifier,DBInstanceStatus,Endpoint.Address]'",
        when=_OTHERS_DATABASE,
    ),
)
"""Look-ups for a program whose log is not Ash's."""

_UNANSWERED: Final = (
    r"\bcan(?:not|'t) reach database server\b.{0,200}\.rds\.amazonaws\.com['`\" ]{0,3}:['`\" ]{0,3}"
)

_SHORT_NAME: Final = r"(?:\benotfound|\beai_again|\btranslate host name|\blookup|\bunknown (?:mysql )?server host|\bunknownhostexception:|\berror -[235] connecting to) ['\"]?[a-z][\w-]{1,60}(?![\w.-])"

UNREACHED_DATABASE: Final = (
    Step(
        "No answer comes from that database of RDS: let the program's security group in on its port, and see that both are in one VPC (or peered)",
        "aws ec2 authorize-security-group-ingress --group-id <database-security-group> --protocol tcp --port 3306 --source-group <task-security-group>",
        when=r"~\bmysql\b.{0,60}\.rds\.amazonaws\.com\S{0,8} \(?(?:timed out|\[errno 110\])",
        decides=True,
    ),
    Step(
        "A name without a domain is one of a Compose network. There, start the database in the same network; in a task of ECS its containers reach each other at localhost, and services by Cloud Map or Service Connect",
        when=rf"~^(?!.*\bash_)(?!.*@).*{_SHORT_NAME}",
    ),
    Step(
        "The name stands for the machine itself (an entry in /etc/hosts, or a database that is not started there): correct it, or start the database",
        when=r"~\bserver running on host \"(?!localhost|127\.)[\w.-]{1,100}\" \((?:127\.0\.0\.1|::1)\)",
    ),
    Step(
        "Nothing listens at that host and port: start MySQL, correct its host, or let it listen on more than 127.0.0.1 (bind-address)",
        when=r"~\beconnrefused [\w.:-]{2,100}:3306\b",
    ),
    Step(
        "See that the database is available (one just made needs minutes), and let the program's security group in on its port",
        "aws ec2 authorize-security-group-ingress --group-id <database-security-group> --protocol tcp --port 5432 --source-group <task-security-group>",
        when=rf"~{_UNANSWERED}5432\b",
    ),
    Step(
        "See that the database is available (one just made needs minutes), and let the program's security group in on its port",
        "aws ec2 authorize-security-group-ingress --group-id <database-security-group> --protocol tcp --port 3306 --source-group <task-security-group>",
        when=rf"~{_UNANSWERED}3306\b",
    ),
    Step(
        "It was reached, and another migration holds the lock: let that one end, and start one at a time; a pooler in between keeps locks, so migrate by the direct URL",
        when="advisory lock",
    ),
    Step(
        "Correct host and port in that program's own settings, or start the database before it (in one task or file: dependsOn with the condition HEALTHY)",
        when=rf"~^(?!.*\bash_)(?!.*\[db\])(?!.*\berror: p1001$)(?!.*(?:\btimed out\b|\btimeout\b|\bstarting up\b|\bpool\b|\blocalhost\b|127\.0\.0\.1|\blookup\b|\bssl syscall\b|\bclosed the connection\b|\bterminated unexpectedly\b|\bconnection terminated\b|\bconnection slots\b|\btoo many (?:clients|connections)\b|\bp1002\b|\badvisory lock\b|\btranslate host name \"?[a-z][\w-]{{1,60}}(?![\w.@-])|\.rds\.amazonaws\.com|host name \"[^\"]*@)).*{_OTHERS_CLIENT}",
    ),
    Step(
        "What stands before the last @ is a piece of the password: write @ in it as %40 in the URL (and / as %2F, : as %3A)",
        when=r"~\bhost name \"[^\"]{0,200}@",
    ),
    Step(
        "The host's name holds the port: give the port apart from it (PGPORT, or its own setting)",
        when=r"~\bhost name \"[^\"@:]{1,200}:\d{2,5}\"",
    ),
    Step(
        "The database closed the connection: see whether it was restarted or had no memory left, and let the pool make a new one",
        "aws rds describe-events --source-type db-instance --duration 1440",
        when="ssl syscall|closed unexpectedly|server closed the connection|connection terminated|terminating connection|connection_closed",
    ),
)

REFUSED_BY_DATABASE: Final = (
    Step(
        "Put the certificates of RDS (global-bundle.pem) into the image, and let sslrootcert name that file",
        when="root certificate file",
    ),
    Step(
        "Correct user, password and database name where that program has them (its URL, its secret), and start it again",
        when=rf"~^(?!.*\bash_)(?!.*\[db\])(?!.*(?:\bssl\b|\bno encryption\b|\bcertificate\b|\bdoes not exist\b|\bpermission denied\b|\bp1010\b|\bpam authentication\b)).*{_OTHERS_CLIENT}",
    ),
    Step(
        "A database in a container takes POSTGRES_PASSWORD only when it makes an empty volume: set the password in the database (ALTER USER), or begin with a new volume if nobody needs the old one",
        when=_OLD_VOLUME,
    ),
    Step(
        "Or correct user and password where the program has them",
        when=_WITH_OLD_VOLUME,
    ),
)

_NOT_ASHS_PORT: Final = r"~^(?!.*(?:\b4100\b|\bash[-_.]))(?!.*(?:\balready allocated\b|\bhost port\b|\buserland\b|\bexternal connectivity\b|\bpermission denied\b|\beacces\b|\beperm\b)).*(?::|\bport |\baddress '|\*:)\d{2,5}\b"

READ_LISTENERS: Final = (
    Step(
        "See who listens there: inside the container, or on the machine",
        "ss -ltnp",
        when=_NOT_ASHS_PORT,
    ),
)

TAKEN_BY_ANOTHER: Final = (
    Step(
        "A socket file that an earlier run left is in the way: remove it before the start, keep it out of what outlives the container, or let the program run only once",
        when=r"~\baddress already in use /",
        decides=True,
    ),
    Step(
        "Something else in the container (or in the task: its containers share the ports) listens there: stop the second start of the program, or give one of them another port, in its settings and in portMappings",
        when=_NOT_ASHS_PORT,
    ),
)

OTHERS_ADDRESS: Final = (
    Step(
        "Correct address and port in the program's own settings: 0.0.0.0 (an address of another host cannot be bound), and a whole number from 1 to 65535",
        when=_NOT_ASHS_PORT,
    ),
)

SETTING: Final = "\\bmissing [`'\"]?(?:secret_key_base|secret_token)\\b|\\b(?:missing|required) (?:required )?env(?:ironment)? var(?:iable)?s?\\b|\\benv(?:ironment)? var(?:iable)? [`'\"]?[a-z][a-z0-9_]{2,60}[`'\"]? (?:is |was )?(?:required|missing|not set|not defined|must be set)|[`'\"]?\\b[a-z][a-z0-9]{1,30}_[a-z0-9_]{2,60}[`'\"]? (?:environment variable )?(?:is required|must be (?:set|provided|defined)|(?:is|was) not (?:set|provided|defined))\\b|\\bmust set (?:the )?env(?:ironment)? var(?:iable)?\\b|\\brequired key [`'\"]?[a-z][a-z0-9_]{2,60}[`'\"]? missing value\\b|\\binvalid environment variables\\b(?: ?:|$)|\\bnot found\\. declare it as envvar\\b|\\bconfig '[a-z][a-z0-9_]{2,60}' is missing, and has no default"

CRASHED: Final = (
    Step(
        "Give the program the variable that the message names, with a value that it takes: environment or secrets of the task definition",
        "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.containerDefinitions[].[name,environment[].name,secrets[].name]'",
        when=f"~{SETTING}|\\bsettingserror: error parsing|\\bvalidation errors? for \\w{{0,40}}settings\\b|"
        r"\bunbound variable\b|\bkeyerror: '?[a-z]{2,30}_|\benv(?:ironment)? ?var(?:iable)?s?\b.{0,60}\b(?:not set|missing|required|undefined|not defined|not found)\b|\b(?:missing|required) env|\bmust be set\b|\b[a-z][a-z0-9]{1,30}_[a-z0-9_]{2,60} (?:is )?missing\b|\bsetting must not be empty\b",
    ),
    Step(
        "The program reads a file that is not there: see that the Dockerfile copies it (and .dockerignore does not leave it out), or give in environment or secrets of the task definition what it holds (.env)",
        when=r"~\benoent: no such file or directory, (?:open|scandir|l?stat|access) '",
    ),
    Step(
        "No further process or thread may be started: raise nproc in ulimits of its definition (on instances pids_limit of the host, too), or let the program start fewer workers",
        "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.containerDefinitions[].[name,ulimits]'",
        when=r"~\bpthread_create failed|\bstart new thread\b|\bcreate (?:native )?thread\b|\bfork: retry\b",
    ),
    Step(
        "A process may open no more files and sockets: close what is left open (connections above all), and raise nofile in ulimits of its definition",
        "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.containerDefinitions[].[name,ulimits]'",
        when="emfile|too many open files",
    ),
    Step(
        "Gunicorn ended a worker that was silent for longer than its --timeout (30 seconds): find what it waited for (a database, another service, too little CPU or memory), or raise --timeout",
        when="worker timeout (pid",
    ),
    Step(
        "A migration failed before, and Prisma applies none after it: see what it left behind, mend that, and say so by prisma migrate resolve (--rolled-back or --applied with its name); then migrate again",
        when="p3009|p3018",
    ),
    Step(
        "The database holds tables that no migration made: take them as the beginning (prisma migrate resolve --applied with the first migration's name)",
        when="p3005",
    ),
    Step(
        "A native module was built for another Node: let the Dockerfile run npm ci in the image, and keep node_modules out of the build (.dockerignore)",
        when="node_module_version|was compiled against a different node.js",
    ),
    Step(
        "Correct the option in the container's command",
        "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.containerDefinitions[].[name,entryPoint,command]'",
        when=r"~\bno such option\b|\bunrecognized arguments?\b|\bunknown (?:option|flag|shorthand flag)\b|\binvalid value for '?-|\bflag provided but not defined\b|\bbad option\b",
    ),
)

DISK_OF_HOST: Final = (
    Step(
        "The disk of the host is full: see what fills it, take unused images and containers away (docker system prune), or give it a larger volume; a Fargate task gets more by ephemeralStorage",
        "docker system df",
        when=r"~\berror response from daemon\b|\bcannotpull|\boverlay2\b|/dev/(?:root|xvda\d?|nvme\dn\d\w{0,3}) |\bdocker (?:run|build|pull|load)\b|\bfailed to solve\b|\bin download directory\b|/var/cache/(?:yum|dnf|apt)\b",
    ),
)

NOT_STOPPED: Final = (
    Step(
        "The container runtime of the host did not stop it: on Fargate ECS goes on trying; on an instance of yours its Docker hangs, so start that anew or replace the instance",
        "sudo systemctl restart docker",
        when=r"~\bcannotstopcontainer|\btransition to stopped\b|\bsending sigkill\b",
    ),
)

BEFORE_THE_COMMAND: Final = (
    Step(
        "The instance has no such volume plugin: start instances that install it, or take a volume that Docker or ECS makes itself (EFS, EBS, a host path)",
        when="volume plugin",
    ),
    Step(
        "The instance has no such device: take a type and an AMI that have it (for GPUs the GPU-optimized ECS AMI), or leave it out of linuxParameters.devices and resourceRequirements",
        when="~^(?!.*\\b(?:mknod|errno 524)\\b).*(?:custom device|/dev/|nvidia|prestart hook)",
    ),
    Step(
        "A limit of the task definition's ulimits is above what the host allows: lower it",
        when="rlimit",
    ),
    Step(
        "The root file system is read-only, and a directory for a mount cannot be made on it: make the directory in the image, or take readonlyRootFilesystem away (ECS Exec needs it writable)",
        when="read-only file system",
    ),
    Step(
        "The user that the image or the task definition names is not in the image's /etc/passwd: give its number (1000:1000), or add it in the Dockerfile",
        when="/etc/passwd|no users found|unable to find user|no matching entries in passwd",
    ),
    Step(
        "A volume is a file at one end and a directory at the other: mount a directory onto a directory",
        when="not a directory|mount a directory onto a file",
    ),
    Step(
        "The network of the host failed: restart its Docker (which rebuilds the rules) or replace the instance",
        "sudo systemctl restart docker",
        when="iptables|cni |cni setup|network namespace|failed programming external connectivity",
    ),
    Step(
        "Give the container more memory: it has less than the runtime takes",
        when="minimum memory limit|memory limit too low",
    ),
    Step(
        "A container of that name is left from before: remove it on the host, or replace the instance",
        "docker ps -a",
        when="is already in use by container",
    ),
)
"""What the runtime stumbles over before it starts the command: devices, mounts, limits, users."""
