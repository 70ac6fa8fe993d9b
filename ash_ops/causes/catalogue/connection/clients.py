"""What clients say when no HTTP answer arrives: curl, Python, Node, Go, browsers."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says
from ash_ops.causes.catalogue.access.words import OF_NO_REGION
from ash_ops.causes.catalogue.connection.from_elsewhere import (
    ASK_FROM_THERE,
    ASK_THAT_ADDRESS,
    ASK_WITHOUT_TLS,
    BUNDLE_OF_RDS,
    OF_ANOTHER_NAME,
    OTHER_NAMES,
    READ_BY_PORT,
    READ_THE_INTEGRATION,
    READ_THE_NAMES,
    READ_THE_ORIGIN,
    TO_A_PLAIN_PORT,
    WAY_OUT_OF_NODE,
)
from ash_ops.causes.catalogue.connection.plainly_said import (
    NO_CONTAINER_THERE,
    READ_CONTAINERS,
    READ_THE_DATABASES,
)
from ash_ops.causes.catalogue.connection.repairs import (
    API_REFUSES,
    ASK_AROUND,
    ASK_FOR_THE_NAME,
    ASK_THE_API,
    NO_ANSWER,
    NOBODY_LISTENS,
    PLAIN,
    TRUSTED,
    UNKNOWN_NAMES,
)
from ash_ops.causes.catalogue.connection.resolvers import (
    READ_THE_SERVER_OF_TOOLS,
    SERVER_OF_TOOLS,
)
from ash_ops.causes.catalogue.connection.words import (
    ANSWERED_LATE,
    ASH_ADDRESS,
    BEHIND_A_PROXY,
    CALLER,
    CLIENT,
    HANDSHAKE_TIMES_OUT,
    NOT_OTHERS,
    NPMS_OWN,
    OF_A_DATABASE,
    OF_AWS,
    ONE_WORD,
    OTHER_PORT,
    OTHER_TLS,
    PULLED,
    SERVED,
)

NLB_TROUBLE: Final = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-troubleshooting.html"
CAUSES: Final = (
    Cause(
        slug="conn-refused",
        title="Connection refused",
        category="connection",
        severity="error",
        meaning="The host was reached and nothing listens there, or the load balancer has no healthy target yet.",
        proof=(
            *ASK_THE_API,
            Step("Look at the targets and the running tasks", "ash-ops status"),
            Step("Let the doctor follow the path", "ash-ops doctor connection"),
        ),
        repair=(
            *API_REFUSES,
            BEHIND_A_PROXY,
            Step(
                "Use port 4100; wait one to three minutes after a deployment; if no task runs, find out why",
                "ash-ops doctor pending restarts",
            ),
            *NOBODY_LISTENS,
        ),
        signatures=(
            says(
                "econnrefused|connection refused|err_connection_refused|actively refused|errno 111|errno 61|winerror 10061|refused to connect|connectionrefusederror|ns_error_connection_refused|connect: refused|os error 111|os error 61|connecterror: all connection attempts failed|reset reason: connection failure|reset reason: remote connection failure|delayed connect error: 111",
                rank=Rank.CLEAR,
                kinds=CLIENT,
                unless=(*NOT_OTHERS, OTHER_PORT, "transport failure reason: tls error"),
            ),
            says(
                "econnrefused|connection refused",
                CALLER,
                rank=Rank.CLEAR,
                kinds=CLIENT,
                unless=NOT_OTHERS,
            ),
            says(
                "failed to connect to|could not connect to server|curl: (7)|unable to connect|cannot connect to",
                rank=Rank.LIKELY,
                kinds=CLIENT,
                unless=(
                    *NOT_OTHERS,
                    "timed out|timeout|no route to host|unreachable|could not resolve|control plane|name or service not known|name resolution|nodename nor servname|getaddrinfo",
                    # What stands between refuses, and not what was asked; CloudFront's page of any failure; a child that ended.
                    "to proxy|for this app or website|mcp error",
                ),
            ),
        ),
        confused_with=(
            ("conn-timeout", "There nothing comes back at all."),
            ("listener-missing", "There the load balancer listens on another port."),
        ),
        docs_url=NLB_TROUBLE,
    ),
    Cause(
        slug="conn-timeout",
        title="Connection timed out",
        category="connection",
        severity="error",
        meaning="Packets are dropped on the way: a security group, a network ACL, an internal load balancer, no route, or no healthy target in that zone.",
        proof=(
            Step("Let the doctor follow the path", "ash-ops doctor connection"),
            Step(
                "Read the scheme of the load balancer",
                "aws elbv2 describe-load-balancers --query 'LoadBalancers[].[DNSName,Scheme,State.Code]'",
            ),
            *ASK_AROUND,
            *READ_CONTAINERS,
            *READ_THE_ORIGIN,
            *ASK_FROM_THERE,
            *ASK_THAT_ADDRESS,
            *READ_THE_INTEGRATION,
            *READ_THE_SERVER_OF_TOOLS,
        ),
        repair=(
            ANSWERED_LATE,
            BEHIND_A_PROXY,
            *SERVER_OF_TOOLS,
            Step(
                "Find out what drops the packets before you open anything: the doctor names the rule",
                "ash-ops doctor connection",
            ),
            Step(
                "Admit your address on 4100 in the load balancer's security group",
                "aws ec2 authorize-security-group-ingress --group-id <balancer-security-group> --protocol tcp --port 4100 --cidr <your-address>/32",
                when=ASH_ADDRESS,
            ),
            *NO_ANSWER,
            *NO_CONTAINER_THERE,
            *WAY_OUT_OF_NODE,
        ),
        signatures=(
            says(
                "etimedout|connection timed out|connect timeout|connecttimeout|connect_timeout|und_err_connect_timeout|und_err_headers_timeout|und_err_body_timeout|headers timeout|body timeout|operation timed out|readtimeout|read timeout|err_connection_timed_out|err_timed_out|took too long to respond|esockettimedout|curl: (28)|errno 110|errno 60|winerror 10060|i/o timeout|no route to host|ehostunreach|enetunreach|network is unreachable|host is down|connection attempt failed because the connected party|err_address_unreachable|exceeded while awaiting headers|tls handshake timeout|httpclient.timeout of|http connect timed out|reset reason: connection timeout|execution expired (failed to open tcp connection",
                rank=Rank.CLEAR,
                kinds=CLIENT,
                unless=(
                    *NOT_OTHERS,
                    NPMS_OWN,
                    "could not resolve|name resolution",
                    "bridge",
                    "install.sh|startup.sh",
                    "client write timeout",
                    "mount.nfs|nfs4|efs",
                    # Where a program of AWS asks for its credentials.
                    "169.254.",
                ),
            ),
            # Hosts of AWS that have no region to be wrong.
            says(
                "i/o timeout|timed out|timeout",
                f"~{OF_NO_REGION}",
                rank=Rank.CLEAR,
                kinds=CLIENT,
                unless="endpoint url|resourceinitializationerror|/v2/|dkr.ecr",
            ),
            says(
                "generated by cloudfront|cloudfront attempted to establish",
                "~\\b504 (?:gateway time-?out )?error\\b",
                rank=Rank.CLEAR,
            ),
            says(
                "timed out|timeouterror|timeout of |due to timeout|deadline exceeded|context deadline|timeout exceeded|pool timeout|request timeout",
                rank=Rank.LIKELY,
                kinds="http",
                unless=(
                    # Where the Go SDK stopped waiting, the line above says for what.
                    "~^caused by: context deadline exceeded$",
                    "task timed out after|idle timeout of|longer than the timeout of|shutdown timeout|shutdown timed out",
                    "execution timed out|execution of state|step timed out|test timed out",
                    # A program's own limit for a part of it, which it names: no connection.
                    "~\\b\\w{2,30}timeouterror: \\w{2,20} '[^']{1,60}' timed out after",
                    *NOT_OTHERS,
                    NPMS_OWN,
                    "could not resolve|name resolution",
                    "bridge",
                    "install.sh|startup.sh",
                    "client write timeout",
                    "resource timed out|waiting for|waiter|ecs service was timed out|deployment failed due to timeout|delete task|container task",
                    "mount.nfs|nfs4|efs",
                ),
            ),
        ),
        confused_with=(
            ("conn-refused", "There a refusal comes back at once."),
            ("caller-address-blocked", "The usual reason, once the rules were read."),
        ),
        docs_url=NLB_TROUBLE,
    ),
    Cause(
        slug="dns-nxdomain",
        title="A name does not resolve: the load balancer's, or another that is called",
        category="connection",
        severity="error",
        meaning="The name is mistyped, or no resolver that was asked knows it; a load balancer may be deleted, renamed or still being made.",
        proof=(
            *ASK_FOR_THE_NAME,
            Step(
                "Compare with the name in use",
                "aws elbv2 describe-load-balancers --query 'LoadBalancers[].[DNSName,State.Code]'",
            ),
        ),
        repair=(
            BEHIND_A_PROXY,
            Step("Use the current name", "ash-ops connect"),
            Step("After creation, wait one to three minutes"),
            *UNKNOWN_NAMES,
            Step(
                "A name of one word is another container's: give the address by which the task reaches it (in a task of awsvpc, localhost; else Service Connect or service discovery; in Compose its service's name, in a network of both, once it runs)",
                when="~\\blookup [a-z0-9_-]{1,40} on |\\b(?:enotfound|eai_again) (?!localhost)[a-z0-9_-]{1,40}(?![\\w.-])|\\bfailed to resolve '[a-z][a-z0-9_-]{1,40}'|\\bhttps?connectionpool\\(host='[a-z][a-z0-9_-]{1,40}'|\\bunknownhostexception: [a-z0-9_-]{1,40}(?![\\w.-])",
            ),
        ),
        signatures=(
            says(
                "bad address|found in upstream|could not be resolved|enotfound|eai_again",
                "~\\bgetaddrinfo (?:enotfound|eai_again) [*x]{3,40}[a-z0-9.*-]{0,160}(?: |$)|wget: bad address|host not found in upstream|[*]\\d{1,9} [\\w.-]{1,250} could not be resolved|\\bgetaddrinfo (?:enotfound|eai_again) (?!localhost|undefined|null|base)[a-z][a-z0-9_-]{1,40}(?: |$)",
                rank=Rank.PRECISE,
                kinds="http log_line",
                unless=NOT_OTHERS,
            ),
            # A store's own name, whoever asks for it: no resolver knows it outside of its VPC, or once it is gone.
            says(
                ".cache.amazonaws.",
                "~\\b(?:enotfound|eai_again) [\\w.-]{3,200}\\.cache\\.amazonaws\\.|\\blookup [\\w.-]{3,200}\\.cache\\.amazonaws\\.[^|]{0,80}\\bno such host",
                rank=Rank.PRECISE,
                kinds="http log_line",
            ),
            says(
                "resolve",
                "~\\b(?:nlb|load balancer|elb|cname)\\b(?:[^.|]|\\.(?=\\S)){0,20}\\b(?:does not|cannot|not|fails to|will not|cannot be) resolved?\\b",
                rank=Rank.CLEAR,
            ),
            says(
                "enotfound|eai_again|eai_noname|eai_nodata|could not resolve|cannot resolve|cannot be resolved|failed to resolve|getaddrinfo|name or service not known|nodename nor servname|name resolution|nameresolutionerror|err_name_not_resolved|no such host|nxdomain|name not resolved|no address associated with hostname|server cannot be found|server cannot find |unknown host|unknownhost|curl: (6)|errno -2|errno -3|errno 11001|err_name_resolution_failed|server ip address could not be found|name does not resolve|dns lookup|dns error|dns_probe|failed to lookup address information",
                rank=Rank.LIKELY,
                kinds=CLIENT,
                unless=(
                    *NOT_OTHERS,
                    NPMS_OWN,
                    "resolve dependency|resolve dependencies|resolve volume|resolve placeholder|resolve service for type|resolve parameter|resolve bean|resolve module|resolve type|resolve plugin",
                    # Android's words.
                    '~\\bunknownhostexception: (?:unable to|could not|cannot|failed to) resolve host "',
                    # Gradle of what it is to fetch, by any reason.
                    "resolve all files for configuration|resolve all dependencies for|resolve all artifacts for",
                    "~\\bresolve: [\\w.-]{3,80}:[\\w.-]{2,80}:\\d",
                    "~resolve host address '(?![^']{0,200}(?:\\.elb\\.|nlb))",
                    "listen |0.0.0.0|bind",
                    OF_AWS,
                    # What pg asks for where its URL is none, and the machine itself.
                    "enotfound base|enotfound localhost|eai_again localhost",
                    "failed to resolve ref|resolve reference|registry|mount.nfs|efs|environment variable|placeholder",
                    ONE_WORD,
                    OTHER_PORT,
                ),
            ),
            says(
                "enotfound|eai_again|could not resolve|failed to resolve|unable to resolve host|getaddrinfo|name or service not known|nodename nor servname|name resolution|nameresolutionerror|no such host",
                CALLER,
                rank=Rank.PRECISE,
                kinds=CLIENT,
                unless=(*NOT_OTHERS, NPMS_OWN, "listen |0.0.0.0|bind", ONE_WORD, OF_AWS),
            ),
        ),
        confused_with=(("aws-region-invalid", "There the name of an AWS API does not resolve."),),
        docs_url=NLB_TROUBLE,
    ),
    Cause(
        slug="tls-to-plain-http",
        title="https:// used against the plain HTTP listener",
        category="connection",
        severity="error",
        meaning="A TLS handshake was sent to a TCP listener that passes it on to a server speaking plain HTTP.",
        proof=(
            Step(
                "Read the listener's protocol",
                "aws elbv2 describe-listeners --load-balancer-arn <load-balancer> --query 'Listeners[].[Protocol,Port]'",
            ),
            Step("The same address with http:// answers", "ash-ops health"),
            *ASK_WITHOUT_TLS,
        ),
        repair=(
            Step(
                "Use http://HOST:4100, or add a TLS listener with an ACM certificate",
                "ash-ops deploy --plan",
            ),
            *PLAIN,
            *TO_A_PLAIN_PORT,
        ),
        signatures=(
            says(
                "wrong version number|wrong_version_number|err_ssl_wrong_version|err_ssl_protocol_error|ssl_error_rx_record_too_long|err_ssl_packet_length_too_long|packet length too long|record layer failure|does not look like a tls handshake|gave http response to https client|unknown protocol|http_request|record overflow|invalid message contenttype|corrupt message|ssl_error_rx_record_too_long|err_ssl| eproto|eproto:|eproto |tlsv1 alert|0a00010b|ssl3_get_record|tls_get_more_records|plain http request was sent to https|http response to an https|ssl/tls alert|frame with length|schannel: |cannot finish ssl|oneshot handshake|ssl_error_syscall",
                rank=Rank.PRECISE,
                kinds=CLIENT,
                unless=(
                    "postgres|postgrex|dbconnection|:5432|port 5432|port=5432|database|[db]",
                    OTHER_TLS,
                    HANDSHAKE_TIMES_OUT,
                    SERVED,
                    PULLED,
                ),
            ),
            says(
                "ssl|tls|https",
                "handshake|protocol error|secure connection|secure tls connection|ssl connect error|sslerror|decryption failed|eof occurred|unexpected_eof|unexpected eof|invalidcontenttype|invalid content type",
                rank=Rank.CLEAR,
                kinds=CLIENT,
                unless=(
                    "postgres|postgrex|dbconnection|:5432|port 5432|port=5432|database|[db]",
                    "certificate",
                    "plain http. in production|ld.so: ",
                    OTHER_TLS,
                    HANDSHAKE_TIMES_OUT,
                    SERVED,
                    PULLED,
                ),
            ),
        ),
        confused_with=(
            ("conn-reset", "There the connection is closed without such an error."),
            ("tls-certificate-invalid", "There TLS is spoken and the certificate is not trusted."),
        ),
        docs_url=NLB_TROUBLE,
    ),
    Cause(
        slug="tls-certificate-invalid",
        title="The TLS certificate is not trusted, expired or for another name",
        category="connection",
        severity="error",
        meaning="TLS is spoken and the certificate does not prove the host you asked for.",
        proof=(
            Step(
                "Read the certificate",
                "openssl s_client -connect <host>:443 -servername <host> </dev/null",
            ),
            *READ_THE_DATABASES,
            *READ_BY_PORT,
            *READ_THE_NAMES,
        ),
        repair=(*TRUSTED, *OF_ANOTHER_NAME, *OTHER_NAMES, *BUNDLE_OF_RDS),
        signatures=(
            # libpq, of the authorities that it was to compare with.
            says(
                "root certificate file",
                "~\\b(?:locate|find|read) root certificate file\\b|\\broot certificate file ['\"][^'\"]{1,200}['\"] does not exist",
                rank=Rank.PRECISE,
                kinds="http log_line",
            ),
            says(
                "no alternative certificate subject name|certificate is valid for|does not match either of '|pkix path building failed|unable to find valid certification path",
                rank=Rank.PRECISE,
                kinds="http log_line",
            ),
            says(
                "remote error: tls: bad certificate|remote error: tls: unknown certificate|x509: failed to load system roots",
                rank=Rank.PRECISE,
            ),
            says(
                "certificate",
                "verify failed|verify_failed|expired|self signed|self-signed|unable to get local issuer|not trusted|does not match|altnames|hostname mismatch|not valid|cert_authority_invalid|common_name_invalid|unknown authority|signed by unknown|invalid|has expired|unable to verify",
                rank=Rank.PRECISE,
                kinds=CLIENT,
                unless=(
                    OF_A_DATABASE,
                    PULLED,
                    # Before it is issued, nobody is shown it; a registry is asked by Docker.
                    "not validated|dns validation|aws::certificatemanager|invalidviewercertificate|docker: x509|recreate self-signed|verify error:num|'s certificate, issued by",
                ),
            ),
            says(
                "insecurely, use|err_cert|err_tls_cert|depth_zero_self_signed|unable_to_verify_leaf|cert_has_expired|self_signed_cert_in_chain",
                rank=Rank.PRECISE,
                kinds=CLIENT,
                unless=OF_A_DATABASE,
            ),
        ),
        confused_with=(("tls-to-plain-http", "There the other side speaks no TLS at all."),),
        docs_url="https://docs.aws.amazon.com/elasticloadbalancing/latest/network/tls-listener-certificates.html",
    ),
)
