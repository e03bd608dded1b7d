"""Commands and the state they lead to; calls that make no sense, and leave nothing behind."""

import json

import pytest

from analysis.errors import CheckFailed, UsageError
from analysis.model import (
    AnswerState,
    DecisionState,
    Disposition,
    Evidence,
    Risk,
    Status,
    ToolType,
)
from analysis.review import commands, queries
from tests.analysis.review.conftest import Work

PROVED = Evidence("Log of the job", "E4", where="REC-1")
TWO = ("approval", "two persons", "REC-2")

# what is done, and what then holds of createOrder (a medium side-effect) and deleteOrder (high, critical)
TOOLS = {
    "nothing": ([], {"status": "undecided", "live": True, "undecided": True, "decision": None}),
    "approve": ([lambda w: w.approve("createOrder")], {"status": "approved", "live": True, "undecided": False}),
    "block": ([lambda w: w.block("createOrder")], {"status": "blocked", "live": False, "undecided": False}),
    "with conditions": ([lambda w: w.conditional("createOrder", TWO)], {"status": "conditional", "live": True}),
    "the last one counts": (
        [lambda w: w.approve("createOrder"), lambda w: w.block("createOrder", actor="bob")],
        {"status": "blocked", "conflict": False},
    ),
    "clear": (
        [lambda w: w.block("createOrder"), lambda w: w.clear("createOrder")],
        {"status": "undecided", "decision": None, "live": True},
    ),
    "clear what nobody decided": ([lambda w: w.clear("createOrder")], {"status": "undecided", "decision": None}),
    "decide after clearing": (
        [lambda w: w.approve("createOrder"), lambda w: w.clear("createOrder"), lambda w: w.block("createOrder")],
        {"status": "blocked"},
    ),
    "raise the risk": ([lambda w: w.risk("createOrder", Risk.HIGH)], {"risk": Risk.HIGH, "effect": "side-effect"}),
    "keep the risk": ([lambda w: w.risk("createOrder", Risk.MEDIUM)], {"risk": Risk.MEDIUM}),
    "lower the risk": ([lambda w: w.risk("createOrder", Risk.LOW, "sandbox only")], {"risk": Risk.LOW}),
    "to billing": (
        [lambda w: w.type("createOrder", ToolType.BILLING, "it charges")], {"type": ToolType.BILLING, "effect": "critical"}
    ),
    "to administrative": (
        [lambda w: w.type("createOrder", ToolType.ADMINISTRATIVE, "it grants")],
        {"type": ToolType.ADMINISTRATIVE, "effect": "critical"},
    ),
    "to read-only": (
        [lambda w: w.type("createOrder", ToolType.READ, "a search")], {"type": ToolType.READ, "effect": "read-only"}
    ),
    "type and risk": (
        [lambda w: w.type("createOrder", ToolType.CRITICAL, "final"), lambda w: w.risk("createOrder", Risk.HIGH)],
        {"type": ToolType.CRITICAL, "effect": "critical", "risk": Risk.HIGH},
    ),
    "notes": ([lambda w: w.note("createOrder", "a"), lambda w: w.note("createOrder", "a", "bob")], {"notes": 2}),
    "note on another tool": ([lambda w: w.note("deleteOrder", "a")], {"notes": 0}),
    "another tool": ([lambda w: w.block("deleteOrder listOrders")], {"status": "undecided"}),
}  # fmt: skip


@pytest.mark.parametrize(("commands", "expected"), TOOLS.values(), ids=TOOLS)
def test_what_a_command_makes_of_a_tool(shop, opened, commands, expected):
    for command in commands:
        command(shop)
    for work in (shop, opened(shop.review.path)):
        tool = work.tool("createOrder")
        found = {"status": tool.decision_state.simple}
        assert {name: found.get(name, getattr(tool, name, None)) for name in expected} == expected


