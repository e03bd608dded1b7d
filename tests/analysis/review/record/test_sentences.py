"""The audit trail in words: one sentence for every kind of event."""

import pytest

from analysis.review.record.history import event_sentence, log_entry, original_events, stacks
from analysis.workspace import EventDraft
from analysis.workspace.events import record
from analysis.workspace.keys import answer_key, decision_key, finding_key, note_key, override_key, source_key, view_key

NAMES = {"shop:a": "listOrders", "shop:b": "deleteOrder"}
DIGEST = "0123456789abcdef" * 4
FINDING = finding_key("EXP-001|shop:b|write")


def event(kind, key, data=None, *, actor="ann", batch="", undoes="", seq=1):
    draft = EventDraft(kind, key, data or {}, (), undoes)
    return record(draft, replica="0" * 32, seq=seq, prev="", actor=actor, at="2026-03-02T09:00:00Z", batch=batch)


SENTENCES = (
    ("review.created", "review", {"title": "Shop"}, "began the review 'Shop'"),
    ("review.created", "review", {}, "began the review ''"),
    ("source.imported", source_key("shop"), {"title": "Shop", "uri": "shop.json", "tools": 3, "sha256": DIGEST},
     "imported Shop: 3 tools, sha256 0123456789ab…"),
    ("source.imported", source_key("shop"), {"title": "", "uri": "shop.json", "tools": 3, "sha256": DIGEST},
     "imported shop.json: 3 tools, sha256 0123456789ab…"),
    ("tool.decided", decision_key("shop:a"), {"exposure": "approved", "reason": "reads only"},
     "approved listOrders (reads only)"),
    ("tool.decided", decision_key("shop:a"), {"exposure": "blocked", "reason": ""}, "blocked listOrders"),
    ("tool.decided", decision_key("shop:a"), {"reason": "too early"}, "cleared the decision on listOrders (too early)"),
    ("tool.decided", decision_key("gone:a"), {"exposure": "blocked"}, "blocked gone:a"),
    ("tool.retagged", override_key("shop:b", "risk"), {"value": "high", "reason": "money"},
     "re-tagged risk of deleteOrder to high (money)"),
    ("tool.retagged", override_key("shop:b", "leg-way-out"), {"value": "present"},
     "re-tagged flow role exfiltration sink of deleteOrder to present"),
    ("tool.retagged", override_key("shop:b", "risk"), {}, "re-tagged risk of deleteOrder to as before"),
    ("note.written", note_key("shop:a", "1"), {"subject": "shop:a", "text": "ask"}, "noted on listOrders: ask"),
    ("note.written", note_key("shop:a", "1"), {}, "noted on listOrders: "),
    ("note.written", note_key("review", "1"), {"subject": "review", "text": "ask"}, "noted on review: ask"),
    ("control.answered", answer_key("log-config"), {"state": "claimed", "text": "all"}, "answered log-config: claimed"),
    ("control.answered", answer_key("log-config"), {}, "answered log-config: as before"),
    ("view.saved", view_key("Mine"), {"name": "Mine", "query": "risk:high"}, "saved the view mine: risk:high"),
    ("finding.disposed", FINDING, {"status": "fixed", "reason": "removed"},
     "set EXP-001 on deleteOrder to fixed (removed)"),
    ("finding.disposed", finding_key("GOV-001|log-config|"), {"status": "fixing"}, "set GOV-001 on log-config to fixing"),
    ("profile.set", "profile", {"profile": "L3", "reason": "production"}, "set the profile to L3 (production)"),
    ("policy.imported", "policy", {"name": "ours", "text": "policy: 1", "sha256": DIGEST},
     "imported the policy ours, sha256 0123456789ab…"),
    ("policy.imported", "policy", {"name": "ours", "text": "", "sha256": DIGEST}, "imported the policy none"),
    ("intake.given", "intake", {"purpose": "support", "owner": "team"}, "recorded the access request: support"),
    ("intake.given", "intake", {"owner": "team"}, "recorded the access request: team"),
)  # fmt: skip


