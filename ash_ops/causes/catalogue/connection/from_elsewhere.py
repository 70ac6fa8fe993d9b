"""Connections of other programs, and of other servers behind a load balancer: what can decide about them."""

from typing import Final

from ash_ops.causes.base import Step

_NOT_ASHS: Final = r"~^(?!.*(?:\bash\b|\bash[-_.]|\b4100\b))"
_LINE: Final = r"\bapp/[\w-]{1,60}/[0-9a-z]{8,20} [\d.:]{9,30} [\d.:]{9,30} "
"""An access log of a balancer that chose a target."""

READ_THE_TARGETS_LOG: Final = (
    Step(
        "Read the log of the target at that second: the line names its address and port in the fifth column",
        "aws logs tail <log-group> --since 1h",
        when=rf"{_NOT_ASHS}.*{_LINE}",
        decides=True,
    ),
)

_EMPTY_REPLY: Final = rf"{_NOT_ASHS}.*\.elb\..{{0,400}}\bcurl: \(52\)"

READ_ITS_LISTENERS: Final = (
    Step(
        "See which protocol the listeners have, and then the state of the targets",
        "aws elbv2 describe-load-balancers --query 'LoadBalancers[].[DNSName,Type,State.Code,LoadBalancerArn]'",
        when=_EMPTY_REPLY,
        decides=True,
    ),
)

NOTHING_BEHIND_IT: Final = (
    Step(
        "The balancer took the connection, and the target closed it without a word: it has no healthy target, or the target speaks another protocol (TLS, PROXY protocol) than the listener passes on. Call it by https:// if it takes TLS, switch the proxy protocol off or let the server read it, and mend the health check",
        when=_EMPTY_REPLY,
        decides=True,
    ),
)

_CLOUDFRONT: Final = r"~\bcloudfront\b"

READ_THE_ORIGIN: Final = (
    Step(
        "Read which origin CloudFront asks, by which protocol and port",
        "aws cloudfront get-distribution-config --id <distribution> --query 'DistributionConfig.Origins.Items[].[DomainName,CustomOriginConfig]'",
        when=_CLOUDFRONT,
        decides=True,
    ),
    Step(
        "Then see whether that address answers from outside (curl -sv https://ORIGIN/)",
        when=_CLOUDFRONT,
        decides=True,
    ),
)

_CALLS_OUT: Final = rf"{_NOT_ASHS}(?!.*(?:\.elb\.|\battempted address|\b\d{{1,3}}(?:\.\d{{1,3}}){{3}}:)).*\bund_err_connect_timeout\b"

ASK_FROM_THERE: Final = (
    Step(
        "Ask that address from where the program runs, and another one: if others answer, it is the host that is asked, or the rules in front of it",
        "nc -vz -w 5 <host-and-port>",
        when=rf"{_NOT_ASHS}(?!.*\.elb\.).*\bfailed to connect to \S{{3,200}} port (?!4100\b)\d",
        decides=True,
    ),
    Step(
        "See whether that place has a way out at all",
        "curl -sSI https://checkip.amazonaws.com",
        when=_CALLS_OUT,
        decides=True,
    ),
)

WAY_OUT_OF_NODE: Final = (
    Step(
        "It is a call that Node's fetch made, and no connection stood after ten seconds; the stack names the line that calls. Ask the same address from there (curl -v). Mend the way out: egress in the security group, a NAT gateway or a public address; Node takes no HTTPS_PROXY unless it is told to. If only IPv6 is dead, NODE_OPTIONS=--dns-result-order=ipv4first",
        when=_CALLS_OUT,
        decides=True,
    ),
)

_OWN_PORT: Final = r"~\bhttpsconnectionpool\(host='[\w.-]{1,200}', port=(?!443\))\d{1,5}\)"

READ_BY_PORT: Final = (
    Step(
        "Read the certificate",
        "openssl s_client -connect <host>:<port> -servername <host> </dev/null",
        when=_OWN_PORT,
        decides=True,
    ),
)

_OF_S3: Final = r"~\bs3[.-][\w.-]{0,60}amazonaws\.com\b.{0,600}\baltnames\b|\baltnames\b.{0,600}\bs3[.-][\w.-]{0,60}amazonaws\.com\b"

OF_ANOTHER_NAME: Final = (
    Step(
        "AWS cannot read the file: each is PEM (-----BEGIN CERTIFICATE----- on a line of its own, no other text), the own certificate alone in --certificate-body, the intermediate ones in --certificate-chain, its key in --private-key, each with file:// in front of the path",
        when=r"~\bmalformedcertificate\b|\bunable to parse certificate\b|\bcertificate (?:body|field|chain) (?:contains|is not)\b.{0,60}\b(?:pem|certificate)\b",
        decides=True,
    ),
    Step(
        "S3's certificate is for *.s3.amazonaws.com, one part alone in front of it: a bucket with full stops in its name is to be called by path (forcePathStyle: true, s3ForcePathStyle in older SDKs), or to be made anew without them",
        when=_OF_S3,
        decides=True,
    ),
)

_EPROTO: Final = rf"{_NOT_ASHS}(?!.*\.elb\.).*(?:\beproto\b|\bwrong version number\b|\bwrong_version_number\b|\bssl_error_syscall\b)"

ASK_WITHOUT_TLS: Final = (
    Step(
        "Ask the same host and port without TLS (curl -sv http://HOST:PORT/): if it answers, that settles it",
        when=_EPROTO,
    ),
)

LISTENER_FOR_IT: Final = (
    Step(
        "Make a listener that forwards to it, with the protocol and the port that clients call (HTTP or HTTPS of an Application Load Balancer, TCP or TLS of a network one), or name the group in a rule of one that is there; a service that shifts traffic (blue/green) keeps one group unused",
        "aws elbv2 describe-listeners --load-balancer-arn <load-balancer>",
        when=rf"{_NOT_ASHS}.",
    ),
)

