"""The neutral list of names."""

import csv
import io
import json

from analysis.output.allowlist.names.generators import current_generators
from analysis.output.allowlist.targets import names_list
from tests.fixtures.api_documents import document, op
from tests.fixtures.target_inputs import api_input, server_input

PATHS = {"/a": {"delete": op("purge-user")}, "/b": {"get": op("purge_user")}, "/c": {"get": op("=keep")}}


def rows(export):
    return json.loads(export.files["names.json"])["names"]


def table(export):
    return [*csv.DictReader(io.StringIO(export.files["names.csv"].decode()))]


def test_every_approved_tool_at_every_generator():
    export = names_list.render(api_input(document(PATHS), {("GET", "/b"), ("GET", "/c")}))
    found = rows(export)
    assert {(row["method"], row["path"]) for row in found} == {("GET", "/b"), ("GET", "/c")}
    labels = {generator.label for generator in current_generators()} | {"clearance"}
    assert {row["generator"] for row in found if row["path"] == "/b"} == labels
    moved = next(row for row in found if row["path"] == "/b" and row["generator"] == "fastmcp@4.2.3")
    assert (moved["name"], moved["problems"]) == ("purge_user", ["moved"])
    assert len(table(export)) == len(found)


def test_a_tool_under_conditions_has_the_name_at_the_gateway_alone():
    given = api_input(
        document(PATHS), {("GET", "/b"), ("GET", "/c")}, conditions={("GET", "/b"): {"rate": "10 per hour"}}
    )
    export = names_list.render(given)
    assert [(row["generator"], row["conditions"]) for row in rows(export) if row["path"] == "/b"] == [
        ("clearance", ["rate=10 per hour"]),
    ]  # fmt: skip
    assert export.left_out == ()


def test_a_draft_names_nothing():
    assert rows(names_list.render(api_input(document(PATHS), {("GET", "/b")}, status="draft"))) == []


def test_tools_of_a_server_have_their_own_name():
    export = names_list.render(server_input({"send": "allow", "drop": "block"}))
    assert [(row["generator"], row["name"]) for row in rows(export)] == [("clearance", "send"), ("server", "send")]


def test_no_cell_is_a_formula():
    export = names_list.render(api_input(document(PATHS), {("GET", "/c")}))
    assert any(row["name"] == "=keep" for row in rows(export))
    assert all(not cell.startswith(("=", "+", "-", "@")) for row in table(export) for cell in row.values())


def test_recipes_name_what_was_not_run():
    text = names_list.render(server_input({})).files["README.txt"].decode("ascii")
    assert "None of these was run against the product" in text
    assert "empty list" in text
