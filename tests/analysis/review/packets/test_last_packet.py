"""The review knows its last signed packet: what is new, wider or unsigned since is found, shown and settled."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

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
from analysis.review.record.signed_packet import contents_data, recorded_packet
from analysis.review.session import Review
from analysis.review.sources.importing import examine_source

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


@pytest.fixture
def review(kept_reviews, tmp_path):
    made = Review.open(kept_reviews.copy("completed", tmp_path / "sample.clearance"), now=NOW)
    yield made
    made.close()


@pytest.fixture
def key(tmp_path):
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / "ann")], check=True)
    (tmp_path / "signers").write_text(f"ann@corp {(tmp_path / 'ann.pub').read_text()}")
    return tmp_path / "ann"


@pytest.fixture
def signed(review, key, tmp_path):
    """A packet of the review that ann has signed, and that the review does not know yet."""
    folder = tmp_path / "packet"
    export(review, folder)
    sign(folder, SignoffText("iam", "ann@corp", SignoffVerdict.APPROVE, NOW), key=key)
    return folder


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


def test_a_signature_is_older_than_what_is_recorded_after_it(review, signed):
    record_signed(review, signed, **HOW)
    assert "ACC-005" not in open_rules(review), "the record of the sign-off is no content"
    commands.note(review, "review", "one more thing", **HOW)
    found = next(f for f in review.summary().findings if f.rule == "ACC-005")
    assert found.matched.startswith("1 event since the packet of 2026-")
    assert [gate for gate in review.summary().open_gates if "accountability" in gate.why]


def test_the_next_packet_supersedes_it_wherever_it_is_written(review, signed, key, tmp_path):
    record_signed(review, signed, **HOW)
    commands.note(review, "review", "one more thing", **HOW)
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
    commands.note(review, "review", "the review moves on", **HOW)
    (signed / "definitions.jsonl").unlink()
    supersede(review, signed, **HOW)
    assert review.record.packet.contents is None
    refresh(review, tmp_path, NEW)
    assert tool(review, "listExports").since_packet is None
    assert "the two were not compared" in chapter(review)
