"""Every key of the desk, once. Bindings, footer, help screen, palette and manual are made from this table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tui.desk.widgets.symbols import DOWN, UP


@dataclass(frozen=True, slots=True)
class Key:
    """One action: its published name, its keys, the word in the footer, and what the help says.

    `areas` are the areas in which it works; empty means everywhere. `rank` orders the footer, 0 hides it there.
    """

    action: str
    keys: str
    word: str
    help: str
    areas: tuple[str, ...] = ()
    rank: int = 0

    @property
    def title(self) -> str:
        """What the palette calls it."""
        return self.word or self.help.split(":", maxsplit=1)[0].rstrip(".")


_TOOLS: Final = ("tools",)
_BELOW: Final = ("findings", "governance", "trail", "flows", "families", "changes", "signoff")
_LISTS: Final = ("overview", "tools", *_BELOW)
_WORK: Final = ("tools", "findings", "governance", "flows", "families", "changes", "signoff")
_GOING: Final = ("overview", "findings", "trail", "flows", "families", "changes", "signoff")
_TRAIL: Final = ("trail",)
_GOVERNANCE: Final = ("governance",)

KEYS: Final[tuple[Key, ...]] = (
    Key("move(1)", "j,down", "", "Down.", _LISTS),
    Key("move(-1)", "k,up", "", "Up.", _LISTS),
    Key("page(1)", "pagedown", "", "A page down.", _LISTS),
    Key("page(-1)", "pageup", "", "A page up.", _LISTS),
    Key("edge(0)", "g,home", "", "The first.", _LISTS),
    Key("edge(1)", "G,end", "", "The last.", _LISTS),
    Key("approve", "a", "approve", "Approve the tool, or all marked tools, and go to the next undecided.", _TOOLS, 1),
    Key("conditions", "c", "conditions", "Approve with conditions: who confirms, for whom, how often.", _TOOLS, 2),
    Key("conditions_by_kind", "e", "", "Put conditions together one by one, each kind with its form.", _TOOLS),
    Key("block", "b", "block", "Block the tool, or all marked tools.", _TOOLS, 3),
    Key("approve_here", "A", "", "Approve, and stay on the tool.", _TOOLS),
    Key("conditions_here", "C", "", "Approve with conditions, and stay on the tool.", _TOOLS),
    Key("block_here", "B", "", "Block, and stay on the tool.", _TOOLS),
    Key("clear", "minus", "clear", "Take the decision back: the tool is undecided again.", _TOOLS, 9),
    Key("skip", "s,right_square_bracket", "skip", "Go to the next undecided tool.", _TOOLS, 8),
    Key("back", "left_square_bracket", "back", "Go to the previous undecided tool.", _TOOLS),
    Key("mark", "space", "mark", "Mark the tool and go on; a decision then takes all marked tools.", _TOOLS, 7),
    Key("mark_all", "asterisk", "mark all", "Mark all tools that the filter shows, or none.", _TOOLS, 6),
    Key("mark_range", "v", "", "Begin a range; once more: mark from there to the cursor.", _TOOLS),
    Key("mark_alike", "comma", "", "Mark all shown tools like this one: method, type, risk, path.", _TOOLS),
    Key("risk", "r", "risk", "Re-tag the risk; lowering it needs a reason.", _TOOLS, 10),
    Key("type", "t", "type", "Re-tag the type, with a reason.", _TOOLS, 11),
    Key(
        "leg", "l", "leg", "Say that a tool lends a leg to a flow, or does not; with a reason.", ("tools", "flows"), 19
    ),
    Key("note", "n", "note", "Write a note on the tool, the finding or the question.", _WORK, 12),
    Key("note_in_editor", "N", "", "Write a note in your own editor ($EDITOR).", _WORK),
    Key("answer", "a,enter", "answer", "Answer the question, with evidence.", _GOVERNANCE, 1),
    Key(
        "add_evidence",
        "e",
        "proof",
        "Add a proof to the answer: a record, a file by its hash, a statement.",
        _GOVERNANCE,
        2,
    ),
    Key("take_proposal", "y", "proposal", "Take as yours what the sources answer themselves.", _GOVERNANCE, 3),
    Key("choose_list", "L", "lists", "Show the questions of one list; Esc shows all.", _GOVERNANCE, 6),
    Key("profile", "p", "profile", "Choose how much the review is asked, L1 to L4.", _GOVERNANCE, 7),
    Key("policy", "P", "policy", "The policy of your organisation: show it, or put one in force.", _GOVERNANCE, 8),
    Key(
        "intake",
        "i",
        "intake",
        "Say in five fields what is asked for, before anybody looks.",
        _LISTS,
    ),
    Key("keep", "a", "keep one", "Keep one of the family and block the rest, as one step.", ("families",), 1),
    Key(
        "dispose",
        "d",
        "dispose",
        "Say what becomes of the finding: fixed, false positive, accepted ...",
        ("overview", "findings"),
        1,
    ),
    Key(
        "choose_findings",
        "V",
        "views",
        "List only what is new, set aside, mine or open; Esc lists all.",
        ("findings",),
        3,
    ),
    Key("go_tool", "enter", "go there", "Go to the tool, the tools or the question that the row is about.", _GOING, 2),
    Key("only_person", "w", "who", "Show only what one person did; Esc shows all.", _TRAIL, 1),
    Key("only_kind", "t", "what", "Show only one kind of event.", _TRAIL, 3),
    Key("only_since", "s", "since", "Show only what happened from a day on.", _TRAIL, 6),
    Key("undo", "u", "undo", "Take back your last action, a bulk as one step. Works after a restart too.", _LISTS, 5),
    Key("redo", "ctrl+r", "redo", "Do again what was undone.", _LISTS, 13),
    Key("filter", "slash", "filter", "Filter the tools; Enter keeps the filter, Esc clears it.", _TOOLS, 4),
    Key("filter_list", "slash", "filter", "Show only the rows that hold some words.", _BELOW, 4),
    Key("view", "V", "views", "Choose a view: what others have saved, and the usual ones.", _TOOLS, 17),
    Key(
        "facet",
        "f",
        "",
        "Narrow the list by risk, type, decision or method, with counts; once more takes it back.",
        _TOOLS,
    ),
    Key("save_view", "F", "", "Save the filter as a view, for everybody on this review.", _TOOLS),
    Key("evidence", "enter", "evidence", "Show the evidence over the whole screen, and back.", _TOOLS, 14),
    Key("source", "x", "source", "The lines of the source that define the tool, and the tools like it.", _TOOLS, 18),
    Key("schema", "X", "", "What the tool takes and gives back, as a tree of fields.", _TOOLS),
    Key("scroll_down", "ctrl+d,J", "", "Scroll the evidence, or the page, down.", _LISTS),
    Key("scroll_up", "ctrl+u,K", "", "Scroll the evidence, or the page, up.", _LISTS),
    Key("sort", "o", "sort", "Order by: document, risk, status, name.", _TOOLS, 15),
    Key("area('overview')", "0", "", "Overview: where the review stands, and what to do next."),
    Key("area('tools')", "1", "", "Tools: the inventory and the decisions."),
    Key("area('findings')", "2", "", "Findings: what is wrong, worst first."),
    Key("area('governance')", "3", "", "Governance: the questions and their evidence."),
    Key("area('trail')", "4", "", "History: who did what, when."),
    Key("area('flows')", "5", "", "Flows: what tools can do together, and what would break it."),
    Key("area('families')", "6", "", "Alike: tools among which an agent cannot choose, side by side."),
    Key("area('changes')", "7", "", "Changes: what a re-import has changed, before and after."),
    Key("area('signoff')", "8", "", "Sign-off: the gates, and what an export would change."),
    Key("export", "E", "export", "Write the packet and the allowlist.", _LISTS, 16),
    Key("import", "I", "import", "Add a source to the review, or refresh one.", _LISTS),
    Key(
        "conformance", "Z", "", "Validate a source against its specification beside the desk, show or stop it.", _LISTS
    ),
    Key("log", "exclamation_mark", "log", "What the desk has said, in full.", _LISTS),
    Key("demo", "d", "sample", "Open the sample review.", ("welcome",), 1),
    Key("begin", "i", "review a document", "Begin a review of a document.", ("welcome",), 2),
    Key("load", "o", "open", "Open a review file.", ("welcome",), 3),
    Key("escape", "escape", "", "One level back: evidence, marks, filter, area. Never quits."),
    Key("keys", "question_mark", "keys", "This list.", (), 20),
    Key("palette", "ctrl+p,colon", "palette", "Every action by name.", (), 21),
    Key("quit", "q,ctrl+q", "quit", "Leave. Everything is saved already.", (), 22),
)

_SHOWN: Final = {
    "minus": "-", "right_square_bracket": "]", "left_square_bracket": "[", "space": "Space", "asterisk": "*", "comma": ",", "exclamation_mark": "!",
    "down": DOWN, "up": UP, "pagedown": "PgDn", "pageup": "PgUp", "home": "Home", "end": "End", "slash": "/", "question_mark": "?", "colon": ":", "escape": "Esc", "enter": "Enter",
}  # fmt: skip


def spelled(keys: str) -> str:
    """Return keys as people write them: `minus` -> `-`, `ctrl+r` -> `^r`."""
    parts = [part.strip() for part in keys.split(",")]
    return " ".join(_SHOWN.get(part, part.replace("ctrl+", "^")) for part in parts)
