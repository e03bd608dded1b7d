"""What somebody else wrote into a review: it is shown as it is, set aside or refused in words, and never ends with a fault."""

import random
import shutil
from pathlib import Path

import pytest

from analysis.errors import ClearanceError, WorkspaceRefused
from analysis.review import commands, queries
from analysis.review.queries.people import from_others, open_conflicts, set_aside, team
from analysis.review.queries.status import status_data
from analysis.review.session import Review
from tests.fixtures.hostile_events import append_as, mutated, spoil_rows
from tests.fixtures.merge_trials import NOW, Member, document, packet

#: Hostile events that share one file.
_TOGETHER = 25


@pytest.fixture(scope="module")
def worked(tmp_path_factory):
    """A review in which every kind of event was recorded, and the bodies of these."""
    from analysis.review.sources.importing import examine_source

    folder, chance = tmp_path_factory.mktemp("worked"), random.Random(7)
    path = folder / "worked.clearance"
    Review.create(path, [examine_source(document(0))], actor="ann", at="2026-03-01T08:00:00Z").close()
    shutil.copy(path, folder / "other.clearance")
    team_of_two = [Member(chance, path), Member(chance, folder / "other.clearance")]
    for _ in range(150):
        team_of_two[0].act(team_of_two[1:])
        if chance.random() < 0.1:
            team_of_two[1].act(team_of_two[:1])
    events = [(event.kind, event.body) for event in team_of_two[0].review.store.events]
    for member in team_of_two:
        member.review.close()
    return path, [body for _, body in events], {kind for kind, _ in events}


def use(review):
    """Do what people and programs do with a review; return what it shows of the definitions."""
    status_data(review)
    queries.audit_trail(review)
    open_conflicts(review)
    team(review)
    set_aside(review)
    packet(review)
    for actor in ("ann", "maybe"):
        for act in (commands.undo, commands.redo):
            try:
                act(review, actor=actor, at=NOW)
            except ClearanceError:
                continue
    return [(tool.row.id, tool.row.name, tool.row.digest, tool.row.effect) for tool in review.tools()]


def trial_of_events(seed, worked, tmp_path):
    """Add hostile events to a copy; return how many were set aside, of how many. The file opens and says the same."""
    path, bodies, _ = worked
    chance = random.Random(seed)
    copy = Path(shutil.copy(path, tmp_path / f"{seed}.clearance"))
    sound = Review.open(copy, now=NOW)
    shown = [(tool.row.id, tool.row.name, tool.row.digest, tool.row.effect) for tool in sound.tools()]
    sound.close()
    append_as(copy, f"{seed:032x}", [mutated(chance, chance.choice(bodies)) for _ in range(_TOGETHER)])
    review = Review.open(copy, now=NOW)
    assert len(review.record.events) == len(bodies) + _TOGETHER
    assert from_others(review).sentence
    assert use(review) == shown
    count = len(set_aside(review))
    if review.record.unsettled:
        assert review.summary().open_gates
    review.close()
    other = Review.open(Path(shutil.copy(path, tmp_path / f"{seed}-merged.clearance")), now=NOW)
    commands.merge(other, [copy], at=NOW)
    assert use(other) == shown
    other.close()
    return count


def test_the_review_holds_every_kind_of_event(worked):
    assert len(worked[2]) >= 11


@pytest.mark.parametrize("seed", range(8))
def test_hostile_events_never_close_a_file(seed, worked, tmp_path):
    assert 0 < trial_of_events(seed, worked, tmp_path) <= _TOGETHER


@pytest.mark.e2e
@pytest.mark.parametrize("twenty", range(10))
def test_five_thousand_hostile_events_never_close_a_file(twenty, worked, tmp_path):
    seeds = range(1_000 + 20 * twenty, 1_020 + 20 * twenty)
    assert sum(trial_of_events(seed, worked, tmp_path) for seed in seeds) > 20 * _TOGETHER / 3


def trial_of_rows(seed, worked, tmp_path):
    """Spoil the derived rows of a copy; return whether it was opened, which then shows no false row."""
    path, _, _ = worked
    copy = Path(shutil.copy(path, tmp_path / f"{seed}.clearance"))
    sound = Review.open(copy, now=NOW)
    shown = use(sound)
    sound.close()
    copy = Path(shutil.copy(path, tmp_path / f"{seed}-spoilt.clearance"))
    spoil_rows(random.Random(seed), copy)
    before = copy.read_bytes()
    try:
        review = Review.open(copy, now=NOW)
    except WorkspaceRefused as refused:
        said = refused
    else:
        assert use(review) == shown
        review.close()
        return True
    assert said.why
    assert said.remedy
    assert copy.read_bytes() == before
    return False


@pytest.mark.parametrize("ten", range(4))
def test_hostile_rows_are_rebuilt_or_refused(ten, worked, tmp_path):
    opened = [trial_of_rows(seed, worked, tmp_path) for seed in range(10 * ten, 10 * ten + 10)]
    assert any(opened)


@pytest.mark.e2e
@pytest.mark.parametrize("fifty", range(10))
def test_five_hundred_hostile_files_are_rebuilt_or_refused(fifty, worked, tmp_path):
    for seed in range(2_000 + 50 * fifty, 2_050 + 50 * fifty):
        trial_of_rows(seed, worked, tmp_path)
