"""Repairs of programs that are not Ash, chosen by the program that speaks."""

from typing import Final

from ash_ops.causes.base import Step

ONE_WRITER: Final = (
    Step(
        "SQLite lets one write at a time: let that program's connections wait (busy_timeout; timeout in Python and Django) in WAL mode, keep transactions short, and give the file to one process on a local disk, not on EFS or NFS",
        when=r"~^(?!.*(?:\bash\b|\bash[-_]|\bsqliteerror\b)).*(?:\bsqlstate\[|\bpdoexception\b|\boperationalerror\b|\bdjango\b|\blaravel\b|\bactiverecord\b|\bsqlalchemy\b|\bentityframework|\bmicrosoft\.data\.sqlite\b)",
    ),
)
"""A database of SQLite that is another program's."""

NOT_ITS_SETTING: Final = (
    Step(
        "That driver has no sslmode: for asyncpg write ssl=require in the URL (postgresql+asyncpg://...?ssl=require), or hand over connect_args with ssl",
        when="unexpected keyword argument 'sslmode'",
        decides=True,
    ),
)

EMULATED: Final = (
    Step(
        "Fluent Bit itself crashed: take another version of its image (of aws-for-fluent-bit the tag stable)",
        when=r"~\[engine\] caught signal\b|\bflb_[a-z_]{3,40}\(",
        decides=True,
    ),
    Step(
        "qemu runs an image of another processor here, and fails at it: build the image for the processor that it runs on (docker build --platform, runtimePlatform of the task definition), or update qemu's handlers",
        "docker inspect --format '{{.Os}}/{{.Architecture}}' <image>",
        when=r"~\bqemu\b",
    ),
)
"""Crashes of the emulator, not of the program."""

APPLICATION_BY_NAME: Final = (
    Step(
        "The server looks for MODULE:APPLICATION from its working directory: name the package, too (app.main:app), set WORKDIR or --app-dir to where the file is, and see that it was copied into the image",
        "docker run --rm --entrypoint ls <image> -la",
        when=r"~\bloading asgi app\b|\bcould not import module\b|\bfailed to find attribute '|\bfailed to find application object\b|\berror: could not locate a flask application\b",
    ),
)
"""Applications that a server of Python is to find by their names."""

IN_COMPOSE: Final = (
    Step(
        "In Compose the program starts as soon as the database's container does: let it wait until that answers (a healthcheck with pg_isready or the like, and depends_on with condition: service_healthy), and read the database's own log",
        when=r"~^(?!.*(?:\bash_|\becs\b|\bfargate\b|\bamazonaws\b)).*[a-z](?<!east)(?<!west)(?<!north)(?<!south)(?<!central)[_-]\d{1,2} {0,8}\| .*\b(?:connection refused|econnrefused)\b",
        decides=True,
    ),
)
"""Databases of a Compose file that were not up yet."""

PUBLISHED_WITHOUT_ROOT: Final = (
    Step(
        "Without root a port below 1024 cannot be published: publish a higher one (-p 8080:80), or lower the bound of the host (net.ipv4.ip_unprivileged_port_start)",
        "cat /proc/sys/net/ipv4/ip_unprivileged_port_start",
        when=r"~\brootless(?:port|kit)?\b",
    ),
)
"""Ports that a runtime without root may not open."""
