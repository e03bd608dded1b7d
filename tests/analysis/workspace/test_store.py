"""The store: files that appear whole or not at all, transactions, two programs on one file, and copies."""

import json
import shutil
import sqlite3
import threading
from dataclasses import replace

import pytest

from analysis.errors import InputRefused, WorkspaceRefused
from analysis.workspace import EventDraft, SourceRows, Store, file_schema, preview, replicas

AT = "2026-03-02T09:00:00Z"
BEGIN = EventDraft("review.created", "review", {"title": "Small"})


def note(text):
    return EventDraft("note.written", f"note/review#{text}", {"subject": "review", "text": text})


def source(name="shop", tools=("a", "b"), findings=("f",)):
    return SourceRows(
        name,
        f'{{"id":"{name}"}}',
        (("shop.yaml", b"openapi: 3.1.0\n" * 20),),
        tuple((f"{name}:{tool}", f'{{"id":"{name}:{tool}"}}', f'{{"tool":"{tool}"}}') for tool in tools),
        tuple((f"{name}:{finding}", f'{{"id":"{finding}"}}') for finding in findings),
    )


def listed(folder):
    return sorted(path.name for path in folder.iterdir())


def texts(store):
    return [event.data.get("text") for event in store.events[1:]]


def all_rows(store):
    run = store._connection.execute
    return {t: run(f"SELECT * FROM {t}").fetchall() for t in ("events", "sources", "files", "tools", "findings")}


# --- creating a file ---------------------------------------------------------------------------------


def test_a_new_file_holds_what_it_was_given(path):
    store = Store.create(path, [BEGIN, note("one")], actor="ann", at=AT, rows=[source(), source("other", ("c",))])
    assert [e.kind for e in store.events] == ["review.created", "note.written"]
    assert [(e.seq, e.actor, e.at) for e in store.events] == [(1, "ann", AT), (2, "ann", AT)]
    assert {e.batch for e in store.events} == {f"{store.replica}-1"}  # one action
    assert store.sources() == [{"id": "shop"}, {"id": "other"}]
    assert [row["id"] for row in store.rows()] == ["shop:a", "shop:b", "other:c"]
    assert [store.record("shop:b"), store.record("missing")] == [{"tool": "b"}, None]
    assert list(store.findings()) == [{"id": "f"}, {"id": "f"}]
    assert listed(path.parent) == [path.name]


@pytest.mark.parametrize(("tools", "page"), [(2, 4_096), (1_000, 16_384)])
def test_many_tools_are_packed_in_large_pages_which_stay(path, tools, page, say):
    names = tuple(map(str, range(tools)))
    made = Store.create(path, [BEGIN], actor="ann", at=AT, rows=[source(tools=names)])
    say(made, "one")
    made.close()
    assert int.from_bytes(path.read_bytes()[16:18], "big") == page
    opened = Store.open(path)
    assert [row["id"] for row in opened.rows()] == [f"shop:{name}" for name in names]
    assert texts(opened) == ["one"]
    opened.close()


BAD = {
    "a row that breaks a rule": ({"rows": [source(tools=("a", "a"))]}, WorkspaceRefused),
    "data that is no JSON": ({"drafts": [BEGIN, EventDraft("k", "key", {"n": float("nan")})]}, Exception),
    "data with half a character": ({"drafts": [BEGIN, EventDraft("k", "key", {"text": "\ud800"})]}, Exception),
}


@pytest.mark.parametrize(("given", "error"), BAD.values(), ids=BAD)
def test_a_file_that_cannot_be_made_leaves_nothing_behind(path, given, error):
    with pytest.raises(error):
        Store.create(path, **({"drafts": [BEGIN], "actor": "ann", "at": AT} | given))
    assert listed(path.parent) == []


