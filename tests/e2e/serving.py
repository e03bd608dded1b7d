"""Servers on loopback for the end-to-end tests: an API that logs each request, and programs that are started and ended."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from tests.e2e.installed import drive, installed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


def free_port() -> int:
    """Return a port of loopback that is free now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def logging_api() -> Iterator[tuple[str, list[tuple[str, str, dict[str, str]]]]]:
    """Serve an API that answers everything; yields its address, and the requests as (method, path, headers)."""
    log: list[tuple[str, str, dict[str, str]]] = []

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("content-length") or 0))
            log.append((self.command, self.path, {key.lower(): value for key, value in self.headers.items()}))
            body = b'{"ok": true}'
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = answer  # noqa: N815 - names of the library

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", log
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def running(
    name: str, arguments: list[str], port: int, folder: Path, env: Mapping[str, str] | None = None, seconds: int = 60
) -> Iterator[None]:
    """Run a program of an installed environment until the block ends; it has to listen on the port within `seconds`."""
    home = installed(name)
    environment = {"PATH": f"{home / 'bin'}:{os.environ['PATH']}", "HOME": str(folder), **(env or {})}
    with (folder / f"{port}.log").open("w+") as out:
        started = subprocess.Popen(
            [str(home / "bin" / arguments[0]), *arguments[1:]], cwd=folder, env=environment, stdout=out, stderr=out
        )
        try:
            end = time.monotonic() + seconds
            while not _listens(port):
                assert started.poll() is None, (folder / f"{port}.log").read_text()[-2000:]
                assert time.monotonic() < end, f"nothing listens: {(folder / f'{port}.log').read_text()[-2000:]}"
                time.sleep(0.2)
            yield
        finally:
            started.terminate()
            started.wait(20)


def session(
    name: str, url: str, headers: Mapping[str, str], calls: list[tuple[str, dict[str, object]]]
) -> dict[str, Any]:
    """Return what an MCP server offers and answers to calls; see `drivers/mcp_session.py`."""
    made: dict[str, Any] = json.loads(
        drive(name, "mcp_session.py", url, json.dumps(dict(headers)), json.dumps(calls)).splitlines()[-1]
    )
    return made


def _listens(port: int) -> bool:
    with socket.socket() as tried:
        tried.settimeout(0.2)
        return tried.connect_ex(("127.0.0.1", port)) == 0
