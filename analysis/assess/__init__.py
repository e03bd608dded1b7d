"""Assessment of tools: effect, types, reversibility, risk and data, each with signals. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from analysis.assess.areas import AreaClassifier
from analysis.assess.capabilities.hosted import assess_hosted
from analysis.assess.capabilities.resources import assess_capability
from analysis.assess.data_classes import class_lists
from analysis.assess.data_classifier import DataClassifier
from analysis.assess.declared_hints import declared_hints
from analysis.assess.effect import EffectClassifier, unexplained
from analysis.assess.enum_actions import EnumActionFinder
from analysis.assess.flow_roles import FlowRoleClassifier
from analysis.assess.paging import PagingClassifier
from analysis.assess.risk import TABLE, risk_of
from analysis.assess.signals import SignalReader, words_of
from analysis.assess.tool_types import is_destructive, type_verdict
from analysis.assess.undo import with_undo
from analysis.assess.vocabulary import Vocabulary, built_in_vocabulary, extended
from analysis.model import Area, Assessment, CapabilityKind, Effect, Reason, Reversibility

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.assess.effect import EffectVerdict
    from analysis.assess.enum_actions import EnumAction
    from analysis.assess.signals import ToolSignals
    from analysis.assess.tool_types import TypeVerdict
    from analysis.model import DataHit, Tool, ToolType

__all__ = ["TABLE", "Vocabulary", "assess", "assess_all", "extended"]

_LISTING: Final = frozenset({"list", "search", "find", "browse"})
_DIRECTION_VERBS: Final = {"response": "returns", "request": "receives", "deeper": "references"}
#: Characters per token: the usual estimate for English and JSON.
_CHARACTERS_PER_TOKEN: Final = 4


def assess_all(tools: Iterable[Tool], vocabulary: Vocabulary | None = None) -> list[Assessment]:
    """Return the assessment of every tool, in order, with the given or the built-in vocabulary.

    Reversibility also depends on the other tools of a source: one of them may undo a call.
    """
    words, listed = vocabulary or built_in_vocabulary(), list(tools)
    assessor = _Assessor(words)
    return with_undo(listed, [assessor.assess(tool) for tool in listed], words)


def assess(tool: Tool, vocabulary: Vocabulary | None = None) -> Assessment:
    """Return the assessment of one tool, without the other tools of its source."""
    return _Assessor(vocabulary or built_in_vocabulary()).assess(tool)


@dataclass(frozen=True, slots=True)
class _SharedVerdict:
    """The part of an assessment that depends on signals only; tools with the same signals share it."""

    effect: EffectVerdict
    verdict: TypeVerdict
    types: tuple[ToolType, ...]
    destructive: bool
    lists: bool
    areas: tuple[Area, ...]


class _Assessor:
    """Assessor of many tools. Caches results by name, path, text and schema, which tools share."""

    def __init__(self, words: Vocabulary) -> None:
        self._words = words
        self._reader = SignalReader(words)
        self._effects = EffectClassifier(words)
        self._classes = DataClassifier()
        self._areas = AreaClassifier(words)
        self._flows = FlowRoleClassifier(words)
        self._paging = PagingClassifier(words)
        self._enum_actions = EnumActionFinder(words)
        self._shared: dict[ToolSignals, _SharedVerdict] = {}

    def assess(self, tool: Tool) -> Assessment:
        if tool.kind is not CapabilityKind.TOOL:
            return assess_capability(tool, self._classes)
        if tool.hosted:
            return assess_hosted(tool)
        signals = self._reader.read(tool)
        shared = self._shared.get(signals)
        if shared is None:
            shared = self._shared[signals] = self._shared_verdict(signals)
        effect, verdict, types = shared.effect, shared.verdict, shared.types
        action = None if signals.safe_method or not tool.parameters else self._enum_actions.of_tool(tool)
        if action is not None:
            verdict, types = _worst(verdict, action), action.types(types)
        data = self._classes.of_tool(tool)
        hints, max_confidence = declared_hints(tool, reads=effect.reads and action is None)
        inputs = self._paging.of_tool(tool)
        lists = shared.lists or (effect.reads and tool.returns_array)
        unexplained_reasons = (unexplained(words_of(tool)),) if effect.unexplained else ()
        areas = shared.areas
        if Area.ADMINISTRATION not in areas and self._areas.administered(tool.tags, tool.summary, tool.description):
            areas = (Area.ADMINISTRATION, *areas)
        return Assessment(
            effect=verdict.effect,
            types=types,
            reversibility=verdict.reversibility,
            risk=risk_of(types, data),
            data=data,
            reasons=(
                *effect.reasons, *unexplained_reasons, *verdict.reasons, *hints, *_deprecated(tool), *_data_reasons(data)
            ),
            confidence=min(effect.confidence, max_confidence),
            unclear=verdict.unclear,
            lists=lists,
            page_parameters=inputs.page,
            tokens=-(-tool.size // _CHARACTERS_PER_TOKEN),
            paginated=bool(inputs.page) and effect.reads,
            filter_parameters=inputs.filters if lists else (),
            destructive=shared.destructive or action is not None,
            areas=areas,
            flow_roles=self._flows.of_tool(tool, signals, effect, data),
        )  # fmt: skip

    def _shared_verdict(self, signals: ToolSignals) -> _SharedVerdict:
        effect = self._effects.classify(signals)
        verdict = type_verdict(effect, signals, self._words)
        return _SharedVerdict(
            effect,
            verdict,
            verdict.types,
            is_destructive(effect, self._words),
            effect.reads and _has_listing_verb(signals),
            self._areas.of_signals(signals, reads=effect.reads),
        )


def _worst(verdict: TypeVerdict, action: EnumAction) -> TypeVerdict:
    """Return the verdict for the most dangerous value that a caller can choose."""
    reasons = [*verdict.reasons, action.reason]
    return replace(
        verdict, effect=Effect.CRITICAL, reversibility=Reversibility.IRREVERSIBLE, reasons=reasons, unclear=False
    )


def _deprecated(tool: Tool) -> tuple[Reason, ...]:
    return (Reason("definition", "deprecated", "may be removed; use its replacement"),) if tool.deprecated else ()


def _has_listing_verb(signals: ToolSignals) -> bool:
    """Whether name or path has a listing verb."""
    verbs = (*signals.name.verbs, *signals.path.signal.verbs)
    return any(verb.word in _LISTING for verb in verbs)


def _data_reasons(data: tuple[DataHit, ...]) -> list[Reason]:
    if not data:
        return []
    weighty = class_lists().weighty
    return [
        Reason(hit.direction, ", ".join(hit.fields[:4]), f"{_DIRECTION_VERBS[hit.direction]} {hit.data} data")
        for hit in data
        if hit.data in weighty
    ]
