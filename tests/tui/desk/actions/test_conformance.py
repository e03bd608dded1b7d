"""Validation of a source in the background: keys go on, it can be stopped, and its result stays with the review."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

from analysis.conformance import process as conformance
from analysis.review import commands, queries
from analysis.review.session import Review
from analysis.review.sources.importing import ImportOptions, examine_source
from tui.desk.shell import background_jobs

#: A document that does not keep to its specification: a parameter in no place, and a response without a text.
FAULTY = {
    "openapi": "3.1.0", "info": {"title": "T", "version": "1"},
    "paths": {"/a": {"get": {"operationId": "listThings", "parameters": [{"name": "x"}], "responses": {"200": {}}}}},
}  # fmt: skip


@pytest.fixture
def faulty(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(background_jobs, "INPUT_WAIT_SECONDS", 0.05)
    (tmp_path / "api.json").write_text(json.dumps(FAULTY))

    def make(name, **how):
        found = examine_source("api.json", options=ImportOptions(**how))
        return Review.create(tmp_path / name, [found], actor="rev", at="2026-03-02T09:00:00Z")

    return make


@pytest.fixture
def endless(monkeypatch):
    """Make every validation endless."""
    start = conformance.start
    started = []

    def begin(_module, *_limits):
        arguments: Any = ("0", "--bind", "127.0.0.1")
        started.append(start("http.server", *arguments))
        return started[-1]

    monkeypatch.setattr(conformance, "start", begin)
    return started


def working(hand):
    return bool(hand.desk.screen_stack[0].query("#job"))


async def test_what_it_finds_is_kept_as_an_import_keeps_it(faulty, at_desk):
    with_import = faulty("one.clearance", conformance=True)
    expected = with_import.sources()[0]
    with_import.close()
    review = faulty("two.clearance")
    before = len(queries.audit_trail(review))
    async with at_desk(review) as hand:
        await hand.types("Z 1")
        await hand.job_ends()
        assert f"{len(review.sources()[0].problems)} remarks" in hand.said[-1]
        await hand.types("Z s")
        await hand.shows("Sources: problems found")
        seen = " ".join((await hand.look()).split())
        assert "not checked" in seen
        assert expected.problems[0].what.split()[0] in seen
    again = Review.open(hand.review.path)
    assert set(again.sources()[0].problems) == set(expected.problems) != set()
    assert again.sources()[0].not_checked == expected.not_checked
    assert len(queries.audit_trail(again)) == before  # advice is no event
    again.close()


async def test_twice_is_the_same_as_once(faulty, at_desk):
    review = faulty("x.clearance")
    async with at_desk(review) as hand:
        for _ in range(2):
            await hand.types("Z 1")
            await hand.job_ends()
        problems = review.sources()[0].problems
        assert len(problems) == len(set(problems)) > 0


@pytest.mark.parametrize("ends", ["escape", "Z"])
async def test_keys_go_on_meanwhile_and_it_can_be_stopped(ends, faulty, at_desk, endless):
    review = faulty("x.clearance")
    before = review.sources()
    async with at_desk(review, size=(120, 30)) as hand:
        await hand.types("Z 1")
        await hand.shows("against its specification, ")
        await hand.types("b enter")
        assert hand.recorded()[0].startswith("tool.decided listThings blocked")
        assert working(hand)
        await hand.types(ends)
        await hand.job_ends()
        assert "stopped, nothing was changed" in hand.said[-1]
        endless[0].wait(10)  # it was killed, which the system carries out in its own time
        assert review.sources() == before


async def test_it_ends_with_the_desk(faulty, at_desk, endless):
    async with at_desk(faulty("x.clearance")) as hand:
        await hand.types("Z 1")
        assert working(hand)
        await hand.types("q")
    endless[0].wait(10)


async def test_why_it_is_not_finished_is_said_and_kept(faulty, at_desk, monkeypatch):
    def refuse(_module, *_limits):
        raise OSError("no more processes")

    monkeypatch.setattr(conformance, "start", refuse)
    review = faulty("x.clearance")
    async with at_desk(review) as hand:
        await hand.types("Z 1")
        await hand.job_ends()
        assert "not finished: the check could not be started" in hand.said[-1]
        kept = {skipped.check: skipped.reason for skipped in review.sources()[0].not_checked}
        assert kept["conformance"].startswith("not finished: the check could not be started")


async def test_a_source_imported_meanwhile_keeps_its_own_problems(faulty, at_desk, tmp_path, monkeypatch):
    review = faulty("x.clearance")
    held, found = [], conformance.check(json.dumps(FAULTY).encode())

    class Slow:
        def __init__(self, *_, **__):
            pass

        def poll(self):
            return held[0] if held else None

        def cancel(self):
            pass

    monkeypatch.setattr(conformance, "Check", Slow)
    async with at_desk(review) as hand:
        await hand.types("Z 1")
        assert working(hand)
        (tmp_path / "api.json").write_text(json.dumps(FAULTY | {"info": {"title": "T", "version": "2"}}))
        commands.import_source(review, "api.json", actor="rev", at="2026-03-02T10:00:00Z")
        before = review.sources()
        held.append(found)
        await hand.job_ends()
        assert "imported again" in hand.said[-1]
        assert review.sources() == before


async def test_a_review_without_such_a_source_offers_what_is_known_only(tmp_path, at_desk):
    (tmp_path / "tools.json").write_text('{"tools": [{"name": "listThings"}]}')
    review = Review.create(
        tmp_path / "x.clearance", [examine_source(str(tmp_path / "tools.json"))], actor="rev", at="2026-03-02T09:00:00Z"
    )
    async with at_desk(review) as hand:
        await hand.types("Z")
        await hand.shows("show what is known")
        assert "validate" not in await hand.look()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
async def test_a_review_that_may_only_be_read_is_validated_and_left_as_it_is(faulty, at_desk):
    path = faulty("x.clearance").path
    path.chmod(0o400)
    review = Review.open(path)
    before = review.sources()
    async with at_desk(review) as hand:
        await hand.types("Z 1")
        await hand.job_ends()
        assert "remarks" in hand.said[-1]
        assert review.sources() == before
