"""Repairs of roles and mounts whose message names its own reason."""

from typing import Final

from ash_ops.causes.base import Step

NO_JSON: Final = r"~\binvalid character\b|\blooking for beginning of value\b|\bunexpected end of json\b|\bnot valid json\b"

NOT_ON_FARGATE: Final = (
    Step(
        "Fargate does not know that setting: take what the message names out of the task definition (ipcMode, pidMode host, privileged, devices, tmpfs, links, disableNetworking ...), register it and deploy the revision; or run it on instances",
        "aws ecs describe-task-definition --task-definition <family> --query taskDefinition",
        when=r"~\bfargate\b.{0,60}\bdo(?:es)? not support (?!launch)\w",
        decides=True,
    ),
)
"""Settings that only instances know."""

EXTERNAL: Final = (
    Step(
        "The agent of an external instance took the role of an EC2 instance: an instance of EC2 joins by ECS_CLUSTER and its instance profile; to register it as external all the same, take the profile off it and activate it anew",
        "aws ssm describe-instance-information --query 'InstanceInformationList[].[InstanceId,ActivationId,IamRole]'",
        when="identity document",
    ),
    Step(
        "ECS does not take an attribute of ECS_INSTANCE_ATTRIBUTES in /etc/ecs/ecs.config: its name and its value hold 1 to 128 letters, figures and - _ . / only (a value @ : and blanks as well); correct it, then restart the agent",
        "sudo systemctl restart ecs",
        when="attribute validation failed|error registering attributes|with an invalid attribute",
    ),
)

OTHER_ZONES: Final = (
    Step(
        "One of the subnets is in a Local Zone or an Outpost: give the load balancer subnets of ordinary zones of the region, and of these only",
        "aws ec2 describe-subnets --subnet-ids <subnet> --query 'Subnets[].[SubnetId,AvailabilityZone]'",
        when="subnets from multiple locales",
    ),
    Step(
        "That zone takes no new subnets of this account: name zones that the message lists",
        "aws ec2 describe-availability-zones --query 'AvailabilityZones[].[ZoneName,ZoneId,State]'",
        when="subnets can currently only be created in",
    ),
    Step(
        "Give the database's subnet group subnets of zones that have its class",
        "aws rds describe-db-subnet-groups --query 'DBSubnetGroups[].[DBSubnetGroupName,Subnets[].SubnetAvailabilityZone.Name]'",
        when=r"~\brds\b|\bdb ?(?:cluster|instance|subnet)|insufficientdbinstance|\bdatabase instance\b",
    ),
    Step(
        "The endpoint's service is not in the zone of that subnet: give the endpoint subnets of the zones it is in",
        "aws ec2 describe-vpc-endpoint-services --query 'ServiceDetails[].[ServiceName,AvailabilityZones]'",
        when="vpc endpoint service|vpcendpoint",
    ),
)

TRUST_OF_A_STACK: Final = (
    Step(
        "It is the role that CloudFormation works with: it must exist, and trust cloudformation.amazonaws.com (this replaces whom it trusts now)",
        """aws iam update-assume-role-policy --role-name <role> --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"cloudformation.amazonaws.com"},"Action":"sts:AssumeRole"}]}'""",
        when="is invalid or cannot be assumed",
    ),
)

NAMED_ROLE: Final = (
    Step(
        "A service-linked role is its service's alone, and no task gets it: name another as taskRoleArn or executionRoleArn, one that trusts ecs-tasks.amazonaws.com",
        "aws iam list-roles --query 'Roles[].Arn'",
        when=r"~:role/aws-service-role/[^ ]{5,160} that was provided for this task\b",
        decides=True,
    ),
    Step(
        "The role's name is that of an empty setting: whatever makes the task definition got no role there. Give it one that is there",
        "aws iam list-roles --query 'Roles[].Arn'",
        when=r"~\brole/(?:null|none|undefined|nil)\b",
        decides=True,
    ),
    Step(
        "A function takes a role that Lambda may take: its trust policy must name lambda.amazonaws.com; one just made needs some seconds",
        "aws iam get-role --role-name <role> --query Role.AssumeRolePolicyDocument",
        when="cannot be assumed by lambda",
        decides=True,
    ),
    Step(
        "The role of the service (iam_role, role) is to be one that ecs.amazonaws.com may take, with AmazonEC2ContainerServiceRole; with awsvpc leave it out, since ECS has its own",
        "aws iam get-role --role-name <role> --query Role.AssumeRolePolicyDocument",
        when="validate the listeners",
        decides=True,
    ),
    Step(
        "The task definition names a role that is none: look its name up, give the whole ARN (of this account, with the path) or the name alone, and see that no variable in it is empty",
        "aws iam list-roles --query 'Roles[].Arn'",
        when=r"~\brole is not valid\b",
    ),
)
"""What stands in the place of a role, and is no role."""

