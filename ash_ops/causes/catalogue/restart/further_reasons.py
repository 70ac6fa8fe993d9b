"""Repairs that the words of a program or a host decide, of programs that are not Ash."""

from typing import Final

from ash_ops.causes.base import Rank, Signature, Step, says
from ash_ops.causes.catalogue.restart.settings_left_out import GIVE_IT

_NOT_ASH: Final = r"(?!.*(?:\bash\b|\bash[-_.]|/data/(?:sandboxes|sessions|agents|ash)|\[(?:db|server|sandbox|pool)\]|/var/task/))"
_DEPLOYED: Final = r"(?!.*(?:\bash\b|\bash[-_]|/data/|\becs\b|\bfargate\b|\baws\b|\btasks?\b|\bephemeral\b|amazonaws))"

OWNED_BY_OTHERS: Final = (
    Step(
        "SELinux (Fedora, RHEL and their kin) keeps a container from files of the host that have not its label: mount them with :z behind the path (:Z for this container alone), and see what was refused (sudo ausearch -m avc -ts recent); chown alone does not help",
        when=r"~\b(?:selinux|fedora|rhel|centos|bazzite|tumbleweed|avc: denied)\b",
        decides=True,
        anywhere=True,
    ),
    Step(
        "That path belongs to another user than the program's, and the volume hides what the image set: give it to the program's uid (chown on the volume; a directory of a host with SELinux is mounted with :z; on EFS an access point with that uid in PosixUser and in the owner of its root), or start the program as the owner",
        when=rf"~^{_NOT_ASH}.*(?:\b(?:eacces|permission denied)\b[^|]{{0,40}}['\" ]/(?:efs|mnt|data)/|['\" ]/[\w./-]{{2,200}}['\"]? because it's not owned by the current user\b|\baccess to the path '/[^']{{1,250}}' is denied\b|\bunable to access log file\b|\bunable to (?:create|write in) the ['\"]?[\w-]{{1,30}}['\"]? directory\b|\bnot able to create directory ['\"]/|\bfailed to write cache file ['\"]/|\bfile on a read-only directory: /)",
        decides=True,
    ),
)
"""Volumes of other programs."""

ROOM_ELSEWHERE: Final = (
    Step(
        "It is no space of the disk: the kernel watches no more files. Raise fs.inotify.max_user_watches on the host, or let the program watch fewer (no node_modules)",
        "cat /proc/sys/fs/inotify/max_user_watches",
        when=r"~\benospc: system limit for number of file watchers\b",
        decides=True,
    ),
    Step(
        "The disk of the machine or the volume on which that program writes is full: see what fills it (logs, caches, old images), make room, or make it larger; a task of Fargate gets more by ephemeralStorage",
        when=rf"~^{_DEPLOYED}.*(?:\benospc\b|: write (?!/data)/[\w./-]{{1,200}}: no space left on device)",
    ),
)
"""Disks of which nothing shows that they are the task's."""

PYTHONS_NAMES: Final = (
    Step(
        "What was to be imported is a path: name the module as Python does, its parts parted by full stops (package.module, or package.module:app), and start it in the directory above the package (--chdir, PYTHONPATH)",
        when=r"~\bno module named ['\"]\.{0,2}/",
        decides=True,
    ),
    Step(
        "The module's name begins with a full stop: what should stand in front of it is empty, mostly a variable of the script that starts it (the project's name). Set it where the container runs",
        when=r"~\bno module named ['\"]\.[a-z]",
        decides=True,
    ),
    Step(
        "pyenv has that program in another of its Pythons, if at all: install it for the one that runs (PYENV_VERSION, .python-version), or start it as python -m NAME",
        when=r"~\bpyenv: [\w.-]{1,60}: command not found\b",
        decides=True,
    ),
)
"""Names of modules that are none, and programs of another Python."""

