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
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from analysis.conformance.problems import problems_of, why
from analysis.ingest.document.loading import Limits
from analysis.ingest.document.reader import parse
from analysis.ingest.openapi.walk import version_of
from analysis.model import Level, Problem
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Sequence


_HOME: Final = Path(__file__).resolve().parents[2]
#: What the interpreter needs to find itself. Nothing else of the environment is the business of a stranger's document.
_ENVIRONMENT: Final = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
#: Events of the interpreter that reach the network or start a program.
_OUTSIDE: Final = ("socket.", "urllib.", "http.", "ftplib.", "subprocess.", "os.exec", "os.fork", "os.posix", "os.sys")
_TEXT: Final = 300


@dataclass(frozen=True, slots=True)
class Conformance:
    """What the validator said. Unless `finished`, `reason` says why there may be more; problems are of level NOTE."""

    finished: bool
    problems: tuple[Problem, ...]
    reason: str


# the side that asks -----------------------------------------------------------------------------------


class Check:
    """A document being validated in another process. `poll` and `cancel` neither wait nor raise."""

    def __init__(self, raw: bytes, *, seconds: float = 20, memory: int = 2 * 2**30, most: int = 200) -> None:
        """Start it. `memory` is a limit of address space in bytes, where the system has one; `most` of the problems.

        GitHub's document (13 MB) takes some 10 seconds of processor time, Stripe's 4.
        """
        self._seconds = seconds
        self._result: Conformance | None = None
        self._cancelled = False
        try:
            self._process = start("analysis.conformance.process", seconds, memory, most)
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            self._result = Conformance(False, (), f"the check could not be started: {visible(str(error), _TEXT)}")
            return
        self._thread = threading.Thread(target=self._follow, args=(raw,), daemon=True)
        self._thread.start()

    def poll(self) -> Conformance | None:
        """Return the outcome, or None as long as there is none."""
        return self._result

    def wait(self) -> Conformance:
        """Return the outcome once there is one, at the latest when the time is over."""
        try:
            if self._result is None:
                self._thread.join()
        except BaseException:  # whoever waits was interrupted, and asks no more
            self.cancel()
            raise
        return self._result or Conformance(False, (), "the check broke off")

    def cancel(self) -> None:
        """End it; what was found until then stays in the outcome."""
        if self._result is None:
            self._cancelled = True
            kill(self._process)

    def _follow(self, raw: bytes) -> None:
        """Hand the document over and take the answer, in a thread: the process may not read what it is given."""
        process, late = self._process, False
        with process:
            try:
                said, _ = process.communicate(raw, timeout=self._seconds)
            except subprocess.TimeoutExpired:
                late = True
                kill(process)
                said, _ = process.communicate()  # what was found until then
            finally:
                kill(process)
        problems, end = _answer(said)
        if end is None:
            late = late or process.returncode == -getattr(signal, "SIGXCPU", 0)
            end = f"the check broke off (exit code {process.returncode})"
            end = "it was stopped" if self._cancelled else f"stopped after {self._seconds:g} seconds" if late else end
        self._result = Conformance(end == "", tuple(dict.fromkeys(problems)), end)


def check(raw: bytes, *, seconds: float = 20, memory: int = 2 * 2**30, most: int = 200) -> Conformance:
    """Validate a document of OpenAPI 2.0 to 3.2 against its specification, and wait for it. Never raises."""
    return Check(raw, seconds=seconds, memory=memory, most=most).wait()


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
        end = f"the document was not validated: {visible(why(error), _TEXT)}"
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


if __name__ == "__main__":
    main(sys.argv[1:])
