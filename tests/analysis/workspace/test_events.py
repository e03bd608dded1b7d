"""Events: identity over the exact bytes, chains without a gap, and registers that do not depend on the order of arrival."""

import hashlib
import json
import random
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.workspace import events
from analysis.workspace.events import BrokenLogError, EventDraft, check_chains, event_id, read_event, record
from analysis.workspace.registers import Registers

R1, R2 = "1" * 32, "2" * 32
AT = "2026-03-02T09:00:00Z"


def event(key="note/review#1", seq=1, prev="", replica=R1, replaces=(), data=None, **more):
    draft = EventDraft("note.written", key, {"text": "x"} if data is None else data, tuple(replaces), **more)
    return record(draft, replica=replica, seq=seq, prev=prev, actor="ann", at=AT, batch="")


# --- one event ---------------------------------------------------------------------------------------


def test_a_body_is_canonical_json_and_its_identity_is_fixed():
    made = event(data={"z": [], "é": "\u20ac\u2028\n", "a": {"y": 1.0, "x": None}, "n": 1e21}, undoes="f" * 64)
    assert made.body == (
        '{"actor":"ann","at":"2026-03-02T09:00:00Z","data":{"a":{"x":null,"y":1},"n":1e+21,"z":[],"é":"€\u2028\\n"},'
        f'"key":"note/review#1","kind":"note.written","prev":"","replaces":[],"replica":"{R1}","seq":1,'
        f'"undoes":"{"f" * 64}","v":1}}'
    )
    assert made.id == hashlib.sha256(b"clearance/event/1\0" + made.body.encode()).hexdigest()
    # Written down once: an event that changes its identity breaks every file that is out there.
    assert event().id == "0e0bccb7c973b297e63fa428e26aa19a23b84626546141b9f93c511d1cbd5e11"


def test_the_identity_is_of_the_bytes_and_not_of_the_meaning():
    spaced = event().body.replace(":", ": ", 1)
    assert json.loads(spaced) == json.loads(event().body)
    assert read_event(spaced).id == event_id(spaced.encode()) != event().id


def test_a_body_reads_back_as_what_was_recorded():
    made = record(
        EventDraft("tool.decided", "tool/a/decision", {"exposure": "blocked"}, ("e1", "e2"), "e0"),
        replica=R2, seq=7, prev="p", actor="bob", at=AT, batch="b",
    )  # fmt: skip
    assert read_event(made.body) == made
    assert (made.replaces, made.undoes, made.batch, made.seq) == (("e1", "e2"), "e0", "b", 7)


@pytest.mark.parametrize("batch", ["", "b"])
@pytest.mark.parametrize("undoes", ["", "u"])
def test_empty_fields_are_left_out(undoes, batch):
    made = record(EventDraft("k", "key", {}, (), undoes), replica=R1, seq=1, prev="", actor="a", at=AT, batch=batch)
    assert ("undoes" in json.loads(made.body), "batch" in json.loads(made.body)) == (bool(undoes), bool(batch))


def changed(**fields):
    return json.dumps(json.loads(event().body) | fields)


def without(field):
    return json.dumps({name: value for name, value in json.loads(event().body).items() if name != field})


SHAPES = {
    "empty": "",
    "no JSON": "{",
    "a list": "[]",
    "null": "null",
    "a text": '"event"',
    "lone surrogate": changed(actor="\ud800").replace("\\ud800", "\ud800"),
    "unknown field": changed(extra=1),
    "newer version": changed(v=2),
    "version as text": changed(v="1"),
    "replaces a number": changed(replaces=5),
    "replaces a text": changed(replaces="abc"),
    "replaces a list of numbers": changed(replaces=[1]),
    "replaces a list of lists": changed(replaces=[["a"]]),
    "data a list": changed(data=[]),
    "data null": changed(data=None),
    "actor a number": changed(actor=5),
    "at a number": changed(at=5),
    "kind null": changed(kind=None),
    "key a list": changed(key=["note"]),
    "seq a text": changed(seq="1"),
    "prev null": changed(prev=None),
    "undoes a list": changed(undoes=["a"]),
    "batch a number": changed(batch=5),
    "nested without end": '{"data":' + "[" * 100_000,
} | {f"without {name}": without(name) for name in json.loads(event().body)}


@pytest.mark.parametrize("body", SHAPES.values(), ids=SHAPES)
def test_a_malformed_event_is_refused(body):
    with pytest.raises(BrokenLogError):
        read_event(body)


# --- chains ------------------------------------------------------------------------------------------


def row(made, **changes):
    stored = {"id": made.id, "replica": made.replica, "seq": made.seq, "body": made.body} | changes
    return (stored["id"], stored["replica"], stored["seq"], stored["body"])


def chain(length=3, replica=R1):
    events = []
    for seq in range(1, length + 1):
        events.append(event(f"note/review#{seq}", seq, events[-1].id if events else "", replica))
    return events


def test_chains_of_several_replicas_may_be_mixed():
    first, second = chain(3, R1), chain(2, R2)
    mixed = [first[0], second[0], first[1], second[1], first[2]]
    assert check_chains(map(row, mixed)) == mixed


def swapped(events):
    return [row(events[0]), row(events[2]), row(events[1])]


def rewritten(events):
    """Change an event and give it its right identity: only the link of the next one shows it."""
    other = event("note/review#other", 2, events[0].id)
    return [row(events[0]), row(other), row(events[2])]