def test_a_decision_says_who_when_why_and_about_which_definition(shop):
    shop.conditional("createOrder", TWO, ("env", "staging", ""), reason="  Needed for returns. ", actor=" bob ")
    tool = shop.tool("createOrder")
    assert (tool.decision.actor, tool.decision.at[:10], tool.decision.reason) == (
        "bob",
        "2026-03-02",
        "Needed for returns.",
    )
    assert tool.decision.definition == tool.row.digest
    assert [(c.kind, c.value, c.evidence) for c in tool.decision.conditions] == [
        ("approval", "two persons", "REC-2"), ("env", "staging", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ([(AnswerState.CLAIMED, "yes", ())], AnswerState.CLAIMED),
        ([(AnswerState.EVIDENCED, "", (PROVED,))], AnswerState.EVIDENCED),
        ([(AnswerState.EVIDENCED, "", (Evidence("Word", "E1"),))], AnswerState.CLAIMED),
        ([(AnswerState.EVIDENCED, "", (Evidence("Old", "E4", valid_until="2026-03-01"),))], AnswerState.CLAIMED),
        ([(AnswerState.NOT_APPLICABLE, "no client secret", ())], AnswerState.NOT_APPLICABLE),
        ([(AnswerState.CLAIMED, "yes", ()), (AnswerState.UNANSWERED, "", ())], AnswerState.UNANSWERED),
    ],
)
def test_what_an_answer_makes_of_a_question(shop, opened, states, expected):
    assert shop.review.summary().answers["cred-store"] is AnswerState.UNANSWERED
    for state, text, evidence in states:
        shop.answer("cred-store", state, text, evidence=evidence)
    assert shop.review.summary().answers["cred-store"] is expected
    assert opened(shop.review.path).review.summary().answers["cred-store"] is expected
    assert shop.review.summary().answers["log-config"] is AnswerState.UNANSWERED


def disposition(status, at="2026-03-02T10:00:00Z", reason="because", **more):
    return Disposition(Status(status), reason, "ann", at, **more)


ACCEPTED = {"owner": "cfo", "until": "2026-03-31"}


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([disposition("fixing", until="2026-03-31")], "fixing"),
        ([disposition("fixed", evidence="REC-3")], "fixed"),
        ([disposition("false-positive", code="not-present")], "false-positive"),
        ([disposition("not-applicable")], "not-applicable"),
        ([disposition("accepted", **ACCEPTED)], "accepted"),
        ([disposition("accepted", **ACCEPTED), disposition("open")], "open"),
        ([disposition("accepted", owner="cfo", until="2026-03-02")], "accepted"),
        ([disposition("accepted", owner="cfo", until="2026-03-01")], "open"),
    ],
)
def test_what_a_disposition_makes_of_a_finding(shop, opened, steps, expected):
    (finding,) = [f.id for f in shop.review.summary().findings if f.rule == "EXP-001"]
    for made in steps:
        commands.dispose(shop.review, [finding], made)
    for review in (shop.review, opened(shop.review.path).review):
        assert {f.rule: f.status for f in review.summary().findings}["EXP-001"] == expected


def test_an_acceptance_that_has_run_out_opens_the_finding_again(shop):
    (finding,) = [f.id for f in shop.review.summary().findings if f.rule == "EXP-001"]
    commands.dispose(shop.review, [finding], disposition("accepted", **ACCEPTED))
    commands.note(shop.review, "review", "months later", actor="ann", at="2026-06-01T09:00:00Z")
    assert {f.rule: f.status for f in shop.review.summary().findings}["EXP-001"] is Status.OPEN


def test_an_approval_that_has_run_out_is_undecided_at_once(shop, opened):
    """At the end of its day, and whatever the event is that moves the review on."""
    shop.conditional("createOrder", ("expires", "2026-03-05", "REC"))
    for day, status in (("2026-03-05", "conditional"), ("2026-03-06", "undecided")):
        commands.note(shop.review, "deleteOrder", "time passes", actor="ann", at=f"{day}T09:00:00Z")
        for work in (shop, opened(shop.review.path)):
            assert work.tool("createOrder").decision_state.simple == status
            assert work.review.summary().progress.decided == (status == "conditional")


# --- calls that make no sense ------------------------------------------------------------------------


def dispose(made):
    return lambda w: commands.dispose(w.review, [w.review.summary().findings[0].id], made)


def calls_without_actor():
    yield "decide", lambda w, actor: w.approve("listOrders", actor=actor)
    yield "retag", lambda w, actor: w.risk("listOrders", Risk.HIGH, actor=actor)
    yield "note", lambda w, actor: w.note("listOrders", "x", actor=actor)
    yield "answer", lambda w, actor: w.answer("cred-store", AnswerState.CLAIMED, "x", actor=actor)
    yield "undo", lambda w, actor: w.undo(actor)
    yield "import", lambda w, actor: w.load(b'{"openapi":"3.1.0","info":{},"paths":{"/a":{"get":{}}}}', actor)


