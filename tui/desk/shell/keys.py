"""Every key of the desk, once: dispatch, footer, help, palette, manual and `clearance keys` are made from `KEYS`.

A new key is one line here and its function in `tui/desk/actions`: `def` when it returns at once, `async def` when it
awaits an answer or another screen. The table loads neither a terminal nor the actions, which are imported when they are
first used.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from tui.desk.areas import AREAS, WELCOME
from tui.desk.widgets.symbols import DOWN, UP

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from tui.desk.shell.host import Host

    #: Runs an action: returns the coroutine of one that may ask, None when it is done.
    Handler = Callable[[Host], Coroutine[Any, Any, None] | None]


@dataclass(frozen=True, slots=True)
class Key:
    """One action: its published name, its keys, its function, and what footer and help say.

    `run` is `module:function` in `tui.desk.actions`; a name such as `move(1)` passes its argument on. `areas` are the
    areas in which it works; empty means everywhere. `rank` orders the footer, 0 hides it there; `footer` are the areas
    in whose footer it is shown, empty for all.
    """

    action: str
    keys: str
    run: str
    word: str
    help: str
    areas: tuple[str, ...] = ()
    rank: int = 0
    footer: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The name in the palette."""
        return self.word or self.help.split(":", maxsplit=1)[0].rstrip(".")

    def handler(self) -> Handler:
        """Return the function that runs the action."""
        _, _, argument = self.action.rstrip(")").partition("(")
        function = _imported(self.run)
        return partial(function, argument=argument.strip("'")) if argument else function


@cache
def _imported(run: str) -> Callable[..., Coroutine[Any, Any, None] | None]:
    module, _, function = run.partition(":")
    imported: Callable[..., Coroutine[Any, Any, None] | None] = getattr(
        import_module(f"tui.desk.actions.{module}"), function
    )
    return imported


def load_actions() -> None:
    """Import every action; the first key then does not wait for it."""
    for key in KEYS:
        key.handler()


def _all_but(*left_out: str) -> tuple[str, ...]:
    return tuple(name for name in AREAS if name not in left_out)


_ALL: Final = _all_but()
_TOOLS: Final = ("tools",)
_FINDINGS: Final = ("findings",)
_GOVERNANCE: Final = ("governance",)
_TRAIL: Final = ("trail",)
_SIGNOFF: Final = ("signoff",)
_QUEUE: Final = ("queue",)
_WELCOME: Final = (WELCOME,)
#: Lists with an action that can apply to several rows.
_MARKABLE: Final = ("findings", "queue", "changes", "governance")

