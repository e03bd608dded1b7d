"""`clearance names`, and the section of a tool's page."""

import json

import pytest

from analysis.review.packets import generator_names
from tests.fixtures.api_documents import document, op

PATHS = {"/a": {"delete": op("purge-user")}, "/b": {"get": op("purge_user")}, "/c": {"get": op("keep")}}


@pytest.fixture
def review(run, tmp_path):
    """A review of three operations, two of which want one name; the first is blocked, the second approved."""
    (tmp_path / "crm.json").write_text(json.dumps(document(PATHS)))
    assert run("import", "crm.clearance", "crm.json").code == 0
    assert run("decide", "crm.clearance", "--where", "path:/b", "--approve", "--reason", "needed").code == 0
    assert run("decide", "crm.clearance", "--where", "path:/a", "--block", "--reason", "never").code == 0
    return "crm.clearance"


def by_path(found):
    return {entry["id"].partition(":")[2]: entry for entry in found}


def test_a_moved_name_is_listed_with_the_operation_it_denoted(run, review):
    found = by_path(run("names", review, "--generator", "fastmcp@4.2.3", "--json").json)
    assert found["GET /b"]["name"] == "purge_user"
    assert found["GET /b"]["problems"] == ["moved"]
    assert found["GET /b"]["other"].endswith("DELETE /a")
    assert (found["DELETE /a"]["name"], found["DELETE /a"]["exposed"]) == ("purge_user", False)
    assert found["GET /c"]["problems"] == []


def test_text_and_only_problems(run, review):
    ran = run("names", review, "--problems")
    assert "purge_user  [moved]  was " in ran.out
    assert "GET /c" not in ran.out
    assert "3 operations, " in ran.out
    assert "GET /c" in run("names", review).out


def test_an_unknown_version_is_a_usage_error(run, review):
    ran = run("names", review, "--generator", "fastmcp@9.9.9")
    assert ran.code == 2
    assert "fastmcp@4.2.3" in ran.err


def test_the_page_shows_names_with_problems_alone(run, review):
    shown = run("show", review, "purge_user").out
    assert "Names at generators" in shown
    assert "purge_user  moved (in the whole document: " in shown
    assert "Names at generators" not in run("show", review, "keep").out


def test_the_page_of_an_undecided_tool_shows_what_approving_it_would_do(run, review):
    assert run("decide", review, "--where", "path:/b", "--clear", "--reason", "again").code == 0
    assert "purge_user  moved (in the whole document: " in run("show", review, "purge_user").out


def test_a_large_document_is_not_read_for_a_page_and_the_page_says_so(run, review, monkeypatch):
    monkeypatch.setattr(generator_names, "MAX_JSON", 10)
    assert "clearance names FILE --problems" in run("show", review, "keep").out


def test_sources_without_a_document_have_no_such_names(run, tmp_path):
    tools = {"tools": [{"name": "send", "inputSchema": {"type": "object"}}]}
    (tmp_path / "desk.json").write_text(json.dumps(tools))
    assert run("import", "desk.clearance", "desk.json").code == 0
    assert run("names", "desk.clearance", "--json").json == []
    assert "Names at generators" not in run("show", "desk.clearance", "send").out
