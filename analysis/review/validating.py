"""A review whose sources can be validated against their specification afterwards, while one goes on working."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from analysis.errors import UsageError
from analysis.model import Skipped, SourceKind
from analysis.review.findings import Findings
from analysis.review.sources.importing import start_conformance
from analysis.workspace import to_plain

if TYPE_CHECKING:
    from analysis.conformance.process import Check
    from analysis.conformance.process import Conformance as Conformance  # noqa: PLC0414 - front ends name it too
    from analysis.model import SourceInfo
    from analysis.review.sources.importing import SourceStatus

_CHECK: Final = "conformance"


class Validating(Findings):
    """An open review that has its sources validated: advice, no event and no gate, kept with the source it is about."""

    def validated_sources(self) -> list[SourceInfo]:
        """Return the sources for which there is a specification to keep to."""
        return [source.info for source in self.sources() if source.info.kind is SourceKind.OPENAPI]

    def begin_validation(self, source: SourceInfo) -> Check:
        """Have a source validated as it is stored, in a process of its own, and return at once."""
        return start_conformance(self.files(source.id)[0][1])

    def keep_validation(self, source: SourceInfo, found: Conformance) -> None:
        """Keep what was found with the source. Raises `UsageError` where the source is no longer the same."""
        with self._store.transaction() as changed:
            if changed:
                self._load()
            now = next((each for each in self._sources if each.info == source), None)
            if now is None:
                raise UsageError("the source was imported anew while it was validated", remedy="validate it again")
            advised = with_advice(now, found)
            self._store.update_source(
                source.id, json.dumps(to_plain(advised), ensure_ascii=True, separators=(",", ":"))
            )
        self._sources = [advised if each is now else each for each in self._sources]


def with_advice(source: SourceStatus, found: Conformance) -> SourceStatus:
    """Return a source with what its validation found, each problem once, and what of it is still not checked."""
    rest = tuple(entry for entry in source.not_checked if entry.check != _CHECK)
    left = () if found.finished else (Skipped(_CHECK, f"not finished: {found.reason}"),)
    problems = tuple(dict.fromkeys((*found.problems, *source.problems)))
    return replace(source, problems=problems, not_checked=(*rest, *left))
