"""Listing live servers: real ones built with the SDK, and faulty ones that it could not build."""

import asyncio
import json
import os
import socket
import ssl
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest

from analysis.ingest import read
from analysis.ingest.live.config import ServerSpec
from analysis.ingest.live.listing import list_server
from analysis.model import CapabilityKind, Level

pytest.importorskip("mcp.client.client", reason="the MCP SDK is not installed: pip install 'mcp-clearance[mcp]'")

FIXTURES = Path(__file__).parents[3] / "fixtures"
TOKEN = "tok-12345678-abcdef"


def listing(command, seconds=20, env=None, **more):
    spec = ServerSpec("rooms", "stdio", tuple(map(str, command)), **more)
    return list_server(spec, env=env or {}, headers={}, seconds=seconds)


def made(kind, **more):
    return listing([sys.executable, FIXTURES / "mcp_server.py", kind], **more)


def by_hand(kind, **more):
    return listing([sys.executable, FIXTURES / "mcp_wire.py", kind], **more)


def called(url, seconds=20, **headers):
    return list_server(ServerSpec("rooms", "http", url=url), env={}, headers=headers, seconds=seconds)


def names(live):
    return [tool["name"] for tool in json.loads(live.raw)["tools"]]


def refusal(live):
    assert live.raw is None
    (problem,) = [problem for problem in live.problems if problem.level is Level.REFUSED]
    assert problem.remedy
    return problem.what


# Servers made with the SDK, over stdio


def test_six_tools_are_saved_as_a_list_that_can_be_read_again():
    live = made("six")
    assert live.problems == ()
    assert (live.pages, live.protocol, live.server_name, live.server_version) == (1, "2026-07-28", "booking", "2.1.0")
    saved = json.loads(live.raw)
    assert list(saved)[:2] == ["tools", "serverInfo"]
    assert saved["protocolVersion"] == "2026-07-28"
    assert saved["instructions"] == "Ask before you book."
    again = read(live.raw)
    assert again.problems == ()
    assert [tool.name for tool in again.inventory.tools][::5] == ["list_rooms", "delete_room"]
    assert again.inventory.tools[0].hints == (("readOnlyHint", True),)
    assert (again.inventory.source.title, again.inventory.source.version) == ("booking", "2.1.0")


def test_all_pages_are_read():
    live = made("pages")
    assert live.problems == ()
    assert live.pages == 3
    assert names(live) == [f"tool_{number:02}" for number in range(25)]
    assert "nextCursor" not in json.loads(live.raw)


def test_odd_names_stay_as_they_are():
    live = made("odd")
    assert len(names(live)) == len(set(names(live))) == 8
    assert {"issues/list", "größe", "getRooms", "GetRooms", "\u202eevil"} <= set(names(live))


def test_a_list_that_turns_in_a_circle_can_never_pass_for_whole():
    live = made("loop")
    assert [(problem.level, problem.pointer) for problem in live.problems] == [(Level.ERROR, "/tools")]
    assert "leads back" in live.problems[0].what
    again = read(live.raw)
    assert any("nextCursor" in problem.what for problem in again.problems)


def test_a_poisoned_description_is_kept_to_the_letter():
    tool, instructions = read(made("poisoned").raw).inventory.tools
    assert instructions.kind is CapabilityKind.INSTRUCTIONS
    assert "\u202e <IMPORTANT>" in tool.description
    assert tool.description.endswith("\u2063")


def test_a_command_sees_only_the_variables_that_were_named(monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "never")
    monkeypatch.setenv("LANG", "C.UTF-8")
    live = made("environment", env={"BOOKING_REGION": "eu", "LANG": "de_DE.UTF-8"})
    names = set(json.loads(live.raw)["tools"][0]["description"].split())
    assert names - {"LC_CTYPE"} == {"BOOKING_REGION", "HOME", "LANG", "PATH"}  # Python sets LC_CTYPE for itself


