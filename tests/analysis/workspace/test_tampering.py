"""A file that was tampered with: it is refused with a remedy, or reads as it was written."""

import os
import random
import re
import shutil
import sqlite3

import pytest

from analysis.errors import ClearanceError, InputRefused, WorkspaceRefused
from analysis.model import GateId
from analysis.review import queries
from analysis.review.session import Review
from analysis.workspace import EventDraft, SourceRows, Store

pytestmark = [pytest.mark.repeats, pytest.mark.usefixtures("watchdog")]
AT = "2026-03-02T09:00:00Z"


def reading(path):
    """Return all that a review shows of a file: events, sources, tools, evidence, findings."""
    review = Review.open(path)
    try:
        tools = review.tools()
        return [
            queries.audit_trail(review), dict(review.store.log.heads), review.sources(), tools, [queries.reviewed_tool(review, tool.row.id) for tool in tools],
            review.summary(), queries.notes(review),
        ]  # fmt: skip
    finally:
        review.close()


@pytest.fixture(scope="module")
def original(sample_file):
    return reading(sample_file)


def outcome(path, original):
    """Return what is wrong with the handling of a damaged file; empty when nothing is."""
    damaged = path.read_bytes()
    try:
        if reading(path) != original:
            return "reads as something else"
    except (WorkspaceRefused, InputRefused) as refused:
        if not refused.remedy or refused.place != str(path):
            return f"refused without a way on: {refused.lines()}"
    except Exception as error:  # noqa: BLE001 - this is what must not happen
        return f"{type(error).__name__}: {error}"
    return "" if path.read_bytes() == damaged else "was written to"


def flips(seed, size, among):
    chance = random.Random(seed)
    return [(chance.randrange(*among), 1 << chance.randrange(8)) for _ in range(size)]


PLACES = {
    "header": flips(1, 50, (0, 100)),
    "first page": flips(2, 30, (100, 4096)),
    "the rest": flips(3, 70, (4096, 237_568)),
    "the rest again": flips(4, 70, (4096, 237_568)),
}


@pytest.mark.parametrize("places", PLACES.values(), ids=PLACES)
def test_a_flipped_bit_is_noticed_or_does_no_harm(copy, original, places):
    sound = copy.read_bytes()
    wrong = {}
    for offset, bit in places:
        damaged = bytearray(sound)
        damaged[offset % len(sound)] ^= bit
        copy.write_bytes(damaged)
        if problem := outcome(copy, original):
            wrong[(offset, bit)] = problem
    assert wrong == {}


def test_most_flips_are_noticed(copy, original):
    """Otherwise the test above would pass for a store that checks nothing."""
    sound, refused = copy.read_bytes(), 0
    for offset, bit in PLACES["the rest"][:30]:
        damaged = bytearray(sound)
        damaged[offset] ^= bit
        copy.write_bytes(damaged)
        try:
            Store.open(copy).close()
        except WorkspaceRefused:
            refused += 1
    assert refused > 15


@pytest.mark.parametrize("size", [0, 1, 15, 16, 99, 100, 1024, 4096, 4097, 100_000, -4096, -1])
def test_a_truncated_file_is_refused(copy, size):
    copy.write_bytes(copy.read_bytes()[:size])
    with pytest.raises(WorkspaceRefused) as refused:
        Review.open(copy)
    assert refused.value.remedy


def at(offset, content):
    return lambda sound: sound[:offset] + content + sound[offset + len(content) :]


HEADERS = {
    "newer format": (at(60, (2).to_bytes(4, "big")), "newer Clearance.*format 2.*upgrade"),
    "much newer format": (at(60, b"\x7f\xff\xff\xff"), "newer Clearance.*upgrade"),
    "format 0": (at(60, bytes(4)), "format 0 is unknown"),
    "another program": (at(68, b"GPKG"), "of another program"),
    "no program": (at(68, bytes(4)), "of another program"),
    "WAL": (at(18, b"\x02\x02"), "WAL"),
    "WAL for readers": (at(18, b"\x01\x02"), "WAL"),
    "WAL for writers": (at(18, b"\x02\x01"), "WAL"),
    "a text": (lambda _: b"openapi: 3.1.0\n" * 500, "not a Clearance review file.*clearance review SOURCE"),
    "empty": (lambda _: b"", "not a Clearance review file"),
    "zeroes": (lambda sound: bytes(len(sound)), "not a Clearance review file"),
    "something before it": (lambda sound: b"\n" + sound, "not a Clearance review file"),
}


