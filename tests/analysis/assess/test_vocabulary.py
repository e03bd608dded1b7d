"""The word lists: every group explains itself, every word is heard, and an organisation can add its own."""

import pytest

from analysis.assess import assess, assess_all, extended
from analysis.assess.vocabulary import VERB_KINDS, built_in_vocabulary
from analysis.errors import InputRefused
from analysis.model import Effect, SourceId, Tool, ToolId
from analysis.words import split_words

pytestmark = pytest.mark.repeats


def named(name, text=""):
    return Tool(ToolId("s:t"), SourceId("s"), name, "", "", "", "", text, "0" * 64, "")


VERB_GROUPS = [group for group in built_in_vocabulary().groups if group.kind in VERB_KINDS]


@pytest.mark.parametrize("group", built_in_vocabulary().groups, ids=lambda group: f"{group.kind}-{min(group.words)}")
def test_a_group_has_a_reason_and_an_example(group):
    assert len(group.reason.split()) > 2
    assert group.example.strip()
    assert group.words


@pytest.mark.parametrize("group", VERB_GROUPS, ids=lambda group: group.example)
def test_the_example_of_a_verb_group_shows_one_of_its_words_and_is_classified_so(group):
    assert group.words & set(split_words(group.example))
    said = assess(named(group.example, "" if group.kind != "asking" else f"{group.example.split('A')[0]}s something"))
    assert (said.effect is Effect.READ) == (group.kind in {"read", "asking"}), group.example
    assert said.unclear == (group.kind == "unclear")
    if group.kind in {"destroy", "money"}:
        assert said.effect is Effect.CRITICAL


@pytest.mark.parametrize("word", sorted(built_in_vocabulary().verbs))
def test_a_verb_in_first_place_is_heard_as_what_its_list_says_or_worse(word):
    said = assess(named(f"{word}_the_blue_thing"))
    kind = built_in_vocabulary().verbs[word]
    if kind not in {"read", "asking"}:
        assert said.effect is not Effect.READ
    if (
        kind in {"destroy", "money"}
        and word not in built_in_vocabulary().lists["nouns-when-last"] | built_in_vocabulary().lists["skipped"]
    ):
        assert said.effect is Effect.CRITICAL


def test_own_words_count_as_what_one_says_they_are():
    own = extended(built_in_vocabulary(), {
        "read": [{"words": ["gander"], "reason": "our word for a look", "example": "ganderAtOrders"}],
        "destroy": [{"words": ["list"], "reason": "we list what is to be scrapped", "example": "listOrder"}],
    })  # fmt: skip
    gander, scrap = assess_all([named("gander_at_orders"), named("list_order")], vocabulary=own)
    assert (gander.effect, scrap.effect) == (Effect.READ, Effect.CRITICAL)
    assert assess(named("gander_at_orders")).unclear
    assert assess(named("list_order")).effect is Effect.READ


@pytest.mark.parametrize(
    ("own", "what"),
    [
        ({"raed": []}, "there is no word list `raed`"),
        ({"read": {"words": ["x"]}}, "a word list must be a list of groups"),
        ({"read": [{"words": ["x"], "reason": "y"}]}, "a group must have exactly `words`, `reason` and `example`"),
        ({"read": [{"words": "x", "reason": "y", "example": "z"}]}, "`words` must be a list of words"),
        ({"read": [{"words": [True], "reason": "y", "example": "z"}]}, "`words` must be a list of words"),
        ({"read": [{"words": ["x"], "reason": " ", "example": "z"}]}, "`reason` and `example` must be texts"),
        ({"read": [{"words": ["Look"], "reason": "y", "example": "z"}]}, "`Look` is not in lower case"),
    ],
)
def test_words_that_cannot_be_placed_are_refused_with_the_place(own, what):
    with pytest.raises(InputRefused) as told:
        extended(built_in_vocabulary(), own)
    assert what in told.value.what
    assert told.value.place.startswith("vocabulary")
    assert told.value.remedy
