"""Opening a review: rows appear first, typed keys wait, a refusal ends the desk."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from analysis.errors import WorkspaceRefused
from analysis.review.queries.preview import opening_preview
from analysis.review.session import Review
from tui.desk.shell import opening
from tui.desk.shell.app import Desk


def desk_on(path):
    return Desk(None, "rev", path=path, preview=opening_preview(path, 120))


async def until(holds):
    async with asyncio.timeout(30):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@pytest.fixture
def gate(monkeypatch):
    """Hold the opening of the review until the event is set."""
    gate, whole = threading.Event(), opening._open
    monkeypatch.setattr(opening, "_open", lambda *given: (gate.wait(30), whole(*given))[1])
    yield gate
    gate.set()


async def test_rows_are_shown_before_the_review_is_open(open_review, driver, gate):
    review = open_review("sample")
    async with desk_on(review.path).run_test(size=(120, 40)) as pilot:
        desk: Any = pilot.app
        await until(lambda: "listCustomers" in driver.screen_text(desk))
        at_first = desk.session
        assert at_first is None
        assert "48 tools  opening" in driver.screen_text(desk)
        gate.set()
        await until(lambda: desk.session is not None and desk.area == "tools")
        assert desk.session.review.summary().figures.value == 85


async def test_keys_typed_while_opening_wait(open_review, driver, gate):
    review = open_review("fresh")
    async with desk_on(review.path).run_test(size=(120, 40)) as pilot:
        hand = driver.Hand(pilot.app, pilot)
        await until(lambda: "listCustomers" in driver.screen_text(pilot.app))
        hand._press("j", "b", "enter", "a", "enter")
        gate.set()
        await until(lambda: pilot.app.session is not None and len(pilot.app.session.review.record.events) > 3)
        await hand.settle()
        assert [event.data["exposure"] for event in pilot.app.session.review.store.events[2:]] == [
            "blocked",
            "approved",
        ]


async def test_a_refused_file_ends_the_desk(open_review, monkeypatch):
    review = open_review("fresh")

    def refused(*_):
        raise WorkspaceRefused("the review file was not opened", place="x", why="damaged")

    desk = desk_on(review.path)
    monkeypatch.setattr(opening, "_open", refused)
    async with desk.run_test(size=(80, 24)):
        await until(lambda: desk.refusal is not None)
    assert "not opened" in desk.refusal.lines()[0]


@pytest.mark.parametrize("name", ["fresh", "sample"])
def test_the_preview_equals_the_review(name, open_review):
    review = open_review(name)
    look = opening_preview(review.path, 10)
    assert (look.title, look.tools) == (review.title, 48)
    notes = [tool.notes for tool in review.tools()[:10]]
    assert [tool.decision_state.simple for tool in look.first] == [
        tool.decision_state.simple for tool in review.tools()[:10]
    ]
    assert [tool.row for tool in look.first] == [tool.row for tool in review.tools()[:10]]
    assert len(notes) == 10


def test_a_tampered_row_is_not_previewed(open_review):
    import sqlite3

    review = open_review("fresh")
    review.close()
    with sqlite3.connect(review.path) as file:
        file.execute("UPDATE tools SET body = replace(body, 'listCustomers', 'harmless') WHERE position = 0")
    assert opening_preview(review.path, 10) is None


def test_the_preview_is_in_document_order(open_review):
    import sqlite3

    review = open_review("fresh")
    wanted = [tool.row for tool in review.tools()[:10]]
    review.close()
    with sqlite3.connect(review.path) as file:
        file.execute("UPDATE tools SET rowid = 10000 - rowid")
    Review.open(review.path).close()  # which verifies the file
    assert [tool.row for tool in opening_preview(review.path, 10).first] == wanted
