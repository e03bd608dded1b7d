"""The start of everything. Guards the import path, then hands over to the command line.

`tui` and `analysis` are short names, and this program is used inside checkouts of strangers: nothing that lies in
the current folder may be run instead of our own packages.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path


def guard_path() -> None:
    """Drop the current folder from the import path unless we live there; refuse a foreign `analysis` package."""
    home = Path(__file__).resolve().parent.parent
    here = Path.cwd().resolve()
    if here != home:
        sys.path[:] = [entry for entry in sys.path if entry and Path(entry).resolve() != here]
    found = find_spec("analysis")  # only looked for: a stranger's package is not run to learn that it is one
    origin = Path(found.origin or "") if found is not None else Path()
    if origin.resolve() != home / "analysis" / "__init__.py":
        sys.stderr.write(
            f"error: another package called 'analysis' was found\nwhere: {str(origin)!a}\n"
            "next: install Clearance in an environment of its own (pipx install mcp-clearance)\n"
        )
        raise SystemExit(70)


def main() -> None:
    """Run the `clearance` command."""
    guard_path()
    from tui.cli import run  # noqa: PLC0415

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
