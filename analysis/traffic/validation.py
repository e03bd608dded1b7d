"""Asks a process of its own (`schemas`) whether recorded calls keep to the schemas of their operations."""

from __future__ import annotations

import contextlib
import json
import queue
import threading
from typing import IO, TYPE_CHECKING, Any, Final, Self
from urllib.parse import unquote

from analysis.conformance.process import kill, start
from analysis.traffic.route_matcher import pieces_of, values_of

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Collection

    from analysis.model import Tool
    from analysis.traffic.record import Call

#: How a text begins that tells of no breach, but that nothing can be told.
UNCHECKED: Final = "could not be checked"
#: Members of arguments in which some adapters put parameters by their place.
_WRAPPERS: Final = {
    "body": ("body", "requestBody", "request_body"),
    "path": ("path", "path_params", "pathParams"),
    "query": ("query", "query_params", "queryParams"),
    "header": ("headers",),
}
#: Processor seconds of one process over all calls; a review of traffic is not meant to run for hours.
_CPU: Final = 3_600
#: Reading a document and loading openapi-core takes about a second and a half; on a busy machine many times that.
_START: Final = 60
#: So many processes that hang or die are replaced; then the document is given up.
_MAX_FAILURES: Final = 3


def validator(raw: bytes, *, seconds: float = 5, memory: int = 2 * 2**30) -> Validator:
    """Return what holds calls against the schemas of an OpenAPI document of version 3.0, 3.1 or 3.2.

    The document is read in another process, without network and files; `seconds` limits one call, `memory` the
    address space in bytes. Never raises; see `Validator.reason`. Close it, or use it in a `with`.
    """
    return Validator(raw, seconds, memory)


class Validator:
    """Names the breaches of one call of an operation of its document; false when it can check nothing.

    A text that begins with `could not be checked` is no breach. No text holds a recorded value.
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
        """Return the breaches of a call, in words."""
        if self.reason:
            return [f"{UNCHECKED}: {self.reason}"]
        asked = question(call, tool)
        if isinstance(asked, str):
            return [f"{UNCHECKED}: {asked}"]
        said = self._ask(json.dumps(asked).encode() + b"\n", self._seconds)
        if isinstance(said, list):
            return [str(text) for text in said]
        self._failures += 1
        self.close()
        if self._failures < _MAX_FAILURES:
            self._begin()
        else:
            self.reason = "checking this document took too long, or broke off, too often"
        return [f"{UNCHECKED}: it took more than {self._seconds:g} seconds, or broke off"]

    def close(self) -> None:
        """End the process."""
        if self._process is None:
            return
        process, self._process = self._process, None
        kill(process)
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):  # what was not written is of no use any more
                    stream.close()

    def _begin(self) -> None:
        try:
            self._process = start("analysis.traffic.schemas", _CPU, self._memory)
        except (OSError, ValueError) as error:
            self.reason = f"the validator could not be started: {error}"
            return
        self._answers = queue.SimpleQueue()
        if self._process.stdout is not None:
            threading.Thread(target=_collect, args=(self._process.stdout, self._answers), daemon=True).start()
        said = self._ask(b"%d\n%b" % (len(self._raw), self._raw), _START)
        self.reason = said["reason"] if isinstance(said, dict) else "the validator could not read the document"
        if self.reason:
            self.close()

    def _ask(self, message: bytes, seconds: float) -> Any:
        """Return what the process answers; None when it does not."""
        if self._process is None or self._process.stdin is None:
            return None
        try:
            self._process.stdin.write(message)
            self._process.stdin.flush()
            return json.loads(self._answers.get(timeout=seconds))
        except (OSError, ValueError, queue.Empty):
            return None


def _collect(stream: IO[bytes], answers: queue.SimpleQueue[bytes]) -> None:
    """Pass on what a process says, so that waiting for it can have an end; an empty line when it has ended."""
    with contextlib.suppress(ValueError, OSError):  # closed while reading
        for line in stream:
            answers.put(line)
    answers.put(b"")


# what is asked ----------------------------------------------------------------------------------------


def question(call: Call, tool: Tool) -> dict[str, Any] | str:
    """Return what the process has to know of a call, or why it cannot be asked.

    A record with arguments tells what a tool was called with; one without, a request as it was sent.
    """
    if not tool.pointer.startswith("/"):
        return "the operation stands in another file of the source"
    if not call.path and call.arguments is None:
        return "the record holds neither a path nor arguments"
    arguments, wrapped = unwrapped(call.arguments or "{}", {parameter.name for parameter in tool.parameters})
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
        # Only a HAR lists the headers, and says by that whether there was a body at all.
        "complete": bool(call.headers) and not call.request_type,
        "status": call.status,
        "data": call.response,
        "data_type": _media(call.response_type),
    }


def unwrapped(text: str, known: Collection[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return (arguments by name, members by place in which an adapter wraps others).

    A member that the definition knows (`known`) is an argument, whatever it is called: many a tool has a `body`.
    """
    arguments, wrapped = json.loads(text), {}
    for place, names in _WRAPPERS.items():
        for name in names:
            value = arguments.get(name)
            if name not in known and (isinstance(value, dict) or (place == "body" and isinstance(value, list))):
                wrapped[place] = arguments.pop(name)
    return arguments, wrapped


def _path_values(path: str, template: str) -> dict[str, str]:
    """Return the values of the parameters of a path, whatever base path stands before it."""
    wanted = template.strip("/").split("/")
    sent = path.strip("/").split("/")[-len(wanted) :]
    found: dict[str, str] = {}
    for segment, text in zip(wanted, sent, strict=True) if len(sent) == len(wanted) else ():
        names = [part.partition("}")[0] for part in segment.split("{")[1:]]
        found |= dict(zip(names, values_of(pieces_of(segment), unquote(text)), strict=False))
    return found


def _media(stated: str) -> str:
    return stated.partition(";")[0].strip() or "application/json"
