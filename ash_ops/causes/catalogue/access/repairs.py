"""Repairs of refused calls and missing credentials, chosen by who calls and what is named."""

from typing import Final

from ash_ops.causes.base import Step
from ash_ops.causes.catalogue.access.words import LOG_BUCKET, MODEL_ACCESS, NO_REGION, UNPAID

REFUSED_IN_THE_TRAIL: Final = "aws cloudtrail lookup-events --query \"Events[?contains(CloudTrailEvent,'AccessDenied') || contains(CloudTrailEvent,'UnauthorizedOperation')].[EventTime,EventName,Username]\""
_READ_ROLE: Final = "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.[taskRoleArn,containerDefinitions[].environment[].name]'"
_FROM_METADATA: Final = "instance profile metadata|/iam/security-credentials|/latest/api/token|169.254.170.2|ec2metadata|ec2 metadata|ec2rolerequesterror|imds|instance metadata service|instanceprofilecredentialsprovider"
_IN_A_TASK: Final = (
    r"~^(?!.*(?:\bapi error\b[ (:]|action inputs|\bterraform\b|\bpulumi\b|provider\.aws)).*(?:\bfargate\b|\b(?:in|my|the|ecs) (?:task|container)s?\b|\btask role\b|\biam role\b|169\.254\.170\.2|\bcontainer-role\b|\bcontainer metadata\b|\becs metadata\b|\bfrom the instance profile metadata service\b|\bcontainermetadata|\bcontainercredentials|\[aws_credentials\]|\bservice endpoint\b|ecscredentialsprovider|"
    r"sdkclientexception|awscredentialsproviderchain|\bcouldn't find aws credentials\b|\bpanic: |\baws::errors::missingcredentials|\blevel=|\"level\":|/usr/local/lib/python|/app/)"
)

IN_A_TASK: Final = (
    Step(
        "Nobody signs in on that server: give the instance or task on which it runs the tool a role that may do it, or put keys into its environment",
        when=r"~/home/atlantis/|\batlantis (?:plan|apply)\b",
        decides=True,
    ),
    Step(
        "The program was given keys of its own, and they are empty: fill the settings that they come from, or leave them out, so that it takes the role of its task, its instance or its profile",
        _READ_ROLE,
        when="emptystaticcreds|static credentials are empty",
        decides=True,
    ),
    Step(
        "The instance has no role: give it an instance profile whose role has AmazonEC2ContainerServiceforEC2Role, then restart the agent",
        "aws ec2 describe-iam-instance-profile-associations --filters Name=instance-id,Values=<instance>",
        when=r"~\bregister(?:ing)? (?:instance|as a container instance)\b|\bcould not register\b",
    ),
    Step(
        "A program in a container has the credentials of the task role: let the task definition name one (taskRoleArn) that may do what the program does, and no AWS_PROFILE or key of its own. "
        "On an instance without a task role it is the instance's role, if its metadata can be read (hop limit 2)",
        _READ_ROLE,
        when=_IN_A_TASK,
    ),
    Step(
        "A container on an instance is one hop further from the metadata service: allow the answer two",
        "aws ec2 modify-instance-metadata-options --instance-id <instance> --http-endpoint enabled --http-put-response-hop-limit 2",
        when=f"~^(?!.*\\bno ec2 imds role found\\b).*(?:{_FROM_METADATA})",
    ),
    Step(
        "Give the workflow a role before that step (aws-actions/configure-aws-credentials): role-to-assume with permissions id-token: write, or the keys as secrets of the repository (a fork has none)",
        when="action inputs|configure-aws-credentials|access key id empty after|'aws-secret-access-key' must be provided|run aws-actions/",
        anywhere=True,
    ),
)

_EXPIRED: Final = r"(?:\bexpiredtoken|\btoken\b.{0,40}\bexpired\b)"
_IN_A_WORKFLOW: Final = r"(?:##\[error\]|\bcontinuous[- ]integration\b|\bworkflow\b|\bwaiting for cloudformation stack\b|\bprocess completed with exit code\b|\bgithub\b|\bgitlab\b|\bpipeline\b|\berror: waiting for\b|\bterraform\b|configure-aws-credentials|\bhome/runner/|\bbatchgetbuilds\b)"
_RUNNING: Final = r"(?:\bfargate\b|\bwatchbot\b|\bdynamodb (?:client)?error\b|\bservice error: |\blevel=|\"level\":|/usr/(?:local/)?src/|/app/|\btask role\b)"

