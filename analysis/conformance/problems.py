"""The problems of one OpenAPI document, as openapi-core's validators and our own checks see them. Opens nothing.

Meant for a process of its own (`conformance`): a stranger's document may make a validator run for ever.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, NoReturn

from analysis.conformance.own_checks import own_problems
from analysis.ingest.document.canonical import child
from analysis.ingest.document.loading import Limits
from analysis.ingest.document.references import DocumentSet
from analysis.model import Level, Problem
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.ingest.document.reader import Parsed

_TEXT: Final = 300
#: Up to this many steps from the root a part that cannot be walked is left out; deeper, the stack is still too full.
_SHALLOW: Final = 8
#: A value up to this length is shown in a message; a longer one would hide what is said of it.
_SHOWN: Final = 60
#: The validator's copy of the schema is older than the `server` of a link.
_OUTDATED: Final = re.compile(r"/links/[^/]+ Unevaluated properties are not allowed \('server' was unexpected\)")
_VALIDATORS: Final = {
    "2.0": "OpenAPIV2SpecValidator",
    "3.0": "OpenAPIV30SpecValidator",
    "3.1": "OpenAPIV31SpecValidator",
    "3.2": "OpenAPIV32SpecValidator",
}


class Closed(dict[str, Any]):
    """Handlers for a `SchemaPath` that open nothing. An empty mapping would not do: it falls back to the network."""

    def __contains__(self, scheme: object) -> bool:
        return True

    def __getitem__(self, scheme: str) -> NoReturn:
        raise PermissionError(f"references to {scheme or 'other files'} are not opened")


def problems_of(parsed: Parsed, version: str, skipped: list[str]) -> Iterator[Problem]:
    """Return the problems of a parsed document, one by one; parts that fail are problems and added to `skipped`.

    All that is needed is loaded before this returns. Going on may raise `RecursionError` or `MemoryError`.
    """
    from jsonschema_path import SchemaPath  # noqa: PLC0415 - this and the next take most of a second
    from openapi_spec_validator.validation import validators  # noqa: PLC0415

    base: Any = getattr(validators, _VALIDATORS[version])
    kinds = {name: _located(kind, skipped) for name, kind in base.keyword_validators.items()}
    wanted: Any = type(base.__name__, (base,), {"keyword_validators": kinds})
    next(wanted.schema_validator.iter_errors({}), None)  # reads the specification's own schema, as it is a lazy one
    document = SchemaPath.from_dict(parsed.data, handlers=Closed(), resolved_cache_maxsize=128)
    documents = DocumentSet("-", parsed, Limits())
    found = (_problem(error, parsed.data, documents) for error in wanted(document).iter_errors())
    own = own_problems(parsed.data, documents) if version != "2.0" else iter(())
    return chain(own, (problem for problem in found if not _OUTDATED.search(f"{problem.pointer} {problem.what}")))


def _located(kind: Any, skipped: list[str]) -> Any:
    """Return a keyword validator whose errors carry their path from the root, and that survives its own failure."""
    from jsonschema_path import SchemaPath  # noqa: PLC0415
    from openapi_spec_validator.validation.exceptions import OpenAPIValidationError  # noqa: PLC0415

    def init(self: Any, registry: Any) -> None:
        kind.__init__(self, registry)
        for name, value in list(vars(self).items()):
            if value == []:  # lists of what was seen; as sets they halve the time of GitHub's document
                setattr(self, name, _Seen())

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
            if isinstance(fault, MemoryError) or (isinstance(fault, RecursionError) and len(place) > _SHALLOW):
                raise
            skipped.append(type(fault).__name__)
            error = OpenAPIValidationError(f"this part was not validated: {why(fault)}", path=place)
            error.located = True
            yield error

    return type(kind.__name__, (kind,), {"__init__": init, "__call__": call})


class _Seen(set[Any]):
    """A set that answers where a validator expects a list."""

    append = set.add


def why(fault: Exception) -> str:
    """Return in words why a validator failed."""
    if isinstance(fault, RecursionError):
        return "it is nested too deeply, or refers to itself"
    if hasattr(fault, "ref"):
        return f"the reference {fault.ref!r} was not followed"
    return f"the validator failed ({fault!r})"


def _problem(error: Any, root: Any, documents: DocumentSet) -> Problem:
    """Return an error in one line, with the place where it stands once references are followed."""
    path = list(error.absolute_path)
    while error.context:  # of the alternatives that failed, the one that went farthest was meant; seldom a reference
        telling = [inner for inner in error.context if inner.message != "'$ref' is a required property"]
        error = max(telling or error.context, key=lambda inner: len(inner.path))
        path += error.relative_path
    said, value = str(error.message), repr(error.instance)
    if len(value) > _SHOWN and said.startswith(value):
        said = f"the value{said[len(value) :]}"
    pointer, line = _place(path, root, documents)
    return Problem(Level.NOTE, visible(said, _TEXT), pointer, line)


def _place(path: Sequence[Any], node: Any, documents: DocumentSet) -> tuple[str, int | None]:
    """Return (JSON pointer, line) of a path that may lead through references."""
    pointer, line = "", None
    for part in path:
        if part != "$ref":
            node, _, pointer = documents.resolve(node, documents.entry, pointer)
        line = documents.line(documents.entry, node) or line
        pointer = child(pointer, part)
        inside = isinstance(node, list) and isinstance(part, int) and part < len(node)
        node = node.get(part) if isinstance(node, dict) else node[part] if inside else None
    return pointer, documents.line(documents.entry, node) or line
