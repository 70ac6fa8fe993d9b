"""Roles, volumes and other containers a task waits for."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says
from ash_ops.causes.catalogue.pending.named_reasons import (
    NAMED_ROLE,
    NFS_ITSELF,
    NO_PLACE_TO_MOUNT,
    READ_VOLUMES,
    SLOW_TO_ATTACH,
    TRUST_OF_A_STACK,
    WAITS_FOR_THE_ROUTER,
)
from ash_ops.causes.catalogue.pending.other_places import ASKED_BY_A_CALLER
from ash_ops.causes.catalogue.pending.plainly_said import READ_THE_DIRECTORIES
from ash_ops.causes.catalogue.pending.repairs import NOT_EFS
from ash_ops.causes.catalogue.pending.words import DENIED, task_says
from ash_ops.causes.catalogue.refused_values import ROLES_OF_THE_CDK
from ash_ops.causes.catalogue.restart.limits import OTHER_DRIVER

_OTHER_STORES: Final = "synology|truenas|freenas|qnap|netapp|unraid|nfsd|exportfs|/etc/exports|showmount|ganesha|/volume1/"
_NO_CREDENTIALS: Final = "unable to find execution role credentials|execution role credentials not"
"""The ECS agent, where ECS gave it none: the role could not be assumed, or none is named."""
_MADE_OR_DELETED: Final = "create_failed|delete_failed|failed to create|cannot be deleted|limitexceeded|has mount targets|mounttargetstate|fails to deploy|(service: efs|(service: amazonelasticfilesystem"
"""What becomes of the file system or of its addresses themselves, not of a mount."""

CAUSES: Final = (
    Cause(
        slug="role-assume-failed",
        title="ECS cannot assume the task or execution role",
        category="pending",
        severity="error",
        meaning="The role's trust policy lacks ecs-tasks.amazonaws.com, the role is gone, or it is so new that IAM has not spread it yet.",
        proof=(
            Step(
                "Read whom the role trusts",
                "aws iam get-role --role-name <role> --query Role.AssumeRolePolicyDocument",
            ),
        ),
        repair=(
            *ROLES_OF_THE_CDK,
            *ASKED_BY_A_CALLER,
            Step(
                "The service's own role (role of the service, not of its task) must trust ecs.amazonaws.com, and have AmazonEC2ContainerServiceRole; with awsvpc, or to let ECS use its linked role, name none",
                "aws iam get-role --role-name <role> --query Role.AssumeRolePolicyDocument",
                when="validate the listeners|validate the specified targetgroup",
            ),
            Step(
                "Make the role in that account, and let it trust the role that is named behind it",
                when="role with trust relationship to role",
            ),
            Step(
                "Name no role for the scalable target: Application Auto Scaling has its own",
                "aws iam get-role --role-name AWSServiceRoleForApplicationAutoScaling_ECSService",
                when="applicationautoscaling|application auto scaling|scalable target",
            ),
            *NAMED_ROLE,
            Step("If the role was made a moment ago, only wait: ECS tries again within minutes"),
            Step(
                "Trust ECS tasks; this replaces the trust policy, so add whoever else must be in it",
                "aws iam update-assume-role-policy --role-name <role> --policy-document "
                """'{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": """
                """{"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}]}'""",
            ),
            Step(
                "An infrastructure role trusts ECS itself (this replaces whom it trusts now)",
                "aws iam update-assume-role-policy --role-name <role> --policy-document "
                '\'{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ecs.amazonaws.com"},"Action":"sts:AssumeRole"}]}\'',
                when="infrastructure role|infrastructurerole|infrastructure-role|ebs volume",
            ),
            Step(
                "The agent of the host has no credentials of the execution role: see that the task definition names one, and that it exists and trusts ecs-tasks.amazonaws.com",
                "aws ecs describe-task-definition --task-definition <family> --query taskDefinition.executionRoleArn",
                when=_NO_CREDENTIALS,
            ),
            *TRUST_OF_A_STACK,
        ),
        signatures=(
            # StackSets, of the role that it takes in each account.
            says("role with trust relationship to role", rank=Rank.PRECISE),
            says(
                "unable to assume|could not assume|cannot assume|failed to assume|not able to assume|cannot be assumed|unable to be assumed|assume the role|assume role",
                "role",
                rank=Rank.CLEAR,
                kinds="stopped_task service_event cfn_event log_line api_error",
                unless=(
                    "~service[- ]linked role|awsservicerolefor(?!\\S{1,80} that was provided for this task)",
                    "profile",
                    "oidc|webidentity|web identity|saml|federated login",
                    # A caller who is refused is no task.
                    "~\\buser: arn:[^ ]{10,200} is not authorized to perform: sts:(?:assumerole|tagsession|setsourceidentity)\\b",
                    "current credentials could not be used",
                    # It goes on without.
                    "continue to verify with",
                ),
            ),
            says("serviceaccessdeniedexception", "trust policy", rank=Rank.PRECISE),
            says(
                "sts:assumerole",
                DENIED,
                rank=Rank.PRECISE,
                kinds="stopped_task service_event cfn_event",
                unless=(
                    "an error occurred (|botocore",
                    "user: arn",
                    "webidentity|assumerolewithsaml",
                ),
            ),
            task_says(
                "unable to assume",
                rank=Rank.PRECISE,
                unless=(
                    "~service[- ]linked role|awsservicerolefor(?!\\S{1,80} that was provided for this task)",
                    "iam trust|passed to elastic|service role",
                    "oidc|webidentity|web identity|saml|federated login",
                    "user: arn|continue to verify with",
                ),
            ),
            # What ecspresso reads in the role before it deploys.
            says("has not a valid policy document", "role", rank=Rank.PRECISE),
            task_says(
                "trust policy|trusted entity|trust relationship|trust policy of the role",
                "ecs-tasks|task role|taskrole|execution role|executionrole|role provided",
                rank=Rank.CLEAR,
            ),
            says(
                "role is not valid|role is invalid|invalid role|role arn is not valid|role does not exist|role with name",
                "task|execution|ecs",
                rank=Rank.LIKELY,
                kinds="stopped_task service_event cfn_event api_error",
                unless=("already exists", "passrole"),
            ),
            task_says(_NO_CREDENTIALS, rank=Rank.DECISIVE),
            says(
                "unable to get credentials|credentials endpoint|could not fetch credentials|failed to get credentials",
                "role|task",
                rank=Rank.LIKELY,
                kinds="stopped_task service_event",
            ),
        ),
        confused_with=(
            ("cfn-passrole-denied", "There the one who deploys may not hand the role over."),
            ("cfn-slr-missing", "There it is the service-linked role of ECS itself."),
        ),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html",
    ),
    Cause(
        slug="efs-mount-failed",
        title="EFS volume could not be mounted",
        category="pending",
        severity="error",
        meaning="The mount helper failed: 2049/tcp is closed, the zone has no mount target, the name does not resolve, or IAM or the access point refused.",
        proof=(
            Step(
                "List the mount targets and their zones",
                "aws efs describe-mount-targets --file-system-id <file-system>",
            ),
            Step(
                "Read the security groups of a mount target",
                "aws efs describe-mount-target-security-groups --mount-target-id <mount-target>",
            ),
            *READ_VOLUMES,
            *READ_THE_DIRECTORIES,
        ),
        repair=(
            Step(
                "The directory that the task mounts is not in the file system: make it, or let rootDirectory of the volume be / or one that is there",
                when="~^(?=.*(?:\\befs\\b|\\bfs-|\\bnfs)).*(?:\\bno such file or directory\\b|\\bfailed, reason given by server: no such)",
            ),
            Step(
                "IAM or the access point refused: let the task role do elasticfilesystem:ClientMount, ClientWrite and ClientRootAccess on this file system",
                "aws efs describe-file-system-policy --file-system-id <file-system>",
                when="access denied|not authorized|accessdenied",
            ),
            Step(
                "The name does not resolve: add a mount target in the task's zone, switch on enableDnsSupport and enableDnsHostnames of the VPC, and check the file system's id",
                "aws efs describe-mount-targets --file-system-id <file-system>",
                when="failed to resolve|lookup mount target ip|name or service not known|could not resolve|temporary failure in name resolution",
            ),
            Step(
                "The user of the access point (PosixUser) may not own what the image holds at that path: mount it elsewhere, or give the access point the image's uid",
                when="chown|operation not permitted",
            ),
            Step(
                "The volume plugin of the EC2 host does not know its region: set region in /etc/amazon/efs/efs-utils.conf",
                when="retrieving region",
            ),
            Step(
                "Something answered on the way and broke off: start the task again first (a mount target that was just made needs some minutes); if it stays, mount with TLS and update amazon-efs-utils of the host",
                when="~\\bmount\\.nfs4?: [^|]{0,80}connection reset",
                decides=True,
            ),
            Step(
                "Let the task's security group reach the mount targets on 2049",
                "aws ec2 authorize-security-group-ingress --group-id <mount-target-security-group> --protocol tcp --port 2049 --source-group <task-security-group>",
            ),
            Step(
                "Add a mount target in each zone the task may run in, and allow elasticfilesystem:ClientMount and ClientWrite to the task role"
            ),
            *NO_PLACE_TO_MOUNT,
            *NOT_EFS,
            *NFS_ITSELF,
        ),
        signatures=(
            says("access point id", "malformed", rank=Rank.CLEAR),
            says(
                "option is required when mounting via|is required when mounting with",
                rank=Rank.CLEAR,
            ),
            says(
                "stunnel|efs-proxy",
                "not running|not found|failed|failed to locate|cannot start",
                rank=Rank.CLEAR,
            ),
            says(
                "failed to start tunnel|failed to initialize tunnel|cannot recreate self-signed certificate",
                rank=Rank.PRECISE,
            ),
            says(
                "file system fs-",
                "~\\bfile system fs-[0-9a-f]{3,17} (?:is |was )?(?:not found|does not exist|not exist)",
                rank=Rank.CLEAR,
            ),
            task_says("nfs: server fs-|nfs server fs-", "not responding", rank=Rank.PRECISE),
            task_says("tls tunnel", "stunnel|efs|fs-", "fail", rank=Rank.PRECISE),
            task_says(
                "mount attempt",
                "~\\bmount attempt \\d{1,3}/\\d{1,3}\\b[^|]{0,80}fail",
                rank=Rank.PRECISE,
            ),
            task_says(
                "mount.nfs|mount.nfs4|mount.efs|efs utils|efsutils|efs-utils|amazon-efs|nfs4",
                "fail|error|denied|timed out|timeout|not |refused|could not|unable|reset",
                rank=Rank.DECISIVE,
                unless=_OTHER_STORES,
            ),
            task_says(
                "efs|elasticfilesystem|elastic file system|file system fs-|nfs|fs-0",
                "mount|access point|failed to resolve|not resolve|unable to resolve|cannot resolve|connect|volume",
                "fail|error|denied|timed out|timeout|cannot|could not|unable|not found|does not exist|refused|no mount target|not authorized",
                rank=Rank.PRECISE,
                unless=(
                    "ebs ",
                    "when calling the|operation error",
                    f"mount source path|grpc: the client connection|sqlite|{_OTHER_STORES}",
                    _MADE_OR_DELETED,
                    # Its API, which a program calls; a mount target's name has the file system in front.
                    "~(?<![.\\w-])elasticfilesystem\\.[a-z]{2}",
                ),
            ),
            task_says(
                "failed to invoke efs|efs utils commands|failed to set up efs|invoke efs",
                rank=Rank.DECISIVE,
            ),
            task_says(
                "b'mount|mount target|access point fsap|fsap-",
                "fail|not|denied|error",
                rank=Rank.CLEAR,
                unless=_MADE_OR_DELETED,
            ),
            task_says(
                "lchown|failed to chown|failed to copy file info",
                "/ecs/volumes/|volume",
                rank=Rank.PRECISE,
            ),
            task_says(
                "volumedriver.create|volumedriver.mount|amazon-ecs-volume-plugin",
                "fail|error|denied|timed out|deadline exceeded|not ",
                rank=Rank.CLEAR,
                unless=OTHER_DRIVER,
            ),
            task_says(
                "cannotcreatevolumeerror|failed to mount|volume",
                "nfs|efs|mount|fs-",
                "fail|error|cannot",
                rank=Rank.LIKELY,
                unless=(
                    "ebs",
                    # The image itself is mounted, too, and so is each layer of it.
                    "rootfs|overlay|containerd-mount|mounts interfere|mount hides|mount shadows|mount overrides",
                    "hostconfigerror",
                    _MADE_OR_DELETED,
                    OTHER_DRIVER,
                    "unknown parameter in ",
                ),
            ),
        ),
        confused_with=(
            ("data-dir-unwritable", "There the volume is mounted and may not be written."),
        ),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/tutorial-efs-volumes.html",
    ),
    Cause(
        slug="ebs-attach-failed",
        title="EBS volume could not be created or attached for the task",
        category="pending",
        severity="error",
        meaning="The volume ECS makes for the task could not be created, attached or formatted, mostly for want of a permission of the infrastructure role.",
        proof=(
            Step(
                "Read the attachment's details",
                "aws ecs describe-tasks --cluster <cluster> --tasks <task> --query 'tasks[].attachments'",
            ),
        ),
        repair=(
            Step(
                "Repair the infrastructure role (AmazonECSInfrastructureRolePolicyForVolumes) or the volume configuration, then deploy"
            ),
            *SLOW_TO_ATTACH,
        ),
        signatures=(
            says("ebs", "attach", "fail|timeout|timed out|denied|unable|cannot", rank=Rank.PRECISE),
            says(
                "waiting for ebs|waiting for the ebs|ebs volume ids do not match|unable to stage volume|failed to stage volume",
                rank=Rank.PRECISE,
            ),
            task_says(
                "ebs|amazonelasticblockstorage",
                "attach|volume|create|format",
                "fail|error|denied|timed out|timeout|cannot|unable|could not",
                rank=Rank.CLEAR,
                unless=(
                    "efs|nfs",
                    "timeout waiting|timed out waiting",
                    "volume plugin",
                    # Another action was refused, on something that has the word in its path.
                    "~\\bperform: (?!ec2:|ecs:)[a-z0-9-]{2,30}:",
                ),
            ),
        ),
        confused_with=(
            (
                "efs-mount-failed",
                "EFS is the shared file system; EBS volumes of a service last as long as a task.",
            ),
        ),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshoot-ebs-volumes.html",
    ),
    Cause(
        slug="container-dependency-failed",
        title="A container waited for another one that did not come up",
        category="pending",
        severity="error",
        meaning="dependsOn was never satisfied: the sidecar did not start, complete or become healthy in its startTimeout.",
        proof=(
            Step(
                "Read the exit codes and reasons of the other containers",
                "aws ecs describe-tasks --cluster <cluster> --tasks <task> --query 'tasks[].containers[].[name,exitCode,reason,healthStatus]'",
            ),
        ),
        repair=(
            Step("Repair the container waited for, or raise its startTimeout"),
            *WAITS_FOR_THE_ROUTER,
        ),
        signatures=(
            says(
                "depends_on|dependson|depends on",
                "pending",
                "never|prevent|stuck|stays",
                rank=Rank.LIKELY,
            ),
            says(
                "taskdependencyerror|resourcedependencyerror|dependency graph: |cannot link to a non running container",
                rank=Rank.PRECISE,
            ),
            # Docker Compose, of a container that ended before the one that waits for it.
            says(
                "dependency failed to start|did not complete successfully",
                '~\\bdependency failed to start: container [\\w.-]{1,100} exited \\(\\d{1,3}\\)|\\bservice "?[\\w.-]{1,100}"? did not complete successfully: exit \\d{1,3}\\b',
                rank=Rank.CLEAR,
            ),
            says(
                "dependent container|dependency container|container ordering dependency|circular dependencies",
                "exited with|not in expected state|did not|failed|timed out|unable to start",
                rank=Rank.PRECISE,
                unless="template error",
            ),
            says(
                "depends on",
                "~\\b(?:never|does not|cannot|will not|not) start(?:[^.|]|\\.(?=\\S)){0,80}\\bdepends on\\b(?:[^.|]|\\.(?=\\S)){0,60}\\b(?:exit|fail|unhealthy|die|stop)",
                rank=Rank.LIKELY,
            ),
            says(
                "dependson|depends on|dependency",
                "container",
                "not satisfied|did not|timed out|timeout|failed|not reach|unable|cannot be resolved|before",
                rank=Rank.LIKELY,
                kinds="stopped_task service_event",
                unless=("health checks failed", "dependency failed to start", "peer |npm"),
            ),
            says(
                "container dependency|dependencycondition|dependency graph",
                rank=Rank.LIKELY,
                kinds="stopped_task service_event api_error",
            ),
        ),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html",
    ),
)
