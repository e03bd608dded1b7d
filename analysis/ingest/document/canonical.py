"""The texts of a definition: its canonical form, what a model can read in it, and the references it holds."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any, Final

from analysis.ingest.openapi.schemas import discriminated
from analysis.model import TextSpan, TextSpans

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Below these keys, and below extensions, stands data: a `$ref` there is a value, not a reference.
_LITERAL: Final = frozenset({"example", "default", "enum", "const"})
#: Below these keys the keys are names, whatever they spell, and each value is a part of the definition.
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
#: Below these keywords stand values.
_VALUED: Final = _LITERAL | {"examples"}
#: What the keys of an object are.
_KEYWORDS, _NAMES, _VALUE = range(3)
#: From this length on a run without blanks may hold an encoded instruction.
_LONG: Final = 80
#: From this length on a run with a digit in it may be a secret; the shortest keys of well-known services have 20.
_SECRET: Final = 20
_DIGIT: Final = re.compile("[0-9]")
#: Two characters that JSON always escapes stand in for an escaped backslash and an escaped quote.
_BACKSLASH, _QUOTE = "\1", "\0"
#: The one control character that JSON leaves as it is.
_DELETE: Final = "\x7f"
#: What was parsed holds no circle: an alias that contains itself is refused.
_ENCODER: Final = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str, check_circular=False
)


def canonical(value: Any) -> str:
    """Return the canonical text of a definition: sorted keys, no blanks, nothing escaped that need not be."""
    return _ENCODER.encode(value)


def sha256(text: str) -> bytes:
    """Return the digest of a text; half a character, which no encoding can write, is kept apart from others."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def child(pointer: str, key: str | int) -> str:
    """Return the JSON pointer of a member."""
    token = str(key)
    if "~" in token or "/" in token:
        token = token.replace("~", "~0").replace("/", "~1")
    return f"{pointer}/{token}"


def _tells(text: str) -> bool:
    """Whether a string can tell anybody anything: prose, a key, a long run, or characters that are not plainly printable."""
    if " " in text or not (text.isascii() and text.isprintable()):
        return True
    size = len(text)
    return size >= _LONG or (size >= _SECRET and text[0] != "#" and _DIGIT.search(text) is not None)


def texts_under(node: Any, pointer: str, keys: int = _KEYWORDS) -> Iterator[TextSpan]:
    """Yield the texts under a node that a model can read, each with its JSON pointer.

    Whether one is a value is told by what the keys above it are: a property called `default` holds prose.
    """
    stack: list[tuple[Any, str, int]] = [(node, pointer, keys)]
    while stack:
        current, place, keys = stack.pop()
        if isinstance(current, str):
            if _tells(current):
                yield TextSpan(place, current, keys == _VALUE)
            continue
        if isinstance(current, list):
            inner = _VALUE if keys == _VALUE else _KEYWORDS
            stack.extend((value, child(place, index), inner) for index, value in enumerate(current))
            continue
        for key, value in current.items() if isinstance(current, dict) else ():
            if _tells(key):
                yield TextSpan(place, key, keys == _VALUE)
            is_schema = key == "parameters" and isinstance(value, dict) and isinstance(value.get("type"), str)
            stack.append((value, child(place, key), _KEYWORDS if is_schema and keys != _VALUE else _below(key, keys)))


def _below(key: str, keys: int) -> int:
    """Return what the keys below a member are: keywords, names somebody chose, or parts of a value."""
    if keys == _VALUE or (keys == _KEYWORDS and key in _VALUED):
        return _VALUE
    return _NAMES if keys == _KEYWORDS and key in _NAMED_TEXTS else _KEYWORDS


def _keys_at(pointer: str) -> int:
    """Return what the keys of an object are that stands at a pointer of a document: a part may be an example."""
    keys = _KEYWORDS
    for token in pointer.split("/")[1:]:
        keys = _below(token, keys)
    return keys


