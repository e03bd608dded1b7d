"""Revoked keys: found beside the list of signers, in either form, and never passed over."""

import subprocess

import pytest

from analysis.errors import Unreadable
from analysis.ssh import signatures
from analysis.ssh.signer_list import REVOKED, SignerList, revoked_next_to

SCOPE = "iam.signoff@clearance"


@pytest.fixture
def checked(keys, allowed):
    """Check a signature by ann, with the revoked keys that lie beside the list."""
    made = signatures.make_signature(b"text", key=keys / "ann", namespace=SCOPE)

    def checking():
        signers = SignerList(allowed.read_bytes(), revoked_next_to(allowed))
        return signatures.check_signature(b"text", made, namespace=SCOPE, signer="ann@corp", signers=signers)

    return checking


def test_without_a_list_of_revoked_keys_none_is(checked, allowed):
    assert revoked_next_to(allowed) is None
    assert checked().ok


@pytest.mark.parametrize("krl", [False, True], ids=["public keys", "KRL"])
@pytest.mark.parametrize(("name", "ok"), [("ann", False), ("bob", True)])
def test_a_revoked_key_proves_nothing(checked, keys, allowed, krl, name, ok):
    place = allowed.with_name(REVOKED)
    if krl:
        subprocess.run(["ssh-keygen", "-k", "-q", "-f", str(place), str(keys / f"{name}.pub")], check=True)
    else:
        place.write_text(f"# in other hands\n{(keys / f'{name}.pub').read_text()}")
    found = checked()
    assert found.ok is ok
    assert ok or REVOKED in found.why


def test_a_list_that_openssh_cannot_read_lets_nothing_pass(checked, allowed):
    allowed.with_name(REVOKED).write_text("stolen: ann's\n")
    assert not checked().ok


def test_the_list_beside_the_file_that_a_link_leads_to_counts_too(allowed, tmp_path):
    (tmp_path / "home").mkdir()
    link = tmp_path / "home" / "signers"
    link.symlink_to(allowed)
    allowed.with_name(REVOKED).write_text("one\n")
    assert revoked_next_to(link) == b"one\n"
    link.with_name(REVOKED).write_text("two\n")
    with pytest.raises(Unreadable, match="two different"):
        revoked_next_to(link)


def test_a_list_that_is_there_and_cannot_be_read_is_an_error(allowed):
    allowed.with_name(REVOKED).mkdir()
    with pytest.raises(Unreadable, match=r"cannot be read|not a plain file"):
        revoked_next_to(allowed)


def test_another_list_has_another_digest():
    assert (
        len(
            {
                SignerList(b"a").digest,
                SignerList(b"a", b"").digest,
                SignerList(b"a", b"b").digest,
                SignerList(b"b").digest,
            }
        )
        == 4
    )
