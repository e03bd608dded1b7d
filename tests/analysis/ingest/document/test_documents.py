"""Real documents: every vendor's file is read whole, and every edge case gives the recorded result."""

import json
from pathlib import Path
from typing import Any

import pytest

from analysis.ingest import read
from analysis.model import Level

SPECS = [
    "petstore-3.0.yaml", "petstore-expanded-2.0.yaml", "oai-link-example-3.0.yaml", "oai-callback-example-3.0.yaml",
    "oai-webhook-example-3.1.yaml", "oai-tictactoe-3.1.yaml", "museum-3.1.yaml", "twilio-api-3.0.json",
    "xero-accounting-3.0.yaml", "discord-3.1.json", "slack-2.0.json", "box-3.0.json", "openai-3.1.yaml",
    "openai-3.1.json", "kubernetes-2.0.yaml", "stripe-3.0.yaml", "github-3.0.json",
]  # fmt: skip


def listed(readme):
    """The table of the folder's README: document -> (operations, operations without an id)."""
    rows = {}
    for line in readme.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 8 and cells[5].isdecimal():
            first, *others = cells[0].split(" / ")
            names = [first, *(first.rpartition(".")[0] + other for other in others)]
            rows |= dict.fromkeys(names, (int(cells[5]), int(cells[6])))
    return rows


@pytest.fixture(scope="module")
def counts(shared):
    return listed((shared / "specs" / "README.md").read_text("utf-8"))


def test_every_listed_document_is_tested(counts):
    assert sorted(counts) == sorted([*SPECS, "digitalocean/"])


@pytest.mark.parametrize("name", SPECS)
def test_a_vendors_document_is_read_whole(spec, counts, name):
    reading = spec(name)
    assert reading.problems == ()
    tools = reading.inventory.tools
    assert (len(tools), sum(not tool.operation_id for tool in tools)) == counts[name]
    assert len({tool.id for tool in tools}) == len(tools)
    assert len({tool.digest for tool in tools}) == len(tools)
    assert all(tool.pointer.startswith("/paths/") for tool in tools)
    text = reading.files[0][1].splitlines()
    for tool in tools:
        here = text[tool.line - 1].lower()
        assert tool.method.lower().encode() in (here if here.strip().startswith(b'"') else text[tool.line - 2])


def test_json_and_yaml_of_one_document_are_the_same_tools(spec):
    def facts(name):
        return {tool.pointer: (tool.digest, tool.request_fields, tool.size) for tool in spec(name).inventory.tools}

    yaml, json_ = facts("openai-3.1.yaml"), facts("openai-3.1.json")
    assert yaml.keys() == json_.keys()
    assert sum(yaml[p] != json_[p] for p in yaml) == 0


def test_reachability_in_a_densely_cyclic_document(spec):
    """Stripe: some 980 field names per operation, each counted once."""
    tools = spec("stripe-3.0.yaml").inventory.tools
    average = sum(len(tool.response_fields) for tool in tools) / len(tools)
    assert 900 < average < 1_100


def test_webhooks_and_callbacks_are_listed_apart(spec):
    assert len(spec("openai-3.1.json").inventory.source.not_callable) == 16
    assert spec("oai-webhook-example-3.1.yaml").inventory.source.not_callable == ("webhook newPet",)
    assert len(spec("oai-callback-example-3.0.yaml").inventory.source.not_callable) == 1


# --- a document of many files ------------------------------------------------------------------------


def test_a_named_folder_is_followed_through_its_files(spec):
    reading = spec("digitalocean")
    tools = reading.inventory.tools
    assert len(tools) == 659
    assert all(tool.operation_id for tool in tools)
    assert len(reading.inventory.source.files) == len(reading.files) > 1_000
    assert reading.files[0][0] == "DigitalOcean-public.v2.yaml"
    assert reading.problems == ()


