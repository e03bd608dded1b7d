"""Effect of a call: read or write, from the weights of method, name, path and texts, and from rules that override them.

A safe method reads unless the name clearly writes. Any other method reads only where name or path is a read, the texts do
not contradict, and a second signal agrees. MCP tools have only name, title and description: where the name has no verb, a
description such as `Lists ...` is enough, or one of the thing that the name names (`noun_readers`). A call without any
known verb is unclear, and counts as side-effect.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from analysis.assess.confidence import confidence_of, pattern_of
from analysis.assess.effects.effect_reasons import reason_of, reasons_of
from analysis.model import Reason

if TYPE_CHECKING:
    from analysis.assess.confidence import SharePattern
    from analysis.assess.names import NameSignal
    from analysis.assess.signals import ToolSignals
    from analysis.assess.vocabulary import Vocabulary

#: Weight of a method, on the scale of `names.VERB_WEIGHTS`. Set by hand. HTTP defines GET as safe, and most servers comply;
#: POST can have any effect; without a method (MCP) the name decides.
_SAFE, _POST, _NO_METHOD = 6.0, -1.5, -0.5
#: Minimum total weight of a read. Above zero, so that a tie is not a read.
_MIN_READ_WEIGHT: Final = 1.0
#: Share of the path weight: low next to a name, which it repeats, and high without one.
_PATH_WITH_NAME, _PATH_ALONE = 0.2, 0.8
#: Shares of summary and description where both have a verb: one author wrote both, so they are not independent.
_SUMMARY_OF_TWO, _DESCRIPTION_OF_TWO = 0.7, 0.5
#: Minimum weight of texts that contradict a clear name without adding a second act: such texts describe its context.
_BOILERPLATE: Final = -1.0
#: Factor for texts where a safe method has no other verb: then only the texts say what it does.
_TEXT_ALONE: Final = 1.5
#: Weight of a firm act in a name: a writing verb in first or last place that is no noun.
_FIRM: Final = 4.5
#: Maximum confidence where a text is in a language of which only some verbs are known, and where none was found.
_MAX_FOREIGN, _MAX_NOT_UNDERSTOOD = 0.9, 0.8
_CLEAR_NAMES: Final = frozenset({"get", "list", "describe"})
_NOT_REMOVING: Final = frozenset({"", "write", "unclear", "read", "asking"})
_ACTING: Final = ("destroy", "money", "soft-destroy", "write")
_ISSUES_CREDENTIAL: Final = "issues a credential"
_ISSUES_UPLOAD: Final = "issues an upload address"
_ISSUES: Final = frozenset({_ISSUES_CREDENTIAL, _ISSUES_UPLOAD})
#: Share of the name weight where title and description may decide what an ambiguous name means.
_AMBIGUOUS_SHARE: Final = 0.5
#: Ambiguous verbs that usually only return a result.
_USUALLY_READS: Final = frozenset({"generate", "ask", "test", "verify", "process", "do"})
#: First words of a description that almost always mean a read.
_CLEAR_READS: Final = frozenset(
    {"get", "gets", "list", "lists", "retrieve", "return", "fetch", "search", "find", "show", "display", "describe"}
)


@dataclass(frozen=True, slots=True, eq=False)
class EffectVerdict:
    """The combined result of the signals. `kind` is the kind of the deciding verb, or unclear."""

    reads: bool
    kind: str
    word: str
    confidence: float
    reasons: tuple[Reason, ...]
    unexplained: bool  # no verb was recognised
    pattern: SharePattern  # key of the confidence
    sure: bool = False  # an act that no other reading of the words explains
    named: bool = False  # a read by the noun that names it, which says little of what it returns

    @property
    def unclear(self) -> bool:
        """Whether no signal shows the effect."""
        return self.kind == "unclear"


class EffectClassifier:
    """Classifier of effects by one vocabulary. Caches the verdict by every input of it."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._verdicts: dict[tuple[object, ...], EffectVerdict] = {}

    def classify(self, signals: ToolSignals) -> EffectVerdict:
        """Return the effect of a call with its confidence and reasons."""
        override_rule = _override_rule(signals, self._vocabulary)
        name, path = signals.name, signals.path.signal
        key = (
            signals.method, name.verbs, name.reading, name.doubtful, path.verbs, path.reading, path.doubtful, signals.path.session, signals.path.act,
            signals.summary, signals.description, signals.collection, override_rule, len(name.words) > 1, signals.thing,
        )  # fmt: skip
        found = self._verdicts.get(key)
        if found is None:
            found = self._verdicts[key] = _verdict(signals, override_rule)
        return found


