"""The conditions of a packet: each once, with the number of tools or findings, and none from what is blocked."""

from __future__ import annotations

import dataclasses
import json
import shutil

import pytest

from analysis.errors import UsageError
from analysis.output import files
from analysis.output.packet.folder import Snapshot, Unreadable
from analysis.output.packet.signing.packet_conditions import packet_conditions


def entry(decision, *conditions):
    return {"decision": decision, "conditions": [{"kind": kind, "value": value} for kind, value in conditions]}


def finding(rule, status="accepted", owner="sales", until="2027-01-31"):
    return {"rule": rule, "status": status, "disposition": {"owner": owner, "until": until}}


def packet(tools=(), findings=(), **more):
    found = {"allowlist.json": {"tools": list(tools), **more}, "review.json": {"findings": list(findings)}}
    return Snapshot({name: json.dumps(data).encode() for name, data in found.items()}, {})


def test_each_condition_is_named_once_with_its_number():
    rate, env = ("rate", "5"), ("env", "test")
    found = packet(
        [entry("conditional", rate, env), entry("conditional", rate), entry("block", ("env", "x")), entry("allow")],
        [finding("EXF-001"), finding("EXF-001"), finding("DAT-001", "open"), finding("CRD-001", until="", owner="")],
        resources=[entry("conditional", env)],
        sources=[{"id": "x"}],
    )
    assert packet_conditions(found) == (
        "env=test (2 tools)", "rate=5 (2 tools)",
        "accepted risk CRD-001, owner none, until no date (1 finding)", "accepted risk EXF-001, owner sales, until 2027-01-31 (2 findings)",
    )  # fmt: skip


@pytest.mark.parametrize(
    "tools",
    [
        [{"decision": "conditional"}],
        [{"decision": "conditional", "conditions": [{}]}],
        [{"decision": "conditional", "conditions": 3}],
    ],
)
def test_an_allowlist_without_its_form_is_refused(tools):
    with pytest.raises(Unreadable, match="does not have its form"):
        packet_conditions(packet(tools))


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")
def test_a_packet_without_conditions_needs_one(review_snapshots, sign_as, tmp_path):
    folder = tmp_path / "made"
    folder.mkdir()
    snapshot = dataclasses.replace(review_snapshots.approvable(), tools=(), findings=(), dispositions={})
    for name, data in files.make(files.PacketContent(snapshot)).items():
        (folder / name).write_bytes(data)
    with pytest.raises(UsageError, match="has no condition"):
        sign_as(folder, verdict="approve-with-conditions")
    assert not (folder / "signoffs").exists()
