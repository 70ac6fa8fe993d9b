"""Repairs of pulls, volumes and secrets, chosen by what the message says."""

from typing import Final

from ash_ops.causes.base import Step
from ash_ops.causes.catalogue.pending.named_reasons import (
    CONTENT_LOST,
    FROM_A_MACHINE,
    MOVED_DIGEST,
    REFUSED_BY_NAME,
)
from ash_ops.causes.catalogue.pending.other_places import LOADED_ANEW, PUSHED
from ash_ops.causes.catalogue.pending.places_named import OF_CODEBUILD, ON_A_DESK
from ash_ops.causes.catalogue.pending.plainly_said import REFUSED_OUTRIGHT

_ECR: Final = r"\.dkr\.ecr\.|\becr:|\becr\b"
_WHOLE_URI: Final = r"\brepository with name '[^' ]{1,80}\.(?:amazonaws\.com|ecr\.aws)[^' ]{0,20}/"
"""ECR was asked for a repository whose name begins with the registry."""
_GONE: Final = r"repository does not exist|name[ _]unknown|repositorynotfound|repository with name|repository not found|not exist in the registry|no pull access"
_DEPLOY_REVISION: Final = (
    "aws ecs update-service --cluster <cluster> --service <service> --task-definition <family>"
)
_LOGIN: Final = (
    r"denied: denied|\b(?:incorrect username or password|login attempt to|personal access token)\b"
)

_OTHERS_IMAGE: Final = (
    rf"~^(?!.*(?:{_ECR}|{_GONE}|\bash\b|/ash[-:@]|must be lowercase|normalize|reference format)).*"
    r"(?:\b[\w-]{1,40}(?:\.[\w-]{1,40}){1,4}(?::\d{2,5})?/[\w./-]{1,200}|\bimage [\w-]{2,40}/[\w.-]{2,60}(?::| not found)|\berror: image (?!ash)[\w.-]{2,60}:\S{3,100} not found|\bmanifest for [a-z][\w.-]{1,60}(?:/[\w.-]{1,80}){0,3}:[\w.-]{1,128} not found)"
)
"""An image that is neither ECR's nor Ash's, with its registry or without."""
_ON_ECS: Final = r"(?:\bcannotpull|\becs\b|\bfargate\b|\btasks?\b|\bstopped\b|\bservice\b)"
"""Words of ECS, where a service is to be given another revision."""
NOT_THERE: Final = (
    *LOADED_ANEW,
    *CONTENT_LOST,
    *MOVED_DIGEST,
    Step(
        "The name holds the registry twice: give the repository alone where the registry is given already (ECR_REPOSITORY), and for public.ecr.aws its own login",
        "aws ecr describe-repositories --query 'repositories[].[repositoryName,repositoryUri]'",
        when=f"~{_WHOLE_URI}",
        decides=True,
    ),
    Step(
        "The repository lacks a layer that its manifest names: push the image anew",
        "aws ecr describe-images --repository-name <repository>",
        when=r"~\blayersnotfound|\blayer with digest\b",
    ),
    Step(
        "See which repositories and tags there are, in the account and region of the image",
        "aws ecr describe-images --repository-name <repository> --query 'imageDetails[].imageTags'",
        when=rf"~^(?!.*{_WHOLE_URI}).*(?:{_ECR})",
    ),
    Step(
        "Nothing was pushed under that name or tag: push it (a new repository is empty, and a service made before the first push fails so), or name what is there in the task definition, and deploy that revision",
        _DEPLOY_REVISION,
        when=rf"~^(?!.*{_WHOLE_URI}).*(?:{_ECR})",
    ),
    Step(
        "The registry has no such repository: make it and push the image, or correct its name (account, region, spelling) in the task definition",
        _DEPLOY_REVISION,
        when=rf"~^(?!.*(?:{_ECR}|\blayer|{_WHOLE_URI})).*(?:{_GONE})",
    ),
    Step(
        "The reference cannot be read: registry/name:tag, in lower case, without https:// and blanks; correct it in the task definition, and deploy that revision",
        _DEPLOY_REVISION,
        when="invalid reference format|must be lowercase|normalize|parse reference|parse image|invalid image reference",
    ),
    Step(
        "Push that tag, or name one that the registry holds",
        _DEPLOY_REVISION,
        when=f"~^(?=.*{_ON_ECS}){_OTHERS_IMAGE[2:]}",
    ),
    Step(
        "Push that tag, or name one that the registry holds",
        when=f"~^(?!.*{_ON_ECS}){_OTHERS_IMAGE[2:]}",
    ),
    Step(
        "A private repository may say so to whoever is not signed in: sign in where it is pulled by hand, and give a task's container repositoryCredentials",
        when=_OTHERS_IMAGE,
    ),
)
"""Images that are not in their registry."""

