"""Two entries of a list of tools, resources or prompts, field by field: hints, inputs, outputs, texts, and the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from analysis.model import DefinitionTexts, SourceId
from analysis.output.drift.call_sides import compare_parameters, of_input, of_output
from analysis.output.drift.definition_trees import Resolver, SharedParts
from analysis.output.drift.differences import FieldDifference
from analysis.output.drift.records import ChangeDirection, ChangeGroup
from analysis.output.drift.tree_walk import Walk, part_differences

if TYPE_CHECKING:
    from collections.abc import Iterator

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
_IDENTITIES: Final = frozenset({"name", "uri", "uriTemplate", "uri_template"})
#: What the absence of an object means, by the specification of MCP.
_ABSENT: Final[dict[str, Any]] = {"execution": {"taskSupport": "forbidden"}}
_NO_TEXTS: Final = DefinitionTexts(SourceId(""), {}, ())
_NOWHERE: Final = Resolver(SharedParts(_NO_TEXTS))


def hint_differences(before: Tool, after: Tool) -> Iterator[FieldDifference]:
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
        yield FieldDifference(f"annotations.{name}", one, other, group)


def entry_differences(b: dict[str, Any], a: dict[str, Any], place: str = "") -> Iterator[FieldDifference]:
    """Yield what differs between two entries of a list of tools, resources or prompts, apart from hints and identity."""
    for key in sorted({*b, *a} - _IDENTITIES):
        at = f"{place}{key}"
        was, now = (side.get(key, _ABSENT.get(key)) for side in (b, a))
        if key in _INPUTS | _OUTPUTS and (_is_schema(was) or _is_schema(now)):
            yield from _schema(key, was, now, at)
        elif key in _WRAPPERS and isinstance(was, dict) and isinstance(now, dict):
            yield from entry_differences(was, now, f"{at}.")
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


def _schema(key: str, was: Any, now: Any, place: str) -> Iterator[FieldDifference]:
    """Yield what differs between two schemas whose references lead into themselves."""
    if was is None or now is None:
        output = key in _OUTPUTS
        why = "what comes back is described" if output and was is None else ""
        yield FieldDifference(
            place, was, now, why=why, direction=ChangeDirection.NONE if output else ChangeDirection.WIDENED
        )
        return
    # The arguments and the structured result of a tool are objects, whether the schema says so or not.
    was, now = ({"type": "object", **side} if isinstance(side, dict) else side for side in (was, now))
    walk = Walk(*(Resolver(SharedParts(_NO_TEXTS), side) for side in (was, now)))
    walk.schema(was, now, place)
    found = [*walk.found.differences]
    found += part_differences(walk.before, walk.after, walk.found, {}, place)
    yield from map(of_output if key in _OUTPUTS else of_input, found)


def _arguments(was: list[Any], now: list[Any]) -> Iterator[FieldDifference]:
    """Yield what differs between the arguments of two prompts, by name."""
    b, a = ({str(x.get("name")): x for x in side if isinstance(x, dict)} for side in (was, now))
    for name in sorted({*b, *a}):
        if name not in b:
            optional = a[name].get("required") is not True
            group = ChangeGroup.OPTIONAL_INPUT if optional else ChangeGroup.CONTRACT
            yield FieldDifference(
                f"arguments.{name}", None, a[name], group, ChangeDirection.WIDENED if optional else ChangeDirection.NONE
            )
        elif name not in a:
            yield FieldDifference(f"arguments.{name}", b[name], None, direction=ChangeDirection.NARROWED)
        else:
            walk = Walk(_NOWHERE, _NOWHERE)
            compare_parameters(walk, b[name], a[name], f"arguments.{name}")
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
