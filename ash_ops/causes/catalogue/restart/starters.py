"""What says that there is nothing to start: shells, runtimes, package managers and servers of every language."""

from typing import Final

from ash_ops.causes.base import Rank, Signature, Step, says

_LOGGED: Final = "log_line stopped_task service_event api_error"

_NOT_BUILT_HERE: Final = 'could not load the "sharp" module|cannot find native binding|cannot load native binding|no native build was found|failed to load swc binary|query engine binary for current platform'
"""A package of Node whose compiled part is of another system, or was left out."""
_COMPILED: Final = r"/node_modules/[^ ]{1,200}\.node\b"
"""The compiled part of a package of Node."""
NOT_IN_THE_BUILD: Final = (
    Step(
        "What is to be run there is a directory: a volume made it because its file was missing on the host, or the path lacks the file's name. Put the file where the volume takes it from, or correct the path",
        when=r"~\b(?:ba|da|z)?sh: (?:line \d{1,4}: )?/[\w./-]{1,160}: is a directory\b",
        decides=True,
    ),
    Step(
        "PHP has no driver for that database: install it while the image is built (docker-php-ext-install pdo_pgsql for PostgreSQL, which needs libpq-dev; pdo_mysql for MySQL), or name the database whose driver is there",
        when="could not find driver",
    ),
    Step(
        "Next's own build is not where it is started: run next build while the image is built, copy .next into it, and start there (with output: standalone, node server.js in .next/standalone); a volume mounted over that directory hides it",
        when="could not find a production build in",
    ),
    Step(
        "A package's compiled part is not in the image, or is that of another system (processor, or Alpine's musl in place of glibc): let the Dockerfile install the packages (node_modules in .dockerignore, optional dependencies not left out), for the platform of the task",
        "docker buildx build --platform linux/amd64,linux/arm64 --push -t <image> .",
        when='could not load the "sharp" module|cannot load native binding|no native build was found|failed to load swc binary|could not locate the bindings file',
    ),
    Step(
        "A package's compiled part (a file .node) was built against another C library than the image has: Alpine has musl, others glibc, each in its release. Let the Dockerfile install the packages itself (node_modules in .dockerignore), or take a base image of the other kind (node:22-slim)",
        when=rf"~{_COMPILED}.*(?:\bsymbol not found\b|\bundefined symbol\b|\bld-linux|\bld-musl|\bglibc|\blibc\.musl)|\b(?:ld-linux|ld-musl|glibcx{{0,2}}_|libc\.musl).*{_COMPILED}",
        decides=True,
    ),
)
"""What helps where a part of the program was left out of its image, or was built for another one."""