WRONG = {
    "a decision without reason": (lambda w: w.approve("listOrders", reason=" \n"), "needs a reason"),
    "clearing without reason": (lambda w: w.clear("listOrders", reason=""), "needs a reason"),
    "conditions without one": (lambda w: w.decide("listOrders", DecisionState.CONDITIONAL), "needs a condition"),
    "approval with conditions": (
        lambda w: w.approve("listOrders", conditions=[TWO]),
        "only an approval with conditions",
    ),
    "block with conditions": (lambda w: w.block("listOrders", conditions=[TWO]), "only an approval with conditions"),
    "clearing with conditions": (lambda w: w.clear("listOrders", conditions=[TWO]), "only an approval with conditions"),
    "a tool nobody knows": (lambda w: w.approve("listOrders nobody"), "no such tool"),
    "clearing a tool nobody knows": (lambda w: w.clear("nobody"), "no such tool"),
    "clearing tools nobody knows": (lambda w: w.clear("nobody noone"), "no such tool"),
    "lower risk without reason": (lambda w: w.risk("deleteOrder", Risk.LOW), "lowering a risk needs a reason"),
    "lower risk, blank reason": (lambda w: w.risk("deleteOrder", Risk.MEDIUM, "  "), "lowering a risk needs a reason"),
    "type without reason": (lambda w: w.type("listOrders", ToolType.BILLING), "needs a reason"),
    "risk of a tool nobody knows": (lambda w: w.risk("nobody", Risk.HIGH), "no such tool"),
    "type of a tool nobody knows": (lambda w: w.type("nobody", ToolType.READ, "x"), "no such tool"),
    "an empty note": (lambda w: w.note("listOrders", " \t"), "a note needs text"),
    "a question nobody asks": (lambda w: w.answer("cred-stor", AnswerState.CLAIMED), "unknown control"),
    "evidenced without evidence": (lambda w: w.answer("cred-store", AnswerState.EVIDENCED, "x"), "needs evidence"),
    "not applicable without reason": (lambda w: w.answer("cred-store", AnswerState.NOT_APPLICABLE), "needs a reason"),
    "a disposition without reason": (dispose(disposition("fixing", reason="")), "needs a reason"),
    "accepted by nobody": (dispose(disposition("accepted", until="2026-04-01")), "business owner and an expiry"),
    "accepted for ever": (dispose(disposition("accepted", owner="cfo")), "business owner and an expiry"),
    "accepted until no day at all": (dispose(disposition("accepted", owner="cfo", until="some day")), "expiry"),
    "fixed without evidence": (dispose(disposition("fixed")), "needs evidence"),
    **{
        f"{name} by nobody": (lambda w, c=call: c(w, " "), "the actor is not known")
        for name, call in calls_without_actor()
    },
}


@pytest.mark.parametrize(("call", "says"), WRONG.values(), ids=WRONG)
def test_a_call_that_makes_no_sense_records_nothing(shop, opened, call, says):
    before, events = shop.seen(), len(shop.review.record.events)
    with pytest.raises(UsageError, match=says):
        call(shop)
    for work in (shop, opened(shop.review.path)):
        assert (work.seen(), len(work.review.record.events)) == (before, events)


@pytest.mark.parametrize("text", ["half a \udce9 character", "\ud800"])
def test_words_that_cannot_be_written_are_mended_and_not_a_fault(shop, opened, text):
    """A shell hands over bytes that are no UTF-8 as lone surrogates."""
    shop.approve("listOrders", reason=f"because {text}")
    shop.risk("listOrders", Risk.HIGH, f"because {text}")
    shop.note("listOrders", text)
    shop.answer("cred-store", AnswerState.CLAIMED, text)
    (finding,) = [f.id for f in shop.review.summary().findings if f.rule == "EXP-001"]
    commands.dispose(shop.review, [finding], disposition("not-applicable", reason=text))
    shop.note("listOrders", "x", actor=f"ann{text}")
    assert len(opened(shop.review.path).review.record.events) == len(shop.review.record.events)


# --- one action --------------------------------------------------------------------------------------


def test_a_bulk_is_one_action_for_all_or_none(shop):
    assert shop.approve("listOrders createOrder").sentence == "approved: 2 tools"
    batches = {event.batch for event in shop.review.store.events[-2:]}
    assert len(batches) == 1
    assert batches != {""}
    with pytest.raises(UsageError):
        shop.block("listOrders createOrder nobody")
    assert {t.row.name: t.decision_state.simple for t in shop.review.tools()} == {
        "listOrders": "approved", "createOrder": "approved", "deleteOrder": "undecided",
    }  # fmt: skip


def test_what_others_did_in_the_meantime_is_seen_before_one_records(shop, opened):
    other = opened(shop.review.path)
    other.block("createOrder", actor="bob")
    shop.approve("listOrders")
    assert shop.tool("createOrder").decision_state.simple == "blocked"
    shop.approve("createOrder")  # takes over from bob's head: no conflict
    assert other.review.refresh()
    assert not other.review.refresh()
    for work in (shop, other, opened(shop.review.path)):
        assert (work.tool("createOrder").decision_state.simple, work.tool("createOrder").conflict) == (
            "approved",
            False,
        )


