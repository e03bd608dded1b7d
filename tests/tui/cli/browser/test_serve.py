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
from time import sleep
from types import SimpleNamespace

import pytest

from analysis.review.session import Review
from tests import browser
from tui.cli import run
from tui.cli.browser.serve import AccessGuard
from tui.desk.shell.app import Desk

ROOT = Path(__file__).parents[4]
GUARD = AccessGuard(8600, key="k3y")
HERE = "127.0.0.1:8600"


KEYED = "/k3y/"


@pytest.mark.parametrize(
    ("origin", "socket"), [(None, False), ("http://127.0.0.1:8600", False), ("http://127.0.0.1:8600", True)]
)
def test_a_request_with_the_key_is_accepted(origin, socket):
    assert GUARD.admits(HERE, origin, KEYED, socket=socket)


@pytest.mark.parametrize(
    ("host", "origin", "path", "socket"),
    [
        (HERE, None, "/", False),
        (HERE, None, "", False),
        (HERE, None, "/another/", False),
        (HERE, None, "/k3y\udcff/", False),
        (HERE, None, "/static/k3y/", False),
        (HERE, "http://evil.invalid", KEYED, False),
        (HERE, "null", KEYED, False),
        (HERE, "http://127.0.0.1:8601", KEYED, False),
        (HERE, None, "/k3y/ws", True),  # a browser states its origin when it opens a WebSocket
        (HERE, "http://127.0.0.1:8601", "/k3y/ws", True),
        ("rebound.invalid:8600", None, KEYED, False),
        ("127.0.0.1:8601", None, KEYED, False),
        ("", None, KEYED, False),
    ],
)
def test_any_other_request_is_refused(host, origin, path, socket):
    assert not GUARD.admits(host, origin, path, socket=socket)


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
        address = re.fullmatch(rf"http://127\.0\.0\.1:{port}(/[\w-]+/)\n", server.stdout.readline())
        try:
            assert address
            yield port, address[1]
        finally:
            server.terminate()


def ask(port, path, **headers):
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        return SimpleNamespace(status=answer.status, headers=answer.headers, text=text)


def test_the_port_refuses_other_requests(served):
    port, path = served
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    }
    ours = f"http://127.0.0.1:{port}"
    for wanted, headers in (
        ("/", {}), ("/ws", {}), ("/static/js/textual.js", {}), (path, {"Origin": "http://evil.invalid"}),
        (path, {"Host": f"rebound.invalid:{port}"}), ("/", {"Cookie": f"clearance-{port}={path.strip('/')}"}),
        (f"/?key={path.strip('/')}", {}), (f"{path}ws", upgrade), (f"{path}ws", upgrade | {"Origin": "http://127.0.0.1:1"}),
        ("/ws", upgrade | {"Origin": ours}),
    ):  # fmt: skip
        assert ask(port, wanted, **headers).status == 403, wanted
    with socket.socket() as outside:
        outside.settimeout(5)
        assert outside.connect_ex(("127.0.0.2", port)) != 0  # only the loopback address is bound


def test_the_page_may_load_nothing_from_elsewhere_and_keeps_the_key_to_itself(served):
    port, path = served
    page = ask(port, path)
    assert page.status == 200
    assert not {name.lower() for name in page.headers} & {"set-cookie", "location"}
    policy = page.headers["Content-Security-Policy"]
    assert {"default-src 'none'", "frame-ancestors 'none'", f"connect-src ws://127.0.0.1:{port}"} <= set(
        policy.split("; ")
    )
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Frame-Options"] == "DENY"
    addresses = re.findall(r'(?:src|href|url)="?\(?"?([^"\s>)]+)', page.text)
    assert addresses
    assert {each.partition(":")[0] for each in addresses if ":" in each} <= {"data", "ws"}
    for each in addresses:
        if each.startswith("/"):
            assert ask(port, each).status == 200, each  # fonts too come from here
    assert ask(port, path).headers["Content-Security-Policy"] != policy  # a nonce is used once


async def test_a_websocket_with_key_and_origin_is_shown_the_desk_and_takes_the_first_key(served, file):
    import aiohttp

    port, path = served
    headers = {"Origin": f"http://127.0.0.1:{port}"}
    seen = b""
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"http://127.0.0.1:{port}{path}ws?width=100&height=30", headers=headers) as socket_,
    ):
        while b"score" not in seen:
            seen += await frame(socket_)
        await socket_.send_str(json.dumps(["stdin", "2"]))
        while b"SEVERITY" not in seen:
            seen += await frame(socket_)
    assert b"decided" in seen


async def frame(socket_):
    """Return the bytes of one message of the desk."""
    data = (await asyncio.wait_for(socket_.receive(), 30)).data
    return data if isinstance(data, bytes) else str(data).encode()


@pytest.mark.e2e
@pytest.mark.skipif(not browser.PROGRAM, reason="Chromium is not on this machine")
def test_a_browser_works_from_the_first_key_and_reports_nothing_blocked(served, file, tmp_path):
    """No click: the keys that decide a tool are recorded. Nothing is asked of another host, and no policy is violated."""
    port, path = served
    before = len(Review.open(file, writable=False).record.events)
    with browser.open_page(tmp_path / "profile") as page:
        page.call("Page.addScriptToEvaluateOnNewDocument", source=VIOLATIONS)
        page.call("Page.navigate", until="Page.loadEventFired", url=f"http://127.0.0.1:{port}{path}")
        waits_for(lambda: page.value("document.activeElement.className") == "xterm-helper-textarea")
        waits_for(lambda: page.value("document.body.className.includes('-first-byte')"))
        sleep(3)  # the desk opens the review
        for key in ("n", "w", "e", "b"):
            press(page, key)
        press(page, "Enter")
        waits_for(lambda: len(Review.open(file, writable=False).record.events) > before)
        assert page.value("JSON.stringify(window.violations)") == "[]"
        loaded = json.loads(page.value("JSON.stringify(performance.getEntriesByType('resource').map(e => e.name))"))
        assert loaded
        assert all(each.startswith((f"http://127.0.0.1:{port}{path}", "data:")) for each in loaded), loaded
        assert page.value("document.cookie") == ""


VIOLATIONS = (
    "window.violations = []; addEventListener('securitypolicyviolation', e => window.violations.push(e.blockedURI));"
)


def press(page, key):
    """Press and release one key of the browser."""
    code = 13 if key == "Enter" else ord(key.upper())
    text = "\r" if key == "Enter" else key
    page.call("Input.dispatchKeyEvent", type="keyDown", key=key, text=text, windowsVirtualKeyCode=code)
    page.call("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=code)


def waits_for(holds, seconds=60):
    """Wait until something holds."""
    for _ in range(seconds * 10):
        if holds():
            return
        sleep(0.1)
    raise AssertionError("what was waited for did not come")
