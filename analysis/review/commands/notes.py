"""Write notes, and save views."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.errors import UsageError
from analysis.model import ToolId
from analysis.query import parse
from analysis.review.commands.outcome import Outcome
from analysis.review.record import drafts
from analysis.text import without_surrogates
from analysis.workspace import EventDraft
from analysis.workspace.keys import note_key, view_key

if TYPE_CHECKING:
    from analysis.review.session import Review


def note(review: Review, subject: str, text: str, *, actor: str, at: str) -> Outcome:
    """Add a note to a tool, a finding, a control, or the review (subject `review`). Raises `UsageError`."""
    if not text.strip():
        raise UsageError("a note needs text")

    def make() -> list[EventDraft]:
        key = note_key(subject, f"{review.store.replica}-{len(review.record.events)}")
        return [EventDraft("note.written", key, {"subject": subject, "text": without_surrogates(text.strip())})]

    review.commit(make, actor, at)
    return Outcome("noted", (ToolId(subject),) if review.table.get(subject) is not None else ())


def save_view(review: Review, name: str, query: str, *, actor: str, at: str) -> Outcome:
    """Save a filter under a name for all reviewers; an empty filter deletes the view.

    Raises `UsageError` for a faulty filter.
    """
    title, wanted = " ".join(name.split()), query.strip()
    if not title:
        raise UsageError("a view needs a name", remedy="name it in a word or two")
    parse(query)
    key = view_key(title)
    if not wanted and not review.record.registers.heads(key):
        raise UsageError("there is no such view", place=title, remedy="list the views with: clearance views FILE")
    data = {"name": title, "query": wanted} if wanted else {}
    review.commit(lambda: [drafts.replacing(review.record.registers, "view.saved", key, data)], actor, at)
    return Outcome(f"view {title}: {wanted or 'forgotten'}")