# Servers no SDK would make, over stdio


def test_keys_unknown_to_the_sdk_are_kept():
    live = by_hand("modern")
    assert live.protocol == "2026-07-28"
    assert names(live) == ["list_rooms", "dropped"]  # the SDK leaves the second out, with a line in a log
    assert live.raw is not None
    assert json.loads(live.raw)["tools"][0]["x-vendor"] == {"prompt": "told to some models"}
    assert (live.server_name, live.server_version) == ("", "")


def test_an_older_revision_is_named():
    live = by_hand("plain")
    assert live.problems == ()
    assert (live.protocol, live.server_name) == ("2025-06-18", "by hand")


def test_a_server_that_ends_at_the_newer_greeting_gets_the_older_one():
    assert names(by_hand("strict")) == ["list_rooms"]


@pytest.mark.parametrize("kind", ["silent", "stubborn"])
def test_a_server_that_never_answers_is_ended(kind):
    begun = time.monotonic()
    assert refusal(by_hand(kind, seconds=0.6)).startswith(
        "a response to the handshake did not arrive within 0.6 seconds"
    )
    assert time.monotonic() - begun < 8


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("dies", "the command ended with status 1 before it answered; on standard error: no such account"),
        ("killed", "the command ended with signal 9"),
        ("hello", "its standard output is not MCP: hello, usage: ..."),
        ("revision", "the server answers in revision 2099-01-01, which the SDK does not support"),
        ("newer", "no common revision of the protocol; the server supports 2099-01-01"),
        ("refuses", "the server answered tools/list with error -32603 in revision 2025-06-18: invalid result⟨U+202E⟩"),
        ("no-tools", "the server offers no tools (revision 2025-06-18)"),
        ("invalid", "not what revision 2025-06-18 allows: tools.1.inputSchema: Field required"),
        ("nan", "the list contains numbers or nesting that JSON does not allow"),
        ("leaks", "the list repeats the value of API_TOKEN; it was not kept"),
    ],
)
def test_failures_are_explained_without_secrets(kind, words):
    live = by_hand(kind, env={"API_TOKEN": TOKEN})
    assert words in refusal(live)
    assert TOKEN not in repr(live)
    assert "\x1b" not in refusal(live)


def test_a_line_without_an_end_is_cut():
    begun = time.monotonic()
    assert refusal(by_hand("endless", seconds=60)) == "the server sent more than 67,108,864 bytes"
    assert time.monotonic() - begun < 30


def test_a_flood_on_standard_error_does_not_block():
    live = by_hand("floods")
    assert names(live) == ["list_rooms"]
    assert live.problems == ()


def test_other_text_on_standard_output_is_reported():
    live = by_hand("chatter")
    assert names(live) == ["list_rooms"]
    assert [problem.level for problem in live.problems] == [Level.NOTE]
    assert "Welcome to our server" in live.problems[0].what


def alive(pid):
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_child_processes_end_with_the_command(tmp_path):
    live = by_hand("children", env={"PIDS": str(tmp_path / "pids")})
    assert names(live) == ["list_rooms"]
    server, child = map(int, (tmp_path / "pids").read_text().split())
    end = time.monotonic() + 5
    while (alive(server) or alive(child)) and time.monotonic() < end:
        time.sleep(0.02)
    assert not alive(server)
    assert not alive(child)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["no-such-command-here"], "the command no-such-command-here was not found"),
        ([os.devnull], "the command cannot be started: Permission denied"),
        (["a\0b"], "the command cannot be started"),
        ([], "no command"),
        (["cat"], "this does not answer as an MCP server"),
        (["true"], "the command ended with status 0"),
        (["echo", "; $(touch /tmp/never)"], "not MCP: ; $(touch /tmp/never)"),
    ],
)
def test_commands_that_are_no_servers(command, words):
    assert words in refusal(listing(command))


