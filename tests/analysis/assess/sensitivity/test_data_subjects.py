"""Whom a result is about: owners in names, paths, texts and arguments, and protected topics."""

import pytest

from analysis.assess.sensitivity.confidential_lists import confidential_lists
from analysis.assess.sensitivity.data_subjects import SubjectReader
from analysis.model import Parameter, SourceId, Tool, ToolId

READER = SubjectReader(confidential_lists())


@pytest.mark.parametrize(
    ("text", "owned"),
    [
        ("Strides of an athlete", True),
        ("What each passenger has eaten", True),
        ("Where a courier is", True),
        ("Who slept in which bunk", True),
        ("Keys that were pressed", True),
        ("Returns a pupil's drawings", True),
        ("Get a customer", False),
        ("Returns details of a customer", False),
        ("Number of guests", False),
        ("Tariffs for private customers", False),
        ("Lists public statements of a politician", False),
        ("Bunks of a cabin", False),
        ("Cabins of a customer account", False),
        ("Skis each guest paid for at the desk", True),
        ("Sherpas and what they are carrying", True),
        ("Guests waiting for a bunk", True),
        ("Guests per bunk", False),
    ],
)
def test_a_text_says_whose_a_thing_is(text, owned):
    assert bool(READER.of_text(text, spoken=True)) is owned


def test_a_user_of_an_api_is_no_owner():
    assert READER.of_text("List the boats of a user", spoken=True)
    assert READER.of_text("List the boats of a user", spoken=False) == ""


@pytest.mark.parametrize(
    ("name", "path", "owner"),
    [
        ("", "/pupils/{id}/drawings", "pupils"), ("", "/pupils/{id}", ""), ("", "/pupils/{id}/settings", ""),
        ("", "/boats/{id}/drawings", ""), ("get_inmate_letters", "", "inmate"), ("count_inmates", "", ""),
    ],
)  # fmt: skip
def test_owners_of_whom_no_record_is_ordinary(name, path, owner):
    assert READER.of_owner(name, path) == owner


@pytest.mark.parametrize(
    ("name", "argument", "found"),
    [("ferry_rides", "rider_id", "rider_id"), ("get_rider", "rider_id", ""), ("ferry_rides", "port", ""), ("ride_types", "rider", "")],
)  # fmt: skip
def test_an_argument_names_a_person(name, argument, found):
    given = Parameter(argument, "argument", required=True, type="string", description="")
    tool = Tool(ToolId("s:x"), SourceId("s"), name, "", "", "", "", "", "0" * 64, "", parameters=(given,))
    assert READER.of_arguments(tool) == found


@pytest.mark.parametrize(
    ("name", "text", "topic"),
    [
        ("get_adoption_letters", "", "adoption"), ("list_pacemaker_models", "", ""), ("get_letters", "Returns the letters of an adoption", "adoption"),
        ("get_folder", "Returns a folder", ""),
    ],
)  # fmt: skip
def test_protected_topics(name, text, topic):
    assert READER.of_topic(name, "", [text]) == topic


@pytest.mark.parametrize(
    ("name", "is_open"),
    [
        ("tide_table", True),
        ("table", False),
        ("rope_table", False),
        ("tide_hours", True),
        ("boat_models", True),
        ("convert_knots", True),
    ],
)
def test_names_of_what_is_for_everybody(name, is_open):
    assert READER.is_open(name, "", []) is is_open


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/sledges/{id}/position", "position"),
        ("/sledges/{id}/name", ""),
        ("/stations/{id}/location", ""),
        ("/sledges/position", ""),
    ],
)
def test_where_one_thing_is_that_moves(path, place):
    parameters = (Parameter("id", "path", required=True, type="string", description=""),) if "{" in path else ()
    tool = Tool(
        ToolId("s:t"), SourceId("s"), "where", "GET", path, "where", "", "", "0" * 64, "", parameters=parameters
    )
    assert READER.of_whereabouts(tool) == place
