"""`clearance controls`, `answer`, `profile`, `policy`: what the desk can say of governance, said from a script."""

import hashlib
import json
from pathlib import Path

import pytest

POLICY = Path(__file__).parents[3] / "sample_data" / "policy.yaml"


def test_all_questions_are_listed(run):
    ran = run("controls")
    assert ran.code == 0
    assert "54 questions, 25 points" in ran.out
    told = run("controls", "--json").json
    assert len(told["controls"]) == 54
    assert {"owasp-mcp", "nist-800-53"} <= {s["key"] for s in told["standards"]}
    assert all("state" not in c for c in told["controls"])


@pytest.mark.parametrize(
    ("options", "count"),
    [(["--profile", "L1"], 16), (["--list", "oauth"], 5), (["--list", "iam", "--profile", "L1"], 0)],
)
def test_questions_of_a_profile_or_a_list(run, options, count):
    assert len(run("controls", *options, "--json").json["controls"]) == count


def test_questions_of_a_review_have_their_state(run, file):
    told = run("controls", "--review", file, "--json").json
    assert told["profile"] == "L1"
    states = {c["id"]: c["state"] for c in told["controls"]}
    assert (len(states), states["log-config"], states["gov-ir"]) == (16, "unanswered", "evidenced")
    assert "evidenced" in run("controls", "--review", file).out


def test_the_coverage_of_a_standard_shows_what_nothing_covers(run, file):
    ran = run("controls", "--standard", "owasp-mcp", "--review", file)
    assert ran.code == 0
    assert "questions: log-config (unanswered), " in ran.out or "questions: log-config (unanswered)\n" in ran.out
    assert "cred-scope (not asked)" in ran.out
    rows = {row["id"]: row for row in run("controls", "--standard", "owasp-mcp", "--json").json["ids"]}
    assert len(rows) == 10
    assert "cred-store" in rows["MCP01"]["controls"]
    assert rows["MCP01"]["states"] == []
    bare = {row["id"] for row in rows.values() if row["nothing"]}
    assert f"{10 - len(bare)} of 10 ids are covered" in ran.out
    assert ("nothing here speaks to it" in ran.out) is bool(bare)


def test_an_answer_with_a_file_as_evidence(run, file, tmp_path):
    (tmp_path / "log.json").write_text("{}")
    given = ["--state", "evidenced", "--text", "Every call.", "--file", "log.json", "--level", "E3"]
    ran = run("answer", file, "log-config", *given, "--source", "SIEM", "--valid-until", "2099-01-01")
    assert ran.code == 0
    assert "Audit logging enabled: evidenced" in ran.out
    told = run("answer", file, "log-config", "--json").json
    assert told["state"] == "evidenced"
    (proof,) = told["answer"]["evidence"]
    assert proof["sha256"] == hashlib.sha256(b"{}").hexdigest()
    assert (proof["kind"], proof["size"], proof["source"]) == ("file", 2, "SIEM")
    assert proof["collected_by"] == "ann@corp.example"
    assert run("status", file, "--json").json["score"] == 88


def test_weak_evidence_leaves_a_claim_and_says_so(run, file):
    ran = run(
        "answer", file, "cred-store", "--state", "evidenced", "--text", "In a vault.", "--evidence", "E2: Page | W-1"
    )
    assert ran.code == 0
    assert "it counts as claimed: evidence of level E3 or better" in ran.out
    assert run("answer", file, "cred-store", "--json").json["state"] == "claimed"


def test_an_answer_can_be_taken_back(run, file):
    assert run("answer", file, "gov-ir", "--state", "unanswered").code == 0
    assert run("answer", file, "gov-ir", "--json").json["answer"] is None


def test_questions_are_shown_without_recording(run, file, tree):
    before = tree()
    assert "Is each tool call recorded" in run("answer", file, "log-config").out
    assert "14/16 answered, profile L1" in run("answer", file).out
    assert len(run("answer", file, "--json").json) == 16
    assert tree() == before


