"""Repairs of stacks and services, chosen by what the message says."""

from typing import Final

from ash_ops.causes.base import Step
from ash_ops.causes.catalogue.deploy.plainly_said import READ_THE_AMI, WRITTEN_WRONGLY
from ash_ops.causes.catalogue.deploy.reasons import GOES_FIRST, IN_A_STACK_ALREADY, NOT_ENOUGH_SAID

_NOT_ASHS_PORT: Final = (
    r"~^(?!.*(?:\bcontainer '?ash\b|\b4100\b)).*(?:\bcontainer ?port|\bcontainer|\bport)"
)
_HOST_PORTS: Final = "host ports and container ports in port mappings must match|hostport"
_BUCKET: Final = "bucketnotempty|bucket you tried to delete is not empty"

PORTS: Final = (
    Step(
        "Name the container in imagedefinitions.json as the task definition does",
        "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.containerDefinitions[].name'",
        when="the aws ecs container",
    ),
    Step(
        "Name a container of the task",
        "aws ecs describe-tasks --cluster <cluster> --tasks <task> --query 'tasks[].containers[].name'",
        when="executecommand",
    ),
    Step(
        "With the network mode awsvpc, hostPort is the containerPort: write the same number, or leave hostPort out",
        when=_HOST_PORTS,
    ),
    Step(
        "Name container and port in the service's load balancer (containerName, containerPort) as the task definition's portMappings have them, or add that mapping; then deploy the revision",
        when=_NOT_ASHS_PORT.replace(
            "^", "^(?!.*(?:must match|hostport|executecommand|the aws ecs container))", 1
        ),
    ),
)
"""Ports and containers that are not Ash's."""

STILL_HELD: Final = (
    *GOES_FIRST,
    Step(
        "Instances are registered in the cluster: set the group's size to 0 (scale-in protection off) or terminate them, deregister what is left, then delete the cluster; in a template the cluster must go after its instances",
        "aws ecs list-container-instances --cluster <cluster>",
        when="while container instances are active",
    ),
    Step(
        "Tasks still run in the cluster: scale its services to 0 or delete them, stop the tasks that belong to none, then delete the cluster",
        "aws ecs list-tasks --cluster <cluster>",
        when="while tasks are active|while services are active",
    ),
    Step(
        "Its instances are protected from scale-in: take the protection off them (new instances get none where the group's own is off), or let the tool delete the group with force",
        "aws autoscaling describe-auto-scaling-instances --query 'AutoScalingInstances[].[InstanceId,AutoScalingGroupName,ProtectedFromScaleIn]'",
        when=r"~\bgroup still has \d{1,5} instances?\b",
    ),
    Step(
        "Stop the ECS service that registers there (desired count 0, or delete it) and wait until its tasks are gone; deregister what is left, then delete the Cloud Map service, then its namespace",
        "aws servicediscovery list-services --query 'Services[].[Id,Name,InstanceCount]'",
        when="contains registered instances|service discovery service can not be deleted|has associated services|delete the services before deleting",
    ),
)
"""What Cloud Map, or a group of instances, still holds."""

REMAINS: Final = (
    Step(
        "Delete its stack instances first, in each account and region, then the set",
        "aws cloudformation list-stack-instances --stack-set-name <stack-set> --query 'Summaries[].[Account,Region,Status]'",
        when="stacksetnotempty|stackset is not empty",
        decides=True,
    ),
    Step(
        "Wait until the database is available, then delete again",
        "aws rds describe-db-instances --query 'DBInstances[].[DBInstanceIdentifier,DBInstanceStatus]'",
        when="final snapshot cannot be taken",
    ),
    Step(
        "Empty the bucket (of a versioned one every version, too), if nobody needs what is in it, and delete the stack again",
        "aws s3 ls",
        when=_BUCKET,
    ),
    Step(
        "A repository that holds images is not deleted: delete the images first, if nobody needs them",
        "aws ecr list-images --repository-name <repository>",
        when="repositorynotempty|repository with name",
    ),
)
"""What a deletion stumbles over."""

