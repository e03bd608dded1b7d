"""A gateway as people run it: a process of its own in front of a real server, reached by real clients."""

from __future__ import annotations

import gc
import hashlib
import json
import os
import re
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

pytest.importorskip("fastmcp", reason="the extra `enforce` is not installed")

from analysis.ingest.live.config import ServerSpec
from analysis.ingest.live.listing import list_server
from tests.fixtures import rooms_api
from tests.fixtures.approved_packets import approved_packet
from tui import clock

ROOT = Path(__file__).parents[3]
SERVER = ROOT / "tests" / "fixtures" / "rooms_server.py"
API = ROOT / "tests" / "fixtures" / "rooms_api.py"
TODAY = f"{clock.now()[:10]}T00:00:01Z"

#: What is approved of the server, with its conditions. `deleteRoom` and the wages are blocked.
DECISIONS = {
    "getRoom": [],
    "listRooms": [],
    "bigRoom": [],
    "slowRoom": [],
    "askRoom": [],
    "showRoom": [],
    "bookRoom": ["param_allow=hours: 1 to 8"],
    "closeRoom": ["approval=one person", "expires=2099-01-01"],
    "plan": [],
    "room": [],
    "tidy": [],
    "instructions": [],
}


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(item.fspath).parent == Path(__file__).parent:
            item.add_marker("e2e")
            # Streams of the SDK's own that it leaves to the garbage collector.
            item.add_marker(pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"))


@dataclass
class Started:
    """A process and what it has said on standard error."""

    process: subprocess.Popen
    said: list[str] = field(default_factory=list)

    reader: threading.Thread | None = None

    def follow(self):
        self.reader = threading.Thread(
            target=lambda: self.said.extend(iter(self.process.stderr.readline, "")), daemon=True
        )
        self.reader.start()

    def wait_for(self, pattern, seconds=60):
        """Return the match of a pattern in what is said."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            found = re.search(pattern, "".join(self.said))
            if found:
                return found
            if self.process.poll() is not None:
                time.sleep(0.2)
                found = re.search(pattern, "".join(self.said))
                assert found, f"ended with {self.process.returncode}: {''.join(self.said)}"
                return found
            time.sleep(0.05)
        raise AssertionError(f"not said within {seconds} s: {pattern}; said: {''.join(self.said)}")

    def end(self):
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.reader is not None:
            self.reader.join(5)
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            pipe.close()


@dataclass
class Gateway:
    """A running gateway: its address, its folder, and what it has recorded."""

    started: Started
    url: str
    state: Path

    @property
    def records(self):
        return [json.loads(line) for line in (self.state / "audit.jsonl").read_text().splitlines()]

    @property
    def calls(self):
        return [each for each in self.records if each["event"] == "call"]


class Workshop:
    """Makes packets, servers and gateways, and ends whatever it started."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.running = []
        self.environment = dict(os.environ) | {
            "XDG_STATE_HOME": str(folder / "state"),
            "CLEARANCE_ACTOR": "ann@corp.example",
        }

    def upstream_folder(self, name="upstream"):
        place = self.folder / name
        place.mkdir(exist_ok=True)
        return place

    def command(self, folder):
        return [sys.executable, str(SERVER), str(folder)]

    def packet(self, decisions=None, **options):
        """Return a signed packet of the MCP server."""
        spec = ServerSpec("rooms", "stdio", command=tuple(self.command(self.upstream_folder())))
        with ThreadPoolExecutor(1) as pool:  # it runs a loop of its own
            listing = pool.submit(list_server, spec, env={}, headers={}, seconds=60).result()
        assert listing.raw, listing.problems
        made = approved_packet(
            self.folder / "review", listing.raw, DECISIONS if decisions is None else decisions, now=TODAY, **options
        )
        assert made.problems == []
        return made

    def api_packet(self, decisions, document=None):
        """Return a signed packet of the API, and its document."""
        raw = json.dumps(document or rooms_api.document()).encode()
        place = self.folder / "api.json"
        place.write_bytes(raw)
        made = approved_packet(self.folder / "review", raw, decisions, now=TODAY)
        assert made.problems == []
        return made, place

    def _start(self, command, **options):
        process = subprocess.Popen(
            [*map(str, command)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=self.environment | options.pop("env", {}),
        )  # fmt: skip
        started = Started(process)
        self.running.append(started)
        return started

    def http_server(self, port=0, script=SERVER, folder=None):
        """Start the server or the API over HTTP; return it with its port."""
        place = folder or self.upstream_folder()
        tail = [str(place), *(["http"] if script == SERVER else []), str(port)]
        started = self._start([sys.executable, script, *tail])
        return started, int(started.process.stdout.readline())

    def gateway(self, packet, *arguments, env=None):
        """Start a gateway over HTTP and wait until it serves."""
        state = self.folder / "gateway"
        started = self._start(
            [sys.executable, "-m", "tui", "enforce", packet.folder, "--allowed-signers", packet.signers, "--http", "0", "--state", state, "--poll", "0.5", *arguments],
            env=env or {},
        )  # fmt: skip
        started.follow()
        url = started.wait_for(r"serving .* on (http://\S+/mcp)")[1]
        return Gateway(started, url, state)

    def run(self, *arguments, env=None):
        """Run a command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "tui", *map(str, arguments)], capture_output=True, text=True, timeout=120, check=False,
            env=self.environment | (env or {}), stdin=subprocess.DEVNULL, cwd=ROOT,
        )  # fmt: skip

    def tokens(self, **people):
        """Write a file of tokens: user -> (token, teams)."""
        listed = [
            {
                "user": user,
                "teams": teams,
                **({"token_sha256": hashlib.sha256(token.encode()).hexdigest()} if token else {}),
            }
            for user, (token, teams) in people.items()
        ]
        place = self.folder / "tokens.json"
        place.write_text(json.dumps({"people": listed}))
        return place

    def arrived(self, name="calls"):
        """Return what has arrived at the server."""
        place = self.upstream_folder() / name
        return [json.loads(line) for line in place.read_text().splitlines()] if place.exists() else []

    def close(self):
        for each in self.running:
            each.end()


@pytest.fixture
def workshop(tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    made = Workshop(tmp_path)
    yield made
    made.close()
    gc.collect()  # while the warnings of this test are filtered
