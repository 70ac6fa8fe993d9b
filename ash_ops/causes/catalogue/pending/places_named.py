"""Steps by the place that a message is of: a desk's Docker, a build of CodeBuild, a program that reads a parameter."""

from typing import Final

from ash_ops.causes.base import Step

_TASKS: Final = r"\bcannot(?:pull|start|create)|\becs\b|\bfargate\b|\btasks?\b"
"""Words of ECS: there a task pulls, and no person."""

ON_A_DESK: Final = rf"^(?!.*(?:{_TASKS}))(?=.*(?:(?:^|[$#>] ?)(?:sudo )?docker (?:image )?pull |\bdocker: error response\b|^\W{{0,4}}error response from daemon: pull access denied\b|\bunable to find image '[^']{{1,200}}' locally\b)).*\baccess denied for (?!docker\.io/library/)[\w.-]{{2,100}}(?::[\w.-]{{1,128}})?, repository"
"""Somebody pulls by hand, by a name without a registry and an owner."""

OF_CODEBUILD: Final = r"\bcustomer's container image\b|\bbuild_container_unable_to_pull_image\b"
"""CodeBuild (and Amplify, which builds with it) pulls the image in which it is to build."""

BY_WHOLE_NAME: Final = (
    Step(
        "A name without a registry and an owner is looked for among the official images of Docker Hub: write the whole name (OWNER/NAME:TAG or REGISTRY/NAME:TAG; of ECR ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME:TAG, for which alone a login to ECR counts), sign in there if it is private, or build it here under that name (docker build -t NAME .)",
        "docker images",
        when=f"~{ON_A_DESK}",
        decides=True,
    ),
    Step(
        "Podman took a name without a registry for one of Docker Hub's official images: write the whole name (REGISTRY/OWNER/NAME:TAG) and sign in there if it is private (podman login REGISTRY); an image that was built here is localhost/NAME:TAG",
        "podman images",
        when=r"~\b(?:error pulling image ref|initializing source docker:|trying to pull docker\.io/library/).{0,400}\bdocker\.io/library/.{0,200}\bdenied\b",
        decides=True,
    ),
    Step(
        "It is the image in which CodeBuild is to build: write its whole name in the project's environment (of CodeBuild's own aws/codebuild/..., of ECR ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME:TAG)",
        "aws codebuild batch-get-projects --names <project> --query 'projects[].environment'",
        when=f"~{OF_CODEBUILD}",
        decides=True,
    ),
    Step(
        "For a private one of another registry give the environment registryCredential; in ECR let the repository's policy admit codebuild.amazonaws.com, or pull with the project's role (imagePullCredentialsType SERVICE_ROLE)",
        when=f"~{OF_CODEBUILD}",
        decides=True,
    ),
)
"""Names that no task pulls."""

LIMIT_OF_A_BUILD: Final = (
    Step(
        "It is the image in which CodeBuild is to build, pulled without an account: take it from public.ecr.aws or a copy in ECR, or give the project's environment registryCredential (imagePullCredentialsType SERVICE_ROLE) with a secret of Docker Hub's user and token",
        "aws codebuild batch-get-projects --names <project> --query 'projects[].environment'",
        when=f"~{OF_CODEBUILD}",
        decides=True,
    ),
    Step(
        "Or start the build again later: the limit is of six hours, and of the address from which the builds go out",
        when=f"~{OF_CODEBUILD}",
        decides=True,
    ),
)

_LOGGED: Final = r"~^(?!.*(?:\becs\b|\bfargate\b|\bcannot(?:pull|start)|\barn:)).*\bdocker (?:logs|start|compose)\b.*\bexec format error\b"

OTHER_PROCESSOR: Final = (
    Step(
        "This machine has another processor than the image was built for: build it for this one (docker buildx build --platform linux/arm64 or linux/amd64), or take a tag that has it. If the two are the same, the script lacks its #! line",
        "docker image inspect --format '{{.Os}}/{{.Architecture}}' <image>; uname -m",
        when=_LOGGED,
        decides=True,
    ),
)

_UNNAMED: Final = r"~^(?!.*(?:\bash\b|[\w.-]/[\w.-]|\bmanifest for\b|\breference\b|\bnormalize|\blowercase\b|\brepository\b.{0,20}\bnot (?:exist|found)\b)).*\bcannotpull"

READ_ITS_NAME: Final = (
    Step(
        "The text does not name the image: read what the task definition names, all of it (registry, account, region, repository, tag), and ask the registry for just that (docker manifest inspect <image>)",
        "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.containerDefinitions[].[name,image]'",
        when=_UNNAMED,
    ),
)