def test_the_entry_alone_opens_no_other_file(spec):
    reading = spec("digitalocean/DigitalOcean-public.v2.yaml")
    tools = reading.inventory.tools
    assert len(tools) == 659
    assert not any(tool.operation_id for tool in tools)
    assert [name for name, _ in reading.files] == ["DigitalOcean-public.v2.yaml"]
    assert {problem.level for problem in reading.problems} == {Level.ERROR}
    assert all("name the folder" in problem.remedy for problem in reading.problems[:500])
    assert "further problems are not listed" in reading.problems[-1].what


# --- edge cases --------------------------------------------------------------------------------------

EDGES = [
    "anchors-merge-keys.yaml", "crlf.yaml", "discriminator.yaml", "duplicate-keys-int-and-string.yaml",
    "duplicate-keys.json", "duplicate-keys.yaml", "duplicate-operation-ids.yaml", "invalid-utf8.yaml",
    "method-case.json", "methods-3.2.yaml", "missing-operation-ids.yaml", "multi-document.yaml",
    "nul-truncation.yaml", "param-content-and-cookies.yaml", "path-level-parameters.yaml", "python-tag.yaml",
    "recursive-ref.json", "ref-broken-and-odd-pointers.json", "ref-external.json", "ref-loops.json",
    "ref-siblings-3.0.json", "ref-siblings-3.1.json", "tab-indent.yaml", "text-attacks.json", "utf16-le-bom.yaml",
    "utf8-bom.json", "utf8-bom.yaml", "webhooks-callbacks-3.1.yaml", "wrong-types.json", "yaml11-gotchas.yaml",
]  # fmt: skip


@pytest.fixture(scope="module")
def expected(shared):
    return json.loads((shared / "specs" / "edge-cases" / "expected.json").read_text("utf-8"))


def test_every_edge_case_is_tested(expected, shared):
    folder = shared / "specs" / "edge-cases"
    assert sorted(expected) == EDGES
    assert sorted(file.name for file in folder.iterdir() if file.name != "expected.json") == EDGES


@pytest.mark.parametrize("name", EDGES)
def test_edge_case(spec, expected, name):
    reading, wanted = spec(f"edge-cases/{name}"), expected[name]
    tools = reading.inventory.tools if reading.inventory else ()
    facts = {
        "operations": len(tools),
        "parameters": sum(len(tool.parameters) for tool in tools),
        "request_fields": sorted({field for tool in tools for field in tool.request_fields}),
        "response_fields": sorted({field for tool in tools for field in tool.response_fields}),
        "parameter_names": [p.name for tool in tools for p in tool.parameters],
        "enum": [value for tool in tools for p in tool.parameters for value in p.values],
        "operation_ids": [tool.operation_id for tool in tools],
    }
    for fact in facts.keys() & wanted.keys():
        expected = sorted(wanted[fact]) if fact.endswith("_fields") else wanted[fact]
        assert facts[fact] == expected, fact
    assert bool(reading.problems) == ("errors" in wanted), reading.problems


#: What `expected.json` says of errors in words, as facts: (level, part of the message, pointer or line).
ERRORS: dict[str, list[tuple[str, str, Any]]] = {
    "ref-loops.json": [
        ("error", "leads back to itself", "/components/parameters/P"),
        ("error", "leads back to itself", "/components/schemas/B"),
        ("error", "leads back to itself", "/paths/~1b"),
    ],
    "ref-broken-and-odd-pointers.json": [
        ("error", "'#/components/responses/Missing' points to nothing", "/paths/~1a~0b~1c d/get/responses/200"),
    ],
    "ref-external.json": [
        ("error", "http://127.0.0.1:9/path.json", "/paths/~1http"),
        ("error", "file:///etc/hostname", "/paths/~1a/get/parameters/0"),
        ("error", "//127.0.0.1:9/x.json", "/paths/~1a/get/responses/200"),
        ("error", "../../../etc/passwd", "/paths/~1b/get/responses/200"),
    ],
    "duplicate-keys.json": [("error", "'/a' is defined twice", 1)],
    "duplicate-keys.yaml": [("error", "'/a' is defined twice", 6)],
    "duplicate-keys-int-and-string.yaml": [("error", "'200' is defined twice", 9)],
    "invalid-utf8.yaml": [("refused", "byte 31 is not UTF-8", "")],
    "nul-truncation.yaml": [("refused", "NUL", 5)],
    "tab-indent.yaml": [("refused", "column 1", 4)],
    "multi-document.yaml": [("refused", "more than one YAML document", 5)],
    "python-tag.yaml": [("refused", "asks the reader to build an object", 4)],
    "method-case.json": [("error", "'DELETE' is not a method", "/paths/~1a/DELETE")],
    "wrong-types.json": [
        ("error", "`info` is not an object", "/info"),
        ("error", "a path item is not an object", "/paths/~1a"),
        ("error", "a path item is not an object", "/paths/~1b"),
        ("error", "an operation is not an object", "/paths/~1c/get"),
        ("error", "an operation is not an object", "/paths/~1c/put"),
        ("error", "`parameters` of a path is not a list", "/paths/~1c"),
        ("error", "`parameters` is not a list", "/paths/~1c/post"),
        ("error", "`responses` is not an object", "/paths/~1c/post"),
        ("error", "`requestBody` is not an object", "/paths/~1c/post"),
        ("error", "`security` is not a list", "/paths/~1c/post"),
        ("error", "`operationId` is not text", "/paths/~1c/post"),
    ],
}


