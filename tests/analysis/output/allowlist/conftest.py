"""The review snapshots of the packet's tests."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from analysis.model import SourceKind
from analysis.output.allowlist import target_named
from analysis.output.allowlist.canonical import canonical
from analysis.output.allowlist.target import ExportSettings, TargetInput


@pytest.fixture(scope="session")
def review_snapshots():
    path = Path(__file__).parents[1] / "packet" / "review_snapshots.py"
    spec = importlib.util.spec_from_file_location("allowlist_review_snapshots", path)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def snapshot(review_snapshots):
    """Make the snapshot of a review of MCP tools, given as name, state and conditions; `server` is the tag of each."""

    def making(*tools, server="crm", **more):
        reviews = []
        for position, (name, state, *conditions) in enumerate(tools):
            subject = review_snapshots.tool(
                name, "", "", id=f"crm:{position:02}", tags=(server,) if server else (), operation_id=""
            )
            decision = state and review_snapshots.decision(subject, state, *conditions)
            reviews.append(review_snapshots.review(subject, decision=decision))
        source = review_snapshots.source(kind=SourceKind.MCP)
        return review_snapshots.plain(tools=tuple(reviews), sources=(source,), **more)

    return making


@pytest.fixture
def exported():
    """Export a snapshot to a target: files, and the reason of each tool that is left out."""

    def exporting(target, snapshot, gateway=""):
        made = target_named(target).render(TargetInput(canonical(snapshot), settings=ExportSettings(gateway)))
        return made.files, {each.tool: each.reason for each in made.left_out}

    return exporting
