"""What an auditor gets who does not have the product: a text, and one program that needs Python and OpenSSH alone."""

from __future__ import annotations

from importlib import resources
from typing import Final

#: Names of the files in a packet.
PROGRAM: Final = "verify.py"
GUIDE: Final = "VERIFY.md"


def auditor_file(name: str) -> bytes:
    """Return the bytes of one of the two files, which are the same in every packet of a version."""
    return resources.files("analysis.output.packet.auditor").joinpath(name).read_bytes()
