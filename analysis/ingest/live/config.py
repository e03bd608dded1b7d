"""Client configuration files that name MCP servers: what a client would start or call. Reading starts nothing."""

from __future__ import annotations

import re
import shlex
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from analysis.ingest.document.canonical import child
from analysis.ingest.document.loading import Limits, decode, refused
from analysis.ingest.document.reader import parse
from analysis.model import Level, Problem
from analysis.text import hidden_characters, visible
from analysis.words import split_words

if TYPE_CHECKING:
    from collections.abc import Iterator

#: A client's own file may hold years of history beside its servers; a TOML file is read by a slower parser.
_LIMITS: Final = Limits(size=16 * 1024 * 1024)
_TOML_SIZE: Final = 1024 * 1024
_MAX_SERVERS: Final = 500
_MAX_NAME: Final = 200
_MAX_TEXT: Final = 8_000  # of a command or address: what is asked for must be shown whole
HIDDEN: Final = "⟨hidden⟩"

#: Where the known clients keep their servers; `mcp` besides.
_PLACES: Final = ("mcpServers", "servers", "mcp_servers")
_URLS: Final = ("httpUrl", "serverUrl", "url")
#: Settings that change what a server is told, and that Clearance leaves alone.
_UNREAD: Final = {
    "envFile": "the variables of its `envFile` are not read",
    "headersHelper": "its `headersHelper`, a command that makes headers, is not run",
    "oauth": "its `oauth` settings are not used; give a header instead",
    "auth": "its `auth` settings are not used; give a header instead",
    "authProviderType": "its `authProviderType` is not used; give a header instead",
}
_SECRETS: Final = frozenset(
    ("token", "tokens", "secret", "secrets", "password", "passwd", "passphrase", "pwd", "key", "keys", "apikey", "auth",
     "credential", "credentials", "authorization", "bearer", "cookie", "pat", "jwt", "signature", "sig")
)  # fmt: skip
_SHAPED: Final = re.compile(
    r"\b(?:sk|rk|pk)[-_][\w-]{12,}|\bgh[opsur]_\w{16,}|\bgithub_pat_\w{16,}|\bglpat-[\w-]{12,}|\bxox[a-z]-[\w-]{10,}"
    r"|\bA[KS]IA[A-Z0-9]{12,}|\bAIza[\w-]{20,}|\beyJ[\w-]{8,}\.[\w.-]+|\b(?:hf|npm|sbp|ntn|pypi|figd)[-_][\w-]{16,}"
)
#: What is hidden never holds a character with which a shell could be told to run something.
_INERT: Final = r"[^\s;|&`$(){}<>'\"]"
_URL: Final = re.compile(rf"(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]*://(?:{_INERT}|&)+")
_BEARER: Final = re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{6,}")
_PAIR: Final = re.compile(rf"(?<![\w.-])([\w.-]+)(=|:\s?)({_INERT}+)")
#: A part of a path that nobody typed: long, with digits and letters, no words between dots.
_RANDOM: Final = re.compile(r"(?=[^/]*\d)(?=[^/]*[A-Za-z])[\w~=-]{24,}\Z")
_PLACEHOLDER: Final = re.compile(r"\$\{[^}]*\}|\{(?:env|file):[^}]*\}")
# Each alternative matches whatever follows its first character, so that no hostile file is read twice.
_STRING: Final = r'"(?:\\.|[^"\\])*+(?:"|\\?\Z)'
_COMMENT: Final = re.compile(rf"{_STRING}|//[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_COMMA: Final = re.compile(rf"{_STRING}|,(?=\s*[}}\]])", re.DOTALL)


def is_secret_name(name: str) -> bool:
    """Whether a variable, header, option or query field of this name usually carries a secret."""
    return not _SECRETS.isdisjoint(split_words(name))


def masked(text: str) -> str:
    """Return text with what looks like a secret hidden: known tokens, `key=value`, user and query of URLs."""
    shown = _URL.sub(lambda found: masked_url(found[0]), text)
    shown = _BEARER.sub(lambda found: f"{found[1]} {HIDDEN}", shown)
    return _SHAPED.sub(HIDDEN, _PAIR.sub(_masked_pair, shown))


def _masked_pair(found: re.Match[str]) -> str:
    name, sign, value = found.groups()
    is_word = value.lower() in {"bearer", "basic"} or value.startswith("//")
    return found[0] if is_word or not is_secret_name(name) else f"{name}{sign}{HIDDEN}"


