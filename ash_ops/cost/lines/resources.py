"""Which prices each resource of the templates is billed at, by its properties, and what is free.

A test reads the templates: a type or a property that is named nowhere here fails it. Source: AWS's
price pages of the services, read 2026-11.
"""

from __future__ import annotations

# Type -> property -> the prices it is billed at. A property that is not named changes no bill.
BILLED: dict[str, dict[str, tuple[str, ...]]] = {
    "AWS::ECS::TaskDefinition": {
        "Cpu": ("fargate_vcpu_hour", "fargate_arm_vcpu_hour"),
        "Memory": ("fargate_gb_hour", "fargate_arm_gb_hour"),
        "RuntimePlatform": ("fargate_arm_vcpu_hour", "fargate_arm_gb_hour"),
        "EphemeralStorage": ("fargate_ephemeral_gb_hour",),
        "ContainerDefinitions": ("secret_month", "data_out_gb"),
    },
    "AWS::ECS::Service": {
        # Runners are one to an instance, so their number is the instances'.
        "DesiredCount": ("fargate_vcpu_hour", "fargate_gb_hour", "ec2_linux_hour."),
        "NetworkConfiguration": ("public_ipv4_hour", "nat_gateway_hour", "nat_gateway_gb"),
    },
    "AWS::ECS::Cluster": {
        "ClusterSettings": ("metric_month", "container_insights_enhanced_metric_month"),
    },
    "AWS::ECS::CapacityProvider": {
        "ManagedInstancesProvider": ("ec2_linux_hour.", "ecs_managed_hour.", "ebs_gp3_gb_month"),
    },
    "AWS::AutoScaling::AutoScalingGroup": {"DesiredCapacity": ("ec2_linux_hour.",)},
    "AWS::EC2::LaunchTemplate": {
        "LaunchTemplateData": ("ec2_linux_hour.", "ebs_gp3_gb_month", "public_ipv4_hour"),
    },
    "AWS::EC2::Volume": {"Size": ("ebs_gp3_gb_month",), "VolumeType": ("ebs_gp3_gb_month",)},
    "AWS::ElasticLoadBalancingV2::LoadBalancer": {
        "Type": ("nlb_hour", "nlcu_hour"),
        "Scheme": ("public_ipv4_hour", "data_out_gb"),
        "LoadBalancerAttributes": ("data_cross_az_gb",),
    },
    "AWS::ElasticLoadBalancingV2::Listener": {"Protocol": ("nlcu_hour",)},
    "AWS::Logs::LogGroup": {
        "LogGroupName": ("logs_ingest_gb",),
        "RetentionInDays": ("logs_storage_gb_month",),
    },
    "AWS::EFS::FileSystem": {
        "PerformanceMode": ("efs_standard_gb_month",),
        "ThroughputMode": ("efs_elastic_read_gb", "efs_elastic_write_gb"),
        "BackupPolicy": ("efs_backup_gb_month",),
    },
    "AWS::RDS::DBInstance": {
        "DBInstanceClass": ("rds_postgres_single_az_hour.",),
        "MultiAZ": ("rds_postgres_multi_az_hour.", "rds_gp3_multi_az_gb_month"),
        "AllocatedStorage": ("rds_gp3_gb_month",),
        "StorageType": ("rds_gp3_gb_month",),
    },
    "AWS::ServiceDiscovery::PrivateDnsNamespace": {"Vpc": ("route53_hosted_zone_month",)},
    "AWS::CloudWatch::Alarm": {"MetricName": ("alarm_month",)},
}

# Type -> why there is no line for it.
FREE: dict[str, str] = {
    "AWS::Budgets::Budget": "budgets without actions are free",
    "AWS::CertificateManager::Certificate": "public certificates are free",
    "AWS::EC2::SecurityGroup": "security groups are free",
    "AWS::ECS::ClusterCapacityProviderAssociations": "what a cluster may use is free",
    "AWS::EFS::MountTarget": "mount targets are free; data that crosses zones is not billed by EFS",
    "AWS::ElasticLoadBalancingV2::TargetGroup": "target groups are free",
    "AWS::Events::Rule": "events of AWS services are free; what they write is in the logs",
    "AWS::IAM::InstanceProfile": "IAM is free",
    "AWS::IAM::Role": "IAM is free",
    "AWS::Logs::ResourcePolicy": "policies are free",
    "AWS::RDS::DBSubnetGroup": "subnet groups are free",
    "AWS::Route53::RecordSet": "the zone is there and paid already; alias queries for balancers are free",
    "AWS::SNS::Topic": "the first 1,000 e-mails a month are free, and alarms are few",
    "AWS::SNS::TopicPolicy": "policies are free",
    "AWS::ServiceDiscovery::Service": "ECS's own service discovery is free; the zone is billed",
}

# Type -> properties that change no bill, each with a reason where it is not plain.
UNBILLED: dict[str, tuple[str, ...]] = {
    "AWS::AutoScaling::AutoScalingGroup": (
        "LaunchTemplate",
        "MaxSize",
        "MinSize",
        "VPCZoneIdentifier",
    ),
    "AWS::CloudWatch::Alarm": (
        "AlarmActions",
        "AlarmDescription",
        "ComparisonOperator",
        "Dimensions",
        "EvaluationPeriods",
        "Namespace",
        "OKActions",
        "Period",
        "Statistic",
        "Threshold",
        "TreatMissingData",
    ),
    "AWS::EC2::LaunchTemplate": ("TagSpecifications",),
    "AWS::EC2::Volume": ("AvailabilityZone", "Encrypted"),
    # ECS's scaling of a group is free; the group's instances are billed.
    "AWS::ECS::CapacityProvider": ("AutoScalingGroupProvider", "ClusterName", "Name"),
    "AWS::ECS::Cluster": ("ClusterName",),
    "AWS::ECS::Service": (
        "AvailabilityZoneRebalancing",
        "CapacityProviderStrategy",
        "Cluster",
        "DeploymentConfiguration",
        "DeploymentController",
        "EnableECSManagedTags",
        "HealthCheckGracePeriodSeconds",
        "LaunchType",
        "LoadBalancers",
        "PlacementConstraints",
        "PlacementStrategies",
        "PropagateTags",
        "SchedulingStrategy",
        "ServiceName",
        "ServiceRegistries",
        "TaskDefinition",
    ),
    "AWS::ECS::TaskDefinition": (
        "ExecutionRoleArn",
        "Family",
        "NetworkMode",
        "RequiresCompatibilities",
        "TaskRoleArn",
        "Volumes",
    ),
    "AWS::EFS::FileSystem": ("Encrypted", "FileSystemTags"),
    "AWS::ElasticLoadBalancingV2::Listener": (
        "Certificates",
        "DefaultActions",
        "ListenerAttributes",
        "LoadBalancerArn",
        "Port",
        "SslPolicy",
    ),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": ("Name", "SecurityGroups", "Subnets"),
    "AWS::Logs::LogGroup": (),
    # Backups of seven days cost nothing up to the size of the database (RDS price page).
    "AWS::RDS::DBInstance": (
        "AutoMinorVersionUpgrade",
        "BackupRetentionPeriod",
        "CopyTagsToSnapshot",
        "DBName",
        "DBSnapshotIdentifier",
        "DBSubnetGroupName",
        "Engine",
        "EngineVersion",
        "MasterUserPassword",
        "MasterUsername",
        "PubliclyAccessible",
        "StorageEncrypted",
        "VPCSecurityGroups",
    ),
    "AWS::ServiceDiscovery::PrivateDnsNamespace": ("Name",),
}
