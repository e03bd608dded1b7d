"""What a verified packet lets a gateway serve."""

import json
from pathlib import Path

import pytest

from analysis.errors import CheckFailed, UsageError
from analysis.model import CapabilityKind, SourceKind
from analysis.output.packet.signing.verdicts import SignoffVerdict
from analysis.review.enforcement.plan import PacketPlace, approved_of, source_for, verified_packet
from tests.fixtures.approved_packets import NOW, approved_packet

ROOM = {"type": "object", "properties": {"id": {"type": "string"}}}
LIST = {
    "serverInfo": {"name": "rooms", "version": "1"},
    "capabilities": {"tools": {}, "prompts": {}},
    "protocolVersion": "2025-11-25",
    "instructions": "Ask first.",
    "tools": [{"name": name, "inputSchema": ROOM} for name in ("getRoom", "get room", "closeRoom", "deleteRoom")],
    "prompts": [{"name": "getRoom", "description": "A prompt of the same name."}],
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    decisions = {
        "getRoom": [],
        "get room": [],
        "deleteRoom": ["approval=two persons of leads", "expires=2026-12-31"],
        "instructions": [],
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        packet = approved_packet(tmp_path_factory.mktemp("packet"), json.dumps(LIST).encode(), decisions)
    assert packet.problems == []
    return packet


def place(made):
    return PacketPlace(made.folder, made.signers)


def test_what_is_approved_and_nothing_else(made):
    packet = verified_packet(place(made), now=NOW)
    source = source_for(packet, [SourceKind.MCP], "")
    found = approved_of(packet, source)
    assert {each.name: (each.kind, each.reached) for each in found.served} == {
        "getRoom": (CapabilityKind.TOOL, "getRoom"),
        next(each.name for each in found.served if each.reached == "get room"): (CapabilityKind.TOOL, "get room"),
        "deleteRoom": (CapabilityKind.TOOL, "deleteRoom"),
        "prompt getRoom": (CapabilityKind.PROMPT, "getRoom"),
        "instructions instructions": (CapabilityKind.INSTRUCTIONS, "instructions"),
    }
    assert found.left_out == ()
    deleting = next(each for each in found.served if each.name == "deleteRoom")
    assert deleting.requirements.last_day == "2026-12-31"
    assert [(each.persons, each.approvers) for each in deleting.requirements.approvals] == [(2, ("leads",))]
    assert deleting.definition["inputSchema"] == ROOM
    assert deleting.critical


def test_sources_are_not_guessed(made):
    packet = verified_packet(place(made), now=NOW)
    with pytest.raises(UsageError, match="no source of the kind openapi"):
        source_for(packet, [SourceKind.OPENAPI], "")
    with pytest.raises(UsageError, match="no such source"):
        source_for(packet, [SourceKind.MCP], "others")
    with pytest.raises(UsageError, match="no such server"):
        approved_of(packet, "rooms", "others")


def test_of_several_servers_one_is_named(tmp_path):
    tools = [{"name": "getRoom", "inputSchema": ROOM}]
    raw = json.dumps({"mcpServers": {"a": {"tools": tools}, "b": {"tools": tools}}}).encode()
    packet = verified_packet(place(approved_packet(tmp_path, raw, {"getRoom": []})), now=NOW)
    with pytest.raises(UsageError, match="several servers"):
        approved_of(packet, "rooms")
    assert [each.id for each in approved_of(packet, "rooms", "b").served] == ["rooms:b/getRoom"]


def test_a_packet_of_another_time_or_verdict_is_no_approval(tmp_path):
    packet = approved_packet(tmp_path, json.dumps(LIST).encode(), {"getRoom": ["expires=2026-04-01"]})
    assert verified_packet(place(packet), now="2026-04-01T23:59:59Z").manifest
    with pytest.raises(CheckFailed, match="EXPIRED"):
        verified_packet(place(packet), now="2026-04-02T00:00:00Z")
    packet.sign(SignoffVerdict.WITHDRAWN, replace=True)
    with pytest.raises(CheckFailed, match="REJECTED"):
        verified_packet(place(packet), now=NOW)
    with pytest.raises(CheckFailed, match="nothing is served"):
        verified_packet(PacketPlace(Path("absent"), packet.signers), now=NOW)


def test_the_stamp_of_a_packet_changes_with_any_file_and_with_the_signers(made, tmp_path):
    before = place(made).stamp()
    assert place(made).stamp() == before
    extra = made.folder / "signoffs" / "extra"
    extra.write_text("")
    assert place(made).stamp() != before
    extra.unlink()
    assert PacketPlace(tmp_path / "absent", made.signers).stamp() != before
