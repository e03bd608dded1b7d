"""Exfiltration paths: the tools in each flow role, and the smallest sets of tools that cut the path when blocked."""

from __future__ import annotations

from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from textual.content import Content
from textual.widgets import Static

from analysis.model import TRIFECTA, DecisionState, FlowRole, PathState, ToolId
from analysis.review import queries
from analysis.review.derived.flows import flow_roles_of
from analysis.text import visible
from tui.desk.areas import AREAS
from tui.desk.areas.list_area import ListArea, Target
from tui.desk.areas.tool_row import ToolColumns
from tui.desk.figures.flow_picture import MAX_SHOWN, PictureTool, RoleBox, WayState, flow_picture
from tui.desk.pages.related import flow_role_lines
from tui.desk.widgets.bar import ActionBar
from tui.desk.widgets.figure import Figure
from tui.desk.widgets.line_table import LineTable
from tui.desk.widgets.lines import Line, line
from tui.desk.widgets.pane import Pane
from tui.desk.widgets.symbols import SEP
from tui.desk.widgets.table_columns import Cell, Column

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from textual.app import ComposeResult

    from analysis.model import BlockingSet
    from analysis.review.derived.flows import ReviewFlows
    from analysis.review.derived.view import ToolTable
    from tui.desk.shell.session import Session

#: Maximum number of tools named.
_MAX_NAMED = 40
#: A tool in a row of its own: mark, risk, name and call.
_NAMED = ToolColumns(["call"])
#: The roles of the path in the order of an attack, each with a title for where there is little room.
_ATTACK: Final = {
    FlowRole.UNTRUSTED_CONTENT: "untrusted", FlowRole.PRIVATE_DATA: "private", FlowRole.EXFILTRATION_SINK: "sink",
}  # fmt: skip
#: Tools of a role, by what is known of them: what was allowed comes first.
_RANK: Final = ("approved", "conditional", "undecided", "unknown", "blocked")
#: What a state says of a tool, looked up once for thousands of tools.
_SIMPLE: Final = {state: state.simple for state in DecisionState}
_LIVE: Final = {state: state.live for state in DecisionState}


class FlowsArea(ListArea):
    """The cuts of the path first, then what is not settled, then every tool with a flow role."""

    COLUMNS = (
        Column("Flow role", 23),
        Column("", 3),
        Column("Risk", 8),
        Column("Tool", 0),
        Column("Call", 0, below=100),
    )
    EMPTY = f"every tool with a flow role is blocked; {AREAS['tools'].key} shows the tools"
    TITLE, PAGE = "Flow roles", "Evidence"

    def __init__(self, session: Session, name: str) -> None:
        super().__init__(session, name)
        self._version: object = None  # of the review, when the flows were read
        self._rows_of: dict[FlowRole, tuple[tuple[ToolId, ...], dict[str, tuple[FlowRole, ToolId]]]] = {}
        self._clicked = ""  # the tool or the role of the picture that was clicked and is yet to be opened

    def compose(self) -> ComposeResult:
        """Lay out the picture over the list and its page."""
        yield Static(Content(""), id=f"{self.id}-head", classes="list-head")
        yield Figure(id="flow-picture")
        yield LineTable(self.COLUMNS, self.cells, self.EMPTY, id=f"{self.id}-table")
        yield Pane(id=f"{self.id}-page")

    def draw(self) -> None:
        """Draw the picture with the tool under the cursor, and the page."""
        picture = self.query_one("#flow-picture", Figure)
        if picture.display:
            picture.show(partial(flow_picture, self._boxes, chosen=self.tool() or ""))
        super().draw()

    def on_figure_chosen(self, event: Figure.Chosen) -> None:
        """Go to the tool, or the tools of the role, that was clicked, in the order of keys and clicks."""
        event.stop()
        self._clicked = event.target
        self.post_message(ActionBar.Pressed("go_tool"))

    def rows(self) -> Sequence[str]:
        """Return the cuts, the tools that are not settled, and the tools by flow role, the role with the fewest first."""
        version = self.session.version
        if version != self._version:
            self._version = version
            self._read()
        return [*self._cuts, *self._open, *self._flow_roles]

    def _read(self) -> None:
        self._flows = self.session.review.views.flows.all()
        self._boxes = role_boxes(self._flows, self.session.review.table)
        self._cuts = {f"cut {number}": cut for number, cut in enumerate(self._flows.cuts)}
        self._open = {f"open {tool}": tool for tool in self._flows.exposed.unsettled}
        self._flow_roles: dict[str, tuple[FlowRole, ToolId]] = {}
        for role, tools in sorted(self._flows.by_role, key=lambda each: (each[0] not in TRIFECTA, len(each[1]))):
            kept = self._rows_of.get(role)
            if kept is None or kept[0] != tools:  # most decisions change no role, or few
                kept = self._rows_of[role] = tools, {f"{role.name} {tool}": (role, tool) for tool in tools}
            self._flow_roles |= kept[1]

    def head(self) -> str:
        """Say what is known of the path: among undecided and approved tools, and among approved ones alone."""
        exposed, allowed = self._flows.exposed, self._flows.allowed
        unread = f"{SEP}read with errors: {', '.join(map(visible, exposed.unread))}" if exposed.unread else ""
        return f" Exfiltration path: {path_sentence(exposed.state, allowed.state, self._flows.approved)}{unread}"

    def tool(self) -> ToolId | None:
        """Return the tool under the cursor."""
        key = self.table.key or ""
        found = self._flow_roles.get(key)
        return found[1] if found else self._open.get(key)

    def subject(self) -> str | None:
        """Return the subject of a note: the tool, or the review."""
        return self.tool() or "review"

    def target(self) -> Target | None:
        """Lead to what was clicked, to the tool, or to all tools of a cut, marked for one decision."""
        if self._clicked:
            clicked, self._clicked = self._clicked, ""
            return Target(query=clicked) if clicked in {box.target for box in self._boxes} else Target(key=clicked)
        cut = self._cuts.get(self.table.key or "")
        if cut is not None:
            return Target(query="is:marked", marks=cut.tools)
        found = self.tool()
        return Target(key=found) if found else None

    def cells(self, key: str) -> Sequence[Cell]:
        """Return a cut, or one tool in one flow role, as cells."""
        if key in self._cuts:
            cut = self._cuts[key]
            count = f"block {len(cut.tools):,} tool{'s' if len(cut.tools) != 1 else ''}"
            return [
                ("cuts the path", "link"),
                ("", ""),
                ("", ""),
                (f"{count}: all with {cut.flow_role.value}{self._or_open(cut)}", "strong"),
                (self._names(cut), "dim"),
            ]
        if key in self._open:
            mark, risk, name, call = _NAMED.cells(self.session.review.tool(self._open[key]))
            return [("not settled", "strong"), mark, risk, name, call]
        flow_role, tool = self._flow_roles[key]
        mark, risk, name, call = _NAMED.cells(self.session.review.tool(tool))
        return [(flow_role.value, "" if flow_role in TRIFECTA else "dim"), mark, risk, name, call]

    def _or_open(self, cut: BlockingSet) -> str:
        played = len(self._flows.exposed.flow_roles[cut.flow_role])
        return f", {len(cut.tools) - played:,} of them not settled" if played < len(cut.tools) else ""

    def _names(self, cut: BlockingSet) -> str:
        named = [visible(self.session.review.tool(tool).row.name, 60) for tool in cut.tools[:_MAX_NAMED]]
        return ", ".join(named) + (f" and {len(cut.tools) - _MAX_NAMED:,} more" if len(cut.tools) > _MAX_NAMED else "")

    def page(self, key: str) -> Sequence[Line]:
        """Return the tools of a cut, or the signals for the flow roles of a tool."""
        if key in self._cuts:
            return list(self._cut_page(self._cuts[key]))
        flow_role, tool = self._flow_roles[key] if key in self._flow_roles else (None, self._open[key])
        review = self.session.review
        state, assessed = review.tool(tool), queries.reviewed_tool(review, tool).assessment
        row = state.row
        lines = [line((visible(row.name, 120), "title"), f"  {visible(row.call, 200)}")]
        for found in flow_roles_of(state, assessed.flow_roles, state.open_flow_roles):
            lines.extend(flow_role_lines(found, "strong" if found.flow_role is flow_role else ""))
        if tool in self._flows.exposed.held:
            lines.append(line(("a person approves each call, with evidence: not a sink", "good")))
        return [*lines, line(("l adds or removes a flow role", "dim")), *self.notes_on(tool)]

    def _cut_page(self, cut: BlockingSet) -> Iterator[Line]:
        unread = self._flows.exposed.unread
        then = "not known until the sources are read without errors" if unread else "absent"
        yield line((f"With these blocked, no tool is left for {cut.flow_role.value}: the path is {then}", "title"))
        yield line(("Enter shows these tools, all marked for one decision", "dim"))
        if cut.flow_role is TRIFECTA[-1]:
            yield line("Run-time approval of each call, with evidence, cuts it too.")
        yield line(f"Block all {len(cut.tools):,}: {self._names(cut)}", indent=2)


