"""Whether a call asks or acts: method, name, path and texts weighed against each other, with the laws no weight can bend.

A safe method reads unless the name plainly acts. Everything else reads only where the name or the path asks, the texts do
not contradict, and something besides the method agrees. Tools of a list have only name, title and text: where the name has
no verb, a plain `Lists ...` is believed. What nothing explains is unclear, and treated as a side effect.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from analysis.assess.confidence import confidence_of, pattern_of
from analysis.model import Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from analysis.assess.confidence import SharePattern
    from analysis.assess.names import NameSignal
    from analysis.assess.signals import Signals
    from analysis.assess.texts import TextSignal
    from analysis.assess.vocabulary import Vocabulary

#: How much a method says, on the scale of `names.WEIGHT`. Set by hand. HTTP promises that GET changes nothing, and most
#: servers keep the promise; POST promises nothing; without a method (tool lists) the name has to say it.
_SAFE, _POST, _NO_METHOD = 6.0, -1.5, -0.5
#: From here on the signals together read. Above zero, so that a tie is no read.
_READS_FROM: Final = 1.0
#: A path repeats what the name says, or says what a missing name does not.
_PATH_BESIDE_NAME, _PATH_ALONE = 0.2, 0.8
#: Summary and description are by the same hand: together they say little more than one of them.
_SUMMARY_OF_TWO, _DESCRIPTION_OF_TWO = 0.7, 0.5
_ACTING: Final = ("destroy", "money", "soft-destroy", "write")
_SAYS: Final = {
    "read": "asks for a state",
    "asking": "mostly asks, sometimes acts",
    "write": "changes something",
    "destroy": "takes something away for good",
    "soft-destroy": "takes something away",
    "money": "moves money",
    "unclear": "can mean asking or acting",
}
_HANDS_OUT: Final = "hands out a credential"
_OPENS_UPLOAD: Final = "opens a place to upload to"
_ISSUES: Final = frozenset({_HANDS_OUT, _OPENS_UPLOAD})
#: Where title and text may say what a name means, it weighs so much of itself.
_OPEN_SHARE: Final = 0.5
#: Of the words that can mean either, those that most often only answer.
_MAKES_ANSWERS: Final = frozenset({"generate", "ask", "test", "verify", "process", "do"})
#: Words with which a text says that it looks something up, and with which hardly anything else begins.
_FIRM: Final = frozenset(
    {"get", "gets", "list", "lists", "retrieve", "return", "fetch", "search", "find", "show", "display", "describe"}
)
_METHOD_SAYS: Final = {"PUT": "replaces", "PATCH": "changes", "DELETE": "removes", "POST": "can do anything"}


@dataclass(frozen=True, slots=True, eq=False)
class EffectVerdict:
    """What the signals say together. `kind` is that of the word that says what is done: a kind of verb, or unclear."""

    reads: bool
    kind: str
    word: str
    confidence: float
    reasons: tuple[Reason, ...]
    unexplained: bool  # nothing says what is done; what is said of it names the tool
    pattern: SharePattern  # what the confidence was looked up by

    @property
    def unsure(self) -> bool:
        """Whether nothing explains what is done."""
        return self.kind == "unclear"


class EffectClassifier:
    """Weighs signals by one vocabulary. Remembers the outcome for everything that can change it: nouns seldom do."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._weighed: dict[tuple[object, ...], EffectVerdict] = {}

    def classify(self, signals: Signals) -> EffectVerdict:
        """Return whether a call reads, what it does where it does not, how sure that is, and why."""
        override_rule = _override_rule(signals, self._vocabulary)
        name, path = signals.name, signals.path.signal
        key = (
            signals.method, name.verbs, name.reading, path.verbs, path.reading, signals.path.session,
            signals.summary, signals.description, signals.collection, override_rule, len(name.words) > 1,
        )  # fmt: skip
        found = self._weighed.get(key)
        if found is None:
            found = self._weighed[key] = _weigh(signals, override_rule)
        return found


