"""Where the server keeps its state itself: SQLite, /data, disks, S3."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says
from ash_ops.causes.catalogue.restart.built_elsewhere import ON_A_SHARED_DISK
from ash_ops.causes.catalogue.restart.further_reasons import OWNED_BY_OTHERS, ROOM_ELSEWHERE
from ash_ops.causes.catalogue.restart.limits import NO_DISK
from ash_ops.causes.catalogue.restart.other_programs import ONE_WRITER, READ_WRITERS
from ash_ops.causes.catalogue.restart.plainly_said import (
    ON_A_NETWORK,
    READ_THE_FILE,
    RECOVERED,
    WHOSE_IT_IS,
)
from ash_ops.causes.catalogue.restart.repairs import DISK_OF_HOST, NOT_WRITABLE
from ash_ops.causes.catalogue.restart.words import ANY
from ash_ops.causes.catalogue.restart.writing import UNWRITABLE

_DATA_DIRS: Final = "'/data| /data|\"/data|=/data|:/data|(/data|/efs|/mnt|ash.db|ash_data_dir|sqlite|mkdir|open '|open() \"/|chown|/workspace|/var/lib|permission denied, |unlink|rename|copyfile|scandir|/app/|/home/"

_ON_A_SHARE: Final = "~\\b(?:efs|nfs|cifs|smb)\\b"
"""A disk that several hosts have, whose locks SQLite cannot rely on."""

CAUSES: Final = (
    Cause(
        slug="data-dir-unwritable",
        title="ASH_DATA_DIR cannot be created or written",
        category="restart",
        severity="error",
        meaning="The directory belongs to someone else, is read-only, or something else is in its place.",
        proof=(
            Step(
                "Read mount points, user and readonlyRootFilesystem",
                "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.containerDefinitions[].[mountPoints,user,readonlyRootFilesystem]'",
            ),
            *WHOSE_IT_IS,
        ),
        repair=(
            Step(
                "Keep /data on a writable volume, without readonlyRootFilesystem; on EFS use an access point without PosixUser and allow ClientRootAccess"
            ),
            Step(
                "Take readonlyRootFilesystem away, or mount a volume where the message says that it cannot write",
                when="~^(?!.{0,2000}(?<![\\w/])/data\\b).{0,2000}(?:\\berofs\\b|read-only file ?system)",
            ),
            Step(
                "The directory is not there: make it in the image, or in the volume that is mounted over it, and let the program's user own it",
                when="~failed to open stream: no such file|\\bmust be present and writ|\\bcannot create directory [^|]{3,200}: no such file",
            ),
            Step(
                "Let the program's user own that path and read it (chown it in the image; on a volume, in the volume or by the uid of its access point), or write elsewhere",
                when="~^(?!.{0,2000}(?<![\\w/])/(?:data|efs|mnt)\\b)(?!.{0,2000}(?:readonly database|read-only|erofs)).{0,2000}(?:\\beacces\\b|permission (?:was )?denied|permissiondenied|access to the path|\\blchown /)",
            ),
            *OWNED_BY_OTHERS,
            *NOT_WRITABLE,
        ),
        signatures=(
            *UNWRITABLE,
            says(
                "write",
                "/data",
                "~\\b(?:cannot|could not|unable to|fails? to|failed to|not) write (?:to |into |in )?['\"]?/data\\b",
                rank=Rank.DECISIVE,
                unless="no space left|mount.nfs|failed to mount",
            ),
            says(
                "eacces|eperm|erofs|read-only file system|readonly file system|permission denied|[errno 1] operation not permitted",
                _DATA_DIRS,
                rank=Rank.CLEAR,
                kinds=ANY,
                unless=(
                    "cannot remove",
                    "[sandbox:|bwrap|namespace",
                    "listen eacces",
                    "entrypoint|exec /|exec: |exec container process",
                    "/sys/fs/cgroup|init cgroups path",
                    "denied for database|denied for schema",
                    "install.sh|startup.sh",
                    "mount.nfs",
                    "/proc/self/exe",
                    "docker.sock",
                    "'/usr/local/lib/node_modules|npm install|/etc/",
                    "mount source path|to rootfs",
                ),
            ),
            says(
                "chown|chmod|changing ownership|changing permissions|change permissions|change ownership|change owner",
                "operation not permitted|read-only file system",
                "~(?<![\\w/])/data\\b|\\bch(?:mod|own|grp) ['\"]?/[^'\" ]{1,200}['\"]? failed: |\\bl?chown /[^'\": ]{1,200}: operation|\\bch(?:mod|own|grp): (?:changing \\w{5,12} of )?['\"]?/|\\b(?:owner|ownership|permissions) of (?:directory )?['\"]?/",
                rank=Rank.CLEAR,
                kinds=ANY,
            ),
            says(
                "erofs|read-only file system",
                "open|mkdir|write|/app|/tmp|/data|unlink|touch|cannot create|rename",
                rank=Rank.CLEAR,
                kinds=ANY,
                unless=(
                    "cannot remove",
                    "cgroup|control group|init.scope",
                    "mount.nfs",
                    # The runtime's own mounts, before any program of the image runs.
                    "mount source path|to rootfs",
                ),
            ),
            says(
                "eexist|enotdir|not a directory|file already exists",
                "mkdir|/data|ash_data_dir|scandir",
                rank=Rank.CLEAR,
                kinds=ANY,
                unless="to rootfs",
            ),
            says(
                "readonly database|sqlite_readonly|sqlite_cantopen|unable to open database file|unable to open the database file|cannot open database because the directory does not exist|directory does not exist",
                rank=Rank.PRECISE,
                kinds=ANY,
                unless=("workspace directory|agent directory",),
            ),
            says(
                ".sh: line ",
                "~\\.sh: line \\d{1,5}: [^ :]{1,200}\\.(?:log|json|txt|pid|ya?ml|conf|env|db|lock): (?:permission denied|read-only file system)",
                rank=Rank.CLEAR,
                kinds=ANY,
            ),
            # PostgreSQL, of the directory it is given; and others of theirs.
            says(
                "data directory|not owned by the current",
                "has wrong ownership|has invalid permissions|has group or world access|not owned by the current user",
                rank=Rank.CLEAR,
                kinds=ANY,
            ),
            # Java, Rust, .NET and PHP, in words of their own.
            says(
                "java.nio.file.accessdeniedexception|kind: permissiondenied|permission denied (os error 13)|kind: readonlyfilesystem|java.io.ioexception: permission denied|system.unauthorizedaccessexception: access to the path|failed to open stream: permission denied|errno::eacces|errno::erofs",
                rank=Rank.CLEAR,
                kinds=ANY,
            ),
            says(
                "permission denied|read-only file system",
                "~\\b(?:filenotfound|filesystem)exception: [^|]{1,300}?(?: \\(|: )(?:permission denied|read-only file system)|\\berrno 30\\] read-only|\\bpermissionerror: \\[errno 13\\] permission denied: '(?!/(?:etc|usr|var/run|run|proc|sys|dev)/)",
                rank=Rank.CLEAR,
                kinds=ANY,
            ),
            says("enoent", "mkdir '/|/data/ash.db|ash_data_dir", rank=Rank.CLEAR, kinds=ANY),
        ),
        confused_with=(
            ("disk-full", "There it is writable and full."),
            ("efs-mount-failed", "There the volume never was mounted."),
        ),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/efs-volumes.html",
    ),
    Cause(
        slug="disk-full",
        title="Ephemeral disk full",
        category="restart",
        severity="error",
        meaning="No space is left. SQLite shows it as 'cannot rollback - no transaction is active'.",
        proof=(
            Step("See which file system is full, where it runs", "df -h"),
            Step(
                "Read the graph of ephemeral storage (Container Insights)",
                "aws cloudwatch get-metric-statistics --namespace ECS/ContainerInsights --metric-name EphemeralStorageUtilized --dimensions Name=ClusterName,Value=<cluster> Name=ServiceName,Value=<service> --start-time <start> --end-time <end> --period 300 --statistics Maximum",
            ),
        ),
        repair=(
            Step("Give the task more disk: ephemeralStorage.sizeInGiB 21-200", "ash-ops deploy"),
            Step(
                "The instance's disk for images and containers is full: see what fills it, take unused images away (docker image prune), or start instances with a larger volume",
                "docker system df",
                when="~^(?!.*(?:\\berror response from daemon\\b|\\boverlay2\\b)).*(?:\\bthin pool\\b|\\bdevmapper\\b|/var/lib/docker|/run/containerd|\\bagent\\.db\\b)",
            ),
            Step(
                "The volume in which the database or the index keeps its files is full: make it larger, or delete what is no longer needed there; it takes writes again once there is room",
                when="watermark|saving db on disk|background saving|pg_xlog|pg_wal|could not write to file|could not extend file|je.freedisk",
            ),
            Step("End old sessions: their workspaces are in /data/sandboxes"),
            *ROOM_ELSEWHERE,
            *DISK_OF_HOST,
            *ON_A_SHARED_DISK,
        ),
        signatures=(
            says(
                "disk|ephemeral storage",
                "~\\bdisk (?:of (?:the|our|my) (?:task|container|server) )?is full\\b|\\bran out of disk\\b|\\bephemeral (?:storage|disk) (?:is )?full\\b",
                rank=Rank.CLEAR,
            ),
            says(
                "filling up|filled up",
                "~\\b(?:root |data )?(?:disks?|drives?|volumes?|file ?systems?|partitions?)(?: of [^.|]{2,40})? (?:is|are|was|were|keeps?|has|have|had|gets?|got) (?:been )?fill(?:ing|ed) up\\b",
                rank=Rank.CLEAR,
            ),
            says(
                "enospc|disk is full|sqlite_full|disk full|no space left on device|not enough free disk|not enough disk|insufficient disk|edquot|disk quota exceeded|could not extend file|out of disk|insufficient free space|insufficient space in|not enough free space|not enough space on the disk",
                rank=Rank.PRECISE,
                kinds=ANY + " http api_error",
                unless=(NO_DISK, "exceeded disk limit"),
            ),
            says(
                "disk usage|disk space|free disk|freedisk",
                "~\\bdisk usage is not within\\b|\\bwrite operations are prohibited\\b|\\bfree disk space is (?:below|less than)\\b|\\bdisk usage exceed(?:s|ed)\\b|\\bdisk space available for\\b[^|]{0,80}\\bless than\\b",
                rank=Rank.PRECISE,
                kinds=ANY,
            ),
            # Elasticsearch and OpenSearch, which refuse writes before the disk is full.
            says(
                "disk watermark|flood-stage watermark|flood stage",
                "exceeded",
                "~\\bflood[- ]stage (?:disk )?watermark\\b",
                rank=Rank.PRECISE,
                kinds=ANY,
                unless="no longer exceeded",
            ),
            says("cannot rollback", "no transaction is active", rank=Rank.PRECISE, kinds=ANY),
            says("thin pool", "free data blocks", rank=Rank.PRECISE, kinds=ANY),
            # SQLite's own code: whatever a program says above of its database is of that file.
            says(
                "sqlite_ioerr",
                "disk i/o error",
                rank=Rank.PRECISE + 1,
                kinds=ANY,
                unless="sqlite_ioerr_lock|sqlite_ioerr_unlock",
            ),
            says(
                "sqlite_ioerr|disk i/o error",
                rank=Rank.LIKELY,
                kinds=ANY,
                unless=("sqlite_ioerr_lock", _ON_A_SHARE),
            ),
        ),
        confused_with=(
            ("image-unpack-failed", "There the image itself does not fit, before the start."),
            ("sandbox-disk-limit", "There one sandbox reached its own limit."),
        ),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-storage.html",
    ),
    Cause(
        slug="sqlite-corrupt",
        title="SQLite database file is not valid",
        category="restart",
        severity="error",
        meaning="The file is damaged or not a database at all.",
        proof=(
            Step(
                "Its first bytes must be 'SQLite format 3' (Ash's own is /data/ash.db)",
                "head -c 15 <database-file>",
            ),
            *READ_THE_FILE,
        ),
        repair=(
            Step(
                "Restore a copy, or move the file away and start afresh; keep SQLite off shared file systems"
            ),
            *RECOVERED,
        ),
        signatures=(
            says(
                "file is not a database|sqlite_notadb|sqlite_corrupt|disk image is malformed|database malformed|malformed database|database corruption|database is corrupt|file is encrypted or is not a database",
                rank=Rank.DECISIVE,
                kinds=ANY,
            ),
        ),
        confused_with=(("disk-full", "A full disk damages too: look at the space first."),),
        docs_url="https://www.sqlite.org/howtocorrupt.html",
    ),
    Cause(
        slug="sqlite-locked",
        title="SQLite database locked by another process",
        category="restart",
        severity="error",
        meaning="Two tasks share one /data, typically during a rolling deployment with maximumPercent 200.",
        proof=(
            Step(
                "Count the running tasks and read the volume",
                "aws ecs describe-services --cluster <cluster> --services <service> --query 'services[].[runningCount,deploymentConfiguration]'",
            ),
            *READ_WRITERS,
        ),
        repair=(
            Step(
                "Stop the old task first",
                "aws ecs update-service --cluster <cluster> --service <service> --deployment-configuration 'minimumHealthyPercent=0,maximumPercent=100,deploymentCircuitBreaker={enable=true,rollback=true}'",
            ),
            Step("Or use PostgreSQL: ASH_DATABASE_URL"),
            *ON_A_NETWORK,
            *ON_A_SHARED_DISK,
            *ONE_WRITER,
        ),
        signatures=(
            says(
                "disk i/o error",
                _ON_A_SHARE,
                "sqlite",
                rank=Rank.PRECISE,
                kinds=ANY,
            ),
            says(
                "sqlite_busy|sqlite_locked|sqlite_ioerr_lock|sqlite_ioerr_unlock|database is locked|database table is locked|database file is locked|sqlite_protocol|locking protocol",
                rank=Rank.DECISIVE,
                kinds=ANY,
            ),
        ),
        confused_with=(("data-dir-unwritable", "There the file may not be written at all."),),
        docs_url="https://www.sqlite.org/rescode.html#busy",
    ),
    Cause(
        slug="state-not-durable",
        title="State is lost with every replaced task",
        category="restart",
        severity="warning",
        meaning="/data is on the task's own disk and neither PostgreSQL nor S3 is configured: a deployment or a crash loses agents, sessions and keys.",
        proof=(
            Step(
                "Read volumes and the names of the settings",
                "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.[volumes,containerDefinitions[].environment[].name]'",
            ),
        ),
        repair=(
            Step(
                "Use PostgreSQL and S3 (ASH_DATABASE_URL, ASH_SNAPSHOT_URL and ASH_S3_REGION), or EFS on /data with one task",
                "ash-ops deploy --plan",
            ),
        ),
        confused_with=(("agent-dir-missing", "What is seen afterwards."),),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_data_volumes.html",
    ),
    Cause(
        slug="snapshot-sync-failed",
        title="State could not be copied to or from S3",
        category="restart",
        severity="warning",
        meaning="The server runs on; sessions and agents will not survive the task.",
        proof=(Step("Read the error behind it", "ash-ops logs --since 1h --filter sync"),),
        repair=(
            Step(
                "The bucket that is named is none: correct its name and region in the settings of the server, or make it",
                "aws s3 ls",
                when="nosuchbucket|bucket does not exist",
                decides=True,
            ),
            Step(
                "Let the task role read and write the bucket, and set ASH_S3_REGION to the bucket's region"
            ),
        ),
        signatures=(
            says(
                "[snapshot-s3]|[snapshot-gcs]|[state-persistence]|cloud sync failed|cloud restore failed|cloud delete failed",
                "failed",
                rank=Rank.PRECISE,
                kinds="log_line stopped_task",
            ),
            says(
                "failed to persist state|failed to restore state",
                "session|sandbox",
                rank=Rank.CLEAR,
                kinds="log_line stopped_task",
            ),
            says(
                "invalid s3 url|invalid gcs url|to use gcs snapshots|to use s3 snapshots|to use s3 file store",
                rank=Rank.CLEAR,
                kinds="log_line stopped_task",
            ),
            says(
                "snapshot",
                "~\\b(?:cannot|could not|unable to|fails? to|failed to)\\b(?:[^.|]|\\.(?=\\S)){0,30}\\b(?:upload|save|sync|download|restore)(?:[^.|]|\\.(?=\\S)){0,40}\\bsnapshots?\\b",
                rank=Rank.LIKELY,
            ),
            says(
                "[snapshot-s3]|[snapshot-gcs]|[state-persistence]|cloud sync|cloud restore|cloud delete|snapshot url|file store url|use s3 snapshots|use s3 file store",
                "fail|error|unsupported|invalid|install",
                rank=Rank.LIKELY,
                kinds="log_line stopped_task",
            ),
            says(
                "nosuchbucket|permanentredirect|authorizationheadermalformed",
                "s3|bucket|snapshot|region",
                rank=Rank.LIKELY,
                kinds="log_line stopped_task",
                # The words of Python, in which Ash is not written; Terraform's of where it keeps its state.
                unless="when calling the|error: nosuchbucket|existing workspaces|referenced s3 bucket|cdk stack|been bootstrapped|error loading state|error inspecting states",
            ),
        ),
        confused_with=(("state-not-durable", "There no copy is configured."),),
    ),
)
