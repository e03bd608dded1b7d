"""The audit log: a chain in which every change shows, written by several gateways, continued after a crash."""

import json
import multiprocessing
import os

import pytest

from analysis.errors import InputRefused
from analysis.output.enforce.audit import AuditFailed, AuditLog, check_chain


@pytest.fixture
def path(tmp_path):
    return tmp_path / "state" / "audit.jsonl"


@pytest.fixture
def written(path):
    """A log of ten records, and its lines."""
    log = AuditLog(path)
    for number in range(10):
        log.write({"event": "call", "number": number, "text": "ü \u202e"})
    log.close()
    return path.read_bytes().splitlines(keepends=True)


def test_records_follow_from_one_another(path, written):
    found = check_chain(path)
    assert (found.ok, found.records, found.head) == (True, 10, json.loads(written[-1])["digest"])
    assert json.loads(written[0])["prev"] == "0" * 64
    assert b"".join(written).isascii()


def test_only_its_owner_may_read_the_file(path, written):
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: [*lines[:3], *lines[4:]],
        lambda lines: [*lines[:3], lines[4], lines[3], *lines[5:]],
        lambda lines: [lines[0], *lines],
        lambda lines: [*lines[:3], lines[3].replace(b'"number":3', b'"number":4'), *lines[4:]],
        lambda lines: [*lines[:3], lines[3].replace(b'"number":3', b'"number": 3'), *lines[4:]],
        lambda lines: [*lines[:3], b"{}\n", *lines[3:]],
        lambda lines: [*lines[:3], b"nonsense\n", *lines[3:]],
        lambda lines: [*lines[:3], lines[3].replace(b'"v":1', b'"v":2'), *lines[4:]],
        lambda lines: lines[1:],
        lambda lines: [*lines[:-1], lines[-1][:40]],
    ],
    ids=["removed", "swapped", "repeated", "changed", "spaced", "empty", "nonsense", "version", "beginning", "cut"],
)
def test_every_change_shows(path, written, change):
    path.write_bytes(b"".join(change(written)))
    assert not check_chain(path).ok


def test_what_is_wrong_is_said(path, written):
    path.write_bytes(b"".join([*written[:3], *written[4:]]))
    assert "line 4: does not follow" in check_chain(path).problems[0]
    path.write_bytes(b"".join([*written[:3], written[3].replace(b'"number":3', b'"number":4'), *written[4:]]))
    assert check_chain(path).problems == ("line 4: has been changed",)


def test_lines_cut_off_at_the_end_show_against_a_digest_that_was_kept(path, written):
    head = json.loads(written[-1])["digest"]
    path.write_bytes(b"".join(written[:-1]))
    assert check_chain(path).ok
    assert not check_chain(path, head).ok
    path.write_bytes(b"".join(written))
    assert check_chain(path, json.loads(written[4])["digest"]).ok


def test_a_line_that_a_crash_cut_off_is_said_and_the_chain_goes_on(path, written):
    path.write_bytes(b"".join(written) + b'{"event":"ca')
    log = AuditLog(path)
    log.write({"event": "call", "number": 10})
    log.close()
    found = check_chain(path)
    assert (found.ok, found.records, found.cut) == (True, 12, 1)
    assert [json.loads(line)["event"] for line in path.read_bytes().splitlines()[-2:]] == ["recovered", "call"]


def _write(path, number):
    log = AuditLog(path)
    for _ in range(50):
        log.write({"event": "call", "writer": number})


def test_several_gateways_write_one_chain(path):
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write, args=(path, number)) for number in range(3)]
    for each in writers:
        each.start()
    for each in writers:
        each.join(60)
    found = check_chain(path)
    assert (found.ok, found.records) == (True, 150)


def test_after_one_failure_no_record_is_taken_any_more(path):
    log = AuditLog(path)
    os.close(log._file)
    with pytest.raises(AuditFailed, match="cannot be written"):
        log.write({"event": "call"})
    with pytest.raises(AuditFailed):
        log.write({"event": "call"})


def test_what_is_no_json_is_no_record(path):
    log = AuditLog(path)
    with pytest.raises(AuditFailed):
        log.write({"event": object()})
    log.close()


def test_a_place_that_cannot_be_written_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputRefused, match="cannot be written"):
        AuditLog(tmp_path / "file" / "audit.jsonl")
    with pytest.raises(InputRefused, match="cannot be read"):
        check_chain(tmp_path / "absent")
