"""Flows as data: every edge has its ends, every node its boundary, and what is not stated says so."""

import pytest

from analysis.governance.diagrams import credential_flow, data_flow, host_of

OK = {"200": {"description": ""}}


def check(diagram):
    """Whether a diagram can be drawn."""
    nodes = [node.id for node in diagram.nodes]
    assert len(nodes) == len(set(nodes))
    assert {node.boundary for node in diagram.nodes} == {boundary.id for boundary in diagram.boundaries}
    assert all({edge.source, edge.target} <= set(nodes) for edge in diagram.edges)


@pytest.mark.parametrize("draw", [data_flow, credential_flow])
def test_every_edge_has_its_ends_and_every_node_its_boundary(sample, office, draw):
    for sources, tools in (sample, office, (sample[0] + office[0], sample[1] + office[1]), ((), ())):
        check(draw(tools, sources))
        assert draw(tools, sources) == draw(tuple(reversed(tools)), sources)


def test_data_flows_to_each_host_and_back(sample):
    sources, tools = sample
    drawn = data_flow(tools, sources)
    assert [node.label for node in drawn.nodes] == [
        "Agent and model",
        "Tool server",
        "api.harbourline.example",
        "sandbox.harbourline.example",
    ]
    (back,) = [e for e in drawn.edges if e.source == "api:api.harbourline.example"]
    assert back.tools == 48
    assert any(detail.startswith("personal (") for detail in back.details)


def test_a_credential_is_issued_by_somebody_nobody_names(sample):
    sources, tools = sample
    drawn = credential_flow(tools, sources)
    (issuer,) = [node for node in drawn.nodes if node.kind == "issuer"]
    assert not issuer.stated
    assert {edge.target for edge in drawn.edges if edge.source == issuer.id} == {"tools"}
    shown = [e for e in drawn.edges if e.target == "api:api.harbourline.example"]
    assert [e.label for e in shown] == ["harbourlineOAuth (oauth2)"]
    assert "customers:read (8)" in shown[0].details


def test_calls_without_a_credential_are_drawn_too(api):
    sources, tools = api({"/x": {"get": {"responses": OK, "security": []}}}, servers=[{"url": "https://a.example"}])
    assert [e.label for e in credential_flow(tools, sources).edges] == ["no credential"]


def test_what_lies_behind_an_mcp_server_is_not_stated(office):
    sources, tools = office
    (server,) = [n for n in data_flow(tools, sources).nodes if n.id.startswith("mcp:")]
    assert not server.stated
    assert "not stated" in server.label
    assert {e.label for e in credential_flow(tools, sources).edges} == {"credential not stated"}


def test_a_blocked_tool_has_no_flow(api):
    paths = {"/x": {"get": {"operationId": "getX", "responses": OK}}}
    sources, tools = api(paths, servers=[{"url": "https://a.example"}], blocked=["getX"])
    assert [node.kind for node in data_flow(tools, sources).nodes] == ["agent", "server"]


@pytest.mark.parametrize(
    ("server", "host"),
    [
        ("https://user:secret@API.example:8443/v1", "api.example:8443"),
        ("/v1", ""),
        ("", ""),
        ("https://{tenant}.example/v1", "{tenant}.example"),
        ("https://[broken", ""),
    ],
)
def test_a_host_is_shown_without_its_log_in(server, host):
    assert host_of(server) == host
