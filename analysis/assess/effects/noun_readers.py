"""Tools named for what they return, without a verb: `meter_history`, `customer_balance`, `order-status`.

A name of this sort is a read only where everything else agrees: it ends in a thing that can be looked up and not in an act
(`room_upgrade`), the text describes the thing (`Balance of an account`, `Who is on call`) or begins with a read, no sentence
of it adds an act, no argument carries what an act would need, and no hint says otherwise. Anything less stays unclear.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Final

from analysis.model import CapabilityKind
from analysis.words import singular, snake, split_words

if TYPE_CHECKING:
    from analysis.assess.names import NameSignal
    from analysis.assess.texts import TextReader, TextSignal
    from analysis.assess.vocabulary import Vocabulary
    from analysis.model import Parameter, Tool

_WORD: Final = re.compile(r"[a-z][a-z'-]*|[,;]")
_SENTENCE_END: Final = re.compile(r"[.!?;:]\s+|\n+")
_MAX_TEXT: Final = 600  # characters
#: A choice that a text describes: `'list': the beds`.
_CHOICE: Final = re.compile(r"[`'\"]([a-z]+)[a-z_-]*[`'\"]\s*[:(\u2013\u2014-]")
_MAX_CHOICES: Final = 4000  # characters
#: Words of a sentence among which the thing of the name is named, where it begins with an adjective.
_MAX_HEAD: Final = 5
_MIN_PLURAL: Final = 4  # letters of the shortest word that counts as a plural
_QUESTIONS: Final = frozenset({"who", "whom", "whose", "what", "when", "where", "which", "whether", "how", "why"})
_ARTICLES: Final = frozenset({"the", "a", "an", "all", "each", "every", "any", "some", "both", "several", "your", "its", "their", "this", "these"})  # fmt: skip
#: Words after a noun that begins a phrase, not after a verb with its object.
_AFTER_NOUN: Final = frozenset({
    "of", "for", "in", "on", "with", "by", "from", "at", "per", "that", "which", "who", "whose", "where", "when", "near", "within", "between", "under", "about",
    ",", "made", "sent", "left", "written", "given", "held", "kept", "known", "taken", "found", "read", "is", "are", "was", "were", "and", "or",
})  # fmt: skip
#: Those that may follow a verb as well.
_AFTER_EITHER: Final = frozenset({"of", "for", "in", "on", "with", "by", "from", "at", "per", "near", "within", "between", "under", "about", ",", "and", "or"})  # fmt: skip
#: Those that follow no verb, so that any word before them is a noun.
_ONLY_AFTER_NOUN: Final = frozenset({"of", "that", "who", "whose", "which", "where"})
_ADJECTIVES: Final = ("ly", "al", "ic", "ive", "ous", "ful", "able", "ary", "est", "ing", "ed")
#: Words after which a second act may follow: `The total of a till, and closes it`.
_JOINTS: Final = frozenset({"and", "then", "also", "or", ",", "that", "which", "to", "will", "automatically", "immediately"})  # fmt: skip
_LEADS: Final = frozenset({"it", "this", "tool", "can", "may", "note", "you", "first", "finally", "afterwards"})
_OBJECTS: Final = frozenset({"it", "them", "one"})
_VERB_ENDINGS: Final = ("ise", "ize", "ify", "ises", "izes", "ifies")
#: Words of a movement, which verbs have.
_TOWARDS: Final = frozenset({"to", "into", "onto", "out", "away", "off", "back", "down", "up", "over"})
#: Endings of the nouns of acts: `Cancellation`, `Replacement`.
_ACT_ENDINGS: Final = ("tion", "sion", "ment", "ing", "ance", "val", "sal", "ture", "sure")
_ACTING: Final = frozenset({"write", "destroy", "soft-destroy", "money"})
#: Verbs of a name that say nothing of what is done.
_OPEN: Final = frozenset({"manage", "handle"})
#: Things that no act makes, so that a verb before them only says of what they are: `swipe_history`.
_ONLY_LOOKED_UP: Final = frozenset({"history", "status", "stats", "statistics"})
_READS: Final = frozenset({"get", "fetch", "find", "search", "look", "count", "provide", "give", "tell", "query"})


class NounReaders:
    """Recogniser of tools that are named for what they return, by one vocabulary."""

    def __init__(self, vocabulary: Vocabulary, texts: TextReader) -> None:
        lists = vocabulary.lists
        self._verbs = vocabulary.verbs
        self._texts = texts
        self._nouns = lists["nouns-when-last"]
        self._told = lists["readings"] | lists["states"]
        self._things = self._told | lists["looked-up"]
        self._named_first = lists["things-first"]
        self._imperatives = lists["imperatives"]
        self._carrying = lists["acting-parameters"]
        self._reads = lists["results"] | _READS
        self._skipped = lists["skipped"] | lists["trailing"]

    def thing_of(self, tool: Tool, named: str, name: NameSignal, summary: TextSignal, description: TextSignal) -> str:
        """Return the thing that a tool is named for and only looks up, or an empty string.

        `named` is the name without that of its service, `name` its signal.
        """
        if tool.method or tool.path or tool.kind is not CapabilityKind.TOOL:
            return ""
        words = [word for word in split_words(named) if word not in self._skipped]
        doubt = self._doubt(words, name) if words else "acts"
        if doubt == "acts" or self._hinted(tool):
            return ""
        if not (self._is_thing(words) or doubt == "open" or summary.foreign or description.foreign):
            return ""
        if any(map(self._carries, tool.parameters)):
            return ""
        texts = [text for text in dict.fromkeys((tool.summary, tool.description)) if text]
        if doubt == "open" and summary.word in _OPEN and tool.description:
            texts = [tool.description]  # the title only repeats the name
        told = [self._describes(text, words, doubt) for text in texts if snake(text) != snake(tool.name)]
        shown = not texts and not doubt and words[-1] in self._told and tool.returns == "described"
        return words[-1] if shown or (told and all(told)) else ""

    def _doubt(self, words: list[str], name: NameSignal) -> str:
        """Return what a name leaves in doubt.

        "" is nothing, "open" what `manage` means, "noun" whether the first word is a verb; "acts" is a verb for certain.
        """
        acting = [verb for verb in name.verbs if verb.weight <= 0]
        if len(acting) == 1 and acting[0].word in _OPEN:
            return "open"
        for verb in acting:
            if verb.place != "first" or len(words) == 1 or words[0] != verb.word:
                return "acts"
            return "noun" if verb.word in self._named_first or words[-1] in _ONLY_LOOKED_UP else "acts"
        return "noun" if words[0] in self._imperatives and len(words) > 1 else ""

    def _is_thing(self, words: list[str]) -> bool:
        """Whether the last word of a name is something to look up: a plural, or a word such as `history`."""
        word = words[-2] if len(words) > 1 and words[-1].endswith("ed") else words[-1]
        if word in self._things:
            return True
        return singular(word) != word and len(word) >= _MIN_PLURAL and word not in self._verbs

    def _hinted(self, tool: Tool) -> bool:
        hints = dict(tool.hints)
        return hints.get("readOnlyHint") is False or hints.get("destructiveHint") is True

    def _carries(self, parameter: Parameter) -> bool:
        """Whether an argument is one that an act needs: a text, an amount, a switch, a choice that acts."""
        words = split_words(parameter.name)
        if parameter.values:
            kinds = {self._verbs.get((split_words(value) or ("",))[0], "") for value in parameter.values}
            return not kinds.isdisjoint(_ACTING)
        return bool(words) and (words[0] in {"new", "set"} or snake(parameter.name) in self._carrying)

    def _describes(self, text: str, words: list[str], doubt: str) -> bool:
        """Whether a text describes a thing or begins with a read, and adds no act."""
        signal = self._texts.signal(text)
        if signal.foreign:
            return signal.kind == "read" and not signal.added and not doubt
        sentences = [_WORD.findall(part) for part in _SENTENCE_END.split(text[:_MAX_TEXT].lower()) if part.strip()]
        first, *others = [sentence for sentence in sentences if sentence] or [[]]
        asks = bool(first) and first[0] in _QUESTIONS
        if (
            not first
            or any(map(self._acts_later, others if asks else (first, *others)))
            or any(map(self._acts_first, others))
        ):
            return False
        if doubt == "open" and any(
            self._texts.kind_of(word) in _ACTING for word in _CHOICE.findall(text[:_MAX_CHOICES])
        ):
            return False
        if signal.kind == "read" and not signal.added and singular(signal.word) in self._reads:
            return singular(signal.word) != words[0]
        return doubt != "open" and (asks or self._names_thing(first, words))

    def _names_thing(self, sentence: list[str], words: list[str]) -> bool:
        """Whether a sentence is a noun phrase: `Balance of an account`, `Latest samples of a lake`."""
        first, after = sentence[0], (sentence[1] if len(sentence) > 1 else ",")
        end = next((at for at, word in enumerate(sentence) if at and word in _AFTER_NOUN | _TOWARDS), len(sentence))
        if self._is_act_noun(sentence[end - 1]) or (end < len(sentence) and sentence[end] in _TOWARDS - {"to"}):
            return False
        if first in _ARTICLES:
            return len(sentence) > 1
        if after in _ARTICLES or first.endswith(_VERB_ENDINGS):
            return False
        single = singular(first)
        named, plural = {singular(word) for word in words}, single != first
        acts = self._kind(single if plural else first) not in {"", "read"} or single in self._imperatives
        if after in _AFTER_NOUN or after.endswith("ed"):
            if acts:
                return after == "of" or (plural and (single in self._nouns or after not in _AFTER_EITHER))
            return (
                plural
                or single in named
                or first in self._things
                or after in _ONLY_AFTER_NOUN
                or sentence[1:3] == ["in", "which"]
                or words[-1] in self._told
            )
        if acts or plural:
            return False
        head = sentence[: min(end, _MAX_HEAD)]
        if words[-1] in self._told or single in named or "-" in first or first.endswith(_ADJECTIVES):
            return True
        return any(singular(word) in named or word in self._things for word in head[1:])

    def _is_act_noun(self, word: str) -> bool:
        """Whether the head of a phrase is an act: `Cancellation of an order`, `Password reset`."""
        acts = (
            word.endswith(_ACT_ENDINGS)
            or self._verbs.get(word.removeprefix("re")) in _ACTING
            or self._kind(word) in _ACTING
        )
        return acts and word not in self._things

    def _kind(self, word: str) -> str:
        return self._verbs.get(word, "")

    def _acts_first(self, sentence: list[str]) -> bool:
        """Whether a further sentence begins with an act: `Also resets it`."""
        at = next((at for at, word in enumerate(sentence) if word not in _JOINTS and word not in _LEADS), 0)
        return self._is_act(sentence, at)

    def _acts_later(self, sentence: list[str]) -> bool:
        """Whether an act follows a joint of a sentence."""
        pairs = enumerate(itertools.pairwise(sentence), 1)
        return any(before in _JOINTS and self._is_act(sentence, at) for at, (before, _) in pairs)

    def _is_act(self, sentence: list[str], at: int) -> bool:
        """Whether a word is a verb that acts, by its form or by the article after it."""
        word, after = sentence[at], (sentence[at + 1] if at + 1 < len(sentence) else "")
        kind = self._texts.kind_of(word)
        if after in _OBJECTS and kind != "read" and at and sentence[at - 1] in _JOINTS and word not in _JOINTS | _LEADS:
            return True
        if word.endswith(("ed", "ing")) or kind not in _ACTING:
            return False
        if after in _ARTICLES or after in _OBJECTS:
            return True
        return singular(word) not in self._nouns and at > 0 and sentence[at - 1] in {"and", "then", "also", "to"}
