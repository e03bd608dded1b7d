"""A file from somebody else: its rows are not believed, its bytes have to be the imported ones, decisions stay."""

import json
import shutil
import sqlite3
import tracemalloc
import zlib

import pytest

from analysis.errors import InputRefused, WorkspaceRefused
from analysis.ingest import ANY_TEXT, Limits
from analysis.model import DecisionState, Effect, Level, Problem, Risk, SourceId, ToolId
from analysis.review import commands, queries
from analysis.review.packets.export import review_snapshot
from analysis.review.queries.preview import opening_preview
from analysis.review.session import Review
from analysis.review.sources import importing as records
from analysis.review.sources.engine_identity import engine_digest
from analysis.review.sources.importing import ImportOptions, examine_source
from analysis.workspace import file_schema, replicas, store, stored_rows
from analysis.workspace.stored_rows import writing
from analysis.workspace.stored_rows.writing import row_checksum

AT = "2026-03-02T10:00:00Z"
DELETE = "customer-management-api:DELETE /customers/{}"


class File:
    """A review file in the hands of somebody who can seal rows as well as we can."""

    def __init__(self, path):
        self.path = path
        self.run = sqlite3.connect(path, isolation_level=None).execute

    def tool(self, identity, light=lambda row: row, heavy=lambda record: record):
        source, position, body, packed = self.run(
            "SELECT source, position, body, packed FROM tools WHERE id = ?", (identity,)
        ).fetchone()
        body = json.dumps(light(json.loads(body)), separators=(",", ":"))
        known, parameters = zlib.decompress(packed).split(b"\n")
        packed = zlib.compress(json.dumps(heavy(json.loads(known))).encode() + b"\n" + parameters)
        self.run(
            "UPDATE tools SET body = ?, packed = ?, seal = ? WHERE id = ?",
            (body, packed, row_checksum(identity, source, position, body, packed), identity),
        )

    def bytes(self, change):
        identity, source, packed = self.run("SELECT id, source, packed FROM files").fetchone()
        packed = zlib.compress(change(zlib.decompress(packed)))
        self.pack(identity, source, packed)

    def pack(self, identity, source, packed):
        self.run(
            "UPDATE files SET packed = ?, seal = ? WHERE id = ?",
            (packed, row_checksum(identity, source, packed), identity),
        )


def harmless(row):
    return row | {"risk": "low", "effect": "read-only", "types": ["read-only"], "name": "getCustomerX", "method": "GET"}


def made_harmless(path):
    file = File(path)
    file.tool(DELETE, harmless, lambda record: record | {"assessment": record["assessment"] | {"risk": "low"}})
    file.run("DELETE FROM findings")


def facts(review):
    """Return all that the engine says."""
    tools = [tool.row for tool in review.tools()]
    return [
        tools,
        [queries.reviewed_tool(review, row.id, ()) for row in tools],
        review.sources(),
        review.summary().findings,
    ]


@pytest.fixture
def sent(sample_file, tmp_path):
    """The sample review as a colleague gets it by mail."""
    return shutil.copy(sample_file, tmp_path / "sent.clearance")


@pytest.fixture
def reviewed(sent):
    """Open the file, and others after it; all are closed at the end."""
    reviews = []

    def opening(path=sent, **more):
        reviews.append(Review.open(path, **more))
        return reviews[-1]

    yield opening
    for review in reviews:
        review.close()


@pytest.fixture
def rebuilds(monkeypatch):
    """Count how often a source is examined anew."""
    counted = []
    real = records.examine_source
    monkeypatch.setattr(
        "analysis.review.sources.rebuild.examine_source",
        lambda *given, **more: (counted.append(1), real(*given, **more))[1],
    )
    return counted


# --- rows --------------------------------------------------------------------------------------------


