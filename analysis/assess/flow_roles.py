"""Flow roles of a tool: private data, untrusted content, exfiltration sink, self-modification of limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.model import FlowRole, FlowRoleSignal
from analysis.words import snake

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from analysis.assess.effect import EffectVerdict
    from analysis.assess.signals import ToolSignals
    from analysis.assess.vocabulary import Vocabulary
    from analysis.model import DataHit, Tool

    _Lists = Mapping[str, frozenset[str]]


#: Data class of names, which are not private by themselves: every resource has one.
_NAMES: Final = "naming"
#: Relevant parameters of a call: (name in snake case, name as spelled).
_Inputs = tuple[tuple[str, str], ...]


class FlowRoleClassifier:
    """Classifier of flow roles by one vocabulary. Caches parameter names, and results by signals and inputs."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._lists = vocabulary.lists
        self._relevant = vocabulary.lists["destination-parameters"]
        self._snake: dict[str, str] = {}
        self._flow_roles: dict[tuple[ToolSignals, bool, _Inputs], tuple[FlowRoleSignal, ...]] = {}

    def of_tool(
        self, tool: Tool, signals: ToolSignals, effect: EffectVerdict, data: tuple[DataHit, ...]
    ) -> tuple[FlowRoleSignal, ...]:
        """Return the flow roles of a tool, with one signal per role."""
        returned = next((hit for hit in data if hit.direction == "response" and hit.data != _NAMES), None)
        inputs = self._inputs(tool) if tool.parameters else ()
        key = (signals, returned is None, inputs)
        flow_roles = self._flow_roles.get(key)
        if flow_roles is None:
            flow_roles = self._flow_roles[key] = tuple(
                self._roles(signals, effect, dict(inputs), nothing_private=returned is None)
            )
        if returned is None:
            return flow_roles
        private = FlowRoleSignal(
            FlowRole.PRIVATE_DATA, "response", ", ".join(returned.fields[:3]), f"returns {returned.data} data"
        )
        return (private, *flow_roles)

    def _inputs(self, tool: Tool) -> _Inputs:
        """Return the parameters that can show a flow role."""
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

    def _roles(
        self, signals: ToolSignals, effect: EffectVerdict, inputs: dict[str, str], *, nothing_private: bool
    ) -> Iterator[FlowRoleSignal]:
        lists, nouns = self._lists, signals.nouns
        if effect.reads and nothing_private:
            yield from _by_noun(FlowRole.PRIVATE_DATA, nouns & lists["private"], "restricted to certain people")
        if effect.reads:
            yield from _by_noun(FlowRole.UNTRUSTED_CONTENT, nouns & lists["untrusted"], "may be written by outsiders")
        yield from _sink(signals, effect, inputs, lists)
        if not effect.reads:
            yield from _by_noun(
                FlowRole.SELF_MODIFICATION, _own_limits(signals, lists), "controls the permissions of the agent itself"
            )


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


def _sink(
    signals: ToolSignals, effect: EffectVerdict, inputs: dict[str, str], lists: _Lists
) -> Iterator[FlowRoleSignal]:
    """Yield the sink: a call that sends, or one with a caller-controlled destination (a fetched URL carries data too)."""
    chosen = inputs.keys() & lists["destination-parameters"]
    addressed = min(chosen, default="")
    fetched = "url" in addressed or "uri" in addressed
    carries = not effect.reads and effect.kind != "destroy" and effect.word not in lists["inward-verbs"]
    if not effect.reads and effect.word in lists["outward-verbs"]:
        yield FlowRoleSignal(FlowRole.EXFILTRATION_SINK, "name", effect.word, "sends data to external recipients")
    elif carries and signals.nouns & lists["outward"]:
        yield FlowRoleSignal(
            FlowRole.EXFILTRATION_SINK,
            "name",
            min(signals.nouns & lists["outward"]),
            "sent data cannot be recalled",
        )
    elif addressed and (carries or fetched):
        yield FlowRoleSignal(
            FlowRole.EXFILTRATION_SINK, "parameters", inputs[addressed], "caller-controlled destination"
        )
