"""What a task may run on: launch types, platforms, hosts, the account."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says
from ash_ops.causes.catalogue.pending.asked_amiss import (
    MADE_FOR_FARGATE,
    READ_ROOM,
    READ_ZONES_OF_HOSTS,
    ROOM_FOR_A_GPU,
    ROOM_IN_THE_ZONE,
)
from ash_ops.causes.catalogue.pending.named_reasons import EXTERNAL, NO_ROOM_LEFT, NOT_ON_FARGATE
from ash_ops.causes.catalogue.pending.other_places import (
    AGENT_ENDED,
    GIVE_THE_ATTRIBUTE,
    REQUIRED_ATTRIBUTES,
    START_THE_AGENT,
)
from ash_ops.causes.catalogue.pending.places_named import (
    EMPTY_PROVIDER,
    NO_PUBLIC_ADDRESS,
    READ_HOST_PORTS,
)
from ash_ops.causes.catalogue.pending.plainly_said import READ_THE_PROVIDERS
from ash_ops.causes.catalogue.pending.repairs import NO_ROOM
from ash_ops.causes.catalogue.pending.words import EVENTS
from ash_ops.causes.catalogue.restart.limits import MAPPED

_HIDDEN: Final = "~\\bhas no [*x_<>.-]{2,40} available"
"""What an instance lacks was struck out by the one who pasted it."""
_REASON_AGENT: Final = "~(?:\\breason\\b|taskfailedtostart)['\"]? ?[:=|] ?['\"]?agent\\b(?! (?!task definition|arn:|cluster )\\w)"
"""RunTask's word for an agent that is not connected, as the whole of a reason."""
_TOLD_AS: Final = (
    "~\\breasons? (?:is |of |was )?['\"]?{0}\\b['\"]?(?=$|[.,;)]| (?:for|when|in|on|after)\\b)"
)
"""The same word where a person tells the reason."""
_AGENT_AWAY: Final = "agent connected|agentconnected|agent is not connected|agent disconnected"
"""Why no task is put on an instance that has room."""


def _reason(words: str) -> str:
    """The term for a reason of RunTask's failures as the whole of it: named so, or the column after the instance."""
    named = r"\breason['\"]? ?[:=|] ?|container-instance/[\w/-]{1,200}['\"]?[ ,;|]{1,5}"
    return rf"~(?:{named})['\"]?(?:{words})['\"]?(?=$| ?[|,;}}\])])"