NO_NAME_GIVEN: Final = (
    Step(
        "If it is in the registry by another name, correct it in the task definition, and deploy that revision; if only the tag is missing, push it",
        "aws ecs update-service --cluster <cluster> --service <service> --task-definition <family>",
        when=_UNNAMED,
        decides=True,
    ),
)

_SDK_READS: Final = r"~^(?!.*(?:\bash\b|\bash[-_]|resourceinitialization|\bfetching secret|\binvalid (?:ssm )?parameters\b|\bnot find the specified secret\b)).*\bparameternotfound\b"

READ_PARAMETERS: Final = (
    Step(
        "The program asked SSM, in its own account and region: see which parameters there are (their names begin with / where they have parts)",
        "aws ssm describe-parameters --query 'Parameters[].Name'",
        when=_SDK_READS,
        decides=True,
    ),
    Step(
        "Correct the name (or the region) that the program gives, or put the parameter",
        "aws ssm put-parameter --name <parameter> --type SecureString --value file://value",
        when=_SDK_READS,
        decides=True,
    ),
)

_UNREADABLE: Final = r"~\bdecryptionfailure\b|\bcan(?:'t|not) decrypt the (?:protected )?secret"

KEY_OF_THE_SECRET: Final = (
    Step(
        "The secret was found, and its key refused: see which key that is (none named means aws/secretsmanager, which no other account may use)",
        "aws secretsmanager describe-secret --secret-id <secret> --query KmsKeyId",
        when=_UNREADABLE,
        decides=True,
    ),
    Step(
        "See that it is enabled",
        "aws kms describe-key --key-id <key> --query 'KeyMetadata.[KeyState,Enabled]'",
        when=_UNREADABLE,
        decides=True,
    ),
    Step(
        "Let the role that reads the secret decrypt with that key; a key of another account must allow it in its own policy, too",
        """aws iam put-role-policy --role-name <role> --policy-name decrypt-secrets --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kms:Decrypt","Resource":"<key>"}]}'""",
        when=_UNREADABLE,
        decides=True,
    ),
)

OPTIONS_NAMED: Final = (
    Step(
        "The task definition was refused, so nothing runs with it yet: give that container's logConfiguration the options that the text names (in the CDK logging: LogDrivers.awsLogs({ streamPrefix }), in Terraform options in container_definitions), and register it again",
        when=r"~\blog driver \w{3,20} requires options\b",
        decides=True,
    ),
)

_OF_A_BALANCER: Final = r"~\belb requires at least\b|\binvalidsubnet\b"

ROOM_FOR_A_BALANCER: Final = (
    Step(
        "It is the load balancer that wants eight free addresses in each of its subnets: name others of those zones, or delete network interfaces that nobody uses",
        "aws ec2 describe-network-interfaces --filters Name=subnet-id,Values=<subnet> Name=status,Values=available",
        when=_OF_A_BALANCER,
        decides=True,
    ),
)

_PORT_TAKEN: Final = (
    r"resource:port|has no ports|no ports available|already using a port required by your task"
)

READ_HOST_PORTS: Final = (
    Step(
        "Read which host ports the task asks for: one that is fixed is free once on each instance",
        "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.[networkMode,containerDefinitions[].portMappings]'",
        when=_PORT_TAKEN,
    ),
)

PULL_WITH_ITS_ROLE: Final = (
    Step(
        "Let the role that the text names pull from ECR",
        "aws iam attach-role-policy --role-name <role> --policy-arn arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
        when=r"~:assumed-role/(?!\S{0,80}exec)\S{1,200} is not authorized to perform: ecr:(?:batchgetimage|getdownloadurlforlayer|batchchecklayeravailability|getauthorizationtoken)\b",
        decides=True,
    ),
    Step(
        "If the repository is of another account, its policy must admit that role, too",
        "aws ecr get-repository-policy --repository-name <repository>",
        when=r"~:assumed-role/(?!\S{0,80}exec)\S{1,200} is not authorized to perform: ecr:(?:batchgetimage|getdownloadurlforlayer|batchchecklayeravailability)\b",
        decides=True,
    ),
)
"""A role that pulls and is no execution role: an instance's, or another scheduler's."""

