"""Recorded calls checked against an inventory and its decisions: what was called, by whom, and what was not allowed.

::

    calls, problems = read_log(raw)
    with validator(document) as validate:
        traffic = check_calls(calls, tools, decisions, validate)

The result contains names and counts, and no value that was sent or returned.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl

from analysis.traffic.call_record import AUDIT_FIELDS, Call
from analysis.traffic.log import LogLimits, read_log
from analysis.traffic.route_matcher import Matcher, PathTrie, serves
from analysis.traffic.secrets import is_secret
from analysis.traffic.validation import UNCHECKED, Validator, unwrap_arguments, validator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from analysis.model import Tool, ToolId

__all__ = [
    "AUDIT_FIELDS",
    "Call",
    "LogLimits",
    "Matcher",
    "PathTrie",
    "ToolTraffic",
    "Traffic",
    "UnknownCalls",
    "Validator",
    "check_calls",
    "read_log",
    "validator",
]

#: Names with their counts, the most frequent first.
Tally = tuple[tuple[str, int], ...]

#: Decisions under which a call is allowed.
_ALLOWED: Final = frozenset({"approved", "conditional"})
#: Maximum number of different names in one tally, and of unknown targets; the rest is counted together.
_DISTINCT: Final = 1_000
#: Maximum number of calls validated in total: some 20 seconds.
_MAX_CHECKS: Final = 20_000
_OTHERS: Final = "(others)"
_MAX_NAME: Final = 200
#: A path segment that identifies one object: a number, a UUID, a long key, an address, an escape.
_IDENTIFIER: Final = re.compile(r"\d+|[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}|(?=.*\d).{16,}|.{60,}|.*[@%:;,=+ ].*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ToolTraffic:
    """The calls of one tool. `first` is the number of its first record; `checked` calls were validated.

    `undeclared` counts parameters that are not in the definition, `violations` violations of its schemas, and `unchecked`
    the reasons why a call could not be validated.
    """

    tool: ToolId
    decision: str
    calls: int
    first: int
    users: Tally
    agents: Tally
    outcomes: Tally
    undeclared: Tally
    checked: int
    violations: Tally
    unchecked: Tally


@dataclass(frozen=True, slots=True)
class UnknownCalls:
    """Calls without a tool. Segments of `path` that identify one object are `{}`, so that calls can be grouped."""

    name: str
    method: str
    host: str
    path: str
    why: str
    calls: int
    first: int
    users: Tally
    agents: Tally


@dataclass(frozen=True, slots=True)
class Traffic:
    """Result of checking a log against a review.

    `missing_fields` has the number of records without each required audit field; `hosts` counts calls to hosts that are not
    servers of the tool; `mismatched` are the numbers of records that name another tool than they called.
    """

    calls: int
    tools: tuple[ToolTraffic, ...]  # those that were called, in the order of the inventory
    unknown: tuple[UnknownCalls, ...]  # most frequent first
    missing_fields: Tally
    hosts: Tally
    mismatched: tuple[int, ...]
    never_called: tuple[ToolId, ...]

    @property
    def refused(self) -> tuple[ToolTraffic, ...]:
        """Tools that were called although they are not allowed: blocked, undecided, or with a stale or expired decision."""
        return tuple(tool for tool in self.tools if tool.decision not in _ALLOWED)

    @property
    def clean(self) -> bool:
        """Whether every call was of an allowed tool, on its servers, within its definition, and fully recorded."""
        faults = any(tool.undeclared or tool.violations for tool in self.tools) or any(
            n for _, n in self.missing_fields
        )
        return not (self.refused or self.unknown or self.hosts or self.mismatched or faults)


class _Count(Counter[str]):
    """Counter of names; beyond a maximum of different ones the rest is counted together."""

    def add(self, name: str) -> None:
        name = name[:_MAX_NAME]
        self[name if name in self or len(self) < _DISTINCT else _OTHERS] += 1

    def tally(self) -> Tally:
        return tuple(sorted(self.items(), key=lambda item: (-item[1], item[0])))


@dataclass(slots=True)
class _Counts:
    """Counts of one tool or unknown target."""

    first: int
    calls: int = 0
    checked: int = 0
    users: _Count = field(default_factory=_Count)
    agents: _Count = field(default_factory=_Count)
    outcomes: _Count = field(default_factory=_Count)
    undeclared: _Count = field(default_factory=_Count)
    violations: _Count = field(default_factory=_Count)
    unchecked: _Count = field(default_factory=_Count)

    def count(self, call: Call) -> None:
        self.calls += 1
        for counts, name in ((self.users, call.user), (self.agents, call.agent), (self.outcomes, call.outcome)):
            if name:
                counts.add(name)


def check_calls(
    calls: Iterable[Call],
    tools: Iterable[Tool],
    decisions: Mapping[ToolId, str],
    validate: Callable[[Call, Tool], list[str]] | None = None,
    *,
    checks: int = 200,
) -> Traffic:
    """Check recorded calls. A tool without a decision is undecided.

    `validate` returns the violations of one call; texts that begin with `could not be checked` are counted separately.
    It gets the first `checks` calls of each tool, at most 20,000 in total, because it takes a millisecond. All other
    checks cover every call.
    """
    listed = {tool.id: tool for tool in tools}
    matcher = Matcher(listed.values())
    seen: dict[ToolId, _Counts] = {}
    unknown: dict[tuple[str, str, str, str, str], _Counts] = {}
    hosts, missing_fields, mismatched = _Count(), dict.fromkeys(AUDIT_FIELDS, 0), list[int]()
    total = checked = 0
    for call in calls:
        total += 1
        for name in call.missing:
            missing_fields[name] += 1
        found = matcher.match(call)
        if found.contradicts:
            mismatched.append(call.number)
        tool = found.tool
        if tool is None:
            _unknown(unknown, call, found.why).count(call)
            continue
        if call.host and serves(tool.servers, call.host) is False:
            hosts.add(call.host)
        of_tool = seen.setdefault(tool.id, _Counts(call.number))
        of_tool.count(call)
        for name in undeclared_inputs(call, tool):
            of_tool.undeclared.add(name)
        if validate and of_tool.checked < checks and checked < _MAX_CHECKS:
            of_tool.checked, checked = of_tool.checked + 1, checked + 1
            for text in validate(call, tool):
                (of_tool.unchecked if text.startswith(UNCHECKED) else of_tool.violations).add(text)
    return Traffic(
        calls=total,
        tools=tuple(_tool(t, seen[t], decisions.get(t, "undecided")) for t in listed if t in seen),
        unknown=tuple(
            sorted((_group(k, s) for k, s in unknown.items()), key=lambda group: (-group.calls, group.first))
        ),
        missing_fields=tuple(missing_fields.items()),
        hosts=hosts.tally(),
        mismatched=tuple(mismatched),
        never_called=tuple(identity for identity in listed if identity not in seen),
    )


def _unknown(groups: dict[tuple[str, str, str, str, str], _Counts], call: Call, why: str) -> _Counts:
    """Return the counts of unknown calls with the same target."""
    key = (call.tool[:_MAX_NAME], call.method, call.host, path_shape(call.path), why)
    if key not in groups and len(groups) >= _DISTINCT:
        key = (_OTHERS, "", "", "", "too many different targets to list")
    return groups.setdefault(key, _Counts(call.number))


def _group(key: tuple[str, str, str, str, str], seen: _Counts) -> UnknownCalls:
    return UnknownCalls(*key, seen.calls, seen.first, seen.users.tally(), seen.agents.tally())


def _tool(tool: ToolId, seen: _Counts, decision: str) -> ToolTraffic:
    return ToolTraffic(
        tool=tool,
        decision=decision,
        calls=seen.calls,
        first=seen.first,
        users=seen.users.tally(),
        agents=seen.agents.tally(),
        outcomes=seen.outcomes.tally(),
        undeclared=seen.undeclared.tally(),
        checked=seen.checked,
        violations=seen.violations.tally(),
        unchecked=seen.unchecked.tally(),
    )


def path_shape(path: str) -> str:
    """Return a path with identifiers replaced: `/users/17/notes` -> `/users/{}/notes`."""
    segments = path[: 4 * _MAX_NAME].split("/")
    return "/".join("{}" if _IDENTIFIER.fullmatch(segment) else segment for segment in segments)[:_MAX_NAME]


def undeclared_inputs(call: Call, tool: Tool) -> list[str]:
    """Return the names of parameters and top-level fields that a call sends and that are not in the definition."""
    sent = [name for name, _ in call.query if not (tool.security and is_secret(name))]
    if sent and any(parameter.place == "querystring" for parameter in tool.parameters):
        sent = []  # the query as a whole is one parameter
    if call.request:
        sent += _fields(call.request, call.request_type)
    if not sent and not call.arguments:
        return []
    known = {parameter.name for parameter in tool.parameters}.union(tool.request_fields)
    if call.arguments:
        plain, wrapped = unwrap_arguments(call.arguments, known)
        sent += [*plain, *(name for inner in wrapped.values() if isinstance(inner, dict) for name in inner)]
    # `filter[name]` and `ids[]` are spellings of the parameters `filter` and `ids`
    return [n for n in dict.fromkeys(sent) if n not in known and n.partition("[")[0] not in known]


def _fields(body: str, kind: str) -> list[str]:
    """Return the top-level fields of a request body."""
    if "form" in kind:
        return [name for name, _ in parse_qsl(body)]
    data = json.loads(body)
    return list(data) if isinstance(data, dict) else []
