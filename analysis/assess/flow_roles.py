"""The legs a tool lends to an attack that needs several: private data, untrusted content, a way out, code, its own limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.model import FlowRole, FlowRoleSignal
from analysis.words import snake

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from analysis.assess.effect import EffectVerdict
    from analysis.assess.signals import Signals
    from analysis.assess.vocabulary import Vocabulary
    from analysis.model import DataHit, Tool

    _Lists = Mapping[str, frozenset[str]]


#: What people call a thing is not private by itself: every resource has a name.
_NAMES: Final = "naming"
#: Named inputs of a call: (in snake case, as it is spelled).
_Inputs = tuple[tuple[str, str], ...]


class FlowRoleClassifier:
    """Finds the legs of tools by one vocabulary. Remembers names of inputs, and what the same signals and inputs show."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._lists = vocabulary.lists
        self._telling = vocabulary.lists["destination-parameters"] | vocabulary.lists["code-parameters"] | {"query"}
        self._snake: dict[str, str] = {}
        self._flow_roles: dict[tuple[Signals, bool, _Inputs], tuple[FlowRoleSignal, ...]] = {}

    def of_tool(
        self, tool: Tool, signals: Signals, weighed: EffectVerdict, data: tuple[DataHit, ...]
    ) -> tuple[FlowRoleSignal, ...]:
        """Return the legs of a tool, each with the signal that shows it; at most one signal per leg."""
        returned = next((hit for hit in data if hit.direction == "response" and hit.data != _NAMES), None)
        inputs = self._inputs(tool) if tool.parameters else ()
        key = (signals, returned is None, inputs)
        flow_roles = self._flow_roles.get(key)
        if flow_roles is None:
            flow_roles = self._flow_roles[key] = tuple(
                self._shown(signals, weighed, dict(inputs), nothing_private=returned is None)
            )
        if returned is None:
            return flow_roles
        private = FlowRoleSignal(
            FlowRole.PRIVATE, "response", ", ".join(returned.fields[:3]), f"returns {returned.data} data"
        )
        return (private, *flow_roles)

    def _inputs(self, tool: Tool) -> _Inputs:
        """Return the telling names of what a caller sends."""
        known = self._snake
        for parameter in tool.parameters:
            if parameter.name not in known:
                plain = snake(parameter.name)
                known[parameter.name] = plain if plain in self._telling else ""
        return tuple([
            (known[parameter.name], parameter.name)
            for parameter in tool.parameters
            if known[parameter.name] and parameter.place != "path"
        ])  # fmt: skip

    def _shown(
        self, signals: Signals, weighed: EffectVerdict, inputs: dict[str, str], *, nothing_private: bool
    ) -> Iterator[FlowRoleSignal]:
        lists, nouns = self._lists, signals.nouns
        if weighed.reads and nothing_private:
            yield from _by_noun(FlowRole.PRIVATE, nouns & lists["private"], "is meant for some people only")
        if weighed.reads:
            yield from _by_noun(FlowRole.UNTRUSTED, nouns & lists["untrusted"], "people outside can have written it")
        yield from _way_out(signals, weighed, inputs, lists)
        yield from _code(signals, weighed, inputs, lists)
        if not weighed.reads:
            yield from _by_noun(FlowRole.LIMITS, _own_limits(signals, lists), "decides what the agent itself may do")


def _by_noun(flow_role: FlowRole, words: frozenset[str], says: str) -> Iterator[FlowRoleSignal]:
    if words:
        yield FlowRoleSignal(flow_role, "name", min(words), says)


def _own_limits(signals: Signals, lists: _Lists) -> frozenset[str]:
    """Return what limits an agent: no policy of retention or alerts, and not the `admin` that only begins every name."""
    found = signals.nouns & lists["own-limits"]
    if not found:
        return found
    found -= signals.remaining_words(lists["tame"])
    spaces = found & {*signals.name.words[:1], *signals.path.words[:1]} & lists["administration-marks"]
    return found - spaces.difference(signals.name.words[1:], signals.path.words[1:])


def _way_out(
    signals: Signals, weighed: EffectVerdict, inputs: dict[str, str], lists: _Lists
) -> Iterator[FlowRoleSignal]:
    """Whatever sends, and whatever goes where the caller says: a URL that is fetched carries data in its query."""
    chosen = inputs.keys() & lists["destination-parameters"]
    addressed = min(chosen, default="")
    fetched = "url" in addressed or "uri" in addressed
    carries = not weighed.reads and weighed.kind != "destroy" and weighed.word not in lists["inward-verbs"]
    if not weighed.reads and weighed.word in lists["outward-verbs"]:
        yield FlowRoleSignal(FlowRole.SINK, "name", weighed.word, "reaches somebody outside")
    elif carries and signals.nouns & lists["outward"]:
        yield FlowRoleSignal(
            FlowRole.SINK, "name", min(signals.nouns & lists["outward"]), "what is sent cannot be called back"
        )
    elif addressed and (carries or fetched):
        yield FlowRoleSignal(FlowRole.SINK, "parameters", inputs[addressed], "the caller chooses where it goes")


def _code(signals: Signals, weighed: EffectVerdict, inputs: dict[str, str], lists: _Lists) -> Iterator[FlowRoleSignal]:
    written = min(inputs.keys() & lists["code-parameters"], default="")
    words = (*signals.name.words, *signals.path.words)
    verbs = signals.nouns & lists["code-verbs"]
    runs = next((word for word in words if word in verbs), "") if verbs else ""
    named = min(signals.nouns & lists["code-nouns"], default="")
    queried = inputs.get("query", "") if any(verb.word == "query" for verb in signals.name.verbs) else ""
    if signals.path.session:
        yield FlowRoleSignal(
            FlowRole.CODE, "path", signals.path.session, "opens a channel through which anything can be done"
        )
    elif written and (runs or named or weighed.unsure):
        yield FlowRoleSignal(FlowRole.CODE, "parameters", inputs[written], "carries a statement or program that is run")
    elif runs and named:
        yield FlowRoleSignal(FlowRole.CODE, "name", f"{runs} {named}", "runs what it is given")
    elif queried:
        yield FlowRoleSignal(FlowRole.CODE, "parameters", queried, "carries a statement or program that is run")
