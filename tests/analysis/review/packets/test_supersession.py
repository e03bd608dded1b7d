"""A signed packet is never lost: it is kept whole, the review records it, and the next manifest names it."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from analysis.errors import UsageError, WorkspaceRefused
from analysis.output.packet.signing.sign import sign
from analysis.output.packet.signing.statement import SignoffText
from analysis.output.packet.signing.verdicts import SignoffVerdict
from analysis.output.packet.stated_packet import signed_packet
from analysis.review import commands, queries
from analysis.review.packets.export import export, review_snapshot, write
from analysis.review.packets.last_packet import supersede
from analysis.review.packets.signing import PacketResult, verify
from analysis.review.record.history import stacks
from analysis.review.session import Review

pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")

NOW = "2026-03-20T09:00:00Z"


def tree(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def predicate(folder):
    return json.loads((folder / "manifest.json").read_bytes())["predicate"]


def test_an_export_into_a_signed_packet_is_refused_and_changes_nothing(review, signed, tmp_path):
    before = tree(tmp_path)
    with pytest.raises(WorkspaceRefused) as refused:
        export(review, signed)
    assert "iam ann@corp: approve" in refused.value.why
    assert "--supersede" in refused.value.remedy
    assert tree(tmp_path) == before


def test_a_superseded_packet_is_kept_whole_and_the_new_one_names_it(review, signed, key, tmp_path):
    old, digest = tree(signed), hashlib.sha256((signed / "manifest.json").read_bytes()).hexdigest()
    assert supersede(review, signed, actor="ann", at=NOW).manifest == digest
    made = export(review, signed, keep_signed=True)
    kept = tmp_path / f"packet.superseded-{digest[:12]}"
    assert made.kept == str(kept)
    assert tree(kept) == old
    assert not (signed / "signoffs").exists()
    assert predicate(signed)["supersedes"] == digest
    assert predicate(kept)["supersedes"] is None
    sign(signed, SignoffText("iam", "ann@corp", SignoffVerdict.APPROVE, NOW), key=key)
    for packet in (signed, kept):
        found = verify(packet, tmp_path / "signers", now=NOW)
        assert (found.result, found.rebuilt) == (PacketResult.APPROVED, True), found.why


def test_the_review_records_what_the_superseded_packet_states(review, signed):
    supersede(review, signed, actor="ann", at=NOW)
    event = review.store.events[-1]
    assert (event.kind, event.key, event.actor) == ("packet.superseded", "packet", "ann")
    assert event.data["signoffs"] == [{"role": "iam", "signer": "ann@corp", "verdict": "approve"}]
    assert (event.data["status"], event.data["verdict"], event.data["score"]) == ("FINAL", "approvable", 100)
    assert "signed by iam ann@corp: approve" in queries.audit_trail(review)[-1].sentence
    assert stacks(review.store.events, "ann") == ([], [])  # it has happened, and is not undone


def test_a_later_export_elsewhere_names_it_too_and_it_is_recorded_once(review, signed, tmp_path):
    supersede(review, signed, actor="ann", at=NOW)
    count = len(review.store.events)
    assert supersede(review, signed, actor="ann", at=NOW) is not None
    assert len(review.store.events) == count
    export(review, tmp_path / "other")
    assert predicate(tmp_path / "other")["supersedes"] == signed_packet(signed).manifest


def test_a_chain_of_packets(review, signed, key, tmp_path):
    names = []
    for _ in range(2):
        supersede(review, signed, actor="ann", at=NOW)
        names.append(Path(export(review, signed, keep_signed=True).kept))
        sign(signed, SignoffText("iam", "ann@corp", SignoffVerdict.APPROVE, NOW), key=key)
    assert len(set(names)) == 2
    assert predicate(signed)["supersedes"] == signed_packet(names[1]).manifest
    assert predicate(names[1])["supersedes"] == signed_packet(names[0]).manifest


def test_a_folder_without_sign_offs_supersedes_nothing(review, tmp_path):
    export(review, tmp_path / "packet")
    count = len(review.store.events)
    assert supersede(review, tmp_path / "packet", actor="ann", at=NOW) is None
    assert len(review.store.events) == count
    assert export(review, tmp_path / "packet", keep_signed=True).kept == ""


REFUSED = {
    "of another review": lambda f: f.joinpath("manifest.json").write_bytes(
        f.joinpath("manifest.json").read_bytes().replace(b'"workspace":{', b'"workspace":{"x":1,').replace(b'"id":"', b'"id":"0')
    ),
    "cannot be read": lambda f: f.joinpath("manifest.json").write_bytes(b"{"),
    "is there already": lambda f: f.with_name(f"packet.superseded-{signed_packet(f).manifest[:12]}").mkdir(),
}  # fmt: skip


@pytest.mark.parametrize(("why", "change"), REFUSED.items(), ids=REFUSED)
def test_what_cannot_be_superseded_is_refused_before_anything_is_recorded(review, signed, tmp_path, why, change):
    change(signed)
    before, count = tree(tmp_path), len(review.store.events)
    with pytest.raises(WorkspaceRefused) as refused:
        supersede(review, signed, actor="ann", at=NOW)
    assert why in refused.value.why
    assert (tree(tmp_path), len(review.store.events)) == (before, count)


def test_a_packet_signed_while_the_new_one_was_made_is_not_lost(review, key, tmp_path):
    folder = tmp_path / "packet"
    export(review, folder)

    def sign_now():
        sign(folder, SignoffText("iam", "ann@corp", SignoffVerdict.APPROVE, NOW), key=key)

    with pytest.raises(WorkspaceRefused, match="not written"):
        write(review_snapshot(review), folder, sign_now)
    assert (folder / "signoffs" / "iam.ann@corp.json").exists()


@pytest.mark.parametrize("fails_at", [1, 2])
def test_a_supersession_that_fails_leaves_the_signed_packet(review, signed, tmp_path, monkeypatch, fails_at):
    supersede(review, signed, actor="ann", at=NOW)
    before, real, calls = tree(signed), Path.rename, []

    def failing(path, target):
        calls.append(target)
        if len(calls) == fails_at:
            raise OSError(5, "Input/output error")
        return real(path, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(WorkspaceRefused, match="cannot be written"):
        export(review, signed, keep_signed=True)
    assert tree(signed) == before
    assert sorted(p.name for p in tmp_path.iterdir() if p.is_dir()) == ["packet"]


def test_an_event_without_a_digest_is_not_recorded(review):
    from analysis.workspace import EventDraft

    commands.note(review, "review", "x", actor="ann", at=NOW)
    with pytest.raises(UsageError, match="cannot be recorded"):
        review.commit(lambda: [EventDraft("packet.superseded", "packet", {"manifest": "x"})], "ann", NOW)
    assert Review.open(review.path, now=NOW).record.packet is None