def test_a_folder_that_is_missing_is_named():
    assert refusal(listing(["cat"], cwd="/no/such/folder")) == "the folder /no/such/folder does not exist"


def test_missing_variables_and_headers_are_reported():
    live = by_hand("plain", env_names=("ROOMS_TOKEN", "LANG"), env={"LANG": "C"})
    assert [problem.what for problem in live.problems] == ["listed without what the configuration names: ROOMS_TOKEN"]


def test_the_credential_has_a_label_and_no_value():
    command = (sys.executable, str(FIXTURES / "mcp_wire.py"), "plain")
    spec = ServerSpec("rooms", "stdio", command)
    live = list_server(spec, env={"API_TOKEN": TOKEN}, headers={}, seconds=20, credential_label="auditor, read only")
    assert live.raw is not None
    assert json.loads(live.raw)["credentialLabel"] == live.credential_label == "auditor, read only"
    assert TOKEN not in live.raw.decode()


def test_a_label_may_be_typed_in_any_encoding():
    spec = ServerSpec("rooms", "stdio", (sys.executable, str(FIXTURES / "mcp_wire.py"), "plain"))
    live = list_server(spec, env={}, headers={}, seconds=20, credential_label="pr\udcfcfer")
    assert live.raw is not None
    assert read(live.raw).problems == ()


def test_the_end_of_standard_error_is_shown_shortened():
    code = "import sys; sys.exit('first ' + 'x ' * 9000 + 'the --token=abcdef12 was last')"
    message = refusal(listing([sys.executable, "-c", code]))
    assert message.endswith("the --token=⟨hidden⟩ was last")
    assert "first" not in message
    assert len(message) < 600


def test_it_works_in_a_thread_and_says_why_it_does_not_in_a_loop():
    found = []
    thread = threading.Thread(target=lambda: found.append(by_hand("plain")))
    thread.start()
    thread.join()
    assert names(found[0]) == ["list_rooms"]

    async def inside():
        return by_hand("plain")

    assert "Already running" in refusal(asyncio.run(inside()))


@pytest.mark.parametrize("installed", [None, "1.30.0", "2.2.9", "unknown"])
def test_without_the_sdk_the_remedy_is_named(monkeypatch, installed):
    if installed is None:
        monkeypatch.setitem(sys.modules, "mcp", None)
    else:
        monkeypatch.setattr("importlib.metadata.version", lambda _: installed)
    live = by_hand("plain")
    assert "version 2.3 or later, is not installed" in refusal(live)
    assert live.problems[0].remedy == "pip install 'mcp-clearance[mcp]'"


# Over HTTP


def _wait_until_it_listens(port):
    """The server says its port before it accepts anybody."""
    end = time.monotonic() + 30
    with socket.socket() as asking:
        while asking.connect_ex(("127.0.0.1", port)):
            assert time.monotonic() < end
            time.sleep(0.05)


@pytest.fixture(scope="module")
def booking():
    """The address of a real server, without a path."""
    command = [sys.executable, str(FIXTURES / "mcp_server.py"), "http"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        port = int(server.stdout.readline())
        _wait_until_it_listens(port)
        yield f"http://127.0.0.1:{port}"
        server.terminate()


def test_six_tools_over_http(booking):
    live = called(f"{booking}/mcp")
    assert live.problems == ()
    assert (live.protocol, live.server_name, len(names(live))) == ("2026-07-28", "booking", 6)


def test_pages_and_headers_over_http(booking):
    live = called(f"{booking}/mcp", **{"x-kind": "pages"})
    assert (live.pages, len(names(live))) == (3, 25)


def test_no_proxy_of_the_environment_is_used(booking, monkeypatch):
    monkeypatch.setenv("no_proxy", "")
    monkeypatch.setenv("NO_PROXY", "")
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert len(names(called(f"{booking}/mcp"))) == 6


def test_a_redirect_within_the_server_is_followed(booking):
    assert len(names(called(f"{booking}/moved?to=/mcp"))) == 6


def test_a_redirect_to_another_host_is_refused_and_nothing_is_sent_there(booking):
    with socket.create_server(("127.0.0.2", 0)) as other:
        other.setblocking(False)
        there = f"http://127.0.0.2:{other.getsockname()[1]}/mcp"
        message = refusal(called(f"{booking}/moved?to={there}?key={TOKEN}", Authorization=f"Bearer {TOKEN}"))
        assert message == f"the server redirects to {there}, which was not followed"
        with pytest.raises(BlockingIOError):
            other.accept()


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/page", "this does not answer as an MCP server: Unexpected content type: text/html"),
        ("/locked?status=401", "unauthorised: the server answered with status 401"),
        ("/locked?status=403", "unauthorised: the server answered with status 403"),
        ("/locked?status=500", "this does not answer as an MCP server: status 500"),
        ("/nothing", "this does not answer as an MCP server: status 404"),
    ],
)
def test_addresses_that_are_no_servers(booking, path, words):
    assert words in refusal(called(booking + path))