BUILT_FROM: Final = (
    Step(
        "The image that the build begins with is refused: sign in before it (docker login; in a workflow docker/login-action, in CodeBuild in pre_build), with an account that may read it; where it is public, correct its name: a name without a registry is Docker Hub's",
        "docker login",
        when=rf"~^(?!.*(?:{PUSHED}|\.dkr\.ecr\.|\bfailed to solve: (?!docker\.io/)[\w-]{{1,60}}\.[\w.-]{{1,90}}(?::\d{{2,5}})?/)).*(?:\bfailed to solve\b|#\d{{1,3}} error: |\bload metadata for\b).*(?:\bdenied\b|\bunauthorized\b|\b40[13] )",
        decides=True,
    ),
)
"""Builds whose first image the registry refuses."""

_OF_DOCKER_HUB: Final = r"\bdocker\.io/library/[\w.-]{2,100}:\S{1,140}: .{0,60}\bdenied\b|\baccess denied for [\w.-]{2,100}(?:, repository|$)"

REFUSED: Final = (
    *LOADED_ANEW,
    *REFUSED_OUTRIGHT,
    *BUILT_FROM,
    *CONTENT_LOST,
    *REFUSED_BY_NAME,
    Step(
        "A name without a registry and an owner is looked for among the official images of Docker Hub. Write an image of your own with its whole name in the task definition (of ECR ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME, of Docker Hub OWNER/NAME), and deploy that revision",
        "aws ecr describe-repositories --query 'repositories[].repositoryUri'",
        when=rf"~^(?!.*(?:{PUSHED}|{OF_CODEBUILD}))(?!{ON_A_DESK}).*(?:{_OF_DOCKER_HUB})",
        decides=True,
    ),
    Step(
        "If it is one of Docker Hub's, and private, give the container repositoryCredentials with a secret that the execution role may read",
        when=rf"~^(?!.*(?:{PUSHED}|{OF_CODEBUILD}))(?!{ON_A_DESK}).*(?:{_OF_DOCKER_HUB})",
        decides=True,
    ),
    Step(
        "It is a push that is refused: sign in to ECR where it is built (a token lasts 12 hours), in the account and region of the image",
        "aws ecr get-login-password | docker login --username AWS --password-stdin <registry>",
        when=rf"~^(?=.*(?:{_ECR})).*(?:{PUSHED})",
    ),
    Step(
        "Nobody is signed in to ECR on the machine that pulls: sign in, in the account and region of the image; a token lasts 12 hours",
        "aws ecr get-login-password | docker login --username AWS --password-stdin <registry>",
        when=r"~^(?=.*\.dkr\.ecr\.)(?:.*\bresolve source metadata for\b.*(?:\b403 forbidden\b|\b401 unauthorized\b|\bno basic auth\b)|(?=.*\bno basic auth credentials\b).*(?:\bdocker: error\b|\bdocker run --help\b|\bdocker pull\b))",
        decides=True,
        anywhere=True,
    ),
    Step(
        "The repository must be there, and whoever pushes needs ecr:InitiateLayerUpload, UploadLayerPart, CompleteLayerUpload, PutImage and BatchCheckLayerAvailability on it",
        "aws ecr describe-repositories --repository-names <repository>",
        when=rf"~^(?=.*(?:{_ECR})).*(?:{PUSHED})",
    ),
    Step(
        "It is a push that is refused: sign in with an account or token that may write there (GHCR: write:packages, in a workflow permissions: packages: write, and the package's settings must admit the repository)",
        when=rf"~^(?!.*(?:{_ECR})).*(?:{PUSHED})",
    ),
    Step(
        "It is a push that is refused (of a pull Docker says pull access denied): sign in to that registry with an account or token that may write there, and tag the image with the name of what it may write to (OWNER/NAME:TAG, REGISTRY/OWNER/NAME:TAG)",
        "docker login <registry>",
        when=r"~^[\W\d]{0,30}(?:error: )?denied: requested access to the resource is denied\W*$",
        decides=True,
    ),
    Step(
        "Make the package public, or give the container repositoryCredentials with a secret the execution role may read",
        when=rf"~^(?!.*(?:{_ECR}|{PUSHED}|starport|\bnot signed\b|\bdue to configured policy|\bthe upstream registry\b|\breauthenticate and try again|\bpull[ -]through\b|\bunableto[a-z]{{3,12}}(?:upstream|secret)|\bno basic auth credentials\b|^[\W\d]{{0,30}}(?:error: )?denied: requested access to the resource is denied\W*$)).",
    ),
    Step(
        "For ECR, let the execution role pull (on an instance, the agent's role)",
        "aws iam attach-role-policy --role-name <role> --policy-arn arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
        when=rf"~^(?!.*(?:{PUSHED}|\bauthorization token has expired)).*(?:{_ECR}|starport|\breauthenticate and try again)",
    ),
    Step(
        "Sign in to ECR anew where it is pulled or pushed (in a build, just before that): a token lasts 12 hours",
        "aws ecr get-login-password | docker login --username AWS --password-stdin <registry>",
        when=rf"~^(?!.*(?:{PUSHED})).*(?:\bauthorization token has expired|\bno basic auth credentials|\blogin attempt to)",
    ),
    Step(
        "Sign in to ECR on the machine that copies or pulls (podman, skopeo and buildah share that login); a token lasts 12 hours",
        "aws ecr get-login-password | podman login --username AWS --password-stdin <registry>",
        when=rf"~^(?=.*(?:{_ECR})).*(?:\bunable to retrieve auth token\b|\binvalid username/password\b)",
        decides=True,
    ),
    Step(
        "A task of ECS pulls as its execution role (on an instance as the agent's), which needs AmazonECSTaskExecutionRolePolicy; for another registry it takes repositoryCredentials",
        when=rf"~^(?!.*(?:{_ECR}|{PUSHED})).*\bno basic auth credentials\b",
    ),
    Step(
        "The repository of another account must admit this one, and a misspelt name or a tag that was never pushed is refused, too",
        "aws ecr get-repository-policy --repository-name <repository>",
        when=rf"~^(?!.*(?:getauthorizationtoken|{PUSHED})).*\.dkr\.ecr\.",
    ),
    Step(
        "The endpoint for S3 does not let ECR's layers through: its policy must allow s3:GetObject on the bucket that the message names",
        "aws ec2 describe-vpc-endpoints --filters Name=vpc-id,Values=<vpc> --query 'VpcEndpoints[].[ServiceName,PolicyDocument]'",
        when="starport",
    ),
    Step(
        "A login that has expired is refused for public images, too: sign out of the registry where it was pulled by hand, and pull again; in ECS renew the secret of repositoryCredentials",
        when=rf"~^(?!.*(?:{_ECR})).*(?:{_LOGIN})",
    ),
)
"""Pulls that a registry refused."""