NATIVE_PART: Final = (
    *PYTHONS_NAMES,
    Step(
        "The native part of a package was not built for this image (its Node, its processor or its C library): let the Dockerfile run npm ci (or npm rebuild) in that very image, with python3, make and g++ where none is ready-made, without --ignore-scripts, and keep node_modules out of the build (.dockerignore)",
        when=r"~\bcannot find module ['\"][^'\"]{1,200}\.node['\"]",
        decides=True,
    ),
    Step(
        "The package is not installed where the program runs: name it among dependencies (devDependencies are left out by npm ci --omit=dev), and let the Dockerfile install from the lock file in the directory of the program",
        "docker run --rm --entrypoint npm <image> ls",
        when=r"~\bcannot find package '|\bcannot find module '(?![./])[@\w][\w./-]{0,100}'",
        decides=True,
    ),
    Step(
        "Node was given a blank where the file's name should stand: an empty word is in the command (a variable that is not set, a line that ends in a backslash and a blank, options of docker run behind the image's name). Write the command anew",
        when=r"~\bcannot find module ['\"](?:/[\w.-]{1,60}){0,6}/ {1,3}['\"]",
        decides=True,
    ),
)
"""Packages of Node that the image lacks."""

BROKEN_PROGRAM: Final = (
    Step(
        "Elasticsearch and OpenSearch want more memory areas than the host allows: raise it there (sysctl -w vm.max_map_count=262144, and in /etc/sysctl.conf). On Fargate nobody may: run one node with node.store.allow_mmap: false",
        "cat /proc/sys/vm/max_map_count",
        when=r"~\bvm\.max_map_count\b",
        decides=True,
        anywhere=True,
    ),
    Step(
        "It ended without an error (code 0): its main process is none that stays, but a script, a job, or a server that goes into the background. Let the server be the last command, in the foreground (nginx -g 'daemon off;', exec \"$@\"); start a job by itself (run-task, a schedule), or mark its container as not essential",
        when=r"~\bexit ?(?:ed with )?(?:code|status)?\W{0,4}0(?![\d.x])(?!.*\bexit ?code\W{0,4}[1-9])",
        decides=True,
    ),
    *GIVE_IT,
    *PYTHONS_NAMES,
    Step(
        "Uvicorn starts workers and reloads only an application that it can import by its name: give MODULE:NAME as a string (uvicorn.run('app.main:app', workers=2)), or leave workers and reload away",
        when="must pass the application as an import string",
        decides=True,
    ),
    Step(
        "The program itself fails at the first place of its own that the stack names: mend that line, or, where it lies in a package (node_modules, site-packages), take another version of that; no setting of the deployment changes it",
        when=r"~\b(?:type|reference)error: [^|]{3,200} at [^|]{1,400}\bnode_modules/",
    ),
)
"""Faults in a program's own code."""

UNSET_HOST: Final = (
    Step(
        "The host is called undefined, null or nothing: the variable from which the program takes it is not set where it runs. Set it (environment, .env), and start the program anew",
        when=r"~\b(?:enotfound|eai_again) (?:undefined|null|nan)\b",
        decides=True,
    ),
)

NO_COMMAND: Final = (
    Step(
        "What was to be started is a directory: name the program itself, whole, in command or entryPoint (each word a string of its own)",
        when=r"~\bexec: [\\\"']{1,6}(?:/|\.{1,2}/?|(?:/[\w.-]{1,60}){1,6}/)[\\\"']{1,6}: (?:permission denied|is a directory)",
        decides=True,
    ),
    Step(
        "A directory on the way to it may not be entered by the user that starts it: give the directories 755 and the file too (chmod -R a+rX), or start it as the user to whom they belong",
        when=r"~\bstat /[\w./-]{1,200}: permission denied\b",
        decides=True,
    ),
)
"""Commands that cannot be executed, whatever the file's own mode."""

_OF_THE_CALLER: Final = (
    r"~\binstance-terminated-by-user\b|\bspot instance terminated due to user-initiated\b"
)

IN_A_NESTED_ONE: Final = (
    Step(
        "A newer runc asks the kernel for what the container around this Docker hides from it (Docker within LXC, Proxmox, an unprivileged container): allow nesting there and bring its AppArmor profile and kernel up to date, or keep the older containerd.io until then",
        "docker info --format '{{.ServerVersion}} {{.KernelVersion}}'",
        when=r"~\b(?:get handle to /proc/thread-self|could not get mount id|statx\(statx_mnt_id|open sysctl net\.ipv4\.ip_unprivileged_port_start)",
        decides=True,
    ),
)
"""Containers within another one that hides the kernel's files."""

ENDED_BY_SOMEBODY: Final = (
    Step(
        "Nobody took it back for want of capacity: somebody ended it, or the fleet or script that asked for it. CloudTrail tells who",
        "aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=TerminateInstances --query 'Events[].[EventTime,Username]'",
        when=_OF_THE_CALLER,
        decides=True,
    ),
)

