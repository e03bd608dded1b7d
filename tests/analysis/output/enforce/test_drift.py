"""What has changed at an upstream, as the gateway sees it: missing, listed twice, or another definition."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from analysis.ingest import read
from analysis.model import CapabilityKind
from analysis.output.enforce.drift import digests_by_key, drift_of, key_of

LIST = {
    "tools": [{"name": "getRoom", "inputSchema": {"type": "object"}}],
    "resources": [{"uri": "rooms://plan", "name": "plan"}],
    "prompts": [{"name": "tidy"}],
}
DOCUMENT = {
    "openapi": "3.1.0", "info": {"title": "Rooms", "version": "1"},
    "paths": {"/rooms/{id}": {"delete": {"operationId": "deleteRoom", "responses": {"204": {"description": "gone"}}}}},
}  # fmt: skip


def tools(document):
    inventory = read(json.dumps(document).encode()).inventory
    assert inventory is not None
    return inventory.tools


def test_each_kind_is_known_as_its_upstream_knows_it():
    assert {key_of(tool) for tool in (*tools(LIST), *tools(DOCUMENT))} == {
        (CapabilityKind.TOOL, "getRoom"), (CapabilityKind.RESOURCE, "rooms://plan"), (CapabilityKind.PROMPT, "tidy"),
        (CapabilityKind.TOOL, "DELETE /rooms/{id}"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("digests", "why"),
    [
        (None, "does not offer it any more"),
        (["a" * 64], "has changed since it was approved"),
        (["d" * 64, "d" * 64], "lists it more than once"),
        (["d" * 64], ""),
    ],
)
def test_what_has_changed_is_said_by_the_served_name(digests, why):
    approved = SimpleNamespace(kind=CapabilityKind.TOOL, reached="getRoom", digest="d" * 64, name="get_room")
    found = drift_of([approved], {} if digests is None else {(CapabilityKind.TOOL, "getRoom"): digests})  # type: ignore[list-item]
    assert list(found) == (["get_room"] if why else [])
    assert why in found.get("get_room", "")


def test_a_capability_listed_twice_has_both_digests():
    twice = [*tools(LIST), *tools(LIST)]
    assert {len(digests) for digests in digests_by_key(twice).values()} == {2}
