"""The packet as bytes: the same every time, bound together, and readable by tools that are not ours."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess

import pytest
import rfc8785

from analysis.output import files as packet_list
from analysis.output.allowlist import TARGETS, target_named
from analysis.output.allowlist.target import ExportSettings
from analysis.output.packet.file_check import check_manifest
from analysis.output.packet.folder import Snapshot, safe_name


def write(folder, files):
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def check(packet):
    return check_manifest(Snapshot.of(packet))


def made(review_snapshot, targets=(), gateway=""):
    settings = ExportSettings(gateway)
    return packet_list.make(packet_list.PacketContent(review_snapshot, targets, settings=settings))


@pytest.fixture
def files(plain):
    return made(plain, (target_named("codex"),))


@pytest.fixture
def packet(files, tmp_path):
    return write(tmp_path / "packet", files)


def test_the_files_of_a_packet(files):
    required = {file.name for file in packet_list.packet_files() if file.always}
    assert set(files) == required | {"targets/codex/config.toml"}
    assert {"manifest.json", "SHA256SUMS", "allowlist.json", "events.jsonl"} < required  # what other programs read


@pytest.mark.parametrize("which", ["plain", "hostile"])
def test_the_same_review_gives_the_same_bytes(review_snapshots, which):
    gateway = "https://gateway.example/mcp"  # some targets need its address
    packets = [made(getattr(review_snapshots, which)(), TARGETS, gateway) for _ in range(2)]
    assert packets[0] == packets[1]


def test_a_packet_as_written_is_intact(packet):
    assert check(packet) == []


def test_hostile_text_stays_inside_the_files(review_snapshots, tmp_path):
    files = made(review_snapshots.hostile())
    for name in ("review.json", "manifest.json", "SHA256SUMS"):
        assert (
            all(byte == 0x0A or 0x20 <= byte < 0x7F for byte in files[name].replace("⟨⟩…".encode(), b""))
            or name == "manifest.json"
        )
    assert files["manifest.json"].decode().strip().isprintable()
    assert check(write(tmp_path, files)) == []


def test_the_json_is_readable_and_ascii(files):
    doc = json.loads(files["review.json"])
    assert files["review.json"].isascii()
    assert files["review.json"].endswith(b"}\n")
    assert doc["status"] == "FINAL"
    assert doc["sources"][0]["file"] == "customer-management.yaml"
    assert b"/home/alice" not in b"".join(files.values())


def test_the_manifest_is_a_canonical_statement(files, plain):
    found = json.loads(files["manifest.json"])
    assert files["manifest.json"] == rfc8785.dumps(found) + b"\n"
    assert found["_type"] == "https://in-toto.io/Statement/v1"
    assert found["predicateType"] == "https://clearance/predicates/tool-exposure-review/v1"
    digests = {s["name"]: s["digest"]["sha256"] for s in found["subject"]}
    assert digests == {n: hashlib.sha256(b).hexdigest() for n, b in files.items() if n != "manifest.json"}
    predicate = found["predicate"]
    assert predicate["issuedAt"] == plain.as_of
    assert predicate["draft"] is False
    assert predicate["reviewBy"] == "2027-01-31"
    assert predicate["workspace"]["heads"] == {"r1": {"seq": 3, "id": plain.heads["r1"][1]}}


def test_events_are_the_stored_bytes(files, plain):
    header, *lines = files["events.jsonl"].decode().splitlines()
    assert json.loads(header)["status"] == "FINAL"
    assert lines == [entry.body for entry in plain.log]
    assert [hashlib.sha256(line.encode()).hexdigest() for line in lines] == [entry.id for entry in plain.log]


def test_an_event_cannot_pose_as_two(review_snapshots):
    entry = review_snapshots.entry(1)
    forged = type(entry)(entry.id, "r1", 1, entry.at, "mallory", "decide", "k", "s", '{"a":1}\n{"actor":"alice"}')
    lines = made(review_snapshots.plain(log=(forged,)))["events.jsonl"].decode().splitlines()
    assert len(lines) == 2
    assert json.loads(lines[1])["body"] == forged.body


def test_a_draft_says_so_in_every_file(review_snapshots):
    files = made(review_snapshots.plain(open_gates=("no owner",)))
    for name in ("SHA256SUMS", "events.jsonl", "review.md"):
        assert b"DRAFT" in files[name].splitlines()[0], name
    assert b"<title>DRAFT" in files["review.html"]
    assert json.loads(files["review.json"])["status"] == "DRAFT"
    assert json.loads(files["manifest.json"])["predicate"]["draft"] is True


@pytest.mark.parametrize("gates", [(), ("no owner",)])
def test_sha256sum_accepts_the_sums(review_snapshots, tmp_path, gates):
    if shutil.which("sha256sum") is None:
        pytest.skip("sha256sum is not installed")
    write(tmp_path, made(review_snapshots.plain(open_gates=gates)))
    check = ["sha256sum", "-c", "--strict", "--quiet", "SHA256SUMS"]
    done = subprocess.run(check, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    allowlist = tmp_path / "allowlist.json"
    allowlist.write_bytes(allowlist.read_bytes().replace(b"deny", b"Deny"))
    done = subprocess.run(check, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "allowlist.json: FAILED" in done.stdout


def test_every_file_has_a_name_of_its_own_that_stays_in_the_folder():
    names = [file.name for file in packet_list.packet_files()]
    assert len(names) == len(set(names))
    assert [name for name in names if not safe_name(name.replace("*", "x"))] == []


def flip(path, position=-2):
    data = bytearray(path.read_bytes())
    data[position] ^= 0x01
    path.write_bytes(bytes(data))


@pytest.mark.parametrize(
    "name",
    [
        *(f.name for f in packet_list.packet_files() if f.always and f.name != "manifest.json"),
        "targets/codex/config.toml",
    ],
)
def test_a_changed_or_missing_file_is_named(packet, name):
    flip(packet / name)
    assert any(problem.startswith(f"{name}: has been changed") for problem in check(packet))
    (packet / name).unlink()
    assert f"{name}: is missing" in check(packet)


def test_files_that_the_manifest_does_not_list_are_named(packet):
    (packet / "notes.txt").write_text("hello")
    (packet / "targets" / "more.toml").write_text("{}")
    (packet / "signoffs").mkdir()
    (packet / "signoffs" / "iam.a.json").write_text("{}")
    (packet / "manifest.json.tsr").write_bytes(b"\x30")
    assert check(packet) == [
        "notes.txt: not listed in manifest.json",
        "targets/more.toml: not listed in manifest.json",
    ]


def test_links_and_pipes_are_refused(packet, tmp_path):
    elsewhere = tmp_path / "copy.md"
    elsewhere.write_bytes((packet / "review.md").read_bytes())
    (packet / "review.md").unlink()
    (packet / "review.md").symlink_to(elsewhere)
    (packet / "link").symlink_to(tmp_path)
    os.mkfifo(packet / "pipe")
    problems = check(packet)
    assert {f"{n}: is not a plain file" for n in ("review.md", "link", "pipe")} <= set(problems)


def test_a_folder_that_is_a_link_is_not_read_through(packet, tmp_path):
    (packet / "targets").rename(tmp_path / "away")
    (packet / "targets").symlink_to(tmp_path / "away")
    assert "targets/codex/config.toml: is behind a link" in check(packet)


def test_a_file_too_large_is_not_read(packet, monkeypatch):
    monkeypatch.setattr("analysis.output.packet.folder.MAX_BYTES", 100)
    assert check(packet) == ["manifest.json: is larger than 0 MB"]


def rewrite(packet, change):
    """Change the manifest, keeping its format."""
    value = json.loads((packet / "manifest.json").read_bytes())
    change(value)
    (packet / "manifest.json").write_bytes(rfc8785.dumps(value) + b"\n")


def test_a_manifest_cannot_look_outside(packet):
    rewrite(packet, lambda m: m["subject"].append({"name": "../secret", "digest": {"sha256": "0" * 64}}))
    assert check(packet) == ["manifest.json: names ../secret, which no packet may"]


def subject(manifest, name):
    return next(each for each in manifest["subject"] if each["name"] == name)


def test_a_manifest_must_name_what_a_packet_needs(packet):
    rewrite(packet, lambda m: m["subject"].remove(subject(m, "allowlist.json")))
    problems = check(packet)
    assert "manifest.json: does not list allowlist.json" in problems
    assert "allowlist.json: not listed in manifest.json" in problems
    assert "SHA256SUMS: disagrees with manifest.json about allowlist.json" in problems


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b"\xff", b'{"a":1,"a":2}', b'{"a":NaN}', b"[" * 100_000])
def test_a_malformed_manifest_is_refused(packet, data):
    (packet / "manifest.json").write_bytes(data)
    (problem,) = check(packet)
    assert problem.startswith("manifest.json: ")


@pytest.mark.parametrize("change", [
    lambda text: text.replace("  ", " ", 1),
    lambda text: text + text.splitlines()[-1] + "\n",
    lambda text: text.rstrip("\n"),
    lambda text: text.upper(),
    lambda text: "# DRAFT: this review is not complete\n" + text,
])  # fmt: skip
def test_malformed_sums_are_named(packet, change):
    path = packet / "SHA256SUMS"
    path.write_text(change(path.read_text()))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    rewrite(packet, lambda m: subject(m, "SHA256SUMS")["digest"].update(sha256=digest))
    problems = check(packet)
    assert problems
    assert all(problem.startswith("SHA256SUMS: ") for problem in problems)


def test_the_policy_is_a_file_of_the_packet_byte_for_byte(review_snapshots):
    files = made(review_snapshots.plain(policy=review_snapshots.POLICY))
    assert files["policy.yaml"] == review_snapshots.POLICY.text.encode()
    assert f"{review_snapshots.POLICY.sha256}  policy.yaml" in files["SHA256SUMS"].decode()