OUT_OF_MEMORY: Final = (
    Step(
        "The heap that Java gives itself is full: let it take more of the container's memory (JAVA_TOOL_OPTIONS=-XX:MaxRAMPercentage=75, in place of a small -Xmx), give the container more, or find what is kept (-XX:+HeapDumpOnOutOfMemoryError)",
        when="java heap space|java.lang.outofmemoryerror|java/lang/outofmemoryerror",
        decides=True,
    ),
    Step(
        "Go asked this machine for memory and got none: the machine itself is full (or ulimit -v bounds the shell), and no container's limit ended it. See what takes it, end that, or take a larger machine",
        "head -n 3 /proc/meminfo",
        when=r"~fatal error: runtime: (?:out of memory|cannot allocate memory)",
        decides=True,
    ),
)
"""Memory that a machine does not have."""

HOST_OF_A_JOB: Final = (
    Step(
        "The instance under a job of AWS Batch was taken away (mostly a Spot one): let the job try again for that reason (retryStrategy with evaluateOnExit: onStatusReason 'Host EC2*', action RETRY), save what it has done, or take On-Demand instances",
        "aws batch describe-job-definitions --status ACTIVE --query 'jobDefinitions[].[jobDefinitionName,revision,retryStrategy]'",
        when=r"~^(?=.*(?:\bjobs?\b|\bbatch\b)).*\bhost ec2\b[^|]{0,60}\bterminated\b",
        decides=True,
    ),
)
"""Instances that ended under what ran on them."""

NOT_YET_UP: Final = (
    Step(
        "The name was found (the address is one of a network of Docker), and nothing listens there yet: let the program wait until the database answers (a healthcheck with pg_isready, depends_on with condition: service_healthy), or try again by itself; read the database's own log if it never does",
        "docker ps -a",
        when=rf"~^{_DEPLOYED}(?!.*\[db\]).*\beconnrefused 172\.(?:1[7-9]|2\d|30)\.\d{{1,3}}\.\d{{1,3}}:(?:5432|3306)\b",
        decides=True,
    ),
    Step(
        "It is an address of Docker's own network, and no container answers there: see whether the database's container ended (its log says why), start it in a network that both are in, and call it by its name",
        "docker ps -a",
        when=rf"~^{_DEPLOYED}(?!.*\[db\]).*(?:\bno route to host\b.{{0,160}}\b172\.(?:1[7-9]|2\d|30)\.\d{{1,3}}\.\d|\b172\.(?:1[7-9]|2\d|30)\.\d{{1,3}}\.\d{{1,3}}\b.{{0,160}}\bno route to host\b)",
        decides=True,
    ),
)
"""Databases of a network of Docker."""

JDBC: Final = (
    Step(
        "Spring is given no database: set spring.datasource.url (in a container SPRING_DATASOURCE_URL=jdbc:postgresql://HOST:5432/NAME) for the profile that is active, with the driver among the dependencies; a program without a database leaves DataSourceAutoConfiguration out",
        when="failed to configure a datasource|determine a suitable driver",
        decides=True,
    ),
    Step(
        "Java finds no driver for that URL: write it whole (jdbc:postgresql://HOST:5432/NAME, with the colon before the slashes), and see that the driver's jar is in the image",
        when="no suitable driver found for jdbc",
        decides=True,
    ),
)

_FOR_ITSELF: Final = r"(?:127\.0\.0\.1|localhost|\[?::1\]?|(?:(?:the|its own) )?loopback)(?![\w.])"
_UNREACHED: Final = "unreachable|not reachable|not be reachable|doesn't allow|does not allow|not allow access|unable to|can't|i cant|cannot|could not|not accessible|inaccessible|nothing could|refused|only inside|not being available|not available|times out|timed out|无法访问|not respond"
_MEANT_SO: Final = (
    "~\\bshould (?:only )?(?:be )?(?:bind|listen)(?:ing)? (?:on|to) (?:localhost|127|loopback)|\\bavailable over the internet\\b|\\bexposed to the\\b",
    "postgres|5432|redis|6379|mysql|3306|mongo|already in use",
)

