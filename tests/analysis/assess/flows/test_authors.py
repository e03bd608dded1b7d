"""Texts that say who wrote what is returned make it content of others, whatever it is called."""

import json

import pytest

from analysis.assess import assess_all
from analysis.assess.flows.authors import AuthorReader
from analysis.assess.vocabulary import built_in_vocabulary
from analysis.ingest import read
from analysis.model import FlowRole

READER = AuthorReader(built_in_vocabulary())


def roles(name, text, properties):
    listed = {
        "tools": [{"name": name, "description": text, "inputSchema": {"type": "object", "properties": properties}}]
    }
    inventory = read(json.dumps(listed).encode()).inventory
    assert inventory is not None
    return {signal.flow_role for signal in assess_all(inventory.tools)[0].flow_roles}


@pytest.mark.parametrize(
    "text",
    [
        "What skippers have written about a harbour",
        "What customers wrote under a boat",
        "Rigging plan proposed by a contributor",
        "The quarrel in the guests' own words",
        "Sailor's remarks on the ropes, with remarks by a visitor",
        "Logbook pages that a tenant filled",
        "Knots as published",
        "Postcards received at the pier",
        "Slips handed in at the gate",
        "Newest replies in a harbour forum",
        "Text on a photographed sail",
        "Full conversation with the pilot",
    ],
)
def test_a_text_says_that_others_wrote_it(text):
    assert READER.of_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "How many remarks a visitor has left",
        "Number of replies in a forum",
        "Names of the boats that customers wrote about",
        "Boats of a harbour",
        "Users created in May",
        "Add remarks to a boat",
        "Note: the harbour is closed",
        "Article numbers of the ropes",
    ],
)
def test_a_figure_or_a_thing_is_no_text_of_others(text):
    assert READER.of_text(text) == ""


@pytest.mark.parametrize(
    ("name", "text", "properties", "untrusted"),
    [
        ("harbour_echo", "What guests have said about a harbour.", {"harbour": {"type": "string"}}, True),
        ("reply_board", "Replies in a harbour forum.", {"board_id": {"type": "string"}}, True),
        ("reply_board", "Replies to a guest.", {"board_id": {"type": "string"}, "text": {"type": "string"}}, False),
        ("count_reviews", "How many reviews a harbour has.", {"harbour": {"type": "string"}}, False),
    ],
)
def test_a_title_makes_the_result_of_a_tool_content_of_others(name, text, properties, untrusted):
    assert (FlowRole.UNTRUSTED_CONTENT in roles(name, text, properties)) is untrusted


@pytest.mark.parametrize(
    ("name", "text", "properties", "sink"),
    [
        ("share_price", "Price of a sail at noon.", {"boat": {"type": "string"}}, False),
        ("share_sail_plan", "Shares a plan.", {"boat": {"type": "string"}}, True),
        ("share_sail_plan", "Plan of the sails.", {"boat": {"type": "string"}, "email": {"type": "string"}}, True),
        ("open_pier", "Makes a link that opens the pier plan without sign-in.", {"plan": {"type": "string"}}, True),
        ("hail", "Places a phone call and reads a text aloud.", {"boat": {"type": "string"}}, True),
        ("pier_post", "Sets automatic forwarding of a mailbox.", {"mailbox": {"type": "string"}}, True),
        ("call_pump", "Makes the pump call for oil.", {"pump": {"type": "string"}}, False),
    ],
)
def test_a_sending_word_is_an_act_where_text_or_inputs_agree(name, text, properties, sink):
    assert (FlowRole.EXFILTRATION_SINK in roles(name, text, properties)) is sink