_NAMES: Final = r"\b(?:cert(?:ificate)?'s altnames\b|no alternative certificate subject name\b|hostname mismatch\b|certificate is valid for\b)"
_REGISTRYS: Final = r"/v2/|\bregistry|\bcannotpull|error response from daemon"

OTHER_NAMES: Final = (
    Step(
        "The certificate is of other names than the one that is called: call it by one of those, or have a certificate made that lists this one (for an address an entry of its own, IP:...); behind a load balancer or CloudFront attach the one of the name that clients call",
        when=rf"~^(?!.*(?:{_REGISTRYS}|\bs3[.-])).*{_NAMES}",
        decides=True,
    ),
)

READ_THE_NAMES: Final = (
    Step(
        "Read the names that it lists (of another port than 443, that port)",
        "openssl s_client -connect <host>:443 -servername <host> </dev/null | openssl x509 -noout -ext subjectAltName",
        when=rf"~^(?!.*(?:{_REGISTRYS})).*{_NAMES}",
    ),
)

_API_GATEWAY: Final = r"~\bendpoint request timed out\b"

READ_THE_INTEGRATION: Final = (
    Step(
        "Read the log of what API Gateway calls (a function, a server) at that time: how long did it take?",
        "aws logs tail <log-group> --since 1h",
        when=_API_GATEWAY,
        decides=True,
    ),
)

_AWS_SILENT: Final = (
    r"~https?://(?!\S{0,200}\.elb\.)[\w.-]{3,120}\.amazonaws\.com\b.{0,200}\bcurl error 52\b"
)

AWS_SILENT: Final = (
    Step(
        "It is an API of AWS that the program called, and something on the way closed the connection: call it by https:// (most take nothing else), see what stands between (HTTP_PROXY, a firewall), and let the SDK try again",
        when=_AWS_SILENT,
        decides=True,
    ),
)

_ATTEMPTED: Final = r"~\battempted address(?:es)?: (?!\S{0,200}(?:\.elb\.|\bash[-_]|:4100\b))\S{3,}"

ASK_THAT_ADDRESS: Final = (
    Step(
        "Ask the address that the text names from the same place, and another one: if neither answers, the way out is shut",
        "curl -sSI https://checkip.amazonaws.com",
        when=_ATTEMPTED,
        decides=True,
    ),
)

_GATEWAY_TIMEOUT: Final = rf"{_NOT_ASHS}.*\b504 gateway time-?out\b"

READ_THE_LISTENERS_GROUP: Final = (
    Step(
        "Find the load balancer by its name, and the groups that its listeners forward to",
        "aws elbv2 describe-load-balancers --query 'LoadBalancers[].[DNSName,LoadBalancerArn]'",
        when=rf"{_GATEWAY_TIMEOUT}",
    ),
    Step(
        "Ask for the health of the targets: those that are healthy answer too late, the others are not reached",
        "aws elbv2 describe-target-health --target-group-arn <target-group>",
        when=rf"{_GATEWAY_TIMEOUT}",
    ),
)

NO_ANSWER_BEHIND: Final = (
    Step(
        "The load balancer itself answered, after it waited for a target in vain. If the targets are not healthy, let the balancer in on their port in their security group, and see that the program runs there; if they are, find what takes longer than the idle timeout (60 s), or raise that",
        "aws elbv2 describe-load-balancer-attributes --load-balancer-arn <load-balancer>",
        when=rf"{_GATEWAY_TIMEOUT}",
        decides=True,
    ),
)

_OF_RDS: Final = r"~^(?=.*\brds\b).*\bcertificate\b"

BUNDLE_OF_RDS: Final = (
    Step(
        "The program's image has an old bundle of RDS's authorities: put the current global-bundle.pem (https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem) in its place, and name it (sslrootcert, ssl.ca); see which authority the database's certificate is of",
        "aws rds describe-db-instances --query 'DBInstances[].[DBInstanceIdentifier,CACertificateIdentifier]'",
        when=_OF_RDS,
        decides=True,
    ),
)

TO_A_PLAIN_PORT: Final = (
    Step(
        "Both speak TLS, and agree on no version or cipher (or the server wants a certificate of the client, or another name by SNI): see what the server takes, then correct its policy (of a load balancer the listener's SslPolicy) or update the client",
        "openssl s_client -connect <host>:443 -servername <host> </dev/null",
        when=r"~\balert handshake failure\b",
        decides=True,
    ),
    Step(
        "The registry speaks plain HTTP: put TLS before it, or name it in insecure-registries of /etc/docker/daemon.json on each machine that pulls, and start Docker anew there",
        when=r"~\bdocker (?:pull|push|login)\b.*\bserver gave http response\b|\bserver gave http response\b.*\bdocker (?:pull|push|login)\b",
        decides=True,
        anywhere=True,
    ),
    Step(
        "The other end let the connection go in the middle of the handshake, and does not say why: no TLS is spoken on that port (call it by http://), the server ended or refuses this client, or a firewall or proxy in between breaks it off; the server's own log of that second decides",
        when=rf"{_NOT_ASHS}(?!.*\bwrong version number\b).*\bssl_error_syscall\b",
        decides=True,
    ),
    Step(
        "What answered there spoke no TLS: call that port by http://, name the port that takes TLS, or see which proxy answers in its place (one that is named with https:// and speaks plain HTTP does so)",
        when=rf"{_NOT_ASHS}(?!.*(?:\bcurl: \(35\)|\.elb\.|https://|:\d{{2,5}}\b|\bport \d|\bwrong_version_number\b)).*\bwrong version number\b",
        decides=True,
    ),
)
