"""The packet as the service writes it: the same bytes every time, DRAFT until complete, and only into its own folder."""

import json
import shutil
from pathlib import Path

import pytest

from analysis.errors import WorkspaceRefused
from analysis.model import AnswerState, Evidence
from analysis.output.files import packet_files
from analysis.review.packets.export import export

#: The files of every packet, and those of them that depend on the review.
FILES = {file.name for file in packet_files() if file.always}
MADE = {file.name for file in packet_files() if file.always and not file.fixed}


def tree(folder):
    """Return all entries below a folder with their content."""
    return {
        str(path.relative_to(folder)): str(path.readlink())
        if path.is_symlink()
        else path.read_bytes()
        if path.is_file()
        else None
        for path in sorted(folder.rglob("*"))
    }


def drafts(folder):
    """Return the files that say DRAFT; the manifest, which only programs read, says so in its own words."""
    marks = {"manifest.json": b'"draft":true', "allowlist.json": b'"status": "draft"'}
    return {name for name, content in tree(folder).items() if marks.get(name, b"DRAFT") in content}


def listed(folder):
    return sorted(path.name for path in folder.iterdir())


def complete(work):
    work.block("deleteCustomer", reason="not by an assistant")
    work.conditional("refundPayment", ("approval", "two persons", "REC-9"))
    for control in ("cred-store", "log-config"):
        work.answer(control, AnswerState.EVIDENCED, "seen", evidence=[Evidence("Observed", "E4")])


def test_the_same_review_gives_the_same_packet_byte_for_byte(sample_review, sample_file, opened, tmp_path):
    export(sample_review.review, tmp_path / "one")
    export(opened(shutil.copy(sample_file, tmp_path / "elsewhere.clearance")).review, tmp_path / "sub" / "two")
    assert tree(tmp_path / "one") == tree(tmp_path / "sub" / "two")
    assert set(tree(tmp_path / "one")) == FILES


def test_every_file_says_draft_until_the_review_is_complete(sample_review, tmp_path):
    done = export(sample_review.review, tmp_path / "packet")
    assert [gate.why for gate in done.open_gates] == [
        "1 of 48 tools undecided", "2 open critical findings", "2 of 16 questions unanswered",
    ]  # fmt: skip
    assert drafts(tmp_path / "packet") >= MADE
    complete(sample_review)
    done = export(sample_review.review, tmp_path / "packet")
    assert done.open_gates == ()
    assert drafts(tmp_path / "packet") & MADE == set()
    assert (done.allowed, done.conditional, done.tools) == (33, 6, 48)


def test_only_what_is_decided_and_unchanged_would_be_allowed(sample_review, tmp_path):
    """One tool for each way of not being allowed, among 48. The draft itself allows none."""
    source = (Path(__file__).parents[4] / "sample_data" / "customer-management.yaml").read_text("utf-8")
    assert "operationId: listTags" in source
    sample_review.load(
        source.replace("operationId: listTags", "operationId: listTags\n      deprecated: true").encode()
    )
    sample_review.conditional("getPlan", ("expires", "2026-03-01", "REC"))
    export(sample_review.review, tmp_path / "packet")
    allowlist = json.loads((tmp_path / "packet" / "allowlist.json").read_bytes())
    assert (allowlist["default"], len(allowlist["tools"])) == ("deny", 48)
    states = {tool.row.id: tool for tool in sample_review.review.tools()}
    for tool in allowlist["tools"]:
        status = states[tool["id"]].decision_state.simple
        allowed = {"approved": {"allow"}, "conditional": {"conditional", "block"}}.get(status, {"block"})
        assert tool["decision"] == "block"
        assert tool["as_decided"] in allowed
        assert all(tool["operation"][part] for part in ("method", "path"))
    decisions = {states[tool["id"]].row.name: tool["as_decided"] for tool in allowlist["tools"]}
    assert {
        name: decisions[name] for name in ("deleteCustomer", "listTags", "createAdminUser", "getPlan", "getUser")
    } == {
        "deleteCustomer": "block",  # undecided
        "listTags": "block",  # changed since
        "createAdminUser": "block",  # blocked
        "getPlan": "block",  # expired
        "getUser": "allow",
    }
    assert states[sample_review.id("listTags")].stale


