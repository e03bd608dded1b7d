"""What a saved file says of its servers: name, protocol, texts a model reads, what they ask of the client, what is missing."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from analysis.ingest.document.canonical_json import canonical_json, child
from analysis.ingest.mcp.capabilities import made
from analysis.model import CapabilityKind, Level, Skipped, SourceInfo, SourceKind, TextSpan, TextSpans

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.ingest.document.references import DocumentSet
    from analysis.ingest.mcp.shapes import ToolLists
    from analysis.model import SourceId, Tool

#: Texts of a server that a model or a user reads before a call.
_TEXTS: Final = ("instructions", "description", "title", "websiteUrl", "website_url")
_SERVERS_SHOWN: Final = 50
_MAX_REQUESTS: Final = 50
#: Lists of a server besides its tools: kind, key of the server's declared capabilities, name for people.
_LISTS: Final = (
    (CapabilityKind.RESOURCE, "resources", "resources"),
    (CapabilityKind.RESOURCE_TEMPLATE, "resources", "resource templates"),
    (CapabilityKind.PROMPT, "prompts", "prompts"),
)


def server_label(server: str) -> str:
    """Return the label of the texts of a server, which its tools share."""
    return f"server {server}".rstrip()


def server_texts(lists: ToolLists) -> dict[str, TextSpans]:
    """Return the texts of servers about themselves, by label, without repetitions."""
    found: dict[str, dict[str, TextSpan]] = {}
    for server, pointer, info in lists.about:
        for place, text in _texts(info, pointer):
            found.setdefault(server_label(server), {}).setdefault(text, TextSpan(place, text))
    return {label: TextSpans.of(*texts.values()) for label, texts in found.items()}


def _texts(info: dict[str, Any], pointer: str) -> Iterator[tuple[str, str]]:
    """Yield (pointer, text) of the texts of one object about a server: its own, and the addresses of its icons."""
    for key in _TEXTS:
        if isinstance(info.get(key), str) and info[key].strip():
            yield child(pointer, key), info[key]
    icons = info.get("icons")
    for number, icon in enumerate(icons if isinstance(icons, list) else ()):
        if isinstance(icon, dict) and isinstance(icon.get("src"), str):
            yield child(child(child(pointer, "icons"), number), "src"), icon["src"]


def check_icons(documents: DocumentSet, icons: Any, pointer: str, of: str) -> None:
    """Report icons that a client loads without encryption, from a host that learns who uses the server."""
    for number, icon in enumerate(icons if isinstance(icons, list) else ()):
        source = icon.get("src") if isinstance(icon, dict) else None
        if isinstance(source, str) and source.lower().startswith("http://"):
            what = f"the icon of {of} is loaded over plain HTTP: {source[:120]!r}"
            documents.report(Level.NOTE, what, child(pointer, number), "have clients show no icons of this server")


def instructions_of(documents: DocumentSet, lists: ToolLists, source: SourceId) -> Iterator[tuple[str, Tool]]:
    """Yield (server, capability) for the instructions of each server: text that a model reads in every session."""
    seen: set[tuple[str, str]] = set()
    for server, pointer, info in lists.about:
        text = info.get("instructions")
        if not isinstance(text, str) or not text.strip() or (server, text) in seen:
            continue
        seen.add((server, text))
        name = f"instructions of {server}" if server else "instructions"
        node = {"description": text}
        place = child(pointer, "instructions").removesuffix("/description")
        yield server, made(documents, CapabilityKind.INSTRUCTIONS, source, name, node, place)


def requests_of(documents: DocumentSet, lists: ToolLists, source: SourceId) -> Iterator[tuple[str, Tool]]:
    """Yield (server, capability) for each different request that a server sent to the client."""
    seen: set[tuple[str, str]] = set()
    for server, pointer, message in lists.requests:
        params = message.get("params")
        node = {"method": message["method"]} | ({"params": params} if isinstance(params, dict) else {})
        dump = canonical_json(node)
        if (server, dump) in seen:
            continue
        seen.add((server, dump))
        if len(seen) > _MAX_REQUESTS:
            what = (
                f"more than {_MAX_REQUESTS} different requests of the server to the client; the others are not listed"
            )
            documents.report(Level.ERROR, what, pointer, "split the recorded session")
            return
        yield server, made(documents, CapabilityKind.CLIENT_REQUEST, source, message["method"], node, pointer)


def source_info(lists: ToolLists, source: SourceId, uri: str, raw: bytes, servers: tuple[str, ...]) -> SourceInfo:
    """Return the facts of the source: the name of its server where there is one, and how it was listed."""
    named = [info for _, _, info in lists.about if isinstance(info.get("name"), str) and "tools" not in info]
    server = named[0] if len(named) == 1 and not servers else {}
    return SourceInfo(
        id=source,
        kind=SourceKind.MCP,
        uri=uri,
        sha256=hashlib.sha256(raw).hexdigest(),
        title=str(server.get("name") or ""),
        version=str(server.get("version") or ""),
        format="MCP tools/list",
        size=len(raw),
        facts=_facts(lists, servers),
    )


def _facts(lists: ToolLists, servers: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return protocol, credential label and pages as far as they were saved, capabilities, and the servers."""
    facts: dict[str, str] = {}
    for fact, key in (("protocol", "protocolVersion"), ("credential", "credentialLabel"), ("pages", "pages")):
        for _, _, info in lists.about:
            if info.get(key) and not isinstance(info[key], list | dict):
                facts.setdefault(fact, str(info[key]))
    tools = sum(page.kind is CapabilityKind.TOOL for page in lists.pages)
    if "pages" not in facts and tools > 1 and not servers:
        facts["pages"] = str(tools)
    if declared := sorted(_declared(lists)):
        facts["capabilities"] = ", ".join(declared)
    if servers:
        more = f" and {len(servers) - _SERVERS_SHOWN} more" if len(servers) > _SERVERS_SHOWN else ""
        facts["servers"] = ", ".join(servers[:_SERVERS_SHOWN]) + more
    return tuple(facts.items())


