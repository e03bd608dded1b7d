"""The people of a review: second approvals and calls that wait, who has to sign and has, and who decides how much."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.review import queries
from analysis.review.packets.signing import roles_to_sign, stated_packet
from analysis.review.queries.people import Member, team
from analysis.text import visible
from tui import clock
from tui.desk.areas.list_area import ListArea, Target
from tui.desk.areas.signoff import packet_folder
from tui.desk.widgets.lines import Line, line
from tui.desk.widgets.symbols import SEP
from tui.desk.widgets.table_columns import Cell, Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.model import ToolId
    from analysis.review.enforcement.waiting_calls import QueuedCall
    from analysis.review.packets.signing import StatedSignoff


class PeopleArea(ListArea):
    """What waits for a person first, then the roles that sign, then the people and their load."""

    TITLE, PAGE = "People", "What to do"
    COLUMNS = (Column("What", 15), Column("Who", 0), Column("State", 0))
    EMPTY = "no row contains these words; Esc shows all"

    def rows(self) -> Sequence[str]:
        """Return second approvals that wait for the person here, waiting calls, roles, people."""
        from analysis.review.enforcement.waiting_calls import queued_calls  # noqa: PLC0415 - no other area reads gateways

        review, actor = self.session.review, self.session.actor
        asked, own = queries.second_approvals(review, actor)
        self._second: dict[str, ToolId] = {f"second {tool}": tool for tool in asked}
        self._own = len(own)
        self._calls: dict[str, QueuedCall] = {f"call {c.call.id}": c for c in queued_calls(clock.now())}
        packet = stated_packet(packet_folder(self.session))
        signed = packet.signoffs if packet else ()
        self._roles: dict[str, list[StatedSignoff]] = {
            f"role {role}": [each for each in signed if each.role == role] for role in roles_to_sign(review)
        }
        self._members: dict[str, Member] = {f"person {each.name}": each for each in team(review).members}
        return [*self._second, *self._calls, *self._roles, *self._members]

    def _first(self, tool: ToolId) -> str:
        decision = self.session.review.tool(tool).decision
        return decision.actor if decision else ""

    def head(self) -> str:
        """Return what waits for the person here."""
        mine = self._members.get(f"person {self.session.actor}")
        parts = [f"{len(self._second):,} second approvals wait for you"] if self._second else []
        parts += [f"{self._own:,} of yours wait for another person or a signature"] if self._own else []
        parts += [f"{len(self._calls):,} calls wait: Y answers them"] if self._calls else []
        parts += [f"assigned to you: {mine.assigned:,}, overdue {mine.overdue:,}"] if mine and mine.assigned else []
        unsigned = sum(not signed for signed in self._roles.values())
        parts.append(f"{unsigned:,} of {len(self._roles):,} roles have not signed")
        return f" {SEP.join(parts)}"

    def subject(self) -> str | None:
        """Return the subject of a note: the review."""
        return "review"

    def tool(self) -> ToolId | None:
        """Return the tool that waits for a second approval."""
        return self._second.get(self.table.key or "")

    def target(self) -> Target | None:
        """Lead to the tool that waits, to the sign-offs, or to what a person has still to decide."""
        key = self.table.key or ""
        if key in self._second:
            return Target(query="is:awaiting-second", key=self._second[key])
        if key in self._roles:
            return Target("signoff")
        member = self._members.get(key)
        if member is None:
            return None
        return Target(query=f'assigned:"{member.name}" is:undecided' if member.assigned else f'by:"{member.name}"')

    def cells(self, key: str) -> Sequence[Cell]:
        """Return one row: what waits or who it is, and its state."""
        if key in self._second:
            tool = self._second[key]
            return [
                ("second approval", "high"),
                (visible(self.session.review.tool(tool).row.name, 120), "strong"),
                (f"first by {visible(self._first(tool), 60)}", ""),
            ]
        if key in self._calls:
            call = self._calls[key].call
            return [
                ("call waits", "high"), (visible(call.tool, 120), "strong"), (f"for {visible(call.user, 60)}, until {call.until[11:19]} UTC", "")
            ]  # fmt: skip
        if key in self._roles:
            signed = self._roles[key]
            state = "; ".join(visible(each.words, 120) for each in signed) or "not signed"
            return [("role", ""), (key.partition(" ")[2], "strong"), (state, "approved" if signed else "medium")]
        return self._member_cells(self._members[key])

    def _member_cells(self, member: Member) -> Sequence[Cell]:
        you = " (you)" if member.name == self.session.actor else ""
        parts = [f"{member.assigned:,} to decide"] if member.assigned else []
        parts += [f"{member.overdue:,} overdue"] if member.overdue else []
        parts += [f"{member.decided:,} decided"]
        parts += [f"{member.conflicts:,} conflicts"] if member.conflicts else []
        parts += [f"last seen {member.last[:10] or 'never'}"]
        return [
            ("person", "dim"),
            (f"{visible(member.name, 120)}{you}", "strong"),
            (SEP.join(parts), "high" if member.overdue else ""),
        ]

    def page(self, key: str) -> Sequence[Line]:
        """Return what to do about the row; the reason of a first approval is not shown before the second."""
        if key in self._second:
            state = self.session.review.tool(self._second[key])
            return [
                line((visible(state.row.name, 120), "title")),
                line(
                    f"approved by {visible(self._first(self._second[key]), 60)}; {state.risk.value} risk needs a second person"
                ),
                line(("Enter goes to the tool: decide as you see it. The first reason is shown once you have.", "dim")),
            ]
        if key in self._calls:
            return [
                line((visible(self._calls[key].call.tool, 120), "title")),
                line(f"needs {self._calls[key].needs}"),
                line(("Y shows the call and answers it", "dim")),
            ]
        if key in self._roles:
            signed = [line(visible(each.words, 400)) for each in self._roles[key]]
            return [
                line((f"sign-off as {key.partition(' ')[2]}", "title")),
                *(signed or [line("no sign-off of the exported packet is in this role")]),
            ]
        member = self._members[key]
        return [
            line((visible(member.name, 120), "title")),
            line(
                f"{member.events:,} events on {member.copies} {'copies' if member.copies != 1 else 'copy'}, first {member.first[:10] or 'never'}, last {member.last[:10] or 'never'}"
            ),
            *([line((f"clock: {member.clock}", "warn"))] if member.clock else []),
            line(("Enter lists what they have to decide, else what they decided", "dim")),
        ]