# --- the folder --------------------------------------------------------------------------------------


def test_an_earlier_packet_without_sign_offs_is_replaced_with_all_its_files(sample_review, tmp_path):
    folder = tmp_path / "packet"
    export(sample_review.review, folder, ["codex"])
    sample_review.block("deleteCustomer")
    done = export(sample_review.review, folder)
    assert (done.kept, len(done.removed)) == ("", 1)
    assert set(tree(folder)) == FILES
    assert b"0 of 48" not in (folder / "review.md").read_bytes()
    assert listed(tmp_path) == ["packet", "sample.clearance"]  # and no temporary folder is left


@pytest.mark.parametrize("place", ["empty", "new", "new/and/deep"])
def test_an_empty_or_new_folder_is_filled(sample_review, tmp_path, place):
    (tmp_path / "empty").mkdir()
    export(sample_review.review, tmp_path / place)
    assert set(tree(tmp_path / place)) == FILES


OTHER_FILES = {
    "a file": lambda f: (f / "notes.txt").write_text("mine"),
    "a hidden file": lambda f: (f / ".git").mkdir(),
    "a folder": lambda f: (f / "src").mkdir(),
    "a file next to a packet": lambda f: [(f / "review.md").write_text("x"), (f / "main.py").write_text("x")],
    "a file among the sign-offs": lambda f: [
        (f / "signoffs").mkdir(),
        (f / "signoffs" / "minutes.txt").write_text("mine"),
    ],
    "a folder that is called like ours": lambda f: [
        (f / "review.md").mkdir(),
        (f / "review.md" / "mine").write_text("x"),
    ],
}


@pytest.mark.parametrize("make", OTHER_FILES.values(), ids=OTHER_FILES)
def test_a_folder_with_other_files_is_refused_and_not_changed(sample_review, tmp_path, make):
    folder = tmp_path / "packet"
    folder.mkdir()
    make(folder)
    before = tree(tmp_path)
    with pytest.raises(WorkspaceRefused) as refused:
        export(sample_review.review, folder)
    assert (refused.value.place, bool(refused.value.remedy)) == (str(folder), True)
    assert tree(tmp_path) == before


@pytest.mark.parametrize("place", ["file", "file/packet", "file/a/packet", "x" * 300])
def test_a_path_that_cannot_be_a_folder_is_refused(sample_review, tmp_path, place):
    (tmp_path / "file").write_text("mine")
    before = tree(tmp_path)
    with pytest.raises(WorkspaceRefused) as refused:
        export(sample_review.review, tmp_path / place)
    assert refused.value.remedy
    assert tree(tmp_path) == before


def test_a_folder_behind_a_link_is_replaced_there(sample_review, tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    export(sample_review.review, tmp_path / "link")
    assert set(tree(tmp_path / "link")) == FILES
    assert listed(tmp_path) == ["link", "real", "sample.clearance"]


@pytest.mark.parametrize("fails_at", [1, 2])
def test_an_export_that_fails_leaves_the_earlier_packet(sample_review, tmp_path, monkeypatch, fails_at):
    folder = tmp_path / "packet"
    export(sample_review.review, folder)
    sample_review.block("deleteCustomer")
    before, real, calls = tree(folder), Path.rename, []

    def failing(path, target):
        calls.append(target)
        if len(calls) == fails_at:
            raise OSError(5, "Input/output error")
        return real(path, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(WorkspaceRefused, match="cannot be written"):
        export(sample_review.review, folder)
    assert folder.exists()
    assert tree(folder) == before
    assert listed(tmp_path) == ["packet", "sample.clearance"]
