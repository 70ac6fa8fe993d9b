"""Values and options that one service or tool refuses in words of its own: what each is to be instead."""

from typing import Final

from ash_ops.causes.base import Step

_BALANCERS: Final = (
    "aws elbv2 describe-load-balancers --query 'LoadBalancers[].[LoadBalancerName,Type,Scheme]'"
)
_ADDRESSES: Final = "aws ec2 describe-addresses --query 'Addresses[].[PublicIp,AllocationId]'"

_OF_STACKS: Final = (
    Step(
        "What CloudFormation looks at before it makes anything found a resource whose name is taken, or a value that is not valid: its events name which. Then give it another name, or import the one that is there",
        "aws cloudformation describe-events --stack-name <stack> --filters FailedEvents=true",
        when="earlyvalidation",
        decides=True,
    ),
    Step(
        "The function behind the macro said nothing: read its log, and repair what it names (it must answer with status success and a fragment)",
        "aws logs tail /aws/lambda/<function> --since 1h",
        when="failed without an error message",
        decides=True,
    ),
    Step(
        "A template with a Transform goes by a change set: deploy makes one, create-stack and update-stack do not",
        "aws cloudformation deploy --template-file <template> --stack-name <stack> --capabilities CAPABILITY_AUTO_EXPAND",
        when="cannot be used with templates containing transforms",
        decides=True,
    ),
    Step(
        "Leave the types that the message lists out of the import: CloudFormation cannot take them over. Import the others, then let the stack make these anew, or keep them in the template's parameters",
        when="not supported for resource import",
        decides=True,
    ),
    Step(
        "A stack's name begins with a letter and has letters, figures and hyphens only: take underscores, blanks and dots out",
        when=r"~\bat 'stackname' failed to satisfy\b.{0,80}\bpattern\b",
        decides=True,
    ),
    Step(
        "The value has characters that this field does not take: the pattern stands at the end of the message. Quotes within the quotes are a part of the value, and mostly of one that the shell or the template put in twice",
        when=r"~\bvalue '.{0,200}' at '(?!stackname|capabilities)[\w.\[\]]{1,80}' failed to satisfy constraint: member must satisfy regular expression pattern\b",
        decides=True,
    ),
    Step(
        "The option takes the template's text: write file:// in front of its path",
        "aws cloudformation validate-template --template-body file://<template>",
        when="unsupported structure",
        decides=True,
    ),
    Step(
        "A resource waits for one that the template does not make (a condition left it out, or its logical id is misspelt) or that waits for it: correct DependsOn, Ref and Fn::GetAtt of the resource that the message names",
        when="missing or circular dependencies",
        decides=True,
    ),
)
"""What CloudFormation refuses by a rule of its own."""

_OF_BALANCERS: Final = (
    Step(
        "An application load balancer speaks HTTP and HTTPS only: give the listener one of these, or make it a network load balancer (load_balancer_type network, Type network)",
        _BALANCERS,
        when=r"~\blistener protocol '(?:tcp|udp|tls|tcp_udp)' must be one of\b",
        decides=True,
    ),
    Step(
        "Application load balancers speak HTTP and HTTPS, network ones TCP, UDP, TCP_UDP and TLS: see of which kind it is, and give listener and target group a protocol of that kind",
        _BALANCERS,
        when="incompatibleprotocols|unsupportedprotocol",
        decides=True,
    ),
    Step(
        "The scheme is internet-facing or internal, and stays as it was made; a subnet without a route to an internet gateway fits an internal one only. See what the balancer has; to change it make another one",
        _BALANCERS,
        when="invalidscheme",
        decides=True,
    ),
    Step(
        "An HTTPS or SSL listener needs a certificate of its region that is ISSUED: name its ARN (ssl_certificate_id, SSLCertificateId), or let the listener speak HTTP or TCP",
        "aws acm list-certificates --certificate-statuses ISSUED",
        when="need to specify a sslcertificateid",
        decides=True,
    ),
    Step(
        "The domain by which ownership is shown is the certificate's own domain, or one above it (example.com for www.example.com): correct ValidationDomain, and name each DomainName as the request does",
        when="invaliddomainvalidationoption",
        decides=True,
    ),
    Step(
        "WAF for CloudFront is made in us-east-1 alone: deploy that web ACL or set there (a stack, or a provider, of that region); for a load balancer its scope is REGIONAL",
        when=r"~\bscope_value, parameter: cloudfront\b|\bscope is not valid\b",
        decides=True,
    ),
    Step(
        "A distribution of CloudFront is not associated by WAF: name the web ACL's ARN in the distribution itself (web_acl_id, WebACLId), and take the association out",
        "aws cloudfront list-distributions --query 'DistributionList.Items[].[Id,WebACLId]'",
        when=r"~\bwebacl association\b.{0,200}:cloudfront:|:cloudfront:.{0,300}\bfield: resource_arn\b",
        decides=True,
    ),
    Step(
        "The parts of the ARN are not in their order: arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE (of a web ACL for CloudFront the region is us-east-1). Take it from what the tool or AWS gives out, and write none by hand",
        "aws wafv2 list-web-acls --scope CLOUDFRONT --region us-east-1 --query 'WebACLs[].ARN'",
        when=r"~\bis an invalid arn: invalid region value\b",
        decides=True,
    ),
)
"""What load balancers, certificates and WAF refuse."""

