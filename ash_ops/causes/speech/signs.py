"""Signs of a sentence: do they speak of failures in general, or of one that happened?

No single word decides. Each sign has a weight, and a sentence of natural language is general where the
weights of its general signs exceed those of its particular ones. What is quoted has no say in it.
"""

from __future__ import annotations

from typing import Final

from ash_ops.patterns import regex

MINE: Final = (
    r"\b(?:my|mine|ours|our (?!(?:[\w-]+ )?(?:chaos|game ?days?|guide|blog|post|lab|script|demo|docs|documents?|runbook)\b))\b|"
    r"\bi(?:'m| am|'ve| have)? (?:getting|get|got|see|seeing|saw|seen|keep|kept|have|had|tried|ran|run|receive|received|encounter)\b|"
    r"\bwe(?:'re| are|'ve| have)? (?:getting|get|got|see|seeing|saw|seen|keep|kept|are|receive|received|cannot|could not)\b"
)
"""Whose the failure is: the one who tells of it."""
AS_GIVEN: Final = regex(
    r"an error occurred \(|\(service [^ )]{1,200}\)|\(task [0-9a-f]{12,36}\)|status code: \d{3}, request id|handlererrorcode|cannot be determined until apply|arn:aws[a-z-]{0,10}:[a-z0-9-]{2,30}:[a-z0-9-]{0,20}:\d{12}:|"
    r"^(?:importerror: )?/[\w./-]{2,200}: (?:[\w./-]{2,200}: )?[a-z]"
)
"""Marks of an answer of AWS about one call, one service, one task; and of a program that says its path first."""
_A_THING: Final = (
    r"(?:(?:ecs|fargate|failing|failed|missing|wrong|new|unhealthy) )?(?:tasks?|services?|containers?|stacks?|secrets?|roles?|security groups?|"
    r"network interfaces?|images?|targets?|deployments?|instances?|subnets?|health checks?|pulls?|process(?:es)?|policy|policies|trust policy|nodes?|jobs?|volumes?|functions?|workers?|clusters?|balancers?|endpoints?|databases?)"
)
_READ: Final = r"(?:anthropic|aws|[a-z]{2,10} sdk|sdk|cli|course|exam|talk|guide|old|new)\b"
"""What a definite article may stand before without telling of one failure."""
_GENERAL: Final = tuple(
    (weight, regex(pattern))
    for weight, pattern in (
        (1, r"\b(?:can|may|might|must|should|would|will|needs? (?:to|an?)|have to)\b(?! not)"),
        (
            1,
            r"\b(?:if|when|whenever|unless|until|while|once|as soon as) (?!i\b|we\b|my\b|our\b)",
        ),
        (
            1,
            rf"\b(?:an?|any|each|some|most|many) {_A_THING}\b|^{_A_THING} (?:that|are|which|with|get)\b",
        ),
        (
            1,
            r"\byou (?:can|cannot|get|will|need|enabled|should|would|forget|want)\b|\b(?:sends|waits|gets? (?:replaced|restarted))\b",
        ),
        (
            2,
            r"(?<!\bdoes )(?<!\bhas )(?<!\bcan )(?<!\bcould )(?<!\bdid )\b(?:users?|customers?|people|developers|engineers|beginners|anyone|somebody) (?:on|with|who|get|see|had|has|know|often|could)\b",
        ),
        (
            2,
            (
                r"\((?:optional|required)\b[^)]{0,40}\)|^\W{0,3}[a-z_]{6,60} ?[:-] (?:the (?:period|number|amount|time|maximum|minimum|name|list|type|path|duration|length|size)\b|time duration|number of|amount of|how (?:long|many|often)\b|specifies\b)|"
                r"\b[a-z]{4,40}(?:error|exception)s?(?:, (?:or |and )?| or | and |/)[a-z]{4,40}(?:error|exception)s?\b|\b(?:taskfailedtostart|essentialcontainerexited|userinitiated|serviceschedulerinitiated|spotinterruption|terminationnotice), (?:or |and )?[a-z]{6,40}\b|"
                r"\b(?:explain(?:s|ed)?|describes|lists|differs?|stands for|shows up as|publishes|backs off|prevents)\b"
            ),
        ),
        (
            2,
            (
                r"\b(?:documentation|documents?|article|table \d{1,3}|notes:|remember that|demo|interview|feature request|would be nice|is there an?y?|"
                r"does anyone know|known (?:problem|issue|bug|limitation)|ticket|runbook)\b|^(?:bad|good|note|tip|docs|mitigation|todo): "
            ),
        ),
        (
            2,
            r"\b(?:hence|thereby|thanks to|which is (?:also |exactly )?why|so (?:switch|make|check|be|remember|always|never|use|set))\b",
        ),
        (
            2,
            (
                r"\b(?:used to (?!be\b)|until (?:we|they|the team)\b|in (?:19|20)\d\d\b|"
                r"in (?:january|february|march|april|june|july|august|september|october|november|december)\b|back then|the old [a-z]+|suffered)"
            ),
        ),
        (
            2,
            (
                r"\b(?:allows (?:one|you|us|only)|gives (?:each|every|you)|retries on|hides? a lot|lets (?:you|one)|tends? to|rarely|mostly|"
                r"by default|one (?:gets|has|can|should)|a lot|infamous|kudos|great (?:talk|post|article)|compared (?:with|to)|most [a-z]+ vendors|some [a-z]{3,14}s (?:delete|have|do|allow|need|use|reject|answer))\b"
            ),
        ),
        (
            2,
            r"\b(?:what is the difference|as a rule|think of|beware|(?:i|we) recommend|expects? (?:you |to see)|(?:course|exam|chapter|talk|lecture) (?:covers|expects|about|shows)|please (?:add|mention|document))\b",
        ),
        (
            2,
            r"^\W{0,4}\[[ x]\] |^(?:bumps|ignores|handle|reproduce|decide|explain|document|pin|support)\b",
        ),
    )
)
_PARTICULAR: Final = tuple(
    (weight, regex(pattern))
    for weight, pattern in (
        (3, MINE),
        # Who asks for help has the failure, whomever the question is put to.
        (
            3,
            r"\b(?:does|has|did) any(?:one|body) (?:else )?(?:know(?! (?:how (?:long|many|often|much)|whether|if|when|which))|seen|see|have|had|got|an idea)\b|\b(?:some|any)(?:one|body) (?:could|can|would|please) (?:please )?(?:look|help|explain|tell|point|check|have a look|take a look)\b|\bwhat to do (?:about|with|against)\b|\bis there (?:a|any) (?:way|fix|workaround|solution|cure) (?:around|for|out|past|against|to (?:fix|solve|get rid|get past|get around))\b",
        ),
        (
            2,
            (
                r"\barn:aws|\b[0-9a-f]{12,64}\b|\b(?:i|sg|subnet|vpc|fs|vol|eni)-[0-9a-f]{6,17}\b|\b\d{1,3}(?:\.\d{1,3}){3}\b|"
                r"\b\d{4}-\d\d-\d\d\b|https?://|\b\d\d:\d\d:\d\d\b|\brequest ?id\b"
            ),
        ),
        (
            2,
            r"\b(?:today|again|this morning|last night|since (?:this|last|yesterday|noon|\d)|right now|for an hour|all day)\b",
        ),
        (1, r"\b(?:now|still|keeps?)\b"),
        # What somebody did before it failed, what fails at present, and what that means for it.
        (
            2,
            r"\bi (?:just |have |recently )?(?:deployed|applied|installed|upgraded|updated|configured|pushed|moved|switched)\b|\b(?:currently|always|constantly) (?:fails?|failing|unhealthy|broken|crash(?:es)?|unreachable)\b|\bmeans (?:that )?the \w{3,20} is (?:unreachable|unavailable|not (?:reachable|available))\b",
        ),
        # It goes on while it is told: general truths are told in the simple present.
        (2, r"\b(?:is|are) (?:constantly|continuously|continually|repeatedly) \w{3,14}ing\b"),
        # An answer speaks to its caller so.
        (
            2,
            r"\byou (?:have (?:reached|exceeded|requested)|are not|do not have|cannot (?:create|delete|update|modify) this)\b",
        ),
        (
            2,
            (
                r"\b(?:the|both|all|this|that|service|task|container|stack|deployment) (?:[\w-]+ ){0,4}?"
                r"(?:failed|was unable|died|stopped|exited|crashed|lost|was killed|were killed|was rolled back|timed out|is stuck|are stuck)\b"
            ),
        ),
        (
            1,
            rf"^(?:the|this|that|both|all|no|service|unable|failed|cannot|could not|timeout|error) (?!{_READ})|\b(?:failed|was|were|had|has (?:been|run|reached)|have been|could not|did not)\b",
        ),
        (
            2,
            r"(?:error|exception|reason|fault|failed|operation|dies|fails|\bbwrap)[\"')]? ?: |\berror response\b|\bmust be (?:one of|of type|specified|either)\b|\|",
        ),
    )
)
_QUOTED: Final = regex(r"[\"'][^\"']{8,200}[\"']")
_SMALL: Final = regex(
    r"\b(?:the|an?|of|to|in|on|and|or|that|which|is|are|was|were|has|have|had|when|if|for|with|so|because|until|hence|but|as|at|by|from|"
    r"it|they|you|we|what|how|while|this|there|would|about|our|after|during|per)\b"
)
_FEW: Final = 2
"""Small words that make a sentence of a line."""
_WORDS: Final = 6
_ENOUGH: Final = 2


