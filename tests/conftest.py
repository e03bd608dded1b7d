"""What every test may lean on: the shared data, each big document read once, a state folder of its own."""

import gc
import os
import subprocess
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from analysis.ingest import read
from analysis.review.record.people.proven_events import Proofs
from tests.fixtures.kept_reviews import KeptReviews

ROOT = Path(__file__).parents[1]
#: What runs `analysis/` without a desk: tracing the desk as well takes twice as long.
_MEASURED = ("tests/analysis/", "tests/tui/cli/", "tests/hostile/")

# A busy machine is no counterexample. `--hypothesis-profile` names another one; `make e2e` runs the thorough one.
_PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("clearance", _PATIENT, max_examples=40)
settings.register_profile("thorough", _PATIENT, max_examples=500)
# Whether a test notices a change of the code must not hang on luck, nor on what an earlier run has stored.
settings.register_profile("mutation", _PATIENT, max_examples=15, derandomize=True, database=None)
settings.load_profile("clearance")


def pytest_collection_modifyitems(items):
    """Mark what reads the shared data, which no checkout has, and whose branches are measured."""
    for item in items:
        if "shared" in item.fixturenames:
            item.add_marker("e2e")
        if item.nodeid.startswith(_MEASURED) and item.get_closest_marker("repeats") is None:
            item.add_marker("measured")


def pytest_collection_finish():
    """Spare the garbage collector what lives as long as the process: modules, classes, and thousands of tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@pytest.fixture(autouse=True)
def _own_state_folder(monkeypatch, tmp_path_factory, request):
    """Keep what the product remembers of this machine out of the home folder, and apart per test."""
    folder = tmp_path_factory.getbasetemp() / "state" / f"{abs(hash(request.node.nodeid)):x}"
    monkeypatch.setenv("XDG_STATE_HOME", str(folder))


@pytest.fixture(scope="session")
def root():
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def shared():
    """The folder of specifications and labels that lies beside the repository, or where CLEARANCE_SHARED says."""
    path = Path(os.environ.get("CLEARANCE_SHARED", ROOT.parent / "shared"))
    if not path.is_dir():
        pytest.skip(f"the shared data are not at {path}; set CLEARANCE_SHARED to their folder")
    return path


@pytest.fixture(scope="session")
def spec(shared):
    """Read a document of shared/specs by its name; each once per process."""

    @cache
    def reading(name):
        return read(str(shared / "specs" / name))

    return reading


@pytest.fixture(scope="session")
def kept_reviews(tmp_path_factory):
    """The worked example as review files: see `KeptReviews`."""
    return KeptReviews(tmp_path_factory.mktemp("kept"))


@pytest.fixture(scope="session")
def sample_file(kept_reviews):
    """The sample review. Read it, copy it, never write to it."""
    return kept_reviews.path("sample")


@pytest.fixture(scope="session")
def sample():
    """The reading of the worked example."""
    return read(str(ROOT / "sample_data" / "customer-management.yaml"))


@pytest.fixture(scope="session")
def keys(tmp_path_factory):
    """Keys by name: two people, an unknown person, one of another kind, and one with a passphrase."""
    folder = tmp_path_factory.mktemp("keys")
    for name, kind, phrase in (
        ("ann", "ed25519", ""),
        ("bob", "ed25519", ""),
        ("eve", "ed25519", ""),
        ("ecd", "ecdsa", ""),
        ("locked", "ed25519", "open sesame"),
    ):
        subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", phrase, "-C", name, "-f", str(folder / name)], check=True)
    return folder


@pytest.fixture
def allowed(keys, tmp_path):
    """The auditor's list: ann may sign for iam and risk, bob for risk, ecd for compliance."""
    rows = (("ann@corp", "ann", "iam.signoff@clearance,risk.signoff@clearance"), ("bob@corp", "bob", "risk.signoff@clearance"),
            ("ecd@corp", "ecd", "compliance.signoff@clearance"))  # fmt: skip
    lines = [f'{who} namespaces="{scopes}" {(keys / f"{key}.pub").read_text()}' for who, key, scopes in rows]
    path = tmp_path / "allowed_signers"
    path.write_text("".join(lines))
    return path


@pytest.fixture
def everyone_signs(monkeypatch):
    """Have every event signed by its actor, with a key of their own: what is tested are other things than proof."""
    monkeypatch.setattr(Proofs, "key_of", lambda _, event: f"SHA256:{event.actor}")
    monkeypatch.setattr(Proofs, "of", lambda _, actor: frozenset({f"SHA256:{actor}"}))
