"""What the last `make mutation` has found: python -m tests.benchmarks.mutants.

Prints, for each module that was changed, how many mutants a test has noticed, and ends with 1 when the share of all is
under the floor. A mutant that ran out of time is noticed. Run it in the folder that holds `mutants/`.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Final

from mutmut.stats import status_by_exit_code

#: Least share of mutants that are noticed.
FLOOR: Final = 0.9
NOTICED: Final = ("killed", "timeout", "segfault", "caught by type check")
LEFT_OUT: Final = ("not checked", "skipped")


def outcomes(folder: Path) -> dict[str, Counter[str]]:
    """Return how many mutants of each module had which outcome; modules in the order of their names."""
    found = {}
    for place in sorted(folder.rglob("*.py.meta")):
        codes = json.loads(place.read_text("utf-8"))["exit_code_by_key"].values()
        if codes:
            found[place.relative_to(folder).as_posix().removesuffix(".meta")] = Counter(
                status_by_exit_code[code] for code in codes
            )
    return found


def main() -> int:
    """Print the table and return the exit code."""
    found = outcomes(Path("mutants"))
    everything: Counter[str] = Counter()
    for name, counts in [*found.items(), ("all", everything)]:
        everything += counts if name != "all" else Counter()
        tested = sum(counts.values()) - sum(counts[each] for each in LEFT_OUT)
        noticed = sum(counts[each] for each in NOTICED)
        share = f"{noticed / tested:6.1%}" if tested else "   -  "
        missed = ", ".join(f"{count} {each}" for each, count in sorted(counts.items()) if each not in NOTICED)
        print(f"{share} {noticed:5} of {tested:5}  {name}{f' ({missed})' if missed else ''}")
    tested = sum(everything.values()) - sum(everything[each] for each in LEFT_OUT)
    return 0 if tested and sum(everything[each] for each in NOTICED) >= FLOOR * tested else 1


if __name__ == "__main__":
    sys.exit(main())
