"""Goldens: one convention for all of them, and a failure that says what changed and how to renew it."""

from pathlib import Path

import pytest

from tests.goldens import GOLDENS, MAX_SHOWN, VARIABLE, check_golden

ROOT = Path(__file__).parents[2]
TESTS = {path: path.read_text("utf-8") for path in sorted((ROOT / "tests").rglob("*.py"))}
#: The helper, and these tests of it.
HELPER = {ROOT / "tests" / "goldens.py", Path(__file__).resolve()}


@pytest.fixture(autouse=True)
def _comparing(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)


def failure(tmp_path, golden, found, **more):
    (tmp_path / "names.txt").write_text(golden)
    with pytest.raises(AssertionError) as failed:
        check_golden("names.txt", found, folder=tmp_path, **more)
    assert (tmp_path / "names.txt").read_text() == golden
    return str(failed.value).split("\n")


def test_a_failure_shows_what_changed_and_how_to_renew_it(tmp_path):
    head, *changed, first, last = failure(tmp_path, "a\n---\nc\n", "a\nc\n++d\n", first="Raise the version first.")
    assert "tests/golden/names.txt" in head
    assert changed == ["  ----", "  +++d"]
    assert first == "Raise the version first."
    assert f"{VARIABLE}=1 " in last
    assert last.endswith("tests/contracts/test_goldens.py")


def test_a_long_difference_is_cut(tmp_path):
    lines = failure(tmp_path, "", "".join(f"{n}\n" for n in range(100)))
    assert len(lines) == MAX_SHOWN + 3
    assert lines[-2] == "  ... 70 more"


def test_a_difference_in_the_ends_of_lines_is_one(tmp_path):
    assert "  the ends of lines differ" in failure(tmp_path, "a", "a\n")


def test_a_missing_golden_is_a_failure(tmp_path):
    with pytest.raises(AssertionError, match=VARIABLE):
        check_golden("new.txt", "a\n", folder=tmp_path)


def test_goldens_are_renewed_on_demand_only(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, "1")
    check_golden("folder/new.txt", "a\n", folder=tmp_path)
    monkeypatch.setenv(VARIABLE, "0")
    check_golden("folder/new.txt", "a\n", folder=tmp_path)
    with pytest.raises(AssertionError):
        check_golden("folder/new.txt", "b\n", folder=tmp_path)


def test_every_golden_is_compared_by_the_helper():
    users = [text for path, text in TESTS.items() if path not in HELPER and "check_golden" in text]
    for golden in sorted(path for path in GOLDENS.rglob("*") if path.is_file()):
        name = golden.relative_to(GOLDENS).as_posix()
        folder = f'"{name.partition("/")[0]}/' if "/" in name else f'"{name}"'
        assert any(folder in text.replace('f"', '"') for text in users), f"{name}: no test compares it"


def test_no_test_has_a_convention_of_its_own():
    """Only the helper reads the variable: `check_golden` is how a test compares and renews a golden."""
    assert [path.name for path, text in TESTS.items() if VARIABLE in text and path not in HELPER] == []
