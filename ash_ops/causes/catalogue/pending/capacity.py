"""Room for a task: addresses, interfaces, capacity, quotas, zones."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says
from ash_ops.causes.catalogue.pending.named_reasons import OTHER_ZONES
from ash_ops.causes.catalogue.pending.other_places import BALANCER_ELSEWHERE, ZONES_OF_A_BALANCER
from ash_ops.causes.catalogue.pending.places_named import (
    CALL_AGAIN,
    ROOM_FOR_A_BALANCER,
    ZONES_OF_A_CALL,
)
from ash_ops.causes.catalogue.pending.plainly_said import NETWORK_OF_HOST
from ash_ops.causes.catalogue.pending.words import EVENTS

FARGATE_QUOTAS: Final = (
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html"
)

_SPOT_OF_EC2: Final = "capacity-oversubscribed|capacity-not-available|spot request|no spot capacity available that matches"
"""What EC2 says of a Spot instance; a Spot task of Fargate has no request of its own."""

CAUSES: Final = (
    Cause(
        slug="eni-provision-timeout",
        title="The task's network interface, its storage or its container was not ready in time",
        category="pending",
        severity="warning",
        meaning="A timeout on AWS's side; one alone means nothing, the next task starts.",
        proof=(
            Step(
                "See whether it repeats",
                "aws ecs describe-services --cluster <cluster> --services <service> --query 'services[].events[:20].message'",
            ),
        ),
        repair=(
            Step(
                "Let ECS try again. If it repeats, check the free addresses of the subnets, the network interface quota and AWS Health",
                "aws ec2 describe-subnets --subnet-ids <subnet> --query 'Subnets[].AvailableIpAddressCount'",
            ),
            Step(
                "The container runtime did not answer: let ECS try again. On an instance of yours that repeats it, replace the instance",
                "aws ecs describe-tasks --cluster <cluster> --tasks <task> --query 'tasks[].[launchType,containerInstanceArn,containers[].reason]'",
                when="dockertimeouterror|containerruntimetimeouterror|could not transition to",
            ),
            *NETWORK_OF_HOST,
        ),
        signatures=(
            says("network interface provision has been stopped", rank=Rank.LIKELY),
            says(
                "unexpected ec2 error",
                "network interface",
                rank=Rank.GENERIC,
                unless=("unauthorized|not authorized|denied", "insufficient", "limit"),
            ),
            says(
                "timeout|timed out|time out|not complete|did not complete|took too long|failed|could not be completed|could not be allocated",
                "network interface|eni ",
                "provision|attach|creat|allocat",
                rank=Rank.LIKELY,
                unless=(
                    "rate limit|rate exceeded|throttl",
                    "free address|insufficient|not enough",
                    "unauthorized|not authorized|denied",
                    "limit exceeded|limitexceeded|limit has been reached|maximum number",
                ),
            ),
            says(
                "timeout waiting for|timed out waiting for|timeout while waiting",
                "network interface|eni|ephemeral storage|storage provisioning|ebs|attachment|platform",
                rank=Rank.CLEAR,
                unless="efs|nfs",
            ),
            says("ephemeral storage|storage provisioning", "timeout|timed out", rank=Rank.CLEAR),
            says(
                "failed to configure eni|failed to setup regular eni|failed to setup branch eni|invoke vpc-eni plugin failed|unable to configure pause container",
                rank=Rank.LIKELY,
            ),
            says(
                "timeouterror",
                "task failed to start|eni|starting|provision",
                rank=Rank.LIKELY,
                kinds="stopped_task service_event",
            ),
            says(
                "failed to attach network interface|unable to attach network interface|network interface attachment|eni attachment",
                rank=Rank.LIKELY,
            ),
            says(
                "containerruntimetimeouterror|dockertimeouterror|could not transition to created|could not transition to running|could not transition to started|could not transition to inspecting",
                rank=Rank.LIKELY,
            ),
        ),
        confused_with=(
            ("subnet-no-ips", "There EC2 refuses at once: no free address."),
            ("init-network", "There the interface is attached and the task cannot get out."),
        ),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html",
    ),
    Cause(
        slug="subnet-no-ips",
        title="Subnet has no free IP addresses",
        category="pending",
        severity="error",
        meaning="EC2 refused to create the task's network interface: no address is free in the subnet.",
        proof=(
            Step(
                "Count the free addresses",
                "aws ec2 describe-subnets --subnet-ids <subnet> --query 'Subnets[].[SubnetId,AvailableIpAddressCount]'",
            ),
        ),
        repair=(
            Step(
                "Give the service larger or further subnets, and delete network interfaces left behind",
                "aws ec2 describe-network-interfaces --filters Name=subnet-id,Values=<subnet> Name=status,Values=available",
            ),
            *ROOM_FOR_A_BALANCER,
        ),
        signatures=(
            says(
                "insufficientfreeaddressesinsubnet|free ips: 0|insufficient free address|insufficientfreeaddresses|not enough ip space available",
                rank=Rank.DECISIVE,
            ),
            says(
                "subnet|ip address|private ip|addresses",
                "not enough free|not enough|sufficient free|no free|insufficient|does not have enough|exhausted|ran out|run out of|no available|no more|out of ip",
                "address|ip",
                rank=Rank.PRECISE,
                unless=(
                    "elastic ip|eip|addresslimitexceeded|maximum number of addresses",
                    "elb|load balancer subnet",
                    # Docker's own network on a host.
                    "address pool",
                ),
            ),
            says(
                "insufficientcidrblocks|has insufficient ip|free ip addresses|available ip addresses",
                rank=Rank.CLEAR,
                unless="elastic ip",
            ),
        ),
        confused_with=(
            ("cfn-quota", "There a quota of the account is reached, for instance of Elastic IPs."),
        ),
        docs_url=EVENTS,
    ),
    Cause(
        slug="fargate-capacity",
        title="No Fargate capacity in that zone right now",
        category="pending",
        severity="error",
        meaning="AWS has no room for this task size in the chosen zones at the moment, mostly with Spot, ARM or big sizes.",
        proof=(
            Step(
                "Read the strategy and the zones",
                "aws ecs describe-services --cluster <cluster> --services <service> --query 'services[].[capacityProviderStrategy,networkConfiguration]'",
            ),
            *ZONES_OF_A_CALL,
        ),
        repair=(
            Step(
                "Add subnets in other zones, use FARGATE instead of FARGATE_SPOT, or try again later"
            ),
            *CALL_AGAIN,
        ),
        signatures=(
            says(
                "could not launch",
                "task",
                rank=Rank.SYMPTOM,
                kinds="service_event",
                unless="not authorized|launch instances",
            ),
            says(
                "capacity is unavailable|capacity unavailable|no capacity|insufficient capacity|insufficientcapacity|not enough capacity|capacity is not available|lack of capacity|unable to find capacity|insufficient compute capacity|does not have sufficient capacity|sufficient capacity",
                "fargate|spot|task|place|launch|zone|service|ecs",
                rank=Rank.PRECISE,
                unless=(
                    "sandbox capacity|capacity reached",
                    "container instance",
                    "instance type",
                    "ec2 instance|insufficientinstancecapacity|insufficientdbinstancecapacity",
                    _SPOT_OF_EC2,
                ),
            ),
            says(
                "fargate|spot",
                "capacity",
                "unavailable|insufficient|not available|no |out of|unable|currently",
                rank=Rank.LIKELY,
                unless=(
                    "limit on the number",
                    "association|strategy|not found|capacityprovider(",
                    "interrupted|interruption|reclaim",
                    _SPOT_OF_EC2,
                ),
            ),
            says(
                "capacity",
                "different availability zone|another availability zone|try again later",
                rank=Rank.CLEAR,
            ),
            says("resource:cpu|resource:memory", "fargate", rank=Rank.GENERIC),
            # The reason of SERVICE_TASK_PLACEMENT_FAILURE.
            says("resource:fargate", rank=Rank.DECISIVE),
        ),
        confused_with=(
            ("fargate-quota", "There your account's own limit is reached."),
            ("az-unsupported", "There Fargate is not offered in that zone at all."),
        ),
        docs_url=EVENTS,
    ),
    Cause(
        slug="fargate-quota",
        title="The account's Fargate quota is reached",
        category="pending",
        severity="error",
        meaning="The vCPUs, tasks or task size asked for are above what this account may use in the region. A rolling deployment needs both revisions at once.",
        proof=(
            Step(
                "Read the quota of vCPUs",
                "aws service-quotas get-service-quota --service-code fargate --quota-code L-3032A538",
            ),
        ),
        repair=(
            Step(
                "Ask for more",
                "aws service-quotas request-service-quota-increase --service-code fargate --quota-code L-3032A538 --desired-value <vcpus>",
            ),
            Step("Or stop other tasks, choose a smaller size, or set maximumPercent to 100"),
        ),
        signatures=(
            says(
                "fargate",
                "~\\b(?:hit|reached|exceeded|at|over) (?:the |our |my )?(?:vcpu|task|cpu) (?:limit|quota)",
                rank=Rank.PRECISE,
            ),
            says(
                "limit on the number of|reached the limit|vcpu limit|number of vcpus|concurrent tasks|tasks you can run concurrently|above your limit|above your account limit|above the limit",
                "vcpu|task|fargate|cpu|memory|concurrently|configuration",
                rank=Rank.PRECISE,
                unless=(
                    "container instance",
                    "sandbox",
                    "rules per|security group|addresses",
                    "services per",
                ),
            ),
            says("configuration is above your limit", rank=Rank.DECISIVE),
            says(
                "limit on the number of",
                "vcpus you can run concurrently|tasks you can run concurrently",
                rank=Rank.DECISIVE,
                unless=("capacity provider", "insufficientinstancecapacity"),
            ),
            says(
                "fargate|task|vcpu",
                "quota|limit exceeded|limitexceeded|service limit|exceeds the limit|exceeded the limit",
                "fargate|on-demand|vcpu|concurren|running tasks|l-3032a538|l-36fbb829",
                rank=Rank.CLEAR,
                unless=("rules per|security group", "rate limit|rate exceeded|throttl"),
            ),
            says(
                "provisioning state limit|tasks in the provisioning state",
                "limit|exceed|maximum|quota|too many",
                rank=Rank.LIKELY,
            ),
        ),
        confused_with=(
            ("fargate-capacity", "There AWS has no room; your quota is not the limit."),
            ("ecs-throttled", "There the rate of launches is limited, not their number."),
        ),
        docs_url=FARGATE_QUOTAS,
    ),
    Cause(
        slug="az-unsupported",
        title="Subnet is in a zone Fargate does not support",
        category="pending",
        severity="error",
        meaning="Placement fails with 'Internal error': one zone of the region has no Fargate.",
        proof=(
            *ZONES_OF_A_BALANCER,
            Step(
                "Read the zone ids of the subnets (use1-az3 has no Fargate)",
                "aws ec2 describe-subnets --subnet-ids <subnet> --query 'Subnets[].[SubnetId,AvailabilityZoneId]'",
            ),
        ),
        repair=(
            Step(
                "Move the service to subnets in other zones",
                "aws ecs update-service --cluster <cluster> --service <service> --network-configuration <network-configuration>",
            ),
            *OTHER_ZONES,
            *BALANCER_ELSEWHERE,
        ),
        signatures=(
            says(
                "unable to place a task|place task|placement", "internal error", rank=Rank.PRECISE
            ),
            says(
                "availability zone|az ",
                "not supported|does not support|unsupported|is not available|not offered",
                rank=Rank.CLEAR,
                kinds="stopped_task service_event api_error cfn_event",
                unless=(
                    "load balancer|target is in|instance type",
                    "capacity",
                    "same availability zone",
                ),
            ),
            says("is unavailable in this region", "availability zone", rank=Rank.CLEAR),
            says(
                "availability zone",
                "try a different availability zone|cannot be associated with a load balancer",
                rank=Rank.PRECISE,
            ),
            says(
                "subnets can currently only be created in the following|insufficientdbinstancecapacity",
                rank=Rank.PRECISE,
            ),
            says(
                "fargate",
                "not supported|not available|unsupported",
                "availability zone|subnet|this region",
                rank=Rank.CLEAR,
            ),
        ),
        confused_with=(("fargate-capacity", "There the zone has Fargate, but no room now."),),
        docs_url=EVENTS,
    ),
    Cause(
        slug="ecs-throttled",
        title="The ECS scheduler is throttled",
        category="pending",
        severity="warning",
        meaning="Too many operations at once; ECS slows down and tries again by itself.",
        proof=(
            Step(
                "See how many services start at once",
                "aws ecs describe-services --cluster <cluster> --services <service> --query 'services[].events[:20].message'",
            ),
        ),
        repair=(Step("Wait, and spread deployments in time; ask for a higher rate if it stays"),),
        signatures=(
            says(
                "rate limit exceeded|rate exceeded|throttl|throttled|requestlimitexceeded|too many requests|toomanyrequestsexception|request limit exceeded",
                "task|service|ecs|fargate|scheduler|network interface|eni|launch",
                rank=Rank.CLEAR,
                kinds="stopped_task service_event",
                unless=(
                    "toomanyrequests:|pull rate limit|docker",
                    "elb|cannotpull|throttle logic",
                    "claude|anthropic",
                    # EC2's own: the caller launches instances, not ECS tasks.
                    "launching instance|launching ec2 instance|launch instance|runinstances|spot instance|machine creation",
                ),
            ),
            says(
                "operations are being throttled|being throttled on|will try again later|launches are being throttled",
                rank=Rank.PRECISE,
                kinds="service_event stopped_task cfn_event",
                unless=("cannotpull", "throttled by the service"),
            ),
            says(
                "number of tasks|too many tasks|tasks provisioning|provisioning limit",
                "provisioning|concurrent operations|capacity limit",
                rank=Rank.LIKELY,
                kinds="service_event stopped_task api_error",
                unless=("deprovisioning",),  # a list of the states of tasks
            ),
        ),
        confused_with=(
            ("aws-throttled", "There your own API calls are throttled."),
            ("fargate-quota", "There the number of running tasks is limited."),
        ),
        docs_url=EVENTS,
    ),
)
