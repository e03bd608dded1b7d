"""The file that gateways share: waiting calls, votes, counted calls."""

import sqlite3

import pytest

from analysis.errors import CheckFailed, InputRefused, UsageError
from analysis.model.terms import Approval, Rate
from analysis.output.enforce.approval import ApprovalState, Vote
from analysis.output.enforce.gateway_store import GatewayStore, WaitingCall, new_call_id

NOW, LATER = "2026-05-01T10:00:00.000Z", "2026-05-01T10:15:00.000Z"


@pytest.fixture
def store(tmp_path):
    made = GatewayStore(tmp_path / "gateway.sqlite")
    yield made
    made.close()


def call(identity="abc", **more):
    facts = {
        "id": identity, "since": NOW, "until": LATER, "user": "ann", "agent": "x/1", "tool": "closeRoom", "definition": "d",
        "parameters": "{}", "asked": (Approval(2),), "state": ApprovalState.WAITING, "teams": (("Lea", ("leads",)),),
    }  # fmt: skip
    return WaitingCall(**(facts | more))


def test_a_waiting_call_comes_back_as_it_was(store):
    store.ask(call())
    assert store.waiting(NOW) == [call()]
    assert store.call("abc").teams_of("LEA") == ("leads",)
    assert store.waiting(LATER) == []


def test_one_person_has_one_vote_in_every_spelling(store):
    store.ask(call())
    store.vote("abc", Vote("Ben", True, NOW))
    with pytest.raises(CheckFailed, match="answered already"):
        store.vote("abc", Vote(" BEN ", False, NOW))
    assert [vote.voter for vote in store.votes("abc")] == ["Ben"]


@pytest.mark.parametrize("voter", ["ann", "ANN", "", "  "])
def test_votes_that_do_not_count_are_refused(store, voter):
    store.ask(call())
    with pytest.raises(CheckFailed, match="does not count"):
        store.vote("abc", Vote(voter, True, NOW))


def test_a_vote_on_a_call_that_has_ended_does_nothing(store):
    store.ask(call())
    assert store.close_call("abc", ApprovalState.CANCELLED) is ApprovalState.CANCELLED
    with pytest.raises(CheckFailed, match="cancelled"):
        store.vote("abc", Vote("ben", True, NOW))
    assert store.close_call("abc", ApprovalState.GRANTED) is ApprovalState.CANCELLED
    store.ask(call("late"))
    with pytest.raises(CheckFailed, match="timeout"):
        store.vote("late", Vote("ben", True, LATER))
    with pytest.raises(UsageError, match="no call"):
        store.vote("none", Vote("ben", True, NOW))


def test_rates_hold_in_any_period_for_each_person_and_tool_and_outlive_the_gateway(store, tmp_path):
    rates = (Rate(2, 60), Rate(3, 3600))
    assert [store.take("ann", "t", rates, at) for at in (0.0, 1.0)] == [None, None]
    assert store.take("Ann", "t", rates, 59.0) == Rate(2, 60)
    assert store.take("ben", "t", rates, 59.0) is None
    assert store.take("ann", "u", rates, 59.0) is None
    again = GatewayStore(tmp_path / "gateway.sqlite")
    assert again.take("ann", "t", rates, 61.5) is None
    assert again.take("ann", "t", rates, 200.0) == Rate(3, 3600)
    again.close()


def test_another_file_is_left_alone(tmp_path):
    other = tmp_path / "gateway.sqlite"
    with sqlite3.connect(other) as made:
        made.execute("CREATE TABLE mine (a)")
    before = other.read_bytes()
    with pytest.raises(InputRefused, match="no approval queue"):
        GatewayStore(other)
    assert other.read_bytes() == before
    with pytest.raises(InputRefused, match="no approval queue"):
        GatewayStore(tmp_path / "absent", create=False)


def test_ids_can_be_typed():
    made = {new_call_id() for _ in range(200)}
    assert len(made) == 200
    assert not set("".join(made)) & set("0O1lI")
