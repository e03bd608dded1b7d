"""Work beside the desk: what is quick keeps its place among the keys, what is slow lets keys go on, Esc ends it."""

import json
import threading

import pytest

from analysis.review.packets import export as exporting
from analysis.review.session import Review
from analysis.review.sources import importing as records
from analysis.review.sources.importing import examine_source
from tui.desk.shell import background_jobs as beside

API = {
    "openapi": "3.1.0", "info": {"title": "T", "version": "1"},
    "paths": {"/a": {"get": {"operationId": "listThings", "responses": {"200": {"description": "All."}}}}},
}  # fmt: skip


@pytest.fixture
def review(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(beside, "_PATIENCE", 0.05)
    (tmp_path / "api.json").write_text(json.dumps(API))
    more = {**API, "info": {"title": "U", "version": "1"}}
    (tmp_path / "more.json").write_text(json.dumps(more))
    return Review.create(tmp_path / "x.clearance", [examine_source("api.json")], actor="rev", at="2026-03-02T09:00:00Z")


@pytest.fixture
def held(monkeypatch):
    """Have the next reading and the next writing wait until they are let go, in the middle of their work."""
    gate = threading.Event()
    read, made = records.read, exporting.canonical  # type: ignore[attr-defined]  # what they import is replaced

    def slow_read(*given, **how):
        gate.wait(30)
        return read(*given, **how)

    def slow_made(whole):
        gate.wait(30)
        return made(whole)

    monkeypatch.setattr(records, "read", slow_read)
    monkeypatch.setattr(exporting, "canonical", slow_made)
    yield gate
    gate.set()


def working(hand):
    return bool(hand.desk.screen_stack[0].query("#working"))


async def test_keys_go_on_while_a_source_is_read(review, held, at_desk):
    async with at_desk(review, size=(120, 30)) as hand:
        await hand.types('I "more.json" enter')
        await hand.shows("reading the source")
        await hand.types("b")
        assert hand.recorded()[-1].startswith("tool.decided listThings blocked")
        held.set()
        await hand.until(lambda: not working(hand))
        assert [event.split()[0] for event in hand.recorded()] == ["tool.decided", "source.imported"]
        assert len(review.tools()) == 2


async def test_a_stopped_import_changes_nothing(review, held, at_desk):
    async with at_desk(review, size=(120, 30)) as hand:
        await hand.types('I "more.json" enter')
        await hand.shows("Esc stops it")
        await hand.types("escape")
        held.set()
        await hand.until(lambda: not working(hand))
        assert "stopped, nothing was changed" in hand.said[-1]
        assert hand.recorded() == []
        assert len(review.tools()) == 1


async def test_a_stopped_export_writes_nothing(review, held, at_desk, tmp_path):
    async with at_desk(review, size=(120, 30)) as hand:
        await hand.types("E enter")
        await hand.shows("writing the packet")
        await hand.types("escape")
        held.set()
        await hand.until(lambda: not working(hand))
        assert "stopped, nothing was changed" in hand.said[-1]
        assert {each.name for each in tmp_path.iterdir() if each.is_dir()} == set()


async def test_what_a_slow_import_meets_is_told(review, held, at_desk):
    async with at_desk(review, size=(120, 30)) as hand:
        await hand.types('I "nowhere.json" enter')
        await hand.shows("reading the source")
        held.set()
        await hand.until(lambda: not working(hand))
        assert "reading the source:" in hand.said[-1]
        assert hand.recorded() == []


async def test_one_at_a_time(review, held, at_desk):
    async with at_desk(review, size=(120, 30)) as hand:
        await hand.types('I "more.json" enter')
        await hand.shows("reading the source")
        await hand.types('I "api.json" enter')
        assert "something goes on already" in hand.said[-1]
