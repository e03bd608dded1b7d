"""A document as a tree of mappings, lists and scalars that is written back as it was read.

A YAML scalar stays the node it was read as, with its style: `no`, `1.0` and `0x10` mean different things to different
readers, and the written document must mean to each of them what the original does. JSON is plain data.
"""

from __future__ import annotations

import codecs
import json
import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Tree: TypeAlias = Any  # Branch, list, yaml.ScalarNode, or a scalar of JSON

_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_NOT_TEXT: Final = re.compile(
    r"(?:~|null|Null|NULL|true|True|TRUE|false|False|FALSE|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)?"
)
_WORDS: Final = {"": None, "~": None, "null": None, "true": True, "false": False}
_TEXT_TAG: Final = "tag:yaml.org,2002:str"
_MAP_TAG: Final = "tag:yaml.org,2002:map"
_SEQUENCE_TAG: Final = "tag:yaml.org,2002:seq"
_MAX_DIGITS: Final = 400
#: Levels of a written JSON document whose members have lines of their own.
_LINE_LEVELS: Final = 3


class Branch(dict[str, Tree]):
    """A mapping in document order, with the nodes of its keys where it was read from YAML."""

    __slots__ = ("key_nodes",)

    def __init__(
        self, items: Iterable[tuple[str, Tree]] = (), key_nodes: Mapping[str, yaml.ScalarNode] | None = None
    ) -> None:
        super().__init__(items)
        self.key_nodes: Mapping[str, yaml.ScalarNode] = key_nodes or {}

    def with_items(self, items: Iterable[tuple[str, Tree]]) -> Branch:
        """Return a mapping of these items whose keys are written as they are here."""
        return Branch(items, self.key_nodes)


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """A document that was read: its root, and whether it is YAML."""

    root: Branch
    yaml: bool


def read_tree(raw: bytes, part: Callable[[dict[str, Tree]], Branch] | None = None) -> SourceDocument:
    """Return the tree of a JSON or YAML document. Raises ValueError where it is neither, or no mapping.

    `part` returns what is kept of each mapping of a JSON document, the inner ones first; YAML, of which all nodes are read
    before, stays whole.
    """
    text = _decoded(raw)
    if text.lstrip()[:1] in {"{", "["}:
        try:
            decoder = _DECODER if part is None else json.JSONDecoder(object_hook=part, **_NUMBERS)
            return _document(decoder.decode(text), is_yaml=False)
        except (json.JSONDecodeError, RecursionError):
            pass  # YAML in flow style
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
        return _document(_of_node(node, {}), is_yaml=True)
    except (yaml.YAMLError, RecursionError) as error:
        raise ValueError("the document cannot be read again") from error


def write_tree(document: SourceDocument) -> bytes:
    """Return a document as bytes, JSON or YAML as it was read."""
    if not document.yaml:
        return f"{_json(document.root, _LINE_LEVELS)}\n".encode("ascii")
    # One line for each scalar: a folded one would be read the same, and differences are easier to see.
    written: str = yaml.serialize(
        _to_node(document.root, {}), Dumper=yaml.CSafeDumper, allow_unicode=True, width=10_000
    )
    return written.encode("utf-8")


def text_of(value: Tree) -> str:
    """Return a scalar that is text, by the rules of JSON; empty when it is none."""
    if isinstance(value, yaml.ScalarNode):
        return "" if not value.style and _NOT_TEXT.fullmatch(value.value) else str(value.value)
    return value if isinstance(value, str) else ""


def flag_of(value: Tree) -> object:
    """Return a scalar as a truth value where it is one, else as text; None for anything else."""
    if isinstance(value, yaml.ScalarNode):
        known = {"true": True, "false": False}
        return known.get(value.value.lower(), value.value) if not value.style else value.value
    return value if isinstance(value, bool | str) else None


def plain_data(tree: Tree) -> Tree:
    """Return a tree as plain data, YAML scalars by the rules of JSON: text, unless they are what JSON has a form for."""
    if isinstance(tree, Branch):
        return Branch((key, plain_data(value)) for key, value in tree.items())
    if isinstance(tree, list):
        return [plain_data(item) for item in tree]
    if not isinstance(tree, yaml.ScalarNode):
        return tree
    if tree.style or not _NOT_TEXT.fullmatch(tree.value):
        return tree.value
    word = tree.value.lower()
    return _WORDS[word] if word in _WORDS else _DECODER.decode(word)


