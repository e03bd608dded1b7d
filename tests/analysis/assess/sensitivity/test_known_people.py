"""People whom rows and arguments name make a read confidential, whatever it is called."""

import pytest

from analysis.assess import assess
from analysis.assess.sensitivity.confidential_lists import confidential_lists
from analysis.assess.sensitivity.known_people import KnownPeople
from analysis.model import Parameter, Risk, SourceId, Tool, ToolId

PEOPLE = KnownPeople(confidential_lists())


def read(name, path, *, fields=(), inputs=(), text="", array=False):
    parameters = tuple(
        Parameter(
            each,
            "path" if f"{{{each}}}" in path else "query" if path else "argument",
            required=True,
            type="string",
            description="",
        )
        for each in inputs
    )
    return Tool(
        ToolId(f"s:{name}"), SourceId("s"), name, "GET" if path else "", path, name if path else "", "", text, "0" * 64, "",
        parameters=parameters, response_fields=fields, shallow_fields=fields, returns_array=array,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("tool", "risk"),
    [
        (read("listBunks", "/bunks", fields=("bunk", "guestName", "size"), array=True), Risk.MEDIUM),
        (read("listBunks", "/bunks", fields=("bunk", "lessee", "size")), Risk.MEDIUM),
        (read("listBunks", "/bunks", fields=("bunk", "guests_allowed", "size"), array=True), Risk.LOW),
        (read("listBunks", "/bunks", fields=("bunk", "customer_id", "size"), array=True), Risk.LOW),
        (read("listBunks", "/bunks", fields=("bunk", "remark"), array=True), Risk.MEDIUM),
        (read("getBunk", "/bunks/{id}", fields=("bunk", "guestName"), inputs=("id",)), Risk.LOW),
        (read("listBunks", "/bunks", fields=("bunk", "winner"), text="Published winners of bunks.", array=True), Risk.LOW),
        (read("matchBunk", "/matching", fields=("bunk", "price"), inputs=("surname", "dob")), Risk.MEDIUM),
        (read("matchBunk", "/matching", fields=("bunk", "price"), inputs=("town",)), Risk.LOW),
        (read("getHutPreferences", "/members/{memberId}/preferences", inputs=("memberId",)), Risk.MEDIUM),
        (read("getHutPreferences", "/huts/{hutId}/preferences", inputs=("hutId",)), Risk.LOW),
        (read("getHutStatus", "/members/{memberId}/status", inputs=("memberId",)), Risk.LOW),
        (read("climb_history", "", inputs=("account_id",), text="Climbs of an account."), Risk.MEDIUM),
        (read("getLadder", "/ladders/{id}", fields=("ladder", "rungs", "scorch", "soot"), inputs=("id",)), Risk.MEDIUM),
        (read("getLadder", "/ladders/{id}", fields=("ladder", "length", "colour", "soot"), inputs=("id",)), Risk.LOW),
        (read("getLadder", "/ladders/{id}", fields=("rungs", "soot", "email"), inputs=("id",)), Risk.MEDIUM),
        (read("getLadderCount", "/ladders/count", fields=("rungs", "soot", "scorch")), Risk.LOW),
        (read("getLadder", "/ladders/{id}", fields=("url", "expires_at"), inputs=("id",)), Risk.MEDIUM),
        (read("getLadder", "/ladders/{id}", fields=("url", "hut"), inputs=("id",)), Risk.LOW),
        (read("getLadder", "/ladders/{id}", fields=("total", "next"), inputs=("id",)), Risk.LOW),
        (read("getSledge", "/sledges/{id}/position", fields=("lat", "lon"), inputs=("id",)), Risk.MEDIUM),
        (read("getStation", "/stations/{id}/location", fields=("lat", "lon"), inputs=("id",)), Risk.LOW),
    ],
)  # fmt: skip
def test_the_risk_of_a_read_by_its_rows_and_arguments(tool, risk):
    assert assess(tool).risk is risk


def test_a_response_of_unknown_fields_says_so():
    said = assess(read("getLadder", "/ladders/{id}", fields=("ladder", "rungs", "scorch", "soot"), inputs=("id",)))
    assert ("response", "ladder, rungs, scorch, soot") in [(reason.where, reason.matched) for reason in said.reasons]


def test_what_is_found_is_the_field_or_the_argument_itself():
    assert PEOPLE.in_rows(("size", "donor_name", "hut")) == "donor_name"
    assert PEOPLE.sought(read("x", "/x", inputs=("town", "birthDate"))) == "birthDate"
    assert PEOPLE.owner(read("x", "", inputs=("hut", "profileId"))) == "profileId"


@pytest.mark.parametrize(
    ("fields", "empty"),
    [
        ((), True),
        (("links",), True),
        (("data", "total"), True),
        (("total",), False),
        (("id",), False),
        (("url", "hut"), False),
    ],
)
def test_fields_that_only_hold_content_do_not_say_what_it_is(fields, empty):
    assert PEOPLE.only_envelope(fields) is empty
