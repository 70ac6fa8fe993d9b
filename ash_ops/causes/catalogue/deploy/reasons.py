"""Look-ups and repairs of stacks whose message names its own reason, or hides it."""

from typing import Final

from ash_ops.causes.base import Step

_UNSAID: Final = r"~^(?!.*(?:\bperform: ?[a-z]|\bapi: ?[a-z]|\bs3 error\b|\bkms key\b)).*(?:\baccess denied for operation\b|\bhandlererrorcode: accessdenied\b|\baccess denied \(service: |\bcreate_failed\b.{0,80}\baccess denied\b(?! for))"
_TRAIL: Final = "aws cloudtrail lookup-events --lookup-attributes AttributeKey=ReadOnly,AttributeValue=false --query \"Events[?contains(CloudTrailEvent,'AccessDenied')].[EventTime,EventName,Username]\""

ACTION_UNSAID: Final = (
    Step(
        "The event does not say which action was refused, and to whom: CloudTrail does, some minutes later",
        _TRAIL,
        when=_UNSAID,
    ),
)

ALLOW_WHAT_THE_TRAIL_NAMES: Final = (
    Step(
        "Allow that action to the role that makes the stack (of the CDK, cdk-...-cfn-exec-role; of others, who deploys or the stack's own role), then deploy again",
        when=_UNSAID,
    ),
)
"""Refusals that name neither the action nor who was refused."""

EXPORTED_BY_CDK: Final = (
    Step(
        "The CDK exports it because another stack referred to it. Keep the export for one deployment (this.exportValue(...) in the stack that has it), deploy the stack that no longer uses it, then take that line out and deploy again",
        "aws cloudformation list-imports --export-name <export>",
        when=r"~\bexportsoutput|\baws::cloudformation::stack \| .{0,140}\bexport \S{1,140}:\W",
        decides=True,
    ),
)

CLUSTER_FAILED: Final = (
    Step(
        "The cluster itself failed: the role of ECS (AWSServiceRoleForECS) was not there yet, or a capacity provider could not be attached. See which, make the role if it lacks, delete the failed cluster, and deploy again",
        "aws ecs describe-clusters --clusters <cluster> --include ATTACHMENTS --query 'clusters[].[status,attachmentsStatus,attachments]'",
        when=r"~\becs cluster\b.{0,120}\bunexpected state '?failed",
        decides=True,
    ),
    Step(
        "Ask for that role",
        "aws iam get-role --role-name AWSServiceRoleForECS",
        when=r"~\becs cluster\b.{0,120}\bunexpected state '?failed",
        decides=True,
    ),
)
"""A cluster that was not made."""

STILL_THERE: Final = (
    Step(
        "A service of that name is there with other settings, or was deleted and still drains: wait until it is INACTIVE, then deploy again. If it is ACTIVE, update or import it, or give the new one another name",
        "aws ecs wait services-inactive --cluster <cluster> --services <service>",
        when="not idempotent",
    ),
)

PORT_NOT_ASKED_FOR: Final = (
    Step(
        "Cloud Map's A records need no port: take containerName and containerPort out of serviceRegistries (service_registries in Terraform and Pulumi, without container_port)",
        when=r"~\bserviceregistries do not require\b|\bdo not require a value for 'container",
        decides=True,
    ),
)

NO_PORT_AT_ALL: Final = (
    Step(
        "What is written there is no port: give containerPort as a number from 1 to 65535 (in a CDK or Terraform program, see what the variable holds), then register the revision",
        when="~\\binvalid '?containerport'? setting\\b",
        decides=True,
    ),
)

NOT_ENOUGH_SAID: Final = (
    Step(
        "A record needs an alias, or both a time to live and its values (alias, or ttl and records in Terraform), and here it was given neither: the list or the variable that they come from is empty",
        "aws route53 list-resource-record-sets --hosted-zone-id <hosted-zone>",
        when="expected exactly one of [aliastarget",
        decides=True,
    ),
)

