"""History by person, kind and day; what a re-import changed; the gates; what an export would change."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from analysis.output.packet.signing.sign import sign
from analysis.output.packet.signing.statement import SignoffText
from analysis.output.packet.signing.verdicts import SignoffVerdict
from analysis.review import commands, queries
from analysis.review.packets.export import export

NOW = "2026-03-20T09:00:00Z"

# history -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "says", "holds"),
    [
        ("w 2", "by t.moreau", lambda entry: entry.actor == "t.moreau"),
        ("t 1", "only decisions", lambda entry: entry.kind == "tool.decided"),
        ('s "2026-03-02" enter', "since 2026-03-02", lambda entry: entry.at >= "2026-03-02"),
        ("w 2 t 2", "by t.moreau · only dispositions", lambda e: e.actor == "t.moreau" and "disposed" in e.kind),
    ],
)
async def test_history_filters(keys, says, holds, open_review, at_desk):
    async with at_desk(open_review("sample")) as hand:
        await hand.types("H " + keys)
        await hand.shows(f"only: {says}")
        log = [action.entries[0] for action in queries.recorded_actions(hand.review)]
        assert list(hand.desk.list_area.table.keys) == [entry.id for entry in reversed(log) if holds(entry)]
        await hand.types("escape")
        assert len(hand.desk.list_area.table.keys) == len(log)
        assert hand.desk.area == "trail"
        assert hand.recorded() == []


async def test_a_long_list_of_people_scrolls(open_review, at_desk):
    review = open_review("sample")
    for number in range(30):
        commands.note(review, "review", "seen", actor=f"person {number:02}", at="2026-03-03T09:00:00Z")
    async with at_desk(review) as hand:
        await hand.types("H w")
        assert "person 29" not in await hand.look()
        for _ in range(4):
            await hand.types("pagedown")
            await hand.look()
        await hand.shows("person 29")
        await hand.types("x")
        await hand.shows("only: by person 29")


async def test_an_invalid_date_is_refused(open_review, at_desk):
    async with at_desk(open_review("sample")) as hand:
        await hand.types('H s "yesterday" enter')
        await hand.shows("the date format is YYYY-MM-DD")


async def test_an_event_leads_to_its_tool(open_review, at_desk):
    async with at_desk(open_review("sample")) as hand:
        await hand.types('H / "approved getCustomerHistory" enter enter')
        assert (hand.desk.area, hand.tool) == ("tools", "getCustomerHistory")


# changes -------------------------------------------------------------------------------------------------

TOOLS = {"tools": [
    {"name": "send_fax", "description": "Sends a fax.", "inputSchema": {"type": "object", "properties": {"to": {"type": "string"}}}},
    {"name": "list_faxes", "description": "Lists faxes.", "inputSchema": {"type": "object", "properties": {}}},
    {"name": "get_fax", "description": "Gets a fax.", "inputSchema": {"type": "object", "properties": {}}},
]}  # fmt: skip


def changed():
    made = json.loads(json.dumps(TOOLS))
    made["tools"][0]["inputSchema"]["properties"] = {"number": {"type": "string"}}
    made["tools"][1]["description"] = "Lists all the faxes."
    made["tools"][2] = {"name": "delete_fax", "description": "Deletes a fax.", "inputSchema": {"type": "object"}}
    return made


async def test_changes_of_a_reimport_are_shown_before_and_after(open_review, at_desk, tmp_path):
    path = tmp_path / "fax.json"
    path.write_text(json.dumps(TOOLS))
    async with at_desk(open_review("sample"), size=(120, 40)) as hand:
        await hand.types(f'6 I "{path}" enter')
        await hand.shows("no re-import, or no change in it")
        await hand.types('3 / "name:send_fax" enter ~ b enter 6')
        path.write_text(json.dumps(changed()))
        await hand.types(f'I "{path}" enter')
        area = hand.desk.list_area
        shown = {area.cells(key)[2][0]: [cell for cell, _ in area.cells(key)] for key in area.table.keys}
        assert {name: cells[0] for name, cells in shown.items()} == {
            "send_fax": "changed", "list_faxes": "changed", "delete_fax": "new", "get_fax": "removed"
        }  # fmt: skip
        assert shown["list_faxes"][4] != shown["send_fax"][4] == "number, to"
        await hand.shows("4 tools differ")
        await hand.types('/ "send_fax" enter')
        await hand.shows("inputSchema.properties.to")
        await hand.shows("inputSchema.properties.number")
        await hand.types("enter")
        assert hand.tool == "send_fax"
        assert hand.review.tool(hand.desk.tools_area.tool).stale


async def test_a_reimport_without_changes_keeps_the_list_of_changes(open_review, at_desk, tmp_path):
    path = tmp_path / "fax.json"
    path.write_text(json.dumps(TOOLS))
    async with at_desk(open_review("sample")) as hand:
        await hand.types(f'I "{path}" enter')
        path.write_text(json.dumps(changed()))
        await hand.types(f'I "{path}" enter I "{path}" enter 6')
        assert len(hand.desk.list_area.table.keys) == 4


# sign-off ------------------------------------------------------------------------------------------------


async def test_a_gate_leads_to_what_keeps_it_open(open_review, at_desk):
    async with at_desk(open_review("sample")) as hand:
        await hand.types("9 enter")
        assert (hand.desk.area, hand.shown) == ("tools", ["deleteCustomer"])
        await hand.types('b "not needed" enter escape 9 j j j enter')
        assert hand.desk.area == "findings"  # the payment without an approval workflow
        await hand.types("9 j j j j j enter")
        assert hand.desk.area == "governance"
        assert hand.desk.list_area.table.key == "cred-store"
        await hand.types("9 g enter")
        assert hand.desk.area == "signoff"  # it is met: nothing is left to do there


async def test_the_next_export_is_compared_with_the_last(open_review, at_desk, tmp_path):
    review = open_review("sample")
    export(review, tmp_path / "sample-packet")
    async with at_desk(review, size=(120, 40)) as hand:
        await hand.types("9")
        assert [key for key in hand.desk.list_area.table.keys if key.startswith("line")] == []
        await hand.types('3 / "name:deleteCustomer,listTags" enter ~ b "not needed" enter j ~ b enter 9')
        lines = [key for key in hand.desk.list_area.table.keys if key.startswith("line")]
        assert len(lines) == 1
        await hand.shows("1 removed since the last export in this folder")
        await hand.shows("- removes")
        await hand.types("G enter")
        assert hand.tool == "listTags"
        await hand.types("9 E enter enter")
        await hand.until(lambda: not any(key.startswith("line") for key in hand.desk.list_area.table.keys))


# export over a signed packet ------------------------------------------------------------------------------

needs_keys = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")


@pytest.fixture
def key(tmp_path):
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / "ann")], check=True)
    return tmp_path / "ann"


@needs_keys
async def test_a_signed_packet_is_superseded_only_when_asked_for(open_review, at_desk, tmp_path, key):
    review, packet = open_review("completed"), tmp_path / "completed-packet"
    export(review, packet)
    sign(packet, SignoffText("iam", "t.moreau", SignoffVerdict.APPROVE, NOW), key=key)
    async with at_desk(review, size=(120, 40)) as hand:
        await hand.types("9 E enter enter")
        await hand.shows("This folder holds a signed packet (iam t.moreau: approve)")
        await hand.types("k")
        assert hand.recorded() == []
        assert (packet / "signoffs").exists()
        await hand.types("E enter enter s")
        await hand.until(lambda: not (packet / "signoffs").exists())
        assert [event.kind for event in hand.events()] == ["packet.superseded"]
        (kept,) = tmp_path.glob("completed-packet.superseded-*")
        assert (kept / "signoffs" / "iam.t.moreau.json").exists()


async def test_what_an_export_would_change_is_new_after_one(open_review, at_desk):
    """It is kept while nothing is recorded and exported, as it reads every tool."""
    async with at_desk(open_review("sample"), size=(120, 40)) as hand:
        await hand.types("9")
        await hand.shows("no earlier export")
        run = hand.desk.list_area._run
        await hand.types("3 9")
        assert hand.desk.list_area._run is run
        await hand.types("E enter enter")
        await hand.job_ends()
        await hand.types("9")
        assert not hand.desk.list_area._run.first
