"""What the desk's areas show and do, from a script: flows, families, changes, gates, dry runs, people."""

from __future__ import annotations

import json

import pytest

from analysis.review.service import Review

TOOLS = {"tools": [{"name": "send_fax", "description": "Sends a fax.", "inputSchema": {"type": "object"}}]}


@pytest.fixture
def fresh(run, source, tmp_path):
    assert run("review", source, "-w", "fresh.clearance").code == 0
    return tmp_path / "fresh.clearance"


def test_flows_say_what_breaks_them(run, fresh, file):
    ran = run("flows", fresh)
    assert "trifecta over tools not blocked: CLOSED" in ran.out
    assert "block 3: listCustomerNotes, listSupportTickets, getSupportTicket" in ran.out
    told = run("flows", fresh, "--json").json
    assert told["exposed"]["closed"]
    assert not told["allowed"]["closed"]
    assert [cut["flow_role"] for cut in told["exposed"]["cuts"]] == ["untrusted content", "way out"]
    assert not run("flows", file, "--json").json["exposed"]["closed"]


def test_a_leg_is_corrected(run, fresh):
    assert run("retag", fresh, "getPlan", "--flow-role", "untrusted", "--reason", "partners write it").code == 0
    lending = run("flows", fresh, "--json").json["lending"]
    assert any(tool.endswith("/plans/{}") for tool in lending["untrusted content"])
    assert run("retag", fresh, "getPlan", "--flow-role", "untrusted", "--absent", "--reason", "no").code == 0
    assert run("flows", fresh, "--json").json["lending"]["untrusted content"] != lending["untrusted content"]


def test_decide_says_what_it_closes_and_breaks(run, fresh):
    every = ["decide", fresh, "--where", "name:listCustomers,sendCustomerMessage,getSupportTicket", "--reason", "x"]
    assert "this closes a trifecta" in run(*every, "--approve", "--dry-run").out
    assert run(*every, "--approve", "--json").json["closes_trifecta"]
    blocked = run("decide", fresh, "--where", "name:sendCustomerMessage", "--block", "--reason", "x")
    assert "this breaks the trifecta" in blocked.out
    assert run("decide", fresh, "--where", "name:nothing", "--block", "--reason", "x", "--json").json["tools"] == []


def test_one_of_a_family_is_kept(run, fresh):
    (family,) = run("duplicates", fresh, "--json").json
    assert family["likeness"] == "version"
    assert {"what": "deprecated", "values": ["no", "yes"]} in family["differences"]
    assert "better kept: getCustomer, for the others are deprecated" in run("duplicates", fresh).out
    done = run("duplicates", fresh, "--keep", "getCustomer", "--reason", "one is enough", "--json").json
    assert done["done"] == "blocked: getCustomerLegacy"
    assert run("duplicates", fresh, "--keep", "getCustomer", "--reason", "again").code == 1
    assert run("duplicates", fresh, "--keep", "listTags", "--reason", "x").code == 1


def test_changes_tell_before_and_after(run, file, tmp_path):
    path = tmp_path / "fax.json"
    path.write_text(json.dumps(TOOLS))
    assert run("import", file, path).code == 0
    assert run("changes", file, "--json").json == []
    path.write_text(json.dumps(TOOLS).replace("send_fax", "send_fax_now").replace('"object"', '"object", "title": "F"'))
    assert run("import", file, path).code == 0
    assert {each["name"]: each["kind"] for each in run("changes", file, "--json").json} == {
        "send_fax": "gone", "send_fax_now": "new"
    }  # fmt: skip
    assert run("changes", file).out.endswith("2 tools differ\n")


def test_gates_are_exit_code_1_while_one_is_open(run, file):
    ran = run("gates", file)
    assert ran.code == 1
    assert "--where 'is:undecided'" in ran.out
    assert "answer cred-store" in ran.out
    told = run("gates", file, "--json").json
    assert [gate["what"] for gate in told if gate["open"]] == ["every tool is decided", "every question is answered"]


def test_open_gates_are_those_of_the_standing(run, file):
    run("profile", file, "L4", "--reason", "x")
    review = Review.open(file, writable=False)
    gates = run("gates", file, "--json").json
    assert sum(gate["open"] for gate in gates) == len(review.summary().open_gates)
    assert "second approver" in gates[-1]["told"]
    assert review.select(gates[-1]["query"])
    review.close()


def test_a_dry_run_writes_nothing_and_names_each_difference(run, file, tree):
    before = tree()
    assert "no earlier export in this folder" in run("export", file, "packet", "--dry-run").out
    assert tree() == before
    assert run("export", file, "packet", "--json").json["open_gates"] != []
    run("decide", file, "--where", "name:listTags", "--block", "--reason", "x")
    run("decide", file, "--where", "name:refundPayment", "--condition", "rate=1", "--reason", "x")
    told = run("export", file, "packet", "--dry-run", "--json").json
    assert {line["name"]: (line["sign"], line["now"]) for line in told["lines"]} == {
        "listTags": ("-", ""), "refundPayment": ("~", "rate=1")
    }  # fmt: skip
    ran = run("export", file, "packet", "--dry-run")
    assert "- listTags  (without conditions)" in ran.out
    assert ran.out.endswith("+0 -1 ~1 against the last export in this folder; 38 of 48 tools allowed\n")


def test_people_are_listed_with_what_they_did(run, file):
    told = run("log", file, "--people", "--json").json
    assert [person["name"] for person in told][:2] == ["a.okafor", "t.moreau"]
    assert told[0]["events"] == sum(count for _, count in told[0]["done"])
    assert "tool.decided" in run("log", file, "--people").out


def test_show_tells_what_surrounds_a_tool(run, fresh):
    ran = run("show", fresh, "getSupportTicket")
    assert "all three legs stand; untrusted content goes when this tool is blocked with 2 other tools" in ran.out
    assert "What a read-only tool calls for" in ran.out
    around = run("show", fresh, "getCustomer", "--json").json["surroundings"]
    assert around["family"]["why"] == "the others are deprecated"
    assert around["required_controls"]["conditions"] == ["audit=every call"]


def test_show_reads_the_schemas_as_a_tree(run, fresh):
    assert "  *email: string(email)" in run("show", fresh, "createCustomer", "--schema").out
    told = run("show", fresh, "createCustomer", "--schema", "--json").json["schema"]
    assert {"depth": 1, "name": "email", "required": True}.items() <= told[3].items()
