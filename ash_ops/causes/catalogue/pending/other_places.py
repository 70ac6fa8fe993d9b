"""Images, ports and agents elsewhere than in a task: where somebody pushes, and on instances."""

from typing import Final

from ash_ops.causes.base import Rank, Signature, Step, says

_PUSHING: Final = r"~\bdocker push\b|/blobs/uploads/|\b(?:failed to|could not|cannot|unable to) push\b|\bthe push refers to\b|\bpushing (?:layers|manifest)\b"

PUSHED: Final = (
    r"\bthe push refers to\b|\bdocker push\b|/blobs/uploads|\b(?:failed to|could not|cannot|unable to) push\b|\bpushing layers\b|\bpush permissions?\b|\bimage push failed\b|\blogin prior to push\b|\bdocker login\b.{0,200}\bexited with\b|\baction: push\b|initiatelayerupload|"
    r"\bpush [a-z0-9][\w./:@-]{3,200} ?\.\.\.|\b(?:podman|buildah|nerdctl|finch|crane|img|helm) push\b|\berror pushing\b|\bwhile pushing\b|\bpushing (?:image|manifest|tag)\b|"
    r"\bbuildx build .{0,300}--push\b|\bcontainerizing application to\b|\bpush(?:ed|ing)? (?:is|was) (?:denied|refused)\b|\bcheckpushpermission\b"
)
"""What the tools that build an image say where it is written to its registry, and not pulled."""

PUSHED_FROM_HERE: Final = (
    Step(
        "See whether the machine that pushes reaches the registry: any status is an answer, also 401",
        "curl -sSI https://<registry>/v2/",
        when=_PUSHING,
        decides=True,
    ),
)

PUSH_AGAIN: Final = (
    Step(
        "It is the machine that pushes which got no answer, and no task: push again (layers that are there are passed over). If it stays, let that machine out to the registry and to S3 on 443 (its proxy, VPN or firewall; the proxy of Docker itself), and push fewer layers at once (max-concurrent-uploads in daemon.json)",
        when=_PUSHING,
        decides=True,
    ),
)
"""Layers that did not reach their registry."""

_OF_A_FILTER: Final = r"~\b(?:metric|subscription) ?filter\b|\bput(?:metric|subscription)filter\b|\bputretentionpolicy\b|\bresource handler returned message\b"

GROUP_OF_A_FILTER: Final = (
    Step(
        "The group must be there before what is put on it: make it, or correct its name and region; in a template let the filter refer to the group (Ref, an attribute), so that it is made after it. A function makes its own at its first run only",
        "aws logs create-log-group --log-group-name <log-group>",
        when=_OF_A_FILTER,
        decides=True,
    ),
)
"""Groups that no task writes to, of which something else is asked."""

_ZONE_OF_A_BALANCER: Final = r"~\bcannot be associated with a load balancer\b|\bavailability zones?\b.{0,80}\bload balancers?\b.{0,40}\b(?:not support|not available)"

ZONES_OF_A_BALANCER: Final = (
    Step(
        "See which zones this account has in the region: who has been there long has old ones that take no new load balancer",
        "aws ec2 describe-availability-zones --query 'AvailabilityZones[].[ZoneName,ZoneId,State]'",
        when=_ZONE_OF_A_BALANCER,
        decides=True,
    ),
)
BALANCER_ELSEWHERE: Final = (
    Step(
        "It is the load balancer that the zone has no room for: give it subnets of two other zones of that list (in a template that chooses by Fn::GetAZs, name them), and deploy again",
        when=_ZONE_OF_A_BALANCER,
        decides=True,
    ),
)
"""Zones in which no load balancer is made any more."""

NO_ID_GIVEN: Final = (
    Step(
        "The program asked for no secret at all: the setting or variable that should hold its name is not set where it runs. Fill that; nothing is wrong with any secret",
        when=r"~\bvalue null at '(?:secretid|name|names)'",
        decides=True,
    ),
)

_NO_MORE_FILES: Final = r"~\btoo many open files\b"