UNREACHED: Final = (
    *FROM_A_MACHINE,
    Step(
        "The address is one of the VPC: an interface endpoint has that name, and did not answer. Let its security group in on 443 from the task's, and see that its subnets are routed",
        "aws ec2 authorize-security-group-ingress --group-id <endpoint-security-group> --protocol tcp --port 443 --source-group <task-security-group>",
        when=r"~\bdial tcp (?:10\.|172\.(?:1[6-9]|2\d|3[01])\.|192\.168\.)[\d.]{3,11}:443: (?:i/o timeout|connect: connection timed out)",
    ),
    Step(
        "In a public subnet, assign a public IP and route 0.0.0.0/0 to the internet gateway; in a private one, to a working NAT gateway. "
        "Without a way out, ECR needs interface endpoints for ecr.api and ecr.dkr (private DNS on, open to the task on 443) and a gateway endpoint for S3",
        "aws ec2 describe-vpc-endpoints --filters Name=vpc-id,Values=<vpc> --query 'VpcEndpoints[].[ServiceName,State,PrivateDnsEnabled,RouteTableIds]'",
        when=r"~\.dkr\.ecr\.|\becr:|\bapi\.ecr\b|starport",
    ),
    Step(
        "Let the task's security group out on 443",
        "aws ec2 authorize-security-group-egress --group-id <security-group> --protocol tcp --port 443 --cidr 0.0.0.0/0",
        when=r"~\.dkr\.ecr\.|\becr:|\bapi\.ecr\b|starport",
    ),
    Step(
        "The registry answered and the connection was cut in the middle of a layer: pull anew. If it is cut again, raise the time limit and the size limit of what stands between (a proxy, a firewall, the load balancer before a registry of your own), or push the image with smaller layers",
        when="unexpected eof",
    ),
)
"""Registries of AWS that no answer came from, and layers that did not come whole."""

