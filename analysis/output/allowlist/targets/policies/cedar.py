"""Cedar: one `permit` for each approved tool; what none permits is denied. Three dialects, which differ in names.

Run with cedarpy. Each policy names one tool: a list of resources is an error of the language, and an error in one policy
voids all of them. An empty file permits nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from analysis.model import ConditionKind
from analysis.output.allowlist.exposure import Consumer, ExposedTool, exposure
from analysis.output.allowlist.target import ExportTarget, LeftOut, TargetExport, TargetInput
from analysis.output.allowlist.targets.policies.cedar_terms import any_of, cedar_string, is_limit, limit
from analysis.output.allowlist.written import can_be_written, json_bytes, leftovers, provenance, text_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Name of the file of policies, and of the one that ToolHive reads.
FILE: Final = "policies.cedar"
TOOLHIVE_FILE: Final = "authorization.json"
#: Expressions of an audience, for each kind of condition, from the name in it.
Audience = Mapping[ConditionKind, Callable[[str], str]]


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a consumer of Cedar names what is in a request: a tool in the head of a policy, its arguments, who calls.

    `servers` is the form that the name of a server may have.
    """

    head: Callable[[ExposedTool], str]
    inputs: str
    audience: Audience
    remarks: tuple[str, ...]
    servers: str = ".*"

    def expression(self, condition: Mapping[str, Any]) -> str:
        """Return the expression that keeps a condition; empty when there is none."""
        terms = condition["terms"]
        if is_limit(condition):
            return limit(terms, self.inputs) if self.inputs else ""
        asked = self.audience.get(condition["kind"])
        names = [] if asked is None else terms["names"]
        return (
            any_of([asked(cedar_string(name)) for name in names]) if asked and all(map(can_be_written, names)) else ""
        )

    def consumer(self) -> Consumer:
        """Return how its tools are named and which conditions are kept."""
        return Consumer(
            spelled=lambda server, name: f"{server}/{name}",
            refuses=self._refuses,
            keeps=lambda condition: bool(self.expression(condition)),
        )

    def _refuses(self, server: str, name: str) -> str:
        if not can_be_written(server + name):
            return "its name cannot be written"
        return (
            ""
            if re.fullmatch(self.servers, server, re.DOTALL)
            else "no target of the gateway can have the name of its server"
        )


_ANY_PRINCIPAL: Final = 'principal, action == Action::"call_tool"'
_PLAIN: Final = Dialect(
    head=lambda tool: f"{_ANY_PRINCIPAL}, resource == Tool::{cedar_string(tool.spelled)}",
    inputs="context.input",
    audience={
        ConditionKind.USER: lambda name: f"principal == User::{name}",
        ConditionKind.GROUP: lambda name: f"principal in Group::{name}",
        ConditionKind.ENVIRONMENT: lambda name: f'(context has "environment" && context.environment == {name})',
    },
    remarks=(
        'Request: principal User::"NAME" with its teams as parents Group::"TEAM", action Action::"call_tool",',
        'resource Tool::"SERVER/TOOL", context {"input": the arguments of the call, "environment": the name of it}.',
    ),
)
_TOOLHIVE: Final = Dialect(
    head=lambda tool: f"{_ANY_PRINCIPAL}, resource == Tool::{cedar_string(tool.name)}",
    inputs="",
    audience={ConditionKind.USER: lambda name: f"principal == Client::{name}"},
    remarks=("ToolHive: one file for the proxy of each server. A user is the subject of its token.",),
)
_GATEWAY_OF_AWS: Final = 'AgentCore::Gateway::"GATEWAY-ARN"'
_AGENTCORE: Final = Dialect(
    head=lambda tool: (
        "principal is AgentCore::OAuthUser, action == AgentCore::Action::"
        f"{cedar_string(f'{tool.server}___{tool.name}')}, resource == {_GATEWAY_OF_AWS}"
    ),
    inputs="context.input",
    audience={
        ConditionKind.USER: lambda name: f'(principal.hasTag("username") && principal.getTag("username") == {name})',
    },
    remarks=(
        "Amazon Bedrock AgentCore: replace GATEWAY-ARN; the target of each server has the server's name. The engine has to be",
        "in the mode ENFORCE. Each permit is one policy definition (`cedar`).",
    ),
    servers="[A-Za-z0-9-]+",
)


