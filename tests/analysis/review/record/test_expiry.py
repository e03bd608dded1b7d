"""The reader's clock: deadlines pass by it and not by the dates of other machines."""

from types import SimpleNamespace
from typing import Any

import pytest

from analysis.model import DecisionState
from analysis.review import commands, queries
from analysis.review.packets.export import review_snapshot
from analysis.review.queries.preview import opening_preview
from analysis.review.queries.status import not_checked, status_data
from analysis.review.record.expiry import dated_ahead, effective_time, last_event_time
from analysis.review.session import Review

TODAY = "2026-03-02T12:00:00Z"


@pytest.fixture
def ending(shop):
    """Three approvals that end on 30 June 2026."""
    shop.conditional("listOrders createOrder deleteOrder", ("expires", "2026-06-30", ""))
    return shop


@pytest.fixture
def at(opened):
    """Open a review as it stands at a time."""
    reviews = []

    def opening(work, now):
        reviews.append(Review.open(work.review.path, now=now))
        return reviews[-1]

    yield opening
    for review in reviews:
        review.close()


def states(review):
    return {tool.decision_state for tool in review.tools()}


def from_the_future(work, actor="eve", year=2999):
    """Record a note as a machine does whose clock is wrong."""
    other = Review.open(work.review.path)
    commands.note(other, "review", "what year is it?", actor=actor, at=f"{year}-01-01T00:00:00Z")
    other.close()


def test_a_note_from_the_future_ends_no_approval(ending, at):
    from_the_future(ending)
    review = at(ending, TODAY)
    assert states(review) == {DecisionState.CONDITIONAL}
    assert review.as_of <= TODAY
    assert {tool.decision_state for tool in opening_preview(ending.review.path, 3, TODAY).first} == {
        DecisionState.CONDITIONAL
    }
    commands.note(review, "review", "a later one", actor="ann", at="2026-03-02T13:00:00Z")
    assert (review.as_of, states(review)) == ("2026-03-02T13:00:00Z", {DecisionState.CONDITIONAL})
    assert queries.audit_trail(review)[-1].at == "2026-03-02T13:00:00Z"  # what we record carries our own time
    assert states(at(ending, "2026-07-01T00:00:00Z")) == {DecisionState.EXPIRED}


def test_a_note_from_the_future_that_arrives_in_an_open_review_ends_none_either(ending, at):
    review = at(ending, TODAY)
    from_the_future(ending)
    assert review.refresh("2026-03-02T12:00:01Z")
    assert states(review) == {DecisionState.CONDITIONAL}
    assert review.as_of <= "2026-03-02T12:00:01Z"


def test_a_decision_from_the_future_ends_nothing_on_the_first_screen(ending, at):
    other = Review.open(ending.review.path)
    commands.decide(
        other, [ending.id("listOrders")], DecisionState.BLOCKED, reason="no", actor="eve", at="2999-01-01T00:00:00Z"
    )
    other.close()
    shown = {tool.row.name: tool.decision_state for tool in opening_preview(ending.review.path, 3, TODAY).first}
    assert shown["createOrder"] is DecisionState.CONDITIONAL
    assert shown["listOrders"] is DecisionState.BLOCKED


def test_whoever_goes_on_the_next_day_works_by_the_clock_of_that_day(ending, at):
    review = at(ending, TODAY)
    commands.note(review, "review", "four months later", actor="ann", at="2026-07-01T08:00:00Z")
    assert (review.as_of, states(review)) == ("2026-07-01T08:00:00Z", {DecisionState.EXPIRED})


def test_what_a_colleague_recorded_while_a_review_is_open_is_not_from_the_future(ending, at):
    review = at(ending, TODAY)
    from_the_future(ending, year=2027)
    assert review.refresh("2027-01-01T00:00:01Z")
    assert (review.as_of, states(review)) == ("2027-01-01T00:00:00Z", {DecisionState.EXPIRED})
    assert "dates of events" not in not_checked(review)


def test_who_made_events_from_the_future_is_said_wherever_a_review_is_told(ending, at):
    from_the_future(ending)
    from_the_future(ending, "bob\x1b[31m", 2031)
    review = at(ending, TODAY)
    (told,) = [entry for entry in status_data(review)["not_checked"] if entry["check"] == "dates of events"]
    assert told["reason"].startswith("2 events are dated in the future, up to 2999-01-01, by eve, bob")
    assert "\x1b" not in told["reason"]
    assert "dates of events" in not_checked(review)
    assert "dates of events" in {entry.check for entry in review_snapshot(review).not_checked}


def test_two_exports_are_equal_although_an_event_is_from_the_future(ending, at):
    from_the_future(ending)
    assert review_snapshot(at(ending, TODAY)).as_of == review_snapshot(at(ending, "2026-03-05T17:00:00Z")).as_of


def test_some_seconds_between_two_clocks_are_no_news(ending, at):
    review = at(ending, "2026-03-02T08:59:58Z")  # the decisions were recorded at nine
    assert "dates of events" not in not_checked(review)
    assert review.as_of <= "2026-03-02T08:59:58Z"