NOTHING_TO_START: Final[tuple[Signature, ...]] = (
    # Docker itself, before it had a runtime of its own to ask.
    says(
        "container command '",
        "~\\bcontainer command '[^']{1,300}' (?:not found or does not exist|could not be invoked)\\b",
        rank=Rank.PRECISE,
        kinds=_LOGGED,
    ),
    says("pyenv: ", r"~\bpyenv: [\w.-]{1,60}: command not found\b", rank=Rank.CLEAR),
    # Node, Deno, Bun and their package managers.
    says(
        "script|command|module",
        "~\\bmissing script: |\\bscript not found:? [\"'/]|\\berror command [\"'][\\w:.-]{1,60}[\"'] not found\\b|\\bcommand [\"'][\\w:.-]{1,60}[\"'] not found\\.|\\berror: module not found [\"']",
        rank=Rank.CLEAR,
        kinds=_LOGGED,
    ),
    # What a program wanted to start, and is not in its image; Node and Claude Code are started by Ash.
    says(
        "spawn",
        "enoent|no such file",
        "~\\berror: spawn '?(?:[\\w.-]{0,60}/){0,8}(?!node\\b|adb\\b|bwrap|claude|cli\\.js|ash|bridge)[\\w.+-]{1,60}'? enoent\\b|\\bno such file or directory, posix_spawn '(?:[\\w.-]{0,60}/){0,8}(?!node\\b|bwrap|claude|ash|bridge)[\\w.+-]{1,60}'",
        rank=Rank.LIKELY + 1,
        kinds=_LOGGED,
        unless="sandbox|claude|/bin/bash enoent|/bin/sh enoent",
    ),
    says("could not execute because the specified command or file was not found", rank=Rank.CLEAR),
    says(
        "package.json",
        "~\\b(?:could not|did not|cannot) find a package\\.json\\b|\\bno package\\.json\\b[^|]{0,60} (?:was )?found in\\b",
        rank=Rank.CLEAR,
        kinds=_LOGGED,
    ),
    # Java, .NET, PHP, Ruby.
    says(
        "unable to access jarfile|could not find or load main class|no main manifest attribute, in|java.lang.unsupportedclassversionerror",
        rank=Rank.CLEAR,
        kinds=_LOGGED,
    ),
    says(
        "the command could not be loaded, possibly because|you must install or update .net to run this application|the specified framework 'microsoft.",
        rank=Rank.CLEAR,
        kinds=_LOGGED,
    ),
    says(
        "could not open input file: |failed opening required|failed to open stream: no such file",
        "~\\bcould not open input file: [\\w./-]{1,200}|vendor/autoload\\.php",
        rank=Rank.CLEAR,
        kinds=_LOGGED,
    ),
    says(
        "bundler|in locally installed gems",
        "command not found: |in locally installed gems|install missing gem executables|is not part of the bundle",
        rank=Rank.CLEAR,
        kinds=_LOGGED,
    ),
    says(
        "could not find driver",
        "pdoexception|queryexception|driverexception|sql: |pdo|connector.php",
        rank=Rank.CLEAR,
        kinds=_LOGGED,
    ),
    says(_NOT_BUILT_HERE, rank=Rank.CLEAR, kinds=_LOGGED),
    # Servers that import a program by its name.
    says(
        "could not find a production build in|could not locate the query engine|error: invalid value: file does not exist|error loading asgi app|unable to load celery application|[error] app failed to load",
        rank=Rank.CLEAR,
        kinds=_LOGGED,
    ),
    says(
        "failed to find attribute '",
        "~failed to find attribute '\\w{1,60}' in '",
        rank=Rank.CLEAR,
        kinds=_LOGGED,
    ),
    # The loader of shared libraries, and a script whose interpreter is not there.
    says(
        "error while loading shared libraries|error loading shared library|error relocating |importerror: lib",
        rank=Rank.CLEAR,
        kinds=_LOGGED,
        unless="exec format error|wrong elf class|invalid elf header",
    ),
    says(
        "cannot open shared object file",
        "~unsatisfiedlinkerror|oserror: |\\blib[\\w.+-]{1,40}\\.so[\\d.]{0,12}: cannot open shared",
        rank=Rank.CLEAR,
        kinds=_LOGGED,
    ),
    # Windows of a command that is not in the image.
    says(
        "system::createprocess",
        "cannot find the file specified|cannot find the path specified",
        rank=Rank.CLEAR,
        kinds=_LOGGED,
    ),
    # Who the program shall run as.
    says(
        "no matching entries in passwd file|no matching entries in group file|linux spec user: unable to find|error: failed switching to",
        rank=Rank.CLEAR,
        kinds=_LOGGED,
    ),
    says(
        "setgroups|setgid|setuid",
        "~\\b(?:su-exec|gosu|setpriv|su|chpst|s6-[a-z-]{2,30}): (?:error: |fatal: )?[^|]{0,60}\\bset(?:groups|gid|uid)\\b[^|]{0,40}(?:operation not permitted|failed)",
        rank=Rank.CLEAR,
        kinds=_LOGGED,
    ),
    says(
        "failed to exec pid1|line ",
        "~\\bfailed to exec pid1: |: line \\d{1,5}: (?:exec: )?/[^ :]{1,200}: (?:no such file or directory|not found)",
        rank=Rank.CLEAR,
        kinds=_LOGGED,
    ),
    says(
        "failed: permission denied|failed: no such file or directory",
        "~(?:^|\\] )exec [\\w./-]{1,100} failed: (?:permission denied|no such file)",
        rank=Rank.CLEAR,
        kinds=_LOGGED,
    ),
    says(
        "su-exec: /|gosu: /|could not locate the bindings file",
        "no such file or directory|permission denied|tried:",
        rank=Rank.CLEAR,
        kinds=_LOGGED,
    ),
    says("can only run as pid 1", rank=Rank.CLEAR, kinds=_LOGGED),
    # What coreutils' env was to start.
    says(
        "env: ",
        "~(?:^|\\W)env: ['\"]?(?!bash r|sh r)[\\w./+-]{1,100}['\"]?: permission denied",
        rank=Rank.CLEAR,
        kinds=_LOGGED,
    ),
)
"""Signatures of ``entrypoint-missing`` by the words of each program that starts another."""
