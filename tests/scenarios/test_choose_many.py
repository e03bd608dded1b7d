"""Ranges, similar tools, views, decisions that keep the cursor, completion: keys typed, events recorded."""

from __future__ import annotations

import pytest

from analysis.review import queries
from tui.desk.widgets.layout import covered

SIZES = ((80, 24), pytest.param((120, 40), marks=pytest.mark.e2e), (200, 60))  # without and with the column of facets
ON = "on the assessment"
DECIDED = "tool.decided"

RECORDED = {
    "approve and stay": ("A enter", [f"{DECIDED} listCustomers approved {ON}"], "listCustomers"),
    "block and stay": ("j B enter", [f"{DECIDED} createCustomer blocked {ON}"], "createCustomer"),
    "conditions and stay": ("C enter", [f"{DECIDED} listCustomers conditional if audit=every call {ON}"], "listCustomers"),
    "stay, then decide again": (
        "A enter B enter",
        [f"{DECIDED} listCustomers approved {ON}", f"{DECIDED} listCustomers blocked {ON}"],
        "listCustomers",
    ),
    "a range downwards": (
        'v j j v b "x" enter',
        [f"{DECIDED} {name} blocked because 'x'" for name in ("listCustomers", "createCustomer", "searchCustomers")],
        "searchCustomers",
    ),
    "a range upwards": (
        'j j v k v b "x" enter',
        [f"{DECIDED} {name} blocked because 'x'" for name in ("createCustomer", "searchCustomers")],
        "createCustomer",
    ),
    "a range left by Esc": ("v j escape b enter", [f"{DECIDED} createCustomer blocked {ON}"], "searchCustomers"),
    "all like this one": (
        '/ "name:listInvoices" enter escape , b "finance" enter',
        [f"{DECIDED} {name} blocked because 'finance'" for name in ("listInvoices", "getInvoice")],
        None,
    ),
    "conditions chosen by arrows": (
        "c shift+tab down enter enter",
        [f"{DECIDED} listCustomers conditional if approval=one person {ON}"],
        "createCustomer",
    ),
    "a view kept for everybody": (
        '/ "class:billing" enter F "money" enter',
        ["view.saved money nothing"],
        None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", RECORDED)
async def test_keys_become_events(name, size, open_review, at_desk):
    keys, events, tool = RECORDED[name]
    async with at_desk(open_review("fresh"), size=size) as hand:
        await hand.types(keys)
        assert hand.recorded() == events
        if tool:
            assert hand.tool == tool


@pytest.mark.parametrize("verdict", ["a", "c"])
async def test_two_tools_are_a_bulk(verdict, open_review, at_desk):
    """The smallest bulk: both HIGH, and neither opened."""
    async with at_desk(open_review("fresh")) as hand:
        await hand.types('/ "name:refundPayment OR name:issuePayout" enter * ~')
        assert len(hand.desk.session.marks) == 2
        hand.desk.session.opened.clear()  # the page of the first was drawn while the filter was typed
        await hand.types(verdict)
        assert hand.said[-1].startswith("2 of the 2 tools are HIGH risk and were not opened, first refundPayment")
        assert not covered(hand.desk)
        assert hand.recorded() == []


async def test_similar_tools_share_method_type_and_risk(open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        await hand.types(",")
        states = [hand.review.tool(tool) for tool in hand.desk.session.marks]
        assert len({(s.row.method, s.type, s.risk) for s in states}) == 1
        assert len(states) >= 1
        assert "are marked" in hand.said[-1]


async def test_a_saved_view_is_chosen_by_its_letter(review_file, at_desk):
    from analysis.review.session import Review

    path = review_file("fresh")
    async with at_desk(Review.open(path)) as hand:
        await hand.types('/ "class:billing" enter F "money first" enter escape')
        await hand.types("V")
        await hand.shows("money first")
        await hand.types("1")
        assert hand.desk.session.query == "class:billing"
        assert set(hand.shown) == {"refundPayment", "chargePaymentMethod", "issuePayout"}
    other = Review.open(path)  # a colleague, another session
    assert queries.saved_views(other) == {"money first": "class:billing"}
    other.close()


async def test_built_in_views_are_always_offered(open_review, at_desk):
    async with at_desk(open_review("sample")) as hand:
        await hand.types("V")
        await hand.shows("High risk, undecided")
        await hand.types("1")
        assert hand.shown == ["deleteCustomer"]
        await hand.types("escape")
        assert len(hand.shown) == 48


async def test_saving_a_view_without_a_filter_says_what_to_press(open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        await hand.types("F")
        assert "press /" in hand.said[-1]
        assert hand.recorded() == []


async def test_undo_of_a_view(open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        await hand.types('/ "tag" enter F "tags" enter u')
        assert queries.saved_views(hand.review) == {}
        await hand.types("ctrl+r")
        assert queries.saved_views(hand.review) == {"tags": "tag"}


@pytest.mark.parametrize(
    ("typed", "after"),
    [
        ("ri", "risk:"),
        ("risk:h", "risk:high"),
        ("is:und", "is:undecided"),
        ("tag ri", "tag risk:"),
        ("-me", "-method:"),
    ],
)
async def test_tab_completes(typed, after, open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        await hand.types(f'/ "{typed}" tab')
        from textual.widgets import Input

        assert hand.desk.query_one("#filter", Input).value == after


async def test_completions_are_offered_with_counts(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types('/ "method:"')
        counted = sum(1 for tool in hand.review.tools() if tool.row.method == "DELETE")
        await hand.shows(f"method:delete {counted}")


async def test_a_bulk_says_what_it_changes(open_review, at_desk):
    async with at_desk(open_review("sample")) as hand:
        await hand.types('/ "tag" enter * b enter')
        await hand.shows("then all blocked. listTags, addCustomerTag")


async def test_an_editor_writes_a_note(open_review, at_desk, tmp_path, monkeypatch):
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nprintf "two\\nlines \\033[31m" > "$1"\n')
    editor.chmod(0o700)
    monkeypatch.setenv("EDITOR", str(editor))
    monkeypatch.delenv("VISUAL", raising=False)
    async with at_desk(open_review("fresh")) as hand:
        hand.desk.suspend_for = lambda work: work()
        await hand.types("N")
        (note,) = queries.notes(hand.review)
        assert note.text == "two\nlines ⟨U+001B⟩[31m"


@pytest.mark.parametrize(
    ("editor", "says"),
    [("", "no editor is configured"), ("/no/such/editor", "cannot be started"), ("false", "the editor failed")],
)
async def test_a_failing_editor_is_reported(editor, says, open_review, at_desk, monkeypatch):
    monkeypatch.setenv("EDITOR", editor)
    monkeypatch.delenv("VISUAL", raising=False)
    async with at_desk(open_review("fresh")) as hand:
        hand.desk.suspend_for = lambda work: work()
        await hand.types("N")
        assert says in hand.said[-1]
        assert hand.recorded() == []


async def test_the_source_is_shown_with_its_lines(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types('/ "name:deleteCustomer" enter x')
        await hand.shows("operationId: deleteCustomer")
        await hand.types('escape b "not needed" enter')
        assert hand.recorded() == [f"{DECIDED} deleteCustomer blocked because 'not needed'"]


# overview ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_overview_shows_figures_and_leads_to_the_tool(size, open_review, at_desk):
    async with at_desk(open_review("sample"), size=size) as hand:
        await hand.types("1")
        await hand.shows("B L O C K E D")
        await hand.shows("undecided / total")
        table = hand.desk.list_area.table
        things = [hand.desk.list_area.cells(key) for key in table.keys]
        place = next(n for n, cells in enumerate(things) if "deleteCustomer" in cells[2][0])
        await hand.types("j " * place + "enter")
        assert hand.desk.area == "tools"
        assert hand.tool == "deleteCustomer"


async def test_the_overview_leads_to_a_question(open_review, at_desk):
    async with at_desk(open_review("sample")) as hand:
        await hand.types("1")
        area = hand.desk.list_area
        place = next(n for n, key in enumerate(area.table.keys) if area.cells(key)[3][0] == "GOV")
        await hand.types("j " * place + "enter")
        assert hand.desk.area == "governance"


@pytest.mark.parametrize(("area", "words"), [("4", "EXP-008"), ("7", "log"), ("H", "imported")])
async def test_a_list_is_filtered_by_words_and_cleared_by_one_key(area, words, open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types(area)
        whole = len(hand.desk.list_area.table.keys)
        await hand.types(f'/ "{words}" enter')
        some = len(hand.desk.list_area.table.keys)
        assert 0 < some < whole
        await hand.types("escape")
        assert len(hand.desk.list_area.table.keys) == whole


async def test_messages_can_be_read_again(open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        await hand.types('u n "kept" enter !')
        await hand.shows("there is nothing to undo")
        await hand.shows("E1")
