"""What a reviewer of a vendor's document reads first, and that work is rewarded."""

import json
from collections import Counter

import pytest

from analysis.model import Severity, Status
from tests.benchmarks.first_rows import LEAST_RISE, first_rows
from tests.benchmarks.rules import VENDORS

#: Rules that say no more of a definition than that it waits for its decision.
WORK = {"EXP-003", "EXP-004"}


@pytest.fixture(scope="module", params=VENDORS)
def seen(request, shared):
    return first_rows(shared / "specs" / request.param)


def test_the_first_rows_of_a_document_are_right(seen):
    rows = [found for found, _ in seen.rows]
    counts = Counter(found.rule for found in rows)
    assert WORK.isdisjoint(counts)
    assert max(counts["EXP-001"], counts["EXP-002"]) == 1
    # No vendor publishes a live secret, or runs a public API without authentication.
    accused = {found.rule for found in rows if found.severity is Severity.CRITICAL}
    assert accused.isdisjoint({"CRD-001", "CRD-010", "INJ-001", "INJ-002"})


def test_deciding_everything_raises_the_score_and_the_ledger_says_what_is_left(seen):
    assert seen.rise >= LEAST_RISE
    assert seen.before.verdict == "blocked"
    open_points = [
        f for f in seen.left if f.status is Status.OPEN and f.severity is not Severity.INFO and f.family != "ACC"
    ]
    assert {line.finding for line in seen.after.ledger if line.finding} == {f.id for f in open_points}
    assert all(line.remedy for line in (*seen.before.ledger, *seen.after.ledger) if line.rule != "rounding")


def test_a_benchmark_row_is_what_the_desk_lists(tmp_path):
    path = tmp_path / "api.json"
    operations = {f"/things{n}/{{id}}": {"delete": {"operationId": f"deleteThing{n}"}} for n in range(9)}
    operations["/rooms"] = {"get": {"operationId": "listRooms"}}
    path.write_text(json.dumps({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": operations}))
    made = first_rows(path)
    assert (made.rows[0][0].rule, made.rows[0][1]) == ("EXP-001", "9 tools")
    assert made.rise > 0
