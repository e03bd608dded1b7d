"""The canonical order: the same for every order of arrival, and no event before its cause."""

import random

import pytest

from analysis.workspace import EventDraft
from analysis.workspace.events import record
from analysis.workspace.order import _MANY, CanonicalOrder, _Run, in_order, insert_in_order


def event(name, at, seq=1, prev="", replaces=(), replica="1", kind="note.written"):
    draft = EventDraft(kind, f"note/review#{name}", {"subject": "review", "text": name}, tuple(replaces))
    return record(draft, replica=replica * 32, seq=seq, prev=prev, actor="ann", at=at, batch="")


def at(minute):
    return f"2026-03-02T09:{minute:02}:00Z"


def names(events):
    return [each.data["text"] for each in events]


def team():
    begun = event("begun", at(0), kind="review.created")
    ours = event("ours", at(5), 2, begun.id)
    slow = event("slow clock", at(1), replaces=(ours.id,), replica="2")
    later = event("later", at(3), 2, slow.id, replica="2")
    other = event("other", at(4), replica="3")
    return begun, ours, slow, later, other


def test_events_follow_time_but_never_come_before_their_causes():
    assert names(in_order(team())) == ["begun", "other", "ours", "slow clock", "later"]


def test_the_order_does_not_depend_on_the_order_of_arrival():
    events, chance = list(team()), random.Random(3)
    expected = in_order(events)
    for _ in range(50):
        chance.shuffle(events)
        assert in_order(events) == expected


def test_events_that_arrive_later_find_the_same_places():
    events = in_order(team())
    order = CanonicalOrder(events[:2])
    assert order.add(events[2:])
    assert order.sorted(reversed(events)) == events


def test_a_cause_that_arrives_late_moves_what_follows_from_it():
    begun, ours, slow, *_ = team()
    order = CanonicalOrder([begun, slow])
    assert not order.add([ours])


def test_the_beginning_comes_first_where_clocks_agree():
    begun = event("begun", at(0), kind="review.created")
    assert names(in_order([event(str(n), at(0), replica=str(n)) for n in range(2, 9)] + [begun]))[0] == "begun"


def test_a_text_that_is_no_time_moves_nothing_to_the_end():
    begun, ours, *_ = team()
    odd = event("odd", "zzz", 3, ours.id)
    last = event("last", at(9), 4, odd.id)
    assert names(in_order([last, odd, ours, begun])) == ["begun", "ours", "odd", "last"]


def test_a_chain_of_any_length_is_ordered_whatever_comes_first():
    chain = [event("0", at(0))]
    for number in range(1, 3_000):
        chain.append(event(str(number), at(0), number + 1, chain[-1].id))
    assert in_order(chain[::-1]) == chain


def stored(chance):
    """A log as some copies may have stored it: mostly in order, with equal times, clocks behind and causes that come late."""
    events, heads = [], {}
    minute = 0
    for number in range(chance.randrange(1, 25)):
        replica = chance.choice("12") if chance.random() < 0.3 else "1"
        last = heads.get(replica)
        minute += chance.choice((0, 0, 1, 1, 2, -3 if chance.random() < 0.1 else 0))
        stated = at(max(minute, 0)) if chance.random() < 0.97 else "no time"
        replaces = [chance.choice(events).id] if events and chance.random() < 0.5 else []
        replaces += ["f" * 64] if chance.random() < 0.02 else []
        made = event(str(number), stated, last.seq + 1 if last else 1, last.id if last else "", replaces, replica)
        events.append(made)
        heads[replica] = made
    if chance.random() < 0.1:
        chance.shuffle(events)
    return events


def test_a_log_that_is_in_order_already_is_recognised_and_no_other():
    recognised = 0
    for seed in range(2_000):
        events = stored(random.Random(seed))
        worked_out = CanonicalOrder()
        worked_out.add(events)
        expected = worked_out.sorted(events)
        assert CanonicalOrder(events).sorted(events) == expected, seed
        in_order_already = _Run().goes_on(events)
        recognised += in_order_already
        assert not in_order_already or events == expected, seed
    assert 200 < recognised < 1_800


def test_a_copy_of_the_places_does_not_change_the_original():
    begun, ours, *rest = team()
    order = CanonicalOrder([begun, ours])
    assert order.copy().add(rest)
    assert order.sorted([ours, begun]) == [begun, ours]
    with pytest.raises(KeyError):
        order.key(rest[0])


@pytest.mark.parametrize("count", [1, _MANY + 1])
def test_events_are_inserted_where_they_belong(count):
    begun = event("begun", at(0), kind="review.created")
    others = [event(str(n), at(n % 50), replica=str(n % 7 + 2)) for n in range(count + 5)]
    order, events = CanonicalOrder([begun, *others[:5]]), in_order([begun, *others[:5]])
    order.add(others[5:])
    insert_in_order(events, others[5:], order)
    assert events == in_order([begun, *others])


def test_events_that_arrive_bit_by_bit_find_their_places_whether_or_not_they_come_last():
    last = 0
    for seed in range(1_500):
        chance = random.Random(seed)
        events = stored(chance)
        cut = chance.randrange(len(events) + 1)
        begun = events[:cut]
        order = CanonicalOrder(begun)
        held, understood = order.sorted(begun), order.sorted(begun)[::1]
        while cut < len(events):
            some = events[cut : cut + chance.randrange(1, 4)]
            cut += len(some)
            if not order.add(some):
                break
            last += order.comes_last(some)
            assert order.sorted(some) == [each for each in in_order(events[:cut]) if each in some], seed
            insert_in_order(held, some, order)
            insert_in_order(understood, some[:1], order)
            insert_in_order(understood, some[1:], order)
            assert held == understood == in_order(events[:cut]), seed
    assert last > 300
