"""A source read again: what changed is to be decided again, the rest stays, and it happens whole or not at all."""

import contextlib
import json
from pathlib import Path

import pytest

from analysis import rules
from analysis.errors import ClearanceError, InputRefused
from analysis.model import Risk
from analysis.output.allowlist.canonical import canonical
from analysis.review import queries
from analysis.review.packets.export import review_snapshot
from analysis.review.sources import importing
from analysis.rules import take_tested
from analysis.workspace import Store
from analysis.workspace.stored_rows import writing


def statuses(work):
    return {tool.row.name: (tool.decision_state.simple, tool.stale) for tool in work.review.tools()}


def allowlist(work):
    return {tool["id"]: tool["decision"] for tool in canonical(review_snapshot(work.review))["tools"]}


@pytest.fixture
def decided(shop):
    shop.approve("listOrders createOrder")
    shop.block("deleteOrder")
    return shop


def test_a_changed_definition_is_undecided_again_and_the_others_stay(decided, opened, document):
    assert decided.load(document()).sentence == "refreshed shop: 0 changed, 0 new, 0 gone"
    done = decided.load(document(createOrder="now with credit card"))
    assert (done.sentence, done.tools) == ("refreshed shop: 1 changed, 0 new, 0 gone", (decided.id("createOrder"),))
    for work in (decided, opened(decided.review.path)):
        assert statuses(work) == {
            "listOrders": ("approved", False), "createOrder": ("undecided", True), "deleteOrder": ("blocked", False),
        }  # fmt: skip
        assert work.tool("createOrder").undecided
        assert (work.review.summary().progress.stale, work.review.summary().progress.decided) == (1, 2)
        assert allowlist(work)[work.id("createOrder")] == "block"
        assert queries.select(work.review, "is:stale") == [work.id("createOrder")]


def test_a_changed_definition_can_be_decided_again_or_changed_back(decided, document):
    decided.load(document(createOrder="new"))
    decided.approve("createOrder")
    assert statuses(decided)["createOrder"] == ("approved", False)
    decided.load(document())
    assert statuses(decided)["createOrder"] == ("undecided", True)
    decided.undo()  # back to the approval of the first definition
    assert statuses(decided)["createOrder"] == ("approved", False)


def test_operations_come_and_go_and_their_decisions_wait(decided, document):
    done = decided.load(document("listOrders", "refundOrder"))
    assert done.sentence == "refreshed shop: 0 changed, 1 new, 2 gone"
    assert statuses(decided) == {"listOrders": ("approved", False), "refundOrder": ("undecided", False)}
    assert set(allowlist(decided)) == {decided.id("listOrders"), decided.id("refundOrder")}
    decided.load(document("createOrder", "listOrders", deleteOrder="x"))
    assert statuses(decided) == {"createOrder": ("approved", False), "listOrders": ("approved", False)}


def test_parameter_names_are_no_identity(decided, document):
    renamed = document().replace(b"{id}", b"{order}")
    decided.load(renamed)
    assert len(decided.review.tools()) == 3
    assert [t.row.path for t in decided.review.tools()][2] == "/orders/{order}"


def test_sources_stand_side_by_side(decided, document):
    decided.load(document("listOrders", title="Archive"))
    decided.load(document("listOrders", title="Archive"), name="copy")
    assert [source.info.id for source in decided.review.sources()] == ["shop", "archive", "copy"]
    assert len({tool.row.id for tool in decided.review.tools()}) == 5
    decided.load(document("createOrder"))
    assert [source.info.id for source in decided.review.sources()] == ["shop", "archive", "copy"]
    assert [tool.row.source for tool in decided.review.tools()] == ["shop", "archive", "copy"]


def everything(work):
    run = work.review.store._connection.execute
    tables = {t: run(f"SELECT * FROM {t}").fetchall() for t in ("events", "sources", "files", "tools", "findings")}
    return tables, work.seen(), work.review.sources(), work.review.summary()


@pytest.mark.parametrize("after", [0, 1, 5])
def test_an_import_that_fails_half_way_changes_nothing(decided, opened, document, monkeypatch, after):
    """The failure strikes after the first rows are written."""
    before = everything(decided)
    real, calls = writing.tool_rows, []

    def failing(rows):
        for row in real(rows):
            calls.append(row)
            if len(calls) > after:
                raise MemoryError
            yield row

    monkeypatch.setattr(writing, "tool_rows", failing)
    with pytest.raises(MemoryError):
        decided.load(
            document("refundOrder", "createOrder", "listOrders", "deleteOrder", paths=("/a", "/b"), createOrder="new")
        )
    monkeypatch.undo()
    assert calls
    assert everything(decided) == before
    assert everything(opened(decided.review.path)) == before
    decided.load(document(createOrder="new"))
    assert statuses(decided)["createOrder"] == ("undecided", True)


