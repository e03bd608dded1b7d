"""Commits from anyone: read as data, whatever bytes they are, and written so that git reads them too."""

from __future__ import annotations

import random
import shutil
import subprocess

import pytest

from analysis.errors import Unreadable
from analysis.sync.signed_commits import (
    CommitText,
    Segment,
    files_in_tree,
    files_of_source,
    message_of,
    object_name,
    payload_of,
    read_commit,
    read_segment,
    segment_bytes,
    segment_name,
    source_bytes,
    source_name,
    with_signature,
    write_object,
    written_tree,
)

SEGMENT = Segment("a" * 32, 3, ('{"v":1}', '{"v":2}'), "b" * 64)
MESSAGE = message_of("c" * 64, "ann@corp", [SEGMENT])
PAYLOAD = payload_of("d" * 40, "e" * 40, person="ann@corp", seconds=1_700_000_000, message=MESSAGE)
SIGNATURE = b"-----BEGIN SSH SIGNATURE-----\nU1NIU0lH\nAAAA\n-----END SSH SIGNATURE-----\n"


def test_what_is_written_is_read_back():
    commit = read_commit(with_signature(PAYLOAD, SIGNATURE))
    assert (commit.payload, commit.signature) == (PAYLOAD, SIGNATURE)
    assert (commit.review, commit.person, commit.parents) == ("c" * 64, "ann@corp", ("e" * 40,))
    assert dict(commit.heads) == {"a" * 32: (4, "b" * 64)}
    assert read_segment(segment_name(SEGMENT), segment_bytes(SEGMENT)) == ("a" * 32, 3, SEGMENT.bodies)
    files = (("api.json", b"{}\n\xff"),)
    assert files_of_source(source_name("f" * 64), source_bytes(files)) == ("f" * 64, files)


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_git_reads_the_same_objects(tmp_path):
    subprocess.run(["git", "init", "-q", "--bare", str(tmp_path / "r.git")], check=True)
    blob = write_object(tmp_path / "r.git", "blob", segment_bytes(SEGMENT))
    tree = write_object(tmp_path / "r.git", "tree", written_tree({segment_name(SEGMENT): blob}))
    payload = payload_of(tree, "", person="ann@corp", seconds=0, message=MESSAGE)
    commit = write_object(tmp_path / "r.git", "commit", with_signature(payload, SIGNATURE))
    command = ["git", f"--git-dir={tmp_path / 'r.git'}"]
    listed = subprocess.run([*command, "ls-tree", commit], check=True, capture_output=True, text=True).stdout
    assert segment_name(SEGMENT) in listed
    assert subprocess.run([*command, "fsck", "--strict"], check=True, capture_output=True).returncode == 0


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"\n\n", PAYLOAD.replace(b"Clearance events", b"Other events"), PAYLOAD.replace(b"head ", b"tail "),
        PAYLOAD.replace(b"tree ", b"trees "), PAYLOAD.replace(b"parent ", b"tree "),
        with_signature(with_signature(PAYLOAD, SIGNATURE), SIGNATURE), PAYLOAD.replace(b"a" * 32, b"../" + b"a" * 29),
    ],
)  # fmt: skip
def test_another_commit_is_refused(raw):
    with pytest.raises(Unreadable):
        read_commit(raw)


@pytest.mark.parametrize(
    "tree",
    [
        b"100755 " + segment_name(SEGMENT).encode() + b"\0" + bytes(20),
        b"120000 " + segment_name(SEGMENT).encode() + b"\0" + bytes(20),
        b"160000 sub\0" + bytes(20), b"40000 .git\0" + bytes(20), b"100644 ../x\0" + bytes(20), b"100644 x", b"100644 x\0short",
        written_tree({segment_name(SEGMENT): "0" * 40}) * 2,
    ],
)  # fmt: skip
def test_a_tree_of_anything_else_is_refused(tree):
    with pytest.raises(Unreadable):
        files_in_tree(tree)


def test_no_mutation_raises_anything_else_and_none_changes_what_was_signed_unseen():
    chance = random.Random(7)
    whole = with_signature(PAYLOAD, SIGNATURE)
    pieces = {
        "commit": (whole, read_commit),
        "tree": (written_tree({segment_name(SEGMENT): "1" * 40}), files_in_tree),
        "segment": (segment_bytes(SEGMENT), lambda data: read_segment(segment_name(SEGMENT), data)),
        "source": (source_bytes((("a", b"x" * 50),)), lambda data: files_of_source(source_name("0" * 64), data)),
    }
    for raw, reader in pieces.values():
        for _ in range(2_000):
            data = bytearray(raw)
            for _ in range(chance.randrange(1, 4)):
                at = chance.randrange(len(data))
                data[at : at + chance.randrange(3)] = bytes(chance.randrange(256) for _ in range(chance.randrange(3)))
            try:
                found = reader(bytes(data))
            except Unreadable:
                continue
            if isinstance(found, CommitText) and bytes(data) != whole:
                assert (found.payload, found.signature) != (PAYLOAD, SIGNATURE) or found.name == object_name(
                    "commit", bytes(data)
                )
