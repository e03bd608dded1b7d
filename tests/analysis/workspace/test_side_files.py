"""Journals next to a review file: foreign ones are never applied, our own are, and a refusal changes nothing."""

import os
import random
import shutil
import struct

import pytest

from analysis.errors import ClearanceError, WorkspaceRefused
from analysis.review import commands
from analysis.review.queries.preview import opening_preview
from analysis.review.session import Review
from analysis.workspace import EventDraft, Store, replicas

AT = "2026-03-02T09:00:00Z"
MAGIC = bytes.fromhex("d9d505f920a163d7")


def journal_naming(victim, header=bytes(512)):
    """Return a journal that asks SQLite to delete a file: it ends with its name as that of a super-journal."""
    name = os.fsencode(str(victim))
    checksum = sum(byte if byte < 128 else byte - 256 for byte in name) & 0xFFFFFFFF
    tail = struct.pack(">I", 1) + name + struct.pack(">II", len(name), checksum) + MAGIC
    return MAGIC + struct.pack(">IIIII", 0, 7, 3, 512, 4096) + header[28:] + tail


def everything(folder):
    """Return every file below a folder with its bytes, and the targets of links."""
    return {
        str(path.relative_to(folder)): path.readlink() if path.is_symlink() else path.is_file() and path.read_bytes()
        for path in sorted(folder.rglob("*"))
    }


@pytest.fixture
def victim(tmp_path):
    key = tmp_path / "keys" / "id_ed25519"
    key.parent.mkdir()
    key.write_text("a key of the reader")
    return key


@pytest.fixture
def own(copy):
    """A file in which this machine has written."""
    review = Review.open(copy)
    commands.note(review, "review", "mine", actor="ann", at=AT)
    review.close()
    return copy


def openings(path):
    """Open a file in every way; yield the refusals."""
    for opening in (lambda: Store.open(path), lambda: Store.open(path, writable=False), lambda: Review.open(path)):
        with pytest.raises(WorkspaceRefused) as refused:
            opening()
        yield refused.value
    assert opening_preview(path, 10) is None


def refused_untouched(path, folder):
    """Return why a file was refused, after checking that nothing was changed."""
    before = everything(folder)
    refusals = list(openings(path))
    assert everything(folder) == before
    for refused in refusals:
        assert refused.place == str(path)
        assert "copy only the .clearance file" in refused.remedy
        assert "damaged" not in " ".join(refused.lines())
    return refusals[0].why


def test_a_foreign_journal_does_not_delete_a_file_of_the_reader(copy, victim, tmp_path):
    copy.with_name(f"{copy.name}-journal").write_bytes(journal_naming(victim))
    assert "this machine did not write it" in refused_untouched(copy, tmp_path)
    assert victim.read_text() == "a key of the reader"


def test_nor_does_one_next_to_our_own_file(own, victim, tmp_path):
    own.with_name(f"{own.name}-journal").write_bytes(journal_naming(victim))
    assert "names another file" in refused_untouched(own, tmp_path)


def test_a_linked_folder_does_not_hide_a_journal(copy, victim, tmp_path):
    copy.with_name(f"{copy.name}-journal").write_bytes(journal_naming(victim))
    link = tmp_path / "elsewhere"
    link.symlink_to(copy.parent)
    assert refused_untouched(link / copy.name, tmp_path)


@pytest.mark.parametrize("name", ["-journal", "-wal", "-shm"])
@pytest.mark.parametrize("content", [b"", bytes(512), random.Random(5).randbytes(3000)], ids=["empty", "zero", "noise"])
def test_any_side_file_of_a_foreign_file_is_refused(copy, tmp_path, name, content):
    copy.with_name(copy.name + name).write_bytes(content)
    assert f"{copy.name}{name}" in refused_untouched(copy, tmp_path)


@pytest.mark.parametrize("name", ["-wal", "-shm"])
def test_files_of_a_mode_we_never_use_are_refused_next_to_our_own(own, tmp_path, name):
    own.with_name(own.name + name).write_bytes(b"")
    assert "never writes" in refused_untouched(own, tmp_path)


ODD = {
    "link": lambda side, victim: side.symlink_to(victim),
    "link to nowhere": lambda side, victim: side.symlink_to(victim.with_name("nothing")),
    "pipe": lambda side, victim: os.mkfifo(side),
    "folder": lambda side, victim: side.mkdir(),
}


@pytest.mark.usefixtures("watchdog")
@pytest.mark.parametrize("make", ODD.values(), ids=ODD)
def test_a_journal_that_is_no_regular_file_is_refused_next_to_our_own(own, victim, tmp_path, make):
    make(own.with_name(f"{own.name}-journal"), victim)
    assert "not a regular file" in refused_untouched(own, tmp_path)


def test_the_remedy_of_a_refusal_works(copy, victim, tmp_path):
    copy.with_name(f"{copy.name}-journal").write_bytes(journal_naming(victim))
    (tmp_path / "new").mkdir()
    Review.open(shutil.copy(copy, tmp_path / "new" / "copy.clearance")).close()


def test_a_new_file_is_not_made_next_to_a_journal_of_its_name(path, victim, tmp_path):
    path.with_name(f"{path.name}-journal").write_bytes(journal_naming(victim))
    before = everything(tmp_path)
    with pytest.raises(ClearanceError, match="not made") as refused:
        Store.create(path, [EventDraft("review.created", "review", {"title": "x"})], actor="ann", at=AT)
    assert refused.value.remedy
    assert everything(tmp_path) == before


def test_the_identity_is_kept_before_the_first_write(copy):
    """So that a journal that the first write leaves behind is recognised as our own."""
    store = Store.open(copy)
    assert not replicas.has_written(copy)
    with store.transaction():
        assert replicas.has_written(copy)
    store.close()
    assert not replicas.has_written(copy.with_name("another.clearance"))