IN_A_STACK_ALREADY: Final = (
    Step(
        "An operation of that id was begun already: see how it went, and give a new --operation-id, or none (CloudFormation then makes one)",
        "aws cloudformation list-stack-set-operations --stack-set-name <stack-set>",
        when="operationidalreadyexists|specified operation id already exists",
        decides=True,
    ),
    Step(
        "Another endpoint of that service has its private name in this VPC: use that one, or switch private DNS off on the new one",
        "aws ec2 describe-vpc-endpoints --filters Name=vpc-id,Values=<vpc> --query 'VpcEndpoints[].[VpcEndpointId,ServiceName,PrivateDnsEnabled]'",
        when="private-dns-enabled cannot be set",
        decides=True,
    ),
    Step(
        "It belongs to a stack already: leave it out of the import. To move it, take it out of the other stack first, with DeletionPolicy Retain, and import it then",
        "aws cloudformation describe-stack-resources --physical-resource-id <resource>",
        when="already in a stack and cannot be imported",
        decides=True,
    ),
)
"""What an import, or a record, lacks."""

NO_ANSWER_OF_A_FUNCTION: Final = (
    Step(
        "Another update of that resource still runs: wait until it has ended (a cluster of EKS: aws eks wait cluster-active), then deploy or delete again",
        when=r"~\b(?:currently has|already has an?) update\b.{0,80}\bin progress\b",
        decides=True,
    ),
    Step(
        "The instance itself reported that its start failed: read /var/log/cfn-init.log, cfn-init-cmd.log and cloud-init-output.log on it, and mend what they name (a deployment without rollback, --on-failure DO_NOTHING, keeps the instance)",
        "aws ec2 get-console-output --instance-id <instance> --latest",
        when=r"~\breceived failure signal\b",
        decides=True,
    ),
    Step(
        "CloudFormation waited an hour for the function behind the custom resource, which never answered: correct it so that it answers every request, also Delete and its own failures",
        "aws logs tail /aws/lambda/<function> --since 3h",
        when=r"~\bcustom resource failed to stabilize\b",
        decides=True,
    ),
    Step(
        "Then delete the stack again, and keep that resource out of it (--retain-resources with its logical id)",
        when=r"~\bcustom resource failed to stabilize\b",
        decides=True,
    ),
)

ANSWER_LACKS_A_KEY: Final = (
    *NO_ANSWER_OF_A_FUNCTION,
    Step(
        "ACM was asked before it had the record to make: deploy again. Certificate with CertificateValidation.fromDns waits by itself, in place of DnsValidatedCertificate",
        when="did not contain domainvalidationoptions",
        decides=True,
    ),
    Step(
        "The function behind the custom resource answered without the attribute that the template reads (Fn::GetAtt): let it answer with that key in Data also when it is updated, or correct the name in the template; its log tells what it answered",
        "aws logs tail /aws/lambda/<function> --since 1h",
        when=r"~\bcustom ?resource attribute error\b|\bresponse (?:doesn't|does not) contain \S{1,60} key\b",
    ),
)

