"""The identity of the engine: the same wherever the version is, another one after any change of what decides."""

import hashlib
import os
import shutil
import subprocess
import sys
import time

import pytest

from analysis.review.session import Review
from analysis.review.sources.engine_identity import ENGINE, engine_digest

WORDS = """
  - reason: an invented word, so that this engine says something else
    example: zorbleFees
    words: [zorble]
"""
CREATE = """
import sys
from pathlib import Path
from analysis.review.session import Review
from analysis.review.sources.importing import examine_source
review = Review.create(Path(sys.argv[2]), [examine_source(sys.argv[1])], actor="ann", at="2026-03-02T10:00:00Z")
print(*(tool.row.risk.value for tool in review.tools()))
"""
LOADED = """
import sys
from analysis.review.sources.importing import examine_source, source_rows
from analysis.review.sources import rebuild
for source in sys.argv[1:]:
    source_rows(examine_source(source))
print(*(name for name in sys.modules if name.startswith("analysis.")))
"""
#: Loaded with the engine, and unable to change a row: errors, the collector, and the file that the rows are kept in.
NO_PART = {
    "analysis.collector", "analysis.errors", "analysis.review", "analysis.review.record", "analysis.review.record.values",
    "analysis.review.record.values.value_forms", "analysis.workspace",
    *(f"analysis.workspace.{name}" for name in ("chained_log", "events", "file_preview", "file_schema", "files", "keys", "registers", "replicas",
                                                "side_files", "store")),
}  # fmt: skip


@pytest.fixture
def copied(root, tmp_path):
    """A copy of the package, as another machine has it."""
    kept = shutil.ignore_patterns("__pycache__")
    shutil.copytree(root / "analysis", tmp_path / "site" / "analysis", ignore=kept, copy_function=shutil.copyfile)
    return tmp_path / "site"


@pytest.fixture
def run(tmp_path):
    def running(site, code, *arguments):
        return subprocess.run(
            [sys.executable, "-P", "-c", code, *map(str, arguments)],
            env=os.environ | {"PYTHONPATH": str(site)}, cwd=tmp_path, capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip

    return running


@pytest.fixture
def digest_of(monkeypatch):
    """Return the digest of a copy of the package."""

    def digesting(site):
        with monkeypatch.context() as patch:
            patch.setattr("analysis.review.sources.engine_identity._ANALYSIS", site / "analysis")
            return engine_digest.__wrapped__()

    return digesting


def test_a_file_has_one_answer_after_a_change_of_vocabulary(copied, run, document, tmp_path):
    """Before the identity, the file said what the earlier engine had said, and each copy of it something else."""
    verbs = copied / "analysis" / "assess" / "verbs.yaml"
    verbs.write_text(verbs.read_text("utf-8").replace("\nmoney:\n", f"\nmoney:{WORDS}", 1), "utf-8")
    (tmp_path / "api.json").write_bytes(document("listOrders", paths=["/zorble"]))
    file = tmp_path / "own.clearance"
    earlier = run(copied, CREATE, tmp_path / "api.json", file).split()
    present = []
    for path in (file, shutil.copy(file, tmp_path / "copy.clearance")):
        review = Review.open(path)
        present.append([tool.row.risk.value for tool in review.tools()])
        review.close()
    assert present[0] == present[1] != earlier


def test_the_identity_is_the_same_on_every_machine(copied, digest_of, root):
    assert digest_of(copied) == digest_of(root) == engine_digest()


@pytest.mark.parametrize("part", ENGINE)
@pytest.mark.repeats
def test_every_part_of_the_engine_counts(copied, digest_of, part):
    place = copied / "analysis" / part
    before = digest_of(copied)
    for file in [place] if place.is_file() else [p for p in sorted(place.rglob("*")) if p.suffix in {".py", ".yaml"}]:
        whole = file.read_bytes()
        file.write_bytes(whole + b"\n")
        assert digest_of(copied) != before, file
        file.write_bytes(whole)
    assert digest_of(copied) == before


def test_every_module_that_derives_rows_is_a_part_of_the_engine(root, run):
    samples = ["customer-management.yaml", "poisoned-tools.json"]
    loaded = run(root, LOADED, *(root / "sample_data" / name for name in samples)).split()
    assert len(loaded) > 80
    parts = tuple(f"analysis.{part.removesuffix('.py').replace('/', '.')}" for part in ENGINE)
    outside = {name for name in loaded if not any(name == part or name.startswith(f"{part}.") for part in parts)}
    assert outside == NO_PART


def test_the_identity_costs_little_more_than_reading_its_files(root):
    parts = [root / "analysis" / part for part in ENGINE]
    every = [file for part in parts for file in ([part] if part.is_file() else part.rglob("*")) if file.is_file()]
    files = [file for file in every if file.suffix in {".py", ".yaml", ".json"}]

    def read():
        whole = hashlib.sha256()
        for file in files:
            whole.update(file.read_bytes())

    def cost(work):
        begin = time.process_time()
        work()
        return time.process_time() - begin

    pairs = [(cost(engine_digest.__wrapped__), cost(read)) for _ in range(10)]
    assert min(own for own, _ in pairs) < 4 * min(floor for _, floor in pairs)
    assert engine_digest() is engine_digest()  # once a process
