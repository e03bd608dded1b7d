"""The session: tools shown, tools marked, tools that a decision applies to."""

from __future__ import annotations

import pytest

from analysis.model import DecisionState
from analysis.review.derived.orders import ORDERS
from tui.desk.shell.session import Session


@pytest.fixture
def session(open_review):
    return Session(open_review("fresh"), "rev")


@pytest.fixture
def sample(open_review):
    return Session(open_review("sample"), "rev")


def named(session, *names):
    ids = {state.row.name: state.row.id for state in session.review.tools()}
    return [ids[name] for name in names]


def names(session, tools):
    return [session.review.tool(tool).row.name for tool in tools]


def test_at_first_everything_is_shown(session):
    assert session.shown == [state.row.id for state in session.review.tools()]
    assert session.fault is None


def test_an_invalid_filter_keeps_the_last_result(session):
    assert session.filter("risk:high")
    good = session.shown
    assert not session.filter("risk:hig")
    assert session.shown == good
    assert session.query == "risk:high"
    assert 'risk has no value "hig"' in session.fault.what
    assert session.filter("risk:low")
    assert session.fault is None


def test_decisions_apply_to_the_tool_under_the_cursor(session):
    (tool,) = named(session, "getRole")
    assert session.targets(tool) == [tool]
    assert session.targets(None) == []


def test_decisions_apply_to_the_marks_in_document_order(session):
    first, second = named(session, "listCustomers", "getRole")
    session.marks = {second, first}
    assert session.targets(named(session, "listTags")[0]) == [first, second]
    assert session.targets(None) == [first, second]


def test_marks_that_the_filter_hides_are_still_marks(session):
    session.marks = set(named(session, "listCustomers"))
    session.filter("name:getRole")
    assert names(session, session.targets(None)) == ["listCustomers"]


def test_toggle_all(session):
    session.filter("tag")
    assert session.toggle_all() == 2
    assert names(session, session.targets(None)) == ["listTags", "addCustomerTag"]
    session.filter("")
    assert session.toggle_all() == 48
    assert session.toggle_all() == 0
    session.marks = set(named(session, "listTags"))
    session.filter("tag")
    assert session.toggle_all() == 2  # some were marked: all are, then
    assert session.toggle_all() == 0


def test_toggle_all_leaves_hidden_marks_alone(session):
    session.marks = set(named(session, "getRole"))
    session.filter("tag")
    session.toggle_all()
    session.toggle_all()
    assert names(session, session.marks) == ["getRole"]


def test_toggle_all_of_nothing_marks_nothing(session):
    session.filter("nothinglikethis")
    assert session.toggle_all() == 0


def test_next_undecided(session):
    first, second, third = named(session, "listCustomers", "createCustomer", "searchCustomers")
    assert session.next_undecided(first) == second
    session.decide([second], DecisionState.APPROVED, "x")
    assert session.next_undecided(first) == third
    assert session.next_undecided(third, -1) == first
    assert session.next_undecided(first, -1) is None
    assert session.next_undecided(None) == first
    assert session.next_undecided(None, -1) is None


def test_next_undecided_follows_the_order_shown(session):
    session.filter("risk:high")
    assert names(session, [session.next_undecided(session.shown[0])]) == ["purgeCustomerHistory"]
    session.order = "name"
    session.refilter()
    assert names(session, [session.next_undecided(session.shown[0])]) == ["createAdminUser"]


def test_next_undecided_from_a_tool_that_is_not_shown(session):
    session.filter("tag")
    assert names(session, [session.next_undecided(named(session, "getRole")[0])]) == ["listTags"]


def test_next_undecided_when_all_is_decided(sample):
    sample.decide(named(sample, "deleteCustomer"), DecisionState.BLOCKED, "x")
    assert sample.next_undecided(sample.shown[0]) is None
    assert sample.next_undecided(sample.shown[-1], -1) is None


@pytest.mark.parametrize(
    ("tools", "preview"),
    [
        (["getRole", "listTags"], "2 tools, 2 already decided"),
        (["deleteCustomer", "listTags"], "2 tools, 1 HIGH, 1 already decided"),
        (["deleteCustomer"], "1 tools, 1 HIGH"),
    ],
)
def test_bulk_preview(tools, preview, sample):
    assert sample.bulk_preview(named(sample, *tools)) == preview


def test_a_decision_clears_the_marks(session):
    session.marks = set(named(session, "getRole", "listTags"))
    session.decide(session.targets(None), DecisionState.BLOCKED, "x")
    assert session.marks == set()


def test_a_refused_decision_keeps_the_marks(session):
    from analysis.errors import UsageError

    session.marks = set(named(session, "getRole", "listTags"))
    with pytest.raises(UsageError):
        session.decide(session.targets(None), DecisionState.BLOCKED, "  ")
    assert len(session.marks) == 2


def test_orders_come_round(session):
    document = session.shown
    seen = [session.next_order() for _ in ORDERS]
    assert seen == ["risk", "status", "name", "document"]
    assert session.shown == document


def test_an_order_holds_for_the_next_filter(session):
    session.next_order()
    session.filter("customer")
    risks = [session.review.tool(tool).risk.rank for tool in session.shown]
    assert risks == sorted(risks, reverse=True)


def test_orders_are_stable(session):
    """Tools of one risk stay in document order."""
    document = session.shown
    session.next_order()
    high = [tool for tool in session.shown if session.review.tool(tool).risk.value == "high"]
    assert high == [tool for tool in document if tool in set(high)]
