"""The FastMCP server of a gateway: approved components, and one middleware through which every call goes.

No transforms, no proxy, no providers but the local one: what is not added here does not exist for a client.
"""

from __future__ import annotations

import asyncio
import copy
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, Final

from fastmcp import FastMCP
from fastmcp.exceptions import NotFoundError, ToolError
from fastmcp.resources.template import match_uri_template
from fastmcp.server.auth import AccessToken, TokenVerifier
from fastmcp.server.dependencies import get_access_token, get_http_request
from fastmcp.server.middleware import Middleware
from mcp import MCPError
from mcp.server.mcpserver.resources.templates import DEFAULT_RESOURCE_SECURITY
from mcp_types import INTERNAL_ERROR, INVALID_PARAMS
from mcp_types import Prompt as WirePrompt
from mcp_types import Resource as WireResource
from mcp_types import ResourceTemplate as WireTemplate
from mcp_types import Tool as WireTool
from opentelemetry.trace import get_current_span
from pydantic import ValidationError

from analysis.model import CapabilityKind
from analysis.output.enforce.approved import NotServed
from analysis.output.enforce.call_check import CallCheck
from analysis.output.enforce.caller import Caller
from analysis.review.enforcement.front.approved_components import (
    ApprovedPrompt,
    ApprovedResource,
    ApprovedTemplate,
    ApprovedTool,
    FetchedPrompt,
    ReadResult,
    tool_result,
)
from analysis.review.enforcement.gatekeeper import Refused
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from analysis.output.enforce.approved import Approved
    from analysis.review.enforcement.gatekeeper import Answered, Gatekeeper
    from analysis.review.enforcement.gateway import Gateway

#: Fields of a record that become attributes of the span; parameters stay in the audit file.
_SPAN_FIELDS: Final = (
    "call",
    "user",
    "agent",
    "tool",
    "definition",
    "decision",
    "check",
    "outcome",
    "packet",
    "digest",
)
_MAX_AGENT: Final = 120


class TokensOfPeople(TokenVerifier):
    """Verifies bearer tokens by the digests in the file of people, as it was read last."""

    def __init__(self, gateway: Gateway) -> None:
        super().__init__()
        self._gateway = gateway

    async def verify_token(self, token: str) -> AccessToken | None:
        """Return the access of a token; None refuses it."""
        people = self._gateway.people
        caller = people.of_token(token) if people is not None else None
        if caller is None:
            return None
        self._gateway.saw_token(token)
        return AccessToken(token=token, client_id=caller.user, scopes=[])


