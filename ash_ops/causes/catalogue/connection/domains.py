"""A name of one's own: its records, its certificate, and where it leads."""

from __future__ import annotations

from ash_ops.causes.base import Cause, Rank, Step, says
from ash_ops.causes.catalogue.connection.repairs import RECORDS
from ash_ops.causes.catalogue.deploy.plainly_said import READ_THE_STATE, WAIT_FOR_THE_ISSUE

_READ_CERTIFICATE = Step(
    "Read the certificate's state, and the record that ACM asks for",
    "aws acm describe-certificate --certificate-arn <certificate> "
    "--query 'Certificate.[Status,FailureReason,DomainValidationOptions]'",
)

CAUSES = (
    Cause(
        slug="certificate-not-validated",
        title="ACM does not issue or renew the certificate: it cannot validate the name",
        category="connection",
        severity="error",
        meaning="ACM looks for a CNAME record that proves whose the name is, at its issue and before each "
        "renewal. It does not find it in the zone that the DNS asks, or a CAA record forbids Amazon to issue.",
        proof=(
            _READ_CERTIFICATE,
            Step("Ask the DNS for that record", "dig +short CNAME <validating-record>"),
            *READ_THE_STATE,
        ),
        repair=(
            *WAIT_FOR_THE_ISSUE,
            Step(
                "Make the CNAME record that ACM names, in the zone that the DNS asks, and let it stay there"
            ),
            Step('Where there are CAA records, add 0 issue "amazon.com"'),
        ),
        signatures=(
            says("requestinprogressexception", "certificate", rank=Rank.CLEAR),
            says("pending_validation", "last state|timeout|timed out", rank=Rank.DECISIVE),
            says(
                "validation|verification",
                "~\\bdomain names? (?:has|have) failed validation\\b|\\badditional verification required to request certificates\\b",
                rank=Rank.CLEAR,
            ),
            says(
                "domain_not_allowed|certificate must be in issued state|certificate request failed",
                rank=Rank.CLEAR,
            ),
            says(
                "certificate|cert",
                "~\\bcert(?:ificate)?\\b(?:[^.|]|\\.(?=\\S)){0,80}\\b(?:never|not|is not|does not|still not) (?:gets? |get |been |yet )?(?:issued|validated)\\b",
                rank=Rank.LIKELY,
                unless="let's encrypt|certbot",
            ),
            says(
                "certificate|acm",
                "pending validation|pending dns validation|validation pending|validation is pending",
                rank=Rank.LIKELY,
                unless=("success",),
            ),
            says(
                "acm|certificatemanager|certificate manager",
                "certificate",
                "taking a while|taking so long|takes forever|stuck|not yet valid|register as valid",
                rank=Rank.LIKELY,
            ),
            # What waits for the certificate in the SDKs, and in CDK's own resource.
            says(
                "certificatevalidated",
                "is not in the state|waiter|max attempts|exceeded|timed out|timeout",
                rank=Rank.DECISIVE,
            ),
            says(
                "dns validation|domain validation",
                "certificate|acm",
                "hangs|hanging|stuck|indefinitely|never completes|still pending|remains in a pending|remains pending",
                rank=Rank.CLEAR,
                unless="let's encrypt|certbot",
            ),
            says("content of dns record is:", rank=Rank.DECISIVE),
            says(
                "pending_validation", rank=Rank.DECISIVE, unless=("issued|success", "trade|invoice")
            ),
            says("expected certificate to be issued but was in state", rank=Rank.DECISIVE),
            says("unsupportedcertificate", "certificate", rank=Rank.DECISIVE),
            says("validation_timed_out|caa_error", rank=Rank.DECISIVE),
            says("additional_verification_required|domain_validation_denied", rank=Rank.DECISIVE),
        ),
        confused_with=(
            ("tls-certificate-invalid", "There a certificate is shown, and clients refuse it."),
        ),
        docs_url="https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html",
    ),
    Cause(
        slug="domain-taken",
        title="The domain has records that are somebody else's",
        category="deploy",
        severity="error",
        meaning="The name that is to lead to the load balancer has records in its hosted zone already, or its "
        "part of the zone is given to other name servers. Route 53 refuses to make the record.",
        proof=(
            Step(
                "List the records of the name",
                "aws route53 list-resource-record-sets --hosted-zone-id <hosted-zone> "
                "--query \"ResourceRecordSets[?Name=='<domain>.']\"",
            ),
        ),
        repair=(
            Step("Give another --domain, or delete those records once nobody needs them"),
            *RECORDS,
        ),
        signatures=(
            says(
                "dns record|record set|cname",
                "already exists",
                "route 53|route53|hosted zone",
                rank=Rank.PRECISE,
            ),
            says(
                "tried to create resource record set",
                "but it already exists|already exists",
                rank=Rank.DECISIVE,
            ),
            says(
                "rrset of type",
                "conflicts with other records with the same dns name",
                rank=Rank.DECISIVE,
            ),
        ),
        confused_with=(),
        docs_url="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html",
    ),
    Cause(
        slug="domain-elsewhere",
        title="The domain leads to something else than the load balancer",
        category="connection",
        severity="error",
        meaning="The name resolves, and to other addresses than those of the load balancer: its record still "
        "names what was there before, or another zone answers for it.",
        proof=(
            Step("Where the name leads", "dig +short <domain>"),
            Step("Where the load balancer is", "dig +short <load-balancer>"),
        ),
        repair=(
            Step("Point the name at the load balancer: a CNAME, or an alias record in Route 53"),
        ),
        signatures=(),
        confused_with=(("dns-nxdomain", "There the name does not resolve at all."),),
        docs_url="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-to-elb-load-balancer.html",
    ),
)