@pytest.mark.parametrize(("change", "says"), HEADERS.values(), ids=HEADERS)
def test_a_header_that_is_not_ours_is_refused_before_sqlite_sees_the_file(copy, monkeypatch, change, says):
    copy.write_bytes(change(copy.read_bytes()))
    monkeypatch.setattr(sqlite3, "connect", None)
    with pytest.raises(WorkspaceRefused) as refused:
        Review.open(copy)
    found = " ".join(refused.value.lines())
    assert re.search(says, found), found
    assert refused.value.remedy


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo], ids=["a directory", "a pipe"])
def test_a_special_file_is_refused_without_waiting_for_it(tmp_path, make):
    make(tmp_path / "odd.clearance")
    with pytest.raises(WorkspaceRefused, match="not opened") as refused:
        Review.open(tmp_path / "odd.clearance")
    assert refused.value.why == "it is not a regular file"
    assert refused.value.remedy


@pytest.mark.parametrize("target", ["copy.clearance", "nothing", "link.clearance"])
def test_a_link_is_refused_wherever_it_leads(copy, tmp_path, target):
    (tmp_path / "link.clearance").symlink_to(tmp_path / target)
    with pytest.raises(WorkspaceRefused, match="not opened") as refused:
        Review.open(tmp_path / "link.clearance")
    assert refused.value.why.startswith("it is a link")
    assert str(tmp_path / target) in refused.value.remedy


# --- deliberate changes -------------------------------------------------------------------------------


def rewritten(*statements):
    """Change a file as a person with an SQLite shell would: the triggers are dropped and restored."""

    def change(path):
        connection = sqlite3.connect(path, isolation_level=None)
        triggers = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        for _, sql in triggers:
            connection.execute(sql)
        connection.close()

    return change


def by_hand(*statements):
    def change(path):
        connection = sqlite3.connect(path, isolation_level=None)
        for statement in statements:
            connection.execute(statement)
        connection.close()

    return change


EDITS = {
    "a reason": (rewritten("UPDATE events SET body = replace(body, 'Twin', 'Twig')"), "was changed"),
    "an identity": (rewritten("UPDATE events SET id = printf('%064d', n) WHERE n = 5"), "was changed"),
    "an event left out": (rewritten("DELETE FROM events WHERE n = 9"), "broken at event 10"),
    "all events left out": (rewritten("DELETE FROM events"), "no events"),
    "events in another order": (rewritten("UPDATE events SET n = 1000 WHERE n = 9"), "broken at event 10"),
    "a body as bytes": (rewritten("UPDATE events SET body = CAST(body AS BLOB) WHERE n = 3"), "not text and number"),
    "a replica as bytes": (rewritten("UPDATE events SET replica = x'00' WHERE n = 3"), "not text and number"),
    "a tool": (by_hand("UPDATE tools SET body = replace(body, 'high', 'low') WHERE body LIKE '%\"high\"%'"), "row of tools"),
    "a tool's evidence": (by_hand("UPDATE tools SET packed = x'00' WHERE position = 0"), "row of tools"),
    "a tool's place": (by_hand("UPDATE tools SET position = 999 WHERE position = 0"), "row of tools"),
    "a tool's source": (by_hand("UPDATE tools SET source = 'other' WHERE position = 0"), "row of tools"),
    "a finding": (by_hand("UPDATE findings SET body = '{}'"), "row of findings"),
    "a source": (by_hand("UPDATE sources SET body = '{}'"), "row of sources"),
    "a source's bytes": (by_hand("UPDATE files SET packed = x'00'"), "row of files"),
    "a seal": (by_hand("UPDATE sources SET seal = '0'"), "row of sources"),
    "a trigger dropped": (by_hand("DROP TRIGGER events_no_update"), "tables are not"),
    "a trigger added": (
        by_hand("CREATE TRIGGER t AFTER INSERT ON events BEGIN DELETE FROM tools; END"), "tables are not",
    ),
    "a view in place of a table": (
        by_hand("ALTER TABLE findings RENAME TO hidden", "CREATE VIEW findings AS SELECT * FROM hidden"), "tables are not",
    ),
    "a table added": (by_hand("CREATE TABLE extra (a)"), "tables are not"),
    "an index added": (by_hand("CREATE INDEX extra ON events (key)"), "tables are not"),
    "a column added": (by_hand("ALTER TABLE sources ADD COLUMN extra"), "tables are not"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "says"), EDITS.values(), ids=EDITS)
def test_an_edit_with_another_program_is_refused(copy, change, says):
    change(copy)
    edited = copy.read_bytes()
    with pytest.raises(WorkspaceRefused) as refused:
        Review.open(copy)
    assert re.search(says, refused.value.why), refused.value.why
    assert refused.value.remedy
    assert copy.read_bytes() == edited


