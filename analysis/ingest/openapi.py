"""OpenAPI 2.0, 3.0, 3.1 and 3.2 to an inventory: every operation one tool, in document order."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from analysis.ingest.operation import OperationReader, normal_path
from analysis.ingest.units import Units, child, passages_and_refs, unused
from analysis.model import Inventory, Level, SourceInfo, SourceKind

if TYPE_CHECKING:
    from analysis.ingest.library import Library
    from analysis.ingest.operation import Draft
    from analysis.model import SourceId, Tool

_METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_METHODS_OF: Final[dict[str, tuple[str, ...]]] = {
    "2.0": tuple(method for method in _METHODS if method != "trace"),
    "3.0": _METHODS,
    "3.1": _METHODS,
    "3.2": (*_METHODS, "query"),
}
_PATH_ITEM: Final = frozenset({"summary", "description", "servers", "parameters", "$ref"})
_VERSIONS: Final = ("3.0", "3.1", "3.2")


def version_of(data: Any) -> str | None:
    """Return `2.0`, `3.0`, `3.1` or `3.2`; None when the data is no OpenAPI document we read."""
    if not isinstance(data, dict):
        return None
    if str(data.get("swagger", "")).startswith("2"):
        return "2.0"
    stated = str(data.get("openapi", ""))
    return next((version for version in _VERSIONS if stated == version or stated.startswith(f"{version}.")), None)


class _Walk:
    """One pass over the paths of a document."""

    def __init__(self, library: Library, doc: dict[str, Any], version: str) -> None:
        self.library = library
        self.doc = doc
        self.version = version
        self.units = Units(library, siblings=version in {"3.1", "3.2"})
        self.reader = OperationReader(library, self.units, doc, version)
        self.drafts: list[Draft] = []
        self.not_callable: list[str] = []
        self.full = False
        self.methods = _METHODS_OF[version]

    def run(self) -> None:
        """Collect every operation; report whatever is not one."""
        paths = self.doc.get("paths")
        if paths is not None and not isinstance(paths, dict):
            self.library.report(Level.ERROR, "`paths` is not an object", "/paths")
        for path, item in paths.items() if isinstance(paths, dict) else []:
            if not path.startswith("x-"):
                self._path(path, item, child("/paths", path))
        webhooks = self.doc.get("webhooks")
        for name in webhooks if isinstance(webhooks, dict) else []:
            self.not_callable.append(f"webhook {name}")
        self._unused()
        self.units.close()

    def _unused(self) -> None:
        """Report references of components that nothing uses: whoever reads the document next may follow them."""
        for key in ("components", "definitions", "parameters", "responses"):
            _, refs = passages_and_refs(self.doc.get(key), f"/{key}")
            for ref, pointer in refs:
                if not ref.startswith("#"):
                    self.library.target(self.library.entry, ref, pointer)

    def _path(self, path: str, raw: Any, pointer: str) -> None:
        item, file, place = self.library.resolve(raw, self.library.entry, pointer)
        if not isinstance(item, dict):
            self.library.report(Level.ERROR, "a path item is not an object", pointer)
            return
        if item is not raw and len(raw) > 1:
            # What stands beside the reference is callable too, and must not vanish.
            self._item(path, {k: v for k, v in raw.items() if k != "$ref"}, self.library.entry, pointer, pointer)
        self._item(path, item, file, place, pointer)

    def _item(self, path: str, item: dict[str, Any], file: str, place: str, pointer: str) -> None:
        shared = item.get("parameters", [])
        if not isinstance(shared, list):
            self.library.report(Level.ERROR, "`parameters` of a path is not a list", pointer)
            shared = []
        common = {key: item[key] for key in ("summary", "description") if key in item} | {"parameters": shared}
        servers = self.servers(item.get("servers"), self.servers(self.doc.get("servers"), ()))
        for key, node in item.items():
            if key in self.methods:
                self._operation(key.upper(), path, node, file, child(place, key), common, servers)
            elif key == "additionalOperations" and self.version == "3.2" and isinstance(node, dict):
                for method, inner in node.items():
                    self._operation(method, path, inner, file, child(child(place, key), method), common, servers)
            elif key not in _PATH_ITEM and not key.startswith("x-"):
                self.library.report(
                    Level.ERROR,
                    f"{key[:80]!r} is not a method of OpenAPI {self.version}; the entry is not in the inventory",
                    child(pointer, key),
                    "write methods in lower case, or remove the entry",
                )

    def _operation(
        self,
        method: str,
        path: str,
        raw: Any,
        file: str,
        pointer: str,
        common: dict[str, Any],
        servers: tuple[str, ...],
    ) -> None:
        if not isinstance(raw, dict):
            self.library.report(Level.ERROR, "an operation is not an object; it is not in the inventory", pointer)
            return
        node, where, place = self.library.resolve(raw, file, pointer)
        if "$ref" in raw and not node:
            node, where, place = raw, file, pointer
        if not isinstance(node, dict):
            self.library.report(Level.ERROR, "an operation is not an object; it is not in the inventory", pointer)
            return
        callbacks = node.get("callbacks")
        for name in callbacks if isinstance(callbacks, dict) else []:
            self.not_callable.append(f"callback {name} of {method} {path}")
        own_servers = self.servers(node.get("servers"), servers)
        if len(self.drafts) >= self.library.limits.operations:
            if not self.full:
                self.full = True
                limit = self.library.limits.operations
                self.library.report(Level.ERROR, f"more than {limit:,} operations; the rest was not read", pointer)
            return
        draft = self.reader.draft(method, path, node, where, place, common, own_servers)
        draft.pointer = pointer if where == self.library.entry else f"{where}#{place}"
        self.drafts.append(draft)

    def servers(self, stated: Any, inherited: tuple[str, ...]) -> tuple[str, ...]:
        """Return the server URLs in force: stated here, else inherited."""
        if self.version == "2.0":
            return self._servers_v2()
        if not isinstance(stated, list):
            return inherited
        urls = (server.get("url") for server in stated if isinstance(server, dict))
        return tuple(url for url in urls if isinstance(url, str))

    def _servers_v2(self) -> tuple[str, ...]:
        host, base = self.doc.get("host"), self.doc.get("basePath")
        schemes = self.doc.get("schemes")
        if not isinstance(host, str):
            return (base,) if isinstance(base, str) else ()
        listed = schemes if isinstance(schemes, list) and schemes else ["https"]
        return tuple(f"{scheme}://{host}{base if isinstance(base, str) else ''}" for scheme in listed)


def read_openapi(library: Library, doc: dict[str, Any], source: SourceId, uri: str, raw: bytes) -> Inventory:
    """Return the inventory of a parsed document; faults are in `library.problems`."""
    version = version_of(doc) or "3.1"
    walk = _Walk(library, doc, version)
    walk.run()
    normal = Counter((draft.method, normal_path(draft.path)) for draft in walk.drafts)
    literal = Counter((draft.method, draft.path) for draft in walk.drafts)
    tools: dict[str, Tool] = {}
    numbers: dict[str, int] = {}
    for draft in walk.drafts:
        key = (draft.method, draft.path)
        if literal[key] > 1:
            library.report(Level.ERROR, f"{draft.method} {draft.path[:80]} is defined twice", draft.pointer, "keep one")
        different = normal[draft.method, normal_path(draft.path)] > literal[key]
        tool = walk.reader.tool(draft, source, literal_path=different)
        identity = unused(tool.id, tools, numbers)
        tools[identity] = replace(tool, id=identity)
    passages = {unit.label: unit.texts for unit in walk.units.units if unit.texts}
    info = _info(library, doc, source, uri, raw, version, tuple(walk.not_callable), walk)
    return Inventory(info, tuple(tools.values()), passages)


def _info(
    library: Library,
    doc: dict[str, Any],
    source: SourceId,
    uri: str,
    raw: bytes,
    version: str,
    not_callable: tuple[str, ...],
    walk: _Walk,
) -> SourceInfo:
    info = doc.get("info")
    if not isinstance(info, dict):
        library.report(Level.ERROR, "`info` is not an object", "/info")
        info = {}
    own = hashlib.sha256(raw).hexdigest()
    files = tuple(sorted({library.entry: own, **library.hashes}.items())) if library.hashes else ()
    whole = hashlib.sha256("".join(f"{digest}  {name}\n" for name, digest in files).encode()).hexdigest()
    stated = doc.get("swagger") if version == "2.0" else doc.get("openapi")
    return SourceInfo(
        id=source,
        kind=SourceKind.OPENAPI,
        uri=uri,
        sha256=whole if files else own,
        title=str(info.get("title") or ""),
        version=str(info.get("version") or ""),
        format=f"{'Swagger' if version == '2.0' else 'OpenAPI'} {stated}",
        size=len(raw),
        files=files,
        servers=walk.servers(doc.get("servers"), ()),
        not_callable=not_callable,
    )
