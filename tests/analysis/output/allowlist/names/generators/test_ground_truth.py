"""Every measured name: 508 rows of what generators made of 47 operations."""

import json

import pytest

from analysis.output.allowlist.document.operations import ApiOperation
from analysis.output.allowlist.names.generators import generator_named

NAMES = {
    "fastmcp": "fastmcp",
    "awslabs.openapi-mcp-server": "awslabs",
    "@ivotoby/openapi-mcp-server": "ivotoby",
    "openapi-mcp-generator": "openapi-mcp-generator",
    "mcp-openapi-proxy": "mcp-openapi-proxy",
    "fastapi-mcp": "fastapi-mcp",
    "litellm-proxy-spec_path": "litellm",
    "orval-mcp": "orval",
    "swagger-mcp-naming-function": "swagger-mcp",
    "cnoe-openapi-mcp-codegen-naming-function": "cnoe",
}
ROWS = 508


def operation(row):
    """Return the operation of a row, with the two facts that rows leave out: a summary, and an exclusion."""
    address = (row["method"], row["path"])
    return ApiOperation(
        " ".join(address), *address, row["operation_id"] or "",
        summary="Service status" if address == ("GET", "/status") else "",
        x_mcp=(False if row["path"] == "/hidden" else None, None, None),
    )  # fmt: skip


@pytest.fixture(scope="module")
def rows(shared):
    path = shared / "ground-truth" / "tool-names.jsonl"
    if not path.exists():
        pytest.skip(f"the measured names are not at {path}")
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_every_row(rows):
    by_generator = {}
    for row in rows:
        by_generator.setdefault((row["generator"], row["generator_version"]), []).append(row)
    wrong = []
    for (name, version), listed in by_generator.items():
        paths = list(dict.fromkeys(row["path"] for row in listed))
        in_order = sorted(listed, key=lambda row: paths.index(row["path"]))
        given = generator_named(f"{NAMES[name]}@{version}").rule([operation(row) for row in in_order])
        for row in listed:
            found = given[f"{row['method']} {row['path']}"].name
            if found != row["tool_name"]:
                wrong.append((name, version, row["method"], row["path"], row["tool_name"], found))
    assert wrong == []
    assert len(rows) == ROWS
