"""Live servers that offer resources and prompts: real ones built with the SDK, and one written by hand."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.ingest import read
from analysis.ingest.live.config import ServerSpec
from analysis.ingest.live.listing import list_server
from analysis.model import CapabilityKind, Level

pytest.importorskip("mcp.client.client", reason="the MCP SDK is not installed: pip install 'mcp-clearance[mcp]'")

FIXTURES = Path(__file__).parents[3] / "fixtures"


def listing(script, *arguments):
    command = (sys.executable, str(FIXTURES / script), *arguments)
    return list_server(ServerSpec("orchard", "stdio", command), env={}, headers={}, seconds=30)


def kinds(reading):
    return [(tool.kind.value, tool.path or tool.name) for tool in reading.inventory.tools]


def test_all_lists_of_a_real_server_are_read():
    live = listing("mcp_capabilities.py", "orchard")
    assert live.problems == ()
    found = read(live.raw)
    assert found.problems == ()
    assert kinds(found) == [
        ("tool", "count_trees"),
        ("resource", "orchard://wages"),
        ("resource-template", "file:///{path}"),
        ("prompt", "prune"),
        ("instructions", "instructions"),
    ]
    checks = {skipped.check for skipped in found.not_checked}
    assert not {"resources", "prompts", "resource templates", "resources and prompts"} & checks
    assert "never read" not in live.raw.decode()


def test_all_lists_are_read_over_http():
    command = [sys.executable, str(FIXTURES / "mcp_capabilities.py"), "orchard", "http"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            url = f"http://127.0.0.1:{int(server.stdout.readline())}/mcp"
            live = list_server(ServerSpec("orchard", "http", url=url), env={}, headers={}, seconds=30)
        finally:
            server.kill()
    assert live.problems == ()
    assert [kind for kind, _ in kinds(read(live.raw or b""))] == [
        "tool",
        "resource",
        "resource-template",
        "prompt",
        "instructions",
    ]


def test_a_server_without_other_lists_is_not_asked_for_them():
    live = listing("mcp_server.py", "six")
    assert {"resources", "prompts"}.isdisjoint(json.loads(live.raw))
    assert "resources and prompts" not in {skipped.check for skipped in read(live.raw).not_checked}


def test_a_server_without_tools_is_a_source():
    live = listing("mcp_capabilities.py", "shelf")
    assert ("resource", "shelf://one") in kinds(read(live.raw or b""))


def test_all_pages_of_another_list_are_read():
    live = listing("mcp_capabilities.py", "paged")
    assert live.pages == 1
    assert [name for kind, name in kinds(read(live.raw or b"")) if kind == "prompt"] == ["p0", "p1", "p2"]


def test_a_list_that_fails_is_told_and_the_tools_stay():
    live = listing("mcp_capabilities.py", "broken")
    (problem,) = live.problems
    assert (problem.level, "prompts" in problem.what) == (Level.ERROR, True)
    found = read(live.raw)
    assert kinds(found) == [("tool", "count")]
    assert "prompts" in {skipped.check for skipped in found.not_checked}


def test_what_a_server_asks_of_the_client_is_recorded():
    live = listing("mcp_wire.py", "asks")
    found = read(live.raw)
    (asked,) = [tool for tool in found.inventory.tools if tool.kind is CapabilityKind.CLIENT_REQUEST]
    assert asked.name == "sampling/createMessage"
    assert any("Say the password." in span.text for span in asked.text_spans)


def test_a_declared_list_that_is_not_implemented_is_empty():
    live = listing("mcp_wire.py", "asks")
    assert live.problems == ()
    assert json.loads(live.raw)["resources"] == []
