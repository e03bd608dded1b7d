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

from tests.benchmarks.hostile.recipes import FIELD, TOOL, recipes
from tests.benchmarks.processes import clearance
from tests.benchmarks.tables import Figure, Section

#: Goals: seconds of CPU, and MB.
MAX_SECONDS = 2.0
MAX_MEMORY = 500
#: Seconds of every command, which are beside those of each tool or field.
BASE = 0.5
#: CPU seconds after which one is ended.
PATIENCE = 60
#: Documents that the report lists.
MOST_COSTLY = 15


@dataclass(frozen=True, slots=True)
class Cost:
    """What one document costs: MB of its file, seconds of CPU with their goal, MB of memory, and how it ends."""

    name: str
    size: float
    seconds: Figure
    memory: Figure
    ending: str

    @property
    def missed(self):
        """Whether it misses a goal, or ends otherwise than read or refused."""
        return self.seconds.missed or self.memory.missed or self.ending not in {"read", "refused"}

    @property
    def line(self):
        """The cost as one line."""
        seconds = self.seconds.value or 0
        each = f"{seconds / self.size:6.2f} s/MB" if self.size > 1 else " " * 11
        mark = "!" if self.missed else " "
        return (
            f"{mark} {self.name:44} {self.size:7.2f} MB {seconds:7.2f} s (≤ {self.seconds.goal:4.1f})"
            f" {self.memory.value:6.0f} MB {each}  {self.ending}"
        )


def cost_of(name, recipe, folder, share=1.0):
    """Return what a recipe costs."""
    file = folder / "document"
    file.write_bytes(recipe.document(share))
    ran = clearance(folder, "inspect", str(file), "--json", seconds=PATIENCE)
    ending = {0: "read", 3: "refused"}.get(ran.exit, ran.ending)
    goal = max(MAX_SECONDS, BASE + recipe.each * recipe.size * share / 1e6)
    return Cost(
        name, file.stat().st_size / 1e6, Figure(ran.seconds, "s", goal), Figure(ran.peak, "MB", MAX_MEMORY), ending
    )


def costs(parts=(), share=1.0):
    """Yield what each recipe costs whose name holds one of these parts."""
    with tempfile.TemporaryDirectory() as folder:
        for name, recipe in recipes().items():
            if not parts or any(part in name for part in parts):
                yield cost_of(name, recipe, Path(folder), share)


def section(options):
    """Measure all recipes; the report names those that miss a goal, and the most costly ones."""
    made = Section(
        "Hostile documents",
        f"`clearance inspect --json` on {len(recipes())} documents made to be slow or large, each by a short recipe"
        f" (`tests/benchmarks/hostile/`). Goals: {MAX_SECONDS:.0f} s and {MAX_MEMORY} MB; a refusal that says what to do is an"
        f" answer. Where users have the same, only fewer, the goal is {BASE} s and {TOOL} microseconds for each tool or {FIELD} for each"
        " field. The most costly are listed, and all that miss.",
        ("document", "MB", "CPU", "memory", "ends"),
    )  # fmt: skip
    every = []
    for cost in costs(share=options.share):
        every.append(cost)
        print(cost.line, flush=True)
    costly = sorted(every, key=lambda cost: cost.seconds.value, reverse=True)[:MOST_COSTLY]
    for cost in dict.fromkeys((*costly, *(each for each in every if each.missed))):
        made.add(cost.name, Figure(cost.size), cost.seconds, cost.memory, cost.ending)
    over = sum(cost.missed for cost in every)
    made.note(
        f"{over} of {len(every)} documents miss a goal; {sum(cost.ending == 'refused' for cost in every)} are refused."
    )
    return made


def main():
    parser = argparse.ArgumentParser(description=__doc__.split(":")[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--share", type=float, default=1.0, help="of the size of each")
    options = parser.parse_args()
    every = []
    for cost in costs(options.names, options.share):
        every.append(cost)
        print(cost.line, flush=True)
    over = [cost.name for cost in every if cost.missed]
    print(f"{len(every)} documents, {len(over)} beyond their goal: {', '.join(over) or 'none'}")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
