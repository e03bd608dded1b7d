"""The budget of an import: work beyond it ends with what to allow, and its progress is told all the way."""

from __future__ import annotations

import json

import pytest

from analysis.errors import InputRefused
from analysis.review.sources import import_budget
from analysis.review.sources.import_budget import BudgetWatch, ImportBudget, limits_from
from analysis.review.sources.importing import ImportOptions, examine_source, read_definitions


def document(operations=600):
    paths = {
        f"/things/{n}": {"get": {"operationId": f"getThing{n}", "summary": "Return it."}} for n in range(operations)
    }
    return json.dumps({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": paths}).encode()


@pytest.mark.parametrize("work", [examine_source, read_definitions])
def test_an_import_beyond_its_seconds_ends_and_says_what_to_allow(work):
    with pytest.raises(InputRefused, match="more than 0 seconds of work") as caught:
        work(document(), place="api.json", options=ImportOptions(budget=ImportBudget(seconds=0)))
    assert caught.value.place == "api.json"
    assert "--limit seconds=" in caught.value.remedy


def test_memory_counts_from_where_the_program_began(monkeypatch):
    held = iter([900, 950, 1_100])
    monkeypatch.setattr(import_budget, "_peak_bytes", lambda: next(held) * 1024**2)
    monkeypatch.setattr(import_budget, "_BETWEEN_CHECKS", 0)
    watch = BudgetWatch(ImportBudget(memory=100 * 1024**2), "api.json", None)
    watch("rules", 0, 9)
    with pytest.raises(InputRefused, match="more than 100 MB of memory") as caught:
        watch("rules", 1, 9)
    assert caught.value.why.endswith("during: rules")
    assert "--limit memory=400M" in caught.value.remedy


def test_this_process_holds_memory():
    """Without the figure of the system nothing would ever be refused."""
    assert import_budget._peak_bytes() > 10 * 1024**2


def test_every_step_of_an_import_reports_its_progress():
    told = []
    examine_source(document(), options=ImportOptions(progress=lambda *step: told.append(step)))
    steps = {step for step, _, _ in told}
    assert {"paths", "definitions", "assessment", "rules", "rules on the whole source"} <= steps
    assert [done for step, done, _ in told if step == "assessment"] == [0, 250, 500]
    assert all(done <= total for _, done, total in told)


def test_the_budget_is_set_beside_the_limits():
    limits, budget = limits_from(["seconds=600", "size=1M", "memory=8G"])
    assert (limits.changed(), budget) == ({"size": 1024**2}, ImportBudget(600, 8 * 1024**3))


def test_a_budget_changes_no_result():
    given = document()
    assert examine_source(given, options=ImportOptions(budget=ImportBudget(9999, 1 << 40))) == examine_source(given)
