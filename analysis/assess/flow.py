"""The legs a tool lends to an attack that needs several: private data, untrusted content, a way out, code, its own limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.model import FlowLeg, Leg
from analysis.words import snake

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.assess.effect import Weighed
    from analysis.assess.signals import Signals
    from analysis.assess.vocabulary import Vocabulary
    from analysis.model import DataHit, Tool


def flow_legs(
    tool: Tool, signals: Signals, weighed: Weighed, data: tuple[DataHit, ...], vocabulary: Vocabulary
) -> tuple[FlowLeg, ...]:
    """Return the legs of a tool, each with the signal that shows it; at most one signal per leg."""
    lists = vocabulary.lists
    inputs = _inputs(tool)
    found = [*_private(signals, weighed, data, vocabulary)]
    if weighed.reads:
        _add(found, Leg.UNTRUSTED, "name", signals.nouns & lists["untrusted"], "people outside can have written it")
    found += _way_out(signals, weighed, inputs, vocabulary)
    found += _code(signals, weighed, inputs, vocabulary)
    if not weighed.reads:
        _add(found, Leg.LIMITS, "name", signals.nouns & lists["own-limits"], "decides what the agent itself may do")
    return tuple(found)


def _inputs(tool: Tool) -> dict[str, str]:
    """Return the names of what a caller sends, by their spelling in snake case."""
    return {snake(parameter.name): parameter.name for parameter in tool.parameters if parameter.place != "path"}


def _add(found: list[FlowLeg], leg: Leg, where: str, words: frozenset[str], says: str) -> None:
    if words:
        found.append(FlowLeg(leg, where, min(words), says))


def _private(
    signals: Signals, weighed: Weighed, data: tuple[DataHit, ...], vocabulary: Vocabulary
) -> Iterator[FlowLeg]:
    returned = next((hit for hit in data if hit.direction == "response"), None)
    if returned is not None:
        yield FlowLeg(Leg.PRIVATE, "response", ", ".join(returned.fields[:3]), f"returns {returned.data} data")
    elif weighed.reads and signals.nouns & vocabulary.lists["private"]:
        yield FlowLeg(
            Leg.PRIVATE, "name", min(signals.nouns & vocabulary.lists["private"]), "is meant for some people only"
        )


def _way_out(signals: Signals, weighed: Weighed, inputs: dict[str, str], vocabulary: Vocabulary) -> Iterator[FlowLeg]:
    """Whatever sends, and whatever goes where the caller says: a URL that is fetched carries data in its query."""
    lists = vocabulary.lists
    chosen = inputs.keys() & lists["destination-parameters"]
    addressed = min(chosen, default="")
    if not weighed.reads and weighed.word in lists["outward-verbs"]:
        yield FlowLeg(Leg.WAY_OUT, "name", weighed.word, "reaches somebody outside")
    elif not weighed.reads and weighed.kind != "destroy" and signals.nouns & lists["outward"]:
        yield FlowLeg(Leg.WAY_OUT, "name", min(signals.nouns & lists["outward"]), "what is sent cannot be called back")
    elif addressed and (not weighed.reads or "url" in addressed or "uri" in addressed):
        yield FlowLeg(Leg.WAY_OUT, "parameters", inputs[addressed], "the caller chooses where it goes")


def _code(signals: Signals, weighed: Weighed, inputs: dict[str, str], vocabulary: Vocabulary) -> Iterator[FlowLeg]:
    lists = vocabulary.lists
    written = min(inputs.keys() & lists["code-parameters"], default="")
    runs = next((word for word in (*signals.name.words, *signals.path.words) if word in lists["code-verbs"]), "")
    named = min(signals.nouns & lists["code-nouns"], default="")
    queried = inputs.get("query", "") if any(verb.word == "query" for verb in signals.name.verbs) else ""
    if signals.path.session:
        yield FlowLeg(Leg.CODE, "path", signals.path.session, "opens a channel through which anything can be done")
    elif written and (runs or named or weighed.unsure):
        yield FlowLeg(Leg.CODE, "parameters", inputs[written], "carries a statement or program that is run")
    elif runs and named:
        yield FlowLeg(Leg.CODE, "name", f"{runs} {named}", "runs what it is given")
    elif queried:
        yield FlowLeg(Leg.CODE, "parameters", queried, "carries a statement or program that is run")
