"""The exported configuration in the LiteLLM proxy: offered = approved, and a blocked call never reaches the service."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest

from analysis.output.allowlist.targets import litellm
from tests.e2e.serving import free_port, logging_api, running, session
from tests.fixtures.api_documents import document, op
from tests.fixtures.target_inputs import api_input, server_input

pytestmark = pytest.mark.e2e

PATHS = {
    "/ledger": {"get": op("Open Ledger"), "delete": op("dropLedger")},
    "/months": {"get": op("close.month"), "post": op("closeMonth"), "put": op("closemonth")},
}


def proxied(export, folder, env, calls, server):
    """Start the proxy with the exported files, and return what one of its servers offers and answers."""
    key, port = f"sk-{secrets.token_hex(16)}", free_port()
    for name, data in export.files.items():
        (folder / name).write_bytes(data)
    with (folder / litellm.CONFIG).open("a") as config:
        config.write(f"general_settings:\n  master_key: {key}\n")
    settings = {"LITELLM_LOCAL_MODEL_COST_MAP": "True", **env}
    program = [
        "litellm",
        "--config",
        litellm.CONFIG,
        "--port",
        str(port),
        "--host",
        "127.0.0.1",
        "--telemetry",
        "False",
    ]
    with running("litellm", program, port, folder, settings, seconds=240):
        headers = {"Authorization": f"Bearer {key}"}
        found = session("litellm", f"http://127.0.0.1:{port}/{server}/mcp", headers, calls)
    found["tools"] = [name.removeprefix(f"{server}-") for name in found["tools"]]
    return found


@pytest.mark.parametrize("approved", [{("GET", "/ledger"), ("POST", "/months")}, set()], ids=["some", "none"])
def test_a_document(tmp_path, approved):
    export = litellm.render(api_input(document(PATHS), approved))
    calls = [["crm-open_ledger", {}], ["crm-dropledger", {}], ["crm-closemonth", {}]]
    with logging_api() as (url, log):
        found = proxied(export, tmp_path, {"CRM_URL": url}, calls, "crm")
    # Two operations of the whole document are called closemonth, so the approved one is left out.
    assert found["tools"] == (["open_ledger"] if approved else [])
    assert [failed for failed, _ in found["calls"]] == [not approved, True, True]
    # LiteLLM itself asks the address whether it is an MCP server.
    assert [(method, path) for method, path, _ in log if (method, path) != ("POST", "/")] == (
        [("GET", "/ledger")] if approved else []
    )


@pytest.mark.parametrize("approved", [{"send"}, set()], ids=["some", "none"])
def test_an_mcp_server(tmp_path, approved):
    tools = {name: "allow" if name in approved else "block" for name in ("send", "Send", "drop")}
    upstream, log = free_port(), tmp_path / "calls.log"
    log.touch()
    driver = Path(__file__).parent / "drivers" / "mcp_upstream.py"
    with running("fastmcp-4.2", ["python", str(driver), str(upstream), str(log)], upstream, tmp_path):
        env = {"DESK_URL": f"http://127.0.0.1:{upstream}/mcp"}
        calls = [["desk-send", {}], ["desk-Send", {}], ["desk-drop", {}]]
        found = proxied(litellm.render(server_input(tools)), tmp_path, env, calls, "desk")
    assert found["tools"] == sorted(approved)
    assert [failed for failed, _ in found["calls"]] == [not approved, True, True]
    assert log.read_text().split() == sorted(approved)