def _weigh(signals: Signals, override_rule: Reason | None) -> EffectVerdict:
    text = _text_weight(signals)
    reads = override_rule is None and _total(signals, text) > _READS_FROM and _agreed(signals)
    reasons = list(_reasons(signals, reads=reads))
    if override_rule is not None and override_rule.where != "method":  # the method has had its say
        reasons.append(override_rule)
    kind, word = ("read", _asked(signals)) if reads else _action(signals)
    if override_rule is not None and override_rule.says in _ISSUES:
        kind, word = "write", override_rule.matched
    unexplained = not reads and kind == "unclear" and not word and override_rule is None
    outcome = "reads" if reads else "unclear" if kind == "unclear" else "acts"
    pattern = pattern_of(signals, text, outcome=outcome)
    return EffectVerdict(reads, kind, word, confidence_of(pattern), tuple(reasons), unexplained, pattern)


def _total(signals: Signals, text: float) -> float:
    """Return the sum of what the signals say: positive asks, negative acts."""
    method = _SAFE if signals.safe_method else _POST if signals.method else _NO_METHOD
    path = signals.path.signal
    share = _PATH_ALONE if not signals.name.verbs else _PATH_BESIDE_NAME if path.verbs else 0.0
    name = signals.name.weight * (_OPEN_SHARE if _open(signals) else 1.0)
    return method + name + share * path.weight + text


def _text_weight(signals: Signals) -> float:
    """Return what summary and description say together."""
    summary, description = signals.summary, signals.description
    if summary.kind and description.kind:
        return _SUMMARY_OF_TWO * summary.weight + _DESCRIPTION_OF_TWO * description.weight
    return summary.weight + description.weight


def _agreed(signals: Signals) -> bool:
    """Whether more than one text asks: who writes a text must not choose the class by it alone."""
    if signals.safe_method:
        return True
    tool_words, told = signals.tool_words, signals.summary.weight > 0 or signals.description.weight > 0
    if tool_words.reading and not tool_words.verbs and signals.method:
        return told  # what is sent to a thing one looks at may be a new one
    if signals.name.kind == "asking":
        return told or signals.path.signal.kind == "read"
    if signals.name.weight > 0 or signals.path.signal.weight > 0:
        return True
    if signals.summary.weight > 0 and signals.description.weight > 0:
        return not signals.path.signal.verbs and (not signals.name.verbs or _open(signals))
    return _told(signals)


def _open(signals: Signals) -> bool:
    """Whether a tool of a list has a name that can mean either, so that title and text together may say which."""
    return not signals.method and signals.name.kind == "unclear" and signals.name.verbs[0].word in _MAKES_ANSWERS


def _told(signals: Signals) -> bool:
    """Whether the only text of a tool of a list says that it reads what its name is called after: `cluster_nodes`."""
    voices = (signals.summary, signals.description)
    firm = any(signal.kind == "read" and signal.word in _FIRM for signal in voices) and all(
        v.weight >= 0 for v in voices
    )
    return firm and not signals.method and not signals.name.verbs and len(signals.name.words) > 1


def _override_rule(signals: Signals, vocabulary: Vocabulary) -> Reason | None:
    """Return what makes a read impossible, whatever else is said."""
    if signals.method in {"PUT", "PATCH", "DELETE"}:
        return _reason("method", signals.method, "is never a read")
    if signals.path.session:
        return Reason("path", signals.path.session, "opens a channel through which anything can be done")
    if signals.name.verbs and signals.name.verbs[0].word in vocabulary.lists["session-verbs"]:
        return Reason("name", signals.name.verbs[0].word, "hands out somebody else's rights")
    if signals.safe_method:
        return None
    if signals.program:
        return Reason("text", signals.program, "the statement can do anything")
    return _handed_out(signals.tool_words, vocabulary)


