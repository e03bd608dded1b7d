"""Two definitions side by side: every place where they differ, with what it means for those who call.

Shared parts are compared once for all definitions that refer to them. A comparison follows references on both sides, so
that a definition written out and one that refers to a part are equal where they mean the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from analysis.output.drift.differences import FieldDifference, canonical_text, same
from analysis.output.drift.directions import SCHEMAS, direction_of, presence
from analysis.output.drift.records import ChangeDirection, ChangeGroup
from analysis.output.drift.schema_forms import normal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.output.drift.definition_trees import Resolver

#: Keys whose texts describe, whatever is below them.
WORDING: Final = frozenset(
    {
        "description", "title", "summary", "example", "examples", "externalDocs", "$comment", "enumNames", "tags", "icons",
        "x-enum-descriptions", "x-enumNames", "x-enum-varnames", "markdownDescription", "termsOfService", "contact",
    }
)  # fmt: skip
#: Maps by name: their keys are names, never keywords.
_NAMED: Final = frozenset({"responses", "content", "headers", "links", "callbacks", "encoding", "_meta"})
_PROPERTIES: Final = frozenset({"properties", "patternProperties", "dependentSchemas"})
_ALTERNATIVES: Final = frozenset({"anyOf", "oneOf", "allOf", "prefixItems"})
_MAX_DEPTH: Final = 200


@dataclass(slots=True)
class Found:
    """What a comparison found: the differences, and the pairs of shared parts that it came upon."""

    differences: list[FieldDifference] = field(default_factory=list)
    pairs: dict[tuple[str, str, bool], tuple[Any, str, Any, str]] = field(default_factory=dict)


class Walk:
    """The comparison of the trees of two definitions, or of two shared parts."""

    def __init__(self, before: Resolver, after: Resolver) -> None:
        self.before = before
        self.after = after
        self.found = Found()
        self._depth = 0

    def tell(self, place: str, before: Any, after: Any, **more: Any) -> None:
        """Record a difference."""
        self.found.differences.append(FieldDifference(place, before, after, **more))

    def _refer(self, b: Any, fb: str, a: Any, fa: str, *, schema: bool) -> bool:
        """Whether both sides refer to a part; the pair is then compared by itself."""
        one, other = self.before.target(b, fb), self.after.target(a, fa)
        if one is None or other is None:
            return False
        self.found.pairs[one[0], other[0], schema] = (one[1], one[2], other[1], other[2])
        return True

    def node(self, b: Any, a: Any, place: str, fb: str = "", fa: str = "") -> None:
        """Compare two objects of a definition that are no schemas."""
        if self._refer(b, fb, a, fa, schema=False):
            return
        b, fb = self.before.resolved(b, fb)
        a, fa = self.after.resolved(a, fa)
        if not (isinstance(b, dict) and isinstance(a, dict)):
            self._list_or_value(b, a, place, fb, fa)
            return
        for key in sorted({*b, *a}):
            if key != "$ref":
                self.member(key, b, a, f"{place}.{key}" if place else key, fb, fa)

    def member(self, key: str, b: dict[str, Any], a: dict[str, Any], place: str, fb: str, fa: str) -> None:
        """Compare one member of two objects."""
        was, now = b.get(key), a.get(key)
        if key == "schema":
            self.schema(was, now, place, fb, fa)
        elif key in WORDING and (key != "tags" or not isinstance(was, dict)):
            self.wording(was, now, place)
        elif key in _NAMED and isinstance(was, dict) and isinstance(now, dict):
            for name in sorted({*was, *now}):
                self.named(name, was, now, f"{place}.{name}", fb, fa)
        elif was is None or now is None:
            if not same(was, now):
                self.tell(place, was, now, **presence(key, was, now))
        elif key == "required" and isinstance(was, bool) and isinstance(now, bool):
            if was != now:
                self.tell(place, was, now, direction=ChangeDirection.WIDENED if was else ChangeDirection.NARROWED)
        else:
            self.node(was, now, place, fb, fa)

    def named(self, name: str, b: dict[str, Any], a: dict[str, Any], place: str, fb: str, fa: str) -> None:
        """Compare two entries of a map by name."""
        if name in b and name in a:
            self.node(b[name], a[name], place, fb, fa)
        else:
            self.tell(place, b.get(name), a.get(name))

    def _list_or_value(self, b: Any, a: Any, place: str, fb: str, fa: str) -> None:
        if isinstance(b, list) and isinstance(a, list) and len(b) == len(a) and any(isinstance(x, dict) for x in b):
            for number, (was, now) in enumerate(zip(b, a, strict=True)):
                self.node(was, now, f"{place}[{number}]", fb, fa)
        elif not same(b, a):
            self.tell(place, b, a)

    def wording(self, was: Any, now: Any, place: str) -> None:
        """Compare what describes."""
        if not same(was, now) and not (was in ("", None, []) and now in ("", None, [])):
            self.tell(place, was, now, group=ChangeGroup.WORDING)

    # schemas -------------------------------------------------------------------------------------------

    def schema(self, b: Any, a: Any, place: str, fb: str = "", fa: str = "") -> None:
        """Compare two schemas by what they let through."""
        if self._refer(b, fb, a, fa, schema=True):
            one, other = ({k: v for k, v in side.items() if k != "$ref"} for side in (b, a))
            if one or other:
                self._keywords(normal(one), normal(other), place, fb, fa)
            return
        b, fb = self.before.resolved(b, fb)
        a, fa = self.after.resolved(a, fa)
        self._depth += 1
        if self._depth < _MAX_DEPTH:
            self._keywords(normal(b), normal(a), place, fb, fa)
        self._depth -= 1

    def _keywords(self, b: dict[str, Any], a: dict[str, Any], place: str, fb: str, fa: str) -> None:
        for key in sorted({*b, *a} - {"required"}):
            at = f"{place}.{key}"
            was, now = b.get(key), a.get(key)
            if key in _PROPERTIES:
                self._properties(was or {}, now or {}, (b, a), at, fb, fa)
            elif key in WORDING:
                self.wording(was, now, at)
            elif key in _ALTERNATIVES:
                self._alternatives(key, was, now, at, fb, fa)
            elif key in SCHEMAS and (isinstance(was, dict) or isinstance(now, dict)):
                self._open_or_schema(key, was, now, at, fb, fa)
            elif not same(was, now):
                shown = (_single(each) if key == "type" else each for each in (was, now))
                self.tell(at, *shown, direction=direction_of(key, was, now))
        self._required(b, a, place)

    def _required(self, b: dict[str, Any], a: dict[str, Any], place: str) -> None:
        """Compare the required names of properties that both sides have; an added or removed one says it itself."""
        was, now = (_names(side.get("required")) for side in (b, a))
        here = [_names(list(side.get("properties") or ())) for side in (b, a)]
        for name in sorted((was - now) & (here[1] | (was - here[0]))):
            self.tell(f"{place}.required", name, None, direction=ChangeDirection.WIDENED)
        for name in sorted((now - was) & (here[0] | (now - here[1]))):
            self.tell(f"{place}.required", None, name, direction=ChangeDirection.NARROWED)

    def _properties(
        self,
        b: dict[str, Any],
        a: dict[str, Any],
        owners: tuple[dict[str, Any], dict[str, Any]],
        place: str,
        fb: str,
        fa: str,
    ) -> None:
        required = _names(owners[1].get("required"))
        for name in sorted({*b, *a}):
            if name not in b:
                optional = name not in required
                group = ChangeGroup.OPTIONAL_INPUT if optional else ChangeGroup.CONTRACT
                direction = ChangeDirection.WIDENED if optional else ChangeDirection.NONE
                why = "" if optional else "a caller has to send it"
                self.tell(f"{place}.{name}", None, a[name], group=group, direction=direction, why=why)
            elif name not in a:
                self.tell(f"{place}.{name}", b[name], None, direction=ChangeDirection.NARROWED)
            else:
                self.schema(b[name], a[name], f"{place}.{name}", fb, fa)

    def _alternatives(self, key: str, was: Any, now: Any, place: str, fb: str, fa: str) -> None:
        b, a = (list(side) if isinstance(side, list) else [] for side in (was, now))
        if key != "prefixItems":
            for each in list(b):  # equal ones first, whatever their order
                match = next((other for other in a if same(each, other)), None)
                if match is not None and not _refers(each):
                    b.remove(each)
                    a.remove(match)
            b.sort(key=_rank)
            a.sort(key=_rank)
        more, less = (
            (ChangeDirection.NARROWED, ChangeDirection.WIDENED)
            if key == "allOf"
            else (ChangeDirection.WIDENED, ChangeDirection.NARROWED)
        )
        if key != "prefixItems" and len(b) != len(a):
            keyed_b, keyed_a = {_rank(each): each for each in b}, {_rank(each): each for each in a}
            for rank in sorted({*keyed_b, *keyed_a}):
                if rank not in keyed_b:
                    self.tell(place, None, keyed_a[rank], direction=more)
                elif rank not in keyed_a:
                    self.tell(place, keyed_b[rank], None, direction=less)
                else:
                    self.schema(keyed_b[rank], keyed_a[rank], place, fb, fa)
            return
        for number, (one, other) in enumerate(zip(b, a, strict=False)):
            self.schema(one, other, f"{place}[{number}]", fb, fa)
        if len(b) != len(a):
            self.tell(place, len(b), len(a), why="another number of places")

    def _open_or_schema(self, key: str, was: Any, now: Any, place: str, fb: str, fa: str) -> None:
        """Compare what further values may be: False is nothing, absent is anything."""
        if was is False or now is False:
            self.tell(place, was, now, direction=ChangeDirection.WIDENED if was is False else ChangeDirection.NARROWED)
        elif was is None or now is None:
            opened = now is None
            if not self._means_nothing(was, now, key):
                self.tell(place, was, now, direction=ChangeDirection.WIDENED if opened else ChangeDirection.NARROWED)
        else:
            self.schema(was, now, place, fb, fa)

    def _means_nothing(self, was: Any, now: Any, key: str) -> bool:
        return key == "items" and normal(was) == normal(now) == {}


def _single(types: Any) -> Any:
    return types[0] if isinstance(types, list) and len(types) == 1 else types


def _names(value: Any) -> set[str]:
    return {str(each) for each in value} if isinstance(value, list) else set()


def _refers(value: Any) -> bool:
    return '"$ref"' in canonical_text(value)


def _rank(schema: Any) -> str:
    """Return what tells the alternatives of a union apart: a reference, else type and title, else all of it."""
    if isinstance(schema, dict) and isinstance(schema.get("$ref"), str):
        return f"0{schema['$ref']}"
    if isinstance(schema, dict) and "title" in schema:
        return f"1{schema['title']}"
    return f"2{canonical_text(schema)}"


def part_differences(
    before: Resolver, after: Resolver, start: Found, known: dict[tuple[str, str, bool], Found], inside: str = ""
) -> Iterator[FieldDifference]:
    """Yield the differences of all pairs of shared parts reached from a comparison; `known` keeps them for the next one.

    `inside` is the place of the schema that the parts belong to, where they are its own.
    """
    waiting, seen = list(start.pairs.items()), set(start.pairs)
    while waiting:
        pair, (b, fb, a, fa) = waiting.pop()
        if pair not in known:
            walk = Walk(before, after)
            place = _place(pair[1], inside)
            if pair[2]:
                walk.schema(b, a, place, fb, fa)
            else:
                walk.node(b, a, place, fb, fa)
            known[pair] = walk.found
        yield from known[pair].differences
        new = {key: value for key, value in known[pair].pairs.items() if key not in seen}
        seen.update(new)
        waiting.extend(new.items())


def _place(address: str, inside: str) -> str:
    """Return the address of a part as the beginning of a field: `components.schemas.Order`."""
    file, sign, pointer = address.rpartition("#")
    path = pointer.strip("/").replace("/", ".")
    return f"{inside}.{path}" if inside else f"{file}{sign}{path}"
