"""A changed text is more than wording as soon as it says of a tool what its earlier definition did not say."""

import pytest

from analysis.assess.effects.text_additions import TextAdditions
from analysis.assess.vocabulary import built_in_vocabulary

BASE = "Draws a plan of the garden. Only works in spring."


@pytest.fixture(scope="module")
def additions():
    return TextAdditions(built_in_vocabulary())


def brought(additions, after, before=BASE, name="draw_plan"):
    return additions({before} - {""}, {after}, {before}, name)


@pytest.mark.parametrize(
    ("added", "said"),
    [
        (" Also deletes the sketch.", "act “deletes”"),
        (" The plan is then posted to the club.", "act “posted”"),
        (" A gardener gets notified.", "act “notified”"),
        (" Runs what `steps` holds.", "act “runs”"),
        (" You can have it framed and mailed.", "act “mailed”"),
        (" Saves water by removing the lawn.", "act “removing”"),
        (" The tool zorks the neighbours and grobbles them.", "act “grobbles”"),
        (" Neighbours can see it.", "act “see”"),
        (" Copies go to a third party.", "destination “third party”"),
        (" Takes the passwords of the shed.", "names “passwords”"),
        (" Upload follows.", "names “upload”"),
        (" Works for every garden.", "names “every”"),
        (" Not only draws but deletes the sketch.", "act “deletes”"),
    ],
)
def test_what_a_sentence_says_is_told(additions, added, said):
    assert said in brought(additions, BASE + added)


@pytest.mark.parametrize(
    "after",
    [
        "Draw a plan of a garden. It works in spring only.",
        "Plans are drawn of gardens. Only works in spring. Sizes are in metres.",
        BASE + " Example: 12 x 8. See the manual for units.",
        BASE + " Nothing is stored, and no one is notified.",
        BASE + " Returns at most 10 plans per page, newest first.",
        BASE + " Fails where the garden is unknown.",
    ],
)
def test_a_rewording_brings_nothing(additions, after):
    assert brought(additions, after) == ()


def test_another_word_for_the_same_act_brings_nothing_and_a_second_act_does(additions):
    before = "Removes a fence."
    assert brought(additions, "Deletes a fence.", before) == ()
    assert brought(additions, "Removes a fence, and deletes its gate.", before) == ("act “deletes”",)


@pytest.mark.parametrize(
    ("after", "said"),
    [
        ("Draws a plan of the garden.", "no longer says “only”"),
        ("Only works in spring. Draws a plan of the garden; the sketch is sent.", "act “sent”"),
    ],
)
def test_what_limited_a_tool_is_not_lost_unseen(additions, after, said):
    assert said in brought(additions, after)


def test_an_act_that_is_denied_no_longer_is_told(additions):
    before = "Draws a plan. The sketch is not deleted."
    assert brought(additions, "Draws a plan. The sketch is deleted.", before) != ()
    assert brought(additions, "Draws a plan.", before) == ("no longer says “not deleted”",)


def test_a_new_text_that_repeats_what_the_name_says_brings_nothing(additions):
    assert additions(set(), {"Delete File"}, {"Takes a path."}, "deleteFile") == ()
    assert additions(set(), {"Upload File"}, {"Takes a path."}, "deleteFile") == ("act “upload”", "names “upload”")


def test_names_of_programs_are_no_verbs(additions):
    assert brought(additions, "send_allArguments", "SendAll") == ()


def test_a_text_in_another_language_is_not_called_wording(additions):
    before = "Zeichnet einen Plan für den Garten."
    assert brought(additions, "Zeichnet einen Plan für den Garten und löscht die Skizze.", before)
    assert brought(additions, "Zeichnet für den Garten einen Plan.", before) == ()


def test_a_text_too_long_to_be_read_is_said_to_be_one(additions):
    assert brought(additions, "Draws. " * 4_000) == ("a text too long to be compared by its words",)
