"""Copies of one review become one again: the same events, the same state, the same bytes, whichever way they were merged."""

import shutil

import pytest

from tests.fixtures.merge_trials import trial


@pytest.mark.parametrize("seed", range(16))
@pytest.mark.repeats
def test_copies_are_one_whichever_way_they_were_merged(seed, tmp_path, request):
    if seed % 2:  # the other half consists of claims
        request.getfixturevalue("everyone_signs")
    assert trial(seed, tmp_path / "trial") == ""


@pytest.mark.e2e
@pytest.mark.parametrize("hundred", range(10))
def test_a_thousand_teams_are_one(hundred, tmp_path):
    wrong = {}
    for seed in range(1_000 + 100 * hundred, 1_100 + 100 * hundred):
        if difference := trial(seed, tmp_path / str(seed), steps=60):
            wrong[seed] = difference
        shutil.rmtree(tmp_path / str(seed))
    assert wrong == {}
