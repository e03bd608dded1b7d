"""Limits a reviewer raises, the progress of a long import, and that cancelling it changes nothing."""

import io
import sys
from pathlib import Path

import pytest

from analysis.review.sources.importing import ImportOptions, examine_source
from tui.cli.common import progress
from tui.cli.common.progress import ProgressLine


def test_a_raised_limit_is_used_and_recorded(run, spec, tmp_path):
    many = {f"GET /t{number}": {"operationId": f"t{number}"} for number in range(5)}
    source = spec(many)
    assert run("review", source, "--limit", "operations=3", "--limit", "size=1M", "-w", "r.clearance").code == 0
    (stated,) = run("status", "r.clearance", "--json").json["sources"]
    assert stated["facts"] == [["limit on size", "1,048,576"], ["limit on operations", "3"]]
    (problem,) = run("status", "r.clearance", "--json").json["problems"]
    assert problem["what"].startswith("more than 3 operations")
    assert "`operations`" in problem["remedy"]
    assert "limit on operations: 3" in run("status", "r.clearance").out
    assert run("export", "r.clearance", "packet").code == 0
    assert "limit on operations: 3" in (tmp_path / "packet" / "review.md").read_text()


def test_default_limits_are_not_recorded(run, spec):
    assert run("inspect", spec(), "--limit", "operations=200000", "--json").json["source"]["facts"] == []


@pytest.mark.parametrize(
    ("stated", "shown"),
    [
        (
            "weight=3",
            "there is no limit 'weight'; there are size, depth, nodes, characters, text, operations, files, units",
        ),
        ("seconds=soon", "seconds needs a whole number above 0"),
        ("size=", "size needs a whole number above 0"),
        ("depth=deep", "depth needs a whole number above 0"),
        ("nodes=0", "nodes needs a whole number above 0"),
        ("size=-4", "size needs a whole number above 0"),
    ],
)
def test_a_limit_that_is_not_valid(run, spec, tree, stated, shown):
    source = spec()
    before = tree()
    ran = run("review", source, "--limit", stated)
    assert (ran.code, ran.out) == (2, "")
    assert shown in ran.err
    assert "--limit size=128M" in ran.err
    assert tree() == before


def test_a_document_above_the_limit_says_how_to_raise_it(run, spec):
    ran = run("inspect", spec(), "--limit", "size=10")
    assert ran.code == 3
    assert "raise the limit `size`" in ran.err


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_long_import_shows_progress_and_erases_it(monkeypatch, spec):
    monkeypatch.setattr(progress, "_DELAY_SECONDS", 0)
    monkeypatch.setattr("sys.stderr", Terminal())
    with ProgressLine() as watch:
        examine_source(str(spec()), options=ImportOptions(progress=watch))
    shown = sys.stderr.getvalue()
    assert "reading paths: 0 of 1" in shown
    assert shown.endswith("\r\x1b[K")


def test_a_quick_import_shows_no_progress(monkeypatch, spec):
    monkeypatch.setattr("sys.stderr", Terminal())
    with ProgressLine() as watch:
        examine_source(str(spec()), options=ImportOptions(progress=watch))
    assert sys.stderr.getvalue() == ""


@pytest.mark.parametrize("step", ["paths", "definitions", "assessment"])
def test_an_import_that_is_stopped_writes_nothing(run, spec, tree, monkeypatch, step):
    source = spec()
    assert run("review", source, "-w", "r.clearance").code == 0
    before = tree()

    def stop(self, now, done, of):
        if now == step:
            raise KeyboardInterrupt

    monkeypatch.setattr(ProgressLine, "__call__", stop)
    for command in (("review", source, "-w", "other.clearance"), ("import", "r.clearance", source)):
        ran = run(*command)
        assert (ran.code, ran.out, ran.err) == (130, "", "\nstopped\n")
    assert tree() == before


def test_policy_vocabulary_changes_the_type_at_the_next_import(run, spec):
    source = spec({"POST /boxes/{id}/zorb": {"operationId": "zorbBox"}})
    assert run("review", source, "-w", "r.clearance").code == 0
    policy = Path("policy.yaml")
    words = "{words: [zorb], reason: It moves money between our ledgers., example: zorbBox}"
    policy.write_text(f"policy: 1\nname: Ours\nvocabulary:\n  money:\n    - {words}\n")
    assert run("policy", "r.clearance", policy).code == 0
    before = run("status", "r.clearance", "--json").json["counts"]["type"]["billing"]
    assert run("import", "r.clearance", source).code == 0
    after = run("status", "r.clearance", "--json").json["counts"]["type"]["billing"]
    assert (before, after) == (0, 1)
