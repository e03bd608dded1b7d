"""Which approved tools the file of a target may name: those it reaches by one exact name, and whose conditions it keeps.

A tool that does not qualify is left out with the reason. Every target that names tools selects them here.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from analysis.model import ConditionKind
from analysis.output.allowlist.canonical import BLOCK
from analysis.output.allowlist.names.served import SERVED
from analysis.output.allowlist.target import LeftOut

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from analysis.output.allowlist.target import TargetInput

#: Name of the gateway among the servers of a client.
GATEWAY: Final = "clearance"
#: Names that no client rewrites.
PLAIN_NAME: Final = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Consumer:
    """How a consumer names the tools of a server, and what its file has it keep.

    `spelled` returns the name under which it offers a tool, from the names of server and tool. `refuses` returns why it does
    not offer a tool under the name that the server gives it; empty when it does. `keeps` says whether its file has it keep a
    condition that restricts calls.
    """

    spelled: Callable[[str, str], str]
    refuses: Callable[[str, str], str]
    keeps: Callable[[Mapping[str, Any]], bool]


@dataclass(frozen=True, slots=True)
class ExposedTool:
    """An approved tool that a target may name. `conditions` are those that it has to keep; the gateway keeps its own."""

    server: str
    name: str
    spelled: str
    entry: Mapping[str, Any]
    conditions: tuple[Mapping[str, Any], ...]

    @property
    def asked(self) -> bool:
        """Whether a person has to confirm each call."""
        return any(condition["kind"] == ConditionKind.APPROVAL for condition in self.conditions)


@dataclass(frozen=True, slots=True)
class ServerTools:
    """The tools of one server: those a target may name, and the spelled names of all others that were reviewed."""

    allowed: tuple[ExposedTool, ...]
    denied: tuple[str, ...]
    denied_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exposure:
    """The tools of each server, by its name in the client, and the approved tools that are left out."""

    servers: Mapping[str, ServerTools]
    left_out: tuple[LeftOut, ...]

    @property
    def allowed(self) -> list[ExposedTool]:
        """Return the named tools of all servers."""
        return [tool for server in self.servers.values() for tool in server.allowed]


def exposure(given: TargetInput, consumer: Consumer) -> Exposure:
    """Return what a consumer may offer of an allowlist; of a draft, nothing.

    With a gateway, every tool is behind it and keeps its conditions there; the servers themselves offer nothing then.
    """
    gateway = bool(given.settings.gateway)
    tools = given.allowlist["tools"]
    reached = [_reached(entry, gateway=gateway) for entry in tools]
    spelled = [consumer.spelled(*names) if names else "" for names in reached]
    direct = [_reached(entry, gateway=False) for entry in tools] if gateway else []
    not_through_it = [(*names, consumer.spelled(*names)) for names in direct if names and names[0] != GATEWAY]
    taken = Counter([*(name for name in spelled if name), *(name for _, _, name in not_through_it)])
    allowed: dict[str, list[ExposedTool]] = {server: [] for server in _servers(given.allowlist)}
    denied: dict[str, list[tuple[str, str]]] = {server: [] for server in allowed}
    if gateway:
        allowed[GATEWAY], denied[GATEWAY] = [], []
    for server, own_name, name in not_through_it:
        denied[server].append((own_name, name))
    left_out = []
    for entry, names, name in zip(tools, reached, spelled, strict=True):
        conditions = () if gateway else tuple(filter(_restricts, entry["conditions"]))
        reason = ""
        if entry["as_decided"] != BLOCK:
            reason = _obstacle(entry, names, consumer, unique=taken[name] == 1, gateway=gateway)
            if reason:
                left_out.append(LeftOut(entry["id"], reason))
        if names is None:
            continue
        if entry["decision"] == BLOCK or reason or given.draft:
            denied[names[0]].append((names[1], name))
        else:
            allowed[names[0]].append(ExposedTool(*names, name, entry, conditions))
    servers = {server: _tools(allowed[server], denied[server]) for server in sorted(allowed)}
    return Exposure(servers, tuple(left_out))


def asked_at_client(condition: Mapping[str, Any]) -> bool:
    """Whether a condition is met when the person at the client confirms each call."""
    return bool(condition["kind"] == ConditionKind.APPROVAL and condition["terms"] == {"persons": 1, "approvers": []})


def kept_nowhere(_: Mapping[str, Any]) -> bool:
    """Keep no condition: for a consumer that can only offer a tool or not."""
    return False


def plain_names(limit: int) -> Callable[[str, str], str]:
    """Return why a client rewrites the name of a tool that is not plain, or cuts one longer than `limit` characters."""

    def refuses(server: str, name: str) -> str:
        if not PLAIN_NAME.fullmatch(server):
            return "the client rewrites or refuses the name of its server"
        if not PLAIN_NAME.fullmatch(name):
            return "the client rewrites its name"
        return "its name is too long for the client" if len(server) + len(name) > limit else ""

    return refuses


def _tools(allowed: Sequence[ExposedTool], denied: Sequence[tuple[str, str]]) -> ServerTools:
    """Return the tools of a server. No spelled name is both allowed and denied, as it would not be unique."""
    return ServerTools(
        tuple(allowed),
        tuple(dict.fromkeys(name for _, name in denied)),
        tuple(dict.fromkeys(name for name, _ in denied)),
    )


def _servers(allowlist: Mapping[str, Any]) -> list[str]:
    """Return the servers as the client's configuration names them; the id of a source where no tool names one."""
    tools = allowlist["tools"]
    seen = {entry["source"] for entry in tools}
    return [*map(_server, tools), *(source["id"] for source in allowlist["sources"] if source["id"] not in seen)]


def _server(entry: Mapping[str, Any]) -> str:
    return str(entry.get("mcp_server") or entry["source"])


def _reached(entry: Mapping[str, Any], *, gateway: bool) -> tuple[str, str] | None:
    """Return the names of server and tool under which an agent reaches it; None for what has none."""
    if "hosted" in entry:
        return None
    if gateway:
        return (GATEWAY, str(entry["names"][SERVED]))
    name = entry.get("mcp_name")
    return None if name is None else (_server(entry), str(name))


def _obstacle(
    entry: Mapping[str, Any], names: tuple[str, str] | None, consumer: Consumer, *, unique: bool, gateway: bool
) -> str:
    """Return why an approved tool cannot be named as decided; empty when it can."""
    if "hosted" in entry:
        return "a hosted tool: its vendor runs it, and no server lists it"
    if names is None:
        return "an API operation: the server that is generated from the document names its tool"
    if not names[1]:
        return "its name cannot be written"
    if fault := consumer.refuses(*names):
        return fault
    if not unique:
        return "several tools have its name in the client"
    for condition in entry["conditions"]:
        if not (_stated(condition) if gateway else _kept(condition, consumer)):
            return f"condition {condition['kind']}={condition['value']}"
    return ""


def _restricts(condition: Mapping[str, Any]) -> bool:
    """Whether a condition restricts calls; an owner is a name, and a note is for people."""
    return condition["kind"] not in {ConditionKind.OWNER, ConditionKind.NOTE}


def _stated(condition: Mapping[str, Any]) -> bool:
    """Whether a condition can be checked at a call, or is a note of which evidence shows that it is met."""
    if condition["kind"] == ConditionKind.NOTE:
        return bool(condition["evidence"])
    return condition["terms"] is not None


def _kept(condition: Mapping[str, Any], consumer: Consumer) -> bool:
    return _stated(condition) and (not _restricts(condition) or consumer.keeps(condition))
