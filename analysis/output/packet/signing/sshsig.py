"""Signatures of sign-offs: a role is the namespace, so that `allowed_signers` says who may sign for which role."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from analysis.errors import UsageError
from analysis.ssh import signatures
from analysis.ssh.signatures import SIGNER, Checked
from analysis.text import visible

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.ssh.signer_list import SignerList

__all__ = ["ROLE", "SIGNER", "Checked", "check_names", "check_signature", "make_signature", "namespace"]

ROLE: Final = re.compile(r"[a-z][a-z0-9-]{0,30}", re.ASCII)


def namespace(role: str) -> str:
    """Return the SSHSIG namespace of a role."""
    return f"{role}.signoff@clearance"


def check_names(role: str, signer: str) -> None:
    """Raise `UsageError` unless role and signer can be a file name and a principal."""
    if not ROLE.fullmatch(role):
        raise UsageError(
            f"{visible(role, 40)} is not a role", why="lower-case letters, digits and -, at most 31", remedy="e.g. iam"
        )
    if not SIGNER.fullmatch(signer):
        raise UsageError(
            f"{visible(signer, 80)} is not a signer",
            why="letters, digits and . _ @ + -, at most 64",
            remedy="e.g. ann@corp",
        )


def make_signature(message: bytes, *, key: Path, role: str) -> bytes:
    """Return the armored signature of a message in a role; see `signatures.make_signature`."""
    return signatures.make_signature(message, key=key, namespace=namespace(role))


def check_signature(
    message: bytes, signature: bytes, *, role: str, signer: str, signers: SignerList, key_time: str = ""
) -> Checked:
    """Verify the signature of a message in a role; see `signatures.check_signature`."""
    return signatures.check_signature(
        message,
        signature,
        namespace=namespace(role),
        signer=signer,
        signers=signers,
        key_time=key_time,
    )