NOT_EFS: Final = (
    Step(
        "A mount with IAM asks for transitEncryption ENABLED beside authorizationConfig.iam, and the task role (not the execution role) for elasticfilesystem:ClientMount and ClientWrite; an old agent or amazon-efs-utils of an instance mounts without it: take the current ECS-optimized AMI",
        when=r"~\biam=enabled\b|\biam flag\b|\bnon-iam mount\b|\bwithout (?:the )?iam (?:flag|option)\b",
        decides=True,
    ),
    Step(
        "The host has no program that mounts NFS: install it there (amazon-efs-utils; on Debian and Ubuntu nfs-common), or take the ECS-optimized AMI",
        "sudo yum install -y amazon-efs-utils",
        when=r"~\bwrong fs type\b|\bunknown filesystem type '?(?:nfs|efs)|\bmount helper program\b",
    ),
    Step(
        "It is mounted, and the directory belongs to another user: an access point with the container's uid and gid makes one with that owner; or change the owner once",
        "aws efs describe-access-points --file-system-id <file-system>",
        when=r"~\b(?:read|write|reading|writing)\b.{0,120}\b(?:permission|access point)|\bpermission denied\b.{0,60}\b(?:reading|writing)|\bonly allows the `?root\b",
    ),
    Step(
        "All of the mount helper's ports are taken on that host: widen port_range_lower_bound and port_range_upper_bound in /etc/amazon/efs/efs-utils.conf, or mount less at once",
        when="available port in the range",
    ),
    Step(
        "The tunnel's certificate could not be renewed, as the mount no longer gets the task's credentials: update amazon-efs-utils (a newer ECS-optimized AMI), and start the tasks anew",
        when="recreate self-signed|security credentials using lookup",
    ),
    Step(
        "The instance lacks Amazon's plugin for volumes of EFS, which comes with ecs-init: install that, or take the ECS-optimized AMI, and start the plugin",
        "sudo systemctl enable --now amazon-ecs-volume-plugin",
        when="~amazon-ecs-volume-plugin['\" ]{1,3}not found|looking up volume plugin amazon-ecs",
    ),
    Step(
        "It is a volume of Docker or of the host: correct its path or driver in the task definition; a volume that was made before keeps its old options until it is removed",
        "docker volume ls",
        when=r"~^(?!.*(?:\befs\b|\bfs-[0-9a-f]{8}|:2049\b|\bnfs4?\b|\befs-utils\b|elasticfilesystem|amazon-ecs-volume|chown|chmod)).*(?:\bvolumes?\b|\bvolumedriver\b|\bmount)",
    ),
)

_EMPTY: Final = r"(?:\bsecret does not exist or has no value\b|\b(?:staging label|version stage)\b|\bversion \W{0,3}aws(?:current|pending|previous)\W{0,3} (?:was )?not found\b)"