@pytest.mark.parametrize(("kind", "key", "data", "sentence"), SENTENCES, ids=lambda value: str(value)[:40])
def test_an_event_is_a_sentence(kind, key, data, sentence):
    assert event_sentence(event(kind, key, data), NAMES) == sentence


UNDONE = (
    ("tool.decided", decision_key("shop:a"), {"exposure": "approved"},
     "undid a change of listOrders/decision: approved"),
    ("tool.decided", decision_key("shop:a"), {}, "undid a change of listOrders/decision: undecided"),
    ("tool.retagged", override_key("shop:a", "leg-code"), {"value": "present"},
     "undid a change of listOrders/flow role code execution: present"),
    ("note.written", note_key("shop:a", "1"), {}, "undid a change of a note on listOrders: as before"),
    ("finding.disposed", FINDING, {}, "undid a change of EXP-001 on deleteOrder: as before"),
    ("view.saved", view_key("mine"), {}, "undid a change of mine: as before"),
    ("profile.set", "profile", {"profile": "L2"}, "undid a change of profile: L2"),
    ("policy.imported", "policy", {}, "undid a change of policy: none"),
)  # fmt: skip


@pytest.mark.parametrize(("kind", "key", "data", "sentence"), UNDONE, ids=lambda value: str(value)[:40])
def test_an_undo_names_what_it_took_back_and_what_is_in_effect_again(kind, key, data, sentence):
    assert event_sentence(event(kind, key, data, undoes="e" * 64), NAMES) == sentence


def test_without_names_a_tool_is_its_id():
    assert event_sentence(event("tool.decided", decision_key("shop:a"), {"exposure": "blocked"})) == "blocked shop:a"


def test_a_line_of_the_trail_has_everything_of_the_event():
    made = event("tool.decided", decision_key("shop:a"), {"exposure": "blocked"}, seq=7)
    line = log_entry(made, NAMES, {})
    assert (line.id, line.replica, line.seq, line.at, line.actor, line.kind, line.key) == (
        made.id, "0" * 32, 7, "2026-03-02T09:00:00Z", "ann", "tool.decided", "tool/shop:a/decision",
    )  # fmt: skip
    assert (line.sentence, line.body) == ("blocked listOrders", made.body)


# --- actions -----------------------------------------------------------------------------------------


def test_what_was_recorded_together_is_one_action_of_its_actor():
    key = decision_key("shop:a")
    events = [
        event("review.created", "review", {"n": 0}),
        event("source.imported", source_key("shop"), {"n": 1}),
        event("tool.decided", key, {"n": 2}, batch="one"),
        event("tool.decided", key, {"n": 3}, batch="one"),
        event("tool.decided", key, {"n": 4}, actor="bob", batch="one"),
        event("tool.decided", key, {"n": 5}),
        event("tool.decided", key, {"n": 6}),
        event("tool.decided", key, {"n": 7}, batch="two"),
    ]
    undo, redo = stacks(events, "ann")
    assert [[each.data["n"] for each in action] for action in undo] == [[2, 3], [5], [6], [7]]
    assert redo == []
    assert [[each.data["n"] for each in action] for action in stacks(events, "bob")[0]] == [[4]]


def test_undo_moves_an_action_to_the_redo_stack_and_redo_moves_it_back():
    key = decision_key("shop:a")
    first, second = (event("tool.decided", key, {"n": n}) for n in (1, 2))
    undone = event("tool.decided", key, {"n": 3}, undoes=second.id)
    redone = event("tool.decided", key, {"n": 4}, undoes=undone.id)
    assert stacks([first, second, undone], "ann") == ([[first]], [[undone]])
    assert stacks([first, second, undone, redone], "ann") == ([[first], [redone]], [])
    other = event("tool.decided", key, {"n": 5})
    assert stacks([first, second, undone, other], "ann") == ([[first], [other]], [])
    assert original_events([redone, first], [first, second, undone, redone]) == [second, first]


def test_an_undo_of_an_event_that_is_not_here_is_an_action_of_its_own():
    """As when the copy that holds the other event has not been merged yet."""
    alone = event("tool.decided", decision_key("shop:a"), {"n": 1}, undoes="f" * 64)
    assert stacks([alone], "ann") == ([[alone]], [])
    assert original_events([alone], [alone]) == [alone]
