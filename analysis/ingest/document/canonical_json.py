"""Canonical form of a definition, the texts in it that a model can read, and its references."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from analysis.model import DefinitionParts, DefinitionTexts, TextSpan, TextSpans

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from analysis.model import SourceId

#: Keys whose values are data, like extensions: a `$ref` there is a value, not a reference.
_LITERAL: Final = frozenset({"example", "default", "enum", "const"})
#: Keys of maps by name: their keys are names, never keywords, and each value is a part of the definition.
_NAMED: Final = frozenset(
    {
        "properties", "patternProperties", "dependentSchemas", "dependencies", "$defs", "definitions", "headers",
        "callbacks", "content", "encoding", "links", "parameters", "schemas", "requestBodies", "securitySchemes",
    }
)  # fmt: skip
_SPECIAL: Final = _LITERAL | _NAMED | {"responses", "discriminator", "examples"}
_NAMED_TEXTS: Final = _NAMED | {
    "responses", "paths", "webhooks", "pathItems", "additionalOperations", "variables", "mapping", "scopes",
}  # fmt: skip
#: Keywords whose values are data.
_VALUED: Final = _LITERAL | {"examples"}
#: Kinds of keys of an object.
_KEYWORDS, _NAMES, _VALUE = range(3)
#: Minimum length of a run without blanks that may hold an encoded instruction, characters.
_MIN_ENCODED: Final = 80
#: Minimum length of a run with a digit that may be a secret; the shortest keys of well-known services have 20.
_MIN_SECRET: Final = 20
#: Characters of a canonical text that are taken apart at once.
_PIECE: Final = 1 << 20
_DIGIT: Final = re.compile("[0-9]")
#: Placeholders for an escaped backslash and an escaped quote: characters that JSON always escapes.
_BACKSLASH, _QUOTE = "\1", "\0"
#: The one control character that JSON does not escape.
_DELETE: Final = "\x7f"
#: Parsed data is acyclic: an alias that contains itself is refused.
_ENCODER: Final = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str, check_circular=False
)


def canonical_json(value: Any) -> str:
    """Return the canonical text of a definition: sorted keys, no blanks, nothing escaped that need not be."""
    return _ENCODER.encode(value)


def sha256(text: str) -> bytes:
    """Return the digest of a text; lone surrogates are encoded as they are, so that they stay distinct."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


@dataclass(slots=True)
class KeptTexts:
    """The canonical texts of a source, collected while it is read; see `DefinitionTexts`."""

    definitions: dict[str, str] = field(default_factory=dict)
    parts: list[DefinitionParts] = field(default_factory=list)

    def of(self, source: SourceId) -> DefinitionTexts:
        """Return what was collected, as the texts of a source."""
        return DefinitionTexts(source, self.definitions, tuple(self.parts))


def child(pointer: str, key: str | int) -> str:
    """Return the JSON pointer of a member."""
    token = str(key)
    if "~" in token or "/" in token:
        token = token.replace("~", "~0").replace("/", "~1")
    return f"{pointer}/{token}"


def _is_readable(text: str) -> bool:
    """Whether a string can carry content: prose, a key, a long run, or characters that are not plain printable ASCII."""
    if " " in text or not (text.isascii() and text.isprintable()):
        return True
    size = len(text)
    return size >= _MIN_ENCODED or (size >= _MIN_SECRET and text[0] != "#" and _DIGIT.search(text) is not None)


#: The way to a node: its pointer, or the way to its parent and the key under it. Few are ever spelled.
_Way = tuple["_Way", "str | int"] | str


def _spelled(way: _Way) -> str:
    keys: list[str | int] = []
    while not isinstance(way, str):
        way, key = way
        keys.append(key)
    for key in reversed(keys):
        way = child(way, key)
    return way