class Checks(Middleware):
    """Lists what a caller may call, and takes every call to the gatekeeper."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    @property
    def _keeper(self) -> Gatekeeper:
        return self._gateway.keeper

    # lists -------------------------------------------------------------------------------------------

    async def on_list_tools(self, context: Any, call_next: Any) -> Sequence[Any]:
        """Return the tools that this caller may call now."""
        return self._allowed(context, await call_next(context), lambda each: each.name)

    async def on_list_resources(self, context: Any, call_next: Any) -> Sequence[Any]:
        """Return the resources that this caller may read now."""
        of = CapabilityKind.RESOURCE
        return self._allowed(context, await call_next(context), lambda each: _key(of, each.to_mcp_resource().uri))

    async def on_list_resource_templates(self, context: Any, call_next: Any) -> Sequence[Any]:
        """Return the resource templates that this caller may use now."""
        of = CapabilityKind.RESOURCE_TEMPLATE
        return self._allowed(context, await call_next(context), lambda each: _key(of, each.uri_template))

    async def on_list_prompts(self, context: Any, call_next: Any) -> Sequence[Any]:
        """Return the prompts that this caller may use now."""
        return self._allowed(context, await call_next(context), lambda each: _key(CapabilityKind.PROMPT, each.name))

    def _allowed(self, context: Any, listed: Sequence[Any], name_of: Callable[[Any], str]) -> Sequence[Any]:
        """Return what a caller may use. An empty list is never the answer of a gateway that cannot serve: that is an error."""
        caller = self._caller(context)
        refusals = [(each, self._keeper.standing(name_of(each), caller)) for each in listed]
        allowed = [each for each, refusal in refusals if refusal is None]
        why = next((r.why for _, r in refusals if r is not None and r.check is not CallCheck.AUDIENCE), "")
        if not allowed and why:
            raise MCPError(code=INTERNAL_ERROR, message=f"nothing is offered at the moment: {visible(why, 200)}")
        return allowed

    # calls -------------------------------------------------------------------------------------------

    async def on_call_tool(self, context: Any, call_next: Any) -> Any:  # noqa: ARG002 - nothing lies behind this one
        """Decide a call, and make it."""
        name, arguments = context.message.name, dict(context.message.arguments or {})
        upstream, headers = self._gateway.upstream, self._forwarded()

        async def forward(approved: Approved) -> Answered:
            return await upstream.call(approved, arguments, self._progress(context), headers)

        try:
            raw = await self._call(context, name, arguments, forward)
        except Refused as refused:
            if not refused.refusal.told:
                raise NotFoundError(f"Unknown tool: {name!r}") from None
            raise ToolError(f"{visible(name, 80)}: {refused.refusal.told}") from None
        return tool_result(raw)

    async def on_read_resource(self, context: Any, call_next: Any) -> Any:  # noqa: ARG002 - nothing lies behind this one
        """Decide the reading of a resource, and make it."""
        uri = str(context.message.uri)

        async def forward(_approved: Approved) -> Answered:
            return await self._gateway.mcp_upstream.read(uri)

        name = self._resource_name(uri)
        return ReadResult.of(await self._other(context, name, {"uri": uri}, forward, f"Resource not found: {uri!r}"))

    async def on_get_prompt(self, context: Any, call_next: Any) -> Any:  # noqa: ARG002 - nothing lies behind this one
        """Decide the use of a prompt, and fetch it."""
        name, arguments = context.message.name, dict(context.message.arguments or {})

        async def forward(approved: Approved) -> Answered:
            return await self._gateway.mcp_upstream.prompt(approved, arguments)

        key = _key(CapabilityKind.PROMPT, name)
        return FetchedPrompt.of(await self._other(context, key, arguments, forward, f"Unknown prompt: {name!r}"))

    def _resource_name(self, uri: str) -> str:
        """Return under which approved name a URI falls; a variable never leads out of its template."""
        exact = _key(CapabilityKind.RESOURCE, uri)
        if exact in self._keeper.tools:
            return exact
        for name, served in self._keeper.tools.items():
            if served.approved.kind is CapabilityKind.RESOURCE_TEMPLATE:
                found = match_uri_template(uri, served.approved.reached)
                if found is not None and DEFAULT_RESOURCE_SECURITY.validate(found) is None:
                    return name
        return exact

    async def _other(
        self, context: Any, name: str, arguments: dict[str, Any], forward: Any, unknown: str
    ) -> dict[str, Any]:
        try:
            return await self._call(context, name, arguments, forward)
        except Refused as refused:
            told = refused.refusal.told or unknown
            raise MCPError(code=INVALID_PARAMS, message=told) from None

    async def _call(
        self,
        context: Any,
        name: str,
        arguments: dict[str, Any],
        forward: Callable[[Approved], Awaitable[Answered]],
    ) -> dict[str, Any]:
        progress = self._progress(context)

        async def pulse(seconds: float, message: str) -> None:
            await progress(seconds, None, message)

        raw = await self._keeper.call(name, arguments, self._caller(context), forward, pulse)
        shown: dict[str, Any] = self._gateway.without_credentials(raw)
        return shown

    def _progress(self, context: Any) -> Callable[[float, float | None, str | None], Awaitable[None]]:
        front = context.fastmcp_context
        request = copy_context()  # the upstream's progress arrives in a task that knows nothing of this request

        async def report(progress: float, total: float | None = None, message: str | None = None) -> None:
            await asyncio.create_task(front.report_progress(progress, total, message), context=request)

        return report

    # who ---------------------------------------------------------------------------------------------

    def _caller(self, context: Any) -> Caller:
        """Return who calls: by the token, else by whom the run was started for."""
        caller, token = self._gateway.started_for, get_access_token()
        if token is not None:
            people = self._gateway.people
            caller = Caller(token.client_id, people.teams_of(token.client_id) if people else (), vouched=True)
        return Caller(caller.user, caller.teams, _agent(context), vouched=caller.vouched)

    def _forwarded(self) -> dict[str, str]:
        """Return the headers of the caller that were named to be forwarded."""
        if not self._gateway.forward_headers:
            return {}
        try:
            request = get_http_request()
        except RuntimeError:
            return {}
        return {name: request.headers[name] for name in self._gateway.forward_headers if name in request.headers}


def _agent(context: Any) -> str:
    """Return the name and version that the agent gives itself."""
    try:
        about = context.fastmcp_context.session.client_params.client_info
    except (AttributeError, RuntimeError):
        return "unknown"
    return visible(f"{about.name}/{about.version}", _MAX_AGENT)


def _key(kind: CapabilityKind, reached: object) -> str:
    return f"{kind.value} {reached}"


def to_span(record: Mapping[str, Any]) -> None:
    """Put the facts of a record on the span of the request; without telemetry this does nothing."""
    span = get_current_span()
    if span.is_recording():
        span.set_attributes({f"clearance.{name}": str(record[name]) for name in _SPAN_FIELDS if record.get(name)})


def shown_tool(approved: Approved, definition: Mapping[str, Any]) -> WireTool | NotServed:
    """Return a tool as clients are shown it: its approved definition, under the name of the gateway."""
    try:
        return WireTool.model_validate(copy.deepcopy(dict(definition)) | {"name": approved.name}, by_name=False)
    except ValidationError as error:
        return NotServed(approved.name, f"its definition is not one of an MCP tool: {error.errors()[0]['msg']}")


def approved_server(gateway: Gateway, shown: Mapping[str, WireTool]) -> FastMCP[Any]:
    """Return the server with what is served, and nothing else. `shown`: the tools as clients see them, by name."""
    instructions: list[str] = []
    server: FastMCP[Any] = FastMCP(
        name="clearance-enforce",
        version=gateway.version,
        auth=TokensOfPeople(gateway) if gateway.people is not None and gateway.over_http else None,
        middleware=[Checks(gateway)],
        dereference_schemas=False,
        mask_error_details=True,
        on_duplicate="error",
    )
    server.provider_error_strategy = "raise"
    for name, served in gateway.keeper.tools.items():
        definition = served.approved.definition
        match served.approved.kind:
            case CapabilityKind.TOOL:
                server.add_tool(ApprovedTool.of(shown[name]))
            case CapabilityKind.RESOURCE:
                server.add_resource(ApprovedResource.of(WireResource.model_validate(definition, by_name=False)))
            case CapabilityKind.RESOURCE_TEMPLATE:
                server.add_template(ApprovedTemplate.of(WireTemplate.model_validate(definition, by_name=False)))
            case CapabilityKind.PROMPT:
                server.add_prompt(ApprovedPrompt.of(WirePrompt.model_validate(definition, by_name=False)))
            case CapabilityKind.INSTRUCTIONS:
                instructions.append(str(definition.get("description", "")))
    server.instructions = "\n\n".join(filter(None, instructions)) or None
    return server


async def exposed(server: FastMCP[Any]) -> set[str]:
    """Return the names of all that a server exposes, past its middleware, as `Gatekeeper.tools` names them."""
    names = {tool.name for tool in await server.list_tools(run_middleware=False)}
    resources = [each.to_mcp_resource() for each in await server.list_resources(run_middleware=False)]
    templates = await server.list_resource_templates(run_middleware=False)
    prompts = await server.list_prompts(run_middleware=False)
    names |= {_key(CapabilityKind.RESOURCE, each.uri) for each in resources}
    names |= {_key(CapabilityKind.RESOURCE_TEMPLATE, each.uri_template) for each in templates}
    names |= {_key(CapabilityKind.PROMPT, each.name) for each in prompts}
    if server.instructions:
        names.add(_key(CapabilityKind.INSTRUCTIONS, "instructions"))
    return names
