"""`clearance withdraw`: one command revokes a tool in the review, in the packet and in every target."""

import json
import shutil
import subprocess

import pytest


@pytest.fixture
def packet(run, completed, tmp_path):
    assert run("export", completed, tmp_path / "packet", "--target", "codex").code == 0
    return tmp_path / "packet"


def decision(packet, name):
    tools = json.loads((packet / "allowlist.json").read_bytes())["tools"]
    return next(tool["decision"] for tool in tools if tool["operation"]["operation_id"] == name)


def test_a_tool_is_withdrawn(run, completed, packet):
    assert decision(packet, "listTags") == "allow"
    ran = run("withdraw", completed, packet, "--where", "name:listTags", "--reason", "incident 7")
    assert (ran.code, ran.out.splitlines()[0]) == (0, "withdrawn: listTags")
    assert "targets/codex/config.toml" in ran.out
    assert decision(packet, "listTags") == "block"
    assert "incident 7" in run("show", completed, "listTags").out
    again = run("withdraw", completed, packet, "--where", "name:listTags", "--reason", "again")
    assert (again.code, "blocked already" in again.err) == (1, True)


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")
def test_the_new_packet_is_verified_once_it_is_signed(run, completed, packet, tmp_path):
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / "key")], check=True)
    (tmp_path / "signers").write_text(f"ann {(tmp_path / 'key.pub').read_text()}")
    signing = ("sign", packet, "--role", "iam", "--key", tmp_path / "key", "--signer", "ann", "--verdict", "approve")
    assert run(*signing, "-w", completed).code == 0
    ran = run("withdraw", completed, packet, "--where", "name:listTags", "--reason", "incident 7", "--json")
    assert (ran.code, ran.err) == (0, "")
    assert (len(ran.json["withdrawn"]), ran.json["kept"].startswith(f"{packet}.superseded-")) == (1, True)
    verifying = ("verify", packet, "--allowed-signers", tmp_path / "signers", "--json")
    assert run(*verifying).json["result"] == "unsigned"
    assert run(*signing).code == 0
    assert run(*verifying).json["result"] in {"approved", "approved-with-conditions"}


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--where", " ", "--reason", "x"], 2, "an empty query would withdraw every tool"),
        (["--where", "name:nothing", "--reason", "x"], 2, "no tool matches"),
        (["--where", "name:listTags", "--reason", " "], 2, "a decision needs a reason"),
    ],
)
def test_what_is_refused(run, completed, packet, words, code, said):
    ran = run("withdraw", completed, packet, *words)
    assert (ran.code, said in ran.err) == (code, True)
    assert decision(packet, "listTags") == "allow"


def test_a_folder_without_a_packet_is_refused(run, completed, tmp_path):
    ran = run("withdraw", completed, tmp_path / "none", "--where", "name:listTags", "--reason", "x")
    assert (ran.code, "does not belong to this review" in ran.err) == (4, True)