LISTENS_TO_ITSELF: Final[tuple[Signature, ...]] = (
    # As people tell it of a container whose server hears nobody but itself.
    says(
        "127.0.0.1|localhost|loopback|::1",
        "container|docker|fargate|ecs|from outside|from the outside|it from outside",
        rf"~\b(?:listen(?:s|ing|ed|er)?|bind(?:s|ing)?|bound|host=)(?:[^.|]|\.(?=\S)){{0,30}}['\"`=]?\b{_FOR_ITSELF}|\b{_FOR_ITSELF}['\"`]? address is\b|\busing {_FOR_ITSELF}[^.|]{{0,20}} inside a container\b",
        _UNREACHED,
        rank=Rank.LIKELY,
        unless=_MEANT_SO,
    ),
    says(
        "0.0.0",
        "container|docker|fargate|ecs",
        r"~(?:\bshould (?:be )?(?:bind|listen)(?:ing)? (?:on|to)|\b(?:instead of|rather than)(?: (?:on|to))?|而不是|ではなく) ['\"`]?0\.0\.0\.0\b",
        f"{_UNREACHED}|from outside|from the outside",
        rank=Rank.LIKELY,
        unless=_MEANT_SO,
    ),
    # The name that Docker gives to a container, where a server took HOSTNAME for its address.
    says(
        "http",
        r"~\bhttps?://[0-9a-f]{12}:\d{2,5}\b",
        f"{_UNREACHED}|bind|bound",
        rank=Rank.LIKELY,
    ),
)
"""Servers that only their own container reaches (signatures of ``bad-listen-config``)."""

SLOW_TO_END: Final[tuple[Signature, ...]] = (
    # A program's own limit for its end ran out, and it ended with what it still did.
    says(
        "shutdown|shut down|shutting down|draining",
        r"~\b(?:graceful(?:ly)?|forced|engine)? ?shut ?down (?:timeout|deadline|period) (?:was |has been |is )?(?:exceeded|reached|expired|elapsed|hit)\b|"
        r"\bgraceful shutdown timed out\b|\btimeout reached for graceful shutdown\b|\bshutdown timed out\b[^|]{0,20}\bforc|"
        r"\bnot (?:close|finish|stop|complete)\b[^|]{0,40}\bin time, forc|\bforcefully shutting down after \d{1,5} ?m?s(?:ec\w{0,5})? timeout\b|"
        r"\bgrace period (?:elapsed|expired|exceeded)\b[^|]{0,60}\bdraining\b",
        rank=Rank.CLEAR,
        kinds="log_line stopped_task api_error http",
    ),
)
"""Programs that end themselves (signatures of ``stop-timeout``)."""

END_SOONER: Final = (
    Step(
        "The program gave itself that long to end, and something was still open: let it close idle connections and streams, or end its jobs, when SIGTERM comes; keep its own limit a little under stopTimeout (30 seconds unless set, 120 at most on Fargate)",
        when=r"~^(?!.*(?:\bash\b|\bash[-_]))(?=.*\b(?:shut ?down|shutting down|grace period)\b).*(?:\bforc|\b(?:timeout|timed out)\b)",
        decides=True,
    ),
)

_IPV6: Final = r"~\bconnecting to localhost(?::\d{1,5})? \(\[?::1\]?:\d{1,5}\)[^|]{0,40}\bconnect to remote host\b"

NO_ANSWER_WITHIN: Final[tuple[Signature, ...]] = (
    says("healthcheck", "curl|wget|ecs thinks", "unhealthy", rank=Rank.LIKELY),
    says(
        "curl|wget",
        "health",
        "not installed|only installed|is missing|not in the image|not part of the image|has no curl|without curl|lacks curl|sh: curl: not found|sh: wget: not found|not present in|does not exist in|not include curl|n't include curl|not have curl|n't have curl|n't available|not available|not in the base image|presence of `curl|presence of curl|apk add|install curl|install wget",
        rank=Rank.CLEAR,
    ),
    # wget of BusyBox, of a name that means the address of IPv6 first.
    says("connecting to localhost", _IPV6, rank=Rank.CLEAR),
)

"""Health checks within a container that find no program, or no server where they ask (signatures of ``container-healthcheck-failed``)."""

IPV6_FIRST: Final = (
    Step(
        "localhost means ::1 to that check, and the server listens on addresses of IPv4 alone: let the check ask 127.0.0.1, or the server listen on :: too",
        when=_IPV6,
        decides=True,
    ),
)
