"""What hostile documents cost: python -m tests.benchmarks.hostile.run [NAMES] [--share 0.1].

Each is read by `clearance inspect --json` in a fresh process, its output discarded. A refusal that says what to do is an
answer too. `NAMES` are parts of names of recipes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.hostile.recipes import recipes
from tests.benchmarks.processes import clearance

#: Goals: seconds of CPU, and MB.
MAX_SECONDS = 2.0
MAX_MEMORY = 500
#: CPU seconds after which one is ended.
PATIENCE = 60


@dataclass(frozen=True, slots=True)
class Cost:
    """What one document costs: MB of its file, seconds of CPU, MB of memory, and how it ends."""

    name: str
    size: float
    seconds: float
    memory: float
    ending: str

    @property
    def within(self):
        """Whether it meets the goals."""
        return self.seconds <= MAX_SECONDS and self.memory <= MAX_MEMORY and "remedy" not in self.ending

    @property
    def line(self):
        mark = " " if self.within else "!"
        each = f"{self.seconds / self.size:6.2f} s/MB" if self.size > 1 else " " * 11
        return f"{mark} {self.name:44} {self.size:7.2f} MB {self.seconds:7.2f} s {self.memory:6.0f} MB {each}  {self.ending}"


def cost_of(name, recipe, folder, share=1.0):
    """Return what a recipe costs."""
    file = folder / "document"
    file.write_bytes(recipe.document(share))
    ran = clearance(folder, "inspect", str(file), "--json", seconds=PATIENCE)
    ending = {0: "read", 3: "refused"}.get(ran.exit, ran.ending)
    return Cost(name, file.stat().st_size / 1e6, ran.seconds, ran.peak, ending)


def costs(parts=(), share=1.0):
    """Yield what each recipe costs whose name holds one of these parts."""
    with tempfile.TemporaryDirectory() as folder:
        for name, recipe in recipes().items():
            if not parts or any(part in name for part in parts):
                yield cost_of(name, recipe, Path(folder), share)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split(":")[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--share", type=float, default=1.0, help="of the size of each")
    options = parser.parse_args()
    every = []
    for cost in costs(options.names, options.share):
        every.append(cost)
        print(cost.line, flush=True)
    over = [cost.name for cost in every if not cost.within]
    print(
        f"{len(every)} documents, {len(over)} beyond {MAX_SECONDS:.0f} s or {MAX_MEMORY} MB: {', '.join(over) or 'none'}"
    )
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
