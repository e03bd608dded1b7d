"""Rego: a fixed policy, default deny, and a data file with the allowlist. OPA and other engines read both.

Run with regopy. Ask for `data.clearance.allow` and take nothing but `true` for a yes: engines differ in what they say else.
The policy checks audience, limits and the day on which an approval ends, from what the gateway puts into the request.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from analysis.model import ConditionKind
from analysis.output.allowlist.exposure import Consumer, exposure
from analysis.output.allowlist.target import ExportTarget, TargetExport, TargetInput
from analysis.output.allowlist.targets.policies.rego_policy import KEYWORDS, POLICY, TYPES
from analysis.output.allowlist.written import can_be_written, json_bytes, leftovers, provenance, text_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Names of the files.
FILE: Final = "clearance.rego"
DATA: Final = "data.json"
README: Final = "README.txt"
#: Where the names of an audience are in a request.
_AUDIENCE: Final = {
    ConditionKind.USER: "users", ConditionKind.GROUP: "teams", ConditionKind.ENVIRONMENT: "environments"
}  # fmt: skip


def _keeps(condition: Mapping[str, Any]) -> bool:
    if condition["kind"] == ConditionKind.PARAMETERS:
        terms = condition["terms"]
        return bool(terms["forbidden"]) or _is_checked(terms["schema"])
    return condition["kind"] in _AUDIENCE or bool(condition["kind"] == ConditionKind.EXPIRES)


def _is_checked(schema: Mapping[str, Any]) -> bool:
    """Whether the policy checks every keyword of a schema."""
    return schema.keys() <= set(KEYWORDS) and schema.get("type", "string") in TYPES


_REGO: Final = Consumer(
    spelled=lambda server, name: f"{server}\0{name}",
    refuses=lambda server, name: "" if can_be_written(server + name) else "its name cannot be written",
    keeps=_keeps,
)


def render(given: TargetInput) -> TargetExport:
    """Return policy and data. The data of a draft allow nothing."""
    exposed = exposure(given, _REGO)
    servers = {
        server: {tool.name: _terms(tool.conditions) for tool in tools.allowed}
        for server, tools in exposed.servers.items()
    }
    files = {
        FILE: POLICY,
        DATA: json_bytes({"clearance_allowlist": {"servers": servers}}),
        README: text_bytes([
            "MCP tools approved, for Open Policy Agent and other engines of Rego: opa run clearance.rego data.json",
            *provenance(given),
            *leftovers(exposed.left_out),
        ]),
    }  # fmt: skip
    return TargetExport(files, exposed.left_out)


def _terms(conditions: tuple[Mapping[str, Any], ...]) -> dict[str, Any]:
    """Return the conditions of a tool as data of the policy: lists of which each entry has to be met."""
    made: dict[str, Any] = {"limits": [], "ends_ns": [], **{key: [] for key in _AUDIENCE.values()}}
    for condition in conditions:
        kind, terms = condition["kind"], condition["terms"]
        if kind == ConditionKind.PARAMETERS:
            made["limits"].append(
                {"path": terms["parameter"].split("."), "schema": terms["schema"], "forbidden": terms["forbidden"]}
            )
        elif kind == ConditionKind.EXPIRES:
            made["ends_ns"].append(_end(terms["day"]))
        else:
            made[_AUDIENCE[kind]].append(terms["names"])
    return {key: value for key, value in made.items() if value}


def _end(day: str) -> int:
    """Return the end of a day, UTC, in nanoseconds."""
    end = datetime.combine(date.fromisoformat(day) + timedelta(days=1), datetime.min.time(), UTC)
    return int(end.timestamp()) * 10**9


TARGET: Final = ExportTarget(
    name="rego",
    title="Open Policy Agent (Rego)",
    tested="regopy 1.5.2; OPA itself was not run",
    carries="exact list of MCP tools for each server; users, teams and environments; limits of parameters; expiry",
    cannot="approvals, rates, audit; limits by patterns and of items; API operations without the gateway",
    render=render,
)
