"""Validates recorded calls against the schemas of their operations by openapi-core, in a separate process.

The document is untrusted, and its patterns and cyclic schemas can keep a validator busy forever. `validation` starts
the process, sends it call by call, and ends it. No other module imports this one.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, Final

from analysis.conformance.problems import RefuseReferences
from analysis.conformance.process import block_outside_access, limit_resources
from analysis.ingest.document.loading import Limits
from analysis.ingest.document.reader import parse_document
from analysis.ingest.openapi.walk import version_of
from analysis.text import visible
from analysis.traffic.secrets import DROPPED
from analysis.traffic.validation import UNCHECKED

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAX_TEXT: Final = 300
#: Keywords whose messages contain only field names, never a value.
_NAMING: Final = frozenset({"required", "additionalProperties", "unevaluatedProperties", "dependentRequired"})
_CHOOSING: Final = frozenset({"anyOf", "oneOf", "not", "if", "contains"})
#: A separator that no document contains (NUL is refused); openapi-core's own, `#`, occurs in some paths.
_SEPARATOR: Final = "\0"


def main(arguments: list[str]) -> None:
    """Validate calls from standard input: a line with the size of the document, its bytes, then a line of JSON per call."""
    seconds, memory = map(float, arguments)
    limit_resources(seconds, memory)
    source, answer = sys.stdin.buffer, sys.stdout
    parsed = parse_document(source.read(int(source.readline())), Limits())
    version = version_of(parsed.data) or ""
    reason = "" if version[:1] == "3" else f"openapi-core validates no calls of OpenAPI {version}"
    reason = reason if version else "the document cannot be read"
    checker = None if reason else Checker(parsed.data, version)
    block_outside_access()
    answer.write(json.dumps({"reason": reason}) + "\n")
    answer.flush()
    for line in source if checker is not None else ():
        try:
            texts = list(dict.fromkeys(checker.violations(json.loads(line))))[:50] if checker else []
        except Exception as error:  # noqa: BLE001 - any failure on an untrusted document is a result
            deep = isinstance(error, RecursionError)
            texts = [f"{UNCHECKED}: {'the schema is nested too deeply or refers to itself' if deep else _named(error)}"]
        answer.write(json.dumps(texts) + "\n")
        answer.flush()


class Checker:
    """The validators of one document. No external reference is opened."""

    def __init__(self, document: Any, version: str) -> None:
        from jsonschema_path import SchemaPath  # noqa: PLC0415 - with openapi-core more than a second
        from openapi_core.templating.datatypes import TemplateResult  # noqa: PLC0415
        from openapi_core.templating.paths.datatypes import PathOperationServer  # noqa: PLC0415
        from openapi_core.templating.paths.finders import BasePathFinder  # noqa: PLC0415
        from openapi_core.validation import schemas  # noqa: PLC0415
        from openapi_core.validation.request import validators as requests  # noqa: PLC0415
        from openapi_core.validation.response import validators as responses  # noqa: PLC0415

        number = version.replace(".", "")

        class Finder(BasePathFinder):
            """Returns the operation at a pointer instead of matching every path."""

            def find(self, method: str, name: str) -> PathOperationServer:  # noqa: ARG002 - the pointer is sufficient
                tokens = [token.replace("~1", "/").replace("~0", "~") for token in name.split("/")[1:]]
                operation = SchemaPath(self.spec.accessor, *tokens, separator=_SEPARATOR)
                own = 2 if tokens[-2:-1] == ["additionalOperations"] else 1
                item = SchemaPath(self.spec.accessor, *tokens[:-own], separator=_SEPARATOR)
                return PathOperationServer(item, operation, None, TemplateResult("", {}), None)

        spec = SchemaPath.from_dict(
            document, handlers=RefuseReferences(), separator=_SEPARATOR, resolved_cache_maxsize=10_000
        )
        self.spec = spec
        kinds = [getattr(requests, f"V{number}Request{kind}Validator") for kind in ("Parameters", "Body")]
        kinds.append(getattr(responses, f"V{number}ResponseDataValidator"))
        self.parameters, self.body, self.data = (kind(spec, path_finder_cls=Finder) for kind in kinds)
        self.find = Finder(spec).find
        write = "oas30_write" if number == "30" else f"oas{number}"
        self.schemas = getattr(schemas, f"{write}_schema_validators_factory")

    def violations(self, record: dict[str, Any]) -> Iterator[str]:
        """Yield the violations of a call, one text each, without recorded values."""
        request = _Request(record)
        if not self.find("", record["pointer"]).operation.exists():
            yield f"{UNCHECKED}: the document has no such operation"
            return
        if record["arguments"] is not None:
            yield from self._arguments(record)
        else:
            yield from self._parameters(request, record)
            if request.body or record["complete"]:
                for error in self.body.iter_errors(request):
                    if type(error).__name__ != "MissingRequestBody":  # the body is optional
                        yield from _error_messages("request body", error)
        for error in self.data.iter_errors(request, _Response(record)) if record["status"] else ():
            if record["data"] is not None or type(error).__name__ != "MissingData":
                yield from _error_messages("response body", error)

    def _parameters(self, request: _Request, record: dict[str, Any]) -> Iterator[str]:
        sent = (*record["query"], *record["headers"], *record["path"].items())
        dropped = {name.lower() for name, value in sent if value == DROPPED}
        for error in self.parameters.iter_errors(request):
            unrecorded = error.location == "cookie" or (error.location == "header" and not record["headers"])
            if not unrecorded and error.name.lower() not in dropped:
                yield from _error_messages(f"{error.location} parameter {error.name!r}", error)

    def _arguments(self, record: dict[str, Any]) -> Iterator[str]:
        """Validate the arguments of a tool call, which are typed JSON and not an HTTP request, against the definition."""
        item, operation, *_ = self.find("", record["pointer"])
        given, wrapped = record["arguments"], record["wrapped"]
        names: set[tuple[str, str]] = set()
        in_url = {*record["path"], *(name for name, _ in record["query"])}
        for parameter in (one for owner in (operation, item) if "parameters" in owner for one in owner / "parameters"):
            name, place = (parameter / "name").read_str(), (parameter / "in").read_str()
            if (name, place) in names:  # the operation's own comes before the path's
                continue
            names.add((name, place))
            values = {**given, **wrapped.get(place, {})}
            if name in values:
                yield from self._value(f"{place} parameter {name!r}", parameter, values[name])
            elif place not in {"path", "query"} or name in in_url:  # headers and cookies are set by the adapter
                continue
            elif (parameter / "required").read_bool(default=False):
                yield f"the required {place} parameter {visible(repr(name), _MAX_TEXT)} is missing"
        if "requestBody" not in operation:
            return
        used = {name for name, _ in names}
        sent = wrapped.get("body", {name: value for name, value in given.items() if name not in used})
        content = operation / "requestBody" / "content"
        media = next((inner for kind, inner in content.items() if "json" in str(kind)), None)
        if not sent and (operation / "requestBody" / "required").read_bool(default=False):
            yield "the required request body is missing"
        elif sent and media is not None:
            yield from self._value("request body", media, sent)

    def _value(self, where: str, owner: Any, value: Any) -> Iterator[str]:
        if "schema" in owner:
            schema = self.schemas.create(self.spec, owner / "schema")
            yield from (
                text for error in schema.validator.iter_errors(value) for text in _schema_messages(where, error)
            )


class _Request:
    """A recorded request in the form that openapi-core expects."""

    def __init__(self, record: dict[str, Any]) -> None:
        from openapi_core.datatypes import RequestParameters  # noqa: PLC0415
        from werkzeug.datastructures import Headers, ImmutableMultiDict  # noqa: PLC0415

        self.host_url = ""
        self.path = self.path_pattern = record["pointer"]
        self.method = record["method"].lower()
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(map(tuple, record["query"])),
            header=Headers([tuple(pair) for pair in record["headers"]]),
            path=record["path"],
        )
        self.content_type = record["type"]
        self.body = record["body"].encode() if record["body"] else b""


class _Response:
    """A recorded response in the form that openapi-core expects."""

    def __init__(self, record: dict[str, Any]) -> None:
        self.status_code = record["status"]
        self.content_type = record["data_type"]
        self.headers: dict[str, str] = {}
        self.data = record["data"].encode() if record["data"] else b""


# messages ---------------------------------------------------------------------------------------------


def _error_messages(where: str, error: Any) -> Iterator[str]:
    """Yield the messages of an openapi-core error, without recorded values."""
    cause, name = error.__cause__, type(error).__name__
    if hasattr(cause, "schema_errors"):
        yield from (text for inner in cause.schema_errors for text in _schema_messages(where, inner))
    elif name.startswith("MissingRequired") or name == "MissingData":
        yield visible(f"the required {where} is missing", _MAX_TEXT)
    elif hasattr(error, "http_status"):
        yield f"the response status {error.http_status} is not defined"
    elif type(cause).__name__ == "MediaTypeNotFound":
        yield visible(f"the {where} is of a media type that is not defined: {cause.mimetype}", _MAX_TEXT)
    elif cause is not None:
        yield visible(f"the {where} does not match the format of its definition", _MAX_TEXT)
    else:
        yield f"{UNCHECKED}: {_named(error)}"


def _named(error: Exception) -> str:
    """Return a failure of the validator without its message, which may contain a recorded value."""
    reference = getattr(error, "ref", "")
    return visible(f"the reference {reference!r} was not followed" if reference else type(error).__name__, _MAX_TEXT)


def _schema_messages(where: str, error: Any) -> Iterator[str]:
    """Yield the message of a schema error; none where the value was dropped as a secret."""
    keyword, instance = str(error.validator), error.instance
    if instance == DROPPED or (
        keyword in _CHOOSING and DROPPED in json.dumps(instance, ensure_ascii=False, default=str)
    ):
        return
    place = "".join("/[]" if isinstance(part, int) else f"/{part}" for part in error.absolute_path)
    if keyword in _NAMING:
        message = str(error.message)
    elif keyword in _CHOOSING:
        message = f"does not match `{keyword}`"
    elif keyword == "enum":
        message = "is not one of the listed values"
    else:
        message = f"violates `{keyword}: {json.dumps(error.validator_value, default=str)[:100]}`"
    yield visible(f"{where}{place}: {message}", _MAX_TEXT)


if __name__ == "__main__":
    main(sys.argv[1:])
