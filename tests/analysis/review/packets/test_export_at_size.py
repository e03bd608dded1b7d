"""Export of many tools: its work grows with their number and no faster, and its files are never held whole."""

import json
import sys
import tracemalloc

import pytest

from analysis.errors import WorkspaceRefused
from analysis.model.serialise import decided_tool_facts
from analysis.output import files
from analysis.output.allowlist.canonical import ALLOWLIST
from analysis.output.packet import definitions_file
from analysis.output.packet.csv_files import TOOLS_CSV
from analysis.output.packet.definitions_file import DEFINITIONS
from analysis.output.packet.document.review_document import REVIEW_JSON
from analysis.review import queries
from analysis.review.packets import export as packets
from analysis.review.session import Review
from analysis.review.sources import rebuild
from analysis.review.sources.importing import examine_source
from tests.benchmarks.invented import inventory

AT = "2026-03-02T09:00:00Z"


@pytest.fixture
def review_of(tmp_path):
    """Return a function that makes the review of a number of invented tools."""

    def make(count):
        source = examine_source(json.dumps(inventory(count)).encode())
        return Review.create(tmp_path / f"{count}.clearance", [source], actor="ann", at=AT)

    return make


def calls_of(work):
    """Return how many functions a piece of work calls: the same number on every machine."""
    found = 0

    def count(_frame, event, _argument):
        nonlocal found
        found += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return found


def test_the_work_of_an_export_is_linear_in_the_number_of_tools(review_of, tmp_path):
    """The findings are there before: how many there are of invented tools is another matter."""

    def calls(count):
        review = review_of(count)
        assert review.summary().findings
        return calls_of(lambda: packets.export(review, tmp_path / f"packet of {count}"))

    some, more, most = calls(100), calls(200), calls(400)

    assert most - more < 3 * (more - some)  # twice as many more: 2 where it is linear, 4 where it is quadratic


def test_the_files_that_grow_with_the_tools_are_never_held_whole(review_of):
    content = files.PacketContent(packets.review_snapshot(review_of(800)))
    assert content.document["tools"]
    assert content.allowlist["tools"]
    held, longest, whole = {}, {}, {}
    tracemalloc.start()
    try:
        for name, pieces in files.in_pieces(content):
            tracemalloc.reset_peak()
            before, sizes = tracemalloc.get_traced_memory()[0], [len(piece) for piece in pieces]
            held[name] = tracemalloc.get_traced_memory()[1] - before
            longest[name], whole[name] = max(sizes), sum(sizes)
    finally:
        tracemalloc.stop()
    for name in (REVIEW_JSON, ALLOWLIST, TOOLS_CSV):
        assert longest[name] < whole[name] / 4, name
    for name in (REVIEW_JSON, ALLOWLIST):
        assert held[name] < whole[name] / 2, name


def test_the_tools_of_a_packet_are_read_at_once_and_without_the_fields_of_their_calls(review_of, monkeypatch):
    review = review_of(40)
    one_by_one = [review.store.record(tool.row.id) for tool in review.tools()]
    assert [*review.store.records()] == one_by_one
    assert any(record["tool"]["parameters"] for record in one_by_one)
    assert not any(record["tool"]["parameters"] for record in review.store.records(calls=False))
    monkeypatch.setattr(review.store, "record", None)
    snapshot = packets.review_snapshot(review)
    assert [each.tool.id for each in snapshot.tools] == [tool.row.id for tool in review.tools()]
    assert {each.tool.parameters for each in snapshot.tools} == {()}


def test_the_tools_of_a_packet_have_what_its_files_state(review_of):
    review = review_of(40)
    for whole, exported in zip(queries.reviewed_tools(review), packets.review_snapshot(review).tools, strict=True):
        assert decided_tool_facts(exported) == decided_tool_facts(whole)
        for name in (
            "id",
            "source",
            "kind",
            "name",
            "method",
            "path",
            "operation_id",
            "hints",
            "hosted",
            "security",
            "servers",
        ):
            assert getattr(exported.tool, name) == getattr(whole.tool, name)


def test_texts_that_have_no_place_in_the_packet_are_not_read(review_of, tmp_path, monkeypatch):
    review = review_of(40)
    monkeypatch.setattr(definitions_file, "_MAX_WITH_TEXTS", 100)
    monkeypatch.setattr(rebuild, "read", None)
    packets.export(review, tmp_path / "packet")
    assert b'"left_out"' in (tmp_path / "packet" / DEFINITIONS).read_bytes()


def test_a_file_that_no_verifier_would_read_ends_the_export_at_once(review_of, tmp_path, monkeypatch):
    in_pieces, made = files.in_pieces, []

    def noted(content):
        for name, pieces in in_pieces(content):
            made.append(name)
            yield name, pieces

    monkeypatch.setattr(packets, "MAX_BYTES", 10_000)
    monkeypatch.setattr(files, "in_pieces", noted)
    with pytest.raises(WorkspaceRefused, match="was not written") as refused:
        packets.export(review_of(40), tmp_path / "packet")
    assert made[-1] in str(refused.value.why)
    assert ALLOWLIST not in made
    assert [path.name for path in tmp_path.iterdir()] == ["40.clearance"]
