"""`clearance intake`, `profile`, `policy`."""

import hashlib
import json
from pathlib import Path

from analysis.governance.controls import controls
from analysis.model import Profile

POLICY = Path(__file__).parents[4] / "sample_data" / "policy.yaml"


def test_a_profile_is_set_and_shown(run, file):
    ran = run("profile", file, "L3", "--reason", "goes to production")
    asked = len(controls(Profile.L3))
    assert f"profile L3: 14/{asked} questions answered" in ran.out
    assert f"open: {asked - 14} of {asked} questions unanswered" in ran.out
    assert run("profile", file, "--json").json["profile"] == "L3"
    assert "profile L3" in run("status", file).out


def test_a_policy_is_put_in_force_and_shown(run, file):
    assert run("policy", file).out == "no policy is in force\n"
    assert run("policy", file, "--json").json is None
    ran = run("policy", file, POLICY)
    assert ran.code == 0
    assert "rule QLT-002: switched off (Old versions" in ran.out
    report = run("policy", file, "--json").json
    assert report["text"] == POLICY.read_text("utf-8")
    assert report["sha256"] == hashlib.sha256(POLICY.read_bytes()).hexdigest()
    assert "not run: QLT-002: switched off by policy" in run("status", file).out
    assert run("status", file, "--json").json["policy"]["sha256"] == report["sha256"]


def test_a_faulty_policy_lists_every_problem_with_its_line(run, file, tmp_path, tree):
    (tmp_path / "policy.yaml").write_text("policy: 1\nrules:\n  EXP-01: {severity: hihg}\nprofil: L1\n")
    before = tree()
    ran = run("policy", file, "policy.yaml")
    assert ran.code == 3
    assert ran.err.splitlines()[0] == "error: the policy was refused"
    assert "policy.yaml:4: profil: 'profil' is not known here; did you mean profile?" in ran.err
    assert "policy.yaml:3: rules/EXP-01: 'EXP-01' is not known here; did you mean EXP-001?" in ran.err
    assert tree() == before


def test_hostile_text_in_a_policy_and_an_answer_is_escaped(run, file, tmp_path):
    (tmp_path / "policy.yaml").write_text('policy: 1\nname: "evil \\e[31m \\u202e name"\n')
    (tmp_path / "a\x1b[2J.json").write_text("x")
    given = ["--state", "claimed", "--text", "odd \x1b[31m \u202e words", "--file", "a\x1b[2J.json", "--level", "E2"]
    report = (
        run("policy", file, "policy.yaml").out + run("status", file).out + run("answer", file, "gov-ir", *given).out
    )
    report += run("answer", file, "gov-ir").out + run("log", file).out
    assert "\x1b" not in report
    assert "\u202e" not in report


def test_policy_vocabulary_applies_from_the_next_import(run, spec, tmp_path):
    place = spec({"POST /zorbles": {"operationId": "zorbleThings", "summary": "Zorble things"}})
    words = "money: [{words: [zorble], reason: moves money here, example: zorbleThings}]"
    (tmp_path / "own.yaml").write_text(f"policy: 1\nvocabulary:\n  {words}\n")
    run("review", place, "-w", "r.clearance", "--no-desk")
    assert "import those that are here again" in run("policy", "r.clearance", "own.yaml").out
    assert run("tools", "r.clearance", "--json").json[0]["type"] == "side-effect"
    assert run("import", "r.clearance", place).code == 0
    assert run("tools", "r.clearance", "--json").json[0]["type"] == "billing"


def test_the_access_request_is_recorded_shown_and_compared_with_the_sources(run, file, tmp_path):
    assert run("intake", file, "--json").json == {
        "contradictions": [],
        "intake": {
            "agent": "", "audience": [], "data": [], "ends_early": [], "environment": "", "grant": [], "owner": "", "purpose": "",
            "roles": [], "server": "", "writes": "",
        },
    }  # fmt: skip
    given = ["--owner", "Support, M. Roe", "--purpose", "refunds", "--server", "crm", "--data", "personal"]
    ran = run("intake", file, *given, "--writes", "no")
    assert ran.code == 0
    assert "the request says no writes, but " in ran.out
    assert "classes of data that live tools touch and the request omits:" in ran.out
    run("intake", file, "--writes", "yes")
    report = run("intake", file, "--json").json
    assert (report["intake"]["owner"], report["intake"]["writes"]) == ("Support, M. Roe", "yes")
    assert len(report["contradictions"]) == 1
    assert "recorded the access request: yes" not in run("log", file).out
    assert "recorded the access request: refunds" in run("log", file).out
    assert run("status", file, "--json").json["score"] == 85
    run("export", file, "packet")
    assert json.loads((tmp_path / "packet" / "review.json").read_bytes())["request"]["server"] == "crm"
    assert "Access request" in (tmp_path / "packet" / "review.md").read_text("utf-8")
    run("undo", file)
    assert run("intake", file, "--json").json["intake"]["writes"] == "no"


def test_environment_and_audience_of_the_request_are_gates(run, file):
    """What was requested is compared with the conditions of every allowed tool; each misfit can be listed."""
    before = {gate["id"] for gate in run("gates", file, "--json").json}
    assert before & {"environment", "audience"} == set()
    given = ["--agent", "desk bot", "--environment", "Production", "--audience", "support-l3", "--audience", "sales"]
    assert (
        run("intake", file, *given, "--ends-early", "another model", "--role", "iam", "--grant", "customers:read").code
        == 0
    )
    shown = run("intake", file).out
    assert "environment: Production" in shown
    assert "audience:    support-l3, sales" in shown
    assert (
        "scopes that the deployed grant has and no live tool needs: customers:read" in shown or "grant lacks" in shown
    )
    gates = {gate["id"]: gate for gate in run("gates", file, "--json").json}
    why = "39 of 39 allowed tools not limited to Production"
    assert (gates["environment"]["open"], gates["environment"]["why"]) == (True, why)
    assert gates["audience"]["why"] == "38 of 39 allowed tools not limited to support-l3, sales"
    run(
        "decide",
        file,
        "--where",
        "name:listTags",
        "--condition",
        "env=prod, staging",
        "--condition",
        "group=sales",
        "--reason",
        "x",
    )
    left = {tool["name"] for tool in run("tools", file, "--where", "is:other-environment", "--json").json}
    assert (len(left), "listTags" in left) == (38, False)
    left = {tool["name"] for tool in run("tools", file, "--where", "is:other-audience", "--json").json}
    assert (len(left), "listTags" in left) == (37, False)


def test_a_role_that_cannot_be_one_is_refused(run, file, tree):
    before = tree()
    assert run("intake", file, "--role", "I A M").code == 2
    assert tree() == before
