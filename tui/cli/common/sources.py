"""The SOURCE argument: a path, standard input, or a live MCP server that is confirmed before it is started."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from analysis.errors import UsageError
from analysis.model import SourceId
from analysis.text import slug
from tui.cli.common.output import interactive, remark
from tui.cli.common.progress import ProgressLine

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from analysis.review.packets.drift_check import Reading
    from analysis.review.sources.importing import ImportResult

T = TypeVar("T")
_PREFIX = "mcp:"


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """Options for reading a source: limits; for a live server its environment, headers, label and confirmation."""

    yes: bool
    env: tuple[str, ...]
    headers: tuple[str, ...]
    label: str
    limits: tuple[str, ...]


def source_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options for reading a source to a command; their values are the fields of `SourceOptions`."""
    for option in (
        click.option(
            "--limit",
            "limits",
            multiple=True,
            metavar="NAME=VALUE",
            help="Raise a limit (size, depth, nodes, characters, text, operations, files, units), recorded in the review; or the budget (seconds, memory).",
        ),
        click.option("--label", default="", help="mcp: a name for the credential used, recorded with the tool list."),
        click.option(
            "--header",
            "headers",
            multiple=True,
            metavar="NAME=VARIABLE",
            help="mcp: send a header with the value of a variable.",
        ),
        click.option(
            "--env", multiple=True, metavar="VARIABLE", help="mcp: pass an environment variable to the server."
        ),
        click.option("--yes", is_flag=True, help="mcp: start or call the server without confirmation."),
    ):
        command = option(command)
    return command


def read_source(
    text: str,
    options: SourceOptions,
    *,
    name: str = "",
    empty: bool = False,
    conformance: bool = False,
    own_words: Mapping[str, Any] | None = None,
) -> ImportResult:
    """Import a SOURCE. A live server is shown, and started only once confirmed. Raises `InputRefused`."""
    from analysis.review.sources.importing import examine_source  # noqa: PLC0415 - opening a review reads no source

    return _read(text, options, examine_source, name=name, empty=empty, conformance=conformance, own_words=own_words)


def served_definitions(text: str, options: SourceOptions) -> Reading:
    """Read the definitions of a SOURCE without assessing them; else as `read_source`."""
    from analysis.review.sources import importing  # noqa: PLC0415 - likewise

    return _read(text, options, importing.read_definitions)


def _read(
    text: str,
    options: SourceOptions,
    reader: Callable[..., T],
    *,
    name: str = "",
    empty: bool = False,
    conformance: bool = False,
    own_words: Mapping[str, Any] | None = None,
) -> T:
    from analysis.review.sources.import_budget import limits_from  # noqa: PLC0415 - likewise
    from analysis.review.sources.importing import ImportOptions  # noqa: PLC0415

    identity = SourceId(slug(name)) if name else None
    how = ImportOptions(*limits_from(options.limits), own_words or {}, conformance)
    if not text.startswith(_PREFIX):
        read, place = (sys.stdin.buffer.read(), "standard input") if text == "-" else (str(Path(text)), text)
        with ProgressLine() as watch:
            return reader(read, name=identity, place=place, empty=empty, options=replace(how, progress=watch))
    from analysis.review.sources.servers import find_server, read_server  # noqa: PLC0415 - only live servers need it

    spec = find_server(text)
    remark(f"about to {spec.describe()}")
    if not options.yes:
        if not interactive():
            raise UsageError("a server is not started or called without confirmation", place=text, remedy="add --yes")
        click.confirm("continue?", abort=True, err=True)
    env = {
        variable: _value(variable)
        for variable in (*spec.env_names, *options.env)
        if variable in os.environ or variable in options.env
    }
    headers = dict(_header(header) for header in options.headers)
    return read_server(reader, spec, env=env, headers=headers, label=options.label, name=identity, options=how)


def _value(variable: str) -> str:
    if variable not in os.environ:
        raise UsageError(f"the variable {variable} is not set", remedy="set it, or leave out --env")
    return os.environ[variable]


def _header(text: str) -> tuple[str, str]:
    name, sign, variable = text.partition("=")
    if not sign or not name or not variable:
        raise UsageError(
            "a header is written NAME=VARIABLE",
            place=text,
            remedy="the value comes from the variable, never from the command line",
        )
    return name, _value(variable)