WITHOUT_OPTIONS: Final = (
    Step(
        "The container's log driver has no options, and nothing made them: awsfirelens needs a log router in the same task (a container with firelensConfiguration) and options that name its output (Name, ...); fluentd by itself needs fluentd-address. Register the revision and deploy it",
        "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.containerDefinitions[].[name,firelensConfiguration,logConfiguration]'",
        when="no log configuration specified",
        decides=True,
    ),
    Step(
        "The name of that group is one that CloudWatch keeps or does not take (AWS/ and aws/ are its own; letters, figures and _ - / . # alone): choose another in awslogs-group, register the revision and deploy it",
        when=r"~\blog groups? (?:name\b.{0,80}\b(?:reserved|cannot start|must not start|must not begin)|starting with aws/)|\bloggroupname' failed to satisfy constraint\b",
        decides=True,
    ),
)

NO_STREAM: Final = (
    Step(
        "The group is there, and the stream is not (yet): it is made with the first line of its container, and named PREFIX/CONTAINER/TASK. Wait for it, or correct prefix, container and task",
        "aws logs describe-log-streams --log-group-name <log-group> --order-by LastEventTime --descending --max-items 5",
        when=r"~\blog stream (?:does not exist|was not found)\b",
        decides=True,
    ),
)

OPTIONS_OF_FLUENT_BIT: Final = (
    Step(
        "An option of Fluent Bit's output is missing or misspelt, and its log names it: in ECS they are the options of logConfiguration (Name, region, log_group_name, log_stream_prefix, auto_create_group). Correct it, register the revision and deploy it",
        "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.containerDefinitions[].[name,logConfiguration]'",
        when=r"~\bconfiguration property '|\blog_stream_name or log_stream_prefix\b",
        decides=True,
    ),
)

NOT_A_WHOLE_ARN: Final = (
    Step(
        "valueFrom must be the whole ARN of the secret, with the six characters at its end, and behind it :KEY:STAGE:VERSION with both colons also where the last two are empty; keys need Fargate 1.4.0, or an agent from 1.37",
        "aws secretsmanager list-secrets --query 'SecretList[].[Name,ARN]'",
        when=r"~\bunexpected arn format\b|\binvalid arn format\b|\barn is missing\b",
        decides=True,
    ),
)

CONTENT_LOST: Final = (
    Step(
        "The registry has the image, and the host's own store lost a piece of it (it was cleaned, or a pull was cut): remove the image there (crictl rmi, docker image rm) and pull it again; ECS starts the task on another host",
        when=r"~\bunpack image\b.{0,120}\bcontent digest\b",
        decides=True,
    ),
    Step(
        "Sign in with the tool that pulls (docker login, nerdctl login, podman login), with an account that may read it; where it is public, correct its name",
        when=r"~^(?!.*(?:\.dkr\.ecr\.|\bcannotpull|\bmanifest unknown\b|\bnot found\b)).*(?:\bfata\[\d{4}\]|\bcrictl\b|\bnerdctl\b).*(?:\bdenied\b|\bunauthorized\b)",
        decides=True,
    ),
)
"""Pulls by hand with containerd's tools."""

_PLATFORM_OF_IMAGE: Final = "docker image inspect --format '{{.Os}}/{{.Architecture}}' <image>"
_RUN_BY_HAND: Final = r"~^(?!.*(?:\becs\b|\bfargate\b|\bcannot(?:pull|start)|\barn:)).*\bdocker run\b.*\bexec format error\b"
_INSUFFICIENT: Final = (
    r"~\b(?:cpu|memory) (?:was |is )?insufficient\b|\binsufficient (?:cpu|memory)\b"
)

