"""Pictures of the desk for people who read about it: python -m tests.benchmarks.screens [FOLDER].

Written to `.github/screens`, from the sample review, always the same for the same desk.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from pathlib import Path

from analysis.review.session import Review
from analysis.review.sources.sample import build_sample
from tests.benchmarks.robot import begin
from tests.scenarios.driver import at_desk

SIZES = {"small": (80, 24), "usual": (120, 40), "large": (200, 60)}
#: Name of a picture: review, sizes, keys.
SCREENS = {
    "overview": ("sample", ("small", "usual"), "1"),
    "tools": ("sample", ("small", "usual", "large"), "] ~"),
    "evidence": ("sample", ("small", "usual"), '/ "name:refundPayment" enter ~ enter'),
    "filter": ("fresh", ("usual",), '/ "risk:high is:un"'),
    "tabs": ("fresh", ("usual",), '/ "risk:high" enter + / ctrl+u "data:personal" enter + ~'),
    "views": ("sample", ("usual",), "V"),
    "bulk": ("fresh", ("usual",), '/ "tag" enter * b'),
    "conditions": ("fresh", ("usual",), '/ "name:refundPayment" enter ~ c'),
    "source": ("sample", ("usual",), '/ "name:deleteCustomer" enter ~ x'),
    "findings": ("sample", ("small", "usual"), "4 j"),
    "queue": ("fresh", ("small", "usual"), "2 j space space"),
    "flows": ("fresh", ("small", "usual"), "5 j j j"),
    "signoff": ("sample", ("usual",), "9"),
    "governance": ("sample", ("usual",), "7 j j"),
    "history": ("sample", ("usual",), "H j"),
    "keys": ("sample", ("usual",), "?"),
    "welcome": (None, ("small",), ""),
}


async def picture(review, size, keys, place):
    """Draw one screen."""
    async with at_desk(review, size=size) as hand:
        await hand.types(keys)
        await hand.look()
        place.write_text(hand.desk.export_screenshot(title="Clearance", simplify=True), "utf-8")


def main():
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[2] / ".github" / "screens")
    folder.mkdir(parents=True, exist_ok=True)
    for name, (kind, sizes, keys) in SCREENS.items():
        for size in sizes:
            with tempfile.TemporaryDirectory() as work:
                os.environ["XDG_STATE_HOME"] = os.environ["XDG_CONFIG_HOME"] = work
                os.chdir(work)
                review = None
                if kind == "sample":
                    review = build_sample(Path("sample.clearance"))
                elif kind == "fresh":
                    review = Review.open(begin("."))
                asyncio.run(picture(review, SIZES[size], keys, folder / f"{name}-{size}.svg"))
    print(f"{len(list(folder.glob('*.svg')))} pictures in {folder}")


if __name__ == "__main__":
    main()
