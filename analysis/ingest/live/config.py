"""MCP servers named in client configuration files. Reading starts nothing."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from analysis.ingest.document.canonical_json import child
from analysis.ingest.document.loading import Limits, decode, refused
from analysis.ingest.live.jsonc import parse_jsonc
from analysis.ingest.live.redaction import redact_command, redact_url
from analysis.model import Level, Problem
from analysis.text import has_hidden, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Maximum size of a file, bytes. A client's file may hold years of history; the TOML parser is slower.
_LIMITS: Final = Limits(size=16 * 1024 * 1024)
_MAX_TOML_BYTES: Final = 1024 * 1024
_MAX_SERVERS: Final = 500
_MAX_NAME: Final = 200
_MAX_TEXT: Final = 8_000  # of a command or address, which has to be shown in full

#: Keys under which known clients keep their servers; also `mcp`.
_SERVER_KEYS: Final = ("mcpServers", "servers", "mcp_servers")
_URLS: Final = ("httpUrl", "serverUrl", "url")
#: Settings that change what a client sends to a server, and that are ignored here.
_IGNORED_SETTINGS: Final = {
    "envFile": "the variables of its `envFile` are not read",
    "headersHelper": "its `headersHelper`, a command that makes headers, is not run",
    "oauth": "its `oauth` settings are not used; give a header instead",
    "auth": "its `auth` settings are not used; give a header instead",
    "authProviderType": "its `authProviderType` is not used; give a header instead",
}
_PLACEHOLDER: Final = re.compile(r"\$\{[^}]*\}|\{(?:env|file):[^}]*\}")


@dataclass(frozen=True, slots=True)
class ServerSpec:
    """A server of a configuration: a command to start (`stdio`) or an address to connect to (`http`).

    It holds the names of environment variables and headers, never their values; the caller who starts the server
    provides them. Secrets in the command line or address stay in `command` and `url`, because the server cannot be
    started without them; `describe` and `address` redact them, and nothing else of a spec may be shown or recorded.
    """

    name: str
    kind: str  # stdio, http
    command: tuple[str, ...] = field(default=(), repr=False)
    url: str = field(default="", repr=False)
    env_names: tuple[str, ...] = ()
    header_names: tuple[str, ...] = ()
    cwd: str = ""

    def address(self) -> str:
        """Return the command line or address without its secrets, safe to show and to record."""
        if self.kind == "stdio":
            return visible(" ".join(redact_command(self.command)))
        return visible(redact_url(self.url))

    def describe(self) -> str:
        """Return what listing this server does, in one line, for the confirmation."""
        starts = self.kind == "stdio"
        text = f"{'start the command' if starts else 'connect to'}: {self.address()}"
        names = self.env_names if starts else self.header_names
        if starts and self.cwd:
            text += f"; in the folder {visible(self.cwd, _MAX_NAME)}"
        if names:
            text += f"; with the {'variables' if starts else 'headers'} {visible(', '.join(names), 1_000)}"
        return text


def read_servers(raw: bytes, name: str = "") -> tuple[tuple[ServerSpec, ...], tuple[Problem, ...]]:
    """Return the servers of a client configuration, and its problems.

    `name` is the file name, used to distinguish TOML from JSON. An entry that clients might read differently is left
    out, with an ERROR. REFUSED means that no server could be read at all.
    """
    data, problems = _parse(raw, name)
    if not isinstance(data, dict):
        if not any(problem.level is Level.REFUSED for problem in problems):
            problems.append(refused("the file is not a table of settings", "name a client's MCP configuration"))
        return (), tuple(problems)
    found: dict[str, ServerSpec] = {}
    count = 0
    for pointer, server, node in _entries(data):
        count += 1
        if count > _MAX_SERVERS:
            problems.append(Problem(Level.ERROR, f"more than {_MAX_SERVERS} servers; the rest was not read", pointer))
            break
        spec, entry_problems = _Entry(server, node, pointer).read()
        problems.extend(entry_problems)
        if spec is not None and server in found:
            what = f"the server {server!r} is defined twice; the first definition is used"
            problems.append(Problem(Level.ERROR, what, pointer, remedy="keep one of the two"))
        elif spec is not None:
            found[server] = spec
    if not count:
        problems.append(refused("the file names no MCP servers", "name a file with mcpServers, servers or mcp_servers"))
    return tuple(found.values()), tuple(problems)


def _parse(raw: bytes, name: str) -> tuple[Any, list[Problem]]:
    if len(raw) > _LIMITS.size:
        return None, [refused(f"the file has more than {_LIMITS.size:,} bytes", "name a client configuration")]
    text, problems = decode(raw)
    if text is None:
        return None, problems
    if text.lstrip()[:1] in {"{", "[", "/"} and not name.lower().endswith(".toml"):
        return parse_jsonc(text, _LIMITS)
    if len(raw) > _MAX_TOML_BYTES:
        return None, [refused(f"the file has more than {_MAX_TOML_BYTES:,} bytes", "name a client configuration")]
    try:
        return tomllib.loads(text.replace("\r\n", "\n")), []
    except RecursionError:
        return None, [refused("nested too deeply to be read", "flatten the file")]
    except ValueError as error:  # the message contains positions, never values
        return None, [refused(f"neither JSON nor TOML: {visible(str(error), _MAX_NAME)}", "correct the file")]


def _entries(data: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Yield (JSON pointer, server name, settings) of every place where a client keeps servers."""
    mcp = data.get("mcp")
    inner = mcp.get("servers") if isinstance(mcp, dict) else None
    # VS Code's `mcp.servers` is a table of tables; OpenCode may have a server of that name.
    nested = isinstance(inner, dict) and all(isinstance(node, dict) for node in inner.values())
    tables = [(f"/{key}", data.get(key)) for key in _SERVER_KEYS]
    tables.append(("/mcp/servers", inner) if nested else ("/mcp", mcp))
    for pointer, table in tables:
        for server, node in table.items() if isinstance(table, dict) else ():
            yield child(pointer, server), server, node


