"""Words, figures, states and dates as pieces of a line. The only place that makes safe text from data."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from analysis.model import (
    AnswerState,
    CapabilityKind,
    ConditionKind,
    DecisionState,
    Effect,
    FlowRole,
    Level,
    PathState,
    Reversibility,
    Risk,
    Severity,
    SourceKind,
    Status,
    ToolType,
    kinds_in_words,
)
from analysis.output.packet.chapters.blocks import Badge, Cell, Code, Gap, Inline, SafeText, Small, Strong, Timestamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

NONE: Final = SafeText("\u2013")
COMMA: Final = SafeText(", ")
DOT: Final = SafeText(" · ")
NOT_STATED: Final = Gap(SafeText("not stated"))
#: States and grades with their tone: the shape and the colour they are drawn with.
_TONES: Final = {
    "approved": "good", "conditional": "med", "blocked": "off", "undecided": "high", "stale": "high",
    "conflicting": "high", "expired": "high", "awaiting-second": "high",
    "critical": "crit", "high": "high", "medium": "med", "low": "low", "info": "low",
    "unanswered": "high", "claimed": "med", "evidenced": "good", "not-applicable": "off",
    "error": "high", "refused": "crit", "note": "off",
    "not reviewed": "off", "approvable with conditions": "med", "approvable": "good",
}  # fmt: skip
_ENUMS: Final = (
    AnswerState, ConditionKind, Effect, DecisionState, FlowRole, Level, PathState, Reversibility, Risk, Severity, SourceKind, Status,
    ToolType,
)  # fmt: skip
_VOCABULARY: Final = frozenset(member.value for enum in _ENUMS for member in enum) | frozenset(_TONES)
#: Words that a table shows in place of a value of the data.
_SHOWN: Final = {
    "conditional": "approved with conditions", "conflicting": "contested", "awaiting-second": "awaits a second approver",
    "evidenced": "proven", "unanswered": "open", "not-applicable": "not applicable", "fixing": "being fixed",
    "false-positive": "false positive",
}  # fmt: skip
_CONDITIONS: Final = {
    "approval": SafeText("run-time approval"), "user": SafeText("user"), "group": SafeText("team"), "env": SafeText("environment"),
    "param_allow": SafeText("parameter limits"), "rate": SafeText("rate"), "audit": SafeText("audit event"),
    "expires": SafeText("expires"), "owner": SafeText("owner"), "note": SafeText("note"),
}  # fmt: skip
_MOMENT: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|\+00:00))?", re.ASCII)
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NUMBERS: Final = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_MINUS: Final = "\u2212"
_LEVEL: Final = re.compile(r"[EL][1-4]", re.ASCII)


def word(value: str) -> Inline:
    """Return a word of the vocabulary as safe text; any other text stays text from outside."""
    return SafeText(_SHOWN.get(value, value)) if value in _VOCABULARY else value


def condition(kind: str) -> Inline:
    """Return the name of a kind of condition."""
    return _CONDITIONS.get(kind, kind)


def badge(value: str) -> Inline:
    """Return a state or grade with its tone."""
    return Badge(_SHOWN.get(value, value), _TONES.get(value, "")) if value in _VOCABULARY else value


def level(value: str) -> Inline:
    """Return an evidence level or a profile; a dash if there is none."""
    return (SafeText(value) if _LEVEL.fullmatch(value) else value) if value else NONE


def number(value: int | None) -> SafeText:
    """Return a figure; None is a dash, never a zero."""
    return NONE if value is None else SafeText(f"{value:,}")


def figure(value: int) -> SafeText:
    """Return a figure of a table; a dash for none."""
    return SafeText(f"{value:,}" if value else NONE.text)


def signed(value: float) -> SafeText:
    """Return points with their sign; the minus is a minus sign, not a hyphen."""
    sign = _MINUS if value < 0 else "+"
    return SafeText(f"{sign}{abs(value):.1f}" if value else NONE.text)


def gain(value: int) -> SafeText:
    """Return the points that are gained by a fix."""
    return SafeText(f"+{value}" if value else NONE.text)


def in_words(value: int) -> SafeText:
    """Return a count inside a sentence: in words up to ten."""
    return SafeText(_NUMBERS[value] if 0 <= value < len(_NUMBERS) else f"{value:,}")


def first_word(value: SafeText) -> SafeText:
    """Return a word at the start of a sentence."""
    return SafeText(value.text[:1].upper() + value.text[1:])


def plural(count: int, one: SafeText, many: SafeText) -> SafeText:
    """Return the form of a noun for a count."""
    return one if count == 1 else many


def of(count: int, total: int) -> tuple[Inline, ...]:
    """Return a count with its whole: `3 of 240`."""
    return (Strong((number(count),)) if count else number(count), SafeText(" of "), number(total))


def date(value: str) -> Inline:
    """Return the day of an ISO time: `29 Jan 2027`; a dash for none, and any other text as it is."""
    if not value:
        return NONE
    found = _MOMENT.fullmatch(value)
    if not found or not 1 <= int(found[2]) <= len(_MONTHS):
        return value
    return Timestamp(f"{int(found[3])}\u00a0{_MONTHS[int(found[2]) - 1]}\u00a0{found[1]}")


def stated(value: str, *, required: bool = True) -> Inline:
    """Return a value from outside, or the gap in its place."""
    return value or Gap(NOT_STATED.word, required)


def codes(values: Sequence[str], most: int = 8) -> tuple[Inline, ...]:
    """Return the first `most` identifiers with commas between, and the number of the others."""
    return listed([Code(value) for value in values], most)


def listed(values: Sequence[Inline], most: int = 8) -> tuple[Inline, ...]:
    """Return the first `most` pieces with commas between, and the number of the others."""
    out = list(joined(values[:most]))
    if len(values) > most:
        out += [COMMA, number(len(values) - most), SafeText(" more")]
    return tuple(out)


def joined(values: Iterable[Inline], separator: SafeText = COMMA) -> tuple[Inline, ...]:
    """Return pieces with a separator between; empty ones are left out."""
    out: list[Inline] = []
    for value in values:
        if value == "":
            continue
        out += [separator, value] if out else [value]
    return tuple(out)


def cell(value: Cell) -> tuple[Inline, ...]:
    """Return the pieces of a cell; a dash if it is empty."""
    pieces = value if isinstance(value, tuple) else (value,)
    shown = tuple(p for p in pieces if p not in ("", Code(""), SafeText("")))
    return shown or (NONE,)


def small(*pieces: Inline) -> Small:
    """Return a second line."""
    return Small(pieces)


def strong(*pieces: Inline) -> Strong:
    """Return pieces in semibold."""
    return Strong(pieces)


def population(kinds: dict[str, int]) -> SafeText:
    """Return how many capabilities there are of each kind: `48 tools, 2 resources`."""
    return SafeText(kinds_in_words({CapabilityKind(kind): count for kind, count in kinds.items()}))


def kind_label(kind: str) -> SafeText:
    """Return the name of a kind of capability."""
    return SafeText(CapabilityKind(kind).label)


def by_inventory(counts: dict[str, Any], tools: SafeText, capabilities: SafeText) -> SafeText:
    """Return the text for an inventory of tools only, or the one for an inventory with other kinds too."""
    return tools if counts["tools"] == counts["capabilities"] else capabilities


def out_of(total: int) -> SafeText:
    """Return the whole of a key figure."""
    return SafeText(f"of {total:,}")


def counted(count: int, noun: SafeText, nouns: SafeText) -> SafeText:
    """Return a count with its noun: `1 tool`, `1,223 tools`."""
    return SafeText(f"{count:,} {plural(count, noun, nouns).text}")


def tool_count(count: int) -> SafeText:
    """Return a number of tools."""
    return SafeText(f"{count:,} {'tool' if count == 1 else 'tools'}")


def finding_count(count: int) -> SafeText:
    """Return a number of findings."""
    return SafeText(f"{count:,} {'finding' if count == 1 else 'findings'}")


def ranges(numbers: Sequence[int]) -> SafeText:
    """Return sorted numbers as ranges: `1-3, 6, 7`."""
    runs: list[list[int]] = []
    for value in numbers:
        if runs and value == runs[-1][-1] + 1:
            runs[-1].append(value)
        else:
            runs.append([value])
    shown = (f"{run[0]}\u2013{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)
    return SafeText(", ".join(shown) or NONE.text)


#: What evidence makes of a condition.
PROVEN: Final = Badge("proven", "good")


def shortened(text: str, most: int) -> str:
    """Return a text cut at the end of a word; the data has it whole."""
    return text if len(text) <= most else f"{text[:most].rsplit(' ', 1)[0].rstrip(',;:.')}…"
