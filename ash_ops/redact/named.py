"""Secrets that are known by the name beside them: ``NAME=value``, ``"name": "value"``, ``--name value``.

A name is taken apart into words, and the words decide: ``DB_PASSWORD_OLD`` names a secret,
``passwordPolicy``, ``secret_name`` and ``max_tokens`` do not. So does the value: "token: expired"
is a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from ash_ops.patterns import always_whole
from ash_ops.redact import cells
from ash_ops.redact.held import OF_NAMES, Held
from ash_ops.redact.values import is_in_arn, is_random, tells_nothing
from ash_ops.redact.words import words
from ash_ops.secret import MASK

# One of these is in every name that matters; looked for before anything else.
_CORES = (
    "key", "secret", "token", "pass", "auth", "cred", "pw", "cookie", "sig", "dsn", "jwt", "sessid", "sessionid", "srf",
    "connect.sid", "conn", "pat", "otp", "webhook", "salt", "license", "bearer", "mnemonic", "pswd", "kennwort", "contrase",
)  # fmt: skip
# "contrasea" is what the letters of "contraseña" are without the one that is not of ASCII.
_PASSWORDS = words(
    "password passwords passwd passwort pass passphrase passcode pwd pswd pw passkey "
    "kennwort contrase contrasea contrasena otp totp mnemonic storepass keypass requirepass smtppass mailpass sshpass ftppass adminpass rootpass userpass dbpass dbpassword userpassword rootpassword"
)  # fmt: skip
_SECRETS = _PASSWORDS | words(
    "secret secrets token tokens credential credentials creds authorization auth cookie "
    "cookies dsn signature sig jwt apikey apikeys pat accesskey secretkey "
    "privatekey authtoken sessiontoken accesstoken refreshtoken idtoken bearertoken "
    "clientsecret appsecret sharedsecret sharedkey accountkey sessid phpsessid "
    "jsessionid authkey signingkey masterkey encryptionkey xsrf csrf license webhook "
    "connectionstring connstr conn bearer salt"
)
# "key" alone names anything; with one of these before it, not a secret either.
_PLAIN_KEYS = words(
    "output parameter attribute field name value option filter selector env environment export mapping "
    "public primary foreign partition sort cache object idempotency routing host kms cmk "
    "row column index map json dict hash lookup group order unique composite registry s3 "
    "file bucket tag resource condition metric dimension label config setting "
    "translation i18n query param header message dedup deduplication range surrogate "
    "natural business invalid missing unknown unexpected duplicate no any every this "
    "that the a an its your our their same wrong bad expired new old which each one "
    "other known hot event item state data sorting grouping shard record entity dead "
    "arrow enter return escape function shortcut context error dynamodb hotkey ssh_host"
)
# A name that ends so speaks about a secret, and is none.
_ABOUT = words(
    "arn arns name names id ids type types kind count counts counter path paths file "
    "files filename dir directory folder version versions expiry expires expire "
    "expiration expired expiring ttl age length len size status state states error "
    "errors err code reason message msg policy policies rotation rotate manager provider "
    "providers store storage source origin ref refs reference index limit limits quota "
    "usage used use field fields header headers label labels fingerprint thumbprint "
    "exists enabled disabled required optional valid invalid missing rejected refused "
    "accepted published present uri endpoint host port user username method methods mode "
    "scheme schemes scope scopes audience issuer algorithm alg hint prefix suffix min "
    "max per time at date created updated modified days hours minutes seconds secs ms "
    "timeout attempts retries changed last region description bucket table class "
    "function budget window cost price input output total stdin stage stages arns kms "
    "set list lookup check checks test tests failed failure failures required strategy "
    "handler handlers service services server servers role roles group groups owner "
    "creator format encoding spec schema settings config configuration options option "
    "parameter parameters params variable variables env question changes change request "
    "response url urls page pages link links domain realm flow grant plugin module "
    "key_id keyid number binding bindings validity validation verification verifier hook hooks "
    "lifetime interval step steps rules rule strength complexity characters chars bytes "
    "bits limiter ratelimit tokenizer"
)  # fmt: skip
# What a name's end says of how its value is written.
_FORMATS = words("value string raw plain b64 base64 base hex text data binary plaintext v")
# AWS's own tokens: they mark a request or a place in a list, and open nothing.
_POSITIONS = tuple(
    f"{what}token" for what in ("request", "client", "next", "page", "pagination", "continuation", "forward",
                                "backward", "sequence", "creation", "purchase", "idempotency", "sync", "unexpected", "invalid")
)  # fmt: skip
# A model's tokens are counted: what stands behind such a name is a number, or what is wrong with it.
_COUNTED = words("max maximum min budget input output prompt completion thinking total cached")
_WORD = always_whole(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
# Names of headers, as lists of names and values hold them: ["X-Api-Key", "value"].
_HEADER = always_whole(r"[\w-]*(?:authorization|cookie)|[a-z]+(?:-[a-z]+)+", re.I)
_ENV_LIKE = always_whole(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
# A call of AWS's that is about secrets, and the code that it was answered with: capitalised words.
_CALL = always_whole(
    r"(?<![\w:.-])[a-z][a-z0-9-]{1,40}:(?:Cancel|Change|Create|Delete|Describe|Get|List|Put|Restore|Rotate|"
    r"Tag|Untag|Update|Validate)[A-Z][A-Za-z]*\Z"
)
_CODE = always_whole(r"(?:[A-Z]+[a-z]+){2,7}(?![\w=/+-])")

_WHOLE = 60  # characters of a name, all of which are looked at
_QUOTE = r"(?:\\{0,8}[\"'`]|%22|%27|&quot;|&#34;|&#39;|&apos;)"
_ASSIGNED = always_whole(
    # The name's own end, what closes it, and the sign between.
    rf"(?P<rest>[\w.ñÑ-]{{0,{_WHOLE}}})"
    # A part of it may be meant: secret_key[0], secret["db"], config["secret"].
    rf"(?:\[{_QUOTE}?[\w.-]{{0,40}}{_QUOTE}?\])?"
    rf"(?:(?P<closed>{_QUOTE})?\]?[ \t]{{0,9}}(?P<sign>=>|:=|==?|:|%3[DdAa])|(?P<pair>{_QUOTE}[ \t]{{0,3}},(?=[ \t]{{0,3}}b?{_QUOTE})))"
    r"[ \t]{0,80}(?:[|>][+-]?(?=[ \t]{0,3}\n))?(?:(?<=[:|>+-])\n[ \t]{1,16}(?=\S)(?![\w.-]{1,80}:(?:\s|\Z)))?"
    r"(?:[bru](?=[\"']))?",
    re.ASCII,
)
_OPENING = always_whole(_QUOTE)
_SCHEME = always_whole(
    r"(?:(?:Bearer|Basic|Token|Negotiate|NTLM|ApiKey|Api-Key|GenieKey|SSWS|Splunk|Bot|OAuth|FlyV1|Key|JWT|GoogleLogin|"
    r"SharedKey|SharedAccessSignature|Digest|Hawk|AWS4-HMAC-SHA256|DPoP|PRIVATE-TOKEN)(?:\s{1,9}|%20|\+))+(?:auth=)?",
    re.I,
)
# A scheme of its own, as APIs make them up; "Authorization header is missing" has none.
_AUTHORIZATION = always_whole(r"authorization\Z", re.I)
_ANY_SCHEME = always_whole(r"[A-Z][\w-]{1,30}[ \t]{1,3}(?=\S{6})(?=\S{0,60}[0-9=])")
_WHOLE_LINE = always_whole(r"(?:Digest|AWS4|Hawk|OAuth|SharedKey|SharedAccess)", re.I)
# A bare value goes on to a blank or a sign that ends it; a comma or a bracket ends it only
# where something else begins behind it.
_BARE = always_whole(
    r"(?:[^\s\"'`\\&,;<>)}\]|%]|%(?!26)|\\(?![\"'nrt\\])"
    r"|[,;)}\]|](?![\s\"'`,;)}\]|\\]|$|[\w.-]{1,40}[=:])|[\"'`](?=[\w!@#$^*]))+"
)
# A header to its end; what it quotes may be escaped, as the header stands within JSON.
_LINE = always_whole(r"(?:[^\n\r\"'`\\]|(?<==)\\{0,8}\"[^\"\n\\]{0,2000}\\{0,8}\")*")
_LIST = always_whole(r"\[[^\]\n]{0,4000}\]?")
_MAP = always_whole(r"\{\s{0,9}\\{0,8}[\"']")
Masker = Callable[[str], str]
_CARRIES_ALL = always_whole(r"(?:set-)?cookie\d?", re.I)


def masker(held: Held) -> Masker | None:
    """What masks the values of a text, or of lines that were joined to it, whose names are secrets'."""
    told = tuple(filter(held.has, _CORES))
    if not told:
        return None
    telling = _telling(held, told) if held.is_long else told
    # What another masker changed may hold other names: those behind what was masked.
    return lambda text: mask_named(text, telling if text is held.text else told)