EXPIRED: Final = (
    Step(
        "Renew the keys where they came from: at a desk sign in again; where they were handed over or assumed, take all three anew; a program that runs takes a role, and no AWS_SESSION_TOKEN of its own",
        "aws sso login --profile <profile>",
    ),
    Step(
        "At a desk sign in again, then run it once more",
        "aws sso login --profile <profile>",
        when=rf"~^(?!.*{_RUNNING})(?!.*(?:##\[error\]|\bgithub\b|\bgitlab\b|\bprocess completed with\b|home/runner/))(?=.*\b(?:terraform|pulumi)\b).*{_EXPIRED}",
    ),
    Step(
        "The job lasts longer than its credentials: take them anew before the step that fails, or let them last longer (role-duration-seconds, up to the role's MaxSessionDuration; an hour for a role taken by a role)",
        "aws iam get-role --role-name <role> --query Role.MaxSessionDuration",
        when=rf"~^(?!.*{_RUNNING})(?=.*{_IN_A_WORKFLOW}).*{_EXPIRED}",
    ),
    Step(
        "A program that runs must ask for new credentials by itself: let it have the task role (or the instance's), and no AWS_SESSION_TOKEN stored in its environment or file; then start it again",
        _READ_ROLE,
        when=rf"~^(?=.*{_RUNNING}).*{_EXPIRED}",
    ),
)
"""Credentials that ran out, also where nobody can sign in again."""

FROM_ELSEWHERE: Final = (
    Step(
        "The ECS agent of that host no longer knows the credentials of this task, mostly since it was started anew: start the task again, so that it gets new ones",
        "aws ecs update-service --cluster <cluster> --service <service> --force-new-deployment",
        when=r"~\bcredentialsv2request\b|\binvalididinrequest\b|\bresponse \(400\) from ecs metadata\b",
    ),
    Step(
        "The tool's SDK does not know what aws login keeps: hand the keys over, by a profile with credential_process = aws configure export-credentials --profile <profile> --format process, or by the environment",
        "aws configure export-credentials --profile <profile> --format env",
        when=r"~\baws login(?!\W{0,2}(?:to|or)\b).*(?:\bterraform\b|\btofu\b|\bopentofu\b)",
        decides=True,
        anywhere=True,
    ),
    Step(
        "credential_process of that profile names a program that is not there: install it, give its whole path, or take the line out of ~/.aws/config",
        "aws configure list",
        when=r"~\bfrom custom-process\b",
        decides=True,
    ),
    Step(
        "That profile says nothing of where its keys come from: complete it (aws configure, aws configure sso), or name another one in AWS_PROFILE or --profile",
        "aws configure list-profiles",
        when=r"~\bdid not include credential process\b",
        decides=True,
    ),
    Step(
        "Only one of the two keys is set: set the other one, too, or take both out of the environment",
        "aws configure list",
        when="partial credentials found",
        decides=True,
    ),
    Step(
        "AWS_WEB_IDENTITY_TOKEN_FILE names a file that is not there: mount the token where the program runs, or take that setting and AWS_ROLE_ARN away; a task of ECS needs neither",
        when="web identity token file does not exist",
        decides=True,
    ),
)
"""Credentials that another program or file was to give."""

REFRESHED: Final = (
    Step(
        "Claude Code does not ask for new credentials of Bedrock by itself: on a desk renew them (aws sso login), and let awsAuthRefresh in its settings.json do so; in a task give it the task role, and no key or AWS_SESSION_TOKEN of its own",
        "aws sts get-caller-identity",
        when=r"~\bapi error\b.{0,120}\bexpired\b.{0,40}\bplease run /login\b",
        decides=True,
    ),
)

_NOT_TOLD: Final = r"~^(?!.*\bperform: ?[a-z])(?!.*\bassumerole)"
"""A refusal that names the call, and neither who made it nor the action."""

_ACCOUNTS: Final = "aws sts get-caller-identity"

_UPLOADS: Final = r"\bupload(?:ing)?\b.{0,200}\bto (?:s3 )?bucket\b|\bdeployment bucket\b"
"""Who deploys puts files there: no program of a task does."""

