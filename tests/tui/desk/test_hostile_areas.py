"""Areas with hostile text everywhere: flows, duplicates, changes, history and sign-off show none of it raw."""

from __future__ import annotations

import json
import unicodedata

import pytest

from analysis.review import commands
from analysis.review.session import Review
from analysis.review.sources.importing import examine_source

EVIL = "\x1b[31mred\x1b]52;c;ZXZpbA==\x07\x9b2J\u202egnp\u2066x\u200b\U000e0041\u2028\x7f\r\n[b][@click=app.quit]z"
UNSEEN = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}


def document(word):
    """Return two versions of a tool, and one with every flow role; all texts are hostile."""
    person = {"type": "object", "properties": {"email": {"type": "string"}, f"x{EVIL}": {"type": "string"}}}
    answer = {"200": {"description": EVIL, "content": {"application/json": {"schema": person}}}}

    def tool(name, path, **more):
        return path, {
            "operationId": f"{name}{EVIL}", "summary": f"{word}{EVIL}", "description": f"{word}{EVIL}",
            "parameters": [{"name": f"p{word}{EVIL}", "in": "query", "schema": {"type": "string"}}], "responses": answer,
        } | more  # fmt: skip

    calls = [tool("listComments", f"/comments{EVIL}"), tool("listCommentsV2", f"/v2/comments{EVIL}", deprecated=True)]
    sending = tool(
        "sendMessage", f"/messages{EVIL}", parameters=[{"name": "to", "in": "query", "schema": {"type": "string"}}]
    )
    paths = {path: {"get": made} for path, made in calls} | {sending[0]: {"post": sending[1]}}
    return json.dumps({"openapi": "3.1.0", "info": {"title": f"T{EVIL}", "version": "1"}, "paths": paths})


@pytest.fixture
def hostile(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "api.json").write_text(document("first"))
    review = Review.create(
        tmp_path / "x.clearance", [examine_source("api.json")], actor=f"bob{EVIL}", at="2026-03-02T09:00:00Z"
    )
    (tmp_path / "api.json").write_text(document("second"))
    commands.import_source(review, "api.json", actor=f"eve{EVIL}", at="2026-03-02T09:01:00Z")
    commands.decide(
        review,
        [tool.row.id for tool in review.tools()][:2],
        None,
        reason=EVIL,
        actor=f"eve{EVIL}",
        at="2026-03-02T09:02:00Z",
    )
    return review


#: Keys, and what shows that the text is there at all.
SHOWN = {
    "flows": ("5 j j j", "listComments"),
    "flow roles": ("5 G l", "Flow roles of"),
    "duplicates": ("D", "Suggested"),
    "overview": ("1", "Ten things to know"),
    "queue": ("2", "Groups to decide"),
    "findings": ("4 j j", "Findings"),
    "a group": ("D a", "listComments"),
    "keeping one": ("D a 1", "Keep listComments"),
    "changes": ("6", "first"),
    "people": ("H w", "eve"),
    "one person": ("H w 1", "only: by"),
    "sign-off": ("9", "Every tool is decided"),
    "a list after a filter": ('5 / "listComments" enter', "only: words"),
    "schemas": ("3 X", "Schemas of"),
    "evidence": ("3 ~ enter", "listComments"),
}


@pytest.mark.parametrize("size", [pytest.param((80, 24), marks=pytest.mark.e2e), (120, 40)], ids=str)
async def test_nothing_hostile_reaches_the_screen(size, hostile, at_desk, driver, subtests):
    async with at_desk(hostile, size=size) as hand:
        for name, (keys, sees) in SHOWN.items():
            with subtests.test(name):
                await hand.types(keys)
                await hand.shows(sees)
                text = "".join(segment.text for segment in driver.screen_segments(hand.desk) if not segment.control)
                assert {c for c in text if c != "\n" and unicodedata.category(c) in UNSEEN} == set()
                await hand.types("escape escape escape")


async def test_messages_on_hostile_tools_are_safe(hostile, at_desk):
    async with at_desk(hostile) as hand:
        await hand.types('D a 1 enter 5 G l w "sure" enter')
        assert len(hand.recorded()) == 2
        assert not any(c != "\n" and unicodedata.category(c) in UNSEEN for text in hand.said for c in text)
