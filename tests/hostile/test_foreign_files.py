"""What somebody else wrote into a review: it is shown as it is, set aside or refused in words, and never ends with a fault."""

import pytest

from tests.fixtures.hostile_reviews import TOGETHER, trial_of_events, trial_of_rows, worked_review


@pytest.fixture(scope="module")
def worked(tmp_path_factory):
    """A review in which every kind of event was recorded, and the bodies of these."""
    return worked_review(tmp_path_factory.mktemp("worked"))


def test_the_review_holds_every_kind_of_event(worked):
    assert len(worked[2]) >= 11


@pytest.mark.parametrize("seed", range(8))
def test_hostile_events_never_close_a_file(seed, worked, tmp_path):
    assert 0 < trial_of_events(seed, worked[0], worked[1], tmp_path) <= TOGETHER


@pytest.mark.e2e
@pytest.mark.parametrize("twenty", range(10))
def test_five_thousand_hostile_events_never_close_a_file(twenty, worked, tmp_path):
    seeds = range(1_000 + 20 * twenty, 1_020 + 20 * twenty)
    assert sum(trial_of_events(seed, worked[0], worked[1], tmp_path) for seed in seeds) > 20 * TOGETHER / 3


@pytest.mark.parametrize("ten", range(4))
def test_hostile_rows_are_rebuilt_or_refused(ten, worked, tmp_path):
    opened = [trial_of_rows(seed, worked[0], tmp_path) for seed in range(10 * ten, 10 * ten + 10)]
    assert any(opened)


@pytest.mark.e2e
@pytest.mark.parametrize("fifty", range(10))
def test_five_hundred_hostile_files_are_rebuilt_or_refused(fifty, worked, tmp_path):
    for seed in range(2_000 + 50 * fifty, 2_050 + 50 * fifty):
        trial_of_rows(seed, worked[0], tmp_path)