def _telling(held: Held, told: Sequence[str]) -> tuple[str, ...]:
    """Those words that a secret's name has: in a log of paths, "pat" is in none."""
    telling = [name.lower() for name in held.names(told) if _may_be_secrets(name)]
    return tuple(core for core in told if any(core in name for name in telling))


def _may_be_secrets(name: str) -> bool:
    """Whether a run of a name's characters may name a secret; of a long one only a part is looked at."""
    return len(name) > _WHOLE or not name.isascii() or kind_of(name) is not None


def mask_named(text: str, cores: Sequence[str]) -> str:
    """The text with every value masked that a secret's name stands before."""
    parts: list[str] = []
    done = 0
    for start, end in _extents(text, cores):
        if start >= done:
            parts += [text[done:start], MASK]
            done = end
    return "".join([*parts, text[done:]]) if parts else text


def _extents(text: str, cores: Sequence[str]) -> list[tuple[int, int]]:
    """From where to where the values go whose name is a secret's; in order."""
    extents: list[tuple[int, int]] = []
    done = table = 0
    for start, end in _cores_in(text, cores):
        if start < done:
            continue
        found = _ASSIGNED.match(text, end)
        first = _extent(text, start, found) if found else None
        told = [first] if first else []
        if first and (second := cells.changed_to(text, first[1])):
            told.append(second)
        if (
            not told
            and (name := cells.name_at(text, start, end))
            and (kind := kind_of(text[slice(*name)]))
        ):
            told = cells.beside(text, name, kind)
            if not told and start >= table and (told := cells.beneath(text, name, kind)):
                table, extents, told = told[-1][1], extents + told, []
        if told:
            extents += told
            done = told[-1][1]
    return sorted(extents)


