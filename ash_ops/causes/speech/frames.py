"""Sentences around words in quotes that report nothing: asked for in general, absent, supposed, shown, code."""

from __future__ import annotations

from typing import Final

from ash_ops.patterns import regex

_Q: Final = "\u00a7"
"""What stands for the words in quotes."""
_WORD: Final = r"(?:[\w/-]{1,20} )"
_ERROR: Final = r"(?:(?:the|this|that|an?|any|such|l'|den|die|der|das|la|el|il|os?|as?) ?){0,2}(?:errors?|exceptions?|messages?|failures?|lines?|fehler|erreur|error|erro)? ?(?:like |such as |called |named |saying )?:? ?"
_HAPPENS: Final = (
    r"(?:happen|occur|appear|arise|come up|show up|pop up|exist|be (?:expected|normal|retried|ignored|logged|possible)|vorkommen|auftreten|passieren|arriver|survenir|se produire|apparaître|"
    r"aparecer|ocurrir|suceder|acontecer|ocorrer|succedere|capitare|verificarsi|возникать|случиться)"
)
_GENERALLY: Final = (
    rf"^\W{{0,6}}(?:{_WORD}){{0,8}}(?:can|could|may|might|will|would|should|kann|könnte|darf|peut|pourrait|puede|podría|pode|può|может) (?:{_WORD}){{0,3}}{_ERROR}{_Q},? (?:{_WORD}){{0,4}}{_HAPPENS}\b|"
    rf"^\W{{0,6}}¿? ?(?:puede|kann|peut|pode|può|can|could|may|might|will|would) {_HAPPENS} {_ERROR}{_Q}|"
    rf"^\W{{0,6}}{_ERROR}{_Q} (?:can|could|may|might|peut|puede|pode|può|kann) (?:{_WORD}){{0,3}}{_HAPPENS}\b|"
    rf"{_Q}(?:は|が|という)?[^{_Q}]{{0,10}}(?:発生しますか|起こりますか|出ますか)|{_Q}[^{_Q}]{{0,6}}(?:会(?:发生|出现)吗)|"
    rf"^\W{{0,6}}(?:is|are) {_ERROR}{_Q} (?:(?:also|ever|usually|normally) )?(?:logged|retried|ignored|documented|possible|expected|sent|counted|reported|raised|thrown|shown|printed|translated) (?:by default|in|on|as|to|by|with|after|anywhere|automatically)\b|"
    rf"^\W{{0,6}}(?:should|shall|can|could|may|must|would|will|do|does) (?:i|we|you|one|people|our \w{{2,20}}|the \w{{2,20}}|it) (?:{_WORD}){{0,6}}(?:expect|retry|ignore|alert|count|log|catch|filter|counts|counting|run into|see|get|hit|meet|silence|mute|suppress) (?:{_WORD}){{0,4}}{_ERROR}{_Q}[^{_Q}]{{0,120}}\?|"
    rf"\bis it (?:safe|ok|okay|fine|possible|a good idea) to (?:{_WORD}){{1,4}}{_ERROR}{_Q}|"
    rf"\b(?:what is|what are|what's) the (?:differences?|relation|meaning)\b[^{_Q}]{{0,60}}{_Q}|"
    rf"^\W{{0,6}}(?:where|which|who|how|what) (?:{_WORD}){{1,10}}(?:list of|docs?|documentation|page|describes?|explains?|documents?|alarm (?:for|on)|alert (?:for|on)|metric|filter|counts?|dashboard|test for)\b (?:{_WORD}){{0,6}}{_ERROR}{_Q}|"
    rf"^\W{{0,6}}can (?:i|we|you|one) (?:{_WORD}){{1,6}}(?:that counts|for|on) {_ERROR}{_Q}\?|"
    rf"\bwould (?:we|i|it|they) (?:{_WORD}){{0,3}}(?:run into|get|see|hit|say|throw|return) {_ERROR}{_Q}[^{_Q}]{{0,60}}\?"
)
"""Asked of what may be, of what is to be built, of what is written about it."""
_ABSENT: Final = (
    rf"\b(?:no|0|zero|without|not any|never any|any) (?:more )?(?:occurrences?|match(?:es)?|results?|hits?|instances?|entries|entry|lines?|records?|traces?|signs?|evidence|mentions?|logs?) (?:of|for|with|matching|saying|containing|like) {_ERROR}{_Q}|"
    rf"\b(?:it|this|that|the (?:cause|reason|problem|issue|error)) (?:was|is|has|had)(?: definitely| clearly)? (?:not|never)(?: been)? (?:due to |caused by |about )?{_ERROR}{_Q}|"
    rf"\b(?:ruled out|excluded|unlike|instead of|rather than|different from|not the same as|nothing to do with) {_ERROR}{_Q}(?! ?:)|"
    rf"\b(?:do|did|does|can|could) ?not (?:actually |ever |even |really )?(?:see|find|get|observe|log|contain|show|print|report|say|mention|happen|include) {_ERROR}{_Q} (?:any ?where|any ?more|in|at all|on|yet|any longer|after)\b|"
    rf"{_Q},? (?:error |message )?(?:has |have |is |was |finally |then )?(?:stopped|ceased|disappeared|vanished|went away|gone|done|over|solved|history)(?: (?:appearing|happening|occurring|showing(?: up)?|coming))?\b"
)
"""What is not there, or no longer."""
_PAST: Final = (
    rf"\b(?:solved|fixed|cured|resolved|got rid of|took care of|helped (?:me |us )?with|eliminated|eliminates|prevents|prevented|avoids) {_ERROR}{_Q}(?! ?:)|"
    rf"^\W{{0,4}}(?:closed|resolved|fixed|solved|done|merged|recovered|ok|resolu|gelöst|behoben|resuelto)\b\W{{0,4}}(?:#?\w{{1,20}})?[:\])-]{{0,3}} [^{_Q}]{{0,40}}{_Q}|"
    rf"\b(?:last|previous) (?:year|quarter|month|summer|winter)\b[^{_Q}]{{0,80}}{_Q}|{_Q}[^{_Q}]{{0,20}}\b(?:that is history|long ago|years ago)\b"
)
_SUPPOSED: Final = (
    rf"^\W{{0,6}}(?:suppose|imagine|assume|assuming|say,|let us say|hypothetically)\b[^{_Q}]{{0,120}}{_Q}|"
    rf"\bif (?:it|they|the \w{{2,20}}) (?:said|says|read|showed|were|was) {_ERROR}{_Q},? (?:we|i|you|one|it) (?:would|could|might)\b|"
    rf"\b(?:worried|afraid|fear|concerned|hopefully|hope|expect|risk)\b[^{_Q}.]{{0,80}}(?:{_Q} (?:does|will|should|would|may|might|on|during|next|tomorrow)|\b(?:might|may|could|will|would) (?:{_WORD}){{1,3}}{_Q})|"
    rf"\b(?:in (?:the )?(?:case|event) of|should (?:you|it|anyone) (?:ever )?(?:see|get|say)|if (?:the|an?) (?:alarm|alert|log|console|page|dashboard|user|customer)s? (?:ever )?(?:says?|shows?|reports?|sees?|gets?)) {_ERROR}{_Q},? (?:please )?(?:call|restart|page|open|contact|run|check|see|ask|do|follow|roll|then)\b|"
    rf"\b(?:simulate|reproduce|inject|trigger|provoke|fake|mock|rehearse|drill)\b[^{_Q}]{{0,80}}{_Q}"
)
"""What was not, and what is to be done when it is."""
_SHOWN: Final = (
    rf"^\W{{0,6}}(?:for example|for instance|e\.g\.|i\.e\.|such as|example|sample)\b[^{_Q}]{{0,60}}{_Q}|"
    rf"(?<!not )\b(?:translate|rephrase|spell|summarize|proofread|explain to|define|google|search for|searched for|search|googled|look up|chapter \w{{1,8}} (?:explains|describes|covers))\b:? (?:{_WORD}){{0,6}}{_ERROR}{_Q}|"
    rf"\b(?:chatgpt|claude|gemini|copilot|the (?:docs?|documentation|guide|manual|blog|book|article)) (?:told|tells|says|said|claims|claimed|mentions|mentioned|writes|thinks|suggests|suggested)\b[^{_Q}]{{0,60}}{_Q} (?:can|could|may|might|is|means|happens|occurs|appears)\b|"
    rf"^\W{{0,6}}see (?:also )?\S{{3,200}} \(?{_Q}|^\W{{0,6}}(?:q|question): [^{_Q}]{{0,40}}{_Q}[^{_Q}]{{0,40}}\? (?:a|answer): |"
    rf"^\W{{0,6}}(?:handle|catch|map|document|report|retry|ignore|improve|reword|suppress|support|detect|explain|translate) {_ERROR}{_Q} (?:gracefully|properly|better|correctly|in|with|as|instead|when|\(#\d)"
)
"""What is quoted to be translated, looked up, explained or built for."""
_CODE: Final = (
    rf"^\W{{0,3}}(?:it|test|describe|specify|scenario|context)(?:\.\w{{2,12}})?\({_Q}|"
    rf"\bre\.\w{{3,12}}\(r?{_Q}|\b[fs]?n?printf?\([\w, ]{{0,20}}{_Q}|^\W{{0,3}}case {_Q}:|"
    rf"^\W{{0,3}}(?:\w{{1,30}}_)(?:message|msg|text|error|label|hint|title|pattern|regex)s? ?[:=] ?r?{_Q},?;?$|"
    rf"\b(?:ignore|retry|skip|exclude|allow|suppress|known|expected|transient|retryable|fatal)_?[a-z_-]{{0,24}} ?[=:] ?(?:[\[({{]|- )? ?{_Q}|"
    rf"^\W{{0,3}}--[a-z][\w-]{{1,30}} (?:{_WORD}){{0,12}}{_Q}|\.(?:rollup|index|last)\({_Q}|{_Q}\)\.(?:rollup|index|last|by)\(|"
    rf"^\W{{0,3}}code: ['\"]?\w{{1,12}}['\"]? message: ['\"]?{_Q} (?:http|status|retry|level|hint|help): "
)
_STRONG: Final = (
    rf"\b(?:under (?:which|what) (?:conditions|circumstances)|used to (?:fail|die|end|crash|stop|say|answer|print|log|show|exit|break)\b|whenever (?!i\b|we\b|my\b|our\b)|in (?:that|this|such a) case (?:the|it|an?)|luckily|fortunately|glücklicherweise|zum glück) ?[^{_Q}]{{0,80}}{_Q}|"
    rf"^\W{{0,4}}(?:given|then|and|scenario|feature)\b:? (?:the|an?) [^{_Q}:]{{2,60}} {_Q}$|"
    rf"\b(?:customers?|users?|people|those|anyone|everybody|everyone|whoever|teams?) who\b[^{_Q}]{{0,80}}{_Q}|{_Q} is what (?:you|one|they|users?)\b|"
    rf"{_Q} (?:(?:has|have|had|was|is) (?:not|never|no longer) (?:been )?(?:seen|observed|logged|reported|recorded|shown|printed|happened|occurred|appeared)|(?:is|are|was|gets?) (?:now )?(?:retried|renamed|removed|translated|deprecated|documented|replaced|reworded)|trat(?:en)? nicht|kommt nicht|kam nicht|n'apparaît plus|no aparece|non compare|não aparece)\b|"
    rf"\b(?:there (?:is|was|are|were) (?:no|not any)|gibt es (?:kein|keine|keinen)|il n'y a (?:plus|pas) (?:de|d')|ya no (?:aparece|sale|hay)|não há mais|non c'è più|больше нет|没有|もう) ?[^{_Q}]{{0,12}}{_Q}|"
    rf"\b(?:search(?:ed)?|grep(?:ped)?|looked|checked|queried|scanned) [^{_Q}]{{0,60}}{_Q}[^{_Q}]{{0,20}}\b(?:nothing|none|no (?:hits?|results?|matches)|empty|0)\b|"
    rf"\b(?:this|that|it|these) (?:is|are|was|were) (?:not|never) (?:the|a|an|our|your) [^{_Q}:.]{{0,30}}{_Q}|"
    rf"\b(?:befürchte\w{{0,4}}|würden?|könnten?|hätten?|soll(?:te)?n?) [^{_Q}]{{0,40}}{_Q}[^{_Q}]{{0,40}}(?:bedeuten|heißen|passieren|kommt|auftr\w{{2,6}}|erscheinen)\b|"
    rf"\bwith {_Q} (?:when|if|unless) (?:the|an?|any|you|no) (?:{_WORD}){{1,4}}(?:is|are|was|has|cannot|does)\b"
)
"""What is so in general, once was, or is not: whatever verb stands before the quotation."""
_ABOUT: Final = (
    r"\b(?:blog(?: post)?|articles?|paper|talk|slides?|sources?|documented|documentation|dokumentiert|documentée?|documentad[oa]|documentato|runbooks?|playbooks?|be (?:paged|alerted|notified)|"
    r"(?:unit |integration |e2e )?tests? (?:for|that|which|of)|(?:pr|pull request|commit|patch|branch|change) (?:that|which|for|to|adds?|removes?|renames?)|(?:ticket|issue) [#\w-]{2,20} \(|can be closed|got merged|was renamed|were renamed|make sure|"
    r"alarm (?:für|matches|on|for)|alert (?:für|matches|on|for)|alarme? (?:sur|pour|para|per)|docs? for|leer sobre|lire sur|nachlesen|wo ist|wo steht|où est|où trouver|dónde|donde|onde|dove)\b|^\W{0,4}\[[ x]\] "
)
"""Words of what is written, built, watched for or done about messages."""
_LINE_OF_CODE: Final = (
    rf"(?<=\w)(?<!\bsome)(?<!\berr)(?<!\bok)(?<!error)(?<!exception)(?<!failure)(?<!fault)(?<!exit)\((?:[\w.]{{1,40}}(?:\(\))?(?:\.\w{{1,30}}\(\))?, |[\w ]{{1,30}}= ?\d{{1,4}}, (?:body|message|msg|detail)=)?[rfb]?{_Q}(?:, [\w.]{{1,40}})?\)|"
    rf"(?:=>|[=!]==?|\|[=~]|\b(?:where|when|and|or|filter|message|msg|log|line|body|text|@message) (?:not )?(?:like|ilike|rlike)) ?[*%(\[]?{_Q}|\*{_Q}\*|\becho (?:-\w )?{_Q}|{_Q} ?\| ?(?:timechart|stats|count\w{{0,20}}|sort|dedup|table|where|parse|line_format)\b|{_Q} ?>&2|"
    rf"^\W{{0,3}}@[\w.]{{3,60}}\([^{_Q}]{{0,60}}{_Q}"
)
"""A statement or a query in which the words are a string."""
_NO_REPORT: Final = regex(f"{_GENERALLY}|{_ABSENT}|{_PAST}|{_SUPPOSED}|{_SHOWN}|{_CODE}")
_OF_A_SENTENCE: Final = regex(f"{_STRONG}|{_LINE_OF_CODE}")
_WRITTEN_ABOUT: Final = regex(_ABOUT)
_FAILS: Final = regex(
    rf"\b(?:cannot|could not|unable|failed|denied|refused|timed out|not found|invalid|exceeded|no such|missing|not authorized|unauthorized|fatal)\b|\berror[ :]|{_Q} ?: (?!nothing\b|none\b|no )\w"
)
"""Words of a failure: what is quoted between them is a name in a message, not a message."""
_WORDS: Final = 2
"""Blanks of a quotation from which on it is a sentence and no name."""
_REPORTED: Final = regex(
    rf"[:=] ?{_Q}|\b(?:i|we|i'm|we're|they|it|my \w{{2,20}}|our \w{{2,20}}) (?:\w{{2,12}} ){{0,2}}(?:get|gets|getting|got|see|sees|seeing|saw|receive|received|have|had|hit|hits|fails?|failed)\b|"
    rf"\b(?:says?|said|shows?|showed|showing|reports?|reported|reads?|prints?|printed|logs?|logged|returns?|returned|answers?|answered|throws?|threw|gives?|gave|complains?|with|because|due to) {_Q}|"
    r"\b(?:fix|solve|resolve|help|why|what does|any idea|was bedeutet|que signifie|qué significa|after|since|now|today)\b"
)
"""Words of one who tells of a failure of now."""
_GOES_ON: Final = regex(
    r"\b(?:but|still|however|yet|again|anyway|keeps?|today|this morning|since (?:noon|yesterday|this|last)|(?:we|i) (?:now |also )?(?:get|see|got|saw) (?:it|this|the same)|happened to (?:me|us)|aber|mais|pero)\b"
)
_TRANSLATED: Final = regex(
    r"[\"'](?:errors|messages|i18n|labels|alerts|toasts?|notifications?|validation)(?:\.[\w-]{1,30}){1,4}['\"] ?: ?['\"]"
)
"""A line of a file of translations: its key has dots."""
_SEARCHED: Final = regex(
    r"^\W{0,4}(?:match|filter|exclude|include|drop|pattern|regex|grep|expression)(?:_\w{1,20})?: ?/[^/]{3,300}/ ?$"
)


_LISTED: Final = regex(
    r"\b(?:ignore|retry|skip|exclude|allow|suppress|known|expected|transient|retryable)_?[a-z_-]{0,24} ?[=:] ?$"
)
"""What stands before a list of messages that a program is to look for."""


def lists_messages(before: str) -> bool:
    """Whether what stands before a value (folded) says that it lists messages, none of which came about."""
    return _LISTED.search(before) is not None


def is_no_report(around: str, said: str) -> bool:
    """Whether a sentence (folded), its quotation one sign, says nothing of what happened now.

    Args:
        around: the sentence.
        said: what is quoted.
    """
    if _GOES_ON.search(around) is not None:
        return False
    if _NO_REPORT.search(around) is not None:
        return True
    if said.count(" ") < _WORDS or _FAILS.search(around):
        return False
    if _OF_A_SENTENCE.search(around) is not None:
        return True
    return _WRITTEN_ABOUT.search(around) is not None and _REPORTED.search(around) is None


def is_a_setting(folded: str) -> bool:
    """Whether a text (folded) is a line of settings or translations that holds a message."""
    return _TRANSLATED.match(folded) is not None or _SEARCHED.match(folded) is not None
