"""`clearance log`, `undo`, `redo`."""

import json


def test_the_log_lists_every_event_in_order(run, file):
    entries = run("log", file, "--json").json
    assert [entry["seq"] for entry in entries] == list(range(1, len(entries) + 1))
    assert [json.loads(entry["body"])["actor"] for entry in entries] == [entry["actor"] for entry in entries]
    lines = run("log", file).out.splitlines()
    assert len(lines) == len(entries)
    assert lines[0].startswith("2026-03-02T09:00:00Z  m.lindqvist ")
    assert all(
        entry["sentence"] in line for entry, line in zip(entries, lines, strict=True) if entry["sentence"].isascii()
    )


def test_note_undo_and_redo(run, file):
    assert run("note", file, "listTags", "ask the owner").out == "noted\n"
    assert "ask the owner" in run("show", file, "listTags").out
    assert run("undo", file, "--json").json["done"].startswith("undone")
    assert "ask the owner" not in run("show", file, "listTags").out.partition("History")[0]
    assert run("redo", file).code == 0
    assert run("undo", file, "--actor", "someone-else").code == 1


def test_the_log_is_filtered(run, file):
    every = run("log", file, "--json").json
    some = run("log", file, "--kind", "tool.decided", "--json").json
    assert 0 < len(some) < len(every)
    assert {entry["kind"] for entry in some} == {"tool.decided"}
    assert run("log", file, "--by", "someone-else").out == ""
    assert run("log", file, "--since", "2999").out == ""


def test_people_are_listed_with_their_events(run, file):
    report = run("log", file, "--people", "--json").json
    assert [person["name"] for person in report][:2] == ["a.okafor", "t.moreau"]
    assert report[0]["events"] == sum(count for _, count in report[0]["done"])
    assert "tool.decided" in run("log", file, "--people").out
