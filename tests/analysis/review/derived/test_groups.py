"""Groups: one resource, type and risk; the same after any change as when computed anew; and what is unlike the rest."""

from __future__ import annotations

import random

import pytest

from analysis.model import CapabilityKind, Risk, ToolType
from analysis.review import queries
from analysis.review.derived.groups import Groups, _resource, group_key


def titles(review):
    return {
        group.title: [review.tool(tool).row.name for tool in group.tools] for group in review.views.groups.ordered()
    }


def test_the_groups_of_the_sample(sample_review):
    found = titles(sample_review.review)
    assert sum(map(len, found.values())) == 48
    assert len(found["Users and roles: administrative, high risk"]) == 3
    assert "high risk" in next(iter(found))  # undecided work of high risk comes first


def test_every_tool_is_in_one_group_which_a_query_selects(sample_review):
    review = sample_review.review
    groups = review.views.groups.ordered()
    assert sorted(tool for group in groups for tool in group.tools) == sorted(state.row.id for state in review.tools())
    assert len({group.key.id for group in groups}) == len(groups)
    for group in groups:
        assert queries.select(review, f"group:{group.key.id}") == list(group.tools)
        assert {review.tool(tool).risk for tool in group.tools} == {group.key.risk}
        assert {review.tool(tool).type for tool in group.tools} == {group.key.type}
    assert review.views.groups.of(groups[0].tools[0]) == groups[0]


def test_a_re_tag_moves_a_tool_to_another_group(sample_review):
    review, tool = sample_review.review, sample_review.id("listTags")
    before = review.views.groups.of(tool)
    sample_review.risk("listTags", Risk.HIGH, "names of customers")
    after = review.views.groups.of(tool)
    assert (before.key.risk, after.key.risk) == (Risk.LOW, Risk.HIGH)
    assert all(tool not in group.tools for group in review.views.groups.ordered() if group.key == before.key)
    assert queries.select(review, f"group:{after.key.id} name:listTags") == [tool]


@pytest.mark.parametrize("seed", range(4))
def test_followed_changes_give_what_a_rebuild_gives(sample_review, seed):
    review, chance = sample_review.review, random.Random(seed)
    kept = review.views.groups
    names = [state.row.name for state in review.tools()]
    for _ in range(25):
        name = chance.choice(names)
        match chance.randrange(4):
            case 0:
                sample_review.block(name, reason="x")
            case 1:
                sample_review.clear(name)
            case 2:
                sample_review.risk(name, chance.choice(list(Risk)), "because")
            case _:
                sample_review.type(name, chance.choice(list(ToolType)), "because")
        if chance.random() < 0.3:
            assert kept.current().ordered() == Groups(review.table).ordered()
            assert kept.waiting == sum(1 for group in kept.ordered() if group.undecided)
    assert review.views.groups.ordered() == Groups(review.table).ordered()


def test_what_is_unlike_the_others_is_said_and_what_all_have_is_not(sample_review):
    review = sample_review.review
    group = next(g for g in review.views.groups.ordered() if g.title == "Customers: read-only, medium risk")
    said = {review.tool(tool).row.name: features for tool, features in group.unlike.items()}
    assert said["searchCustomers"] == ("POST method",)
    assert not any("returns personal data" in features for features in said.values())


def test_tools_of_a_server_are_grouped_by_the_noun_of_their_name():
    def noun(name):
        return _resource(CapabilityKind.TOOL, (), "", "", name)

    assert [noun(name) for name in ("list_issues", "getIssue", "create-issue", "batch_update_issues")] == ["issue"] * 4
    assert [noun(name) for name in ("ping", "get_status", "", "создать")] == ["ping", "status", "", "создать"]
    assert _resource(CapabilityKind.PROMPT, (), "", "", "x") == "prompt"
    assert _resource(CapabilityKind.TOOL, (), "GET", "/v1/orders/{id}", "x") == "orders"
    assert _resource(CapabilityKind.TOOL, (), "GET", "/", "x") == "/"


def test_the_key_follows_from_the_state_alone(sample_review):
    for state in sample_review.review.tools():
        assert group_key(state) == sample_review.review.views.groups.of(state.row.id).key
