"""`clearance merge`, `conflicts`, `settle`, `share`, `team`, `log --verify`: several people on copies of one review."""

import json
import os
import shutil
import sqlite3
import stat

import pytest

from analysis.workspace import replicas
from tests.fixtures.hostile_events import append_as


@pytest.fixture
def two(run, spec, tmp_path):
    """A review of two tools, and Bob's copy of it."""
    source = spec({"GET /things": {"operationId": "listThings"}, "DELETE /things": {"operationId": "wipe"}})
    own = tmp_path / "own.clearance"
    assert run("review", source, "-w", own, "--no-desk").code == 0
    return own, shutil.copy(own, tmp_path / "bob.clearance")


def decide(run, file, name, how, reason, actor):
    done = run("decide", file, "--where", f"name:{name}", how, "--reason", reason, "--actor", actor)
    assert done.code == 0, done.err


def test_a_merge_says_first_what_it_would_take_in_and_reads_the_other_file_only(run, two, tree):
    own, bob = two
    decide(run, bob, "listThings", "--approve", "reads", "bob")
    before = tree()
    said = run("merge", own, bob, "--dry-run")
    assert (said.code, said.out) == (0, "would take in: 1 new event: bob 1\n")
    assert tree() == before
    held = bob.read_bytes()
    assert run("merge", own, bob).out == "merged: 1 new event: bob 1\n"
    assert run("merge", own, bob).out == "merged: nothing new: this copy has every event of the others\n"
    assert bob.read_bytes() == held
    assert run("status", own, "--json").json["counts"]["decision"]["approved"] == 1
    assert "from another copy: 1 decision by bob, none of them proven\n" in run("status", own).out


@pytest.mark.usefixtures("everyone_signs")
def test_two_who_agree_for_different_reasons_agree(run, two):
    own, bob = two
    decide(run, own, "listThings", "--approve", "reads only", "ann")
    decide(run, bob, "listThings", "--approve", "harmless", "bob")
    report = run("merge", own, bob, "--json").json
    assert (report["new"], report["conflicts"], report["people"]) == (1, [], {"bob": 1})
    assert run("conflicts", own).code == 0


@pytest.mark.usefixtures("everyone_signs")
def test_a_conflict_shows_both_sides_and_is_settled_by_one_event(run, two):
    own, bob = two
    decide(run, own, "wipe", "--block", "not for agents", "ann")
    decide(run, bob, "wipe", "--approve", "needed at night", "bob")
    assert "1 new conflicts" in run("merge", own, bob).out
    shown = run("conflicts", own)
    assert shown.code == 1
    assert all(part in shown.out for part in ("decision of wipe", "ann", "not for agents", "bob", "needed at night"))
    assert "clearance settle FILE ID" in shown.err
    (conflict,) = run("conflicts", own, "--json").json
    side = next(each for each in conflict["sides"] if each["actor"] == "ann")
    before = len(run("log", own, "--json").json)
    assert run("settle", own, side["id"][:10], "--reason", "agreed with bob", "--actor", "cleo").out.startswith(
        "settled:"
    )
    assert len(run("log", own, "--json").json) == before + 1
    assert run("conflicts", own, "--json").json == []
    assert run("merge", bob, own).code == 0
    assert run("status", bob, "--json").json["counts"]["decision"]["blocked"] == 1
    assert run("settle", own, side["id"], "--reason", "again").code == 2
    assert run("settle", own, side["id"], "--reason", " ").code == 2


def test_another_review_is_not_merged(run, two, spec, tmp_path):
    other = tmp_path / "other.clearance"
    assert run("review", spec(name="other.json"), "-w", other, "--no-desk").code == 0
    refused = run("merge", two[0], other)
    assert refused.code == 4
    assert "another review" in refused.err
    assert "precedent" in refused.err