def test_a_delete_dressed_up_as_a_read_is_shown_as_what_it_is(sent, reviewed):
    made_harmless(sent)
    before = sent.read_bytes()
    assert opening_preview(sent, 10) is None
    review = reviewed()
    tool = review.tool(DELETE)
    assert (tool.row.name, tool.row.method, tool.effect, tool.row.risk) == (
        "deleteCustomer", "DELETE", Effect.CRITICAL, Risk.HIGH,
    )  # fmt: skip
    assert queries.reviewed_tool(review, ToolId(DELETE)).assessment.risk is Risk.HIGH
    assert review.summary().figures.value == 85
    assert {t.assessment.risk for t in review_snapshot(review).tools if t.tool.id == DELETE} == {Risk.HIGH}
    assert sent.read_bytes() == before
    assert opening_preview(sent, 10) is None  # not even afterwards: the file still tells a tale


def test_rows_of_another_engine_are_rebuilt_and_decisions_stay(sent, reviewed, rebuilds, monkeypatch):
    with monkeypatch.context() as older:
        for module in ("session", "queries.preview"):
            older.setattr(f"analysis.review.{module}.engine_digest", lambda: "older")
        whole, decided = facts(reviewed()), [tool.decision for tool in reviewed().tools()]
        assert opening_preview(sent, 10) is not None
        rebuilds.clear()
        reviewed()
        assert rebuilds == []  # derived or verified here by this engine, so trusted
    assert opening_preview(sent, 10) is None
    review = reviewed()
    assert rebuilds == [1]
    assert facts(review) == whole
    assert [tool.decision for tool in review.tools()] == decided
    assert replicas.card_of(sent).derived.startswith(f"{engine_digest()}:")
    assert opening_preview(sent, 10) is not None


def test_the_engines_word_of_a_sent_file_is_the_same_as_of_the_original(sample_file, sent, reviewed, monkeypatch):
    whole = facts(reviewed())
    made_harmless(sent)
    assert facts(reviewed()) == whole


def test_the_next_import_corrects_the_file(sent, reviewed, document, rebuilds):
    made_harmless(sent)
    review = reviewed()
    commands.import_source(review, document(), actor="ann", at=AT)
    assert review.tool(DELETE).row.name == "deleteCustomer"
    review.close()
    rebuilds.clear()
    again = reviewed()
    assert (again.tool(DELETE).row.name, len(again.tools()), rebuilds) == ("deleteCustomer", 51, [])
    assert "getCustomerX" not in str(File(sent).run("SELECT body FROM tools").fetchall())


def test_the_next_recorded_event_corrects_the_file(sent, reviewed, rebuilds):
    made_harmless(sent)
    review = reviewed()
    whole = facts(review)
    commands.note(review, "review", "seen", actor="ann", at=AT)
    review.close()
    rebuilds.clear()
    again = reviewed()
    assert (facts(again), rebuilds) == (whole, [])
    assert "getCustomerX" not in str(File(sent).run("SELECT body FROM tools").fetchall())


def test_an_import_that_fails_leaves_the_rebuilt_rows_in_effect(sent, reviewed, document, monkeypatch):
    made_harmless(sent)
    review = reviewed()
    before = sent.read_bytes()

    def full(*_):
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(store, "fingerprint", full)  # when everything is written and nothing committed
    with pytest.raises(WorkspaceRefused, match="nothing was recorded"):
        commands.import_source(review, document(), actor="ann", at=AT)
    assert queries.reviewed_tool(review, ToolId(DELETE)).assessment.risk is Risk.HIGH
    assert sent.read_bytes() == before


@pytest.mark.parametrize("limit", ["MAX_FILES_BYTES", "MAX_RECORD_BYTES"])
def test_a_source_that_could_not_be_opened_again_is_not_recorded(shop, document, monkeypatch, limit):
    before = shop.review.path.read_bytes()
    monkeypatch.setattr(writing, limit, 10)
    with pytest.raises(WorkspaceRefused, match="too large"):
        shop.load(document(title="Other"))
    assert shop.review.path.read_bytes() == before


