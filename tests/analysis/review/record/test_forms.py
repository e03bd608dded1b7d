"""The form of every kind of event: what commands record passes, and what differs is named."""

import json

import pytest

from analysis.errors import UsageError
from analysis.review.record.forms import fault_of, refuse_faulty
from analysis.review.record.understanding import understand
from analysis.workspace import EventDraft
from analysis.workspace.events import BrokenLogError, read_event, record

AT = "2026-03-02T09:00:00Z"
DECISION = "tool/shop:GET /a/decision"
APPROVED = {"exposure": "approved", "reason": "r", "definition": "d"}
IMPORT = {"kind": "openapi", "uri": "a.yaml", "sha256": "0" * 64, "facts": {}}


def made(kind="tool.decided", key=DECISION, data=APPROVED, at=AT, actor="ann", seq=1, prev=""):
    return record(EventDraft(kind, key, data), replica="1" * 32, seq=seq, prev=prev, actor=actor, at=at, batch="")


RIGHT = {
    "a decision": made(),
    "a decision with conditions": made(
        data=APPROVED | {"exposure": "conditional", "conditions": [{"kind": "rate", "value": "5", "evidence": ""}]}
    ),
    "a decision looked at in a sample": made(data=APPROVED | {"sampled": True}),
    "a decision withdrawn": made(data={"exposure": None, "reason": "r"}),
    "a decision undone": made(data={}),
    "a flow role": made("tool.retagged", "tool/shop:GET /a/leg-private", {"value": "absent", "reason": "r"}),
    "a note on a subject with any character": made("note.written", "note/a#b/c#1", {"subject": "a#b/c", "text": "t"}),
    "an import": made("source.imported", "source/shop", IMPORT | {"facts": {"limit on size": "1,000"}}),
}
WRONG = {
    "an exposure of no kind": (made(data=APPROVED | {"exposure": "maybe"}), "its exposure"),
    "an exposure that is a list": (made(data=APPROVED | {"exposure": []}), "its exposure"),
    "a state that is only derived": (made(data=APPROVED | {"exposure": "expired"}), "its exposure"),
    "a proposal sampled once": (made(data=APPROVED | {"sampled": 1}), "its sampled"),
    "a numeric reason": (made(data=APPROVED | {"reason": 7}), "its reason"),
    "a condition of no kind": (made(data=APPROVED | {"conditions": [{"kind": "luck", "value": "x"}]}), "its conditions"),
    "no exposure": (made(data={"reason": "r"}), "its exposure is missing"),
    "another register": (made(key="profile"), "another register"),
    "a register without a subject": (made(key="tool//decision"), "another register"),
    "a note without a subject": (made("note.written", "note/a#1", {"text": "t"}), "its subject is missing"),
    "a note on another subject": (made("note.written", "note/a#1", {"subject": "b", "text": "t"}), "its subject"),
    "a risk that is a type": (made("tool.retagged", "tool/a/risk", {"value": "billing"}), "its value"),
    "a policy that is none": (
        made("policy.imported", "policy", {"name": "n", "text": "- a", "sha256": "s"}), "its policy cannot be read",
    ),
    "a limit that is no number": (
        made("source.imported", "source/shop", IMPORT | {"facts": {"limit on size": "much"}}), "its facts",
    ),
    "an import that says nothing": (made("source.imported", "source/shop", {}), "its kind is missing"),
    "a day that is in no calendar": (made(at="2026-02-30T09:00:00Z"), "its time"),
    "a day without a time": (made(at="2026-02-03"), "its time"),
    "no actor": (made(actor=" "), "no actor"),
}  # fmt: skip
NEWER = {
    "a kind": made("tool.blessed", "tool/a/blessing", {"value": "x"}),
    "a field": made(data=APPROVED | {"only_for": "staging"}),
    "what is re-tagged": made("tool.retagged", "tool/a/mood", {"value": "x"}),
}


@pytest.mark.parametrize("event", RIGHT.values(), ids=RIGHT)
def test_what_commands_record_is_understood(event):
    assert fault_of(event) is None


@pytest.mark.parametrize(("event", "says"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_named(event, says):
    fault = fault_of(event)
    assert says in fault.why
    assert not fault.newer


@pytest.mark.parametrize("event", NEWER.values(), ids=NEWER)
def test_what_a_newer_version_may_have_written_is_kept_and_not_guessed_at(event):
    assert fault_of(event).newer


def test_a_second_beginning_of_the_review_is_set_aside():
    first = made("review.created", "review", {"title": "ours"})
    second = made("review.created", "review", {"title": "theirs"}, seq=2, prev=first.id)
    found = understand([first, second])
    assert found.events == (first,)
    assert list(found.set_aside) == [second.id]


@pytest.mark.parametrize("body", ['{"a":1,"a":2}', '{"a":NaN}', "[]", '{"v":9e999}', json.dumps({"data": "\ud800"})])
def test_a_body_that_readers_may_read_in_two_ways_is_no_event(body):
    with pytest.raises(BrokenLogError):
        read_event(body)


def test_half_of_a_character_is_no_text():
    body = made().body.replace('"reason":"r"', '"reason":"\\ud800"')
    with pytest.raises(BrokenLogError, match="half of a character"):
        read_event(body)


def test_what_would_be_set_aside_is_not_recorded_and_the_fault_is_named():
    refuse_faulty(RIGHT.values())
    with pytest.raises(UsageError) as caught:
        refuse_faulty([RIGHT["a decision"], made(data=APPROVED | {"reason": 7})])
    error = caught.value
    assert (error.what, error.place, error.remedy) == (
        "this cannot be recorded", DECISION, "correct it; nothing was recorded",
    )  # fmt: skip
    assert "its reason" in error.why


def test_a_list_is_of_the_form_of_each_member():
    good = {"kind": "rate", "value": "5", "evidence": ""}
    assert fault_of(made(data=APPROVED | {"exposure": "conditional", "conditions": [good, good | {"value": 5}]}))
