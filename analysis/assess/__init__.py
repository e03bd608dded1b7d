"""From a tool to its assessment: effect, types, reversibility, risk, data, each with reasons. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from analysis.assess.areas import Areas
from analysis.assess.data import DataClasses
from analysis.assess.data_classes import class_lists
from analysis.assess.declared_hints import declared_hints
from analysis.assess.effect import EffectClassifier, unexplained
from analysis.assess.enum_actions import EnumActions
from analysis.assess.flow_roles import FlowRoleClassifier
from analysis.assess.paging import Paging
from analysis.assess.risk import TABLE, risk_of
from analysis.assess.signals import Reader, words_of
from analysis.assess.tool_types import destructive, type_verdict
from analysis.assess.undo import with_undo
from analysis.assess.vocabulary import Vocabulary, extended
from analysis.assess.vocabulary import vocabulary as shipped
from analysis.model import Area, Assessment, Effect, Reason, Reversibility

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.assess.effect import EffectVerdict
    from analysis.assess.enum_actions import EnumAction
    from analysis.assess.signals import Signals
    from analysis.assess.tool_types import TypeVerdict
    from analysis.model import DataHit, Tool, ToolType

__all__ = ["TABLE", "Vocabulary", "assess", "assess_all", "extended"]

_LISTING: Final = frozenset({"list", "search", "find", "browse"})
_DIRECTION_SAYS: Final = {"response": "returns", "request": "receives", "deeper": "can be led on to"}
#: Characters per token of a definition: the customary estimate for English and JSON.
_CHARACTERS_PER_TOKEN: Final = 4


def assess_all(tools: Iterable[Tool], vocabulary: Vocabulary | None = None) -> list[Assessment]:
    """Return the assessment of every tool, in order, by the vocabulary that ships or by the one given.

    Beside what each tool says of itself, tools of one source tell of each other whether a call can be taken back.
    """
    words, listed = vocabulary or shipped(), list(tools)
    assessor = _Assessor(words)
    return with_undo(listed, [assessor.assess(tool) for tool in listed], words)


def assess(tool: Tool, vocabulary: Vocabulary | None = None) -> Assessment:
    """Return the assessment of one tool that is looked at alone."""
    return _Assessor(vocabulary or shipped()).assess(tool)


@dataclass(frozen=True, slots=True)
class _Said:
    """What the same signals say of every tool that has them."""

    weighed: EffectVerdict
    verdict: TypeVerdict
    types: tuple[ToolType, ...]
    destructive: bool
    lists: bool
    areas: tuple[Area, ...]


class _Assessor:
    """One run over tools that share names, paths, texts and schemas. Keeps what it has read of them."""

    def __init__(self, words: Vocabulary) -> None:
        self._words = words
        self._reader = Reader(words)
        self._weigher = EffectClassifier(words)
        self._classes = DataClasses()
        self._areas = Areas(words)
        self._flows = FlowRoleClassifier(words)
        self._paging = Paging(words)
        self._choices = EnumActions(words)
        self._said: dict[Signals, _Said] = {}

    def assess(self, tool: Tool) -> Assessment:
        signals = self._reader.read(tool)
        said = self._said.get(signals)
        if said is None:
            said = self._said[signals] = self._say(signals)
        weighed, verdict, types = said.weighed, said.verdict, said.types
        chosen = None if signals.safe_method or not tool.parameters else self._choices.of_tool(tool)
        if chosen is not None:
            verdict, types = _worst(verdict, chosen), chosen.types(types)
        data = self._classes.of_tool(tool)
        claimed, ceiling = declared_hints(tool, reads=weighed.reads and chosen is None)
        inputs = self._paging.of_tool(tool)
        lists = said.lists or (weighed.reads and tool.returns_array)
        unexplained_by = (unexplained(words_of(tool)),) if weighed.unexplained else ()
        areas = said.areas
        if Area.ADMINISTRATION not in areas and self._areas.administered(tool.tags, tool.summary, tool.description):
            areas = (Area.ADMINISTRATION, *areas)
        return Assessment(
            effect=verdict.effect,
            types=types,
            reversibility=verdict.reversibility,
            risk=risk_of(types, data),
            data=data,
            reasons=(
                *weighed.reasons, *unexplained_by, *verdict.reasons, *claimed, *_deprecated(tool), *_data_reasons(data)
            ),
            confidence=min(weighed.confidence, ceiling),
            unclear=verdict.unclear,
            lists=lists,
            page_parameters=inputs.page,
            tokens=-(-tool.size // _CHARACTERS_PER_TOKEN),
            paginated=bool(inputs.page) and weighed.reads,
            filter_parameters=inputs.filters if lists else (),
            destructive=said.destructive or chosen is not None,
            areas=areas,
            flow_roles=self._flows.of_tool(tool, signals, weighed, data),
        )  # fmt: skip

    def _say(self, signals: Signals) -> _Said:
        weighed = self._weigher.classify(signals)
        verdict = type_verdict(weighed, signals, self._words)
        return _Said(
            weighed,
            verdict,
            verdict.types,
            destructive(weighed, self._words),
            weighed.reads and _listing(signals),
            self._areas.of_signals(signals, reads=weighed.reads),
        )


def _worst(verdict: TypeVerdict, chosen: EnumAction) -> TypeVerdict:
    """Return a verdict in which the worst counts that a caller can choose."""
    reasons = [*verdict.reasons, chosen.reason]
    return replace(
        verdict, effect=Effect.CRITICAL, reversibility=Reversibility.IRREVERSIBLE, reasons=reasons, unclear=False
    )


def _deprecated(tool: Tool) -> tuple[Reason, ...]:
    return (Reason("definition", "deprecated", "may go away; prefer what replaces it"),) if tool.deprecated else ()


def _listing(signals: Signals) -> bool:
    """Whether name or path lists or searches."""
    verbs = (*signals.name.verbs, *signals.path.signal.verbs)
    return any(verb.word in _LISTING for verb in verbs)


def _data_reasons(data: tuple[DataHit, ...]) -> list[Reason]:
    if not data:
        return []
    weighty = class_lists().weighty
    return [
        Reason(hit.direction, ", ".join(hit.fields[:4]), f"{_DIRECTION_SAYS[hit.direction]} {hit.data} data")
        for hit in data
        if hit.data in weighty
    ]
