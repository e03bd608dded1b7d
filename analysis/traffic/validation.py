"""Validates recorded calls against the schemas of their operations, through a separate process (`schemas`)."""

from __future__ import annotations

import contextlib
import json
import queue
import threading
from typing import IO, TYPE_CHECKING, Any, Final, Self
from urllib.parse import unquote

from analysis.conformance.process import kill, start
from analysis.traffic.route_matcher import parameter_values, split_path

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Collection

    from analysis.model import Tool
    from analysis.traffic.call_record import Call

#: Prefix of texts that report no violation, but that a call could not be validated.
UNCHECKED: Final = "could not be checked"
#: Members of arguments in which some adapters wrap parameters, by place.
_WRAPPERS: Final = {
    "body": ("body", "requestBody", "request_body"),
    "path": ("path", "path_params", "pathParams"),
    "query": ("query", "query_params", "queryParams"),
    "header": ("headers",),
}
#: Processor time of one process over all calls, seconds.
_CPU_SECONDS: Final = 3_600
#: Time to start: loading openapi-core and a document takes about 1.5 seconds, much more on a busy machine.
_START_SECONDS: Final = 60
#: Maximum number of processes that hang or die before validation of the document stops.
_MAX_FAILURES: Final = 3


def validator(raw: bytes, *, seconds: float = 5, memory: int = 2 * 2**30) -> Validator:
    """Return a validator of calls against the schemas of an OpenAPI document of version 3.0, 3.1 or 3.2.

    The document is read in another process, without network and files; `seconds` limits one call, `memory` the
    address space in bytes. Never raises; see `Validator.reason`. Close it, or use it in a `with`.
    """
    return Validator(raw, seconds, memory)


class Validator:
    """Returns the violations of one call of an operation of its document; false when it cannot validate.

    A text that begins with `could not be checked` is not a violation. No text contains a recorded value.
    """

    def __init__(self, raw: bytes, seconds: float, memory: int) -> None:
        self.reason = ""
        self._raw, self._seconds, self._memory = raw, seconds, memory
        self._failures = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._begin()

    def __bool__(self) -> bool:
        return not self.reason

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __call__(self, call: Call, tool: Tool) -> list[str]:
        """Return the violations of a call as text."""
        if self.reason:
            return [f"{UNCHECKED}: {self.reason}"]
        request = request_of(call, tool)
        if isinstance(request, str):
            return [f"{UNCHECKED}: {request}"]
        answer = self._ask(json.dumps(request).encode() + b"\n", self._seconds)
        if isinstance(answer, list):
            return [str(text) for text in answer]
        self._failures += 1
        self.close()
        if self._failures < _MAX_FAILURES:
            self._begin()
        else:
            self.reason = "validation of this document timed out or failed too often"
        return [f"{UNCHECKED}: it took more than {self._seconds:g} seconds, or failed"]

    def close(self) -> None:
        """End the process."""
        if self._process is None:
            return
        process, self._process = self._process, None
        kill(process)
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):  # unwritten data is not needed any more
                    stream.close()

    def _begin(self) -> None:
        try:
            self._process = start("analysis.traffic.schema_checker", _CPU_SECONDS, self._memory)
        except (OSError, ValueError) as error:
            self.reason = f"the validator could not be started: {error}"
            return
        self._answers = queue.SimpleQueue()
        if self._process.stdout is not None:
            threading.Thread(target=_collect, args=(self._process.stdout, self._answers), daemon=True).start()
        answer = self._ask(b"%d\n%b" % (len(self._raw), self._raw), _START_SECONDS)
        self.reason = answer["reason"] if isinstance(answer, dict) else "the validator could not read the document"
        if self.reason:
            self.close()

    def _ask(self, message: bytes, seconds: float) -> Any:
        """Send a message and return the answer of the process; None without one."""
        if self._process is None or self._process.stdin is None:
            return None
        try:
            self._process.stdin.write(message)
            self._process.stdin.flush()
            return json.loads(self._answers.get(timeout=seconds))
        except (OSError, ValueError, queue.Empty):
            return None


def _collect(stream: IO[bytes], answers: queue.SimpleQueue[bytes]) -> None:
    """Queue the output lines of a process, so that waiting can time out; an empty line at its end."""
    with contextlib.suppress(ValueError, OSError):  # closed while reading
        for line in stream:
            answers.put(line)
    answers.put(b"")


# requests to the process ----------------------------------------------------------------------------------------


def request_of(call: Call, tool: Tool) -> dict[str, Any] | str:
    """Return a call as the process expects it, or why it cannot be validated.

    A record with arguments describes the call of a tool; one without describes an HTTP request.
    """
    if not tool.pointer.startswith("/"):
        return "the operation is in another file of the source"
    if not call.path and call.arguments is None:
        return "the record has neither a path nor arguments"
    arguments, wrapped = unwrap_arguments(call.arguments or "{}", {parameter.name for parameter in tool.parameters})
    return {
        "pointer": tool.pointer,
        "method": call.method,
        "arguments": arguments if call.arguments is not None else None,
        "wrapped": wrapped,
        "path": _path_values(call.path, tool.path),
        "query": call.query,
        "headers": call.headers,
        "body": call.request,
        "type": _media(call.request_type),
        # Only a HAR lists the headers, and thereby shows whether there was a body.
        "complete": bool(call.headers) and not call.request_type,
        "status": call.status,
        "data": call.response,
        "data_type": _media(call.response_type),
    }


def unwrap_arguments(text: str, known: Collection[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return (arguments by name, members by place in which an adapter wraps others).

    A member in `known`, the parameters of the definition, is an argument whatever its name: many tools have a `body`.
    """
    arguments, wrapped = json.loads(text), {}
    for place, names in _WRAPPERS.items():
        for name in names:
            value = arguments.get(name)
            if name not in known and (isinstance(value, dict) or (place == "body" and isinstance(value, list))):
                wrapped[place] = arguments.pop(name)
    return arguments, wrapped


def _path_values(path: str, template: str) -> dict[str, str]:
    """Return the values of the parameters of a path, with any base path before it."""
    wanted = template.strip("/").split("/")
    sent = path.strip("/").split("/")[-len(wanted) :]
    found: dict[str, str] = {}
    for segment, text in zip(wanted, sent, strict=True) if len(sent) == len(wanted) else ():
        names = [part.partition("}")[0] for part in segment.split("{")[1:]]
        found |= dict(zip(names, parameter_values(split_path(segment), unquote(text)), strict=False))
    return found


def _media(stated: str) -> str:
    return stated.partition(";")[0].strip() or "application/json"
