"""Goldens: text of `tests/golden` that a test compares with what the product says, and writes anew on demand."""

from __future__ import annotations

import difflib
import os
from pathlib import Path

GOLDENS = Path(__file__).parent / "golden"
#: Set to 1, every golden is written anew instead of compared.
VARIABLE = "CLEARANCE_UPDATE_GOLDENS"
#: Maximum number of changed lines that a failure shows.
MAX_SHOWN = 30


def check_golden(name: str, found: str, *, first: str = "", folder: Path = GOLDENS) -> None:
    """Compare a text with the golden `name`; write it anew when the environment says so.

    Raises `AssertionError` with the removed and added lines; `first` is what to do before the golden is renewed.
    """
    golden = folder / name
    if os.environ.get(VARIABLE) == "1":
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(found, "utf-8", newline="\n")
        return
    expected = golden.read_text("utf-8") if golden.exists() else ""
    if found == expected:
        return
    compared = [*difflib.unified_diff(expected.splitlines(), found.splitlines(), n=0, lineterm="")][2:]  # two headings
    changed = [line for line in compared if not line.startswith("@@")]
    more = [f"... {len(changed) - MAX_SHOWN} more"] if len(changed) > MAX_SHOWN else []
    shown = changed[:MAX_SHOWN] or ["the ends of lines differ"]
    test = os.environ.get("PYTEST_CURRENT_TEST", "").partition("::")[0]
    raise AssertionError(
        "\n".join(
            [
                f"tests/golden/{name} is not what was found (- golden, + found):",
                *(f"  {line}" for line in [*shown, *more]),
                *([first] if first else []),
                f"When every change is wanted: {VARIABLE}=1 python -m pytest {test}",
            ]
        )
    )
