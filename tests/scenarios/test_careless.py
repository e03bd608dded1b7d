"""A careless reviewer, who only ever presses Enter after a key, reaches no packet that allows anything of weight."""

from __future__ import annotations

import json

import pytest

from analysis.model import Risk
from tui.desk.shell.keys import KEYS
from tui.desk.widgets.layout import covered

#: Keys that leave the desk or open an editor of their own.
_LEFT_OUT = {"quit", "note_in_editor", "import", "palette"}
ENTER = "enter " * 5 + "escape escape "


def careless_keys(area):
    """Return every key of an area, each followed by Enter until nothing asks any more."""
    keys = [
        key for entry in KEYS if area in entry.areas and entry.action not in _LEFT_OUT for key in entry.keys.split(",")
    ]
    return [key for key in keys if not key.isdigit()]


def high_and_allowed(hand):
    """Return the tools of high risk that the agent may have."""
    return [s.row.name for s in hand.review.tools() if s.risk is Risk.HIGH and s.decision_state.allowed]


async def presses_only_enter(hand):
    """Press Enter twice, and on as long as something asks; then leave what still does."""
    for pressed in range(1, 7):
        await hand.types("enter")
        if pressed > 1 and not covered(hand.desk):
            break
    while covered(hand.desk):
        await hand.types("escape")
    await hand.types("escape")


@pytest.mark.parametrize("name", ["fresh", "sample"])
async def test_enter_after_every_verdict_reaches_no_final_packet(name, open_review, at_desk, tmp_path):
    async with at_desk(open_review(name), size=(120, 40)) as hand:
        before = high_and_allowed(hand)
        await hand.types("g " + "a enter escape " * 20 + "g " + "c enter enter escape " * 5)
        await hand.types("2 " + "y enter escape 2 j " * 8)
        await hand.types("* a enter escape escape")
        await hand.types(f"9 E {ENTER} 9 S {ENTER}")
        await hand.job_ends()
        assert high_and_allowed(hand) == before
        assert hand.review.summary().score.verdict != "approvable"
    allowlists = list(tmp_path.rglob("allowlist.json"))
    assert allowlists
    for each in allowlists:
        allowlist = json.loads(each.read_text())
        assert allowlist["status"] == "draft"
        assert not [tool for tool in allowlist["tools"] if tool["decision"] != "block"]
    assert not list(tmp_path.rglob("*.sig"))


@pytest.mark.parametrize("area", ["2", "3", "4", "7", "D"])
async def test_enter_after_every_key_approves_no_high_risk(area, open_review, at_desk):
    from tui.desk.areas import AREAS

    name = next(name for name, each in AREAS.items() if each.key == area)
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        before = {s.row.id: s.risk for s in hand.review.tools()}
        for key in careless_keys(name):
            await hand.types(f"{area} {key}")
            await presses_only_enter(hand)
        await hand.job_ends()
        states = {s.row.id: s for s in hand.review.tools()}
        assert not [s.row.name for s in states.values() if before[s.row.id] is Risk.HIGH and s.decision_state.allowed]
        assert not [s.row.name for s in states.values() if s.risk.rank < before[s.row.id].rank]
        assert hand.review.summary().score.verdict in {"blocked", "not reviewed"}
