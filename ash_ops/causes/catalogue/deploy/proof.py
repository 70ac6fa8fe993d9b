"""What only the plan, or a look at the server that was just deployed, shows: no message names it."""

from typing import Final

from ash_ops.causes.base import Cause, Step

CAUSES: Final = (
    Cause(
        slug="database-not-used",
        title="The database that ASH_DATABASE_URL names is not used",
        category="deploy",
        severity="warning",
        meaning="A deployment of several machines keeps the PostgreSQL that it was made with, for its rows are there. This "
        "one was made with a database of its own; what ASH_DATABASE_URL names is neither read nor written.",
        proof=(Step("See what the variable names, and where it is set.", "ash-ops deploy --plan"),),
        repair=(
            Step(
                "Take the variable out, or deploy under another `--name`: a new deployment uses it from the "
                "beginning."
            ),
        ),
        confused_with=(("db-unreachable", "The database is used, and does not answer."),),
    ),
    Cause(
        slug="version-differs",
        title="The server says another version than its image's tag promises",
        category="deploy",
        severity="error",
        meaning="The revision that was deployed runs, and /health tells another version than the tag of its image: "
        "the tag was given to another image, or the image was built of another version.",
        proof=(
            Step("Ask the server.", "ash-ops health"),
            Step("Compare with the image that the task runs.", "ash-ops status"),
        ),
        repair=(
            Step(
                "Deploy the version that was meant, by its digest if need be.",
                "ash-ops rollout <TAG>",
            ),
        ),
        confused_with=(
            ("deployment-rolled-back", "Then the revision before serves, not the new one."),
        ),
    ),
)
