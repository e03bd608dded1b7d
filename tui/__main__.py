"""Entry point: guards the import path, then runs the command line.

`tui` and `analysis` are common names, and this program runs inside checkouts of third parties: no module of the
current folder may be imported instead of our own packages.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path


def guard_path() -> None:
    """Drop the current folder from the import path unless it is our own; refuse another package named `analysis`."""
    home = Path(__file__).resolve().parent.parent
    here = Path.cwd().resolve()
    if here != home:
        sys.path[:] = [entry for entry in sys.path if entry and Path(entry).resolve() != here]
    found = find_spec("analysis")  # finds a package without importing it
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
    from analysis.collector import collect_rarely, keep_for_good  # noqa: PLC0415

    collect_rarely()  # before the imports, which allocate most; desk and gateway stay, and take it back
    from tui.cli import run  # noqa: PLC0415

    code = run(sys.argv[1:])
    keep_for_good()
    sys.exit(code)


if __name__ == "__main__":
    main()