def test_the_log_says_it_all_in_words(shop):
    shop.approve("createOrder", reason="needed")
    shop.risk("createOrder", Risk.LOW, "sandbox", actor="bob")
    shop.note("createOrder", "call me")
    shop.answer("cred-store", AnswerState.CLAIMED, "in the vault")
    shop.clear("createOrder", reason="asked again")
    shop.undo()
    assert [(entry.actor, entry.sentence) for entry in queries.audit_trail(shop.review)][2:] == [
        ("ann", "approved createOrder (needed)"),
        ("bob", "re-tagged risk of createOrder to low (sandbox)"),
        ("ann", "noted on createOrder: call me"),
        ("ann", "answered cred-store: claimed"),
        ("ann", "cleared the decision on createOrder (asked again)"),
        ("ann", "undid a change of createOrder/decision: approved"),
    ]


# --- questions ---------------------------------------------------------------------------------------


def test_filters_see_decisions_flags_and_notes(shop):
    shop.block("createOrder", actor="bob")
    shop.note("deleteOrder", "ask the retention officer")
    expected = {
        "": "listOrders createOrder deleteOrder",
        "is:blocked": "createOrder",
        "is:mine": "",
        "is:noted": "deleteOrder",
        "rule:EXP-001": "deleteOrder",
        "severity:critical": "deleteOrder",
        "findings>0 -is:undecided": "",
        "note:retention": "deleteOrder",
    }
    names = {tool.row.id: tool.row.name for tool in shop.review.tools()}
    found = {query: " ".join(names[i] for i in queries.select(shop.review, query, actor="ann")) for query in expected}
    assert found == expected


def test_what_happened_to_a_tool_is_told_of_that_tool_alone(opened, document, tmp_path):
    work = opened(tmp_path / "x.clearance", document("refundOrder", paths=("/orders/{id}", "/orders/{id}/refunds/all")))
    work.block("/orders/{id}/refunds/all refundOrder")
    work.note("/orders/{id}/refunds/all", "below")
    assert queries.history_of(work.review, work.id("/orders/{id}")) == []
    assert [entry.kind for entry in queries.history_of(work.review, work.id("refundOrder"))] == ["tool.decided"]


def test_a_note_is_on_one_tool_also_where_a_path_holds_the_sign_that_ends_a_subject(opened, document, tmp_path):
    """Paths like `/#Action=Run` are how some large providers write theirs."""
    work = opened(tmp_path / "x.clearance", document("createOrder", paths=("/", "/#Action=Run")))
    work.note("/#Action=Run", "only here")
    assert {t.row.path: t.notes for t in work.review.tools()} == {"/orders": 0, "/": 0, "/#Action=Run": 1}
    assert queries.notes(work.review, work.id("/")) == ()
    assert queries.history_of(work.review, work.id("/")) == []


GATEWAY = {
    "run_sql": {"sql": {"type": "string"}},
    "run_shell": {"command": {"type": "string"}},
    "open_door": {},
    "close_door": {},
}


@pytest.fixture
def gateway(tmp_path, opened):
    """A review of a tool list with two executors and two ordinary tools."""
    listed = [
        {"name": name, "description": name, "inputSchema": {"type": "object", "properties": arguments}}
        for name, arguments in GATEWAY.items()
    ]
    source = tmp_path / "tools.json"
    source.write_text(json.dumps({"tools": listed}), "utf-8")
    return opened(tmp_path / "gateway.clearance", str(source))


def approved(work):
    return {tool.row.name for tool in work.review.tools() if tool.decision_state.allowed}


@pytest.mark.parametrize("approve", [Work.approve, Work.conditional])
def test_a_bulk_approval_leaves_executors_out_and_says_so(gateway, approve):
    outcome = approve(gateway, " ".join(GATEWAY))
    assert approved(gateway) == {"open_door", "close_door"}
    assert [gateway.review.tool(tool).row.name for tool in outcome.left_out] == ["run_sql", "run_shell"]
    assert outcome.sentence.endswith("left out, to be approved one by one: 2 executors (run_sql, run_shell)")


def test_executors_alone_are_refused_in_bulk_and_approved_by_themselves(gateway):
    events = len(gateway.review.record.events)
    with pytest.raises(CheckFailed, match="2 executors"):
        gateway.approve("run_sql run_shell")
    assert len(gateway.review.record.events) == events
    assert gateway.approve("run_sql").left_out == ()
    assert approved(gateway) == {"run_sql"}


@pytest.mark.parametrize("command", [Work.block, Work.clear])
def test_executors_are_blocked_and_cleared_in_bulk(gateway, command):
    outcome = command(gateway, " ".join(GATEWAY))
    assert (len(outcome.tools), outcome.left_out) == (4, ())
