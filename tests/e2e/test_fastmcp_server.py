"""The exported FastMCP program: offered = approved, and a blocked call never reaches the service."""

from __future__ import annotations

import json
import subprocess

import pytest

from analysis.output.allowlist.targets import fastmcp
from tests.e2e.installed import installed
from tests.e2e.serving import free_port, logging_api, running, session
from tests.fixtures.api_documents import document, op
from tests.fixtures.target_inputs import api_input, server_input

pytestmark = pytest.mark.e2e

PROGRAM = "fastmcp-4.2"
PATHS = {
    "/customers": {"get": op("list-customers"), "post": op("list_customers")},
    "/customers/{id}": {
        "get": op("getCustomer", parameters=[{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}]),
        "delete": op("deleteCustomer", parameters=[{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}]),
    },
}  # fmt: skip
CALLER = {"x-api-key": "planted", "authorization": "Bearer planted", "x-forwarded-for": "10.1.1.1"}


def written(export, folder):
    for name, data in export.files.items():
        (folder / name).write_bytes(data)
    return folder


def served(export, source, url, folder, calls, env=None):
    """Return what the exported program offers and answers on HTTP."""
    port = free_port()
    program = ["python", str(written(export, folder) / "server.py"), source, url, "--port", str(port)]
    with running(PROGRAM, program, port, folder, env):
        return session(PROGRAM, f"http://127.0.0.1:{port}/mcp", CALLER, calls)


@pytest.mark.parametrize("blocked", [("GET", "/customers"), ("POST", "/customers")])
def test_an_api_whichever_of_a_pair_is_blocked(tmp_path, blocked):
    approved = {("GET", "/customers"), ("POST", "/customers"), ("GET", "/customers/{id}")} - {blocked}
    export = fastmcp.render(api_input(document(PATHS), approved))
    offered = {
        each["name"]: (each["method"], each["path"])
        for each in json.loads(export.files["approved.json"])["openapi"]["crm"]["operations"]
    }
    calls = [["list_customers", {}], ["getCustomer", {"id": "7"}], ["deleteCustomer", {"id": "7"}]]
    with logging_api() as (url, log):
        found = served(export, "crm", url, tmp_path, calls, {"UPSTREAM_AUTHORIZATION": "Bearer own"})
    assert sorted(found["tools"]) == sorted(offered)
    assert (found["resources"], found["prompts"], found["resource_templates"]) == (0, 0, 0)
    # With GET blocked, its name would go to POST: the tool is left out, and the name is nobody's.
    assert ("list_customers" in offered) == (blocked == ("POST", "/customers"))
    assert [failed for failed, _ in found["calls"]] == ["list_customers" not in offered, False, True]
    assert [(method, path) for method, path, _ in log] == [
        *([("GET", "/customers")] if "list_customers" in offered else []), ("GET", "/customers/7"),
    ]  # fmt: skip
    assert {headers.get("authorization") for _, _, headers in log} == {"Bearer own"}
    assert not [
        headers for _, _, headers in log if "planted" in json.dumps(headers) or "10.1.1.1" in json.dumps(headers)
    ]


def test_nothing_approved_offers_nothing(tmp_path):
    with logging_api() as (url, log):
        found = served(
            fastmcp.render(api_input(document(PATHS), set())), "crm", url, tmp_path, [["list_customers", {}]]
        )
    assert found["tools"] == []
    assert found["calls"][0][0]
    assert log == []


@pytest.mark.parametrize("approved", [{"send"}, set()])
def test_an_mcp_server(tmp_path, approved):
    tools = {name: "allow" if name in approved else "block" for name in ("send", "Send", "drop")}
    upstream, log = free_port(), tmp_path / "calls.log"
    log.touch()
    driver = __file__.replace("test_fastmcp_server.py", "drivers/mcp_upstream.py")
    with running(PROGRAM, ["python", driver, str(upstream), str(log)], upstream, tmp_path):
        url = f"http://127.0.0.1:{upstream}/mcp"
        calls = [["send", {}], ["Send", {}], ["drop", {}], ["send ", {}]]
        found = served(fastmcp.render(server_input(tools)), "desk", url, tmp_path, calls)
    assert found["tools"] == sorted(approved)
    assert (found["resources"], found["prompts"], found["resource_templates"]) == (0, 0, 0)
    assert [failed for failed, _ in found["calls"]] == [not approved, True, True, True]
    assert log.read_text().split() == sorted(approved)


def test_it_does_not_serve_what_differs_from_what_was_approved(tmp_path):
    export = fastmcp.render(api_input(document(PATHS), {("GET", "/customers/{id}")}))
    whole = json.dumps(document(PATHS)).encode()
    written(export, tmp_path)
    (tmp_path / "crm.openapi.json").write_bytes(whole)  # still restricted, by method and path
    approved = json.loads((tmp_path / "approved.json").read_text())
    approved["openapi"]["crm"]["operations"][0]["name"] = "get_customer"
    (tmp_path / "approved.json").write_text(json.dumps(approved))
    python = installed(PROGRAM) / "bin" / "python"
    ended = subprocess.run([str(python), "server.py", "crm", "http://127.0.0.1:9"], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)  # fmt: skip
    assert ended.returncode == 1
    assert "not served: what is offered is not what was approved" in ended.stderr