@pytest.mark.parametrize(
    ("url", "headers", "words"),
    [
        ("http://127.0.0.1:1/mcp", {}, "no connection"),
        ("http://no-such-host.invalid/mcp", {}, "no connection"),
        ("http://[::1", {}, "no connection"),
        ("ftp://127.0.0.1/", {}, "no connection"),
        ("http://127.0.0.1:1/", {"Authorization": f"Bearer {TOKEN}\nX: y"}, "the header Authorization cannot be sent"),
    ],
)
def test_addresses_that_cannot_be_called(url, headers, words):
    live = called(url, seconds=5, **headers)
    assert words in refusal(live)
    assert TOKEN not in repr(live)


@contextmanager
def answering(reply, context=None):
    """Answer every POST by a function that writes to the connection; yields the port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            with suppress(OSError):
                reply(self)

        def log_message(self, *_):
            pass

    class Server(HTTPServer):
        def handle_error(self, *_):
            pass

    with Server(("127.0.0.1", 0), Handler) as server:
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def begin(handler, **headers):
    handler.send_response(200)
    for name, value in ({"content-type": "application/json"} | headers).items():
        handler.send_header(name, value)
    handler.end_headers()


def test_an_answer_without_an_end_is_cut():
    def reply(handler):
        begin(handler)
        while True:
            handler.wfile.write(b" " * 1_000_000)

    begun = time.monotonic()
    with answering(reply) as port:
        message = refusal(called(f"http://127.0.0.1:{port}/", seconds=60))
    assert message == "the server sent more than 67,108,864 bytes"
    assert time.monotonic() - begun < 30


def test_a_compressed_answer_is_not_unpacked():
    with answering(lambda handler: begin(handler, **{"content-encoding": "gzip"})) as port:
        assert "compresses" in refusal(called(f"http://127.0.0.1:{port}/"))


def test_an_answer_that_does_not_come_ends_with_the_limit():
    stop = threading.Event()
    with answering(lambda handler: stop.wait(20)) as port:
        message = refusal(called(f"http://127.0.0.1:{port}/", seconds=0.6))
        stop.set()
    assert message == "a response to the handshake did not arrive within 0.6 seconds"


def test_an_untrusted_certificate_is_refused(tmp_path):
    x509 = pytest.importorskip("cryptography.x509", reason="comes with the MCP SDK")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "rooms")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = (
        builder.serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2099, 1, 1, tzinfo=UTC))
    )
    host = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    certificate = builder.add_extension(host, critical=False).sign(key, hashes.SHA256())
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    both = key.private_bytes(serialization.Encoding.PEM, *form) + certificate.public_bytes(serialization.Encoding.PEM)
    (tmp_path / "both.pem").write_bytes(both)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "both.pem")
    with answering(begin, context) as port:
        assert refusal(called(f"https://127.0.0.1:{port}/mcp", seconds=5)).startswith("TLS: ")
