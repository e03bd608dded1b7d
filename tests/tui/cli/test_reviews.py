"""`clearance review`, `import`, `demo`: creating and extending reviews."""

from analysis.workspace import Store


def listed(folder):
    return sorted(path.name for path in folder.iterdir())


def test_review_makes_a_file_named_after_the_source(run, spec, tmp_path):
    ran = run("review", spec(name="my api.json"))
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.startswith("created my-api.clearance: 1 tool")
    assert run("status", tmp_path / "my-api.clearance", "--json").json["counts"]["tools"] == 1


def test_review_does_not_read_what_it_has_written_without_a_desk(run, spec, monkeypatch):
    with monkeypatch.context() as unread:
        unread.setattr(Store, "rows", None)
        assert run("review", spec(), "-w", "x.clearance", "--no-desk").code == 0
    assert run("status", "x.clearance", "--json").json["counts"]["tools"] == 1


def test_review_takes_a_title_an_actor_and_standard_input(run, spec, tmp_path):
    stdin = spec().read_bytes()
    assert run("review", "-", "-w", "x.clearance", "--title", "Für uns", "--actor", "bob", stdin=stdin).code == 0
    assert run("status", "x.clearance", "--json").json["title"] == "Für uns"
    assert {entry["actor"] for entry in run("log", "x.clearance", "--json").json} == {"bob"}


def test_import_adds_and_refreshes(run, spec):
    run("review", spec(), "-w", "x.clearance")
    other = spec({"GET /a": {}, "POST /a": {}}, name="other.json", title="Other")
    again = spec({"GET /things": {"operationId": "listThings", "summary": "changed"}})
    ran = run("import", "x.clearance", again, other)
    assert (ran.code, ran.out) == (0, "refreshed things: 1 changed, 0 new, 0 gone\nimported other: 2 tools\n")
    assert run("import", "x.clearance", other, "--as", "Third One").out == "imported third-one: 2 tools\n"
    sources = run("status", "x.clearance", "--json").json["sources"]
    assert [s["id"] for s in sources] == ["things", "other", "third-one"]


def test_import_creates_the_file_when_there_is_none(run, spec, tmp_path):
    other = spec({"GET /a": {}, "POST /a": {}}, name="other.json", title="Other")
    ran = run("import", "new.clearance", spec(), other, "--actor", "bob")
    assert (ran.code, ran.out) == (0, "imported other: 2 tools\n")
    assert ran.err.startswith("created new.clearance: 1 tool")
    sources = run("status", "new.clearance", "--json").json["sources"]
    assert [s["id"] for s in sources] == ["things", "other"]


def test_an_import_that_is_refused_creates_nothing(run, tmp_path):
    (tmp_path / "broken.yaml").write_text("openapi: [")
    assert run("import", "new.clearance", "broken.yaml").code == 3
    assert not (tmp_path / "new.clearance").exists()


def test_a_link_to_nothing_is_not_taken_for_a_new_file(run, spec, tmp_path):
    (tmp_path / "new.clearance").symlink_to(tmp_path / "elsewhere")
    assert run("import", "new.clearance", spec()).code == 4
    assert not (tmp_path / "elsewhere").exists()


def test_the_demo_writes_its_review_and_its_packet(run, tmp_path):
    ran = run("demo", "--no-desk")
    assert ran.code == 0
    assert "85 / 100 · blocked" in ran.out
    assert "DRAFT packet written to" in ran.out
    assert listed(tmp_path / "clearance-demo") == ["sample-review-packet", "sample-review.clearance"]
    again = run("demo", "--no-desk")
    assert (again.code, again.out) == (0, ran.out)
    assert again.err.startswith("opened the sample review")


def test_the_demo_writes_to_the_given_place(run, tmp_path):
    assert run("demo", "--workspace", tmp_path / "deep" / "er" / "x.clearance", "--no-desk").code == 0
    assert listed(tmp_path / "deep" / "er") == ["x-packet", "x.clearance"]


def test_review_takes_a_profile(run, source):
    assert run("review", source, "-w", "new.clearance", "--no-desk", "--profile", "L2").code == 0
    assert run("profile", "new.clearance", "--json").json["questions"] == 36
