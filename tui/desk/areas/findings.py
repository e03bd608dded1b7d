"""What is wrong with live tools, with the answers, and with the review as a whole; worst first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.model import Status
from analysis.text import visible
from tui.desk.areas.list_area import ListArea
from tui.desk.glyphs import SEP
from tui.desk.widgets.line_table import Cell, Column
from tui.desk.widgets.lines import Line, line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.model import Finding


class FindingsArea(ListArea):
    """What is wrong, worst first."""

    COLUMNS = (Column("SEVERITY", 8), Column("RULE", 16), Column("STATUS", 14), Column("WHAT", 0), Column("TOOL", 0))
    EMPTY = "no findings on live tools"

    def rows(self) -> Sequence[str]:
        """Return the findings, worst first."""
        self._found: dict[str, Finding] = {f.id: f for f in self.session.review.standing().findings}
        return list(self._found)

    def finding(self) -> Finding | None:
        """Return the finding under the cursor."""
        return self._found.get(self.table.key or "")

    def _subject(self, found: Finding) -> str:
        if found.tools:
            return f"{len(found.tools):,} tools"
        return self.session.review.tool(found.tool).row.name if found.tool else found.control or "review"

    def cells(self, key: str) -> Sequence[Cell]:
        """Return one finding as cells."""
        found = self._found[key]
        level = {"critical": "high", "high": "high", "medium": "medium"}.get(found.severity.value, "low")
        settled = found.status is not Status.OPEN
        return [
            (found.severity.value, level),
            (found.rule, ""),
            (found.status.value, "dim" if settled else ""),
            (visible(found.title, 200), "dim" if settled else ""),
            (visible(self._subject(found), 200), ""),
        ]

    def page(self, key: str) -> Sequence[Line]:
        """Return one finding in full."""
        found = self._found[key]
        made = self.session.review.disposition(found.id)
        ledger = next(
            (entry for entry in self.session.review.standing().score.ledger if entry.finding == found.id), None
        )
        lines = [
            line((f"{found.rule} {visible(found.title)}", "title")),
            line(f"{found.severity.value}, confidence {found.confidence}{SEP}{visible(self._subject(found))}"),
            line(("found: ", "dim"), visible(found.matched, 800), indent=2),
            line(("why: ", "dim"), visible(found.why), indent=2),
            line(("remedy: ", "dim"), visible(found.remedy), indent=2),
        ]
        if found.pointer:
            lines.append(line((f"at {visible(found.pointer)}" + (f", line {found.line}" if found.line else ""), "dim")))
        if ledger is not None:
            lines.append(line(f"costs {ledger.counted:g} points; fixing it wins {ledger.wins}"))
        if made is not None:
            lines.append(
                line(
                    (f"{made.status.value} ", "good"),
                    f"by {visible(made.actor)} at {made.at}: {visible(made.reason)}",
                    indent=2,
                )
            )
            lines.extend(
                line((visible(f"{name}: {value}"), "dim"))
                for name, value in (
                    ("code", made.code),
                    ("evidence", made.evidence),
                    ("owner", made.owner),
                    ("until", made.until),
                )
                if value
            )
        return [*lines, *self.notes_on(found.id)]
