"""FastMCP before it is loaded: the version that was tested, and settings that nothing but the gateway makes."""

from __future__ import annotations

import os
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from analysis.errors import UsageError

#: FastMCP as it was tested; see the advisory WS-2026-0191 for what is below.
_TESTED: Final = ((4, 2), (5, 0))


def check_fastmcp() -> None:
    """Raise `UsageError` unless the tested version of FastMCP is installed. Keep its settings out of reach of the folder."""
    for name in [name for name in os.environ if name.upper().startswith("FASTMCP_")]:
        del os.environ[name]
    os.environ |= {"FASTMCP_ENV_FILE": os.devnull, "FASTMCP_LOG_ENABLED": "false", "FASTMCP_CHECK_FOR_UPDATES": "off"}
    remedy = "pipx install 'mcp-clearance[enforce]', or pip install 'fastmcp>=4.2,<5'"
    try:
        major, minor = (int(part) for part in version("fastmcp").split(".")[:2])
    except (PackageNotFoundError, ValueError):
        raise UsageError("the gateway cannot run: FastMCP is not installed", remedy=remedy) from None
    if not _TESTED[0] <= (major, minor) < _TESTED[1]:
        raise UsageError(f"the gateway was not tested with FastMCP {major}.{minor}", remedy=remedy)
