"""Parser of JSON and YAML files into plain data: JSON by the standard library, YAML from events, without a loader."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from analysis.collector import collector_paused
from analysis.ingest.document.duplicate_keys import duplicate_keys, places
from analysis.ingest.document.expansion import measure
from analysis.ingest.document.json_located import parse_located
from analysis.ingest.document.loading import decode, how_to_raise, long_text, refused
from analysis.ingest.document.yaml_events import parse_yaml
from analysis.text import without_surrogates

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from analysis.ingest.document.loading import Limits
    from analysis.model import Problem

_BRACKET: Final = re.compile(r"\s*[\[{]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_ESCAPED_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")
#: (object, duplicate key, its values in order).
_Repeated: TypeAlias = tuple[dict[str, Any], str, list[Any]]
#: Longest run of digits that becomes a number (Python refuses to convert more than 4,300).
_MAX_DIGITS: Final = 400


@dataclass(frozen=True, slots=True)
class Parsed:
    """Plain data of one file. `lines` maps `id(mapping)` to its line; in JSON only near the root."""

    data: Any
    problems: tuple[Problem, ...] = ()
    lines: Mapping[int, int] = field(default_factory=dict)
    unused: Sequence[object] = ()  # parsed objects outside the data; keeps their ids from being reused


def _parse_json(text: str) -> tuple[Parsed, list[_Repeated]]:
    """Return the data or the problem, and the duplicate keys."""
    repeated: list[_Repeated] = []

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(items)
        if len(made) != len(items):
            repeated.extend((made, key, values) for key, values in _duplicates(items))
        return made

    def number(digits: str) -> Any:
        return int(digits) if len(digits) <= _MAX_DIGITS else digits

    def constant(name: str) -> Any:
        raise ValueError(f"{name} is not JSON")

    try:
        decoder = json.JSONDecoder(object_pairs_hook=pairs, parse_int=number, parse_constant=constant)
        data, lines = parse_located(text, decoder)
    except json.JSONDecodeError as error:
        message = f"not valid JSON: {error.msg}, column {error.colno}"
        return Parsed(None, (refused(message, "correct the document", line=error.lineno),)), []
    except RecursionError:
        return Parsed(None, (refused("nested too deeply to be read", "flatten the document"),)), []
    except ValueError as error:
        return Parsed(None, (refused(f"not valid JSON: {error}", "correct the document"),)), []
    return Parsed(data, lines=lines, unused=repeated), repeated


def _duplicates(items: list[tuple[str, Any]]) -> Iterator[tuple[str, list[Any]]]:
    """Yield (key, its values) for each duplicate key."""
    stated: dict[str, list[Any]] = {}
    for key, value in items:
        stated.setdefault(key, []).append(value)
    yield from ((key, values) for key, values in stated.items() if len(values) > 1)


def _located(text: str, data: Any, repeated: list[_Repeated]) -> list[Problem]:
    """Return a problem for each duplicate key, with the place of the value that was used."""
    found = places(text, data, {id(made) for made, _, _ in repeated}) if repeated else {}
    where = [found.get((id(made), key), ("", None)) for made, key, _ in repeated]
    return [
        duplicate_keys(key, values, line, pointer)
        for (_, key, values), (pointer, line) in zip(repeated, where, strict=True)
    ]


def _beyond(data: Any, limits: Limits) -> Problem | None:
    """Return the problem of data beyond the limits; YAML is checked while it is read."""
    nodes, depth, longest = measure(data, limits.depth)
    if depth > limits.depth:
        return refused(
            f"nested deeper than {limits.depth} levels",
            f"flatten the document, or {how_to_raise('depth', limits.depth)}",
        )
    if nodes > limits.nodes:
        return refused(
            f"more than {limits.nodes:,} nodes", f"split the document, or {how_to_raise('nodes', limits.nodes)}"
        )
    return long_text(limits) if longest > limits.text else None


def _replace_surrogates(node: Any) -> Any:
    """Replace lone surrogates, which cannot be encoded. Mappings and lists are changed in place."""
    if isinstance(node, str):
        return without_surrogates(node) if _SURROGATE.search(node) else node
    if isinstance(node, list):
        node[:] = [_replace_surrogates(item) for item in node]
    elif isinstance(node, dict):
        cleaned = {_replace_surrogates(key): _replace_surrogates(value) for key, value in node.items()}
        node.clear()
        node.update(cleaned)
    return node


def parse_document(raw: bytes, limits: Limits) -> Parsed:
    """Return the data of a JSON or YAML file. `data` is None when a problem of level REFUSED is among the problems."""
    text, problems = decode(raw)
    if text is None:
        return Parsed(None, problems=tuple(problems))
    with collector_paused():
        if not _BRACKET.match(text):
            data, lines, found = parse_yaml(text, limits)
            return Parsed(data, tuple(found), lines)
        try:
            return _parse_bracketed(text, limits)
        except RecursionError:
            return Parsed(None, problems=(refused("nested too deeply to be read", "flatten the document"),))


def _parse_bracketed(text: str, limits: Limits) -> Parsed:
    """Return the data of a text that begins with a bracket: JSON, or else YAML flow style."""
    parsed, repeated = _parse_json(text)
    if parsed.data is None:
        retry, lines, again = parse_yaml(text, limits)
        # The message of the JSON parser is the one shown.
        return parsed if retry is None else Parsed(retry, tuple(again), lines)
    beyond = _beyond(parsed.data, limits)
    if beyond is not None:
        return Parsed(None, (beyond,))
    problems = tuple(_located(text, parsed.data, repeated))
    if _ESCAPED_SURROGATE.search(text):
        _replace_surrogates(parsed.data)
    return replace(parsed, problems=problems)
