"""Flow roles of a tool: private data, untrusted content, exfiltration sink, code execution, self-modification of limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from analysis.assess.flows.content import ContentReader
from analysis.assess.flows.facts import CallFacts
from analysis.assess.flows.inputs import NO_INPUTS, InputReader
from analysis.assess.flows.objects import ObjectFinder
from analysis.assess.flows.phrases import PhraseFinder
from analysis.assess.flows.sinks import SinkFinder
from analysis.assess.flows.unsettled import open_flow_roles
from analysis.model import FlowRole, FlowRoleSignal, OpenFlowRole
from analysis.words import snake

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from analysis.assess.effect import EffectVerdict
    from analysis.assess.flows.inputs import Inputs
    from analysis.assess.signals import ToolSignals
    from analysis.assess.vocabulary import Vocabulary
    from analysis.model import DataHit, Tool

    _Lists = Mapping[str, frozenset[str]]


_RESTRICTED: Final = "restricted to certain people"
#: Data class of names, which are not private by themselves: every resource has one.
_NAMES: Final = "naming"
#: Last words of a field for text of people: `transcription_text`.
_LAST_WORDS: Final = frozenset({"text", "body", "content", "comment", "html", "markdown", "transcript"})
#: Minimum number of fields of a response that describes what it holds.
_MIN_FIELDS: Final = 3
#: Number of words of a description from which on it says enough.
_ENOUGH_WORDS: Final = 8
#: Relevant parameters of a call: (name in snake case, name as spelled).
_Statements = tuple[tuple[str, str], ...]


class FlowRoles(NamedTuple):
    """The flow roles that a tool has, with a signal for each, and those that its definition leaves open."""

    shown: tuple[FlowRoleSignal, ...]
    left_open: tuple[OpenFlowRole, ...]


class FlowRoleClassifier:
    """Classifier of flow roles by one vocabulary. Caches parameter names and texts, and results by facts."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        lists = vocabulary.lists
        self._lists = lists
        self._relevant = lists["code-parameters"] | {"query"}
        self._snake: dict[str, str] = {}
        self._inputs = InputReader(lists)
        self._phrases = PhraseFinder(
            lists["untrusted-phrases"]
            | lists["published-phrases"]
            | lists["screen-words"]
            | lists["outward-text-words"]
        )
        objects = ObjectFinder(vocabulary)
        self._content = ContentReader(vocabulary, objects)
        self._sinks = SinkFinder(vocabulary, objects)
        self._fields: dict[int, tuple[tuple[bool, bool, bool], tuple[str, ...]]] = {}
        self._flow_roles: dict[tuple[ToolSignals, CallFacts, bool, _Statements], FlowRoles] = {}
        self._never_fetched = frozenset({"list", "ls", "search", "find", "query", "count", "filter", "enumerate"})

    def of_tool(
        self, tool: Tool, signals: ToolSignals, effect: EffectVerdict, data: tuple[DataHit, ...], *, lists: bool
    ) -> FlowRoles:
        """Return the flow roles of a tool; `lists` is whether it returns a collection."""
        returned = next((hit for hit in data if hit.direction == "response" and hit.data != _NAMES), None)
        facts = self._facts(tool, signals, effect, lists=lists)
        statements = self._statements(tool) if tool.parameters else ()
        key = (signals, facts, returned is None, statements)
        found = self._flow_roles.get(key)
        if found is None:
            found = self._flow_roles[key] = self._classified(
                signals, effect, facts, dict(statements), nothing_private=returned is None
            )
        if returned is None:
            return found
        private = FlowRoleSignal(
            FlowRole.PRIVATE_DATA, "response", ", ".join(returned.fields[:3]), f"returns {returned.data} data"
        )
        return FlowRoles((private, *found.shown), found.left_open)

    def _facts(self, tool: Tool, signals: ToolSignals, effect: EffectVerdict, *, lists: bool) -> CallFacts:
        inputs = self._inputs.read(tool.parameters) if tool.parameters else NO_INPUTS
        hints = dict(tool.hints) if tool.hints else {}
        open_world = hints.get("openWorldHint")
        content, rated, body = self._of_fields(tool.shallow_fields) if tool.shallow_fields else (False,) * 3
        if len(tool.shallow_fields) < _MIN_FIELDS:
            content = rated = True  # an envelope without its content
        texts = len(tool.summary.split(None, _ENOUGH_WORDS)) + len(tool.description.split(None, _ENOUGH_WORDS))
        return CallFacts(
            inputs=inputs,
            fetches=bool(inputs.address) and self._fetches(signals, effect, inputs),
            open_world=open_world is True,
            closed_world=open_world is False,
            declared_read=hints.get("readOnlyHint") is True,
            returns=tool.returns,
            lists=lists,
            content=content,
            rated=rated,
            holds_body=body,
            described=min(texts, _ENOUGH_WORDS),
            marks=self._phrases.find(tool.summary, tool.description),
            summary="" if tool.method else tool.summary,
            description="" if tool.method else tool.description,
        )

    def _fetches(self, signals: ToolSignals, effect: EffectVerdict, inputs: Inputs) -> bool:
        """Whether the server opens the address that a caller gives, rather than stores it or filters by it."""
        verbs = [verb.word for verb in (*signals.name.verbs, *signals.path.signal.verbs)]
        if effect.reads and not self._never_fetched.isdisjoint((effect.word, *verbs)):
            return False
        if effect.kind == "destroy" or (effect.kind == "soft-destroy" and effect.word != "archive"):
            return False
        if not self._lists["opening-verbs"].isdisjoint((effect.word, *verbs)):
            return True
        if not inputs.address_required:
            return False
        if signals.method and not effect.reads:
            return not self._lists["opened-objects"].isdisjoint(signals.nouns)
        return signals.nouns.isdisjoint(self._lists["kept-addresses"])

    def _of_fields(self, fields: tuple[str, ...]) -> tuple[bool, bool, bool]:
        """Return whether some fields hold text of people, a customer's review, and the content of a file."""
        found = self._fields.get(id(fields))
        if found is None:
            names = {snake(name) for name in fields}
            kinds = (
                not names.isdisjoint(self._lists["content-fields"])
                or not _LAST_WORDS.isdisjoint(name.rpartition("_")[2] for name in names),
                not names.isdisjoint(self._lists["rating-fields"]),
                not names.isdisjoint(self._lists["body-fields"]),
            )
            found = self._fields[id(fields)] = (kinds, fields)
        return found[0]

    def _statements(self, tool: Tool) -> _Statements:
        """Return the parameters that can take a statement or program."""
        known = self._snake
        for parameter in tool.parameters:
            if parameter.name not in known:
                plain = snake(parameter.name)
                known[parameter.name] = plain if plain in self._relevant else ""
        return tuple([
            (known[parameter.name], parameter.name)
            for parameter in tool.parameters
            if known[parameter.name] and parameter.place != "path"
        ])  # fmt: skip

    def _classified(
        self,
        signals: ToolSignals,
        effect: EffectVerdict,
        facts: CallFacts,
        statements: dict[str, str],
        *,
        nothing_private: bool,
    ) -> FlowRoles:
        shown = tuple(self._shown(signals, effect, facts, statements, nothing_private=nothing_private))
        roles = {signal.flow_role for signal in shown} | (set() if nothing_private else {FlowRole.PRIVATE_DATA})
        outward = self._lists["outward-text-words"]
        return FlowRoles(shown, open_flow_roles(signals, effect, facts, roles, outward))

    def _shown(
        self,
        signals: ToolSignals,
        effect: EffectVerdict,
        facts: CallFacts,
        statements: dict[str, str],
        *,
        nothing_private: bool,
    ) -> Iterator[FlowRoleSignal]:
        lists = self._lists
        content, sink = self._content.signal(signals, effect, facts), self._sinks.signal(signals, effect, facts)
        if nothing_private:
            yield from self._private(signals, effect, facts)
        yield from (signal for signal in (content, sink) if signal is not None)
        yield from _code(signals, effect, statements, lists)
        if not effect.reads:
            yield from _by_noun(
                FlowRole.SELF_MODIFICATION, _own_limits(signals, lists), "controls the permissions of the agent itself"
            )

    def _private(self, signals: ToolSignals, effect: EffectVerdict, facts: CallFacts) -> Iterator[FlowRoleSignal]:
        """Yield the signal of private data of a call whose fields show none."""
        if facts.returns == "nothing" or not self._content.reads(signals, effect, facts):
            return
        named = signals.nouns & self._lists["private"]
        if named:
            yield from _by_noun(FlowRole.PRIVATE_DATA, named, _RESTRICTED)
        else:
            content = self._content.written_for_some(signals, facts)
            if content is not None:
                yield FlowRoleSignal(FlowRole.PRIVATE_DATA, content.where, content.matched, _RESTRICTED)


