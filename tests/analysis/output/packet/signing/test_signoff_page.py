"""The page that shows who signed: made at each sign-off, outside what is signed, and never another story."""

from __future__ import annotations

import re
import shutil

import pytest

from analysis.errors import CheckFailed
from analysis.output.packet.folder import Snapshot, Unreadable
from analysis.output.packet.signing.signoff_page import signoff_page
from analysis.review.packets.signing import PacketResult, verify

pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")

NOW = "2026-11-21T09:00:00Z"
PAGE = "signoffs.html"


def page(packet):
    return (packet / PAGE).read_text()


def words(packet):
    """Return the text of the page as a person reads it."""
    return re.sub(r"<[^>]*>", "", page(packet))


def test_the_page_shows_who_signed_and_changes_nothing_that_is_signed(packet, sign_as, allowed):
    before = {path.name: path.read_bytes() for path in packet.iterdir()}
    sign_as(packet, statement="Read twice.", valid_until="2026-12-31")
    assert {name: (packet / name).read_bytes() for name in before} == before
    found = verify(packet, allowed, now=NOW)
    assert found.result is PacketResult.APPROVED, found.why
    shown = words(packet)
    for part in (
        "iam",
        "ann@corp",
        "approved",
        "Read twice.",
        "31\u00a0Dec\u00a02026",
        found.signatures.signoffs[0].key,
    ):
        assert part in shown, part
    assert "1 sign-off: iam approved." in shown


def test_every_sign_off_is_added(packet, sign_as):
    sign_as(packet)
    sign_as(packet, "bob", "risk", verdict="approve-with-conditions", conditions=("ask first",))
    assert all(
        part in words(packet)
        for part in ("ann@corp", "bob@corp", "ask first", "2 sign-offs: iam approved, risk approved with conditions.")
    )


def test_a_refusal_is_the_headline(packet, sign_as):
    sign_as(packet)
    sign_as(packet, "bob", "risk", verdict="reject", statement="No.")
    assert "2 sign-offs: iam approved, risk rejected." in words(packet)


@pytest.mark.repeats
@pytest.mark.parametrize(
    "change", [("approved", "approved twice"), ("ann@corp", "ciso@corp"), ("</main>", "<p>more</p></main>")]
)
def test_another_page_refuses_the_packet(signed, allowed, change):
    assert change[0] in page(signed)
    (signed / PAGE).write_text(page(signed).replace(*change))
    assert verify(signed, allowed, now=NOW).why == (
        f"{PAGE}: does not show what the sign-offs state; it is not signed: delete it",
    )


def test_a_page_that_is_not_there_says_nothing(signed, allowed):
    (signed / PAGE).unlink()
    assert verify(signed, allowed, now=NOW).result is PacketResult.APPROVED


def test_hostile_words_stay_words(packet, sign_as):
    sign_as(packet, statement='<script>alert(1)</script> \u202e"onload=')
    shown = page(packet)
    assert "<script" not in shown
    assert "\u202e" not in shown
    assert "default-src 'none'" in shown


def test_a_packet_without_a_readable_review_has_no_page_and_no_sign_off(packet, sign_as, monkeypatch):
    (packet / "review.json").write_text("{}")
    with pytest.raises(Unreadable, match=r"review\.json"):
        signoff_page(Snapshot.of(packet))
    monkeypatch.setattr("analysis.output.packet.signing.sign.check_manifest", lambda _: [])
    with pytest.raises(CheckFailed, match="not a packet"):
        sign_as(packet)
    assert not (packet / "signoffs").exists()
