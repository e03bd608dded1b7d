"""Assessment of tools: effect, types, reversibility, risk and data, each with signals. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from analysis.assess.areas import AreaClassifier
from analysis.assess.capabilities.hosted import assess_hosted
from analysis.assess.capabilities.resources import assess_capability
from analysis.assess.declared_hints import declared_hints
from analysis.assess.effect import EffectClassifier
from analysis.assess.effects.effect_reasons import unexplained
from analysis.assess.effects.losses import LossFinder
from analysis.assess.effects.service_names import service_names
from analysis.assess.enum_actions import EnumActionFinder
from analysis.assess.executors import ExecutorFinder
from analysis.assess.flow_roles import FlowRoleClassifier
from analysis.assess.paging import PagingClassifier
from analysis.assess.sensitivity.confidentiality import ConfidentialityClassifier, with_shown_data
from analysis.assess.sensitivity.data_classes import class_lists
from analysis.assess.sensitivity.data_classifier import DataClassifier
from analysis.assess.sensitivity.risk import TABLE, risk_of
from analysis.assess.signals import SignalReader, words_of
from analysis.assess.tool_types import critical, is_destructive, type_verdict, with_areas
from analysis.assess.undo import may_undo, with_undo
from analysis.assess.vocabulary import Vocabulary, built_in_vocabulary, extended
from analysis.model import (
    Assessment,
    CapabilityKind,
    Confidentiality,
    Effect,
    Reason,
    Reversibility,
    ToolType,
    level_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from analysis.assess.effect import EffectVerdict
    from analysis.assess.enum_actions import EnumAction
    from analysis.assess.signals import ToolSignals
    from analysis.assess.tool_types import TypeVerdict
    from analysis.model import DataHit, FlowRoleSignal, SourceId, Tool, ToolId

__all__ = ["TABLE", "Vocabulary", "assess", "assess_all", "assess_some", "extended"]

#: Maximum confidence of a read with an argument that may let it write. Set by hand.
_MAX_WITH_CHOICE: Final = 0.9
#: Number of tools between two reports of progress.
_PROGRESS_INTERVAL: Final = 250
_VAGUE: Final = Reason("response", "not described", "what it returns is not known: treated as confidential")
_SILENT: Final = "its fields do not say what it is about: treated as confidential"
_NO_SERVICES: Final[frozenset[str]] = frozenset()
_LISTING: Final = frozenset({"list", "search", "find", "browse"})
_DIRECTION_VERBS: Final = {"response": "returns", "request": "receives", "deeper": "references"}
#: Characters per token: the usual estimate for English and JSON.
_CHARACTERS_PER_TOKEN: Final = 4


def assess_all(
    tools: Iterable[Tool],
    vocabulary: Vocabulary | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> list[Assessment]:
    """Return the assessment of every tool, in order, with the given or the built-in vocabulary.

    Reversibility also depends on the other tools of a source: one of them may undo a call. `progress` is called with
    (step, done, total) at intervals; an exception it raises ends the work.
    """
    words, listed = vocabulary or built_in_vocabulary(), list(tools)
    assessor = _Assessor(words, service_names(listed, words))
    assessed = []
    for number, tool in enumerate(listed):
        if progress is not None and number % _PROGRESS_INTERVAL == 0:
            progress("assessment", number, len(listed))
        assessed.append(assessor.assess(tool))
    return with_undo(listed, assessed, words)


def assess_some(
    tools: Sequence[Tool], wanted: Collection[ToolId], vocabulary: Vocabulary | None = None
) -> dict[ToolId, Assessment]:
    """Return the assessment of some of the tools of a source by id, each as `assess_all` gives it among all of them."""
    words = vocabulary or built_in_vocabulary()
    assessor = _Assessor(words, service_names(tools, words))
    needed = may_undo(tools, wanted, words)
    assessed = with_undo(needed, list(map(assessor.assess, needed)), words)
    return {tool.id: each for tool, each in zip(needed, assessed, strict=True) if tool.id in wanted}


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


class _Assessor:
    """Assessor of many tools. Caches results by name, path, text and schema, which tools share."""

    def __init__(self, words: Vocabulary, services: Mapping[SourceId, frozenset[str]] | None = None) -> None:
        self._words = words
        self._services = services or {}
        self._reader = SignalReader(words)
        self._effects = EffectClassifier(words)
        self._classes = DataClassifier()
        self._confidential = ConfidentialityClassifier(words)
        self._areas = AreaClassifier(words)
        self._flows = FlowRoleClassifier(words)
        self._executors = ExecutorFinder(words)
        self._paging = PagingClassifier(words)
        self._enum_actions = EnumActionFinder(words)
        self._losses = LossFinder(words)
        self._shared: dict[ToolSignals, _SharedVerdict] = {}

    def assess(self, tool: Tool) -> Assessment:
        if tool.kind is not CapabilityKind.TOOL:
            return assess_capability(tool, self._classes)
        if tool.hosted:
            return assess_hosted(tool)
        signals = self._reader.read(tool, self._services.get(tool.source, _NO_SERVICES))
        shared = self._shared.get(signals)
        if shared is None:
            shared = self._shared[signals] = self._shared_verdict(signals)
        effect, verdict, types = shared.effect, shared.verdict, shared.types
        action = None if signals.safe_method or not tool.parameters else self._enum_actions.of_tool(tool)
        if action is not None and action.kind == "write" and not (effect.reads or effect.unclear):
            action = None  # it writes already
        uncertain = action is not None and not _chooses(action, effect, tool, signals)
        if effect.reads:
            areas = self._areas.of_read(tool, signals)
        else:
            acted_on = self._areas.of_act(tool, signals, effect)
            areas = tuple(found.area for found in acted_on)
            if acted_on or effect.kind == "money":
                verdict = with_areas(
                    verdict, acted_on, effect, method=signals.method, moving=self._words.lists["moving"]
                )
                types = verdict.types
        executor = self._executors.of_tool(tool, signals, effect)
        if executor is not None:
            verdict, types = _executing(verdict, types, executor)
        if action is not None and not uncertain:
            verdict, types = _chosen(verdict, action), action.types(types)
        loss = self._losses.of_tool(tool, effect)
        if loss is not None:
            verdict, types = _worst(verdict, loss), critical(types)
        elif (
            executor is None
            and not effect.sure
            and verdict.effect is Effect.SIDE_EFFECT
            and ("readOnlyHint", True) in tool.hints
        ):
            verdict = replace(verdict, unclear=True)
        upsert = None if loss is not None or shared.destructive else self._losses.upsert_of(tool, effect)
        data = self._classes.of_tool(tool)
        acts = executor is not None or (action is not None and not uncertain)
        hints, max_confidence = declared_hints(tool, reads=effect.reads and not acts)
        inputs = self._paging.of_tool(tool)
        lists = shared.lists or (effect.reads and tool.returns_array)
        confidential = self._confidential.of_tool(tool, effect, data, lists=lists)
        vague = self._confidential.is_vague(tool, effect, confidential, data)
        data = with_shown_data(data, confidential) if confidential else data
        roles = self._flows.of_tool(
            tool,
            signals,
            effect,
            data,
            lists=lists,
            confidential=confidential,
            executes=executor is not None,
            vague=vague and effect.named,
        )
        flow_roles = (*roles.shown, *((executor,) if executor else ()))
        unexplained_reasons = (unexplained(words_of(tool)),) if effect.unexplained else ()
        return Assessment(
            effect=verdict.effect,
            types=types,
            reversibility=verdict.reversibility,
            risk=risk_of(types, Confidentiality.CONFIDENTIAL if vague else level_of(confidential), flow_roles),
            data=data,
            reasons=(
                *effect.reasons, *unexplained_reasons, *((_vague(tool),) if vague else ()), *verdict.reasons, *((upsert,) if upsert else ()), *_choice(action if uncertain else None), *hints, *_deprecated(tool), *_data_reasons(data)
            ),
            confidence=min(effect.confidence, max_confidence, _MAX_WITH_CHOICE if uncertain else 1.0),
            unclear=verdict.unclear,
            lists=lists,
            page_parameters=inputs.page,
            tokens=-(-tool.size // _CHARACTERS_PER_TOKEN),
            paginated=bool(inputs.page) and effect.reads,
            filter_parameters=inputs.filters if lists else (),
            destructive=bool(shared.destructive or loss or upsert or (action is not None and action.critical)),
            areas=areas,
            flow_roles=flow_roles,
            open_flow_roles=roles.left_open,
            confidential=confidential,
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
        )


def _chooses(action: EnumAction, effect: EffectVerdict, tool: Tool, signals: ToolSignals) -> bool:
    """Whether a choice changes the assessment. What is optional in a read needs a hint that says so."""
    if action.certain or not effect.reads:
        return True
    if ("readOnlyHint", False) in tool.hints:
        return True
    return action.value == "false" and signals.name.kind != "read"


def _chosen(verdict: TypeVerdict, action: EnumAction) -> TypeVerdict:
    """Return the verdict for the most dangerous value that a caller can choose."""
    if action.critical:
        return _worst(verdict, action.reason)
    reasons = [*verdict.reasons, action.reason]
    if verdict.effect is not Effect.READ:
        return replace(verdict, reasons=reasons, unclear=False)
    return replace(verdict, effect=Effect.SIDE_EFFECT, reversibility=Reversibility.REVERSIBLE, reasons=reasons)


def _choice(action: EnumAction | None) -> tuple[Reason, ...]:
    """Return the signal of a choice that leaves the effect as it is."""
    return () if action is None else (replace(action.reason, against=True),)


def _worst(verdict: TypeVerdict, reason: Reason) -> TypeVerdict:
    """Return the verdict of a call that cannot be undone, for this reason."""
    reasons = [*verdict.reasons, reason]
    return replace(
        verdict, effect=Effect.CRITICAL, reversibility=Reversibility.IRREVERSIBLE, reasons=reasons, unclear=False
    )


def _executing(
    verdict: TypeVerdict, types: tuple[ToolType, ...], executor: FlowRoleSignal
) -> tuple[TypeVerdict, tuple[ToolType, ...]]:
    """Return the verdict for a tool that runs what the caller writes: never a read, whatever its name says."""
    reasons = [*verdict.reasons, Reason(executor.where, executor.matched, executor.says)]
    if verdict.effect is Effect.READ:
        types = tuple(ToolType.SIDE_EFFECT if kind is ToolType.READ else kind for kind in types)
        verdict = replace(verdict, effect=Effect.SIDE_EFFECT, reversibility=Reversibility.UNKNOWN)
    return replace(verdict, reasons=reasons), types


def _vague(tool: Tool) -> Reason:
    fields = tool.shallow_fields or tool.response_fields
    return Reason("response", ", ".join([*fields][:4]), _SILENT) if fields else _VAGUE


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