def _cores_in(text: str, cores: Sequence[str]) -> list[tuple[int, int]]:
    """Where the words of names stand, each with its end; in order."""
    # Not every character's lower case is one character.
    lower = (text if text.isascii() else text.encode("ascii", "replace").decode()).lower()
    found: list[tuple[int, int]] = []
    for core in cores:
        at = lower.find(core)
        while at >= 0:
            found.append((at, at + len(core)))
            at = lower.find(core, at + len(core))
    return sorted(found)


def _extent(text: str, start: int, found: re.Match[str]) -> tuple[int, int] | None:
    """From where to where a secret value goes; ``None`` where there is none.

    Args:
        text: what is looked at.
        start: where the word of the name stands.
        found: what follows the word: the rest of the name, and the sign.
    """
    before = text[max(0, start - 80) : start]
    name = before[len(before.rstrip(OF_NAMES)) :] + text[start : found.end("rest")]
    kind = kind_of(name)
    if kind is None or is_in_arn(text, start):
        return None
    if found["pair"] and not _HEADER.fullmatch(name):
        return None
    if _CODE.match(text, found.end()) and _CALL.search(
        text, max(0, start - 120), found.end("rest")
    ):
        return None
    return _value(text, found.end(), name, kind, found["sign"] or "=")


def kind_of(name: str) -> str | None:
    """What a name says of its value: ``password``, ``secret``, ``key`` (perhaps), or nothing."""
    return _kind_of(name[-120:])


def speaks_about(name: str) -> bool:
    """Whether a name says something about a secret, as ``secretName`` and ``expires`` do."""
    found = _WORD.findall(name)
    return bool(found) and found[-1].lower() in _ABOUT | {"from", "key"}


@lru_cache(maxsize=8192)
def _kind_of(name: str) -> str | None:
    words = [word.lower() for word in _WORD.findall(name)]
    whole = "".join(words)
    while words and (words[-1].isdigit() or words[-1] in _FORMATS):
        words.pop()
    if not words:
        return None
    joined = "".join(words)
    if joined.endswith(("accesskeyid", "keypairid", "sessid", "connectsid", "aspnetsessionid")):
        return "secret"
    if joined.endswith(_POSITIONS) or _are_counted(words):
        return None
    if words[-1] in _ABOUT:
        return None
    if any(word in _PASSWORDS or word.endswith(("password", "passwd")) for word in words):
        return "password"
    # "ConnectionString" ends as formats do.
    told = any(w in _SECRETS or w.endswith(("secret", "apikey", "authtoken")) for w in words)
    if told or whole in _SECRETS:
        return None if words == ["secrets"] else "secret"  # see ``beneath``
    return _kind_of_key(words)


