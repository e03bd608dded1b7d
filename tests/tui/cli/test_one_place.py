"""A thing is added in one place: one of each is added here, and found everywhere."""

import json
import shutil
import subprocess
from fnmatch import fnmatchcase

import pytest

from analysis.model import Severity
from analysis.output import allowlist, files
from analysis.output.allowlist.target import ExportTarget, TargetExport
from analysis.output.files import PacketFile
from analysis.rules.engine import engine
from analysis.rules.engine.engine import Hit, rule, rules
from analysis.rules.engine.examples import example_state
from tests import docs

TARGET = ExportTarget(
    name="plain",
    title="Plain list",
    tested="plain 1.0",
    carries="names",
    cannot="conditions",
    render=lambda given: TargetExport(
        {"plain.txt": f"{given.allowlist['status']} {len(given.allowlist['tools'])}\n".encode()}
    ),
)
NOTICE = PacketFile("notice.txt", "A notice for the reader", lambda content, _: (content.review.title.encode(),))


@pytest.fixture
def signers(tmp_path):
    """One person who may sign, and the key."""
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "ann", "-f", str(tmp_path / "key")], check=True
    )
    (tmp_path / "signers").write_text(f"ann@corp.example {(tmp_path / 'key.pub').read_text()}")
    return tmp_path / "signers"


def names_in(packet):
    """The names of the files that each part of a packet lists."""
    manifest = json.loads((packet / "manifest.json").read_bytes())
    return {
        "manifest": {subject["name"] for subject in manifest["subject"]},
        "sums": {line.split("  ")[1] for line in (packet / "SHA256SUMS").read_text().splitlines() if line[0] != "#"},
        "document": {row["file"] for row in json.loads((packet / "review.json").read_bytes())["files"]},
    }


@pytest.mark.repeats
@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed on this machine")
@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("notice.txt", []),
        ("targets/plain/plain.txt", ["--target", "plain"]),
        ("targets/codex/config.toml", ["--target", "codex"]),
    ],
)
def test_a_file_added_to_the_list_or_a_target_to_the_table_is_found_everywhere(
    run, completed, tmp_path, monkeypatch, signers, name, arguments
):
    if name == NOTICE.name:
        monkeypatch.setattr(files, "FILES", (*files.FILES, NOTICE))
    monkeypatch.setattr(allowlist, "TARGETS", (*allowlist.TARGETS, TARGET))
    packet = tmp_path / "packet"
    for _ in range(2):  # the second export replaces the first
        ran = run("export", completed, packet, *arguments, "--json")
        assert (ran.code, name in ran.json["files"], (packet / name).is_file()) == (0, True, True)
    assert all(name in listed for listed in names_in(packet).values())
    assert f"`{name}`" in (packet / "review.md").read_text()
    assert any(fnmatchcase(name, file.name) for file in files.packet_files())
    assert (name if name == NOTICE.name else "targets/plain/*") in docs.packet_files()
    assert run("sign", packet, "--role", "iam", "--key", tmp_path / "key", "--verdict", "approve").code == 0
    assert run("verify", packet, "--allowed-signers", signers).code == 0
    (packet / name).write_bytes(b"changed")
    ran = run("verify", packet, "--allowed-signers", signers)
    assert (ran.code, f"because: {name}: has been changed" in ran.out) == (1, True)
    assert (
        run("export", completed, packet, *arguments, "--supersede").code == 0
    )  # with its sign-offs, the packet is still one of ours


def test_a_required_file_is_missed_in_a_packet_made_without_it(run, file, tmp_path, monkeypatch, signers):
    assert run("export", file, tmp_path / "packet").code == 0
    monkeypatch.setattr(files, "FILES", (*files.FILES, NOTICE))
    ran = run("verify", tmp_path / "packet", "--allowed-signers", signers)
    assert "because: notice.txt: does not follow from the events and definitions" in ran.out


def test_a_target_added_to_the_table_is_a_target_of_every_command(run, file, tmp_path, monkeypatch):
    assert run("export", file, tmp_path / "packet", "--target", "plain").code == 2
    monkeypatch.setattr(allowlist, "TARGETS", (*allowlist.TARGETS, TARGET))
    said = {"name": "plain", "title": "Plain list", "tested": "plain 1.0", "carries": "names", "cannot": "conditions"}
    assert said in run("targets", "--json").json
    assert "Plain list" in run("targets").out
    assert "Plain list" in docs.targets()
    ran = run("export", file, tmp_path / "packet", "--target", "plian")
    assert (ran.code, "did you mean plain?" in ran.err) == (2, True)
    assert run("export", file, tmp_path / "packet", "--target", "plain", "--target", "codex").code == 0
    assert {path.name for path in (tmp_path / "packet" / "targets").iterdir()} == {"plain", "codex"}
    assert (tmp_path / "packet" / "targets" / "plain" / "plain.txt").read_text() == "draft 48\n"
    ran = run("export", file, tmp_path / "packet")  # without a target the packet has none, and says what is gone
    assert "removed with the earlier packet: targets/codex/config.toml, targets/plain/plain.txt" in ran.out
    assert not (tmp_path / "packet" / "targets").exists()


@pytest.fixture
def added_rule(monkeypatch):
    """Register one rule, for this test."""
    monkeypatch.setattr(engine, "_REGISTRY", dict(engine._REGISTRY))
    rules.cache_clear()

    @rule(
        id="EXP-900",
        title="Tool named after tags",
        kind="state",
        severity=Severity.LOW,
        remedy="Rename it.",
        standards=(),
        hits=(example_state("listTags"),),
        clean=(example_state("getOrder"),),
    )
    def named_after_tags(tool):
        """Tags are not what this test is about."""
        if "Tags" in tool.row.name:
            yield Hit(matched=tool.row.name)

    yield "EXP-900"
    monkeypatch.undo()
    rules.cache_clear()


def test_a_registered_rule_is_found_everywhere(run, file, added_rule):
    assert added_rule in run("rules").out
    assert "Rename it." in run("rules", added_rule).out
    assert f"| {added_rule} |" in docs.rule_table()
    found = [each for each in run("status", file, "--json").json["findings"] if each["rule"] == added_rule]
    assert [each["matched"] for each in found] == ["listTags"]
    assert [each["rule"] for each in run("show", file, "listTags", "--json").json["findings"]].count(added_rule) == 1
