"""Answers of an API whose code names the kind of refusal, whatever words stand behind it.

Source: the errors that botocore's models declare for the services that a deployment calls. AWS forms their names
after few patterns (``InvalidKeyUsageException``, ``TrustStoreNotFound``, ``PackedPolicyTooLarge``), so that a
code nobody has met tells its kind as well. Any message that is known better outweighs them.
"""

from typing import Final

from ash_ops.causes.base import Rank, Signature, Step, says

_OURS: Final = (
    r"(?:task|cluster|capacityprovider|stack|changeset|resourcescan|generatedtemplate|role|polic|loadbalancer|targetgroup|targets|listener|createrule|modifyrule|truststore|subnet|dbinstance|dbcluster|dbparameter|"
    r"filesystem|mounttarget|accesspoint|secret|parameter|session|log(?:group|stream|events)|hostedzone|recordsets|healthcheck|certificate|scalabletarget|scalingpolicy|securitygroup|vpc|deployment|repository|image|layer|"
    r"pullthroughcache|registryscanning|namespace|registerinstance|deregisterinstance|discoverinstances|(?:create|update|delete)service|decrypt|encrypt|datakey|grant|alias|createkey|keypolicy|openidconnect|createtype|activatetype|createdbproxy)"
)
"""What stands in the names of the calls by which such a deployment is made, read and taken down."""


_SERVICES: Final = r"(?:ecs|ecr|efs|elasticfilesystem|elasticloadbalancing\w{0,12}|cloudformation|secretsmanager|ssm|kms|cloudwatchlogs|iam|sts|servicediscovery|acm|route53|rds|codedeploy|applicationautoscaling)"


def _coded(codes: str) -> str:
    """The term for such codes in an answer as the command line and the SDKs of Go and Java print it."""
    return (
        rf"~\((?:{codes})\) when calling the (?!\w{{0,40}}notebook)\w{{0,40}}{_OURS}\w{{0,40}} operation\b|"
        rf"\boperation error [\w ]{{2,40}}: \w{{0,40}}{_OURS}\w{{0,40}}, [^|]{{0,160}}\b(?:api error |requestid: [\w-]{{8,60}}, )(?:{codes}):|"
        rf"\.model\.(?:{codes}): [^|]{{0,400}}\(service: (?:amazon|aws)?{_SERVICES}[,;] status code: 4"
    )


_CALLED: Final = "when calling the|operation error|(service: "
_NOT_VALID: Final = (
    r"(?:invalid|malformed|unsupported|incompatible|incorrect)(?!clienttokenid|accesskeyid|signature|identitytoken|grantexception|clientexception|ciphertext|\w{0,40}state)\w{3,60}|"
    r"\w{3,50}(?:mismatch|notsupported|required|violation)(?:exception|fault)?|(?:hierarchytype|keypair)mismatch\w{0,9}|duplicatetagkeys|tag(?:policy)?exception|publicpolicyexception|policyevaluation|alpnpolicynotfound|"
    r"provisionediopsnotavailableinazfault|publiczonevpcassociation|preconditionnotmet\w{0,9}|emptyupload\w{0,9}"
)
_BUSY: Final = r"\w{2,50}inprogress(?:exception|fault)?|stalerequest\w{0,9}|concurrent(?:modification|update)\w{0,9}|operationaborted\w{0,9}|incorrectmounttargetstate|invalid(?:db)?(?!\w{0,20}group)\w{2,30}state(?:fault)?"
_FULL: Final = (
    r"\w{2,50}toolarge(?:exception)?|insufficient(?:throughput|storagecluster)\w{0,9}capacity"
)
_ABSENT: Final = r"(?:truststore|healthcheck|certificatebundle|dbsecuritygroup|cacertificatesbundle|geolocation|vpcassociation\w{0,20})notfound(?:exception|fault)?|nosuch(?!entity|bucket|key|upload)\w{3,40}"
_MAKING: Final = "when calling the create|when calling the modify|when calling the put|when calling the register|when calling the associate|: create|: modify|: put|: register"

