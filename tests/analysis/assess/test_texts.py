"""Texts: labels and lead-ins before the verb, second verbs of a sentence, and what context says beside a clear name."""

import pytest

from analysis.assess import assess
from analysis.assess.texts import TextReader
from analysis.assess.vocabulary import built_in_vocabulary
from analysis.model import Effect, SourceId, Tool, ToolId

READER = TextReader(built_in_vocabulary())


def tool(name="", method="", path="", text=""):
    return Tool(
        ToolId("s:t"), SourceId("s"), name or f"{method} {path}", method, path, name if method else "", "", text, "0" * 64, ""
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("START HERE: Lists the nests", "lists"), ("IMPORTANT - Deletes a nest", "deletes"), ("Note: sends a mail", "send"),
        ("Use this to remove a nest", "remove"), ("Use this tool when you need to find a nest", "find"),
        ("Tool for listing nests", "list"), ("A tool that archives nests", "archive"), ("Nests | Retrieve a nest", "retrieve"),
        ("[Beta] Updates a nest", "update"), ("Permanently deletes a nest", "deletes"), ("Safely and quickly fetch a nest", "fetch"),
        ("Requests further rights", "request"), ("Admin only. Purges a nest", "purge"), ("**Read-only** Shows a nest", "show"),
    ],
)  # fmt: skip
def test_the_verb_of_a_text(text, word):
    assert READER.signal(text).word.rstrip("s") == word.rstrip("s")


@pytest.mark.parametrize(
    ("text", "added"),
    [
        ("Gets the report and emails it", "email"), ("Finds the affected tests and runs them", "run"),
        ("List, create, close, or select a tab", "create"), ("Lists the jobs and removes them", "remove"),
        ("Get a nest and mark it as seen", "mark"), ("Returns its start and end", ""), ("Lists tags and labels", ""),
        ("Gets names, prices and offers", ""), ("Detects names and links them to concepts", ""),
        ("Lists users and groups", ""), ("Get the nest and its history", ""),
    ],
)  # fmt: skip
def test_a_second_verb_counts_and_a_noun_does_not(text, added):
    assert READER.signal(text).added.rstrip("s") == added


@pytest.mark.parametrize("method", ["", "POST"])
def test_a_clear_name_is_not_overruled_by_its_context(method):
    path = "/x" if method else ""
    said = assess(tool("getNests", method, path, "Start with this one before anything else"))
    assert said.effect is Effect.READ
    assert assess(tool("getNests", method, path, "Deletes every nest")).effect is not Effect.READ
    assert assess(tool("getNests", method, path, "Gets the nests and mails them")).effect is not Effect.READ


@pytest.mark.parametrize("text", ["Cancels a booking", "Sends a reminder to everybody", "Permanently deletes a nest"])
def test_where_nothing_else_speaks_the_text_behind_get_is_heard(text):
    assert assess(tool("", "GET", "/op7", text)).effect is not Effect.READ
    assert assess(tool("", "GET", "/op7", "Shows a nest")).effect is Effect.READ