def _verdict(signals: ToolSignals, override_rule: Reason | None) -> EffectVerdict:
    text = _text_weight(signals)
    read = _total(signals, text) > _MIN_READ_WEIGHT and _agreed(signals)
    reads = override_rule is None and (read or bool(signals.thing))
    reasons = list(reasons_of(signals, reads=reads))
    named = bool(signals.thing) and reads and not read
    if named:
        reasons.append(
            reason_of("name", signals.thing, "read (named for what it returns, and nothing else says otherwise)")
        )
    if override_rule is not None and override_rule.where != "method":  # the method is among the reasons already
        reasons.append(override_rule)
    kind, word = ("read", _read_verb(signals)) if reads else _action(signals)
    if override_rule is not None and override_rule.says in _ISSUES:
        kind, word = "write", override_rule.matched
    unexplained = not reads and kind == "unclear" and not word and override_rule is None
    outcome = "reads" if reads else "unclear" if kind == "unclear" else "acts"
    pattern = pattern_of(signals, text, outcome=outcome)
    confidence = confidence_of(pattern)
    for each in (signals.summary, signals.description):
        if each.foreign:
            confidence = min(confidence, _MAX_FOREIGN if each.kind else _MAX_NOT_UNDERSTOOD)
    sure = outcome == "acts" and _sure(signals, text)
    return EffectVerdict(reads, kind, word, confidence, tuple(reasons), unexplained, pattern, sure, named)


def _sure(signals: ToolSignals, text: float) -> bool:
    """Whether an act is sure: a name and texts agree on it, or one is firm and nothing contradicts."""
    name = signals.verb_signal
    named = name.verbs[0] if name.verbs else None
    if named is not None and named.weight <= -_FIRM and text <= 0:
        return True
    return text <= -_FIRM * _SUMMARY_OF_TWO and (named is None or named.weight < 0) and name.weight <= 0


def _total(signals: ToolSignals, text: float) -> float:
    """Return the total weight of the signals: positive is a read, negative a write."""
    method = _SAFE if signals.safe_method else _POST if signals.method else _NO_METHOD
    path = signals.path.signal
    share = _path_share(signals) if path.verbs or not signals.name.verbs else 0.0
    name = signals.name.weight * (_AMBIGUOUS_SHARE if _ambiguous(signals) else 1.0)
    return method + name + share * path.weight + text


def _path_share(signals: ToolSignals) -> float:
    """Return the share of the path weight. An act alone at the end of a path is one, whatever the method."""
    act = signals.path.act if signals.safe_method else ""
    if act and any(verb.word == act for verb in signals.name.verbs):
        return 1.0
    if not signals.name.verbs:
        return 1.0 if act else _PATH_ALONE
    return _PATH_WITH_NAME


def _text_weight(signals: ToolSignals) -> float:
    """Return the combined weight of summary and description."""
    summary, description = signals.summary, signals.description
    weight = summary.weight + description.weight
    if summary.kind and description.kind:
        weight = _SUMMARY_OF_TWO * summary.weight + _DESCRIPTION_OF_TWO * description.weight
    if weight >= 0:
        return weight
    boilerplate = {summary.kind, description.kind} <= _NOT_REMOVING and not (summary.added or description.added)
    if boilerplate and _clear_read(signals.name):
        return max(weight, _BOILERPLATE)
    silent = signals.safe_method and not signals.name.verbs and signals.path.signal.kind in {"", "unclear"}
    return weight * _TEXT_ALONE if silent and not signals.name.reading else weight


def _clear_read(name: NameSignal) -> bool:
    """Whether a name says clearly that it reads: `getOrder`, `things_list`, with no other verb."""
    return len(name.verbs) == 1 and name.verbs[0].word in _CLEAR_NAMES and name.verbs[0].place != "middle"


