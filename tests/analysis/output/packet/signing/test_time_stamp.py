"""Time stamps of a real authority, made by openssl and thrown away: checked, or not counted."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from analysis.output.packet.folder import Unreadable
from analysis.output.packet.signing.time_stamp import check_time_stamp
from analysis.review.packets.signing import PacketResult, verify

pytestmark = pytest.mark.skipif(
    shutil.which("ssh-keygen") is None or shutil.which("openssl") is None,
    reason="ssh-keygen or openssl is not installed",
)

CONFIG = """
[tsa]
default_tsa = one
[one]
serial = serial
signer_cert = cert.pem
signer_key = key.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ess_cert_id_chain = no
"""


class Authority:
    """A time stamp authority in a folder."""

    def __init__(self, folder, days=30):
        self.folder = folder
        folder.mkdir()
        (folder / "serial").write_text("01\n")
        (folder / "tsa.cnf").write_text(CONFIG)
        self.openssl(
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "cert.pem", "-days", str(days),
            "-subj", "/CN=Example authority", "-addext", "extendedKeyUsage=critical,timeStamping",
        )  # fmt: skip

    def openssl(self, *arguments):
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)

    @property
    def certificate(self):
        return self.folder / "cert.pem"

    def stamp(self, data, *, with_certificate=False):
        """Return a time stamp of data."""
        (self.folder / "data").write_bytes(data)
        asked = ["-cert"] if with_certificate else []
        self.openssl("ts", "-query", "-data", "data", "-sha256", *asked, "-out", "query")
        self.openssl("ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-out", "stamp")
        return (self.folder / "stamp").read_bytes()


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("tsa") / "one")


@pytest.fixture(scope="module")
def stranger(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("tsa") / "other")


@pytest.mark.parametrize("with_certificate", [False, True])
def test_a_stamp_of_the_authority_gives_its_time(authority, with_certificate):
    stamp = authority.stamp(b"data", with_certificate=with_certificate)
    time = check_time_stamp(b"data", stamp, authority.certificate.read_bytes())
    assert time.endswith("Z")
    assert len(time) == len("2026-11-28T14:00:00Z")


@pytest.mark.parametrize("data", [b"", b"dat", b"data "])
def test_a_stamp_of_something_else_is_refused(authority, data):
    with pytest.raises(Unreadable, match="is not a stamp on this file"):
        check_time_stamp(data, authority.stamp(b"data"), authority.certificate.read_bytes())


def test_a_stamp_of_another_authority_is_refused(authority, stranger):
    for with_certificate in (False, True):
        stamp = stranger.stamp(b"data", with_certificate=with_certificate)
        with pytest.raises(Unreadable, match="by the authority given"):
            check_time_stamp(b"data", stamp, authority.certificate.read_bytes())


@pytest.mark.parametrize(
    "stamp", [b"", b"a time stamp, really", b"\x30\x00", b"Time stamp: Nov 28 13:00:00 2026 GMT\n"]
)
def test_what_is_no_stamp_is_refused(authority, stamp):
    with pytest.raises(Unreadable, match="is not a time stamp"):
        check_time_stamp(b"data", stamp, authority.certificate.read_bytes())


def test_a_changed_stamp_is_refused_or_says_the_same(authority):
    """Bytes of the response around the token may change; the time that is read may not."""
    stamp, certificate = authority.stamp(b"data"), authority.certificate.read_bytes()
    time = check_time_stamp(b"data", stamp, certificate)
    for place in range(0, len(stamp), 37):
        changed = bytearray(stamp)
        changed[place] ^= 1
        try:
            assert check_time_stamp(b"data", bytes(changed), certificate) == time
        except Unreadable:
            continue


# --- in a packet ------------------------------------------------------------------------------------------


def test_a_stamp_that_is_only_there_counts_for_nothing(signed, allowed, authority):
    (signed / "manifest.json.tsr").write_bytes(authority.stamp((signed / "manifest.json").read_bytes()))
    found = verify(signed, allowed, now="2026-11-21T09:00:00Z")
    assert (found.result, found.time_stamp.time) == (PacketResult.APPROVED, "")
    assert "not checked, and does not count" in found.time_stamp.note


def test_a_checked_stamp_is_named_with_its_time(signed, allowed, authority):
    (signed / "manifest.json.tsr").write_bytes(authority.stamp((signed / "manifest.json").read_bytes()))
    found = verify(signed, allowed, now="2026-11-21T09:00:00Z", authority=authority.certificate)
    assert found.result is PacketResult.APPROVED, found.why
    assert found.time_stamp.time
    assert found.rebuilt


def test_a_stamp_of_another_file_refuses_the_packet(signed, allowed, authority, stranger):
    (signed / "manifest.json.tsr").write_bytes(authority.stamp(b"another"))
    found = verify(signed, allowed, now="2026-11-21T09:00:00Z", authority=authority.certificate)
    assert (found.result, found.why) == (
        PacketResult.NOT_VERIFIED, ("manifest.json.tsr: is not a stamp on this file by the authority given",),
    )  # fmt: skip
    (signed / "manifest.json.tsr").write_bytes(stranger.stamp((signed / "manifest.json").read_bytes()))
    assert not verify(signed, allowed, now="2026-11-21T09:00:00Z", authority=authority.certificate).ok


def test_the_certificate_has_to_be_there(signed, allowed, authority, tmp_path):
    (signed / "manifest.json.tsr").write_bytes(authority.stamp((signed / "manifest.json").read_bytes()))
    found = verify(signed, allowed, now="2026-11-21T09:00:00Z", authority=tmp_path / "none.pem")
    assert (found.result, found.why) == (PacketResult.NOT_VERIFIED, (f"{tmp_path / 'none.pem'}: is missing",))


def valid_on_the_day_of(time, keys, place):
    day = time[:10].replace("-", "")
    place.write_text(
        f'ann@corp valid-after="{day}000000Z",valid-before="{day}235959Z" {(keys / "ann.pub").read_text()}'
    )
    return place


SIGNED = "signoffs/iam.ann@corp.json"
LATER = "2029-11-28T09:00:00Z"


def stamped(packet, name, authority):
    """Put a time stamp next to a file of a packet and return its time."""
    data = (packet / name).read_bytes()
    (packet / f"{name}.tsr").write_bytes(authority.stamp(data))
    return check_time_stamp(data, (packet / f"{name}.tsr").read_bytes(), authority.certificate.read_bytes())


def today(authority):
    return check_time_stamp(b"now", authority.stamp(b"now"), authority.certificate.read_bytes())


def test_a_key_counts_as_of_the_checked_stamp_of_its_signature(packet, keys, sign_as, authority, tmp_path):
    """Three years later the key has ended: with the stamp the packet is what it was, without it no one can know."""
    sign_as(packet, signed_at=f"{today(authority)[:10]}T00:00:00Z")
    time = stamped(packet, f"{SIGNED}.sig", authority)
    signers = valid_on_the_day_of(time, keys, tmp_path / "ended")
    without = verify(packet, signers, now=LATER, at=LATER)
    assert without.result is PacketResult.NOT_VERIFIED
    assert "when it signed cannot be known" in without.why[0]
    found = verify(packet, signers, now=LATER, at=LATER, authority=authority.certificate)
    assert (found.result, found.why) == (PacketResult.APPROVED, ())
    assert found.signatures.signoffs[0].counted == f"its key counts as of its time stamp, {time}"


def test_a_stamp_of_the_manifest_says_nothing_of_a_signature(packet, keys, sign_as, authority, tmp_path):
    """Whoever has a key that has ended can still write an old date into a sign-off."""
    time = stamped(packet, "manifest.json", authority)
    sign_as(packet, signed_at=f"{time[:10]}T00:00:00Z")
    signers = valid_on_the_day_of(time, keys, tmp_path / "ended")
    found = verify(packet, signers, now=LATER, at=LATER, authority=authority.certificate)
    assert found.result is PacketResult.NOT_VERIFIED
    assert found.time_stamp.time == time


def test_a_sign_off_cannot_be_later_than_the_stamp_of_its_signature(packet, keys, sign_as, allowed, authority):
    sign_as(packet, signed_at="2029-11-27T00:00:00Z")
    stamped(packet, f"{SIGNED}.sig", authority)
    found = verify(packet, allowed, now=LATER, at=LATER, authority=authority.certificate)
    assert found.result is PacketResult.NOT_VERIFIED
    assert "after the time stamp of its signature" in found.why[0]


@pytest.mark.parametrize("wrong", ["another signature", "another authority"])
def test_a_stamp_that_is_not_of_the_signature_refuses_the_packet(signed, allowed, authority, stranger, wrong):
    by, data = (
        (authority, b"x") if wrong == "another signature" else (stranger, (signed / f"{SIGNED}.sig").read_bytes())
    )
    (signed / f"{SIGNED}.sig.tsr").write_bytes(by.stamp(data))
    found = verify(signed, allowed, now="2026-11-21T09:00:00Z", authority=authority.certificate)
    assert found.why == (f"{SIGNED}.sig.tsr: is not a stamp on this file by the authority given",)


def test_a_stamp_without_its_sign_off_is_no_part_of_a_packet(signed, allowed):
    (signed / "signoffs" / "risk.bob@corp.json.sig.tsr").write_bytes(b"x")
    found = verify(signed, allowed, now="2026-11-21T09:00:00Z")
    assert found.why == ("signoffs/risk.bob@corp.json.sig.tsr: is not a sign-off",)


def test_a_replaced_sign_off_loses_the_stamp_of_the_earlier_one(signed, sign_as, authority):
    stamped(signed, f"{SIGNED}.sig", authority)
    sign_as(signed, replace=True)
    assert not (signed / f"{SIGNED}.sig.tsr").exists()


# --- first seen by another --------------------------------------------------------------------------------


def listed(keys, place, **windows):
    """Write a list of signers whose keys are valid from one day to another."""
    roles = {"ann": "iam", "bob": "risk"}
    lines = [
        f'{name}@corp namespaces="{roles[name]}.signoff@clearance",valid-after="{begin}",valid-before="{end}" '
        + (keys / f"{name}.pub").read_text()
        for name, (begin, end) in windows.items()
    ]
    place.write_text("".join(lines))
    return place


def test_a_key_that_has_ended_counts_as_of_the_valid_sign_off_that_saw_it(packet, keys, sign_as, tmp_path):
    sign_as(packet, signed_at="2026-11-20T09:00:00Z")
    sign_as(packet, "bob", "risk", signed_at="2026-11-21T09:00:00Z")
    signers = listed(keys, tmp_path / "s", ann=("20261101", "20261231"), bob=("20261101", "20301231"))
    found = verify(packet, signers, now=LATER, at=LATER)
    assert (found.result, found.why) == (PacketResult.APPROVED, ())
    assert (
        found.signatures.signoffs[0].counted
        == "its key counts as of 2026-11-21, when bob@corp saw it, by that person's word"
    )


def test_only_a_valid_sign_off_counts_as_a_witness(packet, keys, sign_as, tmp_path):
    sign_as(packet, signed_at="2026-11-20T09:00:00Z")
    sign_as(packet, "bob", "risk", signed_at="2026-11-21T09:00:00Z")
    both_ended = listed(keys, tmp_path / "s", ann=("20261101", "20261231"), bob=("20261101", "20261231"))
    assert verify(packet, both_ended, now=LATER, at=LATER).result is PacketResult.NOT_VERIFIED
    too_late = listed(keys, tmp_path / "t", ann=("20261101", "20261120"), bob=("20261101", "20301231"))
    assert verify(packet, too_late, now=LATER, at=LATER).result is PacketResult.NOT_VERIFIED


def test_a_text_that_no_one_saw_has_no_witness(packet, keys, sign_as, tmp_path):
    """The witness saw an earlier text under this name: the present one may be made with a stolen key."""
    sign_as(packet, signed_at="2026-11-20T09:00:00Z", verdict="reject")
    sign_as(packet, "bob", "risk", signed_at="2026-11-21T09:00:00Z")
    sign_as(packet, signed_at="2026-11-20T09:00:00Z", replace=True)
    signers = listed(keys, tmp_path / "s", ann=("20261101", "20261231"), bob=("20261101", "20301231"))
    found = verify(packet, signers, now=LATER, at=LATER)
    assert found.result is PacketResult.NOT_VERIFIED
    assert "when it signed cannot be known" in found.why[0]


def test_a_planted_text_is_not_what_the_witness_saw(packet, keys, sign_as, tmp_path):
    """The text was there without a signature of ann; her key, stolen when it had ended, signs it later."""
    made = sign_as(packet, signed_at="2026-11-20T09:00:00Z")
    signature = made.with_name(f"{made.name}.sig")
    genuine = signature.read_bytes()
    signature.write_bytes(b"junk")
    sign_as(packet, "bob", "risk", signed_at="2026-11-21T09:00:00Z")
    signature.write_bytes(genuine)
    signers = listed(keys, tmp_path / "s", ann=("20261101", "20261231"), bob=("20261101", "20301231"))
    assert verify(packet, signers, now=LATER, at=LATER).result is PacketResult.NOT_VERIFIED


@pytest.mark.parametrize("saw_at", ["2020-01-01T00:00:00Z", "2026-11-19T09:00:00Z"])
def test_no_one_saw_a_sign_off_before_it_or_the_packet_was_made(packet, keys, sign_as, tmp_path, saw_at):
    sign_as(packet, signed_at="2026-11-20T09:00:00Z")
    sign_as(packet, "bob", "risk", signed_at=saw_at)
    signers = listed(keys, tmp_path / "s", ann=("20100101", "20261231"), bob=("20100101", "20301231"))
    assert verify(packet, signers, now=LATER, at=LATER).result is PacketResult.NOT_VERIFIED


def test_the_time_stamp_of_a_witness_counts_before_its_word(packet, keys, sign_as, authority, tmp_path):
    day = today(authority)[:10]
    sign_as(packet, signed_at=f"{day}T00:00:00Z")
    sign_as(packet, "bob", "risk", signed_at=f"{day}T00:00:00Z")
    time = stamped(packet, "signoffs/risk.bob@corp.json.sig", authority)
    compact = day.replace("-", "")
    signers = listed(keys, tmp_path / "s", ann=(compact, f"{int(compact[:4]) + 1}0101"), bob=(compact, "20301231"))
    found = verify(packet, signers, now=LATER, at=LATER, authority=authority.certificate)
    assert found.result is PacketResult.APPROVED, found.why
    assert (
        found.signatures.signoffs[0].counted
        == f"its key counts as of {time[:10]}, when bob@corp saw it, by a time stamp"
    )


def test_a_stamp_that_was_not_checked_is_named(packet, keys, sign_as, authority, tmp_path):
    sign_as(packet, signed_at=f"{today(authority)[:10]}T00:00:00Z")
    time = stamped(packet, f"{SIGNED}.sig", authority)
    signers = valid_on_the_day_of(time, keys, tmp_path / "ended")
    assert "--tsa" in verify(packet, signers, now=LATER, at=LATER).why[0]
