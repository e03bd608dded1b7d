"""Fields of MCP tools and of operations: what differs, and what that means."""

from copy import deepcopy

import pytest

from tests.analysis.output.drift.conftest import DOCUMENT, LIST


def tool(document, number=0):
    return document["tools"][number]


def schema(document):
    return tool(document)["inputSchema"]


def operation(document, method="get"):
    return document["paths"]["/parcels/{number}"][method]


MCP = {
    "a hint that is turned": (
        lambda d: tool(d)["annotations"].update(readOnlyHint=False),
        ("annotations.readOnlyHint", True, False, "hints changed", "", True),
    ),
    "a hint that is gone": (
        lambda d: tool(d)["annotations"].pop("readOnlyHint"),
        ("annotations.readOnlyHint", True, None, "hints changed", "", True),
    ),
    "a protection that is gone": (
        lambda d: tool(d)["annotations"].pop("destructiveHint"),
        ("annotations.destructiveHint", False, None, "hints changed", "", True),
    ),
    "an added hint": (
        lambda d: tool(d)["annotations"].update(openWorldHint=False),
        ("annotations.openWorldHint", None, False, "hints added", "", False),
    ),
    "a title of the annotations": (
        lambda d: tool(d)["annotations"].update(title="All parcels"),
        ("annotations.title", "Parcels", "All parcels", "wording", "", False),
    ),
    "a description": (
        lambda d: tool(d).update(description="Lists parcels."),
        ("description", LIST["tools"][0]["description"], "Lists parcels.", "wording", "", False),
    ),
    "an argument that may be left out": (
        lambda d: schema(d).update(required=[]), ("inputSchema.required", "depot", None, "contract", "widened", True),
    ),
    "an argument that must be sent": (
        lambda d: schema(d)["required"].append("state"),
        ("inputSchema.required", None, "state", "contract", "narrowed", True),
    ),
    "a longer text": (
        lambda d: schema(d)["properties"]["depot"].update(maxLength=99),
        ("inputSchema.properties.depot.maxLength", 10, 99, "contract", "widened", True),
    ),
    "a higher bound behind a reference": (
        lambda d: schema(d)["$defs"]["Limit"].update(maximum=500),
        ("inputSchema.$defs.Limit.maximum", 50, 500, "contract", "widened", True),
    ),
    "a higher lower bound": (
        lambda d: schema(d)["$defs"]["Limit"].update(minimum=5),
        ("inputSchema.$defs.Limit.minimum", 1, 5, "narrower input", "narrowed", True),
    ),
    "a further value": (
        lambda d: schema(d)["properties"]["state"]["enum"].append("lost"),
        ("inputSchema.properties.state.enum", ["open", "sent"], ["lost", "open", "sent"], "contract", "widened", True),
    ),
    "a wider type": (
        lambda d: schema(d)["properties"]["depot"].update(type=["string", "null"]),
        ("inputSchema.properties.depot.type", "string", ["null", "string"], "contract", "widened", True),
    ),
    "anything else accepted": (
        lambda d: schema(d).update(additionalProperties=True),
        ("inputSchema.additionalProperties", False, None, "contract", "widened", True),
    ),
    "a new optional argument": (
        lambda d: schema(d)["properties"].update(page={"type": "integer"}),
        ("inputSchema.properties.page", None, {"type": "integer"}, "optional input", "widened", True),
    ),
    "a new field of the result is no input": (
        lambda d: tool(d)["outputSchema"]["properties"].update(owner={"type": "string"}),
        ("outputSchema.properties.owner", None, {"type": "string"}, "contract", "widened", True),
    ),
    "a result that is described": (
        lambda d: tool(d, 1).update(outputSchema={"type": "object"}),
        ("outputSchema", None, {"type": "object"}, "contract", "", True),
    ),
    "task support": (
        lambda d: tool(d).update(execution={"taskSupport": "required"}),
        ("execution.taskSupport", "forbidden", "required", "contract", "", True),
    ),
    "facts of a client": (
        lambda d: tool(d).update(_meta={"panel": "x"}), ("_meta", None, {"panel": "x"}, "contract", "", True),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", MCP)
def test_a_field_of_a_tool(case, changed):
    change, expected = MCP[case]
    found = changed(LIST, change)
    (drift,) = found.drift
    told = (drift.field, drift.before, drift.after, drift.group.value, drift.direction.value, drift.substance)
    assert told == expected
    assert (drift.kind.value, found.equal) == ("changed", 1)


SPELLINGS = {
    "a list of one type": lambda d: schema(d)["properties"]["depot"].update(type=["string"]),
    "a schema of its own for a reference": lambda d: schema(d)["properties"].update(limit=schema(d)["$defs"]["Limit"]),
    "a default that was implied": lambda d: tool(d, 1)["inputSchema"].update(additionalProperties=True),
    "the order of values": lambda d: schema(d)["properties"]["state"]["enum"].reverse(),
    "the task support that absence means": lambda d: tool(d).update(execution={"taskSupport": "forbidden"}),
    "the dialect": lambda d: schema(d).update({"$schema": "https://json-schema.org/draft/2020-12/schema"}),
}


@pytest.mark.parametrize("case", SPELLINGS)
def test_another_spelling_has_no_substance(case, changed):
    found = changed(LIST, SPELLINGS[case])
    assert {(each.group.value, each.substance) for each in found.drift} == {("serialisation", False)}


API = {
    "an operation id": (
        lambda d: operation(d).update(operationId="fetchParcel"),
        ("renamed", "operationId", "getParcel", "fetchParcel", False),
    ),
    "no credential": (
        lambda d: operation(d).update(security=[]),
        ("changed", "security", [[["oauth", "oauth2", ["parcels:read"]]]], [], True),
    ),
    "a further scope": (
        lambda d: operation(d).update(security=[{"oauth": ["parcels:read", "parcels:burn"]}]),
        ("changed", "scopes.oauth", ["parcels:read"], ["parcels:burn", "parcels:read"], True),
    ),
    "deprecation": (lambda d: operation(d).update(deprecated=True), ("changed", "deprecated", None, True, True)),
    "a new optional parameter": (
        lambda d: operation(d).update(parameters=[{"name": "q", "in": "query", "schema": {}}]),
        ("changed", "parameters.query.q", None, {"in": "query", "name": "q", "schema": {}}, True),
    ),
    "a media type of the result": (
        lambda d: operation(d)["responses"]["200"].update(content={"text/csv": {}}),
        ("changed", "responses.200.content", None, {"text/csv": {}}, True),
    ),
}


@pytest.mark.parametrize("case", API)
def test_a_field_of_an_operation(case, changed):
    change, expected = API[case]
    (drift,) = changed(DOCUMENT, change).drift
    assert (drift.kind.value, drift.field, drift.before, drift.after, drift.substance) == expected
    assert drift.tool == "s:GET /parcels/{}"


def test_a_shared_part_is_told_once_for_each_operation_under_its_own_name(changed):
    found = changed(DOCUMENT, lambda d: d["components"]["schemas"]["Grams"].update(maximum=5000))
    (drift,) = found.drift
    assert (drift.tool, drift.field, drift.before, drift.after) == (
        "s:PUT /parcels/{}", "components.schemas.Grams.maximum", 1000, 5000
    )  # fmt: skip


def test_a_new_property_of_a_body_that_comes_back_too_is_an_optional_input(changed):
    change = lambda d: d["components"]["schemas"]["Parcel"]["properties"].update(note={"type": "string"})  # noqa: E731
    (drift,) = changed(DOCUMENT, change).drift
    assert drift.group.value == "optional input"


def test_another_server_is_one_line_for_all_its_operations(changed):
    (drift,) = changed(DOCUMENT, lambda d: d["servers"][0].update(url="https://other.example")).drift
    assert (drift.tool, drift.field, drift.before, drift.after) == (
        "s", "servers", ["https://depot.example"], ["https://other.example"]
    )  # fmt: skip
    assert drift.tools == ("s:GET /parcels/{}", "s:PUT /parcels/{}")
    assert drift.substance


def test_another_issuer_of_tokens_is_one_line_with_its_address(changed):
    flow = lambda d: d["components"]["securitySchemes"]["oauth"]["flows"]["clientCredentials"]  # noqa: E731
    (drift,) = changed(DOCUMENT, lambda d: flow(d).update(tokenUrl="https://evil.example/t")).drift
    assert drift.field == "securitySchemes.oauth.flows.clientCredentials.tokenUrl"
    assert (drift.before, drift.after, len(drift.tools)) == ("https://id.example/t", "https://evil.example/t", 2)


def test_order_that_means_nothing_has_no_substance_and_says_so(changed):
    start = deepcopy(DOCUMENT)
    operation(start)["parameters"] = [{"name": name, "in": "query", "schema": {}} for name in ("a", "b")]
    operation(start)["security"] = [{"x": [], "y": ["1", "2"]}, {}]
    start["components"]["securitySchemes"] |= {"x": {"type": "mutualTLS"}, "y": {"type": "oauth2", "flows": {}}}
    start["components"]["schemas"]["Parcel"]["required"] = ["weight", "other"]

    def change(document):
        operation(document)["parameters"].reverse()
        operation(document)["security"] = [{}, {"y": ["2", "1"], "x": []}]
        document["components"]["schemas"]["Parcel"]["required"].reverse()

    found = changed(start, change)
    assert {(each.field, each.group.value, each.substance) for each in found.drift} == {
        ("order", "serialisation", False)
    }
