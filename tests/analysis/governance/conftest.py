"""Sources read and assessed, as whole tools: what proposals and diagrams look at."""

import json

import pytest

from analysis.model import Decision, DecisionState, ReviewedTool, ToolRow, ToolState, decision_state_of
from analysis.review.sources.importing import examine_source
from analysis.review.sources.sample import DOCUMENT, sample_folder


def whole(examined, blocked=()):
    """Return an examined source as (sources, reviews); `blocked` are names of tools."""
    reviews = []
    for tool, said in examined.tools:
        decision = Decision(DecisionState.BLOCKED, "no", tool.digest, "ann", "") if tool.name in blocked else None
        row = ToolRow.of(tool, said)
        decided = decision_state_of(decision, tool.digest, "", conflict=False)
        reviews.append(ReviewedTool(tool, said, ToolState(row, row.risk, said.type, row.effect, decided, decision)))
    return (examined.info,), tuple(reviews)


@pytest.fixture(scope="session")
def sample():
    """The sample document."""
    return whole(examine_source(str(sample_folder() / DOCUMENT)))


@pytest.fixture(scope="session")
def office():
    """An MCP tool list."""
    return whole(examine_source(str(sample_folder() / "poisoned-tools.json")))


@pytest.fixture
def api():
    """Make a small API: `paths` of an OpenAPI document, with its servers and schemes."""

    def making(paths, *, blocked=(), **more):
        document = {"openapi": "3.1.0", "info": {"title": "Shop", "version": "1"}, "paths": paths} | more
        return whole(examine_source(json.dumps(document).encode()), blocked)

    return making