OTHER_PLATFORM: Final = (
    Step(
        "Only a package's compiled part is of another processor: it came into the image from the machine that built it. Let the Dockerfile install the packages (npm ci), with node_modules in .dockerignore, and build for the platform of the task",
        when=r"~/node_modules/[^ ]{1,200}\.node: (?:exec format error|wrong elf class)",
        decides=True,
    ),
    Step(
        "The image has no variant for the machine that pulls it: see which it has, and ask for one (--platform linux/amd64; skopeo --override-arch amd64), or build it for both; in ECS runtimePlatform names the processor",
        "docker manifest inspect <image>",
        when=r"~\bchoosing (?:an )?image instance\b|\bno image found in (?:manifest list|image index) for architecture\b|^(?!.*(?:\becs\b|\bfargate\b|\bcannotpull)).*(?:\bpulling from .*\bno matching manifest\b|\bfata\[\d{4}\] no match for platform\b)",
        decides=True,
    ),
    Step(
        "Docker runs an image of another processor than this machine's: pull or build it for this one (--platform linux/amd64 or linux/arm64). If the two are the same, it is a script without its #! line",
        _PLATFORM_OF_IMAGE,
        when=_RUN_BY_HAND,
        decides=True,
    ),
)

REFUSED_BY_NAME: Final = (
    Step(
        "The public gallery of ECR refused an old login: sign in anew, in us-east-1 (who signs in needs ecr-public:GetAuthorizationToken and sts:GetServiceBearerToken), or sign out: it may be read without",
        "aws ecr-public get-login-password --region us-east-1 | docker login --username AWS --password-stdin public.ecr.aws",
        when=r"~\bpublic\.ecr\.aws/v2/.{0,80}\bdenied\b|\bpublic\.ecr\.aws\b.{0,200}\bnot authorized\b",
        decides=True,
    ),
    Step(
        "GitLab's registry says so to who is not signed in, or may not read that project: sign in where the image is pulled (a deploy token with read_registry; in ECS repositoryCredentials), or correct its name",
        "docker login registry.gitlab.com",
        when=r"~\bdenied: access forbidden\b",
        decides=True,
    ),
)

READ_PLATFORM: Final = (
    Step(
        "Compare the image's processor with the machine's (uname -m)",
        _PLATFORM_OF_IMAGE,
        when=_RUN_BY_HAND,
        decides=True,
    ),
)

NO_CREDENTIALS: Final = (
    Step(
        "On an instance the log driver asks with the instance's role: give the instance a profile whose role may write logs (a machine of your own has none: give Docker's service keys in its environment, by systemctl edit docker); with ECS_ENABLE_AWSLOGS_EXECUTIONROLE_OVERRIDE in /etc/ecs/ecs.config it asks with the execution role. On Fargate, name the execution role in the task definition",
        when="nocredentialproviders|no valid providers|no ec2 imds role|credentialsendpointerror",
    ),
)
"""A log driver that has no role to ask with."""

FROM_A_MACHINE: Final = (
    Step(
        "The machine that pulls did not reach the registry: see from it whether that host answers on 443, and mend its DNS, its firewall or its proxy (HTTPS_PROXY of the Docker service)",
        "docker info --format '{{.HTTPSProxy}}'",
        when=r"~^(?!.*(?:\bcannotpull|\.dkr\.ecr\.|\becs\b|\bfargate\b|\btask|proxyconnect|\b(?:10|127)\.\d{1,3}\.)).*(?:(?:\bfata\[\d{4}\]|\bdocker: error response\b).*\bdial tcp\b|\bdocker pull\b.*(?:\bdial tcp\b|: eof\b|\btls handshake timeout\b))",
        decides=True,
    ),
)

LOOK_FOR_ITS_SECRET: Final = Step(
    "Look it up in the account and region in which that program asks: DeletedDate, AWSCURRENT",
    "aws secretsmanager describe-secret --secret-id <secret>",
    when=r"~\bcan(?:'t|not) find the specified secret\b(?! value)",
)

OF_A_PROGRAM: Final = (
    Step(
        "Name a secret that is there, in the account and region in which that program asks (a name or a whole ARN)",
        "aws secretsmanager list-secrets --query 'SecretList[].[Name,ARN]'",
        when=r"~^(?!.*(?:\bash\b|\bash[-_]|\bretrieve secret|resourceinitialization|\barn:|\bfetch(?:ing)? secret)).*\bcan(?:'t|not) find the specified secret\b(?! value)",
        decides=True,
    ),
)

