"""Overlays: applied to the source, they give what the filtered document has."""

import json
import re

import pytest

from analysis.output.allowlist.document.document_tree import plain_data, read_tree
from analysis.output.allowlist.document.filtering import filtered
from analysis.output.allowlist.document.operations import operations_in
from analysis.output.allowlist.document.overlay import json_path, marking, removing
from analysis.output.allowlist.document.pointers import FileSet
from tests.fixtures.api_documents import HOSTILE, document, op

_STEP = re.compile(r"\.([A-Za-z_]\w*)|\['((?:[^'\\]|\\.)*)'\]")


def keys_of(target):
    """Return the keys of a path of the form this product writes."""
    assert target.startswith("$")
    found = [*_STEP.finditer(target[1:])]
    assert "".join(match[0] for match in found) == target[1:]
    return [match[1] or json.loads(f'"{match[2]}"'.replace("\\'", "'")) if match[1] or '"' not in match[2]
            else json.loads('"' + match[2].replace("\\'", "'").replace('"', '\\"') + '"') for match in found]  # fmt: skip


def merged(target, update):
    for key, value in update.items():
        if isinstance(value, dict) and isinstance(target.get(key), dict):
            merged(target[key], value)
        else:
            target[key] = value


def applied(data, overlay):
    """Return a document after an overlay, action by action as Overlay 1.0.0 says."""
    made = json.loads(json.dumps(data))
    for action in json.loads(overlay)["actions"]:
        keys = keys_of(action["target"])
        node = made
        for key in keys[:-1]:
            node = node[key]
        if action.get("remove"):
            assert keys[-1] in node, action
            del node[keys[-1]]
        else:
            merged(node[keys[-1]] if keys else node, action["update"])
    return made


def parts(made):
    raw = json.dumps(made).encode()
    source = read_tree(raw)
    files = FileSet([("document", raw)], source.root)
    return source, files, [*operations_in(source.root, files, {})]


@pytest.mark.parametrize("name", HOSTILE)
def test_removing_gives_the_paths_of_the_filtered_document(name):
    source, files, operations = parts(HOSTILE[name])
    for start in range(3):
        approved = {each.operation for each in operations[start::3]}
        made = filtered(source, files, approved).root
        overlay = removing("T", source.root, made, approved)
        assert applied(HOSTILE[name], overlay)["paths"] == plain_data(made)["paths"]


def test_removing_takes_what_is_no_operation_of_the_review_too():
    made = document({"/a": {"get": op("a"), "DELETE": op("b")}}, webhooks={}, **{"x-ms-paths": {}})
    source, files, _ = parts(made)
    cut = filtered(source, files, {("GET", "/a")}).root
    found = applied(made, removing("T", source.root, cut, {("GET", "/a")}))
    assert found["paths"] == {"/a": {"get": op("a")}}
    assert found.keys() & {"webhooks", "x-ms-paths"} == set()


def test_marks_deny_what_is_not_listed():
    made = document({"/a": {"get": op("a"), "post": op("b"), "put": op("c", **{"x-mcp": False})}})
    _, _, operations = parts(made)
    found = applied(made, marking("T", operations, {"GET /a", "PUT /a"}))
    assert found["x-mcp"] is False
    assert found["paths"]["/a"]["get"]["x-mcp"] is True
    assert found["paths"]["/a"]["post"]["x-mcp"] is False
    assert found["paths"]["/a"]["post"]["x-speakeasy-mcp"] == {"disabled": True}
    assert found["paths"]["/a"]["put"]["x-mcp"] is False  # excluded by the document, and stays so
    assert "x-speakeasy-mcp" not in found["paths"]["/a"]["get"]


def test_overlays_are_of_version_1_0_0():
    source, files, operations = parts(document({"/a": {"get": op("a")}}))
    made = filtered(source, files, set()).root
    for overlay in (removing("T", source.root, made, set()), marking("T", operations, set())):
        data = json.loads(overlay)
        assert data["overlay"] == "1.0.0"
        assert data["info"]["title"].startswith("T: ")
        assert data["info"]["version"]
        assert data["actions"]


@pytest.mark.parametrize(("keys", "path"), [
    (("paths", "/a/{id}", "get"), "$.paths['/a/{id}'].get"),
    (("it's", 'say "x"', "back\\slash", "line\n", "é"), "$['it\\'s']['say \"x\"']['back\\\\slash']['line\\n']['\\u00e9']"),
])  # fmt: skip
def test_paths_are_quoted(keys, path):
    assert json_path(keys) == path
    assert keys_of(path) == list(keys)
