"""The lines of state: areas in the order of their digits, counts of large reviews, keys that an area needs."""

from __future__ import annotations

import pytest

from tests.scenarios.driver import screen_text
from tui.desk.areas import AREAS
from tui.desk.shell import status
from tui.desk.shell.keymap import Keymap
from tui.desk.shell.status import area_rows


def row(session, width, **how):
    return "".join(text for text, _, _ in area_rows(session, "tools", width, **how)[0])


@pytest.fixture
def session(open_review):
    from tui.desk.shell.session import Session

    return Session(open_review("fresh"), "rev")


def test_areas_have_the_digits_of_their_order_and_the_others_a_letter():
    keys = [area.key for area in AREAS.values()]
    assert keys == [*"123456789", "H", "D"]
    assert list(AREAS)[:3] == ["overview", "queue", "tools"]


@pytest.mark.parametrize("width", [40, 60, 80, 100, 120, 160, 200])
def test_areas_fit_every_width_and_each_key_is_there(width, session):
    shown = row(session, width, findings=1_234)
    assert len(shown) <= width
    assert [word for word in shown.split() if word in {area.key for area in AREAS.values()}] == [*"123456789", "H", "D"]
    assert ("2 Queue 23" in shown) == (width >= 120)


def test_what_has_no_digit_gives_way_before_any_count(session):
    assert "4 Findings 36" in row(session, 120, findings=36)
    assert row(session, 120, findings=36).endswith("H  D")
    assert "H History  D Duplicates" in row(session, 160, findings=36)


async def test_findings_of_a_large_review_are_counted_when_the_keys_rest(open_review, at_desk, monkeypatch):
    monkeypatch.setattr(status, "_MAX_COUNTED", 10)
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        summary = hand.review.summary()
        assert not summary.is_counted
        assert "Findings 36" not in screen_text(hand.desk)
        await hand.shows("Findings 36")
        assert summary.is_counted
        await hand.types('b "not for agents" enter')
        assert "Findings 36" in screen_text(hand.desk)  # the last count stands until the next is made
        await hand.until(lambda: hand.review.summary().is_counted)


@pytest.mark.parametrize(
    ("area", "word"), [("changes", "import"), ("trail", "since"), ("governance", "mark"), ("findings", "mark")]
)
def test_the_footer_has_what_an_area_is_for(area, word):
    assert word in [shown for _, shown, _ in Keymap().footer(area, 119)]


def test_a_key_of_some_footers_is_in_no_other():
    assert [area for area in AREAS if "import" in {shown for _, shown, _ in Keymap().footer(area, 200)}] == ["changes"]
