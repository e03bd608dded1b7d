"""Tables are read as the YAML library reads them, all of them."""

import re
from pathlib import Path

import pytest
import yaml

import analysis
from analysis.yaml_tables import load_table

ROOT = Path(analysis.__file__).parent
FILES = sorted(path.relative_to(ROOT) for path in ROOT.rglob("*.yaml"))


class _Library(yaml.SafeLoader):
    """Separates the words of a list at every comma that is not in braces, and drops all blanks around them."""


_Library.add_constructor("!list", lambda _, node: re.split(r"\s*,(?![^{]*\})\s*", node.value))


@pytest.mark.parametrize("path", FILES, ids=str)
def test_a_table_is_read_as_the_library_reads_it(path):
    package = ".".join(("analysis", *path.parent.parts))
    expected = yaml.load((ROOT / path).read_text("utf-8"), _Library)
    assert repr(load_table(package, path.name)) == repr(expected)


def test_numbers_switches_and_nothing_are_no_texts(tmp_path, monkeypatch):
    (tmp_path / "some_table").mkdir()
    (tmp_path / "some_table" / "t.yaml").write_text(
        "{a: 1, b: 1.5, c: yes, d: null, 'e': '1', 2: [x, {y: no}]}", "utf-8"
    )
    monkeypatch.syspath_prepend(tmp_path)
    assert load_table("some_table", "t.yaml") == {
        "a": 1,
        "b": 1.5,
        "c": True,
        "d": None,
        "e": "1",
        2: ["x", {"y": False}],
    }


def test_a_list_of_words_is_written_as_one_text(tmp_path, monkeypatch):
    (tmp_path / "other_table").mkdir()
    (tmp_path / "other_table" / "t.yaml").write_text("a: !list one, two words,\n  yes, 4, user's\nb: [one]\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert load_table("other_table", "t.yaml") == {"a": ["one", "two words", "yes", "4", "user's"], "b": ["one"]}