def test_a_stop_while_a_file_is_made_leaves_nothing_behind(path, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(Store, "put_source", stop)
    with pytest.raises(KeyboardInterrupt):
        Store.create(path, [BEGIN], actor="ann", at=AT, rows=[source()])
    assert listed(path.parent) == []


def test_a_file_that_exists_is_not_touched(path):
    path.write_bytes(b"mine")
    with pytest.raises(WorkspaceRefused) as refused:
        Store.create(path, [BEGIN], actor="ann", at=AT)
    assert path.read_bytes() == b"mine"
    assert listed(path.parent) == [path.name]
    assert "exists already" in refused.value.what
    assert refused.value.remedy


@pytest.mark.parametrize("place", ["missing/small.clearance", "file/small.clearance", "x" * 300 + ".clearance"])
def test_a_place_that_cannot_be_written_is_refused(tmp_path, place):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(WorkspaceRefused) as refused:
        Store.create(tmp_path / place, [BEGIN], actor="ann", at=AT)
    assert refused.value.place == str(tmp_path / place)
    assert refused.value.remedy
    assert listed(tmp_path) == ["file"]


def test_a_refusal_names_the_file_that_was_asked_for(path):
    with pytest.raises(WorkspaceRefused) as refused:
        Store.create(path, [BEGIN], actor="ann", at=AT, rows=[source(tools=("a", "a"))])
    assert refused.value.place == str(path)


def test_making_a_file_leaves_one_card_in_the_state_folder(store):
    assert [json.loads(card.read_text())["replica"] for card in replicas.state_folder().iterdir()] == [store.replica]


# --- opening -----------------------------------------------------------------------------------------


def test_a_missing_file_is_refused_with_a_remedy(path):
    with pytest.raises(InputRefused) as refused:
        Store.open(path)
    assert (refused.value.place, bool(refused.value.remedy)) == (str(path), True)
    assert listed(path.parent) == []


def test_a_file_opened_for_reading_records_nothing(store, path, say):
    reader = Store.open(path, writable=False)
    with pytest.raises(WorkspaceRefused, match="read-only") as refused:
        say(reader, "x")
    assert refused.value.remedy
    assert len(reader.events) == 1
    reader.close()


def test_a_file_under_another_name_is_the_same_file(store, path, tmp_path, say):
    link = tmp_path / "folder"
    link.symlink_to(path.parent)
    linked = Store.open(link / path.name)
    say(linked, "through the link")
    assert linked.replica == store.replica
    assert store.refresh()
    assert texts(store) == ["through the link"]
    linked.close()


@pytest.mark.parametrize("writable", [True, False])
def test_a_file_that_another_program_is_writing_is_locked_not_damaged(store, path, monkeypatch, writable):
    monkeypatch.setattr(file_schema, "LOCK_TIMEOUT_SECONDS", 0.05)
    store._connection.execute("BEGIN EXCLUSIVE")
    with pytest.raises(WorkspaceRefused) as refused:
        Store.open(path, writable=writable)
    assert preview(path, 1) is None
    store._connection.execute("ROLLBACK")
    assert "another program is writing" in refused.value.why
    assert "damaged" not in " ".join(refused.value.lines())
    assert "again" in refused.value.remedy
    Store.open(path, writable=writable).close()


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (sqlite3.SQLITE_BUSY, "another program"),
        (sqlite3.SQLITE_BUSY_RECOVERY, "another program"),
        (sqlite3.SQLITE_CANTOPEN, "cannot read"),
        (sqlite3.SQLITE_IOERR_READ, "cannot read"),
        (sqlite3.SQLITE_READONLY_ROLLBACK, "cannot read"),
        (sqlite3.SQLITE_CORRUPT, "damaged"),
        (sqlite3.SQLITE_NOTADB, "damaged"),
        (0, "damaged"),
    ],
)
def test_a_refusal_names_the_cause(path, code, says):
    error = sqlite3.OperationalError("as SQLite puts it")
    error.sqlite_errorcode = code
    assert says in file_schema.unreadable(path, error).why


BAD_NAMES = {
    "255 bytes": ("x" * 245 + ".clearance", "255 bytes"),
    "248 bytes in fewer characters": ("é" * 119 + ".clearance", "248 bytes"),
}


@pytest.mark.parametrize(("name", "says"), BAD_NAMES.values(), ids=BAD_NAMES)
def test_an_unusable_file_name_is_refused_first(store, path, tmp_path, name, says):
    bad = tmp_path / name
    with pytest.raises(WorkspaceRefused) as refused:
        Store.create(bad, [BEGIN], actor="ann", at=AT)
    assert says in refused.value.why
    assert listed(tmp_path) == [path.name]
    store.close()
    path.rename(bad)
    before = bad.read_bytes()
    with pytest.raises(WorkspaceRefused) as refused:
        Store.open(bad)
    assert says in refused.value.why
    assert refused.value.remedy
    assert bad.read_bytes() == before


