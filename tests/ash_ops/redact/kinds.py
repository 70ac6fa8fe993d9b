"""Kinds of secrets, each in a text as the world writes it. All are made up here, from parts.

No row holds a secret in one piece, so that no scanner of secrets takes this file for a leak.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from urllib.parse import quote

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def run(length: int, seed: str, letters: str = _LETTERS) -> str:
    """A run that looks random and is the same every time."""
    stream = b"".join(
        hashlib.sha512(f"{seed}{n}".encode()).digest() for n in range(length // 64 + 1)
    )
    return "".join(letters[byte % len(letters)] for byte in stream[:length])


def digits(length: int, seed: str) -> str:
    return run(length, seed, "0123456789abcdef")


@dataclass(frozen=True)
class Kind:
    """A kind of secret.

    Attributes:
        name: what it is.
        text: a line that holds it.
        hidden: the parts none of which may be seen.
    """

    name: str
    text: str
    hidden: tuple[str, ...]


def _key(name: str, prefix: str, length: int, letters: str = _LETTERS) -> Kind:
    body = run(length, name, letters)
    return Kind(name, f"request failed with {prefix}{body} at 10.0.0.7", (body,))


_HEX, _UPPER, _LOWER = (
    "0123456789abcdef",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
    "abcdefghijklmnopqrstuvwxyz0123456789",
)
_PREFIXES = [
    ("Anthropic", "sk-" + "ant-api03-", 95, _LETTERS), ("Claude Code", "sk-" + "ant-oat01-", 90, _LETTERS),
    ("OpenAI", "sk-" + "proj-", 60, _LETTERS), ("OpenAI, old", "sk" + "-", 48, _LETTERS),
    ("OpenRouter", "sk-" + "or-v1-", 64, _HEX), ("AWS access key id", "AK" + "IA", 16, _UPPER),
    ("AWS session key id", "AS" + "IA", 16, _UPPER), ("AWS session token", "IQoJ" + "b3JpZ2lu", 200, _LETTERS),
    ("Bedrock key", "AB" + "SK", 100, _LETTERS), ("GitHub", "gh" + "p_", 36, _LETTERS),
    ("GitHub app", "gh" + "s_", 36, _LETTERS), ("GitHub, fine", "github" + "_pat_", 82, _LETTERS),
    ("GitLab", "gl" + "pat-", 20, _LETTERS), ("GitLab runner", "gl" + "rt-", 20, _LETTERS),
    ("Slack bot", "xox" + "b-123456789012-123456789012-", 24, _LETTERS), ("Slack app", "xa" + "pp-1-A0123-456-", 64, _HEX),
    ("Stripe", "sk" + "_live_", 24, _LETTERS), ("Stripe, restricted", "rk" + "_test_", 24, _LETTERS),
    ("Stripe webhook", "wh" + "sec_", 32, _LETTERS), ("Google API", "AI" + "za", 35, _LETTERS),
    ("Google OAuth", "ya" + "29.", 120, _LETTERS), ("Google client", "GOC" + "SPX-", 28, _LETTERS),
    ("npm", "np" + "m_", 36, _LETTERS), ("PyPI", "py" + "pi-AgEIcHlwaS5vcmc", 60, _LETTERS),
    ("Twilio", "S" + "K", 32, _HEX), ("Hugging Face", "h" + "f_", 34, _LETTERS),
    ("New Relic", "NR" + "AK-", 27, _UPPER), ("Sentry", "snt" + "rys_", 60, _LETTERS),
    ("Mailgun", "ke" + "y-", 32, _HEX), ("DigitalOcean", "do" + "p_v1_", 64, _HEX),
    ("Databricks", "da" + "pi", 32, _HEX), ("Vault", "hv" + "s.", 90, _LETTERS),
    ("age", "AGE-SECRET" + "-KEY-1", 58, _UPPER), ("Linear", "lin" + "_api_", 40, _LETTERS),
    ("Notion", "nt" + "n_", 46, _LETTERS), ("Figma", "fi" + "gd_", 40, _LETTERS), ("Groq", "gs" + "k_", 52, _LETTERS),
    ("Perplexity", "pp" + "lx-", 48, _LETTERS), ("Replicate", "r" + "8_", 37, _LETTERS),
    ("Supabase", "sb" + "p_", 40, _HEX), ("PlanetScale", "pscale" + "_pw_", 43, _LETTERS),
    ("Shopify", "shp" + "at_", 32, _HEX), ("Atlassian", "ATA" + "TT3xFfGF0", 170, _LETTERS),
    ("Docker Hub", "dckr" + "_pat_", 27, _LETTERS), ("Pulumi", "pu" + "l-", 40, _HEX), ("Doppler", "dp" + ".st.dev.", 43, _LETTERS),
    ("RubyGems", "rubygems" + "_", 48, _HEX), ("Grafana", "gl" + "sa_", 41, _LETTERS), ("Tailscale", "tsk" + "ey-auth-", 30, _LETTERS),
    ("Ash", "as" + "h_", 43, _LETTERS), ("a key of nobody", "", 48, _LETTERS), ("NVIDIA", "nva" + "pi-", 64, _LETTERS),
]  # fmt: skip

_WORD = "hunter" + "2-" + run(5, "word")
_PLAIN = "swordfish"
_SECRET40 = run(40, "aws", _LETTERS + "/+")
_AKIA = "AK" + "IA" + run(16, "akia", _UPPER)
_JWT = "ey" + "J" + run(33, "jwt1") + ".ey" + "J" + run(80, "jwt2") + "." + run(43, "jwt3")
_B64 = base64.b64encode(f"ash:{_WORD}".encode()).decode()
_BODY = [run(64, f"pem{n}", _LETTERS + "+/") for n in range(12)] + [run(22, "pem", _LETTERS) + "=="]


def armour(label: str, body: list[str] | None = None, breaks: str = "\n") -> str:
    lines = [f"-----BEGIN {label}-----", *(body or _BODY), f"-----END {label}-----"]
    return breaks.join(lines)


def _named(name: str, text: str, *hidden: str) -> Kind:
    return Kind(name, text, hidden or (_WORD,))


_FORMS = [
    _named("variable", f"export DB_PASSWORD={_WORD} node server.js"),
    _named("quoted variable", f"ASH_INTERNAL_SECRET='{_WORD} with blanks' x", _WORD, "with blanks"),
    _named("AWS secret", f"env AWS_SECRET_ACCESS_KEY={_SECRET40}: connect ECONNREFUSED", _SECRET40),
    _named("AWS secret, camel", f"secretAccessKey: '{_SECRET40}'", _SECRET40),
    _named("AWS secret alone", f"keys {_AKIA} {_SECRET40} loaded", _AKIA, _SECRET40),
    _named("AWS credentials file", f"aws_session_token = {run(90, 'st')}", run(90, "st")),
    _named("JSON", json.dumps({"level": 30, "apiKey": _WORD})),
    _named("JSON with quotes", json.dumps({"password": f'a"{_WORD}"b c'}), _WORD, "b c"),
    _named("escaped JSON", json.dumps({"msg": json.dumps({"client_secret": _WORD})})),
    _named("twice escaped JSON", json.dumps(json.dumps(json.dumps({"clientSecret": _WORD})))),
    _named("dict of Python", repr({"refresh_token": _WORD, "n": 1})),
    _named("YAML", f"  password: {_PLAIN}", _PLAIN),
    _named("TOML", f'api_token = "{_WORD}"'),
    _named("properties", f"spring.datasource.password={_WORD}"),
    _named("hash of Ruby", f':secret_key_base => "{_WORD}"'),
    _named("map of Java", f"{{user=ash, password={_WORD}, db=x}}"),
    _named("query", f"GET /v1/x?access_token={_WORD}&limit=5 403"),
    _named("URL-encoded", f"body password%3D{_WORD}%26user%3Dash"),
    _named("presigned URL", f"https://b.s3.amazonaws.com/o?X-Amz-Credential={_AKIA}%2F2026&X-Amz-Signature={digits(64, 's')}", digits(64, "s"), _AKIA),
    _named("SAS of Azure", f"https://a.blob.core.windows.net/c?sv=2026-01-01&sig={quote(run(43, 'sas') + '=')}", run(43, "sas")),
    _named("form of parts", f'Content-Disposition: form-data; name="password"\r\n\r\n{_WORD}\r\n--x'),
    _named("XML", f"<db><Password>{_WORD}</Password></db>"),
    _named("XML attribute", f'<add key="ApiKey" value="{_WORD}"/>'),
    _named("pair of ECS", json.dumps({"name": "DB_PASSWORD", "value": _WORD})),
    _named("pair of CloudFormation", json.dumps({"ParameterKey": "DbPassword", "ParameterValue": _WORD})),
    _named("pair, value first", json.dumps({"value": _WORD, "name": "MASTER_TOKEN"})),
    _named("option", f"node index.js --api-key {_WORD} --port 1"),
    _named("option of a list", json.dumps(["node", "--password", _WORD])),
    _named("docker login", f"docker login -u AWS -p {_WORD} 1.dkr.ecr.us-east-1.amazonaws.com"),
    _named("mysql", f"mysql -h db -u root -p{_WORD} ash"),
    _named("curl", f"curl -u ash:{_WORD} https://h/x"),
    _named("sshpass", f"sshpass -p {_WORD} ssh h"),
    _named("bearer", f"Authorization: Bearer {_WORD}"),
    _named("basic", f"authorization=Basic {_B64}", _B64),
    _named("basic in JSON", json.dumps({"headers": {"authorization": f"Basic {_B64}"}}), _B64),
    _named("digest", f'Authorization: Digest username="ash", realm="r", response="{digits(32, "d")}"', digits(32, "d")),
    _named("signature 4", f"Authorization: AWS4-HMAC-SHA256 Credential={_AKIA}/20260101/us-east-1/ecs, SignedHeaders=host, Signature={digits(64, 's4')}", _AKIA, digits(64, "s4")),
    _named("a scheme of its own", f"Authorization: Vogon {_WORD}"),
    _named("bare bearer", f"sent Bearer {run(40, 'bb')}", run(40, "bb")),
    _named("x-api-key", f"x-api-key: {_WORD}"),
    _named("proxy", f"Proxy-Authorization: Basic {_B64}", _B64),
    _named("cookie", f"Cookie: theme=dark; sid={_WORD}; x=1"),
    _named("set-cookie", f"set-cookie: connect.sid=s%3A{run(32, 'c')}; Path=/; HttpOnly", run(32, "c")),
    _named("raw headers", json.dumps(["Host", "h", "X-Api-Key", _WORD])),
    _named("headers of Python", f"[(b'x-api-key', b'{_WORD}'), (b'host', b'h')]"),
    _named("URL", f"postgresql://ash:{_WORD}@db.internal:5432/ash"),
    _named("URL with signs", f"postgres://ash:p@{_WORD}/w@db:5432/ash", _WORD, "/w@"),
    _named("redis", f"redis://:{_WORD}@cache:6379/0"),
    _named("mongodb", f"mongodb+srv://u:{_WORD}@c0.mongodb.net/x?retryWrites=true"),
    _named("amqp", f"amqps://u:{_WORD}@mq:5671/%2f"),
    _named("git", f"git clone https://x-access-token:{_WORD}@github.com/a/b"),
    _named("token as user", f"https://{digits(32, 'u')}@o1.ingest.sentry.io/2", digits(32, "u")),
    _named("Go's MySQL", f"ash:{_WORD}@tcp(db:3306)/ash"),
    _named("connection string", f"Server=db;User Id=ash;Password={_WORD};Database=x"),
    _named("Azure storage", f"DefaultEndpointsProtocol=https;AccountName=a;AccountKey={run(86, 'ak')}==;EndpointSuffix=x", run(86, "ak")),
    _named("Azure bus", f"Endpoint=sb://x/;SharedAccessKeyName=n;SharedAccessKey={run(43, 'sb')}=", run(43, "sb")),
    _named("JWT", f"token expired: {_JWT}", *_JWT.split(".")),
    _named("docker auth", json.dumps({"auths": {"ghcr.io": {"auth": _B64}}}), _B64),
    _named("npmrc", f"//registry.example/:_authToken={_WORD}"),
    _named("netrc", f"machine api.example login ash password {_WORD}"),
    _named("pgpass", f"db.internal:5432:ash:ash:{_WORD}"),
    _named("kubeconfig", f"    client-key-data: LS0t{run(120, 'k')}", run(120, "k")),
    _named("crypt", "root:$6$" + f"{run(16, 'sa')}${run(86, 'cr')}:19000:0:99999", run(86, "cr")),
    _named("Slack hook", f"https://hooks.slack.com/services/T{run(9, 't', _UPPER)}/B{run(9, 'b', _UPPER)}/{run(24, 'h')}", run(24, "h")),
    _named("Discord hook", f"https://discord.com/api/webhooks/123456789012345678/{run(68, 'dh')}", run(68, "dh")),
    _named("Telegram", f"https://api.telegram.org/bot12345678:AA{run(33, 'tg')}/getMe", run(33, "tg")),
    _named("SendGrid", "SG" + f".{run(22, 'sg')}.{run(43, 'sg2')}", run(22, "sg"), run(43, "sg2")),
    _named("Datadog", f"DD_API_KEY={digits(32, 'dd')}", digits(32, "dd")),
    _named("PEM", "loaded " + armour("RSA PRIVATE KEY"), *_BODY),
    _named("PEM, PKCS 8", armour("PRIVATE KEY"), *_BODY),
    _named("PEM, encrypted", armour("EC PRIVATE KEY", ["Proc-Type: 4,ENCRYPTED", "DEK-Info: AES-256-CBC,0A", "", *_BODY]), *_BODY),
    _named("OpenSSH", armour("OPENSSH PRIVATE KEY"), *_BODY),
    _named("PGP", armour("PGP PRIVATE KEY BLOCK", ["Version: GnuPG v2", "", *_BODY, "=Zq3x"]), *_BODY, "Zq3x"),
    _named("PEM in JSON", json.dumps({"private_key": armour("PRIVATE KEY")}), *_BODY),
    _named("PEM in JSON in JSON", json.dumps({"msg": json.dumps({"k": armour("PRIVATE KEY")})}), *_BODY),
    _named("PEM without its tail", "\n".join(armour("PRIVATE KEY").split("\n")[:6]), *_BODY[:5]),
    _named("PEM without its head", "\n".join(armour("PRIVATE KEY").split("\n")[9:]), *_BODY[8:]),
    _named("PuTTY", f"Private-Lines: 2\n{_BODY[0]}\n{_BODY[1]}\nPrivate-MAC: {digits(40, 'm')}", _BODY[0], _BODY[1], digits(40, "m")),
    _named("JWK", json.dumps({"kty": "RSA", "e": "AQAB", "d": run(86, "jwk")}), run(86, "jwk")),
    _named("behind a colour", f"\x1b[32mDB_PASSWORD\x1b[0m=\x1b[33m{_WORD}\x1b[0m"),
    _named("cut by what nobody sees", f"sk-\u200bant-api03-{run(10, 'zw')}\u200b{run(40, 'zw2')}", run(40, "zw2")),
    _named("letters written as numbers", '{"msg":"pass\\u0077ord=' + f'{_WORD}"}}'),
    _named("key of an unknown provider", f"FROBNICATE_API_KEY={digits(40, 'un')}", digits(40, "un")),
    _named("hex secret", f"ASH_CREDENTIAL_KEY: {digits(64, 'ck')}", digits(64, "ck")),
    _named("one-time code", "otp=" + "831204771923", "831204771923"),
    _named("sentence", f"Your password is: {_WORD}"),
    _named("sentence with a key", f"new API key is {run(24, 'sentence')}", run(24, "sentence")),
    _named("name that runs on", f"PGPASSWORD={_WORD} psql"),
    _named("Dockerfile", f"ENV API_KEY {_WORD}"),
    _named("configure set", f"aws configure set aws_secret_access_key {_SECRET40}", _SECRET40),
    _named("basic, bare", f"failed for Basic {_B64}", _B64),
    _named("header as a list", f"headers: Authorization=[Bearer {_WORD}]"),
    _named("JSON in a URL", f"q=password%22%3A%22{_WORD}%22"),
    _named("bind password", f"LDAP_BIND_PW={_WORD}"),
    _named("refused by botocore", f"Invalid type for parameter SecretString, value: {_WORD}, type: x"),
    _named("refused option", f"argument --password: invalid value '{_WORD}'"),
    _named("echo", f"echo {_WORD} | docker login --password-stdin"),
    _named("a name's part", f"secret_key[0]: {_WORD}"),
    _named("a name's part, quoted", f'config.secret_key["prod"] = "{_WORD}"'),
    _named("no scheme", f"cannot log in: ash:{_WORD}@db.internal:5432"),
    _named("no scheme, an address", f"dial ash:{_WORD}@10.0.0.7/ash"),
    _named("pgpass, another port", f"db.internal:26257:ash:ash:{_WORD}"),
    _named("openssl -k", f"openssl enc -aes-256-cbc -k {_WORD} -in x"),
    _named("zip -P", f"zip -P {_WORD} a.zip b"),
    _named("7z -p", f"7z x -p{_WORD} a.7z"),
    _named("ldapsearch -w", f"ldapsearch -x -D cn=admin -w {_WORD}"),
    _named("sqlcmd -P", f"sqlcmd -S db -U sa -P {_WORD}"),
    _named("smbclient", f"smbclient //h/s -U ash%{_WORD}"),
    _named("htpasswd", f"htpasswd -bc file ash {_WORD}"),
    _named("redis-cli AUTH", f"redis-cli AUTH ash {_WORD}"),
    _named("redis.conf", f"requirepass {_WORD}"),
    _named("SQL", f"CREATE USER 'a'@'%' IDENTIFIED BY '{_WORD}'"),
    _named("SQL, with a plugin", f"IDENTIFIED WITH mysql_native_password BY '{_WORD}'"),
    _named("SMTP", f"AUTH PLAIN {_B64}", _B64),
    _named("FTP", f"> PASS {_WORD}"),
    _named("letter of a name in a URL", f"user=a&%70assword={_WORD}"),
    _named("letter of a name in HTML", f"pass&#119;ord={_WORD}"),
    _named("quotes of HTML", f"&quot;password&quot;:&quot;{_WORD}&quot;"),
    _named("list of YAML", f"secrets:\n  - {_WORD}\n  - {_WORD}b"),
    _named("map of YAML", f"secrets:\n  db: {_WORD}\n  file: ./x"),
    _named("map of JSON", json.dumps({"secrets": {"db": _WORD}})),
    _named("short list of YAML", f"passwords: [x, {_WORD}]"),
    _named("row of Markdown", f"| `DB_PASSWORD` | `{_WORD}` |"),
    _named("row of aws --output table", f"|  DB_PASSWORD                |  {_WORD}    |"),
    _named("row with drawn borders", f"│ DB_PASSWORD │ {_WORD} │"),
    _named("row of psql", f" db_password | {_WORD}"),
    _named("row of aws --output text", f"ENVIRONMENT\tDB_PASSWORD\t{_WORD}"),
    _named("row of blanks", f"DB_PASSWORD            {_WORD}"),
    _named("row of heroku config", f"DB_PASSWORD:                  {_WORD}"),
    _named("row of HTML", f"<tr><td>DB_PASSWORD</td><td>{_WORD}</td></tr>"),
    _named("row of CSV", f'"DB_PASSWORD","{_WORD}"'),
    _named("column of CSV", f"user,password,role\nash,{_WORD},admin\nbob,{_WORD}b,reader"),
    _named("column of Markdown", f"| user | password |\n|---|---|\n| ash | {_WORD} |"),
    _named("column of psql", f" user | password \n------+----------\n ash  | {_WORD}\n(1 row)"),
    _named("only column", f"password\n--------\n{_WORD}"),
    _named("call", f'put("DB_PASSWORD", "{_WORD}")'),
    _named("fish", f"set -gx DB_PASSWORD {_WORD}"),
    _named("setx", f'setx DB_PASSWORD "{_WORD}"'),
    _named("sentence about a variable", f"DB_PASSWORD was set to {_WORD}."),
    _named("change of Terraform", f'  ~ DB_PASSWORD = "{_WORD}a" -> "{_WORD}b"'),
    _named("sentence with a user", f"Password for user ash is {_WORD}"),
    _named("Kennwort", f"Kennwort={_WORD}"),
    _named("list of keys", json.dumps({"api_keys": [_WORD, f"{_WORD}b"]})),
]  # fmt: skip

KINDS = [_key(*row) for row in _PREFIXES] + _FORMS

# What acts on a terminal or turns a text around; each is put into a sentence.
CONTROLS = [
    "\x1b[2J", "\x1b]0;title\x07", "\x1b]52;c;aGk=\x1b\\", "\x1b]8;;http://x\x07link\x1b]8;;\x07", "\x1bP1$r\x1b\\",
    "\x1b_x\x1b\\", "\x1b^x\x1b\\", "\x1bXx\x1b\\", "\x1bc", "\x1b7", "\x1b(0", "\x9b2J", "\x9d0;x\x9c", "\x90x\x9c", "\x85",
    "\x00", "\x07", "\x08", "\x0b", "\x0c", "\x0e", "\x7f", "a\rb", "\u202e", "\u202a", "\u2066", "\u2069", "\u200e", "\u200f",
    "\u061c", "\u200b", "\u200d", "\ufeff", "\u2028", "\u2029", "\u2060", "\u00ad", "\U000e0041", "\ud800", "\ufff9", "\x1b", "\u0600", "\u06dd", "\u070f", "\u08e2", "\U000110bd", "\U00013430", "\ufe00", "\ufe0f\ufe0f", "\U000e0100",
    "\u034f", "\u115f", "\u3164", "\uffa0", "\u2800",
    "\x1b[", "\x1b]0;never ends",
]  # fmt: skip


def foreign(text: str) -> list[str]:
    """The characters of a text that act on a terminal or cannot be seen."""
    import unicodedata

    return [
        c
        for c in text
        if (unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") and c not in "\n\t")
        or c in "\ufe00\ufe0f\U000e0100\u034f\u115f\u3164\uffa0\u2800"
    ]
