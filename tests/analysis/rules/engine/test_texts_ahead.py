"""Tests of texts that were made ahead change when they are made, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.assess import assess_all
from analysis.ingest import read
from analysis.rules import SharedTexts, ToolContext, run_definitions, take_tested, texts_tested
from analysis.rules.engine import text_cache

DATA = Path(__file__).parents[4] / "sample_data"


def inventory_of(name):
    found = read(str(DATA / name)).inventory
    assert found is not None
    return found


def run(inventory, results=None):
    shared = SharedTexts(inventory.text_spans, (tool.name for tool in inventory.tools))
    assessed = zip(inventory.tools, assess_all(inventory.tools), strict=True)
    contexts = [ToolContext(tool, assessment, shared) for tool, assessment in assessed]
    if results is not None:
        take_tested(shared, inventory.tools, results)
    return run_definitions(contexts)


def results_of(inventory):
    steps: list[tuple[str, int, int]] = []
    results = texts_tested(inventory.tools, inventory.text_spans, lambda *step: steps.append(step))
    assert [done for _, done, _ in steps] == [*range(steps[0][2])]
    return results


@pytest.mark.parametrize("name", ["customer-management.yaml", "poisoned-tools.json"])
def test_findings_are_the_same(name):
    inventory = inventory_of(name)
    found, not_run = run(inventory)
    assert any(each.rule.startswith("INJ") for each in found) == (name == "poisoned-tools.json")
    assert run(inventory, results_of(inventory)) == (found, not_run)


@pytest.mark.parametrize("name", ["customer-management.yaml", "poisoned-tools.json"])
def test_no_text_is_looked_at_again_and_no_declared_test_made(name, monkeypatch):
    inventory = inventory_of(name)
    results = results_of(inventory)
    made = set()

    def extend(self, test, texts):
        made.add(getattr(test, "__name__", ""))
        self.tested = len(texts)

    monkeypatch.setattr(text_cache, "_traits", lambda _: pytest.fail("a text was looked at again"))
    monkeypatch.setattr(text_cache._TestResults, "extend", extend)
    run(inventory, results)
    assert made  # those that cost little are not declared
    assert not made & {"injection_signals", "is_injection", "_is_unusual", "_is_unusual_in_document"}


def test_results_of_other_texts_are_not_taken():
    inventory, other = inventory_of("customer-management.yaml"), inventory_of("poisoned-tools.json")
    assert run(inventory, results_of(other)) == run(inventory)
    assert run(other, results_of(inventory)) == run(other)