_OF_DATABASES: Final = (
    Step(
        "That class is of Multi-AZ clusters of MySQL and PostgreSQL: leave it out of an Aurora cluster, and give each of its instances a class",
        when=r"~\bdbclusterinstanceclass (?:isn.t|is not) supported\b",
        decides=True,
    ),
    Step(
        "The upper bound of storage must be a tenth above what the database has: raise max_allocated_storage (MaxAllocatedStorage), or leave it out",
        "aws rds describe-db-instances --query 'DBInstances[].[DBInstanceIdentifier,AllocatedStorage,MaxAllocatedStorage]'",
        when="maximum allocated storage must be increased",
        decides=True,
    ),
    Step(
        "Performance Insights is not of that class of instance or engine: switch it off (performance_insights_enabled = false), or take a larger class",
        "aws rds describe-db-instances --query 'DBInstances[].[DBInstanceIdentifier,DBInstanceClass,Engine,EngineVersion]'",
        when="performance insights not supported",
        decides=True,
    ),
    Step(
        "The parameter is not of that engine's family, or nobody may change it: take it out of the group, or name a group of the engine that knows it",
        "aws rds describe-db-engine-versions --query 'DBEngineVersions[].[Engine,EngineVersion,DBParameterGroupFamily]'",
        when="unsupported db parameter",
        decides=True,
    ),
    Step(
        "That class does not run that version: choose a pair that RDS offers in the region",
        "aws rds describe-orderable-db-instance-options --engine <engine> --query 'OrderableDBInstanceOptions[].[EngineVersion,DBInstanceClass]'",
        when=r"~\bdoes not support creating a db instance\b.{0,80}\bengine=(?!postgres\b)",
        decides=True,
    ),
)
"""What RDS refuses."""

_OF_SERVICES: Final = (
    Step(
        "Give the deployment what it is to deploy: --revision with the AppSpec (for ECS it names the task definition, the container and its port), from a file or from S3",
        when="revisionlocation must be specified",
        decides=True,
    ),
    Step(
        "An ARN in the task definition is not whole: look at executionRoleArn, taskRoleArn and each valueFrom of secrets; a variable that was not replaced, a blank or a missing account does this",
        when="invalid arn syntax",
        decides=True,
    ),
    Step(
        "The file must be a task definition by itself, with the list containerDefinitions at its top: what describe-task-definition prints has it one level deeper",
        "aws ecs describe-task-definition --task-definition <family> --query taskDefinition",
        when="containerdefinitions section is not present",
        decides=True,
    ),
    Step(
        "Give the service both bounds of a deployment: minimumHealthyPercent (say 100) and maximumPercent (say 200)",
        when="at least one of maximumpercent or minimumhealthypercent",
        decides=True,
    ),
    Step(
        "With a network interface in the same call the groups belong to it: name subnet and groups there by their ids, or leave the interface (--associate-public-ip-address) out. In a VPC groups are named by id",
        "aws ec2 describe-security-groups --query 'SecurityGroups[].[GroupName,GroupId,VpcId]'",
        when="instance-level security groups may not be specified",
        decides=True,
    ),
    Step(
        "An address in a VPC is named by its allocation id (AllocationId, allocation_id) in place of the address itself: these are yours",
        _ADDRESSES,
        when="must specify an allocation id",
        decides=True,
    ),
    Step(
        "A parameter's name has letters, figures and . - _ in levels parted by /, begins with / if it has levels, and neither with aws nor with ssm",
        when=r"~^(?!.*\ballowedpattern\b).*parameterpatternmismatch",
        decides=True,
    ),
    Step(
        "The parameter was made with a pattern that its values must fit: give a value that does, or put it anew with another --allowed-pattern",
        when=r"~\bvalidated against allowedpattern\b",
        decides=True,
    ),
    Step(
        "That policy is of a service's own role, and IAM attaches it to none of yours: name another (for the execution role AmazonECSTaskExecutionRolePolicy), or let the service have its role made (aws iam create-service-linked-role)",
        when="policynotattachable",
        decides=True,
    ),
)
"""What other services refuse."""

_OF_TERRAFORM: Final = (
    Step(
        "The argument takes just one of the values that the message lists, letter for letter, mostly in capitals: write it so",
        when=r"~\bexpected [\w.\[\]\"]{1,80} to be one of \[",
        decides=True,
    ),
    Step(
        "The expression asks for an element or a key that is not there: Terraform prints beneath it what the value has. Correct the key, give the module the value in the form it reads, or guard it (try(...), one(...))",
        when=r"~\berror: invalid index\b",
        decides=True,
    ),
)