def masked_url(url: str) -> str:
    """Return a URL without its user, the values of its query, its fragment, and the random parts of its path."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return HIDDEN
    _, user, host = parts.netloc.rpartition("@")
    path = "/".join(HIDDEN if _RANDOM.match(part) else part for part in parts.path.split("/"))
    pairs = (pair.partition("=") for pair in parts.query.split("&"))
    query = "&".join(name + sign + (HIDDEN if value else "") for name, sign, value in pairs)
    shown = f"{parts.scheme}://{HIDDEN + '@' if user else ''}{host}{path}"
    return shown + (f"?{query}" if query else "") + (f"#{HIDDEN}" if parts.fragment else "")


def _masked_words(command: tuple[str, ...]) -> list[str]:
    """Return a command line for people. Only what is shaped like a value is hidden: code to be run stays in sight."""
    shown: list[str] = []
    for before, word in zip(("", *command), command, strict=False):
        follows = before.startswith("-") and "=" not in before and is_secret_name(before)
        if follows and not word.startswith("-") and re.fullmatch(f"{_INERT}+", word):
            shown.append(HIDDEN)
        else:
            plain = masked(word).replace("\n", "⏎")
            shown.append(plain if re.fullmatch(r"[\w@%+=:,./⟨⟩-]+", plain) else shlex.quote(plain))
    return shown


@dataclass(frozen=True, slots=True)
class ServerSpec:
    """A server as a configuration names it: a command to start (`stdio`) or an address to call (`http`).

    Of environment variables and headers it holds the names and never the values, which whoever starts the
    server gives anew. Secrets that stand in the command line or in the address itself stay in `command` and
    `url`, because without them the server cannot be started; `describe` and `address` show them masked, and
    nothing else of a spec may be shown or recorded.
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
            return visible(" ".join(_masked_words(self.command)))
        return visible(masked_url(self.url))

    def describe(self) -> str:
        """Return in one line what listing this server does, for the question before it is done."""
        starts = self.kind == "stdio"
        said = f"{'start the command' if starts else 'connect to'}: {self.address()}"
        names = self.env_names if starts else self.header_names
        if starts and self.cwd:
            said += f"; in the folder {visible(self.cwd, _MAX_NAME)}"
        if names:
            said += f"; with the {'variables' if starts else 'headers'} {visible(', '.join(names), 1_000)}"
        return said


def read_servers(raw: bytes, name: str = "") -> tuple[tuple[ServerSpec, ...], tuple[Problem, ...]]:
    """Return the servers that a client configuration names, and what is wrong with it.

    `name` is the name of the file; it only tells TOML from JSON. An entry that cannot be trusted to mean what
    a client would make of it is left out, with an ERROR. REFUSED means that no server could be read at all.
    """
    data, problems = _parse(raw, name)
    if not isinstance(data, dict):
        if not any(problem.level is Level.REFUSED for problem in problems):
            problems.append(refused("the file is no table of settings", "name a client's MCP configuration"))
        return (), tuple(problems)
    found: dict[str, ServerSpec] = {}
    seen = 0
    for pointer, server, node in _entries(data):
        seen += 1
        if seen > _MAX_SERVERS:
            problems.append(Problem(Level.ERROR, f"more than {_MAX_SERVERS} servers; the rest was not read", pointer))
            break
        spec, told = _Entry(server, node, pointer).read()
        problems.extend(told)
        if spec is not None and server in found:
            what = f"the server {server!r} is defined twice; the first definition is used"
            problems.append(Problem(Level.ERROR, what, pointer, remedy="keep one of the two"))
        elif spec is not None:
            found[server] = spec
    if not seen:
        problems.append(refused("the file names no MCP servers", "name a file with mcpServers, servers or mcp_servers"))
    return tuple(found.values()), tuple(problems)


def _parse(raw: bytes, name: str) -> tuple[Any, list[Problem]]:
    if len(raw) > _LIMITS.size:
        return None, [refused(f"the file has more than {_LIMITS.size:,} bytes", "name a client configuration")]
    text, problems = decode(raw)
    if text is None:
        return None, problems
    if text.lstrip()[:1] in {"{", "[", "/"} and not name.lower().endswith(".toml"):
        # Clients accept comments and trailing commas; our own reader would take some of them for YAML.
        plain = _COMMENT.sub(lambda p: p[0] if p[0][0] == '"' else "\n" * p[0].count("\n") or " ", text)
        plain = _COMMA.sub(lambda p: p[0] if p[0][0] == '"' else "", plain)
        parsed = parse(plain.encode("utf-8", "replace"), _LIMITS)
        return parsed.data, list(parsed.problems)
    if len(raw) > _TOML_SIZE:
        return None, [refused(f"the file has more than {_TOML_SIZE:,} bytes", "name a client configuration")]
    try:
        return tomllib.loads(text.replace("\r\n", "\n")), []
    except RecursionError:
        return None, [refused("nested too deeply to be read", "flatten the file")]
    except ValueError as error:  # the message names characters and places, never values
        return None, [refused(f"neither JSON nor TOML: {visible(str(error), _MAX_NAME)}", "mend the file")]