GIVEN_APART: Final = (
    Step(
        "The call that was refused is <action>: let the policy of who makes it (the user, or the role of the task, job or pipeline) allow that on what the text names",
        _ACCOUNTS,
        when=r"~^(?=.*\baccess ?denied)(?!.*\bperform: ?[a-z]).*\boperation error [a-z][\w ]{1,40}: [a-z]{4,60}\b",
        decides=True,
    ),
    Step(
        "Who deploys (you, or the role of the pipeline) may not put files into that bucket: let it do s3:PutObject, s3:GetObject and s3:ListBucket there; the bucket's policy and its KMS key must allow it, too",
        "aws s3api get-bucket-policy --bucket <bucket>",
        when=rf"{_NOT_TOLD}(?=.*(?:{_UPLOADS})).*(?:\baccessdenied: access denied\b|\bsufficient permissions\b)",
        decides=True,
    ),
    Step(
        "S3 refuses so, and names neither caller nor file: let the role of the program (in ECS the task role, not the execution role) work with its bucket; the bucket's own policy and its KMS key must allow it, too. Without s3:ListBucket a file that is not there is refused in the same words",
        """aws iam put-role-policy --role-name <role> --policy-name use-bucket --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject","s3:DeleteObject"],"Resource":"arn:aws:s3:::<bucket>/*"},{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::<bucket>"}]}'""",
        when=rf"{_NOT_TOLD}(?!.*\b(?:loading|refreshing|reading|getting|saving|inspecting|initializing) (?:the )?(?:backend|states?)\b)(?!.*\bcalling the ).*\baccessdenied: access denied\b",
    ),
    Step(
        "The certificate must be of the account and region of the load balancer: name one that is, or import it there",
        "aws acm list-certificates --query 'CertificateSummaryList[].[CertificateArn,DomainName]'",
        when="access denied to certificate",
        decides=True,
    ),
    Step(
        "The state is in a bucket that does not admit you: let who runs the tool do s3:ListBucket on it, s3:GetObject and s3:PutObject on its key (and use its KMS key and the table of its locks), or take the profile of the state's account",
        _ACCOUNTS,
        when=r"~\b(?:loading|refreshing|reading|getting|saving|inspecting|initializing) (?:the )?(?:backend|states?)\b.{0,80}\baccess ?denied\b",
        decides=True,
    ),
)
"""Refusals by a thing of another account."""

_MISSPELT: Final = rf"{NO_REGION}|\b(?:us|eu|ap|ca|sa|me|af)-(?:north|south|east|west|central|northeast|southeast)\d\b|\b[a-z]{2}_[a-z]{{4,9}}_\d\b|\bregion_name '|\bregion is not valid\b|\binvalid endpoint: https://"

MISSPELT: Final = (
    Step(
        "Write the region as AWS does, in small letters with hyphens before and behind the direction (us-east-1): in AWS_REGION, --region, the profile or the program's own setting",
        "aws configure list",
        when=f"~{_MISSPELT}",
        decides=True,
    ),
    Step(
        "The program was given a region that is empty, or that its library does not know: name it in its own setting or in AWS_REGION, and take a newer library",
        "aws configure list",
        when=r"~\bregion\b.{0,40}\bdoes not seem to be available\b",
        decides=True,
    ),
    Step(
        "The endpoint was reached, and its answer took longer than the client waits: raise the client's read_timeout, let the answer stream, or ask for less at once",
        when=r"~\bread timeout on endpoint url\b",
        decides=True,
    ),
)
"""Regions that are not written as they must be, and endpoints that only were slow."""

_A_REGION: Final = r"\.(?:us|eu|ap|ca|sa|me|af|il|mx)-(?:gov-)?(?:north|south|east|west|central|northeast|southeast|northwest|southwest)-\d"

_OF_FEW_REGIONS: Final = r"(?:https://)?(?:support|health|pricing|api\.pricing|ce|cur|budgets|organizations|globalaccelerator|route53domains|shield|(?:api\.)?ecr-public|cost-optimization-hub|savingsplans|(?:catalog|entitlement)\.marketplace)\."
"""Services with endpoints in one to three regions: https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html"""

