"""What is proven: the register of evidence with the answers each piece carries, review tracks, and frameworks."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from analysis.model import iso_date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.model import Checklist, ReviewedTool, StandardEdition

#: The teams that review a request, by the list of questions that is theirs.
TRACKS: Final = ("iam", "compliance", "risk", "change", "vendor")


def evidence_register(controls: Sequence[dict[str, Any]], tools: Sequence[ReviewedTool]) -> list[dict[str, Any]]:
    """Return every piece of evidence once, with the answers and conditions that rest on it; the most used first."""
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for control in controls:
        for proof in control["evidence"]:
            key = (proof["title"], proof["where"], proof["sha256"])
            row = found.setdefault(key, _row(proof["title"], proof["where"], proof["level"], proof["sha256"]))
            row["level"] = max(row["level"], proof["level"])
            ends = [iso_date(value) for value in (row["valid_until"], proof["valid_until"])]
            row["valid_until"] = min(filter(None, ends), default="")
            if control["id"] not in row["answers"]:
                row["answers"].append(control["id"])
    for reviewed in tools:
        decision = reviewed.state.decision
        allowed = decision is not None and reviewed.state.decision_state.allowed
        for text in (
            dict.fromkeys(c.evidence for c in decision.conditions if c.evidence) if allowed and decision else ()
        ):
            named = [row for row in found.values() if text in {row["title"], row["where"]}]
            row = named[0] if named else found.setdefault((text, "", ""), _row(text, "", "", ""))
            row["tools"] += 1
    return sorted(found.values(), key=lambda row: (-len(row["answers"]), -row["tools"], row["title"]))


def _row(title: str, where: str, level: str, sha256: str) -> dict[str, Any]:
    made: dict[str, Any] = {"title": title, "where": where, "level": level, "sha256": sha256}
    return made | {"valid_until": "", "answers": [], "tools": 0}


def track_rows(checklists: Sequence[Checklist], controls: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return for each review track how many questions it has, how many were asked, and what the answers amount to."""
    states = {control["id"]: control["state"] for control in controls}
    rows = []
    for checklist in checklists:
        asked = [states[question] for question in checklist.questions if question in states]
        rows.append(
            {
                "track": checklist.id,
                "title": checklist.title,
                "questions": len(checklist.questions),
                "asked": len(asked),
                "proven": asked.count("evidenced"),
                "not_applicable": asked.count("not-applicable"),
                "claimed": asked.count("claimed"),
            }
        )
    return rows


def frameworks(editions: Sequence[StandardEdition], controls: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return for each framework the ids that an asked question refers to, and whether every answer to it is proven."""
    states: dict[str, list[str]] = defaultdict(list)
    for control in controls:
        for reference in control["maps_to"]:
            states[reference].append(control["state"])
    rows = []
    for edition in editions:
        named = [reference for reference in states if reference.startswith(edition.prefix)]
        ids = [
            {"id": each.removeprefix(edition.prefix), "proven": all(s == "evidenced" for s in states[each])}
            for each in named
        ]
        if ids:
            rows.append({"title": edition.title, "edition": edition.edition, "ids": ids})
    return sorted(rows, key=lambda row: (-len(row["ids"]), row["title"]))
