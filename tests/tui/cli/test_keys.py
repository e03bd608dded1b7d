"""`clearance keys`."""


def test_keys_are_listed_with_the_names_of_their_actions(run):
    from tui.desk.shell.keys import KEYS

    listed = run("keys", "--json").json
    assert [entry["action"] for entry in listed] == [key.action for key in KEYS]
    assert "approve" in run("keys").out


def test_a_faulty_key_file_is_reported_with_its_line(run, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "clearance").mkdir()
    (tmp_path / "clearance" / "keys.toml").write_text('[keys]\naprove = "y"\n')
    ran = run("keys")
    assert ran.code == 2
    assert "line 2" in ran.err
    assert "did you mean approve?" in ran.err
