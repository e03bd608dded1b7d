"""The date on which an approval ends, and what ends it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from analysis.model import ConditionKind, Status, iso_date, parse_finding_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.model import ReviewSnapshot


class FirstEnd(NamedTuple):
    """The first end of anything that an approval rests on; `date` is ISO 8601, both are empty where nothing ends."""

    date: str = ""
    item: str = ""


def first_end(review_snapshot: ReviewSnapshot) -> FirstEnd:
    """Return the first date on which a condition, an accepted risk or a piece of evidence ends, with what it is."""
    ends = sorted(FirstEnd(day, item) for until, item in _ends(review_snapshot) if (day := iso_date(until)))
    if not ends:
        return FirstEnd()
    same = sum(end.date == ends[0].date for end in ends) - 1
    more = f", and {same:,} more" if same else ""
    return FirstEnd(ends[0].date, ends[0].item + more)


def _ends(review_snapshot: ReviewSnapshot) -> Iterator[tuple[str, str]]:
    names: dict[str, str] = {r.tool.id: r.tool.name for r in review_snapshot.tools}
    for reviewed in review_snapshot.tools:
        for condition in reviewed.state.decision.conditions if reviewed.state.decision else ():
            if condition.kind is ConditionKind.EXPIRES:
                yield condition.value, f"the approval of {reviewed.tool.name}"
    for finding, disposition in review_snapshot.dispositions.items():
        if disposition.status is Status.ACCEPTED:
            rule, subject, _ = parse_finding_id(finding)
            yield disposition.until, f"the accepted risk {rule} on {names.get(subject, subject)}"
    for control, answer in review_snapshot.controls:
        for evidence in answer.evidence if answer else ():
            yield evidence.valid_until, f"the evidence {evidence.title!r} of {control.title}"
