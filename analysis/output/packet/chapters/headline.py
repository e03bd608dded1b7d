"""The decision as a sentence: who may use how many of what, where, until when; and why, in a few words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.model import Verdict
from analysis.output.packet.chapters.blocks import Code, Inline, Para, SafeText
from analysis.output.packet.chapters.inline import (
    COMMA,
    by_inventory,
    counted,
    date,
    finding_count,
    in_words,
    number,
    plural,
    shortened,
    tool_count,
)
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

_AND = SafeText(" and ")
_END = SafeText(".")
_WITHOUT = ("undecided", "stale", "conflicting", "expired", "awaiting-second")
#: Maximum number of characters of a name from outside in the sentence.
_MAX_NAME = 60
#: Maximum number of characters of a reason that is quoted.
_MAX_REASON = 130
_VERDICTS = {
    "blocked": (SafeText("Blocked"), "crit"),
    "not reviewed": (SafeText("Not reviewed"), "off"),
    "approvable with conditions": (SafeText("Approvable with conditions"), "med"),
    "approvable": (SafeText("Approvable"), "good"),
}


def noun(doc: dict[str, Any]) -> SafeText:
    """Return what the inventory consists of: tools, or capabilities where there are other kinds too."""
    return by_inventory(doc["counts"], SafeText("tools"), SafeText("capabilities"))


def is_draft(doc: dict[str, Any]) -> bool:
    """Whether the pages must say DRAFT; only a document that says FINAL is final."""
    return bool(doc["status"] != "FINAL")


def foot_line(doc: dict[str, Any]) -> str:
    """Return what the foot of each printed page says: which review this is, and whether it is final."""
    status = "DRAFT, allows nothing" if is_draft(doc) else "FINAL"
    return f"Tool access review · {visible(doc['title'], 60)} · review {doc['workspace'][:12]} · {status}"


def allowed_of(doc: dict[str, Any]) -> tuple[int, int]:
    """Return how many tools are decided as allowed, and how many there are."""
    states = doc["counts"]["by_state"]
    return states["approved"] + states["conditional"], len(doc["tools"])


def verdict_line(doc: dict[str, Any]) -> Para:
    """Return the verdict in a word, with its shape."""
    word, tone = _VERDICTS.get(doc["verdict"], (doc["verdict"], "off"))
    return Para(word, "verdict", tone)


def agent(doc: dict[str, Any]) -> Inline:
    """Return the name of the agent; without one, no name is invented."""
    return _name(doc["request"]["agent"]) or SafeText("The agent")


def subject(doc: dict[str, Any]) -> Inline:
    """Return what is asked for: the source, or how many there are."""
    names = [source["title"] or source["file"] for source in doc["sources"]]
    if not names:
        return SafeText("this review")
    return _name(names[0]) if len(names) == 1 else counted(len(names), SafeText("source"), SafeText("sources"))


def _name(text: str) -> str:
    return text if len(text) <= _MAX_NAME else f"{text[: _MAX_NAME - 1].rstrip()}…"


def sentence(doc: dict[str, Any]) -> tuple[Inline, ...]:
    """Return the decision in one sentence."""
    allowed, total = allowed_of(doc)
    if not total:
        return (SafeText("No decision: "), subject(doc), SafeText(" has nothing to decide."))
    if doc["verdict"] == Verdict.BLOCKED:
        return (agent(doc), SafeText(" must not be given "), subject(doc), SafeText(": "), *_causes(doc), _END)
    if doc["verdict"] == Verdict.NOT_REVIEWED or is_draft(doc):
        return (SafeText("No decision yet on "), subject(doc), SafeText(": "), *_causes(doc), _END)
    count = (
        number(allowed),
        SafeText(" of the "),
        number(total),
        SafeText(" "),
        noun(doc),
        SafeText(" of "),
        subject(doc),
    )
    out: list[Inline] = [agent(doc), SafeText(" may use "), *count]
    out += [SafeText(" in "), doc["request"]["environment"]] if doc["request"]["environment"] else []
    out += [SafeText(" until "), date(doc["ends"]["at"])] if doc["ends"]["at"] else []
    out += [SafeText(", under conditions")] if doc["verdict"] == Verdict.CONDITIONS else []
    return (*out, _END)


def open_critical(doc: dict[str, Any]) -> int:
    """Return the number of critical findings that are open or being fixed on tools that are not blocked."""
    rows = (row for row in doc["residual"] if row["severity"] == "critical" and row["status"] != "accepted")
    return sum(row["findings"] for row in rows)


def _causes(doc: dict[str, Any]) -> tuple[Inline, ...]:
    """Return the two main causes why there is no approval."""
    found: list[tuple[Inline, ...]] = []
    allowed, total = allowed_of(doc)
    undecided = sum(doc["counts"]["by_state"][state] for state in _WITHOUT)
    unanswered = doc["counts"]["answers"].get("unanswered", 0)
    if critical := open_critical(doc):
        found.append(
            (
                in_words(critical),
                plural(critical, SafeText(" critical finding is open"), SafeText(" critical findings are open")),
            )
        )
    if undecided and not (critical and unanswered):
        found.append(
            (number(undecided), SafeText(" of "), number(total), SafeText(" "), noun(doc), SafeText(" are undecided"))
        )
    if unanswered:
        found.append(
            (
                in_words(unanswered),
                plural(unanswered, SafeText(" question has no answer"), SafeText(" questions have no answer")),
            )
        )
    if not found and not allowed:
        found.append((SafeText("every tool is blocked"),))
    if not found:
        found = (
            [(SafeText("a gate of sign-off is open"),)]
            if doc["open_gates"]
            else [(SafeText("a finding caps the score"),)]
        )
    first, *rest = found[:2]
    return (*first, *(piece for cause in rest for piece in (_AND, *cause)))


def why(doc: dict[str, Any]) -> Iterator[Inline]:
    """Yield the paragraph below the sentence: the conditions, what stays blocked, what was accepted."""
    allowed, total = allowed_of(doc)
    states = doc["counts"]["by_state"]
    if doc["verdict"] == Verdict.BLOCKED:
        for row in [r for r in doc["residual"] if r["status"] != "accepted"][:3]:
            yield from (row["title"], *(() if row["control"] else (SafeText(": "), *where(row))), SafeText(". "))
    if is_draft(doc):
        yield from (
            number(allowed),
            SafeText(" of "),
            number(total),
            SafeText(" "),
            noun(doc),
            SafeText(" are decided as allowed; none may be called before sign-off. "),
        )
    elif states["conditional"]:
        verb = plural(states["conditional"], SafeText(" tool carries conditions"), SafeText(" tools carry conditions"))
        yield from (number(states["conditional"]), verb, *_confirmed(doc), SafeText(". "))
    if states["blocked"] and doc["verdict"] != Verdict.BLOCKED:
        yield from (
            number(states["blocked"]),
            plural(states["blocked"], SafeText(" tool stays blocked. "), SafeText(" tools stay blocked. ")),
        )
    accepted = sum(row["findings"] for row in doc["residual"] if row["status"] == "accepted")
    if accepted:
        yield from (
            number(accepted),
            plural(accepted, SafeText(" finding is an accepted risk."), SafeText(" findings are accepted risks.")),
        )


def _confirmed(doc: dict[str, Any]) -> tuple[Inline, ...]:
    waiting = doc["questions"]["approvals"]["run_time_approval"]
    if not waiting:
        return ()
    proven = doc["questions"]["approvals"]["run_time_approval_proven"]
    waits = plural(waiting, SafeText(" waits for a person"), SafeText(" wait for a person"))
    return (SafeText("; "), number(waiting), waits, SafeText(", proven for "), number(proven))


def where(row: dict[str, Any]) -> tuple[Inline, ...]:
    """Return what a row of findings is about, in a few words."""
    if row["name"]:
        return (Code(row["name"], 60),)
    if row["tools"]:
        return (tool_count(len(row["tools"])),)
    return (SafeText("the review"),) if row["findings"] == 1 else (finding_count(row["findings"]),)


def at_once(doc: dict[str, Any]) -> Iterator[Para]:
    """Yield a line for each sentence that settled hundreds of findings at once: a reader has to know."""
    status = {"accepted": SafeText("accepts"), "false-positive": SafeText("calls false")}
    for row in doc["settled_at_once"][:2]:
        verb = status.get(row["status"], SafeText("settles"))
        said = (SafeText("One sentence "), verb, SafeText(" "), number(row["findings"]), SafeText(" findings: “"))
        yield Para((*said, shortened(row["reason"], _MAX_REASON), SafeText("” ("), row["by"], SafeText(")")), "note")


def one_person(doc: dict[str, Any]) -> Iterator[Para]:
    """Yield the statement that one person may do all, where the profile and the required roles allow it."""
    needed = doc["policy"]["sign_off"]["needed"] if doc["policy"] else 0
    if doc["profile"] != "L1" or max(needed, len(doc["request"]["roles"])) > 1:
        return
    people = doc["people"]
    text: tuple[Inline, ...] = (SafeText("Profile L1: one person may request, decide and sign."),)
    if len(people["deciders"]) == 1:
        decider = people["deciders"][0]
        text += (SafeText(" Here one person made every decision"),)
        text += (SafeText(" and requested the access: "),) if people["requesters"] == [decider] else (SafeText(": "),)
        text += (decider, _END)
    yield Para(text, "note")


def names(values: list[str], most: int = 3) -> tuple[Inline, ...]:
    """Return names from outside with commas between, and the number of the others."""
    out: list[Inline] = []
    for value in values[:most]:
        out += [COMMA, value] if out else [value]
    if len(values) > most:
        out += [COMMA, number(len(values) - most), SafeText(" more")]
    return tuple(out)
