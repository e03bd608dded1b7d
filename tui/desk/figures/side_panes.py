"""The quiet panes of the overview: access request, progress by resource, gates, people."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from analysis.text import visible
from tui.desk.figures.heat_matrix import decision_bar
from tui.desk.widgets.cells import cut, cut_middle
from tui.desk.widgets.figure import Rows, Run, blank, spread
from tui.desk.widgets.symbols import BAR, HERE, MET, OPEN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.model import Gate, Intake
    from analysis.review.queries.figures.matrix import DecisionCounts

_LABEL: Final = 12
_NAME: Final = 15
#: The number that decides a gate, at the beginning of its reason.
_NUMBER: Final = re.compile(r"[\d,]+(?: of [\d,]+| open)?")


def request_rows(request: Intake | None, source: str, width: int, height: int) -> Rows:
    """Return the access request, what says most first; empty fields are left out."""
    if request is None:
        known = [("request", "not filled in; press i")]
    else:
        known = [
            ("agent", request.agent), ("environment", request.environment), ("audience", ", ".join(request.audience)),
            ("purpose", request.purpose), ("owner", request.owner), ("server", request.server),
            ("data", ", ".join(request.data)), ("writes", request.writes), ("scopes", ", ".join(request.grant)),
        ]  # fmt: skip
    rows = [(label, value) for label, value in known if value]
    rows = [*rows[: height - 1], ("source", source)]
    return [
        [blank(1), Run(f"{label:<{_LABEL}} ", "dim"), Run(cut(visible(value, 200), width - _LABEL - 3))]
        for label, value in rows
    ]


def progress_rows(resources: Sequence[tuple[str, DecisionCounts]], width: int, height: int, *, textured: bool) -> Rows:
    """Return the resources with undecided tools as bars, most undecided risk first; what is complete is one line."""
    waiting = [(name, counts) for name, counts in resources if counts.undecided]
    complete = len(resources) - len(waiting)
    shown = waiting[: height - 1] if complete or len(waiting) > height else waiting
    digits = max((len(f"{counts.decided:,}/{counts.total:,}") for _, counts in shown), default=0)
    rows = []
    for name, counts in shown:
        label = cut_middle(visible(name, 80), _NAME)
        bar = decision_bar(counts, max(width - _NAME - digits - 5, 4), glyph=BAR, textured=textured)
        number = f"{counts.decided:,}/{counts.total:,}"
        rows.append([blank(1), Run(f"{label:<{_NAME}} ", "soft"), *bar, Run(f"  {number:>{digits}}", "soft")])
    more = len(waiting) - len(shown)
    words = [*([f"{more:,} more resources"] if more else []), *([f"{complete:,} complete"] if complete else [])]
    if words:
        rows.append(
            spread([blank(1), Run(", ".join(words), "dim")], [Run(f"{MET} ", "approved")] if complete else [], width)
        )
    return rows


def gate_rows(gates: Sequence[Gate], width: int, height: int) -> Rows:
    """Return the gates, open ones first, each with the number that decides it."""
    order = sorted(gates, key=lambda gate: not gate.open)
    rows = []
    for gate in order[:height]:
        symbol = Run(f"{OPEN} ", "link") if gate.open else Run(f"{MET} ", "approved")
        title = Run(gate.title, "" if gate.open else "soft", target="signoff")
        room = width - len(gate.title) - 6
        why = visible(gate.why, 120)
        if len(why) > room:
            number = _NUMBER.match(why)
            why = number.group() if number else ""
        rows.append(spread([blank(1), symbol, title], [Run(f"{why} ", "soft" if gate.open else "dim")], width))
    return rows


def people_rows(people: Sequence[tuple[str, int]], me: str, width: int, height: int) -> Rows:
    """Return who decided how much; the person at this desk is marked."""
    rows = []
    names = dict(people)
    for name, count in [(me, names.get(me, 0)), *((n, c) for n, c in people if n != me)][:height]:
        symbol = Run(f"{HERE} ", "link") if name == me else Run(f"{OPEN} ", "dim")
        here = [Run("here ", "dim")] if name == me else []
        text = f"{count:,} decided" if count else "no decisions"
        rows.append(spread([blank(1), symbol, Run(f"{visible(name, 24):<25}"), Run(text, "soft")], here, width))
    return rows