THERE_FIRST: Final = (
    Step(
        "The account and region were never prepared for the CDK, or with too old a version of it: let the CDK make what it needs there",
        "cdk bootstrap",
        when=r"~\bbootstrapp?ed\b|\bcdk bootstrap\b|\bcdk-hnb659fds-|\bcdk-bootstrap\b|\bbootstrap stack version\b|\bno bucket named 'cdk-",
        decides=True,
    ),
    Step(
        "Make that parameter in the account and region of the stack, or correct its name",
        "aws ssm describe-parameters --query 'Parameters[].Name'",
        when=r"~\breferenced by dynamic reference\b|\bunable to fetch parameters\b",
        decides=True,
    ),
    Step(
        "Deploy the stack that exports it first, in the same account and region, or correct the name: these are exported",
        "aws cloudformation list-exports --query 'Exports[].Name'",
        when=r"~\bexport\b.{0,200}\bnot found\b|\bno export named\b",
        decides=True,
    ),
    Step(
        "The policy names a role or user that is not there: make it first, or correct its ARN; of one that was deleted an id is left (AROA..., AIDA...)",
        "aws iam list-roles --query 'Roles[].Arn'",
        when="invalid principal",
        decides=True,
    ),
    Step(
        "The data source found nothing with that filter: correct it, or the region and account of the provider",
        "aws ec2 describe-vpcs --query 'Vpcs[].[VpcId,IsDefault,Tags]'",
        when=r"~\bno matching ec2 vpc\b",
        decides=True,
    ),
    Step(
        "That zone has no default subnet: name subnets of your own, or make the default one",
        "aws ec2 describe-subnets --query 'Subnets[].[SubnetId,AvailabilityZone,DefaultForAz]'",
        when=r"~\bno default subnet\b",
        decides=True,
    ),
)
"""What must be there before the stack is."""

NO_SUCH_VERSION: Final = Step(
    "The engine has no such version (any more): name one that the region lists",
    "aws rds describe-db-engine-versions --engine <engine> --query 'DBEngineVersions[].EngineVersion'",
    when=r"~\bcannot find version \S{1,20} for [a-z]",
)

STORAGE_AT_WORK: Final = Step(
    "RDS still works on the change of storage before this one: wait until its status is available, six hours at least after that, and deploy again",
    "aws rds describe-db-instances --query 'DBInstances[].[DBInstanceIdentifier,DBInstanceStatus]'",
    when=r"~\bcurrently modify the storage\b|\bstorage change is being optimized\b",
    decides=True,
)

OF_A_DATABASE: Final = (
    NO_SUCH_VERSION,
    Step(
        "That class does not run that version: choose a pair that RDS offers in the region",
        "aws rds describe-orderable-db-instance-options --engine postgres --query 'OrderableDBInstanceOptions[].[EngineVersion,DBInstanceClass]'",
        when=r"~\bdoes not support creating a db instance\b.{0,80}\bengine=postgres\b",
        decides=True,
    ),
    STORAGE_AT_WORK,
    Step(
        "RDS does not go from that version to that one in one step: name a version in between that it offers (ValidUpgradeTarget), then the next; a major one wants AllowMajorVersionUpgrade",
        "aws rds describe-db-engine-versions --engine postgres --query 'DBEngineVersions[].[EngineVersion,ValidUpgradeTarget[].EngineVersion]'",
        when=r"~\bcannot upgrade postgres from\b",
        decides=True,
    ),
    Step(
        "The route table has a gateway endpoint of that service already: use that one, or name other route tables",
        "aws ec2 describe-vpc-endpoints --query 'VpcEndpoints[].[VpcEndpointId,ServiceName,RouteTableIds]'",
        when=r"~\balready has a route with destination-prefix-list\b",
        decides=True,
    ),
    Step(
        "The function's code is not in the bucket under that key: upload it before the stack is made (aws cloudformation package, sam package), or correct the key",
        "aws s3 ls",
        when="nosuchkey|specified key does not exist|specified key d",
        decides=True,
    ),
    Step(
        "In a VPC a launch template names its groups by their ids: SecurityGroupIds in place of SecurityGroups",
        when="groupname cannot be used with the parameter subnet",
        decides=True,
    ),
    Step(
        "The service failed by itself, or did not answer: deploy again in some minutes; if it stays, look at the AWS Health Dashboard",
        when=r"~\bhandlererrorcode: (?:generalserviceexception|networkfailure|serviceinternalerror)\b",
        decides=True,
    ),
)
"""Databases, endpoints and functions that a stack could not make or change."""

