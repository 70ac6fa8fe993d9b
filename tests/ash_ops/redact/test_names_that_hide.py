"""Which names hide their values, which speak about a secret, and which values are none."""

from __future__ import annotations

import pytest

from ash_ops.redact import document, redact
from ash_ops.redact.held import Held
from ash_ops.redact.named import masker
from ash_ops.redact.values import is_random
from ash_ops.secret import MASK
from tests.ash_ops.redact.kinds import run

SECRET = "q7-w8-e9"

HIDING = """
signing_key apiKey DB_SECRET client-secret auth_token db_pass dbPassword MYSQL_PWD smtp_pw PASSPHRASE sig requestSignature
sentry_dsn jwt phpsessid connect.sid JSESSIONID conn connStr ConnectionString github_pat otp totp webhook salt license bearer
mnemonic pswd kennwort storepass keypass creds db_credentials authorization idToken xsrf csrf_token accountkey masterkey
DB_PASSWORD_OLD DB_PASSWORD_2 SECRET_VALUE token_raw secret_b64 TOKEN_V2 password_plaintext token_string
api_key_old secret_key_prod private_key_pem access_key_new accessKeyId CloudFront-Key-Pair-Id ASP.NET_SessionId rootpassword x-auth-key WPSESSID
"""
SPEAKING = """
secretArn token_arns secret_name tokenType TOKEN_COUNT secret_id passwordPolicy token_expires_at PASSWORD_FILE token_url secretsManager
tokenizer rate_limit_tokenizer token_ttl auth_mode AUTH_ENABLED secret_version auth_provider credential_source cookie_domain password_length
output_key cacheKey primary_key partition_key s3_key public-key lookup_key shortcutKey sortKey hash_key env_key foo_key_x
keyboard monkeys turnkey
"""
# AWS's own tokens mark a request or a place in a list.
POSITIONS = """
requestToken clientToken nextToken page_token paginationToken continuation-token nextForwardToken backwardToken sequenceToken
creationToken purchaseToken idempotencyToken syncToken
"""


def written(name: str) -> list[tuple[str, str]]:
    """What is before the value and behind it: as a variable, in JSON, as an option, in YAML."""
    return [
        (f"{name}=", " x"),
        (f'{{"{name}":"', '","a":1}'),
        (f"{name}: '", "'"),
        (f'{name} => "', '"'),
        (f"a=1&{name}=", "&b=2"),
    ]


@pytest.mark.parametrize("name", HIDING.split())
def test_a_name_of_a_secret_hides_its_value_however_it_is_written(name: str) -> None:
    for before, after in written(name):
        assert redact(f"{before}{SECRET}{after}") == f"{before}{MASK}{after}", before
    assert document({name: SECRET}) == {name: MASK}


@pytest.mark.parametrize("name", [*SPEAKING.split(), *POSITIONS.split()])
def test_a_name_that_speaks_about_a_secret_hides_nothing(name: str) -> None:
    for before, after in written(name):
        assert redact(f"{before}{SECRET}{after}") == f"{before}{SECRET}{after}", before
    assert document({name: SECRET}) == {name: SECRET}


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("password: swordfish", "swordfish"),
        ("my password: swordfish, and", "swordfish"),
        ("pin passcode: 1234", "1234"),
        ("password: 123", None),
        ("password=abc def", "abc"),
        ("token: 123456789012", "123456789012"),
        ("token: 12345678901", None),
        ("token: abc12", None),
        ("token: abc123", "abc123"),
        ("token: abcdefghijklmnopqrst", "abcdefghijklmnopqrst"),
        ("token: abcdefghijklmnopqrs", None),
        ("API_TOKEN: abc", "abc"),
        ("API_TOKEN: ab", None),
        ("token = abc", "abc"),
        ("token: 'abc'", "abc"),
        ('secret: "one two three"', None),
        ('password: "one two three"', "one two three"),
        ('secret: "one two 3"', "one two 3"),
        ("token: expired.", None),
        ("token: Bearer abc", "abc"),
        ("Authorization: Custom abc123", "abc123"),
        ("Authorization: header is missing", None),
        ("Cookie: a=1; b=2", "a=1; b=2"),
        ("key: logs/2026/11/27.json", None),
        ("passwords: [abc, def]", "[abc, def]"),
        ('tokens: ["abc", "def"]', '["abc", "def"]'),
        ("token=abc...", None),
        ("token=<your-token>", None),
        ("token=self.token", None),
        ("token=os.environ['X']", None),
        ("password=${DB_PASSWORD}", None),
        ("password=xxxxxxxx", None),
        ("password=scram-sha-256", None),
        ("password=true", None),
        ("secret=arn:aws:x", None),
        ("secret=s3://bucket/x", None),
        ("secret=../x/y", None),
        ("password=a,b)c", "a,b)c"),
        ("f(password=abc, x)", "abc"),
        ('password="a\\"b" x', 'a\\"b'),
        (r'password="ab\\" x', r"ab\\"),
        (r'password="ab\\\"c" x', r"ab\\\"c"),
        ("password=abc;", "abc"),
        ("password=abc.", "abc"),
        ("password%3Dabc%26x", "abc"),
        ("password:\n  swordfish", "swordfish"),
    ],
)
def test_what_stands_behind_a_name_decides_too(text: str, hidden: str | None) -> None:
    """A sentence about a token is no token; how many characters tell one from the other is told here."""
    assert redact(text) == (text if hidden is None else text.replace(hidden, MASK))


