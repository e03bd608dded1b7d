"""Live MCP servers on the command line: confirmed, listed; values of secrets are never kept."""

import json
import sys
from pathlib import Path

import pytest

from tui.cli import run

pytest.importorskip("mcp", reason="the extra `mcp` is not installed")

SERVER = Path(__file__).resolve().parents[2] / "fixtures" / "mcp_server.py"


@pytest.fixture
def config(tmp_path):
    def write(**servers):
        place = tmp_path / "client.json"
        entry = {"command": sys.executable, "args": [str(SERVER), "stdio"], "env": {"API_KEY": "sk-0123456789abcdef"}}
        place.write_text(json.dumps({"mcpServers": {name: entry | more for name, more in servers.items()}}))
        return place

    return write


def test_a_server_is_shown_and_not_started_without_confirmation(config, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ran = tmp_path / "ran"
    place = config(trap={"args": ["-c", f"open({str(ran)!r}, 'w')"]})
    assert run(["review", f"mcp:{place}", "--no-desk", "--actor", "ann"]) == 2
    shown = capsys.readouterr().err
    assert "about to start the command" in shown
    assert "add --yes" in shown
    assert not ran.exists()
    assert not list(tmp_path.glob("*.clearance"))


def test_a_server_becomes_a_review_without_its_secret(config, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    place = config(booking={})
    call = ["review", f"mcp:{place}#booking", "--yes", "--no-desk", "--label", "read-only key", "--actor", "ann"]
    assert run(call) == 0
    (review,) = tmp_path.glob("*.clearance")
    assert b"sk-0123456789abcdef" not in review.read_bytes()
    capsys.readouterr()
    assert run(["status", str(review), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["counts"]["tools"] == 6
    (source,) = shown["sources"]
    assert source["kind"] == "mcp"
    assert ["credential", "read-only key"] in source["facts"]
    assert run(["import", str(review), f"mcp:{place}#booking", "--yes", "--actor", "ann"]) == 0
    assert "0 changed, 0 new, 0 gone" in capsys.readouterr().out
    packet = tmp_path / "packet"
    assert run(["export", str(review), str(packet)]) == 0
    assert run(["check", str(packet), f"mcp:{place}#booking"]) == 2  # it is not started without confirmation
    assert run(["check", str(packet), f"mcp:{place}#booking", "--yes", "--label", "read-only key"]) == 0
    assert "no drift: " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("source", "says", "code"),
    [
        ("mcp:missing.json", "there is no such file", 3),
        ("mcp:{config}", "names several servers", 2),
        ("mcp:{config}#three", "names no server 'three'", 2),
        ("mcp:http://127.0.0.1:9/mcp", "the source was refused", 3),
    ],
)
def test_a_server_that_cannot_be_listed_is_refused(config, source, says, code, capsys):
    place = config(one={}, two={})
    assert run(["inspect", source.format(config=place), "--yes"]) == code
    shown = capsys.readouterr().err
    assert says in shown
    assert "Traceback" not in shown
