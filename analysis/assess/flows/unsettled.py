"""Flow roles that a definition leaves open: neither shown nor ruled out by what it states.

A clear effect with a text or a described response settles a role. An unclear effect leaves open what the call
returns and whether it sends, unless the definition says enough to the contrary.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.model import FlowRole, OpenFlowRole

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from analysis.assess.effect import EffectVerdict
    from analysis.assess.flows.facts import CallFacts
    from analysis.assess.signals import ToolSignals

#: Minimum number of words of a text that says what a call does.
_MIN_WORDS: Final = 8
_UNCLEAR: Final = "the effect is unclear"
_SILENT: Final = "neither a text nor a described response"
_VAGUE: Final = "named by a noun alone, which does not say what it returns"
_NO_TEXT: Final = "no text says where its input goes"
_OPEN_WORLD: Final = "openWorldHint: true: declared to reach what the server does not control"
_RETURNED: Final = (FlowRole.PRIVATE_DATA, FlowRole.UNTRUSTED_CONTENT)


def open_flow_roles(
    signals: ToolSignals,
    effect: EffectVerdict,
    facts: CallFacts,
    shown: Collection[FlowRole],
    outward: frozenset[str],
    *,
    vague: bool = False,
) -> tuple[OpenFlowRole, ...]:
    """Return the roles of the exfiltration path that are neither in `shown` nor ruled out, each with its reason.

    `outward` are the words of a text that say that a call reaches beyond the machine, `vague` is whether nothing says what a
    read returns.
    """
    if FlowRole.CODE_EXECUTION in shown:
        return ()  # it can play every role of the path
    found = list(_open(signals, effect, facts, outward))
    if vague and facts.returns == "undescribed" and not found:
        found = [OpenFlowRole(role, _VAGUE) for role in _RETURNED]
    return tuple(role for role in found if role.flow_role not in shown)


def _open(
    signals: ToolSignals, effect: EffectVerdict, facts: CallFacts, outward: frozenset[str]
) -> Iterator[OpenFlowRole]:
    silent = not facts.described
    undescribed = facts.returns == "undescribed"
    if effect.unclear and not facts.declared_read:
        if facts.fetches or _says_inward(facts, outward):
            return
        if undescribed:
            yield from (OpenFlowRole(role, _UNCLEAR) for role in _RETURNED)
        if facts.inputs.free:
            yield OpenFlowRole(FlowRole.EXFILTRATION_SINK, _UNCLEAR)
    elif effect.reads or facts.declared_read:
        if silent and undescribed:
            yield from (OpenFlowRole(role, _SILENT) for role in _RETURNED)
        if effect.unclear and facts.inputs.free and not _says_inward(facts, outward):
            yield OpenFlowRole(FlowRole.EXFILTRATION_SINK, _UNCLEAR)
    elif facts.open_world and facts.inputs.carries:
        yield OpenFlowRole(FlowRole.EXFILTRATION_SINK, _OPEN_WORLD)
    elif not signals.method and facts.inputs.free and (silent or not outward.isdisjoint(facts.marks)):
        yield OpenFlowRole(FlowRole.EXFILTRATION_SINK, _NO_TEXT)


def _says_inward(facts: CallFacts, outward: frozenset[str]) -> bool:
    """Whether the server declares a closed world, and a text that says what the call does agrees."""
    return facts.closed_world and facts.described >= _MIN_WORDS and outward.isdisjoint(facts.marks)
