"""`clearance export`: the packet, and the preview of its changes."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from importlib import metadata

import pytest


def test_export_of_a_draft_says_that_it_allows_nothing(run, file, tmp_path):
    ran = run("export", file, tmp_path / "packet")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"DRAFT packet written to {tmp_path / 'packet'}\n")
    assert "allows nothing; decided so far: 33 allowed, 6 with conditions, 9 blocked or undecided" in ran.out
    assert ran.out.endswith("  open: 2 of 16 questions unanswered\n")


def test_export_writes_the_packet_and_counts_the_allowlist(run, completed, tmp_path):
    ran = run("export", completed, tmp_path / "packet")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"packet written to {tmp_path / 'packet'}\n")
    assert "allowlist: 33 allowed, 6 with conditions, 9 blocked (default deny)" in ran.out
    allowlist = json.loads((tmp_path / "packet" / "allowlist.json").read_bytes())
    assert {tool["decision"] for tool in allowlist["tools"]} == {"allow", "conditional", "block"}
    assert {"method", "path"} <= set(allowlist["tools"][0]["operation"])


def test_a_dry_run_writes_nothing_and_lists_each_difference(run, file, tree):
    before = tree()
    assert "no earlier export in this folder" in run("export", file, "packet", "--dry-run").out
    assert tree() == before
    assert run("export", file, "packet", "--json").json["open_gates"] != []
    run("decide", file, "--where", "name:listTags", "--block", "--reason", "x")
    run("decide", file, "--where", "name:refundPayment", "--condition", "rate=1 per day", "--reason", "x")
    report = run("export", file, "packet", "--dry-run", "--json").json
    assert {line["name"]: (line["sign"], line["now"]) for line in report["lines"]} == {
        "listTags": ("-", ""), "refundPayment": ("~", "rate=1 per day")
    }  # fmt: skip
    ran = run("export", file, "packet", "--dry-run")
    assert "- listTags  (without conditions)" in ran.out
    assert ran.out.endswith(
        "1 removed, 1 under other conditions since the last export in this folder; 38 of 48 tools approved so far; a DRAFT allows none\n"
    )


needs_keys = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")


@pytest.fixture
def signed(run, completed, tmp_path):
    """The packet of a completed review, signed."""
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / "ann")], check=True)
    assert run("export", completed, tmp_path / "packet").code == 0
    ran = run("sign", tmp_path / "packet", "--role", "iam", "--key", tmp_path / "ann", "--verdict", "approve")
    assert ran.code == 0
    return tmp_path / "packet"


@needs_keys
def test_a_signed_packet_is_not_replaced_without_being_asked(run, completed, signed, tree):
    before = tree()
    ran = run("export", completed, signed)
    assert (ran.code, ran.out) == (4, "")
    assert "why: the folder holds a signed packet (iam ann@corp.example: approve)" in ran.err
    assert "next: name another folder, or add --supersede" in ran.err
    assert tree() == before
    assert (
        "the last export is signed, and would be kept"
        in run("export", completed, signed, "--dry-run", "--supersede").out
    )
    assert tree() == before


@needs_keys
def test_a_superseded_packet_is_kept_recorded_and_compared(run, completed, signed):
    run("decide", completed, "--where", "name:listTags", "--block", "--reason", "x")
    made = run("export", completed, signed, "--supersede", "--json").json
    assert made["kept"].startswith(f"{signed}.superseded-")
    assert "superseded the packet with manifest" in run("log", completed).out
    ran = run("diff", made["kept"], signed)
    assert (ran.code, ran.out.split()) == (
        1,
        ["tightened", "decision", "customer-management-api:GET", "/tags:", "allow", "->", "block"],
    )
    assert "why: 1 difference: 1 tightened; the new packet names the old one as superseded" in ran.err
    assert run("diff", made["kept"], signed, "--json").json == {
        "equal": False, "supersedes": True,
        "changes": [{"part": "decision", "subject": "customer-management-api:GET /tags", "before": "allow", "after": "block", "direction": "tightened"}],
    }  # fmt: skip


@needs_keys
def test_a_difference_is_read_and_nothing_is_written(run, signed, tree):
    before = tree()
    ran = run("diff", signed, signed)
    assert (ran.code, ran.out.startswith("no difference"), ran.err) == (0, True, "")
    ran = run("diff", signed, signed.parent)
    assert (ran.code, ran.out) == (3, "")
    assert "the packet cannot be compared" in ran.err
    assert tree() == before


# --- the PDF -------------------------------------------------------------------------------------------------


def test_the_pdf_is_added_to_the_packet_and_listed(run, completed, tmp_path):
    packet = tmp_path / "packet"
    ran = run("export", completed, packet, "--pdf")
    assert (ran.code, ran.err) == (0, "")
    assert "review.pdf" in ran.out.splitlines()[1]
    made = (packet / "review.pdf").read_bytes()
    assert made.startswith(b"%PDF-1.7")
    assert f"{hashlib.sha256(made).hexdigest()}  review.pdf" in (packet / "SHA256SUMS").read_text()
    assert json.loads((packet / "recipe.json").read_bytes())["typst"] == metadata.version("typst")
    rows = {row["file"]: row["recomputed"] for row in json.loads((packet / "review.json").read_bytes())["files"]}
    assert [name for name, recomputed in rows.items() if not recomputed] == ["review.pdf"]
    assert "computes every file again but review.pdf, of which it checks the digest" in tags_off(packet / "review.html")


def tags_off(page):
    return re.sub(r"<[^>]*>", "", page.read_text(encoding="utf-8"))


def test_an_export_without_it_takes_it_away_again(run, completed, tmp_path):
    assert run("export", completed, tmp_path / "packet", "--pdf").code == 0
    ran = run("export", completed, tmp_path / "packet")
    assert "removed with the earlier packet: review.pdf" in ran.out
    assert not (tmp_path / "packet" / "review.pdf").exists()
    assert json.loads((tmp_path / "packet" / "recipe.json").read_bytes())["typst"] is None
    assert "computes every file again, this one too" in tags_off(tmp_path / "packet" / "review.html")


@needs_keys
def test_without_typst_nothing_is_written_or_recorded(run, completed, signed, tree, monkeypatch):
    monkeypatch.setitem(sys.modules, "typst", None)
    before = tree()
    ran = run("export", completed, signed, "--pdf", "--supersede")
    assert (ran.code, ran.out) == (2, "")
    assert "the PDF cannot be made: typst is not installed" in ran.err
    assert "pipx install 'mcp-clearance[pdf]'" in ran.err
    assert tree() == before


@needs_keys
def test_verify_says_that_the_pdf_was_not_computed_again(run, completed, tmp_path):
    (tmp_path / "signers").write_text("")
    assert run("export", completed, tmp_path / "packet", "--pdf").code == 0
    ran = run("verify", tmp_path / "packet", "--allowed-signers", tmp_path / "signers")
    assert "met   every file but review.pdf was computed again from the events and definitions\n" in ran.out
    assert "NOT   computed again: review.pdf: its digest was checked, and not what it says" in ran.out
    found = run("verify", tmp_path / "packet", "--allowed-signers", tmp_path / "signers", "--json").json
    assert (found["rebuilt"], found["by_digest"]) == (True, ["review.pdf"])
