"""The review knows its last signed packet: what is new, wider or unsigned since is found, shown and settled."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from analysis.errors import UsageError, WorkspaceRefused
from analysis.model import DecisionState
from analysis.output.files import PacketContent
from analysis.output.packet.document.packet_contents import packet_contents
from analysis.output.packet.render import markdown
from analysis.output.packet.signing.sign import sign
from analysis.output.packet.signing.statement import SignoffText
from analysis.output.packet.signing.verdicts import SignoffVerdict
from analysis.review import commands
from analysis.review.packets.export import export, review_snapshot
from analysis.review.packets.last_packet import record_signed, supersede
from analysis.review.packets.signing import PacketResult, verify
from analysis.review.record import drafts
from analysis.review.record.signed_packet import contents_data, recorded_packet
from analysis.review.session import Review
from analysis.review.sources.importing import examine_source
from analysis.workspace import EventDraft

pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")

NOW = "2026-03-20T09:00:00Z"
HOW: dict[str, Any] = {"actor": "rev", "at": NOW}
DOCUMENT = Path(__file__).parents[4] / "sample_data" / "customer-management.yaml"
#: A read that asks for a scope that moves money, an input that it did not have, and a tool that was not there.
WIDER = (
    "- customers:read\n      parameters:\n        - name: status\n",
    "- payments:refund\n      parameters:\n        - name: status\n",
)
INTERVAL = "        - name: interval\n          in: query\n          description: Only plans billed"
GROWN = (INTERVAL, f"        - {{name: include_customers, in: query, schema: {{type: boolean}}}}\n{INTERVAL}")
NEW = (
    "paths:\n",
    "paths:\n  /exports:\n    get:\n      operationId: listExports\n      responses: {'200': {description: Exports.}}\n",
)


def open_rules(review):
    return {finding.rule for finding in review.summary().findings if finding.family in {"CHG", "ACC"}}


def tool(review, name):
    return next(state for state in review.tools() if state.row.name == name)


def refresh(review, tmp_path, *edits):
    """Import the document of the sample again, with edits."""
    text = DOCUMENT.read_text()
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    (tmp_path / "again").mkdir(exist_ok=True)
    place = tmp_path / "again" / DOCUMENT.name
    place.write_text(text)
    commands.add_source(review, examine_source(str(place)), **HOW)


def chapter(review):
    """Return the chapter about changes, as the Markdown of the packet has it."""
    text = markdown.render(PacketContent(review_snapshot(review)).document)
    return text.partition("Changes since the last packet\n")[2].partition("\n## ")[0]


def test_a_recorded_packet_is_read_back_as_it_was(review, signed):
    contents = packet_contents(review_snapshot(review))
    record_signed(review, signed, **HOW)
    assert review.store.events[-1].kind == "packet.signed"
    known = recorded_packet(Review.open(review.path, writable=False, now=NOW).record.registers)
    assert known == review.record.packet
    assert known.contents == contents
    assert (known.in_force, known.signoffs) == (True, ("iam ann@corp: approve",))
    facts = contents_data(contents)["facts"]
    assert len(facts) == len({str(each) for each in facts}), "equal facts are stated once"


def test_it_is_recorded_once_and_again_with_every_sign_off(review, signed, key):
    for _ in range(2):
        record_signed(review, signed, **HOW)
    count = len(review.store.events)
    sign(signed, SignoffText("iam", "ann@corp", SignoffVerdict.REJECT, NOW), key=key, replace=True)
    record_signed(review, signed, **HOW)
    assert len(review.store.events) == count + 1
    assert review.record.packet.signoffs == ("iam ann@corp: reject",)


def test_a_folder_without_a_signed_packet_records_nothing(review, tmp_path):
    export(review, tmp_path / "packet")
    assert record_signed(review, tmp_path / "packet", **HOW) is None
    assert review.record.packet is None


def change(review):
    """Record something that people sign for."""
    commands.decide(review, [tool(review, "getCustomer").row.id], DecisionState.BLOCKED, reason="no", **HOW)


def test_a_signature_is_older_than_what_is_recorded_after_it(review, signed):
    record_signed(review, signed, **HOW)
    commands.note(review, "review", "one more thing", **HOW)
    assert "ACC-005" not in open_rules(review), "records of sign-offs and notes change nothing that is signed for"
    change(review)
    found = next(f for f in review.summary().findings if f.rule == "ACC-005")
    assert found.matched.startswith("1 change since the packet of 2026-")
    assert [gate for gate in review.summary().open_gates if "accountability" in gate.why]
    assert Review.open(review.path, writable=False, now=NOW).summary().findings == review.summary().findings


def test_the_next_packet_supersedes_it_wherever_it_is_written(review, signed, key, tmp_path):
    record_signed(review, signed, **HOW)
    change(review)
    assert supersede(review, tmp_path / "new", **HOW) is None, "there is no packet in that folder"
    assert "ACC-005" not in open_rules(review)
    export(review, tmp_path / "new")
    sign(tmp_path / "new", SignoffText("iam", "ann@corp", SignoffVerdict.APPROVE, NOW), key=key)
    found = verify(tmp_path / "new", tmp_path / "signers", now=NOW)
    assert (found.result, found.rebuilt) == (PacketResult.APPROVED, True), found.why


def test_new_wider_and_grown_tools_are_found_until_they_are_decided(review, signed, tmp_path):
    record_signed(review, signed, **HOW)
    assert not open_rules(review) & {"CHG-002", "CHG-003", "CHG-004"}
    refresh(review, tmp_path, WIDER, GROWN, NEW)
    by_rule = {f.rule: f for f in review.summary().findings if f.family == "CHG"}
    assert by_rule["CHG-002"].tool == tool(review, "listExports").row.id
    assert by_rule["CHG-003"].tool == tool(review, "listCustomers").row.id
    assert by_rule["CHG-003"].matched == "new scope payments:refund"
    assert by_rule["CHG-004"].matched == "new input include_customers"
    reopened = Review.open(review.path, writable=False, now=NOW)
    assert reopened.summary().findings == review.summary().findings
    changed = [state.row.id for state in review.tools() if state.undecided]
    commands.decide(review, changed, DecisionState.BLOCKED, reason="not yet", **HOW)
    assert not open_rules(review) & {"CHG-002", "CHG-003", "CHG-004"}


def test_without_a_signed_packet_nothing_is_new(review, tmp_path):
    refresh(review, tmp_path, NEW)
    assert tool(review, "listExports").since_packet is None
    assert "CHG-002" not in open_rules(review)
    assert "knows no earlier signed packet" in chapter(review)


def test_the_document_says_what_has_changed(review, signed, tmp_path):
    record_signed(review, signed, **HOW)
    refresh(review, tmp_path, WIDER, NEW)
    commands.decide(review, [tool(review, "getCustomer").row.id], DecisionState.BLOCKED, reason="no", **HOW)
    blocked = next(
        s.row.id for s in review.tools() if s.decision_state is DecisionState.BLOCKED and s.row.name != "getCustomer"
    )
    commands.decide(review, [blocked], DecisionState.APPROVED, reason="yes", **HOW)
    text = chapter(review)
    assert "Tools: 1 new, 0 gone, 1 with a changed definition" in text
    assert "loosened: 1 tool." in text
    assert "listExports" in text
    assert review.tool(blocked).row.name in text
    assert "new scope payments" in text, text


def test_contents_of_a_packet_come_from_the_packet_once_the_review_has_moved_on(review, signed):
    contents = packet_contents(review_snapshot(review))
    commands.decide(review, [tool(review, "getCustomer").row.id], DecisionState.BLOCKED, reason="no", **HOW)
    supersede(review, signed, **HOW)
    assert review.record.packet.contents == contents
    assert not review.record.packet.in_force


def test_a_packet_without_what_it_was_made_from_is_not_compared(review, signed, tmp_path):
    change(review)
    (signed / "definitions.jsonl").unlink()
    supersede(review, signed, **HOW)
    assert review.record.packet.contents is None
    refresh(review, tmp_path, NEW)
    assert tool(review, "listExports").since_packet is None
    assert "It was not compared" in chapter(review)


# --- which packets come into force ------------------------------------------------------------------------


def exported(review, key, folder, verdict=SignoffVerdict.APPROVE):
    """Export a packet and sign it; returns its folder."""
    export(review, folder)
    sign(folder, SignoffText("iam", "ann@corp", verdict, NOW), key=key)
    return folder


def test_what_was_undone_is_no_change(review, signed):
    record_signed(review, signed, **HOW)
    change(review)
    assert review.record.since_packet == 1
    commands.undo(review, actor="rev", at=NOW)
    assert review.record.since_packet == 0
    assert Review.open(review.path, writable=False, now=NOW).record.since_packet == 0
    assert "ACC-005" not in open_rules(review)


def test_a_rejected_packet_is_no_measure_for_later_ones(review, signed, key, tmp_path):
    record_signed(review, signed, **HOW)
    known = review.record.packet
    refresh(review, tmp_path, WIDER)
    rejected = exported(review, key, tmp_path / "rejected", SignoffVerdict.REJECT)
    assert record_signed(review, rejected, **HOW) is None
    assert review.record.packet == known
    assert "CHG-003" in open_rules(review)
    supersede(review, rejected, **HOW)
    assert "CHG-003" in open_rules(review), "the tools are still compared with what was approved"
    assert "Compared with the last one that was" in chapter(review)


def test_a_packet_that_is_rejected_later_is_not_in_force_any_more(review, signed, key):
    record_signed(review, signed, **HOW)
    sign(signed, SignoffText("iam", "ann@corp", SignoffVerdict.REJECT, NOW), key=key, replace=True)
    record_signed(review, signed, **HOW)
    assert (review.record.packet.in_force, review.record.packet.signoffs) == (False, ("iam ann@corp: reject",))


def test_an_empty_sign_off_brings_nothing_into_force(review, tmp_path):
    export(review, tmp_path / "packet")
    (tmp_path / "packet" / "signoffs").mkdir()
    (tmp_path / "packet" / "signoffs" / "x").touch()
    assert record_signed(review, tmp_path / "packet", **HOW) is None


def test_a_superseded_packet_does_not_come_back(review, signed, key, tmp_path):
    supersede(review, signed, **HOW)
    first = Path(export(review, signed, keep_signed=True).kept)
    sign(signed, SignoffText("iam", "ann@corp", SignoffVerdict.APPROVE, NOW), key=key)
    record_signed(review, signed, **HOW)
    known = review.record.packet
    assert record_signed(review, first, **HOW) is None
    assert review.record.packet == known


def test_only_what_was_signed_is_recorded(review, signed):
    assert record_signed(review, signed, manifest="0" * 64, **HOW) is None
    assert review.record.packet is None


@pytest.mark.parametrize("head", [{"seq": 2**53 - 1, "id": "0" * 64}, {"seq": 3, "id": "0" * 64}, {"seq": 1.5}, 7])
def test_a_packet_has_to_end_where_the_log_once_ended(review, signed, head):
    manifest = json.loads((signed / "manifest.json").read_bytes())
    heads = manifest["predicate"]["workspace"]["heads"]
    heads[next(iter(heads))] = head
    (signed / "manifest.json").write_bytes(json.dumps(manifest).encode())
    with pytest.raises(WorkspaceRefused, match="does not belong"):
        record_signed(review, signed, **HOW)
    with pytest.raises(WorkspaceRefused):
        supersede(review, signed, **HOW)


@pytest.mark.parametrize("score", [2**60, -1, 101, 1.5, "9", {"a": 1}])
def test_an_odd_score_of_a_packet_is_not_recorded(review, signed, score):
    manifest = json.loads((signed / "manifest.json").read_bytes())
    manifest["predicate"] |= {"score": score, "issuedAt": "x" * 1_000_000}
    (signed / "manifest.json").write_bytes(json.dumps(manifest).encode())
    record_signed(review, signed, **HOW)
    assert review.record.packet.score is None
    assert len(review.store.events[-1].body) < 200_000


ODD_RECORDS = {
    "an index beyond the facts": {"contents": {"facts": [], "decisions": [], "tools": {"x": ["d", 0, 5]}, "findings": {}, "answers": {}}},
    "a negative index": {"contents": {"facts": [], "decisions": [["approved", []]], "tools": {"x": ["d", -1, -1]}, "findings": {}, "answers": {}}},
    "contents that are none": {"contents": 3},
    "no tools": {"contents": {}},
    "a head that is none": {"heads": {"a": {"seq": "1"}}},
    "heads that are none": {"heads": [1]},
    "a score that is none": {"score": {"a": 1}},
    "a manifest that is none": {"manifest": 5},
}  # fmt: skip


@pytest.mark.parametrize("odd", ODD_RECORDS.values(), ids=ODD_RECORDS)
def test_a_malformed_record_is_not_recorded_and_one_of_another_program_is_set_aside(review, odd):
    data = {"manifest": "0" * 64, "signoffs": [], "heads": {}} | odd
    draft = EventDraft("packet.signed", "packet", data)
    with pytest.raises(UsageError, match="cannot be recorded"):
        review.commit(lambda: [draft], "rev", NOW)
    with review.store.transaction():
        review.store.append([draft], actor="eve", at=NOW)
    again = Review.open(review.path, now=NOW)
    assert [aside.event.actor for aside in again.record.unsettled] == ["eve"]
    assert again.record.packet is None
    again.close()


def test_contents_too_large_for_an_event_are_left_out(review, signed, monkeypatch):
    monkeypatch.setattr(drafts, "_MAX_CONTENTS", 100)
    record_signed(review, signed, **HOW)
    assert review.record.packet.contents is None
    assert review.record.packet.in_force


def test_a_draft_that_leaves_the_signed_packet_in_force_names_it_not(review, signed, tmp_path):
    record_signed(review, signed, **HOW)
    change(review)
    export(review, tmp_path / "draft")
    assert json.loads((tmp_path / "draft" / "manifest.json").read_bytes())["predicate"]["supersedes"] is None


def test_a_packet_that_no_verifier_reads_is_not_written(review, tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.review.packets.export.MAX_BYTES", 1_000)
    with pytest.raises(WorkspaceRefused) as refused:
        export(review, tmp_path / "packet")
    assert "which no verifier reads" in refused.value.why
    assert not (tmp_path / "packet").exists()


def test_an_older_odd_record_of_another_reviewer_hinders_no_sign_off(review, signed):
    valid = {"manifest": "1" * 64, "signoffs": [], "heads": {}}
    review.commit(lambda: [EventDraft("packet.superseded", "packet", valid)], "rev", NOW)
    odd = {"manifest": ["x"], "signoffs": [], "heads": {}}
    with review.store.transaction():
        review.store.append([EventDraft("packet.superseded", "packet", odd)], actor="eve", at="2026-03-19T09:00:00Z")
    review.reload()
    assert record_signed(review, signed, **HOW) is not None
