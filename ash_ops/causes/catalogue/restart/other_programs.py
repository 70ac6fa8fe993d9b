"""Repairs of programs that are not Ash, chosen by the program that speaks."""

from typing import Final

from ash_ops.causes.base import Step

EMULATED: Final = (
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

PUBLISHED_WITHOUT_ROOT: Final = (
    Step(
        "Without root a port below 1024 cannot be published: publish a higher one (-p 8080:80), or lower the bound of the host (net.ipv4.ip_unprivileged_port_start)",
        "cat /proc/sys/net/ipv4/ip_unprivileged_port_start",
        when=r"~\brootless(?:port|kit)?\b",
    ),
)
"""Ports that a runtime without root may not open."""
