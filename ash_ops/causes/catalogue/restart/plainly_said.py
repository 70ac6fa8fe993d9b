"""Steps for messages of programs that say their whole reason themselves."""

from typing import Final

from ash_ops.causes.base import Step

SCRIPT_NOT_FOUND: Final = (
    r"~(?<![\w.-])[\w./-]{1,120}\.(?:sh|bash|py|rb|pl)\b(?!: (?:line )?\d)[^|]{0,40}(?:no such file|: not found|required file not found)|"
    r"\bexec user process caused[:\" \\]{1,6}no such file|\bcannot execute: required file not found|\b/usr/bin/env: [^|]{1,30}no such file"
)
ONLY_OPTIONS: Final = r"~\bexec: (?:[\\\"']{1,6}--?[a-z][^\"'\\ ]{0,80}[\\\"']{1,6}: (?:executable|stat)|[\w.-]{2,60}=[\w./-]{1,60}: (?:command )?not found)"

NO_BASH: Final = (
    Step(
        "Program and arguments came as one word: write the command as a list, each word a string of its own (in the task definition, the Dockerfile or the Compose file), or as one line without brackets",
        when=r"~\bno module named ['\"][\w.-]{1,60} [\w.: -]{1,60}['\"]",
        decides=True,
    ),
    Step(
        "The image has no bash (Alpine and other small images have sh alone): ask for /bin/sh, or install bash in its Dockerfile",
        when=r"~\bexec: [\\\"']{1,6}(?:/(?:usr/)?bin/)?bash[\\\"']{1,6}: (?:stat |executable file|no such)",
        decides=True,
    ),
)

READ_THE_SCRIPT: Final = (
    Step(
        "See whether the script is there, and what its first line ends with: ^M stands for the line ends of Windows",
        "docker run --rm --entrypoint sh <image> -c 'head -n 1 <file> | cat -v'",
        when=SCRIPT_NOT_FOUND,
        decides=True,
    ),
    Step(
        "See what the image itself begins with",
        "docker image inspect --format '{{json .Config.Entrypoint}} {{json .Config.Cmd}}' <image>",
        when=ONLY_OPTIONS,
        decides=True,
    ),
)

READ_THE_LIMITS: Final = (
    Step(
        "Read the limits that were reached: the task's, and each container's",
        "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.[memory,containerDefinitions[].[name,memory,memoryReservation]]'",
        when="outofmemoryerror|memory limit too low",
    ),
    Step(
        "Read which process the kernel killed, and in which control group: a container's limit, or the whole host's memory",
        "sudo dmesg -T | grep -iE 'oom|killed process'",
        when=r"~^(?!.*(?:\becs\b|\bfargate\b|\boutofmemoryerror\b)).*(?:\binvoked oom-killer\b|\bkilled process \d)",
        decides=True,
    ),
)

_NOT_OF_AWS: Final = r"^(?!.*(?:\bash\b|\bash[-_]|\[db\]|\becs\b|\bfargate\b|\baws\b|\btasks?\b|amazonaws|\brds\b(?!\.aliyuncs)|\baurora\b))"
OF_ITS_OWN: Final = r"~\b(?:redis\b[^|]{0,60}\b(?:127\.0\.0\.1|localhost|::1\]?):6379\b[^|]{0,40}\b(?:errno::econnrefused|connection refused|refused)|econnrefused (?:127\.0\.0\.1|localhost|\[?::1\]?):6379\b)"
"""A program that looks for Redis in its own container."""

READ_THE_STORES: Final = (
    Step(
        "See which containers of that machine run, and under which names",
        "docker ps --format '{{.Names}} {{.Status}} {{.Ports}}'",
        when=OF_ITS_OWN,
        decides=True,
    ),
    Step(
        "See whether the cache runs, where, and which security groups it has",
        "aws elasticache describe-cache-clusters --show-cache-node-info --query 'CacheClusters[].[CacheClusterId,CacheClusterStatus,SecurityGroups[].SecurityGroupId,CacheNodes[].Endpoint.Address]'",
        when=r"~^(?!.*(?:\bpostgres|\bcache\.amazonaws\b))(?=.*\bredis\b).*:6379\b.{0,60}(?:\bi/o timeout\b|\btimed out\b)",
        decides=True,
    ),
    Step(
        "See who holds the connections",
        "psql -c 'SELECT usename, application_name, state, count(*) FROM pg_stat_activity GROUP BY 1, 2, 3 ORDER BY 4 DESC'",
        when=rf"~{_NOT_OF_AWS}.*(?:\btoo many clients\b|\bconnection slots\b)",
        decides=True,
    ),
    Step(
        "Ask that address from where the program runs: a refusal says that nothing listens there, silence that something in between drops it, an answer that the program asks another",
        "nc -vz -w 5 <host-and-port>",
        when=rf"~{_NOT_OF_AWS}(?!.*(?:\bclients?\b|\bslots\b|\bpool\b|\bcertificate\b|\bstarting up\b|\badvisory lock\b|\bwas reached\b)).*(?:\brefused\b|\beconnrefused\b|\betimedout\b|\bno route to host\b|\behostunreach\b|\btimed out\b|\bi/o timeout\b|\breach database server\b)",
        decides=True,
    ),
)

