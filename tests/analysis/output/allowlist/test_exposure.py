"""Which approved tools a target may name: one exact name, and every condition kept."""

from __future__ import annotations

import pytest

from analysis.model import DecisionState, SourceKind
from analysis.output.allowlist.canonical import canonical
from analysis.output.allowlist.exposure import GATEWAY, Consumer, exposure, kept_nowhere, plain_names
from analysis.output.allowlist.target import ExportSettings, TargetInput

A, B = DecisionState.APPROVED, DecisionState.BLOCKED
CLIENT = Consumer(lambda server, name: f"{server}_{name}", plain_names(63), kept_nowhere)


@pytest.fixture
def exposed(review_snapshots):
    """Select from tools given as id, server, name, state; what is left out is given by id."""

    def selecting(*tools, gateway="", **facts):
        reviews = []
        for number, (server, name, state) in enumerate(tools):
            more = {"id": f"{server}:{number}", "source": server, "tags": (server,), "operation_id": ""}
            subject = review_snapshots.tool(name, "", "", **(more | facts))
            reviews.append(review_snapshots.review(subject, decision=review_snapshots.decision(subject, state)))
        source = review_snapshots.source(kind=SourceKind.MCP)
        allowlist = canonical(review_snapshots.plain(tools=tuple(reviews), sources=(source,)))
        found = exposure(TargetInput(allowlist, settings=ExportSettings(gateway)), CLIENT)
        named = {server: [tool.name for tool in tools.allowed] for server, tools in found.servers.items()}
        return named, {each.tool: each.reason for each in found.left_out}, found

    return selecting


def test_tools_are_listed_by_server_and_all_others_are_denied(exposed):
    named, left_out, found = exposed(("crm", "get", A), ("crm", "delete", B), ("hr", "get", B))
    assert (named, left_out) == ({"customer-management": [], "crm": ["get"], "hr": []}, {})
    assert found.servers["crm"].denied == ("crm_delete",)
    assert found.servers["hr"].denied_names == ("get",)
    assert [tool.spelled for tool in found.allowed] == ["crm_get"]


def test_names_that_meet_across_servers_are_left_out(exposed):
    named, left_out, _ = exposed(("crm", "eu_get", A), ("crm_eu", "get", B))
    assert named["crm"] == []
    assert left_out == {"crm:0": "several tools have its name in the client"}


def test_behind_the_gateway_sources_share_one_list_of_names(exposed):
    tools = (("crm", "get", A), ("hr", "get", A), ("hr", "list", A))
    named, left_out, found = exposed(*tools, gateway="https://gateway.example/mcp")
    assert named == {"customer-management": [], "crm": [], "hr": [], GATEWAY: ["list"]}
    assert set(left_out) == {"crm:0", "hr:1"}
    assert found.servers["hr"].denied == ("hr_get", "hr_list")  # the server itself offers nothing


def test_a_tool_that_a_vendor_runs_is_on_no_server(exposed):
    _, left_out, _ = exposed(("crm", "web_search", A), hosted="web_search")
    assert left_out == {"crm:0": "a hosted tool: its vendor runs it, and no server lists it"}


@pytest.mark.parametrize(
    ("server", "name", "reason"),
    [
        ("crm", "a b", "the client rewrites its name"),
        ("c r m", "a", "the client rewrites or refuses the name of its server"),
        ("crm", "x" * 61, "its name is too long for the client"),
        ("crm", "", "its name cannot be written"),
    ],
)
def test_a_name_that_the_client_changes_is_left_out(exposed, server, name, reason):
    named, left_out, _ = exposed((server, name, A))
    assert (named[server], left_out) == ([], {f"{server}:0": reason})
