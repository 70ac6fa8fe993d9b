"""Every provider's key is known by its form alone: here none is random enough to be found otherwise.

The forms are the providers' own, and those of GitHub's list of patterns that its secret scanning supports.
No row holds a key in one piece, so that no scanner of secrets takes this file for a leak.
"""

from __future__ import annotations

import pytest

from ash_ops.redact import redact
from ash_ops.secret import MASK
from tests.ash_ops.redact.kinds import run

_HEX, _LOWER, _UPPER = (
    "0123456789abcdef",
    "abcdefghijklmnopqrstuvwxyz0123456789",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
)


def key(head: str, length: int, letters: str = _LOWER, tail: str = "") -> str:
    """A key as its provider makes it: what it begins with (``|`` parts it here), a run, what it ends with."""
    return head.replace("|", "") + run(length, head, letters) + tail.replace("|", "")


KEYS: list[tuple[str, str]] = [
    ("Anthropic", key("sk-|ant-api03-", 95)), ("Anthropic, OAuth", key("sk-|ant-oat01-", 90)), ("OpenAI", key("sk-|proj-", 48)),
    ("Ash", key("as|h_", 43)), ("AWS key id", key("AK|IA", 16, _UPPER)), ("AWS key id of a session", key("AS|IA", 16, _UPPER)),
    ("AWS bearer of STS", key("AB|IA", 16, _UPPER)), ("AWS context", key("AC|CA", 16, _UPPER)),
    ("Bedrock", key("AB|SK", 110)), ("Bedrock, short", key("bedrock-|api-key-", 100)),
    ("AWS session, of today", key("IQoJ|b3JpZ2lu", 60)), ("AWS session, of before", key("FwoG|ZXIvYXdz", 60)),
    ("AWS session, of long before", key("FQoG|ZXIvYXdz", 60)),
    ("GitHub", key("gh|p_", 36)), ("GitHub, OAuth", key("gh|o_", 36)), ("GitHub, refresh", key("gh|r_", 36)),
    ("GitHub, user", key("gh|u_", 36)), ("GitHub, fine-grained", key("github|_pat_", 82)),
    ("GitLab", key("gl|pat-", 20)), ("GitLab, deploy", key("gl|dt-", 20)), ("Grafana", key("gl|sa_", 41)), ("Grafana Cloud", key("gl|c_", 60)),
    ("Slack, bot", key("xo|xb-", 40)), ("Slack, rotated", key("xo|xe.xo|xb-1-", 60)), ("Slack, app", key("xa|pp-1-", 40, _HEX)),
    ("Stripe", key("sk|_live_", 24)), ("Stripe, test", key("sk|_test_", 24)), ("ElevenLabs", key("s|k_", 48, _HEX)),
    ("Stripe, restricted", key("rk|_live_", 24)), ("Stripe, published", key("pk|_live_", 24)), ("ClickUp", key("pk|_1234567_", 32, _UPPER)),
    ("Stripe, hook", key("wh|sec_", 32)), ("Google", key("AI|za", 35)), ("Google, OAuth", key("ya|29.", 40)),
    ("Google, client", key("GOC|SPX-", 28)), ("Google, refresh", key("1/|/0", 40)), ("npm", key("np|m_", 36)), ("PyPI", key("py|pi-", 40)),
    ("SendGrid", key("S|G.", 22, _LOWER, "." + run(43, "sendgrid", _LOWER))), ("Twilio", key("S|K", 32, _HEX)),
    ("Hugging Face", key("h|f_", 34)), ("Hugging Face, organisation", key("api|_org_", 34)),
    ("New Relic, user", key("NR|AK-", 27, _UPPER)), ("New Relic, browser", key("NR|JS-", 27, _UPPER)),
    ("New Relic, licence", key("", 36, _HEX, "NR|AL")), ("Sentry, organisation", key("snt|rys_", 40)), ("Sentry, user", key("snt|ryu_", 64, _HEX)),
    ("Mailgun", key("ke|y-", 32, _HEX)), ("Mailchimp", key("", 32, _HEX, "-u|s12")), ("DigitalOcean", key("do|p_v1_", 64, _HEX)),
    ("DigitalOcean, OAuth", key("do|o_v1_", 64, _HEX)), ("Databricks", key("da|pi", 32, _HEX)), ("Databricks, service", key("do|se", 32, _HEX)),
    ("Vault", key("hv|s.", 24)), ("Vault, batch", key("hv|b.", 60)), ("Vault, recovery", key("hv|r.", 24)), ("Vault, of before", key("s|.", 24)),
    ("1Password", key("ops_|ey|J", 60)),
    ("1Password, its secret key", key("A3-", 6, _UPPER, "-" + "-".join(run(5, str(n), _UPPER) for n in range(5)))),
    ("age", key("AGE-|SECRET-KEY-1", 58, _UPPER)), ("Linear", key("lin|_api_", 40)), ("Linear, OAuth", key("lin|_oauth_", 40)),
    ("Notion, of before", key("secret|_", 43)), ("Notion", key("nt|n_", 46)), ("Figma", key("fi|gd_", 40)),
    ("Airtable", key("pa|t", 14, _LOWER, "." + run(64, "airtable", _HEX))), ("Postman", key("PM|AK-", 24, _HEX)), ("Groq", key("gs|k_", 52)),
    ("Perplexity", key("pp|lx-", 48)), ("xAI", key("xa|i-", 80)), ("Replicate", key("r|8_", 37)), ("Fireworks", key("fw|_", 22)),
    ("Tavily", key("tv|ly-", 32)), ("LangSmith", key("lsv2|_pt_", 32, _HEX)), ("LangSmith, of before", key("ls|__", 32, _HEX)),
    ("Supabase", key("sb|p_", 40, _HEX)), ("Supabase, server", key("sb_|secret_", 22, _LOWER, "_abcd1234")),
    ("Resend", key("re_|a1", 6, _LOWER, "_" + run(24, "resend", _LOWER))), ("PlanetScale", key("pscale|_tkn_", 43)),
    ("Doppler", key("dp.|pt.", 43)), ("Shopify", key("shp|at_", 32, _HEX)), ("Shopify, shared", key("shp|ss_", 32, _HEX)),
    ("Square", key("sq0|atp-", 22)), ("SonarQube, project", key("sq|p_", 40, _HEX)), ("SonarQube, user", key("sq|u_", 40, _HEX)),
    ("SonarQube, analysis", key("sq|a_", 40, _HEX)), ("Facebook", key("EA|A", 60)), ("Atlassian", key("ATA|TT3", 60)),
    ("Atlassian, Connect", key("ATC|TT3", 60)), ("Bitbucket", key("AT|BB", 32)),
    ("Terraform Cloud", key("", 14, _LOWER, ".atlas|v1." + run(60, "terraform", _LOWER))), ("Pulumi", key("pu|l-", 40, _HEX)),
    ("Heroku", key("HR|KU-", 40)), ("Fly", key("fo|1_", 43)), ("Fly, macaroon", key("fm|2_", 60)), ("Docker Hub", key("dckr|_pat_", 27)),
    ("Docker, organisation", key("dckr|_oat_", 32)), ("CircleCI", key("CCI|PAT_", 40)), ("Buildkite", key("bk|ua_", 40, _HEX)),
    ("RubyGems", key("rubygems|_", 48, _HEX)), ("NuGet", key("oy|2", 43)), ("Artifactory", key("AK|Cp", 69)),
    ("Artifactory, reference", key("cmV|mdGtu", 56)), ("EasyPost", key("EZ|AK", 54)), ("EasyPost, test", key("EZ|TK", 54)),
    ("Azure, client", key("abc8|Q~", 34)), ("Tailscale", key("tsk|ey-auth-", 30)), ("PostHog", key("ph|c_", 43)),
    ("PostHog, personal", key("ph|x_", 43)), ("Netlify", key("nf|p_", 36)), ("Vercel", key("vc|p_", 24)), ("Nightfall", key("nt|k_", 24)),
    ("Shippo", key("shippo|_live_", 40, _HEX)), ("Weights & Biases", key("wandb|_v1_", 40)), ("NVIDIA", key("nva|pi-", 64)),
    ("Cloudflare, user", key("cf|ut_", 40)), ("Cloudflare, account", key("cf|at_", 40)), ("Cohere", key("co|_api_", 40)),
    ("Pinecone", key("pc|sk_", 40)), ("E2B", key("e2|b_", 40, _HEX)), ("Exa", key("ex|a_", 36)), ("Jina", key("ji|na_", 40)),
    ("a PEM within base64", key("LS0t|LS1CRUdJT", 60)), ("an OpenSSH key within base64", key("b3Bl|bnNzaC1rZXk", 60)),
    ("Discord, bot", key("MTk", 21, _LOWER, ".g|abcde." + run(38, "discord", _LOWER))), ("a JWT of three parts", key("ey|J", 20, _LOWER, ".eyJ" + run(20, "jwt", _LOWER) + ".sig")),
    ("a header of a JWT alone", key("ey|J", 40)),
]  # fmt: skip


