"""What cannot be undone: content overwritten without a copy, losses that a text states, and hints that warn of them."""

import pytest

from analysis.assess import assess
from analysis.model import Effect, Reversibility, SourceId, Tool, ToolId

WARNS, DENIES = ("destructiveHint", True), ("destructiveHint", False)


def tool(name, description="", *hints, method="", path=""):
    return Tool(
        ToolId("s:t"), SourceId("s"), name, method, path, name if method else "", "", description, "0" * 64, "", hints=hints
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("write_file", "Write text to a file"),
        ("restore_volume", "Puts a volume back to an older state"),
        ("push_branch", "Push a branch and replace what the remote has"),
        ("git_reset", "Discards every change of the working copy"),
        ("archive_wiki", "Archives a wiki"),
    ],
)
def test_a_hint_that_warns_is_heard_where_the_words_agree(name, text):
    said = assess(tool(name, text, WARNS))
    assert (said.effect, said.reversibility) == (Effect.CRITICAL, Reversibility.IRREVERSIBLE)
    assert said.destructive
    assert any(reason.where == "hint" and "destructiveHint" in reason.matched for reason in said.reasons)
    assert assess(tool(name, text)).effect is Effect.SIDE_EFFECT
    assert assess(tool(name, text, DENIES)).effect is Effect.SIDE_EFFECT


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("click", "Click on an element"), ("create_page", "Create a page"), ("edit_text", "Make an edit in a file"),
        ("set_colour", "Set the colour of a lamp"), ("get_page", "Get a page"), ("send_mail", "Send a mail"),
    ],
)  # fmt: skip
def test_a_hint_alone_destroys_nothing(name, text):
    assert assess(tool(name, text, WARNS)).effect is not Effect.CRITICAL


@pytest.mark.parametrize(
    ("text", "critical"),
    [
        ("Merges two nests. This cannot be undone.", True),
        ("Permanently removes the eggs of a nest.", True),
        ("Merges two nests irreversibly.", True),
        ("Merges two nests. Nothing is permanently deleted.", False),
        ("Merges two nests; does not permanently delete either.", False),
        ("Merges two nests.", False),
    ],
)
def test_a_text_that_says_that_nothing_brings_it_back(text, critical):
    said = assess(tool("mergeNests", text, method="POST", path="/nests/merge"))
    assert (said.effect is Effect.CRITICAL) is critical
    assert said.destructive is critical


def test_a_file_that_is_overwritten_without_a_hint():
    said = assess(tool("write_file", "Creates a file or overwrites an existing one."))
    assert said.effect is Effect.CRITICAL
    assert assess(tool("write_label", "Writes a label; it overwrites an existing one.")).effect is Effect.SIDE_EFFECT


def test_an_adverb_is_no_verb_of_its_own():
    said = assess(tool("dropThing", "Permanently deletes a thing", method="POST", path="/x"))
    assert next(reason.matched for reason in said.reasons if reason.where == "text") == "deletes"


# --- contradictions -----------------------------------------------------------------------------------

READS = ("readOnlyHint", True)


@pytest.mark.parametrize(
    ("name", "text", "sure"),
    [
        ("replace_symbol", "Replace the body of a symbol. Returns the files.", True),
        ("email_digest", "Emails a digest to a person.", True),
        ("tidy_cache", "Finds what is stale and deletes it.", True),
        ("trigger_demo", "Demonstrates a long operation.", False),
        ("test_alarm", "Shows how an alarm sounds.", False),
        ("report_status", "", False),
    ],
)
def test_only_a_sure_act_contradicts_a_hint(name, text, sure):
    """What is not sure is unclear, and so no accusation."""
    said = assess(tool(name, text, READS))
    assert said.effect is not Effect.READ or not sure
    if said.effect is not Effect.READ:
        assert said.unclear is not sure


def test_a_hint_makes_no_read():
    assert assess(tool("frob_nests", "", READS)).effect is Effect.SIDE_EFFECT
    assert assess(tool("delete_nests", "", READS)).effect is Effect.CRITICAL