def branch_of(value: Tree) -> Branch:
    """Return a mapping, or an empty one when the value is none."""
    return value if isinstance(value, Branch) else _EMPTY


_EMPTY: Final = Branch()


def _decoded(raw: bytes) -> str:
    encoding = next((name for mark, name in _MARKS if raw.startswith(mark)), "utf-8")
    return raw.decode(encoding)  # UnicodeDecodeError is a ValueError


def _document(root: Tree, *, is_yaml: bool) -> SourceDocument:
    if not isinstance(root, Branch):
        raise ValueError("the document is not an object")  # noqa: TRY004 - a fault of the input, not of the caller
    return SourceDocument(root, is_yaml)


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= _MAX_DIGITS else _finite(digits)


def _finite(digits: str) -> float:
    """Return a number that JSON can state: beyond the range of a double, its largest value."""
    return max(min(float(digits), sys.float_info.max), -sys.float_info.max)


_NUMBERS: Final[Any] = {"parse_int": _integer, "parse_float": _finite}
_DECODER: Final = json.JSONDecoder(object_pairs_hook=Branch, **_NUMBERS)


def _of_node(node: yaml.Node | None, seen: dict[int, Tree]) -> Tree:
    """Return the tree of a YAML node. Aliases stay shared, and merge keys are written out."""
    if isinstance(node, yaml.ScalarNode) or node is None:
        return node
    if id(node) in seen:
        return seen[id(node)]
    if isinstance(node, yaml.SequenceNode):
        made: Tree = [_of_node(item, seen) for item in node.value]
    else:
        assert isinstance(node, yaml.MappingNode), "there are three kinds of node"
        made = _of_mapping(node, seen)
    seen[id(node)] = made
    return made


def _of_mapping(node: yaml.MappingNode, seen: dict[int, Tree]) -> Branch:
    items: dict[str, Tree] = {}
    keys: dict[str, yaml.ScalarNode] = {}
    merged: list[Branch] = []
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise ValueError("a key is not a scalar")  # noqa: TRY004 - a fault of the input, not of the caller
        below = _of_node(value, seen)
        if key.value == "<<" and not key.style:
            merged += [each for each in (below if isinstance(below, list) else [below]) if isinstance(each, Branch)]
            continue
        items[key.value], keys[key.value] = below, key
    for other in merged:
        for name, value in other.items():
            if name not in items:
                items[name] = value
                if name in other.key_nodes:
                    keys[name] = other.key_nodes[name]
    return Branch(items.items(), keys)


def _to_node(value: Tree, seen: dict[int, yaml.Node]) -> yaml.Node:
    if isinstance(value, yaml.ScalarNode):
        return value
    if id(value) in seen and isinstance(value, Branch | list):
        return seen[id(value)]
    if isinstance(value, Branch):
        pairs = [(value.key_nodes.get(key) or _text_node(key), _to_node(below, seen)) for key, below in value.items()]
        made: yaml.Node = yaml.MappingNode(_MAP_TAG, pairs, flow_style=not pairs)
    elif isinstance(value, list):
        made = yaml.SequenceNode(_SEQUENCE_TAG, [_to_node(item, seen) for item in value], flow_style=not value)
    elif value is None:
        made = yaml.ScalarNode("tag:yaml.org,2002:null", "null")
    elif isinstance(value, bool):
        made = yaml.ScalarNode("tag:yaml.org,2002:bool", "true" if value else "false")
    else:
        made = _text_node(str(value))
    seen[id(value)] = made
    return made


def _text_node(text: str) -> yaml.ScalarNode:
    return yaml.ScalarNode(_TEXT_TAG, text, style='"')


def _json(value: Tree, levels: int, indent: str = "") -> str:
    """Return JSON in ASCII, with a line for each member of the upper levels: changes can be read line by line."""
    if not levels or not isinstance(value, Branch) or not value:
        return json.dumps(value, ensure_ascii=True)
    below = f"{indent}  "
    lines = [f"{below}{json.dumps(key)}: {_json(member, levels - 1, below)}" for key, member in value.items()]
    return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