def test_where_every_event_is_from_the_future_time_stands_at_the_clock(ending, at):
    assert at(ending, "2020-01-01T00:00:00Z").as_of == "2020-01-01T00:00:00Z"


def test_without_a_clock_the_last_event_tells_the_time(ending):
    events = ending.review.store.events
    assert last_event_time(events, "") == events[-1].at
    assert last_event_time([event("ann", LAST), event("ann", LATER)], LATER) == LATER
    assert dated_ahead(events, "") == ()


@pytest.mark.parametrize(
    ("now", "stands"),
    [
        ("2026-03-02T23:59:59Z", DecisionState.CONDITIONAL),
        ("2026-03-03T00:00:00Z", DecisionState.EXPIRED),
    ],
)
def test_an_approval_that_ends_on_the_day_of_the_last_event_is_valid_that_day_and_over_tomorrow(shop, at, now, stands):
    shop.conditional("listOrders", ("expires", "2026-03-02", ""))
    review = at(shop, now)
    assert review.tool(shop.id("listOrders")).decision_state is stands


def test_an_approval_is_valid_on_the_whole_of_its_last_day(ending, at):
    assert states(at(ending, "2026-06-30T23:59:59Z")) == {DecisionState.CONDITIONAL}
    assert states(at(ending, "2026-07-01T00:00:00Z")) == {DecisionState.EXPIRED}


# --- which dates end something --------------------------------------------------------------------------


def held(key, data) -> Any:
    """Registers in which one thing holds."""
    return SimpleNamespace(
        keys=lambda prefix: [key] if key.startswith(prefix) else [],
        heads=lambda asked: [SimpleNamespace(data=data)] if asked == key else [],
    )


LAST, LATER = "2026-03-02T09:00:00Z", "2026-03-09T09:00:00Z"
MIDNIGHT_AFTER = "2026-03-06T00:00:00Z"
ENDS = {
    "a condition": ("tool/a/decision", {"conditions": [{"kind": "expires", "value": "2026-03-05"}]}, MIDNIGHT_AFTER),
    "another condition": ("tool/a/decision", {"conditions": [{"kind": "note", "value": "2026-03-05"}]}, LAST),
    "an accepted risk": ("finding/f/state", {"status": "accepted", "until": "2026-03-05"}, MIDNIGHT_AFTER),
    "an accepted risk without end": ("finding/f/state", {"status": "accepted"}, LAST),
    "a finding that is being fixed": ("finding/f/state", {"status": "fixing", "until": "2026-03-05"}, LAST),
    "a proof": ("control/c/answer", {"evidence": [{"valid_until": "2026-03-05"}]}, MIDNIGHT_AFTER),
    "a proof without end": ("control/c/answer", {"evidence": [{}]}, LAST),
    "a reference to a proof": ("finding/f/state", {"status": "fixed", "evidence": "REC-1"}, LAST),
    "a view": ("view/v", {"conditions": [{"kind": "expires", "value": "2026-03-05"}]}, LAST),
    "an end before the last event": ("control/c/answer", {"evidence": [{"valid_until": "2026-03-01"}]}, LAST),
    "an end that is not over": ("control/c/answer", {"evidence": [{"valid_until": "2026-03-09"}]}, LAST),
    "a day that no calendar has": ("control/c/answer", {"evidence": [{"valid_until": "2026-03-32"}]}, LAST),
}  # fmt: skip


@pytest.mark.parametrize(("key", "data", "time"), ENDS.values(), ids=ENDS)
def test_time_stands_at_the_midnight_after_what_has_ended_since_the_last_event(key, data, time):
    assert effective_time(held(key, data), LAST, LATER) == time


def test_on_the_day_of_the_last_event_nothing_has_ended_since():
    (key, data, _) = ENDS["a proof"]
    assert effective_time(held(key, data), "2026-03-09T08:00:00Z", LATER) == "2026-03-09T08:00:00Z"


def event(actor, at) -> Any:
    return SimpleNamespace(actor=actor, at=at)


def test_of_many_people_with_a_wrong_clock_some_are_named_and_the_rest_counted():
    events = [event(actor, "2027-01-01T00:00:00Z") for actor in ("ann", "bob", "cat", "dan", "eve", "x" * 80)]
    (skipped,) = dated_ahead(events, LAST)
    assert skipped.reason.startswith(
        "6 events are dated in the future, up to 2027-01-01, by ann, bob, cat and 3 more: "
    )
    assert skipped.check == "dates of events"
    (skipped,) = dated_ahead(events[:2], LAST)
    assert skipped.reason.startswith("2 events are ")
    (skipped,) = dated_ahead(events[-1:], LAST)
    assert f"by {'x' * 60}…+20: " in skipped.reason
    (skipped,) = dated_ahead(events[:3], LAST)
    assert ", by ann, bob, cat: " in skipped.reason
    (skipped,) = dated_ahead(events[-1:], LAST)
    assert skipped.reason.startswith("1 event is dated in the future, up to 2027-01-01, by xxx")
    assert len(skipped.reason) < 200
    assert dated_ahead([event("ann", "2026-03-02T23:59:59Z")], LAST) == ()
