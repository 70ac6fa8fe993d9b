"""Names that need more than one look: addresses of registries, tables of the AWS CLI's friends, lines of a tool's progress.

What is put together here, or stands in a line whose whole form is known, is whole: nothing else is looked for around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ash_ops.patterns import regex

_MANIFEST: Final = regex(
    r"https://([a-z0-9][a-z0-9.-]{1,100}(?::\d{2,5})?)/v2/([a-z0-9][a-z0-9._/-]{1,150}?)/manifests/([\w.:-]{1,140})(?=\\?[\"'] ?|: )"
)
"""What a registry is asked for: https://distribution.github.io/distribution/spec/api/"""
_BUILT_FROM: Final = regex(
    r"failed to solve: ([a-z0-9][a-z0-9.-]{0,100}(?::\d{2,5})?(?:/[a-z0-9._-]{1,100}){0,6}:[\w.-]{1,128}): "
)
_RUN: Final = regex(
    r"(?m)(?:^|[$#>] )(?:sudo )?docker run (?:(?:-[ditP]{1,3}|--rm|--init|--privileged|--detach|--interactive|--tty) ){0,5}"
    r"([a-z0-9][a-z0-9._/-]{1,150}(?::[\w.-]{1,128})?) \S"
)
_NO_TAG: Final = regex(
    r"\b[Tt]ag ([\w.-]{1,128}) not found in repository ([a-z0-9][a-z0-9.-]{0,100}(?:/[a-z0-9._-]{1,100}){1,6})(?=[,\s])"
)
_HUB: Final = ("registry-1.docker.io", "docker.io", "index.docker.io")
_CERTIFICATE_OF: Final = regex(
    r"https://([\w.-]{3,200})(?::443)?/[^\s\"]{0,200}\\?\": (?:tls: failed to verify certificate: )?x509: "
)
_PROGRESS: Final = regex(r"(?m)^([A-Za-z][\w-]{1,127}) {1,3}\| {0,3}\d{1,4}/\d{1,4} \| ")
"""The CDK's, of a deployment with several stacks."""
_DELETED: Final = regex(r"\b[Ss]tack ((?=[\w]{0,60}-)[A-Za-z][\w-]{2,127}) deletion failed\b")
_CHECKER: Final = regex(r"(?m)^Cluster {0,4}: ([\w-]{1,255}) *\r?\n *Task {0,6}: ([0-9a-f]{32}) *$")
"""What the checker of ECS Exec looks at: https://github.com/aws-containers/amazon-ecs-exec-checker"""
_HELD: Final = regex(
    r"(?m)(?:\b[Ll]og [Gg]roup '?|\| {1,20})(/[\w.#-]{1,60}(?:/[\w.#-]{1,100}){1,6})'? already exists\b"
)
"""A log group whose name is taken."""
_WITHOUT_ACCOUNT: Final = regex(
    r"\b[Uu]ser:? {1,2}arn:aws:iam::(?:user|:user)/([\w+=.@-]{1,64}) is not "
)
"""A user whose account was taken out of the text."""


_REACHED_FOR: Final = regex(
    r"(?:\b[Ff]ailed to connect to |\bE(?:CONNREFUSED|TIMEDOUT|HOSTUNREACH) |\bdial tcp |\bon host [\"'`]|\bserver at [\"'`]|\b[Cc]onnecting to ['\"])"
    r"(?!(?:undefined|null|the|a|this|that|your)\b)((?:\d{1,3}\.){3}\d{1,3}|::1|[A-Za-z][\w-]{0,60}(?:\.[\w-]{1,60}){0,6})"
    r"[\"'`]{0,3}(?: \((?:\d{1,3}\.){3}\d{1,3}\))?(?:,? and accepting\s+(?:[\w.-]{1,40} {0,9}\| {0,9})?TCP/IP connections on port |,? port |[\"'`]{0,2}:[\"'`]{0,2})(\d{2,5})(?![\d.])"
)
"""The address that a program asked in vain, as curl, Node, Go, libpq and Prisma print it."""
_WRITTEN: Final = regex(
    r"(?m)(?:^|[\s`])image: [\"']?([a-z0-9][a-z0-9.-]{0,60}(?:(?::\d{2,5})?/[a-z0-9._/-]{1,150}(?::[\w.-]{1,128})?|:[\w.-]{1,128}))[\"'`]?[ \t]*$"
)
"""An image of a Compose file or a definition in YAML."""


def composed(text: str) -> Iterator[tuple[str, str]]:
    """The names that a text holds in such places, each with its placeholder."""
    yield from _images(text)
    yield from _of_lines(text)
    if asked := _REACHED_FOR.search(text):
        yield "host-and-port", f"{asked.group(1)} {asked.group(2)}"
    written = set(_WRITTEN.findall(text))
    if len(written) == 1:  # of several, the text does not say which
        yield "image", written.pop()


