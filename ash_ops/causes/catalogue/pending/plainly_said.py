"""Steps for messages of pulls, volumes and instances that say their whole reason themselves."""

from typing import Final

from ash_ops.causes.base import Step

_ON_ECS: Final = r"(?:\bcannotpull|\.dkr\.ecr\.|\becs\b|\bfargate\b|\bthe push refers to\b|\bdocker push\b|\bno basic auth\b)"
_AT_A_REGISTRY: Final = r"\bhttps://(?!(?:registry-1|index)\.docker\.io/)[\w.:-]{3,100}/v2/\S{3,200}/manifests/\S{1,140}: (?:denied|unauthorized)\b"
_KEPT_LOGIN: Final = rf"~^(?!.*{_ON_ECS}).*{_AT_A_REGISTRY}"
_OF_A_NAMED_REGISTRY: Final = r"\bfailed to solve: (?!docker\.io/)[a-z0-9-]{1,60}(?:\.[a-z0-9-]{1,60}){1,4}(?::\d{2,5})?/(?!\S{0,200}\.dkr\.ecr\.)\S{3,200}: .{0,160}(?:\bdenied\b|\bunauthorized\b|\b40[13] )"

REFUSED_OUTRIGHT: Final = (
    Step(
        "The registry's own policy holds the image back: sign it, or mend what its scan found, and push it again; or let the project's administrators make an exception",
        when="not signed|due to configured policy",
        decides=True,
    ),
    Step(
        "A kept login that has run out is refused for public images, too: sign out of that registry, and pull again",
        "docker logout <registry>",
        when=_KEPT_LOGIN,
        decides=True,
    ),
    Step(
        "If it is refused without a login as well, it is private or there is no such name: sign in with an account that may read it (of GitHub, a token with read:packages), or have its owner make it public",
        "docker login <registry>",
        when=_KEPT_LOGIN,
        decides=True,
    ),
    Step(
        "The image that the build begins with is refused by its registry: sign out of it if that login is old, or sign in with an account that may read it (in a workflow docker/login-action with registry); and see that its name is right",
        "docker login <registry>",
        when=f"~{_OF_A_NAMED_REGISTRY}",
        decides=True,
    ),
)
"""Pulls that a policy of the registry holds back, and those by hand of one that knows its users."""

CHECK_WITHOUT_LOGIN: Final = Step(
    "Ask for the image without credentials: log out of its registry first",
    "docker manifest inspect <image>",
    when=r"~^(?!.*(?:\.dkr\.ecr\.|\bpush|\blogin prior\b|/blobs/uploads|\bdue to configured policy\b|\bnot signed\b|\bauthorization token has expired\b|\bto perform: ecr:|\blogin attempt to\b|https://public\.ecr\.aws/v2/: denied)).",
)
"""ECR answers nobody without credentials: there it decides nothing."""

CHECK_IN_ECR: Final = (
    Step(
        "See whether the repository is of your own account and region: one that is not in this list is another account's, or misspelt",
        "aws ecr describe-repositories --query 'repositories[].repositoryUri'",
        when=r"~\.dkr\.ecr\.",
    ),
)

CHECK_THE_CREDENTIALS: Final = Step(
    "See which credentials the task uses",
    "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.[executionRoleArn,containerDefinitions[].[image,repositoryCredentials]]'",
    when=rf"~^(?!.*(?:\bfailed to solve\b|{_AT_A_REGISTRY}))|{_ON_ECS}",
)

CHECK_THE_ACL: Final = Step(
    "If both are right, read the subnet's network ACL: out on 443, and in on 1024-65535 for the answers",
    "aws ec2 describe-network-acls --filters Name=association.subnet-id,Values=<subnet> --query 'NetworkAcls[].Entries'",
)

_PRIVATE: Final = r"(?:10\.|172\.(?:1[6-9]|2\d|3[01])\.|192\.168\.)"
_ENDPOINT_SILENT: Final = (
    rf"~\bdial tcp {_PRIVATE}[\d.]{{3,11}}:443: (?:i/o tim|connect: connection timed)"
)
_NO_SUCH_NAME: Final = (
    r"~\blookup \S{3,120}\.amazonaws\.com(?:\.cn)? on \S{3,40}:53: no such host\b"
)

ENDPOINT_OR_NAME: Final = (
    Step(
        "The address is one of the VPC: an interface endpoint has that name, and does not let the task in. Open its security group on 443 to the task's",
        "aws ec2 authorize-security-group-ingress --group-id <endpoint-security-group> --protocol tcp --port 443 --source-group <task-security-group>",
        when=_ENDPOINT_SILENT,
        decides=True,
    ),
    Step(
        "The VPC's resolver was reached and knows no such name: switch enableDnsSupport and enableDnsHostnames on; a resolver of yours (DHCP options) must hand amazonaws.com on. A private zone of that name hides it, too; and the name must be of a region that has the service",
        "aws ec2 modify-vpc-attribute --vpc-id <vpc> --enable-dns-support",
        when=_NO_SUCH_NAME,
        decides=True,
    ),
)