def text_spans(dump: str, *parts: tuple[Any, str], of_document: bool = False) -> TextSpans:
    """Return the texts of parts (node, pointer) whose canonical text is `dump`; told apart only when somebody asks.

    `of_document`: the parts may lie anywhere in an OpenAPI document, and their pointers begin at its root.
    """
    return _Written(dump, parts, of_document=of_document)


class _Written(TextSpans):
    """The texts of parts of a document that are written out: strings are cut from the text, places found in the parts."""

    __slots__ = ("_cut", "_of_document", "_parts")

    def __init__(self, dump: str, parts: tuple[tuple[Any, str], ...], *, of_document: bool) -> None:
        self._cut: str | tuple[str, ...] = dump
        self._parts = parts
        self._of_document = of_document

    @property
    def strings(self) -> tuple[str, ...]:
        if isinstance(self._cut, str):
            self._cut = _strings(self._cut)
        return self._cut

    def __iter__(self) -> Iterator[TextSpan]:
        for node, pointer in self._parts:
            yield from texts_under(node, pointer, _keys_at(pointer) if self._of_document else _KEYWORDS)


def _strings(dump: str) -> tuple[str, ...]:
    """Return the texts of a canonical text, each once: what stands between quotes, and every second part does."""
    escaped = "\\" in dump
    if not escaped and len(dump) < _SECRET and " " not in dump and _DELETE not in dump and dump.isascii():
        return ()
    if not escaped:
        return tuple([text for text in dict.fromkeys(dump.split('"')[1::2]) if " " in text or _tells(text)])
    quoted = dump.replace("\\\\", _BACKSLASH).replace('\\"', _QUOTE).replace("\\n", "\n")
    parts = [text for text in dict.fromkeys(quoted.split('"')[1::2]) if " " in text or "\\" in text or _tells(text)]
    return tuple([text for text in map(_unescaped, parts) if " " in text or _tells(text)])


def _unescaped(text: str) -> str:
    """Return a text as it was before it was written out; quotes, backslashes and line feeds stand in it already."""
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
                        _enter(key, value, stack, refs)
                    else:
                        stack.append(value)
    return refs


def _enter(key: str, value: Any, stack: list[Any], refs: list[str]) -> None:
    """Go on with what stands below a special key, as far as references in it are references."""
    if key in _NAMED and type(value) is dict:
        stack.extend(value.values())
    elif key == "responses" and type(value) is dict:  # `default` is a response; only extensions are none
        stack.extend(inner for name, inner in value.items() if not name.startswith("x-"))
    elif key == "discriminator":
        refs.extend(discriminated(value))
    elif key == "examples":
        refs.extend(_referred_examples(value))
    elif key not in _LITERAL and not key.startswith("x-"):
        stack.append(value)


def _referred_examples(examples: Any) -> list[str]:
    """Return the references by which examples stand elsewhere; what an example holds is a value."""
    listed = examples.values() if isinstance(examples, dict) else ()
    return [one["$ref"] for one in listed if isinstance(one, dict) and isinstance(one.get("$ref"), str)]


def may_refer(dump: str) -> bool:
    """Whether a canonical text can hold a reference, or a discriminator, which refers by names."""
    return '"$ref":' in dump or '"discriminator":' in dump


def places_of_refs(node: Any, pointer: str) -> dict[str, str]:
    """Return where under a node each reference stands, for a person who looks for it."""
    places: dict[str, str] = {}
    stack: list[tuple[Any, str]] = [(node, pointer)]
    while stack:
        current, place = stack.pop()
        if isinstance(current, dict):
            if isinstance(current.get("$ref"), str):
                places.setdefault(current["$ref"], place)
            for ref in discriminated(current.get("discriminator")):
                places.setdefault(ref, child(place, "discriminator"))
            stack.extend((value, child(place, key)) for key, value in current.items() if isinstance(value, dict | list))
        elif isinstance(current, list):
            stack.extend(
                (value, child(place, at)) for at, value in enumerate(current) if isinstance(value, dict | list)
            )
    return places
