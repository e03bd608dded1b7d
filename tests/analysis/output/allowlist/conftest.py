"""The dossiers of the packet's tests: both organs read the same record."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def review_snapshots():
    path = Path(__file__).parents[1] / "packet" / "dossiers.py"
    spec = importlib.util.spec_from_file_location("allowlist_dossiers", path)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
