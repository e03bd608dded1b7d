"""What a difference means on the side of the caller, and on the side of the result; and how parameters are compared."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from analysis.output.drift.records import ChangeDirection, ChangeGroup

if TYPE_CHECKING:
    from analysis.output.drift.differences import FieldDifference
    from analysis.output.drift.tree_walk import Walk

#: Keywords that restrict what may be sent, without taking away anything that has a name.
_RESTRICTING: Final = frozenset(
    {
        "additionalProperties", "unevaluatedProperties", "type", "pattern", "format", "multipleOf", "uniqueItems",
        "maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties",
        "minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties",
    }
)  # fmt: skip
_ABOUT: Final = frozenset({"name", "in", "description", "required", "example", "examples", "deprecated"})


def of_input(each: FieldDifference) -> FieldDifference:
    """Return a difference of what may be sent: one that only restricts it brings nothing in."""
    restricts = each.direction is ChangeDirection.NARROWED and each.field.rpartition(".")[2] in _RESTRICTING
    return replace(each, group=ChangeGroup.NARROWER_INPUT) if restricts else each


def of_output(each: FieldDifference) -> FieldDifference:
    """Return a difference of what comes back: no one sends it, so a new field is no optional input."""
    return replace(each, group=ChangeGroup.CONTRACT) if each.group is ChangeGroup.OPTIONAL_INPUT else each


def compare_parameters(walk: Walk, b: dict[str, Any], a: dict[str, Any], place: str) -> None:
    """Compare two parameters; those of Swagger 2.0 are schemas themselves."""
    inline = "schema" not in b and "schema" not in a and "content" not in b and "content" not in a
    for key in sorted(({*b, *a} & _ABOUT) - {"name", "in"} if inline else {*b, *a} - {"name", "in"}):
        one, other = ({**side, key: side.get(key, False)} if key == "required" else side for side in (b, a))
        walk.member(key, one, other, f"{place}.{key}", "", "")
    if inline:
        one, other = ({k: v for k, v in side.items() if k not in _ABOUT} for side in (b, a))
        walk.schema(one, other, place)
