"""The coding agents that are run: how each is started without a terminal, and where it reads what it may use.

Every run has a home and a working folder of its own, a small environment, and no network but 127.0.0.1.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.e2e.agents.model_stub import Conversation, model
from tests.e2e.installed import installed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tests.e2e.agents.model_stub import Call

#: Maximum time of one run, seconds.
RUN_SECONDS: Final = 120
PROMPT: Final = "Use the tools."


@dataclass(frozen=True)
class Place:
    """One run: its folders, the address of the stub, the servers it is configured with (name -> URL), exported files.

    `system` are files below `/etc`, which only this run sees. `flags` are further arguments.
    """

    home: Path
    work: Path
    stub: str
    servers: Mapping[str, str]
    files: Mapping[str, bytes] = field(default_factory=dict)
    system: Mapping[str, bytes] = field(default_factory=dict)
    flags: tuple[str, ...] = ()

    def write(self, name: str, content: bytes | str | Mapping[str, Any]) -> Path:
        """Write a file below the home folder."""
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not isinstance(content, bytes):
            content = (content if isinstance(content, str) else json.dumps(content)).encode()
        path.write_bytes(content)
        return path

    def json(self, name: str) -> dict[str, Any]:
        """Return an exported file of JSON; an empty object where the export has none."""
        return json.loads(self.files[name]) if name in self.files else {}


@dataclass(frozen=True)
class Agent:
    """A coding agent: its pin, the target of its files, the name it gives a tool, what it says of a tool that it does not offer, how it starts."""

    name: str
    target: str
    program: str
    spelled: Callable[[str, str], str]
    refusal: str
    start: Callable[[Place], tuple[list[str], dict[str, str]]]


@dataclass(frozen=True)
class Run:
    """What came of a run: which tools were offered, what came back for each call, what the program printed."""

    talk: Conversation
    printed: str

    def offered(self, *servers: str) -> list[str]:
        """Return the offered tools of these servers, by the names of agents: `crm` is part of each, whatever joins it."""
        return sorted(name for name in self.talk.offered if any(server in name for server in servers))


def run(agent: Agent, folder: Path, servers: Mapping[str, str], script: list[Call], **more: Any) -> Run:
    """Run an agent against the stub, which requests the calls of `script`."""
    program = installed(agent.name) / "node_modules" / agent.program
    if not program.exists():
        pytest.skip(f"{agent.name}: its package has no program for this kind of machine")
    home, work = folder / "home", folder / "work"
    home.mkdir(parents=True)
    work.mkdir()
    with model(script) as (stub, talk):
        place = Place(home, work, stub, servers, **more)
        arguments, environment = agent.start(place)
        command = [str(program), *arguments]
        if place.system:
            command = _with_system_files(command, folder / "etc", place.system)
        small = {"PATH": os.environ["PATH"], "HOME": str(home), "TMPDIR": str(folder), "NO_COLOR": "1", "CI": "1"}
        ended = subprocess.run(
            command, cwd=work, env=small | environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=RUN_SECONDS, check=False,
        )  # fmt: skip
    (folder / "printed.txt").write_text(f"{ended.stdout}\n{ended.stderr}", "utf-8")
    return Run(talk, f"{ended.stdout}\n{ended.stderr}")


def can_have_system_files() -> bool:
    """Whether a private copy of `/etc` can be mounted here; it takes an administrator, and Linux."""
    try:
        probe = ["unshare", "-m", "sh", "-c", "mount --bind /etc /etc"]
        return subprocess.run(probe, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _with_system_files(command: list[str], etc: Path, files: Mapping[str, bytes]) -> list[str]:
    """Return the command, run where `/etc` is a copy with further files. The machine's own is not touched."""
    shutil.copytree("/etc", etc, symlinks=True)
    for name, content in files.items():
        path = etc / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    script = f"mount --bind {shlex.quote(str(etc))} /etc && exec {shlex.join(command)}"
    return ["unshare", "-m", "sh", "-c", script]


def _claude(place: Place) -> tuple[list[str], dict[str, str]]:
    arguments = ["-p", PROMPT, "--model", "claude-sonnet-4-5", *place.flags]
    if "claude-code/managed-mcp.json" not in place.system:
        servers = {name: {"type": "http", "url": url} for name, url in place.servers.items()}
        path = place.write("mcp.json", {"mcpServers": servers})
        arguments += ["--mcp-config", str(path), "--strict-mcp-config"]
    if "settings.json" in place.files:
        place.write(".claude/settings.json", place.files["settings.json"])
    return arguments, {
        "ANTHROPIC_BASE_URL": place.stub,
        "ANTHROPIC_API_KEY": "unused",
        "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
        "ENABLE_TOOL_SEARCH": "false",
        "IS_SANDBOX": "1",
        "DISABLE_AUTOUPDATER": "1",
    }


