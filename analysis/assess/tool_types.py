"""Which types a tool has, and whether a call can be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.model import Effect, Reason, Reversibility, ToolType

if TYPE_CHECKING:
    from analysis.assess.effect import EffectVerdict
    from analysis.assess.signals import Signals
    from analysis.assess.vocabulary import Vocabulary


@dataclass(slots=True)
class TypeVerdict:
    """The outcome while it is being put together."""

    effect: Effect
    reversibility: Reversibility
    extra: list[ToolType]
    reasons: list[Reason]
    unclear: bool = False

    @property
    def types(self) -> tuple[ToolType, ...]:
        """All types that apply, the one to show first."""
        return (*self.extra, ToolType(self.effect.value))

    def because(self, where: str, matched: str, says: str) -> None:
        """Record a signal."""
        self.reasons.append(Reason(where, matched, says))


def destructive(weighed: EffectVerdict, vocabulary: Vocabulary) -> bool:
    """Whether a call may remove, overwrite, send or run: the sense of MCP's `destructiveHint`, wider than deleting.

    What only adds does not; what nothing explains is not called destructive, it is called unclear.
    """
    if weighed.reads or weighed.kind in {"destroy", "soft-destroy", "money"}:
        return not weighed.reads
    lists = vocabulary.lists
    if weighed.kind == "unclear":
        return weighed.word in lists["code-verbs"] or weighed.word == "manage"
    return bool(weighed.word) and weighed.word not in lists["additive"] and weighed.word not in lists["making"]


def type_verdict(weighed: EffectVerdict, signals: Signals, vocabulary: Vocabulary) -> TypeVerdict:
    """Return effect, types and reversibility of a call that has been weighed."""
    verdict = _by_kind(weighed)
    if verdict.effect is not Effect.READ:
        _money(verdict, signals, vocabulary)
        _administrative(verdict, signals, vocabulary)
        _outward(verdict, weighed, signals, vocabulary)
    return verdict


def _by_kind(weighed: EffectVerdict) -> TypeVerdict:
    reasons: list[Reason] = []
    if weighed.reads:
        return TypeVerdict(Effect.READ, Reversibility.READ, [], reasons)
    if weighed.kind == "destroy":
        return TypeVerdict(Effect.CRITICAL, Reversibility.IRREVERSIBLE, [], reasons)
    if weighed.kind == "money":
        return TypeVerdict(Effect.CRITICAL, Reversibility.IRREVERSIBLE, [ToolType.BILLING], reasons)
    if weighed.kind == "unclear":
        return TypeVerdict(Effect.SIDE_EFFECT, Reversibility.UNKNOWN, [], reasons, unclear=True)
    return TypeVerdict(Effect.SIDE_EFFECT, Reversibility.REVERSIBLE, [], reasons)


def _money(verdict: TypeVerdict, signals: Signals, vocabulary: Vocabulary) -> None:
    """Billing: a bill is written; critical where money moves."""
    nouns = sorted(signals.nouns & vocabulary.lists["bills"])
    if verdict.extra or not nouns:
        return
    verdict.extra.append(ToolType.BILLING)
    verdict.because("name", nouns[0], "somebody's bill or money")
    moving = sorted(signals.nouns & vocabulary.lists["bills-moving"])
    open_end = verdict.reversibility in {Reversibility.REVERSIBLE, Reversibility.UNKNOWN}
    if signals.method in {"POST", ""} and moving and open_end:
        verdict.because("name", moving[0], "a new one is money on its way")
        verdict.effect, verdict.reversibility, verdict.unclear = Effect.CRITICAL, Reversibility.IRREVERSIBLE, False


def _administrative(verdict: TypeVerdict, signals: Signals, vocabulary: Vocabulary) -> None:
    """Administrative: writing here changes who may do what, which is critical however reversible it is."""
    nouns = vocabulary.lists["administrative"] | vocabulary.lists["credential"]
    found = sorted(signals.nouns & nouns)
    if found:
        verdict.extra.append(ToolType.ADMINISTRATIVE)
        verdict.because("name", found[0], "changes who may do what")
        verdict.effect = Effect.CRITICAL
        verdict.unclear = False


def _outward(verdict: TypeVerdict, weighed: EffectVerdict, signals: Signals, vocabulary: Vocabulary) -> None:
    if verdict.reversibility is not Reversibility.REVERSIBLE or not weighed.word:
        return
    sends = weighed.word in vocabulary.lists["outward-verbs"]
    nouns = sorted(signals.nouns & vocabulary.lists["outward"])
    posts = bool(nouns) and weighed.word in {"post", "create"} and signals.method in {"POST", ""}
    if sends or posts:
        verdict.because(
            "name", nouns[0] if nouns else weighed.word, "reaches somebody outside and cannot be called back"
        )
        verdict.reversibility = Reversibility.EXTERNAL
