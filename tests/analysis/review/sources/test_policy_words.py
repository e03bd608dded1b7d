"""Words of a policy that is only claimed: they assess nothing in a review of several people, and count once they are signed."""

import json
import shutil

import pytest

from analysis.model import DecisionState, Effect
from analysis.output.packet.folder import Snapshot
from analysis.review import commands
from analysis.review.packets.export import export, review_snapshot
from analysis.review.packets.recomputation import recompute
from analysis.review.session import Review
from analysis.review.sources.importing import examine_source
from tests.fixtures.merge_trials import NOW
from tests.fixtures.proven import prove

#: A policy whose words make a dangerous operation look like one that reads.
LOOSE = """policy: 1
name: loose
vocabulary: {read: [{words: [purge], reason: ours, example: purgeQueue}]}
"""


def document(text=""):
    """A document of an operation that reads and one that destroys."""
    paths = {
        f"/queue/{name}": {
            method: {"operationId": f"{name}Queue", "summary": text, "responses": {"200": {"description": ""}}}
        }
        for method, name in (("get", "show"), ("post", "purge"))
    }
    return json.dumps({"openapi": "3.1.0", "info": {"title": "Queue", "version": "1"}, "paths": paths}).encode()


def at(minute):
    return f"2026-03-02T10:{minute:02}:00Z"


def effect(review, method="POST"):
    return next(tool.effect for tool in review.tools() if tool.row.method == method)


def decide(review, actor, minute):
    read = next(tool.row.id for tool in review.tools() if tool.row.method == "GET")
    commands.decide(review, [read], DecisionState.BLOCKED, reason="seen", actor=actor, at=at(minute))


@pytest.fixture
def ours(tmp_path):
    """The review of ann, in which she has decided."""
    path = tmp_path / "ours.clearance"
    Review.create(path, [examine_source(document())], actor="ann", at="2026-03-01T08:00:00Z").close()
    shutil.copy(path, tmp_path / "theirs.clearance")
    review = Review.open(path, now=NOW)
    decide(review, "ann", 1)
    yield review
    review.close()


@pytest.fixture
def theirs(tmp_path, ours):
    """The copy of bob, who has put a policy in force and imported the document under it."""
    path = tmp_path / "theirs.clearance"
    review = Review.open(path, now=NOW)
    commands.import_policy(review, LOOSE, actor="bob", at=at(2))
    commands.import_source(review, document("as it is served"), actor="bob", at=at(3), name=review.sources()[0].info.id)
    decide(review, "bob", 4)
    yield review
    review.close()


def test_the_words_of_the_policy_in_force_count_where_one_person_reviews(theirs):
    assert effect(theirs) is Effect.READ


def test_the_words_of_a_claimed_policy_do_not_shape_an_import(ours, theirs):
    commands.merge(ours, [theirs.path], at=NOW)
    assert ours.record.several
    assert effect(ours) is Effect.CRITICAL
    again = Review.open(ours.path, now=NOW)
    assert effect(again) is Effect.CRITICAL
    again.close()


def test_they_count_once_they_are_proven_and_no_more_when_the_proof_is_lost(ours, theirs):
    commands.merge(ours, [theirs.path], at=NOW)
    prove(ours, ["bob"])
    assert effect(ours) is Effect.READ
    again = Review.open(ours.path, now=NOW)
    assert effect(again) is Effect.READ
    again.close()
    ours.prove(())
    assert effect(ours) is Effect.CRITICAL


def test_what_this_copy_has_not_signed_counts_here_and_in_no_packet(ours, theirs):
    commands.merge(theirs, [ours.path], at=NOW)
    assert theirs.record.several
    assert effect(theirs) is Effect.READ
    shown = {each.tool.method: each.state.effect for each in review_snapshot(theirs).tools}
    assert shown["POST"] is Effect.CRITICAL
    assert effect(theirs) is Effect.READ  # the packet changes nothing here


def test_a_claim_of_somebody_does_not_take_the_words_of_this_copy_away(ours, theirs):
    """They could be strict ones, and a claimed event never loosens."""
    commands.merge(theirs, [ours.path], at=NOW)
    again = Review.open(theirs.path, now=NOW)
    assert effect(again) is Effect.READ
    again.close()


@pytest.mark.parametrize("whose", ["ours", "theirs"])
def test_a_packet_is_computed_again_under_the_words_that_are_signed(ours, theirs, whose, tmp_path):
    one, other = (ours, theirs) if whose == "ours" else (theirs, ours)
    commands.merge(one, [other.path], at=NOW)
    export(one, tmp_path / "packet")
    found = recompute(Snapshot.of(tmp_path / "packet"))
    assert (found.problems, found.not_recomputed) == ((), "")
