"""Untrusted content: whether the result of a call can hold what people outside wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.assess.flows.authors import AuthorReader
from analysis.assess.flows.facts import KINDS
from analysis.assess.flows.phrases import first_clause
from analysis.model import FlowRole, FlowRoleSignal

if TYPE_CHECKING:
    from analysis.assess.effect import EffectVerdict
    from analysis.assess.flows.facts import CallFacts
    from analysis.assess.objects import ObjectFinder
    from analysis.assess.signals import ToolSignals
    from analysis.assess.vocabulary import Vocabulary

_SAYS: Final = "may be written by outsiders"
#: Words of a browser, in which the user may be signed in to what it opens.
_BROWSING: Final = frozenset({"browser", "tab", "tabs"})
#: Methods whose response has no content.
_WITHOUT_BODY: Final = frozenset({"HEAD", "OPTIONS"})
_LISTING: Final = frozenset({"list", "ls", "enumerate", "count", "exists"})
_WITH: Final = frozenset({"with", "including"})
_EVENTS: Final = frozenset({"event", "events"})
_SEARCHING: Final = frozenset({"search", "find", "query", "lookup", "grep"})
#: Objects that only a search through the work of many people makes untrusted content.
_SEARCHED: Final = frozenset({"code", "everything", "content"})
#: Objects whose review by people differs from that of a payment or an access right only in its fields.
_RATED: Final = frozenset({"review", "reviews"})


class ContentReader:
    """Reader of untrusted content by one vocabulary."""

    def __init__(self, vocabulary: Vocabulary, objects: ObjectFinder) -> None:
        lists = vocabulary.lists
        self._objects = objects
        self._published = lists["published"] | lists["published-phrases"]
        self._written = lists["untrusted"] | lists["published"] | lists["untrusted-pairs"]
        self._files = lists["untrusted-files"]
        self._kinds = {kind: lists[f"{kind}-objects"] for kind in KINDS}
        self._reading = lists["file-reading"]
        self._acts = lists["page-reading-acts"]
        self._phrases = lists["untrusted-phrases"] | lists["published-phrases"]
        self._requesting = lists["page-reading-acts"] | lists["probing-words"]
        self._pages = lists["screen-words"]
        self._authors = AuthorReader(vocabulary)
        self._fillers = lists["skipped"] | {"get", "post", "retrieve", "json", "xml"}

    def signal(self, signals: ToolSignals, effect: EffectVerdict, facts: CallFacts) -> FlowRoleSignal | None:
        """Return the signal that the result can hold content of outsiders, or None."""
        if not self.reads(signals, effect, facts):
            return None
        if facts.open_world:
            return _signal("hint", "openWorldHint: true", "declared to reach what the server does not control")
        if facts.fetches:
            return _signal(*facts.opened, "returns what the address holds")
        if facts.returns == "nothing" or signals.method in _WITHOUT_BODY:
            return None
        if not signals.method and self._authors.is_figure(facts.summary or facts.description):
            return None
        return (
            self._of_object(signals, facts)
            or self._of_text(signals, facts)
            or self._of_inputs(signals, facts)
            or self._of_authors(signals, facts)
        )

    def written_for_some(self, signals: ToolSignals, facts: CallFacts) -> FlowRoleSignal | None:
        """Return the signal that the result holds what was written for certain people, not for all."""
        if facts.returns == "nothing" or not facts.marks.isdisjoint(self._published):
            return None
        if facts.fetches and _BROWSING.isdisjoint(signals.nouns | facts.marks):
            return None
        found = self._of_object(signals, facts) or self._of_text(signals, facts) or self._of_inputs(signals, facts)
        return found if found is not None and found.matched not in self._published else None

    def reads(self, signals: ToolSignals, effect: EffectVerdict, facts: CallFacts) -> bool:
        """Whether the call returns something for its own sake, by its effect, its hint, or a choice of the caller."""
        return (
            effect.reads
            or facts.declared_read
            or bool(facts.inputs.reading_choice)
            or effect.word in self._acts
            or (facts.fetches and (effect.unclear or not signals.nouns.isdisjoint(self._requesting)))
            or (not signals.method and (_says_read(signals) or self._shows_page(signals, facts)))
            or (effect.unclear and not signals.method and not signals.name.verbs and not facts.inputs.carries)
            or (effect.word == "post" and not signals.nouns.isdisjoint(_SEARCHING))
            or self._is_titled(signals, facts)
        )

    def _is_titled(self, signals: ToolSignals, facts: CallFacts) -> bool:
        """Whether a tool without a path is described by what others wrote, as a title, and takes no text to hand over."""
        inputs = facts.inputs
        if signals.method or inputs.text or inputs.message or inputs.payload or inputs.sending_choice:
            return False
        texts = [text for text in (facts.summary, facts.description) if text]
        return any(self._authors.of_text(text) and not self._authors.begins_with_act(text) for text in texts)

    def _shows_page(self, signals: ToolSignals, facts: CallFacts) -> bool:
        """Whether a tool of a browser captures what a page shows: `take_snapshot`."""
        return not signals.nouns.isdisjoint(self._acts) and not self._pages.isdisjoint(signals.nouns | facts.marks)

    def _of_object(self, signals: ToolSignals, facts: CallFacts) -> FlowRoleSignal | None:
        found = self._objects.among(signals, self._written)
        if found and facts.holds_text(rated=found in _RATED):
            return _signal("name", found, _SAYS)
        added = signals.words_after(_WITH) & self._written
        if added:
            return _signal("name", min(added), _SAYS)
        for kind in facts.kinds:
            found = self._objects.among(signals, self._kinds[kind])
            if found:
                return _signal("name", found, _SAYS)
        found = self._objects.among(signals, self._files)
        if found and facts.holds_text() and self._reads_file(signals, facts):
            return _signal("name", found, "a file or document that others may have written")
        if signals.nouns.isdisjoint(_SEARCHING):
            return None
        public = signals.nouns & self._published
        if public:
            return _signal("name", min(public), _SAYS)
        searched = frozenset() if self._objects.is_plain(signals) else signals.nouns & _SEARCHED
        if searched:
            return _signal("name", min(searched), _SAYS)
        words = {word for word in (*signals.name.words, *signals.path.words) if word not in self._fillers}
        whole = "search" in words and words <= _SEARCHING
        return _signal("name", "search", "searches everything that people wrote") if whole else None

    def _of_inputs(self, signals: ToolSignals, facts: CallFacts) -> FlowRoleSignal | None:
        """Return the signal of a switch that adds content to the result, or of the events of a calendar."""
        if facts.inputs.includes:
            return _signal("parameters", facts.inputs.includes, _SAYS)
        if (
            not _EVENTS.isdisjoint(signals.nouns)
            and "calendar" in (*facts.marks, *signals.nouns)
            and facts.holds_text()
        ):
            return _signal("text", "calendar", _SAYS)
        return None

    def _of_authors(self, signals: ToolSignals, facts: CallFacts) -> FlowRoleSignal | None:
        """Return the signal of a text of a tool without a path that says who wrote what is returned."""
        if signals.method or facts.returns == "nothing":
            return None
        said = self._authors.of_text(facts.summary) or self._authors.of_text(facts.description)
        return _signal("text", said, _SAYS) if said else None

    def _reads_file(self, signals: ToolSignals, facts: CallFacts) -> bool:
        """Whether the content of a file is returned, not its name and size."""
        words = {*signals.name.words, *signals.path.words}
        if not words.isdisjoint(self._reading):
            return True
        if not words.isdisjoint(_LISTING) or facts.lists:
            return False
        return facts.returns == "undescribed" or (facts.holds_body and not signals.method)

    def _reads_in_text(self, text: str) -> bool:
        """Whether a text says that the content of a file is returned."""
        words = first_clause(text)
        return not self._reading.isdisjoint(word.removesuffix("s") for word in words)

    def _of_text(self, signals: ToolSignals, facts: CallFacts) -> FlowRoleSignal | None:
        """Return the signal of a text: of tools whose name and path do not name their object."""
        if self._objects.is_about_another(signals, self._written):
            return None
        for text in filter(None, (facts.summary, facts.description)):
            named = self._objects.in_text(text, self._written)
            if named and facts.holds_text(rated=named in _RATED):
                return _signal("text", named, _SAYS)
            filed = self._objects.in_text(text, self._files)
            if filed and facts.holds_text() and self._reads_in_text(text):
                return _signal("text", filed, "a file or document that others may have written")
        if signals.method:
            return None
        found = facts.marks & self._phrases
        if not found and self._shows_page(signals, facts):
            found = facts.marks & self._pages
        if not found:
            return None
        return _signal("text", min(found), _SAYS)


def _says_read(signals: ToolSignals) -> bool:
    """Whether a text begins with a read: `Returns the text of the page`."""
    return "read" in {signals.summary.kind, signals.description.kind}


def _signal(where: str, matched: str, says: str) -> FlowRoleSignal:
    return FlowRoleSignal(FlowRole.UNTRUSTED_CONTENT, where, matched, says)