def test_a_name_within_a_hidden_value_ends_nothing() -> None:
    text = f'password: "my token 9" db_pass={SECRET}'
    mask = masker(Held(text))
    assert mask is not None
    assert mask(text) == f'password: "{MASK}" db_pass={MASK}'


def test_a_key_that_only_is_called_so_is_one_if_it_is_random() -> None:
    """From sixteen characters on."""
    lone = run(40, "sixteen")[:16]
    assert is_random(lone)
    assert redact(f"key={lone} x") == f"key={MASK} x"
    assert not is_random(lone[:15])
    assert redact(f"key={lone[:15]} x") == f"key={lone[:15]} x"


@pytest.mark.parametrize(
    ("made", "random"),
    [
        ("aB3dE5gH7jK9mN1p", True), ("aB3dE5gH7jK9mN1", False), (run(32, "c"), True),
        ("abcdefghijklmnop", False), ("ABCDEFGHIJKLMNOP", False), ("0123456789abcdef", False),
        ("RolePolicyAttachment", False), ("AshServiceTaskDefExecutionRole", False),
        ("ash-cloud-AshLoadBalancer-1QX9Z3K7L2M5", False), ("Sessions2026IndexPage", False),
        ("req_" + run(24, "d"), False), ("sha256-" + run(43, "e"), False), ("toolu_" + run(24, "f"), False), ("x_" + run(24, "g"), True),
        ("aB3dE5gH-jK9mN1pQ-rS3tU5vW", True), ("aB3dE5gH-jK9mN1pQ", False),
        ("ABCDabc1" * 4, True), ("ABCDabc1" * 3 + "ABC", False), ("ABCDabc" * 5, False), ("ABCDEFGHab1" * 3, False), ("ABcdefghi1" * 4, False),
        ("a1B" * 5, False), ("a1B" * 6, True), ("1234567890123456aB", False), ("ABCWords1" * 4, False), ("a1b2c3d4e5f6a7b8", False), ("A1B2C3D4E5F6A7B8", False), ("aB3dE5gH7-jK9mN1pQ3r", False), ("aB3dE5gH7-jK9mN1pQ3rS", True),
        ("aB3dE5g-jK9mN1p-rS3tU5v", False), ("aBdCfEhGjIlKnMpOrQtSvUx", False), ("aBdCfEhGjIlKnMpOrQtSvUxW", True),
        ("aB1-" * 13, True), ("aB1-" * 9, False), ("aab-" * 13, False),
    ],
)  # fmt: skip
def test_random_is_what_mixes_cases_and_digits_and_is_no_word(made: str, random: bool) -> None:
    assert is_random(made) is random


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"name":"DB_PASSWORD","value":"', '"}'),
        ('{"Name": "DB_PASSWORD", "Value": "', '"}'),
        ('{\\"name\\":\\"DB_PASSWORD\\",\\"value\\":\\"', '\\"}'),
        ("key=DB_PASSWORD, value=", " x"),
        ("ParameterKey=DbPassword,ParameterValue=", " x"),
        ('{"OutputKey":"DbPassword","OutputValue":"', '"}'),
        ('{"value":"', '","name":"DB_PASSWORD"}'),
        ("node x --db-password ", " -v"), ("node x -password ", " -v"), ('["--token", "', '"]'),
        ('form-data; name="password"\r\n\r\n', "\r\n--x"), ('name="password"\nContent-Type: text/plain\n\n', "\n--x"),
        ("<password>", "</password>"), ('<ns:token id="1">', "</ns:token>"),
        ('<entry key="password">', "</entry>"), ('<property id="1" name="db.password">', "</property>"), ("<add key='DbPassword' value='", "'/>"),
        ("ENV DB_PASSWORD ", "\nRUN x"), ("setenv DB_PASSWORD ", "\n"), ("npm config set //r/:_authToken ", "\n"),
        ("parameter SecretString, value: ", ", type: x"), ("Invalid value for '--token': '", "'"),
        ("argument --password: invalid choice value: '", "'"),
        ("password is ", " now"), ("Password for user ash: ", " now"), ("password -> ", " now"), ("password | ", " now"), ("the api key ", " now"),
        ("machine h login a password ", " x"),
    ],
)  # fmt: skip
def test_a_name_that_stands_beside_its_value_in_another_way_hides_it_too(
    before: str, after: str
) -> None:
    secret = "Q7w8E9r1T2"
    before = before.replace("\r\n", "\n") if "\r" in before else before
    assert redact(f"{before}{secret}{after}") == f"{before}{MASK}{after}".replace("\r\n", "\n")