def _are_counted(words: list[str]) -> bool:
    """Whether the words of a name are those of a count: ``max_tokens``, and not ``admin_tokens``."""
    *_, before, last = ("", *words)
    return (last == "tokens" and before in _COUNTED) or last.removesuffix("tokens") in _COUNTED


def _kind_of_key(words: list[str]) -> str | None:
    if words[-1] not in ("key", "keys"):
        if "key" in words[:-1] and words[words.index("key") - 1] in (
            "api",
            "secret",
            "private",
            "access",
        ):
            return "secret"
        return None
    if len(words) == 1:
        return "key"
    before = "".join(words[-3:-1]) if words[-2].isdigit() else words[-2]  # "s3" are two words
    return None if before in _PLAIN_KEYS else "secret"


def _value(text: str, at: int, name: str, kind: str, sign: str) -> tuple[int, int] | None:
    """Where the value behind a name begins and ends, if it is one that must not be seen."""
    opening = _OPENING.match(text, at)
    if _MAP.match(text, at):
        return None  # its fields are looked at by themselves: see ``beneath``
    if opening:
        start, end = opening.end(), _closing(text, opening)
    elif text.startswith("[", at) and kind != "key" and _looks_like_list(text, at, kind):
        start, end = at, _match_end(_LIST, text, at)
        return None if MASK in text[start:end] else (start, end)
    else:
        start = at + text.startswith("[", at)
        end = _match_end(_BARE, text, start)
    scheme = _SCHEME.match(text, start)
    if scheme is None and _AUTHORIZATION.search(name):
        scheme = _ANY_SCHEME.match(text, start)
    line = _CARRIES_ALL.fullmatch(name.rpartition(".")[2])
    if scheme:
        line = line or _WHOLE_LINE.match(scheme[0])
    if scheme:
        start = scheme.end()
        end = end if opening else _match_end(_BARE, text, start)
    if line and not opening and "=" in text[start : min(start + 200, _line_end(text, start))]:
        return None if text.startswith(MASK, start) else (start, _match_end(_LINE, text, start))
    value = text[start:end]
    told = bool(opening) or bool(scheme) or sign != ":"
    if not opening and not value.endswith("..."):
        end -= len(value) - len(value.rstrip(":.,;"))
        value = text[start:end]
    return (start, end) if _is_secret(value, name, kind, told=told) else None


def _looks_like_list(text: str, at: int, kind: str) -> bool:
    """Whether a list of values begins: of texts, or of several passwords as YAML writes them."""
    if _OPENING.match(text, at + 1):
        return True
    return kind == "password" and ", " in text[at : _match_end(_LIST, text, at)]


def _closing(text: str, opening: re.Match[str]) -> int:
    """Where a quoted value ends: at the same quote, escaped as often; else with its line."""
    quote, at = opening[0], opening.end()
    line_end = _line_end(text, at)
    while (found := text.find(quote, at, line_end)) >= 0:
        backslashes = len(text[max(0, found - 64) : found]) - len(
            text[max(0, found - 64) : found].rstrip("\\")
        )
        if backslashes % 2 == 0:
            return found
        at = found + len(quote)
    return line_end


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _match_end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _is_secret(value: str, name: str, kind: str, *, told: bool) -> bool:
    if tells_nothing(value):
        return False
    if kind == "key":  # "key: logs/2026" names an object; a random run is one that opens something
        return is_random(value)
    if value.isdigit():
        return len(value) >= (4 if kind == "password" else 12)
    words = value.split()
    if (
        len(words) >= 3
        and kind != "password"
        and all(w.strip(".,:;!?'()").isalpha() for w in words)
    ):
        return False
    if told:
        return True
    if _ENV_LIKE.fullmatch(name) or "_" in name or "-" in name:
        return len(value) >= 3
    bare = value.strip(".,:;!?()")
    if kind == "password":
        return len(bare) >= 4
    return (any(c.isdigit() for c in bare) and len(bare) >= 6) or len(bare) >= 20 or is_random(bare)
