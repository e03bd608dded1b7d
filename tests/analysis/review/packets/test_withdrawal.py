"""Withdrawal: what was allowed is blocked in review, packet and every target, and the signed packet is superseded."""

from __future__ import annotations

import json
import shutil
from typing import Any

import pytest

from analysis.errors import CheckFailed, UsageError, WorkspaceRefused
from analysis.model import DecisionState
from analysis.output import allowlist
from analysis.output.allowlist.target import ExportSettings, ExportTarget, TargetExport
from analysis.output.packet.signing.sign import sign
from analysis.output.packet.signing.statement import SignoffText
from analysis.output.packet.signing.verdicts import SignoffVerdict
from analysis.review.packets import withdrawal as withdrawals
from analysis.review.packets.export import export, review_snapshot
from analysis.review.packets.export_options import ExportOptions, export_options
from analysis.review.packets.withdrawal import withdraw

HOW: dict[str, Any] = {"actor": "rev", "at": "2026-03-20T09:00:00Z"}
#: A target that lists what is decided as allowed, and the address it was given.
PLAIN = ExportTarget(
    "plain", "Plain list", "1.0", "names", "conditions",
    lambda given: TargetExport({"list.json": json.dumps(
        [given.settings.gateway, *sorted(each["id"] for each in given.allowlist["tools"] if each["decision"] != "block")]
    ).encode()}),
)  # fmt: skip


@pytest.fixture
def packet(review, tmp_path, monkeypatch):
    """The packet of the completed review, with a target."""
    monkeypatch.setattr(allowlist, "TARGETS", (*allowlist.TARGETS, PLAIN))
    settings = ExportSettings(gateway="http://127.0.0.1:8400/mcp")
    export(review, tmp_path / "packet", ["plain", "codex"], settings=settings)
    return tmp_path / "packet"


def named(review, name):
    return next(state.row.id for state in review.tools() if state.row.name == name)


def listed(packet):
    return json.loads((packet / "targets" / "plain" / "list.json").read_bytes())


def allowed(packet):
    return {e["id"] for e in json.loads((packet / "allowlist.json").read_bytes())["tools"] if e["decision"] != "block"}


def withdrawn(work, packet, name="listTags", reason="incident 7"):
    done = withdraw(work, packet, [named(work, name)], reason=reason, **HOW)
    return done, done.write(review_snapshot(work))


def test_a_withdrawn_tool_is_gone_from_review_packet_and_every_target(review, packet):
    tool = named(review, "listTags")
    before = listed(packet)
    assert tool in before
    done, made = withdrawn(review, packet)
    assert (done.sentence, done.tools, made.removed) == ("withdrawn: listTags", (tool,), ())
    state = review.tool(tool)
    assert (state.decision_state, state.decision.reason) == (DecisionState.BLOCKED, "incident 7")
    assert listed(packet) == [each for each in before if each != tool]  # the address of the gateway is kept too
    assert allowed(packet) == set(before[1:]) - {tool}
    assert {path.name for path in (packet / "targets").iterdir()} == {"plain", "codex"}


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")
def test_a_signed_packet_is_kept_and_superseded(review, packet, key):
    sign(packet, SignoffText("iam", "ann@corp", SignoffVerdict.APPROVE, HOW["at"]), key=key)
    done, made = withdrawn(review, packet)
    assert done.keep_signed
    assert named(review, "listTags") in allowed(packet.parent / made.kept)
    assert not review.record.packet.in_force
    assert not (packet / "signoffs").exists()  # the new one has to be signed
    manifest = json.loads((packet / "manifest.json").read_bytes())
    assert manifest["predicate"]["supersedes"] == review.record.packet.manifest


def test_a_block_is_recorded_even_if_the_packet_cannot_be_written(review, packet, monkeypatch):
    done = withdraw(review, packet, [named(review, "listTags")], reason="x", **HOW)
    (packet / "mine.txt").write_text("kept")
    with pytest.raises(WorkspaceRefused, match="not written"):
        done.write(review_snapshot(review))
    (packet / "mine.txt").unlink()
    _, made = withdrawn(review, packet)  # again: nothing is decided twice, and the packet follows
    assert named(review, "listTags") not in allowed(made.folder)
    decided = [e for e in review.record.events if e.kind == "tool.decided" and "listTags" in str(e.key)]
    assert len([e for e in decided if e.data.get("reason") in {"x", "incident 7"}]) <= 1


def test_what_cannot_be_withdrawn_changes_nothing(review, packet, tmp_path):
    events = len(review.record.events)
    tool = named(review, "listTags")
    with pytest.raises(UsageError, match="needs a reason"):
        withdraw(review, packet, [tool], reason=" ", **HOW)
    with pytest.raises(UsageError, match="no tool"):
        withdraw(review, packet, [], reason="x", **HOW)
    with pytest.raises(WorkspaceRefused, match="does not belong"):
        withdraw(review, tmp_path / "nothing", [tool], reason="x", **HOW)
    assert len(review.record.events) == events
    withdrawn(review, packet)
    with pytest.raises(CheckFailed, match="blocked already"):
        withdraw(review, packet, [tool], reason="x", **HOW)


def test_a_missing_typesetter_does_not_hold_up_a_withdrawal(review, packet, monkeypatch):
    def missing():
        raise UsageError("the PDF cannot be made")

    recipe = json.loads((packet / "recipe.json").read_bytes())
    (packet / "recipe.json").write_text(json.dumps(recipe | {"typst": "0.15.2"}))
    monkeypatch.setattr(withdrawals, "typst_version", missing)
    done = withdraw(review, packet, [named(review, "listTags")], reason="x", **HOW)
    assert (done.typst, done.without_pdf) == ("", "the PDF cannot be made")


def test_options_are_read_from_the_recipe_and_default_where_it_cannot_be_read(packet, tmp_path):
    assert export_options(packet) == ExportOptions(("plain", "codex"), ExportSettings("http://127.0.0.1:8400/mcp"))
    for text in ("{", "[]", '{"targets": 3}', '{"targets": ["gone"], "settings": []}'):
        (packet / "recipe.json").write_text(text)
        assert export_options(packet) == ExportOptions()
    assert export_options(tmp_path / "none") == ExportOptions()
