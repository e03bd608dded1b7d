"""Changes of definitions in the event of an import are read as they were written, also those of an earlier version."""

from dataclasses import replace

import pytest

from analysis.model import ToolId
from analysis.output.drift.records import ChangeDirection, ChangeGroup, Drift, DriftKind
from analysis.review.record.recorded_drift import digest_steps, drift_record, recorded_drift

ONE, TWO = ToolId("shop:one"), ToolId("shop:two")
CHANGED = Drift(
    DriftKind.CHANGED,
    ONE,
    "one",
    "description",
    "Reads",
    "Writes",
    substance=True,
    group=ChangeGroup.CONTRACT,
    direction=ChangeDirection.WIDENED,
    why="it does more",
    was="",
)
DIGESTS = {"shop:one": ("a" * 64, "b" * 64)}


def read_back(*drift):
    return recorded_drift({"changes": drift_record(drift, DIGESTS)})


def test_what_was_recorded_is_read_back():
    wording = replace(
        CHANGED, field="summary", before=None, after="Short", substance=False, direction=ChangeDirection.NONE
    )
    renamed = replace(CHANGED, kind=DriftKind.RENAMED, tool=TWO, name="two", was="shop:older")
    found = read_back(CHANGED, wording, renamed)
    assert found.drift == (CHANGED, wording, renamed)
    assert found.digests == DIGESTS


def test_equal_changes_of_several_tools_are_recorded_once_and_read_as_each():
    other = replace(CHANGED, tool=TWO, name="two")
    recorded = drift_record([CHANGED, other], {})
    assert len(recorded["drift"]) == 1
    assert recorded_drift({"changes": recorded}).drift == (CHANGED, other)


def test_a_change_of_a_whole_source_is_one_of_each_tool():
    found = read_back(replace(CHANGED, tool=ToolId("shop"), name="shop", tools=(ONE, TWO)))
    assert [each.tool for each in found.drift] == [ONE, TWO]


def test_values_too_large_for_an_event_are_left_out_and_that_is_said():
    (found,) = read_back(replace(CHANGED, after="x" * 3_000_000, substance=False)).drift
    assert (found.before, found.after, found.why) == (None, None, "the values are too large to be recorded")
    assert found.substance


def test_no_change_is_no_data():
    assert drift_record([], DIGESTS) == {}
    assert recorded_drift({}) == recorded_drift({"changes": {}})
    assert not recorded_drift({}).drift


def test_the_form_of_an_earlier_version_is_read():
    changes = {"changed": {"shop:one": ["one", [["path", "/a", "/b"]]]}, "new": {"shop:two": ["two", []]}}
    changed, new = recorded_drift({"changes": changes}).drift
    assert (changed.kind, changed.tool, changed.name) == (DriftKind.CHANGED, ONE, "one")
    assert (changed.field, changed.before, changed.after, changed.substance) == ("path", "/a", "/b", True)
    assert (new.kind, new.tool, new.field, new.group) == (DriftKind.NEW, TWO, "tool", ChangeGroup.CONTRACT)


@pytest.mark.parametrize(
    "changes", [[], "gone", {"drift": 3}, {"gone": {"shop:one": 1}}, {"moved": {"shop:one": ["one", []]}}]
)
def test_another_form_is_no_change(changes):
    assert recorded_drift({"changes": changes}).drift == ()


def test_digests_of_a_renamed_tool_begin_under_its_earlier_name():
    renamed = replace(CHANGED, kind=DriftKind.RENAMED, tool=TWO, name="two", was=ONE)
    steps = digest_steps({ONE: "a"}, {TWO: "b"}, [renamed])
    assert steps[TWO] == ("a", "b")
