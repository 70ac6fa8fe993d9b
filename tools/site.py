"""Build the site with Zensical into ``site/``, and check every link of it: ``python -m tools.site``."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "site"


@dataclass
class Page(HTMLParser):
    """What a page points at, and where in it others may point.

    Attributes:
        links: the addresses of its links, pictures, scripts and styles.
        anchors: the names of its places.
    """

    links: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take down what an element points at, and its own name."""
        for name, value in attrs:
            if name in {"href", "src"} and value:
                self.links.append(value)
            elif name in {"id", "name"} and value:
                self.anchors.add(value)


def read(site: Path) -> dict[Path, Page]:
    """Every page of a built site."""
    found: dict[Path, Page] = {}
    for path in sorted(site.rglob("*.html")):
        found[path] = Page()
        found[path].feed(path.read_text("utf-8"))
    return found


def broken(site: Path, pages: dict[Path, Page]) -> Iterator[str]:
    """The links within the site that lead nowhere, and what a page would load from elsewhere."""
    for path, page in pages.items():
        if path.name == "404.html":  # its links are those of the place where it is served
            continue
        for link in page.links:
            if not _leads(site, path, link, pages):
                yield f"{path.relative_to(site)}: {link}"


def _leads(site: Path, path: Path, link: str, pages: dict[Path, Page]) -> bool:
    url = urlsplit(link)
    if url.scheme or url.netloc:
        return True
    target = (path.parent / unquote(url.path)).resolve() if url.path else path
    if not target.is_relative_to(site):
        return False
    target = target / "index.html" if target.is_dir() else target
    if not url.fragment or target not in pages:
        return target.is_file()
    return unquote(url.fragment) in pages[target].anchors or url.fragment.startswith("__")


def main() -> int:
    """Build, check, and tell; the exit code."""
    zensical = str(Path(sys.executable).with_name("zensical"))
    line = [zensical, "build", "--clean", "--strict", "--config-file", "zensical.toml"]
    built = subprocess.run(line, cwd=ROOT, check=False, capture_output=True, text=True)  # noqa: S603 -- fixed arguments
    if built.returncode:
        sys.stderr.write(built.stdout + built.stderr)
        return built.returncode
    pages = read(SITE)
    faults = list(broken(SITE, pages))
    links = sum(len(page.links) for page in pages.values())
    sys.stdout.write("".join(f"broken: {fault}\n" for fault in faults))
    sys.stdout.write(f"site/: {len(pages)} pages, {links} links, {len(faults)} broken\n")
    return 1 if faults or not pages else 0


if __name__ == "__main__":
    sys.exit(main())
