"""What is refused at the start, what ends a gateway, and what is left out aloud."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters

from analysis.output.packet.signing.verdicts import SignoffVerdict
from tests.e2e.gateway.conftest import ROOT, TODAY
from tests.e2e.gateway.test_mcp_over_http import called, client, waits_for
from tests.fixtures.approved_packets import approved_packet


def processes_of(folder):
    """Return the processes whose command line names a folder."""
    return subprocess.run(["pgrep", "-f", str(folder)], capture_output=True, check=False).stdout


def refused(workshop, packet, *more, code=1):
    ran = workshop.run(
        "enforce", packet.folder, "--allowed-signers", packet.signers, "--state", workshop.folder / "gateway", *more
    )
    assert ran.returncode == code, ran.stderr
    assert ran.stdout == ""
    assert "next: " in ran.stderr
    return ran.stderr


def of_stdio(workshop):
    return ["--", *workshop.command(workshop.upstream_folder())]


def test_a_packet_that_is_no_approval_serves_nothing(workshop):
    packet = workshop.packet(signed=False)
    assert "NOT SIGNED" in refused(workshop, packet, *of_stdio(workshop))
    packet.sign(SignoffVerdict.REJECT)
    assert "REJECTED" in refused(workshop, packet, *of_stdio(workshop))
    packet.sign(SignoffVerdict.APPROVE, replace=True)
    manifest = packet.folder / "manifest.json"
    manifest.write_bytes(manifest.read_bytes() + b" ")
    assert "NOT VERIFIED" in refused(workshop, packet, *of_stdio(workshop))
    assert not (workshop.upstream_folder() / "calls").exists()


def test_a_packet_that_has_expired_or_whose_signers_are_not_yours_serves_nothing(workshop):
    raw = json.dumps({"tools": [{"name": "getRoom", "inputSchema": {"type": "object"}}]}).encode()
    old = approved_packet(workshop.folder / "old", raw, {"getRoom": ["expires=2026-02-01"]}, now="2026-01-20T00:00:00Z")
    assert "EXPIRED" in refused(workshop, old, *of_stdio(workshop))
    packet = workshop.packet()
    packet.signers.write_text("")
    assert "NOT VERIFIED" in refused(workshop, packet, *of_stdio(workshop))


def test_a_draft_serves_nothing(workshop):
    made = workshop.run("demo", "--no-desk", "--workspace", workshop.folder / "demo.clearance")
    assert made.returncode == 0, made.stderr
    assert workshop.run("export", workshop.folder / "demo.clearance", workshop.folder / "draft").returncode == 0
    packet = workshop.packet()
    packet.folder = workshop.folder / "draft"
    assert "DRAFT" in refused(workshop, packet, "--openapi", "x.json", "--base-url", "http://127.0.0.1:9")


def test_an_upstream_that_is_not_what_was_approved_is_refused_or_served_in_part(workshop):
    packet = workshop.packet()
    (workshop.upstream_folder() / "changed").write_text(" And more.")
    said = refused(workshop, packet, *of_stdio(workshop))
    assert "1 of 12 approved" in said
    assert "bookRoom" in said
    _, port = workshop.http_server()
    gateway = workshop.gateway(packet, "--serve-unchanged", f"http://127.0.0.1:{port}/mcp")
    assert "withdrawn: bookRoom" in "".join(gateway.started.said)

    async def offered():
        async with client(gateway.url) as connection:
            return {tool.name for tool in (await connection.list_tools()).tools}

    assert "bookRoom" not in asyncio.run(offered())


def test_an_upstream_that_is_not_there_is_refused(workshop):
    packet = workshop.packet()
    assert "not found" in refused(workshop, packet, "--", "no-such-command-anywhere", code=3)
    assert "no connection" in refused(workshop, packet, "http://127.0.0.1:9/mcp", code=3)


def test_conditions_that_the_run_cannot_check_leave_the_tool_out_aloud(workshop):
    packet = workshop.packet(
        {
            "getRoom": [],
            "bookRoom": ["group=support"],
            "closeRoom": ["env=staging"],
            "bigRoom": ["audit=every call to siem"],
        }
    )
    _, port = workshop.http_server()
    gateway = workshop.gateway(packet, f"http://127.0.0.1:{port}/mcp")
    said = "".join(gateway.started.said)
    assert "NOT SERVED  bookRoom: its audience is limited" in said
    assert "NOT SERVED  closeRoom: it is approved for staging: name yours with --environment" in said
    assert "NOT SERVED  bigRoom: its calls have to be recorded in siem" in said
    assert set(gateway.records[0]["served"]) == {"getRoom"}
    gateway.started.end()
    again = workshop.gateway(
        packet,
        "--as",
        "ann,support",
        "--environment",
        "staging",
        "--audit-name",
        "siem",
        f"http://127.0.0.1:{port}/mcp",
    )
    assert "NOT SERVED" not in "".join(again.started.said)


@pytest.mark.parametrize("what", ["withdrawn", "superseded", "signers"])
async def test_a_sign_off_that_is_withdrawn_ends_a_running_gateway(workshop, what):
    packet = workshop.packet()
    _, port = workshop.http_server()
    gateway = workshop.gateway(packet, f"http://127.0.0.1:{port}/mcp")
    async with client(gateway.url) as connection:
        assert not (await called(connection, "getRoom", {"id": "1"}))[0]
    if what == "withdrawn":
        packet.sign(SignoffVerdict.WITHDRAWN, replace=True)
    elif what == "signers":
        packet.signers.write_text("")
    else:
        other = workshop.folder / "other"
        listing = next(packet.folder.glob("definitions.jsonl")).read_text().splitlines()[2]
        made = approved_packet(other, json.loads(listing)["text"].encode(), {"getRoom": []}, now=TODAY)
        packet.signers.write_text(made.signers.read_text())
        shutil.rmtree(packet.folder)
        shutil.copytree(made.folder, packet.folder)
    begun = time.monotonic()
    await asyncio.to_thread(gateway.started.process.wait, 40)
    assert time.monotonic() - begun < 40
    assert gateway.started.process.returncode == 1
    await asyncio.sleep(0.2)
    said = "".join(gateway.started.said)
    expected = {"withdrawn": "REJECTED", "superseded": "another packet has taken its place", "signers": "NOT VERIFIED"}
    assert expected[what] in said, said


async def test_the_stop_refuses_at_once_ends_and_stays(workshop):
    packet = workshop.packet()
    _, port = workshop.http_server()
    gateway = workshop.gateway(packet, "--poll", "5", f"http://127.0.0.1:{port}/mcp")
    state = workshop.folder / "gateway"
    async with client(gateway.url) as connection:
        assert workshop.run("enforce", packet.folder, "--state", state, "--stop").returncode == 0
        failed, text = await called(connection, "getRoom", {"id": "1"})
        assert (failed, "stopped" in text) == (True, True)
    await asyncio.to_thread(gateway.started.process.wait, 30)
    assert "is stopped" in refused(workshop, packet, *of_stdio(workshop))
    assert workshop.run("enforce", packet.folder, "--state", state, "--resume").returncode == 0
    assert gateway.calls[-1]["check"] == "stopped"


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_over_stdio_the_gateway_serves_and_leaves_no_process_behind(workshop, mode):
    packet = workshop.packet()
    folder = workshop.upstream_folder()
    arguments = [
        "-m", "tui", "enforce", str(packet.folder), "--allowed-signers", str(packet.signers), "--state", str(workshop.folder / "gateway"),
        "--as", "ann@corp.example", "--env", "UPSTREAM_SECRET", *of_stdio(workshop),
    ]  # fmt: skip
    environment = workshop.environment | {"UPSTREAM_SECRET": "pa55-for-upstream-1", "OTHER_SECRET": "never-passed-2"}
    parameters = StdioServerParameters(command=sys.executable, args=arguments, env=environment, cwd=ROOT)
    async with Client(parameters, mode=mode, cache=None) as connection:
        assert connection.instructions == "Ask before you book."
        failed, text = await called(connection, "getRoom", {"id": "1"})
        assert (failed, text) == (False, "getRoom 1")
        _, text = await called(connection, "showRoom", {"id": "1"})
        passed = json.loads(text)["environment"]
        assert passed["UPSTREAM_SECRET"] == "⟨hidden⟩"
        assert "OTHER_SECRET" not in passed
        assert (await called(connection, "deleteRoom", {"id": "1"}))[0]
        assert [str(each.uri) for each in (await connection.list_resources()).resources] == ["rooms://plan"]
        assert (await connection.read_resource("rooms://plan")).contents[0].text == "read rooms://plan"
        assert (await connection.read_resource("rooms://room/x")).contents
        for uri in ("rooms://wages", "rooms://room/..%2Fwages", "file:///etc/passwd"):
            with pytest.raises(Exception, match="not found"):
                await connection.read_resource(uri)
        assert [each.name for each in (await connection.list_prompts()).prompts] == ["tidy"]
        assert (await connection.get_prompt("tidy", {"room": "a"})).messages
    await waits_for(lambda: not processes_of(folder))
    records = [json.loads(line) for line in (workshop.folder / "gateway" / "audit.jsonl").read_text().splitlines()]
    assert records[0]["event"] == "started"
    assert records[-1]["event"] == "ended"
    assert {each.get("resource", each.get("prompt")) for each in workshop.arrived()} - {None} == {
        "rooms://plan",
        "rooms://room/x",
        "tidy",
    }


async def test_a_signal_ends_it_in_order(workshop):
    packet = workshop.packet()
    gateway = workshop.gateway(packet, *of_stdio(workshop))
    os.kill(gateway.started.process.pid, signal.SIGTERM)
    await asyncio.to_thread(gateway.started.process.wait, 20)
    assert gateway.started.process.returncode == 0
    assert gateway.records[-1]["why"] == "it was ended by a signal"
    assert not processes_of(workshop.upstream_folder())
