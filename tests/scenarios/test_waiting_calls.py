"""Calls that wait for a person at a gateway are shown at the desk with their parameters, and answered there."""

from __future__ import annotations

import pytest

from analysis.model.terms import Approval
from analysis.output.enforce.approval import ApprovalState
from analysis.output.enforce.gateway_store import STORE, GatewayStore, WaitingCall
from analysis.review.enforcement.waiting_calls import queued_calls


@pytest.fixture
def queue(monkeypatch, tmp_path):
    """A queue of this user in which one call waits; its parameters are hostile."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    folder = tmp_path / "state" / "clearance" / "enforce" / "packet-0"
    folder.mkdir(parents=True)
    store = GatewayStore(folder / STORE)
    store.ask(
        WaitingCall(
            "abc123", "2026-01-01T00:00:00Z", "9999-01-01T00:00:00Z", "ann@corp.example", "agent/1", "refundPayment", "d" * 64,
            '{"amount": 4200, "note": "\\u001b[31mred"}', (Approval(1),), ApprovalState.WAITING,
        )
    )  # fmt: skip
    store.close()
    return folder


async def test_without_a_waiting_call_the_desk_says_so(open_review, at_desk, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    async with at_desk(open_review("fresh")) as hand:
        await hand.types("Y")
        assert "no call waits for a person" in hand.said[-1]


async def test_a_waiting_call_is_shown_with_its_parameters_and_confirmed(open_review, at_desk, queue):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types("Y")
        await hand.shows("refundPayment  for ann@corp.example, until 00:00:00 UTC")
        await hand.types("1")
        await hand.shows('"amount": 4200')
        assert "\x1b" not in await hand.look()
        await hand.types('"perhaps" enter enter')
        await hand.shows("write yes or no")
        await hand.types('shift+tab ctrl+u "yes" enter "asked the customer" enter')
        assert "confirmed by rev: refundPayment for ann@corp.example" in hand.said[-1]
        assert hand.recorded() == []  # a run-time approval is no decision of the review
    (waiting,) = queued_calls("2026-02-01T00:00:00Z", queue)
    assert [(vote.voter, vote.yes, vote.reason) for vote in waiting.votes] == [("rev", True, "asked the customer")]


async def test_esc_leaves_the_call_waiting(open_review, at_desk, queue):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types("Y 1 escape Y escape")
    assert queued_calls("2026-02-01T00:00:00Z", queue)[0].votes == ()
