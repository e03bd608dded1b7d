"""OpenSSH at work: what it refuses is explained, and an envelope that only looks right is none."""

from __future__ import annotations

import base64
import os
import shutil
import struct

import pytest

from analysis.errors import ClearanceError, InputRefused
from analysis.ssh import signatures
from analysis.ssh.signer_list import SignerList

pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")


def test_a_key_that_cannot_sign_is_explained(keys, tmp_path, monkeypatch):
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    junk, shown = tmp_path / "junk", tmp_path / "shown"
    junk.write_text("junk")
    junk.chmod(0o600)
    shutil.copy(keys / "ann", shown)
    shown.chmod(0o644)
    lone = tmp_path / "lone.pub"
    shutil.copy(keys / "bob.pub", lone)
    for key, words in (
        (tmp_path / "none", "not found"),
        (junk, "not an SSH key"),
        (shown, "other users can read"),
        (lone, "the private key was not found"),
    ):
        with pytest.raises(InputRefused, match=words) as caught:
            signatures.make_signature(b"text", key=key, namespace="iam.signoff@clearance")
        assert caught.value.remedy


def test_a_passphrase_is_requested_and_may_be_wrong(keys, tmp_path, monkeypatch):
    ask = tmp_path / "ask"
    monkeypatch.setenv("SSH_ASKPASS", str(ask))
    monkeypatch.setenv("SSH_ASKPASS_REQUIRE", "force")
    for phrase in ("wrong", "open sesame"):
        ask.write_text(f"#!/bin/sh\necho '{phrase}'\n")
        ask.chmod(0o700)
        if phrase == "wrong":
            with pytest.raises(InputRefused, match="passphrase is wrong"):
                signatures.make_signature(b"text", key=keys / "locked", namespace="iam.signoff@clearance")
        else:
            assert signatures.make_signature(b"text", key=keys / "locked", namespace="iam.signoff@clearance")


def test_an_encrypted_key_without_a_terminal(keys, tmp_path, monkeypatch):
    monkeypatch.setattr(signatures, "_can_ask", lambda: False)
    monkeypatch.setenv("SSH_ASKPASS", str(tmp_path / "none"))
    monkeypatch.setenv("SSH_ASKPASS_REQUIRE", "force")
    with pytest.raises(InputRefused, match="no terminal") as caught:
        signatures.make_signature(b"text", key=keys / "locked", namespace="iam.signoff@clearance")
    assert "agent" in caught.value.remedy


def test_missing_openssh_is_explained(keys, allowed, monkeypatch):
    made = signatures.make_signature(b"text", key=keys / "ann", namespace="iam.signoff@clearance")
    monkeypatch.setenv("PATH", os.devnull)
    with pytest.raises(ClearanceError, match="not installed"):
        signatures.make_signature(b"text", key=keys / "ann", namespace="iam.signoff@clearance")
    with pytest.raises(ClearanceError, match="not installed"):
        signatures.check_signature(
            b"text",
            made,
            namespace="iam.signoff@clearance",
            signer="ann@corp",
            signers=SignerList(allowed.read_bytes()),
        )


def test_a_time_out_is_explained(keys, tmp_path, monkeypatch):
    slow = tmp_path / "ssh-keygen"
    slow.write_text("#!/bin/sh\nexec sleep 5\n")
    slow.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(signatures, "_SIGN_SECONDS", 0.2)
    with pytest.raises(InputRefused, match="did not answer"):
        signatures.make_signature(b"text", key=keys / "ann", namespace="iam.signoff@clearance")


def envelope(**change):
    """An SSHSIG of a security key, as it is written; nothing in it is genuine."""

    def text(data):
        return struct.pack(">I", len(data)) + data

    key = text(text(b"sk-ssh-ed25519@openssh.com") + text(b"\0" * 32) + text(b"ssh:"))
    proof = text(b"sk-ssh-ed25519@openssh.com") + text(b"\0" * 64) + bytes([change.get("flags", 1)]) + b"\0\0\0\7"
    scope = text(change.get("scope", b"iam.signoff@clearance"))
    tail = text(change.get("reserved", b"")) + text(change.get("digest", b"sha512")) + text(proof)
    code = base64.b64encode(b"SSHSIG" + struct.pack(">I", change.get("version", 1)) + key + scope + tail).decode()
    lines = [code[start : start + 70] for start in range(0, len(code), 70)]
    return "\n".join(("-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----", "")).encode()


@pytest.mark.parametrize(("change", "words"), [
    ({}, ""), ({"flags": 0}, "was not touched"), ({"flags": 4}, "was not touched"), ({"digest": b"md5"}, "only sha512"),
    ({"digest": b"sha256"}, "only sha512"), ({"reserved": b"x"}, "changed"), ({"scope": b"git"}, "signed for git"),
    ({"version": 2}, "not an SSH signature"),
])  # fmt: skip
def test_envelopes_other_than_those_of_openssh_are_refused(change, words):
    found = signatures.examine(envelope(**change), "iam.signoff@clearance")
    assert words in found
    assert bool(words) is bool(found)
