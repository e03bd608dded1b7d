"""The desk in a browser: only from this machine, with the key, and from our own pages."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import re
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tui.cli import run
from tui.cli.serve import AccessGuard
from tui.desk.shell.app import Desk

ROOT = Path(__file__).parents[3]
GUARD = AccessGuard(8600, key="k3y")
HERE = "127.0.0.1:8600"


@pytest.mark.parametrize("origin", [None, "http://127.0.0.1:8600"])
def test_a_request_with_the_key_is_accepted(origin):
    assert GUARD.admits(HERE, origin, "k3y")


@pytest.mark.parametrize(
    ("host", "origin", "key"),
    [
        (HERE, None, ""),
        (HERE, None, "another"),
        (HERE, None, "k3\udcff"),
        (HERE, "http://evil.invalid", "k3y"),
        (HERE, "null", "k3y"),
        (HERE, "http://127.0.0.1:8601", "k3y"),
        ("rebound.invalid:8600", None, "k3y"),
        ("127.0.0.1:8601", None, "k3y"),
        ("", None, "k3y"),
    ],
)
def test_any_other_request_is_refused(host, origin, key):
    assert not GUARD.admits(host, origin, key)


def test_every_guard_has_its_own_key_and_hides_it_in_its_repr():
    one, other = AccessGuard(8600), AccessGuard(8600)
    assert one.key != other.key
    assert one.key not in repr(one)
    assert one.key in one.address


def test_without_the_extra_the_error_names_it(file, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "textual_serve", None)
    monkeypatch.setitem(sys.modules, "textual_serve.server", None)
    assert run(["serve", str(file), "--actor", "ann"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "textual-serve is not installed" in shown.err
    assert "mcp-clearance[serve]" in shown.err


async def test_an_editor_is_refused_in_a_browser(monkeypatch):
    monkeypatch.setattr(Desk, "is_web", property(lambda _: True))
    desk = Desk(None, "ann")
    async with desk.run_test():
        with pytest.raises(Exception, match="a browser cannot be given to another program"):
            desk.suspend_for(lambda: None)


# with the extra ------------------------------------------------------------------------------------------


@pytest.fixture
def served(file, tmp_path):
    """Serve a review on a free port and return (port, the path with the key)."""
    pytest.importorskip("textual_serve", reason="the extra `serve` is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "tui", "serve", str(file), "--port", str(port), "--actor", "ann"],
        stdout=subprocess.PIPE, text=True, cwd=tmp_path, env=environment,
    ) as server:  # fmt: skip
        address = re.fullmatch(rf"http://127\.0\.0\.1:{port}(/\?key=\S+)\n", server.stdout.readline())
        try:
            assert address
            yield port, address[1]
        finally:
            server.terminate()


def ask(port, path, **headers):
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        return answer


def test_the_port_refuses_other_requests(served):
    port, path = served
    for wanted, headers in (
        ("/", {}), ("/ws", {}), ("/static/js/textual.js", {}), (path, {"Origin": "http://evil.invalid"}),
        (path, {"Host": f"rebound.invalid:{port}"}),
    ):  # fmt: skip
        assert ask(port, wanted, **headers).status == 403
    with socket.socket() as outside:
        outside.settimeout(5)
        assert outside.connect_ex(("127.0.0.2", port)) != 0  # only the loopback address is bound


async def test_a_browser_with_the_key_is_shown_the_desk(served):
    import aiohttp

    port, path = served
    entered = await asyncio.to_thread(ask, port, path)
    assert (entered.status, entered.headers["Location"]) == (302, "/")
    cookie = entered.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Strict"} <= set(cookie.split("; "))
    headers = {"Cookie": cookie.split(";")[0], "Origin": f"http://127.0.0.1:{port}"}
    seen = b""
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"http://127.0.0.1:{port}/ws?width=100&height=30", headers=headers) as socket_,
    ):
        await socket_.send_str(json.dumps(["focus"]))
        while b"score" not in seen:
            seen += await frame(socket_)
    assert b"decided" in seen


async def frame(socket_):
    """Return the bytes of one message of the desk."""
    data = (await asyncio.wait_for(socket_.receive(), 30)).data
    return data if isinstance(data, bytes) else str(data).encode()