def _images(text: str) -> Iterator[tuple[str, str]]:
    if asked := _MANIFEST.search(text):
        host, path, tag = asked.groups()
        yield "image", _image(host, path, tag)
        yield from _registry(host)
    if built := _BUILT_FROM.search(text):
        yield "image", built.group(1)
        host = built.group(1).partition("/")[0]
        yield from _registry(host if "." in host else "")
    if lacking := _NO_TAG.search(text):
        yield "image", f"{lacking.group(2)}:{lacking.group(1)}"
    if started := _RUN.search(text):
        yield "image", started.group(1)


def _image(host: str, path: str, tag: str) -> str:
    mark = "@" if tag.startswith("sha256:") else ":"
    named = path.removeprefix("library/") if host in _HUB else f"{host}/{path}"
    return f"{named}{mark}{tag}"


def _registry(host: str) -> Iterator[tuple[str, str]]:
    if host and host not in _HUB and ".dkr.ecr." not in host:
        yield "registry", host


def _of_lines(text: str) -> Iterator[tuple[str, str]]:
    if checked := _CHECKER.search(text):
        yield "cluster", checked.group(1)
        yield "task", checked.group(2)
    for name, pattern in _LINES:
        if found := pattern.search(text):
            yield name, next(group for group in found.groups() if group)


_ENDED: Final = regex(r"(?m)^([0-9a-f]{12}) {2,40}\S.{0,200}\bExited \([1-9]\d{0,2}\)")
"""A row of ``docker ps -a`` about a container that ended."""

