"""`clearance controls`."""

import pytest

from analysis.governance.controls import controls
from analysis.model import Profile
from analysis.review.queries.governance import LISTS

#: Number of questions that the first profile asks.
ASKED = len(controls(Profile.L1))


def test_all_questions_are_listed(run):
    ran = run("controls")
    assert ran.code == 0
    assert f"{len(controls())} questions, {sum(c.points for c in controls())} points" in ran.out
    report = run("controls", "--json").json
    assert [c["id"] for c in report["controls"]] == [c.id for c in controls()]
    assert {"owasp-mcp", "nist-800-53"} <= {s["key"] for s in report["standards"]}
    assert all("state" not in c for c in report["controls"])


@pytest.mark.parametrize(
    ("options", "holds"),
    [
        (["--profile", "L1"], lambda c: c.points > 0),
        (["--list", "oauth"], lambda c: "oauth" in c.lists),
        (["--list", "iam", "--profile", "L1"], lambda c: "iam" in c.lists and c.points > 0),
    ],
    ids=["profile", "list", "both"],
)
def test_questions_of_a_profile_or_a_list(run, options, holds):
    shown = [c["id"] for c in run("controls", *options, "--json").json["controls"]]
    assert shown == [c.id for c in controls() if holds(c)]


def test_questions_of_a_review_have_their_state(run, file):
    report = run("controls", "--review", file, "--json").json
    assert report["profile"] == "L1"
    states = {c["id"]: c["state"] for c in report["controls"]}
    assert (len(states), states["log-config"], states["gov-ir"]) == (ASKED, "unanswered", "evidenced")
    assert "evidenced" in run("controls", "--review", file).out


def test_the_coverage_of_a_standard_marks_ids_without_coverage(run, file):
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
    assert ("not covered" in ran.out) is bool(bare)


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


def test_one_question_is_shown_in_full(run, file):
    ran = run("controls", "cred-store", "--review", file)
    for part in ("Where are the credentials", "acceptable evidence: ", "pci:4.0.1/8.6.2", "state: unanswered"):
        assert part in ran.out
    assert run("controls", "cred-store", "--json").json["min_level"] == "E3"
    assert "did you mean cred-store?" in run("controls", "cred-stor").err
    assert run("controls", "cred-store", "--lists").code == 2


def test_the_answers_of_a_list_are_counted(run, file):
    assert (
        f"profile L1: {ASKED} questions, each asked once, 14 answered"
        in run("controls", "--lists", "--review", file).out
    )
