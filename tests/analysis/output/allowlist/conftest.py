"""The review snapshots of the packet's tests."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def review_snapshots():
    path = Path(__file__).parents[1] / "packet" / "review_snapshots.py"
    spec = importlib.util.spec_from_file_location("allowlist_review_snapshots", path)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