BREAKS = {
    "changed body": (lambda e: [row(e[0], body=e[0].body.replace('"x"', '"y"'))], "was changed"),
    "changed identity": (lambda e: [row(e[0], id="0" * 64)], "was changed"),
    "row of another replica": (lambda e: [row(e[0], replica=R2)], "was changed"),
    "row with another number": (lambda e: [row(e[0], seq=2)], "was changed"),
    "first one missing": (lambda e: [*map(row, e[1:])], "broken at event 2"),
    "gap": (lambda e: [row(e[0]), row(e[2])], "broken at event 3"),
    "gap that the link hides": (lambda e: [row(e[0]), row(event("k", 3, e[0].id))], "broken at event 3"),
    "twice": (lambda e: [row(e[0]), row(e[0])], "broken at event 1"),
    "swapped": (swapped, "broken at event 3"),
    "rewritten": (rewritten, "broken at event 3"),
    "first with a link": (lambda e: [row(event(prev="0" * 64))], "broken at event 1"),
    "wrong link": (lambda e: [row(e[0]), row(event("k", 2, "0" * 64))], "broken at event 2"),
    "no event": (lambda e: [row(e[0], body="{}")], "was changed"),
    "a body of bytes": (lambda e: [row(e[0], body=e[0].body.encode())], "not text and number"),
}


@pytest.mark.parametrize(("damage", "says"), BREAKS.values(), ids=BREAKS)
def test_a_broken_chain_is_refused(damage, says):
    with pytest.raises(BrokenLogError, match=says):
        check_chains(damage(chain()))


# --- registers ---------------------------------------------------------------------------------------


@st.composite
def histories(draw):
    """Events of two keys; each replaces some earlier ones of its key, as replicas do that have not seen all."""
    made = []
    for number in range(draw(st.integers(1, 8))):
        key = draw(st.sampled_from(["tool/a/decision", "tool/b/decision"]))
        earlier = [e.id for e in made if e.key == key]
        replaces = draw(st.lists(st.sampled_from(earlier), unique=True)) if earlier else []
        made.append(event(key, number + 1, replaces=replaces, data={"n": number}))
    return made, draw(st.permutations(made))


def folded(events):
    registers = Registers()
    for one in events:
        registers.add(one)
    return registers


@given(histories())
def test_the_order_in_which_events_arrive_does_not_matter(history):
    made, shuffled = history
    for key in ("tool/a/decision", "tool/b/decision"):
        replaced = {identity for e in made for identity in e.replaces}
        live = sorted((e for e in made if e.key == key and e.id not in replaced), key=lambda e: e.id)
        assert folded(made).heads(key) == folded(shuffled).heads(key) == live
        assert (key in folded(shuffled).keys("tool")) is bool(live)


def test_a_replacement_that_names_another_key_means_the_same_in_every_order():
    first = event("tool/a/decision")
    stranger = event("tool/b/decision", 2, first.id, replaces=[first.id])
    seen = [[e.id for e in folded(order).heads("tool/a/decision")] for order in permutations([first, stranger])]
    assert seen[0] == seen[1]


def test_an_event_that_arrives_twice_counts_once():
    first = event("tool/a/decision")
    second = event("tool/a/decision", 2, first.id, replaces=[first.id])
    assert folded([first, second, first, second]).heads("tool/a/decision") == [second]


def test_two_heads_live_side_by_side_until_one_event_replaces_both():
    base = event("tool/a/decision")
    mine = event("tool/a/decision", 1, replica=R2, replaces=[base.id], data={"exposure": "approved"})
    theirs = event("tool/a/decision", 2, base.id, replaces=[base.id], data={"exposure": "blocked"})
    both = sorted([mine, theirs], key=lambda e: e.id)
    assert folded([base, mine, theirs]).heads("tool/a/decision") == both
    settled = event("tool/a/decision", 3, theirs.id, replaces=[e.id for e in both])
    for order in permutations([base, mine, theirs, settled]):
        assert folded(order).heads("tool/a/decision") == [settled]
    assert folded([]).heads("tool/a/decision") == folded([base]).keys("note") == []


def test_the_quick_reading_of_a_body_gives_what_the_close_look_gives(monkeypatch):
    """Names that are there twice, escapes, blanks, other types, other ends: whatever is done to a body."""
    chance, quick = random.Random(5), 0
    drafts = (
        EventDraft("tool.decided", "tool/a/decision", {"exposure": "approved", "reason": "it reads", "sampled": True}, ("a" * 64,)),
        EventDraft("note.written", "note/a#1", {"subject": "a", "text": 'é \\ " {}'}, (), "b" * 64),
        EventDraft("control.answered", "control/a/answer", {"state": "claimed", "evidence": [{"title": "x"}]}),
        EventDraft("view.saved", "view/a", {}),
    )  # fmt: skip
    pieces = (
        '"',
        ",",
        '"v":1',
        '"reason":"x",',
        '"seq":7,',
        "\\u0041",
        " ",
        "{",
        "}",
        "[",
        "]",
        "null",
        "1.5",
        "NaN",
        "\x00",
        '":"',
        '"data":{},',
    )
    for seed in range(6_000):
        draft = chance.choice(drafts)
        body = record(
            draft,
            replica="r" * 32,
            seq=1,
            prev="",
            actor="ann",
            at="2026-03-02T09:00:00Z",
            batch=chance.choice(("", "r-1")),
        ).body
        for _ in range(seed % 4):
            place = chance.randrange(len(body))
            body = body[:place] + chance.choice(pieces) + body[place + chance.choice((0, 0, 1, 3, 12)) :]
        found = events._parse("i" * 64, body)
        quick += events._plain_event("i" * 64, body) is not None if not found.fault else 0
        with monkeypatch.context() as without:
            without.setattr(events, "_plain_event", lambda *_: None)
            assert events._parse("i" * 64, body) == found, body
    assert quick > 900
