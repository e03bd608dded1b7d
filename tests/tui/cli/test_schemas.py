"""`clearance schema`: the schemas of the files that people write, for editors."""

import json

import pytest
from jsonschema import Draft202012Validator

from analysis.review.queries.published_schemas import SCHEMAS


def test_the_schemas_are_listed_with_what_they_describe(run):
    listed = run("schema").out.splitlines()
    assert [line.split()[0] for line in listed] == list(SCHEMAS)
    assert run("schema", "--json").json == {
        "allowlist": "The canonical allowlist of a packet: every reviewed capability with its decision; what is not listed "
        "is denied.",
        "answers": "Answers to the governance questions of a review, with their evidence: `clearance answer FILE --from`.",
        "policy": "What an organisation requires of every review. Only the version of the format is required.",
    }


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_printed_whole_and_names_its_dialect(run, name):
    ran = run("schema", name)
    assert ran.code == 0
    schema = json.loads(ran.out)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == Draft202012Validator.META_SCHEMA["$id"]
    assert schema["$id"].startswith(f"urn:clearance:schema:{name}:")


def test_another_name_is_refused_with_those_there_are(run):
    ran = run("schema", "polcy")
    assert (ran.code, ran.out) == (2, "")
    assert "'policy'" in ran.err
