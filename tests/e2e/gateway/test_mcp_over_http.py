"""The gateway over HTTP in front of a real MCP server over HTTP: 2,000 calls, 200 clients, drift, failure, secrets."""

import asyncio
import json
import random
import time
from contextlib import asynccontextmanager

import httpx2
import pytest
from mcp import Client, MCPError
from mcp.client.streamable_http import streamable_http_client

ERAS = ("auto", "legacy")


@asynccontextmanager
async def client(url, mode="auto", **headers):
    async with httpx2.AsyncClient(headers=headers, timeout=60, trust_env=False) as http:
        transport = streamable_http_client(url, http_client=http, max_sse_event_size=64 * 2**20)
        async with Client(transport, mode=mode, cache=None) as connection:
            yield connection


async def called(connection, name, arguments):
    """Return (failed, text) of a call, whatever comes back."""
    try:
        result = await connection.session.call_tool(name, arguments)
    except MCPError as error:
        return True, str(error)
    return result.is_error, "".join(getattr(part, "text", "") for part in result.content)


async def waits_for(condition, seconds=20):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "not within the time"
        await asyncio.sleep(0.1)


LOOK_ALIKES = [
    "GetRoom", "GETROOM", "getroom", " getRoom", "getRoom ", "get\u200bRoom", "getR\u043eom", "rooms_getRoom", "getRoom@1",
    "__abcdef123456_getRoom", "", "../getRoom", "rooms:getRoom", "deleteRoom\u200b", "deleteroom",
]  # fmt: skip


@pytest.mark.parametrize(("mode", "upstream"), [*((era, "http") for era in ERAS), ("auto", "stdio")])
async def test_of_2000_calls_of_all_kinds_exactly_the_approved_arrive(workshop, mode, upstream):
    """Trap 2, 11, 13: a middleware that is called, refusals that do not tell a hidden tool from an absent one."""
    packet = workshop.packet()
    if upstream == "stdio":
        gateway = workshop.gateway(packet, "--", *workshop.command(workshop.upstream_folder()))
    else:
        _, port = workshop.http_server()
        gateway = workshop.gateway(packet, f"http://127.0.0.1:{port}/mcp")
    chance = random.Random(7)
    kinds = {
        "approved": lambda: ("getRoom", {"id": str(chance.randrange(99))}),
        "listed": lambda: ("listRooms", {}),
        "within": lambda: ("bookRoom", {"id": "1", "hours": chance.randrange(1, 9)}),
        "beyond": lambda: ("bookRoom", {"id": "1", "hours": chance.choice([0, 9, 99, -1])}),
        "unlimited": lambda: ("bookRoom", {"id": "1"}),
        "malformed": lambda: ("getRoom", chance.choice([{}, {"id": 3}, {"id": None}])),
        "blocked": lambda: ("deleteRoom", {"id": "1"}),
        "unknown": lambda: (f"tool{chance.randrange(999)}", {"id": "1"}),
        "look-alike": lambda: (chance.choice(LOOK_ALIKES), {"id": "1"}),
    }
    good = {"approved", "listed", "within"}
    wanted = [chance.choice([*kinds, *good]) for _ in range(2000)]
    seen = dict.fromkeys(kinds, 0)
    async with client(gateway.url, mode) as connection:
        offered = {tool.name for tool in (await connection.list_tools()).tools}
        assert offered == {
            "getRoom",
            "listRooms",
            "bigRoom",
            "slowRoom",
            "askRoom",
            "showRoom",
            "bookRoom",
            "closeRoom",
        }
        for kind in wanted:
            name, arguments = kinds[kind]()
            failed, text = await called(connection, name, arguments)
            assert failed is (kind not in good), (kind, name, arguments, text)
            if kind in {"blocked", "unknown", "look-alike"} and name:
                assert text.startswith("Unknown tool"), text
            seen[kind] += 1
    arrived = [each["tool"] for each in workshop.arrived()]
    assert len(arrived) == sum(seen[kind] for kind in good)
    assert set(arrived) == {"getRoom", "listRooms", "bookRoom"}
    assert len(gateway.calls) == 2000
    outcomes = [each["outcome"] for each in gateway.calls]
    assert outcomes.count("ok") == len(arrived)
    checked = workshop.run("enforce", "--verify-audit", gateway.state / "audit.jsonl")
    assert checked.returncode == 0, checked.stderr


