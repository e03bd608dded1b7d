"""The configuration of the LiteLLM proxy; `tests/e2e/test_litellm_config.py` gives it to LiteLLM."""

import json

import pytest
import yaml

from analysis.output.allowlist.targets import litellm
from tests.fixtures.api_documents import document, op
from tests.fixtures.target_inputs import api_input, server_input

PATHS = {"/a": {"get": op("Close.Month")}, "/b": {"get": op("close.month")}, "/c": {"get": op("openLedger")}}


def servers(export):
    return yaml.safe_load(export.files["config.yaml"])["mcp_servers"]


def never_open(export):
    """Check what no configuration may have, whatever is approved."""
    for name, server in servers(export).items():
        assert server["mcp_info"] == {"tool_allowlist_enforced": True}
        assert "disallowed_tools" not in server
        assert isinstance(server["allowed_tools"], list)
        assert not [tool for tool in server["allowed_tools"] if tool.startswith(f"{name}-") or tool == "*"]
        assert "-" not in name


def test_names_are_those_that_the_proxy_serves():
    export = litellm.render(api_input(document(PATHS), {("GET", "/c")}))
    assert servers(export) == {
        "crm": {
            "spec_path": "crm.openapi.json", "url": "os.environ/CRM_URL", "allowed_tools": ["openledger"],
            "mcp_info": {"tool_allowlist_enforced": True},
        },
    }  # fmt: skip
    assert [*json.loads(export.files["crm.openapi.json"])["paths"]] == ["/c"]
    never_open(export)


def test_names_that_collide_or_are_refused_leave_tools_out():
    export = litellm.render(api_input(document(PATHS), {("GET", "/a"), ("GET", "/b"), ("GET", "/c")}))
    assert servers(export)["crm"]["allowed_tools"] == ["openledger"]
    assert len(export.left_out) == 2
    never_open(export)


@pytest.mark.parametrize("given", [
    api_input(document(PATHS), set()),
    api_input(document(PATHS), {("GET", "/c")}, status="draft"),
    server_input({"send": "block"}),
    server_input({"send": "allow"}, status="draft"),
], ids=["nothing", "draft", "server", "draft of a server"])  # fmt: skip
def test_an_empty_list_is_enforced(given):
    export = litellm.render(given)
    assert [server["allowed_tools"] for server in servers(export).values()] == [[]]
    never_open(export)


def test_tools_of_a_server():
    export = litellm.render(
        server_input({"Send Mail": "allow", "desk-drop": "allow", "drop": "block", "ärger": "allow"})
    )
    assert servers(export) == {
        "desk": {
            "url": "os.environ/DESK_URL", "transport": "http", "allowed_tools": ["Send Mail", "ärger"],
            "mcp_info": {"tool_allowlist_enforced": True},
        },
    }  # fmt: skip
    assert [each.tool for each in export.left_out] == ["desk:desk-drop"]  # as an entry it would open `drop` too
    never_open(export)


def test_a_limit_on_a_parameter_is_not_expressed_and_said():
    given = server_input({"send": "allow"}, conditions={"send": {"param_allow": "limit: at most 100"}})
    export = litellm.render(given)
    assert servers(export)["desk"]["allowed_tools"] == []
    assert [each.reason for each in export.left_out] == ["condition param_allow=limit: at most 100"]
    assert "allowed_params" not in export.files["config.yaml"].decode()