def test_every_expected_error_is_spelled_out(expected):
    assert {name for name, wanted in expected.items() if "errors" in wanted} == ERRORS.keys()


@pytest.mark.parametrize("name", ERRORS)
def test_edge_case_errors(spec, name):
    problems = spec(f"edge-cases/{name}").problems
    for level, words, place in ERRORS[name]:
        assert any(
            p.level == level and words in p.what and place in (p.pointer, p.line) for p in problems
        ), (words, problems)  # fmt: skip


def test_a_misplaced_tag_list_is_reported(spec):
    """`tags: "x"` in wrong-types.json: each misplaced value is a finding."""
    assert any("tags" in problem.what for problem in spec("edge-cases/wrong-types.json").problems)


def test_an_external_reference_of_an_unused_component_is_listed(spec):
    """Every external reference is listed: another tool that reads this document may open it."""
    problems = spec("edge-cases/ref-external.json").problems
    assert any("169.254.169.254" in problem.what for problem in problems)


def test_merge_keys_apply_and_own_keys_win(spec):
    get, delete = spec("edge-cases/anchors-merge-keys.yaml").inventory.tools
    assert [use.name for use in get.security[0]] == ["k"]
    assert delete.security == ()


def test_equal_names_are_distinct_tools(spec):
    tools = spec("edge-cases/duplicate-operation-ids.yaml").inventory.tools
    assert [tool.id for tool in tools] == ["edge:GET /a", "edge:GET /b", "edge:DELETE /b"]
    tools = spec("edge-cases/text-attacks.json").inventory.tools
    assert len({tool.id for tool in tools}) == len({tool.name for tool in tools}) == 3


def test_a_version_is_shown_as_written(spec):
    """YAML reads `version: 1.10` as a number; a person must still see 1.10."""
    assert spec("edge-cases/yaml11-gotchas.yaml").inventory.source.version == "1.10"


# --- the OpenAPI initiative's own schema tests -------------------------------------------------------


def readings(folder: Path):
    return {file.name: read(str(file)) for file in sorted(folder.iterdir())}


@pytest.mark.parametrize("version", ["3.1", "3.2"])
def test_valid_json_is_read(shared, version):
    found = readings(shared / "specs" / "oai-schema-tests" / f"v{version}" / "pass")
    assert len(found) > 30
    assert {name: reading.problems for name, reading in found.items() if reading.inventory is None} == {}
    formats = {reading.inventory.source.format.rpartition(".")[0] for reading in found.values()}
    assert formats == {f"OpenAPI {version}"}


@pytest.mark.parametrize("version", ["3.1", "3.2"])
def test_what_must_fail_raises_nothing_and_keeps_tools_apart(shared, version):
    found = readings(shared / "specs" / "oai-schema-tests" / f"v{version}" / "fail")
    assert len(found) > 10
    for name, reading in found.items():
        tools = reading.inventory.tools if reading.inventory else ()
        assert len({tool.id for tool in tools}) == len(tools), name
