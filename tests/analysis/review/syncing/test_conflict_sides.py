"""What a person sees of a conflict: both sides whole, the older first."""

import shutil

import pytest

from analysis.model import Risk
from analysis.review.commands.merging import merge
from analysis.review.syncing.conflict_sides import contested_points


@pytest.fixture
def two(shop, opened, tmp_path):
    """Ann and Bob, each with a copy of the review."""
    return shop, opened(shutil.copy(shop.review.path, tmp_path / "bob.clearance"))


def test_without_a_conflict_there_is_nothing_to_see(two):
    assert contested_points(two[0].review) == ()


def test_both_sides_of_a_decision_are_whole(two):
    ann, bob = two
    ann.conditional("createOrder", ("rate", "5 per hour", "REC"), reason="few of them")
    bob.block("createOrder", reason="not for agents", actor="bob")
    merge(ann.review, [bob.review.path], at=ann.at())
    (point,) = contested_points(ann.review)
    assert (point.what, point.tool) == ("decision of createOrder", ann.id("createOrder"))
    assert {(side.person, side.value, side.reason, side.conditions) for side in point.sides} == {
        ("ann", "conditional", "few of them", ("rate 5 per hour",)),
        ("bob", "blocked", "not for agents", ()),
    }
    assert [side.at for side in point.sides] == sorted(side.at for side in point.sides)
    assert all(side.current and not side.key and side.event for side in point.sides)


def test_a_contested_override_is_told_as_a_sentence(two):
    ann, bob = two
    ann.risk("createOrder", Risk.LOW, "a sandbox")
    bob.risk("createOrder", Risk.HIGH, "it ships goods", actor="bob")
    merge(ann.review, [bob.review.path], at=ann.at())
    (point,) = contested_points(ann.review)
    assert point.what == "risk of createOrder"
    assert {side.reason for side in point.sides} == {"a sandbox", "it ships goods"}
    assert all("risk" in side.value for side in point.sides)
