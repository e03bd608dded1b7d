"""The checker of recorded calls, in this process: what it finds in a call, and that it repeats no recorded value."""

from __future__ import annotations

import json
from typing import Any

import pytest

from analysis.traffic.schema_checker import Checker
from analysis.traffic.secrets import DROPPED

ROOM = {"type": "object", "required": ["name"], "additionalProperties": False, "properties": {
    "name": {"type": "string", "maxLength": 5}, "kind": {"enum": ["single", "double"]}, "beds": {"type": "integer", "maximum": 4},
    "owner": {"oneOf": [{"type": "integer"}, {"type": "object", "required": ["id"]}]},
}}  # fmt: skip
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Rooms", "version": "1"},
    "paths": {
        "/rooms/{id}": {
            "parameters": [
                {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "pattern": "^r"}}
            ],
            "put": {
                "parameters": [{"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 9}}],
                "requestBody": {"required": True, "content": {"application/json": {"schema": ROOM}}},
                "responses": {"200": {"description": "ok", "content": {"application/json": {"schema": ROOM}}}},
            },
        }
    },
}
CALL: dict[str, Any] = {
    "pointer": "/paths/~1rooms~1{id}/put", "method": "PUT", "path": {"id": "r1"}, "query": [], "headers": [],
    "type": "application/json", "body": '{"name": "attic"}', "complete": True, "status": 200, "data_type": "application/json",
    "data": '{"name": "attic"}', "arguments": None, "wrapped": {},
}  # fmt: skip


@pytest.fixture(scope="module")
def checker():
    return Checker(DOCUMENT, "3.1")


def found(checker, **changed):
    return list(checker.violations(CALL | changed))


def test_a_call_within_its_definition_violates_nothing(checker):
    assert found(checker, query=[("limit", "9")]) == []


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"path": {"id": "x-secret"}}, "path parameter 'id': violates `pattern"),
        ({"query": [("limit", "99")]}, "query parameter 'limit': violates `maximum: 9`"),
        ({"query": [("limit", "many")]}, "query parameter 'limit'"),
        ({"body": '{"name": "a very long secret"}'}, "request body/name: violates `maxLength: 5`"),
        ({"body": '{"name": "a", "kind": "triple"}'}, "request body/kind: is not one of the listed values"),
        ({"body": '{"name": "a", "owner": "secret"}'}, "request body/owner: does not match `oneOf`"),
        ({"body": '{"kind": "single"}'}, "'name' is a required property"),
        ({"body": "", "complete": True}, "the required request body is missing"),
        ({"type": "text/csv"}, "is of a media type that is not defined: text/csv"),
        ({"status": 418}, "the response status 418 is not defined"),
        ({"data": '{"name": 3}'}, "response body/name: violates `type"),
        ({"pointer": "/paths/~1rooms/get"}, "the document has no such operation"),
        ({"arguments": {"limit": 99}, "path": {}}, "the required path parameter 'id' is missing"),
        ({"arguments": {"id": "r1", "limit": 99, "name": "a"}}, "query parameter 'limit': violates `maximum: 9`"),
        ({"arguments": {"id": "r1"}}, "the required request body is missing"),
        ({"arguments": {"id": "r1"}, "wrapped": {"body": {"name": "a", "beds": 5}}}, "request body/beds: violates `maximum: 4`"),
    ],
)  # fmt: skip
def test_what_a_call_violates_is_said_without_its_values(checker, changed, says):
    texts = found(checker, **changed)
    assert any(says in text for text in texts), texts
    assert "secret" not in json.dumps(texts)


@pytest.mark.parametrize(
    "changed",
    [
        {"query": [("limit", DROPPED)]},
        {"body": json.dumps({"name": DROPPED})},
        {"body": json.dumps({"name": "a", "owner": {"key": DROPPED}})},
        {"status": 0, "data": None},
        {"data": None},
        {"body": "", "complete": False},
    ],
)
def test_what_was_not_recorded_violates_nothing(checker, changed):
    assert found(checker, **changed) == []