WHOSE_IT_IS: Final = (
    Step(
        "Compare whose that path is (or the directory that it is to be made in) with the user that the program runs as (id)",
        "ls -ld <path>",
        when=r"~^(?!.*(?:\becs\b|\bfargate\b|\bash[-_.]|\bread-only\b)).*\b(?:eacces: permission denied, [a-z]{2,12}|permission denied:) '/(?!data/|efs/|mnt/|var/task/)",
        decides=True,
    ),
)

_OF_BATCH: Final = r"~\blogstreamname\b"

READ_THE_STREAM: Final = (
    Step(
        "Read the log of that attempt, in the group of AWS Batch (unless its job definition names another)",
        "aws logs get-log-events --log-group-name /aws/batch/job --log-stream-name <log-stream> --limit 50 --query 'events[].message' --output text",
        when=_OF_BATCH,
        decides=True,
    ),
)

_PERCENT: Final = (
    r"~\binvalid percent-encoded token\b|\bmalformed percent-encod|\burierror: uri malformed\b"
)

PERCENT: Final = (
    Step(
        "The braces still stand in the address: nobody put the variables in. Compose does so in its own file alone, from the shell or the .env beside it (not in what env_file reads), and few libraries do: write the address whole, or put it together where the program starts",
        when=r"~\$\{[a-z_]{2,40}\}.*\b(?:invalid userinfo|invalid port|invalid url|parse)\b",
        decides=True,
        anywhere=True,
    ),
    Step(
        "A % in the URL begins a code of two figures: write the password's own % as %25 (and @ as %40, / as %2F, : as %3A, # as %23) where the program has its URL, and start it again",
        when=_PERCENT,
        decides=True,
    ),
)

ON_A_NETWORK: Final = (
    Step(
        "The file system does not lock as SQLite needs it, mostly a network one (NFS, EFS, SMB) or a shared folder of a desk: put the database's file on a disk of the machine itself; WAL mode works nowhere else",
        when=r"~\bsqlite_protocol\b|\blocking protocol\b",
        decides=True,
    ),
)

_ON_A_DESK: Final = r"~^(?!.*(?:\becs\b|\bfargate\b|\bcannot(?:start|create)container|\btasks?\b|\bstopped\b)).*(?:\bport is already allocated\b|\bbind host port\b|\buserland proxy\b|\bexternal connectivity\b|\bports are not available\b|\brootlessport listen\b)"

READ_THE_PORTS: Final = (
    Step(
        "See which container of that machine has the port; if none has, a program of it",
        "docker ps --format '{{.Names}} {{.Ports}}'",
        when=_ON_A_DESK,
        decides=True,
    ),
)

_OTHERS_SQLITE: Final = r"~\bmicrosoft\.data\.sqlite|\bsqlite3\.databaseerror\b|\bdiskcache\b|\bdjango\b|\brusqlite\b|\bsystem\.data\.sqlite|^(?!.*(?:\bash\b|\bash[-_.]|/data/|\bsqliteerror\b|\bserver\b)).*(?:\bsqlite_corrupt: |\bsqlite_notadb: |\bdatabaseerror: |\bsqlstate\[|\(11\)|\(26\)|\b(?:insert|update|delete|select|pragma)\b)"

RECOVERED: Final = (
    Step(
        "Stop every program that uses the file, and copy it with its -wal and -shm. Save what can be read into a new file (sqlite3 OLD .recover | sqlite3 NEW), or restore a copy; keep SQLite off network disks (NFS, SMB, EFS) and shared folders",
        when=_OTHERS_SQLITE,
    ),
)
"""A damaged file that is another program's."""

READ_THE_FILE: Final = (
    Step(
        "Ask SQLite itself what is wrong, with every program that uses the file stopped",
        "sqlite3 <database-file> 'PRAGMA integrity_check'",
        when=_OTHERS_SQLITE,
    ),
)
