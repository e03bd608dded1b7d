"""The definitions of a packet: every digest that a decision names has its text, and the digests follow from the texts."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest

from analysis import ingest
from analysis.ingest import Stored
from analysis.model import SourceRecord
from analysis.output.packet import definitions_file
from analysis.output.packet.definitions_file import OtherFormat, carried_definitions, definitions
from analysis.output.packet.folder import MAX_BYTES, Unreadable
from tests.analysis.output.packet.review_snapshots import plain

#: A list of trees and a pair of schemas that refer to each other, a lone surrogate, and a part that two operations share.
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Trees", "version": "1"},
    "paths": {
        "/trees": {
            "get": {"operationId": "listTrees", "responses": {"200": {"$ref": "#/components/responses/Tree"}}},
            "post": {"operationId": "addTree", "description": "odd \ud800", "responses": {"200": {"$ref": "#/components/responses/Tree"}}},
        }
    },
    "components": {
        "responses": {"Tree": {"description": "A tree.", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Tree"}}}}},
        "schemas": {
            "Tree": {"type": "object", "properties": {"child": {"$ref": "#/components/schemas/Branch"}}},
            "Branch": {"type": "object", "properties": {"tree": {"$ref": "#/components/schemas/Tree"}, "leaf": {"$ref": "#/components/schemas/Leaf"}}},
            "Leaf": {"type": "string"},
        },
    },
}  # fmt: skip
TOOLS = {
    "tools": [{"name": "list_trees", "description": "Lists trees.", "inputSchema": {"type": "object"}}],
    "resources": [{"uri": "file:///trees", "name": "trees"}],
}


def read(data):
    return ingest.read(Stored((("-", json.dumps(data).encode()),), folder=False), texts=True)


def raw(content):
    """Return the bytes of a text of the file."""
    return base64.b64decode(content["base64"]) if "base64" in content else content["text"].encode()


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def digests_of(group):
    """Return the digests of the parts of a group, as `DefinitionParts` describes them."""
    own = {address: hashlib.sha256(raw(content)).digest() for address, content in group["parts"].items()}
    members = sorted(address.encode() + digest for address, digest in own.items())
    shared = hashlib.sha256(b"\0".join([*members, *map(bytes.fromhex, group["below"])])).digest()
    return {address: sha256(digest + shared) for address, digest in own.items()}


@pytest.mark.parametrize("data", [DOCUMENT, TOOLS], ids=["OpenAPI", "MCP"])
def test_every_digest_of_an_inventory_has_its_text(data):
    reading = read(data)
    assert {tool.digest for tool in reading.inventory.tools} == set(reading.texts.definitions)
    for digest, text in reading.texts.definitions.items():
        assert sha256(text.encode("utf-8", "surrogatepass")) == digest


def test_texts_are_kept_only_where_they_are_wanted():
    assert ingest.read(json.dumps(DOCUMENT).encode()).texts is None


def lines_of(data):
    return [json.loads(line) for line in data.splitlines()]


def file_of(*sources):
    """Return the file of a packet with some sources."""
    readings = [read(source) for source in sources]
    records = tuple(
        SourceRecord(each.inventory.source.id, each.files, each.problems, each.not_checked) for each in readings
    )
    return b"".join(definitions(plain(records=records, definitions=tuple(each.texts for each in readings))))


def test_references_in_a_definition_lead_to_the_digests_of_parts_in_the_file():
    lines = lines_of(file_of(DOCUMENT))
    parts = {}
    for group in (line for line in lines if "parts" in line):
        assert set(group["below"]) <= set(parts.values()), "a group comes after those that it refers to"
        parts |= digests_of(group)
    heads = [json.loads(raw(line).split(b"\n")[0]) for line in lines if "definition" in line]
    assert len(heads) == 2
    for head in heads:
        assert head["refs"] == {"/components/responses/Tree": parts["/components/responses/Tree"]}


def test_the_file_of_a_packet_is_read_back(packet_bytes):
    found = carried_definitions(packet_bytes["definitions.jsonl"], MAX_BYTES)
    listed = json.loads(packet_bytes["allowlist.json"])["tools"]
    assert {entry["digest"] for entry in listed} == found.digests
    assert [source.id for source in found.sources] == ["customer-management-api"]


def test_a_text_with_a_lone_surrogate_is_read_back():
    assert len(carried_definitions(file_of(DOCUMENT, TOOLS), MAX_BYTES).digests) == 4


def test_a_definition_with_another_text_is_refused(packet_bytes):
    data = packet_bytes["definitions.jsonl"]
    changed = data.replace(b'"definition":"', b'"definition":"0', 1)
    with pytest.raises(Unreadable, match="does not have its digest"):
        carried_definitions(changed, MAX_BYTES)


def test_texts_that_would_make_the_file_too_large_are_left_out(monkeypatch):
    whole = file_of(DOCUMENT, TOOLS)
    monkeypatch.setattr(definitions_file, "_MAX_WITH_TEXTS", len(whole) - 1)
    found = carried_definitions(file_of(DOCUMENT, TOOLS), MAX_BYTES)
    assert (found.whole, len(found.sources), len(found.digests)) == (False, 2, 2)


def test_the_texts_of_a_large_source_are_left_out_and_those_of_others_stay(monkeypatch):
    sizes = sorted(len(json.dumps(data)) for data in (DOCUMENT, TOOLS))
    monkeypatch.setattr(definitions_file, "MAX_STATED_SOURCE", sizes[0])
    data = file_of(DOCUMENT, TOOLS)
    found = carried_definitions(data, MAX_BYTES)
    assert (found.whole, len(found.sources)) == (False, 2)
    assert data.count(b'"left_out"') == 1
    assert 0 < len(found.digests) < 4


def record(identity, files, text_size):
    return SourceRecord(identity, files, (), (), text_size)


def test_a_source_whose_texts_cannot_fit_need_not_be_read(monkeypatch):
    monkeypatch.setattr(definitions_file, "_MAX_WITH_TEXTS", 1_000)
    monkeypatch.setattr(definitions_file, "MAX_STATED_SOURCE", 300)
    some = (("a.json", b"x" * 100), ("b.json", b"x" * 50))
    records = [record("fits", some, 850), record("unknown", (), 0), record("texts", (), 851)]
    records.append(record("files", (("c.json", b"x" * 301),), 0))
    assert definitions_file.texts_may_be_stated(records[:3]) == {"fits", "unknown"}
    assert definitions_file.texts_may_be_stated(records) == {"unknown"}


@pytest.mark.parametrize("data", [DOCUMENT, TOOLS], ids=["OpenAPI", "MCP"])
def test_a_file_has_no_place_for_less_than_the_size_that_is_known_of_its_texts(data):
    reading = read(data)
    sizes = [len(line) for line in file_of(data).splitlines() if b'"definition":' in line or b'"parts":' in line]
    assert 0 < reading.text_size == sum(map(len, reading.texts.definitions.values())) < sum(sizes)
    assert ingest.read(json.dumps(data).encode()).text_size == reading.text_size


def line_of(raw):
    """Return the line in which the file of a packet states the bytes of a source."""
    _, _, line, *_ = b"".join(definitions(plain(records=(record("s", (("f", raw),), 0),)))).split(b"\n")
    return line + b"\n"


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1_000])
@pytest.mark.parametrize(
    "raw", ['a"\\\n\x7fé€😀'.encode() * 3, b"", "é".encode()[:1], b"ok\xff", "€".encode() * 2 + b"\xe2"]
)
def test_a_file_is_stated_in_pieces_as_it_is_at_once(raw, size, monkeypatch):
    monkeypatch.setattr(definitions_file, "_PIECE", size)
    at_once = {"source": "s", "file": "f", "sha256": sha256(raw), **definitions_file._content(raw)}
    assert line_of(raw) == definitions_file._line(at_once)


def test_the_format_of_another_version_is_named_as_such(packet_bytes):
    with pytest.raises(OtherFormat):
        carried_definitions(
            packet_bytes["definitions.jsonl"].replace(b'"format_version":2', b'"format_version":3', 1), MAX_BYTES
        )


DAMAGES = {
    "the last line has no end": (lambda data: data[:-1], "does not end with a whole line"),
    "it is empty": (lambda _: b"", "does not end with a whole line"),
    "a line of something else": (lambda data: data + b'{"x":1}\n', "is not one of a definition"),
    "a file of no source": (lambda data: data.replace(b'"file":', b'"fil":', 1), "is not one of a definition"),
    "a file of other bytes": (lambda data: data.replace(b'"sha256":"', b'"sha256":"0', 1), "does not have its digest"),
    "bytes that are none": (lambda data: data.replace(b'"text":"', b'"base64":"!', 1), "not base64"),
    "a file without content": (lambda data: data.replace(b'"text":"', b'"other":"', 1), "without content"),
}


@pytest.mark.parametrize(("damage", "sentence"), DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_file_is_refused_with_a_sentence(damage, sentence):
    data = file_of(DOCUMENT, TOOLS)
    assert damage(data) != data
    with pytest.raises(Unreadable, match=sentence):
        carried_definitions(damage(data), MAX_BYTES)