NO_PUBLIC_ADDRESS: Final = (
    Step(
        "Only Fargate gives a task a public address: on instances set assignPublicIp to DISABLED, and let the subnet have a NAT gateway",
        when="assign public ip is not supported",
        decides=True,
    ),
    Step(
        "If it was meant for Fargate, give the call (or the tool's setting) the launch type FARGATE",
        when="assign public ip is not supported",
        decides=True,
    ),
)

_NO_REPOSITORY: Final = r"~^(?!.*\brepository with name '[^' ]{1,80}\.(?:amazonaws\.com|ecr\.aws)[^' ]{0,20}/).*\brepository with name '[^']{1,250}' (?:does not exist|was not found) in the registry with id\b"

MAKE_THE_REPOSITORY: Final = (
    Step(
        "ECR has no repository of that name in that account and region: see which there are",
        "aws ecr describe-repositories --query 'repositories[].repositoryUri'",
        when=_NO_REPOSITORY,
        decides=True,
    ),
    Step(
        "Make it before the first push (ECR makes none by itself), or correct the name, the account or the region where the image is named",
        "aws ecr create-repository --repository-name <repository>",
        when=_NO_REPOSITORY,
        decides=True,
    ),
)

_LOGIN_REFUSED: Final = (
    r"~^(?!.*\bcannotpull).*\blogin attempt to \S{3,200} failed with status: 40[13]\b"
)

RIGHT_CREDENTIALS: Final = (
    Step(
        "It is the login that is refused, before any image is asked for: give it the user and the password or token of that registry (in a workflow see that the secrets are set, and not those of another registry). ECR takes the user AWS and a password of get-login-password, of the registry's own account and region, for 12 hours",
        "docker login <registry>",
        when=_LOGIN_REFUSED,
        decides=True,
    ),
)

_BEING_CHECKED: Final = r"~\bpendingverification\b|\bis being validated\b"

WAIT_FOR_THE_CHECK: Final = (
    Step(
        "AWS checks the account's first use of that region or type: that ends by itself, mostly within minutes, at the latest in four hours, and a mail tells it. Try again then; open a support case if it lasts longer",
        when=_BEING_CHECKED,
        decides=True,
    ),
)

_RUN_BY_CALL: Final = r"~^(?!.*\bservice \S{1,100} ).*\bruntask\b"

ZONES_OF_A_CALL: Final = (
    Step(
        "See the zones of the subnets that the call names",
        "aws ec2 describe-subnets --subnet-ids <subnet> --query 'Subnets[].[SubnetId,AvailabilityZone]'",
        when=_RUN_BY_CALL,
    ),
)

CALL_AGAIN: Final = (
    Step(
        "It is a pod of EKS: give the Fargate profile subnets of other zones, let Kubernetes try again (the pod stays Pending until then), or run it on nodes",
        when=r"~^(?!.*\bcannot create cluster\b)(?!.*\becs\b).*\beks\b",
        decides=True,
        anywhere=True,
    ),
    Step(
        "It is the control plane of EKS that the zone has no room for: name subnets of other zones (of eksctl --zones); the message lists those that have it",
        "aws ec2 describe-availability-zones --query 'AvailabilityZones[].[ZoneName,ZoneId,State]'",
        when=r"~\bcannot create cluster\b.{0,200}\bavailability zone\b|\bunsupportedavailabilityzoneexception\b",
        decides=True,
    ),
    Step(
        "RunTask does not try again by itself: call it again with growing waits, name subnets of several zones in the call, or take FARGATE instead of FARGATE_SPOT",
        when=_RUN_BY_CALL,
        decides=True,
    ),
)

_STARTED_BY_HAND: Final = (
    r"~\blaunching source instance\b|\bcalling the runinstances\b|\bcreating ec2 instance\b"
)

READ_THE_QUOTA: Final = (
    Step(
        "Read the quota of that family in the region, in vCPUs (Standard instances: L-1216C47A)",
        "aws service-quotas get-service-quota --service-code ec2 --quota-code L-1216C47A --query Quota.Value",
        when=_STARTED_BY_HAND,
    ),
)

EMPTY_PROVIDER: Final = (
    Step(
        "The Auto Scaling group behind the capacity provider started no instance: read why",
        "aws autoscaling describe-scaling-activities --max-items 5",
        when="in your capacity provider",
        decides=True,
    ),
    Step(
        "If instances run and have not joined: their agent needs the cluster's name (ECS_CLUSTER), a role and a way to ECS",
        "aws ecs list-container-instances --cluster <cluster>",
        when="in your capacity provider",
        decides=True,
    ),
)
"""A capacity provider of instances that has none."""