WAY_THERE: Final = (
    Step(
        "That region exists, so look at the way there: DNS, a proxy (HTTPS_PROXY), a firewall; from a private subnet a NAT gateway or an endpoint of that service",
        "aws ec2 describe-vpc-endpoints --filters Name=vpc-id,Values=<vpc> --query 'VpcEndpoints[].[ServiceName,State,PrivateDnsEnabled]'",
        when=rf"~\bhttps://[a-z0-9-]{{2,40}}{_A_REGION}\.amazonaws.{{0,80}}(?:\bhost is down\b|\bno route to host\b|\bi/o timeout\b|\bnetwork is unreachable\b)|\bcould not connect to the endpoint url\b(?!.{{0,10}}{_OF_FEW_REGIONS}).{{0,80}}{_A_REGION}\.amazonaws|(?:\benotfound |\blookup )[a-z0-9.-]{{2,120}}{_A_REGION}\.amazonaws|\benotfound [a-z0-9.-]{{1,80}}\bs3-[a-z]{{2}}-[a-z]{{4,10}}-\d\.amazonaws|(?:\bsocketerror\b|\bnosuchendpoint).{{0,120}}https://[a-z0-9.-]{{2,80}}{_A_REGION}\.amazonaws|{_A_REGION}\.amazonaws\.com.{{0,160}}(?:\bno such host\b|\bgaierror\b|\bname or service not known\b)|\bconnect to [a-z0-9-]{{2,40}}{_A_REGION}\.amazonaws\.com:443\b.{{0,600}}\btimed out\b",
    ),
    Step(
        "No resolver answers where that program runs: correct the DNS of the machine or container (/etc/resolv.conf); in a VPC enableDnsSupport must be on",
        when=r"~\blookup \S{3,200}\.amazonaws\.com(?:\.cn)? on \S{2,60}:53: (?:read|dial|write) udp\b",
        decides=True,
    ),
    Step(
        "That name is of the dual-stack endpoints, which not every service has: set use_dualstack_endpoint = false, or unset AWS_USE_DUALSTACK_ENDPOINT",
        when=r"~(?:enotfound|eai_again|lookup|resolve) (?:host:? )?\S{2,120}\.api\.aws\b",
    ),
    Step(
        "That service has no endpoint in that region: nearly all of its kind answer in us-east-1 only, so give the call --region us-east-1",
        when=rf"~https://{_OF_FEW_REGIONS}(?!us-)",
    ),
)
"""Endpoints of a region that is written as it must be."""

LOG_ROUTERS_ROLE: Final = (
    Step(
        "Fluent Bit calls with the role of the task, not with the execution role: allow that role what it does with logs",
        """aws iam put-role-policy --role-name <role> --policy-name route-logs --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["logs:CreateLogGroup","logs:CreateLogStream","logs:DescribeLogStreams","logs:PutLogEvents"],"Resource":"*"}]}'""",
        when=r"~\[output:cloudwatch(?:_logs)?:",
    ),
)

GONE: Final = (
    Step(
        "The call came to another service than it was meant for: take away the address that the tool was given for all of them (ec2_url, EC2_URL, AWS_ENDPOINT_URL, endpoint_url, --endpoint-url), or give it for its own service only",
        "aws configure list",
        when="requested version",
        decides=True,
    ),
    Step(
        "The stack was taken away again because its creation failed: why is told by the events of the deleted stack, which are asked for by its ARN",
        "aws cloudformation list-stacks --stack-status-filter DELETE_COMPLETE --query 'StackSummaries[].[StackId,DeletionTime,StackStatusReason]'",
        when=r"~\bserverless ?error|\bserverless: |\bsls deploy\b|\bfailed to deploy\b",
    ),
    Step(
        "Make the bucket that holds Terraform's state, or correct its name, region or account in the backend",
        "aws s3api list-buckets --query 'Buckets[].Name'",
        when="existing workspaces|referenced s3 bucket",
    ),
    Step(
        "The cluster was deleted (INACTIVE is what is left of it): make it again, or name one that is there",
        "aws ecs create-cluster --cluster-name <cluster>",
        when=r"~\bcluster (?:was|is) inactive\b",
    ),
    Step(
        "Name a revision that is ACTIVE, with its family and region",
        "aws ecs list-task-definitions --status ACTIVE --sort DESC",
        when=r"~\btask ?definition (?:not found|does not exist|is inactive)|\bunable to describe task definition\b",
    ),
)