CAUSES: Final = (
    Cause(
        slug="placement-failed",
        title="ECS could not place the task: the reason is not known",
        category="pending",
        severity="error",
        meaning="The scheduler found no place for the task. The reason is cut off, or this catalogue does not know it.",
        proof=(
            Step(
                "Read the whole event",
                "aws ecs describe-services --cluster <cluster> --services <service> --query 'services[].events[:5].message'",
            ),
        ),
        repair=(
            Step(
                "Let the doctor compare launch type, zones, addresses and quotas",
                "ash-ops doctor pending",
            ),
            *NO_ROOM_LEFT,
        ),
        signatures=(
            says(
                "unable to place a task|unable to place task|service_task_placement_failure|service_task_configuration_failure",
                rank=Rank.SYMPTOM,
            ),
        ),
        confused_with=(
            ("wrong-launch-type", "If the reason names container instances."),
            ("fargate-capacity", "If it says that capacity is unavailable."),
            ("fargate-quota", "If it names a limit of yours."),
            ("az-unsupported", "If it says 'Internal error'."),
        ),
        docs_url=EVENTS,
        symptom=True,
    ),
    Cause(
        slug="wrong-launch-type",
        title="Service does not use Fargate, or the cluster has no EC2 capacity for it",
        category="pending",
        severity="error",
        meaning="ECS looked for container instances: the service's launch type or strategy is not Fargate, or its task definition does not fit the strategy. "
        "Ash is deployed on Fargate unless one asked for EC2, so a service's event that names container instances is read as a question about the launch type first. "
        "A reason of RunTask (RESOURCE:CPU, :MEMORY, :PORTS) comes from a call that asked for instances: that is instances-full.",
        proof=(
            Step(
                "Read the launch type and strategy",
                "aws ecs describe-services --cluster <cluster> --services <service> --query 'services[].[launchType,capacityProviderStrategy]'",
            ),
            *READ_THE_PROVIDERS,
            *REQUIRED_ATTRIBUTES,
            *READ_HOST_PORTS,
            *READ_ROOM,
            *READ_ZONES_OF_HOSTS,
        ),
        repair=(
            Step(
                "On EC2, give the cluster an instance with room for the task, or make the task smaller",
                "aws ecs list-container-instances --cluster <cluster>",
            ),
            *GIVE_THE_ATTRIBUTE,
            *NO_ROOM,
            *EMPTY_PROVIDER,
            *MADE_FOR_FARGATE,
            *ROOM_FOR_A_GPU,
            *ROOM_IN_THE_ZONE,
            *NO_PUBLIC_ADDRESS,
            *NOT_ON_FARGATE,
        ),
        signatures=(
            says(
                "container instance",
                "no |unable|insufficient|not |missing|closest matching|does not|has insufficient|met all",
                "place|requirement|resource|attribute|instances|insufficient|cluster",
                rank=Rank.PRECISE,
                unless=(
                    "deregister|container instances backing|iam roles for tasks",
                    "healthy",
                    _HIDDEN,
                    _AGENT_AWAY,
                    "number of vcpus you can run|number of tasks you can run|for found tasks|filling up|disk usage",
                    # Its agent may not register it: the denial decides.
                    "not authorized|accessdenied|access denied",
                ),
            ),
            says(
                # An instance's ARN says which one was looked at, and not why: container-instance/...
                "no container instances|closest matching container|no ec2 instances|container-instance",
                "~\\bno (?:container|ec2) instances?\\b|\\bclosest matching container|\\bcontainer-instance\\b(?!/)",
                rank=Rank.PRECISE,
                unless=(
                    _HIDDEN,
                    "deregistration|for found tasks|angegebene container|container instances backing",
                    _AGENT_AWAY,
                ),
            ),
            says(
                "not compatible with|incompatible with|requires compatibilit|does not support fargate|requirescompatibilities|not configured for|does not have fargate|selected compute strategy",
                "launch type|task definition|compute strategy|fargate|compatib|strategy",
                rank=Rank.CLEAR,
                unless=(
                    "platform version",
                    # PostgreSQL, of the files that an older one left.
                    "database files are incompatible|data directory was initialized",
                    "service mesh|target type|specified protocol|, must be one of: |request protocol|frontend protocol|backend protocol|http client",
                    MAPPED,
                ),
            ),
            says(
                "capacity provider",
                # The word, not the name of an exception: InvalidParameterException.
                "not found|does not exist|not associated|no capacity|is invalid|invalid capacity|is not|must be associated|cannot be|cannot contain a mix",
                rank=Rank.CLEAR,
                unless=(
                    "autoscaling",
                    "in use|delete",
                    "unable to launch instance(s)",
                    "managed termination protection|cannot be updated",
                ),
            ),
            says(
                # A task's own field (launchType: FARGATE) says what it has, not what it lacks.
                "launch type|launchtype|launch_type",
                "~\\blaunch[ _]?type\\b(?!['\"]? ?[:=|] ?['\"]?(?:fargate|ec2|external)\\b)",
                "fargate|ec2",
                "not|required|invalid|must|cannot|incompat",
                rank=Rank.LIKELY,
                unless="platform version|fargate launch type do not support|not supported with fargate",
            ),
            says("task definition does not support launch", rank=Rank.PRECISE),
            says(
                "assign public ip|assignpublicip",
                "not supported for this launch type",
                rank=Rank.PRECISE,
            ),
            says(
                "~\\bno (?:ec2 |container )?instances? (?:match(?:es)?|satisf(?:y|ies)|meets?|fulfil)",
                "requirement|constraint|attribute|cpu|memory",
                rank=Rank.PRECISE,
            ),
            says(
                "memberof constraint|placement constraint|distinctinstance",
                "not |unable|no |fail|unmet|violat|satisf|invalid|error",
                rank=Rank.LIKELY,
                unless="replica",  # of Service Fabric
            ),
            says(
                "container-instance/",
                _reason("attribute|location|memberof[^'\"]{0,60}"),
                rank=Rank.DECISIVE,
            ),
            says("runtask|run task|run-task", _TOLD_AS.format("attribute"), rank=Rank.CLEAR),
            says(
                "resource:gpu|resource:accelerator|attribute:ecs.",
                'runtask|failures|unable to place|"reason"',
                rank=Rank.LIKELY,
            ),
            says(
                "taskfailedtostart",
                "~\\battribute\\b(?!, in )|\\blocation\\b|resource:(?:port|gpu)|placement constraint",
                rank=Rank.CLEAR,
            ),
        ),
        confused_with=(
            (
                "fargate-capacity",
                "Fargate's own wording is 'Capacity is unavailable at this time'.",
            ),
            ("no-instances", "If the service is meant for EC2 and no instance has joined."),
            ("instances-full", "If an instance is there, and others have taken what it has."),
            ("instance-too-small", "If even an empty instance would not hold the task."),
        ),
        docs_url=EVENTS,
    ),
    Cause(
        slug="agent-disconnected",
        title="The container instance's ECS agent is not connected",
        category="pending",
        severity="error",
        meaning="On EC2 capacity: the agent of the host lost its connection, so tasks there cannot be started or seen.",
        proof=(
            Step(
                "Read the agent's state",
                "aws ecs describe-container-instances --cluster <cluster> --container-instances <container-instance> --query 'containerInstances[].[agentConnected,versionInfo]'",
            ),
        ),
        repair=(
            Step(
                "Restart the agent on the host, or replace the instance",
                "sudo systemctl restart ecs",
            ),
            *START_THE_AGENT,
            Step(
                "The instance's role may not register it: attach AmazonEC2ContainerServiceforEC2Role (an external instance: the role of its SSM activation)",
                "aws iam attach-role-policy --role-name <role> --policy-arn arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role",
                when="not authorized|accessdenied|access denied|no valid providers|nocredentialproviders|instance credentials|credentials chain",
            ),
            Step(
                "The instance's credentials have expired: an external one gets new ones from the SSM agent",
                "sudo systemctl restart amazon-ssm-agent ecs",
                when="expiredtoken|token included in the request is expired",
            ),
            Step(
                "The agent asks for a cluster that is not there: correct ECS_CLUSTER in /etc/ecs/ecs.config, then restart the agent",
                "sudo systemctl restart ecs",
                when="cluster not found|clusternotfound",
            ),
            Step(
                "The agent gets no answer from ECS: give the instance a way out (NAT gateway or public address), or endpoints for ecs, ecs-agent and ecs-telemetry that admit it on 443",
                "aws ec2 describe-vpc-endpoints --filters Name=vpc-id,Values=<vpc>",
                when="~^(?!.*169\\.254\\.169\\.254).*(?:i/o timeout|request canceled|no such host|deadline exceeded|send request failed|connection timed out)",
            ),
            *EXTERNAL,
            Step(
                "The agent's websocket was refused on its way: correct HTTP_PROXY and NO_PROXY in /etc/ecs/ecs.config, or the policy of the endpoints ecs-agent and ecs-telemetry, then restart the agent",
                "sudo systemctl restart ecs",
                when="bad handshake",
            ),
            Step(
                "The instance was deregistered and its agent comes back with the old id: let it forget that and register anew, or replace the instance",
                "sudo systemctl stop ecs && sudo rm /var/lib/ecs/data/agent.db && sudo systemctl start ecs",
                when="~not registered|is inactive|inactiveinstance|container instance type changes|\\binactive\\b",
            ),
            Step(
                "The agent cannot read the instance's metadata: switch it on, with a hop limit of 2 where the agent runs in a container",
                "aws ec2 modify-instance-metadata-options --instance-id <instance> --http-endpoint enabled --http-put-response-hop-limit 2",
                when="169.254.169.254|imds|instance identity|ec2metadata",
            ),
            Step(
                "Instances with tags need the long form of ARNs",
                "aws ecs put-account-setting-default --name containerInstanceLongArnFormat --value enabled",
                when="long arn format",
            ),
            Step(
                "The container runtime of the host does not run: start it, then the agent",
                "sudo systemctl restart docker ecs",
                when="docker daemon|docker client|docker.sock|containerd.sock",
            ),
        ),
        signatures=(
            *AGENT_ENDED,
            says(
                "agent",
                "~\\b(?:ecs|container) agent\\b(?:[^.|]|\\.(?=\\S)){0,40}\\blost (?:its|the) connection\\b",
                rank=Rank.CLEAR,
            ),
            says(
                "could not register module|error registering: |unable to register instance|could not register: ",
                "ecs|api client",
                "requesterror|send request failed|timeout|canceled|no such host|connection",
                rank=Rank.PRECISE,
            ),
            says(
                "unable to register as a container instance",
                "accessdenied|not authorized|nocredentialproviders|no valid providers|cluster not found",
                rank=Rank.DECISIVE,
            ),
            says(
                "inactiveinstanceexception|ws backend|connecting to tcs|connecting to acs",
                rank=Rank.CLEAR,
            ),
            says(
                "agent connected|agentconnected",
                "~\\bagent ?connected['\"]{0,2} ?(?:[=:]|is|was|becomes?|turns?|turned|goes|went|shows?)? ?(?:to )?['\"]{0,2}false\\b",
                rank=Rank.CLEAR,
            ),
            says(
                "agent",
                "disconnected|not connected|agentconnected|lost connection|agent connected: false|connected is false",
                "instance|ecs|container|task",
                rank=Rank.LIKELY,
                kinds="stopped_task service_event api_error",
                unless=("execute command|executecommand|exec ",),
            ),
            says(
                "ecs agent|ecs-agent|container agent",
                "failed to start|did not start|could not start|cannot start|not started|unable to start|timed out|disconnected|not running|not connected",
                rank=Rank.CLEAR,
                kinds="stopped_task service_event log_line",
                # Compose, of a container that is called so: agentic-redis-1.
                unless="dependency failed to start",
            ),
            says(
                "container instance|container-instance|instance",
                "encountered error \"agent\"|encountered error 'agent'|encountered error agent",
                rank=Rank.DECISIVE,
            ),
            says(
                "agent",
                "~\\b(?:error|failed|unable|cannot|could not)\\b[^|]{0,40}\\bconnect(?:ing)? to (?:the )?(?:acs|tcs|ecs (?:back-?end|service|control plane|endpoint))\\b|\\b(?:acs|tcs) (?:connection|session|websocket)(?: connection)?\\b[^|]{0,60}\\b(?:closed|failed|lost|error)",
                rank=Rank.CLEAR,
            ),
            says("reason|taskfailedtostart", _REASON_AGENT, rank=Rank.DECISIVE),
            says("container-instance/", _reason("inactive"), rank=Rank.CLEAR),
            # The agent's own address, asked by the service that watches over it.
            says("localhost:51678|127.0.0.1:51678", "fail|refused|timeout", rank=Rank.PRECISE),
            says(
                "~\\blevel=(?:critical|error)\\b|\\[(?:critical|error)\\]",
                "creating docker client|docker daemon",
                rank=Rank.PRECISE,
            ),
            says("registration attempt with", "instance", rank=Rank.PRECISE),
            says("acs websocket", "closed|failed|error", rank=Rank.CLEAR),
            # The containers' own runtime on the host, not a server of somebody's.
            says("containerd.sock", "connection refused|no such file", rank=Rank.PRECISE),
            says(
                "unable to get instance identity document|getting ecs instance credentials|fetch credential from imds",
                rank=Rank.PRECISE,
            ),
            says("container-instance/", _reason("agent"), rank=Rank.DECISIVE),
            says("runtask|run task|run-task", _TOLD_AS.format("agent"), rank=Rank.CLEAR),
            # The scheduler's reason for an instance that has room for the task.
            says(
                "does not have the agent connected|container instance type changes are not supported|unit ecs.service could not be found",
                rank=Rank.DECISIVE,
            ),
            says("could not start agent", "ecs", rank=Rank.CLEAR),
            says(
                "unable to discover poll endpoint|discoverpollendpoint",
                "err",
                rank=Rank.PRECISE,
                unless="credential should be scoped",
            ),
            # The agent came back with the id of an instance that was deregistered meanwhile.
            says(
                "container instance",
                "~\\bcontainer instance [^ ]{1,200} is inactive\\b",
                rank=Rank.CLEAR,
            ),
            says(
                "unable to register as a container instance|error registering container instance|ecs-agent: error registering",
                rank=Rank.DECISIVE,
                unless=("not authorized|accessdenied|access denied",),
            ),
            says(
                "container instance",
                "stopped|terminated|deregistered|drained|draining",
                rank=Rank.LIKELY,
                kinds="stopped_task service_event",
                unless=("jobname|job queue",),
            ),
        ),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshooting.html",
    ),
)
