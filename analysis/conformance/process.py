"""Validation of an OpenAPI document against its specification, in a separate process.

An untrusted document can make a validator run forever, exhaust memory or open addresses. The check therefore has limits
of time and memory and opens nothing. It is advice, not a gate: published documents of large vendors fail it.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess  # the one program started is this interpreter with this module
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from analysis.conformance.problems import failure_reason, problems_of
from analysis.ingest.document.loading import Limits
from analysis.ingest.document.reader import parse_document
from analysis.ingest.openapi.walk import version_of
from analysis.model import Level, Problem
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Sequence


_ROOT: Final = Path(__file__).resolve().parents[2]
#: Environment variables that the interpreter needs. No other variable is passed on.
_ENVIRONMENT: Final = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
#: Prefixes of audit events that reach the network or start a program.
_OUTSIDE_EVENTS: Final = (
    "socket.",
    "urllib.",
    "http.",
    "ftplib.",
    "subprocess.",
    "os.exec",
    "os.fork",
    "os.posix",
    "os.sys",
)
_MAX_TEXT: Final = 300


@dataclass(frozen=True, slots=True)
class Conformance:
    """Result of a validation. Unless `finished`, `reason` says why there may be more; problems are of level NOTE."""

    finished: bool
    problems: tuple[Problem, ...]
    reason: str


# parent process -----------------------------------------------------------------------------------


class Check:
    """Validation of a document in another process. `poll` and `cancel` neither wait nor raise."""

    def __init__(self, raw: bytes, *, seconds: float = 20, memory: int = 2 * 2**30, max_problems: int = 200) -> None:
        """Start the validation. `memory` is a limit of address space in bytes, where the system has one; at most `max_problems` are returned.

        GitHub's document (13 MB) takes some 10 seconds of processor time, Stripe's 4.
        """
        self._seconds = seconds
        self._result: Conformance | None = None
        self._cancelled = False
        try:
            self._process = start("analysis.conformance.process", seconds, memory, max_problems)
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            self._result = Conformance(False, (), f"the check could not be started: {visible(str(error), _MAX_TEXT)}")
            return
        self._thread = threading.Thread(target=self._communicate, args=(raw,), daemon=True)
        self._thread.start()

    def poll(self) -> Conformance | None:
        """Return the result, or None while the validation runs."""
        return self._result

    def wait(self) -> Conformance:
        """Wait for the result, at most until the time limit, and return it."""
        try:
            if self._result is None:
                self._thread.join()
        except BaseException:  # the caller was interrupted and does not need the result
            self.cancel()
            raise
        return self._result or Conformance(False, (), "the check ended early")

    def cancel(self) -> None:
        """Stop the validation; problems found so far stay in the result."""
        if self._result is None:
            self._cancelled = True
            kill(self._process)

    def _communicate(self, raw: bytes) -> None:
        """Send the document and receive the output, in a thread: the process might not read its input."""
        process, timed_out = self._process, False
        with process:
            try:
                output, _ = process.communicate(raw, timeout=self._seconds)
            except subprocess.TimeoutExpired:
                timed_out = True
                kill(process)
                output, _ = process.communicate()  # problems found so far
            finally:
                kill(process)
        problems, end = _parse_output(output)
        if end is None:
            timed_out = timed_out or process.returncode == -getattr(signal, "SIGXCPU", 0)
            end = f"the check ended early (exit code {process.returncode})"
            end = (
                "it was stopped"
                if self._cancelled
                else f"stopped after {self._seconds:g} seconds"
                if timed_out
                else end
            )
        self._result = Conformance(end == "", tuple(dict.fromkeys(problems)), end)


def check(raw: bytes, *, seconds: float = 20, memory: int = 2 * 2**30, max_problems: int = 200) -> Conformance:
    """Validate a document of OpenAPI 2.0 to 3.2 against its specification, and return the result. Never raises."""
    return Check(raw, seconds=seconds, memory=memory, max_problems=max_problems).wait()


def start(module: str, *arguments: float) -> subprocess.Popen[bytes]:
    """Start one of our modules in its own process and process group. Raises `OSError`.

    `-P` and the single path entry keep modules of the current folder out, which may be an untrusted checkout.
    """
    inherited = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    backend = {"OPENAPI_SPEC_VALIDATOR_SCHEMA_VALIDATOR_BACKEND": "jsonschema"}  # the same result on every machine
    return subprocess.Popen(  # noqa: S603 - our interpreter and module, no shell
        [sys.executable, "-P", "-B", "-W", "ignore", "-m", module, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env=inherited | backend | {"PYTHONPATH": str(_ROOT)},
        start_new_session=True,
    )


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a started process and its group, if it is still running."""
    if process.poll() is not None:
        return
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()