def _codex(place: Place) -> tuple[list[str], dict[str, str]]:
    exported = place.files.get("config.toml", b"").decode()
    for name, url in place.servers.items():
        table = f'[mcp_servers."{name}"]'
        if table not in exported:
            exported += f"\n{table}\n"
        if "\nurl = " not in exported.partition(table)[2].partition("\n[")[0]:
            exported = exported.replace(table, f'{table}\nurl = "{url}"')
    place.write(
        ".codex/config.toml",
        f'model = "stub"\nmodel_provider = "stub"\napproval_policy = "never"\n'
        f'[model_providers.stub]\nname = "stub"\nbase_url = "{place.stub}/v1"\nwire_api = "responses"\n'
        f'env_key = "STUB_KEY"\nrequest_max_retries = 0\nstream_max_retries = 0\n{exported}',
    )
    return ["exec", "--skip-git-repo-check", *place.flags, PROMPT], {"STUB_KEY": "unused"}


def _copilot(place: Place) -> tuple[list[str], dict[str, str]]:
    servers: dict[str, dict[str, Any]] = {name: {"type": "http", "url": url} for name, url in place.servers.items()}
    for name, entry in place.json("mcp-config.json").get("mcpServers", {}).items():
        servers[name] = servers.get(name, {}) | entry
    servers = {name: entry if "tools" in entry else {**entry, "tools": ["*"]} for name, entry in servers.items()}
    place.write(".copilot/mcp-config.json", {"mcpServers": servers})
    return ["-p", PROMPT, "--allow-all-tools", *place.flags], {
        "COPILOT_PROVIDER_BASE_URL": f"{place.stub}/v1",
        "COPILOT_PROVIDER_TYPE": "openai",
        "COPILOT_PROVIDER_API_KEY": "unused",
        "COPILOT_MODEL": "stub",
        "COPILOT_OFFLINE": "true",
        "COPILOT_AUTO_UPDATE": "false",
    }


def _gemini(place: Place) -> tuple[list[str], dict[str, str]]:
    servers = {name: {"httpUrl": url, "trust": True} for name, url in place.servers.items()}
    place.write(".gemini/settings.json", {
        "mcpServers": servers,
        "security": {"auth": {"selectedType": "gemini-api-key"}},
        "general": {"disableAutoUpdate": True},
        "privacy": {"usageStatisticsEnabled": False},
    })  # fmt: skip
    for name, content in place.files.items():
        if name.endswith(".toml"):
            place.write(f".gemini/policies/{name}", content)
    return ["-m", "gemini-2.5-flash", *place.flags, "-p", PROMPT], {
        "GEMINI_API_KEY": "unused",
        "GOOGLE_GEMINI_BASE_URL": place.stub,
        "GEMINI_CLI_TRUST_WORKSPACE": "true",
    }


def _opencode(place: Place) -> tuple[list[str], dict[str, str]]:
    options = {"baseURL": f"{place.stub}/v1", "apiKey": "unused"}
    config: dict[str, Any] = {
        "provider": {"stub": {"npm": "@ai-sdk/openai-compatible", "options": options, "models": {"stub": {}}}},
        "model": "stub/stub",
        "mcp": {name: {"type": "remote", "url": url} for name, url in place.servers.items()},
    }
    exported = place.json("opencode.json")
    for name, entry in exported.pop("mcp", {}).items():
        config["mcp"][name] = config["mcp"].get(name, {}) | entry
    place.write(".config/opencode/opencode.json", config | exported)
    return ["run", *place.flags, PROMPT], {"OPENCODE_DISABLE_AUTOUPDATE": "1", "OPENCODE_DISABLE_MODELS_FETCH": "1"}


AGENTS: Final = {
    agent.name: agent
    for agent in (
        Agent(
            "claude-code", "claude-code", "@anthropic-ai/claude-code-linux-x64/claude", "mcp__{}__{}".format, "No such tool available",
            _claude,
        ),
        Agent("codex", "codex", ".bin/codex", "mcp__{}/{}".format, "unsupported call", _codex),
        Agent("copilot", "copilot-tools", ".bin/copilot", "{}-{}".format, "does not exist", _copilot),
        Agent("gemini", "gemini", ".bin/gemini", "mcp_{}_{}".format, "not found", _gemini),
        Agent("opencode", "opencode", "opencode-linux-x64/bin/opencode", "{}_{}".format, "unavailable tool", _opencode),
    )
}  # fmt: skip
