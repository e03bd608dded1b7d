"""What the command line prints: results to stdout, everything else to stderr. Foreign text is made visible first."""

from __future__ import annotations

import json
import os
import platform
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis.text import visible

if TYPE_CHECKING:
    from analysis.errors import ClearanceError


def say(text: str = "") -> None:
    """Print a line of a result."""
    click.echo(text)


def remark(text: str) -> None:
    """Print a line that is no result."""
    click.echo(text, err=True)


def put_json(data: Any) -> None:
    """Print JSON for machines: ASCII, sorted, so that no hidden character reaches a terminal."""
    click.echo(json.dumps(data, ensure_ascii=True, sort_keys=True, indent=2))


def show_error(error: ClearanceError) -> int:
    """Print an error in its parts and return its exit code."""
    first, *rest = error.lines()
    remark(f"error: {visible(first)}")
    for line in rest:
        lead = len(line) - len(line.lstrip())
        remark(" " * lead + visible(line))
    return error.exit_code


def show_fault(arguments: list[str]) -> int:
    """Print that we failed, keep a ready-to-paste report, and return exit code 70."""
    report = "\n".join(
        [
            f"clearance {version()} on Python {platform.python_version()}, {platform.platform()}",
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
        where = "(the report could not be written)"
    remark("error: Clearance failed; this is our fault, nothing that was recorded is lost")
    remark(f"where: {where}")
    remark("next: please send us that report")
    return 70


def version() -> str:
    """Return the version of the installed product."""
    from importlib.metadata import PackageNotFoundError  # noqa: PLC0415 - costs more than the rest of this page
    from importlib.metadata import version as installed  # noqa: PLC0415

    try:
        return installed("mcp-clearance")
    except PackageNotFoundError:
        return "0 (not installed)"


def interactive() -> bool:
    """Whether a person sits at a terminal that can show the desk."""
    # Textual draws on stderr, so that one too has to be a terminal.
    return all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)) and os.environ.get(
        "TERM", ""
    ) not in {"", "dumb"}


def columns(rows: list[list[str]], widths: list[int]) -> list[str]:
    """Return rows as aligned lines; a width of 0 leaves the rest of the line to the last column."""
    from rich.cells import cell_len, set_cell_size  # noqa: PLC0415 - wide characters need a table of widths

    lines = []
    for row in rows:
        cells = [
            set_cell_size(text if cell_len(text) <= width else f"{set_cell_size(text, width - 1)}…", width)
            if width
            else text
            for text, width in zip(row, widths, strict=True)
        ]
        lines.append("  ".join(cells).rstrip())
    return lines
