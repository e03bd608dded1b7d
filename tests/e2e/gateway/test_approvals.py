"""Calls that wait for a person, as the command line shows and answers them."""

import asyncio
import json

from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from tests.e2e.gateway.test_mcp_over_http import called, client


async def waiting(workshop):
    for _ in range(60):
        ran = await asyncio.to_thread(workshop.run, "approve", "--queue", workshop.folder / "gateway", "--json")
        listed = json.loads(ran.stdout)["waiting"]
        if listed:
            return listed[0]
        await asyncio.sleep(0.2)
    raise AssertionError("no call waits")


async def vote(workshop, call, actor, answer="--yes"):
    return await asyncio.to_thread(
        workshop.run, "approve", call["id"], answer, "--actor", actor, "--queue", workshop.folder / "gateway"
    )


async def test_two_persons_are_two_people_and_never_the_caller(workshop):
    packet = workshop.packet({"closeRoom": ["approval=two persons of leads, cy@corp.example"]})
    tokens = workshop.tokens(
        **{"ann@corp.example": ("token-of-ann-12345", ["leads"]), "lea@corp.example": ("", ["leads"])}
    )
    _, port = workshop.http_server()
    gateway = workshop.gateway(packet, f"http://127.0.0.1:{port}/mcp", "--tokens", tokens)
    seen = []

    async def progress(done, total, message):
        seen.append(message)

    async with client(gateway.url, authorization="Bearer token-of-ann-12345") as connection:
        calling = asyncio.create_task(
            connection.session.call_tool("closeRoom", {"id": "1", "pin": "4711-secret"}, progress_callback=progress)
        )
        call = await waiting(workshop)
        assert (call["parameters"]["id"], call["user"], call["tool"]) == ("1", "ann@corp.example", "closeRoom")
        assert "4711" not in json.dumps(call)
        assert "of their own" in (await vote(workshop, call, "Ann@corp.example")).stderr
        assert "only cy@corp.example, leads may" in (await vote(workshop, call, "mallory@corp.example")).stderr
        assert (await vote(workshop, call, "lea@corp.example")).returncode == 0
        assert "answered already" in (await vote(workshop, call, "LEA@corp.example")).stderr
        while len(seen) < 2:  # one pulse after another keeps the client waiting
            assert not calling.done()
            await asyncio.sleep(0.1)
        assert (await vote(workshop, call, "cy@corp.example")).returncode == 0
        assert not (await calling).is_error
        shown = workshop.run("approve", "--queue", workshop.folder / "gateway")
        assert "no call waits" in shown.stdout
    assert [each["by"] for each in gateway.calls[-1]["approvers"]] == ["lea@corp.example", "cy@corp.example"]
    assert [each["tool"] for each in workshop.arrived()] == ["closeRoom"]


async def test_a_no_and_no_answer_deny(workshop):
    packet = workshop.packet({"closeRoom": ["approval=one person"]})
    _, port = workshop.http_server()
    gateway = workshop.gateway(packet, f"http://127.0.0.1:{port}/mcp", "--approval-minutes", "0.3")
    async with client(gateway.url) as connection:
        calling = asyncio.create_task(called(connection, "closeRoom", {"id": "1"}))
        assert (await vote(workshop, await waiting(workshop), "ben@corp.example", "--no")).returncode == 0
        failed, text = await calling
        assert (failed, "denied by ben@corp.example" in text) == (True, True)
        failed, text = await called(connection, "closeRoom", {"id": "2"})
        assert (failed, "in time" in text) == (True, True)
    assert [each["outcome"] for each in gateway.calls] == ["denied", "timeout"]
    assert workshop.arrived() == []


async def test_a_client_that_answers_by_itself_is_no_person(workshop):
    """Trap 9 and 10: the queue is the only road, in both eras; a client's own answer is never asked for."""
    packet = workshop.packet({"closeRoom": ["approval=one person"]})
    _, port = workshop.http_server()
    gateway = workshop.gateway(packet, f"http://127.0.0.1:{port}/mcp", "--approval-minutes", "0.1")

    async def yes(context, params):
        raise AssertionError("the client was asked")

    for mode in ("auto", "legacy"):
        transport = streamable_http_client(gateway.url)
        async with Client(transport, mode=mode, elicitation_callback=yes, cache=None) as connection:
            failed, text = await called(connection, "closeRoom", {"id": "1"})
            assert (failed, "in time" in text) == (True, True)
    assert workshop.arrived() == []
