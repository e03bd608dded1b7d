"""Tables are read as the YAML library reads them, all of them."""

from pathlib import Path

import pytest
import yaml

import analysis
from analysis.yaml_tables import load_table

ROOT = Path(analysis.__file__).parent
FILES = sorted(path.relative_to(ROOT) for path in ROOT.rglob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=str)
def test_a_table_is_read_as_the_library_reads_it(path):
    package = ".".join(("analysis", *path.parent.parts))
    expected = yaml.safe_load((ROOT / path).read_text("utf-8"))
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
