"""A real review file, written once and copied by whoever wants to harm it."""

import faulthandler
import shutil
import sys

import pytest

from analysis.workspace import EventDraft, Store

AT = "2026-03-02T09:00:00Z"


@pytest.fixture
def copy(sample_file, tmp_path):
    """A copy of the sample review of one's own."""
    return shutil.copy(sample_file, tmp_path / "copy.clearance")


@pytest.fixture
def path(tmp_path):
    """Where a small file is to be made."""
    return tmp_path / "small.clearance"


@pytest.fixture
def store(path):
    """A small file, open: one event, no source."""
    with_one = Store.create(path, [EventDraft("review.created", "review", {"title": "Small"})], actor="ann", at=AT)
    yield with_one
    with_one.close()


@pytest.fixture
def say():
    """Record notes in a store, each text one event, in one transaction."""

    def recording(store, *texts):
        with store.transaction():
            drafts = [
                EventDraft("note.written", f"note/review#{text}", {"subject": "review", "text": text}) for text in texts
            ]
            return store.append(drafts, actor="ann", at=AT)

    return recording


@pytest.fixture
def watchdog():
    """End a test that hangs, with the place where it does."""
    assert sys.__stderr__ is not None
    faulthandler.dump_traceback_later(60, exit=True, file=sys.__stderr__)
    yield
    faulthandler.cancel_dump_traceback_later()
