"""Exporters with a fault: each fault is one that a consumer reads as more, or as other tools, and a check sees it."""

import copy
import json

import pytest
import yaml

from analysis.ingest import read
from analysis.output.allowlist.targets import litellm, openapi
from tests.fixtures.api_documents import document, op
from tests.fixtures.target_inputs import api_input, server_input

ALL = {"sendMail": "allow", "readMail": "allow", "dropMail": "block"}
APPROVED = {"sendMail", "readMail"}
PATHS = {"/mail": {"get": op("readMail"), "post": op("sendMail"), "delete": op("dropMail")}}


def offered(server, names=frozenset(ALL)):
    """Return the tools that the LiteLLM proxy runs, as it was measured: exact names, empty and double lists open all."""
    allowed = server.get("allowed_tools") or []
    if server.get("disallowed_tools"):
        return set(names)
    if not allowed:
        return set() if server.get("mcp_info", {}).get("tool_allowlist_enforced") else set(names)
    return {name for name in names if name in allowed or f"desk-{name}" in allowed}


def empty(server):
    server["allowed_tools"] = []


def not_enforced(server):
    server["allowed_tools"] = []
    server["mcp_info"] = {}


def wrong_case(server):
    server["allowed_tools"] = [name.lower() for name in server["allowed_tools"]]


def prefixed(server):
    server["allowed_tools"] = [f"mcp__desk__{name}" for name in server["allowed_tools"]]


def both_lists(server):
    server["disallowed_tools"] = ["dropMail"]


def one_more(server):
    server["allowed_tools"] = [*server["allowed_tools"], "dropMail"]


MUTANTS = [empty, not_enforced, wrong_case, prefixed, both_lists, one_more]


@pytest.mark.parametrize("mutate", MUTANTS, ids=lambda mutate: mutate.__name__)
def test_a_faulty_list_is_seen(mutate):
    config = yaml.safe_load(litellm.render(server_input(ALL)).files["config.yaml"])
    server = config["mcp_servers"]["desk"]
    assert offered(server) == APPROVED
    changed = copy.deepcopy(server)
    mutate(changed)
    assert offered(changed) != APPROVED


def test_an_empty_set_opens_nothing_and_would_without_the_flag():
    config = yaml.safe_load(litellm.render(server_input(dict.fromkeys(ALL, "block"))).files["config.yaml"])
    server = config["mcp_servers"]["desk"]
    assert offered(server) == set()
    not_enforced(server)
    assert offered(server) == set(ALL)


def whole_path(made):
    made["paths"]["/mail"] = PATHS["/mail"]


def other_case(made):
    made["paths"]["/mail"] = {key.upper(): value for key, value in made["paths"]["/mail"].items()}


def no_paths(made):
    made["paths"] = {}


def renamed_path(made):
    made["paths"] = {"/Mail": made["paths"]["/mail"]}


@pytest.mark.parametrize("mutate", [whole_path, other_case, no_paths, renamed_path], ids=lambda mutate: mutate.__name__)
def test_a_faulty_document_is_seen(mutate):
    approved = {("GET", "/mail"), ("POST", "/mail")}
    made = json.loads(openapi.render(api_input(document(PATHS), approved)).files["crm.openapi.json"])
    assert {(tool.method, tool.path) for tool in read(json.dumps(made).encode()).inventory.tools} == approved
    mutate(made)
    assert {(tool.method, tool.path) for tool in read(json.dumps(made).encode()).inventory.tools} != approved
