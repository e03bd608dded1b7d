"""Mutants of documents, each made by one seed: none raises, none is slow. The long search is `tests.benchmarks.fuzz`."""

import pytest

from tests.benchmarks import fuzz
from tests.fixtures.mutations import mutant

DOCUMENTS, DATA = fuzz.corpus([])


@pytest.mark.parametrize("first", range(0, 600, 50))
def test_no_mutant_does_harm(first):
    found, _, unwritten = fuzz.run((range(first, first + 50), DOCUMENTS, DATA))
    assert found == []
    assert unwritten < 5


def test_a_seed_makes_one_mutant():
    assert [mutant(seed, DOCUMENTS, DATA) for seed in range(20)] == [
        mutant(seed, DOCUMENTS, DATA) for seed in range(20)
    ]


def test_what_raises_is_found_and_made_small(monkeypatch):
    def fragile(raw):
        if b"\0" in raw:
            raise KeyError("x1")
        return read(raw)

    read = fuzz.read  # type: ignore[attr-defined]  # what it imports is replaced
    monkeypatch.setattr(fuzz, "read", fragile)
    raw = b"a" * 300 + b"\0" + b"b" * 300
    wrong, _ = fuzz.attempt(raw, whole=False)
    assert wrong == "KeyError in test_fuzz.py:fragile: 'xN'"
    assert fuzz.minimised(raw, wrong) == b"\0"


def test_what_takes_too_long_is_given_up(monkeypatch):
    def endless(raw):
        while True:
            pass

    monkeypatch.setattr(fuzz, "read", endless)
    monkeypatch.setattr(fuzz, "PATIENCE", 0.1)
    assert fuzz.attempt(b"{}", whole=False)[0] == "more than 0.1 seconds"