def _entries(data: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Yield (JSON pointer, server name, settings) of every place where a client keeps servers."""
    mcp = data.get("mcp")
    inner = mcp.get("servers") if isinstance(mcp, dict) else None
    # VS Code's `mcp.servers` is a table of tables; OpenCode may have a server of that name.
    nested = isinstance(inner, dict) and all(isinstance(node, dict) for node in inner.values())
    tables = [(f"/{key}", data.get(key)) for key in _PLACES]
    tables.append(("/mcp/servers", inner) if nested else ("/mcp", mcp))
    for pointer, table in tables:
        for server, node in table.items() if isinstance(table, dict) else ():
            yield child(pointer, server), server, node


class _Entry:
    """The settings of one server, while they are read. Faults leave it out; notes are told beside it."""

    def __init__(self, name: str, node: Any, pointer: str) -> None:
        self.name = name
        self.node: dict[str, Any] = node if isinstance(node, dict) else {}
        self.pointer = pointer
        self.faults: list[str] = [] if isinstance(node, dict) else ["its settings are not a table"]
        self.notes: list[str] = []

    def read(self) -> tuple[ServerSpec | None, list[Problem]]:
        """Return the server, or None with the reasons."""
        if not self.name.strip() or len(self.name) > _MAX_NAME or not self.name.isprintable():
            self.faults.append("its name is empty, too long, or holds characters that cannot be seen")
        command = (*self._words("command", single=True), *self._words("args"))
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
        if self.faults or not self._consistent(spec):
            what = f"the server {self.name[:80]!r} was left out: {'; '.join(self.faults)}"
            return None, [Problem(Level.ERROR, what, self.pointer, remedy="mend the entry")]
        self._note(spec)
        return spec, [Problem(Level.NOTE, f"the server {self.name!r}: {note}", self.pointer) for note in self.notes]

    def _consistent(self, spec: ServerSpec) -> bool:
        if spec.url and spec.command:
            self.faults.append("it names both a command and an address")
        elif not spec.url and not (spec.command and spec.command[0].strip() and self.node.get("command")):
            self.faults.append("it names neither a command nor an address")
        elif spec.url and _host(spec.url) is None:
            self.faults.append("its address is not an http or https URL")
        elif sum(map(len, spec.command)) > _MAX_TEXT:
            self.faults.append("its command is too long to be shown")
        return not self.faults

    def _note(self, spec: ServerSpec) -> None:
        if self.node.get("disabled") is True or self.node.get("enabled") is False:
            self.notes.append("it is switched off in this configuration")
        if spec.url and str(self.node.get("type", "")).lower() == "sse":
            self.notes.append("it is declared as an SSE server; it will be called by streamable HTTP")
        if spec.url.lower().startswith("http:") and _host(spec.url) not in {"127.0.0.1", "localhost", "::1"}:
            self.notes.append("its address is not encrypted; headers would travel in the clear")
        if any(_PLACEHOLDER.search(text) for text in (*spec.command, spec.url, spec.cwd)):
            self.notes.append("it holds a placeholder such as ${...} that only its client fills in")
        self.notes.extend(note for key, note in _UNREAD.items() if self.node.get(key))

    def _text(self, key: str) -> str:
        value = self.node.get(key) or ""
        if not isinstance(value, str) or hidden_characters(value) or len(value) > _MAX_TEXT:
            self.faults.append(f"`{key}` is not plain text")
            return ""
        return value

    def _words(self, key: str, *, single: bool = False) -> tuple[str, ...]:
        value = self.node.get(key) or []
        words = [value] if single and isinstance(value, str) else value
        if not isinstance(words, list) or not all(isinstance(w, str) and not hidden_characters(w) for w in words):
            self.faults.append(f"`{key}` is not a list of plain texts")
            return ()
        return tuple(words)

    def _names(self, key: str) -> tuple[str, ...]:
        """Return the names of variables or headers. Their values are not even looked at."""
        value = self.node.get(key) or []
        items = value if isinstance(value, (dict, list)) else [None]
        names = [item.get("name") if isinstance(item, dict) else item for item in items]
        if not all(isinstance(n, str) and 0 < len(n) <= _MAX_NAME and n.isprintable() and "=" not in n for n in names):
            self.faults.append(f"`{key}` does not name variables or headers")
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
