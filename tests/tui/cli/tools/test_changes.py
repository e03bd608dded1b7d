"""`clearance changes`."""

import json

TOOLS = {"tools": [{"name": "send_fax", "description": "Sends a fax.", "inputSchema": {"type": "object"}}]}


def test_changes_list_new_and_gone_tools(run, file, tmp_path):
    path = tmp_path / "fax.json"
    path.write_text(json.dumps(TOOLS))
    assert run("import", file, path).code == 0
    assert run("changes", file, "--json").json == []
    path.write_text(json.dumps(TOOLS).replace("send_fax", "send_fax_now").replace('"object"', '"object", "title": "F"'))
    assert run("import", file, path).code == 0
    assert {each["name"]: each["kind"] for each in run("changes", file, "--json").json} == {
        "send_fax": "gone", "send_fax_now": "new"
    }  # fmt: skip
    assert run("changes", file).out.endswith("2 tools differ\n")