OTHERS_SECRET: Final = (
    Step(
        "The secret is there, and holds no value of that label: give it one",
        "aws secretsmanager put-secret-value --secret-id <secret> --secret-string file://value",
        when=f"~{_EMPTY}",
    ),
    Step(
        "Make the secret in that account and region, or correct valueFrom in the task definition: the whole ARN, with the six characters at its end (those of one that was made anew are others)",
        "aws secretsmanager list-secrets --query 'SecretList[].[Name,ARN]'",
        when=rf"~^(?!.*(?:\bash\b|\bash[-_]|:parameter/|\bmarked for deletion|\bscheduled for deletion|{_EMPTY})).*\barn:aws[\w-]{{0,10}}:secretsmanager:\S{{5,80}}:secret:\S",
    ),
    Step(
        "Or bring a deleted one back",
        "aws secretsmanager restore-secret --secret-id <secret>",
        when=rf"~^(?!.*(?:\bash\b|\bash[-_]|:parameter/|\bmarked for deletion|\bscheduled for deletion|{_EMPTY})).*\barn:aws[\w-]{{0,10}}:secretsmanager:\S{{5,80}}:secret:\S",
    ),
)
"""Secrets that are not Ash's, and those without a value."""

NOT_AN_ARN: Final = (
    Step(
        "A parameter is named by its name with the / in front, or by its ARN (arn:aws:ssm:REGION:ACCOUNT:parameter/NAME): correct valueFrom, and deploy the revision",
        when=r"~\bssm parameter\b|\bparameter ?store\b|\bsystems manager parameter name\b|\bprefixed with \"?ssm\b",
    ),
    Step(
        "List the keys that the secret holds",
        "aws secretsmanager get-secret-value --secret-id <secret> --query SecretString --output text | jq keys",
        when=r"~\bjson ?key\b",
    ),
    Step(
        "Name one of them in valueFrom, arn:...:secret:NAME-AbCdEf:KEY::, or store that key",
        when=r"~\bjson ?key\b",
    ),
)
"""References to secrets that are not written as they must be."""

_OF_A_KEY: Final = r"~^(?!.*\bperform: ?[a-z]).*(?:\bciphertext refers to\b|\bcustomer master key\b|\baccess to kms\b)"

DECRYPTING: Final = (
    Step(
        "The value was found, and its key not: let the execution role decrypt with that key, which is of the same region; a key of another account must allow it in its own policy, too",
        """aws iam put-role-policy --role-name <role> --policy-name decrypt-secrets --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kms:Decrypt","Resource":"<key>"}]}'""",
        when=_OF_A_KEY,
    ),
    Step(
        "Start new tasks",
        "aws ecs update-service --cluster <cluster> --service <service> --force-new-deployment",
        when=_OF_A_KEY,
    ),
)
"""Values whose key the role may not use."""

NAMED_NOT_BY_ARN: Final = (
    Step(
        "See what valueFrom holds: a secret of Secrets Manager is named by its whole ARN; a bare name is taken for a parameter of SSM",
        "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.containerDefinitions[].secrets'",
        when=r"~^(?!.*secretsmanager:).*\b(?:parameter store|ssm)\b(?!.*on resource: ?arn).*:parameter/",
    ),
)

