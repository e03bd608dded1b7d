"""What was asked for, what documents answer by themselves, and evidence that is looked at again."""

import json

import pytest

from analysis.review.queries.governance import LISTS


@pytest.mark.parametrize("name", LISTS)
def test_every_list_fits_a_narrow_terminal_and_is_counted(run, file, monkeypatch, name):
    monkeypatch.setenv("COLUMNS", "80")
    for more in ([], ["--review", file]):
        ran = run("controls", "--list", name, *more)
        assert ran.out.startswith(f"{LISTS[name]} ({name}), profile ")
        assert max(map(len, ran.out.splitlines())) <= 80
    count = len(run("controls", "--list", name, "--json").json["controls"])
    (row,) = (line for line in run("controls", "--lists").out.splitlines() if line.startswith(f"{name} "))
    assert row.split()[1] == str(count) != "0"


def test_one_question_is_shown_whole(run, file):
    ran = run("controls", "cred-store", "--review", file)
    for part in ("Where are the credentials", "settled by: ", "pci:4.0.1/8.6.2", "state: unanswered"):
        assert part in ran.out
    assert run("controls", "cred-store", "--json").json["min_level"] == "E3"
    assert "did you mean cred-store?" in run("controls", "cred-stor").err
    assert run("controls", "cred-store", "--lists").code == 2


def test_the_answers_of_a_list_are_counted(run, file):
    assert "profile L1: 16 questions, each asked once, 14 answered" in run("controls", "--lists", "--review", file).out


def test_a_proposal_is_accepted_with_its_extract_as_evidence(run, file):
    proposed = run("answer", file, "--propose", "--json").json["cred-scope"]
    ran = run("answer", file, "cred-scope", "--accept")
    assert "it counts as claimed: evidence of level E3 or better" in ran.out
    told = run("answer", file, "cred-scope", "--json").json
    (proof,) = told["answer"]["evidence"]
    assert (proof["level"], proof["where"], proof["sha256"]) == (
        "E2", proposed["evidence"]["where"], proposed["evidence"]["sha256"],
    )  # fmt: skip
    assert told["answer"]["text"] == proposed["text"]
    run("answer", file, "inv-data", "--accept", "--text", "In my own words.")
    assert run("answer", file, "inv-data", "--json").json["answer"]["text"] == "In my own words."
    assert run("undo", file).code == 0
    assert run("answer", file, "inv-data", "--json").json["answer"] is None


def test_recorded_calls_answer_with_a_log_sample(run, file, tmp_path):
    call = {"user": "a", "agent": "b", "tool": "listPlans", "arguments": {}, "time": "2026-03-03T10:00:00Z"}
    (tmp_path / "calls.jsonl").write_text(json.dumps(call))
    assert run("answer", file, "log-fields", "--accept").code == 2
    assert run("answer", file, "log-fields", "--accept", "--traffic", "calls.jsonl").code == 0
    told = run("answer", file, "log-fields", "--json").json
    assert (told["state"], told["answer"]["evidence"][0]["level"]) == ("evidenced", "E3")


@pytest.mark.parametrize(
    "wrong", [[], ["appr-who"], ["inv-tools", "--state", "claimed"], ["inv-tools", "--level", "E2"], ["--propose"]]
)
def test_what_is_no_proposal_is_not_accepted(run, file, tree, wrong):
    before = tree()
    assert run("answer", file, *wrong, "--accept").code == 2
    assert tree() == before


def test_a_file_that_is_no_longer_what_was_seen_is_told(run, file, tmp_path):
    proofs = tmp_path / "proofs"
    proofs.mkdir()
    (proofs / "log.json").write_text("{}")
    given = ["--state", "evidenced", "--text", "x", "--file", proofs / "log.json", "--level", "E3"]
    assert run("answer", file, "log-config", *given).code == 0
    assert run("evidence", file, proofs).code == 0
    (proofs / "log.json").write_text("{ }")
    assert run("evidence", file).code == 0
    ran = run("evidence", file, proofs)
    assert ran.code == 1
    assert "log.json" in ran.err
    rows = {row["control"]: row["holds"] for row in run("evidence", file, proofs, "--json").json}
    assert (rows["log-config"], rows["gov-ir"]) == ("changed", "yes")
    (proofs / "log.json").unlink()
    assert run("evidence", file, proofs).code == 0


def test_evidence_that_ended_makes_a_claim_again(run, file):
    given = ["--state", "evidenced", "--text", "x", "--evidence", "E3: Export | REC-1", "--valid-until"]
    run("answer", file, "log-config", *given, "2026-03-31")
    assert run("answer", file, "log-config", "--json").json["state"] == "claimed"
    rows = {row["control"]: row["holds"] for row in run("evidence", file, "--json").json}
    assert rows["log-config"] == "ended"
    assert "1 that do not hold" in run("evidence", file).out


def test_what_was_asked_for_is_recorded_shown_and_held_against_the_sources(run, file, tmp_path):
    assert run("intake", file, "--json").json == {
        "contradicted": [], "intake": {"data": [], "owner": "", "purpose": "", "server": "", "writes": ""},
    }  # fmt: skip
    given = ["--owner", "Support, M. Roe", "--purpose", "refunds", "--server", "crm", "--data", "personal"]
    ran = run("intake", file, *given, "--writes", "no")
    assert ran.code == 0
    assert "it is said not to write, and " in ran.out
    assert "classes of data that live tools touch and nobody named: " in ran.out
    run("intake", file, "--writes", "yes")
    told = run("intake", file, "--json").json
    assert (told["intake"]["owner"], told["intake"]["writes"]) == ("Support, M. Roe", "yes")
    assert len(told["contradicted"]) == 1
    assert "gave the intake: yes" not in run("log", file).out
    assert "gave the intake: refunds" in run("log", file).out
    assert run("status", file, "--json").json["score"] == 85
    run("export", file, "packet")
    assert json.loads((tmp_path / "packet" / "review.json").read_bytes())["intake"]["server"] == "crm"
    assert "Access request" in (tmp_path / "packet" / "review.md").read_text("utf-8")
    run("undo", file)
    assert run("intake", file, "--json").json["intake"]["writes"] == "no"


def test_show_says_what_the_type_of_a_tool_calls_for(run, file):
    ran = run("show", file, "refundPayment")
    assert "What a billing tool calls for" in ran.out
    assert "if approval=two persons" in ran.out
    assert "appr-flow     evidenced, wants E3" in ran.out
    called = run("show", file, "listPlans", "--json").json["called_for"]
    assert called == {
        "conditions": ["audit=every call"],
        "questions": {"comp-min": "", "cred-scope": "", "log-config": ""},
    }


def test_a_finding_is_shown_with_what_was_said_of_it(run, file):
    identity = "EXP-001|customer-management-api:DELETE /customers/{}|"
    run("note", file, identity, "asked the owner")
    run("note", file, identity, "answers on Friday", "--actor", "bob")
    ran = run("show", file, identity)
    for part in ("on: deleteCustomer", "what to do: ", "status: open", "asked the owner", "bob: answers on Friday"):
        assert part in ran.out
    accept = ["--status", "accepted", "--reason", "pilot", "--owner", "H. Field", "--until", "2026-03-31"]
    run("dispose", file, "--finding", identity, *accept)
    told = run("show", file, identity, "--json").json
    assert (told["came_back"], told["disposition"]["owner"]) == ("it ended on 2026-03-31", "H. Field")
    assert len(told["notes"]) == 2
