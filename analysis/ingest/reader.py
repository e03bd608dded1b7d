"""Text to plain data: JSON by the standard library, YAML by events. Parses once; no loader, no network."""

from __future__ import annotations

import gc
import json
import re
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from analysis.ingest.guard import decode, refused
from analysis.ingest.yaml_events import parse_yaml
from analysis.model import Level, Problem
from analysis.text import without_surrogates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.ingest.guard import Limits

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_ESCAPED_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")
#: Longest run of digits that becomes a number (Python refuses to convert more than 4,300).
_MAX_DIGITS: Final = 400


@dataclass(frozen=True, slots=True)
class Parsed:
    """Plain data of one file. `lines` maps `id(mapping)` to its line; empty for JSON."""

    data: Any
    lines: dict[int, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause the collector: a large acyclic tree is built up to three times faster when it does not look."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _parse_json(text: str) -> tuple[Any, list[Problem]]:
    problems: list[Problem] = []

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(items)
        if len(made) != len(items):
            twice = [key for key, count in Counter(key for key, _ in items).items() if count > 1]
            problems.extend(
                Problem(
                    Level.ERROR,
                    f"the key {key[:80]!r} is defined twice; readers disagree on which one wins",
                    remedy="keep one of the two",
                )
                for key in twice
            )
        return made

    def number(digits: str) -> Any:
        return int(digits) if len(digits) <= _MAX_DIGITS else digits

    def constant(name: str) -> Any:
        raise ValueError(f"{name} is not JSON")

    try:
        data = json.loads(text, object_pairs_hook=pairs, parse_int=number, parse_constant=constant)
    except json.JSONDecodeError as error:
        return None, [
            refused(f"not valid JSON: {error.msg}, column {error.colno}", "mend the document", line=error.lineno)
        ]
    except RecursionError:
        return None, [refused("nested too deeply to be read", "flatten the document")]
    except ValueError as error:
        return None, [refused(f"not valid JSON: {error}", "mend the document")]
    return data, problems


def _clean(node: Any) -> Any:
    """Return a copy without lone surrogates, which no encoder can write."""
    if isinstance(node, str):
        return without_surrogates(node) if _SURROGATE.search(node) else node
    if isinstance(node, list):
        return [_clean(item) for item in node]
    if isinstance(node, dict):
        return {_clean(key): _clean(value) for key, value in node.items()}
    return node


def parse(raw: bytes, limits: Limits) -> Parsed:
    """Return the data of a JSON or YAML file. `data` is None when a problem of level REFUSED is among the problems."""
    text, problems = decode(raw)
    if text is None:
        return Parsed(None, problems=tuple(problems))
    lines: dict[int, int] = {}
    with collector_paused():
        if text.lstrip()[:1] in {"{", "["}:
            data, found = _parse_json(text)
            if data is None:
                # YAML's flow style begins with a bracket too; JSON's message stays the one that is shown.
                retry, lines, again = parse_yaml(text, limits)
                data, found = (retry, again) if retry is not None else (None, found)
            if data is not None and _ESCAPED_SURROGATE.search(text):
                try:
                    data = _clean(data)
                except RecursionError:
                    data, found = None, [refused("nested too deeply to be read", "flatten the document")]
        else:
            data, lines, found = parse_yaml(text, limits)
    return Parsed(data, lines, tuple(found))
