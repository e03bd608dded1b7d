"""The section of a tool's page about names that cannot be relied on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from analysis.review.packets.generator_names import Unread
from analysis.text import visible
from tui.desk.widgets.lines import Line, line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.review.packets.generator_names import DerivedName

_MAX_SHOWN: Final = 80


def name_lines(names: Sequence[DerivedName] | Unread) -> Iterator[Line]:
    """Yield the names of a tool with problems, one line for each name and its generators; nothing without problems."""
    if isinstance(names, Unread):
        yield from (line(""), line(("Names at generators", "title")), line((names.value, "dim")))
        return
    if not names:
        return
    yield from (line(""), line(("Names at generators", "title")))
    grouped: dict[DerivedName, list[str]] = {}
    for each in names:
        grouped.setdefault(replace(each, generator=""), []).append(each.generator)
    for name, generators in grouped.items():
        shown = "no tool" if name.name is None else visible(name.name, _MAX_SHOWN) or "(empty)"
        fails = any(problem.fails for problem in name.problems)
        yield line(
            (shown, "strong"),
            (f"  {', '.join(problem.value for problem in name.problems)}", "warn" if fails else "dim"),
            f"{f' (in the whole document: {visible(name.other, _MAX_SHOWN)})' if name.other else ''}",
            (f"  {', '.join(generators)}", "dim"),
            indent=2,
        )