@pytest.mark.parametrize("make", ["link", "pipe", "nothing", "text", "journal"])
def test_what_is_no_review_file_is_refused_in_words(run, two, tmp_path, make):
    own, bob = two
    odd = tmp_path / "odd.clearance"
    if make == "link":
        odd.symlink_to(bob)
    elif make == "pipe":
        os.mkfifo(odd)
    elif make == "text":
        odd.write_text("hello")
    elif make == "journal":
        shutil.copy(bob, odd)
        (tmp_path / "odd.clearance-journal").write_bytes(b"\x00" * 512)
    refused = run("merge", own, odd)
    assert refused.code == (3 if make == "nothing" else 4)
    assert "next: " in refused.err
    assert "odd.clearance" in refused.err
    assert "/tmp/clearance-" not in refused.err


def test_two_imports_of_one_source_are_a_gate_until_it_is_imported_again(run, two, spec):
    own, bob = two
    run("import", own, spec({"GET /things": {"operationId": "listThings", "summary": "ours"}}), "--as", "things")
    run("import", bob, spec({"GET /things": {"operationId": "listThings", "summary": "theirs"}}), "--as", "things")
    merged = run("merge", own, bob, "--json").json
    assert merged["contested_sources"] == ["things"]
    gates = {gate["id"]: gate["open"] for gate in run("gates", own, "--json").json}
    assert gates["one-import"]
    run("import", own, spec({"GET /things": {"operationId": "listThings", "summary": "agreed"}}), "--as", "things")
    assert "one-import" not in {gate["id"] for gate in run("gates", own, "--json").json}


def content(**fields):
    base = {
        "v": 1,
        "actor": "eve",
        "at": "2026-03-02T09:00:00Z",
        "kind": "note.written",
        "key": "note/review#1",
        "replaces": [],
    }
    return base | {"data": {"text": "no subject"}} | fields


def test_an_event_that_makes_no_sense_is_listed_and_left_aside_by_a_person(run, two):
    own, bob = two
    append_as(bob, "e" * 32, [content(), content(kind="tool.blessed", key="tool/x/blessing")])
    merged = run("merge", own, bob)
    assert merged.out.count("set aside: event ") == 2
    report = run("status", own, "--json").json
    assert [(each["why"], each["newer"], each["settled"]) for each in report["set_aside"]] == [
        ("its subject is missing", False, False),
        ("its kind 'tool.blessed' is not known to this version", True, False),
    ]
    assert "its subject is missing" in run("status", own).out
    assert "understood" in {gate["id"] for gate in run("gates", own, "--json").json if gate["open"]}
    for each in report["set_aside"]:
        assert run("settle", own, each["id"], "--reason", "asked eve").out.startswith("left aside: an event by eve")
    assert "understood" not in {gate["id"] for gate in run("gates", own, "--json").json if gate["open"]}
    assert all(each["settled"] for each in run("status", own, "--json").json["set_aside"])
    assert "asked eve" in run("log", own).out


def test_a_decision_that_makes_no_sense_is_settled_by_a_new_decision_only(run, two):
    own, _ = two
    (tool,) = [each for each in run("tools", own, "--json").json if each["name"] == "wipe"]
    append_as(
        own, "e" * 32, [content(kind="tool.decided", key=f"tool/{tool['id']}/decision", data={"exposure": "maybe"})]
    )
    (aside,) = run("status", own, "--json").json["set_aside"]
    assert run("settle", own, aside["id"], "--reason", "x").code == 1
    decide(run, own, "wipe", "--block", "no", "ann")
    assert run("status", own, "--json").json["set_aside"][0]["settled"]


def test_an_event_that_cannot_be_read_stays_with_its_sender(run, two):
    own, bob = two
    append_as(bob, "e" * 32, [content(actor=5), content(data={"subject": "review", "text": "after"})])
    assert run("status", bob, "--json").json["set_aside"][0]["why"] == "its 'actor' has the wrong type"
    merged = run("merge", own, bob)
    assert "left out: 2 events" in merged.out
    assert len(run("log", own, "--json").json) == 2