TAKEN: Final = (
    *IN_A_STACK_ALREADY,
    Step(
        "The tag is taken, and the repository lets none be moved: push under another one; the same image needs no push",
        "aws ecr describe-images --repository-name <repository> --query 'imageDetails[].imageTags'",
        when="imagealreadyexists|imagetagalreadyexists|the repository is immutable|because the tag is immutable",
        decides=True,
    ),
    Step(
        "Give the rule a priority that no rule of that listener has",
        "aws elbv2 describe-rules --listener-arn <listener> --query 'Rules[].[Priority,RuleArn]'",
        when=r"~\bpriorityinuse\b|\bpriority '?\d{1,5}'? is currently in use\b",
    ),
    Step(
        "Let the stack have the one that is there (import it), give the new one another name in the template, or delete the old one once nobody needs it: what is kept at a deletion, as log groups often are, stays behind",
        "aws cloudformation describe-stack-resources --physical-resource-id <resource>",
        when=r"~^(?!.*(?:\bash\b|\bash[-_])).*\bof type '[a-z0-9:]{5,80}' with identifier '",
    ),
    Step(
        "Import it, or change the one that is there: its name is taken, and an Auto Scaling group has one provider only",
        "aws ecs describe-capacity-providers --query 'capacityProviders[].[name,status,autoScalingGroupProvider.autoScalingGroupArn]'",
        when="specified capacity provider already exists",
    ),
    Step(
        "A zone or namespace of that name is left on the VPC, from a stack that is gone or is another's: use it, take another name, or delete it once nobody needs it",
        "aws servicediscovery list-namespaces --query 'Namespaces[].[Id,Name,Properties.DnsProperties.HostedZoneId]'",
        when="conflictingdomain|already been associated with the hosted zone|conflicting dns domain",
    ),
    Step(
        "A group has one capacity provider: name that one in the cluster, or give the new one a group of its own",
        "aws ecs describe-capacity-providers --query 'capacityProviders[].[name,status,autoScalingGroupProvider.autoScalingGroupArn]'",
        when=r"~\bauto scaling group arn is already being used\b",
    ),
    Step(
        "Name each port once in portMappings of the task definition",
        when="duplicate port mapping",
    ),
    Step(
        "The group has the very same rule: take it out of the template where it stands twice, or revoke the one that was made by hand",
        "aws ec2 describe-security-group-rules --filters Name=group-id,Values=<security-group>",
        when="invalidpermission.duplicate|been authorized on the specified group|the specified rule",
    ),
    Step(
        "See who owns that name, in another stack or none: a deletion that kept it, or an attempt that failed, leaves it behind",
        "aws cloudformation describe-stack-resources --physical-resource-id <resource>",
        when=r"~\balready exists? in stack\b",
    ),
    Step(
        "The other resource of that stack has the name: let the template give another, move the change into two deployments, or take the fixed name away",
        when=r"~\balready exists? in stack\b|\bupdate_failed\b.{0,300}\balready exists\b",
    ),
)

_NAMED_ANEW: Final = (
    Step(
        "An AMI is of one region, and is withdrawn in time: name one of this region (of Amazon's for ECS this is the newest)",
        "aws ssm get-parameters --names /aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id",
        when=r"~\bimage id\b|\binvalidamiid\b|\bami-[0-9a-f]{8}",
    ),
    Step(
        "Let the scaling policy wait for its target (DependsOn, depends_on), and name the service as service/CLUSTER/SERVICE in both; by hand the target is registered first",
        "aws application-autoscaling register-scalable-target --service-namespace ecs --resource-id service/<cluster>/<service> --scalable-dimension ecs:service:DesiredCount --min-capacity 1 --max-capacity <value>",
        when="no scalable target registered|scalabletarget was not found",
    ),
    Step(
        "Name an instance profile (not a role) that is there",
        "aws iam list-instance-profiles --query 'InstanceProfiles[].Arn'",
        when=r"~\binstance ?profile\b",
    ),
)