def test_the_key_column_of_an_event_is_never_trusted(copy, original):
    """It is an index for other programs; the body, which is hashed, decides."""
    rewritten("UPDATE events SET key = 'review'")(copy)
    assert reading(copy) == original


# --- changes with valid chains and row checksums ---------------------------------------------------------

TOOL = "customer-management-api:GET /plans"
NONSENSE = {
    "an exposure that does not exist": EventDraft("tool.decided", f"tool/{TOOL}/decision", {"exposure": "perhaps"}),
    "an exposure that is a list": EventDraft("tool.decided", f"tool/{TOOL}/decision", {"exposure": ["approved"]}),
    "a condition that does not exist": EventDraft(
        "tool.decided", f"tool/{TOOL}/decision",
        {"exposure": "conditional", "definition": "", "conditions": [{"kind": "luck", "value": "x"}]},
    ),
    "conditions that are a number": EventDraft(
        "tool.decided", f"tool/{TOOL}/decision", {"exposure": "conditional", "conditions": 5}
    ),
    "a condition without a value": EventDraft(
        "tool.decided", f"tool/{TOOL}/decision", {"exposure": "conditional", "conditions": [{"kind": "rate"}]}
    ),
    "a risk that does not exist": EventDraft("tool.retagged", f"tool/{TOOL}/risk", {"value": "none"}),
    "a risk that is a type": EventDraft("tool.retagged", f"tool/{TOOL}/risk", {"value": "billing"}),
    "a type that is a risk": EventDraft("tool.retagged", f"tool/{TOOL}/type", {"value": "low"}),
    "a note that is a number": EventDraft("note.written", f"note/{TOOL}#1", {"subject": TOOL, "text": 5}),
    "a note without a subject": EventDraft("note.written", f"note/{TOOL}#1", {"text": "x"}),
    "a status that does not exist": EventDraft("finding.disposed", "finding/GOV-cred-store|cred-store/disposition", {"status": "ok"}),
    "an answer that does not exist": EventDraft("control.answered", "control/cred-store/answer", {"state": "yes"}),
    "evidence without a title": EventDraft(
        "control.answered", "control/cred-store/answer", {"state": "evidenced", "evidence": [{"level": "E4"}]}
    ),
    "a title that is a list": EventDraft("review.created", "review", {"title": ["x"]}),
    "an event of a kind that does not exist": EventDraft("tool.blessed", f"tool/{TOOL}/blessing", {"value": "x"}),
}  # fmt: skip


@pytest.mark.parametrize("draft", NONSENSE.values(), ids=NONSENSE)
def test_a_well_chained_event_that_makes_no_sense_is_set_aside_and_changes_nothing(copy, draft, original):
    store = Store.open(copy)
    with store.transaction():
        store.append([EventDraft(draft.kind, draft.key, draft.data, heads(store, draft.key))], actor="eve", at=AT)
    store.close()
    review = Review.open(copy)
    (aside,) = review.record.unsettled
    assert (aside.event.actor, bool(aside.why)) == ("eve", True)
    assert review.tools() == original[3]
    assert GateId.UNDERSTOOD in [gate.id for gate in review.summary().open_gates]
    review.close()


def heads(store, key):
    return tuple(event.id for event in store.events if event.key == key)


ROWS = {
    "a source": SourceRows("shop", "{}", (), (), ()),
    "a source that is no JSON": SourceRows("shop", "{", (), (), ()),
    "a tool": SourceRows("shop", "@", (), (("shop:a", "{}", "{}"),), ()),
    "a tool that is no JSON": SourceRows("shop", "@", (), (("shop:a", "nonsense", "{}"),), ()),
    "a finding": SourceRows("shop", "@", (), (), (("f", "[]"),)),
}


@pytest.mark.parametrize("rows", ROWS.values(), ids=ROWS)
def test_senseless_rows_with_valid_checksums_are_refused_or_rebuilt(copy, original, rows):
    store = Store.open(copy)
    body = store._connection.execute("SELECT body FROM sources").fetchone()[0] if rows.body == "@" else rows.body
    with store.transaction():
        store.put_source(SourceRows(rows.id, body, rows.files, rows.tools, rows.findings))
    store.close()
    try:
        assert reading(copy) == original
    except ClearanceError as refused:
        assert (refused.exit_code, bool(refused.remedy)) == (4, True)  # noqa: PT017 - either is good


def test_a_review_file_may_lie_under_any_name(sample_file, original, tmp_path):
    for name in ("a?mode=memory.clearance", "ä#b%20c.clearance", "-w.clearance", "file:x.clearance"):
        assert reading(shutil.copy(sample_file, tmp_path / name)) == original