def _handed_out(name: NameSignal, vocabulary: Vocabulary) -> Reason | None:
    """Return why a read of this name is none: it issues a credential, or a place to upload to."""
    if name.kind not in {"read", "unclear"} or name.verbs[0].word not in vocabulary.lists["issuing-verbs"]:
        return None
    relations = vocabulary.lists["relations"]
    end = next((at for at, word in enumerate(name.words) if at and word in relations), len(name.words))
    if end and name.words[end - 1] in vocabulary.lists["credential"]:
        return Reason("name", name.words[end - 1], _HANDS_OUT)
    if "upload" in name.words and name.words[-1] in vocabulary.lists["addresses"]:
        return Reason("name", "upload", _OPENS_UPLOAD)
    return None


def _asked(signals: Signals) -> str:
    """Return the word that asks."""
    verbs = signals.name.verbs or signals.path.signal.verbs
    return verbs[0].word if verbs else ""


def _action(signals: Signals) -> tuple[str, str]:
    """Return (kind, word) of what is done, from the strongest signal that acts; unclear where none does."""
    tool_words = [(verb.kind, verb.word) for verb in (*signals.name.verbs, *signals.path.signal.verbs)]
    tool_words += [(text.kind, text.word) for text in (signals.summary, signals.description) if text.kind]
    acting = next((said for said in tool_words if said[0] in _ACTING), None)
    if signals.method == "DELETE":
        soft = acting is not None and acting[0] == "soft-destroy"
        return ("soft-destroy" if soft else "destroy"), acting[1] if acting else ""
    if signals.path.session:
        return "unclear", signals.path.session
    unclear = next((said for said in tool_words if said[0] == "unclear"), None)
    if unclear is not None and not (acting and signals.name.kind == acting[0]):
        return unclear if signals.method not in {"PUT", "PATCH"} else ("write", unclear[1])
    if acting is not None:
        return acting
    if signals.method in {"PUT", "PATCH"} or signals.collection:
        return "write", ""
    return "unclear", ""


def unexplained(words: Iterable[str]) -> Reason:
    """Return that nothing in a name says what is done."""
    return Reason("name", " ".join(words) or "no name", "nothing explains it, so it is treated as a side effect")


@cache
def _reason(where: str, matched: str, says: str, *, against: bool = False) -> Reason:
    """Return a signal as a reason; tools share most of them."""
    return Reason(where, matched, says, against)


def _reasons(signals: Signals, *, reads: bool) -> Iterator[Reason]:
    """Return every signal, those that disagree with the outcome marked."""
    if signals.method:
        says = "should not change anything" if signals.safe_method else _METHOD_SAYS.get(signals.method, "is not known")
        yield _reason("method", signals.method, says, against=signals.safe_method and not reads)
    yield from _of_name(signals.name, "name", reads=reads)
    if signals.path.signal.verbs != signals.name.verbs:
        yield from _of_name(signals.path.signal, "path", reads=reads)
    yield from _of_text(signals.summary, reads=reads)
    if signals.description != signals.summary:  # the second says the same as the first more often than not
        yield from _of_text(signals.description, reads=reads)
    if not reads and signals.collection:
        yield _reason("path", signals.collection, "POST on a collection usually creates a member")


def _of_name(signal: NameSignal, where: str, *, reads: bool) -> Iterator[Reason]:
    for verb in signal.verbs:
        place = f" ({verb.place} word)" if where == "name" else ""
        yield _reason(where, verb.word, _SAYS[verb.kind] + place, against=(verb.weight > 0) != reads)
    if signal.reading:
        yield _reason(where, signal.reading, "is something one looks at", against=not reads)


def _of_text(text: TextSignal, *, reads: bool) -> Iterator[Reason]:
    if text.kind:
        yield _reason(
            "text", text.word, f"begins with a word that {_SAYS[text.kind]}", against=(text.weight > 0) != reads
        )
    if text.added:
        yield _reason("text", text.added, "the sentence goes on to change something", against=reads)
