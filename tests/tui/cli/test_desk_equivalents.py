"""What the desk does, from a script: the same events, and the same pages as text."""

from __future__ import annotations

import pytest

from analysis.review.service import Review


def events(path):
    review = Review.open(path, writable=False)
    try:
        return [(event.kind, event.data) for event in review._store.events[-1:]]
    finally:
        review.close()


@pytest.mark.parametrize(
    ("command", "kind", "data"),
    [
        (["retag", "@", "listTags", "--risk", "high"], "tool.retagged", {"value": "high", "reason": ""}),
        (
            ["retag", "@", "listTags", "--type", "billing", "--reason", "x"],
            "tool.retagged",
            {"value": "billing", "reason": "x"},
        ),
        (
            ["view", "@", "Money first", "class:billing"],
            "view.saved",
            {"name": "Money first", "query": "class:billing"},
        ),
        (
            [
                "dispose",
                "@",
                "--rule",
                "EXP-001",
                "--status",
                "false-positive",
                "--code",
                "not-present",
                "--reason",
                "x",
            ],
            "finding.disposed",
            {"status": "false-positive", "code": "not-present", "reason": "x"},
        ),
    ],
)
def test_it_is_recorded_as_the_desk_records_it(run, file, command, kind, data):
    assert run(*[file if word == "@" else word for word in command]).code == 0
    assert events(file) == [(kind, data)]


def test_note_undo_and_redo(run, file):
    assert run("note", file, "listTags", "ask the owner").out == "noted\n"
    assert "ask the owner" in run("show", file, "listTags").out
    assert run("undo", file, "--json").json["done"].startswith("undone")
    assert "ask the owner" not in run("show", file, "listTags").out.partition("History")[0]
    assert run("redo", file).code == 0
    assert run("undo", file, "--actor", "nobody").code == 1


def test_tools_are_searched_by_the_language_of_the_desk(run, file):
    ran = run("tools", file, "--where", "risk:high is:undecided", "--json")
    assert [tool["name"] for tool in ran.json] == ["deleteCustomer"]
    assert "1 of 48 tools" in run("tools", file, "--where", "risk:high is:undecided").out


def test_a_saved_view_is_used_by_its_name(run, file):
    run("view", file, "money", "class:billing")
    names = {tool["name"] for tool in run("tools", file, "--view", "money", "--json").json}
    assert names == {"refundPayment", "chargePaymentMethod", "issuePayout"}
    assert run("views", file, "--json").json == [{"name": "money", "query": "class:billing", "tools": 3}]
    run("view", file, "money", "")
    assert "no saved views" in run("views", file).out


def test_show_is_the_page_of_the_desk(run, file):
    ran = run("show", file, "deleteCustomer", "--definition")
    for part in ("HIGH risk", "Why", "Inputs", "Text a model reads", "operationId: deleteCustomer"):
        assert part in ran.out
    assert run("show", file, "deleteCustomer", "--json").json["name"] == "deleteCustomer"


def test_a_mistyped_tool_is_answered_with_the_nearest(run, file):
    assert "did you mean deleteCustomer?" in run("show", file, "deleteCustomr").err


def test_findings_are_listed_and_narrowed(run, file):
    every = run("findings", file, "--json").json
    some = run("findings", file, "--where", "name:deleteCustomer", "--json").json
    assert 0 < len(some) < len(every)
    assert all(found["status"] == "open" for found in run("findings", file, "--status", "open", "--json").json)


def test_the_log_is_narrowed(run, file):
    every = run("log", file, "--json").json
    some = run("log", file, "--kind", "tool.decided", "--json").json
    assert 0 < len(some) < len(every)
    assert {entry["kind"] for entry in some} == {"tool.decided"}
    assert run("log", file, "--by", "nobody").out == ""
    assert run("log", file, "--since", "2999").out == ""


def test_keys_are_published_with_the_names_of_their_actions(run):
    from tui.desk.shell.keys import KEYS

    listed = run("keys", "--json").json
    assert [entry["action"] for entry in listed] == [key.action for key in KEYS]
    assert "approve" in run("keys").out


def test_a_faulty_file_of_keys_is_told_with_its_line(run, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "clearance").mkdir()
    (tmp_path / "clearance" / "keys.toml").write_text('[keys]\naprove = "y"\n')
    ran = run("keys")
    assert ran.code == 2
    assert "line 2" in ran.err
    assert "did you mean approve?" in ran.err
