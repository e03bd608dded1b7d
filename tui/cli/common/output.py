"""Output of the command line: results to stdout, everything else to stderr, untrusted text made visible."""

from __future__ import annotations

import io
import json
import os
import platform
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from analysis.model import PRODUCT
from analysis.text import visible, visible_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.errors import ClearanceError


#: Data is made here, and has no cycles.
_ENCODER: Final = json.JSONEncoder(ensure_ascii=True, sort_keys=True, check_circular=False)
#: Number of JSON levels with one member per line.
_SPREAD_LEVELS: Final = 2
#: Maximum width of wrapped text, columns: longer lines are hard to read.
_MAX_WIDTH: Final = 100


def escape_unencodable() -> None:
    """Write characters the encoding of the terminal lacks as escapes, so that output never fails."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(text: str = "") -> None:
    """Print lines of a result, with control characters escaped."""
    click.echo(visible_lines(text, len(text)))


def say_wrapped(text: str, indent: int = 0) -> None:
    """Print a line of a result, wrapped at the width of the terminal; continuation lines are indented."""
    import shutil  # noqa: PLC0415 - scripts ask for JSON
    import textwrap  # noqa: PLC0415

    width = max(40, min(shutil.get_terminal_size().columns, _MAX_WIDTH))
    say("\n".join(textwrap.wrap(text, width, subsequent_indent=" " * indent, break_on_hyphens=False)))


def remark(text: str) -> None:
    """Print lines that are not part of the result."""
    click.echo(visible_lines(text, len(text)), err=True)


def put_json(data: Any) -> None:
    """Print JSON for machines: ASCII, sorted, so that no hidden character reaches a terminal.

    Each entry of a list is on a line of its own, for `grep` and `diff`.
    """
    click.echo("".join(_json_lines(data, 0)))


def _json_lines(data: Any, depth: int) -> Iterator[str]:
    """Yield JSON with one line for each member of the first two levels."""
    if depth == _SPREAD_LEVELS or not data or not isinstance(data, dict | list):
        yield _ENCODER.encode(data)
        return
    named = isinstance(data, dict)
    indent = "  " * (depth + 1)
    for number, key in enumerate(sorted(data) if named else range(len(data))):
        yield f"{',' if number else '{' if named else '['}\n{indent}"
        yield f"{json.dumps(key)}: " if named else ""
        yield from _json_lines(data[key], depth + 1)
    yield f"\n{'  ' * depth}{'}' if named else ']'}"


def show_error(error: ClearanceError) -> int:
    """Print an error in its parts and return its exit code."""
    remark("\n".join(["error: " + visible(error.lines()[0]), *(visible_lines(line) for line in error.lines()[1:])]))
    return error.exit_code


def show_fault(arguments: list[str]) -> int:
    """Report an internal error, write a report to send, and return exit code 70."""
    report = "\n".join(
        [
            f"{PRODUCT} on Python {platform.python_version()}, {platform.platform()}",
            f"command: {' '.join(arguments[:1])}",
            traceback.format_exc(),
        ]
    )
    folder = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "clearance"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        place = folder / "fault-report.txt"
        place.write_text(report, "utf-8")
        where = str(place)
    except OSError:
        where = "the report could not be written"
    remark("error: internal error in Clearance; everything recorded so far is kept")
    remark(f"where: {where}")
    remark("next: please report it, with that file")
    return 70


def shows_desk() -> bool:
    """Return whether the desk can be shown: in a terminal, or in the browser that started this program."""
    return interactive() or os.environ.get("TEXTUAL_DRIVER", "").endswith(":WebDriver")


def interactive() -> bool:
    """Return whether input and output are a terminal that can show the desk."""
    # Textual draws on stderr, so it has to be a terminal too.
    return all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)) and os.environ.get(
        "TERM", ""
    ) not in {"", "dumb"}


def columns(rows: list[list[str]], widths: list[int]) -> list[str]:
    """Return rows as aligned lines; a width of 0 gives the rest of the line to the last column."""
    lines = []
    for row in rows:
        cells = [_cell(text, width) if width else text for text, width in zip(row, widths, strict=True)]
        lines.append("  ".join(cells).rstrip())
    return lines


def _cell(text: str, width: int) -> str:
    """Return a text of exactly `width` columns of a terminal, cut where it is longer."""
    if text.isascii() and text.isprintable():
        return text.ljust(width) if len(text) <= width else f"{text[: width - 1]}…"
    from rich.cells import cell_len, set_cell_size  # noqa: PLC0415 - wide characters need a table of widths

    return set_cell_size(text if cell_len(text) <= width else f"{set_cell_size(text, width - 1)}…", width)