def _policies(given: TargetInput, dialect: Dialect) -> tuple[dict[str, list[str]], tuple[LeftOut, ...]]:
    """Return the policies of each server, and what is left out."""
    exposed = exposure(given, dialect.consumer())
    made = {}
    for server, tools in exposed.servers.items():
        made[server] = ["\n".join(_policy(tool, dialect)) for tool in tools.allowed]
    return made, exposed.left_out


def _policy(tool: ExposedTool, dialect: Dialect) -> Iterator[str]:
    expressions = [dialect.expression(condition) for condition in tool.conditions]
    when = f"\nwhen {{ {' && '.join(expressions)} }}" if expressions else ""
    yield f"permit({dialect.head(tool)}){when};"


def _file(given: TargetInput, dialect: Dialect) -> TargetExport:
    """Return one file with every policy."""
    made, left_out = _policies(given, dialect)
    remarks = (
        "Every call that no policy permits is denied.",
        *dialect.remarks,
        *provenance(given),
        *leftovers(left_out),
    )
    lines = [f"// {line}" for line in remarks]
    lines += [f"\n{policy}" for policies in made.values() for policy in policies]
    return TargetExport({FILE: text_bytes(lines)}, left_out)


def render_plain(given: TargetInput) -> TargetExport:
    """Return the policies in the names of this product's own request."""
    return _file(given, _PLAIN)


def render_agentcore(given: TargetInput) -> TargetExport:
    """Return the policies of an AgentCore gateway."""
    return _file(given, _AGENTCORE)


def render_toolhive(given: TargetInput) -> TargetExport:
    """Return the authorization file of the proxy of each server; one that permits nothing forbids every call aloud."""
    made, left_out = _policies(given, _TOOLHIVE)
    files = {}
    for number, (server, policies) in enumerate(made.items(), 1):
        # An engine that is given no policies may not have been configured at all.
        rules = policies or ['forbid(principal, action == Action::"call_tool", resource);']
        config = {
            "version": "1.0",
            "type": "cedarv1",
            "cedar": {"policies": rules, "entities_json": "[]"},
        }
        files[f"{number:03}-{TOOLHIVE_FILE}"] = json_bytes(config)
        files[f"{number:03}-README.txt"] = text_bytes(
            [f"Server {cedar_string(server)}", *_TOOLHIVE.remarks, *provenance(given)]
        )
    return TargetExport(files, left_out)


_CANNOT: Final = "approvals, rates, expiry, audit; limits of lengths, patterns and of numbers with a fraction"
_TESTED: Final = "cedarpy 4.12.2"
PLAIN: Final = ExportTarget(
    name="cedar",
    title="Cedar",
    tested=_TESTED,
    carries="exact list of MCP tools; users, teams and environments; limits of parameters to listed values and whole numbers",
    cannot=f"{_CANNOT}; API operations without the gateway",
    render=render_plain,
)
TOOLHIVE: Final = ExportTarget(
    name="cedar-toolhive",
    title="ToolHive (Cedar)",
    tested=f"{_TESTED}; the proxy of ToolHive was not run",
    carries="exact list of MCP tools for each server; users",
    cannot="every other condition; API operations without the gateway",
    render=render_toolhive,
)
AGENTCORE: Final = ExportTarget(
    name="cedar-agentcore",
    title="Amazon Bedrock AgentCore (Cedar)",
    tested=f"{_TESTED}, without the schema that AWS generates; no gateway of AWS was asked",
    carries="exact list of MCP tools; users; limits of parameters to listed values and whole numbers",
    cannot=f"{_CANNOT}; teams and environments; API operations without the gateway",
    render=render_agentcore,
)
