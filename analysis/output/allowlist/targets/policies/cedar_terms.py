"""Conditions as expressions of Cedar.

Cedar knows whole numbers, texts, booleans and sets; a value of another type makes an expression an error, and a policy with
an error permits nothing. A limit on numbers that may have a fraction is therefore not expressed: it would refuse them all.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from analysis.model import ConditionKind
from analysis.output.allowlist.written import can_be_written

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_PLAIN: Final = re.compile(r"[ !#-\[\]-~]", re.ASCII)
_BOUNDS: Final = {"minimum": ">=", "maximum": "<=", "exclusiveMinimum": ">", "exclusiveMaximum": "<"}
_KINDS: Final = {"integer": int, "string": str, "boolean": bool}
#: Bounds of a whole number of Cedar.
_LARGEST: Final = 2**63 - 1


def cedar_string(text: str) -> str:
    """Return a Cedar string in ASCII."""
    return '"' + "".join(c if _PLAIN.fullmatch(c) else f"\\u{{{ord(c):x}}}" for c in text) + '"'


def any_of(expressions: Sequence[str]) -> str:
    """Return the expression that is true when one of some is."""
    return expressions[0] if len(expressions) == 1 else f"({' || '.join(expressions)})"


def limit(terms: Mapping[str, Any], inputs: str) -> str:
    """Return the expression for the limit of a parameter of the record `inputs`; empty when none says it exactly."""
    names = str(terms["parameter"]).split(".")
    if not can_be_written(terms["parameter"]):
        return ""
    sent, at = [], inputs
    for name in names:
        sent.append(f"{at} has {cedar_string(name)}")
        at += f"[{cedar_string(name)}]"
    if terms["forbidden"]:
        return f"!({' && '.join(sent)})"
    allowed = _value(terms["schema"], at)
    return " && ".join([*sent, *allowed]) if allowed else ""


def _value(schema: Mapping[str, Any], at: str) -> list[str]:
    """Return what has to be true of a value."""
    if schema.keys() <= {"enum", "const", "type"} and len(schema.keys() & {"enum", "const"}) == 1:
        listed = schema["enum"] if "enum" in schema else [schema["const"]]
        kind = _KINDS.get(schema.get("type", ""), object)
        if "type" in schema and kind is object:
            return []
        texts = [
            _literal(value)
            for value in listed
            if isinstance(value, kind) and (kind is not int or not isinstance(value, bool))
        ]
        return [f"[{', '.join(texts)}].contains({at})"] if texts and all(texts) else []
    if schema.get("type") == "integer" and schema.keys() <= {"type", *_BOUNDS}:
        bounds = {sign: schema[name] for name, sign in _BOUNDS.items() if name in schema}
        if bounds and all(_is_whole(value) for value in bounds.values()):
            return [f"{at} {sign} {value}" for sign, value in bounds.items()]
    return []


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _LARGEST


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if _is_whole(value):
        return str(value)
    return cedar_string(value) if isinstance(value, str) and can_be_written(value) else ""


def is_limit(condition: Mapping[str, Any]) -> bool:
    """Whether a condition limits a parameter."""
    return bool(condition["kind"] == ConditionKind.PARAMETERS)
