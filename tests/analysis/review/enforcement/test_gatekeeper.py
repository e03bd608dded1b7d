"""One call from its arrival to its record."""

import asyncio

import pytest

from analysis.model.terms import Approval, Rate
from analysis.output.enforce.approval import Vote
from analysis.output.enforce.audit import check_chain
from analysis.output.enforce.call_check import CallCheck, GatewayState
from analysis.output.enforce.caller import Caller
from analysis.review.enforcement.gatekeeper import Answered, Refused, UpstreamFailed
from analysis.traffic import read_log


async def refused(desk, check, *given, **named):
    """Call, expect a refusal by a check that never reached the upstream, and return what the caller is told."""
    before = list(desk.forwarded)
    with pytest.raises(Refused) as caught:
        await desk.call(*given, **named)
    assert caught.value.refusal.check is check
    assert desk.forwarded == before
    assert (desk.last["decision"], desk.last["check"]) == ("refused", check.value)
    return caught.value.refusal.told


async def voted(desk, *votes):
    """Wait for a call to be asked about, and answer it."""
    while not (waiting := desk.keeper.store.waiting()):  # noqa: ASYNC110 - the queue is a file
        await asyncio.sleep(0.01)
    for voter, yes in votes:
        desk.keeper.store.vote(waiting[0].id, Vote(voter, yes, desk.keeper.now()))
    return waiting[0]


async def test_an_allowed_call_is_forwarded_and_recorded(desk):
    desk.serve()
    assert await desk.call() == {"content": []}
    record = desk.last
    assert {name: record[name] for name in ("user", "agent", "tool", "definition", "decision", "outcome", "bytes")} == {
        "user": "ann", "agent": "agent/1", "tool": "rooms:getRoom", "definition": "d" * 64, "decision": "allowed",
        "outcome": "ok", "bytes": 12,
    }  # fmt: skip
    assert (record["parameters"], record["packet"], record["time"]) == (
        {"id": "1"},
        "packet-digest",
        "2026-05-01T10:00:00.000Z",
    )
    assert check_chain(desk.folder / "audit.jsonl").ok


async def test_every_check_refuses_before_the_upstream(desk):
    desk.serve()
    desk.serve("limited", rates=(Rate(1, 60),))
    assert await refused(desk, CallCheck.KNOWN, "deleteRoom") == ""
    assert "lack id" in await refused(desk, CallCheck.INPUT, arguments={})
    await desk.call("limited")
    assert "at most 1 calls" in await refused(desk, CallCheck.RATE, "limited")
    desk.keeper.state = GatewayState(drifted={"getRoom": "changed"})
    await refused(desk, CallCheck.DRIFT)
    (desk.folder / "stop").write_text("")
    await refused(desk, CallCheck.STOPPED)


async def test_a_refused_call_does_not_use_up_the_rate(desk):
    desk.serve("limited", rates=(Rate(1, 60),))
    await refused(desk, CallCheck.INPUT, "limited", {})
    await desk.call("limited")


async def test_an_answer_that_says_it_failed_is_an_error_and_one_too_large_does_not_pass(desk):
    desk.serve()
    desk.answer = Answered({}, 1, failed=True)
    await desk.call()
    assert desk.last["outcome"] == "error"
    desk.answer = Answered({}, 101)
    with pytest.raises(Refused, match="101 bytes"):
        await desk.call()
    assert (desk.last["check"], desk.last["outcome"]) == ("result", "failed")


async def test_an_upstream_that_fails_is_one_record_and_one_sentence(desk):
    desk.serve()
    desk.keeper.masker = desk.keeper.masker.and_credentials({"Authorization": "Bearer top-secret-1"})
    desk.answer = UpstreamFailed("not reachable with top-secret-1")
    with pytest.raises(Refused, match="not reachable"):
        await desk.call()
    assert (desk.last["decision"], desk.last["outcome"], desk.last["check"]) == ("allowed", "failed", "upstream")
    assert "top-secret" not in (desk.folder / "audit.jsonl").read_text()


async def test_a_critical_call_is_recorded_before_it_is_forwarded(desk):
    desk.serve(critical=True)
    await desk.call()
    assert [each["event"] for each in desk.records] == ["forwarded", "call"]


async def test_a_call_that_cannot_be_recorded_is_not_made(desk):
    desk.serve(critical=True)
    desk.keeper.audit._failed = "the disk is full"
    with pytest.raises(Refused, match="cannot record"):
        await desk.call()
    assert desk.forwarded == []


