"""`clearance traffic`: recorded calls against the decisions of the sample review."""

import json

import pytest

from tui.cli import run

WHOLE = {"user": "alice", "agent": "bot", "arguments": {}, "time": "2026-03-03T10:00:00Z", "outcome": "ok"}


@pytest.fixture
def check(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(["demo", "--no-desk", "--workspace", "r.clearance"]) == 0

    def checking(*records):
        (tmp_path / "audit.jsonl").write_text("\n".join(json.dumps(record) for record in records))
        capsys.readouterr()
        code = run(["traffic", "r.clearance", "audit.jsonl", "--json"])
        return code, json.loads(capsys.readouterr().out)

    return checking


def test_allowed_calls_recorded_in_full_are_clean(check):
    code, shown = check(WHOLE | {"tool": "listTags"}, WHOLE | {"tool": "listPlans"})
    assert (code, shown["clean"], shown["traffic"]["calls"]) == (0, True, 2)


@pytest.mark.repeats
@pytest.mark.parametrize(
    ("record", "where"),
    [
        ({"tool": "deleteCustomer"}, "tools"),
        ({"tool": "issuePayout"}, "tools"),
        ({"tool": "wipeEverything"}, "unknown"),
    ],
)
def test_calls_without_an_approval_are_found(check, record, where):
    code, shown = check(WHOLE | record)
    assert (code, shown["clean"]) == (1, False)
    (found,) = shown["traffic"][where]
    assert found["users"] == [["alice", 1]]


def test_missing_fields_are_counted_and_secrets_are_not_kept(check):
    code, shown = check({"tool": "listTags", "arguments": {"password": "hunter2"}})
    missing_fields = dict(shown["traffic"]["missing_fields"])
    assert code == 1
    assert {field for field, count in missing_fields.items() if count} >= {"user", "agent", "time", "outcome"}
    assert "hunter2" not in json.dumps(shown)


def test_a_file_that_is_not_a_log_is_refused(check, tmp_path, capsys):
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    capsys.readouterr()
    assert run(["traffic", "r.clearance", "picture.png"]) == 3
    assert capsys.readouterr().err.startswith("error:")