def test_an_import_that_fails_after_all_rows_changes_nothing(decided, document, monkeypatch):
    before, real = everything(decided), Store.put_source

    def failing(store, rows):
        real(store, rows)
        raise MemoryError

    monkeypatch.setattr(Store, "put_source", failing)
    with pytest.raises(MemoryError):
        decided.load(document("refundOrder"))
    assert everything(decided) == before


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"\xff\xfe",
        b"nonsense",
        b"{",
        json.dumps({"openapi": "3.1.0", "info": {}, "paths": {}}).encode(),
        "/no/such/file",
    ],
)
def test_a_source_that_is_refused_changes_nothing(decided, source):
    before = everything(decided)
    with pytest.raises(InputRefused) as refused:
        decided.load(source)
    assert refused.value.remedy
    assert everything(decided) == before


# --- two programs ------------------------------------------------------------------------------------


def test_an_import_of_another_program_is_taken_in(decided, opened, document):
    other = opened(decided.review.path)
    other.load(document("listOrders", "refundOrder", listOrders="changed"), actor="bob")
    assert decided.review.refresh()
    assert (
        statuses(decided) == statuses(other) == {"listOrders": ("undecided", True), "refundOrder": ("undecided", False)}
    )


def test_a_decision_never_falls_on_a_definition_that_nobody_has_seen(decided, opened, document):
    """Bob imports while Ann looks at the old definition and approves it: her approval is of the old one."""
    other = opened(decided.review.path)
    other.load(document(createOrder="now with credit card"), actor="bob")
    decided.approve("createOrder")
    assert statuses(opened(decided.review.path))["createOrder"] == ("undecided", True)
    assert allowlist(opened(decided.review.path))[decided.id("createOrder")] == "block"


@pytest.mark.parametrize(
    "act",
    [
        lambda w: w.approve("createOrder"),
        lambda w: w.block("createOrder listOrders"),
        lambda w: w.risk("createOrder", Risk.HIGH),
        lambda w: w.note("createOrder", "x"),
        lambda w: w.undo(),
    ],
    ids=["decide", "decide several", "retag", "note", "undo"],
)
def test_a_tool_that_another_program_has_removed_is_no_fault(decided, opened, document, act):
    """Refused in words, or recorded for the day it comes back; and both show the same afterwards."""
    other = opened(decided.review.path)
    other.load(document("listOrders", "deleteOrder"), actor="bob")
    with contextlib.suppress(ClearanceError):
        act(decided)
    assert decided.seen() == opened(decided.review.path).seen()
    assert set(decided.seen()) == {"listOrders", "deleteOrder"}


def test_what_one_program_shows_after_an_import_by_another_is_what_the_file_holds(decided, opened, document):
    other = opened(decided.review.path)
    other.load(document("listOrders", "createOrder", "refundOrder", createOrder="now with credit card"), actor="bob")
    decided.note("listOrders", "anything that records")
    decided.review.refresh()
    assert decided.seen() == opened(decided.review.path).seen()


def test_a_source_that_is_read_by_two_processes_is_read_the_same(monkeypatch):
    poisoned = str(Path(__file__).parents[4] / "sample_data" / "poisoned-tools.json")
    alone = importing.examine_source(poisoned)
    taken = []

    def take(*given):
        taken.append(given)
        take_tested(*given)

    monkeypatch.setattr(importing, "_SECOND_PROCESS_FROM", 1)
    monkeypatch.setattr(importing, "can_start", lambda: True)
    monkeypatch.setattr(rules, "take_tested", take)
    assert importing.examine_source(poisoned) == alone
    assert len(taken) == 1
    assert any(finding.rule == "INJ-002" for finding in alone.findings)


def test_a_second_process_that_fails_is_not_missed(monkeypatch):
    poisoned = str(Path(__file__).parents[4] / "sample_data" / "poisoned-tools.json")
    alone = importing.examine_source(poisoned)
    monkeypatch.setattr(importing, "_SECOND_PROCESS_FROM", 1)
    monkeypatch.setattr(importing, "can_start", lambda: True)
    monkeypatch.setattr(rules, "texts_tested", lambda *_: 1 // 0)
    monkeypatch.setattr(rules, "take_tested", lambda *_: pytest.fail("there is nothing to take"))
    assert importing.examine_source(poisoned) == alone