COUNT_THE_FILES: Final = (
    Step(
        "See how many files are open on the host that pulls, and how many it allows",
        "cat /proc/sys/fs/file-nr",
        when=_NO_MORE_FILES,
        decides=True,
    ),
)
FEWER_FILES: Final = (
    Step(
        "The program that pulls (the ECS agent or Docker of that host) may open no more files and sockets, so it has no network left: start it anew, raise its limit (LimitNOFILE of its unit), and look for what leaves them open",
        "sudo systemctl restart docker",
        when=_NO_MORE_FILES,
        decides=True,
    ),
    Step(
        "It is the resolver that gave no answer, and not the registry: see which one is asked where it is pulled (/etc/resolv.conf, dns in Docker's daemon.json; in a VPC enableDnsSupport and its DHCP options), and let that answer",
        "nslookup <domain>",
        when=r"~^(?!.*\blookup \S{3,200} on 127\.).*\blookup [a-z0-9.-]{3,200}(?: on [0-9.:]{7,40})?: (?:connection timed out|i/o timeout|read udp|temporary failure)",
        decides=True,
    ),
)
"""Hosts whose programs reach nothing any more, for want of sockets."""

PUSHED_WITHOUT_REGISTRY: Final = (
    Step(
        "The tag that is pushed names no registry, so it goes to Docker Hub's own images, where nobody may write: tag it with the whole name (ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME:TAG, ghcr.io/OWNER/NAME:TAG, or OWNER/NAME:TAG on Docker Hub), sign in to that registry, and push that",
        when=r"~\bfailed to push (?![\w.-]{1,80}[./:])(?=[\w-]{2,128}: |docker\.io/library/)|\bfailed to push [\w.-]{1,100}(?::\S{1,128})?: .{0,160}repository(?:%3a|:)library(?:%2f|/)|\bpush refers to repository \[docker\.io/library/",
        decides=True,
    ),
)

_PAUSE: Final = r"~\bamazon-ecs-pause\b|~internal~ecs~pause\b"

THE_AGENTS_OWN: Final = (
    Step(
        "See whether the instance has the agent's own image",
        "docker images amazon/amazon-ecs-pause",
        when=_PAUSE,
        decides=True,
    ),
)
LOADED_ANEW: Final = (
    Step(
        "That image is the ECS agent's own, which it brings along and no task definition names; the instance has lost it (an update of the agent, a clean-up of images). Start the agent anew, which loads it, or replace the instance by one of the newest ECS-optimized AMI; leave it out of what cleans images up",
        "sudo systemctl restart ecs",
        when=_PAUSE,
        decides=True,
    ),
)
"""The image of the container that holds a task's network: the agent's, on instances of EC2."""

_CALLER_REFUSED: Final = (
    r"\bnot authorized to perform:? ?sts:(?:assumerole|tagsession|setsourceidentity)\b"
)
ASKED_BY_A_CALLER: Final = (
    Step(
        "It is CodeDeploy that is to take that role: its trust policy must name codedeploy.amazonaws.com, and AWSCodeDeployRoleForECS must be attached to it; one just made is known some seconds later",
        "aws iam get-role --role-name <role> --query Role.AssumeRolePolicyDocument",
        when=r"~\bcodedeploy does not have the permissions required to assume\b|\binvalidroleexception\b.{0,60}\bdeploymentgroup\b",
        decides=True,
    ),
    Step(
        "It is a caller who may not take that role, and no task: let its own policy allow sts:AssumeRole on the role, and the role's trust policy name that caller (of another account always both)",
        "aws iam get-role --role-name <role> --query Role.AssumeRolePolicyDocument",
        when=f"~^(?!.*\\bcdk-[a-z0-9]{{9,10}}-).*{_CALLER_REFUSED}",
        decides=True,
    ),
)