TWO_ZONES: Final = (
    Step(
        "Give the subnet group of the database one subnet in each of two zones at least",
        "aws rds describe-db-subnet-groups --query 'DBSubnetGroups[].[DBSubnetGroupName,Subnets[].[SubnetIdentifier,SubnetAvailabilityZone.Name]]'",
        when=r"~\bdb ?subnet ?group|\baurora\b",
    ),
)

MISSING: Final = (
    Step(
        "Make the namespace before the service, or name one that is there (serviceConnectConfiguration.namespace, or the cluster's default)",
        "aws servicediscovery list-namespaces --query 'Namespaces[].[Name,Type,Arn]'",
        when="namespacenotfound|retrieve namespace",
    ),
    Step(
        "The bucket was deleted outside of its stack: make one of that name again, or delete the stack and deploy it anew (for CDKToolkit: cdk bootstrap)",
        when="nosuchbucket|specified bucket does not exist",
    ),
    *_NAMED_ANEW,
    Step(
        "Give the name of a key pair of that region, or make it",
        "aws ec2 describe-key-pairs --query 'KeyPairs[].KeyName'",
        when="key pair",
    ),
    Step(
        "The balancer takes certificates of its own region that are ISSUED: wait for it, or name one that is",
        "aws acm list-certificates --certificate-statuses ISSUED",
        when=r"~\bcertificate\b.{0,200}\b(?:not found|is not valid)\b|\bcertificatenotfound\b|\bunsupportedcertificate\b",
    ),
)

LOOK_FOR_MISSING: Final = (
    Step(
        "Look for the bucket",
        "aws s3 ls",
        when="nosuchbucket|specified bucket does not exist",
    ),
    *READ_THE_AMI,
    *_NAMED_ANEW[1:],
    Step(
        "Look for it in the region of the stack",
        "aws ec2 describe-key-pairs --query 'KeyPairs[].KeyName'",
        when="key pair",
    ),
)

HOOKS: Final = (
    Step(
        "CodeDeploy's hook compares the templates: give the new task definition another logical id, and change nothing else in the same update",
        when="codedeploybluegreenhook|codedeploy::bluegreen",
    ),
    Step(
        "The hook reads the template itself and knows fewer properties than CloudFormation: the chain in brackets ends at the one it cannot read; leave that out, or let ECS make the blue/green deployment without the hook",
        when="through reference chain",
        decides=True,
    ),
)

WITHOUT_SIGNAL: Final = (
    Step(
        "The function behind the custom resource said so: read its log, and repair what it names",
        "aws logs tail /aws/lambda/<function> --since 1h",
        when=r"~\bcustom resource\b|\bcustom::|::customresource\b",
    ),
    Step(
        "No signal came: read the instance's own log of its start; cfn-signal (aws-cfn-bootstrap) must be installed, called at the end, and have a way to CloudFormation",
        "aws ec2 get-console-output --instance-id <instance> --latest",
        when="resource signal|failure signal|received 0 conditions",
    ),
)

OTHERS_PATH: Final = (
    Step(
        "Let the check ask for a path that this server answers with 200, without a key: correct the path of the target group, or add that route",
        "aws elbv2 describe-target-groups --query 'TargetGroups[].[TargetGroupName,HealthCheckPath,Matcher.HttpCode]'",
        when=r"~\(port (?!4100\))\d{1,5}\)|\bport (?!4100\b)\d{1,5} is unhealthy in\b|\bget /(?!health\b)[\w./-]{0,80} http/.{0,60}\belb-healthchecker/",
    ),
)

LISTENER_FIRST: Final = (
    Step(
        "Let the service wait for the listener (depends_on = [aws_lb_listener...]; a target group gets its balancer only by a listener or rule)",
        when=r"~\baws_[a-z_]{3,40}\.|\bterraform\b",
    ),
)

_PRINTED: Final = r"\bunexpected key '(?:taskdefinitionarn|revision|status|requiresattributes|compatibilities|registeredat|registeredby|deregisteredat)'"
"""What DescribeTaskDefinition prints, and RegisterTaskDefinition does not take."""

