"""What a packet amounts to: one result, and each way of not being an approval has its own reason."""

from __future__ import annotations

import dataclasses
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from analysis.errors import CheckFailed
from analysis.model import GateId, Profile, Verdict
from analysis.output import files
from analysis.review.packets.recomputation import Recomputation
from analysis.review.packets.signing import PacketResult, verify

pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")

NOW = "2026-11-21T09:00:00Z"
RISK = "signoffs/risk.bob@corp.json"


@pytest.fixture
def made(review_snapshots, tmp_path, monkeypatch):
    """Write a packet of an approvable review with some facts changed. It has no real events, so it is not recomputed."""
    monkeypatch.setattr("analysis.review.packets.signing.recompute", lambda _: Recomputation((), "it is invented"))

    def making(*, verdict=None, **more):
        snapshot = review_snapshots.approvable(**more)
        if verdict is not None:
            snapshot = dataclasses.replace(snapshot, score=dataclasses.replace(snapshot.score, verdict=verdict))
        folder = tmp_path / "made"
        folder.mkdir()
        for name, data in files.make(files.PacketContent(snapshot)).items():
            (folder / name).write_bytes(data)
        return folder

    return making


def result(folder, allowed, *, now=NOW, at=""):
    found = verify(folder, allowed, now=now, at=at)
    return found.result, " | ".join(found.why)


def test_an_approval_by_two_people(packet, allowed, sign_as):
    assert result(packet, allowed)[0] is PacketResult.UNSIGNED
    sign_as(packet)
    assert result(packet, allowed) == (PacketResult.APPROVED, "")
    sign_as(packet, "bob", "risk", verdict="approve-with-conditions", conditions=("until March",))
    assert result(packet, allowed) == (PacketResult.CONDITIONS, "")


def test_one_rejection_decides(packet, allowed, sign_as):
    sign_as(packet)
    sign_as(packet, "bob", "risk", verdict="reject", statement="no rollback")
    assert result(packet, allowed) == (PacketResult.REJECTED, "risk (bob@corp): reject: no rollback")


@pytest.mark.parametrize("gone", [(RISK, f"{RISK}.sig")])
def test_a_rejection_cannot_be_taken_away(packet, allowed, sign_as, gone):
    sign_as(packet, "bob", "risk", verdict="reject")
    sign_as(packet)
    for name in gone:
        (packet / name).unlink()
    found, why = result(packet, allowed)
    assert found is PacketResult.NOT_VERIFIED
    assert why == f"{RISK}: was there when ann@corp signed, and has been removed"


def test_a_person_who_signs_again_replaces_only_the_own_sign_off(packet, allowed, sign_as):
    sign_as(packet, "bob", "risk", verdict="reject")
    sign_as(packet)
    sign_as(packet, "bob", "risk", verdict="approve", replace=True)
    assert result(packet, allowed) == (PacketResult.APPROVED, "")


@pytest.mark.parametrize("verdict", [Verdict.BLOCKED, Verdict.NOT_REVIEWED])
def test_a_review_that_may_not_be_approved_is_blocked_even_without_an_open_gate(made, allowed, sign_as, verdict):
    packet = made(verdict=verdict)
    with pytest.raises(CheckFailed, match="cannot be signed with approve"):
        sign_as(packet)
    assert result(packet, allowed) == (PacketResult.BLOCKED, f"the verdict of the review is {verdict}")


def test_the_conditions_of_the_review_are_those_of_the_approval(made, allowed, sign_as):
    packet = made(verdict=Verdict.CONDITIONS)
    sign_as(packet)
    assert result(packet, allowed)[0] is PacketResult.CONDITIONS


def test_an_approval_ends(made, allowed, sign_as):
    packet = made()
    sign_as(packet)
    ends = json.loads((packet / "manifest.json").read_bytes())["predicate"]["reviewBy"]
    assert ends == "2027-01-31"
    assert result(packet, allowed, at="2027-01-31T23:59:59Z")[0] is PacketResult.APPROVED
    assert result(packet, allowed, now="2027-02-01T00:00:00Z") == (
        PacketResult.EXPIRED, "the approval ended on 2027-01-31: the approval of updateCustomer",
    )  # fmt: skip


def test_a_sign_off_ends(packet, allowed, sign_as):
    sign_as(packet, valid_until="2026-12-24")
    assert result(packet, allowed, at="2026-12-24")[0] is PacketResult.APPROVED
    assert result(packet, allowed, at="2026-12-25") == (
        PacketResult.EXPIRED, "the sign-off of ann@corp ended on 2026-12-24",
    )  # fmt: skip


def test_nobody_had_signed_before_the_first_sign_off(packet, allowed, sign_as):
    sign_as(packet)
    assert result(packet, allowed, at="2026-11-20") == (
        PacketResult.UNSIGNED, "ann@corp signed on 2026-11-21, after 2026-11-20",
    )  # fmt: skip


