"""Sign-off from the desk: keys typed, files written by real OpenSSH, and what the area shows then."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from analysis.review import commands
from analysis.review.packets.export import export
from analysis.review.packets.signing import PacketResult, verify

pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")

NOW = "2026-12-20T09:00:00Z"


@pytest.fixture
def key(tmp_path):
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / "ann")], check=True)
    return tmp_path / "ann"


@pytest.fixture
def signing(open_review, at_desk, tmp_path, key):
    """Open the desk on a review with its exported packet, with the terminal free for OpenSSH."""

    def opening(name="completed"):
        review = open_review(name)
        export(review, tmp_path / f"{name}-packet")
        return at_desk(review, size=(120, 44))

    return opening


def form(verdict, key, role="iam", name="t.moreau", statement="", conditions="", until=""):
    """Return the keys that fill in the form."""
    fields = (verdict, role, name, statement, conditions, until, str(key))
    return "S " + " ".join(f'ctrl+u "{field}" enter' if field else "ctrl+u enter" for field in fields)


def fingerprint(key):
    """Return the fingerprint of a key as OpenSSH prints it."""
    return subprocess.run(
        ["ssh-keygen", "-lf", f"{key}.pub"], capture_output=True, text=True, check=True
    ).stdout.split()[1]


def free(hand):
    hand.desk.suspend_for = lambda work, **_: work()


async def complains(hand, text):
    """Wait until the desk says something; a message wraps, so the screen may not show it in one line."""
    await hand.until(lambda: any(text in said for _, said in hand.desk.messages.entries))


def signoff(packet, name="iam.t.moreau"):
    return json.loads((packet / "signoffs" / f"{name}.json").read_bytes())["predicate"]


async def test_a_packet_is_signed_by_a_form_and_a_question(signing, key, tmp_path):
    packet = tmp_path / "completed-packet"
    async with signing() as hand:
        free(hand)
        await hand.types("9 S")
        await hand.shows("Result: FINAL, verdict approvable, score 100")
        await hand.shows("Signed so far: by no one")
        await hand.shows("You sign: SHA-256 ")
        await hand.types("escape")
        assert not (packet / "signoffs").exists()
        await hand.types(form("approve", key, statement="read it", until="2027-06-30"))
        await hand.shows("with approve, as iam, t.moreau?")
        assert not (packet / "signoffs").exists()  # the form alone signs nothing
        await hand.types("y")
        await hand.shows("packet signed by 1")
        await hand.shows("iam t.moreau: approve")
        await hand.shows("until 2027-06-30")
        await hand.types('/ "t.moreau" enter')
        await hand.shows(fingerprint(key)[:24])
        await hand.shows("statement: read it")
        assert [event.split()[0] for event in hand.recorded()] == ["packet.signed"]
        await hand.types("escape S")
        await hand.shows("Signed so far: iam t.moreau: approve")
        assert "The review has changed since" not in await hand.look()  # a sign-off is no change of it
    said = signoff(packet)
    assert (said["verdict"], said["statement"], said["validUntil"], said["conditions"]) == (
        "approve",
        "read it",
        "2027-06-30",
        [],
    )
    (tmp_path / "signers").write_text(f"t.moreau {key.with_suffix('.pub').read_text()}")
    assert verify(packet, tmp_path / "signers", now=said["signedAt"]).result is PacketResult.APPROVED


@pytest.mark.parametrize("answer", ["n", "escape"])
async def test_the_question_can_be_declined(signing, key, tmp_path, answer):
    async with signing() as hand:
        free(hand)
        await hand.types("9 " + form("approve", key) + f" {answer}")
        assert not (tmp_path / "completed-packet" / "signoffs").exists()


REFUSED = {
    "no verdict": ("fine", {}, "the verdict is one of approve, conditions, reject, withdrawn"),
    "no role": ("approve", {"role": "I A M"}, "is not a role"),
    "no name": ("approve", {"name": "ann smith"}, "is not a signer"),
    "no date": ("approve", {"until": "soon"}, "cannot end a sign-off"),
    "conditions of another verdict": ("approve", {"conditions": "soon"}, "conditions and verdict do not match"),
}


@pytest.mark.parametrize(("given", "more", "sentence"), REFUSED.values(), ids=REFUSED)
async def test_the_form_says_what_is_wrong(signing, key, tmp_path, given, more, sentence):
    async with signing() as hand:
        free(hand)
        await hand.types("9 " + form(given, key, **more))
        await hand.shows(sentence)
        assert not (tmp_path / "completed-packet" / "signoffs").exists()


async def test_a_verdict_is_never_assumed(signing, key):
    async with signing() as hand:
        free(hand)
        await hand.types("9 " + form("", key))
        await hand.shows("Verdict: approve, conditions, reject, withdrawn is required")


async def test_a_draft_takes_a_rejection_alone(signing, key, tmp_path):
    packet = tmp_path / "sample-packet"
    async with signing("sample") as hand:
        free(hand)
        await hand.types("9 S")
        await hand.shows("Only reject can be signed. Open: 1 of 48 tools undecided")
        await hand.types("escape " + form("approve", key) + " y")
        await complains(hand, "this packet cannot be signed with approve")
        assert not (packet / "signoffs").exists()
        await hand.types(form("reject", key, statement="no owner") + " y")
        await hand.shows("iam t.moreau: reject")
    assert signoff(packet)["verdict"] == "reject"


async def test_conditions_are_those_of_the_packet_unless_given(signing, key, tmp_path):
    async with signing() as hand:
        free(hand)
        await hand.types("9 " + form("conditions", key) + " y")
        await hand.shows("iam t.moreau: approve-with-conditions")
        assert "approval=one person (5 tools)" in signoff(tmp_path / "completed-packet")["conditions"]
        await hand.types(form("conditions", key, conditions="until the pilot ends; read logs weekly"))
        await hand.shows("in place of your earlier one")
        await hand.types("y")
    assert signoff(tmp_path / "completed-packet")["conditions"] == ["until the pilot ends", "read logs weekly"]


async def test_a_packet_that_is_older_than_the_review_is_named_as_such(signing):
    async with signing() as hand:
        await hand.types('3 / "name:listTags" enter ~ n "a note" enter 9 S')
        await hand.shows("The review has changed since this packet was exported")


async def test_another_packet_than_the_one_shown_is_not_signed(signing, key, tmp_path):
    packet = tmp_path / "completed-packet"
    async with signing() as hand:
        free(hand)
        await hand.types("9 " + form("approve", key))
        commands.note(hand.review, "review", "more", actor="ann", at=NOW)
        export(hand.review, packet)
        await hand.types("y")
        await complains(hand, "this is not the packet that was shown")
        assert not (packet / "signoffs").exists()


async def test_without_a_packet_there_is_nothing_to_sign(open_review, at_desk):
    async with at_desk(open_review("completed")) as hand:
        await hand.types("9 S")
        await complains(hand, "there is no packet to sign")


async def test_where_the_terminal_cannot_be_given_away_the_command_is_named(signing, key, tmp_path):
    async with signing() as hand:
        await hand.types("9 " + form("approve", key) + " y")
        await complains(hand, "cannot be given to another program")
        assert not (tmp_path / "completed-packet" / "signoffs").exists()
