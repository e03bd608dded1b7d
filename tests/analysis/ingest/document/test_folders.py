"""Folders of a source: on disk and stored in a review, the same names mean the same files."""

import hashlib
import json

import pytest

from analysis.ingest import Limits, Stored, read
from analysis.ingest.document.folders import DiskFolder, StoredFolder, combined_digest

FILES = {"api.json": b"{}", "parts/a.json": b"a", "parts/b.json": b"b"}


@pytest.fixture(params=["disk", "stored"])
def folder(request, tmp_path):
    if request.param == "stored":
        return StoredFolder(FILES)
    for name, raw in FILES.items():
        (tmp_path / "api" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "api" / name).write_bytes(raw)
    (tmp_path / "outside.json").write_bytes(b"secret")
    return DiskFolder(tmp_path / "api")


@pytest.mark.parametrize(
    ("base", "name", "found"),
    [
        ("api.json", "parts/a.json", "parts/a.json"),
        ("parts/a.json", "b.json", "parts/b.json"),
        ("parts/a.json", "./../parts/./b.json", "parts/b.json"),
        ("parts/a.json", "../api.json", "api.json"),
        ("parts/a.json", "../../outside.json", None),
        ("api.json", "../outside.json", None),
        ("api.json", "parts/../../outside.json", None),
        ("api.json", "..", None),
        ("api.json", "/etc/passwd", None),
    ],
)
def test_a_name_leads_to_a_file_of_the_folder_or_nowhere(folder, base, name, found):
    assert folder.find(base, name) == found
    if found:
        assert folder.load(found, Limits()) == (FILES[found], [])


def test_a_missing_or_too_large_file_is_reported(folder):
    for name, limits in (("parts/c.json", Limits()), ("api.json", Limits(size=1))):
        raw, (problem,) = folder.load(name, limits)
        assert raw is None
        assert problem.remedy


def test_the_digest_of_a_source_covers_each_of_its_files_with_its_name():
    one = hashlib.sha256(b"a").hexdigest()
    assert combined_digest({"x": one}) == one
    wholes = {combined_digest({"x": one, "y": two}) for two in ("b", "c")} | {combined_digest({"x": one, "z": "b"})}
    assert len(wholes) == 3
    assert combined_digest({"y": "b", "x": one}) == combined_digest({"x": one, "y": "b"})


def test_a_kept_source_has_the_digest_under_which_it_was_read(tmp_path):
    paths = {"/a": {"get": {"parameters": [{"$ref": "part.json"}], "responses": {}}}}
    (tmp_path / "api.json").write_text(json.dumps({"openapi": "3.1.0", "info": {"title": "x"}, "paths": paths}))
    (tmp_path / "part.json").write_text(json.dumps({"name": "q", "in": "query"}))
    for source, folder in ((str(tmp_path), True), (str(tmp_path / "api.json"), False)):
        reading = read(source)
        kept = Stored(reading.files, folder)
        assert len(kept.files) == 1 + folder
        assert kept.sha256() == reading.inventory.source.sha256
        again = read(kept, uri=reading.inventory.source.uri)
        assert again.inventory.source == reading.inventory.source
        assert [tool.digest for tool in again.inventory.tools] == [tool.digest for tool in reading.inventory.tools]
        assert (again.problems, again.files) == (reading.problems, reading.files)