def _declared(lists: ToolLists) -> set[str]:
    """Return the names of the capabilities that the servers declare."""
    return {
        name
        for _, _, info in lists.about
        if isinstance(info.get("capabilities"), dict)
        for name, value in info["capabilities"].items()
        if value is not None and value is not False
    }


def not_read(lists: ToolLists) -> tuple[Skipped, ...]:
    """Return what the file does not hold of what a server may offer, and what a list never holds."""
    listed = {page.kind for page in lists.pages}
    declared = _declared(lists)
    states = any(isinstance(info.get("capabilities"), dict) for _, _, info in lists.about)
    asked = {name for _, _, info in lists.about for name in _unlisted(info)}
    missing, skipped = [], []
    for kind, capability, name in _LISTS:
        if kind in listed or (kind is CapabilityKind.RESOURCE_TEMPLATE and not states and "resources" in missing):
            continue
        if name in asked or capability in declared:
            skipped.append(Skipped(name, "the server offers them, and the list does not hold them"))
        elif not states:
            missing.append(name)
    if len(missing) > 1:
        skipped.append(Skipped("resources and prompts", "the list holds tools only; the server may offer others"))
    elif missing:
        skipped.append(Skipped(missing[0], "the list does not hold them; the server may offer some"))
    if listed & {CapabilityKind.RESOURCE, CapabilityKind.RESOURCE_TEMPLATE}:
        skipped.append(Skipped("content of resources", "they are listed by URI and description; none was read"))
    if CapabilityKind.PROMPT in listed:
        skipped.append(Skipped("text of prompts", "they are listed by name and description; none was requested"))
    return tuple(skipped)


def _unlisted(info: dict[str, Any]) -> list[str]:
    """Return the lists that a live listing says it could not read."""
    stated = info.get("notListed")
    return [str(name) for name in stated] if isinstance(stated, list) else []