_NOT_MADE_FOR_IT: Final = r"~\btask definition does not support (?:fargate )?launch[_ ]?type\b"
NO_ROOM: Final = (
    Step(
        "Fargate has no instances to choose among: take the placement constraints and strategies out",
        when="placement constraints are not supported|placement strategies are not supported",
    ),
    Step(
        "Give one of the two: the launch type, or the capacity provider strategy",
        when="launch type but not both|capacity provider or a launch type|both a launch type and",
        decides=True,
    ),
    Step(
        "The cluster does not have that capacity provider: name all that it is to have, those it has, too",
        "aws ecs put-cluster-capacity-providers --cluster <cluster> --capacity-providers FARGATE FARGATE_SPOT --default-capacity-provider-strategy capacityProvider=FARGATE,weight=1",
        when=r"~\bnot associated with the cluster\b|\bcapacity provider\b.{1,80}\bnot found in the cluster\b",
        decides=True,
    ),
    Step(
        "No instance has the host port free: use dynamic ports (hostPort 0) or awsvpc, or add instances",
        when="resource:port|has no ports|no ports available|already using a port",
    ),
    Step(
        "No instance has the memory or CPU left: add instances, or ask for less in the task definition",
        when="resource:memory|resource:cpu|insufficient memory|insufficient cpu|not enough memory",
    ),
    Step(
        "No instance has what the task asks for (volume plugin, GPU, log driver, placement constraint): read which attribute is missing",
        "aws ecs list-attributes --cluster <cluster> --target-type container-instance",
        when='missing an attribute|attribute:|reason= attribute|reason="attribute|memberof|placement constraint|distinctinstance|resource:gpu',
    ),
    Step(
        "The cluster has no instance: read why its Auto Scaling group started none (a quota, no capacity, no group at all)",
        "aws autoscaling describe-scaling-activities --max-items 5",
        when="no container instances were found in your cluster|no container instances were found in the cluster",
    ),
    Step(
        "If one runs and has not joined: its agent needs the cluster's name (ECS_CLUSTER), a role and a way to ECS. If the task was meant for Fargate, let the service say so",
        "aws ecs list-container-instances --cluster <cluster>",
        when="no container instances were found",
    ),
    Step(
        "A capability com.amazonaws.ecs is of the agent or of Docker: update the agent of that instance, or take a newer ECS-optimized AMI",
        "aws ecs update-container-agent --cluster <cluster> --container-instance <container-instance>",
        when="com.amazonaws.ecs.capability",
    ),
    Step(
        "The task definition itself is not made for it: for Fargate set requiresCompatibilities, networkMode awsvpc and cpu and memory of the task, register it, and name the new revision",
        "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.[requiresCompatibilities,networkMode,cpu,memory]'",
        when=_NOT_MADE_FOR_IT,
    ),
    Step(
        "If it was meant for Fargate, say so",
        "aws ecs update-service --cluster <cluster> --service <service> --capacity-provider-strategy capacityProvider=FARGATE,weight=1 --force-new-deployment",
        when=f"~^(?!.*{_NOT_MADE_FOR_IT[1:]}).*(?:fargate|launch type|launchtype|launch_type|capacity provider|compute strategy|compatib)",
    ),
)
"""What the task asks for and no instance has, or only Fargate."""

LOG_ROUTER: Final = (
    Step(
        "One container has firelensConfiguration (type fluentd or fluentbit), and every other whose log it routes has logDriver awsfirelens: correct that, and register the revision",
        when="firelens",
    ),
    Step(
        "The log router does not read its own configuration, and ends: what options of the containers' logConfiguration hold (Name, Match and the rest) becomes a section of it; correct the section that its log names, and register the revision",
        when="tried to instance a plugin|configuration file contains errors",
    ),
)

NOT_INITIALISED: Final = (
    Step(
        "Read the proxy's own log (logConfiguration of serviceConnectConfiguration), and give the task 256 CPU units and 64 MiB more for it",
        "aws ecs describe-services --cluster <cluster> --services <service> --query 'services[].deployments[].serviceConnectConfiguration'",
        when="service connect|envoy",
    ),
    Step(
        "The host's store of images is damaged: let ECS start the task on another host; an instance of yours is to be replaced",
        when="create snapshot|missing parent",
    ),
)

FILES_OF_S3: Final = (
    Step(
        "Environment files come from S3: give the subnet's route table a gateway endpoint for S3, or the task another way out",
        "aws ec2 describe-vpc-endpoints --filters Name=vpc-id,Values=<vpc> --query 'VpcEndpoints[].[ServiceName,State,RouteTableIds]'",
        when="env files|environment file",
    ),
)

MAY_MAKE_GROUPS: Final = (
    Step(
        "Allow just what was refused: the managed policy does not hold logs:CreateLogGroup. Or make the group yourself, and leave awslogs-create-group out",
        "aws iam put-role-policy --role-name <role> --policy-name allow-<action-name> --policy-document '<policy>'",
        when=r"~\bperform: ?logs:createloggroup\b",
    ),
)