def _parse_output(output: bytes) -> tuple[list[Problem], str | None]:
    """Return (problems, end reason) of the output lines; the reason is None if the last line is missing."""
    problems, end = [], None
    for line in output.splitlines():
        with contextlib.suppress(ValueError, KeyError, TypeError):  # a truncated line is ignored
            record = json.loads(line)
            if "end" in record:
                end = str(record["end"])
            else:
                problems.append(Problem(Level.NOTE, record["what"], record["pointer"], record["line"]))
    return problems, end


# child process ---------------------------------------------------------------------------------


def limit_resources(seconds: float, memory: float) -> None:
    """Limit this process: processor time, address space, no core file. Meant for a dedicated process."""
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        return
    wanted = {resource.RLIMIT_CPU: int(seconds) + 1, resource.RLIMIT_AS: int(memory), resource.RLIMIT_CORE: 0}
    for kind, limit in wanted.items():
        with contextlib.suppress(ValueError, OSError):  # the limit is not supported, or already lower
            resource.setrlimit(kind, (limit, limit))


def block_outside_access() -> None:
    """Deny this process the network, other programs, and files outside Python: a second line of defence."""
    roots = tuple(os.path.realpath(path) + os.sep for path in (*sys.path, sys.prefix, sys.base_prefix) if path)

    def guard(event: str, arguments: tuple[Any, ...]) -> None:
        if event.startswith(_OUTSIDE_EVENTS):
            raise PermissionError(event)
        if event == "open" and not isinstance(arguments[0], int):
            path = os.path.realpath(os.fsdecode(arguments[0]))
            if not path.startswith(roots) or arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
                raise PermissionError(event)

    sys.addaudithook(guard)


def main(arguments: Sequence[str]) -> None:
    """Validate the document on standard input: write each problem as a line of JSON, then the end reason."""
    seconds, memory, max_problems = map(float, arguments)
    limit_resources(seconds, memory)
    sys.setrecursionlimit(3_000)  # enough for the deepest schemas within the limits
    try:
        end = _run(sys.stdin.buffer.read(), int(max_problems))
    except MemoryError:
        end = f"stopped at {memory / 2**20:,.0f} MB of memory"
    except Exception as error:  # noqa: BLE001 - any failure on an untrusted document is a result
        end = f"the document was not validated: {visible(failure_reason(error), _MAX_TEXT)}"
    _emit({"end": end})


def _emit(record: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(record) + "\n")
    sys.stdout.flush()


def _run(raw: bytes, max_problems: int) -> str:
    """Emit every problem; return why there may be more, or an empty text."""
    parsed = parse_document(raw, Limits())
    if parsed.data is None:
        why = next((problem.what for problem in parsed.problems), "it is empty")
        return f"the document cannot be read: {visible(why, _MAX_TEXT)}"
    version = version_of(parsed.data)
    if version is None:
        return "this is not an OpenAPI document of a supported version (2.0, 3.0, 3.1, 3.2)"
    skipped: list[str] = []
    found = problems_of(parsed, version, skipped)
    block_outside_access()
    for count, problem in enumerate(found):
        if count == max_problems:
            return f"stopped after {max_problems:,} problems"
        _emit({"what": problem.what, "pointer": problem.pointer, "line": problem.line})
    return f"parts that could not be validated: {len(skipped):,}" if skipped else ""


if __name__ == "__main__":
    main(sys.argv[1:])
