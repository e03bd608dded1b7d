"""The checks of a policy file: those of the published schema, then those that a schema cannot express."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from analysis.model import ConditionKind
from analysis.model.parameter_limit import NotTyped
from analysis.model.terms import read_terms
from analysis.text import visible
from analysis.words import nearest

if TYPE_CHECKING:
    from collections.abc import Collection

    from jsonschema import ValidationError

    from analysis.policy.document import Document

#: Names that fit into one line of a message.
_LISTED: Final = 16
_TYPES: Final = {"object": "a mapping", "array": "a list", "string": "a text", "integer": "a whole number"}


def check(document: Document, rules: Collection[str], kinds: Collection[str]) -> None:
    """Report whatever the schema refuses, unknown rule ids and kinds of words, and days that no calendar has."""
    schema = json.loads(Path(__file__).with_name("policy.schema.json").read_bytes())
    check_by_schema(document, schema, "policy")
    for section, known in (("rules", rules), ("vocabulary", kinds)):
        for name in _mapping(document.data, section):
            if name not in known:
                report_unknown(document, (section, name), name, known)
    for kind in _mapping(document.data, "conditions"):
        for name, value in _mapping(document.data["conditions"], kind).items():
            if name in set(ConditionKind) and isinstance(value, str | int) and str(value).strip():
                _check_condition(document, ("conditions", kind, name), str(value))
    for number, rule in enumerate(document.data.get("baseline", ()) if isinstance(document.data, dict) else ()):
        for name, value in _mapping(rule, "conditions").items():
            if name in set(ConditionKind) and isinstance(value, str | int) and str(value).strip():
                _check_condition(document, ("baseline", number, "conditions", name), str(value))
    document.problems.sort(key=lambda problem: problem.line or 0)


def check_by_schema(document: Document, schema: dict[str, Any], name: str) -> None:
    """Report whatever a schema refuses, with the line and key of each; `name` is that under which it is published."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - only a file that is imported needs it

    for error in Draft202012Validator(schema).iter_errors(document.data):
        _report(document, error, name)


def _mapping(data: Any, name: str) -> dict[str, Any]:
    """Return a mapping of a mapping; an empty one where either is something else, which the schema refuses."""
    found = data.get(name) if isinstance(data, dict) else None
    return found if isinstance(found, dict) else {}


def _check_condition(document: Document, place: tuple[str | int, ...], value: str) -> None:
    """Report a condition that nothing could check; its kind is the last part of its place."""
    try:
        read_terms(ConditionKind(str(place[-1])), value)
    except NotTyped as refused:
        document.report(place, str(refused), refused.remedy)


def _report(document: Document, error: ValidationError, name_of_schema: str) -> None:
    """Report an error of the schema in our words: what is wrong and, from the schema, what to write."""
    path, value, stated = tuple(error.absolute_path), error.instance, error.validator_value
    schema = error.schema if isinstance(error.schema, dict) else {}
    remedy = str(schema.get("description", f"see: clearance schema {name_of_schema}"))
    remedy = remedy[:1].lower() + remedy[1:].rstrip(".")
    fields = schema.get("properties", {})
    match error.validator:
        case "additionalProperties":
            for name in value.keys() - fields.keys():
                report_unknown(document, (*path, name), name, fields)
        case "required":
            for name in [name for name in stated if name not in value]:
                document.report(path, f"{name} is missing", f"add {name}: {fields.get(name, {}).get('const', '…')}")
        case "enum" | "const":
            report_unknown(document, path, value, stated if isinstance(stated, list) else [str(stated)])
        case "type":
            kind = stated if isinstance(stated, str) else stated[0]
            said = f"a mapping with {', '.join(fields)}" if fields else _TYPES[kind]
            document.report(path, f"this has to be {_TYPES[kind]}", remedy if not fields else f"write {said}")
        case _:
            what = "this is empty" if value in ("", []) else f"{visible(str(value), 40)!r} does not fit"
            document.report(path, what, remedy)


def report_unknown(document: Document, path: tuple[str | int, ...], value: Any, known: Collection[str]) -> None:
    """Report a name that is none of those known, with the most similar one."""
    near = nearest(str(value)[:80], list(known))
    more = f" and {len(known) - _LISTED} more" if len(known) > _LISTED else ""
    remedy = f"did you mean {near}?" if near else f"allowed are {', '.join(list(known)[:_LISTED])}{more}"
    document.report(path, f"{visible(str(value), 80)!r} is not known here", remedy)
