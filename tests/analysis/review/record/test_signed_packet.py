"""A signed packet is read as it was recorded, and a record of another form is refused."""

import pytest

from analysis.model import SignedPacket
from analysis.review.record.signed_packet import SIGNED, SUPERSEDED, newest_record, packet_of, recorded_packet
from analysis.workspace import EventDraft, Registers
from analysis.workspace.events import record
from analysis.workspace.keys import PACKET

DATA = {
    "manifest": "a" * 64,
    "status": "final",
    "verdict": "approved",
    "score": 91,
    "issued_at": "2026-03-02T09:00:00Z",
    "signoffs": [{"role": "iam", "signer": "ann@corp", "verdict": "approve"}],
    "heads": {"0" * 32: {"seq": 7}},
    "contents_of": "b" * 64,
}


def event(data, kind=SIGNED, at="2026-03-02T09:00:00Z", replica="1"):
    return record(EventDraft(kind, PACKET, data), replica=replica * 32, seq=1, prev="", actor="ann", at=at, batch="")


def test_everything_that_was_recorded_is_read():
    assert packet_of(event(DATA)) == SignedPacket(
        manifest="a" * 64, status="final", verdict="approved", score=91, issued_at="2026-03-02T09:00:00Z",
        signoffs=("iam ann@corp: approve",), in_force=True, heads={"0" * 32: 7}, contents=None, contents_of="b" * 64,
    )  # fmt: skip
    assert not packet_of(event(DATA, SUPERSEDED)).in_force


def test_what_was_not_recorded_is_empty():
    found = packet_of(event({"manifest": "a" * 64}))
    assert (found.status, found.verdict, found.issued_at, found.contents_of) == ("", "", "", "")
    assert (found.score, found.signoffs, found.heads) == (None, (), {})


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"manifest": "a" * 63}, "without the digest of its manifest"),
        ({"manifest": 7}, "without the digest of its manifest"),
        ({"score": 101}, "a number that is none"),
        ({"score": True}, "a number that is none"),
        ({"heads": {"0" * 32: {"seq": -1}}}, "a number that is none"),
        ({"heads": {"0" * 32: 7}}, "without its form: TypeError"),
        ({"signoffs": [{"role": "iam"}]}, "without its form: KeyError"),
    ],
)
def test_another_form_is_refused_with_its_fault(change, why):
    registers = Registers()
    registers.add(event(DATA | change))
    with pytest.raises(ValueError, match=why):
        recorded_packet(registers)


def test_where_reviewers_differ_the_later_record_counts():
    registers = Registers()
    later = event(DATA | {"score": 50}, at="2026-03-03T09:00:00Z", replica="2")
    registers.add(event(DATA))
    registers.add(later)
    assert newest_record(registers) == later
    assert recorded_packet(Registers()) is None