@pytest.mark.parametrize(("provider", "made"), KEYS, ids=[name for name, _ in KEYS])
def test_a_key_is_masked_whole_and_what_stands_around_it_stays(provider: str, made: str) -> None:
    assert redact(f"got {made} here") == f"got {MASK} here"
    assert redact(f"[x]({made}),") == f"[x]({MASK}),"


def test_what_begins_as_a_key_and_goes_on_for_a_word_is_none() -> None:
    """A prefix is found in many a word, and in what people write of keys."""
    for text in (
        "sk-learn", "ash_ops", "gh_user", "glass-half", "re_export", "key-value", "secret_name", "pat.c", "s.start", "hvs.x",
        "fw_update", "npm_config", "hf_home", "r8_v", "exa_b", "dp.st.x", "AKIA is a prefix", "eyJ is one", "pul-se", "dose-two", "xox-", "SG.a.b",
        "MTA is no token.", "1//0", "fm1_x", "oy2 here",
    ):  # fmt: skip
        assert redact(f"the {text} of it") == f"the {text} of it"


@pytest.mark.parametrize("prefix", ["AK|IA", "AS|IA"])
def test_forty_characters_beside_a_key_id_of_aws_are_its_secret(prefix: str) -> None:
    """They have no form of their own: mixed letters, and not the digits of a digest."""
    known = key(prefix, 16, _UPPER)
    secret, digest = run(40, prefix), run(40, prefix, _HEX)
    assert redact(f"{known} {secret} loaded") == f"{MASK} {MASK} loaded"
    assert redact(f"{known} {digest} loaded") == f"{MASK} {digest} loaded"
    assert redact(f"{digest} loaded") == f"{digest} loaded"
    like_words = "Abcdefghij" * 4
    assert redact(f"{like_words} loaded") == f"{like_words} loaded"
    assert redact(f"{known} {like_words} loaded") == f"{MASK} {MASK} loaded"
    for longer in (f"{like_words}x", f"-{like_words}", like_words[1:]):
        assert redact(f"{known} {longer} loaded") == f"{MASK} {longer} loaded"


