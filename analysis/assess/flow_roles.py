"""Flow roles of a tool: private data, untrusted content, exfiltration sink, self-modification of limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from analysis.assess.flows.content import ContentReader
from analysis.assess.flows.facts import CallFacts, FactReader
from analysis.assess.flows.sinks import SinkFinder
from analysis.assess.flows.unsettled import open_flow_roles
from analysis.assess.objects import ObjectFinder
from analysis.model import FlowRole, FlowRoleSignal, OpenFlowRole

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from analysis.assess.effect import EffectVerdict
    from analysis.assess.signals import ToolSignals
    from analysis.assess.vocabulary import Vocabulary
    from analysis.model import ConfidentialContent, DataHit, Tool

    _Lists = Mapping[str, frozenset[str]]


_RESTRICTED: Final = "restricted to certain people"
#: Data class of names, which are not private by themselves: every resource has one.
_NAMES: Final = "naming"


class FlowRoles(NamedTuple):
    """The flow roles that a tool has, with a signal for each, and those that its definition leaves open."""

    shown: tuple[FlowRoleSignal, ...]
    left_open: tuple[OpenFlowRole, ...]


class FlowRoleClassifier:
    """Classifier of flow roles by one vocabulary. Caches parameter names and texts, and results by facts."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        lists = vocabulary.lists
        self._lists = lists
        self._facts = FactReader(lists)
        objects = ObjectFinder(vocabulary)
        self._content = ContentReader(vocabulary, objects)
        self._sinks = SinkFinder(vocabulary, objects)
        self._flow_roles: dict[tuple[ToolSignals, CallFacts, bool, bool, bool], FlowRoles] = {}

    def of_tool(
        self,
        tool: Tool,
        signals: ToolSignals,
        effect: EffectVerdict,
        data: tuple[DataHit, ...],
        *,
        lists: bool,
        confidential: tuple[ConfidentialContent, ...] = (),
        executes: bool = False,
        vague: bool = False,
    ) -> FlowRoles:
        """Return the flow roles of a tool, without that of an executor.

        `lists` is whether it returns a collection, `executes` whether it runs what the caller writes: then it can play
        every role of the exfiltration path, and none is open. `vague` is whether nothing says what it returns.
        """
        private = _private_data(data, confidential)
        facts = self._facts.read(tool, signals, effect, lists=lists)
        key = (signals, facts, private is None, executes, vague)
        found = self._flow_roles.get(key)
        if found is None:
            shown = tuple(self._shown(signals, effect, facts, nothing_private=private is None))
            roles = {signal.flow_role for signal in shown} | (set() if private is None else {FlowRole.PRIVATE_DATA})
            outward = self._lists["outward-text-words"]
            left_open = () if executes else open_flow_roles(signals, effect, facts, roles, outward, vague=vague)
            found = self._flow_roles[key] = FlowRoles(shown, left_open)
        return found if private is None else FlowRoles((private, *found.shown), found.left_open)

    def _shown(
        self, signals: ToolSignals, effect: EffectVerdict, facts: CallFacts, *, nothing_private: bool
    ) -> Iterator[FlowRoleSignal]:
        content, sink = self._content.signal(signals, effect, facts), self._sinks.signal(signals, effect, facts)
        if nothing_private:
            yield from self._private(signals, effect, facts)
        yield from (signal for signal in (content, sink) if signal is not None)
        if not effect.reads:
            limits = _own_limits(signals, self._lists)
            yield from _by_noun(FlowRole.SELF_MODIFICATION, limits, "controls the permissions of the agent itself")

    def _private(self, signals: ToolSignals, effect: EffectVerdict, facts: CallFacts) -> Iterator[FlowRoleSignal]:
        """Yield the signal of private data of a call whose fields show none."""
        if facts.returns == "nothing" or not self._content.reads(signals, effect, facts):
            return
        named = signals.nouns & self._lists["private"]
        if named:
            yield from _by_noun(FlowRole.PRIVATE_DATA, named, _RESTRICTED)
        else:
            talk = facts.inputs.talk
            if talk:
                yield FlowRoleSignal(FlowRole.PRIVATE_DATA, "parameters", talk, _RESTRICTED)
                return
            content = self._content.written_for_some(signals, facts)
            if content is not None:
                yield FlowRoleSignal(FlowRole.PRIVATE_DATA, content.where, content.matched, _RESTRICTED)


def _private_data(data: tuple[DataHit, ...], confidential: tuple[ConfidentialContent, ...]) -> FlowRoleSignal | None:
    """Return the signal of private data that fields or the resource of a call show, or None."""
    returned = next((hit for hit in data if hit.direction == "response" and hit.data != _NAMES), None)
    if returned is not None and returned.fields:
        fields = ", ".join(returned.fields[:3])
        return FlowRoleSignal(FlowRole.PRIVATE_DATA, "response", fields, f"returns {returned.data} data")
    if confidential:
        first = confidential[0]
        return FlowRoleSignal(FlowRole.PRIVATE_DATA, first.where, first.matched, f"returns {first.kind}")
    return None


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
