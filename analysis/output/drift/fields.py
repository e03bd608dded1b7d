"""Two definitions of one capability, field by field: hints, credentials, servers, inputs, outputs, texts, and the rest."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from analysis.model import DefinitionTexts, SourceId
from analysis.model.drift import ChangeGroup, Direction
from analysis.output.drift.differences import Difference, same
from analysis.output.drift.texts import Resolver, SharedParts, tree_of, walk_values
from analysis.output.drift.walk import Found, Walk, part_differences

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from analysis.model import Tool

#: Keys of the schemas of a tool, as MCP, model providers and agent frameworks name them.
_INPUTS: Final = frozenset(
    {"inputSchema", "input_schema", "parameters", "parametersJsonSchema", "args_schema", "argsSchema"}
)
_OUTPUTS: Final = frozenset({"outputSchema", "output_schema", "responseJsonSchema", "returns"})
_WRAPPERS: Final = frozenset({"function", "toolSpec", "tool_spec", "tool"})
#: Objects that hold hints, and the hints in the one spelling that folding gives them.
_HOLDERS: Final = frozenset({"annotations", "toolAnnotations", "tool_annotations", "metadata", "_meta", "meta"})
_HINT_WORDS: Final = frozenset({"readonlyhint", "destructivehint", "idempotenthint", "openworldhint"})
#: What a hint means that is not declared, by the specification of MCP.
_HINT_DEFAULTS: Final = {
    "readOnlyHint": False, "destructiveHint": True, "idempotentHint": False, "openWorldHint": True,
}  # fmt: skip
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
_IDENTITIES: Final = frozenset({"name", "uri", "uriTemplate", "uri_template"})
#: Keywords that restrict what may be sent, without taking away anything that has a name.
_RESTRICTING: Final = frozenset(
    {
        "additionalProperties", "unevaluatedProperties", "type", "pattern", "format", "multipleOf", "uniqueItems",
        "maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties",
        "minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties",
    }
)  # fmt: skip
#: What the absence of an object means, by the specification of MCP.
_ABSENT: Final[dict[str, Any]] = {"execution": {"taskSupport": "forbidden"}}
_TEMPLATE: Final = re.compile(r"\{([^{}]*)\}")
_ABOUT: Final = frozenset({"name", "in", "description", "required", "example", "examples", "deprecated"})


class Comparison:
    """Comparisons of the definitions of one source before and after; shared parts are compared once."""

    def __init__(self, before: SharedParts, after: SharedParts) -> None:
        self._before = before
        self._after = after
        self._known: dict[tuple[str, str, bool], Found] = {}

    def differences(self, before: Tool, after: Tool) -> list[Difference]:
        """Return what differs between two definitions, each difference once."""
        b, a = tree_of(before, self._before), tree_of(after, self._after)
        found = [*_hints(before, after), *_without_repetitions(self._parts(b, a))]
        if not found:
            found = [*self._other_spelling(b, a)] or [Difference("definition", before.digest, after.digest)]
        return found

    def strings(self, tool: Tool, *, after: bool) -> set[str]:
        """Return all texts of a definition and of the shared parts that it refers to."""
        parts = self._after if after else self._before
        tree = {key: value for key, value in tree_of(tool, parts).items() if key != "schemes"}
        return self.resolver(after=after).strings(tree)

    def resolver(self, *, after: bool) -> Resolver:
        """Return what resolves references into the shared parts of one side."""
        return Resolver(self._after if after else self._before)

    def _parts(self, b: dict[str, Any], a: dict[str, Any]) -> Iterator[Difference]:
        if "operation" not in b or "operation" not in a:
            yield from _entry(b, a)
            return
        inputs, rest = (Walk(self.resolver(after=False), self.resolver(after=True)) for _ in range(2))
        self._head(rest, b, a)
        _parameters(inputs, b, a, _renamed(rest, str(b.get("path")), str(a.get("path"))))
        inputs.member("requestBody", b, a, "requestBody", "", "")
        said = {"stated_servers"} if not same(b.get("servers"), a.get("servers")) else set()
        for key in sorted({*b, *a} - _OWN - said):
            rest.member(key, b, a, key, "", "")
        yield from map(_of_input, inputs.found.differences)
        yield from map(_of_input, part_differences(inputs.before, inputs.after, inputs.found, self._known))
        yield from map(_of_output, rest.found.differences)
        yield from map(_of_output, part_differences(rest.before, rest.after, rest.found, self._known))

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
                direction = Direction.WIDENED if more else Direction.NARROWED
                walk.tell(f"scopes.{scheme}", sorted(was[scheme]), sorted(now[scheme]), direction=direction)
        without = [[[[name, kind] for name, kind, _ in uses] for uses in side.get("security", ())] for side in (b, a)]
        if not same(*without):
            opened = ([] in without[1] and [] not in without[0]) or (not without[1] and bool(without[0]))
            walk.tell(
                "security", b["security"], a["security"], direction=Direction.WIDENED if opened else Direction.NONE
            )
        for name in sorted(b.get("schemes", {}).keys() & a.get("schemes", {}).keys()):
            one, other = b["schemes"][name], a["schemes"][name]
            if one != other:
                walk.node(_scheme(self._before, one), _scheme(self._after, other), f"securitySchemes.{name}")

    def _other_spelling(self, b: dict[str, Any], a: dict[str, Any]) -> Iterator[Difference]:
        """Yield what two definitions that mean the same write differently."""
        was, now = (dict(walk_values(side)) for side in (b, a))
        for place in sorted({*was, *now}):
            if place not in was or place not in now or not same(was[place], now[place]):
                yield Difference(place, was.get(place), now.get(place), ChangeGroup.SERIALISATION)


def _scheme(parts: SharedParts, digest: str) -> Any:
    """Return a security scheme by its digest; the digest where its text is not known."""
    text = parts.text(digest)
    return json.loads(text) if text else digest


def _of_input(each: Difference) -> Difference:
    """Return a difference of what may be sent: one that only restricts it brings nothing in."""
    restricts = each.direction is Direction.NARROWED and each.field.rpartition(".")[2] in _RESTRICTING
    return replace(each, group=ChangeGroup.NARROWER_INPUT) if restricts else each


def _of_output(each: Difference) -> Difference:
    """Return a difference of what comes back: no one sends it, so a new field is no optional input."""
    return replace(each, group=ChangeGroup.CONTRACT) if each.group is ChangeGroup.OPTIONAL_INPUT else each


def _without_repetitions(found: Iterator[Difference]) -> Iterator[Difference]:
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
            direction = Direction.WIDENED if optional else Direction.NONE
            walk.tell(
                at, None, other, group=group, direction=direction, why="" if optional else "a caller has to send it"
            )
        elif one is not None and other is None:
            walk.tell(at, one, None, direction=Direction.NARROWED)
        elif one is not None and other is not None:
            _parameter(walk, one, other, at)


def _parameter(walk: Walk, b: dict[str, Any], a: dict[str, Any], place: str) -> None:
    """Compare two parameters; those of Swagger 2.0 are schemas themselves."""
    inline = "schema" not in b and "schema" not in a and "content" not in b and "content" not in a
    for key in sorted(({*b, *a} & _ABOUT) - {"name", "in"} if inline else {*b, *a} - {"name", "in"}):
        one, other = ({**side, key: side.get(key, False)} if key == "required" else side for side in (b, a))
        walk.member(key, one, other, f"{place}.{key}", "", "")
    if inline:
        one, other = ({k: v for k, v in side.items() if k not in _ABOUT} for side in (b, a))
        walk.schema(one, other, place)


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


_NO_TEXTS: Final = DefinitionTexts(SourceId(""), {}, ())
_NOWHERE: Final = Resolver(SharedParts(_NO_TEXTS))


# capabilities of MCP servers -----------------------------------------------------------------------------------


def _hints(before: Tool, after: Tool) -> Iterator[Difference]:
    """Yield the hints that differ. One that is gone means its default again; without readOnlyHint nothing says harmless."""
    was, now = dict(before.hints), dict(after.hints)
    for name in sorted({*was, *now}):
        one, other = was.get(name), now.get(name)
        if one == other:
            continue
        if one is None:
            group = ChangeGroup.HINTS_ADDED
        elif other is None and one == _HINT_DEFAULTS.get(name) and name != "readOnlyHint":
            group = ChangeGroup.SERIALISATION
        else:
            group = ChangeGroup.HINTS_CHANGED
        yield Difference(f"annotations.{name}", one, other, group)


def _entry(b: dict[str, Any], a: dict[str, Any], place: str = "") -> Iterator[Difference]:
    """Yield what differs between two entries of a list of tools, resources or prompts, apart from hints and identity."""
    for key in sorted({*b, *a} - _IDENTITIES):
        at = f"{place}{key}"
        was, now = (side.get(key, _ABSENT.get(key)) for side in (b, a))
        if key in _INPUTS | _OUTPUTS and (_is_schema(was) or _is_schema(now)):
            yield from _schema(key, was, now, at)
        elif key in _WRAPPERS and isinstance(was, dict) and isinstance(now, dict):
            yield from _entry(was, now, f"{at}.")
        elif key == "arguments" and isinstance(was, list) and isinstance(now, list):
            yield from _arguments(was, now)
        else:
            if key in _HOLDERS:
                was, now = _without_hints(was), _without_hints(now)
            walk = Walk(_NOWHERE, _NOWHERE)
            walk.member(key, {key: was} if was is not None else {}, {key: now} if now is not None else {}, at, "", "")
            yield from walk.found.differences


def _is_schema(value: Any) -> bool:
    return isinstance(value, dict | bool)


def _schema(key: str, was: Any, now: Any, place: str) -> Iterator[Difference]:
    """Yield what differs between two schemas whose references lead into themselves."""
    if was is None or now is None:
        output = key in _OUTPUTS
        why = "what comes back is described" if output and was is None else ""
        yield Difference(place, was, now, why=why, direction=Direction.NONE if output else Direction.WIDENED)
        return
    # The arguments and the structured result of a tool are objects, whether the schema says so or not.
    was, now = ({"type": "object", **side} if isinstance(side, dict) else side for side in (was, now))
    walk = Walk(*(Resolver(SharedParts(_NO_TEXTS), side) for side in (was, now)))
    walk.schema(was, now, place)
    found = [*walk.found.differences]
    found += part_differences(walk.before, walk.after, walk.found, {}, place)
    yield from map(_of_output if key in _OUTPUTS else _of_input, found)


def _arguments(was: list[Any], now: list[Any]) -> Iterator[Difference]:
    """Yield what differs between the arguments of two prompts, by name."""
    b, a = ({str(x.get("name")): x for x in side if isinstance(x, dict)} for side in (was, now))
    for name in sorted({*b, *a}):
        if name not in b:
            optional = a[name].get("required") is not True
            group = ChangeGroup.OPTIONAL_INPUT if optional else ChangeGroup.CONTRACT
            yield Difference(
                f"arguments.{name}", None, a[name], group, Direction.WIDENED if optional else Direction.NONE
            )
        elif name not in a:
            yield Difference(f"arguments.{name}", b[name], None, direction=Direction.NARROWED)
        else:
            walk = Walk(_NOWHERE, _NOWHERE)
            _parameter(walk, b[name], a[name], f"arguments.{name}")
            yield from walk.found.differences


def _without_hints(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    kept = {
        key: _without_hints(each) if key in _HOLDERS else each
        for key, each in value.items()
        if not (isinstance(each, bool) and key.replace("_", "").replace("-", "").lower() in _HINT_WORDS)
    }
    return kept or None