MOVED_DIGEST: Final = (
    Step(
        "A service keeps the digest that its tag had when it was deployed, and that image is gone. If the tag is still there, deploy anew: the tag is looked up again. Else push it first",
        "aws ecs update-service --cluster <cluster> --service <service> --force-new-deployment",
        when=r"~:[\w.-]{1,128}@sha256:[0-9a-f]{64}\b.{0,60}\bnot found\b",
        decides=True,
    ),
)

EMPTY_PART: Final = (
    Step(
        "The parameter's name has an empty part (//): a variable was empty where the name was put together. Correct valueFrom, register the revision and deploy it",
        "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.containerDefinitions[].secrets'",
        when=r"~\binvalid (?:ssm )?parameters: \S{0,200}//",
        decides=True,
    ),
)

READ_FILES_OF_S3: Final = (
    Step(
        "Ask IAM as the execution role, for the file that environmentFiles names",
        "aws iam simulate-principal-policy --policy-source-arn <role-arn> --action-names s3:GetObject s3:GetBucketLocation --resource-arns arn:aws:s3:::<bucket>/*",
        when=r"~\benv(?:ironment)? files?\b",
        decides=True,
    ),
)

_WRITES_LOGS: Final = r"~\[output:cloudwatch_logs|\bapi responded with error='accessdenied|\[error\] \[output:.{0,200}\baccessdenied"

READ_ROLE_OF_ROUTER: Final = (
    Step(
        "Read the task role: the log router asks with it, and not with the execution role",
        "aws ecs describe-task-definition --task-definition <family> --query taskDefinition.taskRoleArn",
        when=_WRITES_LOGS,
        decides=True,
    ),
)

ROLE_OF_ROUTER: Final = (
    Step(
        "Allow it to the task role (in Kubernetes the role of its service account)",
        """aws iam put-role-policy --role-name <role> --policy-name write-logs --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["logs:CreateLogStream","logs:CreateLogGroup","logs:DescribeLogStreams","logs:PutLogEvents"],"Resource":"*"}]}'""",
        when=_WRITES_LOGS,
        decides=True,
    ),
)
"""A log router writes by itself: no execution role helps it."""

NO_ROOM_LEFT: Final = (
    Step(
        "No instance has as much CPU or memory left as the task asks for: see what each has",
        "aws ecs describe-container-instances --cluster <cluster> --container-instances <container-instance> --query \"containerInstances[].[ec2InstanceId,remainingResources[?name=='CPU'||name=='MEMORY'].[name,integerValue]]\"",
        when=_INSUFFICIENT,
    ),
    Step(
        "Add instances (or larger ones), let the task ask for less, or run it on Fargate",
        when=_INSUFFICIENT,
    ),
)

WAITS_FOR_THE_ROUTER: Final = (
    Step(
        "Who waits for the log router can only wait for its START: HEALTHY needs a health check in the router's definition, and COMPLETE never comes. Correct the condition of dependsOn, and keep the router essential",
        "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.containerDefinitions[].[name,essential,dependsOn,healthCheck]'",
        when="firelens|log_router|log router",
    ),
)

NESTED_RUNTIME: Final = (
    Step(
        "The Docker that pulls may not mount: it runs in a container without the rights. Start that with --privileged (docker:dind), or let it use the host's Docker; Fargate allows neither",
        when=r"~\bfailed to (?:un)?mount\b.{0,400}\boperation not permitted\b",
        decides=True,
    ),
)

READ_VOLUMES: Final = (
    Step(
        "Read the volumes, and where they are mounted",
        "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.[volumes,containerDefinitions[].mountPoints]'",
        when=r"~^(?!.*(?:\befs\b|\bfs-[0-9a-f]{8}|:2049\b|\bnfs4?\b|\befs-utils\b|elasticfilesystem)).*(?:\bvolumes?\b|\bvolumedriver\b)",
    ),
)
"""Volumes that are not of EFS."""

