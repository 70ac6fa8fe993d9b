"""Sentences about failures in general: what is taught, mended in a release, planned, asked or remembered.

Who speaks decides. "My task is killed" tells of one failure; "a task that exceeds its limit is killed", "ECS
rejects tasks whose ..." and "in this post I show how ..." tell of none. A line that a program wrote has none
of these forms, so it is never taken for such a sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ash_ops.causes.speech.signs import MINE, outweighs
from ash_ops.patterns import regex

_ENDS: Final = regex(r"(?<=[a-z0-9)\"'\]][.!?]) (?=[\"'(]?[a-z0-9])")
"""Between two sentences (folded)."""
_OWN: Final = regex(
    rf"{MINE}|"
    r"\b(?:since (?:noon|yesterday|today|this|last|\d)|right now|this morning|last night|an hour|every time|keeps?(?![ -]?alive)|still)\b|"
    r"\b(?:is|are) (?:constantly|continuously|continually|repeatedly) \w{3,14}ing\b"
)
"""Whose the failure is, or that it goes on: the sentence tells of one."""
_SERVICE: Final = (
    r"(?:(?:amazon |aws )?(?:ecs|fargate(?: spot)?|ec2|elb|efs|ecr|cloudformation|aws)|anthropic|claude code|docker|containerd|kubernetes|"
    r"(?:the |an? )(?:[\w']+ ){0,3}(?:scheduler|agent|kernel|breaker|balancer|killer|runtime|daemon|platform|registry|health check|driver|sdk|cli))"
)
_MANY: Final = (
    r"(?:(?:new|old|such|most|some|all|many|slow|large|small|private|fargate|ecs|spot|more) ){0,2}"
    r"(?:instances|tasks|containers|processes|services|requests|pulls|mounts|calls|connections|deployments|stacks|targets|roles|subnets|images|access points|jobs|volumes|functions|workers|builds|nodes|hosts|clusters|policies)"
)
_DOES: Final = (
    r"(?:(?:\w+ly|then|now|only|also|never|always|can|may|will) )?(?:stops?|kills?|terminates?|picks?|replaces?|restarts?|marks?|rejects?|refuses?|denies|deny|"
    r"throttles?|drops?|evicts?|interrupts?|deregisters?|drains?|enforces?|requires?|needs?|rolls? back|retries|retry)"
)
_PEOPLE: Final = r"(?:people|developers|users|customers|engineers|beginners|teams|folks|others|(?:many|most|some) (?:people|developers|users|customers|engineers|teams|of (?:us|you)))"
_ANY_ONE: Final = r"(?:an?|any|each|every|its?|their|your|you|they|it)"
_TAUGHT: Final = (
    rf"^{_SERVICE} {_DOES} (?:(?:an?|any|each|every) [\w -]{{2,40}}|{_MANY}) (?!(?:at|on|since|in) \d)|"
    rf"\b{_SERVICE} (?:reports?|returns?|raises?|throws|shows?|says|answers?|sends?|emits|marks?) [^.!?]{{3,160}} (?:when|if|whenever|once|while) (?:{_ANY_ONE}|{_MANY})\b|"
    r"^(?:an?|any|each|every) [a-z -]{3,40} (?:that|which|whose) (?:[\w-]{1,30} ){0,3}?(?:[a-z]{2,20}s|have|are|do|cannot)\b [^.!?]{3,200}\b(?:is|are|gets|fails|dies|stops|will|cannot|can|never|does)\b|"
    rf"^{_MANY} (?:(?:in|with|without|on|under|behind) [^.!?,]{{3,80}} )?(?:need|require|must|should|have to|depend|rely|enforce)s?\b|"
    rf"\b(?:otherwise|or else|without (?:one|it|them|that)),? (?:you|your|the|it|they|ecs|{_MANY})\b|"
    rf"^once [^.!?,]{{3,150}}, {_MANY} |"
    r"\b(?:number of|how many) (?:milli)?seconds before (?:\w+ing|it is|they are)\b|\bpossible (?:values|exit codes|statuses|states)(?: are)?:? |"
    r"^(?:an?|any|each|every|for (?:an?|any|each|the specified)) [a-z -]{3,40} (?:goes|enters|moves|stays|remains|becomes|gets|stops|fails|restarts|dies|that is|that's) [^.!?]{3,200}\b(?:when|if|once|until|because|after|state)\b|"
    r"^you (?!have|are|do not|cannot|can not|must|need|requested|attempted|tried)(?:deploy|run|start|push|create|update|open|launch|change|set|add|forget|notice) |"
    r"^this (?:change|pr|pull request|commit|patch|page|section|topic|table|chapter|article|guide|document|post|api|action|operation|command|option|field|parameter|metric|class|function|error|exception) (?:now |also |then )?(?:add|introduc|fix|describ|list|explain|show|return|handl|improv|replac|remov|occur|happen|mean|indicat|updat|make|set(?! off)|let|allow|help|cover|chang|specif|contain|is (?:raised|thrown|returned|used|displayed|caused))\w{0,5}\b|"
    rf"^(?:if|unless|whenever) (?!i\b|we\b)[^.!?,]{{3,150}}, (?:{_SERVICE}|{_MANY}|you|they) |"
    r"\bso an? [\w-]{3,20} can [\w-]{3,20} (?:your|its|their) \w+\b|^[\w ]{2,40}\breasons (?:may|can|could|might) include\b|"
    r"^few things are (?:more|as|less) |"
    r"^if [^.!?,]{2,60} (?:outputs?|prints?|says|shows|returns) something like\b|"
    # A setting, as its reference tells of it.
    r"^specifies (?:how|whether|the|an?|which|if|when)\b|^(?:milli)?seconds to (?:wait|ignore|keep|allow|sleep)\b|^(?:the )?(?:optional |default |maximum |minimum |total ){0,2}(?:number of (?:\w+ ){0,2}(?:times|retries|attempts|failures|seconds|errors)|time(?: period| limit)?|(?:grace )?period|duration|interval)(?: \(?in \w{1,12}\)?)? (?:to|before|for|that|after|between)\b[^.!?]{3,200}\b(?:before|until|while|when|considered|to wait|to (?:retry|succeed))\b|"
    r"^(?:[\w ]{3,20}: )?(?:never|always|avoid) (?!had\b|got\b|the\b)[a-z]{2,20} |"
    r"^(?:for example, ?)?(?:let us |let's )?(?:assume|suppose|imagine|consider) |"
    r"\b(?:handling|retry|retrying|detection|reporting|parsing|support|mapping|coverage) (?:of|for) [^.!?]{0,60}\berrors?\b|"
    r"^currently,? (?:when|if) [^.!?]{3,200}\b(?:exits? with (?:an? )?(?:(?:exit |status )?(?:code )?(?:of )?0|0 (?:exit|status))\b|(?:returns?|reports?) success\b)|"
    r"^[a-z]{3,12} (?!failed|error|denied)(?:[\w-]+ ){1,4}before (?:\w+ing) |"
    r"^[\w' -]{3,60} (?:is|are) (?:an? |the |one of the )?[a-z]{3,20} (?:that|which) [^.!?]{8,300}$|^[^.!?,:]{3,60} (?:is|are) (?:when|what happens (?:when|if)) (?!i\b|we\b|my\b|our\b)|^\W{0,4}(?:\d{1,2}[.)] )?in case (?:of|there|that|an?)\b|"
    r"^an? [\w -]{3,40} (?:is|are) (?:now|no longer) \w{3,20}ed\b[^.!?]{0,300}\b(?:when|instead|rather than|through)\b|"
    r"^when (?:the|an?) [\w' -]{3,40} (?:crash|fail|die|stop|exit|restart|time)(?:s|es)\b[^.!?,]{0,60}, (?:it|they|the [\w -]{3,40}) (?:is|are|gets?|will be) [^.!?]{3,200}\b(?:never|does not|do not|rather|instead)\b|"
    r"^(?:if|when|once) (?:they|it) (?:fails?|stops?|exits?|dies?)(?: \w{2,12}){0,3}, [\w' -]{3,60} (?:changes|becomes?|turns|moves|goes|(?:is|are) (?:then )?(?:marked|set|considered|replaced|restarted|counted))\b|"
    r"^(?:if|when|once) (?:an?|the|your) (?![^,]{0,100}\b(?:was|were|had|did)\b)[^.!?,]{3,100}, (?:the|it|that|your) [\w -]{2,40}(?:is|are|gets?|will be) (?:then |automatically )?(?:marked|considered|treated|counted|declared)\b|"
    r"^it(?:'s| is) (?:recommended|advisable|(?:a )?(?:best|good) (?:practice|idea)|worth|important|better) (?:to|that)\b|"
    # How something stops what it runs, the values that a setting has, and what a rule looks for.
    r"\b(?:this|it) (?:will|would) send an? sig(?:term|kill)\b|\bseconds before (?:forcing|sending|killing)\b|\bpossible (?:values|statuses|exit codes)(?: are)?:|^detects\b|\bcan be (?:handled|mitigated|tolerated) (?:by|through|with)\b|"
    r"^as (?:documented|described|explained|noted)(?: in [^.!?,]{1,60})?, (?!i\b|we\b)|^according to (?!(?:the |our |my )?(?:(?:aws|ecs|cloudwatch|task|service) )?(?:console|logs?|events?|stopped reason|dashboard|cli)\b)"
)
"""What is so in general."""
_PUBLISHED: Final = (
    r"\bin this (?:\w+ )?(?:post|article|guide|tutorial|video|chapter|section|talk|lab|episode|lesson)\b,? ?(?:i|we|you|let)\b|"
    r"^here(?:'s| is) (?:how|why|what)\b|^(?:exam|quiz|practice|sample|interview|review) questions?\b|^(?:question|q) ?\d{1,3} ?[:.)]|\bwhich (?:of the following|solution|combination|action|step)\b[^.!?]{0,160}\b(?:meets?|resolves?|should|will)\b|"
    r"^(?!.*\bbut\b)(?:the|our|your|their) (?:(?:[\w-]{2,30} ){0,4}(?:guide|docs|documentation|manual|handbook)(?: (?:for|of|on|about) [^.!?:,]{2,60})? (?:says?|states?|explains?|recommends?|mentions?)|\w{4,40}error page says)\b|^from the docs on \w{4,40}\b|"
    r"^chapter \d|^(?:til|fun fact|did you know)\b|\bever wondered\b|^what happens (?:when|if)\b|"
    r"^(?:diagnosis|fix|why it works|how to (?:check|confirm|diagnose|tell)|what to look for): (?![^.!?]{0,300}\b(?:was|were|has|had)\b)(?:look|check|run|use|increase|add|set|verify|ensure)\b|^examples?: [^.!?]{3,300}, |"
    r"^(?:the |a |key |our )?(?:lesson|takeaway|moral)s?(?: learned)?:|\bwhat we learned\b|\blessons learned\b|"
    r"\b(?:might|may) (?:generate|produce|raise|look similar to) (?:an?|the)\b|"
    r"\bhow (?:we|i) (?:debugged|diagnosed|solved|fixed|found|tracked|traced|survived|reduced|cut)\b|"
    rf"^{_PEOPLE} (?:\w+ly |often |sometimes )?(?:ask|wonder|see|report|hit|meet|think|believe|forget|run into|get|confuse|complain)\b|"
    r"\b(?:has|have|had) (?:confused|puzzled|surprised|annoyed|bitten)\b|^an? (?:prime|classic|typical) example of\b|"
    r"^(?:an? |the )?(?:exit |error |status )code \d{1,4} (?:means|indicates|stands for)\b|"
    r"^this (?:usually |typically |often |mostly )?occurs when (?:an?|the) |"
    r"^[\"'][^\"']{3,200}[\"'] (?:is what (?:you|one)|means|stands for|tells you)\b|"
    r"^the (?:error|message|code)(?: message| code)? [\"'][^\"']{3,200}[\"'] (?:means|can|may|often|usually|commonly|is (?:an?|one of|the most|common|usually|often|well))\b"
)
"""What a text for readers says of itself, of them and of the words it quotes."""
_PLANNED: Final = (
    r"\b(?:the|this|that|an?) (?:ticket|story|issue|epic|card|request|proposal|rfc|backlog item) (?:asks|requests|proposes|suggests|tracks|is about)\b|"
    r"\b(?:alarm|alert|metric filter|dashboard|monitor) (?:on|for|that (?:fires|watches|counts)) |"
    r"\b(?:wrote|built|made|created|maintain) an? (?:[\w-]+ ){0,2}(?:script|tool|bot|dashboard|function|library|plugin|exporter|rule)s? (?:that|which|to)\b|"
    r"^(?:there is )?no (?:information|documentation|docs|mention|example)s? (?:about|on|for|of) |^please (?:include|add|provide|document) (?:more )?(?:information|documentation|docs|an? (?:example|section|page)) |"
    r"\bfires on '?aws\.|\bplease (?:include|add|provide) (?:more )?(?:information|documentation|docs) (?:that|about|on|explaining)\b|"
    r"\b(?:chaos|game ?day|fire drill|fault injection)\b|"
    r"\bit (?:would|might|could) be (?:(?:really|very|so) )?(?:nice|helpful|useful|great|good|handy|convenient) (?:to|if|for|when) (?!(?:some|any)(?:one|body)\b|you\b)|"
    r"^to (?:reproduce|simulate|test|verify|trigger|demonstrate) [^.!?,:]{3,100}, (?!i\b|we\b)[a-z]{3,12} "
)
"""What is to be watched for, brought about on purpose, or wished for."""
_FEATURES: Final = r"(?:retr(?:y|ies)|back-?off|support|handling|handlers?|tests?|checks?|logging|metrics?|alarms?|alerts?|options?|flags?|messages?|validation|fallbacks?|warnings?|hints?|docs|documentation|sections?|examples?|detection)"
_RELEASED: Final = (
    r"^(?:enhancement|bug ?fix|bug|feature|improvement|breaking|deprecated|security|maintenance) ?[:-] ?(?:fix(?:ed|es)?|add(?:s|ed)?|report|improve|support|handle|allow|remove|update|retry|log|print|show|return|ensure|prevent|avoid|drop|expose|include)[sd]?\b|"
    r"^(?:release|version) v?\d[\w.]{0,20}(?: \([^)]{3,30}\))? ?[:-] |"
    r"\bwithout this (?:fix|patch|pr)\b|^(?:this |it |which )?will now be:? |^previously,? the (?:error|message|exception) was\b|"
    r"^(?:closes|close|resolves|fixes|refs) (?:[\w/.-]{0,60}#\d|[a-z]{2,10}-\d)|"
    rf"^(?:added|adds|add|adding|introduced?s?|implemented?s?) (?:[\w-]+ ){{0,3}}{_FEATURES} (?:for|to|on|when|of|in|around)\b|"
    r"^(?:[\w ]{3,30}:\*{0,2} )?(?:classify|surface|expose|treat|translate|distinguish|propagate|recogni[sz]e) [^.!?]{3,200} (?:as|instead of|rather than|before|when|once|so that|into|to|from)\b|"
    r"\bwithout (?:this|the) (?:fix|patch|change|pr|pull request|commit)\b|"
    rf"\b{_SERVICE} (?:v?\d[\w.]* )?(?:now|no longer|also) (?:retries|reports|handles|supports|logs|returns|waits|falls back|detects|ignores|shows|prints|validates)\b"
)
"""What a release brings."""
_REMEMBERED: Final = regex(
    r"\b(?:migrated|moved|switched|went) (?:away )?(?:from|off) [^.!?]{2,60} (?:because|since|as|after)\b(?![^.!?]{0,200}\bnow\b)|"
    r"\blast (?:year|quarter|summer|winter|spring|autumn)\b[^.!?]{0,40}\b(?:we|i) (?:spent|lost|debugged|chased|hit)\b|"
    r"\b(?<!since )(?<!in the )(?:last (?:month|year|quarter|summer|winter|spring|autumn)|(?:months|years) ago)\b(?![^!?]{0,300}\b(?:still|now|again|keeps?|today|this morning|since (?:today|yesterday))\b)|"
    r"\bnever,? (?:ever )?(?:seen|had|got|hit|encountered) the (?:message|error|failure)\b(?![^.!?]{0,200}\b(?:before|until)\b)|"
    r"\b(?:has|have) not (?:recurred|reappeared|come back|happened (?:again|since))\b|"
    r"\bnever(?:,? ever)? seen the (?:message|error) ['\"](?![^!?]{0,300}\b(?:before|until|now|today)\b)|"
    r"; resolved by\b|\b(?:was|were) resolved by\b"
)
"""What was once, and is over."""
_ASKED: Final = (
    r"^(?:what|why|how|when|where|which|who|is|are|does|do|did|can|could(?! not\b)|should|would|will|has|have|any)\b(?=[^?]{0,300}(?:\b(?:if|when|whenever|would|could|can|should|each|any|every|there a way (?!around|out|past|to (?:fix|solve|get (?:rid|past|around)))|there any ?way|possible to|supposed to|the difference|the best)\b|"
    rf"\b(?:an?|some) (?:\w{{2,20}} )?(?:tasks?|services?|containers?|stacks?|secrets?|images?|targets?|deployments?|instances?|runners?|agents?|sessions?)\b|\b{_MANY}\b))[^?]{{0,400}}\?$"
)
"""A question that asks of no one thing: with "if", "can", or "a task"."""
_IN_GENERAL: Final = regex(f"{_TAUGHT}|{_PUBLISHED}|{_PLANNED}|{_RELEASED}|{_ASKED}")
_SHORTEST: Final = 30


def sentences(folded: str) -> Iterator[str]:
    """The sentences of a text (folded)."""
    yield from _ENDS.split(folded)


def is_general(sentence: str) -> bool:
    """Whether a sentence (folded) tells of failures in general, of plans or of the past."""
    if len(sentence) < _SHORTEST:
        return False
    if _REMEMBERED.search(sentence):
        return True
    said = sentence.lstrip(" -*•>#(")
    if _OWN.search(said) is None and _IN_GENERAL.search(said) is not None:
        return True
    return outweighs(sentence)
