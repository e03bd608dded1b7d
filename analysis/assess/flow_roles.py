"""Flow roles of a tool: private data, untrusted content, exfiltration sink, code execution, self-modification of limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from analysis.assess.flows.content import ContentReader
from analysis.assess.flows.facts import CallFacts, FactReader
from analysis.assess.flows.objects import ObjectFinder
from analysis.assess.flows.sinks import SinkFinder
from analysis.assess.flows.unsettled import open_flow_roles
from analysis.model import FlowRole, FlowRoleSignal, OpenFlowRole
from analysis.words import snake

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from analysis.assess.effect import EffectVerdict
    from analysis.assess.signals import ToolSignals
    from analysis.assess.vocabulary import Vocabulary
    from analysis.model import DataHit, Tool

    _Lists = Mapping[str, frozenset[str]]


_RESTRICTED: Final = "restricted to certain people"
#: Data class of names, which are not private by themselves: every resource has one.
_NAMES: Final = "naming"
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
        self._facts = FactReader(lists)
        objects = ObjectFinder(vocabulary)
        self._content = ContentReader(vocabulary, objects)
        self._sinks = SinkFinder(vocabulary, objects)
        self._flow_roles: dict[tuple[ToolSignals, CallFacts, bool, _Statements], FlowRoles] = {}

    def of_tool(
        self, tool: Tool, signals: ToolSignals, effect: EffectVerdict, data: tuple[DataHit, ...], *, lists: bool
    ) -> FlowRoles:
        """Return the flow roles of a tool; `lists` is whether it returns a collection."""
        returned = next((hit for hit in data if hit.direction == "response" and hit.data != _NAMES), None)
        facts = self._facts.read(tool, signals, effect, lists=lists)
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