REFUSED_VALUES: Final = (
    *_OF_STACKS,
    *_OF_BALANCERS,
    *_OF_DATABASES,
    *_OF_SERVICES,
    *_OF_TERRAFORM,
)
"""What is to stand there instead, by the words of who refused it."""

TAKEN_ELSEWHERE: Final = (
    Step(
        "The caller reference was used before: each call that makes one needs its own (a time, a random word). What the first one made is there: use that, or delete it",
        when="specified caller reference",
        decides=True,
    ),
    Step(
        "API Gateway has a resource of that path already, made by another stack or by hand: refer to it by its id instead of making it, or delete the old one first; a new logical id for the same path does so, too",
        "aws apigateway get-resources --rest-api-id <rest-api> --query 'items[].[id,path]'",
        when="another resource with the same parent already has this name",
        decides=True,
    ),
    Step(
        "Names of buckets are one for all accounts, so it may be somebody else's: take another name, or none (then CloudFormation makes one); if it is your own, import it, or delete it once nobody needs it",
        "aws s3 ls",
        when=r"~\b(?:mybucket|s3bucket|aws::s3::bucket|s3 bucket)\b.{0,120}\balready exists\b(?! in stack)",
        decides=True,
    ),
    Step(
        "A name with a CNAME has no record beside it: delete the one that stands there, once nobody needs it, or give this one another name",
        "aws route53 list-resource-record-sets --hosted-zone-id <hosted-zone> --query \"ResourceRecordSets[?Name=='<domain>.']\"",
        when="conflicting rrset",
        decides=True,
    ),
    Step(
        "Something in that subnet has the address: give another one, or none, so that AWS chooses",
        "aws ec2 describe-network-interfaces --query 'NetworkInterfaces[].[PrivateIpAddress,Description,SubnetId]'",
        when="ipaddressinuse",
        decides=True,
    ),
    Step(
        "The subnet has a route table of its own already: import that association, or take it away (disassociate-route-table) before the new one is made",
        "aws ec2 describe-route-tables --query 'RouteTables[].Associations[].[RouteTableAssociationId,RouteTableId,SubnetId]'",
        when="resource.alreadyassociated",
        decides=True,
    ),
)
"""Names, addresses and places that something else has."""

NO_SUCH_ADDRESS: Final = (
    Step(
        "Name the allocation id of an address that the account has in that region, and that nothing uses",
        "aws ec2 describe-addresses --query 'Addresses[].[AllocationId,PublicIp,AssociationId]'",
        when="allocationidnotfound|allocation ids '",
        decides=True,
    ),
)

HOLDERS: Final = (
    Step(
        "Find what still uses the certificate",
        "aws acm describe-certificate --certificate-arn <certificate> --query Certificate.InUseBy",
        when=r"~\bcertificate\b.{0,200}\bis in use\b",
    ),
)
"""Who has what cannot be deleted."""

NESTED_FIRST: Final = (
    Step(
        "A stack within it could not be deleted: read its own events (by its ARN), mend what they name, delete the nested one, then the outer one",
        "aws cloudformation list-stacks --stack-status-filter DELETE_FAILED --query 'StackSummaries[].[StackName,StackStatusReason]'",
        when="nested stacks that are in delete_failed",
        decides=True,
    ),
)

NAME_A_GROUP: Final = (
    Step(
        "Name a target group that is there, in the call, the service or the scaling group that still names the old one; or let the tool that made it make it again. These are in the region",
        "aws elbv2 describe-target-groups --query 'TargetGroups[].[TargetGroupName,TargetGroupArn]'",
        when=r"~^(?!.*(?:\bash\b|\bash[-_]|\(service )).*\btarget ?groups?\b",
    ),
)
"""A target group that somebody else's service, or call, asks for."""

TAKEN_OF_TERRAFORM: Final = (
    Step(
        "See what has the name. If it is yours, take it into the state; else give the new one another name",
        "terraform import <address> <resource>",
        when=r"~^(?=.*\baws_(?:cloudwatch_log_group|iam_role|iam_instance_profile|s3_bucket|ecr_repository)\b)(?=.*\bon \S{1,120}\.tf line \d).*\balready ?exists\b",
        decides=True,
    ),
)
"""Resources that Terraform takes over by their plain name."""

ROLES_OF_THE_CDK: Final = (
    Step(
        "It is a role that the CDK makes for itself in each account and region: it is missing, too old, or does not trust your account. Let the CDK make it there (from another account with --trust ACCOUNT), and see that your own policy allows sts:AssumeRole on it",
        "cdk bootstrap",
        when=r"~:role/cdk-[a-z0-9]{1,20}-[a-z-]{3,30}-role|\bcdk-[a-z0-9]{9,10}-[a-z-]{3,30}-role\b|\bcdk bootstrap roles?\b|\btoolkit stack (?:must be deployed|version)",
        decides=True,
    ),
)
"""Roles that no task takes."""
