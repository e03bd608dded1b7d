"""What re-imports changed, as their events record it, and the earlier decisions that wait."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from analysis.errors import CheckFailed, UsageError
from analysis.model import DecisionState, SourceId, ToolId
from analysis.output.drift.records import ChangeGroup, Drift, DriftKind
from analysis.review import commands
from analysis.review.derived.view import ToolTable
from analysis.review.queries.changes import changes_of, group_of, import_sentence, pending_decisions, pending_groups
from analysis.review.queries.tools import recorded_actions
from analysis.review.record.recorded_drift import digest_steps, drift_record, recorded_drift
from analysis.review.session import Review
from analysis.review.sources.importing import examine_source
from analysis.workspace import Event

AT = "2026-03-02T09:00:00Z"


def drift(tool="api:a", field="description", group=ChangeGroup.WORDING, kind=DriftKind.CHANGED, **more) -> Drift:
    grave = group is not ChangeGroup.WORDING
    return Drift(kind, ToolId(tool), tool[4:], field, "x", "y", **({"substance": grave} | more), group=group)


def imported(*changes) -> Any:
    """Return a review of which only the events are asked for: imports, each with what it changed."""
    events = [
        Event(f"e{n}", "r", n, "", "ann", AT, "source.imported", "source/api", {"changes": noted} if noted is not None else {}, (), "", "", "")
        for n, noted in enumerate(changes)
    ]  # fmt: skip
    return SimpleNamespace(record=SimpleNamespace(understood=events), table=ToolTable(()))


def test_changes_come_back_as_they_were_recorded():
    listed = [drift(), drift("api:b"), drift("api:b", "annotations.readOnlyHint", ChangeGroup.HINTS_CHANGED)]
    data = drift_record(listed, {"api:a": ("1", "2")})
    assert json.loads(json.dumps(data)) == data
    assert len(data["drift"]) == 2  # equal differences of several tools are one
    assert sorted(map(repr, recorded_drift({"changes": data}).drift)) == sorted(map(repr, listed))
    assert recorded_drift({"changes": data}).digests == {"api:a": ("1", "2")}


def test_a_difference_of_a_whole_source_is_one_of_each_tool():
    whole = drift("api", "servers", ChangeGroup.CONTRACT, tools=(ToolId("api:a"), ToolId("api:b")))
    found = recorded_drift({"changes": drift_record([whole], {})}).drift
    assert [each.tool for each in found] == ["api:a", "api:b"]
    assert all(each.substance for each in found)


def test_values_that_are_too_large_are_left_out_and_nothing_is_then_without_substance():
    data = drift_record([drift(field=f"f{n}", why="w" * 1000 + str(n)) for n in range(2500)], {})
    assert all(entry["substance"] and entry["before"] is None for entry in data["drift"])


def test_the_changes_of_a_tool_are_one_record():
    data = drift_record(
        [drift(), drift(field="title"), drift("api:n", kind=DriftKind.NEW, group=ChangeGroup.CONTRACT)], {}
    )
    first, second = changes_of(imported(data))
    assert (first.kind, first.tool, first.name, first.source, first.actor) == ("changed", "api:a", "a", "api", "ann")
    assert [each.field for each in first.drift] == ["description", "title"]
    assert (first.group, first.substance) == (ChangeGroup.WORDING, False)
    assert (second.kind, second.substance) == ("new", True)


def test_the_last_import_that_changed_anything_counts():
    first, second = (drift_record([drift(f"api:{name}")], {}) for name in "ab")
    assert [each.tool for each in changes_of(imported(None, first, second, None))] == ["api:b"]


def test_imports_of_earlier_versions_are_read():
    data = {
        "changed": {"api:a": ["a", [["risk", "low", "high"]]]},
        "new": {"api:n": ["n", []]},
        "gone": {"api:g": ["g", []]},
    }
    found = {each.name: each for each in changes_of(imported(data))}
    assert {name: each.kind.value for name, each in found.items()} == {"a": "changed", "n": "new", "g": "removed"}
    assert [(each.field, each.before, each.after, each.substance) for each in found["a"].drift] == [
        ("risk", "low", "high", True)
    ]


@pytest.mark.parametrize(
    "noted", [[], "x", {"changed": []}, {"new": {"t": "x"}}, {"drift": [{}], "digests": {}}, {"drift": 7}]
)
def test_notes_of_another_shape_say_nothing(noted):
    assert changes_of(imported(noted)) == ()


def test_the_gravest_difference_names_the_group():
    assert group_of([drift(), drift(group=ChangeGroup.HINTS_ADDED, substance=False)]) is ChangeGroup.HINTS_ADDED
    assert group_of([drift(), drift(group=ChangeGroup.OPTIONAL_INPUT)]) is ChangeGroup.OPTIONAL_INPUT


def test_an_import_is_a_sentence():
    data = drift_record([drift(), drift("api:n", kind=DriftKind.NEW)], {})
    assert import_sentence(SourceId("api"), 3, data) == "refreshed api: 1 changed, 1 new, 0 gone"
    assert import_sentence(SourceId("api"), 3, {}) == "refreshed api: 0 changed, 0 new, 0 gone"
    assert import_sentence(SourceId("api"), 3, None) == "imported api: 3 tools"


def test_digest_steps_a_renamed_tool_lead_to_its_earlier_name():
    renamed = drift("api:b", "name", ChangeGroup.NAME, DriftKind.RENAMED, was="api:a")
    assert digest_steps({ToolId("api:a"): "1"}, {ToolId("api:b"): "2"}, [renamed]) == {
        "api:a": ("1", ""),
        "api:b": ("1", "2"),
    }


# earlier decisions -----------------------------------------------------------------------------------------


def listed(*tools):
    return json.dumps({"tools": [{"inputSchema": {"type": "object"}} | tool for tool in tools]}).encode()


def again(review, *tools):
    commands.add_source(review, examine_source(listed(*tools), name=SourceId("s")), actor="ann", at=AT)


@pytest.fixture
def review(tmp_path):
    """A review of two tools that are approved."""
    tools = (
        {"name": "get_kite", "description": "Returns a kite."},
        {"name": "get_line", "description": "Returns a line."},
    )
    made = Review.create(
        tmp_path / "kites.clearance", [examine_source(listed(*tools), name=SourceId("s"))], actor="ann", at=AT
    )
    for state in made.tools():
        commands.decide(made, [state.row.id], DecisionState.APPROVED, reason="harmless", actor="ann", at=AT)
    yield made
    made.close()


def test_equal_definitions_keep_their_decision_and_the_rest_waits(review):
    again(
        review,
        {"name": "get_kite", "description": "Returns a kite."},
        {"name": "get_line", "description": "Returns the line."},
    )
    (waiting,) = pending_decisions(review).values()
    assert (waiting.tool, waiting.origin, waiting.alone, waiting.group) == (
        "s:get_line",
        "s:get_line",
        "",
        ChangeGroup.WORDING,
    )
    assert waiting.decision.reason == "harmless"
    assert pending_groups(review) == {ChangeGroup.WORDING: [waiting]}


def test_a_definition_that_comes_back_needs_no_confirmation(review):
    again(review, {"name": "get_kite", "description": "Flies a kite."})
    again(review, {"name": "get_kite", "description": "Returns a kite."})
    assert pending_decisions(review) == {}


def test_a_change_that_is_not_recorded_is_not_confirmed(review):
    again(
        review,
        {"name": "get_kite", "description": "Returns one kite."},
        {"name": "get_line", "description": "Returns a line."},
    )
    for event in review.record.events:
        event.data.pop("changes", None)
    (waiting,) = pending_decisions(review).values()
    assert waiting.alone == "what has changed since the decision is not known"
    assert pending_groups(review) == {}


def test_a_decision_that_two_reviewers_differ_on_waits_for_them(review):
    again(review, {"name": "get_kite", "description": "Returns one kite."})
    key = "tool/s:get_kite/decision"
    assert "s:get_kite" in pending_decisions(review)
    heads = review.record.registers.heads(key)
    review.record.registers._live[key]["other"] = heads[0]
    assert "s:get_kite" not in pending_decisions(review)


# several at once --------------------------------------------------------------------------------------------


def test_marked_changes_are_confirmed_as_one_action(review):
    again(
        review,
        {"name": "get_kite", "description": "Returns one kite."},
        {"name": "get_line", "description": "Returns the line."},
    )
    tools = [ToolId("s:get_kite"), ToolId("s:get_line")]
    with pytest.raises(UsageError, match="a decision needs a reason"):
        commands.confirm_tools(review, tools, reason=" ", actor="ann", at=AT)
    commands.confirm_tools(review, tools, reason="one is the same", actor="ann", at=AT)
    assert pending_decisions(review) == {}
    assert [review.tool(tool).decision_state for tool in tools] == [DecisionState.APPROVED] * 2
    assert len({event.batch for event in review.record.events[-2:]}) == 1


def test_a_bulk_is_one_row_of_the_history(review):
    tools = [ToolId("s:get_kite"), ToolId("s:get_line")]
    commands.decide(review, tools, DecisionState.BLOCKED, reason="not needed", actor="ann", at=AT)
    last = recorded_actions(review)[-1]
    assert ("2 tools" in last.sentence, set(last.tools)) == (True, set(tools))
    apart = recorded_actions(review, together=False)[-2:]
    assert [each.tools for each in apart] == [(tool,) for tool in tools]


def test_a_change_with_substance_is_not_confirmed_with_others(review):
    again(
        review,
        {"name": "get_kite", "description": "Returns one kite."},
        {"name": "get_line", "description": "Returns a line, and emails it to the address given."},
    )
    before = len(review.record.events)
    with pytest.raises(CheckFailed, match="is confirmed alone") as caught:
        commands.confirm_tools(review, [*pending_decisions(review)], reason="fine", actor="ann", at=AT)
    assert (caught.value.place, len(review.record.events)) == ("get_line", before)
    commands.confirm_tools(review, [ToolId("s:get_kite")], reason="fine", actor="ann", at=AT)
    with pytest.raises(CheckFailed, match="no earlier decision waits here"):
        commands.confirm_tools(review, [ToolId("s:get_kite")], reason="fine", actor="ann", at=AT)
