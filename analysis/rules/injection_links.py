"""INJ: what a definition draws in from, or points to, outside of itself."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from analysis.model import Level, Problem, Severity
from analysis.rules.cases import Source
from analysis.rules.engine import Hit, rule
from analysis.rules.examples import definition
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINK: Final = re.compile(r"https?://([A-Za-z0-9.-]+\.[A-Za-z]{2,})")
_OUTSIDE: Final = re.compile(r"the external reference '(?P<ref>[^']*)'")
_INVENTED: Final = (".example", "example.com", "example.org", "example.net", "localhost")


@lru_cache(maxsize=4_096)
def _site(host: str) -> str:
    """Return the last two labels of a host: documentation usually stands beside the API."""
    return ".".join(host.lower().rstrip(".").split(".")[-2:])


def _hosts(text: str) -> frozenset[str]:
    if "://" not in text:
        return frozenset()
    found = (match.group(1).lower() for match in _LINK.finditer(text))
    return frozenset(host for host in found if not host.endswith(_INVENTED))


def _server(url: str) -> str:
    try:
        return _site(urlsplit(url).hostname or "")
    except ValueError:  # not an address; said when the document is read
        return ""


_CASE: Final = definition(
    description="See https://docs.shop.dev/orders and https://elsewhere.io/x.", servers=("https://api.shop.dev",)
)
_CALM: Final = definition(description="See https://docs.shop.dev/orders.", servers=("https://api.shop.dev",))
_NOT_OPENED: Final = Problem(Level.ERROR, "the external reference 'https://a.example/b.yaml' was not opened", "/paths")


@rule(
    id="INJ-008",
    title="Reference to the outside",
    kind="source",
    severity=Severity.MEDIUM,
    gathers=True,
    remedy="Take what is referred to into the document; links that only inform may stay.",
    standards=("mcp-spec:2026-07-28/ssrf", "owasp-mcp:2025/MCP04"),
    false_positives="Links to documentation, which are listed for information only.",
    hits=(
        Source(_CASE.tool.source, (_CASE,), _CASE.shared),
        Source(_CALM.tool.source, (_CALM,), _CALM.shared, (_NOT_OPENED,)),
    ),
    clean=(Source(_CALM.tool.source, (_CALM,), _CALM.shared),),
)
def outside_reference(source: Source) -> Iterator[Hit]:
    """What stands elsewhere can change after the review, and an agent that follows a link reads a stranger's text."""
    seen: set[str] = set()
    for problem in source.problems:
        outside = _OUTSIDE.match(problem.what)
        if outside and outside["ref"] not in seen:
            seen.add(outside["ref"])
            ref = visible(outside["ref"], 120)
            yield Hit(f"not opened: {ref}", problem.pointer, key=ref, line=problem.line, source=source.id)
    own: dict[tuple[str, ...], frozenset[str]] = {}
    for case in source.cases:
        tool = case.tool
        if "://" not in tool.passages.prose:
            continue
        if tool.servers not in own:
            own[tool.servers] = frozenset(map(_server, tool.servers))
        foreign = sorted(host for host in _hosts(tool.passages.prose) if _site(host) not in own[tool.servers])
        if foreign:
            place = next((p.pointer for p in tool.passages if foreign[0] in p.text.lower()), "")
            yield Hit(f"links to {', '.join(foreign[:3])}", place, severity=Severity.INFO, tool=tool.id)