def spans_under(
    node: Any, pointer: str, keys: int = _KEYWORDS, among: Mapping[str, object] | None = None
) -> Iterator[TextSpan]:
    """Yield the texts under a node that a model can read, each with its JSON pointer; of those in `among`, if given.

    The kind of the keys above a text says whether it is a value: a property called `default` holds prose.
    """
    stack: list[tuple[Any, _Way, int]] = [(node, pointer, keys)]
    while stack:
        current, way, keys = stack.pop()
        if isinstance(current, str):
            if (among is None or current in among) and _is_readable(current):
                yield TextSpan(_spelled(way), current, keys == _VALUE)
        elif isinstance(current, list):
            inner = _VALUE if keys == _VALUE else _KEYWORDS
            stack.extend(
                [(value, (way, index), inner) for index, value in enumerate(current) if _may_hold(value, among)]
            )
        elif isinstance(current, dict):
            for key, value in current.items():
                if (among is None or key in among) and _is_readable(key):
                    yield TextSpan(_spelled(way), key, keys == _VALUE)
                if not _may_hold(value, among):
                    continue
                is_schema = key == "parameters" and isinstance(value, dict) and isinstance(value.get("type"), str)
                below = _KEYWORDS if is_schema and keys != _VALUE else _keys_below(key, keys)
                stack.append((value, (way, key), below))


def _may_hold(node: Any, among: Mapping[str, object] | None) -> bool:
    """Whether a node is such a text, or may have one below it."""
    if isinstance(node, str):
        return among is None or node in among
    return isinstance(node, dict | list)


def _keys_below(key: str, keys: int) -> int:
    """Return the kind of the keys below a member: keywords, chosen names, or parts of a value."""
    if keys == _VALUE or (keys == _KEYWORDS and key in _VALUED):
        return _VALUE
    return _NAMES if keys == _KEYWORDS and key in _NAMED_TEXTS else _KEYWORDS


def _keys_at(pointer: str) -> int:
    """Return the kind of the keys of the object at a pointer of a document: it may lie inside an example."""
    keys = _KEYWORDS
    for token in pointer.split("/")[1:]:
        keys = _keys_below(token, keys)
    return keys


def text_spans(dump: str, *parts: tuple[Any, str], of_document: bool = False) -> TextSpans:
    """Return the texts of parts (node, pointer) whose canonical text is `dump`; they are extracted on first use.

    `of_document`: the parts may lie anywhere in an OpenAPI document, and their pointers begin at its root.
    """
    return _CanonicalSpans(dump, parts, of_document=of_document)


class _CanonicalSpans(TextSpans):
    """Texts of parts in canonical form: strings come from the canonical text, pointers from the parts."""

    __slots__ = ("_dump", "_of_document", "_parts")

    def __init__(self, dump: str, parts: tuple[tuple[Any, str], ...], *, of_document: bool) -> None:
        self._dump: str | tuple[str, ...] = dump
        self._parts = parts
        self._of_document = of_document

    @property
    def strings(self) -> tuple[str, ...]:
        if isinstance(self._dump, str):
            self._dump = _strings(self._dump)
        return self._dump

    def __iter__(self) -> Iterator[TextSpan]:
        return self._located()

    def among(self, texts: Mapping[str, object]) -> list[TextSpan]:
        if not texts or texts.keys().isdisjoint(self.strings):
            return []
        return [*self._located(texts)]

    def _located(self, among: Mapping[str, object] | None = None) -> Iterator[TextSpan]:
        for node, pointer in self._parts:
            keys = _keys_at(pointer) if self._of_document else _KEYWORDS
            yield from spans_under(node, pointer, keys, among)


def _strings(dump: str) -> tuple[str, ...]:
    """Return the distinct strings of a canonical text: every second part between quotes."""
    escaped = "\\" in dump
    least = _MIN_SECRET if dump.isascii() and _DELETE not in dump else 0  # characters of a readable word
    if not escaped and len(dump) < least and " " not in dump:
        return ()
    found: dict[str, None] = {}
    if not escaped:
        for texts in _quoted(dump):
            found |= dict.fromkeys([t for t in texts if " " in t or (len(t) >= least and _is_readable(t))])
        return tuple(found)
    for texts in _quoted(dump.replace("\\\\", _BACKSLASH).replace('\\"', _QUOTE).replace("\\n", "\n")):
        found |= dict.fromkeys([text for text in texts if " " in text or "\\" in text or _is_readable(text)])
    return tuple([text for text in map(_unescaped, found) if " " in text or _is_readable(text)])


