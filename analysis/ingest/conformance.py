"""Advice on whether an OpenAPI document keeps to its specification, worked out in a process of its own.

A stranger's document can make a validator run for ever, use up memory or open addresses. So the check has a limit of
time and of memory, opens nothing, and is no gate: published documents of large vendors fail it.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess  # the one program started is this interpreter with this module
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

from analysis.ingest.guard import Limits
from analysis.ingest.library import Library
from analysis.ingest.openapi import version_of
from analysis.ingest.reader import parse
from analysis.ingest.texts import child
from analysis.model import Level, Problem
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.ingest.reader import Parsed

_HOME: Final = Path(__file__).resolve().parents[2]
#: What the interpreter needs to find itself. Nothing else of the environment is the business of a stranger's document.
_ENVIRONMENT: Final = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
#: Events of the interpreter that reach the network or start a program.
_OUTSIDE: Final = ("socket.", "urllib.", "http.", "ftplib.", "subprocess.", "os.exec", "os.fork", "os.posix", "os.sys")
_TEXT: Final = 300
#: Up to this many steps from the root a part that cannot be walked is left out; deeper, the stack is still too full.
_SHALLOW: Final = 8
#: A value up to this length is shown in a message; a longer one would hide what is said of it.
_SHOWN: Final = 60
_VALIDATORS: Final = {
    "2.0": "OpenAPIV2SpecValidator",
    "3.0": "OpenAPIV30SpecValidator",
    "3.1": "OpenAPIV31SpecValidator",
    "3.2": "OpenAPIV32SpecValidator",
}


@dataclass(frozen=True, slots=True)
class Conformance:
    """What the validator said. Unless `finished`, `reason` says why there may be more; problems are of level NOTE."""

    finished: bool
    problems: tuple[Problem, ...]
    reason: str


class Closed(dict[str, Any]):
    """Handlers for a `SchemaPath` that open nothing. An empty mapping would not do: it falls back to the network."""

    def __contains__(self, scheme: object) -> bool:
        return True

    def __getitem__(self, scheme: str) -> NoReturn:
        raise PermissionError(f"references to {scheme or 'other files'} are not opened")


# the side that asks -----------------------------------------------------------------------------------


def check(raw: bytes, *, seconds: float = 20, memory: int = 2 * 2**30, most: int = 200) -> Conformance:
    """Validate a document of OpenAPI 2.0 to 3.2 against its specification. Never raises.

    `memory` is a limit of address space in bytes, where the system has one; `most` the problems that are listed.
    GitHub's document (13 MB) takes some 10 seconds of processor time, Stripe's 4.
    """
    try:
        process = start("analysis.ingest.conformance", seconds, memory, most)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        return Conformance(False, (), f"the check could not be started: {visible(str(error), _TEXT)}")
    with process:
        late = False
        try:
            said, _ = process.communicate(raw, timeout=seconds)
        except subprocess.TimeoutExpired:
            late = True
            kill(process)
            said, _ = process.communicate()  # what was found until then
        finally:
            kill(process)
    problems, end = _answer(said)
    if end is None:
        late = late or process.returncode == -getattr(signal, "SIGXCPU", 0)
        end = f"stopped after {seconds:g} seconds" if late else f"the check broke off (exit code {process.returncode})"
    return Conformance(end == "", tuple(dict.fromkeys(problems)), end)


def start(module: str, *arguments: float) -> subprocess.Popen[bytes]:
    """Start a module of ours in a process and process group of its own. Raises `OSError`.

    `-P` and the one entry of the path keep out what lies in the current folder, which may be a stranger's checkout.
    """
    known = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    backend = {"OPENAPI_SPEC_VALIDATOR_SCHEMA_VALIDATOR_BACKEND": "jsonschema"}  # one answer on every machine
    return subprocess.Popen(  # noqa: S603 - our interpreter and module, no shell
        [sys.executable, "-P", "-B", "-W", "ignore", "-m", module, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_HOME,
        env=known | backend | {"PYTHONPATH": str(_HOME)},
        start_new_session=True,
    )


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a started process with its group, if it has not ended."""
    if process.poll() is not None:
        return
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()


def _answer(said: bytes) -> tuple[list[Problem], str | None]:
    """Return the problems of the lines that came, and what the last one says; None if it never came."""
    problems, end = [], None
    for line in said.splitlines():
        with contextlib.suppress(ValueError, KeyError, TypeError):  # a line that was cut off says nothing
            told = json.loads(line)
            if "end" in told:
                end = str(told["end"])
            else:
                problems.append(Problem(Level.NOTE, told["what"], told["pointer"], told["line"]))
    return problems, end


# the side that answers --------------------------------------------------------------------------------


