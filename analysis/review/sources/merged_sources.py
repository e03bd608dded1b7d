"""The sources of several copies of a review: of each source, the bytes of the import that is in effect over all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from analysis.model import SourceId
from analysis.review.record.imports import imports_in_effect
from analysis.review.sources.rebuild import stored_as
from analysis.workspace.keys import parse_key

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from analysis.review.sources.rebuild import RecordedSources
    from analysis.workspace import Event


class MergedSources:
    """Events of all copies with the source bytes that they state, wherever these lie. Read as `RecordedSources`."""

    def __init__(self, path: Path, events: Sequence[Event], copies: Sequence[RecordedSources]) -> None:
        self.path = path
        self.events = events
        self._copies = copies
        self._candidates: dict[str, list[tuple[tuple[str, bytes], ...]]] = {}
        chosen, _ = imports_in_effect(events, lambda event: self._find(event) is not None, {})
        self._files = {parse_key(event.key).subject: self._find(event) or () for event in chosen}

    def _find(self, event: Event) -> tuple[tuple[str, bytes], ...] | None:
        """Return the files that an import states; None where no copy has them."""
        source = parse_key(event.key).subject
        if source not in self._candidates:
            found = (tuple(copy.files(source)) for copy in self._copies)
            self._candidates[source] = list(dict.fromkeys(found))
        return next((files for files in self._candidates[source] if stored_as(files, event) is not None), None)

    def files(self, source: str) -> list[tuple[str, bytes]]:
        """Return the files of a source as (relative name, bytes), the entry first."""
        return list(self._files.get(source, ()))

    def sources(self) -> list[Any]:
        """Return identity and problems of every source: those of all copies, in an order that depends on no copy."""
        problems: dict[str, list[list[Any]]] = {}
        for copy in self._copies:
            for data in copy.sources():
                source = str(data["info"]["id"])
                same = source in self._files and tuple(copy.files(source)) == self._files[source]
                if same and data["problems"] not in problems.setdefault(source, []):
                    problems[source].append(data["problems"])
        return [{"info": {"id": SourceId(source)}, "problems": _all(found)} for source, found in problems.items()]


def _all(problems: list[list[Any]]) -> list[Any]:
    """Return one list where all are equal, else what they hold, each once and sorted by its text."""
    if len(problems) == 1:
        return problems[0]
    by_text = {json.dumps(each, sort_keys=True): each for found in problems for each in found}
    return [by_text[text] for text in sorted(by_text)]
