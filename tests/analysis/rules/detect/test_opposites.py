"""Words and names that are opposites, and those that only look so."""

import pytest

from analysis.rules.detect.opposites import are_opposites, say_different_things

OPPOSITES = [
    ("approve", "restrict"), ("approved", "denied"), ("restore", "copy"), ("restored", "deleted"), ("enable", "disable"),
    ("add", "remove"), ("adding", "removing"), ("open", "close"), ("opened", "closed"), ("allow", "deny"), ("before", "after"),
    ("inbound", "outbound"), ("source", "target"), ("create", "revoke"), ("subscribe", "unsubscribe"), ("connect", "disconnect"),
    ("activate", "deactivate"), ("include", "exclude"), ("import", "export"), ("encrypt", "decrypt"), ("upload", "download"),
    ("increase", "decrease"), ("attach", "detach"), ("visible", "invisible"), ("legal", "illegal"), ("lock", "unlock"),
    ("publish", "unpublish"), ("credit", "debit"), ("buy", "sell"), ("mute", "unmute"), ("install", "reinstall"),
]  # fmt: skip


@pytest.mark.parametrize("pair", OPPOSITES, ids="/".join)
def test_opposites(pair):
    assert are_opposites(*pair)
    assert are_opposites(*reversed(pair))


@pytest.mark.parametrize(
    "pair", [("get", "fetch"), ("delete", "remove"), ("create", "add"), ("close", "closes"), ("order", "orders")]
)
def test_the_same_act_is_no_opposite(pair):
    assert not are_opposites(*pair)


@pytest.mark.parametrize(
    ("one", "other", "different"),
    [
        ("set door lock", "set door unlock", True),
        ("list visits", "list denied visits", True),
        ("list visits", "list visits except mine", True),
        ("move bed to room", "move room to bed", True),
        ("read visits", "get visits", False),
        ("list visits", "list hotel visits", False),
        ("list feed items", "list items", False),
        ("list room beds", "list bed rooms", False),
    ],
)
def test_names_say_different_things(one, other, different):
    assert say_different_things(one.split(), other.split()) is different
    assert say_different_things(other.split(), one.split()) is different