async def test_200_clients_at_once_get_their_own_answers(workshop):
    """Trap 3 and 22: one task owns the upstream, and one failed call does not cut off the others."""
    packet = workshop.packet()
    _, port = workshop.http_server()
    gateway = workshop.gateway(packet, f"http://127.0.0.1:{port}/mcp")

    async def one(number):
        async with client(gateway.url) as connection:
            for turn in range(5):
                failed, text = await called(connection, "getRoom", {"id": f"{number}-{turn}"})
                assert (failed, text) == (False, f"getRoom {number}-{turn}")
                failed, text = await called(connection, "deleteRoom", {"id": "1"})
                assert failed, text

    slots = asyncio.Semaphore(200)

    async def held(number):
        async with slots:
            await one(number)

    await asyncio.gather(*map(held, range(200)))
    assert len(workshop.arrived()) == 1000
    assert len(gateway.calls) == 2000
    assert workshop.run("enforce", "--verify-audit", gateway.state / "audit.jsonl").returncode == 0


@pytest.mark.parametrize("mode", ERAS)
async def test_a_definition_that_changes_is_withdrawn_and_what_is_new_never_appears(workshop, mode):
    """Trap 8 and 14: lists are not cached, and polling finds what no notification announces."""
    packet = workshop.packet()
    folder = workshop.upstream_folder()
    _, port = workshop.http_server()
    gateway = workshop.gateway(packet, f"http://127.0.0.1:{port}/mcp")
    async with client(gateway.url, mode) as connection:
        assert not (await called(connection, "bookRoom", {"id": "1", "hours": 2}))[0]
        (folder / "changed").write_text(" And deletes the others.")
        (folder / "extra").write_text("")
        await waits_for(lambda: "withdrawn: bookRoom" in "".join(gateway.started.said))
        failed, text = await called(connection, "bookRoom", {"id": "1", "hours": 2})
        assert failed
        assert "changed since it was approved" in text
        offered = {tool.name for tool in (await connection.list_tools()).tools}
        assert not offered & {"bookRoom", "extraRoom"}
        assert "getRoom" in offered
        assert (await called(connection, "extraRoom", {"id": "1"}))[0]
        (folder / "changed").unlink()
        await waits_for(lambda: "offered again: bookRoom" in "".join(gateway.started.said))
        assert not (await called(connection, "bookRoom", {"id": "1", "hours": 2}))[0]
    assert sum(each["tool"] == "bookRoom" for each in workshop.arrived()) == 2


@pytest.mark.parametrize("mode", ERAS)
async def test_an_upstream_that_is_down_is_an_error_and_is_compared_anew_when_it_is_back(workshop, mode):
    """Trap 7: never an empty list."""
    packet = workshop.packet()
    folder = workshop.upstream_folder()
    server, port = workshop.http_server()
    gateway = workshop.gateway(packet, f"http://127.0.0.1:{port}/mcp")
    async with client(gateway.url, mode) as connection:
        assert not (await called(connection, "getRoom", {"id": "1"}))[0]
        server.end()
        failed, text = await called(connection, "getRoom", {"id": "2"})
        assert failed
        assert "upstream" in text
        assert (await connection.list_tools()).tools
        (folder / "changed").write_text(" It is another one now.")
        workshop.http_server(port)
        await waits_for(lambda: "withdrawn: bookRoom" in "".join(gateway.started.said))

        async def answers():
            until = time.monotonic() + 20
            while (await called(connection, "getRoom", {"id": "3"}))[0]:
                assert time.monotonic() < until

        await answers()
        assert (await called(connection, "bookRoom", {"id": "1", "hours": 2}))[0]
    assert "bookRoom" not in {each["tool"] for each in workshop.arrived()}


async def test_an_upstream_that_stays_away_loses_its_critical_tools_and_all_of_them_make_no_empty_list(workshop):
    packet = workshop.packet({"closeRoom": ["expires=2099-01-01"]})
    server, port = workshop.http_server()
    gateway = workshop.gateway(packet, f"http://127.0.0.1:{port}/mcp")
    async with client(gateway.url) as connection:
        assert [tool.name for tool in (await connection.list_tools()).tools] == ["closeRoom"]
        server.end()
        await waits_for(lambda: "critical tools are withdrawn" in "".join(gateway.started.said), 60)
        with pytest.raises(MCPError, match="nothing is offered"):
            await connection.list_tools()
        assert "withdrawn for now" in (await called(connection, "closeRoom", {"id": "1"}))[1]


