"""RFC 3161 time stamps, checked by OpenSSL against a certificate of the verifier's own: never just present.

Only the signed token is read: the response around it may say anything.
"""

from __future__ import annotations

import re
import subprocess  # openssl is the one program started, with a list of arguments and no shell
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from analysis.output.packet.folder import Unreadable
from analysis.text import visible

#: Time limit for one call of openssl, seconds.
_SECONDS: Final = 30
_TIME: Final = re.compile(
    r"^Time stamp: (\w{3} [ \d]\d \d\d:\d\d:\d\d)(?:\.\d+)? (\d{4}) GMT$", re.MULTILINE | re.ASCII
)


@dataclass(frozen=True, slots=True)
class TimeStamp:
    """The time stamp of a file of a packet. Without one that was checked, `time` is empty; `note` says what cannot be known."""

    time: str = ""  # ISO 8601, UTC
    note: str = ""
    problem: str = ""  # why it is not one of this packet by this authority


def check_time_stamp(data: bytes, stamp: bytes, authority: bytes) -> str:
    """Return the time (ISO 8601, UTC) at which data was stamped by an authority, whose certificate is given as PEM.

    The certificate has to be valid at that time, not today. Raises `Unreadable` with the reason.
    """
    with tempfile.TemporaryDirectory(prefix="clearance-") as name:
        folder = Path(name)
        for file, content in (("data", data), ("stamp", stamp), ("authority", authority)):
            (folder / file).write_bytes(content)
        token = _openssl(folder, "-reply", "-in", "stamp", "-token_out", "-out", "token")
        text = _openssl(folder, "-reply", "-in", "token", "-token_in", "-text") if token is not None else None
        found = _TIME.search(text or "")
        if found is None:
            raise Unreadable("is not a time stamp")
        # Month names are those of the C locale, as openssl prints them.
        time = datetime.strptime(f"{found[1]} {found[2]}", "%b %d %H:%M:%S %Y").replace(tzinfo=UTC)
        certificates = ("-CAfile", "authority", "-untrusted", "authority", "-partial_chain")
        when = ("-attime", str(int(time.timestamp())))
        if _openssl(folder, "-verify", "-data", "data", "-in", "token", "-token_in", *certificates, *when) is None:
            raise Unreadable("is not a stamp on this file by the authority given")
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def _openssl(folder: Path, *arguments: str) -> str | None:
    """Return the output of `openssl ts` in a folder; None where it refuses. Raises `Unreadable` if it cannot be run."""
    try:
        done = subprocess.run(  # noqa: S603 - a list of fixed arguments, no shell
            ["openssl", "ts", *arguments],  # noqa: S607 - the OpenSSL of the person who checks
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unreadable(f"was not checked: openssl did not answer within {_SECONDS} seconds") from None
    except OSError as error:
        raise Unreadable(f"was not checked: openssl cannot be run: {visible(str(error.strerror), 80)}") from None
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else None