async def test_a_result_that_cannot_be_recorded_is_not_handed_out(desk):
    desk.serve()

    async def full(approved):
        desk.keeper.audit._failed = "the disk is full"
        return Answered({"secret": 1}, 1)

    async def pulse(seconds, message):
        raise AssertionError

    with pytest.raises(Refused, match="cannot record"):
        await desk.keeper.call("getRoom", {"id": "1"}, Caller("ann"), full, pulse)


@pytest.mark.parametrize(
    ("votes", "persons", "outcome"),
    [
        ([("ben", True)], 1, "ok"),
        ([("ben", False)], 1, "denied"),
        ([("ben", True), ("cy", True)], 2, "ok"),
        ([("ben", True)], 2, "timeout"),
        ([], 1, "timeout"),
    ],
)
async def test_a_person_is_asked_and_three_moments_are_recorded(desk, votes, persons, outcome):
    desk.serve(approvals=(Approval(persons),))
    calling = asyncio.create_task(desk.call(arguments={"id": "1", "token": "secret-of-caller"}))
    waiting = await voted(desk, *votes)
    assert "secret-of-caller" not in waiting.parameters
    if outcome == "ok":
        await calling
    else:
        with pytest.raises(Refused):
            await calling
        assert desk.forwarded == []
    asked, answered, ended = desk.records
    assert [each["event"] for each in (asked, answered, ended)] == ["asked", "answered", "call"]
    assert asked["call"] == answered["call"] == ended["call"] == waiting.id
    assert [each["by"] for each in ended["approvers"]] == [voter for voter, _ in votes]
    assert ended["outcome"] == outcome
    assert desk.pulses
    assert desk.keeper.store.waiting() == []


async def test_what_changes_while_a_person_is_asked_counts(desk):
    """The checks come again after the approval."""
    desk.serve(approvals=(Approval(1),))
    for change in (
        lambda: setattr(desk.keeper, "state", GatewayState(drifted={"getRoom": "changed"})),
        lambda: (desk.folder / "stop").write_text(""),
    ):
        calling = asyncio.create_task(desk.call())
        await voted(desk)
        change()
        with pytest.raises(Refused):
            await calling
        assert desk.forwarded == []
        desk.keeper.state = GatewayState()


async def test_a_yes_and_a_change_in_the_same_moment_refuse(desk):
    desk.serve(approvals=(Approval(1),))
    calling = asyncio.create_task(desk.call())
    waiting = await voted(desk)
    desk.keeper.store.vote(waiting.id, Vote("ben", True, desk.keeper.now()))
    desk.keeper.state = GatewayState(drifted={"getRoom": "changed"})
    with pytest.raises(Refused) as caught:
        await calling
    assert caught.value.refusal.check is CallCheck.DRIFT
    assert desk.forwarded == []


async def test_a_cancelled_call_closes_its_question_and_a_later_yes_does_nothing(desk):
    desk.serve(approvals=(Approval(1),))
    calling = asyncio.create_task(desk.call())
    waiting = await voted(desk)
    calling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await calling
    assert desk.last["outcome"] == "cancelled"
    assert desk.keeper.store.waiting() == []
    with pytest.raises(Exception, match="does not wait any more"):
        desk.keeper.store.vote(waiting.id, Vote("ben", True, desk.keeper.now()))
    assert desk.forwarded == []


async def test_an_approval_ends_with_its_day(desk):
    desk.serve(last_day="2026-05-01")
    await desk.call()
    desk.pass_time(days=1)
    await refused(desk, CallCheck.EXPIRY)


async def test_traffic_reads_every_record_of_a_call_with_no_field_missing(desk):
    desk.serve(critical=True, approvals=(Approval(1),))
    calling = asyncio.create_task(desk.call())
    await voted(desk, ("ben", True))
    await calling
    desk.serve("plain")
    await desk.call("plain", {"id": "1"}, Caller("ann"))
    await refused(desk, CallCheck.KNOWN, "\u202edeleteRoom", {})
    await refused(desk, CallCheck.KNOWN, "", {})
    calls, _ = read_log((desk.folder / "audit.jsonl").read_bytes())
    assert [call.outcome for call in calls] == ["ok", "ok", "refused", "refused"]
    assert [call.missing for call in calls] == [()] * 4
    assert [call.tool for call in calls][:2] == ["rooms:getRoom", "rooms:plain"]
