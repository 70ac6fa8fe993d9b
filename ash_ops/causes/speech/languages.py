"""Sentences in other languages than English that tell of failures in general.

Their grammar says so, as it does in English: what can be, what comes if, what a word means. One who tells of
his own trouble says "my", "we", "since today", and is heard.
"""

from __future__ import annotations

from typing import Final

from ash_ops.patterns import regex

_GENERAL: Final = regex(
    # German, French, Spanish, Portuguese, Italian
    r"\b(?:kann|können|könnte[n]?)\b(?!(?: [\w-]+){0,4} nicht\b)|\b(?:falls|sobald) (?:der|die|das|ein|sie)\b|\bwenn (?:der|die|das|ein|eine|sie) |"
    r"\b(?:häufige|mögliche|typische) (?:ursachen?|gründe|fehler)\b|\bbedeutet,? (?:dass|das)\b|"
    r"\b(?:peut|peuvent|pourrait|pourraient)\b(?! pas)|\bs(?:i|'il|'ils) (?:le|la|les|l'|vous|un|une|n'|votre)|\blorsqu(?:e|')|\bsignifie que\b|\bcauses? (?:courantes?|possibles?|fréquentes?)\b|"
    r"(?<!\bno )(?<!\bno se )\b(?:puede|pueden|podría|podrían|suele|suelen)\b|(?<!en )\bcuando (?:el|la|los|las|un|una|se)\b|\bsi (?:el|la|los|las|tu|su|un|una|se) |\bsignifica que\b|\bcausas? (?:comunes|posibles|frecuentes)\b|"
    r"(?<!\bnão )(?<!\bnão se )\b(?:pode|podem|poderia|poderiam)\b|(?<!em )(?<!di )\bquando (?:o|a|os|as|um|uma|il|lo|la|un|una) |"
    r"(?<!\bnon )(?<!\bnon si )\b(?:può|possono|potrebbe|potrebbero)\b|\bse (?:il|lo|la|i|gli|le|un|una) |\bsignifica che\b|"
    # Russian, Japanese, Chinese, Arabic, Korean
    r"(?<!\b\u043d\u0435 )\b(?:может|могут)\b|\b(?:если|когда|обычно|означает)\b|"
    r"場合|ことがあ|可能性|かもしれ|とは|一般的|最もよく|原因として|対処法|対処方法|解決策|解決方法|トラブルシューティング|に(?:発生|表示)します|を(?:意味|示)し|"
    r"可能|如果|[当當].{1,40}[时時]|通常|一般(?:是|为|來)|常[见見]|表示|意味[着著]|例如|解[决決](?:方法|方案|办法|辦法)|排查|"
    r"رسائل (?:ال)?خطأ|يمكن أن|من الممكن|"
    r"수 있(?:습니다|다|음)|경우|일반적|가능성|의미합니다"
)
_OWN: Final = regex(
    r"\b(?:mein\w{0,2}|unser\w{0,2}|ich|wir|bei mir|bei uns|seit|heute|gestern|gerade|jetzt|plötzlich)\b|"
    r"\b(?:mon|ma|mes|notre|nos|je|nous|depuis|aujourd'hui|hier soir|ce matin)\b|\bj'|"
    r"\b(?:mis?|nuestr[oa]s?|yo|tengo|tenemos|desde|hoy|ayer|ahora|recib[ío]|recibimos|obtengo|me (?:da|sale|aparece)|nos (?:da|sale))\b|"
    r"\b(?:meus?|minhas?|noss[oa]s?|eu(?!-)|estou|estamos|receb[io]|recebemos|hoje|ontem|agora)\b|\b(?:mi[oa]|nostr[oa]|ho|abbiamo|oggi|ieri|adesso)\b|"
    r"\b(?:мо[йяеи]|\u0443 меня|\u0443 нас|наш\w{0,2}|сегодня|вчера|сейчас|уже)\b|"
    # Who asks whether anybody knows it asks of his own.
    r"\b(?:algu[eé]m sabe|alguien sabe|qualcuno sa|quelqu'un sait|wei(?:ß|ss) jemand|kennt jemand|weet iemand|czy ktoś wie|кто-нибудь|кто знает|подскажите)\b|"
    r"教えて|どなたか|有人知道|求助|아시는 분|"
    r"今朝|昨日|今日|先ほど|さっき|ずっと|私|弊社|うち|てしま|なりました|ています(?:が|。|$)|しました|できません|止まる|出ます|困|"
    r"我|今天|昨天|[刚剛]|[现現]在|一直|[报報][错錯]|怎[么麼]|[为為]什|请问|失[败敗]了|"
    r"제 |저[는희]|우리|오늘|어제|지금|했는데|안 됩|발생했|왜"
)
_SENTENCE: Final = regex(r"(?<=[。\uff01\uff1f])|(?<=[^\W\d_][.!?]) ")
_FOREIGN: Final = regex(r"[^ -~\t\r\n]|\b(?:der|die|das|und|ist|wird|le|la|les|est|une|el|los|una|para|não|uma|il|gli|per|con)\b")  # fmt: skip


def without_general(folded: str) -> str:
    """A text (folded) without its sentences in another language that tell of failures in general."""
    if _FOREIGN.search(folded) is None or _OWN.search(folded) is not None:
        return folded
    every = _SENTENCE.split(folded)
    kept = [one for one in every if _GENERAL.search(one) is None]
    return folded if len(kept) == len(every) else " ".join(kept)
