"""`clearance answer --from`: one YAML file of answers, whole or refused whole, with the line and key of each fault."""

from __future__ import annotations

import pytest

ANSWERS = """answers: 1
questions:
  log-config:
    state: evidenced
    text: Every call is logged, one year.
    evidence:
      - {level: E3, title: Export of the log settings, where: REC-2207, valid-until: 2999-06-30}
      - {level: E2, file: rules.txt}
  cred-store:
    state: claimed
    text: In the vault.
"""


@pytest.fixture
def answers(tmp_path):
    """Write a file of answers and return its path."""

    def writing(text=ANSWERS):
        (tmp_path / "rules.txt").write_text("log everything")
        path = tmp_path / "answers.yaml"
        path.write_text(text)
        return path

    return writing


def test_a_file_is_recorded_as_one_action(run, file, answers):
    before = run("status", file, "--json").json["progress"]["answered"]
    ran = run("answer", file, "--from", answers())
    assert ran.out.startswith("2 answers recorded; ")
    found = run("answer", file, "log-config", "--json").json
    assert [(e["level"], e["title"], e["kind"]) for e in found["answer"]["evidence"]] == [
        ("E3", "Export of the log settings", "link"), ("E2", "rules.txt", "file"),
    ]  # fmt: skip
    assert found["state"] == "evidenced"
    assert found["answer"]["evidence"][1]["sha256"]
    run("undo", file)
    assert run("status", file, "--json").json["progress"]["answered"] == before


def test_what_is_recorded_already_is_not_recorded_again(run, file, answers):
    run("answer", file, "--from", answers())
    again = run("answer", file, "--from", answers())
    assert again.code == 2
    assert "every answer is recorded already" in again.err
    assert run("answer", file, "--from", answers(ANSWERS.replace("In the vault", "In a vault"))).out.startswith(
        "1 answers"
    )


def test_the_template_holds_what_is_recorded_and_records_nothing(run, file, answers):
    run("answer", file, "--from", answers())
    text = run("answer", file, "--template").out
    assert "Every call is logged, one year." in text
    assert "every answer is recorded already" in run("answer", file, "--from", answers(text)).err


def test_the_template_of_a_new_review_asks_every_question(run, spec, answers):
    run("review", spec({"GET /a": {"operationId": "getA"}}), "-w", "r.clearance", "--no-desk")
    text = run("answer", "r.clearance", "--template").out
    assert text.count("    state: unanswered") == 16
    filled = text.replace(
        "log-config:\n    state: unanswered\n    text: ''", "log-config:\n    state: claimed\n    text: yes, all"
    )
    assert filled != text
    assert run("answer", "r.clearance", "--from", answers(filled)).out.startswith("1 answers recorded")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("state: evidenced", "state: evidnced", ":4: questions/log-config/state: 'evidnced' is not known here; did you mean evidenced?"),
        ("log-config:", "log-confg:", ":3: questions/log-confg: 'log-confg' is not known here; did you mean log-config?"),
        ("title: Export of the log settings, ", "", ":7: questions/log-config/evidence/1: title is missing"),
        ("level: E3", "level: E9", ":7: questions/log-config/evidence/1/level: 'E9' is not known here"),
        ("rules.txt", "nowhere.txt", ":8: questions/log-config/evidence/2/file: the evidence cannot be read"),
        ("valid-until: 2999-06-30", "valid-until: soon", ":3: questions/log-config: 'soon' is not a date"),
        ("state: claimed", "state: not-applicable\n    txt: x", ":11: questions/cred-store/txt: 'txt' is not known here"),
        ("    text: In the vault.\n", "    state: claimed\n", ":11: questions/cred-store/state: this is stated twice"),
        ("answers: 1", "answers: 2", ":1: answers: '2' is not known here"),
        ("answers: 1", ": [", "it is not YAML"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_line_and_key_and_nothing_is_recorded(before, after, said, run, file, answers):
    events = run("status", file, "--json").json["progress"]
    ran = run("answer", file, "--from", answers(ANSWERS.replace(before, after)))
    assert ran.code == 3
    assert said in ran.err.replace("\n", " ")
    assert run("status", file, "--json").json["progress"] == events


def test_it_stands_alone(run, file, answers):
    assert run("answer", file, "log-config", "--from", answers()).code == 2
    assert run("answer", file, "--template", "--from", answers()).code == 2
    assert run("answer", file, "--from", "nowhere.yaml").code == 3
