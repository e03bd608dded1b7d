"""Verification of packets that were edited: never an exception, never an approval of changed content."""

from __future__ import annotations

import base64
import json
import random
import shutil

import pytest

from analysis.errors import CheckFailed
from analysis.output.packet.signing import sshsig
from analysis.review.packets.signing import verify
from tests.benchmarks.packet_mutants import damaged, unfolded

pytestmark = [
    pytest.mark.repeats,
    pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed"),
]

AT = "2026-11-21T08:00:00Z"
IAM = "signoffs/iam.ann@corp.json"
SIGNED = ("manifest.json", IAM, f"{IAM}.sig")
LONG = b"9" * 5000


def not_verified(folder, allowed):
    """Assert that a packet is refused, in words that a terminal can show."""
    found = verify(folder, allowed, now=AT)
    assert not found.ok
    assert found.why
    assert all(why.isprintable() for why in found.why)
    return found.why


# --- malformed on purpose --------------------------------------------------------------------------------


def text(data):
    return len(data).to_bytes(4, "big") + data


def armored(blob):
    code = base64.b64encode(blob).decode()
    lines = [code[start : start + 70] for start in range(0, len(code), 70)]
    return "\n".join(("-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----", "")).encode()


def sshsig_of(key, proof):
    scope = text(b"iam.signoff@clearance") + text(b"") + text(b"sha512")
    return armored(b"SSHSIG\0\0\0\1" + text(key) + scope + text(proof))


SK = text(b"sk-ssh-ed25519@openssh.com") + text(b"\0" * 32) + text(b"ssh:")
SK_PROOF = text(b"sk-ssh-ed25519@openssh.com") + text(b"\0" * 64) + b"\1\0\0\0\7"


@pytest.mark.parametrize(
    "signature",
    [
        *(sshsig_of(SK[:length], SK_PROOF) for length in (0, 3, 4, 10)),
        *(sshsig_of(SK, SK_PROOF[:length]) for length in range(0, len(SK_PROOF), 9)),
        sshsig_of(SK, SK_PROOF[:-1]),
        armored(b""),
        armored(b"SSHSIG"),
        armored(b"SSHSIG\0\0\0\1\xff\xff\xff\xff"),
        b"",
        b"\n" * 70_000,
    ],
)
def test_a_truncated_signature_is_refused(signed, allowed, signature):
    (signed / f"{IAM}.sig").write_bytes(signature)
    (problem,) = not_verified(signed, allowed)
    assert "not an SSH signature" in problem


JSON = [
    (b'{"a":' + LONG + b"}", "more than 30 digits"),
    (b'{"a":-' + LONG + b"}", "more than 30 digits"),
    (b'{"a":0.' + LONG + b"}", "more than 30 digits"),
    (b'{"a":1e999}', "too large a number"),
    (b'{"a":' + b"[" * 100_000, "levels deep"),
    (b'{"a":' + b"[" * 40 + b"]" * 40 + b"}", "levels deep"),
    (b'{"a":' * 40 + b"1" + b"}" * 40, "levels deep"),
    (b'{"a":"\\ud800"}', "lone surrogate"),
    (b'{"\\udfff":1}', "lone surrogate"),
    (b'{"a":1,"a":2}', "a duplicate key"),
    (b'{"a":{"b":1,"b":1}}', "a duplicate key"),
    (b'{"a":NaN}', "not JSON"),
    (b'{"a":-Infinity}', "not JSON"),
    (b"\xef\xbb\xbf{}", "not JSON"),
    (b'{"a":"\xff"}', "not JSON"),
    (b'{"a":"' + b"x" * (8 << 20) + b'"}', "larger than 8 MB"),
]


@pytest.mark.parametrize("name", ["manifest.json", IAM])
@pytest.mark.parametrize(("data", "words"), JSON, ids=range(len(JSON)))
def test_ambiguous_json_is_refused(signed, allowed, keys, name, data, words):
    (signed / name).write_bytes(data)
    if name == IAM:  # signed by somebody who may: it is the text that is refused
        (signed / f"{IAM}.sig").write_bytes(sshsig.make_signature(data, key=keys / "ann", role="iam"))
    assert any(problem.startswith(name) and words in problem for problem in not_verified(signed, allowed))


@pytest.mark.parametrize(
    "data", [b"", b"\0", b"\xff\xfe", b"x" * 100_000, b"* ", b'ann@corp namespaces="', b"ann@corp ssh-ed25519 AAAA\n"]
)
def test_a_malformed_list_of_signers_permits_no_signature(signed, allowed, data):
    allowed.write_bytes(data)
    assert any(problem.startswith(IAM) for problem in not_verified(signed, allowed))


def test_a_folder_without_a_packet_is_refused(tmp_path, allowed, monkeypatch, sign_as):
    assert "cannot be listed" in not_verified(tmp_path / "none", allowed)[0]
    assert "cannot be listed" in not_verified(allowed, allowed.parent / "other")[0]
    many = tmp_path / "many"
    many.mkdir()
    for number in range(4):
        (many / f"{number}.txt").write_bytes(b"12345")
    monkeypatch.setattr("analysis.output.packet.folder.MAX_FILES", 3)
    assert not_verified(many, allowed) == ("the folder holds more than 3 files",)
    monkeypatch.setattr("analysis.output.packet.folder.MAX_FILES", 4)
    monkeypatch.setattr("analysis.output.packet.folder.MAX_TOTAL", 19)
    assert not_verified(many, allowed) == ("the folder holds more than 0 MB",)
    with pytest.raises(CheckFailed, match="not a packet"):
        sign_as(many)


# --- malformed by chance ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SIGNED)
def test_no_damage_to_a_signed_file_is_verified_and_none_raises(signed, allowed, name):
    chance = random.Random(name)
    whole = (signed / name).read_bytes()
    for number in range(80):
        change = unfolded if name.endswith(".json") and number % 2 else damaged
        data = change(whole, chance)
        (signed / name).write_bytes(data)
        if data != whole:
            not_verified(signed, allowed)
    (signed / name).write_bytes(whole)
    assert verify(signed, allowed, now=AT).ok


def test_what_a_signer_signs_by_mistake_is_refused_and_does_not_raise(signed, allowed, keys):
    """A text of another form, with a genuine signature: only the sentence in it is the signer's to choose."""
    chance = random.Random(7)
    whole = (signed / IAM).read_bytes()
    for _ in range(30):
        data = unfolded(whole, chance)
        (signed / IAM).write_bytes(data)
        (signed / f"{IAM}.sig").write_bytes(sshsig.make_signature(data, key=keys / "ann", role="iam"))
        found = verify(signed, allowed, now=AT)
        if found.ok:
            changed, original = json.loads(data), json.loads(whole)
            assert changed["predicate"].pop("statement") == found.signatures.signoffs[0].statement
            assert original["predicate"].pop("statement") == ""
            assert changed == original


def test_no_damage_to_the_list_of_signers_permits_another_key(packet, allowed, sign_as):
    """Eve signs as Ann. However the list is damaged, her key is not on it."""
    sign_as(packet, "eve", signer="ann@corp")
    chance = random.Random(8)
    whole = allowed.read_bytes()
    for _ in range(40):
        allowed.write_bytes(damaged(whole, chance))
        not_verified(packet, allowed)
