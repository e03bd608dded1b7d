"""The imports of a review: which one of each source is in effect, and what is known of a source that was imported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.model import SourceId, SourceInfo
from analysis.review.record.understanding import understand
from analysis.review.sources.policy_words import IMPORT
from analysis.workspace import Registers
from analysis.workspace.keys import parse_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from analysis.workspace import Event

_WITHOUT_BYTES: Final = "it states an import whose bytes are not in this file"


def imports_in_effect(
    events: Sequence[Event], has_bytes: Callable[[Event], bool], refused: Mapping[str, str]
) -> tuple[list[Event], list[Event]]:
    """Return the import in effect of each source, and the imports that are passed over.

    The last live import in canonical order whose bytes are there is in effect. Where no live one has its bytes, those
    without are passed over, and what they replaced is live again: an import that only an event claims changes nothing.
    """
    imports = [event for event in events if event.kind == IMPORT]
    understood = [event for event in understand(imports).events if event.id not in refused]
    left = [event for event in imports if event.id in refused]
    while True:
        registers = Registers(understood)
        lacking, chosen = set(), []
        for key in registers.keys("source"):
            heads = {event.id for event in registers.heads(key)}
            live = [event for event in understood if event.id in heads]
            having = [event for event in live if has_bytes(event)]
            if having:
                chosen.append(having[-1])
            else:
                lacking |= heads
        if not lacking:
            return chosen, left
        left += [event for event in understood if event.id in lacking]
        understood = [event for event in understood if event.id not in lacking]


def imports_without_bytes(events: Sequence[Event], sources: Sequence[SourceInfo]) -> dict[str, str]:
    """Return the imports that no stored source bears out, by id, each with the reason; they are set aside."""
    known = {info.id: info for info in sources}

    def has_bytes(event: Event) -> bool:
        info = known.get(SourceId(parse_key(event.key).subject))
        return info is not None and _same_import(event, info)

    return without_bytes(imports_in_effect(events, has_bytes, {})[1])


def without_bytes(imports: Iterable[Event]) -> dict[str, str]:
    """Return imports by id, each with the reason why it is set aside."""
    return dict.fromkeys((event.id for event in imports), _WITHOUT_BYTES)


def _same_import(event: Event, info: SourceInfo) -> bool:
    """Whether a source is what an import states: same bytes, same address, same limits."""
    if (event.data["sha256"], event.data["uri"]) != (info.sha256, info.uri):
        return False
    stated, known = event.data["facts"], dict(info.facts)
    if stated == known:
        return True
    from analysis.review.sources.import_budget import limits_of  # noqa: PLC0415 - mostly they are the same, word for word

    try:
        return limits_of(stated) == limits_of(known)
    except ValueError:
        return False
