"""Precedents: only a verified approval proposes, and only for an equal definition of the same source."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.errors import CheckFailed
from analysis.model import DecisionState, SourceKind
from analysis.review.packets.precedent import identity, read_precedent
from analysis.review.queries.decision_proposals import built_in_baseline, propose
from analysis.review.session import Review
from analysis.review.sources.importing import examine_source

pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")

NOW = "2026-03-20T09:00:00Z"
DOCUMENT = Path(__file__).parents[4] / "sample_data" / "customer-management.yaml"


def created(tmp_path, *edits, name="next"):
    """A new review of the document of the sample, with edits."""
    text = DOCUMENT.read_text()
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new)
    folder = tmp_path / name
    folder.mkdir()
    (folder / DOCUMENT.name).write_text(text)
    return Review.create(folder / "r.clearance", [examine_source(str(folder / DOCUMENT.name))], actor="ann", at=NOW)


@pytest.fixture
def precedent(signed, tmp_path):
    return read_precedent(signed, tmp_path / "signers", now=NOW)


def by_name(review, precedent, **more):
    return {review.tool(p.tool).row.name: p for p in propose(review, precedents=[precedent], **more)}


def test_equal_definitions_of_the_same_source_get_its_decisions(review, precedent, tmp_path):
    made = by_name(created(tmp_path), precedent)
    decided = {s.row.name: s.decision for s in review.tools() if s.decision is not None}
    assert {name: p.decision for name, p in made.items()} == {name: d.state for name, d in decided.items()}
    assert made["listTags"].source.words.startswith("precedent ")
    assert "signed by ann@corp" in made["listTags"].source.words
    refund = made["refundPayment"]
    assert refund.decision is DecisionState.CONDITIONAL
    assert [c.evidence for c in refund.conditions] == [""] * len(refund.conditions)  # it proves another environment


def test_a_changed_definition_gets_nothing(precedent, tmp_path):
    changed = created(tmp_path, ("- customers:read\n      parameters:\n        - name: status\n",
                                 "- payments:refund\n      parameters:\n        - name: status\n"))  # fmt: skip
    made = by_name(changed, precedent)
    assert "listCustomers" not in made
    assert "listTags" in made


def test_a_clone_on_another_host_gets_nothing(precedent, tmp_path):
    servers = re.findall(r"(?m)^  - url: https://.*$", DOCUMENT.read_text())
    clone = created(tmp_path, *((server, server.replace("://", "://clone-")) for server in servers))
    assert by_name(clone, precedent) == {}


def test_a_difference_from_the_baseline_is_said(precedent, tmp_path):
    made = by_name(created(tmp_path), precedent, baseline=built_in_baseline())
    assert made["refundPayment"].difference == "baseline money: blocked"
    assert made["listTags"].difference == ""


def test_a_packet_that_is_no_approval_is_no_precedent(signed, tmp_path):
    (tmp_path / "others").write_text("ben@corp ssh-ed25519 AAAA\n")
    for signers in (tmp_path / "others", tmp_path / "missing"):
        with pytest.raises(CheckFailed, match="no precedent"):
            read_precedent(signed, signers, now=NOW)
    (signed / "allowlist.json").write_bytes(b"{}")
    with pytest.raises(CheckFailed, match="no precedent"):
        read_precedent(signed, tmp_path / "signers", now=NOW)


def test_what_a_source_is(review):
    info = review.sources()[0].info
    assert identity(info) == identity(replace(info, uri="elsewhere.yaml", sha256="0" * 64))
    assert identity(info) != identity(replace(info, servers=("https://other.example",)))
    server = replace(info, kind=SourceKind.MCP, servers=(), uri="https://mcp.example/a")
    assert identity(server) != identity(replace(server, uri="https://mcp.example/b"))
