"""`clearance hints`: the patch applied to the list gives the hints that the reviewers see."""

import json

import pytest
import yaml

LIST = {
    "tools": [
        {"name": "get_kite", "description": "Returns a kite by its number.", "inputSchema": {"type": "object"}},
        {"name": "delete_kite", "description": "Deletes a kite for good.", "inputSchema": {"type": "object"},
         "annotations": {"readOnlyHint": True, "title": "Away"}},
        {"name": "list_kites", "description": "Lists all kites.", "inputSchema": {"type": "object"}, "annotations": {"readOnlyHint": True}},
        {"name": "rename_kite", "description": "Gives a kite another name.", "inputSchema": {"type": "object"}},
    ]
}  # fmt: skip


@pytest.fixture
def kites(run, tmp_path):
    place = tmp_path / "kites.json"
    place.write_text(json.dumps(LIST))
    run("review", place, "-w", tmp_path / "kites.clearance", "--no-desk")
    return tmp_path / "kites.clearance"


def patched(document, operations):
    """Apply the operations of a JSON Patch that `hints` writes."""
    for each in operations:
        *path, last = each["path"].split("/")[1:]
        node = document
        for key in path:
            node = node[int(key)] if isinstance(node, list) else node[key]
        assert (each["op"] == "replace") == (last in node)
        node[last] = each["value"]


def test_the_patch_gives_the_hints_that_the_reviewers_see(run, kites):
    found = run("hints", kites, "--json").json
    assert {each["name"]: each["corrected"] for each in found["corrections"]} == {
        "get_kite": {"readOnlyHint": True}, "delete_kite": {"readOnlyHint": False}
    }  # fmt: skip
    assert found["equal"] == 2
    document = json.loads(json.dumps(LIST))
    for each in found["corrections"]:
        patched(document, each["patch"])
    (kites.parent / "kites.json").write_text(json.dumps(document))
    assert run("import", kites, kites.parent / "kites.json").code == 0
    assert run("hints", kites, "--json").json["corrections"] == []


def test_a_retag_is_a_correction_by_the_reviewer(run, kites):
    assert run("retag", kites, "list_kites", "--type", "side-effect", "--reason", "it marks them as seen").code == 0
    (found,) = [each for each in run("hints", kites, "--json").json["corrections"] if each["name"] == "list_kites"]
    assert (found["corrected"], found["by"]) == ({"readOnlyHint": False}, "reviewer")
    assert "it marks them as seen" in found["why"]


def test_the_text_is_yaml_with_what_was_declared(run, kites):
    found = run("hints", kites)
    assert yaml.safe_load(found.out)["delete_kite"] == {"annotations": {"readOnlyHint": False}}
    assert "# declared: true" in found.out
    assert "2 tools to correct, 2 agree" in found.err


def test_operations_of_an_api_declare_none(run, file):
    found = run("hints", file, "--json").json
    assert (found["corrections"], found["others"]) == ([], 48)