def _by_noun(flow_role: FlowRole, words: frozenset[str], says: str) -> Iterator[FlowRoleSignal]:
    if words:
        yield FlowRoleSignal(flow_role, "name", min(words), says)


def _own_limits(signals: ToolSignals, lists: _Lists) -> frozenset[str]:
    """Return the nouns of agent limits, without retention or alert policies and an `admin` that prefixes every name."""
    found = signals.nouns & lists["own-limits"]
    if not found:
        return found
    found -= signals.words_after(lists["tame"])
    spaces = found & {*signals.name.words[:1], *signals.path.words[:1]} & lists["administration-marks"]
    return found - spaces.difference(signals.name.words[1:], signals.path.words[1:])


def _code(
    signals: ToolSignals, effect: EffectVerdict, inputs: dict[str, str], lists: _Lists
) -> Iterator[FlowRoleSignal]:
    written = min(inputs.keys() & lists["code-parameters"], default="")
    words = (*signals.name.words, *signals.path.words)
    verbs = signals.nouns & lists["code-verbs"]
    runs = next((word for word in words if word in verbs), "") if verbs else ""
    named = min(signals.nouns & lists["code-nouns"], default="")
    queried = inputs.get("query", "") if any(verb.word == "query" for verb in signals.name.verbs) else ""
    if signals.path.session:
        yield FlowRoleSignal(
            FlowRole.CODE_EXECUTION, "path", signals.path.session, "opens a session, which can have any effect"
        )
    elif written and (runs or named or effect.unclear):
        yield FlowRoleSignal(
            FlowRole.CODE_EXECUTION, "parameters", inputs[written], "contains a statement or program to execute"
        )
    elif runs and named:
        yield FlowRoleSignal(FlowRole.CODE_EXECUTION, "name", f"{runs} {named}", "executes its input")
    elif queried:
        yield FlowRoleSignal(
            FlowRole.CODE_EXECUTION, "parameters", queried, "contains a statement or program to execute"
        )
