"""What a precedent saves on the second version of a source: python -m tests.benchmarks.second_versions FIRST SECOND [FIRST SECOND ...].

The first version is decided through the queue, its decisions propose for the second one, what is not of high risk is
taken as one layer, and the rest is decided through the queue again. Counted are tools, proposals, groups and keys. The
decisions are taken from the review as they are from a verified packet: signatures are not measured here. At the end every
first version is tried on every other source: nothing may be proposed there.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import tempfile
from pathlib import Path

from analysis.model import DecisionState, ProposalKind, ProposalSource, Risk
from analysis.review import commands, queries
from analysis.review.packets.precedent import Precedent, decisions_in, identity
from analysis.review.queries.decision_proposals import propose
from analysis.review.session import Review
from analysis.review.sources.importing import ImportOptions, examine_source
from tests.scenarios.driver import at_desk
from tests.scenarios.queue_walk import QueueWalk

AT = "2026-03-05T09:00:00Z"


def begun(source, folder, name):
    """Return a new review of a document, under a name that does not depend on its version."""
    renamed = Path(folder) / f"{source.stem.rpartition('@')[0] or source.stem}{source.suffix}"
    renamed.write_bytes(source.read_bytes())
    made = examine_source(str(renamed), options=ImportOptions())
    return Review.create(Path(folder) / f"{name}.clearance", [made], actor="rev", at=AT)


async def walked(review):
    """Decide a review through the queue, and return how many keys that took."""
    async with at_desk(review, size=(120, 40)) as hand:
        walk = QueueWalk(hand)
        await walk.decide_groups()
        await walk.look_at_sample()
        return walk.pressed, decisions_in(review), identity(review.sources()[0].info), list(review.tools())


def measured(first, second, folder):
    """Measure one pair, and return its precedent with what it is a precedent for."""
    keys, decisions, source, tools = asyncio.run(walked(begun(first, folder, "first")))
    precedent = Precedent(ProposalSource(ProposalKind.PRECEDENT, first.stem, "rev", AT), decisions)
    review = begun(second, folder, "second")
    proposals = propose(review, precedents=[precedent])
    groups = review.views.groups.waiting
    by_hand = asyncio.run(walked(begun(second, folder, "anew")))[0]
    high = sum(1 for each in proposals if review.tool(each.tool).risk is Risk.HIGH)
    wrong = sum(
        1 for p in proposals if review.tool(p.tool).risk is Risk.HIGH and p.decision is not DecisionState.BLOCKED
    )
    if len(proposals) > high:
        commands.take(review, proposals, reason="as before", actor="rev", at=AT, chance=random.Random(1), opened=())
    left, drawn, count = review.views.groups.waiting, len(queries.select(review, "is:sampled")), len(review.tools())
    after = asyncio.run(walked(review))[0]
    print(
        f"{second.stem:58} first {len(tools):>4} tools {keys:>4} keys · second {count:>4} tools, {len(proposals):>4} proposed"
        f" ({high} HIGH, {wrong} of them not blocked), groups {groups} -> {left}, sample {drawn}, keys {by_hand} -> {after}",
        flush=True,
    )
    return precedent, source, second


def crossed(made, folder):
    """Try every precedent on every source that is another one, and return how many tools it proposes for."""
    tried = proposed = 0
    for number, (_, source, document) in enumerate(made):
        review = begun(document, folder, f"crossed-{number}")
        for precedent, own, _ in made:
            if own != source:
                tried += 1
                proposed += len(propose(review, precedents=[precedent]))
        review.close()
    return tried, proposed


def main():
    parser = argparse.ArgumentParser(description=__doc__.split(":")[0])
    parser.add_argument("pairs", nargs="+", type=Path)
    options = parser.parse_args()
    made = []
    for first, second in zip(options.pairs[::2], options.pairs[1::2], strict=True):
        with tempfile.TemporaryDirectory() as folder:
            os.environ["XDG_STATE_HOME"] = folder
            made.append(measured(first.resolve(), second.resolve(), folder))
    with tempfile.TemporaryDirectory() as folder:
        tried, proposed = crossed(made, folder)
        print(f"{tried} precedents of other sources: {proposed} proposals")


if __name__ == "__main__":
    main()