READ_ENDPOINT_OR_NAME: Final = (
    Step(
        "Read the endpoints' security groups, and what these let in",
        "aws ec2 describe-vpc-endpoints --filters Name=vpc-id,Values=<vpc> --query 'VpcEndpoints[].[ServiceName,State,Groups[].GroupId]'",
        when=_ENDPOINT_SILENT,
        decides=True,
    ),
    Step(
        "See whether the VPC resolves names",
        "aws ec2 describe-vpc-attribute --vpc-id <vpc> --attribute enableDnsSupport",
        when=_NO_SUCH_NAME,
        decides=True,
    ),
    Step(
        "See whether its resolver is Amazon's",
        "aws ec2 describe-dhcp-options --query 'DhcpOptions[].[DhcpOptionsId,DhcpConfigurations]'",
        when=_NO_SUCH_NAME,
        decides=True,
    ),
)

READ_THE_DIRECTORIES: Final = (
    Step(
        "See which directories the access points of that file system begin at",
        "aws efs describe-access-points --file-system-id <file-system> --query 'AccessPoints[].[AccessPointId,RootDirectory.Path]'",
        when=r"~\breason given by server: no such file",
        decides=True,
    ),
)

READ_THE_PROFILE: Final = (
    Step(
        "See whether the instance has a role at all",
        "aws ec2 describe-iam-instance-profile-associations --query 'IamInstanceProfileAssociations[].[InstanceId,IamInstanceProfile.Arn,State]'",
        when="nocredentialproviders|no valid providers|no ec2 imds role|credentialsendpointerror",
        decides=True,
    ),
)

_NO_SIZE: Final = "must contain the parameter size or snapshotid"

DISK_WITHOUT_SIZE: Final = (
    Step(
        "An instance that ends so at once cannot use the key of its encrypted disk: let the key's policy admit the role AWSServiceRoleForAutoScaling (a key of another account needs a grant, too)",
        "aws kms get-key-policy --key-id <key> --policy-name default",
        when="client error on launch",
        decides=True,
    ),
    Step(
        "Correct what the message names in the launch template (key pair, device name, placement group, instance type), make a new version of it, and let the group use that",
        "aws ec2 describe-launch-template-versions --versions '$Latest' --query 'LaunchTemplateVersions[].[LaunchTemplateName,LaunchTemplateData]'",
        when=r"~\bthe key pair \S{1,120} does not exist\b|\binvalid device name\b|\bplacement groups may not\b",
        decides=True,
    ),
    Step(
        "That zone takes no instance of that type, and waiting does not help: let the group have subnets of the zones that the message names",
        "aws autoscaling describe-auto-scaling-groups --query 'AutoScalingGroups[].[AutoScalingGroupName,AvailabilityZones,VPCZoneIdentifier]'",
        when=r"~\bavailability zone is no longer supported\b|\bnot supported in your requested availability zone\b",
        decides=True,
    ),
    Step(
        "The quota of running instances is reached: end some that nobody needs, or ask for more vCPUs (Standard families: L-1216C47A)",
        "aws service-quotas get-service-quota --service-code ec2 --quota-code L-1216C47A --query Quota.Value",
        when=r"~\binstance\(s\) are already running\b|\binstancelimitexceeded\b|\bvcpulimitexceeded\b",
        decides=True,
    ),
    Step(
        "A disk of the launch template has neither size nor snapshot: give its block device VolumeSize (volume_size in Terraform), or the name under which the AMI has its own disk, then let the group use the new version",
        "aws ec2 describe-launch-template-versions --versions '$Latest' --query 'LaunchTemplateVersions[].[LaunchTemplateName,LaunchTemplateData.BlockDeviceMappings]'",
        when=_NO_SIZE,
        decides=True,
    ),
)

_CALLED_BY_HAND: Final = r"~^(?!.*(?:\bauto ?scaling\b|\bcapacity provider\b|\bcreatefleet\b)).*\bsufficient [a-z][\w-]{1,14}\.[\w-]{2,14} capacity\b"

READ_THE_ZONES: Final = (
    Step(
        "See in which zones of the region there is such a type at all",
        "aws ec2 describe-instance-type-offerings --location-type availability-zone --filters Name=instance-type,Values=<instance-type> --query 'InstanceTypeOfferings[].Location'",
        when=_CALLED_BY_HAND,
    ),
)

_OF_THE_HOST: Final = r"~\bveth\b.{0,80}\balready exists\b|\binvalid mac address\b"

NETWORK_OF_HOST: Final = (
    Step(
        "It is the network of the instance itself that could not be set up, and no limit of AWS: let ECS take another instance (drain this one), and replace it with one of a newer ECS-optimized AMI",
        "aws ecs describe-container-instances --cluster <cluster> --container-instances <container-instance> --query 'containerInstances[].[ec2InstanceId,versionInfo,agentConnected]'",
        when=_OF_THE_HOST,
        decides=True,
    ),
)

READ_THE_PROVIDERS: Final = (
    Step(
        "Read which capacity providers the cluster has",
        "aws ecs describe-clusters --clusters <cluster> --query 'clusters[].[capacityProviders,defaultCapacityProviderStrategy]'",
        when=r"~\bnot associated with the cluster\b|\bcapacity provider\b.{1,80}\bnot found in the cluster\b",
        decides=True,
    ),
)

OTHER_ZONES: Final = (
    Step(
        "Ask for it in one of the zones that the message names, or name no zone (and no subnet of one zone alone); else take another type, or try again later",
        when=r"~\byou can currently get\b",
        decides=True,
    ),
)