@pytest.mark.parametrize(
    "text",
    [
        '{"name":"PORT","value":"Q7w8E9r1T2"}', '{"name":"DB_PASSWORD","value":"unset"}', '{"name":"CACHE_KEY","value":"Q7w8E9r1T2"}',
        '{"name":"API_TOKEN","value":"41004100"}', "node x --port Q7w8E9r1T2", "node x --token-file Q7w8E9r1T2", "node x --password --verbose",
        "ENV PORT Q7w8E9r1T2", "<name>Q7w8E9r1T2</name>", '<entry key="port">Q7w8E9r1T2</entry>', '<add key="Region" value="Q7w8E9r1T2"/>', "the token was abcdefghij", "the token is db-primary-01",
        "the password is in /run/secrets/db1", "the api key a1b2c3d", "the token Ab1cdefgh", "the password for user ash is wrong",
        "--password", "node x --key Q7w8E9r1T2", "node x --db-token 41004100",
        "the password run/db12 now", "the password x=db12yz now", "the password a:db12yz now",
    ],
)  # fmt: skip
def test_what_stands_beside_no_secret_s_name_or_is_a_word_or_a_place_stays(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize(
    ("name", "value", "secret"),
    [
        ("db", "abc123!", True), ("db", "Abc123", True), ("db", "abc12", False), ("db", "abcdef", False), ("db", "123456", False),
        ("db", "db-primary-01", False), ("db", "DB_PASSWORD_1", False), ("db", "abc 123!", False), ("file", "Abc123", False), ("dbName", "Abc123", False),
        ("from", "Abc123", False), ("key", "Abc123", False), ("db", "<Abc123>", False), ("db", 123456, False),
    ],
)  # fmt: skip
@pytest.mark.parametrize("above", ["secrets", "Passwords", "stringData", "api_keys"])
def test_beneath_such_a_name_what_is_no_name_itself_is_hidden(
    above: str, name: str, value: object, secret: bool
) -> None:
    shown = MASK if secret else value
    assert document({above: {name: value}}) == {above: {name: shown}}
    assert document({"settings": {name: value}}) == {"settings": {name: value}}
    if isinstance(value, str) and " " not in value and "<" not in value:
        for text in (f"{above}:\n  {name}: %s\nx: y", f'{above}: {{"{name}": "%s"}}'):
            assert redact(text % value) == text % shown, text


def test_items_beneath_such_a_name_are_hidden_and_what_follows_the_block_is_not() -> None:
    block = "secrets:\n  - abc123!\n  - db_password\n- abc123!\n"
    assert redact(block) == f"secrets:\n  - {MASK}\n  - db_password\n- {MASK}\n"
    assert redact("names:\n  - abc123!\n") == "names:\n  - abc123!\n"
    assert redact("secrets:\n  - abc123!\nnext:\n  - abc123!\n").endswith("next:\n  - abc123!\n")


@pytest.mark.parametrize(("what", "least"), [("api key", 8), ("token", 10)])
def test_in_a_sentence_mixed_letters_and_a_digit_are_a_key_from_so_many_characters_on(
    what: str, least: int
) -> None:
    value = "Ab1cdefghi"[:least]
    assert redact(f"the {what} {value} now") == f"the {what} {MASK} now"
    assert redact(f"the {what} {value[:-1]} now") == f"the {what} {value[:-1]} now"


def test_beside_a_run_that_is_masked_those_that_are_not_random_or_are_handed_back_stay() -> None:
    secret = run(48, "beside")
    for before, other in (
        ("", "abcdefghij" * 4), ("", "/usr/local/lib/node_modules/server/index"), ("arn:aws:x:y:1:", run(40, "arn")), ("RequestId: ", run(40, "id")), ("sha256:", run(40, "sum")), ('"integrity": "', run(40, "npm")), ("h1:", run(43, "go")),
    ):  # fmt: skip
        assert redact(f"{secret} {before}{other} end") == f"{MASK} {before}{other} end", other
    for before in ("HostId: ", "host id ", "x-amz-id-2: ", "Encoded authorization failure message: ", "x-amz-cf-id="):  # fmt: skip
        assert redact(f"{secret} {before}{run(40, before)}") == f"{MASK} {before}{run(40, before)}"
    assert redact(f"say {run(40, 'it')}") == f"say {MASK}"


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ("secretsmanager:DescribeSecret: AccessDeniedException", True),
        ("(secretsmanager:CreateSecret: KMSAccessDeniedException)", True),
        ("ecr:GetAuthorizationToken: UnrecognizedClientException, try again", True),
        ("iam:ChangePassword: PasswordPolicyViolationException", True),
        ("db:Secret: CorrectHorseBatteryStaple", False),
        ("UpdatePassword: CorrectHorseBatteryStaple", False),
        ("secretsmanager:DescribeSecret: Hunter2Hunter2Hunter2", False),
        ("a:GetToken: Zq8Xw2Vn5Lk7Tb4Rm9", False),
        ("a:GetToken: QwErTyUiOpAsDfGhJkLzXc", False),
    ],
)
def test_what_a_call_about_secrets_was_answered_with_is_a_code_and_stays(
    text: str, *, stays: bool
) -> None:
    """Who is told that a read was refused must see why."""
    assert (redact(text) == text) is stays


