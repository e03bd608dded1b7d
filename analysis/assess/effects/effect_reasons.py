"""The signals for and against an effect, as reasons that state evidence."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from analysis.model import Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from analysis.assess.names import NameSignal
    from analysis.assess.signals import ToolSignals
    from analysis.assess.texts import TextSignal

#: The evidence that a kind of verb gives.
_EVIDENCE: Final = {
    "read": "read",
    "asking": "usually read, sometimes write",
    "write": "write",
    "destroy": "destructive",
    "soft-destroy": "destructive, often reversible",
    "money": "moves money",
    "unclear": "read or write",
}
_METHOD_EVIDENCE: Final = {"PUT": "write", "PATCH": "write", "DELETE": "destructive", "POST": "read or write"}


def unexplained(words: Iterable[str]) -> Reason:
    """Return the reason for a name without a known verb."""
    return Reason("name", " ".join(words) or "no name", "no known verb: treated as side-effect")


@cache
def reason_of(where: str, matched: str, says: str, *, against: bool = False) -> Reason:
    """Return a reason; cached, because tools share most of them."""
    return Reason(where, matched, says, against)


def reasons_of(signals: ToolSignals, *, reads: bool) -> Iterator[Reason]:
    """Yield every signal; those that disagree with the outcome are marked."""
    if signals.method:
        says = "read" if signals.safe_method else _METHOD_EVIDENCE.get(signals.method, "unknown method")
        yield reason_of("method", signals.method, says, against=signals.safe_method and not reads)
    yield from _of_name(signals.name, "name", reads=reads)
    if signals.path.signal.verbs != signals.name.verbs:
        yield from _of_name(signals.path.signal, "path", reads=reads)
    yield from _of_text(signals.summary, reads=reads)
    if signals.description != signals.summary:  # often identical
        yield from _of_text(signals.description, reads=reads)
    if not reads and signals.collection:
        yield reason_of("path", signals.collection, "write (POST on a collection usually creates a member)")


def _of_name(signal: NameSignal, where: str, *, reads: bool) -> Iterator[Reason]:
    for verb in signal.verbs:
        place = f" ({verb.place} word of the name)" if where == "name" else ""
        yield reason_of(where, verb.word, _EVIDENCE[verb.kind] + place, against=(verb.weight > 0) != reads)
    if signal.reading:
        yield reason_of(where, signal.reading, "read (a noun for information)", against=not reads)


def _of_text(text: TextSignal, *, reads: bool) -> Iterator[Reason]:
    if text.kind:
        yield reason_of(
            "text", text.word, f"{_EVIDENCE[text.kind]} (first verb of the text)", against=(text.weight > 0) != reads
        )
    if text.added:
        yield reason_of("text", text.added, "write (a later verb of the first sentence)", against=reads)
