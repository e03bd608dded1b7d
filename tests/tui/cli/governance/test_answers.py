"""`clearance answer`, `evidence`."""

import hashlib
import json

import pytest

from analysis.governance.controls import controls
from analysis.model import Profile


def test_an_answer_with_a_file_as_evidence(run, file, tmp_path):
    (tmp_path / "log.json").write_text("{}")
    given = ["--state", "evidenced", "--text", "Every call.", "--file", "log.json", "--level", "E3"]
    ran = run("answer", file, "log-config", *given, "--source", "SIEM", "--valid-until", "2099-01-01")
    assert ran.code == 0
    assert "Audit logging enabled: evidenced" in ran.out
    report = run("answer", file, "log-config", "--json").json
    assert report["state"] == "evidenced"
    (proof,) = report["answer"]["evidence"]
    assert proof["sha256"] == hashlib.sha256(b"{}").hexdigest()
    assert (proof["kind"], proof["size"], proof["source"]) == ("file", 2, "SIEM")
    assert proof["collected_by"] == "ann@corp.example"
    assert run("status", file, "--json").json["score"] == 88


def test_weak_evidence_makes_an_answer_claimed(run, file):
    ran = run(
        "answer", file, "cred-store", "--state", "evidenced", "--text", "In a vault.", "--evidence", "E2: Page | W-1"
    )
    assert ran.code == 0
    assert "counts as claimed: evidence of level E3 or better" in ran.out
    assert run("answer", file, "cred-store", "--json").json["state"] == "claimed"


def test_an_answer_can_be_withdrawn(run, file):
    assert run("answer", file, "gov-ir", "--state", "unanswered").code == 0
    assert run("answer", file, "gov-ir", "--json").json["answer"] is None


def test_questions_are_shown_without_recording(run, file, tree):
    before = tree()
    assert "Is each tool call recorded" in run("answer", file, "log-config").out
    asked = [c.id for c in controls(Profile.L1)]
    assert f"14/{len(asked)} answered, profile L1" in run("answer", file).out
    assert len(run("answer", file, "--json").json) == len(asked)
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
    assert "a proposal counts once a person accepts it" in ran.out
    assert "cred-scope: " in ran.out
    assert "inv-tools (already answered): " in ran.out
    assert "log-fields" not in ran.out
    report = run("answer", file, "--propose", "--traffic", "calls.jsonl", "--json").json
    assert report["log-fields"]["evidence"]["level"] == "E3"
    assert tree() == before


def test_a_proposal_is_accepted_with_its_extract_as_evidence(run, file):
    proposed = run("answer", file, "--propose", "--json").json["cred-scope"]
    ran = run("answer", file, "cred-scope", "--accept")
    assert "counts as claimed: evidence of level E3 or better" in ran.out
    report = run("answer", file, "cred-scope", "--json").json
    (proof,) = report["answer"]["evidence"]
    assert (proof["level"], proof["where"], proof["sha256"]) == (
        "E2", proposed["evidence"]["where"], proposed["evidence"]["sha256"],
    )  # fmt: skip
    assert report["answer"]["text"] == proposed["text"]
    run("answer", file, "inv-data", "--accept", "--text", "In my own words.")
    assert run("answer", file, "inv-data", "--json").json["answer"]["text"] == "In my own words."
    assert run("undo", file).code == 0
    assert run("answer", file, "inv-data", "--json").json["answer"] is None


def test_recorded_calls_answer_with_a_log_sample(run, file, tmp_path):
    call = {"user": "a", "agent": "b", "tool": "listPlans", "arguments": {}, "time": "2026-03-03T10:00:00Z"}
    (tmp_path / "calls.jsonl").write_text(json.dumps(call))
    assert run("answer", file, "log-fields", "--accept").code == 2
    assert run("answer", file, "log-fields", "--accept", "--traffic", "calls.jsonl").code == 0
    report = run("answer", file, "log-fields", "--json").json
    assert (report["state"], report["answer"]["evidence"][0]["level"]) == ("evidenced", "E3")


@pytest.mark.parametrize(
    "wrong", [[], ["appr-who"], ["inv-tools", "--state", "claimed"], ["inv-tools", "--level", "E2"], ["--propose"]]
)
def test_accept_needs_a_proposal(run, file, tree, wrong):
    before = tree()
    assert run("answer", file, *wrong, "--accept").code == 2
    assert tree() == before


def test_a_changed_evidence_file_is_reported(run, file, tmp_path):
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


def test_expired_evidence_makes_an_answer_claimed(run, file):
    given = ["--state", "evidenced", "--text", "x", "--evidence", "E3: Export | REC-1", "--valid-until"]
    run("answer", file, "log-config", *given, "2026-03-31")
    assert run("answer", file, "log-config", "--json").json["state"] == "claimed"
    rows = {row["control"]: row["holds"] for row in run("evidence", file, "--json").json}
    assert rows["log-config"] == "ended"
    assert "1 not valid" in run("evidence", file).out