class _Entry:
    """Reader of the settings of one server. Errors leave the server out; notes are reported with it."""

    def __init__(self, name: str, node: Any, pointer: str) -> None:
        self.name = name
        self.node: dict[str, Any] = node if isinstance(node, dict) else {}
        self.pointer = pointer
        self.errors: list[str] = [] if isinstance(node, dict) else ["its settings are not a table"]
        self.notes: list[str] = []

    def read(self) -> tuple[ServerSpec | None, list[Problem]]:
        """Return (server, problems); the server is None if it has errors."""
        if not self.name.strip() or len(self.name) > _MAX_NAME or not self.name.isprintable():
            self.errors.append("its name is empty, too long, or contains invisible characters")
        command = (*self._strings("command", single=True), *self._strings("args"))
        url = next((self._text(key) for key in _URLS if self.node.get(key)), "")
        env = (*self._names("env"), *self._names("environment"), *self._names("env_vars"))
        headers = (*self._names("headers"), *self._names("http_headers"), *self._names("env_http_headers"))
        if self._text("bearer_token_env_var"):
            headers = (*headers, "Authorization")
        spec = ServerSpec(
            name=self.name,
            kind="http" if url else "stdio",
            command=command,
            url=url,
            env_names=tuple(dict.fromkeys(env)),
            header_names=tuple(dict.fromkeys(headers)),
            cwd=self._text("cwd"),
        )
        if self.errors or not self._consistent(spec):
            what = f"the server {self.name[:80]!r} was left out: {'; '.join(self.errors)}"
            return None, [Problem(Level.ERROR, what, self.pointer, remedy="correct the entry")]
        self._note(spec)
        return spec, [Problem(Level.NOTE, f"the server {self.name!r}: {note}", self.pointer) for note in self.notes]

    def _consistent(self, spec: ServerSpec) -> bool:
        if spec.url and spec.command:
            self.errors.append("it names both a command and an address")
        elif not spec.url and not (spec.command and spec.command[0].strip() and self.node.get("command")):
            self.errors.append("it names neither a command nor an address")
        elif spec.url and _host(spec.url) is None:
            self.errors.append("its address is not an http or https URL")
        elif sum(map(len, spec.command)) > _MAX_TEXT:
            self.errors.append("its command is too long to be shown")
        return not self.errors

    def _note(self, spec: ServerSpec) -> None:
        if self.node.get("disabled") is True or self.node.get("enabled") is False:
            self.notes.append("it is switched off in this configuration")
        if spec.url and str(self.node.get("type", "")).lower() == "sse":
            self.notes.append("it is declared as an SSE server; it will be called over streamable HTTP")
        if spec.url.lower().startswith("http:") and _host(spec.url) not in {"127.0.0.1", "localhost", "::1"}:
            self.notes.append("its address is not encrypted; headers would be sent unencrypted")
        if any(_PLACEHOLDER.search(text) for text in (*spec.command, spec.url, spec.cwd)):
            self.notes.append("it contains a placeholder such as ${...} that only its client replaces")
        self.notes.extend(note for key, note in _IGNORED_SETTINGS.items() if self.node.get(key))

    def _text(self, key: str) -> str:
        value = self.node.get(key) or ""
        if not isinstance(value, str) or has_hidden(value) or len(value) > _MAX_TEXT:
            self.errors.append(f"`{key}` is not plain text")
            return ""
        return value

    def _strings(self, key: str, *, single: bool = False) -> tuple[str, ...]:
        value = self.node.get(key) or []
        words = [value] if single and isinstance(value, str) else value
        if not isinstance(words, list) or not all(isinstance(w, str) and not has_hidden(w) for w in words):
            self.errors.append(f"`{key}` is not a list of plain texts")
            return ()
        return tuple(words)

    def _names(self, key: str) -> tuple[str, ...]:
        """Return the names of variables or headers. Their values are never read."""
        value = self.node.get(key) or []
        items = value if isinstance(value, (dict, list)) else [None]
        names = [item.get("name") if isinstance(item, dict) else item for item in items]
        if not all(isinstance(n, str) and 0 < len(n) <= _MAX_NAME and n.isprintable() and "=" not in n for n in names):
            self.errors.append(f"`{key}` does not name variables or headers")
            return ()
        return tuple(map(str, names))


def _host(url: str) -> str | None:
    """Return the host of an http or https URL; None for any other text."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme.lower() in {"http", "https"} and not re.search(r"\s", url) and (parts.port or 1) > 0
    except ValueError:
        return None
    return parts.hostname if usable else None