def test_a_source_that_no_event_tells_of_is_not_shown(sent, reviewed):
    file = File(sent)
    body = file.run("SELECT body FROM sources").fetchone()[0].replace("customer-management-api", "other")
    file.run("INSERT INTO sources VALUES ('other', 7, ?, ?)", (body, row_checksum("other", 7, body)))
    assert [source.info.id for source in reviewed().sources()] == ["customer-management-api"]


# --- when rows are believed --------------------------------------------------------------------------


def test_a_file_of_our_own_is_not_rebuilt(opened, document, tmp_path, reviewed, rebuilds):
    work = opened(tmp_path / "own.clearance", document())
    work.approve("listOrders")
    reviewed(work.review.path)
    assert rebuilds == []
    assert opening_preview(work.review.path, 3) is not None


def test_a_sent_file_is_rebuilt_once_as_long_as_its_rows_are_true(sent, reviewed, rebuilds):
    assert opening_preview(sent, 10) is None
    reviewed()
    assert opening_preview(sent, 10) is not None
    commands.note(reviewed(), "review", "seen", actor="ann", at=AT)
    reviewed()
    assert len(rebuilds) == 1


def test_our_own_file_that_comes_back_with_other_rows_is_rebuilt(opened, document, tmp_path, reviewed):
    """No event tells that somebody else wrote in it."""
    work = opened(tmp_path / "own.clearance", document())
    delete = work.id("deleteOrder")
    work.review.close()
    File(work.review.path).tool(delete, harmless)
    assert opening_preview(work.review.path, 3) is None
    assert reviewed(work.review.path).tool(delete).row.name == "deleteOrder"


def test_rows_that_change_under_an_open_review_are_rebuilt(sent, reviewed, monkeypatch):
    review = reviewed()
    made_harmless(sent)
    monkeypatch.setenv("XDG_STATE_HOME", str(sent.parent / "another machine"))
    other = reviewed()
    commands.note(other, "review", "look again", actor="eve", at=AT)
    monkeypatch.undo()
    assert review.refresh()
    assert review.tool(DELETE).row.name == "deleteCustomer"


@pytest.mark.parametrize("change", [lambda path: path.touch(), lambda path: path.chmod(0o640)], ids=["touch", "chmod"])
def test_the_first_screen_waits_for_a_file_that_was_touched(sent, reviewed, change):
    reviewed()
    change(sent)
    assert opening_preview(sent, 10) is None
    reviewed()
    assert opening_preview(sent, 10) is not None