_WAITED_FOR: Final = regex(
    r"\bdependency failed to start: container ([\w.-]{1,100}) (?:exited|is unhealthy)\b"
)
_ASKED_IN: Final = regex(
    r"\bendpoint URL: \"?https://bedrock-runtime\.([a-z]{2}(?:-[a-z]{2,10}){1,3}-\d)\.amazonaws\.com\b"
)
"""Where botocore asked a model."""
_ASKED: Final = regex(
    r"(?:\b(?:ENOTFOUND|EAI_AGAIN) |\bFailed to resolve '|\bHTTPS?ConnectionPool\(host='|\bCould not resolve host: |\blookup |\b[Uu]nable to connect to `)(?!undefined\b|null\b|localhost\b)([A-Za-z0-9_](?:[\w.-]{0,200}[A-Za-z0-9])?)(?![\w*.-]*\*)(?=[\s:',)`\"\]]|\.?$)"
)
"""A name that no resolver knew, as Node, Python, curl and Go print it."""
_POOL: Final = regex(
    r"\bHTTPSConnectionPool\(host='([\w.-]{1,200})', port=\d{1,5}\).{0,300}(?:CERTIFICATE_VERIFY_FAILED|SSLError)"
)
_POOLS_PORT: Final = regex(
    r"\bHTTPSConnectionPool\(host='[\w.-]{1,200}', port=(\d{1,5})\).{0,300}(?:CERTIFICATE_VERIFY_FAILED|SSLError)"
)
"""Python's requests, of a certificate that it does not trust."""
_ALTNAMES: Final = regex(r"(?s)\baltnames\b.{0,600}\bhostname: '([\w.-]{3,200})'")
_PULLED: Final = regex(
    r"(?m)(?:^|[$#>] )(?:sudo )?docker pull ([a-z0-9][a-z0-9._-]{1,100})[ \t]*\r?\n"
)
_ASKS: Final = regex(
    r"\bHost: ([\w-]{1,60}(?:\.[\w-]{1,60}){1,6})\.? is not in the cert's altnames\b"
)
_MATCHING: Final = regex(
    r"\bclosest matching container-instance ([0-9a-f][0-9a-f-]{5,40}) (?:has|is|does|encountered)\b"
)
_CLASSIC: Final = regex(r"\bis unhealthy in \(?elb ([A-Za-z0-9][\w-]{0,31})(?=[ )])")
_GROUP: Final = regex(
    r"\b(?:unhealthy in|ELB health checks in) \(?target-group (?!arn:)([A-Za-z0-9][\w-]{0,31})(?=[\s)]|$)"
)
_PROVIDER: Final = regex(r"\b[Cc]apacity provider '([\w-]{1,255})'")
"""What the events of a service name by its own name."""
_RECORD: Final = regex(
    r"(?:\bresource record set \[name='|\bwith DNS name )([\w*.-]{3,200}\.[a-z]{2,20})\.(?=['\s])"
)
"""A record of Route 53, as its refusals name it."""
_BUCKET_ASKED: Final = regex(
    r"(?:\b(?:for|to) bucket:? |\bpermission to GetObject for )([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?=\. |: |/|,)"
)
_STACK_NAMED: Final = regex(
    r"\b(?:[Tt]he stack named|Stack:) ((?!X{3})[A-Za-z][\w-]{1,127}) (?=is in |failed )"
)
_STACK_OF_COPILOT: Final = regex(
    r"\b(?:infrastructure|changes) for stack ([A-Za-z][\w-]{1,127}) {1,40}\[[a-z]"
)
_STACK_AWAITED: Final = regex(
    r"\b[Ww]ait until stack ([A-Za-z][\w-]{1,127}) (?:update|creation|create|deletion|delete) is complete\b"
)
_PULLED_IN_VAIN: Final = regex(
    r"\bError pulling image ([a-z0-9][a-z0-9.-]{0,100}(?::\d{2,5})?(?:/[a-z0-9._-]{1,100}){0,6}:[\w.-]{1,128}) - "
)
_UPSTREAM: Final = regex(r"\bhost not found in upstream \"([A-Za-z0-9][\w.-]{0,200})\"")
_STACK_OF_BEANSTALK: Final = regex(r"\bStack named '([A-Za-z][\w-]{1,127})' ")
_LAMBDAS_LOG: Final = regex(
    r"/aws/lambda/([A-Za-z0-9_-]{1,64})(?=[\"'`)\],]|:(?:log-stream|\*)|[ \t]+\S|\s+at \w)"
)
"""The log group of a function is named by it."""
_STACK_OF_SAM: Final = regex(
    r"(?:\bfor the stack|\bcreate/update the stack): ([A-Za-z][\w-]{1,127}),"
)
_QUOTA: Final = regex(r"\bService Quota \(([a-z][a-z0-9-]{1,40})/L-[0-9A-F]{8}\)")
_PROFILE_TAKEN: Final = regex(r"\bInstance Profile ([\w+=.@-]{1,128}) already exists\b")
_ROLE_ASKED: Final = regex(
    r"\b[Rr]ole \"arn:aws[\w-]{0,10}:iam::\d{12}:role/(?:[\w-]{1,60}/){0,4}([\w+=.@-]{1,64})\" cannot be assumed\b"
)
_VERSION_OF: Final = regex(r"\bCannot find version \S{1,20} for ([a-z][a-z-]{2,30})(?=[\s.\"(]|$)")
_REGISTRY_ASKED: Final = regex(
    r"\bhttps://([a-z0-9][a-z0-9-]{0,60}(?:\.[a-z0-9-]{1,60}){1,5}(?::\d{2,5})?)/v[12]/"
)
_PARAMETER_READ: Final = regex(
    r"\bParameters \[(/[\w./-]{2,200})\] referenced by template\b|\bcould not find version \d{1,6} of (/?[\w./-]{1,200}?)(?=\.?(?:\s|$))"
)
_PATH_REFUSED: Final = regex(
    r"\bEACCES: permission denied, [a-z]{2,12} '(/[\w.@/-]{1,200})'|\bPermission denied: '(/[\w.@/-]{1,200})'"
)
_ENGINE: Final = regex(r"\bEngine=([a-z][a-z-]{2,30})(?=[,.])")
_INSTANCE: Final = regex(r"\b(m?i-(?:[0-9a-f]{17}|[0-9a-f]{8})) is not connected\b")

_LINES: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("host", _CERTIFICATE_OF),
    ("container", _ENDED),
    ("container", _WAITED_FOR),
    ("region", _ASKED_IN),
    ("stack", _PROGRESS),
    ("stack", _DELETED),
    ("resource", _HELD),
    ("user", _WITHOUT_ACCOUNT),
    ("domain", _ASKED),
    ("container-instance", _MATCHING),
    ("host", _POOL),
    ("port", _POOLS_PORT),
    ("host", _ALTNAMES),
    ("host", _ASKS),
    ("image", _PULLED),
    ("load-balancer-name", _CLASSIC),
    ("target-group-name", _GROUP),
    ("capacity-provider", _PROVIDER),
    ("domain", _RECORD),
    ("bucket", _BUCKET_ASKED),
    ("stack", _STACK_NAMED),
    ("stack", _STACK_OF_SAM),
    ("stack", _STACK_OF_BEANSTALK),
    ("stack", _STACK_AWAITED),
    ("stack", _STACK_OF_COPILOT),
    ("image", _PULLED_IN_VAIN),
    ("domain", _UPSTREAM),
    ("function", _LAMBDAS_LOG),
    ("service-code", _QUOTA),
    ("resource", _PROFILE_TAKEN),
    ("role", _ROLE_ASKED),
    ("engine", _ENGINE),
    ("parameter", _PARAMETER_READ),
    ("path", _PATH_REFUSED),
    ("registry-host", _REGISTRY_ASKED),
    ("engine", _VERSION_OF),
    ("instance", _INSTANCE),
)
