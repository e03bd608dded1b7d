"""Withdrawal from the desk: one key, a reason, and packet and targets are written anew."""

from __future__ import annotations

import json

from analysis.review.packets.export import export


async def test_a_withdrawn_tool_is_blocked_and_gone_from_the_packet(open_review, at_desk, tmp_path):
    review = open_review("completed")
    packet = tmp_path / "completed-packet"
    export(review, packet, ["codex"])
    async with at_desk(review) as hand:
        await hand.types('/ "name:listTags" enter W')
        await hand.shows("with its targets: codex")
        await hand.types("enter enter")
        await hand.shows("Reason is required")
        await hand.types('"incident 7" enter enter')
        await hand.until(lambda: any("withdrawn: listTags" in said for _, said in hand.desk.messages.entries))
        await hand.until(
            lambda: any("to be signed" in said or "DRAFT" in said for _, said in hand.desk.messages.entries)
        )
        assert hand.recorded() == ["tool.decided listTags blocked because 'incident 7'"]
    (entry,) = (
        e for e in json.loads((packet / "allowlist.json").read_bytes())["tools"] if e["id"].endswith("GET /tags")
    )
    assert (entry["decision"], (packet / "targets" / "codex" / "config.toml").is_file()) == ("block", True)


async def test_without_a_packet_nothing_is_withdrawn(open_review, at_desk):
    async with at_desk(open_review("completed")) as hand:
        await hand.types('W "incident 7" enter enter')
        await hand.until(
            lambda: any("does not belong to this review" in said for _, said in hand.desk.messages.entries)
        )
        assert hand.recorded() == []


async def test_the_export_form_takes_targets_and_refuses_what_is_none(open_review, at_desk, tmp_path):
    async with at_desk(open_review("completed"), size=(120, 40)) as hand:
        await hand.types(f'E shift+tab ctrl+u "{tmp_path / "packet"}" enter "codx" enter enter')
        await hand.shows("there is no such export target")
        await hand.types('shift+tab ctrl+u "codex" enter enter')
        await hand.until((tmp_path / "packet" / "targets" / "codex" / "config.toml").is_file)