LOOK_AT_THE_TEMPLATE: Final = (
    Step(
        "Validate",
        "aws cloudformation validate-template --template-body file://<template>",
        when="template",
    ),
    Step("Lint", "cfn-lint <template>", when="template|propert|#/|aws::|circular|extraneous"),
    Step(
        "Read why the change set failed",
        "aws cloudformation describe-change-set --stack-name <stack> --change-set-name <change-set> --query '[Status,StatusReason]'",
        when="invalidchangesetstatus|cannot be executed in its current|changesetcreatecomplete",
    ),
    Step(
        "The message names the value that AWS does not take: compare it with what you asked for",
        when="when calling the|operation error |(service: |invalid request provided|status code: 400, request id|botoservererror|clientexception: |invalidparameterexception|unexpectedparameter|unexpected key '|parameter validation failed|validation error(s) found|aws: error: |aws: [error]: |unknown options: ",
    ),
)

CALLED_WRONGLY: Final = (
    *WRITTEN_WRONGLY,
    Step(
        "The AWS CLI did not understand its own command line, and called nobody: an option is misspelt, or lacks its value (mostly a variable of the shell that is empty or was not quoted)",
        when="aws: error: |aws: [error]: |unknown options: ",
    ),
    Step(
        "Name an execution role in the task definition (executionRoleArn), one that trusts ecs-tasks.amazonaws.com and has AmazonECSTaskExecutionRolePolicy",
        when="requires task definition to have execution role|specify a value for 'executionrolearn'",
    ),
    Step(
        "Take repositoryCredentials out of that container: the execution role signs in to ECR",
        when="private repository credentials are not",
    ),
    Step(
        "Write the setting as the API does, with its capitals; if it is written so, the tool is older than the setting: update it (in a workflow, take amazon-ecs-deploy-task-definition@v2), or take the setting out",
        when=rf"~^(?!.*{_PRINTED}).*\bunexpected key '|\bunknown parameter in (?!input: ['\"]?(?:taskdefinitionarn|revision|status|requiresattributes|compatibilities|(?:de)?registered))[\w.\[\]]{{3,120}}: .{{1,100}}, must be one of",
    ),
    Step(
        "Take out what only describe prints: register-task-definition does not take taskDefinitionArn, revision, status, requiresAttributes, compatibilities, registeredAt, registeredBy",
        when=rf"~\bunknown parameter in input: ['\"]?(?:taskdefinitionarn|revision|status|requiresattributes|compatibilities|(?:de)?registered)|{_PRINTED}",
    ),
    Step(
        "Give the call the subnets and groups of the task",
        "aws ecs run-task --cluster <cluster> --task-definition <family> --network-configuration <network-configuration>",
        when="network configuration must be provided",
    ),
    Step(
        "A change of the strategy needs new tasks: say so in the same call (Terraform: force_new_deployment = true)",
        "aws ecs update-service --cluster <cluster> --service <service> --capacity-provider-strategy capacityProvider=FARGATE,weight=1 --force-new-deployment",
        when="you must force a new deployment",
    ),
)