GOES_FIRST: Final = (
    Step(
        "Its mount targets go first, and take some minutes to be gone; then the file system",
        "aws efs describe-mount-targets --file-system-id <file-system>",
        when=r"~\bfilesysteminuse\b|\bhas mount targets\b",
    ),
    Step(
        "Take the service down to 0 tasks and wait, then delete it (or delete it with --force)",
        "aws ecs describe-services --cluster <cluster> --services <service> --query 'services[].[desiredCount,runningCount]'",
        when="while it is scaled above 0",
    ),
    Step(
        "The service waits for its tasks to end: they stay until the target group has let go of them (deregistration_delay) and the containers have stopped (stopTimeout). Wait and run it again, or shorten these",
        "aws ecs describe-services --cluster <cluster> --services <service> --query 'services[].[status,runningCount,events[:3].message]'",
        when=r"~\bto become 'inactive' \(last state: 'draining'",
    ),
    Step(
        "Take its policies and instance profiles off the role first: what was attached by hand, the tool does not know",
        "aws iam list-attached-role-policies --role-name <role>",
        when=r"~\bmust detach all policies\b|\bmust (?:remove roles|delete policies)\b",
    ),
    Step(
        "Public addresses hold the internet gateway: release those of load balancers, NAT gateways and instances in that VPC first",
        "aws ec2 describe-network-interfaces --query 'NetworkInterfaces[?Association].[NetworkInterfaceId,Description,Association.PublicIp]'",
        when=r"~\binternet gateway\b.{0,80}\bdetach|\bhas some mapped public address",
    ),
)
"""What is to go before that which cannot be deleted."""

ONE_VPC: Final = (
    Step(
        "The target group is of another VPC than the targets: make one in theirs, and name it in the service",
        "aws elbv2 describe-target-groups --query 'TargetGroups[].[TargetGroupName,VpcId]'",
        when=r"~\bregister targets\b|\btarget group vpc\b",
    ),
    Step(
        "A load balancer or a database stays in its VPC: give subnets and groups of that one, or make it anew under another name",
        when=r"~\bupdate_failed\b.{0,400}\b(?:load ?balancer|dbinstance)\b|\bdb instance and ec2 security group\b",
    ),
)

ATTACHED_PROVIDERS: Final = (
    Step(
        "See which capacity providers the cluster has, and which is its default",
        "aws ecs describe-clusters --clusters <cluster> --query 'clusters[].[capacityProviders,defaultCapacityProviderStrategy]'",
        when=r"~\bcapacity[ _-]?providers?\b",
    ),
)

_SERVICE_ROLES: Final = "aws iam list-roles --query 'Roles[].[RoleName,Arn]'"

REASONS_OF_RESOURCES: Final = (
    Step(
        "CloudFormation makes no parameter of the type SecureString: put the secret into Secrets Manager, or make the parameter before the stack (aws ssm put-parameter --type SecureString), and let the stack refer to it",
        when="type securestring cannot be created",
        decides=True,
    ),
    Step(
        "A function's code and its layers have 250 MB at most when they are unpacked: leave dependencies out, or give the function an image",
        when="unzipped size must be smaller",
        decides=True,
    ),
    Step(
        "Elastic Beanstalk gave the environment up: its own events tell why",
        "aws elasticbeanstalk describe-events --severity ERROR --query 'Events[].[EventDate,EnvironmentName,Message]'",
        when="environment failed to launch",
        decides=True,
    ),
    Step(
        "The link says itself why it is not there: its balancer must be a network one, of the same account, active, and not be shared with an endpoint service that refuses it",
        "aws apigateway get-vpc-links --query 'items[].[id,name,status,statusMessage]'",
        when=r"~\bvpc link status\b",
        decides=True,
    ),
    Step(
        "IAM knows no such operator: of several values it is written with a colon (ForAllValues:StringEquals, ForAnyValue:StringLike)",
        when="invalid condition type",
        decides=True,
    ),
    Step(
        "The tool says only that the stack was taken back: the first failed event has the reason. Mend that, delete what is left in ROLLBACK_COMPLETE, and deploy again",
        when=r"~\bwaiter stack(?:create|update)complete failed\b(?!.{0,300}\breason:)",
        decides=True,
    ),
    Step(
        "The function behind the custom resource answered nothing: it could not start, lacked a way out of its subnet (NAT gateway), ran out of time, or ended before it answered. Read its log at that time, by the request's id; CloudFormation waits for an hour",
        "aws logs tail /aws/lambda/<function> --since 3h",
        when="did not receive a response from your custom resource",
        decides=True,
    ),
    Step(
        "The function behind the custom resource answers with Status SUCCESS or FAILED, in capitals, and nothing else: correct its answer",
        "aws logs tail /aws/lambda/<function> --since 1h",
        when="is not a valid responsestatus",
        decides=True,
    ),
    Step(
        "The function behind the custom resource was refused or found nothing: what it says stands behind Message returned. Let its own role do that, or correct what it is given; its log has the rest",
        "aws logs tail /aws/lambda/<function> --since 1h",
        when=r"~\bmessage returned: .{0,200}(?:\b403\b|\b404\b|\bforbidden\b|\baccess ?denied\b|\bnot authorized\b)",
        decides=True,
    ),
)
"""Reasons of single resources, each with what it asks for."""

