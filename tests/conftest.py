"""What every test may lean on: the shared data, each big document read once, a state folder of its own."""

import os
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from analysis.ingest import read

ROOT = Path(__file__).parents[1]

# A busy machine is no counterexample.
settings.register_profile("clearance", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("clearance")


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
def sample():
    """The reading of the worked example."""
    return read(str(ROOT / "sample_data" / "customer-management.yaml"))
