"""Random keys: nothing crashes, and the file is sound afterwards. The long walk is `tests.benchmarks.robot`."""

from __future__ import annotations

import pytest

from analysis.review.session import Review
from tests.benchmarks.robot import walk


@pytest.mark.draws
@pytest.mark.parametrize("seed", [11, 12, 13])
async def test_random_keys_end_nothing(seed, review_file, at_desk):
    path = review_file("fresh")
    await walk(Review.open(path), seed, 400, at_desk)
    Review.open(path).close()
