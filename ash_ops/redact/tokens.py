"""Secrets that are known by their form: keys with a prefix, tokens, passwords within a URL.

Every pattern is bounded or moves forward only, so that a line of a megabyte costs a millionth of
what a byte costs, times a million.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import takewhile

from ash_ops.patterns import always_whole
from ash_ops.patterns.parts import alternatives_of, beginning, longest_word, parts_of
from ash_ops.redact.held import Held, heads
from ash_ops.secret import MASK

# What begins a key: the prefix in lower case, which is looked for first, and the whole key.
# Sources: the providers' own pages on their keys' formats, and GitHub's list of patterns that its
# secret scanning supports. AROA and AIDA ids are no secrets: they name a role and a user.
_W = r"[A-Za-z0-9_-]"
_PREFIXED: tuple[tuple[str, str], ...] = (
    (
        "sk-",
        rf"sk-(?!ant-(?:{_W}{{2,8}}-)?(?:\.\.\.|…|[\s\"'`]|$))(?={_W}{{0,40}}[0-9A-Z]){_W}{{8,}}",
    ),
    ("ash_", r"ash_(?=[A-Za-z0-9-]{0,60}[0-9])[A-Za-z0-9_-]{12,}"),
    ("akia", r"A[A-Z]IA[A-Z0-9]{12,}"),
    ("asia", r"ASIA[A-Z0-9]{12,}"),
    ("abia", r"ABIA[A-Z0-9]{12,}"),
    ("acca", r"ACCA[A-Z0-9]{12,}"),
    ("absk", r"ABSK[A-Za-z0-9+/=]{20,}"),
    ("bedrock-api-key-", r"bedrock-api-key-[A-Za-z0-9+/=_-]{16,}"),
    ("iqojb3jpz2lu", r"IQoJb3JpZ2lu[A-Za-z0-9+/=%]{8,}"),
    ("fwogzxivyxdz", r"F[wQ]oGZXIvYXdz[A-Za-z0-9+/=%]{8,}"),
    ("fqogzxivyxdz", r"FQoGZXIvYXdz[A-Za-z0-9+/=%]{8,}"),
    ("gh", r"gh[pousr]_\w{16,}"),
    ("github_pat_", r"github_pat_\w{16,}"),
    # Words that begin so, too: "global-settings-of-a-tool" is a name.
    ("gl", r"gl(?!(?:obal|obally|ue|acier|ance|oo|uster|assfish|amour)-)[a-z]{2,8}-[\w.-]{16,}"),
    ("glsa_", r"glsa_\w{16,}"),
    ("glc_", r"glc_[A-Za-z0-9+/=]{16,}"),
    ("xox", r"xox[a-z](?:\.xox[a-z])?-[\w-]{8,}"),
    ("xapp-", r"xapp-\d-[\w-]{8,}"),
    ("sk_", r"sk_(?:live|test|prod)_\w{8,}|sk_[A-Za-z0-9]{32,}"),
    ("rk_", r"rk_(?:live|test)_\w{8,}"),
    ("pk_", r"pk_(?:live|test)_\w{8,}|pk_\d{4,12}_[A-Z0-9]{20,}"),
    ("whsec_", r"whsec_[A-Za-z0-9+/=_-]{12,}"),
    ("aiza", r"AIza[\w-]{24,}"),
    ("ya29.", r"ya29\.[\w.-]{16,}"),
    ("gocspx-", r"GOCSPX-[\w-]{16,}"),
    ("1//0", r"1//0[\w-]{20,}"),
    ("npm_", r"npm_[A-Za-z0-9]{20,}"),
    ("pypi-", r"pypi-[\w-]{16,}"),
    ("sg.", r"SG\.[\w-]{16,}\.[\w-]{16,}"),
    ("sk", r"SK[0-9a-f]{32}(?![0-9a-f])"),
    ("hf_", r"hf_[A-Za-z0-9]{20,}"),
    ("api_org_", r"api_org_[A-Za-z0-9]{20,}"),
    ("nr", r"NR(?:AK|II|JS|RA|AA|BR)-[A-Za-z0-9_-]{12,}"),
    ("nral", r"[0-9a-f]{36}NRAL"),
    ("sntry", r"sntry[su]_[\w+/=]{16,}"),
    ("key-", r"key-[0-9a-f]{32}(?![0-9a-f])"),
    ("-us", r"[0-9a-f]{32}-us\d{1,2}(?!\w)"),
    ("_v1_", r"do[opr]_v1_[0-9a-f]{32,}"),
    ("dapi", r"dapi[0-9a-f]{32}(?:-\d)?"),
    ("dose", r"dose[0-9a-f]{32}"),
    ("hvs.", r"hvs\.[\w-]{16,}"),
    ("hvb.", r"hvb\.[\w-]{16,}"),
    ("hvr.", r"hvr\.[\w-]{16,}"),
    ("s.", r"s\.[A-Za-z0-9]{24}(?![\w.])"),
    ("ops_eyj", r"ops_eyJ[\w+/=-]{16,}"),
    ("a3-", r"A3-(?:[A-Z0-9]{5,6}-){3,6}[A-Z0-9]{5,6}"),
    ("age-secret-key-", r"AGE-SECRET-KEY-(?:PQ-)?1[A-Z0-9]{20,}"),
    ("lin_", r"lin_(?:api|oauth)_\w{16,}"),
    ("secret_", r"secret_[A-Za-z0-9]{30,}"),
    ("ntn_", r"ntn_[A-Za-z0-9]{20,}"),
    ("figd_", r"figd_[\w-]{16,}"),
    ("pat", r"pat[A-Za-z0-9]{14}\.[0-9a-f]{32,}"),
    ("pmak-", r"PMAK-[0-9a-f-]{24,}"),
    ("gsk_", r"gsk_[A-Za-z0-9]{16,}"),
    ("pplx-", r"pplx-[A-Za-z0-9]{16,}"),
    ("xai-", r"xai-[A-Za-z0-9]{20,}"),
    ("r8_", r"r8_[A-Za-z0-9]{20,}"),
    ("fw_", r"fw_[A-Za-z0-9]{20,}"),
    ("tvly-", r"tvly-[\w-]{16,}"),
    ("lsv2_", r"lsv2_(?:pt|sk)_[\w]{16,}"),
    ("ls__", r"ls__[0-9a-f]{32}"),
    ("sbp_", r"sbp_[0-9a-f]{32,}"),
    ("sb_secret_", r"sb_secret_[\w-]{16,}"),
    ("re_", r"re_(?=[A-Za-z_]{0,20}\d)[A-Za-z0-9]{8}_[A-Za-z0-9]{16,}"),
    ("pscale_", r"pscale_(?:tkn|pw|oauth|otkn)_[\w.-]{16,}"),
    ("dp.", r"dp\.(?:pt|st|ct|sa|scim|audit)\.[\w.-]{16,}"),
    ("shp", r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{24,}"),
    ("sq0", r"sq0(?:atp|csp|idp)-[\w-]{16,}"),
    ("sqp_", r"sqp_[0-9a-f]{32,}"),
    ("squ_", r"squ_[0-9a-f]{32,}"),
    ("sqa_", r"sqa_[0-9a-f]{32,}"),
    ("eaa", r"EAA[A-Za-z0-9]{30,}"),
    ("atatt3", r"ATATT3[\w=-]{16,}"),
    ("atctt3", r"ATCTT3[\w=-]{16,}"),
    ("atbb", r"ATBB[A-Za-z0-9]{20,}"),
    ("atlasv1", r"[A-Za-z0-9]{14}\.atlasv1\.[\w-]{16,}"),
    ("pul-", r"pul-[0-9a-f]{32,}"),
    ("hrku-", r"HRKU-[\w-]{16,}"),
    ("fo1_", r"fo1_[\w-]{16,}"),
    ("fm", r"fm[12][ar]?_[A-Za-z0-9+/=_-]{24,}"),
    ("dckr_", r"dckr_[po]at_[\w-]{16,}"),
    ("ccipat_", r"CCIPAT_\w{16,}"),
    ("bkua_", r"bkua_[0-9a-f]{32,}"),
    ("rubygems_", r"rubygems_[0-9a-f]{32,}"),
    ("oy2", r"oy2[a-z0-9]{43}"),
    ("akcp", r"AKCp[A-Za-z0-9]{16,}"),
    ("cmvmdgtu", r"cmVmdGtu[A-Za-z0-9+/=]{16,}"),
    ("ez", r"EZ[AT]K[A-Za-z0-9]{30,}"),
    ("q~", r"[\w~.-]{3}\dQ~[\w~.-]{30,40}"),
    ("tskey-", r"tskey-[\w-]{16,}"),
    ("phc_", r"phc_\w{20,}"),
    ("phx_", r"phx_\w{20,}"),
    ("nfp_", r"nfp_[A-Za-z0-9]{20,}"),
    ("vc", r"vc[pikar]_[A-Za-z0-9]{20,}"),
    ("ntk_", r"ntk_[A-Za-z0-9]{20,}"),
    ("shippo_", r"shippo_(?:live|test)_[0-9a-f]{20,}"),
    ("wandb_v1_", r"wandb_v1_\w{16,}"),
    ("nvapi-", r"nvapi-[\w-]{16,}"),
    ("cfut_", r"cfut_\w{16,}"),
    ("cfat_", r"cfat_\w{16,}"),
    ("co_api_", r"co_api_[\w-]{16,}"),
    ("pcsk_", r"pcsk_[\w]{16,}"),
    ("e2b_", r"e2b_[0-9a-f]{32,}"),
    ("exa", r"exaq?_[A-Za-z0-9-]{24,}"),
    ("jina_", r"jina_[A-Za-z0-9]{20,}"),
    ("ls0tls1crudjt", r"LS0tLS1CRUdJT[A-Za-z0-9+/=]{8,}"),
    ("b3blbnnzac1rzxk", r"b3BlbnNzaC1rZXk[A-Za-z0-9+/=]{8,}"),
    (".", r"[MNO][\w-]{22,28}\.[\w-]{6,7}\.[\w-]{27,40}(?![\w.-])"),
    ("eyj", r"eyJ[\w-]{6,}(?:\.[\w-]*){1,4}|eyJ[A-Za-z0-9+/_-]{24,}={0,2}"),
)

# Forms that a prefix alone does not tell: a text that several of them hold, and for each the text
# that it holds, and its pattern.
_URL = r"[^\s\"'<>\\]"
# Five fields; a place in a source file has no port, and neither names.
_PGPASS = (
    r"(:(?<=[\w*]:)(?:\d{4,5}|\*):(?:[A-Za-z_][\w-]{0,63}|\*):(?:[A-Za-z_][\w-]{0,63}|\*):)(?!••••)"
    r"[^\s:\"',]{4,}(?=[\s\"',]|\Z)"
)
# A password without a URL before it holds a digit and a letter, and a host is behind it: an
# address of mail, a version of a package and a digest of an image are none.
_USERINFO = (
    r"(?i)((?<![\w/.:@+-])(?!(?:mailto|mail|e-?mail|from|to|cc|bcc|by|author|contact|owner|sip|npm|git|user|account|login|url|workspace):)"
    r"[a-z_][\w.-]{0,63}:)(?!••••)(?=[^\s@\"'/]{0,64}[0-9])(?=[^\s@\"'/]{0,64}[a-z])[^\s@\"'/]{6,64}"
    r"(?=@(?:[a-z][\w-]{0,62}(?:\.[a-z][\w-]{0,62}){1,9}|\d{1,3}(?:\.\d{1,3}){3}|[a-z][\w-]{0,62}(?=:\d{2,5}\b))(?:[:/\s\"',;)\]]|\Z))"
)
_SCHEMES = (
    r"(?i)(\b(?:bearer|basic|oauth|api-token)\s{1,9})(?!••••|realm=|error=|scope=|charset=)"
    r"(?=\S{0,99}\d|\S{20})[\w.~+/=&!@#$^*-]{6,}"
)
_MYSQL = r"(?i)(\b(?:mysql|mysqldump|mysqladmin|mariadb)\b[^\n|;&]{0,300}?\s-p)(?!••••|ort)[^\s\"'-]\S{2,}"
_SQLCMD = r"(\b(?:sqlcmd|bcp)\s[^\n|;&]{0,300}?\s-P\s{0,3}[\"']?)(?!••••)[^\s\"']+"
_SMTP = (
    r"([aA](?<!\S.)(?i:uth\s{1,3}(?:plain|login|cram-md5|xoauth2)\s{1,3}))(?!••••)"
    r"[A-Za-z0-9+/]{6,}={0,2}(?!\S)"
)
_FORMS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    # Passwords in URLs. A port is none, and one may hold / and @. A token may be the user, as in
    # Sentry's DSN and in what git clones with.
    ("@", (
        ("@", (rf"(:(?:\\?/){{2}}[^\s:/@\"'<>]{{0,200}}:)(?!\d{{1,5}}(?:[/?#]|{_URL}{{0,9}}\s|$))"
          rf"(?!••••@){_URL}{{1,300}}(?=@[\w.\[$<{{-])")),
        ("@", r"(:(?:\\?/){2})(?=[^\s/@:\"'<>]{0,200}\d)[^\s/@:\"'<>\\]{16,}(?=@)"),
        ("@", r"(\b[\w.-]{1,64}:)(?!••••)[^\s@\"']{1,300}(?=@(?:tcp|unix|udp)\()"),
        ("@", _USERINFO),
        ("jdbc:oracle", r"(?i)(jdbc:oracle:\w{1,9}:[^\s/@]{1,64}/)(?!••••)[^\s@\"']{1,300}(?=@)"),
    )),
    # Addresses that whoever knows them may post to.
    ("://", (
        ("hooks.slack.com", r"(hooks\.slack\.com/(?:services|workflows|triggers)/)[\w/-]{8,}"),
        ("/webhooks/", r"(discord(?:app)?\.com/api/(?:v\d+/)?webhooks/)[\w/-]{8,}"),
        ("webhook.office.com", r"(webhook\.office\.com/)[\w/@-]{8,}"),
        ("api.telegram.org", r"(api\.telegram\.org/(?:file/)?bot)[\w:-]{8,}"),
    )),
    # Schemes of HTTP, wherever they stand.
    ("er ", (("bearer", _SCHEMES),)), ("ic ", (("basic", _SCHEMES),)), ("oauth ", (("oauth", _SCHEMES),)),
    ("api-token ", (("api-token", _SCHEMES),)),
    # Options of programs whose meaning is certain.
    (" -", (
        ("docker", r"(?i)(\bdocker\s+login\b[^\n|;&]{0,300}?\s-p\s{0,3})(?!••••|assword)[^\s-]\S*"),
        ("mysql", _MYSQL), ("mariadb", _MYSQL),
        ("password-stdin", r"(?i)(\becho\s{1,3}[\"']?)(?!••••)[^\s\"'|]+(?=[\"']?\s{0,3}\|[^\n]{0,200}password-stdin)"),
        ("sshpass", r"(?i)(\bsshpass\s+-p\s{0,3})(?!••••)\S+"),
        ("openssl", r"(\bopenssl\s[^\n|;&]{0,300}?\s-(?:k|K|passin|passout)\s{1,3}[\"']?)(?!••••|pass:|file:|env:|fd:|stdin)[^\s\"']+"),
        ("zip", r"(\b(?:un)?zip\s[^\n|;&]{0,300}?-P\s{0,3}[\"']?)(?!••••)[^\s\"']+"),
        ("=7z", r"(\b7z[ar]?\s[^\n|;&]{0,300}?\s-p[\"']?)(?!••••)[^\s\"']+"),
        ("ldap", r"(\bldap\w{3,10}\s[^\n|;&]{0,300}?\s-w\s{1,3}[\"']?)(?!••••)[^\s\"']+"),
        ("sqlcmd", _SQLCMD), ("bcp", _SQLCMD),
        ("mosquitto", r"(\bmosquitto_\w{3}\s[^\n|;&]{0,300}?\s-P\s{1,3}[\"']?)(?!••••)[^\s\"']+"),
        ("htpasswd", r"(\bhtpasswd\s{1,3}-\w{0,4}b\w{0,4}\s{1,3}\S{1,200}\s{1,3}\S{1,100}\s{1,3})(?!••••)\S+"),
        ("smbclient", r"(\bsmbclient\s[^\n|;&]{0,300}?\s-U\s{0,3}[^\s%]{1,100}%)(?!••••)\S+"),
        ("redis-cli", r"(?i)(\bredis-cli\b[^\n|;&]{0,300}?\s-a\s{1,3})(?!••••)\S+"),
        ("curl", r"(?i)(\bcurl\b[^\n|;]{0,300}?\s(?:-u|--user|-U|--proxy-user)[\s=]{0,3}[\"']?[^\s:\"']{1,100}:)(?!••••)[^\s\"']+"),
        ("az login", r"(?i)(\baz\s+login\b[^\n|;&]{0,300}?\s-p\s{1,3})(?!••••)\S+"),
    )),
    ("redis-cli auth ", (("redis-cli auth ", r"(?i)(\bredis-cli\s{1,3}auth\s{1,3})(?!••••)\S+(?:[ \t]{1,3}\S+)?"),)),
    ("auth", (("plain", _SMTP), ("login", _SMTP), ("cram-md5", _SMTP), ("xoauth2", _SMTP))),
    # The rest: .netrc, .pgpass, crypt(3) and its successors, PuTTY.
    ("", (
        ("%40", r"((?:%3[Aa])(?:%2[Ff]){2}[^\s:/@\"'<>%]{0,200}%3[Aa])[^\s\"'<>&]{1,500}?(?=%40)"),
        ("=:AA", r"(?<![\w])\d{8,10}:AA[\w-]{30,}"),
        ("$", r"\$(?:2[abxy]|5|6|7|1|y|gy|argon2(?:id?|d)|scrypt|pbkdf2[\w-]{0,9})\$[\w./$=,+-]{16,}"),
        ("machine", r"(?i)(\bmachine\s+\S{1,200}\s+(?:login\s+\S{1,200}\s+)?password\s+)(?!••••)\S+"),
        ("openssl", r"(?i)(\bpass:)(?!••••)[^\s\"']{3,}"),
        ("private-mac:", r"(?i)(\bPrivate-MAC:\s{0,3})[0-9a-f]{16,}"),
        (":", _PGPASS),
        ("identified ", r"(?i)(\bidentified\s{1,9}(?:with\s{1,9}\S{1,64}\s{1,9})?(?:by|as)\s{1,9}(?:password\s{1,9})?['\"])(?!••••)[^'\"\n]+"),
        ("pass ", r"((?m:^|[>\]:])\s{0,3}PASS\s{1,3})(?!••••)(?=\S{0,64}\d)\S{4,}"),
        ("requirepass", r"(\b(?:requirepass|masterauth)\s{1,9}[\"']?)(?!••••)[^\s\"']+"),
        ("masterauth", r"(\b(?:requirepass|masterauth)\s{1,9}[\"']?)(?!••••)[^\s\"']+"),
    )),
)  # fmt: skip
_JWK = always_whole(
    r"(?<!\w)(\\{0,8}\"(?:d|p|q|dp|dq|qi|k)\\{0,8}\"\s{0,3}:\s{0,3}\\{0,8}\")[\w-]{8,}", re.ASCII
)
_SECRET_KEY = always_whole(r"(?<![A-Za-z0-9/+=_-])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=_-])")
Masker = Callable[[str], str]


def maskers(held: Held) -> list[Masker]:
    """What hides the keys and tokens of a text, or of many that were joined to it; maybe nothing."""
    told = held.has
    found: list[Masker] = [_jwk] if told('"kty') or told('\\"kty') else []
    if told("akia") or told("asia"):
        found.append(_secret_access_keys)
    found += [
        _form(pattern)
        for several, forms in _FORMS
        if held.may_have(several)
        for hint, pattern in forms
        if _is_told(hint, held) and told(several) and _compiled(pattern).search(held.text)
    ]
    return [*found, *_of_prefixed_keys(held)]


def _of_prefixed_keys(held: Held) -> Iterator[Masker]:
    """A prefix alone is found in many a word; what is no key here need not be looked for line by line."""
    if not held.has_runs():
        return
    # In a long text nearly every prefix stands somewhere; how its words begin tells more, and once for all.
    listed = [(pre, key) for pre, key in _PREFIXED if held.is_long or held.may_have(pre)]
    if not listed:
        return
    long = held.runs()
    lower, begun = long.lower(), heads(long, _FIRST)
    marks = {mark for mark in _MARKS if mark in long}
    for prefix, key in listed:
        if not marks.issuperset(_MARKS.intersection(prefix)):
            continue
        alike = _without_digits(key)
        begins = _beginning(alike)
        told = _head(begins) in begun and begins in long
        if (told if begins else _without_digits(prefix) in lower) and _is_in(alike, long):
            yield _form(_whole(key))


@cache
def _without_digits(pattern: str) -> str:
    """An expression that matches whatever one does, once each digit is made a nought."""
    return "".join(map(_nought, parts_of(pattern)))


def _nought(part: str) -> str:
    """A digit as a nought; a class of characters that has digits, with it."""
    if len(part) == 1:
        return "0" if part.isdigit() else part
    lacks_it = part[0] == "[" and "0" not in part and any(map(str.isdigit, part))
    return f"[0{part[1:]}" if lacks_it else part


@cache
def _head(begins: str) -> bytes:
    """The first letters and digits of what a key begins with."""
    found = _LETTERS.match(begins)
    return found[0].encode() if found else b""


def _is_in(key: str, long: str) -> bool:
    """Whether one of some long runs holds a key of a form."""
    pattern, begins = _compiled(_whole(key)), _beginning(key)
    if not begins:
        return _letters(key) in long and pattern.search(long) is not None
    at = long.find(begins)
    while at >= 0 and not pattern.match(long, at):
        at = long.find(begins, at + 1)
    return at >= 0


def _whole(key: str) -> str:
    return rf"(?<![A-Za-z0-9])(?:{key})"


def _is_told(hint: str, held: Held) -> bool:
    """Whether a text has a hint, which is written as it stands there behind ``=``, else in lower case."""
    return held.has_written(hint[1:]) if hint[0] == "=" else held.has(hint)


@cache
def _beginning(key: str) -> str:
    """What each key of a form begins with, as it is written; "" if it may begin otherwise.

    A prefix in lower case stands in many a run. A text without these letters holds no such key.
    """
    begun = [beginning(parts) for parts in alternatives_of(key)]
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(min(begun), max(begun), strict=False))
    common = "".join(letter for letter, _ in alike)
    return common if common[:2].isalnum() and len(common) > 1 else ""


@cache
def _letters(key: str) -> str:
    """What each key of a form has somewhere; of several forms nothing is known."""
    first, *others = alternatives_of(key)
    return "" if others else longest_word(first)


_MARKS = frozenset("_-./~")  # within prefixes
_FIRST = 3  # characters of a beginning by which it is looked for first
_LETTERS = always_whole(rf"[A-Za-z0-9]{{1,{_FIRST}}}")


@cache
def _form(pattern: str) -> Masker:
    compiled = _compiled(pattern)
    return lambda text: compiled.sub(_kept_beginning, text)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)


def _kept_beginning(found: re.Match[str]) -> str:
    return f"{found[1]}{MASK}" if found.re.groups else MASK


def _secret_access_keys(text: str) -> str:
    """AWS's secret keys have no prefix: forty characters in a text that names an access key."""
    if "AKIA" not in text and "ASIA" not in text:
        return text
    return _SECRET_KEY.sub(lambda found: MASK if _is_mixed(found[0]) else found[0], text)


def _jwk(text: str) -> str:
    """The private numbers of a JSON web key (RFC 7518, 6.2.2 and 6.3.2)."""
    return _JWK.sub(_kept_beginning, text) if "kty" in text else text


def _is_mixed(run: str) -> bool:
    return any(map(str.isupper, run)) and any(map(str.islower, run))