FORMS: list[tuple[str, str, str]] = [
    ("a hook of Slack", "https://hooks.slack.com/services/", "t0aaa/b0bbb/cccc"),
    ("a workflow of Slack", "https://hooks.slack.com/workflows/", "t0aaa/b0bbb/cccc"),
    ("a hook of Discord", "https://discord.com/api/v10/webhooks/", "123456/abcdefgh"),
    ("a hook of Teams", "https://acme.webhook.office.com/", "webhookb2/abcd@ef/incoming"),
    ("a bot of Telegram", "https://api.telegram.org/bot", "12345678:abcdefg"),
    ("bearer", "sent bearer ", "abc-123-def"), ("basic", "sent Basic ", "YXNoOmh1bnRlcjI="), ("OAuth", "sent oauth ", "abc-123-def"),
    ("api-token", "sent Api-Token ", "abc-123-def"),
    ("docker login", "docker login -u ash -p ", "horse-battery"), ("mysql", "mysqldump -u root -p", "horse-battery"), ("mariadb", "mariadb -u root -p", "horse-battery"),
    ("sshpass", "sshpass -p ", "horse"), ("openssl -K", "openssl enc -K ", "00ff00ff"), ("openssl -passin", "openssl rsa -passin ", "horse"),
    ("unzip", "unzip -P ", "horse"), ("7z", "7za x -p", "horse"), ("ldapadd", "ldapadd -D cn=a -w ", "horse"), ("bcp", "bcp t in f -P ", "horse"),
    ("mosquitto", "mosquitto_sub -t x -P ", "horse"), ("htpasswd", "htpasswd -b file ash ", "horse"), ("smbclient", "smbclient //h/s -U ash%", "horse"),
    ("redis-cli -a", "redis-cli -h h -a ", "horse"), ("redis-cli auth", "redis-cli AUTH ", "horse"), ("curl --user", "curl --user ash:", "horse"),
    ("curl -U", "curl -U ash:", "horse"), ("az", "az login -u a -p ", "horse"),
    ("a URL within a URL", "to=https%3A%2F%2Fash%3A", "horse"), (".netrc", "machine h login ash password ", "horse"),
    ("pass:", "-passout pass:", "horse"), ("PuTTY's check", "Private-MAC: ", "0123456789abcdef0123"), (".pgpass", "db:5432:ash:ash:", "horse"),
    (".pgpass, any", "*:*:*:ash:", "horse"), ("SQL", "IDENTIFIED BY '", "horse"), ("SQL, as", "identified by password '", "horse"),
    ("SMTP, login", "AUTH LOGIN ", "dXNlcjpwYXNz"), ("FTP", "> PASS ", "horse1"), ("redis.conf", "requirepass ", "horse"), ("redis.conf, of a replica", "masterauth ", "horse"),
    ("Oracle", "jdbc:oracle:thin:ash/", "horse"), ("Go's MySQL", "ash:", "horse"),
]  # fmt: skip
BEHIND = {
    "a URL within a URL": "%40h",
    "redis-cli auth": "\n",  # two words would be a user and a password
    "SQL": "'",
    "SQL, as": "'",
    "Oracle": "@h:1521",
    "Go's MySQL": "@tcp(db:3306)/ash",
}


