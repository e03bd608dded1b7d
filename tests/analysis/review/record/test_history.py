"""Undo and redo: as many steps back and forth as one went, also over the end of the program."""

import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import CheckFailed
from analysis.model import AnswerState, DecisionState, Evidence, Risk, ToolType
from analysis.review import queries
from analysis.review.session import Review

TOOLS = ("listOrders", "createOrder", "deleteOrder")
names = st.lists(st.sampled_from(TOOLS), min_size=1, unique=True).map(" ".join)
words = st.sampled_from(["a", "b", "c"])
ACTIONS = st.one_of(
    st.builds(lambda n, e, r: ("decide", n, e, r), names, st.sampled_from([None, "approved", "blocked"]), words),
    st.builds(lambda n, r: ("conditional", n, r), names, words),
    st.builds(lambda n, r: ("risk", n.split()[0], Risk(r)), names, st.sampled_from(list(Risk))),
    st.builds(lambda n, k: ("type", n.split()[0], ToolType(k)), names, st.sampled_from(list(ToolType))),
    st.builds(lambda n, t: ("note", n.split()[0], t), names, words),
)
STEPS = st.lists(st.one_of(ACTIONS, st.sampled_from([("undo",), ("redo",), ("reopen",)])), max_size=14)


def act(work, action):
    match action:
        case ("decide", tools, decision_state, reason):
            work.decide(tools, decision_state and DecisionState(decision_state), reason=reason)
        case ("conditional", tools, reason):
            work.conditional(tools, ("note", reason, ""))
        case ("risk", tool, risk):
            work.risk(tool, risk, "x")
        case ("type", tool, kind):
            work.type(tool, kind, "x")
        case ("note", tool, text):
            work.note(tool, text)


@pytest.fixture
def template(shop):
    shop.review.close()
    return shop.review.path


@pytest.fixture
def fresh(template, opened):
    """Return a work on an untouched copy of the shop, again and again."""
    number = 0

    def making():
        nonlocal number
        number += 1
        return opened(shutil.copy(template, template.with_name(f"copy-{number}.clearance")))

    return making


def test_every_undo_is_one_action_back_and_every_redo_one_forth(fresh):
    @given(STEPS)
    def check(steps):
        work = fresh()
        states, here = [work.seen()], 0  # what held after each action, and which of them holds now
        for step in steps:
            if step == ("reopen",):
                work.review.close()
                work.review = Review.open(work.review.path)
            elif step == ("undo",) and here == 0:
                with pytest.raises(CheckFailed, match="nothing to undo"):
                    work.undo()
            elif step == ("redo",) and here == len(states) - 1:
                with pytest.raises(CheckFailed, match="nothing to redo"):
                    work.redo()
            elif step[0] in {"undo", "redo"}:
                getattr(work, step[0])()
                here += 1 if step[0] == "redo" else -1
            else:
                act(work, step)
                here += 1
                states[here:] = [work.seen()]
            assert work.seen() == states[here]
        work.review.close()

    check()


def test_a_note_that_is_undone_is_gone_at_once(shop, opened):
    shop.note("createOrder", "x")
    done = shop.undo()
    assert done.tools == (shop.id("createOrder"),)
    assert queries.notes(shop.review, shop.id("createOrder")) == ()
    assert (shop.tool("createOrder").notes, opened(shop.review.path).tool("createOrder").notes) == (0, 0)


def test_a_bulk_is_one_step(shop):
    shop.approve("listOrders")
    before = shop.seen()
    shop.block("listOrders createOrder deleteOrder")
    assert shop.undo().sentence == "undone: 3 changes"
    assert shop.seen() == before
    assert shop.redo().sentence == "done again: 3 changes"
    assert {t.decision_state.simple for t in shop.review.tools()} == {"blocked"}


def test_answers_and_dispositions_can_be_taken_back_too(shop):
    shop.answer("cred-store", AnswerState.CLAIMED, "yes")
    shop.answer("cred-store", AnswerState.EVIDENCED, "yes", evidence=[Evidence("Log", "E4")])
    shop.undo()
    assert shop.review.summary().answers["cred-store"] is AnswerState.CLAIMED
    shop.undo()
    assert shop.review.summary().answers["cred-store"] is AnswerState.UNANSWERED
    shop.redo()
    assert shop.review.summary().answers["cred-store"] is AnswerState.CLAIMED


def test_what_is_done_again_can_be_undone_again(shop):
    states = [shop.seen()]
    for act in (
        lambda: shop.approve("listOrders"),
        lambda: shop.block("createOrder"),
        lambda: shop.note("createOrder", "x"),
    ):
        act()
        states.append(shop.seen())
    here = 3
    for step in (-1, 1, -1, -1, 1, 1, -1, 1, -1, -1, -1, 1, -1, 1, 1, 1):
        shop.undo() if step < 0 else shop.redo()
        here += step
        assert shop.seen() == states[here]


def test_a_new_action_ends_what_could_be_done_again(shop):
    shop.approve("listOrders")
    shop.undo()
    shop.block("createOrder")
    with pytest.raises(CheckFailed, match="nothing to redo"):
        shop.redo()


@pytest.mark.parametrize("both", ["createOrder", "createOrder listOrders"])
def test_what_somebody_has_changed_since_is_not_undone(shop, both):
    shop.approve(both)
    shop.block("createOrder", actor="bob")
    before, events = shop.seen(), len(shop.review.record.events)
    with pytest.raises(CheckFailed, match=r"^this cannot be undone: it was changed since$") as refused:
        shop.undo()
    assert refused.value.remedy
    assert (shop.seen(), len(shop.review.record.events)) == (before, events)
    shop.undo("bob")  # and when the other has taken theirs back, it can be
    shop.undo()
    assert shop.tool("createOrder").decision_state.simple == "undecided"


def test_what_somebody_changes_while_one_looks_is_not_undone_either(shop, opened):
    shop.approve("createOrder")
    other = opened(shop.review.path)
    other.block("createOrder", actor="bob")
    with pytest.raises(CheckFailed, match="it was changed since"):
        shop.undo()
    assert (
        shop.tool("createOrder").decision_state.simple
        == opened(shop.review.path).tool("createOrder").decision_state.simple
        == "blocked"
    )


def test_everybody_has_a_stack_of_their_own(shop):
    shop.approve("listOrders")
    shop.block("createOrder", actor="bob")
    shop.undo()
    assert (shop.tool("listOrders").decision_state.simple, shop.tool("createOrder").decision_state.simple) == (
        "undecided",
        "blocked",
    )
    with pytest.raises(CheckFailed, match="nothing to undo"):
        shop.undo()
    with pytest.raises(CheckFailed, match="nothing to redo"):
        shop.redo("bob")
    shop.redo()
    shop.undo("bob")
    assert (shop.tool("listOrders").decision_state.simple, shop.tool("createOrder").decision_state.simple) == (
        "approved",
        "undecided",
    )


def test_the_review_and_its_sources_are_not_undone(shop, document):
    shop.load(document(createOrder="changed"))
    events = len(shop.review.record.events)
    with pytest.raises(CheckFailed, match="nothing to undo"):
        shop.undo()
    assert len(shop.review.record.events) == events


def test_an_undo_names_who_did_it_and_is_itself_in_the_log(shop):
    shop.approve("listOrders")
    shop.undo()
    shop.redo()
    first, second, third = shop.review.store.events[-3:]
    assert (second.undoes, third.undoes) == (first.id, second.id)
    assert [e.actor for e in (first, second, third)] == ["ann"] * 3
    assert shop.tool("listOrders").decision.at == third.at
