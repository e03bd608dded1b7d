"""The object of a call: the last noun before any preposition."""

import pytest

from analysis.assess.objects import ActObjects, ObjectFinder, before_relation
from analysis.assess.signals import SignalReader
from analysis.assess.vocabulary import built_in_vocabulary
from analysis.model import SourceId, Tool, ToolId

WORDS = built_in_vocabulary()
OBJECTS = frozenset({"message", "messages", "ticket", "notes", "page"})


def found(name, path=""):
    method = "GET" if path else ""
    tool = Tool(ToolId("s:t"), SourceId("s"), name, method, path, name if path else "", "", "", "0" * 64, "")
    return ObjectFinder(WORDS).among(SignalReader(WORDS).read(tool), OBJECTS)


@pytest.mark.parametrize(
    ("name", "path", "object_"),
    [
        ("get_message", "", "message"),
        ("message_search", "", "message"),
        ("get_ticket_details", "", "ticket"),
        ("get_ticket_for_customer", "", "ticket"),
        ("get_customer_for_ticket", "", ""),
        ("list_ticket_labels", "", ""),
        ("retrieve_page_property", "", "page"),
        ("listDeliveryNotes", "", ""),
        ("listAll", "/rooms/{id}/messages.json", "messages"),
        ("listAll", "/messages/{id}/receipts", ""),
        ("listAll", "/messages/{id}/zebras", ""),
        ("listMessageLabels", "/messages/all", ""),
    ],
)
def test_the_last_noun_is_the_object(name, path, object_):
    assert found(name, path) == object_


def test_both_readers_end_a_phrase_at_the_same_preposition():
    words = ("list", "labels", "of", "issues")
    assert before_relation(words, {"of"}) == ("list", "labels")
    assert before_relation(words, {"of"}, 1) == ("labels",)
    assert before_relation(("of", "labels"), {"of"}) == ("of", "labels")
    assert ActObjects(built_in_vocabulary()).of_name("listLabelsOfIssues", "") == ("labels",)
