"""What each resource of the templates is, in a few words a newcomer understands."""

from __future__ import annotations

_SENTENCES: dict[str, str] = {
    "Cluster": "ECS cluster",
    "LogGroup": "log group of the server",
    "EventLogGroup": "event archive: why tasks died",
    "EventLogPolicy": "permission to write the archive",
    "TaskEvents": "rule: task state changes",
    "DeploymentEvents": "rule: rollout state changes",
    "ExecutionRole": "role of ECS: pull, log, read the secret",
    "TaskRole": "role of the server",
    "LoadBalancerSecurityGroup": "firewall of the load balancer",
    "TaskSecurityGroup": "firewall of the server",
    "LoadBalancer": "Network Load Balancer",
    "TargetGroup": "target group with health check",
    "Listener": "listener for clients",
    "Certificate": "certificate of the domain",
    "DomainRecord": "record that points the domain here",
    "TaskDefinition": "task definition",
    "Service": "ECS service",
    "FileSystem": "EFS file system for /data",
    "FileSystemSecurityGroup": "firewall of the file system",
    "MountTargetA": "EFS in the first zone",
    "MountTargetB": "EFS in the second zone",
    "InstanceRole": "role of the EC2 instance",
    "InstanceProfile": "profile of the EC2 instance",
    "LaunchTemplate": "how the EC2 instance starts",
    "Instances": "EC2 instances",
    "InfrastructureRole": "role of ECS: starts and ends instances",
    "ManagedInstanceRole": "role of the instances that ECS keeps",
    "ManagedInstanceProfile": "profile of the instances that ECS keeps",
    "ManagedCapacity": "the instances that ECS keeps",
    "RunnerMemberSecurityGroup": "what runners are recognised by",
    "RunnerSecurityGroup": "firewall of the runners",
    "DatabaseSecurityGroup": "firewall of the database",
    "DatabaseSubnets": "where the database may be",
    "Database": "PostgreSQL database",
    "Namespace": "private names",
    "Discovery": "name of the coordinator",
    "RunnerTaskDefinition": "task definition of the runners",
    "Runners": "ECS service of the runners",
}


def describe(logical_id: str, type_: str) -> str:
    """A few words for a resource; its type for one that a user's own template added."""
    return _SENTENCES.get(logical_id) or type_.removeprefix("AWS::").replace("::", " ")
