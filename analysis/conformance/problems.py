"""Problems of one OpenAPI document, from openapi-core's validators and our own checks. Opens no reference.

Meant for a separate process (see `process`): an untrusted document can make a validator run forever.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, NoReturn

from analysis.conformance.own_checks import own_problems
from analysis.ingest.document.canonical_json import child
from analysis.ingest.document.loading import Limits
from analysis.ingest.document.references import DocumentSet
from analysis.model import Level, Problem
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.ingest.document.reader import Parsed

_MAX_TEXT: Final = 300
#: Maximum depth at which a part that fails is skipped; deeper, too little of the stack is left to continue.
_MAX_SKIP_DEPTH: Final = 8
#: Maximum length of a value shown in a message, characters.
_MAX_VALUE: Final = 60
#: False report: the validator's copy of the schema predates the `server` of a link.
_OUTDATED: Final = re.compile(r"/links/[^/]+ Unevaluated properties are not allowed \('server' was unexpected\)")
_VALIDATORS: Final = {
    "2.0": "OpenAPIV2SpecValidator",
    "3.0": "OpenAPIV30SpecValidator",
    "3.1": "OpenAPIV31SpecValidator",
    "3.2": "OpenAPIV32SpecValidator",
}


class RefuseReferences(dict[str, Any]):
    """Reference handlers for a `SchemaPath` that refuse everything; an empty mapping falls back to the network."""

    def __contains__(self, scheme: object) -> bool:
        return True

    def __getitem__(self, scheme: str) -> NoReturn:
        raise PermissionError(f"references to {scheme or 'other files'} are not opened")


def problems_of(parsed: Parsed, version: str, skipped: list[str]) -> Iterator[Problem]:
    """Return the problems of a parsed document, one by one; parts that fail are problems and added to `skipped`.

    All modules are loaded before this returns. Iterating may raise `RecursionError` or `MemoryError`.
    """
    from jsonschema_path import SchemaPath  # noqa: PLC0415 - this and the next take most of a second
    from openapi_spec_validator.validation import validators  # noqa: PLC0415

    base: Any = getattr(validators, _VALIDATORS[version])
    kinds = {name: _located(kind, skipped) for name, kind in base.keyword_validators.items()}
    wanted: Any = type(base.__name__, (base,), {"keyword_validators": kinds})
    next(wanted.schema_validator.iter_errors({}), None)  # loads the schema of the specification, which is lazy
    document = SchemaPath.from_dict(parsed.data, handlers=RefuseReferences(), resolved_cache_maxsize=128)
    documents = DocumentSet("-", parsed, Limits())
    found = (_problem(error, parsed.data, documents) for error in wanted(document).iter_errors())
    own = own_problems(parsed.data, documents) if version != "2.0" else iter(())
    return chain(own, (problem for problem in found if not _OUTDATED.search(f"{problem.pointer} {problem.what}")))


def _located(kind: Any, skipped: list[str]) -> Any:
    """Return a keyword validator whose errors have their path from the root, and whose failures are errors."""
    from jsonschema_path import SchemaPath  # noqa: PLC0415
    from openapi_spec_validator.validation.exceptions import OpenAPIValidationError  # noqa: PLC0415

    def init(self: Any, registry: Any) -> None:
        kind.__init__(self, registry)
        for name, value in list(vars(self).items()):
            if value == []:  # lists of visited items; as sets they halve the time for GitHub's document
                setattr(self, name, _SetAsList())

    def call(self: Any, *arguments: Any, **options: Any) -> Iterator[Any]:
        place = next((argument.parts for argument in arguments if isinstance(argument, SchemaPath)), ())
        place += ("default",) if hasattr(kind, "value_validator_cls") else ()
        try:
            for error in kind.__call__(self, *arguments, **options):
                if not getattr(error, "located", False):
                    error.relative_path.extendleft(reversed(place))
                    error.located = True
                yield error
        except Exception as fault:  # wrong types crash a validator in many ways
            if isinstance(fault, MemoryError) or (isinstance(fault, RecursionError) and len(place) > _MAX_SKIP_DEPTH):
                raise
            skipped.append(type(fault).__name__)
            error = OpenAPIValidationError(f"this part was not validated: {failure_reason(fault)}", path=place)
            error.located = True
            yield error

    return type(kind.__name__, (kind,), {"__init__": init, "__call__": call})


class _SetAsList(set[Any]):
    """A set with the one list method that validators use."""

    append = set.add


def failure_reason(fault: Exception) -> str:
    """Return the reason of a validator failure as text."""
    if isinstance(fault, RecursionError):
        return "it is nested too deeply, or refers to itself"
    if hasattr(fault, "ref"):
        return f"the reference {fault.ref!r} was not followed"
    return f"the validator failed ({fault!r})"


def _problem(error: Any, root: Any, documents: DocumentSet) -> Problem:
    """Return an error as a problem, with its pointer after following references."""
    path = list(error.absolute_path)
    while error.context:  # of failed alternatives, the one that got deepest was probably meant, rarely a reference
        relevant = [inner for inner in error.context if inner.message != "'$ref' is a required property"]
        error = max(relevant or error.context, key=lambda inner: len(inner.path))
        path += error.relative_path
    message, value = str(error.message), repr(error.instance)
    if len(value) > _MAX_VALUE and message.startswith(value):
        message = f"the value{message[len(value) :]}"
    pointer, line = _place(path, root, documents)
    return Problem(Level.NOTE, visible(message, _MAX_TEXT), pointer, line)


def _place(path: Sequence[Any], node: Any, documents: DocumentSet) -> tuple[str, int | None]:
    """Return (JSON pointer, line) of a path, following references on the way."""
    pointer, line = "", None
    for part in path:
        if part != "$ref":
            node, _, pointer = documents.resolve(node, documents.entry, pointer)
        line = documents.line(documents.entry, node) or line
        pointer = child(pointer, part)
        inside = isinstance(node, list) and isinstance(part, int) and part < len(node)
        node = node.get(part) if isinstance(node, dict) else node[part] if inside else None
    return pointer, documents.line(documents.entry, node) or line
