"""What calling a tool does: effect, types, reversibility, each with the signals that said so.

No signal alone makes a POST or a method-less tool a read, and what nothing explains stays unclear: it is
treated as a side effect and shown as such.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from analysis.assess.signals import read_signals
from analysis.model import Effect, Reason, Reversibility, ToolType

if TYPE_CHECKING:
    from analysis.assess.signals import Signals
    from analysis.assess.vocabulary import Vocabulary
    from analysis.model import Tool

_SAYS: Final = {
    "read": "asks for a state",
    "write": "changes something",
    "destroy": "takes something away for good",
    "soft-destroy": "takes something away",
    "money": "moves money",
    "unclear": "can mean asking or acting",
}


@dataclass(slots=True)
class Verdict:
    """The outcome while it is being weighed."""

    effect: Effect
    reversibility: Reversibility
    confidence: float
    unclear: bool = False
    extra: list[ToolType] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)

    @property
    def types(self) -> tuple[ToolType, ...]:
        """All types that apply, the one to show first."""
        return (*self.extra, ToolType(self.effect.value))

    def because(self, where: str, matched: str, says: str, *, against: bool = False) -> None:
        """Record a signal."""
        self.reasons.append(Reason(where, matched, says, against))


def judge(tool: Tool, vocabulary: Vocabulary) -> Verdict:
    """Return what a call does, from method, name, path, scopes; hints are weighed as claims only."""
    signals = read_signals(tool, vocabulary)
    kind, confidence, reasons = _action(signals, vocabulary)
    verdict = _verdict_of(kind, confidence)
    verdict.reasons = reasons
    if verdict.effect is not Effect.READ:
        _money(verdict, signals, vocabulary)
        _administrative(verdict, signals, vocabulary)
        _outward(verdict, signals, vocabulary)
    _scopes(verdict, signals)
    _hints(verdict, signals)
    return verdict


def _action(signals: Signals, vocabulary: Vocabulary) -> tuple[str, float, list[Reason]]:
    """Return (kind of action, confidence, reasons) from method and name together."""
    verb = signals.verb
    kind = verb.kind if verb else ""
    reasons: list[Reason] = []
    if signals.method:
        reasons.append(Reason("method", signals.method, _method_says(signals)))
    if verb is not None:
        where = "path" if verb.place == "path" else "name"
        reasons.append(
            Reason(where, verb.word, f"{_SAYS[kind]} ({verb.place} word)" if where == "name" else _SAYS[kind])
        )
    if signals.session_path:
        reasons.append(Reason("path", signals.session_path, "opens a channel through which anything can be done"))
        return "unclear", 0.9, reasons
    if signals.safe_method:
        return _safe(signals, kind, reasons)
    if signals.method == "DELETE":
        return ("soft-destroy" if kind == "soft-destroy" else "destroy"), 0.97, reasons
    if signals.method in {"PUT", "PATCH"}:
        return (kind if kind in {"destroy", "money", "soft-destroy"} else "write"), 0.95, reasons
    return _by_name(signals, kind, reasons, vocabulary)


def _method_says(signals: Signals) -> str:
    if signals.safe_method:
        return "a safe method asks and does not change"
    return {"DELETE": "removes", "PUT": "replaces", "PATCH": "changes"}.get(signals.method, "can do anything")


def _safe(signals: Signals, kind: str, reasons: list[Reason]) -> tuple[str, float, list[Reason]]:
    """GET and its kin read, unless the first word of the name plainly acts."""
    verb = signals.verb
    speaks = verb is not None and (verb.place == "first" or (verb.place == "path" and not signals.name_words))
    if verb is not None and speaks and kind in {"write", "destroy", "soft-destroy", "money"}:
        reasons[0] = Reason("method", signals.method, "a safe method should not change anything", against=True)
        return kind, 0.6, reasons
    if verb is not None and kind not in {"read", "unclear"}:
        reasons[1] = Reason(reasons[1].where, verb.word, reasons[1].says, against=True)
        return "read", 0.85, reasons
    return "read", 0.97 if kind == "read" else 0.92, reasons


def _by_name(
    signals: Signals, kind: str, reasons: list[Reason], vocabulary: Vocabulary
) -> tuple[str, float, list[Reason]]:
    """POST, unknown methods and tools without a method: the name decides, and nothing else makes a read."""
    if kind == "read":
        credential = sorted(signals.noun_words & vocabulary.nouns["credential"])
        if credential:
            reasons.append(Reason("name", credential[0], "hands out a credential", against=True))
            return "write", 0.6, reasons
        if signals.verb is not None and signals.verb.place == "middle":
            return "unclear", 0.5, reasons
        return "read", 0.85, reasons
    if kind:
        return kind, 0.5 if kind == "unclear" else 0.9, reasons
    if signals.method == "POST" and signals.path_words and signals.path_words[-1].endswith("s"):
        reasons.append(Reason("path", signals.path_words[-1], "POST on a collection usually creates a member"))
        return "write", 0.75, reasons
    reasons.append(Reason("name", " ".join(signals.name_words) or "no name", "no known verb"))
    return "unclear", 0.4, reasons


def _verdict_of(kind: str, confidence: float) -> Verdict:
    if kind == "read":
        return Verdict(Effect.READ, Reversibility.READ, confidence)
    if kind == "destroy":
        return Verdict(Effect.CRITICAL, Reversibility.IRREVERSIBLE, confidence)
    if kind == "money":
        return Verdict(Effect.CRITICAL, Reversibility.IRREVERSIBLE, confidence, extra=[ToolType.BILLING])
    if kind == "unclear":
        return Verdict(Effect.SIDE_EFFECT, Reversibility.UNKNOWN, confidence, unclear=True)
    return Verdict(Effect.SIDE_EFFECT, Reversibility.REVERSIBLE, confidence)


def _money(verdict: Verdict, signals: Signals, vocabulary: Vocabulary) -> None:
    """Billing: a bill is written; critical where money moves."""
    nouns = sorted(signals.noun_words & vocabulary.nouns["money"])
    if verdict.extra or not nouns:
        return
    verdict.extra.append(ToolType.BILLING)
    verdict.because("name", nouns[0], "somebody's bill or money")
    creates = signals.method in {"POST", ""}
    moving = sorted(signals.noun_words & vocabulary.nouns["money-moves"])
    if creates and moving and verdict.reversibility in {Reversibility.REVERSIBLE, Reversibility.UNKNOWN}:
        verdict.because("name", moving[0], "a new one is money on its way")
        verdict.effect, verdict.reversibility, verdict.unclear = Effect.CRITICAL, Reversibility.IRREVERSIBLE, False


def _administrative(verdict: Verdict, signals: Signals, vocabulary: Vocabulary) -> None:
    """Administrative: writing here changes who may do what, which is critical however reversible it is."""
    nouns = vocabulary.nouns["administrative"] | vocabulary.nouns["credential"]
    found = sorted(signals.noun_words & nouns)
    if found:
        verdict.extra.append(ToolType.ADMINISTRATIVE)
        verdict.because("name", found[0], "changes who may do what")
        verdict.effect = Effect.CRITICAL
        verdict.unclear = False


def _outward(verdict: Verdict, signals: Signals, vocabulary: Vocabulary) -> None:
    verb = signals.verb
    if verdict.reversibility is not Reversibility.REVERSIBLE:
        return
    sends = verb is not None and verb.word in vocabulary.outward_verbs
    nouns = sorted(signals.noun_words & vocabulary.nouns["outward"])
    if verb is not None and (sends or (nouns and verb.word in {"post", "create"} and signals.method in {"POST", ""})):
        verdict.because("name", nouns[0] if nouns else verb.word, "reaches somebody outside and cannot be called back")
        verdict.reversibility = Reversibility.EXTERNAL


def _scopes(verdict: Verdict, signals: Signals) -> None:
    """Let scopes confirm or contradict: they say what a token may do, not what a call does."""
    for scope in signals.scopes[:3]:
        words = scope.lower().replace(".", ":").replace("_", ":").replace("-", ":").split(":")
        reads, writes = (
            "read" in words or "readonly" in words,
            bool({"write", "delete", "admin", "manage"} & set(words)),
        )
        if not reads and not writes:
            continue
        agrees = reads == (verdict.effect is Effect.READ)
        verdict.because(
            "scope", scope, "the scope is for reading" if reads else "the scope is for changing", against=not agrees
        )
        if not agrees:
            verdict.confidence = min(verdict.confidence, 0.8)


def _hints(verdict: Verdict, signals: Signals) -> None:
    claim = signals.hints.get("readOnlyHint")
    if claim is None:
        return
    agrees = claim == (verdict.effect is Effect.READ)
    says = "the server claims it only reads" if claim else "the server says it changes something"
    verdict.because("hint", f"readOnlyHint: {str(claim).lower()}", says, against=not agrees)
    if not agrees:
        verdict.confidence = min(verdict.confidence, 0.6)
