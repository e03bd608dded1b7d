"""Each gate says what is left, and leads to it."""

import pytest

from analysis.model import AnswerState, GateId


def gate(work, wanted):
    return next(each for each in work.review.summary().gates if each.id is wanted)


def test_the_gate_of_undecided_tools_counts_them_and_leads_to_them(shop):
    shop.block("listOrders")
    found = gate(shop, GateId.DECIDED)
    assert (found.open, found.why, found.query) == (True, "2 of 3 tools undecided", "is:undecided")
    shop.block("createOrder deleteOrder")
    assert not gate(shop, GateId.DECIDED).open


@pytest.mark.parametrize(("wanted", "query"), [(GateId.CURRENT, "is:stale"), (GateId.AGREED, "is:conflict")])
def test_the_gates_of_doubt_lead_to_the_tools_in_doubt(shop, wanted, query):
    assert (gate(shop, wanted).open, gate(shop, wanted).query) == (False, query)


def test_the_gate_of_questions_leads_to_the_first_that_is_not_answered(shop):
    first = gate(shop, GateId.ANSWERED)
    assert first.open
    shop.answer(first.control, AnswerState.CLAIMED, "we do")
    assert gate(shop, GateId.ANSWERED).control not in {"", first.control}


def test_the_gate_of_questions_is_open_until_the_last_one_is_answered(shop):
    while True:
        found = gate(shop, GateId.ANSWERED)
        if not found.control:
            break
        assert found.open
        assert not found.why.startswith("0 ")
        shop.answer(found.control, AnswerState.CLAIMED, "we do")
    assert not found.open
