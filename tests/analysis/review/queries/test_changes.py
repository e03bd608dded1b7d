"""What a re-import changed, as it is noted in its event and read from it again."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from analysis.model import Effect, Risk, ToolId
from analysis.review.derived.view import ToolTable
from analysis.review.queries.changes import changes_of, compared
from analysis.rules.engine.examples import example_state
from analysis.workspace import Event

ROW = example_state("getOrder").row


def imported(*changes) -> Any:
    """Return a review of which only the events are asked for: imports, each with what it changed."""
    events = [

            Event(f"e{n}", "r", n, "", "ann", "2026-03-02T09:00:00Z", "source.imported", "source/api",
                  {"changes": noted} if noted is not None else {}, (), "", "", json.dumps({"data": {"changes": noted} if noted is not None else {}}))
            for n, noted in enumerate(changes)
        ]  # fmt: skip
    return SimpleNamespace(record=SimpleNamespace(events=events), table=ToolTable(()))


def test_what_a_reviewer_decides_by_is_told_before_and_after():
    now = replace(ROW, digest="other", risk=Risk.HIGH, effect=Effect.CRITICAL, inputs=("id", "all"), deprecated=True)
    (change,) = changes_of(imported(compared([replace(ROW, inputs=("id", "page"))], [now])))
    assert (change.kind, change.name, change.source, change.actor) == ("changed", "getOrder", "api", "ann")
    assert {name: (before, after) for name, before, after in change.fields} == {
        "effect": (ROW.effect.value, "critical"), "risk": (ROW.risk.value, "high"), "inputs": ("page", "all"),
        "deprecated": ("no", "yes"),
    }  # fmt: skip
    assert not change.wording_only


def test_another_text_of_the_same_tool_is_wording():
    (change,) = changes_of(imported(compared([ROW], [replace(ROW, digest="other")])))
    assert change.wording_only
    assert [name for name, _, _ in change.fields] == ["definition"]


def test_the_same_again_is_no_change():
    assert compared([ROW], [replace(ROW, position=7, line=3)]) == {}


def test_new_and_gone():
    other = replace(ROW, id=ToolId("api GET /other"), name="other")
    found = changes_of(imported(compared([ROW], [other])))
    assert [(change.kind, change.name) for change in found] == [("new", "other"), ("gone", "getOrder")]


def test_the_last_import_that_changed_anything_counts():
    first, second = compared([ROW], []), compared([], [ROW])
    assert [c.kind for c in changes_of(imported(None, first, second, None))] == ["new"]


@pytest.mark.parametrize("noted", [[], "x", {"changed": []}, {"new": {"t": "x"}}, {"changed": {"t": ["n", [["a"]]]}}])
def test_notes_of_another_shape_say_nothing(noted):
    assert changes_of(imported(noted)) == ()
