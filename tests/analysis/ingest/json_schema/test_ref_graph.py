"""Reachability: the join over a graph, compared with the simplest computation."""

import json
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.field_names import positions
from analysis.ingest import read
from analysis.ingest.document.canonical_json import child, places_of_refs, refs_under, spans_under
from analysis.ingest.document.references import DocumentSet
from analysis.ingest.json_schema.components import join


@st.composite
def graphs(draw, largest=12):
    size = draw(st.integers(0, largest))
    return [draw(st.lists(st.integers(0, size - 1), max_size=4)) for _ in range(size)]


def closure(edges, start):
    """All nodes that can be reached from one, itself included."""
    seen, queue = {start}, [start]
    while queue:
        new = set(edges[queue.pop()]) - seen
        seen |= new
        queue.extend(new)
    return seen


@given(graphs())
def test_join_is_the_transitive_closure(edges):
    masks, components = join(lambda node: 1 << node, edges)
    reach = [closure(edges, node) for node in range(len(edges))]
    assert [set(positions(mask)) for mask in masks] == reach
    assert sorted(node for members in components for node in members) == list(range(len(edges)))
    together = {frozenset(members) for members in components}
    assert together == {frozenset(b for b in reach[a] if a in reach[b]) for a in range(len(edges))}


@given(graphs())
def test_components_follow_their_successors(edges):
    _, components = join(lambda _: 0, edges)
    place = {node: at for at, members in enumerate(components) for node in members}
    assert all(place[successor] <= place[node] for node, successors in enumerate(edges) for successor in successors)


@given(graphs(), st.data())
def test_join_unites_arbitrary_masks(edges, data):
    own = [data.draw(st.integers(0, 255)) for _ in edges]
    masks, _ = join(own.__getitem__, edges)
    for node, mask in enumerate(masks):
        united = 0
        for reached in closure(edges, node):
            united |= own[reached]
        assert mask == united


def test_a_chain_and_a_ring_of_many_thousands():
    size = 50_000
    masks, components = join(lambda node: int(not node), [[n + 1] for n in range(size - 1)] + [[]])
    assert (masks[0], masks[1], len(components)) == (1, 0, size)
    masks, components = join(lambda node: int(not node), [[(n + 1) % size] for n in range(size)])
    assert (set(masks), len(components)) == ({1}, 1)


def test_pointers_are_escaped():
    assert child(child("/paths", "/a~b"), 3) == "/paths/~1a~0b/3"


def test_texts_and_references_with_their_places():
    node = {
        "description": "two words",
        "type": "no text",
        "$ref": "#/a",
        "items": [{"$ref": "b.yaml"}, "in a list"],
        "k\u00e9y": 1,
        "word": "word",
        "x" * 3: "y" * 80,
    }
    texts, refs = spans_under(node, "/p"), refs_under(node)
    assert {(p.pointer, p.text) for p in texts} == {
        ("/p/description", "two words"), ("/p/items/1", "in a list"), ("/p", "k\u00e9y"), ("/p/xxx", "y" * 80), ("/p/type", "no text"),
    }  # fmt: skip
    assert sorted(refs) == ["#/a", "b.yaml"]
    assert [places_of_refs(node, "/p")[ref] for ref in sorted(refs)] == ["/p", "/p/items/0"]


# --- documents that grow fast ------------------------------------------------------------------------


def document(schemas, starts=(0,)):
    """A document with one operation for each schema that a response may start at."""
    content = {n: {"application/json": {"schema": ref(n)}} for n in starts}
    responses = {n: {"200": {"description": "ok", "content": content[n]}} for n in starts}
    paths = {f"/p{at}": {"get": {"responses": responses[n]}} for at, n in enumerate(starts)}
    head = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}}
    return json.dumps(head | {"paths": paths, "components": {"schemas": schemas}}).encode()


def ref(number):
    return {"$ref": f"#/components/schemas/S{number}"}


def chain(length):
    return {f"S{n}": ref(n + 1) for n in range(length)} | {f"S{length}": {"properties": {"end": {}}}}


def test_a_chain_of_5000_references():
    start = process_time()
    (tool,) = read(document(chain(5_000))).inventory.tools
    assert tool.response_fields == ("end",)
    assert len(tool.referenced_schemas) == 5_001
    assert process_time() - start < 5


def test_31_schemas_that_each_use_the_one_before_twice():
    """2^30 copies for a reader that inlines references."""
    schemas = {f"S{n}": {"properties": {f"a{n}": ref(n + 1), f"b{n}": ref(n + 1)}} for n in range(30)}
    start = process_time()
    (tool,) = read(document(schemas | {"S30": {"properties": {"end": {}}}})).inventory.tools
    assert len(tool.response_fields) == 61
    assert tool.size < 10_000
    assert process_time() - start < 5


@pytest.mark.parametrize("starts", [[0] * 300, range(300), range(300, -1, -1)], ids=["its head", "all", "backwards"])
def test_a_chain_is_not_walked_again_by_every_operation(monkeypatch, starts):
    """Otherwise a document of one megabyte (5,000 links, 5,000 operations) takes a quarter of a minute."""
    looked_up = 0
    target = DocumentSet.target

    def counted(self, file, ref, pointer):
        nonlocal looked_up
        looked_up += 1
        return target(self, file, ref, pointer)

    monkeypatch.setattr(DocumentSet, "target", counted)
    tools = read(document(chain(300), starts)).inventory.tools
    assert {tool.response_fields for tool in tools} == {("end",)}
    assert looked_up < 20 * (300 + len(starts))
