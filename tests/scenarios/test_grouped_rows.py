"""Rows that stand for many: notes on grouped findings, bulks in the history, re-tags of marked tools."""

from __future__ import annotations


def grouped_key(area):
    """Return the first grouped finding that is open."""
    return next(key for key, found in area._found.items() if found.members and found.rule.startswith("DAT"))


async def test_a_note_stays_with_a_grouped_finding_after_its_disposition(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 60)) as hand:
        await hand.types("4")
        area = hand.desk.list_area
        key = grouped_key(area)
        rule = area._found[key].rule
        area.table.go(key)
        await hand.types('n "asked the owner" enter')
        await hand.shows("asked the owner")
        await hand.types('d n "only in the pilot" enter enter')
        after = next(k for k, found in area._found.items() if found.rule == rule and found.members and k != key)
        area.table.go(after)
        await hand.settle()
        await hand.shows("asked the owner")
        assert hand.recorded()[0].startswith("note.written")
        await hand.types("H G k")
        shown = " ".join(cell for row in hand.desk.list_area.table.keys for cell, _ in hand.desk.list_area.cells(row))
        assert "*|" not in shown
        assert f"noted on {rule} in " in shown


async def test_the_history_shows_a_bulk_as_one_row(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types('/ "tag" enter * b "not needed" enter u escape escape H')
        area = hand.desk.list_area
        rows = [area.cells(key)[2][0] for key in area.table.keys]
        assert rows[0] == "undid a change of 2 tools/decision: undecided"
        assert rows[1] == "blocked 2 tools (not needed)"
        await hand.types("j")
        await hand.shows("blocked addCustomerTag (not needed)")
        await hand.types("enter")
        assert hand.shown == ["listTags", "addCustomerTag"]
        assert len(hand.desk.session.marks) == 2


async def test_marked_tools_are_re_tagged_as_one_step(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types('/ "tag" enter * t')
        await hand.shows("Type of 2 tools")
        await hand.types('a "tags give access here" enter')
        assert [each.split(" because")[0] for each in hand.recorded()] == [
            f"tool.retagged {name} type administrative" for name in ("listTags", "addCustomerTag")
        ]
        assert hand.actions() == 1
        assert not hand.desk.session.marks


async def test_re_tagging_several_needs_a_reason_and_leaves_unseen_high_risk_as_it_is(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types('/ "risk:high class:billing" enter ~ * r l enter')
        await hand.shows("Reason is required")
        await hand.types('"test money" enter')
        assert "left out, of high risk and not opened: 2" in hand.said[-1]
        assert len(hand.recorded()) == 1


async def test_a_flow_role_is_added_to_all_marked_tools(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types('/ "tag" enter * l u "tags are written by customers" enter')
        assert len(hand.recorded()) == 2
        assert all("leg-untrusted present" in each for each in hand.recorded())


def listed(hand, rule):
    """Return the keys of the listed findings of a rule."""
    return [key for key, found in hand.desk.list_area._found.items() if found.rule == rule]


async def test_marked_findings_get_one_disposition_as_one_step(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types('4 / "FLO-" enter')
        shown = len(hand.desk.list_area.table.keys)
        assert shown > 1
        await hand.types("*")
        await hand.shows(f"{shown} marked")
        await hand.types('d n "only in the pilot" enter enter')
        assert hand.actions() == 1
        assert {each.partition(" not-applicable ")[2] for each in hand.recorded()} == {"because 'only in the pilot'"}
        assert not hand.desk.list_area.marks.keys
        await hand.types("u")
        assert sum(each.startswith("undoing") for each in hand.recorded()) * 2 == len(hand.recorded())


async def test_a_range_of_findings_is_marked_and_esc_takes_the_marks_off(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types("4 v j j v")
        assert len(hand.desk.list_area.marks.keys) == 3
        await hand.types("k k space")
        assert len(hand.desk.list_area.marks.keys) == 2
        await hand.types("escape")
        assert not hand.desk.list_area.marks.keys
        assert hand.desk.area == "findings"


async def test_a_question_among_the_marked_ones_is_told(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types("4 * d")
        assert (
            "closes when its question is answered" in hand.said[-1] or "undecided tools are no finding" in hand.said[-1]
        )
        assert hand.recorded() == []