def test_without_a_state_folder_everything_is_rebuilt_every_time(sent, reviewed, rebuilds, monkeypatch, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    reviewed()
    reviewed()
    assert len(rebuilds) == 2
    assert opening_preview(sent, 10) is None


def test_reading_a_sent_file_claims_no_identity_in_it(sent, reviewed):
    reviewed()
    assert not replicas.has_written(sent)


# --- bytes -------------------------------------------------------------------------------------------


def refusal(path):
    before = path.read_bytes()
    with pytest.raises(WorkspaceRefused) as refused:
        Review.open(path)
    assert path.read_bytes() == before
    assert refused.value.place == str(path)
    assert refused.value.remedy
    return refused.value.why


def test_other_bytes_than_the_imported_ones_are_refused(sent):
    File(sent).bytes(lambda raw: raw.replace(b"Delete", b"Fetch"))
    assert "customer-management-api are not the ones that were imported" in refusal(sent)


def test_missing_bytes_are_refused(sent):
    File(sent).run("DELETE FROM files")
    assert "are not the ones that were imported" in refusal(sent)


def test_a_bomb_is_refused_before_it_unpacks(sent, monkeypatch):
    monkeypatch.setattr(stored_rows, "MAX_FILES_BYTES", 1 << 20)
    file = File(sent)
    ((identity, source),) = file.run("SELECT id, source FROM files").fetchall()
    file.pack(identity, source, zlib.compress(bytes(64 << 20)))
    tracemalloc.start()
    why = refusal(sent)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "unpacks to more than 1,048,576 bytes" in why
    assert peak < 32 << 20


def test_the_records_of_a_file_of_our_own_are_bounded_too(shop, monkeypatch):
    monkeypatch.setattr(stored_rows, "MAX_RECORD_BYTES", 10)
    with pytest.raises(WorkspaceRefused, match="not opened") as refused:
        queries.reviewed_tool(shop.review, shop.id("listOrders"))
    assert "unpacks to more than 10 bytes" in refused.value.why


@pytest.mark.parametrize("packed", [b"", b"nonsense", zlib.compress(b"x" * 1000)[:-5]], ids=["empty", "noise", "cut"])
def test_what_cannot_be_unpacked_is_refused(sent, packed):
    file = File(sent)
    ((identity, source),) = file.run("SELECT id, source FROM files").fetchall()
    file.pack(identity, source, packed)
    assert "cannot be unpacked" in refusal(sent)


def test_a_row_larger_than_any_of_ours_is_refused(sent, monkeypatch):
    monkeypatch.setattr(file_schema, "_MAX_ROW_BYTES", 1 << 20)
    file = File(sent)
    identity, source = file.run("SELECT id, source FROM files").fetchone()
    file.pack(identity, source, bytes(2 << 20))
    assert "holds more than" in refusal(sent)


# --- whatever was imported ---------------------------------------------------------------------------


def sent_on(review, tmp_path, rebuilds):
    """Return a file as another machine opens it, rebuilt and found equal, next to what it was."""
    before = facts(review)
    copy = shutil.copy(review.path, tmp_path / "sent on.clearance")
    again = Review.open(copy)
    try:
        assert facts(again) == before
        assert rebuilds
        assert replicas.card_of(copy).derived  # found equal to the letter: from now on it is believed
    finally:
        again.close()


def created(tmp_path, *sources):
    return Review.create(tmp_path / "own.clearance", sources, actor="ann", at=AT)


def test_a_folder_of_files_is_rebuilt_from_what_is_kept_of_it(tmp_path, rebuilds):
    folder = tmp_path / "api"
    (folder / "parts").mkdir(parents=True)
    part = {"Order": {"type": "object", "properties": {"iban": {"$ref": "../more.json#/Iban"}}}}
    (folder / "parts" / "order.json").write_text(json.dumps(part))
    (folder / "more.json").write_text(json.dumps({"Iban": {"type": "string"}}))
    answer = {"content": {"application/json": {"schema": {"$ref": "parts/order.json#/Order"}}}, "description": "x"}
    missing = {"schema": {"$ref": "missing.json#/X"}, "name": "q", "in": "query"}
    paths = {"/orders": {"get": {"operationId": "get", "parameters": [missing], "responses": {"200": answer}}}}
    (folder / "openapi.json").write_text(json.dumps({"openapi": "3.1.0", "info": {"title": "x"}, "paths": paths}))
    review = created(tmp_path, examine_source(str(folder)))
    assert len(queries.stored_files(review, SourceId("x"))) == 3
    sent_on(review, tmp_path, rebuilds)
    review.close()


def test_limits_that_were_raised_are_raised_again(tmp_path, rebuilds, document):
    source = examine_source(document(), options=ImportOptions(Limits(operations=2, depth=1000)))
    assert len(source.tools) == 2
    review = created(tmp_path, source)
    sent_on(review, tmp_path, rebuilds)
    review.close()


def test_a_text_that_was_imported_under_another_limit_is_read_again(tmp_path, rebuilds, document):
    """The limit on texts is younger than some reviews."""
    raw = document(title="x" * (Limits().text + 1))
    with pytest.raises(InputRefused, match="a text in it has more than"):
        examine_source(raw)
    source = examine_source(raw, options=ImportOptions(Limits(text=ANY_TEXT)))
    assert not any(name.startswith("limit") for name, _ in source.info.facts)
    review = created(tmp_path, source)
    sent_on(review, tmp_path, rebuilds)
    review.close()


POLICY = "policy: 1\nvocabulary: {money: [{words: [zorble], reason: it pays, example: zorbleFees}]}\n"


def test_the_words_of_the_policy_at_the_time_of_the_import_count_again(tmp_path, rebuilds, document):
    review = created(tmp_path, examine_source(document(title="Before", paths=["/zorble"])))
    commands.import_policy(review, POLICY, actor="ann", at=AT)
    commands.import_source(review, document(title="After", paths=["/zorble"]), actor="ann", at=AT)
    before, after = ({t.row.name: t.row.risk for t in review.tools() if t.row.source == s} for s in ("before", "after"))
    assert before != after  # or the policy would say nothing
    sent_on(review, tmp_path, rebuilds)
    review.close()


LISTED = {"tools": [{"name": "send_mail", "description": "Send a mail", "inputSchema": {"type": "object"}}]}


@pytest.mark.parametrize(
    "raw",
    [
        json.dumps({"serverInfo": {"name": "mail"}, "protocolVersion": "2025-06-18", **LISTED}).encode(),
        json.dumps({"jsonrpc": "2.0", "id": 1, "result": LISTED}).encode()
        + b'\n{"jsonrpc":"2.0","id":2,"result":{}}\n',
    ],
    ids=["snapshot", "recorded lines"],
)
def test_lists_of_tools_are_rebuilt_with_what_was_met_while_they_were_fetched(tmp_path, rebuilds, raw):
    met = Problem(Level.ERROR, "page 3 did not answer")
    source = examine_source(
        raw, name=SourceId("mail"), uri="https://example.com/mcp", place="https://example.com/mcp", problems=(met,)
    )
    review = created(tmp_path, source)
    assert met in review.sources()[0].problems
    sent_on(review, tmp_path, rebuilds)
    review.close()


def test_several_sources_and_a_refreshed_one_are_rebuilt_in_their_order(tmp_path, rebuilds, document):
    review = created(tmp_path, examine_source(document(title="One")), examine_source(document(title="Two")))
    commands.import_source(review, document("listOrders", title="One", listOrders="other words"), actor="ann", at=AT)
    sent_on(review, tmp_path, rebuilds)
    review.close()


def test_what_an_older_engine_wrote_gives_way_and_decisions_stay(shop, tmp_path, monkeypatch):
    """The older engine called every deletion harmless; the definition is what it was, so the decision holds."""
    shop.approve("deleteOrder")
    delete = shop.id("deleteOrder")
    File(shop.review.path).tool(delete, lambda row: row | {"risk": "low"})
    review = Review.open(shutil.copy(shop.review.path, tmp_path / "sent.clearance"))
    tool = review.tool(delete)
    assert tool.row.risk is not Risk.LOW
    assert tool.decision_state is DecisionState.APPROVED
    review.close()


def test_a_decision_on_another_definition_is_stale(shop, tmp_path):
    """Whoever changes the digest that a row states changes nothing about what was decided."""
    shop.approve("deleteOrder")
    File(shop.review.path).tool(shop.id("deleteOrder"), lambda row: row | {"digest": "0" * 64})
    review = Review.open(shutil.copy(shop.review.path, tmp_path / "sent.clearance"))
    assert review.tool(shop.id("deleteOrder")).decision_state is DecisionState.APPROVED
    review.close()


def test_whether_a_document_was_validated_is_not_believed(sent, reviewed):
    file = File(sent)
    identity, position, body = file.run("SELECT id, position, body FROM sources").fetchone()
    data = json.loads(body) | {"not_checked": []}
    body = json.dumps(data, separators=(",", ":"))
    file.run("UPDATE sources SET body = ?, seal = ?", (body, row_checksum(identity, position, body)))
    assert "conformance" in {entry.check for entry in queries.checks_left_out(reviewed())}
