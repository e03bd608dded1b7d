"""Background jobs: keys wait for a quick one and go on during a slow one; Esc stops it."""

import json
import threading
import time

import pytest

from analysis.output import files
from analysis.review.session import Review
from analysis.review.sources import importing
from analysis.review.sources.importing import examine_source
from tui.desk.shell import background_jobs

API = {
    "openapi": "3.1.0", "info": {"title": "T", "version": "1"},
    "paths": {"/a": {"get": {"operationId": "listThings", "responses": {"200": {"description": "All."}}}}},
}  # fmt: skip


@pytest.fixture
def review(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(background_jobs, "INPUT_WAIT_SECONDS", 0.05)
    (tmp_path / "api.json").write_text(json.dumps(API))
    more = {**API, "info": {"title": "U", "version": "1"}}
    (tmp_path / "more.json").write_text(json.dumps(more))
    return Review.create(tmp_path / "x.clearance", [examine_source("api.json")], actor="rev", at="2026-03-02T09:00:00Z")


@pytest.fixture
def held(monkeypatch):
    """Block the next import and export in the middle of their work until the event is set."""
    gate = threading.Event()
    read, pieces = importing.read, files.in_pieces  # type: ignore[attr-defined]  # what it imports is replaced

    def slow_read(*given, **how):
        gate.wait(30)
        return read(*given, **how)

    def slow_pieces(content):
        gate.wait(30)
        return pieces(content)

    monkeypatch.setattr(importing, "read", slow_read)
    monkeypatch.setattr(files, "in_pieces", slow_pieces)
    yield gate
    gate.set()


def working(hand):
    return bool(hand.desk.screen_stack[0].query("#job"))


async def test_keys_go_on_while_a_source_is_read(review, held, at_desk):
    async with at_desk(review, size=(120, 30)) as hand:
        await hand.types('I "more.json" enter')
        await hand.shows("reading the source")
        await hand.types("b enter")
        assert hand.recorded()[-1].startswith("tool.decided listThings blocked")
        held.set()
        await hand.job_ends()
        assert [event.split()[0] for event in hand.recorded()] == ["tool.decided", "source.imported"]
        assert len(review.tools()) == 2


async def test_a_stopped_import_changes_nothing(review, held, at_desk):
    async with at_desk(review, size=(120, 30)) as hand:
        await hand.types('I "more.json" enter')
        await hand.shows("Esc stops it")
        await hand.types("escape")
        held.set()
        await hand.job_ends()
        assert "stopped, nothing was changed" in hand.said[-1]
        assert hand.recorded() == []
        assert len(review.tools()) == 1


async def test_a_stopped_export_writes_nothing(review, held, at_desk, tmp_path):
    async with at_desk(review, size=(120, 30)) as hand:
        await hand.types("E enter enter")
        await hand.shows("writing the packet")
        await hand.types("escape")
        held.set()
        await hand.job_ends()
        assert "stopped, nothing was changed" in hand.said[-1]
        assert {each.name for each in tmp_path.iterdir() if each.is_dir()} == set()


async def test_the_error_of_a_slow_import_is_shown_with_what_to_do_next(review, held, at_desk, tmp_path):
    (tmp_path / "broken.json").write_text('{"openapi": ')
    async with at_desk(review, size=(120, 30)) as hand:
        await hand.types('I "broken.json" enter')
        await hand.shows("reading the source")
        held.set()
        await hand.job_ends()
        assert "reading the source:" in hand.said[-1]
        assert "next:" in hand.said[-1]
        assert hand.recorded() == []


async def test_one_at_a_time(review, held, at_desk):
    async with at_desk(review, size=(120, 30)) as hand:
        await hand.types('I "more.json" enter')
        await hand.shows("reading the source")
        await hand.types('I "api.json" enter')
        assert "another job is running" in hand.said[-1]
        held.set()
        await hand.job_ends()
        assert [event.split()[0] for event in hand.recorded()] == ["source.imported"]


@pytest.mark.parametrize("stopped", [False, True])
async def test_the_next_job_begins_once_the_result_of_the_last_is_told(stopped, review, held, at_desk):
    told = []
    async with at_desk(review, size=(120, 30)) as hand:
        say = hand.desk.messages.say
        hand.desk.messages.say = lambda *given, **how: (told.append(hand.desk.jobs.busy), say(*given, **how))
        await hand.types("E enter enter")
        await hand.shows("writing the packet")
        await hand.types("escape" if stopped else "")
        held.set()
        await hand.job_ends()
    assert told == [True]


async def test_keys_wait_for_a_quick_job(review, at_desk, monkeypatch):
    """What is typed ahead applies to the review with the import, not to the one before."""
    monkeypatch.setattr(background_jobs, "INPUT_WAIT_SECONDS", 60)
    async with at_desk(review, size=(120, 30)) as hand:
        await hand.bursts('I "more.json" enter b enter')
        assert [event.split()[0] for event in hand.recorded()] == ["source.imported", "tool.decided"]


async def test_a_job_that_finishes_in_spite_of_esc_reports_what_it_did(review, held, at_desk, monkeypatch):
    """Past its last check a job cannot stop: the message says what happened, not what was asked for."""
    monkeypatch.setattr(background_jobs.Job, "check", lambda _: None)
    async with at_desk(review, size=(120, 30)) as hand:
        await hand.types("E enter enter")
        await hand.shows("writing the packet")
        await hand.types("escape")
        held.set()
        await hand.job_ends()
        assert "written to" in hand.said[-1]


async def test_a_job_ends_with_the_desk(review, at_desk, monkeypatch):
    ended = threading.Event()

    def endless(*_given, options):
        try:
            while True:
                options.progress("reading", 1, 2)
                time.sleep(0.01)
        finally:
            ended.set()

    monkeypatch.setattr(importing, "examine_source", endless)
    async with at_desk(review, size=(120, 30)) as hand:
        await hand.types('I "more.json" enter')
        await hand.shows("reading 1 of 2")
        await hand.types("q")
    assert ended.wait(10)
    assert hand.recorded() == []


async def test_an_unexpected_error_of_a_slow_job_ends_the_desk_with_that_error(review, held, at_desk, monkeypatch):
    monkeypatch.setattr(importing, "read", lambda *_given, **_how: (held.wait(30), 1 / 0))

    async def import_at_desk():
        async with at_desk(review, size=(120, 30)) as hand:
            await hand.types('I "more.json" enter')
            await hand.shows("reading the source")
            held.set()
            await hand.until(lambda: hand.over)

    with pytest.raises(ZeroDivisionError):
        await import_at_desk()


async def test_a_limit_is_raised_behind_the_path(review, at_desk, tmp_path):
    many = {f"/t{number}": {"get": {"operationId": f"t{number}"}} for number in range(9)}
    (tmp_path / "many.json").write_text(json.dumps({**API, "info": {"title": "Many", "version": "1"}, "paths": many}))
    async with at_desk(review, size=(120, 30)) as hand:
        await hand.types('I "many.json --limit nodes=20" enter')
        assert "--limit nodes=80" in hand.said[-1]
        await hand.types("I")
        await hand.shows("many.json --limit nodes=20")  # what was typed stays
        await hand.types('ctrl+u "many.json --limit nodes=20000" enter')
        await hand.job_ends()
        assert len(review.tools()) == 10
        assert ("limit on nodes", "20,000") in review.sources()[-1].info.facts


async def test_a_limit_that_is_none_is_said(review, at_desk):
    async with at_desk(review, size=(120, 30)) as hand:
        await hand.types('I "more.json --limit weight=3" enter')
        assert "there is no limit 'weight'" in hand.said[-1]
        assert hand.recorded() == []