async def test_people_have_their_own_tools_and_a_stranger_has_none(workshop):
    """Trap 12 and 17: refusals before any middleware are recorded; who calls is the token's owner, in each request."""
    packet = workshop.packet(
        {"getRoom": [], "bookRoom": ["group=support"], "closeRoom": ["user=ben@corp.example", "rate=2 per hour"]}
    )
    tokens = workshop.tokens(
        **{"ann@corp.example": ("token-of-ann-12345", ["Support"]), "ben@corp.example": ("token-of-ben-67890", [])}
    )
    _, port = workshop.http_server()
    gateway = workshop.gateway(packet, f"http://127.0.0.1:{port}/mcp", "--tokens", tokens)
    async with client(gateway.url, authorization="Bearer token-of-ann-12345") as ann:
        assert {tool.name for tool in (await ann.list_tools()).tools} == {"getRoom", "bookRoom"}
        assert not (await called(ann, "bookRoom", {"id": "1"}))[0]
        assert (await called(ann, "closeRoom", {"id": "1"}))[1].startswith("Unknown tool")
    async with client(gateway.url, authorization="Bearer token-of-ben-67890") as ben:
        assert {tool.name for tool in (await ben.list_tools()).tools} == {"getRoom", "closeRoom"}
        assert [(await called(ben, "closeRoom", {"id": "1"}))[0] for _ in range(3)] == [False, False, True]
    async with httpx2.AsyncClient(trust_env=False) as http:
        body = {
            "jsonrpc": "2.0",
            "id": 1,
            "method": "tools/call",
            "params": {"name": "getRoom", "arguments": {"id": "1"}},
        }
        for headers in ({}, {"authorization": "Bearer wrong"}, {"authorization": "Basic token-of-ann-12345"}):
            assert (await http.post(gateway.url, json=body, headers=headers)).status_code == 401
    assert sum(each.get("status") == 401 for each in gateway.records) == 3
    tokens.write_text(json.dumps({"people": [{"user": "ben@corp.example"}]}))
    await waits_for(lambda: "read again" in "".join(gateway.started.said))
    async with httpx2.AsyncClient(trust_env=False) as http:
        assert (
            await http.post(gateway.url, json=body, headers={"authorization": "Bearer token-of-ann-12345"})
        ).status_code == 401
    written = (gateway.state / "audit.jsonl").read_text() + "".join(gateway.started.said)
    assert "token-of" not in written


async def test_host_origin_and_malformed_requests_are_refused_and_recorded(workshop):
    """Trap 5 and 12."""
    packet = workshop.packet({"getRoom": []})
    _, port = workshop.http_server()
    gateway = workshop.gateway(packet, f"http://127.0.0.1:{port}/mcp")
    accept = {"accept": "application/json, text/event-stream"}
    async with httpx2.AsyncClient(trust_env=False) as http:
        assert (await http.post(gateway.url, json={}, headers={"host": "evil.example", **accept})).status_code == 421
        assert (
            await http.post(gateway.url, json={}, headers={"origin": "http://evil.example", **accept})
        ).status_code == 403
        assert (
            await http.post(gateway.url, content=b"{not json", headers={"content-type": "application/json", **accept})
        ).status_code == 400
    assert [each["status"] for each in gateway.records if each["event"] == "refused"] == [421, 403, 400]


