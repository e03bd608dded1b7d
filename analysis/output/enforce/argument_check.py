"""Checks the arguments of a call: the input schema of the approved definition, and the limits that people set.

Messages name the argument and the rule, never a value: it may be a secret.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from analysis.model.parameter_limit import ParameterLimit

#: Maximum number of faults named to the caller.
_MAX_FAULTS: Final = 3
#: Keywords whose value in the schema helps the caller, and is text of the approved definition or of a condition.
_SHOWN: Final = frozenset(
    {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength", "minItems", "maxItems",
     "type", "enum", "const", "multipleOf", "pattern", "format", "required"}
)  # fmt: skip


class UncheckableSchema(ValueError):
    """A schema that arguments cannot be checked against, with the reason."""


@dataclass(frozen=True, slots=True)
class ArgumentCheck:
    """The checks of one tool, made once: the input schema and the limits."""

    schema: Any
    limits: Any

    def schema_fault(self, arguments: Mapping[str, Any]) -> str:
        """Return what the arguments violate of the input schema, in words; empty when nothing."""
        return _faults(self.schema, arguments)

    def limit_fault(self, arguments: Mapping[str, Any]) -> str:
        """Return which limit the arguments exceed, in words; empty when none."""
        return _faults(self.limits, arguments)


def argument_check(schema: Mapping[str, Any], limits: Iterable[ParameterLimit]) -> ArgumentCheck:
    """Return the checks for an input schema and limits. Raises `UncheckableSchema`.

    No reference of a schema is fetched from anywhere. A limit on a parameter that the schema does not have could not
    be told from a limit on nothing, so it is refused.
    """
    limits = tuple(limits)
    properties = schema.get("properties")
    known = properties if isinstance(properties, dict) else {}
    for limit in limits:
        if limit.parameter.split(".")[0] not in known and not limit.forbidden:
            raise UncheckableSchema(f"there is no parameter {visible(limit.parameter, 80)} to limit")
    return ArgumentCheck(
        _validator(schema),
        _validator({"type": "object", "allOf": [each.argument_schema() for each in limits] or [True]}),
    )


def _validator(schema: Mapping[str, Any]) -> Any:
    from jsonschema import Draft202012Validator, SchemaError, validators  # noqa: PLC0415 - only the gateway validates
    from referencing import Registry  # noqa: PLC0415 - comes with it

    kind = validators.validator_for(schema, default=Draft202012Validator)
    try:
        kind.check_schema(schema)
    except SchemaError as error:
        raise UncheckableSchema(f"its input schema is not valid: {visible(error.message, 120)}") from None
    return kind(schema, registry=Registry())


def _faults(validator: Any, arguments: Mapping[str, Any]) -> str:
    from referencing.exceptions import Unresolvable  # noqa: PLC0415 - comes with jsonschema

    faults: list[str] = []
    try:
        for error in validator.iter_errors(arguments):
            faults.append(_words(error))
            if len(faults) == _MAX_FAULTS:
                break
    except Unresolvable:
        return "its input schema refers to something that the definition does not hold"
    except RecursionError:
        return "the arguments are nested too deeply to be checked"
    return "; ".join(faults)


def _words(error: Any) -> str:
    place = ".".join(visible(str(part), 40) for part in error.absolute_path) or "the arguments"
    keyword = str(error.validator)
    if keyword == "required":
        missing = [name for name in error.validator_value if name not in error.instance]
        return f"{place} lack {visible(', '.join(map(str, missing)), 120)}"
    if keyword == "additionalProperties":
        return f"{place} have a field that the definition does not declare"
    if keyword == "not":
        return f"{place} may not be sent"
    if keyword in _SHOWN:
        return f"{place} must meet {keyword} {visible(str(error.validator_value), 120)}"
    return f"{place} does not meet {keyword or 'the schema'}"