def _agreed(signals: ToolSignals) -> bool:
    """Whether a second signal supports a read: the author of one text must not choose the class alone."""
    if signals.safe_method:
        return True
    name, text_reads = signals.verb_signal, signals.summary.weight > 0 or signals.description.weight > 0
    if name.reading and not name.verbs and signals.method:
        return text_reads  # POST on a noun such as `status` may create one
    if signals.name.kind == "asking":
        return text_reads or signals.path.signal.kind == "read"
    if signals.name.weight > 0 or signals.path.signal.weight > 0:
        return True
    if signals.summary.weight > 0 and signals.description.weight > 0:
        return not signals.path.signal.verbs and (not signals.name.verbs or _ambiguous(signals))
    return _described_read(signals)


def _ambiguous(signals: ToolSignals) -> bool:
    """Whether the name of an MCP tool has an ambiguous verb, which title and description together may decide."""
    return not signals.method and signals.name.kind == "unclear" and signals.name.verbs[0].word in _USUALLY_READS


def _described_read(signals: ToolSignals) -> bool:
    """Whether an MCP tool named by a noun (`cluster_nodes`) is described as a read and nothing contradicts."""
    texts = (signals.summary, signals.description)
    firm = any(signal.kind == "read" and signal.word in _CLEAR_READS for signal in texts) and all(
        v.weight >= 0 for v in texts
    )
    return firm and not signals.method and not signals.name.verbs and len(signals.name.words) > 1


def _override_rule(signals: ToolSignals, vocabulary: Vocabulary) -> Reason | None:
    """Return the signal that rules out a read, whatever the weights are."""
    if signals.method in {"PUT", "PATCH", "DELETE"}:
        return reason_of("method", signals.method, "never a read")
    if signals.path.session:
        return Reason("path", signals.path.session, "opens a session, which can have any effect")
    if signals.name.verbs and signals.name.verbs[0].word in vocabulary.lists["session-verbs"]:
        return Reason("name", signals.name.verbs[0].word, "grants the rights of another identity")
    if signals.safe_method:
        return None
    if signals.program:
        return Reason("text", signals.program, "the statement can have any effect")
    return _issued(signals.verb_signal, vocabulary)


def _issued(name: NameSignal, vocabulary: Vocabulary) -> Reason | None:
    """Return why this name is not a read: it issues a credential or an upload address."""
    if name.kind not in {"read", "unclear"} or name.verbs[0].word not in vocabulary.lists["issuing-verbs"]:
        return None
    relations = vocabulary.lists["relations"]
    end = next((at for at, word in enumerate(name.words) if at and word in relations), len(name.words))
    if end and name.words[end - 1] in vocabulary.lists["credential"]:
        return Reason("name", name.words[end - 1], _ISSUES_CREDENTIAL)
    if "upload" in name.words and name.words[-1] in vocabulary.lists["addresses"]:
        return Reason("name", "upload", _ISSUES_UPLOAD)
    return None


def _read_verb(signals: ToolSignals) -> str:
    """Return the verb of a read."""
    verbs = signals.name.verbs or signals.path.signal.verbs
    return verbs[0].word if verbs else ""


def _action(signals: ToolSignals) -> tuple[str, str]:
    """Return (kind, word) of the strongest writing verb; unclear where there is none."""
    verbs = [(verb.kind, verb.word) for verb in (*signals.name.verbs, *signals.path.signal.verbs)]
    texts = (signals.summary, signals.description)
    verbs += [(text.kind, text.word) for text in texts if text.kind] + [
        ("write", text.added) for text in texts if text.added
    ]
    acting = next((verb for verb in verbs if verb[0] in _ACTING), None)
    if signals.method == "DELETE":
        named = signals.name.verbs[0] if signals.name.verbs else None
        takes_back = named is not None and named.kind == "write" and named.word.startswith("un")  # `unstarThing`
        soft = (named is not None and named.kind == "soft-destroy") or takes_back
        return ("soft-destroy" if soft else "destroy"), acting[1] if acting else ""
    if signals.path.session:
        return "unclear", signals.path.session
    unclear = next((verb for verb in verbs if verb[0] == "unclear"), None)
    if unclear is not None and not (acting and signals.name.kind == acting[0]):
        return unclear if signals.method not in {"PUT", "PATCH"} else ("write", unclear[1])
    if acting is not None:
        told = next((text for text in texts if text.kind == "destroy"), None) if acting[0] == "soft-destroy" else None
        return (told.kind, told.word) if told is not None else acting
    if signals.method in {"PUT", "PATCH"} or signals.collection:
        return "write", ""
    return "unclear", ""