NOT_THERE: Final = (
    Step(
        "Name a parameter group that is there (one of a cluster is another kind), of the family of the engine's version, or make it before the database",
        "aws rds describe-db-parameter-groups --query 'DBParameterGroups[].[DBParameterGroupName,DBParameterGroupFamily]'",
        when=r"~\bdb(?:cluster)?parametergroup ?not ?found",
        decides=True,
    ),
    Step(
        "Name a subnet group that is there, by its own name (no subnet's id), or make it before the database",
        when=r"~\bdb ?subnet ?group\w{0,20}\b.{0,80}\b(?:not found|does not exist)\b|\bdbsubnetgroupnotfound",
        decides=True,
    ),
    Step(
        "Name the key by its whole ARN, of the same region; where logs are to use it, its policy must admit logs.<region>.amazonaws.com",
        "aws kms list-aliases --query 'Aliases[].[AliasName,TargetKeyId]'",
        when="kms key id could not be found",
        decides=True,
    ),
    Step(
        "Name an instance that is there, in that region and account; one that was terminated is forgotten after an hour",
        "aws ec2 describe-instances --query 'Reservations[].Instances[].[InstanceId,State.Name]'",
        when="invalidinstanceid",
        decides=True,
    ),
    Step(
        "A role that was just made is known some seconds later: let the resource wait for it (DependsOn, depends_on), or deploy again. If it is not in this list, correct its name",
        _SERVICE_ROLES,
        when=r"~\bthe role named \S{1,80} does not exist\b",
        decides=True,
    ),
)
"""What is not there, and where it is looked for."""

HELD_BY: Final = (
    Step(
        "See what has the interface. One that you made is detached first; those of balancers, NAT gateways and functions go with these, some minutes later",
        "aws ec2 describe-network-interfaces --query 'NetworkInterfaces[].[NetworkInterfaceId,Status,Description,Attachment.InstanceId]'",
        when="networkinterface.inuse|network interface is currently in use",
        decides=True,
    ),
    Step(
        "See which instance has the volume: detach it there (or stop the instance) once nobody needs it, wait until it is available, then delete it",
        "aws ec2 describe-volumes --query 'Volumes[].[VolumeId,State,Attachments[].InstanceId]'",
        when="volumeinuse",
        decides=True,
    ),
    Step(
        "A rule of another security group names it, or an interface still has it (those of Lambda functions stay for some 20 minutes): change that rule, let the interface go, then delete it",
        "aws ec2 describe-security-groups --filters Name=ip-permission.group-id,Values=<security-group> --query 'SecurityGroups[].[GroupId,GroupName]'",
        when=r"~\bsg-[\w-]{2,20}\b.{0,20}\bhas a dependent object\b",
        decides=True,
    ),
)
"""What still has that which is to go."""
