"""Where the server keeps its state: PostgreSQL, SQLite, /data, disks."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says

_ANY: Final = "log_line stopped_task http service_event"
_DB: Final = "5432|6543|postgres|database|[db]|ash_database_url|rds.amazonaws|aurora|pg_|/pg/|pg-pool|pgbouncer|:3306|dberror|drizzle|sequelize|connection attempt"
_DATA_DIRS: Final = "/data|/efs|/mnt|ash.db|ash_data_dir|sqlite|mkdir|open '|chown|/workspace|/var/lib|permission denied, |unlink|rename|copyfile|scandir|/app/|/home/"

CAUSES: Final = (
    Cause(
        slug="db-unreachable",
        title="PostgreSQL cannot be reached (refused, DNS, timeout)",
        category="restart",
        severity="error",
        meaning="The server tries for about 31 seconds and then exits with 1.",
        proof=(
            Step("Read the attempts", "ash-ops logs --previous --filter database"),
            Step(
                "See whether the database runs",
                "aws rds describe-db-instances --query 'DBInstances[].[DBInstanceIdentifier,DBInstanceStatus,Endpoint.Address]'",
            ),
        ),
        repair=(
            Step(
                "Let the task in on 5432",
                "aws ec2 authorize-security-group-ingress --group-id <database-security-group> --protocol tcp --port 5432 --source-group <task-security-group>",
            ),
            Step("Correct the host in ASH_DATABASE_URL, or start the database"),
        ),
        signatures=(
            says(
                _DB,
                "econnrefused|etimedout|enotfound|ehostunreach|enetunreach|eai_again|econnreset|timeout|timed out|connection refused|could not connect|connection terminated|getaddrinfo|could not translate host name|no route to host|connection timed out|unreachable|no such host|name or service not known|cannot reach|is not reachable|server closed the connection|econnaborted|connect enoent",
                rank=Rank.PRECISE,
                kinds=_ANY,
                unless=(
                    "password authentication|pg_hba|does not support ssl",
                    "target-group|target group",
                    "database is locked",
                    "cannotpull",
                    "anthropic",
                ),
            ),
            says(
                "failed to connect to database|could not connect to the database|cannot connect to database|database connection failed|failed to connect to postgres",
                rank=Rank.LIKELY,
                kinds=_ANY,
            ),
            says(
                "the database system is starting up|the database system is shutting down|the database system is in recovery|too many clients already|remaining connection slots|sorry, too many clients|too many connections",
                rank=Rank.PRECISE,
                kinds=_ANY,
            ),
            says(
                "[db] connection attempt|connection attempt",
                "failed, retrying|retrying in",
                rank=Rank.LIKELY,
                kinds=_ANY,
                unless="control plane",
            ),
            says("p1001|can't reach database|cannot reach database", rank=Rank.PRECISE, kinds=_ANY),
        ),
        confused_with=(("db-auth-failed", "There the database answered and refused."),),
        docs_url="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Troubleshooting.html",
    ),
    Cause(
        slug="db-auth-failed",
        title="PostgreSQL refused the connection (password, database name, TLS)",
        category="restart",
        severity="error",
        meaning="The database answered: wrong password, no such database, or TLS that one side wants and the other does not give or trust.",
        proof=(Step("Read the refusal", "ash-ops logs --previous --filter database"),),
        repair=(
            Step("Correct user, password and database name in ASH_DATABASE_URL"),
            Step(
                "RDS asks for TLS: append ?sslmode=no-verify (this image does not hold the RDS certificates, so sslmode=require fails)"
            ),
        ),
        signatures=(
            says(
                'password authentication failed|no pg_hba.conf entry|pam authentication failed|scram-server|sasl: |client password must be a string|authentication failed for user|role "|rds_iam|invalid_password|invalid password|28p01|28000|3d000|does not support ssl connections|no encryption|ssl off|peer authentication failed|permission denied for database|permission denied for schema|must be owner|42501',
                rank=Rank.PRECISE,
                kinds=_ANY,
                unless=(
                    "assume the role",
                    "invalid sslmode connection warning",
                    "iam:passrole|iam role|trust policy",
                ),
            ),
            says(
                "database \"|fatal: database|database '",
                "does not exist|not exist",
                rank=Rank.PRECISE,
                kinds=_ANY,
            ),
            says(
                _DB,
                "self signed|self-signed|certificate|ssl connection|ssl is required|ssl required|requires ssl|password|not permitted to log in|access denied|unable to get local issuer|unable to verify|err_tls|authentication",
                "fail|error|not|denied|required|self|unable|expired",
                rank=Rank.CLEAR,
                kinds=_ANY,
                unless=("econnrefused|etimedout|enotfound", "[sandbox", "anthropic"),
            ),
            says(
                "self-signed certificate in certificate chain|self signed certificate in certificate chain",
                rank=Rank.LIKELY,
                kinds="log_line stopped_task",
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
        ),
        signatures=(
            says(
                "err_invalid_url|invalid url|searchparams|invalid connection string|could not parse connection|uri malformed",
                "postgres|database|pg-connection-string|searchparams|[db]|connection",
                rank=Rank.CLEAR,
                kinds=_ANY,
            ),
        ),
    ),
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
        ),
        repair=(
            Step(
                "Keep /data on a writable volume, without readonlyRootFilesystem; on EFS use an access point without PosixUser and allow ClientRootAccess"
            ),
        ),
        signatures=(
            says(
                "eacces|eperm|erofs|read-only file system|readonly file system|permission denied",
                _DATA_DIRS,
                rank=Rank.CLEAR,
                kinds=_ANY,
                unless=(
                    "[sandbox:|bwrap|namespace",
                    "listen eacces",
                    "entrypoint|exec /|exec: ",
                    "/sys/fs/cgroup",
                    "denied for database|denied for schema",
                    "install.sh|startup.sh",
                    "mount.nfs",
                    "/proc/self/exe",
                    "docker.sock",
                ),
            ),
            says(
                "erofs|read-only file system",
                rank=Rank.CLEAR,
                kinds=_ANY,
                unless=("cgroup", "mount.nfs"),
            ),
            says(
                "eexist|enotdir|not a directory|file already exists",
                "mkdir|/data|ash_data_dir|scandir",
                rank=Rank.CLEAR,
                kinds=_ANY,
            ),
            says(
                "readonly database|sqlite_readonly|sqlite_cantopen|unable to open database file|cannot open database because the directory does not exist|directory does not exist",
                rank=Rank.PRECISE,
                kinds=_ANY,
                unless=("workspace directory",),
            ),
            says("enoent", "mkdir '/|/data/ash.db|ash_data_dir", rank=Rank.CLEAR, kinds=_ANY),
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
            Step(
                "Read the graph of ephemeral storage (Container Insights)",
                "aws cloudwatch get-metric-statistics --namespace ECS/ContainerInsights --metric-name EphemeralStorageUtilized --dimensions Name=ClusterName,Value=<cluster> Name=ServiceName,Value=<service> --start-time <start> --end-time <end> --period 300 --statistics Maximum",
            ),
        ),
        repair=(
            Step("Give the task more disk: ephemeralStorage.sizeInGiB 21-200", "ash-ops deploy"),
            Step("End old sessions: their workspaces are in /data/sandboxes"),
        ),
        signatures=(
            says(
                "enospc|disk is full|sqlite_full|disk full|no space left on device|not enough free disk|not enough disk|insufficient disk|edquot|disk quota exceeded|could not extend file|out of disk",
                rank=Rank.PRECISE,
                kinds=_ANY + " http api_error",
                unless=("file watchers", "exceeded disk limit"),
            ),
            says("cannot rollback", "no transaction is active", rank=Rank.PRECISE, kinds=_ANY),
            says("sqlite_ioerr|disk i/o error", rank=Rank.LIKELY, kinds=_ANY),
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
        proof=(Step("Its first bytes must be 'SQLite format 3'", "head -c 15 /data/ash.db"),),
        repair=(
            Step(
                "Restore a copy, or move the file away and start afresh; keep SQLite off shared file systems"
            ),
        ),
        signatures=(
            says(
                "file is not a database|sqlite_notadb|sqlite_corrupt|disk image is malformed|database malformed|malformed database|database corruption|database is corrupt|file is encrypted or is not a database",
                rank=Rank.DECISIVE,
                kinds=_ANY,
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
        ),
        repair=(
            Step(
                "Stop the old task first",
                "aws ecs update-service --cluster <cluster> --service <service> --deployment-configuration minimumHealthyPercent=0,maximumPercent=100",
            ),
            Step("Or use PostgreSQL: ASH_DATABASE_URL"),
        ),
        signatures=(
            says(
                "sqlite_busy|sqlite_locked|database is locked|database table is locked|database file is locked|sqlite_protocol|locking protocol",
                rank=Rank.DECISIVE,
                kinds=_ANY,
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
                "Let the task role read and write the bucket, and set ASH_S3_REGION to the bucket's region"
            ),
        ),
        signatures=(
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
            ),
        ),
        confused_with=(("state-not-durable", "There no copy is configured."),),
    ),
)