NOT_TAKEN: Final = (
    *NOT_ENOUGH_SAID,
    Step(
        "A listener takes one certificate in its own list: give it the first there, and add the others to it (AWS::ElasticLoadBalancingV2::ListenerCertificate, aws_lb_listener_certificate)",
        when="certificate arns can be specified, but",
    ),
    Step(
        "A target group belongs to one load balancer: make another one for this listener; where the balancer is replaced, let the group be made anew with it",
        "aws elbv2 describe-target-groups --query 'TargetGroups[].[TargetGroupName,LoadBalancerArns]'",
        when="targetgroupassociationlimit|cannot be associated with more than one load balancer",
    ),
    Step(
        "That kind of balancer does not know the attribute: slow start and stickiness by cookies are of application balancers, proxy protocol and client addresses of network ones; take it out",
        when="target group attribute is not supported",
    ),
    Step(
        "An Auto Scaling group registers instances: its target groups must be of the type instance; tasks with awsvpc are registered by their service, in groups of the type ip",
        "aws elbv2 describe-target-groups --query 'TargetGroups[].[TargetGroupName,TargetType]'",
        when="invalid target type",
    ),
    Step(
        "Let the Auto Scaling group protect its new instances from scale-in, or switch managedTerminationProtection of the capacity provider off",
        "aws autoscaling describe-auto-scaling-groups --query 'AutoScalingGroups[].[AutoScalingGroupName,NewInstancesProtectedFromScaleIn]'",
        when="managed termination protection",
    ),
    Step(
        "A capacity provider of Managed Instances belongs to its cluster from the start: leave it out of put-cluster-capacity-providers (aws_ecs_cluster_capacity_providers, ClusterCapacityProviderAssociations), and name it in the service's strategy",
        when="cannot associate managed instances",
    ),
    Step(
        "The program that makes the template stopped: its last line names the construct and what it lacks; correct it there, and see with cdk synth that it is taken",
        when="jsii",
    ),
    Step(
        "Give the listener a certificate of its region that is ISSUED (and wait for its validation in the template), or let it speak HTTP",
        "aws acm list-certificates --certificate-statuses ISSUED",
        when="certificate must be specified",
    ),
    Step(
        "The type of the target group must fit the network mode: ip for awsvpc (and Fargate), instance for bridge and host. It cannot be changed: make another target group, and name that in the service",
        "aws elbv2 describe-target-groups --query 'TargetGroups[].[TargetGroupName,TargetType]'",
        when=r"~\btarget type\b.{0,80}\b(?:incompatible|network ?mode)\b",
    ),
    Step(
        "Take that feature out of the service in its template, or give the service the deployment controller ECS, which makes it anew",
        when="only supported with ecs deployment controller",
    ),
    Step(
        "Leave deploymentCircuitBreaker out of the service, or put it behind a target group (an application or network load balancer)",
        when="circuit breaker feature is not supported",
    ),
    Step(
        "CloudFormation takes no more in one template: move a part into a nested stack or a stack of its own",
        when="greater than max allowed|greater than maximum allowed|template may not exceed",
    ),
    Step(
        "Break the circle: of two security groups that name each other, give the rules as resources of their own; take out a dependency that the references imply already",
        when="circular dependency|cyclic |dependency graph is not valid",
    ),
    Step(
        "Choose a range that no subnet of the VPC has",
        "aws ec2 describe-subnets --filters Name=vpc-id,Values=<vpc> --query 'Subnets[].CidrBlock'",
        when="conflicts with another subnet",
    ),
    Step(
        "Let the key's policy allow kms:PutKeyPolicy to the one who deploys, or to the account (arn:aws:iam::ACCOUNT:root) and that one by an IAM policy",
        when="new key policy will not allow",
    ),
    Step(
        "The deployments of this service are CodeDeploy's: change its task definition there, or make the service anew with the deployment controller ECS",
        when="code_deploy deployment controller|deployment controller is code_deploy",
    ),
    Step(
        'RDS does not take that password: give the database one of 8 to 128 printable characters without / @ " and blanks (most generators can leave these out), or let RDS make it and keep it in Secrets Manager (ManageMasterUserPassword)',
        when="masteruserpassword|master password|not a valid password",
    ),
    Step(
        "Network load balancers could not change their subnets by that call for long: update the tool that made it (of Terraform, the provider), or make the balancer anew",
        when="setsubnets is not supported",
    ),
    Step(
        "RDS or its engine keeps that name for itself, or does not take its characters: choose another that begins with a letter",
        when="masterusername|dbname",
    ),
)
"""What CloudFormation, or the service behind it, does not take as it stands."""

DETACHED: Final = (
    Step(
        "Make sure first that no service uses it. Then take the capacity provider off the cluster (put-cluster-capacity-providers without it), and delete it",
        when=r"~\bcapacity[ _-]?providers?\b",
    ),
)

RENAMED: Final = (
    Step(
        "Give it another name in the template, or take the fixed name away: CloudFormation makes the new one, and deletes the old with what is in it",
        when=r"~\brename \S{2,120} and update\b",
    ),
)
