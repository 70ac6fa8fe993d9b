"""Clauses that hold a failure's words and report none: counts of zero, tests, code, settings, advice.

"0 failed", "handles ECONNREFUSED ... passed", "retry on timeout", "if you see AccessDenied": the words of a
failure in a clause that denies it, tests for it, describes it or is over it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from ash_ops.causes.speech.changes import is_title
from ash_ops.causes.speech.code import CODE
from ash_ops.causes.speech.documents import TEMPLATE
from ash_ops.causes.speech.general import is_general, sentences
from ash_ops.causes.speech.introduced import introduced
from ash_ops.causes.speech.languages import without_general
from ash_ops.causes.speech.mentions import is_mentioned
from ash_ops.causes.speech.signs import AS_GIVEN
from ash_ops.patterns import regex

_COUNTED: Final = (
    r"(?<![.\w/])(?:no|0|zero) (?:(?:[a-z]{2,20} ){0,3}errors?|fail(?:ed|ures?)|timeouts?|timed out|denied|problems|issues|warnings|incidents|alarms|alerts|throttl(?:es|ing|ed)|unhealthy|unauthorized|rejected|refused|crash(?:es|ed)?|restarts|killed|evicted|(?:oom|oom-|out of memory) ?kill(?:s|ed)?|interruptions)\b"
    r"|\b(?:errors?|failures|failed|error count|timeouts)(?: ?[:=] ?| )0\b(?![.:\dx])|\bnone found\b|\bis 0 for the last\b"
)
_NONZERO: Final = regex(
    r"\b[1-9]\d{0,8} (?:errors?|fail(?:ed|ures?))\b|\b(?:errors?|failures|failed)[:=] ?[1-9]"
)
_TESTED: Final = (
    r"\bexpected \w{1,40}(?:error|exception)\b|\bexpected (?!certificate )\S{1,40} to (?:equal|be(?! (?:one of \[|in the range \()[^|]{1,300}, got )|have)\b|^ ?\d{1,4} failing\b|\bfor async tests and hooks\b|\.{3} ok\b(?![^|]{0,2000}(?:\b(?:fatal|panic|initdb: error): |\bno space left on device\b))|^ ?[✓√✔●] (?!(?:api error|error|please run|credit balance|invalid api key|there's an issue|container|network|volume)\b)|^ ?(?:pass|fail) [\w./-]{1,200}\.\w{1,5}\b|^ ?(?:scenario|feature|given|expected result): ?|\bsimulat(?:e|ed|ing)\b|\bchaos test|\bdry run\b|"
    r"(?:^| )(?:not )?ok \d+ -? ?|::test_\w{1,100}|\btests? (?:passed|suites?:)|\btests: \d|"
    r"\b\d+ (?:tests? )?passed\b|\b\d{1,5} passing \(\d|\bexpects? (?:['\"]|[a-z]{3,60}(?:exception|error)\b)|\bpassed \[ ?\d+%\]|--- pass: |^ ?=== (?:run|pause|cont|name) |\bexpect\(|\bdescribe\('|\bit\('"
)
_CHANGED: Final = (
    r"\b(?:limit|quota|default|check|option|setting|metric|parameter)s? (?:of [^.!?]{1,80} )?(?:has|have) (?:now )?(?:been (?:added|removed|renamed|deprecated|introduced|raised|lowered)|(?:in|de)creased from)\b|\b(?:this|the|each) (?:limit|quota) measures\b|\bwith a default (?:\w{1,12} ){0,2}(?:value )?of\b|"
    r"\b(?:this|the) (?:new )?(?:release|version|update|patch|pull request|pr) (?:bumps|raises|adds|updates|removes|lowers|improves|switches|moves|drops|introduces|contains|includes)\b|"
    r"^ ?suggestion: |^ ?(?:[-*•] )?(?:better message for|no more (?!\w+ (?:can|could|are)\b)) |\b(?:improve|reword|clarify) the (?:error )?(?:messages?|wording) |^ ?(?:[-*] )?(?:\[[ x]?\] )?(?:fix(?:ed|es)?|feat|chore|docs|test|refactor|perf)(?:\([^)]{1,40}\))?!?: |^ ?(?:[-*•] )?(?:fixed|improved|added|changed|adds|fixes|improves|introduces|documents) an? (?![^.!?]{0,300}\b(?:but|still|now|yet|however|since then)\b)|^ ?(?:changelog|runbook|release notes)\b"
)
_OVER: Final = (
    r"(?:^|[.] )(?:fixed|fixes|this (?:pr|change|commit|patch) (?:fixes|adds|solves|resolves)) (?!(?:[^.]{0,200} )?(?:but|still|however|now|yet)\b)[^.]{3,200}(?:[.]|$)|"
    r"(?<!not )\b(?:recovered|reconnected|re-established|is back|no longer (?:happens|occurs|fails)|succeeded (?:after|on)|"
    r"retrying succeeded|was restored|closed again|closed for a valid reason|(?:is|are) (?:now )?(?:passing|healthy) again|(?:is|are) now passing)\b|\b(?:retry|attempt|check|connection|call) (?:succeeded|passed|restored)\b|\bafter (?:a )?previous (?:failure|error)\b|\b(?:errors?|exceptions?|failures?|problems?|issues?|timeouts?|\w{3,60}exception) (?:is|are) (?:now )?(?:gone|solved|history)\b(?![^|]{0,400}\b(?:but|now|however|yet|instead)\b)|, ignoring\b|(?:^|[.\]] )resolved: |\bnow (?:healthy|reachable|ok)\b|\bpost-?mortem\b|\b(?:has|have) been (?:stable|fine|ok|healthy|green) (?:ever )?since\b|"
    r"\b(?:last|previous|earlier|old) (?:failure|error|outage|timeout)\b[^|]{0,200}\b(?:ago|cleared|resolved|gone|fixed)\b|\ball (?:checks|probes|systems) (?:are )?(?:green|ok|passed|healthy)\b|"
    r"\bretried\b[^.|]{0,120}\band (?:then )?succeeded\b"
)
_FELL_BACK: Final = regex(r"\bfell back to\b[^|]{0,120}\b(?P<all>\d{1,4})/(?P=all)\b")
"""What another model or host did in the place of the first one: all of it."""
_WATCHED: Final = (
    r"[\[(]y(?:es)?/n(?:o)?[\])]|\balert(?:ing)? rule\b|\bstate (?:is )?ok\b|\bmetric\b[^.]{0,40} is 0\b|\bretry policy\b|\bretry on\b(?! next)|\b(?:will be|is|are) retried on\b|"
    r"\balert: (?:\w{1,80} expr: |[\"'])|\bretry_on\b|\bretryable_?(?:errors|codes)\b|\bcodes=\[|\bfilter @message (?:like|not like|=~)|\b(?:uncomment|enable|disable|set|add|use|raise|increase|only needed) [^.!?]{0,60}\b(?:if|when) you (?:hit|see|get|need|encounter|run into)\b|"
    r"\bfilter-?_?pattern['\"]?[ =:]|\bmetric_?filter\b|\bpattern ?= ?['\"]|\balarmname\b|\bmetricname['\"]?: |\bstatevalue['\"]?: ['\"]?ok\b"
)
_DESCRIBED: Final = (
    r"\b(?:is|are) (?:now )?(?:configurable|customi[sz]able|adjustable)\b|\bmeans that\b|\bthis error (?:means|occurs|happens|is (?:raised|thrown|returned))\b|\bwhat to (?:do|return) (?:if|when)\b|"
    r"\bis (?:raised|thrown|returned) (?:if|when)\b|\byou (?:can|may|might) (?:get|see) this\b|\b(?:is|are) (?!required\b)\w{2,20}ed when\b|(?<!know )(?<!idea )(?<!find out )(?<!on )\bhow to (?:fix|solve|avoid|handle) |^ ?#{1,6} (?!\[(?:bug|error)\]|service \(|\[[^\]]{1,40}\] ?\[|[\w.]{1,60}\.\w{1,40}(?:error|exception): |[^|]{0,60}\breason=resource:)|"
    r"\b(?:usually|generally|typically|normally|often|commonly) (?:means?|indicates?|stands for)\b|\bthis is (?:expected|by design|harmless)\b|\bcannot be caught\b|"
    r"(?:\bexit code \d{1,3}: [^|]{3,120}){3}|\bexit codes: 0 [a-z]{3}|\b(?:a|any) (?:container|process|task) (?:that|which) [^.]{1,80} (?:is|are) (?:killed|stopped|terminated|restarted|replaced)\b"
    # What somebody fears has not come about.
    r"|\b(?:worried|concerned|afraid) (?:that )?(?:we|i|it|they|users)(?: will|'ll| may| might| could)\b"
)
_CONDITIONAL: Final = regex(
    r"(?:^|(?<=[.:;!?] )|(?<=[a-z][.!?])|\b(?:for example|for instance|e\.g\.|i\.e\.),? )(?:if |when |whenever |in case |should )"
    r"(?:(?:a|an|your|you|any) [^.!?]{1,1000}|(?:the|this) [^.!?,]{3,200}, (?!it |they |i |we )(?:the |your |a )?[\w -]{0,40}?\b(?:terminates|kills|stops|marks|replaces|deregisters|evicts|rejects|drops|sends|counts|treats|returns|raises|throws|reports|ignores|restarts|refuses|denies|rolls back) (?:the|it|them|your|every|any|an?|sig[a-z]+)\b[^.!?]{0,300}|(?:the|this|it|[\w-]{2,30} (?:is|are)) (?:(?! (?:it|they|we|i) (?:stops?|dies?|fails?|crash|exits?|gets?|shows?|says?|sees?))[^.!?,]){1,1000})"
)
"""What may happen: of a thing in general to the end of the sentence; of one that is known, its clause."""
_TAUGHT: Final = regex(
    r"(?:^|(?<=[.:;!?] ))(?:[^.!?]|\.(?=\S)){0,300}?\b(?:is an? [\w-]{1,40} error indicating|errors? (?:(?:generally|usually|typically|commonly|often) )?(?:occurs?|happens?) (?:for|when|if)|"
    r"you (?:can|may|might|could) (?:receive|encounter) |(?:can|may|might) (?:return|throw|raise)\b|this is (?:the|a) (?:most )?common|what (?:does|do|will|would) [\w' ]{1,30} do (?:when|if)|what happens (?:when|if)|you (?:may|might) see the (?:following )?(?:error|message))[^.!?]{0,600}"
    r"|(?:^|(?<=[.:;!?] ))(?:(?:does|do|will|would|can|could|should) (?:it|ecs|fargate|aws|the)|(?:will|would|could|should) (?:my|our|an?)|what (?:is|are) the (?:default|difference|meaning|maximum|minimum|limit|purpose)) [^.!?]{0,200}\?"
)
"""A sentence that teaches what failures mean, or asks it."""
_SENTENCE: Final = r"(?:^|(?<=[.:;!?] ))[^\w.!?]{0,10}"
_USUALLY: Final = r"(?:(?:most )?(?:usually|typically|commonly|generally|frequently|normally|often|sometimes)|mostly)"
_MAY: Final = r"(?:may|might|can|could)"
_MANY: Final = r"(?:instances|tasks|containers|processes|services|requests|pulls|mounts|calls|connections|deployments|stacks|targets|credentials|tokens|jobs|volumes|functions|workers|builds|nodes|hosts|clusters)"
_FORMS: Final = (
    rf"\b{_USUALLY} (?:often |commonly )?(?:stems?|comes?|results?|arises?|due|caused by|because|(?:is|are) (?:due|caused|because|the result)|points? (?:to|at)|trace[sd]? back)\b",
    rf"\b(?:is|are) {_USUALLY} (?:often )?(?:caused|due|because|the result|a sign|down to)\b",
    rf"(?<!\bno )(?<!\bno more )\b{_MANY} {_MAY} (?:also )?(?:be \w{{3,20}}ed|fail|stop|die|expire|time out|run out)\b",
    rf"\b{_MAY} (?:also )?be (?:unavailable|unreachable|killed|stopped|interrupted|terminated|evicted|reclaimed|throttled|rejected|restarted|rolled back)\b",
    r"\byou (?:may|might|could) (?:also |then )?(?:see|get|encounter|receive|run into|hit) (?!this|these|it\b|below|here)",
    r"\b(?:will|would) (?:be (?:killed|stopped|terminated|denied|rejected)|stop|fail|die|exit|crash|time out) [^.!?]{0,200}(?:\b(?:unless|if|when|once|under|without)\b|error\b)",
    rf"\b(?:otherwise|or else),? (?:you|your|the|it|they|ecs|{_MANY}) ?(?:'ll|will|would|may|might|can)\b",
    r"\b(?:any|every|each) [^.!?:]{3,100} (?:fails?|dies|errors|is (?:refused|rejected|denied)|gets (?:refused|rejected|denied)) [^!?]{0,200}\b(?:unless|without)\b",
    r"\b(?:is|are) (?:also |now )?(?:considered|treated|regarded|interpreted|classified|counted|handled) (?:as|like) [^.!?]{0,200}|\bis the (?:\w{2,10} )?(?:code|message|error|status) (?:that is )?(?:returned|raised|thrown|reported|given|used) (?:by|when|if)\b",
    r"\b(?:we|you|i|one) (?:should|could|plan to|want to) (?:add|build|write|introduce|document|monitor|watch|alert)\b|\bwhy (?:do|does|would|might) [\w -]{3,40} (?:sometimes|often|usually|occasionally|ever) ",
    r"\b(?:runbook|docs|documentation|guide|manual|wiki) (?:says?|tells?|states?|recommends?|suggests?) (?:to |that you |us to |you to )",
    r"\bdefault [\w -]{2,30} (?:blocks|denies|forbids|disallows|prevents|drops|refuses) |\bin rare cases\b",
    r"\bin most cases\b|\bnine tim(?:es|ed) out of ten\b|\bcomes? down to\b|\bwhen there (?:is|are) no\b|\bwhat (?:it|this|they|each error|these errors) means?\b",
    rf"\b(?:reports|returns|shows|throws|raises) [^.!?:]{{3,100}} whenever\b|\bwithout (?:an?|the) [^.!?,:]{{3,60}}, {_MANY}\b",
    rf"\b(?:is|are) {_USUALLY} (?:an?|the) ",
    r"\bis (?:the |an? )?(?:generic|catch-all|umbrella|blanket) (?:catch-all|error|message|code|term|name|response|status)\b",
    r"\bthis is an? (?:\w{3,20} )?(?:finding|rule|pattern|detector|alert|alarm|check) that (?:only )?(?:fires|triggers|detects|goes off)\b",
    r"\btoo (?:narrow|strict|low|short|small|tight|few) and [^.!?;]{3,120}; too [a-z]{3,12}\b",
    r"\bthis (?:error|message|failure) (?:\w{3,12}ly )?(?:indicates|suggests|signals) ",
    r"\b(?:the|one|an?|another) (?:most )?(?:number one|leading|main|primary|top|frequent|common|usual|typical|classic) (?:reason|cause|culprit|explanation|symptom|pitfall|mistake|gotcha|trap|misconfiguration)\b",
    r"(?<!\bit )(?<!\bthis )\b(?:occurs|happens|appears|arises) (?:when|if|whenever|once|because) (?!i\b|we\b|my\b|our\b|\w{3,20}ing\b)",
    rf"\b{_MANY} (?:that|which|whose|exceeding|without) [^.!?]{{3,120}} (?:are|get) \w{{3,20}}ed\b",
    rf"\b{_MANY} fail with [^!?]{{3,200}} (?:if|unless|when) (?:the|your|an?) [^.!?,:]{{3,80}} (?:does not|do not|is not|are not|has no|lacks?|blocks?|cannot|(?:is|are) missing|is exceeded)\b",
    r"\b(?:stops|kills|terminates|replaces|restarts|marks|rolls back|drains|rejects|denies|throttles|returns|raises|throws|evicts|interrupts|reclaims|deregisters) (?:an?|any|each|every) [\w-]{2,30} (?:that|whose|which|after|when|if|once|unless)\b",
    r"\b(?:returns|raises|throws) [\w ]{3,60} (?:once|if|when|whenever) (?:you|your|an?)\b",
    r"\bbefore (?:they are|it is) (?:interrupted|stopped|killed|reclaimed|terminated)\b|\bwe recommend\b",
    r"\b(?:interruption (?:handling|notices?)|oom[ -]killer|health ?checks?|rate limit(?:ing)?|throttling) ?(?:feature|handling|settings?|policy|support|configuration)?:? (?:(?:is|are|was|were|has been) )?(?:now )?(?:enabled|disabled|configured|updated|supported|(?:not|only) supported)\b",
    rf"\b{_MAY} (?:also )?(?:cause|lead to|result in|trigger|be caused by|stem from|be due to)\b",
    r"\bcan be an? [^.!?]{3,60},? for example\b",
    r"\b(?:this|it|which|that) (?:will|would) send (?:an? )?sig(?:term|kill|int)\b",
    r"\b(?:common|typical|possible|usual|frequent|top) (?:causes|reasons|culprits) (?:of|for|behind) ",
    r"\b(?:has|have|are) (?:two|three|four|five|six|seven|eight|nine|ten|several|many|various|multiple|\d{1,2}) (?:\w{2,12} )?(?:causes|reasons)\b",
    r"\bis (?:the|a) (?:silent|usual|classic|number one|single biggest|most common|most frequent) (?:\w{2,12} )?(?:killer|culprit|cause|reason|suspect)\b",
    r"\boverrides? (?:the|any|every|all|an) allow",
    r"\b(?:now supports?|introduces?) (?:an? |the )?(?:new )?(?:[^.!?]|\.(?=\S)){3,120}? (?:that|which) (?:enables?|allows?|lets?) you\b",
    r"\bhealth ?checks? (?:runs?|probes?|fires?) every \d{1,4} ?s(?:econds)? with an? |\bis fundamentally different from\b|\b(?:generates|makes|produces) the \d{3} itself\b",
    r"\bmust (?:fail|pass|succeed|answer|respond) [^.!?]{0,60}\b(?:to be|before (?:it is|they are)) (?:considered|marked|counted|declared|treated)\b|\bnumber of (?:consecutive )?(?:failed |successful )?health ?checks? (?:failures|successes|required|needed|that|an?)\b",
    r"\b(?:blocks|refuses|rejects|forbids|disallows|prohibits) [^.!?]{1,100} (?:when|if|unless|for security)\b",
)
"""What a sentence in general holds somewhere."""
_BEGINNINGS: Final = (
    r"(?:about |over |roughly |some |nearly )?\d{1,3} ?% of [^.!?]{3,120} (?:is|are|come|stem|result|have|was|were) (?:either |usually |mostly )?[^.!?]{3,300}|most [\w /-]{3,80} (?:failures|errors|timeouts|problems|issues|outages|crashes) (?:are|come|stem|result|happen)|by default, |for example, (?![^.!?]{3,160}\b(?:yielded|failed with|threw|gave (?:me|us|an?))\b)|(?:best practice|tip|pro tip|rule of thumb|recommendation)s?: |imagine |suppose ",
    r"(?:use|increase|add|set|ensure|make sure|remember|avoid|enable|consider) [^.!?]{3,200} (?:if|when|or) (?:you|your|the|an?)\b",
    r"to (?:fix|resolve|avoid|prevent|solve|diagnose|troubleshoot|debug) [^.!?]{3,200}, ",
    r"(?:an? |the )?(?:exit|status) (?:code|status) \d{1,3} (?:indicates?|means?|signifies|stands for|corresponds to)\b",
    r"[\w=.-]{2,40} [\u2013\u2014-] (?:sets|tells|specifies|enables|defines|determines|controls) (?:the|how|whether|when|what)\b",
    r"(?:without [^.!?,]{3,80}, )?your (?:application|app|container|process|program|workload|code|task) (?:must|should|needs? to|can|could|may|might|will|has to|tried to|receives?|gets) ",
    r"(?:an?|any) (?:missing|mis\w{4,16}|wrong|incorrect|blocked|invalid|slow|full|insufficient|stale|expired|(?:too|overly) \w{3,16}) [^.!?,:]{3,120} (?:causes?|leads? to|results? in|triggers?|produces?)\b",
    r"(?:an?|any) (?!error occurred|exception occurred)[^.!?:]{3,160}?(?:fails|exits|stops|dies|returns|throws|reports|occurs|happens|appears|means) [^.!?]{0,160}(?:when|if) (?:an?|the|your|its?|no)\b",
)
"""What a sentence in general begins with."""
_IN_GENERAL: Final = regex(
    "|".join(
        (
            *(
                rf"{_SENTENCE}(?:[^.!?]|\.(?=\S)){{0,300}}?(?:{one})[^.!?]{{0,600}}"
                for one in _FORMS
            ),
            *(f"{_SENTENCE}(?:{one})[^.!?]{{0,600}}" for one in _BEGINNINGS),
        )
    )
)
"""A sentence of a guide: why such failures come about in general, which says of none that it came about."""
_ASIDE: Final = regex(
    rf"\((?:(?:this (?:is )?|which (?:is )?)?{_USUALLY} |(?:e\.? ?g\.?|i\.e\.|for example|such as),? [^()]{{0,100}}['\"])[^()]{{0,200}}\)"
)
"""The same in brackets behind what did come about."""
_DENIED: Final = regex(
    r"\b(?:is|are|was|were|be|been|being|get|gets|got) (?:not|never|no longer) (?:being |been )?(?:\w{2,20}ly )?(?:throttled|killed|stopped|terminated|interrupted|evicted|rate[ -]limited|restarted|oom-?killed|overloaded|rolled back|"
    r"reset|dropped|rejected|crashing|failing|restarting|timing out|blocked)\b(?! (?:by itself|cleanly|properly|until|before|because))(?:[^.,;|]{0,120})|"
    r"\bwill not count (?:[^.,;|]{0,120})|"
    r"\b(?:did|does|do|has|have|had) (?:not|never) (?:ever )?(?:been (?:\w{2,20}ly )?\w{3,20}ed|fail(?:ed)?|crash(?:ed)?|(?:exit(?:ed)?|die|died|end|ended) with an? [\w -]{0,30}(?:error|code)|time(?:d)? out|run out|r[au]n out of \w+|recur(?:red)?|happen(?:ed)? (?:again|since)|come back|reappear(?:ed)?)\b(?:[^.,;|]{0,120})|"
    r"\bwithout (?:any )?(?:errors?|failures?|being (?:throttled|killed|interrupted|restarted)|a single (?:error|failure|restart)|restarts?|crash(?:es|ing)?|timeouts?|failing|timing out)\b(?:[^.,;|]{0,120})"
)
"""That something did not come about."""
_BUT_MINE: Final = regex(r"\b(?:but|and|yet|while) (?:mine|ours|i|we|my|our)\b")
"""What turns from the general to the one that failed."""
_LEVEL: Final = regex(
    r"^(?:[^a-z ]{0,20}[\d\[][^ ]{0,40} ){0,3}[^a-z]{0,3}(?:debug|trace(?!: \[?\w{0,30}error\b)|verbose)\b[^a-z]|\blevel=\"?(?:debug|trace)\b| - debug - |\| level (?:debug|trace)\b"
)
_TRIED: Final = regex(r"\btrying to [\w -]{3,60} again: \"|\brequest failed \(attempt \d")
"""What Terraform and the AWS SDK of JavaScript write at that level of an answer that made it try again."""
_WITH_ERROR: Final = regex(
    r" (?:error|err)=\"(?=[^\"]{0,400}(?:\bapi error [a-z]{4,60}: |\b\w{3,12} has expired\b|\bno ec2 imds role\b))"
)
"""The same of a tool that says so at no other level, as Amazon's helper for credentials of ECR does."""
_CALM_LEVEL: Final = regex(r"^[^a-z]{0,40}info\b|\blevel=\"?info\b| - info - |\| level info\b")
_CALM_VERB: Final = regex(
    r"\b(?:start(?:ed|ing)|booting|loaded|enabled|configured|registered|connected|resumed|succeeded|restored|completed|created|initialized|retry policy|already exists)\b"
)
_ERRS: Final = regex(
    r"\berror (?:while |when )?(?!rate|budget|handler|page|log|report|boundar)[a-z]{3,20}ing\b|\b(?:failed|error): |\bcannot[a-z]{3,40}error\b|\belb-healthchecker/"
)
"""What a program at that level says of an error of its own: ``error transitioning resource``; or whom it answered, who takes no status but a good one."""
_SETTING: Final = regex(
    r"\b[a-z]{1,20}_[a-z_]{0,40}timeout \d{1,9}[a-z]{0,2};|\b[a-z_]{0,40}(?:timeout|threshold|retr(?:y|ies))[a-z_]{0,20} ?[=:] ?[\"']?\d{1,9}[a-z]{0,2}\b|\bha(?:s|ve) an? \d{1,4}[ -](?:second|minute)s? (?:timeout|interval|grace period)\b"
)
"""A limit that is set, as in a connection string: ``connect_timeout=10``."""
_SERVED: Final = regex(
    r"[\"'](?:get|head|post|put|patch|delete|options) \S{1,300} http/\d(?:\.\d)?[\"'] ?(?:2\d\d|3\d\d(?!\d?[^|]{0,300}elb-healthchecker))(?!\d)"
)
"""A request that an access log calls answered: words of its path are no failure; a check that is redirected is none."""
_CHECKED: Final = regex(r"[^.;|]{1,200}\.{3} ?(?:ok|none(?: found)?|passed|done|fine)\b")
_ZERO: Final = regex(rf"(?:{_COUNTED})(?:(?! - )[^.;,|]){{0,80}}")
_ALL_OTHER: Final = regex(f"{_TESTED}|{CODE}|{_CHANGED}|{_OVER}|{_WATCHED}|{_DESCRIBED}|{TEMPLATE}")
_NO_PAGE: Final = regex(f"{_TESTED}|{CODE}|{_CHANGED}|{_OVER}|{_WATCHED}|{TEMPLATE}")