@pytest.mark.parametrize("name", ["x" * 237 + ".clearance", "caf\udce9.clearance"], ids=["longest", "not UTF-8"])
def test_the_longest_name_and_names_that_are_not_utf8_are_usable(tmp_path, say, name):
    place = tmp_path / "caf\udce9" / name
    place.parent.mkdir()
    store = Store.create(place, [BEGIN], actor="ann", at=AT)
    say(store, "x")
    assert reopened(place) == store.replica
    store.close()


# --- transactions ------------------------------------------------------------------------------------


def test_an_error_inside_a_transaction_rolls_everything_back(store, path, say):
    say(store, "kept")
    events, heads, rows = list(store.events), dict(store.log.heads), all_rows(store)

    def failing():
        store.append([note("lost"), note("lost too")], actor="ann", at=AT)
        store.put_source(source())
        assert len(store.events) == 4
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), store.transaction():
        failing()
    assert (store.events, store.log.heads, all_rows(store)) == (events, heads, rows)
    say(store, "goes on")
    reopened = Store.open(path)
    assert texts(store) == texts(reopened) == ["kept", "goes on"]
    reopened.close()


def test_a_batch_of_which_one_draft_is_bad_is_not_recorded_at_all(store, path):
    events, rows = list(store.events), all_rows(store)
    with pytest.raises(ValueError, match="inf"), store.transaction():
        store.append([note("good"), EventDraft("k", "key", {"n": float("inf")})], actor="ann", at=AT)
    assert (store.events, all_rows(store)) == (events, rows)


def test_a_source_is_replaced_whole_or_not_at_all(path):
    store = Store.create(path, [BEGIN], actor="ann", at=AT, rows=[source(), source("other", ("c",))])
    before = all_rows(store)
    with pytest.raises(WorkspaceRefused, match="nothing was recorded"), store.transaction():
        store.put_source(source(tools=("new", "new")))
    assert all_rows(store) == before
    with store.transaction():
        store.put_source(source(tools=("new",), findings=()))
    assert [row["id"] for row in store.rows()] == ["shop:new", "other:c"]  # and keeps its place
    assert store.record("shop:a") is None
    assert len(list(store.findings())) == 1
    store.close()


def test_a_write_to_a_locked_file_is_refused(store, path, say):
    other = Store.open(path)
    other._connection.execute("PRAGMA busy_timeout=50")
    with store.transaction(), pytest.raises(WorkspaceRefused, match="nothing was recorded") as refused:
        say(other, "x")
    assert "locked" in refused.value.why
    assert refused.value.remedy
    say(other, "now")
    assert texts(other) == ["now"]
    other.close()


# --- two programs on one file ------------------------------------------------------------------------


def test_two_stores_on_one_file_see_the_events_of_each_other(store, path, say):
    other = Store.open(path)
    say(store, "first")
    with other.transaction() as changed:
        assert changed
        assert texts(other) == ["first"]
        other.append([note("second")], actor="bob", at=AT)
    with other.transaction() as changed:
        assert not changed
    assert store.refresh()
    assert not store.refresh()
    say(store, "third")
    reopened = Store.open(path)  # which checks every chain
    assert texts(reopened) == texts(store) == ["first", "second", "third"]
    assert texts(other) == ["first", "second"]
    other.close()
    reopened.close()


def test_the_version_moves_when_another_program_has_written(store, path, say):
    other = Store.open(path)
    before = store.version(), other.version()
    say(store, "x")
    assert store.version() == before[0]
    assert other.version() != before[1]
    other.close()


# --- copies ------------------------------------------------------------------------------------------


def reopened(path):
    store = Store.open(path)
    store.close()
    return store.replica


def test_the_same_file_continues_its_chain(store, path, say):
    say(store, "x")
    assert reopened(path) == store.replica


def test_a_copy_writes_under_a_new_identity(store, path, tmp_path, say):
    say(store, "before")
    copy = Store.open(shutil.copy(path, tmp_path / "copy.clearance"))
    assert copy.replica != store.replica
    say(copy, "in the copy")
    say(store, "in the original")
    assert {(e.replica, e.seq) for e in copy.events} == {(store.replica, 1), (store.replica, 2), (copy.replica, 1)}
    assert reopened(copy.path) == copy.replica
    copy.close()