def test_a_key_that_has_ended_is_good_for_the_time_before(packet, keys, sign_as, tmp_path):
    """Three years later an auditor asks what held then."""
    sign_as(packet)
    signers = tmp_path / "signers"
    signers.write_text(f'ann@corp valid-before="20270101Z" {(keys / "ann.pub").read_text()}')
    assert result(packet, signers, at="2026-12-01") == (PacketResult.APPROVED, "")
    signers.write_text(f'ann@corp valid-before="20261130Z" {(keys / "ann.pub").read_text()}')
    found, why = result(packet, signers, at="2026-12-01")
    assert found is PacketResult.NOT_VERIFIED
    assert "as valid on 2026-12-01" in why


def test_neither_the_requester_nor_the_only_decider_approves_from_profile_l2_on(made, allowed, sign_as):
    packet = made(profile=Profile.L2, requesters=("ANN@corp",))
    with pytest.raises(CheckFailed, match="cannot approve") as caught:
        sign_as(packet)
    assert caught.value.why == "ann@corp requested the access; profile L2 wants another person"
    sign_as(packet, "bob", "risk")
    assert result(packet, allowed)[0] is PacketResult.APPROVED


def test_at_the_first_profile_one_person_may_do_all(made, allowed, sign_as):
    packet = made(requesters=("ann@corp",))
    sign_as(packet)
    assert result(packet, allowed)[0] is PacketResult.APPROVED


def test_verification_asks_for_a_second_person_as_well(made, allowed, sign_as, keys, monkeypatch):
    """A sign-off made by another program counts no more than one of ours."""
    packet = made(profile=Profile.L2, requesters=("ann@corp",))
    monkeypatch.setattr("analysis.output.packet.signing.sign.objection_to", lambda *_: "")
    sign_as(packet)
    found, why = result(packet, allowed)
    assert found is PacketResult.NOT_VERIFIED
    assert "neither requested nor alone decided: ann@corp requested the access" in why


def test_one_person_with_two_keys_counts_in_one_role(packet, keys, sign_as, tmp_path):
    sign_as(packet)
    sign_as(packet, "bob", "risk", signer="Ann@corp")
    signers = tmp_path / "signers"
    lines = [f"{who} {(keys / f'{key}.pub').read_text()}" for who, key in (("ann@corp", "ann"), ("Ann@corp", "bob"))]
    signers.write_text("".join(lines))
    found, why = result(packet, signers)
    assert found is PacketResult.NOT_VERIFIED
    assert "one person counts in one role" in why


def test_open_gates_without_the_mark_of_a_draft_are_no_approval(packet, allowed, keys):
    """A forger signs a manifest that calls itself final and lists an open gate."""
    manifest = json.loads((packet / "manifest.json").read_bytes())
    manifest["predicate"]["openGates"] = [{"id": GateId.DECIDED, "why": "3 of 5 tools undecided"}]
    (packet / "manifest.json").write_text(json.dumps(manifest))
    found, why = result(packet, allowed)
    assert found is PacketResult.NOT_VERIFIED
    assert "manifest.json: claims openGates" in why
    assert why.endswith("from the events it is []")


def test_a_draft_lists_its_gates(made, allowed):
    packet = made(open_gates=("2 of 5 tools undecided", "no owner"))
    assert result(packet, allowed) == (PacketResult.DRAFT, "2 of 5 tools undecided | no owner")


def test_openssh_reads_the_time_as_we_write_it():
    """The option of OpenSSH that `--at` uses."""
    done = subprocess.run(
        ["ssh-keygen", "-Y", "verify", "-Overify-time=20261201235959Z", "-f", "/dev/null", "-I", "a", "-n", "b", "-s", "/dev/null"],
        input=b"", capture_output=True, check=False,
    )  # fmt: skip
    assert b"unsupported" not in done.stderr.lower()
    assert b"invalid" not in done.stderr.lower().replace(b"invalid format", b"")


EARLIER = Path(__file__).parents[4] / "fixtures" / "packets"


def test_a_packet_of_an_earlier_version_still_verifies():
    """One that version 0.1.0 exported and signed. What it does not carry cannot be computed again, which is said."""
    found = verify(EARLIER / "0.1.0", EARLIER / "allowed_signers", now="2026-12-01T09:00:00Z")
    assert (found.result, found.why, found.rebuilt) == (PacketResult.APPROVED, (), False)
    assert 'made by version "0.1.0"' in found.not_recomputed


def test_a_new_packet_file_is_not_asked_of_earlier_packets(monkeypatch):
    more = files.PacketFile("more.csv", "Something new", lambda *_: ())
    monkeypatch.setattr(files, "FILES", (*files.FILES, more))
    found = verify(EARLIER / "0.1.0", EARLIER / "allowed_signers", now="2026-12-01T09:00:00Z")
    assert found.result is PacketResult.APPROVED
