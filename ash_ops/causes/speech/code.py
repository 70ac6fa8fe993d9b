"""Lines of code: a failure's words in a string, a pattern or a list, which a program would say, look for or test."""

from __future__ import annotations

from typing import Final

_REPORTS: Final = r"(?:\w{0,30}_)?(?:reason|message|msg|error|err|status|state|stderr|stdout|output|detail|details|cause|event|log|code|result)s?"
"""Names under which tools print what happened, as Terraform its outputs and systemd its properties."""
_NAME: Final = r"[a-z_][\w.]{0,60}(?:\[[^\]]{0,40}\])?"
_STATEMENT: Final = (
    r"\bif \(|\b(?:if|elif|while|unless) [^:;{}]{3,200}(?:\([^)]{0,200}\)[^:;{}]{0,40}|[=!]= ?[^:;{}]{1,80}| in [^:;{}]{1,80}): ?(?:$|return|raise|continue|break|\w+\()|"
    r"\bcatch \(\w{0,20}\) ?\{|[!=]==? ?['\"](?!\d{1,3}['\"])|\bexcept [a-z_.()]{2,60}(?:, [a-z_.]{2,60}\))?(?: as \w{1,20})?:|^ ?assert(?:\w{0,12}!?\(| )|\bthen (?:echo|exit|return)\b|\|\| (?:echo|exit|die|true)\b|^ ?raise (?!error_class\(parsed_response\b)|^ ?throw new \w{1,40}\(|"
    r"^ ?(?:async )?(?:def|func|function|fn) (?:\([^)]{1,60}\) )?\w{1,60}\(|^ ?(?:const|let|var) \w|^ ?(?:final|static|private|public) [\w<>\[\] ]{1,80}[=({]|^ ?(?:switch|match) [^:]{2,80}\{|^ ?case (?:[*&]?[\w.\"]{2,80}:|')|"
    r"^ ?(?:#define|import|from \w+ import) |^ ?(?:resource|variable|module|provider|data) ['\"]\w|^ ?@[\w.]{2,60}\(|\benum \w{1,60} ?\{|^ ?[a-z]\w{2,60} = '[^']{3,200}',(?: \}|$)|\binsert into [\w.\"]{1,80} (?:\([^)]{1,300}\) )?values ?\(['\"]"
)
_CALL: Final = (
    r"^ ?(?:\w{1,40}\.){0,3}(?:log|logger|logging|console|print|println|printf|echo|fmt)(?:\.\w{1,20})?\(|\b(?:log|logger|logging|console|fmt)\.\w{2,12}\(['\"]|\.reply\(\d{3}, ?[{'\"]|"
    r"\.(?:includes|startswith|endswith|contains|has|hasprefix|indexof|test|matches|search)\(['\"/]|\.to(?:throw|equal|be|match|contain|have)\w{0,20}\(|"
    r"\b(?:errors|exceptions)\.(?:is|as|new)\(|\brescue [a-z_:]{3,60} =>|\bnew (?:error|exception|regexp)\(['\"]"
)
_VALUE: Final = (
    rf"^ ?(?:export )?(?!{_REPORTS} )(?:self\.)?{_NAME}(?:: [\w\[\], .|]{{1,60}})? :?= (?:\w{{1,40}}\(|[\[({{]|[rfb]?['\"])|"
    r"(?:[\[({,] ?['\"][a-z][\w.]{3,60}['\"]){2,}(?![^()]{0,400}\) values ?\()|^ ?\w{1,40} = \w{1,40}\(['\"]"
)
_COMMENT: Final = (
    r"^ ?(?://|/\*|#(?: |!)[a-z][^|]{0,20}\b(?:retry|handle|ignore|todo|fixme|see|note)\b)"
)
CODE: Final = f"{_STATEMENT}|{_CALL}|{_VALUE}|{_COMMENT}"
"""A statement, a call with a string, a value that is set, a list of names, a comment (over folded text)."""
