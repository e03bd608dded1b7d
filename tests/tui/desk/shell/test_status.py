"""The lines of state: areas in the order of their digits, counts of large reviews, keys that an area needs."""

from __future__ import annotations

import pytest

from tui.desk.areas import AREAS
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
    vars(session.review.summary())["open_findings"] = 1_234
    shown = row(session, width)
    assert len(shown) <= width
    assert [word for word in shown.split() if word in {area.key for area in AREAS.values()}] == [*"123456789", "H", "D"]
    assert ("2 Queue 23" in shown) == (width >= 120)


def test_what_has_no_digit_gives_way_before_any_count(session):
    assert "4 Findings 36" in row(session, 120)
    assert row(session, 120).endswith("H  D")
    assert "H History  D Duplicates" in row(session, 160)


async def test_the_number_of_open_findings_follows_a_decision(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.shows("Findings 36")
        await hand.types('/ "chargePaymentMethod" enter b "not for agents" enter')
        left = hand.review.summary().open_findings
        assert left < 36
        await hand.shows(f"Findings {left}")


@pytest.mark.parametrize(
    ("area", "word"), [("changes", "import"), ("trail", "since"), ("governance", "mark"), ("findings", "mark")]
)
def test_the_footer_has_what_an_area_is_for(area, word):
    assert word in [shown for _, shown, _ in Keymap().footer(area, 119)]


def test_a_key_of_some_footers_is_in_no_other():
    assert [area for area in AREAS if "import" in {shown for _, shown, _ in Keymap().footer(area, 200)}] == ["changes"]