def test_proposals_are_listed_and_never_recorded(run, file, tmp_path, tree):
    call = {
        "user": "a",
        "agent": "b",
        "tool": "listPlans",
        "arguments": {},
        "time": "2026-03-03T10:00:00Z",
        "outcome": "ok",
    }
    (tmp_path / "calls.jsonl").write_text(json.dumps(call))
    before = tree()
    ran = run("answer", file, "--propose")
    assert "none is an answer until somebody gives it" in ran.out
    assert "cred-scope: " in ran.out
    assert "inv-tools (answered already): " in ran.out
    assert "log-fields" not in ran.out
    told = run("answer", file, "--propose", "--traffic", "calls.jsonl", "--json").json
    assert told["log-fields"]["evidence"]["level"] == "E3"
    assert tree() == before


def test_a_profile_is_chosen_and_shown(run, file):
    ran = run("profile", file, "L3", "--reason", "goes to production")
    assert "profile L3: 14/54 questions answered" in ran.out
    assert "open: 40 of 54 questions unanswered" in ran.out
    assert run("profile", file, "--json").json["profile"] == "L3"
    assert "profile L3" in run("status", file).out


def test_a_review_begins_with_a_profile(run, source):
    assert run("review", source, "-w", "new.clearance", "--no-desk", "--profile", "L2").code == 0
    assert run("profile", "new.clearance", "--json").json["questions"] == 36


def test_a_policy_is_put_in_force_and_shown(run, file):
    assert run("policy", file).out == "no policy is in force\n"
    assert run("policy", file, "--json").json is None
    ran = run("policy", file, POLICY)
    assert ran.code == 0
    assert "rule QLT-002: switched off (Twins" in ran.out
    told = run("policy", file, "--json").json
    assert told["text"] == POLICY.read_text("utf-8")
    assert told["sha256"] == hashlib.sha256(POLICY.read_bytes()).hexdigest()
    assert "not run: QLT-002: switched off by policy" in run("status", file).out
    assert run("status", file, "--json").json["policy"]["sha256"] == told["sha256"]


def test_a_faulty_policy_is_told_whole_with_lines(run, file, tmp_path, tree):
    (tmp_path / "policy.yaml").write_text("policy: 1\nrules:\n  EXP-01: {severity: hihg}\nprofil: L1\n")
    before = tree()
    ran = run("policy", file, "policy.yaml")
    assert ran.code == 3
    assert ran.err.splitlines()[0] == "error: the policy was refused"
    assert "line 4, profil: no section is called 'profil'; did you mean profile?" in ran.err
    assert "line 3, rules/EXP-01: no rule is called 'EXP-01'" in ran.err
    assert tree() == before


def test_hostile_words_of_a_policy_and_an_answer_move_no_terminal(run, file, tmp_path):
    (tmp_path / "policy.yaml").write_text('policy: 1\nname: "evil \\e[31m \\u202e name"\n')
    (tmp_path / "a\x1b[2J.json").write_text("x")
    given = ["--state", "claimed", "--text", "odd \x1b[31m \u202e words", "--file", "a\x1b[2J.json", "--level", "E2"]
    told = run("policy", file, "policy.yaml").out + run("status", file).out + run("answer", file, "gov-ir", *given).out
    told += run("answer", file, "gov-ir").out + run("log", file).out
    assert "\x1b" not in told
    assert "\u202e" not in told


def test_own_words_count_from_the_next_import_and_that_is_said(run, spec, tmp_path):
    place = spec({"POST /zorbles": {"operationId": "zorbleThings", "summary": "Zorble things"}})
    words = "money: [{words: [zorble], reason: moves money here, example: zorbleThings}]"
    (tmp_path / "own.yaml").write_text(f"policy: 1\nvocabulary:\n  {words}\n")
    run("review", place, "-w", "r.clearance", "--no-desk")
    assert "import those that are here again" in run("policy", "r.clearance", "own.yaml").out
    assert run("tools", "r.clearance", "--json").json[0]["type"] == "side-effect"
    assert run("import", "r.clearance", place).code == 0
    assert run("tools", "r.clearance", "--json").json[0]["type"] == "billing"