KEYS: Final[tuple[Key, ...]] = (
    Key("move(1)", "j,down", "navigation:move", "", "Down.", _ALL),
    Key("move(-1)", "k,up", "navigation:move", "", "Up.", _ALL),
    Key("page(1)", "pagedown", "navigation:page", "", "A page down.", _ALL),
    Key("page(-1)", "pageup", "navigation:page", "", "A page up.", _ALL),
    Key("edge(0)", "g,home", "navigation:edge", "", "The first row.", _ALL),
    Key("edge(1)", "G,end", "navigation:edge", "", "The last row.", _ALL),
    Key("approve", "a", "decide:approve", "approve", "Approve the tool, or all marked tools, and go to the next undecided.", _TOOLS, 1),
    Key("conditions", "c", "decide:conditions", "conditions", "Approve with conditions: who confirms, for whom, how often.", _TOOLS, 2),
    Key("conditions_by_kind", "e", "conditions:conditions_by_kind", "", "Put conditions together one by one, each kind with its form.", _TOOLS),
    Key("block", "b", "decide:block", "block", "Block the tool, or all marked tools.", _TOOLS, 3),
    Key("approve_here", "A", "decide:approve_here", "", "Approve, and stay on the tool.", _TOOLS),
    Key("conditions_here", "C", "decide:conditions_here", "", "Approve with conditions, and stay on the tool.", _TOOLS),
    Key("block_here", "B", "decide:block_here", "", "Block, and stay on the tool.", _TOOLS),
    Key("clear", "minus", "decide:clear", "clear", "Clear the decision: the tool is undecided again.", _TOOLS, 9),
    Key("withdraw", "W", "packets.packet_export:withdraw_tools", "withdraw", "Withdraw the tool: block it, and write packet and targets anew.", _TOOLS, 20),
    Key("skip", "s,right_square_bracket", "navigation:skip", "skip", "Go to the next undecided tool.", _TOOLS, 8),
    Key("back", "left_square_bracket", "navigation:back", "back", "Go to the previous undecided tool.", _TOOLS),
    Key("mark", "space", "selection:mark", "mark", "Mark the tool and move on; a decision then applies to all marked tools.", _TOOLS, 7),
    Key("mark_all", "asterisk", "selection:mark_all", "mark all", "Mark all tools that the filter shows, or none.", _TOOLS, 6),
    Key("mark_range", "v", "selection:mark_range", "", "Start a range; again: mark from there to the cursor.", _TOOLS),
    Key("mark_similar", "comma", "selection:mark_similar", "", "Mark all shown tools with the same method, type, risk and start of path.", _TOOLS),
    Key("risk", "r", "overrides:risk", "risk", "Re-tag the risk; lowering it needs a reason.", _TOOLS, 10),
    Key("type", "t", "overrides:tool_type", "type", "Re-tag the type, with a reason.", _TOOLS, 11),
    Key("flow_role", "l", "overrides:flow_role", "role", "Re-tag a flow role: add it to the tool or remove it, with a reason.", ("tools", "flows"), 6),
    Key("misread", "m", "overrides:misread", "wrong", "A finding or a signal of the tool is wrong: correct it on all similar tools.", _TOOLS, 13),
    Key("assign", "at", "assignments:assign_tools", "assign", "Assign to a person: the tool, all marked tools, or the group; with a due day.", ("tools", "queue"), 16),
    Key("note", "n", "notes:note", "note", "Write a note on the tool, the finding or the question.", _all_but("overview", "trail"), 12),
    Key("note_in_editor", "N", "notes:note_in_editor", "", "Write a note in your own editor ($EDITOR).", _all_but("overview", "trail")),
    Key("answer", "a,enter", "governance:answer", "answer", "Answer the question, with evidence.", _GOVERNANCE, 1),
    Key("add_evidence", "e", "governance:add_evidence", "evidence", "Add evidence to the answer: a record, a file by its hash, a statement.", _GOVERNANCE, 2),
    Key("take_proposal", "y", "governance:take_proposal", "proposal", "Take the answer that the sources propose, as yours.", _GOVERNANCE, 3),
    Key("choose_list", "L", "governance:choose_list", "lists", "Show the questions of one list; Esc shows all.", _GOVERNANCE, 6),
    Key("profile", "p", "policy:profile", "profile", "Choose the profile of the review, L1 to L4.", _GOVERNANCE, 7),
    Key("policy", "P", "policy:policy", "policy", "Show the policy of your organisation, or put one in force.", _GOVERNANCE, 8),
    Key("intake", "i", "start:intake", "request", "Access request: agent, environment, audience, purpose, owner, data, roles.", _ALL, 6),
    Key("approve_group", "a", "grouped:approve_group", "approve", "Approve the undecided tools of the group.", _QUEUE, 1),
    Key("conditions_group", "c", "grouped:conditions_group", "conditions", "Approve the undecided tools of the group with conditions.", _QUEUE, 2),
    Key("block_group", "b", "grouped:block_group", "block", "Block the undecided tools of the group.", _QUEUE, 3),
    Key("take_group", "y", "grouped:take_group", "as proposed", "Decide the group as proposed; a sample of what was not opened is drawn.", _QUEUE, 4),
    Key("repeat_verdict", "full_stop", "grouped:repeat_verdict", "repeat", "Repeat the last verdict with its reason; an approval asks first.", _QUEUE, 5),
    Key("keep_one", "a", "grouped:keep_one", "keep one", "Keep one of the duplicates and block the rest, as one step.", ("duplicates",), 1),
    Key("confirm_changes", "y", "grouped:confirm_changes", "confirm", "Confirm earlier decisions: a group that brings nothing new as one, listed first; any other alone.", ("changes",), 1),
    Key("dispose", "d", "findings:dispose", "dispose", "Set the disposition of the finding: fixed, false positive, risk accepted ...", ("overview", "findings"), 1),
    Key("mark_row", "space", "selection:mark_row", "mark", "Mark the row and move on; what can be done to several then applies to all marked rows.", _MARKABLE, 4),
    Key("mark_all_rows", "asterisk", "selection:mark_all_rows", "mark all", "Mark all rows that are listed, or none.", _MARKABLE, 7),
    Key("mark_row_range", "v", "selection:mark_row_range", "", "Start a range; again: mark from there to the cursor.", _MARKABLE),
    Key("rule_is_wrong", "m", "findings:rule_is_wrong", "wrong", "The rule is wrong here: close all similar findings, with a reason.", ("overview", "findings"), 2),
    Key("choose_findings", "V", "findings:choose_findings", "views", "List new, closed, own or open findings only; Esc lists all.", _FINDINGS, 3),
    Key("go_tool", "enter", "navigation:go_to", "open", "Go to the tool, the tools or the question of the row.", _all_but("tools", "governance"), 2),
    Key("next_cell", "f", "navigation:next_cell", "cell", "Choose the next cell of risk by type, the one with most undecided risk first; Enter shows its tools.", ("overview",), 3),
    Key("only_person", "w", "navigation:only_person", "who", "Show only what one person did; Esc shows all.", _TRAIL, 1),
    Key("only_kind", "t", "navigation:only_kind", "what", "Show only one kind of event.", _TRAIL, 3),
    Key("only_since", "s", "navigation:only_since", "since", "Show only events from a day on.", _TRAIL, 4),
    Key("undo", "u", "review:undo", "undo", "Undo your last action, a bulk as one step. Works after a restart too.", _ALL, 5),
    Key("redo", "ctrl+r", "review:redo", "redo", "Redo what was undone.", _ALL, 13),
    Key("filter", "slash", "selection:open_filter", "filter", "Filter the tools; Enter keeps the filter, Esc clears it.", _TOOLS, 4),
    Key("filter_list", "slash", "selection:filter_list", "filter", "Show only the rows that contain some words.", _all_but("overview", "tools"), 4),
    Key("view", "V", "selection:choose_view", "views", "Choose a view: those saved in the review, and the built-in ones.", _TOOLS, 17),
    Key("facet", "f", "selection:choose_facet", "", "Narrow the list by risk, type, decision or method, with counts; again: remove it.", _TOOLS),
    Key("save_view", "F", "selection:save_view", "", "Save the filter as a view, for everybody on this review.", _TOOLS),
    Key("keep_tab", "plus", "selection:keep_tab", "keep", "Keep the filter as a tab over the list, with its count.", _TOOLS, 19),
    Key("close_tab", "Q", "selection:close_tab", "", "Close the tab that is shown.", _TOOLS),
    Key("next_tab", "tab", "selection:next_tab", "", "The next tab: a filter that was kept, or all tools.", _TOOLS),
    Key("columns", "T", "selection:choose_columns", "columns", "Choose the columns: type, call, tags, data, owner, group ...; kept for the next time.", _TOOLS, 19),
    Key("evidence", "enter", "tool_page:evidence", "evidence", "Show the evidence on the whole screen, and back.", _TOOLS, 14),
    Key("source", "x", "tool_page:source", "source", "Show the source lines that define the tool, and similar tools.", _TOOLS, 18),
    Key("schema", "X", "tool_page:schema", "", "Show input and output of the tool as a tree of fields.", _TOOLS),
    Key("source_in_editor", "ctrl+o", "tool_page:source_in_editor", "", "Open a copy of the source in your own editor ($EDITOR), at the line of the tool.", _TOOLS),
    Key("copy", "ctrl+y", "tool_page:copy", "", "Copy the full name and call of the tool, or the whole row, to the clipboard.", _ALL),
    Key("scroll_down", "ctrl+d,J", "navigation:scroll_down", "", "Scroll the evidence, or the page, down.", _ALL),
    Key("scroll_up", "ctrl+u,K", "navigation:scroll_up", "", "Scroll the evidence, or the page, up.", _ALL),
    Key("sort", "o", "selection:sort", "sort", "Order by: document, risk, status, name.", _TOOLS, 15),
    Key("sort_by", "O", "selection:sort_by", "", "Choose what to order by: type, call, tag, data, group, source, assigned, due, decided, reviewer.", _TOOLS),
    *(Key(f"area('{name}')", area.key, "navigation:show_area", "", f"{area.title}: {area.help}.", _ALL) for name, area in AREAS.items()),
    Key("export", "E", "packets.packet_export:export_packet", "export", "Write the packet and the allowlist.", _ALL, 5),
    Key("sign", "S", "packets.packet_signing:sign_packet", "sign", "Sign the exported packet: a form, and a question before it is signed.", _SIGNOFF, 1),
    Key("synchronise", "S", "teamwork.colleagues:synchronise", "sync", "Send what you recorded to your colleagues, and take in what they sent.", _all_but("signoff")),
    Key("settle_conflicts", "equals_sign", "teamwork.colleagues:settle_conflicts", "conflicts", "Where reviewers differ: both sides; a number takes one of them.", _ALL),
    Key("import", "I", "start:import_source", "import", "Add a source to the review, or refresh one.", _ALL, 3, ("changes",)),
    Key("conformance", "Z", "conformance:conformance", "", "Validate a source against its specification in the background; show or stop it.", _ALL),
    Key("waiting", "Y", "review:show_waiting_calls", "waiting calls", "Calls that wait for a person at a gateway: confirm or deny them.", _ALL),
    Key("log", "exclamation_mark", "review:show_messages", "log", "Messages of the desk, in full.", _ALL),
    Key("demo", "d", "start:demo", "sample", "Open the sample review.", _WELCOME, 1),
    Key("begin", "i", "start:begin", "review a document", "Start a review of a document.", _WELCOME, 2),
    Key("load", "o", "start:load", "open", "Open a review file.", _WELCOME, 3),
    Key("escape", "escape", "navigation:escape", "", "One level back: evidence, marks, where Enter was pressed, area, filter. Never quits."),
    Key("keys", "question_mark", "review:show_keys", "keys", "The keys of this area.", (), 20),
    Key("next_theme", "ctrl+t", "review:next_theme", "", "Next theme: dark, light, high contrast, mono; it is kept."),
    Key("palette", "ctrl+p,colon", "review:open_palette", "palette", "Every action by name.", (), 21),
    Key("quit", "q,ctrl+q", "review:leave", "quit", "Leave. Everything is saved already.", (), 22),
)  # fmt: skip

_SHOWN: Final = {
    "minus": "-", "right_square_bracket": "]", "left_square_bracket": "[", "space": "Space", "asterisk": "*", "comma": ",", "plus": "+", "tab": "Tab", "full_stop": ".", "at": "@", "exclamation_mark": "!", "equals_sign": "=",
    "down": DOWN, "up": UP, "pagedown": "PgDn", "pageup": "PgUp", "home": "Home", "end": "End", "slash": "/", "question_mark": "?", "colon": ":", "escape": "Esc", "enter": "Enter",
}  # fmt: skip


def spelled(keys: str) -> str:
    """Return keys as people write them: `minus` -> `-`, `ctrl+r` -> `^r`."""
    parts = [part.strip() for part in keys.split(",")]
    return " ".join(_SHOWN.get(part, part.replace("ctrl+", "^")) for part in parts)
