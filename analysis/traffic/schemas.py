"""Recorded calls held against the schemas of their operations by openapi-core, in a process of its own.

The document is a stranger's, and its patterns and circles of schemas can keep a validator busy for ever: hence the
process, which `check` starts, asks call by call, and ends. Nothing here is imported by anything else.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, Final

from analysis.conformance.problems import Closed
from analysis.conformance.process import close_doors, confine
from analysis.ingest.document.loading import Limits
from analysis.ingest.document.reader import parse
from analysis.ingest.openapi.walk import version_of
from analysis.text import visible
from analysis.traffic.secrets import DROPPED
from analysis.traffic.validation import UNCHECKED

if TYPE_CHECKING:
    from collections.abc import Iterator

_TEXT: Final = 300
#: Keywords whose message names only fields, never a value.
_NAMING: Final = frozenset({"required", "additionalProperties", "unevaluatedProperties", "dependentRequired"})
_CHOOSING: Final = frozenset({"anyOf", "oneOf", "not", "if", "contains"})
#: A separator that no document can hold (a NUL is refused), as openapi-core's own one, `#`, stands in some paths.
_SEPARATOR: Final = "\0"


def main(arguments: list[str]) -> None:
    """Answer questions about calls: a line with the size of the document, its bytes, then a line of JSON each."""
    seconds, memory = map(float, arguments)
    confine(seconds, memory)
    asked, answer = sys.stdin.buffer, sys.stdout
    parsed = parse(asked.read(int(asked.readline())), Limits())
    version = version_of(parsed.data) or ""
    reason = "" if version[:1] == "3" else f"openapi-core validates no calls of OpenAPI {version}"
    reason = reason if version else "the document cannot be read"
    checker = None if reason else Checker(parsed.data, version)
    close_doors()
    answer.write(json.dumps({"reason": reason}) + "\n")
    answer.flush()
    for line in asked if checker is not None else ():
        try:
            texts = list(dict.fromkeys(checker.breaches(json.loads(line))))[:50] if checker else []
        except Exception as error:  # noqa: BLE001 - whatever a validator does with a stranger's document is an answer
            deep = isinstance(error, RecursionError)
            texts = [f"{UNCHECKED}: {'the schema is nested too deeply or refers to itself' if deep else _named(error)}"]
        answer.write(json.dumps(texts) + "\n")
        answer.flush()


class Checker:
    """The validators of one document. Nothing it refers to outside itself is opened."""

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
            """Takes the operation that our trie has found instead of looking at every path."""

            def find(self, method: str, name: str) -> PathOperationServer:  # noqa: ARG002 - the pointer says it all
                tokens = [token.replace("~1", "/").replace("~0", "~") for token in name.split("/")[1:]]
                operation = SchemaPath(self.spec.accessor, *tokens, separator=_SEPARATOR)
                own = 2 if tokens[-2:-1] == ["additionalOperations"] else 1
                item = SchemaPath(self.spec.accessor, *tokens[:-own], separator=_SEPARATOR)
                return PathOperationServer(item, operation, None, TemplateResult("", {}), None)

        spec = SchemaPath.from_dict(document, handlers=Closed(), separator=_SEPARATOR, resolved_cache_maxsize=10_000)
        self.spec = spec
        made = [getattr(requests, f"V{number}Request{kind}Validator") for kind in ("Parameters", "Body")]
        made.append(getattr(responses, f"V{number}ResponseDataValidator"))
        self.parameters, self.body, self.data = (kind(spec, path_finder_cls=Finder) for kind in made)
        self.find = Finder(spec).find
        write = "oas30_write" if number == "30" else f"oas{number}"
        self.schemas = getattr(schemas, f"{write}_schema_validators_factory")

    def breaches(self, asked: dict[str, Any]) -> Iterator[str]:
        """Return what a call breaks, one text per breach, without any recorded value."""
        request = _Request(asked)
        if not self.find("", asked["pointer"]).operation.exists():
            yield f"{UNCHECKED}: the document has no such operation"
            return
        if asked["arguments"] is not None:
            yield from self._arguments(asked)
        else:
            yield from self._parameters(request, asked)
            if request.body or asked["complete"]:
                for error in self.body.iter_errors(request):
                    if type(error).__name__ != "MissingRequestBody":  # it is optional then
                        yield from _texts("request body", error)
        for error in self.data.iter_errors(request, _Response(asked)) if asked["status"] else ():
            if asked["data"] is not None or type(error).__name__ != "MissingData":
                yield from _texts("response body", error)

    def _parameters(self, request: _Request, asked: dict[str, Any]) -> Iterator[str]:
        sent = (*asked["query"], *asked["headers"], *asked["path"].items())
        dropped = {name.lower() for name, value in sent if value == DROPPED}
        for error in self.parameters.iter_errors(request):
            unrecorded = error.location == "cookie" or (error.location == "header" and not asked["headers"])
            if not unrecorded and error.name.lower() not in dropped:
                yield from _texts(f"{error.location} parameter {error.name!r}", error)

    def _arguments(self, asked: dict[str, Any]) -> Iterator[str]:
        """Hold the arguments of a tool call, which are typed JSON and not yet a request, against the definition."""
        item, operation, *_ = self.find("", asked["pointer"])
        given, wrapped = asked["arguments"], asked["wrapped"]
        names: set[tuple[str, str]] = set()
        in_url = {*asked["path"], *(name for name, _ in asked["query"])}
        for parameter in (one for owner in (operation, item) if "parameters" in owner for one in owner / "parameters"):
            name, place = (parameter / "name").read_str(), (parameter / "in").read_str()
            if (name, place) in names:  # the operation's own comes before the path's
                continue
            names.add((name, place))
            values = {**given, **wrapped.get(place, {})}
            if name in values:
                yield from self._value(f"{place} parameter {name!r}", parameter, values[name])
            elif place not in {"path", "query"} or name in in_url:  # headers and cookies are the adapter's business
                continue
            elif (parameter / "required").read_bool(default=False):
                yield f"the required {place} parameter {visible(repr(name), _TEXT)} is missing"
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
            yield from (text for error in schema.validator.iter_errors(value) for text in _said(where, error))


class _Request:
    """A recorded request in the shape that openapi-core asks for."""

    def __init__(self, asked: dict[str, Any]) -> None:
        from openapi_core.datatypes import RequestParameters  # noqa: PLC0415
        from werkzeug.datastructures import Headers, ImmutableMultiDict  # noqa: PLC0415

        self.host_url = ""
        self.path = self.path_pattern = asked["pointer"]
        self.method = asked["method"].lower()
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(map(tuple, asked["query"])),
            header=Headers([tuple(pair) for pair in asked["headers"]]),
            path=asked["path"],
        )
        self.content_type = asked["type"]
        self.body = asked["body"].encode() if asked["body"] else b""


class _Response:
    """A recorded response in the shape that openapi-core asks for."""

    def __init__(self, asked: dict[str, Any]) -> None:
        self.status_code = asked["status"]
        self.content_type = asked["data_type"]
        self.headers: dict[str, str] = {}
        self.data = asked["data"].encode() if asked["data"] else b""


# in words ---------------------------------------------------------------------------------------------


def _texts(where: str, error: Any) -> Iterator[str]:
    """Return an error of openapi-core in one line each, without recorded values."""
    cause, name = error.__cause__, type(error).__name__
    if hasattr(cause, "schema_errors"):
        yield from (text for inner in cause.schema_errors for text in _said(where, inner))
    elif name.startswith("MissingRequired") or name == "MissingData":
        yield visible(f"the required {where} is missing", _TEXT)
    elif hasattr(error, "http_status"):
        yield f"the response status {error.http_status} is not defined"
    elif type(cause).__name__ == "MediaTypeNotFound":
        yield visible(f"the {where} is of a media type that is not defined: {cause.mimetype}", _TEXT)
    elif cause is not None:
        yield visible(f"the {where} cannot be read as its definition says", _TEXT)
    else:
        yield f"{UNCHECKED}: {_named(error)}"


def _named(error: Exception) -> str:
    """Return a failure of the validator without its message, which may hold a recorded value."""
    reference = getattr(error, "ref", "")
    return visible(f"the reference {reference!r} was not followed" if reference else type(error).__name__, _TEXT)


def _said(where: str, error: Any) -> Iterator[str]:
    """Return an error of a schema in one line; none where a value is missing that was dropped as a secret."""
    keyword, instance = str(error.validator), error.instance
    if instance == DROPPED or (
        keyword in _CHOOSING and DROPPED in json.dumps(instance, ensure_ascii=False, default=str)
    ):
        return
    place = "".join("/[]" if isinstance(part, int) else f"/{part}" for part in error.absolute_path)
    if keyword in _NAMING:
        said = str(error.message)
    elif keyword in _CHOOSING:
        said = f"fits `{keyword}` in no allowed way"
    elif keyword == "enum":
        said = "is none of the listed values"
    else:
        said = f"does not keep to `{keyword}: {json.dumps(error.validator_value, default=str)[:100]}`"
    yield visible(f"{where}{place}: {said}", _TEXT)


if __name__ == "__main__":
    main(sys.argv[1:])