def test_a_forked_replica_is_kept_in_quarantine(run, two, tmp_path):
    own, _ = two
    decide(run, own, "listThings", "--approve", "a", "ann")
    clone = shutil.copy(own, tmp_path / "clone.clearance")
    replicas.remember(clone, replicas.card_of(own))  # a machine that was copied as a whole
    decide(run, own, "wipe", "--block", "here", "ann")
    decide(run, clone, "wipe", "--approve", "there", "ann")
    merged = run("merge", own, clone)
    assert "fork: two programs wrote as replica" in merged.out
    shown = run("conflicts", own).out
    assert "here" in shown
    assert "there" in shown
    assert run("team", own, "--json").json["forks"][0][1] == 1
    assert run("merge", own, clone).out.startswith("merged: nothing new")
    assert run("merge", clone, own).code == 0
    assert run("merge", own, clone).out.startswith("merged: nothing new")
    assert run("log", own, "--verify").code == 0


def test_a_shared_copy_is_whole_private_and_replaces_nothing(run, two, tmp_path):
    own, _ = two
    decide(run, own, "listThings", "--approve", "a", "ann")
    out = tmp_path / "caf\udce9.clearance"
    assert run("share", own, out).code == 0
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert [each["id"] for each in run("log", out, "--json").json] == [
        each["id"] for each in run("log", own, "--json").json
    ]
    held = out.read_bytes()
    assert run("share", own, out).code == 4
    assert out.read_bytes() == held
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_the_team_shows_people_copies_and_wrong_clocks(run, two):
    own, bob = two
    decide(run, bob, "listThings", "--approve", "a", "bob")
    append_as(bob, "e" * 32, [content(at="2999-01-01T00:00:00Z", data={"subject": "review", "text": "later"})])
    run("merge", own, bob)
    report = run("team", own, "--json").json
    members = {each["name"]: each for each in report["members"]}
    assert members["bob"]["decided"] == 1
    assert members["eve"]["clock"] == "1 events dated in the future"
    assert report["undecided"] == 1
    assert "eve" in run("team", own).out
    assert run("status", own, "--json").json["as_of"] < "2999"


def test_chains_are_verified_and_the_first_broken_event_is_named(run, two):
    own, _ = two
    decide(run, own, "listThings", "--approve", "reads", "ann")
    report = run("log", own, "--verify", "--json").json
    assert [each["seq"] for each in report["chains"]] == [3]
    assert "3 events in 1 whole chains" in run("log", own, "--verify").out
    connection = sqlite3.connect(own, isolation_level=None)
    (trigger,) = connection.execute("SELECT sql FROM sqlite_schema WHERE name = 'events_no_update'").fetchone()
    connection.execute("DROP TRIGGER events_no_update")
    connection.execute("UPDATE events SET body = replace(body, 'reads', 'wipes') WHERE seq = 3")
    connection.execute(trigger)
    connection.close()
    refused = run("log", own, "--verify")
    assert refused.code == 4
    assert "event 3 of replica " in refused.err


def test_every_command_of_a_team_speaks_json(run, two):
    own, bob = two
    for command in (["merge", own, bob, "--dry-run"], ["conflicts", own], ["team", own], ["log", own, "--verify"]):
        assert json.dumps(run(*command, "--json").json)


def test_in_a_review_of_several_people_a_mailed_approval_is_only_claimed(run, two):
    own, bob = two
    decide(run, own, "wipe", "--block", "not for agents", "ann")
    decide(run, bob, "listThings", "--approve", "reads", "bob")
    said = run("merge", own, bob)
    assert "1 tools are approved by claimed events only" in said.out
    status = run("status", own)
    assert "from another copy: 1 decision by bob, none of them proven" in status.out
    assert "open: 1 tools are approved by claimed events only" in status.out
    counts = run("status", own, "--json").json["counts"]["decision"]
    assert (counts["approved"], counts["undecided"], counts["blocked"]) == (0, 1, 1)
    assert [tool["name"] for tool in run("tools", own, "--where", "is:claimed", "--json").json] == ["listThings"]
    assert "claimed: no signature proves them, 1 wait for a signature" in run("team", own).out
    gates = {gate["id"]: gate["open"] for gate in run("status", own, "--json").json["gates"]}
    assert gates["proven"]
    assert any(each["check"] == "who recorded events" for each in run("status", own, "--json").json["not_checked"])
    decide(run, bob, "listThings", "--block", "after all", "bob")
    run("merge", own, bob)
    assert run("status", own, "--json").json["counts"]["decision"]["blocked"] == 2
