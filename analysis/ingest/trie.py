"""From method and path of a request to the operation that it called, at the cost of its segments.

openapi-core looks at every path of a document for each request (3.5 ms on GitHub's 1,223 operations); a trie of path
segments finds the same operation in microseconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from analysis.model import Tool

_PARAMETER: Final = re.compile(r"\{[^{}/]*\}")
#: A server URL as people write it: a scheme and host, which may hold variables, or a path alone.
_SERVER: Final = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*|\{[^{}]*\})://([^/?#]*)")
#: So many servers of one tool are looked at; vendors list below ten.
_MAX_SERVERS: Final = 50


@dataclass(slots=True)
class _Node:
    """What can follow the segments so far. `mixed` holds segments like `{id}.json`, most literal ones first."""

    literal: dict[str, _Node] = field(default_factory=dict)
    mixed: list[tuple[str, re.Pattern[str], _Node]] = field(default_factory=list)
    parameter: _Node | None = None
    tools: dict[str, list[Tool]] = field(default_factory=dict)  # by method


class PathTrie:
    """The operations of an inventory by path. Built once; finding changes nothing.

    A literal segment wins over one that is part parameter, and that over a parameter, from left to right; where the
    way ends without an operation of the method, the next best way is tried. A parameter is never empty.
    """

    def __init__(self, tools: Iterable[Tool]) -> None:
        self._based, self._bare = _Node(), _Node()
        for tool in tools:
            if not tool.method or not tool.path.startswith("/"):
                continue
            path = tool.path.split("/")[1:]
            for base in bases(tool.servers):
                _add(self._based, [*base, *path], tool)
            _add(self._bare, path, tool)

    def find(self, method: str, path: str, host: str = "") -> tuple[Tool, ...]:
        """Return the operation of a request; several where documents (of different hosts) state the same one.

        `path` is as it was sent: percent-encoded, with the base path of the server. Without `host` the log may have
        left out the base path too. A path with `.` or `..` segments is nobody's: servers disagree where it leads.
        """
        segments = [unquote(segment) for segment in path.split("/")[1:]]
        if not path.startswith("/") or any(segment in {".", ".."} for segment in segments):
            return ()
        for root in (self._based,) if host else (self._based, self._bare):
            for wanted in (segments, segments[:-1] if segments[-1] == "" else [*segments, ""]):
                found = _walk(root, method.upper(), wanted)
                if found:
                    return _of_host(found, host)
        return ()


def bases(servers: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the base paths of server URLs as segments; a server without one, and no server, give an empty one."""
    found = dict.fromkeys(_split_server(url)[1] for url in servers[:_MAX_SERVERS])
    return [tuple(part for part in base.split("/") if part) for base in found] or [()]


def serves(servers: tuple[str, ...], host: str) -> bool | None:
    """Whether one of the servers has the host; None if no server names any."""
    patterns = [name for url in servers[:_MAX_SERVERS] if (name := _split_server(url)[0])]
    return any(_pattern(name).fullmatch(host) is not None for name in patterns) if patterns else None


@lru_cache(maxsize=4_096)
def _split_server(url: str) -> tuple[str, str]:
    """Return (host, base path) of a server URL; the host is empty in a relative one."""
    named = _SERVER.match(url)
    if named is None:
        return "", url.partition("?")[0].partition("#")[0]
    return named.group(1).rpartition("@")[2].lower(), url[named.end() :].partition("?")[0].partition("#")[0]
