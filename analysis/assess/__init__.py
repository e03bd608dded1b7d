"""From a tool to its assessment: effect, types, reversibility, risk, data, each with reasons. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.assess.areas import Areas
from analysis.assess.claims import claims
from analysis.assess.data import DataClasses
from analysis.assess.data_classes import class_lists
from analysis.assess.effect import weigh
from analysis.assess.flow import flow_legs
from analysis.assess.kinds import destructive, verdict_of
from analysis.assess.paging import Paging
from analysis.assess.risk import TABLE, risk_of
from analysis.assess.signals import Reader
from analysis.assess.vocabulary import Vocabulary, extended
from analysis.assess.vocabulary import vocabulary as shipped
from analysis.model import Assessment, Reason

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.assess.signals import Signals
    from analysis.model import DataHit, Tool

__all__ = ["TABLE", "Vocabulary", "assess", "assess_all", "extended"]

_LISTING: Final = frozenset({"list", "search", "find", "browse"})
#: Characters per token of a definition: the customary estimate for English and JSON.
_CHARACTERS_PER_TOKEN: Final = 4


def assess_all(tools: Iterable[Tool], vocabulary: Vocabulary | None = None) -> list[Assessment]:
    """Return the assessment of every tool, in order, by the vocabulary that ships or by the one given."""
    assessor = _Assessor(vocabulary or shipped())
    return [assessor.assess(tool) for tool in tools]


def assess(tool: Tool, vocabulary: Vocabulary | None = None) -> Assessment:
    """Return the assessment of one tool."""
    return _Assessor(vocabulary or shipped()).assess(tool)


class _Assessor:
    """One run over tools that share names, paths, texts and schemas. Keeps what it has read of them."""

    def __init__(self, words: Vocabulary) -> None:
        self._words = words
        self._reader = Reader(words)
        self._classes = DataClasses()
        self._areas = Areas(words)
        self._paging = Paging(words)

    def assess(self, tool: Tool) -> Assessment:
        signals = self._reader.read(tool)
        weighed = weigh(signals, self._words)
        data = self._classes.of_tool(tool)
        areas = self._areas.of_tool(tool, signals, reads=weighed.reads)
        verdict = verdict_of(weighed, signals, self._words)
        claimed, ceiling = claims(tool, reads=weighed.reads)
        inputs = self._paging.of_tool(tool)
        lists = weighed.reads and _lists(tool, signals)
        return Assessment(
            effect=verdict.effect,
            types=verdict.types,
            reversibility=verdict.reversibility,
            risk=risk_of(verdict.types, data),
            data=data,
            reasons=(*verdict.reasons, *claimed, *_deprecated(tool), *_data_reasons(data)),
            confidence=min(weighed.confidence, ceiling),
            unclear=verdict.unclear,
            lists=lists,
            page_parameters=inputs.page,
            tokens=-(-tool.size // _CHARACTERS_PER_TOKEN),
            paginated=bool(inputs.page) and weighed.reads,
            filter_parameters=inputs.filters if lists else (),
            destructive=destructive(weighed, self._words),
            areas=tuple(area for area, _ in areas),
            legs=flow_legs(tool, signals, weighed, data, self._words),
        )


def _deprecated(tool: Tool) -> tuple[Reason, ...]:
    return (Reason("definition", "deprecated", "may go away; prefer what replaces it"),) if tool.deprecated else ()


def _lists(tool: Tool, signals: Signals) -> bool:
    """Whether a read returns a collection: an array, or a name that lists or searches."""
    verbs = (*signals.name.verbs, *signals.path.voice.verbs)
    return tool.returns_array or any(verb.word in _LISTING for verb in verbs)


def _data_reasons(data: tuple[DataHit, ...]) -> list[Reason]:
    says = {"response": "returns", "request": "receives", "deeper": "can be led on to"}
    weighty = class_lists().weighty
    return [
        Reason(hit.direction, ", ".join(hit.fields[:4]), f"{says[hit.direction]} {hit.data} data")
        for hit in data
        if hit.data in weighty
    ]
