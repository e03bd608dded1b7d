"""Views and facets: a column where there is room, a key everywhere; each equals a typed filter."""

from __future__ import annotations

import pytest

from analysis.review import queries
from tui.desk.pages.facets import choices, has, narrowed
from tui.desk.shell.session import Session

WIDE = (200, 60)


@pytest.mark.parametrize(
    ("query", "term", "then"),
    [
        ("", "risk:high", "risk:high"),
        ("tag", "risk:high", "tag risk:high"),
        ("risk:low tag", "risk:high", "tag risk:high"),
        ("risk:high tag", "risk:high", "tag"),
        ("is:undecided", "risk:high", "is:undecided risk:high"),
        ("-risk:low", "risk:high", "-risk:low risk:high"),
        ("a OR b", "risk:high", "(a OR b) risk:high"),
        ("(a OR b) risk:high", "risk:high", "(a OR b)"),
        ('"risk:low is fine"', "risk:high", '("risk:low is fine") risk:high'),
        ("ORDER", "risk:high", "ORDER risk:high"),
    ],
)
def test_a_facet_narrows_a_filter_and_keeps_its_rest(query, term, then):
    assert narrowed(query, term) == then
    assert has(then, term) is not has(query, term)


@pytest.mark.parametrize("begun", ["", "customer", "risk:high", "tag OR role"])
def test_a_count_is_the_number_of_tools_the_filter_shows(begun, open_review):
    session = Session(open_review("sample"), "rev")
    session.filter(begun)
    facets = [choice for choice in choices(session) if choice.count is not None]
    assert {facet.title for facet in facets} == {"Risk", "Type", "Decision", "Method"}
    for facet in facets:
        field = facet.query.split()[-1].partition(":")[0] if facet.query else "risk"
        if field not in begun and not facet.used:  # another value of a field takes the place of the first
            assert len(queries.select(session.review, facet.query, actor="rev")) == facet.count, facet
    assert sum(facet.count or 0 for facet in facets if facet.title == "Risk") == len(session.shown)


def test_a_method_that_is_not_a_word_is_not_offered(tmp_path):
    from analysis.review.session import Review
    from analysis.review.sources.importing import examine_source

    (tmp_path / "tools.json").write_text('{"tools": [{"name": "listThings"}]}')
    review = Review.create(
        tmp_path / "x.clearance", [examine_source(str(tmp_path / "tools.json"))], actor="rev", at="2026-03-02T09:00:00Z"
    )
    offered = [choice for choice in choices(Session(review, "rev")) if choice.title == "Method"]
    review.close()
    assert all(choice.label.isalpha() for choice in offered)


async def click(hand, text):
    """Click on a facet."""
    facets = hand.desk.tools_area.facets
    labels = [facets._cells(key)[0][0].strip(" *") for key in facets.table.keys]
    await hand.click(facets, (4, 2 + labels.index(text)))


async def counts(hand):
    """Return the column as drawn, once it is counted again."""
    width = hand.desk.tools_area.facets.region.width
    return [" ".join(line[:width].strip("│▐╭╮").split()) for line in (await hand.look()).split("\n")]


async def test_three_columns_where_there_is_room(open_review, at_desk):
    async with at_desk(open_review("sample"), size=WIDE) as hand:
        await hand.shows("High risk, undecided")
        area = hand.desk.tools_area
        columns = [area.facets.region, area.table.region, area.pane.region]
        assert [each.x for each in columns] == sorted({each.x for each in columns})
        assert columns[1].width > columns[2].width > columns[0].width
        assert max(each.right for each in columns) == WIDE[0]
        assert "critical 8" in await counts(hand)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (179, 60)])
async def test_no_column_of_facets_on_narrow_screens(size, open_review, at_desk):
    async with at_desk(open_review("sample"), size=size) as hand:
        await hand.shows("listCustomers")
        assert not hand.desk.tools_area.facets.display
        await hand.resize(*WIDE)
        await hand.shows("Changed since decided")


async def test_a_click_applies_or_removes_a_view_or_facet(open_review, at_desk):
    async with at_desk(open_review("sample"), size=WIDE) as hand:
        await hand.until(lambda: hand.desk.tools_area.facets.table.keys)
        await click(hand, "Money")
        await hand.until(lambda: hand.desk.session.query == "class:billing")
        await hand.shows("* Money")
        assert hand.shown == ["refundPayment", "chargePaymentMethod", "issuePayout"]
        await click(hand, "conditional")
        await hand.until(lambda: hand.desk.session.query == "class:billing is:conditional")
        await hand.shows("* conditional")
        assert hand.shown == ["refundPayment"]
        await click(hand, "conditional")
        await hand.until(lambda: hand.desk.session.query == "class:billing")
        await click(hand, "Risk")  # a title is not a choice
        assert hand.desk.session.query == "class:billing"
        assert hand.desk.focused is hand.desk.tools_area.table


async def test_a_click_does_nothing_while_a_filter_is_typed(open_review, at_desk):
    async with at_desk(open_review("sample"), size=WIDE) as hand:
        await hand.until(lambda: hand.desk.tools_area.facets.table.keys)
        await hand.types('/ "tag"')
        await click(hand, "Money")
        assert hand.desk.session.query == "tag"


async def test_counts_follow_decisions(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=WIDE) as hand:
        await hand.until(lambda: hand.desk.tools_area.facets.table.keys)
        assert "undecided 48" in await counts(hand)
        await hand.types("b enter")
        for expected in ("undecided 47", "blocked 1"):
            assert expected in await counts(hand)


@pytest.mark.parametrize("size", [(80, 24), WIDE])
async def test_the_key_narrows_at_every_size(size, open_review, at_desk):
    async with at_desk(open_review("sample"), size=size) as hand:
        await hand.types("f")
        await hand.shows("Narrow by")
        await hand.types("1")
        assert hand.desk.session.query == "risk:high"
        await hand.types("f 1")
        assert hand.desk.session.query == ""
        await hand.types("f escape")
        assert hand.desk.session.query == ""


async def test_facets_are_counted_when_idle_and_only_where_shown(open_review, at_desk):
    for size, counted in (((120, 40), 0), (WIDE, 1)):
        async with at_desk(open_review("fresh"), size=size) as hand:
            await hand.look()
            facets, seen = hand.desk.tools_area.facets, []
            count = facets._count
            facets._count = lambda count=count, seen=seen: (seen.append(1), count())
            for _ in range(5):
                hand.desk.refresh_status()  # as after each of five keys in a row
            await hand.look()
            assert len(seen) == counted
