"""Formats that are close to the ones that are read: named in the refusal, with the way on."""

import json

import pytest

from analysis.ingest import read
from analysis.model import Level

FORMATS = {
    "Overlay": "overlay: 1.0.0\ninfo: {title: t, version: '1'}\nactions: []\n",
    "Arazzo": "arazzo: 1.0.1\ninfo: {title: t, version: '1'}\nworkflows: []\n",
    "AsyncAPI": '{"asyncapi": "2.6.0", "channels": {}}',
    "GraphQL introspection": '{"__schema": {"types": []}}',
    "GraphQL schema": "# boats\nschema { query: Query }\ntype Query { boat: Int }\n",
    "GraphQL schema ": '"""A boat."""\ntype Boat @key(fields: "id") {\n  id: ID!\n}\n',
    "Protocol Buffers": 'syntax = "proto3";\nmessage Boat { string name = 1; }\n',
    "Protocol Buffers ": "package boats;\nservice Boats {\n  rpc Sink (Boat) returns (Nothing);\n}\n",
    "OpenRPC": '{"openrpc": "1.3.0", "info": {}, "methods": []}',
    "RAML": "#%RAML 1.0\ntitle: Boats\n/boats:\n  get:\n",
    "API Blueprint": "FORMAT: 1A\n# Boats\n## GET /boats\n",
    "WSDL": '<?xml version="1.0"?>\n<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/"></wsdl:definitions>',
    "WADL": '<application xmlns="http://wadl.dev.java.net/2009/02"></application>',
    "MCP bundle manifest": '{"manifest_version": "0.3", "server": {"type": "node"}, "tools": [{"name": "sink", "description": "x"}]}',
    "MCP server card": '{"name": "test.example/boats", "remotes": [{"type": "sse", "url": "https://b.example.test"}]}',
    "configuration of MCP clients": '{"mcpServers": {"boats": {"command": "boats", "args": []}}}',
    "skill file": "---\nname: sink\ndescription: Sinks boats.\n---\nSink them.\n",
    "A2A agent card": '{"name": "Captain", "url": "https://b.example.test", "skills": [{"id": "sink"}]}',
    "HAR": '{"log": {"version": "1.2", "entries": []}}',
    "Insomnia": '{"_type": "export", "resources": [{"_type": "request"}]}',
    "JSON Schema": '{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object"}',
    "Kubernetes": "apiVersion: v1\nkind: Service\nmetadata: {name: boats}\n",
    "TypeSpec": 'import "@typespec/http";\nnamespace Boats;\n',
    "Smithy": '$version: "2"\nnamespace boats\n',
    "HTML": "<!DOCTYPE html><html><body>Boats</body></html>",
}  # fmt: skip


@pytest.mark.parametrize(("name", "text"), FORMATS.items(), ids=FORMATS)
def test_a_refusal_names_the_format_and_what_to_do(name, text):
    found = read(text.encode())
    assert found.inventory is None
    (problem,) = [each for each in found.problems if each.level is Level.REFUSED]
    assert name.strip() in problem.what
    assert problem.remedy


@pytest.mark.parametrize(
    "text",
    [
        "just a note about a message",
        '{"a": 1}',
        "type: object\nproperties: {}\n",
        "# Boats\n\n---\nA text with a rule.\n---\n",
        "- message\n- service\n",
    ],
)
def test_other_texts_are_named_nothing(text):
    (problem,) = [each for each in read(text.encode()).problems if each.level is Level.REFUSED]
    assert "this is a" not in problem.what.lower()


def test_documents_that_mention_a_neighbour_are_still_read():
    document = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1", "x": "arazzo: 1"},
        "paths": {"/a": {"get": {}}},
    }
    assert len(read(json.dumps(document).encode()).inventory.tools) == 1