GIVEN_OTHERWISE: Final = (
    Step(
        "The role of the pipeline or of the build may not use that connection: allow it codeconnections:UseConnection (codestar-connections:UseConnection for an older ARN) on the connection's ARN",
        "aws codeconnections list-connections --query 'Connections[].[ConnectionName,ConnectionStatus,ConnectionArn]'",
        when=r"~\bunable to use connection: arn:",
        decides=True,
    ),
    Step(
        "Allow who calls all the actions that the text lists, in one policy",
        "aws sts get-caller-identity",
        when="missing the following permissions",
    ),
    Step(
        "Let who calls (in ECS the task role, not the execution role) work with the bucket's objects; its KMS key and the bucket's own policy must allow it, too",
        """aws iam put-role-policy --role-name <role> --policy-name use-bucket --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject","s3:DeleteObject"],"Resource":"arn:aws:s3:::<bucket>/*"}]}'""",
        when=rf"{_NOT_TOLD}.*\bcalling the (?:get|put|head|delete|copy)object operation\b|{_NOT_TOLD[1:]}.*\bcalling the (?:createmultipartupload|uploadpart) operation\b",
    ),
    Step(
        "Let who calls (in ECS the task role, not the execution role) list the bucket: ListObjectsV2 asks for s3:ListBucket, on the bucket itself",
        """aws iam put-role-policy --role-name <role> --policy-name list-bucket --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::<bucket>"}]}'""",
        when=rf"{_NOT_TOLD}.*\bcalling the listobjects(?:v2)? operation\b",
    ),
    Step(
        "The value was found, and its key not: let who calls (in ECS the task role) do kms:Decrypt on that key, in the key's region; the key's own policy must allow it, too",
        "aws kms get-key-policy --key-id <key> --policy-name default",
        when="ciphertext refers to a ",
    ),
    LOG_BUCKET,
    UNPAID,
    Step(
        "Bedrock does not serve this account, whatever its policies allow (a new one, or one under review): open a case with AWS Support, and see meanwhile whether another region of yours may",
        when=r"~\bcalling the (?:converse|invokemodel)\w{0,24} operation: operation not allowed\b",
        decides=True,
    ),
    Step(
        "The account has no access to that model in that region: ask for it once in Bedrock's model catalog, as a role that may do "
        "aws-marketplace:Subscribe and aws-marketplace:ViewSubscriptions, or name a model and region that it has; its role needs bedrock:InvokeModel on the inference profile and on its foundation models besides",
        "aws bedrock list-foundation-models --query 'modelSummaries[].[modelId,modelLifecycle.status]'",
        when=MODEL_ACCESS,
    ),
    Step(
        "The trust policy of the role must name the OIDC provider, with aud sts.amazonaws.com, and a sub that fits (for GitHub repo:OWNER/NAME:*, letter for letter)",
        "aws iam get-role --role-name <role> --query Role.AssumeRolePolicyDocument",
        when="assumerolewithwebidentity",
        decides=True,
    ),
    Step(
        "The provider must be in the account of the role",
        "aws iam list-open-id-connect-providers",
        when="assumerolewithwebidentity",
        decides=True,
    ),
)
"""Refusals that no policy of the caller lifts."""

DENIED_ELSEWHERE: Final = (
    Step(
        "The policy of the VPC endpoint does not allow it: allow the action there",
        "aws ec2 describe-vpc-endpoints --filters Name=vpc-id,Values=<vpc> --query 'VpcEndpoints[].[VpcEndpointId,ServiceName,PolicyDocument]'",
        when="endpoint policy",
    ),
    Step(
        "The permissions boundary does not allow it, and no other policy can: have the action added there by whoever owns it",
        "aws iam get-role --role-name <role> --query Role.PermissionsBoundary",
        when=r"~\bpermissions? boundary\b",
    ),
    Step(
        "The policy of the session does not allow it: whoever makes the session must allow it there",
        when=r"~\bsession polic",
    ),
)
"""Denials that the administrator of the organisation has no part in."""

IN_A_PROGRAM: Final = (
    Step(
        "Name it for this shell, or for good in the profile (aws configure set region)",
        "export AWS_REGION=<region>",
        when=r"~\brunning ['\"]?aws configure\b",
    ),
    Step(
        "Give that program its region: AWS_REGION in its environment (of a task, in the task definition), or its own setting",
        "export AWS_REGION=<region>",
        when=r"~\baws::errors\b|\bansible\b|\bfatal: \[|\bconstructionfailure\b|\bec2_url\b|\bregion_name\b|/app/|\bmissing region in config\b|\bmissing required client configuration\b|\bconfiguration value is required for the\b|\bregion is missing\b|\bsmithy\b|\boperation error\b|\bsdkclientexception\b",
    ),
    Step(
        "Give the stack its environment: env with account and region (CDK_DEFAULT_ACCOUNT, CDK_DEFAULT_REGION)",
        "cdk diff",
        when="context provider",
    ),
)

KEYS: Final = (
    Step(
        "The account has no identity provider for that address: make it once, then name it in the role's trust policy",
        "aws iam list-open-id-connect-providers",
        when="no openidconnect provider found",
    ),
    Step(
        "The keys are of another account than the one to deploy to: take the profile of that account, or correct env in the stack",
        "export AWS_PROFILE=<profile>",
        when=r"~\bcurrent credentials are for\b|\bdoes not match any of the expected account\b|\baccount id not allowed\b",
    ),
    Step(
        "The secret key is not that of the key id, or was stored with a blank or a line end: store both anew where the program reads them",
        when="does not match the signature you provided",
    ),
)
