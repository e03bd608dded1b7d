"""The queue: groups of tools that are decided as one, with what is proposed for each."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from textual.containers import Container

from analysis.model import DecisionState, Risk, ToolType
from analysis.review.queries import decision_proposals
from analysis.text import visible
from tui.desk.areas.list_area import ListArea, Target
from tui.desk.areas.tool_row import DECISION_SYMBOLS, method_style
from tui.desk.widgets.cells import cut_middle
from tui.desk.widgets.line_table import LineTable
from tui.desk.widgets.lines import Line, Parts, line
from tui.desk.widgets.pane import Pane
from tui.desk.widgets.symbols import NONE, PROPOSED, SECTION, SEP, STEPS
from tui.desk.widgets.table_columns import Cell, Column

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual.app import ComposeResult

    from analysis.model import DecisionProposal, ToolId, ToolState
    from analysis.review.derived.groups import ToolGroup
    from tui.desk.shell.session import Session

_RISKS: Final = (Risk.HIGH, Risk.MEDIUM, Risk.LOW)
_TYPES: Final = {ToolType.ADMINISTRATIVE: "admin"}
#: A decision as a proposal: a word that is no decision yet, and the style of what it would be.
_WORDS: Final = {
    DecisionState.APPROVED: ("approve", "approved"),
    DecisionState.CONDITIONAL: ("conditions", "conditional"),
    DecisionState.BLOCKED: ("block", "blocked"),
}
#: Tools of a group that its pane lists, without those that something sets apart.
_MAX_LISTED: Final = 200
#: Features of a tool that its line names, of those that set it apart; methods of a group that its row names.
_FEATURES: Final = 3
_METHODS: Final = 2
#: Width from which the three panes are side by side.
_THREE_PANES: Final = 100
_LABEL: Final = 11


class QueueArea(ListArea):
    """Groups with undecided tools first, in sections by risk; then those that are decided."""

    COLUMNS = (
        Column("Resource", 0, middle=True, weight=4), Column("Type", 11), Column("Tools", 5, right=True),
        Column("Calls", 19, below=110), Column("Data", 0, below=74, weight=4), Column("Flow role", 0, below=110, weight=4),
        Column("Proposal", 12), Column("From", 9, below=64),
    )  # fmt: skip
    EMPTY = "no group contains these words; Esc shows all"
    TITLE, PAGE = "Groups to decide", "Group"

    def __init__(self, session: Session, name: str) -> None:
        super().__init__(session, name)
        self._groups: dict[str, ToolGroup] = {}
        self._proposals: dict[ToolId, DecisionProposal] = {}
        self._version: object = None  # of the review, when the groups were read
        self._drawn: object = None  # what the panes show

    def compose(self) -> ComposeResult:
        """Lay out the groups over why, what is unlike, and what is proposed."""
        yield LineTable(self.COLUMNS, self.cells, self.EMPTY, id=f"{self.id}-table")
        with Container(classes="three-panes"):
            yield Pane(id=f"{self.id}-page")
            yield Pane(id=f"{self.id}-unlike")
            yield Pane(id=f"{self.id}-proposal")

    def _entitle(self) -> None:
        """Give the frames their titles."""
        super()._entitle()
        self.query_one(f"#{self.id}-unlike", Pane).entitle("Unlike the rest")
        self.query_one(f"#{self.id}-proposal", Pane).entitle("Proposal", counts=(("not a decision", "dim"),))

    def rows(self) -> Sequence[str]:
        """Return the identities of the groups."""
        review, version = self.session.review, self.session.version
        if version == self._version:
            return list(self._groups)
        self._version = version
        self._groups = {group.key.id: group for group in review.views.groups.ordered()}
        made = decision_proposals.propose(review, decision_proposals.baseline_of(review))
        self._proposals = {each.tool: each for each in made}
        return list(self._groups)

    def _sections(self, keys: Sequence[str]) -> dict[int, Parts]:
        """Return a line above the groups of each risk that have work, and one above those that are decided."""
        found: dict[int, Parts] = {}
        place = 0
        for risk in _RISKS:
            own = [each for key in keys if (each := self._groups[key]).undecided and each.key.risk is risk]
            if own:
                lit, rest = STEPS[risk.value]
                tools = sum(group.undecided for group in own)
                found[place] = (
                    (f" {SECTION} ", "dim"), (lit, "soft"), (rest, "track"), (f" {f'{risk.value.capitalize()} risk':<13}", "strong"),
                    (f"{len(own):,}", "strong"), (f" group{'s' if len(own) != 1 else ''}{SEP}", "soft"),
                    (f"{tools:,}", "strong"), (f" tool{'s' if tools != 1 else ''} to decide", "soft"),
                )  # fmt: skip
                place += len(own)
        if place < len(keys):
            count = (f"{len(keys) - place:,} groups", "soft")
            found[place] = ((f" {SECTION} ", "dim"), (f"{'Decided':<17}", "strong"), count)
        return found

    def counts(self) -> Parts:
        """Return how many groups and tools are left to decide."""
        left = [group for group in self._groups.values() if group.undecided]
        tools = sum(group.undecided for group in left)
        return (
            (f"{len(left):,}", "strong"),
            (f" group{'s' if len(left) != 1 else ''} left{SEP}", "dim"),
            (f"{tools:,}", "strong"),
            (f" tool{'s' if tools != 1 else ''}", "dim"),
        )

    def group(self) -> ToolGroup | None:
        """Return the group under the cursor."""
        return self._groups.get(self.table.key or "")

    def next_group(self) -> str | None:
        """Return the next group that a verdict leaves to decide, from the top after the last; None when none is left."""
        keys = list(self.table.keys)
        here = keys.index(self.table.key) if self.table.key in keys else -1
        turned = [*keys[max(here, 0) :], *keys[: max(here, 0)]]
        taken = set(self.marks.targets())
        return next((key for key in turned if self._groups[key].undecided and key not in taken), None)

    def undecided(self) -> list[ToolId]:
        """Return the undecided tools that a verdict takes: of the marked groups, else of the one under the cursor."""
        tools = (tool for key in self.marks.targets() for tool in self._groups[key].tools)
        return [tool for tool in tools if self.session.review.tool(tool).undecided]

    def proposals(self) -> list[DecisionProposal]:
        """Return what is proposed for the undecided tools that a verdict takes."""
        return [self._proposals[tool] for tool in self.undecided() if tool in self._proposals]

    def subject(self) -> str | None:
        """Return the subject of a note: the first tool."""
        return self.tool()

    def tool(self) -> ToolId | None:
        """Return the first tool of the group."""
        group = self.group()
        return group.tools[0] if group else None

    def target(self) -> Target | None:
        """Lead to the tools of the group."""
        group = self.group()
        return Target(query=f"group:{group.key.id}") if group else None

    # a row ---------------------------------------------------------------------------------------------

    def cells(self, key: str) -> Sequence[Cell]:
        """Return a group as cells: resource, type, undecided tools, calls, data, flow roles, what is proposed by whom."""
        group = self._groups[key]
        special = "".join(f", {word}" for word in _special(group))
        roles = ", ".join(role.value for role in group.flow_roles)
        count = f"{group.undecided:,}" if group.undecided else f"{len(group.tools):,}"
        made = self._made(group)
        layers = ", ".join(dict.fromkeys(each.source.kind.value for each in made))
        return [
            (f"{visible(group.key.resource, 120)}{special}", "" if group.undecided else "dim"),
            (_TYPES.get(group.key.type, group.key.type.value), "soft"),
            (count, "strong" if group.undecided else "dim"),
            self._calls(group),
            (", ".join(group.data) or NONE, "soft" if group.data else "dim"),
            (roles or NONE, "soft" if roles else "dim"),
            self._proposal(group),
            (visible(layers, 40), "soft"),
        ]

    def _made(self, group: ToolGroup) -> list[DecisionProposal]:
        return [self._proposals[tool] for tool in group.tools if tool in self._proposals]

    def _calls(self, group: ToolGroup) -> Parts:
        methods = Counter(self.session.review.tool(tool).row.method for tool in group.tools)
        parts: list[tuple[str, str]] = []
        for method, count in methods.most_common(_METHODS):
            if method:
                parts += [
                    ("  " if parts else "", ""),
                    (f"{count:,} ", "soft"),
                    (visible(method, 8), method_style(method)),
                ]
        return tuple(parts) or ((NONE, "dim"),)

    def _proposal(self, group: ToolGroup) -> Parts:
        """Return what is proposed; of a decided group, the decisions."""
        if not group.undecided:
            return tuple(
                (f"{DECISION_SYMBOLS[state]} {count:,} ", state) for state, count in group.states.items() if count
            )
        made = self._made(group)
        if not made:
            return ((NONE, "dim"),)
        decisions = {each.decision for each in made}
        if len(decisions) == 1 and len(made) == group.undecided:
            word, style = _WORDS[made[0].decision]
            return ((f"{PROPOSED} {word}", style),)
        return ((f"{PROPOSED} split", ""),)

    # the panes -----------------------------------------------------------------------------------------

    def draw(self) -> None:
        """Draw why the tools are one group, what is unlike in it, and what is proposed."""
        group = self.group()
        if group is None:
            self.pane.show([])
            return
        before, self._drawn = self._drawn, (group.key, self._version, self.app.size, len(self.session.opened))
        if self._drawn == before:
            return
        unlike = self.query_one(f"#{self.id}-unlike", Pane)
        proposal = self.query_one(f"#{self.id}-proposal", Pane)
        size = len(group.tools)
        title = SEP.join(
            (visible(group.key.resource, 60), _TYPES.get(group.key.type, group.key.type.value), group.key.risk.value)
        )
        self.pane.entitle(title, counts=((f"{size:,} tool{'s' if size != 1 else ''}", "dim"),))
        unlike.entitle(counts=((f"{len(group.unlike):,} of {size:,}", "strong" if group.unlike else "dim"),))
        if self.app.size.width < _THREE_PANES:
            self.pane.show(self.page(group.key.id))
            return
        self.pane.show(list(self._why(group)))
        unlike.show(list(self._tools(group)))
        proposal.show(list(self._proposed(group)))

    def page(self, key: str) -> Sequence[Line]:
        """Return all that is known of a group: what is proposed, why it is one, and each of its tools."""
        group = self._groups[key]
        return [*self._proposed(group), line(""), *self._why(group), line(""), *self._tools(group)]

    def _why(self, group: ToolGroup) -> Iterator[Line]:
        states = [f"{count:,} {state}" for state, count in group.states.items() if count]
        facts = (
            ("resource", visible(group.key.resource, 160)), ("type", group.key.type.value), ("risk", group.key.risk.value),
            ("special", ", ".join(_special(group))), ("data", ", ".join(group.data)),
            ("returns", visible(", ".join(group.confidential), 200)),
            ("flow role", ", ".join(role.value for role in group.flow_roles)), ("tools", ", ".join(states)),
        )  # fmt: skip
        for label, value in facts:
            if value:
                yield line((f"{label:<{_LABEL}}", "dim"), value, indent=_LABEL)

    def _proposed(self, group: ToolGroup) -> Iterator[Line]:
        made = self._made(group)
        if not made:
            yield line(("no proposal: left to you" if group.undecided else "every tool is decided", "dim"))
            return
        for decision, count in Counter(each.decision for each in made).items():
            word, style = _WORDS[decision]
            yield line((f"{PROPOSED} {word}", style), f"  {count:,} of {group.undecided:,} undecided")
        yield line("")
        differs = ", ".join(dict.fromkeys(each.difference for each in made if each.difference))
        conditions = "; ".join(dict.fromkeys(f"{c.kind.value}={c.value}" for each in made for c in each.conditions))
        for label, value in (
            ("because", "; ".join(dict.fromkeys(each.reason for each in made))), ("if", conditions),
            ("from", "; ".join(dict.fromkeys(each.source.words for each in made))), ("differs", differs or "no difference"),
        ):  # fmt: skip
            if value:
                yield line((f"{label:<{_LABEL}}", "dim"), visible(value, 400), indent=_LABEL)
        if group.key.risk is Risk.HIGH:
            yield line("")
            yield line(("High risk is never approved unseen: open the group first.", "dim"))

    def _tools(self, group: ToolGroup) -> Iterator[Line]:
        """Yield the tools that something sets apart, then the others."""
        for tool in group.unlike:
            yield from self._tool(self.session.review.tool(tool), group.unlike[tool])
        others = [tool for tool in group.tools if tool not in group.unlike]
        if group.unlike and others:
            yield line((f"the other {len(others):,}", "dim"))
        for tool in others[:_MAX_LISTED]:
            yield from self._tool(self.session.review.tool(tool), ())
        if len(others) > _MAX_LISTED:
            yield line((f"and {len(others) - _MAX_LISTED:,} more; Enter lists all", "dim"))

    def _tool(self, state: ToolState, unlike: Sequence[str]) -> Iterator[Line]:
        row = state.row
        status = state.decision_state.simple
        symbol = f"{DECISION_SYMBOLS[status]} " if status != "undecided" else ""
        seen = "  opened" if row.id in self.session.opened else ""
        method = f"{visible(row.method, 8):<6} " if row.method else ""
        width = max(self.query_one(f"#{self.id}-unlike", Pane).size.width or self.app.size.width - 2, 30)
        name = cut_middle(visible(row.name, 200), width - len(method) - len(symbol) - len(seen) - 3)
        yield line((symbol, status), (method, method_style(row.method)), (name, ""), (seen, "dim"), indent=7)
        if unlike:
            yield line((f"       {visible('; '.join(unlike[:_FEATURES]), 200)}", "soft"), indent=7)


def _special(group: ToolGroup) -> list[str]:
    """Return what makes a group special, in words."""
    return ["runs code"] * group.key.executes + ["effect unclear"] * group.key.unclear