@pytest.mark.parametrize("end", ":.,;")
def test_what_ends_a_sentence_belongs_to_a_value_only_within_its_quotes(end: str) -> None:
    for quote in "\"'":
        assert redact(f"password={quote}Xk9!mWq2{end}{quote} now") == f"password={quote}{MASK}{quote} now"  # fmt: skip
    assert redact(f"password=Xk9!mWq2{end} now") == f"password={MASK}{end} now"


def test_a_line_of_cookies_is_known_by_an_equals_sign_of_its_own() -> None:
    assert redact("Cookie: theme\nPORT=8000") == "Cookie: theme\nPORT=8000"
    assert redact("Cookie: theme=dark; sid=4f5c2a9b17\nPORT=8000") == f"Cookie: {MASK}\nPORT=8000"


def test_of_a_value_in_brackets_the_brackets_stay() -> None:
    assert redact("password=[Xk9!mWq2pL7v] now") == f"password=[{MASK}] now"


@pytest.mark.parametrize("name", ["contrasena", "contraseña", "DB_CONTRASENA", "db_contraseña"])
def test_a_password_is_one_in_spanish_too(name: str) -> None:
    assert redact(f"{name}=Xk9mWq2pL7vT") == f"{name}={MASK}"
    assert redact(f'{{"{name}": "Xk9mWq2pL7vT"}}') == f'{{"{name}": "{MASK}"}}'


@pytest.mark.parametrize("deep", range(8))
def test_a_quoted_value_ends_at_its_own_quote_however_often_it_was_escaped(deep: int) -> None:
    """JSON in JSON: a backslash of the value itself becomes two with every text around it."""
    before, after = '{"password": "', '", "user": "bob-the-builder"}'
    for backslashes in (0, 2**deep):
        escaped = "\\" * 2 * backslashes
        assert redact(f"{before}{SECRET}{escaped}{after}") == f"{before}{MASK}{after}"