def role_boxes(flows: ReviewFlows, table: ToolTable) -> list[RoleBox]:
    """Return the roles of the path in the order of an attack, each with its tools: exposed, then open, then blocked."""
    states, places, exposed = table.states, table.places, flows.exposed
    blocked = [state for state in states if not _LIVE[state.decision_state]]
    boxes = []
    for role, brief in _ATTACK.items():
        playing = exposed.flow_roles[role]
        words = {tool: _SIMPLE[states[places[tool]].decision_state].value for tool in playing}
        words |= dict.fromkeys((tool for tool in exposed.possible[role] if tool not in words), "unknown")
        words |= dict.fromkeys((state.row.id for state in blocked if role in state.flow_roles), "blocked")
        by_word: dict[str, list[ToolId]] = {word: [] for word in _RANK}
        for tool, word in words.items():
            by_word[word].append(tool)
        find = partial(_picture_tool, table, words)
        first = [find(tool) for tool in islice(chain.from_iterable(by_word.values()), MAX_SHOWN)]
        left_open = by_word["unknown"] or exposed.unread
        way = WayState.OPEN if playing else WayState.UNKNOWN if left_open else WayState.BROKEN
        counts = {word: len(tools) for word, tools in by_word.items()}
        target = f"role:{role.value.replace(' ', '-')}"
        boxes.append(RoleBox(role.value, brief, way, list(filter(None, first)), find, counts, target))
    return boxes


def _picture_tool(table: ToolTable, words: Mapping[ToolId, str], tool: str) -> PictureTool | None:
    """Return a tool of a role by its id, with its state in a word; None where it does not play the role."""
    word, state = words.get(ToolId(tool)), table.get(tool)
    return PictureTool(tool, state.row.name, word) if word is not None and state is not None else None


def path_sentence(exposed: PathState, approved: PathState, tools: int) -> str:
    """Return what is known of the path over approved and undecided tools, and over the approved ones, `tools` in number."""
    if not tools:
        return f"{exposed.value} among undecided tools; nothing is approved yet"
    if exposed is approved:
        return exposed.value if exposed is PathState.ABSENT else f"{exposed.value} among approved tools"
    if approved is PathState.PRESENT:
        return "present among approved tools"
    return f"{exposed.value} among undecided tools, {approved.value} among approved"