def outweighs(sentence: str) -> bool:
    """Whether the general signs of a sentence (folded) outweigh those of one failure."""
    said = _QUOTED.sub(" x ", sentence).strip()
    if not is_prose(said):
        return False
    general = _general(said)
    own = _particular(said)
    if max(general, default=0) < _ENOUGH and sum(general) <= _ENOUGH:
        return False
    return sum(general) - own >= _ENOUGH


def is_doubtful(sentence: str) -> bool:
    """Whether a sentence (folded) speaks as much in general as of one failure."""
    said = _QUOTED.sub(" x ", sentence).strip()
    general = sum(_general(said)) if is_prose(said) else 0
    return general > 0 and general >= _particular(said)


def is_prose(said: str) -> bool:
    """Whether a text has the words that only sentences have."""
    return said.count(" ") >= _WORDS and len(_SMALL.findall(said)) >= _FEW


def _general(said: str) -> list[int]:
    """The weights of the general signs of a sentence; a word in an image's name is none ("demo/base:1")."""
    words = _IMAGE.sub(" x ", said)
    return [weight for weight, sign in _GENERAL if sign.search(words)]


_IMAGE: Final = regex(
    r"[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}(?::\d{1,5})?/[\w./:@-]{1,300}|[\w.-]{1,100}/[\w./-]{1,200}:[\w.-]{1,128}"
)


def _particular(said: str) -> int:
    return sum(weight for weight, sign in _PARTICULAR if sign.search(said))
