"""The gateway in front of a real HTTP API."""

import json
import random

import pytest

from tests.e2e.gateway.conftest import API
from tests.e2e.gateway.test_mcp_over_http import LOOK_ALIKES, called, client, waits_for
from tests.fixtures import rooms_api

DECISIONS = {
    "listRooms": [],
    "getRoom": [],
    "bookRoom": ["param_allow=hours: 1 to 8"],
    "movedRoom": [],
    "planRoom": [],
}


@pytest.fixture
def api(workshop):
    packet, document = workshop.api_packet(DECISIONS)
    _, port = workshop.http_server(script=API)
    return packet, document, f"http://127.0.0.1:{port}/v1"


async def test_of_2000_calls_of_all_kinds_exactly_the_approved_reach_the_api(workshop, api):
    packet, document, base = api
    gateway = workshop.gateway(packet, "--openapi", document, "--base-url", base)
    chance = random.Random(11)
    good = {
        "approved": lambda: ("getRoom", {"id": str(chance.randrange(99))}),
        "listed": lambda: ("listRooms", {}),
        "within": lambda: ("bookRoom", {"id": "1", "hours": chance.randrange(1, 9)}),
    }
    bad = {
        "beyond": lambda: ("bookRoom", {"id": "1", "hours": chance.choice([0, 9, 99, -1])}),
        "malformed": lambda: ("getRoom", chance.choice([{}, {"id": 3}, {"id": ".."}])),
        "blocked": lambda: ("deleteRoom", {"id": "1"}),
        "unknown": lambda: (f"tool{chance.randrange(999)}", {"id": "1"}),
        "look-alike": lambda: (chance.choice(LOOK_ALIKES), {"id": "1"}),
    }
    wanted = [chance.choice([*good, *bad]) for _ in range(2000)]
    async with client(gateway.url) as connection:
        for kind in wanted:
            name, arguments = (good | bad)[kind]()
            failed, text = await called(connection, name, arguments)
            assert failed is (kind in bad), (kind, name, arguments, text)
    assert len(workshop.arrived("requests")) == sum(kind in good for kind in wanted)
    assert len(gateway.calls) == 2000


async def test_approved_operations_are_offered_and_called_and_nothing_else_is_sent(workshop, api):
    """Trap 15 and 16: arguments are validated, operations are known by method and path."""
    packet, document, base = api
    gateway = workshop.gateway(packet, "--openapi", document, "--base-url", base)
    async with client(gateway.url) as connection:
        listed = {tool.name: tool for tool in (await connection.list_tools()).tools}
        assert set(listed) == set(DECISIONS)
        assert listed["getRoom"].input_schema["required"] == ["id"]
        failed, text = await called(connection, "bookRoom", {"id": "a/b?x=1", "hours": 8, "note": "n"})
        assert not failed, text
        sent = workshop.arrived("requests")[-1]
        assert (sent["method"], sent["query"]) == ("POST", "")
        assert sent["path"] == "/v1/rooms/a%2Fb%3Fx%3D1/bookings"
        assert json.loads(sent["body"]) == {"hours": 8, "note": "n"}
        before = len(workshop.arrived("requests"))
        for name, arguments in [
            ("bookRoom", {"id": "1", "hours": 99}),
            ("bookRoom", {"id": "1", "hours": "8"}),
            ("bookRoom", {"id": "1"}),
            ("bookRoom", {"id": "1", "hours": 2, "discount": 100}),
            ("getRoom", {}),
            ("getRoom", {"id": ".."}),
            ("bookRoom", {"id": "a/../../b", "hours": 8}),
            ("deleteRoom", {"id": "1"}),
            ("DELETE /rooms/{id}", {"id": "1"}),
        ]:
            failed, text = await called(connection, name, arguments)
            assert failed, (name, arguments, text)
        assert len(workshop.arrived("requests")) == before
        failed, text = await called(connection, "movedRoom", {})
        assert (failed, "redirect" in text) == (True, True)
        failed, text = await called(connection, "getRoom", {"id": "missing"})
        assert (failed, "404" in text) == (True, True)
        result = await connection.session.call_tool("planRoom", {})
        assert result.content[0].mime_type == "image/png"
    assert [each["outcome"] for each in gateway.calls].count("refused") == 9


async def test_headers_of_callers_stay_here_unless_named_and_ours_replace_them(workshop, api):
    """Trap 4: `from_openapi` would pass on x-api-key and x-forwarded-for."""
    packet, document, base = api
    gateway = workshop.gateway(
        packet, "--openapi", document, "--base-url", base, "--header", "X-Api-Key=env:API_KEY",
        "--header", "X-Tenant=command:echo tenant-7", "--forward-header", "X-Trace",
        env={"API_KEY": "api-credential-551199"},
    )  # fmt: skip
    headers = {
        "authorization": "Bearer caller-token-1",
        "x-api-key": "caller-key-2",
        "x-forwarded-for": "10.0.0.1",
        "x-trace": "t-1",
    }
    async with client(gateway.url, **headers) as connection:
        failed, text = await called(connection, "getRoom", {"id": "1"})
    assert not failed
    assert "api-credential" not in text  # the service repeats it; the agent does not see it
    sent = workshop.arrived("requests")[-1]["headers"]
    assert (sent["x-api-key"], sent["x-tenant"], sent["x-trace"]) == ("api-credential-551199", "tenant-7", "t-1")
    assert not {"authorization", "x-forwarded-for", "cookie"} & sent.keys()
    for place in gateway.state.iterdir():
        assert b"credential-551199" not in place.read_bytes()
        assert b"caller-token" not in place.read_bytes()


async def test_a_document_that_changes_is_seen(workshop, api):
    packet, document, base = api
    gateway = workshop.gateway(packet, "--openapi", document, "--base-url", base)
    async with client(gateway.url) as connection:
        assert not (await called(connection, "getRoom", {"id": "1"}))[0]
        changed = rooms_api.document()
        changed["paths"]["/rooms/{id}"]["get"]["description"] = "Looks, and remembers."
        document.write_text(json.dumps(changed))
        await waits_for(lambda: "withdrawn: getRoom" in "".join(gateway.started.said))
        assert (await called(connection, "getRoom", {"id": "1"}))[0]
        assert not (await called(connection, "listRooms", {}))[0]


async def test_an_api_that_is_down_is_an_error(workshop):
    packet, document = workshop.api_packet(DECISIONS)
    gateway = workshop.gateway(packet, "--openapi", document, "--base-url", "http://127.0.0.1:9/v1")
    async with client(gateway.url) as connection:
        assert len((await connection.list_tools()).tools) == len(DECISIONS)
        failed, text = await called(connection, "getRoom", {"id": "1"})
        assert (failed, "not reachable" in text) == (True, True)


async def test_traffic_reads_the_audit_file(workshop, api):
    packet, document, base = api
    gateway = workshop.gateway(packet, "--openapi", document, "--base-url", base)
    async with client(gateway.url) as connection:
        await called(connection, "getRoom", {"id": "1"})
        await called(connection, "bookRoom", {"id": "1", "hours": 2})
    report = json.loads(workshop.run("traffic", packet.review, gateway.state / "audit.jsonl", "--json").stdout)
    assert [count for _, count in report["traffic"]["missing_fields"]] == [0] * 6
    assert {tool["decision"] for tool in report["traffic"]["tools"]} <= {"approved", "conditional"}
    assert report["traffic"]["unknown"] == []
