"""Where AWS is called: regions, their endpoints, and the profiles that name them."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says
from ash_ops.causes.catalogue.access.repairs import IN_A_PROGRAM, MISSPELT, WAY_THERE
from ash_ops.causes.catalogue.access.words import OF_NO_REGION

_CALL: Final = "api_error log_line"

CAUSES: Final = (
    Cause(
        slug="aws-region-invalid",
        title="Region's endpoint cannot be reached or does not exist",
        category="aws-access",
        severity="error",
        meaning="A mistyped or disabled region, or no way to the internet.",
        proof=(
            Step("List the regions", "aws ec2 describe-regions --query 'Regions[].RegionName'"),
            Step(
                "Ask for that name where the program runs: with an answer the way is shut behind it, without one it is the name or the resolver",
                "nslookup <domain>",
                when=r"~\b(?:getaddrinfo|enotfound|eai_again|no such host|could not resolve host|name or service not known|nodename nor servname)\b",
                decides=True,
            ),
        ),
        repair=(
            Step(
                "Correct AWS_REGION or --region, or the network", "ash-ops --region <region> doctor"
            ),
            Step(
                "If that region is none that AWS has, correct it; if it is, nothing came back from it: let the task out (a NAT gateway, or a public address and a route to an internet gateway), or give its subnets an endpoint of that service which lets it in on 443",
                "ash-ops doctor connection",
                when="connect timeout on endpoint|connecttimeouterror",
            ),
            *WAY_THERE,
            *MISSPELT,
            Step(
                "The name is that of a zone: take its last letter away from AWS_REGION or --region",
                "aws configure list",
                when="~\\b[a-z]{2}-[a-z]{4,9}-\\d[a-f]\\.amazonaws",
            ),
            Step(
                "A proxy stands between, whose certificate is not trusted: name its authority in AWS_CA_BUNDLE, or in ca_bundle of ~/.aws/config",
                when="ssl validation failed|certificate_verify_failed",
            ),
            Step(
                "Correct HTTPS_PROXY and NO_PROXY, or reach the proxy",
                when="proxyconnectionerror|proxyerror|proxyconnect|connect to proxy|tunnel connection failed",
            ),
        ),
        signatures=(
            says(
                "could not connect to the endpoint|endpointconnectionerror|endpoint url|unknownendpoint|unknown endpoint|invalid endpoint|invalidregion|invalid region|not a valid region|does not match a valid region|provided region_name|region is not valid|region is not a|region is not enabled|region is not supported|region is not opted|unknown region|not supported in the region|is not a supported region|inaccessible host|connecttimeouterror|connect timeout on endpoint|read timeout on endpoint|proxyconnectionerror|failed to connect to proxy|ssl validation failed|invalid hostname|invalidregionerror|endpointprovidererror|region doesn't match|not a valid endpoint|endpoint resolution|is not enabled for region|region is disabled|regiondisabled",
                rank=Rank.CLEAR,
                kinds=_CALL,
                unless=(
                    # Node's fetch and Python's requests name what they waited for so, too.
                    "retrying after connection broken|attempted address|und_err|httpconnectionpool|httpsconnectionpool| is an invalid arn: ",
                    # The model was asked, and is still at work on its answer.
                    '~\\bread timeout on endpoint url: ?"?https://bedrock-',
                ),
            ),
            says(
                "amazonaws.com|.api.aws",
                "no such host|could not resolve|name or service not known|servname provided|getaddrinfo|enotfound|failed to resolve|nxdomain|name resolution|connection refused|timed out|timeout|dial tcp|connection was closed|connection reset",
                rank=Rank.CLEAR,
                kinds=_CALL,
                unless=(
                    "elb.|.elb",
                    "rds.|.rds",
                    ".cache.amazonaws.",
                    "dkr.ecr",
                    "/v2/",
                    "resourceinitializationerror",
                    "logging driver|log driver",
                    '~\\bread timeout on endpoint url: ?"?https://bedrock-',
                    # Hosts of no region, which answered with their address.
                    f"~{OF_NO_REGION}",
                    # The guide that is named beside it is one of AWS.
                    "unable to resolve credentials",
                    # The address is known, so its name is; and the host's own metadata are of no region.
                    "~\\bconnection timed out: [^ /]{1,200}/\\d|\\b169\\.254\\.169\\.254/.*\\b(?:timeout|timed out)",
                ),
            ),
            says("the config profile", "region", "invalid", rank=Rank.LIKELY, kinds=_CALL),
            says(
                "proxyconnectionerror|proxyerror|proxyconnect|connect to proxy|tunnel connection failed",
                "amazonaws|botocore|boto3|aws ",
                rank=Rank.PRECISE,
                kinds=_CALL,
                unless=("dkr.ecr", "/v2/"),
            ),
            says("nosuchendpointerror", rank=Rank.PRECISE, kinds=_CALL),
            says(
                "invalid aws region",
                "~\\binvalid aws region: (?!missing\\b)[a-z]",
                rank=Rank.PRECISE,
                kinds=_CALL,
            ),
            says("does not seem to be available for aws module", rank=Rank.PRECISE),
            says(
                "unknownhostexception when attempting to interact with a service",
                rank=Rank.PRECISE,
                kinds=_CALL,
            ),
            says("ssl validation failed for", "amazonaws.com", rank=Rank.DECISIVE),
        ),
        confused_with=(
            ("aws-region-missing", "There none is set at all."),
            ("dns-nxdomain", "There it is the load balancer's name."),
        ),
        docs_url="https://docs.aws.amazon.com/general/latest/gr/rande.html",
    ),
    Cause(
        slug="aws-region-missing",
        title="No region is set",
        category="aws-access",
        severity="error",
        meaning="Without a region no endpoint can be named.",
        proof=(Step("Read the configuration", "aws configure list"),),
        repair=(
            Step("Name one", "ash-ops --region <region> doctor"),
            *IN_A_PROGRAM,
        ),
        signatures=(
            says(
                "region via the region provider chain|must provide an explicit region",
                rank=Rank.PRECISE,
                kinds=_CALL,
            ),
            says(
                "aws region is required|invalid aws region: missing|missingregion|requires a region and none was found|either region or ec2_url must be specified|account/region are not specified",
                rank=Rank.PRECISE,
                kinds=_CALL,
            ),
            says(
                "load region from any|no regionendpoint|regionendpoint or serviceurl",
                rank=Rank.PRECISE,
                kinds=_CALL,
            ),
            says(
                "configuration value is required",
                "~\\bregion\\b[^.|]{0,5} configuration value is required",
                rank=Rank.PRECISE,
                kinds=_CALL,
            ),
            says("..amazonaws.com|.none.amazonaws.com", rank=Rank.PRECISE, kinds=_CALL),
            says(
                "noregion|not supplied: aws-region|you must specify a region|set a region with|set a region using|unable to resolve a region|must specify a region|region is missing|missing region|no region|region not set|could not find region|region must be|region was not|region has not been|region not specified|unable to determine region|region not found|unable to find region|invalid configuration: missing region|missing required: region|region is required|a region must",
                rank=Rank.CLEAR,
                kinds=_CALL,
                unless="cloud_ml_region",  # Google's, of its own regions
            ),
        ),
        confused_with=(("aws-region-invalid", "There one is set and wrong."),),
        docs_url="https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html",
    ),
    Cause(
        slug="aws-profile-missing",
        title="The profile named does not exist",
        category="aws-access",
        severity="error",
        meaning="AWS_PROFILE or --profile names something that ~/.aws/config does not hold.",
        proof=(Step("List them", "aws configure list-profiles"),),
        repair=(
            Step("Use an existing one", "export AWS_PROFILE=<profile>"),
            Step(
                "Where a build or a server runs the program, there are no profiles: take the name out of provider, backend and AWS_PROFILE, and let it use the role it has there",
                when=r"~\[container\] \d|/codebuild/|\batlantis\b|/github/workspace|/builds/|\bjenkins\b",
            ),
        ),
        signatures=(
            says(
                "sharedconfigprofilenotexist|nosuchprofileerror|credentialprofilestorechain|infinite loop in credential configuration",
                rank=Rank.PRECISE,
                kinds=_CALL,
            ),
            # The Serverless Framework.
            says(
                "aws profile",
                "~\\baws profile ['\"][\\w.-]{1,80}['\"] does not seem to be configured\\b",
                rank=Rank.PRECISE,
                kinds=_CALL,
            ),
            says(
                "must have credentials",
                "~\\bsource[ _]profile\\b[^.|]{0,80} must have credentials",
                rank=Rank.PRECISE,
                kinds=_CALL,
            ),
            says("credentials using profile", rank=Rank.PRECISE, kinds=_CALL, unless="sso"),
            says(
                "profile",
                "could not be found|not found|does not exist|not exist|missing|cannot be found|failed to get shared config|could not find|no such|invalid profile|is not configured|was not found|not be resolved",
                rank=Rank.PRECISE,
                kinds=_CALL,
                # "--profile" of the command stands before what its program says of something else.
                unless=(
                    "instance profile|instanceprofile",
                    "sso",
                    "~aws::(?!errors)",
                    "missingregion|could not find region",
                    "version 'glibc",
                    # Apple's profiles of provisioning.
                    "provisioning profile|no profiles for|xcode|profile.d/",
                ),
            ),
        ),
        confused_with=(("aws-credentials-missing", "There no profile is named."),),
        docs_url="https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html",
    ),
)