@pytest.mark.parametrize(("what", "before", "secret"), FORMS, ids=[row[0] for row in FORMS])
def test_where_a_place_says_that_a_secret_stands_there_the_place_stays(
    what: str, before: str, secret: str
) -> None:
    after = BEHIND.get(what, "")
    assert redact(f"{before}{secret}{after} now") == f"{before}{MASK}{after} now"


@pytest.mark.parametrize(
    "made",
    [
        "$2b$12$" + run(53, "bcrypt"),
        "$argon2id$v=19$m=65536$" + run(30, "argon", _LOWER),
        "$y$j9T$" + run(30, "yescrypt", _LOWER),
        "$pbkdf2-sha256$29000$" + run(30, "pbkdf2", _LOWER),
        "12345678" + ":AA" + run(33, "telegram", _LOWER),
    ],
)
def test_a_hash_of_a_password_and_a_bot_s_token_are_masked_whole(made: str) -> None:
    assert redact(f"is {made} now") == f"is {MASK} now"


@pytest.mark.parametrize("number", ["d", "p", "q", "dp", "dq", "qi", "k"])
def test_the_private_numbers_of_a_json_web_key_are_masked_and_the_public_ones_stay(
    number: str,
) -> None:
    """RFC 7518, 6.2.2 and 6.4.1."""
    secret = run(20, number, _LOWER)
    key = f'{{"kty":"RSA","e":"AQAB","{number}":"{secret}","n":"abcdefghijk"}}'
    assert redact(key) == key.replace(secret, MASK)
    escaped = key.replace('"', '\\"')
    assert redact(escaped) == escaped.replace(secret, MASK)
    assert redact(key.replace("kty", "type")) == key.replace("kty", "type")
