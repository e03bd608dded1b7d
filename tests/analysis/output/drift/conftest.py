"""Definitions from small documents, compared without any reading of their texts."""

import json
from copy import deepcopy

import pytest

from analysis.ingest import read
from analysis.model import SourceId
from analysis.output.drift.compare import DefinitionSet, TextReaders, compare_definitions

LIST = {
    "tools": [
        {
            "name": "list_parcels", "description": "Lists the parcels of a depot, newest first.",
            "inputSchema": {
                "type": "object", "required": ["depot"], "additionalProperties": False,
                "properties": {
                    "depot": {"type": "string", "maxLength": 10}, "limit": {"$ref": "#/$defs/Limit"},
                    "state": {"type": "string", "enum": ["open", "sent"]},
                },
                "$defs": {"Limit": {"type": "integer", "minimum": 1, "maximum": 50}},
            },
            "outputSchema": {"type": "object", "properties": {"parcels": {"type": "array", "items": {"type": "string"}}}},
            "annotations": {"readOnlyHint": True, "destructiveHint": False, "title": "Parcels"},
        },
        {
            "name": "burn_parcel", "description": "Burns a parcel that no one has asked for in a year.",
            "inputSchema": {"type": "object", "properties": {"number": {"type": "string"}}, "required": ["number"]},
        },
    ]
}  # fmt: skip
DOCUMENT = {
    "openapi": "3.1.0", "info": {"title": "Depot", "version": "1"}, "servers": [{"url": "https://depot.example"}],
    "security": [{"oauth": ["parcels:read"]}],
    "paths": {
        "/parcels/{number}": {
            "parameters": [{"name": "number", "in": "path", "required": True, "schema": {"type": "string"}}],
            "get": {"operationId": "getParcel", "description": "Returns a parcel.", "responses": {"200": {"description": "ok"}}},
            "put": {
                "operationId": "putParcel",
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Parcel"}}}},
                "responses": {"200": {"description": "ok", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Parcel"}}}}},
            },
        }
    },
    "components": {
        "schemas": {
            "Parcel": {"type": "object", "required": ["weight"], "properties": {"weight": {"$ref": "#/components/schemas/Grams"}}},
            "Grams": {"type": "integer", "maximum": 1000},
        },
        "securitySchemes": {
            "oauth": {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "https://id.example/t", "scopes": {}}}}
        },
    },
}  # fmt: skip


def definition_set(document):
    """Return the definitions of a document."""
    reading = read(json.dumps(document).encode(), name=SourceId("s"), texts=True)
    assert reading.inventory is not None, reading.problems
    assert reading.texts is not None
    return DefinitionSet(reading.inventory.tools, reading.texts)


@pytest.fixture
def changed():
    """Change a document in place by a function and return the comparison of both."""

    def comparing(document, change, signals=lambda *_: frozenset(), additions=lambda *_: ()):
        after = deepcopy(document)
        change(after)
        return compare_definitions(definition_set(document), definition_set(after), TextReaders(signals, additions))

    return comparing