def _quoted(text: str) -> Iterator[dict[str, None]]:
    """Yield what is between quotes, from one piece of a text after the other: all parts of a long one take much memory."""
    start, inside = 0, False
    while start <= len(text):
        end = text.find('"', start + _PIECE)
        parts = text[start : end if end >= 0 else len(text)].split('"')
        yield dict.fromkeys(parts[not inside :: 2])
        inside ^= len(parts) % 2 == 1
        start = end + 1 if end >= 0 else len(text) + 1


def _unescaped(text: str) -> str:
    """Return a string without its escapes; quotes, backslashes and line feeds are replaced already."""
    if "\\" in text:
        text = text.replace(_QUOTE, '\\"').replace(_BACKSLASH, "\\\\")
        return str(json.loads(f'"{text}"', strict=False))
    return text.replace(_QUOTE, '"').replace(_BACKSLASH, "\\")


def refs_under(node: Any) -> list[str]:
    """Return the references under a node, where they are references and no values."""
    refs: list[str] = []
    stack: list[Any] = [node]
    while stack:
        current = stack.pop()
        if type(current) is list:
            stack.extend([value for value in current if type(value) is dict or type(value) is list])
        elif type(current) is dict:
            for key, value in current.items():
                kind = type(value)
                if kind is str:
                    if key == "$ref":
                        refs.append(value)
                elif kind is dict or kind is list:
                    if key in _SPECIAL or key.startswith("x-"):
                        _push_special(key, value, stack, refs)
                    else:
                        stack.append(value)
    return refs


def _push_special(key: str, value: Any, stack: list[Any], refs: list[str]) -> None:
    """Visit the value of a special key, as far as it can contain references."""
    if key in _NAMED and type(value) is dict:
        stack.extend(value.values())
    elif key == "responses" and type(value) is dict:  # `default` is a response; extensions are not
        stack.extend(inner for name, inner in value.items() if not name.startswith("x-"))
    elif key == "discriminator":
        refs.extend(discriminator_refs(value))
    elif key == "examples":
        refs.extend(_referred_examples(value))
    elif key not in _LITERAL and not key.startswith("x-"):
        stack.append(value)


def _referred_examples(examples: Any) -> list[str]:
    """Return the references of examples; the content of an example is a value."""
    listed = examples.values() if isinstance(examples, dict) else ()
    return [one["$ref"] for one in listed if isinstance(one, dict) and isinstance(one.get("$ref"), str)]


def discriminator_refs(discriminator: Any) -> list[str]:
    """Return the subtypes of a discriminator as references; a bare name means a schema component."""
    mapping = discriminator.get("mapping") if isinstance(discriminator, dict) else None
    if not isinstance(mapping, dict):
        return []
    targets = [value for value in mapping.values() if isinstance(value, str)]
    return [t if "#" in t or "/" in t or "." in t else f"#/components/schemas/{t}" for t in targets]


def may_refer(dump: str) -> bool:
    """Whether a canonical text can hold a reference, or a discriminator, which refers by names."""
    return '"$ref":' in dump or '"discriminator":' in dump


def places_of_refs(node: Any, pointer: str) -> dict[str, str]:
    """Return the pointer of each reference under a node, for messages."""
    places: dict[str, str] = {}
    stack: list[tuple[Any, str]] = [(node, pointer)]
    while stack:
        current, place = stack.pop()
        if isinstance(current, dict):
            if isinstance(current.get("$ref"), str):
                places.setdefault(current["$ref"], place)
            for ref in discriminator_refs(current.get("discriminator")):
                places.setdefault(ref, child(place, "discriminator"))
            stack.extend((value, child(place, key)) for key, value in current.items() if isinstance(value, dict | list))
        elif isinstance(current, list):
            stack.extend(
                (value, child(place, at)) for at, value in enumerate(current) if isinstance(value, dict | list)
            )
    return places