REFUSED_BY_CODE: Final[tuple[Signature, ...]] = (
    says(
        _CALLED,
        _coded(_NOT_VALID),
        rank=Rank.GENERIC,
        unless="does not exist|tasks cannot be empty|invalid entity arn",
    ),
    # CloudFormation, of a macro that failed; the load balancer's API, of a zone it does not take.
    says("failed with: ", r"~\btransform \d{12}::[\w-]{1,80} failed with: ", rank=Rank.PRECISE),
    says(
        "load balancers with type",
        r"~\bload balancers with type '?\w{4,12}'? are not supported in [a-z]{2}-",
        rank=Rank.PRECISE,
    ),
    # The CDK, before it calls anybody.
    says(
        "is greater than allowed maximum of|context providers need concrete values|cloud assembly schema version mismatch|schema version supported is",
        r"~\bnumber of resources(?: in stack '[^']{1,128}')?: \d{1,5} is greater than allowed maximum of \d|\bcontext providers need concrete values\b|\bcloud assembly schema version mismatch\b|\bmaximum schema version supported is \S{1,20},? but found\b",
        rank=Rank.DECISIVE,
    ),
    # Terraform's provider, of a name.
    says(
        "cannot be longer than",
        r"~\bname(?:_prefix)?\W{1,3}cannot be longer than \d{1,4} characters",
        rank=Rank.CLEAR,
    ),
    # RDS, of an instance whose version its cluster has.
    says("the specified db instance is a member of a cluster", rank=Rank.PRECISE),
    says("invalidarnexception", "not a valid arn", rank=Rank.DECISIVE),
    says("invalidkeyid", "invalid keyid", rank=Rank.PRECISE),
    # Two tags of one name: nothing is there already.
    says("duplicatetagkeys|duplicate tag keys found", rank=Rank.PRECISE),
)
"""What was asked for is not valid."""

BUSY_BY_CODE: Final[tuple[Signature, ...]] = (
    says(_CALLED, _coded(_BUSY), rank=Rank.GENERIC),
    says("invalidchangesetstatus", "currently in progress", rank=Rank.PRECISE),
)
"""Something is being done with it already."""

FULL_BY_CODE: Final[tuple[Signature, ...]] = (
    says(_CALLED, _coded(_FULL), rank=Rank.GENERIC),
    says("insufficientstorageclustercapacity", rank=Rank.PRECISE),
)
"""There is no room for more."""

MISSING_BY_CODE: Final[tuple[Signature, ...]] = (
    says(_CALLED, _coded(_ABSENT), _MAKING, rank=Rank.LIKELY),
)
"""What is to be made refers to nothing."""

GONE_BY_CODE: Final[tuple[Signature, ...]] = (
    says(_CALLED, _coded(_ABSENT), rank=Rank.GENERIC),
    # EFS's API of what is to be deleted or read: nothing mounts it.
    says(
        "accesspointnotfound|mounttargetnotfound|filesystemnotfound",
        "when calling the delete|when calling the describe|when calling the update|efs: delete|efs: describe",
        rank=Rank.PRECISE,
    ),
    # Route 53's health checks, which are no load balancer's.
    says("nosuchhealthcheck", rank=Rank.PRECISE),
)
"""What is asked about is not there."""

OF_KEYS_BY_CODE: Final[tuple[Signature, ...]] = (
    says("(encryptionfailure)|(decryptionfailure)|encryptionfailure:", rank=Rank.CLEAR),
)
"""Secrets Manager may not use the key, or it is disabled."""

OF_REFUSED_CODES: Final = (
    Step(
        "A stack holds 500 resources: part it into several stacks, or put a part into nested ones; the message counts what it has of each kind",
        "cdk ls",
        when="is greater than allowed maximum of",
        decides=True,
    ),
    Step(
        "What is looked up while the CDK makes the template (a VPC, a zone, a parameter) needs the account and the region: give the stack env with both, and keep cdk.context.json in the repository",
        "cdk context",
        when="context providers need concrete values",
        decides=True,
    ),
    Step(
        "The CDK's command line is older than the library of the program: update it, or pin both in the project",
        "npx cdk --version",
        when="cloud assembly schema version mismatch|schema version supported is",
        decides=True,
    ),
)
"""What is to be done about those of the CDK."""

OF_BUSY_CODES: Final = (
    Step(
        "Something else changes it at this moment: wait until that has ended, then repeat the call; let one tool alone change it",
        when=r"~\((?:concurrent(?:modification|update)|operationaborted|stalerequest|incorrectmounttargetstate|invalid(?:db)?\w{2,30}state|\w{2,50}inprogress)\w{0,9}\) when calling the (?!\w{0,20}stack\b)",
        decides=True,
    ),
)
"""What is to be done about those."""