NOT_A_NAME: Final = (
    Step(
        "The agent asked ECR with what stands in front of .dkr.ecr. in the image's name, and that is no account: write the account's 12 figures there (a variable of the template or the script was empty), and deploy that revision",
        "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.containerDefinitions[].[name,image]'",
        when=r"~\binvalid parameter at 'registryids'",
        decides=True,
    ),
    Step(
        "The part of the image's name behind the registry is no repository's (lower case, figures, . _ - /): correct it in the task definition, and deploy that revision",
        "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.containerDefinitions[].[name,image]'",
        when=r"~\binvalid parameter at 'repositoryname'",
        decides=True,
    ),
)
"""Names of images that ECR does not take."""

_ATTRIBUTE: Final = r"~\breason['\"]? ?[:=|] ?['\"]?attribute\b(?!:)|\bcontainer-instance/[\w/-]{1,200}['\"]?[ ,;|]{1,5}['\"]?attribute\b(?!:)"

REQUIRED_ATTRIBUTES: Final = (
    Step(
        "RunTask does not say which attribute: read those that the task definition asks for",
        "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.requiresAttributes[].name'",
        when=_ATTRIBUTE,
        decides=True,
    ),
    Step(
        "Then those which the instance has",
        "aws ecs describe-container-instances --cluster <cluster> --container-instances <container-instance> --query 'containerInstances[].attributes[].name'",
        when=_ATTRIBUTE,
        decides=True,
    ),
)

GIVE_THE_ATTRIBUTE: Final = (
    Step(
        "The instance lacks something that the task definition asks for, and not room. In awsvpc mode the subnet that is named must be of the instance's own VPC and zone; task roles, log drivers, GPUs and volume plugins are switched on in /etc/ecs/ecs.config or come with the AMI (ECS_ENABLE_TASK_IAM_ROLE, ECS_AVAILABLE_LOGGING_DRIVERS); then restart the agent, or take another instance",
        when=_ATTRIBUTE,
        decides=True,
    ),
)
"""What RunTask calls ATTRIBUTE."""

AGENT_ENDED: Final[tuple[Signature, ...]] = (
    says(
        "agent exited with code|agent exited with terminal exit code|ecs agent failed to start",
        '~\\[(?:info|warn|error)\\] agent exited with code -?\\d|\\becs agent failed to start, retrying|\\bagent exited with terminal exit code|\\bmsg="agent exited with code',
        rank=Rank.DECISIVE,
    ),
)
"""ecs-init of the agent that it watches over (signatures of ``agent-disconnected``)."""

_ENDED: Final = (
    r"~\bagent exited with (?:code -?\d|terminal exit code)|\becs agent failed to start, retrying"
)

START_THE_AGENT: Final = (
    Step(
        "ECS does not know the version of that agent, so it cannot update it: update ecs-init by hand on the instance and start the agent anew, or replace the instance by one of the current ECS-optimized AMI",
        "sudo yum update -y ecs-init && sudo systemctl restart ecs",
        when=r"~\bmissingversionexception\b|\bdetermine the current version of the amazon ecs container agent\b",
        decides=True,
    ),
    Step(
        "The agent's own container ended: its log on that instance says why (5: its settings or its registration are refused for good; 127: its program is not in the image that was loaded)",
        "sudo tail -n 50 /var/log/ecs/ecs-agent.log",
        when=_ENDED,
        decides=True,
    ),
    Step(
        "Correct what the log names in /etc/ecs/ecs.config; if the image itself is damaged, let ecs-init fetch it again, or replace the instance by one of the current ECS-optimized AMI",
        "sudo systemctl stop ecs && sudo rm -f /var/cache/ecs/state && sudo systemctl start ecs",
        when=_ENDED,
        decides=True,
    ),
)

NO_GROUP_BY_ITSELF: Final = (
    Step(
        "Only the making of the group was refused, which the managed policy does not allow either: make the group yourself and leave awslogs-create-group out, or allow logs:CreateLogGroup to the role that the text names (of a task on instances the driver works with the instance's role)",
        "aws logs create-log-group --log-group-name <log-group>",
        when=r"~^(?!.*\bperform: ?logs:).*\bto create cloudwatch log group: .*\baccess ?denied",
        decides=True,
    ),
)
"""A group that the driver was to make (``awslogs-create-group``)."""
