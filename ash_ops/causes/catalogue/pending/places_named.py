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
        "docker image ls",
        when=f"~{ON_A_DESK}",
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

NO_NAME_GIVEN: Final = (
    Step(
        "The text does not name the image: read what the task definition names, all of it (registry, account, region, repository, tag), and ask the registry for just that (docker manifest inspect <image>)",
        "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.containerDefinitions[].[name,image]'",
        when=r"~^(?!.*(?:\bash\b|[\w.-]/[\w.-]|\bmanifest for\b|\breference\b|\bnormalize|\blowercase\b|\brepository\b.{0,20}\bnot (?:exist|found)\b)).*\bcannotpull",
        decides=True,
    ),
    Step(
        "If it is in the registry by another name, correct it in the task definition, and deploy that revision; if only the tag is missing, push it",
        "aws ecs update-service --cluster <cluster> --service <service> --task-definition <family>",
        when=r"~^(?!.*(?:\bash\b|[\w.-]/[\w.-]|\bmanifest for\b|\breference\b|\bnormalize|\blowercase\b|\brepository\b.{0,20}\bnot (?:exist|found)\b)).*\bcannotpull",
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
