"""Files of one source and the references between them. Nothing outside is ever opened.

A `$ref` may point inside its file, or, when the reviewer has named a folder, to another file inside that
folder. Every other reference is reported and not followed: no network, no `..` or symbolic link out of the folder.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from analysis.ingest.document.canonical_json import sha256
from analysis.ingest.document.expansion import Expansion
from analysis.ingest.document.loading import how_to_raise
from analysis.ingest.document.reader import Parsed, parse_document
from analysis.model import Level, Problem

if TYPE_CHECKING:
    from analysis.ingest.document.canonical_json import KeptTexts
    from analysis.ingest.document.folders import Folder
    from analysis.ingest.document.loading import Limits

_SCHEME: Final = re.compile(r"^(?:[A-Za-z][A-Za-z0-9+.-]*:|//|\\\\)")
_INDEX: Final = re.compile(r"(?:0|[1-9][0-9]{0,8})\Z")
#: Maximum length of a chain of references; vendors' documents stay below ten.
_MAX_CHAIN: Final = 10_000
#: Maximum number of problems kept per source.
_MAX_PROBLEMS: Final = 5_000


class DocumentSet:
    """Parsed files of a source by name relative to `root`; the entry is already parsed."""

    def __init__(self, entry: str, parsed: Parsed, limits: Limits, root: Folder | None = None) -> None:
        self.entry = entry
        self.limits = limits
        self.root = root
        self.problems: list[Problem] = list(parsed.problems)
        self.problems_dropped = 0  # number of problems beyond the maximum
        self.limits_reached: dict[str, Problem] = {}  # limit to the problem that says what was left out
        self.expansion = Expansion(limits)
        self.hashes: dict[str, str] = {}
        self.other_files: dict[str, bytes] = {}
        self.kept: KeptTexts | None = None  # the canonical texts of definitions, where they are wanted
        self.text_sizes: dict[str, int] = {}  # characters of the canonical text of each definition, by its digest
        self._files: dict[str, Parsed | None] = {entry: parsed}
        self._resolved: dict[tuple[str, str], tuple[Any, str, str] | None] = {}
        self._targets: dict[tuple[str, str], tuple[Any, str, str] | None] = {}

    def definition_digest(self, text: str) -> str:
        """Return the digest of a definition (hexadecimal), from its canonical text."""
        digest = sha256(text).hex()
        self.text_sizes[digest] = len(text)
        if self.kept is not None:
            self.kept.definitions[digest] = text
        return digest

    def line(self, file: str, node: Any) -> int | None:
        """Return the line where a mapping starts, if known."""
        parsed = self._files.get(file)
        return parsed.lines.get(id(node)) if parsed is not None else None

    def report(self, level: Level, what: str, pointer: str, remedy: str = "", line: int | None = None) -> None:
        """Record a problem of the input; beyond the maximum, only count it."""
        if len(self.problems) < _MAX_PROBLEMS:
            self.problems.append(Problem(level, what, pointer, line, remedy))
        else:
            self.problems_dropped += 1

    def report_limit(self, limit: str, what: str, pointer: str) -> None:
        """Record once per limit what was left out because of it; other problems cannot crowd it out."""
        remedy = how_to_raise(limit, getattr(self.limits, limit))
        self.limits_reached.setdefault(limit, Problem(Level.ERROR, what, pointer, None, remedy))

    def target(self, file: str, ref: str, pointer: str) -> tuple[Any, str, str] | None:
        """Return (node, file, JSON pointer) of a reference, or None after reporting the problem."""
        key = (file, ref)
        if key not in self._targets:
            self._targets[key] = self._find(file, ref, pointer)
        return self._targets[key]

    def resolve(self, node: Any, file: str, pointer: str) -> tuple[Any, str, str]:
        """Follow `$ref` from a node to its target; a broken or circular chain gives ({}, file, pointer)."""
        if not isinstance(node, dict) or not isinstance(node.get("$ref"), str):
            return node, file, pointer
        if (file, node["$ref"]) not in self._resolved:
            self._follow(node, file, pointer)
        return self._resolved[file, node["$ref"]] or ({}, file, pointer)

    def _follow(self, node: Any, file: str, pointer: str) -> None:
        """Find the end of a chain of references, and store it for every link of the chain."""
        links: dict[tuple[str, str], None] = {}
        end: tuple[Any, str, str] | None = None
        while isinstance(node, dict) and isinstance(node.get("$ref"), str):
            key = (file, node["$ref"])
            if key in self._resolved:
                end = self._resolved[key]
                break
            if key in links or len(links) > _MAX_CHAIN:
                self.report(Level.ERROR, "a reference leads back to itself", pointer, "break the cycle")
                break
            links[key] = None
            found = self.target(file, node["$ref"], pointer)
            if found is None:
                break
            node, file, pointer = found
        else:
            end = (node, file, pointer)
        self._resolved.update(dict.fromkeys(links, end))

    def _find(self, file: str, ref: str, pointer: str) -> tuple[Any, str, str] | None:
        name, _, fragment = ref.partition("#")
        target_file = file if not name else self._open(file, unquote(name), ref, pointer)
        if target_file is None:
            return None
        parsed = self._files[target_file]
        node = self._walk(parsed.data if parsed else None, unquote(fragment))
        if node is _MISSING:
            self.report(Level.ERROR, f"the reference {ref[:200]!r} points to nothing", pointer, "correct the reference")
            return None
        return node, target_file, unquote(fragment)

    @staticmethod
    def _walk(node: Any, fragment: str) -> Any:
        if not fragment:
            return node
        if not fragment.startswith("/"):
            return _MISSING
        for token in fragment[1:].split("/"):
            step = token.replace("~1", "/").replace("~0", "~")
            if isinstance(node, dict) and step in node:
                node = node[step]
            elif isinstance(node, list) and _INDEX.match(step) and int(step) < len(node):
                node = node[int(step)]
            else:
                return _MISSING
        return node

    def _open(self, base: str, name: str, ref: str, pointer: str) -> str | None:
        """Parse another file of the source and return its relative name, or None after reporting the problem."""
        if _SCHEME.match(name) or name.startswith("/"):
            self.report(
                Level.ERROR,
                f"the external reference {ref[:200]!r} was not opened",
                pointer,
                "bundle the document into one file",
            )
            return None
        if self.root is None:
            self.report(
                Level.ERROR,
                f"the reference {ref[:200]!r} leads to another file, which was not opened",
                pointer,
                "name the folder of the document as the source, so that its files may be read",
            )
            return None
        relative = self.root.find(base, name)
        if relative is None:
            self.report(
                Level.ERROR,
                f"the reference {ref[:200]!r} leaves the folder of the source and was not opened",
                pointer,
                "move the file into the folder",
            )
            return None
        if relative not in self._files:
            self._files[relative] = self._read(self.root, relative, pointer)
        return relative if self._files[relative] is not None else None

    def _read(self, root: Folder, relative: str, pointer: str) -> Parsed | None:
        if len(self._files) >= self.limits.files:
            self.report_limit("files", f"more than {self.limits.files:,} files; the others were not read", pointer)
            self.report(
                Level.ERROR,
                f"the file {relative[:200]!r} was not read",
                pointer,
                how_to_raise("files", self.limits.files),
            )
            return None
        raw, problems = root.load(relative, self.limits)
        parsed = parse_document(raw, self.limits) if raw is not None else Parsed(None, problems=tuple(problems))
        for problem in parsed.problems:
            self.report(Level.ERROR, f"in {relative}: {problem.what}", pointer, problem.remedy, problem.line)
        if raw is None or any(p.level is Level.REFUSED for p in parsed.problems):
            return None
        self.other_files[relative] = raw
        self.hashes[relative] = hashlib.sha256(raw).hexdigest()
        return parsed


_MISSING: Final = object()
