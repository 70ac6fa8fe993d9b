"""Messages that are mentioned, not reported: what is said of the words in quotes decides, whatever they are.

"'...' was fixed", "how do I avoid '...'?", "if '...' in str(error):": a message as it was given has its own
ids and answers of AWS, which would speak for a failure of its own. The sentence around it knows better.
"""

from __future__ import annotations

from typing import Final

from ash_ops.causes.speech.frames import is_a_setting, is_no_report
from ash_ops.patterns import regex

_QUOTED: Final = regex(
    r"(?:(?<![a-z])[\"'\u201e\u00ab\u300c]|(?<=\b[rfbu])\")(?P<said>[^\n]{8,4000})[\"'\u00bb\u300d]"
)
"""From the first mark of a quotation to the last: the message within may hold some of its own."""
_Q: Final = "\u00a7"
"""What stands for the quotation in the sentence around it."""
_ERROR: Final = r"(?:the |this |an? |den |die |der |das |l'|la |el |o |il |a )?(?:error|exception|message|failure|problem|issue|fehler(?:meldung)?|meldung|erreur|mensaje|erro|errore|mensagem|messaggio)?:? ?"
_STILL: Final = (
    r"(?![^\u00a7]{0,300}\b(?:but|still|however|now we|now it|yet|aber|mais|pero|mas|ma)\b)"
)
_OVER: Final = (
    rf"{_Q},? ?(?:error |message )?(?:(?:is|was|were|has been|have been|got|gets|will be|it is|it was) (?:now |already |finally |since |long )?(?:fixed|resolved|solved|gone|mended|addressed|corrected|history)\b|"
    r"(?:is|was|has been) no longer\b|(?:does|did|has) not (?:happen|occur|appear|come back|recur)|no longer (?:happens|occurs|appears)|"
    r"(?:ist|sind|wurde|wird|war) (?:\w{2,12} )?(?:behoben|gelöst|weg|korrigiert)\b|"
    r"(?:a été|est|était) (?:\w{2,10} )?(?:corrigée?|résolue?|réglée?)|"
    r"(?:est[áa]|fue|ha sido|qued[óo]|foi|è stato|è) (?:\w{2,10} )?(?:resuelt|solucionad|corregid|arreglad|resolvid|corrigid|risolt|corrett)\w|"
    r"(?:is|was) (?:opgelost|verholpen)|(?:уже )?(?:исправлен|решен|устранен)|(?:は|を|が)?(?:解決|修正)(?:し|済|され)|(?:已经?)?(?:被)?(?:解决|修复|修好))"
    rf"{_STILL}"
)
_NEVER: Final = rf"\b(?:never|no longer|not|do not|did not|have not|has not|nobody|without)(?: ever)?(?: (?:any ?more|yet|once))? (?:saw|seen|see|sees|seeing|had|has|have|hit|hits|get|gets|got|getting|met|meet|run into|ran into|report|reports|reported|fails? with|failing with|throws?|show|shows|shown) {_ERROR}{_Q}(?! (?:before|until|till|in the past|earlier)\b)"
_ASKS: Final = (
    rf"^\W{{0,6}}(?:(?:hi|hello|hey|question|q)\b[^?{_Q}]{{0,40}}[,:.!] )?(?:(?:how|when|where|why|what)(?: (?:do|does|can|could|should|would|shall|will|to|is|are|it)){{1,2}}(?: (?:i|we|you|one|people|it|best|a program))?(?: (?:best|properly))? (?:avoid|prevent|catch|detect|test|simulate|reproduce|mock|trigger|monitor|alert on|retry|document) {_ERROR}{_Q}|"
    rf"(?:does|do|can|could|will|would|may|might) {_ERROR}{_Q} (?:also |ever |even )?(?:happen|occur|exist|appear|come|mean(?! (?:that )?(?:the|my|our|we|i|it|this|something)\b)|apply|show up|be \w{{3,20}})\b|what (?:does|do|would|could|might|will) {_ERROR}{_Q} (?:mean|stand for|say|tell|indicate)s?[^?]{{0,40}} (?:in general|generally|usually|normally)\b|"
    rf"(?:wie|wodurch) (?:vermeide|verhindere|teste|simuliere|fange)\b[^?]{{0,30}}{_Q}|comment (?:éviter|intercepter|tester|simuler|prévenir) {_ERROR}{_Q}|"
    rf"¿? ?c[óo]mo (?:se )?(?:evit|prob|simul)\w{{1,4}} {_ERROR}{_Q}|como (?:evit|test|simul)\w{{1,4}} {_ERROR}{_Q}|come (?:si )?(?:evit|simul)\w{{1,4}} {_ERROR}{_Q}|как (?:избежать|предотвратить)[^?]{{0,30}}{_Q}|如何(?:避免|测试|防止)[^?]{{0,10}}{_Q}|"
    rf"¿? ?qu[ée] significa {_ERROR}{_Q} en general|{_Q}(?:を|は)(?:回避|防ぐ|避ける))[^{_Q}]{{0,200}}\?? ?$"
)
_CODE: Final = (
    rf"\b(?:if|elif|unless|while|when|and|or) (?:not )?{_Q} (?:not )?in [\w.()\[\]]{{1,60}}(?: (?:and|or) [^:]{{1,80}})?:|\b(?:query|expr|filter|search|pattern|grok|where|condition)(?:: ?(?:[\w.@]{{1,40}} ?(?:=~?|:|like|~|contains|matches) ?)?| [\w.@]{{1,40}} ?(?:=~?|like|~|contains|matches) ?){_Q}(?: ?$| ?[a-z_]{{2,20}}: )|"
    rf"(?:^|[#;*] ?|// ?)(?:todo|fixme)\b[^{_Q}]{{0,60}}{_Q}|^(?:[^\w]{{0,4}}[0-9a-f]{{7,40}} )?(?:\([^)]{{1,80}}\) )?(?:fix(?:es|ed)?|feat|chore|docs|test|refactor|perf|ci|build)(?:\([^)]{{1,40}}\))?!?: (?![^{_Q}]{{3,100}} (?:fails|failed|failing|stops|stopped|dies|died|crashes) (?:with|on|because of|due to):? {_Q})[^{_Q}]{{0,100}}{_Q}"
)
_DOCUMENT: Final = (
    rf"^\W{{0,6}}(?:if|when|whenever|in case|should) (?:you|users?|people|someone|the (?:console|log)s?|your \w{{2,20}}) (?:ever )?(?:see|get|receive|encounter|hit|find|shows?|sees|gets)s? {_ERROR}{_Q}|"
    rf"\b(?:interview|exam|quiz) questions?: [^{_Q}]{{0,80}}{_Q}|^\W{{0,6}}(?:{_ERROR})?{_Q} (?:is|are) (?:now )?(?:retried|handled|ignored|logged|documented|expected|explained|reported as)\b"
)
_MENTIONED: Final = regex(f"{_OVER}|{_NEVER}|{_ASKS}|{_CODE}|{_DOCUMENT}")
_SHORTEST: Final = 8
_LONGEST: Final = 4_000
_FRAME: Final = 400
"""Characters of a sentence around a quotation; more are a text of its own."""
_NO_QUOTE: Final = regex(
    r"^\W{0,6}(?:\w{2,8} )?(?:you (?:may|might|could|can) (?:also )?(?:receive|see|get|encounter) (?:the following|an?|this|one of the following) (?:errors?|messages?|exceptions?)\b[^.]{0,60}:(?! ?[\"'])|"
    r"(?:\[?(?:info|debug|warn(?:ing)?)\]?:? )?(?:ignor(?:ing|ed)|swallow(?:ing|ed)|suppress(?:ing|ed)|skipp(?:ing|ed)) (?:an? |the |this )?(?:expected|known|harmless|benign) (?:error|exception|failure|warning)s?\b|"
    r"(?:improved?|improves|clarif(?:y|ied|ies)|reword(?:ed|s)?|translated?) (?:the |an? )?(?:error )?(?:messages?|wording|texts?)\b|\[resolved\] |resolved:? #?\d{1,9}\b[: ]|"
    r"#? ?(?:help|type) [a-z_:][a-z0-9_:]{2,100} [a-z]|[a-z_:][a-z0-9_:]{2,100}\{[^{}]{1,400}\} 0(?:\.0)?(?: \d{10,13})?$|[a-z]{4,60}(?:error|exception|exceeded|denied|failure|found|stopped): 0$|"
    r"export (?:default )?(?:abstract )?class \w{2,60} extends |class \w{2,60}\((?:\w{1,40}\.)?\w{0,40}(?:error|exception)\): ?)|"
    r"\b(?:attempt|try|retry)(?: (?:no\.? |#|number )?\d{1,3})?(?:/\d{1,3}| of \d{1,3})? (?:succeeded|worked|passed)\b"
)
"""The same without quotations: what a document, a log, a changelog or a counter says before a message."""


def is_mentioned(folded: str) -> bool:
    """Whether a text (folded) holds a message only to say something about it that is no report."""
    if len(folded) > _LONGEST:
        return False
    if _NO_QUOTE.search(folded) is not None or is_a_setting(folded):
        return True
    quoted = _QUOTED.search(folded)
    if quoted is None or len(folded) - len(quoted.group()) > _FRAME:
        return False
    around = f"{folded[: quoted.start()]}{_Q}{folded[quoted.end() :]}"
    if len(around) <= _SHORTEST:
        return False
    return _MENTIONED.search(around) is not None or is_no_report(around, quoted.group("said"))