_ANSWERED: Final = regex(r"^\W{0,6}(?:an error occurred \(|(?:error: )?[a-z]{4,60}exception: )")
"""The beginning of an answer of AWS: of its command line's, or with the name of the error in front."""


@lru_cache(maxsize=4096)
def asserted(folded: str) -> str:
    """What of a text (folded) says that something failed: without clauses that say no such thing."""
    if (
        _ALL_OTHER.search(folded)
        or _FELL_BACK.search(folded)
        or is_title(folded)
        or is_mentioned(folded)
    ):
        return ""
    left = _of_one_failure(folded)
    shown = "" if left == folded else introduced(folded)
    return left if not shown or shown in left else f"{left} {shown}".strip()


def _of_one_failure(folded: str) -> str:
    """A text (folded) without what denies, supposes or teaches."""
    if _LEVEL.search(folded) and not (_TRIED.search(folded) or _WITH_ERROR.search(folded)):
        return ""
    errs = _ERRS.search(folded) or AS_GIVEN.search(folded)
    if _CALM_LEVEL.search(folded) and _CALM_VERB.search(folded) and not errs:
        return ""
    own = _BUT_MINE.search(folded) is not None
    if not own:
        folded = _of_this_case(without_general(folded))
    if not _NONZERO.search(folded):
        folded = _ZERO.sub(" ", folded)
    # An answer of AWS says what must be when something else is: "When X is specified, Y has to be".
    supposed = () if _ANSWERED.search(folded) else (_CONDITIONAL,)
    for clause in (*supposed, _CHECKED, _SERVED, _SETTING, _TAUGHT, _ASIDE, _DENIED):
        folded = clause.sub(" ", folded)
    return folded if own else _IN_GENERAL.sub(_only_taught, folded)


