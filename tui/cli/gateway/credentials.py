"""Credentials of an upstream: from variables of the environment, or from what a command prints. Never from an argument."""

from __future__ import annotations

import os
import shlex
import subprocess
from typing import TYPE_CHECKING, Final

from analysis.errors import InputRefused, UsageError
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_SECONDS: Final = 30
_FORM: Final = "write NAME=env:VARIABLE, or NAME=command:COMMAND"


def credentials(
    env: tuple[str, ...], headers: tuple[str, ...]
) -> Callable[[], tuple[Mapping[str, str], Mapping[str, str]]]:
    """Return a function that reads the variables and headers anew. Raises `UsageError` where one is not written well."""
    stated = [_stated(text) for text in headers]
    for name in env:
        _variable(name)

    def read() -> tuple[Mapping[str, str], Mapping[str, str]]:
        return {name: _variable(name) for name in env}, {name: _value(kind, rest) for name, kind, rest in stated}

    return read


def _stated(text: str) -> tuple[str, str, str]:
    name, sign, value = text.partition("=")
    kind, colon, rest = value.partition(":")
    if not (name and sign and colon and rest) or kind not in {"env", "command"}:
        raise UsageError("a header does not say where its value comes from", place=visible(name, 60), remedy=_FORM)
    if kind == "env":
        _variable(rest)
    return name, kind, rest


def _value(kind: str, rest: str) -> str:
    return _variable(rest) if kind == "env" else _printed(rest)


def _variable(name: str) -> str:
    if name not in os.environ:
        raise UsageError(f"the variable {visible(name, 60)} is not set", remedy="set it, or leave it out")
    return os.environ[name]


def _printed(command: str) -> str:
    """Return the first line that a command prints; what it prints is in no message."""
    try:
        ran = subprocess.run(  # noqa: S603 - the user named the command
            shlex.split(command),
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise _refusal(command, type(error).__name__) from None
    if ran.returncode != 0 or not ran.stdout.strip():
        raise _refusal(command, f"it ended with status {ran.returncode}")
    return ran.stdout.strip().splitlines()[0]


def _refusal(command: str, why: str) -> InputRefused:
    first = visible(command.split(maxsplit=1)[0] if command.split() else "", 80)
    return InputRefused(
        "the command for a credential printed none",
        place=first,
        why=why,
        remedy="run it by hand and see what it prints",
    )
