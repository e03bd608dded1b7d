"""`clearance check`: exit codes, the JSON that scripts read, SARIF, and what the gate says of itself."""

import json
import shutil

import pytest
import yaml


@pytest.fixture
def packet(run, file, tmp_path):
    """A packet of the sample review."""
    assert run("export", file, tmp_path / "packet").code == 0
    return tmp_path / "packet"


@pytest.fixture
def approved(run, completed, tmp_path):
    """A packet of the completed sample review, which can be approved."""
    assert run("export", completed, tmp_path / "approved").code == 0
    return tmp_path / "approved"


@pytest.fixture
def changed(source, tmp_path):
    """Write the sample document with a text replaced and return its path."""

    def writing(old, new):
        text = source.read_text("utf-8")
        assert old in text
        place = tmp_path / "changed.yaml"
        place.write_text(text.replace(old, new))
        return place

    return writing


def test_equal_definitions_are_no_drift(run, packet, source):
    found = run("check", packet, source, "--json")
    assert found.code == 0
    assert (found.json["drift"], found.json["equal"], found.json["with_substance"]) == ([], 48, 0)
    assert run("check", packet, "-", stdin=source.read_bytes()).out == "no drift: 48 definitions equal\n"


def test_one_change_of_the_server_is_one_line(run, packet, changed):
    place = changed("https://api.harbourline.example/v2", "https://api.elsewhere.example/v2")
    found = run("check", packet, place, "--json")
    assert found.code == 1
    servers = [each for each in found.json["drift"] if each["field"] == "servers"]
    assert len(servers) == 1
    assert (servers[0]["tool"], len(servers[0]["tools"]), servers[0]["substance"]) == (
        "customer-management-api",
        48,
        True,
    )
    text = run("check", packet, place)
    assert text.code == 1
    assert text.out.count("servers:") == 1
    assert "48 differ" in text.err


def test_a_difference_states_field_before_after_and_substance(run, approved, changed):
    found = run("check", approved, changed("summary: List customers", "summary: List the customers"), "--json")
    (drift,) = found.json["drift"]
    assert {name: drift[name] for name in ("kind", "field", "before", "after", "substance", "group", "decision")} == {
        "kind": "changed", "field": "summary", "before": "List customers", "after": "List the customers",
        "substance": False, "group": "wording", "decision": drift["decision"],
    }  # fmt: skip
    assert drift["decision"] in {"allow", "conditional"}
    assert (found.code, found.json["equal"]) == (1, 47)


def test_sarif_names_the_source_and_the_lines(run, packet, changed):
    found = run("check", packet, changed("summary: List customers", "summary: List the customers"), "--sarif")
    (result,) = found.json["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "changed.yaml"
    assert place["region"]["startLine"] > 1
    assert (result["ruleId"], result["level"], found.code) == ("drift/changed", "note", 1)
    assert run("check", packet, changed("summary: List customers", "summary: L"), "--sarif", "--json").code == 2


def test_the_state_of_the_packet_is_said(run, packet, approved, source):
    assert run("check", packet, source, "--json").json["packet"] == "draft"
    found = run("check", approved, source, "--json").json
    assert found["packet"] == "unsigned"
    said = {each["check"]: each["reason"] for each in found["not_checked"]}
    assert said["approval"] == "the packet is not signed"
    assert {"signatures", "behaviour"} <= said.keys()


def test_a_source_that_cannot_be_read_is_refused(run, packet, tmp_path):
    place = tmp_path / "broken.yaml"
    place.write_text("openapi: 3.1.0\npaths: {}\n")
    assert run("check", packet, place).code == 3
    assert run("check", packet, tmp_path / "absent.yaml").code == 3


def test_a_packet_that_is_none_or_was_changed_is_refused(run, packet, source, tmp_path):
    assert run("check", tmp_path / "absent", source).code == 4
    allowlist = packet / "allowlist.json"
    allowlist.write_text(allowlist.read_text("utf-8").replace('"default": "deny"', '"default": "allow"'))
    assert run("check", packet, source).code == 4


def test_definitions_that_are_not_those_of_the_digests_are_refused(run, packet, changed, monkeypatch):
    """A packet whose sums fit and whose allowlist names other digests than its own definitions have."""
    from analysis.review.packets import drift_check

    monkeypatch.setattr(drift_check, "check_manifest", lambda _: [])
    place = packet / "allowlist.json"
    listed = json.loads(place.read_text("utf-8"))
    listed["tools"][0]["digest"] = "0" * 64
    place.write_text(json.dumps(listed))
    found = run("check", packet, changed("summary: List customers", "summary: L"))
    assert found.code == 4
    assert "digests that are not those of its definitions" in found.err


def test_another_layout_and_json_are_no_drift(run, packet, source, tmp_path):
    import yaml

    place = tmp_path / "again.json"
    place.write_text(json.dumps(yaml.safe_load(source.read_text("utf-8")), default=str, indent=3))
    assert run("check", packet, place).code == 0


def test_another_order_of_parameters_is_no_drift_and_its_digests_are_named(run, packet, source, tmp_path):
    document = yaml.safe_load(source.read_text("utf-8"))
    for item in document["paths"].values():
        for node in (item, *(each for each in item.values() if isinstance(each, dict))):
            node.get("parameters", []).reverse()
            node.get("security", []).reverse()
    for schema in document["components"]["schemas"].values():
        schema.get("required", []).reverse()
    place = tmp_path / "again.json"
    place.write_text(json.dumps(document, default=str))
    found = run("check", packet, place, "--json")
    assert (found.code, found.json["drift"], found.json["equal"]) == (0, [], 48)
    assert "have another order" in {e["check"]: e["reason"] for e in found.json["not_checked"]}["digests"]


def test_one_of_several_sources_is_found_or_named(run, file, source, tmp_path):
    listed = tmp_path / "fax.json"
    listed.write_text(json.dumps({"tools": [{"name": "send_fax", "inputSchema": {"type": "object"}}]}))
    assert run("import", file, listed).code == 0
    packet = tmp_path / "both"
    assert run("export", file, packet).code == 0
    found = run("check", packet, listed, "--json")
    assert (found.code, found.json["source"], found.json["equal"]) == (0, "fax", 1)
    assert "source customer-management-api" in {each["check"] for each in found.json["not_checked"]}
    renamed = tmp_path / "other.json"
    shutil.copy(listed, renamed)
    assert run("check", packet, renamed, "--json").json["source"] == "fax"
    assert run("check", packet, renamed, "--source", "fax").code == 0
    assert run("check", packet, renamed, "--source", "nothing").code == 2


def test_an_earlier_packet_is_compared_as_this_version_reads_it(run, root, tmp_path):
    """Its digests may be formed otherwise: then both sides are read anew, and that is said."""
    kept = root / "tests" / "fixtures" / "packets"
    folder = next(path for path in kept.iterdir() if path.is_dir())
    source = tmp_path / "absent.yaml"
    assert run("check", folder, source).code in {3, 4}
