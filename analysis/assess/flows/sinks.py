"""Exfiltration sinks: where data that a call carries leaves the machine and the organisation."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from analysis.assess.flows.recipients import LEAVES, RecipientReader
from analysis.model import FlowRole, FlowRoleSignal

if TYPE_CHECKING:
    from analysis.assess.effect import EffectVerdict
    from analysis.assess.flows.facts import CallFacts
    from analysis.assess.objects import ObjectFinder
    from analysis.assess.signals import ToolSignals
    from analysis.assess.vocabulary import Vocabulary

_REMOVING: Final = frozenset({"destroy", "soft-destroy"})
_SENT: Final = "sends data to external recipients"
_SHOWN: Final = "others can read what is written there"
#: Verbs of a call that takes the text of a place, and shows it to no one else.
_KEPT_PRIVATE: Final = frozenset(
    {"search", "find", "analyze", "analyse", "summarize", "summarise", "export", "validate"}
)
#: Objects that begin with a text to another person.
_TALKS: Final = frozenset({"conversation", "conversations", "chat", "chats", "request", "requests", "poll", "polls"})
_EVENTS: Final = frozenset({"event", "events"})
#: Objects whose text is kept for the caller or for a machine, not shown to other people.
_KEPT_OBJECTS: Final = frozenset(
    {"note", "notes", "file", "files", "memory", "memories", "template", "templates", "prompt", "prompts", "script",
     "function", "config", "configuration", "secret", "secrets", "rule", "rules", "policy", "index", "vector", "vectors",
     "embedding", "embeddings", "queue", "key", "label", "labels", "tag", "tags"}
)  # fmt: skip
#: Ends of a parameter for a remark that the caller keeps with an object.
_REMARKS: Final = ("note", "notes")
_BEGINNING: Final = frozenset({"start", "open", "begin"})
#: Verbs that put one existing object to another: `add_issues_to_sprint`.
_PLACING: Final = frozenset({"add", "move", "set", "associate", "attach", "link", "assign", "put"})
#: Last words of a call that renews what an outlet is known by, not where it leads.
_CREDENTIALS: Final = frozenset({"token", "tokens", "secret", "key", "keys", "password"})
_TOPICS: Final = frozenset({"topic", "topics", "purpose"})
_DRAFTS: Final = frozenset({"draft", "drafts"})
#: Verbs that a text uses of requests, orders and pages as well as of messages: they count in names only.
_NAMED_ONLY: Final = frozenset({"email", "mail", "dm", "message", "tweet", "page", "share"})
#: Objects that are also addresses of a person, which an API adds and removes.
_ADDRESSED: Final = frozenset({"email", "emails", "mail"})
#: Objects that are also the last segment of a path for an action: `/schedules/{id}/release`.
_ACTIONS: Final = frozenset({"release", "review", "block"})
_SEARCHING: Final = frozenset({"search", "query", "find"})
_REQUESTS: Final = frozenset({"request", "requests"})
_FILE_OBJECTS: Final = frozenset(
    {"file", "files", "document", "documents", "doc", "docs", "attachment", "sheet", "spreadsheet", "presentation",
     "slides", "blob", "block", "blocks", "contents", "page", "pages", "upload", "media"}
)  # fmt: skip


class SinkFinder:
    """Finder of sinks by one vocabulary."""

    def __init__(self, vocabulary: Vocabulary, objects: ObjectFinder) -> None:
        lists = vocabulary.lists
        self._objects = objects
        self._sending = lists["outward-verbs"] | lists["sending-words"]
        self._sending_words = lists["sending-words"]
        self._inward = lists["inward-verbs"]
        self._closing_inward = lists["inward-verbs"] - lists["nouns-when-last"]
        self._reads = frozenset(word for word, kind in vocabulary.verbs.items() if kind == "read")
        self._removing = frozenset(word for word, kind in vocabulary.verbs.items() if kind in _REMOVING).difference(
            lists["nouns-when-last"]
        )
        self._places = lists["shared-places"] | lists["outward"]
        self._pairs = lists["shared-pairs"]
        self._pair_starts = frozenset(pair.partition(" ")[0] for pair in self._pairs)
        self._requests = frozenset(
            pair for pair in lists["shared-pairs"] if pair.endswith(("request", "requests", "case", "cases"))
        )
        self._board = lists["board-objects"]
        self._outlets = lists["outlets"]
        self._screen_verbs = lists["screen-verbs"]
        self._screen = lists["screen-words"]
        self._probing = lists["probing-words"]
        self._recipients = RecipientReader(lists)

    def signal(self, signals: ToolSignals, effect: EffectVerdict, facts: CallFacts) -> FlowRoleSignal | None:
        """Return the signal that data can leave through the call, or None."""
        if facts.fetches:
            return _signal(*facts.opened, "caller-controlled destination")
        if effect.reads:
            return self._probe(signals, facts)
        leaves = next(filter(None, map(LEAVES.match, (facts.summary, facts.description))), None)
        if leaves:
            return _signal("text", leaves.group().strip().lower(), _SHOWN)
        receives = self._received(signals, facts)
        if receives:
            return _signal("text", receives, _SENT)
        verbs = [verb.word for verb in (*signals.name.verbs, *signals.path.signal.verbs) if verb.place != "middle"]
        if self._says_read(signals):
            return self._probe(signals, facts)
        published = "publish" in signals.nouns or "publish" in verbs
        closed_with_text = effect.kind == "soft-destroy" and facts.inputs.holder and facts.inputs.text
        if (effect.kind in _REMOVING and not closed_with_text) or (
            not _DRAFTS.isdisjoint(signals.nouns) and not published
        ):
            return self._on_screen(signals, effect, facts, verbs)
        return (
            self._on_screen(signals, effect, facts, verbs)
            or self._sent(signals, effect, facts, verbs)
            or self._written(signals, effect, facts)
            or self._probe(signals, facts)
        )

    def _received(self, signals: ToolSignals, facts: CallFacts) -> str:
        """Return the words of a text that name who receives what a tool without a path is given."""
        if signals.method or not facts.inputs.free:
            return ""
        return self._recipients.of_text(facts.summary) or self._recipients.of_text(facts.description)

    def _on_screen(
        self, signals: ToolSignals, effect: EffectVerdict, facts: CallFacts, verbs: list[str]
    ) -> FlowRoleSignal | None:
        """Return the signal of a tool that types, clicks or uploads in a browser."""
        if signals.method or self._screen.isdisjoint(signals.nouns | facts.marks):
            return None
        acts = next((word for word in (effect.word, *verbs, *signals.name.words) if word in self._screen_verbs), "")
        return _signal("name", acts, "hands text, files or a click to a page") if acts else None

    def _sent(
        self, signals: ToolSignals, effect: EffectVerdict, facts: CallFacts, verbs: list[str]
    ) -> FlowRoleSignal | None:
        """Return the signal of a call that sends: by its verb, by its text, or by a choice of the caller."""
        if self._is_inward(signals, effect):
            return None
        ends = {*signals.name.words[:1], *signals.name.words[-1:], *signals.path.words[-1:]}
        sends = next((word for word in verbs if word in self._sending and word in ends), "") or min(
            ends & self._sending_words, default=""
        )
        if sends in _ADDRESSED and signals.method and self._is_address(facts):
            sends = ""
        if sends and self._is_only_a_noun(signals, facts):
            sends = ""
        if sends and not (sends == "post" and not signals.nouns.isdisjoint(_SEARCHING)):
            return _signal("name", sends, _SENT)
        told = (
            ""
            if signals.method
            else next((text.word for text in (signals.summary, signals.description) if text.word in self._sending), "")
            or (effect.word if effect.word in self._sending else "")
        )
        if told and told not in _NAMED_ONLY and not verbs and _REQUESTS.isdisjoint(facts.marks):
            return _signal("text", told, _SENT)
        if facts.inputs.sending_choice:
            return _signal("parameters", facts.inputs.sending_choice, _SENT)
        return None

    def _is_only_a_noun(self, signals: ToolSignals, facts: CallFacts) -> bool:
        """Whether a sending word is a thing in the name of a tool: its text does not send, and no input could: `share_price`."""
        i = facts.inputs
        if signals.method or not (facts.summary or facts.description):
            return False
        if i.recipient or i.invited or i.outlet or i.message or i.text or i.payload or i.holder or i.shared or i.local:
            return False
        return not any(text.word in self._sending or text.foreign for text in (signals.summary, signals.description))

    def _written(self, signals: ToolSignals, effect: EffectVerdict, facts: CallFacts) -> FlowRoleSignal | None:
        """Return the signal of a write to a place that others read, to an outlet, or to a recipient."""
        inputs, inward = facts.inputs, self._is_inward(signals, effect)
        pair = self._pair(signals)
        if pair and self._removing.isdisjoint(signals.nouns) and not self._only_handled(pair, signals):
            return _signal("name", pair, _SHOWN)
        if inputs.holder and inputs.text and effect.word not in _KEPT_PRIVATE:
            return _signal("parameters", inputs.holder, _SHOWN)
        begun = effect.word in _BEGINNING and not signals.nouns.isdisjoint(_TALKS)
        if inward and not begun:
            return None
        if (inputs.holder or inputs.shared) and inputs.payload and not signals.method:
            return _signal("parameters", inputs.payload, _SHOWN)
        if inputs.holder and inputs.local and not signals.method:
            return _signal("parameters", inputs.local, _SHOWN)
        return self._to_outlet(signals, facts) or self._to_place(signals, effect, facts)

    def _to_outlet(self, signals: ToolSignals, facts: CallFacts) -> FlowRoleSignal | None:
        """Return the signal of a write that names an address, or people who are invited."""
        inputs = facts.inputs
        words = (*signals.name.words, *signals.path.words)
        outlet = not self._outlets.isdisjoint(words) and self._outlets.intersection(
            self._objects.tail(signals.name.words) + self._objects.tail(signals.path.words)
        )
        if outlet and _CREDENTIALS.isdisjoint((*signals.name.words[-1:], *signals.path.words[-1:])):
            return _signal("name", min(outlet), "data keeps leaving to an address")
        if inputs.invited:
            return _signal("parameters", inputs.invited, _SHOWN)
        return _signal("parameters", inputs.outlet, "caller-controlled destination") if inputs.outlet else None

    def _to_place(self, signals: ToolSignals, effect: EffectVerdict, facts: CallFacts) -> FlowRoleSignal | None:
        """Return the signal of a write to a place that others read, to a conversation, a board or a recipient."""
        inputs = facts.inputs
        place = self._objects.among(signals, self._places)
        if place and self._reaches_others(place, signals, effect, facts):
            return _signal("name", place, _SHOWN)
        if not signals.method and not _EVENTS.isdisjoint(signals.nouns) and "calendar" in facts.marks:
            return _signal("text", "calendar", _SHOWN)
        kept = not _KEPT_OBJECTS.isdisjoint(signals.nouns)
        if (
            not signals.method
            and inputs.named
            and inputs.text
            and not kept
            and not inputs.local
            and not inputs.text.lower().endswith(_REMARKS)
        ):
            return _signal("parameters", inputs.text, _SHOWN)
        told = "" if signals.method or not inputs.text else self._told_place(facts)
        if told:
            return _signal("text", told, _SHOWN)
        talk = self._objects.among(signals, _TALKS)
        if talk and (inputs.message or inputs.text):
            return _signal("name", talk, _SENT)
        on_board = self._objects.among(signals, self._board)
        if on_board and inputs.carries and (inputs.shared or inputs.holder or "work" in facts.kinds):
            return _signal("name", on_board, _SHOWN)
        return _signal("parameters", inputs.recipient, _SENT) if inputs.recipient and inputs.message else None

    def _told_place(self, facts: CallFacts) -> str:
        """Return the place for others that a text is about, where the name does not say it: `Files an issue`."""
        texts = filter(None, (facts.summary, facts.description))
        return next(filter(None, (self._objects.in_text(text, self._places - _FILE_OBJECTS) for text in texts)), "")

    def _only_handled(self, pair: str, signals: ToolSignals) -> bool:
        """Whether a request is merged, resolved or the like: nothing is written in it."""
        begins_with_it = signals.name.words[:1] == tuple(pair.split(" ")[:1])
        return pair in self._requests and not begins_with_it and self._starts_inward(signals)

    def _reaches_others(self, place: str, signals: ToolSignals, effect: EffectVerdict, facts: CallFacts) -> bool:
        """Whether the object is a place for others: not a file of the machine, an address book, or the verb itself."""
        if place in _ACTIONS and (place == effect.word or not (signals.name.verbs or facts.inputs.text)):
            return False
        placing = effect.unclear or (effect.word in _PLACING and place.endswith("s") and bool(facts.inputs.free))
        if placing and not signals.method and not facts.inputs.carries:
            return False  # names what exists, and hands over no text
        if place in _TOPICS and effect.word == "create" and not (facts.inputs.message or facts.inputs.text):
            return False  # one of a message queue
        texts = filter(None, (facts.summary, facts.description))
        if any(self._objects.about_in_text(text, self._places) for text in texts):
            return False
        if place == "post" and not signals.nouns.isdisjoint(_SEARCHING):
            return False  # the HTTP method in a name
        if place in _ADDRESSED and signals.method and self._is_address(facts):
            return False
        return not (place in _FILE_OBJECTS and self._is_local(signals, facts))

    def _is_address(self, facts: CallFacts) -> bool:
        """Whether a call on an email has neither a text nor a recipient next to the address: it changes the address."""
        inputs = facts.inputs
        return inputs.message in {"", "body"} and inputs.recipient in {"", *_ADDRESSED}

    def _is_inward(self, signals: ToolSignals, effect: EffectVerdict) -> bool:
        """Whether the call changes something that exists without handing over data: by its first or last verb."""
        if effect.word in self._inward:
            return True
        if self._starts_inward(signals):
            return True
        if not self._closing_inward.isdisjoint((*signals.name.words[-1:], *signals.path.words[-1:])):
            return True
        return not self._removing.isdisjoint(signals.nouns)

    def _starts_inward(self, signals: ToolSignals) -> bool:
        return not self._inward.isdisjoint(signals.name.words[:1])

    def _says_read(self, signals: ToolSignals) -> bool:
        """Whether a name and a text have the verb of a read, although another word made the call a write."""
        said = "read" in {signals.summary.kind, signals.description.kind}
        return said and not signals.method and not self._reads.isdisjoint(signals.name.words)

    def _pair(self, signals: ToolSignals) -> str:
        for words in (signals.name.words, signals.path.words):
            if self._pair_starts.isdisjoint(words):
                continue
            tail = self._objects.tail(words)
            found = next((pair for pair in map(" ".join, pairwise(tail)) if pair in self._pairs), "")
            if found:
                return found
        return ""

    def _is_local(self, signals: ToolSignals, facts: CallFacts) -> bool:
        """Whether a file is one of the machine: a tool of an MCP server, with a path, and no place that is shared."""
        inputs = facts.inputs
        return not signals.method and bool(inputs.local) and not inputs.shared and not inputs.host

    def _probe(self, signals: ToolSignals, facts: CallFacts) -> FlowRoleSignal | None:
        """Return the signal of a call that contacts or looks up a host of the caller's choice."""
        if not facts.inputs.host or self._probing.isdisjoint(signals.nouns):
            return None
        return _signal("parameters", facts.inputs.host, "the name of the host carries data")


def _signal(where: str, matched: str, says: str) -> FlowRoleSignal:
    return FlowRoleSignal(FlowRole.EXFILTRATION_SINK, where, matched, says)
