"""The FastMCP server of a gateway: what is approved is exposed, and nothing can be called past the checks."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

pytest.importorskip("fastmcp", reason="the extra `enforce` is not installed")

from fastmcp.exceptions import NotFoundError, ToolError

from analysis.model.terms import Audience
from analysis.output.enforce.approved_capabilities import Requirements
from analysis.output.enforce.caller import Caller
from analysis.review.enforcement.fastmcp_version import check_fastmcp
from analysis.review.enforcement.front.server import approved_server, exposed
from analysis.review.enforcement.gateway import gateway
from analysis.review.enforcement.gateway_options import FrontOptions, GatewayOptions, UpstreamOptions
from analysis.review.enforcement.plan import PacketPlace
from tests.fixtures.approved_packets import approved_packet

ROOM = {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"], "additionalProperties": False}
LIST = {
    "serverInfo": {"name": "rooms", "version": "1"},
    "capabilities": {"tools": {}, "prompts": {}, "resources": {}},
    "protocolVersion": "2025-11-25",
    "instructions": "Ask first.",
    "tools": [
        {"name": "getRoom", "title": "One room", "description": "Looks.", "inputSchema": ROOM},
        {"name": "deleteRoom", "inputSchema": ROOM},
        {"name": "oddRoom", "inputSchema": {"type": "nonsense"}},
    ],
    "prompts": [{"name": "tidy", "description": "How to tidy."}],
    "resources": [{"uri": "rooms://plan", "name": "plan"}, {"uri": "rooms://wages", "name": "wages"}],
}


@pytest.fixture
def said():
    """What the person who started the gateway is told."""
    return []


@pytest.fixture
def made(tmp_path, said):
    decisions = {"getRoom": [], "oddRoom": [], "tidy": [], "plan": [], "instructions": []}
    packet = approved_packet(tmp_path / "packet", json.dumps(LIST).encode(), decisions)
    options = GatewayOptions(
        place=PacketPlace(packet.folder, packet.signers),
        upstream=UpstreamOptions(credentials=lambda: ({}, {}), command=("never-started",)),
        front=FrontOptions(started_for=Caller("ann")),
        state=tmp_path / "state",
        audit=tmp_path / "state" / "audit.jsonl",
        clock=lambda: datetime(2026, 3, 21, tzinfo=UTC),
        say=said.append,
    )
    check_fastmcp()
    built = gateway(options)
    yield built
    built.keeper.audit.close()
    built.keeper.store.close()


async def test_what_is_exposed_is_what_is_served_and_what_cannot_be_checked_is_left_out_aloud(made, said):
    server = approved_server(made, made.shown)
    assert await exposed(server) == set(made.keeper.tools)
    assert set(made.keeper.tools) == {"getRoom", "prompt tidy", "resource rooms://plan", "instructions instructions"}
    assert any("NOT SERVED  oddRoom: its input schema is not valid" in text for text in said)
    assert server.instructions == "Ask first."


async def test_a_component_too_many_is_seen(made):
    server = approved_server(made, made.shown)
    server.tool(lambda: 1, name="extra")
    assert await exposed(server) - set(made.keeper.tools) == {"extra"}


async def test_a_client_is_shown_the_approved_definition(made):
    server = approved_server(made, made.shown)
    (tool,) = await server.list_tools()
    shown = tool.to_mcp_tool().model_dump(by_alias=True, exclude_none=True, mode="json")
    hints = shown.pop("annotations")
    assert shown == LIST["tools"][0]
    assert set(hints) <= {"readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"}


@pytest.mark.parametrize("name", ["deleteRoom", "extra", "__abcdef012345_getRoom", "GetRoom", ""])
async def test_what_is_not_approved_does_not_exist(made, name):
    server = approved_server(made, made.shown)
    with pytest.raises(NotFoundError, match="Unknown tool"):
        await server.call_tool(name, {"id": "1"})


async def test_a_tool_of_others_does_not_exist_either(made):
    served = made.keeper.tools["getRoom"]
    needed = Requirements(teams=(Audience(("support",)),))
    made.keeper.tools = {"getRoom": replace(served, approved=replace(served.approved, requirements=needed))}
    server = approved_server(made, made.shown)
    assert [tool.name for tool in await server.list_tools()] == []
    with pytest.raises(NotFoundError, match="Unknown tool"):
        await server.call_tool("getRoom", {"id": "1"})


async def test_a_call_past_the_checks_finds_nothing_to_call(made):
    server = approved_server(made, made.shown)
    with pytest.raises(ToolError, match="came past the checks"):
        await server.call_tool("getRoom", {"id": "1"}, run_middleware=False)
