"""Steps for what instances have no room for, for names that a machine lacks, and for reasons that are cut off."""

from typing import Final

from ash_ops.causes.base import Step
from ash_ops.causes.catalogue.pending.places_named import OF_CODEBUILD

_NO_LOCAL_TAG: Final = r"~(?<![\w:/.-])tag does not exist: |\ban image does not exist locally with the tag\b|\btag (?:was not found|does not exist)\b.{0,40}\bpush refers to\b"

TAG_IT_FIRST: Final = (
    Step(
        "The machine that pushes has no image of that name and tag itself: build it under just that name (docker build -t), or give it that name (docker tag), before the push; see that no variable in the name is empty",
        "docker image inspect <image>",
        when=_NO_LOCAL_TAG,
        decides=True,
    ),
)

GONE_FROM_THERE: Final = (
    Step(
        "That is the path of a Dockerfile, and no image: build it, push the image to a registry, and give the image's name there (REGISTRY/NAME:TAG)",
        when=r"~\b(?:image|reference|ref)\b[^|]{0,20}['\"](?:\.{0,2}/)?(?:[\w.-]{1,40}/){0,4}dockerfile['\"]",
        decides=True,
    ),
    Step(
        "The registry has no such project any more, so no tag of it helps: take the image from where its maker publishes it now, or a copy in a registry of yours",
        when=r"~\bproject\b.{0,120}\bnot found or deleted\b",
        decides=True,
    ),
)

REFERENCE_OF_A_BUILD: Final = (
    Step(
        "It is the image in which CodeBuild is to build, and its name cannot be read: registry/name:tag, in lower case, without https:// and blanks, and no variable in it empty; correct it in the project's environment",
        "aws codebuild batch-get-projects --names <project> --query 'projects[].environment'",
        when=rf"~(?:{OF_CODEBUILD}).*\binvalid reference format\b",
        decides=True,
    ),
)

_WITHOUT_GPU: Final = "~resource:gpu|\\b(?:insufficient|not enough|no) gpus?\\b"

READ_ROOM: Final = (
    Step(
        "See what each instance has left",
        "aws ecs describe-container-instances --cluster <cluster> --container-instances <container-instance> --query 'containerInstances[].[ec2InstanceId,remainingResources[].[name,integerValue,stringSetValue]]'",
        when=r"~resource:(?:memory|cpu|gpu)|\binsufficient (?:memory|cpu)\b|\bnot enough memory\b",
    ),
)

_IN_A_ZONE: Final = r"~\b(?:unable to az rebalance|unable to place a task in [a-z]{2,3}-[a-z]{2,12}(?:-[a-z]{2,12})?-\d[a-z])\b"

READ_ZONES_OF_HOSTS: Final = (
    Step(
        "See in which zones the cluster has instances",
        "aws ecs list-attributes --cluster <cluster> --target-type container-instance --attribute-name ecs.availability-zone --query 'attributes[].[value,targetId]'",
        when=_IN_A_ZONE,
    ),
)

ROOM_IN_THE_ZONE: Final = (
    Step(
        "In the zone that the event names no instance has room for one more task: let the Auto Scaling group have subnets there and start one, or take the zone out of the service's subnets; the tasks that run elsewhere go on",
        when=_IN_A_ZONE,
        decides=True,
    ),
)

ROOM_FOR_A_GPU: Final = (
    Step(
        "No instance has so many GPUs free: each is of one task alone. Start an instance of a type with GPUs on the GPU-optimized AMI of ECS (others do not tell theirs), or stop what holds them",
        when=_WITHOUT_GPU,
        decides=True,
    ),
)

_NOT_COMPATIBLE: Final = r"~\btask definition\b.{0,200}\bnot compatible with\b.{0,40}\b(?:launch type|compute strategy|fargate)|\btask definition is not configured for\b"

MADE_FOR_FARGATE: Final = (
    Step(
        "It is the task definition that is not made for Fargate: set requiresCompatibilities FARGATE, networkMode awsvpc, and cpu and memory of the task (a pair that Fargate knows), register it, and name the new revision",
        "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.[requiresCompatibilities,networkMode,cpu,memory]'",
        when=_NOT_COMPATIBLE,
        decides=True,
    ),
)

REASON_IS_CUT: Final = (
    Step(
        "The subnets are private and the image is of a public registry: that needs a NAT gateway in the route table (an endpoint of ECR serves ECR alone), or a copy of the image in ECR",
        "aws ec2 describe-route-tables --filters Name=association.subnet-id,Values=<subnet>",
        when=r"~\bcannotpull.{0,600}\bprivate subnets?\b|\bprivate subnets?\b.{0,600}\bcannotpull",
        decides=True,
    ),
    Step(
        "Docker Hub answered with a status, so the way is open; which one is cut off. For pulls without an account it is mostly 429, its limit: take the image from public.ecr.aws or a copy in ECR, or give the container repositoryCredentials",
        "aws ecs describe-tasks --cluster <cluster> --tasks <task> --query 'tasks[].containers[].reason'",
        when=r"~\bunexpected status code https://registry-1\.docker\.io/\S{1,400}$",
        decides=True,
    ),
)

BY_ANSIBLE: Final = (
    Step(
        "The image has no variant for this machine's processor: see which it has, and name one that has it (for 32-bit ARM often another image), or build it here",
        "docker manifest inspect <image>",
        when=r"~\berror pulling \S{1,200} - code: .{0,80}\bno matching manifest\b",
        decides=True,
    ),
)

_ON_ONE_MACHINE: Final = r"~^(?!.*(?:\bcannotpull|\becs\b|\bfargate\b|\btasks?\b)).*(?:\bdocker: (?:error response from daemon: )?failed to register layer\b|\bmkdir /var/lib/docker/).*\bno space left\b"

DISK_OF_THE_MACHINE: Final = (
    Step(
        "The disk of the machine that pulls is full, or too small for the image: images, containers and volumes that nobody needs go with docker system prune; else give Docker's data (docker info: Docker Root Dir) a larger disk, or take a smaller image",
        when=_ON_ONE_MACHINE,
        decides=True,
    ),
)

_NO_ROLE_NAMED: Final = r"~\brequires task definition to have execution role\b"

ROLE_TO_NAME: Final = (
    Step(
        "The task definition was refused, for it names no executionRoleArn, which Fargate needs for the log driver awslogs and for images of ECR: name a role with AmazonECSTaskExecutionRolePolicy (execution_role_arn in Terraform, executionRole in the CDK), and register it again",
        "aws iam list-roles --query 'Roles[].Arn'",
        when=_NO_ROLE_NAMED,
        decides=True,
    ),
)
