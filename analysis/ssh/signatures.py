"""Signatures by the SSH key a reviewer already owns, made and verified by OpenSSH itself.

The key may be a file, an encrypted file, in an agent, or on a FIDO token: `ssh-keygen` handles all of them,
and an auditor can repeat every check with it. What a signature is for is its namespace, so the `allowed_signers`
file says who may sign for what.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import subprocess  # ssh-keygen is the one program started, with a list of arguments and no shell
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from analysis.errors import ClearanceError, InputRefused, Unreadable
from analysis.ssh.signer_list import REVOKED, SignerList
from analysis.ssh.wire import Wire
from analysis.text import visible

#: The name of a person in `allowed_signers`.
SIGNER: Final = re.compile(r"[A-Za-z0-9._@+-]{1,64}", re.ASCII)
#: Time limit for signing, seconds: a person may have to type a passphrase or touch a token.
_SIGN_SECONDS: Final = 180
_VERIFY_SECONDS: Final = 30
#: Maximum size of a signature; those of the largest RSA keys are far below.
_MAX_BYTES: Final = 64 * 1024
_MAGIC: Final = b"SSHSIG"
_BEGIN: Final = "-----BEGIN SSH SIGNATURE-----"
_END: Final = "-----END SSH SIGNATURE-----"
_LINE: Final = 70  # characters of base64 on a line, as OpenSSH writes them
_FINGERPRINT: Final = re.compile(r"\bkey (SHA256:[A-Za-z0-9+/]{43})", re.ASCII)
_USER_PRESENT: Final = 1


@dataclass(frozen=True, slots=True)
class Checked:
    """The outcome of verifying a signature: the fingerprint of the key, or why it is not valid.

    `ended`: it is genuine, and its key was not valid at the time in question.
    """

    key: str
    why: str
    ended: bool = False

    @property
    def ok(self) -> bool:
        """Whether the signature is valid."""
        return not self.why


def make_signature(message: bytes, *, key: Path, namespace: str, ask: bool = True) -> bytes:
    """Return the armored signature of a message. The key is a private key file, or a `.pub` whose key an agent holds.

    OpenSSH asks for a passphrase on the terminal by itself, unless `ask` is false: then an encrypted key has to be in
    an agent. The caller announces beforehand that a security key may wait for a touch: the output of OpenSSH is kept to explain a refusal.
    """
    if not key.is_file():
        raise InputRefused("key file not found", place=visible(str(key)), remedy="give the path of an SSH key file")
    arguments = ["-Y", "sign", "-f", str(key.absolute()), "-n", namespace]
    done = _run(arguments, message, _SIGN_SECONDS, ask=ask)
    if done.returncode != 0 or not done.stdout.startswith(_BEGIN.encode()):
        raise _refusal(key, done.stderr.decode("utf-8", "replace"), ask=ask)
    return done.stdout


def _refusal(key: Path, output: str, *, ask: bool) -> ClearanceError:
    """Return why a key could not sign; for a cause that is not known here, the output of OpenSSH is quoted."""
    place = visible(str(key))
    if "incorrect passphrase" in output and not (ask and _can_ask()):
        what, remedy = (
            "the key is encrypted and there is no terminal to ask for its passphrase",
            "add it to an SSH agent",
        )
        return InputRefused(what, place=place, remedy=remedy)
    if "incorrect passphrase" in output:
        return InputRefused("the passphrase is wrong", place=place, remedy="try again, or add the key to an SSH agent")
    if "UNPROTECTED" in output:
        return InputRefused(
            "other users can read the key", place=place, why="OpenSSH refuses it", remedy="chmod 600 it"
        )
    if "No private key found" in output:
        return InputRefused("the private key was not found", place=place, remedy="add the private key to an SSH agent")
    if "load public key" in output or "invalid format" in output:
        return InputRefused("this is not an SSH key", place=place, remedy="give the path of an SSH key file")
    return InputRefused(
        "the key could not sign", place=place, why=visible(output, 300), remedy="try ssh-keygen -Y sign"
    )


def _can_ask() -> bool:
    """Whether OpenSSH can ask for a passphrase: on a terminal, or by the program in SSH_ASKPASS."""
    if os.environ.get("SSH_ASKPASS"):
        return True
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True


def check_signature(
    message: bytes, signature: bytes, *, namespace: str, signer: str, signers: SignerList, key_time: str = ""
) -> Checked:
    """Verify that a signature over a message is that of a signer who may sign for it at a time, or today.

    No invalid signature raises; `InputRefused` says that OpenSSH itself could not be run.
    """
    malformed = examine(signature, namespace)
    if malformed:
        return Checked("", malformed)
    with tempfile.TemporaryDirectory(prefix="clearance-") as folder:
        # The bytes that were read are verified, not the files, which may have changed since.
        signed, allowed = Path(folder) / "signature", Path(folder) / "allowed_signers"
        signed.write_bytes(signature)
        allowed.write_bytes(signers.allowed)
        names = ["-I", signer, "-n", namespace, "-s", str(signed)]
        moment = [f"-Overify-time={_compact_time(key_time)}"] if key_time else []
        command = ["-Y", "verify", *moment, "-f", str(allowed), *names]
        done = _run(command, message, _VERIFY_SECONDS)
        if done.returncode == 0 and signers.revoked is not None:
            revoked = Path(folder) / REVOKED
            revoked.write_bytes(signers.revoked)
            if _run([*command, "-r", str(revoked)], message, _VERIFY_SECONDS).returncode != 0:
                return Checked("", f"{REVOKED} lists the key, or is no list that OpenSSH can read")
    output = done.stderr.decode("utf-8", "replace").replace(f"{folder}{os.sep}", "")
    found = _FINGERPRINT.search(done.stdout.decode("utf-8", "replace"))
    if done.returncode == 0 and found:
        return Checked(found[1], "")
    if "not permitted" in output:
        return Checked("", f"allowed_signers does not permit the key to sign for {namespace}")
    if "incorrect signature" in output:
        return Checked("", "the text has been changed since it was signed, or the signature has")
    if "expired" in output or "not yet valid" in output:
        when = f"on {key_time[:10]}" if key_time else "today"
        return Checked("", f"allowed_signers does not list the key as valid {when}", ended=True)
    detail = visible(output, 200)
    return Checked("", f"allowed_signers does not list this key for this signer{f' ({detail})' if detail else ''}")


def _compact_time(time: str) -> str:
    """Return an ISO 8601 time in UTC as OpenSSH reads it; a date means its last second."""
    digits = re.sub(r"[^0-9]", "", time.partition(".")[0])
    return f"{digits[:8]}{digits[8:14] or '235959'}Z"


def examine(signature: bytes, expected: str) -> str:
    """Return what is wrong with the envelope of a signature; empty if nothing is.

    OpenSSH accepts envelopes that differ in bytes outside the signature (line ends, a reserved field). Here only one
    encoding is accepted, so that no change of a signature goes unnoticed.
    """
    try:
        blob = _unarmored(signature)
        envelope = _Envelope.of(blob)
    except Unreadable:
        return "this is not an SSH signature"
    text = base64.b64encode(blob).decode()
    lines = [text[start : start + _LINE] for start in range(0, len(text), _LINE)]
    if "\n".join((_BEGIN, *lines, _END, "")).encode() != signature or envelope.reserved:
        return "the signature has been changed, or is not in the form OpenSSH writes"
    if envelope.scope != expected.encode():
        return f"it was signed for {visible(envelope.scope.decode('utf-8', 'replace'), 80)}, not for {expected}"
    if envelope.digest != b"sha512":
        return f"it was made with {visible(envelope.digest.decode('utf-8', 'replace'), 20)}; only sha512 is accepted"
    if not envelope.touched:
        return "the security key was not touched when it was made"
    return ""


def key_fingerprint(signature: bytes) -> str:
    """Return the fingerprint of the key that a signature names, as OpenSSH prints it. Raises `Unreadable`."""
    digest = hashlib.sha256(_Envelope.of(_unarmored(signature)).key).digest()
    return f"SHA256:{base64.b64encode(digest).decode().rstrip('=')}"


def _unarmored(signature: bytes) -> bytes:
    """Return the decoded content of an armored signature."""
    if len(signature) > _MAX_BYTES:
        raise Unreadable("is too large for a signature")
    try:
        return base64.b64decode("".join(signature.decode("ascii").split("\n")[1:-2]), validate=True)
    except ValueError:
        raise Unreadable("is not a signature in base64") from None


@dataclass(frozen=True, slots=True)
class _Envelope:
    """The fields of an SSHSIG of version 1. `touched`: if made by a security key, it confirms that a person was present."""

    key: bytes
    scope: bytes
    reserved: bytes
    digest: bytes
    touched: bool

    @classmethod
    def of(cls, blob: bytes) -> _Envelope:
        """Read an envelope to its end, or raise `Unreadable`."""
        wire = Wire(blob)
        if wire.take(len(_MAGIC)) != _MAGIC or wire.number() != 1:
            raise Unreadable("is not SSHSIG version 1")
        key, scope, reserved, digest, proof = (wire.string() for _ in range(5))
        wire.end()
        kind = Wire(key).string()
        return cls(key, scope, reserved, digest, touched=not kind.startswith(b"sk-") or _touched(Wire(proof)))


def _touched(proof: Wire) -> bool:
    """Whether a security key confirms that a person was present: flags and a counter follow its inner signature."""
    for _ in ("kind", "signature"):
        proof.string()
    flags, _ = proof.byte(), proof.number()
    return bool(flags & _USER_PRESENT)


def _run(
    arguments: list[str], message: bytes, seconds: float, *, ask: bool = True
) -> subprocess.CompletedProcess[bytes]:
    """Run ssh-keygen with our environment, through which it finds an agent; without `ask`, away from the terminal."""
    environment = (
        None if ask else {**os.environ, "SSH_ASKPASS_REQUIRE": "force", "SSH_ASKPASS": "false", "DISPLAY": ":"}
    )
    try:
        return subprocess.run(  # noqa: S603 - a list of checked arguments, no shell
            ["ssh-keygen", *arguments],  # noqa: S607 - the OpenSSH of the person who signs or checks
            input=message,
            capture_output=True,
            timeout=seconds,
            check=False,
            env=environment,
            start_new_session=not ask,
        )
    except subprocess.TimeoutExpired:
        raise InputRefused(f"ssh-keygen did not answer within {seconds} seconds", remedy="try again") from None
    except OSError as error:
        why = f"signatures are made and checked by OpenSSH: {error.strerror}"
        raise InputRefused("ssh-keygen is not installed", why=why, remedy="install OpenSSH 8.2 or later") from None
