"""Two programs on one file: each takes in what the other recorded, reads no more than that, and shows what a new one would."""

import random

import pytest

from analysis.review import commands
from analysis.review.queries.status import status_data
from analysis.review.session import Review
from analysis.review.sources.importing import examine_source
from tests.fixtures.merge_trials import NOW, Member, document


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "shared.clearance"
    begun = Review.create(path, [examine_source(document(0))], actor="ann", at="2026-03-01T08:00:00Z")
    begun.close()
    return path


def shown(review):
    return status_data(review), review.tools(), [event.id for event in review.record.events], review.as_of


@pytest.mark.parametrize("seed", range(12))
def test_what_was_taken_in_is_what_a_new_program_reads(seed, path, tmp_path):
    chance = random.Random(seed)
    elsewhere = tmp_path / "elsewhere.clearance"
    commands.share(Review.open(path), elsewhere)
    desks = [Member(chance, path), Member(chance, path)]
    away = Member(chance, elsewhere)
    for _ in range(25):
        acting, watching = chance.sample(desks, 2)
        acting.act([away])
        away.act([acting])
        watching.review.refresh(NOW)
        if chance.random() < 0.3:
            fresh = Review.open(path, now=NOW)
            assert shown(watching.review) == shown(fresh)
            fresh.close()
    for member in (*desks, away):
        member.review.close()


def test_only_new_events_are_read_and_the_tools_are_not(path, monkeypatch):
    one, other = Review.open(path, now=NOW), Review.open(path, now=NOW)
    tool = one.tools()[0].row.id
    for number in range(20):
        commands.note(one, tool, str(number), actor="ann", at="2026-03-02T09:00:00Z")
    read = []
    other.store._connection.set_trace_callback(read.append)
    assert other.refresh(NOW)
    assert not other.refresh(NOW)
    assert [statement for statement in read if "tools" in statement or "sources" in statement] == []
    assert len([statement for statement in read if "body FROM events" in statement]) == 1
    assert other.tool(tool).notes == 20
    monkeypatch.setattr(other, "reload", None)  # a note is taken in without reading everything again
    commands.note(one, tool, "one more", actor="ann", at="2026-03-02T09:00:00Z")
    commands.note(other, tool, "another", actor="bob", at="2026-03-02T09:01:00Z")
    assert other.tool(tool).notes == 22
    one.close()
    other.close()
