"""What is found while a gateway runs, and what follows from it."""

import json

import pytest

from analysis.model import CapabilityKind
from analysis.output.packet.signing.verdicts import SignoffVerdict
from analysis.review.enforcement.gatekeeper import Rules, UpstreamFailed
from analysis.review.enforcement.plan import PacketPlace, verified_packet
from analysis.review.enforcement.supervision import MISSED_LOOKS, Supervision
from tests.fixtures.approved_packets import approved_packet

LIST = json.dumps({"tools": [{"name": "getRoom", "inputSchema": {"type": "object"}}]}).encode()
KEY = (CapabilityKind.TOOL, "getRoom")


class Upstream:
    """An upstream that lists what a test says."""

    def __init__(self):
        self.found = {KEY: ["d" * 64]}

    async def definitions(self):
        if isinstance(self.found, Exception):
            raise self.found
        return self.found


@pytest.fixture
def packet(tmp_path):
    return approved_packet(tmp_path / "packet", LIST, {"getRoom": []}, now="2026-05-01T00:00:00Z")


@pytest.fixture
def said():
    """What the person who started the gateway is told."""
    return []


@pytest.fixture
def watch(desk, packet, said):
    place = PacketPlace(packet.folder, packet.signers)
    manifest = verified_packet(place, now="2026-05-01T10:00:00Z").manifest
    desk.serve()
    desk.keeper.rules = Rules(manifest)
    made = Supervision(
        place, desk.keeper, Upstream(), tuple(t.approved for t in desk.keeper.tools.values()), 1.0, said.append
    )
    made.began_with(place.stamp())
    return made


async def test_a_look_that_finds_nothing_changes_nothing(watch):
    await watch.look()
    assert (watch.keeper.state.drifted, watch.compared) == ({}, True)


@pytest.mark.parametrize(
    ("found", "why"),
    [
        ({KEY: ["e" * 64]}, "has changed"),
        ({}, "not offer it any more"),
        ({KEY: ["d" * 64, "d" * 64]}, "more than once"),
        ({KEY: ["d" * 64, "e" * 64]}, "more than once"),
        ({(CapabilityKind.PROMPT, "getRoom"): ["d" * 64]}, "not offer it any more"),
    ],
)
async def test_what_has_changed_is_withdrawn_and_comes_back_with_its_definition(watch, said, found, why):
    before = watch.upstream.found
    watch.upstream.found = found | {(CapabilityKind.TOOL, "new"): ["f" * 64]}
    await watch.look()
    assert why in watch.keeper.state.drifted["getRoom"]
    assert len(said) == 1
    watch.upstream.found = before
    await watch.look()
    assert watch.keeper.state.drifted == {}


async def test_an_upstream_that_cannot_be_compared_is_forgiven_at_first(watch):
    watch.upstream.found = UpstreamFailed("not reachable")
    for _ in range(MISSED_LOOKS - 1):
        await watch.look()
    assert not watch.keeper.state.unconfirmed
    await watch.look()
    assert watch.keeper.state.unconfirmed
    watch.upstream.found = {KEY: ["d" * 64]}
    await watch.look()
    assert not watch.keeper.state.unconfirmed


async def test_a_connection_that_cannot_be_compared_is_not_opened(watch):
    watch.upstream.found = UpstreamFailed("not reachable")
    with pytest.raises(UpstreamFailed):
        await watch.opened()


async def test_a_withdrawn_sign_off_stops_everything(watch, packet, desk):
    packet.sign(SignoffVerdict.WITHDRAWN, replace=True)
    await watch.look()
    assert watch.stopped.is_set()
    assert "REJECTED" in watch.keeper.state.stopped
    watch.upstream.found = {}
    await watch.compare()
    assert watch.keeper.state.stopped  # nothing that is found later starts it again


async def test_another_packet_in_its_place_stops_everything(watch, packet):
    watch.keeper.rules = Rules("another")
    (packet.folder / "signoffs").touch()
    await watch.look()
    assert "another packet has taken its place" in watch.keeper.state.stopped


async def test_a_new_day_verifies_again(watch, desk, packet):
    packet.signers.write_text(packet.signers.read_text())
    watch.began_with(watch.place.stamp())
    desk.pass_time(days=400)
    await watch.look()
    assert not watch.stopped.is_set()
    packet.signers.write_text("")
    await watch.look()
    assert "NOT VERIFIED" in watch.keeper.state.stopped


async def test_the_stop_file_stops(watch, desk):
    (desk.folder / "stop").write_text("")
    await watch.look()
    assert "by hand" in watch.keeper.state.stopped
