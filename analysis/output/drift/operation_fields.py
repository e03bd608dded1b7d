"""Two definitions of one capability, field by field; here those of operations: credentials, servers, inputs, outputs."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from analysis.output.drift.call_sides import compare_parameters, of_input, of_output
from analysis.output.drift.definition_trees import Resolver, SharedParts, tree_of, walk_values
from analysis.output.drift.differences import ORDER, FieldDifference, canonical_text, in_one_order, same
from analysis.output.drift.entry_fields import entry_differences, hint_differences
from analysis.output.drift.records import ChangeDirection, ChangeGroup
from analysis.output.drift.tree_walk import Found, Walk, part_differences

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from analysis.model import Tool

#: Members of an operation that are compared by themselves.
_OWN: Final = frozenset(
    {
        "method",
        "path",
        "security",
        "schemes",
        "servers",
        "shared",
        "parameters",
        "requestBody",
        "operationId",
        "operation",
    }
)
_TEMPLATE: Final = re.compile(r"\{([^{}]*)\}")


class Comparison:
    """Comparisons of the definitions of one source before and after; shared parts are compared once."""

    def __init__(self, before: SharedParts, after: SharedParts) -> None:
        self._before = before
        self._after = after
        self._known: dict[tuple[str, str, bool], Found] = {}

    def differences(self, before: Tool, after: Tool) -> list[FieldDifference]:
        """Return what differs between two definitions, each difference once."""
        b, a = tree_of(before, self._before), tree_of(after, self._after)
        found = [*hint_differences(before, after), *_without_repetitions(self._parts(b, a))]
        if not found and self._forms(b, after=False) == self._forms(a, after=True):
            return [
                FieldDifference(ORDER, None, None, ChangeGroup.SERIALISATION, why="another order, which means nothing")
            ]
        if not found:
            found = [*self._other_spelling(b, a)] or [FieldDifference("definition", before.digest, after.digest)]
        return found

    def strings(self, tool: Tool, *, after: bool) -> set[str]:
        """Return all texts of a definition and of the shared parts that it refers to."""
        parts = self._after if after else self._before
        tree = {key: value for key, value in tree_of(tool, parts).items() if key != "schemes"}
        return self.resolver(after=after).strings(tree)

    def resolver(self, *, after: bool) -> Resolver:
        """Return what resolves references into the shared parts of one side."""
        return Resolver(self._after if after else self._before)

    def _forms(self, tree: dict[str, Any], *, after: bool) -> dict[str, str]:
        """Return a definition and the shared parts that it refers to, by address, in an order that means nothing."""
        resolver = self.resolver(after=after)
        found = {"": canonical_text(in_one_order(tree))}
        waiting: list[tuple[Any, str]] = [(tree, "")]
        while waiting:
            node, file = waiting.pop()
            target = resolver.target(node, file)
            if target is not None and target[0] not in found:
                found[target[0]] = canonical_text(in_one_order(target[1]))
                waiting.append(target[1:])
            inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
            waiting.extend((each, file) for each in inner)
        return found

    def _parts(self, b: dict[str, Any], a: dict[str, Any]) -> Iterator[FieldDifference]:
        if "operation" not in b or "operation" not in a:
            yield from entry_differences(b, a)
            return
        inputs, rest = (Walk(self.resolver(after=False), self.resolver(after=True)) for _ in range(2))
        self._head(rest, b, a)
        _parameters(inputs, b, a, _renamed(rest, str(b.get("path")), str(a.get("path"))))
        inputs.member("requestBody", b, a, "requestBody", "", "")
        said = {"stated_servers"} if not same(b.get("servers"), a.get("servers")) else set()
        for key in sorted({*b, *a} - _OWN - said):
            rest.member(key, b, a, key, "", "")
        yield from map(of_input, inputs.found.differences)
        yield from map(of_input, part_differences(inputs.before, inputs.after, inputs.found, self._known))
        yield from map(of_output, rest.found.differences)
        yield from map(of_output, part_differences(rest.before, rest.after, rest.found, self._known))

    def _head(self, walk: Walk, b: dict[str, Any], a: dict[str, Any]) -> None:
        self._security(walk, b, a)
        if not same(b.get("servers"), a.get("servers")):
            walk.tell("servers", b.get("servers"), a.get("servers"))
        if b.get("operationId") != a.get("operationId"):
            walk.tell("operationId", b.get("operationId"), a.get("operationId"), group=ChangeGroup.NAME)

    def _security(self, walk: Walk, b: dict[str, Any], a: dict[str, Any]) -> None:
        was, now = _scopes(b), _scopes(a)
        for scheme in sorted(was.keys() & now.keys()):
            if was[scheme] != now[scheme]:
                more = now[scheme] - was[scheme]
                direction = ChangeDirection.WIDENED if more else ChangeDirection.NARROWED
                walk.tell(f"scopes.{scheme}", sorted(was[scheme]), sorted(now[scheme]), direction=direction)
        without = [
            sorted(sorted([name, kind] for name, kind, _ in uses) for uses in side.get("security", ()))
            for side in (b, a)
        ]
        if not same(*without):
            opened = ([] in without[1] and [] not in without[0]) or (not without[1] and bool(without[0]))
            walk.tell(
                "security",
                b["security"],
                a["security"],
                direction=ChangeDirection.WIDENED if opened else ChangeDirection.NONE,
            )
        for name in sorted(b.get("schemes", {}).keys() & a.get("schemes", {}).keys()):
            one, other = b["schemes"][name], a["schemes"][name]
            if one != other:
                was, now = (side.at(f"security scheme {name}") for side in (self._before, self._after))
                known = was is not None and now is not None
                walk.node(was if known else one, now if known else other, f"securitySchemes.{name}")

    def _other_spelling(self, b: dict[str, Any], a: dict[str, Any]) -> Iterator[FieldDifference]:
        """Yield what two definitions that mean the same write differently."""
        was, now = (dict(walk_values(side)) for side in (b, a))
        for place in sorted({*was, *now}):
            if place not in was or place not in now or not same(was[place], now[place]):
                yield FieldDifference(place, was.get(place), now.get(place), ChangeGroup.SERIALISATION)


def _without_repetitions(found: Iterator[FieldDifference]) -> Iterator[FieldDifference]:
    seen: set[tuple[str, str]] = set()
    for each in found:
        key = (each.field, json.dumps([each.before, each.after], sort_keys=True))
        if key not in seen:
            seen.add(key)
            yield each


def _scopes(tree: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for uses in tree.get("security", ()):
        for name, _, scopes in uses:
            found[name] = found.get(name, frozenset()) | frozenset(scopes)
    return found


def _renamed(walk: Walk, was: str, now: str) -> dict[str, str]:
    """Return the parameters of a path that have another name now, by their earlier one."""
    if was == now:
        return {}
    before, after = _TEMPLATE.findall(was), _TEMPLATE.findall(now)
    walk.tell("path", was, now)
    return {b: a for b, a in zip(before, after, strict=False) if b != a} if len(before) == len(after) else {}


def _parameters(walk: Walk, b: dict[str, Any], a: dict[str, Any], renamed: Mapping[str, str]) -> None:
    was, now = _listed(walk.before, b, renamed), _listed(walk.after, a, {})
    for place, name in sorted({*was, *now}):
        at = f"parameters.{place}.{name}"
        one, other = was.get((place, name)), now.get((place, name))
        if one is None and other is not None:
            optional = other.get("required") is not True
            group = ChangeGroup.OPTIONAL_INPUT if optional else ChangeGroup.CONTRACT
            direction = ChangeDirection.WIDENED if optional else ChangeDirection.NONE
            walk.tell(
                at, None, other, group=group, direction=direction, why="" if optional else "a caller has to send it"
            )
        elif one is not None and other is None:
            walk.tell(at, one, None, direction=ChangeDirection.NARROWED)
        elif one is not None and other is not None:
            compare_parameters(walk, one, other, at)


def _listed(
    resolver: Resolver, tree: Mapping[str, Any], renamed: Mapping[str, str]
) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the parameters of an operation by place and name; its own count before those of its path."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for listed in (tree.get("shared"), tree.get("parameters")):
        for each in listed if isinstance(listed, list) else ():
            stated, _ = resolver.resolved(each, "")
            if isinstance(stated, dict):
                place, name = str(stated.get("in")), str(stated.get("name"))
                found[place, renamed.get(name, name) if place == "path" else name] = stated
    return found
