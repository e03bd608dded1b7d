"""Things that are about no person although nothing describes them, each with what would leave the question open."""

import pytest

from analysis.assess import assess_all
from analysis.assess.sensitivity.confidential_lists import confidential_lists
from analysis.assess.sensitivity.open_things import OpenThings
from analysis.ingest import read
from analysis.model import Risk

THINGS = OpenThings(confidential_lists())


@pytest.mark.parametrize(
    ("name", "path", "text", "holds"),
    [
        # goods
        ("listUmbrellas", "/umbrellas", "", True),
        ("list_violins", "", "", True),
        ("getLanterns", "/shops/{id}/lanterns", "", True),
        ("listUmbrellas", "/complaints/{id}/umbrellas", "", False),  # perhaps those of a case
        ("list_guest_umbrellas", "", "", False),
        ("listDossiers", "/dossiers", "", False),
        # the way to find a thing is no thing
        ("findKin", "/v2/mosses/similar", "", True),
        ("findKin", "/v2/dossiers/similar", "", False),
        ("match", "/lakes/search", "", True),
        # what is still to be had
        ("listPitches", "/pitches", "List vacant pitches", True),
        ("listPitches", "/pitches", "List pitches", False),
        ("listMoorings", "/moorings/available", "", True),
        ("listMoorings", "/moorings", "Lists available moorings", True),
        ("listAudits", "/audits", "Lists available audits", False),  # no more than: all there are
        ("listNurses", "/nurses", "List free nurses", False),
        ("listRemarks", "/remarks", "List free text", False),
        # a name that says no thing leaves it to the text
        ("find", "", "Find the glossary of heraldry by letter", True),
        ("find", "", "Find the glossary of names of members", False),
        ("find", "", "Find members in the glossary", False),
        ("find", "", "Find papers of heraldry in simple terms", True),
        ("find", "", "Find heraldry papers using simple terms", False),
        ("find_dossiers", "", "Find the glossary of heraldry", False),
        # names of what content lies in
        ("list_keyspaces", "", "", True),
        ("listDatabaseTables", "/tables", "", True),
        ("read_keyspace", "", "", False),
        ("list_keyspace_rows", "", "", False),
    ],
)
def test_what_is_about_nobody(name, path, text, holds):
    assert THINGS.holds(name, path, [text] if text else [], silent=True) is holds


def test_fields_that_are_not_known_say_more_than_the_name_of_goods():
    assert not THINGS.holds("listUmbrellas", "/umbrellas", [], silent=False)
    assert not THINGS.holds("find", "", ["Find the glossary"], silent=False)
    assert THINGS.holds("listPitches", "/pitches", ["List vacant pitches"], silent=False)


@pytest.mark.parametrize(
    ("path", "summary", "risk"),
    [
        ("/umbrellas", "Lists umbrellas", Risk.LOW),
        ("/pitches", "List vacant pitches", Risk.LOW),
        ("/pitches", "List pitches", Risk.MEDIUM),
        ("/umbrellas", "What each guest left in the rack", Risk.MEDIUM),  # the text tells of whom
    ],
)
def test_a_list_of_things_without_fields_is_low_where_it_is_about_nobody(path, summary, risk):
    operation = (
        f'{{"operationId": "listThem", "summary": "{summary}", "responses": {{"200": {{"description": "ok"}}}}}}'
    )
    document = f'{{"openapi": "3.1.0", "info": {{"title": "Rack", "version": "1"}}, "paths": {{"{path}": {{"get": {operation}}}}}}}'
    (said,) = assess_all(read(document.encode()).inventory.tools)
    assert said.risk is risk
