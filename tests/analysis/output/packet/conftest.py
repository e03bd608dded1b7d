"""Review snapshots, keys and packets as fixtures."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from analysis.output import files
from analysis.output.packet.signing.sign import sign
from analysis.output.packet.signing.statement import SignoffText
from analysis.output.packet.signing.verdicts import SignoffVerdict
from analysis.review.packets.export import review_snapshot
from analysis.review.sources.sample import build_sample


def load_review_snapshots():
    """Import the builder by its path: test folders are no packages here."""
    place = Path(__file__).with_name("review_snapshots.py")
    spec = importlib.util.spec_from_file_location("packet_review_snapshots", place)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def review_snapshots():
    return load_review_snapshots()


@pytest.fixture
def plain(review_snapshots):
    return review_snapshots.plain()


@pytest.fixture
def hostile(review_snapshots):
    return review_snapshots.hostile()


@pytest.fixture(scope="session")
def completed_snapshot(tmp_path_factory):
    """The completed sample review, which may be signed and can be computed again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state-of-completed")))
        review = build_sample(tmp_path_factory.mktemp("completed") / "sample.clearance", completed=True)
        snapshot = review_snapshot(review)
        review.close()
    return snapshot


@pytest.fixture(scope="session")
def packet_bytes(completed_snapshot):
    return files.make(files.PacketContent(completed_snapshot))


@pytest.fixture
def packet(packet_bytes, tmp_path):
    folder = tmp_path / "packet"
    folder.mkdir()
    for name, data in packet_bytes.items():
        (folder / name).write_bytes(data)
    return folder


@pytest.fixture
def sign_as(keys):
    """Sign a packet as a person with a key, in a role; `signer` is another name than that of the key."""

    def signing(packet, who="ann", role="iam", signer=None, replace=False, verdict="approve", **more):
        text = {"signed_at": "2026-11-21T08:00:00Z", "verdict": SignoffVerdict(verdict)} | more
        return sign(
            packet,
            SignoffText(role, f"{who}@corp" if signer is None else signer, **text),
            key=keys / who,
            replace=replace,
        )

    return signing


@pytest.fixture
def signed(packet, sign_as):
    """A packet that ann has signed for iam."""
    sign_as(packet)
    return packet
