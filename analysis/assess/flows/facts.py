"""The facts of one call, other than its signals, that show a flow role; tools with the same facts share one result."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from analysis.assess.flows.inputs import NO_INPUTS, FlowInputReader, Inputs
from analysis.assess.flows.phrases import PhraseFinder
from analysis.field_names import field_set
from analysis.words import snake

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from analysis.assess.effect import EffectVerdict
    from analysis.assess.signals import ToolSignals
    from analysis.model import Tool

#: Verbs of a read that filters by an address, and never opens it.
_FILTERING: Final = frozenset({"list", "ls", "search", "find", "query", "count", "filter", "enumerate"})
#: Verbs of a browser, and arguments that are an address where one browses.
_BROWSING: Final = frozenset({"browse", "visit", "navigate", "goto", "crawl", "scrape"})
_SITES: Final = frozenset({"address", "site", "target", "location"})
#: Verbs of a tool without a path that looks at what an address holds: `check_link`.
_LOOKS: Final = frozenset({"check", "audit", "monitor"})
#: Last words of a field for text of people: `transcription_text`.
_LAST_WORDS: Final = frozenset({"text", "body", "content", "comment", "html", "markdown", "transcript"})
#: Minimum number of fields of a response that describes what it holds; fewer are an envelope without its content.
_MIN_FIELDS: Final = 3
#: Number of words of a description from which on it says enough.
_ENOUGH_WORDS: Final = 8
_NONE: Final[frozenset[str]] = frozenset()
#: Kinds of objects whose word has other meanings too: they are content of people where a field or a parameter shows it.
KINDS: Final = ("work", "forum")
#: Words of a text that show an entry of a board or a project, which several people write.
_SHARED_WORK: Final = frozenset({"assigned", "assignee", "board", "boards", "workspace", "kanban"})


class CallFacts(NamedTuple):
    """What a definition states about a call, as far as its flow roles depend on it."""

    inputs: Inputs
    fetches: bool  # opens an address that the caller gives
    open_world: bool  # declared to reach what the server does not control
    closed_world: bool  # declared not to
    declared_read: bool
    returns: str  # as of `Tool`
    lists: bool
    content: bool  # a described response has a field for text of people
    rated: bool  # and one of a review by a customer
    holds_body: bool  # and one for the content of a file
    kinds: tuple[str, ...]  # of `KINDS`, as fields of the response or parameters show
    described: int  # words that describe the tool, as far as they matter
    marks: frozenset[str]  # phrases that its texts use
    summary: str = ""
    description: str = ""  # of a tool without a method, whose name may not name its object

    @property
    def opened(self) -> tuple[str, str]:
        """Where the address that is opened is stated, and in which word."""
        return ("parameters", self.inputs.address) if self.inputs.address else ("text", "url")

    def holds_text(self, *, rated: bool = False) -> bool:
        """Whether the response can hold text of people: one that is not described can."""
        return self.returns != "described" or (self.rated if rated else self.content)


class FactReader:
    """Reader of the facts of calls by the word lists. Caches parameters, fields and texts, which tools share."""

    def __init__(self, lists: Mapping[str, frozenset[str]]) -> None:
        self._lists = lists
        self._inputs = FlowInputReader(lists)
        self._phrases = PhraseFinder(
            frozenset().union(
                lists["untrusted-phrases"],
                lists["published-phrases"],
                lists["screen-words"],
                lists["outward-text-words"],
                lists["address-phrases"],
                ("calendar", *_SHARED_WORK),
            )
        )
        # Questions to the names of a source, which outlive this reader.
        self._kinds_shown_by = partial(_kinds_shown_by, lists)
        self._text_in = partial(_text_in, lists)
        # Keyed by identity, because tools with the same fields share one set; the entry keeps the set alive.
        self._shown: dict[int, tuple[tuple[str, ...], Collection[str]]] = {}
        self._fields: dict[int, tuple[tuple[bool, bool, bool], Collection[str]]] = {}

    def read(self, tool: Tool, signals: ToolSignals, effect: EffectVerdict, *, lists: bool) -> CallFacts:
        """Return the facts of a call. Texts count for tools without a method, whose name may say little."""
        inputs = self._inputs.read(tool.parameters) if tool.parameters else NO_INPUTS
        hints = dict(tool.hints) if tool.hints else {}
        open_world = hints.get("openWorldHint")
        content, rated, body = self._of_fields(tool.shallow_fields) if tool.shallow_fields else (False, False, False)
        if len(tool.shallow_fields) < _MIN_FIELDS:
            content = rated = True
        kinds = self._kinds_of(tool.shallow_fields) if tool.shallow_fields else ()
        marks = _NONE if tool.method else self._phrases.find(tool.summary, tool.description)
        if not kinds and not tool.method and (inputs.shared or inputs.holder or not marks.isdisjoint(_SHARED_WORK)):
            kinds = ("work",)
        told = bool(inputs.carries) and not inputs.address and self._tells_address(signals, inputs, marks)
        fetches = (bool(inputs.address) or told) and self._fetches(signals, effect, inputs, told=told)
        stated = (open_world is True, open_world is False, hints.get("readOnlyHint") is True, tool.returns, lists)
        if tool.method:
            described = _ENOUGH_WORDS if tool.summary or tool.description else 0
            return CallFacts(inputs, fetches, *stated, content, rated, body, kinds, described, _NONE, tool.summary)
        texts = (tool.summary, tool.description)
        described = min(sum(len(text.split(None, _ENOUGH_WORDS)) for text in texts), _ENOUGH_WORDS)
        return CallFacts(inputs, fetches, *stated, content, rated, body, kinds, described, marks, *texts)

    def _tells_address(self, signals: ToolSignals, inputs: Inputs, marks: frozenset[str]) -> bool:
        """Whether a text or the verb says that an argument is an address, although its name does not."""
        browses = not signals.method and not _BROWSING.isdisjoint(signals.nouns) and inputs.carries in _SITES
        return browses or not marks.isdisjoint(self._lists["address-phrases"])

    def _fetches(self, signals: ToolSignals, effect: EffectVerdict, inputs: Inputs, *, told: bool) -> bool:
        """Whether the server opens the address that a caller gives, rather than stores it or filters by it.

        `told`: only a text says that an argument is an address.
        """
        verbs = [verb.word for verb in (*signals.name.verbs, *signals.path.signal.verbs)]
        if effect.reads and not _FILTERING.isdisjoint((effect.word, *verbs)):
            return False
        if effect.kind == "destroy" or (effect.kind == "soft-destroy" and effect.word != "archive"):
            return False
        opening = self._lists["opening-verbs"]
        if not opening.isdisjoint((effect.word, *verbs)) or (
            effect.reads and not signals.method and not opening.isdisjoint(signals.nouns)
        ):
            return True
        if not inputs.address_required:
            return told and effect.reads
        if signals.method and not effect.reads:
            return not self._lists["opened-objects"].isdisjoint(signals.nouns)
        return signals.nouns.isdisjoint(self._lists["kept-addresses"])

    def _kinds_of(self, fields: Collection[str]) -> tuple[str, ...]:
        """Return the kinds of objects that the fields of a response show."""
        found = self._shown.get(id(fields))
        if found is None:
            shown = {kind for kinds in field_set(fields).answers(self._kinds_shown_by) for kind in kinds}
            kinds = tuple(kind for kind in KINDS if kind in shown)
            found = self._shown[id(fields)] = (kinds, fields)
        return found[0]

    def _of_fields(self, fields: Collection[str]) -> tuple[bool, bool, bool]:
        """Return whether some fields hold text of people, a customer's review, and the content of a file."""
        found = self._fields.get(id(fields))
        if found is None:
            content, rated, body = map(any, zip(*field_set(fields).answers(self._text_in), strict=True))
            found = self._fields[id(fields)] = ((content, rated, body), fields)
        return found[0]


def _kinds_shown_by(lists: Mapping[str, frozenset[str]], name: str) -> tuple[str, ...]:
    plain = snake(name)
    return tuple(kind for kind in KINDS if plain in lists[f"{kind}-fields"])


def _text_in(lists: Mapping[str, frozenset[str]], name: str) -> tuple[bool, bool, bool]:
    plain = snake(name)
    return (
        plain in lists["content-fields"] or plain.rpartition("_")[2] in _LAST_WORDS,
        plain in lists["rating-fields"],
        plain in lists["body-fields"],
    )