KEY_OUT_OF_USE: Final = (
    Step(
        "See the state of the key",
        "aws kms describe-key --key-id <key> --query 'KeyMetadata.[KeyState,DeletionDate]'",
        when=r"~\bkmsinvalidstate|\bdisabledexception\b|:key/\S{1,60} is (?:disabled|pending deletion)\b",
        decides=True,
    ),
    Step(
        "No right helps while the key is out of use: enable it (one that is to be deleted after cancel-key-deletion), or encrypt the secret with another key; then start new tasks",
        "aws kms enable-key --key-id <key>",
        when=r"~\bkmsinvalidstate|\bdisabledexception\b|:key/\S{1,60} is (?:disabled|pending deletion)\b",
        decides=True,
    ),
)
"""Secrets whose key is disabled or about to go."""

SLOW_TO_ATTACH: Final = (
    Step(
        "The volume was made, and took too long to be attached: let ECS start the task again. If it stays, see that an instance has room for one more volume and is in the volume's zone",
        "aws ecs describe-tasks --cluster <cluster> --tasks <task> --query 'tasks[].attachments'",
        when=r"~\battach(?:ment)?\b.{0,40}\btimed out\b",
        decides=True,
    ),
)

NFS_ITSELF: Final = (
    Step(
        "Name an access point (fsap-...) of that very file system, in the task's account and region",
        "aws efs describe-access-points --query 'AccessPoints[].[AccessPointId,FileSystemId]'",
        when=r"~\baccess point\b.{0,60}\b(?:does not exist|malformed|not found)\b|\baccesspointnotfound",
        decides=True,
    ),
    Step(
        "There is no such file system in that account and region: correct its id in the volume",
        "aws efs describe-file-systems --query 'FileSystems[].[FileSystemId,Name]'",
        when=r"~\bfile system fs-[0-9a-f]{3,17} (?:is |was )?not found\b|\bfilesystemnotfound",
        decides=True,
    ),
    Step(
        "The host mounts before its network is up: add _netdev to the options in /etc/fstab",
        when="_netdev",
    ),
    Step(
        "The mount asked for IAM and found no role: give the task a task role (taskRoleArn; an instance a profile), or leave the IAM authorization out of the volume",
        "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.[taskRoleArn,volumes]'",
        when=r"~\bmount\.efs\b.{0,400}\bunable to locate credentials\b",
    ),
    Step(
        "The options of that Docker volume are not whole: type nfs, device :/ and o=addr=ADDRESS,nfsvers=4.1 of the file system; make the volume anew with them",
        "docker volume ls",
        when=r"~\bmount :/:|\bmount syntax is\b",
    ),
    Step(
        "A mount target needs some minutes, and an address that is free in its subnet: see its state, and deploy again",
        "aws efs describe-mount-targets --file-system-id <file-system> --query 'MountTargets[].[SubnetId,LifeCycleState]'",
        when=r"~\bwaiting for efs mount target\b",
    ),
    Step(
        "The tunnel of the mount helper did not start, so nothing was asked yet. On an instance, install or update amazon-efs-utils and stunnel; on Fargate start the task again. A file system of one zone has its mount target there alone",
        "aws efs describe-mount-targets --file-system-id <file-system>",
        when=r"~\b(?:stunnel|efs-proxy)\b.{0,60}\b(?:failed|not found|not running|cannot|unable|exit status)\b|\bfailed to (?:start|initialize|locate) (?:tls )?(?:tunnel|stunnel|efs-proxy)\b",
    ),
    Step(
        "EFS speaks NFS 4.0 and 4.1 alone: mount with the helper (mount -t efs), or with nfsvers=4.1, on a kernel that has it; the group and its port were not asked",
        when=r"~\bmount\.nfs4?: protocol not supported\b|\brequested nfs version\b",
    ),
    Step(
        "The mount target answered and ended the connection, so its group is open: one just made needs some minutes, so start the task again; if it stays, see the state of the target, and take a newer amazon-efs-utils on an instance of yours",
        "aws efs describe-mount-targets --file-system-id <file-system>",
        when=r"~\bconnection reset by peer\b",
    ),
)
"""Mounts that failed for another reason than a closed port."""

NO_PLACE_TO_MOUNT: Final = (
    Step(
        "The directory on which it is to be mounted is not there, by that path: make it (mkdir -p) and give its whole path",
        when="~mount\\.\\w{2,5}: mount point \\S{1,200} does not exist",
        decides=True,
    ),
)
"""A mount for which the machine has no directory."""