def test_a_file_put_back_to_an_older_state_writes_under_a_new_identity(store, path, tmp_path, say):
    say(store, "one")
    shutil.copy(path, tmp_path / "backup")
    say(store, "two")
    store.close()
    shutil.copy(tmp_path / "backup", path)
    restored = Store.open(path)
    assert restored.replica != store.replica
    say(restored, "another two")
    assert set(texts(Store.open(path))) == {"one", "another two"}
    restored.close()


def test_a_file_put_back_with_another_end_writes_under_a_new_identity(store, path, tmp_path, say):
    """The same number of events, but not the ones this machine has written."""
    shutil.copy(path, tmp_path / "backup")
    say(store, "two")
    store.close()
    shutil.copy(tmp_path / "backup", path)
    forged = Store.open(path)
    forged.replica = store.replica
    say(forged, "another two")
    forged.close()
    replicas.remember(path, replicas.Card(store.replica, *store.log.heads[store.replica]))
    assert reopened(path) != store.replica


@pytest.mark.parametrize("card", [b"", b"{", b"[]", b'{"replica": 1}', b"\xff", b'{"replica":"a","seq":"b","head":""}'])
def test_an_unreadable_card_only_leads_to_a_new_identity(store, path, card):
    for place in replicas.state_folder().iterdir():
        place.write_bytes(card)
    assert reopened(path) != store.replica


def test_an_unwritable_state_folder_does_not_prevent_work(path, tmp_path, monkeypatch, say):
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    store = Store.create(path, [BEGIN], actor="ann", at=AT)
    say(store, "x")
    again = Store.open(path)
    say(again, "y")
    assert set(texts(again)) == {"x", "y"}
    store.close()
    again.close()


@pytest.fixture
def checked(monkeypatch):
    """Return the list of whether the pages of a file were verified, for each time that one is opened."""
    found = []
    whole = file_schema.check_schema
    monkeypatch.setattr(file_schema, "check_schema", lambda *a, **how: (found.append(how["pages"]), whole(*a, **how)))
    return found


def test_pages_are_verified_again_only_where_the_file_is_not_as_it_was_left(store, path, checked):
    store.close()
    Store.open(path).close()
    Store.open(path).close()
    path.touch()
    Store.open(path).close()
    assert checked[-2:] == [False, True]


def test_a_new_file_is_not_verified_when_it_is_opened_and_is_once_it_was_touched(tmp_path, checked):
    path = tmp_path / "new.clearance"
    Store.create(path, [BEGIN], actor="ann", at=AT, rows=[source()], engine="e").close()
    assert checked == [False]
    path.touch()
    Store.open(path, engine="e").close()
    assert checked == [False, True]


@pytest.mark.parametrize(("table", "read"), [
    ("tools", lambda store: list(store.rows())), ("findings", lambda store: list(store.findings())),
    ("sources", lambda store: store.sources()), ("files", lambda store: store.files("shop")),
])  # fmt: skip
def test_a_row_that_rotted_without_a_trace_is_refused_when_it_is_read(store, path, table, read):
    """What the file system says of the file is as it was; the row is not."""
    rows = SourceRows("shop", "{}", (("shop.json", b"{}"),), (("shop:a", "{}", "{}"),), (("f", "{}"),))
    with store.transaction():
        store.put_source(rows)
    store.close()
    connection = sqlite3.connect(path)
    connection.execute(f"UPDATE {table} SET seal = 'x' || seal")
    connection.commit()
    connection.close()
    replicas.remember(path, replace(replicas.card_of(path), stamp=replicas.stamp(path)))
    rotten = Store.open(path)
    with pytest.raises(WorkspaceRefused, match="not opened") as refused:
        read(rotten)
    assert f"a row of {table} was changed" in refused.value.why
    rotten.close()


def test_a_file_is_not_closed_while_another_thread_reads_a_source_from_it(store, monkeypatch):
    """The desk reads sources in threads; SQLite crashes the program when a connection is closed under a statement."""
    reading, go_on, done = threading.Event(), threading.Event(), []

    def files(_source):
        reading.set()
        go_on.wait(10)
        done.append("read")
        return []

    monkeypatch.setattr(store._derived.rows, "files", files)
    reader = threading.Thread(target=store.files, args=("shop",))
    closer = threading.Thread(target=lambda: (store.close(), done.append("closed")))
    reader.start()
    reading.wait(10)
    closer.start()
    closer.join(0.1)
    assert closer.is_alive()
    go_on.set()
    reader.join(10)
    closer.join(10)
    assert done == ["read", "closed"]
