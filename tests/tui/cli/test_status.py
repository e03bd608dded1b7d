"""`clearance status`, `gates`."""

from analysis.review import queries
from analysis.review.session import Review


def test_status_of_the_sample_as_json(run, file, tree):
    before = tree()
    ran = run("status", file, "--json")
    data = ran.json
    assert (ran.code, ran.err, tree()) == (0, "", before)
    assert (data["score"], data["verdict"]) == (85, "blocked")
    assert data["counts"]["effect"] == {"read-only": 28, "side-effect": 12, "critical": 8}
    assert data["counts"]["decision"] == {"undecided": 1, "approved": 33, "conditional": 6, "blocked": 8}
    assert {f["rule"] for f in data["findings"] if f["status"] == "open"} == {
        "EXP-001", "EXP-002", "GOV-cred-store", "GOV-log-config",
    }  # fmt: skip
    assert {name: data["progress"][name] for name in ("tools", "decided", "controls", "answered")} == {
        "tools": 48, "decided": 47, "controls": 16, "answered": 14,
    }  # fmt: skip
    assert len(data["ledger"]) == 4
    assert data["not_checked"]


def test_status_of_the_sample_as_text(run, file):
    ran = run("status", file)
    assert ran.code == 0
    assert ran.out.splitlines()[1].startswith("85 / 100 · blocked")
    for words in ("47/48 tools decided · 14/16 answers", "28 read-only, 12 side-effect, 8 critical", "open: 1 of 48"):
        assert words in ran.out


def test_status_of_several_files_in_one_process(run, file, kept_reviews, tmp_path):
    other = tmp_path / "other.clearance"
    kept_reviews.copy("sample", other)
    single = run("status", file).out
    ran = run("status", file, str(other))
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == f"{file}:\n{single}\n{other}:\n{run('status', str(other)).out}"
    assert run("status", file, str(other), "--json").json == [
        run("status", each, "--json").json for each in (file, str(other))
    ]


def test_a_refused_file_among_several_is_reported_and_the_others_are_shown(run, file, tmp_path):
    (tmp_path / "broken.clearance").write_text("no review")
    ran = run("status", str(tmp_path / "broken.clearance"), file, "--json")
    assert (ran.code, [each["file"] for each in ran.json]) == (4, [str(file)])
    assert "broken.clearance" in ran.err
    assert run("status", str(tmp_path / "broken.clearance"), file).code == 4
    assert run("status").code == 2


def test_gates_are_exit_code_1_while_one_is_open(run, file):
    ran = run("gates", file)
    assert ran.code == 1
    assert "--where 'is:undecided'" in ran.out
    assert "answer cred-store" in ran.out
    report = run("gates", file, "--json").json
    assert [gate["title"] for gate in report if gate["open"]] == [
        "Every tool is decided",
        "Nothing blocks an approval",
        "Every question is answered",
    ]


def test_open_gates_are_those_of_the_summary(run, file):
    run("profile", file, "L4", "--reason", "x")
    review = Review.open(file, writable=False)
    gates = run("gates", file, "--json").json
    assert sum(gate["open"] for gate in gates) == len(review.summary().open_gates)
    assert "second approver" in gates[-1]["why"]
    assert queries.select(review, gates[-1]["query"])
    review.close()