def confine(seconds: float, memory: float) -> None:
    """Limit this process: processor time, address space, no core file. For a process that does nothing else."""
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        return
    wanted = {resource.RLIMIT_CPU: int(seconds) + 1, resource.RLIMIT_AS: int(memory), resource.RLIMIT_CORE: 0}
    for kind, limit in wanted.items():
        with contextlib.suppress(ValueError, OSError):  # a system without the limit, or with a lower one
            resource.setrlimit(kind, (limit, limit))


def close_doors() -> None:
    """Refuse this process the network, other programs, and files that are no part of Python; a second lock."""
    roots = tuple(os.path.realpath(path) + os.sep for path in (*sys.path, sys.prefix, sys.base_prefix) if path)

    def guard(event: str, arguments: tuple[Any, ...]) -> None:
        if event.startswith(_OUTSIDE):
            raise PermissionError(event)
        if event == "open" and not isinstance(arguments[0], int):
            path = os.path.realpath(os.fsdecode(arguments[0]))
            if not path.startswith(roots) or arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
                raise PermissionError(event)

    sys.addaudithook(guard)


def main(arguments: Sequence[str]) -> None:
    """Validate the document on standard input: each problem a line of JSON on standard output, then the end."""
    seconds, memory, most = map(float, arguments)
    confine(seconds, memory)
    sys.setrecursionlimit(3_000)  # enough for schemas as deep as our reader lets through
    try:
        end = _run(sys.stdin.buffer.read(), int(most))
    except MemoryError:
        end = f"stopped at {memory / 2**20:,.0f} MB of memory"
    except Exception as error:  # noqa: BLE001 - whatever a validator does with a stranger's document is an answer
        end = f"the document was not validated: {visible(_why(error), _TEXT)}"
    _say({"end": end})


def _say(told: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def _run(raw: bytes, most: int) -> str:
    """Say every problem; return why there may be more, or an empty text."""
    parsed = parse(raw, Limits())
    if parsed.data is None:
        why = next((problem.what for problem in parsed.problems), "it is empty")
        return f"the document cannot be read: {visible(why, _TEXT)}"
    version = version_of(parsed.data)
    if version is None:
        return "this is no OpenAPI document of a version that has a validator (2.0, 3.0, 3.1, 3.2)"
    skipped: list[str] = []
    found = problems_of(parsed, version, skipped)
    close_doors()
    for count, problem in enumerate(found):
        if count == most:
            return f"stopped after {most:,} problems"
        _say({"what": problem.what, "pointer": problem.pointer, "line": problem.line})
    return f"parts that could not be validated: {len(skipped):,}" if skipped else ""


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
    library = Library("-", parsed, Limits())
    return (_problem(error, parsed.data, library) for error in wanted(document).iter_errors())


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
            error = OpenAPIValidationError(f"this part was not validated: {_why(fault)}", path=place)
            error.located = True
            yield error

    return type(kind.__name__, (kind,), {"__init__": init, "__call__": call})


class _Seen(set[Any]):
    """A set that answers where a validator expects a list."""

    append = set.add


def _why(fault: Exception) -> str:
    """Return in words why a validator failed."""
    if isinstance(fault, RecursionError):
        return "it is nested too deeply, or refers to itself"
    if hasattr(fault, "ref"):
        return f"the reference {fault.ref!r} was not followed"
    return f"the validator failed ({fault!r})"


def _problem(error: Any, root: Any, library: Library) -> Problem:
    """Return an error in one line, with the place where it stands once references are followed."""
    path = list(error.absolute_path)
    while error.context:  # of the alternatives that failed, the one that went farthest was meant; seldom a reference
        telling = [inner for inner in error.context if inner.message != "'$ref' is a required property"]
        error = max(telling or error.context, key=lambda inner: len(inner.path))
        path += error.relative_path
    said, value = str(error.message), repr(error.instance)
    if len(value) > _SHOWN and said.startswith(value):
        said = f"the value{said[len(value) :]}"
    pointer, line = _place(path, root, library)
    return Problem(Level.NOTE, visible(said, _TEXT), pointer, line)


def _place(path: Sequence[Any], node: Any, library: Library) -> tuple[str, int | None]:
    """Return (JSON pointer, line) of a path that may lead through references."""
    pointer, line = "", None
    for part in path:
        if part != "$ref":
            node, _, pointer = library.resolve(node, library.entry, pointer)
        line = library.line(library.entry, node) or line
        pointer = child(pointer, part)
        inside = isinstance(node, list) and isinstance(part, int) and part < len(node)
        node = node.get(part) if isinstance(node, dict) else node[part] if inside else None
    return pointer, library.line(library.entry, node) or line


if __name__ == "__main__":
    main(sys.argv[1:])
