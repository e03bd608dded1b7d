"""The review file from outside: its header, its mode, and triggers that protect events."""

import sqlite3
import stat

import pytest

from analysis.workspace import file_schema

STATEMENTS = {
    "update of a body": ("UPDATE events SET body = 'x'", "never changed"),
    "update of a number": ("UPDATE events SET n = n + 100", "never changed"),
    "delete of one": ("DELETE FROM events WHERE n = 1", "never removed"),
    "delete of all": ("DELETE FROM events", "never removed"),
    "replace in place": (
        "INSERT OR REPLACE INTO events SELECT n, id, replica, seq, key, 'x' FROM events WHERE n = 1",
        "in order",
    ),
    "replace by row number": (
        "INSERT OR REPLACE INTO events SELECT 1, 'new', replica, 1 + max(seq), key, 'x' FROM events",
        "never removed",
    ),
    "replace by identity": (
        "INSERT OR REPLACE INTO events SELECT 999, min(id), replica, 1 + max(seq), key, 'x' FROM events",
        "never removed",
    ),
    "gap": ("INSERT INTO events SELECT NULL, 'new', replica, 2 + max(seq), key, 'x' FROM events", "in order"),
    "same number again": ("INSERT INTO events SELECT NULL, 'new', replica, max(seq), key, 'x' FROM events", "in order"),
    "new replica that begins with two": ("INSERT INTO events VALUES (NULL, 'new', 'other', 2, 'key', 'x')", "in order"),
    "update or replace": ("UPDATE OR REPLACE events SET n = 1 WHERE n = 2", "never changed"),
}


@pytest.mark.parametrize(("statement", "says"), STATEMENTS.values(), ids=STATEMENTS)
def test_events_are_only_ever_added(copy, statement, says):
    connection = file_schema.connect(copy, writable=True)
    before = connection.execute("SELECT * FROM events").fetchall()
    with pytest.raises(sqlite3.IntegrityError, match=says):
        connection.execute(statement)
    assert connection.execute("SELECT * FROM events").fetchall() == before
    connection.close()


def test_the_next_event_of_a_chain_and_the_first_of_another_are_let_in(copy):
    connection = file_schema.connect(copy, writable=True)
    connection.execute("INSERT INTO events SELECT NULL, 'a', replica, 1 + max(seq), key, 'x' FROM events")
    connection.execute("INSERT INTO events VALUES (NULL, 'b', 'other', 1, 'key', 'x')")
    connection.close()


def test_the_header_says_what_the_file_is(sample_file):
    header = sample_file.read_bytes()[:100]
    assert header[68:72] == b"CLRC"
    assert int.from_bytes(header[60:64], "big") == file_schema.SCHEMA_VERSION == 1
    assert header[18:20] == b"\x01\x01"  # rollback journal: a copied WAL file loses work silently


def test_a_review_file_is_for_its_owner_only(store, path):
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_every_write_is_on_the_disk_before_the_call_returns(store):
    asked = {
        name: store._connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "journal_mode")
    }
    assert asked == {"synchronous": 2, "journal_mode": "delete"}
