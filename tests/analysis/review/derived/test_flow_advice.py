"""The advice of the flow page, taken: what is left after the smallest set is blocked through the service.

Thirty reviews of the sample documents and of small servers of invented tools, whose flow roles were judged by hand.
"""

import json
import random
from pathlib import Path

import pytest

from analysis.model import DecisionState, FlowRole, PathState
from analysis.review import commands
from analysis.review.session import Review
from analysis.review.sources.importing import examine_source
from tests.analysis.rules.detect.flow_sets import SERVERS, listing

ROOT = Path(__file__).parents[4]
INVENTED = ROOT / "tests" / "fixtures" / "invented_tools.txt"
SAMPLES = ("customer-management.yaml", "poisoned-tools.json")
ROLES = (FlowRole.PRIVATE_DATA, FlowRole.UNTRUSTED_CONTENT, FlowRole.EXFILTRATION_SINK)


def judged_tools():
    """Yield (definition, roles judged) of the invented tools that have arguments of their own."""
    for line in INVENTED.read_text("utf-8").splitlines():
        if not line or line.startswith(("#", "GET ")):
            continue
        head, told = line.rsplit(" => ", 1)
        signature, text = head.split(" :: ", 1)
        name, _, given = signature.rstrip(")").partition("(")
        arguments = [argument.partition(":")[0] for argument in given.split(",") if argument]
        _, private, sink, untrusted = told.split(" ")
        schema = {"type": "object", "properties": {each: {"type": "string"} for each in arguments}}
        marks = zip(ROLES, (private, untrusted, sink), strict=True)
        yield (
            {"name": name, "description": text, "inputSchema": schema | {"required": arguments}},
            {role for role, mark in marks if mark == "1"},
        )


def sources_of(chance):
    """Return a few sources, and by name the roles that were judged."""
    truth, sources = {}, []
    tools = list(judged_tools())
    for number in range(chance.randrange(1, 4)):
        picked = chance.sample(tools, chance.randrange(3, 12))
        truth |= {definition["name"]: roles for definition, roles in picked}
        listed = {"tools": [definition for definition, _ in picked]}
        sources.append((f"server{number}.json", json.dumps(listed).encode()))
    for name in chance.sample(sorted(SERVERS), chance.randrange(3)):
        sources.append((f"{name}.json", listing(name)))
    for name in chance.sample(SAMPLES, chance.randrange(3) // 2):
        sources.append((name, (ROOT / "sample_data" / name).read_bytes()))
    return sources, truth


def reviewed(folder, sources):
    examined = []
    for name, raw in sources:
        (folder / name).write_bytes(raw)
        examined.append(examine_source(str(folder / name)))
    return Review.create(folder / "x.clearance", examined, actor="ann", at="2026-03-02T08:00:00Z")


def decide(review, tools, state):
    for number, tool in enumerate(tools):
        commands.decide(
            review, [tool], state, reason="advised", actor="ann",
            at=f"2026-03-02T09:{number // 60:02}:{number % 60:02}Z", opened=[tool],
        )  # fmt: skip


@pytest.mark.parametrize("seed", range(30))
def test_the_advice_holds_when_it_is_taken(seed, tmp_path):
    sources, truth = sources_of(random.Random(seed))
    review = reviewed(tmp_path, sources)
    try:
        flows = review.views.flows
        if not flows.cuts:
            assert flows.exposed.excluded
            return
        gone = set(flows.cuts[0].tools)
        commands.decide(
            review, sorted(gone), DecisionState.BLOCKED, reason="advised", actor="ann", at="2026-03-02T08:30:00Z"
        )
        flows = review.views.flows
        assert flows.exposed.state is PathState.ABSENT
        assert flows.cuts == ()
        left = [tool.row.id for tool in review.tools() if tool.row.id not in gone]
        decide(review, left[:12], DecisionState.APPROVED)
        assert review.views.flows.allowed.state is PathState.ABSENT
        # By judgement, not by what the product says: no role that was cut is left.
        cut = flows.exposed.possible
        missing = {role for role in ROLES if not cut[role]}
        kept = [truth[tool.row.name] for tool in review.tools() if tool.row.id in left and tool.row.name in truth]
        assert missing
        assert any(all(role not in roles for roles in kept) for role in missing)
    finally:
        review.close()


def test_there_is_something_to_advise():
    played = [roles for _, roles in judged_tools()]
    assert all(sum(role in roles for roles in played) >= 12 for role in ROLES)