def _only_taught(sentence: re.Match[str]) -> str:
    """What is left of a sentence in general: itself, when it holds an answer of AWS as it was given."""
    return sentence.group() if AS_GIVEN.search(sentence.group()) else " "


def _of_this_case(folded: str) -> str:
    """A text (folded) without its sentences in general."""
    every = list(sentences(folded))
    kept = [one for one in every if AS_GIVEN.search(one) or not is_general(one)]
    return folded if len(kept) == len(every) else " ".join(kept)


_AGAIN: Final = regex(
    r"\b(?:retry|retrying|(?<!been )retried|trying again|try again|waiting|attempt|backing off|backoff|immediate connect fail)\b"
)
_LATER: Final = regex(
    r"\b(?:attempt|try|retry) (?:no\.? |#)?\d{1,3}(?:/\d{1,3}| of \d{1,3})?:? (?:succeeded|worked|passed|ok)\b|"
    r"\b(?:succeeded|connected|completed|ok) (?:on|after|at) (?:attempt|try|retry|\d)|\b(?:recovered|reconnected|re-established|back online)\b|"
    r"\b(?:request|connection|retry|retrying|call|upload|pull) (?:succeeded|restored|recovered|was restored)\b|"
    r"\b(?:connection|link|session|stream) to [\w.:-]{1,60} (?:was |is |has been )?(?:restored|recovered|re-?established|back)\b|\b(?:upload|download|sync|pull|request|call) ok\b|"
    r"^\W{0,4}connected to [^ ]{1,253} \([\d.:a-f]{3,45}\) port \d|\b(?:pulled|connected|uploaded|downloaded|done|finished|completed|succeeded|acquired|resolved|fetched) (?:in|after) \d"
)


def describes_nothing(folded: str) -> bool:
    """Whether words of a failure (folded) stand in a program, a test, a change or a rule, or are over: no page explains them."""
    return _NO_PAGE.search(folded) is not None or is_mentioned(folded)


def says_again(folded: str) -> bool:
    """Whether a text (folded) says that what failed is tried again."""
    return _AGAIN.search(folded) is not None


def says_over(folded: str) -> bool:
    """Whether a text (folded) says that a later try did not fail."""
    return _LATER.search(folded) is not None
