"""What OpenAI's interface answers of a key and of credit: whose program asks it reads the same causes of another account."""

from typing import Final

from ash_ops.causes.base import Rank, Signature, Step, says
from ash_ops.causes.catalogue.auth.words import ANY

_UNPAID: Final = r"~^(?!.*\bopenrouter\b).*\bexceeded your current quota\b"
_REFUSED: Final = r"~^(?!.*\bopenrouter\b).*(?:\bincorrect api key provided\b|\bopenai\.authenticationerror\b|\bplatform\.openai\.com/account/api-keys\b)"

QUOTA_IS_USED_UP: Final[tuple[Signature, ...]] = (
    says(
        "exceeded your current quota",
        "openai|insufficient_quota|insufficientquota",
        rank=Rank.DECISIVE,
        kinds=ANY,
        # Google says the same of a quota that a minute or a day gives back.
        unless="gemini|generativelanguage|ai.google|resource_exhausted|resourceexhausted|quota_metric|quotametric|aiplatform",
    ),
)

KEY_IS_NOT_KNOWN: Final[tuple[Signature, ...]] = (
    says("incorrect api key provided", rank=Rank.CLEAR, kinds=ANY),
)

NO_KEY: Final[tuple[Signature, ...]] = (
    says("api_key client option must be set", "openai_api_key", rank=Rank.DECISIVE, kinds=ANY),
    says("openai_api_key environment variable is missing or empty", rank=Rank.DECISIVE, kinds=ANY),
)

GIVE_THE_OTHER_KEY: Final = (
    Step(
        "That program asks OpenAI (or a service which speaks its interface), not Anthropic: give it OPENAI_API_KEY in its environment or secrets, and start it anew",
        when="openai_api_key",
        decides=True,
    ),
)

QUOTA_OF_ANOTHER: Final = (
    Step(
        "It is OpenAI's answer (or that of a service which speaks its interface), not Anthropic's: the account of that key has no credit left, or has spent its budget of the month. Add credit or raise the limit there (of OpenAI: platform.openai.com, Billing and Limits; a subscription of ChatGPT pays for no API), or give the program the key of an account that has some",
        when=_UNPAID,
        decides=True,
    ),
)

SEEN_QUOTA: Final = (
    Step(
        "Look at the credit and the limits of the organisation and project to which that key belongs, at the provider that answered (of OpenAI: platform.openai.com)",
        when=_UNPAID,
        decides=True,
    ),
)

KEY_OF_ANOTHER_VENDOR: Final = (
    Step(
        "It is OpenAI's answer (or that of a service which speaks its interface), not Anthropic's: put a valid key of that provider where the program has it (mostly OPENAI_API_KEY), whole, of the account whose address it asks (OPENAI_BASE_URL), and start it anew",
        when=r"~^(?!.*(?:\bopenrouter\b|\bplatform\.openai\.com\b|\bopenaiexception\b|\bapi\.openai\.com\b|\bopenai(?:\.\w{1,30})?\.authenticationerror\b)).*\bincorrect api key provided\b",
        decides=True,
    ),
)

SEEN_KEY: Final = (
    Step(
        "Ask with that key where the program runs, printing only the status",
        'curl -s -o /dev/null -w "%{http_code}" https://api.openai.com/v1/models -H "Authorization: Bearer $OPENAI_API_KEY"',
        when=_REFUSED,
        decides=True,
    ),
)
