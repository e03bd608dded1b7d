"""Types of a tool, and whether a call can be undone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from analysis.model import Area, Effect, Reason, Reversibility, ToolType

if TYPE_CHECKING:
    from analysis.assess.areas import ActArea
    from analysis.assess.effect import EffectVerdict
    from analysis.assess.signals import ToolSignals
    from analysis.assess.vocabulary import Vocabulary


#: Unclear verbs that include removing: to manage a thing, and to query where the query is a statement.
_ANY_EFFECT: Final = frozenset({"manage", "query"})


@dataclass(slots=True)
class TypeVerdict:
    """Effect, types and reversibility, built up step by step."""

    effect: Effect
    reversibility: Reversibility
    extra: list[ToolType]
    reasons: list[Reason]
    unclear: bool = False

    @property
    def types(self) -> tuple[ToolType, ...]:
        """All types that apply, the one to show in front."""
        return (*self.extra, ToolType(self.effect.value))

    def add_reason(self, where: str, matched: str, says: str) -> None:
        """Add a signal."""
        self.reasons.append(Reason(where, matched, says))


def critical(types: tuple[ToolType, ...]) -> tuple[ToolType, ...]:
    """Return the types of a tool with critical as its effect."""
    return (*[kind for kind in types if kind.value not in set(Effect)], ToolType.CRITICAL)


def is_destructive(effect: EffectVerdict, vocabulary: Vocabulary) -> bool:
    """Whether a call may remove, overwrite without a copy, run anything, or change a state that cannot be restored.

    An edit or a creation is not destructive; a call without a known verb is unclear, not destructive.
    """
    if effect.reads or effect.kind in {"destroy", "soft-destroy", "money"}:
        return not effect.reads
    if effect.word in vocabulary.lists["code-verbs"] or effect.word in vocabulary.lists["overwriting"]:
        return True
    return effect.kind == "unclear" and effect.word in _ANY_EFFECT


def type_verdict(effect: EffectVerdict, signals: ToolSignals, vocabulary: Vocabulary) -> TypeVerdict:
    """Return effect, types and reversibility of a call by its verb; `with_areas` adds those of what it acts on."""
    verdict = _by_kind(effect)
    if verdict.effect is not Effect.READ:
        _outward(verdict, effect, signals, vocabulary)
    return verdict


def with_areas(
    verdict: TypeVerdict, areas: tuple[ActArea, ...], effect: EffectVerdict, *, method: str, moving: frozenset[str]
) -> TypeVerdict:
    """Return the verdict with the types of what a call acts on: billing for money, administrative for the other areas."""
    found = replace(verdict, extra=list(verdict.extra), reasons=list(verdict.reasons))
    if effect.kind == "money" and all(area.area is not Area.BILLING for area in areas):
        found.effect, found.reversibility = (
            Effect.SIDE_EFFECT,
            Reversibility.UNKNOWN,
        )  # charging a battery moves no money
    for area in areas:
        if area.area is Area.BILLING:
            _add_billing(found, area, method, moving)
    for area in areas:
        if area.area is not Area.BILLING:
            found.extra.append(ToolType.ADMINISTRATIVE)
            says = "decides who may do what" if area.area is Area.ACCESS_CONTROL else "decides how the system runs"
            found.add_reason(area.where, area.matched, says)
            found.effect, found.unclear = Effect.CRITICAL, False
    return found


def _add_billing(verdict: TypeVerdict, area: ActArea, method: str, moving: frozenset[str]) -> None:
    """Add billing; a call that creates a record by which money moves is critical."""
    if ToolType.BILLING in verdict.extra:
        return
    verdict.extra.append(ToolType.BILLING)
    verdict.add_reason(area.where, area.matched, "billing")
    if method in {"POST", ""} and area.matched in moving and verdict.effect is Effect.SIDE_EFFECT:
        verdict.add_reason(area.where, area.matched, "creating one moves money")
        verdict.effect, verdict.reversibility, verdict.unclear = Effect.CRITICAL, Reversibility.IRREVERSIBLE, False


def _by_kind(effect: EffectVerdict) -> TypeVerdict:
    reasons: list[Reason] = []
    if effect.reads:
        return TypeVerdict(Effect.READ, Reversibility.READ, [], reasons)
    if effect.kind == "destroy":
        return TypeVerdict(Effect.CRITICAL, Reversibility.IRREVERSIBLE, [], reasons)
    if effect.kind == "money":
        return TypeVerdict(Effect.CRITICAL, Reversibility.IRREVERSIBLE, [], reasons)
    if effect.kind == "unclear":
        return TypeVerdict(Effect.SIDE_EFFECT, Reversibility.UNKNOWN, [], reasons, unclear=True)
    return TypeVerdict(Effect.SIDE_EFFECT, Reversibility.REVERSIBLE, [], reasons)


def _outward(verdict: TypeVerdict, effect: EffectVerdict, signals: ToolSignals, vocabulary: Vocabulary) -> None:
    if verdict.reversibility is not Reversibility.REVERSIBLE or not effect.word:
        return
    sends = effect.word in vocabulary.lists["outward-verbs"]
    nouns = sorted(signals.nouns & vocabulary.lists["outward"])
    posts = bool(nouns) and effect.word in {"post", "create"} and signals.method in {"POST", ""}
    if sends or posts:
        verdict.add_reason(
            "name", nouns[0] if nouns else effect.word, "sends data to external recipients; cannot be recalled"
        )
        verdict.reversibility = Reversibility.EXTERNAL
