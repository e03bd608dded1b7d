"""Shared parts of a document: which of them are reached, and what has to be copied among them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from analysis.output.allowlist.document.document_tree import Branch, branch_of, text_of
from analysis.output.allowlist.document.pointers import steps

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.output.allowlist.document.document_tree import Tree
    from analysis.output.allowlist.document.pointers import FileSet

#: What a node below a key is, by what the node is; `*` is any key. It decides where a copied part goes.
_KINDS: Final[Mapping[str, Mapping[str, str]]] = {
    "pathItems": {"parameters": "parameters", "*": "operation"},
    "operation": {
        "parameters": "parameters", "requestBody": "requestBodies", "responses": "map responses",
        "callbacks": "map callbacks",
    },
    "parameters": {"schema": "schemas", "items": "schemas", "examples": "map examples", "content": "map media"},
    "headers": {"schema": "schemas", "examples": "map examples", "content": "map media"},
    "media": {"schema": "schemas", "itemSchema": "schemas", "examples": "map examples", "encoding": "map encoding"},
    "encoding": {"headers": "map headers"},
    "responses": {"headers": "map headers", "content": "map media", "links": "map links", "schema": "schemas"},
    "requestBodies": {"content": "map media"},
    "callbacks": {"*": "pathItems"},
    # Names of properties are free: one may be called `discriminator`.
    "schemas": dict.fromkeys(
        ("properties", "patternProperties", "dependentSchemas", "$defs", "definitions"), "map schemas"
    ) | {"*": "schemas"},
}  # fmt: skip
#: Sections of Swagger 2.0, by the kind of a part.
_SECTIONS_2: Final = {"parameters": "parameters", "responses": "responses"}
#: Sections that are kept whole: a document keeps its security.
_WHOLE: Final = frozenset({"securitySchemes", "securityDefinitions"})
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]+", re.ASCII)


def kind_below(kind: str, key: str) -> str:
    """Return what a node is, by what its parent is and its key."""
    if kind.startswith("map "):
        return kind.removeprefix("map ")
    known = _KINDS.get(kind, {})
    return known.get(key, known.get("*", "other"))


class SharedParts:
    """The shared parts that the kept operations lead to. They are collected while operations are copied."""

    def __init__(self, root: Branch, files: FileSet) -> None:
        self._root = root
        self._files = files
        self._old = "swagger" in root
        self._wanted: dict[tuple[str, str], None] = {}  # section and name, as they are found
        self._waiting: list[tuple[str, str]] = []
        self._moved: dict[tuple[str, str], str] = {}  # file and pointer of a copied part -> its new reference
        self._copies: dict[tuple[str, str], Tree] = {}
        self._seen: dict[tuple[int, str], Tree] = {}
        self._children = _children(self._section("schemas"))
        self.sections = ("definitions", "parameters", "responses") if self._old else ("components",)

    def copied(self, node: Tree, file: str, kind: str) -> Tree:
        """Return a node with its references as they are in the new document, and note what they lead to."""
        if isinstance(node, list):
            return self._once(node, file, lambda: [self.copied(item, file, kind) for item in node])
        if not isinstance(node, Branch):
            return node
        return self._once(node, file, lambda: self._branch(node, file, kind))

    def kept(self) -> dict[str, Tree]:
        """Return the sections with all that was reached, and what these parts reach in turn."""
        done: dict[tuple[str, str], Tree] = {}
        while self._waiting:
            section, name = self._waiting.pop()
            part = self._section(section).get(name)
            done[section, name] = self.copied(
                part, self._files.entry, "schemas" if section == "definitions" else section
            )
            if isinstance(part, Branch) and "discriminator" in part:
                for child in self._children.get(name, ()):
                    self._want(section, child)
        listed = (
            ("definitions", "parameters", "responses") if self._old else tuple(branch_of(self._root.get("components")))
        )
        made = {section: self._kept_section(section, done) for section in listed}
        for section, name in self._copies:
            made[section] = made.get(section, Branch()).with_items(
                [*made.get(section, Branch()).items(), (name, self._copies[section, name])]
            )
        found = [(section, part) for section, part in made.items() if part]
        if self._old:
            return dict(found)
        whole = branch_of(self._root.get("components")).with_items(found)
        return {"components": whole} if found else {}

    def _kept_section(self, section: str, done: Mapping[tuple[str, str], Tree]) -> Branch:
        stated = self._section(section)
        if section in _WHOLE:
            return stated
        return stated.with_items([(name, done[section, name]) for name in stated if (section, name) in done])

    def _once(self, node: Tree, file: str, make: object) -> Tree:
        key = (id(node), file)
        if key not in self._seen:
            made = make()  # type: ignore[operator]
            self._seen[key] = node if _same(made, node) else made
        return self._seen[key]

    def _branch(self, node: Branch, file: str, kind: str) -> Branch:
        items = []
        free = kind.startswith("map ")  # its keys are names of the author
        for key, value in node.items():
            if key == "$ref" and not free and text_of(value):
                new = self._reference(text_of(value), file, kind)
                items.append((key, value if new == text_of(value) else new))
            elif key == "discriminator" and kind == "schemas":
                items.append((key, self._discriminator(value, file)))
            else:
                if key == "$dynamicRef":
                    self._want_all()
                items.append((key, self.copied(value, file, kind_below(kind, key))))
        return node.with_items(items)

    def _discriminator(self, stated: Tree, file: str) -> Tree:
        if not isinstance(stated, Branch) or not isinstance(stated.get("mapping"), Branch):
            return stated
        mapping = branch_of(stated["mapping"])
        items = []
        for value, target in mapping.items():
            name = text_of(target)
            schema = "definitions" if self._old else "schemas"
            if name in self._section(schema) and file == self._files.entry:
                self._want(schema, name)
                items.append((value, target))
            else:
                new = self._reference(name, file, "schemas") if name else name
                items.append((value, target if new == name else new))
        made = mapping.with_items(items)
        if _same(made, mapping):
            return stated
        return stated.with_items([(key, made if key == "mapping" else value) for key, value in stated.items()])

    def _reference(self, ref: str, file: str, kind: str) -> str:
        """Return a reference as it is in the new document."""
        where, pointer = self._files.address(ref, file)
        if where == self._files.entry:
            if pointer and not pointer.startswith("/"):  # an anchor
                self._want_all()
                return ref
            part = self._part(steps(pointer))
            if part is not None:
                self._want(*part)
                return ref if file == self._files.entry and ref.startswith("#") else f"#{pointer}"
            if pointer in {"", "/"} or (pointer.split("/")[1] not in {"paths", "webhooks"} and file == where):
                return ref  # another place of the document, which is kept
        target = self._files.at(where, pointer)
        return ref if target is None else self._move(target, where, pointer, kind)

    def _move(self, target: Tree, file: str, pointer: str, kind: str) -> str:
        """Copy a part that is nowhere in the new document among the shared ones, and return the reference to it."""
        address = (file, pointer)
        if address not in self._moved:
            section = _SECTIONS_2.get(kind, "definitions") if self._old else kind if kind in _KINDS else "schemas"
            stem = _UNSAFE.sub("_", (steps(pointer) or [file.rpartition("/")[2].partition(".")[0]])[-1]) or "part"
            name, number = stem, 1
            while name in self._section(section) or (section, name) in self._copies:
                number += 1
                name = f"{stem}_{number}"
            self._moved[address] = f"#/{section}/{name}" if self._old else f"#/components/{section}/{name}"
            self._copies[section, name] = None  # taken, before the part is copied: it may lead to itself
            self._copies[section, name] = self.copied(target, file, kind)
        return self._moved[address]

    def _part(self, path: list[str]) -> tuple[str, str] | None:
        """Return the section and the name of the shared part that a pointer leads into, if it is one."""
        if self._old:
            found = (path[0], path[1]) if len(path) > 1 and path[0] in self.sections else None
        else:
            found = (
                (path[1], path[2]) if path[:1] == ["components"] and len(path) > len(("components", "kind")) else None
            )
        return found if found and found[1] in self._section(found[0]) else None

    def _section(self, section: str) -> Branch:
        if self._old:
            return branch_of(self._root.get("definitions" if section == "schemas" else section))
        return branch_of(branch_of(self._root.get("components")).get(section))

    def _want(self, section: str, name: str) -> None:
        if (section, name) not in self._wanted:
            self._wanted[section, name] = None
            self._waiting.append((section, name))

    def _want_all(self) -> None:
        """Keep every schema: one of them may carry the anchor that a reference names."""
        section = "definitions" if self._old else "schemas"
        for name in self._section(section):
            self._want(section, name)


def _same(made: Tree, node: Tree) -> bool:
    """Whether a copy holds exactly the members of the original, so that the original can be used."""
    if isinstance(made, Branch):
        return len(made) == len(node) and all(value is node[key] for key, value in made.items())
    return len(made) == len(node) and all(a is b for a, b in zip(made, node, strict=True))


def _children(schemas: Branch) -> dict[str, list[str]]:
    """Return the schemas that extend each schema by `allOf`: a discriminator names them without a reference."""
    found: dict[str, list[str]] = {}
    for name, schema in schemas.items():
        parts = branch_of(schema).get("allOf")
        for part in parts if isinstance(parts, list) else ():
            ref = text_of(branch_of(part).get("$ref"))
            if ref.startswith("#/"):
                found.setdefault(steps(ref[1:])[-1], []).append(name)
    return found
