"""Rules that hit nearly everywhere: one finding is shown, single ones are disposed of."""

import json
import random
from contextlib import closing
from dataclasses import replace

import pytest

from analysis.errors import UsageError
from analysis.model import DecisionState, Disposition, Effect, Finding, FindingId, Severity, SourceId, Status, ToolId
from analysis.review import commands, queries
from analysis.review.session import Review
from analysis.review.sources.importing import examine_source
from analysis.rules import FindingRows, grouped, worst_first
from analysis.rules.engine import grouping
from analysis.rules.engine.grouping import _merged

NOW = "2026-03-01T10:00:00Z"


def document(count):
    paths = {
        f"/things{n}": {"get": {"operationId": f"getThing{n}", "summary": "Returns one thing."}} for n in range(count)
    }
    return json.dumps({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": paths}).encode()


@pytest.fixture
def review(tmp_path):
    made = Review.create(tmp_path / "r.clearance", [examine_source(document(4))], actor="ann", at=NOW)
    yield made
    made.close()


def untyped(review):
    return [f for f in review.summary().findings if f.rule == "DAT-008"]


def finding(tool, severity, matched="path token", rule="CRD-012"):
    identity = FindingId(f"{rule}|{tool}|token")
    return Finding(identity, rule, "t", severity, "low", "w", "r", tool=ToolId(tool), matched=matched)


@pytest.mark.parametrize("severity", Severity)
def test_a_few_grave_findings_are_read_one_by_one(severity):
    granted_high_risk = severity in {Severity.CRITICAL, Severity.HIGH}
    assert len(grouped([finding(tool, severity) for tool in "abcde"], {})) == (5 if granted_high_risk else 1)
    (one,) = grouped([finding(tool, severity) for tool in "abcdef"], {})
    assert (len(one.members), one.points) == (6, 6 * severity.points)
    assert one.matched == ("path token" if granted_high_risk else "")


def test_grave_findings_of_another_cause_stay_apart():
    found = [finding(tool, Severity.HIGH) for tool in "abcdef"] + [finding("g", Severity.HIGH, "path secret")]
    assert [len(each.members) for each in grouped(found, {})] == [6, 1]


def various():
    """Return findings of grouping and other rules, severe and not, on tools and on the review, in several states."""
    rules = ("CRD-012", "EXP-001", "INJ-002", "DAT-001", "EXP-002")
    found = [
        replace(finding(tool, severity, matched, rule), status=status)
        for rule in rules
        for tool, severity, matched, status in zip(
            "abcdefghijklmnop",
            [*Severity, *Severity, *Severity, Severity.HIGH] * 2,
            ["path token", "path secret"] * 8,
            [Status.OPEN, Status.OPEN, Status.ACCEPTED] * 6,
            strict=False,
        )
    ]
    return [*found, *(replace(each, tool=None, id=FindingId(f"{each.id}|r")) for each in found[::5])]


@pytest.mark.parametrize("mostly_undecided", [True, False])
@pytest.mark.parametrize("seed", range(3))
def test_rows_that_are_kept_are_those_of_what_is_left(seed, mostly_undecided):
    chance, every = random.Random(seed), various()
    source_of = {ToolId(tool): SourceId("xyz"[ord(tool) % 3]) for tool in "abcdefghijklmnop"}
    present = chance.sample(every, 40)
    rows = FindingRows(source_of, present)
    for _ in range(60):
        gone = chance.sample(present, chance.randrange(4))
        come = chance.sample([each for each in every if each not in present], chance.randrange(4))
        present = [each for each in present if each not in gone] + come
        more = chance.sample([each for each in every if each not in present], chance.randrange(3))
        rows.replace(gone, come)
        kept = rows.findings(mostly_undecided=mostly_undecided, more=more)
        assert kept == grouped([*present, *more], source_of, mostly_undecided=mostly_undecided)
        assert sorted(one for row in kept for one in row.members) == sorted(each.id for each in [*present, *more])


def test_rows_are_worst_first_each_where_its_worst_finding_is():
    kept = grouped(reversed(various()), {})
    assert kept == grouped(various(), {})
    worst = [min(map(worst_first, getattr(row, "singles", (row,)))) for row in kept if row.count > 1]
    assert worst == sorted(worst)


def test_a_change_makes_no_other_row_anew(monkeypatch):
    made: list[str] = []

    def counted(key, group):
        made.append(key[0])
        return _merged(key, group)

    monkeypatch.setattr(grouping, "_merged", counted)
    rows = FindingRows(
        {}, [finding(tool, Severity.LOW, rule=rule) for rule in ("CRD-012", "DAT-001") for tool in "abc"]
    )
    rows.findings(mostly_undecided=False)
    assert sorted(made) == ["CRD-012", "DAT-001"]
    rows.replace([finding("a", Severity.LOW)], [])
    rows.findings(mostly_undecided=False)
    assert sorted(made) == ["CRD-012", "CRD-012", "DAT-001"]


def test_planted_text_is_never_gathered():
    found = [finding(tool, Severity.CRITICAL, rule="INJ-002") for tool in "abcdefgh"]
    assert grouped(found, {}) == found


def deletions(count):
    paths = {f"/things{n}/{{id}}": {"delete": {"operationId": f"deleteThing{n}"}} for n in range(count)}
    return json.dumps({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": paths}).encode()


def test_gathered_grave_findings_weigh_count_and_hold_down_as_the_single_ones_do(tmp_path):
    with closing(
        Review.create(tmp_path / "r.clearance", [examine_source(deletions(9))], actor="ann", at=NOW)
    ) as review:
        summary = review.summary()
        (one,) = [f for f in summary.findings if f.rule == "EXP-001"]
        assert (one.matched, len(one.members)) == ("9 critical", 9)
        (line,) = [line for line in summary.score.ledger if line.finding == one.id]
        assert line.points == 45
        told = (summary.score.value, summary.score.verdict, summary.score.because, summary.score.caps)
        counted = summary.figures
        assert told == (counted.value, counted.verdict, counted.because, counted.caps)
        single = [f for found in summary.by_tool.values() for f in found] + list(summary.general)
        critical = sum(f.severity is Severity.CRITICAL for f in single)
        assert critical >= 9
        assert f"{critical} open critical findings" in summary.score.because


def acting(reads, writes, deletions):
    operations = [("get", "get")] * reads + [("post", "create")] * writes + [("delete", "delete")] * deletions
    paths = {
        f"/things{n}/{{id}}": {way: {"operationId": f"{verb}Thing{n}"}} for n, (way, verb) in enumerate(operations)
    }
    return json.dumps(
        {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "security": [{"key": []}], "paths": paths}
    ).encode()


@pytest.fixture
def mixed(tmp_path):
    made = Review.create(tmp_path / "m.clearance", [examine_source(acting(4, 3, 3))], actor="ann", at=NOW)
    yield made
    made.close()


def rules_listed(review):
    return [f.rule for f in review.summary().findings if f.family == "EXP" and f.rule < "EXP-005"]


def test_undecided_tools_are_the_queue_and_no_findings(mixed):
    summary = mixed.summary()
    assert [(row.rule, row.matched, row.points) for row in summary.queue] == [
        ("EXP-003", "3 side-effect", 6), ("EXP-004", "4 read-only", 4),
    ]  # fmt: skip
    assert rules_listed(mixed) == ["EXP-001"]
    assert not [f for found in summary.by_tool.values() for f in found if f.rule in {"EXP-003", "EXP-004"}]
    lines = [line for line in summary.score.ledger if line.rule in {"EXP-003", "EXP-004"}]
    assert [(line.finding, line.points, line.remedy[:6]) for line in lines] == [
        (None, 6, "Decide"),
        (None, 4, "Decide"),
    ]
    assert queries.findings_by_id(mixed).keys().isdisjoint(queued.id for row in summary.queue for queued in row.singles)


def test_deciding_shortens_the_queue_and_gains_its_points(mixed):
    before = mixed.summary().score.value
    tools = [tool.row.id for tool in mixed.tools() if tool.effect is not Effect.CRITICAL]
    commands.decide(mixed, tools, DecisionState.BLOCKED, reason="unused", actor="ann", at=NOW)
    after = mixed.summary()
    assert (after.queue, after.score.value > before, after.score.verdict) == ((), True, "blocked")


def test_what_awaits_a_decision_is_one_row_until_most_is_decided(mixed):
    (row,) = [f for f in mixed.summary().findings if f.rule == "EXP-001"]
    assert (row.matched, row.severity, len(row.members)) == ("3 critical", Severity.CRITICAL, 3)
    tools = [tool.row.id for tool in mixed.tools() if tool.effect is not Effect.CRITICAL]
    commands.decide(mixed, tools[:5], DecisionState.APPROVED, reason="read", actor="ann", at=NOW)
    assert rules_listed(mixed) == ["EXP-001", "EXP-001", "EXP-001"]
    assert mixed.summary().score.verdict == "blocked"
    assert mixed.summary().score.because[0] == "3 open critical findings"


def test_the_finding_of_a_document_follows_decisions(tmp_path):
    with closing(
        Review.create(tmp_path / "r.clearance", [examine_source(deletions(3))], actor="ann", at=NOW)
    ) as review:
        tools = [tool.row.id for tool in review.tools()]
        seen = []
        for count in range(4):
            if count:
                blocked = [tools[count - 1]]
                commands.decide(review, blocked, DecisionState.BLOCKED, reason="unused", actor="ann", at=NOW)
            seen.append([f.matched.partition(": ")[2] for f in review.summary().findings if f.rule == "CRD-001"])
        assert seen == [[f"{n} tool{'s' * (n > 1)}, {n} of them writing"] for n in (3, 2, 1)] + [[]]


def test_one_finding_stands_for_all_tools_and_weighs_as_much(review):
    (one,) = untyped(review)
    assert (one.title, one.heading) == ("Response unknown", "Response unknown · 4 tools")
    assert (one.tool, len(one.tools), len(one.members), one.points) == (None, 4, 4, 4)
    assert all("DAT-008" in [f.rule for f in review.summary().by_tool[tool]] for tool in one.tools)


def test_deciding_some_leaves_the_others(review):
    tools = [tool.row.id for tool in review.tools()]
    commands.decide(review, tools[:2], DecisionState.BLOCKED, reason="read", actor="ann", at=NOW)
    (one,) = untyped(review)
    assert one.points == 2
    commands.decide(review, tools[2:3], DecisionState.BLOCKED, reason="read", actor="ann", at=NOW)
    (last,) = untyped(review)
    assert (last.tool, last.members, last.points) == (tools[3], (last.id,), None)


def test_a_tool_that_is_new_is_not_covered_by_what_was_said_of_the_others(review):
    (one,) = untyped(review)
    made = Disposition(Status.NOT_APPLICABLE, "a sandbox", "ann", NOW)
    assert commands.dispose(review, [one.id], made).sentence == "4 findings: not-applicable"
    commands.add_source(review, examine_source(document(6)), actor="ann", at=NOW)
    settled, still_open = sorted(untyped(review), key=lambda f: f.status is Status.OPEN)
    assert (settled.status, len(settled.tools)) == (Status.NOT_APPLICABLE, 4)
    assert (still_open.status, len(still_open.tools)) == (Status.OPEN, 2)
    assert queries.dispositions(review)[settled.id].reason == "a sandbox"


def test_severities_and_sources_stay_apart(review):
    single = [f for found in review.summary().by_tool.values() for f in found if f.rule == "DAT-008"]
    mixed = [replace(f, severity=Severity.MEDIUM if n % 2 else f.severity) for n, f in enumerate(single)]
    assert len(grouped(mixed, {})) == 2
    assert len(grouped(single, {f.tool: SourceId(str(n)) for n, f in enumerate(single)})) == 4


def test_nothing_said_of_a_member_is_hidden(review):
    (one,) = untyped(review)
    for number, (reason, owner, until) in enumerate((("A", "cfo", "2030-01-01"), ("B", "ciso", "2026-04-01"))):
        members = one.members[2 * number : 2 * number + 2]
        commands.dispose(review, members, Disposition(Status.ACCEPTED, reason, "ann", NOW, owner=owner, until=until))
    (accepted,) = untyped(review)
    told = queries.dispositions(review)[accepted.id]
    assert (told.reason, told.owner, told.until) == ("A; B", "cfo; ciso", "2026-04-01")


def test_a_finding_is_disposed_of_once_and_only_if_there_is_one(review):
    (one,) = untyped(review)
    made = Disposition(Status.NOT_APPLICABLE, "a sandbox", "ann", NOW)
    with pytest.raises(UsageError, match="no such finding"):
        commands.dispose(review, [FindingId("nonsense")], made)
    assert commands.dispose(review, [one.id, one.members[0]], made).sentence == "4 findings: not-applicable"
    with pytest.raises(UsageError, match="no such finding"):
        commands.dispose(review, [one.id], made)
