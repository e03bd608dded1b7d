"""OpenAPI 2.0, 3.0, 3.1 and 3.2 to an inventory: every operation one tool, in document order."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from analysis.ingest.document.canonical_json import child, places_of_refs, refs_under
from analysis.ingest.document.folders import combined_digest
from analysis.ingest.identity import unique_id
from analysis.ingest.json_schema.ref_graph import RefGraph
from analysis.ingest.openapi.definitions import UNREAD, Definitions
from analysis.ingest.openapi.operation import OperationReader, normal_path
from analysis.ingest.openapi.operation_inputs import PathLevel
from analysis.model import Inventory, Level, SourceInfo, SourceKind

if TYPE_CHECKING:
    from analysis.ingest.document.loading import Options
    from analysis.ingest.document.references import DocumentSet
    from analysis.ingest.openapi.operation_draft import OperationDraft
    from analysis.model import SourceId, Tool

_METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_METHODS_OF: Final[dict[str, tuple[str, ...]]] = {
    "2.0": tuple(method for method in _METHODS if method != "trace"),
    "3.0": _METHODS,
    "3.1": _METHODS,
    "3.2": (*_METHODS, "query"),
}
_PATH_ITEM: Final = frozenset({"summary", "description", "servers", "parameters", "$ref"})
#: Keys of a path item that apply to all its operations.
_COMMON: Final = frozenset({"summary", "description", "parameters"})
_VERSIONS: Final = ("3.0", "3.1", "3.2")
#: Number of copies of the path in a tool: in its id, its name and its pointers.
_COPIES: Final = 4
#: Maximum length of a server URL after substitution of its variables; beyond it they are not substituted.
_MAX_URL: Final = 2_000
_VARIABLE: Final = re.compile(r"\{([^{}]*)\}")


def version_of(data: Any) -> str | None:
    """Return `2.0`, `3.0`, `3.1` or `3.2`; None when the data is not an OpenAPI document of these versions."""
    if not isinstance(data, dict):
        return None
    if str(data.get("swagger", "")).startswith("2"):
        return "2.0"
    stated = str(data.get("openapi", ""))
    return next((version for version in _VERSIONS if stated == version or stated.startswith(f"{version}.")), None)


def title_of(data: dict[str, Any]) -> str:
    """Return the title in the `info` of a document or collection, empty where it has none."""
    info = data.get("info")
    return str(info.get("title") or "") if isinstance(info, dict) else ""


class _Walk:
    """One pass over the paths of a document."""

    def __init__(self, documents: DocumentSet, doc: dict[str, Any], version: str, options: Options) -> None:
        self.documents = documents
        self.options = options
        self.doc = doc
        self.version = version
        self.graph = RefGraph(documents, siblings=version in {"3.1", "3.2"})
        self.reader = OperationReader(documents, self.graph, doc, version)
        self.drafts: list[OperationDraft] = []
        self.not_callable: list[str] = []
        self.methods = _METHODS_OF[version]
        self._doc_servers = self.servers(doc.get("servers"), ())
        self._levels: dict[int, tuple[dict[str, Any], PathLevel]] = {}  # the reference keeps the id from being reused
        self._no_common: dict[str, Any] = {"parameters": []}  # of paths without common facts

    def run(self) -> None:
        """Collect every operation; report entries that are none."""
        paths = self.doc.get("paths")
        if paths is not None and not isinstance(paths, dict):
            self.documents.report(Level.ERROR, "`paths` is not an object", "/paths")
        listed = paths if isinstance(paths, dict) else {}
        for number, (path, item) in enumerate(listed.items()):
            if not path.startswith("x-"):
                self._path(path, item, child("/paths", path))
            self.options.report_progress("paths", number, len(listed))
        if isinstance(self.doc.get("x-ms-paths"), dict):
            what = f"{len(self.doc['x-ms-paths'])} paths of `x-ms-paths` are not in the inventory"
            self.documents.report(Level.ERROR, what, "/x-ms-paths", "state them under `paths`")
        webhooks = self.doc.get("webhooks")
        for name in webhooks if isinstance(webhooks, dict) else []:
            self.not_callable.append(f"webhook {name}")
        self.graph.close()

    def check_unused(self) -> None:
        """Report external references of unused components: other readers of the document may follow them."""
        for key in ("components", "definitions", "parameters", "responses"):
            part = self.doc.get(key)
            outside = [ref for ref in refs_under(part) if not ref.startswith("#")]
            places = places_of_refs(part, f"/{key}") if outside else {}
            for ref in outside:
                self.documents.target(self.documents.entry, ref, places.get(ref, f"/{key}"))

    def _path(self, path: str, raw: Any, pointer: str) -> None:
        item, file, place = self.documents.resolve(raw, self.documents.entry, pointer)
        if not isinstance(item, dict):
            self.documents.report(Level.ERROR, "a path item is not an object", pointer)
            return
        if item is not raw and len(raw) > 1:
            # Operations next to the reference are callable too.
            self._item(path, {k: v for k, v in raw.items() if k != "$ref"}, self.documents.entry, pointer, pointer)
        if item is not raw:
            self.documents.expansion.use(item)
        self._item(path, item, file, place, pointer)

    def _item(self, path: str, item: dict[str, Any], file: str, place: str, pointer: str) -> None:
        if not self._within_limits(pointer):
            return
        level = self._level(item, place, pointer)
        for key, node in item.items():
            if key in self.methods:
                self._operation(key.upper(), path, node, file, child(place, key), level)
            elif key == "additionalOperations" and self.version == "3.2" and isinstance(node, dict):
                for method, inner in node.items():
                    self._operation(method, path, inner, file, child(child(place, key), method), level)
            elif key not in _PATH_ITEM and not key.startswith("x-"):
                self.documents.report(
                    Level.ERROR,
                    f"{key[:80]!r} is not a method of OpenAPI {self.version}; the entry is not in the inventory",
                    child(pointer, key),
                    "write methods in lower case, or remove the entry",
                )

    def _level(self, item: dict[str, Any], place: str, pointer: str) -> PathLevel:
        """Return the facts of a path item for all its operations; paths that share the item get the same object."""
        if id(item) not in self._levels:
            common = self._common(item, pointer)
            servers = self.servers(item.get("servers"), self._doc_servers)
            self._levels[id(item)] = item, PathLevel(common, common["parameters"], place, servers)
        return self._levels[id(item)][1]

    def _common(self, item: dict[str, Any], pointer: str) -> dict[str, Any]:
        if _COMMON.isdisjoint(item):
            return self._no_common
        shared = item.get("parameters", [])
        if not isinstance(shared, list):
            self.documents.report(Level.ERROR, "`parameters` of a path is not a list", pointer)
            shared = []
        return {key: item[key] for key in ("summary", "description") if key in item} | {"parameters": shared}

    def _operation(self, method: str, path: str, raw: Any, file: str, pointer: str, level: PathLevel) -> None:
        if not isinstance(raw, dict):
            self.documents.report(Level.ERROR, "an operation is not an object; it is not in the inventory", pointer)
            return
        node, where, place = self.documents.resolve(raw, file, pointer)
        if "$ref" in raw and not node:
            node, where, place = raw, file, pointer
        if not isinstance(node, dict):
            self.documents.report(Level.ERROR, "an operation is not an object; it is not in the inventory", pointer)
            return
        expansion = self.documents.expansion
        if node is not raw:
            expansion.use(node)
        expansion.use(level.common)
        expansion.take(0, _COPIES * len(path))
        if "callbacks" in node:
            callbacks, _, _ = self.documents.resolve(node["callbacks"], where, place)
            self._not_callable(callbacks if isinstance(callbacks, dict) else {}, f"{method} {path}")
        own_servers = self.servers(node.get("schemes" if self.version == "2.0" else "servers"), level.servers)
        expansion.use_all(own_servers, len(own_servers))
        if not self._within_limits(pointer):
            return
        address = pointer if where == self.documents.entry else f"{where}#{place}"
        draft = self.reader.draft(method, path, node, where, place, level, own_servers, address)
        if self._within_limits(pointer):
            self.drafts.append(draft)

    def _not_callable(self, callbacks: dict[str, Any], of: str) -> None:
        self.documents.expansion.use_all(callbacks, len(callbacks))
        self.documents.expansion.take(0, len(callbacks) * len(of))
        self.not_callable.extend(f"callback {name} of {of}" for name in callbacks)

    def _within_limits(self, pointer: str) -> bool:
        """Whether a further operation is within the limits. Operations that are not read cannot be approved."""
        limits, over = self.documents.limits, self.documents.expansion.over
        if over:
            most = limits.repeated_nodes if over == "nodes" else limits.characters
            what = f"more than {most:,} {over} once shared parts are written out for each operation"
            self.documents.report_limit(over, f"{what}; the rest was not read", pointer)
        elif len(self.drafts) >= limits.operations:
            what = f"more than {limits.operations:,} operations; the rest was not read"
            self.documents.report_limit("operations", what, pointer)
        else:
            return True
        return False

    def servers(self, stated: Any, inherited: tuple[str, ...]) -> tuple[str, ...]:
        """Return the server URLs in force: stated here, else inherited."""
        if self.version == "2.0":
            return self._servers_v2(stated)
        if not isinstance(stated, list):
            return inherited
        return tuple(
            _url(server) for server in stated if isinstance(server, dict) and isinstance(server.get("url"), str)
        )

    def _servers_v2(self, own_schemes: Any) -> tuple[str, ...]:
        host, base = self.doc.get("host"), self.doc.get("basePath")
        schemes = own_schemes if isinstance(own_schemes, list) and own_schemes else self.doc.get("schemes")
        if not isinstance(host, str):
            return (base,) if isinstance(base, str) else ()
        listed = schemes if isinstance(schemes, list) and schemes else ["https"]
        return tuple(f"{scheme}://{host}{base if isinstance(base, str) else ''}" for scheme in listed)


def _url(server: dict[str, Any]) -> str:
    """Return the address of a server with the defaults of its variables: calls go there by default.

    Variables inside a default are not substituted: they could double the length with every step.
    """
    url: str = server["url"]
    variables = server.get("variables")
    if not isinstance(variables, dict) or "{" not in url:
        return url
    stated = {name: value.get("default") for name, value in variables.items() if isinstance(value, dict)}
    defaults = {name: value for name, value in stated.items() if isinstance(value, str)}
    longest = max(map(len, defaults.values()), default=0)
    if len(url) + url.count("{") * longest > _MAX_URL:
        return url
    return _VARIABLE.sub(lambda match: defaults.get(match[1], match[0]), url)


def read_openapi(
    documents: DocumentSet, doc: dict[str, Any], source: SourceId, uri: str, raw: bytes, options: Options
) -> Inventory:
    """Return the inventory of a parsed document; faults are in `documents.problems`."""
    version = version_of(doc) or "3.1"
    walk = _Walk(documents, doc, version, options)
    walk.run()
    contents = _contents(walk, options) if options.definitions else None
    templates = [normal_path(draft.path) for draft in walk.drafts]
    normal = Counter((draft.method, template) for draft, template in zip(walk.drafts, templates, strict=True))
    literal = Counter((draft.method, draft.path) for draft in walk.drafts)
    tools: dict[str, Tool] = {}
    numbers: dict[str, int] = {}
    for draft, template in zip(walk.drafts, templates, strict=True):
        key = (draft.method, draft.path)
        if literal[key] > 1:
            documents.report(
                Level.ERROR, f"{draft.method} {draft.path[:80]} is defined twice", draft.address, "keep one"
            )
        different = normal[draft.method, template] > literal[key]
        definition = contents.definition(draft) if contents is not None else UNREAD
        tool = walk.reader.tool(draft, source, definition, path=draft.path if different else template)
        identity = unique_id(tool.id, tools, numbers)
        tools[identity] = tool if identity == tool.id else replace(tool, id=identity)
    info = _info(documents, doc, source, uri, raw, version, tuple(walk.not_callable), walk)
    return Inventory(info, tuple(tools.values()), contents.text_spans() if contents is not None else {})


def _contents(walk: _Walk, options: Options) -> Definitions:
    contents = Definitions(walk.graph)
    for number, draft in enumerate(walk.drafts):
        contents.add(draft)
        options.report_progress("definitions", number, len(walk.drafts))
    contents.close()
    walk.check_unused()
    return contents


def _info(
    documents: DocumentSet,
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
        documents.report(Level.ERROR, "`info` is not an object", "/info")
        info = {}
    own = hashlib.sha256(raw).hexdigest()
    hashes = {documents.entry: own, **documents.hashes}
    stated = doc.get("swagger") if version == "2.0" else doc.get("openapi")
    return SourceInfo(
        id=source,
        kind=SourceKind.OPENAPI,
        uri=uri,
        sha256=combined_digest(hashes),
        title=str(info.get("title") or ""),
        version=str(info.get("version") or ""),
        format=f"{'Swagger' if version == '2.0' else 'OpenAPI'} {stated}",
        size=len(raw),
        files=tuple(sorted(hashes.items())) if documents.hashes else (),
        servers=walk.servers(doc.get("servers"), ()),
        not_callable=not_callable,
    )