async def test_nothing_of_the_caller_reaches_the_upstream_and_no_secret_is_written_anywhere(workshop):
    """Trap 4, and the secrets of the upstream."""
    packet = workshop.packet()
    _, port = workshop.http_server()
    secrets = {
        "upstream": "up5tream-credential-7261",
        "caller": "caller-t0ken-99182",
        "parameter": "sk-live1234567890abcdef",
    }
    gateway = workshop.gateway(
        packet, f"http://127.0.0.1:{port}/mcp", "--header", "Authorization=env:UPSTREAM_TOKEN",
        env={"UPSTREAM_TOKEN": f"Bearer {secrets['upstream']}"},
    )  # fmt: skip
    headers = {
        "authorization": f"Bearer {secrets['caller']}",
        "x-api-key": secrets["caller"],
        "cookie": f"s={secrets['caller']}",
    }
    async with client(gateway.url, **headers) as connection:
        failed, text = await called(connection, "showRoom", {"id": secrets["parameter"], "password": "pa55word-plain"})
        assert not failed
        sent = json.loads(text)["headers"]
        assert sent["authorization"] == "Bearer ⟨hidden⟩" or secrets["upstream"] not in text
        assert secrets["caller"] not in text
        assert not {"x-api-key", "cookie"} & sent.keys()
        await called(connection, "getRoom", {"id": {"apiKey": secrets["parameter"]}})
        await called(connection, secrets["parameter"], {"token": secrets["parameter"]})
    arrived = json.dumps(workshop.arrived())
    assert secrets["parameter"] in arrived  # the tool gets what it was given
    places = [*gateway.state.iterdir()]
    for secret in (*secrets.values(), "pa55word-plain"):
        for place in places:
            assert secret.encode() not in place.read_bytes(), (secret, place)
        assert secret not in "".join(gateway.started.said)


async def test_traffic_reads_the_audit_file_with_no_field_missing(workshop):
    packet = workshop.packet()
    _, port = workshop.http_server()
    gateway = workshop.gateway(packet, f"http://127.0.0.1:{port}/mcp", "--as", "ann@corp.example")
    async with client(gateway.url) as connection:
        await called(connection, "getRoom", {"id": "1"})
        await called(connection, "bookRoom", {"id": "1", "hours": 2})
        await called(connection, "listRooms", {})
    checked = workshop.run("traffic", packet.review, gateway.state / "audit.jsonl", "--json")
    report = json.loads(checked.stdout)
    assert (checked.returncode, report["clean"], report["traffic"]["calls"]) == (0, True, 3), (
        checked.stdout + checked.stderr
    )
    assert [count for _, count in report["traffic"]["missing_fields"]] == [0] * 6
    assert {tool["tool"] for tool in report["traffic"]["tools"]} == {
        "rooms:getRoom",
        "rooms:bookRoom",
        "rooms:listRooms",
    }


@pytest.mark.parametrize("mode", ERAS)
async def test_large_results_pass_up_to_the_limit_and_only_their_own_call_fails_beyond(workshop, mode):
    """Trap 6 and 23: the limit of events is ours, and results are bounded call by call."""
    packet = workshop.packet()
    _, port = workshop.http_server()
    gateway = workshop.gateway(packet, f"http://127.0.0.1:{port}/mcp", "--max-result", "11")
    async with client(gateway.url, mode) as connection:
        failed, text = await called(connection, "bigRoom", {"size": 10 * 2**20})
        assert (failed, len(text)) == (False, 10 * 2**20)
        slow = asyncio.create_task(called(connection, "slowRoom", {"steps": 20}))
        failed, text = await called(connection, "bigRoom", {"size": 12 * 2**20})
        assert failed
        assert "at most" in text
        assert await slow == (False, "done")


async def test_what_the_server_asks_of_the_client_ends_at_the_gateway(workshop):
    packet = workshop.packet()
    _, port = workshop.http_server()
    gateway = workshop.gateway(packet, f"http://127.0.0.1:{port}/mcp")
    asked = []

    async def on_elicit(context, params):
        asked.append(params)
        raise AssertionError("the user was asked")

    http = httpx2.AsyncClient(timeout=60, trust_env=False)
    async with Client(
        streamable_http_client(gateway.url, http_client=http), mode="legacy", elicitation_callback=on_elicit, cache=None
    ) as connection:
        _, text = await called(connection, "askRoom", {"id": "1"})
    assert not asked
    assert "refused" in text or "error" in text


async def test_progress_and_cancellation_pass(workshop):
    packet = workshop.packet()
    _, port = workshop.http_server()
    gateway = workshop.gateway(packet, f"http://127.0.0.1:{port}/mcp")
    for mode in ERAS:
        seen = []

        async def progress(done, total, message):
            seen.append(message)  # noqa: B023 - awaited within this turn

        async with client(gateway.url, mode) as connection:
            await connection.call_tool("slowRoom", {"steps": 5}, progress_callback=progress)
            assert len(seen) == 5
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.5):
                    await connection.call_tool("slowRoom", {"steps": 100})
            await waits_for(lambda: gateway.calls[-1]["outcome"] == "cancelled")
